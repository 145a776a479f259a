"""Ports of Cumulus Linux: ``swp1``, and ``swp1s0`` of a cage that is split."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from ...lab.inventory import CagePlan
from ...reading import Absence, Missing, Value, derive
from ..base import Answers


def parent_of(port: str) -> str:
    """The port that a child was split from: ``swp1`` for ``swp1s0``; a port that is whole is its own."""
    return re.sub(r"(?<=[0-9])s[0-9]+$", "", port)


def child_of(parent: str, name: str) -> bool:
    return re.fullmatch(rf"{re.escape(parent)}s[0-9]+", name) is not None


def counted(cage: CagePlan, answers: Answers, command: str, speed: Callable[[str], Value[Decimal]]) -> Value[str]:
    """The breakout mode of a cage: how many of its ports an answer lists, and how fast they run."""
    rows = answers.rows(command)
    if isinstance(rows, Missing):
        return rows
    parent = parent_of(cage.ports[0].name)
    children = sorted(str(row["interface"]) for row in rows if child_of(parent, str(row.get("interface"))))
    source = answers.source(command)
    if not children and all(row.get("interface") != parent for row in rows):
        return Missing(Absence.NOT_RECORDED, source, f"no row for {parent}")
    first, *others = (speed(name) for name in children or [parent])
    if isinstance(first, Missing):
        return Missing(first.why, first.source, f"the speed of a child is not known: {first.detail}")
    if any(isinstance(one, Missing) or one.value != first.value for one in others):
        return Missing(Absence.UNREADABLE, source, f"the ports of {parent} do not all run at one speed")
    note = f"counted: {', '.join(children) or parent}"
    return derive(first, lambda rate: f"{1 + len(others)}x{rate.normalize():f}G", note=note)
