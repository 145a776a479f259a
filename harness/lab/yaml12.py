"""YAML 1.2 (core schema) read strictly, with the line of every node.

Built from the events of PyYAML's C parser, where there is one: PyYAML's own loader resolves scalars by YAML 1.1
(``off`` is false, ``1:1`` is 61) and loses a duplicate key without a word.  Here ``off`` and ``1:1`` are strings,
``5.10`` is the Decimal 5.10 and keeps its text, and what a lab file has no use for is refused: anchors, merge keys,
tags, more than one document, keys that are not plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NoReturn, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ..errors import LabError

Scalar: TypeAlias = str | int | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class File:
    """A file that a lab is read from: its path as errors print it, and its name as reports print it."""

    path: str
    name: str


@dataclass(slots=True)
class Node:
    """A value of a lab file and the line that declares it: for the value of a mapping, the line of its key."""

    value: dict[str, Node] | list[Node] | Scalar
    file: File
    line: int
    text: str = ""  # of a scalar, as it was written

    def error(self, message: str) -> LabError:
        return LabError(message, file=self.file.path, line=self.line)


_NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_WHOLE: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL_OR_HEX: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_LONGEST: Final = 1000  # digits of a number, and levels of nesting: a lab has neither


def resolve(text: str) -> Scalar:
    """A plain scalar by the core schema of YAML 1.2; ``.inf``, ``.nan`` and 1e1000 stay strings: no quantity is one."""
    if text in _WORDS:
        return _WORDS[text]
    if not (text[0].isdigit() or text[0] in "+-.") or len(text) > _LONGEST or not text.isascii():
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(text, 0)
    return text


def parse(text: str, file: File) -> Node:
    """The one document of ``text``; LabError with the line where it is not strict YAML 1.2."""
    try:
        return _Builder(text, file).document()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 0
        what = " ".join(part for part in (problem.context, problem.problem) if part)
        if line and re.match(r" *\t", text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""):
            what = "a tab where only spaces can be"
        raise LabError(f"not YAML: {what}", file=file.path, line=line) from None
    except yaml.reader.ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        character = problem.character if isinstance(problem.character, str) else chr(problem.character)
        raise LabError(f"not YAML: character {character!r} is not allowed", file=file.path, line=line) from None


class _Builder:
    """Builds nodes from parser events; recursion is bounded, so that a hostile file cannot exhaust the stack."""

    def __init__(self, text: str, file: File) -> None:
        self.file = file
        self.events: Iterator[Event] = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.scalars: dict[str, Scalar] = {}

    def document(self) -> Node:
        node: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if node is not None:
                    self.refuse("a second document begins: a lab file is one document", event)
                node = self.node(next(self.events), 0)
        return Node(None, self.file, 1) if node is None else node

    def node(self, event: Event, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, AliasEvent):
            self.refuse(f"alias *{event.anchor}: write a range (leaf[1-2], 1-8) or every_port instead", event)
        if isinstance(event, NodeEvent) and event.anchor is not None:
            self.refuse(f"anchor &{event.anchor}: write a range (leaf[1-2], 1-8) or every_port instead", event)
        if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent) and event.tag is not None:
            self.refuse(f"tag {event.tag}: only plain YAML is read here", event)
        if depth > 100:
            self.refuse("nested more than 100 deep", event)
        if isinstance(event, ScalarEvent):
            return self.scalar(event, line)
        if isinstance(event, SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(event := next(self.events), SequenceEndEvent):
                items.append(self.node(event, depth + 1))
            return Node(items, self.file, line)
        return self.mapping(line, depth)

    def scalar(self, event: ScalarEvent, line: int) -> Node:
        text: str = event.value
        if not event.implicit[0]:
            return Node(text, self.file, line, text)
        if text not in self.scalars:
            if _NOT_FINITE.fullmatch(text):
                self.refuse(f"{text}: a finite number was expected", event)
            self.scalars[text] = resolve(text)
        return Node(self.scalars[text], self.file, line, text)

    def mapping(self, line: int, depth: int) -> Node:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.node(event, depth + 1)
            if isinstance(key.value, dict | list):
                self.refuse("a key must be one word", event)
            if key.text == "<<":
                self.refuse("merge key <<: write a range (leaf[1-2], 1-8) or every_port instead", event)
            if key.text in entries:
                self.refuse(f"{key.text} is here twice, first on line {entries[key.text].line}", event)
            value = self.node(next(self.events), depth + 1)
            value.line = key.line
            entries[key.text] = value
        return Node(entries, self.file, line)

    def refuse(self, message: str, event: Event) -> NoReturn:
        raise LabError(message, file=self.file.path, line=_line(event))


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 0
