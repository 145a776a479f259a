"""SONiC's databases as evidence: which field of which table is which fact.

A support bundle holds the databases where it lacks most of the commands, and no command prints how often a flag
changed.  So whatever a command tells is looked for here too, and here alone where the command was not recorded:

- Settings, states and identities that both tell have to agree.  Neither is preferred, because the commands print these
  very tables and a difference is a change in between or a mistake: the reading is Missing and names both.
- Counters are the command's where it was recorded: it counts from the last clear, the database from the start of the
  switch, so that they differ where nothing is wrong.

Field names are those of the schemas of sonic-swss-common and of the daemons that write them, older releases included.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, TypeVar

from ...evidence import Answer
from ...model import FecSample, Flag, Neighbour, PauseCounts
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...units import Unit
from ..base import PRIORITIES, Answers, Row, cell, counter, error_ratio, gbps, number

T = TypeVar("T")

APPL: Final = "sonic-db-dump -n APPL_DB -y"
STATE: Final = "sonic-db-dump -n STATE_DB -y"
COUNTERS: Final = "sonic-db-dump -n COUNTERS_DB -y"
DATABASES: Final = (APPL, STATE, COUNTERS)

NONE_IS_NOTHING: Final = frozenset({"", "n/a", "na", "none", "null", "nan", "not available", "unknown"})
NOTHING: Final = NONE_IS_NOTHING - {"none"}
"""Of FEC ``none`` is a value: it runs without."""
BINS: Final = 16
UNTOLD: Final = frozenset({Absence.NOT_RECORDED, Absence.NOT_ANSWERED})
"""Reasons for which another source is asked: the first says nothing, rather than that there is nothing."""


def lower(raw: object) -> str:
    return str(raw).strip().casefold()


def several(raw: object) -> int:
    """How many different numbers a list has: lanes as the ASIC counts them."""
    return len({int(lane) for lane in str(raw).split(",")})


def switched(raw: object) -> bool:
    return {"on": True, "off": False, "true": True, "false": False, "enabled": True, "disabled": False}[lower(raw)]


def fec_word(raw: object) -> str:
    """The word for a code; what is none of those that SONiC has is not passed on."""
    words = {"rs": "rs", "fc": "fc", "none": "none", "auto": "auto", "off": "none"}
    if lower(raw) not in words:
        raise ValueError(f"{raw!r} names no code that is known")
    return words[lower(raw)]


QUANTITY: Final = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?|-inf) ?(C|Volts|V|dBm|mA|W|RPM|%)?")


def measured(raw: object) -> Decimal:
    """A number of a monitor; its unit, which releases up to 2020 write behind it, left out."""
    found = QUANTITY.fullmatch(str(raw).strip())
    if not found:
        raise ValueError(f"{raw!r} is not a number of a monitor")
    return Decimal("-Infinity") if found[1] == "-inf" else Decimal(found[1])


@dataclass(frozen=True, slots=True)
class Field:
    """Where a database keeps a fact, and what is made of it."""

    command: str
    table: str
    name: str
    into: Callable[[Any], Any]
    unit: Unit = Unit.NONE
    nothing: frozenset[str] = NONE_IS_NOTHING


PORT: Final[Mapping[str, Field]] = {
    "admin": Field(APPL, "PORT_TABLE", "admin_status", lower),
    "oper": Field(APPL, "PORT_TABLE", "oper_status", lower),
    "mtu": Field(APPL, "PORT_TABLE", "mtu", number, Unit.BYTES),
    "lanes": Field(APPL, "PORT_TABLE", "lanes", several),
    "speed_asked": Field(APPL, "PORT_TABLE", "speed", gbps, Unit.GBPS),
    "speed_running": Field(STATE, "PORT_TABLE", "speed", gbps, Unit.GBPS),
    "fec_configured": Field(APPL, "PORT_TABLE", "fec", fec_word, nothing=NOTHING),
    "fec_operational": Field(STATE, "PORT_TABLE", "fec", fec_word, nothing=NOTHING),
    "auto_negotiation": Field(APPL, "PORT_TABLE", "autoneg", switched),
    "flaps": Field(APPL, "PORT_TABLE", "flap_count", counter),
    "last_up": Field(APPL, "PORT_TABLE", "last_up_time", str),
    "last_down": Field(APPL, "PORT_TABLE", "last_down_time", str),
    "alias": Field(APPL, "PORT_TABLE", "alias", str),
    "neighbour": Field(APPL, "LLDP_ENTRY_TABLE", "lldp_rem_sys_name", str),
    "neighbour_port": Field(APPL, "LLDP_ENTRY_TABLE", "lldp_rem_port_id", str),
    "neighbour_description": Field(APPL, "LLDP_ENTRY_TABLE", "lldp_rem_port_desc", str),
}
"""Facts of a port, by its row in a table."""

FEC: Final[Mapping[str, tuple[str, str, Callable[[Any], Decimal]]]] = {
    "corrected": ("COUNTERS", "SAI_PORT_STAT_IF_IN_FEC_CORRECTABLE_FRAMES", counter),
    "uncorrected": ("COUNTERS", "SAI_PORT_STAT_IF_IN_FEC_NOT_CORRECTABLE_FRAMES", counter),
    "symbol_errors": ("COUNTERS", "SAI_PORT_STAT_IF_IN_FEC_SYMBOL_ERRORS", counter),
    "pre_fec_ber": ("RATES", "FEC_PRE_BER", error_ratio),
}
CODEWORDS: Final = "SAI_PORT_STAT_IF_IN_FEC_CODEWORD_ERRORS_S{}"
RECEIVED: Final = "SAI_PORT_STAT_PFC_{}_RX_PKTS"
SENT: Final = "SAI_PORT_STAT_PFC_{}_TX_PKTS"
IN_ALL: Final = Missing(Absence.NOT_AVAILABLE, Source("SONiC"), "SONiC counts pauses by priority")
MARKED: Final = "SAI_QUEUE_STAT_WRED_ECN_MARKED_PACKETS"
DROPPED: Final = "SAI_QUEUE_STAT_DROPPED_PACKETS"
STORMS: Final = "PFC_WD_QUEUE_STATS_DEADLOCK_DETECTED"
WATCHED: Final = "PFC_WD_STATUS"

FLAG_TABLES: Final = ("TRANSCEIVER_DOM_FLAG", "TRANSCEIVER_STATUS_FLAG", "TRANSCEIVER_STATUS")
"""The last is where releases before 2025 keep them."""
FLAGS: Final = (
    (re.compile(r"(?P<side>rx|tx)(?P<lane>\d{1,2})(?P<what>power|bias)(?P<end>[HL])(?P<grade>Alarm|Warn)"), ""),
    (re.compile(r"(?P<what>temp|vcc|lasertemp)(?P<end>[HL])(?P<grade>Alarm|Warn)"), ""),
    (
        re.compile(r"(?P<what>rxpower|txpower|txbias)(?P<end>high|low)(?P<grade>alarm|warning)_flag(?P<lane>\d{1,2})"),
        "",
    ),
    (re.compile(r"(?P<what>temp|vcc|lasertemp)(?P<end>high|low)(?P<grade>alarm|warning)_flag"), ""),
    (re.compile(r"rx(?P<lane>\d{1,2})los|rxlos(?P<last>\d{1,2})"), "rx_los"),
    (re.compile(r"rx(?P<lane>\d{1,2})cdrlol|rxcdrlol(?P<last>\d{1,2})"), "rx_cdr_lol"),
    (re.compile(r"tx(?P<lane>\d{1,2})fault|txfault(?P<last>\d{1,2})"), "tx_fault"),
    (re.compile(r"tx(?P<lane>\d{1,2})los(?:_hostlane)?|txlos_hostlane(?P<last>\d{1,2})"), "tx_los"),
    (re.compile(r"tx(?P<lane>\d{1,2})cdrlol(?:_hostlane)?|txcdrlol_hostlane(?P<last>\d{1,2})"), "tx_cdr_lol"),
    (re.compile(r"tx(?P<lane>\d{1,2})(?:_?adaptive)?_?eq_?fault\w*"), "tx_eq_fault"),
    (re.compile("datapath_firmware_fault"), "data_path_firmware_error"),
    (re.compile("module_firmware_fault"), "module_firmware_error"),
)
"""Fields of the tables of flags, and what the register map calls them; the names of monitors' flags are composed."""
QUANTITIES: Final = {
    "temp": "temperature", "vcc": "vcc", "lasertemp": "laser_temperature", "rxpower": "rx_power",
    "txpower": "tx_power", "txbias": "tx_bias",
}  # fmt: skip


