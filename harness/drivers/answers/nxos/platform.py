"""The device itself as Cisco NX-OS tells it: version, inventory, modules, environment, and its neighbours.

Recorded in text and as ``| json``: version, inventory, LLDP in full; in text alone ``show module``, as JSON alone LLDP
in short.  From public captures: ``show environment`` and LLDP in short as text, and the members of the JSON of the
environment and of modules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from ..cells import (
    COUNT,
    INTEGER_OR_NULL,
    TEXT_OR_NULL,
    VERBATIM,
    Json,
    Kind,
    Record,
    Schema,
    decimal,
    integer,
    quantity,
)
from ..entry import refusal
from ..tables import Column, column
from ..text import Line, NotThis, Page, Parsed, Unparsed
from .placed import RULE, Head, placed_fields, read_tables
from .ports import PORT, rows_of
from .tree import LOW, WORD, Answer, Fields, Node, Tree, fields_of, missing, nested_strangers, untold

# --- show version -----------------------------------------------------------------------------------------------------

_FIRST: Final = re.compile(r"Cisco Nexus Operating System \(NX-OS\) Software")
_SENTENCES: Final = tuple(
    re.compile(sentence)
    for sentence in (
        r"BIOS: +version (?P<bios_version>\S.*)?",
        r"(?:NXOS|system): +version (?P<nxos_version>[^\[]*\S)(?: \[(?P<release_type>[^\]]+)\])?",
        r"kickstart: +version (?P<kickstart_version>[^\[]*\S)(?: \[[^\]]+\])?",
        r"Host NXOS: version (?P<host_version>\S+)",
        r"PE: +version (?P<pe_version>\S+)",
        r"Microcontroller Firmware: +version v?(?P<microcontroller_version>\S+)",
        r"BIOS compile time: *(?P<bios_compile_time>.*)",
        r"(?:NXOS|system) image file is: +(?P<image_file>\S+)",
        r"kickstart image file is: +(?P<kickstart_file>\S+)",
        r"(?:NXOS|system) compile time: *(?P<compile_time>.*)",
        r"kickstart compile time: *(?P<kickstart_compile_time>.*)",
        r"NXOS boot mode: *(?P<boot_mode>\S+)",
        r"cisco (?P<chassis>.+)",
        r"(?P<cpu>\S.*) with (?P<memory_kb>\d+) kB of memory\.",
        r"Processor Board ID (?P<serial_number>\S+)",
        r"Device name: (?P<hostname>\S+)",
        r"bootflash: +(?P<bootflash_kb>\d+) kB.*",
        r"slot0: +(?P<slot0_kb>\d+) kB.*",
        r"(?P<uptime>\d+ day\(s\).*)",
        r"Kernel uptime is (?P<uptime>\S.*)",
        r"Last reset(?: at (?P<reset_usecs>\d+) usecs after (?P<last_reset>.+))?",
        r"Reason: *(?P<reset_reason>.*)",
        r"System version: *(?P<previous_version>.*)",
        r"Service: *(?P<service>.*)",
    )
)
_COUNTS: Final = frozenset({"memory_kb", "bootflash_kb", "slot0_kb", "reset_usecs"})
_TITLES: Final = frozenset({"software", "hardware", "plugin", "plugins"})
_LEGAL: Final = re.compile(
    r"(?i).*(?:licen[sc]e|copyright|http|third part|warrant|merchantability|rights reserved|TAC support|Documents|GNU|"
    r"owned by other|otherwise stated|demo version|is provided|limited to|Version 2\.[01]).*"
)
_OF_PARTS: Final = re.compile(r"(?P<part>[\w ]+ Firmware):")
_OF_PART: Final = re.compile(r"(?P<module>Module \d{1,3}): v(?P<version>\S+)|Module not detected")
_ACTIVE: Final = re.compile(r"Active Package\(?s?\)?:?")


_OWN: Final = re.compile(r"(?:NXOS|kickstart) image file is: +\S+")
"""What no other system says: the first lines may have been left out."""


def _version(page: Page) -> Parsed:
    own = any(_FIRST.search(line.text) for line in page.lines[:4])
    if not own and not any(_OWN.fullmatch(line.text.strip()) for line in page.lines):
        raise refusal(page, "no 'Cisco Nexus Operating System (NX-OS) Software'")
    record: Record = {"line": page.lines[0].number}
    unparsed: list[Unparsed] = []
    packages: list[Json] = []
    firmware: list[Json] = []
    begun, place = False, ""
    for line in page.lines:
        text = line.text.strip()
        if _FIRST.search(text) or (not begun and _LEGAL.fullmatch(text)):
            continue
        if text.lower() in _TITLES:
            begun, place = True, text.lower()
        elif _ACTIVE.fullmatch(text):
            place = "packages"
        elif parts := _OF_PARTS.fullmatch(text):
            place = parts["part"]
        elif place.endswith("Firmware") and (part := _OF_PART.fullmatch(text)):
            if part["module"]:
                firmware.append({"part": place, "module": part["module"], "version": part["version"]})
        elif place == "packages" and re.fullmatch(r"\S+", text):
            packages.append(text)
        elif place == "plugin" and re.fullmatch(r"[\w ]+ Plugin(?:, [\w ]+ Plugin)*", text):
            record["plugins"] = [name.strip() for name in text.split(",")]
        elif not begun or not _said(record, text):
            unparsed.append(line.unparsed())
    record["packages"] = packages
    if firmware:
        record["firmware"] = firmware
    if "nxos_version" not in record or "chassis" not in record:
        raise NotThis("no version of NX-OS and no chassis: the answer is cut", page.lines[-1].number)
    return Parsed((record,), tuple(unparsed))


def _said(record: Record, text: str) -> bool:
    for sentence in _SENTENCES:
        if found := sentence.fullmatch(text):
            for name, value in found.groupdict().items():
                if value is None:
                    record.setdefault(name, None)
                elif name in _COUNTS:
                    record[name] = int(value)
                else:
                    record[name] = None if untold(value) else value.strip()
            return True
    return False


_VERSION: Final = (
    column("bios_ver_str", "bios_version", WORD),
    column("nxos_ver_str|sys_ver_str", "nxos_version", WORD),
    column("kickstart_ver_str", "kickstart_version", WORD),
    column("host_nxos_ver_str", "host_version", WORD),
    column("release_type", "release_type", WORD),
    column("bios_cmpl_time", "bios_compile_time", WORD),
    column("nxos_file_name|isan_file_name", "image_file", WORD),
    column("kick_file_name", "kickstart_file", WORD),
    column("nxos_cmpl_time|isan_cmpl_time", "compile_time", WORD),
    column("kick_cmpl_time", "kickstart_compile_time", WORD),
    column("nxos_tmstmp|isan_tmstmp", "compiled_at", WORD),
    column("kick_tmstmp", "kickstart_compiled_at", WORD),
    column("boot_lxc_mode", "boot_mode", WORD),
    column(
        "chassis_id", "chassis", Kind("chassis", (TEXT_OR_NULL,), lambda t: (t.removeprefix("cisco ").strip() or None,))
    ),
    column("module_id", "module", WORD),
    column("cpu_name", "cpu", WORD),
    column("memory", "memory_kb", COUNT),
    column("mem_type", "memory_unit", WORD),
    column("proc_board_id", "serial_number", WORD),
    column("host_name", "hostname", WORD),
    column("bootflash_size", "bootflash_kb", COUNT),
    column("slot0_size", "slot0_kb", COUNT),
    column("kern_uptm_days", "uptime_days", COUNT),
    column("kern_uptm_hrs", "uptime_hours", COUNT),
    column("kern_uptm_mins", "uptime_minutes", COUNT),
    column("kern_uptm_secs", "uptime_seconds", COUNT),
    column("rr_usecs", "reset_usecs", COUNT),
    column("rr_ctime", "last_reset", WORD),
    column("rr_reason", "reset_reason", WORD),
    column("rr_sys_ver", "previous_version", WORD),
    column("rr_service", "service", WORD),
    column("manufacturer", "manufacturer", WORD),
)


def _version_tree(tree: Tree) -> list[Record]:
    top = tree.top
    if not top.has("chassis_id") or not (top.has("nxos_ver_str") or top.has("kickstart_ver_str")):
        raise NotThis("no chassis_id and no version in the JSON", tree.document.first)
    plugins = next((one.text for one in top.below if one.name == "plugins"), "")
    kept = tuple(one for one in top.below if one.name not in ("header_str", "plugins"))
    record = Fields(_VERSION).of_node(tree, Node(top.name, top.line, top.value, kept), {"line": top.line})
    record.setdefault("nxos_version", record.get("kickstart_version"))
    if plugins:
        record["plugins"] = [name.strip() for name in plugins.split(",")]
    nested_strangers(tree, top, "TABLE_package_list", "TABLE_smu_list")
    packages = [one.text for row in top.rows("package_list") for one in row.below if one.name == "package_id"]
    record["packages"] = [text for text in packages if text]
    return [record]


_NAMES: Final = {name for sentence in _SENTENCES for name in sentence.groupindex}
VERSION: Final = Answer(
    _version,
    _version_tree,
    {
        **{name: INTEGER_OR_NULL if name in _COUNTS else TEXT_OR_NULL for name in sorted(_NAMES)},
        **fields_of(_VERSION),
        "plugins": {"type": "array", "items": {"type": "string"}},
        "packages": {"type": "array", "items": {"type": "string"}},
        "firmware": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["part", "module", "version"],
                "properties": {name: {"type": "string"} for name in ("part", "module", "version")},
            },
        },
    },
    ("nxos_version", "chassis"),
)

# --- show inventory ---------------------------------------------------------------------------------------------------

_PART: Final = re.compile(
    r'NAME: *(?:"(?P<quoted>[^"]*)"|(?P<name>[^,]*?)) *, *DESCR: *(?:"(?P<descr>[^"]*)"|(?P<plain>.*?)) *'
)
_PID: Final = re.compile(r"PID: *(?P<product_id>.*?) *, *VID: *(?P<version_id>.*?) *, *SN: *(?P<serial_number>.*?) *")


_ELSEWHERE: Final = re.compile(r"Rack \d|\d+/|(?:\w+GigE|Optics|HundredGig)\w*\d+/")
"""Parts of IOS-XR, whose inventory is written alike."""


def _inventory(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    for line in page.lines:
        text = line.text.strip()
        if found := _PART.fullmatch(text):
            name = found["quoted"] if found["quoted"] is not None else found["name"]
            if _ELSEWHERE.match(name):
                raise NotThis(f"{name!r} is no part of this system", line.number)
            words = found["descr"] if found["descr"] is not None else found["plain"]
            records.append({"line": line.number, "name": name.strip(), "description": words.strip() or None})
        elif records and "serial_number" not in records[-1] and (found := _PID.fullmatch(text)):
            records[-1] |= {key: None if untold(value) else value for key, value in found.groupdict().items()}
        elif not RULE.fullmatch(line.text):
            unparsed.append(line.unparsed())
    for record in [record for record in records if "serial_number" not in record]:
        records.remove(record)
        number = record["line"]
        unparsed += [line.unparsed() for line in page.lines if line.number == number]
    if not records:
        raise refusal(page, "no NAME: with PID: below it")
    return Parsed(tuple(records), tuple(sorted(unparsed, key=lambda one: one.line)))


_PARTS: Final = (
    column("name", "name", Kind("name", ({"type": "string"},), lambda t: (t.strip('" '),) if t.strip('" ') else None)),
    column("desc", "description", Kind("text", (TEXT_OR_NULL,), lambda t: (t.strip('" ') or None,))),
    column("productid", "product_id", WORD),
    column("vendorid", "version_id", WORD),
    column("serialnum", "serial_number", WORD),
)
INVENTORY: Final = Answer(
    _inventory, rows_of(_PARTS, "inv", ("name", "serial_number")), fields_of(_PARTS), ("name", "serial_number")
)

# --- show module ------------------------------------------------------------------------------------------------------

_MODULE_HEADS: Final = (
    Head(
        (
            column("Mod", "module", COUNT, must=True),
            column("Ports", "ports", COUNT, must=True),
            column("Module-Type", "type", WORD, must=True),
            column("Model", "model", WORD),
            column("Status", "status", WORD),
        ),
        known=(("table", "module"),),
    ),
    Head(
        (
            column("Mod", "module", COUNT, must=True),
            column("Sw", "software", WORD, must=True),
            column("Hw", "hardware", WORD, must=True),
            column("Slot", "slot", WORD),
            column(r"World-Wide-Name\(s\) \(WWN\)", "wwn", WORD),
        ),
        known=(("table", "version"),),
    ),
    Head(
        (
            column("Mod", "module", COUNT, must=True),
            column(r"MAC-Address\(es\)", "mac_addresses", WORD, must=True),
            column("Serial-Num", "serial_number", WORD, must=True),
        ),
        known=(("table", "mac"),),
    ),
    Head(
        (
            column("Mod", "module", COUNT, must=True),
            column("Online Diag Status", "diagnostics", WORD, must=True),
        ),
        known=(("table", "diagnostics"),),
    ),
    Head(
        (
            column("Mod", "module", COUNT, must=True),
            column("Power-Status", "status", WORD, must=True),
            column("Reason", "reason", WORD, must=True),
        ),
        known=(("table", "power"),),
    ),
    Head(
        (
            column("Xbar", "module", COUNT, must=True),
            column("Ports", "ports", COUNT, must=True),
            column("Module-Type", "type", WORD, must=True),
            column("Model", "model", WORD),
            column("Status", "status", WORD),
        ),
        known=(("table", "crossbar"),),
    ),
    Head(
        (
            column("Xbar", "module", COUNT, must=True),
            column("Sw", "software", WORD, must=True),
            column("Hw", "hardware", WORD, must=True),
        ),
        known=(("table", "crossbar version"),),
    ),
    Head(
        (
            column("Xbar", "module", COUNT, must=True),
            column(r"MAC-Address\(es\)", "mac_addresses", WORD, must=True),
            column("Serial-Num", "serial_number", WORD, must=True),
        ),
        known=(("table", "crossbar mac"),),
    ),
)
_SESSION: Final = re.compile(r"\* this terminal session")
_PARTS_OF: Final[Mapping[str, tuple[str, tuple[Column, ...]]]] = {
    "modinfo": (
        "module",
        (
            column("modinf|mod", "module", COUNT),
            column("ports", "ports", COUNT),
            column("modtype", "type", WORD),
            column("model", "model", WORD),
            column("status", "status", WORD),
        ),
    ),
    "modwwninfo": (
        "version",
        (
            column("modwwn", "module", COUNT),
            column("sw", "software", WORD),
            column("hw", "hardware", WORD),
            column("slottype", "slot", WORD),
            column("wwn", "wwn", WORD),
        ),
    ),
    "modmacinfo": (
        "mac",
        (
            column("modmac", "module", COUNT),
            column("mac", "mac_addresses", WORD),
            column("serialnum", "serial_number", WORD),
        ),
    ),
    "moddiaginfo": (
        "diagnostics",
        (column("mod", "module", COUNT), column("diagstatus", "diagnostics", WORD)),
    ),
}


def _modules(tree: Tree) -> list[Record]:
    if not tree.top.has("TABLE_modinfo"):
        raise missing(tree, "modinfo")
    records: list[Record] = []
    for name, (table, columns) in _PARTS_OF.items():
        fields = Fields(columns)
        for row in tree.top.rows(name):
            record = fields.of_node(tree, row, {"line": row.line, "table": table})
            records.append(record)
            if "module" not in record:
                tree.not_understood(row)
                records.pop()
    for one in tree.top.below:
        if one.name.removeprefix("TABLE_") not in _PARTS_OF:
            tree.not_understood(one)
    return records


MODULE: Final = Answer(
    lambda page: read_tables(page, _MODULE_HEADS, (_SESSION,)),
    _modules,
    placed_fields(_MODULE_HEADS),
    ("module", "table"),
)

# --- show environment -------------------------------------------------------------------------------------------------

_WATTS: Final = quantity("W")
_ENVIRONMENT_TITLE: Final = re.compile(
    r"(?P<section>Power Supply|Fan|Temperature|Clock|Power Usage Summary)(?::.*)?", re.IGNORECASE
)
_VOLTAGE: Final = re.compile(r"Voltage: +(\d{1,4}) Volts")
_NOTES: Final = re.compile(
    r"N/A - Per module power not available"
    r"|(?:\(Watts ?\)|\(Celsius\)|Supply +Model +.*Status|Module +Model +Draw.*Status| )+"
    r"|Power +Actual.*|Actual +Power|Module +Sensor +.*|Fan +Model +.*|Clock +Model +.*",
    re.IGNORECASE,
)
_SUPPLY: Final = re.compile(
    r"(?P<name>\d{1,2}) +(?P<model>\S+)"
    r" +(?P<watts>(?:[\d.]+ W|N/A) +(?:(?:[\d.]+ W|N/A) +){0,2}(?:[\d.]+ W|N/A)) +(?P<status>\S.*)"
)
_DRAW: Final = re.compile(
    r"(?P<name>(?:Xb|xb|fan|Fan)?\d{1,3}) +(?P<model>\S+) +(?P<draw>[\d.]+ W|N/A)"
    r" +(?P<allocated>[\d.]+ W|N/A) +(?P<status>\S.*)"
)
_FAN: Final = re.compile(
    r"(?P<name>Fan\S+) +(?:(?P<model>\S+) +)?(?P<hardware>--|N/A|\d\S*)"
    r" +(?:(?P<direction>\w+(?:-to-|-)\w+) +)?(?P<status>\S.*)"
)
_ZONE: Final = re.compile(r"Fan Zone Speed: (?P<zones>.*)")
_FILTER: Final = re.compile(r"Fan Air Filter ?: (?P<filter>.*)")
_SENSOR: Final = re.compile(
    r"(?P<module>\d{1,3}) +(?P<name>\S.*?) +(?P<high>-?\d+|N/A|--) +(?P<low>-?\d+|N/A|--)"
    r" +(?P<now>-?\d+|N/A|--) +(?P<status>\S.*)"
)
_CLOCK: Final = re.compile(r"(?P<name>[A-B]) +(?P<model>\S.*?) +(?P<hardware>--|\S+) +(?P<status>\S+)")
_TOTAL: Final = re.compile(r"(?P<name>(?:Total|Power Supply redundancy) .*?\)?) {2,}(?P<value>\S.*)")


def _environment(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    section = ""
    for line in page.lines:
        text = line.text.strip()
        if RULE.fullmatch(line.text):
            continue
        if title := _ENVIRONMENT_TITLE.fullmatch(text):
            section = title["section"].lower()
        elif re.match(r"(?:Supply|Module) +Model", text):
            section = "module power" if text.startswith("Module") else section
        elif section and text.lower().split()[:2] in (["module", "sensor"], ["fan", "model"], ["clock", "model"]):
            if section == "temperature" and not _SENSOR_HEAD.fullmatch(text):
                unparsed.append(line.unparsed())
                section = ""
        elif (record := _part(section, line, text)) is not None:
            records.append(record)
        elif not (section and _NOTES.fullmatch(text)):
            unparsed.append(line.unparsed())
    if not records or len(unparsed) > len(records):
        raise refusal(page, "no fan, power supply or temperature")
    return Parsed(tuple(records), tuple(unparsed))


_SENSOR_HEAD: Final = re.compile(r"Module +Sensor +MajorThresh +MinorThres +CurTemp +Status", re.IGNORECASE)


def _part(section: str, line: Line, text: str) -> Record | None:
    """What a row of a section says; None where it is none."""
    at: Record = {"line": line.number}
    if section == "power supply" and (found := _VOLTAGE.fullmatch(text)):
        return {**at, "kind": "voltage", "name": "voltage", "volts": int(found[1])}
    if section == "power supply" and (found := _SUPPLY.fullmatch(text)):
        watts = [_watts(one) for one in re.findall(r"[\d.]+ W|N/A", found["watts"])]
        names = {2: ("output_w", "capacity_w"), 3: ("output_w", "input_w", "capacity_w")}.get(len(watts))
        if names is None:
            return None
        said: Record = dict(zip(names, watts, strict=True))
        return {**at, "kind": "supply", "name": found["name"], "model": _dashed(found["model"]), **said,
                "status": found["status"].strip()}  # fmt: skip
    if section == "module power" and (found := _DRAW.fullmatch(text)):
        return {**at, "kind": "module power", "name": found["name"], "model": _dashed(found["model"]),
                "draw_w": _watts(found["draw"]), "allocated_w": _watts(found["allocated"]),
                "status": found["status"].strip()}  # fmt: skip
    if section == "fan" and (found := _FAN.fullmatch(text)) and not text.startswith("Fan Zone"):
        return {**at, "kind": "fan", "name": found["name"], "model": _dashed(found["model"] or ""),
                "hardware": _dashed(found["hardware"]), "direction": found["direction"],
                "status": found["status"].strip()}  # fmt: skip
    if section == "fan" and (found := _ZONE.fullmatch(text)):
        zones: Record = {
            n: integer(str(int(hexa, 16))) for n, hexa in re.findall(r"Zone (\d+): 0x([0-9a-fA-F]+)", text)
        }
        return {**at, "kind": "fan zones", "name": "zones", "zones": zones} if zones else None
    if section == "fan" and (found := _FILTER.fullmatch(text)):
        return {**at, "kind": "fan filter", "name": "filter", "status": found["filter"].strip()}
    if section == "temperature" and (found := _SENSOR.fullmatch(text)):
        return {**at, "kind": "sensor", "name": found["name"].strip(), "module": int(found["module"]),
                "major_c": _celsius(found["high"]), "minor_c": _celsius(found["low"]),
                "temperature_c": _celsius(found["now"]), "status": found["status"].strip()}  # fmt: skip
    if section == "clock" and (found := _CLOCK.fullmatch(text)):
        return {**at, "kind": "clock", "name": found["name"], "model": found["model"], "status": found["status"]}
    if section in ("power usage summary", "module power") and (found := _TOTAL.fullmatch(text)):
        watts_said = _watts(found["value"])
        return {**at, "kind": "total", "name": found["name"], "watts": watts_said,
                "said": None if watts_said is not None or untold(found["value"]) else found["value"]}  # fmt: skip
    return None


def _watts(text: str) -> str | None:
    values = _WATTS.read(text.strip())
    return str(values[0]) if values and values[0] is not None else None


def _celsius(text: str) -> str | None:
    return None if untold(text) else decimal(text)


def _dashed(text: str) -> str | None:
    return None if untold(text) or not text.strip("-") else text


_SUPPLIES: Final = (
    column("psnum", "name", VERBATIM),
    column("psmodel", "model", WORD),
    column("actual_out|watts", "output_w", _WATTS),
    column("actual_input|actual_in", "input_w", _WATTS),
    column("tot_capa", "capacity_w", _WATTS),
    column("ps_status", "status", VERBATIM),
)
_FANS: Final = (
    column("fanname", "name", VERBATIM),
    column("fanmodel", "model", WORD),
    column("fanhwver", "hardware", WORD),
    column("fandir", "direction", WORD),
    column("fanstatus", "status", VERBATIM),
    column("fanperc", "percent", WORD),
)
_SENSORS: Final = (
    column("tempmod", "module", COUNT),
    column("sensor", "name", Kind("name", ({"type": "string"},), lambda t: (t.strip(),))),
    column("majthres", "major_c", quantity("C")),
    column("minthres", "minor_c", quantity("C")),
    column("curtemp", "temperature_c", quantity("C")),
    column("alarmstatus", "status", Kind("status", (TEXT_OR_NULL,), lambda t: (t.strip() or None,))),
)
_DRAWS: Final = (
    column("modnum", "name", VERBATIM),
    column("mod_model", "model", WORD),
    column("actual_draw", "draw_w", _WATTS),
    column("allocated", "allocated_w", _WATTS),
    column("modstatus", "status", VERBATIM),
)


def _environment_tree(tree: Tree) -> list[Record]:
    """The members are those of public code that reads them."""
    holders = [tree.top, *tree.top.under("powersup"), *tree.top.under("fandetails")]
    records: list[Record] = []
    for table, kind, columns in (
        ("psinfo", "supply", _SUPPLIES), ("faninfo", "fan", _FANS), ("tempinfo", "sensor", _SENSORS),
        ("mod_pow_info", "module power", _DRAWS),
    ):  # fmt: skip
        fields = Fields(columns)
        for row in (row for holder in holders for row in holder.rows(table)):
            record = fields.of_node(tree, row, {"line": row.line, "kind": kind})
            if "name" in record:
                records.append(record)
            else:
                tree.not_understood(row)
    if not records:
        raise missing(tree, "psinfo, TABLE_faninfo or TABLE_tempinfo")
    return records


_ENVIRONMENT: Final[dict[str, Schema]] = {
    "kind": {"type": "string"},
    **fields_of(_SUPPLIES),
    **fields_of(_FANS),
    **fields_of(_SENSORS),
    **fields_of(_DRAWS),
    "name": {"type": "string"},
    "status": TEXT_OR_NULL,
    "volts": INTEGER_OR_NULL,
    "zones": {"type": "object", "additionalProperties": INTEGER_OR_NULL},
    **{name: fields_of(_SUPPLIES)["output_w"] for name in ("watts",)},
    "said": TEXT_OR_NULL,
}
ENVIRONMENT: Final = Answer(_environment, _environment_tree, _ENVIRONMENT, ("kind", "name"))

# --- show lldp neighbors ----------------------------------------------------------------------------------------------

_NEIGHBOUR: Final = (
    column("Chassis id|chassis_id", "chassis_id", WORD),
    column("chassis_type", "chassis_type", WORD),
    column("Port id|port_id", "port_id", WORD),
    column("port_type", "port_type", WORD),
    column("Local Port id|l_port_id", "interface", PORT),
    column("Port Description|port_desc", "port_description", WORD),
    column("System Name|sys_name", "system_name", WORD),
    column("System Description|sys_desc", "system_description", WORD),
    column("Time remaining|ttl", "time_remaining_s", quantity("seconds")),
    column("hold_time", "hold_time_s", COUNT),
    column("System Capabilities|system_capability", "system_capabilities", WORD),
    column("Enabled Capabilities|enabled_capability", "enabled_capabilities", WORD),
    column("Management Address|mgmt_addr", "management_address", WORD),
    column("mgmt_addr_type", "management_address_type", WORD),
    column("Management Address IPV6|mgmt_addr_ipv6", "management_address_ipv6", WORD),
    column("mgmt_addr_ipv6_type", "management_address_ipv6_type", WORD),
    column("Vlan ID|vlan_id", "vlan", COUNT_OR_UNTOLD := Kind(
        "VLAN", (INTEGER_OR_NULL,), lambda t: (None,) if untold(t) else (int(t),) if t.isdecimal() else None
    )),
    column("Max Frame Size|max_framesize", "max_frame_bytes", COUNT_OR_UNTOLD),
    column(r"\[Vlan ID: Vlan Name\]|vlan_name", "vlan_names", WORD),
    column("Capability|link_agg_capability", "aggregation", LOW),
    column("Status|link_agg_status", "aggregation_status", LOW),
    column("Link agg ID|link_agg_id", "aggregation_id", COUNT),
    column("dc_uuid", "dc_uuid", WORD),
)  # fmt: skip
_LEGEND: Final = re.compile(
    r"Capability codes:|(?:\([A-Z]\) [A-Za-z ]+(?:, |$))+|Device ID +Local Intf +Hold-time +Capability +Port ID"
)
_TOTAL_ENTRIES: Final = re.compile(r"Total entries displayed: +(\d+)")
_LABELLED: Final = re.compile(
    r"(?P<label>\[Vlan ID: Vlan Name\]|Chassis id|Port id|Local Port id|Port Description|System Name|System Description"
    r"|Time remaining|System Capabilities|Enabled Capabilities|Management Address IPV6|Management Address|Vlan ID"
    r"|Max Frame Size|Capability|Status|Link agg ID) ?:? *(?P<value>.*)"
)
_TLV: Final = re.compile(r"(?:Vlan Name|Link Aggregation) TLV: *")


def _neighbours(page: Page) -> Parsed:
    fields = Fields(_NEIGHBOUR)
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    legend = False
    going = ""
    entries = None
    for line in page.lines:
        text = line.text.strip()
        if _LEGEND.fullmatch(text):
            legend = True
            continue
        if total := _TOTAL_ENTRIES.fullmatch(text):
            entries = int(total[1])
            continue
        if _TLV.fullmatch(text):
            going = ""
            continue
        found = _LABELLED.fullmatch(text)
        begins = found is not None and found["label"] == "Chassis id"
        if begins:
            records.append({"line": line.number})
        if found and records and fields.put(records[-1], found["label"], found["value"].strip()):
            going = {"System Description": "system_description", "[Vlan ID: Vlan Name]": "vlan_names"}.get(
                found["label"], ""
            )
        elif records and going and records[-1].get(going) is not None:
            records[-1][going] = _joined(str(records[-1][going]), text, going)
        else:
            unparsed.append(line.unparsed())
    short = [record for record in records if "interface" not in record]
    for record in short:
        records.remove(record)
        unparsed += [line.unparsed() for line in page.lines if line.number == record["line"]]
    if not (records or (legend and entries == 0)) or len(unparsed) > 4 * max(1, len(records)):
        raise refusal(page, "no neighbour with its Local Port id")
    if entries is not None and entries != len(records):
        last = page.lines[-1]
        unparsed.append(
            next((one.unparsed() for one in page.lines if _TOTAL_ENTRIES.fullmatch(one.text.strip())), last.unparsed())
        )
    return Parsed(tuple(records), tuple(sorted(unparsed, key=lambda one: one.line)))


def _joined(held: str, text: str, name: str) -> str:
    """A further line of a description; a list of VLANs was broken by the terminal, also in the middle of a word."""
    if name == "system_description":
        return f"{held}\n{text}"
    return f"{held} {text}" if held.endswith((",", ":")) else held + text


def _neighbour_rows(table: str) -> Callable[[Tree], list[Record]]:
    def read(tree: Tree) -> list[Record]:
        if not tree.top.has(f"TABLE_{table}") and not any(
            one.name == "neigh_count" and one.text == "0" for one in tree.top.below
        ):
            raise missing(tree, table)
        fields = Fields(_NEIGHBOUR)
        records = []
        for row in tree.top.rows(table):
            record = fields.of_node(tree, row, {"line": row.line})
            if "interface" in record:
                records.append(record)
            else:
                tree.not_understood(row)
        counted = next((one for one in tree.top.below if one.name == "neigh_count"), None)
        if counted is not None and integer(counted.text) != len(records):
            tree.not_understood(counted)
        return records

    return read


_NEIGHBOUR_FIELDS: Final = {**fields_of(_NEIGHBOUR), "device_id": TEXT_OR_NULL, "capability": TEXT_OR_NULL}
NEIGHBOURS_DETAIL: Final = Answer(_neighbours, _neighbour_rows("nbor_detail"), _NEIGHBOUR_FIELDS, ("interface",))

_SHORT_HEAD: Final = re.compile(r"Device ID +Local Intf +Hold-time +Capability +Port ID")
_SHORT_ROW: Final = re.compile(
    r"(?P<device>\S.*?)? *(?P<port>(?:Eth|mgmt|Ethernet)\d[\w/.]*) +(?P<hold>\d{1,6}) +"
    r"(?:(?P<capability>[A-Z](?:,? ?[A-Z])*) {2,})?(?P<id>\S.*)?"
)


def _short(page: Page) -> Parsed:
    """A name that is too long for its column stands on a line of its own."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    headed, name = False, ""
    pending: Line | None = None
    for line in page.lines:
        text = line.text.rstrip()
        if _SHORT_HEAD.fullmatch(text.strip()):
            headed = True
        elif _LEGEND.fullmatch(text.strip()):
            continue
        elif total := _TOTAL_ENTRIES.fullmatch(text.strip()):
            if int(total[1]) != len(records):
                unparsed.append(line.unparsed())
        elif headed and (row := _SHORT_ROW.fullmatch(text.strip())) and bool(row["device"]) != bool(name):
            records.append(
                {
                    "line": line.number,
                    "device_id": row["device"] or name,
                    "interface": row["port"],
                    "hold_time_s": int(row["hold"]),
                    "capability": row["capability"],
                    "port_id": row["id"],
                }
            )
            name, pending = "", None
        elif headed and not name and text.strip():
            name, pending = text.strip(), line
        else:
            unparsed.append(line.unparsed())
    if pending is not None:
        unparsed.append(pending.unparsed())
    if not headed or len(unparsed) > len(records) + 1:
        raise refusal(page, "no table with the columns Device ID, Local Intf, Hold-time, Capability, Port ID")
    return Parsed(tuple(records), tuple(unparsed))


NEIGHBOURS: Final = Answer(_short, _neighbour_rows("nbor"), _NEIGHBOUR_FIELDS, ("interface",))
