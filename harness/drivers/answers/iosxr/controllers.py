"""``show controllers`` of a port of IOS-XR: how it operates, and with ``phy`` the memory of its module."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from ..cells import DECIMAL_OR_NULL, INTEGER_OR_NULL, SPEED, TEXT_OR_NULL, Json, Kind, Record, Schema, decimal
from ..cells import integer as whole
from ..labels import Labels, label_fields, label_of, slug
from ..tables import Column, column
from ..text import Line, Page, Parsed, Unparsed, properties
from .lines import (
    COUNT,
    GAP,
    LISTED,
    RULE,
    SAID,
    STATE,
    WORDS,
    body_of,
    columns_of,
    listed,
    measured,
    nothing,
    optional,
    record_at,
    refused,
    table_of,
)

_OPERATION: Final = re.compile(r"Operational data for interface (\S+?):")
_MEMORY: Final = re.compile(r"PHY data for interface: *(\S+)")

_ELSE: Final = re.compile(r"(?!Priority flow control)[A-Z][\w ]{2,60} for interface \S.*:", re.IGNORECASE)
"""What ``show controllers .. all`` goes on with, of whichever port: its management, its statistics."""

LEVELS: Final = table_of(
    {f"{side}_{grade}": DECIMAL_OR_NULL for side in ("high", "low") for grade in ("alarm", "warning")}
)
"""The four thresholds of a monitor."""


def _mac(text: str) -> tuple[Json, ...] | None:
    return (text.strip().lower(),) if re.fullmatch(r"(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}", text.strip()) else None


MAC: Final = Kind("MAC address", (TEXT_OR_NULL,), lambda t: (None,) if nothing(t) else _mac(t))
_DOWN: Final = re.compile(r"(\S.*?)(?: \(Reason: (.+)\))?")


def _oper(text: str) -> tuple[Json, ...] | None:
    found = _DOWN.fullmatch(text.strip())
    return (found[1].lower(), found[2]) if found else None


OPER: Final = Kind("state, and why", (TEXT_OR_NULL, TEXT_OR_NULL), _oper)
_COUNTED: Final = re.compile(r"(\d{1,20})(?: +Valid: (True|False))?(?: +Start time: (\S.*))?")


def _counted(text: str) -> tuple[Json, ...] | None:
    """A count with the words behind it: one that the device calls invalid is no count."""
    found = _COUNTED.fullmatch(text.strip())
    if not found:
        return (None, None) if nothing(text) else None
    return (None if found[2] == "False" else int(found[1]), found[3])


COUNTED: Final = Kind("count and when it began", (INTEGER_OR_NULL, TEXT_OR_NULL), _counted)

_OF_OPERATION: Final = (
    column(r"Administrative state", "admin_state", STATE),
    column(r"Operational state", "oper_state oper_reason", OPER),
    column(r"LED state", "led_state", STATE),
    column(r"Media type", "media_type", SAID),
    column(r"Vendor", "vendor_name", SAID),
    column(r"Part number", "vendor_pn", SAID),
    column(r"Serial number", "vendor_sn", SAID),
    column(r"Wavelength", "wavelength_nm", measured("nm")),
    column(r"Transceiver Temp", "temperature_c", measured("C")),
    column(r"Transceiver Voltage", "voltage_v", measured("V")),
    column(r"Corrected Codeword Count", "fec_corrected_codewords fec_corrected_since", COUNTED),
    column(r"Uncorrected Codeword Count", "fec_uncorrected_codewords fec_uncorrected_since", COUNTED),
    column(r"Total BIP errors", "pcs_bip_errors pcs_bip_since", COUNTED),
    column(r"Total frame errors", "pcs_frame_errors pcs_frame_since", COUNTED),
    column(r"Total Bad SH", "pcs_bad_sync_headers pcs_bad_sync_since", COUNTED),
    column(r"Pre[- ]?FEC BER", "pre_fec_ber", measured()),
    column(r"Post[- ]?FEC BER", "post_fec_ber", measured()),
    column(r"Operational address", "mac", MAC),
    column(r"Burnt-in address", "burnt_in_mac", MAC),
    column(r"Total Rx PFC Frames", "pfc_rx_frames", COUNT),
    column(r"Total Tx PFC Frames", "pfc_tx_frames", COUNT),
    column(r"Total Rx Dropped Data Frames", "pfc_rx_dropped_frames", COUNT),
    column(r"PFC Watchdog", "watchdog_state", STATE),
    column(r"Speed", "speed_mbps", optional(SPEED)),
    column(r"Duplex", "duplex", STATE),
    column(r"Flowcontrol", "flow_control", STATE),
    column(r"Priority flow control", "pfc_operation", STATE),
    column(r"Loopback", "loopback", STATE),
    column(r"MTU", "mtu", COUNT),
    column(r"MRU", "mru", COUNT),
    column(r"Inter-packet gap", "inter_packet_gap", STATE),
    column(r"Forward error correction", "fec", STATE),
    column(r"Signal Degrade", "signal_degrade", SAID),
    column(r"Signal Fail", "signal_fail", SAID),
    column(r"Carrier delay \(up\)", "carrier_delay_up_ms", optional(measured("ms"))),
    column(r"Carrier delay \(down\)", "carrier_delay_down_ms", optional(measured("ms"))),
)
_TITLES: Final = re.compile(
    r"State:|Phy:|Optics:|Digital Optical Monitoring:|Alarms key: .*|\([HL]\) Alarm .*|Statistics:|FEC:|PCS:"
    r"|MAC address information:|Priority Flow Control:|Priority flow control information for interface \S+"
    r"|Priority flow control watchdog (?:configuration|statistics|state machine state):|\(D\) : Default value"
    r"|U : Unconfigured|SAR: Auto restore and shutdown|[DMSR] - .*|Operational values:|BER monitoring:",
    re.IGNORECASE,
)
_AUTONEG: Final = re.compile(r"Autonegotiation (enabled|disabled)[.:]?", re.IGNORECASE)
_FILTER: Final = re.compile(
    r"No unicast addresses in filter|Operating in multicast (promiscuous|filtered?|filtering) mode"
)
_ABSENT: Final = re.compile(r"No optics present|Optics not present", re.IGNORECASE)

_LIGHT: Final[Mapping[str, tuple[str, ...]]] = {
    "wavelength": ("wavelength_nm",),
    "tx power": ("tx_power_dbm", "tx_power_mw"),
    "rx power": ("rx_power_dbm", "rx_power_mw"),
    "laser bias": ("bias_ma",),
}
"""The columns of light by the heading above their units."""

_UNITS: Final = re.compile(r"Lane(?: +\(\w+\))+")
_LANE: Final = re.compile(r"(\d{1,2})((?: +\S+){2,12})")
_MARKED: Final = re.compile(r"([+-]?[\d.]+|[+-]?inf|n/a)(?:\(?([HhLl])\)?)?", re.IGNORECASE)
_MARKS: Final = {"H": "high_alarm", "h": "high_warning", "L": "low_alarm", "l": "low_warning"}
_MONITORS: Final = {
    "transceiver temp (c)": "temperature_c", "transceiver voltage (v)": "voltage_v", "laser bias (ma)": "tx_bias_ma",
    "transmit power (mw)": "tx_power_mw", "transmit power (dbm)": "tx_power_dbm", "receive power (mw)": "rx_power_mw",
    "receive power (dbm)": "rx_power_dbm",
}  # fmt: skip
_GRADES: Final = re.compile(r"Alarm((?: +(?:Alarm|Warning))+)")
_SIDES: Final = re.compile(r"Thresholds((?: +(?:High|Low))+)")
_COS: Final = re.compile(r"CoS +Status +(.+)", re.IGNORECASE)
_COS_COLUMNS: Final = {
    "rx pfc frames": "rx_frames",
    "tx pfc frames": "tx_frames",
    "rx frames": "rx_frames",
    "tx frames": "tx_frames",
}
_ITEMS: Final = re.compile(r"Configuration Item +Global +Interface +Effective", re.IGNORECASE)
_ITEM: Final = re.compile(r"(\S.*?) *: +(\S+) +(\S+) +(\S+)")
_CLASSES: Final = re.compile(r"Traffic Class *:((?: +\d)+)")
_PER_CLASS: Final = re.compile(r"(\S.*?) *:((?: +(?:\d{1,20}|-|n/a))+)")
_MACHINE: Final = re.compile(r"Watchdog SM state *: *Traffic Class")
_STATES: Final = {"D": "disabled", "M": "monitoring", "S": "waiting for shutdown", "R": "waiting to restore", "-": None}

_LANES: Final = listed(
    table_of(
        {
            "lane": {"type": "integer"},
            "temperature_c": DECIMAL_OR_NULL,
            **{name: DECIMAL_OR_NULL for names in _LIGHT.values() for name in names},
            "alarms": table_of({}, open_to={"enum": list(_MARKS.values())}),
        }
    )
)


@dataclass(slots=True)
class _Reading:
    """A port as its lines are read: which table they stand in, and what its head said."""

    record: Record
    light: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    counts: tuple[str, ...] | None = None
    items: bool = False
    classes: tuple[str, ...] = ()
    machine: tuple[str, ...] | None = None
    alarms: bool = False
    dump: _Dump | None = None
    levels: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    lost: bool = False
    """The head of another port is missing: lines that were there before belong to nobody."""


@dataclass(slots=True)
class _Dump:
    """Bytes as they come: where they belong, and where the first one stands."""

    place: Record
    begin: int
    data: bytearray = field(default_factory=bytearray)


class Ports:
    """A record per port."""

    def read(self, page: Page) -> Parsed:
        found: list[_Reading] = []
        unparsed: list[Unparsed] = []
        operation, memory = Labels(_OF_OPERATION), Labels(_OF_MEMORY)
        read: Callable[[_Reading, Line], bool] = lambda reading, line: False  # noqa: E731
        for line in body_of(page):
            text = line.text.strip()
            if head := (_OPERATION.fullmatch(text) or _MEMORY.fullmatch(text)):
                of_memory = text.startswith("PHY")
                found.append(_Reading(record_at(line, interface=head[1], about="memory" if of_memory else "operation")))
                read = _Stored(memory).read if of_memory else _Operating(operation).read
            elif found and _ELSE.fullmatch(text):
                found[-1].lost = True
                unparsed.append(line.unparsed())
            elif not found or found[-1].lost or not (RULE.fullmatch(text) or read(found[-1], line)):
                unparsed.append(line.unparsed())
        if not found:
            raise refused(page, "no port of which this would be the operation or the memory")
        return Parsed(tuple(reading.record for reading in found), tuple(unparsed))

    def schema(self) -> Schema:
        counts = table_of({}, open_to=INTEGER_OR_NULL)
        item = table_of(
            {**dict.fromkeys(("global", "interface", "effective"), TEXT_OR_NULL), "default": {"type": "boolean"}}
        )
        priority = table_of(
            {
                "priority": {"type": "integer"},
                "status": TEXT_OR_NULL,
                "rx_frames": INTEGER_OR_NULL,
                "tx_frames": INTEGER_OR_NULL,
            }
        )
        fields: dict[str, Schema] = {
            "interface": {"type": "string"},
            "about": {"enum": ["operation", "memory"]},
            **label_fields(_OF_OPERATION),
            **label_fields(_OF_MEMORY),
            "optics_present": {"type": "boolean"},
            "lanes": _LANES,
            "dom_alarms": WORDS,
            "thresholds": table_of({}, open_to=LEVELS),
            "auto_negotiation": {"type": "boolean"},
            "multicast_promiscuous": {"type": "boolean"},
            "pfc_priorities": listed(priority),
            "watchdog": table_of({}, open_to=item),
            "watchdog_counters": table_of({}, open_to=counts),
            "watchdog_states": table_of({}, open_to=TEXT_OR_NULL),
            "eeprom": {"enum": ["QSFP", "SFP", "QSFP-DD", "OSFP", "CFP", None]},
            "port_number": INTEGER_OR_NULL,
            "memory": listed(PIECE),
            "lengths_m": table_of({}, open_to=INTEGER_OR_NULL),
            "tx_power_mw": DECIMAL_OR_NULL,
            "tx_power_dbm": DECIMAL_OR_NULL,
            "rx_power_mw": DECIMAL_OR_NULL,
            "rx_power_dbm": DECIMAL_OR_NULL,
        }
        return properties(fields, ["interface", "about"])


# --- how a port operates ------------------------------------------------------------------------------------------


class _Operating:
    """Lines below ``Operational data for interface``."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def read(self, port: _Reading, line: Line) -> bool:
        text = line.text.strip()
        record = port.record
        for table in (self._light, self._limits, self._priorities, self._watchdog):
            if table(port, text):
                return True
        if _TITLES.fullmatch(text):
            port.alarms = False
            return True
        if said := _AUTONEG.fullmatch(text):
            return _once(record, "auto_negotiation", said[1].lower() == "enabled")
        if said := _FILTER.fullmatch(text):
            if said[1]:
                record["multicast_promiscuous"] = said[1] == "promiscuous"
            return True
        if _ABSENT.fullmatch(text):
            return _once(record, "optics_present", value=False)
        if text == "DOM alarms:":
            port.alarms = True
            return _once(record, "dom_alarms", [])
        known = label_of(text)
        if known is None:
            alarms = record.get("dom_alarms")
            if port.alarms and isinstance(alarms, list):
                alarms.extend([] if text == "No alarms" else [text])
                return True
            return False
        again = any(
            one.heading.fullmatch(known[0]) and any(name in record for name in one.fields) for one in _OF_OPERATION
        )
        port.lost = again
        port.alarms = False
        return not again and self.labels.put(record, *known)

    @staticmethod
    def _light(port: _Reading, text: str) -> bool:
        headings = GAP.split(text)
        if headings[0].casefold() == "wavelength" and all(heading.casefold() in _LIGHT for heading in headings):
            port.light = tuple(name for heading in headings for name in _LIGHT[heading.casefold()])
            return _once(port.record, "lanes", [])
        lanes = port.record.get("lanes")
        if not port.light or not isinstance(lanes, list):
            return False
        if _UNITS.fullmatch(text):
            return True
        row = _LANE.fullmatch(text)
        cells = [_MARKED.fullmatch(cell) for cell in row[2].split()] if row else []
        if row is None or len(cells) != len(port.light):
            return False
        lane: Record = {"lane": int(row[1])}
        alarms: Record = {}
        for name, cell in zip(port.light, cells, strict=True):
            if cell is None:
                return False
            lane[name] = None if nothing(cell[1]) else decimal(cell[1])
            if cell[2]:
                alarms[name] = _MARKS[cell[2]]
        lanes.append({**lane, **({"alarms": alarms} if alarms else {})})
        return True

    @staticmethod
    def _limits(port: _Reading, text: str) -> bool:
        if found := _GRADES.fullmatch(text):
            port.grades = tuple(found[1].lower().split())
            return True
        if port.grades and (found := _SIDES.fullmatch(text)):
            port.sides = tuple(found[1].lower().split())
            return len(port.sides) == len(port.grades) and _once(port.record, "thresholds", {})
        label, colon, values = text.partition("):")
        name = _MONITORS.get(f"{label})".casefold()) if colon else None
        limits = port.record.get("thresholds")
        cells = [None if nothing(cell) else decimal(cell) for cell in values.split()]
        if not name or not isinstance(limits, dict) or name in limits or len(cells) != len(port.sides):
            return False
        if any(cell is None and not nothing(word) for cell, word in zip(cells, values.split(), strict=True)):
            return False
        names = [f"{side}_{grade}" for side, grade in zip(port.sides, port.grades, strict=True)]
        limits[name] = dict(zip(names, cells, strict=True))
        return True

    @staticmethod
    def _priorities(port: _Reading, text: str) -> bool:
        if found := _COS.fullmatch(text):
            names = [_COS_COLUMNS.get(heading.casefold()) for heading in GAP.split(found[1].strip())]
            if None in names:
                return False
            port.counts = tuple(name for name in names if name)
            return _once(port.record, "pfc_priorities", [])
        rows = port.record.get("pfc_priorities")
        cells = text.split()
        if port.counts is None or not isinstance(rows, list) or len(cells) != len(port.counts) + 2:
            return False
        if not re.fullmatch(r"[0-7]", cells[0]) or cells[1].lower() not in ("on", "off"):
            return False
        counts = [whole(cell) for cell in cells[2:]]
        if any(count is None and not nothing(cell) for count, cell in zip(counts, cells[2:], strict=True)):
            return False
        rows.append(
            {"priority": int(cells[0]), "status": cells[1].lower(), **dict(zip(port.counts, counts, strict=True))}
        )
        return True

    @staticmethod
    def _watchdog(port: _Reading, text: str) -> bool:
        record = port.record
        if _ITEMS.fullmatch(text):
            port.items = True
            return _once(record, "watchdog", {})
        if found := _CLASSES.fullmatch(text):
            port.items, port.classes = False, tuple(found[1].split())
            return _once(record, "watchdog_counters", {})
        if _MACHINE.fullmatch(text):
            port.classes, port.machine = (), ()
            return _once(record, "watchdog_states", {})
        if port.machine == () and re.fullmatch(r"\d(?: \d)*", text):
            port.machine = tuple(text.split())
            return True
        states = record.get("watchdog_states")
        if port.machine and isinstance(states, dict) and len(text.split()) == len(port.machine):
            if any(word not in _STATES for word in text.split()):
                return False
            states |= {number: _STATES[word] for number, word in zip(port.machine, text.split(), strict=True)}
            port.machine = None
            return True
        items = record.get("watchdog")
        if port.items and isinstance(items, dict) and (found := _ITEM.fullmatch(text)):
            effective = found[4].removesuffix("(D)")
            values = {"global": _set(found[2]), "interface": _set(found[3]), "effective": _set(effective)}
            return _once(items, slug(found[1].removeprefix("PFC ")), {**values, "default": found[4].endswith("(D)")})
        counters = record.get("watchdog_counters")
        if port.classes and isinstance(counters, dict) and (found := _PER_CLASS.fullmatch(text)):
            counts = [whole(word) for word in found[2].split()]
            return len(counts) == len(port.classes) and _once(
                counters, slug(found[1]), dict(zip(port.classes, counts, strict=True))
            )
        return False


