"""A host or a switch of an InfiniBand fabric, asked with NVIDIA's tools: mlxlink, ibstat and iblinkinfo.

A host's interface that Linux calls ``ib...`` is InfiniBand; any other is Ethernet, and the Linux driver tells of it.
As there, cage ``3`` is ``mlx5_3``.  A switch is asked where its management runs, by cage and port as its front panel
numbers them.  How Quantum and Quantum-2 number the ports of the fabric is from recall; of a switch whose numbers are
not known no neighbour is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ..decode.memory import Memory
from ..decode.told import Told, ToldTransceiver
from ..decode.transceiver import Transceiver, transceiver
from ..evidence import Ask, Evidence, Kind
from ..lab.inventory import CagePlan, DevicePlan, PortPlan
from ..model import Changes, DeviceFacts, FecSample, Maps, MonitorSample, Neighbour, PauseCounts, PortFacts
from ..reading import Absence, Missing, Reading, Source, Value
from ..transports.base import Session
from ..transports.permit import Permit
from ..units import Unit
from . import linux
from .base import Answers, Row, Rows, Table, counter, error_ratio, gbps, number, suffix
from .facts import either, read_when_asked
from .linux import modules as linux_modules
from .linux import rdma as linux_rdma

STAT: Final = "ibstat"
FABRIC: Final = "iblinkinfo -l"
OTHER_FABRIC: Final = "iblinkinfo"
OPTIONS: Final = "-m -c -e --show_fec --rx_fec_histogram --show_histogram --json"

LANE_GBPS: Final[Mapping[str, Decimal]] = {
    "SDR": Decimal("2.5"), "DDR": Decimal(5), "QDR": Decimal(10), "FDR10": Decimal(10), "FDR": Decimal(14),
    "EDR": Decimal(25), "HDR": Decimal(50), "NDR": Decimal(100), "XDR": Decimal(200),
}  # fmt: skip
"""What a lane carries, as ibstat counts it: a link of four lanes NDR is 400 Gb/s."""

WORDS: Final[Mapping[str, str]] = {
    "RS(544,514)": "rs", "RS(528,514)": "rs", "RS(272,257)": "llrs", "BASE-R": "fc", "none": "none",
}  # fmt: skip
STATES: Final[Mapping[str, str]] = {"Active": "up", "Down": "down", "Initializing": "down", "Armed": "down"}
"""A port's logical state: one that no subnet manager has brought up carries nothing."""

ASICS: Final = (("QM87", "mt54000"), ("QM97", "mt54002"), ("QM98", "mt54002"), ("Q3", "mt54004"))
"""What the tools call the ASIC, by the beginning of the switch's model: Quantum, Quantum-2, Quantum-3."""

PORTS_OF_CAGE: Final[Mapping[str, int]] = {"QM87": 1, "QM97": 2}
"""How many ports of the fabric a cage has, where the ports are numbered from the first cage on."""

OF_HCA: Final = re.compile(r"(\S{1,64}) ([a-z]\w{1,30})")
OF_SWITCH: Final = re.compile(r"(?:MF\d;)?([^:;\s]{1,64}):M?(Q\w{1,20})(?:/U\d+)?")
"""How nodes describe themselves: ``gpu1 mlx5_0``, ``MF0;leaf1:MQM9700/U1``."""


def on_switch(asic: str, place: str) -> str:
    return f"mlxlink -d /dev/mst/{asic}_pciconf0 -p {place} {OPTIONS}"


def command_of(device: DevicePlan, cage: CagePlan, number: int) -> str:
    """What is asked of a port, the ``number``th of its cage from 1."""
    if device.kind != "switch":
        return linux.physical(cage.name)
    model = model_of(device)
    asic = next((name for begin, name in ASICS if model.startswith(begin)), ASICS[1][1])
    alone = PORTS_OF_CAGE.get(model[:4]) == 1 and len(cage.ports) == 1
    return on_switch(asic, cage.name if alone else f"{cage.name}/{number}")


