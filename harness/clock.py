"""Time as an input: what waits is told how."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol


class Clock(Protocol):
    """Seconds since some start, and a way to let them pass."""

    def now(self) -> Decimal:
        """Seconds."""

    def wait(self, seconds: Decimal) -> None:
        """Come back when as many seconds have passed."""


class Calendar(Clock, Protocol):
    """A clock that knows the date."""

    @property
    def real(self) -> bool:
        """Whether its time passes by itself, so that waiting can be cut short."""

    def instant(self) -> datetime:
        """Now, with its zone."""


class WallClock:
    """The machine's own time."""

    real = True

    def instant(self) -> datetime:
        return datetime.now(UTC)

    def now(self) -> Decimal:
        return Decimal(time.monotonic_ns()).scaleb(-9)

    def wait(self, seconds: Decimal) -> None:
        time.sleep(float(seconds))


class SimulatedClock:
    """Time that passes only when somebody waits."""

    def __init__(self, start: Decimal = Decimal(0)) -> None:
        self._now = start

    def now(self) -> Decimal:
        return self._now

    def wait(self, seconds: Decimal) -> None:
        self._now += seconds
