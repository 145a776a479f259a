"""Records out of NVUE's paths: which path gives which field, and how its value is read.

A pattern is a path with dots between its names; ``*`` stands for a name that varies, ``|`` between alternatives.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Final

from ....units import plain
from ..cells import (
    BOOLEAN_OR_NULL,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    INTEGERS,
    LOWER,
    TEXT,
    TEXT_OR_NULL,
    Cells,
    Json,
    Kind,
    Record,
    Schema,
    absent,
    decimal,
    integer,
    speed_mbps,
)
from ..entry import OTHER, refusal
from ..labels import slug
from ..text import Page, Parsed, properties
from .reply import Leaf, Path, Reply, Rows, reply_of

ONE, LIST, MAP, NAMES, NUMBERS, EVERY = "one", "list", "map", "names", "numbers", "every"
"""A value; values by number from 0; values by name; the names, as texts and as whole numbers; values in order."""

BYTES_OR_NULL: Final[Schema] = {"type": ["integer", "string", "null"]}
"""A whole number of bytes, or as decimal text what the switch rounded to kilobytes and more."""

_SEPARATOR: Final = "\0"
_UNITS: Final = {"": 0, "B": 0, "BYTES": 0, "BYTE": 0, "KB": 1, "MB": 2, "GB": 3, "TB": 4}
_SIZE: Final = re.compile(r"([0-9]{1,40}(?:\.[0-9]{1,10})?) ?([A-Za-z]{0,5})")
_BER: Final = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,4})?")
_NO_ERRORS: Final = "15E-255"
"""What stands for a bit error ratio of which nothing was measured."""
_ON: Final = {
    "on": True, "off": False, "enable": True, "disable": False, "enabled": True, "disabled": False, "yes": True,
    "no": False, "true": True, "false": False, "up": True, "down": False,
}  # fmt: skip


def _size(text: str) -> Cells | None:
    if absent(text) or text.lower() in ("inf", "infinity"):
        return (None,)
    found = _SIZE.fullmatch(text.strip())
    if not found or found[2].upper() not in _UNITS:
        return None
    exact = Decimal(found[1]) * 1024 ** _UNITS[found[2].upper()]
    if "." in found[1] or _UNITS[found[2].upper()]:
        return (plain(exact),)
    return (int(exact),)


def _switched(text: str) -> Cells | None:
    if absent(text):
        return (None,)
    value = _ON.get(text.lower())
    return None if value is None else (value,)


def _ratio(text: str) -> Cells | None:
    if absent(text) or text.upper() == _NO_ERRORS:
        return (None,)
    return (text,) if _BER.fullmatch(text) else None


def _measure(*units: str) -> Kind:
    """A number with one of these units behind it, or without one."""
    behind = "|".join(map(re.escape, units))
    pattern = re.compile(rf"([+-]?[0-9]{{1,20}}(?:\.[0-9]{{1,20}})?|-inf) *(?:{behind})?(?: / .*)?", re.IGNORECASE)

    def read(text: str) -> Cells | None:
        if absent(text):
            return (None,)
        found = pattern.fullmatch(text.strip())
        return (decimal(found[1]),) if found else None

    return Kind(f"number in {units[0]}", (DECIMAL_OR_NULL,), read)


def _power(text: str) -> Cells | None:
    """Optical power in dBm: ``0.8625 mW / -0.64 dBm``, or either alone where it is dBm."""
    if absent(text):
        return (None,)
    found = re.search(r"([+-]?[0-9]{1,10}(?:\.[0-9]{1,10})?|-inf) *dBm", text, re.IGNORECASE)
    if found:
        return (decimal(found[1]),)
    return ("-inf",) if re.fullmatch(r"(?:0(?:\.0+)?|-inf) *mW", text) else None


def _snr(text: str) -> Cells | None:
    """A signal-to-noise ratio; 0 dB stands for a lane that is not used."""
    cells = _DB.read(text)
    return (None,) if cells and cells[0] is not None and Decimal(str(cells[0])) == 0 else cells


def _code(text: str) -> Cells | None:
    """A register's value, in hexadecimal or decimal."""
    if absent(text):
        return (None,)
    if re.fullmatch(r"0x[0-9a-fA-F]{1,16}", text):
        return (int(text, 16),)
    value = integer(text)
    return None if value is None else (value,)


def _count(text: str) -> Cells | None:
    if absent(text):
        return (None,)
    value = integer(text)
    return None if value is None else (value,)


