"""JSON answers, whose members remember the line that they stand on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Final, NoReturn

from .cells import Json
from .text import NotThis, shortened

_DECODER: Final = JSONDecoder(parse_float=str, parse_constant=str)
_SPACE: Final = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object, or one item of a list (whose name is empty)."""

    name: str
    line: int
    value: Json
    at: int


class Document:
    """A text that is one JSON value; decimal numbers keep their text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [at for at, letter in enumerate(text) if letter == "\n"]
        self._start = self._skip(0)
        self.value, end = self._value(self._start)
        end = self._skip(end)
        if end < len(text):
            self._fail("text behind the JSON value", end)

    def line(self, at: int) -> int:
        """The line of a place in the text."""
        return bisect_right(self._ends, at - 1) + 1

    def members(self, inside: Member | None = None) -> Iterator[Member]:
        """The members of the document, or of one of its members; none where that is not an object or a list."""
        at = inside.at if inside else self._start
        opening = self._text[at : at + 1]
        if opening not in ("{", "["):
            return
        at = self._skip(at + 1)
        while self._text[at : at + 1] not in ("}", "]"):
            name, start = "", at
            if opening == "{":
                key, at = self._value(at)
                name = str(key)
                at = self._skip(self._skip(at) + 1)
            value, end = self._value(at)
            yield Member(name, self.line(start), value, at)
            at = self._skip(end)
            if self._text[at : at + 1] == ",":
                at = self._skip(at + 1)

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _value(self, at: int) -> tuple[Json, int]:
        try:
            value, end = _DECODER.raw_decode(self._text, at)
        except JSONDecodeError as error:
            self._fail(f"not JSON: {error.msg}", error.pos)
        except (ValueError, RecursionError) as error:
            self._fail(f"not JSON that can be read: {type(error).__name__}", at)
        return value, end

    def _fail(self, what: str, at: int) -> NoReturn:
        number = self.line(at)
        line = self._text.split("\n", number)[number - 1 : number]
        raise NotThis(f"{what}: {shortened(line[0] if line else '')}", number)


def begins_json(text: str) -> bool:
    """Whether the text can only be JSON."""
    return text.lstrip()[:1] in ("{", "[")
