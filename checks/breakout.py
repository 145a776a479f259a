"""Breakout: modes, lanes and the applications that carry them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest
from typing import Final, TypeVar

from harness import (
    Absence,
    ActiveCable,
    Cage,
    Choice,
    CopperModule,
    Finding,
    Findings,
    Link,
    Missing,
    Part,
    Port,
    Range,
    Reading,
    Requirements,
    Standing,
    SwitchCage,
    Unit,
    Unknown,
    Value,
    check,
    children,
    combined,
    counted,
    declared,
    derive,
    finite,
    holding,
    not_applicable,
    offering,
    one_of,
    plain,
    rate_on,
    same_as,
    shut,
    without_cmis,
)
from harness.applies import without_registers
from harness.decode import codes
from harness.requirements.rows import Pmd

T = TypeVar("T")

BUYER: Final = Standing.BUYER
CABLES: Final = frozenset({"dac", "acc", "aec", "aoc"})
MEDIA_TYPES: Final = {"dac": "passive copper", "acc": "active cable", "aec": "active cable", "aoc": "active cable"}
TYPES: Final = {3: "passive copper", 4: "active cable"}
"""CMIS media types of cable assemblies."""
NO_CONNECTOR: Final = 0x23
"""SFF-8024 table 4-3: no separable connector, which an assembly of cable and modules has."""


@check("BRK-01 breakout.mode", tags=("acceptance",))
def mode(cage: SwitchCage, require: Requirements) -> Findings:
    """The configured breakout mode is the planned one, and one that the platform offers on that cage."""
    configured = derive(cage.mode, plain)
    planned = one_of(plain(cage.plan.mode), clause=f"planned at {cage.plan.at}", standing=Standing.BUYER)
    yield planned.judge(configured, at="configured mode")
    clause = "modes of the platform on this cage"
    if isinstance(cage.modes, Missing):
        yield Unknown(cage.modes, clause).judge(configured, at="mode offered")
    else:
        offered = frozenset(map(plain, cage.modes.value))
        limit = Choice(offered, f"{clause}; {cage.modes.source}", cage.modes_standing)
        yield limit.judge(configured, at="mode offered")


@check("BRK-02 breakout.lanes", tags=("acceptance",))
def lanes(cage: SwitchCage, require: Requirements) -> Findings:
    """The children's lanes cover the cage without overlap, in the order that the mode defines."""
    clause = f"lanes of mode {cage.plan.mode} on {cage.host_lanes}"
    laid_out = children(cage.plan.mode, cage.host_lanes)
    for child, port in zip_longest(laid_out, cage.ports):
        if port is None:
            gone = Missing(Absence.NOT_DECLARED, cage.plan.at, f"the mode has {len(laid_out)} children")
            yield one_of(child.lanes, clause=clause).judge(gone, at=f"{cage} child of lanes {child.lanes}")
            continue
        expected = child.lanes if child else ()
        yield one_of(expected, clause=clause).judge(Reading(port.host_lanes, port.plan.at), at=f"lanes of {port}")
        yield one_of(len(expected), clause=clause).judge(port.seen.lanes, at=f"number of lanes that {port} runs")


@check("BRK-03 breakout.applications", tags=("acceptance",))
def applications(cage: SwitchCage, require: Requirements) -> Findings:
    """For each child the module advertises an application that may start on the child's first host lane."""
    if ended := without_cmis(cage.module):
        yield ended
        return
    for port in cage.ports:
        starts = derive(offering(port), lambda found: frozenset(lane for a in found for lane in a.starts))
        limit = holding(
            port.host_lanes[0],
            clause="OIF-CMIS 6.2.1.4, host lane assignment options",
            advice=f"no application of {rate_on(port.plan.speed_gbps, len(port.host_lanes))} may start there",
        )
        yield limit.judge(starts, at=f"first lanes open to {port}")


