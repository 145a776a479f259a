"""Work shared out to processes that are forked off: what was read before is in each of them, and nothing is sent there.

A process that dies takes nothing with it in silence: WorkerError says so, and the run ends.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import struct
import tempfile
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.process import BaseProcess
from typing import IO, Any, TypeVar

from .errors import PlugfestError, WorkerError

T = TypeVar("T")
R = TypeVar("R")
DIED = (
    "a process that shared the work ended before it told what it found, so nothing is reported; memory may be short: "
    "try again with --jobs 1"
)

UNHURRIED = (50_000, 10, 10)
"""Thresholds of the cycle collector for work that makes many records and hardly a cycle."""


def cpus() -> int:
    """The CPUs that this process may use; one where no process can be forked off."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def unhurried() -> Iterator[None]:
    """The cycle collector looks less often."""
    before = gc.get_threshold()
    gc.set_threshold(*UNHURRIED)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def shared_out(work: Callable[[T], R], parts: Sequence[T], jobs: int) -> Iterator[R]:
    """The results in the order of the parts; other processes are forked off before this returns.

    This process takes parts from the front and tells their results as they come.  The others take them from the end and
    keep what they find in files, so that nothing waits for anything until all is done.
    """
    if jobs == 1:
        return _alone(work, parts)
    next_one = _from_either_end(len(parts))

    def elsewhere(kept: IO[bytes]) -> None:
        while (number := next_one(1)) is not None:
            _keep(kept, number, _done(work, parts[number]))

    return _from_both_ends(work, parts, lambda: next_one(0), _forked(elsewhere, jobs - 1))


def lent_a_hand(work: Callable[[T], R], parts: Sequence[T], jobs: int) -> dict[T, R]:
    """The results by their parts; this process does its share, from the end, so that not all has to be sent.

    A part of which there is no result, or none that can be sent, is left out: who needs it meets what is wrong.
    """
    next_one = _from_either_end(len(parts))

    def elsewhere(kept: IO[bytes]) -> None:
        while (number := next_one(0)) is not None:
            with contextlib.suppress(Exception):
                _keep(kept, number, _done(work, parts[number]))

    found: dict[T, R] = {}
    gc.collect()
    helpers = _forked(elsewhere, jobs - 1)
    try:
        while (number := next_one(1)) is not None:
            with contextlib.suppress(Exception):
                found[parts[number]] = work(parts[number])
        for number, (kept, place) in _ended(helpers).items():
            found[parts[number]] = _or_raised(_read(kept, place))
    finally:
        _gone(helpers)
    return found


def _from_either_end(parts: int) -> Callable[[int], int | None]:
    """Gives each process the next part from the front (0) or from the end (1), until none is left."""
    taken = multiprocessing.get_context("fork").Array("i", 2)

    def next_one(end: int) -> int | None:
        with taken:
            if taken[0] + taken[1] >= parts:
                return None
            taken[end] += 1
            return int(taken[0]) - 1 if end == 0 else parts - int(taken[1])

    return next_one


HEAD = struct.Struct("<IQ")
"""Before each result in a file: the number of its part, and how many bytes it has."""


def _alone(work: Callable[[T], R], parts: Sequence[T]) -> Iterator[R]:
    with unhurried():
        yield from map(work, parts)


Helper = tuple[BaseProcess, IO[bytes]]


def _forked(run: Callable[[IO[bytes]], None], jobs: int) -> list[Helper]:
    """Processes that run beside this one, each with a file for what it finds."""
    context = multiprocessing.get_context("fork")
    gc.freeze()  # what there is now, the processes share
    helpers: list[Helper] = []
    for _ in range(jobs):
        kept = tempfile.TemporaryFile()  # noqa: SIM115  closed where its results are read
        process = context.Process(target=_quietly, args=(run, kept), daemon=True)
        process.start()
        helpers.append((process, kept))
    return helpers


def _quietly(run: Callable[[IO[bytes]], None], kept: IO[bytes]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who waits for the results hears the interrupt and ends the helpers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.set_threshold(*UNHURRIED)
    run(kept)
    kept.flush()


def _from_both_ends(
    work: Callable[[T], R], parts: Sequence[T], mine: Callable[[], int | None], helpers: Sequence[Helper]
) -> Iterator[R]:
    done = 0
    try:
        with unhurried():
            while (number := mine()) is not None:
                done = number + 1
                yield work(parts[number])
        places = _ended(helpers)
        for number in range(done, len(parts)):
            if number not in places:
                raise WorkerError(DIED)
            yield _or_raised(_read(*places[number]))
    finally:
        _gone(helpers)


def _ended(helpers: Sequence[Helper]) -> dict[int, tuple[IO[bytes], int]]:
    """Where each result is kept, by the number of its part, once all who looked for them are done."""
    places: dict[int, tuple[IO[bytes], int]] = {}
    for process, kept in helpers:
        process.join()
        if process.exitcode:
            raise WorkerError(DIED)
        places.update(_indexed(kept))
    return places


def _gone(helpers: Sequence[Helper]) -> None:
    for process, kept in helpers:
        process.terminate()
        process.join()
        kept.close()
    gc.unfreeze()


def _keep(kept: IO[bytes], number: int, result: object) -> None:
    sent = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    kept.write(HEAD.pack(number, len(sent)) + sent)


def _indexed(kept: IO[bytes]) -> Iterator[tuple[int, tuple[IO[bytes], int]]]:
    """Where each result of a file begins, by the number of its part."""
    kept.seek(0)
    while len(head := kept.read(HEAD.size)) == HEAD.size:
        number, size = HEAD.unpack(head)
        yield number, (kept, kept.tell())
        kept.seek(size, os.SEEK_CUR)


def _read(kept: IO[bytes], place: int) -> Any:
    kept.seek(place)
    return pickle.load(kept)


class _Wrong:
    """An error of the user's files, whose kind may not be one that can be sent."""

    def __init__(self, wrong: PlugfestError) -> None:
        self.message, self.exit_status = str(wrong), wrong.exit_status


def _done(work: Callable[[T], R], part: T) -> R | _Wrong:
    try:
        return work(part)
    except PlugfestError as wrong:
        return _Wrong(wrong)


def _or_raised(result: R | _Wrong) -> R:
    if isinstance(result, _Wrong):
        wrong = PlugfestError(result.message)
        wrong.exit_status = result.exit_status
        raise wrong
    return result
