"""Staged control sets and what becomes of applying them (OIF-CMIS 6.2, 8.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import IntEnum
from typing import Final

from ..decode.cmis import LANES, Lower, Page01, Page10, Page11
from .agenda import Agenda
from .dpsm import ACTIVATED, DEACTIVATED, INITIALIZED, RESTING, DataPaths, bits, lanes_of
from .registers import Registers

SET_0, SET_1 = 145, 180
"""First bytes of the staged control sets on page 10h: eight lane configurations, then signal integrity."""

ACTIVE: Final = 206
SIGNAL: Final = 8
"""Bytes from the start of a control set to its signal integrity controls."""

BITS_PER_LANE: Final = ((1, 1), (2, 2), (4, 4), (1, 1), (1, 1), (4, 4), (4, 4), (4, 4))
"""Bits of a lane, and bytes, of each signal integrity control in turn: adaptive equalizer, recall, input equalizer,
Tx CDR, Rx CDR, pre- and post-cursor, amplitude."""

SIGNAL_BYTES: Final = sum(size for _, size in BITS_PER_LANE)

ANSWERS_AFTER: Final = Decimal("0.02")
"""Time, in s, that the module takes to configure."""


class Status(IntEnum):
    """Configuration status of a lane (OIF-CMIS 8.10)."""

    UNDEFINED = 0x0
    SUCCESS = 0x1
    REJECTED = 0x2
    INVALID_APPLICATION = 0x3
    INVALID_DATA_PATH = 0x4
    INVALID_SIGNAL = 0x5
    LANES_IN_USE = 0x6
    PARTIAL_DATA_PATH = 0x7
    IN_PROGRESS = 0xC


class Configuration:
    """Applies staged control sets. What is aimed at a data path on its way between states is ignored in silence."""

    def __init__(self, registers: Registers, agenda: Agenda, now: Callable[[], Decimal], paths: DataPaths) -> None:
        self.registers, self.agenda, self.now, self.paths = registers, agenda, now, paths
        self.defaults = {
            bank: bytes(registers.page(Page11, bank)[ACTIVE + SIGNAL - 128 :][:SIGNAL_BYTES])
            for bank in range(paths.banks)
        }
        """Signal integrity settings that the Application implies."""

    @property
    def reconfigures(self) -> tuple[bool, bool]:
        """Whether a running data path may be configured by way of its deactivation, and as it runs (8.2, L:2)."""
        held = self.registers.byte(Lower, 2)
        if not held & 0x40:
            return True, True
        return held & 3 == 1, held & 3 == 2

    def initialize(self, bank: int, first: int, lanes: int) -> None:
        """ApplyDPInit of the staged set that starts at a byte."""
        lanes &= ~self.moving(bank)
        groups = list(self.groups(bank, first, lanes))
        statuses = {lane: self.judged(bank, first, group) for group in groups for lane in group}
        while broken := [group for group in groups if self.breaks(bank, group, statuses)]:
            statuses.update((lane, Status.LANES_IN_USE) for group in broken for lane in group)
        self.answer(bank, statuses)
        accepted = bits([lane for lane, status in statuses.items() if status is Status.SUCCESS])
        if accepted:
            self.tell(bank, accepted, Status.IN_PROGRESS)
            staged = bytes(self.registers.page(Page10, bank)[first - 128 :][: SIGNAL + SIGNAL_BYTES])
            done = (self.now() + ANSWERS_AFTER, ("apply", bank, accepted))
            self.agenda.at(*done, lambda: self.activate(bank, staged, accepted))

    def immediate(self, bank: int, first: int, lanes: int) -> None:
        """ApplyImmediate: signal integrity of lanes that run, without a change of state."""
        if not any(self.reconfigures):
            return
        running = bits(
            [lane for path in self.paths.of(bank) if path.state in (INITIALIZED, ACTIVATED) for lane in path.host]
        )
        lanes &= running
        statuses: dict[int, Status] = {}
        for lane in range(LANES):
            if lanes >> lane & 1:
                same = self.staged(bank, first, lane) >> 1 == self.registers.byte(Page11, ACTIVE + lane, bank) >> 1
                sound = self.sound(bank, first, lane)
                statuses[lane] = (
                    Status.SUCCESS if same and sound else (Status.INVALID_SIGNAL if same else Status.REJECTED)
                )
        self.answer(bank, statuses)
        staged = bytes(self.registers.page(Page10, bank)[first - 128 :][: SIGNAL + SIGNAL_BYTES])
        accepted = bits([lane for lane, status in statuses.items() if status is Status.SUCCESS])
        self.copy(bank, staged, accepted)

    def moving(self, bank: int) -> int:
        """Lanes of data paths on their way between states, or about to be."""
        moving = [path for path in self.paths.of(bank) if path.state not in RESTING or path.ending]
        return bits([lane for path in moving for lane in path.host])

    def staged(self, bank: int, first: int, lane: int) -> int:
        return self.registers.byte(Page10, first + lane, bank)

    def groups(self, bank: int, first: int, lanes: int) -> Iterator[tuple[int, ...]]:
        """Lanes of an Apply that are staged as one data path; lanes without an Application one by one."""
        found: dict[tuple[int, int], list[int]] = {}
        for lane in range(LANES):
            if lanes >> lane & 1:
                held = self.staged(bank, first, lane)
                application, data_path = held >> 4, held >> 1 & 7
                found.setdefault((application, data_path) if application else (0, -1 - lane), []).append(lane)
        yield from (tuple(group) for group in found.values())

    def judged(self, bank: int, first: int, group: tuple[int, ...]) -> Status:
        """What becomes of the lanes of one staged data path."""
        held = self.staged(bank, first, group[0])
        application, start = held >> 4, held >> 1 & 7
        if application:
            if application > len(self.paths.applications):
                return Status.INVALID_APPLICATION
            placed = lanes_of(self.paths.applications[application - 1], start)
            if placed is None or not set(group) <= set(placed[0]):
                return Status.INVALID_DATA_PATH
            if set(group) != set(placed[0]):
                return Status.PARTIAL_DATA_PATH
            if not all(self.sound(bank, first, lane) for lane in group):
                return Status.INVALID_SIGNAL
        return Status.SUCCESS

    def breaks(self, bank: int, group: tuple[int, ...], statuses: dict[int, Status]) -> bool:
        """Whether accepting these lanes would take them from a running data path that keeps others, or may not stop."""
        if statuses[group[0]] is not Status.SUCCESS:
            return False
        accepted = bits([lane for lane, status in statuses.items() if status is Status.SUCCESS])
        running = [path for path in self.paths.of(bank) if path.state != DEACTIVATED and path.host_bits & bits(group)]
        return any(path.host_bits & ~accepted or not self.reconfigures[0] for path in running)

    def sound(self, bank: int, first: int, lane: int) -> bool:
        """Whether explicit signal integrity settings of a lane are within what the module advertises."""
        if not self.staged(bank, first, lane) & 1:
            return True
        values = self.values(bytes(self.registers.page(Page10, bank)[first + SIGNAL - 128 :][:SIGNAL_BYTES]), lane)
        limits = self.registers.byte(Page01, 153), self.registers.byte(Page01, 154)
        recall, equalizer, pre, post, amplitude = values[1], values[2], values[5], values[6], values[7]
        return (
            recall <= self.registers.byte(Page01, 161) >> 5 & 3
            and recall < 3
            and equalizer <= limits[0] & 0xF
            and pre <= limits[1] & 0xF
            and post <= limits[1] >> 4
            and (not amplitude or (amplitude < 4 and bool(limits[0] >> 4 + amplitude & 1)))
        )

    def values(self, signal: bytes, lane: int) -> list[int]:
        """The signal integrity settings of one lane."""
        found, place = [], 0
        for width, size in BITS_PER_LANE:
            whole = int.from_bytes(signal[place : place + size], "little")
            found.append(whole >> width * lane & (1 << width) - 1)
            place += size
        return found

    def answer(self, bank: int, statuses: dict[int, Status]) -> None:
        for lane, status in statuses.items():
            self.tell(bank, 1 << lane, status)

    def tell(self, bank: int, lanes: int, status: Status) -> None:
        """Write the configuration status of lanes."""
        for lane in range(LANES):
            if lanes >> lane & 1:
                byte, shift = 202 + lane // 2, 4 * (lane % 2)
                held = self.registers.byte(Page11, byte, bank)
                self.registers.set_byte(Page11, byte, held & ~(0xF << shift) & 0xFF | status << shift, bank)

    def activate(self, bank: int, staged: bytes, lanes: int) -> None:
        """The staged set becomes the active one; data paths that run with the old go down first."""
        self.copy(bank, staged, lanes, whole=True)
        self.tell(bank, lanes, Status.SUCCESS)
        self.paths.end(bank, lanes)

    def copy(self, bank: int, staged: bytes, lanes: int, *, whole: bool = False) -> None:
        active = self.registers.page(Page11, bank)
        for lane in range(LANES):
            if not lanes >> lane & 1:
                continue
            if whole:
                active[ACTIVE - 128 + lane] = staged[lane]
            explicit = staged[lane] & 1
            self.copy_signal(bank, staged[SIGNAL:] if explicit else self.defaults[bank], lane)
        self.registers.touched = True

    def copy_signal(self, bank: int, signal: bytes, lane: int) -> None:
        active, place = self.registers.page(Page11, bank), ACTIVE - 128 + SIGNAL
        for (width, size), value in zip(BITS_PER_LANE, self.values(signal, lane), strict=True):
            whole, mask = int.from_bytes(active[place : place + size], "little"), (1 << width) - 1 << width * lane
            active[place : place + size] = (whole & ~mask | value << width * lane).to_bytes(size, "little")
            place += size


TRIGGERS: Final = {
    143: (SET_0, Configuration.initialize),
    144: (SET_0, Configuration.immediate),
    178: (SET_1, Configuration.initialize),
    179: (SET_1, Configuration.immediate),
}
"""Bytes of page 10h that apply a staged control set to the lanes whose bits are written."""
