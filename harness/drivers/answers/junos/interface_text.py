"""The text of ``show interfaces``, line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..cells import Json, Kind, Record, absent, integer
from ..labels import slug
from ..text import Line, Unparsed
from .cells import FLAGS
from .interface_fields import (
    PAIRS,
    PATTERNS,
    UNIT_TRAFFIC,
    WHOLE_LINES,
    array_at,
    common,
    cos_row,
    fec_count,
    fill,
    heading,
    name_class,
    object_at,
)

_LOGICAL: Final = re.compile(r"Logical interface (\S+)((?: +\([^()]{1,40}\))*)")
_PAREN: Final = re.compile(r"\((Index|SNMP ifIndex|Generation) (\d{1,20})\)")
_INTERFACE_FLAGS: Final = re.compile(r"Interface flags: *(.*?)(?: *Internal: (0x[0-9a-fA-F]{1,16}))?")
_BARE: Final = re.compile(r"(LAN|WAN)-PHY mode")
_PAIR: Final = re.compile(r"([A-Za-z][\w ./-]{0,50}?) *: *(.*)")

_SECTIONS: Final = (
    (re.compile(r"Traffic statistics:"), "traffic"),
    (re.compile(r"IPv6 transit statistics:"), "ipv6_traffic"),
    (re.compile(r"Label-switched interface \(LSI\) traffic statistics:"), "lsi_traffic"),
    (re.compile(r"Dropped traffic statistics due to STP State:"), "stp_dropped"),
    (re.compile(r"Input errors:"), "input_errors"),
    (re.compile(r"Output errors:"), "output_errors"),
    (re.compile(r"Queue counters: +Queued packets +Transmitted packets +Dropped packets"), "queues"),
    (re.compile(r"Queue number: +Mapped forwarding classes"), "classes"),
    (re.compile(r"PCS statistics +Seconds"), "pcs"),
    (re.compile(r"Ethernet FEC statistics +Errors"), "fec"),
    (re.compile(r"MAC statistics: +Receive +Transmit"), "mac_statistics"),
    (re.compile(r"MAC Priority Flow Control Statistics *:(?: +Receive +Transmit)?"), "pfc"),
    (re.compile(r"Filter statistics:"), "filter"),
    (re.compile(r"Autonegotiation information:"), "autonegotiation"),
    (re.compile(r"Link Degrade *:"), "link_degrade"),
    (re.compile(r"MACSec statistics:"), "macsec"),
    (re.compile(r"Packet Forwarding Engine configuration:"), "engine"),
    (re.compile(r"CoS information:"), "cos"),
)
_TRAFFIC: Final = frozenset({"", "traffic", "ipv6_traffic", "lsi_traffic", "stp_dropped"})
_LOOSE: Final = frozenset({"autonegotiation", "link_degrade", "macsec"})
"""Sections whose labels are kept as they stand."""

_COUNTED: Final = re.compile(
    r"(Input|Output) +(bytes|packets) *: +(\d{1,24})(?: +(\d{1,24}) (bps|pps))?", re.IGNORECASE
)
_ROW: Final = re.compile(r"([A-Za-z].{0,60}?)(?: {2,}|: +)(\d[\d.eE+-]{0,40})(?: +(\d{1,24}))?")
_QUEUE_ROW: Final = re.compile(r"(\d{1,3})(?: +([A-Za-z]\S*))? +(\d{1,24}) +(\d{1,24}) +(\d{1,24})")
_CLASS_ROW: Final = re.compile(r"(\d{1,3}) +(\S.*)")
_PFC_ROW: Final = re.compile(r"Priority *: *(\d) +(\d{1,24}) +(\d{1,24})")
_COS_ROW: Final = re.compile(
    r"(\d{1,3}) (\S+) +(\d{1,3}|r) +(\d{1,24}|r) +(\d{1,3}|r) +(\d{1,24}) +([a-z][\w-]*) +([a-z]\w*)"
)
_COS_HEAD: Final = re.compile(r"CoS transmit queue +Bandwidth +Buffer +Priority +Limit|% +bps +% +(?:usec|bytes)")
_DEGRADE_HEAD: Final = re.compile(r"Link-degrade event *: *Seconds +Count +State")
_DEGRADE_ROW: Final = re.compile(r"(\d{1,24}) +(\d{1,24}) +([A-Za-z][\w ]{0,40})")
_MACSEC: Final = re.compile(r"(Output|Input|Secure Channel Transmitted|Secure Channel Received)")


class InterfaceReader:
    """The text of ``show interfaces``, line by line."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.unparsed: list[Unparsed] = []
        self.known = 0
        self.section = ""
        self.ingress = False
        self.side = ""
        self.logical: Record | None = None
        self.in_logical = ""

    def line(self, line: Line) -> None:
        text = line.text.strip()
        if head := heading(text):
            self.records.append({"line": line.number, **head})
            self.section, self.ingress, self.logical = "", False, None
        elif self.records and (found := _LOGICAL.fullmatch(text)):
            self._open(line.number, found)
        elif not self.records or not (self._logical(text) if self.logical is not None else self._physical(text)):
            self.unparsed.append(line.unparsed())
            return
        self.known += 1

    # what belongs to the physical interface

    def _physical(self, text: str) -> bool:
        record = self.records[-1]
        for pattern, name in _SECTIONS:
            if pattern.fullmatch(text):
                self.section, self.side = name, ""
                return True
        for pattern, fields in PATTERNS:
            if found := pattern.fullmatch(text):
                self.ingress = text.startswith("Ingress")
                return fill(record, {field: int(number) for field, number in zip(fields, found.groups(), strict=True)})
        if found := _INTERFACE_FLAGS.fullmatch(text):
            flags = FLAGS.read(found[1])
            return fill(record, {"interface_flags": flags[0] if flags else None, "internal_flags": found[2]})
        label, value = _labelled(text)
        if label in WHOLE_LINES:
            return _write(record, *WHOLE_LINES[label], value)
        return self._counted(record, text) or self._pairs(record, text)

    def _counted(self, record: Record, text: str) -> bool:
        """A row of the section that this is."""
        section = self.section
        if section in _TRAFFIC and (found := _COUNTED.fullmatch(text)):
            return _flow(object_at(record, section or "traffic"), found)
        if section == "queues" and (found := _QUEUE_ROW.fullmatch(text)):
            return _queue(array_at(record, "ingress_queues" if self.ingress else "queues"), found)
        if section == "classes" and (found := _CLASS_ROW.fullmatch(text)):
            return name_class(record, int(found[1]), found[2].strip())
        if section == "pfc" and (found := _PFC_ROW.fullmatch(text)):
            row: Record = {"priority": int(found[1]), "received": int(found[2]), "sent": int(found[3])}
            array_at(record, "pfc").append(row)
            return True
        if section == "cos" and (_COS_HEAD.fullmatch(text) or (found := _COS_ROW.fullmatch(text))):
            if not _COS_HEAD.fullmatch(text) and found:
                array_at(record, "cos").append(cos_row(found.groups()))
            return True
        if section == "link_degrade" and _DEGRADE_HEAD.fullmatch(text):
            return True
        if section == "link_degrade" and (found := _DEGRADE_ROW.fullmatch(text)):
            values = dict(zip(("seconds", "count", "state"), found.groups(), strict=True))
            return fill(object_at(record, section), {f"event_{name}": value for name, value in values.items()})
        if section == "macsec" and (found := _MACSEC.fullmatch(text)):
            self.side = slug(text) if text in ("Input", "Output") else self.side
            return True
        if section in ("pcs", "fec", "mac_statistics", "filter") and (found := _ROW.fullmatch(text)):
            return ", " not in text and _numbers(record, section, found)
        return False

    def _pairs(self, record: Record, text: str) -> bool:
        """Labels with values, several to a line."""
        if self.section in _LOOSE and (done := self._loose(record, text)):
            return done
        known = False
        for part in text.rstrip(",").split(", "):
            if bare := _BARE.fullmatch(part):
                known = fill(record, {"phy_mode": bare[1]})
                continue
            label, value = _labelled(part)
            if label in PAIRS:
                written = _write(record, *PAIRS[label], value)
            elif self.section in ("input_errors", "output_errors", "filter") and value.isdecimal():
                name = common(slug(label))
                written = fill(object_at(record, self.section), {name: int(value)})
            else:
                written = False
            if not written:
                return False
            known = True
        return known

    def _loose(self, record: Record, text: str) -> bool:
        """Labels of a section that are kept as they stand; a label without a value begins a part of it."""
        label, value = _labelled(text)
        if label in ("Interface transmit statistics", "PRBS Mode", "Ethernet FEC Mode"):
            return False
        if label in ("Link partner", "Local resolution") and not value:
            self.side = slug(label)
            return True
        held = object_at(record, self.section)
        parts = [_labelled(part) for part in text.rstrip(",").split(", ")]
        if not all(name for name, _ in parts):
            return False
        return fill(held, {slug(f"{self.side} {name}"): None if absent(said) else said for name, said in parts})

    # what belongs to a logical interface

    def _open(self, line: int, found: re.Match[str]) -> None:
        self.logical = {"line": line, "interface": found[1], "families": []}
        self.in_logical = ""
        array_at(self.records[-1], "logical").append(self.logical)
        self._logical(found[2].strip())

    def _logical(self, text: str) -> bool:
        logical = self.logical
        assert logical is not None
        if not text or _logical_line(self, logical, text):
            return True
        return _beside(self, logical, text)


