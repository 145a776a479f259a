"""Quality of service of Cisco NX-OS as it is configured: policies, classes, and the configuration of interfaces.

Recorded: ``show policy-map``, ``show running-config interface``.  ``show policy-map interface`` follows public captures
of its queuing part; its classifying part and ``show class-map`` are from recall, in the words of the configuration.
``show running-config ipqos`` is the configuration language that is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..cells import BOOLEAN_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, integer
from ..entry import TEXTS, refusal
from ..text import Line, Page, Parsed, Unparsed, indentation
from .placed import RULE
from .tree import Answer

_PORT: Final = r"[A-Za-z][A-Za-z-]{0,30}\d[\w/.:-]{0,30}"
DSCP: Final[Mapping[str, int]] = {
    "default": 0, "cs1": 8, "cs2": 16, "cs3": 24, "cs4": 32, "cs5": 40, "cs6": 48, "cs7": 56, "ef": 46,
    **{f"af{c}{d}": 8 * c + 2 * d for c in range(1, 5) for d in range(1, 4)},
}  # fmt: skip
"""Code points by name (RFC 2474, 2597, 3246)."""

_AMOUNT: Final = r"(\d{1,12})(?: (bytes|kbytes|mbytes|packets|ms|us|percent))?"


def _numbers(text: str, names: Mapping[str, int]) -> list[Json] | None:
    """``26``, ``af31``, ``24-27,30``."""
    found: list[Json] = []
    for part in text.replace(" ", "").lower().split(","):
        low, dash, high = part.partition("-")
        ends = [names.get(end, integer(end)) for end in ((low, high) if dash else (low, low))]
        if ends[0] is None or ends[1] is None or not 0 <= ends[1] - ends[0] < 64:
            return None
        found.extend(range(ends[0], ends[1] + 1))
    return found


_THRESHOLDS: Final = re.compile(
    rf"random-detect(?: minimum-threshold {_AMOUNT} maximum-threshold {_AMOUNT})?(?: drop-probability (\d{{1,3}}))?"
    r"(?: weight (\d{1,3}))?(?: (?:cap-average))?(?: (ecn))?"
)
_ACTIONS: Final = (
    (re.compile(r"set qos-group (\d{1,2})"), ("set_qos_group",)),
    (re.compile(r"set (?:ip )?dscp (\S+)"), ("set_dscp",)),
    (re.compile(r"set cos (\d)"), ("set_cos",)),
    (re.compile(r"[Mm]atch:? qos-group (\d{1,2})"), ("match_qos_group",)),
    (re.compile(r"bandwidth remaining percent (\d{1,3})"), ("bandwidth_remaining_percent",)),
    (re.compile(r"bandwidth percent (\d{1,3})"), ("bandwidth_percent",)),
    (re.compile(r"priority level (\d)"), ("priority_level",)),
    (re.compile(r"mtu (\d{2,5})"), ("mtu",)),
    (re.compile(r"SNMP Policy Index: +(\d{1,12})"), ("snmp_index",)),
    (re.compile(r"queue dropped pkts ?: +(\d{1,24})"), ("dropped_packets",)),
    (re.compile(r"queue depth in bytes ?: +(\d{1,24})"), ("depth_bytes",)),
    (re.compile(r"(\d{1,24}) packets"), ("packets",)),
)
"""Actions that have one number."""


def action(record: Record, text: str) -> bool:
    """Write what one line of a class says; false where it is not known."""
    for pattern, (name,) in _ACTIONS:
        if found := pattern.fullmatch(text):
            number = DSCP.get(found[1].lower(), integer(found[1]))
            if number is not None:
                record[name] = number
            return number is not None
    if found := _THRESHOLDS.fullmatch(text):
        record["random_detect"] = {
            "minimum": integer(found[1] or ""),
            "minimum_unit": found[2],
            "maximum": integer(found[3] or ""),
            "maximum_unit": found[4],
            "drop_probability": integer(found[5] or ""),
            "weight": integer(found[6] or ""),
            "ecn": found[7] is not None,
        }
        return True
    if found := re.fullmatch(r"pause (?:no-drop|pfc-cos ([\d,-]+)(?: receive)?)", text):
        paused = _numbers(found[1], {}) if found[1] else []
        if paused is not None:
            record["pause_cos"] = paused
        return paused is not None
    if found := re.fullmatch(
        r"pause buffer-size (\d+)(?: bytes)? pause-threshold (\d+)(?: bytes)? resume-threshold (\d+)(?: bytes)?", text
    ):
        record["pause_buffer_bytes"], record["pause_threshold_bytes"] = int(found[1]), int(found[2])
        record["resume_threshold_bytes"] = int(found[3])
        return True
    if found := re.fullmatch(rf"queue-limit (?:(dynamic) )?{_AMOUNT}(?: dscp .*)?", text):
        record["queue_limit"], record["queue_limit_unit"] = int(found[2]), found[3]
        record["queue_limit_dynamic"] = found[1] is not None
        return True
    if found := re.fullmatch(r"shape min (\d+) (\w+) max (\d+) (\w+)", text):
        record["shape_min"], record["shape_min_unit"] = int(found[1]), found[2]
        record["shape_max"], record["shape_max_unit"] = int(found[3]), found[4]
        return True
    if re.fullmatch(r"(?:police|congestion-control|afd|multicast-optimize|statistics per-entry)\b.*", text):
        held = record.setdefault("further", [])
        if isinstance(held, list):
            held.append(text)
        return True
    if text == "priority":
        record["priority_level"] = 1
        return True
    return match(record, text)


def match(record: Record, text: str) -> bool:
    """What a class matches."""
    found = re.fullmatch(r"[Mm]atch:? (?P<what>.+)", text)
    if not found:
        return False
    what = found["what"].strip()
    if numbered := re.fullmatch(r"(?:ip )?(dscp|cos|precedence) (.+)", what):
        values = _numbers(numbered[2], DSCP if numbered[1] == "dscp" else {})
        if values is None:
            return False
        held = record.setdefault(f"match_{numbered[1]}", [])
        if isinstance(held, list):
            held.extend(values)
        return True
    if grouped := re.fullmatch(r"qos-group (\d{1,2})", what):
        record["match_qos_group"] = int(grouped[1])
        return True
    others = record.setdefault("match_other", [])
    if isinstance(others, list):
        others.append(what)
    return True


_INTEGERS: Final[Schema] = {"type": "array", "items": {"type": "integer"}}
_WRED: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["minimum", "maximum", "ecn"],
    "properties": {
        "minimum": INTEGER_OR_NULL,
        "minimum_unit": TEXT_OR_NULL,
        "maximum": INTEGER_OR_NULL,
        "maximum_unit": TEXT_OR_NULL,
        "drop_probability": INTEGER_OR_NULL,
        "weight": INTEGER_OR_NULL,
        "ecn": {"type": "boolean"},
    },
}
_CLASS: Final[dict[str, Schema]] = {
    **{name: INTEGER_OR_NULL for _, (name,) in _ACTIONS},
    "random_detect": _WRED,
    "pause_cos": _INTEGERS,
    **dict.fromkeys(("pause_buffer_bytes", "pause_threshold_bytes", "resume_threshold_bytes"), INTEGER_OR_NULL),
    **dict.fromkeys(("queue_limit", "shape_min", "shape_max"), INTEGER_OR_NULL),
    **dict.fromkeys(("queue_limit_unit", "shape_min_unit", "shape_max_unit"), TEXT_OR_NULL),
    "queue_limit_dynamic": {"type": "boolean"},
    **dict.fromkeys(("match_dscp", "match_cos", "match_precedence"), _INTEGERS),
    "match_other": TEXTS,
    "further": TEXTS,
}

# --- show policy-map, show class-map ----------------------------------------------------------------------------------

_TITLE: Final = re.compile(
    r"Type (?:qos|queuing|network-qos|control-plane|nat|plc) (?:policy|class)-maps", re.IGNORECASE
)
_POLICY: Final = re.compile(r"policy-map(?: type (?P<type>\S+))? (?P<policy>\S+)")
_CLASS_OF: Final = re.compile(r"class(?: type (?P<type>\S+))? +(?P<class>\S+)")
_CLASS_MAP: Final = re.compile(r"class-map(?: type (?P<type>\S+))?(?: (?P<mode>match-(?:any|all)))? (?P<class>\S+)")
_DESCRIPTION: Final = re.compile(r"[Dd]escription:? (?P<description>.+)")


def _policies(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    policy: Record | None = None
    for line in page.lines:
        text = " ".join(line.text.split())
        if RULE.fullmatch(line.text) or _TITLE.fullmatch(text):
            continue
        if found := _POLICY.fullmatch(text):
            policy = {"line": line.number, "type": found["type"] or "qos", "policy": found["policy"], "class": None}
            records.append(policy)
        elif policy is not None and (found := _CLASS_OF.fullmatch(text)):
            if records[-1] is policy and policy["class"] is None and len(policy) == 4:
                records.pop()
            records.append(
                {"line": line.number, "type": policy["type"], "policy": policy["policy"], "class": found["class"]}
            )
        elif records and records[-1]["class"] is None and (found := _DESCRIPTION.fullmatch(text)):
            records[-1]["description"] = found["description"]
        elif not records or records[-1]["class"] is None or not action(records[-1], text):
            unparsed.append(line.unparsed())
    if not records or len(unparsed) > 2 * len(records):
        raise refusal(page, "no policy-map")
    return Parsed(tuple(records), tuple(unparsed))


POLICY_MAP: Final = Answer(
    _policies,
    None,
    {
        "type": {"type": "string"},
        "policy": {"type": "string"},
        "class": TEXT_OR_NULL,
        "description": TEXT_OR_NULL,
        **_CLASS,
    },
    ("type", "policy", "class"),
)


def _classes(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    for line in page.lines:
        text = " ".join(line.text.split())
        if RULE.fullmatch(line.text) or _TITLE.fullmatch(text):
            continue
        if found := _CLASS_MAP.fullmatch(text):
            kind = found["type"] or "qos"
            records.append({"line": line.number, "type": kind, "class": found["class"], "mode": found["mode"]})
        elif records and (found := _DESCRIPTION.fullmatch(text)):
            records[-1]["description"] = found["description"]
        elif not records or not match(records[-1], text):
            unparsed.append(line.unparsed())
    if not records or len(unparsed) > 2 * len(records):
        raise refusal(page, "no class-map")
    return Parsed(tuple(records), tuple(unparsed))


CLASS_MAP: Final = Answer(
    _classes,
    None,
    {
        "type": {"type": "string"},
        "class": {"type": "string"},
        "mode": TEXT_OR_NULL,
        "description": TEXT_OR_NULL,
        "match_qos_group": INTEGER_OR_NULL,
        **dict.fromkeys(("match_dscp", "match_cos", "match_precedence"), _INTEGERS),
        "match_other": TEXTS,
    },
    ("type", "class"),
)

# --- show policy-map interface ----------------------------------------------------------------------------------------

_STATISTICS: Final = re.compile(r"Global statistics status ?: +(\w+)", re.IGNORECASE)
_ATTACHED: Final = re.compile(r"Service-policy \((?P<type>[\w-]+)\) (?P<direction>input|output): +(?P<policy>\S+)")
_MET: Final = re.compile(r"Class-map \((?P<type>[\w-]+)\): +(?P<class>\S+)(?: \((?P<mode>match-\w+)\))?")
_SLOTS: Final = re.compile(r"(?:Slot \d+|Aggregate forwarded ?:|policy statistics status: +\w+)", re.IGNORECASE)


def _attached(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    about: Record = {}
    titled = False
    for line in page.lines:
        text = " ".join(line.text.split())
        if RULE.fullmatch(line.text) or _SLOTS.fullmatch(text):
            continue
        if _STATISTICS.fullmatch(text):
            titled = True
        elif re.fullmatch(_PORT, text) and not line.text[0].isspace():
            about = {"interface": text}
        elif about and (found := _ATTACHED.fullmatch(text)):
            about = {"interface": about["interface"], **found.groupdict(), "class": None, "mode": None}
            records.append({"line": line.number, **about})
        elif "policy" in about and (found := _MET.fullmatch(text)):
            records.append({"line": line.number, **about, "class": found["class"], "mode": found["mode"]})
        elif not records or not action(records[-1], text):
            unparsed.append(line.unparsed())
    if not (records or titled) or len(unparsed) > 3 * len(records) + 1:
        raise refusal(page, "no Service-policy of a port")
    return Parsed(tuple(records), tuple(unparsed))


POLICY_INTERFACE: Final = Answer(
    _attached,
    None,
    {
        "interface": {"type": "string"},
        "type": {"type": "string"},
        "direction": {"enum": ["input", "output"]},
        "policy": {"type": "string"},
        "class": TEXT_OR_NULL,
        "mode": TEXT_OR_NULL,
        **_CLASS,
    },
    ("interface", "type", "direction", "policy", "class"),
)

# --- show running-config | egrep: dynamic load balancing --------------------------------------------------------------

_DLB: Final = re.compile(r"hardware profile dlb\b.*")
_DLB_INTERFACES: Final = re.compile(r"dlb-interface (?P<interfaces>\S.*)")
_DLB_MODE: Final = re.compile(r"mode (?P<mode>(?:policy-driven )?(?:flowlet|per-packet)|policy-driven)")
_VERSION_LINE: Final = re.compile(r"version (?P<version>\S+)(?: .*)?")
_OWN_LINES: Final = re.compile(r"!.*|show running-config .*")
_OF_A_PART: Final = re.compile(r"!Command: show running-config (?!all\b|\|)(?P<part>\S.*)")
"""What heads the configuration of one feature, which tells nothing of the others."""


def _balancing(page: Page) -> Parsed:
    """What is left of a configuration in which few lines were looked for: one record."""
    record: Record = {}
    unparsed: list[Unparsed] = []
    for line in page.lines:
        text = " ".join(line.text.split())
        if found := _OF_A_PART.fullmatch(text):
            raise refusal(page, f"the configuration of {found['part']} alone")
        if found := _VERSION_LINE.fullmatch(text):
            record |= {"line": line.number, "version": found["version"], "whole": False}
        elif _DLB.fullmatch(text) and not line.text[0].isspace():
            record["profile_line"] = line.number
        elif "profile_line" in record and (found := _DLB_INTERFACES.fullmatch(text)):
            held = record.setdefault("interfaces", [])
            assert isinstance(held, list)
            held += [word for word in re.split(r"[ ,]+", found["interfaces"]) if word]
        elif "profile_line" in record and (found := _DLB_MODE.fullmatch(text)):
            record["mode"] = found["mode"]
        elif record and text == "line vty":
            record["whole"] = True
        elif not _OWN_LINES.fullmatch(text):
            unparsed.append(line.unparsed())
    if "version" not in record:
        raise refusal(page, "no version of a configuration")
    return Parsed((record,), tuple(unparsed))


BALANCING: Final = Answer(
    _balancing,
    None,
    {
        "version": {"type": "string"},
        "whole": {"type": "boolean"},
        "profile_line": {"type": "integer", "minimum": 1},
        "interfaces": TEXTS,
        "mode": {"type": "string"},
    },
    ("version", "whole"),
)

# --- show running-config ----------------------------------------------------------------------------------------------

_COMMENT: Final = re.compile(r"!.*|version \S+(?: Bios:version.*)?|end")
_SECTION: Final = re.compile(
    r"(?P<kind>interface|class-map|policy-map|system qos|hardware|qos|priority-flow-control|feature|vlan|lldp)\b"
    r" ?(?P<rest>.*)"
)
_SERVICE: Final = re.compile(
    r"service-policy(?: type (?P<type>\S+))? (?:(?P<direction>input|output) )?(?P<policy>\S+)(?: .*)?"
)


def _config(page: Page) -> Parsed:
    """A record per section, which is a line that is not moved in and what is moved in below it."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    for head, body in _sections(page.lines):
        found = _SECTION.fullmatch(head.text.strip())
        if found is None:
            unparsed += [line.unparsed() for line in (head, *body)]
            continue
        name = found["rest"].strip() or None
        record: Record = {"line": head.number, "section": found["kind"], "name": name}
        classes: list[Json] = []
        inside: Record | None = None
        for line in body:
            text = " ".join(line.text.split())
            if record["section"] == "policy-map" and (of := _CLASS_OF.fullmatch(text)):
                inside = {"line": line.number, "class": of["class"]}
                classes.append(inside)
            elif record["section"] == "policy-map" and inside is not None:
                if not action(inside, text):
                    unparsed.append(line.unparsed())
            elif record["section"] == "class-map":
                if not (match(record, text) or _setting(record, text)):
                    unparsed.append(line.unparsed())
            elif indentation(line.text) > indentation(body[0].text) or not _setting(record, text):
                _further(record, line)
        if classes:
            record["classes"] = classes
        records.append(record)
    if not any(record["section"] in ("interface", "class-map", "policy-map", "system qos") for record in records):
        raise refusal(page, "no configuration of an interface or of quality of service")
    return Parsed(tuple(records), tuple(unparsed))


