"""The pages of a simulated module behind its two-wire interface: selection, access rights, clear-on-read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from ..clock import Clock
from ..decode.fields import Parts, View
from ..decode.memory import HALF, LOWER, LOWER_MEMORY, Image, Memory, Page
from ..errors import TransportError
from .access import Access, access
from .agenda import Agenda

SHORT: Final = 8
"""Bytes of a read or write that every module takes (OIF-CMIS 5)."""

BANK_SELECT: Final = 126
PAGE_SELECT: Final = 127


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that a host did and should not have done."""

    page: Page
    byte: int
    raw: bytes
    why: str

    def __str__(self) -> str:
        return f"{self.page} byte {self.byte}: {self.raw.hex()}: {self.why}"


@dataclass(slots=True)
class Faults:
    """What is wrong with a module, for tests of what reads it."""

    reads: dict[Page, int] = field(default_factory=dict)
    """Reads of a page that will not be acknowledged, how many more; below zero for ever."""
    selects: dict[Page, int] = field(default_factory=dict)
    """Changes to a page that will not be acknowledged."""
    short: dict[Page, int] = field(default_factory=dict)
    """Bytes after which a page gives none."""
    stuck: set[Page] = field(default_factory=set)
    """Pages that page 00h is shown for."""


class Registers:
    """Bytes of pages, by the declarations of their registers."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.touched = True
        """Whether something has changed that others depend on."""

    def page(self, page: type[View] | Page, bank: int = 0) -> bytearray:
        return self.image.page(banked(page, bank))

    def byte(self, page: type[View] | Page, byte: int, bank: int = 0) -> int:
        where = banked(page, bank)
        return self.image.page(where)[byte - where.first]

    def set_byte(self, page: type[View] | Page, byte: int, value: int, bank: int = 0) -> None:
        where = banked(page, bank)
        self.image.page(where)[byte - where.first] = value

    def number(self, page: type[View] | Page, byte: int, bank: int = 0, *, size: int = 2) -> int:
        where = banked(page, bank)
        return int.from_bytes(self.image.page(where)[byte - where.first : byte - where.first + size])

    def set_number(self, page: type[View] | Page, byte: int, value: int, bank: int = 0, *, size: int = 2) -> None:
        self.image.put(banked(page, bank), byte, value.to_bytes(size))

    def lanes(self, register: Parts[bool], bank: int = 0) -> int:
        """The byte of a register that has a bit per lane, lane 1 in bit 0."""
        return self.byte(register.owner, register.fields[0].byte, bank)

    def set_lanes(self, register: Parts[bool], lanes: int, bank: int = 0) -> None:
        self.set_byte(register.owner, register.fields[0].byte, lanes, bank)

    def latch(self, page: type[View] | Page, byte: int, bits: int, bank: int = 0) -> None:
        """Raise flags, which stay until they are read."""
        if bits:
            self.set_byte(page, byte, self.byte(page, byte, bank) | bits, bank)


def banked(page: type[View] | Page, bank: int) -> Page:
    where = page if isinstance(page, Page) else page.page
    return where._replace(bank=bank) if bank else where


class PagedTwin:
    """A simulated module as the bus sees it; what it does is left to the classes that follow from it.

    ``refused`` is what the host did against the specification. ``page_change`` is how long, in s, the module does not
    answer after a change of page; ``long_reads`` whether it gives more than eight bytes at once.
    """

    devices: tuple[int, ...] = (0xA0,)

    def __init__(
        self,
        image: Image,
        clock: Clock,
        views: Sequence[type[View]],
        *,
        page_change: Decimal = Decimal(0),
        long_reads: bool = True,
    ) -> None:
        self.registers, self.clock, self.views = Registers(image), clock, views
        self.agenda, self.faults = Agenda(), Faults()
        self.refused: list[Refusal] = []
        self.page_change, self.long_reads = page_change, long_reads
        self.access: Mapping[Page, Access] = access(views, image.memory("twin"))
        self.shown: dict[int, Page] = {device: Page(0x00, device=device) for device in self.devices}
        self.time = clock.now()
        """The time that the module has lived to."""
        self.silent_until = self.time

    # what follows from it

    def react(self) -> None:
        """Let the module follow what has changed; called at every time at which something did."""

    def refresh(self, page: Page) -> None:
        """Bring the bytes of a page up to date before they are read."""

    def written(self, page: Page, byte: int, raw: bytes) -> None:
        """What a write sets off, once its bytes stand."""

    def protected(self, page: Page) -> str:
        """Why the host may not write to the page now; empty where it may."""
        return ""

    def has(self, page: Page) -> bool:
        """Whether the module has the page."""
        return page in self.registers.image.pages

    def longest_write(self, page: Page) -> int:
        """Bytes of one write."""
        return SHORT

    # time

    def settle(self) -> None:
        """Live through the time that has passed."""
        now = self.clock.now()
        while (event := self.agenda.due(now)) is not None:
            self.time, action = max(event[0], self.time), event[1]
            action()
            self.react()
        self.time = now
        self.react()

    # bus

    def read(self, device: int, byte: int, size: int) -> bytes:
        """Bytes as the module gives them; flags that were read are cleared."""
        self.answer(device)
        page = self.page_at(device, byte)
        if size > SHORT and not self.long_reads:
            raise TransportError(f"{page}: no acknowledge for a read of {size} bytes")
        if byte % HALF + size > HALF:
            self.refuse(page, byte, b"", f"a read of {size} bytes leaves its half of the memory")
            size = HALF - byte % HALF
        self.fail(self.faults.reads, page)
        self.refresh(page)
        return self.given(page, byte, size)

    def given(self, page: Page, byte: int, size: int) -> bytes:
        rights, held = self.rights(page), self.registers.image.page(page)
        places = range(byte, min(byte + size, page.first + self.faults.short.get(page, HALF)))
        raw = bytes(0 if place in rights.write_only else held[place - page.first] for place in places)
        for place in rights.clears.intersection(places):
            held[place - page.first] = 0
            self.registers.touched = True
        return raw

    def write(self, device: int, byte: int, raw: bytes) -> None:
        """Write bytes; those that are read-only or reserved keep what they hold."""
        self.answer(device)
        page = self.page_at(device, byte)
        if byte % HALF + len(raw) > HALF:
            self.refuse(page, byte, raw, "the write leaves its half of the memory")
            raw = raw[: HALF - byte % HALF]
        if len(raw) > self.longest_write(page):
            self.refuse(page, byte, raw, f"the write is longer than {self.longest_write(page)} bytes")
            raise TransportError(f"{page}: no acknowledge for a write of {len(raw)} bytes")
        why = self.protected(page)
        if why:
            self.refuse(page, byte, raw, why)
            return
        self.keep(page, byte, raw)
        if page.number == LOWER and byte <= PAGE_SELECT < byte + len(raw):
            self.select(device, page)
        if page.number != LOWER or byte < BANK_SELECT:
            self.registers.touched = True
        self.written(page, byte, raw)
        self.settle()

    def keep(self, page: Page, byte: int, raw: bytes) -> None:
        rights, held = self.rights(page), self.registers.image.page(page)
        for place, value in enumerate(raw, byte):
            bits, before = rights.writable.get(place, 0), held[place - page.first]
            held[place - page.first] = before & ~bits & 0xFF | value & bits
            if place in rights.write_only or value & ~bits & 0xFF in (0, before & ~bits & 0xFF):
                continue
            why = "some bits are" if bits else "the byte is"
            why += " read-only, reserved or not advertised"
            self.refuse(page, place, bytes([value]), why)

    def rights(self, page: Page) -> Access:
        return self.access.get(page._replace(bank=0)) or Access()

    def page_at(self, device: int, byte: int) -> Page:
        """The page that a byte from 0 to 255 stands on now."""
        return LOWER_MEMORY if byte < HALF else self.shown[device]

    def select(self, device: int, lower: Page) -> None:
        """Show the page that bytes 126 and 127 name, or page 00h where there is none."""
        wanted = self.named(device, self.registers.byte(lower, BANK_SELECT), self.registers.byte(lower, PAGE_SELECT))
        self.fail(self.faults.selects, wanted)
        if not self.has(wanted) or wanted in self.faults.stuck:
            wanted = self.named(device, 0, 0)
        self.shown[device] = wanted
        self.registers.set_byte(lower, BANK_SELECT, wanted.bank)
        self.registers.set_byte(lower, PAGE_SELECT, wanted.number)
        self.silent_until = max(self.silent_until, self.clock.now() + self.page_change)

    def named(self, device: int, bank: int, number: int) -> Page:
        """The page that a bank and a number stand for; pages below 10h have no banks."""
        return Page(number, bank if number >= 0x10 else 0, device)

    def answer(self, device: int) -> None:
        """Come up to date; TransportError where the module does not answer."""
        if device not in self.devices:
            raise TransportError(f"no module at {device:02X}h")
        if self.clock.now() < self.silent_until:
            raise TransportError("no acknowledge: the module is busy")
        self.settle()
        if self.clock.now() < self.silent_until:
            raise TransportError("no acknowledge: the module is busy")

    def refuse(self, page: Page, byte: int, raw: bytes, why: str) -> None:
        self.refused.append(Refusal(page, byte, raw, why))

    # what tests do

    def fail(self, planned: dict[Page, int], page: Page) -> None:
        left = planned.get(page, 0)
        if left:
            planned[page] = left - 1
            raise TransportError(f"{page}: no acknowledge")

    def fail_reads(self, page: Page, times: int = -1) -> None:
        """Do not acknowledge the next reads of a page; for ever where no number is given."""
        self.faults.reads[page] = times

    def fail_selects(self, page: Page, times: int = -1) -> None:
        """Do not acknowledge the next changes to a page."""
        self.faults.selects[page] = times

    def memory(self, evidence: str = "twin") -> Memory:
        """All pages as they are now, without clearing anything."""
        self.settle()
        for page in list(self.registers.image.pages):
            self.refresh(page)
        return self.registers.image.memory(evidence)


__all__ = ["Faults", "PagedTwin", "Refusal", "Registers"]
