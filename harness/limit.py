"""Limits.  A limit knows its unit, its clause and how far it was verified, and it does the judging.

Every ``judge`` turns a Missing into NOT-MEASURED, refuses another unit, computes the margin and copies the source.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Generic, TypeVar

from .reading import Absence, Missing, Reading, Source, Value, shown
from .units import Unit, scientific
from .verdict import Finding, Outcome, Standing, undecided

T = TypeVar("T", bound=Hashable)
ZERO = Decimal(0)


class UnitMismatch(TypeError):
    """A reading and a limit are in different units: a bug of ours or a wrong row, never a verdict."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number within bounds, both inclusive unless ``strict``."""

    min: Decimal | None = None
    max: Decimal | None = None
    unit: Unit = Unit.NONE
    clause: str = ""
    standing: Standing = Standing.STRUCTURAL
    accuracy: Decimal = ZERO  # how wrong the instrument may be: beyond the bound but within this, it warns
    guard: Decimal = ZERO  # inside a bound by less than this is marginal
    guarded: bool = False  # draw the bounds in by the reading's own uncertainty
    strict: bool = False  # the bounds themselves are outside
    note: str = ""
    asked: bool = True  # False where a profile says that it asks for nothing: whatever is read, nothing is judged

    def judge(self, reading: Value[Decimal], at: object = "") -> Finding:
        limit = self.said()
        if not self.asked:
            return not_asked(self.clause, at)
        if isinstance(reading, Missing):
            return undecided(reading, limit, self.clause, self.standing, self.unit, at)
        if reading.unit is not self.unit:
            raise UnitMismatch(
                f"a reading in {reading.unit or 'no unit'} against a limit in {self.unit or 'no unit'}: {self.clause}"
            )
        value = reading.value
        if not value.is_finite():
            gone = Missing(Absence.NOT_AVAILABLE, reading.source, f"the value is {value}")
            return undecided(gone, limit, self.clause, self.standing, self.unit, at)
        if self.guarded and not known(reading.uncertainty):
            gone = Missing(Absence.NOT_RECORDED, reading.source, f"{value} {self.unit} without its uncertainty")
            return undecided(gone, limit, self.clause, self.standing, self.unit, at)
        uncertainty = reading.uncertainty or ZERO
        drawn_in = uncertainty if self.guarded else ZERO
        gaps = [self.max - drawn_in - value] if self.max is not None else []
        if self.min is not None:
            gaps.append(value - self.min - drawn_in)
        if not gaps or not all(gap.is_finite() for gap in gaps):
            return Finding(
                Outcome.ERROR,
                str(at),
                scientific(value),
                self.unit,
                limit,
                None,
                self.clause,
                self.standing,
                reading.source,
                reason="the limit has no bound",
            )
        margin = min(gaps)
        inside = margin > 0 if self.strict else margin >= 0
        drawn = f"bounds drawn in by the uncertainty of {scientific(drawn_in)} {self.unit}" if drawn_in else ""
        notes = [self.note, drawn]
        outcome, reason = Outcome.PASS, "; ".join(filter(None, notes)) or None
        if not inside:
            outcome = self.standing.beyond
            if outcome is Outcome.FAIL and -margin <= self.accuracy and self.accuracy:
                outcome = Outcome.WARN
                accuracy = f"{scientific(self.accuracy)} {self.unit}".rstrip()
                reason = f"beyond the limit, within the monitor's accuracy of {accuracy}"
        band = max(self.guard, ZERO if self.guarded else uncertainty)
        return Finding(
            outcome,
            str(at),
            scientific(value),
            self.unit,
            limit,
            margin,
            self.clause,
            self.standing,
            reading.source,
            reason=reason,
            marginal=inside and margin < band,
        )

    def said(self) -> Mapping[str, str]:
        low, high = ("above", "below") if self.strict else ("min", "max")
        limit = {}
        if self.min is not None:
            limit[low] = scientific(self.min)
        if self.max is not None:
            limit[high] = scientific(self.max)
        return limit


