"""Collecting: every question of the drivers asked of every device that the lab file says how to reach.

    with Recorder(directory, origin=..., made_by=...) as recorder:
        collected = collect(lab, recorder, Plan(window=Decimal(600)), calendar=WallClock(), watch=Watch())

Devices are asked side by side, each in one thread and over one connection: first everything of the first samples, and
when the window between two samples is over, what comes after it.  In a soak the questions that sample are then put
again and again, as samples 3, 4, 5 ...  An answer is on disk as soon as it is there, as is a question that got none,
with the reason.
"""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Final, Protocol

from .clock import Calendar
from .drivers import driver
from .drivers.base import Driver, disruptive, rounds, soaked
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
SECOND: Final = 2
MICROSECONDS: Final = 1_000_000
LAST_OF_DAYS: Final = datetime.max.replace(tzinfo=UTC)

SLICE = Decimal("0.2")
"""Seconds that are waited at once, so that Ctrl-C is heard."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What of a lab is collected, and how."""

    window: Decimal = USUAL_WINDOW  # seconds between two samples of a counter
    devices: str = "*"  # only devices whose name matches
    resume: bool = False  # ask only what the store has no answer to
    unlocked: frozenset[str] = frozenset()
    soak: Soak | None = None


@dataclass(frozen=True, slots=True)
class Soak:
    """How often samples are taken, and for how long from the first on; seconds."""

    every: Decimal
    length: Decimal

    @property
    def samples(self) -> int:
        """How many there are where none comes late, the first included."""
        return -int(-self.length // self.every) + 1


class Watcher(Protocol):
    """Whoever shows how far a collection is.  Called from many threads."""

    def begins(self, device: str, questions: int) -> None:
        """A device has so many questions ahead of it."""

    def asks(self, device: str, command: str) -> None:
        """A device is asked this now."""

    def answered(self, answer: Answer) -> None:
        """An answer is kept."""

    def waits(self, seconds: Decimal, sample: int = 2, of: int = 2) -> None:
        """So long until the second samples, or a later one of so many."""


class Unwatched:
    """Nobody looks."""

    def begins(self, device: str, questions: int) -> None:
        pass

    def asks(self, device: str, command: str) -> None:
        pass

    def answered(self, answer: Answer) -> None:
        pass

    def waits(self, seconds: Decimal, sample: int = 2, of: int = 2) -> None:
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
    samples: tuple[datetime, ...] = ()  # when each sample of a soak was begun, those of earlier runs included

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
            **({"samples": len(self.samples), "longest_gap_s": str(longest_gap(self.samples))} if self.samples else {}),
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
    highest = evidence.highest_sample if evidence is not None else 0
    reached = highest if plan.soak is not None or highest > SECOND else 0
    talks = [
        Talk(device, plan, recorder, calendar, secrets, watching, hurry, evidence, left.get(device.name), reached)
        for device in devices
    ]
    for talk in talks:
        opener(talk.device)
        later = 0 if plan.soak is None else max(0, plan.soak.samples - max(reached, 2)) * len(talk.again)
        watching.begins(talk.device.name, len(talk.first) + len(talk.second) + later + len(talk.last))
    begun = {
        "plugfest": VERSION,
        "lab": lab.name,
        "lab_sha256": hashlib.sha256(lab.file.read_bytes()).hexdigest(),
        "window_s": str(plan.window),
        "resume": plan.resume,
        "unlocked": sorted(plan.unlocked),
        "devices": [device.name for device in devices],
        **({"every_s": str(plan.soak.every), "for_s": str(plan.soak.length)} if plan.soak else {}),
    }
    recorder.journal.tell("", "run", at=calendar.instant(), **begun)
    keep_open = len(talks) <= lab.connections
    with ThreadPoolExecutor(min(lab.connections, len(talks)), "plugfest") as pool:
        try:
            finish([pool.submit(talk.begin, keep_open) for talk in talks], hurry)
            wait_for_window(talks, plan, calendar, watching, hurry)
            finish([pool.submit(talk.again_after, keep_open) for talk in talks], hurry)
            if plan.soak is not None:
                began = max((at for talk in talks if (at := talk.began) is not None), default=calendar.instant())
                latest = max((at for talk in talks if (at := talk.latest) is not None), default=began)
                so_far = Progress(max(reached, SECOND), began, latest)
                for number in rounds_of(plan.soak, so_far, calendar, watching, hurry):
                    finish([pool.submit(talk.sample, number, keep_open) for talk in talks], hurry)
            finish([pool.submit(talk.end) for talk in talks], hurry)
        except KeyboardInterrupt:
            hurry.stop = True
        finally:
            finish([pool.submit(talk.leave) for talk in talks], hurry, quietly=True)
    samples = taken(Evidence(recorder.directory)) if plan.soak is not None else ()
    collected = Collected([talk.tally for talk in talks], plan.window, hurry.stop, samples)
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
    if due is not None:
        wait_until(due, calendar, watch, hurry)


def wait_until(due: datetime, calendar: Calendar, watch: Watcher, hurry: Hurry, sample: int = 2, of: int = 2) -> None:
    """Let time pass, in slices in which Ctrl-C is heard."""
    while not hurry.stop:
        left = Decimal(str((due - calendar.instant()).total_seconds()))
        if left <= 0:
            return
        watch.waits(left, sample, of)
        calendar.wait(min(left, SLICE) if calendar.real else left)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a soak is."""

    number: int  # of the last sample
    began: datetime  # with the last of the first samples
    latest: datetime  # when the last sample was taken


def rounds_of(soak: Soak, at: Progress, calendar: Calendar, watch: Watcher, hurry: Hurry) -> Iterator[int]:
    """The numbers of the samples that a soak still owes, each when it is due; the last not before the soak is over.

    A round that takes longer than the time between two makes the next one late; those that were missed are not made
    up for: a gap stays a gap.
    """
    every, length = (timedelta(microseconds=int(seconds * MICROSECONDS)) for seconds in (soak.every, soak.length))
    number, last, end = at.number, at.latest, at.began + length
    while last < end:
        due = max(min(last + every, end), calendar.instant())
        wait_until(due, calendar, watch, hurry, number + 1, soak.samples)
        if hurry.stop:
            return
        number, last = number + 1, due
        yield number


def taken(evidence: Evidence) -> tuple[datetime, ...]:
    """When each sample was begun, in order of the samples; those that nobody answered are left out."""
    first: dict[int, datetime] = {}
    for record in evidence.records:
        number = record.ask.sample
        if record.status is not None and record.at < first.get(number, LAST_OF_DAYS):
            first[number] = record.at
    return tuple(first[number] for number in sorted(first))


def longest_gap(times: Sequence[datetime]) -> Decimal:
    """Seconds between a sample and the next at most."""
    return max((Decimal(str((b - a).total_seconds())) for a, b in pairwise(times)), default=Decimal(0))


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
    reached: int = 0  # the last sample of a soak that an earlier run took of any device
    link: Link = field(default_factory=Link)
    tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(self.device.name)
        first, second = rounds(self.driver.asks(self.device))
        self.again = soaked(self.driver, self.device)
        if self.plan.soak is not None:
            second = tuple(dict.fromkeys((*second, *self.again)))
        if self.reached >= SECOND:  # what samples has its first sample behind it; it goes on with the next
            sampled = {first_of(ask) for ask in self.again}
            first, second = tuple(ask for ask in first if ask not in sampled), ()
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

    @property
    def began(self) -> datetime | None:
        """When the last first sample was taken of what a soak samples, by an earlier run or this one."""
        return max((at for ask in self.again if (at := self.taken(first_of(ask))) is not None), default=None)

    @property
    def latest(self) -> datetime | None:
        """When the last sample was begun that was taken before the soak goes on."""
        number = max(self.reached, SECOND)
        return min(
            (at for ask in self.again if (at := self.taken(replace(ask, sample=number))) is not None), default=None
        )

    def taken(self, ask: Ask) -> datetime | None:
        return self.times[ask] if ask in self.times else self.held_at(ask)

    def again_after(self, keep_open: bool) -> None:
        """The second samples."""
        self.put(self.second)
        if not keep_open:
            self.leave()

    def sample(self, number: int, keep_open: bool) -> None:
        """A later sample of a soak; a device that did not answer before is tried anew."""
        self.link.why_not = ""
        asks = tuple(replace(ask, sample=number) for ask in self.again)
        self.tally.owed += len(asks)
        failed_before = self.tally.failed
        self.put(asks)
        if not keep_open or self.tally.failed > failed_before:
            self.leave()

    def end(self) -> None:
        """What disturbs."""
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
        if answer.status is not None and answer.ask.sample <= SECOND:
            self.times[answer.ask] = answer.at
        self.tally.count(kept)
        self.watch.answered(answer)


def first_of(ask: Ask) -> Ask:
    return Ask(ask.device, ask.kind, ask.text)


def notes(journal: Iterable[Mapping[str, object]]) -> list[str]:
    """What transports thought worth telling, a line each: clocks that differ, a shell that takes no script."""
    return [f"{line['device']}: {line['text']}" for line in journal if line.get("event") == "note" and "text" in line]
