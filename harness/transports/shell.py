"""How questions become command lines and their output becomes answers, for whatever runs a command line.

``Shell`` is what SSH and the machine itself share.  Where the far end is a POSIX shell, all commands go in one script
(``bundle``); where it is not, each goes alone, several at once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Final, Protocol

from ..errors import TransportError
from ..evidence import Answer, Ask, Kind
from ..lab.inventory import DevicePlan
from . import bundle
from .base import MOST_BYTES, STOPPED, Terms, failed, seconds

GLANCE_S: Final = 0.2
"""How long anything waits before it looks whether the user wants to stop."""

MOST_STDERR: Final = 4096
CLOCK_TOLERANCE_S: Final = 2

NEW_PASSWORD: Final = re.compile(
    r"(password|passwd)\b.{0,40}\b(expired|change required|must be changed|has to be changed)"
    r"|(change|changing) (your|the) password|new (unix )?password\s*:|must change your password"
    r"|WARNING: Your password has expired",
    re.I | re.S,
)
"""What a device says that lets nobody in before there is a new password."""


class NotSent(TransportError):
    """The connection was gone before the command was sent, so that it can be asked on another one."""


class Running(Protocol):
    """A command line that runs on the device."""

    status: int | None
    """Its exit status, once it has ended and where it had one."""

    def read(self, wait_s: float) -> tuple[bytes, bytes] | None:
        """What has come on standard output and error, empty after so many seconds; None when it has ended."""

    def lost(self) -> str:
        """Why there is no whole answer, where the connection is to blame."""

    def close(self) -> None:
        """Let go of it, and end it where that can be done."""


@dataclass(slots=True)
class Shell:
    """Asks a device by command lines."""

    device: DevicePlan
    terms: Terms
    start: Callable[[str], Running]
    """Runs a command line and tells that it was sent; NotSent where the connection is gone."""
    reconnect: Callable[[], None] | None = None
    """Makes a new connection after one was lost; TransportError where there is none."""
    channels: int = 4
    scripts: bool = True
    left: bool = field(default=False, init=False)
    """Whether nobody wants the answers any more."""
    _reconnected: bool = field(default=False, init=False)
    _compared: bool = field(default=False, init=False)

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer]:
        """An answer to every ask, in their order; what is not permitted is answered so and never sent."""
        refusals = [refusal(ask, self.terms) for ask in asks]
        permitted = [ask for ask, why in zip(asks, refusals, strict=True) if not why]
        self._reconnected = False
        with closing(self._answers(permitted)) as answers:
            for ask, why in zip(asks, refusals, strict=True):
                yield self._failed(ask, why) if why else next(answers)

    def _answers(self, asks: Sequence[Ask]) -> Generator[Answer]:
        rest, why = list(asks), ""
        while rest and self.scripts:
            together = next(bundle.scripts([ask.text for ask in rest]))
            try:
                answered, why = yield from self._script(rest[: len(together)])
            except NotSent as gone:
                answered, why = 0, self._again(gone)
            rest = rest[answered:]
            why = STOPPED if self.terms.hurry.stop else why
            if why:
                break
        if why:
            yield from (self._failed(ask, why) for ask in rest)
        else:
            yield from self._apart(rest)

    def _failed(self, ask: Ask, why: str) -> Answer:
        self.terms.tell(self.device, "failed", ask=ask.text, error=why)
        return failed(ask, self.terms, why)

    def _again(self, lost: NotSent) -> str:
        """Connect again where that was not yet tried; else why there is no connection."""
        if self.terms.hurry.stop:
            return STOPPED
        if self.reconnect is None or self._reconnected:
            return f"not asked: {lost}"
        self.terms.tell(self.device, "note", text=f"{lost}: what was not yet asked is asked on a new connection")
        self._reconnected, self._compared = True, False
        try:
            self.reconnect()
        except TransportError as wrong:
            return f"not asked: {lost}, and then: {wrong}"
        return ""

    # --- many commands in one script ----------------------------------------------------------------------------------

    def _script(self, asks: Sequence[Ask]) -> Generator[Answer, None, tuple[int, str]]:
        """The answers of one script: how many, and why the rest cannot be asked, where it cannot."""
        frames = bundle.Frames(bundle.mark())
        line = bundle.script([ask.text for ask in asks], frames.mark)
        sent = self.terms.calendar.instant()
        running = self.start(line)
        watch = Watch(self.device, self.terms)
        answered, fault = 0, ""
        try:
            while answered < len(asks) and not fault:
                came = running.read(GLANCE_S)
                now = time.monotonic()
                if came is None:
                    break
                watch.heard(*came)
                done = frames.feed(*came)
                self._compare(frames.clock, sent)
                for frame in done:
                    if frame.number != answered:
                        fault = f"frame {frame.number} of the script came where {answered} was expected"
                        break
                    at = self.terms.calendar.instant()
                    yield Answer(
                        asks[answered], frame.out, frame.status, at, watch.took_ms(now), stderr=words_of(frame.err)
                    )
                    answered += 1
                    watch.begin()
                fault = fault or watch.fault(frames.size)
            if answered < len(asks):
                return (yield from self._broken(running, frames, asks[answered], answered, fault, watch))
            return answered, ""
        finally:
            running.close()

    def _broken(
        self, running: Running, frames: bundle.Frames, ask: Ask, answered: int, fault: str, watch: Watch
    ) -> Generator[Answer, None, tuple[int, str]]:
        """The answer that a script stopped in, and what that means for the rest."""
        _, out, err = frames.rest()
        said = first_line(err) or first_line(out)
        because = f": {said}" if said else ""
        lost = "" if fault else running.lost()
        ended = "no status" if running.status is None else f"status {running.status}"
        if not frames.begun and not lost and NEW_PASSWORD.search(words_of(err + out)):
            return answered, wants_new_password(self.device, said)
        if lost:
            why = lost
        elif frames.begun:
            why = fault or f"the shell ended with {ended} before the answer did{because}"
        elif fault:
            why = f"{fault}; the shell did not even begin{because}"
        else:
            self.scripts = False
            text = f"its shell runs no scripts ({ended}{because}): a command a channel, {self.channels} at once"
            self.terms.tell(self.device, "note", text=text)
            return answered, ""
        self.terms.tell(self.device, "failed", ask=ask.text, error=why)
        at, took = self.terms.calendar.instant(), watch.took_ms(time.monotonic())
        yield Answer(ask, out[:MOST_BYTES], None, at, took, why, words_of(err))
        return answered + 1, "" if lost or frames.begun else f"not asked: {why}"

    def _compare(self, clock: Decimal | None, sent: datetime) -> None:
        """Tell where the device's clock is not ours; how long the answer was on its way does no harm."""
        if clock is None or self._compared:
            return
        self._compared = True
        ahead = clock - Decimal(str(self.terms.calendar.instant().timestamp()))
        behind = Decimal(str(sent.timestamp())) - clock
        if ahead > CLOCK_TOLERANCE_S:
            self.terms.tell(self.device, "note", text=f"its clock is {ahead:.1f} s ahead of this machine's")
        elif behind > CLOCK_TOLERANCE_S:
            self.terms.tell(self.device, "note", text=f"its clock is {behind:.1f} s behind this machine's")

    # --- a command a channel ------------------------------------------------------------------------------------------

    def _apart(self, asks: Sequence[Ask]) -> Generator[Answer]:
        """Each command by itself, some at once, the answers in order."""
        if not asks:
            return
        waiting: list[tuple[Ask, Answer | NotSent]] = []  # from the first on that needs a new connection
        pool = ThreadPoolExecutor(min(self.channels, len(asks)), thread_name_prefix=self.device.name)
        try:
            futures = [pool.submit(self._single, ask) for ask in asks]
            for ask, future in zip(asks, futures, strict=True):
                answer = future.result()
                if waiting or isinstance(answer, NotSent):
                    waiting.append((ask, answer))
                else:
                    yield answer
        finally:
            self.left = True
            pool.shutdown(cancel_futures=True)
            self.left = False
        if waiting:
            unsent = [ask for ask, answer in waiting if isinstance(answer, NotSent)]
            why = self._again(next(answer for _, answer in waiting if isinstance(answer, NotSent)))
            with closing(self._apart([] if why else unsent)) as again:
                for ask, answer in waiting:
                    if isinstance(answer, NotSent):
                        answer = self._failed(ask, why) if why else next(again)
                    yield answer

    def _single(self, ask: Ask) -> Answer | NotSent:
        """The answer of one command line."""
        if self.terms.hurry.stop:
            return self._failed(ask, STOPPED)
        try:
            running = self.start(ask.text)
        except NotSent as gone:
            return gone
        watch = Watch(self.device, self.terms, lambda: self.left)
        out, err = BytesIO(), BytesIO()
        fault = ""
        try:
            while not fault and (came := running.read(GLANCE_S)) is not None:
                watch.heard(*came)
                out.write(came[0])
                err.write(came[1])
                fault = watch.fault(out.tell() + err.tell())
            if not fault and running.status is None:
                fault = running.lost() or "it ended without a status"
            status = None if fault else running.status
        finally:
            running.close()
        words = words_of(err.getvalue())
        if status and NEW_PASSWORD.search(words):
            status, fault = None, wants_new_password(self.device, first_line(err.getvalue()))
        if fault:
            self.terms.tell(self.device, "failed", ask=ask.text, error=fault)
        at, took = self.terms.calendar.instant(), watch.took_ms(time.monotonic())
        return Answer(ask, out.getvalue()[:MOST_BYTES], status, at, took, fault, words)


