"""The memory of a module as evidence, and the guard that lets nothing but queries onto its bus.

    Registers(device, terms, bus, close)      a transport for whatever can read and write a module's bytes

It answers ``read everything``, ``read poll`` and ``read identity`` with the JSON form of a dump, ``query firmware``,
and ``time start`` where that is unlocked.  A module that is not there is a failed answer that begins with ``module
absent``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeVar

from ..audit.board import BANK_SELECT, CONTROLS, PAGE_SELECT, SOFTWARE_RESET
from ..decode.build import as_json, json_key
from ..decode.bus import Bus
from ..decode.cmis.cdb import command_name
from ..decode.memory import A0_LOWER, HALF, LOWER_MEMORY, Memory, Page
from ..decode.reader import Kind as MemoryMap
from ..decode.reader import ModuleRead, ReadMemory, Scope, kind_of, read_module
from ..errors import EvidenceError, TransportError
from ..evidence import Answer, Ask, Kind
from ..lab.inventory import DevicePlan
from .base import DISRUPTIVE, Terms, failed
from .queries import query_firmware
from .starts import MODULE_CONTROLS, restore, timed_start

T = TypeVar("T")

READS: Final[Mapping[str, Scope]] = {
    "read everything": Scope.EVERYTHING,
    "read poll": Scope.POLL,
    "read identity": Scope.IDENTITY,
}
QUERY_FIRMWARE: Final = "query firmware"
TIME_START: Final = "time start"

ABSENT: Final = "module absent"
"""What the error of an answer begins with where nothing acknowledged at the module's address."""

A0, A2 = 0xA0, 0xA2
CDB, PAYLOAD = 0x9F, 130

QUERIES: Final = frozenset({0x0000, *range(0x0040, 0x0046), 0x0100})
"""CDB commands that only ask: status, features, firmware info (OIF-CMIS 9).

Not among them are those that open an access (0001h), belong to a download (0101h to 010Ah), or may clear what they
read (from 0200h on).
"""

SELECTIONS: Final[Mapping[MemoryMap, frozenset[tuple[int, int, int]]]] = {
    MemoryMap.CMIS: frozenset({(A0, PAGE_SELECT, 1), (A0, BANK_SELECT, 1), (A0, BANK_SELECT, 2)}),
    MemoryMap.SFF8636: frozenset({(A0, PAGE_SELECT, 1)}),
    MemoryMap.SFF8472: frozenset({(A2, PAGE_SELECT, 1)}),
}
"""Device, byte and size of the writes that select bank and page; where a map has none the bytes are something else."""

QUERIED: Final[tuple[tuple[Page, int, int], ...]] = (
    (Page(0x14), 128, 128),  # selector of the diagnostics that the page shows
    (Page(0x2F), 144, 144),  # freezes VDM samples while they are read
)
"""Spans of CMIS pages that a query writes."""

OPERATED: Final[tuple[tuple[Page, int, int], ...]] = (
    (LOWER_MEMORY, MODULE_CONTROLS, MODULE_CONTROLS),
    (Page(0x10), 128, 128),  # data paths down and up
    (Page(0x10), 143, 143),  # staged control set 0 applied
    *CONTROLS,
)
"""Spans that may be written too where ``disruptive`` is unlocked: what an operator writes and puts back."""

AT_ONCE: Final = 64
"""Transactions in one line of the journal."""


class NoAcknowledge(TransportError):
    """The module did not acknowledge.  Any other TransportError of a bus is the rig's own fault."""


