"""Forward error correction, RS(544,514) above all, and the error budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Final

from checks.dom import side_lanes
from harness import (
    Absence,
    Findings,
    Link,
    Missing,
    Path,
    Port,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    Unit,
    Unknown,
    Value,
    at_most,
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
from harness.applies import without_history
from harness.decode.cmis.vdm import Side, Statistic
from harness.maths.fec import burst_ratio, expected_at_most, ratio_of_bins, tail, trials_to_show
from harness.model import UNASKED, CopperModule, FecSample
from harness.requirements.rows import FecRule
from harness.units import plain, scientific
from harness.verdict import Finding

NONE: Final = "none"
PAM4_LANE: Final = Decimal(50)
"""From so many Gb/s a lane has errors all the time: counters that do not move were not running."""
FULL_STRENGTH: Final = 15
"""Symbols that RS(544,514) corrects, of which limits on the worst bin are said."""
CAVEAT: Final = "a straight line overstates random errors by orders of magnitude: a trend, not a bound"
SYMBOLS: Final = "one symbol at least and no more than can be corrected is in error in each codeword"
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


@check("FEC-04 fec.along-path", tags=("acceptance",))
def along_path(path: Path, require: Requirements) -> Findings:
    """Every hop of the route runs the code that its own rate requires."""
    for hop in path.hops:
        rule = rule_of(hop, require)
        yield shut(hop) or rule.choice.judge(hop.fec_code, at=f"{hop}, {rule.name}")


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
    samples = told(port.seen.fec_samples)
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


def told(samples: tuple[FecSample, ...]) -> tuple[FecSample, ...]:
    """The samples that were answered; where two at most were taken, or answered, all are needed."""
    if len(samples) <= 2:
        return samples
    kept = tuple(
        sample
        for sample in samples
        if sample.at is not None and isinstance(sample.corrected, Reading) and isinstance(sample.uncorrected, Reading)
    )
    return kept if len(kept) >= 2 else samples[:2]


def counted_up(samples: tuple[FecSample, ...], name: str, port: Port) -> Value[Decimal]:
    """How far a counter went up from the first sample to the last; Missing if it was cleared or wrapped between.

    Codewords that were lost before a counter was cleared stay lost: then it is how many at least.
    """
    kept = told(samples)
    if len(kept) < 2:
        return Missing(Absence.NOT_RECORDED, Source(str(port), f"FEC counters: {name}"), "two samples are needed")
    reset: Missing | None = None
    for counter in dict.fromkeys(("uncorrected", "corrected", name)):
        counts = [getattr(sample, counter) for sample in kept]
        for before, after in pairwise(counts):
            if not fell(before, after):
                continue
            step = difference(after, before, of=f"{counter} in the window")
            if isinstance(step, Missing):
                return step
            said = f"the counter {counter} was cleared or wrapped"
            reset = reset or Missing(Absence.NOT_AVAILABLE, step.source, said)
    found = difference(getattr(kept[-1], name), getattr(kept[0], name), of=f"{name} in the window")
    if reset is None or isinstance(found, Missing):
        return as_count(found)
    grown = sum((max(b.value - a.value, Decimal(0)) for a, b in pairwise([getattr(s, name) for s in kept])), Decimal(0))
    if name != "uncorrected" or not grown:
        return reset
    note = f"{found.source.where}: at least, a counter was cleared or wrapped"
    return as_count(replace(found, value=grown, source=replace(found.source, where=note)))


def fell(before: Value[Decimal], after: Value[Decimal]) -> bool:
    """Whether a counter is lower than it was, or one of the two cannot be reckoned with."""
    if isinstance(finite(before), Missing) or isinstance(finite(after), Missing):
        return True
    assert isinstance(before, Reading) and isinstance(after, Reading)
    return bool(after.value < before.value)


def as_count(value: Value[Decimal]) -> Value[Decimal]:
    return replace(value, unit=Unit.COUNT) if isinstance(value, Reading) else value


@check("FEC-06 fec.pre-fec-ber", tags=("acceptance",))
def pre_fec_ber(port: Port, require: Requirements) -> Findings:
    """The bit error ratio before correction is below the limit of the PMD and below the operator's."""
    if ended := shut(port):
        yield ended
        return
    ratio = shown_ratio(last_ratio(port), port, require)
    if port.module.plan is None:
        gone = Missing(Absence.NOT_DECLARED, port.plan.at, "no module is declared in its cage")
        yield Unknown(gone, "limit of the PMD").judge(ratio, at="pre-FEC BER")
        limits: tuple[Range | Unknown, ...] = (require.profile.fec.pre_fec_ber,)
    else:
        limits = require.limits("pre_fec_ber", pmd=port.module.pmd).ranges
    for limit in (*limits, require.profile.fec.pre_fec_ber_advisory):
        yield limit.judge(ratio, at="pre-FEC BER")
    if isinstance(ratio, Reading):
        yield sources_agree(ratio, port, require)


