"""What mlxlink answers: JSON and text, of Ethernet and InfiniBand ports, of NICs and of switches.

Sections and names follow the tool's own source (mstflint 4.2x to 4.34, ``mlxlink/modules``); JSON of MFT 4.34.1 and
text of MFT 4.22 to 4.30 that people published were tried too.  ``--show_device`` is from the documentation.  In JSON
every value is a text, a list is ``{"values": [..]}`` and a mask has its values beside it; text has the same in one
line, so that it becomes the same sections first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..cells import (
    BOOLEAN_OR_NULL,
    DECIMAL,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    TEXT_OR_NULL,
    Json,
    Record,
    Schema,
    absent,
    decimal,
    integer,
    speed_mbps,
)
from ..entry import (
    OTHER,
    TEXTS,
    Entry,
    Object,
    Reader,
    json_of,
    list_in,
    number_in,
    object_in,
    refusal,
    text_in,
    unknown_in,
)
from ..labels import label_of
from ..text import NotThis, Page, Parsed, Unparsed, shortened

_Fields = Mapping[str, tuple[str, str]]

_FIELDS: Final[Mapping[str, _Fields]] = {
    "Operational Info": {
        "State": ("state", "text"),
        "Physical state": ("physical_state", "text"),
        "Speed": ("speed", "link_speed"),
        "Width": ("lanes", "width"),
        "FEC": ("fec", "text"),
        "Loopback Mode": ("loopback", "text"),
        "Auto Negotiation": ("autoneg", "text"),
        "Primary/Secondary": ("primary", "text"),
        "Tx Precoding Status": ("tx_precoding", "text"),
        "Rx Precoding Status": ("rx_precoding", "text"),
    },
    "Port Info": {"Label Port": ("label_port", "text"), "Local Port": ("local_port", "integer")},
    "Host Class Info": {
        "Local Host Class": ("local_host_class", "text"),
        "Remote Host Class": ("remote_host_class", "text"),
    },
    "CPO Info": {
        "ELS Index": ("els_index", "integers"),
        "ELS Lane Index": ("els_lanes", "integers"),
        "OE Index": ("oe_index", "integers"),
        "OE Lane Index": ("oe_lanes", "integers"),
    },
    "Supported Info": {
        "Enabled Link Speed": ("enabled_speeds", "mask"),
        "Enabled Link Speed (Ext.)": ("enabled_speeds", "mask"),
        "Supported Cable Speed": ("cable_speeds", "mask"),
        "Supported Cable Speed (Ext.)": ("cable_speeds", "mask"),
    },
    "Troubleshooting Info": {
        "Status Opcode": ("status_opcode", "integer"),
        "Group Opcode": ("group_opcode", "text"),
        "Recommendation": ("recommendation", "text"),
        "Time to Link Up": ("time_to_link_up", "text"),
        "Time to Link Up [msec]": ("time_to_link_up", "text"),
    },
    "Tool Information": {
        "Firmware Version": ("firmware_version", "text"),
        "amBER Version": ("amber_version", "text"),
        "MFT Version": ("tool_version", "text"),
        "mstflint Version": ("tool_version", "text"),
        "BKV Version": ("bkv_version", "text"),
    },
    "Physical Counters and BER Info": {
        "Time Since Last Clear [Min]": ("minutes_since_clear", "decimal"),
        "Symbol Errors": ("symbol_errors", "integer"),
        "Symbol BER": ("symbol_ber", "ber"),
        "Effective Physical Errors": ("effective_errors", "integer"),
        "Effective Physical BER": ("effective_ber", "ber"),
        "Raw Physical Errors Per Lane": ("raw_errors", "integers"),
        "Raw Physical BER": ("raw_ber", "ber"),
        "Raw Physical BER Per Lane": ("raw_lane_ber", "bers"),
        "Link Down Counter": ("link_downs", "integer"),
        "Link Error Recovery Counter": ("link_recoveries", "integer"),
    },
    "BER Monitor Info": {
        "BER Monitor State": ("ber_monitor_state", "text"),
        "BER Monitor Type": ("ber_monitor_type", "text"),
    },
    "EYE Opening Info": {
        "FOM Mode": ("fom_mode", "word"),
        "Lane": ("eye_lanes", "integers"),
        "Initial FOM": ("fom_initial", "integers"),
        "Last FOM": ("fom_last", "integers"),
        "Upper Grades": ("eye_upper", "integers"),
        "Mid Grades": ("eye_middle", "integers"),
        "Lower Grades": ("eye_lower", "integers"),
        "Physical Grade": ("eye_grades", "integers"),
        "Height Eye Opening [mV]": ("eye_heights_mv", "integers"),
        "Phase  Eye Opening [psec]": ("eye_widths_ps", "integers"),
        "Phase Eye Opening [psec]": ("eye_widths_ps", "integers"),
    },
    "Device Info": {
        "Part Number": ("device_part_number", "text"),
        "Part Name": ("device_part_name", "text"),
        "Serial Number": ("device_serial_number", "text"),
        "Revision": ("device_revision", "text"),
        "FW Version": ("firmware_version", "text"),
    },
    "Module Info": {
        "Identifier": ("identifier", "text"),
        "Compliance": ("compliance", "text"),
        "Cable Technology": ("cable_technology", "text"),
        "Cable Type": ("cable_type", "text"),
        "OUI": ("vendor_oui", "text"),
        "Vendor Name": ("vendor_name", "text"),
        "Vendor Part Number": ("vendor_part_number", "text"),
        "Vendor Serial Number": ("vendor_serial_number", "text"),
        "Rev": ("vendor_revision", "text"),
        "Wavelength [nm]": ("wavelength_nm", "decimal"),
        "Transfer Distance [m]": ("length_m", "decimal"),
        "FW Version": ("active_firmware", "text"),
        "Digital Diagnostic Monitoring": ("diagnostics", "flag"),
        "Power Class": ("power_class", "text"),
        "MAX Power": ("max_power_w", "leading"),
        "CDR RX": ("rx_cdr", "flags"),
        "CDR TX": ("tx_cdr", "flags"),
        "LOS Alarm": ("los_alarm", "text"),
        "Intra-ASIC Latency [ns]": ("asic_latency_ns", "decimal"),
        "Module Datapath Latency [ns]": ("module_latency_ns", "decimal"),
        "Round Trip Latency [ns]": ("round_trip_ns", "decimal"),
        "IB Cable Width": ("cable_widths", "texts"),
        "Memory Map Revision": ("memory_map_revision", "text"),
        "Linear Direct Drive": ("linear", "flag"),
        "Cable Breakout": ("cable_breakout", "text"),
        "SMF Length": ("smf_length", "text"),
        "Cable Rx AMP": ("rx_amplitude", "text"),
        "Cable Rx Emphasis": ("rx_emphasis", "text"),
        "Cable Rx Emphasis (Pre)": ("rx_emphasis", "text"),
        "Cable Rx Post Emphasis": ("rx_post_emphasis", "text"),
        "Cable Tx Equalization": ("tx_equalization", "text"),
        "Wavelength Tolerance": ("wavelength_tolerance", "text"),
        "Module State": ("module_state", "text"),
        "Nominal bit rate": ("nominal_bit_rate", "text"),
        "Rx Power Type": ("rx_power_type", "text"),
        "Manufacturing Date": ("vendor_date", "text"),
        "Active Set Host Compliance Code": ("host_compliance", "text"),
        "Active Set Media Compliance Code": ("media_compliance", "text"),
        "Error Code Response": ("config_error", "text"),
        "Module FW Fault": ("module_firmware_fault", "flag"),
        "DataPath FW Fault": ("datapath_firmware_fault", "flag"),
        "Temperature [C]": ("temperature_c", "monitor"),
        "Voltage [mV]": ("voltage_mv", "monitor"),
        "Bias Current [mA]": ("tx_bias_ma", "monitors"),
        "Rx Power Current [dBm]": ("rx_power_dbm", "monitors"),
        "Tx Power Current [dBm]": ("tx_power_dbm", "monitors"),
        "SNR Media Lanes [dB]": ("snr_media_db", "monitors"),
        "SNR Host Lanes [dB]": ("snr_host_db", "monitors"),
        "DataPath state [per lane]": ("datapath_states", "texts"),
        "Rx Output Valid [per lane]": ("rx_output_valid", "flags"),
        "Tx Fault [per lane]": ("tx_fault", "flags"),
        "Tx LOS [per lane]": ("tx_los", "flags"),
        "Tx CDR LOL [per lane]": ("tx_cdr_lol", "flags"),
        "Rx LOS [per lane]": ("rx_los", "flags"),
        "Rx CDR LOL [per lane]": ("rx_cdr_lol", "flags"),
        "Tx Adaptive EQ Fault [per lane]": ("tx_eq_fault", "flags"),
    },
}
_PCIE: Final[Mapping[str, _Fields]] = {
    "PCIe Operational (Enabled) Info": {
        "Depth, pcie index, node": ("place", "integers"),
        "Link Speed Active (Enabled)": ("speed", "text"),
        "Link Width Active (Enabled)": ("width", "text"),
        "Device Status": ("status", "text"),
    },
    "Management PCIe Timers Counters Info": {"dl down": ("link_downs", "integer")},
    "Management PCIe Performance Counters Info": {
        "RX Errors": ("rx_errors", "integer"),
        "TX Errors": ("tx_errors", "integer"),
        "CRC Error dllp": ("crc_errors_dllp", "integer"),
        "CRC Error tlp": ("crc_errors_tlp", "integer"),
        "FEC Correctable Error count": ("fec_corrected", "integer"),
        "FEC Uncorrectable Error count": ("fec_uncorrected", "integer"),
        "Effective ber": ("effective_ber", "ber"),
        "First BER (FBER)": ("first_ber", "ber"),
    },
    "EYE Opening Info (PCIe)": _FIELDS["EYE Opening Info"],
}
_SCHEMAS: Final[Mapping[str, Schema]] = {
    "text": TEXT_OR_NULL,
    "word": TEXT_OR_NULL,
    "link_speed": TEXT_OR_NULL,
    "width": INTEGER_OR_NULL,
    "integer": INTEGER_OR_NULL,
    "decimal": DECIMAL_OR_NULL,
    "leading": DECIMAL_OR_NULL,
    "ber": DECIMAL_OR_NULL,
    "flag": BOOLEAN_OR_NULL,
    "monitor": DECIMAL_OR_NULL,
    "integers": {"type": "array", "items": INTEGER_OR_NULL},
    "bers": {"type": "array", "items": DECIMAL_OR_NULL},
    "monitors": {"type": "array", "items": DECIMAL_OR_NULL},
    "texts": {"type": "array", "items": TEXT_OR_NULL},
    "flags": {"type": "array", "items": BOOLEAN_OR_NULL},
    "mask": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"mask": TEXT_OR_NULL, "values": TEXTS},
    },
}
_NO_ERRORS: Final = "15E-255"
"""What mlxlink prints for a BER of which nothing was measured."""

_RANGE: Final = re.compile(r"(.*?)\s*\[\s*([^\[\]]{1,40}?)\s*\.\.\s*([^\[\]]{1,40}?)\s*\]")
_ATTENUATION: Final = re.compile(r"Attenuation \(([\d.g,]{1,40})\) ?\[dB\]")
_ETHERNET: Final = re.compile(r"(?:[A-Za-z]+-)?(\d{1,4}(?:\.\d)?G)(?:b/s|bE)?\b.{0,20}")
_INFINIBAND: Final = re.compile(r"(?:IB-)?(SDR|DDR|QDR|FDR10|FDR|EDR|HDR|NDR|XDR)\b.{0,20}", re.IGNORECASE)
_WORDS: Final = {"0": False, "1": True, "OFF": False, "ON": True, "NO": False, "YES": True}


def _values(value: Json) -> list[Json]:
    values = object_in(value).get("values", value)
    if isinstance(values, str):
        return [part.strip() for part in values.split(",")]
    return list_in(values)


def _ber(value: Json) -> str | None:
    return None if value is None or str(value).upper() == _NO_ERRORS else decimal(str(value))


def _flag(value: Json) -> bool | None:
    return _WORDS.get(str(value).upper())


def _mask(value: Json) -> Json:
    if isinstance(value, dict):
        values = [str(one) for one in list_in(value.get("values")) if not absent(str(one))]
        return {"mask": text_in(value.get("mask")), "values": [*values]}
    found = re.fullmatch(r"(0x[0-9a-fA-F]{1,16}) ?(?:\((.*)\))?", str(value))
    words = re.split(r",\s*(?![^()]*\))", found[2] or "") if found else []
    return {"mask": found[1], "values": [w for w in words if not absent(w)]} if found else None


def _value(kind: str, value: Json) -> Json:
    match kind:
        case "text" | "link_speed":
            return text_in(value)
        case "word":
            return text_in(next(iter(_values(value)), None))
        case "integer":
            return number_in(value)
        case "width":
            return integer(str(value).rstrip("xX"))
        case "decimal" | "monitor":
            return decimal(str(value))
        case "leading":
            found = re.match(DECIMAL, str(value))
            return decimal(found[0]) if found else None
        case "ber":
            return _ber(value)
        case "flag":
            return _flag(value)
        case "mask":
            return _mask(value)
        case "bers":
            return [_ber(item) for item in _values(value)]
        case "integers":
            return [number_in(item) for item in _values(value)]
        case "flags":
            return [_flag(item) for item in _values(value)]
        case "texts":
            return [text_in(item) for item in _values(value)]
        case _:
            return [decimal(str(item)) for item in _values(value)]


def _lost(value: Json, read: Json) -> bool:
    """Whether something was printed that the kind of the field does not know."""
    if isinstance(read, dict):
        return False
    if isinstance(read, list):
        return any(_lost(one, said) for one, said in zip(_values(value), read, strict=False))
    said = isinstance(value, list | dict) or (text_in(value) is not None and str(value).upper() != _NO_ERRORS)
    return read is None and said


class _Sections:
    """The sections of one port, made into a record."""

    def __init__(self, line: int, device: str | None) -> None:
        self.record: Record = {"line": line, "device": device}
        self.other: dict[str, Json] = {}
        self.thresholds: dict[str, Json] = {}

    def add(self, section: str, said: Json) -> None:
        members = object_in(said)
        if section.startswith("Histogram of FEC Errors"):
            self._bins(section, members)
        elif section.startswith("Serdes Tuning Transmitter Info"):
            self._serdes(section, members)
        elif section.startswith("FEC Capability Info"):
            held = {name.removeprefix("FEC Capability ").strip(): _mask(value) for name, value in members.items()}
            self.record["fec_capabilities"] = held
        elif section in _PCIE:
            pcie = object_in(self.record.setdefault("pcie", {}))
            self._fields(section, members, _PCIE[section], pcie)
        else:
            self._fields(section, members, _FIELDS.get(section, {}), self.record)
            if not isinstance(said, dict):
                self.other[section] = said

    def _fields(self, section: str, members: Object, fields: _Fields, into: Record) -> None:
        unknown: dict[str, Json] = {}
        for name, value in members.items():
            if attenuation := _ATTENUATION.fullmatch(name):
                at = attenuation[1].split(",")
                values = _values(value)
                if len(values) == len(at):
                    into["attenuation_db"] = {f: decimal(str(v)) for f, v in zip(at, values, strict=True)}
                elif not absent(str(value)):
                    unknown[name] = value
                continue
            if name not in fields:
                unknown[name] = value
                continue
            key, kind = fields[name]
            if kind.startswith("monitor") and (bounds := _RANGE.fullmatch(str(value))):
                self.thresholds[key] = {"low_alarm": decimal(bounds[2]), "high_alarm": decimal(bounds[3])}
                value = bounds[1]
            into[key] = _value(kind, value)
            if kind == "link_speed":
                ethernet, infiniband = _ETHERNET.fullmatch(str(value)), _INFINIBAND.fullmatch(str(value))
                into["speed_mbps"] = speed_mbps(ethernet[1]) if ethernet else None
                into["infiniband"] = infiniband[1].upper() if infiniband else None
            if _lost(value, into[key]):
                unknown[name] = value
        if unknown:
            self.other[section] = unknown

    def _bins(self, section: str, members: Object) -> None:
        bins: list[Json] = []
        ranges: list[Json] = []
        for number in range(64):
            row = members.get(f"Bin {number}", members.get(f"Bin {number:02d}"))
            pair = list_in(object_in(row).get("values")) if isinstance(row, dict) else str(row or "").split()
            if len(pair) != 2:
                break
            ranges.append(str(pair[0]).strip("[]"))
            bins.append(number_in(pair[1]))
        self.record |= {"bins": bins, "bin_ranges": ranges}
        known = {
            "Header",
            *(f"Bin {number}" for number in range(len(bins))),
            *(f"Bin {n:02d}" for n in range(len(bins))),
        }
        if rest := unknown_in(members, known):
            self.other[section] = rest

    def _serdes(self, section: str, members: Object) -> None:
        """FIR taps and the amplitude of the driver, a lane each."""
        names = [str(name) for name in _values(members.get("Serdes TX parameters"))]
        lanes: list[Json] = []
        unknown: dict[str, Json] = {}
        for name, value in members.items():
            values = _values(value)
            lane = integer(name.removeprefix("Lane ")) if name.startswith("Lane ") else None
            if lane is not None and len(values) == len(names):
                taps = {tap: number_in(one) for tap, one in zip(names, values, strict=True)}
                lanes.append({"lane": lane, **taps})
            elif name != "Serdes TX parameters" and not absent(str(value)):
                unknown[name] = value
        self.record["serdes_tx"] = sorted(lanes, key=lambda one: number_in(object_in(one)["lane"]) or 0)
        if unknown:
            self.other[section] = unknown

    def done(self) -> Record:
        extra = {"thresholds": self.thresholds, "other": self.other}
        return self.record | {name: held for name, held in extra.items() if held}


def _device(page: Page) -> str | None:
    """What ``-d`` names; the port and the page numbers of other options are numbers alone."""
    return next((word for word in list(page.asked)[1:] if not re.fullmatch(r"[\d/]+", word)), None)


def read_mlxlink(page: Page) -> Parsed:
    """One port, or as many as there are answers one after another in a text."""
    if not page.json() and not any(line.text.startswith("{") for line in page.lines[:20]):
        return _text(page)
    document = json_of(page)
    envelope = object_in(document.value)
    status, result = object_in(envelope.get("status")), object_in(envelope.get("result"))
    if not status or not result:
        raise refusal(page, "no 'status' and 'result' in the JSON")
    if str(status.get("code")) != "0":
        raise NotThis(f"mlxlink failed with code {status.get('code')}: {shortened(str(status.get('message')))}", 1)
    sections = _Sections(document.first, _device(page))
    sections.other = unknown_in(result, {"output", "warning", "configurations"})
    for section, said in object_in(result.get("output")).items():
        sections.add(section, said)
    record = sections.done()
    if warning := text_in(object_in(result.get("warning")).get("message")):
        record["messages"] = [warning]
    return Parsed((record,), tuple(line.unparsed() for line in page.lines if line.number < document.first))


_UNDER: Final = re.compile(r"-{4,}")
_MESSAGE: Final = re.compile(
    r"-[EWI]- .+|(?:Warning|Error|Note|FATAL): .+|.{1,60} is not (?:supported|available).{0,100}"
)


def _text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    messages: list[Json] = []
    held: dict[str, dict[str, Json]] = {}
    begun = 0

    def close() -> None:
        if held:
            sections = _Sections(begun, _device(page))
            for name, members in held.items():
                sections.add(name, members)
            said: Record = {"messages": [*messages]} if messages else {}
            records.append(sections.done() | said)
            held.clear()
            messages.clear()

    section = ""
    lines = list(page.lines)
    for at, line in enumerate(lines):
        text = line.text.strip()
        below = lines[at + 1].text.strip() if at + 1 < len(lines) else ""
        known = label_of(text)
        if _UNDER.fullmatch(text):
            continue
        if _UNDER.fullmatch(below) and len(below) == len(text):
            if text in held:
                close()
            begun = begun if held else line.number
            section = text
            held[section] = {}
        elif _MESSAGE.fullmatch(text):
            messages.append(text)
        elif not section or known is None or known[0] in held[section]:
            unparsed.append(line.unparsed())
        else:
            held[section][known[0]] = known[1]
    close()
    if not records or not any(name in record for record in records for name in _TELLING):
        said = str(messages[0]) if messages else ""
        raise NotThis(f"mlxlink failed: {shortened(said)}", 1) if said else refusal(page, "no section of mlxlink")
    return Parsed(tuple(records), tuple(unparsed))


_TELLING: Final = ("state", "bins", "raw_ber", "effective_ber", "identifier", "fom_last", "serdes_tx", "pcie",
                   "fec_capabilities", "eye_grades", "device_part_number", "ber_monitor_state")  # fmt: skip

_BOUNDS: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"low_alarm": DECIMAL_OR_NULL, "high_alarm": DECIMAL_OR_NULL},
}
_OF_PCIE: Final[dict[str, Schema]] = {key: _SCHEMAS[kind] for f in _PCIE.values() for key, kind in f.values()}
MLXLINK: Final[dict[str, Schema]] = {
    "device": TEXT_OR_NULL,
    **{key: _SCHEMAS[kind] for fields in _FIELDS.values() for key, kind in fields.values()},
    "speed_mbps": INTEGER_OR_NULL,
    "infiniband": {"enum": ["SDR", "DDR", "QDR", "FDR10", "FDR", "EDR", "HDR", "NDR", "XDR", None]},
    "attenuation_db": {"type": "object", "additionalProperties": DECIMAL_OR_NULL},
    "thresholds": {"type": "object", "additionalProperties": _BOUNDS},
    "bins": {"type": "array", "items": INTEGER_OR_NULL},
    "bin_ranges": TEXTS,
    "serdes_tx": {
        "type": "array",
        "items": {"type": "object", "additionalProperties": INTEGER_OR_NULL, "required": ["lane"]},
    },
    "fec_capabilities": {
        "type": "object",
        "additionalProperties": {"anyOf": [_SCHEMAS["mask"], {"type": "null"}]},
    },
    "pcie": {"type": "object", "additionalProperties": False, "properties": {**_OF_PCIE}},
    "messages": TEXTS,
    "other": OTHER,
}

COMMANDS: Final = (
    Entry(
        "mlxlink",
        "link, FEC, counters, histogram, eye and module (--json and text)",
        Reader(read_mlxlink, MLXLINK, ("device",)),
        ("mstlink",),
    ),
)
