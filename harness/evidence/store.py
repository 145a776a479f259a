"""The evidence store: a directory with an append-only index and one file an answer.

    evidence/
      evidence.json     origin, and who made it
      index.jsonl       one record a line, in the order of the answers
      answers/leaf1/0001-show-interfaces-status.txt

An answer is on disk before its line is in the index, so a run that is killed at any moment leaves a store that reads.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

from ..errors import EvidenceError
from ..reading import Absence, Missing, Source
from .record import Answer, Ask, Origin, Record
from .redact import redact

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

    def _read(self) -> Iterator[Record]:
        if self.directory is None:
            return
        _ = self.about
        index = self.directory / "index.jsonl"
        try:
            lines = index.read_text("utf-8").splitlines(keepends=True)
        except FileNotFoundError:
            raise EvidenceError(f"{index}: not there") from None
        if lines and not lines[-1].endswith("\n"):
            lines.pop()  # the run was killed while it wrote this line; the answer was not yet claimed
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
                Absence.NOT_RECORDED, Source(f"{ask.device}/{slug(ask.text)}"), f"{ask.text!r} was not asked"
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
            return Missing(Absence.NOT_RECORDED, source, f"{record.file}: {gone.strerror}")
        if hashlib.sha256(body).hexdigest() != record.sha256:
            return Missing(Absence.TAMPERED, source, f"{record.file} is not what the index says was recorded")
        return Answer(record.ask, body, record.status, record.at, record.took_ms, record.error)

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
    """Appends answers to an evidence directory as they come, secrets taken out first."""

    def __init__(self, directory: Path, *, origin: Origin, made_by: str) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        about = directory / "evidence.json"
        if not about.exists():
            header = {"format": FORMAT, "origin": origin.value, "made_by": made_by}
            about.write_text(json.dumps(header, indent=1) + "\n", "utf-8")
        self._count = self._resume(directory / "index.jsonl")

    @staticmethod
    def _resume(index: Path) -> int:
        """How many records there are; a line that a kill cut short is taken off, its answer was never claimed."""
        if not index.exists():
            return 0
        whole, _, torn = index.read_bytes().rpartition(b"\n")
        if torn:
            index.write_bytes(whole + b"\n" if whole else b"")
        return len(Evidence(index.parent).records)

    def append(self, answer: Answer) -> Record:
        self._count += 1
        body = redact(answer.text).encode("utf-8") if _is_text(answer.body) else answer.body
        name = f"answers/{slug(answer.ask.device)}/{self._count:04d}-{slug(answer.ask.text)}.txt"
        file = self.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        record = Record(
            answer.ask,
            name,
            hashlib.sha256(body).hexdigest(),
            answer.status,
            answer.at,
            answer.took_ms,
            redact(answer.error),
        )
        with (self.directory / "index.jsonl").open("a", encoding="utf-8") as index:
            index.write(json.dumps(record.document(), ensure_ascii=False) + "\n")
            index.flush()
            os.fsync(index.fileno())
        return record


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def slug(text: str) -> str:
    """A text as part of a file name."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")[:80] or "none"
