"""Answers that are JSON by nature: the databases, and the port files of a platform."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .cells import TEXT_OR_NULL, TEXTS_OR_NULL, Json, Record, Schema
from .labels import Labels, label_fields
from .positions import Document, Member
from .tables import Column
from .text import Line, NotThis, Page, Parsed, Unparsed, properties, shortened

ANY: Final[Schema] = {"type": ["null", "boolean", "integer", "string", "array", "object"]}
_TABLE: Final = re.compile(r"[A-Z_][A-Z0-9_]{1,80}(?![^|:])")
_NAMESPACE: Final = re.compile(r"localhost|host|asic\d{1,3}")


def _document(page: Page) -> Document:
    first = page.lines[0] if page.lines else Line(1, "")
    text = page.json()
    if not text:
        raise NotThis(f"not JSON: {shortened(first.text)}", first.number)
    document = Document(text)
    if not isinstance(document.value, dict):
        raise NotThis(f"not a JSON object: {shortened(first.text)}", first.number)
    return document


class Database:
    """CONFIG_DB, or a dump of another database: a record per row."""

    def read(self, page: Page) -> Parsed:
        document = _document(page)
        records: list[Record] = []
        unparsed = list(document.unparsed())
        tops = list(document.members())
        spaces = bool(tops) and all(_NAMESPACE.fullmatch(top.name) for top in tops)
        for top in tops:
            tables = list(document.members(top)) if spaces else [top]
            for table in tables:
                rows = _rows(document, table)
                if rows is None:
                    unparsed.append(Unparsed(table.line, document.text(table.line)))
                    continue
                known: Record = {"namespace": top.name} if spaces else {}
                records.extend({"line": line, **known, **row} for line, row in rows)
        if not records:
            raise NotThis(f"no table: {shortened(tops[0].name if tops else '')}", document.first)
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        fields: dict[str, Schema] = {
            "namespace": {"type": "string"},
            "table": {"type": "string"},
            "key": TEXT_OR_NULL,
            "fields": {"type": "object", "additionalProperties": ANY},
        }
        return properties(fields, ["table", "key", "fields"])


def _rows(document: Document, table: Member) -> list[tuple[int, Record]] | None:
    value = table.value
    if not isinstance(value, dict) or not _TABLE.match(table.name):
        return None
    if isinstance(value.get("value"), dict) and isinstance(value.get("type"), str):
        return [(table.line, _row(table.name, value["value"]))]
    if re.search(r"[|:]", table.name) or (value and not all(isinstance(row, dict) for row in value.values())):
        return [(table.line, _row(table.name, value))]
    return [
        (row.line, {"table": table.name, "key": row.name, "fields": _fields(row.value)})
        for row in document.members(table)
    ]


def _row(name: str, value: Json) -> Record:
    found = re.match(r"([^|:]*)[|:](.*)", name, re.DOTALL)
    table, key = (found[1], found[2]) if found else (name, None)
    return {"table": table, "key": key, "fields": _fields(value)}


def _fields(value: Json) -> dict[str, Json]:
    return {name: said for name, said in value.items() if name != "NULL"} if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Ports:
    """An object with a member per port: platform.json, hwsku.json, ``show interfaces breakout``."""

    columns: tuple[Column, ...]
    inside: str = ""
    """The member that holds the ports; without it the document does."""
    others: frozenset[str] = frozenset()
    """Members beside it that say nothing of ports."""

    def read(self, page: Page) -> Parsed:
        document = _document(page)
        unparsed = list(document.unparsed())
        tops = list(document.members())
        holder: Member | None = None
        if self.inside:
            holder = next((top for top in tops if top.name == self.inside), None)
            if holder is None or not isinstance(holder.value, dict):
                raise NotThis(f"no member {self.inside!r}: {shortened(tops[0].name if tops else '')}", 1)
            strangers = (top for top in tops if top is not holder and top.name not in self.others)
            unparsed += [Unparsed(top.line, document.text(top.line)) for top in strangers]
        labels = Labels(self.columns)
        records: list[Record] = []
        for port in document.members(holder):
            if not isinstance(port.value, dict):
                raise NotThis(f"not a port: {shortened(port.name)}", port.line)
            record: Record = {"line": port.line, "interface": port.name}
            places: dict[str, int] = {}
            for name, value in port.value.items():
                if not self._put(labels, record, name, value):
                    places = places or {member.name: member.line for member in document.members(port)}
                    unparsed.append(Unparsed(places[name], document.text(places[name])))
            if not all(set(c.fields) <= set(record) for c in self.columns if c.must):
                wanted = ", ".join(c.heading.pattern for c in self.columns if c.must)
                raise NotThis(f"no {wanted} for {shortened(port.name)}", port.line)
            records.append(record)
        if not records and not self.inside:
            raise NotThis("no ports", 1)
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        mode: Schema = {
            "type": "object",
            "additionalProperties": False,
            "required": ["mode", "aliases"],
            "properties": {"mode": {"type": "string"}, "aliases": TEXTS_OR_NULL},
        }
        fields: dict[str, Schema] = {
            "interface": {"type": "string"},
            **label_fields(self.columns),
            "modes": {"type": "array", "items": mode},
        }
        must = [name for one in self.columns if one.must for name in one.fields]
        return properties(fields, ["interface", *must])

    def _put(self, labels: Labels, record: Record, name: str, value: Json) -> bool:
        if name == "breakout_modes":
            record["modes"] = _modes(value)
            return record["modes"] is not None
        if isinstance(value, dict):
            return False
        if isinstance(value, list):
            value = ",".join(str(part) for part in value)
        return labels.put(record, name, "" if value is None else str(value))


_MODE: Final = re.compile(r"(?:[^,\[\]]|\[[^\]]{0,80}\])+")


def _modes(value: Json) -> Json:
    if isinstance(value, str):
        return [{"mode": mode.strip(), "aliases": None} for mode in _MODE.findall(value) if mode.strip()]
    if not isinstance(value, dict):
        return None
    modes: list[Json] = []
    for mode, aliases in value.items():
        names: list[Json] = [str(alias) for alias in aliases] if isinstance(aliases, list) else []
        modes.append({"mode": mode, "aliases": names if isinstance(aliases, list) else None})
    return modes
