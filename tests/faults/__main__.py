"""``python -m tests.faults``: plant every fault and print which check found it (``make faults``)."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from harness.engine import all_checks
from tests.faults.run import Found, lab_of, run
from tests.faults.table import FAMILIES, LABS, Row, rows

FEWEST: Final = 200
EACH: Final = 2
"""Faults that there have to be in all, and of which each check has to be the finder."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--family", choices=FAMILIES, help="only the rows of a family")
    parser.add_argument("--lab", choices=LABS, help="only the rows of a lab")
    parser.add_argument("--row", action="append", default=[], help="only the rows whose name has this in it")
    parser.add_argument("--check", help="only the rows that this check has to find")
    parser.add_argument("--details", action="store_true", help="tell of every verdict missed or without cause")
    parser.add_argument("--whole", action="store_true", help="judge every verdict of every row")
    parser.add_argument(
        "--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines, a row a line, then the totals")
    chosen = parser.parse_args(arguments)
    wanted = [
        row
        for row in rows(chosen.family or "")
        if (not chosen.row or any(part in row.name for part in chosen.row))
        and chosen.lab in (None, row.lab)
        and (not chosen.check or any(one.check == chosen.check for one in row.must))
    ]
    part = len(wanted) < len(rows())
    found = list(shown(every(wanted, chosen.jobs, whole=chosen.whole), len(wanted)))
    found.sort(key=lambda one: wanted.index(one.row))
    if chosen.json:
        for one in found:
            print(json.dumps(document(one)))
        print(json.dumps(totals(found)))
    else:
        print("\n".join(matrix(found)))
        if part or chosen.details:
            print("\n".join(details(found)))
    lacking = [] if part else list(lacks(found))
    print("\n".join(lacking), file=sys.stderr)
    return 0 if all(one.clean for one in found) and not lacking else 1


def every(wanted: Sequence[Row], jobs: int, *, whole: bool = False) -> Iterator[Found]:
    """Every row, in whatever order they end; the labs are made before the work is shared out."""
    for name in dict.fromkeys(row.lab for row in wanted):
        base = lab_of(name)
        _ = base.verdicts
        if any(row.earlier is not None for row in wanted if row.lab == name):
            _ = base.beside_itself
    if jobs < 2 or len(wanted) < 4:
        yield from (run(row, whole=whole) for row in wanted)
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        work = pool.imap_unordered(_whole if whole else run, wanted, chunksize=2)
        yield from work


def _whole(row: Row) -> Found:
    return run(row, whole=True)


def shown(found: Iterable[Found], of: int) -> Iterator[Found]:
    """With a progress bar where somebody watches."""
    for number, one in enumerate(found, 1):
        if sys.stderr.isatty():
            done = 40 * number // of
            print(f"\r[{'#' * done:<40}] {number} of {of}", end="" if number < of else "\n", file=sys.stderr)
        yield one


def counts(found: Iterable[Found]) -> dict[str, Counter[str]]:
    """By check: faults planted, found by it, found only by another, missed, and false alarms."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        for check in {expected.check for expected in one.row.must}:
            table[check]["planted"] += 1
            gone = [expected for expected, _ in one.missed if expected.check == check]
            if not gone:
                table[check]["found"] += 1
            elif one.right or one.others:
                table[check]["by another"] += 1
            else:
                table[check]["missed"] += 1
        for name, _ in one.false:
            table[name.partition(" ")[0]]["false"] += 1
    return table


COLUMNS: Final = ("planted", "found", "by another", "missed", "false")


def matrix(found: Sequence[Found]) -> Iterator[str]:
    """The tables: by check, by system and family, and the totals."""
    yield f"{'check':<10}{'planted':>9}{'found':>9}{'by another':>12}{'missed':>9}{'false alarms':>14}"
    for check, told in sorted(counts(found).items()):
        yield (
            f"{check:<10}{told['planted']:>9}{told['found']:>9}{told['by another']:>12}{told['missed']:>9}"
            f"{told['false']:>14}"
        )
    yield ""
    systems = sorted({system for one in found for system in one.systems})
    yield f"{'family':<10}" + "".join(f"{system:>9}" for system in systems) + "   faults planted through each system"
    for family in FAMILIES:
        mine = [one for one in found if one.row.family == family]
        if mine:
            yield f"{family:<10}" + "".join(f"{sum(system in one.systems for one in mine):>9}" for system in systems)
    yield ""
    yield told_in_all(totals(found))


def totals(found: Sequence[Found]) -> dict[str, int]:
    return {
        "faults": len(found),
        "found": sum(not one.missed and not one.problem for one in found),
        "by_another": sum(bool(one.missed) and bool(one.right or one.others) for one in found),
        "missed": sum(bool(one.missed) and not (one.right or one.others) for one in found),
        "false_alarms": sum(len(one.false) for one in found),
        "not_run": sum(bool(one.problem) for one in found),
    }


def told_in_all(told: dict[str, int]) -> str:
    return (
        f"{told['faults']} faults: {told['found']} found by the right check, {told['by_another']} only by another, "
        f"{told['missed']} missed, {told['false_alarms']} false alarms"
        + (f", {told['not_run']} could not be run" if told["not_run"] else "")
    )


def details(found: Iterable[Found]) -> Iterator[str]:
    """What was missed and what was said without cause, with its grounds."""
    for one in found:
        if one.clean:
            continue
        yield f"\n{one.row.family}.toml: {one.row.name}"
        if one.problem:
            yield f"  not run: {one.problem}"
            continue
        yield from (f"  missed   {expected}: {why}" for expected, why in one.missed)
        yield from (f"  false    {name}: {how}" for name, how in one.false)


def lacks(found: Sequence[Found]) -> Iterator[str]:
    """What the whole matrix has to have and does not."""
    if len(found) < FEWEST:
        yield f"{len(found)} faults are planted; {FEWEST} were expected"
    finders = Counter(check for one in found for check in {expected.check for expected in one.row.must})
    for check in all_checks():
        if finders[check.id] < EACH:
            yield f"{check.id} has to find {finders[check.id]} faults; {EACH} were expected"
    for family in FAMILIES:
        systems = {system for one in found if one.row.family == family for system in one.systems}
        if "sonic" not in systems or len(systems) < 2:
            yield f"{family}: planted through {', '.join(sorted(systems))}; sonic and another were expected"


def document(one: Found) -> dict[str, Any]:
    return {
        "name": one.row.name,
        "family": one.row.family,
        "lab": one.row.lab,
        "systems": sorted(one.systems),
        "found": [str(expected) for expected in one.right],
        "missed": {str(expected): why for expected, why in one.missed},
        "false": dict(one.false),
        "problem": one.problem,
    }


if __name__ == "__main__":
    raise SystemExit(main())
