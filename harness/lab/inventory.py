"""What a lab file declares: the things that ought to be there.  Nothing here was observed.

Every declared thing knows the file and line that declares it, and a declared value becomes a Reading through
``declared``, so that a report can point at the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from ..reading import Absence, Missing, Reading, Source, Value
from ..units import Unit
from ..verdict import Standing

T = TypeVar("T")


def declared(value: T | None, at: Source, *, unit: Unit = Unit.NONE) -> Value[T]:
    """A declared value as a Reading of the lab file; None is Missing(NOT_DECLARED)."""
    return Missing(Absence.NOT_DECLARED, at) if value is None else Reading(value, at, unit)


@dataclass(frozen=True, slots=True)
class ModulePlan:
    """The module, or end of a cable, that is expected in a cage."""

    part: str  # key into Lab.parts
    pmd: str  # "400GBASE-DR4", "800G-2xDR4"; for cables "400GBASE-CR4", "AEC", "AOC"
    kind: str  # "optic" | "dac" | "aec" | "aoc" | "linear"
    form_factor: str  # "OSFP" | "OSFP-RHS" | "QSFP-DD" | "QSFP112" | "QSFP56" | "QSFP28" | ...
    vendor: str | None
    number: str | None  # vendor part number expected in the identity page
    serial: str | None  # where the buyer knows it
    firmware: str | None  # approved version
    at: Source


@dataclass(frozen=True, slots=True)
class PortPlan:
    """A port that ought to be there: one child of a cage's breakout."""

    device: str
    name: str  # "Ethernet64" or "eth0"
    cage: str  # cage of the device: "9"
    speed_gbps: Decimal
    lanes: tuple[int, ...]  # host lanes of the cage, from 1
    fec: str  # "rs" | "fc" | "none" | "auto", as the operator means it
    mtu: int | None
    up: bool  # admin state that is asked for
    lossless: bool  # carries RoCE
    allowed: frozenset[str]  # left-over controls that the lab asks for: "loopback", "tx_disable", ...
    at: Source
    rail: int | None = None  # of a NIC port
    plane: int | None = None  # of a fabric of several planes

    def __str__(self) -> str:
        return f"{self.device}:{self.name}"


@dataclass(frozen=True, slots=True)
class CageFacts:
    """What the lab's own sources tell of a cage's platform; what none of them tells is Missing."""

    modes: Value[frozenset[str]]  # breakout modes that it offers: "1x800G", "2x400G"
    standing: Standing  # of the modes
    form_factor: Value[str]  # of the cage
    watts: Value[Decimal]  # what it can give a module


@dataclass(frozen=True, slots=True)
class CagePlan:
    """A cage, what is expected in it and how it is broken out."""

    device: str
    name: str  # "9": the number on the front panel
    mode: str  # "2x400G"
    ports: tuple[PortPlan, ...]  # in order of their lanes; the first names the cage and its module
    module: ModulePlan | None
    watts: Decimal | None  # what the cage can give, where no table knows it
    at: Source
    cage: str | None = None  # its form factor, where the lab file says: "OSFP-RHS"
    facts: CageFacts | None = None  # what the lab's own sources tell of the platform
    lanes: int | None = None  # host lanes that the cage has, in use or not

    def __str__(self) -> str:
        return str(self.ports[0])


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """A switch or a host."""

    name: str
    kind: str  # "switch" | "host" | "board" | "instrument"
    role: str  # "leaf" | "spine" | "gpu" | ...
    platform: str | None  # "x86_64-nvidia_sn5600-r0"
    hwsku: str | None
    nic: str | None  # of a host: "ConnectX-7"
    nos: str  # "sonic" | "linux"
    rack: str | None
    reach: Mapping[str, str]  # transport, address, user, ...: how to ask it when it is live
    evidence: str | None  # its own evidence directory, relative to the lab file, where not the lab's
    cages: tuple[CagePlan, ...]
    asic_watts: Decimal | None
    fan_watts: Decimal | None
    supplies: int | None
    supply_watts: Decimal | None
    watts: Decimal | None  # the whole device at most, of a host
    at: Source
    maintenance: bool = False  # may be operated, where the user unlocks it
    eeproms: str | None = None  # files of module memory on it: "/sys/bus/i2c/devices/{cage}-0050/eeprom"
    measures: Mapping[str, Mapping[int, str]] = field(
        default_factory=dict
    )  # of an instrument: channel by port and lane
    calibrated: date | None = None  # of an instrument, where it does not tell
    test_fiber: bool | None = None  # of a scope, where it says whether its penalty is TDECQ or TECQ
    uncertainty: Mapping[str, Decimal] = field(default_factory=dict)  # of an instrument: half width by quantity
    pattern: str | None = None  # that the modules send to an instrument, which does not tell
    reference_receiver: str | None = None  # that a scope is set to
    asic: Reading[str] | None = None  # of a switch, where the lab file tells and no table is asked

    @property
    def ports(self) -> tuple[PortPlan, ...]:
        return tuple(port for cage in self.cages for port in cage.ports)


@dataclass(frozen=True, slots=True)
class FiberPlan:
    """The plant between two optics."""

    type: str  # "OS2" | "OM3" | "OM4" | "OM5"
    length_m: Decimal | None
    connectors: tuple[str, str]  # what the trunk offers at each end: "MPO-12" | "MPO-16" | "LC" | ...
    polish: str | None  # "APC" | "UPC"
    polarity: str | None  # "A" | "B" | "C"
    loss_db: Decimal | None  # measured (OLTS or OTDR), worst fiber
    loss_uncertainty_db: Decimal | None
    at: Source
    elements: tuple[str, ...] = ()  # polarity methods of patches and trunks, from end to end; empty for the trunk alone
    pins: tuple[str, str] | None = None  # what the trunk has at each end: "female" | "male"
    mated_pairs: int | None = None  # connections in between, both ends counted
    trunk: str | None = None  # name of the trunk that it runs in
    label: str | None = None


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """A cable or a pair of optics and the fiber between them."""

    ends: tuple[PortPlan, PortPlan]
    fiber: FiberPlan | None  # None for a cable assembly
    cable_m: Decimal | None  # of a cable assembly
    at: Source

    def __str__(self) -> str:
        return f"{self.ends[0]}--{self.ends[1]}"


