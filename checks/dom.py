"""Telemetry: temperature, supply, optical power, bias and flags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
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
    SwitchPort,
    Unit,
    Unknown,
    Value,
    at_least,
    at_most,
    between,
    check,
    derive,
    finite,
    in_dbm,
    lanes_with,
    light,
    not_applicable,
    of_lane,
    one_of,
    shut,
    spread,
    without_cmis,
    without_pages,
)
from harness.applies import wrongly_flat
from harness.decode.cmis import HOST_LANE_FLAGS
from harness.decode.cmis.vdm import Observation, Side, Statistic
from harness.decode.transceiver import Quad
from harness.model import Flag

ALARMS: Final = "alarm thresholds of the module itself"
WARNINGS: Final = "warning thresholds of the module itself"

UNSENSED: Final = frozenset({Decimal(0), Decimal(-1) / 256, Decimal(-128)})
"""0000h, FFFFh and 8000h in steps of 1/256 °C."""

ALARMED: Final[Choice[tuple[str, ...]]] = one_of((), clause="no fault, alarm, loss of signal or of lock")
WARNED: Final[Choice[tuple[str, ...]]] = one_of((), clause="no warning", standing=Standing.ADVISORY)
LATCHED: Final[Choice[tuple[int, ...]]] = one_of(
    (),
    clause="no flag latched in the pages",
    standing=Standing.ADVISORY,
    advice="latched since the last read: history, not present state",
)
NEEDED: Final[Mapping[type, tuple[str, ...]]] = {OpticalModule: ("rx_los", "tx_fault")}
"""Flags without which the answer says nothing about a module of this kind."""


def quad(module: Module, name: str) -> Quad:
    """A monitor's thresholds; Missing where the memory map has none, or where all four are 0 and so never set."""
    found = module.seen.thresholds.get(name)
    if found is None:
        gone = Missing(Absence.NOT_RECORDED, Source(module.seen.evidence, name), "no thresholds")
        return Quad(gone, gone, gone, gone)
    values = [finite(threshold) for _, threshold in found.items()]
    first = values[0]
    if isinstance(first, Reading) and not any(isinstance(v, Missing) or v.value for v in values):
        gone = Missing(Absence.NOT_AVAILABLE, first.source, "all four thresholds are 0")
        return Quad(gone, gone, gone, gone)
    return Quad(*values)


def inside(limits: Quad) -> tuple[Range | Unknown, Range | Unknown]:
    """A module's own thresholds: beyond an alarm fails, beyond a warning warns."""
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
    own, now = quad(module, "temperature_c"), sensed(module.seen.temperature)
    yield at_most(own.high_warning, clause=WARNINGS, unit=Unit.CELSIUS).judge(now, at="own high warning")
    yield at_least(own.low_alarm, clause=ALARMS, unit=Unit.CELSIUS).judge(now, at="own low alarm")
    yield require.profile.dom.class_temperature.judge(now, at="temperature class")


def sensed(temperature: Value[Decimal]) -> Value[Decimal]:
    """A temperature that was measured, which all zeros, all ones and the most negative number are not."""
    measured = finite(temperature)
    if isinstance(measured, Reading) and measured.value in UNSENSED:
        return Missing(Absence.NOT_AVAILABLE, measured.source, f"{measured}: what an unset register holds")
    return measured


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
    for place, lane in places(port, require, receive=False):
        yield from lit(lane.tx_power, limits, place, require)


@check("DOM-04 dom.rx-power", tags=("acceptance",))
def rx_power(port: OpticalPort, require: Requirements) -> Findings:
    """Every receive lane of a port that is up has light, inside the module's thresholds and inside the PMD's range."""
    if ended := shut(port.port):
        yield ended
        return
    limits = powers(port, "rx_power_mw", "rx_power_lane", require)
    for place, lane in places(port, require, receive=True):
        yield from lit(lane.rx_power, limits, place, require)


def powers(port: OpticalPort, monitor: str, quantity: str, require: Requirements) -> tuple[Range | Unknown, ...]:
    """What optical power is held to beyond being there: the PMD and the buyer, then the module's own thresholds."""
    own = quad(port.port.module, monitor)
    dbm = Quad(*(in_dbm(threshold) for _, threshold in own.items()))
    return (*require.limits(quantity, pmd=port.pmd).ranges, *inside(dbm))