class Guard:
    """A bus that lets every read of a module through, and of the writes only those that a query needs.

    Told are ``A0h:128+128`` for a read of 128 bytes, ``A0h:127=11`` for a write and ``!`` behind what failed, many at
    once; a write that disturbs is told before it goes out.
    """

    def __init__(self, bus: Bus, tell: Callable[[str], None], unlocked: frozenset[str] = frozenset()) -> None:
        self.bus, self.tell, self.unlocked = bus, tell, unlocked
        self.failures: list[TransportError] = []
        """What went wrong on the bus since the last ``forget``, in order."""
        self._page: int | None = None  # on show at A0h, where it was selected here
        self._map: MemoryMap | None = None
        self._sent: list[str] = []

    def read(self, device: int, byte: int, size: int) -> bytes:
        where = f"{device:02X}h:{byte}+{size}"
        if device not in (A0, A2) or not in_one_half(byte, size):
            raise TransportError(f"not sent: read of {where}: expected A0h or A2h, and bytes of one half of 128")
        raw = self._out(where, partial(self.bus.read, device, byte, size))
        if device == A0 and byte == 0 and raw:
            self._map = kind_of(raw[0])
        return raw

    def write(self, device: int, byte: int, raw: bytes) -> None:
        where = f"{device:02X}h:{byte}={raw.hex()}"
        disturbs = self._disturbs(device, byte, raw, where)
        selects = byte + len(raw) - 1 == PAGE_SELECT
        if device == A0 and (selects or (byte == MODULE_CONTROLS and raw[0] & SOFTWARE_RESET)):
            self._page = None
        if disturbs:
            self._sent.append(f"{where} (disturbs)")
            self.flush()
        self._out(where, partial(self.bus.write, device, byte, raw), told=disturbs)
        if device == A0 and selects:
            self._page = raw[-1]

    def forget(self) -> None:
        """Begin anew: what was on show, and which module it was, may be another now."""
        self._page = self._map = None
        self.failures.clear()

    def flush(self) -> None:
        """Tell what was sent and is not told yet."""
        sent, self._sent = self._sent, []
        if sent:
            self.tell(", ".join(sent))

    def _out(self, words: str, transaction: Callable[[], T], *, told: bool = False) -> T:
        went = "!"
        try:
            result = transaction()
            went = ""
            return result
        except TransportError as error:
            self.failures.append(error)
            raise
        finally:
            if went or not told:
                self._sent.append(f"{words}{went}")
            if len(self._sent) >= AT_ONCE:
                self.flush()

    def _disturbs(self, device: int, byte: int, raw: bytes, where: str) -> bool:
        """Whether a write needed to be unlocked and is; TransportError, with nothing sent, for one not allowed."""
        if device not in (A0, A2) or not in_one_half(byte, len(raw)):
            raise refusal(where, "expected A0h or A2h, and bytes of one half of 128")
        found = self._memory_map()
        if (device, byte, len(raw)) in SELECTIONS.get(found, ()):
            return False
        if device != A0 or found is not MemoryMap.CMIS:
            raise refusal(where, f"it selects no page of a module with {found.value or 'an unknown memory map'}")
        page = LOWER_MEMORY if byte < HALF else self._shown(where)
        if page.number == CDB:
            refuse_command(byte, raw, where)
            return False
        if within(QUERIED, page, byte, len(raw)):
            return False
        if not within(OPERATED, page, byte, len(raw)):
            raise refusal(where, f"{page} may not be written there")
        if DISRUPTIVE not in self.unlocked:
            raise refusal(where, f"{page} is a control: unlock {DISRUPTIVE}, and maintenance: true of the device")
        return True

    def _memory_map(self) -> MemoryMap:
        """The memory map that the module said it has: bytes 126 and 127 of an SFP at A0h are its vendor's own."""
        if self._map is None:
            self.read(A0, 0, 1)
        return self._map or MemoryMap.UNKNOWN

    def _shown(self, where: str) -> Page:
        """The page that was selected, once the module has said that it is the one on show."""
        if self._page is None:
            raise refusal(where, "no page was selected before it")
        shown = self.read(A0, PAGE_SELECT, 1)
        if shown != bytes([self._page]):
            raise refusal(where, f"page {self._page:02X}h was selected and page {shown.hex().upper()}h is on show")
        return Page(self._page)


def refuse_command(byte: int, raw: bytes, where: str) -> None:
    """TransportError for a write to the page of CDB that is a command and no query.

    What comes before the command's id stands there and does nothing; the id is written whole, so that no half of it
    joins one from before.
    """
    command = int.from_bytes(raw[:2])
    if byte >= PAYLOAD or (byte == HALF and len(raw) > 1 and command in QUERIES):
        return
    named = f"{command:04X}h ({command_name(command)}) is no query" if byte == HALF and len(raw) > 1 else "is cut"
    raise refusal(where, f"the CDB command {named}")


def refusal(where: str, why: str) -> TransportError:
    return TransportError(f"not sent: write of {where}: {why}")


def in_one_half(byte: int, size: int) -> bool:
    """Whether bytes stand in lower memory, or all in the page."""
    return size > 0 and byte >= 0 and byte // HALF == (byte + size - 1) // HALF < 2


def within(spans: Sequence[tuple[Page, int, int]], page: Page, byte: int, size: int) -> bool:
    return any(page == one and first <= byte and byte + size - 1 <= last for one, first, last in spans)


