"""What is said of device files: what contradicts, what nobody knows, and what cannot be read at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ..errors import InputError


class Kind(StrEnum):
    """What a remark is about."""

    CONTRADICTION = "contradiction"  # two statements that cannot both hold
    UNKNOWN = "unknown"  # a key or a column that no reader knows


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """One thing that is odd about a device file, and the line where it stands."""

    file: str
    line: int
    kind: Kind
    rule: str  # "mode-lanes": which rule found it
    subject: str  # "Ethernet8": what it is about
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.subject}: {self.message}"


class Unreadable(InputError):
    """A device file that is not what its name or its content promises."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


@dataclass(frozen=True, slots=True)
class Notes:
    """The remarks on one file, as they are found."""

    file: str
    remarks: list[Remark] = field(default_factory=list)

    def contradiction(self, rule: str, line: int, subject: str, message: str) -> None:
        self.remarks.append(Remark(self.file, line, Kind.CONTRADICTION, rule, subject, message))

    def unknown(self, line: int, subject: str, key: str) -> None:
        self.remarks.append(Remark(self.file, line, Kind.UNKNOWN, "unknown-key", subject, f"{key!r} is not known"))

    def unreadable(self, line: int, message: str) -> Unreadable:
        return Unreadable(self.file, line, message)

    @property
    def found(self) -> tuple[Remark, ...]:
        return tuple(sorted(self.remarks))
