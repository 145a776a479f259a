"""Breakout: modes, lanes and the applications that carry them."""

from __future__ import annotations

from itertools import zip_longest

from harness import (
    Absence,
    Choice,
    Findings,
    Missing,
    Reading,
    Requirements,
    Standing,
    SwitchCage,
    Unknown,
    check,
    children,
    derive,
    holding,
    offering,
    one_of,
    plain,
    rate_on,
    without_cmis,
)


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
