"""A module as ``ethtool -m`` decodes it: CMIS, SFF-8636 and SFF-8472, as text of any release and as JSON.

Labels and members follow ethtool's own source (``cmis.c``, ``qsfp.c``, ``sfpid.c``, ``sfpdiag.c``, 5.13 to 6.19); the
text of SFF-8636 and SFF-8472 was also held against answers that people published.  JSON of 6.14 to 6.17 has
``module_temperature`` and ``module_voltage`` twice, as the value and as its thresholds: both are kept.  Members of JSON
and labels of text have the same names once their blanks are underscores, so that one table reads both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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
    boolean,
    decimal,
    integer,
)
from ..entry import OTHER, TEXTS, Entry, Reader, refusal
from ..labels import label_of, slug
from ..text import NotThis, Page, Parsed, Unparsed, shortened
from .ethtool import PAGES, read_pages

LANES: Final[Schema] = {"type": "array", "items": DECIMAL_OR_NULL}
FLAGS: Final[Schema] = {"anyOf": [BOOLEAN_OR_NULL, {"type": "array", "items": BOOLEAN_OR_NULL}]}
GRADES: Final = ("high_alarm", "low_alarm", "high_warning", "low_warning")
MONITORS: Final = ("temperature_c", "voltage_v", "tx_bias_ma", "tx_power_mw", "rx_power_mw")

_CHANNEL: Final = re.compile(r"(.*?) ?\((?:chan|channel) ?(\d{1,2})\)", re.IGNORECASE)
_CODED: Final = re.compile(r"(0x[0-9a-f]{1,4}|\d{1,5})(?: \((.*)\))?", re.IGNORECASE)
_NUMBER: Final = re.compile(rf"({DECIMAL}) ?([A-Za-z%/ ()]{{0,40}})")
_OPTICAL: Final = re.compile(rf"({DECIMAL}) mW / ({DECIMAL}|-?inf|nan) dBm", re.IGNORECASE)
_WARM: Final = re.compile(rf"({DECIMAL}) degrees C(?: / {DECIMAL} degrees F)?")


@dataclass(frozen=True, slots=True)
class _Name:
    """What a label gives: its field, and how its value is read."""

    key: str
    kind: str
    schema: Schema = field(default_factory=lambda: TEXT_OR_NULL)


def _names(kind: str, schema: Schema, **fields: str) -> dict[str, _Name]:
    return {label: _Name(key, kind, schema) for key, labels in fields.items() for label in labels.split()}


_NAMES: Final[Mapping[str, _Name]] = {
    **_names(
        "coded", INTEGER_OR_NULL,
        identifier="identifier", extended_identifier="extended_identifier", connector="connector", encoding="encoding",
        rate_identifier="rate_identifier", transmitter_technology="transmitter_technology",
        module_state="module_state", module_fault_cause="module_fault_cause",
        extended_rate_select_compliance="extended_rate_select_compliance",
    ),
    **_names(
        "texts", TEXTS,
        identifier_description="identifier_description", connector_description="connector_description",
        extended_identifier_description="extended_identifier_description", encoding_description="encoding_description",
        transmitter_technology_description="transmitter_technology_description",
        module_state_description="module_state_description",
        module_fault_cause_description="module_fault_cause_description",
        rate_identifier_description="rate_identifier_description",
        transceiver_type="transceiver_type", options="option",
        passive_copper="passive_cu_cmplnce", active_copper="active_cu_cmplnce",
    ),
    **_names(
        "text", TEXT_OR_NULL,
        vendor_name="vendor_name", vendor_pn="vendor_pn", vendor_rev="vendor_rev", vendor_sn="vendor_sn",
        date_code="date_code", clei_code="clei_code", revision_compliance="revision_compliance",
        transceiver_codes="transceiver_codes", option_values="option_values",
        active_firmware="active_firmware_version", inactive_firmware="inactive_firmware_version",
        cdb_background_mode="cdb_background_mode", cdb_trigger_method="cdb_trigger_method",
        rx_power_type="rx_power_type",
    ),
    **_names("oui", TEXT_OR_NULL, vendor_oui="vendor_oui"),
    **_names("whole", INTEGER_OR_NULL, power_class="power_class"),
    **_names(
        "number", DECIMAL_OR_NULL,
        max_power_w="max_power", cable_length_m="cable_assembly_length",
        wavelength_nm="laser_wavelength", wavelength_tolerance_nm="laser_wavelength_tolerance",
        nominal_mbd="br_nominal", smf_km="length_smf length_smf_km", smf_m="length_smf_m",
        om1_m="length_om1_62_5um length_62_5um length_om1",
        om2_m="length_om2_50um length_50um length_om2 length_om2_50_125um",
        om3_m="length_om3_50um length_om3 length_om3_50_125um", om4_m="length_om4", om5_m="length_om5",
        copper_m="length_copper_or_active_cable length_copper",
        attenuation_5ghz_db="attenuation_at_5ghz attenuation_at_2_5ghz", attenuation_7ghz_db="attenuation_at_7ghz",
        attenuation_12ghz_db="attenuation_at_12_9ghz", attenuation_25ghz_db="attenuation_at_25_8ghz",
        margin_max_percent="br_margin_max", margin_min_percent="br_margin_min",
        cdb_instances="cdb_instances", cdb_epl_pages="cdb_epl_pages",
        cdb_epl_bytes="cdb_maximum_epl_rw_length", cdb_lpl_bytes="cdb_maximum_lpl_rw_length",
    ),
    **_names(
        "flag", BOOLEAN_OR_NULL,
        tx_cdr_bypass="tx_cdr_bypass_control", rx_cdr_bypass="rx_cdr_bypass_control", tx_cdr="tx_cdr", rx_cdr="rx_cdr",
        low_power_by_pin="lowpwrallowrequesthw low_pwr_allow_request_hw",
        low_power_by_software="lowpwrrequestsw low_pwr_request_sw", power_set="power_set",
        power_override="power_override", flags_implemented="alarm_warning_flags_implemented",
        diagnostics="optical_diagnostics_support",
    ),
    **_names(
        "flags", FLAGS,
        rx_los="rx_loss_of_signal rx_los", tx_los="tx_loss_of_signal tx_los", rx_cdr_lol="rx_loss_of_lock rx_lol",
        tx_cdr_lol="tx_loss_of_lock tx_lol", tx_fault="tx_fault", tx_eq_fault="tx_adaptive_eq_fault",
    ),
    **_names("number", DECIMAL_OR_NULL, temperature_c="module_temperature module_temperature_measurement"),
    **_names("number", DECIMAL_OR_NULL, voltage_v="module_voltage module_voltage_measurement"),
    **_names("lanes", LANES, tx_bias_ma="laser_tx_bias_current laser_bias_current"),
    **_names("powers", LANES, tx_power="transmit_avg_optical_power laser_output_power"),
    **_names(
        "powers", LANES,
        rx_power="rx_power rcvr_signal_avg_optical_power receiver_signal_average_optical_power receiver_signal_oma"
        " rcvr_signal_oma",
    ),
}  # fmt: skip

_THRESHOLDS: Final = {
    "module_temperature": "temperature_c",
    "module_voltage": "voltage_v",
    "laser_bias_current": "tx_bias_ma",
    "laser_output_power": "tx_power_mw",
    "laser_rx_power": "rx_power_mw",
}
_THRESHOLD: Final = re.compile(rf"({'|'.join(_THRESHOLDS)})_((?:high|low)_(?:alarm|warning))_threshold")
_ALARM: Final = re.compile(
    r"(module_temperature|module_voltage|laser_bias_current|laser_tx_power|laser_output_power|laser_rx_power)"
    r"_((?:high|low)_(?:alarm|warning))"
)
_MONITORED: Final = {
    "module_temperature": "temperature",
    "module_voltage": "vcc",
    "laser_bias_current": "tx_bias",
    "laser_tx_power": "tx_power",
    "laser_output_power": "tx_power",
    "laser_rx_power": "rx_power",
}


def _module(page: Page) -> Parsed:
    """Register pages where ``hex on`` asked for them, else the module decoded."""
    first = page.lines[0].text.strip() if page.lines else ""
    if re.fullmatch(r"Offset +Values", first):
        return read_pages(page)
    return read_decoded(page)


def read_decoded(page: Page) -> Parsed:
    """One module in words: text, or JSON."""
    text = page.json()
    said = list(_pairs(text) if text else _labels(page))
    line = next((one.number for one in page.lines), 1)
    record: Record = {"line": line, "interface": page.port}
    unparsed: list[Unparsed] = []
    known, lines = 0, page.whole.split("\n")
    for number, label, value in said:
        if _put(record, label, value):
            known += 1
        elif number:
            unparsed.append(Unparsed(number, lines[number - 1]))
        else:
            other = record.setdefault("other", {})
            if isinstance(other, dict):
                other[slug(label)] = json.loads(json.dumps(value))
    if "identifier" not in record or len(unparsed) > known:
        raise refusal(page, "no module")
    return Parsed((record,), tuple(unparsed))


def _labels(page: Page) -> Iterator[tuple[int, str, object]]:
    """The labels of a text.  A code with its meaning in brackets is two members, as it is in JSON."""
    for line in page.lines:
        known = label_of(line.text)
        if known is None:
            yield line.number, "", line.text
            continue
        label, value = known
        channel = _CHANNEL.fullmatch(label)
        named = _NAMES.get(slug(channel[1] if channel else label))
        coded = _CODED.fullmatch(value)
        yield line.number, label, value
        if named and named.kind == "coded" and coded and coded[2]:
            yield line.number, f"{label} description", coded[2]


def _pairs(text: str) -> Iterator[tuple[int, str, object]]:
    """The members of the JSON, those that stand twice both; decimal numbers keep their text."""
    try:
        found, _ = json.JSONDecoder(
            object_pairs_hook=lambda pairs: list(pairs), parse_float=str, parse_constant=str
        ).raw_decode(text.lstrip())
    except (ValueError, RecursionError) as error:
        raise NotThis(f"not JSON: {shortened(str(error))}", 1) from None
    while isinstance(found, list) and len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    if not isinstance(found, list) or not all(isinstance(one, tuple) for one in found):
        raise NotThis("not one module in the JSON", 1)
    for name, value in found:
        if not str(name).endswith("_units"):
            yield 0, str(name), value


def _put(record: Record, label: str, value: object) -> bool:
    """Write what one label says; false where the label is unknown or its value does not fit."""
    channel = _CHANNEL.fullmatch(label)
    name = slug(channel[1] if channel else label)
    lane = int(channel[2]) if channel else None
    if lane == 0 or (lane or 0) > 64:
        return False
    if isinstance(value, list) and value and all(isinstance(one, tuple) for one in value):
        return _put_object(record, name, dict(value))
    if found := _THRESHOLD.fullmatch(name):
        return _threshold(record, _THRESHOLDS[found[1]], found[2], value)
    if found := _ALARM.fullmatch(name):
        return _alarm(record, f"{_MONITORED[found[1]]}_{found[2]}", lane, value)
    named = _NAMES.get(name)
    if named is None:
        return False
    if name == "length_smf" and ("smf_km" in record or re.fullmatch(r"[0-9.]+ ?m", str(value))):
        return _number(record, "smf_m", lane, value)  # SFF-8472 has the same length in kilometres beside it
    if name in ("receiver_signal_oma", "rcvr_signal_oma"):
        record["rx_power_type"] = "OMA"
    return _KINDS[named.kind](record, named.key, lane, value)


def _put_object(record: Record, name: str, members: Mapping[str, object]) -> bool:
    if name in _THRESHOLDS:
        grades = {f"{grade}_threshold": grade for grade in GRADES}
        return all(
            grade in grades and _threshold(record, _THRESHOLDS[name], grades[grade], value)
            for grade, value in members.items()
            if grade != "units"
        )
    if name == "rx_power" and "values" in members:
        kind = members.get("type")
        record["rx_power_type"] = None if kind is None else "OMA" if "OMA" in str(kind) else "average power"
        return _powers(record, "rx_power", None, members["values"])
    if {*members} == {"major", "minor"} and name in _NAMES:
        record[_NAMES[name].key] = f"{members['major']}.{members['minor']}"
        return True
    return False


def _threshold(record: Record, monitor: str, grade: str, value: object) -> bool:
    read = _measure(value)
    thresholds = record.setdefault("thresholds", {})
    grades = thresholds.setdefault(monitor, {}) if isinstance(thresholds, dict) else None
    if read is None or not isinstance(grades, dict) or grade in grades:
        return False
    grades[grade] = read
    return True


def _measure(value: object) -> str | None:
    """The number at the start: degrees Celsius of two scales, milliwatts of milliwatts and dBm."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    found = _OPTICAL.fullmatch(text) or _WARM.fullmatch(text) or _NUMBER.fullmatch(text)
    return decimal(found[1]) if found else None


