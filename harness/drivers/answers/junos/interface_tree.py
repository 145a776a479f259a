"""XML and JSON of ``show interfaces``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ..cells import COUNT, TEXT, TEXT_OR_NULL, Json, Kind, Record, integer
from ..labels import slug
from ..text import NotThis, Parsed
from .cells import AGO, SPEED_MBPS, SWITCH, WHOLE
from .interface_fields import (
    ADMIN,
    FLOW_NAMES,
    MAC,
    WORD,
    array_at,
    common,
    cos_row,
    fec_count,
    fill,
    name_class,
    object_at,
)
from .tree import Branches, Gathering, Leaves, Node, Tree, count_of, leaves

ADMIN_KIND: Final = Kind("state", (TEXT_OR_NULL,), lambda t: (ADMIN.get(t.strip().lower()),))
_LEAVES: Final[Leaves] = leaves(
    name=("interface", TEXT),
    admin_status=("admin", ADMIN_KIND),
    oper_status=("oper", ADMIN_KIND),
    local_index=("index", COUNT),
    snmp_index=("snmp_index", COUNT),
    generation=("generation", COUNT),
    description=("description", TEXT),
    if_type=("type", TEXT),
    link_level_type=("link_level_type", TEXT),
    mtu=("mtu", WHOLE),
    mru=("mru", WHOLE),
    clocking=("clocking", TEXT),
    speed=("speed_mbps", SPEED_MBPS),
    link_mode=("link_mode", TEXT),
    link_type=("link_mode", TEXT),
    duplex=("link_mode", TEXT),
    physical_information=("physical_information", TEXT),
    bpdu_error=("bpdu_error", WORD),
    ld_pdu_error=("loop_detect_error", WORD),
    eth_switch_error=("ethernet_switching_error", WORD),
    l2pt_error=("mac_rewrite_error", WORD),
    loopback=("loopback", SWITCH),
    source_filtering=("source_filtering", SWITCH),
    if_flow_control=("flow_control", SWITCH),
    if_auto_negotiation=("auto_negotiation", SWITCH),
    if_remote_fault=("remote_fault", WORD),
    if_media_type=("media_type", TEXT),
    pad_to_minimum_frame_size=("padding", SWITCH),
    up_hold_time=("hold_up_ms", COUNT),
    down_hold_time=("hold_down_ms", COUNT),
    current_physical_address=("mac", MAC),
    hardware_physical_address=("hardware_mac", MAC),
    alternate_physical_address=("alternate_mac", MAC),
    esi_value=("segment", TEXT),
    esi_mode=("segment_mode", TEXT),
    interface_transmit_statistics=("transmit_statistics", SWITCH),
)
_DEVICE_ALARMS: Final = re.compile(r"^(?:ethernet|interface)-alarm-|-present$")


def interfaces_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for _, information in tree.items("interface-information"):
        for node in information.children:
            if node.name != "physical-interface":
                gathering.strange(node)
                continue
            if node.first("optics-diagnostics") is not None:
                raise NotThis("the diagnostics of a module", node.line)
            record: Record = {"line": node.line}
            gathering.take(record, node, _LEAVES, _BRANCHES)
            gathering.keep(record, node, "interface")
    return gathering.parsed()


Write = Callable[[Gathering, Record, Node], None]


def _flags(field: str, prefix: str) -> Write:
    def write(gathering: Gathering, record: Record, node: Node) -> None:
        flags: list[Json] = []
        for child in node.children:
            if child.name == "internal-flags":
                if child.text:
                    record["internal_flags"] = child.text
            elif child.name != f"{prefix}none":
                flags.append(child.name.removeprefix(prefix))
        record[field] = flags

    return write


def _when(field: str) -> Write:
    def write(gathering: Gathering, record: Record, node: Node) -> None:
        values = AGO.read(node.text) or (None, None)
        record[field] = values[0]
        seconds = integer(node.attribute("seconds") or "")
        record[f"{field}_s"] = None if values[0] is None else values[1] if seconds is None else seconds

    return write


def _alarms(field: str) -> Write:
    """Alarms are empty elements: ``<ethernet-alarm-link-down/>`` is LINK in text."""

    def write(gathering: Gathering, record: Record, node: Node) -> None:
        names: list[Json] = []
        for held in node.all("interface-alarms"):
            for child in held.children:
                if child.name != "alarm-not-present":
                    name = _DEVICE_ALARMS.sub("", child.name)
                    names.append("LINK" if name == "link-down" else name.upper())
        record[field] = names

    return write


def _traffic(gathering: Gathering, record: Record, node: Node) -> None:
    held: Record = {}
    for child in node.children:
        if child.name == "ipv6-transit-statistics":
            inner = {slug(one.name): number for one in child.children if (number := integer(one.text)) is not None}
            record["ipv6_traffic"] = {name: n for name, n in inner.items() if name in FLOW_NAMES}
        elif slug(child.name) in FLOW_NAMES and not child.children:
            held[slug(child.name)] = integer(child.text)
        else:
            gathering.other(record, child)
    for name in ("bps", "pps"):
        if node.attribute("style") == "brief" and f"input_{name}" in held:
            record |= {f"{way}_{name}": held.pop(f"{way}_{name}", None) for way in ("input", "output")}
    if held:
        record["traffic"] = held


def _errors(field: str) -> Write:
    def write(gathering: Gathering, record: Record, node: Node) -> None:
        held = object_at(record, field)
        for child in node.children:
            number = integer(child.text)
            name = common(slug(child.name.removeprefix("input-").removeprefix("output-")))
            if number is None or not fill(held, {name: number}):
                gathering.strange(child)

    return write


def _both(field: str) -> Write:
    def write(gathering: Gathering, record: Record, node: Node) -> None:
        held = object_at(record, field)
        for child in node.children:
            way, _, rest = child.name.partition("-")
            number = integer(child.text)
            if way not in ("input", "output") or number is None:
                gathering.other(record, child)
                continue
            object_at(held, common(slug(rest)))["receive" if way == "input" else "transmit"] = number

    return write


def _filter(gathering: Gathering, record: Record, node: Node) -> None:
    held = object_at(record, "filter")
    for child in node.children:
        number = integer(child.text)
        if number is None or not fill(held, {common(slug(child.name)): number}):
            gathering.other(record, child)


def _pcs(gathering: Gathering, record: Record, node: Node) -> None:
    held = object_at(record, "pcs")
    for child in node.children:
        name, number = common(slug(child.name)), integer(child.text)
        if name not in ("bit_errors_s", "errored_blocks_s") or number is None:
            gathering.strange(child)
        else:
            held[name] = number


def _fec_counts(gathering: Gathering, record: Record, node: Node) -> None:
    held = object_at(record, "fec")
    for child in node.children:
        if not fec_count(held, common(slug(child.name)), child.text):
            gathering.other(record, child)


def _fec_mode(gathering: Gathering, record: Record, node: Node) -> None:
    said = node.said("enabled_fec_mode") or node.text
    record["fec_mode"] = said or None


def _pfc(gathering: Gathering, record: Record, node: Node) -> None:
    """One element per priority, or one whose children repeat."""
    priorities, received, sent = (
        [integer(child.text) for child in node.all(name)]
        for name in ("mac-pfc-dot1p", "input-mac-pfc-frames", "output-mac-pfc-frames")
    )
    if not len(priorities) == len(received) == len(sent):
        gathering.strange(node)
        return
    for priority, came, went in zip(priorities, received, sent, strict=True):
        if priority is None:
            gathering.strange(node)
        else:
            array_at(record, "pfc").append({"priority": priority, "received": came, "sent": went})


def _queues(gathering: Gathering, record: Record, node: Node) -> None:
    summary = node.first("interface-cos-short-summary") or node.first("interface-cos-summary")
    ingress = summary is not None and (summary.said("intf-cos-queue-type") or "").startswith("Ingress")
    before = "ingress_" if ingress else ""
    if summary is not None:
        record[f"{before}queues_supported"] = count_of(summary, "intf-cos-num-queues-supported")
        record[f"{before}queues_in_use"] = count_of(summary, "intf-cos-num-queues-in-use")
    for queue in node.all("queue"):
        number = count_of(queue, "queue-number")
        if number is None:
            gathering.strange(queue)
            continue
        array_at(record, f"{before}queues").append({
            "queue": number,
            "forwarding_class": queue.said("forwarding-class-name") or None,
            "queued": count_of(queue, "queue-counters-queued-packets"),
            "transmitted": count_of(queue, "queue-counters-trans-packets"),
            "dropped": count_of(queue, "queue-counters-total-drop-packets"),
        })  # fmt: skip


def _class_map(gathering: Gathering, record: Record, node: Node) -> None:
    number, name = count_of(node, "queue-number"), node.said("forwarding-class-name")
    if number is None or not name:
        gathering.strange(node)
    else:
        name_class(record, number, name)


def _cos_tree(gathering: Gathering, record: Record, node: Node) -> None:
    for stream in node.all("cos-stream-information"):
        record["cos_direction"] = stream.said("cos-direction")
        for queue in stream.all("cos-queue-configuration"):
            names = ("number", "forwarding-class", "bandwidth", "bandwidth-bps", "buffer", "buffer-bytes", "priority",
                     "limit")  # fmt: skip
            row = cos_row([queue.said(f"cos-queue-{name}") or None for name in names])
            if isinstance(row["queue"], int):
                array_at(record, "cos").append(row)
            else:
                gathering.strange(queue)


def _cos_counts(gathering: Gathering, record: Record, node: Node) -> None:
    record["cos_queues_supported"] = count_of(node, "physical-interface-cos-hw-max-queues")
    record["cos_queues_usable"] = count_of(node, "physical-interface-cos-use-max-queues")


def _phy_mode(gathering: Gathering, record: Record, node: Node) -> None:
    record["phy_mode"] = node.text.removesuffix("-PHY") or None


def _prbs(gathering: Gathering, record: Record, node: Node) -> None:
    values = SWITCH.read(node.said("prbs_mode") or "")
    record["prbs"] = values[0] if values else None


def _macsec(gathering: Gathering, record: Record, node: Node) -> None:
    record["macsec"] = {slug(child.name): child.text or None for child in node.children}


def _logical(gathering: Gathering, record: Record, node: Node) -> None:
    logical: Record = {"line": node.line, "families": []}
    gathering.take(logical, node, _LOGICAL_LEAVES, _LOGICAL_BRANCHES)
    array_at(record, "logical").append(logical)


def _family(gathering: Gathering, record: Record, node: Node) -> None:
    addresses: list[Json] = [
        {
            name: child.said(f"ifa-{name}")
            for name in ("local", "destination", "broadcast")
            if child.first(f"ifa-{name}")
        }
        for child in node.all("interface-address")
    ]
    mtu = node.said("mtu") or ""
    array_at(record, "families").append({
        "family": node.said("address-family-name") or None,
        "mtu": int(mtu) if re.fullmatch(r"\d{1,9}", mtu) else None,
        "addresses": addresses,
    })  # fmt: skip


def _unit_traffic(field: str, ipv6: str = "") -> Write:
    def write(gathering: Gathering, record: Record, node: Node) -> None:
        for name, counted in ((field, node), (ipv6, node.first("ipv6-transit-statistics"))):
            if name and counted is not None:
                held = {slug(one.name): integer(one.text) for one in counted.children if slug(one.name) in FLOW_NAMES}
                record[name] = {**held}

    return write


def ignore(gathering: Gathering, record: Record, node: Node) -> None:
    """Says nothing: a head, or an empty holder."""


_LOGICAL_LEAVES: Final[Leaves] = leaves(
    name=("interface", TEXT),
    local_index=("index", COUNT),
    snmp_index=("snmp_index", COUNT),
    generation=("generation", COUNT),
    description=("description", TEXT),
    encapsulation=("encapsulation", TEXT),
)
_LOGICAL_BRANCHES: Final[Branches] = {
    "if-config-flags": _flags("flags", "iff-"),
    "traffic-statistics": _unit_traffic("traffic", "ipv6_traffic"),
    "local-traffic-statistics": _unit_traffic("local"),
    "transit-traffic-statistics": _unit_traffic("transit", "ipv6_transit"),
    "address-family": _family,
    "policer-overhead": ignore,
    "filter-information": ignore,
}
_BRANCHES: Final[Branches] = {
    "sonet-mode": _phy_mode,
    "if-device-flags": _flags("device_flags", "ifdf-"),
    "if-config-flags": _flags("interface_flags", "iff-"),
    "if-media-flags": _flags("link_flags", "ifmf-"),
    "ifd-specific-config-flags": ignore,
    "physical-interface-cos-information": _cos_counts,
    "interface-flapped": _when("last_flapped"),
    "statistics-cleared": _when("cleared"),
    "traffic-statistics": _traffic,
    "input-error-list": _errors("input_errors"),
    "output-error-list": _errors("output_errors"),
    "queue-counters": _queues,
    "queue-num-forwarding-class-name-map": _class_map,
    "active-alarms": _alarms("active_alarms"),
    "active-defects": _alarms("active_defects"),
    "ethernet-pcs-statistics": _pcs,
    "ethernet-fec-mode": _fec_mode,
    "ethernet-fec-statistics": _fec_counts,
    "ethernet-mac-statistics": _both("mac_statistics"),
    "ethernet-filter-statistics": _filter,
    "ethernet-mac-pfc-statistics": _pfc,
    "ethernet-prbs-mode": _prbs,
    "macsec-statistics": _macsec,
    "cos-header": ignore,
    "cos-information": _cos_tree,
    "logical-interface": _logical,
}
