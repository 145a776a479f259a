"""Lossless transport for RoCEv2: PFC, ECN and what feeds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from harness import (
    Absence,
    Device,
    Fabric,
    Finding,
    Findings,
    Host,
    Link,
    Missing,
    NicPort,
    Path,
    Port,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    SwitchPort,
    Unit,
    Unknown,
    Value,
    at_least,
    at_most,
    check,
    combined,
    derive,
    finite,
    holding,
    not_applicable,
    one_of,
    same_as,
    shut,
    together,
)
from harness.limit import not_asked
from harness.maths.headroom import Headroom, occupied
from harness.maths.headroom import headroom as reckoned
from harness.model import PauseCounts, Queue
from harness.reading import shown
from harness.units import plain

PRIORITIES: Final = frozenset(range(8))
NO_CELLS: Final = 1
"""Bytes of a cell where none are reckoned: a packet then takes what it is long."""


def lossy(port: Port) -> Finding | None:
    """What the lab file proves of a port that it does not ask to carry RoCE."""
    if port.plan.lossless:
        return None
    return not_applicable(
        Reading(False, port.plan.at), because="the lab asks for no lossless traffic here", at="lossless"
    )


def unasked(port: Port, require: Requirements) -> Finding | None:
    """The same, and what a profile proves that asks for no lossless Ethernet at all."""
    roce = require.profile.roce
    return lossy(port) or (None if roce.asked else not_asked(roce.clause, at="lossless"))


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
    yield from alike([hop for hop in path.hops if isinstance(hop, NicPort)])


def without(seen: Value[object], *, at: str) -> Finding | None:
    """What a device proves by its configuration that has no such setting: there is nothing to judge, and no pass."""
    if isinstance(seen, Missing) and seen.why is Absence.NOT_ADVERTISED:
        return not_applicable(Reading("no such setting", seen.source), because=seen.detail or str(seen), at=at)
    return None


def mapped(seen: Value[Mapping[int, int]], code: int) -> Value[str]:
    """Where a map sends one code point."""
    return derive(seen, lambda table: str(table.get(code, "not mapped")), note=f"entry {code}")


def alike(hops: Sequence[Port]) -> Iterator[Finding]:
    """Every port of a kind on a path maps every code point as the first one does that has such a map."""
    for name in ("dscp_to_tc", "tc_to_pg", "tc_to_queue"):
        first: tuple[Port, Value[Mapping[int, int]]] | None = None
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
    if ended := unasked(port, require):
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
        clause="ECN before PFC",
        standing=Standing.ADVISORY if computed(queue.pause_threshold) else Standing.STRUCTURAL,
        strict=True,
        unit=Unit.BYTES,
    )
    yield before_pause.judge(kmax, at=f"{where} Kmax under the pause threshold")


def computed(threshold: Value[Decimal]) -> bool:
    """Whether a level was reckoned from pool and alpha, as its source then says: it depends on what else is filled."""
    return isinstance(threshold, Reading) and "computed" in threshold.source.where


def unseen(port: Port, priority: int) -> Queue:
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


# --- headroom and the watchdog ------------------------------------------------------------------------------------


@check("ROCE-05 roce.headroom", tags=("acceptance",))
def headroom(port: Port, require: Requirements) -> Findings:
    """The headroom that is configured covers speed, cable length, MTU and peer response, as computed beside it."""
    if ended := shut(port) or unasked(port, require):
        yield ended
        return
    for priority in sorted(require.profile.roce.lossless):
        yield from covered(port, priority, require)


def covered(port: Port, priority: int, require: Requirements) -> Iterator[Finding]:
    """What the platform ships with where a table has it; else what is in flight, and, to be warned of, the model's."""
    configured, where = room(port, priority), f"headroom of priority {priority}"
    cell = cell_of(port, require)
    model = in_flight(port, cell or NO_CELLS, require)
    length = finite(port.length)
    if isinstance(length, Reading) and port.device.platform is not None:
        shipped = require.shipped_headroom(port.device.platform, port.plan.speed_gbps, length.value)
        if shipped is not None:
            yield replace(shipped, note=beside(model, cell)).judge(configured, at=where)
            return
    least = bound(in_flight(port, NO_CELLS, require), "PFC: MTU, cable there and back, and response of the peer")
    yield least.judge(configured, at=f"{where} against what is in flight")
    if cell:
        margin = require.profile.roce.headroom_margin
        clause = f"SONiC's buffer model, packets of 64 B alone in cells of {cell} B, margin {plain(margin)} %"
        whole = bound(model, clause, standing=Standing.ADVISORY, margin=margin)
        yield whole.judge(configured, at=f"{where} against the buffer model")


