"""The table of CMIS rules, and what several of them ask of a module: its media, its data paths, its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from ...decode.cmis import LANES, banks_of
from ...decode.memory import Page
from ...decode.transceiver import Application, CmisTransceiver
from ...limit import not_applicable
from ...reading import Absence, Missing, Reading, Value, derive
from ...verdict import Finding
from ..rule import Ask, Table, unadvertised

T = TypeVar("T")

rule: Final = Table[CmisTransceiver]("cmis")

MULTIMODE, SINGLE_MODE, PASSIVE_COPPER, ACTIVE_CABLE = 1, 2, 3, 4

PARALLEL: Final = re.compile(r"(SR|VR|DR|PSM)[2-9]\d*(?!\.)")
"""Media interfaces whose lanes have fibers of their own."""

DUPLEX: Final = re.compile(r"(FR|LR|ER|CWDM|WDM)-?[48]")
"""Media interfaces whose lanes share a pair of fibers."""


@dataclass(frozen=True, slots=True)
class DataPath:
    """An instance of an Application: host lanes and media lanes, from 1."""

    application: Application
    host_lanes: tuple[int, ...]
    media_lanes: tuple[int, ...]

    def __str__(self) -> str:
        return f"data path of host lanes {self.host_lanes[0]}-{self.host_lanes[-1]}"


def data_paths(module: CmisTransceiver) -> Iterator[DataPath]:
    """The data paths of the active control set; lanes whose Application is not advertised are left out."""
    held = module.applications
    if isinstance(held, Missing):
        return
    by_number = {application.number: application for application in held.value}
    lanes: dict[tuple[int, int], list[int]] = {}
    for lane, (selected, path) in enumerate(zip(module.active_application, module.active_data_path, strict=True), 1):
        if isinstance(selected, Reading) and isinstance(path, Reading) and selected.value in by_number:
            lanes.setdefault((selected.value, path.value), []).append(lane)
    for (number, _), host_lanes in sorted(lanes.items(), key=lambda item: item[1]):
        application = by_number[number]
        yield DataPath(application, tuple(host_lanes), media_lanes(application, host_lanes[0]))


def bank_gaps(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A finding where it was not read how many banks there are (01h:142)."""
    banks = banks_of(module.memory)
    if isinstance(banks, Missing):
        yield ask.where_advertised(ask.one_of(True), banks, at="banks")


