"""What a lab is made of, as checks see it.

Subjects are declared by the lab file; their readings are filled in from evidence.  A check's first parameter names one
of these classes, and that is what it applies to: a passive cable has no TDECQ row because it is no OpticalModule.

    Device      Switch, Host
    Cage        SwitchCage, NicCage            named as its first port; holds the module
    Module      OpticalModule, CopperModule, ActiveCable
    Port        SwitchPort, NicPort; OpticalPort is any port with an optical module behind it
    Link        OpticalLink, CableLink
    Path, Rack, Part
    Fabric                             the lab as a whole

``*Facts`` are what a driver made of a device's answers.  Lanes count from 1, powers are dBm, speeds Gb/s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from .decode.transceiver import Transceiver
from .history import Baseline, Sighting
from .lab.fibertests import FiberTest
from .lab.inventory import (
    CablingRow,
    CagePlan,
    DesignPlan,
    DevicePlan,
    FiberPlan,
    Lab,
    LinkPlan,
    ModulePlan,
    PartPlan,
    PathPlan,
    PortPlan,
    RackPlan,
)
from .lab.measurements import Measurement
from .maths.wiring import Move
from .reading import Absence, Missing, Source, Value
from .verdict import Standing

# --- what drivers make of answers ---------------------------------------------------------------------------------

UNASKED: Final = Missing(Absence.NOT_RECORDED, Source("driver"), "this driver does not ask for it")
"""What stands where a driver tells nothing at all."""

NO_LINK: Final = Missing(Absence.NOT_DECLARED, Source("lab file"), "no link of it is declared")
NO_HISTORY: Final = Missing(Absence.NOT_DECLARED, Source("--history"), "no directory of earlier archives was given")


@dataclass(frozen=True, slots=True)
class FecSample:
    """FEC counters of a port at one instant, in codewords and symbols; BER as the NOS computed it."""

    at: datetime | None
    corrected: Value[Decimal]
    uncorrected: Value[Decimal]
    symbol_errors: Value[Decimal]
    pre_fec_ber: Value[Decimal]


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue or priority of a port: what feeds it and when it marks and pauses."""

    priority: int
    ecn: Value[bool]
    ecn_min: Value[Decimal]  # bytes; Kmin
    ecn_max: Value[Decimal]  # bytes; Kmax
    mark_probability: Value[Decimal]  # percent; Pmax
    pause_threshold: Value[Decimal]  # bytes; computed from pool and alpha, its assumptions in the source
    headroom: Value[Decimal]  # bytes; what SONiC calls xoff
    scheduler: Value[str] = UNASKED  # "strict" | "dwrr" | "wrr"
    weight: Value[Decimal] = UNASKED  # percent of the bandwidth, or the weight where the NOS has no percent
    marked: Value[Decimal] = UNASKED  # packets that were marked with ECN
    dropped: Value[Decimal] = UNASKED  # packets
    counted_at: datetime | None = None  # when marked and dropped were told


@dataclass(frozen=True, slots=True)
class PauseCounts:
    """PFC frames of a port at one instant, as the device itself received and sent them."""

    at: datetime | None = None
    received: Value[Mapping[int, Decimal]] = UNASKED  # by priority; one that is not counted is not in it
    sent: Value[Mapping[int, Decimal]] = UNASKED
    received_in_all: Value[Decimal] = UNASKED  # where the NOS counts no priorities apart, or both
    sent_in_all: Value[Decimal] = UNASKED


@dataclass(frozen=True, slots=True)
class Watchdog:
    """The PFC watchdog of a port."""

    on: Value[bool] = UNASKED
    action: Value[str] = UNASKED  # "drop" | "forward" | "alert" | "errdisable" | "notify-only"
    detection_ms: Value[Decimal] = UNASKED
    restoration_ms: Value[Decimal] = UNASKED
    storms: Value[Mapping[int, Decimal]] = UNASKED  # storms detected, by queue


@dataclass(frozen=True, slots=True)
class Changes:
    """How often a link had changed its state at one instant."""

    at: datetime | None
    count: Value[Decimal]