_INTERFACE: Final = re.compile(r"interface \S")


def _sections(lines: Sequence[Line]) -> Iterator[tuple[Line, list[Line]]]:
    head: Line | None = None
    body: list[Line] = []
    flat = not any(line.text[0].isspace() for line in lines)  # a capture that lost the blanks at its left edge
    for line in lines:
        inside = flat and head is not None and _INTERFACE.match(head.text) and not _INTERFACE.match(line.text)
        if (line.text[0].isspace() or (inside and not _COMMENT.fullmatch(line.text))) and head is not None:
            body.append(line)
            continue
        if head is not None:
            yield head, body
        head, body = (None, []) if _COMMENT.fullmatch(line.text) else (line, [])
    if head is not None:
        yield head, body


def _further(record: Record, line: Line) -> None:
    """A statement that says nothing of a link: its words, and how deep it stands."""
    held = record.setdefault("further", [])
    if isinstance(held, list):
        words: list[Json] = list(line.text.split())
        held.append({"line": line.number, "depth": indentation(line.text), "words": words})


_ON: Final = {"on": True, "off": False}


def _setting(record: Record, text: str) -> bool:
    """A statement that says something of a link."""
    if text in ("shutdown", "no shutdown"):
        record["shutdown"] = text == "shutdown"
    elif found := _DESCRIPTION.fullmatch(text):
        record["description"] = found["description"]
    elif found := re.fullmatch(r"mtu (\d{2,5})", text):
        record["mtu"] = int(found[1])
    elif found := re.fullmatch(r"fec (\S+)", text):
        record["fec"] = found[1].lower()
    elif found := re.fullmatch(r"speed (\S+)", text):
        record["speed"] = found[1]
    elif found := re.fullmatch(r"(no )?negotiate auto(?: \d+)?", text):
        record["auto_negotiation"] = found[1] is None
    elif found := re.fullmatch(r"flowcontrol (receive|send) (on|off)", text):
        record[f"flow_control_{found[1]}"] = _ON[found[2]]
    elif found := re.fullmatch(r"priority-flow-control mode (on|off|auto)( send-tlv)?", text):
        record["pfc_mode"], record["pfc_send_tlv"] = found[1], found[2] is not None
    elif found := re.fullmatch(r"(no )?priority-flow-control watch-dog-interval (on|off)", text):
        record["pfc_watchdog"] = _ON[found[2]] and found[1] is None
    elif found := re.fullmatch(r"priority-flow-control watch-dog (?:interface-multiplier|forced) ?(\d*).*", text):
        record["pfc_watchdog_multiplier"] = integer(found[1])
    elif found := _SERVICE.fullmatch(text):
        held = record.setdefault("service_policies", [])
        if isinstance(held, list):
            held.append({**found.groupdict(), "type": found["type"] or "qos"})
    else:
        return False
    return True


