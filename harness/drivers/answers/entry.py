"""A command whose answers are understood, and readers that are functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .cells import INTEGER_OR_NULL, Json, Schema, absent, integer
from .positions import Document
from .text import Grammar, Line, NotThis, Page, Parsed, properties, shortened

Object: TypeAlias = Mapping[str, Json]

ANY: Final[Schema] = {"type": ["null", "boolean", "integer", "string", "array", "object"]}
OTHER: Final[Schema] = {"type": "object", "additionalProperties": ANY}
TEXTS: Final[Schema] = {"type": "array", "items": {"type": "string"}}
NUMBERS: Final[Schema] = {"type": "array", "items": INTEGER_OR_NULL}


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its name, the further names that give the same answer, and how that is read."""

    name: str
    what: str
    grammar: Grammar
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """An answer that a function reads."""

    reads: Callable[[Page], Parsed]
    fields: Mapping[str, Schema]
    required: tuple[str, ...] = field(default=())

    def read(self, page: Page) -> Parsed:
        return self.reads(page)

    def schema(self) -> Schema:
        return properties(self.fields, self.required)


def refusal(page: Page, what: str) -> NotThis:
    """Why an answer is not one of the command, with its first line."""
    first = page.lines[0] if page.lines else Line(1, "")
    return NotThis(f"{what}: {shortened(first.text)}", first.number)


def json_of(page: Page) -> Document:
    """The JSON of an answer; the lines that some tools print before it are left out."""
    if text := page.json():
        return Document(text)
    for line in page.lines[:20]:
        if line.text[0] in "{[":
            lines = page.whole.split("\n")
            return Document("\n" * (line.number - 1) + "\n".join(lines[line.number - 1 :]))
    raise refusal(page, "not JSON")


def objects(page: Page) -> Iterator[tuple[int, Object]]:
    """The objects of a list, or the one object that is the whole answer, each with its line."""
    document = json_of(page)
    if isinstance(document.value, dict):
        yield document.first, document.value
        return
    for item in document.members():
        if not isinstance(item.value, dict):
            raise NotThis("not an object in the list", item.line)
        yield item.line, item.value


def text_in(value: Json) -> str | None:
    """A text, None where the device says that it has none."""
    return None if value is None or absent(str(value)) or isinstance(value, list | dict) else str(value)


def number_in(value: Json) -> int | None:
    """A whole number, written as such or as text."""
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int) else integer(value) if isinstance(value, str) else None


def list_in(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [] if value is None else [value]


def object_in(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def unknown_in(said: Object, known: set[str]) -> dict[str, Json]:
    """The members that nobody knows."""
    return {name: value for name, value in said.items() if name not in known}
