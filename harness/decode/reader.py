"""A module read over its bus, with as few transactions as it allows.

A page is one write of its number and one read of its 128 bytes. Which pages there are, the module says itself: the
views name the registers that advertise them. What cannot be read is READ_FAILED and reading goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Final

from ..clock import Clock
from ..errors import TransportError
from ..reading import Absence, Missing, Reading, Value
from . import cmis, sff8472, sff8636
from .bus import Bus, Counted, Traffic
from .cmis import cdb, vdm
from .cmis.base import MOST_BANKS, banks_of, code_of_revision
from .fields import View
from .memory import A0_LOWER, A0_UPPER, A2_LOWER, HALF, LOWER, LOWER_MEMORY, PAGE_00, Memory, Page, repeated
from .transceiver import CMIS_IDENTIFIERS, SFF8472_IDENTIFIERS, SFF8636_IDENTIFIERS

SHORT: Final = 8
"""Bytes that every module gives in one read (OIF-CMIS 5)."""

HEAD: Final = 8
"""The first bytes: identity, revision, memory model and the summary of flags, before reading clears any of them."""

SELECT: Final = 126
"""Bank; the page follows it."""

FULL_PAGE_READ: Final = 251
NO_LONG_READS: Final = 1

PAGE_CHANGE: Final = Decimal("0.010")
"""Longest time that a module may refuse to answer after a change of page (OIF-CMIS 10), in s."""

REFUSALS: Final = 2
"""Pages of which only short reads came through, until no long ones are tried."""

FEATURES: Final = Page(0x01)

ADVERTISING: Final = frozenset({0x00, 0x01, 0x2F})
"""Pages that advertise others and do not change: features, and groups of observables."""

EXTENDED: Final = range(0xA0, 0xB0)
"""Pages of the extended payload of CDB, which are read only for a reply that stands in them."""


class Scope(Enum):
    """How much of a module is read."""

    IDENTITY = "who it is and what it advertises"
    POLL = "monitors and flags"
    EVERYTHING = "every page that it advertises"


CMIS_IDENTITY: Final = frozenset({LOWER, 0x00, 0x01})
CMIS_POLLED: Final = frozenset({LOWER, 0x11, 0x12, 0x14, 0x17, 0x24, 0x25, 0x26, 0x27, 0x2C, 0x33, 0x34, 0x35, 0x3B})
"""Pages of flags, monitors and samples; those with flags are cleared by the read."""


@dataclass(frozen=True, slots=True)
class ReadMemory(Memory):
    """Pages as a bus gave them; of a page in ``torn`` a part could not be read."""

    torn: frozenset[Page] = frozenset()

    def take(self, page: Page, byte: int, size: int = 1, part: str = "") -> Value[bytes]:
        return blamed(Memory.take(self, page, byte, size, part), page in self.torn)


@dataclass(frozen=True, slots=True)
class LiveMemory(Memory):
    """A module that is asked as it runs: a page is read when it is first touched.

    What could not be read is asked for again the next time; what was read is kept until ``forget``, so that flags are
    not cleared twice.
    """

    @property
    def settled(self) -> bool:
        return False

    def take(self, page: Page, byte: int, size: int = 1, part: str = "") -> Value[bytes]:
        taken = Memory.take(self, page, byte, size, part)
        return blamed(taken, isinstance(self.pages, LivePages) and page in self.pages.torn)

    def forget(self, *pages: Page) -> None:
        """Ask again for these pages when they are touched, for all of them where none is named."""
        if isinstance(self.pages, LivePages):
            self.pages.forget(pages or tuple(self.pages))


def blamed(taken: Value[bytes], torn: bool) -> Value[bytes]:
    """Bytes beyond the end of a page of which the rest could not be read: that is why they are not there."""
    if torn and isinstance(taken, Missing) and taken.why is Absence.NOT_RECORDED:
        return replace(taken, why=Absence.READ_FAILED)
    return taken


@dataclass(frozen=True, slots=True)
class ModuleRead:
    """What a module gave, and what it cost."""

    memory: Memory
    traffic: Traffic

    @property
    def reverted(self) -> tuple[Page, ...]:
        """Pages that the module advertises but showed page 00h for."""
        return tuple(sorted(self.memory.repeats))


def read_module(
    bus: Bus,
    scope: Scope = Scope.EVERYTHING,
    *,
    evidence: str = "module",
    clock: Clock | None = None,
    known: Memory | None = None,
) -> ModuleRead:
    """Read a module's pages once each; flags are cleared, and the page that was selected is selected again.

    ``clock`` is what lets time pass for a module that does not answer while it changes its page. ``known`` are pages
    read before, from which a poll takes what the module advertises.
    """
    return Reader(bus, evidence, clock).read(scope, known)


def read_again(bus: Bus, before: Memory, *, clock: Clock | None = None) -> ModuleRead:
    """Once more what could not be read before, and nothing else; what was read stays as it is."""
    return Reader(bus, before.evidence, clock).again(before)


def live(bus: Bus, *, evidence: str = "module", clock: Clock | None = None) -> LiveMemory:
    """The module as a memory whose pages are read when they are touched; its lower memory is read now."""
    return LiveMemory(evidence, LivePages(Reader(bus, evidence, clock)))


class Kind(Enum):
    """The memory map that an identifier stands for."""

    CMIS = "cmis"
    SFF8636 = "sff8636"
    SFF8472 = "sff8472"
    UNKNOWN = ""


def kind_of(identifier: int) -> Kind:
    """The memory map of a module, by its SFF-8024 identifier."""
    if identifier in CMIS_IDENTIFIERS:
        return Kind.CMIS
    if identifier in SFF8472_IDENTIFIERS:
        return Kind.SFF8472
    return Kind.SFF8636 if identifier in SFF8636_IDENTIFIERS else Kind.UNKNOWN


class Wire:
    """Reads and page changes on a bus; knows what is on show, so that nothing is selected twice."""

    def __init__(self, bus: Bus, clock: Clock | None) -> None:
        self.bus, self.clock = Counted(bus), clock
        self.shown: dict[int, tuple[int, int]] = {}
        """Bank and page by device; not there where it is not known."""
        self.origin: dict[int, tuple[int, int]] = {}
        """What was on show at first."""
        self.paged: set[int] = set()
        """Devices that have a page select byte."""
        self.banked = False
        self.longest, self.refusals = HALF, 0
        self.just_changed = False

    def select(self, page: Page) -> None:
        """Put a page on show: its number alone where its bank is on show, else bank and page in one write."""
        wanted, held = (page.bank, page.number), self.shown.get(page.device)
        if wanted == held or page.number == LOWER or page.device not in self.paged:
            return
        self.shown.pop(page.device, None)
        if self.banked and (held is None or held[0] != page.bank):
            self.bus.write(page.device, SELECT, bytes(wanted))
        else:
            self.bus.write(page.device, SELECT + 1, bytes([page.number]))
        self.shown[page.device] = wanted
        self.just_changed = True

    def found(self, device: int, shown: tuple[int, int]) -> None:
        """The module has told what is on show."""
        self.shown.setdefault(device, shown)
        self.origin.setdefault(device, shown)

    def restore(self) -> None:
        """Put on show what was at first; a module that refuses keeps what it shows."""
        for device, (bank, number) in self.origin.items():
            try:
                self.select(Page(number, bank, device))
            except TransportError:
                continue

    def once(self, device: int, byte: int, size: int) -> bytes:
        """One read, and one more after the longest page change where the page was just changed and time can pass."""
        changed, self.just_changed = self.just_changed, False
        try:
            return self.bus.read(device, byte, size)[:size]
        except TransportError:
            if not changed or self.clock is None:
                raise
            self.clock.wait(PAGE_CHANGE)
            return self.bus.read(device, byte, size)[:size]

    def span(self, device: int, first: int, last: int) -> Span:
        """Bytes ``first`` to ``last``.

        A long read that fails is tried as short ones, because a module need not give more than eight bytes at once;
        one that gives fewer bytes than were asked for ends the span.
        """
        found, longest = b"", self.longest
        while first + len(found) <= last:
            byte = first + len(found)
            size = min(longest, last + 1 - byte)
            try:
                got = self.once(device, byte, size)
            except TransportError:
                if size <= SHORT:
                    return Span(found, failed=True)
                longest = SHORT
                continue
            found += got
            if len(got) < size:
                break
        if longest < self.longest:
            self.refusals += 1
            if self.refusals == REFUSALS:
                self.longest = SHORT
        return Span(found)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes that came, and whether a read failed before the last of them."""

    raw: bytes
    failed: bool = False

    def after(self, head: bytes) -> Span:
        """The same, with bytes that were read before it."""
        return Span(head + self.raw, self.failed)


