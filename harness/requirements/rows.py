"""What a row of each limit table is once it has been read.

Each row keeps the clause it cites and how far that is known.  Rates are Gb/s, symbol rates GBd, lengths metres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final

from ..limit import Choice, Range
from ..units import Unit, plain
from ..verdict import Standing

QUANTITIES: Final[Mapping[str, Unit]] = {
    "tdecq": Unit.DB,
    "tecq": Unit.DB,
    "tdecq_minus_tecq": Unit.DB,
    "tx_power_lane": Unit.DBM,
    "tx_power_total": Unit.DBM,
    "tx_oma": Unit.DBM,
    "oma_minus_tdecq": Unit.DBM,
    "oma_minus_tdecq_low_er": Unit.DBM,
    "er": Unit.DB,
    "overshoot": Unit.PERCENT,
    "power_excursion": Unit.DBM,
    "rlm": Unit.NONE,
    "rin_oma": Unit.DB_PER_HZ,
    "orl_tolerance": Unit.DB,
    "transition_time": Unit.PS,
    "rx_power_lane": Unit.DBM,
    "rx_oma": Unit.DBM,
    "rx_sensitivity": Unit.DBM,
    "rx_sensitivity_minus_secq": Unit.DBM,
    "stressed_sensitivity": Unit.DBM,
    "secq": Unit.DB,
    "rx_damage": Unit.DBM,
    "pre_fec_ber": Unit.NONE,
}
"""What a PMD's row or a profile may limit, and in which unit it is read; no optical PMD has a limit on RLM."""


@dataclass(frozen=True, slots=True)
class Pmd:
    """A physical medium dependent sublayer, or the two in one module."""

    name: str  # "400GBASE-DR4", "800G-2xDR4"
    clause: str
    standing: Standing  # of the clause number itself; each limit has its own
    rate_gbps: Decimal
    media_lanes: int
    modulation: str  # "PAM4" | "NRZ" | "DP-16QAM"
    gbd: Decimal | None  # symbol rate of a media lane; None where no source gave one
    fiber: str  # "MMF" | "SMF" | "copper"
    fibers_per_direction: int
    connectors: tuple[str, ...]  # of the module: "MPO-12", "2xLC"; none on copper
    wavelengths: tuple[Range, ...]  # nm, shortest first
    fec: str  # "RS(544,514)"
    inner_fec: str  # "Hamming(128,120)", or empty
    host_interfaces: tuple[str, ...]
    media_ids: tuple[int, ...]  # SFF-8024 media interface codes, of the table that fits ``fiber``
    host_ids: tuple[int, ...]  # SFF-8024 host interface codes of copper
    links: int  # Ethernet links that one module carries without breakout
    per_link: str  # PMD of each of them: its own name, or "400GBASE-DR4" for half of an 800G-2xDR4
    limits: Mapping[str, Range]  # by quantity: "tdecq", "tx_power_lane", ...
    reach: Mapping[str, Range]  # m, by fiber type: "OS2", "OM4", "Cu"
    insertion_loss: Mapping[str, Range]  # dB, by fiber type
    typical_watts: Mapping[str, Decimal]  # by form factor
    watts_standing: Standing

    @property
    def lane_gbps(self) -> Decimal:
        """Nominal rate of a media lane: 25, 50, 100 or 200."""
        return self.rate_gbps / self.media_lanes

    @property
    def media_type(self) -> int:
        """SFF-8024 module media type: 1 multimode, 2 single mode, 3 copper."""
        return {"MMF": 1, "SMF": 2, "copper": 3}[self.fiber]


@dataclass(frozen=True, slots=True)
class Cable:
    """A kind of cable assembly, and how far it reaches at each lane rate."""

    name: str  # "DAC" | "ACC" | "AEC" | "AOC"
    clause: str
    standing: Standing
    limits: Mapping[str, Range]
    reach: Mapping[Decimal, Range]  # by nominal lane rate: 50, 100, 200


@dataclass(frozen=True, slots=True)
class FecCode:
    """A forward error correcting code."""

    name: str  # "RS(544,514)"
    clause: str
    standing: Standing
    n: int  # symbols in a codeword
    k: int
    t: int  # symbols that can be corrected; 0 where it does not work on symbols
    symbol_bits: int
    bins: int  # of a histogram: 0, 1 ... t symbol errors; 0 where there is none
    pre_fec_ber: Range | None


