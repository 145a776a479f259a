"""Faults that are planted in a healthy world, declared in a table.

A fault is one row of a TOML file: what it is called, what it does (``do`` and what that needs), which check should name
it and on which subject. Each ``do`` is one function of ``changes`` and changes no more than its docstring says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..errors import InputError
from ..evidence import Ask
from .changes import CHANGES, LISTS, OPTIONAL, SETTINGS, SPANS
from .fault import Fault
from .world import World

__all__ = [
    "CHANGES",
    "DAMAGES",
    "LISTS",
    "OPTIONAL",
    "SETTINGS",
    "SPANS",
    "Damage",
    "Fault",
    "plant",
    "read",
]


@dataclass(slots=True)
class Damage:
    """What happens to answers after they were printed, by device, command and sample."""

    lost: set[tuple[str, str]] = field(default_factory=set)
    silent: set[tuple[str, str]] = field(default_factory=set)
    altered: set[tuple[str, str]] = field(default_factory=set)

    def missing(self, ask: Ask) -> bool:
        return (ask.device, ask.text) in self.lost

    def unanswered(self, ask: Ask) -> bool:
        return (ask.device, ask.text) in self.silent

    def tampered(self, ask: Ask) -> bool:
        return (ask.device, ask.text) in self.altered


def read(file: Path) -> tuple[Fault, ...]:
    """The faults that a table declares, in its order."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as bad:
        raise InputError(f"{file}: {bad}") from None
    faults = []
    for row in document.get("fault", []):
        held = dict(row)
        try:
            taken = [held.pop(name) for name in ("name", "do", "target", "checks", "subject")]
        except KeyError as gone:
            raise InputError(f"{file}: fault {row.get('name', '?')!r}: {gone} is missing") from None
        faults.append(Fault(taken[0], taken[1], taken[2], tuple(taken[3]), taken[4], file, held))
    return tuple(faults)


def plant(world: World, damage: Damage, fault: Fault) -> None:
    """Change the world, or what becomes of its answers, as a fault says."""
    if fault.do in DAMAGES:
        kept = getattr(damage, DAMAGES[fault.do])
        kept.add((fault.target, fault.text("command")))
        return
    if fault.do not in CHANGES:
        fault.refuse(f"nobody knows how to do {fault.do!r}; there are {', '.join(sorted({*CHANGES, *DAMAGES}))}")
    CHANGES[fault.do](world, fault)


DAMAGES: Final[Mapping[str, str]] = {"lose": "lost", "silence": "silent", "alter": "altered"}
"""What becomes of an answer: its file is gone, it never came, its bytes are not those of its hash."""
