"""Waivers: dated, owned permissions for one check and one subject, put on findings and never on a whole verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..lab.inventory import Waiver
from ..verdict import Finding, Outcome, Verdict


def apply(verdict: Verdict, waivers: Sequence[Waiver], as_of: datetime) -> Verdict:
    """The verdict with those findings WAIVED that a waiver in force covers.

    A waiver covers FAIL and WARN, and NOT-MEASURED only where it says so; an ERROR is never waived.
    """
    mine = [waiver for waiver in waivers if meant(waiver, verdict) and not expired(waiver, as_of)]
    if not mine or verdict.error:
        return verdict
    return replace(verdict, findings=tuple(under(finding, mine) for finding in verdict.findings))


def under(finding: Finding, waivers: Iterable[Waiver]) -> Finding:
    """The finding, waived by the first waiver that covers it."""
    return next((finding.waived(waiver.name) for waiver in waivers if covers(waiver, finding)), finding)


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Whether a waiver of this check and subject covers this finding."""
    if waiver.at_lane is not None and finding.at != waiver.at_lane:
        return False
    if finding.outcome is Outcome.NOT_MEASURED:
        return waiver.not_measured
    return finding.outcome in (Outcome.FAIL, Outcome.WARN)


def meant(waiver: Waiver, verdict: Verdict) -> bool:
    """Whether a waiver is for this check and subject."""
    return waiver.check == verdict.check and waiver.subject == verdict.subject


def expired(waiver: Waiver, as_of: datetime) -> bool:
    """Whether a waiver no longer holds; it does on the day that it names."""
    return as_of.date() > waiver.expires


@dataclass(frozen=True, slots=True)
class Problem:
    """A waiver that does not do what it was written for: it fails the run."""

    waiver: Waiver
    why: str

    def __str__(self) -> str:
        waiver = self.waiver
        return f"waiver {waiver.name} of {waiver.owner} for {waiver.check} {waiver.subject}: {self.why} [{waiver.at}]"


def named(waivers: Iterable[Waiver]) -> frozenset[tuple[str, str]]:
    """The checks and subjects whose verdicts ``audit`` has to see; a ledger need not keep the others."""
    return frozenset((waiver.check, waiver.subject) for waiver in waivers)


def audit(waivers: Sequence[Waiver], verdicts: Iterable[Verdict], as_of: datetime) -> tuple[Problem, ...]:
    """The waivers that match nothing, have expired, or whose subject passes now.

    ``verdicts`` are those of a whole run, waivers applied; of them only the ``named`` ones matter.
    """
    wanted = named(waivers)
    keyed = (((verdict.check, verdict.subject), verdict) for verdict in verdicts)
    seen = {key: verdict for key, verdict in keyed if key in wanted}
    problems = ((waiver, complaint(waiver, seen.get((waiver.check, waiver.subject)), as_of)) for waiver in waivers)
    return tuple(Problem(waiver, why) for waiver, why in problems if why)


def complaint(waiver: Waiver, verdict: Verdict | None, as_of: datetime) -> str:
    """What is wrong with a waiver, empty where it does what it was written for."""
    if expired(waiver, as_of):
        return f"expired on {waiver.expires.isoformat()}"
    if verdict is None:
        return "matches nothing: the run owes no such verdict"
    if any(finding.waiver == waiver.name for finding in verdict.findings):
        return ""
    if verdict.error or not verdict.findings:
        return "covers nothing: the check ended in an error, which no waiver covers"
    there = [finding for finding in verdict.findings if waiver.at_lane in (None, finding.at)]
    if not there:
        return f"matches nothing: no finding is at {waiver.at_lane}"
    if any(finding.outcome is Outcome.WAIVED for finding in there):
        return "covers nothing: another waiver covers it already"
    if any(finding.outcome is Outcome.NOT_MEASURED for finding in there):
        return "covers nothing: what it names was not measured, and it does not say that it covers that"
    if any(finding.outcome is Outcome.ERROR for finding in there):
        return "covers nothing: the check ended in an error, which no waiver covers"
    return "not needed: what it names passes now"
