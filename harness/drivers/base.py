"""What every driver is: the questions it may ask a device, and what it makes of the answers.

Asking is ``asks``; the engine, a recorder and a transport do the rest.  Decoding is ``decode``: a pure function of
evidence, so a live run, a replay and a fixture differ only in who filled the evidence directory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Final, Protocol, TypeVar, runtime_checkable

from ..errors import InputError
from ..evidence import Answer, Ask, Evidence, Kind
from ..lab.inventory import DevicePlan
from ..lab.measurements import Measurement
from ..model import DeviceFacts
from ..reading import Absence, Missing, Reading, Source, Value
from ..transports.base import Session
from ..units import Unit
from . import answers
from .answers.text import says_nothing

T = TypeVar("T")
NEWLINE = "\n"
SAMPLES: Final = (1, 2)
PRIORITIES: Final = range(8)
LEVELS: Final = ("high_alarm", "low_alarm", "high_warning", "low_warning")
"""The thresholds of a monitor, in the order that a register map has them."""

MOST_DIGITS = 300
MOST_OF_MONITOR = 30
LEAST_RATIO = -30
"""No window is so long that it could show a ratio with so many zeros."""

Row = Mapping[str, Any]  # one record of a parsed answer: JSON values
Rows = Sequence[Row]


class Driver(Protocol):
    """A network operating system or host, as Plugfest knows it."""

    nos: str

    def session(self, device: DevicePlan) -> Session:
        """How such a device is asked, and everything that may be sent to it."""

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        """Every question to a device, none of which changes it, in the order in which to ask them.

        From the first that is a second sample on they come after the window between two samples of a counter.
        """

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        """What the answers on record say.  Never raises on what a device answered."""


@runtime_checkable
class Disruptive(Protocol):
    """A driver that has questions which disturb the device; they are put only where the user unlocked them."""

    def disruptive(self, device: DevicePlan) -> Iterator[Ask]:
        """The questions, after all others; each puts back what it changed."""


def disruptive(driver: Driver, device: DevicePlan) -> Iterator[Ask]:
    """The disturbing questions of a driver, which need not have any."""
    return driver.disruptive(device) if isinstance(driver, Disruptive) else iter(())


@runtime_checkable
class Accepting(Protocol):
    """A driver that understands answers to questions which it does not put: those that others collect."""

    def accepts(self, device: DevicePlan) -> Iterator[Ask]:
        """The questions, whose answers a support bundle may hold."""


def accepted(driver: Driver, device: DevicePlan) -> Iterator[Ask]:
    """The questions of which a driver takes answers without putting them; it need not have any."""
    return driver.accepts(device) if isinstance(driver, Accepting) else iter(())


@runtime_checkable
class Measuring(Protocol):
    """A driver of a device that measures modules: a board that times their start, an instrument."""

    def measurements(
        self, device: DevicePlan, evidence: Evidence, serial_of: Callable[[str], Value[str]]
    ) -> Iterable[Measurement]:
        """What it measured, as a measurement file has it.  Never raises on what a device answered.

        ``serial_of`` tells the serial number of the module in a cage, which is named by its first port.
        """


def measurements(
    driver: Driver, device: DevicePlan, evidence: Evidence, serial_of: Callable[[str], Value[str]]
) -> Iterable[Measurement]:
    """What a device measured; nothing of one whose driver does not know how."""
    return driver.measurements(device, evidence, serial_of) if isinstance(driver, Measuring) else ()


@runtime_checkable
class Soaking(Protocol):
    """A driver that has more to ask in every sample of a soak than the counters of which it takes two anyway."""

    def soaks(self, device: DevicePlan) -> Iterator[Ask]:
        """The questions, as sample 1: monitors of modules, changes of links.  ``asks`` has each of them too."""


def soaked(driver: Driver, device: DevicePlan) -> tuple[Ask, ...]:
    """What a soak asks a device again and again, each question once, as its second sample."""
    more = driver.soaks(device) if isinstance(driver, Soaking) else ()
    again = (ask for ask in driver.asks(device) if ask.sample > 1)
    return tuple(dict.fromkeys(replace(ask, sample=2) for ask in (*again, *more)))


def rounds(asks: Iterable[Ask]) -> tuple[tuple[Ask, ...], tuple[Ask, ...]]:
    """What is asked at once, and what after the window between two samples."""
    every = tuple(asks)
    first = next((place for place, ask in enumerate(every) if ask.sample > 1), len(every))
    return every[:first], every[first:]


class Answers:
    """The answers of one device, parsed once each and looked up by cell."""

    def __init__(self, nos: str, device: str, evidence: Evidence) -> None:
        self.nos, self.device, self.evidence = nos, device, evidence
        self.unknown: list[str] = []  # lines that a parser did not know
        self._found: dict[tuple[str, int], Answer | Missing] = {}  # read and hashed once, however many ports ask for it
        self._parsed: dict[tuple[str, int], Rows | Missing] = {}
        self._sources: dict[tuple[str, int], Source] = {}

    def raw(self, command: str, sample: int = 1) -> Answer | Missing:
        """The answer itself; one that the device ended in an error is Missing, with what it said."""
        key = (command, sample)
        if key not in self._found:
            self._found[key] = self._find(command, sample)
        return self._found[key]

    def _find(self, command: str, sample: int) -> Answer | Missing:
        found = self.evidence.find(Ask(self.device, Kind.CLI, command, sample))
        if isinstance(found, Answer) and found.status != 0:
            words = f"{found.text}\n{found.stderr}".splitlines()
            said = next((line.strip() for line in words if line.strip()), "no words")
            return Missing(Absence.NOT_ANSWERED, self.source(command, sample), f"status {found.status}: {said}")
        return found

    def samples(self, command: str) -> tuple[int, ...]:
        """The samples of a question that are on record, and 1 and 2 whether they are or not."""
        return tuple(sorted({*SAMPLES, *self.evidence.sampled(self.device, command)}))

    def sampled(self, command: str) -> tuple[int, ...]:
        """The samples of a question that are on record, answered or not; the first whether it is or not."""
        return tuple(sorted({1, *self.evidence.sampled(self.device, command)}))

    def due(self, command: str) -> tuple[int, ...]:
        """The samples on record of a question that is put twice, and 2 where the device was asked anything again.

        A second answer that is missing from the second round is missing: the first one does not stand in for it.
        """
        return tuple(sorted({*self.sampled(command), *self._again}))

    @cached_property
    def _again(self) -> tuple[int, ...]:
        return (2,) if self.evidence.samples(self.device) > 1 else ()

    def last(self, command: str) -> int:
        """The sample that tells how a counter of two samples ended."""
        return self.due(command)[-1]

    def second(self, command: str) -> int:
        """The sample after the first that is on record; 2 where none is."""
        return min((sample for sample in self.sampled(command) if sample > 1), default=2)

    def newest(self, command: str) -> int:
        """The last on record, answered or not, of a question that a soak alone puts again."""
        return self.sampled(command)[-1]

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
        if cut := end_of_line_missing(found.text):
            said = f"cut off in line {found.text.count(NEWLINE) + 1}: {short(cut)!r} has no end"
            return Missing(Absence.UNREADABLE, self.source(command, sample), said)
        try:
            parsed = answers.parse(self.nos, command, found.text)
        except InputError as refused:
            return Missing(Absence.UNREADABLE, self.source(command, sample), str(refused))
        self.unknown += [f"{self.source(command, sample)} line {u.line}: {u.text!r}" for u in parsed.unparsed]
        return parsed.records

    def record(self, command: str, sample: int = 1) -> Row | Missing:
        """The one record of an answer that has but one."""
        rows = self.rows(command, sample)
        if isinstance(rows, Missing):
            return rows
        if not rows:
            return Missing(Absence.NOT_RECORDED, self.source(command, sample), "the answer has no record")
        if len(rows) > 1:
            return Missing(Absence.UNREADABLE, self.source(command, sample), f"{len(rows)} records where one belongs")
        return rows[0]

    def field(
        self, command: str, field: str, into: Callable[[Any], T], unit: Unit = Unit.NONE, sample: int = 1
    ) -> Value[T]:
        """A field of an answer that has but one record."""
        row = self.record(command, sample)
        return row if isinstance(row, Missing) else cell(row, field, into, self.source(command, sample), unit)

    def at(self, command: str, sample: int = 1) -> datetime | None:
        """When a question was answered."""
        found = self.raw(command, sample)
        return None if isinstance(found, Missing) else found.at

    def span(self, *commands: str) -> tuple[datetime, datetime] | None:
        """When the first and the last of some questions were answered; None where none of them was."""
        times = [at for command in commands if (at := self.at(command)) is not None]
        return (min(times), max(times)) if times else None

    def apart(self, first: str, second: str, sample: int = 2) -> Value[Decimal]:
        """Seconds from the first answer to one command to the second answer, or a later one, to another."""
        one, two = self.raw(first), self.raw(second, sample)
        for answer in (one, two):
            if isinstance(answer, Missing):
                return answer
        assert isinstance(one, Answer) and isinstance(two, Answer)
        seconds = Decimal(str((two.at - one.at).total_seconds()))
        if seconds < 0:
            return Missing(
                Absence.UNREADABLE, self.source(second, sample), "the second answer is dated before the first"
            )
        return Reading(seconds, self.source(second, sample), Unit.SECONDS)

    def source(self, command: str, sample: int = 1) -> Source:
        known = self._sources.get((command, sample))
        if known is None:  # one text for all that was read of it
            known = self._sources[command, sample] = Source(f"{self.device}: {command}{suffix(sample)}")
        return known


class Table:
    """The records of one answer, looked up by the value of one field, which ``named`` may spell in full."""

    def __init__(
        self, of: Answers, command: str, key: str, *, sample: int = 1, named: Callable[[str], str] = str
    ) -> None:
        self.of, self.command, self.key, self.sample, self.named = of, command, key, sample, named

    @cached_property
    def rows(self) -> Mapping[str, Sequence[Row]] | Missing:
        """Every record of a key."""
        rows = self.of.rows(self.command, self.sample)
        if isinstance(rows, Missing):
            return rows
        found: dict[str, list[Row]] = {}
        for row in rows:
            if row.get(self.key) is not None:
                found.setdefault(self.named(str(row[self.key])), []).append(row)
        return found

    def row(self, key: str) -> Row | Missing:
        """The one row of a key; rows that contradict one another say nothing."""
        if isinstance(self.rows, Missing):
            return self.rows
        first, *others = self.rows.get(key, (None,))
        source = self.of.source(self.command, self.sample)
        if first is None:
            return Missing(Absence.NOT_RECORDED, source, f"no row for {key}")
        if any(without_line(other) != without_line(first) for other in others):
            return Missing(Absence.UNREADABLE, source, f"{len(others) + 1} rows for {key} that are not alike")
        return first

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


def end_of_line_missing(text: str) -> str:
    """The last line of an answer that was cut off in it; empty where the answer is whole, as far as one can see.

    What stands in such a line may be half of a value, and what came behind it is gone.  JSON and XML end with the
    bracket that they began with, so that they tell by themselves.
    """
    if text.endswith(NEWLINE) or text.lstrip()[:1] in ("", "{", "[", "<"):
        return ""
    last = text.rpartition(NEWLINE)[2]
    return "" if says_nothing(last) else last


def suffix(sample: int) -> str:
    """What follows the name of a question or a module that was asked before."""
    return f" #{sample}" if sample > 1 else ""


def without_line(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "line"}


def short(raw: object) -> str:
    text = str(raw)
    return text if len(text) <= 60 else f"{text[:57]}..."


def number(raw: object) -> Decimal:
    """A number as a record has it: an int, or exact decimal text.  Nothing that drivers read so is negative."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueError(f"{raw!r} is not a number")
    try:
        value = Decimal(raw)
    except InvalidOperation:
        raise ValueError(f"{raw!r} is not a number") from None
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise ValueError(f"{raw!r} is not a number that a counter or a ratio can have")
    if value < 0:
        raise ValueError(f"{raw!r} is below 0")
    return value