@dataclass(frozen=True, slots=True)
class FecRule:
    """The code that a rate on so many lanes requires."""

    name: str  # "400G on 4 lanes"
    code: str  # "RS(544,514)"; with its clause where that tells codes apart: "RS(544,514) clause 91 or 161"
    clause: str
    standing: Standing
    speed_gbps: Decimal
    lanes: int
    allowed: frozenset[str]  # codes that meet the rule
    codewords_interleaved: int
    modulation: str
    pmds: frozenset[str]  # the rule is for these; empty for all others
    parameters: FecCode

    @property
    def choice(self) -> Choice[str]:
        """The rule as a limit on a resolved code."""
        return Choice(self.allowed, self.clause, self.standing)

    @property
    def bins(self) -> int:
        return self.parameters.bins

    @property
    def t(self) -> int:
        return self.parameters.t

    @property
    def codeword_symbols(self) -> int:
        return self.parameters.n

    @property
    def codewords_per_second(self) -> Decimal:
        """20 blocks of 257 bits, 5120 bits of payload, are a codeword of either Reed-Solomon code."""
        return self.speed_gbps * 10**9 / 5120

    @property
    def bits_per_second(self) -> Decimal:
        """Bits on the line, all lanes together."""
        return self.codewords_per_second * self.parameters.n * self.parameters.symbol_bits


@dataclass(frozen=True, slots=True, order=True)
class LaneRate:
    """What runs on an electrical lane."""

    gbd: Decimal
    modulation: str  # "NRZ" | "PAM4"

    @property
    def gbps(self) -> Decimal:
        return self.gbd * (2 if self.modulation == "PAM4" else 1)

    def __str__(self) -> str:
        return f"{plain(self.gbd)} GBd {self.modulation}"


@dataclass(frozen=True, slots=True)
class Asic:
    """A switch ASIC."""

    name: str  # "Tomahawk 5"
    clause: str
    standing: Standing
    vendor: str
    part: str
    serdes_gbps: Decimal
    serdes_lanes: int  # 0 where no source gave the number
    lane_rates: Choice[LaneRate]
    modes: tuple[str, ...]
    cages: tuple[str, ...]
    fec: tuple[str, ...]
    linear: str  # modules without DSP: "yes" | "no" | "some" | "unknown"
    cell_bytes: int  # of its packet buffer; 0 where no source gave it
    note: str
    tbps: Decimal | None = None  # all ports together
    modulation: str = "PAM4"  # of its fastest lane
    max_ports: tuple[str, ...] = ()  # "64x800G", "128x400G": each at most, and not together
    linear_note: str = ""  # on which condition ``linear`` holds
    buffer: Memory | None = None  # on the die
    memory: Memory | None = None  # beside it
    platforms: tuple[str, ...] = ()  # that have it, by the names of the trade


@dataclass(frozen=True, slots=True)
class Memory:
    """A packet buffer, and how far its size is known."""

    bytes: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Maker:
    """A maker of modules, by what its modules carry."""

    name: str  # "NVIDIA"
    clause: str
    standing: Standing
    names: tuple[str, ...]  # patterns of vendor names
    ouis: frozenset[str]  # company identifiers registered to it, "00-02-c9"
    part_numbers: tuple[str, ...]  # patterns; empty where none is known

    def calls_itself(self, vendor: str) -> bool:
        return any(fnmatchcase(vendor.strip().casefold(), pattern) for pattern in self.names)

    def numbers(self, part: str) -> bool:
        return not self.part_numbers or any(fnmatchcase(part.strip().casefold(), one) for one in self.part_numbers)


@dataclass(frozen=True, slots=True)
class Nic:
    """A network adapter."""

    name: str  # "ConnectX-7"
    clause: str
    standing: Standing
    vendor: str
    max_gbps: Decimal  # of a port
    modes: tuple[str, ...]
    serdes_gbps: Decimal
    lane_rates: Choice[LaneRate]
    cages: tuple[str, ...]
    fec: tuple[str, ...]
    protocols: tuple[str, ...]  # "Ethernet", "InfiniBand"
    note: str
    pcie: str = ""  # "Gen5 x16"
    ports: int = 0  # at most; 0 where its modes say


