"""The evidence store: a directory with an append-only index and one file an answer.

    evidence/
      evidence.json     origin, and who made it
      index.jsonl       one record a line, in the order of the answers
      journal.jsonl     every byte that was sent, of a store that was collected
      answers/leaf1/0001-show-interfaces-status.txt

An answer is on disk before its line is in the index, so a run that is killed at any moment leaves a store that reads.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from errno import EDQUOT, EFBIG, ENOSPC
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Self

from ..errors import EvidenceError
from ..reading import Absence, Missing, Source
from .journal import Journal, take_off_torn, unfinished
from .record import Answer, Ask, Kind, Origin, Record
from .redact import Redactor

FORMAT = 1


class Evidence:
    """What was collected, to be read.  Nothing here asks a device: an ask that is not on record is Missing."""

    def __init__(self, directory: Path | None, *, devices: Mapping[str, Path] | None = None) -> None:
        """``devices`` names the directories of devices whose evidence is kept apart."""
        self.directory = directory
        self.elsewhere = {name: Evidence(path) for name, path in (devices or {}).items()}

    @cached_property
    def about(self) -> Mapping[str, str]:
        if self.directory is None:
            return {}
        file = self.directory / "evidence.json"
        try:
            about = json.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            raise EvidenceError(f"{file}: not there, so {self.directory} is not an evidence directory") from None
        except ValueError as bad:
            raise EvidenceError(f"{file}: not JSON: {bad}") from None
        if not isinstance(about, dict) or about.get("format") != FORMAT or about.get("origin") not in set(Origin):
            raise EvidenceError(f"{file}: expected format {FORMAT} and an origin of {', '.join(Origin)}; found {about}")
        return about

    @property
    def origin(self) -> Origin:
        """The weakest origin of all that is here."""
        own = [] if self.directory is None else [Origin(self.about["origin"])]
        all_origins = own + [other.origin for other in self.elsewhere.values()]
        weakest_first = (Origin.SIMULATED, Origin.IMPORTED, Origin.RECORDED, Origin.DEVICE)
        return min(all_origins, key=weakest_first.index, default=Origin.RECORDED)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """Every record, in the order of the answers."""
        return self._own + tuple(r for other in self.elsewhere.values() for r in other.records)

    @cached_property
    def _own(self) -> tuple[Record, ...]:
        return tuple(self._read())

    @cached_property
    def _last(self) -> Mapping[Ask, Record]:
        """An ask that was tried again is answered by its last attempt."""
        return {record.ask: record for record in self._own}

    @cached_property
    def _sampled(self) -> Mapping[tuple[str, Kind, str], tuple[int, ...]]:
        """The samples on record of each question, in their order."""
        found: dict[tuple[str, Kind, str], set[int]] = {}
        for ask in self._last:
            found.setdefault((ask.device, ask.kind, ask.text), set()).add(ask.sample)
        return {question: tuple(sorted(samples)) for question, samples in found.items()}

    def sampled(self, device: str, text: str, kind: Kind = Kind.CLI) -> tuple[int, ...]:
        """The samples on record of one question to a device, answered or not, in their order."""
        if device in self.elsewhere:
            return self.elsewhere[device].sampled(device, text, kind)
        return self._sampled.get((device, kind, text), ())

    def samples(self, device: str) -> int:
        """The highest sample on record of any question to a device; 0 where nothing of it is on record."""
        if device in self.elsewhere:
            return self.elsewhere[device].samples(device)
        return max((samples[-1] for (name, *_), samples in self._sampled.items() if name == device), default=0)

    @property
    def highest_sample(self) -> int:
        """The highest sample on record of any question to any device; 0 where nothing is on record."""
        return max((record.ask.sample for record in self.records), default=0)

    def _read(self) -> Iterator[Record]:
        if self.directory is None:
            return
        _ = self.about
        index = self.directory / "index.jsonl"
        try:
            lines = index.read_bytes().split(b"\n")  # a text may hold what else ends a line
        except FileNotFoundError:
            raise EvidenceError(f"{index}: not there") from None
        lines.pop()  # empty, or the run was killed while it wrote this line; the answer was not yet claimed
        for number, line in enumerate(lines, 1):
            try:
                yield Record.read(json.loads(line))
            except (ValueError, KeyError, TypeError) as bad:
                raise EvidenceError(f"{index}:{number}: not a record: {bad}") from None

    def find(self, ask: Ask) -> Answer | Missing:
        """The answer to an ask, or why there is none."""
        if ask.device in self.elsewhere:
            return self.elsewhere[ask.device].find(ask)
        record = self._last.get(ask)
        if record is None or self.directory is None:
            return Missing(
                Absence.NOT_RECORDED,
                Source(f"{ask.device}/{slug(ask.text)}"),
                f"{ask.text!r} was not asked{self.unfinished}",
            )
        return self.body(record)

    def body(self, record: Record) -> Answer | Missing:
        """The answer of a record, if its file still has the hash that the index has."""
        assert self.directory is not None
        source = Source(record.file)
        if record.status is None:
            return Missing(Absence.NOT_ANSWERED, source, record.error)
        try:
            body = (self.directory / record.file).read_bytes()
        except OSError as gone:
            return Missing(Absence.NOT_RECORDED, source, f"{record.file}: {gone.strerror}{self.unfinished}")
        if hashlib.sha256(body).hexdigest() != record.sha256:
            return Missing(
                Absence.TAMPERED, source, f"{record.file} is not what the index says was recorded{self.unfinished}"
            )
        return Answer(record.ask, body, record.status, record.at, record.took_ms, record.error, record.stderr)

    @cached_property
    def unfinished(self) -> str:
        """What a message adds where the collector was still writing, or was killed, when this store was left."""
        if self.directory is None or not unfinished(self.directory):
            return ""
        return "; this store was copied while it was written, or its run did not end: collect again with --resume"

    def span(self) -> tuple[datetime, datetime] | None:
        """When the first and the last answer came."""
        times = [record.at for record in self.records]
        return (min(times), max(times)) if times else None

    def faults(self) -> Iterator[str]:
        """What does not verify: a line each."""
        stores = [self, *self.elsewhere.values()]
        for store in stores:
            for record in store._own:
                found = store.body(record) if store.directory is not None else None
                if isinstance(found, Missing) and found.why is not Absence.NOT_ANSWERED:
                    yield f"{store.directory}: {found.detail}"


class Recorder:
    """Appends answers to an evidence directory as they come, from any thread, secrets taken out first.

    One recorder writes a store at a time: the directory is locked while it does.  EvidenceError, one line, where the
    directory cannot be written or the disk is full; what was appended before stays and reads.
    """

    def __init__(
        self, directory: Path, *, origin: Origin, made_by: str, lab: str = "", redactor: Redactor | None = None
    ) -> None:
        self.directory, self.redactor = directory, redactor or Redactor()
        self.journal = Journal(directory, self.redactor)
        self._one_at_a_time = threading.Lock()
        self._full, self._count = "", 0
        self._made: set[str] = set()  # directories of devices
        with self._told("cannot be written"):
            directory.mkdir(parents=True, exist_ok=True)
            self._lock = locked(directory)
            try:
                self._settle_origin(origin, made_by, lab)
                self._count = self._resume(directory / "index.jsonl")
                self._numbers = count(highest(directory) + 1)
                self.journal.mend()
                self._index = os.open(directory / "index.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
                self._size = os.fstat(self._index).st_size
            except BaseException:
                os.close(self._lock)
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _settle_origin(self, origin: Origin, made_by: str, lab: str) -> None:
        """Say where the evidence is from, or hold what is there against it: evidence of two origins is not mixed."""
        file = self.directory / "evidence.json"
        if not file.exists():
            header = {"format": FORMAT, "origin": origin.value, "made_by": made_by, **({"lab": lab} if lab else {})}
            whole = file.with_suffix(".new")  # a kill or a full disk leaves no half of it
            whole.write_text(json.dumps(header, indent=1) + "\n", "utf-8")
            whole.replace(file)
            return
        about = Evidence(self.directory).about
        if about["origin"] != origin:
            raise EvidenceError(
                f"{self.directory}: holds evidence of origin {about['origin']}, with which {origin} evidence is not "
                "mixed: name another directory, and in the lab file under the device's evidence"
            )
        if lab and about.get("lab", lab) != lab:
            raise EvidenceError(f"{self.directory}: holds evidence of lab {about['lab']}, not of {lab}")

    @staticmethod
    def _resume(index: Path) -> int:
        """How many records there are; a line that a kill cut short is taken off, its answer was never claimed."""
        if not index.exists():
            return 0
        take_off_torn(index)
        return len(Evidence(index.parent).records)

    def append(self, answer: Answer) -> Record:
        """Keep an answer: first its body, then the line of the index that claims it."""
        body = self.redactor.body(answer.body)
        with self._told("the answer could not be kept"):
            if self._full:
                raise EvidenceError(self._full)
            folder = f"answers/{slug(answer.ask.device)}"
            if folder not in self._made:
                (self.directory / folder).mkdir(parents=True, exist_ok=True)
                self._made.add(folder)
            name = f"{folder}/{next(self._numbers):04d}-{slug(answer.ask.text)}.txt"
            record = Record(
                answer.ask,
                name,
                hashlib.sha256(body).hexdigest(),
                answer.status,
                answer.at,
                answer.took_ms,
                self.redactor.text(answer.error),
                self.redactor.text(answer.stderr),
            )
            line = json.dumps(record.document(), ensure_ascii=False).encode() + b"\n"
            self._keep(f"{self.directory}/{name}", body)
            with self._one_at_a_time:
                self._claim(line)
                self._count += 1
        return record

    @staticmethod
    def _keep(file: str, body: bytes) -> None:
        """The whole answer, or nothing of it."""
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            write_all(descriptor, body)
        except OSError:
            Path(file).unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)

    def _claim(self, line: bytes) -> None:
        """A line of the index, or nothing of it."""
        try:
            write_all(self._index, line)
        except OSError:
            self._full = f"{self.directory}: an earlier answer could not be kept, so nothing more is written"
            with contextlib.suppress(OSError):
                os.truncate(self._index, self._size)
            raise
        self._size += len(line)

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as wrong:
            kept = self._count
            advice = "free space and go on with --resume" if wrong.errno in (ENOSPC, EDQUOT, EFBIG) else "check it"
            already = f"; {kept} answers are kept" if kept else ""
            raise EvidenceError(f"{self.directory}: {what}: {wrong.strerror}{already}; {advice}") from None

    def close(self) -> None:
        """Let go of the directory.  Answers are on disk when they are appended; now also where power may fail."""
        with contextlib.suppress(OSError):  # a full disk has told itself when the answer was appended
            os.fsync(self._index)
        self.journal.close()
        os.close(self._index)
        os.close(self._lock)


def highest(directory: Path) -> int:
    """The highest number that an answer of a store has; some below it may never have been claimed."""
    numbers = (file.name.partition("-")[0] for file in directory.glob("answers/*/*"))
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def write_all(descriptor: int, raw: bytes) -> None:
    """One call of the system where it takes all at once."""
    view = memoryview(raw)
    while view:
        view = view[os.write(descriptor, view) :]


def locked(directory: Path) -> int:
    """The directory, locked against a second writer until the descriptor is closed, be it by a kill."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise EvidenceError(
            f"{directory}: another run is writing evidence there: wait for it, or name another directory"
        ) from None
    return descriptor


def slug(text: str) -> str:
    """A text as part of a file name."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")[:80] or "none"
