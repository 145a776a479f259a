"""What a module's registers say, held against the documents that define them and against themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final, TypeVar

from harness import (
    Absence,
    Choice,
    Finding,
    Findings,
    Missing,
    Module,
    OpticalModule,
    Outcome,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    Unit,
    Value,
    check,
    combined,
    derive,
    finite,
    not_applicable,
    one_of,
    without_cmis,
    without_pages,
)
from harness.applies import rate_of, without_registers, wrongly_flat
from harness.audit.context import Context
from harness.audit.rule import Needs, Result, Rule
from harness.audit.run import RULES, audit
from harness.decode.cmis import PAGES, CmisView, Page01, Page11, banks_of
from harness.decode.cmis.vdm import Side, Statistic
from harness.decode.memory import A0_LOWER, A2_LOWER, LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import Transceiver

T = TypeVar("T")

STATIC: Final[Mapping[str, tuple[tuple[Page, int, int], ...]]] = {
    "cmis": (
        (LOWER_MEMORY, 0, 2),
        (LOWER_MEMORY, 39, 40),
        (LOWER_MEMORY, 85, 117),
        (Page(0x00), 128, 222),
        (Page(0x01), 128, 255),
        (Page(0x02), 128, 255),
    ),
    "sff8636": ((LOWER_MEMORY, 0, 1), (Page(0x00), 128, 223), (Page(0x03), 128, 223)),
    "sff8472": ((A0_LOWER, 0, 95), (A2_LOWER, 0, 95)),
}
"""Bytes that do not change as a module runs, by memory map: page, first and last byte."""

UNLOOKED: Final = frozenset({0x0C, 0x0D, 0x16, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x2D, 0xA0, *range(0x30, 0x63)})
"""Pages that a switch is not asked for: resources, network paths, masks of VDM, coherent modules, commands' payload."""

PAGED: Final = frozenset({Page(0x01), Page(0x02), Page(0x03), A2_LOWER})
"""Pages that a cable with flat memory, or a module without diagnostics, does not have."""

UNCHANGED: Final[Choice[tuple[int, ...]]] = one_of((), clause="static pages read the same each time (OIF-CMIS 8.1)")
MOVED: Final[Choice[bool]] = one_of(True, clause="monitors follow what they measure (OIF-CMIS 8.2, 8.10)")
QUANTITY_MOVED: Final[Choice[bool]] = one_of(
    True, clause=MOVED.clause, standing=Standing.ADVISORY, advice="the same number in both reads"
)
UNREAD: Final = frozenset(
    {Absence.NOT_RECORDED, Absence.READ_FAILED, Absence.NOT_ANSWERED, Absence.UNREADABLE, Absence.TAMPERED}
)
"""Reasons for which a monitor that there is was not seen."""

LONG_ENOUGH: Final = Range(
    min=Decimal(10), unit=Unit.SECONDS, clause="time in which a monitor is measured again", standing=Standing.ADVISORY
)

ORDINARY: Final = "ordinary"
SIGN: Final = "sign of re-coding"


THERE: Final = "there"
ECHO: Final = "a copy of page 00h"
BLANK: Final = "all ones"
EMPTY: Final = "all zeros"

NEVER_EMPTY: Final = frozenset({0x01, 0x02, 0x11, 0x13, 0x20})
"""Pages that hold something in every module that has them: capabilities, thresholds, states, descriptors."""

PRESENT: Final[Choice[str]] = one_of(
    THERE,
    clause="OIF-CMIS 8.1 and 8.4, a page that is advertised",
    advice="a module shows page 00h for one that it lacks",
)
MONITORED: Final[Mapping[str, str]] = {
    "temperature": "temperature",
    "supply voltage": "vcc",
    "transmit power": "tx_power",
    "receive power": "rx_power",
    "bias": "tx_bias",
}
"""Monitors by the names that a profile asks for them by."""

