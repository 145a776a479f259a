"""Every register of a module in one call, as columns of plain values.

    held = columns(memory)
    held["11h.tx_power[3]"]             # Decimal("0.9120"), or Absence.NOT_ADVERTISED
    held.reading("11h.tx_power[3]")     # the Reading or Missing with its source, as the view gives it

A view makes a Reading and its Source for each register that is touched, which is what a check wants and what a fleet
cannot pay for thousands of registers. Here a value is an int, bool, str, Decimal or tuple, and what has none is its
Absence. The declarations stay the one source of both: a layout is made once out of the registers of the views, each of
which decodes for itself. A register that takes its bytes in a way of its own is read through its view, and slower.

How it is fast, and why this way:

- All registers of one byte share one look-up: the byte chooses a tuple of their values, which their own ``decode``
  made when that byte was first seen; so with two bytes. The look-ups of a page run in C (``itemgetter``, ``map``).
  Generated source was measured too: such a page takes it half to two thirds of the time, and the first module of a
  kind ten milliseconds more. The goal of 20 times the speed of SONiC's decoder is met without it.
- Which registers and pages a module has is asked of the registers themselves, once for each set of bytes that they look
  at to answer; modules that advertise the same share the answer.
- A page that was decoded before, byte for byte, is not decoded again: of the modules of one type most pages are equal.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, chain
from operator import attrgetter, getitem, itemgetter
from struct import Struct
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from ..reading import Absence, Missing, Reading, Source, Value
from ..units import Unit
from . import cmis, fields, sff8472, sff8636
from .cmis import vdm
from .cmis.base import banks_of
from .fields import Bit, Code, Field, Lanes, Parts, Register, View
from .memory import HALF, LOWER, LOWER_MEMORY, Memory, Page, without_repeats
from .module import Transceiver
from .transceiver import CmisTransceiver, Sff8472Transceiver, Sff8636Transceiver, transceiver

A = TypeVar("A")

Touch: TypeAlias = "Callable[[vdm.Observation], object]"

VIEWS: Final[Mapping[type[Transceiver], tuple[type[View], ...]]] = {
    CmisTransceiver: tuple(dict.fromkeys((*cmis.VIEWS, vdm.Page2F))),
    Sff8636Transceiver: sff8636.VIEWS,
    Sff8472Transceiver: sff8472.VIEWS,
}
"""The pages of each memory map. Of VDM the instances are columns, instead of the raw bits of their pages."""

IDENTITY: Final = frozenset(
    {"identifier", "revision", "vendor_name", "vendor_oui", "vendor_pn", "vendor_rev", "vendor_sn", "date_code"}
)
"""Registers that say which module it is."""

STATE: Final = frozenset({"module_state", "fault_cause", "dp_state", "data_not_ready"})
"""Registers that say what the module is doing."""

MONITORS: Final = frozenset(
    {
        *("temperature", "vcc", "aux1_raw", "aux2_raw", "aux3_raw", "custom_raw", "temperature_raw", "vcc_raw"),
        *("tx_power", "rx_power", "tx_bias", "tx_power_raw", "rx_power_raw", "tx_bias_raw"),
    }
)
"""Registers of what the module measures; thresholds have the same names on pages of their own."""

IDENTITY_PAGES: Final = frozenset({cmis.Lower, cmis.Page00, sff8636.Lower, sff8636.Page00, sff8472.A0})

THRESHOLDS: Final = frozenset({cmis.Page02, sff8636.Page03})

FLAGS: Final = frozenset(
    register
    for flags in (
        *(cmis.LANE_FLAGS, cmis.MODULE_FLAGS, sff8636.LANE_FLAGS, sff8636.MODULE_FLAGS),
        *(sff8472.LANE_FLAGS, sff8472.MODULE_FLAGS),
    )
    for register in flags
)

WORDS: Final = Struct(f">{HALF // 2}H").unpack
ODD_WORDS: Final = Struct(f">{HALF // 2 - 1}H").unpack

TABLE_LIMIT: Final = 1 << 14
"""Raw values that a table remembers; a monitor takes a few hundred."""

CLOSE: Final = 4
"""Bytes between two slices that are read as one."""

PAGE_LIMIT: Final = 128
"""Pages that are remembered with their values, for each place where a page can stand."""

KIND_LIMIT: Final = 64
"""Kinds of module, by what they advertise and observe, that are remembered."""

POLLED_VDM: Final = frozenset({0x24, 0x25, 0x26, 0x27, 0x2C})
"""Pages of VDM that change: samples and flags."""

FOUR: Final = ("high_alarm", "low_alarm", "high_warning", "low_warning")

PAGE_00: Final = Page(0x00)
UNREAD: Final = Memory("", {})
UNREAD_SOURCE: Final = Source("")
NOTHING: Final = b""
UNRECORDED: Final = None, "not recorded"

PERMITTED_BY: Final = ("advertised_by", "since", "until")
"""Attributes that decide whether a module has a register."""

PLACED_BY: Final = frozenset({"owner", "name", "byte", "unit", "part", *PERMITTED_BY})
"""Attributes that do not change what the register's bytes mean."""

