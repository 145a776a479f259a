"""A page of module memory with the meaning of every byte beside it.

Fields, access and clauses come from the views of the memory map; what no field declares is said to be reserved or
vendor's, so that all 128 bytes are accounted for. Codes get their words from ``CODES``; of the pages that the module
itself lays out, VDM's, ``observed`` says what each register observes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from typing import Final

from ..errors import UsageError
from ..reading import Absence, Missing, Reading, Source, Value, derive
from . import cmis, codes, sff8636
from .cmis import vdm
from .cmis.base import MOST_BANKS
from .document import Json, cells, described, reason
from .fields import Field, Lanes, Register, View
from .memory import HALF, LOWER, Memory, Page, place
from .module import Transceiver
from .module_cmis import CmisTransceiver

BITS: Final = re.compile(r"bits? (?P<high>\d)(?:-(?P<low>\d))?|mask (?P<mask>[0-9A-F]{2})h")
PER_LINE: Final = 8
UNDECLARED: Final = "reserved or vendor"
LIMITS: Final = ("high_alarm", "low_alarm", "high_warning", "low_warning")
CALIBRATED: Final = frozenset({"temperature", "vcc", "tx_power", "rx_power", "tx_bias", "cable_length"})
"""Quantities whose raw registers mean nothing without the scale or the calibration that stands elsewhere."""

THRESHOLD_PAGES: Final = frozenset({cmis.Page02, sff8636.Page03})
"""Pages whose registers of four places are the limits of a monitor."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field, or a run of bytes or bits that no field declares, with what stands there.

    Bytes are numbered as in the document. ``mask`` has the bits of one byte that it is, all for whole bytes.
    ``place`` is the lane or the limit of a field that has several, ``note`` what the value stands for. ``access`` is
    RO, RW or WO, with COR where a read clears; ``revision`` is that of the document that knows the field.
    """

    first: int
    raw: bytes
    field: str
    value: Value[object]
    size: int = 1
    mask: int = 0xFF
    place: str = ""
    access: str = ""
    revision: str = ""
    note: str = ""

    @property
    def whole(self) -> bool:
        """Whether the entry is whole bytes."""
        return self.mask == 0xFF

    @property
    def low(self) -> int:
        """The lowest bit."""
        return (self.mask & -self.mask).bit_length() - 1

    @property
    def span(self) -> tuple[int, int]:
        return self.first, self.size

    @property
    def bits(self) -> str:
        """The bits of a byte, ``7-4`` or ``3``; empty for whole bytes."""
        return "" if self.whole else ",".join(numbers(high, low) for high, low in set_bits(self.mask))

    @property
    def part(self) -> str:
        """The bits as a place names them: ``bits 7-4``, ``bit 3``."""
        return f"bit{'' if self.bits.isdigit() else 's'} {self.bits}" if self.bits else ""

    @property
    def name(self) -> str:
        return f"{self.field} {self.place}".rstrip()


@dataclass(frozen=True, slots=True)
class Annotated:
    """One page, its title and clause, and its entries in the order of the bytes."""

    page: Page
    title: str
    entries: tuple[Entry, ...]
    failed: bool = False


# --- which pages --------------------------------------------------------------------------------------------------


def typed(page: Page) -> str:
    """A page as it is typed: ``lower``, ``00``, ``1:11``, ``a0:lower``."""
    if page.sfp and page.device == 0xA0:
        return "a0:lower" if page.number == LOWER else "a0:upper"
    number = "lower" if page.number == LOWER else f"{page.number:02x}"
    if page.sfp:
        return f"a2:{number}"
    return f"{page.bank}:{number}" if page.bank else number


def asked(pages: Iterable[Page], wanted: str) -> tuple[Page, ...]:
    """The pages that ``wanted`` means, in order, all where it is empty; UsageError that names them where it means none.

    ``11`` is page 11h of every bank, ``0:11`` that of bank 0; ``a0`` and ``a2`` are all of an address of SFF-8472.
    """
    known = sorted(set(pages), key=order)
    if not wanted:
        return tuple(known)
    word = wanted.lower().replace("0x", "").removesuffix("h")
    found = tuple(page for page in known if word in names(page))
    if not found:
        raise UsageError(f"--page {wanted}: no such page; there are {', '.join(map(typed, known))}")
    return found


def spelled(page: Page) -> str:
    """A page as the document names it; of SFF-8472 with its bytes, since both halves of A0h have one name."""
    return f"{page} bytes {numbers(page.first, page.first + HALF - 1)}" if page.sfp else str(page)


def order(page: Page) -> tuple[int, int, int]:
    """Lower memory first, a page's banks together."""
    return page.device, page.number, page.bank


