"""config_db.json, rendered QoS and buffer tables, and dumps of SONiC's databases: tables of records of fields.

A table stands as an object of its records, or each record stands under ``TABLE|key`` or ``TABLE:key``, as itself or as
``{"type": "hash", "value": {...}}`` with which a dump of Redis wraps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from . import modes
from .buffers import unbracketed
from .modes import Mode
from .platform import child_of
from .ports import uneven
from .remarks import Notes, Remark
from .tree import Members, Node

SAMPLE: Final = "SAMPLE_CONFIG_DB"
WRAPPED: Final = frozenset({"type", "value"})
REFERENCES: Final = {
    ("BUFFER_PROFILE", "pool"): "BUFFER_POOL",
    ("BUFFER_PG", "profile"): "BUFFER_PROFILE",
    ("BUFFER_QUEUE", "profile"): "BUFFER_PROFILE",
    ("BUFFER_PORT_INGRESS_PROFILE_LIST", "profile_list"): "BUFFER_PROFILE",
    ("BUFFER_PORT_EGRESS_PROFILE_LIST", "profile_list"): "BUFFER_PROFILE",
    ("QUEUE", "scheduler"): "SCHEDULER",
    ("QUEUE", "wred_profile"): "WRED_PROFILE",
    ("PORT_QOS_MAP", "dscp_to_tc_map"): "DSCP_TO_TC_MAP",
    ("PORT_QOS_MAP", "tc_to_queue_map"): "TC_TO_QUEUE_MAP",
    ("PORT_QOS_MAP", "tc_to_pg_map"): "TC_TO_PRIORITY_GROUP_MAP",
    ("PORT_QOS_MAP", "pfc_to_queue_map"): "MAP_PFC_PRIORITY_TO_QUEUE",
}
"""Fields that name a row of another table."""

OF_PORTS: Final = ("BUFFER_PG", "BUFFER_QUEUE", "QUEUE", "PORT_QOS_MAP", "PFC_WD", "BREAKOUT_CFG", "DEVICE_NEIGHBOR")
"""Tables whose keys begin with a port."""

FIELDS: Final = frozenset(
    [
        "lanes",
        "alias",
        "index",
        "speed",
        "description",
        "mtu",
        "pfc_asym",
        "admin_status",
        "fec",
        "autoneg",
        "tpid",
        "mode",
        "dhcp_rate_limit",
        "role",
        "oper_status",
        "system_oper_status",
        "line_oper_status",
        "adv_speeds",
        "interface_type",
        "adv_interface_types",
        "flap_count",
        "last_up_time",
        "last_down_time",
        "link_training",
        "asic_port_name",
        "core_id",
        "core_port_id",
        "num_voq",
        "subport",
        "rmt_adv_speeds",
        "supported_speeds",
        "supported_fecs",
        "link_training_status",
        "state",
        "netdev_oper_status",
        "mux_cable",
        "dom_polling",
        "macsec",
        "laser_freq",
        "tx_power",
        "media_type",
        "tx_precoding",
        "custom_serdes_attrs",
        "cmis_reinit_required",
        "host_tx_ready",
        "coreId",
        "corePortId",
        "numVoq",
        "parent_port",
    ]
)
"""Fields of a port."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record."""

    table: str
    key: str
    line: int
    fields: Mapping[str, str | tuple[str, ...]]

    def text(self, field: str) -> str:
        """A field as text; empty where it is not there."""
        value = self.fields.get(field, "")
        return value if isinstance(value, str) else ",".join(value)

    @property
    def called(self) -> str:
        return f"{self.table}|{self.key}" if self.key else self.table


@dataclass(frozen=True, slots=True)
class Port:
    """One port of a database."""

    name: str
    line: int
    lanes: tuple[int, ...]  # none where the database does not keep them
    alias: str
    index: int | None
    speed_gbps: Decimal | None
    fec: str
    admin: str


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """The tables of one database."""

    file: str
    tables: Mapping[str, Mapping[str, Record]]
    ports: tuple[Port, ...]
    breakouts: Mapping[str, Mode]  # by first port
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class SamplesFile:
    """Several databases that one file has as samples, by name."""

    file: str
    samples: Mapping[str, DatabaseFile]
    remarks: tuple[Remark, ...] = ()


