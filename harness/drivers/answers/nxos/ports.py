"""Tables of ports of Cisco NX-OS: status, brief, FEC, breakout, capabilities, flow control.

Recorded: status (text), brief (JSON), breakout, capabilities.  From public captures: err-disabled, brief (text).  From
public code: flow control.  From the interfaces guide 10.6: FEC, whose columns stand there without their gaps.  From
recall: the members of the JSON of status.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from ..cells import COUNT, INTEGER_OR_NULL, TEXT_OR_NULL, TEXTS, Json, Kind, Record, integer
from ..entry import refusal
from ..tables import Column, column
from ..text import Page, Parsed, Unparsed
from .interface import SPEED
from .placed import RULE, Head, placed_fields, read_tables
from .tree import LOW, WORD, Answer, Fields, Tree, fields_of, missing, untold

_PORT: Final = re.compile(r"(?!(?:Et|Ma|swp|eth|enp)\d)[A-Za-z][A-Za-z-]{0,30}\d[\w/.:-]{0,30}")
"""A port; ``Et1`` and ``swp1`` are those of others, whose tables are much alike."""

PORT: Final = Kind("port", ({"type": "string"},), lambda text: (text,) if _PORT.fullmatch(text) else None)


def rows_of(columns: Sequence[Column], table: str, required: Sequence[str]) -> Callable[[Tree], list[Record]]:
    """How a table of JSON is read whose rows have scalar members alone."""

    def read(tree: Tree) -> list[Record]:
        fields = Fields(columns)
        if not tree.top.has(f"TABLE_{table}"):
            raise missing(tree, table)
        records = []
        for row in tree.top.rows(table):
            record = fields.of_node(tree, row, {"line": row.line})
            if all(name in record for name in required):
                records.append(record)
            else:
                tree.not_understood(row)
        if not records and tree.strange:
            raise missing(tree, f"{table} whose rows have {', '.join(required)}")
        return records

    return read


def _duplex_speed(text: str) -> tuple[Json, ...] | None:
    """A speed, and whether ``a-`` says that it was negotiated."""
    values = SPEED.read(text)
    return None if values is None else (*values, text.strip().lower().startswith("a-"))


_SPEEDS: Final = Kind("speed", (INTEGER_OR_NULL, {"type": "boolean"}), _duplex_speed)
_DUPLEXES: Final = frozenset({"full", "half", "auto", "a-full", "a-half"})
_DUPLEX: Final = Kind(
    "duplex", (TEXT_OR_NULL,), lambda t: (None,) if untold(t) else (t.lower(),) if t.lower() in _DUPLEXES else None
)
_STATUS: Final = Kind("status", (TEXT_OR_NULL,), lambda t: (t,) if t and " " not in t else None)

_STATUS_COLUMNS: Final = (
    column("Port|interface", "interface", PORT, must=True),
    column("Name|name", "name", WORD),
    column("Status|state", "status", _STATUS, must=True),
    column("Vlan|vlan", "vlan", WORD, must=True),
    column("Duplex|duplex", "duplex", _DUPLEX),
    column("Speed|speed", "speed_mbps negotiated", _SPEEDS),
    column("Type|type", "type", WORD),
)
_STATUS_HEADS: Final = (
    Head(_STATUS_COLUMNS),
    Head(
        (
            column("Interface", "interface", PORT, must=True),
            column("Name", "name", WORD),
            column("Status", "status", _STATUS, must=True),
            column("Reason description", "reason_description", WORD),
            column("Reason", "reason", WORD),
        )
    ),
)
STATUS: Final = Answer(
    lambda page: read_tables(page, _STATUS_HEADS),
    rows_of(_STATUS_COLUMNS, "interface", ("interface", "status", "duplex")),
    {**placed_fields(_STATUS_HEADS)},
    ("interface", "status"),
)

_DISABLED_COLUMNS: Final = (
    column("Port", "interface", PORT, must=True),
    column("Name", "name", WORD),
    column("Status", "status", _STATUS, must=True),
    column("Reason", "reason", WORD, must=True),
)
DISABLED: Final = Answer(
    lambda page: read_tables(page, (Head(_DISABLED_COLUMNS),)),
    None,
    fields_of(_DISABLED_COLUMNS),
    ("interface",),
)


def _rated(text: str) -> tuple[Json, ...] | None:
    """``auto(D)``, ``10G(D)``, ``a-1000(I)``, and ``1000`` of JSON, whose letter stands apart."""
    found = re.fullmatch(r"([\w.-]+?)(?:\((\w)\))?", text.strip())
    if not found:
        return (None, None) if untold(text) else None
    values = SPEED.read(found[1])
    return None if values is None else (*values, found[2])


_RATED: Final = Kind("speed and rate mode", (INTEGER_OR_NULL, TEXT_OR_NULL), _rated)
_REASON: Final = Kind("reason", (TEXT_OR_NULL,), lambda t: (None,) if untold(t) else (t,))
_BRIEF_HEADS: Final = (
    Head(
        (
            column("Ethernet", "interface", PORT, must=True),
            column("VLAN", "vlan", WORD),
            column("Type", "type", WORD),
            column("Mode", "port_mode", WORD),
            column("Status", "state", LOW, must=True),
            column("Reason", "reason", _REASON),
            column("Speed", "speed_mbps rate_mode", _RATED),
            column("Port", "channel", WORD),
        ),
        under=r"Interface(?: Ch #)?",
    ),
    Head(
        (
            column("Port-channel", "interface", PORT, must=True),
            column("VLAN", "vlan", WORD),
            column("Type", "type", WORD),
            column("Mode", "port_mode", WORD),
            column("Status", "state", LOW, must=True),
            column("Reason", "reason", _REASON),
            column("Speed", "speed_mbps rate_mode", _RATED),
            column("Protocol", "protocol", WORD),
        ),
        under=r"Interface",
    ),
    Head(
        (
            column("Port", "interface", PORT, must=True),
            column("VRF", "vrf", WORD, must=True),
            column("Status", "state", LOW, must=True),
            column("IP Address", "ip_address", WORD),
            column("Speed", "speed_mbps rate_mode", _RATED),
            column("MTU", "mtu", COUNT),
        )
    ),
    Head(
        (
            column("Interface", "interface", PORT, must=True),
            column("Secondary VLAN\\(Type\\)", "secondary_vlan", WORD),
            column("Status", "state", LOW, must=True),
            column("Reason", "reason", _REASON),
            column("IP Address", "ip_address", WORD),
            column("Encap type", "encapsulation", WORD),
            column("MTU", "mtu", COUNT),
            column("Description", "description", WORD),
        )
    ),
    Head(
        (
            column("Port", "interface", PORT, must=True),
            column("Status", "state", LOW, must=True),
            column("Reason", "reason", _REASON, must=True),
            column("MTU", "mtu", COUNT, must=True),
        )
    ),
)
_BRIEF_COLUMNS: Final = (
    column("interface", "interface", PORT, must=True),
    column("vlan", "vlan", WORD),
    column("type", "type", WORD),
    column("portmode", "port_mode", WORD),
    column("state|svi_admin_state", "state", LOW),
    column("state_rsn_desc|svi_rsn_desc", "reason", _REASON),
    column("speed", "speed_mbps", SPEED),
    column("ratemode", "rate_mode", WORD),
    column("portchan", "channel", WORD),
    column("proto", "protocol", WORD),
    column("vrf_name_out|vrf", "vrf", WORD),
    column("ip_addr", "ip_address", WORD),
    column("mtu", "mtu", COUNT),
    column("desc", "description", WORD),
)


def _brief(tree: Tree) -> list[Record]:
    own = ("portmode", "state_rsn_desc", "svi_admin_state", "ratemode")
    if not any(row.has(name) for row in tree.top.rows("interface") for name in own):
        raise missing(tree, "interface whose rows have portmode")
    return rows_of(_BRIEF_COLUMNS, "interface", ("interface", "state"))(tree)


BRIEF: Final = Answer(
    lambda page: read_tables(page, _BRIEF_HEADS),
    _brief,
    {**placed_fields(_BRIEF_HEADS), **fields_of(_BRIEF_COLUMNS)},
    ("interface", "state"),
)

# --- FEC, flow control: cells of one word -----------------------------------------------------------------------------

_FEC_NAMES: Final = {
    "name": "interface", "ifindex": "interface_index", "admin-fec": "fec_admin", "oper-fec": "fec_oper",
    "status": "status", "speed": "speed_mbps", "type": "type",
}  # fmt: skip


def _fec(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    names: list[str] = []
    for line in page.lines:
        words = line.text.split()
        low = [word.lower() for word in words]
        if RULE.fullmatch(line.text):
            continue
        if {"name", "admin-fec", "oper-fec"} <= set(low):
            names = [_FEC_NAMES.get(word, "") for word in low]
            if "" in names:
                unparsed.append(line.unparsed())
        elif names[:1] == ["interface"] and (record := _fec_row(names, words, {"line": line.number})):
            records.append(record)
        else:
            unparsed.append(line.unparsed())
    if not names or len(unparsed) > len(records) + 1:
        raise refusal(page, "no table with the columns Name, Admin-fec, Oper-fec")
    return Parsed(tuple(records), tuple(unparsed))


def _fec_row(names: Sequence[str], words: Sequence[str], record: Record) -> Record | None:
    """A row; the type is the rest of the line, and may be missing."""
    if not _PORT.fullmatch(words[0]) or len(words) < 4:
        return None
    last = names[-1] == "type"
    texts = [*words[: len(names) - 1], " ".join(words[len(names) - 1 :])] if last else list(words)
    if len(texts) > len(names) or len(texts) < len(names) - (1 if last else 0):
        return None
    for name, text in zip(names, [*texts, *[""] * (len(names) - len(texts))], strict=True):
        values = (SPEED if name == "speed_mbps" else LOW if name.startswith("fec_") else WORD).read(text)
        if values is None:
            return None
        if name:
            record[name] = values[0]
    return record


_FEC_COLUMNS: Final = (
    column("interface|name", "interface", PORT, must=True),
    column("admin_fec|eth_admin_fec_state", "fec_admin", LOW),
    column("oper_fec|eth_oper_fec_state", "fec_oper", LOW),
    column("status|state", "status", WORD),
    column("speed", "speed_mbps", SPEED),
    column("type", "type", WORD),
    column("ifindex", "interface_index", WORD),
)
FEC: Final = Answer(_fec, None, fields_of(_FEC_COLUMNS), ("interface", "fec_admin", "fec_oper"))

_FLOW_HEAD: Final = re.compile(r"Port +(?:Send|Receive) +.*(?:RxPause +TxPause|TxPause +RxPause)")


def _flow(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    order: list[str] = []
    sides: list[str] = []
    for line in page.lines:
        text = line.text.strip()
        words = text.split()
        if RULE.fullmatch(line.text):
            continue
        if _FLOW_HEAD.fullmatch(text):
            sides = [word.lower() for word in words if word in ("Send", "Receive")]
            order = []
            pauses = [word.lower() for word in words if word in ("RxPause", "TxPause")]
        elif len(sides) == 2 and sorted(words) == ["admin", "admin", "oper", "oper"]:
            order = [f"{sides[at // 2]}_{word}" for at, word in enumerate(words)]
            order = ["interface", *order, *(f"{pause[:2]}_pause" for pause in pauses)]
        elif len(words) == len(order) == 7 and _PORT.fullmatch(words[0]):
            record: Record = {"line": line.number, "interface": words[0]}
            for name, word in zip(order[1:], words[1:], strict=True):
                record[name] = integer(word) if name.endswith("_pause") else None if untold(word) else word.lower()
            if any(record[name] is None and not untold(word) for name, word in zip(order, words, strict=True)):
                unparsed.append(line.unparsed())
            else:
                records.append(record)
        else:
            unparsed.append(line.unparsed())
    if not order or len(unparsed) > len(records) + 1:
        raise refusal(page, "no table with the columns Port, Send, Receive, RxPause, TxPause")
    return Parsed(tuple(records), tuple(unparsed))


FLOW: Final = Answer(
    _flow,
    None,
    {
        "interface": {"type": "string"},
        **dict.fromkeys(("send_admin", "send_oper", "receive_admin", "receive_oper"), TEXT_OR_NULL),
        "rx_pause": INTEGER_OR_NULL,
        "tx_pause": INTEGER_OR_NULL,
    },
    ("interface",),
)

# --- breakout and capabilities ----------------------------------------------------------------------------------------


def _children(text: str) -> tuple[Json, ...] | None:
    """``Eth1/2/1-4``, as the ports that it stands for."""
    found = re.fullmatch(r"(\S+/)(\d{1,3})(?:-(\d{1,3}))?", text.strip())
    if not found or not _PORT.fullmatch(found[1] + found[2]):
        return None
    first, last = int(found[2]), int(found[3] or found[2])
    return ([f"{found[1]}{n}" for n in range(first, last + 1)],) if 0 <= last - first < 64 else None


def _map(text: str) -> tuple[Json, ...] | None:
    """``10g-4x`` as the word, the speed of a child and how many there are."""
    found = re.fullmatch(r"(\d+g)-(\d{1,2})x(?:-\w+)?", text.strip(), re.IGNORECASE)
    return (text.strip(), *(SPEED.read(found[1]) or (None,)), int(found[2])) if found else None


_BREAKOUT_COLUMNS: Final = (
    column("Parent", "interface", PORT, must=True),
    column(
        "Breakout Map", "map speed_mbps count",
        Kind("breakout map", (TEXT_OR_NULL, INTEGER_OR_NULL, INTEGER_OR_NULL), _map), must=True,
    ),
    column("Breakout Ports", "children", Kind("ports", (TEXTS.schemas[0],), _children), must=True),
)  # fmt: skip
BREAKOUT: Final = Answer(
    lambda page: read_tables(page, (Head(_BREAKOUT_COLUMNS),)), None, fields_of(_BREAKOUT_COLUMNS), ("interface", "map")
)


def _yes(text: str) -> tuple[Json, ...] | None:
    low = text.strip().lower()
    return {"yes": (True,), "no": (False,), "supported": (True,), "not supported": (False,)}.get(
        low, (None,) if untold(text) else None
    )


def _speeds(text: str) -> tuple[Json, ...] | None:
    words = [word.strip() for word in text.split(",") if word.strip()]
    return (list(words),) if words else (None,)


_YES: Final = Kind("yes or no", ({"type": ["boolean", "null"]},), _yes)
_CAPABLE: Final = (
    column("Model", "model", WORD),
    column(r"Type \((?:Non )?SFP(?: capable)?\)|Type", "type", WORD),
    column("Speed", "speeds", Kind("speeds", (TEXTS.schemas[0],), _speeds)),
    column("Duplex", "duplex", WORD),
    column(r"Trunk encap\. type", "trunk_encapsulation", WORD),
    column("FabricPath capable", "fabric_path", _YES),
    column("Channel", "channel", _YES),
    column("Broadcast suppression", "broadcast_suppression", WORD),
    column("Flowcontrol", "flow_control", WORD),
    column("Rate mode", "rate_mode", WORD),
    column("Port mode", "port_mode", WORD),
    column("QOS scheduling", "qos_scheduling", WORD),
    column("CoS rewrite", "cos_rewrite", _YES),
    column("ToS rewrite", "tos_rewrite", _YES),
    column("SPAN", "span", _YES),
    column("UDLD", "udld", _YES),
    column("MDIX", "mdix", _YES),
    column("TDR capable", "tdr", _YES),
    column("Link Debounce", "link_debounce", _YES),
    column("Link Debounce Time", "link_debounce_time", _YES),
    column("Link Up Debounce", "link_up_debounce", _YES),
    column("FEX Fabric", "fex_fabric", _YES),
    column("dot1Q-tunnel mode", "dot1q_tunnel", _YES),
    column("EFP", "efp", _YES),
    column("Num Rewrites Allowed", "rewrites", COUNT),
    column("Pvlan Trunk capable", "pvlan_trunk", _YES),
    column("Port Group Members", "group_members", WORD),
    column(r"EEE \(efficient-eth\)", "eee", WORD),
    column("PFC capable", "pfc", _YES),
    column("Buffer Boost capable", "buffer_boost", _YES),
    column("Breakout capable", "breakout", _YES),
    column("MACSEC capable", "macsec", _YES),
    column("FEC capable", "fec", WORD),
)
"""The last eight stand in captures of Nexus 9000, the others in recordings."""


_THRESHOLDS: Final = re.compile(r"rx-\(\w+\),tx-\(\w+\)")
"""A further line of queues that a port may have."""


def _capabilities(page: Page) -> Parsed:
    fields = Fields(_CAPABLE)
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    last = ""
    for line in page.lines:
        above, last = last, line.text.strip()
        label, colon, value = last.partition(":")
        if not line.text[0].isspace() and _PORT.fullmatch(line.text):
            records.append({"line": line.number, "interface": line.text})
        elif records and above.startswith("QOS scheduling:") and _THRESHOLDS.fullmatch(last):
            records[-1]["qos_scheduling"] = f"{records[-1].get('qos_scheduling')} {last}"
            last = above
        elif not records or not colon or not fields.put(records[-1], label, value.strip()):
            unparsed.append(line.unparsed())
        elif label.startswith("Type ("):
            records[-1]["pluggable"] = "Non" not in label
    if not any("model" in record for record in records) or len(unparsed) > sum(len(r) - 2 for r in records):
        raise refusal(page, "no port with its model and speed")
    return Parsed(tuple(records), tuple(unparsed))


CAPABILITIES: Final = Answer(
    _capabilities,
    None,
    {"interface": {"type": "string"}, **fields_of(_CAPABLE), "pluggable": {"type": "boolean"}},
    ("interface",),
)