_FLAGS_LINE: Final = re.compile(r"Flags: *(.*?) *Encapsulation: *(\S.*)")
_FAMILY: Final = re.compile(r"Protocol ([\w-]{1,30})(?:, (.*))?")
_ADDRESS: Final = re.compile(r"(?:Destination|Local|Broadcast): .*")
_MEMBER_RATE: Final = re.compile(r"(Input|Output) *: +(\d{1,24}) +(\d{1,24}) +(\d{1,24}) +(\d{1,24})")
_MEMBER: Final = re.compile(r"[a-z]{2,4}-?\d{1,4}(?:/\d{1,3}){0,2}(?::\d{1,3})?\.\d{1,9}")
_LACP: Final = re.compile(r"(\S+) +(Actor|Partner) +(\d{1,6}) +([0-9a-f:]{17}) +(\d{1,6}) +(\d{1,6}) +(\d{1,6})")
_LACP_COUNTS: Final = re.compile(r"(\S+\.\d{1,9}) +(\d{1,24}) +(\d{1,24}) +(\d{1,24}) +(\d{1,24})")
_COUNT_HEADS: Final = {
    "LACP Statistics": ("lacp_received", "lacp_sent", "lacp_unknown", "lacp_illegal"),
    "Marker Statistics": ("marker_received", "marker_replied", "marker_unknown", "marker_illegal"),
}
_BESIDE: Final = re.compile(
    r"Flags|Max nh cache|New hold nh limit|Curr nh cnt|Curr new hold cnt|NH drop cnt|Generation|Route table|MTU|Policer"
    r"|Input Filters?|Output Filters?|Aggregate member links|Adaptive Adjusts|Adaptive Scans|Adaptive Updates|Bandwidth"
    r"|Description|MAC|Security|VLAN-Tag.{0,60}|Preferred source address|Unicast|Maximum labels|Interface index"
)
_ROUTED: Final = re.compile(r"Routing Instance: (\S+) Bridging Domain: (\S+)")
_LIST_ROW: Final = re.compile(r"(Primary|Backup|Standby) +(\w+)")
_LINK_ROW: Final = re.compile(r"([a-z]{2,4}-\d{1,3}/\d{1,3}/\d{1,3}(?::\d{1,3})?) +(Up|Down)")
_LOGICAL_HEADS: Final = re.compile(
    r"Adaptive Statistics:|Interfaces:|List-Type +Status|Statistics +Packets +pps +Bytes +bps|LACP info: +Role .*"
    r"|priority +identifier +priority +number +key"
)


