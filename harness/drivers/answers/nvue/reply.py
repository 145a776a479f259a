"""What NVUE prints, in whichever form, as paths with values.

``-o json`` is the object model; without it the same model is printed as columns of operational and applied values, as
tables under titles, or as labels with values, by command.  All become leaves: ``link.speed`` = ``400G``.  The forms are
those of the public documentation and of public programs that read them; no recording of NVUE was at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ..cells import Json
from ..positions import Document, Member
from ..text import Line, Page, Unparsed, indentation

Path: TypeAlias = tuple[str, ...]

REVISIONS: Final = frozenset({"operational", "applied", "pending", "startup", "description"})
"""Columns of values; an answer in JSON may be wrapped in them too."""

_RULER: Final = re.compile(r"\s*[-…]+(?: +[-…]+)*\s*")
_TITLE_RULE: Final = re.compile(r"\s*={3,}\s*")
_RULE: Final = re.compile(r"\s*-{8,}\s*")
_ABOUT: Final = re.compile(r"Interface: *(\S{1,40})")
_ROW: Final = re.compile(r"(\s*)(\[[^\]]{1,60}\]|\S+)(?:\s+(\S.*))?")
_CELL: Final = re.compile(r"\S+(?: \S+)*")
_TWO: Final = re.compile(r" {2,}(?! *dB\b)")
"""What stands between two cells; between a ratio and its unit there may be several blanks too."""
_LABEL: Final = re.compile(r"(\s*)([\w.-]{1,60})\s*:(?: +(\S.*))?")
_PORT: Final = re.compile(r"(?:swp|sw|eth|fnm)\d{1,4}(?:[sp]\d{1,3}){0,3}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value: where in the model it stands, and on which line."""

    path: Path
    line: int
    text: str
    applied: str = ""
    about: str = ""
    """The port of the block, where the answer has one for each."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: its title, its headings in lower case, and its rows."""

    title: str
    headings: tuple[str, ...]
    head: Line
    rows: tuple[tuple[Line, tuple[str, ...]], ...]
    about: str = ""


@dataclass(slots=True)
class Reply:
    """An answer, taken apart."""

    first: int = 1
    json: bool = False
    leaves: list[Leaf] = field(default_factory=list)
    tables: list[Rows] = field(default_factory=list)
    unparsed: list[Unparsed] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)

    def lost(self, line: int) -> None:
        """A line that nobody knows."""
        if all(one.line != line for one in self.unparsed):
            self.unparsed.append(Unparsed(line, self.texts.get(line, "")))


def reply_of(page: Page) -> Reply:
    """What an answer says; a text without any form of NVUE's gives no leaves and no tables."""
    if text := _json(page):
        return _of_json(Document(text), page)
    reply = Reply(page.lines[0].number if page.lines else 1, texts={line.number: line.text for line in page.lines})
    _Text(page.lines, reply).read()
    return reply


def _json(page: Page) -> str:
    """The JSON of an answer, behind a line or two that warn."""
    if text := page.json():
        return text
    for at, line in enumerate(page.lines[:5]):
        if line.text.startswith("{"):
            return Page(page.lines[at:], page.whole).json()
    return ""


# --- JSON ---------------------------------------------------------------------------------------------------------


def _of_json(document: Document, page: Page) -> Reply:
    reply = Reply(document.first, json=True, texts={line.number: line.text for line in page.lines})
    reply.unparsed += document.unparsed()
    tops = list(document.members())
    if tops and {top.name for top in tops} <= REVISIONS:
        operational = [leaf for top in tops if top.name == "operational" for leaf in _leaves(document, top, ())]
        applied = {leaf.path: leaf.text for top in tops if top.name == "applied" for leaf in _leaves(document, top, ())}
        said = {leaf.path for leaf in operational}
        reply.leaves += [Leaf(leaf.path, leaf.line, leaf.text, applied.get(leaf.path, "")) for leaf in operational]
        reply.leaves += [Leaf(path, reply.first, "", text) for path, text in applied.items() if path not in said]
        return reply
    reply.leaves += [leaf for top in tops for leaf in _leaves(document, top, (top.name,))]
    reply.leaves = [_unwrapped(leaf, page.port) for leaf in reply.leaves]
    for line in page.lines:
        if line.number < document.first:
            reply.lost(line.number)
    return reply


def _leaves(document: Document, member: Member, path: Path) -> Iterator[Leaf]:
    value = member.value
    if isinstance(value, dict) and value:
        for inner in document.members(member):
            yield from _leaves(document, inner, (*path, inner.name))
    elif isinstance(value, list):
        for item in value:
            yield Leaf((*path, word(item)), member.line, "")
    else:
        yield Leaf(path, member.line, "" if isinstance(value, dict) else word(value))


def _unwrapped(leaf: Leaf, port: str | None) -> Leaf:
    """A path without ``operational`` and ``interface.swp1`` before it, which some releases wrap it in."""
    path = leaf.path[1:] if leaf.path[0] == "operational" and len(leaf.path) > 1 else leaf.path
    if port and path[:2] == ("interface", port) and len(path) > 2:
        path = path[2:]
    elif port and path[0] == port and len(path) > 1:
        path = path[1:]
    return Leaf(path, leaf.line, leaf.text, leaf.applied)


