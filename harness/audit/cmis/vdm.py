"""Versatile diagnostics monitoring, as the module describes and reports it (OIF-CMIS 8.22)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Final

from ...decode.cmis import LANES, vdm
from ...decode.cmis.vdm import Observation, Side, Statistic
from ...decode.memory import HALF, Page
from ...decode.transceiver import CmisTransceiver
from ...limit import not_applicable
from ...reading import Absence, Missing, Reading, Value, derive
from ...verdict import Finding
from ..rule import Ask, Level, unadvertised
from .table import first_application, rule, without_pages

ERROR_RATIOS: Final = frozenset({"pre_fec_ber", "ferc"})

WANTED: Final = (
    ("pre_fec_ber", Side.MEDIA),
    ("pre_fec_ber", Side.HOST),
    ("esnr", Side.MEDIA),
)
"""Observables that a module with a PAM4 signal processor is expected to have."""


def without_vdm(module: CmisTransceiver) -> Finding | None:
    """The finding that ends a rule about VDM, on a module that does not have it."""
    if ended := without_pages(module):
        return ended
    supported = module.page01.vdm_supported
    if isinstance(supported, Reading) and not supported.value:
        return not_applicable(supported, because="VDM is not advertised")
    return None


def observed(module: CmisTransceiver, ask: Ask) -> Iterator[Observation | Finding]:
    """Every instance; a finding in their place where none was read."""
    held = module.vdm
    if isinstance(held, Missing):
        yield ask.where_advertised(ask.one_of(True), held, at="VDM")
    else:
        yield from held.value
        for gap in module.vdm_gaps:
            yield ask.where_advertised(ask.one_of(True), gap, at="VDM")


def named(one: Observation) -> str:
    return f"VDM instance {one.instance}, {one.name}"


@rule("CM-72", "OIF-CMIS 8.22")
def advertised(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A module that advertises VDM describes one instance at least, of a type that is known or the vendor's own."""
    if ended := without_vdm(module):
        yield ended
        return
    held = module.vdm
    known = derive(held, lambda found: any(one.observable.known or one.observable.id in vdm.CUSTOM for one in found))
    yield ask.one_of(True).judge(known, at="an instance is described")


@rule("CM-73", "observables of a PAM4 module", Level.SHOULD)
def expected(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A module that recovers PAM4 observes pre-FEC BER on both sides and eSNR on the media side."""
    if ended := without_pages(module):
        yield ended
        return
    first = first_application(module)
    if isinstance(first, Missing):
        yield ask.one_of(True).judge(first, at="Application 1")
        return
    host, media = first.value.host, first.value.media
    if host is None or media is None or host.family == "Linear" or media.modulation != "PAM4":
        proof = Reading(f"{first.value.host_id:02X}h and {first.value.media_id:02X}h", first.source)
        yield not_applicable(proof, because="the first Application is not PAM4, or the module does not recover it")
        return
    held = module.vdm
    if older := module.lower.beyond("4.0"):
        yield unadvertised(older, "VDM")
        return
    if isinstance(held, Missing) and held.why is Absence.NOT_ADVERTISED:
        yield ask.one_of("advertised").judge(Reading("not advertised", held.source), at="VDM")
        return
    for quantity, side in WANTED:
        there = derive(held, partial(observes, quantity, side))
        gap = next(iter(module.vdm_gaps), None)
        if gap is not None and isinstance(there, Reading) and not there.value:
            there = gap
        yield ask.one_of(True).judge(there, at=f"{quantity}, {side} side")


def observes(quantity: str, side: Side, found: tuple[Observation, ...]) -> bool:
    kinds = (one.observable for one in found)
    return any(one.quantity == quantity and one.side is side and one.statistic is Statistic.CURRENT for one in kinds)


@rule("CM-74", "OIF-CMIS 8.22, descriptors")
def lanes(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Every instance is of a lane that there is, and has the thresholds that it names.

    Instances share sets of thresholds; each set is looked at once.
    """
    if ended := without_vdm(module):
        yield ended
        return
    sets: set[tuple[int, int, int]] = set()
    for one in observed(module, ask):
        if isinstance(one, Finding):
            yield one
            continue
        lane, first = one.lane, LANES * one.bank
        if lane is not None:
            inside = first < lane <= first + LANES
            place = HALF + 2 * ((one.instance - 1) % vdm.INSTANCES)
            held = module.memory.take(Page(0x20 + one.group, one.bank), place, 2)
            told = Reading(inside, held.source) if isinstance(held, Reading) else held
            yield ask.one_of(True).judge(told, at=f"{named(one)}, lane")
        shared = one.bank, one.group, one.threshold_set
        if one.observable.known and shared not in sets:
            sets.add(shared)
            for name, limit in one.thresholds.items():
                there: Value[str] = derive(limit, lambda _: "there")
                yield ask.where_advertised(ask.one_of("there"), there, at=f"{named(one)}, {name} of its set")


@rule("CM-76", "OIF-CMIS 8.22, flags", Level.SHOULD)
def flags(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A sample beyond a threshold has raised its flag; a flag may also be left from before."""
    if ended := without_vdm(module):
        yield ended
        return
    beyond = False
    for one in observed(module, ask):
        if isinstance(one, Finding):
            yield one
            continue
        sample, limits = one.sample, dict(one.thresholds.items())
        if isinstance(sample, Missing) or not any(isinstance(x, Reading) and x.value for x in limits.values()):
            continue
        over = {n for n, x in limits.items() if isinstance(x, Reading) and crossed(n, sample.value, x.value)}
        for name, flag in one.flags.items() if over else ():
            if name in over:
                beyond = True
                yield ask.where_advertised(ask.one_of(True), flag, at=f"{named(one)}, {name}")
    if not beyond and isinstance(module.vdm, Reading) and not module.vdm_gaps:
        yield not_applicable(Reading("none", module.vdm.source), because="no sample is beyond a threshold")


def crossed(name: str, sample: Decimal, limit: Decimal) -> bool:
    return sample > limit if name.startswith("high") else sample < limit


@rule("CM-77", "OIF-CMIS 8.22, error ratios")
def error_ratios(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Error ratios are between 0 and 0.5, and the current one between the least and the largest."""
    if ended := without_vdm(module):
        yield ended
        return
    by_place: dict[tuple[str, Side, int | None], dict[Statistic, Observation]] = {}
    advisory = ask.advisory
    share = advisory.within("0", "0.5")
    for one in observed(module, ask):
        if isinstance(one, Finding):
            yield one
            continue
        kind = one.observable
        if kind.quantity in ERROR_RATIOS:
            by_place.setdefault((kind.quantity, kind.side, one.lane), {})[kind.statistic] = one
            yield share.judge(one.sample, at=named(one))
    for held in by_place.values():
        now = held.get(Statistic.CURRENT)
        least, most = held.get(Statistic.MINIMUM), held.get(Statistic.MAXIMUM)
        if now is not None and least is not None and isinstance(least.sample, Reading):
            yield advisory.at_least(least.sample).judge(now.sample, at=f"{named(now)}, above the minimum")
        if now is not None and most is not None and isinstance(most.sample, Reading):
            yield advisory.at_most(most.sample).judge(now.sample, at=f"{named(now)}, below the maximum")
    if not by_place and isinstance(module.vdm, Reading) and not module.vdm_gaps:
        yield not_applicable(Reading("none", module.vdm.source), because="no error ratio is observed")
