"""Counters of FEC that tell of errors, or do not agree."""

from __future__ import annotations

from ..fault import Fault
from ..world import World


def uncorrectable(world: World, fault: Fault) -> None:
    """Uncorrectable codewords at the first and at the second sample."""
    world.port(fault.target).uncorrected = fault.pair("value")


def ber(world: World, fault: Fault) -> None:
    """The bit error ratio before FEC."""
    world.port(fault.target).ber = fault.number("value")


def no_histogram(world: World, fault: Fault) -> None:
    """The ASIC leaves every bin of the histogram at zero."""
    world.port(fault.target).histogram = False


def counters(world: World, fault: Fault) -> None:
    """FEC counters are cleared between the two samples, or frozen: the second prints the numbers of the first."""
    port = world.port(fault.target)
    if fault.word("change", "cleared", "frozen") == "frozen":
        port.frozen = True
    else:
        port.reset_at = world.window // 2


def burst(world: World, fault: Fault) -> None:
    """Codewords with one number of symbol errors come on top at the first and at the second sample."""
    errors = fault.count("bin")
    if not 1 <= errors <= 15:
        fault.refuse(f"bin {errors}: 1 to 15 were expected")
    world.port(fault.target).bursts.append((errors, *fault.pair("value")))


def histogram(world: World, fault: Fault) -> None:
    """The printed histogram is wrong: bins 1 to 15 doubled, half of the bins missing, or bin 0 zero."""
    world.port(fault.target).shown = fault.word("change", "double", "short", "no_first")


def symbols(world: World, fault: Fault) -> None:
    """Counters of symbol errors show so many times what the histogram adds up to."""
    world.port(fault.target).symbol_factor = fault.number("value")


def lane_errors(world: World, fault: Fault) -> None:
    """One lane has so many times the errors of each other lane of the port."""
    port, lane = world.port(fault.target), fault.count("lane")
    if not 1 <= lane <= len(port.lanes):
        fault.refuse(f"{fault.target} has lanes 1 to {len(port.lanes)}")
    port.lane_weights[lane] = fault.number("value")
