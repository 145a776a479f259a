"""What was read of one module: pages of 128 bytes, as the management specifications number them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from ..reading import Absence, Missing, Reading, Source, Value

T = TypeVar("T")

HALF: Final = 128
"""Bytes of a page: lower memory is bytes 0-127, every page is bytes 128-255."""


class Page(NamedTuple):
    """One page of 128 bytes; ``number`` is LOWER for lower memory, ``device`` the I2C address, A0h or A2h."""

    number: int
    bank: int = 0
    device: int = 0xA0
    sfp: bool = False  # a page of SFF-8472, whose bytes are cited as A0h or A2h

    @property
    def first(self) -> int:
        """Number of the page's first byte."""
        return 0 if self.number == LOWER else HALF

    @property
    def reference(self) -> str:
        """The short form: ``01h``, ``lower``, ``1:11h`` in bank 1, ``A2h``."""
        if self.sfp:
            return f"{self.device:02X}h"
        if self.number == LOWER:
            return "lower"
        return f"{self.bank}:{self.number:02X}h" if self.bank else f"{self.number:02X}h"

    def __str__(self) -> str:
        if self.sfp:
            paged = self.device == 0xA2 and self.number != LOWER
            return f"A2h page {self.number:02X}h" if paged else f"{self.device:02X}h"
        if self.number == LOWER:
            return "lower memory"
        return f"bank {self.bank} page {self.number:02X}h" if self.bank else f"page {self.number:02X}h"


LOWER: Final = -1
LOWER_MEMORY: Final = Page(LOWER)
PAGE_00: Final = Page(0x00)
A0_LOWER: Final = Page(LOWER, device=0xA0, sfp=True)
A0_UPPER: Final = Page(0, device=0xA0, sfp=True)
A2_LOWER: Final = Page(LOWER, device=0xA2, sfp=True)
A2_UPPER: Final = Page(0, device=0xA2, sfp=True)


@lru_cache(maxsize=8192)
def place(page: Page, byte: int, size: int = 1, part: str = "") -> str:
    """Where a field stands: ``page 11h bytes 154-155``, ``page 01h byte 160 bit 2``."""
    span = f"byte {byte}" if size == 1 else f"bytes {byte}-{byte + size - 1}"
    return f"{page} {span} {part}".rstrip()


@dataclass(frozen=True, slots=True)
class Memory:
    """The pages of one module as evidence holds them.

    A page that is not in ``pages`` was never recorded; None is a page whose reading failed. A short page keeps the
    bytes it has, and what lies beyond its end is Missing.
    """

    evidence: str
    pages: Mapping[Page, bytes | None]
    note: str = ""
    """What had to be guessed of where the pages stand; empty where the dump names them."""
    repeats: frozenset[Page] = frozenset()
    """Pages that were read and showed page 00h: a module shows it in place of a page that it does not have."""
    answers: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What the pages were asked before, by the question."""

    def __reduce__(self) -> tuple[Any, ...]:
        """What was answered before is not sent along to another process."""
        return type(self), tuple(getattr(self, one.name) for one in fields(self) if one.init)

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question that the pages alone decide; asked again each time where they still change."""
        try:
            return self.answers[question]  # type: ignore[no-any-return]
        except KeyError:
            answer = ask()
            if self.settled:
                self.answers[question] = answer
            return answer

    @property
    def settled(self) -> bool:
        """Whether a second look gives the same bytes; false of a module that is asked as it runs."""
        return True

    def take(self, page: Page, byte: int, size: int = 1, part: str = "") -> Value[bytes]:
        """``size`` raw bytes at ``byte`` of a page, numbered as the specification does (128-255 in a page)."""
        held = self.pages.get(page, b"")
        if held:
            start = byte - page.first
            raw = held[start : start + size] if start >= 0 else b""
            if len(raw) == size:
                return Reading(raw, Source(self.evidence, place(page, byte, size, part), f"0x{raw.hex()}"))
            source = Source(self.evidence, place(page, byte, size, part), f"0x{raw.hex()}" if raw else "")
            return Missing(Absence.NOT_RECORDED, source, f"{page} ends at byte {page.first + len(held) - 1}")
        why = Absence.READ_FAILED if held is None else Absence.NOT_RECORDED
        detail = f"{page} repeats page 00h" if page in self.repeats else ""
        return Missing(why, Source(self.evidence, place(page, byte, size, part)), detail)

    def has(self, page: Page) -> bool:
        """Whether any byte of the page was read."""
        return bool(self.pages.get(page))


def repeated(pages: Mapping[Page, bytes | None], first: bytes) -> frozenset[Page]:
    """The pages that hold what page 00h does; none where ``first``, its bytes, is blank and so like any blank page."""
    if len(set(first)) < 2:
        return frozenset()
    return frozenset(page for page, held in pages.items() if held == first and page.number > 0)


def without_repeats(memory: Memory) -> Memory:
    """The memory with the pages that hold what page 00h does set aside: nothing read out of them would be true.

    A module shows page 00h in place of a page that it does not have (OIF-CMIS 8.2). The same memory where there are
    none, where it still changes, or where page 00h is blank and so like any blank page.
    """
    repeats = repeated(memory.pages, memory.pages.get(PAGE_00) or b"") if memory.settled else frozenset()
    if not repeats:
        return memory
    left = {page: held for page, held in memory.pages.items() if page not in repeats}
    words = "; ".join(f"{page} repeats page 00h and is left out" for page in sorted(repeats))
    return replace(
        memory, pages=left, note="; ".join(filter(None, (memory.note, words))), repeats=memory.repeats | repeats
    )


@dataclass(slots=True)
class Image:
    """Pages being written, zero where nothing was: what a simulated module answers with."""

    pages: dict[Page, bytearray] = field(default_factory=dict)

    def page(self, page: Page) -> bytearray:
        """The page's 128 bytes, made on first use."""
        return self.pages.setdefault(page, bytearray(HALF))

    def put(self, page: Page, byte: int, raw: bytes) -> None:
        """Write raw bytes at a byte numbered as in the specification."""
        start = byte - page.first
        if start < 0 or start + len(raw) > HALF:
            raise ValueError(f"{place(page, byte, len(raw))} is outside the page")
        self.page(page)[start : start + len(raw)] = raw

    def memory(self, evidence: str) -> Memory:
        """The pages as a Memory that no longer changes."""
        return Memory(evidence, {page: bytes(held) for page, held in self.pages.items()})
