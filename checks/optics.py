"""Signal quality of optical modules, as a laboratory measured it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from harness import (
    Absence,
    Finding,
    Findings,
    Limits,
    MediaLane,
    Missing,
    OpticalModule,
    Part,
    Range,
    Reading,
    Requirements,
    Source,
    Unit,
    Unknown,
    Value,
    check,
    combined,
    derive,
    difference,
    finite,
    not_applicable,
    same_as,
)
from harness.lab.measurements import Measurement
from harness.maths.quality import decades, ratio_of_snr, ratio_with_margin
from harness.maths.reliability import least_yield

NRZ: Final = "NRZ"
BOARD: Final = "board"
LOW_ER: Final = Decimal(5)
"""dB of extinction ratio under which a PMD may ask for more OMA."""

DAYS_A_WEEK: Final = 7
PENALTIES: Final = ("tdecq", "tecq")
"""What is defined by a pattern and a reference receiver."""

TRANSMITTED: Final = {
    "oma_outer": "tx_oma", "average_power": "tx_power_lane", "er": "er", "overshoot": "overshoot", "rlm": "rlm",
}  # fmt: skip
RECEIVED: Final = {"sensitivity": "rx_sensitivity", "stressed_sensitivity": "stressed_sensitivity"}
"""Quantities as a laboratory's file names them, and the limit of each."""


def of_another_modulation(module: OpticalModule, require: Requirements) -> Finding | None:
    """What the declared PMD proves that has no PAM4 signal."""
    pmd = require.pmd(module.pmd)
    if pmd.modulation != NRZ:
        return None
    pmd_of = Reading(module.pmd, module.cage.at)
    return not_applicable(pmd_of, because=f"TDECQ is defined for PAM4; {pmd.name} is {NRZ}")


def measured(lane: MediaLane, quantity: str, module: OpticalModule) -> Iterator[tuple[str, Value[Decimal]]]:
    """What was measured of a lane, a reading for each temperature; one that is Missing where nothing was."""
    rows = lane.laboratory.get(quantity, ())
    if not rows:
        yield str(lane), lane.tdecq if quantity == "tdecq" else unmeasured(lane, quantity, module)
    for row in rows:
        yield f"{lane}{at_temperature(row)}", row.value


def unmeasured(lane: MediaLane, quantity: str, module: OpticalModule) -> Missing:
    wanted = f"no {quantity} of {lane} of serial number {module.about['vendor_sn']!r}"
    return Missing(Absence.NOT_RECORDED, Source(f"measurements of {module}"), wanted)


def at_temperature(row: Measurement) -> str:
    found = finite(row.case_temperature)
    return f" at {found}" if isinstance(found, Reading) else ""


def judged(module: OpticalModule, quantity: str, limits: Limits) -> Iterator[Finding]:
    """Every lane at every temperature against the limits of a quantity."""
    for lane in module.media_lanes:
        for where, value in measured(lane, quantity, module):
            yield from limits.judge(value, at=f"{quantity}, {where}" if quantity != "tdecq" else where)


@check("OPT-01 optics.tdecq", tags=("acceptance",))
def tdecq(module: OpticalModule, require: Requirements) -> Findings:
    """Every transmit lane keeps its TDECQ under the PMD's maximum and the buyer's, uncertainty allowed for."""
    if ended := of_another_modulation(module, require):
        yield ended
        return
    yield from judged(module, "tdecq", require.lab_limits("tdecq", pmd=module.pmd))


@check("OPT-02 optics.tecq", tags=("acceptance",))
def tecq(module: OpticalModule, require: Requirements) -> Findings:
    """TECQ, and how far TDECQ is from it, are within the PMD's limits where the PMD defines them."""
    asked = [name for name in ("tecq", "tdecq_minus_tecq") if require.limited(name, pmd=module.pmd)]
    if not asked:
        pmd = Reading(module.pmd, module.cage.at)
        yield not_applicable(pmd, because="no table has a limit on TECQ for this PMD", at="TECQ")
        return
    if "tecq" in asked:
        yield from judged(module, "tecq", require.lab_limits("tecq", pmd=module.pmd))
    if "tdecq_minus_tecq" in asked:
        limits = require.lab_limits("tdecq_minus_tecq", pmd=module.pmd)
        for lane in module.media_lanes:
            for where, value in between(lane, "tdecq", "tecq", module):
                yield from limits.judge(derive(value, abs, unit=Unit.DB), at=f"TDECQ less TECQ, {where}")


