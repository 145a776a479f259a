"""Class of service, hashing and configuration.

The text of ``show class-of-service ...`` is from the documentation and public captures, as are the elements of ``show
class-of-service interface``; how the others look as XML or JSON is not known, and such an answer is refused.  ``show
forwarding-options enhanced-hash-key`` is from the documentation: labels with values below titles.  ``show
configuration`` is read as ``| display set`` prints it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from typing import Final

from ..cells import (
    BOOLEAN_OR_NULL,
    COUNT,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    TEXT,
    TEXT_OR_NULL,
    Json,
    Record,
    Schema,
    absent,
    boolean,
    decimal,
)
from ..entry import OTHER, Entry, Reader
from ..labels import label_of, slug
from ..text import Line, NotThis, Page, Parsed, Unparsed, shortened
from .cells import SWITCH
from .tree import Branches, Gathering, Leaves, Node, Tree, leaves, spoken, tree_of


def _lines(page: Page, what: str) -> Sequence[Line]:
    """The lines of an answer that is understood as text alone."""
    if (tree := tree_of(page)) is not None:
        raise NotThis(f"{what}: its XML and JSON are not known here, only its text", tree.root.line)
    return spoken(page)


def _array(record: Record, name: str) -> list[Json]:
    held = record[name]
    assert isinstance(held, list)
    return held


def _numbers(text: str) -> list[Json]:
    return [int(number) for number in re.split(r"[ ,]+", text) if number]


_Step = Callable[[list[Record], Line, str], bool]


def _walk(page: Page, what: str, step: _Step) -> Parsed:
    """Records that are made line by line; ``step`` is false for a line that nobody knows."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    lines = _lines(page, what)
    for line in lines:
        known = step(records, line, line.text.strip())
        if not known and not records:
            raise NotThis(f"{what}: {shortened(line.text)}", line.number)
        if not known:
            unparsed.append(line.unparsed())
    if not records:
        raise NotThis(f"{what}: {shortened(lines[0].text)}", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


# --- show class-of-service congestion-notification ----------------------------------------------------------------

_CNP: Final = re.compile(r"(?:Type: (Input|Output), )?Name: (\S+), Index: (\d{1,10})")
_CNP_SIDE: Final = re.compile(r"Type: (Input|Output)")
_CABLE: Final = re.compile(r"Cable Length:? +(\d{1,6}) ?m?", re.IGNORECASE)
_CNP_HEAD: Final = re.compile(r"(?:Priority|Code[ -]?point) +PFC(?: +MRU)?(?: +XOFF)?(?: +XON)?", re.IGNORECASE)
_CNP_ROW: Final = re.compile(
    r"([01]{3}|[01]{6}) +(Enabled|Disabled)(?: +(\d{1,6}|-|N/A))?(?: +(\d{1,12}|-))?(?: +(\d{1,12}|-))?"
)
_FLOW_HEAD: Final = re.compile(r"(?:Priority|Code[ -]?point) +Flow[ -]Control[ -]Queues?", re.IGNORECASE)
_FLOW_ROW: Final = re.compile(r"([01]{3}|[01]{6})(?: +(\d{1,2}(?:[ ,]+\d{1,2})*))?")
_FLOW_QUEUES: Final = re.compile(r"\d{1,2}(?:[ ,]+\d{1,2})*")
"""Queues below their code point, where they have a line of their own."""
_CONGESTION: Final[dict[str, Schema]] = {
    "type": {"enum": ["input", "output", None]},
    "name": {"type": "string"},
    "index": INTEGER_OR_NULL,
    "cable_m": INTEGER_OR_NULL,
    "code_points": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["line", "code_point"],
            "properties": {
                "line": {"type": "integer"},
                "code_point": {"type": "string", "pattern": "^[01]{3,6}$"},
                "pfc": BOOLEAN_OR_NULL,
                "mru": INTEGER_OR_NULL,
                "queues": {"type": "array", "items": {"type": "integer"}},
            },
        },
    },
}


