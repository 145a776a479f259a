"""What every transport is: a device that answers questions one after another, and leaves a trace of all it was sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from ..clock import Calendar
from ..errors import TransportError
from ..evidence import Answer, Ask
from ..evidence.journal import Journal
from ..lab.inventory import DevicePlan
from .passwords import Passwords
from .permit import Permit

DISRUPTIVE = "disruptive"
"""What a user unlocks for devices under maintenance, and what then may be written to their modules."""

MOST_BYTES = 256 * 1024 * 1024
"""An answer longer than this is cut, kept as far as it came, and counts as not answered."""

STOPPED = "stopped by the user"
"""Why an ask was not answered where ``Hurry`` says to stop."""


class Transport(Protocol):
    """One device, reached."""

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer]:
        """An answer to every ask, in their order, each as soon as it is there.

        Whatever goes wrong is an answer too: ``status`` None, ``error`` one line that says what was expected, what was
        found and what to do, ``body`` as much as had come.  After the device is gone, the rest is answered so at once.
        An ask that ``terms.permit`` does not allow is answered so without sending anything.
        """

    def close(self) -> None:
        """Log out and let go; never raises."""


@runtime_checkable
class Restoring(Protocol):
    """A transport whose device may be changed, and put back."""

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Put back what a ``saved`` line of the journal says.  TransportError where that cannot be done."""


@dataclass(frozen=True, slots=True)
class Session:
    """How a driver's kind of device wants to be asked."""

    permit: Permit
    shell: bool = False
    """Whether an exec channel is a POSIX shell, so that many commands go in one script."""
    prompt: str = ""
    """netmiko's name for the device where there is no usable exec channel, such as ``cisco_nxos``."""
    quiet: tuple[str, ...] = ()
    """Commands that turn paging off on a console, sent once after login."""
    identity: str = ""
    """What an instrument's answer to ``*IDN?`` begins with, as a pattern; to another nothing else is sent."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a transport may send to one device, on whose time, and who hears of it."""

    session: Session
    journal: Journal
    passwords: Passwords
    calendar: Calendar
    unlocked: frozenset[str] = frozenset()
    """What the user unlocked for a device under maintenance: ``disruptive``."""
    hurry: Hurry = field(default_factory=lambda: Hurry())

    @property
    def permit(self) -> Permit:
        return self.session.permit

    def tell(self, device: DevicePlan, event: str, **facts: object) -> None:
        """A line of the journal: ``connected``, ``sent``, ``note``, ``failed``, ``closed``."""
        self.journal.tell(device.name, event, at=self.calendar.instant(), **facts)


class Stopped(TransportError):
    """The user wants to stop: what is under way ends here."""


class Hurry:
    """Set when the user wants to stop: transports look at it where they wait.

    A thread that puts something back does not hear of it until that is done.
    """

    def __init__(self) -> None:
        self._stop = False
        self._of_thread = threading.local()

    @property
    def stop(self) -> bool:
        return self._stop and not self.deaf

    @stop.setter
    def stop(self, wanted: bool) -> None:
        self._stop = wanted

    @property
    def deaf(self) -> bool:
        """Whether this thread is putting something back."""
        return getattr(self._of_thread, "deaf", False)

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """While something is put back."""
        before, self._of_thread.deaf = self.deaf, True
        try:
            yield
        finally:
            self._of_thread.deaf = before


def failed(ask: Ask, terms: Terms, error: str, *, body: bytes = b"", took_ms: int = 0) -> Answer:
    """The answer to an ask that was not answered."""
    return Answer(ask, body, None, terms.calendar.instant(), took_ms, error)


def seconds(device: DevicePlan, key: str, usual: float) -> float:
    """A number of seconds of ``reach``."""
    return float(Decimal(device.reach.get(key, str(usual))))


def needed(device: DevicePlan, key: str) -> str:
    """A setting of ``reach`` that the transport cannot do without."""
    value = device.reach.get(key)
    if not value:
        raise TransportError(f"{device.name}: {device.at}: reach needs {key} for {device.reach.get('transport')}")
    return value
