"""A value that remembers its unit and where it was read, and what stands in its place when there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Generic, TypeAlias, TypeVar

from .units import Unit, mw_to_dbm, plain, scientific

T = TypeVar("T")
U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Source:
    """One place in one piece of evidence."""

    evidence: str  # "leaf1/show-interfaces-status" or "leaf1/eeprom/Ethernet0"
    where: str = ""  # "line 12 FEC" or "page 11h bytes 154-155"
    raw: str = ""  # what stood there: "rs" or "0x2d80"

    def __str__(self) -> str:
        place = f"{self.evidence} {self.where}".strip()
        return f"{place} = {self.raw}" if self.raw else place


class Absence(StrEnum):
    """Why there is no value."""

    NOT_RECORDED = "not in the evidence"
    NOT_ANSWERED = "asked, and not answered"
    UNREADABLE = "answered, and not understood"
    TAMPERED = "evidence does not fit its hash"
    NOT_ADVERTISED = "not advertised"
    READ_FAILED = "read failed"
    RESERVED = "reserved code"
    BEYOND_REVISION = "beyond this revision"
    NOT_AVAILABLE = "reported as not available"
    NOT_DECLARED = "not declared in the lab file"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """A value as it was observed or declared."""

    value: T_co
    source: Source
    unit: Unit = Unit.NONE
    uncertainty: Decimal | None = None  # half width, in the same unit

    def __str__(self) -> str:
        return f"{shown(self.value)} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Missing:
    """No value, and why; ``source`` is where one would have been, or what proves that there is none."""

    why: Absence
    source: Source
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.why.value}: {self.detail}" if self.detail else self.why.value


Value: TypeAlias = Reading[T] | Missing


def shown(value: object) -> str:
    """A value as reports print it."""
    if isinstance(value, Decimal):
        return scientific(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, set | frozenset):
        return ",".join(sorted(shown(v) for v in value)) or "none"
    if isinstance(value, tuple):
        return ",".join(shown(v) for v in value) or "none"
    return str(value)


def derive(value: Value[T], into: Callable[[T], U], *, note: str = "", unit: Unit = Unit.NONE) -> Value[U]:
    """Another quantity that follows from a reading; the source keeps the reading and says that this was derived."""
    if isinstance(value, Missing):
        return value
    source = replace(value.source, where=f"{value.source.where} ({note})") if note else value.source
    return Reading(into(value.value), source, unit)


def in_dbm(power: Value[Decimal]) -> Value[Decimal]:
    """Optical power as dBm, whatever it was read in."""
    if isinstance(power, Missing) or power.unit is Unit.DBM:
        return power
    return Reading(mw_to_dbm(power.value), power.source, Unit.DBM)


__all__ = ["Absence", "Missing", "Reading", "Source", "Value", "derive", "in_dbm", "plain", "shown"]
