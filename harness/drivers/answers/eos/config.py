"""The configuration of an Arista switch, as far as it is about ports, FEC, PFC, ECN, queues, maps; ``show qos maps``.

The grammar is that of the manual and of published configurations; no recording was at hand.  ``show qos maps`` is
from the manual, as remembered.  A section that is about something else is one record with its first words; a line
that nobody knows inside a section that is read is reported.  Lines that stand for a default are not shown by EOS, and
are not filled in here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..cells import BOOLEAN_OR_NULL, DECIMAL_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, decimal
from ..entry import Entry, refusal
from ..text import Line, Page, Parsed, Unparsed, indentation
from .both import Both
from .lines import RULER

_ECN: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "minimum": DECIMAL_OR_NULL,
        "maximum": DECIMAL_OR_NULL,
        "unit": TEXT_OR_NULL,
        "maximum_unit": TEXT_OR_NULL,
        "probability_percent": DECIMAL_OR_NULL,
        "weight": INTEGER_OR_NULL,
        "precedence": INTEGER_OR_NULL,
    },
}
QUEUE: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["line", "cast", "queue"],
    "properties": {
        "line": {"type": "integer"},
        "cast": {"enum": ["all", "unicast", "multicast"]},
        "queue": {"type": "integer"},
        "priority": {"enum": ["strict", "none"]},
        "bandwidth_percent": DECIMAL_OR_NULL,
        "guaranteed": TEXT_OR_NULL,
        "shape": TEXT_OR_NULL,
        "ecn": _ECN,
        "ecn_off": {"type": "boolean"},
        "ecn_counted": {"type": "boolean"},
        "drop": {"type": "array", "items": _ECN},
    },
}
_WATCHDOG: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "on": BOOLEAN_OR_NULL,
        "line": {"type": "integer"},
        "action": TEXT_OR_NULL,
        "timeout_s": DECIMAL_OR_NULL,
        "recovery_s": DECIMAL_OR_NULL,
        "polling_s": DECIMAL_OR_NULL,
        "override_action_drop": BOOLEAN_OR_NULL,
    },
}
FIELDS: Final[dict[str, Schema]] = {
    "section": {"enum": ["hostname", "interface", "qos_profile", "qos_map", "qos", "priority_flow_control", "other"]},
    "name": TEXT_OR_NULL,
    "lines": {"type": "integer"},
    "description": TEXT_OR_NULL,
    "shutdown": {"type": "boolean"},
    "mtu": {"type": "integer"},
    "speed": TEXT_OR_NULL,
    "fec": {"type": "object", "additionalProperties": {"type": "boolean"}},
    "fec_line": {"type": "integer"},
    "service_profile": TEXT_OR_NULL,
    "trust": TEXT_OR_NULL,
    "trust_line": {"type": "integer"},
    "cos": {"type": "integer"},
    "dscp": {"type": "integer"},
    "shape": TEXT_OR_NULL,
    "pfc": {"type": "boolean"},
    "pfc_line": {"type": "integer"},
    "no_drop": {"type": "object", "additionalProperties": {"type": "boolean"}},
    "watchdog": _WATCHDOG,
    "flow_control": {"type": "object", "additionalProperties": {"type": "string"}},
    "queues": {"type": "array", "items": QUEUE},
    "from": {"type": "string"},
    "to": {"type": "string"},
    "map": {"type": "object", "additionalProperties": {"type": "integer"}},
    "settings": {"type": "array", "items": {"type": "string"}},
}

_THRESHOLD_UNIT: Final = r"(segments|bytes|kbytes|mbytes|microseconds|milliseconds)"
_RANDOM: Final = re.compile(
    r"random-detect (?P<what>ecn|drop)(?: drop-precedence (?P<precedence>\d))?"
    rf" minimum-threshold (?P<low>\d+(?:\.\d+)?)(?: {_THRESHOLD_UNIT})?"
    rf" maximum-threshold (?P<high>\d+(?:\.\d+)?)(?: {_THRESHOLD_UNIT})?"
    r"(?: (?:max-mark-probability|drop-probability) (?P<percent>\d+(?:\.\d+)?))?(?: weight (?P<weight>\d+))?"
)
_QUEUE_HEAD: Final = re.compile(r"(uc-|mc-)?tx-queue (\d{1,2})")
_CASTS: Final = {None: "all", "uc-": "unicast", "mc-": "multicast"}


def _queue_line(queue: dict[str, Json], text: str) -> bool:
    """Write what one line sets of a queue; false where it is not known."""
    if found := _RANDOM.fullmatch(text):
        units = found.groups()[3], found.groups()[5]
        curve: dict[str, Json] = {
            "minimum": decimal(found["low"]),
            "maximum": decimal(found["high"]),
            "unit": units[0] or units[1],
            "maximum_unit": units[1] or units[0],
            "probability_percent": None if found["percent"] is None else decimal(found["percent"]),
        }
        if found["weight"]:
            curve["weight"] = int(found["weight"])
        if found["precedence"]:
            curve["precedence"] = int(found["precedence"])
        if found["what"] == "ecn":
            queue["ecn"] = curve
        else:
            drops = queue.setdefault("drop", [])
            assert isinstance(drops, list)
            drops.append(curve)
    elif text == "random-detect ecn count":
        queue["ecn_counted"] = True
    elif text in ("no random-detect ecn", "random-detect ecn disabled"):
        queue["ecn_off"] = True
    elif text in ("priority strict", "no priority"):
        queue["priority"] = "strict" if text == "priority strict" else "none"
    elif found := re.fullmatch(r"bandwidth percent (\d+(?:\.\d+)?)", text):
        queue["bandwidth_percent"] = decimal(found[1])
    elif found := re.fullmatch(r"bandwidth guaranteed (.+)", text):
        queue["guaranteed"] = found[1]
    elif found := re.fullmatch(r"shape rate (.+)", text):
        queue["shape"] = found[1]
    else:
        return (
            re.fullmatch(r"no random-detect (?:drop|ecn count).*|latency maximum .+|buffer .+|drop-precedence .+", text)
            is not None
        )
    return True


_ENCODINGS: Final = {"reed-solomon": "rs", "reed-solomon-544": "rs", "fire-code": "fc"}
_TIMER: Final = re.compile(
    r"timeout (?P<timeout>[\d.]+)(?: polling-interval (?P<polling>auto|[\d.]+))?"
    r"(?: recovery-time (?P<recovery>[\d.]+)(?: (?:forced|auto))?)?"
)


def _fec_line(record: Record, line: Line, text: str) -> bool:
    found = re.fullmatch(r"(no )?error-correction encoding((?: [a-z-]+\d*)*)", text)
    if found is None:
        return False
    fec = record.setdefault("fec", {})
    assert isinstance(fec, dict)
    codes = found[2].split()
    if any(code not in _ENCODINGS for code in codes):
        return False
    for code in codes or ["all"]:
        fec[_ENCODINGS.get(code, code)] = found[1] is None
    record["fec_line"] = line.number
    return True


def _pfc_line(record: Record, line: Line, text: str) -> bool:
    """Write what one line sets of PFC, in a port or a profile."""
    rest = text.removeprefix("priority-flow-control ")
    if text in ("priority-flow-control on", "priority-flow-control mode on"):
        record |= {"pfc": True, "pfc_line": line.number}
    elif text in ("no priority-flow-control", "priority-flow-control off", "priority-flow-control mode off"):
        record |= {"pfc": False, "pfc_line": line.number}
    elif found := re.fullmatch(r"priority (\d(?:[ ,]\d)*) (no-drop|drop)", rest):
        kept = record.setdefault("no_drop", {})
        assert isinstance(kept, dict)
        kept |= dict.fromkeys(re.findall(r"\d", found[1]), found[2] == "no-drop")
    elif text.removeprefix("no ").startswith("priority-flow-control pause watchdog"):
        watchdog = record.setdefault("watchdog", {})
        assert isinstance(watchdog, dict)
        watchdog["line"] = line.number
        return _watchdog_line(watchdog, text)
    else:
        return False
    return True


def _watchdog_line(watchdog: dict[str, Json], text: str) -> bool:
    rest = text.removeprefix("no ").removeprefix("priority-flow-control pause watchdog").strip()
    rest = rest.removeprefix("port ").removeprefix("default ")
    if not rest:
        watchdog["on"] = not text.startswith("no ")
    elif found := re.fullmatch(r"action (drop|no-drop|errdisable|notify-only)", rest):
        watchdog["action"] = found[1]
    elif rest in ("override action drop", "override action drop "):
        watchdog["override_action_drop"] = not text.startswith("no ")
    elif found := re.fullmatch(r"(timeout|polling-interval|recovery-time) ([\d.]+|auto)(?: (?:forced|auto))?", rest):
        name = {"timeout": "timeout_s", "polling-interval": "polling_s", "recovery-time": "recovery_s"}[found[1]]
        watchdog[name] = None if found[2] == "auto" else decimal(found[2])
    elif found := _TIMER.fullmatch(rest.removeprefix("timer ")):
        watchdog["timeout_s"] = decimal(found["timeout"])
        for name, value in (("polling_s", found["polling"]), ("recovery_s", found["recovery"])):
            if value is not None:
                watchdog[name] = None if value == "auto" else decimal(value)
    else:
        return False
    return True


def _common_line(record: Record, line: Line, text: str) -> bool:
    """What a port and a profile have in common."""
    if found := re.fullmatch(r"(no )?qos trust(?: (cos|dscp))?", text):
        record |= {"trust": "none" if found[1] else found[2], "trust_line": line.number}
    elif found := re.fullmatch(r"qos (cos|dscp) (\d{1,2})", text):
        record[found[1]] = int(found[2])
    elif found := re.fullmatch(r"shape rate (.+)", text):
        record["shape"] = found[1]
    elif "priority-flow-control" in text:
        return _pfc_line(record, line, text)
    else:
        return re.fullmatch(r"service-policy .+|comment|qos rewrite .+", text) is not None
    return True


_OF_OTHERS: Final = frozenset((
    "access-group", "address", "arp", "bfd", "bgp", "channel-group", "comment", "dcbx", "default", "dhcp", "dot1x",
    "encapsulation", "evpn", "hardware", "ip", "ipv6", "isis", "l2", "l2-protocol", "lacp", "link-debounce", "lldp",
    "load-interval", "load-balance", "logging", "mac", "mac-address-table", "mac-address", "macsec", "mlag", "mpls",
    "multicast", "nat", "ntp", "ospf", "phone", "pim", "poe", "port-channel", "port-security", "ptp", "pvlan",
    "router", "sflow", "snmp", "spanning-tree", "storm-control", "switchport", "tap", "tcp", "timestamp", "tool",
    "traffic-loopback", "traffic-policy", "traffic-engineering", "tunnel", "unidirectional", "uni-link", "vlan",
    "vmtracer", "vrf", "vrrp", "xcvr", "link", "phy", "bandwidth", "carrier-delay", "monitor", "flow", "forwarding",
))  # fmt: skip
"""First words of lines in a port that are about something else."""


def _interface_line(record: Record, line: Line, text: str) -> bool:
    words = text.removeprefix("no ").split()
    if text in ("shutdown", "no shutdown"):
        record["shutdown"] = text == "shutdown"
    elif found := re.fullmatch(r"description (.+)", text):
        record["description"] = found[1]
    elif (found := re.fullmatch(r"mtu (\d+)", text)) or (found := re.fullmatch(r"(?:l2 )?mtu (\d+)", text)):
        record["mtu"] = int(found[1])
    elif found := re.fullmatch(r"speed (.+)", text):
        record["speed"] = found[1]
    elif words[:1] == ["error-correction"]:
        return _fec_line(record, line, text)
    elif found := re.fullmatch(r"service-profile (\S+)", text):
        record["service_profile"] = found[1]
    elif found := re.fullmatch(r"(?:flowcontrol|flow-control) (send|receive) (on|off|desired)", text):
        held = record.setdefault("flow_control", {})
        assert isinstance(held, dict)
        held[found[1]] = found[2]
    elif words[:1] == ["transceiver"]:
        return True
    else:
        return _common_line(record, line, text) or (bool(words) and words[0] in _OF_OTHERS)
    return True


_MAP: Final = re.compile(r"qos map ([a-z][\w-]*) (\d[\d ,-]*) to ([a-z][\w-]*) (\d{1,3})")


def _numbers(text: str) -> Iterator[int]:
    for part in re.split(r"[ ,]+", text.strip()):
        low, _, high = part.partition("-")
        if low.isdecimal() and (high or low).isdecimal():
            yield from range(int(low), min(int(high or low), int(low) + 255) + 1)


@dataclass(slots=True)
class _Section:
    """A section of the configuration that is read: its record, and how its lines are."""

    record: Record
    take: Callable[[Record, Line, str], bool]
    depth: int = 0
    queue: dict[str, Json] | None = None
    inner: bool = False
    """Inside a block below that is about something else."""


@dataclass(slots=True)
class _Reader:
    records: list[Record] = field(default_factory=list)
    unparsed: list[Unparsed] = field(default_factory=list)
    section: _Section | None = None
    banner: bool = False

    def take(self, line: Line) -> None:
        text = line.text.strip()
        if self.banner:
            self.banner = text != "EOF"
            self._count()
        elif text.startswith("!") or text == "end":
            if indentation(line.text) == 0:
                self.section = None
        elif indentation(line.text) == 0:
            self._top(line, text)
        elif self.section is None:
            self._count()
        else:
            self._inside(self.section, line, text)

    def _count(self) -> None:
        if self.records and self.records[-1]["section"] == "other":
            lines = self.records[-1]["lines"]
            self.records[-1]["lines"] = (lines if isinstance(lines, int) else 0) + 1

    def _inside(self, section: _Section, line: Line, text: str) -> None:
        section.depth = section.depth or indentation(line.text)
        deep = indentation(line.text) > section.depth
        if deep and section.queue is not None:
            if not _queue_line(section.queue, text):
                self.unparsed.append(line.unparsed())
            return
        if deep and section.inner:
            return
        section.queue, section.inner = None, False
        if head := _QUEUE_HEAD.fullmatch(text):
            section.queue = {"line": line.number, "cast": _CASTS[head[1]], "queue": int(head[2])}
            queues = section.record.setdefault("queues", [])
            assert isinstance(queues, list)
            queues.append(section.queue)
        elif deep or not section.take(section.record, line, text):
            self.unparsed.append(line.unparsed())
        else:
            section.inner = text.split()[0] in _OF_OTHERS

    def _top(self, line: Line, text: str) -> None:
        self.section = None
        if found := re.fullmatch(r"interface (\S+)", text):
            self._open(line, {"section": "interface", "name": found[1]}, _interface_line)
        elif found := re.fullmatch(r"qos profile (\S+)", text):
            self._open(line, {"section": "qos_profile", "name": found[1]}, _common_line)
        elif found := re.fullmatch(r"hostname (\S+)", text):
            self.records.append({"line": line.number, "section": "hostname", "name": found[1]})
        elif found := _MAP.fullmatch(text):
            self._map(line, found)
        elif text.startswith("qos "):
            self.records.append({"line": line.number, "section": "qos", "settings": [text.removeprefix("qos ")]})
        elif text.removeprefix("no ").startswith("priority-flow-control"):
            self._pause(line, text)
        elif re.match(r"banner (?:login|motd)", text):
            self.banner = True
            self.records.append({"line": line.number, "section": "other", "name": text, "lines": 0})
        else:
            name = " ".join(text.split()[:2])  # what follows may be a secret
            self.records.append({"line": line.number, "section": "other", "name": name, "lines": 0})

    def _open(self, line: Line, said: Record, take: Callable[[Record, Line, str], bool]) -> None:
        record = {"line": line.number, **said}
        self.records.append(record)
        self.section = _Section(record, take)

    def _map(self, line: Line, found: re.Match[str]) -> None:
        entries: dict[str, Json] = {str(one): int(found[4]) for one in _numbers(found[2])}
        same = {"section": "qos_map", "from": found[1], "to": found[3]}
        held = next((one for one in self.records if same.items() <= one.items()), None)
        if held is None:
            self.records.append({"line": line.number, **same, "map": entries})
        else:
            known = held["map"]
            assert isinstance(known, dict)
            known |= entries

    def _pause(self, line: Line, text: str) -> None:
        held = next((one for one in self.records if one["section"] == "priority_flow_control"), None)
        if held is None:
            held = {"line": line.number, "section": "priority_flow_control"}
            self.records.append(held)
        if text == "priority-flow-control all off":
            held |= {"pfc": False, "pfc_line": line.number}
        elif not _pfc_line(held, line, text):
            self.unparsed.append(line.unparsed())


_SIGN: Final = re.compile(
    r"! Command: show (?:running|startup)-config.*|! device: .*|hostname \S+|interface \S+|qos profile \S+"
)


def _config(page: Page) -> Parsed:
    if not any(_SIGN.fullmatch(line.text) for line in page.lines):
        raise refusal(page, "no configuration: neither a hostname nor an interface")
    if (
        foreign := next((one for one in page.lines if re.match(r"%|Building configuration|\S+#\s", one.text)), None)
    ) is not None:
        raise refusal(page, f"line {foreign.number} is no configuration of EOS") from None
    reader = _Reader()
    for line in page.lines:
        reader.take(line)
    return Parsed(tuple(reader.records), tuple(reader.unparsed))


# --- show qos maps -------------------------------------------------------------------------------------------------

_MAP_TITLE: Final = re.compile(r"([A-Za-z]\w*) ?(?:-|- |to) ?([A-Za-z][\w-]*) map:", re.IGNORECASE)
_SETTING: Final = re.compile(r"(Number of [\w ]+ supported|(?:Cos|Dscp) Rewrite): ?(\S+)", re.IGNORECASE)
_TENS: Final = re.compile(r"d1 *: *d2((?: +\d)+)")
_TENS_ROW: Final = re.compile(r"(\d) *:((?: +\d+)+)")
_ROW: Final = re.compile(r"([a-z][\w-]*) ?:((?: +(?:\d+|-))+)", re.IGNORECASE)
MAP_FIELDS: Final[dict[str, Schema]] = {
    "from": {"type": "string"},
    "to": {"type": "string"},
    "map": {"type": "object", "additionalProperties": INTEGER_OR_NULL},
}


def _maps(page: Page) -> Parsed:
    """Maps in two rows, or in rows of ten code points; a map whose rows do not fit one another is no record."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    known = False
    block: list[Line] = []
    title: tuple[Line, re.Match[str]] | None = None
    for line in [*page.lines, None]:
        text = line.text.strip() if line is not None else ""
        found = _MAP_TITLE.fullmatch(text)
        if line is None or found:
            if title is not None:
                record = _map_of(title[0], title[1], block)
                if record is None:
                    unparsed += [one.unparsed() for one in (title[0], *block)]
                else:
                    records.append(record)
            title, block = (line, found) if line is not None and found else None, []
        elif _SETTING.fullmatch(text):
            known = True
        elif title is not None and not RULER.fullmatch(text):
            block.append(line)
        elif not RULER.fullmatch(text):
            unparsed.append(line.unparsed())
    if not records or (not known and len(unparsed) > len(records)):
        raise refusal(page, "no map of code points")
    return Parsed(tuple(records), tuple(unparsed))


