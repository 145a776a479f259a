"""``plugfest collect`` as whoever types it sees it: what was left out, what failed, bars, and a password asked for."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from harness.cli import main
from harness.commands.collect import Bars, Lines, Prompting, Shown
from harness.evidence import Answer, Ask, Kind
from harness.evidence.redact import Redactor
from tests.recordings import REPOSITORY

LAB = """\
name: small
profile: {profile}
devices:
  leaf1: {{kind: switch, platform: x86_64-nvidia_sn5600-r0, hwsku: ACS-SN5600, reach: {reach}}}
  leaf2: {{kind: switch, platform: x86_64-nvidia_sn5600-r0, hwsku: ACS-SN5600}}
  leaf3: {{kind: switch, platform: x86_64-nvidia_sn5600-r0, hwsku: ACS-SN5600, reach: {reach}, evidence: kept}}
"""
REFUSED = "{transport: ssh, address: 127.0.0.1, port: 1}"


def written(place: Path, reach: str) -> Path:
    profile = REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"
    place.write_text(LAB.format(profile=profile, reach=reach), "utf-8")
    return place


def unanswered(why: str) -> Answer:
    return Answer(Ask("leaf1", Kind.CLI, "show version"), b"", None, datetime(2026, 11, 20, tzinfo=UTC), 0, why)


def test_a_device_that_is_not_asked_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab = written(tmp_path / "lab.yaml", REFUSED)
    words = ["collect", str(lab), "--into", str(tmp_path / "store"), "--window", "1s", "--unlock", "disruptive"]
    assert main(words) == 3
    told = capsys.readouterr()
    assert "note: leaf2: not asked: it has no reach in the lab file\n" in told.out
    assert "note: leaf3: not asked: the lab file names evidence of its own, kept\n" in told.out
    assert "note: --unlock opened nothing: no device that was asked says maintenance: true\n" in told.out
    assert "without an answer, first show version: leaf1: " in told.out
    assert told.err.startswith("leaf1: ") and "Connection refused" in told.err.splitlines()[0]


def test_a_run_that_asked_nothing_leaves_no_evidence_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt transport, corrected: the directory that the first run made holds nothing yet."""
    words = ["collect", str(tmp_path / "lab.yaml"), "--into", str(tmp_path / "store"), "--window", "1s"]
    written(tmp_path / "lab.yaml", "{transport: shh, address: 127.0.0.1, port: 1}")
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "leaf1: lab.yaml line 4: no transport 'shh'; did you mean 'ssh'?" in said
    written(tmp_path / "lab.yaml", REFUSED)
    assert main(words) == 3
    assert main(words) == 2
    assert "holds evidence already" in capsys.readouterr().err


def test_a_file_is_no_directory_for_evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab = written(tmp_path / "lab.yaml", REFUSED)
    assert main(["collect", str(lab), "--into", str(lab)]) == 2
    assert "lab.yaml: a file; a directory was expected, new or empty" in capsys.readouterr().err


def test_the_first_failure_is_told_at_once_and_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    redactor = Redactor()
    redactor.hide("canary-4711")
    lines = Lines(redactor.text)
    lines.begins("leaf1", 3)
    lines.answered(unanswered("leaf1: it said canary-4711"))
    lines.answered(unanswered("the second"))
    assert capsys.readouterr().err == "leaf1: it said <redacted>\n"


@pytest.mark.parametrize("columns", [60, 80, 160])
def test_numbers_are_whole_on_any_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a scope is asked is longer than a line."""
    monkeypatch.setenv("COLUMNS", str(columns))
    with Bars(str) as watching:
        assert isinstance(watching, Shown)
        watching.begins("scope1", 1240)
        watching.asks("scope1", ":MEASure:EYE:TDEQ:SOURce1 CHAN1A;" * 6)
        console = Console(width=columns)
        with console.capture() as seen:
            console.print(watching.progress.get_renderable())
    lines = seen.get().splitlines()
    assert len(lines) == 2
    assert all("0/1240 0:00:00 -:--:--" in line for line in lines)
    assert ":MEAS" in lines[1]


def test_bars_give_way_to_a_question_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else they wipe it out at once, and the run seems to hang."""
    with Bars(str) as watching:
        assert isinstance(watching, Shown)
        live = watching.progress.live
        shown: list[bool] = [live.is_started]

        def typed(prompt: str) -> str:
            shown.append(live.is_started)
            return "secret"

        monkeypatch.setattr(getpass, "getpass", typed)
        for name in ("PLUGFEST_PASSWORD", "PLUGFEST_PASSWORD_LEAF1"):
            monkeypatch.delenv(name, raising=False)
        passwords = Prompting(Redactor(), watching)
        passwords.may_prompt = True
        assert passwords.of("leaf1", "admin") == "secret"
        shown.append(live.is_started)
    assert shown == [True, False, True]
