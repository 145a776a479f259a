"""Priority flow control and queues of Cisco NX-OS.

No recording of these was at hand.  The tables of ``show interface priority-flow-control``, ``show queuing interface``
and ``show queuing pfc-queue`` follow captures in public articles and the tests of public code; ``[Disabled]`` of the
watchdog is from recall.  Bitmaps are hexadecimal, bit n for priority n.  RxPPP and TxPPP are the device's own view.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from ..cells import (
    BOOLEAN_OR_NULL,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    TEXT_OR_NULL,
    Json,
    Record,
    Schema,
    decimal,
    integer,
)
from ..entry import refusal
from ..labels import slug
from ..text import Line, Page, Parsed, Unparsed
from .placed import RULE
from .tree import Answer, untold

_PORT: Final = r"[A-Za-z][A-Za-z-]{0,30}\d[\w/.:-]{0,30}"
_BITMAP: Final = re.compile(r"\((?:0x)?([0-9a-fA-F]{1,4})\)")
_PRIORITIES: Final = 8

COUNTERS: Final[Schema] = {"type": "object", "additionalProperties": INTEGER_OR_NULL}


def _priorities(bitmap: str) -> list[Json] | None:
    """The priorities of a bitmap; None where it has one that does not exist."""
    value = int(bitmap, 16)
    return [n for n in range(_PRIORITIES) if value >> n & 1] if value < 1 << _PRIORITIES else None


# --- show interface priority-flow-control -----------------------------------------------------------------------------

_PFC_HEAD: Final = re.compile(r"Port +Mode +Oper ?\(VL bmap\) +(RxPPP +TxPPP|TxPPP +RxPPP)")
_PFC_ROW: Final = re.compile(
    rf"(?P<interface>{_PORT}) +(?P<mode>\w+) +(?P<oper>\w+) *(?:\((?:0x)?(?P<bitmap>[0-9a-fA-F]{{1,4}})\))?"
    r" +(?P<first>\d{1,24}|-+|N/A) +(?P<second>\d{1,24}|-+|N/A)"
)
_PFC_LABELS: Final = {
    "admin mode": "mode",
    "oper mode": "oper",
    "vl bitmap": "bitmap",
    "total rx pfc frames": "rx_frames",
    "total tx pfc frames": "tx_frames",
}
_PFC_TABLE: Final = re.compile(r"\|?(?: *Priority ?(\d) *\|)+", re.IGNORECASE)
_PFC_COUNTS: Final = re.compile(r"(?P<side>Rx|Tx) *\|(?P<counts>[\d |]+)", re.IGNORECASE)


def _pfc(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    sides: list[str] = []
    for line in page.lines:
        text = line.text.strip()
        if RULE.fullmatch(line.text):
            continue
        if head := _PFC_HEAD.fullmatch(text):
            sides = [f"{word[:2].lower()}_frames" for word in head[1].split()]
        elif sides and (row := _PFC_ROW.fullmatch(text)):
            record = _pfc_record(line, row["interface"], row["mode"], row["oper"], row["bitmap"])
            if record is None:
                unparsed.append(line.unparsed())
                continue
            record |= dict(zip(sides, (integer(row["first"]), integer(row["second"])), strict=True))
            records.append(record)
        else:
            unparsed.append(line.unparsed())
    if not sides or len(unparsed) > len(records) + 1:
        raise refusal(page, "no table with the columns Port, Mode, Oper(VL bmap), RxPPP, TxPPP")
    return Parsed(tuple(records), tuple(unparsed))


def _pfc_record(line: Line, port: str, mode: str, oper: str, bitmap: str | None) -> Record | None:
    """One port; a bitmap is missing where PFC is off."""
    on = {"on": True, "off": False}.get(oper.lower())
    priorities = [] if on is False and bitmap is None else None if bitmap is None else _priorities(bitmap)
    if on is None or (bitmap is not None and priorities is None):
        return None
    return {
        "line": line.number,
        "interface": port,
        "mode": mode.lower(),
        "oper": on,
        "bitmap": bitmap,
        "priorities": priorities if on else [],
    }


def _pfc_detail(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    columns: list[int] = []
    for line in page.lines:
        text = line.text.strip()
        if RULE.fullmatch(line.text):
            continue
        label, colon, value = text.partition(":")
        if head := re.fullmatch(rf"({_PORT}):?", text):
            records.append({"line": line.number, "interface": head[1]})
            columns = []
        elif records and colon and (name := _PFC_LABELS.get(label.strip().lower())):
            if not _pfc_label(records[-1], name, value.strip()):
                unparsed.append(line.unparsed())
        elif records and _PFC_TABLE.fullmatch(text):
            columns = [int(n) for n in re.findall(r"(\d) *\|", text)]
        elif records and (counts := _PFC_COUNTS.fullmatch(text)) and columns:
            numbers = [integer(cell.strip()) for cell in counts["counts"].strip(" |").split("|")]
            if len(numbers) != len(columns) or None in numbers:
                unparsed.append(line.unparsed())
            else:
                records[-1][counts["side"].lower()] = {str(n): count for n, count in zip(columns, numbers, strict=True)}
        else:
            unparsed.append(line.unparsed())
    if not any("mode" in record for record in records) or len(unparsed) > sum(len(r) - 2 for r in records):
        raise refusal(page, "no port with its Admin Mode and Oper Mode")
    return Parsed(tuple(records), tuple(unparsed))


def _pfc_label(record: Record, name: str, value: str) -> bool:
    if name == "bitmap":
        found = _BITMAP.fullmatch(value)
        priorities = _priorities(found[1]) if found else None
        if found is None and not untold(value):
            return False
        record["bitmap"] = found[1] if found else None
        record["priorities"] = priorities if record.get("oper") is not False else []
        return found is None or priorities is not None
    if name == "oper":
        record["oper"] = {"on": True, "off": False}.get(value.lower())
        if record["oper"] is False:
            record["priorities"] = []
        return record["oper"] is not None
    record[name] = value.lower() if name == "mode" else integer(value)
    return record[name] is not None or untold(value)


_PFC_FIELDS: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    "mode": TEXT_OR_NULL,
    "oper": BOOLEAN_OR_NULL,
    "bitmap": TEXT_OR_NULL,
    "priorities": {"type": ["array", "null"], "items": {"type": "integer"}},
    "rx_frames": INTEGER_OR_NULL,
    "tx_frames": INTEGER_OR_NULL,
    "rx": COUNTERS,
    "tx": COUNTERS,
}


def _either(page: Page) -> Parsed:
    """The table, or the blocks of ``detail``: the command may have been typed with either."""
    if any(_PFC_HEAD.fullmatch(line.text.strip()) for line in page.lines):
        return _pfc(page)
    if any(line.text.strip().lower().startswith("admin mode:") for line in page.lines):
        return _pfc_detail(page)
    return _pfc(page)


PFC: Final = Answer(_either, None, _PFC_FIELDS, ("interface",))

# --- show queuing pfc-queue -------------------------------------------------------------------------------------------

_WATCHED: Final = re.compile(rf"(?P<interface>{_PORT}) Interface PFC watchdog: \[(?P<on>\w+)\]", re.IGNORECASE)
_GROUP: Final = re.compile(
    r"QOS GROUP (?P<group>\d{1,2}) \[(?P<state>[\w -]+)\] +PFC \[(?P<pfc>\w+)\](?: +PFC-COS \[(?P<cos>\d|-+)\])?",
    re.IGNORECASE,
)
_WATCH_LABELS: Final = {
    "disable-action": "disable_action",
    "pfc watch-dog interface-multiplier": "interface_multiplier",
    "pfc watchdog interface-multiplier": "interface_multiplier",
}
_SLOT: Final = re.compile(r"slot +\d+", re.IGNORECASE)
_STATE: Final = {"enabled": True, "disabled": False}
_YES: Final = {"yes": True, "no": False}


def _watchdog(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    group: Record | None = None
    for line in page.lines:
        text = line.text.strip()
        bare = text.strip("|").strip()
        label, colon, value = text.partition(":")
        if _drawn(text) or RULE.fullmatch(line.text) or _SLOT.fullmatch(text) or bare.strip("| ").lower() == "stats":
            continue
        if (head := _WATCHED.fullmatch(text)) and head["on"].lower() in _STATE:
            watched = _STATE[head["on"].lower()]
            records.append({"line": line.number, "interface": head["interface"], "enabled": watched, "groups": []})
            group = None
        elif records and colon and (name := _WATCH_LABELS.get(label.strip().lower())):
            said: Json = integer(value.strip())
            said = _YES.get(value.strip().lower(), said)
            if said is None:
                unparsed.append(line.unparsed())
            records[-1][name] = said
        elif records and (found := _GROUP.fullmatch(bare)):
            group = {
                "line": line.number,
                "qos_group": int(found["group"]),
                "state": found["state"].lower(),
                "pfc": _YES.get(found["pfc"].lower()),
                "cos": integer(found["cos"] or ""),
                "counters": {},
            }
            groups = records[-1]["groups"]
            assert isinstance(groups, list)
            groups.append(group)
        elif group is not None and (cells := [cell.strip() for cell in bare.split("|")]) and len(cells) == 2:
            counters = group["counters"]
            count = integer(cells[1])
            if not isinstance(counters, dict) or (count is None and not untold(cells[1])):
                unparsed.append(line.unparsed())
            else:
                counters[slug(cells[0].replace("+", "and"))] = count
        else:
            unparsed.append(line.unparsed())
    if not records or len(unparsed) > 6 * len(records):
        raise refusal(page, "no port with its Interface PFC watchdog")
    return Parsed(tuple(records), tuple(unparsed))


def _drawn(text: str) -> bool:
    return bool(re.fullmatch(r"\+[-=+]+\+?|\|? *\|?", text))


_GROUPS: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["line", "qos_group", "state", "pfc", "cos", "counters"],
        "properties": {
            "line": {"type": "integer", "minimum": 1},
            "qos_group": {"type": "integer"},
            "state": {"type": "string"},
            "pfc": BOOLEAN_OR_NULL,
            "cos": INTEGER_OR_NULL,
            "counters": COUNTERS,
        },
    },
}
WATCHDOG: Final = Answer(
    _watchdog,
    None,
    {
        "interface": {"type": "string"},
        "enabled": {"type": "boolean"},
        "disable_action": BOOLEAN_OR_NULL,
        "interface_multiplier": INTEGER_OR_NULL,
        "groups": _GROUPS,
    },
    ("interface", "enabled", "groups"),
)

# --- show queuing interface -------------------------------------------------------------------------------------------

_EGRESS: Final = re.compile(rf"Egress Queuing for (?P<interface>{_PORT})(?: \[(?P<scope>\w+)\])?", re.IGNORECASE)
_INGRESS: Final = re.compile(rf"Ingress Queuing for (?P<interface>{_PORT})(?: \[\w+\])?", re.IGNORECASE)
_SCHEDULED: Final = re.compile(r"QoS-Group# +Bandwidth% +PrioLevel +Shape +QLimit", re.IGNORECASE)
_SHAPED: Final = re.compile(r"Min +Max +Units", re.IGNORECASE)
_PAUSED: Final = re.compile(r"QoS-Group# +Pause", re.IGNORECASE)
_BUFFERS: Final = re.compile(r"(?:QoS-Group# +Pause +)?Buff Size +Pause Th +Resume Th", re.IGNORECASE)
_BUFFERED: Final = re.compile(r"QoS-Group# +Pause +Buff Size +Pause Th +Resume Th", re.IGNORECASE)
_BOX: Final = re.compile(r"QOS GROUP (\d{1,2})(?: +.*)?", re.IGNORECASE)
_CASTS: Final = re.compile(r"\| *Unicast *\|(?: *OOBFC Unicast *\|)? *Multicast *", re.IGNORECASE)
_TITLES: Final[Mapping[str, str]] = {
    "port egress statistics": "egress",
    "per port egress statistics": "egress",
    "port ingress statistics": "ingress",
    "per port ingress statistics": "ingress",
    "per slice ingress statistics": "ingress_slice",
    "per slice egress statistics": "egress_slice",
}
_FRAMES: Final = re.compile(r"TxPPP: *(\d{1,24}), *RxPPP: *(\d{1,24})")
_COS_HEAD: Final = re.compile(
    r"(?:PFC_)?COS +QOS[_ ]Group(?: +(?P<pg>PG))? +TxPause +TxCount +RxPause +RxCount", re.IGNORECASE
)
_COUNTED: Final = re.compile(r"([A-Za-z][\w &/()-]{1,60}?) +(\d{1,24}|-|N/A)")
_LIMIT: Final = re.compile(r"(\d{1,12})(?:\((\w)\))?")


class _Queues:
    """One port as it is read, line by line."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.take: Callable[[Line, list[str]], bool] = self._nothing
        self.casts: tuple[str, ...] = ()
        self.group = 0
        self.section = ""
        self.with_pg = False

    def _nothing(self, line: Line, words: list[str]) -> bool:
        return False

    def line(self, line: Line) -> bool:
        text = line.text.strip()
        if text.startswith("|"):
            return self._boxed(text)
        if _SCHEDULED.fullmatch(text):
            self.take = self._scheduled
        elif _BUFFERED.fullmatch(text) or _PAUSED.fullmatch(text):
            self.take = self._buffered
        elif found := _COS_HEAD.fullmatch(text):
            self.take, self.with_pg = self._per_cos, found["pg"] is not None
        elif found := _FRAMES.fullmatch(text):
            self.record["pfc_tx_frames"], self.record["pfc_rx_frames"] = int(found[1]), int(found[2])
        elif text.lower() in _TITLES:
            self.section = _TITLES[text.lower()]
        elif not (_SHAPED.fullmatch(text) or _BUFFERS.fullmatch(text) or text.lower() == "pfc statistics"):
            return self.take(line, text.split()) or self._counted(text)
        return True

    def _list(self, name: str, row: Record) -> bool:
        rows = self.record.setdefault(name, [])
        assert isinstance(rows, list)
        rows.append(row)
        return True

    def _scheduled(self, line: Line, words: list[str]) -> bool:
        if len(words) != 7 or not words[0].isdecimal():
            return False
        limit = _LIMIT.fullmatch(words[6])
        if limit is None and not untold(words[6]):
            return False
        shares = [None if untold(word) else decimal(word) for word in words[1:5]]
        if any(share is None and not untold(word) for share, word in zip(shares, words[1:5], strict=True)):
            return False
        return self._list(
            "queues",
            {
                "line": line.number,
                "qos_group": int(words[0]),
                "bandwidth_percent": shares[0],
                "priority_level": None if shares[1] is None else integer(words[2]),
                "shape_min": shares[2],
                "shape_max": shares[3],
                "shape_unit": None if untold(words[5]) else words[5],
                "queue_limit": int(limit[1]) if limit else None,
                "dynamic": limit is not None and (limit[2] or "").upper() == "D",
            },
        )

    def _buffered(self, line: Line, words: list[str]) -> bool:
        if len(words) != 4 or not words[0].isdecimal():
            return False
        sizes = [integer(word) for word in words[1:]]
        if any(size is None and not untold(word) for size, word in zip(sizes, words[1:], strict=True)):
            return False
        names = ("pause_buffer_bytes", "pause_threshold_bytes", "resume_threshold_bytes")
        row: Record = {"line": line.number, "qos_group": int(words[0]), **dict(zip(names, sizes, strict=True))}
        return self._list("ingress_buffers", row)

    def _per_cos(self, line: Line, words: list[str]) -> bool:
        if len(words) != (7 if self.with_pg else 6) or not words[0].isdecimal():
            return False
        pg = words.pop(2) if self.with_pg else "-"
        tx, rx = integer(words[3]), integer(words[5])
        if tx is None or rx is None:
            return False
        row: Record = {
            "line": line.number,
            "cos": int(words[0]),
            "qos_group": integer(words[1]),
            "pg": integer(pg),
            "tx_pausing": words[2].lower() == "active",
            "tx_frames": tx,
            "rx_paused": words[4].lower() == "active",
            "rx_frames": rx,
        }
        return self._list("pfc", row)

    def _boxed(self, text: str) -> bool:
        inside = text.strip("|")
        if box := _BOX.fullmatch(inside.strip()):
            self.group, self.casts = int(box[1]), ()
            self._list("counters", {"qos_group": self.group})
            return True
        cells = [cell.strip() for cell in inside.split("|")]
        if not cells[0] and len(cells) > 1 and all(cell and not cell[0].isdigit() for cell in cells[1:]):
            self.casts = tuple(slug(cell) for cell in cells[1:])
            return True
        held = self.record.get("counters")
        if not isinstance(held, list) or not isinstance(held[-1], dict) or len(cells) < 2:
            return False
        into = held[-1]
        if self.casts and len(cells) == len(self.casts) + 1:
            pairs = [(cast, cells[0], cell) for cast, cell in zip(self.casts, cells[1:], strict=True)]
        elif len(cells) % 2 == 0:
            pairs = [("all", cells[at], cells[at + 1]) for at in range(0, len(cells), 2)]
        else:
            return False
        if any(integer(cell) is None and not untold(cell) for _, _, cell in pairs):
            return False
        for cast, label, cell in pairs:
            counts = into.setdefault(cast, {})
            assert isinstance(counts, dict)
            counts[slug(label)] = integer(cell)
        return True

    def _counted(self, text: str) -> bool:
        found = _COUNTED.fullmatch(text)
        if not found or not self.section:
            return False
        held = self.record.setdefault(self.section, {})
        assert isinstance(held, dict)
        held[slug(found[1])] = integer(found[2])
        return True


