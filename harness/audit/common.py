"""Demands that the memory maps share, whatever their bytes: texts, checksums, thresholds, monitors, power."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from ..decode.module import Checksum
from ..decode.transceiver import Quad, Transceiver
from ..limit import not_applicable
from ..reading import Absence, Missing, Reading, Value, derive
from ..units import Unit
from ..verdict import Finding
from .rule import ABSENT_BY_RIGHT, UNREAD, Ask

WELL_FORMED: Final = "well formed"
COLDEST, HOTTEST = "-5", "70"


def hexadecimal(code: int) -> str:
    """A byte as documents print it."""
    return f"{code:02X}h"


def fits(checksum: Checksum, ask: Ask) -> Finding:
    """The stored checksum against that of the bytes."""
    limit = ask.same_as(derive(checksum.computed, hexadecimal))
    stored = derive(checksum.stored, hexadecimal)
    return ask.where_advertised(limit, stored, at=f"page {checksum.page} bytes {checksum.covers}")


def texts(module: Transceiver, ask: Ask) -> Iterator[Finding]:
    """The vendor's texts are well formed, and part and serial number are there."""
    well_formed = ask.one_of(WELL_FORMED)
    for name, fault in module.text_faults.items():
        if name != "date_code":
            yield well_formed.judge(derive(fault, lambda words: words or WELL_FORMED), at=name)
    filled = ask.one_of(True)
    for name, text in (("part number", module.vendor_pn), ("serial number", module.vendor_sn)):
        yield filled.judge(derive(text, lambda word: bool(word.strip())), at=f"{name} is there")


def company(module: Transceiver, ask: Ask) -> Iterator[Finding]:
    """The company identifier is set."""
    yield ask.one_of("set").judge(derive(module.vendor_oui, oui_word), at="company identifier")


def oui_word(oui: str) -> str:
    digits = set(oui.lower()) - {"-"}
    return "all ones" if digits <= {"f"} else "zero" if digits <= {"0"} else "set"


def made(module: Transceiver, ask: Ask) -> Iterator[Finding]:
    """The date code is a day, and none to come; without a date as of which to judge the latter is not told."""
    fault = module.text_faults["date_code"]
    yield ask.one_of(WELL_FORMED).judge(derive(fault, lambda words: words or WELL_FORMED), at="date code")
    day, today = made_on(module), ask.context.today
    if isinstance(day, Reading) and isinstance(today, Reading):
        order = "to come" if day.value > today.value else "past"
        yield ask.one_of("past").judge(Reading(order, day.source), at="date code")


def made_on(module: Transceiver) -> Value[date]:
    """The day of the date code, where it is one."""
    text = module.date_code
    if isinstance(text, Missing):
        return text
    try:
        return Reading(date(2000 + int(text.value[:2]), int(text.value[2:4]), int(text.value[4:6])), text.source)
    except ValueError:
        return Missing(Absence.UNREADABLE, text.source, f"{text.value!r} is no day")


def namesakes(module: Transceiver, ask: Ask) -> Iterator[Finding]:
    """No other module of the fleet has the same vendor and serial number."""
    serial, vendor = module.vendor_sn, module.vendor_name
    twins = [
        other.evidence
        for other in ask.others()
        if isinstance(serial, Reading)
        and isinstance(vendor, Reading)
        and serial.value.strip()
        and same(other.vendor_sn, serial)
        and same(other.vendor_name, vendor)
    ]
    yield ask.one_of("none").judge(derive(serial, lambda _: ", ".join(twins) or "none"), at="others with its serial")


def same(value: Value[str], wanted: Reading[str]) -> bool:
    return isinstance(value, Reading) and value.value.strip() == wanted.value.strip()


def cage(module: Transceiver, ask: Ask) -> Iterator[Finding]:
    """The form factor goes into the cage."""
    taken = ask.context.form_factors
    limit = ask.same_as(taken) if isinstance(taken, Missing) else ask.one_of(*taken.value)
    yield limit.judge(module.form_factor, at="form factor")


def cage_power(module: Transceiver, ask: Ask) -> Iterator[Finding]:
    """The largest power is not above what the cage feeds and cools."""
    yield ask.at_most(ask.context.cage_watts, Unit.WATT).judge(module.max_power, at="max power")


def monitored(quad: Quad) -> bool:
    """Whether the module advertises the monitor, or does not say."""
    high = quad.high_alarm
    return not (isinstance(high, Missing) and high.why in ABSENT_BY_RIGHT)


def ordered(module: Transceiver, ask: Ask) -> Iterator[Finding]:
    """Thresholds stand in order: low alarm, low warning, high warning, high alarm.

    Thresholds that are all zero are not stated, which is the matter of another rule.
    """
    for name, quad in module.thresholds.items():
        unit = unit_of(quad)
        if not monitored(quad):
            yield ask.where_advertised(ask.at_most(quad.high_alarm, unit), quad.high_alarm, at=name)
            continue
        if all(isinstance(value, Reading) and not value.value for _, value in quad.items()):
            zero = Reading("all zero", quad.high_alarm.source)
            yield not_applicable(zero, because="no thresholds are stated", at=name)
            continue
        yield ask.at_most(quad.low_warning, unit).judge(quad.low_alarm, at=f"{name}, low alarm")
        yield ask.at_most(quad.high_warning, unit, strict=True).judge(quad.low_warning, at=f"{name}, low warning")
        yield ask.at_most(quad.high_alarm, unit).judge(quad.high_warning, at=f"{name}, high warning")


def unit_of(quad: Quad) -> Unit:
    return next((value.unit for _, value in quad.items() if isinstance(value, Reading)), Unit.NONE)


def warm(module: Transceiver, ask: Ask, high: Value[Decimal]) -> Finding:
    """The temperature is between -5 °C and the highest case temperature, or 70 °C where none is stated."""
    if isinstance(high, Missing) and high.why in UNREAD:
        return ask.where_advertised(ask.advisory.at_most(high, Unit.CELSIUS), module.temperature, at="temperature")
    most = str(high.value) if isinstance(high, Reading) else HOTTEST
    sane = ask.advisory.within(COLDEST, most, Unit.CELSIUS)
    return ask.where_advertised(sane, module.temperature, at="temperature")


def fed(module: Transceiver, ask: Ask) -> Finding:
    """The supply voltage is between 3.135 and 3.465 V."""
    return ask.where_advertised(ask.advisory.within("3.135", "3.465", Unit.VOLT), module.vcc, at="supply voltage")
