"""A host, DPU or switch that is Linux: ethtool, iproute2, lldpctl, sysfs, and of NVIDIA's NICs mlxlink and mlnx_qos.

A NIC cage is named as its RDMA device is numbered: the interface in cage ``3`` is ``mlx5_3`` to mlxlink.  What NVIDIA's
tools tell of quality of service goes before what dcb tells; where they are not there, dcb's stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from ...decode.memory import LOWER_MEMORY, Memory, Page
from ...decode.told import ToldTransceiver
from ...decode.transceiver import Transceiver, transceiver
from ...evidence import Ask, Evidence, Kind
from ...lab.inventory import CagePlan, DevicePlan, PortPlan
from ...model import (
    Again,
    Changes,
    DeviceFacts,
    FecSample,
    Flag,
    Maps,
    MonitorSample,
    Neighbour,
    PauseCounts,
    PortFacts,
    Queue,
)
from ...reading import Absence, Missing, Reading, Source, Value, derive, in_dbm
from ...transports.base import Session
from ...transports.permit import Permit
from ...units import Unit
from .. import eeproms
from ..base import (
    PRIORITIES,
    SAMPLES,
    Answers,
    Row,
    Table,
    by_priority,
    cell,
    counter,
    error_ratio,
    gbps,
    histogram,
    number,
    suffix,
    truth,
)
from ..facts import either, either_way, read_when_asked, told_neighbour, while_up
from . import modules as linux_modules
from .rdma import GIDS, OF_RDMA, PROTOCOLS, SETTINGS, Roce

LINKS = "ip -j link show"
NEIGHBOURS = "lldpctl -f json0"
OTHER_NEIGHBOURS = ("lldpctl -f json", "lldpctl", "lldpctl -f keyvalue")
CHANGES = "grep -H . /sys/class/net/*/carrier_changes"
DEVICES = "devlink -j dev info"
DEVICE_PORTS = "devlink -j port show"
HEALTH = "devlink -j health show"
OF_BOX = (CHANGES, DEVICES, DEVICE_PORTS, HEALTH, SETTINGS, PROTOCOLS, GIDS)
PAGES = (0x00, 0x01, 0x02, 0x10, 0x11, 0x13)
TWICE = (0x00, 0x01, 0x02, 0x11)
"""Pages that are read a second time: static ones, and the lanes' monitors."""

MORE_PAGES = (*range(0x20, 0x2C), 0x2F, 0x9F)
"""VDM, but for its flags, which a read would clear, and CDB."""
WORDS: Mapping[str, str] = {"rs": "rs", "llrs": "llrs", "baser": "fc", "off": "none", "none": "none", "auto": "auto"}
DSCPS = 64
LANE_FLAGS = linux_modules.OF_LANES
CODES = (
    (re.compile(r"\(?544, ?514"), "RS(544,514)"),
    (re.compile(r"\(?528, ?514"), "RS(528,514)"),
    (re.compile(r"\(?27[12], ?257"), "RS(272,257)"),
    (re.compile(r"(?i)firecode|base-?r"), "BASE-R"),
    (re.compile(r"(?i)^no fec$"), "none"),
)


def settings(port: str) -> str:
    return f"ethtool {port}"


def fec(port: str) -> str:
    return f"ethtool --json -I --show-fec {port}"


def firmware(port: str) -> str:
    return f"ethtool -i {port}"


def pause(port: str) -> str:
    return f"ethtool -a {port}"


def quality(port: str) -> str:
    return f"mlnx_qos -i {port}"


def counters(port: str) -> str:
    return f"ethtool -S {port}"


def decoded(port: str) -> str:
    return f"ethtool -m {port}"


def flow(port: str) -> str:
    return f"dcb -j -s pfc show dev {port}"


def priorities(port: str) -> str:
    return f"dcb -j app show dev {port}"


def trusted(port: str) -> str:
    return f"dcb -j apptrust show dev {port}"


def classes(port: str) -> str:
    return f"dcb -j ets show dev {port}"


DROPS = ("received_discards", "received_buffer_discards", "received_congestion_discards")
"""Reasons by which a NIC drops packets of a priority: no room at the port, none of the host, too slow a host."""

OF_PORT = (counters, flow, priorities, trusted, classes)
"""What is asked of every port beside what mlxlink and mlnx_qos tell."""


