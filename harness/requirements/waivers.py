"""Waivers: dated, owned permissions for a check and a subject, put on findings and never on a whole verdict.

Check and subject may be patterns, as file names have them: ``CMIS-*`` of ``spine1:*``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Final

from ..lab.inventory import Waiver
from ..verdict import Finding, Outcome, Verdict

PATTERN: Final = re.compile(r"[*?\[\]]")


def apply(verdict: Verdict, waivers: Sequence[Waiver], as_of: datetime) -> Verdict:
    """The verdict with those findings WAIVED that a waiver in force covers.

    A waiver covers FAIL and WARN, and NOT-MEASURED only where it says so, which may be all that it covers; an ERROR is
    never waived.
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
    return waiver.failures and finding.outcome in (Outcome.FAIL, Outcome.WARN)


def meant(waiver: Waiver, verdict: Verdict) -> bool:
    """Whether a waiver is for this check and subject."""
    return matches(waiver, verdict.check, verdict.subject)


def matches(waiver: Waiver, check: str, subject: str) -> bool:
    """Whether a waiver names a check and a subject, or matches both; a name without a pattern matches itself."""
    return fnmatchcase(check, waiver.check) and fnmatchcase(subject, waiver.subject)


def wide(waiver: Waiver) -> bool:
    """Whether a waiver is a pattern, for more than one verdict."""
    return PATTERN.search(waiver.check + waiver.subject) is not None


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


def audit(waivers: Sequence[Waiver], verdicts: Iterable[Verdict], as_of: datetime) -> tuple[Problem, ...]:
    """The waivers that match nothing, have expired, or whose subject passes now.

    ``verdicts`` are those of a whole run, waivers applied.
    """
    of: dict[str, list[Verdict]] = {waiver.name: [] for waiver in waivers}
    for verdict in verdicts:
        for waiver in waivers:
            if meant(waiver, verdict):
                of[waiver.name].append(verdict)
    problems = ((waiver, complaint(waiver, of[waiver.name], as_of)) for waiver in waivers)
    return tuple(Problem(waiver, why) for waiver, why in problems if why)


def complaint(waiver: Waiver, verdicts: Iterable[Verdict], as_of: datetime) -> str:
    """What is wrong with a waiver for these verdicts, empty where it does what it was written for."""
    if expired(waiver, as_of):
        return f"expired on {waiver.expires.isoformat()}"
    whys = []
    for verdict in verdicts:
        why = idle(waiver, verdict)
        if not why:
            return ""
        whys.append(why)
    if not whys:
        return "matches nothing: the run owes no such verdict"
    return whys[0] if len(whys) == 1 else f"covers nothing in any of {len(whys)} verdicts; the first: {whys[0]}"


def idle(waiver: Waiver, verdict: Verdict) -> str:
    """Why a waiver does nothing for a verdict that it is for; empty where it covers a finding of it."""
    if any(finding.waiver == waiver.name for finding in verdict.findings):
        return ""
    if verdict.error or not verdict.findings:
        return "covers nothing: the check ended in an error, which no waiver covers"
    there = [finding for finding in verdict.findings if waiver.at_lane in (None, finding.at)]
    if not there:
        return f"matches nothing: no finding is at {waiver.at_lane}"
    if any(finding.outcome is Outcome.WAIVED for finding in there):
        return "covers nothing: another waiver covers it already"
    if not waiver.not_measured and any(finding.outcome is Outcome.NOT_MEASURED for finding in there):
        return "covers nothing: what it names was not measured, and it does not say that it covers that"
    if not waiver.failures and any(finding.outcome in (Outcome.FAIL, Outcome.WARN) for finding in there):
        return "covers nothing: what it names was measured, and it is only for what was not"
    if any(finding.outcome is Outcome.ERROR for finding in there):
        return "covers nothing: the check ended in an error, which no waiver covers"
    return "not needed: what it names passes now"
