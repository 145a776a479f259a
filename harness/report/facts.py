"""Page one: what was judged, on what evidence, as of when."""

from __future__ import annotations

import os.path
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ..evidence import Evidence, Origin, Record, written
from ..ledger import Summary
from ..reading import Reading
from ..units import plain
from ..version import VERSION

if TYPE_CHECKING:
    from ..engine import Bench
    from ..model import DeviceFacts

STANDINGS = (
    "Nobody here held the standards' own texts. Each limit carries the clause that it is said to come from and its "
    "standing: how far that was verified. Beyond a limit whose standing is recalled, draft or advisory a reading "
    "warns; it does not fail."
)
HARDWARE = "tested in the lab with actual hardware"


@dataclass(frozen=True, slots=True)
class Facts:
    """What page one says beside the decision."""

    lab: str
    lab_file: str
    profile: str
    origin: Origin
    as_of: datetime
    span: tuple[datetime, datetime] | None  # first and last answer
    skew: Decimal | None = None  # seconds between the two ends of a link, at most
    ran_at: datetime | None = None  # when the judging was done
    replay: bool = True  # judged from kept evidence, not while it was collected
    selection: str = ""  # what was asked for, where not everything was
    unread: tuple[str, ...] = ()  # lines of answers that no parser knew
    silent: tuple[str, ...] = ()  # devices that left questions without an answer, and why
    version: str = VERSION

    @property
    def hardware(self) -> bool:
        """The evidence is from devices, so it says something about hardware."""
        return self.origin is Origin.DEVICE

    def about_hardware(self) -> str:
        """What the line of the checklist on actual hardware may say."""
        if self.hardware:
            return f"{HARDWARE}: the evidence is from devices"
        return f"NOT {HARDWARE}: the evidence is {self.origin}, so this line does not hold"

    def decided(self, summary: Summary) -> str:
        """The decision, as a reader may quote it."""
        weak = self.origin in (Origin.SIMULATED, Origin.IMPORTED)
        return f"{summary.decision} ({self.origin} evidence)" if weak else summary.decision.value

    def rows(self) -> list[tuple[str, str]]:
        """Page one, a fact a row."""
        first, last = (written(self.span[0]), written(self.span[1])) if self.span else ("", "")
        rows = [
            ("lab", f"{self.lab} ({self.lab_file})"),
            ("profile", self.profile),
            ("judged as of", written(self.as_of)),
            ("evidence", f"{self.origin}, {self._meaning()}"),
            ("evidence taken", f"{first} to {last}" if self.span else "no answer is on record"),
            ("largest skew between two ends of a link", "not known" if self.skew is None else f"{plain(self.skew)} s"),
        ]
        if self.replay:
            rows.append(("replay", f"REPLAY: judged from kept evidence{self._age()}"))
        else:
            rows.append(("collected", "live, in this run; the evidence's journal.jsonl lists every byte that was sent"))
        if self.silent:
            rows.append(
                ("not answered", f"questions to {len(self.silent)} of the devices: what was not done says which")
            )
        if self.selection:
            rows.append(("selection", f"PARTIAL: {self.selection}"))
        rows.append(("judged by", f"plugfest {self.version}"))
        return rows

    def _meaning(self) -> str:
        return {
            Origin.DEVICE: "asked of devices",
            Origin.RECORDED: "recordings of devices, kept by others",
            Origin.SIMULATED: "generated: it proves nothing about hardware",
            Origin.IMPORTED: "measured by other tools",
        }[self.origin]

    def _age(self) -> str:
        if self.ran_at is None or self.span is None:
            return ""
        return f", {lasted(self.ran_at - self.span[1])}"


def lasted(age: timedelta) -> str:
    """How old evidence is, in the largest unit that says something."""
    seconds = int(age.total_seconds())
    if seconds < 0:
        return f"dated {lasted(-age).removesuffix(' old')} after the run"
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size or size == 1:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'} old"
    return "0 seconds old"


def facts_of(bench: Bench, *, ran_at: datetime | None = None, selection: str = "", replay: bool = True) -> Facts:
    """Page one of a bench that has been judged."""
    known = decoded(bench)
    return Facts(
        lab=bench.lab.name,
        lab_file=short(bench.lab.file),
        profile=short(bench.lab.profile),
        origin=bench.evidence.origin,
        as_of=bench.as_of,
        span=bench.evidence.span(),
        skew=largest_skew(bench, known),
        ran_at=ran_at,
        replay=replay,
        selection=selection,
        unread=tuple(line for facts in known.values() for line in facts.unknown),
        silent=tuple(unanswered(bench.evidence)),
    )


def unanswered(evidence: Evidence) -> Iterator[str]:
    """Every device that was asked and left something without an answer to the end, with the first reason."""
    last = {record.ask: record for record in evidence.records}
    asked = Counter(ask.device for ask in last)
    silent: dict[str, list[Record]] = {}
    for record in last.values():
        if record.status is None:
            silent.setdefault(record.ask.device, []).append(record)
    for device, records in silent.items():
        yield f"{device}: {len(records)} of {asked[device]} questions had no answer: {records[0].error}"


def decoded(bench: Bench) -> Mapping[str, DeviceFacts]:
    """What the drivers made of each device; without one whose driver has a bug, which its verdicts show as ERROR."""
    found = {}
    for device in bench.lab.devices:
        try:
            found[device] = bench.assembly.facts(device)
        except Exception:  # page one is written whatever happens: the bug is told where it was judged
            continue
    return found


def largest_skew(bench: Bench, known: Collection[str]) -> Decimal | None:
    """The most seconds between the samples of the two ends of one link; None where no link has both."""
    between = (link for link in bench.lab.links if all(end.device in known for end in link.ends))
    skews = (bench.assembly.skew(link) for link in between)
    return max((skew.value for skew in skews if isinstance(skew, Reading)), default=None)


def short(file: Path) -> str:
    """A path as a report has it: its last two parts, which are the same on every machine."""
    return Path(*Path(os.path.normpath(file)).parts[-2:]).as_posix()
