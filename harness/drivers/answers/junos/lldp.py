"""Neighbours by LLDP, in short and in full, and LLDP itself.

Recorded: ``show lldp`` and ``show lldp neighbors`` as text, ``show lldp neighbors detail`` as JSON, ``show lldp
neighbors interface`` as XML.  The text of the full forms is from the documentation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ..cells import BOOLEAN_OR_NULL, COUNT, INTEGER_OR_NULL, TEXT, TEXT_OR_NULL, Json, Kind, Record, Schema, absent
from ..entry import OTHER, Entry, Reader
from ..labels import label_of, slug
from ..tables import column
from ..text import Line, NotThis, Page, Parsed, Unparsed, shortened
from .cells import SWITCH
from .tree import Gathering, Leaves, Node, Tree, leaves, spoken, tree_of

# --- show lldp neighbors ------------------------------------------------------------------------------------------

_HEADINGS: Final = (
    ("interface", r"Local Interface"),
    ("parent", r"Parent Interface"),
    ("chassis_id", r"Chassis Id"),
    ("port_info", r"Port info"),
    ("system_name", r"System Name"),
)
_PORT: Final = re.compile(r"[a-z][\w-]{0,20}(?:[/:.][\w-]{1,20}){0,6}")

_NEIGHBOUR: Final[dict[str, Schema]] = {
    "interface": TEXT_OR_NULL,
    "parent": TEXT_OR_NULL,
    "chassis_id": TEXT_OR_NULL,
    "port_info": TEXT_OR_NULL,
    "system_name": TEXT_OR_NULL,
    "index": INTEGER_OR_NULL,
    "ttl_s": INTEGER_OR_NULL,
    "time_mark": TEXT_OR_NULL,
    "age_s": INTEGER_OR_NULL,
    "local_port_id": TEXT_OR_NULL,
    "ageouts": INTEGER_OR_NULL,
    "chassis_id_type": TEXT_OR_NULL,
    "port_id_type": TEXT_OR_NULL,
    "port_id": TEXT_OR_NULL,
    "port_description": TEXT_OR_NULL,
    "system_description": TEXT_OR_NULL,
    "capabilities": {"type": ["array", "null"], "items": {"type": "string"}},
    "capabilities_enabled": {"type": ["array", "null"], "items": {"type": "string"}},
    "management": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "type": TEXT_OR_NULL,
                "address": TEXT_OR_NULL,
                "port_id": TEXT_OR_NULL,
                "subtype": TEXT_OR_NULL,
                "oid": TEXT_OR_NULL,
            },
        },
    },
    "organizational": {"type": "array", "items": {"type": "object", "additionalProperties": TEXT_OR_NULL}},
    "other": OTHER,
}  # fmt: skip


def neighbors(page: Page) -> Parsed:
    """One record per neighbour; ``port_info`` of the short form is a port's description, or its id without one."""
    tree = tree_of(page)
    if tree is not None:
        return _neighbors_tree(tree)
    lines = spoken(page)
    if any(re.match(r" *(?:LLDP Neighbor Information|Local Information|Index:) ?", line.text) for line in lines[:4]):
        return _detail(lines)
    return _short(lines)


def _short(lines: Sequence[Line]) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    columns: list[tuple[str, int]] = []
    for line in lines:
        if line.text.lstrip().startswith("Local Interface") and (found := _columns(line.text)):
            columns = found
            continue
        if not columns:
            raise NotThis(f"no head with Local Interface and Chassis Id: {shortened(line.text)}", line.number)
        cells = _row(line.text, columns)
        if cells is None:
            unparsed.append(line.unparsed())
        else:
            records.append(
                {"line": line.number, **{name: None if absent(cell) else cell for name, cell in cells.items()}}
            )
    return Parsed(tuple(records), tuple(unparsed))


def _columns(text: str) -> list[tuple[str, int]]:
    """The columns by where they start; empty where one is strange."""
    found = [(name, match.start(), match.end()) for name, heading in _HEADINGS if (match := re.search(heading, text))]
    left = text
    for _, start, end in found:
        left = left[:start] + " " * (end - start) + left[end:]
    return sorted(((name, start) for name, start, _ in found), key=lambda one: one[1]) if not left.strip() else []