def flag_of(field: str) -> tuple[str, int | None] | None:
    """The flag that a field is, and its lane; None for a field that is none, such as the time of an update."""
    for pattern, name in FLAGS:
        if found := pattern.fullmatch(field):
            said = found.groupdict()
            said_lane = said.get("lane") or said.get("last")
            lane = int(said_lane) if said_lane else None
            if not name:
                what = f"{said['side']}_{said['what']}" if said.get("side") else QUANTITIES[said["what"]]
                grade = "alarm" if lower(said["grade"]) == "alarm" else "warning"
                name = f"{what}_{'high' if lower(said['end'])[0] == 'h' else 'low'}_{grade}"
            return name, lane
    return None


def agreed(first: Value[T], second: Value[T]) -> Value[T]:
    """What two sources tell of one thing: the one that tells anything, both where they agree, else neither."""
    if isinstance(first, Missing):
        told = isinstance(second, Reading) or second.why not in UNTOLD
        return second if first.why in UNTOLD and told else first
    if isinstance(second, Missing):
        return first
    one, two = first.source, second.source
    if first.value != second.value:
        place = Source(f"{one.evidence} and {two.evidence}", f"{one.where} and {two.where}")
        said = f"{first.value} by {one.evidence}, but {second.value} by {two.evidence}"
        return Missing(Absence.UNREADABLE, place, said)
    return replace(first, source=replace(one, where=f"{one.where} (so {two.evidence} {two.where})"))