OBSERVED: Final[Mapping[str, tuple[str, Side]]] = {
    "snr_media": ("esnr", Side.MEDIA),
    "snr_host": ("esnr", Side.HOST),
    "pre_fec_ber": ("pre_fec_ber", Side.MEDIA),
}
"""Observables by the names that a profile asks for them by."""

TOLD: Final[Choice[tuple[int, ...]]] = one_of(
    (), clause="observables that the buyer needs at this rate", standing=Standing.BUYER
)
ANSWERS: Final[Choice[str]] = one_of(THERE, clause="OIF-CMIS 8.4, a monitor that is advertised measures")
UNKNOWN_YET: Final[Choice[tuple[str, ...]]] = one_of(
    (),
    clause="OIF-CMIS 8.1, what a revision does not define reads 0",
    standing=Standing.ADVISORY,
    advice="a register of a later revision is set: the module follows another revision than it says",
)


@check("CMIS-08 cmis.advertised", tags=("acceptance",))
def advertised(module: Module, require: Requirements) -> Findings:
    """The pages, banks and monitors that the module advertises are there, and nothing of a later revision is set."""
    if ended := without_cmis(module) or without_pages(module) or wrongly_flat(module):
        yield ended
        return
    yield from pages_there(module.seen)
    rate, asked = rate_of(module), frozenset[str]()
    if isinstance(module, OpticalModule):
        if isinstance(rate, Missing):
            yield ANSWERS.judge(rate, at="what the buyer needs at its rate")
        else:
            asked = require.profile.cmis.telemetry_at(rate.value)
    for name, values in monitors(module.seen).items():
        yield measures(name, values, needed=MONITORED[name] in asked, told=not module.seen.memory.pages)
    if isinstance(module, OpticalModule):
        for quantity in sorted(asked.difference(MONITORED.values())):
            yield TOLD.judge(unobserved(module, quantity), at=f"VDM, {quantity.replace('_', ' ')}, lanes without it")
    yield UNKNOWN_YET.judge(later_registers(module.seen.memory), at="registers of later revisions")


def pages_there(seen: Transceiver) -> Iterator[Finding]:
    """A finding for every page that the module's advertising bits say it has."""
    memory = seen.memory
    told: set[Page] = set()
    advertised = banks_of(memory)
    banks = advertised.value if isinstance(advertised, Reading) else 1
    for kind in PAGES:
        for bank in range(banks if kind.banked else 1):
            view = kind(memory, bank)
            if view.at in told or view.at == LOWER_MEMORY or view.at.number == 0x00:
                continue
            told.add(view.at)
            gone = view.gone()
            if gone is not None:
                continue
            held = memory.take(view.at, 128, 128)
            if view.at in memory.repeats:
                yield PRESENT.judge(Reading(ECHO, held.source), at=f"{view.at}")
                continue
            if isinstance(held, Missing) and held.why is Absence.NOT_RECORDED and optional(view):
                continue
            yield PRESENT.judge(without_bytes(derive(held, partial(filled, number=view.at.number))), at=f"{view.at}")


def optional(view: CmisView) -> bool:
    """Whether a page may be left unread: its advertising was not read, nobody looks at it on a switch, or a read steals
    its flags from the switch's own daemon."""
    unread = any(isinstance(gate.read(gate.owner(view.memory)), Missing) for gate in view.gates)
    steals = bool(view.clears) and view.at.number != Page11.page.number
    return unread or steals or view.at.number in UNLOOKED


def filled(page: bytes, number: int) -> str:
    if not page.strip(b"\xff"):
        return BLANK
    return EMPTY if number in NEVER_EMPTY and not page.strip(b"\0") else THERE


def without_bytes(value: Value[T]) -> Value[T]:
    """The value with a source that leaves out the bytes of a whole page: they are in the evidence."""
    return replace(value, source=replace(value.source, raw=""))


