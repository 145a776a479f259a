"""A module board behind a serial line: the module in its slot, by the line protocol of the board's family.

``reach.device`` is the line, ``reach.baud`` its speed where it is not the family's usual one, and ``reach.x-family``
the family, a table of boards.toml; ``plain`` where it is not said.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ..errors import TransportError
from ..lab.inventory import DevicePlan
from .base import Stopped, Terms, seconds
from .line import Line, Lost
from .registers import NoAcknowledge, Registers

HERE: Final = Path(__file__).parent
QUIET_S: Final = 0.1
LONGEST: Final = 4096
"""Bytes of an answer without an end of line, beyond which it is none."""

ANSWER_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Family:
    """How one kind of board is spoken to; a row of boards.toml, where the fields are explained."""

    document: str
    baud: int
    end: str
    identify: str
    identity: str
    read: str
    write: str
    answer: str
    nak: str
    error: str


@cache
def families() -> Mapping[str, Family]:
    """Every family that is known, by name."""
    table = tomllib.loads((HERE / "boards.toml").read_text("utf-8"))
    return {name: Family(**row) for name, row in table.items()}


def connect(device: DevicePlan, terms: Terms) -> Registers:
    """The module of a board, once the board has said that it is of the family that the lab file names."""
    name = device.reach.get("x-family", "plain")
    family = families().get(name)
    if family is None:
        raise TransportError(
            f"{device.name}: {device.at}: no board family {name!r}: x-family is one of {', '.join(families())}"
        )
    board = Board(Line(device, terms, baud=family.baud), family, seconds(device, "timeout_s", ANSWER_S))
    try:
        said = board.identified(seconds(device, "connect_timeout_s", 10))
    except TransportError as refused:
        terms.tell(device, "failed", error=str(refused))
        board.line.close()
        raise
    terms.tell(device, "connected", line=board.line.name, baud=board.line.baud, family=name, identity=said)
    return Registers(device, terms, board, board.line.close)


class Board:
    """The bus to the module of one board.

    An answer has no number, so that one that comes late would be taken for the next.  After whatever is no answer the
    board must identify itself before it is asked again.
    """

    def __init__(self, line: Line, family: Family, timeout: float) -> None:
        self.line, self.family, self.timeout = line, family, timeout
        self._held = b""
        self._lost = ""
        self._in_step = False

    def read(self, device: int, byte: int, size: int) -> bytes:
        """``size`` bytes from ``byte`` on."""
        raw = self._transact(self.family.read.format(device=device, byte=byte, size=size))
        if len(raw) != size:
            self._in_step = False
            raise TransportError(f"{self.line}: {device:02X}h byte {byte}: asked for {size} bytes and got {len(raw)}")
        return raw

    def write(self, device: int, byte: int, raw: bytes) -> None:
        """Write bytes from ``byte`` on."""
        said = self._transact(self.family.write.format(device=device, byte=byte, raw=raw.hex().upper()))
        if said:
            self._in_step = False
            raise TransportError(f"{self.line}: {device:02X}h byte {byte}: a write was answered with {len(said)} bytes")

    def identified(self, patience: float) -> str:
        """What the board says of itself, after everything that it still had to say."""
        until = time.monotonic() + patience
        said = ""
        while time.monotonic() < until:
            while time.monotonic() < until and self.line.more(QUIET_S):
                pass
            self._held = b""
            self.line.send((self.family.end + self.family.identify + self.family.end).encode())
            answered = min(until, time.monotonic() + self.timeout)
            while (line := self._line(answered)) is not None:
                if re.fullmatch(self.family.identity, line):
                    while time.monotonic() < until and self.line.more(QUIET_S):
                        pass  # what it says to the empty line may come late
                    self._held, self._in_step = b"", True
                    return line
                said = line or said
        heard = f"it said {said[:60]!r}" if said else "not a line came"
        raise TransportError(
            f"{self.line}: no board that says {self.family.identity!r}: {heard}: look at power, cable, speed "
            f"({self.line.baud} baud) and x-family"
        )

    def _transact(self, command: str) -> bytes:
        """The bytes that a command is answered with."""
        if self._lost:
            raise Lost(self._lost)
        try:
            if not self._in_step:
                self.identified(self.timeout)
            self._in_step = False
            self.line.put((command + self.family.end).encode())  # the guard above tells of every transaction
            line = self._line(time.monotonic() + self.timeout)
        except Stopped:
            raise  # the line is as it was: what was changed can be put back over it
        except TransportError as gone:
            self._lost = str(gone)
            raise
        if line is None:
            raise TransportError(f"{self.line}: {command!r} was not answered in {self.timeout:g} s")
        if found := re.fullmatch(self.family.answer, line):
            self._in_step = True
            return bytes.fromhex(found["raw"] or "")
        if re.fullmatch(self.family.nak, line):
            self._in_step = True
            raise NoAcknowledge(f"{self.line}: {command!r}: the module did not acknowledge")
        if found := re.fullmatch(self.family.error, line):
            self._in_step = True
            raise TransportError(f"{self.line}: {command!r}: the board says {found['why']!r}")
        raise TransportError(f"{self.line}: {command!r} was answered with {line[:60]!r}, which is no answer")

    def _line(self, until: float) -> str | None:
        """The next line that comes; None where none is complete in time."""
        while b"\n" not in self._held:
            left = until - time.monotonic()
            if left <= 0 or len(self._held) > LONGEST:
                return None
            self._held += self.line.more(left)
        line, _, self._held = self._held.partition(b"\n")
        return line.strip(b"\r\n ").decode("ascii", "replace")
