"""SONiC, as its community command line prints it.

Two facts that this driver does not blur: ``rs`` is a word and not yet a code (the model derives the code from lanes and
rate), and ``xoff`` of a buffer profile is the size of the headroom, not the level that triggers a pause; that level
follows from pool, alpha and occupancy and is computed here with its assumption in the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from ..breakout import spelled_out
from ..decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, LOWER_MEMORY, Memory, Page
from ..decode.transceiver import Transceiver, transceiver
from ..evidence import Ask, Evidence, Kind
from ..lab.inventory import CagePlan, DevicePlan, PortPlan
from ..model import Again, DeviceFacts, FecSample, Flag, Maps, Neighbour, PortFacts, Queue
from ..reading import Absence, Missing, Reading, Source, Value, derive
from ..transports.base import Session
from ..transports.permit import Permit
from ..units import Unit
from . import eeproms
from .base import Answers, Row, Rows, Table, cell, counter, error_ratio, gbps, histogram, number

T = TypeVar("T")

STATUS = "show interfaces status"
FEC = "show interfaces fec status"
FEC_STATS = "show interfaces counters fec-stats"
HISTOGRAM = "portstat -fh"
PRESENCE = "show interfaces transceiver presence"
MODULE_ERRORS = "show interfaces transceiver error-status"
MODULE_STATUS = "show interfaces transceiver status"
EEPROM = "sudo sfputil show eeprom-hexdump"
MORE_PAGES = (0x13, *range(0x20, 0x2C), 0x2F, 0x9F)
"""What the plain dump leaves out: diagnostics controls, VDM but for its flags, which a read would clear, and CDB."""
EEPROM_PAGES = {page: f"{EEPROM} -n 0x{page:02x}" for page in MORE_PAGES}
PFC = "show pfc priority"
LLDP = "show lldp table"
BREAKOUT = "show interfaces breakout current-mode"
CONFIG = "sonic-cfggen -d --print-data"
VERSION = "show version"
SUMMARY = "show platform summary"

COMMANDS = (
    VERSION, SUMMARY, STATUS, FEC, FEC_STATS, PRESENCE, MODULE_ERRORS, MODULE_STATUS, EEPROM,
    *EEPROM_PAGES.values(), PFC,
    "show pfc counters", "pfcwd show config", "show ecn", LLDP, BREAKOUT, CONFIG,
)  # fmt: skip
"""Everything this driver may send, but for the two platform files; none of it changes the switch."""

DUMPS = frozenset({EEPROM, *EEPROM_PAGES.values()})
"""Commands that read modules, where the lab file names no files of their memory."""

OF_LINKS = (STATUS, FEC, PFC, LLDP, BREAKOUT, CONFIG)
"""What is held against the other end of a link."""

DEVICE_FILES = "/usr/share/sonic/device"
COUNTER_SAMPLES = (1, 2)
PRIORITIES = range(8)
MARKING = frozenset({"ecn_all", "ecn_green", "ecn_green_yellow", "ecn_green_red"})
PAUSE_SETTING = re.compile("pause|flow_?c")
MOST_QUEUES = 64
MOST_EXPONENT = 8


@dataclass(frozen=True, slots=True)
class Sonic:
    """The driver."""

    nos: str = "sonic"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        filed = device.eeproms is not None
        for command in (*COMMANDS, *platform_files(device)):
            if not (filed and command in DUMPS):
                yield Ask(device.name, Kind.CLI, command)
        for command in eeproms.commands(device, eeproms.SPANS):
            yield Ask(device.name, Kind.CLI, command)
        yield Ask(device.name, Kind.CLI, FEC_STATS, sample=2)
        for command in eeproms.commands(device, eeproms.TWICE) if filed else (EEPROM,):
            yield Ask(device.name, Kind.CLI, command, sample=2)
        yield Ask(device.name, Kind.CLI, HISTOGRAM)  # at the time of the counters that it is held against

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        return Switch(device, Answers(self.nos, device.name, evidence)).facts()


DRIVER = Sonic()
SESSION = Session(
    Permit.of(
        *COMMANDS,
        HISTOGRAM,
        f"cat {DEVICE_FILES}/{{name}}/platform.json",
        f"cat {DEVICE_FILES}/{{name}}/{{name}}/hwsku.json",
        eeproms.TEMPLATE,
    ),
    shell=True,
)


def platform_files(device: DevicePlan) -> tuple[str, ...]:
    """The commands that print what the platform offers."""
    if device.platform is None:
        return ()
    folder = f"{DEVICE_FILES}/{device.platform}"
    hwsku = (f"cat {folder}/{device.hwsku}/hwsku.json",) if device.hwsku else ()
    return (f"cat {folder}/platform.json", *hwsku)


class Switch:
    """One switch's answers, turned into facts."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        self.device, self.answers = device, answers
        self.status = Table(answers, STATUS, "interface")
        self.fec = Table(answers, FEC, "interface")
        self.fec_stats = {n: Table(answers, FEC_STATS, "interface", sample=n) for n in COUNTER_SAMPLES}
        self.histogram = Table(answers, HISTOGRAM, "interface")
        self.errors = Table(answers, MODULE_ERRORS, "interface")
        self.module_status = Table(answers, MODULE_STATUS, "interface")
        self.pfc = Table(answers, PFC, "interface")
        self.lldp = Table(answers, LLDP, "interface")
        self.breakout = Table(answers, BREAKOUT, "interface")
        files = platform_files(device)
        self.platform = Table(answers, files[0], "interface") if files else None

    def facts(self) -> DeviceFacts:
        asked = self.answers.span(*OF_LINKS)
        return DeviceFacts(
            software=self.first(VERSION, "software_version"),
            platform=self.first(SUMMARY, "platform"),
            hwsku=self.first(SUMMARY, "hwsku"),
            ports={port.name: self.port(cage, port) for cage in self.device.cages for port in cage.ports},
            modules={cage.ports[0].name: self.module(cage) for cage in self.device.cages},
            again={cage.ports[0].name: self.again(cage) for cage in self.device.cages},
            modes={cage.ports[0].name: self.modes(cage.ports[0].name) for cage in self.device.cages},
            sampled={port.name: asked for port in self.device.ports} if asked else {},
            aliases=self.aliases(),
            unknown=tuple(self.answers.unknown),
        )

    def first(self, command: str, field: str) -> Value[str]:
        row = self.answers.record(command)
        return row if isinstance(row, Missing) else cell(row, field, str, self.answers.source(command))

    def aliases(self) -> Mapping[str, str]:
        """Port names by alias: neighbours tell a SONiC port by its alias."""
        rows = self.answers.rows(STATUS)
        return (
            {} if isinstance(rows, Missing) else {str(r["alias"]): str(r["interface"]) for r in rows if r.get("alias")}
        )

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name, head = port.name, cage.ports[0].name
        return PortFacts(
            speed=self.status.value(name, "speed_mbps", gbps, Unit.GBPS),
            lanes=self.status.value(name, "lanes", lambda raw: len({int(lane) for lane in raw})),
            oper=self.status.value(name, "oper", str),
            admin=self.status.value(name, "admin", str),
            mtu=self.status.value(name, "mtu", number, Unit.BYTES),
            fec_configured=self.fec.value(name, "fec_admin", str),
            fec_operational=self.fec.value(name, "fec_oper", str),
            fec_named=Missing(
                Absence.NOT_AVAILABLE, self.answers.source(FEC), "SONiC has a word for the code, not its name"
            ),
            fec_samples=tuple(self.fec_sample(n, name) for n in COUNTER_SAMPLES),
            histogram=self.histogram.value(name, "bins", histogram),
            histogram_from=0,  # the parser numbers bins from BIN0 and refuses a row that begins elsewhere
            histogram_at=self.answers.at(HISTOGRAM),
            pfc_priorities=self.pfc.value(name, "lossless_priorities", lambda raw: frozenset(map(int, raw))),
            link_pause=self.link_pause(name),
            maps=self.maps(name),
            queues={priority: self.queue(name, priority) for priority in PRIORITIES},
            neighbour=Missing(Absence.NOT_RECORDED, self.answers.source(LLDP)),
            lldp=self.neighbour(name),
            breakout_mode=self.breakout.value(head, "current_mode", plain_mode),
            error_status=self.errors.value(head, "error_status", str),
            flags=self.flags(head),
        )

    def fec_sample(self, sample: int, port: str) -> FecSample:
        table = self.fec_stats[sample]
        return FecSample(
            at=self.answers.at(FEC_STATS, sample),
            corrected=table.value(port, "fec_corrected", counter),
            uncorrected=table.value(port, "fec_uncorrected", counter),
            symbol_errors=table.value(port, "fec_symbol_errors", counter),
            pre_fec_ber=table.value(port, "fec_pre_ber", error_ratio),
        )

    def neighbour(self, port: str) -> Value[Neighbour]:
        device = self.lldp.value(port, "remote_device", str)
        if isinstance(device, Missing):
            return device
        ids = (self.lldp.value(port, field, str) for field in ("remote_port_id", "remote_port_description"))
        names = tuple(value.value for value in ids if isinstance(value, Reading))
        return derive(device, lambda name: Neighbour(name, names))

    def flags(self, port: str) -> Value[tuple[Flag, ...]]:
        """The latched flags as the switch's own daemon keeps them: it reads the pages, and reading clears them."""
        row = self.module_status.row(port)
        if isinstance(row, Missing):
            return row
        source = self.answers.source(MODULE_STATUS)
        if not row.get("applicable", True):
            return Missing(Absence.NOT_ADVERTISED, source, str(row.get("note", "not applicable")))
        of_module = (
            Flag(flag_name(key), None, flag_value(row["status"], key, source, row))
            for key in row.get("status", {})
            if key.endswith("_flag")
        )
        of_lanes = (
            Flag(flag_name(key), lane, flag_value(dict(enumerate(values, 1)), lane, source, row, key))
            for key, values in row.get("lanes", {}).items()
            if "_flag_" in key
            for lane in range(1, len(values) + 1)
        )
        return Reading((*of_module, *of_lanes), Source(source.evidence, f"line {row['line']}"))

    # --- modules and platform -----------------------------------------------------------------------------------

    @cached_property
    def _dumps(self) -> Mapping[str, Mapping[Page, bytes | None]] | Missing:
        """The pages of every module.  The first dump of a page stands: reading clears flags, so a second lacks them."""
        rows = self.answers.rows(EEPROM)
        if isinstance(rows, Missing):
            return rows
        dumps = pages_of(rows)
        for command in EEPROM_PAGES.values():
            more = self.answers.rows(command)
            for port, pages in pages_of(() if isinstance(more, Missing) else more).items():
                dumps[port] = pages | dumps.get(port, {})
        return dumps

    @cached_property
    def _second_dumps(self) -> Mapping[str, Mapping[Page, bytes | None]] | Missing:
        rows = self.answers.rows(EEPROM, 2)
        return rows if isinstance(rows, Missing) else pages_of(rows)

    def module(self, cage: CagePlan) -> Transceiver:
        if self.device.eeproms is not None:
            return eeproms.module(self.answers, self.device, cage, eeproms.SPANS, 1)
        port = cage.ports[0].name
        return self.dumped(f"{self.device.name}:{port} module", self._dumps, port)

    def again(self, cage: CagePlan) -> Again:
        if self.device.eeproms is not None:
            return eeproms.again(self.answers, self.device, cage)
        port = cage.ports[0].name
        seen = self.dumped(f"{self.device.name}:{port} module #2", self._second_dumps, port)
        return Again(seen, self.answers.apart(EEPROM, EEPROM))

    @staticmethod
    def dumped(label: str, dumps: Mapping[str, Mapping[Page, bytes | None]] | Missing, port: str) -> Transceiver:
        if isinstance(dumps, Missing):
            return transceiver(Memory(f"{label} ({dumps})", {}))
        return transceiver(Memory(label, dumps.get(port, {})))

    def modes(self, port: str) -> Value[frozenset[str]]:
        """The breakout modes that the platform offers on this very cage, alternative speeds included.

        An image has the files of every platform: which one is the switch's own, the switch has to say.
        """
        if self.platform is None:
            return Missing(Absence.NOT_DECLARED, self.device.at, "no platform is declared")
        own = self.first(SUMMARY, "platform")
        if isinstance(own, Missing):
            return own
        if own.value != self.device.platform:
            said = f"the switch is a {own.value}, the lab file has {self.device.platform}"
            return Missing(Absence.NOT_AVAILABLE, own.source, said)
        found = self.platform.value(
            port, "modes", lambda raw: frozenset(m for one in raw for m in offered(one["mode"]))
        )
        return derive(found, lambda modes: modes, note=f"the platform is its own by {own.source}")

    # --- CONFIG_DB ----------------------------------------------------------------------------------------------

    @cached_property
    def _config(self) -> Mapping[tuple[str, str], Row] | Missing:
        rows = self.answers.rows(CONFIG)
        if isinstance(rows, Missing):
            return rows
        return {(str(row["table"]), str(row["key"])): row for row in rows}

    def config(self, table: str, key: str) -> Row | Missing:
        """A row of CONFIG_DB, its fields and its line."""
        if isinstance(self._config, Missing):
            return self._config
        row = self._config.get((table, key))
        if row is None:
            return Missing(Absence.NOT_RECORDED, self.answers.source(CONFIG), f"no row {table}|{key}")
        return {**row["fields"], "line": row["line"]}

    def setting(self, table: str, key: str, field: str, into: Callable[[Any], T]) -> Value[T]:
        row = self.config(table, key)
        return row if isinstance(row, Missing) else cell(row, field, into, self.config_source(table, key))

    def config_source(self, table: str, key: str) -> Source:
        source = self.answers.source(CONFIG)
        return Source(f"{source.evidence} {table}|{key}")

    def link_pause(self, port: str) -> Value[bool]:
        """SONiC has no setting for it, so that nothing tells whether it is off; a build that has one is read."""
        row = self.config("PORT", port)
        if isinstance(row, Missing):
            return row
        source = self.config_source("PORT", port)
        settings = [name for name in row if PAUSE_SETTING.search(name)]
        if settings:
            return cell(row, settings[0], on_or_off, source)
        note = "the port has no setting for link-level pause: SAI's default, off, is not read back"
        return Missing(Absence.NOT_ADVERTISED, Source(source.evidence, f"line {row['line']}"), note)

    def maps(self, port: str) -> Maps:
        qos = self.config("PORT_QOS_MAP", port)
        if isinstance(qos, Missing):
            return Maps(qos, qos, qos, qos)
        source = self.config_source("PORT_QOS_MAP", port)
        place = Source(source.evidence, f"line {qos['line']} (derived from the map that the port uses)")
        trust: Value[str]
        if "dscp_to_tc_map" in qos:
            trust = Reading("dscp", place)
        elif "dot1p_to_tc_map" in qos:
            trust = Reading("pcp", place)
        else:
            trust = Reading("none", place)
        return Maps(
            trust=trust,
            dscp_to_tc=self.map(qos, source, "dscp_to_tc_map", "DSCP_TO_TC_MAP"),
            tc_to_pg=self.map(qos, source, "tc_to_pg_map", "TC_TO_PRIORITY_GROUP_MAP"),
            tc_to_queue=self.map(qos, source, "tc_to_queue_map", "TC_TO_QUEUE_MAP"),
        )

    def map(self, qos: Row, source: Source, field: str, table: str) -> Value[Mapping[int, int]]:
        name = cell(qos, field, referred, source)
        if isinstance(name, Missing):
            return name
        row = self.config(table, name.value)
        if isinstance(row, Missing):
            return row
        where = Source(self.config_source(table, name.value).evidence, f"line {row['line']}")
        try:
            return Reading({int(key): int(value) for key, value in row.items() if key != "line"}, where)
        except (ValueError, TypeError) as bad:
            return Missing(Absence.UNREADABLE, where, str(bad))

    def queue(self, port: str, priority: int) -> Queue:
        profile = self.profile("QUEUE", port, priority, "wred_profile")
        pause, headroom = self.pause(port, priority)
        if isinstance(profile, Missing):
            off = self.without_profile(port, priority, profile)
            return Queue(priority, off, profile, profile, profile, pause, headroom)
        row = self.config("WRED_PROFILE", profile.value)
        if isinstance(row, Missing):
            return Queue(priority, row, row, row, row, pause, headroom)
        source = self.config_source("WRED_PROFILE", profile.value)
        return Queue(
            priority=priority,
            ecn=cell(row, "ecn", lambda raw: raw in MARKING, source),
            ecn_min=cell(row, "green_min_threshold", number, source, Unit.BYTES),
            ecn_max=cell(row, "green_max_threshold", number, source, Unit.BYTES),
            mark_probability=cell(row, "green_drop_probability", number, source, Unit.PERCENT),
            pause_threshold=pause,
            headroom=headroom,
        )

    def without_profile(self, port: str, priority: int, missing: Missing) -> Value[bool]:
        """A queue that is configured without a WRED profile does not mark."""
        row = self.grouped("QUEUE", port, priority)
        return missing if isinstance(row, Missing) else Reading(False, missing.source)

    def grouped(self, table: str, port: str, priority: int) -> Row | Missing:
        """The row of a port's queue or priority group; keys may span several: ``Ethernet0|3-4``."""
        if isinstance(self._config, Missing):
            return self._config
        keys = self._spans.get((table, port, priority), ())
        what = f"{table}|{port}|{priority}"
        if not keys:
            return Missing(Absence.NOT_RECORDED, self.answers.source(CONFIG), f"no row {what}")
        if len(keys) > 1:
            return Missing(Absence.UNREADABLE, self.answers.source(CONFIG), f"{what} is in {' and in '.join(keys)}")
        key = keys[0]
        row = self.config(table, key)
        return row if isinstance(row, Missing) else {**row, "key": key}

    @cached_property
    def _spans(self) -> Mapping[tuple[str, str, int], Sequence[str]]:
        spans: dict[tuple[str, str, int], list[str]] = {}
        if not isinstance(self._config, Missing):
            for table, key in self._config:
                if table in ("QUEUE", "BUFFER_PG"):
                    ports, _, span = key.rpartition("|")
                    first, _, end = span.partition("-")
                    if first.isdigit() and (end or first).isdigit():
                        for port in ports.split(","):
                            for n in range(int(first), min(int(end or first), MOST_QUEUES) + 1):
                                spans.setdefault((table, port, n), []).append(key)
        return spans

    def profile(self, table: str, port: str, priority: int, field: str) -> Value[str]:
        row = self.grouped(table, port, priority)
        return row if isinstance(row, Missing) else cell(row, field, referred, self.config_source(table, row["key"]))

    def pause(self, port: str, priority: int) -> tuple[Value[Decimal], Value[Decimal]]:
        """The level that triggers a pause, and the headroom above it, in bytes."""
        profile = self.profile("BUFFER_PG", port, priority, "profile")
        if isinstance(profile, Missing):
            return profile, profile
        row = self.config("BUFFER_PROFILE", profile.value)
        if isinstance(row, Missing):
            return row, row
        source = self.config_source("BUFFER_PROFILE", profile.value)
        headroom = cell(row, "xoff", number, source, Unit.BYTES)
        if "static_th" in row:
            return cell(row, "static_th", number, source, Unit.BYTES), headroom
        exponent = cell(row, "dynamic_th", alpha_exponent, source)
        pool = cell(row, "pool", referred, source)
        size = self.setting("BUFFER_POOL", pool.value, "size", counter) if isinstance(pool, Reading) else pool
        if isinstance(exponent, Missing):
            return exponent, headroom
        if isinstance(size, Missing):
            return size, headroom
        groups = max(1, self.lossless_groups)
        alpha = Decimal(2) ** exponent.value
        threshold = (alpha * size.value / (1 + alpha * groups)).to_integral_value()
        note = f"alpha {alpha} of pool {size.value} B, all {groups} lossless priority groups congested at once"
        return Reading(
            threshold, Source(source.evidence, f"line {row['line']} (computed: {note})"), Unit.BYTES
        ), headroom

    @cached_property
    def lossless_groups(self) -> int:
        """How many priority groups of the switch may have headroom: all but those whose profile has none."""
        if isinstance(self._config, Missing):
            return 0
        lossy = {
            key
            for (table, key), row in self._config.items()
            if table == "BUFFER_PROFILE" and "xoff" not in row["fields"]
        }
        return sum(
            1
            for (table, _, _), keys in self._spans.items()
            if table == "BUFFER_PG"
            and any(referred(self._config[table, key]["fields"].get("profile")) not in lossy for key in keys)
        )


