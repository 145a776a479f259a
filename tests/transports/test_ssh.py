"""SSH to a real OpenSSH server: the way in, and the answers."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.errors import TransportError
from harness.evidence import Answer, Ask, Kind
from harness.transports.ssh import connect
from harness.transports.ssh_login import split_address, way
from tests.transports.far_end import (
    FarEnd,
    Peer,
    PeerServer,
    asks,
    far_end,
    free_ports,
    keygen,
    outcome,
    switch,
    terms,
    told,
)

VERSION = b"Software: 4.1\nUp: 3 days\n"


def answers(end: FarEnd, journal: Path, *commands: str, kind: str = "", **reach: str) -> list[Answer]:
    transport = connect(switch(end.reach(kind, **reach)), terms(journal))
    try:
        return list(transport.ask(asks(*commands)))
    finally:
        transport.close()


def refusal(reach: dict[str, str], journal: Path, **environment: str) -> str:
    """What a user reads who cannot get in."""
    with pytest.raises(TransportError) as refused:
        connect(switch(reach), terms(journal, environment=environment)).close()
    text = str(refused.value)
    assert "\n" not in text
    assert text.startswith("leaf1: lab.yaml line 3: ")
    return text


# --- answers ----------------------------------------------------------------------------------------------------------

COMMANDS = {
    "the output and status of a command": ("show version", VERSION, 0, ""),
    "a status that is not 0, and standard error apart": ("show partly", b"out\n", 3, "a warning\n"),
    "no output at all": ("show nothing", b"", 0, ""),
    "an answer without a newline at its end": ("show ragged", b"no newline at its end", 0, ""),
    "latin-1 as it came": ("show french", b"Temp\xe9rature 41\xb0C\n", 0, ""),
    "a command that the device has not": ("show colours", b"", 2, "% no such thing: colours\n"),
}


@pytest.mark.parametrize("kind", ["", "plain"], ids=["in one script", "a command a channel"])
def test_every_command_has_its_own_answer(end: FarEnd, tmp_path: Path, kind: str) -> None:
    got = answers(end, tmp_path / "journal", *(command for command, *_ in COMMANDS.values()), kind=kind)
    for sentence, answer, (command, body, status, stderr) in zip(COMMANDS, got, COMMANDS.values(), strict=True):
        assert (answer.ask.text, answer.body, answer.status, answer.stderr, answer.error) == (
            (command, body, status, stderr, "")
        ), sentence


def test_many_commands_are_one_round_trip(end: FarEnd, tmp_path: Path) -> None:
    commands = [f"show number {n}" for n in range(300)]
    got = answers(end, tmp_path / "journal", *commands)
    assert [answer.body for answer in got] == [b"number %d\n" % n for n in range(300)]
    [sent] = told(tmp_path / "journal", "sent")
    assert sent["wire"].startswith("sh -c '")
    assert all(command in sent["wire"] for command in commands)


def test_answers_come_as_they_are_ready(end: FarEnd, tmp_path: Path) -> None:
    transport = connect(switch(end.reach()), terms(tmp_path / "journal"))
    began = time.monotonic()
    stream = transport.ask(asks("show version", "show drip"))
    first = next(stream)
    assert time.monotonic() - began < 0.5
    second = next(stream)
    transport.close()
    assert second.body == b"1\n2\n3\n4\n"
    assert second.took_ms >= 500
    assert second.at > first.at


def test_a_connection_serves_many_asks(end: FarEnd, tmp_path: Path) -> None:
    transport = connect(switch(end.reach()), terms(tmp_path / "journal"))
    for _ in range(3):
        assert [outcome(answer) for answer in transport.ask(asks("show version"))] == [(VERSION, 0)]
    transport.close()
    transport.close()
    assert [line["event"] for line in told(tmp_path / "journal", "connected")] == ["connected"]
    assert len(told(tmp_path / "journal", "closed")) == 1


def test_what_is_not_permitted_is_never_sent(end: FarEnd, tmp_path: Path) -> None:
    forbidden = ("reboot", "show version; reboot", "show $(reboot)", "show version\nreboot", "echo /etc/../x")
    got = answers(end, tmp_path / "journal", forbidden[0], "show version", *forbidden[1:])
    assert [answer.status for answer in got] == [None, 0, *[None] * 4]
    assert all(answer.error.startswith("not sent: ") for answer in got if answer.status is None)
    assert end.asked() == ["version"]
    assert "reboot" not in "".join(line["wire"] for line in told(tmp_path / "journal", "sent"))


def test_only_refused_asks_open_no_channel(end: FarEnd, tmp_path: Path) -> None:
    assert [answer.status for answer in answers(end, tmp_path / "journal", "reboot", "reload")] == [None, None]
    assert told(tmp_path / "journal", "sent") == []


def test_a_shell_is_asked_for_nothing_but_commands(end: FarEnd, tmp_path: Path) -> None:
    transport = connect(switch(end.reach()), terms(tmp_path / "journal"))
    [answer] = transport.ask([Ask("leaf1", Kind.REGISTERS, "read everything")])
    transport.close()
    assert (answer.status, answer.error[:9]) == (None, "not sent:")


def test_a_shell_without_scripts_gets_a_command_a_channel(end: FarEnd, tmp_path: Path) -> None:
    commands = ["show version", *(f"show number {n}" for n in range(10))]
    got = answers(end, tmp_path / "journal", *commands, kind="plain")
    assert [answer.body for answer in got] == [VERSION, *(b"number %d\n" % n for n in range(10))]
    [note] = told(tmp_path / "journal", "note")
    assert "runs no scripts (status 127: % Invalid input" in note["text"]
    sent = [line["wire"] for line in told(tmp_path / "journal", "sent")]
    assert sorted(sent[1:]) == sorted(commands)


def test_a_driver_without_a_shell_gets_a_command_a_channel(end: FarEnd, tmp_path: Path) -> None:
    transport = connect(switch(end.reach("plain", channels="2")), terms(tmp_path / "journal", shell=False))
    got = list(transport.ask(asks("show version", "show partly", "show number 3")))
    transport.close()
    assert [outcome(answer) for answer in got] == [(VERSION, 0), (b"out\n", 3), (b"number 3\n", 0)]
    assert sorted(line["wire"] for line in told(tmp_path / "journal", "sent")) == [
        "show number 3",
        "show partly",
        "show version",
    ]
    assert told(tmp_path / "journal", "note") == []


def test_more_channels_than_the_server_has_wait_for_one_another(tmp_path: Path) -> None:
    for narrow in far_end(tmp_path / "home", options={"MaxSessions": "1"}):
        transport = connect(switch(narrow.reach(channels="4")), terms(tmp_path / "journal", shell=False))
        got = list(transport.ask(asks(*(f"show number {n}" for n in range(6)))))
        transport.close()
        assert [(answer.body, answer.error) for answer in got] == [(b"number %d\n" % n, "") for n in range(6)]


def test_a_clock_that_is_not_ours_is_told_once(end: FarEnd, tmp_path: Path) -> None:
    transport = connect(switch(end.reach("skewed")), terms(tmp_path / "journal"))
    for _ in range(2):
        assert [answer.status for answer in transport.ask(asks("show version"))] == [0]
    transport.close()
    [note] = told(tmp_path / "journal", "note")
    assert note["text"].startswith("its clock is 361") and note["text"].endswith(" s ahead of this machine's")


# --- host keys --------------------------------------------------------------------------------------------------------


def hashed(end: FarEnd, tmp_path: Path) -> str:
    file = tmp_path / "hashed"
    file.write_text(end.sshd.known_hosts.read_text())
    keygen("-H", "-f", file)
    assert "127.0.0.1" not in file.read_text()
    return str(file)


def of_the_user(end: FarEnd, tmp_path: Path) -> str:
    file = Path("~/.ssh/known_hosts").expanduser()
    file.parent.mkdir()
    file.write_text(end.sshd.known_hosts.read_text())
    return ""


def fingerprint(end: FarEnd) -> str:
    return keygen("-l", "-f", end.sshd.home / "host_ed25519.pub").split()[1]


ACCEPTED: dict[str, Callable[[FarEnd, Path], dict[str, str]]] = {
    "a line of known_hosts for host and port": lambda end, _: {},
    "a hashed line": lambda end, tmp: {"known_hosts": hashed(end, tmp)},
    "the user's own known_hosts": lambda end, tmp: {"known_hosts": of_the_user(end, tmp)},
    "a pinned key": lambda end, _: {"known_hosts": "", "host_key": end.sshd.host_key},
    "a pinned fingerprint": lambda end, _: {"known_hosts": "", "host_key": fingerprint(end)},
}


@pytest.mark.parametrize("how", ACCEPTED)
def test_a_known_host_key_is_accepted(end: FarEnd, tmp_path: Path, how: str) -> None:
    got = answers(end, tmp_path / "journal", "show version", **ACCEPTED[how](end, tmp_path))
    assert [outcome(answer) for answer in got] == [(VERSION, 0)]
    [connected] = told(tmp_path / "journal", "connected")
    assert connected["host_key"] == f"ssh-ed25519 {fingerprint(end)}"
    assert connected["login"] == "key client_ed25519"
    assert (connected["address"], connected["port"]) == ("127.0.0.1", end.sshd.ports[0])


OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL/8SuUaJJPZoKOvPDUzFYZCDmXCq4ZjWK0pfZ4c8WgA"


def lines(tmp_path: Path, text: str) -> str:
    (tmp_path / "hosts").write_text(text)
    return str(tmp_path / "hosts")


REFUSED: dict[str, tuple[Callable[[FarEnd, Path], dict[str, str]], str]] = {
    "an unknown one, with the line that accepts it": (
        lambda end, tmp: {"known_hosts": lines(tmp, "")},
        "{found}, which is not in {tmp}/hosts. Compare it with what the device's own console says, then accept it "
        "with: ssh-keyscan -p {port} 127.0.0.1 >> {tmp}/hosts (or, in reach, host_key: {fingerprint})",
    ),
    "one that only another port has": (
        lambda end, tmp: {"known_hosts": lines(tmp, f"127.0.0.1 {end.sshd.host_key}\n")},
        "{found}, which is not in {tmp}/hosts.",
    ),
    "one that has changed": (
        lambda end, tmp: {"known_hosts": lines(tmp, f"[127.0.0.1]:{end.sshd.ports[0]} {OTHER}\n")},
        "{found}, but {tmp}/hosts has ssh-ed25519 SHA256:",
    ),
    "one that is revoked": (
        lambda end, tmp: {
            "known_hosts": lines(tmp, f"{end.sshd.known_hosts.read_text()}@revoked * {end.sshd.host_key}\n")
        },
        "which {tmp}/hosts says is revoked",
    ),
    "another than is pinned": (
        lambda end, _: {"host_key": OTHER},
        "{found}, but host_key in reach has ssh-ed25519 SHA256:",
    ),
    "another fingerprint than is pinned": (
        lambda end, _: {"host_key": "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"},
        "{found}, but host_key in reach has SHA256:47DEQ",
    ),
    "a pin that is no key": (lambda end, _: {"host_key": "ssh-ed25519"}, "host_key 'ssh-ed25519': expected SHA256:..."),
    "a file that is not there": (lambda end, tmp: {"known_hosts": str(tmp / "no")}, "known_hosts {tmp}/no: not there"),
    "a file that is broken": (
        lambda end, tmp: {"known_hosts": lines(tmp, f"\n[127.0.0.1]:{end.sshd.ports[0]} ssh-ed25519 AAAAC\n")},
        "{tmp}/hosts:2: no host key: '[127.0.0.1]:{port} ssh-ed25519 AAAAC'",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_host_key_is_never_accepted_silently(end: FarEnd, tmp_path: Path, what: str) -> None:
    reach, words = REFUSED[what]
    found = f"[127.0.0.1]:{end.sshd.ports[0]} shows the host key ssh-ed25519 {fingerprint(end)}"
    text = refusal(end.reach(**reach(end, tmp_path)), tmp_path / "journal")
    assert words.format(found=found, tmp=tmp_path, port=end.sshd.ports[0], fingerprint=fingerprint(end)) in text
    assert told(tmp_path / "journal", "connected") == []
    assert end.asked() == []


# --- who we are -------------------------------------------------------------------------------------------------------


@pytest.fixture
def agent(end: FarEnd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real agent that holds the client's key."""
    sock = tmp_path / "agent"
    running = subprocess.Popen(["ssh-agent", "-D", "-a", str(sock)], stdout=subprocess.DEVNULL)
    try:
        for _ in range(500):
            if sock.exists():
                break
            time.sleep(0.01)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(sock))
        subprocess.run(["ssh-add", "-q", str(end.sshd.client_key)], check=True, capture_output=True)
        yield
    finally:
        running.terminate()
        running.wait()


