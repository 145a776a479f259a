"""What every Cisco NX-OS answer has in common: several answers in one recording, and the tables of ``| json``.

NX-OS writes a table as ``TABLE_x`` that holds ``ROW_x``: an object where there is one row, a list where there are more.
``| json native`` differs in that its numbers are not quoted.  A terminal breaks long lines, in the middle of texts too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from ..cells import TEXT_OR_NULL, Json, Kind, Record, Schema, absent
from ..entry import OTHER, refusal
from ..labels import Labels, label_fields
from ..positions import Document, Member
from ..tables import Column
from ..text import Line, NotThis, Page, Parsed, Unparsed, properties

Columns: TypeAlias = Sequence[Column]

_ECHO: Final = re.compile(r"[\w.@-]{1,64}(?:\([\w.-]{1,40}\))?[#>] ?sh(?:o|ow)? +\S.{0,200}")
"""A prompt with the next command behind it: what follows is an answer of its own."""

_LOG: Final = re.compile(
    r"(?:\d{4} [A-Z][a-z]{2} +\d{1,2} [\d:.]{8,15} \S{1,64} )?%[A-Z][A-Z0-9_]{1,40}-(?:\w{1,20}-)?\d-[A-Z0-9_]{1,60}:.*"
)
"""A line of the switch's log, which a terminal shows wherever an answer has got to."""

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_UNTOLD: Final = frozenset({"not advertised", "not applicable", "unknown", "not set", "not available"})
_WRAPPERS: Final = ("ins_api", "outputs", "output", "result", "body")
_BLANKS: Final = 3
"""How many blanks at most a terminal's line may have lost at its end."""


def untold(text: str) -> bool:
    """Whether the switch says that it has no value."""
    return absent(text) or text.strip().lower() in _UNTOLD or not text.strip().strip("-")


def _word(text: str) -> tuple[Json, ...]:
    return (None,) if untold(text) else (text.strip(),)


def _lower(text: str) -> tuple[Json, ...]:
    return (None,) if untold(text) else (text.strip().lower(),)


WORD: Final = Kind("text", (TEXT_OR_NULL,), _word)
LOW: Final = Kind("word", (TEXT_OR_NULL,), _lower)


def constant(kind: Kind, words: Mapping[str, Json]) -> Kind:
    """A kind with words of its own, in lower case, before it."""

    def read(text: str) -> tuple[Json, ...] | None:
        low = text.strip().lower()
        return (words[low],) if low in words else kind.read(text)

    return Kind(kind.name, kind.schemas, read)


@dataclass(frozen=True, slots=True)
class Node:
    """A member of a JSON answer, with what is below it."""

    name: str
    line: int
    value: Json
    below: tuple[Node, ...] = ()

    def under(self, name: str) -> Iterator[Node]:
        """The objects of that name: one, or the items of a list."""
        for one in self.below:
            if one.name == name and isinstance(one.value, list):
                yield from one.below
            elif one.name == name and isinstance(one.value, dict):
                yield one

    def rows(self, table: str) -> Iterator[Node]:
        """The rows of ``TABLE_x``; none where it is not there."""
        for holder in self.under(f"TABLE_{table}"):
            yield from holder.under(f"ROW_{table}")

    def has(self, name: str) -> bool:
        return any(one.name == name for one in self.below)

    @property
    def text(self) -> str:
        """A value as text would have it; an empty object stands for nothing."""
        return "" if self.value is None or self.value == {} else str(self.value)

    @property
    def scalar(self) -> bool:
        return not isinstance(self.value, list | dict) or self.value == {}


@dataclass(slots=True)
class Tree:
    """A JSON answer, and what of it is not understood."""

    document: Document
    top: Node
    strange: dict[int, None] = field(default_factory=dict)

    def unparsed(self) -> tuple[Unparsed, ...]:
        lines = sorted({*self.strange, *(one.line for one in self.document.unparsed())})
        return tuple(Unparsed(number, self.document.text(number)) for number in lines)

    def not_understood(self, node: Node) -> None:
        self.strange[node.line] = None


def tree_of(page: Page) -> Tree | None:
    """The JSON of an answer; None where it is text."""
    text = page.json()
    if not text:
        return None
    document = Document(unbroken(text))
    top = Node("", document.first, document.value, tuple(_node(document, one) for one in document.members()))
    while inner := next((node for name in _WRAPPERS for node in top.under(name)), None):
        top = inner
    return Tree(document, top)