class Watch:
    """What may make an answer fail while it comes: time, size, and the user."""

    def __init__(self, device: DevicePlan, terms: Terms, left: Callable[[], bool] = bool) -> None:
        self.timeout_s = seconds(device, "timeout_s", 120)
        self.idle_s = seconds(device, "idle_timeout_s", self.timeout_s)
        self.hurry, self.left = terms.hurry, left
        self.begin()

    def begin(self) -> None:
        """A command begins."""
        self.began = self.last = time.monotonic()

    def heard(self, *came: bytes) -> None:
        if any(came):
            self.last = time.monotonic()

    def took_ms(self, now: float) -> int:
        return max(0, round((now - self.began) * 1000))

    def fault(self, size: int) -> str:
        """Why the answer is not waited for any longer; empty while it is."""
        now = time.monotonic()
        if self.hurry.stop or self.left():
            return STOPPED
        if size > MOST_BYTES:
            return f"longer than {MOST_BYTES} bytes, and cut there"
        if now - self.began > self.timeout_s:
            return f"no end within {self.timeout_s:g} s; where it needs longer, say so with timeout_s in reach"
        if now - self.last > self.idle_s:
            return f"no byte for {self.idle_s:g} s; where that is usual, say so with idle_timeout_s in reach"
        return ""


def refusal(ask: Ask, terms: Terms) -> str:
    """Why an ask is not sent; empty where it may be."""
    if ask.kind is not Kind.CLI:
        return f"not sent: {ask.kind} {ask.text!r}: expected a command, which is all that a shell can be asked"
    try:
        terms.permit.check(ask.text)
    except TransportError as refused:
        return str(refused)
    return ""


def wants_new_password(device: DevicePlan, said: str) -> str:
    return f"{device.name}: {device.at}: it demands a new password ({said}): log in by hand, set one, and collect again"


def words_of(raw: bytes) -> str:
    return raw[:MOST_STDERR].decode("utf-8", "replace")


def first_line(raw: bytes) -> str:
    """The first line that says something, short enough for a message."""
    lines = (line.strip() for line in raw[:MOST_STDERR].decode("utf-8", "replace").splitlines())
    return next((line[:200] for line in lines if line), "")
