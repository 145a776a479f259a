"""The checklist as one printable page of HTML: no script, nothing from elsewhere, every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from ..ledger import Document, Summary
from ..verdict import Outcome
from .checklist import (
    CHECK_HEADS,
    PAGE_ONE_HEADS,
    POINT_HEADS,
    WAIVER_HEADS,
    check_rows,
    concerning,
    heading,
    limit_said,
    margin_said,
    measured_said,
    not_done,
    page_one_rows,
    point_rows,
    sentence,
    standing_said,
    totals,
    waiver_rows,
)
from .facts import STANDINGS, Facts

OUTCOMES = frozenset(outcome.value for outcome in Outcome)
KEY = re.compile(r"[A-Z]+-[0-9]+|[0-9]{4}(-[0-9]{2}){2}")  # a check, or a day
FINDING_HEADS = ("outcome", "at", "measured", "limit", "margin", "clause; standing", "source")


def page(summary: Summary, facts: Facts) -> str:
    """The whole page.  It is a table of one cell, because browsers repeat the head of a table on every printed page."""
    decision = escape(facts.decided(summary))
    kind = f"{'REPLAY of ' if facts.replay else ''}{facts.origin} evidence"
    partial = "PARTIAL · " if summary.partial else ""
    running = f"{escape(facts.lab)} · {partial}{escape(kind)} · {decision}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(facts.lab)}: {decision}</title>\n<style>\n{style()}</style>\n</head>\n<body>\n"
        f'<table class="sheet"><thead class="running"><tr><td>{running}</td></tr></thead>\n<tbody><tr><td>\n'
        + "\n".join([*page_one(summary, facts), *details(summary, facts)])
        + f'\n<footer><p>{escape(STANDINGS)}</p><p class="decision">{decision}</p></footer>\n'
        "</td></tr></tbody></table>\n</body>\n</html>\n"
    )


def page_one(summary: Summary, facts: Facts) -> list[str]:
    """What whoever signs has to have seen."""
    decision = escape(facts.decided(summary))
    stamps = [word for word, is_so in (("REPLAY", facts.replay), ("PARTIAL", summary.partial)) if is_so]
    stamped = "".join(f'<p class="stamp">{word}</p>' for word in stamps)
    warned = page_one_rows(summary)
    return [
        f'<header>{stamped}<h1>{escape(facts.lab)}</h1><p class="decision">{decision}</p>'
        f"<p>{escape(summary.ran())}, {summary.marginal} marginal. {escape(sentence(summary.coverage()))}</p></header>",
        pairs([("outcomes", totals(summary)), *facts.rows()]),
        section("The nine points", table(point_rows(summary, facts), POINT_HEADS)),
        f"<p>{escape(sentence(facts.about_hardware()))}</p>",
        section("Waivers", table(waiver_rows(summary.waivers), WAIVER_HEADS) if summary.waivers else nothing()),
        section("Warnings and what is waived", table(warned, PAGE_ONE_HEADS) if warned else nothing()),
    ]


def details(summary: Summary, facts: Facts) -> list[str]:
    return [
        '<div class="new-page"></div>',
        section("Every check", table(check_rows(summary.tallies), CHECK_HEADS)),
        section("Neither PASS nor N/A, worst first", "".join(map(trouble, summary.troubles)) or nothing()),
        section("Inside a limit, within its guard band", "".join(map(trouble, summary.marginals)) or nothing()),
        section("Not done", listed([*not_done(summary, facts), *summary.strays])),
    ]


def style() -> str:
    return files(__package__).joinpath("page.css").read_text("utf-8")


def section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def nothing() -> str:
    return "<p>None.</p>"


def listed(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else nothing()


def pairs(rows: Iterable[tuple[str, str]]) -> str:
    """A fact a row."""
    body = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(text)}</td></tr>\n' for name, text in rows)
    return f'<table class="pairs"><tbody>\n{body}</tbody></table>'


def table(rows: Iterable[Sequence[str]], heads: Sequence[str], *, kind: str = "") -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>\n" for row in rows)
    opened = f'<table class="{kind}">' if kind else "<table>"
    return f"{opened}<thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"


def cell(text: str) -> str:
    """A cell; words that are never broken are kept on a line, and a link may be broken between its ends."""
    kind = ' class="outcome"' if text in OUTCOMES else ' class="key"' if KEY.fullmatch(text) else ""
    return f"<td{kind}>{escape(text).replace('--', '--<wbr>')}</td>"


def trouble(verdict: Document) -> str:
    """A verdict that a reader has to see, with those of its findings that made it so."""
    error = f"<pre>{escape(str(verdict['error']))}</pre>" if verdict.get("error") else ""
    rows = list(map(finding_row, concerning(verdict)))
    found = table(rows, FINDING_HEADS, kind="findings") if rows else ""
    return f"<article><h3>{escape(heading(verdict))}</h3>{error}{found}</article>"


def finding_row(finding: Document) -> tuple[str, ...]:
    near = " (marginal)" if finding.get("marginal") else ""
    waiver = f" (waiver {finding['waiver']})" if finding.get("waiver") else ""
    reason = f": {finding['reason']}" if finding["reason"] else ""
    return (
        f"{finding['outcome']}{near}{waiver}",
        finding["at"],
        f"{measured_said(finding)}{reason}",
        limit_said(finding),
        "" if finding["margin"] is None else margin_said(finding),
        standing_said(finding),
        finding["source"],
    )
