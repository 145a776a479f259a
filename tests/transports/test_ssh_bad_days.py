"""SSH on bad days: one clear message each, what had come is kept, and the rest is asked where it can be."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from harness.errors import TransportError
from harness.evidence import Answer
from harness.transports import shell
from harness.transports.ssh import connect
from tests.transports.far_end import (
    FarEnd,
    Listener,
    Peer,
    PeerServer,
    asks,
    far_end,
    free_ports,
    outcome,
    switch,
    terms,
    told,
    until,
)

VERSION = (b"Software: 4.1\nUp: 3 days\n", 0)
KINDS = ("", "plain")
WAYS = ["in one script", "a command a channel"]


def answers(end: FarEnd, journal: Path, *commands: str, kind: str = "", **reach: str) -> list[Answer]:
    transport = connect(switch(end.reach(kind, **reach)), terms(journal))
    try:
        return list(transport.ask(asks(*commands)))
    finally:
        transport.close()


# --- no connection ----------------------------------------------------------------------------------------------------


def silent(connection: socket.socket) -> None:
    """Says nothing."""


def web(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.0 400 Bad request\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)


def garbage(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.sendall(b"\xff\x00\x80login: \r\n" * 200)


def old(connection: socket.socket) -> None:
    connection.sendall(b"SSH-1.5-ancient\r\n")


def hangs_up(connection: socket.socket) -> None:
    connection.close()


NO_SSH: dict[str, tuple[Callable[[socket.socket], None], str]] = {
    "says nothing": (silent, "no SSH server: expected its greeting within 1 s, found: "),
    "is a web server": (web, "no SSH server: expected its greeting"),
    "sends garbage": (garbage, "no SSH server: expected its greeting"),
    "speaks SSH 1": (old, "Incompatible version (1.5 instead of 2.0)"),
    "hangs up": (hangs_up, "no SSH server: expected its greeting"),
}


@pytest.mark.parametrize("what", NO_SSH)
def test_a_server_that(end: FarEnd, tmp_path: Path, what: str) -> None:
    serve, words = NO_SSH[what]
    with Listener(serve) as listener, pytest.raises(TransportError) as refused:
        connect(switch(end.reach(port=str(listener.port), auth_timeout_s="1")), terms(tmp_path / "journal"))
    text = str(refused.value)
    assert text.startswith(f"leaf1: lab.yaml line 3: 127.0.0.1 port {listener.port}: {words}")
    assert "\n" not in text


def test_a_port_that_refuses(end: FarEnd, tmp_path: Path) -> None:
    [port] = free_ports(1)
    with pytest.raises(
        TransportError, match=f"127.0.0.1 port {port}: Connection refused: is sshd running, and is this"
    ):
        connect(switch(end.reach(port=str(port))), terms(tmp_path / "journal"))


def test_an_address_that_does_not_answer(end: FarEnd, tmp_path: Path) -> None:
    # a listener whose queue is full takes no connection more, which is as silent as a cable that is cut
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as second:
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        reach = end.reach(port=str(full.getsockname()[1]), connect_timeout_s="0.4")
        began = time.monotonic()
        with pytest.raises(TransportError, match=r"no answer within 0.4 s: is it up, and is there a way to it?"):
            connect(switch(reach), terms(tmp_path / "journal"))
        assert time.monotonic() - began < 3


def test_an_address_to_which_there_is_no_way(end: FarEnd, tmp_path: Path) -> None:
    with pytest.raises(TransportError, match=r"255.255.255.255 port 22: .+: is it up, and is there a way to it\?"):
        connect(switch(end.reach(address="255.255.255.255", port="22")), terms(tmp_path / "journal"))


def test_a_name_that_nobody_has(end: FarEnd, tmp_path: Path) -> None:
    with pytest.raises(TransportError, match=r"leaf1.invalid: no address for this name .*: correct address in reach"):
        connect(switch(end.reach(address="leaf1.invalid")), terms(tmp_path / "journal"))


def test_algorithms_that_only_the_server_has(end: FarEnd, tmp_path: Path) -> None:
    for other in far_end(tmp_path / "home", options={"Ciphers": "chacha20-poly1305@openssh.com"}):
        with pytest.raises(TransportError, match=r"ncompatible.*: it has no algorithm that this paramiko"):
            connect(switch(other.reach()), terms(tmp_path / "journal"))


def test_the_user_stops_while_nobody_answers(end: FarEnd, tmp_path: Path) -> None:
    with Listener(silent) as listener:
        told_terms = terms(tmp_path / "journal")
        stop = threading.Timer(0.2, lambda: setattr(told_terms.hurry, "stop", True))
        stop.start()
        began = time.monotonic()
        with pytest.raises(TransportError, match="stopped by the user"):
            connect(switch(end.reach(port=str(listener.port))), told_terms)
        assert time.monotonic() - began < 3
        stop.join()


# --- half an answer ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=WAYS)
def test_a_command_that_hangs_costs_its_own_answer_alone(end: FarEnd, tmp_path: Path, kind: str) -> None:
    got = answers(end, tmp_path / "journal", "show version", "show hang", "show number 3", kind=kind, timeout_s="0.6")
    assert [outcome(answer) for answer in got] == [VERSION, (b"first line\n", None), (b"number 3\n", 0)]
    assert got[1].error == "no end within 0.6 s; where it needs longer, say so with timeout_s in reach"
    assert got[1].took_ms >= 600
    assert sorted(end.asked()) == ["hang", "number 3", "version"]
    assert [line["ask"] for line in told(tmp_path / "journal", "failed")] == ["show hang"]


def test_a_device_that_falls_silent_is_left_before_its_time_is_up(end: FarEnd, tmp_path: Path) -> None:
    got = answers(end, tmp_path / "journal", "show hang", "show drip", idle_timeout_s="0.4")
    assert [outcome(answer) for answer in got] == [(b"first line\n", None), (b"1\n2\n3\n4\n", 0)]
    assert got[0].error.startswith("no byte for 0.4 s")


def test_a_shell_that_does_not_begin_is_asked_nothing_more(end: FarEnd, tmp_path: Path) -> None:
    got = answers(end, tmp_path / "journal", "show version", "show number 1", kind="mute", timeout_s="0.4")
    assert [outcome(answer) for answer in got] == [(b"first line\n", None), (b"", None)]
    assert "the shell did not even begin: first line" in got[0].error
    assert got[1].error.startswith("not asked: ")
    assert len(told(tmp_path / "journal", "sent")) == 1


def test_a_connection_that_drops_costs_one_answer_and_the_rest_is_asked_on_another(end: FarEnd, tmp_path: Path) -> None:
    got = answers(end, tmp_path / "journal", "show version", "show drop", "show number 3", "show number 4")
    assert [answer.status for answer in got] == [0, None, 0, 0]
    assert got[1].error.startswith("connection lost in the middle of the answer: ")
    assert b"half an ans\n".startswith(got[1].body)
    assert [line for line in end.asked() if line == "drop"] == ["drop"]  # never a second time
    assert len(told(tmp_path / "journal", "connected")) == 2
    [note] = told(tmp_path / "journal", "note")
    assert note["text"] == "connection lost: what was not yet asked is asked on a new connection"


def test_a_connection_that_drops_twice_is_given_up(end: FarEnd, tmp_path: Path) -> None:
    got = answers(end, tmp_path / "journal", "show drop", "show drop", "show version")
    assert [answer.status for answer in got] == [None, None, None]
    assert got[2].error == "not asked: connection lost"
    assert len(told(tmp_path / "journal", "connected")) == 2


def test_channels_of_a_connection_that_drops_keep_their_order(end: FarEnd, tmp_path: Path) -> None:
    commands = ["show version", "show drop", *(f"show number {n}" for n in range(12))]
    got = answers(end, tmp_path / "journal", *commands, kind="plain", channels="2")
    assert [answer.ask.text for answer in got] == commands
    assert [outcome(answer) for answer in got[-8:]] == [(b"number %d\n" % n, 0) for n in range(4, 12)]
    assert end.asked().count("drop") == 1
    sent = [line["wire"] for line in told(tmp_path / "journal", "sent")][1:]
    assert sorted(sent) == sorted(commands)  # each once


def test_a_server_that_has_gone_answers_the_rest_at_once(end: FarEnd, tmp_path: Path) -> None:
    for mortal in far_end(tmp_path / "home"):
        transport = connect(switch(mortal.reach()), terms(tmp_path / "journal"))
        stream = transport.ask(asks("show version", "show hang", "show version"))
        assert outcome(next(stream)) == VERSION
        mortal.sshd.stop()
        lost, last = list(stream)
        transport.close()
    assert lost.error.startswith("connection lost in the middle of the answer: ")
    assert last.error.startswith("not asked: connection lost, and then: leaf1: lab.yaml line 3: 127.0.0.1 port ")


def test_100_megabytes_come_whole(end: FarEnd, tmp_path: Path) -> None:
    began = time.monotonic()
    got = answers(end, tmp_path / "journal", "show flood 100", "show version")
    assert len(got[0].body) == 100_000_000 and got[0].body.count(b"x") == 100_000_000
    assert outcome(got[1]) == VERSION
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("kind", KINDS, ids=WAYS)
def test_an_answer_that_is_too_long_is_cut_and_does_not_count(
    end: FarEnd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(shell, "MOST_BYTES", 1_000_000)
    got = answers(end, tmp_path / "journal", "show flood 20", "show version", kind=kind)
    assert (len(got[0].body), got[0].status) == (1_000_000, None)
    assert got[0].error == "longer than 1000000 bytes, and cut there"
    assert outcome(got[1]) == VERSION


def test_standard_error_is_cut(end: FarEnd, tmp_path: Path) -> None:
    [answer] = answers(end, tmp_path / "journal", "show chatty")
    assert (answer.status, len(answer.stderr)) == (0, 4096)


def test_a_shell_that_ends_costs_one_answer(end: FarEnd, tmp_path: Path) -> None:
    got = answers(end, tmp_path / "journal", "show version", "exit 4", "show number 3")
    assert [outcome(answer) for answer in got] == [VERSION, (b"", None), (b"number 3\n", 0)]
    assert got[1].error == "the shell ended with status 4 before the answer did"


def test_a_command_that_a_signal_ends_has_no_status(end: FarEnd, tmp_path: Path) -> None:
    [answer] = answers(end, tmp_path / "journal", "show signal", kind="plain")
    assert (answer.status, answer.error) == (None, "it ended without a status")


def test_a_password_that_has_expired_is_told_and_nothing_more_asked(end: FarEnd, tmp_path: Path) -> None:
    got = answers(end, tmp_path / "journal", "show version", "show number 1", kind="expired")
    assert {answer.status for answer in got} == {None}
    assert {answer.error for answer in got} == {
        "leaf1: lab.yaml line 3: it demands a new password (WARNING: Your password has expired.): log in by hand, "
        "set one, and collect again"
    }
    assert len(told(tmp_path / "journal", "sent")) == 1


def test_a_device_without_exec_says_what_to_do(end: FarEnd, tmp_path: Path) -> None:
    with PeerServer(Peer("no exec", password="")) as server:
        server.peer.get_allowed_auths = lambda username: "password"  # type: ignore[method-assign]
        environment = {"PLUGFEST_PASSWORD": "right-one"}
        server.peer.password = "right-one"
        transport = connect(switch(server.reach()), terms(tmp_path / "journal", environment=environment))
        got = list(transport.ask(asks("show version", "show number 1")))
        transport.close()
    assert {answer.error for answer in got} == {
        "it refuses to run a command: where it has a prompt, say session: prompt in reach"
    }


@pytest.mark.parametrize("kind", KINDS, ids=WAYS)
def test_the_user_stops_in_the_middle_of_an_answer(end: FarEnd, tmp_path: Path, kind: str) -> None:
    told_terms = terms(tmp_path / "journal")
    transport = connect(switch(end.reach(kind)), told_terms)
    stream = transport.ask(asks("show version", "show hang", *["show version"] * 20))
    assert outcome(next(stream)) == VERSION
    threading.Timer(0.3, lambda: setattr(told_terms.hurry, "stop", True)).start()
    rest = list(stream)
    transport.close()
    stopped = [answer for answer in rest if answer.error]
    assert {answer.error for answer in stopped} == {"stopped by the user"}
    assert rest[0] in stopped and rest[0].body == b"first line\n"


def test_who_takes_no_more_answers_leaves_no_command_behind(end: FarEnd, tmp_path: Path) -> None:
    transport = connect(switch(end.reach("plain")), terms(tmp_path / "journal"))
    stream = transport.ask(asks("show version", "show hang", "show hang"))
    next(stream)
    began = time.monotonic()
    stream.close()  # type: ignore[attr-defined]
    transport.close()
    assert time.monotonic() - began < 3
    assert until(lambda: not [thread for thread in threading.enumerate() if thread.name.startswith("leaf1")])
