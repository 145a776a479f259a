"""What the laboratory measured, and how."""

from __future__ import annotations

from ..fault import Fault
from ..world import World


def measure(world: World, fault: Fault) -> None:
    """Rows of the laboratory's file, of a module or of a part: another value or cell, or gone."""
    if not fault.target and "part" not in fault.settings:
        fault.refuse("measure needs a target or a part")
    if fault.target:
        world.module(fault.target)
    world.laboratory.append({**fault.settings, "target": fault.target})