def model_of(device: DevicePlan) -> str:
    """``QM9700``, however the lab file writes it."""
    return (device.platform or "").upper().removeprefix("M")


def parted(device: DevicePlan) -> tuple[DevicePlan, DevicePlan]:
    """A device with its Ethernet cages alone, and with those of InfiniBand."""
    fabric = [cage for cage in device.cages if device.kind == "switch" or cage.ports[0].name.startswith("ib")]
    plain = [cage for cage in device.cages if cage not in fabric]
    return replace(device, cages=tuple(plain)), replace(device, cages=tuple(fabric))


@dataclass(frozen=True, slots=True)
class Nvidia:
    """The driver."""

    nos: str = "nvidia"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        plain, fabric = parted(device)
        commands = [command_of(fabric, cage, n) for cage in fabric.cages for n, _ in enumerate(cage.ports, 1)]
        if fabric.cages:
            for command in (*((STAT,) if device.kind != "switch" else ()), FABRIC, *commands):
                yield Ask(device.name, Kind.CLI, command)
        if plain.cages:
            yield from linux.DRIVER.asks(plain)
        for command in commands:
            yield Ask(device.name, Kind.CLI, command, sample=2)

    def soaks(self, device: DevicePlan) -> Iterator[Ask]:
        """What a soak asks of Ethernet ports besides; of InfiniBand mlxlink, which is asked twice, tells all."""
        plain, _ = parted(device)
        if plain.cages:
            yield from linux.DRIVER.soaks(plain)

    def accepts(self, device: DevicePlan) -> Iterator[Ask]:
        """Other spellings of the same questions."""
        yield Ask(device.name, Kind.CLI, OTHER_FABRIC)
        plain, _ = parted(device)
        if plain.cages:
            yield from linux.DRIVER.accepts(plain)

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        plain, fabric = parted(device)
        told = Fabric(fabric, Answers(self.nos, device.name, evidence)).facts()
        if not plain.cages:
            return told
        facts = linux.Host(plain, Answers(linux.DRIVER.nos, device.name, evidence)).facts()
        return replace(
            facts,
            ports={**facts.ports, **told.ports},
            modules={**facts.modules, **told.modules},
            sampled={**facts.sampled, **told.sampled},
            aliases={**facts.aliases, **told.aliases},
            unknown=facts.unknown + told.unknown,
            adapters={**facts.adapters, **told.adapters},
            monitor_age={**facts.monitor_age, **told.monitor_age},
            series={**facts.series, **told.series},
        )


DRIVER = Nvidia()
SESSION = Session(
    linux.SESSION.permit
    + Permit.of(
        STAT,
        FABRIC,
        *(on_switch(asic, place) for _, asic in ASICS for place in ("{number}", "{number}/{number}")),
    ),
    shell=True,
)