def _row(text: str, columns: Sequence[tuple[str, int]]) -> dict[str, str] | None:
    """The cells of a row.  The chassis id tells where it is when a column is wider than its head."""
    cells: dict[str, str] = {}
    start = 0
    for (name, _), following in zip(columns, [at for _, at in columns[1:]] + [len(text)], strict=True):
        end = min(max(following, start), len(text))
        while 0 < end < len(text) and text[end - 1] != " " and text[end] != " ":
            end += 1
        cells[name] = text[start:end].strip()
        start = end
    local = cells.get("interface", "")
    parent = cells.get("parent", "-")
    if not _PORT.fullmatch(local) or " " in parent or " " in cells.get("chassis_id", ""):
        return None
    return cells


_DETAIL: Final[Mapping[str, tuple[str, Kind]]] = {
    "Local Interface": ("interface", TEXT),
    "Parent Interface": ("parent", TEXT),
    "Local Port ID": ("local_port_id", TEXT),
    "Ageout Count": ("ageouts", COUNT),
    "Chassis type": ("chassis_id_type", TEXT),
    "Chassis ID": ("chassis_id", TEXT),
    "Port type": ("port_id_type", TEXT),
    "Port ID": ("port_id", TEXT),
    "Port description": ("port_description", TEXT),
    "System name": ("system_name", TEXT),
    "System Description": ("system_description", TEXT),
}
_INDEX: Final = re.compile(
    r"Index: (\d{1,9}),? +Time to live: (\d{1,9})(?: secs?)?,? +Time mark: (.+?),? +Age: (\d{1,9})(?: secs?)?"
)
_DETAIL_HEADS: Final = re.compile(
    r"(?:LLDP Neighbor Information|Local Information|Neighbou?r Information|System capabilities|Management address"
    r"|Organization Info):?"
)
_MANAGEMENT: Final = {
    "Address Type": "type", "Address": "address", "Interface Number": "port_id", "Interface Subtype": "subtype",
    "OID": "oid",
}  # fmt: skip


