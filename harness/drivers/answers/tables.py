"""Tables: columns over a ruler of dashes, boxes of ``+`` and ``|``, and the same rows as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from .cells import Cells, Json, Kind, Record, Schema
from .positions import Document, Member
from .text import Line, NotThis, Page, Parsed, Unparsed, properties, shortened

_RULER: Final = re.compile(r"\s*-{1,400}(?: {1,40}-{1,400})*\s*")
_RULE: Final = re.compile(r"\s*[-=]{4,}\s*")
_DASHES: Final = re.compile(r"-+")
_BOX_RULE: Final = re.compile(r"\s*\+(?:[-=]+\+)+\s*")
_GAP: Final = re.compile(r" {2,}")
_TIMES: Final = frozenset({"time", "cached_time"})
"""Members of JSON rows that say when they were counted."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the headings that it goes by, and the fields that its cells give."""

    pattern: str
    fields: tuple[str, ...]
    kind: Kind
    must: bool = False

    @property
    def heading(self) -> re.Pattern[str]:
        return _heading(self.pattern)


@cache
def _heading(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def column(heading: str, fields: str, kind: Kind, *, must: bool = False) -> Column:
    """A column; ``heading`` is a pattern for the whole heading, whose named groups become fields of the row."""
    return Column(heading, tuple(fields.split()), kind, must)


@dataclass(frozen=True, slots=True)
class Series:
    """Columns that are numbered (``PFC0`` ..): a list by number, or an object by heading where ``keyed``.

    Where it may have ``gaps``, a number that is not printed is null.
    """

    heading: re.Pattern[str]
    name: str
    kind: Kind
    keyed: bool = False
    gaps: bool = False

    def schema(self) -> Schema:
        item = self.kind.schemas[0]
        if self.keyed:
            return {"type": "object", "additionalProperties": item}
        return {"type": "array", "items": item}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands: headings with their line, rows of cells with theirs."""

    head: tuple[Line, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Line, tuple[str, ...] | None], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The answer of a command that prints tables."""

    columns: tuple[Column, ...]
    series: Series | None = None
    headings: tuple[re.Pattern[str], ...] = ()
    """Lines whose named groups belong to every row that follows."""
    singles: tuple[re.Pattern[str], ...] = ()
    """Lines that are records of their own."""
    titles: tuple[re.Pattern[str], ...] = ()
    """Lines that say nothing which the rows do not say."""
    head_lines: int = 1
    least: int = 2
    """How many of its columns make a table of the command."""
    port: bool = False
    """Whether the port of the command belongs to every row."""
    extra: dict[str, Schema] = field(default_factory=dict)
    """Fields that named groups give: their types."""

    def read(self, page: Page) -> Parsed:
        if text := self._untitled(page).json():
            return self._json(text)
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        known: Record = {"interface": page.port} if self.port else {}
        found = alone = False
        around = (*self.headings, *self.singles, *self.titles)
        for part in _parts(page, self.head_lines, around):
            if isinstance(part, Grid):
                found |= self._grid(part, known, records, unparsed)
            elif heading := _first(self.headings, part.text):
                known |= _groups(heading)
            elif single := _first(self.singles, part.text):
                records.append({"line": part.number, **_groups(single)})
                alone = True
            elif not _RULE.fullmatch(part.text) and not _first(self.titles, part.text):
                unparsed.append(part.unparsed())
        if not found and not (alone and len(unparsed) <= len(records)):
            line = page.lines[0] if page.lines else Line(1, "")
            wanted = ", ".join(_plain(c.heading) for c in self.columns if c.must)
            raise NotThis(f"no table with a column {wanted}: {shortened(line.text)}", line.number)
        return Parsed(tuple(records), tuple(sorted(unparsed, key=lambda u: u.line)))

    def _untitled(self, page: Page) -> Page:
        """The answer without the lines before it that say nothing."""
        lines = list(page.lines)
        while lines and _first(self.titles, lines[0].text):
            del lines[0]
        return replace(page, lines=lines)

    def schema(self) -> Schema:
        fields: dict[str, Schema] = {}
        required: list[str] = []
        if self.port:
            fields["interface"] = {"type": ["string", "null"]}
        for one in self.columns:
            fields |= dict(zip(one.fields, one.kind.schemas, strict=True))
            if one.must and not self.singles:
                required.extend(one.fields)
        if self.series:
            fields[self.series.name] = self.series.schema()
            if not self.singles:
                required.append(self.series.name)
        return properties(fields | self.extra, required)

    def _grid(self, grid: Grid, known: Record, records: list[Record], unparsed: list[Unparsed]) -> bool:
        """Read one table; whether it is one of this command."""
        plan, strangers = self._plan(grid.headings)
        if not self._enough(plan):
            unparsed.extend(line.unparsed() for line in grid.head)
            unparsed.extend(line.unparsed() for line, _ in grid.rows)
            return False
        if strangers:
            unparsed.extend(line.unparsed() for line in grid.head)
        rows = len(records)
        for line, cells in grid.rows:
            whole = cells is not None and (len(cells) == 1 or any(cells[1:]))
            record = self._record(plan, cells, {"line": line.number, **known}) if cells and whole else None
            if record is None:
                unparsed.append(line.unparsed())
            else:
                records.append(record)
        return not strangers or len(records) > rows

    def _plan(self, headings: Sequence[str]) -> tuple[list[tuple[int, Column | Series, Cells]], bool]:
        plan: list[tuple[int, Column | Series, Cells]] = []
        strangers, used = False, set[int]()
        for at, heading in enumerate(headings):
            for one in self.columns:
                if id(one) not in used and (match := one.heading.fullmatch(heading)):
                    plan.append((at, one, (_groups(match),)))
                    used.add(id(one))
                    break
            else:
                if self.series and (match := self.series.heading.fullmatch(heading)):
                    number = match[1]
                    plan.append((at, self.series, (heading, int(number) if number.isdecimal() else 0)))
                else:
                    strangers = True
        return plan, strangers

    def _enough(self, plan: Sequence[tuple[int, Column | Series, Cells]]) -> bool:
        """Whether these columns make a table of the command: all that it must have, and enough of them."""
        present = {id(one) for _, one, _ in plan}
        if self.series is not None and id(self.series) not in present:
            return False
        return len(plan) >= self.least and all(id(c) in present for c in self.columns if c.must)

    def _record(
        self, plan: list[tuple[int, Column | Series, Cells]], cells: Sequence[str], record: Record
    ) -> Record | None:
        keyed: dict[str, Json] = {}
        numbered: list[Json] = []
        for at, one, what in plan:
            values = one.kind.read(cells[at])
            if values is None:
                return None
            if isinstance(one, Column):
                groups = what[0]
                if groups and isinstance(groups, dict):
                    record |= groups
                record.update(zip(one.fields, values, strict=True))
            elif one.keyed:
                keyed[str(what[0])] = values[0]
            elif isinstance(number := what[1], int) and number == len(numbered):
                numbered.append(values[0])
            elif isinstance(number, int) and one.gaps and number > len(numbered):
                numbered.extend([None] * (number - len(numbered)))
                numbered.append(values[0])
            else:
                return None
        if self.series:
            record[self.series.name] = keyed if self.series.keyed else numbered
        return record

    def _json(self, text: str) -> Parsed:
        document = Document(text)
        records: list[Record] = []
        unparsed = list(document.unparsed())
        for line, names, cells in _json_rows(document, self.columns):
            plan, strangers = self._plan(tuple(cells))
            if not self._enough(plan) or len(plan) <= names:
                raise NotThis(f"no {', '.join(_plain(c.heading) for c in self.columns if c.must)} in the JSON", line)
            texts = list(cells.values())
            record = self._record(plan, texts, {"line": line})
            if record is None or strangers:
                unparsed.append(Unparsed(line, document.text(line)))
            if record is not None:
                records.append(record)
        if not records:
            raise NotThis("no row in the JSON", document.first)
        return Parsed(tuple(records), tuple(unparsed))


def _json_rows(document: Document, columns: Sequence[Column]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Rows of ``{"port": {heading: cell}}``, ``{"port": {"queue": {heading: cell}}}``, ``[{heading: cell}]``, or, of
    two columns, ``[{"pool": cell}]``.

    Each with its line, the number of cells that are names of members, and its cells.
    """
    musts = [c for c in columns if c.must]
    queued = len(musts) > 1 and musts[1].fields == ("queue",)
    keys = [_plain(c.heading) for c in columns if c.must] + [_plain(c.heading) for c in columns if not c.must]
    for outer in document.members():
        if not isinstance(outer.value, dict):
            if outer.name in _TIMES:
                continue
            raise NotThis(f"not a row: {shortened(outer.name)}", outer.line)
        first = {keys[0]: outer.name} if outer.name else {}
        if not outer.name and len(columns) == len(musts) == len(outer.value) + 1 == 2 and keys[0] not in outer.value:
            for inner in document.members(outer):
                if isinstance(inner.value, dict | list):
                    raise NotThis(f"not a cell: {shortened(inner.name)}", inner.line)
                yield inner.line, 1, {keys[0]: inner.name, keys[1]: "" if inner.value is None else str(inner.value)}
            continue
        if queued and outer.name and (not outer.value or any(isinstance(v, dict) for v in outer.value.values())):
            for inner in document.members(outer):
                if inner.name in _TIMES and not isinstance(inner.value, dict):
                    continue
                yield inner.line, len(first) + 1, {**first, keys[1]: inner.name, **_texts(inner)}
        else:
            yield outer.line, len(first), {**first, **_texts(outer)}


def _texts(member: Member) -> dict[str, str]:
    if not isinstance(member.value, dict):
        raise NotThis(f"not a row: {shortened(member.name)}", member.line)
    cells: dict[str, str] = {}
    for name, value in member.value.items():
        if isinstance(value, dict | list):
            raise NotThis(f"not a cell: {shortened(name)}", member.line)
        cells[name] = "" if value is None else str(value)
    return cells


def _plain(pattern: re.Pattern[str]) -> str:
    return re.sub(r"\(\?P<\w+>|[()\\?]", "", pattern.pattern.split("|")[0])


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> re.Match[str] | None:
    text = text.strip()
    return next((found for pattern in patterns if (found := pattern.fullmatch(text))), None)


def _groups(match: re.Match[str]) -> Record:
    groups: Record = {}
    for name, value in match.groupdict().items():
        if name.endswith("_ms"):
            groups[name] = int(value[:12]) if value else None
        else:
            groups[name] = value.lower() if value and name == "direction" else value or None
    return groups


def _parts(page: Page, head_lines: int, around: Sequence[re.Pattern[str]]) -> Iterator[Grid | Line]:
    """The tables of an answer and the lines outside of them, in order."""
    lines = page.lines
    at = 0
    while at < len(lines):
        if _BOX_RULE.fullmatch(lines[at].text):
            end = at
            while end < len(lines) and lines[end].text.lstrip()[:1] in ("+", "|"):
                end += 1
            yield from _box(lines[at:end])
            at = end
        elif _heads(lines, at, head_lines):
            ruler, start = lines[at + head_lines], at + head_lines + 1
            narrow = len(_spans(ruler.text)) == 1
            end = start
            while end < len(lines) and not _ends_table(lines, end, head_lines, around, narrow=narrow):
                end += 1
            yield _ruled(lines[at : at + head_lines], ruler, lines[start:end])
            at = end
        else:
            yield lines[at]
            at += 1


def _heads(lines: Sequence[Line], at: int, head_lines: int) -> bool:
    """Whether the head of a table stands here."""
    below = at + head_lines
    return (
        below < len(lines)
        and _RULER.fullmatch(lines[below].text) is not None
        and not any(_RULE.fullmatch(line.text) or _RULER.fullmatch(line.text) for line in lines[at:below])
    )


def _ends_table(
    lines: Sequence[Line], at: int, head_lines: int, around: Sequence[re.Pattern[str]], *, narrow: bool
) -> bool:
    """A ruler ends a table, the head of another one does, and a line that the command is known to print between."""
    text = lines[at].text
    if _RULER.fullmatch(text) or text.lstrip()[:2] in ("+-", "+="):
        return True
    below = at + head_lines
    if _heads(lines, at, head_lines) and (narrow or len(_spans(lines[below].text)) > 1):
        return True
    return _first(around, text) is not None


def _spans(ruler: str) -> list[tuple[int, int]]:
    return [found.span() for found in _DASHES.finditer(ruler)]


def _ruled(head: Sequence[Line], ruler: Line, rows: Sequence[Line]) -> Grid:
    spans = _spans(ruler.text)
    if len(spans) == 1 and len(words := _GAP.split(head[-1].text.strip())) > 1:
        return Grid(tuple(head), tuple(words), tuple((row, _split(row.text, len(words))) for row in rows))
    parts = [_cut(line.text, spans) or ("",) * len(spans) for line in head]
    headings = tuple(" ".join(" ".join(words).split()) for words in zip(*parts, strict=True))
    table: list[tuple[Line, tuple[str, ...] | None]] = []
    for row in rows:
        cells = _cut(row.text, spans)
        above = table[-1][1] if table and table[-1][0].number == row.number - 1 else None
        if cells and above and not cells[0] and above[0]:
            joined = tuple(" ".join(part for part in both if part) for both in zip(above, cells, strict=True))
            table[-1] = (Line(row.number, table[-1][0].text), joined)
        else:
            table.append((row, cells))
    return Grid(tuple(head), headings, tuple(table))


def _split(text: str, width: int) -> tuple[str, ...] | None:
    words = tuple(_GAP.split(text.strip()))
    return words if len(words) == width else None


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...] | None:
    """The cells of a row under a ruler; where values run over the gaps, the cells by their spacing."""
    begins, gaps, cells = _places(tuple(spans))
    for gap in gaps:
        if text[gap].strip():
            split = _split(text, len(spans))
            return split or (words if len(words := tuple(text.split())) == len(spans) else None)
    if begins and text[:begins].strip():
        return _split(text, len(spans))
    return tuple([text[cell].strip() for cell in cells])


@lru_cache(maxsize=256)
def _places(spans: tuple[tuple[int, int], ...]) -> tuple[int, tuple[slice, ...], tuple[slice, ...]]:
    """Where the first column of a ruler begins, the gaps between its columns, and their cells to the next column."""
    gaps = tuple(slice(end, start) for (_, end), (start, _) in pairwise(spans))
    starts = [0, *(start for start, _ in spans[1:])]
    return spans[0][0], gaps, tuple(slice(*ends) for ends in zip(starts, [*starts[1:], None], strict=True))


def _box(lines: Sequence[Line]) -> Iterator[Grid | Line]:
    """A table drawn with ``+`` and ``|``; the lines of one cell are joined by a space."""
    groups: list[tuple[Line, list[str]]] = []
    fresh = True
    for line in lines:
        if _BOX_RULE.fullmatch(line.text):
            fresh = True
            continue
        cells = [cell.strip() for cell in line.text.strip().strip("|").split("|")]
        same = not fresh and len(groups) > 1 and len(cells) == len(groups[-1][1])
        if not same or cells[0] or not any(cells):
            groups.append((line, cells))
        else:
            merged = [" ".join(part for part in both if part) for both in zip(groups[-1][1], cells, strict=True)]
            groups[-1] = (groups[-1][0], merged)
        fresh = False
    if not groups:
        yield from lines
        return
    head, headings = groups[0]
    width = len(headings)
    yield Grid(
        (head,), tuple(headings), tuple((line, tuple(row) if len(row) == width else None) for line, row in groups[1:])
    )