def path_gaps(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A finding for whatever is not known of the data paths: without it there may be more of them, or other lanes."""
    yield from bank_gaps(module, ask)
    held = module.applications
    if isinstance(held, Missing):
        yield ask.where_advertised(ask.one_of(True), held, at="Applications of data paths")
    for bank in range(module.banks):
        lanes = slice(LANES * bank, LANES * (bank + 1))
        told = (*module.active_application[lanes], *module.active_data_path[lanes])
        told = (*told, *(unknown_application(held, selected) for selected in module.active_application[lanes]))
        gone = next((one for one in told if isinstance(one, Missing)), None)
        if gone is not None:
            yield ask.where_advertised(ask.one_of(True), gone, at=f"data paths of bank {bank}")


def unknown_application(held: Value[tuple[Application, ...]], selected: Value[int]) -> Value[int]:
    """The AppSel in force on a lane, Missing where no descriptor says what it is; 0 is none."""
    if isinstance(held, Missing) or isinstance(selected, Missing):
        return selected
    if selected.value in (0, *(one.number for one in held.value)):
        return selected
    return Missing(Absence.NOT_AVAILABLE, selected.source, f"no descriptor has AppSel {selected.value}")


def running_gaps(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The same, and where the media lanes or the state of a data path were not read."""
    yield from path_gaps(module, ask)
    for path in data_paths(module):
        told = (path.application.media_lane_assignment, *(of_lane(module.dp_state, lane) for lane in path.host_lanes))
        gone = next((one for one in told if isinstance(one, Missing)), None)
        if gone is not None:
            yield ask.where_advertised(ask.one_of(True), gone, at=f"{path}")


def media_lanes(application: Application, first: int) -> tuple[int, ...]:
    """Media lanes of the instance that starts on a host lane: instances take media and host lanes in the same order."""
    bank, lane = divmod(first - 1, LANES)
    starts = bits(application.host_lane_assignment)
    options = application.media_lane_assignment
    if isinstance(options, Missing) or lane not in starts:
        return ()
    places = bits(options.value)
    turn = starts.index(lane)
    if turn >= len(places):
        return ()
    start = LANES * bank + places[turn] + 1
    return tuple(range(start, start + media_width(application)))


def host_width(application: Application) -> int:
    """Host lanes of an instance; 0 in the descriptor leaves it to the interface."""
    return application.host_lanes or (application.host.lanes or 0 if application.host else 0)


def media_width(application: Application) -> int:
    """Media lanes of an instance; 0 in the descriptor leaves it to the interface."""
    return application.media_lanes or (application.media.lanes or 0 if application.media else 0)


def bits(bitmap: int) -> list[int]:
    """The bits that are set, lowest first."""
    return [bit for bit in range(bitmap.bit_length()) if bitmap >> bit & 1]


def of_lane(values: Sequence[Value[T]], lane: int) -> Value[T]:
    """The value of a lane, from 1; NOT_ADVERTISED where the module has no such lane."""
    if 1 <= lane <= len(values):
        return values[lane - 1]
    source = values[0].source
    return Missing(Absence.NOT_ADVERTISED, source, f"lane {lane} is none of the module")


def optical(module: CmisTransceiver) -> Value[bool]:
    """Whether the module sends light: by media type, and for active cables by technology (OIF-CMIS 8.2, 8.3)."""
    media = module.media_type
    if isinstance(media, Missing) or media.value != ACTIVE_CABLE:
        return derive(media, lambda code: code in (MULTIMODE, SINGLE_MODE))
    return derive(module.media_technology, lambda word: not word.startswith("copper"))


def separable(module: CmisTransceiver) -> Value[bool]:
    """Whether a fiber can be unplugged from the module: multimode and single-mode modules."""
    return derive(module.media_type, lambda code: code in (MULTIMODE, SINGLE_MODE))


def not_optical(module: CmisTransceiver, ask: Ask) -> Finding | None:
    """The finding that ends a rule about light, on a module that has none or does not say."""
    return ended_by(optical(module), ask, because="the module sends no light")


def not_separable(module: CmisTransceiver, ask: Ask) -> Finding | None:
    """The finding that ends a rule about a module's fibers, on a cable assembly or a module that does not say."""
    return ended_by(separable(module), ask, because="no fiber can be unplugged")


def without_pages(module: CmisTransceiver) -> Finding | None:
    """The finding that ends a rule about pages beyond 00h, on a module with flat memory."""
    flat = module.flat_memory
    if isinstance(flat, Reading) and flat.value:
        return not_applicable(flat, because="flat memory: there is only page 00h")
    return None


def without_output_status(module: CmisTransceiver) -> Finding | None:
    """The finding that ends a rule about output status, whose bytes were reserved before CMIS 5.0."""
    older = module.lower.beyond("5.0")
    return None if older is None else unadvertised(older)


def ended_by(fact: Value[bool], ask: Ask, *, because: str) -> Finding | None:
    """The finding that ends a rule which governs only modules of a kind: it is another kind, or is not known."""
    if isinstance(fact, Missing):
        return ask.one_of(True).judge(fact, at="whether the rule applies")
    return None if fact.value else not_applicable(fact, because=because)


def first_application(module: CmisTransceiver) -> Value[Application]:
    """The Application of the first descriptor, which is the power-up default (OIF-CMIS 6.2.1.4)."""
    held = module.applications
    if isinstance(held, Missing):
        return held
    if not held.value:
        return Missing(Absence.NOT_AVAILABLE, held.source, "no Application is advertised")
    return Reading(held.value[0], held.value[0].source)


def media_name(module: CmisTransceiver) -> Value[str]:
    """Name of the media interface of the first Application."""
    first = first_application(module)
    if isinstance(first, Missing):
        return first
    media = first.value.media
    if media is None:
        return Missing(Absence.RESERVED, first.source, f"media interface {first.value.media_id:02X}h is not listed")
    return Reading(media.name, first.source)


def byte_of(module: CmisTransceiver, page: Page, byte: int, part: str = "") -> Value[int]:
    """A raw byte."""
    return derive(module.memory.take(page, byte, part=part), lambda raw: raw[0])