def pages_of(rows: Rows) -> dict[str, dict[Page, bytes | None]]:
    """The pages of every module in one answer; None for one that could not be read, or that is twice and not alike."""
    dumps: dict[str, dict[Page, bytes | None]] = {}
    for row in rows:
        if row["interface"] is None or "half" not in row:
            continue  # a cage without a module
        page, data = page_of(row), None if row["data"] is None else bytes.fromhex(row["data"])
        pages = dumps.setdefault(str(row["interface"]), {})
        pages[page] = data if pages.get(page, data) == data else None
    return dumps


def page_of(row: Row) -> Page:
    """The page that a record of a hexdump is."""
    if row.get("address") is not None and row["address"] == "a2":
        return A2_LOWER if row["half"] == "lower" else A2_UPPER
    if row.get("address") == "a0":
        return A0_LOWER if row["half"] == "lower" else A0_UPPER
    return LOWER_MEMORY if row["half"] == "lower" else Page(int(row["page"]), int(row.get("bank") or 0))


def on_or_off(raw: Any) -> bool:
    return {"on": True, "off": False, "true": True, "false": False}[str(raw).casefold()]


def alpha_exponent(raw: Any) -> int:
    """The power of two that a port's share of a pool is: SAI has -8 to 8."""
    exponent = int(str(raw))
    if abs(exponent) > MOST_EXPONENT:
        raise ValueError(f"{raw!r} is no exponent of alpha")
    return exponent