def congestion(page: Page) -> Parsed:
    """One record per profile and direction, with what each code point has."""
    return _walk(page, "no congestion notification profile", _congestion)


def _congestion(records: list[Record], line: Line, text: str) -> bool:
    if found := _CNP.fullmatch(text):
        side = found[1].lower() if found[1] else None
        records.append({"line": line.number, "type": side, "name": found[2], "index": int(found[3]), "code_points": []})
        return True
    if not records:
        return False
    record = records[-1]
    if (found := _CNP_SIDE.fullmatch(text)) and record["type"] is None:
        record["type"] = found[1].lower()
    elif found := _CNP_SIDE.fullmatch(text):
        records.append({"line": line.number, "type": found[1].lower(), "name": record["name"],
                        "index": record["index"], "code_points": []})  # fmt: skip
    elif (found := _CABLE.fullmatch(text)) and "cable_m" not in record:
        record["cable_m"] = int(found[1])
    elif found := _CNP_ROW.fullmatch(text):
        row: Record = {"line": line.number, "code_point": found[1], "pfc": found[2] == "Enabled"}
        if found[3]:
            row["mru"] = int(found[3]) if found[3].isdecimal() else None
        _array(record, "code_points").append(row)
    elif found := _FLOW_ROW.fullmatch(text):
        _array(record, "code_points").append(
            {"line": line.number, "code_point": found[1], "queues": _numbers(found[2] or "")}
        )
    elif _FLOW_QUEUES.fullmatch(text) and (points := _array(record, "code_points")):
        last = points[-1]
        if not isinstance(last, dict) or last.get("queues") != []:
            return False
        last["queues"] = _numbers(text)
    else:
        return bool(_CNP_HEAD.fullmatch(text) or _FLOW_HEAD.fullmatch(text))
    return True


# --- show class-of-service interface ------------------------------------------------------------------------------

_COS_PORT: Final = re.compile(r"Physical interface: (\S+?), Index: (\d{1,10})")
_COS_UNIT: Final = re.compile(r"Logical interface: (\S+?), Index: (\d{1,10})")
_QUEUES: Final = re.compile(r"(?:Queues supported|Maximum usable queues): (\d{1,3}), Queues in use: (\d{1,3})")
_SCHEDULER_MAP: Final = re.compile(r"(?:Output )?(?:Scheduler map|Traffic control profile): ?(\S*?), Index: (\d{1,10})")
_NOTIFICATION: Final = re.compile(
    r"Congestion-notification: (Enabled|Disabled)(?:, Name: (\S+?)(?:, Index: (\d{1,10}))?)?"
)
_SHAPING: Final = re.compile(r"Shaping rate: (\d{1,24}) bps")
_OVERHEAD: Final = re.compile(r"(Exclude aggregate overhead bytes|Logical interface aggregate statistics): (\w+)")
_OBJECT_HEAD: Final = re.compile(r"Object +Name +Type +Index")
_OBJECT: Final = re.compile(r"([A-Z][\w-]*(?: [a-z]\w*)*) +(\S+) +(\S+(?: \([^)]{1,30}\))?)? +(\d{1,10})")
_OBJECTS: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["line", "object", "name"],
        "properties": {
            "line": {"type": "integer"},
            "object": TEXT_OR_NULL,
            "name": TEXT_OR_NULL,
            "type": TEXT_OR_NULL,
            "index": INTEGER_OR_NULL,
        },
    },
}
_COS_INTERFACES: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    "index": INTEGER_OR_NULL,
    "queues_supported": INTEGER_OR_NULL,
    "queues_in_use": INTEGER_OR_NULL,
    "shaping_bps": INTEGER_OR_NULL,
    "scheduler_map": TEXT_OR_NULL,
    "scheduler_map_index": INTEGER_OR_NULL,
    "congestion_notification": BOOLEAN_OR_NULL,
    "congestion_profile": TEXT_OR_NULL,
    "congestion_profile_index": INTEGER_OR_NULL,
    "exclude_aggregate_overhead_bytes": BOOLEAN_OR_NULL,
    "logical_interface_aggregate_statistics": BOOLEAN_OR_NULL,
    "objects": _OBJECTS,
    "logical": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["line", "interface", "objects"],
            "properties": {
                "line": {"type": "integer"},
                "interface": TEXT_OR_NULL,
                "index": INTEGER_OR_NULL,
                "objects": _OBJECTS,
                "other": OTHER,
            },
        },
    },
    "other": OTHER,
}