def last_ratio(port: Port) -> Value[Decimal]:
    """The BER that the device told last; in a soak the last that it told at all."""
    samples = port.seen.fec_samples
    if not samples:
        return Missing(Absence.NOT_RECORDED, Source(str(port), "pre-FEC BER"), "no sample of FEC counters")
    if len(samples) > 2:
        samples = tuple(sample for sample in samples if isinstance(sample.pre_fec_ber, Reading)) or samples
    return samples[-1].pre_fec_ber


def shown_ratio(told_ratio: Value[Decimal], port: Port, require: Requirements) -> Value[Decimal]:
    """A BER as the device tells it; for no error in N bits what that shows, 3/N at 95 %."""
    ratio = finite(told_ratio)
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
    bits = line_rate(rule_of(port, require)) * window.value
    words = f"{ratio.source.where}: no error in {bits:.1E} bits, less than 3/N at 95 %".lstrip(": ")
    return Reading(3 / bits, replace(ratio.source, where=words), ratio.unit)


def line_rate(rule: FecRule) -> Decimal:
    """Bits a second on the line; without a code of symbols the parity, some percent, is left out."""
    return rule.bits_per_second if rule.t else rule.speed_gbps * 10**9


def sources_agree(ratio: Reading[Decimal], port: Port, require: Requirements) -> Finding:
    """The ratio of the counters against what the module observes, and against what the histogram adds up to.

    Ratios below the one that a window has to be able to show count as that one: so few errors are chance.
    """
    fec = require.profile.fec
    every = {"the system": ratio}
    by_lane = observed_ratios(port)
    if isinstance(by_lane, Reading):
        mean = sum(by_lane.value.values(), Decimal(0)) / len(by_lane.value)
        every["the module (VDM)"] = Reading(mean, by_lane.source)
    bins, rule, last = filled(port), rule_of(port, require), last_ratio(port)
    none = isinstance(last, Reading) and not last.value  # the histogram is of more than the window without an error
    if isinstance(bins, Reading) and rule.t and not none and not port.seen.histogram_from:
        found = ratio_of_bins(bins.value, rule.codeword_symbols, rule.parameters.symbol_bits)
        if found is not None:
            every["the histogram"] = Reading(figure(found), bins.source)
    if len(every) < 2:
        return not_applicable(ratio, because="no other source tells the ratio", at="sources of the ratio")
    values = [max(one.value, fec.ber_to_show) for one in every.values()]
    said = ", ".join(f"{name} {scientific(one.value)}" for name, one in every.items())
    evidence = ", ".join(dict.fromkeys(one.source.evidence for one in every.values()))
    between = Reading(figure(float(max(values) / min(values))), Source(evidence, "highest over lowest", said))
    return fec.source_spread.judge(between, at="sources of the ratio")


def observed_ratios(port: Port) -> Value[Mapping[int, Decimal]]:
    """The BER before FEC on every media lane of a port, as its module observes it."""
    seen = port.module.seen.vdm
    if isinstance(seen, Missing):
        return seen
    found: dict[int, Decimal] = {}
    source = seen.source
    lanes = side_lanes(port, Side.MEDIA)
    for one in seen.value:
        kind = one.observable
        if (kind.quantity, kind.side, kind.statistic) != ("pre_fec_ber", Side.MEDIA, Statistic.CURRENT):
            continue
        if one.lane in lanes:
            sample = finite(one.sample)
            if isinstance(sample, Missing):
                return sample
            found[one.lane], source = sample.value, sample.source
    if gone := [lane for lane in lanes if lane not in found]:
        lacking = f"the module observes no pre-FEC BER on lane {', '.join(map(str, gone))}"
        return Missing(Absence.NOT_ADVERTISED, seen.source, lacking)
    return Reading(found, source)


