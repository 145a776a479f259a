"""What the tools of an InfiniBand fabric answer: ibstat, ibstatus, iblinkinfo, and the files of ibdiagnet.

ibstat, ibstatus and iblinkinfo follow their source (rdma-core, ``infiniband-diags``); their text was also tried on
answers that people published.  ibdiagnet is not open: its files follow public readers of them and the tests of those.
A column that a release adds to its tables is read by its heading like any other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from typing import Final

from ..cells import DECIMAL_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, decimal, integer
from ..entry import Entry, Reader, refusal
from ..labels import label_of
from ..text import Line, Page, Parsed, Unparsed

_NOTHING: Final = frozenset({"", "n/a", "na", "n\\a", "-", "0xfffffffffffffffe", "0xffffffffffffffff", "nan", "err"})
"""What stands where ibdiagnet has no value: the two largest numbers too."""


def _none(text: str) -> bool:
    return text.strip().lower() in _NOTHING


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text, 16) if re.fullmatch(r"0x[0-9a-fA-F]{1,16}", text) else integer(text)


# --- ibstat -------------------------------------------------------------------------------------------------------

_DEVICE: Final = re.compile(r"(CA|Switch|Router|iWARP RNIC|\?\?\?):? '([^']{1,64})'")
_PORT: Final = re.compile(r"Port (\d{1,3}):")
_OF_DEVICE: Final[Mapping[str, str]] = {
    "Number of ports": "ports", "Firmware version": "firmware_version", "Hardware version": "hardware_version",
    "Node GUID": "node_guid", "System image GUID": "system_guid",
}  # fmt: skip
_OF_PORT: Final[Mapping[str, str]] = {
    "State": "state", "Physical state": "physical_state", "Base lid": "lid", "LMC": "lmc", "SM lid": "sm_lid",
    "Capability mask": "capability_mask", "Port GUID": "port_guid", "Link layer": "link_layer",
}  # fmt: skip
_RATE: Final = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)(?: \((\w+)\))?")
_WHOLE: Final = frozenset({"ports", "lid", "lmc", "sm_lid"})


def _ibstat(page: Page) -> Parsed:
    """A record a port: what is said of the device is said of each of its ports."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    device: Record = {}
    for line in page.lines:
        text = line.text.strip()
        known = label_of(text)
        if head := _DEVICE.fullmatch(text):
            device = {"node_type": head[1], "device": head[2]}
        elif not device:
            unparsed.append(line.unparsed())
        elif port := _PORT.fullmatch(text):
            records.append({"line": line.number, **device, "port": int(port[1])})
        elif known is None:
            unparsed.append(line.unparsed())
        elif known[0] in _OF_DEVICE:
            key = _OF_DEVICE[known[0]]
            device[key] = integer(known[1]) if key in _WHOLE else known[1] or None
        elif known[0].endswith(" type"):
            device["type"] = known[1] or None
        elif not records or records[-1]["device"] != device["device"]:
            unparsed.append(line.unparsed())
        elif known[0] in _OF_PORT and _OF_PORT[known[0]] not in records[-1]:
            key = _OF_PORT[known[0]]
            records[-1][key] = integer(known[1]) if key in _WHOLE else known[1] or None
        elif known[0] == "Rate" and (rate := _RATE.fullmatch(known[1])):
            records[-1]["rate_gbps"] = rate[1]
        else:
            unparsed.append(line.unparsed())
    if not device:
        raise refusal(page, "no RDMA device")
    return Parsed(tuple(records), tuple(unparsed))


_STATUS: Final = re.compile(r"Infiniband device '([^']{1,64})' port (\d{1,3}) status:")
_STATUS_LABELS: Final[Mapping[str, str]] = {
    "default gid": "gid", "base lid": "lid", "sm lid": "sm_lid", "state": "state", "phys state": "physical_state",
    "rate": "rate_gbps", "link_layer": "link_layer",
}  # fmt: skip
_STATE: Final = re.compile(r"\d: (.+)")
_SPEED: Final = re.compile(r"(\d{1,5}(?:\.\d{1,3})?) Gb/sec(?: \((\d{1,2})X (\w+)\))?")