def ports(page: Page) -> Parsed:
    """One record per port: its scheduler map, whether PFC is on by a profile, and what classifies its packets."""
    tree = tree_of(page)
    if tree is not None:
        return _ports_tree(tree)
    return _walk(page, "no 'Physical interface: X, Index: N'", _port)


def _port(records: list[Record], line: Line, text: str) -> bool:
    if found := _COS_PORT.fullmatch(text):
        records.append(
            {"line": line.number, "interface": found[1], "index": int(found[2]), "objects": [], "logical": []}
        )
        return True
    if not records:
        return False
    record = records[-1]
    logical = _array(record, "logical")
    holder = logical[-1] if logical else record
    assert isinstance(holder, dict)
    if found := _COS_UNIT.fullmatch(text):
        logical.append({"line": line.number, "interface": found[1], "index": int(found[2]), "objects": []})
        return True
    said: Record = {}
    if found := _QUEUES.fullmatch(text):
        said = {"queues_supported": int(found[1]), "queues_in_use": int(found[2])}
    elif found := _SCHEDULER_MAP.fullmatch(text):
        said = {"scheduler_map": found[1] or None, "scheduler_map_index": int(found[2])}
    elif found := _NOTIFICATION.fullmatch(text):
        index = int(found[3]) if found[3] else None
        said = {"congestion_notification": found[1] == "Enabled", "congestion_profile": found[2],
                "congestion_profile_index": index}  # fmt: skip
    elif found := _SHAPING.fullmatch(text):
        said = {"shaping_bps": int(found[1])}
    elif found := _OVERHEAD.fullmatch(text):
        said = {slug(found[1]): boolean(found[2])}
    elif _OBJECT_HEAD.fullmatch(text):
        return True
    elif found := _OBJECT.fullmatch(text):
        _array(holder, "objects").append(
            {"line": line.number, "object": found[1], "name": found[2], "type": found[3], "index": int(found[4])}
        )
        return True
    if not said or record.keys() & said.keys():
        return False
    record |= said
    return True


def _ports_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for _, information in tree.items("cos-interface-information"):
        for node in information.all("interface-map"):
            record: Record = {"line": node.line, "objects": [], "logical": []}
            gathering.take(record, node, _PORT_LEAVES, _PORT_BRANCHES)
            gathering.keep(record, node, "interface")
    return gathering.parsed()


def _objects(gathering: Gathering, record: Record, node: Node) -> None:
    """Objects stand beside one another: a name, a type and an index for each, in one element or in several."""
    names = ("type", "name", "subtype", "index")
    columns = [list(node.all(f"cos-object-{name}")) for name in names]
    if len({len(column) for column in columns}) > 1:
        gathering.strange(node)
        return
    for kind, name, subtype, index in zip(*columns, strict=True):
        _array(record, "objects").append({
            "line": kind.line, "object": kind.text or None, "name": name.text or None, "type": subtype.text or None,
            "index": int(index.text) if index.text.isdecimal() else None,
        })  # fmt: skip


def _unit(gathering: Gathering, record: Record, node: Node) -> None:
    unit: Record = {"line": node.line, "interface": None, "objects": []}
    for child in node.children:
        if child.name == "cos-objects":
            _objects(gathering, unit, child)
        elif child.name == "i-logical-name":
            unit["interface"] = child.text or None
        elif child.name == "i-logical-index":
            unit["index"] = int(child.text) if child.text.isdecimal() else None
        else:
            gathering.other(unit, child)
    _array(record, "logical").append(unit)