Span: TypeAlias = "tuple[int, int, list[Absence]]"
"""First column, the column after the last, and what stands there instead."""

Cell: TypeAlias = "tuple[Page, int, int]"
"""A page and a part of it, as a slice."""


class Place(NamedTuple):
    """Where a column stands; bytes as the specification counts them."""

    page: Page
    byte: int
    size: int
    part: str = ""


class Slot(NamedTuple):
    """A column of one page: where it stands, and how its bytes become a value.

    Slots with the same ``key`` decode alike and share what was decoded.
    """

    name: str
    byte: int
    size: int
    part: str
    unit: Unit
    decode: Callable[[bytes], object]
    key: Hashable


class Table(dict[int, tuple[object, ...]]):
    """The values of all registers that stand in the same one or two bytes, by the number that stands there."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.size = slots[0].size
        self.decodes = tuple(slot.decode for slot in slots)

    def __missing__(self, number: int) -> tuple[object, ...]:
        raw = number.to_bytes(self.size, "big")
        values = tuple(decode(raw) for decode in self.decodes)
        if len(self) < TABLE_LIMIT:
            self[number] = values
        return values


TABLES: Final[dict[tuple[Hashable, ...], Table]] = {}
"""By the keys of their slots. A table keeps the registers that decode for it, so that no id in a key is reused."""


def table(slots: Sequence[Slot]) -> Table:
    """The table that all slots with these keys share."""
    key = (slots[0].size, *(slot.key for slot in slots))
    known = TABLES.get(key)
    if known is None:
        known = TABLES[key] = Table(slots)
    return known


class Decoder:
    """One page: its bytes to the values of its slots, in their order."""

    def __init__(self, page: Page, slots: Sequence[Slot]) -> None:
        self.page, self.slots = page, tuple(slots)
        singles: dict[int, list[int]] = {}
        words: dict[int, list[int]] = {}
        longs: list[int] = []
        for column, slot in enumerate(self.slots):
            start = slot.byte - page.first
            if start < 0 or start + slot.size > HALF or slot.size > 2 or slot.size < 1:
                longs.append(column)
            else:
                (singles if slot.size == 1 else words).setdefault(start, []).append(column)
        self.singles = tuple(table([self.slots[column] for column in held]) for held in singles.values())
        self.words = tuple(table([self.slots[column] for column in held]) for held in words.values())
        self.pick_singles = picker(list(singles))
        self.odd = any(start % 2 for start in words)
        self.pick_words = picker([start // 2 + (HALF // 2 if start % 2 else 0) for start in words])
        self.longs = tuple((self.slots[column].decode, *self.span(column)) for column in longs)
        decoded = [*chain.from_iterable(singles.values()), *chain.from_iterable(words.values()), *longs]
        order = sorted(range(len(decoded)), key=decoded.__getitem__)
        self.order = None if order == list(range(len(order))) else picker(order)

    def span(self, column: int) -> tuple[int, int]:
        """The part of the page that holds the column, as a slice."""
        start = self.slots[column].byte - self.page.first
        return start, start + self.slots[column].size

    def values(self, held: bytes | None) -> list[object]:
        """The values of a page: None where reading it failed, no bytes where it was not read, or only some."""
        if held:
            return self.whole(held) if len(held) == HALF else self.in_part(held)
        return [Absence.READ_FAILED if held is None else Absence.NOT_RECORDED] * len(self.slots)

    def whole(self, held: bytes) -> list[object]:
        """The values of 128 bytes."""
        found: list[object] = [*chain.from_iterable(map(getitem, self.singles, self.pick_singles(held)))]
        if self.words:
            cells = (*WORDS(held), *ODD_WORDS(held[1:-1])) if self.odd else WORDS(held)
            found += chain.from_iterable(map(getitem, self.words, self.pick_words(cells)))
        if self.longs:
            for decode, start, end in self.longs:
                found.append(decode(held[start:end]) if 0 <= start < end <= HALF else Absence.NOT_RECORDED)
        return found if self.order is None else list(self.order(found))

    def in_part(self, held: bytes) -> list[object]:
        """The values of a page of another length: what lies beyond its end was not recorded."""
        found = self.whole(held[:HALF].ljust(HALF, b"\0"))
        for column, slot in enumerate(self.slots):
            start, end = self.span(column)
            if start < 0 or end > len(held):
                found[column] = Absence.NOT_RECORDED
            elif end > HALF:
                found[column] = slot.decode(held[start:end])
        return found


def picker(places: Sequence[int]) -> Callable[[Any], Sequence[Any]]:
    """The items at some places of a sequence, as one sequence."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda items: [items[place] for place in places]