class Gathered:
    """Pages as they come in; ``before`` are those of an earlier read."""

    def __init__(self, before: Memory | None = None) -> None:
        self.before: Mapping[Page, bytes | None] = before.pages if before is not None else {}
        self.held: dict[Page, bytes | None] = {}
        self.torn: set[Page] = set()

    def known(self, page: Page) -> bytes:
        """The bytes of a page, of an earlier read only where they do not change; empty where there are none."""
        earlier = self.before.get(page) if page.number in ADVERTISING else None
        return self.held.get(page) or earlier or b""

    def put(self, page: Page, span: Span) -> None:
        """Keep what a page gave: None where nothing came, the start of it where a later read failed."""
        self.held[page] = None if span.failed and not span.raw else span.raw
        self.torn.discard(page)
        if span.failed and span.raw:
            self.torn.add(page)

    def complete(self, page: Page) -> bool:
        """Whether the page was read to its end, or to where the module ended it."""
        return self.held.get(page) is not None and page not in self.torn

    def reverted(self) -> frozenset[Page]:
        """Pages that the module showed page 00h for, as it does for one that it does not have (OIF-CMIS 8.2)."""
        first = self.known(PAGE_00)
        return repeated(self.held, first) if len(first) == HALF else frozenset()


class Reader:
    """Reads one module."""

    def __init__(self, bus: Bus, evidence: str = "module", clock: Clock | None = None) -> None:
        self.wire, self.evidence = Wire(bus, clock), evidence

    def read(self, scope: Scope = Scope.EVERYTHING, known: Memory | None = None) -> ModuleRead:
        """The pages of a scope."""
        pages = Gathered(known)
        kind = self.begin(pages)
        match kind:
            case Kind.CMIS:
                self.read_cmis(pages, scope)
            case Kind.SFF8636:
                self.read_sff8636(pages, scope)
            case Kind.SFF8472:
                self.read_sff8472(pages, scope)
            case Kind.UNKNOWN:
                self.fetch(pages, Page(0x00))
        return self.done(pages)

    def again(self, before: Memory) -> ModuleRead:
        """Pages that could not be read before, or not to their end; the others as they are."""
        torn = before.torn if isinstance(before, ReadMemory) else frozenset()
        failed = [page for page, held in before.pages.items() if held is None or page in torn]
        pages = Gathered()
        pages.held.update((page, held) for page, held in before.pages.items() if page not in failed)
        if any(page in (LOWER_MEMORY, A0_LOWER) for page in failed):
            self.begin(pages)
        elif before.has(LOWER_MEMORY):
            self.speaks(kind_of((before.pages[LOWER_MEMORY] or b"")[0]))
        if any(page.device == 0xA2 and page.number > 0 for page in before.pages):
            self.wire.paged.add(0xA2)
        for device in self.wire.paged - set(self.wire.shown):
            self.selection(device)
        self.fetch_all(pages, failed)
        return self.done(pages)

    def done(self, pages: Gathered) -> ModuleRead:
        """The page that was on show put back, and what was read."""
        self.wire.restore()
        reverted = pages.reverted()
        held = {page: raw for page, raw in pages.held.items() if page not in reverted}
        memory = ReadMemory(self.evidence, held, repeats=reverted, torn=frozenset(pages.torn.difference(reverted)))
        return ModuleRead(memory, self.wire.bus.traffic)

    def begin(self, pages: Gathered) -> Kind:
        """Lower memory; of CMIS 5.0 or later page 01h before most of it, which tells how much may be read at once."""
        head = self.wire.span(0xA0, 0, HEAD - 1)
        kind = kind_of(head.raw[0]) if head.raw else Kind.UNKNOWN
        lower = A0_LOWER if kind is Kind.SFF8472 else LOWER_MEMORY
        self.speaks(kind)
        pages.put(lower, head)
        if len(head.raw) < HEAD:
            return kind
        tail = b""
        if (
            kind is Kind.CMIS
            and head.raw[1] >= code_of_revision("5.0")
            and paged(head.raw)
            and not pages.known(FEATURES)
        ):
            tail = self.selection(0xA0)
            self.fetch_features(pages)
        rest = self.wire.span(0xA0, HEAD, HALF - 1 - len(tail))
        if len(rest.raw) == HALF - HEAD - len(tail):
            rest = Span(rest.raw + tail)
        pages.put(lower, rest.after(head.raw))
        if kind in (Kind.CMIS, Kind.SFF8636) and len(rest.raw) == HALF - HEAD:
            self.wire.found(0xA0, self.meant(rest.raw[-2:]))
        return kind

    def speaks(self, kind: Kind) -> None:
        """How pages are selected: nowhere at first in SFF-8472, whose A2h may have them."""
        self.wire.banked = kind is Kind.CMIS
        if kind in (Kind.CMIS, Kind.SFF8636):
            self.wire.paged.add(0xA0)

    def selection(self, device: int) -> bytes:
        """Bytes 126 and 127, which say what is on show; empty where they cannot be read."""
        raw = self.wire.span(device, SELECT, SELECT + 1).raw
        if len(raw) < 2:
            return b""
        self.wire.found(device, self.meant(raw))
        return raw

    def meant(self, raw: bytes) -> tuple[int, int]:
        """Bank and page; where the memory map has no banks, byte 126 is something else."""
        return (raw[0] if self.wire.banked else 0, raw[1])

    def fetch(self, pages: Gathered, page: Page) -> None:
        """One page or half, unless it is there."""
        if pages.complete(page) or page in (LOWER_MEMORY, A0_LOWER):
            return
        try:
            self.wire.select(page)
        except TransportError:
            pages.put(page, Span(b"", failed=True))
            return
        pages.put(page, self.wire.span(page.device, page.first, page.first + HALF - 1))

    def fetch_all(self, pages: Gathered, wanted: Iterable[Page]) -> None:
        """Fetch pages, last the one that was on show at first, so that it need not be selected again."""
        origin = {(device, *shown) for device, shown in self.wire.origin.items()}
        by_bank = sorted((page.device, page.bank, page.number, page) for page in wanted)
        for *_, page in sorted(by_bank, key=lambda one: one[:3] in origin):
            self.fetch(pages, page)

    def fetch_features(self, pages: Gathered) -> None:
        """Page 01h, its last bytes first: they say whether the rest may be read at once."""
        try:
            self.wire.select(FEATURES)
        except TransportError:
            pages.put(FEATURES, Span(b"", failed=True))
            return
        first = 2 * HALF - SHORT
        last = self.wire.span(0xA0, first, 2 * HALF - 1)
        if len(last.raw) == SHORT and last.raw[FULL_PAGE_READ - first] & 3 == NO_LONG_READS:
            self.wire.longest = SHORT
        rest = self.wire.span(0xA0, HALF, first - 1)
        pages.put(FEATURES, last.after(rest.raw) if len(rest.raw) == first - HALF else rest)

    def known(self, pages: Gathered) -> Memory:
        """All that was read by now, and what an earlier read told of the pages."""
        return Memory(self.evidence, {**pages.before, **pages.held})

    def read_cmis(self, pages: Gathered, scope: Scope) -> None:
        if paged(pages.known(LOWER_MEMORY)) and not pages.known(FEATURES):
            self.fetch(pages, FEATURES)
        if scope is not Scope.IDENTITY:
            groups = advertised((vdm.Page2F,), self.known(pages))
            self.fetch_all(pages, (page for page in groups if not pages.known(page)))
        found = advertised(CMIS_VIEWS, self.known(pages))
        chosen = CMIS_CHOSEN.get(scope)
        self.fetch_all(
            pages,
            (
                page
                for page in found
                if page.number not in EXTENDED and (chosen is None or page.number in chosen) and not pages.known(page)
            ),
        )
        if scope is Scope.EVERYTHING:
            self.fetch_all(pages, extended(self.known(pages)))

    def read_sff8636(self, pages: Gathered, scope: Scope) -> None:
        if scope is Scope.POLL:
            return
        self.fetch(pages, Page(0x00))
        if scope is Scope.EVERYTHING:
            self.fetch_all(pages, advertised(sff8636.VIEWS, self.known(pages)))

    def read_sff8472(self, pages: Gathered, scope: Scope) -> None:
        if scope is not Scope.POLL:
            self.fetch(pages, A0_UPPER)
        found = advertised(sff8472.VIEWS, self.known(pages))
        if scope is Scope.IDENTITY or A2_LOWER not in found:
            return
        self.fetch(pages, A2_LOWER)
        if scope is Scope.POLL:
            return
        lower = pages.known(A2_LOWER)
        if any(page.number > 0 for page in found):
            self.wire.paged.add(0xA2)
            if len(lower) == HALF:
                self.wire.found(0xA2, self.meant(lower[SELECT:]))
        self.fetch_all(pages, (page for page in found if page.device == 0xA2))


