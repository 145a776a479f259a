"""A directory of device files: its platforms with their HwSKUs, and whatever else is in it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final, TypeVar

from ..errors import InputError
from .between import Serdes, of_files, of_hwsku, of_inventory, of_mapping, of_samples, of_serdes, of_testbed
from .buffers import BuffersFile
from .headroom import HeadroomFile
from .hwsku import HwskuFile
from .kinds import Loaded, WordFile, load
from .media import MediaFile
from .platform import PlatformFile
from .ports import PortsFile
from .remarks import Notes, Remark, Unreadable

T = TypeVar("T")

LARGEST: Final = 64 << 20
NOBODY: Final[Mapping[str, Serdes]] = MappingProxyType({})
OF_PLATFORM: Final = ("platform.json", "platform_asic")
OF_HWSKU: Final = ("hwsku.json", "port_config.ini")
"""Files that make a directory one of a platform, or of a HwSKU."""


@dataclass(frozen=True, slots=True)
class Hwsku:
    """The files of a HwSKU."""

    name: str
    modes: HwskuFile | None
    ports: PortsFile | None
    headroom: HeadroomFile | None
    media: MediaFile | None
    optics: MediaFile | None
    buffers: Mapping[str, BuffersFile]  # by name of the file


@dataclass(frozen=True, slots=True)
class Platform:
    """The files of a platform."""

    name: str  # "x86_64-nvidia_sn5600-r0": its directory
    file: PlatformFile | None
    asic: str  # "broadcom"; empty where no file says
    default_hwsku: str
    media: MediaFile | None
    optics: MediaFile | None
    hwskus: Mapping[str, Hwsku]

    def hwsku(self, name: str | None) -> Hwsku | None:
        """A HwSKU by name, else the default one, else the only one."""
        if name is not None:
            return self.hwskus.get(name)
        only = next(iter(self.hwskus.values())) if len(self.hwskus) == 1 else None
        return self.hwskus.get(self.default_hwsku) or only


@dataclass(frozen=True, slots=True)
class DeviceFiles:
    """All that a directory has."""

    root: str
    platforms: Mapping[str, Platform]
    files: tuple[Loaded, ...]  # every file that was read, those of platforms too
    unread: tuple[str, ...]  # files that are no device files
    refused: tuple[Unreadable, ...]
    remarks: tuple[Remark, ...]


def read(root: Path, serdes: Mapping[str, Serdes] = NOBODY) -> DeviceFiles:
    """Everything below a directory, or one file.  InputError where there is nothing to read.

    ``serdes`` are the fastest lanes of platforms, by name, where somebody knows their ASICs.
    """
    if not root.exists():
        raise InputError(f"{root}: no such file or directory")
    files: dict[PurePath, Loaded] = {}
    unread: list[str] = []
    refused: list[Unreadable] = []
    for path in walk(root):
        relative = path.relative_to(root) if root.is_dir() else PurePath(path.name)
        try:
            loaded = one(path, relative)
        except Unreadable as wrong:
            refused.append(wrong)
            continue
        if loaded is None:
            unread.append(str(relative))
        else:
            files[relative] = loaded
    if not files and not refused:
        raise InputError(f"{root}: it has no device file")
    platforms = {found.name: found for found in grouped(root.resolve().name, files)}
    remarks = [remark for loaded in files.values() for remark in loaded.remarks]
    for found in platforms.values():
        remarks += of_files(found.file, found.media, found.optics)
        remarks += of_serdes(found.file, serdes.get(found.name))
        for hwsku in found.hwskus.values():
            remarks += of_hwsku(found.file, hwsku.modes, hwsku.ports, hwsku.media, hwsku.optics)
    remarks += [*of_samples(files), *of_testbed(files.values()), *of_inventory(files.values()), *of_mapping(files)]
    return DeviceFiles(
        str(root), MappingProxyType(platforms), tuple(files.values()), tuple(unread), tuple(refused),
        tuple(sorted(set(remarks))),
    )  # fmt: skip


def one(path: Path, relative: PurePath) -> Loaded | None:
    """One file; None where it is no device file."""
    notes = Notes(str(relative))
    try:
        if path.stat().st_size > LARGEST:
            raise notes.unreadable(1, f"larger than {LARGEST >> 20} MiB")
        raw = path.read_bytes()
    except OSError as wrong:
        raise notes.unreadable(1, f"cannot be read: {wrong.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        if load_by_name(relative):
            line = raw[: wrong.start].count(b"\n") + 1
            raise notes.unreadable(line, f"not UTF-8 text: {wrong.reason}") from None
        return None
    return load(relative, text, notes)


def load_by_name(path: PurePath) -> bool:
    """Whether a file's name promises a device file."""
    return path.suffix in (".json", ".csv", ".ini") or path.name in ("platform_asic", "default_sku")


def walk(root: Path) -> Iterator[Path]:
    """Every file below a directory in order, links to directories followed once."""
    if not root.is_dir():
        yield root
        return
    seen: set[str] = set()
    for here, folders, names in os.walk(root, followlinks=True):
        real = os.path.realpath(here)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(here, name)


def grouped(own: str, files: Mapping[PurePath, Loaded]) -> Iterator[Platform]:
    """The platforms that the files make up; a directory is one where a file, or a HwSKU in it, says so."""
    homes: dict[PurePath, set[PurePath]] = {}
    for path in files:
        if path.name in OF_PLATFORM:
            homes.setdefault(path.parent, set())
    for path in files:
        if path.name in OF_HWSKU and path.parent != PurePath() and path.parent not in homes:
            homes.setdefault(path.parent.parent, set()).add(path.parent)
    for home, folders in sorted(homes.items()):
        yield Platform(
            own if home == PurePath() else home.name,
            of(files, home / "platform.json", PlatformFile),
            word(files, home / "platform_asic"),
            word(files, home / "default_sku"),
            of(files, home / "media_settings.json", MediaFile),
            of(files, home / "optics_si_settings.json", MediaFile),
            MappingProxyType({folder.name: hwsku(folder, files) for folder in sorted(folders)}),
        )


def hwsku(home: PurePath, files: Mapping[PurePath, Loaded]) -> Hwsku:
    constants = {
        path.name: loaded.content
        for path, loaded in files.items()
        if path.parent == home and isinstance(loaded.content, BuffersFile)
    }
    return Hwsku(
        home.name,
        of(files, home / "hwsku.json", HwskuFile),
        of(files, home / "port_config.ini", PortsFile),
        of(files, home / "pg_profile_lookup.ini", HeadroomFile),
        of(files, home / "media_settings.json", MediaFile),
        of(files, home / "optics_si_settings.json", MediaFile),
        MappingProxyType(constants),
    )


def of(files: Mapping[PurePath, Loaded], path: PurePath, kind: type[T]) -> T | None:
    loaded = files.get(path)
    return loaded.content if loaded is not None and isinstance(loaded.content, kind) else None


def word(files: Mapping[PurePath, Loaded], path: PurePath) -> str:
    found = of(files, path, WordFile)
    return found.words[0] if found else ""