class Section(Protocol):
    """Columns of one page that stand together."""

    decoder: Decoder
    prefix: str

    def reading(self, memory: Memory, column: int) -> object:
        """The Reading or Missing of a column."""


class Registers:
    """The registers of one view, in one bank.

    One that does not read its bytes as a Field, Lanes or Parts does is read through the view each time.
    """

    def __init__(
        self, view: type[View], bank: int, registers: Iterable[Register[object]], names: Mapping[str, str]
    ) -> None:
        self.view, self.bank = view, bank
        self.owners: list[tuple[Register[object], int | None]] = []
        self.permits: dict[Hashable, tuple[Field[Any], list[int]]] = {}
        self.own_way: list[int] = []
        self.later: list[tuple[int, Code]] = []
        self.memo: dict[tuple[Standing, bytes | None], list[object]] = {}
        slots: list[Slot] = []
        meanings: dict[Field[Any], Hashable] = {}
        for register in registers:
            for element, one in elements(register) if view.take is View.take else [(None, None)]:
                column = len(slots)
                self.owners.append((register, element))
                name = names[register.name] if element is None else f"{names[register.name]}[{element + 1}]"
                if one is None:
                    self.own_way.append(column)
                    slots.append(Slot(name, view.page.first, 1, "", Unit.NONE, bytes, "own way"))
                    continue
                held, shift, permitting = one
                key = meanings.get(held) or meanings.setdefault(held, meaning(held))
                slots.append(Slot(name, held.byte + shift, held.size, held.part, held.unit, held.decode, key))
                self.permits.setdefault(permission(permitting), (permitting, []))[1].append(column)
                if isinstance(held, Code) and held.later:
                    self.later.append((column, held))
        page = view(UNREAD, bank).at
        self.decoder = Decoder(page, slots)
        paged = page.sfp and page.device == 0xA2 and page.number != LOWER
        self.prefix = f"{page.reference}:{page.number:02X}h." if paged else f"{page.reference}."

    def reading(self, memory: Memory, column: int) -> object:
        register, element = self.owners[column]
        read = register.read(self.view(memory, self.bank))
        return read[element] if element is not None and isinstance(read, tuple) else read

    def standing(self, memory: Memory) -> Standing:
        """What the module says that it has of this page."""
        view = self.view(memory, self.bank)
        gone = view.gone() if self.permits else None
        refused: list[tuple[int, Absence]] = []
        doubtful: list[tuple[int, Absence]] = []
        for permitting, columns in self.permits.values():
            permit = permitting.permit(view)
            if permit is not None:
                sure = permit.why in (Absence.NOT_ADVERTISED, Absence.BEYOND_REVISION)
                (refused if sure else doubtful).extend((column, permit.why) for column in columns)
        unknown: list[tuple[int, Mapping[object, Absence]]] = []
        for column, code in self.later:
            words = {word: code.beyond(view, word, UNREAD_SOURCE) for word in code.later}
            if any(words.values()):
                unknown.append((column, {word: missing.why for word, missing in words.items() if missing}))
        return Standing(
            None if gone is None else gone.why, tuple(spans(sorted(refused))), tuple(doubtful), tuple(unknown)
        )

    def values(self, memory: Memory, standing: Standing) -> list[object]:
        """The values as the module's bytes have them; not to be changed by who asks."""
        held = memory.pages.get(self.decoder.page, NOTHING)
        found = self.memo.get((standing, held))
        if found is None:
            found = self.judged(held, standing)
            if len(self.memo) >= PAGE_LIMIT:
                self.memo.clear()
            self.memo[standing, held] = found
        if self.own_way:
            found = found.copy()
            for column in self.own_way:
                found[column] = bare(self.reading(memory, column))
        return found

    def judged(self, held: bytes | None, standing: Standing) -> list[object]:
        """The values of a page, and why there are none where the module says that it has no such register."""
        if standing.gone is not None:
            found: list[object] = [standing.gone] * len(self.decoder.slots)
        else:
            found = self.decoder.values(held)
            for column, words in standing.unknown:
                found[column] = words.get(found[column], found[column])
            for column, why in standing.doubtful:
                start, end = self.decoder.span(column)
                if held and held[start:end] in (bytes(end - start), b"\xff" * (end - start)):
                    found[column] = why
        for first, end, instead in standing.refused:
            found[first:end] = instead
        return found

    def touched(self, memory: Memory) -> Iterator[object]:
        """The values as the view gives them, each register read once."""
        view = self.view(memory, self.bank)
        for register, element in self.owners:
            if element is None:
                yield bare(register.read(view))
            elif element == 0:
                read = register.read(view)
                yield from map(bare, read if isinstance(read, tuple) else ())


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What a module says that it has of one page.

    ``gone`` is why there is no such page, ``refused`` are the columns that it says it has not, ``doubtful`` those of
    which nobody read whether it has them: their zeros and ones mean nothing. ``unknown`` are the words of a column
    that its revision does not have.
    """

    gone: Absence | None
    refused: tuple[Span, ...]
    doubtful: tuple[tuple[int, Absence], ...]
    unknown: tuple[tuple[int, Mapping[object, Absence]], ...]


def spans(columns: Iterable[tuple[int, Absence]]) -> Iterator[Span]:
    """Columns that stand side by side, taken together."""
    first, instead = 0, list[Absence]()
    for column, why in columns:
        if instead and column != first + len(instead):
            yield first, first + len(instead), instead
            instead = []
        if not instead:
            first = column
        instead.append(why)
    if instead:
        yield first, first + len(instead), instead


def elements(
    register: Register[object],
) -> list[tuple[int | None, tuple[Field[Any], int, Field[Any]] | None]]:
    """The values of a register: element, then the field, how many bytes further on it stands, and whose permission."""
    if isinstance(register, Lanes) and type(register).read is Lanes.read and ordinary(register.first):
        first = register.first
        return [(lane, (first, lane * register.stride, first)) for lane in range(register.count)]
    if isinstance(register, Parts) and type(register).read is Parts.read and all(map(ordinary, register.fields)):
        return [(number, (part, 0, register.fields[0])) for number, part in enumerate(register.fields)]
    if isinstance(register, Field) and type(register).read is Field.read and ordinary(register):
        return [(None, (register, 0, register))]
    return [(None, None)]


def ordinary(held: Field[Any]) -> bool:
    """Whether a field takes its own bytes and decodes them, and nothing else."""
    return type(held).at is Field.at and type(held).beyond in (Field.beyond, Code.beyond)


def permission(held: Field[Any]) -> Hashable:
    """What a field's permission depends on: fields with the same are permitted together."""
    if type(held).permit is not Field.permit:
        return id(held)
    return tuple(getattr(held, name, None) for name in PERMITTED_BY)


