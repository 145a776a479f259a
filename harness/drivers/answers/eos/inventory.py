"""What an Arista switch is made of: ``show inventory``.

Recorded in both forms.  An empty slot of a module is a record that is not present.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

from ..cells import DECIMAL_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Record, Schema, absent, decimal, integer
from ..entry import OTHER, Entry, refusal
from ..labels import slug
from ..positions import Member
from ..text import Line, Page, Parsed, Unparsed
from .both import Both
from .lines import RULER, Span
from .members import COUNT as INTEGER
from .members import NUMBER, VERBATIM, Fact, Facts, Opened, facts, opened
from .members import TEXT as WORD

_SNAKE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_INVENTORY_FIELDS: Final[dict[str, Schema]] = {
    "section": {
        "enum": ["system", "card", "power_supply", "fan", "ports", "transceiver", "storage", "fpga", "subcomponent"]
    },
    "slot": TEXT_OR_NULL,
    "present": {"type": ["boolean", "null"]},
    "manufacturer": TEXT_OR_NULL,
    "model": TEXT_OR_NULL,
    "description": TEXT_OR_NULL,
    "serial": TEXT_OR_NULL,
    "revision": TEXT_OR_NULL,
    "made": TEXT_OR_NULL,
    "epoch": TEXT_OR_NULL,
    "fans": INTEGER_OR_NULL,
    "count": INTEGER_OR_NULL,
    "kind": TEXT_OR_NULL,
    "size_gb": DECIMAL_OR_NULL,
    "other": OTHER,
}
_PIECE: Final = Facts(
    (
        *facts(
            WORD, hardwareRev="revision", serialNum="serial", mfgDate="made", hwEpoch="epoch", mount="slot",
            firmwareRev="revision", storageType="kind",
        ),
        *facts(VERBATIM, name="model", modelName="model", model="model", mfgName="manufacturer"),
        Fact("description", "description", VERBATIM),
        Fact("numFans", "fans", INTEGER),
        Fact("storageSize", "size_gb", NUMBER),
    )
)  # fmt: skip
_SLOTS: Final = {
    "cardSlots": "card", "powerSupplySlots": "power_supply", "fanTraySlots": "fan", "xcvrSlots": "transceiver",
    "storageDevices": "storage", "emmcFlashDevices": "storage", "fpgas": "fpga", "subcompSerNums": "subcomponent",
}  # fmt: skip
_COUNTED: Final = re.compile(r"(\w+?)?[pP]ortCount")


def _inventory_json(page: Page) -> Parsed:
    answer = opened(page, *_SLOTS, "systemInformation")
    unparsed = list(answer.document.unparsed())
    records: list[Record] = []
    for one in answer.members():
        if one.name == "systemInformation":
            records.append({"line": one.line, "section": "system", **answer.row(one, _PIECE, unparsed)})
        elif one.name in _SLOTS:
            for slot in answer.document.members(one):
                records.append(_piece(answer, _SLOTS[one.name], slot, unparsed))
        elif (found := _COUNTED.fullmatch(one.name)) and isinstance(one.value, int):
            kind = slug(_SNAKE.sub("_", found[1] or "all"))
            records.append({"line": one.line, "section": "ports", "kind": kind, "count": one.value})
        else:
            unparsed.append(answer.unknown(one))
    return Parsed(tuple(records), tuple(unparsed))


def _piece(answer: Opened, section: str, slot: Member, unparsed: list[Unparsed]) -> Record:
    if isinstance(slot.value, str):
        return {"line": slot.line, "section": section, "slot": slot.name, "serial": slot.value or None}
    record = {"line": slot.line, "section": section, "slot": slot.name, **answer.row(slot, _PIECE, unparsed)}
    return _presence(record)


def _presence(record: Record) -> Record:
    """An empty slot has ``Not Present`` as the maker of what is in it."""
    maker = record.get("manufacturer") or (record.get("model") if record["section"] != "transceiver" else None)
    empty = isinstance(maker, str) and maker.lower() in ("not present", "not inserted")
    if record["section"] == "transceiver":
        record["present"] = not empty
    if empty:
        record |= {name: None for name in ("manufacturer", "model", "serial", "revision") if name in record}
        record["present"] = False
    return record


_SECTION: Final = re.compile(
    r"System information|System has (\d+) ([\w ]+?)s?|Subcomponent serial numbers|(?:Supervisor|Linecard) ?\d+:",
    re.IGNORECASE,
)
_SECTIONS: Final = {
    "card slot": "card", "power supply slot": "power_supply", "fan module": "fan", "fan tray slot": "fan",
    "port": "ports", "transceiver slot": "transceiver",
    "switched transceiver slot": "transceiver",
    "unconnected transceiver slot": "transceiver", "auxiliary transceiver slot": "transceiver",
    "storage device": "storage", "fpga": "fpga",
}  # fmt: skip
_INVENTORY_HEADS: Final = frozenset(
    " ".join(one.lower().split())
    for one in (
        "Model Description", "Model", "Description", "HW Version Serial Number Mfg Date", "Size (GB)",
        "HW Version Serial Number Mfg Date Epoch", "Module Model HW Version Serial Number Mfg Date Epoch",
        "Module Model HW Version Serial Number Mfg Date", "Component Serial Number",
        "Slot Model Serial Number", "Module Number of Fans Model Serial Number", "Type Count",
        "Port Manufacturer Model Serial Number Rev", "Mount Type Model Serial Number Rev Size (GB)",
        "Mount Type Model Serial Number Rev",
    )
)  # fmt: skip
_HEADINGS: Final = {
    "module": "slot", "slot": "slot", "port": "slot", "mount": "slot", "manufacturer": "manufacturer",
    "model": "model", "serial number": "serial", "hw version": "revision", "rev": "revision", "mfg date": "made",
    "epoch": "epoch", "number of fans": "fans", "type": "kind", "count": "count", "size (gb)": "size_gb",
}  # fmt: skip
"""Fields by the heading over a ruler, wherever that stands."""
_DATED: Final = re.compile(r"(\S+)\s+(\S+)\s+(\d{4}-\d\d-\d\d)(?:\s+(\S+))?")
_EMPTY_SLOT: Final = re.compile(r"(\d+(?:/\d+)*)\s+(Not Present|Not Inserted|)", re.IGNORECASE)
_ROWS: Final[Mapping[str, tuple[re.Pattern[str], tuple[str, ...]]]] = {
    "card": (
        re.compile(r"(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\d{4}-\d\d-\d\d)(?:\s+(\S+))?"),
        ("slot", "model", "revision", "serial", "made", "epoch"),
    ),
    "power_supply": (re.compile(r"(\S+)\s+(\S+)(?:\s+(\S+))?"), ("slot", "model", "serial")),
    "fan": (re.compile(r"(\S+)\s+(\d+)\s+(\S+)(?:\s+(\S+))?"), ("slot", "fans", "model", "serial")),
    "ports": (re.compile(r"(\S+)\s+(\d+)"), ("kind", "count")),
    "transceiver": (
        re.compile(r"(\d+(?:/\d+)*)\s+(\S+(?: \S+)*?)\s+(\S+)\s+(\S+)(?:\s+(\S+))"),
        ("slot", "manufacturer", "model", "serial", "revision"),
    ),
    "storage": (
        re.compile(r"(/\S+)\s+(\S+)\s+(\S+(?: \S+)*?)\s+(\S+)\s+(\S+)(?:\s+(\d+(?:\.\d+)?))"),
        ("slot", "kind", "model", "serial", "revision", "size_gb"),
    ),
    "fpga": (re.compile(r"(\S+)\s+(\S+)"), ("slot", "revision")),
    "subcomponent": (re.compile(r"(\S+)\s+(\S+)"), ("slot", "serial")),
}
"""How a row is read whose cells do not stand under the ruler: a capture whose blanks were folded."""


def _inventory_text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    section, narrow, strange = "", "", False
    ruler: tuple[Span, ...] = ()
    moved: tuple[str, ...] = ()
    for line, below in zip_longest(page.lines, page.lines[1:]):
        text = line.text.strip()
        plain = " ".join(text.lower().split())
        if found := _SECTION.fullmatch(text):
            if text.lower().startswith("system info"):
                section = "system"
                records.append({"line": line.number, "section": "system"})
            elif text.lower().startswith("subcomponent"):
                section = "subcomponent"
            elif found[2]:
                section = _SECTIONS.get(found[2].lower(), "")
                if not section:
                    unparsed.append(line.unparsed())
            ruler, narrow, moved, strange = (), "", (), False
        elif plain in _INVENTORY_HEADS:
            narrow, ruler, moved, strange = plain, (), (), False
        elif RULER.fullmatch(line.text):
            ruler = _spans(line.text)
        elif section and below and RULER.fullmatch(below.text):
            narrow, moved, strange = "", _moved(line.text, _spans(below.text)), True
            if not moved or section == "system":
                unparsed.append(line.unparsed())
        elif moved and section not in ("", "system") and (cells := _under(line.text, ruler)) is not None:
            row = _row(section, line, moved, cells)
            if row is None:
                unparsed.append(line.unparsed())
            else:
                records.append(row)
        elif not section or strange or not _inventory_row(records, section, line, ruler, narrow):
            unparsed.append(line.unparsed())
    if not section or len(unparsed) > len(records):
        raise refusal(page, "no inventory")
    return Parsed(tuple(_presence(record) for record in records), tuple(unparsed))


def _spans(ruler: str) -> tuple[Span, ...]:
    return tuple(found.span() for found in re.finditer(r"-+", ruler))


def _moved(heads: str, ruler: tuple[Span, ...]) -> tuple[str, ...]:
    """The fields of a table whose columns stand in another order; empty where a heading is not known."""
    names = [_HEADINGS.get(" ".join(cell.lower().split()), "") for cell in _under(heads, ruler) or ()]
    return tuple(names) if names and all(names) and len(set(names)) == len(names) else ()


def _inventory_row(records: list[Record], section: str, line: Line, ruler: tuple[Span, ...], head: str) -> bool:
    text = line.text.strip()
    if section == "system":
        return _system_row(records[-1] if records else {}, text, head)
    if section == "storage" and head == "size (gb)":  # the last column of the rows above, which was put below them
        above = next((one for one in records if one["section"] == section and "size_gb" not in one), None)
        if above is not None and decimal(text) is not None:
            above["size_gb"] = decimal(text)
            return True
        return False
    if section == "transceiver" and (none := _EMPTY_SLOT.fullmatch(text)):
        records.append({"line": line.number, "section": section, "slot": none[1], "manufacturer": "Not Present"})
        return True
    pattern, fields = _ROWS[section]
    cells = _under(line.text, ruler) if len(ruler) in (len(fields), len(fields) - 1) else None
    if cells is None:
        found = pattern.fullmatch(text)
        if found is None:
            return False
        cells = [one or "" for one in found.groups()]
    record = _row(section, line, fields, cells)
    if record is None:
        return False
    records.append(record)
    return True


def _row(section: str, line: Line, fields: Sequence[str], cells: Sequence[str]) -> Record | None:
    record: Record = {"line": line.number, "section": section}
    for name, cell in zip(fields, cells, strict=False):
        if name in ("fans", "count"):
            number = integer(cell)
            if number is None:
                return None
            record[name] = number
        elif name == "size_gb" and not absent(cell) and decimal(cell) is None:
            return None
        else:
            record[name] = None if absent(cell) else cell
    return record


def _system_row(record: Record, text: str, head: str) -> bool:
    if found := _DATED.fullmatch(text):
        record |= {"revision": found[1], "serial": found[2], "made": found[3], "epoch": found[4]}
        return True
    if head == "description" and "description" not in record:
        record["description"] = text
        return True
    if "model" in record or head.startswith("hw version"):
        return False
    model, _, description = text.partition(" ")
    record["model"] = model
    if description.strip():
        record["description"] = description.strip()
    return True


def _under(text: str, ruler: tuple[Span, ...]) -> list[str] | None:
    """The cells that stand under a ruler; None where one runs over its edge."""
    ends = [start for start, _ in ruler[1:]]
    for (_, end), start in zip(ruler, ends, strict=False):
        if text[end:start].strip() or (text[end - 1 : end].strip() and text[end : end + 1].strip()):
            return None
    cells = [text[a:b].strip() for (a, _), b in zip(ruler, [*ends, len(text)], strict=True)]
    if text[: ruler[0][0]].strip() or "  " in cells[-1] or not cells[0] or " " in cells[0]:
        return None
    return cells


INVENTORY_COMMANDS: Final[tuple[Entry, ...]] = (
    Entry(
        "show inventory",
        "the switch, its cards, supplies, fans, modules, and their serial numbers",
        Both(_inventory_json, _inventory_text, _INVENTORY_FIELDS, ("section",)),
    ),
)
"""What the switch is made of."""
