"""Forward error correction, RS(544,514) above all, and the error budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Final

from harness import (
    Absence,
    Findings,
    Link,
    Missing,
    Port,
    Range,
    Reading,
    Requirements,
    Source,
    Unit,
    Unknown,
    Value,
    check,
    derive,
    difference,
    finite,
    not_applicable,
    one_of,
    same_as,
    shut,
    together,
)
from harness.model import FecSample
from harness.requirements.rows import FecRule

NONE: Final = "none"
PAM4_LANE: Final = Decimal(50)
"""From so many Gb/s a lane has errors all the time: counters that do not move were not running."""
POLL: Final = Decimal(5)
"""Seconds by which a histogram and a counter that are shown together may have been polled apart."""


def rule_of(port: Port, require: Requirements) -> FecRule:
    return require.fec(port.plan.speed_gbps, len(port.host_lanes), port.module.pmd or None)


def code_of(word: Value[str], port: Port, require: Requirements) -> Value[str]:
    """The code that a NOS means by a word; what runs where the word leaves it open."""
    if isinstance(word, Missing):
        return word
    code = require.fec_code(word.value, port.plan.speed_gbps, len(port.host_lanes))
    return port.fec_code if code is None else replace(word, value=code)


@check("FEC-01 fec.required-code", tags=("acceptance",))
def required_code(port: Port, require: Requirements) -> Findings:
    """The FEC that is configured, and the one that runs, is the code that the rate on so many lanes requires."""
    rule = rule_of(port, require)
    configured = code_of(port.seen.fec_configured, port, require)
    left_open = isinstance(configured, Reading) and configured.value == NONE
    yield rule.choice.judge(port.fec_code if left_open else configured, at=f"configured for {rule.name}")
    yield shut(port) or rule.choice.judge(port.fec_code, at=f"running on {rule.name}")


@check("FEC-02 fec.operational-as-configured", tags=("acceptance",))
def operational_as_configured(port: Port, require: Requirements) -> Findings:
    """The FEC that operates is the one that was configured."""
    if ended := shut(port):
        yield ended
        return
    configured = code_of(port.seen.fec_configured, port, require)
    yield same_as(configured, clause="operational FEC equals configured FEC").judge(port.fec_code, at="operational FEC")


@check("FEC-03 fec.both-ends", tags=("acceptance",))
def both_ends(link: Link, require: Requirements) -> Findings:
    """Both ends of a link run one and the same code."""
    near, far = link.ends
    if ended := shut(near) or shut(far):
        yield ended
    elif isinstance(near.fec_code, Missing):
        yield Unknown(near.fec_code, "both ends run one code").judge(far.fec_code, at=f"{near} and {far}")
    else:
        yield together(link, require.profile.link.skew)
        peers = require.fec_peers(near.fec_code.value)
        yield replace(peers, clause=f"{peers.clause}; {near.fec_code.source}").judge(
            far.fec_code, at=f"{near} and {far}"
        )


@check("FEC-05 fec.no-uncorrectable", tags=("acceptance",))
def no_uncorrectable(port: Port, require: Requirements) -> Findings:
    """Not one codeword was beyond correction over a window as long as the buyer asks for."""
    if ended := shut(port):
        yield ended
        return
    fec, samples = require.profile.fec, port.seen.fec_samples
    window = watched(port)
    yield fec.window.judge(window, at="window")
    stated = f"over {window}" if isinstance(window, Reading) else "over an unknown window"
    beyond = counted_up(samples, "uncorrected", port)
    if isinstance(beyond, Reading) and not beyond.value:
        beyond = stalled(port) or beyond
    yield fec.uncorrectable.judge(beyond, at=f"uncorrectable codewords {stated}")


def stalled(port: Port) -> Missing | None:
    """What shows that the counters do not run: PAM4 always has errors to correct, and none was counted."""
    moved = counted_up(port.seen.fec_samples, "corrected", port)
    lane = port.plan.speed_gbps / len(port.host_lanes)
    if isinstance(moved, Missing) or moved.value or lane < PAM4_LANE:
        return None
    still = "no codeword was corrected in the window: nothing shows that the counters run"
    return Missing(Absence.NOT_AVAILABLE, moved.source, still)


def watched(port: Port) -> Value[Decimal]:
    """Seconds between the first and the last sample of the counters."""
    samples = port.seen.fec_samples
    source = Source(str(port), "times of the samples of FEC counters")
    if len(samples) < 2:
        return Missing(Absence.NOT_RECORDED, source, f"two samples are needed, {len(samples)} on record")
    first, last = samples[0].at, samples[-1].at
    if first is None or last is None:
        return Missing(Absence.NOT_RECORDED, source, "a sample has no time")
    if last < first:
        return Missing(Absence.UNREADABLE, source, f"the last sample, of {last}, is older than the first, of {first}")
    return Reading(seconds(first, last), source, Unit.SECONDS)


def seconds(first: datetime, last: datetime) -> Decimal:
    return Decimal(str((last - first).total_seconds()))


def counted_up(samples: tuple[FecSample, ...], name: str, port: Port) -> Value[Decimal]:
    """How far a counter went up from the first sample to the last; Missing if it was cleared or wrapped between."""
    if len(samples) < 2:
        return Missing(Absence.NOT_RECORDED, Source(str(port), f"FEC counters: {name}"), "two samples are needed")
    for before, after in pairwise(samples):
        for counter in ("uncorrected", "corrected"):
            step = difference(
                getattr(after, counter), getattr(before, counter), of=f"{counter} codewords in the window"
            )
            if isinstance(step, Missing):
                return step
            if step.value < 0:
                return Missing(Absence.NOT_AVAILABLE, step.source, f"the counter {counter} was cleared or wrapped")
    found = difference(getattr(samples[-1], name), getattr(samples[0], name), of=f"{name} codewords in the window")
    return as_count(found)


def as_count(value: Value[Decimal]) -> Value[Decimal]:
    return replace(value, unit=Unit.COUNT) if isinstance(value, Reading) else value


@check("FEC-06 fec.pre-fec-ber", tags=("acceptance",))
def pre_fec_ber(port: Port, require: Requirements) -> Findings:
    """The bit error ratio before correction is below the limit of the PMD and below the operator's."""
    if ended := shut(port):
        yield ended
        return
    ratio = shown_ratio(port, require)
    for limit in (*require.limits("pre_fec_ber", pmd=port.module.pmd).ranges, require.profile.fec.pre_fec_ber_advisory):
        yield limit.judge(ratio, at="pre-FEC BER")


