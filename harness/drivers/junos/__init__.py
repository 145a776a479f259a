"""Juniper Junos and Junos Evolved.

A question goes out in the form that recordings prove: JSON for parts and neighbours, XML for modules, text for the
rest.  Answers are read in whatever form is on record, so that a capture made by hand serves as well.

What Junos does not show on its command line is Missing with that reason: the host lanes that a port runs, histograms of
codewords, pause thresholds, and ECN thresholds in bytes (its fill levels are percents of a queue's buffer).  ``fec91``
is RS(528,514) or RS(544,514) by the lane rate, so that it is a word and not the name of a code; ``fec119`` is
RS(544,514).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ...evidence import Ask, Evidence, Kind
from ...lab.inventory import CagePlan, DevicePlan, PortPlan
from ...model import Changes, DeviceFacts, Fan, FecSample, Neighbour, PortFacts, Sensor, Supply
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...transports.base import Session
from ...transports.permit import Permit
from ...units import Unit
from ..base import PRIORITIES, Answers, Rows, Table, cell, counter, error_ratio, gbps, number, signed, truth
from ..facts import ok
from .modules import Modules
from .quality import Quality
from .record import (
    COMMANDS,
    ENVIRONMENT,
    HARDWARE,
    INTERFACES,
    LLDP,
    OF_FORWARDING,
    OF_LINKS,
    OF_PORTS,
    OPTICS,
    PLACE,
    VERSION,
    Record,
    forms,
    pic,
    pics,
    registers,
)

T = TypeVar("T")

SPEED_WORD = re.compile(r"(?:(\d{1,2})x)?(\d{1,4})G(?:E|bps)?", re.IGNORECASE)

FEC_WORDS: Mapping[str, str] = {
    "FEC119": "rs", "FEC91": "rs", "FEC108": "rs", "FEC134": "rs", "FEC74": "fc", "NONE": "none", "AUTO": "auto",
}  # fmt: skip
FEC_NAMES: Mapping[str, str] = {
    "FEC119": "RS(544,514)", "FEC134": "RS(544,514)", "FEC108": "RS(528,514)", "FEC74": "BASE-R", "NONE": "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Junos:
    """The driver."""

    nos: str = "junos"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        for command in (*COMMANDS, *pics(device)):
            yield Ask(device.name, Kind.CLI, command)
        for command in (INTERFACES, OPTICS):
            yield Ask(device.name, Kind.CLI, command, sample=2)

    def soaks(self, device: DevicePlan) -> Iterator[Ask]:
        """The modules' monitors, which are asked for a second time anyway."""
        yield Ask(device.name, Kind.CLI, OPTICS)

    def accepts(self, device: DevicePlan) -> Iterator[Ask]:
        """The same questions in other forms, and what the packet forwarding engine's own command line says."""
        put = {ask.text for ask in self.asks(device)}
        for command in (*COMMANDS, *pics(device)):
            for form in forms(command):
                if form not in put:
                    yield Ask(device.name, Kind.CLI, form)
        for cage in device.cages:
            for command in registers(cage.ports[0].name):
                yield Ask(device.name, Kind.CLI, command)

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        return Switch(device, Answers(self.nos, device.name, evidence)).facts()


DRIVER = Junos()
SESSION = Session(
    Permit.of(*COMMANDS, "show chassis pic fpc-slot {number} pic-slot {number}"),
    shell=False,
    quiet=("set cli screen-length 0", "set cli screen-width 0"),
)


