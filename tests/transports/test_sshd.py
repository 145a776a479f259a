"""The real OpenSSH server of the tests and of the simulated lab."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import TransportError, UsageError
from harness.simlab.sshd import Sshd, descendants
from tests.recordings import REPOSITORY
from tests.transports.far_end import FarEnd, server, until

KILLED = """
import os, sys
from pathlib import Path
from harness.simlab.sshd import Sshd
sshd = Sshd(Path(sys.argv[1]), "exec cat", ports=17)
sshd.start()
print(*(one.pid for one in sshd._running), flush=True)
os.kill(os.getpid(), 9)
"""


def ssh(sshd: Sshd, port: int, command: str) -> str:
    options = ["-F", "none", "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={sshd.known_hosts}"]
    where = ["-i", str(sshd.client_key), "-p", str(port), f"{sshd.user}@127.0.0.1"]
    return subprocess.run(
        ["ssh", *options, *where, command], capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout


def test_openssh_itself_finds_a_device_behind_every_port(tmp_path: Path) -> None:
    (tmp_path / "device").write_text('#!/bin/sh\nset -- $SSH_CONNECTION\necho "$4: $SSH_ORIGINAL_COMMAND"\n')
    (tmp_path / "device").chmod(0o755)
    with server(tmp_path, ports=17) as sshd:  # one more than a single sshd listens on
        assert len(set(sshd.ports)) == 17
        for port in (sshd.ports[0], sshd.ports[-1]):
            assert ssh(sshd, port, "show version") == f"{port}: show version\n"
        assert len(sshd.known_hosts.read_text().splitlines()) == 17
        assert sshd.host_key in sshd.known_hosts.read_text()


def test_it_ends_with_the_process_that_started_it(end: FarEnd, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "home")], capture_output=True, text=True, cwd=REPOSITORY
    )
    pids = ran.stdout.split()
    assert len(pids) == 2
    assert until(lambda: not any(alive(pid) for pid in pids))


def alive(pid: str) -> bool:
    """Whether a process runs; one that is dead and not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_stop_ends_a_command_that_hangs(tmp_path: Path) -> None:
    (tmp_path / "device").write_text("#!/bin/sh\necho ready\nsleep 86397\n")
    (tmp_path / "device").chmod(0o755)
    sshd = server(tmp_path)
    sshd.start()
    try:
        options = ["-F", "none", "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={sshd.known_hosts}"]
        client = subprocess.Popen(
            ["ssh", *options, "-i", str(sshd.client_key), "-p", str(sshd.ports[0]), f"{sshd.user}@127.0.0.1", "x"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert client.stdout is not None
        assert client.stdout.readline() == b"ready\n"
        below = [str(pid) for pid in descendants({one.pid for one in sshd._running})]
        assert len(below) >= 2
    finally:
        sshd.stop()
    client.communicate()
    assert until(lambda: not any(alive(pid) for pid in below))


def test_a_port_that_is_taken_is_told(end: FarEnd, tmp_path: Path) -> None:
    with pytest.raises(TransportError, match=r"sshd: 127.0.0.1: .*Bind to port .*in use.*; see "):
        Sshd(tmp_path, "true", ports=[end.sshd.ports[0]]).start()


def test_what_is_not_installed_is_named_by_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(UsageError, match="sshd is not here, and the simulated lab needs it: install openssh-server"):
        Sshd(tmp_path, "true")
