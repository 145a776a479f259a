"""What is told of a check beside its docstring: why it matters, what it rests on, what usually is wrong, what to do."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ..check import Check
from .points import point_of

WIDTH: Final = 110
NOT_SHOWN: Final = "not shown by this system"
PAGE: Final = """\
# The checks

Every check, why it matters, where its limit comes from, what it rests on, what usually is wrong, and what to do next.
`plugfest explain CHECK-ID --lab LAB` says it with the limits and the systems of a lab. This page is what
`plugfest explain --all --markdown` prints.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """How one system shows something: the commands that its driver sends, and what they leave open."""

    ask: tuple[str, ...]
    but: str
    """Why there are no commands, where there are none."""

    def __str__(self) -> str:
        return self.but if self.ask else f"{NOT_SHOWN}: {self.but}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of evidence, and where it is from."""

    name: str
    what: str
    only: str
    """Of what it is asked alone, where it is not asked of every system."""
    files: tuple[str, ...]
    systems: Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is told of one check."""

    why: str
    limit: str
    evidence: tuple[Evidence, ...]
    causes: tuple[str, ...]
    next: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """The whole table."""

    systems: Mapping[str, str]
    evidence: Mapping[str, Evidence]
    entries: Mapping[str, Entry]


@cache
def book() -> Book:
    """The table of this package."""
    return read(files(__package__).joinpath("explain.toml").read_text("utf-8"))


def read(text: str) -> Book:
    tree = tomllib.loads(text)
    systems, kinds = tree.pop("systems"), tree.pop("evidence")
    evidence = {name: kind(name, row, systems) for name, row in kinds.items()}
    entries = {
        id: Entry(
            row["why"], row["limit"], tuple(evidence[name] for name in row["evidence"]), tuple(row["causes"]),
            tuple(row["next"]),
        )
        for id, row in tree.items()
    }  # fmt: skip
    return Book(systems, evidence, entries)


def kind(name: str, row: Mapping[str, Any], systems: Mapping[str, str]) -> Evidence:
    told = {system: shown(row[system]) for system in systems if system in row}
    return Evidence(name, row["what"], row.get("only", ""), tuple(row.get("files", ())), told)


def shown(cell: Any) -> Shown:
    """A list of commands, a reason for none, or both."""
    if isinstance(cell, str):
        return Shown((), cell)
    if isinstance(cell, list):
        return Shown(tuple(cell), "")
    return Shown(tuple(cell["ask"]), cell["but"])


# --- forms --------------------------------------------------------------------------------------------------------


def document(check: Check, systems: Sequence[str]) -> dict[str, object]:
    """A check as JSON; of the evidence what these systems show."""
    point = point_of(check.id)
    told: dict[str, object] = {
        "check": check.id,
        "name": check.name,
        "title": check.title,
        "text": check.text,
        "subject": check.subject.__name__,
        "tags": list(check.tags),
        "point": {"number": point.number, "title": point.title},
        "module": check.module,
    }
    entry = book().entries.get(check.id)
    if entry is None:
        return told
    return told | {
        "why": entry.why,
        "limit_from": entry.limit,
        "evidence": [
            {
                "what": one.what,
                "only": one.only,
                "files": list(one.files),
                "systems": {
                    system: {"ask": list(how.ask), "but": how.but}
                    for system, how in one.systems.items()
                    if system in systems
                },
            }
            for one in entry.evidence
        ],
        "causes": list(entry.causes),
        "next": list(entry.next),
    }


def text(check: Check, systems: Sequence[str]) -> Iterator[str]:
    """A check as lines for a terminal."""
    point = point_of(check.id)
    yield f"{check.id} {check.name}"
    yield ""
    yield check.text
    yield ""
    yield f"asked of    {check.subject.__name__}"
    yield f"point       {f'{point.number}, ' if point.number else ''}{point.title}"
    yield f"tags        {', '.join(check.tags) or 'none'}"
    yield f"written in  {check.module}"
    entry = book().entries.get(check.id)
    if entry is None:
        return
    yield from ("", "why it matters", *wrapped(entry.why))
    yield from ("", "where the limit comes from", *wrapped(entry.limit))
    yield from ("", "what it rests on")
    for one in entry.evidence:
        yield from wrapped(one.what, "- ")
        yield from wrapped("; ".join(one.files), "    files: ") if one.files else ()
        for system, how in one.systems.items():
            if system in systems:
                yield from of_system(system, how)
    yield from ("", "likely causes", *(line for cause in entry.causes for line in wrapped(cause, "- ")))
    yield from ("", "next steps", *(line for n, step in enumerate(entry.next, 1) for line in wrapped(step, f"{n}. ")))


def of_system(system: str, how: Shown) -> Iterator[str]:
    """Commands as they are typed, one a line; then what they leave open."""
    label = f"    {system + ':':9}"
    for command in how.ask:
        yield f"{label}{command}"
        label = " " * len(label)
    if how.but:
        yield from wrapped(str(how) if not how.ask else f"({how})", label)


def wrapped(words: str, first: str = "  ") -> list[str]:
    return textwrap.wrap(
        words, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def markdown(check: Check) -> Iterator[str]:
    """A check as a section of the page of checks."""
    yield f"### {check.id} {check.name}"
    yield ""
    yield check.text
    entry = book().entries.get(check.id)
    if entry is None:
        return
    yield ""
    yield entry.why
    yield ""
    yield f"- Asked of: {check.subject.__name__}"
    yield f"- Limit: {entry.limit}"
    yield f"- Rests on: {', '.join(f'[{one.name}](#{one.name})' for one in entry.evidence)}"
    yield f"- Likely causes: {'; '.join(entry.causes)}"
    yield f"- Next: {'; '.join(entry.next)}"


def page(checks: Sequence[Check]) -> Iterator[str]:
    """The whole page: families, checks, then each kind of evidence once."""
    yield PAGE
    family = ""
    for check in checks:
        own = check.id.partition("-")[0]
        if own != family:
            yield from (f"## {own}", "")
            family = own
        yield from (*markdown(check), "")
    yield from ("## Evidence", "", "Of each system what its driver sends, or why it is not shown.")
    for one in book().evidence.values():
        yield from ("", f"### {one.name}", "", f"{one.what[:1].upper()}{one.what[1:]}.")
        yield from ("", *(f"- {file}" for file in one.files)) if one.files else ()
        yield from ("", f"Asked of {one.only} alone.") if one.only else ()
        if one.systems:
            yield from ("", "| system | asked | |", "| --- | --- | --- |")
            for system, how in one.systems.items():
                asked = "<br>".join(f"`{command}`" for command in how.ask).replace("|", "\\|")
                yield f"| {system} | {asked} | {how} |"
