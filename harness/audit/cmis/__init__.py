"""The hundred rules of CMIS, a module for each subject; ``RULES`` has them in their order.

Ids and pass criteria are our own; the clauses are those of OIF-CMIS 5.3 as public sources number them, and nobody here
held the document itself. Numbers that no clause gives warn at most.
"""

from __future__ import annotations

from typing import Final

from ..rule import Rule
from . import (
    access,
    applications,
    commands,
    diagnostics,
    identity,
    lanes,
    media,
    monitors,
    paths,
    power,
    signals,
    states,
    thresholds,
    vdm,
)
from .table import rule

SUBJECTS: Final = (
    identity,
    power,
    media,
    applications,
    thresholds,
    monitors,
    states,
    paths,
    signals,
    lanes,
    access,
    vdm,
    commands,
    diagnostics,
)

RULES: Final[tuple[Rule, ...]] = tuple(rule.rules[id] for id in sorted(rule.rules, key=lambda id: int(id[3:])))

__all__ = ["RULES", "SUBJECTS"]
