"""platform.json: the parts of a chassis, and the cages with their lanes and breakout modes."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from . import modes
from .modes import Mode
from .remarks import Notes, Remark
from .tree import Members, Node, Scalar, scalar

T = TypeVar("T", bound=Hashable)

PARTS: Final = {
    "components": "component",
    "fans": "fan",
    "fan_drawers": "fan drawer",
    "psus": "power supply",
    "thermals": "thermal sensor",
    "sfps": "cage",
    "modules": "module",
    "pdbs": "power distribution board",
    "leak_sensors": "leak sensor",
}
"""Lists of parts in a chassis, or in a part of one."""

ABILITIES: Final = frozenset(
    [
        "speed.controllable",
        "speed.minimum",
        "speed.maximum",
        "status_led.available",
        "status_led.controllable",
        "status_led.colors",
        "max_consumed_power",
        "num_fans",
        "supported_speeds",
        "current",
        "power",
        "voltage",
        "temperature",
        "max_power",
        "fans_target_speed",
        "voltage_high_threshold",
        "voltage_low_threshold",
        "controllable",
        "high-threshold",
        "high-crit-threshold",
        "low-threshold",
        "low-crit-threshold",
        "maximum-recorded",
        "minimum-recorded",
        "polling_interval",
        "thermal_manager",
    ]
)
"""What platform.json says that a part can tell or do."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the chassis, and the parts in it."""

    kind: str  # "power supply"
    name: str  # "psu1"
    line: int
    parts: tuple[Part, ...]
    abilities: Mapping[str, Scalar]  # "status_led.controllable"

    def each(self, kind: str) -> Iterator[Part]:
        """The parts of a kind, in parts of parts too."""
        for part in self.parts:
            if part.kind == kind:
                yield part
            yield from part.each(kind)


@dataclass(frozen=True, slots=True)
class CageRow:
    """What platform.json says of the cage that one port stands for."""

    port: str  # "Ethernet8": its first port
    line: int
    index: tuple[int, ...]  # one a lane
    lanes: tuple[int, ...]  # of the ASIC, in the order of the cage's own
    modes: tuple[Mode, ...]
    role: str  # "Ext", "Dpc"; empty where it is not said
    aliases: tuple[str, ...]  # by lane, where it says them so

    @property
    def number(self) -> str:
        """The cage's number, as the platform counts them."""
        return str(self.index[0])

    @property
    def sound(self) -> tuple[Mode, ...]:
        """The modes that fit the cage's lanes."""
        return tuple(mode for mode in self.modes if not any(mode.problems(len(self.lanes))))

    @property
    def lane_gbps(self) -> Decimal:
        """The fastest lane of any mode that fits; 0 where there is none."""
        rates = (share.speeds[0] / len(share.lanes) for mode in self.sound for share in mode.shares(len(self.lanes)))
        return max(rates, default=Decimal(0))


@dataclass(frozen=True, slots=True)
class PlatformFile:
    """A platform.json."""

    file: str
    name: str  # of the chassis; empty where it is not said
    chassis: Part
    cages: tuple[CageRow, ...]
    sensors: Mapping[str, Scalar]  # polling of the ASIC's own sensors
    remarks: tuple[Remark, ...] = ()


def read(node: Node, notes: Notes) -> PlatformFile:
    """A platform.json out of its JSON.  Unreadable where it has neither chassis nor interfaces."""
    top = Members(node, notes, "")
    if not top.has("chassis") and not top.has("interfaces"):
        raise notes.unreadable(node.line, "no platform.json: neither chassis nor interfaces")
    told = top.sub("chassis") if top.has("chassis") else None
    chassis = part("chassis", told, notes) if told else Part("chassis", "", node.line, (), {})
    sensors = top.sub("asic_sensors") if top.has("asic_sensors") else None
    cages = tuple(cage(name, one, notes) for name, one in top.sub("interfaces").each()) if top.has("interfaces") else ()
    top.done()
    within(cages, notes)
    return PlatformFile(
        notes.file,
        chassis.name,
        chassis,
        cages,
        {key: scalar(one, key, notes) for key, one in sensors.each()} if sensors else {},
        notes.found,
    )


def part(kind: str, told: Members, notes: Notes) -> Part:
    name = told.text_or("name", "")
    subject = f"{kind} {name}".strip()
    parts = []
    for key, inner in PARTS.items():
        for one in told.items(key):
            parts.append(part(inner, Members(one, notes, f"{subject} {inner}"), notes))
    abilities: dict[str, Scalar] = {}
    for key, one in told.nodes.items():
        if key in told.asked:
            continue
        told.asked.add(key)
        for name_of, value in flat(key, one):
            if name_of not in ABILITIES:
                notes.unknown(value.line, subject, name_of)
            is_list = isinstance(value.value, tuple)
            abilities[name_of] = ", ".join(texts(value, notes)) if is_list else scalar(value, name_of, notes)
    return Part(kind, name, told.line, tuple(parts), abilities)


def flat(key: str, node: Node) -> Iterator[tuple[str, Node]]:
    """Members of members under their path."""
    if isinstance(node.value, Mapping):
        for name, inner in node.value.items():
            yield from flat(f"{key}.{name}", inner)
    else:
        yield key, node


