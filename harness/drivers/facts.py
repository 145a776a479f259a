"""Facts that the systems tell in words of their own and that are made alike: pause, neighbours, parts, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final, TypeVar

from ..decode.transceiver import Transceiver
from ..model import Neighbour
from ..reading import Absence, Missing, Reading, Source, Value, derive
from ..units import Unit
from .base import Row, Rows, Table

T = TypeVar("T")

ADDRESS: Final = re.compile(r"(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}|(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", re.IGNORECASE)


def either(first: Value[T], second: Value[T]) -> Value[T]:
    """The first, or the second where only that was told; where neither was, why the first was not."""
    return second if isinstance(first, Missing) and isinstance(second, Reading) else first


def either_way(received: Value[bool], sent: Value[bool]) -> Value[bool]:
    """Whether pause is on in one direction at least: nothing is known of it before both are."""
    if isinstance(received, Missing):
        return received
    return derive(sent, lambda on: on or received.value, note=f"with the other way at {received.source.where}")


def while_up(down: bool, code: Value[str]) -> Value[str]:
    """The code of a link that is up; on one that is down none runs, whatever is still shown."""
    if down and isinstance(code, Reading):
        return Missing(Absence.NOT_AVAILABLE, code.source, "the link is down")
    return code


def told_neighbour(table: Table, port: str, system: str, *names: str) -> Value[Neighbour]:
    """The neighbour of a port, by the fields that name its system and its port."""
    device = table.value(port, system, str)
    told = (table.value(port, name, str) for name in names)
    known = tuple(value.value for value in told if isinstance(value, Reading))
    return derive(device, lambda named: Neighbour(named, known))


def read_when_asked(module: Transceiver) -> Value[Decimal]:
    """The age in seconds of monitors that were read from the module itself, and by no daemon before: none."""
    return derive(module.identifier, lambda _: Decimal(0), note="read from the module when asked", unit=Unit.SECONDS)


def parts(rows: Rows | Missing, into: Callable[[Row], T], source: Source, what: str = "record") -> Value[tuple[T, ...]]:
    """Supplies, fans or sensors: one of each row.  An answer without any does not say that there are none."""
    if isinstance(rows, Missing):
        return rows
    if not rows:
        return Missing(Absence.NOT_RECORDED, source, f"the answer has no {what}")
    return Reading(tuple(into(row) for row in rows), Source(source.evidence, f"line {rows[0]['line']}"))


def ok(raw: object) -> str:
    """The status of a part: ``ok``, or the system's own word for what is wrong with it."""
    return "ok" if str(raw).lower() == "ok" else str(raw)


def spellings(name: str) -> tuple[str, ...]:
    """A port as a neighbour calls it; a MAC address as hosts write it, too: e80a.b91a.aa5c is e8:0a:b9:1a:aa:5c."""
    if not ADDRESS.fullmatch(name):
        return (name,)
    digits = re.sub(r"[.:]", "", name.lower())
    return tuple(dict.fromkeys((name, ":".join(digits[at : at + 2] for at in range(0, 12, 2)))))


def all_spellings(names: Iterable[str]) -> tuple[str, ...]:
    """Every spelling of some names, each once."""
    return tuple(dict.fromkeys(spelling for name in names for spelling in spellings(name)))
