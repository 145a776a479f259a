"""What stands in one cell of an answer: how it is read, and the JSON type that it has in a record.

A value that a device says it does not have is null. A whole number is an integer; any other number is its exact
decimal text, so that nothing is rounded. Text that does not fit the kind is not a value: the caller reports the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from ...units import plain

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
Record: TypeAlias = dict[str, Json]
Schema: TypeAlias = dict[str, Json]
Cells: TypeAlias = tuple[Json, ...]

ABSENT: Final = frozenset({"", "-", "--", "n/a", "na", "none", "nan", "not available", "null"})

DECIMAL: Final = r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,4})?"

TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
INTEGER_OR_NULL: Final[Schema] = {"type": ["integer", "null"]}
BOOLEAN_OR_NULL: Final[Schema] = {"type": ["boolean", "null"]}
DECIMAL_OR_NULL: Final[Schema] = {"type": ["string", "null"], "pattern": rf"^({DECIMAL}|-inf)$"}
INTEGERS_OR_NULL: Final[Schema] = {"type": ["array", "null"], "items": {"type": "integer"}}
TEXTS_OR_NULL: Final[Schema] = {"type": ["array", "null"], "items": {"type": "string"}}

_PORT: Final = re.compile(r"[A-Za-z][A-Za-z_./:|-]{0,40}[0-9][\w./:|-]{0,40}(?<!:)(?: \(ganged\))?|CPU|cpu|mgmt")
_DECIMAL: Final = re.compile(DECIMAL)
_INTEGER: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3}){1,12}|[0-9]{1,40})")
_QUANTITY: Final = re.compile(rf"({DECIMAL}|[+-]?inf|nan) ?([A-Za-z%/°µ^]*\d?)", re.IGNORECASE)
_ACCURATE: Final = re.compile(rf"({DECIMAL})(?: ?\((\d{{1,3}})%\))?")


def absent(text: str) -> bool:
    """Whether the device says that there is no value."""
    return text.strip().lower() in ABSENT


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of cell. ``read`` gives one value per schema, or ``None`` where the text does not fit."""

    name: str
    schemas: tuple[Schema, ...]
    read: Callable[[str], Cells | None]


def _nullable(read: Callable[[str], Json], width: int = 1) -> Callable[[str], Cells | None]:
    def cells(text: str) -> Cells | None:
        text = text.strip()
        if absent(text):
            return (None,) * width
        value = read(text)
        return None if value is None else (value,)

    return cells


def integer(text: str) -> int | None:
    """``4,374,661`` as an integer; ``None`` where it is none."""
    return int(text.replace(",", "")) if _INTEGER.fullmatch(text) else None


def decimal(text: str) -> str | None:
    """The text of a decimal number, thousands commas removed; ``None`` where it is none."""
    bare = text.replace(",", "") if _INTEGER.fullmatch(text.partition(".")[0]) else text
    if _DECIMAL.fullmatch(bare):
        return bare.removeprefix("+")
    return "-inf" if text.lower() == "-inf" else None


def _integers(text: str) -> Json:
    numbers: list[Json] = []
    for part in text.replace(" ", "").split(","):
        low, dash, high = part.partition("-")
        if not (_INTEGER.fullmatch(low) and (not dash or _INTEGER.fullmatch(high))):
            return None
        first, last = int(low), int(high or low)
        if not 0 <= last - first < 4096:
            return None
        numbers.extend(range(first, last + 1))
    return numbers


def _texts(text: str) -> Json:
    return [part.strip() for part in text.split(",") if part.strip()]


_SPEED: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s?([MGT])(?:b?/?s|bps)?", re.IGNORECASE)
_PER: Final = {"M": 1, "G": 1000, "T": 1_000_000}


def speed_mbps(text: str) -> int | None:
    """``400G``, ``1.6T`` or ``100M`` as megabits per second."""
    found = _SPEED.fullmatch(text)
    if not found:
        return None
    exact = Decimal(found[1]) * _PER[found[2].upper()]
    return int(exact) if exact == int(exact) else None


_WORDS: Final = {
    "yes": True, "no": False, "true": True, "false": False, "on": True, "off": False, "enabled": True,
    "disabled": False, "enable": True, "disable": False, "present": True, "not present": False, "t": True, "f": False,
}  # fmt: skip


def boolean(text: str) -> bool | None:
    """``yes``, ``On``, ``Not present`` and their like."""
    return _WORDS.get(text.lower())


def pair(kind: Kind, separator: str) -> Kind:
    """Two values of one kind in one cell, as ``100/300``."""

    def read(text: str) -> Cells | None:
        if absent(text):
            return (None, None)
        left, found, right = text.partition(separator)
        one, two = kind.read(left), kind.read(right)
        return (*one, *two) if found and one is not None and two is not None else None

    return Kind(f"{kind.name} {separator} {kind.name}", kind.schemas * 2, read)


def quantity(unit: str) -> Kind:
    """A decimal number whose unit is written behind it, or left out."""

    def read(text: str) -> Cells | None:
        text = text.strip()
        if absent(text):
            return (None,)
        found = _QUANTITY.fullmatch(text)
        if not found or (found[2] and found[2].lower() != unit.lower()):
            return None
        return (None,) if found[1].lower() == "nan" else (decimal(found[1]),)

    return Kind(f"number in {unit}", (DECIMAL_OR_NULL,), read)


def choice(*words: str) -> Kind:
    """One of these words, in lower case."""
    schema: Schema = {"enum": [*words, None]}
    return Kind(f"one of {', '.join(words)}", (schema,), _nullable(lambda t: t.lower() if t.lower() in words else None))


