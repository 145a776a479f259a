"""Answers of labels and values: flat ones, named blocks of them, and the trees of a module."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import ClassVar, Final

from .cells import DECIMAL_OR_NULL, Json, Record, Schema, absent, boolean, integer, quantity
from .positions import Document
from .tables import Column
from .text import Line, NotThis, Page, Parsed, Unparsed, indentation, properties, sections, shortened

_RULE: Final = re.compile(r"\s*[-=]+(?: +[-=]+)*\s*")
_SLUG: Final = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def slug(label: str) -> str:
    """A label as a key."""
    return _SLUG.sub("_", label.lower()).strip("_")


def label_of(text: str) -> tuple[str, str] | None:
    """The label and the value of a line."""
    label, colon, value = text.partition(":")
    return (label.strip(), value.strip()) if colon and label.strip() else None


class Labels:
    """Labels that have fields; each label is looked for once."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._seen: dict[str, tuple[Column, re.Match[str]] | None] = {}

    def put(self, record: Record, label: str, value: str) -> bool:
        """Write the fields of a label; false where it is unknown, its value does not fit, or it was there before."""
        if label not in self._seen:
            self._seen[label] = next(
                ((one, match) for one in self._columns if (match := one.heading.fullmatch(label))), None
            )
        found = self._seen[label]
        values = found[0].kind.read(value) if found else None
        if found is None or values is None:
            return False
        column, match = found
        if "number" in match.re.groupindex:
            return _lane(record, column.fields[0], int(match["number"] or 1), values[0])
        if name := match.groupdict().get("name"):
            return _member(record, column.fields[0], slug(name), values[0])
        if any(name in record for name in column.fields):
            return False
        record |= dict(zip(column.fields, values, strict=True))
        return True


def _lane(record: Record, name: str, number: int, value: Json) -> bool:
    lanes = record.setdefault(name, [])
    if not isinstance(lanes, list) or not 1 <= number <= 64:
        return False
    lanes.extend([None] * (number - len(lanes)))
    if lanes[number - 1] is not None:
        return False
    lanes[number - 1] = value
    return True


def _member(record: Record, name: str, key: str, value: Json) -> bool:
    members = record.setdefault(name, {})
    if not isinstance(members, dict) or key in members:
        return False
    members[key] = value
    return True


def label_fields(columns: Sequence[Column]) -> dict[str, Schema]:
    """The JSON Schema of the fields that labels give."""
    fields: dict[str, Schema] = {}
    for one in columns:
        for name, schema in zip(one.fields, one.kind.schemas, strict=True):
            if "number" in one.heading.groupindex:
                fields[name] = {"type": "array", "items": schema}
            elif "name" in one.heading.groupindex:
                fields[name] = {"type": "object", "additionalProperties": schema}
            else:
                fields[name] = schema
    return fields


@dataclass(frozen=True, slots=True)
class KeyValues:
    """One record of ``label: value`` lines, below a heading or without one."""

    columns: tuple[Column, ...]
    heading: re.Pattern[str] | None = None
    port: bool = False
    absent: re.Pattern[str] | None = None
    """A line that says that a port has none of this."""

    def read(self, page: Page) -> Parsed:
        labels = Labels(self.columns)
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        record: Record | None = None
        if text := page.json():
            page = _spelt(Document(text), page)
        for line in page.lines:
            text = line.text.strip()
            if self.heading and (head := self.heading.fullmatch(text)):
                record = {"line": line.number, **head.groupdict()}
                records.append(record)
            elif self.absent and (none := self.absent.fullmatch(text)):
                records.append({"line": line.number, **none.groupdict()})
            elif not _RULE.fullmatch(text):
                if record is None and not self.heading:
                    record = {"line": line.number, **({"interface": page.port} if self.port else {})}
                known = label_of(text)
                if record is None or not known or not labels.put(record, *known):
                    unparsed.append(line.unparsed())
                elif not records:
                    records.append(record)
        missing = [c for c in self.columns if c.must and not any(set(c.fields) <= set(r) for r in records)]
        known_lines = sum(len(record) - 1 for record in records)
        if not records or (missing and not self.absent) or len(unparsed) > known_lines:
            first = page.lines[0] if page.lines else Line(1, "")
            raise NotThis(f"none of its labels here: {shortened(first.text)}", first.number)
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        fields = label_fields(self.columns)
        groups = list(self.heading.groupindex) if self.heading else []
        if self.port:
            groups = ["interface"]
        must = [] if self.absent else [f for c in self.columns if c.must for f in c.fields]
        return properties({**{g: {"type": ["string", "null"]} for g in groups}, **fields}, [*groups, *must])


