"""Arista EOS, as its command line answers: JSON first, the text of the same command where only that is on record.

Of FEC codewords EOS tells what the last poll saw and how often that changed: the count that only goes up is the
latter, and is what is told on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, TypeVar

from ...decode.told import ToldTransceiver
from ...decode.transceiver import Transceiver
from ...evidence import Ask, Evidence, Kind
from ...lab.inventory import CagePlan, DevicePlan, PortPlan
from ...model import Again, Changes, DeviceFacts, FecSample, MonitorSample, Neighbour, PortFacts
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...transports.base import Session
from ...transports.permit import Permit
from ...units import Unit
from .. import eeproms
from ..base import PRIORITIES, Row, cell, counter, error_ratio, number
from ..facts import all_spellings, either_way, spellings, while_up
from .modules import Modules
from .names import (
    CLUSTER,
    CONFIG,
    COOLING,
    DOM,
    ECN,
    ERRDISABLED,
    FEC,
    HARDWARE,
    INTERFACES,
    INVENTORY,
    LLDP,
    MAPS,
    MODULES,
    PAUSE,
    PFC,
    PFC_DETAIL,
    PHY,
    POWER,
    QUEUES,
    SHORT_NAMES,
    STATUS,
    TEMPERATURE,
    VERSION,
    WATCHDOG,
    Named,
    View,
    not_zero,
    on_or_off,
    slot_name,
    text_of,
)
from .platform import Platform
from .qos import Qos

T = TypeVar("T")

OF_LINKS: Final = (INTERFACES, FEC, PHY, LLDP, CONFIG)
"""What is held against the other end of a link."""
COMMANDS: Final = (
    VERSION, INVENTORY, STATUS, ERRDISABLED, MODULES, DOM, HARDWARE, MAPS, QUEUES, ECN, PAUSE, WATCHDOG, PFC,
    PFC_DETAIL, POWER, TEMPERATURE, COOLING, CLUSTER, *OF_LINKS,
)  # fmt: skip
"""Every command once, those of links last and together."""
TWICE: Final = (PFC, PFC_DETAIL, WATCHDOG, QUEUES, PHY, MODULES)
"""Counters, changes of links among them, and the modules' monitors."""
FEC_LANES: Final = "fec_corrected_symbols"
ADMIN: Final = {"connected": "up", "notconnect": "up", "errdisabled": "up", "inactive": "up", "disabled": "down"}
"""The administrative state by the status that EOS shows; one that shut itself down for an error is asked to be up."""
ENCODINGS: Final = {
    "reedsolomon": "rs", "reedsolomon544": "rs", "reed-solomon": "rs", "reed-solomon-544": "rs", "firecode": "fc",
    "fire-code": "fc", "disabled": "none", "none": "none",
}  # fmt: skip
INTERFACE_STATE: Final = "interface_state"
CODES: Final = {544: "RS(544,514)", 528: "RS(528,514)", 272: "RS(272,257)"}
"""The code by the symbols of its codeword."""


@dataclass(frozen=True, slots=True)
class Eos:
    """The driver."""

    nos: str = "eos"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        """The whole switch at once; counters and monitors a second time."""
        for command in (*COMMANDS, *eeproms.commands(device, eeproms.SPANS)):
            yield Ask(device.name, Kind.CLI, command)
        for command in (*TWICE, *eeproms.commands(device, eeproms.TWICE)):
            yield Ask(device.name, Kind.CLI, command, sample=2)

    def soaks(self, device: DevicePlan) -> Iterator[Ask]:
        """The modules' monitors, which are asked for a second time anyway."""
        yield Ask(device.name, Kind.CLI, MODULES)

    def accepts(self, device: DevicePlan) -> Iterator[Ask]:
        """The same commands as text."""
        for command in COMMANDS:
            if text_of(command) != command:
                yield Ask(device.name, Kind.CLI, text_of(command))
        for command in TWICE:
            yield Ask(device.name, Kind.CLI, text_of(command), sample=2)

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        return Switch(device, Named(self.nos, device.name, evidence)).facts()


DRIVER = Eos()
SESSION = Session(Permit.of(*COMMANDS, eeproms.TEMPLATE), shell=False, quiet=("terminal length 0",))


