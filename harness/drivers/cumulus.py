"""Cumulus Linux with NCLU (releases 3 and 4): ``net show`` for the system and its neighbours, Linux tools for the rest.

What such a release has of RoCE stands in ``/etc/cumulus/datapath/traffic.conf``, which is not read: it says what was
configured, not what the switch does.  Its ethtool knows no pages, and prints the registers of a module in one piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

from ..decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, LOWER_MEMORY, Memory, Page
from ..decode.transceiver import SERIAL_AT_A0, Transceiver, transceiver
from ..evidence import Ask, Evidence, Kind
from ..lab.inventory import CagePlan, DevicePlan, PortPlan
from ..model import Again, Changes, DeviceFacts, FecSample, Maps, Neighbour, PortFacts, Queue, Watchdog
from ..reading import Absence, Missing, Reading, Value
from ..transports.base import Session
from ..transports.permit import Permit
from ..units import Unit
from . import eeproms, linux
from .base import PRIORITIES, Answers, Table, counter, gbps, number, suffix, truth
from .facts import either_way, read_when_asked, told_neighbour, while_up
from .nvue.ports import counted

T = TypeVar("T")

SYSTEM: Final = "net show system json"
NEIGHBOURS: Final = "net show lldp json"
LINKS: Final = "ip -d address show"
WHOLE: Final = (SYSTEM, NEIGHBOURS, LINKS)
HALF: Final = 128
SFP: Final = (A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER)


def settings(port: str) -> str:
    return f"ethtool {port}"


def fec(port: str) -> str:
    return f"sudo ethtool -I --show-fec {port}"


def pause(port: str) -> str:
    return f"ethtool -a {port}"


def carrier(port: str) -> str:
    return f"cat /sys/class/net/{port}/carrier_changes"


def registers(port: str) -> str:
    return f"sudo ethtool -m {port} hex on"


def of_link(port: str) -> tuple[str, ...]:
    """What is held against the other end of a port's link."""
    return (LINKS, NEIGHBOURS, settings(port), fec(port), pause(port))


@dataclass(frozen=True, slots=True)
class Cumulus:
    """The driver."""

    nos: str = "cumulus"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        filed = device.eeproms is not None
        names = [port.name for port in device.ports]
        modules = [] if filed else [registers(cage.ports[0].name) for cage in device.cages]
        first = [*WHOLE, *(ask(name) for name in names for ask in (settings, fec, pause, carrier)), *modules]
        second = [*(ask(name) for name in names for ask in (fec, carrier)), *modules]
        yield from (Ask(device.name, Kind.CLI, command) for command in first)
        yield from (Ask(device.name, Kind.CLI, command) for command in eeproms.commands(device, eeproms.SPANS))
        yield from (Ask(device.name, Kind.CLI, command, sample=2) for command in second)
        for command in eeproms.commands(device, eeproms.TWICE):
            yield Ask(device.name, Kind.CLI, command, sample=2)

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        return Switch(device, Answers(self.nos, device.name, evidence)).facts()


DRIVER = Cumulus()
SESSION = Session(
    Permit.of(
        *WHOLE, *(ask("{port}") for ask in (settings, fec, pause, carrier, registers)), eeproms.TEMPLATE
    ),
    shell=True,
)  # fmt: skip


