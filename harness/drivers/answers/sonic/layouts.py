"""Answers whose layout is their own: hexdumps, histograms, neighbours, inventories, versions, serdes lanes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..cells import DECIMAL_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, absent, decimal, integer
from ..labels import KeyValues, Labels, label_fields, label_of, slug
from ..tables import Column, Table
from ..text import Line, NotThis, Page, Parsed, Unparsed, indentation, properties, shortened

_GAP: Final = re.compile(r" {2,}")
_RULE: Final = re.compile(r"\s*[-=]{3,}\s*")
_HEX: Final = re.compile(r"\s*([0-9A-Fa-f]{8})((?: {1,2}[0-9A-Fa-f]{2}){1,16})(?: +\|.{0,16}\|?)?\s*")
_DUMP: Final = re.compile(
    r"EEPROM hexdump for (?:port|module|interface) (\S+)(?: page ([0-9a-f]{1,2})h)?", re.IGNORECASE
)
_NO_DUMP: Final = re.compile(
    r"(?:(\S+?): )?(?:SFP EEPROM (?:not detected|(?:Hexdump )?is not applicable .*)|Error: Failed to read EEPROM for .*"
    r"|Cable type is not supported|Sfp\.\w+\(\) is currently not implemented for this platform)",
    re.IGNORECASE,
)
_REGION: Final = re.compile(
    r"(?:(?P<sff>A[02])h dump(?: \((?P<part>lower|upper) 128 bytes\))?|(?P<half>Lower|Upper))"
    r"(?: page (?P<page>[0-9a-f]{1,2})h)?(?: bank (?P<bank>[0-9a-f]{1,2})h)?",
    re.IGNORECASE,
)


def _refuse(page: Page, what: str) -> NotThis:
    first = page.lines[0] if page.lines else Line(1, "")
    return NotThis(f"{what}: {shortened(first.text)}", first.number)


class Hexdump:
    """``sfputil show eeprom-hexdump``: one record per half page of 128 bytes, or per shorter piece.

    What could not be read has null as its data, and what SONiC said of it as ``error``.
    """

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        port: str | None = None
        region: re.Match[str] | None = None
        data, begin, at = bytearray(), 0, Line(0, "")

        def close() -> None:
            if data and region is not None:
                records.extend(_halves(port, region, bytes(data), begin, at.number))
            data.clear()

        for line in page.lines:
            text = line.text.strip()
            if region is not None and (row := _HEX.fullmatch(line.text)):  # first: nearly every line is one
                offset = int(row[1], 16)
                if not data:
                    begin, at = offset, line
                if offset != begin + len(data) or offset > 255:
                    unparsed.append(line.unparsed())
                else:
                    data += bytes.fromhex(row[2])
            elif head := _DUMP.fullmatch(text):
                close()
                port, region = head[1], None
            elif none := _NO_DUMP.fullmatch(text):
                place = _place(region) if region is not None and not data else {}
                close()
                records.append(
                    {"line": line.number, "interface": none[1] or port, **place, "data": None, "error": text}
                )
            elif found := _REGION.fullmatch(text):
                close()
                region = found
            else:
                unparsed.append(line.unparsed())
        close()
        if all(record["data"] is None for record in records) and (not records or len(unparsed) > len(records)):
            raise _refuse(page, "no hexdump")
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        return properties(
            {
                "interface": TEXT_OR_NULL,
                "address": {"enum": ["a0", "a2", None]},
                "bank": {"type": "integer"},
                "page": {"type": "integer"},
                "half": {"enum": ["lower", "upper"]},
                "offset": {"type": "integer"},
                "data": {"type": ["string", "null"], "pattern": "^([0-9a-f]{2})*$"},
                "error": {"type": "string"},
            },
            ["interface", "data"],
        )


def _place(region: re.Match[str]) -> Record:
    """Where the bytes under a heading stand."""
    groups = region.groupdict()
    upper = "upper" in ((groups["half"] or "").lower(), (groups["part"] or "").lower())
    return {
        "address": groups["sff"].lower() if groups["sff"] else None,
        "bank": int(groups["bank"] or "0", 16),
        "page": int(groups["page"] or "0", 16),
        "half": "upper" if upper else "lower",
        "offset": 128 if upper else 0,
    }


def _halves(port: str | None, region: re.Match[str], data: bytes, begin: int, line: int) -> list[Record]:
    halves = ((begin, data[: max(0, 128 - begin)]), (max(begin, 128), data[max(0, 128 - begin) :]))
    return [
        {
            "line": line + (offset - begin) // 16,
            "interface": port,
            **_place(region),
            "half": "lower" if offset < 128 else "upper",
            "offset": offset,
            "data": part.hex(),
        }
        for offset, part in halves
        if part
    ]


_BIN: Final = re.compile(r"BIN(\d{1,2}):?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Histogram:
    """The FEC histogram, as a row of bins per port or as a bin per row: one record per port."""

    rows: Table
    """A row per port."""
    bins: Table
    """A row per bin."""

    def read(self, page: Page) -> Parsed:
        try:
            return self.rows.read(page)
        except NotThis:
            parsed = self.bins.read(page)
        counts: list[Json] = []
        unparsed = list(parsed.unparsed)
        lines = {line.number: line for line in page.lines}
        for record in parsed.records:
            found = _BIN.fullmatch(str(record["bin"]))
            if found and int(found[1]) == len(counts):
                counts.append(record["codewords"])
            else:
                at = record["line"]
                unparsed.append(lines[at if isinstance(at, int) else 1].unparsed())
        first = parsed.records[0] if parsed.records else {"line": 1}
        cleared = {"cached": first["cached"]} if "cached" in first else {}
        whole: Record = {"line": first["line"], "interface": page.port, **cleared, "bins": counts}
        return Parsed((whole,), tuple(unparsed))

    def schema(self) -> Schema:
        bins: Schema = {"type": "array", "items": INTEGER_OR_NULL}
        fields = {"interface": TEXT_OR_NULL, "state": TEXT_OR_NULL, "cached": TEXT_OR_NULL, "bins": bins}
        return properties(fields, ["interface", "bins"])


_NEIGHBOUR: Final = re.compile(r"Interface: +(\S+), via: ([^,]+)(?:, RID: (\d+))?(?:, Time: (.+))?")
_ELSEWHERE: Final = re.compile(r"swp\d|(?:et|ge|xe)-\d|Et\d")
"""Ports of other systems whose lldpctl prints the same."""
_BLOCK: Final = re.compile(r"(?:Chassis|Port|VLAN|LLDP-MED|Unknown TLVs|PPVID|PI|LLDP neighbors|UnknownTLVs)")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``show lldp neighbors``: the text of lldpctl."""

    columns: tuple[Column, ...]
    further: re.Pattern[str]
    """Labels that are kept under ``other`` as they stand."""

    def read(self, page: Page) -> Parsed:
        labels = Labels(self.columns)
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        titled, last, depth = False, "", 0
        for line in page.lines:
            text = line.text.strip()
            if _RULE.fullmatch(text):
                last = ""
            elif head := _NEIGHBOUR.fullmatch(text):
                if _ELSEWHERE.match(head[1]):
                    raise NotThis(f"{head[1]!r} is no port of this system", line.number)
                said = (head[1], head[2], integer(head[3] or ""), head[4])
                records.append(
                    {"line": line.number, **dict(zip(("interface", "via", "rid", "age"), said, strict=True))}
                )
                last = ""
            elif text.rstrip(":") == "LLDP neighbors":
                titled = True
            elif records and last and indentation(line.text) >= depth + 8:
                records[-1][last] = f"{records[-1][last] or ''}\n{text}".strip()
            elif not records or not (known := label_of(text)) or not self._put(labels, records[-1], *known):
                unparsed.append(line.unparsed())
            else:
                last = "system_description" if known[0] == "SysDescr" else ""
                depth = indentation(line.text)
        if not records and not titled:
            raise _refuse(page, "no neighbour")
        return Parsed(tuple(records), tuple(unparsed))

    def _put(self, labels: Labels, record: Record, label: str, value: str) -> bool:
        lists = {"MgmtIP": "management_addresses", "MgmtIface": "management_interfaces"}
        if _BLOCK.fullmatch(label) and not value:
            return True
        if name := lists.get(label):
            values = record.setdefault(name, [])
            if isinstance(values, list):
                values.append(value)
            return True
        if label == "Capability":
            name, _, state = value.partition(", ")
            capabilities = record.setdefault("capabilities", {})
            if isinstance(capabilities, dict) and state in ("on", "off"):
                capabilities[name] = state == "on"
                return True
        if labels.put(record, label, value):
            return True
        other = record.setdefault("other", []) if self.further.fullmatch(label) else None
        if isinstance(other, list):
            other.append(f"{label}: {value}")
            return True
        return False

    def schema(self) -> Schema:
        texts: Schema = {"type": "array", "items": {"type": "string"}}
        lists = ("management_addresses", "management_interfaces", "other")
        fields: dict[str, Schema] = {
            "interface": {"type": "string"},
            "via": TEXT_OR_NULL,
            "rid": INTEGER_OR_NULL,
            "age": TEXT_OR_NULL,
            **label_fields(self.columns),
            **dict.fromkeys(lists, texts),
            "capabilities": {"type": "object", "additionalProperties": {"type": "boolean"}},
        }
        return properties(fields, ["interface", "via"])


