"""Planned x verdicts: totals, holes, what is wrong with waivers, and the decision.

A verdict goes to disk as it comes and only totals stay in memory, so that a run does not grow with ports x checks x
lanes.  Verdicts may come in any order, as they do from several workers; they are read back in the order of the plan.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any, NamedTuple, Protocol

from .errors import PluginError
from .lab.inventory import Waiver
from .reading import Source
from .requirements.waivers import complaint, expired, matches, wide
from .units import Unit
from .verdict import RANK, WORST_FIRST, Finding, Outcome, Standing, Verdict

Document = Mapping[str, Any]  # a verdict as ``Verdict.document()`` has it
NOT_RUN = "NOT-RUN"  # planned, and no verdict came
UNDECIDED = (Outcome.NOT_MEASURED, Outcome.ERROR)
SOMETHING = (Outcome.PASS, Outcome.WARN, Outcome.WAIVED)


class Decision(StrEnum):
    """The word that a run ends with."""

    ACCEPTED = "ACCEPTED"
    ACCEPTED_WITH_WAIVERS = "ACCEPTED WITH WAIVERS"
    INCOMPLETE = "INCOMPLETE"
    REJECTED = "REJECTED"

    @property
    def accepted(self) -> bool:
        return self in (Decision.ACCEPTED, Decision.ACCEPTED_WITH_WAIVERS)

    @property
    def exit_status(self) -> int:
        return {Decision.REJECTED: 1, Decision.INCOMPLETE: 3}.get(self, 0)


class Asked(Protocol):
    """What a ledger has to know of a check."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...


def decide(counts: Mapping[Outcome, int], *, holes: int = 0, bad_waivers: int = 0, strays: int = 0) -> Decision:
    """The decision over a run.

    ``holes`` are verdicts that were planned and not run, ``strays`` verdicts that nobody planned or that came twice and
    differ.  A run in which nothing was measured, because there is no verdict or all are N/A, accepts nothing.
    """
    if counts.get(Outcome.FAIL) or bad_waivers:
        return Decision.REJECTED
    if holes or strays or any(counts.get(outcome) for outcome in UNDECIDED):
        return Decision.INCOMPLETE
    if not any(counts.get(outcome) for outcome in SOMETHING):
        return Decision.INCOMPLETE
    return Decision.ACCEPTED_WITH_WAIVERS if counts.get(Outcome.WAIVED) else Decision.ACCEPTED


@dataclass(frozen=True, slots=True)
class Tally:
    """One check over all its subjects."""

    check: str
    name: str
    title: str
    planned: int
    counts: Mapping[Outcome, int]
    marginal: int

    @property
    def run(self) -> int:
        return sum(self.counts.values())

    @property
    def holes(self) -> int:
        return self.planned - self.run

    @property
    def worst(self) -> str:
        return worst(self.counts, self.holes)

    @property
    def covers(self) -> bool:
        """Something passed or failed, so the check has really been asked."""
        return bool(self.counts.get(Outcome.PASS) or self.counts.get(Outcome.FAIL))


