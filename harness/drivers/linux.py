"""A GPU host with NVIDIA NICs: ethtool, mlxlink, mlnx_qos, lldpctl and ip.

A NIC cage is named as its RDMA device is numbered: the interface in cage ``3`` is ``mlx5_3`` to mlxlink.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..decode.memory import LOWER_MEMORY, Memory, Page
from ..decode.transceiver import Transceiver, transceiver
from ..evidence import Ask, Evidence, Kind
from ..lab.inventory import CagePlan, DevicePlan, PortPlan
from ..model import Again, DeviceFacts, FecSample, Flag, Maps, Neighbour, PortFacts, Queue
from ..reading import Absence, Missing, Reading, Source, Value, derive
from ..transports.base import Session
from ..transports.permit import Permit
from ..units import Unit
from . import eeproms
from .base import Answers, Row, Table, cell, counter, error_ratio, gbps, histogram, number, truth

LINKS = "ip -j link show"
NEIGHBOURS = "lldpctl -f json0"
PAGES = (0x00, 0x01, 0x02, 0x10, 0x11, 0x13)
TWICE = (0x00, 0x01, 0x02, 0x11)
"""Pages that are read a second time: static ones, and the lanes' monitors."""

MORE_PAGES = (*range(0x20, 0x2C), 0x2F, 0x9F)
"""VDM, but for its flags, which a read would clear, and CDB."""
SAMPLES = (1, 2)
WORDS: Mapping[str, str] = {"rs": "rs", "llrs": "llrs", "baser": "fc", "off": "none", "none": "none", "auto": "auto"}
LANE_FLAGS = ("tx_fault", "tx_los", "tx_cdr_lol", "rx_los", "rx_cdr_lol", "tx_eq_fault")
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


def of_link(port: str) -> tuple[str, ...]:
    """What is held against the other end of a port's link."""
    return (LINKS, NEIGHBOURS, settings(port), fec(port), pause(port), quality(port))


def physical(cage: str) -> str:
    return f"mlxlink -d mlx5_{cage} -m -c -e --show_fec --rx_fec_histogram --show_histogram --json"


def lower_page(port: str) -> str:
    return f"ethtool -m {port} hex on offset 0x0 length 0x80"


def upper_page(port: str, page: int) -> str:
    return f"ethtool -m {port} hex on page 0x{page:02x} bank 0x0 offset 0x80 length 0x80"


@dataclass(frozen=True, slots=True)
class Linux:
    """The driver."""

    nos: str = "linux"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        """Histograms come with the second sample of the counters, with which they must agree."""
        for command in (LINKS, NEIGHBOURS):
            yield Ask(device.name, Kind.CLI, command)
        ports = [port.name for port in device.ports]
        filed = device.eeproms is not None
        for name in ports:
            pages = () if filed else (lower_page(name), *(upper_page(name, page) for page in (*PAGES, *MORE_PAGES)))
            for command in (settings(name), firmware(name), pause(name), fec(name), quality(name), *pages):
                yield Ask(device.name, Kind.CLI, command)
        for command in eeproms.commands(device, eeproms.SPANS):
            yield Ask(device.name, Kind.CLI, command)
        for name in ports:
            pages = () if filed else (lower_page(name), *(upper_page(name, page) for page in TWICE))
            for command in (fec(name), *pages):
                yield Ask(device.name, Kind.CLI, command, sample=2)
        for command in eeproms.commands(device, eeproms.TWICE):
            yield Ask(device.name, Kind.CLI, command, sample=2)
        for cage in device.cages:
            yield Ask(device.name, Kind.CLI, physical(cage.name))

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        return Host(device, Answers(self.nos, device.name, evidence)).facts()


DRIVER = Linux()
SESSION = Session(
    Permit.of(
        LINKS,
        NEIGHBOURS,
        *(command("{port}") for command in (settings, firmware, pause, fec, quality, lower_page)),
        "ethtool -m {port} hex on page {hex} bank 0x0 offset 0x80 length 0x80",
        physical("{number}"),
        eeproms.TEMPLATE,
    ),
    shell=True,
)


