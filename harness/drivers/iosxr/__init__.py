"""Cisco IOS-XR, as its command line prints it: the 8000 series and the NCS.

Three facts that this driver does not blur.  What IOS-XR calls FEC is what runs; what is configured stands elsewhere.
Its MTU counts the Ethernet header.  And its classes of a policy are not traffic classes: which queue is whose, no
answer says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, TypeVar

from ...decode.told import ToldTransceiver
from ...decode.transceiver import Transceiver
from ...evidence import Ask, Evidence, Kind
from ...lab.inventory import CagePlan, DevicePlan, PortPlan
from ...lab.platforms import names_of
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
    Supply,
    Watchdog,
)
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...transports.base import Session
from ...transports.permit import Permit
from ...units import Unit
from ..base import (
    PRIORITIES,
    Answers,
    Row,
    Table,
    by_priority,
    cell,
    counter,
    error_ratio,
    gbps,
    number,
    truth,
    up_or_down,
)
from ..facts import either_way, parts, spellings, told_neighbour
from . import modules

T = TypeVar("T")

VERSION: Final = "show version"
PLATFORM: Final = "show platform"
INVENTORY: Final = "show inventory"
INTERFACES: Final = "show interfaces"
LLDP: Final = "show lldp neighbors detail"
OPTICS: Final = "show controllers optics *"
MEMORY: Final = "show controllers all phy"
COMMANDS: Final = (VERSION, PLATFORM, INVENTORY, INTERFACES, LLDP, OPTICS, MEMORY)

ETHERNET_HEADER: Final = 14
"""Bytes that the MTU of IOS-XR counts and the others' does not."""

FEC_WORDS: Final[Mapping[str, str]] = {
    "standard (reed-solomon)": "rs", "standard": "rs", "reed-solomon": "rs", "base-r": "fc", "base-r (firecode)": "fc",
    "base-r (fire code)": "fc", "disabled": "none", "none": "none",
}  # fmt: skip
UNSET: Final = "not configured"

SHORT: Final[Mapping[str, str]] = {
    "GigabitEthernet": "Gi", "TenGigE": "Te", "TwentyFiveGigE": "TF", "FortyGigE": "Fo", "FiftyGigE": "Fi",
    "HundredGigE": "Hu", "TwoHundredGigE": "TH", "FourHundredGigE": "FH",
}  # fmt: skip
"""What IOS-XR calls ports where it has little room."""

NAME: Final = re.compile(r"([A-Za-z]+)(\d+/\d+/\d+/\d+)(/\d+)?")
FINE: Final = frozenset({"OPERATIONAL", "READY", "OK", "IOS XR RUN"})
CAPACITY: Final = re.compile(r"\b(\d{2,6}) ?W\b")
AIRFLOW: Final = re.compile(r"Air ?(?:flow )?(Intake|Exhaust)", re.IGNORECASE)


def operation(kind: str) -> str:
    """How every port of a kind operates."""
    return f"show controllers {kind} *"


def selected(place: str) -> str:
    """Which Application runs in a cage."""
    return f"show controllers Optics{place} appsel active"


def kind_of(port: str) -> str:
    """The kind of a port, which is how IOS-XR names its speed."""
    found = NAME.fullmatch(port)
    return found[1] if found else ""


def place_of(port: str) -> str:
    """The cage of a port: ``0/0/0/3`` of ``HundredGigE0/0/0/3/1``."""
    found = NAME.fullmatch(port)
    return found[2] if found else ""


def kinds(device: DevicePlan) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for port in device.ports if (kind := kind_of(port.name))))


@dataclass(frozen=True, slots=True)
class IosXr:
    """The driver."""

    nos: str = "iosxr"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        places = dict.fromkeys(place for cage in device.cages if (place := place_of(cage.ports[0].name)))
        operations = tuple(operation(kind) for kind in kinds(device))
        for command in (*COMMANDS, *map(selected, places), *operations):
            yield Ask(device.name, Kind.CLI, command)
        for command in (*operations, INTERFACES, OPTICS):
            yield Ask(device.name, Kind.CLI, command, sample=2)

    def soaks(self, device: DevicePlan) -> Iterator[Ask]:
        """The modules' monitors, which are asked for a second time anyway."""
        yield Ask(device.name, Kind.CLI, OPTICS)

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        return Router(device, Answers(self.nos, device.name, evidence)).facts()


