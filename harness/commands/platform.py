"""``plugfest platform``: what device files say of platforms, and what in them cannot hold together."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..devicefiles import DeviceFiles, Hwsku, Kind, Platform, Remark, Serdes, read
from ..devicefiles.cages import CageFacts, of_platform, of_ports
from ..errors import InputError
from ..requirements.load import known_asics, known_platforms
from ..requirements.rows import Platform as Row

CONTRADICTED, UNREADABLE = 1, 2
SHOWN: Final = 8
"""Names of one kind that a terminal gets; ``--json`` has them all."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Cages of a platform that are alike."""

    numbers: tuple[str, ...]
    lanes: int
    lane_gbps: Decimal
    modes: tuple[str, ...] | None  # as the file writes them; None where no file says
    form_factor: str  # from the project's table; empty where it does not know
    standing: str  # how the table knows

    def document(self) -> Mapping[str, object]:
        return {
            "cages": list(self.numbers), "lanes": self.lanes, "lane_gbps": number(self.lane_gbps),
            "modes": None if self.modes is None else list(self.modes),
            "form_factor": self.form_factor or None, "form_factor_standing": self.standing or None,
        }  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Exit 0 where everything loads and agrees, 1 where something contradicts, 2 where a file cannot be read."""
    found = read(args.directory, serdes())
    if args.json:
        print(json.dumps(document(found), indent=1))
    else:
        print("\n".join(lines(found)))
    if found.refused:
        return UNREADABLE
    return CONTRADICTED if any(remark.kind is Kind.CONTRADICTION for remark in found.remarks) else 0


def serdes() -> Mapping[str, Serdes]:
    """How fast the lanes of the ASICs of known platforms are."""
    asics = known_asics()
    return {
        name: Serdes(
            asics[row.asic].serdes_gbps,
            f"the table has {row.asic} with {asics[row.asic].serdes_gbps:f} Gb/s a lane ({asics[row.asic].standing})",
        )
        for name, row in known_platforms().items()
    }


# --- what is said of a platform -----------------------------------------------------------------------------------


def alike(platform: Platform) -> tuple[Alike, ...]:
    """The cages of a platform by what they are; those of its first HwSKU's ports where no platform.json has them."""
    row = known_platforms().get(platform.name)
    groups: dict[tuple[object, ...], list[CageFacts]] = {}
    for cage in cages(platform):
        modes = tuple(mode.text for mode in cage.modes) if cage.modes is not None else None
        form, standing = form_of(row, cage.number)
        groups.setdefault((cage.lanes, cage.lane_gbps, modes, form, standing), []).append(cage)
    return tuple(
        Alike(
            tuple(cage.number for cage in held), held[0].lanes, held[0].lane_gbps,
            tuple(mode.text for mode in held[0].modes) if held[0].modes is not None else None,
            *form_of(row, held[0].number),
        )
        for held in groups.values()
    )  # fmt: skip


def cages(platform: Platform) -> tuple[CageFacts, ...]:
    if platform.file is not None and platform.file.cages:
        return tuple(of_platform(platform.file.cages))
    ports = next((hwsku.ports for hwsku in platform.hwskus.values() if hwsku.ports is not None), None)
    try:
        return tuple(of_ports(ports)) if ports is not None else ()
    except InputError:  # ports without index tell no cages
        return ()


def form_of(row: Row | None, cage: str) -> tuple[str, str]:
    """The form factor of a cage, and how the project's table knows it."""
    group = row.group(cage) if row is not None else None
    if group is not None and group.form_factor:
        return group.form_factor, str(group.form_standing)
    if row is None or not row.cage or (group is not None and group.lanes < FULL):
        return "", ""
    return row.cage, str(row.cage_standing)


FULL: Final = 4
"""Lanes of a cage that is one of the platform's own kind, and not one for management beside them."""


def ports(hwsku: Hwsku) -> tuple[tuple[int, Decimal | None, int], ...]:
    """How many ports of which speed on how many lanes, fastest first."""
    if hwsku.ports is None:
        return ()
    counts = Counter((row.speed_gbps, len(row.lanes)) for row in hwsku.ports.rows if not row.inside)
    ordered = sorted(counts.items(), key=lambda item: (-(item[0][0] or 0), -item[0][1]))
    return tuple((count, speed, lanes) for (speed, lanes), count in ordered)


def chosen(hwsku: Hwsku) -> Mapping[str, int]:
    """How many ports come up in which mode."""
    return Counter(row.mode.text for row in hwsku.modes.rows) if hwsku.modes is not None else {}


def number(value: Decimal | None) -> int | str | None:
    """An exact number of JSON: whole, or a text."""
    if value is None:
        return None
    return int(value) if value == int(value) else f"{value.normalize():f}"


# --- JSON ---------------------------------------------------------------------------------------------------------


