"""Neighbours of an Arista switch.

Recorded: ``show lldp neighbors`` as text, ``show lldp neighbors detail`` as JSON.  From published captures: the other
form of each.
"""

from __future__ import annotations

import re
from typing import Final

from ..cells import COUNT, PORT, TEXT_OR_NULL, TEXTS_OR_NULL, Json, Kind, Record, Schema, absent, integer
from ..entry import OTHER, Entry, object_in, refusal
from ..labels import label_of
from ..positions import Member
from ..tables import column
from ..text import NotThis, Page, Parsed, Unparsed, shortened
from .both import Both
from .lines import Columns, Listing
from .members import COUNT as INTEGER
from .members import MEMBERS, NUMBER, TEXTS, VERBATIM, Fact, Facts, Opened, below, facts, opened
from .members import TEXT as WORD
from .members import Kind as JsonKind

_ANY: Final = Kind("name", (TEXT_OR_NULL,), lambda t: (t.strip() or None,))
_TABLE_LINE: Final = re.compile(r"(?:Last table change time|Number of table [\w-]+) *: .*")
_TABLE: Final = Listing(
    (
        Columns(
            (
                column("Port", "interface", PORT, must=True),
                column("Neighbor Device ID", "remote_device", _ANY, must=True),
                column("Neighbor Port ID", "remote_port_id", _ANY, must=True),
                column("TTL", "ttl_s", COUNT),
            )
        ),
    ),
    around=(_TABLE_LINE,),
)
_SHORT: Final = Facts(
    (
        Fact("port", "interface", WORD),
        *facts(VERBATIM, neighborDevice="remote_device", neighborPort="remote_port_id"),
        Fact("ttl", "ttl_s", INTEGER),
    )
)
_TOP: Final = frozenset(
    {"lldpNeighbors", "tablesLastChangeTime", "tablesAgeOuts", "tablesInserts", "tablesDeletes", "tablesDrops"}
)


def _short_json(page: Page) -> Parsed:
    answer = opened(page, "lldpNeighbors")
    unparsed = [*answer.document.unparsed(), *answer.strangers(_TOP)]
    if not isinstance(answer.value["lldpNeighbors"], list):
        raise NotThis("'lldpNeighbors' is no list", answer.document.first)
    records: list[Record] = []
    for one in answer.members("lldpNeighbors"):
        record = answer.row(one, _SHORT, unparsed)
        if record.get("interface") is None:
            unparsed.append(answer.unknown(one))
        else:
            records.append({"line": one.line, **record})
    return Parsed(tuple(records), tuple(unparsed))


# --- in detail -----------------------------------------------------------------------------------------------------


def _quoted(value: Json) -> Json:
    """A port id: some releases give an interface's name in quotation marks, and a MAC address without."""
    text = VERBATIM.read(value)
    return text.strip('"') or None if isinstance(text, str) else None


QUOTED: Final = JsonKind(TEXT_OR_NULL, _quoted)
ID_TYPES: Final = {
    "macaddress": "mac", "interfacename": "interface_name", "interfacealias": "interface_alias", "local": "local",
    "locallyassigned": "local", "networkaddress": "address", "mac address": "mac", "interface name": "interface_name",
    "interface alias": "interface_alias", "locally assigned": "local", "network address": "address",
    "chassis component": "chassis_component", "port component": "port_component",
}  # fmt: skip
_ID_TYPE: Final = JsonKind(TEXT_OR_NULL, lambda value: ID_TYPES.get(str(value).lower(), str(value)) if value else None)


def _capable(value: Json) -> Json:
    return list[Json](sorted(name for name, on in object_in(value).items() if on is True))


def _addresses(value: Json) -> Json:
    found = [object_in(one).get("address") for one in value] if isinstance(value, list) else []
    return list[Json](str(one) for one in found if one)


