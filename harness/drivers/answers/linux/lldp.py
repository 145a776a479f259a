"""What lldpctl answers: text, ``-f json0``, ``-f json`` and ``-f keyvalue``, all as the same records.

Text was held against recordings; the JSON and the key values follow lldpd's own source and tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..cells import BOOLEAN_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, absent, boolean, integer
from ..entry import OTHER, TEXTS, Entry, Reader, json_of, list_in, number_in, object_in, refusal, text_in, unknown_in
from ..labels import label_of, slug
from ..text import Line, Page, Parsed, Unparsed, indentation

# --- JSON ---------------------------------------------------------------------------------------------------------


def _first(value: Json) -> Json:
    """The one thing inside the lists that json0 wraps around everything."""
    while isinstance(value, list):
        value = value[0] if value else None
    return value


def _leaf(value: Json) -> str | None:
    value = _first(value)
    return text_in(value.get("value")) if isinstance(value, dict) else text_in(value)


def _leaves(value: Json) -> list[Json]:
    return [text for one in list_in(value) if (text := _leaf(one)) is not None]


def _neighbours(value: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """Interfaces with their neighbour, from ``-f json0``, from ``-f json``, and from its list of one-key objects."""
    for item in list_in(value):
        if not isinstance(item, dict):
            continue
        if "name" in item and "chassis" in item:
            yield str(item["name"]), item
        else:
            for name, said in item.items():
                for one in said if isinstance(said, list) else [said]:
                    yield name, object_in(one)


_SEEN: Final = {
    "name", "via", "rid", "age", "chassis", "port", "id", "descr", "mgmt-ip", "mgmt-iface", "capability", "ttl",
    "auto-negotiation",
}  # fmt: skip


def _json(page: Page) -> Parsed:
    document = json_of(page)
    root = object_in(document.value)
    if set(root) != {"lldp"}:
        raise refusal(page, "no 'lldp' in the JSON")
    outer = [member for member in document.members() if member.name == "lldp"]
    line = outer[0].line if outer else 1
    records: list[Record] = []
    for name, said in _neighbours(object_in(_first(root["lldp"])).get("interface")):
        chassis, port = object_in(_first(said.get("chassis"))), object_in(_first(said.get("port")))
        system = _leaf(chassis.get("name"))
        if "id" not in chassis and len(chassis) == 1:
            system, inner = next(iter(chassis.items()))
            chassis = object_in(inner)
        ids = (object_in(_first(chassis.get("id"))), object_in(_first(port.get("id"))))
        capabilities: dict[str, Json] = {
            str(one.get("type")): one.get("enabled") is True
            for one in map(object_in, list_in(chassis.get("capability")))
            if "type" in one
        }
        record: Record = {
            "line": line,
            "interface": name,
            "via": text_in(said.get("via")),
            "age": text_in(said.get("age")),
            "chassis_id_type": text_in(ids[0].get("type")),
            "chassis_id": text_in(ids[0].get("value")),
            "system_name": system,
            "system_description": _leaf(chassis.get("descr")),
            "management_addresses": _leaves(chassis.get("mgmt-ip")),
            "capabilities": capabilities,
            "port_id_type": text_in(ids[1].get("type")),
            "port_id": text_in(ids[1].get("value")),
            "port_description": _leaf(port.get("descr")),
            "ttl": number_in(_leaf(port.get("ttl", said.get("ttl")))),
        }
        if "rid" in said:
            record["rid"] = number_in(said["rid"])
        negotiation = object_in(_first(port.get("auto-negotiation")))
        if negotiation:
            record |= {
                f"autoneg_{key}": negotiation.get(key) if isinstance(negotiation.get(key), bool) else None
                for key in ("supported", "enabled")
            }
            record["mau_type"] = _leaf(negotiation.get("current"))
        if rest := unknown_in(said, _SEEN) | unknown_in(chassis, _SEEN) | unknown_in(port, _SEEN):
            record["other"] = rest
        records.append(record)
    return Parsed(tuple(records))


# --- text ---------------------------------------------------------------------------------------------------------

_RULE: Final = re.compile(r"-{3,}")
_HEAD: Final = re.compile(r"Interface: +(\S+), via: ([^,]+)(?:, RID: (\d+))?(?:, Time: (.+))?")
_PMD: Final = re.compile(r"supported: (yes|no), enabled: (yes|no)")
_CAPABILITY: Final = re.compile(r"(.+?), (on|off|yes|no)")
_PLAIN: Final[Mapping[str, Mapping[str, str]]] = {
    "Chassis": {"SysName": "system_name", "SysDescr": "system_description"},
    "Port": {"PortDescr": "port_description", "TTL": "ttl", "MAU oper type": "mau_type"},
}
_UNTITLED: Final = {label: key for labels in _PLAIN.values() for label, key in labels.items()}
"""Labels that stand under no section, as in a summary."""
_TITLES: Final = frozenset({"LLDP neighbors", "LLDP interfaces"})


def _fresh(line: int, interface: str, via: str | None, age: str | None) -> Record:
    empty = ("chassis_id_type", "chassis_id", "system_name", "system_description", "port_id_type", "port_id",
             "port_description", "ttl")  # fmt: skip
    record: Record = {"line": line, "interface": interface, "via": via, "age": age, **dict.fromkeys(empty)}
    return record | {"management_addresses": [], "capabilities": {}}


def read_text(page: Page) -> Parsed:
    """``lldpctl`` and ``lldpcli show neighbors [details]``."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    titled = False
    path: list[tuple[int, str]] = []
    last, depth = "", 0
    for line in page.lines:
        text = line.text.strip()
        if _RULE.fullmatch(text):
            path, last = [], ""
        elif head := _HEAD.fullmatch(text):
            records.append(_fresh(line.number, head[1], head[2], head[4]))
            if head[3]:
                records[-1]["rid"] = int(head[3])
            path, last = [], ""
        elif text.rstrip(":") in _TITLES:
            titled = True
        elif not records:
            unparsed.append(line.unparsed())
        elif last and indentation(line.text) >= depth + 8:
            records[-1][last] = f"{records[-1][last] or ''}\n{text}".strip()
        else:
            depth = indentation(line.text)
            path = [one for one in path if one[0] < depth]
            known = label_of(text)
            label, value = known or (text, "")
            section = path[0][1] if path else ""
            last = ""
            if not value:
                path.append((depth, label))
            elif _put(records[-1], section, label, value):
                last = "system_description" if label == "SysDescr" else ""
                path.append((depth, label))
            else:
                _more(records[-1], [name for _, name in path if name != "Port"], label, value)
                path.append((depth, label))
            if known is None:
                unparsed.append(line.unparsed())
    if not records and not (titled and not unparsed):
        raise refusal(page, "no neighbour")
    return Parsed(tuple(records), tuple(unparsed))


