"""Fiber plant and cable assemblies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest
from typing import Final

from harness import (
    Absence,
    CableLink,
    Fabric,
    Finding,
    Findings,
    Link,
    MediaLane,
    Missing,
    OpticalLink,
    OpticalPort,
    Outcome,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    Unit,
    Unknown,
    Value,
    check,
    declared,
    derive,
    difference,
    light,
    not_applicable,
    one_of,
    shut,
)
from harness.lab.fibertests import FiberTest, Tester
from harness.lab.inventory import CablingRow, FiberPlan, LinkPlan
from harness.limit import Holds
from harness.maths.lanes import CONNECTORS, Positions, crossings, landings, likely, positions, through
from harness.maths.optical import reckoned


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
    if plan.pmd in require.pmds and require.pmd(plan.pmd).fiber == "copper":
        return require.reach(plan.pmd, "Cu").judge(link.length, at=f"length of a {plan.pmd} cable")
    lane_rate = near.plan.speed_gbps / len(near.host_lanes)
    return require.cable_reach(plan.kind, lane_rate).judge(link.length, at=f"length of a {plan.kind.upper()}")


@check("FIB-02 fiber.connectors", tags=("acceptance",))
def connectors(link: OpticalLink, require: Requirements) -> Findings:
    """The trunk's connectors, pins and end faces, angled or flat, fit the optics at both ends."""
    fiber = link.fiber
    pins: tuple[str | None, str | None] = fiber.pins or (None, None)
    for optic, trunk, pinned in zip(link.optics, fiber.connectors, pins, strict=True):
        module = optic.port.module
        row = require.pmd(module.pmd)
        yield require.pmd_connectors(module.pmd).judge(Reading(trunk, fiber.at), at=f"trunk at {optic}")
        names = derive(module.seen.connector, require.connector_names)
        has = Holds(frozenset(row.connectors), f"{row.clause}, connectors of {row.name}")
        yield has.judge(names, at=f"connector of the module at {optic}")
        polish = require.polish(module.pmd, trunk)
        yield polish.judge(declared(fiber.polish, fiber.at), at=f"end face of the trunk at {optic}")
        face = module.seen.fiber_face
        if isinstance(face, Reading) and fiber.polish is not None:
            mates = one_of(fiber.polish, clause="an angled end face is never mated with a flat one")
            yield mates.judge(
                derive(face, lambda told: told.removeprefix("PC/")), at=f"end face of the module at {optic}"
            )
        if trunk.endswith(PINNED):
            without_pins = one_of("female", clause="IEC 61754-7: modules have the pins", advice="pins meet pins")
            yield without_pins.judge(declared(pinned, fiber.at), at=f"pins of the trunk at {optic}")


PINNED: Final = ("MPO-12", "MPO-16", "MPO-24")
"""Connectors with guide pins."""


@check("FIB-03 fiber.polarity", tags=("acceptance",))
def polarity(link: OpticalLink, require: Requirements) -> Findings:
    """Polarity and lane map deliver every Tx to its Rx; a pattern of dark lanes is turned into the likely fault."""
    near, far = link.optics
    yield from mapped(link, require)
    if ended := shut(near.port) or shut(far.port):
        yield ended
        return
    faults = pointed_at(link, require)
    for here, there in ((near, far), (far, near)):
        for sends, receives in zip_longest(here.media_lanes, there.media_lanes):
            finding = require.profile.dom.dark.judge(
                arriving(sends, receives, here, there, require), at=f"{named(sends, here)} to {named(receives, there)}"
            )
            dark = isinstance(finding.margin, Decimal) and finding.outcome is not Outcome.PASS
            yield replace(finding, reason=faults) if dark and faults else finding


def methods(fiber: FiberPlan) -> tuple[str, ...]:
    """Polarity methods from end to end."""
    return fiber.elements or ((fiber.polarity,) if fiber.polarity is not None else ())


def mapped(link: OpticalLink, require: Requirements) -> Iterator[Finding]:
    """Where the declared elements take every transmitter; between unlike connectors, how often they cross."""
    fiber = link.fiber
    elements = methods(fiber)
    odd = one_of(
        True, clause="transmit meets receive: an odd number of crossings", advice=f"elements {'+'.join(elements)}"
    )
    if not elements:
        yield odd.judge(declared(None, fiber.at), at="polarity")
        return
    unknown = sorted(set(elements) - {"A", "B", "C"})
    where = positions(*fiber.connectors)
    if unknown:
        gone = Missing(Absence.UNREADABLE, fiber.at, f"no polarity method {', '.join(unknown)}")
        yield odd.judge(gone, at="polarity")
    elif where is None:
        yield odd.judge(Reading(crossings(elements) % 2 == 1, fiber.at), at="crossings")
    else:
        used = require.pmd(link.optics[0].pmd).fibers_per_direction
        for end in list(landings(where, through(elements, where.fibers)))[:used]:
            right = one_of(end.wanted, clause=f"lanes of {where.connector}", advice=f"elements {'+'.join(elements)}")
            at = f"transmitter of lane {end.lane}, fiber {end.fiber} to {end.end}"
            yield right.judge(Reading(end.at, fiber.at), at=at)