DRIVER = IosXr()
SESSION = Session(
    Permit.of(*COMMANDS, operation("{name}"), "show controllers {port} appsel active"),
    shell=False,
    quiet=("terminal length 0", "terminal width 0"),
)


class Router:
    """One router's answers, turned into facts."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        self.device, self.answers = device, answers
        self.carriers = {n: Table(answers, INTERFACES, "interface", sample=n) for n in answers.samples(INTERFACES)}
        self.interfaces = self.carriers[1]
        self.lldp = Table(answers, LLDP, "interface")
        self.inventory = Table(answers, INVENTORY, "name")
        self.memory = Table(answers, MEMORY, "interface")
        self.optics = {n: Table(answers, OPTICS, "interface", sample=n) for n in answers.samples(OPTICS)}
        self.operation = {
            (kind, n): Table(answers, operation(kind), "interface", sample=n)
            for kind in kinds(device)
            for n in answers.samples(operation(kind))
        }

    def facts(self) -> DeviceFacts:
        ports = {port.name: (cage, port) for cage in self.device.cages for port in cage.ports}
        asked = {name: self.answers.span(operation(kind_of(name)), INTERFACES, LLDP) for name in ports}
        firsts = {cage.ports[0].name: cage for cage in self.device.cages}
        return DeviceFacts(
            software=self.version("software_version"),
            platform=self.version("model"),
            hwsku=self.chassis("pid"),
            serial=self.chassis("serial_number"),
            asic=self.untold(PLATFORM, "IOS-XR counts its NPUs and does not name them"),
            ports={name: self.port(*plans) for name, plans in ports.items()},
            modules={name: self.module(cage, 1) for name, cage in firsts.items()},
            again={name: self.again(cage) for name, cage in firsts.items()},
            modes=dict.fromkeys(firsts, self.untold(OPTICS, "IOS-XR does not list the modes that a cage offers")),
            sampled={name: span for name, span in asked.items() if span is not None},
            aliases=self.aliases,
            unknown=tuple(self.answers.unknown),
            supplies=self.parts(r"0/P[MT]\d+", self.supply),
            fans=self.parts(r"0/FT\d+(?:/\S+)?", self.fan),
            monitor_age=dict.fromkeys(firsts, self.untold(OPTICS, "IOS-XR does not show when it read a module")),
            series={name: self.series(cage) for name, cage in firsts.items()},
        )  # fmt: skip

    def series(self, cage: CagePlan) -> tuple[MonitorSample, ...]:
        """What the monitors of a module showed, sample by sample."""
        found = []
        for sample in self.optics:
            seen = self.module(cage, sample)
            at = self.answers.at(OPTICS, sample)
            found.append(MonitorSample(at, seen.temperature, seen.tx_power, seen.rx_power, seen.tx_bias))
        return tuple(found)

    def untold(self, command: str, why: str, sample: int = 1) -> Missing:
        """What IOS-XR has no word for."""
        return Missing(Absence.NOT_AVAILABLE, self.answers.source(command, sample), why)

    def version(self, field: str) -> Value[str]:
        return self.answers.field(VERSION, field, str)

    def chassis(self, field: str) -> Value[str]:
        """The inventory names the box itself ``Rack 0``, or ``chassis`` in older releases."""
        found = self.inventory.value("Rack 0", field, str)
        return found if isinstance(found, Reading) else self.older(found, field)

    def older(self, gone: Missing, field: str) -> Value[str]:
        rows = self.answers.rows(INVENTORY)
        if isinstance(rows, Missing):
            return rows
        named = [row for row in rows if str(row["name"]).casefold().startswith("chassis")]
        return cell(named[0], field, str, self.answers.source(INVENTORY)) if len(named) == 1 else gone

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Port names by what neighbours may call them: short, and by address."""
        rows = self.answers.rows(INTERFACES)
        found: dict[str, str] = {}
        taken: set[str] = set()
        for row in () if isinstance(rows, Missing) else rows:
            name = str(row["interface"])
            short = SHORT.get(kind_of(name))
            spelt = [f"{short}{name.removeprefix(kind_of(name))}"] if short else []
            if row.get("burnt_in_mac"):
                spelt += spellings(str(row["burnt_in_mac"]))
            for alias in spelt:
                if alias in taken:  # an address that two ports have names neither
                    found.pop(alias, None)
                else:
                    found[alias] = name
                taken.add(alias)
        return found

    # --- ports --------------------------------------------------------------------------------------------------

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name = port.name
        command = operation(kind_of(name))
        unmapped = Missing(
            Absence.NOT_RECORDED, self.answers.source(command),
            "this driver does not ask for it: IOS-XR keeps it in the classes of a policy",
        )  # fmt: skip
        none = self.untold(command, "IOS-XR shows no histogram of codewords")
        return PortFacts(
            speed=self.of(name, "speed_mbps", gbps, Unit.GBPS),
            lanes=self.lanes(name),
            oper=self.of(name, "oper_state", up_or_down),
            admin=self.of(name, "admin_state", lambda raw: {"enabled": "up", "disabled": "down"}[str(raw)]),
            mtu=derive(
                self.of(name, "mtu", payload, Unit.BYTES), lambda size: size,
                note="without the 14 bytes of the Ethernet header", unit=Unit.BYTES,
            ),
            fec_configured=self.untold(command, "IOS-XR shows the FEC that runs, not what is configured"),
            fec_operational=self.fec(name),
            fec_named=self.untold(command, "IOS-XR has a word for the code, not its name"),
            fec_samples=tuple(self.fec_sample(name, sample) for sample in self.answers.samples(command)),
            histogram=none,
            histogram_from=0,
            histogram_at=None,
            pfc_priorities=self.of(name, "pfc_priorities", paused),
            link_pause=self.link_pause(name),
            maps=Maps(unmapped, unmapped, unmapped, unmapped),
            queues={
                one: Queue(one, unmapped, unmapped, unmapped, unmapped, unmapped, unmapped) for one in PRIORITIES
            },
            neighbour=Missing(Absence.NOT_RECORDED, self.answers.source(LLDP)),
            lldp=self.neighbour(name),
            breakout_mode=self.breakout(cage),
            error_status=self.error_status(cage),
            flags=self.flags(cage),
            flaps=self.interfaces.value(name, "carrier_transitions", counter),
            last_change=self.interfaces.value(name, "last_link_flapped", str),
            cleared=self.interfaces.value(name, "counters_cleared", str),
            pauses=tuple(self.pauses(name, sample) for sample in self.answers.samples(command)),
            watchdog=self.watchdog(name),
            auto_negotiation=self.of(name, "auto_negotiation", lambda raw: raw is True),
            changes=tuple(self.changes(name, sample) for sample in self.carriers),
        )  # fmt: skip

    def changes(self, name: str, sample: int) -> Changes:
        count = self.carriers[sample].value(name, "carrier_transitions", counter, Unit.COUNT)
        return Changes(self.answers.at(INTERFACES, sample), count)

    def row(self, name: str, sample: int = 1) -> Row | Missing:
        table = self.operation.get((kind_of(name), sample))
        if table is None:
            return Missing(Absence.NOT_RECORDED, Source(self.device.name), f"{name} is no port name of IOS-XR")
        return table.row(name)

    def of(self, name: str, field: str, into: Callable[[Any], T], unit: Unit = Unit.NONE, sample: int = 1) -> Value[T]:
        """One field of how a port operates."""
        row = self.row(name, sample)
        if isinstance(row, Missing):
            return row
        return cell(row, field, into, self.answers.source(operation(kind_of(name)), sample), unit)

    def lanes(self, name: str) -> Value[int]:
        """The host lanes of the Application that runs; of several alike, as in a cage that is broken out, of each."""
        command = selected(place_of(name))
        rows = self.answers.rows(command)
        if isinstance(rows, Missing):
            return rows
        counts = [cell(row, "host_lane_count", width, self.answers.source(command)) for row in rows]
        widths = {count.value for count in counts if isinstance(count, Reading)}
        if not counts:
            return Missing(Absence.NOT_RECORDED, self.answers.source(command), "the answer has no record")
        if len(widths) > 1:
            return Missing(Absence.UNREADABLE, self.answers.source(command), f"Applications of {sorted(widths)} lanes")
        return next((count for count in counts if isinstance(count, Missing)), counts[0])

    def fec(self, name: str) -> Value[str]:
        word = self.of(name, "fec", str)
        up = self.of(name, "oper_state", up_or_down)
        if isinstance(word, Reading) and isinstance(up, Reading) and up.value == "down":
            return Missing(Absence.NOT_AVAILABLE, word.source, "the link is down")
        if isinstance(word, Reading) and word.value == UNSET:
            return Missing(
                Absence.NOT_AVAILABLE, word.source, "none runs that was configured, and none is told otherwise"
            )
        return self.of(name, "fec", lambda raw: FEC_WORDS[str(raw)])

    def fec_sample(self, name: str, sample: int) -> FecSample:
        command = operation(kind_of(name))
        word = self.of(name, "fec", str, sample=sample)
        off = isinstance(word, Reading) and FEC_WORDS.get(word.value) == "none"
        gone = self.untold(command, "without FEC there are no codewords", sample)
        return FecSample(
            at=self.answers.at(command, sample),
            corrected=gone if off else self.of(name, "fec_corrected_codewords", counter, sample=sample),
            uncorrected=gone if off else self.of(name, "fec_uncorrected_codewords", counter, sample=sample),
            symbol_errors=self.untold(command, "IOS-XR counts no symbols", sample),
            pre_fec_ber=gone if off else self.of(name, "pre_fec_ber", error_ratio, sample=sample),
        )

    def link_pause(self, name: str) -> Value[bool]:
        """Off where no flow control operates; which way it does, ``show interfaces`` says."""
        word = self.of(name, "flow_control", str)
        if isinstance(word, Reading) and word.value == "none":
            return derive(word, lambda _: False)
        out, into = (self.interfaces.value(name, f"{way}_flow_control", truth) for way in ("output", "input"))
        return either_way(into, out)

    def pauses(self, name: str, sample: int) -> PauseCounts:
        return PauseCounts(
            at=self.answers.at(operation(kind_of(name)), sample),
            received=self.of(name, "pfc_priorities", lambda raw: frames(raw, "rx_frames"), sample=sample),
            sent=self.of(name, "pfc_priorities", lambda raw: frames(raw, "tx_frames"), sample=sample),
            received_in_all=self.of(name, "pfc_rx_frames", counter, sample=sample),
            sent_in_all=self.of(name, "pfc_tx_frames", counter, sample=sample),
        )

    def watchdog(self, name: str) -> Watchdog:
        """Times are the poll interval, once per multiplier; that they multiply is the configuration guide's word."""
        detection, restoration = (
            self.period(name, item) for item in ("shutdown_multiplier", "auto_restore_multiplier")
        )
        return Watchdog(
            on=self.of(name, "watchdog", watched),
            action=self.untold(operation(kind_of(name)), "IOS-XR does not show what the watchdog does"),
            detection_ms=detection,
            restoration_ms=restoration,
            storms=self.of(name, "watchdog_counters", storms),
        )  # fmt: skip

    def period(self, name: str, multiplier: str) -> Value[Decimal]:
        time = self.of(name, "watchdog", lambda items: period(items, multiplier), Unit.MS)
        return derive(time, lambda ms: ms, note="poll interval times multiplier", unit=Unit.MS)

    def neighbour(self, name: str) -> Value[Neighbour]:
        return told_neighbour(self.lldp, name, "remote_device", "remote_port_id", "remote_port_description")

    def breakout(self, cage: CagePlan) -> Value[str]:
        """The ports that a cage has: its own, or the children of one that is broken out."""
        rows = self.answers.rows(INTERFACES)
        if isinstance(rows, Missing):
            return rows
        place = place_of(cage.ports[0].name)
        source = self.answers.source(INTERFACES)
        found = [(name, row) for row in rows if (name := NAME.fullmatch(str(row["interface"]))) and name[2] == place]
        if not found:
            return Missing(Absence.NOT_RECORDED, source, f"no port of cage {place}")
        rates = {RATES.get(name[1]) for name, _ in found}
        where = Source(source.evidence, f"line {found[0][1]['line']} (derived from the ports of the cage)")
        rate = next(iter(rates))
        if len(rates) > 1 or rate is None or (len(found) > 1 and any(name[3] is None for name, _ in found)):
            told = ", ".join(name[0] for name, _ in found)
            return Missing(Absence.UNREADABLE, where, f"no breakout mode has the ports {told}")
        return Reading(f"{len(found)}x{rate}G", where)

    # --- modules ------------------------------------------------------------------------------------------------

    def told(self, cage: CagePlan, sample: int = 1) -> Row | Missing:
        """What IOS-XR says of a cage's module."""
        return self.optics[sample].row(f"Optics{place_of(cage.ports[0].name)}")

    def module(self, cage: CagePlan, sample: int) -> Transceiver:
        """The module by its registers where the system dumps them, else by what it tells."""
        name = cage.ports[0].name
        row = self.memory.row(name) if sample == 1 else Missing(Absence.NOT_RECORDED, self.answers.source(MEMORY))
        if isinstance(row, dict) and (dumped := modules.dumped(f"{self.device.name}:{name} module", row)) is not None:
            return dumped
        return ToldTransceiver(modules.told(self.told(cage, sample), self.answers.source(OPTICS, sample)))

    def again(self, cage: CagePlan) -> Again:
        return Again(self.module(cage, 2), self.answers.apart(OPTICS, OPTICS))

    def error_status(self, cage: CagePlan) -> Value[str]:
        """What IOS-XR complains of, but for the alarms of light, which are flags."""
        row = self.told(cage)
        return row if isinstance(row, Missing) else modules.error_status(row, self.answers.source(OPTICS))

    def flags(self, cage: CagePlan) -> Value[tuple[Flag, ...]]:
        row = self.told(cage)
        return row if isinstance(row, Missing) else modules.flags(row, self.answers.source(OPTICS))

    # --- platform -----------------------------------------------------------------------------------------------

    def parts(self, pattern: str, into: Callable[[Row], T]) -> Value[tuple[T, ...]]:
        rows = self.answers.rows(PLATFORM)
        found = rows if isinstance(rows, Missing) else [r for r in rows if re.fullmatch(pattern, str(r["node"]))]
        return parts(found, into, self.answers.source(PLATFORM), "such node")

    def state(self, row: Row) -> Value[str]:
        return cell(row, "state", lambda raw: "ok" if raw in FINE else str(raw), self.answers.source(PLATFORM))

    def described(
        self, row: Row, pattern: re.Pattern[str], into: Callable[[str], T], unit: Unit = Unit.NONE
    ) -> Value[T]:
        """What the description of a part says of it."""
        name = str(row["node"])

        def found(raw: Any) -> T:
            match = pattern.search(str(raw))
            if match is None:
                raise ValueError(f"{raw!r} does not say it")
            return into(match[1])

        return self.inventory.value(name, "description", found, unit)

    def supply(self, row: Row) -> Supply:
        return Supply(
            name=str(row["node"]),
            status=self.state(row),
            watts=self.untold(PLATFORM, "IOS-XR shows no power beside the state of a node"),
            capacity=self.described(row, CAPACITY, Decimal, Unit.WATT),
            model=cell(row, "type", str, self.answers.source(PLATFORM)),
        )

    def fan(self, row: Row) -> Fan:
        speed = self.untold(PLATFORM, "IOS-XR shows no speed beside the state of a node")
        return Fan(str(row["node"]), self.state(row), speed, speed, self.described(row, AIRFLOW, str.lower))