def _alarm(record: Record, name: str, lane: int | None, value: object) -> bool:
    flags = record.setdefault("flags", {})
    if not isinstance(flags, dict):
        return False
    if lane is None:
        flags[name] = [_truth(one) for one in value] if isinstance(value, list) else _truth(value)
        return True
    state = _truth(value)
    lanes = flags.setdefault(name, [])
    return state is not None and isinstance(lanes, list) and _lane(lanes, lane, state)


def _lane(lanes: list[Json], number: int, value: Json) -> bool:
    if len(lanes) >= number and lanes[number - 1] is not None:
        return False
    lanes.extend([None] * (number - len(lanes)))
    lanes[number - 1] = value
    return True


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else boolean(str(value))


def _coded(record: Record, key: str, lane: int | None, value: object) -> bool:
    found = None if isinstance(value, bool) else _CODED.fullmatch(str(value))
    if found is None or key in record:
        return False
    record[key] = int(found[1], 0)
    return True


def _texts(record: Record, key: str, lane: int | None, value: object) -> bool:
    texts = record.setdefault(key, [])
    if not isinstance(texts, list) or isinstance(value, bool):
        return False
    texts.extend(str(one) for one in (value if isinstance(value, list) else [value]))
    return True


def _text(record: Record, key: str, lane: int | None, value: object) -> bool:
    if key in record and key != "rx_power_type":
        return False
    if isinstance(value, list):
        record[key] = " ".join(f"0x{one:02x}" if isinstance(one, int) else str(one) for one in value)
    else:
        text = str(value).strip()
        record[key] = text if text and not absent(text) else None
    return True


