"""Cumulus Linux 5, as NVUE and the Linux tools of the switch print it.

NVUE tells states, quality of service, PHY and platform; ethtool tells lanes, FEC and the registers of modules; lldpctl
tells neighbours.  NVUE's commands are asked for JSON, whose numbers are exact.  No recording of NVUE was at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

from ...decode.memory import LOWER_MEMORY, Memory, Page
from ...decode.told import ToldTransceiver
from ...decode.transceiver import Transceiver, transceiver
from ...evidence import Ask, Evidence, Kind
from ...lab.inventory import CagePlan, DevicePlan, PortPlan
from ...model import (
    Again,
    Changes,
    DeviceFacts,
    Fan,
    FecSample,
    Flag,
    Maps,
    MonitorSample,
    Neighbour,
    PauseCounts,
    PortFacts,
    Queue,
    Sensor,
    Supply,
    Watchdog,
)
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...transports.base import Session
from ...transports.permit import Permit
from ...units import Unit
from .. import eeproms, linux
from ..base import (
    PRIORITIES,
    Answers,
    Row,
    Table,
    cell,
    counter,
    error_ratio,
    gbps,
    histogram,
    number,
    signed,
    truth,
)
from ..facts import either, either_way, parts, read_when_asked, told_neighbour, while_up
from . import modules as nvue_modules
from .ports import counted, parent_of

T = TypeVar("T")

JSON: Final = " -o json"
VERSION: Final = "nv show system version" + JSON
PLATFORM: Final = "nv show platform" + JSON
FANS: Final = "nv show platform environment fan" + JSON
SUPPLIES: Final = "nv show platform environment psu" + JSON
SENSORS: Final = "nv show platform environment temperature" + JSON
MODULES: Final = "nv show platform transceiver detail" + JSON
INTERFACES: Final = "nv show interface" + JSON
CARRIER: Final = "nv show interface carrier-stats" + JSON
BALANCING: Final = "nv show router adaptive-routing" + JSON
WATCHDOGS: Final = "nv show qos pfc-watchdog" + JSON
NEIGHBOURS: Final = "sudo lldpctl -f json0"

WHOLE: Final = (
    VERSION, PLATFORM, FANS, SUPPLIES, SENSORS, MODULES, INTERFACES, CARRIER, BALANCING, WATCHDOGS, NEIGHBOURS,
)  # fmt: skip

PAGES: Final = (0x00, 0x01, 0x02, 0x10, 0x11, 0x13, *range(0x20, 0x2C), 0x2F, 0x9F)
"""Pages that are read: VDM but for its flags, which a read would clear, and CDB."""
TWICE: Final = (0x00, 0x01, 0x02, 0x11)


def about(port: str, *words: str) -> str:
    return f"nv show interface {port} {' '.join(words)}{JSON}"


def health(port: str) -> str:
    return about(port, "link phy health")


def bins(port: str) -> str:
    return about(port, "link phy health histogram")


def detail(port: str) -> str:
    return about(port, "link phy detail")


def counters(port: str) -> str:
    return about(port, "counters qos")


def qos(port: str, what: str) -> str:
    return about(port, "qos", what)


QOS: Final = (
    "pfc", "link-pause", "mapping", "egress-queue-mapping", "egress-scheduler", "congestion-control", "pfc-watchdog",
)  # fmt: skip


def settings(port: str) -> str:
    return f"ethtool {port}"


def fec(port: str) -> str:
    return f"ethtool --json -I --show-fec {port}"


def lower_page(port: str) -> str:
    return f"sudo {linux.lower_page(port)}"


def upper_page(port: str, page: int) -> str:
    return f"sudo {linux.upper_page(port, page)}"


def pages(port: str, numbers: Sequence[int]) -> Mapping[Page, str]:
    """The commands that read a module, by page."""
    return {LOWER_MEMORY: lower_page(port), **{Page(page): upper_page(port, page) for page in numbers}}


def of_link(port: str) -> tuple[str, ...]:
    """What is held against the other end of a port's link."""
    return (INTERFACES, NEIGHBOURS, settings(port), fec(port), qos(port, "pfc"), qos(port, "link-pause"))


