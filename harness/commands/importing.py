"""``plugfest import``: outputs that were collected by hand become evidence of origin ``imported``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from ..errors import EvidenceError, UsageError
from ..evidence import Ask, Evidence, Origin, Record, Recorder, instant, written
from ..evidence.redact import redact
from ..imported import Found, Gathered, Skipped, gather, missing, questions_of, settle, understood
from ..lab.load import load
from ..version import VERSION

NOTHING: Final = 2
SHOWN: Final = 8
"""Lines of one kind that a terminal gets; ``--json`` has them all."""


def run(args: argparse.Namespace) -> int:
    """Exit 0 where anything was imported, 2 where nothing was."""
    lab = load(args.lab)
    at = moment(args.at)
    questions = questions_of(lab, args.device)
    nos = lab.devices[args.device].nos
    fits(args.into, args.device)
    gathered = gather(args.source, lab, args.device, questions, at)
    before = records_of(args.into)
    chosen = settle(gathered, questions, args.device, before)
    rows: list[tuple[Found, Record, str]] = []
    if chosen:
        with Recorder(args.into, origin=Origin.IMPORTED, made_by=f"plugfest {VERSION}", lab=lab.name) as recorder:
            for found, answer in chosen:
                record = recorder.append(answer)
                recorder.journal.tell(
                    args.device, "imported", at=answer.at, ask=answer.ask.text, sample=answer.ask.sample,
                    file=found.file, line=found.line,
                )  # fmt: skip
                said = understood(nos, answer)
                rows.append((found, record, redact(said)))
    absent = missing(questions, args.device, records_of(args.into))
    if args.json:
        print(json.dumps(document(args, rows, gathered, absent, len(questions.asks)), indent=1))
    else:
        show(args, rows, gathered, absent, len(questions.asks))
    return 0 if rows else NOTHING


def moment(text: str | None) -> datetime | None:
    """The instant of ``--at``."""
    try:
        return None if text is None else instant(text)
    except ValueError as bad:
        raise UsageError(f"--at: expected an instant such as 2026-11-20T12:00:00Z: {bad}") from None


def fits(store: Path, device: str) -> None:
    """EvidenceError where a directory is no place for imported evidence."""
    if not (store / "evidence.json").exists():
        if store.is_dir() and any(store.iterdir()):
            raise UsageError(f"{store}: is neither empty nor an evidence directory: name another one")
        return
    origin = Evidence(store).about["origin"]
    if origin != Origin.IMPORTED:
        raise EvidenceError(
            f"{store}: holds evidence of origin {origin}, with which imported evidence is not mixed: name another "
            f"directory, and in the lab file under {device}'s evidence"
        )


def records_of(store: Path) -> tuple[Record, ...]:
    return Evidence(store).records if (store / "index.jsonl").exists() else ()


def document(
    args: argparse.Namespace,
    rows: Sequence[tuple[Found, Record, str]],
    gathered: Gathered,
    absent: Sequence[Ask],
    owed: int,
) -> dict[str, object]:
    return {
        "device": args.device,
        "store": str(args.into),
        "imported": [
            {
                "file": redact(found.file),
                "line": found.line,
                "command": record.ask.text,
                "sample": record.ask.sample,
                "at": written(record.at),
                "status": record.status,
                "remark": said,
            }
            for found, record, said in rows
        ],
        "questions": owed,
        "missing": [{"command": ask.text, "sample": ask.sample} for ask in absent],
        "not_imported": [{"file": redact(s.file), "line": s.line, "why": redact(s.why)} for s in gathered.skipped],
        "warnings": [redact(text) for text in gathered.warnings],
    }


def show(
    args: argparse.Namespace,
    rows: Sequence[tuple[Found, Record, str]],
    gathered: Gathered,
    absent: Sequence[Ask],
    owed: int,
) -> None:
    from ..report.checklist import table

    cells = [
        (redact(place(found.file, found.line)), sampled(record.ask), written(record.at), said)
        for found, record, said in rows
    ]
    if cells:
        print(table(cells, ("file", "command", "at", "remark")))
    for line in (*reasons(gathered.skipped), *shortened("missing", [sampled(ask) for ask in absent])):
        print(line)
    answered = f"{owed - len(absent)} of {owed} questions answered"
    print(f"{args.device}: {len(rows)} answers imported into {args.into}; {answered}")
    for text in gathered.warnings:
        print(f"plugfest: warning: {redact(text)}", file=sys.stderr)
    if not rows and gathered.found:
        print(f"plugfest: {args.source}: nothing in it is later than what {args.into} has", file=sys.stderr)
    elif not rows:
        print(f"plugfest: {args.source}: nothing in it answers a question to {args.device}", file=sys.stderr)


def place(file: str, line: int) -> str:
    return f"{file}:{line}" if line else file


def sampled(ask: Ask) -> str:
    return f"{ask.text} (sample {ask.sample})" if ask.sample > 1 else ask.text


def reasons(skipped: Iterable[Skipped]) -> Iterator[str]:
    """What was not imported, by reason."""
    groups: dict[str, list[str]] = {}
    for one in skipped:
        groups.setdefault(redact(one.why), []).append(redact(place(one.file, one.line)))
    for why, places in groups.items():
        yield from shortened(f"not imported, {why}", places)


def shortened(head: str, items: Sequence[str]) -> Iterator[str]:
    """A line an item, the first few of them."""
    if items:
        yield f"{head}: {len(items)}"
        yield from (f"  {item}" for item in items[:SHOWN])
    if len(items) > SHOWN:
        yield f"  and {len(items) - SHOWN} more (--json lists them)"
