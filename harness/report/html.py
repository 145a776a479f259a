"""The checklist as one printable page of HTML: no script, nothing from elsewhere, every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from ..ledger import Document, Summary
from ..units import brief
from ..verdict import Outcome
from .checklist import (
    PAGE_ONE_HEADS,
    WAIVER_HEADS,
    check_rows,
    concerning,
    heading,
    limit_said,
    margin_said,
    not_done,
    page_one_rows,
    point_rows,
    totals,
    waiver_rows,
)
from .facts import STANDINGS, Facts

OUTCOMES = frozenset(outcome.value for outcome in Outcome)
KEY = re.compile(r"[A-Z]+-[0-9]+")
FINDING_HEADS = ("outcome", "at", "measured", "limit", "unit", "margin", "clause", "standing", "source", "reason")


def page(summary: Summary, facts: Facts) -> str:
    """The whole page."""
    decision = escape(facts.decided(summary))
    stamp = '<p class="stamp">REPLAY</p>' if facts.replay else ""
    warned = page_one_rows(summary)
    kind = f"{'REPLAY of ' if facts.replay else ''}{facts.origin} evidence"
    running = f'<p class="running">{escape(facts.lab)} · {escape(kind)} · {decision}</p>'
    partial = '<p class="stamp">PARTIAL</p>' if summary.partial else ""
    parts = [
        running,
        f'<header>{stamp}{partial}<h1>{escape(facts.lab)}</h1><p class="decision">{decision}</p>'
        f"<p>{escape(summary.ran())}, {summary.marginal} marginal. {escape(summary.coverage())}.</p></header>",
        table([("outcomes", totals(summary)), *facts.rows()], ("page one", "")),
        section("Warnings and waivers", table(warned, PAGE_ONE_HEADS) if warned else nothing()),
        section("The nine points", table(point_rows(summary, facts), ("", "point", "worst", "verdicts"))),
        f"<p>{escape(facts.about_hardware())}.</p>",
        section(
            "Every check", table(check_rows(summary.tallies), ("check", "name", "worst", "verdicts", "what holds"))
        ),
        section("Neither PASS nor N/A, worst first", "".join(map(trouble, summary.troubles)) or nothing()),
        section("Inside a limit, within its guard band", "".join(map(trouble, summary.marginals)) or nothing()),
        section("Waivers", table(waiver_rows(summary.waivers), WAIVER_HEADS) if summary.waivers else nothing()),
        section("Not done", listed([*not_done(summary, facts), *summary.strays])),
        f'<footer><p>{escape(STANDINGS)}</p><p class="decision">{decision}</p></footer>',
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(facts.lab)}: {decision}</title>\n<style>\n{style()}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def style() -> str:
    return files(__package__).joinpath("page.css").read_text("utf-8")


def section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def nothing() -> str:
    return "<p>None.</p>"


def listed(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else nothing()


def table(rows: Iterable[Sequence[str]], heads: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>\n" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"


def cell(text: str) -> str:
    """A cell; words that are never broken are kept on a line."""
    kind = ' class="outcome"' if text in OUTCOMES else ' class="key"' if KEY.fullmatch(text) else ""
    return f"<td{kind}>{escape(text)}</td>"


def trouble(verdict: Document) -> str:
    """A verdict that a reader has to see, with those of its findings that made it so."""
    error = f"<pre>{escape(str(verdict['error']))}</pre>" if verdict.get("error") else ""
    rows = list(map(finding_row, concerning(verdict)))
    return f"<article><h3>{escape(heading(verdict))}</h3>{error}{table(rows, FINDING_HEADS) if rows else ''}</article>"


def finding_row(finding: Document) -> tuple[str, ...]:
    near = " (marginal)" if finding.get("marginal") else ""
    waiver = f"waiver {finding['waiver']}. " if finding.get("waiver") else ""
    return (
        f"{finding['outcome']}{near}",
        finding["at"],
        "nothing" if finding["measured"] is None else brief(finding["measured"]),
        limit_said(finding),
        finding["unit"],
        "" if finding["margin"] is None else margin_said(finding),
        finding["clause"],
        finding["standing"],
        finding["source"],
        waiver + (finding["reason"] or ""),
    )