def room(port: Port, priority: int) -> Value[Decimal]:
    """The headroom of a priority; of a NIC, its receive buffer."""
    if isinstance(port, NicPort):
        buffers = port.seen.rdma.buffers
        if isinstance(buffers, Missing):
            return buffers
        if priority not in buffers.value:
            return Missing(Absence.NOT_AVAILABLE, buffers.source, f"no buffer serves priority {priority}")
        return derive(buffers, lambda held: held[priority], note=f"of priority {priority}", unit=Unit.BYTES)
    return (port.seen.queues.get(priority) or unseen(port, priority)).headroom


def cell_of(port: Port, require: Requirements) -> int:
    """Bytes of a cell of the buffer; 0 where no table has them."""
    device = port.device
    platform = require.platforms.get(device.platform or "")
    name = device.asic.value if device.asic is not None else platform.asic if platform is not None else ""
    asic = require.asics.get(name)
    return asic.cell_bytes if asic is not None else 0


def in_flight(port: Port, cell: int, require: Requirements) -> Value[Headroom]:
    """What arrives after a pause was sent, by the declared length and the MTU that was seen."""
    speed, quanta = port.plan.speed_gbps, require.pause_budget(port.plan.speed_gbps).quanta
    of = f"{plain(speed)} Gb/s, peer response of {quanta} quanta"
    return combined(
        finite(port.length), finite(port.seen.mtu), lambda m, mtu: reckoned(speed, m, mtu, quanta, cell), of=of
    )


def bound(
    needed: Value[Headroom], clause: str, *, standing: Standing = Standing.DATASHEET, margin: Decimal = Decimal(0)
) -> Range | Unknown:
    share = 1 + margin / 100
    return at_least(
        derive(needed, lambda parts: parts.needed * share, unit=Unit.BYTES),
        clause=clause,
        standing=standing,
        unit=Unit.BYTES,
    )


def beside(model: Value[Headroom], cell: int) -> str:
    """The computed headroom in words, where it does not judge."""
    if isinstance(model, Missing):
        return f"nothing is computed: {model}"
    parts = model.value
    occupancy = f"times {plain(round(occupied(cell, 100), 2))} for cells of {cell} B" if cell else "cells not known"
    return f"computed {plain(parts.needed)} B: {round(parts.cable)} B on the cable, {occupancy}"


@check("ROCE-06 roce.watchdog", tags=("acceptance",))
def watchdog(port: SwitchPort, require: Requirements) -> Findings:
    """The PFC watchdog is on, with its action and its times of detection and restoration as the profile asks."""
    roce = require.profile.roce
    if ended := shut(port) or unasked(port, require):
        yield ended
        return
    seen = port.seen.watchdog
    on = replace(one_of(True, clause=f"{roce.clause}, PFC watchdog", standing=roce.standing), asked=watched(require))
    yield on.judge(seen.on, at="watchdog")
    yield roce.watchdog_action.judge(seen.action, at="action")
    yield roce.watchdog_detect.judge(seen.detection_ms, at="detection")
    yield roce.watchdog_restore.judge(seen.restoration_ms, at="restoration")


def watched(require: Requirements) -> bool:
    """Whether the profile asks for a watchdog: for any property of one."""
    roce = require.profile.roce
    return roce.watchdog_action.asked or roce.watchdog_detect.asked or roce.watchdog_restore.asked


# --- hosts --------------------------------------------------------------------------------------------------------


def ports_of(device: Device) -> tuple[Port, ...]:
    return tuple(port for cage in device.cages for port in cage.ports)


@check("ROCE-08 roce.nic", tags=("acceptance",))
def nic(host: Host, require: Requirements) -> Findings:
    """NICs trust DSCP, speak RoCE v2, mark, send CNPs, heed DCQCN and PFC, and buffer as the profile asks."""
    if not ports_of(host):
        yield not_applicable(Reading("no port", host.plan.at), because="the lab declares no port of this host")
    for port in ports_of(host):
        if ended := unasked(port, require):
            yield replace(ended, at=f"{ended.at} of {port}")
        else:
            yield from set_up(port, require)