def _set(text: str) -> Json:
    """A setting; ``U`` is one that nobody made."""
    return None if text in ("U", "-") else text.lower()


def _once(record: Record, name: str, value: Json) -> bool:
    """Write a field; false where it is there already."""
    if name in record:
        return False
    record[name] = value
    return True


# --- the memory of a module ---------------------------------------------------------------------------------------

PIECE: Final = table_of(
    {
        "line": {"type": "integer"},
        "address": {"enum": ["a0", "a2", None]},
        "page": {"type": "integer"},
        "half": {"enum": ["lower", "upper"]},
        "offset": {"type": "integer"},
        "data": {"type": "string", "pattern": "^([0-9a-f]{2})*$"},
    }
)
"""Bytes of a module's memory in one piece; ``address`` is the device address of an SFP."""


def _revised(text: str) -> tuple[Json, ...] | None:
    found = re.fullmatch(r"(.*?) *\((?:rev|ver)\.: *(.*?) *\)", text.strip())
    if found is None:
        return (None if nothing(text) else text.strip(), None)
    return (None if nothing(found[1]) else found[1], found[2] or None)


def _dated(text: str) -> tuple[Json, ...] | None:
    found = re.fullmatch(r"(\S*?) *(?:lot code: *(\S*))?", text.strip())
    return (found[1] or None, found[2] or None) if found else None