def worst(counts: Mapping[Outcome, int], holes: int = 0) -> str:
    """The worst outcome that occurs; what was not run is as bad as what was not measured, and is named first."""
    found = [outcome for outcome in WORST_FIRST if counts.get(outcome)]
    if holes and (not found or RANK[found[0]] >= RANK[Outcome.NOT_MEASURED]):
        return NOT_RUN
    return found[0].value if found else "NONE"


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """A waiver of the lab file, and what became of it."""

    name: str
    check: str
    subject: str
    owner: str
    reason: str
    expires: date
    verdicts: int  # in how many it covers something
    problem: str = ""  # why it fails the run
    failures: bool = True  # covers more than what was not measured

    @property
    def used(self) -> bool:
        return self.verdicts > 0


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished run in numbers, and the verdicts that a reader has to see."""

    decision: Decision
    planned: int
    run: int
    counts: Mapping[Outcome, int]
    marginal: int
    tallies: tuple[Tally, ...]  # in the order of the plan
    waivers: tuple[WaiverUse, ...]
    strays: tuple[str, ...]
    troubles: tuple[Document, ...]  # every verdict that is neither PASS nor N/A, worst first
    marginals: tuple[Document, ...]  # passed, inside the guard band

    @property
    def holes(self) -> int:
        return self.planned - self.run

    @property
    def partial(self) -> bool:
        return self.run < self.planned

    @property
    def bad_waivers(self) -> tuple[WaiverUse, ...]:
        return tuple(waiver for waiver in self.waivers if waiver.problem)

    @property
    def uncovered(self) -> tuple[str, ...]:
        """Checks with no PASS and no FAIL anywhere."""
        return tuple(tally.check for tally in self.tallies if not tally.covers)

    def coverage(self) -> str:
        """How much the run really asked, in one line."""
        share = f"{100 * self.counts.get(Outcome.NOT_APPLICABLE, 0) / self.run:.1f} %" if self.run else "none run"
        gaps = ", ".join(self.uncovered) or "none"
        return f"checks with no PASS and no FAIL anywhere: {gaps}; N/A: {share} of the verdicts"

    def ran(self) -> str:
        return f"{self.run} of {self.planned} planned verdicts"

    def totals(self) -> dict[str, int]:
        """Every outcome and its count, worst first; what was not run last."""
        return {outcome.value: self.counts.get(outcome, 0) for outcome in WORST_FIRST} | {NOT_RUN: self.holes}


class Entry(NamedTuple):
    """A verdict as a ledger takes it: its line, and what is counted of it."""

    check: str
    subject: str
    outcome: Outcome
    marginal: bool
    line: bytes


def entry(document: Document) -> Entry:
    """What a ledger has to know of a verdict; it may be made in another process."""
    check, subject, outcome = str(document["check"]), str(document["subject"]), Outcome(document["outcome"])
    return Entry(check, subject, outcome, bool(document["marginal"]), written(document))


class Ledger:
    """Takes verdicts as they come.

    ``spill`` is a binary file, open for reading and writing, that the ledger has to itself.
    """

    def __init__(self, checks: Iterable[Asked], planned: Iterable[tuple[str, str]], spill: IO[bytes]) -> None:
        """``planned`` are the check ids and subjects owed, each check's subjects together."""
        self.checks = {check.id: check for check in checks}
        self._plan = _Plan(planned)
        self._spill = spill
        self._at = array("q", [-1]) * len(self._plan)  # where each verdict's line begins
        self._end = 0
        self._counts: dict[str, Counter[Outcome]] = {id: Counter() for id in self.checks}
        self._marginal: Counter[str] = Counter()
        self._troubles: dict[Outcome, array[int]] = {}
        self._marginals = array("q")
        self._strays: list[str] = []

    @property
    def planned(self) -> int:
        return len(self._plan)

    @property
    def run(self) -> int:
        return sum(counts.total() for counts in self._counts.values())

    def place(self, check: str, subject: str) -> int | None:
        """Where in the plan a verdict stands, from 0; None where it is not planned."""
        return self._plan.find(check, subject)

    def add(self, document: Document) -> None:
        """Enter one verdict."""
        self.enter(entry(document))

    def enter(self, entry: Entry) -> None:
        """Enter one verdict that is written already."""
        check, subject, outcome, line = entry.check, entry.subject, entry.outcome, entry.line
        place = self._plan.find(check, subject)
        if place is None:
            self._strays.append(f"{check} {subject}: {outcome}, and nobody planned it")
            return
        if self._at[place] >= 0:
            if self._read(place) != line:
                self._strays.append(f"{check} {subject}: came twice and differs; the first stands")
            return
        self._at[place] = self._end
        self._spill.seek(self._end)
        self._spill.write(line)
        self._end += len(line)
        self._counts[check][outcome] += 1
        if entry.marginal:
            self._marginal[check] += 1
            if outcome is Outcome.PASS:
                self._marginals.append(place)
        if outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE):
            self._troubles.setdefault(outcome, array("q")).append(place)

    def lines(self) -> Iterator[bytes]:
        """Every verdict's line, in the order of the plan."""
        for place, at in enumerate(self._at):
            if at >= 0:
                yield self._read(place)

    def _read(self, place: int) -> bytes:
        self._spill.seek(self._at[place])
        return self._spill.readline()

    def _documents(self, places: Iterable[int]) -> tuple[Document, ...]:
        return tuple(json.loads(self._read(place)) for place in sorted(places))

    def close(self, waivers: Sequence[Waiver], *, as_of: datetime) -> Summary:
        """The run as it stands; waivers are those of the lab file, and expire against the instant judged."""
        counts: Counter[Outcome] = Counter()
        for those in self._counts.values():
            counts.update(those)
        uses = tuple(self._used(waiver, as_of) for waiver in waivers)
        run = counts.total()
        decision = decide(
            counts,
            holes=len(self._plan) - run,
            bad_waivers=sum(1 for use in uses if use.problem),
            strays=len(self._strays),
        )
        return Summary(
            decision=decision,
            planned=len(self._plan),
            run=run,
            counts=counts,
            marginal=self._marginal.total(),
            tallies=tuple(map(self._tally, self.checks)),
            waivers=uses,
            strays=tuple(self._strays),
            troubles=tuple(
                document for outcome in WORST_FIRST for document in self._documents(self._troubles.get(outcome, ()))
            ),
            marginals=self._documents(self._marginals),
        )

    def _tally(self, id: str) -> Tally:
        check = self.checks[id]
        return Tally(id, check.name, check.title, self._plan.owed.get(id, 0), self._counts[id], self._marginal[id])

    def _used(self, waiver: Waiver, as_of: datetime) -> WaiverUse:
        """What became of a waiver.  That its subject was not run in a partial run is not held against it."""
        places = self._plan.those(waiver)
        ran = [place for place in places if self._at[place] >= 0]
        verdicts = [verdict_of(json.loads(self._read(place))) for place in ran]
        problem = "" if places and not ran and not expired(waiver, as_of) else complaint(waiver, verdicts, as_of)
        covered = sum(any(finding.waiver == waiver.name for finding in verdict.findings) for verdict in verdicts)
        return WaiverUse(
            waiver.name,
            waiver.check,
            waiver.subject,
            waiver.owner,
            waiver.reason,
            waiver.expires,
            verdicts=covered,
            problem=problem,
            failures=waiver.failures,
        )


