"""Queues and priorities of Arista EOS: PFC, its watchdog, ECN marks, drops; and cluster load balancing.

Recorded as JSON: PFC counters, ECN counters, queue detail, queue drops.  From published code that reads them: the
JSON of PFC counters by priority and of the watchdog, and the text of queue counters.  From the manual, as remembered:
the text of PFC status, of the watchdog's counters and of ``show load-balance cluster status``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..cells import (
    COUNT,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    PORT,
    TEXT_OR_NULL,
    Cells,
    Json,
    Kind,
    Record,
    Schema,
    absent,
    boolean,
    decimal,
    integer,
)
from ..entry import OTHER, Entry, object_in, refusal
from ..labels import label_of, slug
from ..positions import Member
from ..tables import column
from ..text import Line, NotThis, Page, Parsed, Unparsed, shortened
from .both import Both
from .lines import RULER, Columns, Listing
from .members import COUNT as INTEGER
from .members import Facts, Opened, Unfit, by_port, facts, opened

_PORT_FIELD: Final[dict[str, Schema]] = {"interface": {"type": "string"}}

# --- PFC -----------------------------------------------------------------------------------------------------------

_FRAMES: Final = Facts(facts(INTEGER, rxFrames="rx_frames", txFrames="tx_frames"))
_FRAME_TABLE: Final = Listing(
    (
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("Rx ?Pfc", "rx_frames", COUNT, must=True),
                column("Tx ?Pfc", "tx_frames", COUNT, must=True),
            ),
            words=True,
        ),
    )
)


def _priorities(page: Page) -> Parsed:
    """PFC frames by priority: ``interfaces.X.priorities.3``."""
    answer = opened(page, "interfaces", "interfaceCounters")
    inside = "interfaces" if "interfaces" in answer.value else "interfaceCounters"
    unparsed = [*answer.document.unparsed(), *answer.strangers(frozenset({inside}))]
    records: list[Record] = []
    for port in answer.members(inside):
        told = next((one for one in answer.document.members(port) if one.name == "priorities"), None)
        if told is None:
            raise NotThis(f"no priorities of {shortened(port.name)}", port.line)
        for one in answer.document.members(told):
            number = integer(one.name)
            if number is None or not isinstance(one.value, dict):
                unparsed.append(answer.unknown(one))
                continue
            row = answer.row(one, _FRAMES, unparsed)
            records.append({"line": one.line, "interface": port.name, "priority": number, **row})
    return Parsed(tuple(records), tuple(unparsed))


_STUCK: Final = Facts(facts(INTEGER, stuckCount="stuck", recoveryCount="recovered"))


def _watchdog_json(page: Page) -> Parsed:
    answer = opened(page, "interfaces")
    unparsed = [*answer.document.unparsed(), *answer.strangers(frozenset({"interfaces"}))]
    records: list[Record] = []
    for port in answer.members("interfaces"):
        told = next((one for one in answer.document.members(port) if one.name == "txQueues"), None)
        if told is None:
            raise NotThis(f"no queues of {shortened(port.name)}", port.line)
        for one in answer.document.members(told):
            number = _queue_number(one.name)
            if number is None or not isinstance(one.value, dict):
                unparsed.append(answer.unknown(one))
                continue
            records.append(
                {"line": one.line, "interface": port.name, "queue": number, **answer.row(one, _STUCK, unparsed)}
            )
    return Parsed(tuple(records), tuple(unparsed))


def _queue_number(text: str) -> int | None:
    found = re.fullmatch(r"(?:UC|TC|TxQ)?(\d{1,3})", text.strip(), re.IGNORECASE)
    return int(found[1]) if found else None


def _queue(text: str) -> Cells | None:
    number = _queue_number(text)
    return None if number is None else (number,)


_QUEUE: Final = Kind("queue", ({"type": "integer"},), _queue)
_WATCHDOG_TABLE: Final = Listing(
    (
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("Tx ?(?:Queue|Q)", "queue", _QUEUE, must=True),
                column(r"(?:Total times )?[Ss]tuck", "stuck", COUNT, must=True),
                column(r"(?:Total times )?[Rr]ecovered", "recovered", COUNT),
            ),
            words=True,
        ),
    ),
    around=(re.compile(r"Total times\s+Total times", re.IGNORECASE),),
)
_STATUS_FIELDS: Final[dict[str, Schema]] = {
    "section": {"enum": ["global", "port"]},
    "interface": TEXT_OR_NULL,
    "on": {"type": ["boolean", "null"]},
    "active": {"type": ["boolean", "null"]},
    "watchdog": {"type": ["boolean", "null"]},
    "priorities": {"type": ["array", "null"], "items": {"type": "integer"}},
    "supported_priorities": {"type": ["array", "null"], "items": {"type": "integer"}},
    "receiving_priorities": {"type": ["array", "null"], "items": {"type": "integer"}},
    "action": TEXT_OR_NULL,
    "override_action_drop": {"type": ["boolean", "null"]},
    "timeout_s": DECIMAL_OR_NULL,
    "recovery_s": DECIMAL_OR_NULL,
    "recovery_mode": TEXT_OR_NULL,
    "polling_s": DECIMAL_OR_NULL,
    "polling_running_s": DECIMAL_OR_NULL,
    "note": TEXT_OR_NULL,
}
_GLOBAL: Final = (
    (re.compile(r"The hardware supports PFC on priorities ([\d -]+)"), "supported_priorities"),
    (re.compile(r"PFC receive processing is enabled on priorities ([\d -]*)"), "receiving_priorities"),
    (re.compile(r"The PFC watchdog timeout is ([\d.]+) second\(s\)(?: \(default\))?"), "timeout_s"),
    (
        re.compile(r"The PFC watchdog recovery-time is ([\d.]+) second\(s\)(?: \((auto|forced)\))?(?: \(default\))?"),
        "recovery_s",
    ),
    (re.compile(r"The PFC watchdog polling-interval is ([\d.]+) second\(s\)(?: \(default\))?"), "polling_s"),
    (re.compile(r"The PFC watchdog action is (\S+)"), "action"),
    (re.compile(r"The PFC watchdog override action drop is (\w+)"), "override_action_drop"),
    (re.compile(r"Global PFC : (\w+)"), "on"),
)  # fmt: skip
_STATUS_LEGEND: Final = re.compile(
    r"E: PFC Enabled, D: PFC Disabled, A: PFC Active, W: PFC Watchdog Enabled|Interval/Mode\s+Config/Oper"
)
_STATUS_HEAD: Final = re.compile(
    r"Port\s+Status\s+Priorities(?:\s+Action)?(?:\s+Timeout)?(?:\s+Recovery)?(?:\s+Polling)?(?:\s+Note)?"
)
_STATUS_ROW: Final = re.compile(
    r"(?P<port>\S+)\s+(?P<on>[ED-]) (?P<active>[A-]) (?P<watchdog>[W-])"
    r"(?:\s+(?P<priorities>\d(?: ?\d)*|\d(?:[,-]\d)*))?"
    r"(?:\s+(?P<action>drop|no-drop|errdisable|notify-only|-))?(?:\s+(?P<timeout>\d+(?:\.\d+)?|-))?"
    r"(?:\s+(?P<recovery>\d+(?:\.\d+)?|-)\s*/\s*(?P<mode>auto|forced|-))?"
    r"(?:\s+(?P<polling>\d+(?:\.\d+)?|auto|-)\s*/\s*(?P<running>\d+(?:\.\d+)?|-))?"
    r"(?:\s+(?P<note>[A-Z].*))?",
    re.ASCII,
)


def _status(page: Page) -> Parsed:
    whole: Record = {"section": "global"}
    ports: list[Record] = []
    unparsed: list[Unparsed] = []
    headed = False
    for line in page.lines:
        text = line.text.strip()
        said = next(((name, found) for pattern, name in _GLOBAL if (found := pattern.fullmatch(text))), None)
        if said is not None:
            whole.setdefault("line", line.number)
            _global(whole, *said)
        elif _STATUS_HEAD.fullmatch(text):
            headed = True
        elif _STATUS_LEGEND.fullmatch(text) or RULER.fullmatch(text):
            continue
        elif headed and (row := _STATUS_ROW.fullmatch(text)):
            ports.append(_port_status(line, row))
        else:
            unparsed.append(line.unparsed())
    if not headed:
        raise refusal(page, "no table with columns Port, Status, Priorities")
    return Parsed((*([whole] if "line" in whole else []), *ports), tuple(unparsed))


def _global(whole: Record, name: str, found: re.Match[str]) -> None:
    if name.endswith("priorities"):
        whole[name] = [int(one) for one in re.findall(r"\d", found[1])]
    elif name in ("on", "override_action_drop"):
        whole[name] = boolean(found[1])
    elif name == "action":
        whole[name] = found[1].lower()
    else:
        whole[name] = decimal(found[1])
        if name == "recovery_s" and found[2]:
            whole["recovery_mode"] = found[2]


def _port_status(line: Line, row: re.Match[str]) -> Record:
    def said(name: str) -> str | None:
        return None if row[name] is None or absent(row[name]) else row[name]

    return {
        "line": line.number,
        "section": "port",
        "interface": row["port"],
        "on": None if row["on"] == "-" else row["on"] == "E",
        "active": row["active"] == "A",
        "watchdog": row["watchdog"] == "W",
        "priorities": [int(one) for one in re.findall(r"\d", row["priorities"] or "")],
        "action": said("action"),
        "timeout_s": said("timeout"),
        "recovery_s": said("recovery"),
        "recovery_mode": said("mode"),
        "polling_s": None if row["polling"] == "auto" else said("polling"),
        "polling_running_s": said("running"),
        "note": said("note"),
    }


# --- ECN -----------------------------------------------------------------------------------------------------------


def _marked_json(page: Page) -> Parsed:
    answer = opened(page, "intfQueueCounters")
    unparsed = [*answer.document.unparsed(), *answer.strangers(frozenset({"intfQueueCounters"}))]
    records: list[Record] = []
    for port in answer.members("intfQueueCounters"):
        counters = object_in(port.value).get("queueCounters")
        if not isinstance(counters, dict) or set(object_in(port.value)) != {"queueCounters"}:
            unparsed.append(answer.unknown(port))
            continue
        queues: dict[str, Json] = {}
        try:
            queues = {name: INTEGER.read(value) for name, value in counters.items()}
        except Unfit:
            unparsed.append(answer.unknown(port))
        records.append({"line": port.line, "interface": port.name, "marked_packets": queues})
    return Parsed(tuple(records), tuple(unparsed))


_MARKED_HEAD: Final = re.compile(r"Port\s+Tx-?Queue\s+Marked Packets|Port\s+TxQ\s+Marked(?: Packets)?", re.IGNORECASE)
_MARKED_PORT: Final = re.compile(r"(\S+?)(?: ?:)?")
_MARKED_ROW: Final = re.compile(r"(?:(?P<port>[A-Za-z]\S+)\s+)?(?:UC)?(?P<queue>\d{1,2})\s+(?P<marked>\d+|-)")


def _marked_text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    headed = False
    for line in page.lines:
        text = line.text.strip()
        if _MARKED_HEAD.fullmatch(text):
            headed = True
        elif RULER.fullmatch(text):
            continue
        elif headed and (row := _MARKED_ROW.fullmatch(text)) and (row["port"] or records):
            if row["port"]:
                records.append({"line": line.number, "interface": row["port"], "marked_packets": {}})
            queues = records[-1]["marked_packets"]
            assert isinstance(queues, dict)
            queues[row["queue"]] = None if row["marked"] == "-" else int(row["marked"])
        elif headed and (found := _MARKED_PORT.fullmatch(text)) and PORT.read(found[1]):
            records.append({"line": line.number, "interface": found[1], "marked_packets": {}})
        else:
            unparsed.append(line.unparsed())
    if not headed:
        raise refusal(page, "no table with columns Port, Tx-Queue, Marked Packets")
    return Parsed(tuple(records), tuple(unparsed))


# --- queues --------------------------------------------------------------------------------------------------------

_QUEUE_FIELDS: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    "side": {"enum": ["egress", "ingress_voq"]},
    "cast": {"enum": ["unicast", "multicast", None]},
    "queue": {"type": "integer"},
    "drop_precedence": TEXT_OR_NULL,
    "packets": INTEGER_OR_NULL,
    "bytes": INTEGER_OR_NULL,
    "dropped_packets": INTEGER_OR_NULL,
    "dropped_bytes": INTEGER_OR_NULL,
    "other": OTHER,
}
_COUNTED: Final = Facts(
    facts(
        INTEGER, enqueuedPackets="packets", enqueuedBytes="bytes", droppedPackets="dropped_packets",
        droppedBytes="dropped_bytes",
    )
)  # fmt: skip
_SIDES: Final = {"ingressVoqCounters": "ingress_voq", "egressQueueCounters": "egress"}
_CASTS: Final = {"ucastQueues": "unicast", "mcastQueues": "multicast"}
_QUEUE_TOP: Final = frozenset({"egressQueueCounters", "ingressVoqCounters", "interfaces"})


def _queues_json(page: Page) -> Parsed:
    """Counters of queues: below side, port, cast, class and precedence, as far as the platform has them."""
    answer = opened(page, *_QUEUE_TOP)
    unparsed = [*answer.document.unparsed(), *answer.strangers(_QUEUE_TOP)]
    records: list[Record] = []
    for top in answer.members():
        if top.name == "interfaces":
            for port in answer.document.members(top):
                records += _of_port(answer, port, "egress", unparsed)
        elif top.name in _SIDES:
            for holder in answer.document.members(top):
                if holder.name != "interfaces":
                    unparsed.append(answer.unknown(holder))
                    continue
                for port in answer.document.members(holder):
                    records += _of_port(answer, port, _SIDES[top.name], unparsed)
    return Parsed(tuple(records), tuple(unparsed))


def _of_port(answer: Opened, port: Member, side: str, unparsed: list[Unparsed]) -> Iterator[Record]:
    for inside in answer.document.members(port):
        if inside.name in _CASTS:
            for holder in answer.document.members(inside):
                yield from _of_classes(answer, port.name, holder, side, _CASTS[inside.name], unparsed)
        else:
            yield from _of_classes(answer, port.name, inside, side, None, unparsed)


def _of_classes(
    answer: Opened, port: str, holder: Member, side: str, cast: str | None, unparsed: list[Unparsed]
) -> Iterator[Record]:
    if holder.name != "trafficClasses":
        unparsed.append(answer.unknown(holder))
        return
    for one in answer.document.members(holder):
        number = _queue_number(one.name)
        if number is None:
            unparsed.append(answer.unknown(one))
            continue
        for line, of_side, precedence, counters in _counters(answer, one, side, unparsed):
            row = answer.row(counters, _COUNTED, unparsed)
            whose: Record = {"line": line, "interface": port, "side": of_side, "cast": cast, "queue": number}
            yield {**whose, **({"drop_precedence": precedence} if precedence else {}), **row}


def _counters(
    answer: Opened, of_class: Member, side: str, unparsed: list[Unparsed]
) -> Iterator[tuple[int, str, str | None, Member]]:
    """The counters of a traffic class: by precedence, or the sum of a side."""
    for inside in answer.document.members(of_class):
        if inside.name == "dropPrecedences":
            for one in answer.document.members(inside):
                yield one.line, side, one.name, one
        elif inside.name in _SIDES:
            sums = [one for one in answer.document.members(inside) if one.name == "countersSum"]
            unparsed += [answer.unknown(inside)] * (not sums)
            yield from ((one.line, _SIDES[inside.name], None, one) for one in sums)
        elif inside.name == "countersSum":
            yield inside.line, side, None, inside
        else:
            unparsed.append(answer.unknown(inside))


def _cast(text: str) -> Cells | None:
    found = re.fullmatch(r"(UC|MC)(\d{0,2})", text.strip(), re.IGNORECASE)
    return ({"UC": "unicast", "MC": "multicast"}[found[1].upper()], int(found[2])) if found and found[2] else None


_CAST_QUEUE: Final = Kind("UC3 or MC3", ({"enum": ["unicast", "multicast"]}, {"type": "integer"}), _cast)
_DESTINATION: Final = Kind(
    "UC or MC",
    ({"enum": ["unicast", "multicast", None]},),
    lambda t: ({"UC": "unicast", "MC": "multicast"}[t.upper()],) if t.upper() in ("UC", "MC") else None,
)
_PRECEDENCE: Final = Kind("drop precedence", (TEXT_OR_NULL,), lambda t: (t or None,))
_QUEUE_TABLES: Final = Listing(
    (
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("TxQ", "cast queue", _CAST_QUEUE, must=True),
                column("Counter/pkts", "packets", COUNT, must=True),
                column("Counter/bytes", "bytes", COUNT),
                column("Drop/pkts", "dropped_packets", COUNT),
                column("Drop/bytes", "dropped_bytes", COUNT),
            ),
            words=True,
        ),
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("Traffic(?: Class)?", "queue", _QUEUE, must=True),
                column("DropPrec", "drop_precedence", _PRECEDENCE),
                column("DestType", "cast", _DESTINATION),
                column("OutEnqPkts", "packets", COUNT, must=True),
                column("OutEnqOctets", "bytes", COUNT),
                column("OutDropPkts", "dropped_packets", COUNT),
                column("OutDropOctets", "dropped_bytes", COUNT),
            ),
            words=True,
        ),
    ),
    around=(re.compile(r"Egress Queue Counters|Class"),),
    key=("interface", "cast", "queue", "drop_precedence"),
)


def _queues_text(page: Page) -> Parsed:
    parsed = _QUEUE_TABLES.read(page)
    if parsed is None:
        raise refusal(page, "no table of queues with their counters")
    return Parsed(tuple({**record, "side": "egress"} for record in parsed.records), parsed.unparsed)


_DROP_FIELDS: Final = ("in_dropped_packets", "out_unicast_dropped_packets", "out_multicast_dropped_packets")
_DROP_TABLE: Final = Listing(
    (
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("In ?Dropp?(?:ed)?(?:Pkts)?", _DROP_FIELDS[0], COUNT, must=True),
                column("Out ?Uc ?Dropp?(?:ed)?(?:Pkts)?", _DROP_FIELDS[1], COUNT, must=True),
                column("Out ?Mc ?Dropp?(?:ed)?(?:Pkts)?", _DROP_FIELDS[2], COUNT),
            ),
            words=True,
        ),
    ),
)

# --- load balancing ------------------------------------------------------------------------------------------------

_CLUSTER_FIELDS: Final[dict[str, Schema]] = {
    "status": TEXT_OR_NULL,
    "groups": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "fallback_dscp": INTEGER_OR_NULL,
                "fallback_traffic_class": INTEGER_OR_NULL,
            },
        },
    },
    "settings": {"type": "object", "additionalProperties": TEXT_OR_NULL},
}
_CLUSTER_HEAD: Final = re.compile(r"Port Group(?: Name)?\s+Fallback DSCP\s+Fallback Traffic Class", re.IGNORECASE)
_CLUSTER_ROW: Final = re.compile(r"(\S+)\s+(\d+|-)\s+(\d+|-)")


def _cluster(page: Page) -> Parsed:
    record: Record = {}
    groups: list[Json] = []
    settings: dict[str, Json] = {}
    unparsed: list[Unparsed] = []
    headed = False
    for line in page.lines:
        text = line.text.strip()
        known = label_of(text)
        if known and known[0].lower() in ("clb status", "load-balance cluster status"):
            record |= {"line": line.number, "status": known[1].lower() or None}
        elif _CLUSTER_HEAD.fullmatch(text):
            headed = True
        elif RULER.fullmatch(text):
            continue
        elif headed and (row := _CLUSTER_ROW.fullmatch(text)):
            groups.append(
                {
                    "name": row[1],
                    "fallback_dscp": integer(row[2]),
                    "fallback_traffic_class": integer(row[3]),
                }
            )
        elif known and "status" in record and not headed:
            settings[slug(known[0])] = None if absent(known[1]) else known[1]
        else:
            unparsed.append(line.unparsed())
    if "status" not in record:
        raise refusal(page, "no 'CLB Status'")
    return Parsed(({**record, "groups": groups, **({"settings": settings} if settings else {})},), tuple(unparsed))


QOS_COMMANDS: Final[tuple[Entry, ...]] = (
    Entry(
        "show priority-flow-control counters",
        "PFC frames",
        Both(lambda page: by_port(page, "interfaceCounters", _FRAMES), _FRAME_TABLE, _FRAMES.schema()),
    ),
    Entry(
        "show priority-flow-control counters detail",
        "PFC frames by priority",
        Both(
            _priorities,
            None,
            {**_PORT_FIELD, "priority": {"type": "integer"}, **_FRAMES.schema()},
            ("interface", "priority"),
        ),
        ("show interfaces priority-flow-control counters detail",),
    ),
    Entry(
        "show priority-flow-control counters watchdog",
        "queues that the PFC watchdog found stuck",
        Both(_watchdog_json, _WATCHDOG_TABLE, {**_PORT_FIELD, **_STUCK.schema()}, ("interface", "queue")),
    ),
    Entry(
        "show priority-flow-control status",
        "PFC and its watchdog as they are set and as they run",
        Both(None, _status, _STATUS_FIELDS, ("section",)),
        ("show priority-flow-control",),
    ),
    Entry(
        "show qos interfaces ecn counters queue",
        "packets that were marked, by queue",
        Both(
            _marked_json,
            _marked_text,
            {**_PORT_FIELD, "marked_packets": {"type": "object", "additionalProperties": INTEGER_OR_NULL}},
            ("interface", "marked_packets"),
        ),
    ),
    Entry(
        "show interfaces counters queue detail",
        "packets and drops by queue",
        Both(_queues_json, _queues_text, _QUEUE_FIELDS, ("interface", "side", "queue")),
        ("show interfaces counters queue drops", "show interfaces queue counters detail"),
    ),
    Entry(
        "show interfaces counters queue",
        "dropped packets by port",
        Both(None, _DROP_TABLE),
    ),
    Entry(
        "show load-balance cluster status", "cluster load balancing", Both(None, _cluster, _CLUSTER_FIELDS, ("status",))
    ),
)
"""What queues and priorities answer."""