def _rates() -> Mapping[str, str]:
    named = names_of("iosxr")
    return {word: rate for rate, word in named.rates.items()} if named else {}


RATES: Final = _rates()
"""The speed in Gb/s by the kind of a port."""


def payload(raw: object) -> Decimal:
    """An MTU without the Ethernet header."""
    size = number(raw) - ETHERNET_HEADER
    if size <= 0:
        raise ValueError(f"an MTU of {raw!r}")
    return size


def width(raw: object) -> int:
    """How many lanes: none is no answer."""
    if not isinstance(raw, int) or raw < 1:
        raise ValueError(f"{raw!r} lanes")
    return raw


def paused(rows: Any) -> frozenset[int]:
    """The priorities that may pause; all eight must be told."""
    told = {row["priority"]: row["status"] for row in rows}
    if set(told) != set(PRIORITIES) or len(rows) != len(told):
        raise ValueError(f"the priorities {sorted(told)} are told")
    return frozenset(priority for priority, status in told.items() if status == "on")


def frames(rows: Any, field: str) -> Mapping[int, Decimal]:
    """Frames by priority; what the release does not count is an error."""
    if not rows or any(row.get(field) is None for row in rows):
        raise ValueError(f"no {field.replace('_', ' ')} by priority")
    return {int(row["priority"]): counter(row[field]) for row in rows}


def effective(items: Any, item: str) -> str:
    value = items[item]["effective"]
    if value is None:
        raise ValueError(f"no {item} is in effect")
    return str(value)


def watched(items: Any) -> bool:
    return {"enabled": True, "disabled": False}[effective(items, "watchdog_state")]


def period(items: Any, multiplier: str) -> Decimal:
    """A time of the watchdog in ms."""
    return counter(effective(items, "poll_interval")) * counter(effective(items, multiplier))


def storms(counters: Any) -> Mapping[int, Decimal]:
    return by_priority(counters["watchdog_events"])