class Fabric(linux.Host):
    """The InfiniBand ports of one device."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        super().__init__(device, answers)
        self.stat = Table(answers, STAT, "device")
        self.fabric = self.first((FABRIC, OTHER_FABRIC))
        self.commands = {
            port.name: command_of(device, cage, n) for cage in device.cages for n, port in enumerate(cage.ports, 1)
        }

    def facts(self) -> DeviceFacts:
        name = self.device.name
        first = next(iter(self.commands.values()), STAT)
        unnamed = Missing(Absence.NOT_AVAILABLE, Source(name), "mlxlink and ibstat do not name the device")
        own = next((cage.name for cage in self.device.cages), "")
        return DeviceFacts(
            software=either(
                self.stat.value(f"mlx5_{own}", "firmware_version", str), self.one(first, "firmware_version", str)
            ),
            platform=unnamed,
            hwsku=unnamed,
            ports={
                port.name: self.fabric_port(cage, n, port)
                for cage in self.device.cages
                for n, port in enumerate(cage.ports, 1)
            },
            modules={cage.ports[0].name: self.module(cage) for cage in self.device.cages},
            modes={},
            sampled={
                port: span
                for port, command in self.commands.items()
                if (span := self.answers.span(command, self.fabric, STAT)) is not None
            },
            aliases=self.names(),
            unknown=tuple(self.answers.unknown),
            serial=unnamed,
            asic=unnamed
            if self.device.kind == "switch"
            else Missing(Absence.NOT_ADVERTISED, Source(name), "a host has no switch ASIC"),
            load_balancing=Missing(
                Absence.NOT_AVAILABLE, Source(name), "the subnet manager decides on routing: no tool here tells"
            ),
            adapters={
                port.name: self.stat.value(f"mlx5_{cage.name}", "type", linux_rdma.model)
                for cage in (self.device.cages if self.device.kind != "switch" else ())
                for port in cage.ports
            },
            monitor_age={cage.ports[0].name: read_when_asked(self.module(cage)) for cage in self.device.cages},
            series={cage.ports[0].name: self.series(cage) for cage in self.device.cages},
        )

    def names(self) -> Mapping[str, str]:
        """Ports by what a node at the other end calls them: the RDMA device, or the number in the fabric."""
        if self.device.kind != "switch":
            return {f"mlx5_{cage.name}": cage.ports[0].name for cage in self.device.cages}
        found: dict[str, str] = {}
        for cage in self.device.cages:
            for n, port in enumerate(cage.ports, 1):
                if (place := self.number_of(cage, n)) is not None:
                    found[str(place)] = port.name
        return found

    def number_of(self, cage: CagePlan, child: int) -> int | None:
        """A port's number in the fabric; None where the switch's numbering is not known."""
        each = PORTS_OF_CAGE.get(model_of(self.device)[:4])
        if each is None or not cage.name.isdecimal() or len(cage.ports) > each:
            return None
        return (int(cage.name) - 1) * each + child

    # --- ports --------------------------------------------------------------------------------------------------

    def fabric_port(self, cage: CagePlan, child: int, port: PortPlan) -> PortFacts:
        mlx = self.commands[port.name]
        rdma = f"mlx5_{cage.name}"
        oper = either(self.stat.value(rdma, "state", oper_of), self.one(mlx, "state", active))
        code = self.if_up(oper, self.one(mlx, "fec", linux.fec_name))
        bins, first_bin = self.histogram(mlx)
        gone = Missing(Absence.NOT_ADVERTISED, Source(str(port)), "InfiniBand has credits, and neither DSCP nor PFC")
        source = self.answers.source(mlx)
        return PortFacts(
            speed=either(self.speed(mlx), self.if_up(oper, self.stat.value(rdma, "rate_gbps", number, Unit.GBPS))),
            lanes=self.one(mlx, "lanes", int),
            oper=oper,
            admin=either(self.stat.value(rdma, "physical_state", enabled), self.one(mlx, "physical_state", enabled)),
            mtu=Missing(Absence.NOT_AVAILABLE, source, "mlxlink and ibstat do not show it"),
            fec_configured=Missing(Absence.NOT_AVAILABLE, source, "mlxlink shows the code that runs alone"),
            fec_operational=word_of(code),
            fec_named=code,
            fec_samples=tuple(self.sample_of(mlx, sample) for sample in self.answers.samples(mlx)),
            histogram=bins,
            histogram_from=first_bin,
            histogram_at=self.answers.at(mlx),
            pfc_priorities=gone,
            link_pause=gone,
            maps=Maps(gone, gone, gone, gone),
            queues={},
            neighbour=gone,
            lldp=self.far_end(cage, child),
            breakout_mode=Missing(Absence.NOT_AVAILABLE, source, "mlxlink does not tell how the cage is split"),
            error_status=self.one(mlx, "recommendation", linux.recommendation),
            flags=self.flags_of(mlx),
            flaps=self.one(mlx, "link_downs", counter),
            last_change=Missing(Absence.NOT_AVAILABLE, source, "mlxlink does not tell when"),
            cleared=self.one(mlx, "minutes_since_clear", lambda raw: f"{number(raw)} min before the answer"),
            pauses=(PauseCounts(None, gone, gone, gone, gone),),
            auto_negotiation=self.one(mlx, "autoneg", negotiates),
            changes=tuple(
                Changes(self.answers.at(mlx, n), self.one(mlx, "link_downs", counter, Unit.COUNT, n))
                for n in self.answers.samples(mlx)
            ),
            lane_errors=self.one(mlx, "raw_errors", linux.by_lane, sample=self.answers.newest(mlx)),
            protocol=either(
                self.stat.value(rdma, "link_layer", linux_rdma.link_layer),
                self.one(mlx, "infiniband", lambda _: "InfiniBand"),
            ),
        )

    @staticmethod
    def if_up(oper: Value[str], value: Value[Any]) -> Value[Any]:
        """What runs on a link that is up; of one that is down the tools may show the least that there is."""
        if isinstance(oper, Reading) and oper.value != "up" and isinstance(value, Reading):
            return Missing(Absence.NOT_AVAILABLE, value.source, "the link is down")
        return value

    def speed(self, mlx: str) -> Value[Decimal]:
        """As many lanes as run, each at the rate that is named; of an Ethernet link its own number."""
        lanes: Value[int] = self.one(mlx, "lanes", int)
        if isinstance(lanes, Missing):
            return lanes
        by_name = self.one(mlx, "infiniband", lambda word: LANE_GBPS[str(word)] * lanes.value, Unit.GBPS)
        return either(by_name, self.one(mlx, "speed_mbps", gbps, Unit.GBPS))

    def sample_of(self, mlx: str, sample: int) -> FecSample:
        source = self.answers.source(mlx, sample)
        gone = Missing(Absence.NOT_AVAILABLE, source, "mlxlink counts bits and symbols after FEC, no codewords")
        return FecSample(
            at=self.answers.at(mlx, sample),
            corrected=gone,
            uncorrected=gone,
            symbol_errors=gone,
            pre_fec_ber=self.one(mlx, "raw_ber", error_ratio, sample=sample),
        )

    # --- neighbours ---------------------------------------------------------------------------------------------

    def far_end(self, cage: CagePlan, child: int) -> Value[Neighbour]:
        """Who is at the other end: rows of either end of a link tell it, and must agree."""
        rows = self.answers.rows(self.fabric)
        source = self.answers.source(self.fabric)
        if isinstance(rows, Missing):
            return rows
        place = f"cage {cage.name} port {child}"
        found: Mapping[tuple[str, int], Row] = {}
        for own in self.signs(cage, child):
            found = found or others(rows, own)
        if len(found) != 1:
            said = f"{len(found)} other ends of {place}"
            return Missing(Absence.UNREADABLE if found else Absence.NOT_RECORDED, source, said)
        ((node, port), row) = next(iter(found.items()))
        told = described(node, port)
        at = Source(source.evidence, f"line {row['line']}", node)
        return Reading(told, at) if told else Missing(Absence.UNREADABLE, at, f"which port has number {port}?")

    def signs(self, cage: CagePlan, child: int) -> Iterator[Callable[[End], bool]]:
        """By what an end of a link is known to be this port, the best first."""
        if self.device.kind == "switch":
            number = self.number_of(cage, child)
            yield lambda end: number is not None and end.port == number and self.is_own(end.node)
            return
        rdma = f"mlx5_{cage.name}"
        guid = self.stat.value(rdma, "port_guid", lambda raw: int(str(raw), 16))
        yield lambda end: isinstance(guid, Reading) and end.guid == guid.value
        yield lambda end: end.node == f"{self.device.name} {rdma}"

    def is_own(self, node: str) -> bool:
        named = OF_SWITCH.fullmatch(node)
        return named is not None and named[1] == self.device.name

    # --- modules ------------------------------------------------------------------------------------------------

    def series(self, cage: CagePlan) -> tuple[MonitorSample, ...]:
        """The monitors of the module in every answer of mlxlink; each is of when it was asked."""
        first = self.commands[cage.ports[0].name]
        return tuple(
            linux.sample_of(self.module(cage, n), self.answers.at(first, n)) for n in self.answers.sampled(first)
        )

    def module(self, cage: CagePlan, sample: int = 1) -> Transceiver:
        """The module as mlxlink tells it of every port of the cage, each with its own lanes."""
        name = f"{self.device.name}:{cage.ports[0].name} module{suffix(sample)}"
        told: list[Told] = []
        why = ""
        for port in cage.ports:
            command = self.commands[port.name]
            row = self.row(command, sample)
            source = self.answers.source(command, sample)
            if isinstance(row, Missing):
                why = why or str(row)
            elif row.get("identifier") is not None:
                told.append(linux_modules.by_mlxlink(row, source, "no tool here reads them"))
        if told:
            return ToldTransceiver(together(told) if len(told) == len(cage.ports) else told[0])
        return transceiver(Memory(f"{name} ({why})" if why else name, {}))


def together(told: Sequence[Told]) -> Told:
    """One module of which each port told its own lanes; where they cannot be put in a row, by the first alone."""
    first = told[0]
    if len(told) == 1 or len({one.lanes for one in told}) > 1:
        return first
    return replace(
        first,
        lanes=sum(one.lanes for one in told),
        tx_power=tuple(value for one in told for value in one.tx_power),
        rx_power=tuple(value for one in told for value in one.rx_power),
        tx_bias=tuple(value for one in told for value in one.tx_bias),
        dp_state=tuple(value for one in told for value in one.dp_state),
    )


class End(NamedTuple):
    """One end of a link, as a row of the fabric's links tells it."""

    node: str
    port: int | None
    guid: int | None