def meaning(held: Field[Any]) -> Hashable:
    """What a field's decoding depends on; another type of field decodes for itself alone."""
    if type(held).__module__ != fields.__name__:
        return id(held)
    return type(held), repr([(name, value) for name, value in vars(held).items() if name not in PLACED_BY])


def bare(read: object) -> object:
    """A reading's value, or why there is none."""
    if isinstance(read, Reading):
        return read.value
    if isinstance(read, Missing):
        return read.why
    return tuple(map(bare, read)) if isinstance(read, tuple) else read


class Instances:
    """What instances of VDM have on one page: samples, thresholds, flags or masks (OIF-CMIS 8.22)."""

    def __init__(self, page: Page, held: Sequence[tuple[Slot, vdm.Observation, Touch]]) -> None:
        self.decoder = Decoder(page, [slot for slot, _, _ in held])
        self.touches = [(observation, touch) for _, observation, touch in held]
        self.prefix = f"{page.bank}:" if page.bank else ""
        self.polled = page.number in POLLED_VDM
        self.memo: dict[bytes | None, list[object]] = {}

    def reading(self, memory: Memory, column: int) -> object:
        observation, touch = self.touches[column]
        return touch(replace(observation, memory=memory))

    def values(self, memory: Memory) -> list[object]:
        """The values as the module's bytes have them; not to be changed by who asks."""
        held = memory.pages.get(self.decoder.page, NOTHING)
        found = self.memo.get(held)
        if found is None:
            if len(self.memo) >= PAGE_LIMIT:
                self.memo.clear()
            found = self.memo[held] = self.decoder.values(held)
        return found


