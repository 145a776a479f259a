"""A soak: links and modules sampled again and again over a day and more."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from checks.dom import WARNINGS, quad, sensed
from checks.fec import (
    as_count,
    counted_up,
    figure,
    last_ratio,
    seconds,
    shown_ratio,
    stalled,
    uncoded,
    worst_ratio,
)
from checks.link import changes_told, flaps
from harness import (
    Absence,
    Cage,
    Device,
    Findings,
    Link,
    Missing,
    Module,
    OpticalModule,
    Outcome,
    Port,
    Range,
    Reading,
    Requirements,
    Source,
    Unit,
    Value,
    at_most,
    check,
    difference,
    finite,
    light,
    not_applicable,
    one_of,
    shut,
    without_pages,
)
from harness.applies import without_soak
from harness.maths.trend import Trend, fewest, trend
from harness.model import Fabric, MonitorSample
from harness.units import plain, scientific
from harness.verdict import Finding

HOUR: Final = 3600
HOT: Final = Decimal("0.75")
"""From this part of the way between its coldest and its hottest sample a module counts as hot."""
END: Final = 0.75
"""The last quarter of a soak shows whether a temperature has settled."""
BOARD: Final = "board"
LEVEL: Final = one_of("no significant rise", clause="the error ratio does not rise over the soak")
MISSED: Final = "a soak is judged over all of its time"
Samples = Sequence[tuple[datetime, Value[Decimal]]]


# --- links --------------------------------------------------------------------------------------------------------


@check("SOAK-01 soak.links-clean", tags=("acceptance",))
def links_clean(link: Link, require: Requirements) -> Findings:
    """Over the whole soak the link did not flap, lost no codeword, and its bit error ratio stayed within the limits."""
    if ended := without_soak(max(map(taken, link.ends)), require):
        yield ended
        return
    fec = require.profile.fec
    for port in link.ends:
        if ended := shut(port):
            yield ended
            continue
        yield require.profile.link.flaps.judge(flaps(port), at=f"changes of state of {port}")
        if ended := uncoded(port, require):
            yield ended
            continue
        lost = counted_up(port.seen.fec_samples, "uncorrected", port)
        if isinstance(lost, Reading) and not lost.value:
            lost = stalled(port) or lost
        yield fec.uncorrectable.judge(as_count(lost), at=f"uncorrectable codewords of {port}")
        worst = shown_ratio(worst_ratio(port), port, require)
        yield fec.pre_fec_ber_soak.judge(worst, at=f"highest pre-FEC BER of {port}")
        yield from covered([at for at, _ in ratios(port)], f"samples of {port}", require)


def taken(port: Port) -> int:
    """Samples of a port that are on record, answered or not."""
    return max(len(port.seen.fec_samples), len(port.seen.changes))


def ratios(port: Port) -> list[tuple[datetime, Reading[Decimal]]]:
    """The bit error ratios before FEC that a port told, and when."""
    known = ((sample.at, finite(sample.pre_fec_ber)) for sample in port.seen.fec_samples)
    return [(at, ratio) for at, ratio in known if at is not None and isinstance(ratio, Reading)]


def covered(times: Sequence[datetime], of: str, require: Requirements) -> Iterator[Finding]:
    """Whether samples cover the soak; what was not watched all the time is not measured, good as it may look."""
    soak = require.profile.soak
    for limit, value, at in (
        (soak.duration, span(times, of), f"time from the first to the last of the {of}"),
        (soak.gap, gap(times, of), f"longest time without {of}"),
    ):
        judged = limit.judge(value, at=at)
        beyond = judged.outcome in (Outcome.FAIL, Outcome.WARN)
        yield replace(judged, outcome=Outcome.NOT_MEASURED, reason=MISSED) if beyond else judged


def span(times: Sequence[datetime], of: str) -> Value[Decimal]:
    """Hours from the first sample to the last."""
    if len(times) < 2:
        return Missing(Absence.NOT_RECORDED, Source(of), f"{len(times)} were answered")
    first, last = min(times), max(times)
    return Reading(seconds(first, last) / HOUR, Source(of, f"{first} to {last}"), Unit.HOURS)


def gap(times: Sequence[datetime], of: str) -> Value[Decimal]:
    """The longest time between a sample and the next, in seconds."""
    if len(times) < 2:
        return Missing(Absence.NOT_RECORDED, Source(of), f"{len(times)} were answered")
    longest, after = max((seconds(before, next_), before) for before, next_ in pairwise(sorted(times)))
    return Reading(longest, Source(of, f"after {after}"), Unit.SECONDS)


@check("SOAK-02 soak.ber-trend", tags=("acceptance",))
def ber_trend(link: Link, require: Requirements) -> Findings:
    """The bit error ratio of no end rises significantly over the soak towards its limit."""
    if ended := without_soak(max(map(taken, link.ends)), require):
        yield ended
        return
    for port in link.ends:
        if ended := shut(port) or uncoded(port, require):
            yield ended
        else:
            yield from ratio_drift(port, require)


def ratio_drift(port: Port, require: Requirements) -> Iterator[Finding]:
    """Whether a port's ratio rises; where it does, when it comes to its limit, and what it is when as much time again
    has passed as was watched."""
    soak, known = require.profile.soak, ratios(port)
    found = line_of_ratios(port, known, require)
    if isinstance(found, Missing):
        yield LEVEL.judge(found, at=f"trend of {port}")
        return
    line, source = found.value, found.source
    shown = Source(
        source.evidence,
        f"{line.points} points, {line.slope * 24:+.2g} decades a day, chance {line.rising:.2g} without a rise",
    )
    if line.rising >= soak.significance or line.slope <= 0:
        yield LEVEL.judge(Reading("no significant rise", shown), at=f"trend of {port}")
        return
    end = hours(known[0][0], known[-1][0])
    limits = require.limits("pre_fec_ber", pmd=port.module.pmd).ranges
    bounds = [limit.max for limit in limits if isinstance(limit, Range) and limit.max is not None and limit.max > 0]
    if bounds:
        lowest = min(bounds)
        left = line.reaches(math.log10(lowest)) or 0.0
        until = Reading(figure(max(left - end, 0.0)), shown, Unit.HOURS)
        yield soak.time_to_limit.judge(until, at=f"time until {port} is at {scientific(lowest)}")
    ahead = figure(10 ** min(line.at(2 * end), 0.0))
    for limit in limits:
        yield limit.judge(Reading(ahead, shown), at=f"pre-FEC BER of {port} as long after the soak as it lasted")


def line_of_ratios(
    port: Port, known: Sequence[tuple[datetime, Reading[Decimal]]], require: Requirements
) -> Value[Trend]:
    """The trend of the logarithm of a port's ratio over hours; no error counts as half of the lowest ratio seen."""
    source = Source(str(port), "pre-FEC BER, sample by sample")
    needed = fewest(float(require.profile.soak.significance))
    if len(known) < needed:
        few = f"{len(known)} samples have a ratio, and {needed} are needed to show a trend"
        ratio = finite(last_ratio(port))
        return ratio if isinstance(ratio, Missing) else Missing(Absence.NOT_RECORDED, source, few)
    if isinstance(last := shown_ratio(last_ratio(port), port, require), Missing):
        return last
    least = min((float(ratio.value) for _, ratio in known if ratio.value > 0), default=1.0) / 2
    if not least:
        return Missing(Absence.UNREADABLE, source, "a ratio is too low to be reckoned with")
    start = known[0][0]
    line = trend(
        [(hours(start, at), math.log10(float(ratio.value) or least)) for at, ratio in known if ratio.value >= 0]
    )
    if line is None:
        return Missing(Absence.UNREADABLE, source, "all samples are of one instant")
    return Reading(line, replace(known[-1][1].source, raw=""))


