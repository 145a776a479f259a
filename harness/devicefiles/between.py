"""What cannot be of two files of one platform, one test lab or one inventory together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath

from .fboss import MappingFile
from .hwsku import HwskuFile, Row
from .inventory import AttributesFile, NamesFile, PluggedFile
from .kinds import Loaded
from .media import MediaFile
from .modes import Mode, Share
from .platform import CageRow, PlatformFile, child_of
from .ports import PortsFile
from .ports import Row as PortRow
from .remarks import Kind, Remark
from .testbed import TestbedFile


@dataclass(frozen=True, slots=True)
class Serdes:
    """How fast a lane of a platform's ASIC is, and who says so."""

    gbps: Decimal
    said: str  # "the table has Tomahawk 5 with 100 Gb/s a lane (recalled)"


def contradiction(rule: str, file: str, line: int, subject: str, message: str) -> Remark:
    return Remark(file, line, Kind.CONTRADICTION, rule, subject, message)


def of_serdes(platform: PlatformFile | None, serdes: Serdes | None) -> Iterator[Remark]:
    """Modes with a faster lane than the platform's ASIC has."""
    if platform is None or serdes is None:
        return
    for cage in platform.cages:
        for mode in cage.sound:
            rate = max(share.speeds[0] / len(share.lanes) for share in mode.shares(len(cage.lanes)))
            if rate > serdes.gbps:
                message = f"mode {mode.text} has lanes of {rate.normalize():f} Gb/s, and {serdes.said}"
                yield contradiction("mode-speed", platform.file, mode.line, cage.port, message)


def of_files(platform: PlatformFile | None, *settings: MediaFile | None) -> Iterator[Remark]:
    """Settings of cages that the platform does not have."""
    if platform is None or not platform.cages:
        return
    indices = {index for cage in platform.cages for index in cage.index}
    for file in settings:
        if file is not None:
            beyond = [cage for cage in file.cages if cage not in indices]
            if beyond and (setting := next(one for one in file.settings if beyond[0] in one.cages)):
                last = f" to {beyond[-1]}" if len(beyond) > 1 else ""
                message = f"no cage {beyond[0]}{last}: {platform.file} has {min(indices)} to {max(indices)}"
                yield contradiction("no-such-cage", file.file, setting.line, setting.media, message)


def of_hwsku(
    platform: PlatformFile | None,
    modes: HwskuFile | None,
    ports: PortsFile | None,
    *settings: MediaFile | None,
) -> Iterator[Remark]:
    """What a HwSKU's files say against the platform's, and against one another."""
    yield from of_files(platform, *settings)
    if platform is None:
        return
    if modes is not None:
        yield from of_modes(platform, modes)
    if ports is not None and platform.cages:
        yield from of_ports(platform, ports)
    if modes is not None and ports is not None and platform.cages:
        yield from of_both(platform, modes, ports)


def of_modes(platform: PlatformFile, modes: HwskuFile) -> Iterator[Remark]:
    """Ports that the platform does not have, and modes that their cages do not offer."""
    if not platform.cages and modes.rows:
        first = modes.rows[0]
        message = f"{len(modes.rows)} ports, and {platform.file} has no interface"
        yield contradiction("no-such-port", modes.file, first.line, first.port, message)
        return
    cages = {cage.port: cage for cage in platform.cages}
    chosen = {row.port: row for row in modes.rows}
    for row in modes.rows:
        cage = cages.get(row.port)
        if cage is None:
            yield from of_child(row, chosen, cages, modes.file, platform.file)
        elif row.mode.text not in {mode.text for mode in cage.modes}:
            offered = ", ".join(mode.text for mode in cage.modes) or "none"
            message = f"mode {row.mode.text}, and {platform.file} offers {offered}"
            yield contradiction("mode-not-offered", modes.file, row.line, row.port, message)


def of_child(
    row: Row, chosen: Mapping[str, Row], cages: Mapping[str, CageRow], file: str, platform: str
) -> Iterator[Remark]:
    """A port that is no cage's first: it has to be one that its cage's mode makes, and to name the same mode."""
    for cage in cages.values():
        first = chosen.get(cage.port)
        if first is None:
            continue
        shares = first.mode.shares(len(cage.lanes))
        if row.port in {child_of(cage.port, share.lanes[0]) for share in shares}:
            if row.mode.text != first.mode.text:
                message = f"mode {row.mode.text}, and {cage.port} of the same cage has {first.mode.text}"
                yield contradiction("mode-differs", file, row.line, row.port, message)
            return
    message = f"{platform} has no such interface, and no mode that is chosen makes it"
    yield contradiction("no-such-port", file, row.line, row.port, message)


