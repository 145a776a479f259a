"""The time of a simulated lab: it runs at a speed of its own, and is let pass at once where somebody waits for it.

``LabTime`` is the lab's side: every change of it is written to a file beside the control socket, so that any process
can tell the time without asking.  ``LabClock`` is everybody else's: a Calendar that reads that file, and asks the lab
to let time pass.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ..errors import TransportError
from ..evidence import instant, written

TIME: Final = "time.json"
"""Beside the control socket: the instant that the lab began at, and how its seconds follow from the machine's."""

MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Passing:
    """How time passes, from one change to the next."""

    start: datetime  # of the lab
    elapsed: Decimal  # seconds of the lab by ``since``
    since: Decimal  # the machine's monotonic clock
    speed: Decimal  # seconds of the lab in one of the machine; 0: none pass by themselves
    jumps: bool  # whether time that is waited for passes at once

    def now(self) -> Decimal:
        """Seconds since the lab began."""
        return self.elapsed + (_monotonic() - self.since) * self.speed

    def instant(self) -> datetime:
        return self.start + timedelta(microseconds=int(self.now() * MICROSECONDS))

    def document(self) -> dict[str, Any]:
        return {
            "start": written(self.start), "elapsed": str(self.elapsed), "since": str(self.since),
            "speed": str(self.speed), "jumps": self.jumps,
        }  # fmt: skip

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Passing:
        return cls(
            instant(document["start"]), Decimal(document["elapsed"]), Decimal(document["since"]),
            Decimal(document["speed"]), bool(document["jumps"]),
        )  # fmt: skip


class LabTime:
    """A lab's own time, from 0 s on.  Safe from any thread."""

    def __init__(self, home: Path, start: datetime, *, speed: Decimal = Decimal(1), jumps: bool = True) -> None:
        self.start, self.file = start, home / TIME
        self.passing = Passing(start, Decimal(0), _monotonic(), speed, jumps)
        self._changing = threading.Lock()
        self._stopped = threading.Event()
        self._publish()

    def now(self) -> Decimal:
        return self.passing.now()

    def instant(self) -> datetime:
        return self.passing.instant()

    def wait(self, seconds: Decimal) -> None:
        self.wait_until(self.now() + seconds)

    def wait_until(self, moment: Decimal) -> None:
        """Let time pass up to a moment: many who wait for the same one do not add up."""
        if self.passing.jumps or not self.passing.speed:
            with self._changing:
                passing = self.passing
                later = max(passing.now(), moment)
                self.passing = Passing(self.start, later, _monotonic(), passing.speed, passing.jumps)
                self._publish()
            return
        while (left := moment - self.now()) > 0 and not self._stopped.wait(float(left / self.passing.speed)):
            pass

    def stop(self) -> None:
        """Let nobody wait any longer."""
        self._stopped.set()

    def _publish(self) -> None:
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps(self.passing.document()), "utf-8")
        beside.replace(self.file)


class LabClock:
    """The time of a simulated lab as others have it, by the path of its control socket.  Safe from any thread."""

    def __init__(self, control: Path) -> None:
        self.control = control

    @property
    def real(self) -> bool:
        """Whether waiting takes as long as it says."""
        return not self._passing().jumps

    def now(self) -> Decimal:
        return self._passing().now()

    def instant(self) -> datetime:
        return self._passing().instant()

    def wait(self, seconds: Decimal) -> None:
        talk(self.control, {"until": str(self.now() + seconds)})

    def _passing(self) -> Passing:
        try:
            return Passing.read(json.loads(self.control.with_name(TIME).read_text("utf-8")))
        except FileNotFoundError:
            raise gone(self.control) from None


def talk(control: Path, message: Mapping[str, Any]) -> dict[str, Any]:
    """What a lab answers to one message on its control socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        try:
            line.connect(str(control))
            line.sendall(json.dumps(message).encode() + b"\n")
            with line.makefile("rb") as heard:
                answer = heard.readline()
        except OSError:
            raise gone(control) from None
    if not answer.endswith(b"\n"):
        raise gone(control)
    document: dict[str, Any] = json.loads(answer)
    return document


def gone(control: Path) -> TransportError:
    return TransportError(f"{control}: no simulated lab answers here; start one with `plugfest lab up`")


def _monotonic() -> Decimal:
    return Decimal(time.monotonic_ns()).scaleb(-9)
