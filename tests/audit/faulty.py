"""A module whose bus is not honest: writes are lost, or bytes read as something else."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from harness.audit.board import Board
from harness.clock import SimulatedClock
from harness.decode.memory import LOWER, Page
from harness.twin import families
from harness.twin.module import ModuleTwin

from .images import page_of

Place = tuple[Page, int]


def places(words: str) -> frozenset[Place]:
    """Bytes written as ``"lower:26 10:128"``."""
    found = set()
    for word in words.split():
        page, _, byte = word.rpartition(":")
        found.add((page_of(page), int(byte)))
    return frozenset(found)


def answers(words: str) -> Mapping[Place, int]:
    """Bytes and what they read as, written as ``"lower:37=42"``."""
    pairs = (word.partition("=") for word in words.split())
    return {next(iter(places(place))): int(raw, 16) for place, _, raw in pairs}


class Faulty:
    """A twin behind a bus that loses writes to some bytes, and forges others, from a write to ``after`` on."""

    def __init__(self, twin: ModuleTwin, lost: str = "", forged: str = "", after: str = "") -> None:
        self.twin, self.lost, self.forged = twin, places(lost), answers(forged)
        self.triggers = places(after)
        self.lying = not after
        self.selected = Page(0x00)

    def page(self, byte: int) -> Page:
        return self.selected if byte > 127 else Page(LOWER)

    def read(self, device: int, byte: int, size: int) -> bytes:
        held = bytearray(self.twin.read(device, byte, size))
        if self.lying:
            for (page, at), raw in self.forged.items():
                if page == self.page(byte) and byte <= at < byte + size:
                    held[at - byte] = raw
        return bytes(held)

    def write(self, device: int, byte: int, raw: bytes) -> None:
        if byte == 126:
            self.selected = Page(raw[1], raw[0])
        elif byte == 127:
            self.selected = self.selected._replace(number=raw[0])
        self.lying = self.lying or (self.page(byte), byte) in self.triggers
        if (self.page(byte), byte) not in self.lost:
            self.twin.write(device, byte, raw)


class Idle:
    """Somebody who is asked to move light and power and does nothing."""

    def light(self, on: bool) -> None:
        """Leave it."""

    def host_signal(self, on: bool) -> None:
        """Leave it."""

    def reset(self) -> None:
        """Leave it."""

    def insert(self) -> None:
        """Leave it."""


def twin_of(family: str, *edits: str, **how: Decimal) -> tuple[ModuleTwin, SimulatedClock]:
    """A family's module, with bytes changed, that has run for a while."""
    clock = SimulatedClock()
    built = families.family(family).build()
    twin = ModuleTwin(built, clock, **how)  # type: ignore[arg-type]
    for edit in edits:
        place, _, raw = edit.partition("=")
        page, _, byte = place.rpartition(":")
        twin.registers.image.put(page_of(page), int(byte), bytes.fromhex(raw))
    clock.wait(Decimal(100))
    return twin, clock


def board_of(twin: ModuleTwin, clock: SimulatedClock, **fault: str) -> Board:
    return Board(Faulty(twin, **fault), clock, twin)