_NO_PART: Final = re.compile(r"(\S{1,60})(?: (\S.{0,120}?))? -- (not [a-z]{1,20})")
"""A place without a part, or one that does not run: ``RP1 -- not present``."""
_PARTS: Final = re.compile(r"[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*){0,3}")


@dataclass(frozen=True, slots=True)
class Inventory:
    """``show platform inventory``: parts under headings, with columns that stand where their heading stands."""

    head: re.Pattern[str]
    names: tuple[str, ...]

    def read(self, page: Page) -> Parsed:
        at = next((n for n, line in enumerate(page.lines) if self.head.fullmatch(line.text)), None)
        if at is None:
            raise _refuse(page, "no inventory")
        head = self.head.fullmatch(page.lines[at].text)
        starts = [head.start(n) for n in range(1, len(self.names) + 1)] if head else []
        records: list[Record] = []
        unparsed = [line.unparsed() for line in page.lines[:at]]
        section: str | None = None
        for line in page.lines[at + 1 :]:
            cells = _placed(line.text, starts)
            if not line.text[0].isspace():
                if _PARTS.fullmatch(line.text.strip()):
                    section = line.text.strip()
                else:
                    unparsed.append(line.unparsed())
                continue
            if gone := _NO_PART.fullmatch(line.text.strip()):
                cells, state = [gone[1], "", "", "", gone[2] or ""], {"state": gone[3]}
            else:
                state = {}
            said: dict[str, Json] = {
                name: None if absent(cell) else cell for name, cell in zip(self.names, cells, strict=True)
            }
            records.append({"line": line.number, "section": section, **said, **state})
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        fields = dict.fromkeys(("section", *self.names), TEXT_OR_NULL)
        return properties({**fields, "state": TEXT_OR_NULL}, list(fields))


