"""From a verdict to the raw lines of evidence: what was concluded, from which finding, from which bytes.

A source names a question and a line of its answer, a byte of a module's memory, or a line of a file of the lab; each is
looked up again where it was recorded, so that a reader can redo the judgement by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from ..decode.memory import HALF, Memory
from ..engine import Bench
from ..evidence import Answer, Record
from ..reading import Missing, Source
from ..verdict import Finding, Verdict, said

LINE: Final = re.compile(r"\bline ([0-9]+)\b")
BYTE: Final = re.compile(r"\bbytes? ([0-9]+)(?:-([0-9]+))?")
AGAIN: Final = re.compile(r" #([0-9]+)$")
MODULE: Final = re.compile(r"(\S+) module(?: #([0-9]+))?$")
ROW: Final = 16
WIDTH: Final = 160
SHOWN: Final = 12
"""Lines of an answer that are shown where a source names the answer and no line of it."""


class Trail:
    """The evidence of a bench, to be looked up by the sources of findings."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    @cached_property
    def records(self) -> Mapping[str, Record]:
        """What is on record by the name that sources give it: ``leaf1: show version``, ``leaf1: show version #2``."""
        return {
            f"{one.ask.device}: {one.ask.text}{f' #{one.ask.sample}' if one.ask.sample > 1 else ''}": one
            for one in self.bench.evidence.records
        }

    @cached_property
    def files(self) -> Mapping[str, Path]:
        """Files of the lab by the names that sources give them: as they stand below the lab file, or by their own."""
        lab = self.bench.lab
        found: dict[str, Path] = {}
        for file in (*lab.files, *lab.measurements, *lab.fiber_tests, lab.profile):
            found.setdefault(file.name, file)
            found.setdefault(f"{file.parent.name}/{file.name}", file)
        return found

    def walk(self, verdict: Verdict) -> Iterator[str]:
        """A verdict, its findings worst first, and below each what it rests on."""
        yield f"{verdict.outcome} {verdict.check} {verdict.name} {verdict.subject}"
        if verdict.error:
            yield from (f"  {line}" for line in verdict.error.splitlines())
        order = sorted(verdict.findings, key=lambda finding: finding.outcome is not verdict.outcome)
        for finding in order:
            yield from (f"  {line}" for line in self.of_finding(finding))

    def of_finding(self, finding: Finding) -> Iterator[str]:
        measured = "nothing" if finding.measured is None else f"{finding.measured} {finding.unit}".rstrip()
        yield f"{finding.outcome}  {finding.at or 'as a whole'}"
        yield f"  found  {measured}{f': {finding.reason}' if finding.reason else ''}"
        if finding.limit:
            yield f"  limit  {said(finding.limit, finding.unit)}  [{finding.clause}; {finding.standing}]"
        yield f"  from   {finding.source}"
        yield from (f"         | {line}" for line in self.raw(finding.source))

    def raw(self, source: Source) -> Iterator[str]:
        """The lines of evidence that a source names; nothing where it names none."""
        for name in source.evidence.split(", "):
            if found := MODULE.fullmatch(name):
                yield from self.of_module(found[1], int(found[2] or 1), source.where)
            elif name in self.records:
                yield from self.of_answer(self.records[name], source.where)
            elif name in self.files:
                yield from lines_of(self.files[name].read_text("utf-8", "replace"), source.where, self.files[name].name)

    def of_answer(self, record: Record, where: str) -> Iterator[str]:
        answer = self.bench.evidence.find(record.ask)
        again = f", sample {record.ask.sample}" if record.ask.sample > 1 else ""
        yield f"$ {record.ask.text}   ({record.ask.device}{again}, {record.at:%Y-%m-%d %H:%M:%S}, {record.file})"
        if isinstance(answer, Missing):
            yield str(answer)
            return
        assert isinstance(answer, Answer)
        yield from lines_of(answer.text, where, "")

    def of_module(self, cage: str, sample: int, where: str) -> Iterator[str]:
        """The bytes of module memory that a source names, in the row of 16 that they stand in."""
        device, _, port = cage.partition(":")
        if device not in self.bench.lab.devices:
            return
        facts = self.bench.assembly.facts(device)
        seen = facts.modules.get(port) if sample == 1 else (facts.again[port].seen if port in facts.again else None)
        if seen is None or not isinstance(getattr(seen, "memory", None), Memory):
            return
        memory: Memory = seen.memory
        for page, held in memory.pages.items():
            if held is None or str(page) not in where:
                continue
            found = BYTE.search(where, where.index(str(page)) + len(str(page)))
            if found is None:
                continue
            first, last = int(found[1]), int(found[2] or found[1])
            start = (first - page.first) // ROW * ROW
            for row in range(start, min(last - page.first + 1, HALF, start + 4 * ROW), ROW):
                yield f"{page} {page.first + row:3}: {held[row : row + ROW].hex(' ')}"


def lines_of(text: str, where: str, name: str) -> Iterator[str]:
    """The lines that a place names, else the first few."""
    every = text.splitlines()
    numbers = [int(number) for number in LINE.findall(where)]
    wanted = [number for number in dict.fromkeys(numbers) if 1 <= number <= len(every)]
    label = f"{name}:" if name else ""
    for number in wanted or range(1, min(SHOWN, len(every)) + 1):
        line = every[number - 1]
        yield f"{label}{number}: {line if len(line) <= WIDTH else line[: WIDTH - 3] + '...'}"
    if not wanted and len(every) > SHOWN:
        yield f"... {len(every) - SHOWN} more lines"
