"""What ``show interface`` of Cisco NX-OS prints: sentences, each of which is a pattern here, and counters.

Sentences are those of recordings from NX-OS 6.0 to 10.6 on Nexus 3000, 5000, 7000 and 9000; the members of ``| json``
are from public code that reads them.  "interface resets" are not changes of the link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from ....units import plain
from ..cells import (
    BOOLEAN,
    BOOLEAN_OR_NULL,
    COUNT,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    TEXT_OR_NULL,
    TEXTS,
    TEXTS_OR_NULL,
    VERBATIM,
    Json,
    Kind,
    Record,
    Schema,
    integer,
    speed_mbps,
)
from ..entry import refusal
from ..labels import slug
from ..tables import column
from ..text import Page, Parsed, Unparsed
from .tree import LOW, WORD, Answer, Fields, Tree, constant, fields_of, missing

_HEAD: Final = re.compile(
    r"(?P<interface>[A-Za-z][A-Za-z-]{1,30}\d[\w/.:-]{0,30}) is (?P<state>up|down|\w[\w-]{0,30})"
    r"(?: \((?P<reason>[^()]{1,120}(?:\([^()]{0,60}\))?[^()]{0,60})\))?"
    r"(?:, line protocol is (?P<line_protocol>\w+))?(?:, autostate (?P<autostate>\w+))?,?"
)

_OTHER_HEAD: Final = re.compile(r"[A-Za-z][A-Za-z-]{1,30}\d\S{0,30} is ")
"""How an interface begins whose first line goes on in an unknown way: what follows is not of the one before."""


def _speed(text: str) -> tuple[Json, ...] | None:
    """``25 Gb/s``, ``25000`` and ``auto-speed``, which tells none."""
    low = text.strip().lower()
    if low in ("", "auto", "auto-speed", "--", "unknown", "unknown speed"):
        return (None,)
    bare = low.removeprefix("a-")
    number = integer(bare)
    value = number if number is not None else speed_mbps(bare)
    return None if value is None else (value,)


SPEED: Final = Kind("speed in Mb/s", (INTEGER_OR_NULL,), _speed)
_TURNED: Final = constant(BOOLEAN, {"n/a": None, "not-supported": None, "not supported": None})

_AGE: Final = r"never|\d{1,4}:\d\d:\d\d|(?:\d{1,5}(?:year|week|day|hour|minute|second|[ywdhms])(?:s|\(s\))? ?){1,6}"
_SENTENCES: Final = tuple(
    re.compile(sentence)
    for sentence in (
        r"(?:admin|Admin) [Ss]tate(?: is|:) (?P<admin>\w+),?(?: +(?P<share>\w+) Interface)?"
        r"(?:, \[parent interface is (?P<parent>[^\]]+)\])?"
        r"(?: +Hardware: (?P<hardware>.+))?",
        r"(?P<share>Dedicated|Shared) Interface",
        r"Belongs to (?P<channel>\S+)",
        r"vPC Status: (?P<vpc_state>\w+), vPC number: (?P<vpc>\d+)(?: \[(?P<vpc_note>.+)\])?",
        r"Hardware(?::| is) (?P<hardware>[^,]+(?:, [^,:]+)*?)"
        r"(?:, address(?::| is) +(?P<address>\S+)(?: \(bia (?P<burned_in>\S+)\))?)?",
        r"(?:Description:|Port description is) ?(?P<description>.*)",
        r"Internet [Aa]ddress is (?P<ip_addresses>\S+)(?: secondary)?(?: tag \d+)?",
        r"MTU (?P<mtu>\d+) bytes(?:(?:, *BW (?P<bandwidth_kbit>\d+) Kbit ?,?)(?:, *BW \d+ Kbit,?)*"
        r"(?: *,? *DLY (?P<delay_usec>\d+) usec,?)?)?,?",
        r"reliability (?P<reliability>\d+)/255, txload (?P<tx_load>\d+)/255, rxload (?P<rx_load>\d+)/255",
        r"Encapsulation (?P<encapsulation>[^,]+(?:, Vlan ID \d+)?)(?:, medium is (?P<medium>\S+))?"
        r"(?:, loopback (?P<loopback>\w+(?: \w+)?))?",
        r"Port mode is (?P<port_mode>[^\s,]+)(?:, FCID is (?P<fcid>0x[0-9a-fA-F]{1,6}))?",
        r"(?P<duplex>\w+)-duplex, (?P<speed_mbps>auto-speed|[\d.]+ ?[MGT]b/s|[Uu]nknown(?: speed)?)"
        r"(?:, media type is (?P<media>.+))?",
        r"Beacon is turned (?P<beacon>\w+)",
        r"Auto-Negotiation is turned (?P<auto_negotiation>\w+)(?: +FEC mode is (?P<fec_mode>\S+))?",
        r"FEC mode is (?P<fec_mode>\S+)",
        r"Input flow-control is (?P<input_flow_control>\S+), output flow-control is (?P<output_flow_control>\S+)",
        r"Auto-mdix is turned (?P<auto_mdix>\w+)",
        r"Rate mode is (?P<rate_mode>\S+)",
        r"Switchport monitor is (?P<monitor>\w+)",
        r"EtherType is (?P<ether_type>0x[0-9a-fA-F]{1,4})",
        r"EEE \(efficient-ethernet\) : (?P<eee>.+)",
        r"admin fec state is (?P<fec_admin>[\w-]+), oper fec state is (?P<fec_oper>[\w-]+)",
        r"Members in this channel: (?P<members>.+)",
        rf"Last link flapped (?P<last_link_flapped>{_AGE})",
        rf'[Ll]ast clearing of "show interface" counters (?P<counters_cleared>{_AGE})',
        r"(?P<resets>\d+) interface resets",
        r"Keepalive (?P<keepalive>.+)",
        r"ARP type: (?P<arp_type>.+)",
        r"Management transceiver: (?P<management_transceiver>.+)",
        r"Active connector: (?P<active_connector>.+)",
        r"Configured Media-type: (?P<configured_media>.+)",
        r"Tunnel protocol/transport (?P<tunnel_transport>.+)",
        r"Tunnel source (?P<tunnel_source>.+), destination (?P<tunnel_destination>.+)",
        r"Transport protocol is in VRF \"(?P<transport_vrf>.+)\"",
        r"Tunnel interface is in VRF \"(?P<tunnel_vrf>.+)\"",
        r"Port WWN is (?P<port_wwn>\S+)",
        r"Peer port WWN is (?P<peer_wwn>\S+)",
        r"Admin port mode is (?P<admin_port_mode>[^\s,]+)(?:, trunk mode is (?P<trunk_mode>\w+))?",
        r"snmp link state traps are (?P<link_traps>\w+)",
        r"Port vsan is (?P<vsan>\d+)",
        r"(?:Operating )?Speed is (?P<speed_mbps>[\d.]+ ?[MGT]bps)",
        r"Bound interface is (?P<bound_interface>\S+)",
        r"Receive data field Size is (?P<receive_size>\d+)",
        r"Interface last changed at (?P<last_changed>.+)",
        r"VFC not bound|Current counters not available",
    )
)
_KINDS: Final[Mapping[str, Kind]] = {
    "description": VERBATIM,
    "mtu": COUNT,
    "bandwidth_kbit": COUNT,
    "delay_usec": COUNT,
    "reliability": COUNT,
    "tx_load": COUNT,
    "rx_load": COUNT,
    "vpc": COUNT,
    "vsan": COUNT,
    "receive_size": COUNT,
    "resets": COUNT,
    "speed_mbps": SPEED,
    "admin": LOW,
    "share": LOW,
    "duplex": LOW,
    "beacon": _TURNED,
    "auto_negotiation": _TURNED,
    "auto_mdix": _TURNED,
    "monitor": _TURNED,
    "input_flow_control": _TURNED,
    "output_flow_control": _TURNED,
    "fec_mode": LOW,
    "fec_admin": LOW,
    "fec_oper": LOW,
    "members": TEXTS,
    "ip_addresses": WORD,
}
"""How a field of a sentence is read; all others are words."""

_LISTS: Final = frozenset({"ip_addresses"})
"""Fields whose sentence may stand more than once."""

_SIDE: Final = re.compile(r"(RX|TX)", re.IGNORECASE)
_SWITCHED: Final = re.compile(r"L3 (in|out) Switched:", re.IGNORECASE)
_INTERVAL: Final = re.compile(r"Load-Interval (?:#\d+:|is) (?:\d+ minute )?\(?(?P<seconds>\d+) seconds\)?")
_RATE: Final = re.compile(
    r"(?P<time>\d+) (?P<unit>second|minute)s? (?P<direction>input|output) rate (?P<bits>\d+) bits/sec"
    r"(?:, \d+ bytes/sec)?(?:, (?P<packets>\d+) (?:packets|frames)/sec)?,?"
)
_ROUNDED: Final = re.compile(
    r"input rate (?P<input>[\d.]+ [KMGT]?bps), (?P<input_packets>[\d.]+ [KMGT]?pps); "
    r"output rate (?P<output>[\d.]+ [KMGT]?bps), (?P<output_packets>[\d.]+ [KMGT]?pps)"
)
_SCALE: Final = {"": 1, "K": 1000, "M": 10**6, "G": 10**9, "T": 10**12}
_COUNT: Final = re.compile(r"(\d{1,24}) ([A-Za-z_][A-Za-z_/ -]{0,40}?)(?=,? +\d|,? +- |[,;]?$)")
_COUNTS: Final = re.compile(r"(?:\d{1,24} [A-Za-z_][A-Za-z_/ -]{0,40}?(?:,? +(?=\d)|[,;]?$))+")
_NAMED: Final = re.compile(r"([a-z]{1,20}): (\d+) pkts, (\d+) bytes")

COUNTERS: Final[Schema] = {"type": "object", "additionalProperties": INTEGER_OR_NULL}
_RATES: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["seconds", "direction", "bits_per_second", "packets_per_second", "rounded"],
        "properties": {
            "seconds": INTEGER_OR_NULL,
            "direction": {"enum": ["input", "output"]},
            "bits_per_second": DECIMAL_OR_NULL,
            "packets_per_second": DECIMAL_OR_NULL,
            "rounded": {"type": "boolean"},
        },
    },
}


class _Block:
    """One interface as it is read, line by line."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.side = ""
        self.seconds: int | None = None

    def line(self, text: str) -> bool:
        """Take a line; false where it is not known."""
        if side := _SIDE.fullmatch(text):
            self.side = side[1].lower()
        elif switched := _SWITCHED.fullmatch(text):
            self.side = f"l3_{switched[1].lower()}"
        elif interval := _INTERVAL.fullmatch(text):
            self.seconds = int(interval["seconds"])
        else:
            return self._rates(text) or self._counters(text) or self._sentence(text)
        return True

    def _sentence(self, text: str) -> bool:
        for sentence in _SENTENCES:
            if found := sentence.fullmatch(text):
                return all(self._put(name, value) for name, value in found.groupdict().items() if value is not None)
        return False

    def _put(self, name: str, text: str) -> bool:
        values = _KINDS.get(name, WORD).read(text.strip())
        if values is None:
            return False
        value = values[0]
        if name in _LISTS:
            held = self.record.setdefault(name, [])
            if isinstance(held, list):
                held.append(value)
            return True
        if name in self.record and self.record[name] != value:
            return False
        self.record[name] = value
        return True

    def _rates(self, text: str) -> bool:
        rates = self.record.setdefault("rates", [])
        assert isinstance(rates, list)
        if found := _RATE.fullmatch(text):
            seconds = int(found["time"]) * (60 if found["unit"] == "minute" else 1)
            rates.append(_rate(seconds, found["direction"], found["bits"], found["packets"], rounded=False))
            return True
        if found := _ROUNDED.fullmatch(text):
            if not any(isinstance(r, dict) and r["seconds"] == self.seconds and not r["rounded"] for r in rates):
                for side in ("input", "output"):
                    bits, packets = _scaled(found[side]), _scaled(found[f"{side}_packets"])
                    rates.append(_rate(self.seconds, side, bits, packets, rounded=True))
            return True
        if not rates:
            del self.record["rates"]
        return False

    def _counters(self, text: str) -> bool:
        named = list(_NAMED.finditer(text))
        if named and _NAMED.sub("", text).strip(" -") == "":
            pairs = [(f"{one[1]}_{unit}", one[at]) for one in named for unit, at in (("packets", 2), ("bytes", 3))]
        elif _COUNTS.fullmatch(text) and " interface resets" not in text:
            pairs = [(slug(one[2]), one[1]) for one in _COUNT.finditer(text)]
        else:
            return False
        side = self.side
        if not side:
            sent = "output" in text or "out_" in text or ("tx" in self.record and "input" not in text)
            side = "tx" if sent else "rx"
        speeds = {name.removesuffix("_sec"): count for name, count in pairs if name.endswith("_sec")}
        if speeds:
            rates = self.record.setdefault("rates", [])
            assert isinstance(rates, list)
            direction = "output" if side == "tx" else "input"
            rates.append(_rate(self.seconds, direction, speeds.get("bits"), speeds.get("packets"), rounded=False))
            pairs = [(name, count) for name, count in pairs if not name.endswith("_sec")]
        held = self.record.setdefault(side, {})
        if not isinstance(held, dict) or any(name in held for name, _ in pairs):
            return False
        held.update({name: int(count) for name, count in pairs})
        return True


