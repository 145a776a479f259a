"""port_config.ini: ports with their lanes, aliases, indices and speeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .hwsku import FEC
from .lines import Cells, words
from .modes import FASTEST, RATES, rounded
from .remarks import Notes, Remark

ONE_LANE: Final = Decimal(10)

USUAL: Final = ("name", "lanes", "alias", "index")
"""The columns where no comment names them."""

OPTIONAL: Final = ("fec", "autoneg")
"""Columns that a row may leave out at its end."""

OTHERS: Final = frozenset(
    [
        "asic_port_name",
        "core_id",
        "core_port_id",
        "num_voq",
        "autoneg",
        "description",
        "mtu",
        "admin_status",
        "role",
        "pfc_asym",
        "subport",
        "valid_speeds",
        "adv_speeds",
        "interface_type",
        "tpid",
    ]
)
"""Columns that say nothing of cages and lanes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One port of a port_config.ini."""

    port: str
    line: int
    lanes: tuple[int, ...]
    alias: str | None
    index: int | None
    speed_gbps: Decimal | None
    fec: str | None
    role: str | None  # "Ext"; "Rec" and "Inb" are ports inside the switch
    others: Mapping[str, str]

    @property
    def inside(self) -> bool:
        """Whether it is a port of the switch's own, without a cage."""
        return self.role in ("Rec", "Inb", "Int")


@dataclass(frozen=True, slots=True)
class PortsFile:
    """A port_config.ini."""

    file: str
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...] = ()


def read(text: str, notes: Notes) -> PortsFile:
    """A port_config.ini out of its text."""
    rows = tuple(row(cells, notes) for cells in words(text, notes, "name", USUAL, OPTIONAL))
    if not rows:
        raise notes.unreadable(1, "no port_config.ini: it has no port")
    for unknown in sorted(set().union(*(found.others for found in rows)) - OTHERS):
        notes.unknown(next(found.line for found in rows if unknown in found.others), "columns", unknown)
    within(rows, notes)
    return PortsFile(notes.file, rows, notes.found)


def row(cells: Cells, notes: Notes) -> Row:
    known = ("name", "lanes", "alias", "index", "speed", "fec", "role")
    found = Row(
        cells.text("name"),
        cells.line,
        cells.wholes("lanes"),
        cells.maybe("alias"),
        cells.whole_or("index"),
        cells.gbps("speed") if cells.has("speed") else None,
        cells.maybe("fec"),
        cells.maybe("role"),
        {column: value for column, value in cells.cells.items() if column not in known},
    )
    about(found, notes)
    return found


def about(found: Row, notes: Notes) -> None:
    """What cannot be of one port."""
    if len(set(found.lanes)) < len(found.lanes):
        notes.contradiction("lane-twice", found.line, found.port, "a lane stands twice in its lanes")
    if found.fec is not None and found.fec not in FEC:
        expected = ", ".join(sorted(FEC))
        notes.contradiction("word", found.line, found.port, f"fec {found.fec!r}: one of {expected} was expected")
    if found.speed_gbps is not None and not found.inside:
        uneven(found.port, found.line, found.speed_gbps, len(found.lanes), notes)


def uneven(port: str, line: int, speed_gbps: Decimal, lanes: int, notes: Notes) -> None:
    """Remark on a speed that does not go with so many lanes; up to 10 Gb/s one of them is enough."""
    rate = speed_gbps / lanes
    if rate > FASTEST:
        needed = -(-speed_gbps // FASTEST)
        message = f"{speed_gbps.normalize():f} Gb/s needs {counted(needed)} or more, it has {lanes}"
        notes.contradiction("speed-lanes", line, port, message)
    elif rate not in RATES and speed_gbps > ONE_LANE:
        each = f"{rounded(rate)} Gb/s each"
        message = f"{speed_gbps.normalize():f} Gb/s on {counted(lanes)} is {each}, and no lane runs at that"
        notes.contradiction("speed-lanes", line, port, message)


def counted(lanes: int | Decimal) -> str:
    return f"{lanes} lane{'' if lanes == 1 else 's'}"


def within(rows: tuple[Row, ...], notes: Notes) -> None:
    """What cannot be of two ports."""
    names: dict[str, Row] = {}
    aliases: dict[str, Row] = {}
    lanes: dict[int, Row] = {}
    for found in rows:
        if names.setdefault(found.port, found) is not found:
            first = names[found.port].line
            notes.contradiction("port-twice", found.line, found.port, f"stands twice, first on line {first}")
        if found.alias is not None and aliases.setdefault(found.alias, found) is not found:
            owner = aliases[found.alias].port
            notes.contradiction("alias-twice", found.line, found.port, f"alias {found.alias} is of {owner} too")
        for lane in dict.fromkeys(found.lanes):
            if lanes.setdefault(lane, found) is not found:
                notes.contradiction("lane-twice", found.line, found.port, f"lane {lane} is of {lanes[lane].port} too")
