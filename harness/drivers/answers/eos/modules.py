"""Modules of Arista EOS: monitors, thresholds, media, what is in which slot.

Recorded: ``show interfaces transceiver`` (both forms), ``transceiver hardware`` (text), ``transceiver dom
thresholds`` (JSON), From published captures: ``transceiver detail`` (both).  From code that reads it: the text of
``transceiver dom``.  From the manual, as remembered: ``transceiver properties``.  A module is told by its slot, a
lane by its channel, from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from ..cells import DECIMAL_OR_NULL, TEXT_OR_NULL, Cells, Json, Kind, Record, Schema, absent, decimal, quantity
from ..entry import OTHER, Entry, Object, object_in, refusal
from ..labels import KeyValues, label_fields, slug
from ..positions import Member
from ..tables import Table, column
from ..text import Line, NotThis, Page, Parsed, Unparsed, shortened
from .both import Both
from .lines import RULER
from .members import COUNT as INTEGER
from .members import FLAG, NUMBER, VERBATIM, Fact, Facts, Opened, Unfit, by_port, facts, opened
from .members import TEXT as WORD

# --- monitors ------------------------------------------------------------------------------------------------------

MONITORS: Final[Mapping[str, str]] = {
    "temperature": "temperature_c",
    "voltage": "voltage_v",
    "txBias": "tx_bias_ma",
    "txPower": "tx_power_dbm",
    "rxPower": "rx_power_dbm",
    "totalRxPower": "total_rx_power_dbm",
}
LEVELS: Final[Mapping[str, str]] = {
    "highAlarm": "high_alarm",
    "highWarn": "high_warning",
    "lowAlarm": "low_alarm",
    "lowWarn": "low_warning",
}
_QUAD: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": dict.fromkeys(LEVELS.values(), DECIMAL_OR_NULL),
}
THRESHOLDS: Final[Schema] = {"type": "object", "additionalProperties": _QUAD}
OVERRIDDEN: Final[Schema] = {"type": "array", "items": {"type": "string"}}
_DETAIL: Final = Facts(
    (
        *facts(WORD, slot="slot", vendorSn="serial", displayName=""),
        Fact("mediaType", "media_type", VERBATIM),
        Fact("channel", "channel", INTEGER),
        Fact("narrowBand", "narrow_band", FLAG),
        Fact("updateTime", "updated_at", NUMBER),
        *(Fact(name, said, NUMBER) for name, said in MONITORS.items()),
        *(
            Fact(f"details.{name}.{level}", f"{said}|{grade}", NUMBER)
            for name, said in MONITORS.items()
            for level, grade in LEVELS.items()
        ),
        *(
            Fact(f"details.{name}.{level}Overridden", f"{said}|{grade}|overridden", FLAG)
            for name, said in MONITORS.items()
            for level, grade in LEVELS.items()
        ),
    )
)
_MODULE_FIELDS: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    **{name: one for name, one in _DETAIL.schema().items() if "|" not in name},
    "updated": TEXT_OR_NULL,
    "thresholds": THRESHOLDS,
    "overridden": OVERRIDDEN,
    "alarms": {"type": "object", "additionalProperties": {"type": "string"}},
}


def _monitors_json(page: Page) -> Parsed:
    parsed = by_port(page, "interfaces", _DETAIL)
    if (
        parsed.records
        and not any({"media_type", "serial", "temperature_c", "slot"} & set(r) for r in parsed.records)
        and any(len(record) > 2 for record in parsed.records)
    ):
        first = parsed.records[0]
        raise NotThis(f"no module behind {first['interface']}", int(str(first["line"])))
    return Parsed(tuple(map(_graded, parsed.records)), parsed.unparsed)


def _graded(record: Record) -> Record:
    """Thresholds by monitor, out of one field each."""
    plain: Record = {}
    thresholds: dict[str, Json] = {}
    overridden: list[Json] = []
    for name, value in record.items():
        monitor, _, grade = name.partition("|")
        if not grade:
            plain[name] = value
        elif grade.endswith("|overridden"):
            if value:
                overridden.append(f"{monitor} {grade.partition('|')[0]}")
        else:
            quad = thresholds.setdefault(monitor, {})
            assert isinstance(quad, dict)
            quad[grade] = value
    if thresholds:
        plain["thresholds"] = thresholds
    if overridden:
        plain["overridden"] = overridden
    return plain


_ANY_PORT: Final = re.compile(r"(?:Ethernet|Et)\d+(?:/\d+)*")
_AN_PORT: Final = Kind("port", ({"type": "string"},), lambda t: (t,) if _ANY_PORT.fullmatch(t) else None)
_LEGEND: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"If device is externally calibrated, only calibrated values are printed\.?",
        r"N/A: not applicable, Tx: transmit, Rx: receive\.?",
        r"(?:Ch: Channel, )?(?:N/A: not applicable, )?mA: milliamperes, dBm: decibels \(milliwatts\).*",
        r"Ch: Channel, .*",
        r"\+\+ ?: high alarm, .*",
        r"A2D readouts \(if they differ\), are reported in parentheses\.?",
        r"The threshold values are (?:un)?calibrated\.?",
    )
)


def _updated(text: str) -> Cells | None:
    return (None,) if absent(text) else (text.strip(),) if text.strip().endswith("ago") else None


_MONITORS_TEXT: Final = Table(
    (
        column("Port", "interface", _AN_PORT, must=True),
        column(r"Temp(?:erature)? \(Celsius\)", "temperature_c", quantity("C"), must=True),
        column(r"Voltage \(Volts\)", "voltage_v", quantity("V")),
        column(r"(?:Bias )?Current \(mA\)", "tx_bias_ma", quantity("mA")),
        column(r"(?:Optical )?Tx Power \(dBm\)", "tx_power_dbm", quantity("dBm")),
        column(r"(?:Optical )?Rx Power \(dBm\)", "rx_power_dbm", quantity("dBm")),
        column("Last Update", "updated", Kind("time", (TEXT_OR_NULL,), _updated)),
    ),
    titles=_LEGEND,
    head_lines=3,
    least=3,
)

_GRADED_HEAD: Final = re.compile(r"Port\s+\((Celsius|Volts|mA|dBm)\)(?:\s+\(\w+\)){4}")
_GRADED_NAMES: Final = {
    "temperature": "temperature_c",
    "voltage": "voltage_v",
    "current": "tx_bias_ma",
    "tx bias": "tx_bias_ma",
    "bias current": "tx_bias_ma",
    "tx power": "tx_power_dbm",
    "rx power": "rx_power_dbm",
    "total rx power": "total_rx_power_dbm",
}
_GRADED_GRADES: Final = re.compile(r"(?:(?:High|Low) (?:Alarm|Warn)\s*){4}")
_GRADED_TITLE: Final = re.compile(r"(\S+(?: \S+)*)(?:\s{2,}|\s)(?:Threshold\s*){4}")
_NUMBER: Final = r"(?:N/A|NA|[+-]?\d+(?:\.\d+)?|-inf)"
_GRADED_ROW: Final = re.compile(
    rf"(?P<port>\S+)\s+(?P<value>{_NUMBER})(?:\s*\((?P<raw>{_NUMBER})\))?\s*(?P<alarm>\+\+|--|[+-])?"
    rf"\s+(?P<a>{_NUMBER})\s+(?P<b>{_NUMBER})\s+(?P<c>{_NUMBER})\s+(?P<d>{_NUMBER})"
)
_GRADE_WORDS: Final = {
    "high alarm": "high_alarm", "high warn": "high_warning", "low alarm": "low_alarm", "low warn": "low_warning",
}  # fmt: skip
_ALARMS: Final = {"++": "high_alarm", "+": "high_warning", "-": "low_warning", "--": "low_alarm"}


def _detail_text(page: Page) -> Parsed:
    records: dict[str, Record] = {}
    unparsed: list[Unparsed] = []
    grades: tuple[str, ...] = ()
    monitor = ""
    headed = False
    for line in page.lines:
        text = line.text.strip()
        if _GRADED_GRADES.fullmatch(text):
            grades = tuple(_GRADE_WORDS[one.lower()] for one in re.findall(r"(?:High|Low) (?:Alarm|Warn)", text))
            monitor = ""
        elif (title := _GRADED_TITLE.fullmatch(text)) and title[1].lower() in _GRADED_NAMES:
            monitor = _GRADED_NAMES[title[1].lower()]
        elif _GRADED_HEAD.fullmatch(text):
            headed = True
        elif RULER.fullmatch(line.text) or any(one.fullmatch(text) for one in _LEGEND):
            continue
        elif not (headed and monitor and len(set(grades)) == 4 and _graded_row(records, line, monitor, grades)):
            unparsed.append(line.unparsed())
    if not headed or not records:
        raise refusal(page, "no table of thresholds")
    return Parsed(tuple(records.values()), tuple(unparsed))


def _graded_row(records: dict[str, Record], line: Line, monitor: str, grades: tuple[str, ...]) -> bool:
    found = _GRADED_ROW.fullmatch(line.text.strip())
    if found is None or not _ANY_PORT.fullmatch(found["port"]):
        return False
    record = records.setdefault(found["port"], {"line": line.number, "interface": found["port"], "thresholds": {}})
    thresholds = record["thresholds"]
    assert isinstance(thresholds, dict)
    if monitor in thresholds:
        return False
    record[monitor] = _plain(found["value"])
    thresholds[monitor] = dict(zip(grades, (_plain(found[name]) for name in "abcd"), strict=True))
    if found["alarm"]:
        alarms = record.setdefault("alarms", {})
        assert isinstance(alarms, dict)
        alarms[monitor] = _ALARMS[found["alarm"]]
    return True


def _plain(text: str) -> Json:
    return None if absent(text) else decimal(text)


# --- dom -----------------------------------------------------------------------------------------------------------

PARAMETER: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["channels"],
    "properties": {
        "unit": TEXT_OR_NULL,
        "channels": {"type": "object", "additionalProperties": DECIMAL_OR_NULL},
        "thresholds": _QUAD,
        "overridden": OVERRIDDEN,
    },
}
_DOM_FIELDS: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    "serial": TEXT_OR_NULL,
    "media_type": TEXT_OR_NULL,
    "updated_at": DECIMAL_OR_NULL,
    "updated": TEXT_OR_NULL,
    "parameters": {"type": "object", "additionalProperties": PARAMETER},
    "other": OTHER,
}
_DOM: Final = Facts(
    (
        *facts(WORD, displayName="", vendorSn="serial"),
        Fact("mediaType", "media_type", VERBATIM),
        Fact("updateTime", "updated_at", NUMBER),
    )
)
_SNAKE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _dom_json(page: Page) -> Parsed:
    answer = opened(page, "interfaces")
    unparsed = [*answer.document.unparsed(), *answer.strangers(frozenset({"interfaces"}))]
    records: list[Record] = []
    for port in answer.members("interfaces"):
        if not isinstance(port.value, dict):
            raise NotThis(f"not a port: {shortened(port.name)}", port.line)
        said = {name: value for name, value in port.value.items() if name != "parameters"}
        record = answer.row(port, _DOM, unparsed, said)
        parameters = _parameters(answer, port, unparsed)
        records.append({"line": port.line, "interface": port.name, **record, "parameters": parameters})
    if any("other" in record for record in records) and not any(record["parameters"] for record in records):
        raise NotThis("no member 'parameters' of any port", answer.document.first)
    return Parsed(tuple(records), tuple(unparsed))


def _parameters(answer: Opened, port: Member, unparsed: list[Unparsed]) -> dict[str, Json]:
    inside = next((one for one in answer.document.members(port) if one.name == "parameters"), None)
    found: dict[str, Json] = {}
    for one in answer.document.members(inside) if inside is not None else ():
        try:
            found[slug(_SNAKE.sub("_", one.name))] = _parameter(object_in(one.value))
        except Unfit:
            unparsed.append(answer.unknown(one))
    return found


def _parameter(said: Object) -> dict[str, Json]:
    channels = said.get("channels")
    if not isinstance(channels, dict) or set(said) - {"unit", "channels", "threshold"}:
        raise Unfit(said)
    found: dict[str, Json] = {
        "unit": WORD.read(said.get("unit")),
        "channels": {name: NUMBER.read(value) for name, value in channels.items()},
    }
    limits = object_in(said.get("threshold"))
    if limits:
        found["thresholds"] = {LEVELS[name]: NUMBER.read(value) for name, value in limits.items() if name in LEVELS}
        known = {*LEVELS, *(f"{name}Overridden" for name in LEVELS)}
        if set(limits) - known:
            raise Unfit(said)
        if over := [LEVELS[name.removesuffix("Overridden")] for name, on in limits.items() if on is True]:
            found["overridden"] = list(over)
    return found


_CAGE: Final = re.compile(r"Port (\d+(?:/\d+)*)")
_DOM_PORT: Final = re.compile(r"(Ethernet\d+(?:/\d+)*)")
_DOM_NAMES: Final = {
    "temperature": "temperature", "voltage": "voltage", "tx bias current": "tx_bias", "optical tx power": "tx_power",
    "optical rx power": "rx_power",
}  # fmt: skip
_DOM_LINE: Final = re.compile(rf"(\S+(?: \S+)*?)(?:\s+({_NUMBER})\s+(N/A|C|V|mA|dBm))?")
_DOM_CHANNEL: Final = re.compile(rf"Channel\s+(\d+)\s+({_NUMBER})\s+(N/A|mA|dBm)")


def _dom_text(page: Page) -> Parsed:
    """A cage with its temperature and voltage, then each of its ports with its channels."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    shared: dict[str, Json] = {}
    updated: str | None = None
    name, whole, headed = "", True, False
    for line in page.lines:
        text = line.text.strip()
        if _CAGE.fullmatch(text):
            shared, updated, name, whole, headed = {}, None, "", True, True
        elif found := re.fullmatch(r"Last update ?: ?(.+)", text, re.IGNORECASE):
            updated = None if absent(found[1]) else found[1]
        elif port := _DOM_PORT.fullmatch(text):
            whole, headed = False, True
            records.append({"line": line.number, "interface": port[1], "updated": updated, "parameters": dict(shared)})
        elif any(one.fullmatch(text) for one in _LEGEND) or re.fullmatch(r"Value|-+", text):
            continue
        elif channel := _DOM_CHANNEL.fullmatch(text):
            held = records[-1]["parameters"] if records and not whole else None
            if not isinstance(held, dict) or not name:
                unparsed.append(line.unparsed())
                continue
            parameter = held.setdefault(name, {"unit": _unit(channel[3]), "channels": {}})
            assert isinstance(parameter, dict)
            channels = parameter["channels"]
            assert isinstance(channels, dict)
            channels[channel[1]] = _plain(channel[2])
        elif (found := _DOM_LINE.fullmatch(text)) and found[1].lower() in _DOM_NAMES and headed:
            name = _DOM_NAMES[found[1].lower()]
            into = shared if whole else records[-1]["parameters"]
            assert isinstance(into, dict)
            if found[2]:
                channel_name = "-" if name in ("temperature", "voltage") else "1"
                into[name] = {"unit": _unit(found[3]), "channels": {channel_name: _plain(found[2])}}
        else:
            unparsed.append(line.unparsed())
    if not headed:
        raise refusal(page, "no module with its monitors")
    return Parsed(tuple(records), tuple(unparsed))


