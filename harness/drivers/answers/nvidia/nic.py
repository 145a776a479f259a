"""What further tools for NVIDIA's NICs answer: mlnx_qos, show_gids, cma_roce_*, mlxreg, mst and ibdev2netdev.

The formats follow the tools' own source (``mlnx-tools``: ``python/mlnx_qos``, ``sbin/show_gids``, ``sbin/cma_roce_*``);
mlxreg as NVIDIA's documents print it.  mst, mlnx_qos and show_gids were also tried on answers that people published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..cells import INTEGER_OR_NULL, INTEGERS_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, integer
from ..entry import TEXTS, Entry, Reader, object_in, refusal
from ..labels import label_of
from ..text import Page, Parsed, Unparsed

# --- mlnx_qos -----------------------------------------------------------------------------------------------------

_QOS_ROW: Final = re.compile(r"(priority|enabled|buffer)((?: +\d{1,9}){1,16})")
_QOS_TC: Final = re.compile(r"tc: (\d+) ratelimit: ([^,]{1,40}), tsa: (\w+)(?:, bw: (\d+)%)?")
_QOS_DSCP: Final = re.compile(r"prio:(\d) dscp:([\d,]*)")
_QOS_UNSUPPORTED: Final = re.compile(r"(.{1,60}?) (?:is|are) not supported on your system\.?")
_QOS_TITLES: Final = re.compile(r"dscp2prio mapping:|PFC configuration:|\*{3,}")


def read_mlnx_qos(page: Page) -> Parsed:
    record: Record = {"line": 1, "interface": page.port}
    unparsed: list[Unparsed] = []
    classes: list[Json] = []
    dscp: dict[str, list[Json]] = {}
    rows: dict[str, list[int]] = {}
    known = False
    for line in page.lines:
        text = line.text.strip()
        label, value = label_of(text) or ("", "")
        if row := _QOS_ROW.fullmatch(text):
            rows[row[1]] = [int(word) for word in row[2].split()]
            known = True
        elif tc := _QOS_TC.fullmatch(text):
            weight = int(tc[4]) if tc[4] else None
            classes.append(
                {"tc": int(tc[1][:4]), "ratelimit": tc[2], "algorithm": tc[3], "percent": weight, "priorities": []}
            )
        elif label == "priority" and classes and (number := integer(value)) is not None:
            priorities = object_in(classes[-1]).get("priorities")
            if isinstance(priorities, list):
                priorities.append(number)
        elif found := _QOS_DSCP.fullmatch(text):
            dscp.setdefault(found[1], []).extend(int(word) for word in found[2].split(",") if word)
        elif label == "DCBX mode":
            record["dcbx_mode"], known = value, True
        elif label == "Priority trust state":
            record["trust"], known = value, True
        elif label == "default priority" and (not value or integer(value) is not None):
            record["default_priority"] = integer(value)
        elif label == "Cable len":
            record["cable_length_m"] = integer(value)
        elif label == "Receive buffer size (bytes)":
            sizes, _, most = value.partition("max_buffer_size=")
            record["buffer_bytes"] = [integer(size.strip()) for size in sizes.split(",") if size.strip()]
            record["max_buffer_bytes"] = integer(most)
        elif unsupported := _QOS_UNSUPPORTED.fullmatch(text):
            names = record.setdefault("unsupported", [])
            if isinstance(names, list):
                names.append(unsupported[1].strip().lower())
        elif not _QOS_TITLES.fullmatch(text):
            unparsed.append(line.unparsed())
    if not known:
        raise refusal(page, "no trust state and no PFC configuration")
    if "enabled" in rows:
        record["pfc_enabled"] = [priority for priority, on in _pairs(rows, "enabled") if on]
    if "buffer" in rows:
        record["priority_buffer"] = [buffer for _, buffer in _pairs(rows, "buffer")]
    if classes:
        record["traffic_classes"] = classes
    if dscp:
        record["dscp_to_priority"] = {str(code): int(priority) for priority, codes in dscp.items() for code in codes}
    return Parsed((record,), tuple(unparsed))


def _pairs(rows: Mapping[str, list[int]], name: str) -> list[tuple[int, int]]:
    priorities = rows.get("priority", list(range(8)))
    return list(zip(priorities, rows[name], strict=False))


# --- show_gids ----------------------------------------------------------------------------------------------------

_GIDS_HEAD: Final = re.compile(r"DEV\s+PORT\s+INDEX\s+GID\s+IPv4\s+VER\s+DEV", re.IGNORECASE)
_GID: Final = re.compile(
    r"(\S+)\s+([0-9]{1,4})\s+([0-9]{1,5})\s+([0-9a-f:]{2,39})\s+(?:([0-9.]{7,15})\s+)?(v1|v2)(?:\s+(\S+))?"
)


def _gids(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    headed = False
    for line in page.lines:
        text = line.text.strip()
        if _GIDS_HEAD.fullmatch(text):
            headed = True
        elif headed and (row := _GID.fullmatch(text)):
            record: Record = {"line": line.number, "device": row[1], "port": int(row[2]), "index": int(row[3])}
            records.append(record | {"gid": row[4], "ipv4": row[5], "roce": row[6], "interface": row[7]})
        elif not re.fullmatch(r"[- ]+|n_gids_found=\d+", text):
            unparsed.append(line.unparsed())
    if not headed:
        raise refusal(page, "no table of GIDs")
    return Parsed(tuple(records), tuple(unparsed))


_GID_FIELDS: Final[dict[str, Schema]] = {
    "interface": TEXT_OR_NULL,
    "device": {"type": "string"},
    "port": {"type": "integer"},
    "index": {"type": "integer"},
    "gid": {"type": "string"},
    "ipv4": TEXT_OR_NULL,
    "roce": {"enum": ["v1", "v2"]},
}

# --- cma_roce_tos, cma_roce_mode ----------------------------------------------------------------------------------


def _tos(page: Page) -> Parsed:
    """The type of service that the connection manager gives RoCE packets: DSCP in the upper six bits; 0: not set."""
    line = page.lines[0] if len(page.lines) == 1 else None
    number = integer(line.text.strip()) if line else None
    if line is None or number is None or not 0 <= number <= 255:
        raise refusal(page, "not one number from 0 to 255")
    record: Record = {"line": line.number, "device": page.port, "tos": number, "dscp": number >> 2, "ecn": number & 3}
    return Parsed((record,))


_MODES: Final = {"IB/RoCE v1": "v1", "RoCE v1": "v1", "RoCE v2": "v2"}


def _mode(page: Page) -> Parsed:
    line = page.lines[0] if len(page.lines) == 1 else None
    mode = _MODES.get(line.text.strip()) if line else None
    if line is None or mode is None:
        raise refusal(page, "no version of RoCE")
    return Parsed(({"line": line.number, "device": page.port, "roce": mode},))


# --- mst ----------------------------------------------------------------------------------------------------------

_MODULE: Final = re.compile(r"MST PCI(?P<configuration> configuration)? module (?:is )?(?P<state>not loaded|loaded)")
_TITLE: Final = re.compile(
    r"(?:MST modules|MST devices|PCI devices|Cables|Inband devices|Linkx devices):|No MST devices .*"
)
_MST: Final = re.compile(r"(?P<mst>/dev/mst/\S+) +- (?P<access>.+?)\.?")
_BDF: Final = re.compile(r"domain:bus:dev\.fn=(?P<pci>[0-9a-f:.]{7,12})(?: .*)?")
_REVISION: Final = re.compile(r"Chip revision is: (?P<revision>\S+)")
_TABLE: Final = re.compile(r"DEVICE_TYPE +MST +PCI(?: +RDMA)?(?: +NET)?(?: +NUMA)?")
_ROW: Final = re.compile(
    r"(?P<type>\S+?)(?:\(rev:(?P<revision>\w+)\))? +(?P<mst>/dev/mst/\S+|NA)"
    r"(?: +(?P<pci>[0-9a-f]{2,4}(?::[0-9a-f]{2})+\.\d))?"
    r"(?: +(?P<rdma>(?!net-)[a-z]\w*))?(?: +(?P<net>net-\S*(?: +[a-z]\w*)?))?(?: +(?P<numa>-?\d+))?",
)
_DEVICE_FIELDS: Final = ("type", "revision", "mst", "pci", "rdma", "access")


def _mst(page: Page) -> Parsed:
    """The devices that the tools can reach; with ``-v`` each with its RDMA device and interfaces."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    titled = False
    for line in page.lines:
        text = line.text.strip()
        if _TITLE.fullmatch(text) or _MODULE.fullmatch(text):
            titled = True
        elif re.fullmatch(r"-{3,}", text) or _TABLE.fullmatch(text):
            continue
        elif row := _ROW.fullmatch(text):
            records.append(_found(line.number, row))
        elif plain := _MST.fullmatch(text):
            records.append(_found(line.number, plain))
        elif records and (more := _BDF.fullmatch(text) or _REVISION.fullmatch(text)):
            records[-1] |= more.groupdict()
        else:
            unparsed.append(line.unparsed())
    if not titled:
        raise refusal(page, "no 'MST modules'")
    return Parsed(tuple(records), tuple(unparsed))


