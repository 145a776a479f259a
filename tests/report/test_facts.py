"""Page one: it is written whatever a driver does, and it tells what no parser understood."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from harness.drivers.linux import Host
from harness.engine import Bench, open_lab
from harness.report.facts import facts_of
from harness.verdict import Outcome

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench() -> Bench:
    return open_lab(ROOT / "lab_configs" / "rack3.yaml")


def test_a_bug_in_a_driver_does_not_keep_page_one_from_being_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(host: Host) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(Host, "facts", broken)
    facts = facts_of(bench)
    assert facts.skew is not None  # of the links between switches


def changed(home: Path, change: Callable[[dict[str, Any], Path], None]) -> Bench:
    """The example rack with something done to the record of leaf1's FEC status, and to the file of its answer."""
    for folder in ("lab_configs", "fixtures/rack3"):
        shutil.copytree(ROOT / folder, home / folder)
    index = home / "fixtures" / "rack3" / "index.jsonl"
    records = [json.loads(line) for line in index.read_text("utf-8").splitlines()]
    for record in records:
        if (record["device"], record["ask"]) == ("leaf1", "show interfaces fec status"):
            change(record, index.parent / record["file"])
    index.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    return open_lab(home / "lab_configs" / "rack3.yaml")


def test_a_line_that_no_parser_knows_is_told(tmp_path: Path) -> None:
    def add_a_line(record: dict[str, Any], file: Path) -> None:
        file.write_bytes(file.read_bytes() + b"a line of tomorrow's release\n")
        record["sha256"] = sha256(file.read_bytes()).hexdigest()

    (told,) = facts_of(changed(tmp_path, add_a_line)).unread
    assert told.startswith("leaf1: show interfaces fec status line ")
    assert "a line of tomorrow's release" in told


def test_ends_that_were_asked_hours_apart_are_no_one_state(tmp_path: Path) -> None:
    def ask_later(record: dict[str, Any], file: Path) -> None:
        record["at"] = record["at"].replace("T12:", "T17:")

    bench = changed(tmp_path, ask_later)
    skew = facts_of(bench).skew
    assert skew is not None and skew > 17_000
    of_leaf1 = [owed for owed in bench.plan if owed.check.id == "FEC-03" and "leaf1" in owed.subject]
    assert of_leaf1
    assert not [owed for owed in of_leaf1 if bench.judge(owed).outcome is Outcome.PASS]
