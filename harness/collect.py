"""Collecting: every question of the drivers asked of every device that the lab file says how to reach.

    with Recorder(directory, origin=..., made_by=...) as recorder:
        collected = collect(lab, recorder, Plan(window=Decimal(600)), calendar=WallClock(), watch=Watch())

Devices are asked side by side, each in one thread and over one connection: first everything of the first samples, and
when the window between two samples is over, what comes after it.  An answer is on disk as soon as it is there, as is a
question that got none, with the reason.
"""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final, Protocol

from .clock import Calendar
from .drivers import driver
from .drivers.base import Driver, disruptive, rounds
from .errors import TransportError, UsageError
from .evidence import Answer, Ask, Evidence, Record, Recorder
from .evidence.journal import journal_of
from .lab.inventory import DevicePlan, Lab
from .transports import opener, reached
from .transports.base import DISRUPTIVE, Hurry, Restoring, Terms, Transport, failed
from .transports.passwords import Passwords
from .transports.starts import Left, unrestored
from .version import VERSION

PATIENCE = 3
"""Questions in a row that a device may leave without an answer; after them it is not asked any more."""

USUAL_WINDOW = Decimal(60)
SLICE = Decimal("0.2")
"""Seconds that are waited at once, so that Ctrl-C is heard."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What of a lab is collected, and how."""

    window: Decimal = USUAL_WINDOW  # seconds between two samples of a counter
    devices: str = "*"  # only devices whose name matches
    resume: bool = False  # ask only what the store has no answer to
    unlocked: frozenset[str] = frozenset()


class Watcher(Protocol):
    """Whoever shows how far a collection is.  Called from many threads."""

    def begins(self, device: str, questions: int) -> None:
        """A device has so many questions ahead of it."""

    def asks(self, device: str, command: str) -> None:
        """A device is asked this now."""

    def answered(self, answer: Answer) -> None:
        """An answer is kept."""

    def waits(self, seconds: Decimal) -> None:
        """So long until the second samples."""


class Unwatched:
    """Nobody looks."""

    def begins(self, device: str, questions: int) -> None:
        pass

    def asks(self, device: str, command: str) -> None:
        pass

    def answered(self, answer: Answer) -> None:
        pass

    def waits(self, seconds: Decimal) -> None:
        pass


@dataclass(slots=True)
class Tally:
    """What became of the questions to one device."""

    device: str
    owed: int = 0
    answered: int = 0
    failed: int = 0
    refused: int = 0  # of the answered: the device ended the command in an error
    kept: int = 0  # answered by an earlier run
    first_failure: str = ""

    def count(self, kept: Record) -> None:
        """As it is on record, without secrets: the first failure is printed."""
        if kept.status is None:
            self.failed += 1
            self.first_failure = self.first_failure or f"{kept.ask.text}: {kept.error}"
        else:
            self.answered += 1
            self.refused += kept.status != 0

    @property
    def whole(self) -> bool:
        return self.answered + self.kept == self.owed


@dataclass(frozen=True, slots=True)
class Collected:
    """What a run of the collector brought in."""

    tallies: Sequence[Tally]
    window: Decimal
    stopped: bool = False

    @property
    def whole(self) -> bool:
        return all(tally.whole for tally in self.tallies)

    def document(self) -> dict[str, object]:
        return {
            "answered": sum(tally.answered for tally in self.tallies),
            "failed": sum(tally.failed for tally in self.tallies),
            "kept": sum(tally.kept for tally in self.tallies),
            "owed": sum(tally.owed for tally in self.tallies),
            "window_s": str(self.window),
            "stopped": self.stopped,
            "devices": [asdict(tally) for tally in self.tallies],
        }


def live(lab: Lab, devices: str = "*") -> list[DevicePlan]:
    """The devices of a lab that can be asked: those that say how to be reached and keep no evidence of their own."""
    return [
        device
        for device in lab.devices.values()
        if device.reach.get("transport") and device.evidence is None and fnmatch.fnmatchcase(device.name, devices)
    ]


