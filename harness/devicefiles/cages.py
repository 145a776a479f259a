"""What the device files of a platform say of its cages: lanes, names of ports, breakout modes, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Final

from ..errors import InputError
from .directory import OF_HWSKU, OF_PLATFORM, one
from .kinds import WordFile
from .modes import Mode
from .platform import CageRow, PlatformFile
from .ports import PortsFile
from .ports import Row as PortRow

DEEPEST: Final = 2  # a platform stands below its vendor's directory


@dataclass(frozen=True, slots=True)
class CageFacts:
    """One cage by its number on the platform."""

    number: str
    first: str  # "Ethernet64": its first port
    step: int  # numbers of port names that belong to it
    lanes: int
    lane_gbps: Decimal  # the fastest lane of any mode; 0 where nothing says
    modes: tuple[Mode, ...] | None  # that fit its lanes; None where no file says which it offers
    place: str  # "platform.json line 120"


def find(root: Path, platform: str) -> Path | None:
    """The directory of a platform, at ``root`` or up to two directories below; None where there is none."""
    if root.name == platform and is_home(root):
        return root
    level = [root]
    for _ in range(DEEPEST):
        for here in level:
            if (here / platform).is_dir():
                return here / platform
        level = sorted(inner for here in level for inner in here.iterdir() if inner.is_dir())
    return root if is_home(root) and platform == root.resolve().name else None


def is_home(home: Path) -> bool:
    """Whether a directory is that of a platform."""
    return any((home / name).is_file() for name in OF_PLATFORM) or any(
        next(home.glob(f"*/{name}"), None) is not None for name in OF_HWSKU
    )


def read(home: Path, hwsku: str | None) -> tuple[CageFacts, ...]:
    """The cages of a platform: those of its platform.json, else of a HwSKU's port_config.ini.

    InputError where neither is there, or where the file cannot be read.
    """
    loaded = one(home / "platform.json", PurePath("platform.json")) if (home / "platform.json").is_file() else None
    content = loaded.content if loaded else None
    if isinstance(content, PlatformFile) and content.cages:
        return tuple(of_platform(content.cages))
    folder = home / chosen(home, hwsku)
    path = folder / "port_config.ini"
    listed = one(path, PurePath(folder.name, "port_config.ini")) if path.is_file() else None
    if listed is None or not isinstance(listed.content, PortsFile):
        raise InputError(f"{home}: neither platform.json nor {folder.name}/port_config.ini has its ports")
    return tuple(of_ports(listed.content))


def chosen(home: Path, hwsku: str | None) -> str:
    """The HwSKU that is meant: the one named, the platform's default, or the only one."""
    if hwsku is not None:
        if not (home / hwsku).is_dir():
            raise InputError(f"{home}: it has no HwSKU {hwsku}")
        return hwsku
    path = home / "default_sku"
    loaded = one(path, PurePath("default_sku")) if path.is_file() else None
    if loaded is not None and isinstance(loaded.content, WordFile):
        return loaded.content.words[0]
    names = sorted(found.parent.name for found in home.glob("*/port_config.ini"))
    if len(names) != 1:
        raise InputError(f"{home}: it has {len(names)} HwSKUs ({', '.join(names)}); say hwsku")
    return names[0]


def of_platform(rows: Sequence[CageRow]) -> Iterator[CageFacts]:
    """Cages by their index.  Several interfaces of one cage are one cage whose modes the file does not say."""
    numbers = sorted({numbered(row.port) for row in rows})
    together: dict[str, list[CageRow]] = {}
    for row in rows:
        together.setdefault(row.number, []).append(row)
    for number, held in together.items():
        first, last = held[0], held[-1]
        lanes = sum(len(row.lanes) for row in held)
        beyond = next((other for other in numbers if other > numbered(last.port)), None)
        step = lanes if beyond is None else min(lanes, beyond - numbered(first.port))
        yield CageFacts(
            number,
            first.port,
            step,
            lanes,
            max(row.lane_gbps for row in held),
            first.sound if len(held) == 1 else None,
            f"platform.json line {first.line}",
        )


def of_ports(file: PortsFile) -> Iterator[CageFacts]:
    """Cages by the index of their ports, in a file that does not say what they offer."""
    together: dict[int, list[PortRow]] = {}
    for row in file.rows:
        if row.inside:
            continue
        if row.index is None:
            raise InputError(f"{file.file}:{row.line}: {row.port}: index is missing, so that its cage is not known")
        together.setdefault(row.index, []).append(row)
    numbers = sorted(numbered(row.port) for row in file.rows if not row.inside)
    for index, held in together.items():
        first = held[0]
        lanes = sum(len(row.lanes) for row in held)
        beyond = next((other for other in numbers if other > numbered(held[-1].port)), None)
        step = lanes if beyond is None else min(lanes, beyond - numbered(first.port))
        rates = [row.speed_gbps / len(row.lanes) for row in held if row.speed_gbps is not None]
        place = f"{file.file} line {first.line}"
        yield CageFacts(str(index), first.port, step, lanes, max(rates, default=Decimal(0)), None, place)


def numbered(port: str) -> int:
    found = re.fullmatch(r".*?([0-9]+)", port)
    return int(found[1]) if found else 0