def lower_page(port: str) -> str:
    """Without ``i2c``, ethtool asks by an older call, which drivers that know pages need not have."""
    return f"ethtool -m {port} hex on i2c 0x50 offset 0x0 length 0x80"


def upper_page(port: str, page: int) -> str:
    """ethtool takes no page 0x00: without a page, bytes 128-255 are those of page 00h."""
    if page == 0:
        return f"ethtool -m {port} hex on i2c 0x50 offset 0x80 length 0x80"
    return f"ethtool -m {port} hex on page 0x{page:02x} bank 0x0 offset 0x80 length 0x80"


def first_page(port: str) -> str:
    return upper_page(port, 0)


OTHER_SPELLINGS: Mapping[Callable[[str], str], tuple[str, ...]] = {
    settings: ("ethtool -I {port}", "ethtool --json {port}", "ethtool --json -I {port}"),
    fec: ("ethtool -I --show-fec {port}", "ethtool --show-fec {port}", "ethtool --json --show-fec {port}"),
    pause: ("ethtool -I -a {port}", "ethtool --json -a {port}", "ethtool --json -I -a {port}"),
    quality: ("mlnx_qos -i {port} -a",),
    decoded: ("ethtool --json -m {port}", "ethtool -j -m {port}"),
    flow: ("dcb -s pfc show dev {port}", "dcb -j pfc show dev {port}", "dcb pfc show dev {port}"),
    priorities: ("dcb -N app show dev {port}", "dcb app show dev {port}"),
    trusted: ("dcb apptrust show dev {port}",),
    classes: ("dcb ets show dev {port}",),
    lower_page: ("ethtool -m {port} hex on offset 0x0 length 0x80",),
    first_page: ("ethtool -m {port} hex on page 0x00 bank 0x0 offset 0x80 length 0x80",),
}
"""What others may have asked instead, of which the answers say the same."""


def of_link(port: str) -> tuple[str, ...]:
    """What is held against the other end of a port's link."""
    return (LINKS, NEIGHBOURS, settings(port), fec(port), pause(port), quality(port))


def physical(cage: str) -> str:
    return f"mlxlink -d mlx5_{cage} -m -c -e --show_fec --rx_fec_histogram --show_histogram --json"


@dataclass(frozen=True, slots=True)
class Linux:
    """The driver."""

    nos: str = "linux"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        """Histograms come with the second sample of the counters, with which they must agree."""
        for command in (LINKS, NEIGHBOURS, *OF_BOX):
            yield Ask(device.name, Kind.CLI, command)
        ports = [port.name for port in device.ports]
        filed = device.eeproms is not None
        for name in ports:
            pages = () if filed else (lower_page(name), *(upper_page(name, page) for page in (*PAGES, *MORE_PAGES)))
            of_port = (of(name) for of in OF_PORT)
            for command in (settings(name), firmware(name), pause(name), fec(name), quality(name), *of_port, *pages):
                yield Ask(device.name, Kind.CLI, command)
        for cage in device.cages:
            for of_cage in OF_RDMA:
                yield Ask(device.name, Kind.CLI, of_cage(cage.name))
        for command in eeproms.commands(device, eeproms.SPANS):
            yield Ask(device.name, Kind.CLI, command)
        yield Ask(device.name, Kind.CLI, CHANGES, sample=2)
        for name in ports:
            pages = () if filed else (lower_page(name), *(upper_page(name, page) for page in TWICE))
            for command in (fec(name), counters(name), flow(name), *pages):
                yield Ask(device.name, Kind.CLI, command, sample=2)
        for command in eeproms.commands(device, eeproms.TWICE):
            yield Ask(device.name, Kind.CLI, command, sample=2)
        for cage in device.cages:
            yield Ask(device.name, Kind.CLI, physical(cage.name))
            if not filed:  # last, because decoding a module reads its latched flags, which clears them
                yield Ask(device.name, Kind.CLI, decoded(cage.ports[0].name))

    def soaks(self, device: DevicePlan) -> Iterator[Ask]:
        """The error ratio of every link; the pages of the modules have monitors, and are read again anyway."""
        for cage in device.cages:
            yield Ask(device.name, Kind.CLI, physical(cage.name))

    def accepts(self, device: DevicePlan) -> Iterator[Ask]:
        """Other spellings of the same questions: without JSON, as older tools print, and without statistics."""
        for command in OTHER_NEIGHBOURS:
            yield Ask(device.name, Kind.CLI, command)
        for port in device.ports:
            for spellings in OTHER_SPELLINGS.values():
                for command in spellings:
                    for sample in SAMPLES:
                        yield Ask(device.name, Kind.CLI, command.format(port=port.name), sample=sample)

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        return Host(device, Answers(self.nos, device.name, evidence)).facts()


