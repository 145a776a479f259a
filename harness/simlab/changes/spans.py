"""What happens while a lab is sampled: drifts, flaps, counters that start again, samples that were not taken."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..fault import Fault
from ..world import Drift, World
from .places import ends, module_lane

HOUR: Final = 3600
QUARTER: Final = 900
"""Seconds after an hour at which something sudden happens, so that it lies between two samples."""


def window(world: World, fault: Fault) -> None:
    """Seconds between the first and the second sample of every device."""
    world.window = fault.count("value")
    for device in world.devices.values():
        for port in device.ports:
            port.window = world.window


def samples(world: World, fault: Fault) -> None:
    """No sample was taken from one hour to another, of a device or of all; or only every so many-th was."""
    if "every" in fault.settings:
        if world.every is None:
            fault.refuse("only a soak has more samples than two")
        world.every *= fault.count("every")
        return
    world.skipped.append((fault.target or "*", _second(fault, "from_hour"), _second(fault, "until_hour")))


def drift(world: World, fault: Fault) -> None:
    """A quantity of a port or its module goes in a straight line to so much more between two hours."""
    quantity = fault.word("quantity", "celsius", "tx", "rx", "bias", "ber")
    lane = module_lane(world, fault) if "lane" in fault.settings else None
    start = _second(fault, "from_hour") if "from_hour" in fault.settings else 0
    end = _second(fault, "until_hour") if "until_hour" in fault.settings else 24 * HOUR
    made = Drift(quantity, fault.number("by"), lane, start, end)
    held = world.port(fault.target) if quantity == "ber" else world.module(fault.target)
    held.drifts.append(made)


def flaps(world: World, fault: Fault) -> None:
    """A link goes down at some hours, for so many seconds, as both its ends count it."""
    for end in ends(world, world.port(fault.target)):
        end.flapped.extend(int(Decimal(str(hour)) * HOUR) for hour in fault.setting("at_hours"))
        end.flap_lasts = fault.count("for")


def codewords(world: World, fault: Fault) -> None:
    """Uncorrectable codewords a quarter of an hour after an hour, and none before or after."""
    world.port(fault.target).lost_at.append((_second(fault, "hour") + QUARTER, fault.count("value")))


def reset(world: World, fault: Fault) -> None:
    """The FEC counters of a port start again from zero a quarter of an hour after an hour."""
    world.port(fault.target).reset_at = _second(fault, "hour") + QUARTER


def _second(fault: Fault, name: str) -> int:
    return int(fault.number(name) * HOUR)