def figure(number: float) -> Decimal:
    """A result of floating point to three digits: no more of it is known."""
    return Decimal(f"{number:.3g}")


@check("FEC-07 fec.histogram", tags=("acceptance",))
def histogram(port: Port, require: Requirements) -> Findings:
    """The histogram of symbol errors has the bins of the code that runs, and adds up to the corrected codewords."""
    if ended := shut(port):
        yield ended
        return
    if ended := without_symbols(port, require):
        yield ended
        return
    rule = rule_of(port, require)
    bins = filled(port)
    beyond = f"{rule.clause}: up to {rule.t} of {rule.codeword_symbols} symbols are corrected"
    omitted = port.seen.histogram_from
    yield one_of(rule.bins, clause=beyond).judge(bins_shown(bins, omitted, rule.bins), at="number of bins")
    in_bins = derive(bins, lambda n: Decimal(sum(n[max(0, 1 - omitted) :])), note="sum of bins from 1", unit=Unit.COUNT)
    yield corrected(port).judge(in_bins, at="codewords in the bins from 1")


def bins_shown(bins: Value[tuple[int, ...]], omitted: int, wanted: int) -> Value[int]:
    """How many bins there are; switches that show 16 whichever code runs tell nothing by those that stay empty."""
    if isinstance(bins, Reading) and len(bins.value) + omitted > wanted and not any(bins.value[wanted - omitted :]):
        empty = f"{len(bins.value) + omitted} bins, of which those that {wanted} do not hold are empty"
        return Missing(Absence.NOT_AVAILABLE, bins.source, empty)
    return derive(bins, lambda n: len(n) + omitted)


def without_symbols(port: Port, require: Requirements) -> Finding | None:
    """That the code which runs does not work on symbols, as the port shows by its name."""
    if isinstance(port.fec_code, Missing):
        return None
    code = require.codes.get(port.fec_code.value.partition(" clause")[0])
    if code is None or code.bins:
        return None
    return not_applicable(port.fec_code, because="this code does not work on symbols and has no histogram")


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
    kept = told(port.seen.fec_samples)
    first, last, taken = kept[0], kept[-1], port.seen.histogram_at
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


@check("FEC-08 fec.tail", tags=("acceptance",))
def margin(port: Port, require: Requirements) -> Findings:
    """The worst codeword stays as far from loss as the buyer asks, and so does what the histogram's tail predicts."""
    if ended := shut(port) or without_symbols(port, require):
        yield ended
        return
    fec, rule = require.profile.fec, rule_of(port, require)
    bins = derive(whole(filled(port), port, rule), tuple)
    worst = derive(
        bins, lambda n: highest(n, port.seen.histogram_from), note="highest bin that is not 0", unit=Unit.COUNT
    )
    limits = (fec.bin, fec.bin_soak) if len(told(port.seen.fec_samples)) > 2 else (fec.bin,)
    for limit in limits:
        yield of_code(limit, rule).judge(worst, at=f"worst codeword, of {rule.t} symbols that are corrected")
    yield predicted(bins, port, require)


def whole(bins: Value[tuple[int, ...]], port: Port, rule: FecRule) -> Value[tuple[int, ...]]:
    """A histogram that has every bin of the code: one that ends sooner does not show the worst codeword."""
    if isinstance(bins, Reading) and len(bins.value) + port.seen.histogram_from < rule.bins:
        short = f"{len(bins.value)} bins from {port.seen.histogram_from}, the code has {rule.bins} from 0"
        return Missing(Absence.UNREADABLE, bins.source, short)
    return bins


def highest(bins: Sequence[int], first: int) -> Decimal:
    return Decimal(max((errors for errors, count in enumerate(bins, first) if count), default=0))


def of_code(limit: Range, rule: FecRule) -> Range:
    """A limit on the worst bin, which is said of a code that corrects 15 symbols, for the code that is required."""
    if limit.max is None or rule.t == FULL_STRENGTH:
        return limit
    clause = f"{limit.clause}, as far from {rule.t} as {plain(limit.max)} is from {FULL_STRENGTH}"
    return replace(limit, max=limit.max - FULL_STRENGTH + rule.t, clause=clause)


