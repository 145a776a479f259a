"""What a cage offers and what a module offers, and whether the two go together.

Of a cage the switch, the lab's own sources and the project's table tell, in this order; of a module its pages, or
before a purchase its data sheet, by the PMD that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from .breakout import Child, children, rate_on
from .decode.codes import Interface
from .decode.transceiver import Sff8472Transceiver, Sff8636Transceiver, Transceiver
from .errors import NoLimit
from .lab.inventory import CagePlan, DevicePlan, declared
from .lab.platforms import ports_of
from .limit import Choice
from .reading import Absence, Missing, Reading, Source, Value
from .requirements.lookup import Requirements
from .requirements.rows import CageGroup, LaneRate, Platform, Pmd
from .units import Unit, plain
from .verdict import Standing

TABLE = "platforms.toml"
SLOWEST = Decimal(10)
TELLING = frozenset({"sonic"})
"""Systems that tell the modes of a cage themselves: where they were not asked, the table does not stand in for them."""


def modes(
    told: Value[frozenset[str]], plan: CagePlan, device: DevicePlan, require: Requirements
) -> tuple[Value[frozenset[str]], Standing]:
    """The breakout modes that a cage offers, and how that is known.

    What the switch itself tells goes first; then what the lab's own sources tell, in their order; then, for a system
    that does not tell modes at all, the project's table.  Missing, as the switch left it, where none of them knows.
    """
    if isinstance(told, Reading):
        return told, Standing.STRUCTURAL
    if plan.facts is not None and isinstance(plan.facts.modes, Reading):
        return plan.facts.modes, plan.facts.standing
    row = None if device.nos in TELLING else row_of(device, require)
    if row is None:
        return told, Standing.STRUCTURAL
    group = row.group(plan.name)
    if group is not None and group.offers.allowed:
        return Reading(group.offers.allowed, source(row, group.clause)), group.standing
    known = ports_of(row.name, device.hwsku)
    socket = known.cages.get(plan.name) if known else None
    if socket is None or group is not None:
        return told, Standing.STRUCTURAL
    fitting = frozenset(mode for mode in row.offers.allowed if fits(mode, socket.lanes, Decimal(socket.lane_gbps)))
    if not fitting:
        return told, Standing.STRUCTURAL
    return Reading(fitting, source(row, row.offers.clause)), row.offers.standing


def fits(mode: str, lanes: int, lane_gbps: Decimal) -> bool:
    """Whether a mode, of some port of a platform, may be one of a cage with so many lanes."""
    rates = [child.speed_gbps / len(child.lanes) for child in children(mode, lanes)]
    return bool(rates) and all(SLOWEST <= rate <= lane_gbps for rate in rates)


def form_factor(plan: CagePlan, device: DevicePlan, require: Requirements) -> Value[str]:
    """What kind of cage it is: as the lab file says of the cage, else of the platform, else as the table says."""
    if plan.cage is not None:
        return Reading(plan.cage, plan.at)
    if plan.facts is not None and isinstance(plan.facts.form_factor, Reading):
        return plan.facts.form_factor
    if device.platform is None:
        return Missing(Absence.NOT_DECLARED, plan.at, "neither a cage nor a platform is declared")
    row = row_of(device, require)
    group = row.group(plan.name) if row is not None else None
    if group is not None and group.form_factor:
        return Reading(group.form_factor, Source(TABLE, device.platform))
    try:
        cage = require.platform_cage(device.platform)
    except NoLimit as unknown:
        return Missing(Absence.NOT_DECLARED, plan.at, str(unknown))
    return Reading(cage, Source(TABLE, device.platform))


def watts(plan: CagePlan, device: DevicePlan, require: Requirements) -> Value[Decimal]:
    """What a cage can give a module, in the same order."""
    if plan.watts is not None:
        return declared(plan.watts, plan.at, unit=Unit.WATT)
    if plan.facts is not None and isinstance(plan.facts.watts, Reading):
        return plan.facts.watts
    row = row_of(device, require)
    group: CageGroup | None = row.group(plan.name) if row is not None else None
    if row is not None and group is not None and group.watts is not None:
        return Reading(group.watts, source(row, group.clause), Unit.WATT)
    return declared(None, plan.at, unit=Unit.WATT)


def row_of(device: DevicePlan, require: Requirements) -> Platform | None:
    """The table's row of a device's platform; None where it has none."""
    return require.platforms.get(device.platform) if device.platform is not None else None


def source(row: Platform, clause: str) -> Source:
    return Source(TABLE, f"{row.name}, {clause}")


# --- modules ------------------------------------------------------------------------------------------------------

ADVERTISES_NOTHING = "advertises nothing of "


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a module can do on the host side: a rate on so many lanes, starting where."""

    gbps: Decimal
    lanes: int
    rate: LaneRate
    starts: tuple[int, ...]
    name: str

    def carries(self, child: Child) -> bool:
        return self.gbps == child.speed_gbps and self.lanes == len(child.lanes) and child.lanes[0] in self.starts


def offered(module: Transceiver) -> tuple[tuple[Offer, ...], str]:
    """What a module offers a host, and what there is to know about that."""
    applications = module.applications
    if isinstance(applications, Reading):
        known = [(application, application.host) for application in applications.value]
        offers = tuple(
            Offer(host.total_gbps, a.host_lanes, rate, a.starts, f"{host.name} on {a.host_lanes} lanes")
            for a, host in known
            if host is not None and host.total_gbps is not None and (rate := lane_rate(host)) is not None
        )
        unknown = sorted({str(a.host_id) for a, host in known if host is None or lane_rate(host) is None})
        return offers, f"host interfaces not in the tables: {', '.join(unknown)}" if unknown else ""
    return nominal(module)


