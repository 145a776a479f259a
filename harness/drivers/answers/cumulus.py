"""What Cumulus Linux with NCLU (up to release 4) answers: ``net show``, FRR's vtysh, the Linux tools of the switch.

``net show lldp json``, ``net show system json``, FRR's interfaces, ``ip -d address show``, ``/proc/net/dev`` and
lldpctl were held against recordings.  The text of ``net show`` follows its public documentation, and
``net show interface json`` what public programs read of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from . import linux
from .cells import (
    BOOLEAN_OR_NULL,
    INTEGER_OR_NULL,
    TEXT_OR_NULL,
    TEXTS_OR_NULL,
    Json,
    Record,
    Schema,
    absent,
    integer,
    speed_mbps,
)
from .entry import OTHER, TEXTS, Entry, Reader, list_in, number_in, object_in, objects, refusal, text_in, unknown_in
from .labels import slug
from .linux.lldp import NEIGHBOUR, read_lldpctl
from .nvue.reply import Reply, reply_of
from .text import Line, Page, Parsed, Unparsed

_NO_SPEED: Final = frozenset({0, 4294967295})

# --- net show lldp ------------------------------------------------------------------------------------------------


def _table(page: Page, must: str) -> tuple[Reply, list[tuple[int, dict[str, str]]]]:
    """The rows of an answer by heading; the answer has to have a column of that name."""
    reply = reply_of(page)
    tables = [table for table in reply.tables if must in table.headings]
    if not tables:
        raise refusal(page, f"no table with a column {must}")
    for table in reply.tables:
        if table not in tables:
            for line in (table.head, *(line for line, _ in table.rows)):
                reply.lost(line.number)
    for leaf in reply.leaves:
        reply.lost(leaf.line)
    rows = [
        (line.number, dict(zip(table.headings, cells, strict=False))) for table in tables for line, cells in table.rows
    ]
    return reply, rows


def _strangers(reply: Reply, known: set[str]) -> None:
    """Report the head of a table that has a column which nobody knows."""
    for table in reply.tables:
        if set(table.headings) - known:
            reply.lost(table.head.number)


def _cell(row: dict[str, str], *names: str) -> str | None:
    value = next((row[name] for name in names if name in row), "")
    return None if absent(value) else value


_HEARD_ON: Final = re.compile(r"Interface: +\S{1,60}, via: .*")


def _lldp(page: Page) -> Parsed:
    """The list of neighbours; of one port NCLU prints what lldpctl does."""
    if page.json() or any(_HEARD_ON.fullmatch(line.text.strip()) for line in page.lines[:5]):
        return read_lldpctl(page)
    reply, rows = _table(page, "localport")
    _strangers(reply, {"localport", "speed", "mode", "remotehost", "remoteport", "summary"})
    records: list[Record] = [
        {
            "line": line,
            "interface": row["localport"],
            "speed_mbps": speed_mbps(row.get("speed", "")),
            "mode": _cell(row, "mode"),
            "system_name": _cell(row, "remotehost"),
            "port_id": _cell(row, "remoteport"),
        }
        for line, row in rows
        if row["localport"]
    ]
    return Parsed(tuple(records), tuple(reply.unparsed))


# --- net show system ----------------------------------------------------------------------------------------------

_DOTTED: Final = re.compile(r"(\S(?:[^.]{0,40}\S)?)\.{1,40} (\S.*)")
_RELEASE: Final = re.compile(r"Cumulus Linux (\S+)")
_SYSTEM: Final = {
    "hostname": "hostname", "build": "build", "uptime": "uptime", "model": "model", "cpu": "cpu", "memory": "memory",
    "disk": "disk", "asic": "asic", "ports": "ports", "part_number": "part_number", "serial_number": "serial_number",
    "product_name": "product_name", "platform_name": "platform_name", "vendor_name": "vendor",
    "manufacturer": "manufacturer", "onie_version": "onie_version", "base_mac_address": "base_mac",
    "device_version": "device_version", "label_revision": "label_revision", "manufacture_date": "manufacture_date",
    "diag_version": "diag_version", "country_code": "country_code", "service_tag": "service_tag",
    "mac_addresses": "mac_addresses", "vendor_extension": "vendor_extension", "crc_32": "crc",
}  # fmt: skip
"""Labels of the text, and names of the TLVs of the board's EEPROM, as fields."""


