"""A module as a system tells it in words, where its registers cannot be read.

A network operating system that shows no registers still prints the vendor's fields, monitors and thresholds.  What it
prints stands here; everything else is Missing, with the reason that the system shows no registers: never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from ..reading import Absence, Missing, Source, Value
from . import cmis
from .memory import Memory
from .module import Quad, Transceiver

UNTOLD: Final = Missing(Absence.NOT_AVAILABLE, Source(""))
"""Stands for what a system does not print; who did not print what is filled in when it is asked for."""

DOCUMENTS: Final[Mapping[str, str]] = {"cmis": "OIF-CMIS", "sff8636": "SFF-8636", "sff8472": "SFF-8472"}

Lanes: TypeAlias = tuple[Value[Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a system prints of one module, each value with the line that it stands on.

    Lanes are media lanes, lane 1 first.  Optical powers and their thresholds are dBm, in spite of a name in mW; a dark
    lane is minus infinity where the system prints so.  ``management`` is ``cmis``, ``sff8636`` or ``sff8472`` where the
    system's words prove it, else empty.
    """

    evidence: str
    """Which answers it is from: ``leaf2: show interfaces transceiver detail``."""
    why: str = "the system prints no registers of a module"
    management: str = ""
    lanes: int = 8
    identifier: Value[int] = UNTOLD
    form_factor: Value[str] = UNTOLD
    """As ``decode.codes`` names it: ``QSFP-DD``, ``OSFP``, ``QSFP28``."""
    revision: Value[str] = UNTOLD
    vendor_name: Value[str] = UNTOLD
    vendor_oui: Value[str] = UNTOLD
    vendor_pn: Value[str] = UNTOLD
    vendor_rev: Value[str] = UNTOLD
    vendor_sn: Value[str] = UNTOLD
    date_code: Value[str] = UNTOLD
    firmware_active: Value[str] = UNTOLD
    firmware_inactive: Value[str] = UNTOLD
    max_power: Value[Decimal] = UNTOLD
    power_class: Value[int] = UNTOLD
    connector: Value[int] = UNTOLD
    media_technology: Value[str] = UNTOLD
    cable_length: Value[Decimal] = UNTOLD
    wavelength: Value[Decimal] = UNTOLD
    module_state: Value[str] = UNTOLD
    """As CMIS names it: ``ModuleReady``."""
    fault_cause: Value[str] = UNTOLD
    dp_state: tuple[Value[str], ...] = ()
    """By host lane, as CMIS names them: ``DPActivated``."""
    temperature: Value[Decimal] = UNTOLD
    vcc: Value[Decimal] = UNTOLD
    tx_power: Lanes = ()
    rx_power: Lanes = ()
    tx_bias: Lanes = ()
    thresholds: Mapping[str, Quad] = field(default_factory=dict)
    """By the names of registers: ``temperature_c``, ``vcc_v``, ``tx_power_mw``, ``rx_power_mw``, ``tx_bias_ma``."""


class ToldTransceiver(Transceiver):
    """A module of which a system told what it knows."""

    def __init__(self, told: Told) -> None:
        memory = Memory(told.evidence, {})
        super().__init__(memory, cmis.Page00(memory))
        self.told = told
        self.lanes = told.lanes
        self.management = told.management  # type: ignore[misc]
        self.document = DOCUMENTS.get(told.management, "")  # type: ignore[misc]

    @property
    def undefined(self) -> Missing:
        return Missing(Absence.NOT_AVAILABLE, Source(self.told.evidence), self.told.why)

    def value(self, name: str) -> Value[object]:
        """What was told under a name, and who did not tell it where nothing was."""
        found: Value[object] = getattr(self.told, name)
        return self.undefined if found == UNTOLD else found  # it may have come from another process

    def of_lanes(self, name: str) -> tuple[Value[object], ...]:
        """Always of full length; a lane that was not told is Missing."""
        found: tuple[Value[object], ...] = getattr(self.told, name)
        return tuple(found[at] if at < len(found) else self.undefined for at in range(self.lanes))

    @property
    def text_faults(self) -> Mapping[str, Value[str]]:
        """A system prints texts trimmed: how they stand in the registers is not known."""
        return {"vendor_name": self.undefined}

    @property
    def thresholds(self) -> Mapping[str, Quad]:
        return self.told.thresholds


def _told(name: str) -> property:
    return property(lambda module: module.value(name), doc=getattr(Transceiver, name).__doc__)


def _lanes(name: str) -> property:
    return property(lambda module: module.of_lanes(name), doc=getattr(Transceiver, name).__doc__)


for _name in (
    "identifier", "form_factor", "revision", "vendor_name", "vendor_oui", "vendor_pn", "vendor_rev", "vendor_sn",
    "date_code", "firmware_active", "firmware_inactive", "max_power", "power_class", "connector", "media_technology",
    "cable_length", "wavelength", "module_state", "fault_cause", "temperature", "vcc",
):  # fmt: skip
    setattr(ToldTransceiver, _name, _told(_name))
for _name in ("dp_state", "tx_power", "rx_power", "tx_bias"):
    setattr(ToldTransceiver, _name, _lanes(_name))
