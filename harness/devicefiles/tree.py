"""JSON whose values remember their lines; numbers stay exact, and a key that stands twice is remarked on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from json.decoder import JSONDecodeError, JSONDecoder
from typing import Final

from .remarks import Notes, Unreadable

Scalar = str | int | Decimal | bool | None
DEEPEST: Final = 64
_STRING: Final = JSONDecoder()
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<decimal>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
_WORDS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a document and the line where it, or its key, stands."""

    value: Scalar | Mapping[str, Node] | tuple[Node, ...]
    line: int


def parse(text: str, notes: Notes) -> Node:
    """The document as nodes.  Unreadable, with the line, where it is not JSON."""
    return _Parser(text, notes).document()


class _Parser:
    def __init__(self, text: str, notes: Notes) -> None:
        self.text, self.notes = text, notes
        self.ends = [found.start() for found in re.finditer("\n", text)]

    def document(self) -> Node:
        at = self.space(0)
        node, at = self.value(at, 0, self.line(at))
        at = self.space(at)
        if at < len(self.text):
            raise self.fault(at, "text behind the JSON value")
        return node

    def line(self, at: int) -> int:
        return bisect_right(self.ends, at - 1) + 1

    def space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def fault(self, at: int, message: str) -> Unreadable:
        return self.notes.unreadable(self.line(min(at, len(self.text))), f"not JSON: {message}")

    def value(self, at: int, depth: int, line: int) -> tuple[Node, int]:
        if depth > DEEPEST:
            raise self.fault(at, f"nested deeper than {DEEPEST}")
        first = self.text[at : at + 1]
        if first == "{":
            return self.members(at, depth, line)
        if first == "[":
            return self.items(at, depth, line)
        if first == '"':
            text, end = self.string(at)
            return Node(text, line), end
        for word, value in _WORDS.items():
            if self.text.startswith(word, at):
                return Node(value, line), at + len(word)
        number = _NUMBER.match(self.text, at)
        if number is None or number.end() - at > 400:
            raise self.fault(at, f"a value was expected, found {self.text[at : at + 12]!r}")
        return Node(Decimal(number[0]) if number["decimal"] else int(number[0]), line), number.end()

    def string(self, at: int) -> tuple[str, int]:
        try:
            text, end = _STRING.raw_decode(self.text, at)
        except JSONDecodeError as wrong:
            raise self.fault(wrong.pos, wrong.msg) from None
        return str(text), end

    def members(self, at: int, depth: int, line: int) -> tuple[Node, int]:
        found: dict[str, Node] = {}
        at = self.space(at + 1)
        while self.text[at : at + 1] != "}":
            if self.text[at : at + 1] != '"':
                raise self.fault(at, f"a key was expected, found {self.text[at : at + 12]!r}")
            here = self.line(at)
            key, at = self.string(at)
            at = self.space(at)
            if self.text[at : at + 1] != ":":
                raise self.fault(at, f"a colon was expected behind {key!r}")
            node, at = self.value(self.space(at + 1), depth + 1, here)
            if key in found:
                first = found[key].line
                self.notes.contradiction(
                    "key-twice", here, key, f"stands twice, first on line {first}; the last counts"
                )
            found[key] = node
            at = self.after(at, "}")
        return Node(found, line), at + 1

    def items(self, at: int, depth: int, line: int) -> tuple[Node, int]:
        found: list[Node] = []
        at = self.space(at + 1)
        while self.text[at : at + 1] != "]":
            node, at = self.value(at, depth + 1, self.line(at))
            found.append(node)
            at = self.after(at, "]")
        return Node(tuple(found), line), at + 1

    def after(self, at: int, end: str) -> int:
        """The next member or item, or the bracket that ends them."""
        at = self.space(at)
        if self.text[at : at + 1] == end:
            return at
        if self.text[at : at + 1] != ",":
            raise self.fault(at, f"a comma or {end!r} was expected, found {self.text[at : at + 12]!r}")
        at = self.space(at + 1)
        if self.text[at : at + 1] == end:
            raise self.fault(at, f"a comma in front of {end!r}")
        return at


class Members:
    """The members of one object, typed.  Each has to be asked for: ``done`` remarks on the ones that nobody knows."""

    __slots__ = ("asked", "line", "nodes", "notes", "subject")

    def __init__(self, node: Node, notes: Notes, subject: str) -> None:
        if not isinstance(node.value, Mapping):
            raise notes.unreadable(node.line, f"{subject or 'the document'}: an object was expected")
        self.nodes, self.line, self.notes, self.subject = node.value, node.line, notes, subject
        self.asked: set[str] = set()

    def has(self, key: str) -> bool:
        return key in self.nodes

    def node(self, key: str) -> Node:
        self.asked.add(key)
        if key not in self.nodes:
            raise self.notes.unreadable(self.line, f"{self.named(key)} is missing")
        return self.nodes[key]

    def named(self, key: str) -> str:
        return f"{self.subject}: {key}" if self.subject else key

    def text(self, key: str) -> str:
        node = self.node(key)
        if not isinstance(node.value, str):
            raise self.notes.unreadable(node.line, f"{self.named(key)}: a text was expected, found {shown(node)}")
        return node.value

    def text_or(self, key: str, default: str) -> str:
        return self.text(key) if self.has(key) else default

    def maybe(self, key: str) -> str | None:
        return self.text(key) if self.has(key) else None

    def whole(self, key: str) -> int:
        """A whole number, which SONiC writes as a text as often as not."""
        node = self.node(key)
        return whole(node, self.named(key), self.notes)

    def whole_or(self, key: str) -> int | None:
        return self.whole(key) if self.has(key) else None

    def sub(self, key: str) -> Members:
        return Members(self.node(key), self.notes, self.named(key))

    def items(self, key: str) -> tuple[Node, ...]:
        """A list; nothing where there is none."""
        if not self.has(key):
            return ()
        node = self.node(key)
        if not isinstance(node.value, tuple):
            raise self.notes.unreadable(node.line, f"{self.named(key)}: a list was expected, found {shown(node)}")
        return node.value

    def each(self) -> Iterator[tuple[str, Node]]:
        """Every member, all of which are then known."""
        self.asked.update(self.nodes)
        yield from self.nodes.items()

    def done(self) -> None:
        for key, node in self.nodes.items():
            if key not in self.asked:
                self.notes.unknown(node.line, self.subject or "document", key)


def shown(node: Node) -> str:
    if isinstance(node.value, Mapping):
        return "an object"
    if isinstance(node.value, tuple):
        return "a list"
    return repr(str(node.value) if isinstance(node.value, Decimal) else node.value)


def whole(node: Node, what: str, notes: Notes) -> int:
    """A whole number, in digits or as a text of digits, also hexadecimal."""
    value = node.value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,30}|-?0[xX][0-9a-fA-F]{1,30}", value.strip()):
        return int(value, 16 if "x" in value.lower() else 10)
    raise notes.unreadable(node.line, f"{what}: a whole number was expected, found {shown(node)}")


def scalar(node: Node, what: str, notes: Notes) -> Scalar:
    """A value that is neither an object nor a list."""
    if isinstance(node.value, Mapping | tuple):
        raise notes.unreadable(node.line, f"{what}: one value was expected, found {shown(node)}")
    return node.value