def read(node: Node, notes: Notes) -> DatabaseFile | SamplesFile:
    """One database, or the samples of several, out of its JSON."""
    top = Members(node, notes, "")
    if top.nodes and all(name.startswith(SAMPLE) for name in top.nodes):
        samples = {name: database(Members(one, notes, name), notes) for name, one in top.each()}
        return SamplesFile(notes.file, samples, notes.found)
    return database(top, notes)


def database(top: Members, notes: Notes) -> DatabaseFile:
    tables: dict[str, dict[str, Record]] = {}
    for record in records(top, notes):
        tables.setdefault(record.table, {})[record.key] = record
    ports = tuple(port(record, notes) for name in ("PORT", "PORT_TABLE") for record in tables.get(name, {}).values())
    breakouts = broken(tables.get("BREAKOUT_CFG", {}), notes)
    of_ports(ports, notes)
    if tables.get("PORT"):
        of_breakouts(breakouts, ports, notes)
        known_ports(tables, notes)
    referred(tables, notes)
    thresholds(tables.get("WRED_PROFILE", {}), notes)
    return DatabaseFile(notes.file, tables, ports, breakouts, notes.found)


def records(top: Members, notes: Notes) -> Iterator[Record]:
    for name, node in top.each():
        flat = re.fullmatch(r"(_?[A-Z][A-Z0-9_]*)[|:](.*)", name, re.DOTALL)
        value = unwrapped(node)
        if flat is not None:
            yield record(flat[1], flat[2], value, node.line, notes)
        elif not re.fullmatch(r"_?[A-Z][A-Z0-9_]*", name):
            raise notes.unreadable(node.line, f"{name!r} is no table")
        elif nested(value):
            for key, inner in Members(value, notes, name).each():
                yield record(name, key, unwrapped(inner), inner.line, notes)
        else:
            yield record(name, "", value, node.line, notes)


def unwrapped(node: Node) -> Node:
    """What a dump of Redis wraps."""
    if isinstance(node.value, Mapping) and WRAPPED <= set(node.value) <= WRAPPED | {"ttl", "expireat"}:
        return node.value["value"]
    return node


def nested(node: Node) -> bool:
    """Whether a table holds records, and not fields."""
    return isinstance(node.value, Mapping) and all(isinstance(one.value, Mapping) for one in node.value.values())


def record(table: str, key: str, node: Node, line: int, notes: Notes) -> Record:
    if not isinstance(node.value, Mapping):
        return Record(table, key, line, {"": plain(node, f"{table}|{key}", notes)})
    fields = dict(flattened(Members(node, notes, f"{table}|{key}"), notes))
    return Record(table, key, line, fields)


def flattened(told: Members, notes: Notes, before: str = "") -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for field, node in told.each():
        if isinstance(node.value, Mapping):
            yield from flattened(Members(node, notes, told.named(field)), notes, f"{before}{field}.")
        else:
            yield f"{before}{field}", plain(node, told.named(field), notes)


def plain(node: Node, what: str, notes: Notes) -> str | tuple[str, ...]:
    if isinstance(node.value, tuple):
        items = [plain(one, what, notes) for one in node.value]
        return tuple(item if isinstance(item, str) else ",".join(item) for item in items)
    if isinstance(node.value, Mapping):
        raise notes.unreadable(node.line, f"{what}: a value was expected, found an object")
    return "" if node.value is None else str(node.value).lower() if isinstance(node.value, bool) else str(node.value)


# --- ports --------------------------------------------------------------------------------------------------------


def port(record: Record, notes: Notes) -> Port:
    for field in record.fields:
        if field not in FIELDS and field:
            notes.unknown(record.line, record.called, field)
    lanes, speed, index = record.text("lanes"), record.text("speed"), record.text("index")
    for name, text, pattern in (
        ("lanes", lanes, r"([0-9]{1,9}(,\s*[0-9]{1,9})*)?"),
        ("speed", speed, r"([0-9]{1,9}|N/A)?"),
        ("index", index, r"([0-9]{1,9})?"),
    ):
        if not re.fullmatch(pattern, text):
            raise notes.unreadable(record.line, f"{record.called}: {name}: numbers were expected, found {text!r}")
    return Port(
        record.key,
        record.line,
        tuple(int(lane) for lane in lanes.split(",")) if lanes else (),
        record.text("alias"),
        int(index) if index else None,
        Decimal(speed) / 1000 if speed.isdigit() else None,
        record.text("fec"),
        record.text("admin_status"),
    )