class Registers:
    """The transport of one module behind a bus."""

    def __init__(
        self,
        device: DevicePlan,
        terms: Terms,
        bus: Bus,
        close: Callable[[], None],
        *,
        hold: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """``hold`` keeps a bus that others use too for as long as one ask takes."""
        self.device, self.terms, self._close, self._hold = device, terms, close, hold
        unlocked = terms.unlocked if device.maintenance else frozenset[str]()
        self.guard = Guard(bus, self._tell, unlocked)
        self._known: Memory | None = None
        self._asked = ""
        self._untold: EvidenceError | None = None  # why the journal does not have what was sent to put things back

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer]:
        """An answer to every ask, in their order."""
        for ask in asks:
            yield self._answer(ask)

    def close(self) -> None:
        """Let go of the bus."""
        self.guard.flush()
        with suppress(TransportError, OSError):
            self._close()
        self.terms.tell(self.device, "closed")

    def _tell(self, wire: str) -> None:
        self._event("sent", ask=self._asked, wire=wire)

    def _answer(self, ask: Ask) -> Answer:
        calendar, start = self.terms.calendar, self.terms.calendar.now()
        self._asked = str(ask)
        try:
            self._check(ask)
            with self._held():
                document = self._asked_for(ask.text)
        except TransportError as error:
            return failed(ask, self.terms, str(error), took_ms=milliseconds(calendar.now() - start))
        body = json.dumps(document, indent=1).encode() + b"\n"
        return Answer(ask, body, 0, calendar.instant(), milliseconds(calendar.now() - start))

    def _asked_for(self, text: str) -> Mapping[str, object]:
        if text in READS:
            return self._read(READS[text])
        return query_firmware(self.guard, self.terms.calendar) if text == QUERY_FIRMWARE else self._time_start()

    def _check(self, ask: Ask) -> None:
        """TransportError for an ask of which nothing may go out."""
        self.terms.permit.check(ask.text)
        if self.terms.hurry.stop:
            raise TransportError("not asked: the run was stopped")
        known = (*READS, QUERY_FIRMWARE, TIME_START)
        if ask.kind is not Kind.REGISTERS or ask.text not in known:
            raise TransportError(f"not sent: {ask.kind} {ask.text!r}: expected {', '.join(known[:-1])} or {TIME_START}")
        if ask.text == TIME_START and DISRUPTIVE not in self.guard.unlocked:
            raise TransportError(
                f"not sent: {TIME_START!r} disturbs {self.device.name}: unlock {DISRUPTIVE}, and say maintenance: true "
                f"of it in {self.device.at}"
            )

    def _read(self, scope: Scope) -> Mapping[str, object]:
        known = self._known if scope is Scope.POLL else None
        read = read_module(self.guard, scope, evidence=self.device.name, clock=self.terms.calendar, known=known)
        lower = read.memory.pages.get(A0_LOWER) or read.memory.pages.get(LOWER_MEMORY)
        if not lower:
            raise self._nothing()
        if scope is not Scope.POLL:
            self._known = read.memory
        return document(read, self.guard.failures)

    def _nothing(self) -> TransportError:
        """Why not a byte of lower memory came."""
        first = self.guard.failures[0] if self.guard.failures else TransportError("it gave no byte of lower memory")
        if all(isinstance(one, NoAcknowledge) for one in self.guard.failures) and self.guard.failures:
            return NoAcknowledge(f"{ABSENT}: {self.device.name}: {first}")
        return TransportError(f"{self.device.name}: module not read: {first}")

    def _time_start(self) -> Mapping[str, object]:
        return timed_start(self.guard, self.terms.calendar, self._event, self.terms.hurry)

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Put back what the ``saved`` line of a journal says that a timed start left changed."""
        self._asked = "restore"
        with self.terms.hurry.set_aside(), self._held():
            restore(self.guard, self.terms.calendar, saved, self._event)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The bus for one ask, of which everything is told before the bus is let go."""
        self.guard.forget()
        with self._hold():
            try:
                yield
            finally:
                self.guard.flush()
                untold, self._untold = self._untold, None
                if untold is not None:
                    raise untold

    def _event(self, event: str, **facts: object) -> None:
        """A line of the journal; a disk that takes none is told when what was changed is put back, not before."""
        try:
            self.terms.tell(self.device, event, **facts)
        except EvidenceError as full:
            if not self.terms.hurry.deaf:
                raise
            self._untold = full


def document(read: ModuleRead, failures: Sequence[TransportError]) -> Mapping[str, object]:
    """A dump in its JSON form, with what ``pages`` cannot say.

    ``torn`` are pages of which only the start could be read, ``repeats`` those that showed page 00h.
    """
    torn = read.memory.torn if isinstance(read.memory, ReadMemory) else frozenset[Page]()
    return {
        **as_json(read.memory),
        "torn": [json_key(page) for page in sorted(torn)],
        "repeats": [json_key(page) for page in read.reverted],
        "failures": [str(error) for error in failures],
        "traffic": str(read.traffic),
    }


def milliseconds(seconds: Decimal) -> int:
    return int(1000 * seconds)


__all__ = ["ABSENT", "DISRUPTIVE", "Guard", "NoAcknowledge", "Registers", "document"]
