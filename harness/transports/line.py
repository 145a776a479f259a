"""A serial line: a port of this machine, or one of a console server by ``rfc2217://host:port`` or ``socket://host:port``.

What comes is taken in chunks as it comes; what goes out is told to the journal first.
"""

from __future__ import annotations

import errno
import select
import termios
import time
from typing import Any, Final

import serial

from ..errors import TransportError
from ..lab.inventory import DevicePlan
from .base import STOPPED, Stopped, Terms, needed

BAUD: Final = 9600
TELNETS: Final = "rfc2217://"
REMOTE: Final = (TELNETS, "socket://")
CHUNK: Final = 65536
SLICE_S: Final = 0.1
"""Longest wait before the user's wish to stop is looked at."""

WRITE_S: Final = 10.0
"""Longest time that a port may take no bytes."""


class Lost(TransportError):
    """The line itself is gone; nothing more can be asked over it."""


class Line:
    """A line that is open, for one user at a time."""

    def __init__(self, device: DevicePlan, terms: Terms, *, baud: int = BAUD) -> None:
        self.device, self.terms = device, terms
        self.name = needed(device, "device")
        self.baud = int(device.reach.get("baud", baud))
        self._port = self._opened()
        self._waits = not self.name.startswith(TELNETS)  # a thread of pyserial reads those

    def __str__(self) -> str:
        return f"{self.device.name}: {self.name}"

    def send(self, raw: bytes, said: str | None = None) -> None:
        """Bytes out; the journal has them as ``said``, or as they are with control characters as ``^M``."""
        self.terms.tell(self.device, "sent", wire=caret(raw) if said is None else said)
        self.put(raw)

    def put(self, raw: bytes) -> None:
        """Bytes out that the caller tells of."""
        try:
            self._port.write(raw)
        except (serial.SerialException, OSError) as gone:
            raise Lost(f"{self}: the line took nothing more: {gone}: look at the cable and the adapter") from None

    def more(self, seconds: float) -> bytes:
        """What has come, as soon as something has; nothing where so many seconds passed in silence."""
        until = time.monotonic() + seconds
        while True:
            if self.terms.hurry.stop:
                raise Stopped(f"{self}: {STOPPED}")
            raw = self._chunk(max(0.0, min(SLICE_S, until - time.monotonic())))
            if raw or time.monotonic() >= until:
                return raw

    def close(self) -> None:
        """Let go of the port; never raises."""
        try:
            self._port.close()
        except (serial.SerialException, OSError) as bad:
            self.terms.tell(self.device, "note", text=f"the port did not close: {bad}")

    def _chunk(self, seconds: float) -> bytes:
        try:
            if self._waits:
                ready = select.select([self._port], [], [], seconds)[0]
                return bytes(self._port.read(CHUNK)) if ready else b""
            return bytes(self._port.read(max(1, self._port.in_waiting)))  # waits for SLICE_S at most
        except (serial.SerialException, OSError) as gone:
            raise Lost(
                f"{self}: the line was lost: {gone}: look at the cable, and whether another program uses it"
            ) from None

    def _opened(self) -> Any:
        remote = self.name.startswith(REMOTE)
        if not remote and "://" in self.name:
            raise TransportError(
                f"{self.device.name}: {self.device.at}: no serial line is reached by {self.name!r}: expected a file "
                f"such as /dev/ttyUSB0, or {' or '.join(f'{one}host:port' for one in REMOTE)}"
            )
        # RFC 2217 knows no wait on a file and no time limit of writes; what can wait on a file never waits in read
        settings = {"timeout": SLICE_S} if self.name.startswith(TELNETS) else {"timeout": 0, "write_timeout": WRITE_S}
        if not remote:
            settings["exclusive"] = True
        try:
            return serial.serial_for_url(self.name, baudrate=self.baud, **settings)
        except (serial.SerialException, OSError, ValueError, termios.error) as bad:
            raise TransportError(f"{self}: {why_not(bad, remote)}") from None


def why_not(bad: Exception, remote: bool) -> str:
    """Why a port did not open, and what to do."""
    if remote:
        return f"{bad}: look at host and port of the console server, and whether its port is free and raw or RFC 2217"
    number = bad.errno if isinstance(bad, OSError) else None
    if number in (errno.ENOENT, errno.ENXIO, errno.ENODEV):
        return "it is not there: plug the adapter in, or correct `device` in the lab file"
    if number in (errno.EACCES, errno.EPERM):
        return "it may not be opened by this user: join the group that owns it (dialout on Debian)"
    if number in (errno.EAGAIN, errno.EBUSY):
        return "another program has it open: close that first"
    if isinstance(bad, termios.error) or number in (errno.ENOTTY, errno.EISDIR) or "configure port" in str(bad):
        return f"it is no serial port, or cannot do the speed: {bad}"
    return str(bad)


def caret(raw: bytes) -> str:
    """Bytes as text, control characters as ``^M``."""
    text = raw.decode("utf-8", "replace")
    return "".join(f"^{chr(ord(one) ^ 0x40)}" if one < " " or one == "\x7f" else one for one in text)
