"""A module as NVUE tells it in words, where no register of it could be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, TypeVar

from ...decode.module import Quad
from ...decode.told import Told
from ...reading import Absence, Missing, Source, Value
from ...units import Unit
from ..base import LEVELS, Row, cell, number, signed

T = TypeVar("T")

DOCUMENTS: Final[Mapping[str, str]] = {"CMIS": "cmis", "8636": "sff8636", "8472": "sff8472"}
THRESHOLDS: Final[Mapping[str, tuple[str, str, Unit]]] = {
    "temperature_c": ("temperature", "c", Unit.CELSIUS),
    "vcc_v": ("voltage", "v", Unit.VOLT),
    "tx_power_mw": ("tx_power", "dbm", Unit.DBM),
    "rx_power_mw": ("rx_power", "dbm", Unit.DBM),
    "tx_bias_ma": ("tx_bias", "ma", Unit.MA),
}
FORMS: Final = ("QSFP-DD", "QSFP112", "QSFP56", "QSFP28", "QSFP+", "OSFP", "SFP-DD", "SFP28", "SFP+", "SFP")


def told(row: Row, source: Source, why: str) -> Told:
    """A module by one record of ``nv show platform transceiver``; ``why`` its registers were not read."""
    return _Module(row, source, why).told()


class _Module:
    """A module as NVUE tells it."""

    def __init__(self, row: Row, source: Source, why: str) -> None:
        self.row, self.source, self.why = row, source, why

    def told(self) -> Told:
        lanes = max(
            (len(self.row.get(name) or ()) for name in ("rx_power_dbm", "tx_power_dbm", "tx_bias_ma")), default=0
        )
        return Told(
            evidence=self.source.evidence,
            why=f"told by NVUE, not read from registers: {self.why}",
            management=self.management,
            lanes=lanes or 8,
            form_factor=self.field("identifier", form_factor),
            revision=self.field("revision_compliance", revision_number),
            vendor_name=self.field("vendor_name", str),
            vendor_oui=self.field("vendor_oui", str),
            vendor_pn=self.field("vendor_part_number", str),
            vendor_rev=self.field("vendor_revision", str),
            vendor_sn=self.field("vendor_serial_number", str),
            date_code=self.field("vendor_date_code", lambda raw: str(raw).rstrip("_")),
            firmware_active=self.field("firmware", str),
            cable_length=self.field("cable_length_m", number, Unit.METRE),
            temperature=self.field("temperature_c", signed, Unit.CELSIUS),
            vcc=self.field("voltage_v", signed, Unit.VOLT),
            tx_power=self.lanes("tx_power_dbm", Unit.DBM),
            rx_power=self.lanes("rx_power_dbm", Unit.DBM),
            tx_bias=self.lanes("tx_bias_ma", Unit.MA),
            thresholds=self.thresholds,
        )

    @property
    def management(self) -> str:
        """By the revision that NVUE names, which is of one document."""
        told = str(self.row.get("revision_compliance") or "").upper()
        return next((name for word, name in DOCUMENTS.items() if word in told), "")

    def field(self, name: str, into: Callable[[Any], T], unit: Unit = Unit.NONE) -> Value[T]:
        return cell(self.row, name, into, self.source, unit)

    def lanes(self, name: str, unit: Unit) -> tuple[Value[Decimal], ...]:
        values: Sequence[Any] = self.row.get(name) or ()
        source = Source(f"{self.source.evidence} {name}")
        rows: Sequence[dict[str, Any]] = [{name: value, "line": self.row["line"]} for value in values]
        return tuple(cell(row, name, signed, source, unit) for row in rows)

    @cached_property
    def thresholds(self) -> Mapping[str, Quad]:
        found: dict[str, Quad] = {}
        for name, (monitor, unit, key) in THRESHOLDS.items():
            levels = {level: f"{monitor}_{level}_{unit}" for level in LEVELS}
            if any(field in self.row for field in levels.values()):
                found[name] = Quad(**{level: self.level(field, key) for level, field in levels.items()})
        return found

    def level(self, field: str, unit: Unit) -> Value[Decimal]:
        """A threshold; of lanes, the first lane's, where all are alike."""
        raw = self.row.get(field)
        if not isinstance(raw, list):
            return self.field(field, signed, unit)
        told = [value for value in raw if value is not None]
        if told and any(value != told[0] for value in told):
            return Missing(Absence.UNREADABLE, Source(self.source.evidence, field), "lanes with different thresholds")
        row = {field: told[0] if told else None, "line": self.row["line"]}
        return cell(row, field, signed, self.source, unit)


def form_factor(raw: object) -> str:
    """``QSFP-DD Double Density 8X Pluggable Transceiver`` as the form factor is called; ValueError for another."""
    text = str(raw).upper()
    for name in FORMS:
        if text == name or text.startswith((f"{name} ", f"{name}/")):
            return name
    raise ValueError(f"{raw!r} is no form factor that is known")


def revision_number(raw: object) -> str:
    """The number of a revision that NVUE names with its document: ``CMIS 5.0``."""
    return str(raw).rpartition(" ")[2]
