"""Light and the signal that it carries."""

from __future__ import annotations

from ..fault import Fault
from ..world import World
from .places import lane, module_lane


def rx(world: World, fault: Fault) -> None:
    """The power that one lane of a port receives, dBm."""
    lane(world, fault).rx = fault.number("value")


def tx(world: World, fault: Fault) -> None:
    """The power that one lane of a port sends, dBm; the far end receives as before."""
    lane(world, fault).tx = fault.number("value")


def bias(world: World, fault: Fault) -> None:
    """The laser current of one lane of a port, mA."""
    lane(world, fault).bias = fault.number("value")


def tdecq(world: World, fault: Fault) -> None:
    """TDECQ of one lane as the laboratory measured it, dB."""
    lane(world, fault).tdecq = fault.number("value")


def snr(world: World, fault: Fault) -> None:
    """The SNR that a module observes on one media lane of a port."""
    world.module(fault.target).snr[module_lane(world, fault)] = fault.number("value")


def vdm_ber(world: World, fault: Fault) -> None:
    """The error ratio that a module observes on one media lane of a port, or on all of them."""
    module, port = world.module(fault.target), world.port(fault.target)
    lanes = [module_lane(world, fault)] if "lane" in fault.settings else port.lanes
    module.vdm_ber.update(dict.fromkeys(lanes, fault.number("value")))
