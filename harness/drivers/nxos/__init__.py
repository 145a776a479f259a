"""Cisco NX-OS on Nexus 9000, as its own command line prints it.

Text is asked for where only the text is known, ``| json`` where its members are.  What NX-OS has no command for is
Missing with that reason: FEC counters and histogram, ECN marks, link flaps, the lanes of a port, registers of modules,
when it read their monitors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, TypeVar

from ...decode.transceiver import Transceiver
from ...evidence import Ask, Evidence, Kind
from ...lab.inventory import CagePlan, DevicePlan, PortPlan
from ...model import (
    Again,
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
from ..base import (
    PRIORITIES,
    SAMPLES,
    Answers,
    Row,
    Table,
    by_priority,
    cell,
    counter,
    gbps,
    number,
    signed,
    truth,
    up_or_down,
)
from ..facts import all_spellings, either_way, parts, spellings
from . import modules as told

T = TypeVar("T")

VERSION: Final = "show version | json"
INVENTORY: Final = "show inventory all | json"
ENVIRONMENT: Final = "show environment"
INTERFACE: Final = "show interface"
TRANSCEIVER: Final = "show interface transceiver details"
BREAKOUT: Final = "show interface breakout"
PFC: Final = "show interface priority-flow-control"
PFC_DETAIL: Final = "show interface priority-flow-control detail"
WATCHDOG: Final = "show queuing pfc-queue detail"
QUEUING: Final = "show queuing interface"
POLICIES: Final = "show policy-map"
CLASSES: Final = "show class-map"
PORT_CONFIG: Final = "show running-config interface"
QOS_CONFIG: Final = "show running-config ipqos"
BALANCING: Final = (
    "show running-config"
    ' | egrep "^version |^hardware profile dlb|^ +dlb-interface |^ +mode (flowlet|per-packet|policy-driven)|^line vty"'
)
"""Few lines of a configuration, which has secrets: dynamic load balancing, between what is always first and last."""
LLDP: Final = "show lldp neighbors detail | json"

COMMANDS: Final = (
    VERSION, INVENTORY, ENVIRONMENT, INTERFACE, TRANSCEIVER, BREAKOUT, PFC, PFC_DETAIL, WATCHDOG, QUEUING, POLICIES,
    CLASSES, PORT_CONFIG, QOS_CONFIG, BALANCING, LLDP,
)  # fmt: skip
TWICE: Final = (PFC_DETAIL, WATCHDOG, QUEUING, TRANSCEIVER)
OF_LINKS: Final = (INTERFACE, BREAKOUT, PFC, LLDP)
"""What is held against the other end of a link."""

DSCPS: Final = range(64)
WORDS: Final[Mapping[str, str]] = {
    "auto": "auto", "off": "none", "none": "none", "disabled": "none",
    "fc-fec": "fc", "fc": "fc", "cl74": "fc",
    "rs-fec": "rs", "rs-ieee": "rs", "rs-cons16": "rs", "rs-544": "rs", "rs-528": "rs", "rs": "rs",
}  # fmt: skip
"""FEC in the words of NX-OS; ``rs-544`` and ``rs-528`` are from recall."""

NAMED: Final[Mapping[str, str]] = {"rs-544": "RS(544,514)", "rs-528": "RS(528,514)"}
SHORT: Final[Mapping[str, str]] = {"Eth": "Ethernet", "Po": "port-channel", "Lo": "loopback"}
PLAIN_REASONS: Final = frozenset(
    {"link not connected", "administratively down", "none", "no operational members", "vlan/bd is down"}
)
"""Why a port is down, where that is no complaint about its module."""

BYTES: Final[Mapping[str, tuple[int, int]]] = {"bytes": (1, 1), "kbytes": (1000, 1024), "mbytes": (10**6, 1 << 20)}
"""A unit of thresholds as its least and its largest number of bytes: no document says which a kbyte is."""

DEFAULT_OUT: Final = ("default-8q-out-policy", "default-out-policy")
"""The queuing policy of a port that has no other; which one depends on the hardware."""


@dataclass(frozen=True, slots=True)
class Nxos:
    """The driver."""

    nos: str = "nxos"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        for command in COMMANDS:
            yield Ask(device.name, Kind.CLI, command)
        for command in TWICE:
            yield Ask(device.name, Kind.CLI, command, sample=2)

    def soaks(self, device: DevicePlan) -> Iterator[Ask]:
        """The modules' monitors, which are asked for a second time anyway."""
        yield Ask(device.name, Kind.CLI, TRANSCEIVER)

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        return Switch(device, Answers(self.nos, device.name, evidence)).facts()