def hours(first: datetime, last: datetime) -> float:
    return float(seconds(first, last)) / HOUR


# --- modules ------------------------------------------------------------------------------------------------------


@check("SOAK-03 soak.monitors-hold", tags=("acceptance",))
def monitors_hold(module: Module, require: Requirements) -> Findings:
    """Temperature, laser bias and optical power of the module stay near where they were when the soak began."""
    if ended := aboard(module) or without_soak(len(module.series), require) or without_pages(module):
        yield ended
        return
    dom, series = require.profile.dom, module.series
    yield dom.drift_temperature.judge(strayed(temperatures(module.series), "temperature"), at="temperature")
    if isinstance(module, OpticalModule):
        for lane in module.media_lanes:
            for name, limit in (
                ("tx_power", dom.drift_power),
                ("rx_power", dom.drift_power),
                ("tx_bias", dom.drift_bias),
            ):
                values = [(at, light(of_lane(found, lane.number, module))) for at, found in dated(series, name)]
                yield limit.judge(strayed(values, name), at=f"{name} of lane {lane.number}")
    yield from covered(read(temperatures(module.series)), f"monitors of {module}", require)


def aboard(module: Module) -> Finding | None:
    """That a module sits on a module board, which the lab file declares and of which no soak is made."""
    if module.device.kind != BOARD:
        return None
    board = Reading(BOARD, module.device.at)
    return not_applicable(board, because="it sits on a module board, over which no link runs", at="device")