def _notification(gathering: Gathering, record: Record, node: Node) -> None:
    """``Disabled``, or the name of a profile."""
    said = node.text
    off = said.lower() == "disabled"
    record |= {
        "congestion_notification": None if absent(said) else not off,
        "congestion_profile": None if off or absent(said) or said.lower() == "enabled" else said,
    }


_PORT_LEAVES: Final[Leaves] = leaves(
    interface_name=("interface", TEXT),
    interface_index=("index", COUNT),
    interface_queues_supported=("queues_supported", COUNT),
    interface_queues_in_use=("queues_in_use", COUNT),
    interface_shaping_rate=("shaping_bps", COUNT),
    scheduler_map_name=("scheduler_map", TEXT),
    scheduler_map_index=("scheduler_map_index", COUNT),
    interface_exclude_aggregate_overhead_bytes=("exclude_aggregate_overhead_bytes", SWITCH),
    interface_logical_interface_aggregate_statistics=("logical_interface_aggregate_statistics", SWITCH),
)
_PORT_BRANCHES: Final[Branches] = {
    "cos-objects": _objects,
    "i-logical-map": _unit,
    "interface-congestion-notification-map": _notification,
}

# --- show class-of-service forwarding-class -----------------------------------------------------------------------

_CLASS_COLUMNS: Final = (
    ("id", r"ID", COUNT),
    ("queue", r"Queue", COUNT),
    ("restricted_queue", r"Restricted queue", COUNT),
    ("fabric_priority", r"Fabric priority", TEXT),
    ("policing_priority", r"Policing priority", TEXT),
    ("spu_priority", r"SPU priority", TEXT),
    ("no_loss", r"No-Loss", SWITCH),
    ("pfc_priority", r"PFC priority", COUNT),
)
_CLASSES: Final[dict[str, Schema]] = {
    "forwarding_class": {"type": "string"},
    **{name: kind.schemas[0] for name, _, kind in _CLASS_COLUMNS},
}