def texts(node: Node, notes: Notes) -> tuple[str, ...]:
    if not isinstance(node.value, tuple) or not all(isinstance(one.value, str) for one in node.value):
        raise notes.unreadable(node.line, "a list of texts was expected")
    return tuple(str(one.value) for one in node.value)


def cage(port: str, node: Node, notes: Notes) -> CageRow:
    told = Members(node, notes, port)
    index = listed(told, "index", notes)
    lanes = listed(told, "lanes", notes)
    found = []
    if told.has("breakout_modes"):
        for text, aliases in offered(told.node("breakout_modes"), port, notes):
            mode = modes.parse(text, aliases.line, texts(aliases, notes) if isinstance(aliases.value, tuple) else ())
            if mode is None:
                notes.contradiction("mode-word", aliases.line, port, f"{text!r} is no breakout mode")
                continue
            found.append(mode)
    row = CageRow(
        port, node.line, index, lanes, tuple(found), told.text_or("role", ""),
        tuple(word.strip() for word in told.text_or("alias_at_lanes", "").split(",") if word.strip()),
    )  # fmt: skip
    for old in (
        "default_brkout_mode",
        "speed",
        "fec",
        "autoneg",
        "alias",
        "subport",
    ):  # of older trees, said by hwsku.json
        if told.has(old):
            told.node(old)
    told.done()
    about(row, notes)
    return row


def offered(node: Node, port: str, notes: Notes) -> Iterator[tuple[str, Node]]:
    """Modes and their aliases; older files have one text with the modes and no aliases."""
    if isinstance(node.value, str):
        for word in re.split(r",(?![^\[]*\])", node.value):
            yield word.strip(), Node(None, node.line)
        return
    yield from Members(node, notes, f"{port} breakout_modes").each()


def listed(told: Members, key: str, notes: Notes) -> tuple[int, ...]:
    text = told.text(key)
    if not re.fullmatch(r"\s*[0-9]{1,9}\s*(,\s*[0-9]{1,9}\s*)*", text):
        line = told.node(key).line
        raise notes.unreadable(line, f"{told.named(key)}: numbers and commas were expected, found {text!r}")
    return tuple(map(int, text.split(",")))


def about(row: CageRow, notes: Notes) -> None:
    """What cannot be of one cage."""
    lanes = len(row.lanes)
    if len(row.index) != lanes:
        what = f"index is of {len(row.index)} lane{'' if len(row.index) == 1 else 's'}, lanes has {lanes}"
        notes.contradiction("index-lanes", row.line, row.port, what)
    if len(set(row.index)) > 1:
        notes.contradiction("index-lanes", row.line, row.port, f"its lanes are in cages {spoken(row.index)}")
    for lane in twice(row.lanes):
        notes.contradiction("lane-twice", row.line, row.port, f"lane {lane} stands twice")
    if row.aliases and len(row.aliases) != lanes:
        notes.contradiction("alias-count", row.line, row.port, f"{len(row.aliases)} aliases for {lanes} lanes")
    for mode in row.modes:
        for rule, message in mode.problems(lanes):
            notes.contradiction(rule, mode.line, row.port, message)
        if mode.aliases and len(mode.aliases) != mode.ports:
            message = f"mode {mode.text} has {mode.ports} ports and {len(mode.aliases)} aliases"
            notes.contradiction("alias-count", mode.line, row.port, message)
        for alias in twice(mode.aliases):
            notes.contradiction("alias-twice", mode.line, row.port, f"mode {mode.text}: alias {alias} stands twice")


def within(cages: tuple[CageRow, ...], notes: Notes) -> None:
    """What cannot be of two cages."""
    lanes: dict[int, CageRow] = {}
    aliases: dict[str, CageRow] = {}
    names = {row.port: row for row in cages}
    for row in cages:
        for lane in dict.fromkeys(row.lanes):
            first = lanes.setdefault(lane, row)
            if first is not row:
                notes.contradiction("lane-twice", row.line, row.port, f"lane {lane} is of {first.port} too")
        for alias in dict.fromkeys(alias for mode in row.modes for alias in mode.aliases):
            owner = aliases.setdefault(alias, row)
            if owner is not row:
                notes.contradiction("alias-twice", row.line, row.port, f"alias {alias} is of {owner.port} too")
        for mode in row.sound:
            for share in mode.shares(len(row.lanes))[1:]:
                child = child_of(row.port, share.lanes[0])
                if child in names:
                    message = f"mode {mode.text} makes a port {child}, which is a cage of its own"
                    notes.contradiction("child-name", mode.line, row.port, message)


def child_of(port: str, lane: int) -> str:
    """What SONiC calls the child that begins at a lane, from 1."""
    found = re.fullmatch(r"(.*?)([0-9]+)", port)
    return f"{found[1]}{int(found[2]) + lane - 1}" if found else port


def twice(found: Sequence[T]) -> list[T]:
    return [one for one in dict.fromkeys(found) if found.count(one) > 1]


def spoken(numbers: tuple[int, ...]) -> str:
    return " and ".join(str(one) for one in dict.fromkeys(numbers))
