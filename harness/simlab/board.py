"""A module board of the simulated lab, behind a serial line: the ``plain`` family of boards.toml, for any bus.

?               plugfest-board 1
r A0 7E 2       ok 0011             two bytes from byte 7Eh of device address A0h
w A0 7F 11      ok
                nak                 the module did not acknowledge
                err <words>         what was asked is no command
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ..decode.bus import Bus
from ..errors import TransportError
from .wire import Lines, Wire

IDENTITY: Final = "plugfest-board 1"
READ: Final = re.compile(r"r ([0-9A-Fa-f]{2}) ([0-9A-Fa-f]{2}) ([0-9]{1,3})")
WRITE: Final = re.compile(r"w ([0-9A-Fa-f]{2}) ([0-9A-Fa-f]{2}) ((?:[0-9A-Fa-f]{2})+)")


class BoardServer(Lines):
    """A board that is served on a pty, a TCP port or both."""

    def __init__(
        self, bus: Bus, *, path: Path | None = None, port: int | None = None, rfc2217: int | None = None
    ) -> None:
        super().__init__(self._talk, path=path, port=port, rfc2217=rfc2217)
        self.bus = bus

    def reply(self, line: str) -> str:
        """What the board says to a line."""
        if line == "?":
            return IDENTITY
        try:
            if found := READ.fullmatch(line):
                device, byte = (int(one, 16) for one in found.groups()[:2])
                return f"ok {self.bus.read(device, byte, int(found[3])).hex().upper()}"
            if found := WRITE.fullmatch(line):
                device, byte = (int(one, 16) for one in found.groups()[:2])
                self.bus.write(device, byte, bytes.fromhex(found[3]))
                return "ok"
        except TransportError:
            return "nak"
        return f"err no command: {line[:40]}"

    def _talk(self, wire: Wire) -> None:
        held = b""
        while True:
            *lines, held = (held + wire.read()).replace(b"\r", b"\n").split(b"\n")
            for line in lines:
                if line.strip():
                    wire.write(self.reply(line.decode("ascii", "replace").strip()).encode() + b"\r\n")