def lit(
    power: Value[Decimal], limits: Sequence[Range | Unknown], place: str, require: Requirements
) -> Iterator[Finding]:
    """A dark lane fails once and by that name; a lit one is held to every limit."""
    level = light(power)
    seen = require.profile.dom.dark.judge(level, at=f"{place}, light")
    if seen.outcome is Outcome.FAIL:
        yield replace(seen, reason="the lane is dark")
    else:
        yield seen
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
        ("Tx power", dom.spread_tx, [finite(light(lane.tx_power)) for lane in port.media_lanes]),
        ("Rx power", dom.spread_rx, [finite(light(lane.rx_power)) for lane in port.media_lanes]),
    )
    for name, limit, levels in sides:
        if len(levels) == 1 and isinstance(levels[0], Reading):
            yield not_applicable(levels[0], because="one lane has no spread", at=name)
        elif levels and all(dom.dark.judge(level).outcome is Outcome.FAIL for level in levels):
            unlit = Missing(Absence.NOT_AVAILABLE, levels[0].source, "every lane is dark")
            yield limit.judge(unlit, at=f"spread of {name}")
        else:
            yield limit.judge(spread(levels, of=f"spread of {name}"), at=f"spread of {name}")


@check("DOM-07 dom.flags", tags=("acceptance",))
def flags(port: Port, require: Requirements) -> Findings:
    """No loss of signal or lock, no fault and no alarm is flagged; a latched flag is told as history."""
    if ended := without_pages(port.module) or shut(port):
        yield ended
    elif isinstance(port.seen.flags, Reading):
        yield from live(port, port.seen.flags)
    else:
        if isinstance(port, SwitchPort) and port.seen.flags.why is not Absence.NOT_ADVERTISED:
            # the switch's own daemon reads the pages all the time, which clears them: clear pages prove nothing
            yield ALARMED.judge(port.seen.flags, at="flags that the switch keeps")
        yield from latched(port)


def live(port: Port, told: Reading[tuple[Flag, ...]]) -> Iterator[Finding]:
    """What the NOS keeps, with its change counts and times; events, such as a change of state, are no faults."""
    needed = NEEDED.get(type(port.module), ())
    own: dict[str, list[Flag]] = {name: [] for name in needed}
    lanes: dict[str, tuple[int, ...]] = {name: lanes_of(port, name) for name in needed}
    for flag in told.value:
        name = flag.name
        if name not in lanes:
            lanes[name] = () if name.endswith("changed") else lanes_of(port, name)
        if lanes[name] and (flag.lane is None or flag.lane in lanes[name]):
            own.setdefault(name, []).append(flag)
    for name, these in own.items():
        limit = WARNED if name.endswith("warning") else ALARMED
        gone = next((flag.raised for flag in these if isinstance(flag.raised, Missing)), None)
        if name in needed and len(these) < len(lanes[name]):
            gone = Missing(
                Absence.NOT_RECORDED, told.source, f"the table has this flag for {len(these)} of the port's lanes"
            )
        raised = [flag for flag in these if isinstance(flag.raised, Reading) and flag.raised.value]
        if gone is not None:
            yield limit.judge(gone, at=name)
        if raised or gone is None:
            words = tuple(f"lane {flag.lane}" if flag.lane else "module" for flag in raised)
            source = raised[0].raised.source if raised else told.source
            history = ", ".join(flag.history for flag in raised if flag.history)
            yield limit.judge(Reading(words, source), at=f"{name} ({history})" if history else name)
    if not own:
        yield ALARMED.judge(Missing(Absence.NOT_RECORDED, told.source, "the table has no flags"), at="flags")


def latched(port: Port) -> Iterator[Finding]:
    """What the pages have: the module latches a flag until it is read, so that a raised one is history."""
    module = port.module
    for name, bits in module.seen.flags.items():
        lanes = lanes_of(port, name)
        first = of_lane(bits, lanes[0], module)
        if (
            isinstance(first, Missing)
            and first.why is Absence.NOT_ADVERTISED
            and name not in NEEDED.get(type(module), ())
        ):
            yield not_applicable(Reading("not advertised", first.source), because=str(first), at=name)
        elif not name.endswith("changed"):
            yield LATCHED.judge(lanes_with(bits, lanes, module), at=f"{name} on lanes")
    for name, bit in module.seen.module_flags.items():
        if not name.endswith("changed"):
            yield LATCHED.judge(lanes_with((bit,), (1,), module), at=f"{name} of the module")
    if not module.seen.flags:
        yield LATCHED.judge(Missing(Absence.NOT_RECORDED, Source(module.seen.evidence)), at="flags")


def lanes_of(port: Port, flag: str) -> tuple[int, ...]:
    """The lanes of a flag that are the port's own: host lanes by number, media lanes by the port's share of them."""
    module = port.module
    if flag in HOST_LANE_FLAGS or not isinstance(module, OpticalModule):
        return port.host_lanes
    host, media = max(of.lanes[-1] for of in module.cage.ports), len(module.media_lanes)
    first, last = (port.host_lanes[0] - 1) * media // host, -(-port.host_lanes[-1] * media // host)
    return tuple(range(first + 1, last + 1))


