"""Faults planted in simulated labs: the tables are in order, and every fault is found by what has to find it."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from harness.engine import all_checks
from harness.lab.load import load
from harness.simlab.faults import CHANGES, OPTIONAL, SETTINGS
from tests.faults.__main__ import EACH, FEWEST
from tests.faults.edits import CONFIGS, edited
from tests.faults.run import lab_of, run
from tests.faults.table import DECLARED, FAMILIES, LABS, Row, expected, rows

ROWS = rows()


def test_names_are_given_once() -> None:
    assert [name for name, times in Counter(row.name for row in ROWS).items() if times > 1] == []


def test_there_are_enough() -> None:
    assert len(ROWS) >= FEWEST


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_are_of_labs_and_kinds_of_change_that_there_are(family: str) -> None:
    for row in rows(family):
        assert row.lab in LABS, row.name
        assert {change["do"] for change in row.changes} <= {*CHANGES, *DECLARED}, row.name
        assert row.must, row.name
        assert row.why or all(one.outcome == "FAIL" for one in row.must), row.name


def test_every_check_has_to_find_some() -> None:
    finders = Counter(check for row in ROWS for check in {one.check for one in row.must})
    ids = {check.id for check in all_checks()}
    assert {check for check in finders if check not in ids} == set()
    assert {check for check in ids if finders[check] < EACH} == set()


def test_targets_are_ports_and_devices_of_their_labs() -> None:
    for name, file in (("mixed", "mixed"), ("rack3", "rack3"), ("soak", "mixed")):
        lab = load(CONFIGS / f"{file}.yaml")
        known = {*lab.devices, lab.name, ""}
        known |= {str(port) for device in lab.devices.values() for port in device.ports}
        told = {change.get("target", "") for row in ROWS if row.lab == name for change in row.changes}
        assert told <= known


def test_what_kinds_are_told_is_what_they_take() -> None:
    for row in ROWS:
        for change in row.changes:
            if change["do"] in SETTINGS:
                words = set(SETTINGS[change["do"]].split())
                told = set(change) - {"do", "target"}
                assert told <= words, row.name
                assert words - OPTIONAL.get(change["do"], frozenset()) <= told, row.name


def test_an_expectation_says_check_subject_and_outcome() -> None:
    assert str(expected("FEC-12 a:b--c:d = WARN")) == "FEC-12 a:b--c:d = WARN"
    assert expected("FEC-12 a:b--c:d").outcome == "FAIL"
    with pytest.raises(ValueError, match="an id, a subject"):
        expected("FEC-12")


def test_a_copy_of_the_lab_files_loads_as_they_do(tmp_path: Path) -> None:
    change = {"do": "lab", "set": "racks.mixed.budget_watts", "value": 30000}
    lab, usual = load(edited("mixed", [change], tmp_path)), load(CONFIGS / "mixed.yaml")
    assert lab.racks[0].budget_watts == 30000
    assert list(lab.devices) == list(usual.devices)
    assert list(map(str, lab.links)) == list(map(str, usual.links))


SHARES = (("mixed", 0), ("mixed", 1), ("soak", 0))
"""Parts of the matrix of half a minute or less, so that workers share it."""

EVERY = {"mixed": 14, "soak": 10, "rack3": 1}
"""So many-th rows of a lab are here; the whole matrix is `make faults`, which continuous integration runs, too."""

WHOLE = os.environ.get("PLUGFEST_FAULTS") == "all"


def share(lab: str, part: int) -> list[Row]:
    mine = [row for row in ROWS if row.lab == lab]
    return mine[part :: EVERY[lab]]


@pytest.mark.parametrize(("lab", "part"), SHARES, ids=[f"{lab}-{part}" for lab, part in SHARES])
def test_every_fault_is_found_by_what_has_to_find_it_and_changes_nothing_else(lab: str, part: int) -> None:
    wrong: dict[str, object] = {}
    for row in share(lab, part):
        found = run(row, whole=WHOLE)
        if not found.clean:
            wrong[row.name] = (found.problem, found.missed, found.false)
    assert wrong == {}


def test_what_is_left_out_could_not_have_changed() -> None:
    """Judging every verdict of a row finds no more than judging those that it reaches."""
    names = ("a module is hotter than its own alarm, EOS", "a link is down from an EOS leaf to a host")
    for row in (row for row in ROWS if row.name in names):
        some, every = run(row), run(row, whole=True)
        assert {name for name, _ in every.false} == {name for name, _ in some.false}
        assert every.right == some.right


def test_the_labs_are_healthy() -> None:
    for name in ("mixed", "soak"):
        trouble = {key: v.grounds() for key, v in lab_of(name).verdicts.items() if v.outcome.value not in HEALTHY}
        assert trouble == {}


HEALTHY = frozenset({"PASS", "N/A", "WAIVED"})
