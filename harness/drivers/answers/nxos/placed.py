"""Tables of Cisco NX-OS: columns that stand where their headings stand, under and over a rule across the page.

A value may fill its column to the last letter, so that one blank stands before the next, and a number may begin to the
left of its heading: a value that lies across the beginning of a column belongs to that column where most of it does,
and where it does not begin with the column before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..cells import Kind, Record, Schema
from ..entry import refusal
from ..tables import Column
from ..text import Line, Page, Parsed, Unparsed

Place: TypeAlias = tuple[int, Column]
"""Where a column begins."""

RULE: Final = re.compile(r"\s*[-=]{3,}(?: +[-=]{2,})*\s*")


STRANGE: Final = Column("", (), Kind("what stands under a heading that is not known", (), lambda text: ()))


@dataclass(frozen=True, slots=True)
class Head:
    """One kind of table: its columns, and a second line of headings that says nothing more."""

    columns: tuple[Column, ...]
    under: str = ""
    known: tuple[tuple[str, str], ...] = ()
    """What every row of this table says beside its cells."""

    def places(self, text: str) -> tuple[list[Place], str] | None:
        """The columns by where they begin and the words that are no heading; None where it is not this head."""
        places: list[Place] = []
        rest = text
        for one in self.columns:
            found = re.search(rf"(?<!\S)(?:{one.pattern})(?!\S)", rest, re.IGNORECASE)
            if found:
                places.append((found.start(), one))
                rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
            elif one.must:
                return None
        if len(places) < 2:
            return None
        places += [(found.start(), STRANGE) for found in re.finditer(r"\S+(?: \S+)*", rest)]
        return sorted(places, key=lambda place: place[0]), rest.strip()


def cells(text: str, starts: Sequence[int]) -> list[str]:
    """The cells of a row under headings that begin at these places."""
    edges = [0]
    for start in starts[1:]:
        if start < len(text) and not text[start - 1].isspace() and not text[start].isspace():
            begin = max(text.rfind(" ", 0, start) + 1, 0)
            end = text.find(" ", start)
            end = len(text) if end < 0 else end
            edges.append(begin if begin > edges[-1] and end - start >= start - begin else end)
        elif start < len(text) and not text[start - 1].isspace() and start - 1 < edges[-1]:
            edges.append(edges[-1])
        else:
            edges.append(max(start, edges[-1]))
    return [text[a:b].strip() for a, b in zip(edges, [*edges[1:], len(text)], strict=True)]


def read_tables(page: Page, heads: Sequence[Head], ignored: Sequence[re.Pattern[str]] = ()) -> Parsed:
    """The rows of every table that has one of these heads; refused where there is none."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    head: Head | None = None
    places: list[Place] = []
    seen = False
    for line in page.lines:
        if RULE.fullmatch(line.text):
            places = _over(line.text, places)
            continue
        if any(one.fullmatch(line.text.strip()) for one in ignored):
            continue
        found = next(((one, said) for one in heads if (said := one.places(line.text))), None)
        if found:
            head, (places, strange) = found
            seen = True
            if strange:
                unparsed.append(line.unparsed())
        elif head and head.under and re.fullmatch(head.under, " ".join(line.text.split())):
            continue
        elif head is None or (record := _row(line, places)) is None:
            unparsed.append(line.unparsed())
        else:
            records.append({**record, **dict(head.known)})
    if not seen or len(unparsed) > len(records) + 2:
        raise refusal(page, f"no table with the columns {', '.join(_musts(heads))}")
    return Parsed(tuple(records), tuple(unparsed))


def _over(rule: str, places: list[Place]) -> list[Place]:
    """Columns whose headings stand in the middle, by the dashes below them; as they are over a rule without gaps."""
    spans = [found.span() for found in re.finditer(r"[-=]+", rule)]
    if len(spans) != len(places):
        return places
    return [(start, one) for (start, _), (_, one) in zip(spans, places, strict=True)]


def _musts(heads: Sequence[Head]) -> Iterator[str]:
    return (one.pattern.split("|")[0] for one in heads[0].columns if one.must)


def _row(line: Line, places: Sequence[Place]) -> Record | None:
    """A row by where its cells stand, or by its gaps where that does not fit and there are as many cells as columns."""
    by_gaps = re.split(r" {2,}", line.text.strip())
    for texts in (cells(line.text, [start for start, _ in places]), by_gaps):
        if len(texts) == len(places) and (record := _read(texts, places)) is not None:
            return {"line": line.number, **record}
    return None


def _read(texts: Sequence[str], places: Sequence[Place]) -> Record | None:
    record: Record = {}
    for text, (_, one) in zip(texts, places, strict=True):
        values = one.kind.read(text)
        if values is None:
            return None
        record |= dict(zip(one.fields, values, strict=True))
    return record


def placed_fields(heads: Sequence[Head]) -> dict[str, Schema]:
    """The JSON Schema of the fields of these tables."""
    fields: dict[str, Schema] = {}
    for head in heads:
        for one in head.columns:
            fields |= dict(zip(one.fields, one.kind.schemas, strict=True))
        fields |= {name: {"type": "string"} for name, _ in head.known}
    return fields
