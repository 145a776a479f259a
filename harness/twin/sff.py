"""Simulated modules with SFF-8636 and SFF-8472: pages, flags, monitors and the controls that move light."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from ..clock import Clock
from ..decode import sff8472, sff8636
from ..decode.build import Sff8472Image, Sff8636Image
from ..decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, HALF, LOWER, LOWER_MEMORY, Image, Page
from .optics import SHARE, SWING, Surroundings, signed, swing
from .registers import PAGE_SELECT, PagedTwin

SILENT: Final = Decimal(1)
"""Time, in s, from a reset to a module that answers."""


class Monitor(NamedTuple):
    """A monitor: its byte, that of its thresholds, that of its flags, and how many lanes have one.

    Thresholds come as high alarm, low alarm, high warning, low warning, and so do the four flags, highest bit first.
    """

    byte: int
    thresholds: int
    flags: int
    lanes: int
    is_signed: bool = False


class SffTwin(PagedTwin):
    """What both have: light and host signal, monitors that swing, a reset that takes its time."""

    thresholds: Page
    lower: Page

    def begin(self) -> None:
        """Remember the image, once it stands."""
        self.around = Surroundings()
        self.born = self.time
        self.fresh = {page: bytes(held) for page, held in self.registers.image.pages.items()}
        self.second: int | None = None

    def light(self, on: bool) -> None:
        """Connect or cut the optical input."""
        self.settle()
        self.around.light = on
        self.registers.touched = True
        self.settle()

    def host_signal(self, on: bool) -> None:
        """Give or cut the electrical input."""
        self.settle()
        self.around.host_signal = on
        self.registers.touched = True
        self.settle()

    def reset(self) -> None:
        """Pulse the reset pin: controls go back to what they were at first."""
        self.agenda.clear()
        self.time = self.clock.now()
        self.silent_until = self.time + SILENT
        for page, held in self.fresh.items():
            self.registers.image.page(page)[:] = held
        self.shown = {device: self.named(device, 0, 0) for device in self.devices}
        self.registers.touched = True

    def insert(self) -> None:
        """Pull the module and plug it in again."""
        self.reset()

    def react(self) -> None:
        second = int(self.time - self.born)
        if self.registers.touched or second != self.second:
            self.second, self.registers.touched = second, False
            self.update(swing(Decimal(second)))

    def update(self, part: int) -> None:
        """Monitors and flags where the swing stands at ``part``."""

    def first(self, byte: int, size: int = 2) -> int:
        """A number of lower memory as it was at first."""
        return int.from_bytes(self.fresh[self.lower][byte : byte + size])

    def swung(self, monitor: Monitor, lane: int, part: int, *, on: bool) -> int:
        """The monitor of a lane now, written and returned."""
        base = self.first(monitor.byte + 2 * lane)
        value = min(base + base * part // (1000 * SHARE), 0xFFFE) if on else 0
        self.registers.set_number(self.lower, monitor.byte + 2 * lane, value)
        return value

    def beyond(self, monitor: Monitor, value: int) -> int:
        """The four flags of a value, high alarm in bit 3."""
        limits = [
            self.registers.number(self.thresholds, self.thresholds.first + monitor.thresholds + 2 * place)
            for place in range(4)
        ]
        if not any(limits):
            return 0
        if monitor.is_signed:
            value, limits = signed(value), [signed(limit) for limit in limits]
        high_alarm, low_alarm, high_warning, low_warning = limits
        flags = (value > high_alarm, value < low_alarm, value > high_warning, value < low_warning)
        return sum(8 >> place for place, flag in enumerate(flags) if flag)


SFF8636_MODULE: Final = (
    ("temperature", Monitor(22, 0, 6, 1, is_signed=True)),
    ("vcc", Monitor(26, 16, 7, 1)),
)
SFF8636_RX: Final = Monitor(34, 48, 9, 4)
SFF8636_TX: Final = (Monitor(42, 56, 11, 4), Monitor(50, 64, 13, 4))
"""Bias and power of the transmitters."""

SFF8636_MASKS: Final = ((3, 3, LOWER_MEMORY, 100), (6, 2, LOWER_MEMORY, 103), (9, 6, Page(0x03), 242))
"""First flag, how many bytes, and where their masks begin (SFF-8636 6.2.7, 6.6.5)."""

OVERRIDE, LOW_POWER_SET, SOFTWARE_RESET = 0x01, 0x02, 0x80
"""Bits of byte 93."""


class Sff8636Twin(SffTwin):
    """A module with SFF-8636: latched flags, transmitters that the host disables, low power by pin or by byte 93."""

    thresholds, lower = Page(0x03), LOWER_MEMORY

    def __init__(self, image: Image | Sff8636Image, clock: Clock, *, page_change: Decimal = Decimal(0)) -> None:
        held = image.image() if isinstance(image, Sff8636Image) else image
        super().__init__(held, clock, sff8636.VIEWS, page_change=page_change)
        self.pages = frozenset(held.pages)
        self.flat = bool(held.page(LOWER_MEMORY)[2] & 0x04)
        self.optical = held.page(Page(0x00))[19] >> 4 < sff8636.COPPER
        self.low_power_pin = False
        self.begin()

    def has(self, page: Page) -> bool:
        return page in self.pages

    def named(self, device: int, bank: int, number: int) -> Page:
        return Page(number)

    @property
    def low_power(self) -> bool:
        """Whether the module is held in low power, in which it sends no light."""
        controls = self.registers.byte(LOWER_MEMORY, 93)
        return bool(controls & LOW_POWER_SET) if controls & OVERRIDE else self.low_power_pin

    def update(self, part: int) -> None:
        if not self.optical or self.flat:
            return
        for name, monitor in SFF8636_MODULE:
            base = self.first(monitor.byte)
            value = (base + SWING[name] * part // 1000) & 0xFFFF if base else 0
            self.registers.set_number(LOWER_MEMORY, monitor.byte, value)
            self.registers.latch(LOWER_MEMORY, monitor.flags, self.beyond(monitor, value) << 4 if base else 0)
        disabled = self.registers.byte(LOWER_MEMORY, 86) & 0xF
        for lane in range(4):
            lit = not self.low_power and not disabled >> lane & 1
            for monitor in SFF8636_TX:
                self.lane(monitor, lane, part, on=lit, judged=lit)
            self.lane(SFF8636_RX, lane, part, on=self.around.light, judged=True)
        self.registers.latch(LOWER_MEMORY, 3, 0 if self.around.light else 0x0F)
        self.registers.latch(LOWER_MEMORY, 5, 0 if self.around.light else 0x0F)
        if not self.around.host_signal:
            self.registers.latch(LOWER_MEMORY, 3, 0xF0)
            self.registers.latch(LOWER_MEMORY, 5, 0xF0)

    def lane(self, monitor: Monitor, lane: int, part: int, *, on: bool, judged: bool) -> None:
        """A lane's monitor and, where they are judged, its flags: lane 1 in the high half of a byte."""
        value = self.swung(monitor, lane, part, on=on)
        if judged and self.first(monitor.byte + 2 * lane):
            flags = self.beyond(monitor, value) << (0 if lane % 2 else 4)
            self.registers.latch(LOWER_MEMORY, monitor.flags + lane // 2, flags)

    def refresh(self, page: Page) -> None:
        if page.number != LOWER:
            return
        asserted = any(
            self.registers.byte(LOWER_MEMORY, flag + place) & ~self.mask(where, mask + place)
            for flag, size, where, mask in SFF8636_MASKS
            for place in range(size)
        )
        held = self.registers.byte(LOWER_MEMORY, 2)
        self.registers.set_byte(LOWER_MEMORY, 2, held & ~0x02 | (0 if asserted else 0x02) if self.optical else held)

    def mask(self, page: Page, byte: int) -> int:
        return self.registers.byte(page, byte) if page in self.pages else 0

    def written(self, page: Page, byte: int, raw: bytes) -> None:
        if page.number == LOWER and byte <= 93 < byte + len(raw) and self.registers.byte(page, 93) & SOFTWARE_RESET:
            self.reset()


SFF8472_MODULE: Final = (
    ("temperature", Monitor(96, 0, 6, 1, is_signed=True)),
    ("vcc", Monitor(98, 8, 4, 1)),
)
SFF8472_BIAS: Final = Monitor(100, 16, 2, 1)
SFF8472_TX: Final = Monitor(102, 24, 0, 1)
SFF8472_RX: Final = Monitor(104, 32, 14, 1)
"""``flags`` is the bit of the low flag among the sixteen of bytes 112-113, those of byte 113 from 8 on."""

SOFT_TX_DISABLE, RX_LOS = 0x40, 0x02
"""Bits of A2h byte 110."""

CONTROLLED: Final = {110: 0x48, 118: 0x0D, 119: 0x1C}
"""Bits of these bytes that a host may write; the others tell of the module's state (SFF-8472 table 9-11)."""


class Sff8472Twin(SffTwin):
    """A module with SFF-8472 and, where it has diagnostics, a second device at A2h; its flags are not latched."""

    thresholds = lower = A2_LOWER

    def __init__(self, image: Image | Sff8472Image, clock: Clock) -> None:
        held = image.image() if isinstance(image, Sff8472Image) else image
        self.diagnostics = A2_LOWER in held.pages and bool(held.page(A0_LOWER)[92] & 0x40)
        self.devices = (0xA0, 0xA2) if self.diagnostics else (0xA0,)
        super().__init__(held, clock, sff8472.VIEWS)
        self.shown = {device: self.named(device, 0, 0) for device in self.devices}
        self.pages = frozenset(held.pages)
        for byte, bits in CONTROLLED.items() if self.diagnostics else ():
            writable = self.access[A2_LOWER].writable
            writable[byte] = writable.get(byte, 0) & bits
        self.begin()

    def has(self, page: Page) -> bool:
        return page in self.pages

    def named(self, device: int, bank: int, number: int) -> Page:
        return A0_UPPER if device == 0xA0 else Page(number, device=0xA2, sfp=True)

    def page_at(self, device: int, byte: int) -> Page:
        if byte < HALF:
            return A0_LOWER if device == 0xA0 else A2_LOWER
        return self.shown[device]

    def select(self, device: int, lower: Page) -> None:
        if device == 0xA2 and self.rights(A2_LOWER).writable.get(PAGE_SELECT):
            bank = self.registers.byte(A2_LOWER, PAGE_SELECT - 1)
            super().select(device, lower)
            self.registers.set_byte(A2_LOWER, PAGE_SELECT - 1, bank)

    def update(self, part: int) -> None:
        if not self.diagnostics:
            return
        flags = 0
        for name, monitor in SFF8472_MODULE:
            base = self.first(monitor.byte)
            value = (base + SWING[name] * part // 1000) & 0xFFFF
            self.registers.set_number(A2_LOWER, monitor.byte, value)
            flags |= self.placed(monitor, value)
        held = self.registers.byte(A2_LOWER, 110)
        lit = not held & SOFT_TX_DISABLE
        for monitor, on in ((SFF8472_BIAS, lit), (SFF8472_TX, lit), (SFF8472_RX, self.around.light)):
            flags |= self.placed(monitor, self.swung(monitor, 0, part, on=on))
        self.registers.set_byte(A2_LOWER, 110, held & ~RX_LOS | (0 if self.around.light else RX_LOS))
        for first, word in ((112, flags & 0xFFFF), (116, flags >> 16)):
            self.registers.set_byte(A2_LOWER, first, word & 0xFF)
            self.registers.set_byte(A2_LOWER, first + 1, self.kept(first + 1) | word >> 8)

    def kept(self, byte: int) -> int:
        """Flags of laser temperature and TEC current, which this module does not move."""
        return self.registers.byte(A2_LOWER, byte) & 0x3F

    def placed(self, monitor: Monitor, value: int) -> int:
        """The four flags of a monitor: alarms in the low half of a word of 32 bits, warnings in the high one."""
        beyond = self.beyond(monitor, value)
        return (beyond >> 2) << monitor.flags | (beyond & 3) << 16 + monitor.flags
