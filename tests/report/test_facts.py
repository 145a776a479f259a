"""Page one: it is written whatever a driver does, and it tells what no parser understood."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

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


def test_a_line_that_no_parser_knows_is_told(tmp_path: Path) -> None:
    for folder in ("lab_configs", "fixtures/rack3"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    index = tmp_path / "fixtures" / "rack3" / "index.jsonl"
    records = [json.loads(line) for line in index.read_text("utf-8").splitlines()]
    for record in records:
        if (record["device"], record["ask"]) == ("leaf1", "show interfaces fec status"):
            file = index.parent / record["file"]
            file.write_bytes(file.read_bytes() + b"a line of tomorrow's release\n")
            record["sha256"] = sha256(file.read_bytes()).hexdigest()
    index.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    (told,) = facts_of(open_lab(tmp_path / "lab_configs" / "rack3.yaml")).unread
    assert told.startswith("leaf1: show interfaces fec status line ")
    assert "a line of tomorrow's release" in told


def test_ends_that_were_asked_hours_apart_are_no_one_state(tmp_path: Path) -> None:
    for folder in ("lab_configs", "fixtures/rack3"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    index = tmp_path / "fixtures" / "rack3" / "index.jsonl"
    records = [json.loads(line) for line in index.read_text("utf-8").splitlines()]
    for record in records:
        if (record["device"], record["ask"]) == ("leaf1", "show interfaces fec status"):
            record["at"] = record["at"].replace("T12:", "T17:")
    index.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    bench = open_lab(tmp_path / "lab_configs" / "rack3.yaml")
    skew = facts_of(bench).skew
    assert skew is not None and skew > 17_000
    of_leaf1 = [owed for owed in bench.plan if owed.check.id == "FEC-03" and "leaf1" in owed.subject]
    assert of_leaf1
    assert not [owed for owed in of_leaf1 if bench.judge(owed).outcome is Outcome.PASS]
