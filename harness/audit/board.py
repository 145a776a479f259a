"""A module on a board: registers read and written by their declarations, and everything put back afterwards.

Reads and writes keep to eight bytes, which every module takes; each change of page waits as long as a module may need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final, Protocol, TypeVar

from ..clock import Clock
from ..decode import cmis
from ..decode.bus import Bus
from ..decode.cmis import Lower, Page01, Page10, Page11, Page12, Page13
from ..decode.fields import Field, Lanes, Parts, Register
from ..decode.memory import HALF, LOWER, LOWER_MEMORY, Image, Memory, Page
from ..decode.transceiver import CmisTransceiver
from ..errors import TransportError
from ..reading import Reading, Source, Value
from ..units import Unit

V = TypeVar("V")

DEVICE: Final = 0xA0
LONGEST: Final = 8
"""Bytes of one transaction that every module takes (OIF-CMIS 5)."""

BANK_SELECT, PAGE_SELECT = 126, 127
PAGE_CHANGE: Final = Decimal("0.01")
WRITTEN: Final = Decimal("0.01")
"""Longest time, in s, that a change of page and a write of volatile memory take (OIF-CMIS 10)."""

SOFTWARE_RESET, LOW_POWER_REQUEST = 0x08, 0x10
DEACTIVATED: Final = b"\x11\x11\x11\x11"

MANAGEABLE: Final = Decimal(2)
"""Longest time, in s, from reset or power to a module that answers (OIF-CMIS 10, tMgmtInit)."""

PATIENCE: Final = 8
"""Times that a transaction is tried again, 10 ms apart."""

POLL: Final = Decimal("0.02")

STATIC: Final = (Page(0x00), Page(0x01), Page(0x02))

CONTROLS: Final[tuple[tuple[Page, int, int], ...]] = (
    (LOWER_MEMORY, 31, 36),
    (Page(0x10), 129, 139),
    (Page(0x10), 145, 173),
    (Page(0x10), 180, 208),
    (Page(0x10), 213, 232),
    (Page(0x13), 144, 183),
    (Page(0x13), 206, 207),
    (Page(0x13), 208, 213),
    (Page(0x12), 239, 246),
    (Page(0x2D), 128, 255),
)
"""Spans of control bytes that the audit may change and puts back; those that start the state machines come apart."""


GATES: Final = {0x12: Page01.tunable, 0x13: Page01.diagnostics_supported, 0x2D: Page01.vdm_supported}
"""What advertises the pages of controls that not every module has."""

DESCRIPTORS: Final = (0x20, 0x21, 0x22, 0x23, 0x2F)
"""Pages that say what VDM observes."""

MASKED: Final[tuple[type[cmis.CmisView], ...]] = (Lower, Page10, Page12, Page13)
"""Pages whose registers with a name that ends in ``_mask`` keep flags from asserting the interrupt."""


class Hands(Protocol):
    """What a person, or a simulation, does to the module from outside."""

    def light(self, on: bool) -> None:
        """Connect or cut the optical input."""

    def host_signal(self, on: bool) -> None:
        """Give or cut the electrical input."""

    def reset(self) -> None:
        """Pulse the reset pin."""

    def insert(self) -> None:
        """Pull the module and plug it in again."""


@dataclass(frozen=True, slots=True)
class Board:
    """A module that may be operated: its bus, its time, and who can move light and power; None where nobody can."""

    bus: Bus
    clock: Clock
    hands: Hands | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What stood in a module's controls, and where its data paths were, bank by bank."""

    spans: Mapping[tuple[Page, int, int], bytes]
    controls: int  # byte 26 of lower memory
    deinit: tuple[bytes, ...]
    active: tuple[bytes, ...]
    states: tuple[bytes, ...]