class Gaps:
    """What of VDM is not known, a column each: all of it, or a page without which some is not."""

    prefix = ""
    polled = True

    def __init__(self, observed: vdm.Observations) -> None:
        page, gaps, names = vdm.Page2F.page, observed.gaps, [f"vdm.gap[{n + 1}]" for n in range(len(observed.gaps))]
        if isinstance(observed.found, Missing):
            gaps, names = (observed.found,), ["vdm"]
        self.why: list[object] = [gap.why for gap in gaps]
        self.decoder = Decoder(page, [Slot(name, page.first, 1, "", Unit.NONE, bytes, "gap") for name in names])

    def reading(self, memory: Memory, column: int) -> object:
        observed = observations(memory)
        return observed.found if isinstance(observed.found, Missing) else observed.gaps[column]

    def values(self, memory: Memory) -> list[object]:
        return self.why


def observations(memory: Memory) -> vdm.Observations:
    """The instances of VDM and what is not known of them."""
    return vdm.observations(memory, vdm.bank_count(memory))


def instances(memory: Memory) -> tuple[Instances | Gaps, ...]:
    """The columns of VDM, page by page."""
    observed = observations(memory)
    by_page: dict[Page, list[tuple[Slot, vdm.Observation, Touch]]] = {}
    for one in () if isinstance(observed.found, Missing) else observed.found.value:
        for page, slot, touch in columns_of(one):
            by_page.setdefault(page, []).append((slot, one, touch))
    pages: list[Instances | Gaps] = [Instances(page, held) for page, held in by_page.items()]
    if isinstance(observed.found, Missing) or observed.gaps:
        pages.append(Gaps(observed))
    return tuple(pages)


BITS: Final = tuple((bit.decode, meaning(bit)) for bit in (Bit(HALF, place) for place in range(8)))
"""Flags and masks, by the bit in which they stand."""


def columns_of(one: vdm.Observation) -> Iterator[tuple[Page, Slot, Touch]]:
    """Sample, thresholds, flags and masks of one instance."""
    kind, late, name = one.observable, one.beyond is not None, f"vdm[{one.instance}]"
    where, nibble = divmod(one.instance - 1, 2)
    byte = HALF + 2 * ((one.instance - 1) % vdm.INSTANCES)
    slot = Slot(f"{name}.sample", byte, 2, "", kind.unit, number(kind.sample, late), ("sample", kind.id, late))
    yield Page(0x24 + one.group, one.bank), slot, attrgetter("sample")
    for place, limit in enumerate(FOUR):
        byte = HALF + 8 * one.threshold_set + 2 * place
        key = ("threshold", kind.id, late)
        slot = Slot(f"{name}.{limit}", byte, 2, "", kind.unit, number(kind.number, late), key)
        yield Page(0x28 + one.group, one.bank), slot, attrgetter(f"thresholds.{limit}")
    for page, what in ((0x2C, "flag"), (0x2D, "mask")):
        for place, limit in enumerate(FOUR):
            decode, bit = BITS[4 * nibble + place]
            part = f"bits {4 * nibble + 3}-{4 * nibble}"
            slot = Slot(f"{name}.{limit}_{what}", HALF + where, 1, part, Unit.NONE, decode, bit)
            yield Page(page, one.bank), slot, attrgetter(f"{what}s.{limit}")


