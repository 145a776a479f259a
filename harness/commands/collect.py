"""``plugfest collect``: ask the devices of a lab, and keep every answer in a directory."""

from __future__ import annotations

import argparse
import fnmatch
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..clock import Calendar, WallClock
from ..collect import Collected, Plan, Soak, Unwatched, Watcher, collect, live, longest_gap, notes
from ..errors import UsageError
from ..evidence import Answer, Origin, Recorder, written
from ..evidence.journal import journal_of
from ..evidence.redact import Redactor
from ..lab.inventory import Lab
from ..lab.load import load
from ..requirements.load import load_requirements
from ..transports.base import DISRUPTIVE
from ..transports.passwords import Passwords
from ..version import VERSION

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

INTERRUPTED: Final = 130
INCOMPLETE: Final = 3
MISSED: Final = 1.5
"""Times the interval of a soak, from which on a sample was missed."""
SHOWN: Final = 12
"""Devices that are shown at work at once; the others count in the bar of all."""

_TIME: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|m|min|h|d)?")
_UNITS: Final = {None: 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


def run(args: argparse.Namespace) -> int:
    """Exit 0 where every question was answered, 3 where some were not."""
    from ..report.checklist import table

    lab = load(args.lab)
    soak = asked_soak(args.every, args.length)
    usual = usual_window(lab) if soak is None else soak.every
    plan = Plan(
        window=window(args.window) if args.window else usual,
        devices=args.device,
        resume=args.resume,
        unlocked=unlocked(args.unlock),
        soak=soak,
    )
    collected = gather(lab, args.into, plan)
    told = [*unasked(lab, plan), *notes(journal_of(args.into))]
    if args.json:
        import json

        print(json.dumps({"store": str(args.into), **collected.document(), "notes": told}, indent=1))
    else:
        rows = [(t.device, t.owed, t.kept, t.answered, t.refused, t.failed) for t in collected.tallies]
        print(table(rows, ("device", "questions", "kept before", "answered", "of them with an error", "failed")))
        for tally in collected.tallies:
            if tally.failed:
                print(f"{tally.device}: {tally.failed} of {tally.owed} without an answer, first {tally.first_failure}")
        for note in told:
            print(f"note: {note}")
        if soak is not None:
            print(soak_told(soak, collected.samples))
        print(f"evidence: {args.into}")
    if collected.stopped:
        print(
            f"plugfest: interrupted; what was answered is kept: go on with --resume --into {args.into}", file=sys.stderr
        )
        return INTERRUPTED
    return 0 if collected.whole else INCOMPLETE


def gather(lab: Lab, into: Path, plan: Plan, *, watch: Watcher | None = None) -> Collected:
    """Collect a lab into a directory."""
    if into.exists() and not into.is_dir():
        raise UsageError(f"{into}: a file; a directory was expected, new or empty: name another")
    held = {entry.name: entry.stat().st_size for entry in into.iterdir()} if into.is_dir() else {}
    if held and "evidence.json" not in held:
        raise UsageError(f"{into}: not an evidence directory, and not empty: name another")
    if held.get("index.jsonl") and not plan.resume:  # an empty index is of a run that asked nothing
        raise UsageError(f"{into}: holds evidence already: go on with --resume, or name another directory")
    origin = Origin.SIMULATED if lab.simulated else Origin.DEVICE
    with Recorder(into, origin=origin, made_by=f"plugfest {VERSION}", lab=lab.name) as recorder:
        showing = Shown.on_terminal(recorder.redactor.text) if watch is None else nullcontext(watch)
        with showing as watching:
            passwords = Prompting(recorder.redactor, watching)
            return collect(lab, recorder, plan, calendar=calendar_of(lab), passwords=passwords, watch=watching)


def unasked(lab: Lab, plan: Plan) -> Iterator[str]:
    """Which devices of a lab are left out, and why, and what an unlock does not open."""
    asked = live(lab, plan.devices)
    for device in lab.devices.values():
        if device in asked or not fnmatch.fnmatchcase(device.name, plan.devices):
            continue
        if device.evidence is not None:
            yield f"{device.name}: not asked: the lab file names evidence of its own, {device.evidence}"
        elif device.reach:
            yield f"{device.name}: not asked: its reach says no transport"
        else:
            yield f"{device.name}: not asked: it has no reach in the lab file"
    if plan.unlocked and not any(device.maintenance for device in asked):
        yield "--unlock opened nothing: no device that was asked says maintenance: true"


def calendar_of(lab: Lab) -> Calendar:
    """The time that a collection goes by: the simulated lab's own where it has one."""
    if lab.clock is None:
        return WallClock()
    from ..simlab.clock import LabClock

    return LabClock(lab.clock)


def window(text: str) -> Decimal:
    """Seconds between two samples, as ``--window`` says."""
    return duration("--window", text)


def duration(option: str, text: str) -> Decimal:
    """Seconds of ``60s``, ``10m``, ``1h`` or ``3d``."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise UsageError(f"{option} {text}: expected a time such as 60s, 10m or 1h")
    return Decimal(found[1]) * _UNITS[found[2]]


def asked_soak(every: str | None, length: str | None) -> Soak | None:
    """The soak that the command line asks for."""
    if every is None and length is None:
        return None
    if every is None or length is None:
        raise UsageError("a soak has both --every and --for, such as --every 30s --for 72h")
    soak = Soak(duration("--every", every), duration("--for", length))
    if not soak.every:
        raise UsageError(f"--every {every}: expected more than 0 s")
    if soak.length < soak.every:
        raise UsageError(f"--for {length}: shorter than --every {every}")
    return soak


def soak_told(soak: Soak, samples: Sequence[datetime]) -> str:
    """What a soak brought in; gaps are told, not filled."""
    if len(samples) < 2:
        return f"soak: {len(samples)} of {soak.samples} samples"
    hours = Decimal(str((samples[-1] - samples[0]).total_seconds())) / 3600
    gap = longest_gap(samples)
    told = f"soak: {len(samples)} samples over {hours:.2f} h, longest time between two {gap:.0f} s"
    late = [at for at, after in pairwise(samples) if (after - at).total_seconds() > MISSED * float(soak.every)]
    gaps = f"{len(late)} gap{'s' if len(late) > 1 else ''}"
    return f"{told}; {gaps}, the first after {written(late[0])}" if late else told


def usual_window(lab: Lab) -> Decimal:
    """What the lab file says, else as long as its profile asks for counters to be watched."""
    asked = load_requirements(lab.profile, as_of=datetime.now(UTC)).profile.fec.window.min
    return lab.window or asked or Plan().window


def unlocked(words: list[str] | None) -> frozenset[str]:
    for word in words or ():
        if word != DISRUPTIVE:
            raise UsageError(f"--unlock {word}: only {DISRUPTIVE} can be unlocked")
    return frozenset(words or ())


class Shown:
    """Bars on the error stream: one of all questions, and one for each device that is being asked."""

    def __init__(self, progress: Progress, clean: Callable[[str], str]) -> None:
        self.progress = progress
        self._failures = Failures(clean)
        self.all = progress.add_task("all devices", total=0, command="")
        self._tasks: dict[str, TaskID] = {}
        self._one_at_a_time = threading.Lock()

    @staticmethod
    def on_terminal(clean: Callable[[str], str]) -> AbstractContextManager[Watcher]:
        """Bars where somebody looks, else lines; ``clean`` takes secrets out of what is shown."""
        return Bars(clean) if sys.stderr is not None and sys.stderr.isatty() else nullcontext(Lines(clean))

    def begins(self, device: str, questions: int) -> None:
        with self._one_at_a_time:
            self._tasks[device] = self.progress.add_task(device, total=questions, command="", visible=False)
            self.progress.update(self.all, total=(self.progress.tasks[self.all].total or 0) + questions)

    def asks(self, device: str, command: str) -> None:
        with self._one_at_a_time:
            task = self._tasks[device]
            room = sum(1 for one in self.progress.tasks if one.visible and one.id != self.all) < SHOWN
            seen = self.progress.tasks[task].visible or room
            self.progress.update(task, command=command, visible=seen)

    def answered(self, answer: Answer) -> None:
        with self._one_at_a_time:
            task = self._tasks[answer.ask.device]
            self.progress.advance(task)
            self.progress.advance(self.all)
            if self.progress.tasks[task].finished:
                self.progress.update(task, visible=False)
            if said := self._failures.first(answer):
                self.progress.console.print(said, markup=False, highlight=False, soft_wrap=True)

    def waits(self, seconds: Decimal, sample: int = 2, of: int = 2) -> None:
        which = "second samples" if of == 2 else f"sample {sample} of {of}"
        self.progress.update(self.all, command=f"{which} in {int(seconds)} s")


class Bars(AbstractContextManager[Watcher]):
    """The bars while something is collected.  What is asked yields to the numbers where the terminal is narrow."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self.clean = clean

    def __enter__(self) -> Watcher:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            ProgressColumn,
            Task,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
        from rich.table import Column
        from rich.text import Text

        class Asked(ProgressColumn):
            """What a device is asked now: the only column that gives way."""

            def render(self, task: Task) -> Text:
                return Text(task.fields["command"], no_wrap=True, overflow="ellipsis")

        console, whole = Console(stderr=True), Column(no_wrap=True)
        columns = (
            TextColumn("{task.description}", markup=False, table_column=whole),
            BarColumn(bar_width=24 if console.width >= 100 else 8, table_column=whole),
            MofNCompleteColumn(table_column=whole),
            TimeElapsedColumn(table_column=whole),
            TimeRemainingColumn(table_column=whole),
            Asked(),
        )
        self.progress = Progress(*columns, console=console, transient=True)
        self.progress.start()
        return Shown(self.progress, self.clean)

    def __exit__(self, *_: object) -> None:
        self.progress.stop()


class Prompting(Passwords):
    """Passwords; the bars give way while one is asked for, or they would wipe the question out."""

    def __init__(self, redactor: Redactor, watching: Watcher) -> None:
        super().__init__(redactor)
        self._bars = watching.progress if isinstance(watching, Shown) else None

    def _asked(self, name: str, user: str, what: str) -> str | None:
        if self._bars is None or not self.may_prompt:
            return super()._asked(name, user, what)
        self._bars.stop()
        try:
            return super()._asked(name, user, what)
        finally:
            self._bars.start()


class Failures:
    """The first failure of each device, told when it happens and not when the second samples are in."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean
        self._told: set[str] = set()

    def first(self, answer: Answer) -> str:
        device = answer.ask.device
        if answer.status is not None or device in self._told:
            return ""
        self._told.add(device)
        why = self._clean(answer.error)
        return why if why.startswith(f"{device}: ") else f"{device}: {why}"


class Lines(Unwatched):
    """Where nobody watches a terminal: a line for the first failure of a device, and one when it is done."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._failures = Failures(clean)
        self._left: dict[str, int] = {}
        self._failed: dict[str, int] = {}
        self._since = time.monotonic()
        self._one_at_a_time = threading.Lock()

    def begins(self, device: str, questions: int) -> None:
        self._left[device], self._failed[device] = questions, 0

    def answered(self, answer: Answer) -> None:
        device = answer.ask.device
        with self._one_at_a_time:
            self._left[device] -= 1
            self._failed[device] += answer.status is None
            if said := self._failures.first(answer):
                print(said, file=sys.stderr, flush=True)
            if not self._left[device]:
                bad = f", {self._failed[device]} questions without an answer" if self._failed[device] else ""
                took = time.monotonic() - self._since
                print(f"{device}: done after {took:.1f} s{bad}", file=sys.stderr, flush=True)