def _rate(seconds: int | None, direction: str, bits: str | None, packets: str | None, *, rounded: bool) -> Json:
    return {
        "seconds": seconds,
        "direction": direction,
        "bits_per_second": bits,
        "packets_per_second": packets,
        "rounded": rounded,
    }


def _scaled(text: str) -> str:
    number, unit = text.split()
    return plain(Decimal(number) * _SCALE[unit[0] if unit[0].isupper() else ""])


def _text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    block: _Block | None = None
    for line in page.lines:
        head = _HEAD.fullmatch(line.text.strip())
        if head is None and _OTHER_HEAD.match(line.text):
            block = None
        if head:
            record: Record = {"line": line.number, **head.groupdict()}
            block = _Block(record)
            records.append(record)
        elif block is None or not block.line(line.text.strip()):
            unparsed.append(line.unparsed())
    known = sum(len(record) - 6 for record in records)
    if not records or len(unparsed) > max(known, len(records)):
        raise refusal(page, "no interface that is up or down")
    return Parsed(tuple(records), tuple(unparsed))


_COUNTERS: Final[Mapping[str, tuple[str, str]]] = {
    **{
        f"eth_in{key}": ("rx", name)
        for key, name in (
            ("ucast", "unicast_packets"), ("mcast", "multicast_packets"), ("bcast", "broadcast_packets"),
            ("pkts", "input_packets"), ("bytes", "bytes"), ("err", "input_error"), ("discard", "input_discard"),
            ("pause", "rx_pause"),
        )
    },
    **{
        f"eth_out{key}": ("tx", name)
        for key, name in (
            ("ucast", "unicast_packets"), ("mcast", "multicast_packets"), ("bcast", "broadcast_packets"),
            ("pkts", "output_packets"), ("bytes", "bytes"), ("err", "output_error"), ("discard", "output_discard"),
            ("pause", "tx_pause"),
        )
    },
    **{
        f"eth_{key}": ("rx", name)
        for key, name in (
            ("jumbo_inpkts", "jumbo_packets"), ("storm_supp", "storm_suppression_bytes"), ("runts", "runts"),
            ("giants", "giants"), ("crc", "crc"), ("nobuf", "no_buffer"), ("frame", "short_frame"),
            ("overrun", "overrun"), ("underrun", "underrun"), ("ignored", "ignored"), ("watchdog", "watchdog"),
            ("bad_eth", "bad_etype_drop"), ("bad_proto", "bad_proto_drop"), ("in_ifdown_drops", "if_down_drop"),
            ("dribble", "input_with_dribble"), ("stomped_crc", "stomped_crc"),
        )
    },
    **{
        f"eth_{key}": ("tx", name)
        for key, name in (
            ("jumbo_outpkts", "jumbo_packets"), ("coll", "collision"), ("deferred", "deferred"),
            ("latecoll", "late_collision"), ("lostcarrier", "lost_carrier"), ("nocarrier", "no_carrier"),
            ("babbles", "babble"),
        )
    },
}  # fmt: skip
"""Counters of ``| json``: where they stand in a record."""

