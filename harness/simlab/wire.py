"""Serial lines of a simulated lab: a pty, a TCP port, and a TCP port that speaks RFC 2217, each with a thread."""

from __future__ import annotations

import os
import select
import socket
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import serial
from serial.rfc2217 import IAC, IAC_DOUBLED, PortManager

from .part import Part

CHUNK: Final = 4096
LOOPBACK: Final = "127.0.0.1"
STOP_S: Final = 5.0


class Cut(Exception):
    """The far end of a wire went away, or the server stops."""


class Wire:
    """One end of a line: bytes in, bytes out."""

    def __init__(self, fd: int, stop: int) -> None:
        """``stop`` is readable when the server is to end."""
        self.fd, self.stop = fd, stop
        os.set_blocking(fd, False)

    def read(self) -> bytes:
        """What has come, as soon as something has."""
        self._wait([self.fd], [])
        try:
            raw = os.read(self.fd, CHUNK)
        except OSError:
            raise Cut from None
        if not raw:
            raise Cut
        return raw

    def write(self, raw: bytes) -> None:
        left = memoryview(raw)
        while left:
            self._wait([], [self.fd])
            try:
                left = left[os.write(self.fd, left) :]
            except BlockingIOError:
                continue
            except OSError:
                raise Cut from None

    def _wait(self, reading: list[int], writing: list[int]) -> None:
        if self.stop in select.select([*reading, self.stop], writing, [])[0]:
            raise Cut


class Rfc2217Wire(Wire):
    """The same behind telnet with the options of a serial port."""

    def __init__(self, fd: int, stop: int) -> None:
        super().__init__(fd, stop)
        self._plain = super().write
        settings = serial.serial_for_url("loop://")  # holds what the client sets
        self._port: Any = PortManager(settings, Negotiation(self._plain))

    def read(self) -> bytes:
        while True:
            raw = b"".join(self._port.filter(super().read()))
            if raw:
                return raw

    def write(self, raw: bytes) -> None:
        self._plain(raw.replace(IAC, IAC_DOUBLED))


class Negotiation:
    """What a port manager writes its negotiations to."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.write = write


class Lines(Part):
    """Ways to one simulated device, which ``talk`` plays until its wire is cut.

    A pty keeps its conversation when somebody closes it and another opens it, as a serial port does; on a TCP port
    every connection begins a new one, and there is one at a time.
    """

    def __init__(
        self,
        talk: Callable[[Wire], None],
        *,
        path: Path | None = None,
        port: int | None = None,
        rfc2217: int | None = None,
    ) -> None:
        """``path`` is a symbolic link to the pty; ``port`` and ``rfc2217`` are TCP ports, 0 for a free one."""
        self.talk = talk
        self.path = path
        self.port, self.rfc2217 = port, rfc2217
        self._threads: list[threading.Thread] = []
        self._open: list[int] = []
        self._sockets: list[socket.socket] = []
        self._stop: tuple[int, int] | None = None

    def start(self) -> None:
        self._stop = os.pipe()
        try:
            if self.path is not None:
                self._serve(self._on_pty, self._pty(self.path))
            if self.port is not None:
                self.port = self._listen(self.port, Wire)
            if self.rfc2217 is not None:
                self.rfc2217 = self._listen(self.rfc2217, Rfc2217Wire)
        except OSError:
            self.stop()
            raise

    def stop(self) -> None:
        """Hang up everywhere; the link is gone afterwards."""
        if self._stop is None:
            return
        os.write(self._stop[1], b"x")
        for thread in self._threads:
            thread.join(STOP_S)
        for one in self._sockets:
            one.close()
        for fd in (*self._open, *self._stop):
            os.close(fd)
        if self.path is not None:
            with suppress(FileNotFoundError):
                self.path.unlink()
        self._threads, self._sockets, self._open, self._stop = [], [], [], None

    def _pty(self, path: Path) -> int:
        ours, theirs = os.openpty()
        self._open += [ours, theirs]  # theirs stays open, so that the line lives on while nobody has it open
        tty.setraw(theirs)
        path.unlink(missing_ok=True)
        path.symlink_to(os.ttyname(theirs))
        return ours

    def _listen(self, port: int, kind: type[Wire]) -> int:
        listener = socket.create_server((LOOPBACK, port))
        self._sockets.append(listener)
        self._serve(partial(self._on_tcp, kind), listener)
        return int(listener.getsockname()[1])

    def _serve(self, how: Callable[[Any], None], what: object) -> None:
        thread = threading.Thread(target=how, args=(what,), daemon=True, name="simulated serial line")
        self._threads.append(thread)
        thread.start()

    def _on_pty(self, fd: int) -> None:
        assert self._stop
        with suppress(Cut):
            self.talk(Wire(fd, self._stop[0]))

    def _on_tcp(self, kind: type[Wire], listener: socket.socket) -> None:
        assert self._stop
        stop = self._stop[0]
        while stop not in select.select([listener.fileno(), stop], [], [])[0]:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection, suppress(Cut):
                self.talk(kind(connection.fileno(), stop))