def signed(raw: object) -> Decimal:
    """What a monitor shows, which may be below 0; minus infinity is a lane without light."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueError(f"{raw!r} is not a number")
    value = Decimal(raw)
    if value == -Decimal("Infinity"):
        return value
    if not value.is_finite() or abs(value.adjusted()) > MOST_OF_MONITOR:
        raise ValueError(f"{raw!r} is not a number that a monitor can show")
    return value


def counter(raw: object) -> Decimal:
    """A counter: a whole number that is not below 0."""
    value = number(raw)
    if value != value.to_integral_value():
        raise ValueError(f"{raw!r} is not a whole number")
    return value


def error_ratio(raw: object) -> Decimal:
    """A bit error ratio, 0 to 1; one of no error that a device writes as ``15E-255`` is 0."""
    value = number(raw)
    if value > 1:
        raise ValueError(f"{raw!r} is not a ratio")
    return value if value.adjusted() > LEAST_RATIO else Decimal(0)


def truth(raw: object) -> bool:
    """A yes or no as a record has it; no other value counts as either."""
    if not isinstance(raw, bool):
        raise ValueError(f"{raw!r} is neither yes nor no")
    return raw


def up_or_down(raw: object) -> str:
    """A state as a record has it; no other word counts as either."""
    if raw not in ("up", "down"):
        raise ValueError(f"{raw!r} is neither up nor down")
    return str(raw)


def by_priority(raw: Mapping[str, object]) -> Mapping[int, Decimal]:
    """Counts by priority, or by queue; JSON has numbers as texts there."""
    return {int(priority): counter(count) for priority, count in raw.items()}


def histogram(raw: Any) -> tuple[int, ...]:
    """The codewords in each bin."""
    return tuple(int(counter(count)) for count in raw)


def gbps(raw: object) -> Decimal:
    """A speed in Mb/s as Gb/s."""
    return number(raw) / 1000
