"""hwsku.json: the breakout mode that each cage comes up in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from . import modes
from .modes import Mode
from .remarks import Notes, Remark
from .tree import Members, Node

FEC: Final = frozenset({"rs", "fc", "none", "auto", "off"})
AUTONEG: Final = frozenset({"on", "off"})


@dataclass(frozen=True, slots=True)
class Row:
    """One port of a hwsku.json."""

    port: str
    line: int
    mode: Mode
    fec: str | None
    autoneg: str | None
    role: str | None
    subport: str | None


@dataclass(frozen=True, slots=True)
class HwskuFile:
    """A hwsku.json."""

    file: str
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...] = ()


def read(node: Node, notes: Notes) -> HwskuFile:
    """A hwsku.json out of its JSON."""
    top = Members(node, notes, "")
    rows = tuple(row(port, one, notes) for port, one in top.sub("interfaces").each())
    top.done()
    return HwskuFile(notes.file, rows, notes.found)


def row(port: str, node: Node, notes: Notes) -> Row:
    told = Members(node, notes, port)
    text = told.text("default_brkout_mode")
    line = told.node("default_brkout_mode").line
    mode = modes.parse(text, line)
    if mode is None:
        raise notes.unreadable(line, f"{port}: {text!r} is no breakout mode")
    found = Row(
        port, node.line, mode, told.maybe("fec"), told.maybe("autoneg"), told.maybe("role"), told.maybe("subport")
    )
    for key, value, allowed in (("fec", found.fec, FEC), ("autoneg", found.autoneg, AUTONEG)):
        if value is not None and value not in allowed:
            what = f"{key} {value!r}: one of {', '.join(sorted(allowed))} was expected"
            notes.contradiction("word", told.node(key).line, port, what)
    told.done()
    return found
