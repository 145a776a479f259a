"""What NVIDIA's tools answer: of NICs and switches (mlxlink, mlnx_qos, mst ...), and of InfiniBand fabrics.

One module a tool says where its formats are from.
"""

from __future__ import annotations

from typing import Final

from . import fabric as nvidia_fabric
from . import mlxlink as nvidia_mlxlink
from . import nic as nvidia_nic

COMMANDS: Final = (*nvidia_mlxlink.COMMANDS, *nvidia_nic.COMMANDS, *nvidia_fabric.COMMANDS)
