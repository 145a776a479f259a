"""Modules as Junos tells them: monitors, thresholds and alarms per lane, and what the daemon of Junos Evolved reads.

Recorded: ``show interfaces diagnostics optics`` as text and XML.  ``show picd optics`` is from a public capture of the
packet forwarding engine's own command line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..cells import (
    BOOLEAN_OR_NULL,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    TEXT_OR_NULL,
    Cells,
    Json,
    Record,
    Schema,
    absent,
    boolean,
    quantity,
)
from ..entry import OTHER, Entry, Reader
from ..labels import label_of, slug
from ..text import Line, NotThis, Page, Parsed, Unparsed, shortened
from .cells import CELSIUS, DBM, POWER
from .tree import Gathering, Node, Tree, spoken, tree_of

# --- show interfaces diagnostics optics ---------------------------------------------------------------------------

_MONITORS: Final = {
    "module temperature": "temperature",
    "module voltage": "voltage",
    "laser bias current": "bias",
    "laser output power": "tx_power",
    "laser tx power": "tx_power",
    "laser receiver power": "rx_power",
    "laser rx power": "rx_power",
    "laser rx optical power": "rx_power",
    "receiver signal average optical power": "rx_power",
    "rx signal avg optical power": "rx_power",
    "laser temperature": "laser_temperature",
}
"""Quantities by the words of a label, or of an element without its hyphens."""

_OF_MODULE: Final = frozenset({"temperature", "voltage"})
_FIELDS: Final = {
    "temperature": ("temperature_c", CELSIUS),
    "voltage": ("voltage_v", quantity("V")),
    "bias": ("bias_ma", quantity("mA")),
    "laser_temperature": ("laser_temperature_c", CELSIUS),
    "tx_power": ("tx_power_dbm", DBM),
    "rx_power": ("rx_power_dbm", DBM),
}
_MILLIWATTS: Final = quantity("mW")
_LEVELED: Final = re.compile(r"(.+?) (high|low) (alarm|warning|warn)( threshold)?( dbm)?")
_ALARM: Final = re.compile(r"(.+?) (?:alarm|warning)")
_SHORT: Final = (
    (re.compile(r"loss of signal functionality|loss of signal|los functionality"), "los"),
    (re.compile(r"cdr loss of lock"), "cdr lol"),
)
_PHYSICAL: Final = re.compile(r"Physical interface: (\S+?)(?:,.*)?")
_LANE: Final = re.compile(r"Lane (\d{1,2}):?")
_NONE: Final = re.compile(r"Optical diagnostics *: *(?:N/A|Not available|None)", re.IGNORECASE)

_QUAD: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        f"{side}_{grade}": DECIMAL_OR_NULL for side in ("high", "low") for grade in ("alarm", "warning")
    },
}  # fmt: skip
_FLAGS: Final[Schema] = {"type": "object", "additionalProperties": BOOLEAN_OR_NULL}
_OPTICS: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    "available": {"type": "boolean"},
    "temperature_c": DECIMAL_OR_NULL,
    "voltage_v": DECIMAL_OR_NULL,
    "alarms": _FLAGS,
    "thresholds": {
        "type": "object",
        "propertyNames": {"enum": [*(name for name, _ in _FIELDS.values()), "tx_power_mw", "rx_power_mw"]},
        "additionalProperties": _QUAD,
    },
    "lanes": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["line", "lane", "alarms"],
            "properties": {
                "line": {"type": "integer"},
                "lane": INTEGER_OR_NULL,
                "bias_ma": DECIMAL_OR_NULL,
                "tx_power_mw": DECIMAL_OR_NULL,
                "tx_power_dbm": DECIMAL_OR_NULL,
                "rx_power_mw": DECIMAL_OR_NULL,
                "rx_power_dbm": DECIMAL_OR_NULL,
                "laser_temperature_c": DECIMAL_OR_NULL,
                "alarms": _FLAGS,
                "other": OTHER,
            },
        },
    },
    "other": OTHER,
}


class _Module:
    """One module that is being read.  A module that has one lane tells it without a number: it is lane 0."""

    def __init__(self, interface: str, line: int) -> None:
        self.lanes: list[Json] = []
        self.record: Record = {
            "line": line, "interface": interface, "available": True, "alarms": {}, "thresholds": {},
            "lanes": self.lanes,
        }  # fmt: skip
        self.lane: Record | None = None
        self.only: Record | None = None

    def open(self, number: int | None, line: int) -> bool:
        """Begin a lane; false for one that there was.  What stood before the first lane is of the module."""
        if self.only is not None and self.only.keys() == {"line", "lane", "alarms"}:
            alarms, own = self.record["alarms"], self.only["alarms"]
            assert isinstance(alarms, dict) and isinstance(own, dict)
            alarms |= own
            self.lanes.remove(self.only)
            self.only = None
        if any(isinstance(lane, dict) and lane["lane"] == number for lane in self.lanes):
            return False
        self.lane = {"line": line, "lane": number, "alarms": {}}
        self.lanes.append(self.lane)
        return True

    def put(self, label: str, value: str, line: int) -> bool | None:
        """Write what a label says; false where the value does not fit, None where nobody knows the label."""
        label = label.lower().replace("-", " ")
        in_dbm = label.endswith(" dbm")
        if (plain := label.removesuffix(" dbm")) in _MONITORS:
            return self._monitor(_MONITORS[plain], value, line, in_dbm=in_dbm)
        if (found := _LEVELED.fullmatch(label)) and found[1] in _MONITORS:
            what = _MONITORS[found[1]]
            level = f"{found[2]}_{'alarm' if found[3] == 'alarm' else 'warning'}"
            if found[4]:
                return self._threshold(what, level, value, in_dbm=bool(found[5]))
            return self._alarm(f"{what}_{level}", value, line, of_module=what in _OF_MODULE)
        if found := _ALARM.fullmatch(label):
            name = found[1]
            for pattern, short in _SHORT:
                name = pattern.sub(short, name)
            return self._alarm(slug(name), value, line, of_module=self.lane is None)
        return None

    def _monitor(self, what: str, value: str, line: int, *, in_dbm: bool) -> bool:
        holder = self.record if what in _OF_MODULE else self._lane(line)
        if what in ("tx_power", "rx_power"):
            return _fill(holder, _power(what, value, in_dbm=in_dbm))
        field, kind = _FIELDS[what]
        return _fill(holder, _named((field,), kind.read(value)))

    def _threshold(self, what: str, level: str, value: str, *, in_dbm: bool) -> bool:
        thresholds = self.record["thresholds"]
        assert isinstance(thresholds, dict)
        values = (
            _power(what, value, in_dbm=in_dbm)
            if what in ("tx_power", "rx_power")
            else _named((_FIELDS[what][0],), _FIELDS[what][1].read(value))
        )
        if values is None:
            return False
        for name, said in values.items():
            quad = thresholds.setdefault(name, {})
            if not isinstance(quad, dict) or level in quad:
                return False
            quad[level] = said
        return True

    def _alarm(self, name: str, value: str, line: int, *, of_module: bool) -> bool:
        holder = self.record if of_module else self._lane(line)
        state = boolean(value.strip())
        if state is None and not absent(value):
            return False
        alarms = holder["alarms"]
        assert isinstance(alarms, dict)
        return _fill(alarms, {name: state})

    def _lane(self, line: int) -> Record:
        if self.lane is not None:
            return self.lane
        if self.only is None:
            self.only = {"line": line, "lane": 0, "alarms": {}}
            self.lanes.append(self.only)
        return self.only


def _fill(holder: Record, values: Record | None) -> bool:
    if values is None or values.keys() & holder.keys():
        return False
    holder |= values
    return True


def _named(fields: Sequence[str], values: Cells | None) -> Record | None:
    return None if values is None else dict(zip(fields, values, strict=True))


def _power(what: str, value: str, *, in_dbm: bool) -> Record | None:
    """A power as text has it, in both units, or as XML has it, in one."""
    if in_dbm:
        return _named((f"{what}_dbm",), DBM.read(value))
    if "/" in value:
        return _named((f"{what}_mw", f"{what}_dbm"), POWER.read(value))
    return _named((f"{what}_mw",), _MILLIWATTS.read(value))


def optics(page: Page) -> Parsed:
    """One record per module, with its lanes numbered as Junos does, from 0."""
    tree = tree_of(page)
    return _optics_text(spoken(page)) if tree is None else _optics_tree(tree)


def _optics_text(lines: Sequence[Line]) -> Parsed:
    modules: list[_Module] = []
    unparsed: list[Unparsed] = []
    known = 0
    for line in lines:
        text = line.text.strip()
        if found := _PHYSICAL.fullmatch(text):
            modules.append(_Module(found[1], line.number))
        elif not modules:
            raise NotThis(f"no 'Physical interface: X': {shortened(text)}", line.number)
        elif found := _LANE.fullmatch(text):
            if not modules[-1].open(int(found[1]), line.number):
                unparsed.append(line.unparsed())
        elif _NONE.fullmatch(text):
            modules[-1].record["available"] = False
            known += 1
        elif (label := label_of(text)) and modules[-1].put(*label, line.number):
            known += 1
        else:
            unparsed.append(line.unparsed())
    if not known or len(unparsed) > known:
        raise NotThis(f"no monitor of a module: {shortened(lines[0].text)}", lines[0].number)
    return Parsed(tuple(module.record for module in modules), tuple(unparsed))


def _optics_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for _, information in tree.items("interface-information"):
        for interface in information.all("physical-interface"):
            told = interface.first("optics-diagnostics")
            if told is None:
                raise NotThis("no <optics-diagnostics> of a port", interface.line)
            module = _Module(interface.said("name") or "", interface.line)
            for child in told.children:
                module.lane = None
                _diagnostic(gathering, module, child)
            gathering.records.append(module.record)
    return gathering.parsed()


def _diagnostic(gathering: Gathering, module: _Module, node: Node) -> None:
    if node.name == "optic-diagnostics-not-available":
        module.record["available"] = False
    elif node.name == "optics-diagnostics-lane-values":
        number = node.said("lane-index")
        if number is None or not number.isdecimal() or not module.open(int(number), node.line):
            gathering.strange(node)
            return
        for child in node.children:
            if child.name != "lane-index":
                _diagnostic(gathering, module, child)
    else:
        said = node.attribute("celsius") if "temperature" in node.name else None
        put = module.put(node.name, said or node.text, node.line)
        if put is None:
            gathering.other(module.lane if module.lane is not None else module.record, node)
        elif not put:
            gathering.strange(node)


# --- show picd optics ---------------------------------------------------------------------------------------------

_PICD: Final = {
    "fpc_num": "fpc", "pic_num": "pic", "port_num": "port", "run_periodic": "periodic",
    "periodic_ticks": "periodic_ticks", "is_diagnostics": "diagnostics", "qsfp_presence": "present",
    "is_channelized": "channelized", "config_mismatch": "config_mismatch", "module_firmware_revision": "firmware",
    "module_hw_revision": "hardware_revision", "cmis_version": "cmis_revision", "module_state_machine": "module_state",
}  # fmt: skip
_NUMBERS: Final = frozenset({"fpc", "pic", "port", "periodic_ticks"})
_TRUTHS: Final = frozenset({"periodic", "diagnostics", "present", "channelized", "config_mismatch"})
_DATA_PATH: Final = re.compile(r"DP (\d{1,2}): +(\S+)")
_OF_XCVR: Final = re.compile(r"EEPROM details for XCVR: (?:xcvr-)?(\S+)")
_PAGE: Final = re.compile(r"(?:[\w+/-]{1,12} )?(?:(Lower) Page|Upper Page ([0-9a-fA-F]{2})h):")
_DUMP_HEAD: Final = re.compile(r"0 +1 +2 +3 +4 +5 +6 +7 +8 +9 +a +b +c +d +e +f")
_BYTES: Final = re.compile(r"0x([0-9a-fA-F]{2}): ?((?:[0-9a-fA-F]{2} ){0,15}[0-9a-fA-F]{2})")
_XCVR: Final = re.compile(r"xcvr-(\d{1,3}/\d{1,3}/\d{1,3}):")
_APPLICATIONS_HEAD: Final = re.compile(
    r"Ap Sel +Host Intf Code +Media Intf Code +Host Lanes +Media Lanes +Host Assign +Media Assign"
)
_APPLICATION: Final = re.compile(
    r"(\d{1,2}) +(\S.*?) +\((\d{1,3})\) +(\S.*?) +\((\d{1,3})\) +(\d{1,2}) +(\d{1,2}) +(\d{1,3}) +(\d{1,3})"
)
_APPLICATION_FIELDS: Final = (
    "application", "host_interface", "host_interface_code", "media_interface", "media_interface_code", "host_lanes",
    "media_lanes", "host_assignment", "media_assignment",
)  # fmt: skip
_PICD_SCHEMA: Final[dict[str, Schema]] = {
    "kind": {"enum": ["module", "application"]},
    "interface": TEXT_OR_NULL,
    **{
        name: INTEGER_OR_NULL if name in _NUMBERS else BOOLEAN_OR_NULL if name in _TRUTHS else TEXT_OR_NULL
        for name in _PICD.values()
    },
    "data_paths": {"type": "object", "additionalProperties": {"type": "string"}},
    "warnings": {"type": "array", "items": {"type": "string"}},
    "pages": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["line", "half", "page", "data"],
            "properties": {
                "line": {"type": "integer"},
                "half": {"enum": ["lower", "upper"]},
                "page": {"type": "integer"},
                "data": {"type": ["string", "null"], "pattern": "^[0-9a-f]{256}$"},
            },
        },
    },
    **{
        name: TEXT_OR_NULL if name in ("host_interface", "media_interface") else INTEGER_OR_NULL
        for name in _APPLICATION_FIELDS
    },
}


def picd(page: Page) -> Parsed:
    """A module's states and register pages, or the applications that it advertises."""
    lines = spoken(page)
    if any(_APPLICATIONS_HEAD.fullmatch(line.text.strip()) for line in lines[:6]):
        return _applications(lines)
    if lines[0].text.strip() != "PICD optics info":
        raise NotThis(f"neither 'PICD optics info' nor a head of applications: {shortened(lines[0].text)}", 1)
    return _picd_info(lines)


