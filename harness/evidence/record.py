"""An ask is data, an answer is bytes, and a record is the two together with when and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Origin(StrEnum):
    """Where evidence comes from.  Only DEVICE evidence proves anything about hardware."""

    DEVICE = "device"
    RECORDED = "recorded"
    SIMULATED = "simulated"
    IMPORTED = "imported"


class Kind(StrEnum):
    """What is asked of a transport."""

    CLI = "cli"  # a command line
    FILE = "file"  # a file on the device
    REGISTERS = "registers"  # the memory of a module, over its two-wire bus
    SCPI = "scpi"  # a query of an instrument


@dataclass(frozen=True, slots=True, order=True)
class Ask:
    """One question to one device, as data."""

    device: str
    kind: Kind
    text: str  # the command, or the path of the file
    sample: int = 1  # the same question again later in the run: 2, 3, ...

    def __str__(self) -> str:
        again = f" (sample {self.sample})" if self.sample > 1 else ""
        return f"{self.device}: {self.text}{again}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.  ``status`` is the exit status; None where there was no answer at all."""

    ask: Ask
    body: bytes
    status: int | None
    at: datetime
    took_ms: int = 0
    error: str = ""
    stderr: str = ""  # what the device printed beside the answer

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the index: everything of an answer but its body, and the hash that its body must have."""

    ask: Ask
    file: str
    sha256: str
    status: int | None
    at: datetime
    took_ms: int
    error: str
    stderr: str = ""

    def document(self) -> dict[str, Any]:
        return {
            "device": self.ask.device,
            "kind": self.ask.kind.value,
            "ask": self.ask.text,
            "sample": self.ask.sample,
            "file": self.file,
            "sha256": self.sha256,
            "status": self.status,
            "at": written(self.at),
            "took_ms": self.took_ms,
            "error": self.error,
            **({"stderr": self.stderr} if self.stderr else {}),
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Record:
        """The record of one line of the index; KeyError, TypeError or ValueError where it is not one."""
        ask = Ask(str(document["device"]), Kind(document["kind"]), str(document["ask"]), int(document["sample"]))
        status = document["status"]
        return cls(
            ask,
            str(document["file"]),
            str(document["sha256"]),
            None if status is None else int(status),
            instant(document["at"]),
            int(document["took_ms"]),
            str(document["error"]),
            str(document.get("stderr", "")),
        )


def written(at: datetime) -> str:
    """An instant as files have it: ``2026-11-20T12:00:00Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")


def instant(text: str) -> datetime:
    """An instant as files have it; one without an offset is refused."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return at.astimezone(UTC)