DRIVER = Linux()
SESSION = Session(
    Permit.of(
        LINKS,
        NEIGHBOURS,
        *OF_BOX,
        *(command("{port}") for command in (settings, firmware, pause, fec, quality, lower_page, decoded, *OF_PORT)),
        first_page("{port}"),
        "ethtool -m {port} hex on page {hex} bank 0x0 offset 0x80 length 0x80",
        physical("{number}"),
        *(command("{number}") for command in OF_RDMA),
        eeproms.TEMPLATE,
    ),
    shell=True,
)


class Host:
    """One host's answers, turned into facts."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        self.device, self.answers = device, answers
        self.links = Table(answers, LINKS, "interface")
        self.neighbours = Table(answers, self.first((NEIGHBOURS, *OTHER_NEIGHBOURS)), "interface")
        self.changes = {n: Table(answers, CHANGES, "device", sample=n) for n in answers.samples(CHANGES)}
        self.roce = Roce(answers)
        self.ports = Table(answers, DEVICE_PORTS, "interface")

    def facts(self) -> DeviceFacts:
        ports = {port.name: (cage, port) for cage in self.device.cages for port in cage.ports}
        asked = {name: self.answers.span(*of_link(name)) for name in ports}
        gone = Missing(Absence.NOT_AVAILABLE, Source(self.device.name), "a host has no platform name")
        first = next(iter(ports), "")
        return DeviceFacts(
            software=self.one(firmware(first), "firmware_version", str),
            platform=gone,
            hwsku=gone,
            ports={name: self.port(*plans) for name, plans in ports.items()},
            modules={cage.ports[0].name: self.module(cage) for cage in self.device.cages},
            again={cage.ports[0].name: self.again(cage) for cage in self.device.cages},
            modes={},
            sampled={name: span for name, span in asked.items() if span is not None},
            aliases=self.addresses(),
            unknown=tuple(self.answers.unknown),
            serial=Missing(
                Absence.NOT_AVAILABLE, Source(self.device.name), "devlink tells the NICs' serial numbers alone"
            ),
            asic=Missing(Absence.NOT_ADVERTISED, Source(self.device.name), "a host has no switch ASIC"),
            load_balancing=Missing(Absence.NOT_ADVERTISED, Source(self.device.name), "a host forwards nothing"),
            adapters={name: self.roce.adapter(cage.name) for name, (cage, _) in ports.items()},
            monitor_age={cage.ports[0].name: read_when_asked(self.module(cage)) for cage in self.device.cages},
            series={cage.ports[0].name: self.series(cage) for cage in self.device.cages},
        )

    # --- answers ------------------------------------------------------------------------------------------------

    def first(self, commands: Sequence[str], sample: int = 1) -> str:
        """The first of some commands that was answered; the first of all where none was."""
        return next((one for one in commands if not isinstance(self.answers.raw(one, sample), Missing)), commands[0])

    def asked(self, of: Callable[[str], str], port: str, sample: int = 1) -> str:
        """How a question was put of which there are several spellings."""
        others = (spelling.format(port=port) for spelling in OTHER_SPELLINGS.get(of, ()))
        return self.first((of(port), *others), sample)

    def row(self, command: str, sample: int = 1) -> Row | Missing:
        """The one record of an answer that has but one, and that is about the interface that was asked."""
        row = self.answers.record(command, sample)
        if isinstance(row, Missing):
            return row
        about = row.get("interface")
        if about is not None and str(about) not in command.split():
            return Missing(Absence.UNREADABLE, self.answers.source(command, sample), f"an answer about {about}")
        return row

    def one(self, command: str, field: str, into: Any, unit: Unit = Unit.NONE, sample: int = 1) -> Value[Any]:
        row = self.row(command, sample)
        return row if isinstance(row, Missing) else cell(row, field, into, self.answers.source(command, sample), unit)

    def histogram(self, mlx: str) -> tuple[Value[tuple[int, ...]], int]:
        """The codewords in each bin, and the number of the first bin, as the tool's own ranges tell it."""
        first = self.one(mlx, "bin_ranges", first_bin)
        if isinstance(first, Missing):
            return first, 0
        return self.one(mlx, "bins", histogram), first.value

    def addresses(self) -> Mapping[str, str]:
        """Interfaces by MAC address and by their other names: LLDP agents of hosts often name a port by one of them."""
        rows = self.answers.rows(LINKS)
        found: dict[str, str] = {}
        for row in () if isinstance(rows, Missing) else rows:
            others = (row.get("permanent_mac"), *(row.get("alternative_names") or ()))
            for name in (row.get("mac"), *others):
                if name:
                    found.setdefault(str(name), str(row["interface"]))
        return found

    # --- ports --------------------------------------------------------------------------------------------------

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name = port.name
        mlx = physical(cage.name)
        gone = Missing(Absence.NOT_ADVERTISED, Source(str(port)), "a NIC port has none")
        bins, first_bin = self.histogram(mlx)
        link, codes = self.asked(settings, name), self.asked(fec, name)
        return PortFacts(
            speed=self.one(link, "speed_mbps", gbps, Unit.GBPS),
            lanes=self.lanes(name, mlx),
            oper=self.one(link, "link_detected", lambda raw: "up" if truth(raw) else "down"),
            admin=self.links.value(name, "admin", str),
            mtu=self.links.value(name, "mtu", number, Unit.BYTES),
            fec_configured=self.one(codes, "configured", fec_word),
            fec_operational=self.running(name, self.one(codes, "active", fec_word)),
            fec_named=self.running(name, self.one(mlx, "fec", fec_name)),
            fec_samples=tuple(self.fec_sample(name, mlx, n) for n in self.answers.samples(fec(name))),
            histogram=bins,
            histogram_from=first_bin,
            histogram_at=self.answers.at(mlx),
            pfc_priorities=either(
                self.one(self.asked(quality, name), "pfc_enabled", lambda raw: frozenset(map(int, raw))),
                self.one(self.asked(flow, name), "pfc_enabled", lambda raw: frozenset(map(int, raw))),
            ),
            link_pause=self.link_pause(name),
            maps=self.maps(name),
            queues={priority: self.queue(name, priority, gone) for priority in range(8)},
            neighbour=gone,
            lldp=self.neighbour(name),
            breakout_mode=self.breakout(name, link, gone),
            error_status=self.complaint(name, mlx),
            flags=self.flags(name, mlx),
            flaps=self.flaps(name),
            last_change=Missing(Absence.NOT_AVAILABLE, self.answers.source(CHANGES), "Linux does not tell when"),
            cleared=self.one(mlx, "minutes_since_clear", lambda raw: f"{number(raw)} min before the answer"),
            pauses=tuple(self.pauses(name, sample) for sample in self.counted(name)),
            auto_negotiation=self.one(link, "autoneg", truth),
            changes=self.changed(name),
            lane_errors=self.lane_errors(name, mlx),
            rdma=self.roce.of_port(cage.name, name, self.row(self.asked(quality, name)), self.asked(quality, name)),
            protocol=self.roce.protocol(cage.name),
        )

    def running(self, name: str, word: Value[str]) -> Value[str]:
        """What runs on a link that is up; on one that is down both tools say that nothing does."""
        up = self.one(self.asked(settings, name), "link_detected", truth)
        return while_up(isinstance(up, Reading) and not up.value, word)

    def lanes(self, name: str, mlx: str) -> Value[int]:
        """The width of the link: mlxlink's own, else ethtool's; where they contradict one another, neither.

        Where neither tells, the lanes that the port has by devlink.
        """
        width: Value[int] = self.one(mlx, "lanes", int)
        other: Value[int] = self.one(self.asked(settings, name), "lanes", int)
        if isinstance(width, Missing):
            return either(other, self.ports.value(name, "lanes", int))
        if isinstance(other, Reading) and other.value != width.value:
            return Missing(Absence.UNREADABLE, width.source, f"{width.value}, but {other.value} by {other.source}")
        return width

    def fec_sample(self, name: str, mlx: str, sample: int) -> FecSample:
        """Block counters of ethtool, of its FEC statistics or of the driver's; the BER is mlxlink's.

        mlxlink is asked once, with the last sample, and with every sample of a soak alone.
        """
        again = len(self.answers.sampled(mlx)) > 1
        command, driver = self.asked(fec, name, sample), counters(name)
        blocks = {
            field: either(
                self.one(command, field, total, sample=sample), self.one(driver, field, counter, sample=sample)
            )
            for field in ("corrected_blocks", "uncorrectable_blocks")
        }
        return FecSample(
            at=self.answers.at(command, sample) or self.answers.at(driver, sample),
            corrected=blocks["corrected_blocks"],
            uncorrected=blocks["uncorrectable_blocks"],
            symbol_errors=derive(
                either(
                    self.one(command, "corrected_bits", total, sample=sample),
                    self.one(driver, "corrected_bits", counter, sample=sample),
                ),
                lambda bits: bits,
                note="bits corrected: a symbol in error has one or more",
            ),
            pre_fec_ber=self.one(mlx, "raw_ber", error_ratio, sample=sample if again else 1),
        )

    def flaps(self, name: str) -> Value[Decimal]:
        """How often the carrier changed since the driver was loaded; else how often the link went down."""
        found: Value[Decimal] = self.changes[1].value(name, "value", counter)
        counted = self.links.value(name, "carrier_changes", counter)
        downs = (
            self.one(counters(name), "link_down_events", counter),
            self.one(self.asked(settings, name), "link_down_events", counter),
        )
        for other in (counted, *downs):
            found = either(found, other)
        return found

    def changed(self, name: str) -> tuple[Changes, ...]:
        """The changes of the carrier by sample; where the kernel does not tell them, how often the link went down."""
        carrier = {n: table.value(name, "value", counter, Unit.COUNT) for n, table in self.changes.items()}
        driver = counters(name)
        if isinstance(carrier[1], Missing) and isinstance(self.one(driver, "link_down_events", counter), Reading):
            samples = self.answers.samples(driver)
            downs = {n: self.one(driver, "link_down_events", counter, Unit.COUNT, n) for n in samples}
            return tuple(Changes(self.answers.at(driver, n), downs[n]) for n in samples)
        return tuple(Changes(self.answers.at(CHANGES, n), count) for n, count in carrier.items())

    def lane_errors(self, name: str, mlx: str) -> Value[Mapping[int, Decimal]]:
        """Errors before FEC by lane: the driver's until the last sample, else mlxlink's."""
        driver = counters(name)
        counted = self.one(driver, "lane_errors", by_lane, sample=self.answers.last(driver))
        return either(counted, self.one(mlx, "raw_errors", by_lane, sample=self.answers.newest(mlx)))

    def counted(self, name: str) -> tuple[int, ...]:
        """The samples of PFC frames on record, by whichever tool."""
        tools = (counters(name), flow(name))
        return tuple(sorted({sample for tool in tools for sample in self.answers.due(tool)}))

    def pauses(self, name: str, sample: int) -> PauseCounts:
        """PFC frames by priority: those that the driver counts, of the others those that dcb does.

        mlx5 counts in ethtool only the priorities with PFC on.
        """
        driver, dcb = counters(name), self.asked(flow, name, sample)
        ways = {}
        for way in ("received", "sent"):
            of_driver = self.one(driver, f"pfc_{way}", by_priority, sample=sample)
            ways[way] = joined(of_driver, self.one(dcb, f"{way}_frames", in_order, sample=sample))
        one = next(iter(ways.values()))
        at = self.answers.at(dcb if isinstance(one, Reading) and dcb in one.source.evidence else driver, sample)
        return PauseCounts(
            at=at,
            received=ways["received"],
            sent=ways["sent"],
            received_in_all=self.one(driver, "pfc_received_in_all", counter, sample=sample),
            sent_in_all=self.one(driver, "pfc_sent_in_all", counter, sample=sample),
        )

    def link_pause(self, name: str) -> Value[bool]:
        """Whether either direction of 802.3x pause is on."""
        rx, tx = (self.one(self.asked(pause, name), field, truth) for field in ("rx_pause", "tx_pause"))
        return either_way(rx, tx)

    def maps(self, name: str) -> Maps:
        """A NIC has one number from DSCP to queue, the priority, by which it pauses too: it has no priority groups."""
        nvidia, apps = self.asked(quality, name), self.asked(priorities, name)
        priority = either(
            self.one(nvidia, "dscp_to_priority", of_every_code),
            self.one(apps, "dscp_prio", by_dscp),
        )
        return Maps(
            trust=either(self.one(nvidia, "trust", str), self.one(self.asked(trusted, name), "order", trust)),
            dscp_to_tc=priority,
            tc_to_pg=self.without_groups(priority),
            tc_to_queue=either(
                self.one(nvidia, "traffic_classes", queues),
                self.one(
                    self.asked(classes, name), "priority_to_tc", lambda raw: {n: int(tc) for n, tc in enumerate(raw)}
                ),
            ),
        )

    @staticmethod
    def without_groups(priority: Value[Mapping[int, int]]) -> Missing:
        if isinstance(priority, Missing):
            return priority
        return Missing(
            Absence.NOT_ADVERTISED, priority.source, "a NIC pauses by priority: it has no map to priority groups"
        )

    def queue(self, name: str, priority: int, gone: Missing) -> Queue:
        """How the traffic class of a priority is served, and what the NIC marked and dropped of what it received."""
        nvidia, dcb, driver = self.asked(quality, name), self.asked(classes, name), counters(name)
        last = self.answers.last(driver)
        return Queue(
            priority=priority,
            ecn=gone,
            ecn_min=gone,
            ecn_max=gone,
            mark_probability=gone,
            pause_threshold=gone,
            headroom=gone,
            scheduler=either(
                self.one(nvidia, "traffic_classes", lambda raw: scheduler(of_class(raw, priority)["algorithm"])),
                self.one(
                    dcb, "priority_to_tc", lambda raw: scheduler(self.of_tc(dcb, "algorithms", int(raw[priority])))
                ),
            ),
            weight=either(
                self.one(
                    nvidia, "traffic_classes", lambda raw: number(of_class(raw, priority)["percent"]), Unit.PERCENT
                ),
                self.one(
                    dcb,
                    "priority_to_tc",
                    lambda raw: number(self.of_tc(dcb, "bandwidth_percent", int(raw[priority]))),
                    Unit.PERCENT,
                ),
            ),
            marked=self.one(driver, "received_marked", lambda raw: counter(raw[str(priority)]), Unit.COUNT, last),
            dropped=self.dropped(driver, priority, last),
            counted_at=self.answers.at(driver, last),
        )

    def dropped(self, driver: str, priority: int, sample: int) -> Value[Decimal]:
        """Packets of a priority that were received and dropped, for whatever reason the driver counts apart."""
        found = [
            self.one(driver, reason, lambda raw: counter(raw[str(priority)]), Unit.COUNT, sample) for reason in DROPS
        ]
        told = [value for value in found if isinstance(value, Reading)]
        return replace(told[0], value=sum((value.value for value in told), Decimal(0))) if told else found[0]

    def of_tc(self, command: str, field: str, tc: int) -> Any:
        """What an answer lists by traffic class; IndexError becomes a ValueError, which is a reason."""
        row = self.row(command)
        values = () if isinstance(row, Missing) else row.get(field) or ()
        if tc >= len(values):
            raise ValueError(f"no {field} of traffic class {tc}")
        return values[tc]

    def neighbour(self, name: str) -> Value[Neighbour]:
        return told_neighbour(self.neighbours, name, "system_name", "port_id", "port_description")

    def breakout(self, name: str, link: str, gone: Missing) -> Value[str]:
        """How many ports a cage is split into, each of this speed; what is not split is so on a switch alone."""
        row = self.ports.row(name)
        speed = self.one(link, "speed_mbps", gbps, Unit.GBPS)
        if isinstance(row, Missing) or isinstance(speed, Missing):
            return gone
        rows = self.answers.rows(DEVICE_PORTS)
        group = row.get("split_group")
        handle = str(row["device"]).rpartition("/")[0]
        if group is None:
            return derive(speed, lambda rate: f"1x{rate:f}G") if self.device.kind == "switch" else gone
        split = [
            one
            for one in (() if isinstance(rows, Missing) else rows)
            if one.get("split_group") == group and str(one["device"]).rpartition("/")[0] == handle
        ]
        return derive(speed, lambda rate: f"{len(split)}x{rate:f}G", note=f"{len(split)} ports of split group {group}")

    def complaint(self, name: str, mlx: str) -> Value[str]:
        """What mlxlink recommends, else what devlink's reporters say of the device that the port is of."""
        return either(self.one(mlx, "recommendation", recommendation), self.health(name))

    def health(self, name: str) -> Value[str]:
        row, rows = self.ports.row(name), self.answers.rows(HEALTH)
        if isinstance(row, Missing):
            return row
        if isinstance(rows, Missing):
            return rows
        device = str(row["device"]).rpartition("/")[0]
        source = self.answers.source(HEALTH)
        own = [one for one in rows if str(one["device"]) in (device, str(row["device"]))]
        if not own:
            return Missing(Absence.NOT_AVAILABLE, source, f"no reporter of {device}")
        ill = [f"{one.get('reporter')} is {one.get('state')}" for one in own if one.get("state") != "healthy"]
        place = Source(source.evidence, f"lines {own[0]['line']} to {own[-1]['line']}, {device}")
        return Reading(", ".join(ill) or "OK", place)

    def flags(self, name: str, mlx: str) -> Value[tuple[Flag, ...]]:
        """The flags of the lanes by mlxlink, else by ethtool."""
        return either(self.flags_of(mlx), self.flags_of(self.asked(decoded, name)))

    def flags_of(self, command: str) -> Value[tuple[Flag, ...]]:
        row = self.row(command)
        if isinstance(row, Missing):
            return row
        source = self.answers.source(command)
        if not any(name in row for name in LANE_FLAGS):
            return Missing(Absence.NOT_AVAILABLE, source, "no flags of the module in the answer")
        return Reading(linux_modules.lane_flags(row, source), Source(source.evidence, "Module Info"))

    # --- modules ------------------------------------------------------------------------------------------------

    def module(self, cage: CagePlan) -> Transceiver:
        if self.device.eeproms is not None:
            return eeproms.module(self.answers, self.device, cage, eeproms.SPANS, 1)
        name = cage.ports[0].name
        return self.dumped(f"{self.device.name}:{name} module", name, (*PAGES, *MORE_PAGES), 1)

    def again(self, cage: CagePlan) -> Again:
        if self.device.eeproms is not None:
            return eeproms.again(self.answers, self.device, cage)
        name = cage.ports[0].name
        second = self.answers.second(lower_page(name))
        seen = self.dumped(f"{self.device.name}:{name} module{suffix(second)}", name, TWICE, second)
        first = self.asked(lower_page, name)
        return Again(seen, self.answers.apart(first, self.asked(lower_page, name, second), second))

    def series(self, cage: CagePlan) -> tuple[MonitorSample, ...]:
        """What the monitors showed in every reading of the module's pages."""
        name = cage.ports[0].name
        if self.device.eeproms is not None:
            return ()
        found = []
        for n in self.answers.sampled(lower_page(name)):
            numbers = (*PAGES, *MORE_PAGES) if n == 1 else TWICE
            seen = self.dumped(f"{self.device.name}:{name} module{suffix(n)}", name, numbers, n)
            found.append(sample_of(seen, self.answers.at(lower_page(name), n)))
        return tuple(found)

    def dumped(self, label: str, name: str, numbers: Sequence[int], sample: int) -> Transceiver:
        """A module by its pages; where none could be read, by what ethtool says of it in words."""
        commands = {LOWER_MEMORY: self.asked(lower_page, name, sample)}
        for page in map(Page, numbers):
            first = page.number == 0
            commands[page] = self.asked(first_page, name, sample) if first else upper_page(name, page.number)
        pages: dict[Page, bytes | None] = {}
        why = ""
        for page, command in commands.items():
            data = self.one(command, "data", bytes.fromhex, sample=sample)
            if isinstance(data, Reading):
                pages[page] = data.value
            elif data.why is not Absence.NOT_RECORDED:
                pages[page] = None
                why = why or str(data)
        nothing = not any(pages.values())
        if nothing and sample == 1 and (told := self.told(name, why or "no page was asked for")) is not None:
            return told
        return transceiver(Memory(f"{label} ({why})" if why and nothing else label, pages))

    def told(self, name: str, why: str) -> ToldTransceiver | None:
        """The module in words; None where no tool has any."""
        command = self.asked(decoded, name)
        row = self.row(command)
        if isinstance(row, Missing) or row.get("identifier") is None:
            return None
        return ToldTransceiver(linux_modules.by_ethtool(row, self.answers.source(command), why))