def _system(page: Page) -> Parsed:
    if page.json():
        return _system_json(page)
    record: Record = {"line": page.lines[0].number if page.lines else 1}
    unparsed: list[Unparsed] = []
    for line in page.lines:
        found = _DOTTED.fullmatch(line.text.strip())
        key = _SYSTEM.get(slug(found[1])) if found else None
        if found is None or key is None or key in record:
            unparsed.append(line.unparsed())
        else:
            record[key] = None if absent(found[2]) else found[2]
    if not {"hostname", "build"} & set(record):
        raise refusal(page, "neither a host name nor a build")
    if release := _RELEASE.match(str(record.get("build"))):
        record["os_version"] = release[1]
    return Parsed((record,), tuple(unparsed))


_SYSTEM_SEEN: Final = {
    "memory", "uptime", "hostname", "platform", "build", "os-version", "disk", "lsb-release", "os-description",
    "eeprom", "asic", "cpu", "ports",
}  # fmt: skip


def _system_json(page: Page) -> Parsed:
    found = list(objects(page))
    if len(found) != 1 or not {"hostname", "build"} & set(found[0][1]):
        raise refusal(page, "neither a host name nor a build in the JSON")
    line, said = found[0]
    platform, eeprom = object_in(said.get("platform")), object_in(said.get("eeprom"))
    record: Record = {
        "line": line,
        "hostname": text_in(said.get("hostname")),
        "build": text_in(said.get("build")),
        "os_version": text_in(said.get("os-version")),
        "os_description": text_in(said.get("os-description")),
        "uptime": text_in(said.get("uptime")),
        "memory_kb": number_in(said.get("memory")),
        "disk": text_in(said.get("disk")),
        "detected": platform.get("detected") if isinstance(platform.get("detected"), bool) else None,
        "vendor": text_in(platform.get("vendor")),
        "model": text_in(platform.get("model")),
        "release": _pairs(str(said.get("lsb-release") or "")),
    }
    for name in ("asic", "cpu", "ports"):
        if name in said:
            value = said[name]
            words = [str(part) for part in value.values()] if isinstance(value, dict) else list_in(value)
            record[name] = " ".join(str(part) for part in words) or None
    tlvs: dict[str, Json] = {}
    for name, tlv in object_in(eeprom.get("tlv")).items():
        value = text_in(object_in(tlv).get("value"))
        key = _SYSTEM.get(slug(name), slug(name))
        tlvs[slug(name)] = value
        if key in ("part_number", "serial_number", "product_name", "platform_name", "base_mac", "manufacturer"):
            record[key] = value
    record["eeprom"] = tlvs
    known = {"tlv", "idString", "totalLength", "version", "validTlvInfoHeader"}
    others = {
        **unknown_in(said, _SYSTEM_SEEN),
        **unknown_in(platform, {"detected", "vendor", "model", "asic", "cpu", "ports"}),
        **unknown_in(eeprom, known),
    }
    for name in ("asic", "cpu", "ports"):
        if name in platform:
            record[name] = text_in(platform[name])
    return Parsed((record | ({"other": others} if others else {}),))


def _pairs(text: str) -> dict[str, Json]:
    """``NAME="value"`` of each line."""
    found = re.findall(r'^([A-Z_]{1,40})="?([^"\n]{0,200})"?$', text, re.MULTILINE)
    return {name.lower(): value for name, value in found}


def _version(page: Page) -> Parsed:
    record: Record = {"line": page.lines[0].number if page.lines else 1}
    unparsed: list[Unparsed] = []
    names = {"nclu_version": "nclu_version", "distrib_id": "distribution", "distrib_release": "os_version",
             "distrib_description": "os_description"}  # fmt: skip
    for line in page.lines:
        found = _pairs(line.text.strip())
        name = next(iter(found), "")
        if name in names:
            record[names[name]] = found[name]
        else:
            unparsed.append(line.unparsed())
    if "os_version" not in record:
        raise refusal(page, "no DISTRIB_RELEASE")
    return Parsed((record,), tuple(unparsed))


# --- net show interface -------------------------------------------------------------------------------------------

_STATES: Final = {"up": ("up", "up"), "dn": ("up", "down"), "down": ("up", "down"), "admdn": ("down", "down")}
"""What NCLU writes of a port: its administrative and its operational state."""
_LISTED: Final = {
    "state", "", "name", "master", "mac", "spd", "speed", "mtu", "mode", "lldp", "remote host", "remote port",
    "summary",
}  # fmt: skip
_HEARD: Final = re.compile(r"(.{1,100}?) \((.{1,100})\)")