def predicted(bins: Value[tuple[int, ...]], port: Port, require: Requirements) -> Finding:
    """The share of codewords that a line through the histogram's tail puts beyond correction, judged as advice."""
    fec, rule, at = require.profile.fec, rule_of(port, require), "predicted share of lost codewords"
    if isinstance(bins, Missing):
        return fec.tail.judge(bins, at=at)
    if port.seen.histogram_from:
        unknown = "bin 0 is not shown, so that it is not known of how many codewords"
        return fec.tail.judge(Missing(Absence.NOT_AVAILABLE, bins.source, unknown), at=at)
    found = tail(bins.value, sum(bins.value), rule.t, float(fec.confidence))
    if found is None:
        return not_applicable(bins, because="fewer than two bins hold more than 10 codewords: there is no tail", at=at)
    doubt = "two bins leave no interval"
    if found.low is not None and found.high is not None:
        doubt = (
            f"{scientific(figure(found.low))} to {scientific(figure(found.high))} at {plain(fec.confidence * 100)} %"
        )
    line = f"line through {found.bins} bins, {found.decades_a_bin:.2f} decades a bin, R² {found.r_squared:.3f}; {doubt}"
    line += "; the last two bins lie flatter and are continued" if found.flat else ""
    limit = replace(fec.tail, note="; ".join(filter(None, (CAVEAT, bursts(bins.value)))))
    return limit.judge(Reading(figure(found.lost), replace(bins.source, where=line)), at=at)


def bursts(bins: Sequence[int]) -> str:
    """What the histogram says of bursts, in words: no limit is known for it."""
    ratio = burst_ratio(bins)
    if ratio is None:
        return ""
    return f"bin 3 is {figure(ratio):f} times what random errors make of bin 1, to be held against the link's own past"


@check("FEC-09 fec.confidence", tags=("acceptance",))
def confidence(port: Port, require: Requirements) -> Findings:
    """Enough bits were watched to show, at the confidence asked for, that the error ratio after FEC is low."""
    if ended := shut(port) or uncoded(port, require):
        yield ended
        return
    fec, rule = require.profile.fec, rule_of(port, require)
    share = f"at {plain(fec.confidence * 100)} % confidence"
    limit = Range(max=fec.ber_to_show, clause=f"profile {require.profile.name}, {share}", standing=Standing.BUYER)
    window, lost = watched(port), counted_up(port.seen.fec_samples, "uncorrected", port)
    if isinstance(lost, Reading) and not lost.value:
        lost = stalled(port) or lost
    yield limit.judge(bounded(window, lost, rule, require), at="bit error ratio after FEC, at most")


def bounded(window: Value[Decimal], lost: Value[Decimal], rule: FecRule, require: Requirements) -> Value[Decimal]:
    """The ratio after FEC that a window leaves open; Missing where it is too short to show what is asked for.

    A codeword that was lost has more symbols in error than can be corrected, at one bit at least.
    """
    for gone in (window, lost):
        if isinstance(gone, Missing):
            return gone
    assert isinstance(window, Reading) and isinstance(lost, Reading)
    if window.value <= 0:
        return Missing(Absence.NOT_RECORDED, window.source, "both samples are of one instant")
    fec, events = require.profile.fec, int(lost.value)
    share, asked = float(fec.confidence), float(fec.ber_to_show)
    bits_each = rule.t + 1 if events else 1
    bits = float(line_rate(rule) * window.value)
    bound = bits_each * expected_at_most(events, share) / bits
    if bound > asked >= events * bits_each / bits:
        needed = bits_each * trials_to_show(asked, events, share) / float(line_rate(rule)) - float(window.value)
        said = f"{bits:.2g} bits in {window} leave {bound:.2g} open: {needed:.3g} s more are needed"
        return Missing(Absence.NOT_AVAILABLE, window.source, said)
    words = f"{events} codewords lost in {bits:.3g} bits, {window}"
    return Reading(figure(bound), replace(lost.source, where=f"{lost.source.where}; {words}"))


def uncoded(port: Port, require: Requirements) -> Finding | None:
    """That a port whose rate allows it runs without a code, so that there are no codewords to count."""
    code = port.fec_code
    if isinstance(code, Missing) or code.value != NONE or NONE not in rule_of(port, require).allowed:
        return None
    return not_applicable(code, because="it runs without a code: there are no codewords")


