"""SONiC, as its community command line prints it and its databases keep it.

A fact that this driver does not blur: ``rs`` is a word and not yet a code (the model derives the code from lanes and
rate).  What is asked are commands; the databases are read where others collected them (``sonic_db``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from ...breakout import spelled_out
from ...decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, LOWER_MEMORY, Memory, Page
from ...decode.transceiver import Transceiver, transceiver
from ...evidence import Ask, Evidence, Kind
from ...lab.inventory import CagePlan, DevicePlan, PortPlan
from ...model import Again, Changes, DeviceFacts, FecSample, Flag, Neighbour, PauseCounts, PortFacts, Queue, Watchdog
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...transports.base import Session
from ...transports.permit import Permit
from ...units import Unit
from .. import eeproms
from ..base import (
    PRIORITIES,
    SAMPLES,
    Answers,
    Row,
    Rows,
    Table,
    cell,
    counter,
    error_ratio,
    gbps,
    histogram,
    number,
    without_line,
)
from ..facts import read_when_asked
from . import modules as sonic_modules
from .db import (
    APPL,
    COUNTERS,
    DATABASES,
    DROPPED,
    IN_ALL,
    MARKED,
    STATE,
    Databases,
    agreed,
    fec_word,
    gathered,
    lower,
    switched,
    with_flags,
)
from .monitors import MONITORS, Monitors
from .platform import PLATFORM, Parts
from .qos import CONFIG, Config

T = TypeVar("T")
K = TypeVar("K")

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
VERSION = "show version"
SUMMARY = "show platform summary"
PFC_COUNTERS = "show pfc counters"
WATCHDOG = "pfcwd show config"
STORMS = "pfcwd show stats -e"
"""With queues that saw no storm: without them, none would be said of a port that has none."""
QUEUES = "show queue counters"
MARKS = "show queue wredcounters"
FLAPS = "show interfaces flap"
NEGOTIATION = "show interfaces autoneg status"
LLDP_NEIGHBORS = "show lldp neighbors"

COMMANDS = (
    VERSION, SUMMARY, STATUS, FEC, FEC_STATS, PRESENCE, MODULE_ERRORS, MODULE_STATUS, EEPROM,
    *EEPROM_PAGES.values(), PFC, PFC_COUNTERS, WATCHDOG, STORMS, QUEUES, MARKS, "show ecn", LLDP, BREAKOUT, CONFIG,
    FLAPS, NEGOTIATION, MONITORS, *PLATFORM,
)  # fmt: skip
"""Everything this driver may send, but for the two platform files; none of it changes the switch."""

COUNTED = (FEC_STATS, FLAPS, PFC_COUNTERS, QUEUES, STORMS)
"""What is asked twice: its counters are judged by how they rose over the window."""

DUMPS = frozenset({EEPROM, *EEPROM_PAGES.values()})
"""Commands that read modules, where the lab file names no files of their memory."""

OF_LINKS = (STATUS, FEC, PFC, LLDP, BREAKOUT, CONFIG)
"""What is held against the other end of a link."""

DEVICE_FILES = "/usr/share/sonic/device"


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
        for command in COUNTED:
            yield Ask(device.name, Kind.CLI, command, sample=2)
        for command in eeproms.commands(device, eeproms.TWICE) if filed else (EEPROM,):
            yield Ask(device.name, Kind.CLI, command, sample=2)
        yield Ask(device.name, Kind.CLI, HISTOGRAM)  # at the time of the counters that it is held against

    def soaks(self, device: DevicePlan) -> Iterator[Ask]:
        """The monitors of all modules, as the switch's own daemon read them last."""
        yield Ask(device.name, Kind.CLI, MONITORS)

    def accepts(self, device: DevicePlan) -> Iterator[Ask]:
        """What a support bundle holds besides: the databases, whose counters it has twice, and neighbours in full."""
        for command in (*DATABASES, LLDP_NEIGHBORS):
            yield Ask(device.name, Kind.CLI, command)
        yield Ask(device.name, Kind.CLI, COUNTERS, sample=2)

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
        self.negotiation = Table(answers, NEGOTIATION, "interface")
        self.flaps = {n: Table(answers, FLAPS, "interface", sample=n) for n in answers.samples(FLAPS)}
        self.fec = Table(answers, FEC, "interface")
        self.fec_stats = {n: Table(answers, FEC_STATS, "interface", sample=n) for n in answers.samples(FEC_STATS)}
        self.histogram = Table(answers, HISTOGRAM, "interface")
        self.errors = Table(answers, MODULE_ERRORS, "interface")
        self.module_status = Table(answers, MODULE_STATUS, "interface")
        self.pfc = Table(answers, PFC, "interface")
        self.watched = Table(answers, WATCHDOG, "interface")
        self.lldp = Table(answers, LLDP, "interface")
        self.lldp_in_full = Table(answers, LLDP_NEIGHBORS, "interface")
        self.breakout = Table(answers, BREAKOUT, "interface")
        self._queues: dict[str, Mapping[tuple[str, str], Row | None] | Missing] = {}
        self._frames: dict[int, Mapping[tuple[str, str], Sequence[Row]] | Missing] = {}
        self.config = Config(answers)
        self.db = Databases(answers)
        self.monitors = Monitors(answers, self.db.state)
        files = platform_files(device)
        self.platform = Table(answers, files[0], "interface") if files else None

    def facts(self) -> DeviceFacts:
        asked = self.answers.span(*OF_LINKS) or self.answers.span(APPL, STATE)
        parts = Parts(self.answers, self.db.state)
        return DeviceFacts(
            software=self.first(VERSION, "software_version"),
            platform=self.own("platform"),
            hwsku=self.own("hwsku"),
            ports={port.name: self.port(cage, port) for cage in self.device.cages for port in cage.ports},
            modules={cage.ports[0].name: self.module(cage) for cage in self.device.cages},
            again={cage.ports[0].name: self.again(cage) for cage in self.device.cages},
            modes={cage.ports[0].name: self.modes(cage.ports[0].name) for cage in self.device.cages},
            sampled={port.name: asked for port in self.device.ports} if asked else {},
            aliases=self.aliases(),
            serial=agreed(self.first(SUMMARY, "serial_number"), parts.serial()),
            asic=self.first(SUMMARY, "asic"),
            supplies=parts.supplies(),
            fans=parts.fans(),
            sensors=parts.sensors(),
            load_balancing=self.config.load_balancing(),
            monitor_age={cage.ports[0].name: self.monitor_age(cage) for cage in self.device.cages},
            series={cage.ports[0].name: self.monitors.series(cage.ports[0].name) for cage in self.device.cages},
            unknown=tuple(self.answers.unknown),
        )

    def first(self, command: str, field: str) -> Value[str]:
        return self.answers.field(command, field, str)

    def own(self, field: str) -> Value[str]:
        """What the switch says that it is; CONFIG_DB has it too."""
        return agreed(self.first(SUMMARY, field), self.config.setting("DEVICE_METADATA", "localhost", field, str))

    def aliases(self) -> Mapping[str, str]:
        """Port names by alias: neighbours tell a SONiC port by its alias."""
        rows = self.answers.rows(STATUS)
        if not isinstance(rows, Missing):
            return {str(row["alias"]): str(row["interface"]) for row in rows if row.get("alias")}
        ports = self.db.appl.keys("PORT_TABLE")
        told = {port: self.db.port(port, "alias") for port in ports}
        return {alias.value: port for port, alias in told.items() if isinstance(alias, Reading)}

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name, head = port.name, cage.ports[0].name
        status, fec, db, config = self.status, self.fec, self.db, self.config
        bins = self.histogram.value(name, "bins", those_it_has)
        return PortFacts(
            speed=agreed(status.value(name, "speed_mbps", gbps, Unit.GBPS), db.speed(name)),
            lanes=agreed(status.value(name, "lanes", distinct), db.port(name, "lanes")),
            oper=agreed(status.value(name, "oper", str), db.port(name, "oper")),
            admin=agreed(status.value(name, "admin", str), db.port(name, "admin")),
            mtu=agreed(status.value(name, "mtu", number, Unit.BYTES), db.port(name, "mtu")),
            fec_configured=agreed(fec.value(name, "fec_admin", fec_word), db.port(name, "fec_configured")),
            fec_operational=agreed(fec.value(name, "fec_oper", fec_word), db.fec_operational(name)),
            fec_named=Missing(
                Absence.NOT_AVAILABLE, self.answers.source(FEC), "SONiC has a word for the code, not its name"
            ),
            fec_samples=tuple(self.fec_sample(n, name) for n in self.fec_stats),
            histogram=either(bins, self.stored_histogram(name)),
            histogram_from=0,  # the parser numbers bins from BIN0 and refuses a row that begins elsewhere
            histogram_at=self.answers.at(HISTOGRAM) or self.answers.at(COUNTERS, self.last_sample),
            pfc_priorities=agreed(self.pfc.value(name, "lossless_priorities", numbers), config.pfc_priorities(name)),
            link_pause=config.link_pause(name),
            maps=config.maps(name),
            queues={priority: self.queue(name, priority) for priority in PRIORITIES},
            neighbour=Missing(Absence.NOT_RECORDED, self.answers.source(LLDP)),
            lldp=self.neighbour(name),
            breakout_mode=agreed(
                self.breakout.value(head, "current_mode", plain_mode),
                config.setting("BREAKOUT_CFG", head, "brkout_mode", plain_mode),
            ),
            error_status=agreed(self.errors.value(head, "error_status", str), db.error_status(head)),
            flags=with_flags(self.flags(head), db.flags(head)),
            flaps=self.flapped(self.answers.last(FLAPS), name),
            last_change=either(self.last_change(name), db.last_change(name)),
            cleared=self.cleared(name),
            pauses=self.pauses(name),
            watchdog=self.watchdog(name),
            auto_negotiation=agreed(
                self.negotiation.value(name, "autoneg", switched), db.port(name, "auto_negotiation")
            ),
            changes=self.changes(name),
            lane_errors=Missing(
                Absence.NOT_AVAILABLE, self.answers.source(FEC_STATS), "SONiC counts errors of a port, not of its lanes"
            ),
        )

    def changes(self, port: str) -> tuple[Changes, ...]:
        """How often the link had changed its state; the database tells it once."""
        if self.answers.at(FLAPS) is None and self.answers.at(APPL) is not None:
            return (Changes(self.answers.at(APPL), self.db.port(port, "flaps")),)
        return tuple(Changes(self.answers.at(FLAPS, n), self.flapped(n, port)) for n in self.flaps)

    def flapped(self, sample: int, port: str) -> Value[Decimal]:
        counted = self.flaps[sample].value(port, "flaps", counter, Unit.COUNT)
        return either(counted, self.db.port(port, "flaps")) if sample == 1 else counted

    def monitor_age(self, cage: CagePlan) -> Value[Decimal]:
        """How old the monitors are: of modules whose registers were read as files, they are of when they were asked."""
        if self.device.eeproms is not None:
            return read_when_asked(self.module(cage))
        return self.monitors.age(cage.ports[0].name)

    @cached_property
    def last_sample(self) -> int:
        """The later of the dumps of the counters."""
        return 2 if self.answers.at(COUNTERS, 2) is not None else 1

    def stored_histogram(self, port: str) -> Value[tuple[int, ...]]:
        return self.db.histogram(self.last_sample, port)

    def fec_sample(self, sample: int, port: str) -> FecSample:
        """The counters of the command; those of the database where the command was not recorded at all."""
        table = self.fec_stats[sample]
        if self.answers.at(FEC_STATS) is None and self.answers.at(COUNTERS, sample) is not None:
            return self.db.fec_sample(sample, port)
        return FecSample(
            at=self.answers.at(FEC_STATS, sample),
            corrected=table.value(port, "fec_corrected", counter),
            uncorrected=table.value(port, "fec_uncorrected", counter),
            symbol_errors=table.value(port, "fec_symbol_errors", counter),
            pre_fec_ber=table.value(port, "fec_pre_ber", error_ratio),
        )

    def last_change(self, port: str) -> Value[str]:
        """When the link came up or went down, whichever it last did."""
        flaps = self.flaps[self.answers.last(FLAPS)]
        oper = flaps.value(port, "oper", lower)
        if isinstance(oper, Missing):
            return oper
        return flaps.value(port, "last_up" if oper.value == "up" else "last_down", str)

    def cleared(self, port: str) -> Value[str]:
        """Since when the counters of a port count; a switch that never cleared them says nothing of it."""
        told = (self.fec_stats[1].value(port, "cached", str), self.histogram.value(port, "cached", str))
        found = next((value for value in told if isinstance(value, Reading)), told[0])
        if (
            isinstance(found, Missing)
            and self.answers.at(FEC_STATS) is not None
            and port_is_in(self.fec_stats[1], port)
        ):
            why = "no clear is told: the counters count from the start of the switch"
            return Missing(Absence.NOT_AVAILABLE, found.source, why)
        return found

    def pauses(self, port: str) -> tuple[PauseCounts, ...]:
        """PFC frames; the command counts from the last clear, the database from the start of the switch."""
        if self.answers.at(PFC_COUNTERS) is None:
            stored = tuple(self.db.pauses(n, port) for n in SAMPLES if self.answers.at(COUNTERS, n) is not None)
            if stored:
                return stored
        return tuple(
            PauseCounts(
                self.answers.at(PFC_COUNTERS, n), self.paused(n, port, "rx"), self.paused(n, port, "tx"), IN_ALL, IN_ALL
            )
            for n in self.answers.due(PFC_COUNTERS)
        )

    def paused(self, sample: int, port: str, direction: str) -> Value[Mapping[int, Decimal]]:
        rows = self.frames(sample)
        source = self.answers.source(PFC_COUNTERS, sample)
        if isinstance(rows, Missing):
            return rows
        found = rows.get((port, direction), ())
        if len(found) != 1:
            why = Absence.UNREADABLE if found else Absence.NOT_RECORDED
            return Missing(why, source, f"{len(found) or 'no'} {direction} rows for {port}")
        row = {f"PFC{n}": count for n, count in enumerate(found[0]["frames"])} | {"line": found[0]["line"]}
        return gathered({n: cell(row, f"PFC{n}", counter, source) for n in PRIORITIES})

    def frames(self, sample: int) -> Mapping[tuple[str, str], Sequence[Row]] | Missing:
        """The rows of one sample by port and direction."""
        if sample not in self._frames:
            rows = self.answers.rows(PFC_COUNTERS, sample)
            self._frames[sample] = rows if isinstance(rows, Missing) else by_direction(rows)
        return self._frames[sample]

    def watchdog(self, port: str) -> Watchdog:
        """The PFC watchdog as it is set, and the storms that it saw."""
        asked = self.config.watchdog(port)
        row = self.watched.row(port)
        storms = self.storms(port)
        if isinstance(row, Missing):
            return replace(asked, on=agreed(row, asked.on), storms=storms)
        source = self.answers.source(WATCHDOG)
        restoration = cell(row, "restoration_time_ms", number, source, Unit.MS)
        if row.get("restoration_infinite"):
            restoration = Missing(Absence.NOT_AVAILABLE, restoration.source, "it restores by hand alone")
        return Watchdog(
            on=agreed(Reading(True, Source(source.evidence, f"line {row['line']}")), asked.on),
            action=agreed(cell(row, "action", str, source), asked.action),
            detection_ms=agreed(cell(row, "detection_time_ms", number, source, Unit.MS), asked.detection_ms),
            restoration_ms=agreed(restoration, asked.restoration_ms),
            storms=storms,
        )

    def storms(self, port: str) -> Value[Mapping[int, Decimal]]:
        """Storms by queue; a queue without a state is one that the watchdog does not watch."""
        sample = self.answers.last(STORMS)
        rows = self.answers.rows(STORMS, sample)
        source = self.answers.source(STORMS, sample)
        if isinstance(rows, Missing):
            return either(rows, self.db.storms(port))
        own = [row for row in rows if row["interface"] == port and row.get("status") is not None]
        if not own:
            return Missing(Absence.NOT_RECORDED, source, f"no queue of {port} that is watched")
        watched = unlike(own, lambda row: int(row["queue"]))
        return gathered({n: one(row, "storms_detected", source) for n, row in watched.items()})

    def queue(self, port: str, priority: int) -> Queue:
        """A queue as it is set, and what it marked and dropped until the last sample."""
        return replace(
            self.config.queue(port, priority),
            marked=self.counted(MARKS, port, priority, "ecn_marked_packets", MARKED),
            dropped=self.counted(QUEUES, port, priority, "dropped_packets", DROPPED),
            counted_at=self.answers.at(QUEUES, self.answers.last(QUEUES))
            or self.answers.at(MARKS)
            or self.answers.at(COUNTERS, self.last_sample),
        )

    def counted(self, command: str, port: str, priority: int, field: str, stored: str) -> Value[Decimal]:
        """A counter of a queue; of queues for unicast and for all traffic, not of those for multicast."""
        rows = self.of_queues(command)
        if isinstance(rows, Missing):
            return either(rows, self.db.queue(self.last_sample, port, priority, stored))
        names = [(port, f"{kind}{priority}") for kind in ("UC", "ALL")]
        name = next((name for name in names if name in rows), None)
        source = self.answers.source(command, self.ended(command))
        if name is None:
            return Missing(Absence.NOT_RECORDED, source, f"no row for queue {priority} of {port}")
        return one(rows[name], field, source)

    def ended(self, command: str) -> int:
        """The sample of the queues' counters that counts: those of marks are asked for once."""
        return self.answers.last(command) if command in COUNTED else self.answers.newest(command)

    def of_queues(self, command: str) -> Mapping[tuple[str, str], Row | None] | Missing:
        if command not in self._queues:
            rows = self.answers.rows(command, self.ended(command))
            by = rows if isinstance(rows, Missing) else unlike(rows, lambda row: (row["interface"], row["queue"]))
            self._queues[command] = by
        return self._queues[command]

    def neighbour(self, port: str) -> Value[Neighbour]:
        """The neighbour by the short list, else by the full one."""
        fields = ("remote_device", "remote_port_id", "remote_port_description")
        told = self.heard(self.lldp, port, *fields)
        if isinstance(told, Missing) and self.answers.at(LLDP) is None:
            told = either(told, self.heard(self.lldp_in_full, port, "system_name", "port_id", "port_description"))
        return agreed(told, self.db.neighbour(port))

    @staticmethod
    def heard(table: Table, port: str, system: str, *ids: str) -> Value[Neighbour]:
        device = table.value(port, system, str)
        names = (table.value(port, field, str) for field in ids)
        heard = tuple(value.value for value in names if isinstance(value, Reading))
        return derive(device, lambda name: Neighbour(name, heard))

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
            Flag(flag_name(key), lane, flag_value(dict(enumerate(values, 1)), lane, source, row))
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
        rows = self.answers.rows(EEPROM, self.answers.second(EEPROM))
        return rows if isinstance(rows, Missing) else pages_of(rows)

    def module(self, cage: CagePlan) -> Transceiver:
        """The module by its registers; by STATE_DB where they were not dumped."""
        if self.device.eeproms is not None:
            return eeproms.module(self.answers, self.device, cage, eeproms.SPANS, 1)
        port = cage.ports[0].name
        label = f"{self.device.name}:{port} module"
        untold = isinstance(self._dumps, Missing) and self._dumps.why in (Absence.NOT_RECORDED, Absence.NOT_ANSWERED)
        if untold and self.db.state.gone is None:
            return sonic_modules.told(label, self.db.state, port)
        seen = self.dumped(label, self._dumps, port)
        stored = sonic_modules.serial_of(self.db.state, port)
        if isinstance(same := agreed(seen.vendor_sn, stored), Missing) and isinstance(seen.vendor_sn, Reading):
            return transceiver(Memory(f"{label} ({same})", {}))
        return seen

    def again(self, cage: CagePlan) -> Again:
        if self.device.eeproms is not None:
            return eeproms.again(self.answers, self.device, cage)
        port = cage.ports[0].name
        seen = self.dumped(f"{self.device.name}:{port} module #2", self._second_dumps, port)
        return Again(seen, self.answers.apart(EEPROM, EEPROM, self.answers.second(EEPROM)))

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
        own = self.own("platform")
        if isinstance(own, Missing):
            return own
        if own.value != self.device.platform:
            said = f"the switch is a {own.value}, the lab file has {self.device.platform}"
            return Missing(Absence.NOT_AVAILABLE, own.source, said)
        found = self.platform.value(
            port, "modes", lambda raw: frozenset(m for one in raw for m in offered(one["mode"]))
        )
        return derive(found, lambda modes: modes, note=f"the platform is its own by {own.source}")


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


