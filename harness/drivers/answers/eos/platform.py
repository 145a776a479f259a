"""The switch itself: version, supplies, temperatures, fans.

Recorded: ``show version`` (both forms), ``show version detail`` and ``show system environment temperature
transceiver`` (JSON). From published captures: the environment in both forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..cells import (
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    PERCENT,
    TEXT_OR_NULL,
    Cells,
    Json,
    Kind,
    Record,
    Schema,
    absent,
    decimal,
)
from ..entry import Entry, object_in, refusal
from ..labels import label_of
from ..positions import Member
from ..tables import Table, column
from ..text import Line, Page, Parsed, Unparsed
from .both import Both
from .lines import RULER
from .members import COUNT as INTEGER
from .members import FLAG, MEMBERS, NUMBER, TEXTS, VERBATIM, Fact, Facts, Opened, facts, opened
from .members import TEXT as WORD

# --- version -------------------------------------------------------------------------------------------------------

_VERSION: Final = Facts(
    (
        *facts(
            WORD, mfgName="manufacturer", hardwareRevision="hardware_revision", serialNumber="serial",
            systemMacAddress="system_mac", hwMacAddress="hardware_mac", configMacAddress="configured_mac",
            version="software_version", architecture="architecture", internalVersion="internal_version",
            internalBuildId="internal_build_id", imageFormatVersion="image_format_version",
            imageOptimization="image_optimization", kernelVersion="kernel_version", cEosToolsVersion="tools_version",
        ),
        Fact("modelName", "model", VERBATIM),
        *facts(NUMBER, uptime="uptime_s", bootupTimestamp="booted_at"),
        *facts(INTEGER, memTotal="memory_total_kb", memFree="memory_free_kb"),
        Fact("isIntlVersion", "international", FLAG),
        Fact("details.switchType", "switch_type", WORD),
        Fact("details.deviations", "deviations", TEXTS),
        Fact("details.components", "", MEMBERS),
        Fact("details.packages", "", MEMBERS),
    )
)  # fmt: skip
_TEXT_BY_NAME: Final[Schema] = {"type": "object", "additionalProperties": TEXT_OR_NULL}
_VERSION_FIELDS: Final[dict[str, Schema]] = {
    **_VERSION.schema(),
    "uptime": TEXT_OR_NULL,
    "components": _TEXT_BY_NAME,
    "packages": _TEXT_BY_NAME,
}
_VERSION_LABELS: Final = {
    "hardware version": "hardware_revision",
    "serial number": "serial",
    "hardware mac address": "hardware_mac",
    "system mac address": "system_mac",
    "software image version": "software_version",
    "architecture": "architecture",
    "internal build version": "internal_version",
    "internal build id": "internal_build_id",
    "image format version": "image_format_version",
    "image optimization": "image_optimization",
    "ceos tools version": "tools_version",
    "kernel version": "kernel_version",
    "uptime": "uptime",
    "total memory": "memory_total_kb",
    "free memory": "memory_free_kb",
}
_KILOBYTES: Final = re.compile(r"(\d+) ?kB", re.IGNORECASE)
_PACKAGE: Final = re.compile(r"(\S+)\s+(\S+)\s+(\S+)")


def _version_json(page: Page) -> Parsed:
    answer = opened(page, "modelName", "internalVersion", "version", "details")
    unparsed = list(answer.document.unparsed())
    top = answer.top or Member("", answer.document.first, dict(answer.value), 0)
    record: Record = {"line": top.line, **answer.row(top, _VERSION, unparsed, answer.value)}
    details = object_in(answer.value.get("details"))
    if components := details.get("components"):
        record["components"] = {
            str(one.get("name")): WORD.read(one.get("version"))
            for one in components if isinstance(one, dict)
        } if isinstance(components, list) else {}  # fmt: skip
    if isinstance(packages := details.get("packages"), dict):
        record["packages"] = {name: WORD.read(object_in(one).get("version")) for name, one in packages.items()}
    return Parsed((record,), tuple(unparsed))


def _version_text(page: Page) -> Parsed:
    lines = [line for line in page.lines if line.text.strip()]
    record: Record = {"line": lines[0].number if lines else 1}
    unparsed: list[Unparsed] = []
    packages: dict[str, Json] | None = None
    for line in lines:
        text = line.text.strip()
        known = label_of(text)
        if known and known[0].lower() in _VERSION_LABELS:
            name = _VERSION_LABELS[known[0].lower()]
            if name in record or not _label(record, name, known[1]):
                unparsed.append(line.unparsed())
        elif text.lower().rstrip(":") == "installed software packages":
            packages = {}
            record["packages"] = packages
        elif packages is not None and (RULER.fullmatch(text) or text.split() == ["Package", "Version", "Release"]):
            continue
        elif packages is not None and (row := _PACKAGE.fullmatch(text)):
            packages[row[1]] = row[2]
        elif line is lines[0] and re.fullmatch(r"(?:Arista )?\S+", text):
            record["model"] = text.removeprefix("Arista ").strip()
        else:
            unparsed.append(line.unparsed())
    if not {"software_version", "model"} <= set(record) or len(unparsed) > len(record):
        raise refusal(page, "no version of EOS")
    return Parsed((record,), tuple(unparsed))


def _label(record: Record, name: str, value: str) -> bool:
    if name.endswith("_kb"):
        found = _KILOBYTES.fullmatch(value)
        record[name] = int(found[1]) if found else None
        return found is not None or absent(value)
    record[name] = None if absent(value) or value == "(unknown)" else value
    return True


# --- supplies ------------------------------------------------------------------------------------------------------

_SUPPLY: Final = Facts(
    (
        Fact("modelName", "model", VERBATIM),
        Fact("state", "status", WORD),
        *facts(
            NUMBER, capacity="capacity_w", inputCurrent="input_current_a", outputCurrent="output_current_a",
            inputVoltage="input_voltage_v", outputVoltage="output_voltage_v", outputPower="output_power_w",
            inputPower="input_power_w", uptime="up_since",
        ),
        *facts(FLAG, dominant="dominant", managed="managed"),
        Fact("mfrId", "manufacturer", VERBATIM),
        Fact("fans", "", MEMBERS),  # told among the fans
        Fact("tempSensors", "", MEMBERS),  # told among the sensors
    )
)  # fmt: skip
_SUPPLY_FIELDS: Final[dict[str, Schema]] = {
    "slot": {"type": "string"},
    **_SUPPLY.schema(),
    "uptime": TEXT_OR_NULL,
    "fan_percents": {"type": "object", "additionalProperties": INTEGER_OR_NULL},
    "temperatures_c": {"type": "object", "additionalProperties": DECIMAL_OR_NULL},
}


def _supplies_json(page: Page) -> Parsed:
    answer = opened(page, "powerSupplies")
    unparsed = [*answer.document.unparsed(), *answer.strangers(frozenset({"powerSupplies"}))]
    records: list[Record] = []
    for slot in answer.members("powerSupplies"):
        record: Record = {"line": slot.line, "slot": slot.name, **answer.row(slot, _SUPPLY, unparsed)}
        said = object_in(slot.value)
        for inside, name, field, kind in (
            ("fans", "speed", "fan_percents", INTEGER),
            ("tempSensors", "temperature", "temperatures_c", NUMBER),
        ):
            parts = object_in(said.get(inside))
            if parts:
                try:
                    record[field] = {part: kind.read(object_in(one).get(name)) for part, one in parts.items()}
                except ValueError:
                    unparsed.append(answer.unknown(slot))
        records.append(record)
    return Parsed(tuple(records), tuple(unparsed))


_SUPPLY_ROW: Final = re.compile(
    r"(?P<slot>\S+)\s+(?P<model>\S+(?: \S+)*?)\s+(?P<capacity>[\d.]+W|--|N/A)\s+(?P<input>[\d.]+A|--|N/A)"
    r"\s+(?P<output>[\d.]+A|--|N/A)\s+(?P<power>[\d.]+W|--|N/A)\s+(?P<status>\S+(?: \S+)*?)(?:\s+(?P<up>"
    r"(?:\d+ days?, )?\d+:\d\d:\d\d|Offline|--|N/A|Unknown))?",
    re.IGNORECASE,
)
_SUPPLY_HEADS: Final = (
    re.compile(r"Power\s+Input\s+Output\s+Output"),
    re.compile(r"Supply\s+Model\s+Capacity\s+Current\s+Current\s+Power\s+Status(?:\s+Uptime)?"),
)
_NO_SUPPLY: Final = re.compile(r"% There seem to be no power supplies connected\.")


def _supplies_text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    headed = False
    for line in page.lines:
        text = line.text.strip()
        if any(head.fullmatch(text) for head in _SUPPLY_HEADS) or _NO_SUPPLY.fullmatch(text):
            headed = True
        elif headed and RULER.fullmatch(text):
            continue
        elif headed and (found := _SUPPLY_ROW.fullmatch(text)):
            if found["slot"].lower() != "total":  # a sum says nothing that the supplies do not say
                records.append(_supply(line, found))
        else:
            unparsed.append(line.unparsed())
    if not headed:
        raise refusal(page, "no table of power supplies")
    return Parsed(tuple(records), tuple(unparsed))


def _supply(line: Line, found: re.Match[str]) -> Record:
    def amount(name: str) -> Json:
        text = found[name]
        return None if absent(text) else decimal(text[:-1])

    return {
        "line": line.number,
        "slot": found["slot"],
        "model": None if absent(found["model"]) else found["model"],
        "capacity_w": amount("capacity"),
        "input_current_a": amount("input"),
        "output_current_a": amount("output"),
        "output_power_w": amount("power"),
        "status": None if absent(found["status"]) else found["status"].lower(),
        "uptime": None if found["up"] is None or absent(found["up"]) else found["up"],
    }


# --- temperatures --------------------------------------------------------------------------------------------------

_SENSOR: Final = Facts(
    (
        *facts(VERBATIM, name="name", description="description", relPos="sensor", position="position"),
        *facts(WORD, chipModel="chip", hwStatus="status"),
        *facts(
            NUMBER, currentTemperature="temperature_c", overheatThreshold="overheat_c", criticalThreshold="critical_c",
            targetTemperature="target_c", setPointTemperature="set_point_c", maxTemperature="highest_c",
            maxTemperatureLastChange="highest_at", lastPidDriverTime="",
        ),
        *facts(INTEGER, alertCount="alerts", pidDriverCount=""),
        *facts(FLAG, inAlertState="alert", isPidDriver=""),
        Fact("coolingDomains", "cooling_domains", TEXTS),
        Fact("pidDriverStats", "", MEMBERS),
    )
)  # fmt: skip
_SENSOR_FIELDS: Final[dict[str, Schema]] = {"section": TEXT_OR_NULL, **_SENSOR.schema()}
_TEMPERATURE_TOP: Final = frozenset(
    {
        "systemStatus", "shutdownOnOverheat", "powercycleOnOverheat", "actionOnOverheat", "recoveryModeOnOverheat",
        "ambientThreshold", "tempSensors", "cardSlots", "powerSupplySlots", "ambientTemperature",
    }
)  # fmt: skip


def _sensors_json(page: Page) -> Parsed:
    answer = opened(page, "tempSensors")
    unparsed = [*answer.document.unparsed(), *answer.strangers(_TEMPERATURE_TOP)]
    records: list[Record] = [
        {"line": one.line, **answer.row(one, _SENSOR, unparsed)} for one in answer.members("tempSensors")
    ]
    for holder in ("cardSlots", "powerSupplySlots"):
        for slot in answer.members(holder):
            said = object_in(slot.value)
            name = f"{said.get('entPhysicalClass') or holder.removesuffix('Slots')} {said.get('relPos', '')}".strip()
            inside = next((one for one in answer.document.members(slot) if one.name == "tempSensors"), None)
            if inside is None:
                unparsed.append(answer.unknown(slot))
                continue
            for one in answer.document.members(inside):
                records.append({"line": one.line, "section": name, **answer.row(one, _SENSOR, unparsed)})
    return Parsed(tuple(records), tuple(unparsed))


_SENSOR_ROW: Final = re.compile(
    r"(?P<sensor>\S+)\s+(?P<description>\S+(?: \S+)*?)\s+(?P<now>-?[\d.]+C?|N/A)"
    r"(?:\s+\((?P<target>[\d.]+|N/A)\)\s*(?P<set>[\d.]+C?|N/A)?)?(?:\s+(?P<alert>-?[\d.]+C?|N/A))\s+(?P<critical>-?[\d.]+C?|N/A)"
)
_SENSOR_HEADS: Final = (
    re.compile(r"Alert\s+Critical"),
    re.compile(r"Temp\s+(?:Setpoint\s+)?(?:Limit|Threshold|Thresh)\s+(?:Limit|Threshold|Thresh)"),
    re.compile(r"Sensor\s+Description\s+.*\(C\).*"),
    re.compile(r"Sensor\s+Description\s+Temperature\s+.*"),
)
_STATUS_LINE: Final = re.compile(r"System temperature status is: (.+)")
_PLACE: Final = re.compile(
    r"((?:Supervisor|Linecard|Fabric|PowerSupply|Switchcard|Power supply) ?\d+(?:/\d+)?):", re.IGNORECASE
)


def _sensors_text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    section: str | None = None
    headed = False
    for line in page.lines:
        text = line.text.strip()
        if any(head.fullmatch(text) for head in _SENSOR_HEADS):
            headed = True
        elif RULER.fullmatch(text) or _STATUS_LINE.fullmatch(text):
            continue
        elif place := _PLACE.fullmatch(text):
            section = place[1]
        elif headed and (found := _SENSOR_ROW.fullmatch(text)):
            degrees = {name: _degrees(found[name]) for name in ("now", "target", "set", "alert", "critical")}
            records.append(
                {
                    "line": line.number,
                    "section": section,
                    "sensor": found["sensor"],
                    "description": found["description"],
                    "temperature_c": degrees["now"],
                    "target_c": degrees["target"],
                    "set_point_c": degrees["set"],
                    "overheat_c": degrees["alert"],
                    "critical_c": degrees["critical"],
                }
            )
        else:
            unparsed.append(line.unparsed())
    if not headed:
        raise refusal(page, "no table of temperature sensors")
    return Parsed(tuple(records), tuple(unparsed))


def _degrees(text: str | None) -> Json:
    return None if text is None or absent(text) else decimal(text.rstrip("C"))


# --- fans ----------------------------------------------------------------------------------------------------------

_FAN: Final = Facts(
    (
        *facts(WORD, label="name", status="status", coolingDomain="cooling_domain"),
        Fact("vendorModel", "model", VERBATIM),
        *facts(
            INTEGER,
            configuredSpeed="configured_percent",
            actualSpeed="percent",
            maxSpeed="highest_rpm",
            speed="percent",
        ),
        *facts(NUMBER, uptime="up_since", lastSpeedStableChangeTime=""),
        *facts(FLAG, speedStable="stable", speedHwOverride="hardware_override"),
    )
)
_FAN_FIELDS: Final[dict[str, Schema]] = {
    "section": {"enum": ["system", "fan_tray", "power_supply", None]},
    **_FAN.schema(),
    "airflow": TEXT_OR_NULL,
    "ambient_c": DECIMAL_OR_NULL,
    "mode": TEXT_OR_NULL,
}
_COOLING: Final = Facts(
    (
        *facts(WORD, systemStatus="status", airflowDirection="airflow", coolingMode="mode", fansStatus=""),
        Fact("ambientTemperature", "ambient_c", NUMBER),
        *(
            Fact(name, "", MEMBERS)
            for name in (
                "currentZones", "configuredZones", "defaultZones", "numCoolingZones", "shutdownOnInsufficientFans",
                "overrideFanSpeed", "minFanSpeed", "fanTraySlots", "powerSupplySlots", "actionOnInsufficientFans",
                "recoveryModeOnInsufficientFans",
            )
        ),
    )
)  # fmt: skip
AIRFLOWS: Final = {
    "backtofrontairflow": "back-to-front",
    "fronttobackairflow": "front-to-back",
    "incompatibleairflow": "incompatible",
    "unknownairflow": None,
}


def _fans_json(page: Page) -> Parsed:
    answer = opened(page, "fanTraySlots", "powerSupplySlots")
    unparsed = list(answer.document.unparsed())
    top = answer.top or Member("", answer.document.first, dict(answer.value), 0)
    system = answer.row(top, _COOLING, unparsed, answer.value)
    for name in system.pop("other", {}) or {}:  # type: ignore[union-attr]
        unparsed += [answer.unknown(one) for one in answer.members() if one.name == str(name).split(".")[0]]
    airflow = system.get("airflow")
    if isinstance(airflow, str):
        system["airflow"] = AIRFLOWS.get(airflow.lower(), airflow)
    records: list[Record] = [{"line": top.line, "section": "system", **system}]
    for holder, section in (("fanTraySlots", "fan_tray"), ("powerSupplySlots", "power_supply")):
        for slot in answer.members(holder):
            records += _fans_of(answer, slot, section, unparsed)
    return Parsed(tuple(records), tuple(unparsed))


def _fans_of(answer: Opened, slot: Member, section: str, unparsed: list[Unparsed]) -> Iterator[Record]:
    inside = next((one for one in answer.document.members(slot) if one.name == "fans"), None)
    fans = list(answer.document.members(inside)) if inside is not None else []
    for fan in fans:
        yield {"line": fan.line, "section": section, **answer.row(fan, _FAN, unparsed)}
    if not fans:  # a slot without fans: one that is empty
        said = {name: value for name, value in object_in(slot.value).items() if name not in ("fans", "fanTrayId")}
        yield {"line": slot.line, "section": section, **answer.row(slot, _FAN, unparsed, said)}


def _fan_percent(text: str) -> Cells | None:
    found = PERCENT.read(text)
    if found is None or found[0] is None:
        return found
    whole = re.fullmatch(r"\d+", str(found[0]))
    return (int(whole[0]),) if whole else None


_FAN_PERCENT: Final = Kind("percent", (INTEGER_OR_NULL,), _fan_percent)
_FAN_NAME: Final = Kind(
    "fan", (TEXT_OR_NULL,), lambda t: (t,) if re.fullmatch(r"\d+(?:/\d+)?|PowerSupply\d+(?:/\d+)?", t) else None
)
_FAN_STATUS: Final = Kind("status", (TEXT_OR_NULL,), lambda t: (t.lower() or None,))
_FANS_TEXT: Final = Table(
    (
        column("Fan", "name", _FAN_NAME, must=True),
        column("Status", "status", _FAN_STATUS, must=True),
        column("(?:Configured|Config) Speed", "configured_percent", _FAN_PERCENT),
        column("(?:Actual )?Speed", "percent", _FAN_PERCENT),
    ),
    least=3,
)
_FAN_LINES: Final = (
    (re.compile(r"System cooling status is: (.+)", re.IGNORECASE), "status"),
    (re.compile(r"Ambient temperature: (-?[\d.]+)C", re.IGNORECASE), "ambient_c"),
    (re.compile(r"Airflow: (.+)", re.IGNORECASE), "airflow"),
    (re.compile(r"Cooling mode: (.+)", re.IGNORECASE), "mode"),
)


def _fans_text(page: Page) -> Parsed:
    system: Record = {"section": "system"}
    rest: list[Line] = []
    for line in page.lines:
        found = next(((name, m) for pattern, name in _FAN_LINES if (m := pattern.fullmatch(line.text.strip()))), None)
        if found is None:
            rest.append(line)
            continue
        system.setdefault("line", line.number)
        name, match = found
        said = match[1].strip()
        system[name] = decimal(said) if name == "ambient_c" else None if absent(said) else said.lower()
    parsed = _FANS_TEXT.read(Page(rest, page.whole, page.port, page.asked))
    records: list[Record] = [system] if "line" in system else []
    for record in parsed.records:
        of_supply = str(record["name"]).startswith("PowerSupply")
        records.append({**record, "section": "power_supply" if of_supply else "fan_tray"})
    return Parsed(tuple(records), parsed.unparsed)


PLATFORM_COMMANDS: Final[tuple[Entry, ...]] = (
    Entry(
        "show version",
        "model, serial number, software",
        Both(_version_json, _version_text, _VERSION_FIELDS, ()),
        ("show version detail",),
    ),
    Entry(
        "show system environment power",
        "power supplies",
        Both(_supplies_json, _supplies_text, _SUPPLY_FIELDS, ("slot",)),
        ("show environment power", "show system environment power detail"),
    ),
    Entry(
        "show system environment temperature",
        "temperature sensors, those of modules where asked for",
        Both(_sensors_json, _sensors_text, _SENSOR_FIELDS, ()),
        ("show environment temperature", "show system environment temperature transceiver"),
    ),
    Entry(
        "show system environment cooling",
        "fans",
        Both(_fans_json, _fans_text, _FAN_FIELDS, ("section",)),
        ("show environment cooling",),
    ),
)
"""What the switch itself answers."""