def shown_ratio(port: Port, require: Requirements) -> Value[Decimal]:
    """The last BER that the device tells; for no error in N bits what that shows, 3/N at 95 %."""
    if not port.seen.fec_samples:
        return Missing(Absence.NOT_RECORDED, Source(str(port), "pre-FEC BER"), "no sample of FEC counters")
    ratio = finite(port.seen.fec_samples[-1].pre_fec_ber)
    if isinstance(ratio, Missing):
        return ratio
    if gone := stalled(port):
        return gone
    if ratio.value:
        return ratio
    window = watched(port)
    if isinstance(window, Missing) or window.value <= 0:
        return Missing(Absence.NOT_AVAILABLE, ratio.source, "no error, and not known in how many bits")
    counted = counted_up(port.seen.fec_samples, "corrected", port)
    if isinstance(counted, Missing):
        return counted
    if counted.value:
        said = f"the ratio is 0, but {counted.value:f} codewords were corrected in the window"
        return Missing(Absence.UNREADABLE, ratio.source, said)
    bits = rule_of(port, require).bits_per_second * window.value
    words = f"{ratio.source.where}: no error in {bits:.1E} bits, less than 3/N at 95 %".lstrip(": ")
    return Reading(3 / bits, replace(ratio.source, where=words), ratio.unit)