@check("OPT-03 optics.transmitter", tags=("acceptance",))
def transmitter(module: OpticalModule, require: Requirements) -> Findings:
    """OMA, OMA less TDECQ, average power, extinction ratio, overshoot and RLM are within the PMD's limits per lane."""
    asked = {name: limit for name, limit in TRANSMITTED.items() if require.limited(limit, pmd=module.pmd)}
    for quantity, limit in asked.items():
        yield from judged(module, quantity, require.lab_limits(limit, pmd=module.pmd))
    less_penalty = require.limited("oma_minus_tdecq", pmd=module.pmd)
    if not asked and not less_penalty:
        yield not_applicable(Reading(module.pmd, module.cage.at), because="no table has a limit for this PMD")
    for lane in module.media_lanes if less_penalty else ():
        for where, value in between(lane, "oma_outer", "tdecq", module):
            at = f"OMA less TDECQ, {where}"
            yield from require.lab_limits("oma_minus_tdecq", pmd=module.pmd).judge(value, at=at)
            if low_contrast(lane) and require.limited("oma_minus_tdecq_low_er", pmd=module.pmd):
                yield from require.lab_limits("oma_minus_tdecq_low_er", pmd=module.pmd).judge(value, at=f"{at}, low ER")


def between(lane: MediaLane, one: str, other: str, module: OpticalModule) -> Iterator[tuple[str, Value[Decimal]]]:
    """One quantity less another, of rows of about the same temperature."""
    others = lane.laboratory.get(other, ())
    if not lane.laboratory.get(one):
        yield str(lane), unmeasured(lane, one, module)
    for row in lane.laboratory.get(one, ()):
        match = next((found for found in others if near(found, row)), None)
        less = match.value if match is not None else unmeasured(lane, f"{other}{at_temperature(row)}", module)
        if isinstance(row.value, Reading) and isinstance(less, Reading):
            yield f"{lane}{at_temperature(row)}", subtracted(row.value, less, f"{one} less {other}")
        else:
            yield f"{lane}{at_temperature(row)}", less if isinstance(less, Missing) else row.value


def subtracted(level: Reading[Decimal], ratio: Reading[Decimal], of: str) -> Value[Decimal]:
    """A level or ratio less a ratio in dB, in the unit of the first."""
    less = Reading(ratio.value, ratio.source, level.unit, ratio.uncertainty)
    found = difference(level, less, of=of)
    return Reading(found.value, found.source, level.unit, found.uncertainty) if isinstance(found, Reading) else found


def near(one: Measurement, other: Measurement) -> bool:
    """Whether two rows were measured at about one temperature; rows that do not say belong together."""
    a, b = finite(one.case_temperature), finite(other.case_temperature)
    if isinstance(a, Missing) or isinstance(b, Missing):
        return isinstance(a, Missing) and isinstance(b, Missing)
    return abs(a.value - b.value) <= 2 * LOW_ER


def low_contrast(lane: MediaLane) -> bool:
    """Whether a lane's extinction ratio was measured under 5 dB."""
    found = [finite(row.value) for row in lane.laboratory.get("er", ())]
    return any(isinstance(value, Reading) and value.value < LOW_ER for value in found)