def _node(document: Document, member: Member) -> Node:
    nested = isinstance(member.value, list | dict)
    below = tuple(_node(document, one) for one in document.members(member)) if nested else ()
    return Node(member.name, member.line, member.value, below)


def unbroken(text: str) -> str:
    """JSON without the line breaks that a terminal put into its strings; further lines keep their numbers."""
    widest = max(map(len, text.split("\n")))

    def mend(found: re.Match[str]) -> str:
        if "\n" not in found[0] or any(_LOG.match(part) for part in found[0].split("\n")):
            return found[0]
        column = found.start() - (text.rfind("\n", 0, found.start()) + 1)
        *broken, last = found[0].split("\n")
        whole = ""
        for part in broken:
            lost = widest - column - len(part)
            whole += part + " " * (lost if 0 < lost <= _BLANKS else 0)
            column = 0
        return whole + last + "\n" * len(broken)

    return _STRING.sub(mend, text)


def parts(page: Page) -> list[Page]:
    """The answers of a recording in which the command was given more than once."""
    found: list[Page] = []
    lines: list[Line] = []
    for line in page.lines:
        if _ECHO.fullmatch(line.text):
            found.append(replace(page, lines=lines))
            lines = []
        else:
            lines.append(line)
    found.append(replace(page, lines=lines))
    return [part for part in found if part.lines] or [page]


def of_parts(page: Page, read: Callable[[Page], Parsed]) -> Parsed:
    """What all answers of a recording say; one that is no answer of the command is not understood where others are."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    refusals: list[NotThis] = []
    logged = [line for line in page.lines if _LOG.match(line.text.strip())]
    if logged and not page.json():
        page = replace(page, lines=[line for line in page.lines if line not in logged])
        unparsed += [line.unparsed() for line in logged]
    whole = parts(page)
    for part in whole:
        try:
            parsed = read(part)
        except NotThis as refusal:
            refusals.append(refusal)
            unparsed += [line.unparsed() for line in part.lines]
            continue
        records += parsed.records
        unparsed += parsed.unparsed
    if len(refusals) == len(whole):
        raise refusals[0]
    return Parsed(tuple(records), tuple(sorted(unparsed, key=lambda one: one.line)))


class Fields:
    """Labels of text and members of JSON that give the same fields."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._labels = Labels(columns)

    def put(self, record: Record, label: str, text: str) -> bool:
        return self._labels.put(record, label, text)

    def known(self, label: str) -> bool:
        return any(one.heading.fullmatch(label) for one in self.columns)

    def of_node(self, tree: Tree, node: Node, record: Record, *, other: bool = True) -> Record:
        """Fill a record with the scalar members of a row; what nobody knows is kept under ``other``."""
        for one in node.below:
            if not one.scalar:
                continue
            if self.put(record, one.name, one.text):
                continue
            kept = record.setdefault("other", {}) if other and not self.known(one.name) else None
            if isinstance(kept, dict):
                kept[one.name] = one.text or None
            else:
                tree.not_understood(one)
        return record


def nested_strangers(tree: Tree, node: Node, *known: str) -> None:
    """Say that objects and lists below a row are not understood, but for those that are known."""
    for one in node.below:
        if not one.scalar and one.name not in known:
            tree.not_understood(one)


@dataclass(frozen=True, slots=True)
class Answer:
    """The grammar of a command: how its text is read, how its JSON is, and the fields of a record."""

    text: Callable[[Page], Parsed] | None
    tree: Callable[[Tree], list[Record]] | None
    fields: Mapping[str, Schema]
    required: tuple[str, ...] = ()

    def read(self, page: Page) -> Parsed:
        return of_parts(page, self._part)

    def _part(self, page: Page) -> Parsed:
        tree = tree_of(page)
        if tree is None:
            if self.text is None:
                raise refusal(page, "not JSON")
            return self.text(page)
        if self.tree is None:
            raise NotThis("JSON, whose members nobody has seen for this command", tree.document.first)
        records = self.tree(tree)
        return Parsed(tuple(records), tree.unparsed())

    def schema(self) -> Schema:
        return properties({**self.fields, "other": OTHER} if self.tree else self.fields, self.required)


def missing(tree: Tree, table: str) -> NotThis:
    return NotThis(f"no TABLE_{table} in the JSON", tree.document.first)


def fields_of(columns: Columns) -> dict[str, Schema]:
    return label_fields(columns)