def _put(record: Record, section: str, label: str, value: str) -> bool:
    if label in ("ChassisID", "PortID"):
        kind, _, name = value.partition(" ")
        key = "chassis_id" if label == "ChassisID" else "port_id"
        record[f"{key}_type"], record[key] = (kind, name.strip()) if name else (None, kind)
        return True
    if label in ("MgmtIP", "MgmtIface") and section == "Chassis":
        values = record.setdefault("management_addresses" if label == "MgmtIP" else "management_interfaces", [])
        if isinstance(values, list):
            values.append(value)
        return True
    if label == "Capability" and section == "Chassis" and (found := _CAPABILITY.fullmatch(value)):
        object_in(record["capabilities"])[found[1]] = found[2] in ("on", "yes")
        return True
    if label == "PMD autoneg" and (pmd := _PMD.fullmatch(value)):
        record["autoneg_supported"], record["autoneg_enabled"] = pmd[1] == "yes", pmd[2] == "yes"
        return True
    key = _PLAIN.get(section, {}).get(label, "") if section else _UNTITLED.get(label, "")
    if not key and label == "TTL":
        key = "ttl"
    if not key:
        return False
    record[key] = integer(value) if key == "ttl" else None if absent(value) else value
    return True


def _more(record: Record, path: list[str], label: str, value: str) -> None:
    """What belongs to no field of ours: by its place, a list where a label is there more than once."""
    held: Json = record.setdefault("other", {})
    for name in path:
        if not isinstance(held, dict):
            return
        inner: Json = held.setdefault(slug(name), {})
        held = inner if isinstance(inner, dict) else held
    if isinstance(held, dict):
        values = held.setdefault(slug(label), [])
        if isinstance(values, list):
            values.append(value)


# --- key values ---------------------------------------------------------------------------------------------------

