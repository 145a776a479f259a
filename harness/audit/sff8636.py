"""The rules of SFF-8636 (QSFP+, QSFP28, QSFP56). Ids and pass criteria are our own, clauses those of SFF-8636 2.10."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from ..decode import codes, sff8636
from ..decode.memory import LOWER_MEMORY, Page
from ..decode.transceiver import SFF8636_IDENTIFIERS, Sff8636Transceiver
from ..limit import not_applicable
from ..reading import Missing, Reading, Value, derive
from ..verdict import Finding
from . import common
from .common import hexadecimal
from .rule import Ask, Level, Needs, Rule, Table

rule: Final = Table[Sff8636Transceiver]("sff8636")

QSFP28: Final = 0x11
ORDINARY_CLASS: Final = 4
LAST_CLASS: Final = 8

PAGES: Final = {Page(0x01): 6, Page(0x02): 7}
"""Pages that a module may do without, and the bit of 00h:195 that advertises them."""


def raw_byte(module: Sff8636Transceiver, page: Page, byte: int) -> Value[int]:
    return derive(module.memory.take(page, byte), lambda raw: raw[0])


def holds(bit: int, raw: int) -> bool:
    return bool(raw >> bit & 1)


def copper(module: Sff8636Transceiver) -> Finding | None:
    """The finding that ends a rule about light, on a copper cable."""
    gone = sff8636.copper(module.lower)
    if gone is None:
        return None
    return not_applicable(Reading("copper cable", gone.source), because="the module sends no light")


def flat(module: Sff8636Transceiver) -> Finding | None:
    """The finding that ends a rule about page 03h, on a module with flat memory."""
    held = module.flat_memory
    if isinstance(held, Reading) and held.value:
        return not_applicable(held, because="flat memory: there is only page 00h")
    return None


@rule("S36-01", "SFF-8636 6.2.1; SFF-8024 table 4-1")
def identifier(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The identifier is one of a module with SFF-8636."""
    known = ask.one_of(*map(hexadecimal, SFF8636_IDENTIFIERS))
    yield known.judge(derive(module.identifier, hexadecimal), at="identifier")


