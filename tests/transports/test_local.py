"""The machine itself, asked as a device is."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from harness.evidence import Answer
from harness.transports import reached
from harness.transports.base import Session, Terms
from harness.transports.permit import Permit
from tests.transports.far_end import asks, outcome, switch, terms, told, until

PERMIT = Permit.of("env", "echo {name}", "cat {path}", "sh -c 'echo out; echo err >&2; exit 3'", "sleep {number}")


def of(directory: Path) -> Terms:
    usual = terms(directory)
    return Terms(Session(PERMIT, shell=True), usual.journal, usual.passwords, usual.calendar, hurry=usual.hurry)


def answers(directory: Path, *commands: str, **reach: str) -> list[Answer]:
    transport = reached(switch({"transport": "local", **reach}), of(directory))
    try:
        return list(transport.ask(asks(*commands)))
    finally:
        transport.close()


def test_commands_are_answered_in_order_with_status_and_standard_error(tmp_path: Path) -> None:
    got = answers(tmp_path, "echo one", "sh -c 'echo out; echo err >&2; exit 3'", "cat /does/not-exist", "echo two")
    assert [outcome(answer) for answer in got] == [(b"one\n", 0), (b"out\n", 3), (b"", 1), (b"two\n", 0)]
    assert got[1].stderr == "err\n"
    assert "/does/not-exist" in got[2].stderr
    assert len(told(tmp_path, "sent")) == 1


def test_bytes_come_as_they_are(tmp_path: Path) -> None:
    every = bytes(range(256)) * 100
    (tmp_path / "every").write_bytes(every)
    [answer] = answers(tmp_path, f"cat {tmp_path}/every")
    assert answer.body == every


def test_no_command_is_told_the_passwords_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUGFEST_PASSWORD_LEAF1", "correct-horse-7")
    monkeypatch.setenv("OF_THE_MACHINE", "said")
    [answer] = answers(tmp_path, "env")
    names = [line.partition(b"=")[0] for line in answer.body.splitlines()]
    assert b"OF_THE_MACHINE" in names
    assert b"PLUGFEST_PASSWORD_LEAF1" not in names


@pytest.mark.parametrize("command", ["rm -rf x", "echo one; true", "echo $(id)", "cat ../x"])
def test_what_is_not_permitted_is_never_run(tmp_path: Path, command: str) -> None:
    [answer] = answers(tmp_path, command)
    assert answer.status is None and answer.error.startswith("not sent: ")
    assert told(tmp_path, "sent") == []


def test_a_command_that_hangs_is_ended_and_the_rest_asked(tmp_path: Path) -> None:
    number = "86399"
    got = answers(tmp_path, f"sleep {number}", "echo two", timeout_s="0.4")
    assert [answer.status for answer in got] == [None, 0]
    assert got[0].error.startswith("no end within 0.4 s")
    assert until(lambda: not running("sleep", number))


def test_the_user_stops(tmp_path: Path) -> None:
    stopping = of(tmp_path)
    transport = reached(switch({"transport": "local"}), stopping)
    threading.Timer(0.2, lambda: setattr(stopping.hurry, "stop", True)).start()
    began = time.monotonic()
    got = list(transport.ask(asks("sleep 86398", "echo two")))
    assert [answer.error for answer in got] == ["stopped by the user"] * 2
    assert time.monotonic() - began < 2


def running(*words: str) -> bool:
    """Whether a process has these words as its command line."""
    line = b"\0".join(word.encode() for word in words) + b"\0"
    return any(line == command_line(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def command_line(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""
