"""pg_profile_lookup.ini: the buffer of a lossless priority group, by speed and cable length."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from .lines import Cells, words
from .remarks import Notes, Remark

USUAL: Final = ("speed", "cable", "size", "xon", "xoff", "threshold", "xon_offset")


@dataclass(frozen=True, slots=True)
class Row:
    """One speed and cable length; sizes in bytes."""

    line: int
    speed_gbps: Decimal
    cable_m: Decimal
    size: int
    xon: int
    xoff: int
    threshold: int
    xon_offset: int | None


@dataclass(frozen=True, slots=True)
class HeadroomFile:
    """A pg_profile_lookup.ini."""

    file: str
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...] = ()


def read(text: str, notes: Notes) -> HeadroomFile:
    """A pg_profile_lookup.ini out of its text; one without rows is a platform that is told to have none."""
    rows = tuple(row(cells, notes) for cells in words(text, notes, "speed", USUAL, ("xon_offset",)))
    first: dict[tuple[Decimal, Decimal], Row] = {}
    for found in rows:
        key = (found.speed_gbps, found.cable_m)
        if first.setdefault(key, found) is not found:
            notes.contradiction(
                "row-twice", found.line, called(found), f"stands twice, first on line {first[key].line}"
            )
    for speed in dict.fromkeys(found.speed_gbps for found in rows):
        of_speed = sorted((one for one in rows if one.speed_gbps == speed), key=lambda one: one.cable_m)
        for short, long in pairwise(of_speed):
            if long.xoff < short.xoff and long.cable_m > short.cable_m:
                message = f"xoff {long.xoff} is less than the {short.xoff} of {short.cable_m.normalize():f} m"
                notes.contradiction("headroom-falls", long.line, called(long), message)
    return HeadroomFile(notes.file, rows, notes.found)


def called(found: Row) -> str:
    return f"{found.speed_gbps.normalize():f}G at {found.cable_m.normalize():f} m"


def row(cells: Cells, notes: Notes) -> Row:
    cable = cells.text("cable")
    length = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)m", cable)
    if length is None:
        raise notes.unreadable(cells.line, f"cable: a length such as 5m was expected, found {cable!r}")
    return Row(
        cells.line,
        cells.gbps("speed"),
        Decimal(length[1]),
        cells.whole("size"),
        cells.whole("xon"),
        cells.whole("xoff"),
        cells.whole("threshold"),
        cells.whole_or("xon_offset"),
    )
