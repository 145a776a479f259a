"""What every driver is: the questions it may ask a device, and what it makes of the answers.

Asking is ``asks``; the engine, a recorder and a transport do the rest.  Decoding is ``decode``: a pure function of
evidence, so a live run, a replay and a fixture differ only in who filled the evidence directory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Protocol, TypeVar

from ..errors import InputError
from ..evidence import Answer, Ask, Evidence, Kind
from ..lab.inventory import DevicePlan
from ..model import DeviceFacts
from ..reading import Absence, Missing, Reading, Source, Value
from ..units import Unit
from . import answers

T = TypeVar("T")
MOST_DIGITS = 300
Row = Mapping[str, Any]  # one record of a parsed answer: JSON values
Rows = Sequence[Row]


class Driver(Protocol):
    """A network operating system or host, as Plugfest knows it."""

    nos: str

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        """Every question to a device, none of which changes it."""

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        """What the answers on record say.  Never raises on what a device answered."""


class Answers:
    """The answers of one device, parsed once each and looked up by cell."""

    def __init__(self, nos: str, device: str, evidence: Evidence) -> None:
        self.nos, self.device, self.evidence = nos, device, evidence
        self.unknown: list[str] = []  # lines that a parser did not know
        self._parsed: dict[tuple[str, int], Rows | Missing] = {}

    def raw(self, command: str, sample: int = 1) -> Answer | Missing:
        """The answer itself; one that the device ended in an error is Missing, with what it said."""
        found = self.evidence.find(Ask(self.device, Kind.CLI, command, sample))
        if isinstance(found, Answer) and found.status != 0:
            said = next((line.strip() for line in found.text.splitlines() if line.strip()), "no words")
            return Missing(Absence.NOT_ANSWERED, self.source(command, sample), f"status {found.status}: {said}")
        return found

    def rows(self, command: str, sample: int = 1) -> Rows | Missing:
        """The records of an answer."""
        key = (command, sample)
        if key not in self._parsed:
            self._parsed[key] = self._parse(command, sample)
        return self._parsed[key]

    def _parse(self, command: str, sample: int) -> Rows | Missing:
        found = self.raw(command, sample)
        if isinstance(found, Missing):
            return found
        try:
            parsed = answers.parse(self.nos, command, found.text)
        except InputError as refused:
            return Missing(Absence.UNREADABLE, self.source(command, sample), str(refused))
        self.unknown += [f"{self.source(command, sample)} line {u.line}: {u.text!r}" for u in parsed.unparsed]
        return parsed.records

    def at(self, command: str, sample: int = 1) -> datetime | None:
        """When a question was answered."""
        found = self.raw(command, sample)
        return None if isinstance(found, Missing) else found.at

    def source(self, command: str, sample: int = 1) -> Source:
        again = f" #{sample}" if sample > 1 else ""
        return Source(f"{self.device}: {command}{again}")


class Table:
    """The records of one answer, looked up by the value of one field."""

    def __init__(self, of: Answers, command: str, key: str, *, sample: int = 1) -> None:
        self.of, self.command, self.key, self.sample = of, command, key, sample

    @cached_property
    def _rows(self) -> Mapping[str, Row] | Missing:
        rows = self.of.rows(self.command, self.sample)
        return (
            rows
            if isinstance(rows, Missing)
            else {str(row[self.key]): row for row in rows if row.get(self.key) is not None}
        )

    def row(self, key: str) -> Row | Missing:
        if isinstance(self._rows, Missing):
            return self._rows
        if key not in self._rows:
            return Missing(Absence.NOT_RECORDED, self.of.source(self.command, self.sample), f"no row for {key}")
        return self._rows[key]

    def value(self, key: str, field: str, into: Callable[[Any], T], unit: Unit = Unit.NONE) -> Value[T]:
        """One cell.  What the NOS says is not available is Missing, as is what ``into`` cannot take."""
        row = self.row(key)
        return (
            row if isinstance(row, Missing) else cell(row, field, into, self.of.source(self.command, self.sample), unit)
        )


def cell(row: Row, field: str, into: Callable[[Any], T], source: Source, unit: Unit = Unit.NONE) -> Value[T]:
    """One field of a record as a reading."""
    raw = row.get(field)
    place = Source(
        source.evidence, f"line {row['line']} {field}" if "line" in row else field, "" if raw is None else short(raw)
    )
    if field not in row:
        return Missing(Absence.NOT_RECORDED, place, f"the answer has no {field}")
    if raw is None:
        return Missing(Absence.NOT_AVAILABLE, place)
    try:
        return Reading(into(raw), place, unit)
    except (ValueError, TypeError, KeyError, ArithmeticError) as bad:
        return Missing(Absence.UNREADABLE, place, f"{bad}")


def short(raw: object) -> str:
    text = str(raw)
    return text if len(text) <= 60 else f"{text[:57]}..."


def number(raw: object) -> Decimal:
    """A number as a record has it: an int, or exact decimal text."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueError(f"{raw!r} is not a number")
    try:
        value = Decimal(raw)
    except InvalidOperation:
        raise ValueError(f"{raw!r} is not a number") from None
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise ValueError(f"{raw!r} is not a number that a counter or a ratio can have")
    return value


def gbps(raw: object) -> Decimal:
    """A speed in Mb/s as Gb/s."""
    return number(raw) / 1000
