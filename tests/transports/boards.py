"""A module board as a lab file declares it, and what a transport is told about it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.clock import SimulatedClock, WallClock
from harness.evidence import Ask, Kind
from harness.evidence.journal import journal_of
from harness.lab.inventory import DevicePlan
from harness.transports.base import Session, Terms
from harness.transports.permit import Permit
from tests.transports.given import declared, terms_in

PERMIT = Permit.of("read everything", "read poll", "read identity", "time start")


class SimulatedCalendar(SimulatedClock):
    """Simulated time that has a date."""

    def instant(self) -> datetime:
        return datetime.fromtimestamp(float(self.now()), UTC)


def board(*, maintenance: bool = False, **reach: str) -> DevicePlan:
    """``board1`` and how it is reached."""
    return declared("board1", "board", "board", reach, maintenance=maintenance)


@dataclass
class Told:
    """Terms whose journal is in a directory."""

    directory: Path
    calendar: Any = field(default_factory=WallClock)
    unlocked: frozenset[str] = frozenset()

    @property
    def terms(self) -> Terms:
        return terms_in(self.directory, Session(PERMIT), calendar=self.calendar, unlocked=self.unlocked)

    def lines(self, *events: str) -> list[dict[str, Any]]:
        return [line for line in journal_of(self.directory) if line["event"] in events]

    @property
    def wire(self) -> list[str]:
        """What was sent, one transaction each."""
        return [one for line in self.lines("sent") for one in line["wire"].split(", ")]


def asked(text: str, sample: int = 1) -> Ask:
    return Ask("board1", Kind.REGISTERS, text, sample)


def pages(body: bytes) -> dict[str, str | None]:
    """The pages of an answer, as hex digits."""
    held: dict[str, str | None] = json.loads(body)["pages"]
    return held
