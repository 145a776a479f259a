"""What a lab itself says of platforms: facts with their source, and directories of SONiC's device files.

Of two that tell the same thing the lab's own fact goes first, then the device files; the project's table comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final, TypeVar

from ..breakout import spelled_out
from ..devicefiles import CageFacts as FileFacts
from ..devicefiles import Mode
from ..errors import InputError
from ..reading import Absence, Missing, Reading, Source, Value
from ..units import Unit
from ..verdict import Standing
from .devicemaps import FASTEST, Cages, port_map, read
from .fields import Fields
from .files import beside
from .inventory import CageFacts, CagePlan
from .platforms import PortMap, Socket, model, ports_of
from .ranges import RangeError, numbers
from .validate import did_you_mean
from .yaml12 import Node

T = TypeVar("T")

USUAL_LANES: Final = 8


class PlatformSources:
    """Where a lab's devices have their platforms from."""

    def __init__(self, top: Fields) -> None:
        self.files = top.node("device_files") if top.has("device_files") else None
        self.told = {
            model(name): Fields(name, fields.at_node) for name, fields in top.section("platform_facts").items()
        }

    def of(self, device: str, fields: Fields) -> PlatformSource:
        """What is told of the platform of a device.  LabError where the files that the device points at have not it."""
        platform, hwsku = fields.maybe("platform"), fields.maybe("hwsku")
        if platform is None:
            if fields.has("device_files"):
                raise fields.node("device_files").error(f"{device}: device_files: platform is missing")
            return PlatformSource(None, None, {})
        name = model(platform)
        own = fields.node("device_files") if fields.has("device_files") else None
        held = device_files(device, own or self.files, name, hwsku, asked=own is not None)
        known = port_map(name, held) if held else ports_of(name, hwsku)
        return PlatformSource(self.told.get(name), known, held)

    def check(self, platforms: Mapping[str, str]) -> None:
        """LabError where facts are of a platform that no device has."""
        for name, fields in self.told.items():
            if name not in platforms.values():
                raise fields.error(
                    f"platform_facts: no device has the platform {name}{did_you_mean(name, platforms.values())}"
                )


class PlatformSource:
    """What the lab tells of one platform."""

    def __init__(self, told: Fields | None, known: PortMap | None, files: Cages) -> None:
        self.files = files
        self.asic = quoted(told, "asic", told.text("asic")) if told is not None and told.has("asic") else None
        self.entries = dict(entries(told)) if told is not None else {}
        self.ports = widened(known, self.entries, told)

    def planned(self, cage: CagePlan) -> CagePlan:
        """A cage with what the lab's own sources tell of it."""
        entry, held = self.entries.get(cage.name), self.files.get(cage.name)
        if entry is None and held is None:
            return cage
        return replace(cage, facts=facts(cage, entry, held))


# --- device files -------------------------------------------------------------------------------------------------


def device_files(device: str, named: Node | None, platform: str, hwsku: str | None, *, asked: bool) -> Cages:
    """The cages of a platform out of its device files; none where the lab's files have not this platform."""
    if named is None:
        return {}
    root = beside(named)
    if not root.is_dir():
        raise named.error(f"device_files {named.text}: no such directory")
    try:
        held = read(root, platform, hwsku)
    except InputError as wrong:
        raise named.error(f"{device}: device_files: {wrong}") from None
    if held is None and asked:
        raise named.error(f"{device}: device_files {named.text}: no platform {platform} in it")
    return held or {}


def words(mode: Mode, lanes: int) -> Iterator[str]:
    """A mode as the checks spell it, alternative speeds apart: ``1x800G``, ``1x400G``, ``1x100G(4)``."""
    if len(mode.groups) > 1:
        yield "+".join(f"{group.count}x{group.speed_gbps:f}G({group.lanes})" for group in mode.groups)
        return
    group = mode.groups[0]
    of = f"({group.lanes})" if group.lanes not in (None, lanes) else ""
    for speed in dict.fromkeys((group.speed_gbps, *group.also)):
        yield f"{group.count}x{speed.normalize():f}G{of}"


# --- facts --------------------------------------------------------------------------------------------------------