class _Plan:
    """Where each verdict stands.  Checks of the same subjects share one index, so it grows with checks + subjects."""

    def __init__(self, owed: Iterable[tuple[str, str]]) -> None:
        grouped: dict[str, list[str]] = {}
        for check, subject in owed:
            grouped.setdefault(check, []).append(subject)
        self.owed = {check: len(subjects) for check, subjects in grouped.items()}
        self._start: dict[str, int] = {}
        self._index: dict[str, dict[str, int]] = {}
        shared: dict[tuple[str, ...], dict[str, int]] = {}
        self._length = 0
        for check, subjects in grouped.items():
            names = tuple(subjects)
            index = shared.setdefault(names, {})
            if not index:
                index.update((name, number) for number, name in enumerate(names))
            if len(index) != len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise PluginError(f"check {check} owes two verdicts on one name, {twice}: its subject type is too wide")
            self._start[check], self._index[check] = self._length, index
            self._length += len(names)

    def __len__(self) -> int:
        return self._length

    def find(self, check: str, subject: str) -> int | None:
        number = self._index.get(check, {}).get(subject)
        return None if number is None else self._start[check] + number

    def those(self, waiver: Waiver) -> list[int]:
        """Where the verdicts stand that a waiver is for."""
        if not wide(waiver):
            place = self.find(waiver.check, waiver.subject)
            return [] if place is None else [place]
        return [
            self._start[check] + number
            for check, index in self._index.items()
            for subject, number in index.items()
            if matches(waiver, check, subject)
        ]


def written(document: Document) -> bytes:
    """A line of ``verdicts.jsonl``: the same bytes for the same verdict, on every machine and in every year."""
    return json.dumps(document, ensure_ascii=False, separators=(", ", ": ")).encode("utf-8") + b"\n"


def verdict_of(document: Document) -> Verdict:
    """The verdict that a document tells; its sources are whole texts."""
    return Verdict(
        document["check"],
        document["name"],
        document["subject"],
        tuple(map(finding_of, document["findings"])),
        document.get("error", ""),
        document["about"],
    )


def finding_of(document: Document) -> Finding:
    return Finding(
        outcome=Outcome(document["outcome"]),
        at=document["at"],
        measured=document["measured"],
        unit=Unit(document["unit"]),
        limit=document["limit"],
        margin=None if document["margin"] is None else Decimal(document["margin"]),
        clause=document["clause"],
        standing=Standing(document["standing"]),
        source=Source(document["source"]),
        reason=document["reason"],
        marginal=document.get("marginal", False),
        waiver=document.get("waiver"),
    )
