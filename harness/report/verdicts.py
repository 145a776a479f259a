"""``verdicts.jsonl``: JSON Lines, first the run, then a verdict a line in the order of the plan.

The published schema of both kinds of line is ``verdict.schema.json`` beside this file.  No line has a timestamp of the
run that wrote it, so that the same evidence gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import EvidenceError
from ..evidence import written as instant_written
from ..ledger import Document, Summary, written
from .facts import Facts

FORMAT = 1


def header(summary: Summary, facts: Facts) -> Document:
    """The first line: the run."""
    return {
        "run": {
            "lab": facts.lab,
            "origin": facts.origin,
            "judged_as_of": instant_written(facts.as_of),
            "planned": summary.planned,
            "decision": summary.decision.value,
            "format": FORMAT,
            "run": summary.run,
            "partial": summary.partial,
            "marginal": summary.marginal,
            "totals": summary.totals(),
            "waiver_problems": [f"{use.name}: {use.problem}" for use in summary.bad_waivers],
            "strays": list(summary.strays),
        }
    }


def lines(summary: Summary, facts: Facts, verdicts: Iterable[bytes]) -> Iterator[bytes]:
    """The whole file, line by line."""
    yield written(header(summary, facts))
    yield from verdicts


def write(file: Path, summary: Summary, facts: Facts, verdicts: Iterable[bytes]) -> None:
    with file.open("wb") as out:
        out.writelines(lines(summary, facts, verdicts))


def read_header(line: bytes, place: str) -> Mapping[str, Any]:
    """What stands under ``run`` in the first line."""
    try:
        document = json.loads(line)
        run = document["run"]
    except (ValueError, KeyError, TypeError):
        raise EvidenceError(f"{place}:1: expected the run, found {line[:80].decode('utf-8', 'replace')!r}") from None
    if not isinstance(run, dict) or run.get("format") != FORMAT:
        raise EvidenceError(f"{place}:1: expected a run of format {FORMAT}")
    return run


def schema() -> str:
    """The published JSON Schema of a line."""
    return files(__package__).joinpath("verdict.schema.json").read_text("utf-8")