@dataclass(frozen=True, slots=True)
class Rdma:
    """RDMA over Ethernet as a port of a NIC is set for it."""

    version: Value[str] = UNASKED  # of RoCE, that connections take: "v1" | "v2"
    gids: Value[frozenset[str]] = UNASKED  # versions of RoCE that the port has addresses for
    dscp: Value[int] = UNASKED  # of RoCE packets
    ecn_capable: Value[bool] = UNASKED  # RoCE packets may be marked
    cnp_dscp: Value[int] = UNASKED
    cnp_priority: Value[int] = UNASKED
    notifies: Value[frozenset[int]] = UNASKED  # priorities on which it sends CNPs: DCQCN's notification point
    reacts: Value[frozenset[int]] = UNASKED  # priorities on which it slows down: DCQCN's reaction point
    buffers: Value[Mapping[int, Decimal]] = UNASKED  # bytes of receive buffer, by priority that it serves
    reordering: Value[bool] = UNASKED  # takes packets out of order


@dataclass(frozen=True, slots=True)
class MonitorSample:
    """What a module's monitors showed at one instant; lanes in their order."""

    at: datetime | None
    temperature: Value[Decimal]  # degrees Celsius
    tx_power: tuple[Value[Decimal], ...]  # dBm
    rx_power: tuple[Value[Decimal], ...]  # dBm
    tx_bias: tuple[Value[Decimal], ...]  # mA