class Store:
    """The rows of one dump, by table and key."""

    def __init__(self, answers: Answers, command: str, sample: int = 1) -> None:
        self.answers, self.command, self.sample = answers, command, sample

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], Row | None] | Missing:
        rows = self.answers.rows(self.command, self.sample)
        if isinstance(rows, Missing):
            return rows
        found: dict[tuple[str, str], Row | None] = {}
        for row in rows:
            place = (str(row["table"]), "" if row["key"] is None else str(row["key"]))
            held = {**row["fields"], "line": row["line"]}
            known = found.get(place, held)
            found[place] = held if known is not None and same_fields(known, held) else None
        return found

    @property
    def gone(self) -> Missing | None:
        """Why there is no such dump, or none that was understood."""
        return self._rows if isinstance(self._rows, Missing) else None

    def keys(self, table: str) -> tuple[str, ...]:
        return () if isinstance(self._rows, Missing) else tuple(key for name, key in self._rows if name == table)

    def row(self, table: str, key: str = "") -> Row | Missing:
        """The fields of a row, and the line of the dump under ``line``."""
        if isinstance(self._rows, Missing):
            return self._rows
        row = self._rows.get((table, key), {})
        what = f"{table}|{key}" if key else table
        if row is None:
            return Missing(Absence.UNREADABLE, self.source(table, key), f"several rows {what} that are not alike")
        return row or Missing(Absence.NOT_RECORDED, self.answers.source(self.command, self.sample), f"no row {what}")

    def source(self, table: str, key: str = "") -> Source:
        source = self.answers.source(self.command, self.sample)
        return Source(f"{source.evidence} {table}|{key}" if key else f"{source.evidence} {table}")

    def value(
        self,
        table: str,
        key: str,
        name: str,
        into: Callable[[Any], T],
        unit: Unit = Unit.NONE,
        nothing: frozenset[str] = NONE_IS_NOTHING,
    ) -> Value[T]:
        """One field as a reading; a text by which SONiC says that it has none is Missing."""
        row = self.row(table, key)
        if isinstance(row, Missing):
            return row
        raw = row.get(name)
        held = {**row, name: None} if isinstance(raw, str) and lower(raw) in nothing else row
        return cell(held, name, into, self.source(table, key), unit)


def same_fields(one: Row, two: Row) -> bool:
    """Whether two rows say the same, wherever they stand."""
    return {**one, "line": 0} == {**two, "line": 0}


