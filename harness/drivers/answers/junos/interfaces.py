"""Interfaces: ``show interfaces`` in all its lengths, ``terse`` and ``queue``.

Recorded: a port as text, in normal and extensive length, and the queues of a port.  Seen in public captures: the XML of
the extensive form with its FEC, PFC and queue counters, the JSON of the normal form, and the text of FEC modes and PFC
counters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..cells import TEXT, TEXT_OR_NULL, Json, Record, Schema, integer
from ..entry import OTHER, Entry, Reader
from ..labels import slug
from ..text import Line, NotThis, Page, Parsed, Unparsed, indentation, shortened
from .interface_fields import ADMIN, FREE, INTERFACES, array_at, fill, heading, list_of
from .interface_text import InterfaceReader
from .interface_tree import ADMIN_KIND, ignore, interfaces_tree
from .tree import Branches, Gathering, Leaves, Node, Tree, count_of, leaves, spoken, tree_of


def interfaces(page: Page) -> Parsed:
    """One record per physical interface, with its logical ones inside."""
    tree = tree_of(page)
    if tree is not None:
        return interfaces_tree(tree)
    reader = InterfaceReader()
    lines = spoken(page)
    for line in lines:
        reader.line(line)
    if not reader.records or len(reader.unparsed) > 3 * reader.known:
        first = lines[0]
        raise NotThis(f"no 'Physical interface: X': {shortened(first.text)}", first.number)
    return Parsed(tuple(reader.records), tuple(reader.unparsed))


# --- show interfaces terse ----------------------------------------------------------------------------------------

_TERSE_HEAD: Final = re.compile(r"(Interface +)(Admin +)(Link +)(Proto +)(Local +)Remote")
_TERSE: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    "admin": TEXT_OR_NULL,
    "oper": TEXT_OR_NULL,
    "families": list_of({"family": TEXT_OR_NULL, "local": TEXT_OR_NULL, "remote": TEXT_OR_NULL}),
    "other": OTHER,
}
_TERSE_ROW: Final = re.compile(r"(\S+) +(up|down) +(up|down)(?: +(\S.*))?")


def terse(page: Page) -> Parsed:
    """One record per interface, physical and logical alike."""
    tree = tree_of(page)
    if tree is not None:
        return _terse_tree(tree)
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    columns: tuple[int, int] | None = None
    margin = 0
    for line in spoken(page):
        text = line.text[min(margin, indentation(line.text)) :]
        if head := _TERSE_HEAD.fullmatch(text.strip()):
            margin = indentation(line.text)
            columns = (head.end(3), head.end(4))
        elif columns is None:
            raise NotThis(f"no head 'Interface Admin Link Proto Local Remote': {shortened(text)}", line.number)
        elif found := _TERSE_ROW.fullmatch(text):
            families: list[Json] = []
            records.append({"line": line.number, "interface": found[1], "admin": found[2], "oper": found[3],
                            "families": families})  # fmt: skip
            if found[4] and not _terse_family(families, text, found.start(4), columns):
                unparsed.append(line.unparsed())
        elif not (
            records
            and text[:1].isspace()
            and isinstance(held := records[-1]["families"], list)
            and _terse_family(held, text, indentation(text), columns)
        ):
            unparsed.append(line.unparsed())
    if columns is None:
        raise NotThis("no head 'Interface Admin Link Proto Local Remote'")
    return Parsed(tuple(records), tuple(unparsed))


def _terse_family(families: list[Json], text: str, start: int, columns: tuple[int, int]) -> bool:
    """Add family, own and far address; a further address of a family stands below the first, without its name."""
    proto, local = columns
    words = text[start:].split()
    name: Json = None
    if start < (proto + local) // 2:
        name, words = words[0], words[1:]
    elif families and isinstance(last := families[-1], dict):
        name = last["family"]
    own = [word for word in words[:1] if word != "-->"]
    far = [word for word in words[len(own) :] if word != "-->"]
    if len(far) > 1 or name is None or not (own or far or start < local):
        return False
    families.append({"family": name, "local": own[0] if own else None, "remote": far[0] if far else None})
    return True


def _terse_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for _, information in tree.items("interface-information"):
        for physical in information.all("physical-interface"):
            if physical.first("admin-status") is None:
                raise NotThis("no <admin-status> of an interface", physical.line)
            for node in (physical, *physical.all("logical-interface")):
                record: Record = {"line": node.line, "families": []}
                gathering.take(record, node, _TERSE_LEAVES, _TERSE_BRANCHES)
                gathering.keep(record, node, "interface")
    return gathering.parsed()


def _terse_address(gathering: Gathering, record: Record, node: Node) -> None:
    family = node.said("address-family-name") or node.said("ae-bundle-name")
    rows: list[Json] = [
        {"family": family, "local": child.said("ifa-local"), "remote": child.said("ifa-destination")}
        for child in node.all("interface-address")
    ]
    array_at(record, "families").extend(rows or [{"family": family, "local": None, "remote": None}])


_TERSE_LEAVES: Final[Leaves] = leaves(
    name=("interface", TEXT), admin_status=("admin", ADMIN_KIND), oper_status=("oper", ADMIN_KIND)
)
_TERSE_BRANCHES: Final[Branches] = {"logical-interface": ignore, "address-family": _terse_address}

# --- show interfaces queue ----------------------------------------------------------------------------------------

_QUEUE: Final = re.compile(r"Queue: (\d{1,3})(?:, Forwarding classes: (\S.*))?")
_QUEUE_SECTION: Final = re.compile(r"(Queued|Transmitted):")
_QUEUE_COUNT: Final = re.compile(r"([A-Za-z][\w ,-]{0,50}?) *: +(\d{1,24}|Not Available)(?: +(\d{1,24}) (pps|bps))?")
_LOSS: Final = frozenset(
    {"low", "medium_low", "medium_high", "high", "low_tcp", "low_non_tcp", "high_tcp", "high_non_tcp"}
)
_QUEUE_COUNTERS: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    "admin": TEXT_OR_NULL,
    "oper": TEXT_OR_NULL,
    "direction": {"enum": ["egress", "ingress"]},
    "queue": {"type": "integer"},
    "forwarding_class": TEXT_OR_NULL,
    "counters": FREE,
    "rates": FREE,
    "other": OTHER,
}


def queue(page: Page) -> Parsed:
    """One record per queue of a port: packets and bytes that were queued, sent, dropped and marked."""
    tree = tree_of(page)
    return _queue_text(spoken(page)) if tree is None else _queue_tree(tree)


def _queue_text(lines: Sequence[Line]) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    port: Record | None = None
    direction, section, dropped = "egress", "", ""
    for line in lines:
        text = line.text.strip()
        if head := heading(text):
            port, direction, section = head, "egress", ""
        elif port is None:
            raise NotThis(f"no 'Physical interface: X': {shortened(text)}", line.number)
        elif found := _QUEUE.fullmatch(text):
            classes = (found[2] or "").strip() or None
            records.append({"line": line.number, **port, "direction": direction, "queue": int(found[1]),
                            "forwarding_class": classes, "counters": {}, "rates": {}})  # fmt: skip
            section = dropped = ""
        elif found := _QUEUE_SECTION.fullmatch(text):
            section, dropped = found[1].lower(), ""
        elif text.startswith(("Ingress queues:", "Egress queues:")):
            direction = text.partition(" ")[0].lower()
        elif section and records and (found := _QUEUE_COUNT.fullmatch(text)):
            name = slug(found[1])
            if name in _LOSS:
                name = f"{dropped}_{name}"
            elif "red_dropped" in name:
                dropped = name
            if not _queue_counter(records[-1], name if "_" in name else f"{section}_{name}", found):
                unparsed.append(line.unparsed())
        elif not _QUEUE_HEAD.fullmatch(text):
            unparsed.append(line.unparsed())
    if not records:
        raise NotThis(f"no queue: {shortened(lines[0].text)}", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


_QUEUE_HEAD: Final = re.compile(
    r"Interface index: \d+, SNMP ifIndex: \d+.*|Description: .*|Forwarding classes: \d+ supported, \d+ in use"
    r"|Burst size: .*|Queue-depth bytes *:|Maximum +: .*"
)


def _queue_counter(record: Record, name: str, found: re.Match[str]) -> bool:
    counters, rates = record["counters"], record["rates"]
    assert isinstance(counters, dict) and isinstance(rates, dict)
    if not fill(counters, {name: int(found[2]) if found[2].isdecimal() else None}):
        return False
    return not found[3] or fill(rates, {f"{name}_{found[4]}": int(found[3])})


def _queue_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for _, information in tree.items("interface-information"):
        for physical in information.all("physical-interface"):
            if physical.first("queue-counters") is None:
                raise NotThis("no <queue-counters> of a port", physical.line)
            port: Record = {"interface": physical.said("name") or ""}
            for field, name in (("admin", "admin-status"), ("oper", "oper-status")):
                if said := physical.said(name):
                    port[field] = ADMIN.get(said.lower())
            for counted in physical.all("queue-counters"):
                _queues_of(gathering, port, counted)
    return gathering.parsed()


def _queues_of(gathering: Gathering, port: Record, counted: Node) -> None:
    summary = counted.first("interface-cos-summary") or counted.first("interface-cos-short-summary")
    ingress = summary is not None and (summary.said("intf-cos-queue-type") or "").startswith("Ingress")
    for node in counted.all("queue"):
        number = count_of(node, "queue-number")
        if number is None:
            gathering.strange(node)
            continue
        counters: Record = {}
        rates: Record = {}
        for child in node.children:
            name = slug(child.name.removeprefix("queue-counters-"))
            if child.name in ("queue-number", "forwarding-class-name"):
                continue
            if name.endswith("_rate"):
                rates[_queue_name(name.removesuffix("_rate"))] = integer(child.text)
            else:
                counters[_queue_name(name)] = integer(child.text)
        gathering.records.append({"line": node.line, **port, "direction": "ingress" if ingress else "egress",
                                  "queue": number, "forwarding_class": node.said("forwarding-class-name") or None,
                                  "counters": counters, "rates": rates})  # fmt: skip


def _queue_name(name: str) -> str:
    """A counter as text calls it."""
    for pattern, instead in (
        (r"^trans_", "transmitted_"), (r"^tail_drop_", "tail_dropped_"), (r"^red_(packets|bytes)", r"red_dropped_\1"),
        (r"^total_drop_", "total_dropped_"), (r"^rl_drop_|^rate_limit_drop_", "rl_dropped_"), (r"^ecn_ce_", "ecn_ce_"),
    ):  # fmt: skip
        name = re.sub(pattern, instead, name)
    return name


COMMANDS: Final = (
    Entry("show interfaces extensive", "state, counters, FEC, PFC, queues and flaps of interfaces",
          Reader(interfaces, INTERFACES, ("interface",)), ("show interfaces",)),
    Entry("show interfaces terse", "state and addresses of interfaces in short",
          Reader(terse, _TERSE, ("interface", "families"))),
    Entry("show interfaces queue", "what queues sent, dropped and marked",
          Reader(queue, _QUEUE_COUNTERS, ("interface", "direction", "queue", "counters", "rates"))),
)  # fmt: skip
