"""Instruments: sampling scopes and power meters that are asked over SCPI what they measure of a module's lanes.

``instruments.toml`` has the families, one driver each in ``DRIVERS``.  An instrument says only what it sees on a
channel.  Which lane of which module that is stands in the lab file under ``measures``, and which module it was in the
module's own identity page, so that one that was swapped does not inherit a measurement.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ..errors import LabError
from ..evidence import Answer, Ask, Evidence, Kind
from ..lab.inventory import DevicePlan, declared
from ..lab.measurements import UNITS, Measurement
from ..model import DeviceFacts
from ..reading import Absence, Missing, Reading, Source, Value, derive, in_dbm
from ..transports.base import Session
from ..transports.permit import Permit
from ..units import Unit
from ..verdict import Standing

TABLE: Final = Path(__file__).with_name("instruments.toml")
IDENTITY: Final = "*IDN?"
ERRORS: Final = ":SYSTem:ERRor?"

NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
PART: Final = re.compile(r'((?:"[^"]*"|[^;"])*)(?:;|$)')
INFINITE: Final = Decimal("9.9E37")
"""SCPI says 9.9E37 for infinity and 9.91E37 for what is no number; nothing measured here is near them."""

NO_VALUE: Final = frozenset({"", "?", "N/A", "NAN", "INF", "-INF"})


@dataclass(frozen=True, slots=True)
class Query:
    """How a family is asked for one quantity of one channel."""

    quantity: str
    prepare: tuple[str, ...]
    expect: tuple[tuple[str, str], ...]  # queries and what they have to answer
    reason: str | None
    unit_query: str | None
    units: Mapping[str, Unit]  # by what unit_query answers; by "" where it is fixed
    query: str
    listed: bool
    uncertainty: Decimal | None
    standing: Standing
    source: str

    @property
    def queries(self) -> tuple[str, ...]:
        """What has an answer, in the order of the answers."""
        optional = [one for one in (self.reason, self.unit_query) if one]
        return (*(query for query, _ in self.expect), *optional, self.query)

    @property
    def template(self) -> str:
        """The whole message."""
        return ";".join((*self.prepare, *self.queries))

    def text(self, channel: str) -> str:
        return self.template.replace("{channel}", channel)


@dataclass(frozen=True, slots=True)
class Family:
    """Instruments that are asked alike."""

    nos: str
    title: str
    identity: str
    example: str
    channel: str  # a pattern
    prefix: str
    queries: tuple[Query, ...]

    def named(self, channel: str) -> str:
        """A channel as the instrument calls it."""
        return f"{self.prefix}{channel}" if self.prefix and channel[:1].isdigit() else channel.upper()


@dataclass(frozen=True, slots=True)
class Lane:
    """What is on a channel: a media lane of the module behind a port."""

    port: str
    number: int
    channel: str  # as the instrument calls it

    def __str__(self) -> str:
        return f"{self.channel}: {self.port} lane {self.number}"


class Instrument:
    """The driver of one family."""

    def __init__(self, family: Family) -> None:
        self.family, self.nos = family, family.nos

    def session(self, device: DevicePlan) -> Session:
        """Queries of the family, for any of its channels."""
        templates = (query.template for query in self.family.queries)
        return Session(Permit.of(IDENTITY, ERRORS, *templates), identity=self.family.identity)

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        """What it is, and every quantity of every lane.  LabError where the family has no such channel."""
        yield Ask(device.name, Kind.SCPI, IDENTITY)
        for lane in self.lanes(device):
            for query in self.family.queries:
                yield Ask(device.name, Kind.SCPI, query.text(lane.channel))

    def lanes(self, device: DevicePlan) -> tuple[Lane, ...]:
        """The channels in use.  Each sees one lane: what it measures is of no other."""
        found: dict[str, Lane] = {}
        for port, channels in device.measures.items():
            for number, said in channels.items():
                lane = Lane(port, number, self.family.named(said))
                if not re.fullmatch(self.family.channel, lane.channel):
                    expected = f"{self.nos} has channels {self.family.channel}, found {said!r}"
                    raise LabError(f"{device.name}: {device.at}: measures {port} lane {number}: {expected}")
                first = found.setdefault(lane.channel, lane)
                if first is not lane:
                    raise LabError(f"{device.name}: {device.at}: measures {lane}: that channel has {first} already")
        return tuple(found.values())

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        """What the instrument says of itself."""
        identity = self.identity(device, evidence)
        source = Source(f"{device.name}: {IDENTITY}")
        none = Missing(Absence.NOT_ADVERTISED, source, "an instrument has none")
        return DeviceFacts(field(identity, 3), field(identity, 1), none, {}, {}, {})

    def identity(self, device: DevicePlan, evidence: Evidence) -> Value[Sequence[str]]:
        """Maker, model, serial number and firmware of an instrument of this family."""
        found = evidence.find(Ask(device.name, Kind.SCPI, IDENTITY))
        if isinstance(found, Missing):
            return found
        said = found.text.strip()
        source = Source(f"{device.name}: {IDENTITY}", "", said)
        if not re.match(self.family.identity, said, re.I):
            return Missing(Absence.UNREADABLE, source, f"expected {self.family.title}, {IDENTITY} answered {said!r}")
        return Reading([part.strip() for part in said.split(",")], source)

    def measurements(
        self, device: DevicePlan, evidence: Evidence, serial_of: Callable[[str], Value[str]]
    ) -> tuple[Measurement, ...]:
        """Every quantity of every lane, those without a value too; ``serial_of`` knows the module behind a port."""
        identity = self.identity(device, evidence)
        return tuple(
            self.measurement(device, evidence, identity, lane, query, serial_of(lane.port))
            for lane in self.lanes(device)
            for query in self.family.queries
        )

    def measurement(
        self,
        device: DevicePlan,
        evidence: Evidence,
        identity: Value[Sequence[str]],
        lane: Lane,
        query: Query,
        serial: Value[str],
    ) -> Measurement:
        standing = " (the command is recalled)" if query.standing is Standing.RECALLED else ""
        source = Source(f"{device.name}: {query.query.replace('{channel}', lane.channel)}", f"{lane}{standing}")
        answer = evidence.find(Ask(device.name, Kind.SCPI, query.text(lane.channel)))
        value: Value[Decimal]
        if isinstance(identity, Missing):
            value = Missing(identity.why, identity.source, identity.detail)
        elif isinstance(answer, Missing):
            value = Missing(answer.why, source, answer.detail)
        else:
            value = read(query, lane.channel, answer.text, source)
        quantity = penalty(query.quantity, device)
        if quantity is None:
            said = "test_fiber is not said: true makes it TDECQ, false TECQ"
            value = Missing(Absence.NOT_DECLARED, device.at, said)
        if isinstance(value, Reading):
            half = device.uncertainty.get(quantity or query.quantity, query.uncertainty)
            value = Reading(value.value, value.source, value.unit, half)
        unknown = Missing(Absence.NOT_RECORDED, source, f"no query of {device.nos} tells it")

        def set_up(said: str | None) -> Value[str]:
            return unknown if said is None else Reading(said, device.at)

        return Measurement(
            serial=serial,
            lane=Reading(lane.number, device.at),
            wavelength=unknown,
            case_temperature=unknown,
            quantity=Reading(quantity or query.quantity, source),
            value=value,
            pattern=set_up(device.pattern),
            reference_receiver=set_up(device.reference_receiver),
            instrument=derive(identity, lambda said: " ".join(said[:2])),
            instrument_serial=field(identity, 2),
            calibrated=declared(device.calibrated, device.at),
            measured=Reading(answer.at, source) if isinstance(answer, Answer) else unknown,
            operator=Missing(Absence.NOT_RECORDED, source, "asked without one"),
            at=source,
        )


def penalty(quantity: str, device: DevicePlan) -> str | None:
    """What a scope's penalty is: TDECQ through the test fiber, TECQ without, None where nobody says."""
    if quantity != "tdecq":
        return quantity
    return {True: "tdecq", False: "tecq", None: None}[device.test_fiber]


