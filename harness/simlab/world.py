"""The state of a simulated lab: what its devices, ports and modules are and count, before anyone asks.

``healthy(lab)`` makes it from the lab file alone, the same every time; ``faults`` changes it. Powers are dBm until a
module's pages are written, and lanes count from 1 except in the tuples that hold them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from ..errors import LabError
from ..lab.inventory import CagePlan, DevicePlan, Lab, LinkPlan, PortPlan
from ..lab.platforms import Socket, names_of, ports_of
from ..units import DARK_DBM, dbm_to_mw
from .codewords import BINS, NOTHING, Counted, counted
from .tables import ZERO, Form, Kind, Platform, form, kind_of, platform
from .text import natural

LANES: Final = 8
LINK_UP_SECONDS: Final = 260_000
"""How long links have been up when the world begins, which is when the first sample is taken: three days."""

SAMPLE_SECONDS: Final = 600
"""Between two samples of a counter, in a fixture."""

SOFTWARE: Final[Mapping[str, str]] = {
    "sonic": "PlugfestSim.202505.3",
    "eos": "4.33.2F",
    "nxos": "10.5(3)",
    "nvue": "5.12.0",
    "cumulus": "4.3.0",
    "junos": "24.2R1.17",
    "iosxr": "24.4.1",
}
"""What runs on a simulated switch, by its system; a host tells the firmware of its NICs."""

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "sonic": "SONiC Software Version: SONiC.{}",
    "eos": "Arista Networks EOS version {} running on an Arista Networks DCS-7060X6-64PE",
    "nxos": "Cisco Nexus Operating System (NX-OS) Software 64-bit Version {}",
    "nvue": "Cumulus Linux version {} running on nvidia SN5600",
    "cumulus": "Cumulus Linux version {} running on Mellanox switch",
    "junos": "Juniper Networks, Inc. qfx5240-64od Ethernet Switch, kernel JUNOS {}",
    "iosxr": "Cisco IOS XR Software, Version {}",
    "linux": "Ubuntu 24.04.2 LTS Linux 6.8.0-60-generic",
}
FIRMWARE: Final = "28.43.2026"
SHELLS: Final = ("switch", "host")
"""Kinds of devices that answer commands; a board has modules alone."""

LOOPED_DB: Final = Decimal("0.6")
"""What a fiber that leads a module's light back to it on its board takes."""

RISE_OF_CASE: Final = Decimal("1.1")

STEP: Final = Decimal("0.001")
"""Of what drifts: dB, mA, K."""

SEGMENT: Final = 900
"""Seconds for which an error ratio that drifts is taken as one."""

Quad = tuple[Decimal, Decimal, Decimal, Decimal]
"""High alarm, low alarm, high warning, low warning."""


@dataclass(slots=True)
class Lane:
    """One media lane."""

    tx: Decimal  # dBm
    rx: Decimal  # dBm
    bias: Decimal  # mA
    wavelength: Decimal  # nm
    tdecq: Decimal  # dB, as a laboratory measured it


@dataclass(frozen=True, slots=True)
class Drift:
    """A quantity that goes in a straight line from what it is to ``by`` more between two seconds, and stays there."""

    quantity: str  # "celsius" K, "tx" | "rx" dB, "bias" %, "ber" decades
    by: Decimal
    lane: int | None  # from 1
    start: int  # seconds after the world began
    end: int

    def at(self, elapsed: int) -> Decimal:
        """How much has been added by then."""
        if elapsed >= self.end:
            return self.by
        return self.by * max(0, elapsed - self.start) / (self.end - self.start)


@dataclass(slots=True)
class Watch:
    """The PFC watchdog of a port, as it is set."""

    on: bool = True
    detect: int = 200  # ms
    restore: int = 400  # ms
    action: str = "drop"


@dataclass(slots=True)
class Nic:
    """RDMA on a port of a NIC, as it is set."""

    cnp_dscp: int = 48
    cnp_priority: int = 6
    np: bool = True  # sends CNPs for priority 3
    rp: bool = True  # heeds them
    gid: str = "v2"  # the newest version of RoCE that it has addresses for, and that connections take
    buffer: int = 262_144  # bytes for the lossless priority
    out_of_order: bool = True