def names(page: Page) -> frozenset[str]:
    """What a page may be called."""
    if page.sfp:
        address = f"{page.device:02x}"
        paged = {"lower"} if page.number == LOWER else {"upper", f"{page.number:02x}", f"{page.number:x}"}
        return frozenset({address, *(f"{address}:{name}" for name in paged)})
    if page.number == LOWER:
        return frozenset({"lower"})
    number = {f"{page.number:02x}", f"{page.number:x}"}
    return frozenset(number | {f"{page.bank}:{name}" for name in number})


# --- what stands in a page ----------------------------------------------------------------------------------------


def annotated(module: Transceiver, page: Page) -> Annotated:
    """The page with an entry for each of its bytes, down to the bits where a field is some of them."""
    views = views_of(module, page)
    title = "; ".join(dict.fromkeys(heading(type(view)) for view in views)) or "no map of this page is known here"
    held = module.memory.pages.get(page)
    if held is None:
        return Annotated(page, title, (), failed=page in module.memory.pages)
    every = [entry for view in views for entry in declared(module, view, held, views)]
    found = list({(one.first, one.size, one.mask, one.field, one.place): one for one in every}.values())
    found = [explained(module, entry) for entry in observed(module, page, found)]
    found.extend(undeclared(module.memory, page, held, found, views))
    return Annotated(
        page, title, tuple(sorted(found, key=lambda one: (one.first, -one.mask.bit_length(), -one.size, -one.mask)))
    )


def views_of(module: Transceiver, page: Page) -> list[View]:
    """The views of a page; of CDB also that of the reply that stands there."""
    standing = [view for view in module.views if view.at == page]
    if not isinstance(module, CmisTransceiver):
        return standing
    if not standing:
        standing = [view(module.memory, page.bank) for view in cmis.PAGES if view.page == page._replace(bank=0)]
    if page.number == cmis.cdb.Page9F.page.number and isinstance(module.cdb, Reading):
        replies = (message.reply for message in module.cdb.value if message.instance == page.bank + 1)
        standing.extend(reply.value for reply in replies if isinstance(reply, Reading))
    return in_force(standing)


def in_force(views: list[View]) -> list[View]:
    """The views without those that do not hold now of bytes that another, which holds, gives a meaning."""
    if len(views) == 1:
        return views
    holds = [view.gone() is None for view in views]
    meant = set().union(*(bytes_of(view) for view, held in zip(views, holds, strict=True) if held))
    return [view for view, held in zip(views, holds, strict=True) if held or not bytes_of(view) & meant]


def bytes_of(view: View) -> set[int]:
    """The bytes that a view's fields declare."""
    placed = (one for register in type(view).registers() for one in parts(register))
    return {field.byte + shift + n for _, field, shift in placed for n in range(field.size)}


def heading(view: type[View]) -> str:
    """What a view holds, and its clause."""
    title = (inspect.getdoc(view) or view.__name__).partition("\n")[0].rstrip(".")
    return f"{title}, since {view.since}" if view.since else title


def parts(register: Register[object]) -> Iterator[tuple[str, Field[object], int]]:
    """Place, field and shift in bytes of everything that a register consists of."""
    words: Iterable[str] = [""] if isinstance(register, Field) else map(str, count(1))
    if isinstance(register, Lanes):
        words = limits(register) or words
    yield from ((word, field, shift) for word, (field, shift) in zip(words, register.pieces(), strict=False))