def known(uncertainty: Decimal | None) -> bool:
    return uncertainty is not None and uncertainty.is_finite() and uncertainty >= 0


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One of the values that are allowed."""

    allowed: frozenset[T]
    clause: str = ""
    standing: Standing = Standing.STRUCTURAL
    unit: Unit = Unit.NONE
    advice: str = ""  # what to do about a value that is not allowed
    asked: bool = True  # False where a profile says that it asks for nothing

    def judge(self, reading: Value[T], at: object = "") -> Finding:
        limit = self.said()
        if not self.asked:
            return not_asked(self.clause, at)
        if isinstance(reading, Missing):
            return undecided(reading, limit, self.clause, self.standing, self.unit, at)
        if isinstance(reading.value, Decimal) and not reading.value.is_finite():
            gone = Missing(Absence.NOT_AVAILABLE, reading.source, f"the value is {reading.value}")
            return undecided(gone, limit, self.clause, self.standing, self.unit, at)
        inside = reading.value in self.allowed
        return Finding(
            Outcome.PASS if inside else self.standing.beyond,
            str(at),
            shown(reading.value),
            self.unit,
            limit,
            None,
            self.clause,
            self.standing,
            reading.source,
            reason=None if inside else self.advice or None,
        )

    def said(self) -> Mapping[str, str]:
        if not self.asked:
            return {}
        if len(self.allowed) == 1:
            (only,) = self.allowed
            return {"equals": shown(only)}
        return {"one_of": ", ".join(sorted(map(shown, self.allowed)))}


@dataclass(frozen=True, slots=True)
class Holds(Generic[T]):
    """A limit on a set: one of these at least is in it."""

    wanted: frozenset[T]
    clause: str = ""
    standing: Standing = Standing.STRUCTURAL
    advice: str = ""

    def judge(self, reading: Value[frozenset[T]], at: object = "") -> Finding:
        limit = {"holding": " or ".join(sorted(map(shown, self.wanted)))}
        if isinstance(reading, Missing):
            return undecided(reading, limit, self.clause, self.standing, Unit.NONE, at)
        inside = not self.wanted.isdisjoint(reading.value)
        return Finding(
            Outcome.PASS if inside else self.standing.beyond, str(at), shown(reading.value), Unit.NONE, limit, None,
            self.clause, self.standing, reading.source, reason=None if inside else self.advice or None,
        )  # fmt: skip


def holding(*wanted: T, clause: str, standing: Standing = Standing.STRUCTURAL, advice: str = "") -> Holds[T]:
    return Holds(frozenset(wanted), clause, standing, advice)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A limit whose bound was itself not measured: whatever it judges is undecided."""

    missing: Missing
    clause: str
    standing: Standing = Standing.STRUCTURAL
    unit: Unit = Unit.NONE

    def judge(self, reading: Value[object], at: object = "") -> Finding:
        gone = reading if isinstance(reading, Missing) else self.missing
        finding = undecided(gone, {}, self.clause, self.standing, self.unit, at)
        return finding if gone is reading else replace(finding, reason=f"the limit is unknown, {finding.reason}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Several ranges on one quantity, of a standard, a module, a buyer: all are judged, the stricter decides."""

    ranges: tuple[Range | Unknown, ...] = field(default_factory=tuple)

    def judge(self, reading: Value[Decimal], at: object = "") -> Iterator[Finding]:
        for limit in self.ranges:
            yield limit.judge(reading, at)


def one_of(*allowed: T, clause: str, standing: Standing = Standing.STRUCTURAL, advice: str = "") -> Choice[T]:
    return Choice(frozenset(allowed), clause, standing, advice=advice)


def same_as(
    reading: Value[T], *, clause: str, standing: Standing = Standing.STRUCTURAL, advice: str = ""
) -> Choice[T] | Unknown:
    """A limit set by another reading: equal to it."""
    if isinstance(reading, Missing):
        return Unknown(reading, clause, standing)
    if isinstance(reading.value, Decimal) and not reading.value.is_finite():
        gone = Missing(Absence.NOT_AVAILABLE, reading.source, f"the value is {reading.value}")
        return Unknown(gone, clause, standing)
    return Choice(frozenset({reading.value}), f"{clause}; {reading.source}", standing, advice=advice)


def numeric(bound: Value[Decimal]) -> Value[Decimal]:
    """A bound that is a number: infinity would let everything pass."""
    if isinstance(bound, Reading) and not bound.value.is_finite():
        return Missing(Absence.NOT_AVAILABLE, bound.source, f"the value is {bound.value}")
    return bound


def at_most(
    bound: Value[Decimal],
    *,
    clause: str,
    standing: Standing = Standing.STRUCTURAL,
    strict: bool = False,
    unit: Unit = Unit.NONE,
) -> Range | Unknown:
    """A limit set by another reading: not above it."""
    bound = numeric(bound)
    if isinstance(bound, Missing):
        return Unknown(bound, clause, standing, unit)
    return Range(
        max=bound.value,
        unit=bound.unit,
        clause=f"{clause}; bound from {bound.source}",
        standing=standing,
        strict=strict,
    )


def at_least(
    bound: Value[Decimal],
    *,
    clause: str,
    standing: Standing = Standing.STRUCTURAL,
    strict: bool = False,
    unit: Unit = Unit.NONE,
) -> Range | Unknown:
    """A limit set by another reading: not below it."""
    limit = at_most(bound, clause=clause, standing=standing, strict=strict, unit=unit)
    return limit if isinstance(limit, Unknown) else replace(limit, min=limit.max, max=None)


def not_applicable(proof: Reading[object], *, because: str, at: object = "") -> Finding:
    """The limit does not govern this subject, and this is the reading that shows it."""
    return Finding(
        Outcome.NOT_APPLICABLE,
        str(at),
        shown(proof.value),
        proof.unit,
        {},
        None,
        "",
        Standing.STRUCTURAL,
        proof.source,
        reason=because,
    )


NOT_ASKED: Final = "not asked"
"""What a profile says in place of a limit that it does not set."""


def not_asked(line: str, at: object = "") -> Finding:
    """What the line of a profile proves that asks for nothing: there is no limit to judge by."""
    return not_applicable(Reading(NOT_ASKED, Source(line)), because="the profile asks for nothing here", at=at)