_COLUMNS: Final = (
    column("interface", "interface", VERBATIM, must=True),
    column("state|svi_line_proto", "state", LOW),
    column("state_rsn_desc", "reason", WORD),
    column("admin_state|svi_admin_state", "admin", LOW),
    column("share_state", "share", LOW),
    column("eth_bundle", "channel", WORD),
    column("eth_hw_desc", "hardware", WORD),
    column("eth_hw_addr", "address", WORD),
    column("eth_bia_addr", "burned_in", WORD),
    column("desc", "description", VERBATIM),
    column("eth_mtu", "mtu", COUNT),
    column("eth_bw", "bandwidth_kbit", COUNT),
    column("eth_dly", "delay_usec", COUNT),
    column("eth_reliability", "reliability", COUNT),
    column("eth_txload", "tx_load", COUNT),
    column("eth_rxload", "rx_load", COUNT),
    column("encapsulation", "encapsulation", WORD),
    column("medium", "medium", WORD),
    column("eth_mode", "port_mode", WORD),
    column("eth_duplex", "duplex", LOW),
    column("eth_speed", "speed_mbps", SPEED),
    column("eth_media", "media", WORD),
    column("eth_beacon", "beacon", _TURNED),
    column("eth_autoneg", "auto_negotiation", _TURNED),
    column("eth_in_flowctrl", "input_flow_control", _TURNED),
    column("eth_out_flowctrl", "output_flow_control", _TURNED),
    column("eth_mdix", "auto_mdix", _TURNED),
    column("eth_ratemode", "rate_mode", WORD),
    column("eth_swt_monitor", "monitor", _TURNED),
    column("eth_ethertype", "ether_type", WORD),
    column("eth_eee_state", "eee", WORD),
    column("eth_admin_fec_state", "fec_admin", LOW),
    column("eth_oper_fec_state", "fec_oper", LOW),
    column("eth_members", "members", TEXTS),
    column("eth_link_flapped", "last_link_flapped", WORD),
    column("eth_clear_counters", "counters_cleared", WORD),
    column("eth_reset_cntr", "resets", COUNT),
)


