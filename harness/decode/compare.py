"""Two dumps field by field: before and after, one unit and the next of its lot, both ends of a cable.

What modules of one part number and lot must have in common (who they are, what they advertise) is kept apart from what
may differ: what each unit has of its own, what a host has set, what is measured and what was flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from operator import itemgetter
from typing import Final, TypeAlias

from ..reading import Absence, Missing, Reading, Source, Value
from .annotate import UNDECLARED, Entry, aligned, annotated, numbers, order, spelled, typed
from .document import FACTS, LANE_MONITORS, Json, cells, reason
from .fields import spans
from .memory import A0_LOWER, A2_LOWER, HALF, LOWER_MEMORY, Page, place
from .module import Transceiver


class Group(StrEnum):
    """What a field is, in the order in which differences are listed."""

    IDENTITY = "identity"
    STATIC = "static"
    PAGES = "pages"
    CONFIGURATION = "configuration"
    MONITORS = "monitors"
    FLAGS = "flags"
    VENDOR = "vendor"


HEADINGS: Final[Mapping[Group, str]] = {
    Group.IDENTITY: "identity: the same in one lot, but for what each unit has of its own",
    Group.STATIC: "static: what the module advertises; the same in one lot",
    Group.PAGES: "static pages that could not be compared",
    Group.CONFIGURATION: "configuration: what a host has set; may differ",
    Group.MONITORS: "monitors and state: live; may differ",
    Group.FLAGS: "flags: latched since they were last read; may differ",
    Group.VENDOR: "vendor's own and reserved bytes: may differ",
}


class Verdict(StrEnum):
    """How the two sides of a field stand to each other."""

    SAME = "same"
    DIFFERS = "differs"  # and must not
    OWN = "of each unit"  # differs, as serial numbers do
    MAY = "may differ"  # differs, as monitors do
    UNKNOWN = "not compared"  # the evidence of one side, or of both, lacks it


STATIC: Final[Mapping[str, Mapping[Page, frozenset[int]]]] = {
    "cmis": {
        LOWER_MEMORY: spans("0-2 39-40 56-63 85-117"),
        **{
            Page(number): spans("128-255")
            for number in (0x00, 0x01, 0x02, 0x04, 0x0C, 0x0D, 0x1C, *range(0x20, 0x24), *range(0x28, 0x2C), 0x42)
        },
        Page(0x13): spans("128-143"),
        Page(0x2F): spans("128-130"),
    },
    "sff8636": {
        LOWER_MEMORY: spans("0-1 107-116"),
        **{Page(number): spans("128-255") for number in (0x00, 0x01, 0x03)},
    },
    "sff8472": {A0_LOWER: spans("0-127"), A2_LOWER: spans("0-95")},
}
"""By memory map the bytes that a module never changes by itself, where a host cannot write them.

OIF-CMIS 8.2 to 8.7, 8.12 and 8.22; SFF-8636 6.2, 6.3 and 6.6; SFF-8472 tables 4-1 and 4-2.
"""

IDENTITY: Final = re.compile(r"identifier.*|extended_identifier|vendor_.*|date_code|clei.*|.*revision.*|.*firmware.*")
VENDORS: Final = re.compile(r"custom|custom_(?:static|area|nonvolatile|thresholds)|vendor_specific|reserved.*")
"""Registers that are bytes at the vendor's discretion, of which no document says what they mean."""

OWN: Final = re.compile(
    r"(?:cmis 00|sff8636 00|sff8472 a0:lower) (?:vendor_sn|date_code)"
    r"|cmis 00 checksum|sff8636 00 checksum_extended|sff8472 a0:lower checksum_extended"
    r"|sff8472 a2:lower (?:checksum|.*_slope|.*_offset|.*_coefficients)"
)
"""What each unit of a lot has of its own: serial number, date, sums over them, constants of its calibration."""

