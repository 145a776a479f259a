"""What the module draws and how warm it gets (OIF-CMIS 8.3; the form factors' own documents)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from ...decode.transceiver import CmisTransceiver
from ...limit import at_least, at_most
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...units import Unit
from ...verdict import Finding
from .. import common
from ..rule import Ask, Level, Needs
from .table import bits, first_application, rule, without_pages

LARGE: Final = ("1.5", "3.5", "7", "8", "10", "12", "14")
SMALL: Final = ("1", "1.5", "2", "3.5", "5")

CLASS_WATTS: Final[Mapping[int, tuple[str, ...]]] = {
    0x18: LARGE,
    0x19: LARGE,
    0x1E: LARGE,
    0x21: LARGE,
    0x1F: SMALL,
    0x20: SMALL,
}
"""Most that a module of power classes 1 and up draws, in W, by identifier; the last class, 8, is above them all."""

UNLIMITED_CLASS: Final = 8


def class_watts(identifier: Value[int], number: Value[int], step: int = 0) -> Value[Decimal]:
    """The limit of a power class in W, or of the class ``step`` before it."""
    if isinstance(identifier, Missing):
        return identifier
    if isinstance(number, Missing):
        return number
    table = CLASS_WATTS.get(identifier.value, ())
    place = (len(table) + 1 if number.value == UNLIMITED_CLASS else number.value) - step
    if not 1 <= place <= len(table):
        return Missing(Absence.NOT_AVAILABLE, number.source, f"no such limit of power class {number.value}")
    return Reading(Decimal(table[place - 1]), Source("form factor", f"power class {number.value}"), Unit.WATT)


@rule("CM-16", "OIF-CMIS 8.3; the form factor's power classes")
def power_class(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The largest power stays within the module's power class, and needs that class.

    The limits of the classes are remembered ones, so that a breach warns.
    """
    watts, number = module.max_power, module.power_class
    most, least = (class_watts(module.identifier, number, step) for step in (0, 1))
    if isinstance(number, Missing) or number.value != UNLIMITED_CLASS:
        yield at_most(most, clause=ask.clause, standing=ask.recalled, unit=Unit.WATT).judge(watts, at="max power")
    if isinstance(number, Missing) or number.value != 1:
        limit = at_least(least, clause=ask.clause, standing=ask.recalled, strict=True, unit=Unit.WATT)
        yield limit.judge(watts, at="max power above the class before")


@rule("CM-17", "the cage's power rating", needs=Needs.CONTEXT)
def power_of_cage(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The largest power is not above what the cage feeds and cools."""
    yield from common.cage_power(module, ask)


@rule("CM-18", "typical power of the PMD", Level.INFO, Needs.CONTEXT)
def typical_power(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The largest power is within 30 % of what is typical of the PMD in this form factor."""
    typical = typical_watts(module, ask)
    if isinstance(typical, Missing):
        yield ask.at_most(typical, Unit.WATT).judge(module.max_power, at="max power")
        return
    for limit, share in ((ask.at_least, "0.7"), (ask.at_most, "1.3")):
        bound = derive(typical, Decimal(share).__mul__, unit=Unit.WATT)
        yield limit(bound, Unit.WATT).judge(module.max_power, at="max power")


def typical_watts(module: CmisTransceiver, ask: Ask) -> Value[Decimal]:
    pmd, form_factor = ask.context.pmd, module.form_factor
    if isinstance(pmd, Missing):
        return pmd
    if isinstance(form_factor, Missing):
        return form_factor
    first = first_application(module)
    if isinstance(first, Missing):
        return first
    if len(bits(first.value.host_lane_assignment)) * module.banks > 1:
        detail = f"the tables have the power of one {pmd.value.name}, and the module is several"
        return Missing(Absence.NOT_DECLARED, first.source, detail)
    watts = pmd.value.typical_watts.get(form_factor.value)
    if watts is None:
        detail = f"the tables have no typical power of {pmd.value.name} in {form_factor.value}"
        return Missing(Absence.NOT_DECLARED, pmd.source, detail)
    return Reading(watts, pmd.source, Unit.WATT)


@rule("CM-94", "headroom of the case temperature", Level.SHOULD, Needs.CONTEXT)
def temperature_headroom(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """At 23 °C at the inlet the module stays 10 °C under its high warning of temperature."""
    if ended := without_pages(module):
        yield ended
        return
    warning, inlet = module.thresholds["temperature_c"].high_warning, ask.context.inlet
    bound = inlet if isinstance(inlet, Missing) else headroom(warning, inlet.value)
    yield ask.where_advertised(ask.at_most(bound, Unit.CELSIUS), module.temperature, at="temperature")


def headroom(warning: Value[Decimal], inlet: Decimal) -> Value[Decimal]:
    """The temperature that leaves 10 °C under the warning once the air at the inlet is at 23 °C."""
    return derive(warning, lambda limit: limit - 10 + inlet - 23, note="less 10 °C at 23 °C inlet", unit=Unit.CELSIUS)
