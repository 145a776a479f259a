"""JSON answers, whose members remember the line that they stand on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Final, NoReturn

from .cells import Json
from .text import NotThis, Unparsed, shortened

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
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._start = self._skip(0)
        self._twice: set[str] = set()
        careful = JSONDecoder(parse_float=str, parse_constant=str, object_pairs_hook=self._object)
        self.value, end = self._value(self._start, careful)
        end = self._skip(end)
        if end < len(text):
            self._fail("text behind the JSON value", end)

    @property
    def first(self) -> int:
        """The line on which the value begins."""
        return self.line(self._start)

    def text(self, number: int) -> str:
        """The text of a line."""
        start = self._ends[number - 2] + 1 if number > 1 else 0
        return self._text[start : self._ends[number - 1] if number <= len(self._ends) else len(self._text)]

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

    def unparsed(self) -> tuple[Unparsed, ...]:
        """Members that stand twice in their object: the last one counts, and the line of the last is given."""
        lines = sorted(self.line(self._text.rfind(f'"{name}"')) for name in self._twice)
        return tuple(Unparsed(number, self.text(number)) for number in lines)

    def _object(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) < len(pairs):
            self._twice.update(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return members

    def _value(self, at: int, decoder: JSONDecoder = _DECODER) -> tuple[Json, int]:
        try:
            value, end = decoder.raw_decode(self._text, at)
        except JSONDecodeError as error:
            self._fail(f"not JSON: {error.msg}", error.pos)
        except (ValueError, RecursionError) as error:
            self._fail(f"not JSON that can be read ({error})", at)
        return value, end

    def _fail(self, what: str, at: int) -> NoReturn:
        number = self.line(at)
        raise NotThis(f"{what}: {shortened(self.text(number))}", number)