def fec_word(raw: Any) -> str:
    """One word for what ethtool lists; several are what may be chosen, and that is ``auto``."""
    words = [str(word).casefold() for word in raw]
    if not words:
        raise ValueError("no FEC is named")
    return WORDS[words[0]] if len(words) == 1 else "auto"


def fec_name(raw: Any) -> str:
    """The code that mlxlink names; its wording varies with the release, the numbers do not."""
    for pattern, name in CODES:
        if pattern.search(str(raw)):
            return name
    raise ValueError(f"{raw!r} names no code that is known")


def total(raw: Any) -> Decimal:
    return counter(raw["total"])


def sample_of(seen: Transceiver, at: datetime | None) -> MonitorSample:
    """What a module's monitors showed at one instant."""
    return MonitorSample(
        at=at,
        temperature=seen.temperature,
        tx_power=tuple(map(in_dbm, seen.tx_power)),
        rx_power=tuple(map(in_dbm, seen.rx_power)),
        tx_bias=tuple(seen.tx_bias),
    )


def joined(first: Value[Mapping[int, Decimal]], second: Value[Mapping[int, Decimal]]) -> Value[Mapping[int, Decimal]]:
    """Counts by priority, of the first where it has them."""
    if isinstance(first, Missing) or isinstance(second, Missing):
        return either(first, second)
    both = {**second.value, **first.value}
    return derive(first, lambda _: both, note=f"the others by {second.source.evidence}")