def number(of: Callable[[int], Decimal | Absence], late: bool) -> Callable[[bytes], object]:
    """16 bits as the number of an observable; beyond its revision where the module knows no such observable."""

    def decode(raw: bytes) -> object:
        value = of(int.from_bytes(raw, "big"))
        return Absence.BEYOND_REVISION if late and not isinstance(value, Absence) else value

    return decode


class Asked(Memory):
    """A memory that notes which of its bytes were looked at; one page may be kept from who asks."""

    __slots__ = ("seen", "whole", "withheld")

    seen: set[Cell]
    whole: Memory
    withheld: Page | None

    def __init__(self, memory: Memory, withheld: Page | None) -> None:
        super().__init__(memory.evidence, Noted(memory.pages), memory.note)
        for name, value in (("whole", memory), ("withheld", withheld), ("seen", set())):
            object.__setattr__(self, name, value)

    def take(self, page: Page, byte: int, size: int = 1, part: str = "") -> Value[bytes]:
        if page == self.withheld:
            return UNREAD.take(page, byte, size, part)
        start = max(0, byte - page.first)
        self.seen.add((page, start, start + size))
        return self.whole.take(page, byte, size, part)

    def has(self, page: Page) -> bool:
        if page == self.withheld:
            return False
        self.seen.add((page, 0, 1))
        return self.whole.has(page)


class Noted(Mapping[Page, "bytes | None"]):
    """Pages that know whether anybody went past ``take`` to them."""

    def __init__(self, pages: Mapping[Page, bytes | None]) -> None:
        self.pages, self.used = pages, False

    def __getitem__(self, page: Page) -> bytes | None:
        self.used = True
        return self.pages[page]

    def __iter__(self) -> Iterator[Page]:
        self.used = True
        return iter(self.pages)

    def __len__(self) -> int:
        self.used = True
        return len(self.pages)


class Answers(Generic[A]):
    """What memories answer to one question, asked once for all that agree in the bytes that answers depended on.

    The question is a function of bytes: two memories that agree in every byte that it looked at in the one have the
    same answer. It is asked as though page ``withheld`` had not been read.
    """

    def __init__(self, ask: Callable[[Memory], A], withheld: Page | None = None) -> None:
        self.ask, self.withheld = ask, withheld
        self.seen: frozenset[Cell] = frozenset()
        self.cells: tuple[Cell, ...] = ()
        self.known: dict[Hashable, A] = {}

    def of(self, memory: Memory) -> A:
        """The answer of one memory."""
        found = self.known.get(self.key(memory))
        return self.asked(memory) if found is None else found

    def key(self, memory: Memory) -> Hashable:
        get = memory.pages.get
        return tuple([held[start:end] if (held := get(page, UNRECORDED)) else held for page, start, end in self.cells])

    def asked(self, memory: Memory) -> A:
        asked = Asked(memory, self.withheld)
        answer = self.ask(asked)
        if isinstance(asked.pages, Noted) and asked.pages.used:
            return answer
        if not asked.seen <= self.seen or len(self.known) >= KIND_LIMIT:
            self.seen |= asked.seen
            self.cells = tuple(covering(self.seen))
            self.known.clear()
        self.known[self.key(memory)] = answer
        return answer


def covering(cells: Iterable[Cell]) -> Iterator[Cell]:
    """The cells as few slices, in which those that stand close together are one."""
    joined: tuple[Page, int, int] | None = None
    for page, start, end in sorted(cells):
        if joined and joined[0] == page and start <= joined[2] + CLOSE:
            joined = page, joined[1], max(joined[2], end)
            continue
        if joined:
            yield joined
        joined = page, start, end
    if joined:
        yield joined


VDM_BY_CONTROL: Final = Answers(instances, withheld=PAGE_00)
"""Where the page that counts the groups was read, page 00h has no say; it would tell modules of one type apart."""

VDM_BY_LIKENESS: Final = Answers(instances)


