"""The bill of materials of a lab: what its topology takes, beside what was designed and what was ordered.

    bill = bill_of(lab, pmds)
    bill.parts[0].needed, bill.parts[0].ordered
    bill.differences

Everything follows from the lab file; nothing here was observed.  What the lab file does not allow to reckon is None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .lab.inventory import CagePlan, DesignPlan, DevicePlan, Lab, LinkPlan, PortPlan
from .lab.load import bill_of_materials
from .requirements.rows import Pmd

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part: how many the cages take, and how many were ordered."""

    part: str
    kind: str
    pmd: str
    needed: int
    ordered: int | None
    spares: int

    @property
    def over(self) -> int | None:
        """Ordered beyond what the cages take and beyond the declared spares; negative where some are missing."""
        return None if self.ordered is None else self.ordered - self.spares - self.needed


@dataclass(frozen=True, slots=True)
class Tier:
    """Links between devices of two roles."""

    roles: tuple[str, str]
    links: int
    gbps: Decimal
    fibers: int | None  # that they light; none for cables
    unlike: int  # links whose two optics light another number of fibers


@dataclass(frozen=True, slots=True)
class Group:
    """Devices of one role."""

    role: str
    kind: str
    devices: int
    cages: int
    modules: int
    ports: int
    linked: int  # ports that are on a link
    watts: Decimal  # of all of them, their modules included, as far as it is declared
    unstated: int  # devices and modules that say no watts


@dataclass(frozen=True, slots=True)
class Leaf:
    """A switch with hosts behind it: what goes down to them and up to other switches."""

    device: str
    down: int
    up: int
    down_gbps: Decimal
    up_gbps: Decimal

    @property
    def oversubscription(self) -> Decimal | None:
        """Capacity to hosts over capacity to other switches; None without uplinks."""
        return self.down_gbps / self.up_gbps if self.up_gbps else None


@dataclass(frozen=True, slots=True)
class RackLine:
    """A rack: what its devices draw, its overhead included, against its budget."""

    rack: str
    watts: Decimal
    budget: Decimal
    unstated: int