class Databases:
    """The databases of one switch, as far as they were recorded."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.appl, self.state = Store(answers, APPL), Store(answers, STATE)
        self.counters = {sample: Store(answers, COUNTERS, sample) for sample in (1, 2)}
        self._stores = {APPL: self.appl, STATE: self.state, COUNTERS: self.counters[1]}
        self._owned: dict[tuple[int, str], Counter[str]] = {}

    def port(self, name: str, fact: str) -> Value[Any]:
        """A fact of a port, by its name in ``PORT``."""
        field = PORT[fact]
        return self._stores[field.command].value(field.table, name, field.name, field.into, field.unit, field.nothing)

    def speed(self, name: str) -> Value[Decimal]:
        """The speed that runs, as the command line has it: of a port that is down the one that is asked for."""
        running, oper = self.port(name, "speed_running"), self.port(name, "oper")
        up = isinstance(oper, Reading) and oper.value == "up"
        return running if up and isinstance(running, Reading) else self.port(name, "speed_asked")

    def fec_operational(self, name: str) -> Value[str]:
        oper = self.port(name, "oper")
        if isinstance(oper, Reading) and oper.value != "up":
            return Missing(Absence.NOT_AVAILABLE, oper.source, f"the port is {oper.value}")
        return self.port(name, "fec_operational")

    def last_change(self, name: str) -> Value[str]:
        oper = self.port(name, "oper")
        if isinstance(oper, Missing):
            return oper
        return self.port(name, "last_up" if oper.value == "up" else "last_down")

    def neighbour(self, name: str) -> Value[Neighbour]:
        device: Value[str] = self.port(name, "neighbour")
        ids = (self.port(name, fact) for fact in ("neighbour_port", "neighbour_description"))
        names = tuple(value.value for value in ids if isinstance(value, Reading))
        return derive(device, lambda told: Neighbour(told, names))

    def error_status(self, name: str) -> Value[str]:
        """What is wrong with the module in a cage, as ``show interfaces transceiver error-status`` words it."""
        table = "TRANSCEIVER_STATUS_SW" if self.state.keys("TRANSCEIVER_STATUS_SW") else "TRANSCEIVER_STATUS"
        error = self.state.value(table, name, "error", str)
        if isinstance(error, Reading):
            return error
        return self.state.value(table, name, "status", lambda raw: {"1": "OK", "0": "Unplugged"}[str(raw)])

    # --- counters -----------------------------------------------------------------------------------------------

    def object(self, sample: int, names: str, name: str) -> Value[str]:
        """The object that counts for a port or a queue: ``COUNTERS_PORT_NAME_MAP``."""
        told: Value[str] = self.counters[sample].value(names, "", name, str)
        if isinstance(told, Reading) and self._owners(sample, names)[told.value] > 1:
            return Missing(Absence.UNREADABLE, told.source, f"{told.value} counts for others too by {names}")
        return told

    def _owners(self, sample: int, names: str) -> Counter[str]:
        """How many ports or queues an object counts for."""
        if (sample, names) not in self._owned:
            row = self.counters[sample].row(names)
            held = () if isinstance(row, Missing) else (str(oid) for name, oid in row.items() if name != "line")
            self._owned[sample, names] = Counter(held)
        return self._owned[sample, names]

    def _of_port(self, sample: int, table: str, port: str, name: str, into: Callable[[Any], T]) -> Value[T]:
        oid = self.object(sample, "COUNTERS_PORT_NAME_MAP", port)
        return oid if isinstance(oid, Missing) else self.counters[sample].value(table, oid.value, name, into)

    def fec_sample(self, sample: int, port: str) -> FecSample:
        told = {fact: self._of_port(sample, table, port, name, into) for fact, (table, name, into) in FEC.items()}
        return FecSample(at=self.answers.at(COUNTERS, sample), **told)

    def histogram(self, sample: int, port: str) -> Value[tuple[int, ...]]:
        """The codewords in each bin; Missing where one of them is, since the others would shift."""
        bins = [self._of_port(sample, "COUNTERS", port, CODEWORDS.format(n), counter) for n in range(BINS)]
        gone = next((value for value in bins if isinstance(value, Missing)), None)
        if gone is not None:
            return gone
        counts = tuple(int(value.value) for value in bins if isinstance(value, Reading))
        return derive(bins[0], lambda _: counts, note=f"bins 0 to {BINS - 1}")

    def pauses(self, sample: int, port: str) -> PauseCounts:
        def side(pattern: str) -> Value[Mapping[int, Decimal]]:
            names = {n: pattern.format(n) for n in PRIORITIES}
            return gathered({n: self._of_port(sample, "COUNTERS", port, name, counter) for n, name in names.items()})

        return PauseCounts(
            at=self.answers.at(COUNTERS, sample),
            received=side(RECEIVED),
            sent=side(SENT),
            received_in_all=IN_ALL,
            sent_in_all=IN_ALL,
        )

    def queue(self, sample: int, port: str, index: int, name: str) -> Value[Decimal]:
        oid = self.object(sample, "COUNTERS_QUEUE_NAME_MAP", f"{port}:{index}")
        return oid if isinstance(oid, Missing) else self.counters[sample].value("COUNTERS", oid.value, name, counter)

    def storms(self, port: str) -> Value[Mapping[int, Decimal]]:
        """Storms by queue, of the queues that the watchdog watches: the others count zero whatever happens."""
        store = self.counters[1]
        told: dict[int, Value[Decimal]] = {}
        first: Value[Decimal] | None = None
        for at in PRIORITIES:
            oid = self.object(1, "COUNTERS_QUEUE_NAME_MAP", f"{port}:{at}")
            row = oid if isinstance(oid, Missing) else store.row("COUNTERS", oid.value)
            if isinstance(row, Missing):
                first = first or row
            elif WATCHED in row and isinstance(oid, Reading):
                told[at] = store.value("COUNTERS", oid.value, STORMS, counter)
        if told:
            return gathered(told)
        if isinstance(first, Missing):
            return first
        return Missing(Absence.NOT_AVAILABLE, store.source("COUNTERS"), f"the watchdog watches no queue of {port}")

    # --- flags --------------------------------------------------------------------------------------------------

    def flags(self, port: str) -> Value[tuple[Flag, ...]]:
        """The latched flags as xcvrd keeps them, with how often and when each changed."""
        found: dict[tuple[str, int | None], Flag] = {}
        source: Source | None = None
        why: Missing | None = None
        for table in FLAG_TABLES:
            row = self.state.row(table, port)
            if isinstance(row, Missing):
                why = why or row
                continue
            place = Source(self.state.source(table, port).evidence, f"line {row['line']}")
            for field in row:
                flag = flag_of(field)
                if flag is None:
                    continue
                source = source or place
                raised: Value[bool] = self.state.value(table, port, field, switched)
                if known := found.get(flag):
                    found[flag] = replace(known, raised=agreed(known.raised, raised))
                else:
                    found[flag] = Flag(*flag, raised, self._history(table, port, field))
        if source is None:
            return why or Missing(Absence.NOT_RECORDED, self.answers.source(STATE), f"no flags of {port}")
        return Reading(tuple(found.values()), source)

    def _history(self, table: str, port: str, field: str) -> str:
        words = (("CHANGE_COUNT", "{} changes"), ("SET_TIME", "set {}"), ("CLEAR_TIME", "cleared {}"))
        told = ((self.state.value(f"{table}_{end}", port, field, str), text) for end, text in words)
        return ", ".join(text.format(value.value) for value, text in told if isinstance(value, Reading))


def gathered(told: Mapping[int, Value[Decimal]]) -> Value[Mapping[int, Decimal]]:
    """What is counted of several; one that is not counted is not in it, and where none is, why."""
    counted = {n: value for n, value in told.items() if isinstance(value, Reading)}
    if not counted:
        return next(value for value in told.values() if isinstance(value, Missing))
    first = next(iter(counted.values()))
    bad = next((v for v in told.values() if isinstance(v, Missing) and v.why is Absence.UNREADABLE), None)
    return bad or derive(first, lambda _: {n: value.value for n, value in counted.items()}, note="and those beside it")


def with_flags(first: Value[tuple[Flag, ...]], second: Value[tuple[Flag, ...]]) -> Value[tuple[Flag, ...]]:
    """The flags of a command with the history of the database; one of which the two differ is not known."""
    if isinstance(first, Missing) or isinstance(second, Missing):
        return agreed(first, second)
    known = {(flag.name, flag.lane): flag for flag in second.value}
    both = []
    for flag in first.value:
        other = known.pop((flag.name, flag.lane), None)
        told = agreed(flag.raised, other.raised) if other else flag.raised
        both.append(Flag(flag.name, flag.lane, told, other.history if other else flag.history))
    return replace(first, value=(*both, *known.values()))


def recorded(answers: Answers, commands: Iterable[str]) -> tuple[str, ...]:
    """Those of some commands that were answered."""
    return tuple(command for command in commands if isinstance(answers.raw(command), Answer))
