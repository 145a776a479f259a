"""What the module offers to be: Application descriptors and where their instances may start (OIF-CMIS 6.2.1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from ...decode.cmis import LANES, banks_of
from ...decode.transceiver import Application, CmisTransceiver
from ...limit import not_applicable
from ...reading import Absence, Missing, Reading, Value, derive
from ...verdict import Finding
from ..common import hexadecimal
from ..rule import UNREAD, Ask, Needs
from .table import bits, data_paths, host_width, media_width, path_gaps, rule, without_pages

LISTED_TWICE: Final = frozenset({0x93})
"""Single-mode codes whose lanes public copies of SFF-8024 do not agree on."""

SAME_RATE: Final = frozenset({"Ethernet", "Ethernet copper", "Linear", "RTLR"})
"""Families of host interfaces whose nominal rate is that of the media interface."""


def advertised(module: CmisTransceiver, ask: Ask) -> Iterator[Application | Finding]:
    """Every Application; a finding in their place where the list was not read."""
    held = module.applications
    if isinstance(held, Missing):
        yield ask.one_of(True).judge(held, at="Applications")
    else:
        yield from held.value


def named(application: Application) -> str:
    return f"Application {application.number}"


@rule("CM-26", "OIF-CMIS 6.2.1.4")
def first_descriptor(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The first descriptor names a host interface with lanes: it is what the module powers up as."""
    first = module.descriptors[0]
    host = derive(first, lambda raw: raw >> 24)
    used = derive(host, lambda code: "unused" if code in (0, 0xFF) else "a host interface")
    yield ask.one_of("a host interface").judge(used, at="Application 1")
    lanes = derive(first, lambda raw: raw >> 12 & 0xF)
    held = module.applications
    if isinstance(lanes, Reading) and not lanes.value and isinstance(held, Reading) and held.value:
        lanes = Reading(host_width(held.value[0]), lanes.source)
    yield ask.one_of(True).judge(derive(lanes, lambda count: count >= 1), at="Application 1 has host lanes")