def _interfaces(page: Page) -> Parsed:
    if page.json():
        return _interfaces_json(page)
    reply, rows = _table(page, "name")
    _strangers(reply, _LISTED)
    records: dict[str, Record] = {}
    for line, row in rows:
        name, state = row["name"], row.get("state", row.get("", "")).lower()
        summary = _cell(row, "summary")
        if name in records and not state:
            notes = records[name]["summary"]
            if isinstance(notes, list) and summary:
                notes.append(summary)
            continue
        if state not in _STATES or not name:
            reply.lost(line)
            continue
        heard = _HEARD.fullmatch(row.get("lldp", ""))
        mtu = integer(row.get("mtu", ""))
        records[name] = {
            "line": line,
            "interface": name,
            "admin": _STATES[state][0],
            "oper": _STATES[state][1],
            "speed_mbps": speed_mbps(row.get("spd", row.get("speed", ""))) or None,
            "mtu": mtu,
            "mac": _cell(row, "mac"),
            "mode": _cell(row, "mode"),
            "remote_host": heard[1] if heard else _cell(row, "remote host"),
            "remote_port": heard[2] if heard else _cell(row, "remote port"),
            "summary": [summary] if summary else [],
        }
    return Parsed(tuple(records.values()), tuple(reply.unparsed))


_PORT_SEEN: Final = {"iface_obj", "linkstate", "mode", "speed", "summary", "connector_type"}
_OBJECT_SEEN: Final = {"name", "mac", "mtu", "description", "lldp", "ip_address", "counters"}


def _interfaces_json(page: Page) -> Parsed:
    found = list(objects(page))
    records: list[Record] = []
    if len(found) != 1 or not found[0][1]:
        raise refusal(page, "no interfaces in the JSON")
    line, said = found[0]
    if "linkstate" in said:
        said = {str(page.port): {**said}}
    for name, value in said.items():
        port = object_in(value)
        state = str(port.get("linkstate", "")).lower()
        if state not in _STATES:
            raise refusal(page, f"no known 'linkstate' of {name}")
        inner = object_in(port.get("iface_obj"))
        heard = [object_in(one) for one in list_in(inner.get("lldp"))]
        addresses = list_in(object_in(inner.get("ip_address")).get("allentries"))
        record: Record = {
            "line": line,
            "interface": name,
            "admin": _STATES[state][0],
            "oper": _STATES[state][1],
            "speed_mbps": speed_mbps(str(port.get("speed", ""))) or None,
            "mtu": number_in(inner.get("mtu")),
            "mac": text_in(inner.get("mac")),
            "mode": text_in(port.get("mode")),
            "description": text_in(inner.get("description")),
            "remote_host": text_in(heard[0].get("adj_hostname")) if len(heard) == 1 else None,
            "remote_port": text_in(heard[0].get("adj_port")) if len(heard) == 1 else None,
            "addresses": [str(one) for one in addresses],
            "summary": [text for text in (text_in(port.get("summary")),) if text],
        }
        if rest := unknown_in(port, _PORT_SEEN) | unknown_in(inner, _OBJECT_SEEN):
            record["other"] = rest
        records.append(record)
    return Parsed(tuple(records))


_PLUGGABLE: Final = {
    "interface": "interface",
    "identifier": "identifier",
    "vendor name": "vendor_name",
    "vendor pn": "vendor_part_number",
    "vendor sn": "vendor_serial_number",
    "vendor rev": "vendor_revision",
}


def _pluggables(page: Page) -> Parsed:
    reply, rows = _table(page, "identifier")
    _strangers(reply, set(_PLUGGABLE))
    records: list[Record] = [
        {"line": line, **{key: _cell(row, name) for name, key in _PLUGGABLE.items() if name in row}}
        for line, row in rows
    ]
    return Parsed(tuple(records), tuple(reply.unparsed))


# --- FRR and the kernel -------------------------------------------------------------------------------------------

