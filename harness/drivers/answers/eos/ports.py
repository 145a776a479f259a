"""Ports of Arista EOS: state, speed, errors, pause and FEC.

Recorded: ``show interfaces`` and its counters, both forms; ``show interfaces status`` as text.  From published
captures and code that reads them: the JSON of status, errdisabled, flow control, error correction and rates.  From
the manual, as remembered: the text of errors, rates and flow control.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from ..cells import (
    BOOLEAN_OR_NULL,
    COUNT,
    INTEGER_OR_NULL,
    PERCENT,
    PORT,
    TEXT,
    TEXT_OR_NULL,
    TEXTS_OR_NULL,
    Cells,
    Json,
    Kind,
    Record,
    Schema,
    absent,
    decimal,
    speed_mbps,
)
from ..cells import DECIMAL_KIND as DECIMAL
from ..entry import Entry, refusal
from ..tables import column
from ..text import Line, Page, Parsed, Unparsed, sections
from .both import Both
from .lines import Columns, Head, Listing
from .members import COUNT as INTEGER
from .members import DUPLEX, FLAG, MEMBERS, NUMBER, TEXTS, VERBATIM, Fact, Facts, below, by_port, facts, words
from .members import TEXT as WORD

# --- show interfaces -----------------------------------------------------------------------------------------------

_NEGOTIATION: Final = words(unknown=None)
_COUNTERS: Final = facts(
    INTEGER, inOctets="in_bytes", inUcastPkts="in_unicast_packets", inMulticastPkts="in_multicast_packets",
    inBroadcastPkts="in_broadcast_packets", inDiscards="in_discards", inTotalPkts="in_packets",
    outOctets="out_bytes", outUcastPkts="out_unicast_packets", outMulticastPkts="out_multicast_packets",
    outBroadcastPkts="out_broadcast_packets", outDiscards="out_discards", outTotalPkts="out_packets",
)  # fmt: skip
_INTERFACES: Final = Facts(
    (
        *facts(
            WORD, forwardingModel="forwarding", lineProtocolStatus="line_protocol", interfaceStatus="status",
            hardware="hardware", physicalAddress="mac", burnedInAddress="burned_in_mac",
        ),
        Fact("description", "description", VERBATIM),
        *facts(INTEGER, bandwidth="bandwidth_bps", mtu="mtu", lanes="lanes", l2Mru="layer_2_mru", l3Mtu="layer_3_mtu"),
        *facts(FLAG, l3MtuConfigured="mtu_configured", linkStatusChangesConfigured=""),
        Fact("lastStatusChangeTimestamp", "last_change_at", NUMBER),
        Fact("interfaceMembership", "membership", VERBATIM),
        Fact("duplex", "duplex", DUPLEX),
        Fact("autoNegotiate", "auto_negotiation", _NEGOTIATION),
        Fact("loopbackMode", "loopback", words(loopbackNone=None)),
        Fact("interfaceAddress", "", MEMBERS),  # who routes what is not this project's question
        Fact("interfaceAddressIp6", "", MEMBERS),
        *facts(WORD, name="", addrSource=""),
        *below("interfaceStatistics", *facts(
            NUMBER, updateInterval="rate_interval_s", inBitsRate="in_bits_per_second",
            inPktsRate="in_packets_per_second", outBitsRate="out_bits_per_second", outPktsRate="out_packets_per_second",
        )),
        *below(
            "interfaceCounters",
            *_COUNTERS,
            *facts(NUMBER, lastClear="cleared_at", counterRefreshTime="counted_at"),
            *facts(INTEGER, linkStatusChanges="link_changes", totalInErrors="in_errors", totalOutErrors="out_errors"),
            *below("inputErrorsDetail", *facts(
                INTEGER, runtFrames="runts", giantFrames="giants", fcsErrors="fcs_errors",
                alignmentErrors="alignment_errors", symbolErrors="symbol_errors", rxPause="rx_pauses",
            )),
            *below("outputErrorsDetail", *facts(
                INTEGER, collisions="collisions", lateCollisions="late_collisions",
                deferredTransmissions="deferred", txPause="tx_pauses",
            )),
        ),
    )
)  # fmt: skip


def _interfaces_json(page: Page) -> Parsed:
    return by_port(page, "interfaces", _INTERFACES)


_PORT_HEAD: Final = re.compile(
    r"(?P<interface>[A-Za-z][\w/.-]*\d[\w/.:-]*|Vxlan\d+) is (?P<state>[a-z][a-z ]*), "
    r"line protocol is (?P<line_protocol>\w+)(?: \((?P<status>[\w-]+)\))?.*",
    re.IGNORECASE,
)
_ADDRESS: Final = r"[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4}){2}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}"
_RATE: Final = r"(\S+) ([kMGT]?)bps \([^)]*\), (\d+) packets/sec"
_PORT_LINES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), tuple(fields.split()))
    for pattern, fields in (
        (
            rf"Hardware is ([\w-]+)(?:, address is ({_ADDRESS}))?(?: \(bia ({_ADDRESS})\))?",
            "hardware mac burned_in_mac",
        ),
        (r"Description: (.*)", "description"),
        (r"Member of (\S+)", "membership"),
        (r"Loopback Mode : (.+)", "loopback"),
        (r"(\d+) link status changes since last clear", "link_changes"),
        (r'Last clearing of "show interface" counters (.+)', "cleared"),
        (r"(?:Up|Down) (\d.*)", "unchanged_for"),
        (r"(\d+) packets input, (\d+) bytes", "in_packets in_bytes"),
        (r"Received (\d+) broadcasts, (\d+) multicast", "in_broadcast_packets in_multicast_packets"),
        (r"(\d+) runts, (\d+) giants", "runts giants"),
        (
            r"(\d+) input errors, (\d+) CRC, (\d+) alignment, (\d+) symbol, (\d+) input discards",
            "in_errors fcs_errors alignment_errors symbol_errors in_discards",
        ),
        (r"(\d+) input errors, (\d+) input discards", "in_errors in_discards"),
        (r"(\d+) PAUSE input", "rx_pauses"),
        (r"(\d+) packets output, (\d+) bytes", "out_packets out_bytes"),
        (r"Sent (\d+) broadcasts, (\d+) multicast", "out_broadcast_packets out_multicast_packets"),
        (r"(\d+) output errors, (\d+) collisions", "out_errors collisions"),
        (r"(\d+) output errors, (\d+) output discards", "out_errors out_discards"),
        (r"(\d+) late collision, (\d+) deferred, (\d+) output discards", "late_collisions deferred out_discards"),
        (r"(\d+) PAUSE output", "tx_pauses"),
    )
)
_INTEGERS: Final = frozenset(name for name, schema in _INTERFACES.schema().items() if schema == INTEGER_OR_NULL)
_OF_SPEED: Final = re.compile(
    r"(Full|Half)-duplex, (?:(?P<speed>\d+(?:\.\d+)?)(?P<unit>[MGT])b/s|Unconfigured|auto\S*|Unknown\S*)"
    r"(?:, auto negotiation: (?P<negotiation>[\w-]+))?(?:, uni-link: (?P<link>\S+))?",
    re.IGNORECASE,
)
_OF_MTU: Final = re.compile(r"(IP|Ethernet) MTU (\d+) bytes(?: \(default\))?(?: ?, BW (\d+) kbit)?", re.IGNORECASE)
_OF_RATE: Final = re.compile(rf"(\d+) minutes? (input|output) rate {_RATE}", re.IGNORECASE)
_TIMES: Final = {"": 1, "k": 1000, "m": 10**6, "g": 10**9, "t": 10**12}
_OF_ROUTING: Final = re.compile(
    r"Internet address is .+|Secondary address is .+|Broadcast address is .+|Address determined by .+|IPv6 .+"
    r"|No (?:IPv6 global unicast address is assigned|Internet protocol address assigned)"
    r"|Internet protocol processing .+"
    r"|[0-9a-fA-F:]+, subnet is .+|Source interface is .+|Listening on UDP port .+|Replication/Flood Mode is .+"
    r"|Remote MAC learning via .+|.*VNI mapping .*|VNI mapping to VLANs|\[\d+, \d+\].*|Note: All Dynamic VLANs .+"
    r"|Use 'show vxlan vni' .+|Headend replication flood vtep list is.*|\d+ (?:\d{1,3}\.){3}\d.*"
    r"|MLAG Shared Router MAC is .+|Active members in this channel: .+|\.\.\. .+|Fallback mode is: .+"
    r"|(?:Tunnel|Hash|Shared Router|Key|Path MTU|Flow Label|TTL|QoS).*",
    re.IGNORECASE,
)
"""What is said of addresses, tunnels and the members of a channel, and is not kept."""


def _interfaces_text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    for head, body in sections(page.lines):
        found = _PORT_HEAD.fullmatch(head.text)
        if found is None:
            unparsed += [line.unparsed() for line in (head, *body)]
            continue
        record: Record = {"line": head.number, **found.groupdict()}
        record["state"] = str(record["state"]).lower()
        records.append(record)
        unparsed += [line.unparsed() for line in body if not _port_line(record, line)]
    if not records:
        raise refusal(page, "no port of which this would be the state")
    return Parsed(tuple(records), tuple(unparsed))


def _port_line(record: Record, line: Line) -> bool:
    """Write the fields of one line; false where it is not known."""
    text = line.text.strip()
    if found := _OF_MTU.fullmatch(text):
        record["mtu"] = int(found[2])
        if found[3]:
            record["bandwidth_bps"] = int(found[3]) * 1000
        return True
    if found := _OF_SPEED.fullmatch(text):
        record["duplex"] = found[1].lower()
        if found["negotiation"]:
            record["auto_negotiation"] = None if found["negotiation"] == "unknown" else found["negotiation"].lower()
        if found["speed"]:
            record["speed_mbps"] = speed_mbps(found["speed"] + found["unit"])
        return True
    if found := _OF_RATE.fullmatch(text):
        side = {"input": "in", "output": "out"}[found[2].lower()]
        rate, packets = decimal(found[3]), decimal(found[5])
        if rate is None or packets is None:
            return False
        record["rate_interval_s"] = str(int(found[1]) * 60)
        record[f"{side}_bits_per_second"] = f"{(Decimal(rate) * _TIMES[found[4].lower()]).normalize():f}"
        record[f"{side}_packets_per_second"] = packets
        return True
    for pattern, fields in _PORT_LINES:
        if found := pattern.fullmatch(text):
            for name, value in zip(fields, found.groups(), strict=True):
                record[name] = _cell(name, value)
            return True
    return _OF_ROUTING.fullmatch(text) is not None


def _cell(name: str, value: str | None) -> Json:
    if value is None or not value.strip():
        return None
    if name in _INTEGERS:
        return int(value)
    if name == "loopback":
        return None if value.strip().lower() == "none" else value.strip().lower()
    if name == "hardware":
        return value.strip().lower()
    if name in ("description", "cleared", "unchanged_for", "membership"):
        return value.strip()
    return None if absent(value) else value.strip()


_INTERFACE_FIELDS: Final[dict[str, Schema]] = {
    **_INTERFACES.schema(),
    "interface": {"type": "string"},
    "state": TEXT_OR_NULL,
    "speed_mbps": INTEGER_OR_NULL,
    "unchanged_for": TEXT_OR_NULL,
    "cleared": TEXT_OR_NULL,
}

# --- show interfaces status ----------------------------------------------------------------------------------------

_STATUS: Final = Facts(
    (
        Fact("description", "description", VERBATIM),
        *facts(WORD, linkStatus="status", lineProtocolStatus="line_protocol"),
        Fact("interfaceType", "media_type", VERBATIM),
        Fact("bandwidth", "bandwidth_bps", INTEGER),
        Fact("duplex", "duplex", DUPLEX),
        *facts(
            FLAG, autoNegotiateActive="auto_negotiated", autoNegotigateActive="auto_negotiated",
            interfaceDamped="damped",
        ),
        *below("vlanInformation", *facts(
            WORD, interfaceMode="interface_mode", interfaceForwardingModel="forwarding", vlanExplanation="vlan",
        ), Fact("vlanId", "vlan_id", INTEGER)),
    )
)  # fmt: skip


def _status_json(page: Page) -> Parsed:
    return by_port(page, "interfaceStatuses", _STATUS)


def _duplex(text: str) -> Cells | None:
    found = re.fullmatch(r"(a-)?(full|half)|(auto|unconf\w*|unknown|-|)", text.strip(), re.IGNORECASE)
    if found is None:
        return None
    if found[2]:
        return (found[2].lower(), bool(found[1]))
    return (None, True if found[3].lower() == "auto" else None)


def _speed(text: str) -> Cells | None:
    text = text.strip()
    if re.fullmatch(r"auto|unconf\w*|unknown|-|", text, re.IGNORECASE):
        return (None,)
    value = speed_mbps(text.removeprefix("a-"))
    return None if value is None else (value,)


_STATES: Final = (
    r"connected|notconnect|disabled|errdisabled|inactive|xcvr\S*|sfpAbsent|uninit\w*|monitor\w*|down|up|noOperMem"
    r"|tap\w*"
)
STATE: Final = Kind(
    "state of a port",
    (TEXT_OR_NULL,),
    lambda t: (t.lower(),) if re.fullmatch(_STATES, t, re.IGNORECASE) else None,
)
DUPLEXES: Final = Kind("duplex, and whether it was negotiated", (TEXT_OR_NULL, BOOLEAN_OR_NULL), _duplex)
SPEEDS: Final = Kind("speed, and a- where it was negotiated", (INTEGER_OR_NULL,), _speed)
NAME: Final = Kind("what a person called it", (TEXT_OR_NULL,), lambda t: (t.strip() or None,))
_STATUS_TABLE: Final = Columns(
    (
        column("Port", "interface", PORT, must=True),
        column("Name", "description", NAME),
        column("Status", "status", STATE, must=True),
        column("Vlan", "vlan", TEXT),
        column("Duplex", "duplex auto_negotiated", DUPLEXES),
        column("Speed", "speed_mbps", SPEEDS),
        column("Type", "media_type", TEXT),
        column("Flags", "flags", TEXT),
        column("Encapsulation", "encapsulation", TEXT),
    )
)
_STATUS_ROW: Final = re.compile(
    rf"(?P<port>\S+)(?:\s+(?P<name>\S.*?))?\s+(?P<status>{_STATES})\s+(?P<vlan>in \S+|\S+)\s+"
    r"(?P<duplex>(?:a-)?(?:full|half|auto)|unconf\w*|unknown)\s+(?P<speed>(?:a-)?[\d.]+[MGT]|auto|unconf\w*|unknown)"
    r"(?:\s+(?P<type>\S+(?: \S+)*))?"
)
"""A row whose columns do not stand under their headings: the state, the duplex and the speed tell them apart."""


def _status_text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    head = None
    for line in page.lines:
        if (began := _STATUS_TABLE.head(line)) is not None:
            head = began
            if head.strange:
                unparsed.append(line.unparsed())
        elif head is None or (record := _status_row(head, line)) is None:
            unparsed.append(line.unparsed())
        else:
            records.append(record)
    if head is None:
        raise refusal(page, "no table with a column Port, Status")
    return Parsed(tuple(records), tuple(unparsed))


def _status_row(head: Head, line: Line) -> Record | None:
    record = _STATUS_TABLE.record(head, line)
    if record is not None and " " not in str(record.get("vlan") or "").removeprefix("in "):
        return record
    found = _STATUS_ROW.fullmatch(line.text.strip())
    duplex = _duplex(found["duplex"]) if found else None
    speed = _speed(found["speed"]) if found else None
    if found is None or duplex is None or speed is None or PORT.read(found["port"]) is None:
        return None
    return {
        "line": line.number,
        "interface": found["port"],
        "description": found["name"],
        "status": found["status"].lower(),
        "vlan": found["vlan"],
        "duplex": duplex[0],
        "auto_negotiated": duplex[1],
        "speed_mbps": speed[0],
        "media_type": None if absent(found["type"] or "") else found["type"],
    }


# --- ports that were shut down for an error ------------------------------------------------------------------------

_ERRDISABLED: Final = Facts(
    (
        Fact("description", "description", VERBATIM),
        Fact("status", "status"),
        Fact("causes", "reasons", TEXTS),
    )
)
REASONS: Final = Kind("reasons", (TEXTS_OR_NULL,), lambda t: ([one for one in re.split(r"[, ]+", t.strip()) if one],))
_ERRDISABLED_TABLE: Final = Listing(
    (
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("Name", "description", NAME),
                column("Status", "status", STATE, must=True),
                column("Reason", "reasons", REASONS, must=True),
            )
        ),
    )
)


# --- counters ------------------------------------------------------------------------------------------------------

_COUNTS: Final = Facts((*_COUNTERS, Fact("lastUpdateTimestamp", "counted_at", NUMBER)))
_COUNT_TABLES: Final = Listing(
    (
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("InOctets", "in_bytes", COUNT, must=True),
                column("InUcastPkts", "in_unicast_packets", COUNT),
                column("InMcastPkts", "in_multicast_packets", COUNT),
                column("InBcastPkts", "in_broadcast_packets", COUNT),
            ),
            words=True,
        ),
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("OutOctets", "out_bytes", COUNT, must=True),
                column("OutUcastPkts", "out_unicast_packets", COUNT),
                column("OutMcastPkts", "out_multicast_packets", COUNT),
                column("OutBcastPkts", "out_broadcast_packets", COUNT),
            ),
            words=True,
        ),
    ),
    merge=True,
)
_ERRORS: Final = Facts(
    facts(
        INTEGER, inErrors="in_errors", outErrors="out_errors", frameTooLongs="giants", frameTooShorts="runts",
        fcsErrors="fcs_errors", alignmentErrors="alignment_errors", symbolErrors="symbol_errors",
    )
)  # fmt: skip
_ERROR_TABLE: Final = Listing(
    (
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("FCS", "fcs_errors", COUNT, must=True),
                column("Align", "alignment_errors", COUNT),
                column("Symbol", "symbol_errors", COUNT),
                column("Rx", "in_errors", COUNT, must=True),
                column("Runts", "runts", COUNT),
                column("Giants", "giants", COUNT),
                column("Tx", "out_errors", COUNT),
            ),
            words=True,
        ),
    )
)
_DISCARDS: Final = Facts(facts(INTEGER, inDiscards="in_discards", outDiscards="out_discards"))
_DISCARD_TABLE: Final = Listing(
    (
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("InDiscards", "in_discards", COUNT, must=True),
                column("OutDiscards", "out_discards", COUNT),
            ),
            words=True,
        ),
    ),
    around=(re.compile(r"-+|Totals? .*|Total +\d+ +\d+"),),
)
_RATES: Final = Facts(
    (
        Fact("description", "description", VERBATIM),
        Fact("interval", "interval_s", INTEGER),
        *facts(
            NUMBER, inBpsRate="in_bits_per_second", inPpsRate="in_packets_per_second", inPktsRate="in_percent",
            outBpsRate="out_bits_per_second", outPpsRate="out_packets_per_second", outPktsRate="out_percent",
            lastUpdateTimestamp="counted_at",
        ),
    )
)  # fmt: skip


def _interval(text: str) -> Cells | None:
    found = re.fullmatch(r"(\d{1,4}):(\d\d)", text.strip())
    return (int(found[1]) * 60 + int(found[2]),) if found else (None,) if absent(text) else None


_INTERVAL: Final = Kind("minutes:seconds", (INTEGER_OR_NULL,), _interval)
_RATE_ROW: Final = re.compile(
    r"(?P<port>\S+)(?:\s+(?P<name>\S.*?))?\s+(?P<interval>\d+:\d\d|-|n/a)"
    r"\s+(\S+)\s+(\S+%|-|n/a)\s+(\S+)\s+(\S+)\s+(\S+%|-|n/a)\s+(\S+)",
    re.IGNORECASE,
)
_RATE_HEAD: Final = re.compile(r"Port\s+(?:Name\s+)?Intvl\s+In Mbps\s+%\s+In Kpps\s+Out Mbps\s+%\s+Out Kpps")
_RATE_FIELDS: Final = ("in_mbps", "in_percent", "in_kpps", "out_mbps", "out_percent", "out_kpps")


def _rates_text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    headed = False
    for line in page.lines:
        text = line.text.strip()
        if _RATE_HEAD.fullmatch(text):
            headed = True
            continue
        found = _RATE_ROW.fullmatch(text) if headed else None
        record = _rates_row(line, found) if found else None
        if record is None:
            unparsed.append(line.unparsed())
        else:
            records.append(record)
    if not headed:
        raise refusal(page, "no table of rates")
    return Parsed(tuple(records), tuple(unparsed))


def _rates_row(line: Line, found: re.Match[str]) -> Record | None:
    interval = _interval(found["interval"])
    cells = [PERCENT.read(one) if one.endswith("%") else DECIMAL.read(one) for one in found.groups()[3:]]
    if interval is None or any(one is None for one in cells) or PORT.read(found["port"]) is None:
        return None
    values = (one[0] for one in cells if one is not None)
    return {
        "line": line.number,
        "interface": found["port"],
        "description": found["name"],
        "interval_s": interval[0],
        **dict(zip(_RATE_FIELDS, values, strict=True)),
    }


# --- pause and FEC -------------------------------------------------------------------------------------------------

_PAUSE: Final = Facts(
    (
        *facts(
            WORD, txAdminState="tx_admin", txOperState="tx_oper", rxAdminState="rx_admin", rxOperState="rx_oper",
        ),
        *facts(INTEGER, txPause="tx_pauses", rxPause="rx_pauses"),
    )
)  # fmt: skip
_PAUSE_ROW: Final = re.compile(r"(\S+)\s+(\w+)\s+(\w+)\s+(\w+)\s+(\w+)\s+(\S+)\s+(\S+)")
_PAUSE_HEADS: Final = (
    re.compile(r"Port\s+Send FlowControl\s+Receive FlowControl\s+RxPause\s+TxPause", re.IGNORECASE),
    re.compile(r"admin\s+oper\s+admin\s+oper", re.IGNORECASE),
)


def _pause_text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    headed = False
    for line in page.lines:
        text = line.text.strip()
        if any(head.fullmatch(text) for head in _PAUSE_HEADS):
            headed = True
        elif re.fullmatch(r"[- ]+", text):
            continue
        elif headed and (found := _PAUSE_ROW.fullmatch(text)) and PORT.read(found[1]):
            rx, tx = COUNT.read(found[6]), COUNT.read(found[7])
            if rx is None or tx is None:
                unparsed.append(line.unparsed())
                continue
            states = dict(
                zip(("tx_admin", "tx_oper", "rx_admin", "rx_oper"), map(str.lower, found.groups()[1:5]), strict=True)
            )
            records.append(
                {"line": line.number, "interface": found[1], **states, "rx_pauses": rx[0], "tx_pauses": tx[0]}
            )
        else:
            unparsed.append(line.unparsed())
    if not headed:
        raise refusal(page, "no table with columns Send FlowControl, Receive FlowControl")
    return Parsed(tuple(records), tuple(unparsed))


_FEC: Final = Facts((Fact("errCorrEncodingStatus", "encoding"),))

PORT_COMMANDS: Final[tuple[Entry, ...]] = (
    Entry(
        "show interfaces",
        "ports: state, speed, counters, link changes",
        Both(_interfaces_json, _interfaces_text, _INTERFACE_FIELDS),
    ),
    Entry(
        "show interfaces status",
        "ports: state, VLAN, duplex, speed, medium",
        Both(_status_json, _status_text, {**_STATUS_TABLE.schema(), **_STATUS.schema()}),
    ),
    Entry(
        "show interfaces status errdisabled",
        "ports that were shut down for an error, and why",
        Both(lambda page: by_port(page, "interfaceStatuses", _ERRDISABLED), _ERRDISABLED_TABLE, _ERRDISABLED.schema()),
    ),
    Entry(
        "show interfaces counters",
        "bytes and packets",
        Both(lambda page: by_port(page, "interfaces", _COUNTS), _COUNT_TABLES, _COUNTS.schema()),
    ),
    Entry(
        "show interfaces counters errors",
        "errors",
        Both(lambda page: by_port(page, "interfaceErrorCounters", _ERRORS), _ERROR_TABLE, _ERRORS.schema()),
    ),
    Entry(
        "show interfaces counters discards",
        "dropped packets",
        Both(
            lambda page: by_port(page, "interfaces", _DISCARDS, frozenset({"inDiscardsTotal", "outDiscardsTotal"})),
            _DISCARD_TABLE,
            _DISCARDS.schema(),
        ),
    ),
    Entry(
        "show interfaces counters rates",
        "rates",
        Both(
            lambda page: by_port(page, "interfaces", _RATES),
            _rates_text,
            {"interface": {"type": "string"}, **_RATES.schema(), **dict.fromkeys(_RATE_FIELDS, DECIMAL.schemas[0])},
        ),
    ),
    Entry(
        "show interfaces flow-control",
        "link-level pause: settings and frames",
        Both(
            lambda page: by_port(page, "interfaceFlowControls", _PAUSE),
            _pause_text,
            {"interface": {"type": "string"}, **_PAUSE.schema()},
        ),
        ("show interfaces flowcontrol",),
    ),
    Entry(
        "show interfaces error-correction",
        "the FEC that runs",
        Both(
            lambda page: by_port(page, "interfaceErrCorrStatuses", _FEC),
            None,
            {"interface": {"type": "string"}, **_FEC.schema()},
        ),
    ),
)
"""What ports answer."""
