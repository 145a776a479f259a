"""What Cisco NX-OS tells of modules: ``show interface transceiver``, with ``details``, and with ``vdm``.

Recorded: SFP, QSFP, CFP and QSFP-DD, optics and copper, in text and as ``| json``.  From public captures: lanes headed
``Lane Number : 1`` and tables without the word Measurement.  The rows that ``vdm`` (10.6(1)F) adds to a lane's table
are from documentation that names them without a layout: each is taken as a name, a value and up to four thresholds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ....units import plain
from ..cells import (
    COUNT,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    TEXT_OR_NULL,
    VERBATIM,
    Json,
    Kind,
    Record,
    Schema,
    decimal,
    quantity,
)
from ..entry import refusal
from ..labels import slug
from ..tables import Column, column
from ..text import Line, Page, Parsed, Unparsed
from .tree import LOW, WORD, Answer, Fields, Node, Tree, constant, fields_of, missing, nested_strangers, untold

_PRESENCE: Final = {
    "present": True, "not present": False, "absent": False, "not applicable": None, "not supported": None,
}  # fmt: skip
_NUMBER: Final = re.compile(r"0x[0-9a-f]{1,8}|\d{1,8}", re.IGNORECASE)


def _code(text: str) -> tuple[Json, ...] | None:
    """``24``, ``0x18``."""
    if untold(text) or text.lower().startswith("unknown"):
        return (None,)
    return (int(text, 0 if text.lower().startswith("0x") else 10),) if _NUMBER.fullmatch(text) else None


def _rate(text: str) -> tuple[Json, ...] | None:
    """``425000 MBit/sec per channel``, ``10300``."""
    if untold(text):
        return (None,)
    found = re.fullmatch(r"(\d{1,9})(?: MBits?/sec| Mb/s)?(?: per channel)?", text, re.IGNORECASE)
    return (int(found[1]),) if found else None


def _metres(text: str) -> tuple[Json, ...] | None:
    if untold(text):
        return (None,)
    found = re.fullmatch(r"([\d.]{1,12}) ?(k?m)?", text, re.IGNORECASE)
    exact = decimal(found[1]) if found else None
    if found is None or exact is None:
        return None
    return (plain(Decimal(exact) * 1000) if (found[2] or "").lower() == "km" else exact,)


def _kilometres(text: str) -> tuple[Json, ...] | None:
    return _metres(text if untold(text) or text.lower().endswith("m") else f"{text} km")


def _power_class(text: str) -> tuple[Json, ...] | None:
    """``6 (12.0 W maximum)``."""
    if untold(text):
        return (None, None)
    found = re.fullmatch(r"(\d{1,2})(?: \(([\d.]{1,8}) ?W maximum\))?", text)
    return (int(found[1]), found[2]) if found else None


_PRESENT: Final = constant(Kind("present", ({"type": ["boolean", "null"]},), lambda text: None), {
    **_PRESENCE, "": None,
})  # fmt: skip
_CODE: Final = Kind("code", (INTEGER_OR_NULL,), _code)
_MBPS: Final = Kind("Mb/s", (INTEGER_OR_NULL,), _rate)
_METRES: Final = Kind("metres", (DECIMAL_OR_NULL,), _metres)
_KILOMETRES: Final = Kind("metres, written as kilometres", (DECIMAL_OR_NULL,), _kilometres)
_CLASS: Final = Kind("power class", (INTEGER_OR_NULL, DECIMAL_OR_NULL), _power_class)
_DEGREES: Final = quantity("deg C")


def _degrees(text: str) -> tuple[Json, ...] | None:
    return _DEGREES.read(text.removesuffix("deg C").strip())


_COLUMNS: Final[tuple[Column, ...]] = (
    column("transceiver|sfp", "present", _PRESENT),
    column("type", "type", WORD),
    column("name", "vendor", WORD),
    column("(?:manufacturer's )?part number|partnum|part_number", "part_number", WORD),
    column("revision|rev", "revision", WORD),
    column("serial number|serialnum|serial_number", "serial_number", WORD),
    column("nominal bit ?rate|nom_bitrate", "nominal_bitrate_mbps", _MBPS),
    column("Link length supported for copper|len_cu", "length_copper_m", _METRES),
    column(r"Link length supported for 62\.5/125[um]m(?: OM1)? fiber|len_625", "length_om1_m", _METRES),
    column(r"Link length supported for 50/125[um]m(?: OM2)? fiber|len_50|len_50_OM2", "length_om2_m", _METRES),
    column(r"Link length supported for 50/125um OM3 fiber|Link length OM3|len_50_OM3", "length_om3_m", _METRES),
    column(r"Link length supported for 50/125um OM4 fiber|Link length OM4|len_50_OM4", "length_om4_m", _METRES),
    column(r"Link length supported for 50/125um OM5 fiber|Link length OM5|len_50_OM5", "length_om5_m", _METRES),
    column("Link length supported for (?:9/125um|SMF) fiber|Link length SMF|len_9", "length_smf_m", _KILOMETRES),
    column("cable type|cable_type", "cable_type", WORD),
    column("cisco id|ciscoid", "cisco_id", _CODE),
    column("cisco extended id(?: number)?|ciscoid_1", "cisco_extended_id", _CODE),
    column("cisco part number|cisco_part_?number", "cisco_part_number", WORD),
    column("cisco product id|cisco_product_id", "cisco_product_id", WORD),
    column("cisco (?:version|vendor) id|cisco_(?:version|vendor)_id", "cisco_version_id", WORD),
    column("number of lanes|num_of_lanes", "lane_count", COUNT),
    column("firmware version|firmware_ver(?:sion)?", "firmware", WORD),
    column("Nominal transmitter wavelength", "wavelength_nm", quantity("nm")),
    column("Wavelength tolerance", "wavelength_tolerance_nm", quantity("nm")),
    column("host lane count", "host_lane_count", COUNT),
    column("media lane count", "media_lane_count", COUNT),
    column("max module temperature", "max_temperature_c", Kind("C", (DECIMAL_OR_NULL,), _degrees)),
    column("min module temperature", "min_temperature_c", Kind("C", (DECIMAL_OR_NULL,), _degrees)),
    column("min operational voltage", "min_voltage_v", quantity("V")),
    column("vendor OUI", "vendor_oui", WORD),
    column("date code", "date_code", WORD),
    column("clei code", "clei", WORD),
    column("power class", "power_class power_class_w", _CLASS),
    column("max power", "max_power_w", quantity("W")),
    column("near-end lanes used", "near_end_lanes", WORD),
    column("far-end lane code for 8 lanes", "far_end_lanes", WORD),
    column("media interface", "media_technology", WORD),
    column("Advertising code", "advertising", WORD),
    column("Host electrical interface code", "host_interface", WORD),
    column("media interface advertising code", "media_interface", WORD),
    column("cable attenuation", "cable_attenuation", WORD),
    column("Cable Length", "cable_length_m", _METRES),
    column("CMIS version", "cmis_version", WORD),
    column("DOM", "dom", LOW),
    column("FC Transmitter type", "fc_transmitter", WORD),
    column("Transmission medium", "fc_medium", WORD),
    column("Supported speeds", "fc_speeds", WORD),
)
_WITHOUT_IS: Final = ("number of lanes", "near-end lanes used", "far-end lane code for 8 lanes")
"""Labels that have their value behind a blank."""

_HEAD: Final = re.compile(
    r"(?P<interface>(?:Ethernet|Eth|mgmt|fc|Vfc|breakout)\d[\w/.:-]{0,30})(?: (?:sfp|transceiver) is (?P<presence>.+))?"
)
_OTHER_HEAD: Final = re.compile(r"[A-Za-z][A-Za-z-]{1,30}\d\S{0,30}(?: .*)?")
"""A port whose first line goes on in an unknown way: what follows is not of the one before."""
_LABEL: Final = re.compile(r"(\S.{0,60}?) (?:is|are -)(?: +(.*))?")
_LANE: Final = re.compile(r"Lane Number ?: ?(\d{1,2})(?: (\w[\w ]{0,40}))?")
_TITLE: Final = re.compile(
    r"(?:SFP|Transceiver) Detail Diagnostics Information \((?P<calibration>\w+) calibration\)"
    r"|SFP Diagnostics Information:"
)
_FAULTS: Final = re.compile(r"(?:Transmit Fault Count =|Tx Fault count *:) (\d+|N/A)")
_OF_FC: Final = re.compile(
    r"FC Transmitter supports .+|(?:No )?tx fault, .+, diagnostic monitoring type is 0x[0-9a-f]+", re.IGNORECASE
)
"""What a Fibre Channel module says beside its labels, and is not kept."""

_NOTE: Final = re.compile(r"Note: \+\+ +high-alarm.*")
_RULE: Final = re.compile(r"[-=]{6,}")
_HEADINGS: Final = frozenset({"current", "measurement", "alarms", "warnings", "high", "low"})
_CELL: Final = (
    r"(?:N/A|n/a|not valid|--|-?inf|[+-]?[\d.]{1,20}(?:[eE][+-]?\d{1,3})?(?: ?(?:dBm|mA|GHz|MHz|nm|dB|C|V|W|%))?)"
)
_ROW: Final = re.compile(
    rf"(?P<name>[A-Za-z][\w()/ .%\[\]-]{{0,60}}?)(?: *:)? {{1,40}}(?P<value>{_CELL})"
    r"(?: {1,6}(?P<flag>\+\+|\+|--|-)(?= |$))?"
    rf"(?P<rest>(?: {{1,40}}{_CELL}){{0,4}})"
)
_ALONE: Final = re.compile(r"[A-Z][A-Za-z ]{1,30} : ")
"""A measurement without its thresholds, as of a Fibre Channel module."""

_AMOUNT: Final = re.compile(r"([+-]?[\d.]{1,20}(?:[eE][+-]?\d{1,3})?|-inf)(?: ?(\S{1,4}))?")
_MONITORS: Final[Mapping[str, tuple[str, str]]] = {
    "temperature": ("temperature_c", "C"),
    "voltage": ("voltage_v", "V"),
    "current": ("current_ma", "mA"),
    "tx power": ("tx_power_dbm", "dBm"),
    "rx power": ("rx_power_dbm", "dBm"),
    "optical tx power": ("tx_power_dbm", "dBm"),
    "optical rx power": ("rx_power_dbm", "dBm"),
}
_UNITS: Final = {"C": "c", "V": "v", "mA": "ma", "dBm": "dbm", "dB": "db", "MHz": "mhz", "GHz": "ghz", "%": "percent"}
_LEVELS: Final = ("high_alarm", "low_alarm", "high_warning", "low_warning")
_FLAGS: Final = {"++": "high_alarm", "+": "high_warning", "--": "low_alarm", "-": "low_warning"}

MONITOR: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["line", "value"],
    "properties": {
        "line": {"type": "integer", "minimum": 1},
        "value": DECIMAL_OR_NULL,
        "flag": {"enum": [*_LEVELS, None]},
        **dict.fromkeys(_LEVELS, DECIMAL_OR_NULL),
    },
}
LANES: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["line", "lane"],
        "properties": {
            "line": {"type": "integer", "minimum": 1},
            "lane": {"type": "integer"},
            "kind": TEXT_OR_NULL,
            "calibration": TEXT_OR_NULL,
            "transmit_faults": INTEGER_OR_NULL,
            **{name: MONITOR for name, _ in _MONITORS.values()},
            "observables": {"type": "object", "additionalProperties": MONITOR},
        },
    },
}


@dataclass(frozen=True, slots=True)
class _Layout:
    """In which order a table has its columns: the measurement and its four thresholds."""

    cells: tuple[str, ...]


_USUAL: Final = _Layout(("value", *_LEVELS))


def _layout(groups: Sequence[str], names: Sequence[str]) -> _Layout | None:
    """The order that a head of two lines says: ``Alarms Warnings`` over ``High Low High Low``."""
    kinds = [word.removesuffix("s") for word in groups if word in ("alarms", "warnings")]
    sides = [word for word in names if word in ("high", "low")]
    if (
        sorted(kinds) != ["alarm", "warning"]
        or len(sides) != 4
        or set(sides[:2]) != set(sides[2:])
        or len(set(sides)) != 2
    ):
        return None
    cells = [f"{side}_{kinds[at // 2]}" for at, side in enumerate(sides)]
    first = groups.index("current") if "current" in groups else 0
    if first == 0:
        return _Layout(("value", *cells))
    return _Layout((*cells, "value")) if first == len(groups) - 1 else None


def _amount(text: str, unit: str | None) -> tuple[bool, str | None]:
    """Whether a cell is a number in this unit or says that there is none, and the number."""
    low = text.strip().lower()
    if low in ("n/a", "not valid", "--"):
        return True, None
    found = _AMOUNT.fullmatch(text.strip())
    if not found or (unit is not None and found[2] is not None and found[2] != unit):
        return False, None
    value = decimal(found[1])
    return value is not None, value


class _Module:
    """One module as it is read, line by line."""

    def __init__(self, record: Record, fields: Fields) -> None:
        self.record, self.fields = record, fields
        self.lane: Record | None = None
        self.layout: _Layout | None = _USUAL
        self.groups: tuple[str, ...] = ()
        self.calibration: str | None = None

    def line(self, line: Line) -> bool:
        text = line.text.strip()
        if _RULE.fullmatch(text) or _NOTE.fullmatch(text) or _OF_FC.fullmatch(text):
            return True
        if found := _LANE.fullmatch(text):
            self._open(line.number, int(found[1]), found[2])
            return True
        if found := _TITLE.fullmatch(text):
            self.calibration = found["calibration"]
            if self.lane is not None:
                self.lane["calibration"] = self.calibration
            return True
        if _is_head(text):
            return self._head(tuple(text.lower().split()))
        if found := _FAULTS.fullmatch(text):
            lane = self._lane(line.number)
            lane["transmit_faults"] = None if found[1] == "N/A" else int(found[1])
            return True
        return self._label(text) or self._row(line.number, text)

    def _open(self, number: int, lane: int, kind: str | None) -> Record:
        opened: Record = {"line": number, "lane": lane, "kind": kind}
        lanes = self.record.setdefault("lanes", [])
        if isinstance(lanes, list):
            lanes.append(opened)
        self.lane = opened
        return opened

    def _lane(self, number: int) -> Record:
        if self.lane is None:
            self._open(number, 1, None)["calibration"] = self.calibration
        return self.lane or {}

    def _head(self, words: tuple[str, ...]) -> bool:
        if "alarms" in words or "warnings" in words:
            self.groups, self.layout = words, None
            return True
        self.layout = _layout(self.groups, words)
        return self.layout is not None

    def _label(self, text: str) -> bool:
        for label in _WITHOUT_IS:
            if text.startswith(f"{label} "):
                return self.fields.put(self.record, label, text.removeprefix(label).removeprefix(" is").strip())
        found = _LABEL.fullmatch(text)
        if not found:
            return False
        label, value = found[1], (found[2] or "").strip()
        if label == "nominal bitrate":
            self.record["nominal_bitrate_per_channel"] = value.endswith("per channel")
        return self.fields.put(self.record, label, value)

    def _row(self, number: int, text: str) -> bool:
        alone = _ALONE.match(text)
        found = _ROW.fullmatch(" ".join(text.split()).replace("N/A dBm", "N/A") if alone else text)
        if not found or self.layout is None:
            return False
        cells = re.findall(_CELL, found["rest"])
        order = self.layout.cells
        name = " ".join(found["name"].lower().split())
        known = _MONITORS.get(name)
        if known and len(cells) != (0 if alone else len(order) - 1):
            return False
        values = (found["value"], *cells)
        unit = known[1] if known else None
        monitor: Record = {"line": number}
        for place, cell in zip(order, values, strict=False):
            fits, value = _amount(cell, unit)
            if not fits:
                return False
            monitor[place] = value
        monitor["flag"] = _FLAGS.get(found["flag"] or "")
        lane = self._lane(number)
        if not known:
            units = {u[2] for cell in values if (u := _AMOUNT.fullmatch(cell)) and u[2]}
            suffix = f"_{_UNITS[units.pop()]}" if len(units) == 1 and next(iter(units)) in _UNITS else ""
            held = lane.setdefault("observables", {})
            key = slug(name) + suffix
            if not isinstance(held, dict) or key in held:
                return False
            held[key] = monitor
            return True
        if known[0] in lane:
            return False
        lane[known[0]] = monitor
        return True


def _is_head(text: str) -> bool:
    words = text.lower().split()
    return len(words) > 1 and all(word in _HEADINGS for word in words)


def _text(page: Page) -> Parsed:
    fields = Fields(_COLUMNS)
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    module: _Module | None = None
    for line in page.lines:
        if head := _HEAD.fullmatch(line.text):
            record: Record = {"line": line.number, "interface": head["interface"]}
            module = _Module(record, fields)
            records.append(record)
            if head["presence"] and not fields.put(record, "transceiver", head["presence"]):
                unparsed.append(line.unparsed())
        elif _OTHER_HEAD.fullmatch(line.text):
            module = None
            unparsed.append(line.unparsed())
        elif module is None or not module.line(line):
            unparsed.append(line.unparsed())
    known = sum(len(record) - 2 for record in records)
    if not any("present" in record for record in records) or len(unparsed) > known:
        raise refusal(page, "no transceiver that is present or not")
    return Parsed(tuple(records), tuple(unparsed))


_OF_LANES: Final[Mapping[str, tuple[str, str]]] = {
    **{
        f"{prefix}{key}": (name, field)
        for prefix, name in (
            ("temp", "temperature_c"), ("volt", "voltage_v"), ("current", "current_ma"), ("tx_pwr", "tx_power_dbm"),
            ("rx_pwr", "rx_power_dbm"),
        )
        for key, field in (
            ("_flag", "flag"), ("_alrm_hi", "high_alarm"), ("_alrm_lo", "low_alarm"), ("_warn_hi", "high_warning"),
            ("_warn_lo", "low_warning"),
        )
    },
    "temperature": ("temperature_c", "value"),
    "voltage": ("voltage_v", "value"),
    "current": ("current_ma", "value"),
    "tx_pwr": ("tx_power_dbm", "value"),
    "rx_pwr": ("rx_power_dbm", "value"),
}  # fmt: skip
"""Members of a row of lanes: which field of which monitor they are."""


def _tree(tree: Tree) -> list[Record]:
    fields = Fields((column("interface", "interface", VERBATIM), *_COLUMNS))
    if not any(row.has("sfp") or row.has("transceiver") for row in tree.top.rows("interface")):
        raise missing(tree, "interface whose rows have sfp")
    records: list[Record] = []
    for row in tree.top.rows("interface"):
        record = fields.of_node(tree, row, {"line": row.line})
        nested_strangers(tree, row, "TABLE_lane", "TABLE_calib")
        lanes = [*row.rows("lane"), *(lane for calibration in row.rows("calib") for lane in calibration.rows("lane"))]
        if lanes:
            record["lanes"] = [_lane_of(tree, lane, at) for at, lane in enumerate(lanes, 1)]
        if "interface" not in record or "present" not in record:
            tree.not_understood(row)
            continue
        records.append(record)
    return records


def _lane_of(tree: Tree, node: Node, at: int) -> Record:
    lane: Record = {"line": node.line, "lane": at}
    for one in node.below:
        text = one.text.strip()
        if one.name in ("lane_number", "lnum") and text.isdecimal():
            lane["lane"] = int(text)
        elif one.name == "xmit_faults" and (text.isdecimal() or untold(text)):
            lane["transmit_faults"] = int(text) if text.isdecimal() else None
        elif place := _OF_LANES.get(one.name):
            monitor = lane.setdefault(place[0], {"line": one.line, "value": None})
            assert isinstance(monitor, dict)
            if place[1] == "flag" and (text in _FLAGS or not text):
                monitor["flag"] = _FLAGS.get(text)
            elif place[1] != "flag" and (untold(text) or decimal(text) is not None):
                monitor[place[1]] = None if untold(text) else decimal(text)
            else:
                tree.not_understood(one)
        else:
            tree.not_understood(one)
    return lane


TRANSCEIVER: Final = Answer(
    _text,
    _tree,
    {
        "interface": {"type": "string"},
        **fields_of(_COLUMNS),
        "nominal_bitrate_per_channel": {"type": "boolean"},
        "lanes": LANES,
    },
    ("interface",),
)