def _ibstatus(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    for line in page.lines:
        text = line.text.strip()
        known = label_of(text)
        if head := _STATUS.fullmatch(text):
            records.append({"line": line.number, "device": head[1], "port": int(head[2])})
        elif not records or known is None or known[0] not in _STATUS_LABELS:
            unparsed.append(line.unparsed())
        else:
            key, value = _STATUS_LABELS[known[0]], known[1]
            state, speed = _STATE.fullmatch(value), _SPEED.fullmatch(value)
            if key in ("lid", "sm_lid"):
                records[-1][key] = _whole(value)
            elif key == "rate_gbps":
                records[-1] |= {
                    key: speed[1] if speed else None,
                    "width": int(speed[2]) if speed and speed[2] else None,
                    "speed": speed[3] if speed else None,
                }
            else:
                records[-1][key] = state[1] if state else None if value == "unknown" else value
    if not records:
        raise refusal(page, "no RDMA device with its status")
    return Parsed(tuple(records), tuple(unparsed))


# --- iblinkinfo ---------------------------------------------------------------------------------------------------

_NODE: Final = re.compile(r"(Switch|CA|Router|\?\?): (?:(0x[0-9a-f]{1,16}) )?(.*):", re.IGNORECASE)
_NEAR: Final = r"(?P<lid>\d{1,6}) +(?P<port>\d{1,4})\[(?P<ext>[\d ]{0,4})\]"
_LINK: Final = (
    r"==\( *(?:(?P<width>\d{1,2})X +(?P<speed>(?:\d|un)[^()]{0,24}?(?:\(\w+\))?) +)?"
    r"(?P<state>\w+) */ *(?P<physical>\w+) *\)"
)
_SETTINGS: Final = r"(?: \(HOQ:\d+ VL_Stall:\d+\))?==> +"
_FAR: Final = (
    r"(?:(?:(?P<far_guid>0x[0-9a-f]{1,16}) +)?(?P<far_lid>\d{1,6}) +(?P<far_port>\d{1,4})\[(?P<far_ext>[\d ]{0,4})\]"
    r' "(?P<far>[^"]*)" ?\((?P<hint>.*)\)|\[ *\] "" \( \)|"Port not available")'
)
_ROW: Final = re.compile(
    r"(?P<prefix>[<>] )?(?P<guid>0x[0-9a-f]{1,16})? *(?:\"(?P<name>[^\"]*)\")? *"
    + _NEAR
    + " +"
    + _LINK
    + _SETTINGS
    + _FAR,
    re.IGNORECASE,
)
_LANE_GBPS: Final = re.compile(r"(\d{1,4}(?:\.\d{1,6})?) Gbps(?: \(\w+\))?")


def _iblinkinfo(page: Page) -> Parsed:
    """A record a port: its link, and who is at the other end; with ``-l`` the node stands on each line."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    node: Record = {"node_type": None, "node_guid": None, "node": None}
    for line in page.lines:
        text = line.text.strip()
        if head := _NODE.fullmatch(text):
            node = {"node_type": head[1], "node_guid": head[2], "node": head[3].strip()}
        elif row := _ROW.fullmatch(text):
            records.append(_link(line, node, row))
        else:
            unparsed.append(line.unparsed())
    if not records:
        raise refusal(page, "no link of a fabric")
    return Parsed(tuple(records), tuple(unparsed))


def _link(line: Line, node: Record, row: re.Match[str]) -> Record:
    said = row.groupdict()
    lane = _LANE_GBPS.fullmatch((said["speed"] or "").strip())
    name = said["name"]
    of: Record = node if name is None else {"node_type": None, "node_guid": None, "node": name.strip()}
    return {
        "line": line.number,
        **of,
        "port_guid": said["guid"],
        "lid": int(said["lid"]),
        "port": int(said["port"]),
        "external_port": integer((said["ext"] or "").strip()),
        "width": None if said["width"] is None else int(said["width"]),
        "lane_gbps": lane[1] if lane else None,
        "state": said["state"],
        "physical_state": said["physical"],
        "remote_guid": said["far_guid"],
        "remote_lid": None if said["far_lid"] is None else int(said["far_lid"]),
        "remote_port": None if said["far_port"] is None else int(said["far_port"]),
        "remote": said["far"] or None,
        "hint": (said["hint"] or "").strip() or None,
    }


# --- ibdiagnet ----------------------------------------------------------------------------------------------------

_STAGE_HEAD: Final = re.compile(r"-I- Stage +Warnings +Errors(?: +Comment)?")
_STAGE: Final = re.compile(r"-[IWE]- (\S.{0,60}?) {2,}(\d{1,9}|NA) +(\d{1,9}|NA)(?: +(.*))?")
_SAID: Final = re.compile(r"-([IWE])- (.+)")


def _log(page: Page) -> Parsed:
    """The summary at the end of a run: a record a stage; and the warnings and errors before it, each a record."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    summary = False
    for line in page.lines:
        text = line.text.strip()
        if _STAGE_HEAD.fullmatch(text):
            summary = True
        elif summary and (stage := _STAGE.fullmatch(text)):
            records.append(
                {
                    "line": line.number,
                    "kind": "stage",
                    "stage": stage[1],
                    "warnings": integer(stage[2]),
                    "errors": integer(stage[3]),
                    "text": stage[4] or None,
                }
            )
        elif said := _SAID.fullmatch(text):
            kind = {"I": "information", "W": "warning", "E": "error"}[said[1]]
            nothing: Record = {"stage": None, "warnings": None, "errors": None}
            records.append({"line": line.number, "kind": kind, **nothing, "text": said[2]})
        elif summary and re.match(r"(?:-I- )?(?:You can find|Report|LST File|DB CSV|Network dump)", text):
            continue
        elif not _PROSE.fullmatch(text):
            unparsed.append(line.unparsed())
    if not summary:
        raise refusal(page, "no summary of ibdiagnet")
    return Parsed(tuple(records), tuple(unparsed))


_PROSE: Final = re.compile(
    r"-{3,}|Summary|Fabric Summary|Running (?:command|version).*|Timestamp *:.*|Load Plugins.*|[A-Z][\w/() ]{1,60}"
    r"|[A-Z][\w -]{1,60} *: *\d{1,9}|Plugin .*|.*: /\S+|\(You can specify.*|Discovering .*"
)

_BEGIN: Final = re.compile(r"START_(\w{1,80})")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake(heading: str) -> str:
    """``LinkDownedCounterExt`` as ``link_downed_counter_ext``; GUID is one word however it is written."""
    heading = heading.strip().strip('"').replace("GUID", "Guid").replace("LID", "Lid")
    return re.sub(r"[^a-z0-9]+", "_", _CAMEL.sub("_", heading).lower()).strip("_")


def _cell(text: str) -> Json:
    """A number as such; a GUID stays text, so that it can be looked for."""
    text = text.strip()
    if _none(text):
        return None
    number = integer(text)
    return text if number is None or re.fullmatch(r"0\d+", text) else number


def _db_csv(page: Page) -> Parsed:
    """Sections of a table each: a record a row, its columns by the first line of the section."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    section: str | None = None
    columns: list[str] = []
    begun = False
    for line in page.lines:
        text = line.text.strip()
        if begin := _BEGIN.fullmatch(text):
            section, columns, begun = begin[1], [], True
        elif section is not None and text == f"END_{section}":
            section = None
        elif section is None:
            unparsed.append(line.unparsed())
        else:
            cells = next(csv.reader([text], skipinitialspace=True), [])
            if not columns:
                columns = [snake(cell) for cell in cells]
            elif len(cells) != len(columns):
                unparsed.append(line.unparsed())
            else:
                records.append(_db_row(line, section, dict(zip(columns, cells, strict=True))))
    if not begun:
        raise refusal(page, "no section of a database")
    return Parsed(tuple(records), tuple(unparsed))


def _db_row(line: Line, section: str, cells: Mapping[str, str]) -> Record:
    node = cells.get("node_guid", cells.get("node_guid1"))
    port = next((cells[name] for name in ("port_num", "port_number", "port_num1") if name in cells), "")
    values: dict[str, Json] = {name: _cell(text) for name, text in cells.items()}
    return {"line": line.number, "section": section, "node_guid": node, "port": integer(port), "values": values}


_DUMP_NODE: Final = re.compile(r'"([^"]*)", ([^,]{1,40}), (0x[0-9a-fA-F]{1,16}), LID (\d{1,6}).*')
_DUMP: Final[Mapping[str, tuple[str, str]]] = {
    "Ty": ("node_type", "text"), "#": ("port_label", "text"), "IB#": ("port", "whole"), "#IB": ("port", "whole"),
    "GUID": ("node_guid", "text"), "LID": ("lid", "whole"), "Sta": ("state", "text"),
    "PhysSta": ("physical_state", "text"), "MTU": ("mtu_code", "whole"), "LWA": ("width", "width"),
    "LSA": ("lane_speed", "text"), "FEC": ("fec", "text"),
    "FEC mode": ("fec", "text"), "RTR": ("retransmission", "text"), "Neighbor Guid": ("remote_guid", "text"),
    "N#": ("remote_port_label", "text"), "NLID": ("remote_lid", "whole"), "Neighbor Description": ("remote", "text"),
    "Conn LID": ("remote_lid", "whole"), "Conn LID (#)": ("remote_lid", "whole"), "Raw BER": ("raw_ber", "decimal"),
    "Effective BER": ("effective_ber", "decimal"), "Symbol BER": ("symbol_ber", "decimal"),
    "Symbol Err": ("symbol_errors", "whole"), "Effective Err": ("effective_errors", "whole"),
    "Node Desc": ("node", "text"), "Node Description": ("node", "text"), "VL": ("virtual_lanes", "text"),
    "OpVL": ("virtual_lanes", "text"),
}  # fmt: skip
_LID: Final = re.compile(r"(\d{1,6})(?: \((?:0x[0-9a-fA-F]+|#?\d+)\))?")


def _dump_cell(kind: str, text: str) -> Json:
    text = text.strip().strip('"')
    if _none(text):
        return None
    match kind:
        case "whole":
            found = _LID.fullmatch(text)
            return int(found[1]) if found else _whole(text)
        case "width":
            return integer(text.rstrip("xX"))
        case "decimal":
            return decimal(text)
        case _:
            return text


def _net_dump(page: Page) -> Parsed:
    """``net_dump`` and ``net_dump_ext``: columns between colons, by the line of their headings."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    columns: list[str] = []
    node: Record = {}
    for line in page.lines:
        text = line.text.strip()
        if head := _DUMP_NODE.fullmatch(text):
            node = {"node": head[1], "vendor": head[2], "node_guid": head[3], "lid": int(head[4])}
            continue
        names = re.split(r" ?: ", " ".join(text.split()))
        if "Sta" in names and "PhysSta" in names:
            columns = names
            strange = [name for name in names if name not in _DUMP]
            if strange:
                unparsed.append(line.unparsed())
            continue
        cells = _dump_cells(text, len(columns))
        if not columns or cells is None:
            if not re.fullmatch(r"[-#= ]+|#.*", text):
                unparsed.append(line.unparsed())
            continue
        record: Record = {"line": line.number, **node}
        for name, value in zip(columns, cells, strict=True):
            if name in _DUMP:
                key, kind = _DUMP[name]
                record[key] = _dump_cell(kind, value)
        records.append(record)
    if not columns:
        raise refusal(page, "no head with Sta and PhysSta")
    return Parsed(tuple(records), tuple(unparsed))


def _dump_cells(text: str, width: int) -> list[str] | None:
    """The cells of a row; a description at its end has colons of its own."""
    head, quote, tail = text.partition('"')
    cells = [cell.strip() for cell in head.split(" : ")] if quote else [cell.strip() for cell in text.split(" : ")]
    if quote:
        cells = (
            [*cells[:-1], tail.rstrip().removesuffix('"')] if cells and not cells[-1] else [*cells, tail.rstrip('" ')]
        )
    if cells and cells[-1].endswith(" :"):
        cells = [*cells[:-1], cells[-1].removesuffix(" :"), ""]
    return cells if len(cells) == width else None


_PM_HEAD: Final = re.compile(
    r"Port=(?P<port>\d{1,3}) Lid=(?P<lid>0x[0-9a-fA-F]+|\d+) GUID=(?P<port_guid>0x[0-9a-fA-F]+)"
    r"(?: Device=(?P<device>\d+))?(?: Port Name=(?P<name>.*))?"
)
_PM_COUNTER: Final = re.compile(r"([A-Za-z][\w\[\] ]{0,80}?)=(\S+)")


def _pm(page: Page) -> Parsed:
    """``ibdiagnet2.pm``: a block a port, a counter a line."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    for line in page.lines:
        text = line.text.strip()
        if head := _PM_HEAD.fullmatch(text):
            said = head.groupdict()
            counters: dict[str, Json] = {}
            records.append(
                {
                    "line": line.number,
                    "port": int(said["port"]),
                    "lid": _whole(said["lid"]),
                    "port_guid": said["port_guid"],
                    "name": said["name"] or None,
                    "counters": counters,
                }
            )
        elif records and (row := _PM_COUNTER.fullmatch(text)) and isinstance(records[-1]["counters"], dict):
            records[-1]["counters"][snake(row[1])] = None if _none(row[2]) else _number(row[2])
        elif not re.fullmatch(r"-{3,}|#.*", text):
            unparsed.append(line.unparsed())
    if not records:
        raise refusal(page, "no counters of a port")
    return Parsed(tuple(records), tuple(unparsed))


def _number(text: str) -> Json:
    whole = _whole(text)
    return decimal(text) if whole is None else whole


_COUNTERS: Final[Schema] = {"type": "object", "additionalProperties": {"type": ["integer", "string", "null"]}}
_KIND: Final[dict[str, Schema]] = {"kind": {"enum": ["stage", "information", "warning", "error"]}}
_NODE_FIELDS: Final[dict[str, Schema]] = dict.fromkeys(("node_type", "node_guid", "node"), TEXT_OR_NULL)
_DUMP_SCHEMAS: Final[Mapping[str, Schema]] = {
    "text": TEXT_OR_NULL,
    "whole": INTEGER_OR_NULL,
    "width": INTEGER_OR_NULL,
    "decimal": DECIMAL_OR_NULL,
}

COMMANDS: Final = (
    Entry(
        "ibstat",
        "RDMA devices of a host and their ports",
        Reader(
            _ibstat,
            {
                key: INTEGER_OR_NULL if key in _WHOLE else TEXT_OR_NULL
                for key in (*_OF_DEVICE.values(), *_OF_PORT.values())
            }
            | dict.fromkeys(("node_type", "device", "type"), TEXT_OR_NULL)
            | {"port": {"type": "integer"}, "rate_gbps": DECIMAL_OR_NULL},
            ("device", "port"),
        ),
    ),
    Entry(
        "ibstatus",
        "RDMA devices of a host: state, rate and width",
        Reader(
            _ibstatus,
            dict.fromkeys(("device", "gid", "state", "physical_state", "speed", "link_layer"), TEXT_OR_NULL)
            | dict.fromkeys(("lid", "sm_lid", "width"), INTEGER_OR_NULL)
            | {"port": {"type": "integer"}, "rate_gbps": DECIMAL_OR_NULL},
            ("device", "port"),
        ),
    ),
    Entry(
        "iblinkinfo",
        "every link of a fabric, from both ends (with and without -l)",
        Reader(
            _iblinkinfo,
            _NODE_FIELDS
            | dict.fromkeys(
                ("port_guid", "state", "physical_state", "remote_guid", "remote", "hint"),
                TEXT_OR_NULL,
            )
            | dict.fromkeys(
                ("lid", "port", "external_port", "width", "remote_lid", "remote_port"),
                INTEGER_OR_NULL,
            )
            | {"lane_gbps": DECIMAL_OR_NULL},
            ("node", "port", "state"),
        ),
    ),
    Entry(
        "ibdiagnet",
        "the log of a run: stages with their warnings and errors, and what was said",
        Reader(
            _log,
            _KIND
            | dict.fromkeys(("stage", "text"), TEXT_OR_NULL)
            | dict.fromkeys(("warnings", "errors"), INTEGER_OR_NULL),
            ("kind",),
        ),
        ("cat ibdiagnet2.log",),
    ),
    Entry(
        "cat ibdiagnet2.db_csv",
        "the database of a run: every table by the headings of its columns",
        Reader(
            _db_csv,
            {
                "section": {"type": "string"},
                "node_guid": TEXT_OR_NULL,
                "port": INTEGER_OR_NULL,
                "values": _COUNTERS,
            },
            ("section", "values"),
        ),
    ),
    Entry(
        "cat ibdiagnet2.net_dump",
        "links, FEC and neighbours; of net_dump_ext error ratios",
        Reader(
            _net_dump,
            {key: _DUMP_SCHEMAS[kind] for key, kind in _DUMP.values()} | {"vendor": TEXT_OR_NULL},
            ("port_label", "state"),
        ),
        ("cat ibdiagnet2.net_dump_ext",),
    ),
    Entry(
        "cat ibdiagnet2.pm",
        "counters of every port",
        Reader(
            _pm,
            {
                "port": {"type": "integer"},
                "lid": INTEGER_OR_NULL,
                "port_guid": {"type": "string"},
                "name": TEXT_OR_NULL,
                "counters": _COUNTERS,
            },
            ("port", "port_guid", "counters"),
        ),
    ),
)