def measures(name: str, values: Sequence[Value[Decimal]], *, needed: bool, told: bool = False) -> Finding:
    """Whether a monitor that is advertised tells a number on every lane; one that the buyer needs is to be advertised.

    A lane that the module says it has not is let off, as long as another one tells something.  Where a system told of
    the module and no register was read, nobody knows whether what it does not show is advertised.
    """
    lanes = [value for value in values if isinstance(value, Reading) or value.why is not Absence.NOT_ADVERTISED]
    if not lanes and needed:
        return ANSWERS.judge(derive(values[0], lambda _: THERE), at=name)
    if not lanes:
        return not_applicable(Reading("not advertised", values[0].source), because=str(values[0]), at=name)
    silent = next((value for value in lanes if isinstance(value, Missing)), None)
    if silent is not None and silent.why is Absence.NOT_AVAILABLE and not told:
        return ANSWERS.judge(Reading(str(silent), silent.source), at=name)
    return ANSWERS.judge(silent or derive(lanes[0], lambda _: THERE), at=name)


def unobserved(module: OpticalModule, quantity: str) -> Value[tuple[int, ...]]:
    """The media lanes of which the module does not observe a quantity that the buyer needs."""
    told = module.seen.vdm
    if isinstance(told, Missing):
        return told
    if quantity not in OBSERVED:
        return Missing(Absence.NOT_AVAILABLE, told.source, f"no observable is known as {quantity}")
    found = [
        one
        for one in told.value
        if (one.observable.quantity, one.observable.side) == OBSERVED[quantity]
        and one.observable.statistic is Statistic.CURRENT
    ]
    silent = next((one.sample for one in found if isinstance(one.sample, Missing)), None)
    if silent is not None:
        return silent
    lanes = {one.lane for one in found}
    without = tuple(lane.number for lane in module.media_lanes if lane.number not in lanes)
    if without and module.seen.vdm_gaps:
        return module.seen.vdm_gaps[0]  # a page that names observables was not read: it may name these
    return derive(told, lambda _: without)


def later_registers(memory: Memory) -> Value[tuple[str, ...]]:
    """Advertising registers of a later revision than the module's that are not 0 all the same."""
    page = Page01(memory)
    held = page.take(128, 128)
    if isinstance(held, Missing):
        return held
    found: list[str] = []
    for register in Page01.registers():
        for field, _ in register.pieces():
            if field.since and page.beyond(field.since) is not None:
                start = field.byte - Page01.page.first
                raw = held.value[start : start + field.size]
                if field.decode(raw) != field.decode(bytes(len(raw))):
                    found.append(f"{field.reference} {field.name}")
    return without_bytes(Reading(tuple(dict.fromkeys(found)), held.source))


@check("CMIS-14 cmis.stable-reads", tags=("acceptance",))
def stable_reads(module: Module, require: Requirements) -> Findings:
    """Two reads of the module's static pages are the same, and its monitors moved between them."""
    if ended := without_registers(module):
        yield ended
        return
    first, second = module.seen, module.again.seen
    if ended := wrongly_flat(module):
        yield ended
    if first.management not in STATIC:
        unknown = Missing(Absence.UNREADABLE, first.identifier.source, first.guess or "no memory map is known")
        yield UNCHANGED.judge(unknown, at="static pages")
    for page, start, end in STATIC.get(first.management, ()):
        absent = lacking(first, page)
        if absent is not None:
            yield not_applicable(absent, because="the module has no such page", at=f"{page}")
            continue
        size = end - start + 1
        once, again = (seen.memory.take(page, start, size) for seen in (first, second))
        differing = combined(once, again, unequal, of="bytes that differ between two reads")
        yield UNCHANGED.judge(numbered(differing, start), at=f"{page}, {start}-{end}, bytes that differ")
    yield from moved(module)


def unequal(once: bytes, again: bytes) -> tuple[int, ...]:
    """Places, from 0, at which two reads of the same bytes differ."""
    return tuple(place for place, (a, b) in enumerate(zip(once, again, strict=True)) if a != b)


def numbered(places: Value[tuple[int, ...]], start: int) -> Value[tuple[int, ...]]:
    """Places from 0 as the numbers of bytes."""
    return derive(places, lambda found: tuple(start + place for place in found))