@check("BRK-04 breakout.far-ends", tags=("acceptance",))
def far_ends(link: Link, require: Requirements) -> Findings:
    """Each child of a broken-out cage reaches its planned far port, as LLDP shows it."""
    near, far = link.ends
    split = [(end, other) for end, other in ((near, far), (far, near)) if len(end.cage.ports) > 1]
    if not split:
        whole = Reading(f"{near.cage.mode} and {far.cage.mode}", link.plan.at)
        yield not_applicable(whole, because="neither end is the child of a broken-out cage", at="modes")
    for child, other in split:
        if ended := shut(child):
            yield ended
            continue
        lanes = ",".join(map(str, child.host_lanes))
        planned = one_of(str(other), clause=f"planned at {link.plan.at}", standing=Standing.BUYER)
        told, named = child.seen.neighbour, other.seen.neighbour
        if isinstance(told, Missing) and isinstance(named, Reading):
            planned = one_of(str(child), clause=planned.clause, standing=planned.standing)
            yield planned.judge(named, at=f"{child}, lanes {lanes}, as {other} sees it")
        else:
            yield planned.judge(told, at=f"{child}, lanes {lanes}")


@check("BRK-05 breakout.alike", tags=("acceptance",))
def alike(cage: SwitchCage, require: Requirements) -> Findings:
    """Children that are planned alike have the same speed, FEC, MTU and admin state."""
    if len(cage.ports) < 2:
        whole = Reading(cage.plan.mode, cage.plan.at)
        yield not_applicable(whole, because="the cage is not broken out", at="mode")
        return
    for port in cage.ports:
        if ended := shut(port):
            yield ended
    up = tuple(port for port in cage.ports if port.plan.up)
    yield from equal(cage.ports, "admin state", lambda p: p.plan.up, lambda p: p.seen.admin)
    yield from equal(up, "speed", lambda p: p.plan.speed_gbps, lambda p: finite(p.seen.speed))
    yield from equal(up, "FEC", lambda p: (p.plan.fec, p.plan.speed_gbps), lambda p: p.seen.fec_configured)
    yield from equal(up, "FEC that runs", lambda p: (p.plan.fec, p.plan.speed_gbps), lambda p: p.seen.fec_operational)
    yield from equal(up, "MTU", lambda p: p.plan.mtu, lambda p: finite(p.seen.mtu))


def equal(
    ports: Sequence[Port], what: str, planned: Callable[[Port], object], seen: Callable[[Port], Value[object]]
) -> Iterator[Finding]:
    """Whether ports that are planned alike are alike: each is held against the first of its kind."""
    firsts: dict[object, Port] = {}
    for port in ports:
        first = firsts.setdefault(planned(port), port)
        if first is not port:
            limit = same_as(seen(first), clause=f"{what} as on {first}, planned alike", standing=Standing.BUYER)
            yield limit.judge(seen(port), at=f"{port}, {what}")
    for port in firsts.values():
        if sum(planned(one) == planned(port) for one in ports) == 1:
            alone = Reading("one port", port.plan.at)
            yield not_applicable(alone, because="no other child is planned alike", at=f"{port}, {what}")


@check("BRK-06 breakout.cables", tags=("acceptance",))
def cables(part: Part, require: Requirements) -> Findings:
    """Breakout cables have the type, ends, far-end configuration, connector and number that the plan needs."""
    plan = part.plan
    split = [cage for cage in part.cages if len(cage.ports) > 1]
    if plan.kind not in CABLES or not (split or (plan.ends or 1) > 1):
        other = Reading(plan.kind, plan.at)
        yield not_applicable(other, because="the part is no cable that breaks a cage out", at="kind")
        return
    needed = Range(
        min=Decimal(part.needed), unit=Unit.COUNT, clause="cables that the topology needs", standing=Standing.BUYER
    )
    yield needed.judge(counted(declared(plan.quantity, plan.at), Unit.COUNT), at="number ordered")
    if plan.connector is not None:
        none = one_of(named(NO_CONNECTOR), clause="SFF-8024 table 4-3, of a cable assembly", standing=Standing.CITED)
        yield none.judge(Reading(plan.connector.casefold(), plan.at), at="connector by the record")
    if not part.cages:
        yield not_applicable(Reading("no cage", plan.at), because="the lab plans the part for no cage", at="cages")
    for cage in part.cages:
        yield from cable_end(part, cage, require)