def _unit(text: str) -> str | None:
    return None if absent(text) else text


# --- hardware, properties ------------------------------------------------------------------------------------------


def _watts(text: str) -> Cells | None:
    return (None,) if absent(text) else None if (value := decimal(text.strip())) is None else (value,)


WATTS: Final = Kind("watts", (DECIMAL_OR_NULL,), _watts)
_PRESENCE: Final = Kind(
    "presence",
    ({"type": ["boolean", "null"]},),
    lambda t: {"detected": (True,), "not detected": (False,)}.get(t.strip().lower(), (None,) if absent(t) else None),
)
_PLAIN: Final = Kind("text", (TEXT_OR_NULL,), lambda t: (None if absent(t) else t.strip(),))
_SET: Final = re.compile(r"(\S+)(?:\s+\((default)\))?", re.IGNORECASE)


def _tuned(text: str) -> Cells | None:
    found = _SET.fullmatch(text.strip())
    if found is None:
        return (None,) if absent(text) else None
    value = None if absent(found[1]) else decimal(found[1])
    return (value,) if value is not None or absent(found[1]) else None


TUNED: Final = Kind("setting of a tunable laser", (DECIMAL_OR_NULL,), _tuned)
_NAME_HEAD: Final = re.compile(r"Name ?: ?(?P<interface>\S+)")
_HARDWARE: Final = KeyValues(
    (
        column("Media type", "media_type", _PLAIN),
        column("Detected media type", "detected_media_type", _PLAIN),
        column("Configured media type", "configured_media_type", _PLAIN),
        column("Module presence", "present", _PRESENCE),
        column(r"Maximum module power \(W\)", "max_module_power_w", WATTS),
        column(r"Maximum slot power \(W\)", "max_slot_power_w", WATTS),
        column(r"Wavelength \(nm\)", "wavelength_nm", WATTS),
        column("Cable type", "cable_type", _PLAIN),
        column("Power class", "power_class", _PLAIN),
        column("Firmware(?: version| revision)?", "firmware", _PLAIN),
        column("Configured Channel", "configured_channel", TUNED),
        column(r"Configured Grid \(GHz\)", "configured_grid_ghz", TUNED),
        column(r"Configured Frequency \(GHz\)", "configured_frequency_ghz", TUNED),
        column(r"Configured Wavelength \(nm\)", "configured_wavelength_nm", TUNED),
        column(r"Computed Frequency \(GHz\)", "computed_frequency_ghz", TUNED),
        column(r"Computed Wavelength \(nm\)", "computed_wavelength_nm", TUNED),
        column("Operational Channel", "operational_channel", TUNED),
        column(r"Operational Grid \(GHz\)", "operational_grid_ghz", TUNED),
        column(r"Operational Frequency \(GHz\)", "operational_frequency_ghz", TUNED),
        column(r"Operational Wavelength \(nm\)", "operational_wavelength_nm", TUNED),
        column(r"Configured T[xX] [Pp]ower \(dBm\)", "configured_tx_power_dbm", TUNED),
        column(r"Configured R[xX] [Pp]ower \(dBm\)", "configured_rx_power_dbm", TUNED),
        column(r"Operational R[xX] [Aa]ttenuation \(dB\)", "operational_rx_attenuation_db", TUNED),
    ),
    heading=_NAME_HEAD,
)
_FORCED: Final = re.compile(r"(\S+)(?: \((.+)\))?")


