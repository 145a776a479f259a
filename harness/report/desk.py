"""What desk qualification found out about a part or a module, and what is advised, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import Final

from ..advice import Answer
from ..check import Check
from ..decode.document import printable
from ..desk import Desk, Fit
from ..sheet import NOT_KNOWN, Sheet
from ..units import plain
from ..verdict import RANK, Finding, Verdict
from ..verdict import said as limit_said
from .checklist import table
from .points import point_of

HEADS = ("outcome", "device", "cage", "ASIC or NIC", "modes, or why not")
SAMPLE_HEADS: Final = (
    "dump", "vendor", "number", "revision", "serial", "date", "firmware", "management", "power class", "power",
)  # fmt: skip
LIMIT_HEADS: Final = ("quantity", "limit", "standing", "clause")
VERDICT_HEADS: Final = ("point", "outcome", "check", "subject", "what holds, or why not")
MEDIA_HEADS: Final = ("medium", "on", "reaches", "lane", "typical power", "standing", "clause")
TAKER_HEADS: Final = ("device", "platform or NIC", "cage", "modes, or why none")
WIDTH: Final = 110
FOOT: Final = (
    "From declarations, and from dumps where they are named: nothing was measured in operation. "
    "Limits that are recalled or draft were not held against their documents."
)


def text(one: Desk) -> str:
    """A module, and a line for each platform and NIC."""
    lines = [f"{one.dump}: {printable(one.module)}", f"offers: {'; '.join(one.offers) or 'nothing known'}"]
    if one.note:
        lines.append(f"note: {one.note}")
    return "\n".join([*lines, "", table(map(row, one.fits), HEADS)])


def row(answer: Fit) -> tuple[str, ...]:
    said = ", ".join(answer.modes) if answer.modes else "; ".join(answer.why)
    extra = f" ({'; '.join(answer.why)})" if answer.modes and answer.why else ""
    return answer.outcome, answer.device, answer.cage, answer.asic, f"{said}{extra}"


# --- a sheet ------------------------------------------------------------------------------------------------------


def sheet_text(sheet: Sheet) -> str:
    """A qualification sheet."""
    return "\n".join(lines_of(sheet))


def lines_of(sheet: Sheet) -> Iterator[str]:
    yield f"{printable(sheet.number)}: {sheet.decision}"
    yield described(sheet)
    if sheet.samples:
        yield from section("modules, as their dumps tell")
        identities = [[one.name, *(one.identity[head] for head in SAMPLE_HEADS[1:])] for one in sheet.samples]
        yield table([[printable(cell) for cell in cells] for cells in identities], SAMPLE_HEADS)
    for one, dumps in alike(sheet.desks):
        yield from section(f"platforms, by {', '.join(dumps)}")
        yield from platforms(one)
    if sheet.by_record is not None:
        yield from section("platforms, by the record alone")
        yield from platforms(sheet.by_record)
    if sheet.desks or sheet.by_record:
        known = [f"{device} {watts}" for device, watts in sheet.given if watts != NOT_KNOWN]
        rest = NOT_KNOWN if not known else "" if len(known) == len(sheet.given) else f"others {NOT_KNOWN}"
        yield fill(f"cages give: {', '.join(filter(None, (*known, rest)))}", WIDTH)
    if sheet.record:
        yield from section("vendor's record")
        yield table(sheet.record)
    if sheet.limits:
        assert sheet.part is not None
        yield from section(f"limits of {sheet.part.pmd}")
        yield table([(one.quantity, one.limit, one.standing, one.clause) for one in sheet.limits], LIMIT_HEADS)
    if sheet.verdicts:
        yield from section("verdicts")
        yield table([verdict_row(check, verdict) for check, verdict in by_point(sheet.verdicts)], VERDICT_HEADS)
    if sheet.open_points:
        yield from section("open points")
        yield from (fill(f"- {printable(one)}", WIDTH, subsequent_indent="  ") for one in sheet.open_points)
    yield ""
    yield fill(FOOT, WIDTH)


def described(sheet: Sheet) -> str:
    part = sheet.part
    if part is None:
        return "no part of the lab has this number"
    known = (part.vendor, part.kind, part.pmd, part.form_factor)
    standing = f", record {part.standing}" if part.standing else ""
    return f"{', '.join(filter(None, known))}; declared at {part.at}{standing}"


def section(title: str) -> tuple[str, str]:
    return "", f"{title}:"


def platforms(one: Desk) -> Iterator[str]:
    yield f"offers: {'; '.join(one.offers) or 'nothing known'}"
    if one.note:
        yield f"note: {one.note}"
    yield table(map(row, one.fits), HEADS)


def alike(desks: Sequence[Desk]) -> list[tuple[Desk, list[str]]]:
    """Answers that are the same for several dumps, once."""
    found: list[tuple[Desk, list[str]]] = []
    for desk in desks:
        same = (desk.module, desk.offers, desk.note, desk.fits)
        held = next((names for one, names in found if (one.module, one.offers, one.note, one.fits) == same), None)
        if held is None:
            found.append((desk, [desk.dump]))
        else:
            held.append(desk.dump)
    return found


def by_point(verdicts: Sequence[tuple[Check, Verdict]]) -> list[tuple[Check, Verdict]]:
    """Verdicts by the point of the buyer's list that they answer."""
    return sorted(verdicts, key=lambda pair: (point_of(pair[0].id).number, pair[0].id, RANK[pair[1].outcome]))


