"""Topology and health of links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from harness import (
    Absence,
    Device,
    Fabric,
    Finding,
    Findings,
    Link,
    Missing,
    Module,
    NicPort,
    OpticalLink,
    OpticalModule,
    Port,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    Unit,
    Value,
    check,
    combined,
    derive,
    difference,
    finite,
    not_applicable,
    one_of,
    same_as,
    shut,
    together,
    total,
)
from harness.lab.inventory import DesignPlan
from harness.model import Changes


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
    """Each end sees the planned neighbour and port through LLDP; where not, the fewest moves that mend it are named."""
    near, far = link.ends
    for here, there in ((near, far), (far, near)):
        if ended := shut(here):
            yield ended
            continue
        planned = one_of(
            str(there),
            clause=f"planned at {link.plan.at}",
            standing=Standing.BUYER,
            advice="; ".join(mending(link, here, there)),
        )
        yield planned.judge(here.seen.neighbour, at=f"neighbour of {here}")


def mending(link: Link, here: Port, there: Port) -> Iterator[str]:
    """What to move, as the whole lab's cabling has it, and what the installer's list says."""
    moves = dict.fromkeys(str(move) for move in link.moves if str(here) in move.ports)
    yield from moves or [f"the other end of this cable belongs into {there}"]
    for row in link.listed:
        if str(here) in (row.a, row.b) and {row.a, row.b} != {str(here), str(there)}:
            yield f"the cabling list has {row.label} from {row.a} to {row.b} ({row.at})"


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


@check("LNK-05 link.peer-by-serial", tags=("acceptance",))
def peer_by_serial(link: Link, require: Requirements) -> Findings:
    """Both ends of a cable show one serial number, which finds the peer also where there is no LLDP."""
    if isinstance(link, OpticalLink):
        proof = Reading(f"{link.fiber.type} fiber", link.fiber.at)
        yield not_applicable(proof, because="two optics have a serial number each", at="serial numbers")
        return
    near, far = link.ends
    serial = numbered(near.module)
    one = same_as(serial, clause="one cable assembly, one serial number", advice="; ".join(elsewhere(near, far)))
    yield one.judge(numbered(far.module), at=f"serial numbers of {near} and {far}")


def numbered(module: Module) -> Value[str]:
    """A module's serial number, where it has one worth the name."""
    serial = module.seen.vendor_sn
    if isinstance(serial, Reading) and not serial.value.strip(" 0\xff"):
        return Missing(Absence.NOT_AVAILABLE, serial.source, f"{serial.value!r} is no serial number")
    return derive(serial, str.strip)


def elsewhere(*ends: Port) -> Iterator[str]:
    """Where else the serial number at an end of a cable was seen: there is its other end."""
    for end in ends:
        others = end.module.namesakes
        if isinstance(others, Reading) and others.value:
            yield f"the serial number at {end} is also at {', '.join(others.value)}"


# --- the fabric ---------------------------------------------------------------------------------------------------


def ports_of(device: Device) -> tuple[Port, ...]:
    return tuple(port for cage in device.cages for port in cage.ports)


def peer(here: Port, there: Port) -> Value[str]:
    """Who is at the other end of a port: by its own LLDP, that of the planned other end, or a cable's serial number."""
    seen, back = here.seen.neighbour, there.seen.neighbour
    if isinstance(seen, Reading):
        return seen
    if isinstance(back, Reading):
        return derive(back, lambda _: str(there), note=f"as {there} sees {here}") if back.value == str(here) else seen
    mine, its = numbered(here.module), numbered(there.module)
    if not isinstance(here.module, OpticalModule) and isinstance(mine, Reading) and isinstance(its, Reading):
        one = mine.value == its.value
        return derive(mine, lambda _: str(there), note=f"one serial number with {there}") if one else seen
    return seen


def device_of(port: Value[str]) -> Value[str]:
    return derive(port, lambda name: name.partition(":")[0])


@check("LNK-06 link.rails-and-planes", tags=("acceptance",))
def rails_and_planes(fabric: Fabric, require: Requirements) -> Findings:
    """GPU n of every host is on rail n, at the leaf of that rail, and planes share no switch."""
    yield from rails(fabric)
    yield from planes(fabric)


