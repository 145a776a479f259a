"""Answers that are JSON by nature: the databases, and the port files of a platform."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..cells import TEXT_OR_NULL, TEXTS_OR_NULL, Json, Record, Schema
from ..labels import Labels, label_fields
from ..positions import Document, Member
from ..tables import Column
from ..text import Line, NotThis, Page, Parsed, Unparsed, properties, shortened

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


_OWN: Final = {
    "CONFIG_DB": re.compile(
        r"(?:DEVICE_METADATA|BREAKOUT_CFG|PORT_QOS_MAP|DSCP_TO_TC_MAP|WRED_PROFILE|SCHEDULER)(?:\||$)"
    ),
    "APPL_DB": re.compile(r"(?:PORT_TABLE|LLDP_ENTRY_TABLE|INTF_TABLE|LAG_TABLE|SWITCH_TABLE|ROUTE_TABLE)(?::|$)"),
    "STATE_DB": re.compile(
        r"(?:TRANSCEIVER_\w+|(?:PSU|FAN|TEMPERATURE|EEPROM|CHASSIS)_INFO|SWITCH_CAPABILITY|PORT_TABLE)(?:\||$)"
    ),
    "COUNTERS_DB": re.compile(r"(?:COUNTERS|RATES)(?::|$)|COUNTERS_\w+_MAP$"),
}
"""Tables by which a database shows itself."""
_SEVERAL: Final = frozenset({"set", "list", "zset"})
"""Kinds of values that redis keeps besides a hash and a text."""


@dataclass(frozen=True, slots=True)
class Database:
    """CONFIG_DB, or a dump of another database: a record per row, whatever form the dump has.

    Members are tables with their rows, or rows named ``TABLE|key`` and ``TABLE:key``; a row is an object of its fields,
    or what redis-dump and sonic-db-dump make of it: its kind, its value, when it expires.
    """

    name: str = ""
    """The database that it has to be; any where none is named."""

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
        self._check([top.name for top in tops], document.first)
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        moment: Schema = {"type": ["integer", "string", "null"]}
        fields: dict[str, Schema] = {
            "namespace": {"type": "string"},
            "table": {"type": "string"},
            "key": TEXT_OR_NULL,
            "fields": {"type": "object", "additionalProperties": ANY},
            "members": {"type": "array", "items": ANY},
            "value": ANY,
            "expires_at": moment,
            "expires_in_s": moment,
        }
        return properties(fields, ["table", "key", "fields"])

    def _check(self, names: Sequence[str], line: int) -> None:
        """Refuse a dump that shows itself to be of another database, and of none but others."""
        if not self.name or any(_OWN[self.name].match(name) for name in names):
            return
        for other, own in _OWN.items():
            found = next((name for name in names if own.match(name)), None)
            if found is not None:
                raise NotThis(f"not {self.name} but {other}, by its table {shortened(found)}", line)


def _rows(document: Document, table: Member) -> list[tuple[int, Record]] | None:
    value = table.value
    if not isinstance(value, dict) or not _TABLE.match(table.name):
        return None
    if _dumped(value):
        return [(table.line, _row(table.name, value))]
    if re.search(r"[|:]", table.name) or (value and not all(isinstance(row, dict) for row in value.values())):
        return [(table.line, _row(table.name, value))]
    return [
        (row.line, {"table": table.name, "key": row.name, **_content(row.value)}) for row in document.members(table)
    ]


def _dumped(value: Json) -> bool:
    """Whether a value is a row as redis-dump has it: its kind and its value, and maybe when it expires."""
    if not isinstance(value, dict) or not {"type", "value"} <= value.keys() <= {"type", "value", "expireat", "ttl"}:
        return False
    kind, held = value["type"], value["value"]
    if isinstance(held, dict):
        return isinstance(kind, str)
    return kind == "string" or (kind in _SEVERAL and isinstance(held, list))


def _row(name: str, value: Json) -> Record:
    found = re.match(r"([^|:]*)[|:](.*)", name, re.DOTALL)
    table, key = (found[1], found[2]) if found else (name, None)
    return {"table": table, "key": key, **_content(value)}


def _content(value: Json) -> Record:
    """What a row holds: its fields, or the members of a set or a list, or one value."""
    if not isinstance(value, dict) or not _dumped(value):
        return {"fields": _fields(value)}
    held = value["value"]
    content: Record = {"fields": _fields(held)}
    if isinstance(held, list):
        content["members"] = held
    elif not isinstance(held, dict):
        content["value"] = held
    names = (("expireat", "expires_at"), ("ttl", "expires_in_s"))
    return content | {new: value[old] for old, new in names if old in value}


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