@check("FEC-10 fec.counters-agree", tags=("acceptance",))
def counters_agree(port: Port, require: Requirements) -> Findings:
    """Codewords, symbol errors and the ratio that a port counts over the window can be true together."""
    if ended := shut(port) or without_symbols(port, require):
        yield ended
        return
    rule, window = rule_of(port, require), watched(port)
    words, symbols, lost = (
        counted_up(port.seen.fec_samples, name, port) for name in ("corrected", "symbol_errors", "uncorrected")
    )
    words = stalled(port) or words
    paced = pace(port)
    if isinstance(words, Missing) or isinstance(lost, Missing) or isinstance(paced, Missing):
        gone = next(one for one in (words, lost, paced) if isinstance(one, Missing))
        yield Unknown(gone, SYMBOLS, unit=Unit.COUNT).judge(symbols, at="symbol errors")
        return
    apart = paced.value * POLL
    polled = f"counters polled up to {POLL} s apart"
    yield Range(
        max(Decimal(0), (words.value - apart).to_integral_value(ROUND_FLOOR)),
        (rule.t * (words.value + apart) + rule.codeword_symbols * lost.value).to_integral_value(ROUND_CEILING),
        Unit.COUNT,
        f"{SYMBOLS}; {scientific(words.value)} corrected, {scientific(lost.value)} lost, {polled}",
    ).judge(symbols, at="symbol errors")
    every = derive(
        window, lambda s: rule.codewords_per_second * (s + POLL), note="codewords on the line", unit=Unit.COUNT
    )
    yield at_most(every, clause=f"codewords of {rule.name}", unit=Unit.COUNT).judge(
        replace(words, value=words.value + lost.value), at="codewords with errors"
    )
    if lost.value and isinstance(window, Reading):
        yield shows_loss(lost.value * (rule.t + 1), line_rate(rule) * window.value).judge(
            worst_ratio(port), at="ratio that lost codewords make"
        )


def shows_loss(bits: Decimal, of: Decimal) -> Range:
    """What a bit error ratio is at least when so many bits are in error in lost codewords alone."""
    clause = "a lost codeword has more symbols in error than are corrected, which the ratio before FEC has to show"
    return Range(min=figure(float(bits / of)), clause=clause)


def worst_ratio(port: Port) -> Value[Decimal]:
    """The highest BER that the device told in any sample."""
    ratios = [finite(sample.pre_fec_ber) for sample in port.seen.fec_samples]
    known = [ratio for ratio in ratios if isinstance(ratio, Reading)]
    if known:
        return max(known, key=lambda ratio: ratio.value)
    return ratios[0] if ratios else Missing(Absence.NOT_RECORDED, Source(str(port)), "no sample of FEC counters")


UNOBSERVED: Final = (Absence.NOT_ADVERTISED, Absence.NOT_AVAILABLE)
"""Why a module shows nothing of its lanes: it does not observe them, or the system shows no registers."""


@check("FEC-11 fec.lanes-alike", tags=("acceptance",))
def lanes_alike(port: Port, require: Requirements) -> Findings:
    """No lane has many times the errors of the port's other lanes, nor more than the PMD allows; it is named."""
    if ended := shut(port):
        yield ended
        return
    limit = require.profile.fec.lane_spread
    lanes, least = lane_errors(port, require)
    if isinstance(lanes, Missing):
        yield uncounted(port, lanes) or limit.judge(lanes, at="errors by lane")
        return
    if len(lanes.value) < 2:
        one = Reading(len(lanes.value), lanes.source)
        yield not_applicable(one, because="one lane alone has nothing to be compared with", at="lanes")
        return
    worst = max(lanes.value, key=lambda lane: (lanes.value[lane], -lane))
    middle = max(middle_of(lanes.value.values()), least)
    said = ", ".join(f"{lane}: {scientific(lanes.value[lane])}" for lane in sorted(lanes.value))
    ratio = figure(float(lanes.value[worst] / middle))
    yield limit.judge(Reading(ratio, replace(lanes.source, raw=said)), at=f"lane {worst} over the median of the lanes")
    observed = observed_ratios(port)
    if isinstance(observed, Missing):
        if observed.why not in UNOBSERVED:
            yield limit.judge(observed, at="pre-FEC BER by lane")
        return
    worst = max(observed.value, key=lambda lane: (observed.value[lane], -lane))
    for bound in require.limits("pre_fec_ber", pmd=port.module.pmd).ranges:
        yield bound.judge(Reading(observed.value[worst], observed.source), at=f"pre-FEC BER of lane {worst}")


