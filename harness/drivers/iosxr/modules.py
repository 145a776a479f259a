"""A module as IOS-XR tells it, or as it dumps its memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar

from ...decode import codes
from ...decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, HALF, LOWER_MEMORY, Memory, Page
from ...decode.module import Quad
from ...decode.told import DOCUMENTS, Told
from ...decode.transceiver import Transceiver, transceiver
from ...model import Flag
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...units import Unit
from ..base import Row, cell, signed

T = TypeVar("T")

WHY: Final = "IOS-XR shows no registers of a module beside what it tells of it"
FORMS: Final[Mapping[str, str]] = {
    "SFP+": "SFP", "SFP28": "SFP", "SFP56": "SFP", "QSFP56-DD": "QSFP-DD", "QSFPDD": "QSFP-DD", "QDD": "QSFP-DD",
}  # fmt: skip
"""Form factors in the words of IOS-XR, where SFF-8024 has another."""

UNREADY: Final = frozenset({"not applicable", "not ready", "n/a"})
MONITORED: Final = (
    ("temperature_c", "temperature_c", Unit.CELSIUS),
    ("vcc_v", "voltage_v", Unit.VOLT),
    ("tx_power_mw", "tx_power_dbm", Unit.DBM),
    ("rx_power_mw", "rx_power_dbm", Unit.DBM),
    ("tx_bias_ma", "tx_bias_ma", Unit.MA),
)
"""Monitors by the names of registers, by the keys of a record, and what they are in."""

SIDES: Final = (("high_alarm", "low_alarm"), ("high_warning", "low_warning"))
ALARM: Final = re.compile(r"(HIGH|LOW)-(RX|TX)(\d{0,2})(?:-PWR|[-_]LBC)")
FAULT: Final = re.compile(r"(RX|TX)-(LOS|LOL|FAULT)(\d{0,2})")
FAULTS: Final = {"LOS": "los", "LOL": "cdr_lol", "FAULT": "fault"}


# --- registers ----------------------------------------------------------------------------------------------------


def dumped(label: str, row: Row) -> Transceiver | None:
    """The module whose memory a record holds; None where none is.  A page that did not come whole is unread."""
    pages: dict[Page, bytes | None] = {}
    for piece in row.get("memory", ()):
        page = page_of(piece)
        data = bytes.fromhex(piece["data"])
        whole = data if len(data) == HALF else None
        pages[page] = whole if pages.get(page, whole) == whole else None
    return transceiver(Memory(label, pages)) if any(pages.values()) else None


def page_of(piece: Mapping[str, Any]) -> Page:
    lower = piece["half"] == "lower"
    if piece["address"] == "a2":
        return A2_LOWER if lower else A2_UPPER
    if piece["address"] == "a0":
        return A0_LOWER if lower else A0_UPPER
    return LOWER_MEMORY if lower else Page(int(piece["page"]))


# --- words --------------------------------------------------------------------------------------------------------


def told(row: Row | Missing, source: Source) -> Told:
    """A module in the words of ``show controllers optics``."""
    if isinstance(row, Missing):
        return Told(evidence=source.evidence, why=str(row))
    if row.get("optics_present") is False:
        return Told(evidence=source.evidence, why="the cage is empty: optics not present")
    return Words(row, source).told()


class Words:
    """One record, field by field."""

    def __init__(self, row: Row, source: Source) -> None:
        self.row, self.source = row, source
        self.quiet = self.unmonitored()

    def told(self) -> Told:
        form = self.of("form_factor", form_factor)
        lanes = self.lanes()
        return Told(
            evidence=self.source.evidence,
            why=WHY,
            management=management(form),
            lanes=len(lanes) or 1,
            form_factor=form,
            vendor_name=self.of("vendor_name", str),
            vendor_oui=self.of("vendor_oui", oui),
            vendor_pn=self.of("vendor_pn", str),
            vendor_rev=self.of("vendor_rev", str),
            vendor_sn=self.of("vendor_sn", str),
            date_code=self.of("date_code", date_code),
            firmware_active=self.of("firmware_active", str),
            firmware_inactive=self.of("firmware_inactive", str),
            wavelength=self.of("wavelength_nm", wavelength, Unit.NM),
            temperature=self.monitor(self.row, "temperature_c", Unit.CELSIUS),
            vcc=self.monitor(self.row, "voltage_v", Unit.VOLT),
            tx_power=tuple(self.monitor(lane, "tx_power_dbm", Unit.DBM) for lane in lanes),
            rx_power=tuple(self.monitor(lane, "rx_power_dbm", Unit.DBM) for lane in lanes),
            tx_bias=tuple(self.monitor(lane, "bias_ma", Unit.MA) for lane in lanes),
            thresholds={name: self.limits(key, unit) for name, key, unit in MONITORED},
        )

    def of(self, field: str, into: Callable[[Any], T], unit: Unit = Unit.NONE) -> Value[T]:
        return cell(self.row, field, into, self.source, unit)

    def lanes(self) -> tuple[Row, ...]:
        """The lanes by number, lane 1 first; a module of one lane has no table of them.

        IOS-XR counts them from 0; where the numbers are not those, none of them can be told apart.
        """
        lanes = self.row.get("lanes")
        if lanes is None:
            return (
                (self.row,)
                if self.row.get("tx_power_dbm") is not None or self.row.get("rx_power_dbm") is not None
                else ()
            )
        numbers = [lane["lane"] for lane in lanes]
        if numbers not in (list(range(len(lanes))), list(range(1, len(lanes) + 1))):
            return ()
        return tuple({**lane, "line": self.row["line"]} for lane in lanes)

    def unmonitored(self) -> Missing | None:
        """Why nothing that is monitored counts: zeros that stand for no monitor at all."""
        where = Source(self.source.evidence, f"line {self.row['line']} dom_data_status")
        status = self.row.get("dom_data_status")
        if status in UNREADY:
            return Missing(Absence.NOT_AVAILABLE, where, f"Dom Data Status: {status}")
        voltage = self.row.get("voltage_v")
        if voltage is not None and not Decimal(voltage):
            where = Source(self.source.evidence, f"line {self.row['line']} voltage_v", str(voltage))
            return Missing(Absence.NOT_AVAILABLE, where, "a module without a supply voltage has no monitors")
        return None

    def monitor(self, row: Row, field: str, unit: Unit) -> Value[Decimal]:
        return self.quiet or cell(row, field, signed, self.source, unit)

    def limits(self, key: str, unit: Unit) -> Quad:
        """Thresholds; alarms or warnings of which both are 0 were never set."""
        found: dict[str, Value[Decimal]] = {}
        limits = (self.row.get("thresholds") or {}).get(key)
        source = Source(self.source.evidence, f"line {self.row['line']} thresholds {key}")
        for pair in SIDES:
            if limits is None:
                gone = Missing(Absence.NOT_RECORDED, source, "no such threshold in the answer")
                found |= dict.fromkeys(pair, gone)
                continue
            values = {
                name: cell({**limits, "line": self.row["line"]}, name, signed, self.source, unit) for name in pair
            }
            zero = all(isinstance(value, Reading) and not value.value for value in values.values())
            unset = Missing(Absence.NOT_AVAILABLE, source, "both are 0: never set")
            found |= dict.fromkeys(pair, unset) if zero else values
        return Quad(**found)


def form_factor(raw: object) -> str:
    """A form factor as SFF-8024 names it."""
    name = FORMS.get(str(raw), str(raw))
    if all(one.short != name for one in codes.tables().identifiers.values()):
        raise ValueError(f"{raw!r} is no form factor of SFF-8024")
    return name


def management(form: Value[str]) -> str:
    """The memory map that modules of a form factor have."""
    if isinstance(form, Missing):
        return ""
    document = next((one.management for one in codes.tables().identifiers.values() if one.short == form.value), "")
    return next((name for name, title in DOCUMENTS.items() if document and title.endswith(document)), "")


def oui(raw: object) -> str:
    """A company identifier, ``44-7c-7f``; the device may write a byte with its sign."""
    parts = [part[-2:] for part in str(raw).lower().split(".")]
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9a-f]{2}", part) for part in parts) or set(parts) == {"00"}:
        raise ValueError(f"{raw!r} is no company identifier")
    return "-".join(parts)


def date_code(raw: object) -> str:
    """A date as registers have it: ``220103`` of ``22/01/03``."""
    found = re.fullmatch(r"(\d\d)/(\d\d)/(\d\d)", str(raw))
    if found is None:
        raise ValueError(f"{raw!r} is no date")
    return "".join(found.groups())


def wavelength(raw: object) -> Decimal:
    value = Decimal(str(raw))
    if value <= 0:
        raise ValueError("no light has a wavelength of 0")
    return value


# --- alarms -------------------------------------------------------------------------------------------------------


def error_status(row: Row, source: Source) -> Value[str]:
    if row.get("optics_present") is False:
        return Missing(Absence.NOT_AVAILABLE, Source(source.evidence, f"line {row['line']}"), "optics not present")
    alarms = cell(row, "alarms", tuple, source)
    others = (*(word for word in row.get("alarms") or () if not ALARM.fullmatch(word)), *strangers(row))
    return derive(alarms, lambda _: ", ".join(others) or "OK", note="but for alarms of light")


def strangers(row: Row) -> tuple[str, ...]:
    return tuple(word for word in row.get("faults") or () if not FAULT.fullmatch(word))


def flags(row: Row, source: Source) -> Value[tuple[Flag, ...]]:
    """The alarms that IOS-XR detects now, and that it detects no others: it names those that it does.

    A fault without a number is of the module as a whole: which of its lanes has it, is not told.
    """
    if row.get("optics_present") is False:
        return Missing(Absence.NOT_AVAILABLE, Source(source.evidence, f"line {row['line']}"), "optics not present")
    alarms = cell(row, "alarms", tuple, source)
    if isinstance(alarms, Missing):
        return alarms
    if row.get("dom_data_status") in UNREADY:
        return Missing(Absence.NOT_AVAILABLE, alarms.source, f"Dom Data Status: {row['dom_data_status']}")
    if "performance_monitoring" not in row and "thresholds" not in row:
        return Missing(Absence.UNREADABLE, alarms.source, "the answer ends before the faults do")
    lanes = range(1, (len(row.get("lanes") or ()) or 1) + 1)
    raised = {named for word in row["alarms"] if (found := ALARM.fullmatch(word)) for named in [level(found)]}
    raised |= {
        named for word in row.get("faults") or () if (found := FAULT.fullmatch(word)) for named in [fault(found)]
    }
    names = [f"{monitor}_{side}_alarm" for monitor in ("rx_power", "tx_power", "tx_bias") for side in ("high", "low")]
    names += [f"{way}_{fault}" for way in ("rx", "tx") for fault in ("los", "cdr_lol")] + ["tx_fault"]
    told: list[Flag] = []
    for name in names:
        if (name, None) in raised:
            told.append(Flag(name, None, Reading(True, alarms.source)))
        else:
            told += [Flag(name, lane, Reading((name, lane) in raised, alarms.source)) for lane in lanes]
    return Reading(tuple(told), alarms.source)


def level(found: re.Match[str]) -> tuple[str, int | None]:
    """``LOW-RX3-PWR`` and ``LOW-TX3_LBC``: lanes are counted from 1 here."""
    side, way, lane = found[1].lower(), found[2].lower(), found[3]
    monitor = f"{way}_power" if found[0].endswith("PWR") else f"{way}_bias"
    return f"{monitor}_{side}_alarm", int(lane) if lane else None


def fault(found: re.Match[str]) -> tuple[str, int | None]:
    return f"{found[1].lower()}_{FAULTS[found[2]]}", int(found[3]) if found[3] else None