class Switch:
    """One switch's answers, turned into facts."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        self.record = Record(device, answers)
        self.quality = Quality(self.record)
        self.module = Modules(self.record)

    def facts(self) -> DeviceFacts:
        asked = self.record.answers.span(*(self.record.spelt(command) for command in OF_LINKS))
        firsts = {cage.ports[0].name: cage for cage in self.record.device.cages}
        model = self.of_members("model")
        return DeviceFacts(
            software=self.of_members("version"),
            platform=model,
            hwsku=model,
            ports={port.name: self.port(cage, port) for cage in self.record.device.cages for port in cage.ports},
            modules={first: self.module.module(cage, 1) for first, cage in firsts.items()},
            again={first: self.module.again(cage) for first, cage in firsts.items()},
            modes={first: self.modes(first) for first in firsts},
            sampled={port.name: asked for port in self.record.device.ports} if asked else {},
            aliases=self.aliases(),
            serial=self.serial(),
            asic=self.record.untold(VERSION, "Junos does not name the ASIC"),
            supplies=self.supplies(),
            fans=self.fans(),
            sensors=self.sensors(),
            load_balancing=self.load_balancing(),
            monitor_age=dict.fromkeys(firsts, self.record.untold(OPTICS, "Junos does not show when it read a module")),
            series={first: self.module.series(cage) for first, cage in firsts.items()},
            unknown=tuple(self.record.answers.unknown),  # last: whatever was parsed above has said what it did not know
        )

    # --- the device -------------------------------------------------------------------------------------------------

    def of_members(self, field: str) -> Value[str]:
        """What every member of a chassis says alike of its software."""
        rows = self.record.rows(VERSION)
        if isinstance(rows, Missing):
            return rows
        values = [cell(row, field, str, self.record.source(VERSION)) for row in rows]
        if not values:
            return Missing(Absence.NOT_RECORDED, self.record.source(VERSION), "the answer has no record")
        told = {value.value for value in values if isinstance(value, Reading)}
        if len(told) > 1:
            said = f"its members differ: {', '.join(sorted(told))}"
            return Missing(Absence.UNREADABLE, self.record.source(VERSION), said)
        return values[0]

    def serial(self) -> Value[str]:
        rows = self.record.rows(HARDWARE)
        if isinstance(rows, Missing):
            return rows
        chassis = list(self.record.parts("Chassis"))
        if len(chassis) != 1:
            return Missing(Absence.NOT_RECORDED, self.record.source(HARDWARE), f"{len(chassis)} chassis in the answer")
        return cell(chassis[0], "serial", str, self.record.source(HARDWARE))

    def environment(self, *groups: str) -> Rows | Missing:
        rows = self.record.rows(ENVIRONMENT)
        if isinstance(rows, Missing):
            return rows
        return [row for row in rows if str(row["class"]).lower() in groups]

    def supplies(self) -> Value[tuple[Supply, ...]]:
        """Supplies by their number; further lines of one are its sensors."""
        rows = self.environment("power")
        if isinstance(rows, Missing):
            return rows
        source = self.record.source(ENVIRONMENT)
        models = {str(row["item"]): row for row in self.record.parts(r"(?:PSM|PEM|PSU|Power Supply) \d+")}
        found: dict[str, Supply] = {}
        for row in rows:
            name = re.match(r"(?:FPC \d+ )?((?:PSM|PEM|PSU|Power Supply) \d+)", str(row["item"]))
            key = name[1] if name else str(row["item"])
            if key not in found:
                model: Value[str] = Missing(Absence.NOT_RECORDED, self.record.source(HARDWARE), f"no part {key}")
                if key in models:
                    model = cell(models[key], "description", str, self.record.source(HARDWARE))
                found[key] = Supply(key, cell(row, "status", ok, source), model=model)
        return Reading(tuple(found.values()), source) if found else self.record.none_of(source, "power supply")

    def fans(self) -> Value[tuple[Fan, ...]]:
        rows = self.environment("fan", "fans")
        if isinstance(rows, Missing):
            return rows
        source = self.record.source(ENVIRONMENT)
        trays = {str(row["item"]): row for row in self.record.parts(r"Fan Tray \d+")}
        fans = []
        for row in rows:
            tray = re.search(r"Fan Tray \d+", str(row["item"]))
            air: Value[str] = self.record.untold(HARDWARE, "no airflow in the description of its tray")
            if tray and tray[0] in trays:
                air = cell(trays[tray[0]], "description", airflow, self.record.source(HARDWARE))
            turns = cell(row, "rpm", number, source)
            fans.append(Fan(str(row["item"]), cell(row, "status", ok, source), turns, direction=air))
        return Reading(tuple(fans), source) if fans else self.record.none_of(source, "fan")

    def sensors(self) -> Value[tuple[Sensor, ...]]:
        rows = self.environment("temp", "power", "routing engine", "cb", "fpc")
        if isinstance(rows, Missing):
            return rows
        source = self.record.source(ENVIRONMENT)
        found = tuple(
            Sensor(str(row["item"]), cell(row, "temperature_c", signed, source, Unit.CELSIUS),
                   status=cell(row, "status", ok, source))
            for row in rows
            if row.get("temperature_c") is not None
        )  # fmt: skip
        return Reading(found, source) if found else self.record.none_of(source, "temperature")

    def aliases(self) -> Mapping[str, str]:
        """Port names by what LLDP may tell instead: the index of SNMP, an address, a description of the operator."""
        rows = self.record.answers.rows(self.record.interfaces[1].command)
        found: dict[str, str] = {}
        twice: set[str] = set()
        for row in () if isinstance(rows, Missing) else rows:
            for field in ("snmp_index", "mac", "description"):
                alias = row.get(field)
                if alias is not None:
                    twice |= {str(alias)} & found.keys()
                    found[str(alias)] = str(row["interface"])
        return {alias: port for alias, port in found.items() if alias not in twice}

    def load_balancing(self) -> Value[str]:
        """``ecmp``, or ``dlb`` with its mode where dynamic load balancing is configured."""
        statements = self.record.settings(OF_FORWARDING)
        if isinstance(statements, Missing):
            return statements
        source = self.record.source(OF_FORWARDING)
        for path, line in statements:
            if "ecmp-dlb" in path:
                mode = path[path.index("ecmp-dlb") + 1 :]
                return Reading(" ".join(("dlb", *mode[:1])), Source(source.evidence, f"line {line}"))
        if (gone := self.record.inherits(OF_FORWARDING)) is not None:
            return gone
        note = f"line 1 (none of {len(statements)} statements is ecmp-dlb)"
        return Reading("ecmp", Source(source.evidence, note))

    def modes(self, first: str) -> Value[frozenset[str]]:
        """The speeds that Junos lists for a cage."""
        place = PLACE.fullmatch(first)
        if place is None:
            return Missing(Absence.NOT_AVAILABLE, self.record.source(VERSION), f"{first} names no FPC, PIC and cage")
        command = pic(place[1], place[2])
        row = self.record.caged("speeds", place)
        if isinstance(row, Missing):
            return row
        return cell(row, "speeds", offered, self.record.source(command))

    # --- a port -----------------------------------------------------------------------------------------------------

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name, table = port.name, self.record.interfaces[1]
        maps = self.quality.maps(name)
        return PortFacts(
            speed=table.value(name, "speed_mbps", gbps, Unit.GBPS),
            lanes=self.record.untold(INTERFACES, "Junos does not show how many lanes a port runs"),
            oper=table.value(name, "oper", str),
            admin=table.value(name, "admin", str),
            mtu=table.value(name, "mtu", number, Unit.BYTES),
            fec_configured=self.fec_configured(name),
            fec_operational=self.fec_running(name, FEC_WORDS),
            fec_named=self.fec_running(name, FEC_NAMES),
            fec_samples=tuple(self.fec_sample(n, name) for n in self.record.interfaces),
            histogram=self.record.untold(INTERFACES, "Junos shows no histogram of codewords"),
            histogram_from=0,
            histogram_at=None,
            pfc_priorities=self.quality.pfc_priorities(name),
            link_pause=table.value(name, "flow_control", truth),
            maps=maps,
            queues={number: self.quality.queue(name, number) for number in PRIORITIES},
            neighbour=Missing(Absence.NOT_RECORDED, self.record.source(LLDP)),
            lldp=self.neighbour(name),
            breakout_mode=self.breakout_mode(cage),
            error_status=self.module.error_status(cage.ports[0].name),
            flags=self.module.flags(cage, port),
            flaps=self.inside(table, name, "output_errors", "carrier_transitions", counter),
            last_change=table.value(name, "last_flapped", str),
            cleared=table.value(name, "cleared", str),
            pauses=tuple(self.quality.pauses(n, name) for n in self.record.interfaces),
            watchdog=self.quality.watchdog(name),
            auto_negotiation=table.value(name, "auto_negotiation", truth),
            changes=tuple(self.changes(n, name) for n in self.record.interfaces),
        )

    def changes(self, sample: int, name: str) -> Changes:
        table = self.record.interfaces[sample]
        count = self.inside(table, name, "output_errors", "carrier_transitions", counter, Unit.COUNT)
        return Changes(self.record.answers.at(table.command, sample), count)

    def inside(
        self, table: Table, port: str, part: str, field: str, into: Callable[[Any], T], unit: Unit = Unit.NONE
    ) -> Value[T]:
        """A field of a part of a port's record."""
        row = table.row(port)
        if isinstance(row, Missing):
            return row
        source = table.of.source(table.command, table.sample)
        held = row.get(part)
        if not isinstance(held, Mapping):
            place = Source(source.evidence, f"line {row['line']} {part}")
            return Missing(Absence.NOT_RECORDED, place, f"the answer has no {part.replace('_', ' ')} of {port}")
        return cell({**held, "line": row["line"]}, field, into, source, unit)

    # --- FEC --------------------------------------------------------------------------------------------------------

    def fec_configured(self, port: str) -> Value[str]:
        """The word of the configuration; where it has none, the switch chooses by the module: ``auto``."""
        statements = self.record.of_port(port)
        if isinstance(statements, Missing):
            return statements
        source = self.record.source(OF_PORTS)
        for path, line in statements:
            if len(path) >= 3 and path[0] in ("gigether-options", "ether-options") and path[1] == "fec":
                place = Source(source.evidence, f"line {line}", path[2])
                word = FEC_WORDS.get(path[2].upper())
                return Reading(word, place) if word else Missing(Absence.UNREADABLE, place, f"{path[2]!r} is no FEC")
        if not statements:
            return Missing(Absence.NOT_RECORDED, source, f"no statement about {port}")
        if (gone := self.record.inherits(OF_PORTS)) is not None:
            return gone
        return Reading("auto", Source(source.evidence, f"line {statements[0][1]} (no fec statement about {port})"))

    def fec_running(self, port: str, words: Mapping[str, str]) -> Value[str]:
        """What runs on a link that is up; on one that is down Junos shows what would."""
        mode = self.record.interfaces[1].value(port, "fec_mode", lambda raw: str(raw).upper())
        oper = self.record.interfaces[1].value(port, "oper", str)
        if isinstance(mode, Missing):
            return mode
        if isinstance(oper, Reading) and oper.value != "up":
            return Missing(Absence.NOT_AVAILABLE, mode.source, "the link is down")
        if mode.value not in FEC_WORDS:
            return Missing(Absence.UNREADABLE, mode.source, f"{mode.value!r} is no FEC mode that is known")
        if mode.value not in words:
            said = f"{mode.value} is more than one code: which one follows from the lane rate"
            return Missing(Absence.NOT_AVAILABLE, mode.source, said)
        return Reading(words[mode.value], mode.source)

    def fec_sample(self, sample: int, port: str) -> FecSample:
        """Codewords as counted; counters of a port on which no FEC runs stand still at 0 and count nothing."""
        table = self.record.interfaces[sample]
        corrected = self.inside(table, port, "fec", "corrected", counter)
        uncorrected = self.inside(table, port, "fec", "uncorrected", counter)
        mode = table.value(port, "fec_mode", lambda raw: str(raw).upper())
        if isinstance(mode, Reading) and mode.value == "NONE":
            corrected = uncorrected = Missing(Absence.NOT_AVAILABLE, mode.source, "no FEC runs: nothing is counted")
        return FecSample(
            at=self.record.answers.at(table.command, sample),
            corrected=corrected,
            uncorrected=uncorrected,
            symbol_errors=self.record.untold(INTERFACES, "Junos does not count symbol errors"),
            pre_fec_ber=self.inside(table, port, "fec", "pre_fec_ber", error_ratio),
        )

    # --- neighbours and breakout ------------------------------------------------------------------------------------

    def neighbour(self, port: str) -> Value[Neighbour]:
        """The neighbour in full; in short, where a release has no more, by whatever it calls its port."""
        for table, fields in (
            (self.record.lldp_detail, ("port_id", "port_description")),
            (self.record.lldp, ("port_id", "port_description", "port_info")),
        ):
            device = table.value(port, "system_name", str)
            if isinstance(device, Reading):
                told = (table.value(port, field, str) for field in fields)
                names = tuple(value.value for value in told if isinstance(value, Reading))
                return derive(device, lambda name, names=names: Neighbour(name, names))  # type: ignore[misc]
        short = self.record.lldp.value(port, "system_name", str)
        detail = self.record.lldp_detail.value(port, "system_name", str)
        assert isinstance(short, Missing) and isinstance(detail, Missing)
        return short if isinstance(self.record.lldp_detail.row(port), Missing) else detail

    def breakout_mode(self, cage: CagePlan) -> Value[str]:
        """How many ports of which speed the cage has; Junos lists every child that there is."""
        first = cage.ports[0].name
        base = first.partition(":")[0]
        rows = self.record.answers.rows(self.record.interfaces[1].command)
        if isinstance(rows, Missing):
            return rows
        children = [row for row in rows if str(row["interface"]).startswith(f"{base}:")]
        ports = children or [row for row in rows if row["interface"] == base]
        source = self.record.source(INTERFACES)
        if not ports:
            return Missing(Absence.NOT_RECORDED, source, f"no port {base} in the answer")
        speeds = [cell(row, "speed_mbps", gbps, source) for row in ports]
        for speed in speeds:
            if isinstance(speed, Missing):
                return speed
        told = {speed.value for speed in speeds if isinstance(speed, Reading)}
        place = Source(source.evidence, f"line {ports[0]['line']} ({len(ports)} ports of the cage)")
        if len(told) != 1:
            return Missing(Absence.UNREADABLE, place, f"ports of one cage at {', '.join(map(str, sorted(told)))} Gb/s")
        return Reading(f"{len(ports)}x{told.pop().normalize():f}G", place)


def airflow(raw: object) -> str:
    """The direction of the air, as the description of a fan tray or a supply ends: AFO or AFI."""
    found = re.search(r"\b(AFO|AFI)\b", str(raw))
    if found is None:
        raise ValueError(f"{raw!r} names no airflow")
    return found[1]


def offered(raw: Any) -> frozenset[str]:
    """Breakout modes as they are told: ``4x100G``, ``400GE``."""
    found = [SPEED_WORD.fullmatch(str(word)) for word in raw]
    return frozenset(f"{match[1] or 1}x{match[2]}G" for match in found if match)