def _oui(record: Record, key: str, lane: int | None, value: object) -> bool:
    if isinstance(value, list) and len(value) == 3 and all(isinstance(one, int) for one in value):
        record[key] = ":".join(f"{one:02x}" for one in value)
        return True
    text = str(value).strip()
    if not re.fullmatch(r"[0-9a-f]{2}(?::[0-9a-f]{2}){2}", text, re.IGNORECASE):
        return False
    record[key] = text
    return True


def _number(record: Record, key: str, lane: int | None, value: object) -> bool:
    if key in record:
        return False
    read = _measure(value)
    if read is None and not absent(str(value)) and not str(value).startswith(">"):
        return False
    record[key] = read
    return True


def _whole(record: Record, key: str, lane: int | None, value: object) -> bool:
    number = None if isinstance(value, bool) else integer(str(value).strip())
    if number is None or key in record:
        return False
    record[key] = number
    return True


def _flag(record: Record, key: str, lane: int | None, value: object) -> bool:
    state = _truth(value)
    if state is None or key in record:
        return False
    record[key] = state
    return True


def _flags(record: Record, key: str, lane: int | None, value: object) -> bool:
    """``[ Yes, No ]``, a list, or one word: ``None`` and false say that no lane has it."""
    if key in record:
        return False
    if isinstance(value, str) and value.startswith("["):
        value = [word.strip() for word in value.strip("[] ").split(",")]
    if isinstance(value, list):
        record[key] = [_truth(one) for one in value]
        return True
    state = False if str(value).strip() == "None" else _truth(value)
    if state is None:
        return False
    record[key] = state
    return True