def classes(page: Page) -> Parsed:
    """One record per forwarding class: its number, its queue, whether it is lossless and which priority it pauses."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    columns: list[str] = []
    lines = _lines(page, "no forwarding class")
    for line in lines:
        text = line.text.strip()
        if text.lower().startswith("forwarding class "):
            columns = _class_columns(text)
            continue
        cells = text.split()
        if not columns:
            raise NotThis(f"no head with Forwarding class, ID and Queue: {shortened(text)}", line.number)
        record = _class(line.number, cells, columns)
        if record is None:
            unparsed.append(line.unparsed())
        else:
            records.append(record)
    if not columns:
        raise NotThis("no head with Forwarding class, ID and Queue", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


def _class_columns(head: str) -> list[str]:
    """The columns in their order; none where one is strange."""
    rest = re.sub(r"^forwarding class", "", head, flags=re.IGNORECASE)
    found: list[tuple[int, str]] = []
    for name, heading, _ in sorted(_CLASS_COLUMNS, key=lambda column: -len(column[1])):
        if match := re.search(rf"(?<!\S){heading}(?!\S)", rest, re.IGNORECASE):
            found.append((match.start(), name))
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    names = [name for _, name in sorted(found)]
    return names if {"id", "queue"} <= set(names) and not rest.strip() else []


def _class(line: int, cells: Sequence[str], columns: Sequence[str]) -> Record | None:
    """A row; a last column may be empty."""
    if not len(columns) >= len(cells) - 1 >= len(columns) - 1:
        return None
    record: Record = {"line": line, "forwarding_class": cells[0]}
    kinds = {name: kind for name, _, kind in _CLASS_COLUMNS}
    for name, cell in zip(columns, [*cells[1:], ""], strict=False):
        values = kinds[name].read(cell) if cell else (None,)
        if values is None:
            return None
        record[name] = values[0]
    return record


# --- show class-of-service classifier -----------------------------------------------------------------------------

_CLASSIFIER: Final = re.compile(r"Classifier: (\S+?), Code point type: ([\w.-]+?)(?:, Index: (\d{1,10}))?")
_ENTRY_HEAD: Final = re.compile(r"Code point +Forwarding class +Loss priority")
_ENTRY: Final = re.compile(r"([01]{3,6}) +(\S+) +([a-z]+(?:-[a-z]+)?)")
_CLASSIFIERS: Final[dict[str, Schema]] = {
    "name": {"type": "string"},
    "type": {"type": "string"},
    "index": INTEGER_OR_NULL,
    "entries": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["line", "code_point", "value", "forwarding_class", "loss_priority"],
            "properties": {
                "line": {"type": "integer"},
                "code_point": {"type": "string"},
                "value": {"type": "integer"},
                "forwarding_class": {"type": "string"},
                "loss_priority": {"type": "string"},
            },
        },
    },
}


def classifiers(page: Page) -> Parsed:
    """One record per classifier, with the forwarding class of each code point, which is also told as a number."""
    return _walk(page, "no classifier", _classifier)


def _classifier(records: list[Record], line: Line, text: str) -> bool:
    if found := _CLASSIFIER.fullmatch(text):
        index = int(found[3]) if found[3] else None
        records.append({"line": line.number, "name": found[1], "type": found[2], "index": index, "entries": []})
    elif records and (found := _ENTRY.fullmatch(text)):
        _array(records[-1], "entries").append({
            "line": line.number, "code_point": found[1], "value": int(found[1], 2), "forwarding_class": found[2],
            "loss_priority": found[3],
        })  # fmt: skip
    else:
        return bool(records and _ENTRY_HEAD.fullmatch(text))
    return True


# --- show class-of-service drop-profile ---------------------------------------------------------------------------

_PROFILE: Final = re.compile(r"Drop profile: (\S+?), Type: (\w+)(?:, Index: (\d{1,10}))?")
_FILL_HEAD: Final = re.compile(r"Fill level +Drop probability")
_FILL: Final = re.compile(r"(\d{1,3}) +(\d{1,3})")
_PROFILES: Final[dict[str, Schema]] = {
    "name": {"type": "string"},
    "type": {"type": "string"},
    "index": INTEGER_OR_NULL,
    "points": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["fill_percent", "drop_percent"],
            "properties": {"fill_percent": {"type": "integer"}, "drop_percent": {"type": "integer"}},
        },
    },
}


def profiles(page: Page) -> Parsed:
    """One record per drop profile: how likely a packet is dropped, or marked, at which fill level, in percent."""
    return _walk(page, "no drop profile", _profile)


def _profile(records: list[Record], line: Line, text: str) -> bool:
    if found := _PROFILE.fullmatch(text):
        index = int(found[3]) if found[3] else None
        records.append({"line": line.number, "name": found[1], "type": found[2].lower(), "index": index, "points": []})
    elif records and (found := _FILL.fullmatch(text)):
        _array(records[-1], "points").append({"fill_percent": int(found[1]), "drop_percent": int(found[2])})
    else:
        return bool(records and _FILL_HEAD.fullmatch(text))
    return True


# --- show class-of-service scheduler-map --------------------------------------------------------------------------

_MAP: Final = re.compile(r"Scheduler map: ?([^\s,]*)(?:, Index: (\d{1,10}))?")
_SCHEDULER: Final = re.compile(r"Scheduler: ?([^\s,]*), Forwarding class: (\S+?)(?:, Index: (\d{1,10}))?")
"""What a switch has of its own has no name on some of them."""
_SCHEDULED: Final = {
    "Transmit rate": "transmit_rate", "Rate Limit": "rate_limit", "Maximum buffer delay": "maximum_buffer_delay",
    "Buffer size": "buffer_size", "Buffer Limit": "buffer_limit", "Priority": "priority",
    "Excess Priority": "excess_priority", "Excess rate": "excess_rate", "Shaping rate": "shaping_rate",
    "Queue Depth Monitoring": "queue_depth_monitoring", "drop-profile-map-set-type": "drop_profile_map_set_type",
    "Explicit Congestion Notification": "ecn", "Buffer dynamic threshold": "buffer_dynamic_threshold",
}  # fmt: skip
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) percent")
_DROP_HEAD: Final = re.compile(r"Drop profiles:|Loss priority +Protocol +Index +Name")
_DROP: Final = re.compile(r"(Low|Medium low|Medium high|High) +([\w-]+) +(\d{1,10})(?: +(\S+))?")
_MAPS: Final[dict[str, Schema]] = {
    "map": TEXT_OR_NULL,
    "map_index": INTEGER_OR_NULL,
    "scheduler": TEXT_OR_NULL,
    "forwarding_class": {"type": "string"},
    "index": INTEGER_OR_NULL,
    **dict.fromkeys(_SCHEDULED.values(), TEXT_OR_NULL),
    "ecn": BOOLEAN_OR_NULL,
    "transmit_percent": DECIMAL_OR_NULL,
    "drop_profiles": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["loss_priority", "name"],
            "properties": {
                "loss_priority": {"type": "string"},
                "protocol": {"type": "string"},
                "index": {"type": "integer"},
                "name": TEXT_OR_NULL,
            },
        },
    },
}


def scheduler_maps(page: Page) -> Parsed:
    """One record per forwarding class of a scheduler map: its scheduler, and the drop profile of each loss priority."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    current: tuple[str | None, int | None] | None = None
    lines = _lines(page, "no scheduler map")
    for line in lines:
        text = line.text.strip()
        if found := _MAP.fullmatch(text):
            current = (found[1] or None, int(found[2]) if found[2] else None)
        elif current is None:
            raise NotThis(f"no 'Scheduler map: X': {shortened(text)}", line.number)
        elif found := _SCHEDULER.fullmatch(text):
            records.append({"line": line.number, "map": current[0], "map_index": current[1],
                            "scheduler": found[1] or None,
                            "forwarding_class": found[2], "index": int(found[3]) if found[3] else None,
                            "drop_profiles": []})  # fmt: skip
        elif not records or not _scheduled(records[-1], text):
            unparsed.append(line.unparsed())
    return Parsed(tuple(records), tuple(unparsed))