def lane_rate(host: Interface) -> LaneRate | None:
    return LaneRate(host.gbd_per_lane, host.modulation) if host.gbd_per_lane is not None and host.modulation else None


NOMINAL = (
    (Decimal("26.5625"), "PAM4", Decimal(50)),
    (Decimal("25.78125"), "NRZ", Decimal(25)),
    (Decimal("10.3125"), "NRZ", Decimal(10)),
    (Decimal("1.25"), "NRZ", Decimal(1)),
)
NEAR = Decimal("0.04")  # registers round 10.3125 to 10.0 and 25.78125 to 25.75; 26.5 is nearer to 26.5625


def nominal(module: Transceiver) -> tuple[tuple[Offer, ...], str]:
    """Offers by the nominal signalling rate of a lane: all lanes together, and each lane by itself."""
    if isinstance(module, Sff8636Transceiver):
        first, more, lanes = module.page00.bit_rate_100_mbps, module.page00.bit_rate_250_mbps, 4
    elif isinstance(module, Sff8472Transceiver):
        first, more, lanes = module.a0.bit_rate_100_mbps, module.a0.bit_rate_250_mbps, 1
    else:
        return (), "nothing that it offers was read"
    beyond = isinstance(first, Reading) and first.value == 0xFF
    told = more if beyond else first
    if isinstance(told, Missing):
        return (), f"its signalling rate: {told}"
    gbd = told.value * (Decimal("0.25") if beyond else Decimal("0.1"))
    near = min(NOMINAL, key=lambda known: abs(known[0] - gbd))
    if abs(near[0] - gbd) > near[0] * NEAR:
        return (), f"its signalling rate is not told by {told.source}"
    lane, each = LaneRate(near[0], near[1]), near[2]
    note = f"no applications in this memory map: {plain(each)}G a lane by the nominal signalling rate, {told.source}"
    widths = {lanes: (1,), 1: tuple(range(1, lanes + 1))}
    return tuple(
        Offer(each * width, width, lane, starts, f"{plain(each * width)}G on {width} lane{'' if width == 1 else 's'}")
        for width, starts in widths.items()
    ), note


AUI = re.compile(r"(?:\d+x)?(\d+)GAUI(?:-(\d+))?")
LANE_RATES = {
    Decimal(25): LaneRate(Decimal("25.78125"), "NRZ"),
    Decimal(50): LaneRate(Decimal("26.5625"), "PAM4"),
    Decimal(100): LaneRate(Decimal("53.125"), "PAM4"),
    Decimal(200): LaneRate(Decimal("106.25"), "PAM4"),
}
"""What runs on an electrical lane of so many Gb/s of payload, by the Ethernet clauses that define the interfaces."""


def of_record(row: Pmd, lanes: int, require: Requirements) -> tuple[Offer, ...]:
    """What a data sheet that names a PMD lets expect on a cage of so many lanes.

    Of the PMD as a whole the interfaces of its row, or as many host lanes as media lanes where the row names none; of
    parts of it the rates at which its family links.
    """
    whole = [(Decimal(gbps), int(width)) for gbps, width in map(interface, row.host_interfaces) if width]
    each = row.rate_gbps / row.links
    widths = {(gbps, width) for gbps, width in whole} or {(each, row.media_lanes // row.links)}
    for home in require.families.values():
        for speed in home.members.get(row.name, ()):
            if speed and not row.media_lanes * speed % row.rate_gbps:
                widths.add((speed, int(row.media_lanes * speed / row.rate_gbps)))
    return tuple(
        Offer(gbps, width, rate, tuple(range(1, lanes + 1, width)), f"{rate_on(gbps, width)} by {row.name}")
        for gbps, width in sorted(widths, reverse=True)
        if 0 < width <= lanes and (rate := LANE_RATES.get(gbps / width)) is not None
    )


def interface(name: str) -> tuple[str, str]:
    """Rate and lanes of a link of ``2x400GAUI-4``; no lanes where the name has none."""
    found = AUI.fullmatch(name)
    return (found[1], found[2] or "") if found else ("0", "")


def possible(mode: str, lanes: int, offers: tuple[Offer, ...], rates: Choice[LaneRate]) -> tuple[str, ...]:
    """Why a mode is not possible; nothing where it is."""
    widest = max((offer.lanes + offer.starts[-1] - 1 for offer in offers if offer.starts), default=lanes)
    for width in sorted({lanes, min(lanes, widest)}, reverse=True):
        reasons = tuple(obstacles(children(mode, width), offers, rates))
        if not reasons:
            return ()
    return reasons


def together(reasons: Iterable[str]) -> tuple[str, ...]:
    """Reasons, each once and in order; what is not advertised is one of them."""
    once = sorted(set(reasons))
    lacking = [reason.removeprefix(ADVERTISES_NOTHING) for reason in once if reason.startswith(ADVERTISES_NOTHING)]
    others = (reason for reason in once if not reason.startswith(ADVERTISES_NOTHING))
    return (*((ADVERTISES_NOTHING + ", ".join(lacking),) if lacking else ()), *others)


def obstacles(ports: tuple[Child, ...], offers: tuple[Offer, ...], rates: Choice[LaneRate]) -> Iterator[str]:
    if not ports:
        yield "the mode is not understood"
    for child in ports:
        carrying = [offer for offer in offers if offer.carries(child)]
        if not carrying:
            yield f"{ADVERTISES_NOTHING}{child}"
            return
        if not any(offer.rate in rates.allowed for offer in carrying):
            yield f"{child}: {carrying[0].rate} is not driven by its SerDes"
            return