@dataclass(frozen=True, slots=True)
class Nvue:
    """The driver."""

    nos: str = "nvue"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        """Histograms come with the second sample of the counters, with which they must agree."""
        filed = device.eeproms is not None
        heads = [cage.ports[0].name for cage in device.cages]
        names = [port.name for port in device.ports]
        first: list[str] = [*WHOLE]
        for name in names:
            first += [settings(name), fec(name), health(name), detail(name), counters(name)]
            first += [qos(name, what) for what in QOS]
        first += () if filed else (command for name in heads for command in pages(name, PAGES).values())
        first += eeproms.commands(device, eeproms.SPANS)
        second = [CARRIER]
        for name in names:
            second += [fec(name), health(name), counters(name), qos(name, "pfc-watchdog")]
        second += () if filed else (command for name in heads for command in pages(name, TWICE).values())
        second += eeproms.commands(device, eeproms.TWICE)
        yield from (Ask(device.name, Kind.CLI, command) for command in first)
        yield from (Ask(device.name, Kind.CLI, command, sample=2) for command in second)
        yield from (Ask(device.name, Kind.CLI, bins(name)) for name in names)

    def soaks(self, device: DevicePlan) -> Iterator[Ask]:
        """The monitors of all modules, in one answer."""
        yield Ask(device.name, Kind.CLI, MODULES)

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        return Switch(device, Answers(self.nos, device.name, evidence)).facts()


DRIVER = Nvue()
SESSION = Session(
    Permit.of(
        *WHOLE,
        *(command("{port}") for command in (settings, fec, health, bins, detail, counters, lower_page)),
        *(qos("{port}", what) for what in QOS),
        upper_page("{port}", 0),
        "sudo ethtool -m {port} hex on page {hex} bank 0x0 offset 0x80 length 0x80",
        eeproms.TEMPLATE,
    ),
    shell=True,
)


