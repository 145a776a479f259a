"""What ``ip link`` and ``ip address`` answer, as JSON and as text.

Held against iproute2 6.1 itself and against a recording of an older one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ..cells import BOOLEAN_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, boolean
from ..entry import (
    OTHER,
    TEXTS,
    Entry,
    Object,
    Reader,
    list_in,
    number_in,
    object_in,
    objects,
    refusal,
    text_in,
    unknown_in,
)
from ..text import NotThis, Page, Parsed, Unparsed

INTERFACE: Final[dict[str, Schema]] = {"interface": TEXT_OR_NULL}

_LINK: Final = {
    "ifindex": ("index", "integer"),
    "flags": ("flags", "texts"),
    "mtu": ("mtu", "integer"),
    "operstate": ("oper", "lower"),
    "address": ("mac", "text"),
    "permaddr": ("permanent_mac", "text"),
    "link_type": ("link_type", "text"),
    "master": ("master", "text"),
    "link": ("parent", "text"),
    "qdisc": ("qdisc", "text"),
    "group": ("group", "text"),
    "txqlen": ("tx_queue_length", "integer"),
    "broadcast": ("broadcast", "text"),
    "linkmode": ("link_mode", "text"),
    "altnames": ("alternative_names", "texts"),
    "parentbus": ("bus", "text"),
    "parentdev": ("bus_address", "text"),
    "ifalias": ("alias", "text"),
    "phys_port_name": ("phys_port_name", "text"),
    "phys_port_id": ("phys_port_id", "text"),
    "phys_switch_id": ("phys_switch_id", "text"),
    "min_mtu": ("min_mtu", "integer"),
    "max_mtu": ("max_mtu", "integer"),
    "promiscuity": ("promiscuity", "integer"),
    "allmulti": ("allmulti", "integer"),
    "inet6_addr_gen_mode": ("address_generation", "text"),
    "num_tx_queues": ("tx_queues", "integer"),
    "num_rx_queues": ("rx_queues", "integer"),
    "gso_max_size": ("gso_max_size", "integer"),
    "gso_max_segs": ("gso_max_segments", "integer"),
    "tso_max_size": ("tso_max_size", "integer"),
    "tso_max_segs": ("tso_max_segments", "integer"),
    "gro_max_size": ("gro_max_size", "integer"),
    "gso_ipv4_max_size": ("gso_ipv4_max_size", "integer"),
    "gro_ipv4_max_size": ("gro_ipv4_max_size", "integer"),
    "link_netnsid": ("namespace", "integer"),
    "link_index": ("parent_index", "integer"),
    "proto_down": ("protodown", "boolean"),
}
_WORDS: Final[Mapping[str, str]] = {
    "mtu": "mtu", "qdisc": "qdisc", "master": "master", "state": "operstate", "mode": "linkmode", "group": "group",
    "qlen": "txqlen", "brd": "broadcast", "permaddr": "permaddr", "link-netnsid": "link_netnsid",
    "promiscuity": "promiscuity", "allmulti": "allmulti", "minmtu": "min_mtu", "maxmtu": "max_mtu",
    "addrgenmode": "inet6_addr_gen_mode", "numtxqueues": "num_tx_queues", "numrxqueues": "num_rx_queues",
    "gso_max_size": "gso_max_size", "gso_max_segs": "gso_max_segs", "tso_max_size": "tso_max_size",
    "tso_max_segs": "tso_max_segs", "gro_max_size": "gro_max_size", "gso_ipv4_max_size": "gso_ipv4_max_size",
    "gro_ipv4_max_size": "gro_ipv4_max_size", "parentbus": "parentbus", "parentdev": "parentdev",
    "portname": "phys_port_name", "portid": "phys_port_id", "switchid": "phys_switch_id", "protodown": "proto_down",
    "altname": "altnames",
}  # fmt: skip
"""Words of the text, by the member of the JSON that says the same."""

_OWN: Final = frozenset({"state", "mode", "group", "master", "brd", "altname", "mtu", "qdisc", "qlen", "promiscuity"})
"""Words that a kind of link uses for what is its own: the state of a bridge's port, the mode of a bond."""