def collect(
    lab: Lab,
    recorder: Recorder,
    plan: Plan,
    *,
    calendar: Calendar,
    passwords: Passwords | None = None,
    watch: Watcher | None = None,
) -> Collected:
    """Ask, and keep every answer.

    What a device does wrong ends in its answers.  UsageError and PluginError before anything is asked; EvidenceError
    where the store cannot be written any more: then all stop, and what was kept stays.
    """
    devices = live(lab, plan.devices)
    if not devices:
        which = f" named {plan.devices}" if plan.devices != "*" else ""
        raise UsageError(
            f"{lab.file}: no device{which} says under reach how to ask it and has no evidence of its own, so there "
            "is nothing to collect: say transport and address under reach"
        )
    told_apart(devices)
    hurry = Hurry()
    secrets = passwords or Passwords(recorder.redactor)
    watching = watch or Unwatched()
    evidence = Evidence(recorder.directory) if plan.resume else None
    left = {one.device: one for one in unrestored(journal_of(recorder.directory))} if plan.resume else {}
    talks = [
        Talk(device, plan, recorder, calendar, secrets, watching, hurry, evidence, left.get(device.name))
        for device in devices
    ]
    for talk in talks:
        opener(talk.device)
        watching.begins(talk.device.name, len(talk.first) + len(talk.second) + len(talk.last))
    begun = {
        "plugfest": VERSION,
        "lab": lab.name,
        "lab_sha256": hashlib.sha256(lab.file.read_bytes()).hexdigest(),
        "window_s": str(plan.window),
        "resume": plan.resume,
        "unlocked": sorted(plan.unlocked),
        "devices": [device.name for device in devices],
    }
    recorder.journal.tell("", "run", at=calendar.instant(), **begun)
    keep_open = len(talks) <= lab.connections
    with ThreadPoolExecutor(min(lab.connections, len(talks)), "plugfest") as pool:
        try:
            finish([pool.submit(talk.begin, keep_open) for talk in talks], hurry)
            wait_for_window(talks, plan, calendar, watching, hurry)
            finish([pool.submit(talk.end) for talk in talks], hurry)
        except KeyboardInterrupt:
            hurry.stop = True
        finally:
            finish([pool.submit(talk.leave) for talk in talks], hurry, quietly=True)
    collected = Collected([talk.tally for talk in talks], plan.window, hurry.stop)
    recorder.journal.tell("", "finished", at=calendar.instant(), stopped=hurry.stop, whole=collected.whole)
    return collected


PLACE: Final = ("transport", "address", "port", "jump", "device", "bus", "mux", "cage", "resource")
"""Settings of ``reach`` that say where a device is; a transport of a package's own has others."""


def told_apart(devices: Iterable[DevicePlan]) -> None:
    """UsageError where two devices are reached at one place: the answers of the one would stand for the other."""
    found: dict[tuple[tuple[str, str], ...], DevicePlan] = {}
    for device in devices:
        said = {"address": device.name, **device.reach} if device.reach["transport"] == "ssh" else device.reach
        place = tuple(sorted((key, said[key]) for key in said if key in PLACE or key.startswith("x-")))
        first = found.setdefault(place, device)
        if first is not device:
            where = ", ".join(f"{key} {value}" for key, value in place)
            raise UsageError(
                f"{device.name}: {device.at}: reached at the same place as {first.name} ({where}), so that one device "
                "would answer for both: correct reach"
            )


def finish(futures: Iterable[Future[None]], hurry: Hurry, *, quietly: bool = False) -> None:
    """Wait for all; the first fault of a thread stops the others and is raised when they have ended."""
    pending = set(futures)
    fault: BaseException | None = None
    while pending:
        try:
            done, pending = wait(pending, timeout=float(SLICE))
        except KeyboardInterrupt:
            hurry.stop = True
            continue
        for one in done:
            if (wrong := one.exception()) is not None and fault is None:
                fault, hurry.stop = wrong, True
    if fault is not None and not quietly:
        raise fault
    if hurry.stop and not quietly:
        raise KeyboardInterrupt


def wait_for_window(talks: Sequence[Talk], plan: Plan, calendar: Calendar, watch: Watcher, hurry: Hurry) -> None:
    """Until as much time has passed since the first sample of every counter as the window is long."""
    window = timedelta(seconds=float(plan.window))
    due = max((min(talk.due, calendar.instant() + window) for talk in talks if talk.due is not None), default=None)
    while due is not None and not hurry.stop:
        left = Decimal(str((due - calendar.instant()).total_seconds()))
        if left <= 0:
            return
        watch.waits(left)
        calendar.wait(min(left, SLICE) if calendar.real else left)


@dataclass(slots=True)
class Link:
    """The connection to a device, opened when the first question is put."""

    transport: Transport | None = None
    why_not: str = ""