class Switch:
    """One switch's answers, turned into facts."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        self.device, self.answers, self.one = device, answers, answers.field
        self.interfaces = Table(answers, INTERFACES, "interface")
        self.carriers = {n: Table(answers, CARRIER, "interface", sample=n) for n in answers.sampled(CARRIER)}
        self.carrier = self.carriers[1]
        self.monitors = {n: Table(answers, MODULES, "interface", sample=n) for n in answers.sampled(MODULES)}
        self.transceivers = self.monitors[1]
        self.neighbours = Table(answers, NEIGHBOURS, "interface")

    def facts(self) -> DeviceFacts:
        modules = {cage.ports[0].name: self.module(cage) for cage in self.device.cages}
        asked = {port.name: self.answers.span(*of_link(port.name)) for port in self.device.ports}
        model = either(self.one(PLATFORM, "product_name", str), self.one(PLATFORM, "system_type", str))
        return DeviceFacts(
            software=either(self.one(VERSION, "product_release", str), self.one(VERSION, "image", str)),
            platform=model,
            hwsku=model,
            ports={port.name: self.port(cage, port) for cage in self.device.cages for port in cage.ports},
            modules=modules,
            again={cage.ports[0].name: self.again(cage) for cage in self.device.cages},
            modes={
                cage.ports[0].name: self.gone(INTERFACES, "which modes a cage offers") for cage in self.device.cages
            },
            sampled={name: span for name, span in asked.items() if span is not None},
            aliases=self.addresses(),
            unknown=tuple(self.answers.unknown),
            serial=self.one(PLATFORM, "serial_number", str),
            asic=self.one(PLATFORM, "asic_model", str),
            supplies=self.parts(SUPPLIES, self.supply),
            fans=self.parts(FANS, self.fan),
            sensors=self.parts(SENSORS, self.sensor),
            load_balancing=self.load_balancing(),
            monitor_age={name: self.age(seen) for name, seen in modules.items()},
            series={cage.ports[0].name: self.series(cage) for cage in self.device.cages},
        )

    # --- answers ------------------------------------------------------------------------------------------------

    def by(self, command: str, key: str, index: int, sample: int = 1, **kept: str) -> Row | Missing:
        """The one record of an answer that is about a queue or a priority."""
        rows = self.answers.rows(command, sample)
        if isinstance(rows, Missing):
            return rows
        found = [row for row in rows if row.get(key) == index and all(row.get(k) == v for k, v in kept.items())]
        source = self.answers.source(command, sample)
        if len(found) == 1:
            return found[0]
        words = f"{key.replace('_', ' ')} {index}"
        if found:
            return Missing(Absence.UNREADABLE, source, f"{len(found)} rows for {words}")
        return Missing(Absence.NOT_RECORDED, source, f"no row for {words}")

    def gone(self, command: str, what: str) -> Missing:
        return Missing(Absence.NOT_AVAILABLE, self.answers.source(command), f"NVUE does not show {what}")

    def addresses(self) -> Mapping[str, str]:
        """Ports by their MAC address, by which some neighbours name them."""
        rows = self.answers.rows(INTERFACES)
        if isinstance(rows, Missing):
            return {}
        return {str(row["mac"]): str(row["interface"]) for row in rows if row.get("mac") and row.get("interface")}

    # --- ports --------------------------------------------------------------------------------------------------

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name = port.name
        first_bin = 0  # NVUE numbers bins from 0, and the parser puts each at its number
        return PortFacts(
            speed=self.speed(name),
            lanes=either(self.one(settings(name), "lanes", int), self.interfaces.value(name, "lanes", int)),
            oper=either(self.interfaces.value(name, "oper", str), self.interfaces.value(name, "state", str)),
            admin=self.interfaces.value(name, "admin", str),
            mtu=self.interfaces.value(name, "mtu", number, Unit.BYTES),
            fec_configured=self.one(fec(name), "configured", linux.fec_word),
            fec_operational=self.running(name, self.one(fec(name), "active", linux.fec_word)),
            fec_named=self.gone(fec(name), "the name of the code: ethtool has a word for it"),
            fec_samples=tuple(self.fec_sample(name, sample) for sample in self.answers.samples(fec(name))),
            histogram=self.histogram(name),
            histogram_from=first_bin,
            histogram_at=self.answers.at(bins(name)) or self.answers.at(health(name), 2),
            pfc_priorities=self.pfc(name),
            link_pause=self.link_pause(name),
            maps=self.maps(name),
            queues={queue: self.queue(name, queue) for queue in PRIORITIES},
            neighbour=Missing(Absence.NOT_RECORDED, self.answers.source(NEIGHBOURS)),
            lldp=self.neighbour(name),
            breakout_mode=self.breakout(cage),
            error_status=self.error_status(cage),
            flags=self.flags(name),
            flaps=self.carrier.value(name, "carrier_transitions", counter),
            last_change=either(
                self.carrier.value(name, "last_change", str), self.interfaces.value(name, "last_change", str)
            ),
            cleared=self.one(health(name), "minutes_since_clear", lambda raw: f"{number(raw):f} min before"),
            pauses=tuple(self.pauses(name, sample) for sample in self.answers.samples(counters(name))),
            watchdog=self.watchdog(name),
            auto_negotiation=self.one(settings(name), "autoneg", truth),
            changes=tuple(self.changes(name, sample) for sample in self.carriers),
            lane_errors=self.lane_errors(name),
        )

    def speed(self, name: str) -> Value[Decimal]:
        """NVUE's own; where ethtool contradicts it, neither."""
        own: Value[Decimal] = self.interfaces.value(name, "speed_mbps", gbps, Unit.GBPS)
        other: Value[Decimal] = self.one(settings(name), "speed_mbps", gbps, Unit.GBPS)
        if isinstance(own, Reading) and isinstance(other, Reading) and own.value != other.value:
            return Missing(Absence.UNREADABLE, own.source, f"{own.value} Gb/s, but {other.value} by {other.source}")
        return either(own, other)

    def running(self, name: str, word: Value[str]) -> Value[str]:
        """What runs on a link that is up; on one that is down ethtool says that nothing does."""
        up = self.one(settings(name), "link_detected", truth)
        return while_up(isinstance(up, Reading) and not up.value, word)

    def fec_sample(self, name: str, sample: int) -> FecSample:
        """Codewords are ethtool's; what NVUE calls symbol errors are those that FEC left."""
        return FecSample(
            at=self.answers.at(fec(name), sample),
            corrected=self.one(fec(name), "corrected_blocks", linux.total, sample=sample),
            uncorrected=self.one(fec(name), "uncorrectable_blocks", linux.total, sample=sample),
            symbol_errors=Missing(
                Absence.NOT_AVAILABLE,
                self.answers.source(health(name), sample),
                "only symbol errors after FEC are shown",
            ),
            pre_fec_ber=self.one(health(name), "raw_ber", error_ratio, sample=sample),
        )

    def changes(self, name: str, sample: int) -> Changes:
        count = self.carriers[sample].value(name, "carrier_transitions", counter, Unit.COUNT)
        return Changes(self.answers.at(CARRIER, sample), count)

    def lane_errors(self, name: str) -> Value[Mapping[int, Decimal]]:
        """Bits in error before FEC on the lanes of the port, by the last sample."""
        command = health(name)
        return self.one(command, "raw_errors", by_lane, Unit.COUNT, self.answers.last(command))

    def histogram(self, name: str) -> Value[tuple[int, ...]]:
        """Its own command's, or what releases without it print among the PHY's health."""
        return either(self.one(bins(name), "bins", histogram), self.one(health(name), "bins", histogram, sample=2))

    def neighbour(self, name: str) -> Value[Neighbour]:
        """lldpd's own words; NVUE's where lldpctl was not allowed."""
        device = told_neighbour(self.neighbours, name, "system_name", "port_id", "port_description")
        if isinstance(device, Reading) or not isinstance(self.answers.rows(NEIGHBOURS), Missing):
            return device  # where lldpd was heard and has no neighbour, there is none
        return either(device, self.interfaces.value(name, "neighbors", only_neighbour))

    def breakout(self, cage: CagePlan) -> Value[str]:
        """How many ports the switch has in the cage, and how fast they run: NVUE names a mode by their number."""
        return counted(cage, self.answers, INTERFACES, self.speed)

    # --- quality of service -------------------------------------------------------------------------------------

    def pfc(self, name: str) -> Value[frozenset[int]]:
        """The switch priorities of the port's profile; none where PFC is off in both directions."""
        command = qos(name, "pfc")
        rx, tx = (self.one(command, way, truth) for way in ("rx", "tx"))
        if isinstance(rx, Missing):
            return rx
        if isinstance(tx, Missing):
            return tx
        if rx.value != tx.value:
            return Missing(Absence.UNREADABLE, rx.source, "PFC is on in one direction only")
        if not rx.value:
            return Reading(frozenset(), rx.source)
        return self.one(command, "switch_priorities", lambda raw: frozenset(map(int, raw)))

    def link_pause(self, name: str) -> Value[bool]:
        """Whether either direction of 802.3x pause is on."""
        rx, tx = (self.one(qos(name, "link-pause"), way, truth) for way in ("rx", "tx"))
        return either_way(rx, tx)

    def maps(self, name: str) -> Maps:
        """A switch priority is what others call a traffic class, and a traffic class what others call a queue."""
        mapping = qos(name, "mapping")
        classes: Value[Mapping[int, int]] = self.one(mapping, "dscp_to_switch_priority", whole_map)
        return Maps(
            trust=self.one(mapping, "trust", TRUST.__getitem__),
            dscp_to_tc=classes,
            tc_to_pg=self.without_groups(classes),
            tc_to_queue=self.one(qos(name, "egress-queue-mapping"), "switch_priority_to_traffic_class", whole_map),
        )

    @staticmethod
    def without_groups(classes: Value[Mapping[int, int]]) -> Missing:
        if isinstance(classes, Missing):
            return classes
        note = "PFC is set by switch priority: a port of Cumulus Linux has no map to priority groups"
        return Missing(Absence.NOT_ADVERTISED, classes.source, note)

    def queue(self, name: str, queue: int) -> Queue:
        """A traffic class that has no row marks nothing, where the answer has rows at all."""
        marking = self.marking(name, queue)
        scheduler = self.by(qos(name, "egress-scheduler"), "traffic_class", queue)
        last = self.answers.last(counters(name))
        counted = self.by(counters(name), "traffic_class", queue, last, section="egress_queue")
        told = qos(name, "congestion-control")
        return Queue(
            priority=queue,
            ecn=marking if isinstance(marking, Reading) else self.field(marking, told, "ecn", truth),
            ecn_min=self.threshold(marking, told, "min_threshold_bytes"),
            ecn_max=self.threshold(marking, told, "max_threshold_bytes"),
            mark_probability=self.threshold(marking, told, "probability_percent", Unit.PERCENT),
            pause_threshold=self.gone(qos(name, "pfc"), "the level of the shared pool at which a group pauses"),
            headroom=self.gone(qos(name, "pfc"), "the headroom of a priority group"),
            scheduler=self.field(scheduler, qos(name, "egress-scheduler"), "mode", str),
            weight=self.field(scheduler, qos(name, "egress-scheduler"), "percent", number, Unit.PERCENT),
            marked=self.field(counted, counters(name), "ecn_marked_frames", counter, sample=last),
            dropped=self.field(counted, counters(name), "tx_uc_buffer_discards", exact, sample=last),
            counted_at=self.answers.at(counters(name), last),
        )

    def marking(self, name: str, queue: int) -> Row | Missing | Reading[bool]:
        """The row of a traffic class, or that it does not mark."""
        command = qos(name, "congestion-control")
        row = self.by(command, "traffic_class", queue)
        rows = self.answers.rows(command)
        if isinstance(row, Missing) and row.why is Absence.NOT_RECORDED and not isinstance(rows, Missing) and rows:
            return Reading(False, Source(row.source.evidence, row.detail))
        return row

    def threshold(
        self, marking: Row | Missing | Reading[bool], command: str, field: str, unit: Unit = Unit.BYTES
    ) -> Value[Decimal]:
        if isinstance(marking, Reading):
            return Missing(Absence.NOT_ADVERTISED, marking.source, "the traffic class does not mark")
        return self.field(marking, command, field, number, unit)

    def field(
        self,
        row: Row | Missing,
        command: str,
        field: str,
        into: Callable[[Any], T],
        unit: Unit = Unit.NONE,
        sample: int = 1,
    ) -> Value[T]:
        return row if isinstance(row, Missing) else cell(row, field, into, self.answers.source(command, sample), unit)

    def pauses(self, name: str, sample: int) -> PauseCounts:
        """Frames by priority; a priority without a row is not counted."""
        return PauseCounts(
            at=self.answers.at(counters(name), sample),
            received=self.paused(name, "rx_pause_frames", sample),
            sent=self.paused(name, "tx_pause_frames", sample),
        )

    def paused(self, name: str, field: str, sample: int) -> Value[Mapping[int, Decimal]]:
        rows = self.answers.rows(counters(name), sample)
        if isinstance(rows, Missing):
            return rows
        source = self.answers.source(counters(name), sample)
        told = [row for row in rows if row.get("section") == "pfc" and row.get("switch_priority") is not None]
        if not told:
            return Missing(Absence.NOT_AVAILABLE, source, "the answer has no PFC statistics")
        counts: dict[int, Decimal] = {}
        for row in told:
            count = cell(row, field, counter, source)
            if isinstance(count, Reading):
                counts[int(row["switch_priority"])] = count.value
        if not counts:
            return Missing(Absence.NOT_AVAILABLE, source, f"no priority has {field}")
        return Reading(counts, Source(source.evidence, f"line {told[0]['line']} {field}"))

    def watchdog(self, name: str) -> Watchdog:
        """It acts after so many polls in a row, of the switch's own interval."""
        command = qos(name, "pfc-watchdog")
        interval = self.one(WATCHDOGS, "polling_ms", number, Unit.MS)
        robustness = self.one(WATCHDOGS, "robustness", number)
        polls = robustness.value if isinstance(robustness, Reading) else None
        detection: Value[Decimal] = robustness if isinstance(robustness, Missing) else interval
        if polls is not None and isinstance(interval, Reading):
            detection = derive(
                interval, lambda each: each * polls, note=f"{polls} polls of {interval.value} ms", unit=Unit.MS
            )
        return Watchdog(
            on=self.one(command, "on", truth),
            action=self.gone(command, "what the watchdog does"),
            detection_ms=detection,
            restoration_ms=self.gone(command, "when the watchdog restores a queue"),
            storms=self.one(
                command,
                "deadlocks",
                lambda raw: {int(k): counter(v) for k, v in raw.items()},
                sample=self.answers.last(command),
            ),
        )

    # --- modules ------------------------------------------------------------------------------------------------

    def module(self, cage: CagePlan) -> Transceiver:
        """By its registers; as NVUE tells it where no register could be read."""
        if self.device.eeproms is not None:
            return eeproms.module(self.answers, self.device, cage, eeproms.SPANS, 1)
        name = cage.ports[0].name
        memory, why = self.memory(f"{self.device.name}:{name} module", name, PAGES, 1)
        row = self.transceivers.row(parent_of(name))
        if why and not isinstance(row, Missing) and row.get("vendor_serial_number") is not None:
            return ToldTransceiver(nvue_modules.told(row, self.answers.source(MODULES), why))
        return transceiver(memory)

    def age(self, seen: Transceiver) -> Value[Decimal]:
        """Registers are read when they are asked for; of what NVUE itself tells it does not say when it was read."""
        if isinstance(seen, ToldTransceiver) or self.device.eeproms is not None:
            return self.gone(MODULES, "when it read the monitors of a module")
        return read_when_asked(seen)

    def series(self, cage: CagePlan) -> tuple[MonitorSample, ...]:
        """What the monitors showed in the words of NVUE, sample by sample: a soak reads no registers for them."""
        return tuple(self.monitored(parent_of(cage.ports[0].name), sample) for sample in self.monitors)

    def monitored(self, parent: str, sample: int) -> MonitorSample:
        row = self.monitors[sample].row(parent)
        at = self.answers.at(MODULES, sample)
        if isinstance(row, Missing):
            return MonitorSample(at, row, (), (), ())
        told = ToldTransceiver(nvue_modules.told(row, self.answers.source(MODULES, sample), "a soak reads none"))
        return MonitorSample(at, told.temperature, told.tx_power, told.rx_power, told.tx_bias)

    def again(self, cage: CagePlan) -> Again:
        if self.device.eeproms is not None:
            return eeproms.again(self.answers, self.device, cage)
        name = cage.ports[0].name
        memory, _ = self.memory(f"{self.device.name}:{name} module #2", name, TWICE, 2)
        return Again(transceiver(memory), self.answers.apart(lower_page(name), lower_page(name)))

    def memory(self, label: str, name: str, numbers: Sequence[int], sample: int) -> tuple[Memory, str]:
        """The pages that ethtool read, and why there is none where there is none."""
        held: dict[Page, bytes | None] = {}
        why = ""
        for page, command in pages(name, numbers).items():
            data = self.one(command, "data", bytes.fromhex, sample=sample)
            if isinstance(data, Reading):
                held[page] = data.value
            elif data.why is not Absence.NOT_RECORDED:
                held[page] = None
                why = why or str(data)
        if any(held.values()):
            return Memory(label, held), ""
        return Memory(f"{label} ({why})" if why else label, held), why or "the registers of the module were not read"

    def error_status(self, cage: CagePlan) -> Value[str]:
        """OK where the module is plugged in and enabled, and no error is told; else the error, or the status."""
        name = parent_of(cage.ports[0].name)
        status = self.transceivers.value(name, "status", str)
        error = self.transceivers.value(name, "error_status", str)
        if isinstance(error, Reading):
            return error
        if error.why is not Absence.NOT_AVAILABLE:
            return error
        return derive(status, lambda word: "OK" if word in ("plugged_enabled", "inserted") else word)

    def flags(self, name: str) -> Value[tuple[Flag, ...]]:
        """The module's flags as the PHY's firmware holds them: a bit for each lane of the module, lane 1 the lowest."""
        command = detail(name)
        row = self.answers.record(command)
        if isinstance(row, Missing):
            return row
        source = self.answers.source(command)
        of_lanes = [(flag, key) for flag, key in LANE_FLAGS.items() if key in row]
        of_module = [(flag, key, bit) for flag, (key, bit) in MODULE_FLAGS.items() if key in row]
        if not of_lanes:
            return Missing(Absence.NOT_AVAILABLE, source, "no flags of the module in the answer")
        lanes = range(1, max(8, len(row.get("datapath_states", ()))) + 1)
        return Reading(
            (
                *(Flag(flag, None, cell(row, key, bit_of(bit), source)) for flag, key, bit in of_module),
                *(
                    Flag(flag, lane, cell(row, key, bit_of(lane - 1), source))
                    for flag, key in of_lanes
                    for lane in lanes
                ),
            ),
            Source(source.evidence, f"line {row['line']}"),
        )

    # --- platform -----------------------------------------------------------------------------------------------

    def parts(self, command: str, into: Callable[[Row, Source], T]) -> Value[tuple[T, ...]]:
        source = self.answers.source(command)
        return parts(self.answers.rows(command), lambda row: into(row, source), source)

    @staticmethod
    def supply(row: Row, source: Source) -> Supply:
        return Supply(
            name=str(row.get("name")),
            status=cell(row, "state", str, source),
            watts=cell(row, "power_w", number, source, Unit.WATT),
            capacity=cell(row, "capacity_w", number, source, Unit.WATT),
            model=Missing(Absence.NOT_AVAILABLE, source, "NVUE does not show the model of a supply here"),
        )

    @staticmethod
    def fan(row: Row, source: Source) -> Fan:
        speed = cell(row, "rpm", number, source)
        most = cell(row, "max_rpm", number, source)
        percent: Value[Decimal] = most
        if isinstance(most, Reading) and most.value and isinstance(speed, Reading):
            percent = derive(speed, lambda rpm: rpm * 100 / most.value, note="of its most", unit=Unit.PERCENT)
        return Fan(
            name=str(row.get("name")),
            status=cell(row, "state", str, source),
            rpm=speed,
            percent=percent,
            direction=cell(row, "direction", str, source),
        )

    @staticmethod
    def sensor(row: Row, source: Source) -> Sensor:
        return Sensor(
            name=str(row.get("name")),
            celsius=cell(row, "temperature_c", signed, source, Unit.CELSIUS),
            high=cell(row, "max_c", signed, source, Unit.CELSIUS),
            critical=cell(row, "critical_c", signed, source, Unit.CELSIUS),
            status=cell(row, "state", str, source),
        )

    def load_balancing(self) -> Value[str]:
        """Adaptive routing with its profile, else flows that are hashed over paths of equal cost."""
        on = self.one(BALANCING, "enabled", truth)
        profile = self.one(BALANCING, "profile", str)
        named = f"adaptive {profile.value}" if isinstance(profile, Reading) else "adaptive"
        return derive(on, lambda enabled: named if enabled else "ecmp")


