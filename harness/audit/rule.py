"""``@rule`` turns a generator of findings into a rule of the conformance audit.

A rule is one demand of a management specification, with its clause and its weight. What it needs to be asked is part of
it: a dump answers the first kind, the others say why they could not be asked where the need is not met.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from ..clock import Clock
from ..decode.bus import Bus
from ..decode.transceiver import Transceiver
from ..verdict import Finding, Outcome, Standing


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


class Hands(Protocol):
    """What a person, or a simulation, does to the module from outside."""

    def light(self, on: bool) -> None:
        """Connect or cut the optical input."""

    def host_signal(self, on: bool) -> None:
        """Give or cut the electrical input."""

    def reset(self) -> None:
        """Pulse the reset pin."""

    def insert(self) -> None:
        """Pull the module and plug it in again."""


@dataclass(frozen=True, slots=True)
class Board:
    """A module that may be operated: its bus, its time, and who can move light and power; None where nobody can."""

    bus: Bus
    clock: Clock
    hands: Hands | None = None


@dataclass(frozen=True)
class Rule:
    """One demand."""

    id: str  # "CM-08"
    title: str
    clause: str
    level: Level
    needs: Needs
    management: str  # "cmis", "sff8636", "sff8472"
    body: Callable[..., Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a rule on one module; ``unasked`` says why it could not be put."""

    rule: Rule
    findings: tuple[Finding, ...] = ()
    unasked: str = ""

    @property
    def outcome(self) -> str:
        """``holds``, ``breached``, ``warns``, ``not asked`` or ``does not apply``."""
        outcomes = {finding.outcome for finding in self.findings}
        if self.unasked or not outcomes:
            return "not asked"
        if Outcome.FAIL in outcomes:
            return "breached"
        if Outcome.NOT_MEASURED in outcomes:
            return "not asked"
        if Outcome.WARN in outcomes:
            return "warns"
        return "does not apply" if outcomes == {Outcome.NOT_APPLICABLE} else "holds"


class Table:
    """The rules of one document in its order: ``rules = Table("cmis")``, then ``@rules("CM-08", ...)``."""

    def __init__(self, management: str) -> None:
        self.management = management
        self.rules: dict[str, Rule] = {}

    def __call__(
        self, id: str, clause: str, level: Level = Level.MUST, needs: Needs = Needs.DUMP
    ) -> Callable[[Callable[..., Iterator[Finding]]], Rule]:
        def wrap(body: Callable[..., Iterator[Finding]]) -> Rule:
            if id in self.rules:
                raise ValueError(f"rule {id} is there twice")
            title = (inspect.getdoc(body) or "").partition("\n")[0]
            made = Rule(id, title, clause, level, needs, self.management, body)
            self.rules[id] = made
            return made

        return wrap


DumpRule = Callable[[Transceiver], Iterator[Finding]]
BoardRule = Callable[[Board], Iterator[Finding]]
Asked = Callable[..., Any]