def of_ports(platform: PlatformFile, ports: PortsFile) -> Iterator[Remark]:
    """Lanes, indices and speeds that are not those of the platform's cages."""
    owner = {lane: cage for cage in platform.cages for lane in cage.lanes}
    for row in ports.rows:
        if row.inside:
            continue
        held = {owner[lane].port: owner[lane] for lane in row.lanes if lane in owner}
        strange = [lane for lane in row.lanes if lane not in owner]
        if strange:
            lanes = ", ".join(map(str, strange))
            message = f"lane {lanes}: no cage of {platform.file} has it"
            yield contradiction("lanes-differ", ports.file, row.line, row.port, message)
            continue
        if len(held) > 1:
            message = f"its lanes are of {' and '.join(held)} in {platform.file}"
            yield contradiction("lanes-differ", ports.file, row.line, row.port, message)
            continue
        yield from of_port(row, next(iter(held.values())), ports.file, platform.file)


def of_port(row: PortRow, cage: CageRow, file: str, platform: str) -> Iterator[Remark]:
    place = tuple(cage.lanes.index(lane) + 1 for lane in row.lanes)
    named = child_of(cage.port, place[0])
    if row.port != named:
        message = f"its lanes are those of {named} in {platform}"
        yield contradiction("lanes-differ", file, row.line, row.port, message)
    if row.index is not None and row.index != cage.index[0]:
        message = f"index {row.index}, and {cage.port} has {cage.index[0]} in {platform}"
        yield contradiction("index-differs", file, row.line, row.port, message)
    if row.speed_gbps is None or not cage.modes:
        return
    if not any(gives(share, place, row.speed_gbps) for mode in cage.modes for share in mode.shares(len(cage.lanes))):
        offered = ", ".join(mode.text for mode in cage.modes)
        lanes = f"{len(place)} lane{'s' if len(place) > 1 else ''}"
        what = f"{row.speed_gbps.normalize():f} Gb/s on {lanes}"
        yield contradiction(
            "speed-not-offered", file, row.line, row.port, f"{what}: no mode of {cage.port} gives it ({offered})"
        )


def gives(share: Share, lanes: tuple[int, ...], speed: Decimal) -> bool:
    return share.lanes == tuple(sorted(lanes)) and speed in share.speeds


def of_both(platform: PlatformFile, modes: HwskuFile, ports: PortsFile) -> Iterator[Remark]:
    """Ports that the chosen modes make against the ports that port_config.ini lists."""
    listed = {row.port: row for row in ports.rows if not row.inside}
    chosen = {row.port: row for row in modes.rows}
    made: dict[str, tuple[Mode, Share, CageRow, int]] = {}
    for cage in platform.cages:
        row = chosen.get(cage.port)
        mode = next((mode for mode in cage.modes if row is not None and mode.text == row.mode.text), None)
        if row is None or mode is None:
            continue
        for share in mode.shares(len(cage.lanes)):
            made[child_of(cage.port, share.lanes[0])] = (mode, share, cage, row.line)
    for name, (mode, share, cage, line) in made.items():
        row_of = listed.get(name)
        lanes = tuple(cage.lanes[lane - 1] for lane in share.lanes)
        if row_of is None:
            message = f"mode {mode.text} of {cage.port} makes it, and {ports.file} does not have it"
            yield contradiction("ports-differ", modes.file, line, name, message)
        elif sorted(row_of.lanes) != sorted(lanes):
            message = f"mode {mode.text} gives it lanes {spoken(lanes)}, {ports.file} {spoken(row_of.lanes)}"
            yield contradiction("ports-differ", modes.file, line, name, message)
        elif row_of.speed_gbps is not None and row_of.speed_gbps not in share.speeds:
            message = f"mode {mode.text} and {row_of.speed_gbps.normalize():f} Gb/s in {ports.file}"
            yield contradiction("ports-differ", modes.file, line, name, message)
    settled = {cage.port for _, _, cage, _ in made.values()}
    owner = {lane: cage.port for cage in platform.cages for lane in cage.lanes}
    for row_of in listed.values():
        if row_of.port not in made and owner.get(row_of.lanes[0]) in settled:
            message = f"{modes.file} makes no such port"
            yield contradiction("ports-differ", ports.file, row_of.line, row_of.port, message)


def spoken(lanes: Iterable[int]) -> str:
    return ",".join(map(str, lanes))