def rails(fabric: Fabric) -> Iterator[Finding]:
    design = fabric.lab.design
    asked = design.rails if design is not None else None
    hosts = [device for device in fabric.devices if device.plan.kind == "host"]
    railed = {host.name: [port for port in ports_of(host) if port.plan.rail is not None] for host in hosts}
    if asked is None and not any(railed.values()):
        yield not_applicable(of_lab(fabric, "no rails"), because="the lab declares no rails", at="rails")
        return
    for host in hosts:
        numbers = Counter((port.plan.rail, port.plan.plane) for port in railed[host.name])
        if asked is not None:
            every = one_of(asked, clause=by_design(design), standing=Standing.BUYER)
            yield every.judge(Reading(len({rail for rail, _ in numbers}), host.plan.at), at=f"rails of {host}")
        once = one_of(True, clause="a NIC to a rail", advice=f"rails: {', '.join(rail_names(railed[host.name]))}")
        alone = all(of == 1 for of in numbers.values())
        yield once.judge(Reading(alone, host.plan.at), at=f"every rail of {host} once")
    yield from on_their_leafs(fabric, [port for ports in railed.values() for port in ports])


def rail_names(ports: Iterable[Port]) -> Iterator[str]:
    return (f"{port.plan.name} on {port.plan.rail}" for port in ports)


def on_their_leafs(fabric: Fabric, ports: list[Port]) -> Iterator[Finding]:
    """Each NIC is at the leaf of its rail: the one that most hosts with the same leafs are planned to have."""
    across = {str(end): other for link in fabric.links for end, other in (link.ends, link.ends[::-1])}
    units: dict[str, set[str]] = {}
    for port in ports:
        if str(port) in across:
            units.setdefault(port.plan.device, set()).add(across[str(port)].plan.device)
    leafs: dict[tuple[frozenset[str], int | None, int | None], Counter[str]] = {}
    for port in ports:
        if str(port) in across:
            leafs.setdefault(rail_of(port, units), Counter())[across[str(port)].plan.device] += 1
    for port in ports:
        at = f"rail {port.plan.rail} of {port.plan.device}, {port.plan.name}"
        if ended := shut(port):
            yield ended
        elif str(port) not in across:
            gone = Missing(Absence.NOT_DECLARED, port.plan.at, "no link of it is declared")
            yield one_of("a leaf", clause="a rail of its own").judge(gone, at=at)
        else:
            planned = leafs[rail_of(port, units)]
            leaf, many = planned.most_common(1)[0]
            clause = f"rail {port.plan.rail} goes to {leaf}, as {many} of {planned.total()} NICs are planned"
            yield one_of(leaf, clause=clause).judge(device_of(peer(port, across[str(port)])), at=at)


def rail_of(port: Port, units: dict[str, set[str]]) -> tuple[frozenset[str], int | None, int | None]:
    """The rail of a NIC, in the unit of hosts that share their leafs, and in its plane."""
    return frozenset(units[port.plan.device]), port.plan.rail, port.plan.plane


def planes(fabric: Fabric) -> Iterator[Finding]:
    """Planes are switches that hang together, by what LLDP shows, and no other plane's ports are among them."""
    design = fabric.lab.design
    asked = design.planes if design is not None else None
    declared = any(port.plan.plane is not None for device in fabric.devices for port in ports_of(device))
    if asked is None and not declared:
        yield not_applicable(of_lab(fabric, "no planes"), because="the lab declares no planes", at="planes")
        return
    groups, gone = hanging_together(fabric)
    joined = {end.plan.device for link in fabric.links if is_fabric(link) for end in link.ends}
    several = [group for group in groups if group & joined]
    if asked is not None and several:
        source = Source(f"{len(fabric.devices)} devices", "switches that hang together, by LLDP")
        open_ = bool(gone) and len(several) >= max(asked, 2)  # what was not seen can join planes, and not part them
        found: Value[int] = gone[0] if open_ else Reading(len(several), source)
        advice = "; ".join(", ".join(sorted(group)) for group in several)
        limit = one_of(asked, clause=by_design(design), standing=Standing.BUYER, advice=advice)
        yield limit.judge(found, at="planes")
    if declared:
        yield from apart(fabric, groups)


def hanging_together(fabric: Fabric) -> tuple[list[set[str]], list[Missing]]:
    """Switches joined by links that were seen, and what was not seen of links between switches."""
    groups = {device.name: {device.name} for device in fabric.devices if device.plan.kind == "switch"}
    gone: list[Missing] = []
    for link in fabric.links:
        near, far = link.ends
        if not (near.plan.up and far.plan.up) or not {near.plan.device, far.plan.device} <= groups.keys():
            continue
        for here, there in ((near, far), (far, near)):
            seen = device_of(peer(here, there))
            if isinstance(seen, Missing):
                gone.append(seen)
            elif seen.value in groups and groups[seen.value] is not groups[here.plan.device]:
                joined = groups[seen.value] | groups[here.plan.device]
                groups.update(dict.fromkeys(joined, joined))
    return list({id(group): group for group in groups.values()}.values()), gone