DRIVER = Nxos()
SESSION = Session(Permit.of(*COMMANDS), shell=False, quiet=("terminal length 0",))


def long_name(name: str) -> str:
    """``Eth1/9/1`` as ``Ethernet1/9/1``."""
    found = re.fullmatch(r"([A-Za-z-]+?)(\d.*)", name)
    return SHORT.get(found[1], found[1]) + found[2] if found else name


def ports(answers: Answers, command: str, sample: int = 1) -> Table:
    """The records of one answer by port, whose names may be short ones."""
    return Table(answers, command, "interface", sample=sample, named=long_name)


class Switch:
    """One switch's answers, turned into facts."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        self.device, self.answers = device, answers
        self.interfaces = ports(answers, INTERFACE)
        self.breakout = ports(answers, BREAKOUT)
        self.pfc = ports(answers, PFC)
        self.frames = {sample: ports(answers, PFC_DETAIL, sample) for sample in answers.samples(PFC_DETAIL)}
        self.modules = {sample: ports(answers, TRANSCEIVER, sample) for sample in answers.samples(TRANSCEIVER)}
        self.watchdogs = ports(answers, WATCHDOG)
        self.storms = ports(answers, WATCHDOG, answers.last(WATCHDOG))
        self.queues = ports(answers, QUEUING)
        self.drops = ports(answers, QUEUING, answers.last(QUEUING))
        self.lldp = ports(answers, LLDP)

    def facts(self) -> DeviceFacts:
        asked = self.answers.span(*OF_LINKS)
        heads = {cage.ports[0].name: cage for cage in self.device.cages}
        return DeviceFacts(
            software=self.first(VERSION, "nxos_version"),
            platform=self.chassis("product_id"),
            hwsku=self.chassis("product_id"),
            ports={port.name: self.port(cage, port) for cage in self.device.cages for port in cage.ports},
            modules={head: self.module(cage, 1) for head, cage in heads.items()},
            again={
                head: Again(self.module(cage, 2), self.answers.apart(TRANSCEIVER, TRANSCEIVER))
                for head, cage in heads.items()
            },
            modes={head: self.gone(BREAKOUT, "the breakout modes that a cage offers") for head in heads},
            sampled={port.name: asked for port in self.device.ports} if asked else {},
            aliases=self.aliases(),
            serial=self.chassis("serial_number"),
            asic=self.gone(VERSION, "the ASIC"),
            supplies=self.of_environment("supply", self.supply),
            fans=self.of_environment("fan", self.fan),
            sensors=self.of_environment("sensor", self.sensor),
            load_balancing=self.load_balancing(),
            monitor_age=dict.fromkeys(heads, self.gone(TRANSCEIVER, "when it read the monitors of a module")),
            series={
                head: tuple(self.monitored(cage, sample) for sample in self.modules) for head, cage in heads.items()
            },
            unknown=tuple(self.answers.unknown),
        )

    def gone(self, command: str, what: str) -> Missing:
        """What NX-OS has no words for."""
        return Missing(Absence.NOT_AVAILABLE, self.answers.source(command), f"NX-OS does not show {what}")

    def first(self, command: str, field: str) -> Value[str]:
        return self.answers.field(command, field, str)

    # --- the device -----------------------------------------------------------------------------------------------

    def chassis(self, field: str) -> Value[str]:
        rows = self.answers.rows(INVENTORY)
        source = self.answers.source(INVENTORY)
        if isinstance(rows, Missing):
            return rows
        found = [row for row in rows if str(row["name"]).casefold() == "chassis"]
        if len(found) != 1:
            return Missing(Absence.NOT_RECORDED, source, f"{len(found)} rows for the chassis")
        return cell(found[0], field, str, source)

    def of_environment(self, kind: str, into: Callable[[Row, Source], T]) -> Value[tuple[T, ...]]:
        rows = self.answers.rows(ENVIRONMENT)
        source = self.answers.source(ENVIRONMENT)
        own = rows if isinstance(rows, Missing) else [row for row in rows if row["kind"] == kind]
        return parts(own, lambda row: into(row, source), source, kind)

    @staticmethod
    def supply(row: Row, source: Source) -> Supply:
        return Supply(
            name=str(row["name"]),
            status=cell(row, "status", word, source),
            watts=cell(row, "output_w", number, source, Unit.WATT),
            capacity=cell(row, "capacity_w", number, source, Unit.WATT),
            model=cell(row, "model", str, source),
        )

    @staticmethod
    def fan(row: Row, source: Source) -> Fan:
        place = Source(source.evidence, f"line {row['line']}")
        slow = Missing(Absence.NOT_AVAILABLE, place, "NX-OS shows the speed of a zone of fans, and of no fan")
        direction: Value[str] = cell(row, "direction", str, source)
        return Fan(str(row["name"]), cell(row, "status", word, source), slow, slow, direction)

    @staticmethod
    def sensor(row: Row, source: Source) -> Sensor:
        return Sensor(
            name=f"module {row['module']} {row['name']}",
            celsius=cell(row, "temperature_c", signed, source, Unit.CELSIUS),
            high=cell(row, "minor_c", signed, source, Unit.CELSIUS),
            critical=cell(row, "major_c", signed, source, Unit.CELSIUS),
            status=cell(row, "status", word, source),
        )

    def aliases(self) -> Mapping[str, str]:
        """Ports by their short names, and by the addresses that are one port's own."""
        rows = self.answers.rows(INTERFACE)
        if isinstance(rows, Missing):
            return {}
        found: dict[str, str] = {}
        twice: set[str] = set()
        for row in rows:
            name = str(row["interface"])
            found[name.replace("Ethernet", "Eth", 1)] = name
            if name.startswith("Ethernet") and row.get("burned_in"):
                for spelling in spellings(str(row["burned_in"])):
                    if found.setdefault(spelling, name) != name:
                        twice.add(spelling)
        return {alias: name for alias, name in found.items() if alias not in twice}

    # --- ports ----------------------------------------------------------------------------------------------------

    def port(self, cage: CagePlan, port: PortPlan) -> PortFacts:
        name = port.name
        speed = self.interfaces.value(name, "speed_mbps", gbps, Unit.GBPS)
        untold = self.gone(INTERFACE, "how often a link changed its state: it counts resets of the interface")
        return PortFacts(
            speed=speed,
            lanes=self.lanes(name, speed),
            oper=self.interfaces.value(name, "state", up_or_down),
            admin=self.interfaces.value(name, "admin", up_or_down),
            mtu=self.interfaces.value(name, "mtu", number, Unit.BYTES),
            fec_configured=self.interfaces.value(name, "fec_admin", fec_word),
            fec_operational=self.running(name, fec_word),
            fec_named=self.named(name),
            fec_samples=tuple(self.fec_sample(sample) for sample in SAMPLES),
            histogram=self.gone(INTERFACE, "a histogram of FEC"),
            histogram_from=0,
            histogram_at=None,
            pfc_priorities=self.pfc.value(name, "priorities", lambda raw: frozenset(map(int, raw))),
            link_pause=self.link_pause(name),
            maps=self.maps(name),
            queues={priority: self.queue(name, priority) for priority in PRIORITIES},
            neighbour=Missing(Absence.NOT_RECORDED, self.answers.source(LLDP)),
            lldp=self.neighbour(name),
            breakout_mode=self.mode(cage),
            error_status=self.error_status(name),
            flags=self.flags(name),
            flaps=untold,
            last_change=self.interfaces.value(name, "last_link_flapped", str),
            cleared=self.interfaces.value(name, "counters_cleared", str),
            pauses=tuple(self.pauses(name, sample) for sample in self.frames),
            watchdog=self.watchdog(name),
            auto_negotiation=self.interfaces.value(name, "auto_negotiation", truth),
            lane_errors=self.gone(INTERFACE, "errors of the lanes of a port"),
        )

    def lanes(self, name: str, speed: Value[Decimal]) -> Value[int]:
        row = self.modules[1].row(name)
        if isinstance(row, Missing):
            return self.gone(INTERFACE, "the lanes of a port")
        return told.host_lanes(self.answers.source(TRANSCEIVER), row, speed)

    def running(self, name: str, into: Callable[[Any], str]) -> Value[str]:
        """The code that runs; of a link that is down, and of ``auto``, nothing is known."""
        found = self.interfaces.value(name, "fec_oper", into)
        state = self.interfaces.value(name, "state", up_or_down)
        if isinstance(found, Missing):
            return found
        if isinstance(state, Reading) and state.value == "down":
            return Missing(Absence.NOT_AVAILABLE, found.source, "the link is down")
        if found.value == "auto":
            return Missing(Absence.NOT_AVAILABLE, found.source, "auto is what may be chosen, and no code that runs")
        return found

    def named(self, name: str) -> Value[str]:
        found = self.running(name, str)
        if isinstance(found, Missing):
            return found
        if found.value in NAMED:
            return derive(found, lambda raw: NAMED[raw])
        return Missing(Absence.NOT_AVAILABLE, found.source, "NX-OS has a word for the code, not its name")

    def fec_sample(self, sample: int) -> FecSample:
        gone = self.gone(INTERFACE, "counters of FEC")
        return FecSample(self.answers.at(INTERFACE, sample), gone, gone, gone, gone)

    def link_pause(self, name: str) -> Value[bool]:
        """Whether either direction of 802.3x pause is on."""
        received = self.interfaces.value(name, "input_flow_control", truth)
        sent = self.interfaces.value(name, "output_flow_control", truth)
        return either_way(received, sent)

    def mode(self, cage: CagePlan) -> Value[str]:
        """The breakout map of the cage; one that is not listed is whole, and has the speed of its port."""
        parent = re.sub(r"^(Ethernet\d+/\d+)/\d+$", r"\1", cage.ports[0].name)
        row = self.breakout.row(parent)
        if not isinstance(row, Missing):
            count = row.get("count")
            speed = cell(row, "speed_mbps", gbps, self.answers.source(BREAKOUT))
            return derive(speed, lambda rate: f"{count}x{rate.normalize():f}G")
        if row.why is not Absence.NOT_RECORDED or isinstance(self.breakout.rows, Missing):
            return row
        whole = self.interfaces.value(parent, "speed_mbps", gbps)
        note = "no breakout map, at the speed of the port"
        return derive(whole, lambda rate: f"1x{rate.normalize():f}G", note=note)

    def error_status(self, name: str) -> Value[str]:
        """What NX-OS says of a port that is down, where that is about its module."""
        row = self.interfaces.row(name)
        if isinstance(row, Missing):
            return row
        source = self.answers.source(INTERFACE)
        place = Source(source.evidence, f"line {row['line']} reason", str(row.get("reason") or ""))
        if row.get("state") == "up" or str(row.get("reason") or "").casefold() in PLAIN_REASONS:
            return Reading("OK", place)
        return cell(row, "reason", str, source)

    def flags(self, name: str) -> Value[tuple[Flag, ...]]:
        row = self.modules[1].row(name)
        return row if isinstance(row, Missing) else told.flags(self.answers.source(TRANSCEIVER), row)

    def neighbour(self, name: str) -> Value[Neighbour]:
        """NX-OS prints the system's name, and the chassis where it advertises none."""
        row = self.lldp.row(name)
        if isinstance(row, Missing):
            return row
        source = self.answers.source(LLDP)
        device = cell(row, "system_name", str, source)
        if "system_name" in row and isinstance(device, Missing):
            device = cell(row, "chassis_id", str, source)
        ids = (cell(row, field, str, source) for field in ("port_id", "port_description") if field in row)
        names = tuple(value.value for value in ids if isinstance(value, Reading))
        return derive(device, lambda known: Neighbour(known, all_spellings(names)))

    def module(self, cage: CagePlan, sample: int) -> Transceiver:
        table = self.modules[sample]
        source = self.answers.source(TRANSCEIVER, sample)
        if isinstance(table.rows, Missing):
            return told.module(source, table.rows)
        rows: list[Row] = []
        for port in cage.ports:
            row = table.row(port.name)
            if not isinstance(row, Missing):
                rows.append(row)
            elif row.why is not Absence.NOT_RECORDED:
                return told.module(source, row)
        return told.module(source, rows)

    def monitored(self, cage: CagePlan, sample: int) -> MonitorSample:
        """What the monitors of a module showed in one sample."""
        seen = self.module(cage, sample)
        at = self.answers.at(TRANSCEIVER, sample)
        return MonitorSample(at, seen.temperature, seen.tx_power, seen.rx_power, seen.tx_bias)

    # --- quality of service ---------------------------------------------------------------------------------------

    def pauses(self, name: str, sample: int) -> PauseCounts:
        table = self.frames[sample]
        return PauseCounts(
            at=self.answers.at(PFC_DETAIL, sample),
            received=table.value(name, "rx", by_priority, Unit.COUNT),
            sent=table.value(name, "tx", by_priority, Unit.COUNT),
            received_in_all=table.value(name, "rx_frames", counter, Unit.COUNT),
            sent_in_all=table.value(name, "tx_frames", counter, Unit.COUNT),
        )

    def watchdog(self, name: str) -> Watchdog:
        row = self.watchdogs.row(name)
        if isinstance(row, Missing):
            return Watchdog(row, row, row, row, row)
        source = self.answers.source(WATCHDOG)
        untimed = self.gone(WATCHDOG, "the times of the watchdog in milliseconds")
        off = cell(row, "disable_action", truth, source)
        action: Value[str] = off if isinstance(off, Missing) else derive(off, lambda _: "drop")
        if isinstance(off, Reading) and off.value:
            action = Missing(Absence.UNREADABLE, off.source, "what is done where the action is disabled is not known")
        return Watchdog(
            on=cell(row, "enabled", truth, source),
            action=action,
            detection_ms=untimed,
            restoration_ms=untimed,
            storms=self.storms.value(name, "groups", storms),
        )

    def load_balancing(self) -> Value[str]:
        """Dynamic load balancing, where ports are configured for it, by flowlets if no mode is named; else a hash."""
        row = self.answers.record(BALANCING)
        if isinstance(row, Missing):
            return row
        source = self.answers.source(BALANCING)
        profile = row.get("profile_line")
        if profile is None:
            place = Source(source.evidence, f"line {row['line']} version, and no hardware profile dlb up to line vty")
            return (
                Reading("ecmp", place) if row["whole"] else Missing(Absence.UNREADABLE, place, "the end is not shown")
            )
        place = Source(source.evidence, f"line {profile} hardware profile dlb")
        if not row.get("interfaces"):
            return Missing(Absence.NOT_AVAILABLE, place, "the profile names no dlb-interface")
        mode = str(row.get("mode") or "flowlet")
        return Reading("per-packet" if mode.endswith("per-packet") else f"dlb {mode}", place)

    @cached_property
    def _policies(self) -> Mapping[tuple[str, str], Sequence[Row]] | Missing:
        """Classes by type and name of their policy, in their order."""
        rows = self.answers.rows(POLICIES)
        if isinstance(rows, Missing):
            return rows
        found: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            held = found.setdefault((str(row["type"]), str(row["policy"])), [])
            if row["class"] is not None:
                held.append(row)
        return found

    @cached_property
    def _classes(self) -> Mapping[tuple[str, str], Row] | Missing:
        rows = self.answers.rows(CLASSES)
        if isinstance(rows, Missing):
            return rows
        return {(str(row["type"]), str(row["class"])): row for row in rows}

    def attached(self, name: str, kind: str, direction: str | None) -> Value[str | None]:
        """The policy of a port, else that of the system; None where neither has one."""
        for command, section, of in ((PORT_CONFIG, "interface", name), (QOS_CONFIG, "system qos", None)):
            rows = self.answers.rows(command)
            if isinstance(rows, Missing):
                return rows
            source = self.answers.source(command)
            own = [row for row in rows if row["section"] == section and of in (None, long_name(str(row["name"])))]
            if not own and of is not None:
                return Missing(Absence.NOT_RECORDED, source, f"no configuration of {name}")
            for row in own:
                for policy in row.get("service_policies", ()):
                    if policy["type"] == kind and direction in (None, policy["direction"]):
                        return Reading(str(policy["policy"]), Source(source.evidence, f"line {row['line']}"))
        return Reading(None, Source(self.answers.source(QOS_CONFIG).evidence, f"no {kind} policy is attached"))

    def members(self, kind: str, name: str) -> Sequence[Row] | Missing:
        """The classes of a policy."""
        if isinstance(self._policies, Missing):
            return self._policies
        found = self._policies.get((kind, name))
        if found is None:
            return Missing(Absence.NOT_RECORDED, self.answers.source(POLICIES), f"no {kind} policy {name}")
        return found

    def maps(self, name: str) -> Maps:
        """NX-OS classifies into a qos-group, which is its own queue; PFC goes by CoS: no map leads to a group."""
        single = "a qos-group is its own queue"
        trust, groups = self.classified(name)
        queues: Value[Mapping[int, int]] = self.gone(CLASSES, "which queues there are")
        if not isinstance(self._classes, Missing):
            own = {
                int(row["match_qos_group"]): int(row["match_qos_group"])
                for (kind, class_name), row in self._classes.items()
                if kind == "queuing" and "-out-" in class_name and isinstance(row.get("match_qos_group"), int)
            }
            queues = Reading(own, Source(self.answers.source(CLASSES).evidence, f"({single})")) if own else queues
        else:
            queues = self._classes
        without = "NX-OS has no map to priority groups: a class pauses by its CoS"
        no_groups = Missing(Absence.NOT_ADVERTISED, self.answers.source(POLICIES), without)
        return Maps(trust, groups, self._policies if isinstance(self._policies, Missing) else no_groups, queues)

    def classified(self, name: str) -> tuple[Value[str], Value[Mapping[int, int]]]:
        """What a port trusts, and the qos-group of every code point."""
        policy = self.attached(name, "qos", "input")
        if isinstance(policy, Missing):
            return policy, policy
        if policy.value is None:
            note = "no policy classifies, all is in qos-group 0"
            return Reading("none", policy.source), Missing(Absence.NOT_AVAILABLE, policy.source, note)
        classes = self.members("qos", policy.value)
        if isinstance(classes, Missing):
            return classes, classes
        if isinstance(self._classes, Missing):
            return self._classes, self._classes
        table = dict.fromkeys(DSCPS, 0)
        trust = "none"
        source = self.answers.source(POLICIES)
        place = Source(source.evidence, f"policy {policy.value}")
        for row in reversed(classes):
            group = int(row.get("set_qos_group") or 0)
            matched = self._classes.get(("qos", str(row["class"])), {})
            points = matched.get("match_dscp", ())
            if row["class"] == "class-default":
                table.update(dict.fromkeys(DSCPS, group))
            elif points and not (matched.get("match_cos") or matched.get("match_other")):
                table.update(dict.fromkeys(points, group))
                trust = "dscp"
            elif matched.get("match_cos") and not points:
                trust = trust if trust == "dscp" else "pcp"
            else:
                why = f"what class {row['class']} matches is not a list of code points"
                gone = Missing(Absence.UNREADABLE, Source(source.evidence, f"line {row['line']}"), why)
                return gone, gone
        if trust == "pcp":
            why = f"policy {policy.value} classifies by CoS"
            return Reading(trust, place), Missing(Absence.NOT_AVAILABLE, place, why)
        return Reading(trust, place), Reading(table, place)

    def group(self, priority: int) -> int:
        """The qos-group that pauses as a priority; the number of the priority where none does."""
        rows = self.answers.rows(QOS_CONFIG)
        names = {
            str(policy["policy"])
            for row in (() if isinstance(rows, Missing) else rows)
            if row["section"] == "system qos"
            for policy in row.get("service_policies", ())
            if policy["type"] == "network-qos"
        }
        for name in names:
            classes = self.members("network-qos", name)
            for row in () if isinstance(classes, Missing) else classes:
                if priority in (row.get("pause_cos") or ()) and isinstance(row.get("match_qos_group"), int):
                    return int(row["match_qos_group"])
        return priority

    def queue(self, port: str, priority: int) -> Queue:
        group = self.group(priority)
        row = self.scheduled(port, group)
        pause, headroom = self.pause(port, group)
        unmarked = self.gone(QUEUING, "how many packets were marked")
        dropped = self.dropped(port, group)
        at = self.answers.at(QUEUING, self.drops.sample)
        if isinstance(row, Missing):
            return Queue(priority, row, row, row, row, pause, headroom, row, row, unmarked, dropped, at)
        source = self.answers.source(POLICIES)
        place = Source(source.evidence, f"line {row['line']}")
        wred = row.get("random_detect")
        scheduler = Reading("strict" if row.get("priority_level") is not None else "dwrr", place)
        weight: Value[Decimal] = Missing(Absence.NOT_AVAILABLE, place, "a strict queue has no share")
        for field in ("bandwidth_remaining_percent", "bandwidth_percent"):
            if row.get(field) is not None:
                weight = cell(row, field, number, source, Unit.PERCENT)
        if wred is None:
            none = Missing(Absence.NOT_AVAILABLE, place, "the class of the queue has no random-detect")
            marks = Reading(False, place)
            return Queue(priority, marks, none, none, none, pause, headroom, scheduler, weight, unmarked, dropped, at)
        said = {**wred, "line": row["line"]}
        return Queue(
            priority=priority,
            ecn=cell(said, "ecn", truth, source),
            ecn_min=threshold(said, "minimum", source),
            ecn_max=threshold(said, "maximum", source),
            mark_probability=cell(said, "drop_probability", number, source, Unit.PERCENT),
            pause_threshold=pause,
            headroom=headroom,
            scheduler=scheduler,
            weight=weight,
            marked=unmarked,
            dropped=dropped,
            counted_at=at,
        )

    def scheduled(self, port: str, group: int) -> Row | Missing:
        """The class of a port's queuing policy that has a qos-group."""
        policy = self.attached(port, "queuing", "output")
        if isinstance(policy, Missing):
            return policy
        if isinstance(self._policies, Missing):
            return self._policies
        name = policy.value or next(
            (name for name in DEFAULT_OUT if ("queuing", name) in self._policies), DEFAULT_OUT[0]
        )
        classes = self.members("queuing", name)
        if isinstance(classes, Missing):
            return classes
        for row in classes:
            if self.group_of(str(row["class"])) == group:
                return row
        source = Source(self.answers.source(POLICIES).evidence, f"policy {name}")
        return Missing(Absence.NOT_RECORDED, source, f"no class of qos-group {group}")

    def group_of(self, name: str) -> int | None:
        """The qos-group of a queuing class: what it matches, else what the name of a system class says."""
        known = {} if isinstance(self._classes, Missing) else self._classes.get(("queuing", name), {})
        if isinstance(known.get("match_qos_group"), int):
            return int(known["match_qos_group"])
        found = re.fullmatch(r"(?:\dp?\dq\dt-)?c-out-(?:8q-)?q(?:-default|(\d))", name)
        return int(found[1] or 0) if found else None

    def row_of(self, of: Table, port: str, table: str, group: int) -> Row | Missing:
        """What one of the tables of ``show queuing interface`` says of a qos-group."""
        row = of.row(port)
        if isinstance(row, Missing):
            return row
        source = Source(self.answers.source(QUEUING, of.sample).evidence, f"line {row['line']}")
        found = next((one for one in row.get(table, ()) if one["qos_group"] == group), None)
        return Missing(Absence.NOT_RECORDED, source, f"no {table} of QoS group {group}") if found is None else found

    def pause(self, port: str, group: int) -> tuple[Value[Decimal], Value[Decimal]]:
        """The level that triggers a pause, and the room above it, in bytes."""
        row = self.row_of(self.queues, port, "ingress_buffers", group)
        if isinstance(row, Missing):
            return row, row
        source = self.answers.source(QUEUING)
        level = cell(row, "pause_threshold_bytes", number, source, Unit.BYTES)
        size = cell(row, "pause_buffer_bytes", number, source, Unit.BYTES)
        if isinstance(level, Missing) or isinstance(size, Missing):
            return level, size
        room = size.value - level.value
        if room < 0:
            return level, Missing(Absence.UNREADABLE, size.source, "the buffer is smaller than its pause threshold")
        return level, derive(
            size, lambda _: room, note="computed: the buffer less its pause threshold", unit=Unit.BYTES
        )

    def dropped(self, port: str, group: int) -> Value[Decimal]:
        """Packets dropped by the last sample."""
        row = self.row_of(self.drops, port, "counters", group)
        if isinstance(row, Missing):
            return row
        where = Source(self.answers.source(QUEUING, self.drops.sample).evidence, f"QOS GROUP {group}")
        counts = [
            count
            for casts in row.values()
            if isinstance(casts, Mapping)
            for name, count in casts.items()
            if name in ("wred_afd_tail_drop_pkts", "dropped_pkts", "tail_drop_pkts")
        ]
        if not counts or any(count is None for count in counts):
            return Missing(Absence.NOT_AVAILABLE, where, "no count of dropped packets")
        return Reading(Decimal(sum(counts)), where, Unit.COUNT)