_NEIGHBOUR: Final = Facts(
    (
        *facts(VERBATIM, systemName="remote_device", systemDescription="system_description"),
        Fact("chassisIdType", "chassis_id_type", _ID_TYPE),
        Fact("chassisId", "chassis_id", WORD),
        Fact("ttl", "ttl_s", INTEGER),
        *facts(NUMBER, lastContactTime="heard_at", neighborDiscoveryTime="discovered_at", lastChangeTime="changed_at"),
        Fact("systemCapabilities", "enabled_capabilities", JsonKind(TEXTS_OR_NULL, _capable)),
        Fact("managementAddresses", "management_addresses", JsonKind(TEXTS_OR_NULL, _addresses)),
        *below(
            "neighborInterfaceInfo",
            Fact("interfaceIdType", "port_id_type", _ID_TYPE),
            Fact("interfaceId", "remote_port_id", QUOTED),
            Fact("interfaceId_v2", "", QUOTED),
            Fact("interfaceDescription", "remote_port_description", QUOTED),
            Fact("maxFrameSize", "max_frame_bytes", INTEGER),
            Fact("linkAggregationStatus", "aggregation", WORD),
            Fact("linkAggregationInterfaceId", "aggregation_id", INTEGER),
            Fact("portVlanId", "port_vlan", INTEGER),
            Fact("autoNegCapability", "auto_negotiation", WORD),
            Fact("autoNegAdvertisedCapabilities", "advertised", TEXTS),
            Fact("operMauType", "mau_type", VERBATIM),
            *(
                Fact(name, "", MEMBERS)
                for name in (
                    "portAndProtocolVlanEnabled", "portAndProtocolVlanSupported", "protocolIdentityInfo", "vlanNames",
                    "unknownTlvs", "unknownOrgDefinedTlvs",
                )
            ),
        ),
    )
)  # fmt: skip
_DETAIL_FIELDS: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    **_NEIGHBOUR.schema(),
    "capabilities": TEXTS_OR_NULL,
    "age": TEXT_OR_NULL,
    "discovered": TEXT_OR_NULL,
    "changed": TEXT_OR_NULL,
    "other": OTHER,
}


def _detail_json(page: Page) -> Parsed:
    answer = opened(page, "lldpNeighbors")
    unparsed = [*answer.document.unparsed(), *answer.strangers(_TOP)]
    if not isinstance(answer.value["lldpNeighbors"], dict):
        raise NotThis("'lldpNeighbors' has no ports", answer.document.first)
    records: list[Record] = []
    for port in answer.members("lldpNeighbors"):
        inside = next((one for one in answer.document.members(port) if one.name == "lldpNeighborInfo"), None)
        if inside is None:
            raise NotThis(f"no 'lldpNeighborInfo' of {shortened(port.name)}", port.line)
        records += [_heard(answer, port.name, one, unparsed) for one in answer.document.members(inside)]
    return Parsed(tuple(records), tuple(unparsed))


def _heard(answer: Opened, port: str, one: Member, unparsed: list[Unparsed]) -> Record:
    return {"line": one.line, "interface": port, **answer.row(one, _NEIGHBOUR, unparsed)}


_PORT_HEAD: Final = re.compile(r"Interface (\S+) detected (\d+) LLDP neighbors?:?")
_HEARD: Final = re.compile(r"Neighbor (\S+?)/(.+), age (.+)")
_SEEN: Final = re.compile(r"Discovered (.+?); Last changed (.+)")
_TYPE: Final = re.compile(r"(.+?)(?: \(\d+\))?")
_LABELS: Final = {
    "chassis id": "chassis_id",
    "port description": "remote_port_description",
    "system name": "remote_device",
    "system description": "system_description",
    "operational mau type": "mau_type",
    "link aggregation status": "aggregation",
}
_SKIPPED: Final = re.compile(
    r"(?:- )?(?:Interface Number Subtype|Interface Number|OID String|Management Address Subtype"
    r"|IEEE802\.1/IEEE802\.3 Link Aggregation|IEEE802\.3 MAC/PHY Configuration/Status|IEEE802\.1 VLAN Name.*"
    r"|IEEE802\.1 Protocol .*|IEEE802\.3 Power .*|Unknown organizationally-defined TLV .*|LLDP-MED .*|VLAN (?:ID|Name)"
    r"|Port and Protocol VLAN.*)(?: *:.*|)",
    re.IGNORECASE,
)
_BYTES: Final = re.compile(r"[0-9a-f]{2}(?: [0-9a-f]{2})*", re.IGNORECASE)
_MEDIUM: Final = re.compile(r"\d+G?BASE-\S+ \((?:half|full)-duplex\)|\S*PAUSE\S*|.*PAUSE.*|Other", re.IGNORECASE)


