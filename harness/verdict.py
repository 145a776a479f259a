"""What a check concluded, and on what grounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from .reading import Missing, Source
from .units import Unit, brief, scientific


class Outcome(StrEnum):
    PASS = "PASS"
    FAIL = "FAIL"  # measured, and outside a limit
    WARN = "WARN"  # outside an advisory limit, or one that nobody has held against its document
    NOT_MEASURED = "NOT-MEASURED"  # a needed reading is missing
    ERROR = "ERROR"  # a bug of ours, a missing limit, nothing yielded
    NOT_APPLICABLE = "N/A"  # a reading proves that the limit does not govern this subject
    WAIVED = "WAIVED"  # what would block is under a dated, owned waiver


WORST_FIRST = (
    Outcome.ERROR,
    Outcome.FAIL,
    Outcome.NOT_MEASURED,
    Outcome.WARN,
    Outcome.WAIVED,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)
RANK: Mapping[Outcome, int] = {outcome: rank for rank, outcome in enumerate(WORST_FIRST)}


class Standing(StrEnum):
    """How the number of a limit is known."""

    STRUCTURAL = "structural"  # true by construction
    CITED = "cited"  # two independent public sources name the clause
    DATASHEET = "datasheet"  # read in a public datasheet
    OPERATOR = "operator"  # a published operator's gate
    BUYER = "buyer"  # the profile or the lab file says so
    RECALLED = "recalled"  # from memory, not held against the document
    DRAFT = "draft"  # a draft standard
    ADVISORY = "advisory"  # a proposal without a standard behind it

    @property
    def beyond(self) -> Outcome:
        """What a reading beyond a limit of this standing is."""
        return Outcome.WARN if self in (Standing.RECALLED, Standing.DRAFT, Standing.ADVISORY) else Outcome.FAIL


@dataclass(frozen=True, slots=True)
class Finding:
    """One reading judged by one limit."""

    outcome: Outcome
    at: str
    measured: str | None  # None where nothing was measured
    unit: Unit
    limit: Mapping[str, str]  # {"max": "3.4"}, {"min": .., "max": ..}, {"one_of": ..} or {"equals": ..}
    margin: Decimal | None  # positive is inside
    clause: str
    standing: Standing
    source: Source
    reason: str | None = None
    marginal: bool = False
    waiver: str | None = None

    def waived(self, by: str) -> Finding:
        return replace(self, outcome=Outcome.WAIVED, waiver=by)

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at else ""
        measured = f"{brief(self.measured)} {self.unit}".rstrip() if self.measured is not None else "nothing"
        against = f" against {said(self.limit, self.unit)}" if self.limit else ""
        margin = "" if self.margin is None else f", margin {brief(signed(self.margin))} {self.unit}".rstrip()
        clause = f" [{self.clause}; {self.standing}]" if self.clause else ""
        reason = f": {self.reason}" if self.reason else ""
        return f"{place}{measured}{against}{margin}{reason}{clause} from {self.source}"

    def document(self) -> dict[str, Any]:
        """The finding as ``verdicts.jsonl`` has it."""
        document: dict[str, Any] = {
            "at": self.at,
            "outcome": self.outcome.value,
            "measured": self.measured,
            "unit": self.unit.value,
            "limit": dict(self.limit),
            "margin": None if self.margin is None else scientific(self.margin),
            "clause": self.clause,
            "standing": self.standing.value,
            "source": str(self.source),
            "reason": self.reason,
        }
        if self.waiver is not None:
            document["waiver"] = self.waiver
        if self.marginal:
            document["marginal"] = True
        return document


def signed(number: Decimal) -> str:
    text = scientific(number)
    return text if text.startswith("-") else f"+{text}"


WORDS = {
    "min": ">=",
    "max": "<=",
    "below": "<",
    "above": ">",
    "equals": "=",
    "one_of": "one of",
    "not": "not",
    "all": "all of",
}


def said(limit: Mapping[str, str], unit: Unit = Unit.NONE) -> str:
    """A limit as a person reads it: ``<= 3.4 dB``."""
    return " and ".join(f"{WORDS.get(word, word)} {brief(value)} {unit}".rstrip() for word, value in limit.items())


NOBODY: Mapping[str, str] = MappingProxyType(
    {"vendor_sn": "", "vendor_pn": "", "vendor_rev": "", "firmware": "", "software": ""}
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The worst of its findings; no finding at all is an error, never a pass."""

    check: str  # "OPT-01"
    name: str  # "optics.tdecq"
    subject: str  # "leaf1:Ethernet64"
    findings: tuple[Finding, ...]
    error: str = ""  # the traceback of a bug of ours, or what table lacks which row
    about: Mapping[str, str] = field(default_factory=lambda: NOBODY)

    @property
    def outcome(self) -> Outcome:
        if self.error or not self.findings:
            return Outcome.ERROR
        return min((finding.outcome for finding in self.findings), key=RANK.__getitem__)

    @property
    def marginal(self) -> bool:
        return any(finding.marginal for finding in self.findings)

    @property
    def waiver(self) -> str | None:
        return next((finding.waiver for finding in self.findings if finding.waiver), None)

    @property
    def worst(self) -> tuple[Finding, ...]:
        """The findings that decided."""
        return tuple(finding for finding in self.findings if finding.outcome is self.outcome)

    def grounds(self) -> str:
        """Why the outcome is what it is, a line a finding."""
        if self.error:
            return self.error
        return "\n".join(map(str, self.worst)) or "the check looked at nothing"

    def document(self) -> dict[str, Any]:
        """The verdict as a line of ``verdicts.jsonl``."""
        document: dict[str, Any] = {
            "check": self.check,
            "name": self.name,
            "subject": self.subject,
            "outcome": self.outcome.value,
            "marginal": self.marginal,
            "waiver": self.waiver,
            "about": dict(self.about),
            "findings": [finding.document() for finding in self.findings],
        }
        if self.error or not self.findings:
            document["error"] = self.grounds()
        return document


def undecided(
    missing: Missing, limit: Mapping[str, str], clause: str, standing: Standing, unit: Unit, at: object
) -> Finding:
    """A finding about a reading that is not there."""
    return Finding(
        Outcome.NOT_MEASURED, str(at), None, unit, limit, None, clause, standing, missing.source, reason=str(missing)
    )