def _found(line: int, match: re.Match[str]) -> Record:
    groups = match.groupdict()
    nets = (groups.pop("net", None) or "").replace("net-", ",").replace(" ", "").split(",")
    numa = groups.pop("numa", None)
    record: Record = {"line": line, **dict.fromkeys(_DEVICE_FIELDS), **groups}
    record["mst"] = None if record["mst"] == "NA" else record["mst"]
    number = None if numa is None else int(numa)
    return record | {"interfaces": [name for name in nets if name], "numa": None if number == -1 else number}


_NETDEV: Final = re.compile(
    r"(?:[0-9a-f:.]{7,12} )?(?P<device>\w+) (?:\(.*?\) )?(?:.*? )?port (?P<port>\d{1,3})(?: \(\s*\w+\s*\))?"
    r" ==> (?P<interface>\S+) \((?P<state>\w+)\)"
)


def _netdevs(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    for line in page.lines:
        found = _NETDEV.fullmatch(line.text.strip())
        if found is None:
            unparsed.append(line.unparsed())
            continue
        said = found.groupdict()
        record: Record = {"line": line.number, "device": said["device"], "port": int(said["port"])}
        records.append(record | {"interface": said["interface"], "state": said["state"].lower()})
    if not records:
        raise refusal(page, "no RDMA device with its interface")
    return Parsed(tuple(records), tuple(unparsed))


# --- mlxreg -------------------------------------------------------------------------------------------------------

_FIELD: Final = re.compile(r"(\w[\w.\[\]]{0,79}) *\| *(0x[0-9a-fA-F]{1,8})")
_REGISTER_TITLE: Final = re.compile(r"Sending access register\.*|Field Name *\| *Data|=+")


def _register(page: Page) -> Parsed:
    """The fields of an access register, each a number; one that stands twice and not alike is null."""
    fields: dict[str, Json] = {}
    unparsed: list[Unparsed] = []
    titled = False
    for line in page.lines:
        text = line.text.strip()
        if row := _FIELD.fullmatch(text):
            value = int(row[2], 16)
            fields[row[1]] = value if fields.get(row[1], value) == value else None
        elif _REGISTER_TITLE.fullmatch(text):
            titled = titled or text.startswith("Field Name")
        else:
            unparsed.append(line.unparsed())
    if not titled or not fields:
        raise refusal(page, "no fields of a register")
    name = next((word for word in page.asked[1:] if word.isupper()), None)
    return Parsed(
        ({"line": page.lines[0].number, "device": page.port, "register": name, "fields": fields},), tuple(unparsed)
    )


_NAMED: Final[dict[str, Schema]] = {"device": TEXT_OR_NULL}

COMMANDS: Final = (
    Entry(
        "mlnx_qos",
        "trust, PFC, buffers and traffic classes",
        Reader(
            read_mlnx_qos,
            {"interface": TEXT_OR_NULL}
            | dict.fromkeys(("dcbx_mode", "trust"), TEXT_OR_NULL)
            | dict.fromkeys(("cable_length_m", "default_priority", "max_buffer_bytes"), INTEGER_OR_NULL)
            | {"buffer_bytes": {"type": "array", "items": INTEGER_OR_NULL}}
            | dict.fromkeys(("pfc_enabled", "priority_buffer"), INTEGERS_OR_NULL)
            | {
                "unsupported": TEXTS,
                "dscp_to_priority": {"type": "object", "additionalProperties": {"type": "integer"}},
                "traffic_classes": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "tc": {"type": "integer"},
                            "ratelimit": {"type": "string"},
                            "algorithm": {"type": "string"},
                            "percent": INTEGER_OR_NULL,
                            "priorities": {"type": "array", "items": {"type": "integer"}},
                        },
                    },
                },
            },
            ("interface",),
        ),
    ),
    Entry("show_gids", "RoCE GIDs", Reader(_gids, _GID_FIELDS, ("device", "port", "index", "gid", "ipv4", "roce"))),
    Entry(
        "cma_roce_tos",
        "type of service of RoCE packets",
        Reader(_tos, _NAMED | {key: {"type": "integer"} for key in ("tos", "dscp", "ecn")}, ("device", "tos", "dscp")),
    ),
    Entry(
        "cma_roce_mode",
        "version of RoCE that connections take",
        Reader(_mode, _NAMED | {"roce": {"enum": ["v1", "v2"]}}, ("device", "roce")),
    ),
    Entry(
        "mlxreg --get",
        "fields of an access register",
        Reader(
            _register,
            _NAMED | {"register": TEXT_OR_NULL, "fields": {"type": "object", "additionalProperties": INTEGER_OR_NULL}},
            ("device", "register", "fields"),
        ),
        ("mlxreg -g", "mstreg --get", "mstreg -g"),
    ),
    Entry(
        "mst status",
        "devices that NVIDIA's tools can reach (with -v their RDMA devices and interfaces)",
        Reader(
            _mst,
            dict.fromkeys(_DEVICE_FIELDS, TEXT_OR_NULL) | {"interfaces": TEXTS, "numa": INTEGER_OR_NULL},
            ("mst", "pci", "interfaces"),
        ),
    ),
    Entry(
        "ibdev2netdev",
        "RDMA devices and their interfaces",
        Reader(
            _netdevs,
            {
                "device": {"type": "string"},
                "port": {"type": "integer"},
                "interface": {"type": "string"},
                "state": {"type": "string"},
            },
            ("device", "port", "interface", "state"),
        ),
    ),
)
