"""What the tools of a host answer: ethtool, iproute2, lldpctl, the kernel's own files and NVIDIA's tools for NICs.

One module a tool says where its formats are from; those of the kernel's tools that Debian has were held against the
tools themselves.
"""

from __future__ import annotations

from typing import Final

from . import (
    linux_dcb,
    linux_devlink,
    linux_ethtool,
    linux_iproute,
    linux_kernel,
    linux_lldp,
    linux_module,
    nvidia_mlxlink,
    nvidia_nic,
)

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