def _speed(text: str) -> Cells | None:
    if absent(text) or text.lower() in ("auto", "unknown"):
        return (None,)
    value = speed_mbps(text)
    return None if value is None else (value,)


def _never(text: str) -> Cells | None:
    return (None,) if absent(text) or text.lower() == "never" else (text,)


_DB: Final = _measure("dB")
SIZE: Final = Kind("bytes", (BYTES_OR_NULL,), _size)
SWITCH: Final = Kind("on or off", (BOOLEAN_OR_NULL,), _switched)
RATIO: Final = Kind("bit error ratio", (DECIMAL_OR_NULL,), _ratio)
CELSIUS: Final = _measure("C", "degrees C", "°C")
VOLTS: Final = _measure("V")
MILLIAMPS: Final = _measure("mA")
AMPS: Final = _measure("A")
WATTS: Final = _measure("W")
METRES: Final = _measure("m")
PERCENT: Final = _measure("%")
MINUTES: Final = _measure("min")
DBM: Final = Kind("power in dBm", (DECIMAL_OR_NULL,), _power)
SNR: Final = Kind("ratio in dB", (DECIMAL_OR_NULL,), _snr)
CODE: Final = Kind("register", (INTEGER_OR_NULL,), _code)
NUMBER: Final = Kind("whole number", (INTEGER_OR_NULL,), _count)
SPEED: Final = Kind("speed in Mb/s", (INTEGER_OR_NULL,), _speed)
TIME: Final = Kind("time", (TEXT_OR_NULL,), _never)
FLAG: Final = Kind("set", (TEXT_OR_NULL,), lambda text: (text or None,))