def _map_of(line: Line, title: re.Match[str], block: Sequence[Line]) -> Record | None:
    texts = [one.text.strip() for one in block]
    entries: dict[str, Json] = {}
    if texts and (tens := _TENS.fullmatch(texts[0])):
        ones = [int(one) for one in tens[1].split()]
        for text in texts[1:]:
            row = _TENS_ROW.fullmatch(text)
            cells = row[2].split() if row else []
            if row is None or not 0 < len(cells) <= len(ones):
                return None
            entries |= {str(10 * int(row[1]) + one): int(cell) for one, cell in zip(ones, cells, strict=False)}
    elif len(texts) == 2 and (keys := _ROW.fullmatch(texts[0])) and (values := _ROW.fullmatch(texts[1])):
        left, right = keys[2].split(), values[2].split()
        if len(left) != len(right) or "-" in left:
            return None
        entries = {key: None if value == "-" else int(value) for key, value in zip(left, right, strict=True)}
    if not entries:
        return None
    return {"line": line.number, "from": title[1].lower(), "to": title[2].lower(), "map": entries}


CONFIG_COMMANDS: Final[tuple[Entry, ...]] = (
    Entry(
        "show running-config",
        "configuration: ports, FEC, PFC, ECN, queues, maps",
        Both(None, _config, FIELDS, ("section",)),
        ("show startup-config",),
    ),
    Entry(
        "show qos maps",
        "maps of code points, traffic classes and queues",
        Both(None, _maps, MAP_FIELDS, ("from", "to", "map")),
    ),
)
"""What is configured."""
