"""Readings that follow from several others: sums, spreads, differences.

The first Missing wins, a value that is no finite number counts as Missing, and the source says what was reckoned from
which evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeVar

from .decode.transceiver import Transceiver
from .limit import Range, UnitMismatch, Unknown
from .reading import Absence, Missing, Reading, Source, Value, derive
from .units import DARK_DBM, Unit, scientific
from .verdict import Standing

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")

ZERO: Final = Decimal(0)
DIGITS: Final = 28

SPELT_OUT: Final = 8
"""Up to so many numbers a source shows the reckoning; beyond, only how many there were."""


def finite(value: Value[Decimal]) -> Value[Decimal]:
    """The reading, where it is a number that can be reckoned with: of no more digits than are reckoned exactly."""
    if isinstance(value, Reading) and not (value.value.is_finite() and value.value.adjusted() < DIGITS):
        return Missing(Absence.NOT_AVAILABLE, value.source, f"the value is {value.value}")
    return value


def light(power: Value[Decimal]) -> Value[Decimal]:
    """Optical power in dBm; minus infinity, the logarithm of 0 mW, as the floor of the register's step."""
    if isinstance(power, Reading) and power.value.is_infinite() and power.value < 0:
        return replace(power, value=DARK_DBM)
    return power


def total(readings: Sequence[Value[Decimal]], *, of: str) -> Value[Decimal]:
    """The sum of readings in one unit."""
    return reckoned(readings, of, " + ", lambda values: sum(values, ZERO))


def spread(readings: Sequence[Value[Decimal]], *, of: str) -> Value[Decimal]:
    """The largest less the smallest; between levels in dBm that is a ratio in dB."""
    return as_ratio(reckoned(readings, of, ", ", lambda values: max(values) - min(values)))


def difference(whole: Value[Decimal], less: Value[Decimal], *, of: str) -> Value[Decimal]:
    """One reading less another in the same unit; between levels in dBm that is a ratio in dB."""
    return as_ratio(reckoned((whole, less), of, " less ", lambda values: values[0] - values[1]))


def times(value: Value[Decimal], factor: Decimal, *, note: str, unit: Unit | None = None) -> Value[Decimal]:
    """A reading times a number that ``note`` explains."""
    usable = finite(value)
    if isinstance(usable, Missing):
        return usable
    return derive(usable, lambda number: number * factor, note=note, unit=unit or usable.unit)


def counted(value: Value[int], unit: Unit = Unit.NONE) -> Value[Decimal]:
    """A whole number as a Range judges it."""
    return derive(value, Decimal, unit=unit)


def combined(one: Value[T], other: Value[U], into: Callable[[T, U], V], *, of: str) -> Value[V]:
    """What two readings of any kind say together; the first Missing wins."""
    if isinstance(one, Missing):
        return one
    if isinstance(other, Missing):
        return other
    evidence = ", ".join(dict.fromkeys((one.source.evidence, other.source.evidence)))
    where = f"{one.source.where} and {other.source.where} ({of})"
    return Reading(into(one.value, other.value), Source(evidence, where))


def as_ratio(level: Value[Decimal]) -> Value[Decimal]:
    return replace(level, unit=Unit.DB) if isinstance(level, Reading) and level.unit is Unit.DBM else level


def reckoned(
    readings: Sequence[Value[Decimal]], of: str, sign: str, into: Callable[[Sequence[Decimal]], Decimal]
) -> Value[Decimal]:
    """One number out of several readings in one unit, or the first reason why there is none."""
    found: list[Reading[Decimal]] = []
    for reading in map(finite, readings):
        if isinstance(reading, Missing):
            return replace(reading, detail=f"needed for {of}{': ' if reading.detail else ''}{reading.detail}")
        found.append(reading)
    if not found:
        return Missing(Absence.NOT_DECLARED, Source(of), "there is nothing to reckon it from")
    unit = found[0].unit
    for reading in found:
        if reading.unit is not unit:
            raise UnitMismatch(f"{of}: {unit or 'no unit'} beside {reading.unit or 'no unit'}")
    values = [reading.value for reading in found]
    doubt = sum((reading.uncertainty or ZERO for reading in found), ZERO)
    evidence = tuple(dict.fromkeys(reading.source.evidence for reading in found))
    origin = ", ".join(evidence) if len(evidence) <= SPELT_OUT else f"{len(evidence)} pieces of evidence"
    spelt = sign.join(map(scientific, values)) if len(values) <= SPELT_OUT else f"{len(values)} readings"
    return Reading(into(values), Source(origin, of, spelt), unit, doubt or None)


def between(
    low: Value[Decimal], high: Value[Decimal], *, clause: str, standing: Standing = Standing.STRUCTURAL
) -> Range | Unknown:
    """A limit set by two readings: within both.  Two that are equal say that nothing was set."""
    low, high = finite(low), finite(high)
    if isinstance(low, Missing):
        return Unknown(low, clause, standing)
    if isinstance(high, Missing):
        return Unknown(high, clause, standing, low.unit)
    if low.value == high.value:
        unset = Missing(Absence.NOT_AVAILABLE, low.source, f"both bounds are {low}")
        return Unknown(unset, clause, standing, low.unit)
    return Range(low.value, high.value, low.unit, f"{clause}; bounds from {low.source.evidence}", standing)


NO_FIRMWARE: Final = "0.0"


def version_of(seen: Transceiver) -> Value[str]:
    """The active firmware; 0.0 is none, which two ends have in common without running the same."""
    version = seen.firmware_active
    if isinstance(version, Reading) and version.value == NO_FIRMWARE:
        return Missing(Absence.NOT_AVAILABLE, version.source, f"{NO_FIRMWARE}: no firmware")
    return version


def firmware_of(seen: Transceiver) -> Value[str]:
    """The firmware that runs, with its build number where the module tells it.

    Where a module can tell it and what it tells is not on record, the numbers without it do not stand in for it.
    """
    running = seen.firmware_running
    untold = isinstance(running, Missing) and running.why in (Absence.NOT_ADVERTISED, Absence.NOT_AVAILABLE)
    return version_of(seen) if untold else running


def as_approved(version: str, approved: frozenset[str]) -> str:
    """The approved version that a told one is: a module that tells no build number is held to the numbers it tells."""
    numbers = version.split(".")
    return next((one for one in sorted(approved) if one.split(".")[: len(numbers)] == numbers), version)


def identity_of(seen: Transceiver) -> Value[str]:
    """Vendor and part number as the module tells them."""
    return combined(
        seen.vendor_name, seen.vendor_pn, lambda vendor, number: f"{vendor.strip()} {number.strip()}",
        of="vendor and part number",
    )  # fmt: skip
