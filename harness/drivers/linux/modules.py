"""A module as ethtool or mlxlink tells it in words, where no register of it could be read.

The alarms of single lanes that ethtool prints of a CMIS module are not taken: releases of it test another bit than the
lane's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

from ...decode import codes
from ...decode.module import Quad
from ...decode.told import DOCUMENTS, UNTOLD, Told
from ...model import Flag
from ...reading import Absence, Missing, Reading, Source, Value, in_dbm
from ...units import Unit
from ..base import LEVELS, Row, cell, number, signed

T = TypeVar("T")

OF_ETHTOOL: Final[Mapping[str, tuple[str, Unit]]] = {
    "temperature_c": ("temperature_c", Unit.CELSIUS),
    "voltage_v": ("vcc_v", Unit.VOLT),
    "tx_power_mw": ("tx_power_mw", Unit.MW),
    "rx_power_mw": ("rx_power_mw", Unit.MW),
    "tx_bias_ma": ("tx_bias_ma", Unit.MA),
}
OF_MLXLINK: Final[Mapping[str, tuple[str, Unit]]] = {
    "temperature_c": ("temperature_c", Unit.CELSIUS),
    "voltage_mv": ("vcc_v", Unit.VOLT),
    "tx_power_dbm": ("tx_power_mw", Unit.DBM),
    "rx_power_dbm": ("rx_power_mw", Unit.DBM),
    "tx_bias_ma": ("tx_bias_ma", Unit.MA),
}
"""What the tools call a monitor, and what the register map does; thresholds of power are dBm there too."""

MANAGEMENT: Final[Mapping[str, str]] = {document.removeprefix("OIF-"): name for name, document in DOCUMENTS.items()}
IDENTIFIERS: Final[Mapping[str, int]] = {
    "QSFP28": 0x11, "QSFP+": 0x0D, "SFP28/SFP+": 0x03, "SFP-DD": 0x1A, "QSFP-DD": 0x18, "QSFP_CMIS": 0x1E, "OSFP": 0x19,
    "DSFP": 0x1B,
}  # fmt: skip
"""Form factors as mlxlink calls them, by the identifier that each stands for."""

STATES: Final[Mapping[str, str]] = {
    "LowPwr state": "ModuleLowPwr", "PwrUp state": "ModulePwrUp", "Ready state": "ModuleReady",
    "PwrDn state": "ModulePwrDn", "Fault state": "ModuleFault",
}  # fmt: skip
DATE: Final = re.compile(r"(\d\d)_(\d\d)_(\d\d)")
OF_LANES: Final = ("tx_fault", "tx_los", "tx_cdr_lol", "rx_los", "rx_cdr_lol", "tx_eq_fault")


class _Words:
    """One record of a tool, field by field."""

    def __init__(self, row: Row, source: Source) -> None:
        self.row, self.source = row, source

    def one(self, name: str, into: Callable[[Any], T], unit: Unit = Unit.NONE) -> Value[T]:
        """A field; what a tool did not print is not told, rather than reported as missing by it."""
        return cell(self.row, name, into, self.source, unit) if name in self.row else UNTOLD

    def lanes(self, name: str, unit: Unit) -> tuple[Value[Decimal], ...]:
        values: Sequence[Any] = self.row.get(name) or ()
        rows = ({"line": self.row["line"], f"{name} lane {n}": value} for n, value in enumerate(values, 1))
        read = (cell(row, next(reversed(row)), signed, self.source, unit) for row in rows)
        return tuple(in_dbm(value) if unit is Unit.MW else value for value in read)

    def thresholds(self, monitors: Mapping[str, tuple[str, Unit]]) -> Mapping[str, Quad]:
        said: Mapping[str, Any] = self.row.get("thresholds") or {}
        found: dict[str, Quad] = {}
        for name, (key, unit) in monitors.items():
            if name in said:
                row = {"line": self.row["line"], **said[name]}
                source = Source(self.source.evidence, name)
                levels = {level: cell(row, level, signed, source, unit) for level in LEVELS}
                if unit is Unit.MW:
                    levels = {level: in_dbm(value) for level, value in levels.items()}
                if name == "voltage_mv":
                    levels = {level: volts(value) for level, value in levels.items()}
                found[key] = Quad(**levels)
        return found


def by_ethtool(row: Row, source: Source, why: str) -> Told:
    """A module by ``ethtool -m``; ``why`` its registers were not read."""
    said = _Words(row, source)
    known = codes.identifier(row["identifier"])
    monitors = ("tx_power_mw", "rx_power_mw", "tx_bias_ma")
    flagged = (len(row[name]) for name in OF_LANES if isinstance(row.get(name), list))
    lanes = max((*(len(row.get(name) or ()) for name in monitors), *flagged), default=0)
    return Told(
        evidence=source.evidence,
        why=f"told by ethtool, not read from registers: {why}",
        management=MANAGEMENT.get(known.management, "") if known else "",
        lanes=lanes or (known.host_lanes if known and known.host_lanes else 8),
        identifier=said.one("identifier", int),
        form_factor=said.one("identifier", form_factor),
        revision=said.one("revision_compliance", lambda raw: str(raw).removeprefix("Rev. ")),
        vendor_name=said.one("vendor_name", str),
        vendor_oui=said.one("vendor_oui", lambda raw: str(raw).replace(":", "-").lower()),
        vendor_pn=said.one("vendor_pn", str),
        vendor_rev=said.one("vendor_rev", str),
        vendor_sn=said.one("vendor_sn", str),
        date_code=said.one("date_code", lambda raw: str(raw).rstrip("_ ")),
        firmware_active=said.one("active_firmware", str),
        firmware_inactive=said.one("inactive_firmware", str),
        max_power=said.one("max_power_w", number, Unit.WATT),
        power_class=said.one("power_class", int),
        connector=said.one("connector", int),
        media_technology=said.one("transmitter_technology_description", first_word),
        cable_length=said.one("cable_length_m", above_zero, Unit.METRE),
        wavelength=said.one("wavelength_nm", number, Unit.NM),
        module_state=said.one("module_state_description", first_word),
        fault_cause=said.one("module_fault_cause_description", first_word),
        temperature=said.one("temperature_c", signed, Unit.CELSIUS),
        vcc=said.one("voltage_v", signed, Unit.VOLT),
        tx_power=said.lanes("tx_power_mw", Unit.MW),
        rx_power=said.lanes("rx_power_mw", Unit.MW),
        tx_bias=said.lanes("tx_bias_ma", Unit.MA),
        thresholds=said.thresholds(OF_ETHTOOL),
    )


def by_mlxlink(row: Row, source: Source, why: str) -> Told:
    """A module by ``mlxlink -m``, which shows the lanes of one port alone."""
    said = _Words(row, source)
    code = IDENTIFIERS.get(str(row.get("identifier")))
    known = None if code is None else codes.identifier(code)
    monitors = ("tx_power_dbm", "rx_power_dbm", "tx_bias_ma", "datapath_states")
    return Told(
        evidence=source.evidence,
        why=f"told by mlxlink, not read from registers: {why}",
        management=MANAGEMENT.get(known.management, "") if known else "",
        lanes=max((len(row.get(name) or ()) for name in monitors), default=0) or 4,
        identifier=said.one("identifier", lambda raw: IDENTIFIERS[str(raw)]),
        form_factor=said.one("identifier", lambda raw: form_factor(IDENTIFIERS[str(raw)])),
        vendor_name=said.one("vendor_name", str),
        vendor_pn=said.one("vendor_part_number", str),
        vendor_rev=said.one("vendor_revision", str),
        vendor_sn=said.one("vendor_serial_number", str),
        date_code=said.one("vendor_date", date_code),
        firmware_active=said.one("active_firmware", str),
        max_power=said.one("max_power_w", above_zero, Unit.WATT),
        media_technology=said.one("cable_technology", str),
        cable_length=said.one("length_m", above_zero, Unit.METRE),
        wavelength=said.one("wavelength_nm", above_zero, Unit.NM),
        module_state=said.one("module_state", lambda raw: STATES[str(raw)]),
        dp_state=said_states(said),
        temperature=said.one("temperature_c", signed, Unit.CELSIUS),
        vcc=volts(said.one("voltage_mv", signed, Unit.VOLT)),
        tx_power=said.lanes("tx_power_dbm", Unit.DBM),
        rx_power=said.lanes("rx_power_dbm", Unit.DBM),
        tx_bias=said.lanes("tx_bias_ma", Unit.MA),
        thresholds=said.thresholds(OF_MLXLINK),
    )


def said_states(said: _Words) -> tuple[Value[str], ...]:
    states: Sequence[Any] = said.row.get("datapath_states") or ()
    rows = ({"line": said.row["line"], f"datapath_states lane {n}": state} for n, state in enumerate(states, 1))
    return tuple(cell(row, next(reversed(row)), str, said.source) for row in rows)


def lane_flags(row: Row, source: Source) -> tuple[Flag, ...]:
    """The flags of the lanes that a tool tells; one word that none has it stands for every lane."""
    found: list[Flag] = []
    for name in OF_LANES:
        told = row.get(name)
        if isinstance(told, bool):
            found.append(Flag(name, None, flag_value(told, name, None, source)))
        for lane, value in enumerate(told if isinstance(told, list) else (), 1):
            found.append(Flag(name, lane, flag_value(value, name, lane, source)))
        if name in row and not isinstance(told, bool) and not told:
            found.append(Flag(name, None, Missing(Absence.NOT_AVAILABLE, source, f"{name} of no lane")))
    return tuple(found)


def flag_value(value: object, name: str, lane: int | None, source: Source) -> Value[bool]:
    place = Source(source.evidence, name if lane is None else f"{name} lane {lane}", str(value))
    return Reading(value, place) if isinstance(value, bool) else Missing(Absence.NOT_AVAILABLE, place)


def volts(value: Value[Decimal]) -> Value[Decimal]:
    """Millivolts as volts."""
    return value if isinstance(value, Missing) else Reading(value.value / 1000, value.source, Unit.VOLT)


def above_zero(raw: object) -> Decimal:
    """A length or a power; 0 stands for one that is not stated."""
    value = number(raw)
    if not value:
        raise ValueError("0 stands for one that is not stated")
    return value


def first_word(raw: Any) -> str:
    """The one description of a code."""
    words = [str(word) for word in raw]
    if len(words) != 1:
        raise ValueError(f"{len(words)} descriptions")
    return words[0]


def form_factor(raw: Any) -> str:
    known = codes.identifier(int(raw))
    if known is None:
        raise ValueError(f"identifier {raw} is reserved")
    return known.short


def date_code(raw: object) -> str:
    """``26_05_25``, the 26th of May 2025, as registers have it: ``250526``."""
    found = DATE.fullmatch(str(raw))
    if found is None:
        raise ValueError(f"{raw!r} is no date")
    return f"{found[3]}{found[2]}{found[1]}"
