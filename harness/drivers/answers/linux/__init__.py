"""What the tools of a host answer: ethtool, iproute2, lldpctl, the kernel's own files and NVIDIA's tools for NICs.

One module a tool says where its formats are from; those of the kernel's tools that Debian has were held against the
tools themselves.
"""

from __future__ import annotations

from typing import Final

from ..nvidia import mlxlink as nvidia_mlxlink
from ..nvidia import nic as nvidia_nic
from . import dcb as linux_dcb
from . import devlink as linux_devlink
from . import ethtool as linux_ethtool
from . import iproute as linux_iproute
from . import kernel as linux_kernel
from . import lldp as linux_lldp
from . import module as linux_module

COMMANDS: Final = (
    *linux_ethtool.COMMANDS,
    *linux_module.COMMANDS,
    *linux_dcb.COMMANDS,
    *linux_iproute.COMMANDS,
    *linux_devlink.COMMANDS,
    *linux_lldp.COMMANDS,
    *linux_kernel.COMMANDS,
    *nvidia_mlxlink.COMMANDS,
    *nvidia_nic.COMMANDS,
)
