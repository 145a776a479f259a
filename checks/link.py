"""Topology and health of links."""

from __future__ import annotations

from harness import (
    Findings,
    Link,
    Missing,
    OpticalLink,
    Requirements,
    Standing,
    check,
    combined,
    finite,
    one_of,
    shut,
    together,
)


@check("LNK-01 link.up-as-planned", tags=("acceptance",))
def up_as_planned(link: Link, require: Requirements) -> Findings:
    """Both ends of the link are up, at the planned speed and number of lanes."""
    for port in link.ends:
        if ended := shut(port):
            yield ended
            continue
        planned = f"planned at {port.plan.at}"
        up = one_of("up", clause=planned, standing=Standing.BUYER)
        speed = one_of(port.plan.speed_gbps, clause=planned, standing=Standing.BUYER)
        lanes = one_of(len(port.host_lanes), clause=planned, standing=Standing.BUYER)
        yield up.judge(port.seen.oper, at=f"state of {port}")
        yield speed.judge(finite(port.seen.speed), at=f"speed in Gb/s of {port}")
        yield lanes.judge(port.seen.lanes, at=f"lanes of {port}")
    if not any(map(shut, link.ends)):
        yield together(link, require.profile.link.skew)


@check("LNK-02 link.neighbour", tags=("acceptance",))
def neighbour(link: Link, require: Requirements) -> Findings:
    """Each end sees the planned neighbour and port through LLDP."""
    near, far = link.ends
    for here, there in ((near, far), (far, near)):
        if ended := shut(here):
            yield ended
            continue
        planned = one_of(
            str(there),
            clause=f"planned at {link.plan.at}",
            standing=Standing.BUYER,
            advice=f"the other end of this cable belongs into {there}",
        )
        yield planned.judge(here.seen.neighbour, at=f"neighbour of {here}")


@check("LNK-03 link.optics-interoperate", tags=("acceptance",))
def optics_interoperate(link: OpticalLink, require: Requirements) -> Findings:
    """The optics at both ends run applications that interoperate at the speed of the link."""
    near, far = link.ends
    where = f"{near} and {far}"
    pair = combined(near.media, far.media, lambda a, b: f"{a} with {b}", of="PMDs of the active applications")
    if isinstance(near.media, Missing) or isinstance(far.media, Missing):
        yield one_of("PMDs that interoperate", clause="PMDs of both ends").judge(pair, at=where)
        return
    why = require.interoperates(near.media.value, far.media.value, near.plan.speed_gbps)
    if why is None:
        advice = f"no table knows that they interoperate at {near.plan.speed_gbps} Gb/s"
        yield one_of("PMDs that interoperate", clause="same PMD or same family", advice=advice).judge(pair, at=where)
    else:
        known = one_of(f"{near.media.value} with {far.media.value}", clause=why.clause, standing=why.standing)
        yield known.judge(pair, at=where)
