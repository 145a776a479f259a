"""A module as Cisco NX-OS tells it: ``show interface transceiver details``.

A cage that is broken out has a row for each child, which names the same module and has the child's own lanes, numbered
from 1 again; rows that are alike to the last number are one row printed for every child.  NX-OS prints the SFF-8024
identifier as ``cisco id``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

from ...decode import codes
from ...decode.module import Quad
from ...decode.told import UNTOLD, Lanes, Told, ToldTransceiver
from ...decode.transceiver import Transceiver
from ...model import Flag
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...units import Unit
from ..base import LEVELS, Row, cell, signed, without_line

T = TypeVar("T")

WHY: Final = "NX-OS prints no registers of a module"
EMPTY: Final = "the switch says that no transceiver is present"
MANAGEMENT: Final[Mapping[str, str]] = {"CMIS": "cmis", "SFF-8636": "sff8636", "SFF-8472": "sff8472"}
MONITORS: Final = (
    ("temperature_c", "temperature_c", Unit.CELSIUS),
    ("vcc_v", "voltage_v", Unit.VOLT),
    ("tx_power_mw", "tx_power_dbm", Unit.DBM),
    ("rx_power_mw", "rx_power_dbm", Unit.DBM),
    ("tx_bias_ma", "current_ma", Unit.MA),
)
"""Thresholds by the names of registers, the monitors that have them, and their unit."""

FLAGGED: Final[Mapping[str, str]] = {
    "temperature_c": "temperature", "voltage_v": "vcc", "current_ma": "tx_bias", "tx_power_dbm": "tx_power",
    "rx_power_dbm": "rx_power",
}  # fmt: skip
OF_MODULE: Final = frozenset({"temperature_c", "voltage_v"})
ELECTRICAL: Final = re.compile(r"(\d{2,4})G(?:AUI|BASE-[CK]R)-?(\d{1,2})\b")
COPPER: Final = ("cable_length_m", "length_copper_m")


def module(evidence: Source, rows: Sequence[Row] | Missing) -> Transceiver:
    """What the rows of one cage tell; rows that name different modules tell nothing."""
    if isinstance(rows, Missing):
        return ToldTransceiver(Told(evidence=evidence.evidence, why=str(rows)))
    present = [row for row in rows if row.get("present")]
    if not rows or not present:
        why = EMPTY if rows and all(row.get("present") is False for row in rows) else "the answer has no such port"
        return ToldTransceiver(Told(evidence=evidence.evidence, why=why))
    if len({(row.get("part_number"), row.get("serial_number")) for row in present}) > 1:
        return ToldTransceiver(Told(evidence=evidence.evidence, why="the ports of the cage name different modules"))
    return ToldTransceiver(told(evidence, present))


def told(source: Source, rows: Sequence[Row]) -> Told:
    first = rows[0]

    def field(name: str, into: Callable[[Any], T], unit: Unit = Unit.NONE) -> Value[T]:
        if name in first:
            return cell(first, name, into, source, unit)
        place = Source(source.evidence, f"line {first['line']}")
        return Missing(Absence.NOT_AVAILABLE, place, f"NX-OS does not show {name.replace('_', ' ')} of this module")

    identifier = field("cisco_id", int)
    known = codes.identifier(identifier.value) if isinstance(identifier, Reading) else None
    lanes = media_lanes(rows)
    return Told(
        evidence=source.evidence,
        why=WHY,
        management=MANAGEMENT.get(known.management, "") if known else "",
        lanes=len(lanes) or media_count(first) or 1,
        identifier=identifier,
        form_factor=derive(identifier, lambda _: known.short, note="SFF-8024 code") if known else UNTOLD,
        revision=field("cmis_version", str),
        vendor_name=field("vendor", str),
        vendor_oui=field("vendor_oui", oui),
        vendor_pn=field("part_number", str),
        vendor_rev=field("revision", str),
        vendor_sn=field("serial_number", str),
        date_code=field("date_code", str),
        firmware_active=field("firmware", str),
        max_power=field("max_power_w", signed, Unit.WATT),
        power_class=field("power_class", int),
        media_technology=field("media_technology", str),
        cable_length=next((field(name, signed, Unit.METRE) for name in COPPER if name in first), UNTOLD),
        wavelength=field("wavelength_nm", signed, Unit.NM),
        temperature=of_module(source, lanes, "temperature_c", Unit.CELSIUS),
        vcc=of_module(source, lanes, "voltage_v", Unit.VOLT),
        tx_power=of_lanes(source, lanes, "tx_power_dbm", Unit.DBM),
        rx_power=of_lanes(source, lanes, "rx_power_dbm", Unit.DBM),
        tx_bias=of_lanes(source, lanes, "current_ma", Unit.MA),
        thresholds=thresholds(source, rows),
    )


def media_count(row: Row) -> int:
    count = row.get("media_lane_count") or row.get("lane_count")
    return count if isinstance(count, int) and 0 < count <= 16 else 0


def media_lanes(rows: Sequence[Row]) -> list[Row]:
    """The rows of the media lanes, lane 1 first; what is common to all lanes is none of them."""
    own = [[lane for lane in row.get("lanes", ()) if not common(lane)] for row in rows]
    first = [numbers(lane) for lane in own[0]]
    if len(rows) > 1 and len(first) >= len(rows) and all([numbers(lane) for lane in lanes] == first for lanes in own):
        return own[0]
    return [lane for lanes in own for lane in lanes]


def numbers(lane: Row) -> list[object]:
    """What is told of a lane, without the lines that it stands on."""
    return [without_line(said) if isinstance(said, Mapping) else said for name, said in lane.items() if name != "line"]


def common(lane: Row) -> bool:
    return str(lane.get("kind") or "").casefold().startswith("common")


def monitors(rows: Sequence[Row], name: str) -> Iterator[Row]:
    """A monitor wherever it is told, the first lane first."""
    return (lane[name] for row in rows for lane in row.get("lanes", ()) if isinstance(lane.get(name), Mapping))


def of_module(source: Source, lanes: Sequence[Row], name: str, unit: Unit) -> Value[Decimal]:
    """A monitor of the module, which NX-OS prints with every lane."""
    found = next((lane[name] for lane in lanes if isinstance(lane.get(name), Mapping)), None)
    return UNTOLD if found is None else monitor(source, found, "value", unit, name)


def of_lanes(source: Source, lanes: Sequence[Row], name: str, unit: Unit) -> Lanes:
    return tuple(
        monitor(source, lane[name], "value", unit, name) if isinstance(lane.get(name), Mapping) else UNTOLD
        for lane in lanes
    )


def monitor(source: Source, row: Row, field: str, unit: Unit, name: str) -> Value[Decimal]:
    """One number of a monitor, which names its line."""
    value = cell(row, field, signed, source, unit)
    if isinstance(value, Missing) and value.why is Absence.NOT_AVAILABLE:
        return Missing(value.why, value.source, f"NX-OS prints N/A for {name}")
    return value


def thresholds(source: Source, rows: Sequence[Row]) -> Mapping[str, Quad]:
    found: dict[str, Quad] = {}
    for register, name, unit in MONITORS:
        row = next(monitors(rows, name), None)
        if row is not None:
            found[register] = Quad(*(monitor(source, row, level, unit, f"{name} {level}") for level in LEVELS))
    return found


def oui(raw: object) -> str:
    """``447c7f`` and ``0x447c7f`` as ``44-7c-7f``."""
    digits = str(raw).removeprefix("0x").lower()
    if not re.fullmatch(r"[0-9a-f]{6}", digits):
        raise ValueError(f"{raw!r} is not a company identifier")
    return f"{digits[:2]}-{digits[2:4]}-{digits[4:]}"


def flags(source: Source, row: Row) -> Value[tuple[Flag, ...]]:
    """Alarms and warnings that NX-OS marks beside a value: what it compares now, and not what a module latched."""
    raised: list[Flag] = []
    seen: set[str] = set()
    for lane in row.get("lanes", ()):
        for name, short in FLAGGED.items():
            said = lane.get(name)
            if not isinstance(said, Mapping) or (name in OF_MODULE and name in seen):
                continue
            seen.add(name)
            number = None if name in OF_MODULE or common(lane) else int(lane["lane"])
            raised += [Flag(f"{short}_{level}", number, marked(source, said, level)) for level in LEVELS]
    place = Source(source.evidence, f"line {row['line']}")
    if not raised:
        return Missing(Absence.NOT_AVAILABLE, place, "NX-OS shows no monitors of this module, and so no flags")
    return Reading(tuple(raised), place)


def marked(source: Source, row: Row, level: str) -> Value[bool]:
    """Whether a value is marked; one that is not told cannot be."""
    place = Source(source.evidence, f"line {row['line']}", str(row.get("flag") or ""))
    if row.get("value") is None:
        return Missing(Absence.NOT_AVAILABLE, place, "no value to compare")
    return Reading(row.get("flag") == level, place)


def host_lanes(source: Source, row: Row, speed: Value[Decimal]) -> Value[int]:
    """How many host lanes a port of this speed has, by the electrical interface that the module names.

    NX-OS shows no lanes of a port.  The interface counts where its rate is the port's own and the module tells as many
    host lanes.
    """
    named = cell(row, "host_interface", str, source) if "host_interface" in row else None
    place = Source(source.evidence, f"line {row['line']}")
    gone = Missing(Absence.NOT_AVAILABLE, place, "NX-OS does not show the lanes of a port")
    if named is None or isinstance(named, Missing) or isinstance(speed, Missing):
        return gone
    found = ELECTRICAL.search(named.value)
    if found is None or Decimal(found[1]) != speed.value or row.get("host_lane_count") not in (None, int(found[2])):
        return gone
    lanes = int(found[2])
    return derive(named, lambda _: lanes, note=f"derived from the module's host interface at {found[1]} Gb/s")
