"""What is known of an interface: the fields of its record, and what text and XML call them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ..cells import (
    COUNT,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    TEXT,
    TEXT_OR_NULL,
    TEXTS_OR_NULL,
    Json,
    Kind,
    Record,
    Schema,
    absent,
    decimal,
    integer,
)
from ..entry import OTHER
from .cells import AGO, FLAGS, LISTED, RATE, SPEED_MBPS, SWITCH, WHOLE

_PHYSICAL: Final = re.compile(
    r"Physical interface: (\S+?)(?: +\([^)]{1,20}\))?(?:, ([A-Za-z][\w ]{0,30}))?"
    r"(?:, Physical link is ([\w-]{1,20}))?,?"
)
ADMIN: Final = {"enabled": "up", "administratively down": "down", "disabled": "down", "up": "up", "down": "down"}
MAC: Final = Kind("address", (TEXT_OR_NULL,), lambda t: (None,) if absent(t) or t == "Unspecified" else (t,))
WORD: Final = Kind("word", (TEXT_OR_NULL,), lambda t: (t.strip().lower() or None,))
_MODE: Final = Kind(
    "FEC mode", (TEXT_OR_NULL,), lambda t: ("NONE",) if t.strip().lower() == "none" else (t.strip() or None,)
)
"""Of FEC ``NONE`` is a value: it runs without."""

# --- labels -------------------------------------------------------------------------------------------------------

PAIRS: Final[Mapping[str, tuple[tuple[str, ...], Kind]]] = {
    "Interface index": (("index",), COUNT),
    "SNMP ifIndex": (("snmp_index",), COUNT),
    "Generation": (("generation",), COUNT),
    "Type": (("type",), TEXT),
    "Link-level type": (("link_level_type",), TEXT),
    "MTU": (("mtu",), WHOLE),
    "MRU": (("mru",), WHOLE),
    "Clocking": (("clocking",), TEXT),
    "Speed": (("speed_mbps",), SPEED_MBPS),
    "Speed Configuration": (("speed_configured_mbps",), SPEED_MBPS),
    "Link-mode": (("link_mode",), TEXT),
    "Link type": (("link_mode",), TEXT),
    "Duplex": (("link_mode",), TEXT),
    "Physical info": (("physical_information",), TEXT),
    "BPDU Error": (("bpdu_error",), WORD),
    "Loop Detect PDU Error": (("loop_detect_error",), WORD),
    "Ethernet-Switching Error": (("ethernet_switching_error",), WORD),
    "MAC-REWRITE Error": (("mac_rewrite_error",), WORD),
    "Loopback": (("loopback",), SWITCH),
    "Source filtering": (("source_filtering",), SWITCH),
    "Flow control": (("flow_control",), SWITCH),
    "Auto-negotiation": (("auto_negotiation",), SWITCH),
    "Remote fault": (("remote_fault",), WORD),
    "Media type": (("media_type",), TEXT),
    "Auto-MDIX": (("auto_mdix",), SWITCH),
    "IEEE 802.3az Energy Efficient Ethernet": (("energy_efficient",), SWITCH),
    "Pad to minimum frame size": (("padding",), SWITCH),
    "Minimum links needed": (("minimum_links",), COUNT),
    "Minimum bandwidth needed": (("minimum_bandwidth",), TEXT),
    "Schedulers": (("schedulers",), COUNT),
    "Current address": (("mac",), MAC),
    "Hardware address": (("hardware_mac",), MAC),
    "Alternate link address": (("alternate_mac",), MAC),
    "Ethernet segment value": (("segment",), TEXT),
    "Mode": (("segment_mode",), TEXT),
    "Interface transmit statistics": (("transmit_statistics",), SWITCH),
    "PRBS Mode": (("prbs",), SWITCH),
    "Ethernet FEC Mode": (("fec_mode",), _MODE),
    "Destination slot": (("destination_slot",), TEXT),
    "Direction": (("cos_direction",), TEXT),
}
WHOLE_LINES: Final[Mapping[str, tuple[tuple[str, ...], Kind]]] = {
    "Description": (("description",), TEXT),
    "Device flags": (("device_flags",), FLAGS),
    "Link flags": (("link_flags",), FLAGS),
    "Last flapped": (("last_flapped", "last_flapped_s"), AGO),
    "Statistics last cleared": (("cleared", "cleared_s"), AGO),
    "Input rate": (("input_bps", "input_pps"), RATE),
    "Output rate": (("output_bps", "output_pps"), RATE),
    "Active alarms": (("active_alarms",), LISTED),
    "Active defects": (("active_defects",), LISTED),
    "Damping": (("damping",), TEXT),
}
"""Labels whose value may hold commas."""

PATTERNS: Final = (
    (re.compile(r"CoS queues +: +(\d{1,3}) supported, (\d{1,3}) maximum usable queues"),
     ("cos_queues_supported", "cos_queues_usable")),
    (re.compile(r"Hold-times +: +Up (\d{1,9}) ms, Down (\d{1,9}) ms"), ("hold_up_ms", "hold_down_ms")),
    (re.compile(r"Egress queues: (\d{1,3}) supported, (\d{1,3}) in use"), ("queues_supported", "queues_in_use")),
    (re.compile(r"Ingress queues: (\d{1,3}) supported, (\d{1,3}) in use"),
     ("ingress_queues_supported", "ingress_queues_in_use")),
    (re.compile(r"Forwarding classes: (\d{1,3}) supported, (\d{1,3}) in use"),
     ("forwarding_classes_supported", "forwarding_classes_in_use")),
)  # fmt: skip

# --- counters --------------------------------------------------------------------------------------------------------

COS_FIELDS: Final = (
    "queue", "forwarding_class", "bandwidth_percent", "bandwidth_bps", "buffer_percent", "buffer_us", "priority",
    "limit",
)  # fmt: skip

_RENAMED: Final = {
    "bit_errors": "bit_errors_s",
    "bit_error_seconds": "bit_errors_s",
    "errored_blocks": "errored_blocks_s",
    "errored_blocks_seconds": "errored_blocks_s",
    "fec_corrected_errors": "corrected",
    "fec_ccw_count": "corrected",
    "fec_uncorrected_errors": "uncorrected",
    "fec_nccw_count": "uncorrected",
    "fec_corrected_errors_rate": "corrected_rate",
    "fec_ccw_error_rate": "corrected_rate",
    "fec_uncorrected_errors_rate": "uncorrected_rate",
    "fec_nccw_error_rate": "uncorrected_rate",
    "bytes": "total_octets",
    "packets": "total_packets",
    "unicasts": "unicast_packets",
    "broadcasts": "broadcast_packets",
    "multicasts": "multicast_packets",
    "crc_errors": "crc_align_errors",
    "discards": "policed_discards",
    "input_packets": "input_packet_count",
    "input_reject_count": "input_packet_rejects",
    "input_reject_destination_address_count": "input_da_rejects",
    "input_reject_source_address_count": "input_sa_rejects",
    "output_packets": "output_packet_count",
    "cam_destination_filter_count": "cam_destination_filters",
    "cam_source_filter_count": "cam_source_filters",
}
"""Counters that text and XML call differently, by what is common."""


def _counters(*names: str) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(names, INTEGER_OR_NULL)}


FREE: Final[Schema] = {"type": "object", "additionalProperties": INTEGER_OR_NULL}
_TEXTS_BY_NAME: Final[Schema] = {"type": "object", "additionalProperties": TEXT_OR_NULL}
_BOTH: Final[Schema] = {"type": "object", "additionalProperties": _counters("receive", "transmit")}
FLOW_NAMES: Final = frozenset(
    f"{way}_{what}" for way in ("input", "output") for what in ("bytes", "packets", "bps", "pps")
)
_FLOW: Final = _counters(*sorted(FLOW_NAMES))


def list_of(properties: Mapping[str, Schema], *required: str) -> Schema:
    return {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": [*required],
            "properties": {**properties},
        },
    }


UNIT_TRAFFIC: Final = {
    "Traffic statistics:": "traffic",
    "IPv6 transit statistics:": "ipv6_traffic",
    "Local statistics:": "local",
    "Transit statistics:": "transit",
    "IPv6 transit statistics: of transit": "ipv6_transit",
}
"""Counters of a logical interface by their titles; the one of IPv6 stands below all traffic and below what transits."""

_QUEUES: Final = list_of(
    {"queue": {"type": "integer"}, "forwarding_class": TEXT_OR_NULL, "queued": INTEGER_OR_NULL,
     "transmitted": INTEGER_OR_NULL, "dropped": INTEGER_OR_NULL},
    "queue",
)  # fmt: skip
_LOGICALS: Final = list_of(
    {
        "line": {"type": "integer"},
        "interface": {"type": "string"},
        "index": INTEGER_OR_NULL,
        "snmp_index": INTEGER_OR_NULL,
        "generation": INTEGER_OR_NULL,
        "description": TEXT_OR_NULL,
        "flags": TEXTS_OR_NULL,
        "internal_flags": TEXT_OR_NULL,
        "encapsulation": TEXT_OR_NULL,
        **dict.fromkeys(UNIT_TRAFFIC.values(), _FLOW),
        "families": list_of(
            {"family": TEXT_OR_NULL, "mtu": INTEGER_OR_NULL,
             "addresses": list_of({"local": TEXT_OR_NULL, "destination": TEXT_OR_NULL, "broadcast": TEXT_OR_NULL}),
             "said": OTHER},
            "family", "addresses",
        ),
        "members": {"type": "object", "additionalProperties": FREE},
        "lacp": list_of({"member": TEXT_OR_NULL, "role": TEXT_OR_NULL, "system_priority": INTEGER_OR_NULL,
                          "system": TEXT_OR_NULL, "port_priority": INTEGER_OR_NULL, "port": INTEGER_OR_NULL,
                          "key": INTEGER_OR_NULL}),
        "links": _TEXTS_BY_NAME,
        "said": OTHER,
        "other": OTHER,
    },
    "interface",
)  # fmt: skip
INTERFACES: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    "admin": TEXT_OR_NULL,
    "oper": TEXT_OR_NULL,
    **{
        field: schema
        for fields, kind in (*PAIRS.values(), *WHOLE_LINES.values())
        for field, schema in zip(fields, kind.schemas, strict=True)
    },
    **{field: INTEGER_OR_NULL for _, fields in PATTERNS for field in fields},
    "phy_mode": TEXT_OR_NULL,
    "interface_flags": TEXTS_OR_NULL,
    "internal_flags": TEXT_OR_NULL,
    "traffic": _FLOW,
    "ipv6_traffic": _FLOW,
    "lsi_traffic": _FLOW,
    "stp_dropped": _FLOW,
    "input_errors": FREE,
    "output_errors": FREE,
    "queues": _QUEUES,
    "ingress_queues": _QUEUES,
    "pcs": _counters("bit_errors_s", "errored_blocks_s"),
    "fec": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(("corrected", "uncorrected", "corrected_rate", "uncorrected_rate"), INTEGER_OR_NULL),
            "pre_fec_ber": DECIMAL_OR_NULL,
        },
    },
    "mac_statistics": _BOTH,
    "pfc": list_of({"priority": {"type": "integer"}, "received": INTEGER_OR_NULL, "sent": INTEGER_OR_NULL},
                    "priority", "received", "sent"),
    "filter": FREE,
    "autonegotiation": _TEXTS_BY_NAME,
    "link_degrade": _TEXTS_BY_NAME,
    "macsec": _TEXTS_BY_NAME,
    "cos": list_of({name: TEXT_OR_NULL if name in ("forwarding_class", "priority", "limit") else INTEGER_OR_NULL
                     for name in COS_FIELDS}, "queue"),
    "logical": _LOGICALS,
    "other": OTHER,
}  # fmt: skip


def heading(text: str) -> Record | None:
    """What the first line of an interface says."""
    found = _PHYSICAL.fullmatch(text)
    if found is None:
        return None
    record: Record = {"interface": found[1]}
    if found[2] is not None:
        record["admin"] = ADMIN.get(found[2].lower())
    if found[3] is not None:
        record["oper"] = ADMIN.get(found[3].lower())
    return record


def fill(record: Record, values: Mapping[str, Json]) -> bool:
    if record.keys() & values.keys():
        return False
    record |= values
    return True


def object_at(record: Record, name: str) -> Record:
    held = record.setdefault(name, {})
    assert isinstance(held, dict)
    return held


def array_at(record: Record, name: str) -> list[Json]:
    held = record.setdefault(name, [])
    assert isinstance(held, list)
    return held


def name_class(record: Record, number: int, name: str) -> bool:
    """The forwarding class of a queue; one that no queue was counted for is a queue without counters."""
    queues = array_at(record, "queues")
    for queue in queues:
        if isinstance(queue, dict) and queue["queue"] == number:
            queue["forwarding_class"] = name
            return True
    queues.append({"queue": number, "forwarding_class": name, "queued": None, "transmitted": None, "dropped": None})
    return True


def cos_row(cells: Sequence[str | None]) -> Record:
    values = [None if cell in (None, "r") else int(cell) if cell.isdecimal() else cell for cell in cells]
    return dict(zip(COS_FIELDS, values, strict=True))


def common(name: str) -> str:
    return _RENAMED.get(name, name)


_FEC_COUNTS: Final = frozenset({"corrected", "uncorrected", "corrected_rate", "uncorrected_rate"})


def fec_count(held: Record, name: str, text: str) -> bool:
    if name in _FEC_COUNTS:
        number = integer(text)
        return number is not None and fill(held, {name: number})
    if re.fullmatch(r"(?:fec_)?pre_fec_(?:ber|bit_error_rat[eio]{1,2})", name):
        ratio = decimal(text)
        return ratio is not None and fill(held, {"pre_fec_ber": ratio})
    return False
