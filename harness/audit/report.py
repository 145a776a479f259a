"""The audit as a reader sees it: a table a module, Markdown, or data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from ..decode.document import printable
from ..decode.transceiver import ForeignTransceiver, Transceiver
from ..reading import Missing, Value
from ..verdict import Outcome
from .rule import OUTCOMES, Result, Rule
from .run import answered_by_a_dump, tally

BEYOND: Final = frozenset({Outcome.FAIL, Outcome.WARN})

MOST: Final = 4
"""Findings of one rule that are told one by one."""

LONG: Final = re.compile(r"(0x[0-9a-f]{32})[0-9a-f]{8,}")
"""Raw bytes that are too many for a line; the data have them all."""

HEADS: Final = ("rule", "level", "outcome", "what holds", "grounds")
RULE_HEADS: Final = ("rule", "level", "needs", "what holds", "clause")
SUMMARY_HEADS: Final = ("module", *OUTCOMES)

Row: TypeAlias = tuple[str, ...]


def text(audits: Sequence[tuple[Transceiver, Sequence[Result]]], *, failed: bool = False) -> str:
    """A table for every module, worst first, with the grounds below it; then, of several, a line each."""
    parts = [module_text(module, results, failed) for module, results in audits]
    if len(audits) > 1:
        parts.append(columns([SUMMARY_HEADS, *(summary(module, results) for module, results in audits)]))
    return "\n\n".join(parts) + "\n"


def module_text(module: Transceiver, results: Sequence[Result], failed: bool) -> str:
    listed, unknown = shown(results, failed), isinstance(module, ForeignTransceiver)
    if unknown:  # one line says what every other rule would
        listed = [result for result in listed if result.outcome != "not asked"]
    cells = [(*row(result)[:4], result.why) for result in listed]
    lines = [name(module), columns([(*HEADS[:4], "not asked because"), *cells]) if cells else "nothing is breached"]
    grounds = [f"{result.rule.id}: {line}" for result in shown(results, True) for line in grounds_of(result)]
    told = ["", f"{module.guess}: no other rule can be asked"] if unknown else []
    return "\n".join([*lines, *([""] if grounds else []), *grounds, *told, "", closing(module, results)])


def closing(module: Transceiver, results: Sequence[Result]) -> str:
    """How the rules came out, and how many of all there are a dump alone can answer."""
    answered, of = answered_by_a_dump(module.management)
    return f"{tally(results)}\nOne dump can answer {answered} of the {of} rules of {module.document}."


def markdown(audits: Sequence[tuple[Transceiver, Sequence[Result]]], *, failed: bool = False) -> str:
    """The same as Markdown."""
    parts = []
    for module, results in audits:
        rows = [row(result) for result in shown(results, failed)]
        parts.append(f"## {escaped(name(module))}\n\n{pipes([HEADS, *rows])}\n\n{closing(module, results)}")
    if len(audits) > 1:
        parts.append(f"## Summary\n\n{pipes([SUMMARY_HEADS, *(summary(*one) for one in audits)])}")
    return "# Conformance audit\n\n" + "\n\n".join(parts) + "\n"


def data(audits: Sequence[tuple[Transceiver, Sequence[Result]]], *, failed: bool = False) -> list[dict[str, Any]]:
    """The same as data: what became of every rule, with its findings as verdicts have them."""
    return [
        {
            "evidence": module.evidence,
            "management": module.management,
            "vendor_name": said(module.vendor_name),
            "vendor_pn": said(module.vendor_pn),
            "vendor_sn": said(module.vendor_sn),
            "tally": dict(tally(results).by_outcome),
            "answered_by_a_dump": dict(zip(("rules", "of"), answered_by_a_dump(module.management), strict=True)),
            "rules": [
                {
                    **described(result.rule),
                    "outcome": result.outcome,
                    "why": result.why or None,
                    "findings": [finding.document() for finding in result.findings],
                }
                for result in shown(results, failed)
            ],
        }
        for module, results in audits
    ]


def rules_text(rules: Iterable[Rule]) -> str:
    """The rules that there are."""
    rows = [(rule.id, rule.level.value, rule.needs.value, rule.title, rule.clause) for rule in rules]
    return columns([RULE_HEADS, *rows]) + "\n"


def described(rule: Rule) -> dict[str, str]:
    """A rule as data."""
    return {
        "rule": rule.id,
        "title": rule.title,
        "clause": rule.clause,
        "level": rule.level.value,
        "needs": rule.needs.value,
        "management": rule.management,
    }


def shown(results: Sequence[Result], failed: bool) -> list[Result]:
    """The results, those beyond a limit first; with ``failed`` no others."""
    ranked = sorted(results, key=lambda result: OUTCOMES.index(result.outcome))
    return [result for result in ranked if not failed or result.outcome in OUTCOMES[:2]]


def row(result: Result) -> Row:
    rule = result.rule
    return rule.id, rule.level.value, result.outcome, rule.title, "; ".join(grounds_of(result)) or result.why


def grounds_of(result: Result) -> Iterator[str]:
    """The findings beyond a limit, a line each; of many alike the first and how many more."""
    beyond = [finding for finding in result.findings if finding.outcome in BEYOND]
    for finding in beyond[:MOST]:
        yield LONG.sub(r"\1...", printable(str(finding)))
    if len(beyond) > MOST:
        yield f"and {len(beyond) - MOST} more"


def summary(module: Transceiver, results: Sequence[Result]) -> Row:
    counts: Mapping[str, int] = tally(results).by_outcome
    return (module.evidence, *(str(counts[word]) for word in OUTCOMES))


def name(module: Transceiver) -> str:
    words = (said(module.vendor_name), said(module.vendor_pn), said(module.vendor_sn))
    identity = " ".join(word for word in words if word)
    return printable(f"{module.evidence}: {identity or 'no identity'} ({module.document})")


def said(value: Value[str]) -> str:
    return "" if isinstance(value, Missing) else value.value.strip()


def columns(rows: Sequence[Row]) -> str:
    """Rows in columns as wide as their widest cell."""
    widths = [max(len(one[place]) for one in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(one, widths, strict=True)).rstrip() for one in rows
    )


def pipes(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table, the first its heads."""
    lines = [f"| {' | '.join(map(escaped, one))} |" for one in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def escaped(cell: str) -> str:
    return re.sub("<(?=[A-Za-z/!])", "&lt;", cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " "))