@dataclass(frozen=True, slots=True)
class TrunkLine:
    """A trunk: fibers that its links light, of those that it has."""

    trunk: str
    used: int | None
    fibers: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What a lab takes, and where that differs from its design and its orders."""

    lab: str
    parts: tuple[PartLine, ...]
    tiers: tuple[Tier, ...]
    groups: tuple[Group, ...]
    leafs: tuple[Leaf, ...]
    racks: tuple[RackLine, ...]
    trunks: tuple[TrunkLine, ...]
    fiber_ends: int | None  # of all optics
    differences: tuple[str, ...]


def bill_of(lab: Lab, pmds: Mapping[str, Pmd]) -> Bill:
    """The bill of a lab; ``pmds`` tell how many fibers an optic lights."""
    topology = _Topology(lab, pmds)
    counted = bill_of_materials(lab)
    parts = tuple(
        PartLine(key, part.kind, part.pmd or "", counted.get(key, 0), part.quantity, part.spares)
        for key, part in lab.parts.items()
    )
    tiers = tuple(topology.tiers())
    leafs, racks, trunks = tuple(topology.leafs()), tuple(topology.racks()), tuple(topology.trunks())
    return Bill(
        lab=lab.name,
        parts=parts,
        tiers=tiers,
        groups=tuple(topology.groups()),
        leafs=leafs,
        racks=racks,
        trunks=trunks,
        fiber_ends=topology.fiber_ends(),
        differences=(
            *(designed(lab.design, topology.built(leafs)) if lab.design is not None else ()),
            *ordered(parts),
            *unlike(tiers),
            *overdrawn(racks),
            *overfull(trunks),
        ),
    )


@dataclass(frozen=True, slots=True)
class Built:
    """The numbers of a fabric that a design may ask for."""

    hosts: int
    gpus: int  # NIC ports that carry RoCE
    leafs: int
    spines: int
    host_links: int
    fabric_links: int
    rails: int  # the most such ports of a host
    planes: int
    oversubscription: Decimal | None  # of the worst leaf


def designed(design: DesignPlan, built: Built) -> Iterator[str]:
    """Where what is declared differs from its design."""
    counts = (
        ("hosts", design.hosts, built.hosts), ("GPUs", design.gpus, built.gpus), ("leafs", design.leafs, built.leafs),
        ("spines", design.spines, built.spines), ("links to hosts", design.host_links, built.host_links),
        ("links between switches", design.fabric_links, built.fabric_links), ("rails", design.rails, built.rails),
    )  # fmt: skip
    for what, asked, found in counts:
        if asked is not None and asked != found:
            yield f"{what}: {found:,}, the design says {asked:,}"
    if design.planes is not None and built.planes > 1 and design.planes != built.planes:
        yield f"planes: {built.planes}, the design says {design.planes}"
    most, worst = design.oversubscription, built.oversubscription
    if most is not None and worst is not None and worst > most:
        yield f"oversubscription: {ratio(worst)} at the worst leaf, the design says at most {ratio(most)}"


def ordered(parts: Iterable[PartLine]) -> Iterator[str]:
    """Where orders differ from what is needed."""
    for line in parts:
        if line.over is None:
            yield f"{line.part}: {line.needed:,} needed, how many were ordered is not said"
        elif line.over:
            spares = f" and {line.spares:,} to spare" if line.spares else ""
            word = "too many" if line.over > 0 else "too few"
            yield f"{line.part}: {line.needed:,} needed{spares}, {line.ordered:,} ordered: {abs(line.over):,} {word}"


def unlike(tiers: Iterable[Tier]) -> Iterator[str]:
    """Where optics of another kind face each other."""
    for tier in tiers:
        if tier.unlike:
            yield f"{' to '.join(tier.roles)}: at {tier.unlike:,} links the optics light another number of fibers"


def overdrawn(racks: Iterable[RackLine]) -> Iterator[str]:
    """Racks beyond their budgets, those that are alike in one line."""
    alike: dict[tuple[Decimal, Decimal], list[str]] = {}
    for rack in racks:
        if rack.watts > rack.budget:
            alike.setdefault((rack.watts, rack.budget), []).append(rack.rack)
    for (watts, budget), names in alike.items():
        yield f"{together('rack', names)}: {watts:,.0f} W of {budget:,.0f} W"


def overfull(trunks: Iterable[TrunkLine]) -> Iterator[str]:
    """Trunks with more light than fibers."""
    for trunk in trunks:
        if trunk.used is not None and trunk.used > trunk.fibers:
            yield f"trunk {trunk.trunk}: {trunk.used} fibers used of {trunk.fibers}"


def together(what: str, names: Sequence[str]) -> str:
    """Names of things that are alike: ``rack g01``, ``racks g01 to g16 (16)``."""
    return f"{what} {names[0]}" if len(names) == 1 else f"{what}s {names[0]} to {names[-1]} ({len(names)})"


def ratio(value: Decimal) -> str:
    """An oversubscription as it is written: 2:1, 1.14:1."""
    return f"{value.quantize(Decimal('0.01')).normalize():f}:1"


class _Topology:
    """The devices and links of a lab, indexed once."""

    def __init__(self, lab: Lab, pmds: Mapping[str, Pmd]) -> None:
        self.lab, self.pmds = lab, pmds
        self.cage_of = {
            str(port): cage for device in lab.devices.values() for cage in device.cages for port in cage.ports
        }
        self.ends = {str(end) for link in lab.links for end in link.ends}

    def tiers(self) -> Iterator[Tier]:
        found: dict[tuple[str, str], list[LinkPlan]] = {}
        for link in self.lab.links:
            low, high = sorted((self.device(end) for end in link.ends), key=lambda d: (d.kind != "host", d.role))
            found.setdefault((low.role, high.role), []).append(link)
        for roles, links in found.items():
            lit = [self.lit(link) for link in links if link.fiber is not None]
            known = [fibers for pair in lit for fibers in [max((f for f in pair if f is not None), default=None)]]
            counted = [fibers for fibers in known if fibers is not None]
            yield Tier(
                roles=roles,
                links=len(links),
                gbps=sum((min(end.speed_gbps for end in link.ends) for link in links), ZERO),
                fibers=sum(counted) if len(counted) == len(known) else None,
                unlike=sum(near is not None and far is not None and near != far for near, far in lit),
            )

    def groups(self) -> Iterator[Group]:
        found: dict[tuple[str, str], list[DevicePlan]] = {}
        for device in self.lab.devices.values():
            found.setdefault((device.role, device.kind), []).append(device)
        for (role, kind), devices in found.items():
            drawn = [self.drawn(device) for device in devices]
            yield Group(
                role=role,
                kind=kind,
                devices=len(devices),
                cages=sum(len(device.cages) for device in devices),
                modules=sum(cage.module is not None for device in devices for cage in device.cages),
                ports=sum(len(cage.ports) for device in devices for cage in device.cages),
                linked=sum(str(port) in self.ends for device in devices for port in device.ports),
                watts=sum((watts for watts, _ in drawn), ZERO),
                unstated=sum(unstated for _, unstated in drawn),
            )

    def leafs(self) -> Iterator[Leaf]:
        down: dict[str, list[Decimal]] = {}
        up: dict[str, list[Decimal]] = {}
        for link in self.lab.links:
            for near, far in (link.ends, link.ends[::-1]):
                kinds = self.device(near).kind, self.device(far).kind
                if kinds[0] == "switch" and kinds[1] in ("host", "switch"):
                    side = down if kinds[1] == "host" else up
                    side.setdefault(near.device, []).append(min(near.speed_gbps, far.speed_gbps))
        for name in self.lab.devices:
            if name in down:
                above = up.get(name, [])
                yield Leaf(name, len(down[name]), len(above), sum(down[name], ZERO), sum(above, ZERO))

    def racks(self) -> Iterator[RackLine]:
        for rack in self.lab.racks:
            drawn = [self.drawn(self.lab.devices[name]) for name in rack.devices]
            watts = sum((watts for watts, _ in drawn), ZERO) * rack.overhead
            yield RackLine(rack.name, watts, rack.budget_watts, sum(unstated for _, unstated in drawn))

    def trunks(self) -> Iterator[TrunkLine]:
        used: dict[str, list[int | None]] = {}
        for link in self.lab.links:
            if link.fiber is not None and link.fiber.trunk is not None:
                used.setdefault(link.fiber.trunk, []).append(self.lit(link)[0])
        for name, trunk in self.lab.trunks.items():
            fibers = used.get(name, [])
            known = [count for count in fibers if count is not None]
            yield TrunkLine(name, sum(known) if len(known) == len(fibers) else None, trunk.fibers)

    def built(self, leafs: tuple[Leaf, ...]) -> Built:
        hosts = [device for device in self.lab.devices.values() if device.kind == "host"]
        nics = [sum(port.lossless for port in host.ports) for host in hosts]
        roles = Counter(device.role for device in self.lab.devices.values())
        kinds = [tuple(self.device(end).kind for end in link.ends) for link in self.lab.links]
        ratios = [leaf.oversubscription for leaf in leafs]
        return Built(
            hosts=len(hosts),
            gpus=sum(nics),
            leafs=roles["leaf"],
            spines=roles["spine"],
            host_links=sum("host" in pair for pair in kinds),
            fabric_links=sum(pair == ("switch", "switch") for pair in kinds),
            rails=max(nics, default=0),
            planes=len({port.plane for host in hosts for port in host.ports if port.plane is not None}) or 1,
            oversubscription=max((value for value in ratios if value is not None), default=None),
        )

    def fiber_ends(self) -> int | None:
        """Fibers that all optics light, each counted at both of its ends."""
        ends = 0
        for device in self.lab.devices.values():
            for cage in device.cages:
                if cage.module is not None and cage.module.kind in ("optic", "linear"):
                    row = self.pmds.get(cage.module.pmd)
                    if row is None:
                        return None
                    ends += 2 * row.fibers_per_direction
        return ends

    def lit(self, link: LinkPlan) -> tuple[int | None, int | None]:
        """Fibers that the optics at the two ends of a link light."""
        near, far = (self.fibers(end) for end in link.ends)
        return near, far

    def fibers(self, port: PortPlan) -> int | None:
        """Fibers of a port: its share of those that its module lights."""
        cage = self.cage_of[str(port)]
        row = self.pmds.get(cage.module.pmd) if cage.module is not None else None
        if row is None:
            return None
        share, odd = divmod(2 * row.fibers_per_direction * len(port.lanes), lanes_of(cage))
        return None if odd else share

    def drawn(self, device: DevicePlan) -> tuple[Decimal, int]:
        """Watts of a device at most, and how much of it says none; a host's are said with its modules."""
        if device.watts is not None:
            return device.watts, 0
        if device.kind != "switch":
            return ZERO, 1
        stated: list[Decimal | None] = [device.asic_watts]
        for cage in device.cages:
            if cage.module is not None:
                stated.append(self.lab.parts[cage.module.part].max_watts)
        known = [watts for watts in stated if watts is not None]
        return sum(known, device.fan_watts or ZERO), len(stated) - len(known)

    def device(self, port: PortPlan) -> DevicePlan:
        return self.lab.devices[port.device]


def lanes_of(cage: CagePlan) -> int:
    """Host lanes that the ports of a cage take."""
    return sum(len(port.lanes) for port in cage.ports)