def entries(told: Fields) -> Iterator[tuple[str, Fields]]:
    """Facts by cage.  LabError where a cage is told of twice, or where nobody is named as the source."""
    first: dict[str, Node] = {}
    if not told.has("cages"):
        return
    for key, node in told.sub("cages").fields.items():
        entry = Fields(f"{told.what} cages {key}", node)
        fields = {name: told.node(name) for name in ("source", "by") if told.has(name)} | dict(entry.fields)
        whole = Fields(entry.what, Node(fields, node.file, node.line))
        try:
            cages = numbers(key)
        except RangeError as wrong:
            raise node.error(f"{told.what}: {wrong}") from None
        for cage in cages:
            if first.setdefault(cage, node) is not node:
                raise node.error(f"{told.what}: cage {cage} is told of twice, first on line {first[cage].line}")
            yield cage, whole


def quoted(told: Fields, key: str, value: T, unit: Unit = Unit.NONE) -> Reading[T]:
    """A fact with the line that tells it, and whom it is from."""
    for needed in ("source", "by"):
        if not told.has(needed):
            raise told.node(key).error(f"{told.what}: {needed} is missing: where {key} is from, and who says so")
    node = told.node(key)
    where = f"line {node.line}, from {told.text('source')}, by {told.text('by')}"
    return Reading(value, Source(node.file.name, where), unit)


def facts(cage: CagePlan, entry: Fields | None, held: tuple[FileFacts, Source] | None) -> CageFacts:
    """What is told of a cage: of each thing the lab's own fact, else that of the device files."""
    absent = Missing(Absence.NOT_DECLARED, cage.at, "the lab tells nothing of it")
    modes: Value[frozenset[str]] = absent
    standing = Standing.BUYER
    form_factor: Value[str] = absent
    watts: Value[Decimal] = absent
    if held is not None and held[0].modes is not None:
        offered = frozenset(word for mode in held[0].modes for word in words(mode, held[0].lanes))
        modes, standing = Reading(offered, held[1]), Standing.DATASHEET
    if entry is None:
        return CageFacts(modes, standing, form_factor, watts)
    if entry.has("modes"):
        modes, standing = quoted(entry, "modes", frozenset(spelled(entry))), Standing.BUYER
    if entry.has("form_factor"):
        form_factor = quoted(entry, "form_factor", entry.text("form_factor"))
    if entry.has("watts"):
        watts = quoted(entry, "watts", entry.required_number("watts"), Unit.WATT)
    return CageFacts(modes, standing, form_factor, watts)


def spelled(entry: Fields) -> Iterator[str]:
    for node in entry.items("modes"):
        if "+" in node.text:
            yield node.text
            continue
        try:
            yield from spelled_out(node.text)
        except ValueError as wrong:
            raise node.error(f"{entry.what}: {wrong}") from None


def widened(known: PortMap | None, told: Mapping[str, Fields], whole: Fields | None) -> PortMap | None:
    """The cages of a platform with the lanes that the lab tells; cages that no table has where it tells their lanes."""
    lanes = {cage: entry for cage, entry in told.items() if entry.has("lanes") or entry.has("lane_gbps")}
    for cage, entry in told.items():
        if known is not None and cage not in known.cages:
            numbered = list(known.cages)
            extent = f"{known.platform} has {len(numbered)} cages, {numbered[0]} to {numbered[-1]}"
            raise entry.error(f"{entry.what}: cage {cage}: {extent}")
    if not lanes or whole is None:
        return known
    sockets = dict(known.cages) if known is not None else {}
    for cage, entry in lanes.items():
        first = sockets.get(cage) or Socket(cage, "", 0, USUAL_LANES, FASTEST)
        for key in ("lanes", "lane_gbps"):
            if entry.has(key):
                quoted(entry, key, entry.whole(key))
        count, rate = entry.whole("lanes") or first.lanes, entry.whole("lane_gbps") or first.lane_gbps
        kept = first if count == first.lanes else replace(first, first="", step=0)
        sockets[cage] = replace(kept, lanes=count, lane_gbps=rate)
    platform = known.platform if known is not None else whole.what
    first_ports = {socket.first: socket for socket in sockets.values() if socket.first}
    return PortMap(platform, MappingProxyType(sockets), MappingProxyType(first_ports))