@dataclass
class Talk:
    """One device, from the first question to the last."""

    device: DevicePlan
    plan: Plan
    recorder: Recorder
    calendar: Calendar
    passwords: Passwords
    watch: Watcher
    hurry: Hurry
    before: Evidence | None  # what an earlier run kept
    changed: Left | None  # what an earlier run changed on it and was killed before it put it back
    link: Link = field(default_factory=Link)
    tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(self.device.name)
        first, second = rounds(self.driver.asks(self.device))
        last = tuple(disruptive(self.driver, self.device)) if self.may_disrupt else ()
        self.tally.owed = len(first) + len(second) + len(last)
        held = {ask: at for ask in (*first, *second, *last) if (at := self.held_at(ask)) is not None}
        for ask in second:  # a second sample is one of a first that came before it
            if ask.sample > 1 and ask in held and not (first_of(ask) in held and held[first_of(ask)] <= held[ask]):
                del held[ask]
        self.tally.kept = len(held)
        self.first, self.second, self.last = (
            tuple(ask for ask in those if ask not in held) for those in (first, second, last)
        )

    def held_at(self, ask: Ask) -> datetime | None:
        """When an earlier run was answered; None where it was not."""
        found = self.before.find(ask) if self.before is not None else None
        return found.at if isinstance(found, Answer) else None

    @cached_property
    def driver(self) -> Driver:
        return driver(self.device.nos)

    @property
    def may_disrupt(self) -> bool:
        return DISRUPTIVE in self.plan.unlocked and self.device.maintenance

    @cached_property
    def terms(self) -> Terms:
        return Terms(
            session=self.driver.session(self.device),
            journal=self.recorder.journal,
            passwords=self.passwords,
            calendar=self.calendar,
            unlocked=self.plan.unlocked if self.may_disrupt else frozenset(),
            hurry=self.hurry,
        )

    @cached_property
    def times(self) -> dict[Ask, datetime]:
        """When first samples were taken, by an earlier run or this one."""
        found: dict[Ask, datetime] = {}
        for ask in self.second:
            earlier = self.before.find(first_of(ask)) if self.before is not None and ask.sample > 1 else None
            if isinstance(earlier, Answer):
                found[earlier.ask] = earlier.at
        return found

    @property
    def due(self) -> datetime | None:
        """When the second samples may be taken; None where there is none to take, or no first."""
        taken = [self.times[first_of(ask)] for ask in self.second if first_of(ask) in self.times and ask.sample > 1]
        return max(taken) + timedelta(seconds=float(self.plan.window)) if taken else None

    def begin(self, keep_open: bool) -> None:
        """The first samples, of a device that is as it was found."""
        _ = self.times
        if wrong := self.put_back():
            self.terms.tell(self.device, "note", text=wrong)
            self.leave()
            self.link.why_not = wrong
        self.put(self.first)
        if not keep_open:
            self.leave()

    def put_back(self) -> str:
        """Undo what an earlier run left changed, before anything is measured; why it is changed still, where it is."""
        if self.changed is None:
            return ""
        said = f"a run that was killed left it changed at {self.changed.at}"
        if not self.may_disrupt:
            advice = "--resume --unlock disruptive puts it back, on a device that says maintenance: true"
            return f"{said}: {advice}"
        transport: object = self.connected()
        if not isinstance(transport, Restoring):
            return ""  # why it was not reached is told already
        try:
            transport.restore(self.changed.saved)
        except TransportError as wrong:
            return f"{said}: {wrong}"
        return ""

    def end(self) -> None:
        """The second samples, then what disturbs."""
        self.put(self.second)
        self.put(self.last)

    def leave(self) -> None:
        if self.link.transport is not None:
            self.link.transport.close()
            self.link.transport = None

    def put(self, asks: Sequence[Ask]) -> None:
        """Ask, and keep what comes."""
        if not asks:
            return
        transport = self.connected()
        if transport is None:
            self.give_up(asks, self.link.why_not)
            return
        asked = silent = 0
        self.watch.asks(self.device.name, asks[0].text)
        for answer in transport.ask(asks):
            self.keep(answer)
            asked += 1
            silent = silent + 1 if answer.status is None else 0
            if asked < len(asks):
                self.watch.asks(self.device.name, asks[asked].text)
            if silent == PATIENCE and asked < len(asks):
                self.leave()
                self.link.why_not = f"{PATIENCE} questions in a row had no answer, the last: {answer.error}"
                break
            if self.hurry.stop:
                break
        self.give_up(asks[asked:], f"not asked: {self.link.why_not or 'the connection has ended'}")

    def connected(self) -> Transport | None:
        if self.link.transport is None and not self.link.why_not and not self.hurry.stop:
            try:
                self.link.transport = reached(self.device, self.terms)
            except TransportError as wrong:
                self.link.why_not = str(wrong)
                self.terms.tell(self.device, "failed", error=str(wrong))
        return self.link.transport

    def give_up(self, asks: Sequence[Ask], why: str) -> None:
        if self.hurry.stop:
            return  # what was not asked is no failure: --resume asks it
        for ask in asks:
            self.keep(failed(ask, self.terms, why))

    def keep(self, answer: Answer) -> None:
        kept = self.recorder.append(answer)
        if answer.status is not None and answer.ask.sample == 1:
            self.times[answer.ask] = answer.at
        self.tally.count(kept)
        self.watch.answered(answer)


def first_of(ask: Ask) -> Ask:
    return Ask(ask.device, ask.kind, ask.text)


def notes(journal: Iterable[Mapping[str, object]]) -> list[str]:
    """What transports thought worth telling, a line each: clocks that differ, a shell that takes no script."""
    return [f"{line['device']}: {line['text']}" for line in journal if line.get("event") == "note" and "text" in line]
