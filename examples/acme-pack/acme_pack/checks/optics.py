"""Lasers that are not driven to their end, and cables that are not bent to fit."""

from __future__ import annotations

from harness import CableLink, Findings, OpticalPort, Requirements, Standing, at_most, check, not_applicable, shut
from harness.reading import Reading
from harness.units import Unit

CABLE = "ACME-DAC"
"""The row of ACME's own table."""


@check("ACME-01 acme.bias-reserve", tags=("acceptance",))
def bias_reserve(port: OpticalPort, require: Requirements) -> Findings:
    """Every laser runs below its own high warning, so that it can still be driven harder as it ages."""
    if ended := shut(port.port):
        yield ended
        return
    warning = port.port.module.seen.thresholds["tx_bias_ma"].high_warning
    limit = at_most(warning, clause="ACME optics policy 7", standing=Standing.BUYER, strict=True, unit=Unit.MA)
    for lane in port.media_lanes:
        yield limit.judge(lane.tx_bias, at=lane)


@check("ACME-02 acme.short-copper", tags=("acceptance",))
def short_copper(link: CableLink, require: Requirements) -> Findings:
    """A passive cable is no longer than ACME lets it be, whatever the trade sells."""
    near = link.ends[0]
    part = near.module.plan
    if part is None or part.kind != "dac":
        kind = Reading(part.kind if part else "no part", link.plan.at)
        yield not_applicable(kind, because="the rule is about passive cables", at="kind of cable")
        return
    lane_gbps = near.plan.speed_gbps / len(near.host_lanes)
    yield require.cable_reach(CABLE, lane_gbps).judge(link.length, at=f"length of {part.part}")
