"""``@rule`` turns a generator of findings into a rule of the conformance audit.

A rule is one demand of a management specification, with its clause and its weight. What it needs to be asked is part of
it: a dump answers the first kind, the others say why they could not be asked where the need is not met.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from ..decode.transceiver import Transceiver
from ..limit import Choice, Range, Unknown, at_least, at_most, not_applicable, one_of, same_as
from ..reading import Absence, Missing, Reading, Value
from ..units import Unit
from ..verdict import Finding, Outcome, Standing
from .board import Board, Hands, Operator
from .context import NOTHING_SAID, Context

T = TypeVar("T")
M = TypeVar("M", bound=Transceiver)

ABSENT_BY_RIGHT = frozenset({Absence.NOT_ADVERTISED, Absence.BEYOND_REVISION})
"""Absences that the module itself declares, so that a demand on the register does not govern it."""


UNREAD = frozenset({Absence.NOT_RECORDED, Absence.READ_FAILED})
"""Absences of what the evidence does not hold, which leave a demand on the register open."""


class Level(StrEnum):
    """Weight of a rule, after RFC 2119; a breach of anything but MUST warns."""

    MUST = "must"
    SHOULD = "should"
    INFO = "info"

    @property
    def standing(self) -> Standing:
        """Standing that the limits of such a rule carry."""
        return Standing.CITED if self is Level.MUST else Standing.ADVISORY


class Needs(StrEnum):
    """What a rule needs beside the module's pages."""

    DUMP = "one dump of the module"
    CONTEXT = "the cage, the lab or the buyer's profile"
    FLEET = "the other modules of the fleet"
    TIME = "several reads over time"
    WRITES = "register writes on a module board"
    HANDS = "somebody who moves light, power or the module itself"


class Unasked(Exception):
    """A rule cannot be put, or not further: what it needs is not there. Kept in the rule's Result."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a rule may ask for beside the module, and limits that carry its clause and its weight."""

    clause: str
    standing: Standing
    context: Context = NOTHING_SAID
    later: Transceiver | None = None
    fleet: tuple[Transceiver, ...] = ()
    operator: Operator | None = None

    @property
    def advisory(self) -> Ask:
        """The same, for a number that no clause gives: beyond it warns."""
        return replace(self, standing=Standing.ADVISORY)

    @property
    def recalled(self) -> Standing:
        """Standing of a number from memory, never stronger than the rule's own."""
        return Standing.RECALLED if self.standing is Standing.CITED else self.standing

    def again(self) -> Transceiver:
        """The module as it was read a second time."""
        if self.later is None:
            raise Unasked(Needs.TIME.value)
        return self.later

    def others(self) -> tuple[Transceiver, ...]:
        """The other modules of the fleet."""
        if not self.fleet:
            raise Unasked(Needs.FLEET.value)
        return self.fleet

    def board(self) -> Operator:
        """The module where it may be operated."""
        if self.operator is None:
            raise Unasked(Needs.WRITES.value)
        return self.operator

    def hands(self) -> Hands:
        """Who moves light and power."""
        hands = self.board().hands
        if hands is None:
            raise Unasked(Needs.HANDS.value)
        return hands

    def one_of(self, *allowed: Any, advice: str = "") -> Choice[Any]:
        return one_of(*allowed, clause=self.clause, standing=self.standing, advice=advice)

    def same_as(self, reading: Value[Any], advice: str = "") -> Choice[Any] | Unknown:
        return same_as(reading, clause=self.clause, standing=self.standing, advice=advice)

    def at_most(self, bound: Value[Decimal], unit: Unit = Unit.NONE, *, strict: bool = False) -> Range | Unknown:
        return at_most(bound, clause=self.clause, standing=self.standing, strict=strict, unit=unit)

    def at_least(self, bound: Value[Decimal], unit: Unit = Unit.NONE, *, strict: bool = False) -> Range | Unknown:
        return at_least(bound, clause=self.clause, standing=self.standing, strict=strict, unit=unit)

    def within(self, min: str = "", max: str = "", unit: Unit = Unit.NONE, *, strict: bool = False) -> Range:
        """Bounds as text, an empty one is open."""
        low, high = (Decimal(bound) if bound else None for bound in (min, max))
        return Range(low, high, unit, self.clause, self.standing, strict=strict)

    def where_advertised(self, limit: Limit, reading: Value[Any], at: object = "") -> Finding:
        """The limit's finding; not applicable where the module declares that it has no such register."""
        if isinstance(reading, Missing) and reading.why in ABSENT_BY_RIGHT:
            return unadvertised(reading, at)
        return limit.judge(reading, at)


class Limit(Protocol):
    """Anything that judges a reading."""

    def judge(self, reading: Any, at: object = "") -> Finding: ...


def unadvertised(missing: Missing, at: object = "") -> Finding:
    """The finding about a register that the module declares it does not have."""
    return not_applicable(Reading(missing.why.value, missing.source), because=missing.detail or str(missing), at=at)


Body: TypeAlias = Callable[[M, Ask], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """One demand."""

    id: str  # "CM-08"
    title: str
    clause: str
    level: Level
    needs: Needs
    management: str  # "cmis", "sff8636", "sff8472"
    body: Callable[[Any, Ask], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a rule on one module; ``unasked`` says why it could not be put, or not to its end."""

    rule: Rule
    findings: tuple[Finding, ...] = ()
    unasked: str = ""

    @property
    def outcome(self) -> str:
        """``holds``, ``breached``, ``warns``, ``not asked`` or ``does not apply``.

        What was found beyond a limit counts more than what could not be asked, and that more than what holds.
        """
        outcomes = {finding.outcome for finding in self.findings}
        if Outcome.FAIL in outcomes:
            return "breached"
        if Outcome.WARN in outcomes:
            return "warns"
        if self.unasked or not outcomes or Outcome.NOT_MEASURED in outcomes:
            return "not asked"
        return "does not apply" if outcomes == {Outcome.NOT_APPLICABLE} else "holds"

    @property
    def why(self) -> str:
        """Why it could not be put; empty where it was."""
        if self.outcome != "not asked":
            return ""
        absent = (finding for finding in self.findings if finding.outcome is Outcome.NOT_MEASURED)
        first = next(absent, None)
        if first is None:
            return self.unasked
        reason = first.reason or ""
        return reason.partition(UNTOLD)[2] or ": ".join(part for part in (first.at, reason) if part)


UNTOLD = f"{Absence.NOT_DECLARED.value}: "
"""What stands before the detail of something that the audit was not told."""

OUTCOMES = ("breached", "warns", "holds", "does not apply", "not asked")
"""The outcomes of a rule, what matters most first."""


class Table(Generic[M]):
    """The rules of one document in its order: ``rule = Table[CmisTransceiver]("cmis")``, ``@rule("CM-08", ...)``."""

    def __init__(self, management: str) -> None:
        self.management = management
        self.rules: dict[str, Rule] = {}

    def __call__(
        self, id: str, clause: str, level: Level = Level.MUST, needs: Needs = Needs.DUMP
    ) -> Callable[[Body[M]], Rule]:
        def wrap(body: Body[M]) -> Rule:
            if id in self.rules:
                raise ValueError(f"rule {id} is there twice")
            title = (inspect.getdoc(body) or "").partition("\n")[0]
            made = Rule(id, title, clause, level, needs, self.management, body)
            self.rules[id] = made
            return made

        return wrap


__all__ = [
    "OUTCOMES",
    "Ask",
    "Board",
    "Hands",
    "Level",
    "Limit",
    "Needs",
    "Result",
    "Rule",
    "Table",
    "Unasked",
    "unadvertised",
]