_KINDS: Final = frozenset({
    "amt", "bareudp", "batadv", "bond", "bond_slave", "bridge", "bridge_slave", "dsa", "dummy", "erspan", "geneve",
    "gre", "gretap", "gtp", "hsr", "ifb", "ip6gre", "ip6gretap", "ip6tnl", "ipip", "ipoib", "ipvlan", "ipvtap",
    "macsec", "macvlan", "macvtap", "netdevsim", "nlmon", "rmnet", "sit", "team", "team_slave", "tun", "vcan",
    "veth", "vlan", "vrf", "vrf_slave", "vti", "vti6", "vxlan", "wireguard", "xfrm",
})  # fmt: skip
_BARE: Final = frozenset({"unknown", "openvswitch_slave"})


def _value(kind: str, value: Json) -> Json:
    match kind:
        case "texts":
            return [str(item) for item in list_in(value)]
        case "integer":
            return number_in(value)
        case "boolean":
            return value if isinstance(value, bool) else boolean(str(value))
        case "lower":
            text = text_in(value)
            return text.lower() if text else text
        case _:
            return text_in(value)


def _ip(page: Page) -> Parsed:
    return _ip_json(page) if page.json() else read_ip_text(page)


def _ip_json(page: Page) -> Parsed:
    records: list[Record] = []
    for line, said in objects(page):
        if not said:
            continue
        if "ifname" not in said or "flags" not in said:
            raise NotThis("no 'ifname' and 'flags' in the JSON", line)
        flags = [str(flag) for flag in list_in(said["flags"])]
        record: Record = {
            "line": line,
            "interface": text_in(said["ifname"]),
            "admin": "up" if "UP" in flags else "down",
        }
        record |= {key: _value(kind, said[name]) for name, (key, kind) in _LINK.items() if name in said}
        info = object_in(said.get("linkinfo"))
        for name, key in (("info_kind", "kind"), ("info_slave_kind", "slave_kind")):
            if name in info:
                record[key] = text_in(info[name])
        details = {name: info[name] for name in ("info_data", "info_slave_data") if info.get(name)}
        if details:
            record["details"] = details
        if "addr_info" in said:
            record["addresses"] = [_address(object_in(one)) for one in list_in(said["addr_info"]) if one]
        stats = object_in(said.get("stats64", said.get("stats")))
        for way in ("rx", "tx"):
            if way in stats:
                record[way] = {name: number_in(count) for name, count in object_in(stats[way]).items()}
        _changes(record)
        if rest := unknown_in(said, {"ifname", "linkinfo", "addr_info", "stats64", "stats", *_LINK}):
            record["other"] = rest
        records.append(record)
    return Parsed(tuple(records))


def _changes(record: Record) -> None:
    """How often the carrier changed, which is counted among the errors of transmission."""
    sent = object_in(record.get("tx"))
    if "carrier_changes" in sent:
        record["carrier_changes"] = sent["carrier_changes"]


def _address(said: Object) -> Json:
    length = number_in(said.get("prefixlen"))
    local = text_in(said.get("local"))
    return {
        "address": local if length is None or local is None else f"{local}/{length}",
        "family": text_in(said.get("family")),
        "scope": text_in(said.get("scope")),
    }


_HEAD: Final = re.compile(r"(\d{1,7}): ([^\s:@]{1,40})(?:@([^\s:]{1,40}))?: <([A-Z0-9_,-]*)>(?: (.*))?")
_LINK_LINE: Final = re.compile(r"link/(\S+)(?: (.*))?")
_INET: Final = re.compile(r"(inet6?|mctp) (\S+)(?: peer (\S+))?(?: (.*))?")
_LIFE: Final = re.compile(r"valid_lft \S+ preferred_lft \S+")
_STATS: Final = re.compile(r"(RX|TX)( errors)?: +([a-z ]+)")
_STAT_NAMES: Final[Mapping[str, str]] = {
    "dropped": "dropped", "overrun": "over_errors", "missed": "missed_errors", "mcast": "multicast",
    "carrier": "carrier_errors", "collsns": "collisions", "length": "length_errors", "crc": "crc_errors",
    "frame": "frame_errors", "fifo": "fifo_errors", "aborted": "aborted_errors", "window": "window_errors",
    "heartbt": "heartbeat_errors", "transns": "carrier_changes", "nohandler": "nohandler", "otherhost": "otherhost",
    "compressed": "compressed",
}  # fmt: skip


