"""What devices answer, as records: pure, and without loss.

``parse`` takes the text of one answer and gives one plain record per row or section, with the line where it began, and
every line that it did not know. A text that is not an answer of the command is refused. The keys and types of a
record are published per command, as JSON Schema, under ``harness/drivers/schemas``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Final

from ...errors import InputError
from . import sonic
from .cells import Json, Record, Schema
from .foreign import likeness
from .labels import slug
from .shapes import shapes
from .sonic import Entry
from .text import NotThis, Parsed, Unparsed, page_of

__all__ = ["Command", "Json", "Parsed", "Record", "Unparsed", "commands", "parse", "record_schema", "shape"]

_NAMES: Final = {"sonic": "SONiC", "linux": "Linux"}
_PORT: Final = re.compile(r"(?:Ethernet|PortChannel|Eth|etp|swp)[\w./-]*\d[\w./-]*")


@dataclass(frozen=True, slots=True)
class Command:
    """A command whose answers are understood."""

    nos: str
    name: str
    schema: str
    """The schema's file under ``harness/drivers/schemas``."""
    what: str
    same: tuple[str, ...] = ()
    """Further commands that answer alike."""


def commands() -> Iterable[Command]:
    """Every command whose answers are understood, by NOS."""
    for nos in _NAMES:
        for entry in _entries(nos):
            yield Command(nos, entry.name, f"{nos}/{slug(entry.name).replace('_', '-')}.json", entry.what, entry.same)


def parse(nos: str, command: str, text: str) -> Parsed:
    """The records of an answer.

    Raises ``InputError`` where the text is no answer of that command, or where nobody knows the command.
    """
    entry, words, asked = _find(nos, command)
    port = next((word for word in asked[len(words) :] if _PORT.fullmatch(word)), None)
    if nos == "linux":
        port = next((word for word in asked[len(words) :] if word != "dev"), None)
    try:
        return entry.grammar.read(page_of(text, words, port, asked))
    except NotThis as refusal:
        seems = likeness(text)
        foreign = f", not {_NAMES[nos]}" if seems[:1].isupper() else ""
        seems = f"; it looks like {seems}{foreign}" if seems else ""
        place = f"line {refusal.line}: " if refusal.line else ""
        raise InputError(f"not an answer of {entry.name!r}: {place}{refusal}{seems}") from None


def record_schema(nos: str, command: str) -> Schema:
    """The JSON Schema (draft 2020-12) of one record of a command's answer."""
    entry, _, _ = _find(nos, command)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{entry.name}: {entry.what}",
        **entry.grammar.schema(),
    }


def shape(nos: str, command: str, text: str) -> frozenset[str]:
    """The kinds of lines that an answer has, values left out, so that two answers of a command can be compared."""
    _, words, _ = _find(nos, command)
    return shapes(page_of(text, words))


def _words(command: str) -> tuple[list[str], set[str]]:
    words = command.replace("|", " | ").split()
    words = words[1:] if words[:1] == ["sudo"] else words
    words = ["interfaces" if word == "interface" else word for word in words]
    return [word for word in words if not word.startswith("-")], {word for word in words if word.startswith("-")}


def _entries(nos: str) -> tuple[Entry, ...]:
    if nos == "sonic":
        return sonic.COMMANDS
    from . import linux

    return linux.COMMANDS


@cache
def _index(nos: str) -> tuple[tuple[tuple[str, ...], frozenset[str], str, Entry], ...]:
    found = []
    for entry in _entries(nos):
        for name in (entry.name, *entry.same):
            words, options = _words(name)
            found.append((tuple(words), frozenset(options), name, entry))
    return tuple(sorted(found, key=lambda row: (-len(row[0]), -len(row[1]))))


def _find(nos: str, command: str) -> tuple[Entry, tuple[str, ...], list[str]]:
    if nos not in _NAMES:
        raise InputError(f"no parsers for {nos!r}: there are {', '.join(_NAMES)}")
    asked, options = _words(command)
    if asked[:1] == ["cat"] and len(asked) > 1:
        asked[1] = asked[1] if asked[1].startswith("/etc/sonic/config_db") else asked[1].rpartition("/")[2]
    for words, flags, _, entry in _index(nos):
        if tuple(asked[: len(words)]) == words and flags <= options:
            return entry, words, asked
    near = get_close_matches(" ".join(command.split()), [name for _, _, name, _ in _index(nos)], 3, 0.5)
    hint = f"; near are {', '.join(map(repr, near))}" if near else ""
    raise InputError(f"nobody knows the {_NAMES[nos]} command {command!r}{hint}")
