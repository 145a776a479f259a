"""The machine itself, asked by the same scripts as a device at the far end of a connection."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from ..evidence import Answer, Ask
from ..lab.inventory import DevicePlan
from .base import Terms, Transport
from .shell import NotSent, Shell

CHUNK: Final = 1024 * 1024


def connect(device: DevicePlan, terms: Terms) -> Transport:
    """This machine."""
    return Local(device, terms)


class Local:
    """This machine."""

    def __init__(self, device: DevicePlan, terms: Terms) -> None:
        self.device, self.terms = device, terms
        self.shell = Shell(device, terms, self._start)
        terms.tell(device, "connected", address="this machine", user=str(os.geteuid()))

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer]:
        return self.shell.ask(asks)

    def close(self) -> None:
        self.terms.tell(self.device, "closed")

    def _start(self, line: str) -> Process:
        self.terms.tell(self.device, "sent", wire=line)
        try:
            return Process(line)
        except OSError as wrong:
            raise NotSent(f"sh: {wrong.strerror}") from None


class Process:
    """A command line that runs."""

    def __init__(self, line: str) -> None:
        self.process = subprocess.Popen(
            shlex.split(line),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("PLUGFEST_")},  # passwords
            start_new_session=True,
        )
        self.status: int | None = None
        assert self.process.stdout is not None and self.process.stderr is not None
        self._streams = {self.process.stdout.fileno(): 0, self.process.stderr.fileno(): 1}
        self._poll = select.poll()
        for stream in self._streams:
            self._poll.register(stream, select.POLLIN)

    def read(self, wait_s: float) -> tuple[bytes, bytes] | None:
        if not self._streams:
            with suppress(subprocess.TimeoutExpired):
                code = self.process.wait(wait_s)
                self.status = code if code >= 0 else None  # ended by a signal
                return None
            return b"", b""
        came = [b"", b""]
        for stream, _ in self._poll.poll(wait_s * 1000):
            came[self._streams[stream]] = raw = os.read(stream, CHUNK)
            if not raw:
                self._poll.unregister(stream)
                del self._streams[stream]
        return came[0], came[1]

    def lost(self) -> str:
        return ""

    def close(self) -> None:
        """What still runs is ended, with all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        self.process.wait()