def set_up(port: Port, require: Requirements) -> Iterator[Finding]:
    roce, rdma = require.profile.roce, port.seen.rdma
    clause, standing = roce.clause, roce.standing
    yield roce.trust.judge(port.seen.maps.trust, at=f"trust of {port}")
    yield roce.no_drop.judge(port.seen.pfc_priorities, at=f"PFC priorities of {port}")
    yield roce.rdma_version.judge(rdma.version, at=f"version of RoCE of {port}")
    if roce.rdma_version.asked:
        versions = holding(*sorted(roce.rdma_version.allowed), clause=roce.rdma_version.clause, standing=standing)
        yield versions.judge(rdma.gids, at=f"GIDs of {port}")
    for name, asked, seen in (
        ("DSCP of RoCE", roce.dscp, rdma.dscp),
        ("DSCP of CNPs", roce.cnp_dscp, rdma.cnp_dscp),
        ("priority of CNPs", roce.cnp_priority, rdma.cnp_priority),
    ):
        yield one_of(asked, clause=f"{clause}, {name}", standing=standing).judge(seen, at=f"{name} of {port}")
    capable = one_of(True, clause="RFC 3168, packets that may be marked are ECN-capable", standing=standing)
    yield capable.judge(rdma.ecn_capable, at=f"ECN-capable packets of {port}")
    for priority in sorted(roce.lossless):
        if roce.dcqcn:
            heeds = holding(priority, clause=f"{clause}, DCQCN", standing=standing)
            yield heeds.judge(rdma.notifies, at=f"priorities on which {port} notifies")
            yield heeds.judge(rdma.reacts, at=f"priorities on which {port} reacts")
        yield roce.receive_buffer.judge(room(port, priority), at=f"receive buffer of priority {priority} of {port}")


# --- counters -----------------------------------------------------------------------------------------------------


@check("ROCE-09 roce.no-loss", tags=("acceptance",))
def no_loss(port: Port, require: Requirements) -> Findings:
    """Lossless queues drop nothing, the watchdog saw no storm, and the pause rate of the window is in its limit."""
    roce = require.profile.roce
    if ended := shut(port) or unasked(port, require):
        yield ended
        return
    since = replace(roce.drops, note=" ".join(filter(None, (roce.drops.note, "since the counters were cleared"))))
    for priority in sorted(roce.lossless):
        queue = port.seen.queues.get(priority) or unseen(port, priority)
        yield since.judge(count(queue.dropped), at=f"drops of queue {priority}")
        if isinstance(port, SwitchPort):
            yield roce.storms.judge(storms(port, priority), at=f"storms of queue {priority}")
        for way in ("received", "sent"):
            yield roce.pause_rate.judge(rate(port, way, priority), at=f"pauses {way} a second, priority {priority}")
    if isinstance(port, NicPort):
        kind = Reading(port.device.kind, port.device.at)
        yield not_applicable(kind, because="a NIC has no PFC watchdog that counts storms", at="storms")


def count(value: Value[Decimal]) -> Value[Decimal]:
    """A counter, which some systems' answers give no unit."""
    return replace(value, unit=Unit.COUNT) if isinstance(value, Reading) else value


def storms(port: Port, priority: int) -> Value[Decimal]:
    """Storms that the watchdog saw; where it does not run, or not on this queue, nobody counts them."""
    watch = port.seen.watchdog
    if isinstance(watch.storms, Missing):
        return watch.storms
    by = watch.storms.value
    seen = sum(by.values(), Decimal(0))
    if not seen and isinstance(watch.on, Missing):
        return watch.on
    if not seen and isinstance(watch.on, Reading) and not watch.on.value:
        return Missing(Absence.NOT_AVAILABLE, watch.on.source, "the watchdog is off: nothing counts storms")
    if by and priority not in by and not seen:
        return Missing(Absence.NOT_AVAILABLE, watch.storms.source, f"queue {priority} is not watched")
    return derive(watch.storms, lambda _: seen, note="all queues", unit=Unit.COUNT)