def _lengths(text: str) -> tuple[Json, ...] | None:
    parts = [part.strip() for part in f"SMF: {text}".split(",")]
    found = [re.fullmatch(r"(.+?): *(\d+)(KM|M)", part) for part in parts]
    if any(one is None for one in found):
        return None
    return ({slug(one[1]): int(one[2]) * (1000 if one[3] == "KM" else 1) for one in found if one},)


def _waved(text: str) -> tuple[Json, ...] | None:
    found = re.fullmatch(r"([\d.]+) nm(?: \(fraction: ([\d.]+) nm\))?", text.strip())
    return (decimal(found[1]), decimal(found[2]) if found[2] else None) if found else None


_POWER: Final = re.compile(r"([+-]?[\d.]+) mW \((<?) ?([+-]?(?:[\d.]+|inf)) dBm\)", re.IGNORECASE)


def _power(text: str) -> tuple[Json, ...] | None:
    found = _POWER.fullmatch(text.strip())
    return (decimal(found[1]), "-inf" if found[2] else decimal(found[3])) if found else None


REVISED: Final = Kind("text and its revision", (TEXT_OR_NULL, TEXT_OR_NULL), _revised)
DATED: Final = Kind("date and lot", (TEXT_OR_NULL, TEXT_OR_NULL), _dated)
LENGTHS: Final = Kind("lengths", (table_of({}, open_to=INTEGER_OR_NULL),), _lengths)
WAVED: Final = Kind("wavelength and its fraction", (DECIMAL_OR_NULL, DECIMAL_OR_NULL), _waved)
POWER: Final = Kind("power in mW and in dBm", (DECIMAL_OR_NULL, DECIMAL_OR_NULL), _power)
_REACH: Final = re.compile(r"Link Reach (.+)")

