"""Pattern generators and checkers, loopbacks, and what page 14h tells of them (OIF-CMIS 8.12, 8.13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from ..decode.cmis import LANES, Page13, Page14
from ..decode.fields import f16_code
from .agenda import Agenda
from .optics import Surroundings
from .registers import Registers

SHOWS_AFTER: Final = Decimal("0.005")
"""Time, in s, from a selector to its data, half of the longest (tDDCS)."""

LANE_RATE: Final = 106_250_000_000
"""Bits per second of a lane, as the simulated checkers count."""

FIBER_BER: Final = Decimal("1e-9")
"""Bit error ratio over a fiber that leads back to the module; loops within it are free of errors."""

NO_PATTERN: Final = Decimal("0.5")
"""Bit error ratio of a checker that finds no pattern."""

SNR: Final = 22 * 256
"""Signal to noise ratio in steps of the register."""

GATES: Final = {1: 5, 2: 10, 3: 30, 4: 60, 5: 120, 6: 300}
"""Gate times, in s, by the code of 13h:177 bits 3-1."""

WINDOW: Final = 192
FIRST_CONTROL, LAST_CONTROL = 144, 179
RESET, RESTART = 0x20, 0x10


class Side(NamedTuple):
    """Registers of one side of the module, by their first byte on page 13h or, of flags, 14h."""

    name: str
    generators: int
    generator_pattern: int
    checkers: int
    checker_pattern: int
    loopback: int
    done: int
    lost: int
    loops_per_lane: int  # bit of 13h:128


HOST: Final = Side("host", 144, 148, 160, 164, 182, 134, 138, 0x10)
MEDIA: Final = Side("media", 152, 156, 168, 172, 180, 135, 139, 0x20)

COUNTERS: Final = {2: (HOST, 0), 3: (HOST, 4), 4: (MEDIA, 0), 5: (MEDIA, 4)}
"""Side and first lane by selector."""

GATED: Final = 0x10
"""Added to a selector for results of the last gate."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the checker of a lane found: errors among bits; a pattern that it lost, or never had."""

    errors: int = 0
    bits: int = 0
    ber: Decimal = Decimal(0)
    lost: bool = False


