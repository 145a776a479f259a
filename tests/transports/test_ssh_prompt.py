"""SSH to a device that has a prompt and no exec channel of use: a terminal session through netmiko."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import TransportError
from harness.evidence import Answer
from harness.transports.ssh import connect
from tests.transports.far_end import FarEnd, Peer, PeerServer, asks, outcome, switch, terms, told

PASSWORD = {"PLUGFEST_PASSWORD": "right-one"}
VERSION = (b"Software: 4.1\nTemp\xe9rature 41", 0)


@pytest.fixture
def console(end: FarEnd) -> Iterator[PeerServer]:
    """A device with a prompt, behind an SSH server of paramiko's: an unprivileged OpenSSH gives no terminal."""
    with PeerServer(Peer()) as server:
        yield server


def answers(server: PeerServer, journal: Path, *commands: str, **reach: str) -> list[Answer]:
    transport = connect(
        switch(server.reach(**reach)), terms(journal, shell=False, prompt="cisco_ios", environment=PASSWORD)
    )
    try:
        return list(transport.ask(asks(*commands)))
    finally:
        transport.close()


def test_a_prompt_answers_without_echo_and_without_itself(console: PeerServer, tmp_path: Path) -> None:
    got = answers(console, tmp_path / "journal", "show version", "show version")
    assert [outcome(answer) for answer in got] == [VERSION, VERSION]


def test_an_error_that_the_device_prints_is_a_status_of_1(console: PeerServer, tmp_path: Path) -> None:
    [answer] = answers(console, tmp_path / "journal", "show colours")
    assert answer.status == 1
    assert b"% Invalid input detected" in answer.body


def test_paging_is_off_and_all_that_was_typed_is_told(console: PeerServer, tmp_path: Path) -> None:
    answers(console, tmp_path / "journal", "show version", "reboot")
    typed = console.peer.typed.replace(b"\r", b"").decode().splitlines()
    assert "terminal length 0" in typed
    assert "reboot" not in typed
    wire = "".join(line["wire"] for line in told(tmp_path / "journal", "sent"))
    *sent, last = (line for line in wire.splitlines() if line)
    assert sent == [line for line in typed if line][: len(sent)]
    assert last == "exit"  # of which the device may see no more than that the channel closes


def test_the_enable_secret_is_given_and_not_told(end: FarEnd, tmp_path: Path) -> None:
    peer = Peer()
    peer.greeting = "leaf1>"
    environment = PASSWORD | {"PLUGFEST_ENABLE": "let-me-in"}
    with PeerServer(peer) as server:
        device = switch(server.reach())
        transport = connect(
            device, terms(tmp_path / "journal", shell=False, prompt="cisco_ios", environment=environment)
        )
        assert [outcome(answer) for answer in transport.ask(asks("show version"))] == [VERSION]
        transport.close()
    assert b"let-me-in" in peer.typed
    assert "let-me-in" not in (tmp_path / "journal/journal.jsonl").read_text()
    assert "<password>" in [line["wire"] for line in told(tmp_path / "journal", "sent")]


def test_a_command_that_hangs_costs_its_own_answer_alone(console: PeerServer, tmp_path: Path) -> None:
    got = answers(console, tmp_path / "journal", "show version", "show hang", "show version", timeout_s="1.5")
    assert [answer.status for answer in got] == [0, None, 0]
    assert b"first line" in got[1].body
    assert got[1].error == "no end within 1.5 s; where it needs longer, say so with timeout_s in reach"
    assert len(told(tmp_path / "journal", "connected")) == 1


def test_a_connection_that_drops_costs_one_answer_and_the_rest_is_asked_on_another(
    console: PeerServer, tmp_path: Path
) -> None:
    got = answers(console, tmp_path / "journal", "show drop", "show version")
    assert [answer.status for answer in got] == [None, 0]
    assert got[0].error.startswith("connection lost in the middle of the answer: ")
    assert len(told(tmp_path / "journal", "connected")) == 2


def test_a_console_that_demands_a_new_password_is_told_nothing(end: FarEnd, tmp_path: Path) -> None:
    peer = Peer()
    peer.greeting = "You are required to change your password immediately.\r\nNew password: "
    with PeerServer(peer) as server, pytest.raises(TransportError, match="it demands a new password"):
        answers(server, tmp_path / "journal", "show version")
    assert peer.typed == b""


def test_a_host_key_is_verified_before_anything_is_typed(console: PeerServer, tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="host_key in reach has SHA256:47DEQ"):
        answers(
            console, tmp_path / "journal", "show version", host_key="SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
        )
    assert console.peer.passwords == []


def test_a_device_type_that_netmiko_has_not(console: PeerServer, tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="netmiko knows no device type 'abacus' over SSH"):
        connect(switch(console.reach()), terms(tmp_path / "journal", shell=False, prompt="abacus"))


def test_reach_decides_between_prompt_and_exec(console: PeerServer, tmp_path: Path) -> None:
    [answer] = answers(console, tmp_path / "journal", "show version", session="exec")
    assert outcome(answer) == (b"answer to show version", 0)


def test_the_user_stops_in_the_middle_of_an_answer(console: PeerServer, tmp_path: Path) -> None:
    told_terms = terms(tmp_path / "journal", shell=False, prompt="cisco_ios", environment=PASSWORD)
    transport = connect(switch(console.reach()), told_terms)
    threading.Timer(0.3, lambda: setattr(told_terms.hurry, "stop", True)).start()
    began = time.monotonic()
    got = list(transport.ask(asks("show hang", "show version")))
    transport.close()
    assert [answer.error for answer in got] == ["stopped by the user"] * 2
    assert time.monotonic() - began < 5