CONFIG: Final = Answer(
    _config,
    None,
    {
        "section": {"type": "string"},
        "name": TEXT_OR_NULL,
        "description": TEXT_OR_NULL,
        **dict.fromkeys(("shutdown", "auto_negotiation", "pfc_send_tlv", "pfc_watchdog"), BOOLEAN_OR_NULL),
        **dict.fromkeys(("flow_control_receive", "flow_control_send"), BOOLEAN_OR_NULL),
        **dict.fromkeys(("mtu", "pfc_watchdog_multiplier"), INTEGER_OR_NULL),
        **dict.fromkeys(("fec", "speed", "pfc_mode"), TEXT_OR_NULL),
        "service_policies": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["type", "direction", "policy"],
                "properties": {"type": {"type": "string"}, "direction": TEXT_OR_NULL, "policy": {"type": "string"}},
            },
        },
        "match_qos_group": INTEGER_OR_NULL,
        **dict.fromkeys(("match_dscp", "match_cos", "match_precedence"), _INTEGERS),
        "match_other": TEXTS,
        "classes": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["line", "class"],
                "properties": {"line": {"type": "integer"}, "class": {"type": "string"}, **_CLASS},
            },
        },
        "further": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["line", "depth", "words"],
                "properties": {"line": {"type": "integer"}, "depth": {"type": "integer"}, "words": TEXTS},
            },
        },
    },
    ("section", "name"),
)
