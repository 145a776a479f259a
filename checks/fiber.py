"""Fiber plant and cable assemblies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from harness import (
    Absence,
    CableLink,
    Finding,
    Findings,
    Link,
    MediaLane,
    Missing,
    OpticalLink,
    OpticalPort,
    Outcome,
    Reading,
    Requirements,
    Source,
    Unit,
    Unknown,
    Value,
    check,
    declared,
    derive,
    difference,
    light,
    shut,
)
from harness.limit import Holds


@check("FIB-01 fiber.type-and-length", tags=("acceptance",))
def type_and_length(link: Link, require: Requirements) -> Findings:
    """The fiber is of a type that the PMD of each end runs on, and it or the cable is no longer than it may be."""
    if isinstance(link, OpticalLink):
        for optic in link.optics:
            yield from on_fiber(link, optic, require)
    elif isinstance(link, CableLink):
        yield cable(link, require)


def on_fiber(link: OpticalLink, optic: OpticalPort, require: Requirements) -> Iterator[Finding]:
    fiber = link.fiber
    types = require.fiber_types(optic.pmd)
    length = declared(fiber.length_m, fiber.at, unit=Unit.METRE)
    yield types.judge(Reading(fiber.type, fiber.at), at=f"fiber type for {optic.pmd} at {optic}")
    if fiber.type in types.allowed:
        yield require.reach(optic.pmd, fiber.type).judge(length, at=f"length for {optic.pmd} at {optic}")


def cable(link: CableLink, require: Requirements) -> Finding:
    """A cable of a named copper PMD is held to that PMD's reach, any other to that of its kind."""
    near = link.ends[0]
    plan = near.module.plan
    if plan is None:
        gone = Missing(Absence.NOT_DECLARED, link.plan.at, "no cable is declared in the cage")
        return Unknown(gone, "reach of the cable").judge(link.length, at="length")
    if plan.pmd in require.pmds:
        return require.reach(plan.pmd, "Cu").judge(link.length, at=f"length of a {plan.pmd} cable")
    lane_rate = near.plan.speed_gbps / len(near.host_lanes)
    return require.cable_reach(plan.kind, lane_rate).judge(link.length, at=f"length of a {plan.kind.upper()}")


@check("FIB-02 fiber.connectors", tags=("acceptance",))
def connectors(link: OpticalLink, require: Requirements) -> Findings:
    """The trunk's connectors and end faces fit the optics at both ends."""
    fiber = link.fiber
    for optic, trunk in zip(link.optics, fiber.connectors, strict=True):
        module = optic.port.module
        row = require.pmd(module.pmd)
        yield require.pmd_connectors(module.pmd).judge(Reading(trunk, fiber.at), at=f"trunk at {optic}")
        names = derive(module.seen.connector, require.connector_names)
        has = Holds(frozenset(row.connectors), f"{row.clause}, connectors of {row.name}")
        yield has.judge(names, at=f"connector of the module at {optic}")
        polish = require.polish(module.pmd, trunk)
        yield polish.judge(declared(fiber.polish, fiber.at), at=f"end face of the trunk at {optic}")


@check("FIB-04 fiber.loss", tags=("acceptance",))
def loss(link: OpticalLink, require: Requirements) -> Findings:
    """The loss, as measured and as the monitors of both ends show it, is within the channel's budget on every lane."""
    fiber = link.fiber
    near, far = link.optics
    types = require.fiber_types(near.pmd)
    if fiber.type not in types.allowed:
        yield types.judge(Reading(fiber.type, fiber.at), at=f"fiber type for {near.pmd}, which has a budget")
        return
    budget = require.insertion_loss(near.pmd, fiber.type)
    measured = declared(fiber.loss_db, fiber.at, unit=Unit.DB)
    if isinstance(measured, Reading):
        measured = replace(measured, uncertainty=fiber.loss_uncertainty_db)
    yield budget.judge(measured, at="measured loss")
    if ended := shut(near.port) or shut(far.port):
        yield ended
        return
    accuracy = require.profile.dom.monitor_accuracy
    seen = replace(budget, min=-accuracy, accuracy=accuracy)  # a channel does not amplify
    agree = require.profile.fiber.seen_against_measured
    for here, there in ((near, far), (far, near)):
        for sends, receives in zip_longest(here.media_lanes, there.media_lanes):
            where = f"{named(sends, here)} to {named(receives, there)}"
            sent = unless_dark(power(sends, here, "tx"), require)
            lost = difference(sent, power(receives, there, "rx"), of=f"loss of {where}")
            yield seen.judge(lost, at=where)
            apart = derive(difference(lost, measured, of="loss as seen less loss as measured"), abs, unit=Unit.DB)
            yield agree.judge(apart, at=f"{where}, as seen against as measured")


def named(lane: MediaLane | None, optic: OpticalPort) -> str:
    return f"{lane or 'no lane'} of {optic}"


def power(lane: MediaLane | None, optic: OpticalPort, side: str) -> Value[Decimal]:
    """What a lane sends or receives, in dBm."""
    if lane is None:
        return Missing(Absence.NOT_DECLARED, Source(str(optic)), "this end has fewer lanes than the other")
    return light(lane.tx_power if side == "tx" else lane.rx_power)


def unless_dark(sent: Value[Decimal], require: Requirements) -> Value[Decimal]:
    """What a lane sends; a dark lane shows no loss."""
    dark = require.profile.dom.dark.judge(sent)
    if isinstance(sent, Reading) and dark.outcome is not Outcome.PASS:
        return Missing(Absence.NOT_AVAILABLE, sent.source, "the transmitter is dark")
    return sent