_HEAD: Final = re.compile(r"Interface (\S{1,40}) is (administratively down|up|down)(?:, line protocol is (up|down))?")
_KERNEL: Final = re.compile(r"[0-9]{1,6}: [^\s:]{1,40}: <.*")
_LINKS: Final = re.compile(r"Link (ups|downs): +([0-9]{1,12}) +last: (.+)")
_ATTRIBUTES: Final = re.compile(
    r"index ([0-9]{1,9}) metric ([0-9]{1,9}) mtu ([0-9]{1,9})(?: speed ([0-9]{1,12}))?(?: txqlen ([0-9]{1,9}))?"
)
_TRAFFIC: Final = re.compile(r"ND router advertisements sent: ([0-9]{1,12}) rcvd: ([0-9]{1,12})")
_FRR: Final[Sequence[tuple[re.Pattern[str], str, bool]]] = tuple(
    (re.compile(pattern), key, whole)
    for pattern, key, whole in (
        (r"PTM status: (.+)", "ptm", False),
        (r"vrf: (\S+)", "vrf", False),
        (r"Type: (.+)", "type", False),
        (r"HWaddr: (\S+)", "mac", False),
        (r"Description: (.+)", "description", False),
        (r"Interface Type (.+)", "kind", False),
        (r"Interface Slave Type (.+)", "slave_kind", False),
        (r"protodown: (\S+)(?: .*)?", "protodown", False),
        (r"bandwidth ([0-9]{1,12}) Mbps", "bandwidth_mbps", True),
        (r"Parent ifindex: ([0-9]{1,9})", "parent_index", True),
        (r"Link ifindex ([0-9]{1,9})(?:\(.*\))?", "link_index", True),
        (r"ND advertised reachable time is ([0-9]{1,12}) milliseconds", "nd_reachable_ms", True),
        (r"ND advertised retransmit interval is ([0-9]{1,12}) milliseconds", "nd_retransmit_ms", True),
        (r"ND advertised hop-count limit is ([0-9]{1,9}) hops", "nd_hop_limit", True),
        (r"ND router advertisements are sent every (.+)", "nd_interval", False),
        (r"ND router advertisements lifetime (.+)", "nd_lifetime", False),
        (r"ND router advertisement default router preference is (\S+)", "nd_preference", False),
        (r"Hosts use (.+) for addresses\.", "nd_addresses", False),
    )
)


def _frr(lines: Sequence[Line], unparsed: list[Unparsed]) -> list[Record]:
    records: list[Record] = []
    into = "addresses"
    for line in lines:
        text = line.text.strip()
        if head := _HEAD.fullmatch(text):
            admin = "down" if head[2].startswith("admin") else head[2]
            records.append(
                {
                    "line": line.number,
                    "told_by": "frr",
                    "interface": head[1],
                    "admin": admin,
                    "oper": head[3] or "down",
                    "addresses": [],
                    "neighbor_addresses": [],
                }
            )
            into = "addresses"
        elif not records or not _fact(records[-1], text, into):
            unparsed.append(line.unparsed())
        elif text == "Neighbor address(s):":
            into = "neighbor_addresses"
    return records


def _fact(record: Record, text: str, into: str) -> bool:
    """Write what a line says; false for one that nobody knows."""
    if text == "Neighbor address(s):":
        return True
    if found := _LINKS.fullmatch(text):
        record[f"link_{found[1]}"] = int(found[2])
        record[f"last_link_{found[1].removesuffix('s')}"] = None if found[3] == "(never)" else found[3]
    elif found := _ATTRIBUTES.fullmatch(text):
        numbers = [int(number) if number else None for number in found.groups()]
        record |= dict(zip(("index", "metric", "mtu"), numbers, strict=False))
        record["speed_mbps"] = None if numbers[3] in _NO_SPEED else numbers[3]
    elif found := re.fullmatch(r"flags: <([A-Z_,]{0,200})>", text):
        record["flags"] = [flag for flag in found[1].split(",") if flag]
    elif found := re.fullmatch(r"inet6? ([0-9a-fA-F.:]{2,45}/[0-9]{1,3})(?: .*)?", text):
        addresses = record[into]
        if isinstance(addresses, list):
            addresses.append(found[1])
    elif found := _TRAFFIC.fullmatch(text):
        record["nd_sent"], record["nd_received"] = int(found[1]), int(found[2])
    else:
        for pattern, key, whole in _FRR:
            if found := pattern.fullmatch(text):
                record[key] = int(found[1]) if whole else None if absent(found[1]) else found[1]
                return True
        return False
    return True


def _states(page: Page) -> Parsed:
    """FRR's interfaces, and behind them those of the kernel where both were asked in one line."""
    at = next((n for n, line in enumerate(page.lines) if _KERNEL.fullmatch(line.text)), len(page.lines))
    unparsed: list[Unparsed] = []
    records = _frr(page.lines[:at], unparsed)
    if at < len(page.lines):
        kernel = _IP.grammar.read(replace(page, lines=page.lines[at:]))
        records += [{**record, "told_by": "kernel"} for record in kernel.records]
        unparsed += kernel.unparsed
    if not records:
        raise refusal(page, "no interface")
    return Parsed(tuple(records), tuple(unparsed))


