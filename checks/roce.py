"""Lossless transport for RoCEv2: PFC, ECN and what feeds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness import (
    Absence,
    Finding,
    Findings,
    Link,
    Missing,
    NicPort,
    Path,
    Port,
    Reading,
    Requirements,
    Source,
    Standing,
    SwitchPort,
    Unit,
    Value,
    at_most,
    check,
    derive,
    finite,
    not_applicable,
    one_of,
    same_as,
    together,
)
from harness.model import Queue


def lossy(port: Port) -> Finding | None:
    """What the lab file proves of a port that it does not ask to carry RoCE."""
    if port.plan.lossless:
        return None
    return not_applicable(
        Reading(False, port.plan.at), because="the lab asks for no lossless traffic here", at="lossless"
    )


@check("ROCE-01 roce.pfc-priorities", tags=("acceptance",))
def pfc_priorities(port: Port, require: Requirements) -> Findings:
    """PFC is on for the lossless priorities of the profile and for no other, and link-level pause is off."""
    roce = require.profile.roce
    if ended := lossy(port):
        yield ended
        return
    yield roce.no_drop.judge(port.seen.pfc_priorities, at="PFC priorities")
    pause = one_of(False, clause="IEEE Std 802.1Qbb, no PAUSE beside PFC on a port")
    yield without(port.seen.link_pause, at="link-level pause") or pause.judge(
        port.seen.link_pause, at="link-level pause"
    )


@check("ROCE-02 roce.pfc-both-ends", tags=("acceptance",))
def pfc_both_ends(link: Link, require: Requirements) -> Findings:
    """Both ends of a link have PFC on for the same priorities."""
    near, far = link.ends
    if ended := lossy(near) or lossy(far):
        yield ended
        return
    yield together(link, require.profile.link.skew)
    same = same_as(near.seen.pfc_priorities, clause="IEEE Std 802.1Qbb, both ends of a link")
    yield same.judge(far.seen.pfc_priorities, at=f"PFC priorities of {near} and {far}")


@check("ROCE-03 roce.maps-along-path", tags=("acceptance",))
def maps_along_path(path: Path, require: Requirements) -> Findings:
    """On every hop, NIC to NIC, packets are trusted by DSCP and take the profile's traffic class, group and queue."""
    roce = require.profile.roce
    for hop in path.hops:
        maps = hop.seen.maps
        yield roce.trust.judge(maps.trust, at=f"trust of {hop}")
        for name, asked, seen in (
            ("DSCP", roce.dscp_to_tc, maps.dscp_to_tc),
            ("traffic class to group,", roce.tc_to_pg, maps.tc_to_pg),
            ("traffic class to queue,", roce.tc_to_queue, maps.tc_to_queue),
        ):
            if ended := without(seen, at=f"{name} at {hop}"):
                yield ended
                continue
            for code, target in asked.items():
                clause = f"{roce.clause}, {name} {code}"
                limit = one_of(str(target), clause=clause, standing=roce.standing)
                yield limit.judge(mapped(seen, code), at=f"{name} {code} at {hop}")
    yield from alike([hop for hop in path.hops if isinstance(hop, SwitchPort)])


def without(seen: Value[object], *, at: str) -> Finding | None:
    """What a device proves by its configuration that has no such setting: there is nothing to judge, and no pass."""
    if isinstance(seen, Missing) and seen.why is Absence.NOT_ADVERTISED:
        return not_applicable(Reading("no such setting", seen.source), because=seen.detail or str(seen), at=at)
    return None


def mapped(seen: Value[Mapping[int, int]], code: int) -> Value[str]:
    """Where a map sends one code point."""
    return derive(seen, lambda table: str(table.get(code, "not mapped")), note=f"entry {code}")


def alike(hops: list[SwitchPort]) -> Iterator[Finding]:
    """Every switch port on a path maps every code point as the first one does that has such a map."""
    for name in ("dscp_to_tc", "tc_to_pg", "tc_to_queue"):
        first: tuple[SwitchPort, Value[Mapping[int, int]]] | None = None
        for hop in hops:
            seen: Value[Mapping[int, int]] = getattr(hop.seen.maps, name)
            if ended := without(seen, at=f"{name} at {hop}"):
                yield ended
            elif first is None:
                first = hop, seen
            else:
                same = same_as(derive(first[1], ordered), clause=f"{name} as at {first[0]}")
                yield same.judge(derive(seen, ordered), at=f"{name} at {hop}")


def ordered(table: Mapping[int, int]) -> str:
    return " ".join(f"{code}:{target}" for code, target in sorted(table.items()))


@check("ROCE-04 roce.ecn-before-pfc", tags=("acceptance",))
def ecn_before_pfc(port: SwitchPort, require: Requirements) -> Findings:
    """The lossless queues mark ECN, within the profile's thresholds, before they have to pause the sender."""
    if ended := lossy(port):
        yield ended
        return
    for priority in sorted(require.profile.roce.lossless):
        yield from marking(port, priority, require)


def marking(port: SwitchPort, priority: int, require: Requirements) -> Iterator[Finding]:
    roce = require.profile.roce
    queue = port.seen.queues.get(priority) or unseen(port, priority)
    where = f"queue {priority}"
    on = one_of(True, clause=f"{roce.clause}, ECN on lossless queues", standing=roce.standing)
    kmin, kmax = finite(queue.ecn_min), finite(queue.ecn_max)
    yield on.judge(queue.ecn, at=f"{where} ECN")
    yield roce.ecn_min.judge(kmin, at=f"{where} Kmin")
    yield roce.ecn_max.judge(kmax, at=f"{where} Kmax")
    yield at_most(kmax, clause="ECN marks over a slope", strict=True, unit=Unit.BYTES).judge(
        kmin, at=f"{where} Kmin under Kmax"
    )
    yield roce.mark_probability.judge(queue.mark_probability, at=f"{where} Pmax")
    before_pause = at_most(
        finite(queue.pause_threshold),
        clause="ECN before PFC; the pause threshold is computed",
        standing=Standing.ADVISORY,
        strict=True,
        unit=Unit.BYTES,
    )
    yield before_pause.judge(kmax, at=f"{where} Kmax under the pause threshold")


def unseen(port: SwitchPort, priority: int) -> Queue:
    gone = Missing(Absence.NOT_RECORDED, Source(str(port), f"queue {priority}"), "nothing is on record of this queue")
    return Queue(priority, gone, gone, gone, gone, gone, gone)


@check("ROCE-07 roce.mtu-along-path", tags=("acceptance",))
def mtu_along_path(path: Path, require: Requirements) -> Findings:
    """The MTU is large enough on every hop, the same on all switches and on both hosts, and no host sends larger."""
    roce = require.profile.roce
    groups: dict[bool, list[Port]] = {True: [], False: []}
    for hop in path.hops:
        groups[isinstance(hop, NicPort)].append(hop)
        limit = roce.mtu_host if isinstance(hop, NicPort) else roce.mtu_switch
        yield limit.judge(hop.seen.mtu, at=f"MTU of {hop}")
    for hops in groups.values():
        for hop in hops[1:]:
            same = same_as(finite(hops[0].seen.mtu), clause=f"MTU as at {hops[0]}")
            yield same.judge(finite(hop.seen.mtu), at=f"MTU of {hop}")
    for host in groups[True]:
        for switch in groups[False][:1]:
            fits = at_most(finite(switch.seen.mtu), clause=f"MTU of {switch}", unit=Unit.BYTES)
            yield fits.judge(host.seen.mtu, at=f"MTU of {host} within the switches'")