def fec_word(raw: object) -> str:
    """One of ``rs``, ``fc``, ``none`` and ``auto``."""
    known = WORDS.get(str(raw).casefold())
    if known is None:
        raise ValueError(f"{raw!r} names no FEC that is known")
    return known


def word(raw: object) -> str:
    return str(raw).casefold()


def storms(groups: Sequence[Row]) -> Mapping[int, Decimal]:
    """How often the watchdog shut a queue, by qos-group; ValueError where no group counts it."""
    found = {int(one["qos_group"]): counter(one["counters"]["shutdown"]) for one in groups if one["pfc"]}
    if not found:
        raise ValueError("no queue with PFC is counted")
    return found


def threshold(row: Row, name: str, source: Source) -> Value[Decimal]:
    """A threshold in bytes: in its middle, give or take what a kbyte may be."""
    unit = str(row.get(f"{name}_unit") or "")
    found = cell(row, name, number, source, Unit.BYTES)
    if isinstance(found, Missing):
        return found
    if unit not in BYTES:
        return Missing(Absence.UNREADABLE, found.source, f"a threshold in {unit or 'no unit'} is no number of bytes")
    least, most = (found.value * size for size in BYTES[unit])
    if least == most:
        return found
    place = Source(found.source.evidence, found.source.where, f"{found.value} {unit}")
    return Reading((least + most) / 2, place, Unit.BYTES, (most - least) / 2)
