"""How the module is read and written: speed, pages, banks, times, stability (OIF-CMIS 5, 8.1, 8.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ...decode.cmis import Page01, Page10
from ...decode.fields import Field, Parts
from ...decode.memory import Page
from ...decode.transceiver import CmisTransceiver
from ...errors import TransportError
from ...limit import not_applicable
from ...reading import Missing, Reading
from ...units import Unit
from ...verdict import Finding
from ..board import DEVICE, PAGE_CHANGE, PAGE_SELECT, Operator
from ..rule import Ask, Level, Needs
from .steps import CONTROL, seen
from .table import rule, without_pages

OPTIONAL: Final[tuple[tuple[Field[bool], Page], ...]] = (
    (Page01.page_05_supported, Page(0x05)),
    (Page01.network_paths_supported, Page(0x16)),
    (Page01.vdm_supported, Page(0x20)),
    (Page01.diagnostics_supported, Page(0x13)),
    (Page01.page_03_supported, Page(0x03)),
)
"""Pages that a module may do without, and the bits that say so."""

UNCHANGING: Final = ((Page(0x00), 128, 222), (Page(0x01), 130, 255), (Page(0x02), 128, 255))
"""Bytes that do not change as a module runs; the inactive firmware in front of page 01h may."""

STEP: Final = Decimal("0.001")

CONTROLS: Final[tuple[tuple[Parts[bool], Field[bool]], ...]] = (
    (Page10.tx_polarity_flip, Page01.tx_polarity_flip_supported),
    (Page10.tx_disable, Page01.tx_disable_supported),
    (Page10.tx_auto_squelch_disable, Page01.tx_auto_squelch_disable_supported),
    (Page10.tx_squelch_force, Page01.tx_squelch_force_supported),
    (Page10.rx_polarity_flip, Page01.rx_polarity_flip_supported),
    (Page10.rx_output_disable, Page01.rx_output_disable_supported),
    (Page10.rx_auto_squelch_disable, Page01.rx_auto_squelch_disable_supported),
)
"""Controls of lanes, each with the bit that advertises it."""


@rule("CM-07", "OIF-CMIS 8.2, MciMaxSpeed", Level.SHOULD, Needs.CONTEXT)
def bus_speed(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The host does not clock the two-wire bus faster than the module takes it."""
    yield ask.at_most(module.i2c_speed, Unit.KHZ).judge(ask.context.bus_khz, at="bus clock")


@rule("CM-64", "OIF-CMIS 8.2, page mapping", needs=Needs.WRITES)
def paging(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A page that is selected reads back as selected; one that the module does not have falls back to page 00h."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    yield ask.one_of("01").judge(selected(operator, Page(0x01)), at="page 01h selected")
    for advertised, page in OPTIONAL:
        bit = advertised.read(module.page01)
        if isinstance(bit, Reading) and not bit.value:
            yield ask.one_of("00").judge(selected(operator, page), at=f"{page} selected, which is not advertised")
            return


def selected(operator: Operator, page: Page) -> Reading[str]:
    """The page that is selected after another was asked for."""
    operator.selected = None
    operator.select(page)
    held = operator.bus.read(DEVICE, PAGE_SELECT, 1)
    operator.selected = None
    return seen(operator, held.hex(), "lower memory byte 127")


@rule("CM-65", "OIF-CMIS 5, banks", Level.SHOULD, Needs.WRITES)
def bank_isolation(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A register written in bank 1 leaves that of bank 0 alone."""
    if ended := without_pages(module):
        yield ended
        return
    if module.banks == 1:
        banks = module.page01.banks
        single = ask.one_of(0)
        yield single.judge(banks) if isinstance(banks, Missing) else not_applicable(banks, because="one bank")
        return
    operator, byte, other = ask.board(), Page10.tx_fault_mask.fields[0].byte, Page(0x10, 1)
    before, second = operator.raw(CONTROL, byte), operator.raw(other, byte)
    try:
        operator.put(other, byte, bytes([second[0] ^ 0xFF]))
        changed = operator.raw(other, byte) != second
        yield ask.one_of(True).judge(seen(operator, changed, "1:10h:214"), at="bank 1 took the write")
        yield ask.one_of(before.hex()).judge(seen(operator, operator.raw(CONTROL, byte).hex(), "10h:214"), at="bank 0")
    finally:
        operator.put(other, byte, second)


@rule("CM-66", "OIF-CMIS 10, tBPC", Level.SHOULD, Needs.WRITES)
def page_change(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A page can be read within the time that the module advertises for a change of page."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    longest = module.page_change
    for page in (Page(0x01), Page(0x02), Page(0x00)):
        operator.bus.write(DEVICE, PAGE_SELECT, bytes([page.number]))
        start = operator.clock.now()
        while not reads(operator) and operator.clock.now() - start < 10 * PAGE_CHANGE:
            operator.clock.wait(STEP)
        operator.selected = None
        took = Reading(operator.clock.now() - start, seen(operator, 0, f"{page}").source, Unit.SECONDS)
        yield ask.at_most(longest, Unit.SECONDS).judge(took, at=f"change to {page}")


def reads(operator: Operator) -> bool:
    try:
        return bool(operator.bus.read(DEVICE, 128, 1))
    except TransportError:
        return False


@rule("CM-67", "OIF-CMIS 8.1", needs=Needs.TIME)
def stable(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Static pages read the same each time."""
    again = ask.again()
    for page, first, last in UNCHANGING:
        if page.number and (ended := without_pages(module)):
            yield ended
            return
        one = module.memory.take(page, first, last - first + 1)
        two = again.memory.take(page, first, last - first + 1)
        if isinstance(one, Reading) and isinstance(two, Reading):
            differing = tuple(n for n, (a, b) in enumerate(zip(one.value, two.value, strict=True), first) if a != b)
            yield ask.one_of(()).judge(Reading(differing, two.source), at=f"{page}, bytes that differ")
        else:
            yield ask.same_as(one).judge(two, at=f"{page}")


@rule("CM-68", "OIF-CMIS 8.4, supported controls", Level.SHOULD, Needs.WRITES)
def controls(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Controls of lanes that are advertised hold what is written to them, the others stay zero."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    for control, advertised in CONTROLS:
        bit, byte = advertised.read(module.page01), control.fields[0].byte
        if isinstance(bit, Missing):
            yield ask.one_of(True).judge(bit, at=control.name)
            continue
        before = operator.raw(CONTROL, byte)
        operator.put(CONTROL, byte, bytes([before[0] | 1]))
        held = operator.raw(CONTROL, byte)[0] & 1
        operator.put(CONTROL, byte, before)
        word = "is" if bit.value else "is not"
        value = seen(operator, bool(held), f"10h:{byte}")
        yield ask.one_of(bit.value).judge(value, at=f"{control.name} of lane 1, which {word} advertised, holds a 1")