def _placed(text: str, starts: Sequence[int]) -> list[str]:
    """The cells of a row by where they begin; a value that runs into the next column goes by the wide gaps."""
    if any(text[start - 1 : start].strip() and text[start : start + 1].strip() for start in starts[1:]):
        words = _GAP.split(text.strip(), maxsplit=len(starts) - 1)
        return words + [""] * (len(starts) - len(words))
    return [text[a:b].strip() for a, b in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True)]


_IMAGES: Final = re.compile(r"REPOSITORY +TAG +IMAGE ID +(?:CREATED +)?SIZE", re.IGNORECASE)
_IMAGE: Final = re.compile(r"(\S+) +(\S+) +([0-9a-f]{12,64}) +(?:\S.{0,40}? {2,20})?([\d.]{1,20} ?[kMG]?B)")


@dataclass(frozen=True, slots=True)
class Version:
    """``show version``: labels, then the container images."""

    labels: KeyValues

    def read(self, page: Page) -> Parsed:
        images: list[Json] = []
        unparsed: list[Unparsed] = []
        at = next((n for n, line in enumerate(page.lines) if line.text.strip() == "Docker images:"), len(page.lines))
        parsed = self.labels.read(Page(page.lines[:at], page.whole))
        for line in page.lines[at + 1 :]:
            if row := _IMAGE.fullmatch(line.text.strip()):
                images.append(dict(zip(("repository", "tag", "image_id", "size"), row.groups(), strict=True)))
            elif not _IMAGES.fullmatch(line.text.strip()):
                unparsed.append(line.unparsed())
        record = {**parsed.records[0], "images": images}
        return Parsed((record,), (*parsed.unparsed, *unparsed))

    def schema(self) -> Schema:
        image: Schema = {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: {"type": "string"} for key in ("repository", "tag", "image_id", "size")},
        }
        images: Schema = {"type": "array", "items": image}
        fields = label_fields(self.labels.columns)
        return properties({**fields, "images": images}, ["images", *_must(self.labels)])


def _must(labels: KeyValues) -> list[str]:
    return [name for one in labels.columns if one.must for name in one.fields]


_DOTTED: Final = re.compile(r"(\S[^.]{0,80}?)\.{3,}+ (.{1,80})")