def referred(raw: Any) -> str:
    """The name in a reference: ``AZURE``, and ``[DSCP_TO_TC_MAP|AZURE]`` of older releases."""
    return str(raw).strip("[]").rpartition("|")[2]


def plain_mode(text: str) -> str:
    """A breakout mode without its alternatives: ``2x400G[200G]`` is 2x400G."""
    return spelled_out(text)[0]


def offered(text: str) -> tuple[str, ...]:
    """The modes that an entry of platform.json offers: ``1x800G[400G]`` is 1x800G and 1x400G, a mixed one itself."""
    if "+" in text:
        return (plain_mode(text),)
    try:
        return spelled_out(text)
    except ValueError:
        return ()


NAMES = (
    (re.compile(r"_flag(_(media|host)_lane|_lane)?$"), ""),
    (re.compile("loss_of_signal"), "los"),
    (re.compile("clock_and_data_recovery_loss_of_lock"), "cdr_lol"),
)


def flag_name(key: str) -> str:
    """A flag's name as the register map has it: ``rx_los``, ``tx_power_low_alarm``."""
    for pattern, instead in NAMES:
        key = pattern.sub(instead, key)
    return key


def flag_value(values: Mapping[Any, Any], key: Any, source: Source, row: Row, label: str = "") -> Value[bool]:
    return cell({**values, "line": row["line"]}, key, as_flag, Source(source.evidence, label or str(key)))


def as_flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(f"{raw!r} is not a flag")
    return raw