def _rate(text: str) -> Json:
    number, _, unit = text.partition(" ")
    scale = {"B/s": 1, "KB/s": 1000, "MB/s": 1_000_000, "GB/s": 1_000_000_000, "": 1}.get(unit.strip())
    exact = decimal(number)
    return None if scale is None or exact is None else plain(Decimal(exact) * scale)


def _errors(text: str) -> Cells | None:
    if absent(text):
        return (None, None)
    return (text, [] if text.upper() == "OK" else [part.strip() for part in text.split("|")])


def _accurate(text: str) -> Cells | None:
    if absent(text):
        return (None, None)
    found = _ACCURATE.fullmatch(text)
    return (found[1], int(found[2]) if found[2] else None) if found else None


def _fan_speed(text: str) -> Cells | None:
    if absent(text):
        return (None, None)
    number = text.rstrip("%").removesuffix("RPM").strip()
    value = integer(number)
    if value is None:
        return None
    return (None, value) if text.upper().endswith("RPM") else (value, None)


TEXT: Final = Kind("text", (TEXT_OR_NULL,), _nullable(lambda t: t))


def _finite(text: str) -> Cells | None:
    value = integer(text)
    return None if value is None else (value, False)


def _typed(text: str) -> Cells:
    kind, _, value = text.partition(" ")
    return (kind, value.strip()) if value else (None, kind or None)


def _booleans(text: str) -> Cells | None:
    if absent(text):
        return (None,)
    if not text.startswith("["):
        value = boolean(text)
        return None if value is None else (value,)
    lanes: list[Json] = []
    for word in text.strip("[]").split(","):
        state = boolean(word.strip())
        if state is None and not absent(word):
            return None
        lanes.append(state)
    return (lanes,)


PORT: Final = Kind("port", ({"type": "string"},), lambda t: (t,) if _PORT.fullmatch(t) else None)
VERBATIM: Final = Kind("text as it stands", ({"type": "string"},), lambda text: (text,))
LOWER: Final = Kind("word", (TEXT_OR_NULL,), _nullable(str.lower))
FEC_WORD: Final = Kind("FEC", (TEXT_OR_NULL,), lambda t: ("none",) if t.strip().lower() == "none" else LOWER.read(t))
"""Of FEC ``none`` is a value: it runs without."""
COUNT: Final = Kind("whole number", (INTEGER_OR_NULL,), _nullable(integer))
DECIMAL_KIND: Final = Kind("decimal number", (DECIMAL_OR_NULL,), _nullable(decimal))
SPEED: Final = Kind("speed in Mb/s", (INTEGER_OR_NULL,), _nullable(speed_mbps))
INTEGERS: Final = Kind("whole numbers", (INTEGERS_OR_NULL,), _nullable(_integers))
TEXTS: Final = Kind("words", (TEXTS_OR_NULL,), _nullable(_texts))
BOOLEAN: Final = Kind("yes or no", (BOOLEAN_OR_NULL,), _nullable(boolean))
WHEN: Final = Kind("time", (TEXT_OR_NULL,), lambda t: (None,) if absent(t) or t.lower() == "never" else (t,))
EVENTS: Final = Kind("events", (INTEGER_OR_NULL,), lambda t: (None,) if t.lower() == "never" else _nullable(integer)(t))
PERCENT: Final = Kind("percent", (DECIMAL_OR_NULL,), _nullable(lambda t: decimal(t.removesuffix("%").strip())))
PER_SECOND: Final = Kind("per second", (DECIMAL_OR_NULL,), _nullable(lambda t: decimal(t.removesuffix("/s").strip())))
BYTES_PER_SECOND: Final = Kind("bytes per second", (DECIMAL_OR_NULL,), _nullable(_rate))
COUNTS: Final = pair(COUNT, "/")
ERRORS: Final = Kind("module error", (TEXT_OR_NULL, TEXTS_OR_NULL), _errors)
ACCURATE: Final = Kind("prediction", (DECIMAL_OR_NULL, INTEGER_OR_NULL), _accurate)
FAN_SPEED: Final = Kind("fan speed", (INTEGER_OR_NULL, INTEGER_OR_NULL), _fan_speed)
LANE: Final = Kind(
    "lane", ({"type": "integer"},), lambda t: (int(m[1]),) if (m := re.fullmatch(r"Lane ?(\d{1,3}):?", t)) else None
)
SIGNAL: Final = Kind(
    "state, starred where it changed since the last read",
    (BOOLEAN_OR_NULL, BOOLEAN_OR_NULL),
    lambda t: (None, None) if absent(t) else (t[0] == "T", t.endswith("*")) if t in ("T", "F", "T*", "F*") else None,
)
PRIORITY: Final = Kind(
    "priority", ({"type": "integer"},), lambda t: (int(t[3:]),) if re.fullmatch(r"PFC[0-7]", t) else None
)
PORT_QUEUE: Final = Kind(
    "port:queue",
    ({"type": "string"}, {"type": "integer"}),
    lambda t: (m[1], int(m[2])) if (m := re.fullmatch(r"([A-Za-z][\w./-]{0,60}):(\d{1,3})", t)) else None,
)
INFINITE: Final = Kind(
    "time, or for ever",
    (INTEGER_OR_NULL, BOOLEAN_OR_NULL),
    lambda t: (None, True) if t.lower() == "infinite" else (None, None) if absent(t) else _finite(t),
)
TYPED: Final = Kind("value with its type", (TEXT_OR_NULL, TEXT_OR_NULL), _typed)
BOOLEANS: Final = Kind(
    "yes or no, for the module or per lane",
    ({"anyOf": [BOOLEAN_OR_NULL, {"type": "array", "items": BOOLEAN_OR_NULL}]},),
    _booleans,
)
REFERENCE: Final = Kind(
    "name of a pool", (TEXT_OR_NULL,), _nullable(lambda t: re.split(r"[|:]", t.strip("[]"))[-1] or None)
)
