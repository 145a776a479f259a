"""What a lab is held to: limits, codes, platforms and a buyer's profile, ready to judge.

    require.limits("tdecq", pmd="400GBASE-DR4")        -> Limits, the standard's and the profile's
    require.lab_limits("tx_power_lane", pmd=...)       -> the same without the slack of a module's own monitor
    require.limited("tecq", pmd=...)                   -> whether there is any
    require.pmd("800G-2xDR4"), pmd_of(2, 0x1C), pmd_of_host(0x48)
    require.reach("400GBASE-DR4", "OS2"), insertion_loss(...), cable_reach("AEC", Decimal(100))
    require.fec(speed, lanes, pmd), fec_code("rs", speed, lanes), fec_peers(code)
    require.asic(...), nic(...), host_system("DGX H100"), platform(...), cage_accepts("OSFP"), lane_rates(Decimal(100))
    require.interoperates(near, far, speed), trunk_connectors("2xMPO-12"), polish("400GBASE-DR4")
    require.profile.roce.lossless, require.profile.cmis.min_revision(rate), ...

A row that is not there is NoLimit, which a check turns into ERROR and never into a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeVar

from ..errors import NoLimit
from ..limit import Choice, Limits, Range
from ..units import Unit, plain, scientific
from ..verdict import Standing
from .profile import Approved, Bound, Profile
from .rows import (
    Asic,
    Bridge,
    Cable,
    CageRow,
    Connector,
    Family,
    FecCode,
    FecRule,
    Headroom,
    HostSystem,
    Interop,
    LaneRate,
    Maker,
    Nic,
    PauseBudget,
    Platform,
    Pmd,
    Polish,
)

T = TypeVar("T")

MONITORED: Final = frozenset({"tx_power_lane", "rx_power_lane"})
"""Quantities that a module's own monitor reads, no better than its accuracy."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """Everything a lab is held to, as of one instant.  Immutable, and may be sent to another process."""

    profile: Profile
    as_of: datetime
    files: tuple[str, ...]  # the profile and every table, for an archive
    pmds: Mapping[str, Pmd]
    aliases: Mapping[str, str]
    cables: Mapping[str, Cable]
    codes: Mapping[str, FecCode]
    rules: Mapping[str, FecRule]
    fec_words: Mapping[str, str]
    asics: Mapping[str, Asic]
    nics: Mapping[str, Nic]
    hosts: Mapping[str, HostSystem]
    makers: Mapping[str, Maker]
    platforms: Mapping[str, Platform]
    cages: Mapping[str, CageRow]
    power_classes: Mapping[str, tuple[Range, ...]]
    families: Mapping[str, Family]
    bridges: Mapping[str, Bridge]
    connectors: Mapping[str, Connector]
    polishes: Mapping[str, Polish]
    pauses: Mapping[str, PauseBudget]
    headrooms: Mapping[str, Headroom]
    known: dict[tuple[str, str, bool], Limits] = field(default_factory=dict, compare=False, repr=False)

    # --- optics ------------------------------------------------------------------------------------------------

    def limits(self, quantity: str, *, pmd: str) -> Limits:
        """The limits on a quantity of a PMD, or of a kind of cable: the standard's and the profile's, both judged.

        Optical power is taken to come from the module's own monitor, which may be wrong by its accuracy against the
        standard's limit; ``lab_limits`` is for what a laboratory measured.  NoLimit where the tables have no row.
        """
        return self.remembered(quantity, pmd, monitor=quantity in MONITORED)

    def lab_limits(self, quantity: str, *, pmd: str) -> Limits:
        """The limits on a quantity that a laboratory measured, with its stated uncertainty."""
        return self.remembered(quantity, pmd, monitor=False)

    def remembered(self, quantity: str, pmd: str, *, monitor: bool) -> Limits:
        key = (quantity, pmd, monitor)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Limits(self.ranges(quantity, pmd, monitor=monitor))
        return found

    def ranges(self, quantity: str, name: str, *, monitor: bool) -> tuple[Range, ...]:
        optics = self.profile.optics
        dom = self.profile.dom
        row = self.cables.get(name) or self.pmd(name)
        standard = row.limits.get(quantity)
        asked = [bound.range for bound in self.bounds_on(quantity, name)]
        if standard is None and not asked:
            held = ", ".join(sorted(row.limits)) or "none"
            raise NoLimit(f"no limit on {quantity} for {name} [{row.clause}]; the tables have {held}")
        guard, guarded = dom.guard if monitor else Decimal(0), False
        if not monitor and quantity != "pre_fec_ber":
            guard, guarded = optics.guard, optics.acceptance == "guarded"
        accuracy = dom.monitor_accuracy if monitor else Decimal(0)
        found = [] if standard is None else [replace(standard, accuracy=accuracy, guard=guard, guarded=guarded)]
        for limit in asked:
            said = looser(limit, standard) if standard is not None else ""
            note = " ".join(filter(None, (limit.note, said)))
            found.append(replace(limit, guard=guard, guarded=guarded, note=note))
        return tuple(found)

    def limited(self, quantity: str, *, pmd: str) -> bool:
        """Whether the standard or the profile has a limit on a quantity of a PMD, or of a kind of cable."""
        row = self.cables.get(pmd) or self.pmd(pmd)
        return quantity in row.limits or bool(self.bounds_on(quantity, pmd))

    def bounds_on(self, quantity: str, name: str) -> tuple[Bound, ...]:
        """What the profile asks of a quantity of a PMD, or of a kind of cable.

        Where the standard has no limit of its own only what names the PMD: TDECQ of every PMD is not that of copper.
        """
        row = self.cables.get(name) or self.pmd(name)
        return tuple(
            bound for bound in self.profile.bounds
            if bound.quantity == quantity and (quantity in row.limits or "*" not in bound.pmds)
            and (bound.governs(row) if isinstance(row, Pmd) else bound.covers(name))
        )  # fmt: skip

    def pmd(self, name: str) -> Pmd:
        """The row of a PMD, by its own name or one that the trade gives it."""
        return lookup(self.pmds, self.aliases.get(name, name), "PMD")

    def pmd_of(self, media_type: int, media_id: int) -> str | None:
        """The PMD of an application descriptor's media interface code; None where the tables have none.

        ``media_type`` is the module media type: 1 multimode, 2 single mode.
        """
        return next(
            (row.name for row in self.pmds.values() if row.media_type == media_type and media_id in row.media_ids), None
        )

    def pmd_of_host(self, host_id: int) -> str | None:
        """The PMD of a copper cable, which stands in the host interface code."""
        return next((row.name for row in self.pmds.values() if host_id in row.host_ids), None)

    def reach(self, pmd: str, fiber: str) -> Range:
        """How long the channel may be, in m, on a type of fiber; ``Cu`` on copper."""
        row = self.pmd(pmd)
        return self.on_fiber(row, row.reach, fiber, "reach")

    def insertion_loss(self, pmd: str, fiber: str) -> Range:
        """How much the channel may lose, in dB, on a type of fiber."""
        row = self.pmd(pmd)
        return self.on_fiber(row, row.insertion_loss, fiber, "insertion loss")

    def on_fiber(self, row: Pmd, held: Mapping[str, Range], fiber: str, what: str) -> Range:
        if fiber not in held:
            types = ", ".join(held) or "no fiber"
            raise NoLimit(f"no {what} of {row.name} on {fiber} [{row.clause}]; the tables have {types}")
        return held[fiber]

    def fiber_types(self, pmd: str) -> Choice[str]:
        """The types of fiber that a PMD runs on at all."""
        row = self.pmd(pmd)
        return Choice(frozenset(row.reach), f"{row.clause}, {row.fiber}", Standing.STRUCTURAL)

    def cable_reach(self, kind: str, lane_gbps: Decimal) -> Range:
        """How long a DAC, ACC, AEC or AOC may be, in m, at a nominal lane rate of 25, 50, 100 or 200."""
        row = lookup(self.cables, kind.upper(), "kind of cable")
        if lane_gbps not in row.reach:
            raise NoLimit(f"no reach of {row.name} at {plain(lane_gbps)} Gb/s a lane [{row.clause}]")
        return row.reach[lane_gbps]

    def interoperates(self, near: str, far: str, speed_gbps: Decimal) -> Interop | None:
        """Why a link of this speed may have these two optics at its ends; None where the tables know no reason."""
        if near in self.cables or far in self.cables:
            clause = "two ends of one cable assembly"
            return Interop(clause, Standing.STRUCTURAL, near) if near == far else None
        one, other = self.pmd(near), self.pmd(far)
        if one is other and speed_gbps in (one.rate_gbps, one.rate_gbps / one.links):
            return Interop(f"{one.clause}, the same PMD at both ends", Standing.STRUCTURAL, one.name)
        homes = [(a, b) for a in self.home(one.name, speed_gbps) for b in self.home(other.name, speed_gbps)]
        for here, there in homes:
            if here is there:
                return Interop(here.clause, here.standing, shorter(one, other), here.note)
        for here, there in homes:
            for bridge in self.bridges.values():
                if bridge.families == {here.name, there.name}:
                    return Interop(bridge.clause, bridge.standing, shorter(one, other), bridge.note)
        return None

    def home(self, pmd: str, speed_gbps: Decimal) -> tuple[Family, ...]:
        """The families in which a PMD offers links of this speed."""
        return tuple(family for family in self.families.values() if speed_gbps in family.members.get(pmd, ()))

    # --- connectors --------------------------------------------------------------------------------------------

    def connector_names(self, code: int) -> frozenset[str]:
        """What a module that reports this SFF-8024 connector code may have; empty where the tables do not know it."""
        return frozenset(row.name for row in self.connectors.values() if code in row.codes)

    def trunk_connectors(self, optic: str) -> Choice[str]:
        """The trunk connectors that plug into an optic's: a limit on what the trunk offers."""
        row = lookup(self.connectors, optic, "connector")
        return Choice(row.trunks, row.clause, row.standing, advice=f"nothing else plugs into {optic}")

    def connector_fits(self, optic: str, trunk: str) -> bool:
        """Whether a trunk's connector plugs into an optic's."""
        return trunk in lookup(self.connectors, optic, "connector").trunks

    def pmd_connectors(self, pmd: str) -> Choice[str]:
        """The trunk connectors that plug into some optic of a PMD."""
        row = self.pmd(pmd)
        ends = [lookup(self.connectors, name, "connector") for name in row.connectors]
        if not ends:
            raise NoLimit(f"{row.name} has no connector [{row.clause}]")
        trunks = frozenset[str]().union(*(end.trunks for end in ends))
        return Choice(trunks, f"{row.clause}, {' or '.join(row.connectors)}", weakest(end.standing for end in ends))

    def polish(self, pmd: str, connector: str = "") -> Choice[str]:
        """The end face that a trunk's connector has to have; ``connector`` where the trunk's is known."""
        row = self.pmd(pmd)
        names = {connector} if connector else set(row.connectors)
        found = [
            held
            for held in self.polishes.values()
            if held.fiber == row.fiber
            and names & held.connectors
            and (not held.lane_gbps or row.lane_gbps in held.lane_gbps)
        ]
        if not found:
            raise NoLimit(f"no polish for {row.name} with {' or '.join(sorted(names)) or 'no connector'}")
        allowed = frozenset[str]().union(*(held.polish for held in found))
        return Choice(allowed, found[0].clause, weakest(held.standing for held in found))

    # --- forward error correction ------------------------------------------------------------------------------

    def fec(self, speed_gbps: Decimal, lanes: int, pmd: str | None = None) -> FecRule:
        """The code that a rate on so many host lanes requires; a PMD may require another than the rate alone does."""
        fitting = [rule for rule in self.rules.values() if rule.speed_gbps == speed_gbps and rule.lanes == lanes]
        name = self.aliases.get(pmd, pmd) if pmd else ""
        for rule in sorted(fitting, key=lambda rule: not rule.pmds):
            if not rule.pmds or name in rule.pmds:
                return rule
        raise NoLimit(f"no FEC rule for {plain(speed_gbps)} Gb/s on {lanes} lane{'s' if lanes != 1 else ''}")

    def fec_code(self, word: str, speed_gbps: Decimal, lanes: int) -> str | None:
        """The code that a NOS means by a word, at a rate on so many lanes; None where the word does not say.

        A Reed-Solomon code at 100 Gb/s on one lane may follow clause 91 or 161, which do not interoperate: then both
        are named, ``RS(544,514) clause 91 or 161``.
        """
        means = self.fec_words.get(" ".join(word.split()).casefold(), "")
        if means in ("", "negotiated"):
            return None
        rule = next(
            (r for r in self.rules.values() if not r.pmds and r.speed_gbps == speed_gbps and r.lanes == lanes), None
        )
        if means == "required by the rate":
            return rule.code if rule and rule.code.startswith("RS") else None
        if rule and rule.parameters.name == means:
            return rule.code
        return means

    def fec_peers(self, code: str) -> Choice[str]:
        """The codes that a peer may be running if it runs this one: a limit on the far end."""
        every = {code}.union(*(rule.allowed for rule in self.rules.values()))
        same = frozenset(other for other in every if one_code(code, other))
        return Choice(same, "both ends run one code", Standing.STRUCTURAL)

    # --- hosts -------------------------------------------------------------------------------------------------

    def asic(self, name: str) -> Asic:
        return lookup(self.asics, name, "ASIC")

    def nic(self, name: str) -> Nic:
        return lookup(self.nics, name, "NIC")

    def host_system(self, name: str) -> HostSystem:
        """A host with accelerators, by the name that it is sold under or another of its names."""
        also = next((row.name for row in self.hosts.values() if name in row.also), name)
        return lookup(self.hosts, also, "host system")

    def maker_of(self, oui: str) -> Maker | None:
        """Who an IEEE company identifier is registered to; None where no table knows it."""
        return next((maker for maker in self.makers.values() if oui.casefold() in maker.ouis), None)

    def maker_named(self, vendor: str) -> Maker | None:
        """The maker that goes by a vendor name; None where no table knows it."""
        return next((maker for maker in self.makers.values() if maker.calls_itself(vendor)), None)

    def platform(self, name: str) -> Platform:
        return lookup(self.platforms, name, "platform")

    def cage(self, form_factor: str) -> CageRow:
        return lookup(self.cages, form_factor, "cage")

    def cage_accepts(self, form_factor: str) -> Choice[str]:
        """The form factors that go into a cage."""
        row = self.cage(form_factor)
        return Choice(row.accepts, row.clause, row.standing, advice=row.advice)

    def platform_cage(self, platform: str) -> str:
        """The cage of a platform's front ports.  NoLimit where no source gave it: then the lab file has to."""
        row = self.platform(platform)
        if not row.cage:
            raise NoLimit(f"no cage for {platform} [{row.clause}]; declare the form factor in the lab file")
        return row.cage

    def lane_rates(self, serdes_gbps: Decimal) -> Choice[LaneRate]:
        """What a SerDes of this rate drives, all ASICs that have it together."""
        rows = [row for row in self.asics.values() if row.serdes_gbps == serdes_gbps]
        if not rows:
            raise NoLimit(f"no ASIC with a SerDes of {plain(serdes_gbps)} Gb/s")
        rates = frozenset[LaneRate]().union(*(row.lane_rates.allowed for row in rows))
        return Choice(rates, f"SerDes of {plain(serdes_gbps)} Gb/s", weakest(row.standing for row in rows))

    def power_class(self, form_factor: str, number: int) -> Range:
        """What a module of this class, counted from 1, may draw, in W."""
        held = lookup(self.power_classes, form_factor, "power class of")
        if not 1 <= number <= len(held):
            raise NoLimit(f"no power class {number} of {form_factor}")
        return held[number - 1]

    def approved(self, platform: str, vendor: str, number: str) -> tuple[Approved, ...]:
        """The profile's entries for a module on a platform, expired ones included."""
        return tuple(entry for entry in self.profile.approved if entry.covers(platform, vendor, number))

    # --- lossless Ethernet -------------------------------------------------------------------------------------

    def pause_budget(self, speed_gbps: Decimal) -> PauseBudget:
        """How long a peer may take to heed a pause."""
        for row in self.pauses.values():
            if row.speed_gbps == speed_gbps:
                return row
        raise NoLimit(f"no pause budget at {plain(speed_gbps)} Gb/s")

    def shipped_headroom(self, platform: str, speed_gbps: Decimal, cable_m: Decimal) -> Range | None:
        """The headroom that a platform ships with for the next longer cable, in bytes; None where no table has it."""
        for row in self.headrooms.values():
            if platform in row.platforms and row.speed_gbps == speed_gbps:
                longer = sorted(length for length in row.bytes if length >= cable_m)
                if longer:
                    clause = f"{row.clause}, {plain(speed_gbps)}G at {plain(longer[0])} m"
                    return Range(min=row.bytes[longer[0]], unit=Unit.BYTES, clause=clause, standing=row.standing)
        return None