@check("OPT-04 optics.sensitivity", tags=("acceptance",))
def sensitivity(module: OpticalModule, require: Requirements) -> Findings:
    """Receiver sensitivity and stressed sensitivity, where a laboratory measured them, are the PMD's on every lane."""
    told = {name for lane in module.media_lanes for name in lane.laboratory}
    judging = [name for name in RECEIVED if name in told and require.limited(RECEIVED[name], pmd=module.pmd)]
    for name in judging:
        yield from judged(module, name, require.lab_limits(RECEIVED[name], pmd=module.pmd))
    if judging:
        return
    if not told:
        yield Unknown(unmeasured(module.media_lanes[0], "sensitivity", module), "receiver sensitivity").judge(
            unmeasured(module.media_lanes[0], "sensitivity", module), at="receiver sensitivity"
        )
        return
    row = next(row for lane in module.media_lanes for rows in lane.laboratory.values() for row in rows)
    what = Reading(tuple(sorted(told)), row.at)
    yield not_applicable(what, because="the laboratory measured no sensitivity that the tables limit", at="measured")


@check("OPT-05 optics.valid", tags=("acceptance",))
def valid(module: OpticalModule, require: Requirements) -> Findings:
    """The measurement is valid: instrument, calibration, pattern, receiver, uncertainty, temperatures, every lane."""
    if ended := of_another_modulation(module, require):
        yield ended
        return
    optics = require.profile.optics
    for lane in module.media_lanes:
        held = [Reading(str(lane), row.at) for row in lane.laboratory.get("tdecq", ())]
        yield stated(held or [unmeasured(lane, "tdecq", module)], f"TDECQ of {lane}")
    rows = [row for lane in module.media_lanes for each in lane.laboratory.values() for row in each]
    if not rows:
        return
    yield stated([row.instrument for row in rows], "instrument")
    yield stated([row.instrument_serial for row in rows], "serial number of the instrument")
    ages = [combined(row.calibrated, row.measured, lambda day, time: time.date() - day, of="age") for row in rows]
    weeks = [derive(age, lambda past: Decimal(past.days) / DAYS_A_WEEK, unit=Unit.WEEKS) for age in ages]
    yield Range(min=Decimal(0), unit=Unit.WEEKS, clause="calibrated before it measured").judge(
        extreme(weeks, least=True), at="calibration before the measurement"
    )
    yield optics.calibration.judge(extreme(weeks), at="age of the calibration")
    penalties = [row for row in rows if isinstance(row.quantity, Reading) and row.quantity.value in PENALTIES]
    for pattern in unlike([row.pattern for row in penalties]):
        yield optics.pattern.judge(pattern, at="pattern")
    yield stated([row.reference_receiver for row in penalties], "reference receiver")
    yield optics.uncertainty.judge(extreme([uncertainty_of(row) for row in penalties]), at="uncertainty of TDECQ")
    for wanted in optics.temperatures:
        yield Range(
            max=optics.temperature_within, unit=Unit.CELSIUS, clause=f"{optics.sample.clause}, at {wanted} °C",
            standing=optics.sample.standing,
        ).judge(nearest(penalties, wanted), at=f"away from {wanted} °C")  # fmt: skip


def stated(values: Sequence[Value[str]], what: str) -> Finding:
    """That something was written down in every row."""
    gone = next((value for value in values if isinstance(value, Missing)), None)
    value = gone or next(iter(values), Missing(Absence.NOT_RECORDED, Source("measurements"), "no TDECQ was measured"))
    return same_as(value, clause=f"{what} is stated").judge(value, at=what)


def extreme(values: Sequence[Value[Decimal]], *, least: bool = False) -> Value[Decimal]:
    """The largest or the least of some readings; the first Missing wins."""
    found: list[Reading[Decimal]] = []
    for value in map(finite, values):
        if isinstance(value, Missing):
            return value
        found.append(value)
    if not found:
        return Missing(Absence.NOT_RECORDED, Source("measurements"), "nothing was measured")
    return (min if least else max)(found, key=lambda reading: reading.value)


def unlike(values: Iterable[Value[str]]) -> list[Value[str]]:
    """One of each that differ; the first Missing alone where there is one."""
    kept: dict[str, Value[str]] = {}
    for value in values:
        if isinstance(value, Missing):
            return [value]
        kept.setdefault(value.value, value)
    return list(kept.values())