_OF_MEMORY: Final[tuple[Column, ...]] = (
    column(r"Xcvr Type", "xcvr_type", SAID),
    column(r"Xcvr Code", "xcvr_code", SAID),
    column(r"Ext Type", "extended_type", LISTED),
    column(r"Connector Type", "connector", SAID),
    column(r"(?:Ethernet|Sonet|SONET) Compliance Codes", "compliance_codes", LISTED),
    column(r"Encoding", "encoding", LISTED),
    column(r"BR, nominal|Bit Rate", "bit_rate_mbps", measured("Mbps")),
    column(r"Length SMF", "lengths_m", LENGTHS),
    column(r"Device Tech", "device_technology", LISTED),
    column(r"Vendor Name", "vendor_name", SAID),
    column(r"Vendor OUI", "vendor_oui", SAID),
    column(r"Vendor Part Number", "vendor_pn vendor_rev", REVISED),
    column(r"Wavelength", "wavelength_nm", measured("nm")),
    column(r"Wavelength Tolerance", "wavelength_tolerance_nm", measured("nm")),
    column(r"Laser wavelength", "wavelength_nm wavelength_fraction_nm", WAVED),
    column(r"Vendor Serial Number", "vendor_sn", SAID),
    column(r"Date Code \(yy/mm/dd\)", "date_code lot_code", DATED),
    column(r"Diagnostic Monitoring(?: Type)?", "diagnostic_monitoring", LISTED),
    column(r"Enhanced Options", "enhanced_options", LISTED),
    column(r"Extended Module Codes", "extended_module_codes", LISTED),
    column(r"Options|Optional SFP Signal", "options", LISTED),
    column(r"L-Tx/Rx LOS", "latched_los", LISTED),
    column(r"L-Tx Fault", "latched_tx_fault", LISTED),
    column(r"Module DDM", "module_monitors", LISTED),
    column(r"CLEI Code", "clei_code", SAID),
    column(r"Part Number", "cisco_pn cisco_version", REVISED),
    column(r"Product Id", "pid", SAID),
    column(r"Temp/Alarm/Power Flags", "cisco_flags", LISTED),
    column(r"Minimum Temperature", "minimum_temperature_c", measured("C")),
    column(r"Maximum Temperature", "maximum_temperature_c", measured("C")),
    column(r"Calibration Constants", "calibration_constants", LISTED),
    column(r"Temperature", "temperature_c", measured("C")),
    column(r"Voltage", "voltage_v", measured("Volt", "V")),
    column(r"Tx Bias", "tx_bias_ma", measured("mAmps", "mA")),
    column(r"Tx Power", "tx_power_mw tx_power_dbm", POWER),
    column(r"Rx Power", "rx_power_mw rx_power_dbm", POWER),
    column(r"Oper\. Status/Control", "operation_flags", LISTED),
)


