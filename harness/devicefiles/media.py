"""media_settings.json and optics_si_settings.json: what the ASIC's lanes, or a module's, are set to for which media."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from .remarks import Notes, Remark
from .tree import Members, Node, whole

SECTIONS: Final = ("GLOBAL_MEDIA_SETTINGS", "PORT_MEDIA_SETTINGS")
MOST_LANES: Final = 8
NIBBLE: Final = 15
_LANE: Final = re.compile(r"lane([0-9]{1,2})")
_INTERFACE: Final = re.compile(r"speed:(?P<name>.+)")
_WIDTH: Final = re.compile(r".*(?:AUI|TAUI)-(?P<lanes>[0-9]{1,2})(?:-[A-Z])?")
_SPEED: Final = re.compile(r"(?P<gbps>[0-9]{1,5})G_SPEED")


@dataclass(frozen=True, slots=True)
class Setting:
    """One parameter of the lanes of some cages, for one medium."""

    cages: tuple[int, ...]  # by the index that ports have
    media: str  # "QSFP-DD-active_cable_media_interface", "Default": what the module is matched with
    interface: str  # "400GAUI-8", "400": electrical interface, or Gb/s a lane group; empty for every one
    parameter: str  # "post1", "OutputEqPreCursorTargetRx"
    values: Mapping[int, int]  # by lane, from 1
    line: int


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A media_settings.json or an optics_si_settings.json."""

    file: str
    settings: tuple[Setting, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def cages(self) -> tuple[int, ...]:
        """Every cage that it names."""
        return tuple(sorted({cage for setting in self.settings for cage in setting.cages}))


def read(node: Node, notes: Notes) -> MediaFile:
    """A media_settings.json out of its JSON."""
    found = tuple(setting for cages, told in sections(node, notes) for setting in of_media(cages, told, notes))
    alike(found, notes)
    return MediaFile(notes.file, found, notes.found)


def read_optics(node: Node, notes: Notes) -> MediaFile:
    """An optics_si_settings.json out of its JSON."""
    found = tuple(setting for cages, told in sections(node, notes) for setting in of_speed(cages, told, notes))
    return MediaFile(notes.file, found, notes.found)


def sections(node: Node, notes: Notes) -> Iterator[tuple[tuple[int, ...], Members]]:
    """Cages and what is said of them, of both sections."""
    top = Members(node, notes, "")
    if not any(top.has(name) for name in SECTIONS):
        raise notes.unreadable(node.line, f"neither {SECTIONS[0]} nor {SECTIONS[1]}")
    for name in SECTIONS:
        if not top.has(name):
            continue
        owners: dict[int, str] = {}
        for key, told in top.sub(name).each():
            cages = ranged(key, told.line, notes)
            for cage in cages:
                if cage in owners:
                    message = f"cage {cage} is in {owners[cage]!r} too; the first that fits counts"
                    notes.contradiction("range-overlaps", told.line, key, message)
                    break
                owners[cage] = key
            yield cages, Members(told, notes, key)
    top.done()


def ranged(text: str, line: int, notes: Notes) -> tuple[int, ...]:
    """Cages: ``1-32``, ``0-3,8``, ``5``."""
    found: list[int] = []
    for item in text.split(","):
        ends = re.fullmatch(r"\s*([0-9]{1,4})(?:-([0-9]{1,4}))?\s*", item)
        if ends is None or (ends[2] and int(ends[2]) < int(ends[1])):
            raise notes.unreadable(line, f"cages such as 1-32 were expected, found {text!r}")
        found += range(int(ends[1]), int(ends[2] or ends[1]) + 1)
    return tuple(dict.fromkeys(found))


def of_media(cages: tuple[int, ...], told: Members, notes: Notes) -> Iterator[Setting]:
    for media, node in told.each():
        pattern(media, node.line, notes)
        members = Members(node, notes, f"{told.subject} {media}")
        for key, inner in members.each():
            interface = _INTERFACE.fullmatch(key)
            if interface is None:
                yield lanes_of(cages, media, "", key, inner, notes)
                continue
            for parameter, values in Members(inner, notes, f"{members.subject} {key}").each():
                yield lanes_of(cages, media, interface["name"], parameter, values, notes)


def lanes_of(cages: tuple[int, ...], media: str, interface: str, parameter: str, node: Node, notes: Notes) -> Setting:
    values: dict[int, int] = {}
    told = Members(node, notes, f"{media} {parameter}")
    for key, value in told.each():
        lane = _LANE.fullmatch(key)
        if lane is None:
            raise notes.unreadable(value.line, f"{told.subject}: a lane such as lane0 was expected, found {key!r}")
        values[int(lane[1]) + 1] = whole(value, told.named(key), notes)
    if sorted(values) != list(range(1, len(values) + 1)):
        found = ", ".join(f"lane{lane - 1}" for lane in sorted(values))
        notes.contradiction("lanes-gap", node.line, told.subject, f"its lanes are {found}")
    width = _WIDTH.fullmatch(interface)
    if width and len(values) < int(width["lanes"]):
        message = f"{interface} has {width['lanes']} lanes, {len(values)} are set"
        notes.contradiction("lanes-few", node.line, told.subject, message)
    return Setting(cages, media, interface, parameter, values, node.line)


def alike(found: tuple[Setting, ...], notes: Notes) -> None:
    """Remark on parameters of one medium and interface that are not of the same lanes."""
    first: dict[tuple[tuple[int, ...], str, str], Setting] = {}
    for setting in found:
        key = (setting.cages, setting.media, setting.interface)
        other = first.setdefault(key, setting)
        if len(other.values) != len(setting.values):
            message = f"{setting.parameter} is of {len(setting.values)} lanes, {other.parameter} of {len(other.values)}"
            notes.contradiction("lanes-differ", setting.line, setting.media, message)


def pattern(media: str, line: int, notes: Notes) -> None:
    """Remark on a medium that SONiC could not match with: the word is a regular expression."""
    try:
        re.compile(media)
    except re.error as wrong:
        notes.contradiction("pattern", line, media, f"it is no regular expression: {wrong}")


def of_speed(cages: tuple[int, ...], told: Members, notes: Notes) -> Iterator[Setting]:
    for key, node in told.each():
        speed = _SPEED.fullmatch(key)
        if speed is None:
            raise notes.unreadable(node.line, f"{told.subject}: a speed such as 100G_SPEED was expected, found {key!r}")
        for media, inner in Members(node, notes, f"{told.subject} {key}").each():
            pattern(media, inner.line, notes)
            for parameter, values in Members(inner, notes, media).each():
                yield controls(cages, media, speed["gbps"], parameter, values, notes)


def controls(cages: tuple[int, ...], media: str, speed: str, parameter: str, node: Node, notes: Notes) -> Setting:
    values: dict[int, int] = {}
    told = Members(node, notes, f"{media} {parameter}")
    for key, value in told.each():
        lane = re.fullmatch(re.escape(parameter) + r"([0-9]{1,2})", key)
        if lane is None or not 1 <= int(lane[1]) <= MOST_LANES:
            message = f"{told.subject}: {parameter}1 to {parameter}{MOST_LANES} were expected, found {key!r}"
            raise notes.unreadable(value.line, message)
        number = whole(value, told.named(key), notes)
        if not 0 <= number <= NIBBLE:
            notes.contradiction("nibble", value.line, told.subject, f"{key} is {number}, a module has four bits for it")
        values[int(lane[1])] = number
    return Setting(cages, media, speed, parameter, values, node.line)