def verdict_row(check: Check, verdict: Verdict) -> tuple[str, ...]:
    number = point_of(check.id).number or ""
    subject = verdict.subject.removeprefix("desk:")
    return str(number), verdict.outcome, check.id, printable(subject), fill(printable(grounds(verdict)), WIDTH)


def grounds(verdict: Verdict) -> str:
    """The first finding that decided, and how many more there are."""
    if verdict.error or not verdict.worst:
        return verdict.grounds().partition("\n")[0]
    more = len(verdict.worst) - 1
    return f"{finding_text(verdict.worst[0])}{f' (and {more} more)' if more else ''}"


def finding_text(finding: Finding) -> str:
    """A finding without its source, which JSON has."""
    measured = f"{finding.measured} {finding.unit}".rstrip() if finding.measured is not None else "nothing"
    against = f" against {limit_said(finding.limit, finding.unit)}" if finding.limit else ""
    reason = f": {finding.reason}" if finding.reason else ""
    clause = f" [{finding.clause}; {finding.standing}]" if finding.clause else ""
    return f"{finding.at}: {measured}{against}{reason}{clause}"


# --- advice -------------------------------------------------------------------------------------------------------


def advice_text(answer: Answer) -> str:
    """The rows that answer, each with its reason; then what reaches, and what the lab's devices take."""
    return "\n".join(advice_lines(answer))


def advice_lines(answer: Answer) -> Iterator[str]:
    yield f"advice for {answer.question}"
    for one in answer.rows:
        yield ""
        yield f"{one.need}:"
        yield indented("choose", one.choose)
        yield indented("because", one.reason)
        if one.against:
            yield indented("not", one.against)
        if one.form_factors:
            takers = [taker.device for taker in answer.takers if taker.takes(one)]
            yield indented("in this lab", ", ".join(takers) or "no device has such a cage with a mode of this rate")
        yield indented("source", f"{one.clause} ({one.standing})")
    if not answer.rows:
        yield "no row of the matrix answers this"
    if answer.media:
        yield from section("what reaches so far, the shortest first")
        yield table(
            [
                (
                    one.name,
                    one.on,
                    f"{plain(one.metres)} m",
                    f"{plain(one.lane_gbps)}G",
                    one.watts,
                    one.standing,
                    one.clause,
                )
                for one in answer.media
            ],
            MEDIA_HEADS,
        )
    yield from section("devices of the lab")
    yield table(
        [(one.device, one.host, ", ".join(one.cages), ", ".join(one.modes) or one.why) for one in answer.takers],
        TAKER_HEADS,
    )
    yield ""
    yield fill("Advice judges nothing: the limits and the verdicts of a part are on its sheet.", WIDTH)


def indented(word: str, said: str) -> str:
    return fill(said, WIDTH, initial_indent=f"  {word + ':':<13}", subsequent_indent=" " * 15)
