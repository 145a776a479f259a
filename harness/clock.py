"""Time as an input: what waits is told how."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Protocol

SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where the system has such a clock."""


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
    """The machine's own time, which a clock that is set meanwhile does not move."""

    real = True

    def __init__(self) -> None:
        self._start, self._began = datetime.now(UTC), self.now()

    def instant(self) -> datetime:
        return self._start + timedelta(seconds=float(self.now() - self._began))

    def now(self) -> Decimal:
        return Decimal(time.clock_gettime_ns(SINCE_BOOT)).scaleb(-9)

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
