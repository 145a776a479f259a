"""What stands at the far end of an SSH connection in these tests: real servers, and devices that have bad days."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko
import pytest

from harness.errors import UsageError
from harness.evidence import Answer, Ask, Kind
from harness.evidence.journal import journal_of
from harness.lab.inventory import DevicePlan
from harness.simlab.sshd import Sshd, free_ports
from harness.transports.base import Session, Terms
from harness.transports.permit import Permit
from tests.transports.given import declared, terms_in

PERMIT = Permit.of("show version", "show {name}", "show {name} {number}", "echo {path}", "exit {number}")

DEVICE = r"""#!/bin/sh
# One of our switches; the file with the number of its port says of which kind it is.
set -- $SSH_CONNECTION
here={home}
export SESSION=$PPID
[ -f $here/kind.$4 ] && kind=$(cat $here/kind.$4)
PATH=$here/bin:$PATH
case $kind in
  skewed) PATH=$here/skewed:$PATH;;
  expired) echo 'WARNING: Your password has expired.' >&2
    echo 'Password change required but no TTY available.' >&2; exit 1;;
  mute) show hang; exit;;
  plain) case $SSH_ORIGINAL_COMMAND in
    'show '*) exec $SSH_ORIGINAL_COMMAND;;
    *) echo "% Invalid input detected at '^' marker." >&2; exit 127;; esac;;
esac
exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"
"""

SHOW = r"""#!/bin/sh
# Commands of our switch, some of which do not end well.
echo "$*" >> {home}/asked
case $1 in
  version) echo 'Software: 4.1'; echo 'Up: 3 days';;
  hang) echo 'first line'; while kill -0 $SESSION 2>/dev/null; do sleep 0.05; done;;
  drip) for n in 1 2 3 4; do echo $n; sleep 0.15; done;;
  drop) echo 'half an ans'; kill -9 $SESSION; sleep 0.2;;
  flood) head -c ${2}000000 /dev/zero | tr '\0' x;;
  french) printf 'Temp\351rature 41\260C\n';;
  partly) echo out; echo 'a warning' >&2; exit 3;;
  chatty) head -c 10000 /dev/zero | tr '\0' e >&2;;
  signal) kill -9 $$;;
  nothing) ;;
  ragged) printf 'no newline at its end';;
  number) echo "number $2";;
  *) echo "% no such thing: $1" >&2; exit 2;;
esac
"""


def server(home: Path, **settings: Any) -> Sshd:
    """A real OpenSSH server; not to be had is a failure in CI, elsewhere the test says that it did not run."""
    try:
        return Sshd(home, f'exec "{home}/device"', **settings)
    except UsageError as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(f"not run: {missing}")


@dataclass
class FarEnd:
    """A server with the devices behind it."""

    sshd: Sshd
    home: Path
    kinds: dict[str, int] = field(default_factory=dict)

    def reach(self, kind: str = "", **more: str) -> dict[str, str]:
        """How a lab file reaches a device of a kind."""
        port = self.kinds[kind] if kind else self.sshd.ports[0]
        return {
            "transport": "ssh",
            "address": "127.0.0.1",
            "port": str(port),
            "user": self.sshd.user,
            "key": str(self.sshd.client_key),
            "known_hosts": str(self.sshd.known_hosts),
            "agent": "false",
        } | more

    def asked(self) -> list[str]:
        """What the devices were asked, in the order in which it came."""
        file = self.home / "asked"
        return file.read_text().splitlines() if file.exists() else []


def far_end(
    home: Path, *, kinds: Sequence[str] = (), more: int = 1, options: Mapping[str, str] | None = None
) -> Iterator[FarEnd]:
    """A server that runs: a port for each kind of device and some for usual ones."""
    for folder in ("bin", "skewed"):
        (home / folder).mkdir(parents=True)
    for name, text in (("device", DEVICE), ("bin/show", SHOW)):
        (home / name).write_text(text.replace("{home}", str(home)))
        (home / name).chmod(0o755)
    (home / "skewed/date").write_text("#!/bin/sh\necho $(( $(/bin/date +%s) + 3612 ))\n")
    (home / "skewed/date").chmod(0o755)
    with server(home, ports=more + len(kinds), options=options) as sshd:
        end = FarEnd(sshd, home, dict(zip(kinds, sshd.ports[more:], strict=True)))
        for kind, port in end.kinds.items():
            (home / f"kind.{port}").write_text(kind)
        yield end


def switch(reach: Mapping[str, str], name: str = "leaf1") -> DevicePlan:
    """A device as a lab file declares it."""
    return declared(name, "switch", "sonic", reach)


def terms(
    directory: Path, *, shell: bool = True, prompt: str = "", environment: Mapping[str, str] | None = None
) -> Terms:
    """Terms whose journal is in a directory."""
    directory.mkdir(exist_ok=True)
    return terms_in(directory, Session(PERMIT, shell=shell, prompt=prompt), environment=environment)


def asks(*commands: str) -> list[Ask]:
    return [Ask("leaf1", Kind.CLI, command) for command in commands]


def told(directory: Path, event: str) -> list[dict[str, Any]]:
    """The journal's lines of one event."""
    return [line for line in journal_of(directory) if line["event"] == event]


def outcome(answer: Answer) -> tuple[bytes, int | None]:
    return answer.body, answer.status


def until(holds: Callable[[], bool], patience_s: float = 5) -> bool:
    """Whether something comes to hold in time."""
    limit = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)
    return True