def frames(sample: PauseCounts, way: str, priority: int) -> Value[Decimal]:
    """PFC frames of a priority at one instant."""
    by: Value[Mapping[int, Decimal]] = getattr(sample, way)
    if isinstance(by, Missing):
        return by
    if priority not in by.value:
        return Missing(Absence.NOT_AVAILABLE, by.source, f"PFC frames of priority {priority} are not counted apart")
    return finite(derive(by, lambda held: held[priority], note=f"priority {priority}", unit=Unit.COUNT))


def in_all(sample: PauseCounts, way: str) -> Value[Decimal]:
    """PFC frames of all priorities together at one instant."""
    value: Value[Decimal] = getattr(sample, f"{way}_in_all")
    return count(finite(value))


def rate(port: Port, way: str, priority: int) -> Value[Decimal]:
    """PFC frames a second over the window; those of all priorities where a system counts them together."""
    samples = port.seen.pauses
    where = Source(str(port), f"PFC frames {way}")
    if len(samples) < 2:
        return Missing(Absence.NOT_RECORDED, where, f"a rate needs two samples, and there is {len(samples) or 'none'}")
    every = [frames(sample, way, priority) for sample in samples]
    together = [in_all(sample, way) for sample in samples]
    if any(isinstance(one, Missing) for one in every) and all(isinstance(one, Reading) for one in together):
        every = together  # of all samples: the count of one priority tells nothing beside that of all
    counts: list[Reading[Decimal]] = []
    for usable in every:
        if isinstance(usable, Missing):
            return usable
        counts.append(usable)
    first, last = samples[0].at, samples[-1].at
    if first is None or last is None:
        return Missing(Absence.NOT_AVAILABLE, where, "a sample has no time")
    seconds = Decimal(str((last - first).total_seconds()))
    if seconds <= 0:
        return Missing(Absence.NOT_AVAILABLE, where, "no time passed between the samples")
    if any(later.value < earlier.value for earlier, later in pairwise(counts)):
        return Missing(Absence.NOT_AVAILABLE, where, "the counter went back: cleared or wrapped between the samples")
    more = counts[-1].value - counts[0].value
    raw = f"{plain(more)} in {plain(seconds)} s"
    return Reading(more / seconds, Source(counts[-1].source.evidence, counts[-1].source.where, raw), Unit.COUNT)


@check("ROCE-11 roce.lossy-silent", tags=("acceptance",))
def lossy_silent(port: Port, require: Requirements) -> Findings:
    """Lossy queues send no PFC, and their peers send them none."""
    roce = require.profile.roce
    if not roce.asked:
        yield not_asked(roce.clause, at="PFC")
        return
    if ended := shut(port):
        yield ended
        return
    lossless = roce.lossless if port.plan.lossless else frozenset()
    priorities = sorted(PRIORITIES - lossless)
    none = Range(max=Decimal(0), unit=Unit.COUNT, clause="IEEE Std 802.1Qbb, PFC on lossless priorities alone")
    for way in ("sent", "received"):
        found = on_lossy(port, way, priorities)
        told = found.source.raw if isinstance(found, Reading) and found.value else ""
        yield replace(none, note=told).judge(found, at=f"PFC frames {way} on priorities {shown(tuple(priorities))}")


def on_lossy(port: Port, way: str, priorities: Sequence[int]) -> Value[Decimal]:
    """PFC frames of all these priorities, since the counters were cleared, by the last sample."""
    if not port.seen.pauses:
        return Missing(Absence.NOT_RECORDED, Source(str(port), f"PFC frames {way}"), "no sample is on record")
    last = port.seen.pauses[-1]
    together = in_all(last, way)
    found: dict[int, Reading[Decimal]] = {}
    for priority in priorities:
        one = frames(last, way, priority)
        if isinstance(one, Missing):
            silent = isinstance(together, Reading) and together.value == 0
            return derive(together, lambda none: none, note="all priorities", unit=Unit.COUNT) if silent else one
        found[priority] = one
    told = ", ".join(f"{plain(one.value)} on priority {priority}" for priority, one in found.items() if one.value)
    source = next(iter(found.values())).source
    every = sum((one.value for one in found.values()), Decimal(0))
    return Reading(every, Source(source.evidence, f"PFC frames {way}, last sample", told), Unit.COUNT)


# --- the fabric ---------------------------------------------------------------------------------------------------