@dataclass(frozen=True, slots=True)
class Maps:
    """How a packet's DSCP becomes a queue."""

    trust: Value[str]  # "dscp" | "pcp" | ...
    dscp_to_tc: Value[Mapping[int, int]]
    tc_to_pg: Value[Mapping[int, int]]
    tc_to_queue: Value[Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Flag:
    """A latched flag as the NOS or the NIC tells it."""

    name: str  # "rx_los", "tx_power_low_alarm", "temperature_high_alarm"
    lane: int | None  # media or host lane from 1; None for a flag of the module
    raised: Value[bool]
    history: str = ""  # change count and time, where the NOS has them


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Who is at the other end, in the words of LLDP: a device, and what it calls its port."""

    device: str
    port_names: tuple[str, ...]  # port id, then description


@dataclass(frozen=True, slots=True)
class PortFacts:
    """Everything observed of one port."""

    speed: Value[Decimal]  # Gb/s
    lanes: Value[int]  # how many host lanes run
    oper: Value[str]  # "up" | "down"
    admin: Value[str]
    mtu: Value[Decimal]  # bytes
    fec_configured: Value[str]  # the word of the NOS: "rs", "fc", "none", "auto"
    fec_operational: Value[str]
    fec_named: Value[str]  # the code, where the device names one itself: "RS(544,514)"
    fec_samples: tuple[FecSample, ...]
    histogram: Value[tuple[int, ...]]  # codewords with 0, 1, 2 ... symbol errors
    histogram_from: int  # the first bin that the device has: 0, or 1 where it omits bin 0
    histogram_at: datetime | None
    pfc_priorities: Value[frozenset[int]]
    link_pause: Value[bool]  # link-level pause (802.3x)
    maps: Maps
    queues: Mapping[int, Queue]
    neighbour: Value[str]  # "leaf1:Ethernet0": LLDP's words resolved to a port of the lab
    lldp: Value[Neighbour]
    breakout_mode: Value[str]  # "2x400G"
    error_status: Value[str]  # "OK" or what the NOS complains of
    flags: Value[tuple[Flag, ...]]
    flaps: Value[Decimal] = UNASKED  # how often the link changed its state, since the counters were cleared
    last_change: Value[str] = UNASKED  # when it last did, in the words of the NOS
    cleared: Value[str] = UNASKED  # when its counters were last cleared, in the words of the NOS
    pauses: tuple[PauseCounts, ...] = ()  # one a sample
    watchdog: Watchdog = Watchdog()
    auto_negotiation: Value[bool] = UNASKED
    changes: tuple[Changes, ...] = ()  # of the link's state, one a sample
    lane_errors: Value[Mapping[int, Decimal]] = UNASKED  # symbols or bits in error by lane of the port, from 1
    rdma: Rdma = Rdma()
    protocol: Value[str] = UNASKED  # that it runs, of a NIC that speaks several: "Ethernet" | "InfiniBand"


@dataclass(frozen=True, slots=True)
class Again:
    """A module's pages as a second read of the same run saw them."""

    seen: Transceiver
    apart: Value[Decimal]  # s after the first read


@dataclass(frozen=True, slots=True)
class Supply:
    """A power supply."""

    name: str
    status: Value[str]  # "ok", or the NOS's own word
    watts: Value[Decimal] = UNASKED  # what it gives now
    capacity: Value[Decimal] = UNASKED  # W
    model: Value[str] = UNASKED


@dataclass(frozen=True, slots=True)
class Fan:
    """A fan."""

    name: str
    status: Value[str]  # "ok", or the NOS's own word
    rpm: Value[Decimal] = UNASKED
    percent: Value[Decimal] = UNASKED
    direction: Value[str] = UNASKED  # "intake" | "exhaust", "F2B" | "B2F": the NOS's word


@dataclass(frozen=True, slots=True)
class Sensor:
    """A temperature sensor of a device, in degrees Celsius."""

    name: str
    celsius: Value[Decimal]
    high: Value[Decimal] = UNASKED
    critical: Value[Decimal] = UNASKED
    status: Value[str] = UNASKED


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """Everything observed of one device."""

    software: Value[str]
    platform: Value[str]
    hwsku: Value[str]
    ports: Mapping[str, PortFacts]
    modules: Mapping[str, Transceiver]  # by first port of the cage
    modes: Mapping[str, Value[frozenset[str]]]  # breakout modes that the platform offers, by first port of the cage
    sampled: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """When the first and the last was answered of what is held against a link's other end, by port."""
    aliases: Mapping[str, str] = field(default_factory=dict)  # port names by what neighbours may call them
    unknown: tuple[str, ...] = ()  # lines of answers that no parser knew
    again: Mapping[str, Again] = field(default_factory=dict)  # modules read a second time, by first port of the cage
    serial: Value[str] = UNASKED
    asic: Value[str] = UNASKED
    supplies: Value[tuple[Supply, ...]] = UNASKED
    fans: Value[tuple[Fan, ...]] = UNASKED
    sensors: Value[tuple[Sensor, ...]] = UNASKED
    load_balancing: Value[str] = UNASKED  # "ecmp", "dlb flowlet", "adaptive" ...: the NOS's word
    adapters: Mapping[str, Value[str]] = field(default_factory=dict)  # model of the NIC of a port: "ConnectX-7"
    monitor_age: Mapping[str, Value[Decimal]] = field(default_factory=dict)
    """Seconds from when the system read a module's monitors to when it was asked, by first port of the cage."""
    series: Mapping[str, tuple[MonitorSample, ...]] = field(default_factory=dict)
    """What the monitors of a module showed, sample by sample, by first port of the cage; filled by a soak."""


# --- subjects -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something that a check can be asked about."""

    name: str
    about: Mapping[str, str]  # vendor_sn, vendor_pn, firmware, software of what it concerns

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLane:
    """One media lane of a module, with what the laboratory measured of it."""

    number: int
    tx_power: Value[Decimal]  # dBm
    rx_power: Value[Decimal]  # dBm
    tx_bias: Value[Decimal]  # mA
    tdecq: Value[Decimal]  # dB, with uncertainty
    laboratory: Mapping[str, tuple[Measurement, ...]] = field(default_factory=dict)
    """What the laboratory measured, by quantity ("tecq", "oma_outer", "er"), the last at each temperature."""

    def __str__(self) -> str:
        return f"lane {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module(Subject):
    """A pluggable module, or one end of a cable assembly."""

    plan: ModulePlan | None
    cage: CagePlan
    device: DevicePlan
    seen: Transceiver
    form_factor: Value[str]  # as the part's record or the lab file has it: the identifier byte does not tell the top
    pmd: str  # declared
    up: bool  # a port of it is asked to be up
    again: Again
    far: Mapping[str, Transceiver]  # the other ends of its cable assembly, by their cages
    namesakes: Value[tuple[str, ...]]  # cages of other modules with its serial number, not of its own assembly
    durations: Mapping[str, Value[Decimal]]  # s, as a board timed them: "data_path_init", "module_power_up"
    monitor_age: Value[Decimal] = UNASKED  # s since the system read its monitors
    series: tuple[MonitorSample, ...] = ()  # its monitors, sample by sample
    earlier: Value[tuple[Sighting, ...]] = NO_HISTORY  # where earlier archives saw its serial number
    lab: str = ""  # name of the lab that it is in


@dataclass(frozen=True, slots=True, kw_only=True)
class OpticalModule(Module):
    media_lanes: tuple[MediaLane, ...]
    ratios: Mapping[str, Value[Decimal]] = field(default_factory=dict)  # last BER before FEC by port


@dataclass(frozen=True, slots=True, kw_only=True)
class CopperModule(Module):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveCable(Module):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Port(Subject):
    """A port: what is asked of it, what was seen of it, and the module behind it."""

    plan: PortPlan
    device: DevicePlan
    cage: CagePlan
    seen: PortFacts
    module: Module
    host_lanes: tuple[int, ...]  # of the module, from 1
    fec_code: Value[str]  # the code that runs: word resolved by lanes and rate, or as the device names it
    media: Value[str]  # PMD of the application that is active on its lanes
    across: Across | None = None  # what the lab declares at the other end of its link
    length: Value[Decimal] = NO_LINK  # m of its cable or fiber, as declared
    software: Value[str] = UNASKED  # release that its device runs


@dataclass(frozen=True, slots=True)
class Across:
    """The declared other end of a link."""

    device: DevicePlan
    cage: CagePlan
    port: PortPlan
    seen: Transceiver | None = None  # the module that was seen there


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPort(Port):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class NicPort(Port):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class OpticalPort(Subject):
    """A port whose module has optical lanes: those lanes that are the port's own."""

    port: Port
    pmd: str  # of the lanes of this port: 400GBASE-DR4 for half of an 800G-2xDR4
    media_lanes: tuple[MediaLane, ...]
    fiber: FiberPlan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cage(Subject):
    """A cage with its module and the ports it is broken out into; named as its first port."""

    plan: CagePlan
    device: DevicePlan
    form_factor: Value[str]  # of the cage
    module: Module
    ports: tuple[Port, ...]
    watts: Value[Decimal]  # what it can give
    host_lanes: int  # how many it has


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchCage(Cage):
    modes: Value[frozenset[str]]  # offered by the platform on this very cage
    modes_standing: Standing = Standing.STRUCTURAL  # how that is known, where the switch itself does not tell
    mode: Value[str]  # configured


@dataclass(frozen=True, slots=True, kw_only=True)
class NicCage(Cage):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Subject):
    """Two ports and what joins them."""

    plan: LinkPlan
    ends: tuple[Port, Port]
    skew: Value[Decimal]  # seconds between the two ends' samples
    baseline: Value[Baseline] = NO_HISTORY  # the last earlier run of the same pair of modules
    moves: tuple[Move, ...] = ()  # of those that mend the lab's cabling as LLDP shows it, the ones that touch its ports
    listed: tuple[CablingRow, ...] = ()  # rows of the cabling list that name one of its ports