def _spelt(document: Document, page: Page) -> Page:
    """The members of a JSON object as lines of labels and values."""
    members = list(document.members())
    if not members or not all(one.name for one in members):
        raise NotThis("not a JSON object of labels and values", document.first)
    return replace(page, lines=[Line(one.line, f"{one.name}: {_word(one.value)}") for one in members])


def _word(value: Json) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True, slots=True)
class Profiles:
    """Named blocks of two columns between rules: pools, profiles, traffic patterns."""

    HEAD: ClassVar = ("line", "section", "namespace", "name")
    heading: re.Pattern[str]
    columns: tuple[Column, ...]
    titles: tuple[re.Pattern[str], ...] = ()

    def read(self, page: Page) -> Parsed:
        labels = Labels(self.columns)
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        for line in page.lines:
            text = line.text.strip()
            if head := self.heading.fullmatch(text):
                section, namespace, name = (head.groupdict().get(k) for k in ("section", "namespace", "name"))
                records.append(
                    {"line": line.number, "section": slug(section or ""), "namespace": namespace, "name": name}
                )
            elif not _RULE.fullmatch(text) and not any(title.fullmatch(text) for title in self.titles):
                key, _, value = text.partition(" ")
                if not records or not labels.put(records[-1], key, value.strip()):
                    unparsed.append(line.unparsed())
        named = len(Profiles.HEAD)
        if (not records and not page.lines) or (unparsed and all(len(record) <= named for record in records)):
            first = page.lines[0] if page.lines else Line(1, "")
            raise NotThis(f"no pool and no profile: {shortened(first.text)}", first.number)
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        named: dict[str, Schema] = {
            "section": {"type": "string"},
            "namespace": {"type": ["string", "null"]},
            "name": {"type": ["string", "null"]},
        }
        return properties({**named, **label_fields(self.columns)}, list(named))


NAMED: Final = frozenset({"compliance_codes", "dom_capability"})
"""Nested blocks that are labels with values, not lines."""

Extra = Callable[[Record, str, str], bool]


@dataclass(frozen=True, slots=True)
class Modules:
    """A block per port: what is in the cage, and labels with values below it."""

    heads: tuple[tuple[re.Pattern[str], Record], ...]
    """First lines of a block, and what they say."""
    columns: tuple[Column, ...]
    blocks: re.Pattern[str]
    """Lines that only name what follows."""
    extra: Extra = lambda record, label, value: False
    """Labels that come in families."""
    nested: tuple[tuple[str, str], ...] = ()
    """Labels whose further lines are moved in: the label, and the field that those become."""
    fields: dict[str, Schema] = field(default_factory=dict)
    ends: re.Pattern[str] = re.compile(r"(?!)")
    """Lines behind a block by which the tool says why it stops there."""

    def read(self, page: Page) -> Parsed:
        labels = Labels(self.columns)
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        nested = dict(self.nested)
        understood = filled = False
        for head, body in sections(page.lines):
            record = self._head(head)
            if record is None and records and not body and self.ends.fullmatch(head.text):
                records[-1]["note"] = head.text
                continue
            if record is None:
                unparsed.extend(line.unparsed() for line in (head, *body))
                continue
            records.append(record)
            understood = understood or not self.heads[0][0].fullmatch(head.text) or (not body and " " in head.text)
            inside, depth = "", 0
            for line in body:
                if inside and indentation(line.text) > depth and self._nested(record, inside, line.text.strip()):
                    continue
                inside = ""
                known = label_of(line.text)
                if not known:
                    unparsed.append(line.unparsed())
                elif known[0] in nested:
                    inside, depth = nested[known[0]], indentation(line.text)
                    self._open(record, inside, known[1])
                elif not (self.blocks.fullmatch(known[0]) and not known[1]) and not (
                    labels.put(record, *known) or self.extra(record, *known)
                ):
                    unparsed.append(line.unparsed())
                else:
                    filled = True
        if not records or not (filled or (understood and len(unparsed) <= len(records))):
            first = page.lines[0] if page.lines else Line(1, "")
            raise NotThis(f"no port of which this would be the module: {shortened(first.text)}", first.number)
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        fields: dict[str, Schema] = {"interface": {"type": "string"}}
        for pattern, said in self.heads:
            fields |= {name: {"type": ["string", "null"]} for name in pattern.groupindex}
            fields |= {name: {"type": ["boolean", "null"]} for name in said}
        required = ["interface", *self.heads[0][1]]
        return properties({**fields, **label_fields(self.columns), **self.fields}, required)

    def _head(self, line: Line) -> Record | None:
        for pattern, said in self.heads:
            if match := pattern.fullmatch(line.text):
                return {"line": line.number, **match.groupdict(), **said}
        return None

    def _open(self, record: Record, name: str, value: str) -> None:
        if name == "compliance_codes":
            record["specification_compliance"] = value if value not in ("", "N/A") else None
        elif name in NAMED:
            record[name] = {}
        else:
            record[name] = [value] if value not in ("", "N/A") else None

    def _nested(self, record: Record, name: str, text: str) -> bool:
        if name in NAMED:
            if absent(text):
                return True
            known = label_of(text)
            return known is not None and _member(record, name, known[0], known[1] or None)
        lines = record[name]
        if isinstance(lines, list) and text.count(":") == 0:
            lines.append(text)
            return True
        return False


