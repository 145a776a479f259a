"""What the checks say of the simulated rack: nothing of the healthy one, and every fault of the other by its name."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from harness.engine import Bench, open_lab
from harness.simlab.faults import Fault, read
from harness.verdict import Outcome
from tests.recordings import REPOSITORY

FAULTS = read(REPOSITORY / "fixtures" / "rack3-faulty.toml")
NAMED = {Outcome.FAIL, Outcome.NOT_MEASURED, Outcome.WAIVED}


def judged(name: str) -> Mapping[tuple[str, str], Outcome]:
    bench: Bench = open_lab(REPOSITORY / "lab_configs" / f"{name}.yaml")
    return {(owed.check.id, owed.subject): bench.judge(owed).outcome for owed in bench.plan}


@pytest.fixture(scope="module")
def faulty() -> Mapping[tuple[str, str], Outcome]:
    return judged("rack3-faulty")


def test_nothing_is_wrong_with_the_healthy_rack() -> None:
    wrong = {
        owed: outcome
        for owed, outcome in judged("rack3").items()
        if outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE)
    }
    assert not wrong


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_is_named_by_the_checks_that_should_name_it(
    faulty: Mapping[tuple[str, str], Outcome], fault: Fault
) -> None:
    written = {check for check, _ in faulty}
    for check in fault.checks:
        if check in written:  # others of the catalogue are not there yet
            places = (fault.subject, *fault.subject.split("--"))
            assert {faulty[check, place] for place in places if (check, place) in faulty} & NAMED, check