# --- servers whose ways OpenSSH has not, or has as root alone ---------------------------------------------------------


class Peer(paramiko.ServerInterface):
    """A device that checks passwords: an SSH server of paramiko's, as OpenSSH's needs root to do it."""

    def __init__(
        self, takes: str = "password", password: str = "right-one", prompts: Sequence[str] = ("Password: ",)
    ) -> None:
        self.takes, self.password, self.prompts = takes, password, prompts
        self.passwords: list[str] = []  # what was said to it
        self.typed = b""
        self.transport: paramiko.Transport | None = None
        self.expired = False
        self.greeting = "leaf1#"

    def get_allowed_auths(self, username: str) -> str:
        return self.takes

    def check_auth_password(self, username: str, password: str) -> int:
        self.passwords.append(password)
        if self.expired:
            demand = paramiko.Message()
            demand.add_byte(bytes([60]))  # SSH_MSG_USERAUTH_PASSWD_CHANGEREQ
            demand.add_string("Your password has expired")
            demand.add_string("")
            assert self.transport is not None
            self.transport._send_message(demand)  # type: ignore[attr-defined]
        return paramiko.AUTH_SUCCESSFUL if password == self.password and not self.expired else paramiko.AUTH_FAILED

    def check_auth_interactive(self, username: str, submethods: str) -> Any:
        return paramiko.InteractiveQuery("", "", *[(prompt, False) for prompt in self.prompts])

    def check_auth_interactive_response(self, responses: list[str]) -> int:
        self.passwords += responses
        return paramiko.AUTH_SUCCESSFUL if responses == [self.password] else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_pty_request(self, *_: Any) -> bool:
        return True

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        if self.takes == "no exec":
            return False
        threading.Thread(target=self._answer, args=(channel, command), daemon=True).start()
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        threading.Thread(target=self._console, args=(channel,), daemon=True).start()
        return True

    @staticmethod
    def _answer(channel: paramiko.Channel, command: bytes) -> None:
        channel.sendall(b"answer to " + command)
        channel.send_exit_status(0)
        channel.close()

    def _console(self, channel: paramiko.Channel) -> None:
        """A command line interface as switches have it, with an enable password and a pager."""
        prompt, secret = self.greeting, False
        with suppress(OSError, EOFError):
            channel.sendall(b"\r\nWelcome\r\n" + prompt.encode())
            while line := self._line(channel, echo=not secret):
                command = line.decode().strip()
                answer = ""
                if secret:
                    prompt, secret = ("leaf1#" if command == "let-me-in" else "leaf1>"), False
                elif command == "enable":
                    channel.sendall(b"Password: ")
                    secret = True
                    continue
                elif command == "show version":
                    answer = "Software: 4.1\r\nTemp\xe9rature 41\r\n"
                elif command == "show hang":
                    channel.sendall(b"first line\r\n")
                    continue
                elif command == "show drop":
                    channel.sendall(b"half an ans")
                    assert self.transport is not None
                    self.transport.close()
                elif command == "exit":
                    break
                elif command.startswith("show"):
                    answer = "            ^\r\n% Invalid input detected at '^' marker.\r\n"
                channel.sendall(answer.encode("latin-1") + prompt.encode())
        with suppress(OSError, EOFError):
            channel.close()

    def _line(self, channel: paramiko.Channel, *, echo: bool) -> bytes:
        line = b""
        while not line.endswith((b"\r", b"\n")):
            raw = channel.recv(1)
            if not raw:
                return b""
            line += raw
            self.typed += raw
            if echo:
                channel.sendall(b"\r\n" if raw in b"\r\n" else raw)
        if not echo:
            channel.sendall(b"\r\n")
        return line


@dataclass
class Listener:
    """A TCP port, and what is done with each connection to it."""

    serve: Callable[[socket.socket], None]

    def __enter__(self) -> Listener:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.connections: list[socket.socket] = []
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()
        return self

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.connections.append(connection)
                self.serve(connection)

    def __exit__(self, *_: object) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for connection in self.connections:
            connection.close()
        self.thread.join()


@dataclass
class PeerServer:
    """A peer that listens, as many connections as come."""

    peer: Peer
    host_key: paramiko.PKey = field(default_factory=lambda: paramiko.ECDSAKey.generate())

    def __enter__(self) -> PeerServer:
        self.transports: list[paramiko.Transport] = []
        self.listener = Listener(self._serve)
        self.listener.__enter__()
        return self

    def _serve(self, connection: socket.socket) -> None:
        transport = paramiko.Transport(connection)
        transport.add_server_key(self.host_key)
        self.transports.append(transport)
        self.peer.transport = transport
        with suppress(paramiko.SSHException, EOFError):
            transport.start_server(server=self.peer, event=threading.Event())

    def __exit__(self, *_: object) -> None:
        self.listener.__exit__()
        for transport in self.transports:
            transport.close()

    def reach(self, **more: str) -> dict[str, str]:
        key = f"{self.host_key.get_name()} {self.host_key.get_base64()}"
        return {
            "transport": "ssh",
            "address": "127.0.0.1",
            "port": str(self.listener.port),
            "user": "admin",
            "host_key": key,
            "agent": "false",
        } | more


def keygen(*arguments: str | Path) -> str:
    return subprocess.run(
        ["ssh-keygen", *map(str, arguments)], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout


__all__ = ["FarEnd", "Listener", "Peer", "PeerServer", "far_end", "free_ports", "keygen", "server", "switch", "terms"]
