"""What stands around every answer of IOS-XR, and the kinds of cells that its tables share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ..cells import DECIMAL_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Json, Kind, Record, Schema, absent, decimal, integer
from ..text import Line, NotThis, Page, shortened

_CLOCK: Final = re.compile(r" *(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{0,12}\d{1,2}:\d\d:\d\d.{0,32}")
_ECHO: Final = re.compile(r" *(?:[\w/.:@#>()-]{0,80}[#>] ?)?(?:admin )?sh(?:o|ow)? \S.{0,200}", re.IGNORECASE)
"""The command as it was typed: a console shows it with its prompt, with a part of that, or abbreviated."""

_PROMPT: Final = re.compile(r" *RP/\d{1,2}/\w{1,8}/CPU\d{1,2}:[\w.()/-]{1,80}#.{0,200}")
"""Whatever else was typed before and behind: ``terminal length 0``, ``exit``."""
_NOTED: Final = re.compile(r">>> .{0,200}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,16} %UNICON-.{0,300}")
"""What a test framework notes of the command that it runs."""

RULE: Final = re.compile(r"\s*[-=]{2,}(?: +[-=]{2,})*\s*")
GAP: Final = re.compile(r" {2,}")
_AROUND: Final = 6
_LONGEST: Final = 1000
"""No line of this system is longer; one that is would take long to read."""

NOTHING: Final = frozenset({"unavailable", "not applicable", "not available", "unknown", "na"})
"""What IOS-XR prints, beside N/A and a dash, where there is no value."""


def body_of(page: Page) -> list[Line]:
    """The lines of an answer without the commands and the clock around it."""
    lines = list(page.lines)
    long = next((line for line in lines if len(line.text) > _LONGEST), None)
    if long is not None:
        raise NotThis(f"a line of {len(long.text)} letters: {shortened(long.text)}", long.number)
    for _ in range(_AROUND):
        if lines and any(shape.fullmatch(lines[0].text) for shape in (_CLOCK, _PROMPT, _ECHO, _NOTED)):
            del lines[0]
        if lines and _PROMPT.fullmatch(lines[-1].text):
            del lines[-1]
    return lines


def refused(page: Page, what: str) -> NotThis:
    """Why an answer is not one of the command, with its first line that says something."""
    lines = body_of(page) or page.lines
    first = lines[0] if lines else Line(1, "")
    return NotThis(f"{what}: {shortened(first.text)}", first.number)


def nothing(text: str) -> bool:
    """Whether the device says that there is no value."""
    return absent(text) or text.strip().casefold() in NOTHING


def optional(kind: Kind) -> Kind:
    """A kind of cell whose value may be missing in the words of IOS-XR."""

    def read(text: str) -> tuple[Json, ...] | None:
        return (None,) * len(kind.schemas) if nothing(text) else kind.read(text)

    return Kind(kind.name, kind.schemas, read)


def measured(*units: str) -> Kind:
    """A decimal number with one of these units behind it, or with none; of another unit it does not fit."""
    allowed = {unit.casefold() for unit in units} | {""}

    def read(text: str) -> tuple[Json, ...] | None:
        text = text.strip()
        if nothing(text):
            return (None,)
        found = re.fullmatch(r"([+-]?(?:inf|\d[\d.]*(?:[eE][+-]?\d+)?)) ?([A-Za-z%/^2]*)", text)
        value = decimal(found[1]) if found and found[2].casefold() in allowed else None
        return None if value is None else (value,)

    return Kind(f"number in {units[0] if units else 'no unit'}", (DECIMAL_OR_NULL,), read)


STATE: Final = Kind(
    "state",
    (TEXT_OR_NULL,),
    lambda t: (None,) if t.strip() in ("", "-") or nothing_but_none(t) else (t.strip().lower(),),
)
"""A word for a state, in lower case; of these ``none`` is one."""

WORDS: Final[Schema] = {"type": "array", "items": {"type": "string"}}
COUNT: Final = Kind(
    "whole number",
    (INTEGER_OR_NULL,),
    lambda t: (None,) if nothing(t) else None if (n := integer(t.strip())) is None else (n,),
)
SAID: Final = Kind("text", (TEXT_OR_NULL,), lambda t: (None,) if nothing_but_none(t) else (t.strip(),))
"""A text as it stands; ``None`` is a text."""

LISTED: Final = Kind("words", (WORDS,), lambda t: ([part.strip() for part in t.split(",") if part.strip()],))


def nothing_but_none(text: str) -> bool:
    return nothing(text) and text.strip().casefold() != "none"


def table_of(fields: Mapping[str, Schema], *, open_to: Schema | None = None) -> Schema:
    """The JSON Schema of an object inside a record."""
    if open_to is not None:
        return {"type": "object", "additionalProperties": open_to}
    return {"type": "object", "additionalProperties": False, "properties": {**fields}}


def listed(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def columns_of(head: str, headings: Mapping[str, str]) -> list[tuple[int, str]] | None:
    """The columns of a head in the order in which they stand: their start and their field.

    None where the head has words that are no heading, or a heading is there twice.
    """
    found = [(word.start(), headings.get(word[0].casefold())) for word in re.finditer(r"\S+(?: \S+)*", head)]
    names = [name for _, name in found if name is not None]
    return [(at, name) for at, name in found if name] if len(set(names)) == len(found) and names else None


def cells_of(text: str, starts: Sequence[int]) -> list[str]:
    """The cells of a row by where their columns begin; values that run over a start go by the wide gaps."""
    if any(text[start - 1 : start].strip() and text[start : start + 1].strip() for start in starts if start):
        words = GAP.split(text.strip())
        if len(words) != len(starts):
            words = text.split()
        return words if len(words) == len(starts) else []
    return [text[a:b].strip() for a, b in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True)]


def record_at(line: Line, **fields: Json) -> Record:
    return {"line": line.number, **fields}


def hexadecimal(text: str) -> int | None:
    found = re.fullmatch(r"0x([0-9a-fA-F]{1,16})", text.strip())
    return int(found[1], 16) if found else None


HEXADECIMAL: Final = Kind(
    "number in hex",
    (INTEGER_OR_NULL,),
    lambda t: (None,) if nothing(t) else None if (n := hexadecimal(t)) is None else (n,),
)
