"""Every check on every recording: none raises, and each failure is argued for in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.check import Check
from harness.engine import Bench, all_checks
from harness.verdict import Outcome, Verdict
from tests import recorded_labs
from tests.recordings import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "findings-on-real-recordings.md"
ROW = re.compile(r"- `(?P<check>[A-Z]+-[0-9]+)`: (?P<names>`[^`]+`(?:, `[^`]+`)*)")
LABS = {"modules": recorded_labs.modules, "systems": recorded_labs.systems}

Judged = dict[str, tuple[Bench, list[Verdict]]]


@pytest.fixture(scope="module")
def judged(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """The benches of both labs, and all their verdicts."""
    found: Judged = {}
    for name, build in LABS.items():
        bench = build(tmp_path_factory.mktemp(name))
        found[name] = bench, [bench.judge(owed) for owed in bench.plan]
    return found


def listed() -> set[tuple[str, str]]:
    """The failures that the document argues for: check and recording."""
    rows = map(ROW.fullmatch, DOCUMENT.read_text("utf-8").splitlines())
    found = [(row["check"], name) for row in rows if row for name in re.findall(r"`([^`]+)`", row["names"])]
    assert len(found) == len(set(found)), "argued for twice"
    return set(found)


def failures(bench: Bench, verdicts: list[Verdict]) -> set[tuple[str, str]]:
    failed = [verdict for verdict in verdicts if verdict.outcome is Outcome.FAIL]
    return {(one.check, name) for one in failed for name in recorded_labs.recordings_of(bench, one.subject)}


def test_every_check_is_judged_on_something_recorded(judged: Judged) -> None:
    owed: set[Check] = {owed.check for bench, _ in judged.values() for owed in bench.plan}
    assert {check.id for check in all_checks()} == {check.id for check in owed}


@pytest.mark.parametrize("lab", LABS)
def test_no_check_raises_and_none_lacks_a_limit(judged: Judged, lab: str) -> None:
    _, verdicts = judged[lab]
    assert [f"{one.check} {one.subject}: {one.error}" for one in verdicts if one.outcome is Outcome.ERROR] == []


def test_every_failure_is_argued_for_in_the_document(judged: Judged) -> None:
    found = set[tuple[str, str]]().union(*(failures(*lab) for lab in judged.values()))
    assert sorted(found - listed()) == []


def test_every_failure_that_is_argued_for_is_still_there(judged: Judged) -> None:
    found = set[tuple[str, str]]().union(*(failures(*lab) for lab in judged.values()))
    assert sorted(listed() - found) == []