def _detail_text(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    port: str | None = None
    inside = ""
    for line in page.lines:
        text = line.text.strip()
        if head := _PORT_HEAD.fullmatch(text):
            port, inside = head[1], ""
        elif port is not None and (heard := _HEARD.fullmatch(text)):
            records.append({"line": line.number, "interface": port, "age": heard[3]})
            inside = ""
        elif not records or not _said(records[-1], text, inside):
            unparsed.append(line.unparsed())
        if text.startswith("- "):
            inside = text[2:].partition(":")[0].strip().lower()
    if port is None:
        raise refusal(page, "no 'Interface ... detected ... LLDP neighbors'")
    return Parsed(tuple(records), tuple(unparsed))


def _said(record: Record, text: str, inside: str) -> bool:
    """Write what one line says of a neighbour; false where it is not known."""
    if seen := _SEEN.fullmatch(text):
        record |= {"discovered": seen[1], "changed": seen[2]}
        return True
    bare = text.removeprefix("- ")
    known = label_of(bare)
    if known is None:
        held = record.get("advertised")
        if _MEDIUM.fullmatch(bare) and isinstance(held, list):
            held.append(bare)
            return True
        return bool(_BYTES.fullmatch(bare) or _MEDIUM.fullmatch(bare) or _SKIPPED.fullmatch(text))
    label, value = known[0].lower(), known[1].strip('"').strip()
    if label in _LABELS:
        record.setdefault(_LABELS[label], value or None)
    elif label in ("chassis id type", "port id type"):
        kind = _TYPE.fullmatch(value)
        record[label.replace(" ", "_")] = ID_TYPES.get(kind[1].lower(), kind[1]) if kind else None
    elif label == "port id":
        if "aggregation" in inside:
            record["aggregation_id"] = integer(value)
        else:
            record["remote_port_id"] = value or None
    elif label == "time to live":
        record["ttl_s"] = integer(value.removesuffix("seconds").strip())
    elif label in ("system capabilities", "enabled capabilities"):
        name = "capabilities" if label.startswith("system") else "enabled_capabilities"
        record[name] = [one.strip().lower() for one in value.split(",") if one.strip()]
    elif label == "management address":
        held = record.setdefault("management_addresses", [])
        assert isinstance(held, list)
        held.append(value)
    elif label == "ieee802.1 port vlan id":
        record["port_vlan"] = integer(value)
    elif label == "ieee802.3 maximum frame size":
        record["max_frame_bytes"] = integer(value.removesuffix("bytes").strip())
    elif label == "auto-negotiation":
        record["auto_negotiation"] = None if absent(value) else value.lower()
        record["advertised"] = []
    elif label == "advertised capabilities":
        record["advertised"] = [] if absent(value) else [value]
    else:
        return _SKIPPED.fullmatch(text) is not None
    return True


LLDP_COMMANDS: Final[tuple[Entry, ...]] = (
    Entry("show lldp neighbors", "neighbours", Both(_short_json, _TABLE, _SHORT.schema())),
    Entry(
        "show lldp neighbors detail",
        "neighbours, in full",
        Both(_detail_json, _detail_text, _DETAIL_FIELDS),
    ),
)
"""What is told of neighbours."""