@dataclass(frozen=True, slots=True)
class PathPlan:
    """A route of links from NIC to NIC."""

    name: str
    hops: tuple[PortPlan, ...]  # every port passed, in order: NIC, leaf in, leaf out, spine in, ..., NIC
    at: Source

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class RackPlan:
    name: str
    budget_watts: Decimal
    overhead: Decimal  # PUE or cooling factor that the buyer applies; 1 where none
    devices: tuple[str, ...]
    at: Source


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """A certificate or report on file."""

    name: str  # "Telcordia GR-468", "RoHS"
    reference: str  # number or file
    expires: date | None
    at: Source


@dataclass(frozen=True, slots=True)
class SecondSource:
    """Another part that may be bought in a part's place, and what proves that it is qualified."""

    number: str
    vendor: str
    evidence: str | None  # archive or report in which it passed
    owner: str | None
    qualified: date | None
    at: Source


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """A product change notice (PCN) of a vendor: what changes from one lot to another."""

    reference: str
    what: str  # "firmware" | "revision"
    before: str
    after: str
    notified: date
    at: Source


@dataclass(frozen=True, slots=True)
class DesignPlan:
    """What the built fabric is held to: numbers of the design, each of which may be left open."""

    at: Source
    hosts: int | None = None
    gpus: int | None = None
    leafs: int | None = None
    spines: int | None = None
    fabric_links: int | None = None  # between switches
    host_links: int | None = None
    rails: int | None = None  # NICs of a host, each to a leaf of its own rail
    planes: int | None = None
    oversubscription: Decimal | None = None  # of a leaf at most: 1
    load_balancing: str | None = None  # "dlb", "adaptive routing", ...; None where nothing is asked for


@dataclass(frozen=True, slots=True)
class TrunkPlan:
    """A trunk of fibers, and how many of them links use."""

    name: str
    type: str
    fibers: int
    at: Source


@dataclass(frozen=True, slots=True)
class CablingRow:
    """A line of a point-to-point cabling list: what the installer plugged."""

    label: str
    a: str  # "leaf1:Ethernet0"
    b: str
    at: Source


@dataclass(frozen=True, slots=True)
class PartPlan:
    """A part under procurement, as its vendor's record has it."""

    number: str
    vendor: str
    kind: str  # "optic" | "dac" | "aec" | "switch" | "nic" | ...
    warranty_years: Decimal | None
    mtbf_hours: Decimal | None
    mtbf_method: str | None  # "Telcordia SR-332"
    mtbf_celsius: Decimal | None
    lead_time_weeks: Decimal | None
    capacity_per_month: int | None
    quantity: int | None  # ordered
    needed_by_weeks: Decimal | None  # what the schedule allows
    second_source: str | None
    at: Source
    pmd: str | None = None
    form_factor: str | None = None
    max_watts: Decimal | None = None  # of the datasheet
    spares: int = 0  # of the quantity ordered
    certificates: frozenset[str] = frozenset()  # documents on file, by name alone
    power_class: int | None = None  # of the datasheet, from 1
    ends: int | None = None  # far ends of a breakout cable
    connector: str | None = None  # of the datasheet
    documents: tuple[DocumentPlan, ...] = ()
    sources: tuple[SecondSource, ...] = ()
    notices: tuple[ChangeNotice, ...] = ()
    standing: Standing | None = None  # how the record is known, where it does not stand in the lab file

    def __str__(self) -> str:
        return self.number


@dataclass(frozen=True, slots=True)
class Waiver:
    """A dated, owned permission for a check and a subject, or for those that patterns match."""

    name: str
    check: str  # "OPT-01", or a pattern such as "CMIS-*"
    subject: str  # whole name, or a pattern such as "spine1:*"
    at_lane: str | None  # only findings at this place, where given
    owner: str
    reason: str
    expires: date
    not_measured: bool  # covers NOT-MEASURED too
    at: Source
    failures: bool = True  # covers FAIL and WARN; one that is for NOT-MEASURED alone does not


@dataclass(frozen=True, slots=True)
class Lab:
    """A whole lab file, checked."""

    name: str
    file: Path
    files: tuple[Path, ...]  # the lab file and all it includes: what an archive must hold
    profile: Path
    evidence: Path | None  # where recorded evidence is
    as_of: datetime | None
    measurements: tuple[Path, ...]
    devices: Mapping[str, DevicePlan]
    links: tuple[LinkPlan, ...]
    paths: tuple[PathPlan, ...]
    racks: tuple[RackPlan, ...]
    parts: Mapping[str, PartPlan]
    waivers: tuple[Waiver, ...]
    connections: int = 64  # devices connected at once while evidence is collected
    window: Decimal | None = None  # seconds between two samples of a counter
    simulated: bool = False  # its devices are simulated
    clock: Path | None = None  # socket of the simulated devices' clock
    design: DesignPlan | None = None
    trunks: Mapping[str, TrunkPlan] = field(default_factory=dict)
    cabling: tuple[CablingRow, ...] = ()
    fiber_tests: tuple[Path, ...] = ()