def by_direction(rows: Rows) -> Mapping[tuple[str, str], Sequence[Row]]:
    """Rows by port and direction."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((str(row["interface"]), str(row.get("direction"))), []).append(row)
    return found


def either(first: Value[T], second: Value[T]) -> Value[T]:
    """A counter or a moment by the first source that tells it: two that were asked apart need not agree."""
    return agreed(first, second) if isinstance(first, Missing) else first


def unlike(rows: Rows, key: Callable[[Row], K]) -> Mapping[K, Row | None]:
    """Rows by key; None for those of one key that contradict one another."""
    found: dict[K, Row | None] = {}
    for row in rows:
        known = found.setdefault(key(row), row)
        if known is not row and (known is None or without_line(known) != without_line(row)):
            found[key(row)] = None
    return found


def one(row: Row | None, field: str, source: Source) -> Value[Decimal]:
    """A counter of a row; nothing of rows that contradict one another."""
    if row is None:
        return Missing(Absence.UNREADABLE, source, f"rows that are not alike in {field}")
    return cell(row, field, counter, source, Unit.COUNT)


def port_is_in(table: Table, port: str) -> bool:
    return not isinstance(table.row(port), Missing)


def distinct(lanes: Any) -> int:
    return len({int(lane) for lane in lanes})


def numbers(raw: Any) -> frozenset[int]:
    return frozenset(map(int, raw))


def those_it_has(raw: Sequence[Any]) -> tuple[int, ...]:
    """The codewords in each bin; the last ones, which an ASIC does not have, are not available."""
    bins = list(raw)
    while bins and bins[-1] is None:
        bins.pop()
    if not bins:
        raise ValueError("no bin is available")
    return histogram(bins)


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


def flag_value(values: Mapping[Any, Any], key: Any, source: Source, row: Row) -> Value[bool]:
    raw = values.get(key)
    told = flag_told if raw is None or isinstance(raw, bool | int | str) else flag_told.__wrapped__
    return told(source.evidence, row["line"], key, raw)


@lru_cache(maxsize=1024, typed=True)
def flag_told(evidence: str, line: int, key: Any, raw: Any) -> Value[bool]:
    """A flag is one of a hundred of a module, and most are told alike: what is the same is made once."""
    return cell({"line": line, key: raw}, key, as_flag, Source(evidence))


def as_flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(f"{raw!r} is not a flag")
    return raw
