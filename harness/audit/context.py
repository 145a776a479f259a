"""What the audit is told of where a module is to work, since its bytes cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from ..limit import Range
from ..reading import Absence, Missing, Source, Value


class PmdLimits(Protocol):
    """What the limit tables say of a PMD; powers in dBm per lane, wavelengths in nm, watts by form factor."""

    @property
    def name(self) -> str: ...
    @property
    def wavelengths(self) -> tuple[Range, ...]: ...
    @property
    def limits(self) -> Mapping[str, Range]: ...
    @property
    def typical_watts(self) -> Mapping[str, Decimal]: ...


def unsaid(what: str) -> Missing:
    """The Missing of something that the audit was not told."""
    return Missing(Absence.NOT_DECLARED, Source("audit"), f"needs {what}")


@dataclass(frozen=True, slots=True)
class Breakout:
    """A split that the lab wants of the module: ``ports`` of ``host_lanes`` each."""

    ports: int
    host_lanes: int


UNSAID: Final[Mapping[str, Missing]] = {
    "form_factors": unsaid("the form factors that the cage takes"),
    "cage_watts": unsaid("the power that the cage can feed and cool, in W"),
    "bus_khz": unsaid("the clock of the two-wire bus, in kHz"),
    "min_revision": unsaid("the least CMIS revision that the buyer takes"),
    "pmd": unsaid("the row of the limit tables for the PMD"),
    "breakout": unsaid("the breakout that the lab wants"),
    "fec": unsaid("the FEC code of the port"),
    "approved_firmware": unsaid("the firmware versions that the buyer approved"),
    "fiber_face": unsaid("the face of the plant's fiber ends, PC/UPC or APC"),
    "inlet": unsaid("the air temperature at the inlet, in °C"),
    "today": unsaid("the date as of which to judge"),
}


@dataclass(frozen=True, slots=True)
class Context:
    """Facts beside the module's bytes, each Missing until somebody says it.

    Power in W, bus clock in kHz, temperatures in °C.
    """

    form_factors: Value[frozenset[str]] = UNSAID["form_factors"]
    cage_watts: Value[Decimal] = UNSAID["cage_watts"]
    bus_khz: Value[Decimal] = UNSAID["bus_khz"]
    min_revision: Value[Decimal] = UNSAID["min_revision"]
    pmd: Value[PmdLimits] = UNSAID["pmd"]
    breakout: Value[Breakout] = UNSAID["breakout"]
    fec: Value[str] = UNSAID["fec"]
    approved_firmware: Value[frozenset[str]] = UNSAID["approved_firmware"]
    fiber_face: Value[str] = UNSAID["fiber_face"]
    inlet: Value[Decimal] = UNSAID["inlet"]
    today: Value[date] = UNSAID["today"]


NOTHING_SAID: Final = Context()