def _beside(reader: InterfaceReader, logical: Record, text: str) -> bool:
    """What else a logical interface or a family of it says: labels and their values as they stand."""
    families = logical["families"]
    holder = families[-1] if isinstance(families, list) and families else logical
    if _LOGICAL_HEADS.fullmatch(text):
        return True
    if found := _LIST_ROW.fullmatch(text) or _LINK_ROW.fullmatch(text):
        object_at(logical, "links")[found[1].lower()] = found[2].lower()
        return True
    if found := _ROUTED.fullmatch(text):
        return fill(object_at(logical, "said"), {"routing_instance": found[1], "bridging_domain": found[2]})
    if not isinstance(holder, dict) or text == "Addresses":
        return text == "Addresses"
    if text.startswith("Addresses, "):
        text = f"Address {text.removeprefix('Addresses, ')}"
    parts = [_labelled(part) for part in text.rstrip(",").split(", ")]
    if text.startswith(("Flags:", "Address Flags:")):
        parts = [_labelled(text)]
    if not all(_BESIDE.fullmatch(label.removeprefix("Address ")) for label, _ in parts):
        return False
    held = object_at(holder, "said")
    for label, value in parts:
        name = slug(label)
        if name in held:
            before = held[name]
            held[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            held[name] = value or None
    return True


def _logical_line(reader: InterfaceReader, logical: Record, text: str) -> bool:
    families = logical["families"]
    assert isinstance(families, list)
    if told := _PAREN.findall(text):
        fields = {"Index": "index", "SNMP ifIndex": "snmp_index", "Generation": "generation"}
        return fill(logical, {fields[label]: int(number) for label, number in told})
    if found := _FLAGS_LINE.fullmatch(text):
        flags = FLAGS.read(found[1])
        return fill(logical, {"flags": flags[0] if flags else None, "encapsulation": found[2].strip()})
    if text in UNIT_TRAFFIC:
        after = " of transit" if text.startswith("IPv6") and reader.in_logical == "transit" else ""
        reader.in_logical = UNIT_TRAFFIC[text + after]
        return True
    if found := _COUNTED.fullmatch(text):
        section = reader.in_logical or "traffic"
        return section in UNIT_TRAFFIC.values() and _flow(object_at(logical, section), found)
    if found := _FAMILY.fullmatch(text):
        mtu = re.search(r"MTU: (\d{1,9})", found[2] or "")
        families.append({"family": found[1], "mtu": int(mtu[1]) if mtu else None, "addresses": []})
        return True
    if families and _ADDRESS.fullmatch(text):
        return _address(families[-1], text)
    if _MEMBER.fullmatch(text) or text in ("Bundle:", "Link:"):
        reader.in_logical = text.rstrip(":")
        return True
    if found := _MEMBER_RATE.fullmatch(text):
        way = found[1].lower()
        held = object_at(object_at(logical, "members"), slug_member(reader.in_logical))
        names = (f"{way}_packets", f"{way}_pps", f"{way}_bytes", f"{way}_bps")
        return fill(held, dict(zip(names, map(int, found.groups()[1:]), strict=True)))
    if found := _LACP.fullmatch(text):
        numbers = [int(number) for number in (found[3], *found.groups()[4:])]
        array_at(logical, "lacp").append({
            "member": found[1], "role": found[2].lower(), "system_priority": numbers[0], "system": found[4],
            "port_priority": numbers[1], "port": numbers[2], "key": numbers[3],
        })  # fmt: skip
        return True
    label = text.partition(":")[0]
    if label in _COUNT_HEADS:
        reader.in_logical = label
        return True
    if (found := _LACP_COUNTS.fullmatch(text)) and reader.in_logical in _COUNT_HEADS:
        held = object_at(object_at(logical, "members"), slug_member(found[1]))
        return fill(held, dict(zip(_COUNT_HEADS[reader.in_logical], map(int, found.groups()[1:]), strict=True)))
    return False


def slug_member(name: str) -> str:
    return name.lower() if name in ("Bundle", "Link") else name


def _address(family: Json, text: str) -> bool:
    """``Destination: 10.0.0/24, Local: 10.0.0.1, Broadcast: 10.0.0.255``; a broadcast may be on the next line."""
    if not isinstance(family, dict) or not isinstance(addresses := family["addresses"], list):
        return False
    said = {slug(label): value for part in text.rstrip(",").split(", ") for label, value in [_labelled(part)] if label}
    known: Record = {name: said[name] for name in ("local", "destination", "broadcast") if name in said}
    last = addresses[-1] if addresses else None
    if isinstance(last, dict) and known.keys() == {"broadcast"} and "broadcast" not in last:
        last |= known
    else:
        addresses.append(known)
    return bool(known)


def _labelled(text: str) -> tuple[str, str]:
    found = _PAIR.fullmatch(text)
    return (found[1].strip(), found[2].strip()) if found else ("", "")


def _write(record: Record, fields: Sequence[str], kind: Kind, value: str) -> bool:
    values = kind.read(value)
    return values is not None and fill(record, dict(zip(fields, values, strict=True)))


def _flow(held: Record, found: re.Match[str]) -> bool:
    way, what = found[1].lower(), found[2].lower()
    values: Record = {f"{way}_{what}": int(found[3])}
    if found[4]:
        values[f"{way}_{found[5]}"] = int(found[4])
    return fill(held, values)


def _queue(queues: list[Json], found: re.Match[str]) -> bool:
    number = int(found[1])
    if any(isinstance(queue, dict) and queue["queue"] == number for queue in queues):
        return False
    queues.append({"queue": number, "forwarding_class": found[2], "queued": int(found[3]),
                   "transmitted": int(found[4]), "dropped": int(found[5])})  # fmt: skip
    return True


def _numbers(record: Record, section: str, found: re.Match[str]) -> bool:
    name = common(slug(found[1].rstrip(": ")))
    held = object_at(record, section)
    if section == "fec":
        return fec_count(held, name, found[2])
    number = integer(found[2])
    if number is None:
        return False
    if section == "filter":
        return fill(held, {name: number})
    if section == "pcs":
        return name in ("bit_errors_s", "errored_blocks_s") and fill(held, {name: number})
    both: Record = {"receive": number}
    if found[3]:
        both["transmit"] = int(found[3])
    return fill(held, {name: both})