class Dotted:
    """``show interfaces counters detailed``: labels and counts with dots between them."""

    def read(self, page: Page) -> Parsed:
        counters: dict[str, Json] = {}
        cleared: str | None = None
        unparsed: list[Unparsed] = []
        for line in page.lines:
            found = _DOTTED.fullmatch(line.text.strip())
            name, value = (slug(found[1]), found[2]) if found else ("", "")
            if name == "time_since_counters_last_cleared":
                cleared = None if absent(value) else value
            elif name and name not in counters and (absent(value) or integer(value) is not None):
                counters[name] = integer(value)
            else:
                unparsed.append(line.unparsed())
        if not counters:
            raise _refuse(page, "no counters")
        record: Record = {"line": page.lines[0].number, "interface": page.port, "cleared": cleared}
        return Parsed((record | {"counters": counters},), tuple(unparsed))

    def schema(self) -> Schema:
        counters: Schema = {"type": "object", "additionalProperties": INTEGER_OR_NULL}
        fields = {"interface": TEXT_OR_NULL, "cleared": TEXT_OR_NULL, "counters": counters}
        return properties(fields, list(fields))


_PORT: Final = re.compile(r"Interface: +(\S+)")
_QUANTITY: Final = re.compile(r"(RX|TX) ([A-Za-z][\w ]{0,40}?)(?: \(([^()]{1,20})\))?:", re.IGNORECASE)


class SerdesLanes:
    """``show interfaces phy-serdes``: a record per lane and quantity."""

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        port: str | None = None
        found: re.Match[str] | None = None
        lanes: list[str] = []
        for line in page.lines:
            text = line.text.strip()
            words = text.split()
            if head := _PORT.fullmatch(text):
                port, found, lanes = head[1], None, []
            elif match := _QUANTITY.fullmatch(text):
                found, lanes = match, []
            elif words and words[0].lower() == "lane:" and all(word.isdecimal() for word in words[1:]):
                lanes = words[1:]
            elif found and lanes and words[0].endswith(":") and len(words) == len(lanes) + 1:
                values = [None if absent(word) else decimal(word) for word in words[1:]]
                if any(value is None and not absent(word) for value, word in zip(values, words[1:], strict=True)):
                    unparsed.append(line.unparsed())
                    continue
                records.extend(
                    {
                        "line": line.number,
                        "interface": port,
                        "direction": found[1].lower(),
                        "quantity": slug(found[2]),
                        "unit": found[3],
                        "lane": int(lane[:4]),
                        "value": value,
                    }
                    for lane, value in zip(lanes, values, strict=True)
                )
            elif not _RULE.fullmatch(text):
                unparsed.append(line.unparsed())
        if port is None or (unparsed and not records):
            raise _refuse(page, "no serdes lanes")
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        return properties(
            {
                "interface": TEXT_OR_NULL,
                "direction": {"enum": ["rx", "tx"]},
                "quantity": {"type": "string"},
                "unit": TEXT_OR_NULL,
                "lane": {"type": "integer"},
                "value": DECIMAL_OR_NULL,
            },
            ["interface", "direction", "quantity", "lane", "value"],
        )


_TLV_HEAD: Final = re.compile(r"\s*TLV Name +(?:Code +)?Len +Value\s*")
_TLV: Final = re.compile(r"\s*(\S(?:.{0,30}?\S)?) +(?:(0x[0-9a-f]{2}) +)?(\d{1,3})(?: (.*))?", re.IGNORECASE)
_TLV_AROUND: Final = re.compile(r"TlvInfo Header:|(?:Id String|Version|Total Length): .*", re.IGNORECASE)
_CHECKSUM: Final = re.compile(r"\((?:\*{1,4} ?)?checksum (valid|invalid).*\)", re.IGNORECASE)


class SystemEeprom:
    """``show platform syseeprom``: the TLVs of the ONIE EEPROM, and whether their checksum holds."""

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        headed = False
        for line in page.lines:
            text = line.text.strip()
            if _TLV_HEAD.fullmatch(text):
                headed = True
            elif checksum := _CHECKSUM.fullmatch(text):
                valid = checksum[1].lower() == "valid"
                records.append({"line": line.number, "name": "checksum", "value": checksum[1].lower(), "valid": valid})
            elif not headed and not _TLV_AROUND.fullmatch(text):
                raise NotThis(f"not the head 'TLV Name  Code  Len  Value': {shortened(text)}", line.number)
            elif headed and (row := _TLV.fullmatch(text)) and not re.fullmatch(r"[- ]+", text):
                value = (row[4] or "").strip()
                code = int(row[2], 16) if row[2] else None
                records.append(
                    {"line": line.number, "name": row[1], "code": code, "length": int(row[3]), "value": value or None}
                )
            elif headed and not re.fullmatch(r"[- ]+", text):
                unparsed.append(line.unparsed())
        if not headed:
            raise _refuse(page, "no TLVs")
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        return properties(
            {
                "name": {"type": "string"},
                "code": INTEGER_OR_NULL,
                "length": {"type": "integer"},
                "value": TEXT_OR_NULL,
                "valid": {"type": "boolean"},
            },
            ["name", "value"],
        )
