"""``plugfest explain``: what a check asks, why, on what evidence, and what to do where it fails."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from ..check import Check
from ..engine import Bench, all_checks, check_named, open_lab
from ..errors import UsageError
from ..evidence import Evidence, written
from ..report import explain
from ..report.checklist import table
from ..verdict import said

LIMIT_HEADS: Final = ("at", "limit", "standing", "clause")

Limit = tuple[str, str, str, str]


def run(args: argparse.Namespace) -> int:
    checks = chosen(args)
    bench = bench_of(args.lab) if args.lab else None
    systems = asked_systems(args.nos, bench)
    if args.json:
        told = [
            explain.document(check, systems)
            | {"limits": [dict(zip(LIMIT_HEADS, row, strict=True)) for row in limits_in(bench, check)]}
            for check in checks
        ]
        print(json.dumps(told if args.all else told[0], indent=1))
    elif args.markdown:
        print("\n".join(explain.page(checks) if args.all else explain.markdown(checks[0])))
    else:
        print("\n\n\n".join(whole(check, systems, bench) for check in checks))
    return 0


def chosen(args: argparse.Namespace) -> Sequence[Check]:
    """The check that is named, or every one."""
    if args.all is (args.check is not None):
        raise UsageError("explain: name a check, or ask for --all")
    if args.markdown and (args.json or args.lab or args.nos):
        raise UsageError("explain: --markdown is of no lab and of every system, and a form of its own")
    return all_checks() if args.all else (check_named(all_checks(), args.check),)


def asked_systems(named: str | None, bench: Bench | None) -> Sequence[str]:
    """The system that is named, those of the lab, or every one."""
    known = tuple(explain.book().systems)
    if named is None and bench is not None:
        there = {device.nos for device in bench.lab.devices.values()}
        return tuple(system for system in known if system in there)
    if named is None:
        return known
    if named not in known:
        near = get_close_matches(named, known, 1)
        hint = f"near is {near[0]}" if near else f"there are {', '.join(known)}"
        raise UsageError(f"explain: no system {named!r}; {hint}")
    return (named,)


def whole(check: Check, systems: Sequence[str], bench: Bench | None) -> str:
    """The text of a check, with its limits where there is a lab."""
    lines = list(explain.text(check, systems))
    limits = limits_in(bench, check)
    if limits:
        lines += ["", "limits in this lab", table(alike(limits), LIMIT_HEADS)]
    elif bench is None:
        lines += ["", "its limits depend on the lab: add --lab LAB"]
    return "\n".join(lines)


def limits_in(bench: Bench | None, check: Check) -> list[Limit]:
    """The limits that a check holds the subjects of a lab to, as far as they show without evidence."""
    if bench is None:
        return []
    blank = Bench(bench.lab, Evidence(None), [check], as_of=bench.as_of)
    found = (finding for owed in blank.plan for finding in blank.judge(owed).findings)
    return list(dict.fromkeys((f.at, said(f.limit, f.unit), f.standing.value, f.clause) for f in found))


def alike(limits: Sequence[Limit]) -> list[Limit]:
    """Limits that are the same at many places on one line."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for at, limit, standing, clause in limits:
        places.setdefault((limit, standing, clause), []).append(at)
    return [
        (names[0] if len(names) == 1 else f"{names[0]}, and {len(names) - 1} more", *said_of)
        for said_of, names in places.items()
    ]


def bench_of(lab: Path) -> Bench:
    """The bench of a lab that may not have been recorded yet, so that no evidence can say as of when to judge."""
    bench = open_lab(lab)
    return bench if bench.lab.as_of is not None else open_lab(lab, as_of=written(datetime.now(UTC)))
