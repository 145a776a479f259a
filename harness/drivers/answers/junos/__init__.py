"""What Juniper Junos and Junos Evolved answer, as text, ``| display xml`` or ``| display json``: the same records."""

from __future__ import annotations

from typing import Final

from ..entry import Entry
from . import chassis as junos_chassis
from . import cos as junos_cos
from . import interfaces as junos_interfaces
from . import lldp as junos_lldp
from . import optics as junos_optics

COMMANDS: Final[tuple[Entry, ...]] = (
    *junos_chassis.COMMANDS,
    *junos_interfaces.COMMANDS,
    *junos_optics.COMMANDS,
    *junos_lldp.COMMANDS,
    *junos_cos.COMMANDS,
)
