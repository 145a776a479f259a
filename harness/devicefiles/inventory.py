"""The inventory of transceivers that a SONiC test lab keeps: what is plugged in, and what is expected of which part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from .remarks import Notes, Remark
from .tree import Members, Node, Scalar

IDENTITY: Final = ("vendor_name", "vendor_pn", "vendor_sn", "vendor_date", "vendor_oui", "vendor_rev", "hardware_rev")
SECTIONS: Final = ("mandatory", "defaults", "dut", "transceivers", "platforms")
MOST_LANES: Final = 8


@dataclass(frozen=True, slots=True)
class Plugged:
    """The module of a cage, named by its ports: ``Ethernet0:7``."""

    ports: str
    line: int
    identity: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lanes:
    """Which lanes of a module one port has: ``AOC-200-QSFPDD-2x100G_200G_SIDE-0x1-0x1``."""

    port: str
    line: int
    kind: str  # "AOC"
    gbps: int
    form_factor: str
    deployment: str
    media_lanes: tuple[int, ...]  # from 1
    host_lanes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PluggedFile:
    """What is plugged into one device."""

    file: str
    modules: tuple[Plugged, ...]
    lanes: tuple[Lanes, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class NamesFile:
    """How vendors and part numbers are written as names of directories."""

    file: str
    vendors: Mapping[str, str]
    parts: Mapping[str, str]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplatesFile:
    """Which attributes a deployment asks for."""

    file: str
    required: Mapping[str, Mapping[str, tuple[str, ...]]]  # by deployment, then by group of attributes
    optional: Mapping[str, Mapping[str, tuple[str, ...]]]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributesFile:
    """What holds for a part, a vendor, a platform or by default, for one kind of test."""

    file: str
    category: str  # "cdb_firmware_upgrade"
    scope: tuple[str, ...]  # directories below the category: ("transceivers", "vendors", "ACME", ...)
    mandatory: tuple[str, ...]
    attributes: Mapping[str, Scalar | tuple[Scalar, ...]]  # "defaults.vdm_supported", or "vdm_supported"
    remarks: tuple[Remark, ...] = ()


File = PluggedFile | NamesFile | TemplatesFile | AttributesFile


def kind_of(path: PurePath) -> str | None:
    """What a file of an inventory is, by its place; None where it is none."""
    parents = [parent.name for parent in path.parents]
    if path.suffix != ".json":
        return None
    if path.name == "normalization_mappings.json":
        return "names"
    if path.name == "deployment_templates.json":
        return "templates"
    if parents[:1] == ["dut_info"]:
        return "plugged"
    if "attributes" in parents:
        return "attributes"
    return None


def read(path: PurePath, node: Node, notes: Notes) -> File:
    """A file of an inventory out of its JSON."""
    kind = kind_of(path)
    if kind == "names":
        return names(node, notes)
    if kind == "templates":
        return templates(node, notes)
    if kind == "plugged":
        return plugged(node, notes)
    return attributes(path, node, notes)


def names(node: Node, notes: Notes) -> NamesFile:
    top = Members(node, notes, "")
    found = []
    for key in ("vendor_names", "part_numbers"):
        told = top.sub(key)
        table = {name: told.text(name) for name in told.nodes}
        for name, directory in table.items():
            if not re.fullmatch(r"[A-Za-z0-9_.-]+", directory):
                message = f"{directory!r} is no name of a directory"
                notes.contradiction("directory", told.nodes[name].line, name, message)
        found.append(table)
    top.done()
    return NamesFile(notes.file, found[0], found[1], notes.found)


def templates(node: Node, notes: Notes) -> TemplatesFile:
    top = Members(node, notes, "")
    required: dict[str, Mapping[str, tuple[str, ...]]] = {}
    optional: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, one in top.sub("deployment_templates").each():
        told = Members(one, notes, name)
        for key, into in (("required_attributes", required), ("optional_attributes", optional)):
            if told.has(key):
                groups = told.sub(key)
                into[name] = {group: texts(groups, group) for group in groups.nodes}
        told.done()
    top.done()
    return TemplatesFile(notes.file, required, optional, notes.found)


def texts(told: Members, key: str) -> tuple[str, ...]:
    found = told.items(key)
    for item in found:
        if not isinstance(item.value, str):
            raise told.notes.unreadable(item.line, f"{told.named(key)}: texts were expected")
    return tuple(str(item.value) for item in found)


def plugged(node: Node, notes: Notes) -> PluggedFile:
    modules, lanes = [], []
    for name, one in Members(node, notes, "").each():
        told = Members(one, notes, name)
        if told.has("transceiver_configuration"):
            lanes.append(lanes_of(name, told, notes))
        if any(told.has(key) for key in IDENTITY):
            modules.append(Plugged(name, one.line, {key: told.text(key) for key in IDENTITY if told.has(key)}))
        told.done()
    within(lanes, notes)
    return PluggedFile(notes.file, tuple(modules), tuple(lanes), notes.found)


def lanes_of(port: str, told: Members, notes: Notes) -> Lanes:
    text = told.text("transceiver_configuration")
    line = told.node("transceiver_configuration").line
    found = re.fullmatch(
        r"([A-Za-z0-9]+)-([0-9]{1,5})-([A-Za-z0-9]+)-(.+)-(0[xX][0-9A-Fa-f]{1,4})-(0[xX][0-9A-Fa-f]{1,4})", text
    )
    if found is None:
        raise notes.unreadable(line, f"{port}: such as AOC-200-QSFPDD-2x100G-0x1-0x1 was expected, found {text!r}")
    return Lanes(port, line, found[1], int(found[2]), found[3], found[4], masked(found[5]), masked(found[6]))


def masked(text: str) -> tuple[int, ...]:
    """The lanes of a mask, from 1."""
    mask = int(text, 16)
    return tuple(bit + 1 for bit in range(mask.bit_length()) if mask >> bit & 1)


def within(lanes: list[Lanes], notes: Notes) -> None:
    """What cannot be of the ports of one module: lanes beyond it, or lanes of two ports."""
    for one in lanes:
        for side, held in (("media", one.media_lanes), ("host", one.host_lanes)):
            if not held:
                notes.contradiction("lane-mask", one.line, one.port, f"no {side} lane is its own")
            elif held[-1] > MOST_LANES:
                notes.contradiction(
                    "lane-mask", one.line, one.port, f"{side} lane {held[-1]}, a module has {MOST_LANES}"
                )


def attributes(path: PurePath, node: Node, notes: Notes) -> AttributesFile:
    parts = path.parts
    at = len(parts) - 1 - parts[::-1].index("attributes")
    category, scope = parts[at + 1], parts[at + 2 : -1]
    top = Members(node, notes, "")
    mandatory = texts(top, "mandatory") if top.has("mandatory") else ()
    found = dict(flat(top, ""))
    if path.stem.endswith("_manifest"):
        manifest(top, notes)
    of_firmware(found, node.line, notes)
    return AttributesFile(notes.file, category, tuple(scope), mandatory, found, notes.found)


def flat(told: Members, before: str) -> Iterator[tuple[str, Scalar | tuple[Scalar, ...]]]:
    for key, node in told.each():
        if key == "mandatory" and not before:
            continue
        if isinstance(node.value, Mapping):
            yield from flat(Members(node, told.notes, told.named(key)), f"{before}{key}.")
        elif isinstance(node.value, tuple):
            yield f"{before}{key}", tuple(joined(item) for item in node.value)
        else:
            yield f"{before}{key}", node.value


def joined(node: Node) -> Scalar:
    """One value; a list inside a list is written with spaces."""
    if isinstance(node.value, tuple):
        return " ".join(str(joined(item)) for item in node.value)
    return None if isinstance(node.value, Mapping) else node.value


def manifest(top: Members, notes: Notes) -> None:
    for version, node in top.each():
        told = Members(node, notes, version)
        digest = told.text("md5sum")
        if not re.fullmatch(r"[0-9a-fA-F]{32}", digest):
            notes.contradiction("digest", node.line, version, f"md5sum {digest!r} has not 32 hexadecimal digits")


def of_firmware(found: Mapping[str, Scalar | tuple[Scalar, ...]], line: int, notes: Notes) -> None:
    """What cannot be of the versions of a part's firmware."""
    versions = found.get("firmware_versions")
    if not isinstance(versions, tuple):
        return
    for key in ("gold_firmware_version", "inactive_firmware_version"):
        if key in found and found[key] not in versions:
            known = ", ".join(map(str, versions))
            notes.contradiction("no-such-row", line, key, f"{found[key]!r} is none of firmware_versions ({known})")