_IP: Final = next(entry for entry in linux.COMMANDS if entry.name == "ip link show")


def _either() -> dict[str, Schema]:
    """The fields of both: one that both have may be of either type."""
    kernel = object_in(_IP.grammar.schema().get("properties"))
    fields: dict[str, Schema] = {name: object_in(value) for name, value in kernel.items() if name != "line"}
    for name, value in _FRR_FIELDS.items():
        fields[name] = value if fields.get(name, value) == value else {"anyOf": [fields[name], value]}
    return fields


_FRR_FIELDS: Final[dict[str, Schema]] = {
    "told_by": {"enum": ["frr", "kernel"]},
    "interface": {"type": "string"},
    **dict.fromkeys(
        (
            "admin", "oper", "ptm", "vrf", "type", "mac", "description", "kind", "slave_kind", "protodown",
            "nd_interval", "nd_lifetime", "nd_preference", "nd_addresses", "last_link_up", "last_link_down",
        ),
        TEXT_OR_NULL,
    ),
    **dict.fromkeys(
        (
            "link_ups", "link_downs", "index", "metric", "mtu", "speed_mbps", "bandwidth_mbps", "parent_index",
            "link_index", "nd_reachable_ms", "nd_retransmit_ms", "nd_hop_limit", "nd_sent", "nd_received",
        ),
        INTEGER_OR_NULL,
    ),
    "flags": TEXTS,
    "addresses": TEXTS,
    "neighbor_addresses": TEXTS,
}  # fmt: skip

_PORT: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    **dict.fromkeys(("admin", "oper", "mac", "mode", "description", "remote_host", "remote_port"), TEXT_OR_NULL),
    "speed_mbps": INTEGER_OR_NULL,
    "mtu": INTEGER_OR_NULL,
    "addresses": TEXTS,
    "summary": TEXTS_OR_NULL,
    "other": OTHER,
}
_TEXT_MAP: Final[Schema] = {"type": "object", "additionalProperties": TEXT_OR_NULL}

_OWN: Final = (
    Entry(
        "net show lldp",
        "neighbours (json and text)",
        Reader(_lldp, NEIGHBOUR | {"speed_mbps": INTEGER_OR_NULL, "mode": TEXT_OR_NULL}, ("interface",)),
    ),
    Entry(
        "net show system",
        "release, model, serial number (json and text)",
        Reader(
            _system,
            dict.fromkeys((*_SYSTEM.values(), "os_version", "os_description"), TEXT_OR_NULL)
            | {
                "memory_kb": INTEGER_OR_NULL,
                "detected": BOOLEAN_OR_NULL,
                "release": _TEXT_MAP,
                "eeprom": _TEXT_MAP,
                "other": OTHER,
            },
            (),
        ),
    ),
    Entry(
        "net show version",
        "release",
        Reader(
            _version,
            dict.fromkeys(("nclu_version", "distribution", "os_version", "os_description"), TEXT_OR_NULL),
            ("os_version",),
        ),
    ),
    Entry(
        "net show interface pluggables",
        "modules: identity",
        Reader(_pluggables, dict.fromkeys(_PLUGGABLE.values(), TEXT_OR_NULL), ("interface",)),
    ),
    Entry(
        "net show interface",
        "ports: state, speed, MTU, neighbours (json and text)",
        Reader(_interfaces, _PORT, ("interface", "admin", "oper")),
    ),
    Entry(
        "vtysh -c 'show int vrf all'",
        "interfaces as FRR and, where asked in the same line, as the kernel sees them",
        Reader(_states, _either(), ("told_by", "interface", "admin")),
        (
            "vtysh -c 'show int vrf all'; ip -d address show",
            "vtysh -c 'show interface vrf all'; ip -d address show",
            "vtysh -c 'show interface vrf all'",
            "vtysh -c 'show interface'",
        ),
    ),
)
_TOOLS: Final = ("ethtool", "ip ", "lldp", "cat ", "grep ", "mlxlink", "dcb ")

COMMANDS: Final[tuple[Entry, ...]] = (*_OWN, *(one for one in linux.COMMANDS if one.name.startswith(_TOOLS)))
