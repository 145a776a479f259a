"""A waiver drafted from a verdict does what it says, and a verdict can be walked back to the lines it rests on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli import main
from harness.engine import open_lab
from harness.verdict import Outcome

ROOT = Path(__file__).resolve().parent.parent
FAULTY = ROOT / "lab_configs" / "rack3-faulty.yaml"
PORT = "leaf1:Ethernet64"


def planted() -> tuple[str, str]:
    """A check and a subject that fail in the faulty rack."""
    import tomllib

    faults = tomllib.loads((ROOT / "fixtures" / "rack3-faulty.toml").read_text("utf-8"))["fault"]
    fault = next(one for one in faults if "FEC-06" in one["checks"])
    return "FEC-06", fault["subject"]


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(list(words)) == status
    return capsys.readouterr().out


def test_a_drafted_waiver_covers_the_verdict_it_was_drafted_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check, subject = planted()
    told = said(capsys, "waive", str(FAULTY), check, subject, "--owner", "A. Engineer", "--reason", "see ticket 7")
    lab = tmp_path / "lab.yaml"
    lab.write_text(f"extends: {FAULTY}\n{told}", "utf-8")
    bench = open_lab(lab)
    owed = next(one for one in bench.plan if (one.check.id, one.subject) == (check, subject))
    assert bench.judge(owed).outcome is Outcome.WAIVED
    assert [waiver.owner for waiver in bench.lab.waivers if waiver.check == check] == ["A. Engineer"]


def test_what_was_not_measured_is_waived_as_that_alone(capsys: pytest.CaptureFixture[str]) -> None:
    draft = json.loads(said(capsys, "waive", str(FAULTY), "FEC-01", "leaf1:Ethernet0", "--json"))
    (waiver,) = draft["waivers"].values()
    assert waiver["not_measured"] == "only"
    assert waiver["owner"] == "WHO ANSWERS FOR IT"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("FEC-01", "leaf1:Ethernet16"), "PASS: nothing that a waiver would cover"),
        (("FEC-01", "leaf9:Ethernet0"), "FEC-01 is not asked of 'leaf9:Ethernet0' in this lab"),
        (("FEC-99", "leaf1:Ethernet0"), "no check 'FEC-99'"),
        (("FEC-01", "leaf1:Ethernet0", "--expires", "soon"), "--expires soon: expected a day"),
    ],
)
def test_what_cannot_be_waived_is_said(words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["waive", str(FAULTY), *words]) == 2
    assert why in capsys.readouterr().err


def test_a_verdict_is_walked_to_the_line_and_the_byte(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(
        capsys, "judge", str(ROOT / "lab_configs" / "rack3.yaml"), "--why", "leaf1:Ethernet16", "--check", "FEC-01"
    )
    assert "PASS FEC-01 fec.required-code leaf1:Ethernet16" in told
    assert "| $ show interfaces fec status   (leaf1, " in told
    assert "rs           rs" in told
    told = said(
        capsys, "judge", str(ROOT / "lab_configs" / "rack3.yaml"), "--why", "leaf1:Ethernet16", "--check", "CMIS-01"
    )
    assert "| lower memory   0: 19 50" in told


def test_what_passes_is_left_out_unless_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    check, subject = planted()
    told = said(capsys, "judge", str(FAULTY), "--why", subject)
    assert f"FAIL {check}" in told
    assert "more verdicts on" in told
    document = json.loads(said(capsys, "judge", str(FAULTY), "--why", subject, "--check", check, "--json"))
    assert document[0]["trail"][0].startswith(f"FAIL {check}")