@dataclass(frozen=True, slots=True, kw_only=True)
class OpticalLink(Link):
    fiber: FiberPlan
    optics: tuple[OpticalPort, OpticalPort]
    tests: tuple[FiberTest, ...] = ()  # what testers measured of its fibers and end faces


@dataclass(frozen=True, slots=True, kw_only=True)
class CableLink(Link):
    length: Value[Decimal]  # metres


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(Subject):
    """A route from NIC to NIC."""

    plan: PathPlan
    hops: tuple[Port, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device(Subject):
    """A switch or a host as a whole."""

    plan: DevicePlan
    facts: DeviceFacts
    cages: tuple[Cage, ...]
    design: DesignPlan | None = None  # of the fabric that it is part of


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Device):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Host(Device):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rack(Subject):
    plan: RackPlan
    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Subject):
    """A part number under procurement, as its vendor's record has it."""

    plan: PartPlan
    needed: int  # how many the topology needs
    cages: tuple[Cage, ...] = ()  # where the lab plans it, with the modules that were seen there
    measurements: tuple[Measurement, ...] = ()  # of the modules seen there
    untold: tuple[Missing, ...] = ()  # serial numbers of its modules that were not read: measured or not, nobody knows
    others: Mapping[str, PartPlan] = field(default_factory=dict)  # every part of the lab, by its key
    earlier: Value[tuple[Sighting, ...]] = NO_HISTORY  # modules of this number in earlier archives


@dataclass(frozen=True, slots=True, kw_only=True)
class Fabric(Subject):
    """The lab as a whole."""

    lab: Lab
    devices: tuple[Device, ...]
    links: tuple[Link, ...]
    bill: Mapping[str, int]  # how many of each part the topology needs
    samples: tuple[datetime, ...] = ()  # when a soak took its samples, in order


def missing_everywhere(gone: Missing) -> PortFacts:
    """A port of which nothing was seen."""
    return PortFacts(
        speed=gone,
        lanes=gone,
        oper=gone,
        admin=gone,
        mtu=gone,
        fec_configured=gone,
        fec_operational=gone,
        fec_named=gone,
        fec_samples=(),
        histogram=gone,
        histogram_from=0,
        histogram_at=None,
        pfc_priorities=gone,
        link_pause=gone,
        maps=Maps(gone, gone, gone, gone),
        queues={},
        neighbour=gone,
        lldp=gone,
        breakout_mode=gone,
        error_status=gone,
        flags=gone,
    )
