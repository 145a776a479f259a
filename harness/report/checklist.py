"""The checklist, for a terminal and as Markdown: the nine points, every check, troubles worst first, the decision.

Everything here is a pure function of the summary and the facts of a run.  No colour: every outcome is a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill

from tabulate import tabulate

from ..ledger import NOT_RUN, Document, Summary, Tally, WaiverUse
from ..units import Unit, brief
from ..verdict import WORST_FIRST, Outcome, said
from .facts import STANDINGS, Facts
from .points import HARDWARE_POINT, PointTally, by_point

ON_SCREEN = 40  # verdicts in trouble that a terminal shows; files have them all
ON_PAGE_ONE = 12  # warnings and waived findings on page one; the rest stand below
CALM = (Outcome.PASS.value, Outcome.NOT_APPLICABLE.value)


# --- what every form of the report says ---------------------------------------------------------------------------


def counted(counts: Mapping[Outcome, int], holes: int = 0) -> str:
    """Counts in words, worst first: ``2 FAIL, 58 PASS, 1 NOT-RUN``."""
    parts = [f"{counts[outcome]} {outcome}" for outcome in WORST_FIRST if counts.get(outcome)]
    return ", ".join(parts + ([f"{holes} {NOT_RUN}"] if holes else [])) or "nothing owed"


def point_rows(summary: Summary, facts: Facts) -> list[tuple[str, str, str, str]]:
    """The nine points: number, title, worst of its checks, counts."""
    return [
        (
            str(point.point.number or ""),
            point.point.title,
            point_worst(point, facts),
            counted(point.counts, point.holes),
        )
        for point in by_point(summary.tallies)
    ]


def point_worst(point: PointTally, facts: Facts) -> str:
    if point.point.number == HARDWARE_POINT and not facts.hardware and point.planned:
        return f"{point.worst}, on {facts.origin} evidence only"
    return point.worst


def totals(summary: Summary) -> str:
    """The outcomes of the run, worst first."""
    return counted(summary.counts, summary.holes)


ADVISORY = (Outcome.WARN.value, Outcome.WAIVED.value)
PAGE_ONE_HEADS = ("outcome", "check", "subject", "why")


def page_one_rows(summary: Summary) -> list[tuple[str, str, str, str]]:
    """What does not block acceptance and yet has to stand on page one: warnings and what is waived, the worst finding
    of each.  Where the finding comes from stands below."""
    advisory = [v for v in summary.troubles if v["outcome"] in ADVISORY and concerning(v)]
    rows = [
        (verdict["outcome"], verdict["check"], verdict["subject"], judged(concerning(verdict)[0]))
        for verdict in advisory[:ON_PAGE_ONE]
    ]
    left = len(advisory) - len(rows)
    return rows + ([("...", "", "", f"{left} more of them, listed below")] if left else [])


def check_rows(tallies: Iterable[Tally]) -> list[tuple[str, str, str, str, str, str]]:
    """Every check, grouped as the nine points: point, id, name, worst, counts, title."""
    return [
        (
            str(point.point.number or ""),
            tally.check,
            tally.name,
            tally.worst if tally.planned else "NO-SUBJECT",
            check_counts(tally),
            tally.title,
        )
        for point in by_point(tallies)
        for tally in point.checks
    ]


def check_counts(tally: Tally) -> str:
    marginal = f" ({tally.marginal} marginal)" if tally.marginal else ""
    return counted(tally.counts, tally.holes) + marginal


CHECK_HEADS = ("point", "check", "name", "worst", "verdicts", "what holds")


def waiver_rows(waivers: Iterable[WaiverUse]) -> list[tuple[str, str, str, str, str, str, str]]:
    """Every waiver, those that fail the run first: name, check, subject, owner, expiry, reason, what became of it."""
    bad_first = sorted(waivers, key=lambda use: not use.problem)
    return [
        (use.name, use.check, use.subject, use.owner, str(use.expires), use.reason, became(use)) for use in bad_first
    ]


def became(use: WaiverUse) -> str:
    if use.problem:
        return f"FAILS THE RUN: {use.problem}"
    if not use.used:
        return "its subject was not run"
    used = "in use" if use.verdicts == 1 else f"in use for {use.verdicts} verdicts"
    return used if use.failures else f"{used}, for nothing but what was not measured"


def heading(verdict: Document) -> str:
    """``FAIL OPT-01 optics.tdecq leaf1:Ethernet64 (Acme 400G-DR4, serial X1, firmware 3.7, NOS 202311)``."""
    about = verdict["about"]
    parts = [
        f"{label}{about[key]}"
        for key, label in (
            ("vendor_pn", ""), ("vendor_sn", "serial "), ("firmware", "firmware "), ("software", "software "),
        )
        if about.get(key)
    ]  # fmt: skip
    who = f" ({', '.join(parts)})" if parts else ""
    return f"{verdict['outcome']} {verdict['check']} {verdict['name']} {verdict['subject']}{who}"


def concerning(verdict: Document) -> list[Document]:
    """The findings of a verdict that a reader has to see, worst first: all that did not simply pass."""
    rank = {outcome.value: number for number, outcome in enumerate(WORST_FIRST)}
    found = [f for f in verdict["findings"] if f["outcome"] not in CALM or f.get("marginal")]
    return sorted(found, key=lambda finding: rank[finding["outcome"]])


def finding_line(finding: Document) -> str:
    """A finding so that a reader can redo the judgement by hand."""
    near = " (marginal)" if finding.get("marginal") else ""
    return f"{finding['outcome']}{near} {judged(finding)} from {finding['source']}"


def judged(finding: Document) -> str:
    """What was measured, against what."""
    place = f"{finding['at']}: " if finding["at"] else ""
    against = f" against {limit_said(finding)}" if finding["limit"] else ""
    margin = "" if finding["margin"] is None else f", margin {margin_said(finding)}"
    reason = f": {finding['reason']}" if finding["reason"] else ""
    waiver = f" under waiver {finding['waiver']}" if finding.get("waiver") else ""
    return f"{place}{measured_said(finding)}{against}{margin}{reason} [{standing_said(finding)}]{waiver}"


def measured_said(finding: Document) -> str:
    if finding["measured"] is None:
        return "nothing measured"
    return f"{brief(finding['measured'])} {finding['unit']}".rstrip()


def standing_said(finding: Document) -> str:
    return "; ".join(filter(None, (finding["clause"], finding["standing"])))


def limit_said(finding: Document) -> str:
    return said(finding["limit"], Unit(finding["unit"]))


def margin_said(finding: Document) -> str:
    margin = str(finding["margin"])
    return f"{brief(margin if margin.startswith('-') else f'+{margin}')} {finding['unit']}".rstrip()


def not_done(summary: Summary, facts: Facts) -> list[str]:
    """What the run did not do, a line each."""
    lines = [
        f"{tally.check} {tally.name}: {tally.holes} of {tally.planned} planned verdicts not run"
        for tally in summary.tallies
        if tally.holes
    ]
    lines += [
        f"{tally.check} {tally.name}: no subject of its kind is in this lab"
        for tally in summary.tallies
        if not tally.planned
    ]
    lines += [
        f"point {point.point.number}, {point.point.title}: no check answers it"
        for point in by_point(summary.tallies)
        if not point.planned
    ]
    if facts.selection and summary.partial:
        lines.append(f"only a selection was asked for: {facts.selection}")
    lines += [f"not answered: {line}" for line in facts.silent]
    lines += [f"not understood: {line}" for line in facts.unread]
    if not facts.hardware:
        lines.append(facts.about_hardware())
    return lines


# --- a terminal ---------------------------------------------------------------------------------------------------


def terminal(summary: Summary, facts: Facts, *, on_screen: int = ON_SCREEN) -> str:
    """The checklist as a terminal shows it: what is longest scrolls away, page one is the last screen, and the decision
    is its last line."""
    blocks = [table(check_rows(summary.tallies), CHECK_HEADS)]
    if summary.troubles:
        blocks.append("\n".join(trouble_text(summary.troubles, on_screen)))
    if summary.marginals:
        blocks.append("\n".join(["inside a limit, but within its guard band:", *marginal_text(summary, on_screen)]))
    blocks.append(fill(STANDINGS, 120))
    undone = not_done(summary, facts)
    if undone:
        blocks.append("\n".join(["not done:", *(f"  {line}" for line in undone)]))
    if summary.strays:
        blocks.append("\n".join(["verdicts that the plan does not know:", *(f"  {s}" for s in summary.strays)]))
    blocks.append(table(point_rows(summary, facts), POINT_HEADS))
    warned = page_one_rows(summary)
    if warned:
        blocks.append("\n".join(" ".join(filter(None, row)) for row in warned))
    if summary.waivers:
        blocks.append("\n".join(waiver_text(summary.waivers)))
    blocks.append(table([("outcomes", totals(summary)), *facts.rows()]))
    blocks.append("\n".join([summary.coverage(), f"{summary.ran()}, {summary.marginal} marginal"]))
    blocks.append(facts.decided(summary))
    return "\n\n".join(blocks) + "\n"


POINT_HEADS = ("", "point", "worst", "verdicts")
WAIVER_HEADS = ("waiver", "check", "subject", "owner", "expires", "reason", "in this run")


def waiver_text(waivers: Iterable[WaiverUse]) -> Iterable[str]:
    """A waiver a line: a table of them is wider than a terminal."""
    for name, check, subject, owner, expires, reason, in_this_run in waiver_rows(waivers):
        yield f"waiver {name}, {check} {subject}: {in_this_run} ({owner}, until {expires}: {reason})"


def trouble_text(troubles: Sequence[Document], most: int) -> Iterable[str]:
    """The worst finding of each verdict: one that is lost in sixteen lanes of another is not seen either."""
    for verdict in troubles[:most]:
        yield heading(verdict)
        found = concerning(verdict)
        if verdict.get("error"):
            yield f"    {str(verdict['error']).splitlines()[0]}"
        if found:
            yield f"    {finding_line(found[0])}"
        if len(found) > 1:
            yield f"    ... and {len(found) - 1} more finding{'' if len(found) == 2 else 's'}"
    if len(troubles) > most:
        yield f"... and {len(troubles) - most} more verdicts that are neither PASS nor N/A: the report has them all"


def marginal_text(summary: Summary, most: int) -> Iterable[str]:
    for verdict in summary.marginals[:most]:
        for finding in concerning(verdict):
            yield f"  {verdict['check']} {verdict['subject']} {finding_line(finding)}"
    if len(summary.marginals) > most:
        yield f"  ... and {len(summary.marginals) - most} more: the report has them all"


def table(rows: Iterable[Sequence[object]], heads: Sequence[str] = ()) -> str:
    """Rows as a plain table; a number keeps the digits that it has."""
    cells = [[str(cell) for cell in row] for row in rows]
    form = "simple" if heads else "plain"
    return tabulate(cells, headers=list(heads), tablefmt=form, disable_numparse=True)


# --- Markdown -----------------------------------------------------------------------------------------------------


def markdown(summary: Summary, facts: Facts) -> str:
    """The whole checklist as Markdown."""
    parts = [
        f"# {facts.lab}: {facts.decided(summary)}",
        f"{summary.ran()}, {summary.marginal} marginal. {sentence(summary.coverage())}",
        pipes([("outcomes", totals(summary)), *facts.rows()], ("page one", "")),
        "## The nine points",
        pipes(point_rows(summary, facts), POINT_HEADS),
        sentence(facts.about_hardware()),
        "## Waivers",
        pipes(waiver_rows(summary.waivers), WAIVER_HEADS) if summary.waivers else "None.",
        "## Warnings and what is waived",
        pipes(page_one_rows(summary), PAGE_ONE_HEADS) if page_one_rows(summary) else "None.",
        "## Every check",
        pipes(check_rows(summary.tallies), CHECK_HEADS),
        "## Neither PASS nor N/A, worst first",
        "\n".join(trouble_items(summary.troubles)) or "None.",
        "## Inside a limit, within its guard band",
        "\n".join(marginal_items(summary)) or "None.",
        "## Not done",
        "\n".join(f"- {escaped(line)}" for line in [*not_done(summary, facts), *summary.strays]) or "None.",
        "---",
        STANDINGS,
        f"**{facts.decided(summary)}**",
    ]
    return "\n\n".join(parts) + "\n"


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def trouble_items(troubles: Iterable[Document]) -> Iterable[str]:
    for verdict in troubles:
        yield f"- **{escaped(heading(verdict))}**"
        if verdict.get("error"):
            yield f"  - {escaped(str(verdict['error']).splitlines()[0])}"
        yield from (f"  - {escaped(finding_line(finding))}" for finding in concerning(verdict))


def marginal_items(summary: Summary) -> Iterable[str]:
    for verdict in summary.marginals:
        for finding in concerning(verdict):
            yield f"- {escaped(verdict['check'])} {escaped(verdict['subject'])} {escaped(finding_line(finding))}"


def pipes(rows: Iterable[Sequence[object]], heads: Sequence[str]) -> str:
    cells = [[escaped(str(cell)) for cell in row] for row in rows]
    return tabulate(cells, headers=list(heads), tablefmt="pipe", disable_numparse=True)


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands; a vendor's name is not markup."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