def read_ip_text(page: Page) -> Parsed:
    """``ip link show`` and ``ip address show`` without ``-j``, with details and counters where asked for."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    columns: tuple[str, list[str]] | None = None
    for line in page.lines:
        text = line.text.strip()
        if head := _HEAD.fullmatch(line.text.rstrip()):
            flags = [flag for flag in head[4].split(",") if flag]
            record: Record = {"line": line.number, "interface": head[2], "admin": "up" if "UP" in flags else "down"}
            record |= {"index": int(head[1]), "flags": [*flags]}
            if head[3] and head[3] != "NONE":
                record["parent"] = head[3]
            records.append(record)
            columns = None
            _words(record, (head[5] or "").split())
        elif not records:
            unparsed.append(line.unparsed())
        elif stats := _STATS.fullmatch(text):
            columns = (stats[1].lower(), stats[3].split())
        elif columns is not None and re.fullmatch(r"[\d ]+", text):
            counts = [int(word) for word in text.split()]
            held = records[-1].setdefault(columns[0], {})
            if len(counts) != len(columns[1]) or not isinstance(held, dict):
                unparsed.append(line.unparsed())
                continue
            held |= {_STAT_NAMES.get(name, name): count for name, count in zip(columns[1], counts, strict=True)}
            _changes(records[-1])
        elif not _ip_line(records[-1], text):
            unparsed.append(line.unparsed())
    if not records:
        raise refusal(page, "no interface with its flags")
    return Parsed(tuple(records), tuple(unparsed))


def _ip_line(record: Record, text: str) -> bool:
    """One line that is moved in: the link, what kind it is, an address, another name."""
    if link := _LINK_LINE.fullmatch(text):
        record["link_type"] = link[1]
        words = (link[2] or "").split()
        if words and words[0] not in _WORDS:
            record["mac"] = words[0]
            words = words[1:]
        _words(record, words)
        return True
    if inet := _INET.fullmatch(text):
        rest = (inet[4] or "").split()
        scope = rest[rest.index("scope") + 1] if "scope" in rest[:-1] else None
        addresses = record.setdefault("addresses", [])
        if isinstance(addresses, list):
            addresses.append({"address": inet[2], "family": inet[1], "scope": scope})
        return True
    if _LIFE.match(text):
        return True
    words = text.split()
    if words[0] == "alias" and len(words) > 1:
        record["alias"] = text.removeprefix("alias ").strip()
        return True
    if words[0] in _KINDS or words[0] in _BARE:
        record["slave_kind" if words[0].endswith("_slave") else "kind"] = words[0].removesuffix("_slave")
        _words(record, words[1:], details=True)
        return True
    if words[0] in _WORDS:
        _words(record, words)
        return True
    return False


def _words(record: Record, words: Sequence[str], *, details: bool = False) -> None:
    """Words with their values; of a kind of link, what nobody else has goes under ``details``."""
    at = 0
    while at < len(words):
        word = words[at]
        value = words[at + 1] if at + 1 < len(words) else None
        if word in _WORDS and value is not None and not (details and word in _OWN):
            key, kind = _LINK[_WORDS[word]]
            if kind == "texts":
                names = record.setdefault(key, [])
                if isinstance(names, list):
                    names.append(value)
            else:
                record[key] = _value(kind, value)
            at += 2
        elif details:
            more = record.setdefault("details", {})
            pair = value is not None and (value not in _WORDS or value in _OWN)
            if isinstance(more, dict):
                more[word] = value if pair else True
            at += 2 if pair else 1
        else:
            more = record.setdefault("other", {})
            if isinstance(more, dict):
                more[word] = True
            at += 1


_LINK_SCHEMAS: Final[Mapping[str, Schema]] = {
    "integer": INTEGER_OR_NULL,
    "boolean": BOOLEAN_OR_NULL,
    "text": TEXT_OR_NULL,
    "lower": TEXT_OR_NULL,
    "texts": TEXTS,
}
_COUNTED: Final[Schema] = {"type": "object", "additionalProperties": INTEGER_OR_NULL}
LINK: Final[dict[str, Schema]] = (
    INTERFACE
    | {key: _LINK_SCHEMAS[kind] for key, kind in _LINK.values()}
    | {
        "admin": {"enum": ["up", "down"]},
        "kind": TEXT_OR_NULL,
        "slave_kind": TEXT_OR_NULL,
        "details": OTHER,
        "addresses": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": dict.fromkeys(("address", "family", "scope"), TEXT_OR_NULL),
            },
        },
        "rx": _COUNTED,
        "tx": _COUNTED,
        "carrier_changes": INTEGER_OR_NULL,
        "other": OTHER,
    }
)

COMMANDS: Final = (
    Entry(
        "ip link show",
        "interfaces (-j and text, with -d and -s)",
        Reader(_ip, LINK, ("interface", "admin")),
        ("ip link", "ip address show", "ip address", "ip addr show", "ip addr", "ip a"),
    ),
)
