"""Work shared out between processes: nothing is lost, nothing is changed, and who dies is told of."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from harness.engine import Bench, open_lab
from harness.errors import EvidenceError, PlugfestError, WorkerError
from harness.ledger import entry
from harness.reading import Absence, Source
from harness.workers import lent_a_hand, shared_out

ROOT = Path(__file__).resolve().parent.parent
MIXED = ROOT / "lab_configs" / "mixed.yaml"
PLACE = Source("leaf1: show version", "line 3", "4.33.2F")


def lines(bench: Bench, jobs: int) -> list[bytes]:
    return list(bench.judge_all(bench.plan, lambda verdict: entry(verdict.document()).line, jobs=jobs))


def test_two_processes_judge_to_the_byte_as_one_does():
    """Devices of every system are decoded in another process, and their facts come back."""
    assert lines(open_lab(MIXED), 2) == lines(open_lab(MIXED), 1)


def test_what_judge_all_tells_is_what_judging_one_by_one_tells():
    bench = open_lab(MIXED)
    one_by_one = sorted(entry(bench.judge(owed).document()).line for owed in bench.plan)
    assert sorted(lines(bench, 1)) == one_by_one


def test_large_runs_let_go_of_subjects_and_tell_the_same(monkeypatch):
    whole = lines(open_lab(MIXED), 1)
    monkeypatch.setattr("harness.engine.VERY_LARGE", 1)
    assert lines(open_lab(MIXED), 1) == whole


def test_evidence_that_was_tampered_with_is_found_by_two_processes_too(tmp_path):
    evidence = tmp_path / "evidence"
    shutil.copytree(ROOT / "fixtures" / "mixed", evidence)
    for file in (evidence / "answers").glob("*/0*"):
        file.write_bytes(file.read_bytes() + b"\n")
    told = lines(open_lab(MIXED, evidence=evidence), 2)
    assert told == lines(open_lab(MIXED, evidence=evidence), 1)
    reasons = [finding["reason"] or "" for line in told for finding in json.loads(line)["findings"]]
    assert any(reason.startswith(Absence.TAMPERED.value) for reason in reasons)


def squared(number: int) -> int:
    return number * number


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("many", [0, 1, 3, 100])
def test_results_come_in_the_order_of_the_parts(jobs: int, many: int):
    assert list(shared_out(squared, range(many), jobs)) == [n * n for n in range(many)]
    assert jobs == 1 or lent_a_hand(squared, range(many), jobs) == {n: n * n for n in range(many)}


HERE = os.getpid()


def killed_elsewhere(number: int) -> int:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)  # the other process is there by then
    return number


def test_a_process_that_is_killed_is_an_error_and_no_lost_result():
    with pytest.raises(WorkerError, match="--jobs 1"):
        list(shared_out(killed_elsewhere, range(20), 2))


def unreadable_at_three(number: int) -> int:
    if number == 3:
        raise EvidenceError("index.jsonl:3: not a record")
    return number


def test_an_error_of_the_users_files_is_raised_with_its_status():
    with pytest.raises(PlugfestError, match="not a record") as raised:
        list(shared_out(unreadable_at_three, range(20), 2))
    assert raised.value.exit_status == EvidenceError.exit_status


def fails_on_even(number: int) -> object:
    return 1 / (number % 2) if number % 4 else lambda: None  # of which one cannot be made, the other not be sent


def test_what_cannot_be_made_or_sent_is_left_to_who_needs_it():
    found = lent_a_hand(fails_on_even, range(9), 2)
    assert {number: found[number] for number in (1, 3, 5, 7)} == {1: 1, 3: 1, 5: 1, 7: 1}
    assert not {2, 6} & set(found)