class Layout:
    """The columns of one kind of module: the registers of its pages, then the instances of VDM."""

    def __init__(self, registers: Sequence[Registers], instances: Sequence[Instances | Gaps]) -> None:
        self.registers, self.instances = tuple(registers), tuple(instances)
        self.sections: tuple[Section, ...] = (*self.registers, *self.instances)
        self.starts = (0, *accumulate(len(section.decoder.slots) for section in self.sections))

    def __len__(self) -> int:
        return self.starts[-1]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """``11h.tx_power[3]``, lanes from 1; ``1:11h`` in bank 1, ``A2h:02h`` of an SFP; ``vdm[17].sample``."""
        return tuple(section.prefix + slot.name for section in self.sections for slot in section.decoder.slots)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(
            Place(section.decoder.page, slot.byte, slot.size, slot.part)
            for section in self.sections
            for slot in section.decoder.slots
        )

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        return tuple(slot.unit for section in self.sections for slot in section.decoder.slots)

    @cached_property
    def column(self) -> Mapping[str, int]:
        """The column of a name."""
        return {name: column for column, name in enumerate(self.names)}

    def reading(self, memory: Memory, column: int) -> object:
        """The Reading or Missing of a column."""
        if not 0 <= column < len(self):
            raise IndexError(column)
        section = bisect_right(self.starts, column) - 1
        return self.sections[section].reading(memory, column - self.starts[section])


class RegisterMap:
    """The registers of a kind of module, in some banks, and the layouts in which they stand."""

    def __init__(self, views: Sequence[type[View]], banks: Iterable[int], polled: bool) -> None:
        names = unique_names(views)
        sections = [
            Registers(view, bank, [one for one in view.registers() if not polled or is_polled(view, one)], names[view])
            for bank in banks
            for view in views
            if bank == 0 or view.banked
        ]
        self.polled = polled
        self.registers = tuple(section for section in sections if section.owners)
        self.standings = Answers(self.ask)
        self.layouts: dict[tuple[Instances | Gaps, ...], Layout] = {}

    def ask(self, memory: Memory) -> tuple[tuple[Registers, Standing], ...]:
        return tuple((section, section.standing(memory)) for section in self.registers)

    def layout(self, instances: tuple[Instances | Gaps, ...]) -> Layout:
        """The layout of a module with these instances of VDM."""
        known = self.layouts.get(instances)
        if known is None:
            known = Layout(self.registers, [one for one in instances if one.polled or not self.polled])
            if len(self.layouts) >= KIND_LIMIT:
                self.layouts.clear()
            self.layouts[instances] = known
        return known


def unique_names(views: Iterable[type[View]]) -> Mapping[type[View], Mapping[str, str]]:
    """Names of the registers of each view: a name that another view of the same page has already gets its view's."""
    taken: set[tuple[Page, str]] = set()
    names: dict[type[View], dict[str, str]] = {}
    for view in views:
        own = [register.name for register in view.registers()]
        names[view] = {name: f"{view.__name__}.{name}" if (view.page, name) in taken else name for name in own}
        taken.update((view.page, name) for name in own)
    return names


REGISTER_MAPS: Final[dict[tuple[type[Transceiver], tuple[int, ...], bool], RegisterMap]] = {}


def register_map(kind: type[Transceiver], banks: tuple[int, ...], polled: bool) -> RegisterMap:
    """The registers of a memory map; none where the map is not known."""
    known = REGISTER_MAPS.get((kind, banks, polled))
    if known is None:
        if len(REGISTER_MAPS) >= KIND_LIMIT:
            REGISTER_MAPS.clear()
        known = REGISTER_MAPS[kind, banks, polled] = RegisterMap(VIEWS.get(kind, ()), banks, polled)
    return known


def is_polled(view: type[View], register: Register[object]) -> bool:
    """Whether a register is part of a poll: who the module is, what it is doing, what it measures, its flags."""
    if register in FLAGS or cleared(view, register) or (register.name in IDENTITY and view in IDENTITY_PAGES):
        return True
    return register.name in STATE | MONITORS and view not in THRESHOLDS


