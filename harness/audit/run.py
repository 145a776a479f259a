"""Puts the rules to a module, or to a board that it is plugged into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from ..decode.memory import Page
from ..decode.transceiver import CmisTransceiver, ForeignTransceiver, Transceiver
from ..errors import TransportError
from ..verdict import Finding
from . import cmis, sff8472, sff8636
from .board import Board, Operator
from .context import NOTHING_SAID, Context
from .rule import OUTCOMES, Ask, Level, Needs, Result, Rule, Unasked

RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "cmis": cmis.RULES,
    "sff8636": sff8636.RULES,
    "sff8472": sff8472.RULES,
}
"""The rules of every memory map in the order of their ids."""

ON_A_BOARD: Final = frozenset({Needs.WRITES, Needs.HANDS})

BETWEEN_READS: Final = Decimal(12)
"""Seconds between two looks at a module on a board: monitors have been measured again, also those averaged."""

LOOK: Final = (Page(0x10), Page(0x11))


def audit(
    module: Transceiver,
    context: Context = NOTHING_SAID,
    *,
    later: Transceiver | None = None,
    fleet: Sequence[Transceiver] = (),
    board: Board | None = None,
    rules: Sequence[Rule] | None = None,
) -> tuple[Result, ...]:
    """What became of every rule of the module's memory map.

    ``later`` is the same module read a second time, ``fleet`` other modules. On a board the module is operated and put
    back as it was; ``module`` is then what it was before.
    """
    asked = RULES.get(module.management, ()) if rules is None else rules
    if isinstance(module, ForeignTransceiver):
        return tuple(of_foreign(rule, module, context) for rule in asked)
    operator = None if board is None or module.management != "cmis" else Operator(board)
    if operator is not None and later is None and isinstance(module, CmisTransceiver):
        operator.clock.wait(BETWEEN_READS)
        later = operator.look(*LOOK)
    return tuple(put(rule, module, context, later, tuple(fleet), operator) for rule in asked)


def of_foreign(rule: Rule, module: ForeignTransceiver, context: Context) -> Result:
    """What became of a rule on a module whose memory map is not known: beyond the identifier nothing can be asked."""
    if rule.id == sff8636.identifier.id:
        return gathered(rule, module, Ask(rule.clause, rule.level.standing, context))
    return Result(rule, unasked=str(module.undefined))


def put(
    rule: Rule,
    module: Transceiver,
    context: Context,
    later: Transceiver | None,
    fleet: tuple[Transceiver, ...],
    operator: Operator | None,
) -> Result:
    """What became of one rule: it is asked as far as what it needs is there."""
    ask = Ask(rule.clause, rule.level.standing, context, later, fleet, operator)
    if operator is None or rule.needs not in ON_A_BOARD:
        return gathered(rule, module, ask)
    found = Result(rule)
    try:
        with operator.restored():
            found = gathered(rule, module, ask)
    except TransportError as wrong:
        return replace(found, unasked=f"the module does not answer, and may not be as it was: {wrong}")
    return found


def gathered(rule: Rule, module: Transceiver, ask: Ask) -> Result:
    found: list[Finding] = []
    try:
        for finding in rule.body(module, ask):
            found.append(finding)
    except Unasked as needed:
        return Result(rule, tuple(found), f"needs {str(needed).removeprefix('needs ')}")
    except TransportError as wrong:
        return Result(rule, tuple(found), str(wrong))
    return Result(rule, tuple(found))


def dump_findings(module: Transceiver, context: Context = NOTHING_SAID) -> Iterator[tuple[Rule, Finding]]:
    """The findings of every rule that a dump, and what the context says, can answer."""
    for result in audit(module, context):
        if result.rule.needs in (Needs.DUMP, Needs.CONTEXT):
            yield from ((result.rule, finding) for finding in result.findings)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rules came to what."""

    of: int
    by_outcome: Mapping[str, int]

    def __str__(self) -> str:
        parts = [f"{count} {word}" for word, count in self.by_outcome.items() if count]
        return f"{self.of} rules: {', '.join(parts)}"


def tally(results: Sequence[Result]) -> Tally:
    words = [result.outcome for result in results]
    return Tally(len(words), {word: words.count(word) for word in OUTCOMES})


def breached(results: Sequence[Result]) -> bool:
    """Whether a demand that a module must meet is breached."""
    return any(result.outcome == "breached" and result.rule.level is Level.MUST for result in results)


def answered_by_a_dump(management: str) -> tuple[int, int]:
    """How many rules of a memory map one dump can answer, and how many there are."""
    rules = RULES[management]
    return sum(rule.needs is Needs.DUMP for rule in rules), len(rules)