def word(value: Json) -> str:
    """A value of JSON as the text form has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict | list) else str(value)


# --- text ---------------------------------------------------------------------------------------------------------


class _Text:
    """The lines of an answer, read in order."""

    def __init__(self, lines: Sequence[Line], reply: Reply) -> None:
        self.lines, self.reply = lines, reply
        self.at = 0
        self.title = self.about = ""

    def read(self) -> None:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            text = line.text.strip()
            if self._next(_TITLE_RULE):
                self.title, self.at = text, self.at + 2
            elif found := _ABOUT.fullmatch(text):
                self.about, self.at = found[1], self.at + 1
            elif _RULE.fullmatch(line.text) or _TITLE_RULE.fullmatch(line.text) or text == "No Data":
                self.at += 1
            elif _PORT.fullmatch(text.rstrip(":")):
                self.about, self.at = text.rstrip(":"), self.at + 1
            elif self._next(_RULER):
                self._ruled(line)
            elif _LABEL.fullmatch(line.text):
                self._labels()
            else:
                self.reply.unparsed.append(line.unparsed())
                self.at += 1

    def _next(self, pattern: re.Pattern[str], offset: int = 1) -> bool:
        after = self.at + offset
        return after < len(self.lines) and pattern.fullmatch(self.lines[after].text) is not None

    def _ends(self) -> bool:
        """Whether another form begins here."""
        text = self.lines[self.at].text
        apart = self._next(_RULE) and self._next(_ABOUT, 2)  # what stands between two ports
        return bool(
            self._next(_TITLE_RULE)
            or (self._next(_RULER) and not apart and not _RULER.fullmatch(text))
            or _RULE.fullmatch(text)
            or _ABOUT.fullmatch(text.strip())
        )

    def _ruled(self, head: Line) -> None:
        columns = [(found[0], found.start()) for found in _CELL.finditer(head.text)]
        ruler = self.lines[self.at + 1].text
        self.at += 2
        if columns and {name for name, _ in columns} <= REVISIONS:
            self._tree(columns)
        else:
            self._table(head, [found.span() for found in re.finditer(r"[-…]+", ruler)])

    def _tree(self, columns: Sequence[tuple[str, int]]) -> None:
        """Rows of a label and its values, operational and applied, moved in under the label that they belong to."""
        above: list[tuple[int, str]] = []
        while self.at < len(self.lines) and not self._ends():
            line = self.lines[self.at]
            self.at += 1
            found = _ROW.fullmatch(line.text)
            if not found:
                self.reply.unparsed.append(line.unparsed())
                continue
            depth = len(found[1])
            above = [(at, name) for at, name in above if at < depth]
            path = (*(name for _, name in above), found[2].strip("[]"))
            values = _placed(line.text, found.start(3), columns) if found[3] else {}
            said, applied = values.get("operational", ""), values.get("applied", "")
            if found[2].startswith("["):
                if said:
                    self._leaf((*path, said), line, "", "")
            elif values:
                self._leaf(path, line, said, applied)
            else:
                above.append((depth, found[2]))

    def _leaf(self, path: Path, line: Line, text: str, applied: str) -> None:
        self.reply.leaves.append(Leaf(path, line.number, text, applied, self.about))

    def _table(self, head: Line, spans: Sequence[tuple[int, int]]) -> None:
        headings = tuple(" ".join(cell.split()).lower() for cell in _cut(head.text, spans) or ())
        rows: list[tuple[Line, tuple[str, ...]]] = []
        while self.at < len(self.lines) and not self._ends():
            line = self.lines[self.at]
            if indentation(line.text) < spans[0][0] and not line.text[: spans[0][0]].isspace():
                break
            self.at += 1
            cells = _cut(line.text, spans)
            if cells is None:
                self.reply.unparsed.append(line.unparsed())
            else:
                rows.append((line, cells))
        self.reply.tables.append(Rows(self.title, headings, head, tuple(rows), self.about))

    def _labels(self) -> None:
        """Labels with values, nested by how far they are moved in."""
        above: list[tuple[int, str]] = []
        while self.at < len(self.lines) and not self._ends():
            line = self.lines[self.at]
            found = _LABEL.fullmatch(line.text)
            if not found or (not found[3] and not found[1] and _PORT.fullmatch(found[2])):
                return
            self.at += 1
            above = [(at, name) for at, name in above if at < len(found[1])]
            if found[3]:
                self._leaf((*(name for _, name in above), found[2]), line, found[3].strip(), "")
            else:
                above.append((len(found[1]), found[2]))


def _placed(text: str, start: int, columns: Sequence[tuple[str, int]]) -> dict[str, str]:
    """The values of a row, each in the column whose heading it stands under or nearest to."""
    values: dict[str, str] = {}
    for found in _CELL.finditer(text, start):
        name = min(columns, key=lambda column: abs(column[1] - found.start()))[0]
        values[name] = f"{values[name]} {found[0]}" if name in values else found[0]
    return values


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...] | None:
    """The cells of a row under a ruler; where values do not stand under it, the cells by their spacing."""
    starts = [0, *(start for start, _ in spans[1:])]
    crossed = any(text[start - 1 : start].strip() and text[start : start + 1].strip() for start in starts[1:])
    cells = tuple(text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True))
    if not crossed and not any(_TWO.search(cell) for cell in cells):
        return cells
    cells = tuple(re.split(_TWO, text.strip()))
    return cells if len(cells) == len(spans) else None