_THRESHOLD: Final = re.compile(r"(\w+?)(High|Low)(Alarm|Warning)")
_RAW: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_MONITORED: Final = {
    "Temp": ("temperature_c", "C"),
    "Vcc": ("voltage_v", "Volts"),
    "RxPower": ("rx_power_dbm", "dBm"),
    "TxPower": ("tx_power_dbm", "dBm"),
    "TxBias": ("tx_bias_ma", "mA"),
    "LaserTemp": ("laser_temperature_c", "C"),
}
THRESHOLDS: Final[Schema] = {
    "type": "object",
    "propertyNames": {"enum": [name for name, _ in _MONITORED.values()]},
    "additionalProperties": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            f"{side}_{grade}": DECIMAL_OR_NULL for side in ("high", "low") for grade in ("alarm", "warning")
        },
    },
}


def threshold(record: Record, label: str, value: str) -> bool:
    """``RxPowerHighAlarm`` and its family; a key of the database that has no label is kept under ``other``."""
    match = _THRESHOLD.fullmatch(label)
    if match and match[1] in _MONITORED:
        name, unit = _MONITORED[match[1]]
        read = quantity(unit).read(value)
        thresholds = record.setdefault("thresholds", {})
        if read is None or not isinstance(thresholds, dict):
            return False
        return _member(thresholds, name, f"{match[2].lower()}_{match[3].lower()}", read[0])
    return bool(_RAW.fullmatch(label)) and _member(record, "other", label, None if absent(value) else value)


_LANE: Final = re.compile(r"(.+?) (?:on|of) ((?:host |media )?)(?:lane|line) (\d{1,2})")
_STATUS: Final = re.compile(
    r"CMIS State \(SW\)|Disabled TX channels|Current module state|Reason of entering the module fault state"
    r"|Module state changed|.+ (?:flag|status|fault|state|indicator|progress)",
    re.IGNORECASE,
)


def status(record: Record, label: str, value: str) -> bool:
    """A state or a flag of the module under ``status``; one of a lane under ``lanes``, lane 1 first."""
    place = _state(label)
    if place is None:
        return False
    name, lane = place
    if lane is None:
        return _member(record, "status", name, _said(value))
    lanes = record.setdefault("lanes", {})
    return isinstance(lanes, dict) and _lane(lanes, name, lane, _said(value))


@lru_cache(maxsize=4096)
def _state(label: str) -> tuple[str, int | None] | None:
    """The key of a state or a flag, and its lane where it has one."""
    if match := _LANE.fullmatch(label):
        return slug(f"{match[1]} {match[2]}lane"), int(match[3])
    return (slug(label), None) if _STATUS.fullmatch(label) else None


@lru_cache(maxsize=1024)
def _said(value: str) -> bool | int | str | None:
    value = value.strip()
    if value in ("", "N/A"):
        return None
    said = boolean(value) if value in ("True", "False") else integer(value)
    return value if said is None else said


SAID: Final[Schema] = {"type": ["boolean", "integer", "string", "null"]}
