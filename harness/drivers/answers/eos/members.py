"""JSON of Arista EOS: members by their path, each with the field that it becomes.

EOS nests what a table shows: ``interfaces.Ethernet1/1.interfaceCounters.inDiscards``. A member that nobody knows is
kept under ``other`` by its path; one whose value is not of its kind is reported with its line and gives no field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ..cells import (
    BOOLEAN_OR_NULL,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    TEXT_OR_NULL,
    TEXTS_OR_NULL,
    Json,
    Record,
    Schema,
    decimal,
    integer,
)
from ..entry import OTHER, Object, object_in
from ..positions import Document, Member
from ..text import NotThis, Page, Parsed, Unparsed, shortened

_ABSENT: Final = frozenset({"", "-", "--", "n/a", "na", "nan", "unknown", "(unknown)"})
_INFINITE: Final = {"-infinity": "-inf", "-inf": "-inf"}
_DEEPEST: Final = 8


class Unfit(ValueError):
    """A value that is not of the kind that its member has."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the value of a member may be, and how it stands in a record."""

    schema: Schema
    read: Callable[[Json], Json]


def _missing(value: Json) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in _ABSENT)


def _count(value: Json) -> Json:
    if _missing(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        whole = integer(re.sub(r"\.0+$", "", value.strip()))
        if whole is not None:
            return whole
    raise Unfit(value)


def _number(value: Json) -> Json:
    if _missing(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        text = value.strip()
        found = _INFINITE.get(text.lower()) or decimal(text)
        if found is not None:
            return found
    raise Unfit(value)


def _text(value: Json) -> Json:
    if _missing(value):
        return None
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Unfit(value)


def _verbatim(value: Json) -> Json:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        return value.strip()
    raise Unfit(value)


def _flag(value: Json) -> Json:
    if value is None or isinstance(value, bool):
        return value
    raise Unfit(value)


def _texts(value: Json) -> Json:
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [str(one).strip() for one in value]
    raise Unfit(value)


def words(**known: Json) -> Kind:
    """A word of EOS's own, as this package says it; another one stands in lower case."""
    plain = {name.lower(): said for name, said in known.items()}

    def read(value: Json) -> Json:
        word = _text(value)
        return plain.get(word.lower(), word.lower()) if isinstance(word, str) else None

    return Kind(TEXT_OR_NULL, read)


COUNT: Final = Kind(INTEGER_OR_NULL, _count)
NUMBER: Final = Kind(DECIMAL_OR_NULL, _number)
TEXT: Final = Kind(TEXT_OR_NULL, _text)
VERBATIM: Final = Kind(TEXT_OR_NULL, _verbatim)
"""A text that a person wrote: no word of it means that there is none."""
FLAG: Final = Kind(BOOLEAN_OR_NULL, _flag)
TEXTS: Final = Kind(TEXTS_OR_NULL, _texts)
DUPLEX: Final = words(duplexFull="full", duplexHalf="half", duplexUnknown=None)
MEMBERS: Final = Kind(OTHER, lambda value: dict(object_in(value)))
"""An object that is kept as it is."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A member by its path, the field that it becomes, and its kind; without a field it says nothing that is kept."""

    path: str
    field: str
    kind: Kind = TEXT


def facts(kind: Kind, **fields: str) -> tuple[Fact, ...]:
    """Members of one kind that stand side by side: the field of each by its name."""
    return tuple(Fact(path, name, kind) for path, name in fields.items())


def below(prefix: str, *inner: Fact) -> tuple[Fact, ...]:
    """Members of a member."""
    return tuple(replace(fact, path=f"{prefix}.{fact.path}") for fact in inner)


@dataclass(frozen=True)
class Facts:
    """The members of one kind of object."""

    known: tuple[Fact, ...]

    @cached_property
    def _by_path(self) -> Mapping[str, Fact]:
        return {fact.path: fact for fact in self.known}

    @cached_property
    def _nests(self) -> frozenset[str]:
        parts = (fact.path.split(".") for fact in self.known)
        return frozenset(".".join(path[:depth]) for path in parts for depth in range(1, len(path)))

    def take(self, said: Object) -> tuple[Record, list[tuple[str, ...]]]:
        """The fields of an object, and the paths of members that are not of their kind."""
        record: Record = {}
        other: dict[str, Json] = {}
        unfit: list[tuple[str, ...]] = []
        self._take(said, (), record, other, unfit)
        if other:
            record["other"] = other
        return record, unfit

    def _take(
        self,
        said: Object,
        at: tuple[str, ...],
        record: Record,
        other: dict[str, Json],
        unfit: list[tuple[str, ...]],
    ) -> None:
        for name, value in said.items():
            here = (*at, name)
            path = ".".join(here)
            fact = self._by_path.get(path)
            if fact is not None:
                try:
                    found = fact.kind.read(value)
                except Unfit:
                    unfit.append(here)
                    continue
                if fact.field:
                    record[fact.field] = found
            elif path in self._nests and isinstance(value, dict) and len(here) < _DEEPEST:
                self._take(value, here, record, other, unfit)
            elif value not in ({}, []):
                other[path] = value

    def schema(self) -> dict[str, Schema]:
        """The schemas of the fields."""
        return {fact.field: fact.kind.schema for fact in self.known if fact.field} | {"other": OTHER}


@dataclass(frozen=True, slots=True)
class Opened:
    """A JSON answer, and the object in it that is the answer to this command."""

    document: Document
    top: Member | None
    value: Object

    def members(self, *path: str) -> Iterator[Member]:
        """The members of an object inside, each with its line; none where it is not there."""
        inside = self.find(*path)
        if inside is not None or not path:
            yield from self.document.members(inside if path else self.top)

    def find(self, *path: str) -> Member | None:
        """A member by its path."""
        inside = self.top
        for name in path:
            inside = next((one for one in self.document.members(inside) if one.name == name), None)
            if inside is None:
                return None
        return inside

    def row(self, row: Member, facts: Facts, unparsed: list[Unparsed], said: Object | None = None) -> Record:
        """The fields of one object; the line of a member that is not of its kind is reported."""
        record, unfit = facts.take(object_in(row.value) if said is None else said)
        for path in unfit:
            unparsed.append(self.unknown(self._at(row, path)))
        return record

    def _at(self, row: Member, path: Sequence[str]) -> Member:
        inside = row
        for name in path:
            inside = next((one for one in self.document.members(inside) if one.name == name), inside)
        return inside

    def unknown(self, member: Member) -> Unparsed:
        """The line of a member that is not understood."""
        return Unparsed(member.line, self.document.text(member.line))

    def strangers(self, known: frozenset[str]) -> list[Unparsed]:
        """Members beside those that are known."""
        return [self.unknown(one) for one in self.members() if one.name not in known]


def opened(page: Page, *wanted: str) -> Opened:
    """The JSON of an answer; NotThis where it has none of the members that tell the command.

    eAPI wraps answers in ``result``, and some tools put them in a list of one.
    """
    document = Document(page.json())
    top: Member | None = None
    for _ in range(3):
        inside = list(document.members(top))
        names = {one.name for one in inside}
        value: Json = document.value if top is None else top.value
        if isinstance(value, list):
            if len(inside) != 1:
                raise NotThis(f"{len(inside)} answers in one", document.first)
            top = inside[0]
        elif "result" in names and "result" not in wanted:
            top = next(one for one in inside if one.name == "result")
        else:
            break
    value = document.value if top is None else top.value
    if not isinstance(value, dict):
        raise NotThis("not a JSON object", document.first)
    if errors := value.get("errors"):
        said = "; ".join(str(one) for one in errors) if isinstance(errors, list) else str(errors)
        raise NotThis(f"the device refuses: {shortened(said)}", document.first)
    if isinstance(error := value.get("error"), dict):
        raise NotThis(f"the device refuses: {shortened(str(error.get('message')))}", document.first)
    if wanted and not set(wanted) & set(value):
        raise NotThis(f"no member {' or '.join(map(repr, wanted))}: {shortened(next(iter(value), ''))}", document.first)
    return Opened(document, top, value)


def by_port(page: Page, inside: str, facts: Facts, beside: frozenset[str] = frozenset()) -> Parsed:
    """A record for each member of one object, whose names are ports."""
    answer = opened(page, inside)
    unparsed = [*answer.document.unparsed(), *answer.strangers(beside | {inside})]
    records: list[Record] = []
    if not isinstance(answer.value.get(inside), dict):
        raise NotThis(f"{inside!r} holds no ports", answer.document.first)
    for port in answer.members(inside):
        if not isinstance(port.value, dict):
            raise NotThis(f"not a port: {shortened(port.name)}", port.line)
        records.append({"line": port.line, "interface": port.name, **answer.row(port, facts, unparsed)})
    return Parsed(tuple(records), tuple(unparsed))