@check("ROCE-10 roce.same-everywhere", tags=("acceptance",))
def same_everywhere(fabric: Fabric, require: Requirements) -> Findings:
    """Lossless Ethernet is configured the same on all devices of a kind and role; drift is listed by device."""
    groups: dict[str, list[Port]] = {}
    for device in fabric.devices:
        for port in ports_of(device):
            if port.plan.lossless and port.plan.up:
                name = f"{device.plan.role} ports of {plain(port.plan.speed_gbps)} Gb/s"
                groups.setdefault(name, []).append(port)
    if not groups:
        told = Reading("no lossless port", Source(fabric.lab.file.name))
        yield not_applicable(told, because="the lab asks for no lossless traffic anywhere", at="lossless")
    for name, ports in groups.items():
        told_by: dict[str, list[tuple[Port, Value[str]]]] = {}
        for port in ports:
            for setting, value in settings(port, require):
                told_by.setdefault(setting, []).append((port, value))
        for setting, values in told_by.items():
            yield from drift(setting, name, values)


def settings(port: Port, require: Requirements) -> Iterator[tuple[str, Value[str]]]:
    """What has to be the same on every port of a kind, each as text."""
    seen = port.seen
    yield "trust", seen.maps.trust
    for name in ("dscp_to_tc", "tc_to_pg", "tc_to_queue"):
        table: Value[Mapping[int, int]] = getattr(seen.maps, name)
        yield name.replace("_", " "), derive(table, ordered)
    yield "PFC priorities", derive(seen.pfc_priorities, shown)
    yield "link-level pause", derive(seen.link_pause, shown)
    yield "MTU", number(seen.mtu)
    if isinstance(port, NicPort):
        rdma = seen.rdma
        yield "version of RoCE", rdma.version
        for setting, value in (
            ("DSCP of RoCE", rdma.dscp), ("DSCP of CNPs", rdma.cnp_dscp), ("priority of CNPs", rdma.cnp_priority),
        ):  # fmt: skip
            yield setting, derive(value, str)
        yield "DCQCN notifies on", derive(rdma.notifies, shown)
        yield "DCQCN reacts on", derive(rdma.reacts, shown)
        return
    for priority in sorted(require.profile.roce.lossless):
        queue = seen.queues.get(priority) or unseen(port, priority)
        yield f"ECN of queue {priority}", derive(queue.ecn, shown)
        yield f"Kmin of queue {priority}", number(queue.ecn_min)
        yield f"Kmax of queue {priority}", number(queue.ecn_max)
        yield f"Pmax of queue {priority}", number(queue.mark_probability)
    watch = seen.watchdog
    yield "watchdog", derive(watch.on, shown)
    yield "action of the watchdog", watch.action
    yield "detection of the watchdog", number(watch.detection_ms)
    yield "restoration of the watchdog", number(watch.restoration_ms)


def number(value: Value[Decimal]) -> Value[str]:
    usable = finite(value)
    return (
        usable if isinstance(usable, Missing) else derive(usable, lambda told: f"{plain(told)} {usable.unit}".strip())
    )


def drift(setting: str, group: str, told: Sequence[tuple[Port, Value[str]]]) -> Iterator[Finding]:
    """A finding for each device of a group: as most ports of the group have it, or which ports differ."""
    counts = Counter(value.value for _, value in told if isinstance(value, Reading))
    usual, has = counts.most_common(1)[0] if counts else ("", 0)
    tied = sum(held == has for held in counts.values()) > 1
    advice = f"as many {group} have another: which of them drifted, no majority tells" if tied else ""
    clause = f"the same on all {group}: {has} of {counts.total()} that tell it"
    limit = one_of(usual, clause=clause, advice=advice)
    by_device: dict[str, list[tuple[Port, Value[str]]]] = {}
    for port, value in told:
        by_device.setdefault(port.plan.device, []).append((port, value))
    for device, mine in by_device.items():
        at = f"{setting} of {device}"
        for value in summed_up(mine, usual):
            yield without(value, at=at) or limit.judge(value, at=at)


