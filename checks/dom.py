"""Telemetry: temperature, supply, optical power, bias and flags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from harness import (
    Absence,
    Choice,
    Finding,
    Findings,
    MediaLane,
    Missing,
    Module,
    OpticalModule,
    OpticalPort,
    Outcome,
    Port,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    Unknown,
    Value,
    at_most,
    between,
    check,
    finite,
    in_dbm,
    light,
    not_applicable,
    one_of,
    shut,
    spread,
    times,
    without_pages,
)
from harness.decode.transceiver import Quad

UNDEFINED: Final = "no thresholds"
ALARMS: Final = "alarm thresholds of the module, page 02h"
WARNINGS: Final = "warning thresholds of the module, page 02h"
LATCHED: Final = "latched since the last read: history, not present state"


def quad(module: Module, name: str) -> Quad:
    """A monitor's thresholds; all Missing where the memory map has none."""
    found = module.seen.thresholds.get(name)
    if found is not None:
        return found
    gone = Missing(Absence.NOT_RECORDED, Source(module.seen.evidence, name), UNDEFINED)
    return Quad(gone, gone, gone, gone)


def inside(limits: Quad) -> tuple[Range | Unknown, Range | Unknown]:
    """A module's own thresholds: beyond an alarm fails, beyond a warning warns.  They are evidence, not the requirement."""
    return (
        between(limits.low_alarm, limits.high_alarm, clause=ALARMS),
        between(limits.low_warning, limits.high_warning, clause=WARNINGS, standing=Standing.ADVISORY),
    )


@check("DOM-01 dom.temperature", tags=("acceptance",))
def temperature(module: Module, require: Requirements) -> Findings:
    """The module is below its own high warning, and below its temperature class by the buyer's margin."""
    if ended := without_pages(module):
        yield ended
        return
    warning = finite(quad(module, "temperature_c").high_warning)
    yield at_most(warning, clause=WARNINGS, unit=Unit.CELSIUS).judge(module.seen.temperature, at="own high warning")
    yield require.profile.dom.class_temperature.judge(module.seen.temperature, at="temperature class")


@check("DOM-02 dom.supply", tags=("acceptance",))
def supply(module: Module, require: Requirements) -> Findings:
    """The module's supply voltage is inside its thresholds."""
    if ended := without_pages(module):
        yield ended
        return
    for limit in inside(quad(module, "vcc_v")):
        yield limit.judge(module.seen.vcc, at="supply voltage")


@check("DOM-03 dom.tx-power", tags=("acceptance",))
def tx_power(port: OpticalPort, require: Requirements) -> Findings:
    """Every transmit lane of a port that is up is lit, inside the module's thresholds and inside the PMD's range."""
    if ended := shut(port.port):
        yield ended
        return
    limits = powers(port, "tx_power_mw", "tx_power_lane", require)
    for place, lane in places(port, require, "tx"):
        yield from lit(lane.tx_power, limits, place, require)


@check("DOM-04 dom.rx-power", tags=("acceptance",))
def rx_power(port: OpticalPort, require: Requirements) -> Findings:
    """Every receive lane of a port that is up has light, inside the module's thresholds and inside the PMD's range."""
    if ended := shut(port.port):
        yield ended
        return
    limits = powers(port, "rx_power_mw", "rx_power_lane", require)
    for place, lane in places(port, require, "rx"):
        yield from lit(lane.rx_power, limits, place, require)


def powers(port: OpticalPort, monitor: str, quantity: str, require: Requirements) -> tuple[Range | Unknown, ...]:
    """What optical power is held to beyond being there: the PMD and the buyer, then the module's own thresholds."""
    own = quad(port.port.module, monitor)
    dbm = Quad(*(in_dbm(finite(threshold)) for _, threshold in own.items()))
    return (*require.limits(quantity, pmd=port.pmd).ranges, *inside(dbm))