class Switch(View):
    """One switch's answers, turned into facts."""

    def __init__(self, device: DevicePlan, answers: Named) -> None:
        super().__init__(answers)
        self.device = device
        self.inside = Modules(device.name, answers)
        self.qos = Qos(answers)
        self.platform = Platform(answers)
        self.interfaces = self.table(INTERFACES)
        self.status = self.table(STATUS)
        self.fec = self.table(FEC)
        self.pause = self.table(PAUSE)

    def facts(self) -> DeviceFacts:
        asked = self.answers.span(*(self.answers.best(command) for command in OF_LINKS))
        model = self.first(VERSION, "model")
        return DeviceFacts(
            software=self.first(VERSION, "software_version"),
            platform=model,
            hwsku=model,
            ports={port.name: self.port(cage, port) for cage in self.device.cages for port in cage.ports},
            modules={cage.ports[0].name: self.module(cage) for cage in self.device.cages},
            again={cage.ports[0].name: self.again(cage) for cage in self.device.cages},
            modes={
                cage.ports[0].name: self.untold(INTERFACES, "the modes that a cage can have")
                for cage in self.device.cages
            },
            sampled={port.name: asked for port in self.device.ports} if asked else {},
            aliases=self.aliases(),
            unknown=tuple(self.answers.unknown),
            serial=self.first(VERSION, "serial"),
            asic=self.asic(),
            supplies=self.platform.supplies(),
            fans=self.platform.fans(),
            sensors=self.platform.sensors(),
            load_balancing=self.platform.load_balancing(),
            monitor_age={cage.ports[0].name: self.inside.age(cage) for cage in self.device.cages},
            series={cage.ports[0].name: self.series(cage) for cage in self.device.cages},
        )

    def first(self, command: str, field: str) -> Value[str]:
        return self.answers.field(self.answers.best(command), field, str)

    def aliases(self) -> Mapping[str, str]:
        """Port names by what a neighbour may call them: the short name, and the port's address in either spelling."""
        rows = self.rows(INTERFACES)
        found: dict[str, str] = {}
        for row in () if isinstance(rows, Missing) else rows:
            name = str(row["interface"])
            short = next((brief for brief, full in SHORT_NAMES.items() if name.startswith(full)), "")
            if short:
                found[short + name.removeprefix(SHORT_NAMES[short])] = name
            if row.get("mac"):
                found |= dict.fromkeys(spellings(str(row["mac"])), name)
        return found

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name = port.name
        oper = self.interfaces.value(name, "line_protocol", lambda raw: "up" if str(raw) == "up" else "down")
        down = isinstance(oper, Reading) and oper.value == "down"
        config = self.qos.config(name)
        lldp = self.neighbour(name)
        return PortFacts(
            speed=self.speed(name),
            lanes=self.lanes(name),
            oper=oper,
            admin=self.interfaces.value(name, "status", lambda raw: ADMIN[str(raw)]),
            mtu=self.interfaces.value(name, "mtu", number, Unit.BYTES),
            fec_configured=self.qos.fec_configured(config),
            fec_operational=while_up(down, self.fec_operational(name)),
            fec_named=while_up(down, self.fec_named(name)),
            fec_samples=tuple(self.fec_sample(sample, name) for sample in self.samples(PHY)),
            histogram=self.untold(PHY, "a histogram of symbol errors"),
            histogram_from=0,
            histogram_at=None,
            pfc_priorities=self.qos.pfc_priorities(config),
            link_pause=self.link_pause(name),
            maps=self.qos.maps(config),
            queues={priority: self.qos.queue(name, config, priority) for priority in PRIORITIES},
            neighbour=Missing(Absence.NOT_RECORDED, self.source(LLDP)),
            lldp=lldp,
            breakout_mode=self.breakout_mode(cage),
            error_status=self.error_status(cage),
            flags=self.untold(MODULES, "the flags of a module"),
            flaps=self.interfaces.value(name, "link_changes", counter, Unit.COUNT),
            last_change=self.either(name, ("last_change_at", "unchanged_for")),
            cleared=self.either(name, ("cleared_at", "cleared")),
            pauses=tuple(self.qos.pauses(sample, name) for sample in self.samples(PFC)),
            watchdog=self.qos.watchdog(name, config),
            auto_negotiation=self.interfaces.value(name, "auto_negotiation", lambda raw: str(raw) != "off"),
            changes=self.changes(name),
            lane_errors=self.lane_errors(name),
        )

    def either(self, name: str, fields: Sequence[str]) -> Value[str]:
        """A time as the form that is on record tells it."""
        found = [self.interfaces.value(name, field, str) for field in fields]
        return next((value for value in found if isinstance(value, Reading)), found[0])

    def speed(self, name: str) -> Value[Decimal]:
        """The speed of the port; a port that has none shows 0."""
        found = self.interfaces.value(name, "bandwidth_bps", lambda raw: number(raw) / 1_000_000_000, Unit.GBPS)
        return not_zero(found, "EOS shows no speed")

    def lanes(self, name: str) -> Value[int]:
        """How many lanes run: as the port's own answer has it, else as many as the PHY towards the module has."""
        told = not_zero(self.interfaces.value(name, "lanes", int), "EOS shows no lanes")
        if isinstance(told, Reading):
            return told
        row = self.outermost(name)
        if isinstance(row, Missing):
            return told
        of_phy = (row.get("lanes") or {}).get("pma_lane_signal_detect") or (row.get("lanes") or {}).get(
            "pma_lane_link_status"
        )
        if not of_phy:
            return told
        return Reading(len(of_phy), Source(self.source(PHY).evidence, f"line {row['line']} lanes of the PMA"))

    def link_pause(self, name: str) -> Value[bool]:
        """Whether either direction of 802.3x pause is on."""
        rx, tx = (self.pause.value(name, field, on_or_off) for field in ("rx_oper", "tx_oper"))
        return either_way(rx, tx)

    def neighbour(self, name: str) -> Value[Neighbour]:
        """The neighbour of a port; several that are not alike say nothing."""
        found = self.by_port(LLDP)
        source = self.source(LLDP)
        if isinstance(found, Missing):
            return found
        heard = found.get(name, [])
        if not heard:
            return Missing(Absence.NOT_RECORDED, source, f"no neighbour of {name}")
        if len({str(row.get("remote_device")) for row in heard}) > 1 or len(heard) > 1:
            return Missing(Absence.UNREADABLE, source, f"{len(heard)} neighbours of {name}")
        device = cell(heard[0], "remote_device", str, source)
        if isinstance(device, Missing):
            return device
        told = (cell(heard[0], field, str, source) for field in ("remote_port_id", "remote_port_description"))
        names = all_spellings(one.value for one in told if isinstance(one, Reading))
        return derive(device, lambda said: Neighbour(said, names))

    def error_status(self, cage: CagePlan) -> Value[str]:
        """OK where no port of the cage was shut down for an error and the maker of its module is told."""
        rows = self.by_port(ERRDISABLED)
        source = self.source(ERRDISABLED)
        if isinstance(rows, Missing):
            return rows
        for port in cage.ports:
            for row in rows.get(port.name, ()):
                reasons = ", ".join(map(str, row.get("reasons") or ())) or str(row.get("status"))
                return Reading(reasons, Source(source.evidence, f"line {row['line']} reasons", reasons))
        slot = self.inside.slot(cage)
        if not isinstance(slot, Missing) and slot.get("present") and slot.get("manufacturer") is None:
            place = Source(self.source(INVENTORY).evidence, f"line {slot['line']} manufacturer")
            return Reading("module of no maker", place)  # what EOS shows of one that it does not support
        return Reading("OK", Source(source.evidence, f"lists no port of {cage}"))

    def breakout_mode(self, cage: CagePlan) -> Value[str]:
        """The mode, from the ports of the cage that are in use and their speeds.

        EOS lists every lane of a cage as a port; those that another port uses are inactive, or were shut down.
        """
        rows = self.by_port(STATUS)
        source = self.source(STATUS)
        if isinstance(rows, Missing):
            return rows
        declared = {port.name for port in cage.ports}
        prefix = slot_name(cage)
        used: list[tuple[str, Row]] = []
        for name, held in rows.items():
            state = str(held[0].get("status"))
            if name != prefix and name.rpartition("/")[0] != prefix:
                continue
            if state != "inactive" and (state != "disabled" or name in declared):
                used.append((name, held[0]))
        if not used:
            return Missing(Absence.NOT_RECORDED, source, f"no port of {cage} is listed")
        speeds = [status_gbps(row, source) for _, row in used]
        for name_and_row, speed in zip(used, speeds, strict=True):
            if isinstance(speed, Missing):
                return Missing(speed.why, speed.source, f"{name_and_row[0]} shows no speed")
        counts: dict[Decimal, int] = {}
        for speed in speeds:
            assert isinstance(speed, Reading)
            counts[speed.value] = counts.get(speed.value, 0) + 1
        mode = "+".join(f"{times}x{gbps.normalize():f}G" for gbps, times in counts.items())
        lines = ", ".join(str(row["line"]) for _, row in used)
        return Reading(mode, Source(source.evidence, f"line {lines} (the ports in use and their speeds)", mode))

    # --- FEC --------------------------------------------------------------------------------------------------------

    @cached_property
    def _phys(self) -> Mapping[int, Mapping[str, Sequence[Row]] | Missing]:
        return {sample: self.by_port(PHY, sample) for sample in self.samples(PHY)}

    def outermost(self, name: str, sample: int = 1) -> Row | Missing:
        """The PHY that faces the module: of several in a row, the last one's line side."""
        phys = self._phys[sample]
        source = self.source(PHY, sample)
        if isinstance(phys, Missing):
            return phys
        rows = [row for row in phys.get(name, ()) if row.get("phy") is not None]
        if not rows:
            return Missing(Absence.NOT_RECORDED, source, f"no PHY of {name}")
        if len({row["phy"] for row in rows}) < len(rows):
            return Missing(Absence.UNREADABLE, source, f"{name} is in the answer more than once")
        if any(row.get("stale") for row in rows):
            return Missing(Absence.NOT_AVAILABLE, source, f"EOS calls what it shows of {name} stale")
        facing = [row for row in rows if row.get("location") == "line"]
        if facing:
            return facing[-1]
        counting = [row for row in rows if "fec_corrected_codewords" in row["attributes"]]
        return (counting or rows)[-1]

    def of_phy(
        self, name: str, field: str, into: Callable[[Any], T], unit: Unit = Unit.NONE, sample: int = 1
    ) -> Value[T]:
        row = self.outermost(name, sample)
        return row if isinstance(row, Missing) else cell(row, field, into, self.source(PHY, sample), unit)

    def codewords(self, name: str, attribute: str, sample: int) -> Value[Decimal]:
        """A count that only goes up: the changes of an attribute, not its value, which is the last poll's."""
        row = self.outermost(name, sample)
        if isinstance(row, Missing):
            return row
        source = self.source(PHY, sample)
        where = f"line {row['line']} {attribute} changes"
        held = row["attributes"].get(attribute)
        if held is None:
            chip = f"{row.get('chip') or 'the PHY'} that faces the module"
            return Missing(Absence.NOT_AVAILABLE, Source(source.evidence, where), f"{chip} shows no {attribute}")
        field = f"{attribute} changes"
        return cell({"line": row["line"], field: held.get("changes")}, field, counter, source, Unit.COUNT)

    def fec_sample(self, sample: int, name: str) -> FecSample:
        return FecSample(
            at=self.answers.at(self.answers.best(PHY, sample), sample),
            corrected=self.codewords(name, "fec_corrected_codewords", sample),
            uncorrected=self.codewords(name, "fec_uncorrected_codewords", sample),
            symbol_errors=self.symbols(name, sample),
            pre_fec_ber=self.of_phy(name, "pre_fec_ber", error_ratio, sample=sample),
        )

    def symbols(self, name: str, sample: int) -> Value[Decimal]:
        """Symbols that were corrected, over all lanes of the FEC."""
        row = self.outermost(name, sample)
        if isinstance(row, Missing):
            return row
        place = Source(
            self.source(PHY, sample).evidence, f"line {row['line']} fec_corrected_symbols changes of all lanes"
        )
        lanes = (row.get("lanes") or {}).get("fec_corrected_symbols") or {}
        counts = [lane.get("changes") for lane in lanes.values()]
        if not counts or any(count is None for count in counts):
            return Missing(Absence.NOT_AVAILABLE, place, "EOS shows no symbols of the lanes")
        return Reading(Decimal(sum(counts)), place, Unit.COUNT)

    def changes(self, name: str) -> tuple[Changes, ...]:
        """How often the interface had changed its state, by the answer about its PHYs; older releases do not tell."""
        told = tuple(self.changed(sample, name) for sample in self.samples(PHY))
        return told if any(isinstance(one.count, Reading) for one in told) else ()

    def changed(self, sample: int, name: str) -> Changes:
        at = self.answers.at(self.answers.best(PHY, sample), sample)
        phys = self._phys[sample]
        if isinstance(phys, Missing):
            return Changes(at, phys)
        source = self.source(PHY, sample)
        for row in phys.get(name, ()):
            if (state := row["attributes"].get(INTERFACE_STATE)) is not None:
                field = f"{INTERFACE_STATE} changes"
                held = {"line": row["line"], field: state.get("changes")}
                return Changes(at, cell(held, field, counter, source, Unit.COUNT))
        return Changes(at, Missing(Absence.NOT_AVAILABLE, source, f"EOS shows no changes of {name}"))

    def lane_errors(self, name: str) -> Value[Mapping[int, Decimal]]:
        """Symbols that were corrected on the lanes of the port, by the last sample.

        A lane of the port carries several of the FEC, those that follow one another; where EOS says that they arrived
        in another order, which lane of the port a count belongs to is not known.
        """
        sample = self.last(PHY)
        row, lanes = self.outermost(name, sample), self.lanes(name)
        if isinstance(row, Missing):
            return row
        if isinstance(lanes, Missing):
            return lanes
        place = Source(self.source(PHY, sample).evidence, f"line {row['line']} {FEC_LANES} changes by lane")
        held = (row.get("lanes") or {}).get(FEC_LANES) or {}
        counts = {int(lane): said.get("changes") for lane, said in held.items()}
        order = row.get("fec_lane_map") or {}
        if not counts or any(count is None for count in counts.values()):
            return Missing(Absence.NOT_AVAILABLE, place, "EOS shows no symbols of the lanes")
        if any(int(lane) != told for lane, told in order.items()):
            return Missing(Absence.NOT_AVAILABLE, place, "the lanes of the FEC arrived in another order")
        each, rest = divmod(len(counts), lanes.value)
        if rest or not each or sorted(counts) != [*range(len(counts))]:
            return Missing(Absence.UNREADABLE, place, f"{len(counts)} lanes of the FEC on {lanes.value} of the port")
        whole: dict[int, Decimal] = dict.fromkeys(range(1, lanes.value + 1), Decimal(0))
        for lane, count in counts.items():
            whole[lane // each + 1] += counter(count)
        return Reading(whole, place, Unit.COUNT)

    def fec_operational(self, name: str) -> Value[str]:
        """The FEC that runs, as the PHY and the port tell it; where they contradict one another, neither."""
        of_phy = self.of_phy(name, "fec_encoding", lambda raw: ENCODINGS[str(raw).lower()])
        of_port = self.fec.value(name, "encoding", lambda raw: ENCODINGS[str(raw).lower()])
        if isinstance(of_phy, Missing):
            return of_port
        if isinstance(of_port, Reading) and of_port.value != of_phy.value:
            said = f"{of_phy.value}, but {of_port.value} by {of_port.source}"
            return Missing(Absence.UNREADABLE, of_phy.source, said)
        return of_phy

    def fec_named(self, name: str) -> Value[str]:
        """The code, by the symbols of its codeword."""
        return self.of_phy(name, "codeword_symbols", lambda raw: CODES[int(raw)])

    def asic(self) -> Value[str]:
        """The ASIC, by the name of its own PHYs: BCM56870-TSCF16 is one of a BCM56870."""
        phys = self._phys[1]
        source = self.source(PHY)
        if isinstance(phys, Missing):
            return phys
        firsts = [rows[0] for rows in phys.values() if rows and rows[0].get("chip")]
        names = {str(row["chip"]).partition("-")[0] for row in firsts if "-" in str(row["chip"])}
        if len(names) != 1 or len(firsts) != sum(1 for row in firsts if "-" in str(row["chip"])):
            return Missing(Absence.NOT_AVAILABLE, source, "the PHYs of the ports do not name one ASIC")
        return Reading(names.pop(), Source(source.evidence, f"line {firsts[0]['line']} chip", str(firsts[0]["chip"])))

    # --- modules ----------------------------------------------------------------------------------------------------

    def module(self, cage: CagePlan) -> Transceiver:
        if self.device.eeproms is not None:
            return eeproms.module(self.answers, self.device, cage, eeproms.SPANS, 1)
        return ToldTransceiver(self.inside.told(cage, 1))

    def series(self, cage: CagePlan) -> tuple[MonitorSample, ...]:
        """What the monitors showed, sample by sample; a soak alone asks more than twice."""
        return tuple(self.inside.monitored(cage, sample) for sample in self.samples(MODULES))

    def again(self, cage: CagePlan) -> Again:
        if self.device.eeproms is not None:
            return eeproms.again(self.answers, self.device, cage)
        seen = ToldTransceiver(self.inside.told(cage, 2))
        first, second = self.answers.best(MODULES), self.answers.best(MODULES, 2)
        apart = self.answers.apart(first, second) if first == second else self.answers.apart(MODULES, MODULES)
        return Again(seen, apart)


def status_gbps(row: Row, source: Source) -> Value[Decimal]:
    """The speed in a row of the status: bit/s in its JSON, Mb/s in its text."""
    if "bandwidth_bps" in row:
        return not_zero(
            cell(row, "bandwidth_bps", lambda raw: number(raw) / 1_000_000_000, source, Unit.GBPS), "no speed"
        )
    return not_zero(cell(row, "speed_mbps", lambda raw: number(raw) / 1000, source, Unit.GBPS), "no speed")