def apart(fabric: Fabric, groups: list[set[str]]) -> Iterator[Finding]:
    """The ports that end in a group of switches are of one plane."""
    of: dict[str, set[int]] = {}
    for link in fabric.links:
        for here, there in (link.ends, link.ends[::-1]):
            if here.plan.plane is not None:
                of.setdefault(here.plan.device, set()).add(here.plan.plane)
                seen = device_of(peer(here, there))
                if isinstance(seen, Reading):
                    of.setdefault(seen.value, set()).add(here.plan.plane)
    for group in groups:
        mine = sorted({plane for switch in group for plane in of.get(switch, ())})
        alone = one_of(True, clause="planes share no switch", advice=f"planes {', '.join(map(str, mine))} meet there")
        source = Source(f"{len(group)} switches", "planes of the ports that end there, by LLDP")
        found: Value[bool] = Reading(len(mine) <= 1, source)
        if not mine:
            found = Missing(Absence.NOT_RECORDED, source, "no port that ends there is seen with its plane")
        yield alone.judge(found, at=f"one plane on {', '.join(sorted(group))}")


@check("LNK-07 link.as-designed", tags=("acceptance",))
def as_designed(fabric: Fabric, require: Requirements) -> Findings:
    """The fabric that is built has the hosts, switches, links and oversubscription of the design."""
    design = fabric.lab.design
    asked = {} if design is None else {name: getattr(design, name) for name in COUNTED}
    open_ = design is None or (design.oversubscription is None and not any(n is not None for n in asked.values()))
    if design is None or open_:
        yield not_applicable(of_lab(fabric, "no numbers"), because="the lab declares no design", at="design")
        return
    for name, number in asked.items():
        if number is not None:
            limit = one_of(number, clause=by_design(design), standing=Standing.BUYER)
            yield limit.judge(built(fabric, name), at=name.replace("_", " "))
    if design.oversubscription is not None:
        yield from oversubscribed(fabric, design)


COUNTED = ("hosts", "gpus", "leafs", "spines", "fabric_links", "host_links")
"""Numbers of the design, as its fields are called."""


def built(fabric: Fabric, name: str) -> Value[int]:
    """How many of something there are, and not merely declared."""
    if name.endswith("_links"):
        between = [link for link in fabric.links if is_fabric(link) is (name == "fabric_links")]
        return number_up(between)
    if name == "gpus":
        ports = [port for device in fabric.devices for port in ports_of(device) if isinstance(port, NicPort)]
        return number_of_gpus(ports)
    wanted = {"hosts": ("kind", "host"), "leafs": ("role", "leaf"), "spines": ("role", "spine")}[name]
    found = [device for device in fabric.devices if getattr(device.plan, wanted[0]) == wanted[1]]
    for device in found:
        if isinstance(device.facts.software, Missing) and not any(map(answered, ports_of(device))):
            return Missing(device.facts.software.why, device.facts.software.source, f"nothing was seen of {device}")
    return Reading(len(found), Source(f"{len(found)} {name}", "that answered"))


def answered(port: Port) -> bool:
    return isinstance(port.seen.oper, Reading)


def is_fabric(link: Link) -> bool:
    return not any(isinstance(end, NicPort) for end in link.ends)


def number_of_gpus(ports: Sequence[Port]) -> Value[int]:
    """GPUs by their NICs: one a rail of a host, or one a cage where no rails are declared."""
    for port in ports:
        if isinstance(port.seen.oper, Missing):
            return port.seen.oper
    gpus = {(p.plan.device, f"cage {p.plan.cage}" if p.plan.rail is None else f"rail {p.plan.rail}") for p in ports}
    return Reading(len(gpus), Source(f"{len(ports)} ports of NICs", "that answered"))


def is_up(link: Link) -> Value[bool]:
    near, far = link.ends
    return combined(near.seen.oper, far.seen.oper, lambda one, other: one == other == "up", of="up at both ends")


def number_up(links: list[Link]) -> Value[int]:
    """How many links are up at both ends; the first of which nobody knows wins."""
    up = 0
    for link in links:
        state = is_up(link)
        if isinstance(state, Missing):
            return state
        up += state.value
    return Reading(up, Source(f"{len(links)} links", "up at both ends"))