__all__ = [
    "AMPS", "BYTES_OR_NULL", "CELSIUS", "CODE", "DBM", "EVERY", "FLAG", "INTEGERS", "LIST", "LOWER", "MAP", "METRES",
    "MILLIAMPS", "MINUTES", "NAMES", "NUMBER", "NUMBERS", "ONE", "PERCENT", "RATIO", "SIZE", "SNR", "SPEED", "SWITCH",
    "TEXT", "TIME", "VOLTS", "WATTS", "Field", "Fold", "Many", "One", "Section", "folded",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record, and the paths that give it."""

    patterns: str
    key: str
    kind: Kind
    how: str = ONE

    def schema(self) -> Schema:
        item = self.kind.schemas[0]
        if self.how == NAMES:
            return {"type": "array", "items": {"type": "string"}}
        if self.how == NUMBERS:
            return {"type": "array", "items": {"type": "integer"}}
        if self.how in (LIST, EVERY):
            return {"type": "array", "items": item}
        return {"type": "object", "additionalProperties": item} if self.how == MAP else item

    def read(self, leaf: Leaf, record: Record) -> bool:
        """Write the value of a leaf that is this field's; false where it does not fit."""
        found = next((m for one in _compiled(self.patterns) if (m := one.fullmatch(_SEPARATOR.join(leaf.path)))), None)
        return found is not None and self._put(record, found, leaf.text)

    def matches(self, path: Path) -> bool:
        spoken = _SEPARATOR.join(path)
        return any(one.fullmatch(spoken) for one in _compiled(self.patterns))

    def _put(self, record: Record, found: re.Match[str], text: str) -> bool:
        name = found[1] if found.re.groups else ""
        if self.how in (NAMES, NUMBERS):
            names = record.setdefault(self.key, [])
            number = integer(name)
            if not isinstance(names, list) or (self.how == NUMBERS and number is None):
                return False
            value: Json = number if self.how == NUMBERS else name
            if value not in names:
                names.append(value)
            return True
        cells = self.kind.read(text or name if self.how == ONE else text)
        if cells is None:
            return False
        if self.how == EVERY:
            values = record.setdefault(self.key, [])
            if isinstance(values, list) and cells[0] is not None:
                values.append(cells[0])
            return True
        if self.how == LIST:
            return _numbered(record.setdefault(self.key, []), name, cells[0])
        if self.how == MAP:
            named = record.setdefault(self.key, {})
            if isinstance(named, dict):
                named.setdefault(name, cells[0])
            return isinstance(named, dict)
        if record.get(self.key) is None:
            record[self.key] = cells[0]
        return True


def _numbered(values: Json, name: str, value: Json) -> bool:
    """Put a value at its number in a list; what is left out before it is null."""
    digits = re.search(r"[0-9]{1,3}$", name)
    if not isinstance(values, list) or not digits or int(digits[0]) >= 64:
        return False
    at = int(digits[0])
    values.extend([None] * (at + 1 - len(values)))
    values[at] = value
    return True


@cache
def _compiled(patterns: str) -> tuple[re.Pattern[str], ...]:
    parts = (
        re.escape(one).replace(r"\.", _SEPARATOR).replace(r"\*", f"([^{_SEPARATOR}]*)") for one in patterns.split("|")
    )
    return tuple(re.compile(part, re.IGNORECASE) for part in parts)


@dataclass(frozen=True, slots=True)
class Fold:
    """A table of the text form that is a branch of the model: where its rows belong, by its first heading."""

    first: str
    """Pattern of the first heading, in lower case."""
    path: Path
    title: str = ""
    """Pattern of the title above the table, or where it has none of the command."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the model calls a heading, where its words differ."""


def folded(reply: Reply, folds: tuple[Fold, ...], page: Page) -> list[Rows]:
    """Turn tables into leaves; gives back the tables that no fold is for."""
    left: list[Rows] = []
    for table in reply.tables:
        title = table.title or " ".join(page.asked)
        fold = next((one for one in folds if _fits(one, table, title)), None)
        if fold is None:
            left.append(table)
            continue
        first = ""
        for line, cells in table.rows:
            more, first = not cells[0] and bool(first), cells[0] or first  # a row that goes on on the next line
            for heading, cell in list(zip(table.headings, cells, strict=False))[1:]:
                name = fold.names.get(heading, slug(heading).replace("_", "-"))
                path = (*fold.path, first, *name.split("."))
                if cell or not more:
                    reply.leaves.append(Leaf(path, line.number, cell, "", table.about))
    return left


def _fits(fold: Fold, table: Rows, title: str) -> bool:
    heading = table.headings[0] if table.headings else ""
    return bool(re.fullmatch(fold.first, heading) and (not fold.title or re.search(fold.title, title, re.IGNORECASE)))


@dataclass(frozen=True, slots=True)
class One:
    """A record for each port of the answer, or the one of an answer about a single thing."""

    fields: tuple[Field, ...]
    folds: tuple[Fold, ...] = ()
    must: tuple[str, ...] = ()
    """Fields one of which proves that this is an answer of the command; any does where there are none."""
    keep: bool = False
    """Whether what nobody knows is kept under ``other``, because the command prints much that is no matter here."""
    applied: bool = False
    """Whether values that are configured are given beside those that run."""
    each: bool = False
    """Whether an answer to the command without a port has a member for each port."""

    def read(self, page: Page) -> Parsed:
        reply = reply_of(page)
        for table in folded(reply, self.folds, page):
            _lose(reply, table)
        records: dict[str, Record] = {}
        for leaf in reply.leaves:
            about, path = leaf.about, leaf.path
            if self.each and not about and page.port is None and len(path) > 1:
                about, path = path[0], path[1:]
            record = records.setdefault(about, {"line": leaf.line, "interface": about or page.port})
            self._leaf(replace(leaf, path=path), record, reply)
        wanted = self.must or tuple(one.key for one in self.fields)
        kept = [one for one in records.values() if any(key in one for key in wanted)]
        if (records or reply.unparsed or not reply.json) and not kept:
            raise refusal(page, "nothing that the command shows")
        return Parsed(tuple(kept), tuple(sorted(reply.unparsed, key=lambda one: one.line)))

    def schema(self) -> Schema:
        fields: dict[str, Schema] = {"interface": TEXT_OR_NULL} | {one.key: one.schema() for one in self.fields}
        if self.applied:
            fields["applied"] = {
                "type": "object",
                "additionalProperties": False,
                "properties": {one.key: one.schema() for one in self.fields if one.how == ONE},
            }
        return properties(fields | ({"other": OTHER} if self.keep else {}), ("interface",))

    def _leaf(self, leaf: Leaf, record: Record, reply: Reply) -> None:
        known = [one for one in self.fields if one.matches(leaf.path)]
        if not known:
            if self.keep:
                other = record.setdefault("other", {})
                if isinstance(other, dict) and leaf.text:
                    other[".".join(leaf.path)] = leaf.text
            else:
                reply.lost(leaf.line)
            return
        if not all(one.read(leaf, record) for one in known):
            reply.lost(leaf.line)
        if self.applied and leaf.applied:
            applied = record.setdefault("applied", {})
            configured = replace(leaf, text=leaf.applied)
            if isinstance(applied, dict) and not all(one.read(configured, applied) for one in known if one.how == ONE):
                reply.lost(leaf.line)


@dataclass(frozen=True, slots=True)
class Section:
    """A branch of the model with a record for each of its members."""

    path: str
    """Pattern of the path above the members; empty for the members of the answer itself."""
    fields: tuple[Field, ...]
    """Their patterns are relative to the member."""
    name: str = ""
    """What the field ``section`` says, where an answer has several."""
    index: str = ""
    """The field that has the member's name."""
    kind: Kind = NUMBER
    """How that name is read."""


@dataclass(frozen=True, slots=True)
class Many:
    """A record for each member of one or several branches."""

    sections: tuple[Section, ...]
    folds: tuple[Fold, ...] = ()
    port: bool = True
    """Whether the port of the command belongs to every record."""
    keep: bool = False
    alone: tuple[Field, ...] = ()
    """Fields that stand beside the branches, and become a record of their own."""

    def read(self, page: Page) -> Parsed:
        reply = reply_of(page)
        for table in folded(reply, self.folds, page):
            _lose(reply, table)
        records: dict[tuple[str, str, str], Record] = {}
        lost: list[int] = []
        for leaf in reply.leaves:
            placed = any(self._leaf(section, leaf, records, page) for section in self.sections)
            if not placed and not self._alone(leaf, records, page):
                lost.append(leaf.line)
        told = {one.key for section in self.sections for one in section.fields} | {one.key for one in self.alone}
        kept = [one for one in records.values() if told & set(one)]
        empty = reply.tables and not reply.unparsed and not lost
        if (reply.leaves or reply.unparsed or not reply.json) and not kept and not empty:
            raise refusal(page, "nothing that the command shows")
        for line in lost:
            reply.lost(line)
        return Parsed(tuple(kept), tuple(sorted(reply.unparsed, key=lambda one: one.line)))

    def schema(self) -> Schema:
        fields: dict[str, Schema] = {"interface": TEXT_OR_NULL} if self.port else {}
        if any(one.name for one in self.sections):
            names = {one.name for one in self.sections} | ({"port"} if self.alone else set())
            fields["section"] = {"enum": [*sorted(names)]}
        for section in self.sections:
            if section.index:
                fields[section.index] = section.kind.schemas[0]
            fields |= {one.key: one.schema() for one in section.fields}
        fields |= {one.key: one.schema() for one in self.alone}
        return properties(fields | ({"other": OTHER} if self.keep else {}), ("interface",) if self.port else ())

    def _leaf(self, section: Section, leaf: Leaf, records: dict[tuple[str, str, str], Record], page: Page) -> bool:
        found = _inside(section, leaf.path)
        if found is None:
            return False
        name, path = found
        cells = section.kind.read(name)
        if cells is None:
            return False
        key = (leaf.about, section.name, name)
        if key not in records:
            records[key] = {"line": leaf.line, **self._named(leaf, section, page)}
            if section.index:
                records[key][section.index] = cells[0]
        record = records[key]
        for one in section.fields:
            if one.matches(path):
                return one.read(replace(leaf, path=path), record)
        if self.keep and leaf.text:
            other = record.setdefault("other", {})
            if isinstance(other, dict):
                other[".".join(path)] = leaf.text
        return self.keep

    def _named(self, leaf: Leaf, section: Section, page: Page) -> Record:
        port: Record = {"interface": leaf.about or page.port} if self.port else {}
        return port | ({"section": section.name} if section.name else {})

    def _alone(self, leaf: Leaf, records: dict[tuple[str, str, str], Record], page: Page) -> bool:
        """Write what stands beside the branches; whether there is a place for it."""
        one = next((one for one in self.alone if one.matches(leaf.path)), None)
        if one is None:
            return False
        section: Record = {"section": "port"} if any(section.name for section in self.sections) else {}
        port: Record = {"interface": leaf.about or page.port} if self.port else {}
        return one.read(leaf, records.setdefault((leaf.about, "", ""), {"line": leaf.line, **port, **section}))


def _inside(section: Section, path: Path) -> tuple[str, Path] | None:
    """The member that a path is about, and what of it; None where the path is in another branch."""
    above = section.path.split(".") if section.path else []
    if len(path) <= len(above):
        return None
    if any(name != "*" and name.lower() != said.lower() for name, said in zip(above, path, strict=False)):
        return None
    return path[len(above)], path[len(above) + 1 :]


def _lose(reply: Reply, table: Rows) -> None:
    for line in (table.head, *(line for line, _ in table.rows)):
        reply.lost(line.number)