def _scheduled(record: Record, text: str) -> bool:
    if _DROP_HEAD.fullmatch(text):
        return True
    if found := _DROP.fullmatch(text):
        _array(record, "drop_profiles").append(
            {"loss_priority": found[1].lower(), "protocol": found[2], "index": int(found[3]), "name": found[4]}
        )
        return True
    pairs = [label_of(part) for part in text.rstrip(",").split(", ")]
    if not pairs or not all(pair and pair[0] in _SCHEDULED and _SCHEDULED[pair[0]] not in record for pair in pairs):
        return False
    for pair in pairs:
        assert pair is not None
        name, value = _SCHEDULED[pair[0]], pair[1]
        record[name] = boolean(value.rstrip("d") + "d") if name == "ecn" else value or None
        if name == "transmit_rate":
            percent = _PERCENT.fullmatch(value)
            record["transmit_percent"] = decimal(percent[1]) if percent else None
    return True


# --- show forwarding-options enhanced-hash-key --------------------------------------------------------------------

_TITLE: Final = re.compile(r"([A-Za-z][\w ./()-]{2,80}?) *:?")
_HASHED: Final = re.compile(
    r"hash_\w+|protocol|inet6?_protocol|ip_protocol|next_hdr|next_header|incoming_port|symmetric\w*|gtp\w*|ether_?type"
    r"|(?:inner_)?vlan_id|(?:source|destination)_(?:l4_port|ipv[46]_addr(?:ess)?|mac_addr(?:ess)?)"
    r"|.*(?:dlb|flowlet|ecmp|lag|inactivity|resilient|load_balanc).*|inner_\w+|layer2\w*|mpls\w*|flow_label|port|seed"
)
_HASH: Final[dict[str, Schema]] = {
    "section": TEXT_OR_NULL,
    "settings": {"type": "object", "additionalProperties": {"type": ["boolean", "string", "null"]}},
}


