"""The evidence directories in ``fixtures/``: generated, whole, and the same whenever they are made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import LabError, UsageError
from harness.evidence import Evidence, Origin
from harness.lab.measurements import load_measurements
from harness.reading import Reading
from harness.simlab import MADE_BY
from harness.simlab.__main__ import main
from harness.simlab.faults import DAMAGES, read
from harness.simlab.world import World
from tests.recordings import REPOSITORY

FIXTURES = REPOSITORY / "fixtures"
LAB = str(REPOSITORY / "lab_configs" / "rack3.yaml")
FAULTS = FIXTURES / "rack3-faulty.toml"
FAULTY_LAB = str(REPOSITORY / "lab_configs" / "rack3-faulty.yaml")
MADE = {"rack3": (LAB,), "rack3-faulty": (FAULTY_LAB, "--faults", str(FAULTS))}


def files(directory: Path) -> dict[str, bytes]:
    return {str(file.relative_to(directory)): file.read_bytes() for file in directory.rglob("*") if file.is_file()}


@pytest.mark.parametrize("name", MADE)
def test_making_it_again_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    lab, *options = MADE[name]
    assert main([lab, str(tmp_path / name), *options]) == 0
    again, kept = files(tmp_path / name), files(FIXTURES / name)
    assert again.keys() == kept.keys()
    assert [file for file in again if again[file] != kept[file]] == []


@pytest.mark.parametrize("name", MADE)
def test_it_says_that_it_is_simulated(name: str) -> None:
    about = json.loads((FIXTURES / name / "evidence.json").read_text("utf-8"))
    assert about["origin"] == Origin.SIMULATED.value == Evidence(FIXTURES / name).origin.value
    assert about["made_by"] == MADE_BY


@pytest.mark.parametrize("name", MADE)
def test_it_is_small(name: str) -> None:
    """Of 8.8 MB, 0.9 are what three switches tell of their modules' flags, and 0.4 TDECQ at three temperatures."""
    assert sum(map(len, files(FIXTURES / name).values())) < 9_000_000


def test_the_healthy_evidence_verifies_and_the_faulty_one_only_where_it_was_damaged() -> None:
    assert list(Evidence(FIXTURES / "rack3").faults()) == []
    damaged = [fault for fault in read(FAULTS) if fault.do in ("lose", "alter")]
    told = list(Evidence(FIXTURES / "rack3-faulty").faults())
    for fault in damaged:
        assert any(f"answers/{fault.target}/" in line for line in told)
    assert len(told) == 4  # the lost and the altered answer were asked for twice
    silent = [record for record in Evidence(FIXTURES / "rack3-faulty").records if record.status is None]
    assert [(r.ask.device, r.ask.text) for r in silent] == [
        (fault.target, fault.text("command")) for fault in read(FAULTS) if DAMAGES.get(fault.do) == "silent"
    ]


def test_every_optical_lane_was_measured(world: World) -> None:
    held = load_measurements([FIXTURES / "rack3" / "scope" / "tdecq.csv"])
    measured = {
        (row.serial.value, row.lane.value)
        for row in held
        if isinstance(row.serial, Reading) and isinstance(row.lane, Reading) and isinstance(row.value, Reading)
    }
    optical = [module for module in world.modules if module.kind.optical]
    assert measured == {(m.serial, lane) for m in optical for lane in range(1, len(m.lanes) + 1)}


def test_two_samples_are_ten_minutes_apart() -> None:
    at = {record.ask: record.at for record in Evidence(FIXTURES / "rack3").records}
    pairs = [(at[replace(ask, sample=1)], when) for ask, when in at.items() if ask.sample == 2]
    assert pairs
    assert {(second - first).total_seconds() for first, second in pairs} == {600.0}


def test_a_directory_that_something_else_made_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    assert main([LAB, str(tmp_path)]) == UsageError.exit_status
    assert "left alone" in capsys.readouterr().err
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_a_start_without_an_offset_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([LAB, str(tmp_path / "out"), "--start", "2026-11-20T12:00:00"]) == 2
    assert "no offset from UTC" in capsys.readouterr().err


def test_a_lab_file_that_is_not_there_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.yaml"), str(tmp_path / "out")]) == LabError.exit_status
    assert capsys.readouterr().err.count("\n") == 1


def test_nothing_of_the_recordings_is_in_the_fixtures(recordings: Path) -> None:
    """A simulated answer may have the form of a recorded one, never its very bytes."""
    recorded = {digest(file): file for file in recordings.rglob("*") if file.is_file() and file.stat().st_size > 200}
    made = [file for file in FIXTURES.rglob("*") if file.is_file()]
    assert made
    assert {str(file): str(recorded[digest(file)]) for file in made if digest(file) in recorded} == {}


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