def cable_end(part: Part, cage: Cage, require: Requirements) -> Iterator[Finding]:
    """What one end of a breakout cable is, against the record and the cage that it is planned for."""
    seen, plan = cage.module.seen, part.plan
    expected = cage.plan.module
    form = declared(expected.form_factor if expected else None, expected.at if expected else plan.at)
    if isinstance(cage.form_factor, Missing):
        yield Unknown(cage.form_factor, "form factor of the cage").judge(form, at=f"{cage}: end")
    else:
        yield require.cage_accepts(cage.form_factor.value).judge(form, at=f"{cage}: end")
    if isinstance(form, Reading):
        recorded = one_of(form.value, clause=f"form factor of this end by the record, {form.source}", standing=BUYER)
        yield recorded.judge(cage.module.form_factor, at=f"{cage}: form factor")
    if len(cage.ports) > 1 and plan.ends is not None:
        ends = one_of(len(cage.ports), clause=f"children of {cage}, planned at {cage.plan.at}")
        yield ends.judge(Reading(plan.ends, plan.at), at=f"{cage}: far ends by the record")
    if ended := without_registers(cage.module) or without_cmis(cage.module):
        yield ended
        return
    kind = one_of(MEDIA_TYPES[plan.kind], clause="OIF-CMIS 8.2, media type", standing=Standing.CITED)
    yield kind.judge(derive(seen.media_type, lambda code: TYPES.get(code, f"media type {code}")), at=f"{cage}: type")
    none = one_of(named(NO_CONNECTOR), clause="SFF-8024 table 4-3, of a cable assembly", standing=Standing.CITED)
    yield none.judge(derive(seen.connector, named), at=f"{cage}: connector")
    if len(cage.ports) > 1:
        lanes = tuple(port.host_lanes for port in cage.ports)
        groups = one_of(lanes, clause=f"lanes of the children, planned at {cage.plan.at}", standing=Standing.BUYER)
        yield groups.judge(seen.far_ends, at=f"{cage}: lanes of each far end")


def named(code: int) -> str:
    """A connector by its name in SFF-8024."""
    known = codes.connector(code)
    return known.name.casefold() if known else f"connector {code:02X}h"


@check("BRK-07 breakout.rates", tags=("acceptance",))
def rates(link: Link, require: Requirements) -> Findings:
    """Both ends of a link run one rate, on as many media lanes of one lane rate."""
    near, far = link.ends
    for end in link.ends:
        if ended := shut(end):
            yield ended
    if not all(end.plan.up for end in link.ends):
        return
    rate = same_as(finite(near.seen.speed), clause=f"rate of {near}")
    yield rate.judge(finite(far.seen.speed), at=f"rate of {far}")
    if isinstance(near.module, ActiveCable) and isinstance(far.module, ActiveCable):
        kind = Reading(near.module.pmd, near.module.cage.at)
        yield not_applicable(kind, because="the ends of an active cable convert between lanes", at="lanes")
        return
    for end in link.ends:
        if not isinstance(end.module, CopperModule):
            runs = same_as(finite(end.seen.speed), clause=f"rate of {end}")
            yield runs.judge(rate_of_media(end, require), at=f"rate of the application that is active on {end}")
    lanes = same_as(laid_out(near, require), clause=f"media lanes of {near}")
    yield lanes.judge(laid_out(far, require), at=f"media lanes of {far}")


def laid_out(port: Port, require: Requirements) -> Value[str]:
    """The media lanes of a port: of the PMD that is active, or of a passive cable the lanes that the host runs."""
    if isinstance(port.module, CopperModule):
        return combined(finite(port.seen.speed), port.seen.lanes, rate_on, of="speed and lanes")
    return of_media(port, require, lambda row: f"{rate_on(row.rate_gbps, row.media_lanes)}, {row.modulation}")


def rate_of_media(port: Port, require: Requirements) -> Value[Decimal]:
    """The rate of the PMD that is active on a port's lanes."""
    rate = of_media(port, require, lambda row: row.rate_gbps)
    return replace(rate, unit=Unit.GBPS) if isinstance(rate, Reading) else rate


def of_media(port: Port, require: Requirements, into: Callable[[Pmd], T]) -> Value[T]:
    """Something of the PMD that is active on a port's lanes."""
    media = port.media
    if isinstance(media, Missing):
        return media
    row = require.pmds.get(require.aliases.get(media.value, media.value))
    if row is None:
        return Missing(Absence.RESERVED, media.source, f"{media.value} is no PMD of the tables")
    return Reading(into(row), media.source)
