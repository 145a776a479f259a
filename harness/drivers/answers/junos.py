"""What Juniper Junos and Junos Evolved answer, as text, ``| display xml`` or ``| display json``: the same records."""

from __future__ import annotations

from typing import Final

from . import junos_chassis, junos_cos, junos_interfaces, junos_lldp, junos_optics
from .entry import Entry

COMMANDS: Final[tuple[Entry, ...]] = (
    *junos_chassis.COMMANDS,
    *junos_interfaces.COMMANDS,
    *junos_optics.COMMANDS,
    *junos_lldp.COMMANDS,
    *junos_cos.COMMANDS,
)