def oversubscribed(fabric: Fabric, design: DesignPlan) -> Iterator[Finding]:
    """For each leaf, what its hosts may send over what its uplinks carry, of links that are up."""
    limit = Range(max=design.oversubscription, clause=by_design(design), standing=Standing.BUYER)
    leafs: dict[str, tuple[list[tuple[Link, Port]], list[tuple[Link, Port]]]] = {}
    for link in fabric.links:
        for end in link.ends:
            if not isinstance(end, NicPort):
                leafs.setdefault(end.plan.device, ([], []))[is_fabric(link)].append((link, end))
    for leaf, (down, up) in leafs.items():
        if down:
            yield limit.judge(ratio(leaf, down, up), at=f"oversubscription of {leaf}")


def ratio(leaf: str, down: list[tuple[Link, Port]], up: list[tuple[Link, Port]]) -> Value[Decimal]:
    speeds: list[Value[Decimal]] = []
    for links in (down, up):
        running: list[Value[Decimal]] = []
        for link, end in links:
            state = is_up(link)
            if isinstance(state, Missing):
                return state
            if state.value:
                running.append(end.seen.speed)
        speeds.append(total(running, of=f"speeds of {leaf}"))
    hosts, uplinks = speeds
    if isinstance(hosts, Missing):
        return hosts
    if isinstance(uplinks, Missing):
        return uplinks
    if uplinks.value <= 0:
        return Missing(Absence.NOT_AVAILABLE, uplinks.source, f"the uplinks of {leaf} have no speed")
    raw = f"{hosts.value} over {uplinks.value} {Unit.GBPS}"
    return Reading(hosts.value / uplinks.value, Source(f"{leaf}: {len(down)} host links, {len(up)} uplinks", "up", raw))


def by_design(design: DesignPlan | None) -> str:
    return f"the design at {design.at}" if design is not None else "the design"


def of_lab(fabric: Fabric, what: str) -> Reading[str]:
    """What the lab file does not declare, as a reading of it."""
    design = fabric.lab.design
    return Reading(what, design.at if design is not None else Source(fabric.lab.file.name))


@check("LNK-04 link.no-flaps", tags=("acceptance",))
def no_flaps(link: Link, require: Requirements) -> Findings:
    """The link has not changed its state since the window began, as both of its ends count it."""
    for port in link.ends:
        yield shut(port) or require.profile.link.flaps.judge(flaps(port), at=f"changes of state of {port}")


def flaps(port: Port) -> Value[Decimal]:
    """How often a port's link changed its state from the first sample to the last.

    One sample tells only since when the counters were cleared: that there was none since is told, and anything else
    leaves open when it was.
    """
    kept = changes_told(port.seen.changes)
    if len(kept) < 2:
        return since_cleared(port)
    grown, reset = Decimal(0), None
    for before, after in pairwise(kept):
        step = difference(after.count, before.count, of="changes of state in the window")
        if isinstance(step, Missing):
            return step
        if step.value < 0:
            reset = reset or Missing(Absence.NOT_AVAILABLE, step.source, "the counter was cleared or wrapped")
        else:
            grown += step.value
    if reset is not None and not grown:
        return reset
    last = kept[-1].count
    assert isinstance(last, Reading)
    since = f"{last.source.where} (less the first of {len(kept)} samples, {kept[0].at} to {kept[-1].at})"
    return Reading(grown, replace(last.source, where=since.strip()), Unit.COUNT)


def changes_told(samples: tuple[Changes, ...]) -> tuple[Changes, ...]:
    """The samples that were answered; where two at most were taken, or answered, all are needed."""
    if len(samples) <= 2:
        return samples
    kept = tuple(sample for sample in samples if sample.at is not None and isinstance(sample.count, Reading))
    return kept if len(kept) >= 2 else samples[:2]


def since_cleared(port: Port) -> Value[Decimal]:
    """That there was no change of state since the counters were cleared, from one sample of them."""
    samples = port.seen.changes
    count = finite(samples[0].count if samples else port.seen.flaps)
    if isinstance(count, Missing):
        return count
    cleared = port.seen.cleared.value if isinstance(port.seen.cleared, Reading) else "an unknown time"
    if count.value:
        said = f"{count.value:f} since the counters were cleared, {cleared}; one sample does not tell when"
        return Missing(Absence.NOT_AVAILABLE, count.source, said)
    note = f"{count.source.where} (one sample: since the counters were cleared, {cleared})".strip()
    return Reading(count.value, Source(count.source.evidence, note, count.source.raw), Unit.COUNT)