@check("DOM-08 dom.vdm", tags=("acceptance",))
def versatile(port: Port, require: Requirements) -> Findings:
    """SNR, level transition parameter and laser age of every lane, where the module observes them, are the buyer's."""
    module = port.module
    if ended := without_cmis(module) or without_pages(module) or wrongly_flat(module) or shut(port):
        yield ended
        return
    told = module.seen.vdm
    if isinstance(told, Missing):
        if told.why is Absence.NOT_ADVERTISED and not needs_observables(module, require):
            yield not_applicable(Reading("not advertised", told.source), because=str(told), at="VDM")
        else:
            yield require.profile.dom.snr_media.judge(told, at="VDM")
        return
    for gap in module.seen.vdm_gaps:
        yield require.profile.dom.snr_media.judge(gap, at="VDM")
    if not told.value:
        unset = Missing(Absence.NOT_AVAILABLE, told.source, "VDM is advertised, and no instance is described")
        yield require.profile.dom.snr_media.judge(unset, at="VDM")
        return
    limits = observed(require)
    judged = 0
    for one in told.value:
        limit = limits.get((one.observable.quantity, one.observable.side))
        if limit is None or one.observable.statistic is not Statistic.CURRENT:
            continue
        if one.lane is None or one.lane in side_lanes(port, one.observable.side):
            judged += 1
            yield limit.judge(observed_number(one), at=one.name)
    for name, limit, gone in unobserved(port, told, limits):
        judged += 1
        yield limit.judge(gone, at=name)
    if not judged:
        count = derive(told, len, note="instances of VDM")
        assert isinstance(count, Reading)
        yield not_applicable(count, because="none of them is SNR, LTP or laser age of the port's lanes", at="VDM")


def needs_observables(module: Module, require: Requirements) -> bool:
    """Whether the profile wants versatile diagnostics of a module of this rate."""
    rate = sum((port.speed_gbps for port in module.cage.ports), Decimal(0))
    cmis = require.profile.cmis
    return isinstance(module, OpticalModule) and bool(cmis.telemetry_at(rate) - cmis.telemetry)


def observed_number(one: Observation) -> Value[Decimal]:
    """A sample; all ones, 256 dB less a step, is an erased register and no signal to noise ratio."""
    sample = one.sample
    if isinstance(sample, Reading) and sample.unit is Unit.DB and sample.value == one.observable.number(0xFFFF):
        return Missing(Absence.NOT_AVAILABLE, sample.source, "all ones: what an erased register holds")
    return sample


def unobserved(
    port: Port, told: Reading[tuple[Observation, ...]], limits: Mapping[tuple[str, Side], Range]
) -> Iterator[tuple[str, Range, Missing]]:
    """Lanes of the port without a quantity that the module observes on others; lanes may share a laser, and its age."""
    for (quantity, side), limit in limits.items():
        lanes = {
            one.lane
            for one in told.value
            if (one.observable.quantity, one.observable.side) == (quantity, side)
            and one.observable.statistic is Statistic.CURRENT
        }
        if not lanes or None in lanes or quantity == "laser_age":
            continue
        for lane in side_lanes(port, side):
            if lane not in lanes:
                gone = Missing(Absence.NOT_ADVERTISED, told.source, "observed on other lanes, not on this one")
                yield f"{quantity}, {side} lane {lane}", limit, gone


def observed(require: Requirements) -> Mapping[tuple[str, Side], Range]:
    """The buyer's limits by what is observed and on which side."""
    dom = require.profile.dom
    return {
        ("esnr", Side.MEDIA): dom.snr_media,
        ("esnr", Side.HOST): dom.snr_host,
        ("ltp", Side.MEDIA): dom.ltp,
        ("ltp", Side.HOST): dom.ltp,
        ("laser_age", Side.MEDIA): dom.laser_age,
    }


def side_lanes(port: Port, side: Side) -> tuple[int, ...]:
    """The lanes of one side of a module that are the port's own."""
    return port.host_lanes if side is Side.HOST else lanes_of(port, "rx_los")


@check("DOM-09 dom.fresh", tags=("acceptance",))
def fresh(module: Module, require: Requirements) -> Findings:
    """The system read the module's monitors no longer ago than the buyer allows."""
    if ended := without_pages(module):
        yield ended
        return
    yield require.profile.dom.age.judge(finite(module.monitor_age), at="age of the monitors")


@check("DOM-10 dom.admin-state", tags=("acceptance",))
def admin_state(port: Port, require: Requirements) -> Findings:
    """A port is up or shut as planned; one that is shut as planned is to be dark, and is judged as such."""
    planned = "up" if port.plan.up else "down"
    clause = f"planned at {port.plan.at}"
    yield one_of(planned, clause=clause, standing=Standing.BUYER).judge(port.seen.admin, at="admin state")
    if not port.plan.up:
        yield one_of("down", clause=clause, standing=Standing.BUYER).judge(port.seen.oper, at="link")