def lit(power: Value[Decimal], limits: Sequence[Range | Unknown], place: str, require: Requirements) -> Iterator[Finding]:
    """A dark lane fails once and by that name; a lit one is held to every limit."""
    level = light(power)
    dark = require.profile.dom.dark.judge(level, at=f"{place}, light")
    yield dark
    if dark.outcome is not Outcome.FAIL:
        for limit in limits:
            yield limit.judge(level, at=place)


def places(port: OpticalPort, require: Requirements, receive: bool) -> Iterator[tuple[str, MediaLane]]:
    """Every media lane of a port, and the fiber that carries it, in words."""
    row = require.pmd(port.pmd)
    trunk = port.fiber.connectors[0] if port.fiber else ""
    way = "receive" if receive else "transmit"
    for number, lane in enumerate(port.media_lanes, 1):
        if row.fibers_per_direction < row.media_lanes:
            fiber = f"wavelength {number} of the {way} fiber"
        elif row.media_lanes == 1 or not trunk.startswith("MPO-"):
            fiber = f"its {way} fiber"
        else:
            fiber = f"fiber {int(trunk[4:]) + 1 - number if receive else number} of {trunk}"
        yield f"{lane}, {fiber}", lane


@check("DOM-05 dom.bias", tags=("acceptance",))
def bias(port: OpticalPort, require: Requirements) -> Findings:
    """The bias current of every lane of a port that is up is inside the module's thresholds."""
    if ended := shut(port.port):
        yield ended
        return
    limits = inside(quad(port.port.module, "tx_bias_ma"))
    for lane in port.media_lanes:
        for limit in limits:
            yield limit.judge(lane.tx_bias, at=lane)


@check("DOM-06 dom.lane-spread", tags=("acceptance",))
def lane_spread(port: OpticalPort, require: Requirements) -> Findings:
    """The lanes of a port are about equally bright: the spread of Tx and of Rx power is within the buyer's."""
    if ended := shut(port.port):
        yield ended
        return
    dom = require.profile.dom
    sides = (
        ("Tx power", dom.spread_tx, [light(lane.tx_power) for lane in port.media_lanes]),
        ("Rx power", dom.spread_rx, [light(lane.rx_power) for lane in port.media_lanes]),
    )
    for name, limit, levels in sides:
        if len(levels) == 1 and isinstance(levels[0], Reading):
            yield not_applicable(levels[0], because="one lane has no spread", at=name)
        else:
            yield limit.judge(spread(levels, of=f"spread of {name}"), at=f"spread of {name}")


@check("DOM-07 dom.flags", tags=("acceptance",))
def flags(port: Port, require: Requirements) -> Findings:
    """No loss of signal or lock, no fault and no alarm is flagged; a latched flag is told as history."""
    if ended := without_pages(port.module) or shut(port):
        yield ended
        return
    told = port.seen.flags
    if isinstance(told, Reading) and told.value:
        for flag in told.value:
            if flag.name not in EVENTS and concerns(port, flag.lane, flag.name):
                place = f"{flag.name} {f'lane {flag.lane}' if flag.lane else 'of the module'}"
                yield quiet(flag.name, LIVE).judge(flag.raised, at=f"{place} ({flag.history})" if flag.history else place)
        return
    yield from latched(port)


def concerns(port: Port, lane: int | None, flag: str) -> bool:
    """Whether a flag of a lane is about this port: host lanes by their number, media lanes by the port's share of them."""
    if lane is None:
        return True
    if flag in HOST_LANE_FLAGS or not isinstance(port.module, OpticalModule):
        return lane in port.host_lanes
    host = max(of.lanes[-1] for of in port.module.cage.ports)
    media = len(port.module.media_lanes)
    return (port.host_lanes[0] - 1) * media < lane * host <= port.host_lanes[-1] * media


def quiet(flag: str, says: Choice[bool]) -> Choice[bool]:
    ...