def of_ports(ports: tuple[Port, ...], notes: Notes) -> None:
    """What cannot be of ports."""
    lanes: dict[int, Port] = {}
    aliases: dict[str, Port] = {}
    for one in ports:
        if one.lanes and one.speed_gbps and re.fullmatch(r"Ethernet[0-9]+", one.name):  # no port inside the switch
            uneven(one.name, one.line, one.speed_gbps, len(one.lanes), notes)
        if one.alias and aliases.setdefault(one.alias, one) is not one:
            notes.contradiction(
                "alias-twice", one.line, one.name, f"alias {one.alias} is of {aliases[one.alias].name} too"
            )
        if len(set(one.lanes)) < len(one.lanes):
            notes.contradiction("lane-twice", one.line, one.name, "a lane stands twice in its lanes")
        for lane in dict.fromkeys(one.lanes):
            if lanes.setdefault(lane, one) is not one:
                notes.contradiction("lane-twice", one.line, one.name, f"lane {lane} is of {lanes[lane].name} too")


def broken(table: Mapping[str, Record], notes: Notes) -> Mapping[str, Mode]:
    found = {}
    for key, record in table.items():
        mode = modes.parse(record.text("brkout_mode"), record.line)
        if mode is None:
            raise notes.unreadable(record.line, f"{record.called}: {record.text('brkout_mode')!r} is no breakout mode")
        found[key] = mode
    return found


def of_breakouts(breakouts: Mapping[str, Mode], ports: tuple[Port, ...], notes: Notes) -> None:
    """What cannot be of a cage's mode and the ports that are there."""
    known = {one.name: one for one in ports}
    for name, mode in breakouts.items():
        first = known.get(name)
        if first is None or not first.lanes:
            continue  # a port that is not there is remarked on with those of every table
        subject, group = f"BREAKOUT_CFG|{name}", mode.groups[0]
        if first.speed_gbps not in (group.speed_gbps, *group.also, None):
            what = f"mode {mode.text}, and {name} runs at {first.speed_gbps:f} Gb/s on {len(first.lanes)} lanes"
            notes.contradiction("breakout-ports", mode.line, subject, what)
        elif len(mode.groups) == 1:
            children = [child_of(name, 1 + place * len(first.lanes)) for place in range(mode.ports)]
            for child in children:
                if child not in known:
                    notes.contradiction("breakout-ports", mode.line, subject, f"mode {mode.text}, and no port {child}")


def known_ports(tables: Mapping[str, Mapping[str, Record]], notes: Notes) -> None:
    """Remark on ports that other tables name and PORT does not have."""
    known = tables["PORT"]
    for table in OF_PORTS:
        for record in tables.get(table, {}).values():
            for name in re.split(r"[|,]", record.key):
                if re.fullmatch(r"Ethernet[0-9]+", name) and name not in known:
                    notes.contradiction("no-such-port", record.line, record.called, f"PORT has no {name}")
    for record in tables.get("CABLE_LENGTH", {}).values():
        for name in record.fields:
            if re.fullmatch(r"Ethernet[0-9]+", name) and name not in known:
                notes.contradiction("no-such-port", record.line, record.called, f"PORT has no {name}")


def referred(tables: Mapping[str, Mapping[str, Record]], notes: Notes) -> None:
    """Remark on references to rows that are not there, where their table is."""
    for (table, field), target in REFERENCES.items():
        if target not in tables:
            continue
        for record in tables.get(table, {}).values():
            for name in filter(None, record.text(field).split(",")):
                wanted = unbracketed(name.strip())
                if wanted not in tables[target] and wanted != "NULL":
                    message = f"{field} names {wanted!r}, which {target} does not have"
                    notes.contradiction("no-such-row", record.line, record.called, message)


def thresholds(table: Mapping[str, Record], notes: Notes) -> None:
    for record in table.values():
        for colour in ("green", "yellow", "red"):
            low, high = record.text(f"{colour}_min_threshold"), record.text(f"{colour}_max_threshold")
            if low.isdigit() and high.isdigit() and int(low) > int(high):
                message = f"{colour}: min_threshold {low} is above max_threshold {high}"
                notes.contradiction("threshold", record.line, record.called, message)