def uncertainty_of(row: Measurement) -> Value[Decimal]:
    value = row.value
    if isinstance(value, Missing):
        return value
    if value.uncertainty is None:
        return Missing(Absence.NOT_RECORDED, value.source, "no uncertainty is stated")
    return Reading(value.uncertainty, value.source, value.unit)


def nearest(rows: Iterable[Measurement], wanted: Decimal) -> Value[Decimal]:
    """How many K the measurement nearest to a temperature was away from it."""
    away = [derive(finite(row.case_temperature), lambda found: abs(found - wanted), unit=Unit.CELSIUS) for row in rows]
    known = [one for one in away if isinstance(one, Reading)]
    if known:
        return min(known, key=lambda one: one.value)
    return extreme(away)


@check("OPT-06 optics.sample", tags=("acceptance",))
def sample(part: Part, require: Requirements) -> Findings:
    """Enough units were measured at every temperature of the plan, and the yield that they show is high enough."""
    optics = require.profile.optics
    if part.plan.kind not in ("optic", "linear"):
        yield not_applicable(Reading(part.plan.kind, part.plan.at), because="a cable has no TDECQ", at="kind of part")
        return
    pmd = part.plan.pmd
    if pmd is None or require.pmd(pmd).modulation == NRZ:
        yield not_applicable(Reading(pmd or "none", part.plan.at), because="TDECQ is defined for PAM4", at="PMD")
        return
    rows = [row for row in part.measurements if isinstance(row.quantity, Reading) and row.quantity.value == "tdecq"]
    source = Source(f"measurements of {part}")
    if not rows:
        gone = Missing(Absence.NOT_RECORDED, source, f"no unit of {part} was measured")
        yield optics.sample.judge(gone, at="units measured")
        return
    wanted = optics.sample
    if wanted.min is not None and part.needed and part.needed < wanted.min:
        everyone = f"{wanted.clause}; all {part.needed} that the lab takes"
        wanted = Range(Decimal(part.needed), None, wanted.unit, everyone, wanted.standing)
    units = by_serial(rows)
    yield wanted.judge(enough(len(units), wanted, part, source), at="units measured")
    for celsius in optics.temperatures:
        there = [n for n, those in units.items() if close(nearest(those, celsius), optics.temperature_within)]
        yield wanted.judge(enough(len(there), wanted, part, source), at=f"units measured at {celsius} °C")
    limits = require.lab_limits("tdecq", pmd=pmd)
    good = sum(all(inside(row, limits) for row in those) for those in units.values())
    confidence = require.profile.fec.confidence
    share = least_yield(good, len(units), confidence)
    words = Source(source.evidence, f"{good} of {len(units)} units inside, lower bound at {confidence}")
    known = enough(len(units), wanted, part, source)
    few = isinstance(known, Missing) and good == len(units)
    yield optics.yields.judge(known if few else Reading(share, words), at="yield of TDECQ")


def enough(units: int, wanted: Range, part: Part, source: Source) -> Value[Decimal]:
    """How many units were measured; Missing where modules whose serial number was not read could make it enough."""
    if wanted.min is not None and units < wanted.min <= units + len(part.untold):
        first = part.untold[0]
        return Missing(
            first.why, first.source, f"{units} known to be measured, and {len(part.untold)} tell no serial number"
        )
    return Reading(Decimal(units), source, Unit.COUNT)


def by_serial(rows: Iterable[Measurement]) -> dict[str, list[Measurement]]:
    found: dict[str, list[Measurement]] = {}
    for row in rows:
        if isinstance(row.serial, Reading):
            found.setdefault(row.serial.value, []).append(row)
    return found


def close(away: Value[Decimal], within: Decimal) -> bool:
    return isinstance(away, Reading) and away.value <= within


def inside(row: Measurement, limits: Limits) -> bool:
    """Whether a measurement is one and keeps every limit."""
    return all(finding.outcome.value == "PASS" for finding in limits.judge(row.value))


UNOBSERVED: Final = (Absence.NOT_ADVERTISED, Absence.NOT_AVAILABLE)
"""Why a module shows no SNR: it does not observe it, or the system shows no registers."""


