"""A simulated lab that is served on the loopback interface, until it is stopped.

Every switch and host has a port of a real SSH server, whose forced command (``client``) hands the streams of a session
to this process; switches have a serial console, boards a serial line, instruments a TCP port.  A control socket takes
JSON lines: what time it is, that time shall pass, and faults.
"""

from __future__ import annotations

import json
import os
import select
import shlex
import shutil
import socket
import socketserver
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ..errors import PlugfestError, UsageError
from ..evidence import written
from ..lab.inventory import DevicePlan, Lab
from ..lab.load import load
from ..transports.bundle import begun, commands_in, ended
from . import livefile
from .board import BoardServer
from .byhand import fault_of, subject_of
from .clock import LabTime
from .console import Console, Terminal, manner_of
from .faults import read
from .instrument import Instrument
from .live import Live, Slot, lab_faults
from .part import Part
from .scope import tdecq
from .shell import Said, speaker
from .sshd import Sshd
from .wire import Cut, Wire
from .world import SHELLS

CONTROL: Final = "control.sock"
SHELL: Final = "shell.sock"
CLIENT: Final = Path(__file__).with_name("client.py")

LONGEST_PATH: Final = 107
"""Bytes of the path of a Unix socket (sockaddr_un)."""

LONGEST_LINE: Final = 4 * 1024 * 1024
HANGS_FOR_MS: Final = 200
"""Between two looks whether somebody still waits for an answer that never comes."""

GONE: Final = 255

USER: Final = "admin"
PASSWORD: Final = "plugfest"
"""Of consoles, as everybody may know them: there is nothing behind them."""

FAMILY: Final = "keysight-dca"
"""The family of instruments that the scope of a simulated lab is of."""

CALIBRATED: Final = timedelta(days=150)
"""How long ago the scope was calibrated when the lab begins."""