def field(identity: Value[Sequence[str]], place: int) -> Value[str]:
    """One of the four fields of an identity."""
    if isinstance(identity, Reading) and (len(identity.value) <= place or identity.value[place] in ("", "0")):
        return Missing(Absence.NOT_AVAILABLE, identity.source, f"field {place + 1} is empty")
    return derive(identity, lambda said: said[place])


def read(query: Query, channel: str, text: str, source: Source) -> Value[Decimal]:
    """The value in an answer, if everything that has to be so is so."""
    parts = parts_of(text.strip())
    if len(parts) != len(query.queries):
        expected = f"{len(query.queries)} parts were expected, found {len(parts)}: {text.strip()!r}"
        return Missing(Absence.UNREADABLE, source, expected)
    said = dict(zip(query.queries, parts, strict=True))
    for asked, wanted in query.expect:
        if said[asked].upper() != wanted.replace("{channel}", channel).upper() and not same_number(said[asked], wanted):
            why = said[query.reason].strip('"') if query.reason else ""
            because = f": {why}" if why else ""
            found = f"{asked} answered {said[asked]!r}, {wanted.replace('{channel}', channel)!r} was expected{because}"
            return Missing(Absence.NOT_AVAILABLE, source, found)
    unit = unit_of(query, said)
    if unit is None:
        known = " or ".join(query.units)
        answered = f"{query.unit_query} answered {said[query.unit_query or '']!r}"
        found = f"{answered}, {known} was expected: set it on the instrument"
        return Missing(Absence.UNREADABLE, source, found)
    raw = said[query.query]
    return number(raw.split(",")[0].strip() if query.listed else raw, unit, Source(source.evidence, source.where, raw))