@rule("S36-02", "SFF-8636 6.3.1")
def identifier_copy(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """Page 00h repeats the identifier of lower memory."""
    copied = ask.same_as(derive(module.identifier, hexadecimal))
    yield copied.judge(derive(module.identifier_copy, hexadecimal), at="identifier in page 00h")


@rule("S36-03", "SFF-8636 6.3.21, CC_BASE")
def base_checksum(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The checksum of the base fields fits their bytes."""
    yield common.fits(module.checksums[0], ask)


@rule("S36-04", "SFF-8636 6.3.28, CC_EXT")
def extended_checksum(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The checksum of the extended fields fits their bytes."""
    yield common.fits(module.checksums[1], ask)


@rule("S36-05", "SFF-8636 6.3")
def vendor_strings(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The vendor's texts are printable ASCII, left-justified and padded with spaces; part and serial are not blank."""
    yield from common.texts(module, ask)


@rule("S36-06", "SFF-8636 6.3", Level.SHOULD)
def company_identifier(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The company identifier is set: neither all ones nor zero."""
    yield from common.company(module, ask)


@rule("S36-07", "SFF-8636 6.3.26", Level.SHOULD)
def date_code(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The date code is a day, and none to come."""
    yield from common.made(module, ask)


@rule("S36-08", "SFF-8636 6.2.2", Level.SHOULD)
def revision(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The revision code is a listed one; an old module may leave it unspecified."""
    known = ask.one_of(*sff8636.REVISIONS)
    yield known.judge(raw_byte(module, LOWER_MEMORY, 1), at="revision code")


@rule("S36-09", "SFF-8636 6.2.2, Flat_mem")
def paging(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """A module with flat memory advertises no page beyond 00h."""
    held = module.flat_memory
    if isinstance(held, Reading) and not held.value:
        yield not_applicable(held, because="the module has pages")
        return
    options = raw_byte(module, Page(0x00), 195)
    for page, bit in PAGES.items():
        said = derive(options, partial(holds, bit))
        limit = ask.one_of(False) if isinstance(held, Reading) else ask.same_as(held)
        yield limit.judge(said, at=f"{page} is advertised")


@rule("S36-10", "SFF-8636 6.6")
def thresholds(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """Thresholds of every monitor stand in order: low alarm, low warning, high warning, high alarm."""
    if ended := flat(module) or copper(module):
        yield ended
        return
    yield from common.ordered(module, ask)


@rule("S36-11", "SFF-8636 6.3.4; SFF-8024 table 4-3")
def connector(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The connector of a copper cable is a pigtail, and that of an optical module is none of copper."""
    found, codes_of = derive(module.connector, hexadecimal), codes.tables().connectors
    pigtails = {code for code, row in codes_of.items() if row.kind == "pigtail"}
    fiber = {code for code, row in codes_of.items() if row.kind in ("fiber", "pigtail")}
    wanted = pigtails if copper(module) else fiber
    yield ask.one_of(*map(hexadecimal, wanted)).judge(found, at="connector")


@rule("S36-12", "SFF-8636 6.2.3, loss of signal and lock", Level.SHOULD)
def locked(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """A lane with light above the low alarm has lost neither its signal nor its lock."""
    if ended := flat(module) or copper(module):
        yield ended
        return
    alarm = module.thresholds["rx_power_mw"].low_alarm
    if isinstance(alarm, Missing):
        yield ask.where_advertised(ask.one_of(True), alarm, at="rx power low alarm")
        return
    lit = False
    for lane, power in enumerate(module.rx_power):
        if isinstance(power, Reading) and power.value > alarm.value:
            lit = True
            for name in ("rx_los", "rx_cdr_lol"):
                flag = module.flags[name][lane]
                yield ask.where_advertised(ask.one_of(False), flag, at=f"{name} of lane {lane + 1}, which has light")
    if not lit:
        first = module.rx_power[0]
        gone = isinstance(first, Missing)
        yield (
            ask.one_of(True).judge(first, at="rx power")
            if gone
            else not_applicable(Reading("none", alarm.source), because="no lane has light above the low alarm")
        )


@rule("S36-13", "SFF-8636 6.3, CDR", Level.SHOULD)
def retimed(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The retimers of a 25 Gb/s per lane module are on, where there are any."""
    page, lower = module.page00, module.lower
    kind = module.identifier
    if isinstance(kind, Reading) and kind.value != QSFP28:
        yield not_applicable(derive_hex(kind), because="not a QSFP28 module")
        return
    for side, present, lanes in (
        ("tx", page.tx_cdr_present, lower.tx_cdr_on),
        ("rx", page.rx_cdr_present, lower.rx_cdr_on),
    ):
        if isinstance(present, Missing):
            yield ask.one_of(True).judge(present, at=f"{side} CDR")
        elif not present.value:
            yield not_applicable(present, because="there is none", at=f"{side} CDR")
        else:
            for lane, on in enumerate(lanes, 1):
                yield ask.where_advertised(ask.one_of(True), on, at=f"{side} CDR of lane {lane} is on")


def derive_hex(code: Reading[int]) -> Reading[str]:
    return Reading(hexadecimal(code.value), code.source)


@rule("S36-14", "SFF-8636 6.2.9, high power classes", Level.SHOULD)
def power_enabled(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """A module above power class 4 was allowed to draw it."""
    number, lower = module.power_class, module.lower
    if isinstance(number, Reading) and number.value <= ORDINARY_CLASS:
        yield not_applicable(number, because="classes 1 to 4 need no leave")
        return
    eighth = isinstance(number, Reading) and number.value == LAST_CLASS
    bit = lower.high_power_class_8_enable if eighth else lower.high_power_class_enable
    limit = ask.same_as(number) if isinstance(number, Missing) else ask.one_of(True)
    yield limit.judge(bit, at=f"power class {number.value if isinstance(number, Reading) else ''} is enabled")


@rule("S36-15", "SFF-8636 6.2.2, Data_Not_Ready")
def ready(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The module's monitors were ready when it was read."""
    yield ask.one_of(False).judge(module.lower.data_not_ready, at="data is not ready")


@rule("S36-16", "SFF-8636 6.2.4")
def temperature(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The temperature is between -5 °C and the highest case temperature."""
    if ended := copper(module):
        yield ended
        return
    yield common.warm(module, ask, module.page00.case_temperature_max)


@rule("S36-17", "SFF-8636 6.2.4; SFF-8679")
def supply(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The supply voltage is between 3.135 and 3.465 V."""
    if ended := copper(module):
        yield ended
        return
    yield common.fed(module, ask)


@rule("S36-18", "SFF-8024 table 4-4", Level.SHOULD)
def compliance(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The extended compliance code, where the module refers to it, is listed and says something."""
    page = module.page00
    refers = derive(raw_byte(module, Page(0x00), 131), lambda raw: bool(raw & 0x80))
    if isinstance(refers, Reading) and not refers.value:
        yield not_applicable(refers, because="byte 131 does not refer to byte 192")
        return
    listed = derive(page.extended_compliance, lambda code: bool(code) and codes.extended_compliance(code) is not None)
    limit = ask.same_as(refers) if isinstance(refers, Missing) else ask.one_of(True)
    yield limit.judge(listed, at="extended compliance code is listed")


@rule("S36-19", "SFF-8024 table 4-1", needs=Needs.CONTEXT)
def cage(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The module's form factor is one that goes into its cage."""
    yield from common.cage(module, ask)


@rule("S36-20", "the cage's power rating", needs=Needs.CONTEXT)
def cage_power(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """The largest power is not above what the cage feeds and cools."""
    yield from common.cage_power(module, ask)


@rule("S36-21", "serial numbers are given once", Level.SHOULD, Needs.FLEET)
def duplicate_serial(module: Sff8636Transceiver, ask: Ask) -> Iterator[Finding]:
    """No other module of the fleet has the same vendor and serial number."""
    yield from common.namesakes(module, ask)


RULES: Final[tuple[Rule, ...]] = tuple(rule.rules.values())

__all__ = ["RULES"]
