"""``plugfest waive``: draft a waiver from a verdict, to be owned, dated and put into the lab file by a person."""

from __future__ import annotations

import argparse
import json
import re
from datetime import date, timedelta
from typing import Final

from ..engine import Bench, check_named, open_lab
from ..errors import UsageError
from ..verdict import Finding, Outcome, Verdict

DAYS: Final = 90
"""How long a draft holds where nobody says."""

BLOCKING: Final = (Outcome.FAIL, Outcome.WARN, Outcome.NOT_MEASURED)


def run(args: argparse.Namespace) -> int:
    """Exit 0 with a draft; what passes, or ended in an error, needs none."""
    bench = open_lab(args.lab, as_of=args.as_of, evidence=args.evidence)
    check = check_named(bench.checks, args.check)
    owed = next((one for one in bench.plan if one.check.id == check.id and one.subject == args.subject), None)
    if owed is None:
        subjects = sum(one.check.id == check.id for one in bench.plan)
        raise UsageError(f"{check.id} is not asked of {args.subject!r} in this lab; of {subjects} others it is")
    bench.ready()
    verdict = bench.judge(owed)
    findings = [one for one in verdict.findings if one.outcome in BLOCKING and args.lane in (None, one.at)]
    if not findings:
        raise UsageError(f"{check.id} {args.subject}: {verdict.outcome}: nothing that a waiver would cover")
    draft = drafted(bench, verdict, findings, args)
    if args.json:
        told = {key: value for key, value in draft.items() if key != "name"}
        print(json.dumps({"waivers": {draft["name"]: told}}, indent=1))
    else:
        print("\n".join(text(draft, findings)))
    return 0


def drafted(bench: Bench, verdict: Verdict, findings: list[Finding], args: argparse.Namespace) -> dict[str, str]:
    """The waiver as the lab file has it; what nobody said is left to say."""
    outcomes = {finding.outcome for finding in findings}
    gone = Outcome.NOT_MEASURED in outcomes
    covers = "only" if outcomes == {Outcome.NOT_MEASURED} else "true" if gone else "false"
    expires = day(args.expires) if args.expires else bench.as_of.date() + timedelta(days=DAYS)
    name = re.sub(r"[^a-z0-9]+", "-", f"{verdict.check} {verdict.subject}".lower()).strip("-")
    draft = {"name": name, "check": verdict.check, "subject": verdict.subject}
    if args.lane:
        draft["lane"] = args.lane
    if covers != "false":
        draft["not_measured"] = covers
    return draft | {
        "owner": args.owner or "WHO ANSWERS FOR IT",
        "reason": args.reason or "WHY IT IS TAKEN AS IT IS",
        "expires": expires.isoformat(),
    }


def day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UsageError(f"--expires {word}: expected a day such as 2027-06-30") from None


def text(draft: dict[str, str], findings: list[Finding]) -> list[str]:
    """The draft as lines of YAML, with what it covers beside it."""
    lines = ["waivers:", *(f"  # {finding.outcome}: {finding}" for finding in findings), f"  {draft['name']}:"]
    plain = ("not_measured", "expires", "check")
    for key, value in draft.items():
        if key != "name":
            lines.append(f"    {key}: {value if key in plain else quoted(value)}")
    return lines


def quoted(value: str) -> str:
    """A text of YAML that stands for itself."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