class Diagnostics:
    """Counts from when its checkers were started; what it shows follows the selector a while later."""

    def __init__(
        self, registers: Registers, agenda: Agenda, now: Callable[[], Decimal], around: Surroundings, banks: int
    ) -> None:
        self.registers, self.agenda, self.now, self.around = registers, agenda, now, around
        self.banks = [bank for bank in range(banks) if Page14.page._replace(bank=bank) in registers.image.pages]
        self.fiber_looped = False
        """Whether the module's light comes back to it."""
        self.shown: dict[int, int] = dict.fromkeys(self.banks, 0)
        self.started: dict[tuple[int, str], Decimal] = {}
        self.gated: dict[tuple[int, str], tuple[Result, ...]] = {}

    def select(self, bank: int) -> None:
        """A selector was written: its data come later, and until then the old ones stay."""
        selector = self.registers.byte(Page14, 128, bank)
        self.agenda.at(self.now() + SHOWS_AFTER, ("selector", bank), lambda: self.shown.update({bank: selector}))

    def control(self, bank: int, written: set[int]) -> None:
        """Controls were written: checkers start to count anew."""
        if bank not in self.banks or not written & set(range(FIRST_CONTROL, LAST_CONTROL + 1)):
            return
        for side in (HOST, MEDIA):
            name = bank, side.name
            first = side.checkers
            settings = self.registers.byte(Page13, 177, bank)
            if not self.registers.byte(Page13, side.checkers, bank):
                self.started.pop(name, None)
                self.agenda.drop(("gate", *name))
            elif name not in self.started or written & set(range(first, first + 8)) or settings & RESET:
                self.start(bank, side)

    def start(self, bank: int, side: Side) -> None:
        self.started[bank, side.name] = self.now()
        gate = GATES.get(self.registers.byte(Page13, 177, bank) >> 1 & 7)
        if gate is not None and self.registers.byte(Page13, 129, bank) >> 6:
            name = ("gate", bank, side.name)
            self.agenda.at(self.now() + gate, name, lambda: self.gate(bank, side, Decimal(gate)))

    def gate(self, bank: int, side: Side, seconds: Decimal) -> None:
        """A gate has ended: keep its results."""
        self.gated[bank, side.name] = tuple(self.result(bank, side, lane, seconds) for lane in range(LANES))
        enabled = self.registers.byte(Page13, side.checkers, bank)
        self.registers.latch(Page14, side.done, enabled, bank)
        self.registers.touched = True
        if self.registers.byte(Page13, 177, bank) & RESTART:
            self.start(bank, side)

    def nibble(self, byte: int, lane: int, bank: int) -> int:
        return self.registers.byte(Page13, byte + lane // 2, bank) >> 4 * (lane % 2) & 0xF

    def looped(self, side: Side, bank: int) -> tuple[int, int]:
        """Lanes whose generator reaches their checker within the module, and over a fiber."""
        held = self.registers.byte(Page13, side.loopback, bank)
        per_lane = self.registers.byte(Page13, 128, bank) & side.loops_per_lane
        inside = held if per_lane or not held else 0xFF
        return inside, 0xFF if side is MEDIA and self.fiber_looped and self.around.light else 0

    def locked(self, side: Side, lane: int, bank: int) -> Decimal | None:
        """The bit error ratio that a checker finds; None where it finds no pattern."""
        inside, outside = self.looped(side, bank)
        generated = self.registers.byte(Page13, side.generators, bank) >> lane & 1
        same = self.nibble(side.generator_pattern, lane, bank) == self.nibble(side.checker_pattern, lane, bank)
        if not generated or not same or not (inside | outside) >> lane & 1:
            return None
        return Decimal(0) if inside >> lane & 1 else FIBER_BER

    def result(self, bank: int, side: Side, lane: int, seconds: Decimal) -> Result:
        if not self.registers.byte(Page13, side.checkers, bank) >> lane & 1:
            return Result()
        ber = self.locked(side, lane, bank)
        if ber is None:
            return Result(ber=NO_PATTERN, lost=True)
        count = int(seconds * LANE_RATE) & ~1
        return Result(int(count * ber), count, ber)

    def results(self, bank: int, side: Side, *, gated: bool) -> tuple[Result, ...]:
        name = bank, side.name
        if gated:
            return self.gated.get(name, (Result(),) * LANES)
        seconds = self.now() - self.started.get(name, self.now())
        return tuple(self.result(bank, side, lane, seconds) for lane in range(LANES))

    def update(self) -> None:
        """Latch the flag of every checker that finds no pattern."""
        for bank in self.banks:
            for side in (HOST, MEDIA):
                enabled = self.registers.byte(Page13, side.checkers, bank)
                lost = [lane for lane in range(LANES) if enabled >> lane & 1 and self.locked(side, lane, bank) is None]
                self.registers.latch(Page14, side.lost, sum(1 << lane for lane in lost), bank)

    def window(self, bank: int) -> None:
        """Bytes 192-255 of page 14h, for what the selector shows."""
        page = self.registers.page(Page14, bank)
        selector = self.shown.get(bank, 0)
        plain, gated = selector & 0x0F, bool(selector & GATED)
        raw = bytearray(64)
        reports = self.registers.byte(Page13, 130, bank)
        if plain == 1 and reports & 0x01:
            for side, first in ((HOST, 0), (MEDIA, 16)):
                for lane, one in enumerate(self.results(bank, side, gated=gated)):
                    raw[first + 2 * lane : first + 2 * lane + 2] = f16_code(one.ber).to_bytes(2, "little")
        elif plain in COUNTERS and reports & 0x02:
            side, first = COUNTERS[plain]
            for place, one in enumerate(self.results(bank, side, gated=gated)[first : first + 4]):
                counts = one.errors.to_bytes(8, "little") + (one.bits | int(one.lost)).to_bytes(8, "little")
                raw[16 * place : 16 * place + 16] = counts
        elif plain == 6:
            light = self.around.light
            for supported, first, value in ((reports & 0x10, 16, SNR), (reports & 0x20, 48, SNR if light else 0)):
                if supported:
                    raw[first : first + 16] = value.to_bytes(2, "little") * LANES
        page[WINDOW - 128 :] = raw

    def reset(self) -> None:
        self.shown = dict.fromkeys(self.banks, 0)
        self.started.clear()
        self.gated.clear()