def _forced(text: str) -> Cells | None:
    found = _FORCED.fullmatch(text.strip())
    return (None if absent(found[1]) else found[1], found[2]) if found else None


_FORCED_KIND: Final = Kind("state, and how it came about", (TEXT_OR_NULL, TEXT_OR_NULL), _forced)
_PROPERTIES: Final = KeyValues(
    (
        column("Administrative Speed", "admin_speed", _PLAIN),
        column("Administrative Duplex", "admin_duplex", _PLAIN),
        column("Operational Speed", "speed speed_how", _FORCED_KIND),
        column("Operational Duplex", "duplex duplex_how", _FORCED_KIND),
        column("Media Type", "media_type", _PLAIN),
    ),
    heading=_NAME_HEAD,
)


def _headed(grammar: KeyValues, what: str) -> Callable[[Page], Parsed]:
    def read(page: Page) -> Parsed:
        if not any(_NAME_HEAD.fullmatch(line.text.strip()) for line in page.lines):
            raise refusal(page, what)
        return grammar.read(page)

    return read


MODULE_COMMANDS: Final[tuple[Entry, ...]] = (
    Entry(
        "show interfaces transceiver",
        "modules: monitors",
        Both(_monitors_json, _MONITORS_TEXT.read, _MODULE_FIELDS),
    ),
    Entry(
        "show interfaces transceiver detail",
        "modules: monitors with their thresholds",
        Both(_monitors_json, _detail_text, _MODULE_FIELDS),
    ),
    Entry(
        "show interfaces transceiver dom",
        "modules: monitors by channel",
        Both(_dom_json, _dom_text, _DOM_FIELDS, ("interface", "parameters")),
    ),
    Entry(
        "show interfaces transceiver dom thresholds",
        "modules: monitors by channel, with their thresholds",
        Both(_dom_json, None, _DOM_FIELDS, ("interface", "parameters")),
    ),
    Entry(
        "show interfaces transceiver hardware",
        "modules: medium, power, wavelength, tuning",
        Both(
            None,
            _headed(_HARDWARE, "no 'Name:' of a port"),
            {"interface": {"type": "string"}, **label_fields(_HARDWARE.columns)},
        ),
    ),
    Entry(
        "show interfaces transceiver properties",
        "modules: medium, and speed and duplex with how they came about",
        Both(
            None,
            _headed(_PROPERTIES, "no 'Name:' of a port"),
            {"interface": {"type": "string"}, **label_fields(_PROPERTIES.columns)},
        ),
    ),
)
"""What modules answer."""
