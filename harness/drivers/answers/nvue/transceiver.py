"""Modules as NVUE tells them: labels with values, one under another or flat, and a table of monitors."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..cells import DECIMAL_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, decimal, integer
from ..entry import Reader, refusal
from ..text import Page, Parsed, Unparsed
from .records import CELSIUS, DBM, LIST, LOWER, METRES, MILLIAMPS, SWITCH, TEXT, VOLTS, Field, Fold, One

_LEVELS: Final = (
    ("high-alarm-threshold", "high_alarm"),
    ("high-warning-threshold", "high_warning"),
    ("low-warning-threshold", "low_warning"),
    ("low-alarm-threshold", "low_alarm"),
)
_MONITORS: Final = (
    ("temperature", "temperature_c", CELSIUS),
    ("voltage", "voltage_v", VOLTS),
)
_LANES: Final = (
    ("rx-power", "power", "rx_power_dbm", DBM),
    ("tx-power", "power", "tx_power_dbm", DBM),
    ("tx-bias-current", "current", "tx_bias_ma", MILLIAMPS),
)


def _at(monitor: str, level: str) -> str:
    """The field of a threshold: ``rx_power_high_alarm_dbm``."""
    name, _, unit = monitor.rpartition("_")
    return f"{name}_{level}_{unit}"


FIELDS: Final = (
    Field("identifier", "identifier", TEXT),
    Field("cable-type", "cable_type", TEXT),
    Field("cable-length", "cable_length_m", METRES),
    Field("supported-cable-length", "supported_cable_length", TEXT),
    Field("diagnostics-status", "diagnostics_status", TEXT),
    Field("status", "status", LOWER),
    Field("error-status", "error_status", TEXT),
    Field("revision-compliance", "revision_compliance", TEXT),
    Field("vendor-date-code|vendor-data-code", "vendor_date_code", TEXT),
    Field("vendor-name", "vendor_name", TEXT),
    Field("vendor-oui", "vendor_oui", TEXT),
    Field("vendor-pn", "vendor_part_number", TEXT),
    Field("vendor-rev|vendor-revision", "vendor_revision", TEXT),
    Field("vendor-sn", "vendor_serial_number", TEXT),
    Field("fw-version|firmware-version", "firmware", TEXT),
    Field("temperature.temperature-setpoint|temperature.setpoint", "temperature_setpoint_c", CELSIUS),
    *(Field(f"{name}|{name}.{name}", key, kind) for name, key, kind in _MONITORS),
    *(Field(f"{name}.alarm", f"{name}_alarm", SWITCH) for name, _, _ in _MONITORS),
    *(
        Field(f"{name}.{said}", _at(key, level), kind)
        for name, key, kind in _MONITORS
        for said, level in _LEVELS
    ),
    *(
        Field(f"channel.channel-*.{name}.{inner}|channel.channel-*.{name}|ch-*-{name}", key, kind, LIST)
        for name, inner, key, kind in _LANES
    ),
    *(
        Field(f"channel.channel-*.{name}.alarm", f"{key.rpartition('_')[0]}_alarm", SWITCH, LIST)
        for name, _, key, _ in _LANES
    ),
    *(
        Field(f"channel.channel-*.{name}.{said}", _at(key, level), kind, LIST)
        for name, _, key, kind in _LANES
        for said, level in _LEVELS
    ),
)  # fmt: skip
"""Lists have a place for channel 0, which no module has, so that they are cut to begin with channel 1."""

_BRIEF: Final = Fold(
    "transceiver",
    (),
    names={"vendor name": "vendor-name", "vendor pn": "vendor-pn", "vendor sn": "vendor-sn"},
)
_INNER: Final = One(FIELDS, (_BRIEF,), keep=True, each=True)
_EACH: Final = tuple(one.key for one in FIELDS if one.how == LIST)


def _modules(page: Page) -> Parsed:
    parsed = _INNER.read(page)
    return replace(parsed, records=tuple(_from_channel_1(record) for record in parsed.records))


def _from_channel_1(record: Record) -> Record:
    cut: dict[str, Json] = {}
    for name, value in record.items():
        cut[name] = value[1:] if name in _EACH and isinstance(value, list) else value
    return cut


def _schema() -> dict[str, Schema]:
    inner = _INNER.schema()["properties"]
    assert isinstance(inner, dict)
    return {name: value for name, value in inner.items() if name != "line" and isinstance(value, dict)}


TRANSCEIVERS: Final = Reader(_modules, _schema(), ("interface",))

# --- thresholds ---------------------------------------------------------------------------------------------------

_HEAD: Final = re.compile(r"\s*Ch +Value +High Alarm +High Warn +Low Warn +Low Alarm(?: +Alt Value)?\s*")
_HEAD_MORE: Final = re.compile(r"\s*Threshold(?: +Threshold){3}\s*")
_RULE: Final = re.compile(r"\s*-{8,}\s*")
_ROW: Final = re.compile(r"([a-z][a-z-]{2,40})? +(-|[0-9]{1,2}) {2,}(\S.*)")
_UNITS: Final = {"C": "C", "V": "V", "dBm": "dBm", "mA": "mA", "mW": "mW"}
_VALUE: Final = re.compile(r"([+-]?[0-9]{1,10}(?:\.[0-9]{1,10})?|-inf|N/A|n/a|-) ?(C|V|dBm|mA|mW)?")


def _thresholds(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    headed, quantity = False, ""
    for line in page.lines:
        if _HEAD.fullmatch(line.text):
            headed = True
        elif headed and (_HEAD_MORE.fullmatch(line.text) or _RULE.fullmatch(line.text)):
            continue
        elif headed and (row := _ROW.fullmatch(line.text)) and (row[1] or quantity):
            quantity = row[1] or quantity
            cells = [_VALUE.fullmatch(cell) for cell in re.split(r" {2,}", row[3])[:5]]
            values = [decimal(cell[1]) for cell in cells if cell]
            if len(values) < 5:
                unparsed.append(line.unparsed())
                continue
            names = ("value", "high_alarm", "high_warning", "low_warning", "low_alarm")
            unit = next((cell[2] for cell in cells if cell and cell[2]), None)
            records.append(
                {
                    "line": line.number,
                    "interface": page.port,
                    "quantity": quantity.replace("-", "_"),
                    "channel": integer(row[2]),
                    "unit": unit,
                    **dict(zip(names, values, strict=True)),
                }
            )
        else:
            unparsed.append(line.unparsed())
    if not headed:
        raise refusal(page, "no table of thresholds")
    return Parsed(tuple(records), tuple(unparsed))


THRESHOLDS: Final = Reader(
    _thresholds,
    {
        "interface": TEXT_OR_NULL,
        "quantity": {"type": "string"},
        "channel": INTEGER_OR_NULL,
        "unit": TEXT_OR_NULL,
        **dict.fromkeys(("value", "high_alarm", "high_warning", "low_warning", "low_alarm"), DECIMAL_OR_NULL),
    },
    ("interface", "quantity", "channel"),
)