def limits(register: Lanes[object]) -> Sequence[str]:
    """The names of a threshold register's places; nothing for a register of lanes."""
    monitored = register.owner in THRESHOLD_PAGES or "_thresholds" in register.name
    return LIMITS if monitored and register.count == len(LIMITS) else ()


def values(
    module: Transceiver, view: View, register: Register[object]
) -> Iterator[tuple[str, Field[object], int, Value[object]]]:
    """Place, field, first byte and value of everything that a register consists of."""
    listed = calibrated(module, view, register) or read(view, register)
    for (where, field, shift), value in zip(parts(register), listed, strict=False):
        if isinstance(value, Reading | Missing):
            yield where, field, field.byte + shift, value


def read(view: View, register: Register[object]) -> Sequence[object]:
    held = register.read(view)
    return held if isinstance(held, tuple) else (held,)


def calibrated(module: Transceiver, view: View, register: Register[object]) -> Sequence[object]:
    """What the module makes of a raw register that other registers scale or calibrate; nothing for any other."""
    quantity = re.sub(r"(?:_thresholds)?_raw$", "", register.name)
    if quantity == register.name or quantity not in CALIBRATED or not isinstance(register, Field | Lanes):
        return ()
    if isinstance(register, Lanes) and limits(register):
        quads = (quad for name, quad in module.thresholds.items() if name.startswith(f"{quantity}_"))
        return [value for quad in quads for _, value in quad.items()][: len(LIMITS)]
    told = getattr(module, quantity)
    lanes = told if isinstance(told, tuple) else (told,)
    count = register.count if isinstance(register, Lanes) else 1
    return lanes[view.at.bank * count :][:count]


def declared(module: Transceiver, view: View, held: bytes, views: Sequence[View]) -> Iterator[Entry]:
    """An entry for every field of a view."""
    for register in type(view).registers():
        for where, field, first, value in values(module, view, register):
            start = first - view.at.first
            yield Entry(
                first,
                held[start : start + field.size],
                register.name,
                value,
                field.size,
                mask_of(field),
                where,
                access(views, first, field.size),
                known_to(field),
            )


def mask_of(field: Field[object]) -> int:
    """The bits of a byte that a field is."""
    bits = BITS.fullmatch(field.part) if field.size == 1 else None
    if bits is None:
        return 0xFF
    if bits["mask"]:
        return int(bits["mask"], 16)
    high = int(bits["high"])
    return (2 << high) - (1 << int(bits["low"] or high))


def known_to(field: Field[object]) -> str:
    """The revisions that know a field: ``since 5.3``, ``before 5.3``; empty where all do."""
    bounds = (f"since {field.since}" if field.since else "", f"before {field.until}" if field.until else "")
    return ", ".join(filter(None, bounds))


def accesses(view: View) -> tuple[frozenset[int], frozenset[int]]:
    return view.writable, view.write_only


def access(views: Sequence[View], first: int, size: int) -> str:
    """How a host may use the bytes; empty where no view knows the page."""
    if not views:
        return ""
    kinds: dict[str, None] = {}
    for byte in range(first, first + size):
        writable, write_only = (any(byte in held for held in sets) for sets in zip(*map(accesses, views), strict=True))
        kind = "WO" if write_only else "RW" if writable else "RO"
        kinds[f"{kind}/COR" if any(byte in view.clears for view in views) else kind] = None
    return ",".join(kinds)