CMIS_VIEWS: Final[tuple[type[View], ...]] = tuple(dict.fromkeys((*cmis.VIEWS, *vdm.VIEWS, *cdb.VIEWS)))

CMIS_CHOSEN: Final = {Scope.IDENTITY: CMIS_IDENTITY, Scope.POLL: CMIS_POLLED}


def paged(lower: bytes) -> bool:
    """Whether a module with CMIS says that it has pages beyond 00h."""
    return len(lower) > 2 and not lower[2] & 0x80


def advertised(views: Sequence[type[View]], memory: Memory) -> list[Page]:
    """Pages of the views that the module says it has; not those whose advertisement could not be read."""
    found: dict[Page, None] = {}
    for view in views:
        for bank in range(MOST_BANKS if view.banked else 1):
            if not says_it_has(view, memory, bank):
                break
            found[view.page._replace(bank=bank)] = None
    return list(found)


def says_it_has(view: type[View], memory: Memory, bank: int) -> bool:
    if bank and isinstance(banks_of(memory), Missing):
        return False
    return all(gate.refusal(memory) is None for gate in view.gates) and view(memory, bank).gone() is None


def extended(memory: Memory) -> list[Page]:
    """Pages of extended payload in which a reply stands."""
    found: list[Page] = []
    for bank in range(2):
        head = memory.take(cdb.Page9F.page._replace(bank=bank), HALF, cdb.HEADER)
        if isinstance(head, Reading) and head.value[6] >= cdb.IN_EPL:
            length = min(int.from_bytes(head.value[2:4], "big"), cdb.EPL_SIZE)
            found.extend(Page(0xA0 + place, bank) for place in range(-(-length // HALF)))
    return found


class LivePages(Mapping[Page, "bytes | None"]):
    """Pages that are read when they are touched, and again where that failed; iteration gives those that were read."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.gathered = reader, Gathered()
        self.kind = reader.begin(self.gathered)

    @property
    def torn(self) -> frozenset[Page]:
        """Pages of which only the start could be read."""
        return frozenset(self.gathered.torn)

    def __getitem__(self, page: Page) -> bytes | None:
        held = self.gathered
        if not held.complete(page):
            if self.kind is not Kind.UNKNOWN and page.sfp is not (self.kind is Kind.SFF8472):
                raise KeyError(page)  # of another memory map
            if page in (LOWER_MEMORY, A0_LOWER):
                self.kind = self.reader.begin(held)
            else:
                self.reader.fetch(held, page)
        if page in held.reverted():
            raise KeyError(page)
        return held.held[page]

    def __iter__(self) -> Iterator[Page]:
        return iter(self.gathered.held)

    def __len__(self) -> int:
        return len(self.gathered.held)

    def forget(self, pages: Iterable[Page]) -> None:
        """Read these pages again when they are touched."""
        for page in pages:
            self.gathered.held.pop(page, None)
            self.gathered.torn.discard(page)
