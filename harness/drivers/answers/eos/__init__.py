"""What Arista EOS answers: JSON where a command has it, and the text of the same command, into the same fields.

Which forms were recorded, and which are from published captures, from code, or from the manual as remembered, stands
at the head of each module.  Not known, and therefore refused: the text of ``show interfaces error-correction``, of
``transceiver dom thresholds`` and of ``priority-flow-control counters detail``, the JSON of ``transceiver hardware``
and of PFC status, ``show interfaces transceiver status``, histograms of FEC.
"""

from __future__ import annotations

from typing import Final

from ..entry import Entry
from .config import CONFIG_COMMANDS
from .inventory import INVENTORY_COMMANDS
from .lldp import LLDP_COMMANDS
from .modules import MODULE_COMMANDS
from .phy import PHY_COMMANDS
from .platform import PLATFORM_COMMANDS
from .ports import PORT_COMMANDS
from .qos import QOS_COMMANDS

COMMANDS: Final[tuple[Entry, ...]] = (
    *PLATFORM_COMMANDS,
    *INVENTORY_COMMANDS,
    *PORT_COMMANDS,
    *PHY_COMMANDS,
    *MODULE_COMMANDS,
    *QOS_COMMANDS,
    *LLDP_COMMANDS,
    *CONFIG_COMMANDS,
)
