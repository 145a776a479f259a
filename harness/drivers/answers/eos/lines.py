"""Text of Arista EOS: tables whose columns stand under their headings, most of them without a ruler."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from ..cells import Cells, Json, Record, Schema
from ..tables import Column
from ..text import Line, Page, Parsed, Unparsed, properties

RULER: Final = re.compile(r"\s*[-=]+(?:\s+[-=]+)*\s*")
_CHUNK: Final = re.compile(r"\S+(?: \S+)*")
_TOKEN: Final = re.compile(r"\S+")
MEMBER_WIDTH: Final = 4000

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of a table: the columns in their order, and where each stands."""

    line: Line
    columns: tuple[Column, ...]
    spans: tuple[Span, ...]
    strange: bool
    """Whether a heading is unknown."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A table that is known by its headings.

    A row is split at two blanks or more; where that does not give as many cells as there are columns, each piece
    belongs to the column under whose heading it stands.  ``words`` says that no cell has a blank in it.
    """

    columns: tuple[Column, ...]
    words: bool = False

    def head(self, line: Line) -> Head | None:
        """The headings on a line; None where one that must be there is not."""
        found = _headings(line.text[:MEMBER_WIDTH], self.columns)
        present = {id(column) for column, _ in found}
        if len(found) < 2 or any(one.must and id(one) not in present for one in self.columns):
            return None
        spans = tuple(span for _, span in found)
        covered = list(line.text)
        for start, end in spans:
            covered[start:end] = " " * (end - start)
        return Head(line, tuple(column for column, _ in found), spans, bool("".join(covered).strip()))

    def cells(self, head: Head, text: str) -> Sequence[str]:
        """The cells of a row, one a column."""
        text = text[:MEMBER_WIDTH]
        width = len(head.columns)
        chunks = [(found[0], found.span()) for found in _CHUNK.finditer(text)]
        if len(chunks) == width:
            return [chunk for chunk, _ in chunks]
        tokens = [(found[0], found.span()) for found in _TOKEN.finditer(text)]
        if self.words and len(tokens) == width:
            return [token for token, _ in tokens]
        placed: list[list[str]] = [[] for _ in range(width)]
        for chunk, span in tokens if self.words else self._pieces(head, chunks):
            placed[_under(span, head.spans)].append(chunk)
        return [" ".join(parts) for parts in placed]

    def _pieces(self, head: Head, chunks: Sequence[tuple[str, Span]]) -> Iterator[tuple[str, Span]]:
        """Pieces of a row; one that runs over two headings is taken apart at its blanks."""
        for chunk, (start, end) in chunks:
            if " " in chunk and sum(start < stop and begin < end for begin, stop in head.spans) > 1:
                yield from (
                    (found[0], (start + found.start(), start + found.end())) for found in _TOKEN.finditer(chunk)
                )
            else:
                yield chunk, (start, end)

    def record(self, head: Head, line: Line) -> Record | None:
        """The fields of a row; None where a cell is not of its kind."""
        record: Record = {"line": line.number}
        for column, cell in zip(head.columns, self.cells(head, line.text), strict=True):
            values: Cells | None = column.kind.read(cell)
            if values is None or (column.must and not cell):
                return None
            record |= dict(zip(column.fields, values, strict=True))
        return record

    def schema(self) -> dict[str, Schema]:
        """The schemas of the fields."""
        return {name: one for c in self.columns for name, one in zip(c.fields, c.kind.schemas, strict=True)}


def _under(span: Span, spans: Sequence[Span]) -> int:
    """The column to which a piece belongs: the one whose heading it shares an edge with, else most of its length."""
    start, end = span
    for at, (left, right) in enumerate(spans):
        if start == left or end == right:
            return at
    zones = [(0 if at == 0 else left, nxt) for at, ((left, _), nxt) in enumerate(_zones(spans))]
    return max(range(len(spans)), key=lambda at: min(end, zones[at][1]) - max(start, zones[at][0]))


def _zones(spans: Sequence[Span]) -> Iterator[tuple[Span, int]]:
    for one, after in pairwise([*spans, (1 << 30, 1 << 30)]):
        yield one, after[0]


def _headings(text: str, columns: Sequence[Column]) -> list[tuple[Column, Span]]:
    """The headings of a line with their places; the longest takes its place first."""
    if not text.strip() or RULER.fullmatch(text):
        return []
    found: list[tuple[Column, Span]] = []
    taken = [False] * len(text)
    matches = ((one, match) for one in columns for match in [_standing(one.pattern).search(text)] if match)
    for column, match in sorted(matches, key=lambda pair: pair[1].start() - pair[1].end()):
        begin, end = match.span()
        while any(taken[begin:end]):  # part of a longer heading: look further on
            again = _standing(column.pattern).search(text, end)
            if again is None:
                break
            begin, end = again.span()
        else:
            taken[begin:end] = [True] * (end - begin)
            found.append((column, (begin, end)))
    return sorted(found, key=lambda pair: pair[1])


@lru_cache(maxsize=1024)
def _standing(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer of one table or more; where ``merge``, rows of one ``key`` are one record."""

    tables: tuple[Columns, ...]
    around: tuple[re.Pattern[str], ...] = ()
    """Lines beside the tables that say nothing which the rows do not say."""
    key: tuple[str, ...] = ("interface",)
    merge: bool = False
    required: tuple[str, ...] = ("interface",)
    extra: Mapping[str, Schema] = field(default_factory=dict)

    def read(self, page: Page) -> Parsed | None:
        """The records of a page; None where no line of it is the head of one of the tables."""
        records: dict[tuple[Json, ...], Record] = {}
        unparsed: list[Unparsed] = []
        head: Head | None = None
        table: Columns | None = None
        headed = False
        for number, line in enumerate(page.lines):
            found = next(((one, began) for one in self.tables if (began := one.head(line)) is not None), None)
            if found is not None:
                table, head = found
                headed = True
                if head.strange:
                    unparsed.append(line.unparsed())
            elif RULER.fullmatch(line.text) or any(one.fullmatch(line.text.strip()) for one in self.around):
                continue
            elif table is None or head is None or (record := table.record(head, line)) is None:
                unparsed.append(line.unparsed())
            else:
                at = tuple(record.get(name) for name in self.key) if self.merge else (number,)
                records[at] = {**record, **records.get(at, {})}
        return Parsed(tuple(records.values()), tuple(unparsed)) if headed else None

    def fields(self) -> dict[str, Schema]:
        """The schemas of the fields."""
        return {name: one for table in self.tables for name, one in table.schema().items()} | dict(self.extra)

    def schema(self) -> Schema:
        return properties(self.fields(), self.required)