def _lanes(record: Record, key: str, lane: int | None, value: object) -> bool:
    values = record.setdefault(key, [])
    if not isinstance(values, list):
        return False
    if isinstance(value, list):
        values.extend(_measure(one) for one in value)
        return True
    read = _measure(value)
    return read is not None and _lane(values, lane or 1, read)


def _powers(record: Record, key: str, lane: int | None, value: object) -> bool:
    """Milliwatts; text has the dBm beside them."""
    found = _OPTICAL.fullmatch(str(value).strip())
    if found is None:
        return _lanes(record, f"{key}_mw", lane, value)
    dbm = record.setdefault(f"{key}_dbm", [])
    said = decimal(found[2])
    fits = isinstance(dbm, list) and _lane(dbm, lane or 1, said)
    return fits and _lanes(record, f"{key}_mw", lane, value)


_KINDS: Final[Mapping[str, Callable[[Record, str, int | None, object], bool]]] = {
    "coded": _coded, "texts": _texts, "text": _text, "oui": _oui, "number": _number, "flag": _flag, "flags": _flags,
    "whole": _whole, "lanes": _lanes, "powers": _powers,
}  # fmt: skip

_GRADES: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": dict.fromkeys(GRADES, DECIMAL_OR_NULL),
}
DECODED: Final[dict[str, Schema]] = {
    **{name.key: name.schema for name in _NAMES.values() if name.kind != "powers"},
    **dict.fromkeys(("tx_power_mw", "tx_power_dbm", "rx_power_mw", "rx_power_dbm"), LANES),
    "flags": {"type": "object", "additionalProperties": FLAGS},
    "thresholds": {
        "type": "object",
        "propertyNames": {"enum": list(MONITORS)},
        "additionalProperties": _GRADES,
    },
    "other": OTHER,
}

COMMANDS: Final = (
    Entry(
        "ethtool -m",
        "a module: register pages (hex on), or decoded as text and JSON",
        Reader(_module, PAGES | DECODED, ("interface",)),
        ("ethtool --module-info", "ethtool --dump-module-eeprom"),
    ),
)

__all__ = ["COMMANDS", "DECODED", "read_decoded"]