def lookup(table: Mapping[str, T], name: str, what: str) -> T:
    found = table.get(name)
    if found is None:
        raise NoLimit(f"no {what} {name!r} in the tables")
    return found


def one_code(near: str, far: str) -> bool:
    """Whether two names may be of one code: the same, where a name without clause stands for each of them."""
    (code, mine), (other, its) = split(near), split(far)
    return code == other and (not mine or not its or bool(mine & its))


def split(code: str) -> tuple[str, frozenset[str]]:
    """A code and the clauses that its name leaves open: ``RS(544,514) clause 91 or 161``."""
    name, _, clauses = code.partition(" clause ")
    return name, frozenset(clauses.split(" or ")) if clauses else frozenset()


ORDER: Final = (
    Standing.STRUCTURAL, Standing.CITED, Standing.DATASHEET, Standing.OPERATOR, Standing.BUYER, Standing.RECALLED,
    Standing.DRAFT, Standing.ADVISORY,
)  # fmt: skip


def weakest(standings: Iterable[Standing]) -> Standing:
    return max(standings, key=ORDER.index)


def shorter(one: Pmd, other: Pmd) -> str:
    """Which of two PMDs reaches less far."""
    return min((one, other), key=furthest).name


def furthest(row: Pmd) -> Decimal:
    return max((limit.max for limit in row.reach.values() if limit.max is not None), default=Decimal(0))


def looser(asked: Range, standard: Range) -> str:
    """What a report says where the profile asks less than the standard does."""
    said = []
    if asked.max is not None and standard.max is not None and asked.max > standard.max:
        said.append((asked.max, standard.max))
    if asked.min is not None and standard.min is not None and asked.min < standard.min:
        said.append((asked.min, standard.min))
    unit = f" {asked.unit}" if asked.unit else ""
    return "; ".join(
        f"profile is looser: {scientific(mine)}{unit} against {scientific(its)}{unit}" for mine, its in said
    )