def lacking(seen: Transceiver, page: Page) -> Reading[object] | None:
    """The reading by which a module says that it does not have a page beyond the first."""
    if page not in PAGED:
        return None
    flat = seen.flat_memory
    if isinstance(flat, Reading) and flat.value:
        return flat
    temperature = seen.temperature
    if page == A2_LOWER and isinstance(temperature, Missing) and temperature.why is Absence.NOT_ADVERTISED:
        return Reading("not advertised", temperature.source)
    return None


def moved(module: Module) -> Iterator[Finding]:
    """Whether monitors moved: one that stands still is advice, all of them a frozen module."""
    both = monitors(module.seen), monitors(module.again.seen)
    moves: dict[str, Value[bool]] = {}
    for name, values in both[0].items():
        pairs = [pair for pair in zip(values, both[1][name], strict=False) if live(pair[0])]
        unread = next((value for value in values if isinstance(value, Missing) and value.why in UNREAD), None)
        if unread is not None:
            moves[name] = unread
        elif pairs:
            moves[name] = compared(pairs, name)
    if not moves:
        gone = unmonitored(both[0])
        if gone.why is Absence.NOT_ADVERTISED and not isinstance(module, OpticalModule):
            yield not_applicable(Reading("not advertised", gone.source), because=str(gone), at="monitors")
        else:
            yield MOVED.judge(gone, at="monitors")
        return
    yield LONG_ENOUGH.judge(module.again.apart, at="between the two reads")
    some = next((value for value in moves.values() if isinstance(value, Missing) or value.value), None)
    yield MOVED.judge(some or next(iter(moves.values())), at="some monitor moved")
    for name, value in moves.items():
        yield QUANTITY_MOVED.judge(value, at=f"{name} moved")


def unmonitored(told: Mapping[str, Sequence[Value[Decimal]]]) -> Missing:
    """Why no monitor can move: NOT_ADVERTISED only where the module advertises none at all."""
    every = [value for values in told.values() for value in values]
    silent = next((v for v in every if isinstance(v, Reading) or v.why is not Absence.NOT_ADVERTISED), every[0])
    if isinstance(silent, Missing):
        return silent
    return Missing(Absence.NOT_RECORDED, Source(silent.source.evidence))


def monitors(seen: Transceiver) -> Mapping[str, Sequence[Value[Decimal]]]:
    return {
        "temperature": (seen.temperature,),
        "supply voltage": (seen.vcc,),
        "transmit power": seen.tx_power,
        "receive power": seen.rx_power,
        "bias": seen.tx_bias,
    }


def live(value: Value[Decimal]) -> bool:
    """Whether a monitor measures something that can move: a dark lane, or one that is not there, stays at 0."""
    number = finite(value)
    return isinstance(number, Reading) and bool(number.value)


def lit(value: Value[Decimal]) -> Value[Decimal]:
    """A second reading; 0 after a number is a page of zeros or a lane gone dark, and no monitor that moved."""
    number = finite(value)
    if isinstance(number, Reading) and not number.value:
        return Missing(Absence.NOT_AVAILABLE, number.source, "0 in the second read alone")
    return number


def compared(pairs: Sequence[tuple[Value[Decimal], Value[Decimal]]], name: str) -> Value[bool]:
    """Whether one of several lanes has another value in the second read."""
    each = [combined(one, lit(two), lambda a, b: a != b, of=f"{name} in two reads") for one, two in pairs]
    gone = next((value for value in each if isinstance(value, Missing)), None)
    return gone or next((value for value in each if isinstance(value, Reading) and value.value), each[0])


@check("CMIS-16 cmis.re-coding", tags=("acceptance",))
def recoding(module: Module, require: Requirements) -> Findings:
    """Little in the module's pages suggests that somebody wrote another maker's identity into it."""
    ordinary = one_of(ORDINARY, clause="signs of re-coding", standing=Standing.ADVISORY, advice=SIGN)
    signs: list[Value[bool]] = []
    for name, sign in signs_of(module.seen, require).items():
        if isinstance(sign, Finding):
            yield sign
            continue
        signs.append(derive(sign, lambda words: words != ORDINARY))
        yield ordinary.judge(sign, at=name)
    yield require.profile.cmis.recoding.judge(tally(signs, module.seen), at="signs together")