class _Stored:
    """Lines below ``PHY data for interface``."""

    NONE: ClassVar = re.compile(r"(QSFP|SFP|QSFP-DD|OSFP|CFP)\S* #(\d+) is not present\.?")
    HEAD: ClassVar = re.compile(r"(QSFP|SFP|QSFP-DD|OSFP|CFP)\S* EEPROM +port: *(\d+)")
    REGION: ClassVar = re.compile(
        r"(?:MSA Data|EEPROM Memory)"
        r"(?: \((?:(?P<a2>A2) )?(?P<half>lower|upper)(?: Memory)?(?: Page (?P<page>[0-9a-fA-F]{1,2}))?\))?",
        re.IGNORECASE,
    )
    BYTES: ClassVar = re.compile(r"0x([0-9a-fA-F]{4}):((?: [0-9a-fA-F]{2}){1,8})(?: :((?: [0-9a-fA-F]{2}){1,8}))?")
    LEVELS: ClassVar = re.compile(r"Thresholds:((?: +(?:Alarm|Warning) (?:High|Low))+)")
    LEVEL: ClassVar = re.compile(
        r"([+-]?[\d.]+) (?:C|Volt|mAmps)(?=\s|$)|([+-]?[\d.]+) mW \((<?) ?([+-]?(?:[\d.]+|inf)) dBm\)", re.IGNORECASE
    )
    MONITORED: ClassVar = {
        "temperature": ("temperature_c",), "voltage": ("voltage_v",), "bias": ("tx_bias_ma",),
        "transmit power": ("tx_power_mw", "tx_power_dbm"), "receive power": ("rx_power_mw", "rx_power_dbm"),
    }  # fmt: skip
    LANES: ClassVar = {
        "lane": "lane", "temp": "temperature", "bias": "bias", "tx power": "tx_power", "rx power": "rx_power",
    }  # fmt: skip

    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def read(self, port: _Reading, line: Line) -> bool:
        text = line.text.strip()
        record = port.record
        if row := self.BYTES.fullmatch(text):
            return self._bytes(port, line, row)
        if region := self.REGION.fullmatch(text):
            port.dump = _Dump(self._place(region), -1)
            return True
        if none := self.NONE.fullmatch(text):
            record |= {"eeprom": none[1].upper(), "port_number": int(none[2])}
            return _once(record, "optics_present", value=False)
        if head := self.HEAD.fullmatch(text):
            record |= {"port_number": int(head[2]), "optics_present": True}
            return _once(record, "eeprom", head[1].upper())
        if found := self.LEVELS.fullmatch(text):
            words = re.findall(r"(Alarm|Warning) (High|Low)", found[1])
            port.levels = tuple(f"{side}_{grade}".lower() for grade, side in words)
            record.setdefault("thresholds", {})
            return True
        if text in ("Module", "Lanes"):
            return True
        if self._level(port, text) or self._lane(port, line.text):
            return True
        known = label_of(text)
        if known is None:
            return False
        if reach := _REACH.fullmatch(known[0]):
            return self._reach(record, reach[1], known[1])
        port.lost = any(one.heading.fullmatch(known[0]) and one.fields[0] in record for one in _OF_MEMORY)
        return not port.lost and self.labels.put(record, *known)

    @staticmethod
    def _place(region: re.Match[str]) -> Record:
        """Where the bytes below a title belong: an SFP has two addresses, of which A0h goes without saying."""
        half = (region["half"] or "lower").lower()
        sfp = bool(region["a2"]) or region["half"] is None
        address: Json = ("a2" if region["a2"] else "a0") if sfp else None
        return {
            "address": address,
            "page": int(region["page"] or "0", 16),
            "half": half,
            "offset": 128 * (half == "upper"),
        }

    @staticmethod
    def _bytes(port: _Reading, line: Line, row: re.Match[str]) -> bool:
        dump = port.dump
        at = int(row[1], 16)
        if dump is None or (dump.data and at != dump.begin + len(dump.data)) or len(dump.data) >= 256:
            port.dump = None  # a row is missing: what follows cannot be placed
            return False
        pieces = port.record.setdefault("memory", [])
        if not isinstance(pieces, list):
            return False
        if not dump.data:
            if at % 128:
                port.dump = None
                return False
            dump.begin = at
            pieces.append({"line": line.number, **dump.place, "data": ""})
        elif len(dump.data) == 128:  # a dump may go on into the upper half
            pieces.append({"line": line.number, **dump.place, "half": "upper", "offset": 128, "data": ""})
        data = bytes.fromhex(row[2] + (row[3] or ""))
        dump.data += data
        piece = pieces[-1]
        if isinstance(piece, dict):
            piece["data"] = f"{piece['data']}{data.hex()}"
        return True

    def _level(self, port: _Reading, text: str) -> bool:
        label, _, rest = text.partition(":")
        names = self.MONITORED.get(label.casefold())
        found = list(self.LEVEL.finditer(rest))
        limits = port.record.get("thresholds")
        if (
            not names
            or not port.levels
            or len(found) != len(port.levels)
            or not isinstance(limits, dict)
            or names[0] in limits
        ):
            return False
        for name in names:
            limits[name] = {
                level: (
                    decimal(one[1] or one[2])
                    if not name.endswith("dbm")
                    else "-inf" if one[3] else decimal(one[4] or "")
                )
                for level, one in zip(port.levels, found, strict=True)
            }  # fmt: skip
        return True

    def _lane(self, port: _Reading, text: str) -> bool:
        if (head := columns_of(text, self.LANES)) and head[0][1] == "lane":
            port.monitors = tuple(name for _, name in head)
            return _once(port.record, "lanes", [])
        lanes = port.record.get("lanes")
        cells = GAP.split(text.strip())
        if not port.monitors or not isinstance(lanes, list) or len(cells) != len(port.monitors):
            return False
        lane: Record = {}
        for name, cell in zip(port.monitors, cells, strict=True):
            values = _CELLS[name].read(cell)
            if values is None:
                return False
            lane |= dict(zip(_FIELDS[name], values, strict=True))
        lanes.append(lane)
        return True

    @staticmethod
    def _reach(record: Record, over: str, text: str) -> bool:
        found = re.fullmatch(r"(\d+) meter", text)
        lengths = record.setdefault("lengths_m", {})
        if found is None or not isinstance(lengths, dict):
            return False
        return _once(lengths, slug(over), int(found[1]))


_CELLS: Final[Mapping[str, Kind]] = {
    "lane": COUNT,
    "temperature": measured("C"),
    "bias": measured("mAmps", "mA"),
    "tx_power": Kind("power", POWER.schemas, lambda t: (None, None) if nothing(t) else _power(t)),
    "rx_power": Kind("power", POWER.schemas, lambda t: (None, None) if nothing(t) else _power(t)),
}
_FIELDS: Final[Mapping[str, Sequence[str]]] = {
    "lane": ("lane",),
    "temperature": ("temperature_c",),
    "bias": ("bias_ma",),
    "tx_power": ("tx_power_mw", "tx_power_dbm"),
    "rx_power": ("rx_power_mw", "rx_power_dbm"),
}

PORTS: Final = Ports()