def hash_key(page: Page) -> Parsed:
    """One record per section: what is hashed, and how equal paths share the load."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    lines = _lines(page, "no settings of the hash")
    for line in lines:
        text = line.text.strip()
        if re.fullmatch(r"[-=*]{3,}", text):
            continue
        label = label_of(text)
        if label and label[1]:
            if not records:
                records.append({"line": line.number, "section": None, "settings": {}})
            settings = records[-1]["settings"]
            name = slug(label[0])
            if not isinstance(settings, dict) or not _HASHED.fullmatch(name) or name in settings:
                unparsed.append(line.unparsed())
            else:
                said = boolean(label[1])
                settings[name] = (None if absent(label[1]) else label[1]) if said is None else said
        elif _TITLE.fullmatch(text):
            records.append({"line": line.number, "section": slug(text), "settings": {}})
        else:
            unparsed.append(line.unparsed())
    told = {name for record in records if isinstance(held := record["settings"], dict) for name in held}
    if not any("hash_mode" in name or "dlb" in name for name in told):
        raise NotThis(f"no settings of the hash: {shortened(lines[0].text)}", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


# --- show configuration | display set -----------------------------------------------------------------------------

_STATEMENT: Final = re.compile(r"(set|deactivate|protect|delete) (\S.*)")
_CONFIGURATION: Final[dict[str, Schema]] = {
    "verb": {"enum": ["set", "deactivate", "protect", "delete"]},
    "path": {"type": "array", "items": {"type": "string"}},
}


def configuration(page: Page) -> Parsed:
    """One record per statement: its words, quotes removed."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    lines = _lines(page, "no statements that begin with set")
    for line in lines:
        text = line.text.strip()
        found = _STATEMENT.fullmatch(text)
        if found:
            try:
                words: list[Json] = [*shlex.split(found[2])]
            except ValueError:
                unparsed.append(line.unparsed())
                continue
            records.append({"line": line.number, "verb": found[1], "path": words})
        elif not records:
            raise NotThis(f"no statement that begins with set: {shortened(text)}", line.number)
        elif not text.startswith("#"):
            unparsed.append(line.unparsed())
    return Parsed(tuple(records), tuple(unparsed))


COMMANDS: Final = (
    Entry("show class-of-service congestion-notification", "profiles that turn PFC on, by code point",
          Reader(congestion, _CONGESTION, ("type", "name", "code_points"))),
    Entry("show class-of-service interface", "profiles, maps and classifiers of ports",
          Reader(ports, _COS_INTERFACES, ("interface", "objects", "logical"))),
    Entry("show class-of-service forwarding-class", "forwarding classes and their queues",
          Reader(classes, _CLASSES, ("forwarding_class", "id", "queue"))),
    Entry("show class-of-service classifier", "the forwarding class of every code point",
          Reader(classifiers, _CLASSIFIERS, ("name", "type", "entries"))),
    Entry("show class-of-service drop-profile", "drop and mark probability by fill level",
          Reader(profiles, _PROFILES, ("name", "type", "points"))),
    Entry("show class-of-service scheduler-map", "schedulers of the forwarding classes",
          Reader(scheduler_maps, _MAPS, ("map", "scheduler", "forwarding_class", "drop_profiles"))),
    Entry("show forwarding-options enhanced-hash-key", "what load balancing hashes, and how it balances",
          Reader(hash_key, _HASH, ("section", "settings"))),
    Entry("show configuration", "statements of the configuration, as display set prints them",
          Reader(configuration, _CONFIGURATION, ("verb", "path"))),
)  # fmt: skip