def dated(samples: Iterable[Any], name: str) -> list[tuple[datetime, Any]]:
    """One field of every sample that has a time."""
    return [(sample.at, getattr(sample, name)) for sample in samples if sample.at is not None]


def temperatures(series: Sequence[MonitorSample]) -> Samples:
    return [(at, sensed(found)) for at, found in dated(series, "temperature")]


def of_lane(values: Sequence[Value[Decimal]], lane: int, module: Module) -> Value[Decimal]:
    """The value of a lane from 1."""
    if lane <= len(values):
        return values[lane - 1]
    return Missing(Absence.NOT_RECORDED, Source(str(module), f"lane {lane}"), f"{len(values)} lanes were read")


def read(samples: Samples) -> list[datetime]:
    """When something was read."""
    return [at for at, value in samples if isinstance(finite(value), Reading)]


def distance(value: Decimal, first: Decimal) -> Decimal:
    return abs(value - first)


def percent(value: Decimal, first: Decimal) -> Decimal | None:
    """Percent of where it began; None where it began at nothing and did not stay there."""
    if not first:
        return None if value else Decimal(0)
    return figure(float(abs(value - first) / abs(first) * 100))


CHANGES: Final[Mapping[Unit, tuple[Unit, Callable[[Decimal, Decimal], Decimal | None]]]] = {
    Unit.CELSIUS: (Unit.CELSIUS, distance),
    Unit.DBM: (Unit.DB, distance),
    Unit.MA: (Unit.PERCENT, percent),
}
"""In which unit a monitor's drift is told, and how it is reckoned, by the unit of the monitor."""


def strayed(samples: Samples, of: str) -> Value[Decimal]:
    """How far a monitor was from its first sample at most."""
    known = known_of(samples)
    if len(known) < 3:
        few = Missing(Absence.NOT_RECORDED, Source(of), f"{len(known)} samples were read, three are needed")
        return first_missing(samples) or few
    began = known[0][1]
    unit, change = CHANGES[began.unit]
    changes = [(change(value.value, began.value), at, value) for at, value in known]
    if any(by is None for by, _, _ in changes):
        return Missing(Absence.NOT_AVAILABLE, began.source, f"it began at {began}, of which nothing is a share")
    most, at, value = max(((by or Decimal(0), at, value) for by, at, value in changes), key=lambda one: one[0])
    words = f"{began} at first, {value} at {at}, of {len(known)} samples"
    return Reading(most, Source(value.source.evidence, words), unit)


def known_of(samples: Samples) -> list[tuple[datetime, Reading[Decimal]]]:
    """The samples that were read."""
    return [(at, value) for at, one in samples if isinstance(value := finite(one), Reading)]


def first_missing(samples: Samples) -> Missing | None:
    return next((value for _, one in samples if isinstance(value := finite(one), Missing)), None)


@check("PWR-05 power.plateau", tags=("acceptance",))
def plateau(cage: Cage, require: Requirements) -> Findings:
    """Over the soak the module stays below its high warning and settles, and no flap of its ports follows the heat."""
    module = cage.module
    if ended := without_soak(len(module.series), require) or without_pages(module):
        yield ended
        return
    profile, samples = require.profile, temperatures(module.series)
    yield profile.power.plateau.judge(warming(samples, str(module)), at="rise in an hour, in the last quarter")
    yield profile.dom.drift_temperature.judge(strayed(samples, "temperature"), at="temperature against its first")
    own = quad(module, "temperature_c").high_warning
    yield at_most(own, clause=WARNINGS, unit=Unit.CELSIUS).judge(hottest(samples, str(module)), at="hottest sample")
    for port in cage.ports:
        yield shut(port) or profile.link.flaps.judge(
            flaps_in_heat(port, samples, require), at=f"flaps of {port} that follow the heat"
        )
    yield from covered(read(samples), f"temperatures of {module}", require)