class LabServer(Part):
    """One simulated lab.  Everything that it needs while it runs is below ``home``, which it makes and takes away."""

    def __init__(
        self,
        served: Path,
        home: Path,
        *,
        start: datetime,
        speed: Decimal = Decimal(1),
        jumps: bool = True,
        faults: Path | None = None,
    ) -> None:
        self.served, self.home = served, home.absolute()
        self.start_at, self.speed, self.jumps, self.faults = start, speed, jumps, faults
        self.told: list[str] = []  # what somebody should know of how it was started
        self.reach: dict[str, livefile.Reach] = {}
        self.lines: list[str] = []  # how each device is reached
        self.stopped = threading.Event()
        self.stopping: tuple[int, int] = (-1, -1)  # a pipe that can be read from when everything is to stop
        self._parts = ExitStack()
        self._by_port: dict[int, str] = {}

    @property
    def control(self) -> Path:
        return self.home / CONTROL

    def start(self) -> None:
        """Comes back when everything answers."""
        if len(os.fsencode(self.control)) > LONGEST_PATH:
            raise UsageError(f"{self.home}: too long for the path of a socket; choose a shorter one with --dir")
        own = load(self.served)
        self._make_home()
        try:
            self._start(own)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything, and take away what was made for it."""
        self.stopped.set()
        if self.stopping[1] >= 0:
            os.write(self.stopping[1], b"x")
        self._parts.close()
        self.stopping = (-1, -1)
        shutil.rmtree(self.home, ignore_errors=True)

    def write_lab(self, file: Path) -> None:
        """A lab file that reaches what is served here, and what a laboratory measured of the module on its board."""
        measurements: tuple[Path, ...] = ()
        file.parent.mkdir(parents=True, exist_ok=True)
        if self.bench.board and self.own.measurements:
            beside = file.with_name(f"{file.stem}-laboratory.csv")
            beside.write_text(tdecq(self.live.world, self.bench.board), "utf-8")
            measurements = (*self.own.measurements, beside)
        self._write_lab(file, measurements)

    def _write_lab(self, file: Path, measurements: Sequence[Path] = ()) -> None:
        lines = livefile.lines(
            file, self.own, served=self.served, bench=self.bench, clock=self.control, reach=self.reach, family=FAMILY,
            calibrated=(self.start_at - CALIBRATED).date(), measurements=measurements,
        )  # fmt: skip
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")

    def _make_home(self) -> None:
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            strangers = sorted(entry.name for entry in self.home.iterdir())
        except OSError as problem:
            raise UsageError(f"--dir {self.home}: {problem.strerror}; a directory of its own was expected") from None
        if strangers:
            raise UsageError(f"--dir {self.home}: an empty directory was expected, found {strangers[0]}")

    def _start(self, own: Lab) -> None:
        self.own, self.bench = own, livefile.bench_of(own)
        faults, self.told = lab_faults(read(self.faults) if self.faults else ())
        first = self.home / "served.yaml"
        self._write_lab(first)
        self.lab = load(first)  # as it is served: with its bench
        for device in self.lab.devices.values():
            if device.kind in SHELLS:
                speaker(device)
        self.time = LabTime(self.home, self.start_at, speed=self.speed, jumps=self.jumps)
        self._parts.callback(self.time.stop)
        self.live = Live(self.lab, self.time, faults)
        self.stopping = os.pipe()
        self._parts.callback(_close, *self.stopping)
        self._listen(CONTROL, self._control)
        self._listen(SHELL, self._shell)
        self._start_sshd()
        for device in self.lab.devices.values():
            if device.kind == "switch":
                self._start_console(device.name)
            elif device.kind == "board":
                self._start_board(device)
            elif device.kind == "instrument":
                self._start_instrument(device)

    def _begin(self, part: Part) -> None:
        part.start()
        self._parts.callback(part.stop)

    # --- switches and hosts -----------------------------------------------------------------------------------------

    def _start_sshd(self) -> None:
        names = [device.name for device in self.lab.devices.values() if device.kind in SHELLS]
        if not names:
            return
        command = shlex.join([sys.executable, "-I", "-S", str(CLIENT), str(self.home / SHELL)])
        sshd = Sshd(self.home / "ssh", command, ports=len(names))
        self._begin(sshd)
        self._by_port = dict(zip(sshd.ports, names, strict=True))
        for port, name in self._by_port.items():
            self.reach[name] = {
                "transport": "ssh", "address": "127.0.0.1", "port": port, "user": sshd.user,
                "key": str(sshd.client_key), "known_hosts": str(sshd.known_hosts), "agent": False,
            }  # fmt: skip
        config = self.home / "ssh_config"
        config.write_text("\n".join(_ssh_config(sshd, self._by_port)), "utf-8")
        self.lines += [f"{name}: ssh -F {config} {name}" for name in names]

    # --- serial lines -----------------------------------------------------------------------------------------------

    def console(self, name: str, **ways: Any) -> Console:
        """A terminal session with a device."""

        def answer(command: str) -> tuple[int, str]:
            status, out, err = self.live.answer(name, command)
            return status, (out + err).decode("utf-8", "replace")

        return Console(USER, PASSWORD, name, answer, manner=manner_of(self.lab.devices[name].nos), **ways)

    def _start_console(self, name: str) -> None:
        console = self.console(name, path=self.home / f"{name}.console", port=0)
        self._begin(console)
        self.lines.append(
            f"{name}: console {console.path} and socket://127.0.0.1:{console.port}, user {USER}, password {PASSWORD}"
        )

    def _start_board(self, device: DevicePlan) -> None:
        """The one slot of a board, behind a serial line."""
        if not device.cages:
            return
        board = BoardServer(Slot(self.live, str(device.cages[0])), path=self.home / f"{device.name}.serial")
        self._begin(board)
        self.reach[device.name] = {"transport": "board", "device": str(board.path)}
        self.lines.append(f"{device.name}: serial line {board.path}")

    def _start_instrument(self, device: DevicePlan) -> None:
        instrument = Instrument(self.live.world, device)
        self._begin(instrument)
        self.reach[device.name] = {"transport": "scpi", "resource": f"TCPIP::127.0.0.1::{instrument.port}::SOCKET"}
        self.lines.append(f"{device.name}: {self.reach[device.name]['resource']}")

    # --- sessions ---------------------------------------------------------------------------------------------------

    def _shell(self, line: socket.socket) -> None:
        """One session of the SSH server: its streams come with the first bytes, its command after them."""
        head, streams, _, _ = socket.recv_fds(line, 4, 3)
        try:
            if len(streams) != 3:
                return
            asked = _exactly(line, int.from_bytes(head, "big"))
            port, _, command = asked.partition(b" ")
            session = Session(self, self._by_port[int(port)], *streams)
            status = session.run(command.decode("utf-8", "surrogateescape"))
        except OSError:  # whoever asked is gone
            return
        finally:
            for stream in streams:
                os.close(stream)
        with suppress(OSError):
            line.sendall(bytes([status]))

    # --- control ----------------------------------------------------------------------------------------------------

    def _control(self, line: socket.socket) -> None:
        with suppress(OSError), line.makefile("rb") as heard:
            for raw in heard:
                line.sendall(json.dumps(self._answered(raw)).encode() + b"\n")

    def _answered(self, raw: bytes) -> dict[str, Any]:
        try:
            asked = json.loads(raw)
        except ValueError as bad:
            return {"error": f"a JSON object on one line was expected: {bad}"}
        if not isinstance(asked, dict) or len(asked) != 1 or next(iter(asked)) not in self._messages():
            return {"error": f"one of {', '.join(self._messages())} was expected"}
        ((name, value),) = asked.items()
        try:
            return self._messages()[name](value)
        except PlugfestError as problem:
            return {"error": str(problem)}
        except (ArithmeticError, TypeError, KeyError, AttributeError, ValueError) as bad:
            return {"error": f"{name}: {value!r} was not expected: {bad!r}"}

    def _messages(self) -> Mapping[str, Callable[[Any], dict[str, Any]]]:
        return {
            "now": self._now, "wait": self._wait, "until": self._until, "status": self._status,
            "fault": self._fault, "clear": self._clear,
        }  # fmt: skip

    def _now(self, _: Any) -> dict[str, Any]:
        return {"now": str(self.time.now()), "instant": self.time.instant().isoformat()}

    def _wait(self, seconds: Any) -> dict[str, Any]:
        self.time.wait(Decimal(str(seconds)))
        return self._now(None)

    def _until(self, moment: Any) -> dict[str, Any]:
        self.time.wait_until(Decimal(str(moment)))
        return self._now(None)

    def _status(self, _: Any) -> dict[str, Any]:
        return {
            "lab": self.lab.name, "file": str(self.served.absolute()), "pid": os.getpid(),
            "start": written(self.start_at), **self._now(None), "reached": self.lines,
            "faults": [f"{one.fault.target} {one.fault.name}" for one in self.live.planted],
        }  # fmt: skip

    def _fault(self, said: Any) -> dict[str, Any]:
        fault, lasts = fault_of(self.live.world, str(said["subject"]), [str(word) for word in said["settings"]])
        self.live.plant(fault, lasts=lasts)
        return {"planted": f"{fault.target} {fault.name}"}

    def _clear(self, said: Any) -> dict[str, Any]:
        """``true`` for every fault, else of a subject, or of a kind."""
        asked = said if isinstance(said, dict) else {}
        subject, do = str(asked.get("subject", "")), str(asked.get("do", ""))
        if subject and subject not in self.live.world.devices:
            subject = subject_of(self.live.world, subject, whole=False)
        return {"cleared": self.live.clear(subject, do)}

    # --- sockets ----------------------------------------------------------------------------------------------------

    def _listen(self, name: str, serve: Callable[[socket.socket], None]) -> None:
        """Serve whoever connects to a socket of that name, each in a thread."""

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                serve(self.request)

        server = Listener(str(self.home / name), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name=name, daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        self._parts.callback(stop)


class Listener(socketserver.ThreadingUnixStreamServer):
    """Sockets that many connect to at once."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024


