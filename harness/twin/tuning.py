"""Tunable lasers: a channel is asked for and, a while later, there (OIF-CMIS 8.7, 8.11)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from ..decode.cmis import LANES, Lower, Page00, Page01, Page04, Page12
from ..decode.memory import Memory
from ..decode.transceiver import CmisTransceiver
from ..reading import Reading
from .agenda import Agenda
from .dpsm import ACTIVATED, DEACTIVATED, INITIALIZED, DataPaths
from .optics import signed
from .registers import Registers, banked

TUNES_FOR: Final = Decimal(2)
"""Time, in s, that a laser takes to reach another channel."""

GRID, CHANNEL, OFFSET, FREQUENCY, STATUS, FLAGS = 128, 136, 152, 168, 222, 231
"""First bytes on page 12h: a byte per lane of grid, two of channel and of offset, four of frequency, then one each."""

COMPLETE, INVALID_CHANNEL, NOT_ACCEPTED = 0x01, 0x04, 0x08
IN_PROGRESS_AND_UNLOCKED: Final = 0x03

RANGES: Final = 130
"""First byte of the channel ranges on page 04h, four for each code of grid."""

SUPPORT: Final = {**{code: (128, code) for code in range(8)}, 8: (129, 6), 9: (129, 5)}
"""Byte and bit on page 04h that say that a grid is supported, by its code."""


class Tuning:
    """Lasers follow their channel once they are lit: at once where the data path is up, else while it initializes."""

    def __init__(self, registers: Registers, agenda: Agenda, now: Callable[[], Decimal], paths: DataPaths) -> None:
        self.registers, self.agenda, self.now, self.paths = registers, agenda, now, paths
        self.waiting: set[tuple[int, int]] = set()
        """Banks and lanes whose laser has a channel to go to and is not lit."""

    def asked(self, bank: int, written: set[int]) -> None:
        """Grids, channels or offsets were written."""
        for lane in range(LANES):
            if written & {GRID + lane, *(first + 2 * lane + place for first in (CHANNEL, OFFSET) for place in (0, 1))}:
                self.tune(bank, lane)

    def state(self, bank: int, lane: int) -> str:
        """The state of the data path that a media lane belongs to."""
        return next((path.state for path in self.paths.of(bank) if lane in path.media), DEACTIVATED)

    def tune(self, bank: int, lane: int) -> None:
        state = self.state(bank, lane)
        if state not in (DEACTIVATED, INITIALIZED, ACTIVATED):
            self.registers.latch(Page12, FLAGS + lane, NOT_ACCEPTED, bank)
        elif not self.valid(bank, lane):
            self.registers.latch(Page12, FLAGS + lane, INVALID_CHANNEL, bank)
        elif state == DEACTIVATED:
            self.waiting.add((bank, lane))
        else:
            self.registers.set_byte(Page12, STATUS + lane, IN_PROGRESS_AND_UNLOCKED, bank)
            self.agenda.at(self.now() + TUNES_FOR, ("tuning", bank, lane), lambda: self.done(bank, lane))

    def valid(self, bank: int, lane: int) -> bool:
        """Whether page 04h has the grid, and the channel on it."""
        grid = self.registers.byte(Page12, GRID + lane, bank) >> 4
        where = SUPPORT.get(grid)
        if where is None or not self.registers.byte(Page04, where[0]) >> where[1] & 1:
            return False
        low, high = (signed(self.registers.number(Page04, RANGES + 4 * grid + place)) for place in (0, 2))
        return low <= signed(self.registers.number(Page12, CHANNEL + 2 * lane, bank)) <= high

    def done(self, bank: int, lane: int) -> None:
        """The laser has reached its channel."""
        self.waiting.discard((bank, lane))
        self.registers.set_byte(Page12, STATUS + lane, 0, bank)
        frequency = self.frequency(bank, lane)
        if frequency is not None:
            self.registers.set_number(Page12, FREQUENCY + 4 * lane, frequency, bank, size=4)
        self.registers.latch(Page12, FLAGS + lane, COMPLETE, bank)
        self.registers.touched = True

    def frequency(self, bank: int, lane: int) -> int | None:
        """The frequency that grid and channel ask for, in MHz."""
        wanted = (Lower.page, Page00.page, Page01.page, Page04.page)
        held = {page: bytes(self.registers.page(page)) for page in wanted}
        held[Page12.page] = bytes(self.registers.page(banked(Page12, bank)))
        ghz = CmisTransceiver(Memory("twin", held)).asked_frequency[lane]
        return int(ghz.value * 1000) if isinstance(ghz, Reading) else None

    def react(self) -> None:
        """Lasers that were waiting are on their channel once the data path is initialized."""
        for bank, lane in sorted(self.waiting):
            if self.state(bank, lane) in (INITIALIZED, ACTIVATED):
                self.done(bank, lane)

    def reset(self) -> None:
        self.waiting.clear()
