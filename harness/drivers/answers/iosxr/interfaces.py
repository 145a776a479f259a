"""``show interfaces`` and ``show policy-map interface`` of IOS-XR."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..cells import INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, integer
from ..text import Line, Page, Parsed, Unparsed, properties
from .lines import body_of, listed, nothing, record_at, refused, table_of

# --- show interfaces ----------------------------------------------------------------------------------------------

_HEAD: Final = re.compile(r"(\S+) is (administratively down|[a-z]+), line protocol is (administratively down|[a-z]+)")

Put = Callable[[Record, re.Match[str]], None]


def _texts(*names: str) -> Put:
    def put(record: Record, found: re.Match[str]) -> None:
        record |= {
            name: None if nothing(said or "") else said for name, said in zip(names, found.groups(), strict=True)
        }

    return put


def _numbers(*names: str) -> Put:
    def put(record: Record, found: re.Match[str]) -> None:
        record |= {name: integer(said) if said else None for name, said in zip(names, found.groups(), strict=True)}

    return put


def _counts(*names: str) -> Put:
    def put(record: Record, found: re.Match[str]) -> None:
        counters = record.setdefault("counters", {})
        if isinstance(counters, dict):
            counters |= {name: integer(said) for name, said in zip(names, found.groups(), strict=True)}

    return put


def _speed(record: Record, found: re.Match[str]) -> None:
    duplex, number, unit, media, link = found.groups()
    scale = {"K": 0, "M": 1, "G": 1000}[unit.upper()]
    word = duplex.lower()
    record |= {"duplex": None if word == "duplex unknown" else word, "speed_mbps": int(number) * scale or None}
    record |= {"media": media or None, "link_type": link or None}


def _pauses(record: Record, found: re.Match[str]) -> None:
    record |= {"output_flow_control": found[1] == "on", "input_flow_control": found[2] == "on"}


def _wait(record: Record, found: re.Match[str]) -> None:
    for way, number in re.findall(r"Carrier delay \((up|down)\) is (\d+) msec", found[0]):
        record[f"carrier_delay_{way}_ms"] = int(number)


def _rate(record: Record, found: re.Match[str]) -> None:
    way = found[2]
    record |= {"rate_interval": found[1], f"{way}_rate_bps": integer(found[3]), f"{way}_rate_pps": integer(found[4])}


def _member(record: Record, found: re.Match[str]) -> None:
    members = record.setdefault("members", [])
    if isinstance(members, list):
        members.append({"interface": found[1], "state": found[2].lower()})


def _ignored(record: Record, found: re.Match[str]) -> None:
    """The line says nothing about the port that is not said elsewhere."""


def _hardware(record: Record, found: re.Match[str]) -> None:
    record |= {"hardware": found[1], "mac": found[2], "burnt_in_mac": found[3]}


def _tunnelled(record: Record, found: re.Match[str]) -> None:
    record["layer"] = found[1]


_N: Final = r"(\d{1,20})"
_LINES: Final[tuple[tuple[re.Pattern[str], Put], ...]] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (rf"Interface state transitions: {_N}", _numbers("state_transitions")),
        (r"Hardware is (.+?)(?:, address is ([0-9a-f.]+)(?: \(bia ([0-9a-f.]+)\))?)?", _hardware),
        (r"Description: ?(.*)", _texts("description")),
        (r"Internet address is (\S+)", _texts("address")),
        (r"Layer 1 Transport Mode is (\S+)", _texts("transport_mode")),
        (r"Layer (2) Transport Mode", _tunnelled),
        (
            rf"MTU {_N} bytes, BW {_N} Kbit(?: \(Max: {_N} Kbit\))?",
            _numbers("mtu", "bandwidth_kbps", "max_bandwidth_kbps"),
        ),
        (r"reliability (\S+), txload (\S+), rxload (\S+)", _texts("reliability", "txload", "rxload")),
        (r"Encapsulation (.+?),? ?(?: loopback (?:not )?set,?)?", _texts("encapsulation")),
        (r"loopback (not set|\S.*?),?", _texts("loopback")),
        (r"(\S+[ -]\S+?), (\d{1,9})([KMG])b/s(?:, ([A-Za-z0-9-]+))?(?:, link type is (\S.*))?", _speed),
        (r"output flow control is (on|off), input flow control is (on|off)", _pauses),
        (r"Carrier delay \((?:up|down)\) is \d+ msec(?:, Carrier delay \((?:up|down)\) is \d+ msec)?", _wait),
        (r"Last link flapped (\S.*)", _texts("last_link_flapped")),
        (r"ARP type (\S+), ARP timeout (\S+)", _texts("arp_type", "arp_timeout")),
        (r"Last input (\S+), output (\S+)", _texts("last_input", "last_output")),
        (r'Last clearing of "show interface" counters (\S.*)', _texts("counters_cleared")),
        (r"(\d+ (?:second|minute)) (input|output) rate (\d+) bits/sec, (\d+) packets/sec", _rate),
        (r"Input/output data rate is disabled\.", _ignored),
        (
            rf"{_N} packets input, {_N} bytes, {_N} total input drops",
            _counts("input_packets", "input_bytes", "input_drops"),
        ),
        (rf"{_N} packets input, {_N} bytes", _counts("input_packets", "input_bytes")),
        (
            rf"{_N} input drops, {_N} queue drops, {_N} input errors",
            _counts("input_drops", "input_queue_drops", "input_errors"),
        ),
        (
            rf"{_N} output drops, {_N} queue drops, {_N} output errors",
            _counts("output_drops", "output_queue_drops", "output_errors"),
        ),
        (rf"{_N} drops for unrecognized upper-level protocol", _counts("unrecognized_drops")),
        (rf"Received {_N} broadcast packets, {_N} multicast packets", _counts("input_broadcasts", "input_multicasts")),
        (rf"{_N} runts, {_N} giants, {_N} throttles, {_N} parity", _counts("runts", "giants", "throttles", "parity")),
        (
            rf"{_N} input errors, {_N} CRC, {_N} frame, {_N} overrun, {_N} ignored, {_N} abort",
            _counts("input_errors", "crc", "frame", "overrun", "ignored", "abort"),
        ),
        (
            rf"{_N} packets output, {_N} bytes, {_N} total output drops",
            _counts("output_packets", "output_bytes", "output_drops"),
        ),
        (rf"{_N} packets output, {_N} bytes", _counts("output_packets", "output_bytes")),
        (rf"Output {_N} broadcast packets, {_N} multicast packets", _counts("output_broadcasts", "output_multicasts")),
        (
            rf"{_N} output errors, {_N} underruns, {_N} applique, {_N} resets",
            _counts("output_errors", "underruns", "applique", "resets"),
        ),
        (
            rf"{_N} output buffer failures, {_N} output buffers swapped out",
            _counts("output_buffer_failures", "output_buffers_swapped_out"),
        ),
        (rf"{_N} carrier transitions", _numbers("carrier_transitions")),
        (r"No\. of members in this bundle: (\d+)", _numbers("member_count")),
        (r"([A-Z]\S+\d) +(?:Full|Half)-duplex +\d+[KMG]b/s +(\S+)", _member),
        # of sub-interfaces and of dampening
        (r"(?:Outer Match|Ethertype|Dampening enabled|half-life|suppress|restart-penalty|Input/Output)\b.*", _ignored),
    )
)
"""What a line says: first the one that says more."""

_OF_TEXT: Final = (
    "burnt_in_mac",
    "hardware",
    "mac",
    "description",
    "address",
    "transport_mode",
    "layer",
    "reliability",
    "txload",
    "rxload",
    "encapsulation",
    "loopback",
    "duplex",
    "media",
    "link_type",
    "last_link_flapped",
    "arp_type",
    "arp_timeout",
    "last_input",
    "last_output",
    "counters_cleared",
    "rate_interval",
)
_OF_NUMBERS: Final = (
    "state_transitions",
    "mtu",
    "bandwidth_kbps",
    "max_bandwidth_kbps",
    "speed_mbps",
    "carrier_delay_up_ms",
    "carrier_delay_down_ms",
    "input_rate_bps",
    "input_rate_pps",
    "output_rate_bps",
    "output_rate_pps",
    "carrier_transitions",
    "member_count",
)


class Interfaces:
    """``show interfaces``: a record per interface, sub-interfaces and bundles too.

    What is there twice belongs to an interface whose head was lost: from there on no line is known until the next head.
    """

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        lost = True
        for line in body_of(page):
            text = line.text.strip()
            if head := _HEAD.fullmatch(text):
                records.append(record_at(line, interface=head[1], line_state=head[2], protocol_state=head[3]))
                lost = False
                continue
            said = self._said(text)
            if lost or said is None or not _joined(records[-1], said):
                lost = lost or said is not None
                unparsed.append(line.unparsed())
        if not records:
            raise refused(page, "no interface")
        return Parsed(tuple(records), tuple(unparsed))

    @staticmethod
    def _said(text: str) -> Record | None:
        """What one line says; None for one that nobody knows."""
        for pattern, put in _LINES:
            if found := pattern.fullmatch(text):
                said: Record = {}
                put(said, found)
                return said
        return None

    def schema(self) -> Schema:
        member = table_of({"interface": {"type": "string"}, "state": {"type": "string"}})
        fields: dict[str, Schema] = {
            "interface": {"type": "string"},
            "line_state": {"type": "string"},
            "protocol_state": {"type": "string"},
            **dict.fromkeys(_OF_TEXT, TEXT_OR_NULL),
            **dict.fromkeys(_OF_NUMBERS, INTEGER_OR_NULL),
            "output_flow_control": {"type": "boolean"},
            "input_flow_control": {"type": "boolean"},
            "members": listed(member),
            "counters": table_of({}, open_to=INTEGER_OR_NULL),
        }
        return properties(fields, ["interface", "line_state", "protocol_state"])


def _joined(record: Record, said: Record) -> bool:
    """Write what a line says; false where any of it was said before."""
    for name, value in said.items():
        held = record.get(name)
        if isinstance(held, dict) and isinstance(value, dict):
            if held.keys() & value.keys():
                return False
            held |= value
        elif isinstance(held, list) and isinstance(value, list):
            held += value
        elif name in record and name != "rate_interval":
            return False
        else:
            record[name] = value
    return True


INTERFACES: Final = Interfaces()


# --- show policy-map interface ------------------------------------------------------------------------------------

_POLICY: Final = re.compile(r"(\S+) (?:direction )?(input|output): (\S.*)")
_CLASS: Final = re.compile(r"(?:Policy (\S+) )?Class (\S.*)")
_TITLE: Final = re.compile(
    r"(?:Classification|Policing|Queueing|Marking|Shaping) statistics(?: +\(packets/bytes\))?(?: +\(rate - kbps\))?"
)
_CURVE: Final = re.compile(r"WRED profile for (.+)")
_RATED: Final = re.compile(r"(.+?) *: *(\d+)/(\d+)(?: +(\d+))?|(.+?) *: *(N/A|-|\d+)", re.IGNORECASE)
_KEYS: Final = {
    "matched": "matched",
    "transmitted": "transmitted",
    "total dropped": "dropped",
    "policed(conform)": "policed_conform",
    "policed(exceed)": "policed_exceed",
    "policed(violate)": "policed_violate",
    "policed and dropped": "policed_dropped",
    "policed and dropped(parent policer)": "policed_dropped_by_parent",
    "queue(conform)": "queued_conform",
    "queue(exceed)": "queued_exceed",
    "taildropped": "tail_dropped",
    "red random drops": "red_random_drops",
    "red ecn marked & transmitted": "red_ecn_marked",
    "red maxthreshold drops": "red_max_threshold_drops",
    "red transmitted": "red_transmitted",
}
"""Counts of packets and bytes by their label."""

_LEVELS: Final = {
    "high watermark": "high_watermark",
    "inst-queue-len": "queue_length",
    "avg-queue-len": "average_queue_length",
}
_UNITS: Final = {"packets": "packets", "bytes": "bytes", "ms": "ms"}
_PAIR: Final[Schema] = {
    "type": ["object", "null"],
    "additionalProperties": False,
    "properties": {"packets": INTEGER_OR_NULL, "bytes": INTEGER_OR_NULL, "rate_kbps": INTEGER_OR_NULL},
}
_LEVEL: Final[Schema] = {
    "type": ["object", "null"],
    "additionalProperties": False,
    "properties": {"packets": INTEGER_OR_NULL, "bytes": INTEGER_OR_NULL, "ms": INTEGER_OR_NULL},
}


@dataclass(slots=True)
class _Place:
    """Which policy and class the lines are about."""

    interface: str
    direction: str
    policy: str | None


class Policies:
    """``show policy-map interface``: a record per class, and one for a direction without a policy."""

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        place: _Place | None = None
        counting: Record | None = None
        inner: Record | None = None
        for line in body_of(page):
            text = line.text.strip()
            if found := _POLICY.fullmatch(text):
                none = found[3] == "Service Policy not installed"
                place, counting, inner = _Place(found[1], found[2], None if none else found[3]), None, None
                if none:
                    records.append(self._record(line, place, None))
            elif place and place.policy and (found := _CLASS.fullmatch(text)):
                counting, inner = self._record(line, place, found[2]), None
                if found[1]:
                    counting["child_policy"] = found[1]
                records.append(counting)
            elif counting is not None and (found := _CURVE.fullmatch(text)):
                inner = {"curve": found[1]}
                curves = counting.setdefault("wred", [])
                if isinstance(curves, list):
                    curves.append(inner)
            elif counting is None or not (_TITLE.fullmatch(text) or self._count(inner or counting, counting, text)):
                unparsed.append(line.unparsed())
        if place is None:
            raise refused(page, "no policy of an interface")
        return Parsed(tuple(records), tuple(unparsed))

    @staticmethod
    def _record(line: Line, place: _Place, name: str | None) -> Record:
        said: Record = {"interface": place.interface, "direction": place.direction, "policy": place.policy}
        return record_at(line, **said, **{"class": name})

    @staticmethod
    def _count(inner: Record, record: Record, text: str) -> bool:
        """Write what a line counts; whether it is known, and not there twice."""
        found = _RATED.fullmatch(text)
        if found is None:
            return False
        label, *units = re.split(r" *[(/] *", (found[1] or found[5]).replace(")", "").casefold())
        whole = (found[1] or found[5]).casefold().replace("(packets/bytes)", "").strip()
        if whole == "queue id" and found[6]:
            record["queue_id"] = integer(found[6])
        elif name := _LEVELS.get(label.strip()):
            numbers = [found[2], found[3]] if found[1] else [found[6]]
            named = [_UNITS[unit.strip()] for unit in units if unit.strip() in _UNITS]
            if name in record or (len(named) != len(numbers) and not nothing(numbers[0])):
                return False
            record[name] = None if nothing(numbers[0]) else dict(zip(named, map(integer, numbers), strict=True))
        elif name := _KEYS.get(whole):
            if name in inner or (found[6] and not nothing(found[6])):
                return False
            inner[name] = _pair(found)
        else:
            return False
        return True

    def schema(self) -> Schema:
        counts = dict.fromkeys(_KEYS.values(), _PAIR)
        curve = table_of({"curve": {"type": "string"}, **counts})
        fields: dict[str, Schema] = {
            "interface": {"type": "string"},
            "direction": {"enum": ["input", "output"]},
            **dict.fromkeys(("policy", "class", "child_policy"), TEXT_OR_NULL),
            **counts,
            **dict.fromkeys(_LEVELS.values(), _LEVEL),
            "queue_id": INTEGER_OR_NULL,
            "wred": listed(curve),
        }
        return properties(fields, ["interface", "direction", "policy", "class"])


def _pair(found: re.Match[str]) -> Json:
    if not found[1]:
        return None
    pair: Record = {"packets": integer(found[2]), "bytes": integer(found[3])}
    if found[4]:
        pair["rate_kbps"] = integer(found[4])
    return pair


POLICIES: Final = Policies()