def uncounted(port: Port, lanes: Missing) -> Finding | None:
    """What a passive cable proves by its flat memory on a system that has no counter by lane: nothing counts there."""
    flat = port.module.seen.flat_memory
    none = lanes.source == UNASKED.source or lanes.why in (Absence.NOT_AVAILABLE, Absence.NOT_ADVERTISED)
    if none and isinstance(port.module, CopperModule) and isinstance(flat, Reading) and flat.value:
        because = "a passive cable observes no lane, and nothing that the system is asked counts errors by lane"
        return not_applicable(flat, because=because, at="errors by lane")
    return None


def lane_errors(port: Port, require: Requirements) -> tuple[Value[Mapping[int, Decimal]], Decimal]:
    """Errors by lane as the system counts them, else ratios as the module observes them; and what counts as none."""
    counts, one_bit = port.seen.lane_errors, Decimal(1)
    if isinstance(counts, Reading):
        return all_lanes(counts, port), one_bit
    observed = observed_ratios(port)
    if isinstance(observed, Reading):
        return observed, require.profile.fec.ber_to_show
    both = f"{counts.detail or 'by the system'}; the module: {observed}"
    return Missing(counts.why, counts.source, both), one_bit


def all_lanes(counts: Reading[Mapping[int, Decimal]], port: Port) -> Value[Mapping[int, Decimal]]:
    """The counts of every lane of a port; PAM4 always has errors, so that none at all says that nothing counts."""
    lanes = range(1, len(port.host_lanes) + 1)
    if gone := [lane for lane in lanes if lane not in counts.value]:
        return Missing(Absence.NOT_RECORDED, counts.source, f"no count of lane {', '.join(map(str, gone))}")
    mine = {lane: counts.value[lane] for lane in lanes}
    if not any(mine.values()) and port.plan.speed_gbps / len(lanes) >= PAM4_LANE:
        return Missing(Absence.NOT_AVAILABLE, counts.source, "no lane has an error: nothing shows that they count")
    return replace(counts, value=mine)


def middle_of(values: Iterable[Decimal]) -> Decimal:
    """The median."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@check("FEC-12 fec.against-baseline", tags=("acceptance",))
def against_baseline(link: Link, require: Requirements) -> Findings:
    """The bit error ratio is near that of the last earlier run of the same two modules, and has not left the limits."""
    if ended := without_history(link.baseline) or first_run(link):
        yield ended
        return
    limit = require.profile.fec.baseline
    for place, port in enumerate(link.ends):
        if ended := shut(port):
            yield ended
            continue
        if isinstance(link.baseline, Missing):
            yield limit.judge(link.baseline, at=port)
            continue
        before, now = link.baseline.value, shown_ratio(last_ratio(port), port, require)
        for bound in require.limits("pre_fec_ber", pmd=port.module.pmd).ranges:
            yield bound.judge(now, at=f"pre-FEC BER of {port}")
        earlier = before.pre_fec_ber[place]
        if isinstance(now, Reading) and earlier is None:
            now = Missing(Absence.NOT_RECORDED, before.source, "the earlier run did not measure this end")
        elif isinstance(now, Reading) and earlier is not None:
            least = require.profile.fec.ber_to_show
            times = figure(float(max(now.value, least) / max(earlier, least)))
            said = f"{scientific(now.value)} over {scientific(earlier)} of {before.at:%Y-%m-%d}, {before.source}"
            now = Reading(times, replace(now.source, raw=said))
        yield limit.judge(now, at=f"ratio at {port} over the earlier one")


def first_run(link: Link) -> Finding | None:
    """That no earlier archive has this pair of modules, whose serial numbers prove which pair it is."""
    serials = [port.module.seen.vendor_sn for port in link.ends]
    known = [serial for serial in serials if isinstance(serial, Reading)]
    if not isinstance(link.baseline, Missing) or len(known) < len(serials):
        return None
    pair = Reading(" with ".join(serial.value.strip() for serial in known), link.baseline.source)
    return not_applicable(pair, because=link.baseline.detail, at="earlier run of the pair")