def summed_up(mine: Sequence[tuple[Port, Value[str]]], usual: str) -> Iterator[Value[str]]:
    """What differs on a device and where, and the first that it does not tell; else what is usual."""
    odd: dict[str, list[Reading[str]]] = {}
    ports: dict[str, list[str]] = {}
    gone: list[Missing] = []
    for port, value in mine:
        if isinstance(value, Missing):
            gone.append(value)
        elif value.value != usual:
            odd.setdefault(value.value, []).append(value)
            ports.setdefault(value.value, []).append(port.plan.name)
    for text, readings in odd.items():
        yield Reading(f"{apart(text, usual)} at {', '.join(ports[text])}", readings[0].source)
    if gone:
        yield gone[0]
    if not odd and not gone:
        yield mine[0][1]


def apart(text: str, usual: str) -> str:
    """Of a map the entries that differ, of anything else the whole."""
    entries = text.split()
    others = [entry for entry in entries if entry not in usual.split()]
    return " ".join(others) if ":" in text and others else text


# --- load balancing -----------------------------------------------------------------------------------------------

ADAPTIVE: Final = "adaptive routing"
KINDS: Final[Mapping[str, str]] = {
    "adaptive": ADAPTIVE, "dlb": ADAPTIVE, "dynamic": ADAPTIVE, "flowlet": ADAPTIVE, "ars": ADAPTIVE,
    "spraying": "packet spraying", "packet spraying": "packet spraying", "per-packet": "packet spraying",
    "scheduled": "scheduled fabric",
    "ecmp": "static hash", "hash": "static hash", "static": "static hash", "cluster": "cluster load balancing",
}  # fmt: skip
"""Kinds of load balancing by how designs, profiles and systems begin to name them; DLB is what Broadcom calls the
adaptive kind."""

OUT_OF_ORDER: Final = frozenset({ADAPTIVE, "packet spraying"})
"""Kinds after which packets of a flow may arrive out of order."""


def kind_of(word: str) -> str | None:
    """The kind of load balancing that a word names; None for a word that nobody knows."""
    told = word.casefold().replace("_", " ").strip()
    return next((KINDS[start] for start in sorted(KINDS, key=len, reverse=True) if told.startswith(start)), None)


@check("ROCE-12 roce.load-balancing", tags=("acceptance",))
def load_balancing(device: Device, require: Requirements) -> Findings:
    """A switch has the load balancing on that the design asks for, and a host takes packets out of order."""
    roce, design = require.profile.roce, device.design
    if design is None or design.load_balancing is None:
        proof = Reading("nothing", design.at if design is not None else device.plan.at)
        yield not_applicable(proof, because="the design asks for no load balancing", at="load balancing")
        return
    asked = kind_of(design.load_balancing)
    if isinstance(device, Host):
        yield from reordering(device, asked, design.at, require)
        return
    seen = device.facts.load_balancing
    clause = f"the design at {design.at}"
    limit = one_of(asked or design.load_balancing, clause=clause, standing=Standing.BUYER)
    yield limit.judge(kind(seen), at="load balancing")
    known = frozenset(kind_of(word) or word for word in roce.load_balancing.allowed)
    yield replace(roce.load_balancing, allowed=known).judge(kind(seen), at="load balancing that the profile allows")


def kind(seen: Value[str]) -> Value[str]:
    """The kind that a system's own word names."""
    if isinstance(seen, Missing):
        return seen
    found = kind_of(seen.value)
    if found is None:
        return Missing(Absence.UNREADABLE, seen.source, f"{seen.value!r} is no load balancing that is known")
    return derive(seen, lambda _: found, note=f"the system says {seen.value}")


def reordering(host: Host, asked: str | None, design: Source, require: Requirements) -> Iterator[Finding]:
    """Whether every NIC takes packets out of order, where the fabric may deliver them so."""
    roce = require.profile.roce
    if asked not in OUT_OF_ORDER:
        yield not_applicable(Reading(asked or "nothing", design), because="packets arrive in order", at="reordering")
        return
    if not roce.reordering:
        proof = Reading(False, Source(f"{roce.clause}, reordering"))
        yield not_applicable(proof, because="the profile does not ask for it", at="reordering")
        return
    on = one_of(True, clause=f"{roce.clause}, reordering", standing=roce.standing)
    for port in ports_of(host):
        yield lossy(port) or on.judge(port.seen.rdma.reordering, at=f"reordering of {port}")
    if not ports_of(host):
        yield not_applicable(Reading("no port", host.plan.at), because="the lab declares no port of this host")