class Streams(Wire):
    """A wire of two streams: one that is read, one that is written."""

    def __init__(self, into: int, out: int, stop: int) -> None:
        super().__init__(into, stop)
        self._out = Wire(out, stop)

    def write(self, raw: bytes) -> None:
        self._out.write(raw)


class Session:
    """One command line that somebody sent to a device."""

    def __init__(self, lab: LabServer, device: str, into: int, out: int, err: int) -> None:
        self.lab, self.device, self.into, self.out, self.err = lab, device, into, out, err

    def run(self, line: str) -> int:
        """Answer a script command by command, anything else as one command, and none with a prompt; the exit status."""
        if not line:
            return self._prompt()
        script = commands_in(line)
        if script is None:
            return self._print(self._said(line))
        mark, commands = script
        for number, command in enumerate(commands):
            clock = Decimal(str(self.lab.live.instant.timestamp()))
            _write(self.out, self.err, *begun(mark, number, f"{clock:.9f}"))
            said = self._said(command)
            _write(self.out, self.err, said.out, said.err)
            _write(self.out, self.err, *ended(mark, number, said.status))
        return 0

    def _prompt(self) -> int:
        """A terminal session, for who asked for a shell."""
        if os.isatty(self.into):
            tty.setraw(self.into, termios.TCSANOW)  # what was typed ahead is not lost
        terminal = Terminal(Streams(self.into, self.out, self.lab.stopping[0]), "utf-8")
        try:
            self.lab.console(self.device).session(terminal)
        except Cut:
            return GONE
        return 0

    def _said(self, command: str) -> Said:
        if self.lab.live.silent(self.device, command):
            self._hang()
        return self.lab.live.answer(self.device, command)

    def _print(self, said: Said) -> int:
        _write(self.out, self.err, said.out, said.err)
        return said.status

    def _hang(self) -> None:
        """Answer nothing for as long as somebody waits."""
        waiting = select.poll()
        waiting.register(self.out, 0)  # POLLERR and POLLHUP are told unasked
        while not waiting.poll(HANGS_FOR_MS):
            if self.lab.stopped.is_set():
                break
        raise BrokenPipeError


def _close(*fds: int) -> None:
    for fd in fds:
        os.close(fd)


def _ssh_config(sshd: Sshd, by_port: Mapping[int, str]) -> Iterator[str]:
    """What lets people log in with the system's own ssh."""
    yield from (f"Host {name}\n  Port {port}" for port, name in by_port.items())
    yield f"Host *\n  HostName 127.0.0.1\n  User {sshd.user}\n  IdentityFile {sshd.client_key}"
    yield f"  IdentitiesOnly yes\n  UserKnownHostsFile {sshd.known_hosts}\n  StrictHostKeyChecking yes\n"


def _write(out: int, err: int, on_out: bytes, on_err: bytes) -> None:
    for stream, said in ((out, on_out), (err, on_err)):
        view = memoryview(said)
        while view:
            view = view[os.write(stream, view) :]


def _exactly(line: socket.socket, size: int) -> bytes:
    if size > LONGEST_LINE:
        raise OSError(f"{size} bytes: no command line is as long")
    held = bytearray()
    while len(held) < size:
        more = line.recv(size - len(held))
        if not more:
            raise ConnectionResetError
        held += more
    return bytes(held)