@check("FEC-07 fec.histogram", tags=("acceptance",))
def histogram(port: Port, require: Requirements) -> Findings:
    """The histogram of symbol errors has the bins of the code that runs, and adds up to the corrected codewords."""
    if ended := shut(port):
        yield ended
        return
    code = (
        require.codes.get(port.fec_code.value.partition(" clause")[0]) if isinstance(port.fec_code, Reading) else None
    )
    if code is not None and not code.bins and isinstance(port.fec_code, Reading):
        yield not_applicable(port.fec_code, because="this code does not work on symbols and has no histogram")
        return
    rule = rule_of(port, require)
    bins = filled(port)
    beyond = f"{rule.clause}: up to {rule.t} of {rule.codeword_symbols} symbols are corrected"
    omitted = port.seen.histogram_from
    yield one_of(rule.bins, clause=beyond).judge(derive(bins, lambda n: len(n) + omitted), at="number of bins")
    in_bins = derive(bins, lambda n: Decimal(sum(n[max(0, 1 - omitted) :])), note="sum of bins from 1", unit=Unit.COUNT)
    yield corrected(port).judge(in_bins, at="codewords in the bins from 1")


def filled(port: Port) -> Value[tuple[int, ...]]:
    """The histogram, where it was filled at all: all zero, or errors and no codeword without one, says nothing."""
    bins = port.seen.histogram
    if isinstance(bins, Missing):
        return bins
    if not any(bins.value):
        return Missing(Absence.NOT_AVAILABLE, bins.source, "every bin is 0: nothing was counted")
    if port.seen.histogram_from == 0 and bins.value[0] == 0:
        return Missing(Absence.NOT_AVAILABLE, bins.source, "bin 0 is 0 and others are not: it was not counted")
    return bins


def corrected(port: Port) -> Range | Unknown:
    """What the corrected codewords of a histogram may be: the counter before and after it, as best known.

    A histogram that was taken outside the two samples is held against the nearer one and what may have come between, at
    twice the pace of the window.
    """
    clause = "corrected codewords as the counters have them"
    paced = stalled(port) or pace(port)
    if isinstance(paced, Missing):
        return Unknown(paced, clause, unit=Unit.COUNT)
    first, last, taken = port.seen.fec_samples[0], port.seen.fec_samples[-1], port.seen.histogram_at
    if taken is None or first.at is None or last.at is None:
        gone = Missing(Absence.NOT_RECORDED, paced.source, "it is not known when the histogram was taken")
        return Unknown(gone, clause, unit=Unit.COUNT)
    assert isinstance(first.corrected, Reading) and isinstance(last.corrected, Reading)
    early, late = max(Decimal(0), seconds(taken, first.at)), max(Decimal(0), seconds(last.at, taken))
    low = last.corrected.value if taken >= last.at else first.corrected.value
    high = first.corrected.value if taken <= first.at else last.corrected.value
    low, high = low - 2 * paced.value * (early + POLL), high + 2 * paced.value * (late + POLL)
    outside = f"{late} s after the last sample" if late else f"{early} s before the first"
    when = outside if early or late else "within the samples' window"
    allowed = f"histogram {when}, polled up to {POLL} s apart, twice {paced.value:.1f} a second allowed"
    return Range(
        max(Decimal(0), low.to_integral_value(ROUND_FLOOR)),
        high.to_integral_value(ROUND_CEILING),
        Unit.COUNT,
        f"{clause}; {last.corrected.source}; {allowed}",
    )


def pace(port: Port) -> Value[Decimal]:
    """Corrected codewords a second between the first sample and the last."""
    grown, window = counted_up(port.seen.fec_samples, "corrected", port), watched(port)
    if isinstance(grown, Missing):
        return grown
    if isinstance(window, Missing):
        return window
    if not window.value:
        return Missing(Absence.NOT_RECORDED, window.source, "both samples are of one instant")
    return derive(grown, lambda count: count / window.value, note=f"over {window}")
