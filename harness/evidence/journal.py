"""The journal of a collection: every byte that was sent, to whom and when, and what became of it.

One JSON object a line in ``journal.jsonl`` beside the index: ``at``, ``device``, ``event`` and the event's facts.
Events: ``run`` and ``finished`` (of the collector, device empty), ``connected``, ``sent`` (what went out on the wire),
``failed``, ``note``, ``closed``, ``saved`` and ``restored``. Secrets are taken out before a line reaches the disk.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from ..errors import EvidenceError
from .record import written
from .redact import Redactor

JOURNAL = "journal.jsonl"


class Journal:
    """Appends lines as they come, from any thread; without a directory it keeps nothing."""

    def __init__(self, directory: Path | None, redactor: Redactor | None = None) -> None:
        self.file = None if directory is None else directory / JOURNAL
        self.redactor = redactor or Redactor()
        self._one_at_a_time = threading.Lock()
        self._out: TextIO | None = None

    def tell(self, device: str, event: str, *, at: datetime, **facts: object) -> None:
        """One line.  Bytes are written as ``hex:...``, a text as it is."""
        said = {name: self._said(value) for name, value in facts.items()}
        line = json.dumps({"at": written(at), "device": device, "event": event, **said}, ensure_ascii=False) + "\n"
        if self.file is None:
            return
        try:
            with self._one_at_a_time:
                if self._out is None:
                    self._out = self.file.open("a", encoding="utf-8")
                self._out.write(line)
                self._out.flush()
        except OSError as wrong:
            what = f"{self.file}: what was sent could not be written down: {wrong.strerror}"
            raise EvidenceError(f"{what}; what was collected is kept, go on with --resume") from None

    def close(self) -> None:
        if self._out is not None:
            with suppress(OSError):  # what was not written down has been told
                self._out.close()
            self._out = None

    def mend(self) -> None:
        """Take off a line that a kill cut short."""
        if self.file is not None and self.file.is_file():
            take_off_torn(self.file)

    def _said(self, value: object) -> object:
        if isinstance(value, bytes):
            return f"hex:{value.hex()}"
        if isinstance(value, str):
            return self.redactor.text(value)
        if isinstance(value, list | tuple):
            return [self._said(one) for one in value]
        if isinstance(value, dict):
            return {str(name): self._said(one) for name, one in value.items()}
        return value if isinstance(value, int | float | bool) or value is None else self.redactor.text(str(value))


def journal_of(directory: Path) -> Iterator[dict[str, Any]]:
    """The lines of a store's journal; a line that a kill cut short is left out."""
    file = directory / JOURNAL
    if not file.is_file():
        return
    for line in file.read_bytes().split(b"\n")[:-1]:  # a text may hold what else ends a line
        try:
            yield json.loads(line)
        except ValueError:
            continue


def take_off_torn(file: Path) -> None:
    """Take off a last line that has no end; the others are not touched, so that nothing can happen to them."""
    raw = file.read_bytes()
    whole = raw.rfind(b"\n") + 1
    if whole < len(raw):
        os.truncate(file, whole)


def unfinished(directory: Path) -> bool:
    """Whether a run of the collector began in a store and did not end by itself."""
    ended = True
    for line in journal_of(directory):
        if line.get("event") == "run":
            ended = False
        elif line.get("event") == "finished":
            ended = not line.get("stopped")
    return not ended