Pair = tuple[int, int]
"""A count at the first sample and one window later; it goes on rising so."""


def rising(pair: Pair, elapsed: int, window: int) -> int:
    """Such a count, so many seconds after the first sample."""
    first, second = pair
    return first + (second - first) * elapsed // window


@dataclass(slots=True)
class Module:
    """What is plugged into a cage."""

    where: str  # "leaf1:Ethernet64": device and first port of the cage
    kind: Kind
    form: Form
    identifier: int
    revision: str
    vendor: str
    oui: str
    number: str
    serial: str
    date_code: str
    firmware: str
    state: str
    fault_cause: str
    celsius: Decimal
    volts: Decimal
    watts: Decimal
    length_m: Decimal  # of a cable assembly
    far_end: int  # far end configuration code
    staged: list[tuple[int, int]]  # application and first lane from 0, per host lane
    active: list[tuple[int, int]]
    data_path: list[str]
    lanes: list[Lane]
    thresholds: dict[str, Quad]
    flags: dict[str, set[int]] = field(default_factory=dict)  # page 11h names, lanes from 1
    module_flags: set[str] = field(default_factory=set)  # lower memory names
    controls: dict[str, set[int]] = field(default_factory=dict)  # page 10h and 13h names, lanes from 1
    flips: list[tuple[int, int, int]] = field(default_factory=list)  # page, byte, bit: damage after checksums
    error: str = "OK"  # error status of the NOS
    start_seconds: dict[str, Decimal] = field(default_factory=dict)  # what a board timed, where it is not the usual
    stuck: bool = False  # monitors that do not move
    committed: str = ""  # firmware that a reset starts, where it is not the one that runs
    snr: dict[int, Decimal] = field(default_factory=dict)  # dB of a media lane, where it is not the usual
    echoes: set[int] = field(default_factory=set)  # pages that show page 00h
    late_flips: list[tuple[int, int, int]] = field(default_factory=list)  # page, byte, bit: in the second read
    registers: list[tuple[int, int, int | None, int]] = field(default_factory=list)  # page, byte, bit, value: as it is
    applications: list[tuple[int, int, int, int]] | None = None  # these alone, as those of its kind
    unadvertised: set[str] = field(default_factory=set)  # names of MONITORS, or "vdm"
    stale: int = 0  # seconds ago that the system read its monitors last
    lot: str = ""  # vendor revision
    connector: str = ""  # that page 00h names, one of CONNECTORS, where it is not the usual
    vdm_ber: dict[int, Decimal] = field(default_factory=dict)  # by media lane from 1, where it is not that of the port
    drifts: list[Drift] = field(default_factory=list)  # of "celsius", "tx", "rx", "bias"; lanes of the module

    @property
    def flat(self) -> bool:
        return self.kind.flat

    @property
    def host_lanes(self) -> int:
        return self.form.lanes

    def now(self, elapsed: int) -> Module:
        """The module with what drifts as it is after so many seconds, and the flags that its temperature raises."""
        if not self.drifts:
            return self

        def more(quantity: str, lane: int | None = None) -> Decimal:
            own = (drift for drift in self.drifts if drift.quantity == quantity and drift.lane in (None, lane))
            return sum((drift.at(elapsed) for drift in own), ZERO)

        lanes = [
            replace(
                lane,
                tx=(lane.tx + more("tx", number)).quantize(STEP),
                rx=(lane.rx + more("rx", number)).quantize(STEP),
                bias=(lane.bias * (1 + more("bias", number) / 100)).quantize(STEP),
            )
            for number, lane in enumerate(self.lanes, 1)
        ]
        celsius = (self.celsius + more("celsius")).quantize(STEP)
        late = replace(self, lanes=lanes, celsius=celsius, module_flags=set(self.module_flags), drifts=[])
        late.raise_temperature_flags()
        return late

    def raise_temperature_flags(self) -> None:
        """The flags of a temperature beyond its thresholds."""
        high_alarm, _, high_warning, _ = self.thresholds["temperature_c"]
        for limit, flag in ((high_alarm, "temperature_high_alarm"), (high_warning, "temperature_high_warning")):
            if self.celsius > limit:
                self.module_flags.add(flag)