def document(found: DeviceFiles) -> Mapping[str, object]:
    return {
        "directory": found.root,
        "platforms": [of_platform_document(platform) for platform in found.platforms.values()],
        "files": [{"file": str(loaded.path), "kind": loaded.kind} for loaded in found.files],
        "remarks": [
            {
                "kind": str(remark.kind), "rule": remark.rule, "file": remark.file, "line": remark.line,
                "subject": remark.subject, "message": remark.message,
            }
            for remark in found.remarks
        ],
        "refused": [{"file": one.file, "line": one.line, "message": one.message} for one in found.refused],
        "unread": list(found.unread),
    }  # fmt: skip


def of_platform_document(platform: Platform) -> Mapping[str, object]:
    chassis = platform.file.chassis if platform.file is not None else None
    return {
        "name": platform.name,
        "driver": platform.asic or None,
        "chassis": platform.file.name or None if platform.file is not None else None,
        "parts": dict(Counter(part.kind for part in chassis.parts)) if chassis is not None else {},
        "cages": [group.document() for group in alike(platform)],
        "hwskus": [
            {
                "name": hwsku.name,
                "ports": [
                    {"count": count, "speed_gbps": number(speed), "lanes": lanes}
                    for count, speed, lanes in ports(hwsku)
                ],
                "modes": dict(chosen(hwsku)),
                "headroom": [
                    {"speed_gbps": number(row.speed_gbps), "cable_m": number(row.cable_m), "xoff": row.xoff}
                    for row in (hwsku.headroom.rows if hwsku.headroom is not None else ())
                ],
                "buffers": {name: number(file.default_cable_m) for name, file in hwsku.buffers.items()},
            }
            for hwsku in platform.hwskus.values()
        ],
    }


# --- text ---------------------------------------------------------------------------------------------------------


def lines(found: DeviceFiles) -> Iterator[str]:
    for platform in found.platforms.values():
        yield from of_platform_lines(platform)
        yield ""
    for kind, title in ((Kind.CONTRADICTION, "contradictions"), (Kind.UNKNOWN, "keys that nobody knows")):
        remarks = [remark for remark in found.remarks if remark.kind is kind]
        if remarks:
            yield f"{title} ({len(remarks)})"
            yield from (f"  {line}" for line in together(remarks))
            yield ""
    if found.refused:
        yield f"cannot be read ({len(found.refused)})"
        yield from (f"  {wrong}" for wrong in found.refused)
        yield ""
    if found.unread:
        yield f"no device files ({len(found.unread)}): {some(found.unread)}"
        yield ""
    yield summary(found)


def of_platform_lines(platform: Platform) -> Iterator[str]:
    row = known_platforms().get(platform.name)
    about = [platform.asic] if platform.asic else []
    if row is not None:
        about.append(f"{row.asic} ({row.standing})")
    yield f"{platform.name}{': ' if about else ''}{', '.join(about)}"
    groups = alike(platform)
    for group in groups:
        count = f"{len(group.numbers)} cage{'' if len(group.numbers) == 1 else 's'}"
        form = f" {group.form_factor} ({group.standing})" if group.form_factor else ""
        rate = f", up to {group.lane_gbps:f} Gb/s a lane" if group.lane_gbps else ""
        modes = ", ".join(group.modes) if group.modes else "no file says its modes"
        yield f"  {count}{form} of {counted(group.lanes, 'lane')}{rate}: {modes}"
    if not groups:
        yield "  no file has its cages"
    for hwsku in platform.hwskus.values():
        shares = [
            f"{count} x {'unsaid speed' if speed is None else f'{speed.normalize():f}G'} on {counted(lanes, 'lane')}"
            for count, speed, lanes in ports(hwsku)
        ]
        modes = ", ".join(f"{count} x {mode}" for mode, count in chosen(hwsku).items())
        yield f"  {hwsku.name}: {'; '.join(filter(None, (', '.join(shares), modes))) or 'neither ports nor modes'}"


def together(remarks: Sequence[Remark]) -> Iterator[str]:
    """One line for remarks of one rule on one file; the first stands for the rest."""
    groups: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        groups.setdefault((remark.file, remark.rule), []).append(remark)
    for held in groups.values():
        more = f" (and {len(held) - 1} more like it, to line {held[-1].line})" if len(held) > 1 else ""
        yield f"{held[0]}{more}"


def summary(found: DeviceFiles) -> str:
    hwskus = sum(len(platform.hwskus) for platform in found.platforms.values())
    contradictions = sum(remark.kind is Kind.CONTRADICTION for remark in found.remarks)
    counts = (
        counted(len(found.platforms), "platform"),
        counted(hwskus, "HwSKU"),
        f"{counted(len(found.files), 'file')} read",
        counted(contradictions, "contradiction"),
    )
    return ", ".join((*counts, *([f"{len(found.refused)} cannot be read"] if found.refused else [])))


def counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def some(names: Iterable[str]) -> str:
    held = list(names)
    return ", ".join(held[:SHOWN]) + (f" and {len(held) - SHOWN} more" if len(held) > SHOWN else "")