def _queuing(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    queues: _Queues | None = None
    for line in page.lines:
        text = line.text.strip()
        if RULE.fullmatch(line.text) or _drawn(text) or _SLOT.fullmatch(text):
            continue
        found = _EGRESS.fullmatch(text) or _INGRESS.fullmatch(text)
        if found and records and records[-1]["interface"] == found["interface"]:
            queues = queues or _Queues(records[-1])
            queues.section = ""
        elif found:
            scope = found.groupdict().get("scope")
            records.append(
                {"line": line.number, "interface": found["interface"], "scope": (scope or "").lower() or None}
            )
            queues = _Queues(records[-1])
        elif queues is None or not queues.line(line):
            unparsed.append(line.unparsed())
    if not records or len(unparsed) > 8 * len(records):
        raise refusal(page, "no Egress Queuing for a port")
    return Parsed(tuple(records), tuple(unparsed))


def _rows(**fields: Schema) -> Schema:
    return {
        "type": "array",
        "items": {"type": "object", "additionalProperties": False, "properties": {**fields}},
    }


_LINE: Final[Schema] = {"type": "integer", "minimum": 1}
QUEUING: Final = Answer(
    _queuing,
    None,
    {
        "interface": {"type": "string"},
        "scope": {"enum": ["system", "interface", None]},
        "queues": _rows(
            line=_LINE, qos_group={"type": "integer"}, bandwidth_percent=DECIMAL_OR_NULL,
            priority_level=INTEGER_OR_NULL, shape_min=DECIMAL_OR_NULL, shape_max=DECIMAL_OR_NULL,
            shape_unit=TEXT_OR_NULL, queue_limit=INTEGER_OR_NULL, dynamic={"type": "boolean"},
        ),
        "ingress_buffers": _rows(
            line=_LINE, qos_group={"type": "integer"}, pause_buffer_bytes=INTEGER_OR_NULL,
            pause_threshold_bytes=INTEGER_OR_NULL, resume_threshold_bytes=INTEGER_OR_NULL,
        ),
        "pfc": _rows(
            line=_LINE, cos={"type": "integer"}, qos_group=INTEGER_OR_NULL, pg=INTEGER_OR_NULL,
            tx_pausing={"type": "boolean"}, tx_frames=INTEGER_OR_NULL, rx_paused={"type": "boolean"},
            rx_frames=INTEGER_OR_NULL,
        ),
        "counters": _rows(
            qos_group={"type": "integer"}, unicast=COUNTERS, oobfc_unicast=COUNTERS, multicast=COUNTERS, all=COUNTERS,
        ),
        "pfc_tx_frames": INTEGER_OR_NULL,
        "pfc_rx_frames": INTEGER_OR_NULL,
        **dict.fromkeys(("egress", "ingress", "egress_slice", "ingress_slice"), COUNTERS),
    },
    ("interface",),
)  # fmt: skip