def _picd_info(lines: Sequence[Line]) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    held: list[Record] = []
    for line in lines:
        text = line.text.strip()
        record = records[-1] if records else {}
        label = label_of(text)
        if text == "PICD optics info":
            record = {"line": line.number, "kind": "module", "interface": None, "data_paths": {}, "warnings": [],
                      "pages": []}  # fmt: skip
            records.append(record)
            held = []
        elif found := _BYTES.fullmatch(text):
            if not held or not _dumped(held[-1], int(found[1], 16), found[2]):
                unparsed.append(line.unparsed())
        elif found := _PAGE.fullmatch(text):
            lower = found[1] is not None
            held.append({"line": line.number, "half": "lower" if lower else "upper",
                         "page": 0 if lower else int(found[2], 16), "data": ""})  # fmt: skip
            _append(record, "pages", held[-1])
        elif found := _DATA_PATH.fullmatch(text):
            _member(record, "data_paths", found[1], found[2])
        elif found := _OF_XCVR.fullmatch(text):
            record["interface"] = found[1]
        elif text.startswith("Warning: "):
            _append(record, "warnings", text.removeprefix("Warning: "))
        elif label and (name := _PICD.get(slug(label[0]))) and name not in record:
            record[name] = _picd_value(name, label[1])
        elif not (_DUMP_HEAD.fullmatch(text) or text == "DP State Machine"):
            unparsed.append(line.unparsed())
    for record in records:
        pages = record["pages"]
        for one in pages if isinstance(pages, list) else []:
            if isinstance(one, dict) and len(str(one["data"])) != 256:
                one["data"] = None
    return Parsed(tuple(records), tuple(unparsed))