def by_lane(raw: Sequence[Any]) -> Mapping[int, Decimal]:
    """Counts of the lanes in their order, which tools number from 0."""
    return {lane: counter(count) for lane, count in enumerate(raw, 1)}


def first_bin(ranges: Sequence[str]) -> int:
    """The number of the first bin; ValueError where the bins do not hold one count of symbol errors each, in order."""
    numbers = [int(text) for text in ranges]
    if not numbers or numbers[0] > 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise ValueError(f"bins of {', '.join(ranges) or 'no'} symbol errors")
    return numbers[0]


def queues(raw: Any) -> Mapping[int, int]:
    """Priority to traffic class, which has the queue's number; ValueError where a priority is in two, or in none."""
    pairs = [(int(priority), int(row["tc"])) for row in raw for priority in row["priorities"]]
    if len(dict(pairs)) < len(set(pairs)):
        raise ValueError("a priority is in two traffic classes")
    if lost := set(PRIORITIES) - dict(pairs).keys():
        raise ValueError(f"priority {min(lost)} is in no traffic class")
    return dict(pairs)


def of_every_code(raw: Any) -> Mapping[int, int]:
    """Priority by DSCP; mlnx_qos lists all of the 64 codes, so that of fewer some are lost."""
    told = {int(code): int(priority) for code, priority in raw.items()}
    if told.keys() != set(range(DSCPS)):
        raise ValueError(f"{len(told)} of {DSCPS} codes")
    return told