_OWN: Final = ("eth_hw", "eth_mtu", "eth_bw", "svi_line_proto")
"""Members that no other command has."""


def _tree(tree: Tree) -> list[Record]:
    fields = Fields(_COLUMNS)
    records: list[Record] = []
    if not any(one.name.startswith(_OWN) for row in tree.top.rows("interface") for one in row.below):
        raise missing(tree, "interface with a member eth_mtu")
    for row in tree.top.rows("interface"):
        record: Record = {"line": row.line}
        for one in row.below:
            place = _COUNTERS.get(one.name)
            count = integer(one.text) if place else None
            if place and count is not None:
                held = record.setdefault(place[0], {})
                if isinstance(held, dict):
                    held[place[1]] = count
        counted = tuple(one for one in row.below if one.name not in _COUNTERS or integer(one.text) is None)
        fields.of_node(tree, type(row)(row.name, row.line, row.value, counted), record)
        if "interface" not in record or "state" not in record:
            tree.not_understood(row)
            continue
        records.append(record)
    return records


_TEXT_FIELDS: Final = {name for sentence in _SENTENCES for name in sentence.groupindex if name not in _KINDS}

INTERFACE: Final = Answer(
    _text,
    _tree,
    {
        "interface": {"type": "string"},
        **dict.fromkeys(("state", "reason", "line_protocol", "autostate"), TEXT_OR_NULL),
        **dict.fromkeys(sorted(_TEXT_FIELDS), TEXT_OR_NULL),
        **{name: kind.schemas[0] for name, kind in _KINDS.items()},
        **fields_of(_COLUMNS),
        "members": TEXTS_OR_NULL,
        "ip_addresses": {"type": "array", "items": TEXT_OR_NULL},
        "monitor": BOOLEAN_OR_NULL,
        "rates": _RATES,
        "rx": COUNTERS,
        "tx": COUNTERS,
        "l3_in": COUNTERS,
        "l3_out": COUNTERS,
    },
    ("interface", "state"),
)