class Operator:
    """Reads and writes the registers of one CMIS module by their declarations."""

    def __init__(self, board: Board, evidence: str = "board") -> None:
        self.bus, self.clock, self.hands, self.evidence = board.bus, board.clock, board.hands, evidence
        self.selected: tuple[int, int] | None = None
        self.static: dict[Page, bytes | None] = {}
        self.banks = 1
        self.refresh()

    def refresh(self) -> None:
        """Read the pages again that do not change while a module runs."""
        self.static = {LOWER_MEMORY: self.page(LOWER_MEMORY)}
        flat = self.static[LOWER_MEMORY]
        pages = STATIC[:1] if flat is not None and flat[2] & 0x80 else STATIC
        self.static.update({page: self.page(page) for page in pages})
        self.banks = CmisTransceiver(Memory(self.evidence, self.static)).banks

    # --- bytes ----------------------------------------------------------------------------------------------------

    def select(self, page: Page) -> None:
        """Write bank and page, where they are not selected already."""
        if page.number == LOWER or self.selected == (page.bank, page.number):
            return
        if self.selected is not None and self.selected[0] == page.bank:
            self.patiently(partial(self.bus.write, DEVICE, PAGE_SELECT, bytes([page.number])))
        else:
            self.patiently(partial(self.bus.write, DEVICE, BANK_SELECT, bytes([page.bank, page.number])))
        self.selected = (page.bank, page.number)
        self.clock.wait(PAGE_CHANGE)

    def raw(self, page: Page, byte: int, size: int = 1) -> bytes:
        """Bytes of a page.  TransportError where the module does not answer."""
        self.select(page)
        ends = range(byte, byte + size, LONGEST)
        sizes = (min(LONGEST, byte + size - start) for start in ends)
        return b"".join(
            self.patiently(partial(self.bus.read, DEVICE, start, count))
            for start, count in zip(ends, sizes, strict=True)
        )

    def patiently(self, transaction: Callable[[], V]) -> V:
        """One transaction, tried again for a while: a module need not acknowledge while it is busy."""
        for _ in range(PATIENCE):
            try:
                return transaction()
            except TransportError:
                self.clock.wait(PAGE_CHANGE)
        return transaction()

    def put(self, page: Page, byte: int, raw: bytes) -> None:
        """Write bytes to a page and wait until they hold."""
        self.select(page)
        for start in range(0, len(raw), LONGEST):
            self.patiently(partial(self.bus.write, DEVICE, byte + start, raw[start : start + LONGEST]))
            self.clock.wait(WRITTEN)

    def page(self, page: Page) -> bytes | None:
        """A whole page; None where the module does not answer. Reading it clears latched flags."""
        try:
            return self.raw(page, page.first, HALF)
        except TransportError:
            self.selected = None
            return None

    # --- registers ------------------------------------------------------------------------------------------------

    def look(self, *pages: Page) -> CmisTransceiver:
        """The module as it is now: static pages as they were, lower memory and ``pages`` read afresh."""
        held = {**self.static, LOWER_MEMORY: self.page(LOWER_MEMORY)}
        held.update({page: self.page(page) for page in pages})
        return CmisTransceiver(Memory(self.evidence, held))

    def read(self, register: Register[V], bank: int = 0) -> V:
        """A register as it is now; only its own bytes are read, each once: latched flags are clear afterwards."""
        view, page, first, size = self.place(register, bank)
        held = bytearray(HALF)
        held[first - page.first : first - page.first + size] = self.raw(page, first, size)
        return register.read(view(Memory(self.evidence, {**self.static, page: self.whole(page, first, held, size)})))

    def whole(self, page: Page, first: int, held: bytearray, size: int) -> bytes:
        """The page around a span: of lower memory what was read before, since other registers depend on it."""
        known = self.static.get(page)
        if known is None:
            return bytes(held)
        start = first - page.first
        return known[:start] + bytes(held[start : start + size]) + known[start + size :]

    def write(self, register: Register[Any], value: Any, bank: int = 0) -> None:
        """Write a register; bits that share its bytes keep what they hold."""
        _, page, first, size = self.place(register, bank)
        image = Image()
        image.put(page, first, self.raw(page, first, size))
        write(register, image, value, bank)
        self.put(page, first, bytes(image.page(page)[first - page.first : first - page.first + size]))

    def set_lanes(self, register: Parts[bool], lanes: Iterable[int], on: bool) -> None:
        """Set or clear the bits of lanes, from 1, and leave the others."""
        _, page, first, _ = self.place(register, 0)
        mask = sum(1 << (lane - 1) for lane in lanes)
        held = self.raw(page, first)[0]
        self.put(page, first, bytes([held | mask if on else held & ~mask & 0xFF]))

    def place(self, register: Register[Any], bank: int) -> tuple[Callable[[Memory], Any], Page, int, int]:
        """View, page, first byte and size of a register."""
        owner = register.owner
        page = owner.page._replace(bank=bank) if bank else owner.page
        spans = [(one.byte + shift, one.byte + shift + one.size) for one, shift in register.pieces()]
        first, end = min(start for start, _ in spans), max(end for _, end in spans)
        return lambda memory: owner(memory, bank), page, first, end - first

    def mask_all(self) -> None:
        """Keep every flag that the module has from asserting the interrupt."""
        memory = Memory(self.evidence, self.static)
        for view in MASKED:
            for bank in range(self.banks if view.banked else 1):
                page = view.page._replace(bank=bank) if bank else view.page
                if self.has(page):
                    self.mask(view(memory, bank), page, bank)
        held = self.look(
            *(Page(number, bank) for number in (0x20, 0x21, 0x22, 0x23, 0x2F) for bank in range(self.banks))
        )
        observed = held.vdm
        if isinstance(observed, Reading):
            image = Image()
            for one in observed.value:
                cmis.vdm.write_masks(image, one.instance, (True,) * 4, bank=one.bank)
            for page, raw in image.pages.items():
                self.put(page, page.first, bytes(raw))

    def mask(self, view: cmis.CmisView, page: Page, bank: int) -> None:
        """Set the masks that one page has, and write the bytes in which that changes something."""
        first, size = (31, 6) if page == LOWER_MEMORY else (HALF, HALF)
        held = self.raw(page, first, size)
        image = Image()
        image.put(page, first, held)
        for register in type(view).registers():
            if register.name.endswith("_mask") and next(register.pieces())[0].permit(view) is None:
                write(register, image, ones(register), bank)
        after = bytes(image.page(page)[first - page.first : first - page.first + size])
        for byte, (old, new) in enumerate(zip(held, after, strict=True), first):
            if old != new:
                self.put(page, byte, bytes([new]))

    # --- waiting --------------------------------------------------------------------------------------------------

    def until(self, reached: Callable[[], bool], longest: Decimal, where: str) -> Value[Decimal]:
        """Seconds until something was so, or those after which nobody waited any longer, twice ``longest``."""
        start = self.clock.now()
        while not self.tried(reached):
            if self.clock.now() - start > 2 * longest + 1:
                break
            self.clock.wait(POLL)
        return Reading(self.clock.now() - start, Source(self.evidence, where), Unit.SECONDS)

    def tried(self, reached: Callable[[], bool]) -> bool:
        """Whether it is so; a module that does not answer is not there yet."""
        try:
            return reached()
        except TransportError:
            self.selected = None
            return False

    def answers(self) -> bool:
        """Whether the module's management interface answers."""
        return bool(self.raw(LOWER_MEMORY, 0)[0])

    def module_state(self) -> str:
        """State of the module in words, empty where the code is reserved."""
        state = self.read(Lower.module_state)
        return state.value if isinstance(state, Reading) else ""

    def in_state(self, state: str) -> bool:
        """Whether the module is in a state."""
        return self.module_state() == state

    def states(self) -> tuple[str, ...]:
        """Data path states of the host lanes of bank 0, empty where a code is reserved."""
        return tuple(one.value if isinstance(one, Reading) else "" for one in self.read(Page11.dp_state))

    # --- what is put back -----------------------------------------------------------------------------------------

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Afterwards, also where a rule failed, controls and data paths are as they were."""
        saved = self.save()
        try:
            yield
        finally:
            self.restore(saved)

    def save(self) -> Saved:
        """What stands in the controls now."""
        spans = {span: self.raw(span[0], span[1], span[2] - span[1] + 1) for span in self.spans()}
        banks = range(self.banks if self.has(Page(0x10)) else 0)
        return Saved(
            spans,
            self.raw(LOWER_MEMORY, 26)[0],
            tuple(self.raw(Page(0x10, bank), 128) for bank in banks),
            tuple(self.raw(Page(0x11, bank), 206, 8) for bank in banks),
            tuple(self.raw(Page(0x11, bank), 128, 4) for bank in banks),
        )

    def spans(self) -> Iterator[tuple[Page, int, int]]:
        """The spans of controls that the module has, in every bank."""
        for page, first, last in CONTROLS:
            if self.has(page):
                for bank in range(1 if page == LOWER_MEMORY else self.banks):
                    yield page._replace(bank=bank), first, last

    def has(self, page: Page) -> bool:
        """Whether the module declares a page of controls; lower memory is always there."""
        if page == LOWER_MEMORY:
            return True
        module = CmisTransceiver(Memory(self.evidence, self.static))
        flat, gate = module.flat_memory, GATES.get(page.number)
        if isinstance(flat, Reading) and flat.value:
            return False
        if gate is None:
            return True
        advertised = gate.read(module.page01)
        return isinstance(advertised, Reading) and advertised.value

    def restore(self, saved: Saved) -> None:
        """Put back what differs: power first, then configuration and, where that differs, the data paths."""
        self.selected = None
        self.until(self.answers, MANAGEABLE, "restoring")
        self.put(LOWER_MEMORY, 26, bytes([saved.controls & ~SOFTWARE_RESET]))
        if saved.deinit and not saved.controls & LOW_POWER_REQUEST:
            self.until(partial(self.in_state, "ModuleReady"), self.bound("module_pwr_up"), "restoring")
        for (page, first, last), held in saved.spans.items():
            if self.raw(page, first, last - first + 1) != held:
                self.put(page, first, held)
        for bank, (deinit, active, states) in enumerate(zip(saved.deinit, saved.active, saved.states, strict=True)):
            control, status = Page(0x10, bank), Page(0x11, bank)
            if self.raw(status, 206, 8) != active:
                self.put(control, 128, b"\xff")
                self.until(partial(self.shows, status, 128, DEACTIVATED), self.bound("dp_deinit"), "restoring")
                self.put(control, 143, b"\xff")
                self.clock.wait(WRITTEN)
            self.put(control, 128, deinit)
            longest = sum((self.bound(name) for name in ("dp_init", "dp_deinit", "dp_tx_turn_on")), Decimal(0))
            self.until(partial(self.shows, status, 128, states), longest, "restoring")

    def shows(self, page: Page, byte: int, raw: bytes) -> bool:
        """Whether bytes read as expected."""
        return self.raw(page, byte, len(raw)) == raw

    def bound(self, name: str) -> Decimal:
        """Longest duration of a state in seconds, as the module advertises it; 60 where it sets none."""
        held = CmisTransceiver(Memory(self.evidence, self.static)).durations[name]
        return held.value if isinstance(held, Reading) else Decimal(60)


def ones(register: Register[Any]) -> Any:
    """The value of a mask with every bit set."""
    if isinstance(register, Parts):
        return (True,) * len(register.fields)
    return (True,) * register.count if isinstance(register, Lanes) else True


def write(register: Register[Any], image: Image, value: Any, bank: int) -> None:
    """Write a register of whatever kind into an image."""
    assert isinstance(register, Field | Lanes | Parts)
    register.write(image, value, bank=bank)


__all__ = ["Board", "Hands", "Operator", "Saved"]