def undeclared(
    memory: Memory, page: Page, held: bytes, found: Sequence[Entry], views: Sequence[View]
) -> Iterator[Entry]:
    """Entries for the bits, and the runs of bytes, that no field declares; for those that were not read, too."""
    masks = [0] * HALF
    for entry in found:
        for byte in range(entry.first - page.first, entry.first - page.first + entry.size):
            if 0 <= byte < HALF:
                masks[byte] |= entry.mask
    kinds = [("" if mask else access(views, page.first + n, 1), mask, n < len(held)) for n, mask in enumerate(masks)]
    for (kind, mask, _), run in groupby(range(HALF), kinds.__getitem__):
        places = list(run)
        if not mask:
            start, size = places[0], len(places)
            yield left(memory, page, page.first + start, size, held[start : start + size], kind)
        elif mask != 0xFF:
            for start in places:
                whole = left(memory, page, page.first + start, 1, held[start : start + 1], "")
                kind = access(views, page.first + start, 1)
                for high, low in set_bits(~mask):
                    yield replace(whole, mask=(2 << high) - (1 << low), access=kind)


def left(memory: Memory, page: Page, first: int, size: int, raw: bytes, access: str) -> Entry:
    """Bytes that no field declares."""
    if not raw:
        taken = memory.take(page, first, size)
        missing = taken if isinstance(taken, Missing) else Missing(Absence.NOT_RECORDED, taken.source)
        return Entry(first, raw, UNDECLARED, missing, size, access=access)
    source = Source(memory.evidence, place(page, first, size), f"0x{raw.hex()}")
    return Entry(first, raw, UNDECLARED, Missing(Absence.RESERVED, source), size, access=access)


def set_bits(mask: int) -> Iterator[tuple[int, int]]:
    """Highest and lowest bit of every run of set bits in a byte, from the top."""
    for is_set, run in groupby(range(7, -1, -1), lambda bit: bool(mask >> bit & 1)):
        if is_set:
            bits = list(run)
            yield bits[0], bits[-1]


# --- what values stand for ----------------------------------------------------------------------------------------


def word_of(found: codes.Identifier | codes.Connector | None) -> str:
    return found.name if found else "not listed"


CODES: Final[Mapping[str, Callable[[int], str]]] = {
    "identifier": lambda code: word_of(codes.identifier(code)),
    "identifier_copy": lambda code: word_of(codes.identifier(code)),
    "connector": lambda code: word_of(codes.connector(code)),
    "media_type": lambda code: codes.media_type(code) or "not listed",
    "command": cmis.cdb.command_name,
    "extended_compliance": lambda code: codes.extended_compliance(code) or "not listed",
}
"""By register the words of SFF-8024 for a code, and the name of a CDB command."""


def explained(module: Transceiver, entry: Entry) -> Entry:
    """The entry with what its value stands for, where a table or the list of Applications tells."""
    value = entry.value
    if not isinstance(value, Reading) or not isinstance(value.value, int) or entry.note:
        return entry
    if entry.field in CODES:
        return replace(entry, note=CODES[entry.field](value.value))
    if entry.field in ("descriptors", "later_descriptors") and isinstance(module.applications, Reading):
        listed = {one.source.where: one for one in module.applications.value}
        application = listed.get(value.source.where)
        entry = replace(entry, value=derive(value, lambda _: f"{entry.raw.hex().upper()}h"))
        if application is not None:
            return replace(entry, note=f"Application {application.number}: {described(application)}")
        return replace(entry, note="end of the list" if entry.raw[:1] == b"\xff" else "not in the list")
    if entry.field == "media_lane_assignments":
        lanes = [str(lane + 1) for lane in range(8) if value.value >> lane & 1]
        return replace(entry, note=f"starting on media lanes {','.join(lanes)}" if lanes else "no media lane")
    return entry


VDM: Final = range(0x20, 0x2E)
UNUSED: Final = "unused"