TRUST: Final[Mapping[str, str]] = {
    "l3": "dscp", "dscp": "dscp", "l2": "pcp", "pcp": "pcp", "both": "pcp,dscp", "pcp,dscp": "pcp,dscp", "port": "none",
}  # fmt: skip
LANE_FLAGS: Final[Mapping[str, str]] = {
    "rx_los": "rx_los",
    "rx_cdr_lol": "rx_cdr_lol",
    "tx_los": "tx_los",
    "tx_cdr_lol": "tx_cdr_lol",
    "tx_fault": "tx_fault",
    "tx_adaptive_eq_fail": "tx_ad_eq_fault",
}
MODULE_FLAGS: Final[Mapping[str, tuple[str, int]]] = {
    f"{name}_{level}": (key, bit)
    for name, key in (("temperature", "temp_flags"), ("vcc", "vcc_flags"))
    for bit, level in enumerate(("high_alarm", "low_alarm", "high_warning", "low_warning"))
}
"""Bits as CMIS has them in its module flags."""


def only_neighbour(raw: Mapping[str, Any]) -> Neighbour:
    """The one neighbour that NVUE tells; ValueError where there are several."""
    if len(raw) != 1:
        raise ValueError(f"{len(raw)} neighbours")
    device, port = next(iter(raw.items()))
    return Neighbour(device, (str(port),) if port is not None else ())


def whole_map(raw: Mapping[str, Any]) -> Mapping[int, int]:
    """A map of numbers; ValueError where an entry has none."""
    if any(isinstance(value, bool) or not isinstance(value, int) for value in raw.values()):
        raise ValueError("an entry of the map has no number")
    return {int(key): int(value) for key, value in raw.items()}


def exact(raw: object) -> Decimal:
    """A count that the switch did not round; ValueError for one that it printed as kilobytes."""
    if not isinstance(raw, int):
        raise ValueError(f"{raw} is rounded")
    return counter(raw)


def by_lane(raw: Sequence[Any]) -> Mapping[int, Decimal]:
    """Counts of lanes in their order, of which NVUE calls the first lane 0; ValueError where one is not counted."""
    return {lane: counter(count) for lane, count in enumerate(raw, 1)}


def bit_of(bit: int) -> Callable[[Any], bool]:
    return lambda raw: bool(int(counter(raw)) >> bit & 1)