NO_EVIDENCE: Final = frozenset(
    {Absence.NOT_RECORDED, Absence.NOT_ANSWERED, Absence.READ_FAILED, Absence.TAMPERED, Absence.UNREADABLE}
)
"""Reasons for which nothing is known of a field: not equal, not different."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field in both dumps; ``page`` is as it is typed, ``place`` as the document numbers it."""

    group: Group
    page: str
    field: str
    lane: str  # or the limit, of a field that has several
    a: Value[object]
    b: Value[object]
    place: str
    verdict: Verdict
    notes: tuple[str, str] = ("", "")
    """What the values stand for."""

    @property
    def name(self) -> str:
        return f"{self.field} {self.lane}".rstrip()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two modules field by field."""

    a: Transceiver
    b: Transceiver
    rows: tuple[Row, ...]

    def count(self, verdict: Verdict) -> int:
        """How many fields stand so to each other."""
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def exit_status(self) -> int:
        """0 nothing differs that must not, 1 something does, 3 nothing does but something of it was not compared."""
        if self.count(Verdict.DIFFERS):
            return 1
        return 3 if any(row.verdict is Verdict.UNKNOWN and row.group in BINDING for row in self.rows) else 0


BINDING: Final = frozenset({Group.IDENTITY, Group.STATIC, Group.PAGES})

Key: TypeAlias = tuple[int, int, int, str, str]
"""Byte, size, bits, field and place of an entry within its page."""


def compare(a: Transceiver, b: Transceiver, pages: Iterable[Page] | None = None) -> Comparison:
    """The two modules field by field, on all the pages of either, or on some.

    Of modules with different memory maps only what every module has is compared.
    """
    if a.management != b.management:
        return Comparison(a, b, tuple(in_common(a, b)))
    wanted = sorted({*a.memory.pages, *b.memory.pages} if pages is None else set(pages), key=order)
    rows = chain.from_iterable(of_page(a, b, page) for page in wanted)
    return Comparison(a, b, tuple(sorted(rows, key=lambda row: list(Group).index(row.group))))


def of_page(a: Transceiver, b: Transceiver, page: Page) -> Iterator[Row]:
    """The fields of one page; one row where a side has none of it."""
    left, right = annotated(a, page), annotated(b, page)
    if not left.entries or not right.entries:
        static, mapped = page._replace(bank=0) in STATIC[a.management], {view.at for view in (*a.views, *b.views)}
        group = Group.VENDOR if page not in mapped else Group.PAGES if static else Group.MONITORS
        whole = f"all of {spelled(page)}"
        yield Row(group, typed(page), whole, "", extent(a, page), extent(b, page), spelled(page), Verdict.UNKNOWN)
        return
    yield from declared(a, b, page, keyed(left.entries), keyed(right.entries))
    yield from undeclared(a, page, left.entries, right.entries)


def extent(module: Transceiver, page: Page) -> Value[object]:
    """How much of a page was read, or why nothing of it."""
    if module.memory.has(page):
        return Reading(f"{len(module.memory.pages[page] or b'')} bytes read", Source(module.evidence, str(page)))
    gone = next((refusal for view in module.views if view.at == page and (refusal := view.gone())), None)
    why = Absence.READ_FAILED if page in module.memory.pages else Absence.NOT_RECORDED
    return gone or Missing(why, Source(module.evidence, str(page)))


def keyed(entries: Iterable[Entry]) -> dict[Key, Entry]:
    """Declared fields by where they stand and what they are called; what only a host writes is left out."""
    return {
        (entry.first, entry.size, entry.mask, entry.field, entry.place): entry
        for entry in entries
        if entry.field != UNDECLARED and "WO" not in entry.access
    }


def declared(
    a: Transceiver, b: Transceiver, page: Page, left: Mapping[Key, Entry], right: Mapping[Key, Entry]
) -> Iterator[Row]:
    for key in dict.fromkeys((*left, *right)):
        one, other = left.get(key), right.get(key)
        entry = one or other
        if entry is None:
            continue
        where = place(page, entry.first, entry.size, entry.part)
        gone = Missing(Absence.NOT_ADVERTISED, Source("", where), "the module lays the page out otherwise")
        first, second = one.value if one else gone, other.value if other else gone
        group = group_of(a, page, entry)
        notes = (one.note if one else "", other.note if other else "")
        own = OWN.fullmatch(f"{a.management} {typed(page)} {entry.field}") is not None
        yield Row(
            group, typed(page), entry.field, entry.place, first, second, where, judged(first, second, group, own), notes
        )


def group_of(module: Transceiver, page: Page, entry: Entry) -> Group:
    """What a field is, by what a host may do with its bytes and by the page they are in."""
    if "COR" in entry.access or entry.field in module.flags or entry.field in module.module_flags:
        return Group.FLAGS
    if "RW" in entry.access:
        return Group.CONFIGURATION
    if VENDORS.fullmatch(entry.field):
        return Group.VENDOR
    if entry.first not in STATIC[module.management].get(page._replace(bank=0), ()):
        return Group.MONITORS
    return Group.IDENTITY if IDENTITY.fullmatch(entry.field) else Group.STATIC


def judged(a: Value[object], b: Value[object], group: Group, own: bool) -> Verdict:
    """How two values stand to each other."""
    if any(isinstance(value, Missing) and value.why in NO_EVIDENCE for value in (a, b)):
        return Verdict.UNKNOWN
    if told(a) == told(b):
        return Verdict.SAME
    if group not in BINDING:
        return Verdict.MAY
    return Verdict.OWN if own else Verdict.DIFFERS


def told(value: Value[object]) -> object:
    """What is compared: the value with its unit, or why there is none, with the code where one is not listed."""
    if isinstance(value, Reading):
        return value.value, value.unit
    return value.why, value.source.raw if value.why is Absence.RESERVED else ""


def undeclared(module: Transceiver, page: Page, left: Sequence[Entry], right: Sequence[Entry]) -> Iterator[Row]:
    """A row for every run of bytes that no field of either side declares whole, and that differ."""
    first, second = (bytes_of(entries, page) for entries in (left, right))
    differing = [
        byte for byte in range(page.first, page.first + HALF) if byte in first and first[byte] != second.get(byte)
    ]
    for run in runs([byte for byte in differing if byte in second]):
        raw = bytes(first[byte][0] for byte in run), bytes(second[byte][0] for byte in run)
        where = place(page, run[0], len(run))
        a, b = (Reading(held.hex(" "), Source(module.evidence, where, f"0x{held.hex()}")) for held in raw)
        name = f"bytes {numbers(run[0], run[-1])}" if len(run) > 1 else f"byte {run[0]}"
        yield Row(Group.VENDOR, typed(page), name, "", a, b, where, Verdict.MAY)


def bytes_of(entries: Iterable[Entry], page: Page) -> dict[int, tuple[int, int]]:
    """By byte the bits that no field declares, and which they are."""
    found: dict[int, tuple[int, int]] = {}
    for entry in entries:
        if entry.field == UNDECLARED and not entry.access.startswith("WO"):
            for shift, byte in enumerate(entry.raw):
                bits, before = found.get(entry.first + shift, (0, 0))
                found[entry.first + shift] = (bits | byte & entry.mask, before | entry.mask)
    return found


def runs(ordered: Sequence[int]) -> Iterator[list[int]]:
    """Runs of consecutive numbers."""
    run: list[int] = []
    for number in ordered:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def in_common(a: Transceiver, b: Transceiver) -> Iterator[Row]:
    """What every module has, whatever its memory map."""
    maps = [Reading(module.management, Source(module.evidence)) for module in (a, b)]
    yield Row(Group.IDENTITY, "", "management", "", maps[0], maps[1], "", Verdict.DIFFERS)
    for name in FACTS:
        one, other = getattr(a, name), getattr(b, name)
        group = Group.IDENTITY if IDENTITY.fullmatch(name) else Group.STATIC
        own = name in ("vendor_sn", "date_code")
        yield Row(group, "", name, "", one, other, "", judged(one, other, group, own))
    for name in ("temperature", "vcc", *LANE_MONITORS):
        one, other = getattr(a, name), getattr(b, name)
        lanes = zip(one, other, strict=False) if isinstance(one, tuple) else [(one, other)]
        for lane, (first, second) in enumerate(lanes, 1):
            label = str(lane) if isinstance(one, tuple) else ""
            yield Row(Group.MONITORS, "", name, label, first, second, "", judged(first, second, Group.MONITORS, False))


# --- as text and as data ------------------------------------------------------------------------------------------


def text(found: Comparison, everything: bool = False) -> str:
    """The differences by group, or every field; what was compared of how much comes last."""
    lines = [f"{side}  {named(module)}\n" for side, module in (("A", found.a), ("B", found.b))]
    for group, heading in HEADINGS.items():
        rows = [row for row in found.rows if row.group is group and (everything or row.verdict is not Verdict.SAME)]
        if rows:
            heads = ("field", "A", "B", "", "place")
            lines.append(f"\n{heading}\n")
            lines.append(aligned([heads, *folded(rows)], 32))
    return "".join(lines) + f"\n{summed(found)}\n"


def folded(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """Rows as cells, the lanes of a field that say the same in one."""
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        sides = tuple(in_words(value, note) for value, note in zip((row.a, row.b), row.notes, strict=True))
        alike.setdefault((row.page, row.field, *sides, row.verdict.value), []).append(row)
    for (_, field, a, b, verdict), lanes in alike.items():
        several = len(lanes) > 1
        numbered = sorted(((int(row.lane), row) for row in lanes if row.lane.isdigit()), key=itemgetter(0))
        spans = (numbers(run[0], run[-1]) for run in runs(sorted({lane for lane, _ in numbered})))
        which = ",".join(spans) if numbered else ", ".join(row.lane for row in lanes)
        first = numbered[0][1] if numbered else lanes[0]
        yield f"{field} {which}".rstrip(), a, b, verdict, f"{first.place}{' and on' if several else ''}"


def in_words(value: Value[object], note: str) -> str:
    """A value with its unit, or why there is none, and what it stands for."""
    words = " ".join(cells(value)).rstrip() or "(blank)"
    return f"{words} ({note})" if note else words


def named(module: Transceiver) -> str:
    """The module in one line: evidence, form factor, vendor, part and serial number."""
    facts = (module.form_factor, module.vendor_name, module.vendor_pn, module.vendor_sn)
    words = " ".join(cells(fact)[0] for fact in facts if isinstance(fact, Reading) and fact.value)
    return f"{module.evidence}: {module.document} {words}".rstrip()


def summed(found: Comparison) -> str:
    """How many fields stand how to each other."""
    differs, own, may, unknown = map(found.count, (Verdict.DIFFERS, Verdict.OWN, Verdict.MAY, Verdict.UNKNOWN))
    return (
        f"{len(found.rows)} fields: {found.count(Verdict.SAME)} the same, {differs} differ and must not, "
        f"{own} each unit has of its own, {may} may differ and do, {unknown} not compared"
    )


def data(found: Comparison, everything: bool = False) -> Json:
    """The comparison as JSON: rows with both values, null where there is none, and the reason beside it."""
    return {
        "a": found.a.evidence,
        "b": found.b.evidence,
        "counts": {verdict.value: found.count(verdict) for verdict in Verdict},
        "rows": [
            {
                "group": row.group.value,
                "page": row.page,
                "field": row.field,
                "lane": row.lane,
                "a": side(row.a, row.notes[0]),
                "b": side(row.b, row.notes[1]),
                "place": row.place,
                "verdict": row.verdict.value,
            }
            for row in found.rows
            if everything or row.verdict is not Verdict.SAME
        ],
    }


def side(value: Value[object], note: str) -> Json:
    word, unit = cells(value)
    if isinstance(value, Missing):
        return {"value": None, "unit": "", "note": note, "absent": reason(value), "raw": value.source.raw}
    return {"value": word, "unit": unit, "note": note, "absent": "", "raw": value.source.raw}