@dataclass(frozen=True, slots=True)
class HostSystem:
    """A host with accelerators, as it is sold."""

    name: str  # "DGX H100"
    clause: str
    standing: Standing
    also: tuple[str, ...]  # other names of it
    gpus: int
    nics: Mapping[str, int]  # how many of which adapter; of several kinds, one is built in
    nic_gbps: Decimal
    max_watts: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class CageGroup:
    """Cages of a platform that are alike."""

    cages: frozenset[str]  # their numbers, as the platform counts them
    clause: str
    standing: Standing  # of lanes and modes
    lanes: int
    lane_gbps: Decimal  # the fastest lane
    offers: Choice[str]  # modes, spelled out: "1x800G", "1x400G"; none where no source gave them
    form_factor: str  # where it is not the platform's
    form_standing: Standing
    watts: Decimal | None  # that a module may draw
    watts_standing: Standing


@dataclass(frozen=True, slots=True)
class Platform:
    """A switch platform, as SONiC names it."""

    name: str  # "x86_64-nvidia_sn5600-r0"
    clause: str
    standing: Standing  # of the ASIC
    asic: str
    cage: str  # "OSFP"; empty where no source gave it
    cage_standing: Standing
    hwskus: tuple[str, ...]
    modes: tuple[str, ...]  # as its platform.json has them: "1x800G[400G]"; of all its ports together
    offers: Choice[str]  # the same spelled out: "1x800G", "1x400G"
    tree: str = ""  # its vendor's directory in the device tree
    driver: str = ""  # family of its ASIC there: "broadcom"
    ports: int = 0  # interfaces of its platform.json
    chips: tuple[str, ...] = ()  # names of chips in its files
    groups: tuple[CageGroup, ...] = ()  # where a source tells cages apart
    supplies: int = 0
    supply_watts: Decimal | None = None  # of one supply
    supply_standing: Standing = Standing.RECALLED
    airflow: str = ""

    def group(self, cage: str) -> CageGroup | None:
        """The cages that one is alike, by its number; None where no source tells."""
        return next((group for group in self.groups if cage in group.cages), None)


@dataclass(frozen=True, slots=True)
class CageRow:
    """A cage and what goes into it."""

    name: str
    clause: str
    standing: Standing
    accepts: frozenset[str]
    lanes: int
    adapters: Mapping[str, str]  # form factor -> adapter that it needs
    advice: str


@dataclass(frozen=True, slots=True)
class Family:
    """PMDs whose lanes speak to one another, and the link rates that each can offer."""

    name: str
    clause: str
    standing: Standing
    lane_gbps: Decimal
    members: Mapping[str, frozenset[Decimal]]
    note: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two families that interoperate with one another under a condition."""

    name: str
    clause: str
    standing: Standing
    families: frozenset[str]
    note: str


@dataclass(frozen=True, slots=True)
class Interop:
    """Why two optics may face one another, and how sure that is."""

    clause: str
    standing: Standing
    reach_of: str  # the PMD whose reach governs
    note: str = ""


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector of an optic and what plugs into it."""

    name: str  # "2xMPO-12"
    clause: str
    standing: Standing
    trunks: frozenset[str]
    codes: frozenset[int]  # SFF-8024 connector codes under which modules report it


@dataclass(frozen=True, slots=True)
class Polish:
    """The end face that a kind of connector has on a kind of fiber."""

    name: str
    clause: str
    standing: Standing
    connectors: frozenset[str]
    fiber: str
    lane_gbps: frozenset[Decimal]  # empty for all
    polish: frozenset[str]


@dataclass(frozen=True, slots=True)
class PauseBudget:
    """How long a peer may take to heed a pause, in quanta of 512 bit times."""

    name: str
    clause: str
    standing: Standing
    speed_gbps: Decimal
    quanta: int


@dataclass(frozen=True, slots=True)
class Headroom:
    """Headroom that a platform ships with, by speed and cable length."""

    name: str
    clause: str
    standing: Standing
    platforms: tuple[str, ...]
    speed_gbps: Decimal
    bytes: Mapping[Decimal, Decimal] = field(default_factory=dict)  # longest cable in m -> xoff in bytes