def signs_of(seen: Transceiver, require: Requirements) -> Mapping[str, Value[str] | Finding]:
    """What each sign says in words, ORDINARY where it is none; a finding where it cannot say anything."""
    return {
        "company identifier against vendor name": oui_sign(seen, require),
        "part number against vendor name": part_sign(seen, require),
        "checksums": checksum_sign(seen),
        "vendor texts": text_sign(seen),
        "thresholds": threshold_sign(seen),
    }


def oui_sign(seen: Transceiver, require: Requirements) -> Value[str] | Finding:
    name, oui = seen.vendor_name, seen.vendor_oui
    if isinstance(oui, Missing):
        return oui
    if isinstance(name, Missing):
        return name
    registered, named = require.maker_of(oui.value), require.maker_named(name.value)
    if registered is None and named is None:
        return not_applicable(
            oui, because="the table of makers knows neither the vendor nor the identifier", at="company identifier"
        )
    if registered is not None and registered.calls_itself(name.value):
        return derive(oui, lambda _: ORDINARY)
    theirs = registered.name if registered else "no maker of the table"
    return derive(oui, lambda code: f"{code} is of {theirs}, the vendor name is {name.value.strip()!r}")


def part_sign(seen: Transceiver, require: Requirements) -> Value[str] | Finding:
    name, part = seen.vendor_name, seen.vendor_pn
    if isinstance(part, Missing):
        return part
    if isinstance(name, Missing):
        return name
    maker = require.maker_named(name.value)
    if maker is None or not maker.part_numbers:
        return not_applicable(name, because="the table has no part numbers of this vendor", at="part number")
    looks = ", ".join(maker.part_numbers)
    return derive(
        part,
        lambda number: ORDINARY if maker.numbers(number) else f"{number.strip()!r} is unlike {looks} of {maker.name}",
    )


def checksum_sign(seen: Transceiver) -> Value[str]:
    """A checksum that does not fit: who writes a page without its document forgets it."""
    wrong: list[str] = []
    source = Source(seen.evidence, "checksums")
    for checksum in seen.checksums:
        right = checksum.ok
        if isinstance(right, Missing):
            return right
        source = right.source
        if not right.value:
            wrong.append(f"page {checksum.page}")
    if not seen.checksums:
        return Missing(Absence.NOT_RECORDED, source, "no checksum was decoded")
    return Reading(f"wrong on {', '.join(wrong)}" if wrong else ORDINARY, source)


def text_sign(seen: Transceiver) -> Value[str]:
    """Text that is not padded as documents ask, or a serial number of nothing but zeros."""
    serial = seen.vendor_sn
    if isinstance(serial, Missing):
        return serial
    if serial.value.strip() and not serial.value.strip(" 0"):
        return derive(serial, lambda number: f"serial number {number.strip()!r}")
    faulty = [(name, fault) for name, fault in seen.text_faults.items() if isinstance(fault, Reading) and fault.value]
    unread = next((fault for fault in seen.text_faults.values() if isinstance(fault, Missing)), None)
    if unread is not None:
        return unread
    if faulty:
        name, fault = faulty[0]
        return derive(fault, lambda words: f"{name}: {words}")
    return derive(serial, lambda _: ORDINARY)