@check("OPT-07 optics.in-situ", tags=("acceptance",))
def in_situ(module: OpticalModule, require: Requirements) -> Findings:
    """The laboratory's numbers and the BER and SNR that the same module shows in place do not contradict each other."""
    if ended := of_another_modulation(module, require):
        yield ended
        return
    if module.device.kind == BOARD:
        place = Reading(module.device.kind, module.device.at)
        yield not_applicable(place, because="a module on a board is in no place of the fabric", at="kind of device")
        return
    if not module.up:
        asked = Reading("down", module.cage.at)
        yield not_applicable(asked, because="the lab asks for all its ports to be shut", at="ports")
        return
    limit = require.profile.optics.in_situ
    expected = expectation(module, require)
    for name, ratio in module.ratios.items():
        yield limit.judge(above(shown(ratio), expected), at=f"decades of BER at {name} above the laboratory's")
    snr = lowest_snr(module)
    if not (isinstance(snr, Missing) and snr.why in UNOBSERVED and module.ratios):
        of_snr = derive(snr, ratio_of_snr, note="BER that an SNR lets expect", unit=Unit.NONE)
        yield limit.judge(above(of_snr, expected), at="decades of BER by SNR above the laboratory's")


def shown(ratio: Value[Decimal]) -> Value[Decimal]:
    """A BER that was seen; no error at all shows none."""
    told = finite(ratio)
    if isinstance(told, Reading) and told.value <= 0:
        return Missing(Absence.NOT_AVAILABLE, told.source, "no error was seen, which shows no ratio")
    return told


def expectation(module: OpticalModule, require: Requirements) -> Value[Decimal]:
    """The BER that the worst TDECQ of the laboratory lets expect: one at its limit has just the PMD's."""
    worst = extreme([value for lane in module.media_lanes for _, value in measured(lane, "tdecq", module)])
    most = [limit.max for limit in require.lab_limits("tdecq", pmd=module.pmd).ranges if isinstance(limit, Range)]
    ratios = [limit.max for limit in require.limits("pre_fec_ber", pmd=module.pmd).ranges if isinstance(limit, Range)]
    tightest, highest = [max_ for max_ in most if max_ is not None], [ratio for ratio in ratios if ratio is not None]
    usable = finite(worst)
    if isinstance(usable, Missing) or not tightest or not highest:
        return usable if isinstance(usable, Missing) else Missing(Absence.NOT_DECLARED, usable.source, "no limit")
    return derive(
        usable,
        lambda penalty: ratio_with_margin(max(Decimal(-10), min(Decimal(10), min(tightest) - penalty)), max(highest)),
        note="BER that this TDECQ lets expect", unit=Unit.NONE,
    )  # fmt: skip


def lowest_snr(module: OpticalModule) -> Value[Decimal]:
    """The lowest SNR that the module observes on a media lane."""
    told = module.seen.vdm
    if isinstance(told, Missing):
        return told
    samples = [
        finite(one.sample)
        for one in told.value
        if one.observable.quantity == "esnr" and one.observable.side.value == "media"
    ]
    if unread := [one for one in samples if isinstance(one, Missing) and one.why not in UNOBSERVED]:
        return unread[0]
    found = [one for one in samples if isinstance(one, Reading) and 0 < one.value < 100]
    if not found:
        return Missing(Absence.NOT_ADVERTISED, told.source, "no SNR of a media lane is observed")
    return min(found, key=lambda sample: sample.value)


def above(seen: Value[Decimal], expected: Value[Decimal]) -> Value[Decimal]:
    """By how many powers of ten a ratio is above the expected one."""
    usable = seen if isinstance(seen, Missing) or 0 < seen.value <= 1 else no_ratio(seen)
    return combined(usable, expected, decades, of="decades between them")


def no_ratio(seen: Reading[Decimal]) -> Missing:
    return Missing(Absence.UNREADABLE, seen.source, f"{seen.value} is no ratio")