def _detail(lines: Sequence[Line]) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    section = ""
    for line in lines:
        text = line.text.strip()
        if _DETAIL_HEADS.fullmatch(text):
            section = text.rstrip(":")
            if section == "Organization Info" and records:
                _list(records[-1], "organizational").append({})
            elif section == "Management address" and records:
                _list(records[-1], "management").append({})
            continue
        if found := _INDEX.fullmatch(text):
            records.append({"line": line.number, "index": int(found[1]), "ttl_s": int(found[2]),
                            "time_mark": found[3], "age_s": int(found[4])})  # fmt: skip
            continue
        known = label_of(text)
        if known is None or not records or not _detail_label(records[-1], section, *known):
            unparsed.append(line.unparsed())
    if not records:
        raise NotThis(f"no neighbour: {shortened(lines[0].text)}", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


def _list(record: Record, name: str) -> list[Json]:
    held = record.setdefault(name, [])
    assert isinstance(held, list)
    return held


def _detail_label(record: Record, section: str, label: str, value: str) -> bool:
    if section == "System capabilities" and label in ("Supported", "Enabled"):
        name = "capabilities" if label == "Supported" else "capabilities_enabled"
        record[name] = _capabilities(value)
        return True
    if section == "Management address" and label in _MANAGEMENT:
        return _put(_list(record, "management"), _MANAGEMENT[label], value)
    if section == "Organization Info" and label in ("OUI", "Subtype", "Info", "Index", "Value"):
        return _put(_list(record, "organizational"), label.lower(), value)
    if label not in _DETAIL:
        return False
    field, kind = _DETAIL[label]
    values = kind.read(value)
    if values is None or field in record:
        return False
    record[field] = values[0]
    return True


def _put(held: list[Json], name: str, value: str) -> bool:
    if not held:
        held.append({})
    last = held[-1]
    if not isinstance(last, dict):
        return False
    if name in last:
        last = {}
        held.append(last)
    last[name] = None if absent(value) else value
    return True


def _capabilities(text: str) -> Json:
    """``Bridge Router`` as words; some names have a space in them."""
    return [*text.replace("WLAN Access Point", "WLAN").replace("Station Only", "Station").split()]


def _neighbors_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for _, node in tree.items("lldp-neighbors-information"):
        for child in node.children:
            if child.name != "lldp-neighbor-information":
                gathering.strange(child)
                continue
            record: Record = {"line": child.line}
            _neighbour(gathering, record, child)
            gathering.records.append(record)
    return gathering.parsed()


def _neighbour(gathering: Gathering, record: Record, node: Node) -> None:
    """XML has the organizational TLVs flat, each ended by its index; JSON has each in an object of its own."""
    plain: list[Node] = []
    tlv: dict[str, Json] = {}
    for child in node.children:
        if child.name == "lldp-org-specific-tlv":
            _list(record, "organizational").append({slug(_bare(c.name)): c.text or None for c in child.children})
        elif _ORGANIZATIONAL.match(child.name) and not child.children:
            begins = _bare(child.name) in ("oui-802-1", "oui-802-3", "oui-juniper", "oui-med", "oui")
            if tlv and (begins or slug(_bare(child.name)) in tlv):
                _list(record, "organizational").append(tlv)
                tlv = {}
            tlv[slug(_bare(child.name))] = child.text or None
            if child.name == "lldp-remote-index":
                _list(record, "organizational").append(tlv)
                tlv = {}
        elif child.name in _MANAGED:
            _put(_list(record, "management"), _MANAGED[child.name], child.text)
        else:
            plain.append(child)
    if tlv:
        _list(record, "organizational").append(tlv)
    gathering.take(record, Node(node.name, node.line, children=plain), _LEAVES, {
        "lldp-system-description": _description,
        "lldp-remote-system-capabilities-supported": _capable("capabilities"),
        "lldp-remote-system-capabilities-enabled": _capable("capabilities_enabled"),
    })  # fmt: skip


_ORGANIZATIONAL: Final = re.compile(r"lldp-remote-(?:oui|subtype|index|org|med)")
_MANAGED: Final = {
    "lldp-remote-management-address-type": "type",
    "lldp-remote-management-address": "address",
    "lldp-remote-management-address-port-id": "port_id",
    "lldp-remote-management-address-interface-subtype": "subtype",
    "lldp-remote-management-addr-oid": "oid",
}


def _bare(name: str) -> str:
    return name.removeprefix("lldp-remote-").removeprefix("lldp-")


def _description(gathering: Gathering, record: Record, node: Node) -> None:
    text = node.said("lldp-remote-system-description") or node.text
    record["system_description"] = text or None


def _capable(field: str) -> Callable[[Gathering, Record, Node], None]:
    def write(gathering: Gathering, record: Record, node: Node) -> None:
        record[field] = _capabilities(node.text)

    return write


_LEAVES: Final[Leaves] = leaves(
    lldp_index=("index", COUNT),
    lldp_ttl=("ttl_s", COUNT),
    lldp_timemark=("time_mark", TEXT),
    lldp_age=("age_s", COUNT),
    lldp_local_interface=("interface", TEXT),
    lldp_local_port_id=("local_port_id", TEXT),
    lldp_local_parent_interface_name=("parent", TEXT),
    lldp_local_port_ageout_count=("ageouts", COUNT),
    lldp_remote_chassis_id_subtype=("chassis_id_type", TEXT),
    lldp_remote_chassis_id=("chassis_id", TEXT),
    lldp_remote_port_id_subtype=("port_id_type", TEXT),
    lldp_remote_port_id=("port_id", TEXT),
    lldp_remote_port_description=("port_description", TEXT),
    lldp_remote_system_name=("system_name", TEXT),
    lldp_remote_port_info=("port_info", TEXT),
)

# --- show lldp ----------------------------------------------------------------------------------------------------

_SECONDS: Final = Kind(
    "seconds",
    (INTEGER_OR_NULL,),
    lambda text: (int(m[1]),) if (m := re.fullmatch(r"(\d{1,9})(?: [Ss]econd(?:s|\(s\))?)?", text)) else
    (None,) if absent(text) else None,
)  # fmt: skip
_LLDP: Final = (
    column("LLDP", "enabled", SWITCH, must=True),
    column("Advertisement interval", "interval_s", _SECONDS),
    column("Transmit delay", "transmit_delay_s", _SECONDS),
    column("Hold timer", "hold_s", _SECONDS),
    column("Notification interval", "notification_interval_s", _SECONDS),
    column("Config Trap Interval", "config_trap_interval_s", _SECONDS),
    column("Connection Hold timer", "connection_hold_s", _SECONDS),
    column("LLDP MED", "med_enabled", SWITCH),
    column("Port ID TLV subtype", "port_id_subtype", TEXT),
    column("Port Description TLV type", "port_description_type", TEXT),
)
_PORTS_HEAD: Final = re.compile(r"Interface +Parent Interface +LLDP(?: +LLDP-MED)?(?: +Power Negotiation)?(?: +.*)?")
_PORT_ROW: Final = re.compile(r"(\S+) +(\S+) +(Enabled|Disabled)(?: +(Enabled|Disabled|-))?(?: .*)?")
_OWN: Final[dict[str, Schema]] = {
    **{one.fields[0]: one.kind.schemas[0] for one in _LLDP},
    "interface": {"type": "string"},
    "parent": TEXT_OR_NULL,
    "enabled": BOOLEAN_OR_NULL,
    "other": OTHER,
}


def lldp(page: Page) -> Parsed:
    """One record of LLDP as a whole, then one per port where ports are listed."""
    tree = tree_of(page)
    if tree is not None:
        return _lldp_tree(tree)
    lines = spoken(page)
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    ports = False
    for line in lines:
        text = line.text.strip()
        known = label_of(text)
        found = known and next((one for one in _LLDP if one.heading.fullmatch(known[0])), None)
        if _PORTS_HEAD.fullmatch(text):
            ports = True
        elif ports and (row := _PORT_ROW.fullmatch(text)):
            records.append({"line": line.number, "interface": row[1], "parent": None if absent(row[2]) else row[2],
                            "enabled": row[3] == "Enabled"})  # fmt: skip
        elif known and found and (values := found.kind.read(known[1])) is not None:
            if not records or found.fields[0] in records[-1]:
                records.append({"line": line.number})
            records[-1][found.fields[0]] = values[0]
        else:
            unparsed.append(line.unparsed())
    if not any("enabled" in record for record in records):
        raise NotThis(f"no word of whether LLDP is enabled: {shortened(lines[0].text)}", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


def _lldp_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for _, node in tree.items("lldp"):
        record: Record = {"line": node.line}
        gathering.take(record, node, _LLDP_LEAVES)
        gathering.records.append(record)
    return gathering.parsed()


_LLDP_LEAVES: Final[Leaves] = leaves(
    lldp_global_status=("enabled", SWITCH),
    lldp_advertisement_interval=("interval_s", _SECONDS),
    lldp_transmit_delay_interval=("transmit_delay_s", _SECONDS),
    lldp_hold_time_interval=("hold_s", _SECONDS),
    lldp_notification_interval=("notification_interval_s", _SECONDS),
    ptopo_configuration_trap_interval=("config_trap_interval_s", _SECONDS),
    ptopo_maximum_hold_time=("connection_hold_s", _SECONDS),
    lldp_med_global_status=("med_enabled", SWITCH),
    lldp_port_id_subtype=("port_id_subtype", TEXT),
    lldp_port_description_type=("port_description_type", TEXT),
)

COMMANDS: Final = (
    Entry("show lldp neighbors", "neighbours, in short and in full", Reader(neighbors, _NEIGHBOUR)),
    Entry("show lldp", "LLDP as it is configured, and the ports that speak it", Reader(lldp, _OWN)),
)