def cleared(view: type[View], register: Register[object]) -> bool:
    """Whether a read clears the register."""
    held = [one for _, one in elements(register) if one is not None]
    return bool(held) and all(
        view.clears.issuperset(range(one.byte + shift, one.byte + shift + one.size)) for one, shift, _ in held
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """The registers of one module; ``values`` has a plain value or an Absence for each name of the layout."""

    memory: Memory
    layout: Layout
    values: list[object]

    @property
    def names(self) -> tuple[str, ...]:
        """``11h.tx_power[3]``, lanes from 1; ``1:11h`` in bank 1; ``vdm[17].sample``."""
        return self.layout.names

    @property
    def places(self) -> tuple[Place, ...]:
        """Where each column stands."""
        return self.layout.places

    @property
    def units(self) -> tuple[Unit, ...]:
        """The unit of each column."""
        return self.layout.units

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, name: str) -> object:
        """The value of a column; KeyError where no column has the name."""
        return self.values[self.layout.column[name]]

    def items(self) -> Iterator[tuple[str, object]]:
        """Name and value of every column."""
        return zip(self.layout.names, self.values, strict=True)

    def reading(self, column: int | str) -> object:
        """The Reading or Missing of a column, by number or name, with its source."""
        return self.layout.reading(self.memory, self.layout.column[column] if isinstance(column, str) else column)


def columns(memory: Memory) -> Columns:
    """Every register of a module, with plain values.

    Columns of CMIS are the pages in the order of the document, bank by bank, then the instances of VDM. Banks are those
    that the module advertises and those of which a page was read. A module of no known memory map has no columns.
    """
    return decoded(memory, polled=False)


def poll(memory: Memory) -> Columns:
    """What is looked at again and again: who the module is, its state, its monitors and its flags."""
    return decoded(memory, polled=True)


def decode_many(memories: Iterable[Memory]) -> Iterator[Columns]:
    """The columns of each module of a fleet; modules of one type share their layout and the values of equal pages."""
    return map(columns, memories)


def decoded(memory: Memory, polled: bool) -> Columns:
    kind, banks, memory = kind_of(memory)
    registers = register_map(kind, banks, polled)
    if type(memory).take is not Memory.take or not memory.settled:
        return touched(memory, registers, instances(memory) if kind is CmisTransceiver else ())
    observed: tuple[Instances | Gaps, ...] = ()
    if kind is CmisTransceiver:
        counted = all(memory.pages.get(Page(0x2F, bank)) for bank in banks)
        observed = (VDM_BY_CONTROL if counted else VDM_BY_LIKENESS).of(memory)
    layout = registers.layout(observed)
    values: list[object] = []
    for section, standing in registers.standings.of(memory):
        values += section.values(memory, standing)
    for instance in layout.instances:
        values += instance.values(memory)
    return Columns(memory, layout, values)


def touched(memory: Memory, registers: RegisterMap, instances: tuple[Instances | Gaps, ...]) -> Columns:
    """The columns of a module that is asked as it runs, or of a memory that takes its bytes in a way of its own."""
    layout = Layout(registers.registers, [one for one in instances if one.polled or not registers.polled])
    values: list[object] = [value for section in registers.registers for value in section.touched(memory)]
    for instance in layout.instances:
        values += [bare(instance.reading(memory, column)) for column in range(len(instance.decoder.slots))]
    return Columns(memory, layout, values)


KNOWN: Final[dict[int, type[Transceiver]]] = {}
"""The memory map of an identifier that its copy repeats."""

BANK_AND_SFP: Final = itemgetter(Page._fields.index("bank"), Page._fields.index("sfp"))


def kind_of(memory: Memory) -> tuple[type[Transceiver], tuple[int, ...], Memory]:
    """The memory map that a module follows, its banks, and its pages as that map names them."""
    memory = memory if any(page.sfp for page in memory.pages) else without_repeats(memory)
    pages = memory.pages
    recorded = set(map(BANK_AND_SFP, pages))
    lower, page00 = pages.get(LOWER_MEMORY), pages.get(PAGE_00)
    repeated = lower[0] if lower and page00 and lower[0] == page00[0] else None
    kind = KNOWN.get(-1 if repeated is None else repeated)
    if kind is None or any(sfp for _, sfp in recorded):
        module = transceiver(memory)
        kind = type(module)
        if repeated is not None and module.memory is memory and module.guess == memory.note:
            KNOWN[repeated] = kind
        memory = module.memory
    if kind is not CmisTransceiver:
        return kind, (0,), memory
    advertised = banks_of(memory)
    banks = {0, *(bank for bank, _ in recorded)}
    if isinstance(advertised, Reading):
        banks.update(range(advertised.value))
    return kind, tuple(sorted(banks)), memory