def parts_of(text: str) -> list[str]:
    """The parts of an answer; a semicolon in quotes parts nothing."""
    return [
        found[1].strip() for found in PART.finditer(text) if found.end() > found.start() or not text or text[-1] == ";"
    ]


def same_number(said: str, wanted: str) -> bool:
    """Whether ``+0`` answers what ``0`` was expected of."""
    both = NUMBER.fullmatch(said) and NUMBER.fullmatch(wanted)
    return bool(both) and Decimal(said) == Decimal(wanted)


def unit_of(query: Query, said: Mapping[str, str]) -> Unit | None:
    """The unit of the value; None where the instrument is set to one that the table does not know."""
    if query.unit_query is None:
        return query.units[""]
    word = said[query.unit_query].upper()
    return next((unit for name, unit in query.units.items() if name == word or same_number(word, name)), None)


def number(raw: str, unit: Unit, source: Source) -> Value[Decimal]:
    """A number as SCPI writes it, power as dBm; what stands for no number is Missing."""
    bare = raw.strip('"').strip()
    if bare.upper() in NO_VALUE or not bare.strip("-*? "):
        return Missing(Absence.NOT_AVAILABLE, source, f"the instrument answers {raw!r}: it has no value")
    if not NUMBER.fullmatch(bare):
        return Missing(Absence.UNREADABLE, source, f"{raw!r} is not a number")
    value = Decimal(bare)
    if abs(value) >= INFINITE:
        return Missing(
            Absence.NOT_AVAILABLE, source, f"the instrument answers {raw}: SCPI for infinity or not a number"
        )
    if unit is Unit.WATT:
        return in_dbm(Reading(value * 1000, source, Unit.MW))
    return Reading(value, source, unit)


def families(file: Path = TABLE) -> Mapping[str, Family]:
    """The families of a table."""
    with file.open("rb") as table:
        return {nos: family(nos, row) for nos, row in tomllib.load(table).items()}


def family(nos: str, row: Mapping[str, Any]) -> Family:
    queries = tuple(query(name, one) for name, one in row["quantity"].items())
    return Family(nos, row["title"], row["identity"], row["example"], row["channel"], row.get("prefix", ""), queries)


def query(quantity: str, row: Mapping[str, Any]) -> Query:
    return Query(
        quantity=quantity,
        prepare=tuple(row.get("prepare", ())),
        expect=tuple((asked, answer) for asked, answer in row.get("expect", ())),
        reason=row.get("reason"),
        unit_query=row.get("unit_query"),
        units={name: UNITS[unit] for name, unit in row.get("units", {"": row.get("unit")}).items()},
        query=row["query"],
        listed=row.get("listed", False),
        uncertainty=Decimal(row["uncertainty"]) if "uncertainty" in row else None,
        standing=Standing(row["standing"]),
        source=row["source"],
    )


FAMILIES: Final = families()
DRIVERS: Final[Mapping[str, Instrument]] = {nos: Instrument(one) for nos, one in FAMILIES.items()}