class Switch:
    """One switch's answers, turned into facts."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        self.device, self.answers, self.one = device, answers, answers.field
        self.links = Table(answers, LINKS, "interface")
        self.neighbours = Table(answers, NEIGHBOURS, "interface")

    def facts(self) -> DeviceFacts:
        asked = {port.name: self.answers.span(*of_link(port.name)) for port in self.device.ports}
        return DeviceFacts(
            software=self.one(SYSTEM, "os_version", str),
            platform=self.one(SYSTEM, "model", str),
            hwsku=self.one(SYSTEM, "product_name", str),
            ports={port.name: self.port(cage, port) for cage in self.device.cages for port in cage.ports},
            modules={cage.ports[0].name: self.module(cage, 1) for cage in self.device.cages},
            again={cage.ports[0].name: self.again(cage) for cage in self.device.cages},
            modes={cage.ports[0].name: self.gone(LINKS, "which modes a cage offers") for cage in self.device.cages},
            sampled={name: span for name, span in asked.items() if span is not None},
            aliases=self.addresses(),
            unknown=tuple(self.answers.unknown),
            serial=self.one(SYSTEM, "serial_number", str),
            asic=self.one(SYSTEM, "asic", str),
            monitor_age={cage.ports[0].name: self.age(cage) for cage in self.device.cages},
        )

    def gone(self, command: str, what: str) -> Missing:
        return Missing(Absence.NOT_AVAILABLE, self.answers.source(command), f"NCLU does not show {what}")

    def addresses(self) -> Mapping[str, str]:
        """Ports by their MAC address, by which some neighbours name them."""
        rows = self.answers.rows(LINKS)
        return {} if isinstance(rows, Missing) else {str(r["mac"]): str(r["interface"]) for r in rows if r.get("mac")}

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name = port.name
        unread = Missing(
            Absence.NOT_RECORDED, self.answers.source(SYSTEM), "quality of service stands in files that are not read"
        )
        return PortFacts(
            speed=self.one(settings(name), "speed_mbps", gbps, Unit.GBPS),
            lanes=self.one(settings(name), "lanes", int),
            oper=self.links.value(name, "oper", state),
            admin=self.links.value(name, "admin", str),
            mtu=self.links.value(name, "mtu", number, Unit.BYTES),
            fec_configured=self.one(fec(name), "configured", linux.fec_word),
            fec_operational=self.running(name, self.one(fec(name), "active", linux.fec_word)),
            fec_named=self.gone(fec(name), "the name of the code: ethtool has a word for it"),
            fec_samples=tuple(self.fec_sample(name, sample) for sample in self.answers.samples(fec(name))),
            histogram=self.gone(fec(name), "a histogram of codewords"),
            histogram_from=0,
            histogram_at=None,
            pfc_priorities=unread,
            link_pause=self.link_pause(name),
            maps=Maps(unread, unread, unread, unread),
            queues={n: Queue(n, unread, unread, unread, unread, unread, unread) for n in PRIORITIES},
            neighbour=Missing(Absence.NOT_RECORDED, self.answers.source(NEIGHBOURS)),
            lldp=self.neighbour(name),
            breakout_mode=self.breakout(cage),
            error_status=self.gone(registers(name), "errors of a module"),
            flags=self.gone(registers(name), "flags of a module"),
            flaps=self.one(carrier(name), "text", counter),
            last_change=self.gone(carrier(name), "when a link changed"),
            cleared=self.gone(carrier(name), "when counters were cleared"),
            watchdog=Watchdog(unread, unread, unread, unread, unread),
            auto_negotiation=self.one(settings(name), "autoneg", truth),
            changes=tuple(self.changes(name, sample) for sample in self.answers.sampled(carrier(name))),
        )

    def changes(self, name: str, sample: int) -> Changes:
        count = self.one(carrier(name), "text", counter, Unit.COUNT, sample)
        return Changes(self.answers.at(carrier(name), sample), count)

    def running(self, name: str, word: Value[str]) -> Value[str]:
        """What runs on a link that is up; on one that is down ethtool says that nothing does."""
        up = self.one(settings(name), "link_detected", truth)
        return while_up(isinstance(up, Reading) and not up.value, word)

    def fec_sample(self, name: str, sample: int) -> FecSample:
        """Block counters, where the release's ethtool has them."""
        source = self.answers.source(fec(name), sample)
        return FecSample(
            at=self.answers.at(fec(name), sample),
            corrected=self.one(fec(name), "corrected_blocks", linux.total, sample=sample),
            uncorrected=self.one(fec(name), "uncorrectable_blocks", linux.total, sample=sample),
            symbol_errors=Missing(Absence.NOT_AVAILABLE, source, "not counted by this tool"),
            pre_fec_ber=Missing(Absence.NOT_AVAILABLE, source, "not computed by this tool"),
        )

    def link_pause(self, name: str) -> Value[bool]:
        """Whether either direction of 802.3x pause is on."""
        rx, tx = (self.one(pause(name), field, truth) for field in ("rx_pause", "tx_pause"))
        return either_way(rx, tx)

    def neighbour(self, name: str) -> Value[Neighbour]:
        return told_neighbour(self.neighbours, name, "system_name", "port_id", "port_description")

    def breakout(self, cage: CagePlan) -> Value[str]:
        """How many ports the switch has in the cage, and how fast they run."""
        return counted(cage, self.answers, LINKS, lambda name: self.one(settings(name), "speed_mbps", gbps, Unit.GBPS))

    def module(self, cage: CagePlan, sample: int) -> Transceiver:
        if self.device.eeproms is not None and sample == 1:
            return eeproms.module(self.answers, self.device, cage, eeproms.SPANS, 1)
        name = cage.ports[0].name
        label = f"{self.device.name}:{name} module{suffix(sample)}"
        rows = self.answers.rows(registers(name), sample)
        if isinstance(rows, Missing):
            return transceiver(Memory(f"{label} ({rows})", {}))
        held = {int(row["offset"]): bytes.fromhex(str(row["data"])) for row in rows if row.get("data")}
        return transceiver(Memory(label, pages_of(held)))

    def age(self, cage: CagePlan) -> Value[Decimal]:
        """Registers are read when they are asked for, unless they come from files."""
        if self.device.eeproms is not None:
            return self.gone(registers(cage.ports[0].name), "when it read the monitors of a module")
        return read_when_asked(self.module(cage, 1))

    def again(self, cage: CagePlan) -> Again:
        if self.device.eeproms is not None:
            return eeproms.again(self.answers, self.device, cage)
        command = registers(cage.ports[0].name)
        return Again(self.module(cage, 2), self.answers.apart(command, command))


def pages_of(held: Mapping[int, bytes]) -> dict[Page, bytes | None]:
    """The pages of a dump in one piece: of an SFP A0h and A2h, else lower memory and page 0 upwards.

    A half page that was not printed whole is not one.
    """
    whole = {offset: data for offset, data in held.items() if offset % HALF == 0 and len(data) == HALF}
    first = whole.get(0, b"")
    if first and first[0] in SERIAL_AT_A0:
        return {page: whole[at * HALF] for at, page in enumerate(SFP) if at * HALF in whole}
    return {LOWER_MEMORY if not at else Page(at // HALF - 1): data for at, data in sorted(whole.items())}


def state(raw: Any) -> str:
    """The kernel's word of a port as up or down; ValueError for another, as of a virtual interface."""
    word = str(raw).lower()
    if word not in ("up", "down", "lowerlayerdown", "dormant"):
        raise ValueError(f"{raw!r} is neither up nor down")
    return "up" if word == "up" else "down"