class Host:
    """One host's answers, turned into facts."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        self.device, self.answers = device, answers
        self.links = Table(answers, LINKS, "interface")
        self.neighbours = Table(answers, NEIGHBOURS, "interface")

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
        )

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
        """Interfaces by MAC address: LLDP agents of hosts often name a port by it."""
        rows = self.answers.rows(LINKS)
        return {} if isinstance(rows, Missing) else {str(r["mac"]): str(r["interface"]) for r in rows if r.get("mac")}

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name = port.name
        mlx = physical(cage.name)
        gone = Missing(Absence.NOT_ADVERTISED, Source(str(port)), "a NIC port has none")
        bins, first_bin = self.histogram(mlx)
        return PortFacts(
            speed=self.one(settings(name), "speed_mbps", gbps, Unit.GBPS),
            lanes=self.lanes(name, mlx),
            oper=self.one(settings(name), "link_detected", lambda raw: "up" if truth(raw) else "down"),
            admin=self.links.value(name, "admin", str),
            mtu=self.links.value(name, "mtu", number, Unit.BYTES),
            fec_configured=self.one(fec(name), "configured", fec_word),
            fec_operational=self.running(name, self.one(fec(name), "active", fec_word)),
            fec_named=self.running(name, self.one(mlx, "fec", fec_name)),
            fec_samples=tuple(self.fec_sample(name, mlx, sample) for sample in SAMPLES),
            histogram=bins,
            histogram_from=first_bin,
            histogram_at=self.answers.at(mlx),
            pfc_priorities=self.one(quality(name), "pfc_enabled", lambda raw: frozenset(map(int, raw))),
            link_pause=self.link_pause(name),
            maps=self.maps(name),
            queues={priority: Queue(priority, gone, gone, gone, gone, gone, gone) for priority in range(8)},
            neighbour=gone,
            lldp=self.neighbour(name),
            breakout_mode=gone,
            error_status=self.one(mlx, "recommendation", str),
            flags=self.flags(mlx),
        )

    def running(self, name: str, word: Value[str]) -> Value[str]:
        """What runs on a link that is up; on one that is down both tools say that nothing does."""
        up = self.one(settings(name), "link_detected", truth)
        if isinstance(up, Reading) and not up.value and isinstance(word, Reading):
            return Missing(Absence.NOT_AVAILABLE, word.source, "the link is down")
        return word

    def lanes(self, name: str, mlx: str) -> Value[int]:
        """The width of the link: mlxlink's own, else ethtool's; where they contradict one another, neither."""
        width: Value[int] = self.one(mlx, "lanes", int)
        other: Value[int] = self.one(settings(name), "lanes", int)
        if isinstance(width, Missing):
            return other
        if isinstance(other, Reading) and other.value != width.value:
            return Missing(Absence.UNREADABLE, width.source, f"{width.value}, but {other.value} by {other.source}")
        return width

    def fec_sample(self, name: str, mlx: str, sample: int) -> FecSample:
        """Block counters of ethtool; the BER is mlxlink's, which was asked once."""
        return FecSample(
            at=self.answers.at(fec(name), sample),
            corrected=self.one(fec(name), "corrected_blocks", total, sample=sample),
            uncorrected=self.one(fec(name), "uncorrectable_blocks", total, sample=sample),
            symbol_errors=Missing(
                Absence.NOT_AVAILABLE, self.answers.source(fec(name), sample), "not counted by this tool"
            ),
            pre_fec_ber=self.one(mlx, "raw_ber", error_ratio),
        )

    def link_pause(self, name: str) -> Value[bool]:
        """Whether either direction of 802.3x pause is on."""
        rx, tx = (self.one(pause(name), field, truth) for field in ("rx_pause", "tx_pause"))
        if isinstance(rx, Missing):
            return rx
        return derive(tx, lambda on: bool(on or rx.value), note=f"with rx at {rx.source.where}")

    def maps(self, name: str) -> Maps:
        """A NIC has one number from DSCP to queue, the priority, by which it pauses too: it has no priority groups."""
        priority = self.one(quality(name), "dscp_to_priority", lambda raw: {int(k): int(v) for k, v in raw.items()})
        return Maps(
            trust=self.one(quality(name), "trust", str),
            dscp_to_tc=priority,
            tc_to_pg=self.without_groups(priority),
            tc_to_queue=self.one(quality(name), "traffic_classes", queues),
        )

    @staticmethod
    def without_groups(priority: Value[Mapping[int, int]]) -> Missing:
        if isinstance(priority, Missing):
            return priority
        return Missing(
            Absence.NOT_ADVERTISED, priority.source, "a NIC pauses by priority: it has no map to priority groups"
        )

    def neighbour(self, name: str) -> Value[Neighbour]:
        device = self.neighbours.value(name, "system_name", str)
        if isinstance(device, Missing):
            return device
        ids = (self.neighbours.value(name, field, str) for field in ("port_id", "port_description"))
        names = tuple(value.value for value in ids if isinstance(value, Reading))
        return derive(device, lambda told: Neighbour(told, names))

    def flags(self, mlx: str) -> Value[tuple[Flag, ...]]:
        row = self.row(mlx)
        if isinstance(row, Missing):
            return row
        source = self.answers.source(mlx)
        told = [name for name in LANE_FLAGS if name in row]
        if not told:
            return Missing(Absence.NOT_AVAILABLE, source, "no flags of the module in the answer")
        empty = (
            Flag(name, None, Missing(Absence.NOT_AVAILABLE, source, f"{name} of no lane"))
            for name in told
            if not row[name]
        )
        of_lanes = (
            Flag(name, lane, lane_flag(value, name, lane, source))
            for name in told
            for lane, value in enumerate(row[name] or (), 1)
        )
        return Reading((*empty, *of_lanes), Source(source.evidence, "Module Info"))

    def module(self, cage: CagePlan) -> Transceiver:
        if self.device.eeproms is not None:
            return eeproms.module(self.answers, self.device, cage, eeproms.SPANS, 1)
        name = cage.ports[0].name
        return self.dumped(f"{self.device.name}:{name} module", name, (*PAGES, *MORE_PAGES), 1)

    def again(self, cage: CagePlan) -> Again:
        if self.device.eeproms is not None:
            return eeproms.again(self.answers, self.device, cage)
        name = cage.ports[0].name
        seen = self.dumped(f"{self.device.name}:{name} module #2", name, TWICE, 2)
        return Again(seen, self.answers.apart(lower_page(name), lower_page(name)))

    def dumped(self, label: str, name: str, numbers: Sequence[int], sample: int) -> Transceiver:
        commands = {LOWER_MEMORY: lower_page(name), **{Page(page): upper_page(name, page) for page in numbers}}
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
        return transceiver(Memory(f"{label} ({why})" if why and nothing else label, pages))


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


def first_bin(ranges: Sequence[str]) -> int:
    """The number of the first bin; ValueError where the bins do not hold one count of symbol errors each, in order."""
    numbers = [int(text) for text in ranges]
    if not numbers or numbers[0] > 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise ValueError(f"bins of {', '.join(ranges) or 'no'} symbol errors")
    return numbers[0]


def queues(raw: Any) -> Mapping[int, int]:
    """Priority to traffic class, which has the queue's number; ValueError where a priority is in two."""
    pairs = [(int(priority), int(row["tc"])) for row in raw for priority in row["priorities"]]
    if len(dict(pairs)) < len(set(pairs)):
        raise ValueError("a priority is in two traffic classes")
    return dict(pairs)


def lane_flag(value: object, name: str, lane: int, source: Source) -> Value[bool]:
    place = Source(source.evidence, f"{name} lane {lane}", str(value))
    return Reading(value, place) if isinstance(value, bool) else Missing(Absence.NOT_AVAILABLE, place)