def arriving(
    sends: MediaLane | None, receives: MediaLane | None, here: OpticalPort, there: OpticalPort, require: Requirements
) -> Value[Decimal]:
    """What a lane receives; where it is dark and nothing shows that light was sent, nothing is known of its fiber."""
    arrives, sent = power(receives, there, "rx"), power(sends, here, "tx")
    if not is_dark(arrives, require):
        return sent if sends is None and isinstance(sent, Missing) else arrives
    if isinstance(sent, Missing):
        return sent
    return unless_dark(sent, require) if is_dark(sent, require) else arrives


def is_dark(level: Value[Decimal], require: Requirements) -> bool:
    return isinstance(level, Reading) and require.profile.dom.dark.judge(level).outcome is not Outcome.PASS


def pointed_at(link: OpticalLink, require: Requirements) -> str:
    """What the dark lanes of both ends together point at."""
    elements, where = methods(link.fiber), positions(*link.fiber.connectors)
    if where is None or not elements or set(elements) - {"A", "B", "C"}:
        return ""
    near, far = link.optics
    planned = through(elements, where.fibers)
    lit = [lights(far, near, require), lights(near, far, require)]
    return "likely: " + "; or ".join(likely(where, planned, *lit)) if any(False in one for one in lit) else ""


def lights(here: OpticalPort, there: OpticalPort, require: Requirements) -> tuple[bool | None, ...]:
    """Whether the lanes of one end have light that the other sends; None where nobody knows."""
    found: list[bool | None] = []
    for receives, sends in zip_longest(here.media_lanes, there.media_lanes):
        arrives = arriving(sends, receives, there, here, require)
        found.append(None if isinstance(arrives, Missing) else not is_dark(arrives, require))
    return tuple(found)


@check("FIB-04 fiber.loss", tags=("acceptance",))
def loss(link: OpticalLink, require: Requirements) -> Findings:
    """The loss, as measured and as the monitors of both ends show it, is within the channel's budget on every lane."""
    fiber = link.fiber
    near, far = link.optics
    types = require.fiber_types(near.pmd)
    if fiber.type not in types.allowed:
        yield types.judge(Reading(fiber.type, fiber.at), at=f"fiber type for {near.pmd}, which has a budget")
        return
    budget = left_over(require.insertion_loss(near.pmd, fiber.type), require)
    told = declared(fiber.loss_db, fiber.at, unit=Unit.DB)
    if isinstance(told, Reading):
        told = replace(told, uncertainty=fiber.loss_uncertainty_db)
    tests = [test for test in link.tests if test.tester in (Tester.OLTS, Tester.OTDR)]
    if fiber.loss_db is not None or not tests:
        yield budget.judge(told, at="measured loss")
    for test in tests:
        yield from tested(test, budget)
    measured = worst_of([test.loss for test in tests], told)
    yield from as_reckoned(fiber, measured)
    if ended := shut(near.port) or shut(far.port):
        yield ended
        return
    accuracy = require.profile.dom.monitor_accuracy
    seen = replace(budget, min=-accuracy, accuracy=accuracy)  # a channel does not amplify
    agree = require.profile.fiber.seen_against_measured
    for here, there, way in ((near, far, "tx"), (far, near, "rx")):
        for lane, (sends, receives) in enumerate(zip_longest(here.media_lanes, there.media_lanes)):
            where = f"{named(sends, here)} to {named(receives, there)}"
            sent = unless_dark(power(sends, here, "tx"), require)
            lost = difference(sent, power(receives, there, "rx"), of=f"loss of {where}")
            yield seen.judge(lost, at=where)
            own = of_fiber(tests, positions(*fiber.connectors), way, lane, measured)
            apart = derive(difference(lost, own, of="loss as seen less loss as measured"), abs, unit=Unit.DB)
            yield agree.judge(apart, at=f"{where}, as seen against as measured")