@rule("CM-27", "OIF-CMIS 6.2.1.4")
def list_ends(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """No descriptor is in use after the one that ends the list."""
    held = module.applications
    after = ", ".join(str(one.number) for one in module.beyond_terminator)
    unread = next((one for one in module.descriptors if isinstance(one, Missing) and one.why in UNREAD), None)
    told = unread if unread is not None and not after else derive(held, lambda _: after or "none")
    yield ask.one_of("none").judge(told, at="descriptors after the end of the list")


@rule("CM-28", "SFF-8024 tables 4-5 to 4-10")
def lane_counts(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The lane counts of every Application are those of its host and its media interface."""
    for one in advertised(module, ask):
        if isinstance(one, Finding):
            yield one
            continue
        sides = (
            ("host", one.host_id, one.host.lanes if one.host else None, one.host_lanes),
            ("media", one.media_id, one.media.lanes if one.media else None, one.media_lanes),
        )
        for side, code, lanes, stated in sides:
            at = f"{named(one)}, {side} lanes"
            if lanes is None or (side == "media" and code in LISTED_TWICE):
                proof = Reading(hexadecimal(code), one.source)
                yield not_applicable(proof, because="no lane count is known of this code", at=at)
            else:
                yield ask.one_of(lanes).judge(Reading(stated or lanes, one.source), at=at)


@rule("CM-29", "OIF-CMIS 6.2.1.4")
def host_starts(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Every Application may start somewhere, and ends within the module's lanes wherever it starts."""
    for one in advertised(module, ask):
        if isinstance(one, Finding):
            yield one
            continue
        starts, width = Reading(one.host_lane_assignment, one.source), host_width(one)
        lanes = lanes_that_there_are(module)
        if isinstance(lanes, Missing) and starts.value.bit_length() - 1 + width <= LANES:
            lanes = Reading(EIGHT, one.source)
        yield from legal(ask, starts, width, lanes, at=f"{named(one)}, host lane")


@rule("CM-30", "OIF-CMIS 8.4, media lane assignment options")
def media_starts(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Every Application has media lanes to start on, and ends within those that there are wherever it starts."""
    if ended := without_pages(module):
        yield ended
        return
    for one in advertised(module, ask):
        if isinstance(one, Finding):
            yield one
        else:
            at, lanes = f"{named(one)}, media lane", media_lanes_that_there_are(module)
            yield from legal(ask, one.media_lane_assignment, media_width(one), lanes, at=at)


Lanes: TypeAlias = Value[frozenset[int]]
"""Lanes from 0."""

EIGHT: Final = frozenset(range(LANES))
"""Lanes of bank 0, which every module has registers for."""


def lanes_that_there_are(module: CmisTransceiver) -> Lanes:
    """Host lanes: eight in every bank (01h:142); of a module with flat memory, which has no banks, the first eight."""
    flat = module.flat_memory
    if isinstance(flat, Reading) and flat.value:
        return Reading(EIGHT, flat.source)
    return derive(banks_of(module.memory), lambda banks: frozenset(range(LANES * banks)))


def media_lanes_that_there_are(module: CmisTransceiver) -> Lanes:
    """Media lanes: those of the banks that the module does not deny (00h:210)."""
    lanes, denied = lanes_that_there_are(module), module.page00.media_lanes_unsupported_map
    if isinstance(lanes, Missing) or isinstance(denied, Missing):
        return denied if isinstance(denied, Missing) else lanes
    absent = {lane for lane, gone in enumerate(module.absent_media_lanes) if gone is not None}
    return Reading(lanes.value - absent, denied.source)


def legal(ask: Ask, starts: Value[int], width: int, lanes: Lanes, *, at: str) -> Iterator[Finding]:
    """What is wrong with a bitmap of start lanes for an instance of so many lanes."""
    yield ask.one_of(True).judge(derive(starts, bool), at=f"{at}s to start on")
    at = f"{at}s from which {width} do not fit"
    if isinstance(lanes, Missing):
        yield ask.one_of(()).judge(lanes, at=at)
        return
    there, advice = lanes.value, f"there are {len(lanes.value)} lanes by {lanes.source.where}"
    beyond = derive(starts, lambda held: tuple(bit + 1 for bit in bits(held) if {*range(bit, bit + width)} - there))
    yield ask.one_of((), advice=advice).judge(beyond, at=at)


@rule("CM-31", "the breakout that the lab wants", needs=Needs.CONTEXT)
def breakout(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Some Application has as many host lanes as a port of the wanted breakout, and as many instances as ports."""
    wanted = ask.context.breakout
    offers = derive(module.applications, lambda held: tuple(f"{instances(one)}x{host_width(one)}" for one in held))
    if isinstance(wanted, Missing):
        yield ask.one_of(True).judge(wanted, at="breakout")
        return
    ports, lanes = wanted.value.ports, wanted.value.host_lanes
    fits = derive(
        module.applications,
        lambda held: any(host_width(one) == lanes and instances(one) >= ports for one in held),
        note=f"offers {', '.join(offers.value)} lanes" if isinstance(offers, Reading) else "",
    )
    yield ask.one_of(True).judge(fits, at=f"{ports} ports of {lanes} host lanes")


def instances(application: Application) -> int:
    return len(bits(application.host_lane_assignment))


@rule("CM-32", "SFF-8024 tables 4-5 to 4-7")
def rates(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Host and media interface of every Application have the same rate, unless it multiplexes."""
    for one in advertised(module, ask):
        if isinstance(one, Finding):
            yield one
            continue
        host, media, at = one.host, one.media, f"{named(one)}, media rate in Gb/s"
        if host is None or media is None or host.family not in SAME_RATE or not host.total_gbps or not media.total_gbps:
            proof = Reading(f"{hexadecimal(one.host_id)} and {hexadecimal(one.media_id)}", one.source)
            yield not_applicable(proof, because="no nominal rate of Ethernet is known of both", at=at)
        elif media.total_gbps != host.total_gbps and multiplexes(media.modulation, module):
            yield not_applicable(Reading(media.name, one.source), because="several hosts share the medium", at=at)
        else:
            yield ask.one_of(host.total_gbps).judge(Reading(media.total_gbps, one.source), at=at)


def multiplexes(modulation: str, module: CmisTransceiver) -> bool:
    network = module.page01.network_paths_supported
    return modulation.startswith(("DP-", "coherent")) or (isinstance(network, Reading) and network.value)


@rule("CM-33", "the FEC that an Application's host interface requires", needs=Needs.CONTEXT)
def fec(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The port runs the FEC code that the host interface of the module's Application requires."""
    paths = [path.application for path in data_paths(module)]
    held = module.applications
    if isinstance(held, Missing):
        yield ask.same_as(ask.context.fec).judge(held, at="FEC")
        return
    for one in dict.fromkeys(path.number for path in paths or held.value[:1]):
        application = next(each for each in held.value if each.number == one)
        host = application.host
        code: Value[str]
        if host is None or not host.fec:
            detail = f"no FEC is known of host interface {application.host_id:02X}h"
            code = Missing(Absence.NOT_DECLARED, application.source, detail)
        else:
            code = Reading(host.fec, application.source)
        yield ask.same_as(ask.context.fec).judge(code, at=f"FEC of {named(application)}")


@rule("CM-99", "OIF-CMIS 6.2.1.4, host lane assignment options")
def start_lane(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Every data path is of an Application that is advertised, starts where that allows, and is as wide as it."""
    if ended := without_pages(module):
        yield ended
        return
    first = module.active_application[0]
    found, others = tuple(data_paths(module)), (*path_gaps(module, ask), *unadvertised_in_force(module, ask))
    yield from others
    if not found and not others:
        yield not_applicable(Reading("none", first.source), because="no lane has an Application")
    for path in found:
        start = (path.host_lanes[0] - 1) % LANES
        allowed = bool(path.application.host_lane_assignment >> start & 1)
        source = module.active_application[path.host_lanes[0] - 1].source
        at = f"{named(path.application)}, {path}"
        yield ask.one_of(True).judge(Reading(allowed, source), at=f"{at} starts where it may")
        yield ask.one_of(host_width(path.application)).judge(Reading(len(path.host_lanes), source), at=f"{at}, lanes")


def unadvertised_in_force(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A finding for every host lane on which an AppSel is in force that no descriptor has."""
    held = module.applications
    if isinstance(held, Missing):
        return
    numbers = [one.number for one in held.value]
    for lane, selected in enumerate(module.active_application, 1):
        if isinstance(selected, Missing) or selected.value in (0, *numbers):
            continue
        at = f"AppSel in force on host lane {lane}"
        descriptor = module.descriptors[selected.value - 1] if selected.value <= len(module.descriptors) else selected
        if isinstance(descriptor, Missing):
            yield ask.one_of(True).judge(descriptor, at=at)
        else:
            yield ask.one_of(*numbers, advice="it is not advertised").judge(selected, at=at)