@dataclass(slots=True)
class Port:
    """One logical port."""

    device: str
    name: str
    cage: str
    index: int  # of the cage among the device's cages, from 0
    alias: str
    serdes: tuple[int, ...]  # lanes as the ASIC counts them
    lanes: tuple[int, ...]  # host lanes of the cage, from 1
    gbps: int
    mtu: int
    fec: str  # configured; "" where nothing is
    fec_runs: str  # what runs; "" where the link is down
    admin: bool
    up: bool
    module: Module | None
    plan: PortPlan | None  # None for a port that the lab file does not declare
    lossless: frozenset[int] = frozenset()  # priorities with PFC
    headroom: frozenset[int] = frozenset()  # priority groups with a lossless buffer profile
    ber: Decimal = ZERO
    uncorrected: Pair = (0, 0)  # codewords, at first and a window later; they go on rising so
    histogram: bool = True  # whether the ASIC fills it
    peer: tuple[str, str] | None = None  # device and port that LLDP hears
    cable_m: Decimal = Decimal(5)
    dscp_map: str = "AZURE"
    wred: str = "AZURE_LOSSLESS"
    flaps: int = 0  # how often the link went down before the world began
    flapped: list[int] = field(default_factory=list)  # seconds after it began at which it went down, for a moment
    flap_lasts: int = 1  # seconds that it was down each of these times
    hears: tuple[str, str] | str | None = "peer"  # what LLDP hears, where it is not the peer; None for nobody
    reset_at: int | None = None  # second in which its FEC counters start again from zero
    frozen: bool = False  # its FEC counters do not move
    bursts: list[tuple[int, int, int]] = field(default_factory=list)  # bin, codewords more at first and a window later
    shown: str = ""  # what is wrong with its histogram: "double", "short", "no_first"
    symbol_factor: Decimal = Decimal(1)  # its counters of symbol errors show so many times what they are
    lane_weights: dict[int, Decimal] = field(default_factory=dict)  # times those of another lane, by lane
    lost_at: list[tuple[int, int]] = field(default_factory=list)  # second, uncorrectable codewords then
    link_pause: bool = False  # 802.3x
    trust: str = "dscp"  # or "pcp"
    headroom_bytes: int | None = None  # of the lossless priority group, where it is not that of its cable
    headroom_m: Decimal | None = None  # length of cable that the headroom is for, where it is not the cable's
    watch: Watch = field(default_factory=Watch)
    drops: dict[int, Pair] = field(default_factory=dict)  # packets that a queue dropped
    storms: dict[int, Pair] = field(default_factory=dict)  # that the watchdog saw on a queue
    pauses: dict[tuple[str, int], Pair] = field(default_factory=dict)  # PFC frames by ("rx" | "tx", priority)
    nic: Nic = field(default_factory=Nic)  # where it is a NIC's
    link_layer: str = "Ethernet"  # or "InfiniBand", of a NIC
    drifts: list[Drift] = field(default_factory=list)  # of "ber"
    calm: bool = False  # pauses nobody while it is healthy: a NIC's
    window: int = SAMPLE_SECONDS  # that of the world
    changed: int = 0  # second of the world in which what it counts became as it is now
    counting: int = LINK_UP_SECONDS  # how long it had counted so by then
    before: Counted = NOTHING  # what it had counted otherwise

    @property
    def where(self) -> str:
        return f"{self.device}:{self.name}"

    @property
    def counts(self) -> bool:
        """Nothing is counted without a link, or where FEC is configured off."""
        return self.up and self.fec == "rs"

    @property
    def neighbour(self) -> tuple[str, str] | None:
        """Device and port that LLDP hears, which need not be of the lab; None where it hears nobody."""
        return self.peer if isinstance(self.hears, str) else self.hears

    def counted(self, elapsed: int) -> Counted:
        """FEC counters, so many seconds after the world began."""
        if not self.counts:
            return NOTHING
        if self.reset_at is not None and elapsed >= self.reset_at:
            first, second = self.uncorrected
            return self._counting(0, self.reset_at, elapsed, (0, second - first))
        until = self.changed if self.frozen else elapsed
        return self.before + self._counting(self.counting, self.changed, until, self.uncorrected)

    def _counting(self, earlier: int, start: int, end: int, uncorrected: Pair) -> Counted:
        """What was counted in ``earlier`` seconds without news and from one second of the world to another."""
        since = end - start
        lost = rising(uncorrected, since, self.window) + sum(words for at, words in self.lost_at if start < at <= end)
        parts = [counted(self.ber, self.gbps, earlier), *self._drifting(start, end)] if self.drifts else []
        parts = parts or [counted(self.ber, self.gbps, earlier + since)]
        bins = [sum(counts) for counts in zip(*(part.bins for part in parts), strict=True)]
        extra = [(errors, rising((first, second), since, self.window)) for errors, first, second in self.bursts]
        for errors, words in extra:
            bins[errors] += words
        bins[0] -= min(bins[0], lost + sum(words for _, words in extra))
        return Counted(tuple(bins), lost)

    def _drifting(self, start: int, end: int) -> Iterator[Counted]:
        """What is counted from one second to another while the error ratio changes, quarter of an hour by quarter."""
        while start < end:
            until = min(end, (start // SEGMENT + 1) * SEGMENT)
            yield counted(self.ratio(start // SEGMENT * SEGMENT + SEGMENT // 2), self.gbps, until - start)
            start = until

    def ratio(self, elapsed: int) -> Decimal:
        """The bit error ratio before FEC at that moment."""
        decades = sum((drift.at(elapsed) for drift in self.drifts), ZERO)
        return self.ber * Decimal(10) ** decades if decades else self.ber

    def bins(self, elapsed: int) -> tuple[int, ...]:
        """The histogram as the port shows it: codewords by symbol errors, 0 to 15 unless it is short of some."""
        if not self.histogram:
            return (0,) * BINS
        seen = self.counted(elapsed).bins
        shown = {
            "double": (seen[0], *(2 * count for count in seen[1:])),
            "short": seen[: BINS // 2],
            "no_first": (0, *seen[1:]),
        }
        return shown.get(self.shown, seen)

    def symbols(self, elapsed: int) -> int:
        """Symbol errors as the port counts them beside its histogram."""
        return int(self.counted(elapsed).symbols * self.symbol_factor)

    def lane_errors(self, elapsed: int) -> dict[int, int]:
        """Symbol errors by lane of the port, from 1; together they are its symbol errors."""
        total, count = self.symbols(elapsed), len(self.lanes)
        weights = [self.lane_weights.get(lane, Decimal(1)) for lane in range(1, count + 1)]
        shares = [int(total * weight / sum(weights)) for weight in weights]
        left = total - sum(shares)
        return {lane: share + (1 if lane <= left else 0) for lane, share in enumerate(shares, 1)}

    def downs(self, elapsed: int) -> int:
        """How often the link has gone down by then."""
        return self.flaps + sum(at <= elapsed for at in self.flapped)

    def last_change(self, elapsed: int) -> int:
        """Second of the world, before it began or after, in which the link came up or went down last."""
        late = [at + self.flap_lasts for at in self.flapped if at <= elapsed]
        return max(late, default=self.changed - self.counting if self.up else self.changed)

    def paused(self, way: str, priority: int, elapsed: int) -> int:
        """PFC frames of a priority, "rx" or "tx": those planted, or the few of any running link of a switch."""
        if planted := self.pauses.get((way, priority)):
            return rising(planted, elapsed, self.window)
        if self.calm or not self.up or priority not in self.lossless:
            return 0
        usual = int(share(self.where, way, "pfc") * 900) + 40
        return rising((usual, usual + 40), elapsed, self.window)

    def dropped(self, queue: int, elapsed: int) -> int:
        """Packets that a queue has dropped."""
        return rising(self.drops.get(queue, (0, 0)), elapsed, self.window)

    def stormed(self, queue: int, elapsed: int) -> int:
        """Storms that the watchdog has seen on a queue."""
        return rising(self.storms.get(queue, (0, 0)), elapsed, self.window)


@dataclass(slots=True)
class Wred:
    """A WRED profile, thresholds in bytes."""

    low: int
    high: int
    percent: int


@dataclass(slots=True)
class Cage:
    """A cage of a switch and its ports."""

    number: str
    lanes: int
    mode: str  # configured, as SONiC writes it
    offered: tuple[str, ...]  # as platform.json lists it
    ports: list[Port]


@dataclass(slots=True)
class Device:
    """A switch, a host or a module board."""

    plan: DevicePlan
    platform: Platform
    mac: str
    serial: str
    software: str
    cages: list[Cage]
    maps: dict[str, dict[int, int]] = field(default_factory=dict)  # DSCP to traffic class, by name of the map
    wred: dict[str, Wred] = field(default_factory=dict)
    alpha: int = 0  # dynamic_th of the lossless profile: two to that power
    tc_to_queue: dict[int, int] = field(default_factory=lambda: {tc: tc for tc in range(8)})
    tc_to_pg: dict[int, int] = field(default_factory=lambda: {tc: tc if tc == 3 else 0 for tc in range(8)})
    balancing: str = "dlb"  # how a switch spreads flows: "dlb" | "adaptive routing" | "spraying" | "ecmp"
    adapter: str = ""  # model of a host's NICs, where it is not the planned one

    @property
    def name(self) -> str:
        return self.plan.name

    @property
    def description(self) -> str:
        """What the device says of itself to its neighbours."""
        return DESCRIPTIONS.get(self.plan.nos if self.plan.kind == "switch" else "linux", "").format(self.software)

    @property
    def ports(self) -> list[Port]:
        return [port for cage in self.cages for port in cage.ports]

    @property
    def ordered(self) -> list[Port]:
        """Its ports as a system lists them: Ethernet8 before Ethernet16."""
        return sorted(self.ports, key=lambda port: natural(port.name))

    def port(self, name: str) -> Port:
        return next(port for port in self.ports if port.name == name)


@dataclass(slots=True)
class World:
    """A whole simulated lab."""

    lab: Lab
    start: datetime
    devices: dict[str, Device]
    window: int = SAMPLE_SECONDS  # between the first sample of a counter and the second
    every: int | None = None  # of a soak: seconds from one sample to the next
    until: int = 0  # of a soak: second of the last sample
    skipped: list[tuple[str, int, int]] = field(default_factory=list)  # device or "*", first and last second of a gap
    laboratory: list[Mapping[str, Any]] = field(default_factory=list)  # changes of what was measured of modules

    @property
    def modules(self) -> Iterator[Module]:
        """Every module once, in the order of devices and cages."""
        for device in self.devices.values():
            for cage in device.cages:
                if cage.ports[0].module is not None:
                    yield cage.ports[0].module

    def port(self, where: str) -> Port:
        """A port by its whole name, ``leaf1:Ethernet64``."""
        device, _, name = where.partition(":")
        found = [port for port in self.devices[device].ports if port.name == name] if device in self.devices else []
        if not found:
            raise LabError(f"no port {where!r} in {self.lab.file}")
        return found[0]

    def module(self, where: str) -> Module:
        """The module behind a port."""
        module = self.port(where).module
        if module is None:
            raise LabError(f"no module behind {where!r} in {self.lab.file}")
        return module


def share(*names: object) -> Decimal:
    """A number from 0 to 1 that is always the same for the same names: what differs from lane to lane."""
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return Decimal(int.from_bytes(digest[:4], "big")) / (1 << 32)


def spread(about: Decimal, by: str, *names: object, step: str = "0.01") -> Decimal:
    """``about``, give or take ``by``."""
    return (about + (2 * share(*names) - 1) * Decimal(by)).quantize(Decimal(step))


def milliwatts(dbm: Decimal) -> Decimal:
    """Optical power as registers hold it, to 0.1 uW; a dark lane holds zero."""
    return ZERO if dbm <= DARK_DBM else dbm_to_mw(dbm).quantize(Decimal("0.0001"))


def mac(*names: object) -> str:
    """A locally administered address."""
    return "02:" + ":".join(f"{byte:02x}" for byte in hashlib.sha256("/".join(map(str, names)).encode()).digest()[:5])


def letters(number: int, prefix: str, *names: object) -> str:
    """A serial number."""
    digest = int.from_bytes(hashlib.sha256("/".join(map(str, names)).encode()).digest()[:8], "big")
    return prefix + str(digest % 10**number).zfill(number)


def healthy(lab: Lab, start: datetime) -> World:
    """The lab as its file asks for it, with nothing wrong."""
    builder = _Builder(lab)
    devices = {name: builder.device(plan) for name, plan in lab.devices.items() if plan.kind != "instrument"}
    world = World(lab, start, devices)
    for link in lab.links:
        _join(world, link)
    for device in devices.values():
        if device.plan.kind == "board":
            _loop(device)
    for device in devices.values():
        for cage in device.cages:
            _warm(cage)
            for port in cage.ports:
                if port.plan is not None and not port.admin:
                    _darken(port)
    return world


class _Builder:
    """Makes devices; serial numbers of cable assemblies need the links of the whole lab."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.cage_of = {
            str(port): cage for device in lab.devices.values() for cage in device.cages for port in cage.ports
        }
        self.assembly: dict[str, str] = {}  # first port of a cage -> name of the assembly that it is an end of
        self.lengths: dict[str, Decimal] = {}
        for link in lab.links:
            if link.fiber is None:
                near, far = (str(self.cage_of[str(end)]) for end in link.ends)
                names = sorted({self.assembly.get(near, near), self.assembly.get(far, far)})
                for cage in [near, far, *(c for c, name in self.assembly.items() if name in names)]:
                    self.assembly[cage] = names[0]
                    self.lengths[cage] = link.cable_m or Decimal(2)

    def device(self, plan: DevicePlan) -> Device:
        looks = platform(plan.platform or "")
        cages = (
            self._switch(plan, looks)
            if plan.kind == "switch"
            else [self._nic(plan, cage, n) for n, cage in enumerate(plan.cages)]
        )
        software = SOFTWARE.get(plan.nos, "1.0") if plan.kind == "switch" else FIRMWARE
        device = Device(plan, looks, mac(plan.name), letters(8, "SIM", plan.name), software, cages)
        device.maps["AZURE"] = {dscp: {8: 0, 26: 3, 48: 6}.get(dscp, 1) for dscp in range(64)}
        if plan.kind == "host":  # a NIC takes the upper three bits for the priority until it is told otherwise
            device.maps["AZURE"] = {dscp: dscp // 8 for dscp in range(64)}
        device.wred["AZURE_LOSSLESS"] = Wred(409_600, 1_048_576, 5)
        return device

    def _switch(self, plan: DevicePlan, looks: Platform) -> list[Cage]:
        sockets = ports_of(plan.platform or "", plan.hwsku)
        planned = {cage.name: cage for cage in plan.cages}
        if sockets is None:
            raise LabError(f"{plan.name}: no table has the cages of {plan.platform!r}, so it cannot be simulated")
        cages = []
        lane = looks.first_lane
        for index, socket in enumerate(sockets.cages.values()):
            serdes = tuple(range(lane, lane + socket.lanes))
            lane += socket.lanes
            cages.append(self._cage(plan, looks, socket, index, serdes, planned.get(socket.cage)))
        return cages

    def _cage(
        self,
        device: DevicePlan,
        looks: Platform,
        socket: Socket,
        index: int,
        serdes: tuple[int, ...],
        plan: CagePlan | None,
    ) -> Cage:
        offered = looks.modes.get(socket.lanes, (f"1x{socket.lanes * socket.lane_gbps}G",))
        if plan is None:
            gbps = socket.lanes * socket.lane_gbps
            names = names_of(device.nos)
            name = socket.first
            if names is not None:  # some systems name the speed
                name = names.of(socket.cage, 1, 1, children=1, lanes=socket.lanes, speed_gbps=Decimal(gbps))
            alias = looks.alias.format(cage=socket.cage) if device.nos == "sonic" else name
            port = Port(
                device.name, name, socket.cage, index, alias, serdes, tuple(range(1, socket.lanes + 1)), gbps,
                9100, "" if socket.lanes == 1 else "rs", "", False, False, None, None,
            )  # fmt: skip
            return Cage(socket.cage, socket.lanes, offered[0], offered, [port])
        module = self._module(plan)
        ports = []
        for number, child in enumerate(plan.ports):
            pattern = looks.alias if len(plan.ports) == 1 else looks.child
            alias = pattern.format(cage=socket.cage, letter="abcdefgh"[number], number=number + 1)
            if device.nos != "sonic":
                alias = child.name
            own = tuple(serdes[lane - 1] for lane in child.lanes)
            ports.append(_port(child, index, alias, own, module))
        return Cage(socket.cage, socket.lanes, looks.mode(plan.mode, socket.lanes), offered, ports)

    def _nic(self, device: DevicePlan, plan: CagePlan, index: int) -> Cage:
        module = self._module(plan)
        ports = [_port(child, index, child.name, child.lanes, module) for child in plan.ports]
        for port in ports:
            port.calm = True
        return Cage(plan.name, 4, plan.mode, (plan.mode,), ports)

    def _module(self, plan: CagePlan) -> Module | None:
        if plan.module is None:
            return None
        where, made = str(plan), plan.module
        kind = kind_of(made)
        shape = form(made.form_factor)
        assembly = self.assembly.get(where, where) if not kind.optical else where
        applications = _configured(plan, kind)
        watts = self.lab.parts[made.part].max_watts if made.part in self.lab.parts else None
        watts = kind.watts if watts is None else watts
        lanes = [_lane(where, kind, number) for number in range(1, kind.lanes + 1)] if kind.optical else []
        return Module(
            where=where,
            kind=kind,
            form=shape,
            identifier=shape.identifier,
            revision="5.0",
            vendor=(made.vendor or "SIMULATED")[:16],
            oui="02-50-46",
            number=(made.number or made.part)[:16],
            serial=made.serial or letters(9, "PF", assembly),
            date_code="260612",
            firmware=made.firmware or "1.0",
            state="ModuleReady",
            fault_cause="no fault",
            celsius=spread(Decimal(38) + watts, "3", where, "celsius", step="0.1"),
            volts=spread(Decimal("3.298"), "0.02", where, "volts", step="0.0001"),
            watts=watts,
            length_m=ZERO if kind.optical else self.lengths.get(where, ZERO),
            far_end=0 if kind.optical else self._far_end(plan),
            staged=list(applications),
            active=list(applications),
            data_path=["DPActivated" if app else "DPDeactivated" for app, _ in applications],
            lanes=lanes,
            thresholds=_thresholds(kind),
            lot="A1",
        )

    def _far_end(self, plan: CagePlan) -> int:
        """Far end configuration: 2 for one far end, 3 for two of four lanes, 12 for four of two, 1 for eight."""
        own = {str(port) for port in plan.ports}
        ends = [{str(end) for end in link.ends} for link in self.lab.links]
        far = {str(self.cage_of[end]) for pair in ends if pair & own for end in pair - own}
        return {1: 2, 2: 3, 4: 12, 8: 1}.get(len(far), 2)


def _port(plan: PortPlan, index: int, alias: str, serdes: tuple[int, ...], module: Module | None) -> Port:
    on = frozenset({3}) if plan.lossless else frozenset()
    up = plan.up and module is not None
    runs = {"auto": "rs"}.get(plan.fec, plan.fec)
    return Port(
        plan.device, plan.name, plan.cage, index, alias, serdes, plan.lanes, int(plan.speed_gbps), plan.mtu or 9100,
        plan.fec, runs if up else "", plan.up, up, module, plan, on, on,
        ber=_ber(module, plan) if module else ZERO,
    )  # fmt: skip


def _ber(module: Module, plan: PortPlan) -> Decimal:
    """Half to one and a half times what the kind has."""
    factor = (Decimal("0.5") + share(plan, "ber")).quantize(Decimal("0.01"))
    return module.kind.ber * factor


def _lane(where: str, kind: Kind, number: int) -> Lane:
    tx = spread(kind.tx, "0.45", where, number, "tx")
    bias = spread(kind.bias_ma, str(kind.bias_ma / 25), where, number, "bias", step="0.002")
    tdecq = spread(kind.tdecq, "0.35", where, number, "tdecq")
    return Lane(tx, Decimal(-40), bias, kind.near_nm[(number - 1) % len(kind.near_nm)], tdecq)


def _configured(plan: CagePlan, kind: Kind) -> list[tuple[int, int]]:
    """The application and data path of every host lane: the first application that a port's lanes can run."""
    lanes: list[tuple[int, int]] = [(0, 0)] * LANES
    for taken in _taken(plan, kind):
        width = len(taken)
        number = next((n for n, app in enumerate(kind.apps, 1) if app[2] == width), 0)
        for lane in taken:
            if number and lane <= LANES:
                lanes[lane - 1] = (number, taken[0] - 1)
    return lanes


def _taken(plan: CagePlan, kind: Kind) -> Iterator[tuple[int, ...]]:
    """The host lanes of every data path: those of a port, or as on a board, where none is asked for, as many as fit."""
    for port in plan.ports:
        width = len(port.lanes) if plan.mode or not kind.apps else kind.apps[0][2]
        for first in range(0, len(port.lanes), width):
            yield port.lanes[first : first + width]


def _thresholds(kind: Kind) -> dict[str, Quad]:
    one, bias = Decimal(1), kind.bias_ma
    return {
        "temperature_c": (Decimal(75), Decimal(-5), Decimal(70), ZERO),
        "vcc_v": (Decimal("3.63"), Decimal("2.97"), Decimal("3.465"), Decimal("3.135")),
        "tx_power_dbm": (kind.tx_range[1] + one, kind.tx_range[0] - one, kind.tx_range[1], kind.tx_range[0]),
        "rx_power_dbm": (kind.rx_range[1] + one, kind.rx_range[0] - one, kind.rx_range[1], kind.rx_range[0]),
        "tx_bias_ma": (bias * Decimal("1.5"), bias * Decimal("0.4"), bias * Decimal("1.4"), bias * Decimal("0.5")),
    }


def _join(world: World, link: LinkPlan) -> None:
    """What the two ends of a link know of one another: neighbours, light, length."""
    near, far = (world.port(str(end)) for end in link.ends)
    near.peer, far.peer = (far.device, far.name), (near.device, near.name)
    length = link.cable_m if link.fiber is None else link.fiber.length_m
    for port in (near, far):
        port.cable_m = length or Decimal(5)
    if link.fiber is None:
        return
    loss = link.fiber.loss_db if link.fiber.loss_db is not None else Decimal("0.7")
    for here, there in ((near, far), (far, near)):
        for lane_here, lane_there in zip(media_lanes(here), media_lanes(there), strict=False):
            lane_here.rx = lane_there.tx - loss


def _loop(board: Device) -> None:
    """Every module of a board receives its own light."""
    for cage in board.cages:
        module = cage.ports[0].module
        for lane in module.lanes if module is not None else ():
            lane.rx = lane.tx - LOOPED_DB


def media_lanes(port: Port) -> list[Lane]:
    """The media lanes of a port: a module's lanes follow its host lanes, as many for each."""
    if port.module is None:
        return []
    return [port.module.lanes[lane - 1] for lane in port.lanes if lane <= len(port.module.lanes)]


def _darken(port: Port) -> None:
    """A shut port sends no light, and nobody sends it any."""
    for lane in media_lanes(port):
        lane.tx, lane.bias, lane.rx = Decimal(-40), ZERO, Decimal(-40)
    _data_path(port, "DPInitialized")


def light_up(port: Port) -> None:
    """A port that was shut sends light."""
    if port.module is None:
        return
    for number, lane in zip(port.lanes, media_lanes(port), strict=False):
        usual = _lane(port.module.where, port.module.kind, number)
        lane.tx, lane.bias = usual.tx, usual.bias
    _data_path(port, "DPActivated")


def _data_path(port: Port, state: str) -> None:
    if port.module is not None and not port.module.flat:
        for lane in port.lanes:
            port.module.data_path[lane - 1] = state


def _warm(cage: Cage) -> None:
    """A cage with several running ports is a little warmer."""
    module = cage.ports[0].module
    if module is not None and not module.flat and len(cage.ports) > 1:
        module.celsius += RISE_OF_CASE


def application_starts(width: int, lanes: int) -> int:
    """Assignment options: a start at every multiple of the application's width."""
    return sum(1 << start for start in range(0, lanes - width + 1, width))
