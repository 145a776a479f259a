"""A real OpenSSH server on the loopback interface, whose forced command plays the devices.

    with Sshd(home, "/path/to/device") as sshd:
        ...  # ssh -p {sshd.ports[0]} -i {sshd.client_key} 127.0.0.1 show version

It needs no privileges, keeps its keys, configuration and log in its home, and lets in whoever has its client key, as
the user who started it.  Without root it cannot check passwords, and gives terminals only where devpts is mounted with
gid=5.  The command finds the device that it plays by the server's port, the fourth word of ``$SSH_CONNECTION``, and
what it is asked in ``$SSH_ORIGINAL_COMMAND``; where that is not set a shell was asked for.  It should end when its
standard input does, as that is all that tells it that the other side is gone.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from ..errors import TransportError, UsageError
from .part import Part

MOST_ADDRESSES: Final = 16
"""Sockets that one sshd listens on (MAX_LISTEN_SOCKS)."""

PRIVILEGE_SEPARATION: Final = Path("/run/sshd")
"""What a server that runs as root insists on; the service of the Debian package makes it too."""

START_S: Final = 10.0
STOP_S: Final = 5.0
ATTEMPTS: Final = 5

PACKAGES: Final = {"sshd": "openssh-server", "ssh": "openssh-client", "ssh-keygen": "openssh-client"}

OPTIONS: Final[Mapping[str, str]] = {
    "PasswordAuthentication": "no",
    "KbdInteractiveAuthentication": "no",
    "PermitRootLogin": "prohibit-password",
    "UsePAM": "no",
    "UseDNS": "no",
    "StrictModes": "no",
    "PrintMotd": "no",
    "PrintLastLog": "no",
    "MaxStartups": "500:30:1000",  # the usual 10:30:100 turns connections away at random
    "MaxSessions": "200",
    "LogLevel": "INFO",  # says on which ports it listens
    "SetEnv": "SHLVL=1",  # bash as the login shell does not read ~/.bashrc
}


class Sshd(Part):
    """An OpenSSH server of one's own, on as many ports of 127.0.0.1 as there are devices."""

    def __init__(
        self, home: Path, command: str, *, ports: Sequence[int] | int = 1, options: Mapping[str, str] | None = None
    ) -> None:
        """``ports`` is how many free ports to take, or which; ``options`` go into sshd_config instead of ours."""
        self.home = home.absolute()
        self.command = command
        self.options = {**OPTIONS, **(options or {})}
        self.ports: tuple[int, ...] = () if isinstance(ports, int) else tuple(ports)
        self._free = ports if isinstance(ports, int) else 0
        self._running: list[subprocess.Popen[bytes]] = []
        self._programs = {name: program(name) for name in PACKAGES}
        self.user = user()
        self.home.mkdir(parents=True, exist_ok=True)
        self.client_key = self._key("client_ed25519")
        self.host_key = " ".join(self._key("host_ed25519").with_suffix(".pub").read_text("utf-8").split()[:2])
        self.known_hosts = self.home / "known_hosts"
        self.log = self.home / "sshd.log"

    def start(self) -> None:
        """Comes back when every port answers.  The server ends with the thread that starts it."""
        shutil.copyfile(self.client_key.with_suffix(".pub"), self.home / "authorized_keys")
        self._prepare_for_root()
        for attempt in range(ATTEMPTS):
            if self._free:
                self.ports = free_ports(self._free)
            taken = self._listen()
            if not taken:
                break
            self.stop()
            if not self._free or attempt == ATTEMPTS - 1:
                raise TransportError(f"sshd: 127.0.0.1: {taken}; see {self.log}")
        self.known_hosts.write_text("".join(f"{place(port)} {self.host_key}\n" for port in self.ports), "utf-8")

    def stop(self) -> None:
        """End the server, its sessions and the commands that they run."""
        running = tuple(self._running)
        self._running = []
        everything = [*descendants({server.pid for server in running})]
        for server in running:
            server.terminate()
        for pid in everything:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for server in running:
            try:
                server.wait(STOP_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def _listen(self) -> str:
        """Start a server for every sixteen ports; what went wrong where one of them has no port."""
        for number in range(0, len(self.ports), MOST_ADDRESSES):
            ports = self.ports[number : number + MOST_ADDRESSES]
            config, log = self.home / f"sshd_config_{number}", self._log(number)
            config.write_text(self._config(ports), "utf-8")
            log.unlink(missing_ok=True)
            arguments = [self._programs["sshd"], "-D", "-f", str(config), "-E", str(log)]
            if setpriv := shutil.which("setpriv"):  # the kernel ends it when we are killed
                arguments = [setpriv, "--pdeathsig", "TERM", *arguments]
            server = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, cwd="/")
            self._running.append(server)
        waited_until = time.monotonic() + START_S
        for place_, server in enumerate(self._running):
            ports = self.ports[place_ * MOST_ADDRESSES : (place_ + 1) * MOST_ADDRESSES]
            wanted = {f"Server listening on 127.0.0.1 port {port}." for port in ports}
            log = self._log(place_ * MOST_ADDRESSES)
            while True:
                said = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
                if wanted <= set(said):
                    break
                wrong = [line for line in said if re.search(r"in use|[Bb]ind to port|fatal|[Bb]ad configuration", line)]
                if wrong or server.poll() is not None:
                    return "; ".join(wrong) or f"the server ended: {' '.join(said[-3:])}"
                if time.monotonic() > waited_until:
                    return f"no answer within {START_S:.0f} s"
                time.sleep(0.005)
        return ""

    def _log(self, number: int) -> Path:
        return self.log if number == 0 else self.home / f"sshd_{number}.log"

    def _config(self, ports: Sequence[int]) -> str:
        lines = [f"ListenAddress 127.0.0.1:{port}" for port in ports]
        lines += [
            f'HostKey "{self.home}/host_ed25519"',
            "PidFile none",
            f'AuthorizedKeysFile "{self.home}/authorized_keys"',
            f"ForceCommand {self.command}",
        ]
        lines += [f"{name} {value}" for name, value in self.options.items()]
        if version(self._programs["ssh"]) >= (9, 8):  # else a refused login keeps the next ones out
            lines.append("PerSourcePenalties no")
        return "\n".join(lines) + "\n"

    def _key(self, name: str) -> Path:
        file = self.home / name
        if not file.exists():
            command = [self._programs["ssh-keygen"], "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file)]
            made = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            if made.returncode:
                raise UsageError(f"{file}: ssh-keygen made no key: {made.stderr.strip() or made.stdout.strip()}")
        return file

    def _prepare_for_root(self) -> None:
        if os.geteuid() != 0:
            return
        PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
        if locked(self.user):
            self.options["UsePAM"] = "yes"  # without PAM a locked account is kept out, whatever key it has


def program(name: str) -> str:
    """Where a program of OpenSSH is."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise UsageError(f"{name} is not here, and the simulated lab needs it: install {PACKAGES[name]}")
    return found


def version(ssh: str) -> tuple[int, int]:
    said = subprocess.run([ssh, "-V"], capture_output=True, text=True).stderr
    found = re.search(r"OpenSSH_(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def user() -> str:
    """Who we are; OpenSSH lets nobody in whom the system does not know."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise UsageError(f"user {os.geteuid()} has no name in /etc/passwd, and sshd needs one") from None


def locked(user: str) -> bool:
    """Whether an account is locked; only root can tell."""
    for line in Path("/etc/shadow").read_text("utf-8").splitlines():
        name, _, rest = line.partition(":")
        if name == user:
            return rest.startswith("!")
    return False


def place(port: int) -> str:
    """How known_hosts names a server on the loopback interface."""
    return "127.0.0.1" if port == 22 else f"[127.0.0.1]:{port}"


def free_ports(count: int) -> tuple[int, ...]:
    """Ports of the loopback interface that nobody has just now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return tuple(one.getsockname()[1] for one in sockets)


def descendants(pids: set[int]) -> Iterator[int]:
    """The processes below some processes."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1]
                )
    below = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        yield from more
        below |= more