def warming(samples: Samples, of: str) -> Value[Decimal]:
    """K an hour in the last quarter of the time."""
    known = known_of(samples)
    if len(known) < 3:
        few = Missing(Absence.NOT_RECORDED, Source(of), f"{len(known)} temperatures were read, three are needed")
        return first_missing(samples) or few
    start, whole = known[0][0], hours(known[0][0], known[-1][0])
    late = [(hours(start, at), float(value.value)) for at, value in known if hours(start, at) >= END * whole]
    line = trend(late)
    if len(late) < 3 or line is None:
        return Missing(
            Absence.NOT_RECORDED, known[-1][1].source, f"{len(late)} samples in the last quarter of the soak"
        )
    words = f"{late[0][1]:.1f} °C to {late[-1][1]:.1f} °C in {late[-1][0] - late[0][0]:.2f} h, {len(late)} samples"
    return Reading(figure(line.slope), Source(known[-1][1].source.evidence, words), Unit.CELSIUS)


def hottest(samples: Samples, of: str) -> Value[Decimal]:
    known = known_of(samples)
    if not known:
        none = Missing(Absence.NOT_RECORDED, Source(of), "no temperature was read")
        return first_missing(samples) or none
    at, top = max(known, key=lambda one: one[1].value)
    return replace(top, source=replace(top.source, where=f"{top.source.where} at {at}".strip()))


def flaps_in_heat(port: Port, samples: Samples, require: Requirements) -> Value[Decimal]:
    """Changes of a port's state that follow its module's heat: all of them, where most came while it was hot.

    A module whose temperature hardly moved has no heat to follow.
    """
    every = flaps(port)
    if isinstance(every, Missing) or not every.value:
        return every
    known = known_of(samples)
    if not known:
        return Missing(Absence.NOT_RECORDED, every.source, "no temperature to hold them against")
    values = [value.value for _, value in known]
    low, high = min(values), max(values)
    if high - low <= require.profile.dom.temperature_margin:
        return Reading(
            Decimal(0), replace(every.source, where=f"{every}, at {plain(low)} to {plain(high)} °C"), Unit.COUNT
        )
    bound, hot = low + HOT * (high - low), Decimal(0)
    for before, after in pairwise(changes_told(port.seen.changes)):
        grown = difference(after.count, before.count, of="changes of state")
        if isinstance(grown, Reading) and grown.value > 0 and before.at is not None and after.at is not None:
            near = [nearest(known, at) for at in (before.at, after.at)]
            hot += grown.value if max(near) >= bound else 0
    words = f"{plain(hot)} of {every} above {plain(bound)} °C, the soak was at {plain(low)} to {plain(high)} °C"
    return Reading(every.value if 2 * hot > every.value else Decimal(0), replace(every.source, where=words), Unit.COUNT)


def nearest(known: Iterable[tuple[datetime, Reading[Decimal]]], at: datetime) -> Decimal:
    """The temperature of the sample that is nearest in time."""
    return min(known, key=lambda one: abs(one[0] - at))[1].value


# --- the lab ------------------------------------------------------------------------------------------------------


@check("SOAK-04 soak.coverage", tags=("acceptance",))
def coverage(fabric: Fabric, require: Requirements) -> Findings:
    """The soak lasted as long as the buyer asks, with enough samples and no long gap, on every device."""
    if ended := without_soak(len(fabric.samples), require):
        yield ended
        return
    yield from whole(fabric.samples, len(fabric.samples), str(fabric), require)
    for device in fabric.devices:
        times, count = sampled(device)
        yield from whole(times, count, str(device), require)


def whole(times: Sequence[datetime], count: int, of: str, require: Requirements) -> Iterator[Finding]:
    """Duration, gaps and number of samples, judged."""
    soak = require.profile.soak
    yield soak.duration.judge(span(times, f"samples of {of}"), at=f"duration on {of}")
    yield soak.gap.judge(gap(times, f"samples of {of}"), at=f"longest gap on {of}")
    number = Reading(Decimal(count), Source(f"samples of {of}"), Unit.COUNT)
    none = Missing(Absence.NOT_RECORDED, Source(f"samples of {of}"), "no sample was answered")
    yield soak.samples.judge(number if count else none, at=f"samples on {of}")


def sampled(device: Device) -> tuple[list[datetime], int]:
    """When anything of a device was sampled, and how many samples there were at most of one thing."""
    series: list[set[datetime]] = []
    for cage in device.cages:
        series.append(set(read(temperatures(cage.module.series))))
        for port in cage.ports:
            series.append({at for at, _ in ratios(port)})
            for name in ("corrected", "uncorrected"):
                series.append({at for at, _ in known_of(dated(port.seen.fec_samples, name))})
            series.append({at for at, _ in known_of(dated(port.seen.changes, "count"))})
    return sorted(set().union(*series)), max(map(len, series), default=0)