def observed(module: Transceiver, page: Page, entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries of a page of VDM with what each observes, as the module's descriptors lay out; others as they are.

    Without the descriptors of its group on record an entry stays a number: it is not known to be unused.
    """
    if page.number not in VDM or module.management != "cmis":
        return entries
    found = vdm.observations(module.memory, min(max(0, page.bank), MOST_BANKS - 1) + 1).found
    if isinstance(found, Missing):
        return entries
    here = {one.instance: one for one in found.value if one.bank == page.bank}
    laid_out = frozenset(group for group in range(4) if module.memory.has(Page(0x20 + group, page.bank)))
    group = page.number % 4
    if page.number in range(0x28, 0x2C):
        sets = {one.threshold_set: one for one in reversed(list(here.values())) if one.group == group}
        return [
            of_set(entry, sets.get((int(entry.place) - 1) // 4)) if group in laid_out else entry for entry in entries
        ]
    before = 64 * group if page.number < 0x28 else 0
    numbered = ((entry, before + int(entry.place)) for entry in entries)
    return [
        of_instance(page, entry, here.get(number)) if (number - 1) // 64 in laid_out else entry
        for entry, number in numbered
    ]


def of_instance(page: Page, entry: Entry, one: vdm.Observation | None) -> Entry:
    """A descriptor, a sample, flags or masks of one instance."""
    if one is None:
        return replace(entry, note=UNUSED)
    if page.number < 0x24:
        return replace(entry, note=f"{one.name}; threshold set {one.threshold_set}")
    place = f"{entry.place} ({one.name})"
    if page.number < 0x28:
        return replace(entry, place=place, value=one.sample)
    four = one.flags if page.number == 0x2C else one.masks
    words = [name for name, bit in four.items() if isinstance(bit, Reading) and bit.value]
    return replace(entry, place=place, note=", ".join(words) or "none")


def of_set(entry: Entry, one: vdm.Observation | None) -> Entry:
    """One threshold of a set, in the unit of the first observable that uses the set."""
    if one is None:
        return replace(entry, note=UNUSED)
    number, limit = divmod(int(entry.place) - 1, 4)
    name, value = list(one.thresholds.items())[limit]
    return replace(entry, place=f"set {number} {name} ({one.observable.name})", value=value)


# --- as text ------------------------------------------------------------------------------------------------------

HEADS: Final = ("byte", "", "data", "bits", "access", "field", "value", "revision")


def text(pages: Sequence[Annotated]) -> str:
    """The pages as a hexdump with the meaning of every byte beside it."""
    return "\n".join(block(one) for one in pages)


def block(one: Annotated) -> str:
    title = f"{spelled(one.page)}: {one.title}\n"
    if not one.entries:
        return f"{title}  {Absence.READ_FAILED.value if one.failed else Absence.NOT_RECORDED.value}\n"
    return title + aligned([HEADS, *(line for shown in shown_together(one.entries) for line in lines(*shown))])


def aligned(rows: Sequence[Sequence[str]], widest: int = 40) -> str:
    """Rows of cells in columns, indented; a cell wider than ``widest`` pushes what follows it aside."""
    widths = [min(widest, max(map(len, column))) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"  {line}".rstrip() + "\n" for line in lines)


def shown_together(entries: Sequence[Entry]) -> Iterator[tuple[Entry, str, bool]]:
    """Entries, what they say, and whether their bytes were just shown; lanes of a byte that say the same are one."""
    before: Entry | None = None
    told = ((one, said(one)) for one in unused_together(entries))
    for (_, _, words, single), run in groupby(
        told, key=lambda one: (one[0].span, one[0].field, one[1], not one[0].place)
    ):
        together = [entry for entry, _ in run]
        if len(together) > 1 and not single and all(entry.place.isdigit() for entry in together):
            mask = sum({entry.mask for entry in together})
            if len(list(set_bits(mask))) == 1 and mask.bit_count() == sum(entry.mask.bit_count() for entry in together):
                places = sorted(int(entry.place) for entry in together)
                together = [replace(together[0], mask=mask, place=numbers(places[0], places[-1]))]
        for entry in together:
            yield entry, words, before is not None and before.span == entry.span
            before = entry


def unused_together(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Entries with runs of unused instances put together."""
    for unused, run in groupby(entries, key=lambda one: one.note == UNUSED and one.place.isdigit()):
        together = list(run)
        if not unused or len(together) == 1:
            yield from together
            continue
        by_byte = {one.first + shift: one.raw[shift : shift + 1] for one in together for shift in range(one.size)}
        places = sorted(int(one.place) for one in together)
        whole = len(together) > 2 or together[0].size > 1
        yield replace(
            together[0],
            raw=b"".join(by_byte.values()),
            size=len(by_byte),
            mask=0xFF if whole else together[0].mask | together[-1].mask,
            place=numbers(places[0], places[-1]),
        )


def lines(entry: Entry, words: str, again: bool) -> Iterator[tuple[str, ...]]:
    """An entry as cells, long data on several lines."""
    data = ["".join(f" {byte:02x}" for byte in entry.raw[n : n + PER_LINE])[1:] for n in range(0, entry.size, PER_LINE)]
    if len(set(entry.raw)) == 1 and entry.size > PER_LINE and len(entry.raw) == entry.size:
        data = [f"{entry.raw[0]:02x} x {entry.size}"]
    offset = numbers(entry.first, entry.first + entry.size - 1)
    begun = ("", "", "") if again else (offset, f"{entry.first:02X}h", data[0] if data else "")
    yield (*begun, entry.bits, entry.access, entry.name, words, entry.revision)
    if not again:
        yield from (("", "", more, "", "", "", "", "") for more in data[1:] if more)


def said(entry: Entry) -> str:
    """What an entry says: a value with its unit and what it stands for, or why there is none."""
    value = entry.value
    if entry.note == UNUSED:
        return UNUSED
    if isinstance(value, Missing) and value.why is Absence.RESERVED:
        if entry.field == UNDECLARED:
            return "" if entry.whole else str(number_of(entry))
        return f"{value.detail or value.why.value}, raw {number_of(entry)}"
    if isinstance(value, Missing) and entry.field == UNDECLARED:
        return value.why.value
    if (
        isinstance(value, Missing)
        and not value.detail
        and re.search(rf"bytes? {entry.first}(?!\d)", value.source.where)
    ):
        return f"- ({value.why.value})"
    word, unit = cells(value)
    if entry.size >= PER_LINE and word == entry.raw.hex("-"):
        return ""
    note = f" ({entry.note})" if entry.note else ""
    return f"{word} {unit}".rstrip() + note


def number_of(entry: Entry) -> int:
    """The bits of an entry as an unsigned number."""
    raw = int.from_bytes(entry.raw, "big")
    return raw if entry.size > 1 else (raw & entry.mask) >> entry.low


def numbers(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


# --- as data ------------------------------------------------------------------------------------------------------


def data(pages: Sequence[Annotated]) -> Json:
    """The pages as JSON: every entry with its bytes, bits, value, unit and access; ``absent`` says why a value is null.

    ``field`` is null where no field declares the bytes.
    """
    return [
        {
            "page": typed(one.page),
            "title": one.title,
            "absent": "" if one.entries else Absence.READ_FAILED.value if one.failed else Absence.NOT_RECORDED.value,
            "entries": [
                {
                    "first": entry.first,
                    "size": entry.size,
                    "bits": entry.bits,
                    "raw": entry.raw.hex(),
                    "field": None if entry.field == UNDECLARED else entry.field,
                    "place": entry.place,
                    "value": None if isinstance(entry.value, Missing) else cells(entry.value)[0],
                    "unit": cells(entry.value)[1],
                    "note": entry.note,
                    "absent": absent(entry),
                    "access": entry.access,
                    "revision": entry.revision,
                }
                for entry in one.entries
            ],
        }
        for one in pages
    ]


def absent(entry: Entry) -> str:
    """Why an entry has no value; empty where it has one."""
    if not isinstance(entry.value, Missing):
        return ""
    declared_nowhere = entry.field == UNDECLARED and entry.value.why is Absence.RESERVED
    return UNDECLARED if declared_nowhere else reason(entry.value)