_KEY: Final = re.compile(
    r"lldp\.(\S+?)\.(via|rid|age|ttl|chassis|port|vlan|ppvid|pi|lldp-med|unknown-tlvs|power|dot3|dot1)((?:\.[^=]{1,80})?)=(.*)"
)
_IDS: Final = frozenset({"mac", "ifname", "ip", "ifalias", "local", "component", "unhandled"})


def _keyvalue(page: Page) -> Parsed:
    """``lldp.eth0.chassis.name=leaf1``: a neighbour begins where its ``via`` stands."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    current: tuple[Record, str] | None = None
    by_name: dict[str, Record] = {}
    for line in page.lines:
        found = _KEY.fullmatch(line.text.strip())
        if found is None:
            if current is not None and not line.text.startswith("lldp."):
                record, key = current
                record[key] = f"{record[key] or ''}\n{line.text.strip()}".strip()
            else:
                unparsed.append(line.unparsed())
            continue
        name, part, rest, value = found[1], found[2], found[3].removeprefix("."), found[4].strip()
        if name not in by_name or (part == "via" and by_name[name]["via"] is not None):
            by_name[name] = _fresh(line.number, name, None, None)
            records.append(by_name[name])
        current = _assign(by_name[name], part, rest, value, line)
    if not records:
        raise refusal(page, "no neighbour")
    return Parsed(tuple(records), tuple(unparsed))


def _assign(record: Record, part: str, rest: str, value: str, line: Line) -> tuple[Record, str] | None:
    """Write one value; where a text may go on in the next line, its field."""
    said: Json = None if absent(value) else value
    if part in ("via", "age"):
        record[part] = said
    elif part in ("rid", "ttl"):
        record[part] = integer(value)
    elif rest in ("name", "descr") and (part == "chassis" or rest == "descr"):
        key = {"name": "system_name", "descr": "system_description" if part == "chassis" else "port_description"}[rest]
        record[key] = said
        return (record, key)
    elif rest in _IDS and part in ("chassis", "port"):
        record[f"{part}_id_type"], record[f"{part}_id"] = rest, said
    elif rest in ("mgmt-ip", "mgmt-iface"):
        values = record.setdefault("management_addresses" if rest == "mgmt-ip" else "management_interfaces", [])
        if isinstance(values, list):
            values.append(value)
    elif part == "chassis" and rest.endswith(".enabled"):
        object_in(record["capabilities"])[rest.removesuffix(".enabled")] = value == "on"
    elif rest == "ttl":
        record["ttl"] = integer(value)
    elif rest in ("auto-negotiation.supported", "auto-negotiation.enabled"):
        record[f"autoneg_{rest.rpartition('.')[2]}"] = boolean(value)
    elif rest == "auto-negotiation.current":
        record["mau_type"] = said
    else:
        _more(record, [part], rest or part, value)
    return None


def read_lldpctl(page: Page) -> Parsed:
    """The neighbours, in whatever form lldpctl was asked for them."""
    if page.json() or any(line.text.startswith("{") for line in page.lines[:20]):
        return _json(page)
    if any(line.text.startswith("lldp.") for line in page.lines[:3]):
        return _keyvalue(page)
    return read_text(page)


_INTERFACE: Final[dict[str, Schema]] = {"interface": {"type": "string"}}
NEIGHBOUR: Final[dict[str, Schema]] = (
    _INTERFACE
    | dict.fromkeys(
        (
            "via",
            "age",
            "chassis_id_type",
            "chassis_id",
            "system_name",
            "system_description",
            "port_id_type",
            "port_id",
            "port_description",
            "mau_type",
        ),
        TEXT_OR_NULL,
    )
    | {
        "rid": INTEGER_OR_NULL,
        "management_addresses": TEXTS,
        "management_interfaces": TEXTS,
        "capabilities": {"type": "object", "additionalProperties": {"type": "boolean"}},
        "ttl": INTEGER_OR_NULL,
        "autoneg_supported": BOOLEAN_OR_NULL,
        "autoneg_enabled": BOOLEAN_OR_NULL,
        "other": OTHER,
    }
)
"""The fields of a neighbour."""

COMMANDS: Final = (
    Entry(
        "lldpctl",
        "neighbours (text, -f json0, -f json, -f keyvalue)",
        Reader(read_lldpctl, NEIGHBOUR, ("interface", "chassis_id", "port_id")),
        ("lldpcli show neighbors", "lldpcli show neighbors details"),
    ),
)
