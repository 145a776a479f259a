"""Which device file is what: by its name where that says so, else by what is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Final

from . import buffers, database, fboss, headroom, hwsku, inventory, media, platform, ports, testbed
from .lines import columns_of, commas
from .media import SECTIONS
from .remarks import Notes, Remark, Unreadable
from .tree import Node, parse


@dataclass(frozen=True, slots=True)
class WordFile:
    """A file of one word: the family of the ASIC, or the HwSKU that a platform comes up with."""

    file: str
    words: tuple[str, ...]
    remarks: tuple[Remark, ...] = ()


Content = (
    platform.PlatformFile
    | hwsku.HwskuFile
    | ports.PortsFile
    | headroom.HeadroomFile
    | media.MediaFile
    | buffers.BuffersFile
    | database.DatabaseFile
    | database.SamplesFile
    | fboss.MappingFile
    | fboss.VendorFile
    | testbed.TestbedFile
    | inventory.File
    | WordFile
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that has been read."""

    kind: str  # "platform.json", "breakout modes of a HwSKU", ...
    path: PurePath  # below the directory that was asked for
    content: Content

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return self.content.remarks


def word(text: str, notes: Notes) -> WordFile:
    found = tuple(text.split())
    if not 1 <= len(found) <= 2:
        raise notes.unreadable(1, f"one word was expected, found {len(found)}")
    return WordFile(notes.file, found)


TEXTS: Final[Mapping[str, tuple[str, Callable[[str, Notes], Content]]]] = {
    "*port_config.ini": ("ports", ports.read),
    "*pg_profile_lookup*.ini": ("headroom", headroom.read),
    "buffers_defaults*.j2": ("buffer constants", buffers.read_template),
    "platform_asic": ("ASIC family", word),
    "default_sku": ("default HwSKU", word),
}
"""Readers of text, by the file's name."""

TREES: Final[Mapping[str, tuple[str, Callable[[Node, Notes], Content]]]] = {
    "platform.json": ("platform", platform.read),
    "hwsku.json": ("breakout modes", hwsku.read),
    "*media_settings*.json": ("media settings", media.read),
    "*optics_si_settings*.json": ("module settings", media.read_optics),
    "buffers_defaults*.json": ("buffer constants", buffers.read),
    "*vendor_config.json": ("SDK settings", fboss.read_vendor),
    "*config_db*.json": ("database", database.read),
}
"""Readers of JSON, by the file's name."""


def load(path: PurePath, text: str, notes: Notes) -> Loaded | None:
    """A device file out of its text; None where it is none.  Unreadable where it is not what its name promises."""
    name = path.name
    for pattern, (kind, read) in TEXTS.items():
        if fnmatchcase(name, pattern):
            return Loaded(kind, path, read(text, notes))
    if name.endswith(".json"):
        return of_json(path, text, notes)
    if name.endswith(".csv"):
        return of_commas(path, text, notes)
    return None


def of_json(path: PurePath, text: str, notes: Notes) -> Loaded | None:
    known = next((entry for pattern, entry in TREES.items() if fnmatchcase(path.name, pattern)), None)
    inside = inventory.kind_of(path)
    try:
        node = parse(text, notes)
    except Unreadable:
        if known or inside:
            raise
        return None
    if inside:
        return Loaded("transceiver inventory", path, inventory.read(path, node, notes))
    kind, read = known or by_content(node) or ("", None)
    return Loaded(kind, path, read(node, notes)) if read else None


def by_content(node: Node) -> tuple[str, Callable[[Node, Notes], Content]] | None:
    """The reader of a JSON file whose name says nothing."""
    if not isinstance(node.value, Mapping) or not node.value:
        return None
    keys = node.value
    interfaces = keys["interfaces"].value if "interfaces" in keys else None
    if "chassis" in keys or (isinstance(interfaces, Mapping) and said(interfaces, "lanes")):
        return TREES["platform.json"]
    if isinstance(interfaces, Mapping) and said(interfaces, "default_brkout_mode"):
        return TREES["hwsku.json"]
    if any(section in keys for section in SECTIONS):
        of_modules = any("G_SPEED" in key for key in second(node))
        return TREES["*optics_si_settings*.json" if of_modules else "*media_settings*.json"]
    if all(re.fullmatch(r"_?[A-Z][A-Z0-9_]*([|:].*)?", key, re.DOTALL) for key in keys):
        return TREES["*config_db*.json"]
    return None


def said(interfaces: Mapping[str, Node], key: str) -> bool:
    return any(isinstance(one.value, Mapping) and key in one.value for one in interfaces.values())


def second(node: Node) -> list[str]:
    """The keys two levels below the top."""
    found: list[str] = []
    level = [node]
    for _ in range(2):
        level = [inner for one in level if isinstance(one.value, Mapping) for inner in one.value.values()]
    for one in level:
        if isinstance(one.value, Mapping):
            found += one.value
    return found


def of_commas(path: PurePath, text: str, notes: Notes) -> Loaded | None:
    columns = columns_of(text)
    if testbed.is_testbed(columns):
        return Loaded("test lab", path, testbed.read(*commas(text, notes, testbed.OPTIONAL), notes))
    if fboss.table_of(columns):
        return Loaded("platform mapping", path, fboss.read(*commas(text, notes), notes))
    return None