def test_the_agent_proves_who_we_are(end: FarEnd, agent: None, tmp_path: Path) -> None:
    reach = end.reach()
    del reach["key"], reach["agent"]
    transport = connect(switch(reach), terms(tmp_path / "journal"))
    assert [answer.status for answer in transport.ask(asks("show version"))] == [0]
    transport.close()
    assert told(tmp_path / "journal", "connected")[0]["login"] == "agent's ssh-ed25519 key"


def test_the_agent_is_left_alone_where_reach_says_so(end: FarEnd, agent: None, tmp_path: Path) -> None:
    reach = end.reach(agent="false")
    del reach["key"]
    assert "refused; tried nothing, for reach names nothing; it takes publickey" in refusal(reach, tmp_path / "journal")


def test_a_key_of_the_user_is_tried_where_none_is_named(end: FarEnd, tmp_path: Path) -> None:
    reach = end.reach()
    del reach["key"]
    file = Path("~/.ssh/id_ed25519").expanduser()
    file.parent.mkdir()
    file.write_bytes(end.sshd.client_key.read_bytes())
    connect(switch(reach), terms(tmp_path / "journal")).close()
    assert told(tmp_path / "journal", "connected")[0]["login"] == "key id_ed25519"


def test_no_other_key_is_tried_where_one_is_named(end: FarEnd, tmp_path: Path) -> None:
    file = Path("~/.ssh/id_ed25519").expanduser()
    file.parent.mkdir()
    file.write_bytes(end.sshd.client_key.read_bytes())
    keygen("-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "stranger")
    text = refusal(end.reach(key=str(tmp_path / "stranger")), tmp_path / "journal")
    assert "refused; tried key stranger; it takes publickey: correct user, key or password" in text


def test_a_passphrase_opens_a_key(end: FarEnd, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.write_bytes(end.sshd.client_key.read_bytes())
    locked.chmod(0o600)
    keygen("-q", "-p", "-P", "", "-N", "open-sesame", "-f", locked)
    reach = end.reach(key=str(locked))
    assert "has a passphrase, and none is known: set PLUGFEST_PASSPHRASE" in refusal(reach, tmp_path / "journal")
    text = refusal(reach, tmp_path / "journal", PLUGFEST_PASSPHRASE="shut-sesame")
    assert text.endswith("its passphrase is another one")
    connect(
        switch(reach), terms(tmp_path / "journal", environment={"PLUGFEST_PASSPHRASE_LEAF1": "open-sesame"})
    ).close()
    assert "sesame" not in (tmp_path / "journal/journal.jsonl").read_text()


KEYS = {
    "not there": (None, "No such file or directory"),
    "no key": (b"hello\n", "no private key that is known: expected Ed25519, ECDSA or RSA"),
}


@pytest.mark.parametrize("what", KEYS)
def test_a_key_file_that_is(end: FarEnd, tmp_path: Path, what: str) -> None:
    content, words = KEYS[what]
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    assert f"key {file}: {words}" in refusal(end.reach(key=str(file)), tmp_path / "journal")


PASSWORDS = {
    "a password": ("password", ["right-one"], "password"),
    "a password by keyboard-interactive": ("keyboard-interactive", ["right-one"], "keyboard-interactive"),
}


@pytest.mark.parametrize("what", PASSWORDS)
def test_a_password_of_the_environment_lets_us_in(end: FarEnd, tmp_path: Path, what: str) -> None:
    takes, said, login = PASSWORDS[what]
    with PeerServer(Peer(takes)) as server:
        transport = connect(
            switch(server.reach()),
            terms(tmp_path / "journal", shell=False, environment={"PLUGFEST_PASSWORD": "right-one"}),
        )
        assert [outcome(answer) for answer in transport.ask(asks("show version"))] == [(b"answer to show version", 0)]
        transport.close()
        assert server.peer.passwords == said
    assert told(tmp_path / "journal", "connected")[0]["login"] == login
    assert "right-one" not in (tmp_path / "journal/journal.jsonl").read_text()


@pytest.mark.parametrize("takes", ["password", "keyboard-interactive", "password,keyboard-interactive"])
def test_a_wrong_password_is_said_once_and_no_more(end: FarEnd, tmp_path: Path, takes: str) -> None:
    with PeerServer(Peer(takes)) as server:
        text = refusal(server.reach(), tmp_path / "journal", PLUGFEST_PASSWORD="wrong-one")
        assert server.peer.passwords == ["wrong-one"]
    assert f"login admin at 127.0.0.1 port {server.listener.port}: refused; tried " in text
    assert "wrong-one" not in text


def test_no_password_is_known(end: FarEnd, tmp_path: Path) -> None:
    with PeerServer(Peer()) as server:
        text = refusal(server.reach(), tmp_path / "journal")
        assert server.peer.passwords == []
    assert "tried no password, for none is known (PLUGFEST_PASSWORD, keyring); it takes password" in text


DEMANDS = {
    "a new password at once": ("Your password has expired. New password: ",),
    "a new password and once more": ("New password: ", "Retype new password: "),
}


@pytest.mark.parametrize("what", DEMANDS)
def test_a_server_that_asks_for(end: FarEnd, tmp_path: Path, what: str) -> None:
    with PeerServer(Peer("keyboard-interactive", prompts=DEMANDS[what])) as server:
        text = refusal(server.reach(), tmp_path / "journal", PLUGFEST_PASSWORD="right-one")
        assert server.peer.passwords == []
    assert "it demands a new password" in text and "log in by hand, set one, and collect again" in text


def test_a_server_that_asks_for_a_code_too_gets_nothing(end: FarEnd, tmp_path: Path) -> None:
    with PeerServer(Peer("keyboard-interactive", prompts=("Password: ", "Code: "))) as server:
        text = refusal(server.reach(), tmp_path / "journal", PLUGFEST_PASSWORD="right-one")
        assert server.peer.passwords == []
    assert "it asks for more than a password: 'Password: Code:'" in text


def test_a_password_that_has_expired_is_not_changed(end: FarEnd, tmp_path: Path) -> None:
    peer = Peer()
    peer.expired = True
    with PeerServer(peer) as server:
        text = refusal(server.reach(), tmp_path / "journal", PLUGFEST_PASSWORD="right-one")
        assert peer.passwords == ["right-one"]
    assert "it demands a new password" in text


# --- the way there ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hosts", [1, 2], ids=["one jump host", "two jump hosts"])
def test_a_device_is_reached_through(end: FarEnd, tmp_path: Path, hosts: int) -> None:
    ports = end.sshd.ports[1 : hosts + 1]
    jump = ", ".join(f"{end.sshd.user}@127.0.0.1:{port}" for port in ports)
    got = answers(end, tmp_path / "journal", "show version", "show drop", "show number 1", jump=jump)
    assert [outcome(answer) for answer in got][::2] == [(VERSION, 0), (b"number 1\n", 0)]
    assert {line["jump"] for line in told(tmp_path / "journal", "connected")} == {jump}


def test_many_devices_through_one_jump_host_close_without_harm(end: FarEnd, tmp_path: Path) -> None:
    jump = f"{end.sshd.user}@127.0.0.1:{end.sshd.ports[1]}"

    def once(number: int) -> list[tuple[bytes, int | None]]:
        return [outcome(answer) for answer in answers(end, tmp_path / str(number), "show version", jump=jump)]

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(once, range(24))) == [[(VERSION, 0)]] * 24


def test_the_host_key_of_a_jump_host_is_verified(end: FarEnd, tmp_path: Path) -> None:
    known = lines(tmp_path, "".join(end.sshd.known_hosts.read_text().splitlines(keepends=True)[:1]))
    jump = f"127.0.0.1:{end.sshd.ports[1]}"
    text = refusal(end.reach(jump=jump, known_hosts=known), tmp_path / "journal")
    assert f"[127.0.0.1]:{end.sshd.ports[1]} shows the host key" in text and "which is not in" in text


def test_a_jump_host_that_reaches_no_device(end: FarEnd, tmp_path: Path) -> None:
    [closed] = free_ports(1)
    jump = f"127.0.0.1:{end.sshd.ports[1]}"
    text = refusal(end.reach(jump=jump, port=str(closed)), tmp_path / "journal")
    assert f"jump host 127.0.0.1 port {end.sshd.ports[1]} makes no connection to 127.0.0.1 port {closed}: " in text
    assert text.endswith("Connect failed: is it up, and may one go through here?")


ADDRESSES = {
    "a name": ("bastion", ("bastion", 22)),
    "a name and a port": ("bastion:2222", ("bastion", 2222)),
    "an IPv6 address": ("fd00::1", ("fd00::1", 22)),
    "an IPv6 address in brackets": ("[fd00::1]", ("fd00::1", 22)),
    "an IPv6 address and a port": ("[fd00::1]:2222", ("fd00::1", 2222)),
    "a port that is no number": ("bastion:ssh", ("bastion", None)),
    "a port that no host has": ("bastion:65536", ("bastion", None)),
}


@pytest.mark.parametrize("what", ADDRESSES)
def test_a_jump_host_is(what: str) -> None:
    text, wanted = ADDRESSES[what]
    assert split_address(text) == wanted


def test_jump_hosts_stand_in_order_and_have_the_devices_user_where_they_name_none() -> None:
    stops = way(switch({"address": "leaf1.lab", "user": "admin", "jump": "me@a:2222,[fd00::1]"}))
    assert [(stop.user, stop.host, stop.port) for stop in stops] == [
        ("me", "a", 2222),
        ("admin", "fd00::1", 22),
        ("admin", "leaf1.lab", 22),
    ]


# --- many at once -----------------------------------------------------------------------------------------------------


def test_64_devices_at_once(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    commands = [f"show number {n}" for n in range(10)]
    wanted = [b"number %d\n" % n for n in range(10)]
    for wide in far_end(tmp_path / "home", more=64):
        together = threading.Barrier(64, timeout=30)

        def one(number: int, wide: FarEnd = wide, together: threading.Barrier = together) -> list[Answer]:
            device = switch(wide.reach(port=str(wide.sshd.ports[number])), f"leaf{number}")
            transport = connect(device, terms(tmp_path / f"journal{number}"))
            together.wait()  # all are connected
            try:
                return list(transport.ask(asks(*commands)))
            finally:
                transport.close()

        began, cpu = time.monotonic(), time.process_time()
        with ThreadPoolExecutor(64) as pool:
            got = list(pool.map(one, range(64)))
        took, spent = time.monotonic() - began, time.process_time() - cpu
        assert [answer for each in got for answer in each if answer.status != 0] == []
        assert [[answer.body for answer in each] for each in got] == [wanted] * 64
        record_property("seconds", took)
        print(f"64 devices of 10 commands at once: {took:.2f} s, {spent:.2f} s of our CPU")
        assert took < 20 * (os.cpu_count() or 1)