def others(rows: Rows, own: Callable[[End], bool]) -> dict[tuple[str, int], Row]:
    """The other ends of all links of which a port is one end."""
    found: dict[tuple[str, int], Row] = {}
    for row in rows:
        near = End(str(row.get("node") or ""), row.get("port"), guid_of(row.get("port_guid")))
        far = End(str(row.get("remote") or ""), row.get("remote_port"), guid_of(row.get("remote_guid")))
        for one, other in ((near, far), (far, near)):
            if own(one) and other.node and other.port is not None:
                found[other.node, other.port] = row
    return found


def guid_of(raw: object) -> int | None:
    return None if raw is None else int(str(raw), 16)


def described(node: str, port: int) -> Neighbour | None:
    """A node and its port by its description; None where that leaves open which port it is."""
    if hca := OF_HCA.fullmatch(node):
        return Neighbour(hca[1], (hca[2],))
    if (switch := OF_SWITCH.fullmatch(node)) and switch[2][:4].upper() in PORTS_OF_CAGE:
        return Neighbour(switch[1], (str(port),))
    return None


def word_of(code: Value[str]) -> Value[str]:
    return code if isinstance(code, Missing) else Reading(WORDS[code.value], code.source)


def oper_of(raw: object) -> str:
    return STATES[str(raw)]


def active(raw: object) -> str:
    return "up" if raw == "Active" else "down"


def enabled(raw: object) -> str:
    return "down" if str(raw).startswith("Disable") else "up"


def negotiates(raw: object) -> bool:
    """``ON``, or ``FORCE - ...`` where the speed is set; ValueError for what is neither."""
    word = str(raw).upper()
    if word != "ON" and not word.startswith(("FORCE", "OFF")):
        raise ValueError(f"{raw!r} is neither on nor forced")
    return word == "ON"