def left_over(budget: Range, require: Requirements) -> Range:
    """The channel's budget less what the profile wants to be left of it."""
    margin = require.profile.fiber.loss_margin
    if not margin.asked or margin.min is None or margin.min <= 0 or budget.max is None:
        return budget
    clause = f"{budget.clause}, less {margin.min} {Unit.DB} [{margin.clause}]"
    return replace(budget, max=budget.max - margin.min, clause=clause)


def tested(test: FiberTest, budget: Range) -> Iterator[Finding]:
    """What a tester measured, and what it thought of it."""
    of = f"fiber {test.fiber}" if test.fiber is not None else "all fibers"
    at = f"{test.tester.value.upper()} of {of}"
    yield budget.judge(test.loss, at=at)
    if isinstance(test.result, Reading):
        passed = one_of("pass", clause="the tester's own limit", standing=Standing.BUYER)
        yield passed.judge(test.result, at=f"{at}, result")


def worst_of(losses: Sequence[Value[Decimal]], told: Value[Decimal]) -> Value[Decimal]:
    """The largest loss that testers measured; where none did, the declared one."""
    found = [loss for loss in losses if isinstance(loss, Reading) and loss.value.is_finite()]
    return max(found, key=lambda loss: loss.value) if found else told


def of_fiber(
    tests: Sequence[FiberTest], where: Positions | None, way: str, lane: int, otherwise: Value[Decimal]
) -> Value[Decimal]:
    """The loss of a lane's own fiber, by its place in the near end's connector, where a tester measured each."""
    fibers = () if where is None else where.tx if way == "tx" else where.rx
    if lane >= len(fibers):
        return otherwise
    return worst_of([test.loss for test in tests if test.fiber == fibers[lane]], otherwise)


def as_reckoned(fiber: FiberPlan, measured: Value[Decimal]) -> Iterator[Finding]:
    """The measured loss against what length and connectors let expect, where both are declared."""
    if fiber.length_m is None or fiber.mated_pairs is None:
        return
    plant = reckoned(fiber.type, fiber.length_m, fiber.mated_pairs)
    if plant is None:
        return
    clause = f"rule of thumb for {fiber.length_m} m of {fiber.type} and {fiber.mated_pairs} mated pairs"
    usual = Range(max=plant.most, unit=Unit.DB, clause=clause, standing=Standing.ADVISORY)
    yield usual.judge(measured, at="measured loss against what is to be expected")


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


# --- end faces and the whole plant --------------------------------------------------------------------------------


@check("FIB-05 fiber.end-faces", tags=("acceptance",))
def end_faces(link: OpticalLink, require: Requirements) -> Findings:
    """The end faces at both ends were inspected (IEC 61300-3-35) and passed, where the profile asks for it."""
    profile = require.profile
    if not profile.fiber.end_face:
        proof = Reading(False, Source(profile.file, "fiber.end_face_inspection"))
        yield not_applicable(proof, because="the profile asks for no inspection of end faces", at="end faces")
        return
    for optic, trunk in zip(link.optics, link.fiber.connectors, strict=True):
        tests = [test for test in link.tests if test.tester is Tester.END_FACE and test.end == str(optic)]
        yield from inspected(tests, str(optic), CONNECTORS.get(trunk), link.fiber)


def inspected(tests: Sequence[FiberTest], end: str, where: Positions | None, fiber: FiberPlan) -> Iterator[Finding]:
    """Every result of an end face, and every fiber that has none."""
    clause = "IEC 61300-3-35"
    passed = one_of("pass", clause=clause, standing=Standing.BUYER)
    for test in tests:
        of = f", fiber {test.fiber}" if test.fiber is not None else ""
        yield passed.judge(test.result, at=f"end face at {end}{of}")
        after = derive(test.standard, lambda named: clause if clause in named else named)
        yield one_of(clause, clause="inspection of end faces").judge(
            after, at=f"standard of the inspection at {end}{of}"
        )
    if any(test.fiber is None for test in tests):
        return
    done = {test.fiber for test in tests}
    used = sorted(where.used) if where is not None and tests else []
    left = [number for number in used if number not in done]
    if not tests or left:
        which = f"fibers {', '.join(map(str, left))}" if left else "no inspection"
        gone = Missing(Absence.NOT_RECORDED, fiber.at, f"{which}: no result is on record")
        yield passed.judge(gone, at=f"end face at {end}")