def threshold_sign(seen: Transceiver) -> Value[str] | Finding:
    """The same thresholds on transmit and receive power, or none at all: a template that nobody filled in."""
    transmit, receive = seen.thresholds.get("tx_power_mw"), seen.thresholds.get("rx_power_mw")
    if transmit is None or receive is None:
        source = seen.identifier.source
        return not_applicable(Reading("none", source), because="the memory map has no such thresholds", at="thresholds")
    values: list[Decimal] = []
    for quad in (transmit, receive):
        for _, threshold in quad.items():
            if isinstance(threshold, Missing):
                if threshold.why is Absence.NOT_ADVERTISED:
                    proof = Reading("not advertised", threshold.source)
                    return not_applicable(proof, because=str(threshold), at="thresholds")
                return threshold
            values.append(threshold.value)
    high = transmit.high_alarm
    if not all(value.is_finite() for value in values):
        return Missing(Absence.NOT_AVAILABLE, high.source, "a threshold is no number")
    if not any(values):
        return derive(high, lambda _: "all thresholds on optical power are 0")
    same = values[:4] == values[4:]
    return derive(high, lambda _: "transmit and receive power have the same thresholds" if same else ORDINARY)


def tally(signs: Sequence[Value[bool]], seen: Transceiver) -> Value[Decimal]:
    """How many signs there are; the first that was not read wins."""
    gone = next((sign for sign in signs if isinstance(sign, Missing)), None)
    if gone is not None:
        return gone
    found = Decimal(sum(1 for sign in signs if isinstance(sign, Reading) and sign.value))
    return Reading(found, Source(seen.evidence, f"{len(signs)} signs looked for"), Unit.COUNT)


WELL_FORMED_APPLICATIONS: Final = ("CM-25", "CM-26", "CM-27", "CM-28", "CM-29", "CM-30", "CM-99")
"""The audit's rules on the media type, the list of Applications, their lane counts and where they may start."""


@check("CMIS-17 cmis.conformance", tags=("acceptance",))
def conformance(module: Module, require: Requirements) -> Findings:
    """Every rule of the conformance audit that the module's own pages can answer holds."""
    if ended := without_registers(module):
        yield ended
        return
    rules = tuple(rule for rule in RULES.get(module.seen.management, ()) if rule.needs is Needs.DUMP)
    if not rules:
        unknown = Missing(
            Absence.UNREADABLE, module.seen.identifier.source, module.seen.guess or "no rules for this map"
        )
        yield PRESENT.judge(unknown, at="memory map")
        return
    for result in put(module, require, rules):
        yield from summed(result, module)


@check("CMIS-18 cmis.applications", tags=("acceptance",))
def applications(module: Module, require: Requirements) -> Findings:
    """The module's Applications are well formed: their list ends, their lanes exist, their media fit its media type."""
    if ended := without_cmis(module) or without_registers(module):
        yield ended
        return
    rules = tuple(rule for rule in RULES["cmis"] if rule.id in WELL_FORMED_APPLICATIONS)
    for result in put(module, require, rules):
        yield from told(result, module)


def put(module: Module, require: Requirements, rules: Sequence[Rule]) -> Sequence[Result]:
    """What becomes of some rules of the audit on a module."""
    today = Reading(require.as_of.date(), Source("judged as of", str(require.as_of.date())))
    return audit(module.seen, Context(today=today), rules=rules)


def told(result: Result, module: Module) -> Iterator[Finding]:
    """The findings of a rule, each with the rule's id."""
    for finding in result.findings:
        yield replace(finding, at=f"{result.rule.id} {finding.at}")
    if result.unasked or not result.findings:
        why = result.unasked or "the rule found nothing to look at"
        gone = Missing(Absence.NOT_ANSWERED, Source(module.seen.evidence), why)
        yield PRESENT.judge(gone, at=result.rule.id)


def summed(result: Result, module: Module) -> Iterator[Finding]:
    """One finding for a rule that holds or does not apply; all that is not so of one that does not hold."""
    findings, settled = result.findings, (Outcome.PASS, Outcome.NOT_APPLICABLE)
    if result.unasked or not findings or any(one.outcome not in settled for one in findings):
        yield from (one for one in told(result, module) if one.outcome not in settled)
        return
    first = next((one for one in findings if one.outcome is Outcome.PASS), findings[0])
    others = f"and {len(findings) - 1} readings more" if len(findings) > 1 else None
    reason = "; ".join(filter(None, (first.reason, others))) or None
    yield replace(first, at=f"{result.rule.id} {first.at}", reason=reason)