def of_samples(files: Mapping[PurePath, Loaded]) -> Iterator[Remark]:
    """The same of files that stand beside each other as ``NAME_platform.json`` and ``NAME_hwsku.json``."""
    for path, loaded in files.items():
        name, found, _ = path.name.rpartition("platform.json")
        beside_it = files.get(path.with_name(f"{name}hwsku.json")) if found and name else None
        if beside_it is None:
            continue
        platform, modes = loaded.content, beside_it.content
        if isinstance(platform, PlatformFile) and isinstance(modes, HwskuFile):
            yield from of_modes(platform, modes)


# --- test labs, inventories, mappings -----------------------------------------------------------------------------


def beside(files: Iterable[Loaded], kind: type) -> dict[PurePath, list[Loaded]]:
    found: dict[PurePath, list[Loaded]] = {}
    for loaded in files:
        if isinstance(loaded.content, kind):
            found.setdefault(loaded.path.parent, []).append(loaded)
    return found


def of_testbed(files: Iterable[Loaded]) -> Iterator[Remark]:
    """Links whose devices the table of devices of the same lab does not have."""
    for held in beside(files, TestbedFile).values():
        contents = {loaded.path.name: loaded.content for loaded in held}
        for name, content in contents.items():
            lab, found, _ = name.rpartition("_links")
            devices = contents.get(f"{lab}_devices.csv")
            if not found or not isinstance(content, TestbedFile) or not isinstance(devices, TestbedFile):
                continue
            known = {device.name for device in devices.devices}
            for link in content.links:
                for end in (link.near, link.far):
                    if end[0] not in known:
                        message = f"{devices.file} has no such device"
                        yield contradiction("no-such-device", content.file, link.line, ":".join(end), message)


def of_inventory(files: Iterable[Loaded]) -> Iterator[Remark]:
    """Parts and vendors that the names do not cover, firmware without an image, and attributes that have to be said."""
    held = list(files)
    attributes = [loaded.content for loaded in held if isinstance(loaded.content, AttributesFile)]
    names = [loaded.content for loaded in held if isinstance(loaded.content, NamesFile)]
    for loaded in held:
        if isinstance(loaded.content, PluggedFile) and names:
            for module in loaded.content.modules:
                for key, table in (("vendor_name", names[0].vendors), ("vendor_pn", names[0].parts)):
                    told = module.identity.get(key)
                    if told is not None and told not in table:
                        message = f"{key} {told!r} is not in {names[0].file}"
                        yield contradiction("no-such-row", loaded.content.file, module.line, module.ports, message)
    for file in attributes:
        yield from of_attributes(file, attributes)


def of_attributes(file: AttributesFile, every: list[AttributesFile]) -> Iterator[Remark]:
    if not file.scope or file.scope[-2:-1] != ("part_numbers",):
        return
    same = [other for other in every if other.category == file.category]
    versions = file.attributes.get("firmware_versions")
    images = [other for other in same if other.scope == file.scope and "firmware_versions" not in other.attributes]
    if isinstance(versions, tuple) and images:
        known = {key.rpartition(".")[0] for key in images[0].attributes}
        for version in versions:
            if str(version) not in known:
                message = f"{images[0].file} has no image of it"
                yield contradiction("no-such-row", file.file, 1, f"firmware {version}", message)
    mandatory = {key for other in same if not other.scope for key in other.mandatory}
    if isinstance(versions, tuple):
        for key in sorted(mandatory - set(file.attributes)):
            yield contradiction("mandatory", file.file, 1, file.scope[-1], f"{key} is mandatory, and not there")


def of_mapping(files: Mapping[PurePath, Loaded]) -> Iterator[Remark]:
    """Settings of lanes, and ports of cages, that the mapping of lanes of the same platform does not have."""
    for held in beside(files.values(), MappingFile).values():
        tables = {loaded.content.table: loaded.content for loaded in held if isinstance(loaded.content, MappingFile)}
        lanes = tables.get("lanes")
        if lanes is None:
            continue
        near = {(row.near.chip, row.near.core, row.near.lane) for row in lanes.lanes}
        cages = {row.far.chip for row in lanes.lanes if row.far.chip_type == "TRANSCEIVER"}
        signal, ports = tables.get("signal"), tables.get("ports")
        for row in signal.signals if signal else ():
            if (row.chip, row.core, row.lane) not in near:
                message = f"{lanes.file} has no such lane"
                yield contradiction(
                    "no-such-lane", signal.file if signal else "", row.line, f"core {row.core} lane {row.lane}", message
                )
        for port in ports.ports if ports else ():
            if port.cage not in cages:
                message = f"{lanes.file} has no cage {port.cage}"
                yield contradiction("no-such-cage", ports.file if ports else "", port.line, port.name, message)
