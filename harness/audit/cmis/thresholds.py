"""The thresholds that the module judges itself by (OIF-CMIS 8.5)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ...decode.memory import Page
from ...decode.transceiver import CmisTransceiver
from ...limit import not_applicable
from ...reading import Absence, Missing, Reading, Source, Value, derive, in_dbm
from ...units import Unit
from ...verdict import Finding
from ..common import monitored, ordered
from ..rule import UNREAD, Ask, Level, Needs
from .table import not_optical, rule, without_pages

BYTES: Final = {
    "temperature_c": 128,
    "vcc_v": 136,
    "tx_power_mw": 176,
    "tx_bias_ma": 184,
    "rx_power_mw": 192,
}
"""First byte of a monitor's thresholds on page 02h."""


@rule("CM-34", "OIF-CMIS 8.5")
def order(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Thresholds of every monitor stand in order: low alarm, low warning, high warning, high alarm."""
    if ended := without_pages(module):
        yield ended
        return
    yield from ordered(module, ask)


@rule("CM-35", "OIF-CMIS 8.5")
def stated(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Thresholds of every monitor are stated: not all zero, and none all ones."""
    if ended := without_pages(module):
        yield ended
        return
    for name, first in BYTES.items():
        quad = module.thresholds[name]
        if not monitored(quad):
            yield ask.where_advertised(ask.one_of("stated"), quad.high_alarm, at=name)
        elif isinstance(quad.high_alarm, Missing) and quad.high_alarm.why in UNREAD:
            yield ask.one_of("stated").judge(quad.high_alarm, at=name)
        else:
            held = module.memory.take(Page(0x02), first, 8)
            yield ask.one_of("stated").judge(derive(held, stated_word), at=name)


def stated_word(raw: bytes) -> str:
    if not any(raw):
        return "all zero"
    return "one is FFFFh" if b"\xff\xff" in (raw[place : place + 2] for place in (0, 2, 4, 6)) else "stated"


@rule("CM-36", "OIF-CMIS 8.4, case temperature", Level.SHOULD)
def case_temperature(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The case temperatures are a range, and the high alarm is not 5 °C below its upper end."""
    if ended := without_pages(module):
        yield ended
        return
    low, high = module.case_temperatures
    if isinstance(high, Missing) and high.why is Absence.NOT_AVAILABLE:
        yield not_applicable(Reading("0 to 0", high.source), because="no case temperatures are specified")
        return
    yield ask.at_least(low, Unit.CELSIUS, strict=True).judge(high, at="highest case temperature")
    bound = derive(high, lambda limit: limit - 5, note="less 5 °C", unit=Unit.CELSIUS)
    alarm = module.thresholds["temperature_c"].high_alarm
    yield ask.where_advertised(ask.at_least(bound, Unit.CELSIUS), alarm, at="temperature high alarm")


@rule("CM-37", "OIF-CMIS 8.5, supply voltage")
def supply_thresholds(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """3.3 V lies within the warnings of supply voltage.

    A low alarm below the least supply voltage of 01h:150 warns: no clause forbids it.
    """
    if ended := without_pages(module):
        yield ended
        return
    quad = module.thresholds["vcc_v"]
    low, high = quad.low_warning, quad.high_warning
    yield ask.where_advertised(ask.within(max="3.3", unit=Unit.VOLT), low, at="Vcc low warning")
    yield ask.where_advertised(ask.within("3.3", unit=Unit.VOLT), high, at="Vcc high warning")
    least = module.page01.vcc_min
    if isinstance(least, Reading) or least.why in UNREAD:
        limit = ask.advisory.at_least(least, Unit.VOLT)
        yield ask.where_advertised(limit, quad.low_alarm, at="Vcc low alarm")


@rule("CM-38", "the PMD's received power", Level.SHOULD, Needs.CONTEXT)
def rx_power_thresholds(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Over the PMD's range of received power no alarm sounds; the low one may stand 1 dB above it."""
    if ended := without_pages(module) or not_optical(module, ask):
        yield ended
        return
    quad = module.thresholds["rx_power_mw"]
    least, most = pmd_bounds(ask, "rx_power_lane")
    bound = derive(least, lambda dbm: dbm + 1, note="and 1 dB", unit=Unit.DBM)
    yield ask.where_advertised(ask.at_most(bound, Unit.DBM), in_dbm(quad.low_alarm), at="rx power low alarm")
    yield ask.where_advertised(ask.at_least(most, Unit.DBM), in_dbm(quad.high_alarm), at="rx power high alarm")


@rule("CM-39", "the PMD's transmitted power", Level.SHOULD, Needs.CONTEXT)
def tx_power_thresholds(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The warnings of transmitted power stand within the PMD's range."""
    if ended := without_pages(module) or not_optical(module, ask):
        yield ended
        return
    quad = module.thresholds["tx_power_mw"]
    least, most = pmd_bounds(ask, "tx_power_lane")
    yield ask.where_advertised(ask.at_most(most, Unit.DBM), in_dbm(quad.high_warning), at="tx power high warning")
    yield ask.where_advertised(ask.at_least(least, Unit.DBM), in_dbm(quad.low_warning), at="tx power low warning")


def pmd_bounds(ask: Ask, quantity: str) -> tuple[Value[Decimal], Value[Decimal]]:
    """Least and most of a quantity in dBm, as the limit tables have it for the PMD."""
    pmd = ask.context.pmd
    if isinstance(pmd, Missing):
        return pmd, pmd
    row = pmd.value.limits.get(quantity)
    gone = Missing(Absence.NOT_DECLARED, pmd.source, f"the tables bound no {quantity} of {pmd.value.name}")
    if row is None:
        return gone, gone
    source = Source(pmd.source.evidence, row.clause)
    least, most = (gone if end is None else Reading(end, source, row.unit) for end in (row.min, row.max))
    return least, most