@check("FIB-06 fiber.adds-up", tags=("acceptance",))
def adds_up(fabric: Fabric, require: Requirements) -> Findings:
    """Fibers, trunks and labels add up to the plan, and the cabling list has every planned link and no other."""
    lab = fabric.lab
    optical = [link for link in lab.links if link.fiber is not None]
    labels = [link.fiber.label for link in optical if link.fiber is not None and link.fiber.label is not None]
    if not (lab.trunks or lab.cabling or labels):
        proof = Reading("none", Source(lab.file.name))
        yield not_applicable(proof, because="the lab declares no trunks, labels or cabling list", at="plant")
        return
    yield from in_trunks(fabric, optical)
    if labels:
        yield once(labels, "labels of fibers", Source(lab.file.name, "labels of links"))
    if lab.cabling:
        yield from on_the_list(lab.cabling, lab.links)


def in_trunks(fabric: Fabric, optical: Sequence[LinkPlan]) -> Iterator[Finding]:
    """Fibers that links take of each trunk, by their connectors, and the type of each."""
    trunks = fabric.lab.trunks
    taken: Counter[str] = Counter()
    for link in optical:
        fiber = link.fiber
        if fiber is None or fiber.trunk is None:
            continue
        trunk = trunks.get(fiber.trunk)
        if trunk is None:
            known = one_of(*sorted(trunks), clause="trunks of the lab", standing=Standing.BUYER)
            yield known.judge(Reading(fiber.trunk, fiber.at), at=f"trunk of {link}")
            continue
        taken[trunk.name] += max(CONNECTORS[name].fibers if name in CONNECTORS else 0 for name in fiber.connectors)
        if trunk.type != fiber.type:
            alike = one_of(trunk.type, clause=f"type of trunk {trunk.name}, {trunk.at}", standing=Standing.BUYER)
            yield alike.judge(Reading(fiber.type, fiber.at), at=f"type of {link}")
    for trunk in trunks.values():
        room = Range(max=Decimal(trunk.fibers), unit=Unit.COUNT, clause=f"trunk {trunk.name}", standing=Standing.BUYER)
        used = Reading(Decimal(taken[trunk.name]), trunk.at, Unit.COUNT)
        yield room.judge(used, at=f"fibers used of trunk {trunk.name}")


def on_the_list(rows: Sequence[CablingRow], links: Sequence[LinkPlan]) -> Iterator[Finding]:
    """The cabling list against the declared links, both ways, and its labels against those of the links."""
    planned = {frozenset(map(str, link.ends)): link for link in links}
    listed = Counter(frozenset((row.a, row.b)) for row in rows)
    place = rows[0].at
    strays = [f"{row.label}: {row.a} to {row.b} ({row.at})" for row in rows if frozenset((row.a, row.b)) not in planned]
    yield tally(strays, len(rows), "rows of the cabling list that are planned links", place)
    absent = [str(link) for ends, link in planned.items() if listed[ends] != 1 and due(link, listed, planned)]
    yield tally(absent, len(planned), "planned links that are once on the cabling list", place)
    blank = next((row for row in rows if not row.label.strip()), None)
    if blank is not None:
        gone = Missing(Absence.NOT_DECLARED, blank.at, f"no label on the cable from {blank.a} to {blank.b}")
        yield one_of("a label", clause="every cable is labelled", standing=Standing.BUYER).judge(gone, at="labels")
    yield once([row.label for row in rows if row.label.strip()], "labels of the cabling list", place)
    unlike = [
        f"{row.label} on the list, {of} on the link {link}"
        for row in rows
        if (link := planned.get(frozenset((row.a, row.b)))) is not None
        and (of := label_of(link)) is not None
        and row.label.strip()
        and of != row.label
    ]
    yield tally(unlike, len(rows), "labels of the cabling list that are those of the links", place)


def due(link: LinkPlan, listed: Mapping[frozenset[str], int], planned: Mapping[frozenset[str], LinkPlan]) -> bool:
    """Whether a link has to be on the list: every fiber, and the cables too where the list has any of them."""
    return link.fiber is not None or any(other.fiber is None and listed[ends] for ends, other in planned.items())


def label_of(link: LinkPlan) -> str | None:
    return link.fiber.label if link.fiber is not None else None


def once(labels: Iterable[str], what: str, at: Source) -> Finding:
    """Whether each of some labels is there but once."""
    counts = Counter(labels)
    twice = [f"{label} {times} times" for label, times in counts.items() if times > 1]
    return tally(twice, len(counts), f"{what} that are there once", at)


SHOWN: Final = 5
"""So many of what is wrong are named, the rest is counted."""


def tally(wrong: Sequence[str], of: int, what: str, at: Source) -> Finding:
    """How many of some things are right, and which are not."""
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    every = one_of(of, clause="all of them", standing=Standing.BUYER, advice="; ".join(wrong[:SHOWN]) + more)
    return every.judge(Reading(of - len(wrong), at), at=what)