def _append(record: Record, name: str, value: Json) -> None:
    held = record.get(name)
    if isinstance(held, list):
        held.append(value)


def _member(record: Record, name: str, key: str, value: str) -> None:
    held = record.get(name)
    if isinstance(held, dict):
        held[key] = value


def _dumped(held: Record, address: int, row: str) -> bool:
    """Sixteen bytes more; they have to follow those before."""
    data = str(held["data"])
    base = 0 if held["half"] == "lower" else 128
    if address - base != len(data) // 2:
        return False
    held["data"] = data + row.replace(" ", "").lower()
    return True


def _picd_value(name: str, value: str) -> Json:
    if absent(value):
        return None
    if name in _NUMBERS:
        return int(value) if re.fullmatch(r"\d{1,12}", value) else None
    if name in _TRUTHS:
        return boolean(value)
    return value


def _applications(lines: Sequence[Line]) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    port: str | None = None
    for line in lines:
        text = line.text.strip()
        if found := _XCVR.fullmatch(text):
            port = found[1]
        elif found := _APPLICATION.fullmatch(text):
            values = [int(cell) if cell.isdecimal() else cell for cell in found.groups()]
            records.append({"line": line.number, "kind": "application", "interface": port,
                            **dict(zip(_APPLICATION_FIELDS, values, strict=True))})  # fmt: skip
        elif not _APPLICATIONS_HEAD.fullmatch(text):
            unparsed.append(line.unparsed())
    return Parsed(tuple(records), tuple(unparsed))


COMMANDS: Final = (
    Entry("show interfaces diagnostics optics", "monitors, thresholds and alarms of modules, per lane",
          Reader(optics, _OPTICS, ("interface", "available", "alarms", "thresholds", "lanes"))),
    Entry("show picd optics", "states, register pages and applications of a module (Junos Evolved)",
          Reader(picd, _PICD_SCHEMA, ("kind", "interface"))),
)  # fmt: skip