def scheduler(algorithm: object) -> str:
    """How a traffic class is served; ValueError for an algorithm of the vendor's own."""
    return {"strict": "strict", "ets": "dwrr"}[str(algorithm)]


def of_class(raw: Any, priority: int) -> Row:
    """The traffic class of a priority; ValueError where there is none, or more than one."""
    found: list[Row] = [row for row in raw if priority in row["priorities"]]
    if len(found) != 1:
        raise ValueError(f"priority {priority} is in {len(found)} traffic classes")
    return found[0]


def trust(raw: Any) -> str:
    """The mark that decides the priority of a packet: the first that is trusted."""
    return str(raw[0]) if raw else "none"


DSCP_NAMES: Mapping[str, int] = {
    **{f"CS{number}": 8 * number for number in range(8)},
    **{f"AF{group}{drop}": 8 * group + 2 * drop for group in range(1, 5) for drop in range(1, 4)},
    "EF": 46,
    "VA": 44,
    "LE": 1,
}


def by_dscp(raw: Any) -> Mapping[int, int]:
    """Priority by DSCP, which dcb names as the standards do where it was not asked for numbers."""
    pairs = [(str(row["key"]), row["priority"]) for row in raw]
    found = {DSCP_NAMES[key] if key in DSCP_NAMES else int(key): int(priority) for key, priority in pairs}
    if len(found) < len(pairs):
        raise ValueError("a DSCP has two priorities")
    return found


def in_order(raw: Any) -> Mapping[int, Decimal]:
    return {priority: counter(count) for priority, count in enumerate(raw)}


def recommendation(raw: object) -> str:
    """What mlxlink recommends; that it sees nothing is ``OK``."""
    return "OK" if str(raw) == "No issue was observed" else str(raw)
