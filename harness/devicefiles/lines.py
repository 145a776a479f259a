"""Tables of words in columns, named by a comment line, and comma separated tables: each row with its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .remarks import Notes


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a table by column."""

    line: int
    cells: Mapping[str, str]
    notes: Notes

    def has(self, column: str) -> bool:
        return bool(self.cells.get(column))

    def text(self, column: str) -> str:
        if not self.has(column):
            raise self.notes.unreadable(self.line, f"{column} is missing")
        return self.cells[column]

    def maybe(self, column: str) -> str | None:
        return self.cells.get(column) or None

    def whole(self, column: str) -> int:
        text = self.text(column)
        if not re.fullmatch(r"-?[0-9]{1,30}", text):
            raise self.notes.unreadable(self.line, f"{column}: a whole number was expected, found {text!r}")
        return int(text)

    def whole_or(self, column: str) -> int | None:
        return self.whole(column) if self.has(column) else None

    def gbps(self, column: str) -> Decimal:
        """A rate in Mb/s, as Gb/s."""
        return Decimal(self.whole(column)) / 1000

    def wholes(self, column: str) -> tuple[int, ...]:
        text = self.text(column)
        if not re.fullmatch(r"[0-9]{1,9}(,[0-9]{1,9})*", text):
            raise self.notes.unreadable(self.line, f"{column}: numbers and commas were expected, found {text!r}")
        return tuple(map(int, text.split(",")))


def words(text: str, notes: Notes, first: str, usual: Sequence[str], optional: Collection[str] = ()) -> Iterator[Cells]:
    """Rows of words; the columns are those of the last comment that begins with ``first``, else the usual ones.

    A row may end before columns that are ``optional``.
    """
    columns: Sequence[str] = usual
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("#"):
            titles = stripped.strip("#").split()
            if titles[:1] == [first] and len(titles) > 2:
                columns = distinct(titles, number, notes)
            continue
        if not stripped:
            continue
        found = stripped.split()
        if len(found) > len(columns):
            what = f"{len(columns)} columns ({' '.join(columns)}) were expected"
            raise notes.unreadable(number, f"{what}, found {len(found)}")
        if missing := [column for column in columns[len(found) :] if column not in optional]:
            raise notes.unreadable(
                number, f"{missing[0]} is missing: the row has {len(found)} of {len(columns)} columns"
            )
        yield Cells(number, dict(zip(columns, found, strict=False)), notes)


def columns_of(text: str) -> tuple[str, ...]:
    """The columns that the first line of a comma separated table names."""
    first = next(csv.reader(text.splitlines()[:1]), [])
    return tuple(cell.strip() for cell in first)


def commas(text: str, notes: Notes, optional: Collection[str] = ()) -> tuple[tuple[str, ...], tuple[Cells, ...]]:
    """The columns and the rows of a comma separated table; a row may end before columns that are ``optional``."""
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        header = distinct([cell.strip() for cell in next(reader, [])], 1, notes)
        rows = []
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(header) or any(column not in optional for column in header[len(row) :]):
                raise notes.unreadable(reader.line_num, f"{len(header)} columns were expected, found {len(row)}")
            cells = {column: cell.strip() for column, cell in zip(header, row, strict=False)}
            rows.append(Cells(reader.line_num, cells, notes))
    except csv.Error as wrong:
        raise notes.unreadable(reader.line_num, f"not a comma separated table: {wrong}") from None
    return tuple(header), tuple(rows)


def distinct(titles: Sequence[str], line: int, notes: Notes) -> Sequence[str]:
    if len(set(titles)) < len(titles):
        twice = next(title for title in titles if titles.count(title) > 1)
        raise notes.unreadable(line, f"the column {twice!r} stands twice")
    return titles
