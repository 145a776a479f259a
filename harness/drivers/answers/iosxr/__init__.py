"""What Cisco IOS-XR answers, of the 8000 series and the NCS first of all.

Formats are from recordings, but for those of ``show interfaces``, ``show lldp neighbors detail`` and the coherent
labels of ``show controllers optics``, which are from public answers, and the ``Valid`` and ``Start time`` behind the
counters of ``show controllers``, which are from memory. IOS-XR prints no JSON of these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..cells import INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema
from ..entry import Entry
from ..labels import Labels, label_fields, label_of, slug
from ..tables import column
from ..text import Page, Parsed, Unparsed, properties
from .controllers import PORTS
from .interfaces import INTERFACES, POLICIES
from .lines import (
    COUNT,
    GAP,
    LISTED,
    RULE,
    SAID,
    WORDS,
    body_of,
    cells_of,
    columns_of,
    listed,
    nothing,
    record_at,
    refused,
    table_of,
)
from .optics import APPLICATIONS, BREAKOUT, OPTICS, SELECTED
from .signals import COHERENT, DEGRADES, OBSERVABLES

# --- show version -------------------------------------------------------------------------------------------------

_BUILT: Final = (
    column(r"Built By", "built_by", SAID),
    column(r"Built On", "built_on", SAID),
    column(r"Buil[dt] Host", "build_host", SAID),
    column(r"Workspace", "workspace", SAID),
    column(r"Version", "version", SAID),
    column(r"Label", "label", SAID),
    column(r"Location", "location", SAID),
    column(r"Source Base", "source_base", SAID),
    column(r"ROM", "rom", SAID),
)
_SOFTWARE: Final = re.compile(r"Cisco IOS XR Software, Version (\S+?)(?:\[(.+)\])?(?: (\S.*))?")
_MACHINE: Final = re.compile(r"cisco (\S.*?) \((.*)\)(?: processor)?(?: with (\S+)(?: bytes)? of memory)?\.?")
_MEMORY: Final = re.compile(r"(\S+) bytes? of (.+?)\.?(?: \((.*)\)\.?)?")
_UPTIME: Final = re.compile(r"(\S+) uptime is (.+)")
_IMAGE: Final = re.compile(r'System image file is "?([^"]+)"?')
_CLOCKED: Final = re.compile(r"(.+ processor at .+)")
_HELD: Final = re.compile(r"(\d{1,6}) ([A-Z][\w/ ()-]{2,60})")
_ACTIVE: Final = re.compile(r"(?:Boot device on node|Package active on node) (\S+?)(?: is (\S+)|:)")
_PACKAGE: Final = re.compile(r"(\S+), V (\S+?), .{1,40}, at (\S+)|(?:Built on|By) .{1,200}")


class Version:
    """``show version``: what runs, and on what."""

    def read(self, page: Page) -> Parsed:
        labels = Labels(_BUILT)
        unparsed: list[Unparsed] = []
        record: Record = {}
        active = False
        for line in body_of(page):
            text = line.text.strip()
            if not record:
                software = _SOFTWARE.fullmatch(text)
                if software is None:
                    break
                record = record_at(line, software_version=software[1], variant=software[2] or software[3])
            elif _ACTIVE.fullmatch(text):
                active = True
            elif active and (package := _PACKAGE.fullmatch(text)):
                if package[1]:
                    _listed(record, "packages", package[1])
            elif (known := label_of(text)) and labels.put(record, *known):
                continue
            elif not self._said(record, text):
                unparsed.append(line.unparsed())
        if not record:
            raise refused(page, "not 'Cisco IOS XR Software, Version'")
        return Parsed((record,), tuple(unparsed))

    @staticmethod
    def _said(record: Record, text: str) -> bool:
        """Lines that are no labels; whether this is one of them."""
        if text == "Build Information:" or text.startswith(("Copyright (c)", "All rights reserved")):
            return True
        if uptime := _UPTIME.fullmatch(text):
            record |= {"hostname": uptime[1] if uptime[1] != "System" else None, "uptime": uptime[2]}
        elif machine := _MACHINE.fullmatch(text):
            named = {"model": machine[1], "processor": machine[2] or None, "memory": machine[3]}
            if "model" in record and "family" not in record:
                record["family"] = record["model"]
            record |= named
        elif image := _IMAGE.fullmatch(text):
            record["image"] = image[1]
        elif held := _HELD.fullmatch(text):
            hardware = record.setdefault("hardware", {})
            if not isinstance(hardware, dict) or slug(held[2]) in hardware:
                return False
            hardware[slug(held[2])] = int(held[1])
        elif memory := _MEMORY.fullmatch(text):
            _listed(record, "storage", f"{memory[1]} {memory[2]}")
        elif _CLOCKED.fullmatch(text):
            _listed(record, "processors", text)
        elif "model" in record and "description" not in record and ":" not in text and not text.startswith("%"):
            record["description"] = text
        else:
            return False
        return True

    def schema(self) -> Schema:
        texts = dict.fromkeys(
            ("variant", "hostname", "uptime", "family", "model", "processor", "memory", "description", "image"),
            TEXT_OR_NULL,
        )
        lists = dict.fromkeys(("packages", "storage", "processors"), WORDS)
        counts = {"hardware": table_of({}, open_to={"type": "integer"})}
        fields: dict[str, Schema] = {"software_version": {"type": "string"}, **texts, **lists, **counts}
        return properties({**fields, **label_fields(_BUILT)}, ["software_version"])


def _listed(record: Record, name: str, text: str) -> None:
    values = record.setdefault(name, [])
    if isinstance(values, list):
        values.append(text)


# --- show platform ------------------------------------------------------------------------------------------------

_NODES: Final = {
    "node": "node", "type": "type", "plim": "plim", "state": "state", "config state": "config_state",
    "node name": "node", "node type": "type", "node state": "state",
    "location": "node", "card type": "type", "hw state": "state", "sw state": "software_state",
}  # fmt: skip
_ROLE: Final = re.compile(r"(.+?)\((Active|Standby|SP|DRP)\)", re.IGNORECASE)


class Platform:
    """``show platform``: a record per node, with its part and its state."""

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        columns: list[tuple[int, str]] | None = None
        for line in body_of(page):
            if RULE.fullmatch(line.text):
                continue
            head = columns_of(line.text, _NODES) or []
            if {"node", "state"} <= {name for _, name in head}:
                columns = head
                continue
            row = self._row(line.text, columns) if columns else None
            if row is None:
                unparsed.append(line.unparsed())
            else:
                records.append(record_at(line, **row))
        if columns is None:
            raise refused(page, "no table of nodes")
        return Parsed(tuple(records), tuple(unparsed))

    @staticmethod
    def _row(text: str, columns: list[tuple[int, str]]) -> Record | None:
        words = GAP.split(text.strip())
        starts = [start for start, _ in columns]
        # a state may be of several words, and be missing: the place decides, unless a value runs over its column
        cells = cells_of(text, starts) or (words if len(words) == len(starts) else [])
        said = {name: cell or None for (_, name), cell in zip(columns, cells, strict=False)}
        node, part, state = (said.get(name) for name in ("node", "type", "state"))
        if not cells or not node or not re.fullmatch(r"\d+/\S+", node) or not state:
            return None
        role = _ROLE.fullmatch(part or "")
        if "software_state" in said and nothing(said["software_state"] or ""):
            said["software_state"] = None
        row: Record = {**said, "type": None if part is None or nothing(part) else part, "role": None}
        if role:
            row |= {"type": role[1], "role": role[2].lower()}
        return row

    def schema(self) -> Schema:
        fields = dict.fromkeys(("type", "role", "plim", "software_state", "config_state"), TEXT_OR_NULL)
        texts: dict[str, Schema] = {"node": {"type": "string"}, "state": {"type": "string"}}
        return properties({**texts, **fields}, ["node", "type", "role", "state"])


# --- show inventory -----------------------------------------------------------------------------------------------

_NAME: Final = re.compile(r'NAME: *"(.*?)" *, *DESCR: *"(.*?)" *|NAME: +([^"].*?) +DESCR: +([^"].*?) *', re.IGNORECASE)
_PID: Final = re.compile(r"PID: *(.*?) *(?:, *| )VID: *(.*?) *(?:, *| )SN: *(.*?) *", re.IGNORECASE)
"""The system administration of later releases prints neither quotes nor commas."""


class Inventory:
    """``show inventory``: a record per part."""

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        whole = True
        for line in body_of(page):
            text = line.text.strip()
            if name := _NAME.fullmatch(text):
                records.append(record_at(line, name=name[1] or name[3], description=_text(name[2] or name[4] or "")))
                whole = False
            elif (part := _PID.fullmatch(text)) and not whole:
                records[-1] |= {"pid": _text(part[1]), "vid": _text(part[2]), "serial_number": _text(part[3])}
                whole = True
            else:
                unparsed.append(line.unparsed())
        if not records:
            raise refused(page, "no part")
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        texts = dict.fromkeys(("description", "pid", "vid", "serial_number"), TEXT_OR_NULL)
        return properties({"name": {"type": "string"}, **texts}, ["name", "description"])


def _text(text: str) -> Json:
    text = text.strip()
    return None if nothing(text) else text


# --- LLDP ---------------------------------------------------------------------------------------------------------

_CODES: Final = re.compile(r"Capability codes:|\([A-Z]\) .*")
_TOTAL: Final = re.compile(r"Total entries displayed: *(\d{1,6})")
_HEARD: Final = {
    "device id": "remote_device", "local intf": "interface", "hold-time": "hold_time_s", "capability": "capabilities",
    "port id": "remote_port_id",
}  # fmt: skip
_NEEDED: Final = {"remote_device", "interface", "remote_port_id"}
_LOCAL: Final = re.compile(r"[A-Za-z][\w-]*\d+(?:/[\w]+)*(?:\.\d+)?(?:\[DISABLED\])?")


class Neighbours:
    """``show lldp neighbors``: a record per neighbour."""

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        columns: list[tuple[int, str]] | None = None
        known = False
        for line in body_of(page):
            text = line.text.strip()
            if _CODES.match(text) or RULE.fullmatch(text):
                known = True
            elif (head := columns_of(line.text, _HEARD)) and {name for _, name in head} >= _NEEDED:
                columns = head
            elif total := _TOTAL.fullmatch(text):
                known = True
                if int(total[1]) != len(records):  # rows are missing: what is not there must not look like silence
                    unparsed.append(line.unparsed())
            elif columns and (row := self._row(line.text, columns)):
                records.append(record_at(line, **row))
            else:
                unparsed.append(line.unparsed())
        if columns is None and not (known and len(unparsed) == 0):
            raise refused(page, "no table of neighbours")
        return Parsed(tuple(records), tuple(unparsed))

    @staticmethod
    def _row(text: str, columns: list[tuple[int, str]]) -> Record | None:
        words = text.split()
        names = [name for _, name in columns]
        cells = words if len(words) == len(columns) else cells_of(text, [start for start, _ in columns])
        if len(cells) != len(columns):
            return None
        said = dict(zip(names, cells, strict=True))
        hold = COUNT.read(said.get("hold_time_s", ""))
        if hold is None or not _LOCAL.fullmatch(said.get("interface", "")) or not said.get("remote_port_id", "x"):
            return None
        heard = said.get("capabilities", "")
        row: Record = {**{name: _text(cell) for name, cell in said.items()}, "hold_time_s": hold[0]}
        return row | {"capabilities": [] if nothing(heard) else [c for c in heard.split(",") if c]}

    def schema(self) -> Schema:
        fields: dict[str, Schema] = {
            "remote_device": TEXT_OR_NULL,
            "interface": {"type": "string"},
            "hold_time_s": INTEGER_OR_NULL,
            "capabilities": WORDS,
            "remote_port_id": TEXT_OR_NULL,
        }
        return properties(fields, ["remote_device", "interface", "remote_port_id"])


_OF_NEIGHBOUR: Final = (
    column(r"Local Interface", "interface", SAID, must=True),
    column(r"Parent Interface", "parent_interface", SAID),
    column(r"Chassis id", "chassis_id", SAID),
    column(r"Port id", "remote_port_id", SAID),
    column(r"Port Description", "remote_port_description", SAID),
    column(r"System Name", "remote_device", SAID),
    column(r"Time remaining", "time_remaining_s", COUNT),
    column(r"Hold Time", "hold_time_s", COUNT),
    column(r"Age", "age_s", COUNT),
    column(r"System Capabilities", "system_capabilities", LISTED),
    column(r"Enabled Capabilities", "enabled_capabilities", LISTED),
    column(r"Peer MAC Address", "peer_mac", SAID),
    column(r"Vlan ID", "vlan", SAID),
)
_UNSAID: Final = re.compile(r"(.+?) - not advertised", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(IPv4|IPv6) address: *(\S+)", re.IGNORECASE)
_SECONDS: Final = re.compile(r"(\d+) seconds?")


@dataclass(slots=True)
class _Heard:
    """A neighbour as its lines are read."""

    record: Record
    describing: bool = False


class NeighboursInDetail:
    """``show lldp neighbors detail``: a record per neighbour."""

    def read(self, page: Page) -> Parsed:
        labels = Labels(_OF_NEIGHBOUR)
        found: list[_Heard] = []
        unparsed: list[Unparsed] = []
        total: int | None = None
        known = False
        for line in body_of(page):
            text = line.text.strip()
            if RULE.fullmatch(text) or _CODES.match(text):
                known = True
                if found and RULE.fullmatch(text):
                    found[-1].describing = False
            elif counted := _TOTAL.fullmatch(text):
                total = int(counted[1])
                if total != len(found):
                    unparsed.append(line.unparsed())
            elif text.startswith("Local Interface:"):
                found.append(_Heard(record_at(line)))
                labels.put(found[-1].record, *(label_of(text) or ("", "")))
            elif not found or not self._put(labels, found[-1], text):
                unparsed.append(line.unparsed())
        if not found and not (known and total == 0):
            raise refused(page, "no neighbour")
        return Parsed(tuple(one.record for one in found), tuple(unparsed))

    @staticmethod
    def _put(labels: Labels, heard: _Heard, text: str) -> bool:
        record = heard.record
        if text == "System Description:":
            heard.describing = True
            record["system_description"] = None
            return True
        if heard.describing and not text.startswith("Time remaining:"):
            record["system_description"] = "\n".join(filter(None, (str(record["system_description"] or ""), text)))
            return True
        heard.describing = False
        if text.startswith("Management Addresses"):
            record["management_addresses"] = []
            return True
        addresses = record.get("management_addresses")
        if (address := _ADDRESS.fullmatch(text)) and isinstance(addresses, list):
            addresses.append(address[2])
            return True
        if unsaid := _UNSAID.fullmatch(text):
            if unsaid[1] == "System Description":
                record["system_description"] = None
                return True
            return labels.put(record, unsaid[1], "")
        known = label_of(text)
        if known is None:
            return False
        seconds = _SECONDS.fullmatch(known[1])
        return labels.put(record, known[0], seconds[1] if seconds else known[1])

    def schema(self) -> Schema:
        more: dict[str, Schema] = {
            "system_description": TEXT_OR_NULL,
            "management_addresses": listed({"type": "string"}),
        }
        return properties({**label_fields(_OF_NEIGHBOUR), **more}, ["interface"])


COMMANDS: Final[tuple[Entry, ...]] = (
    Entry("show version", "software release, model, uptime", Version()),
    Entry(
        "show platform",
        "nodes with their part and state: cards, fan trays, power trays",
        Platform(),
        ("admin show platform",),
    ),
    Entry(
        "show inventory",
        "parts with their product identifiers and serial numbers",
        Inventory(),
        ("admin show inventory",),
    ),
    Entry("show interfaces", "state, flaps, rates and counters of interfaces", INTERFACES),
    Entry("show lldp neighbors", "neighbours", Neighbours()),
    Entry("show lldp neighbors detail", "neighbours with port descriptions and addresses", NeighboursInDetail()),
    Entry("show policy-map interface", "packets per class of a policy: queues, drops, WRED, ECN", POLICIES),
    Entry(
        "show controllers FourHundredGigE",
        "a port's operation: state, FEC, light, PFC and its watchdog, speed, MTU; or the memory of its module",
        PORTS,
        ("show controllers", "show controllers HundredGigE", "show controllers HundredGigabitEthernet"),
    ),
    Entry(
        "show controllers all phy", "memory of the modules, and what XR reads from it", PORTS, ("show controllers phy",)
    ),
    Entry(
        "show controllers optics",
        "modules: states, alarms, light, thresholds, identity",
        OPTICS,
        ("show controllers optics *",),
    ),
    Entry("show controllers optics db", "states of the optics controllers", OPTICS, ("show controllers optics * db",)),
    Entry(
        "show controllers optics appsel advertised",
        "Applications that a module advertises",
        APPLICATIONS,
        ("show controllers optics * appsel advertised",),
    ),
    Entry(
        "show controllers optics appsel detailed",
        "Applications with their lanes",
        APPLICATIONS,
        ("show controllers optics * appsel detailed",),
    ),
    Entry(
        "show controllers optics appsel active",
        "the Application that runs",
        SELECTED,
        ("show controllers optics * appsel active",),
    ),
    Entry(
        "show controllers optics breakout-details",
        "how a cage is broken out",
        BREAKOUT,
        ("show controllers optics * breakout-details",),
    ),
    Entry(
        "show controllers optics fec-thresholds",
        "when XR reports a degraded signal",
        DEGRADES,
        ("show controllers optics * fec-thresholds",),
    ),
    Entry(
        "show controllers optics observable-info",
        "observables of the module's VDM, with thresholds",
        OBSERVABLES,
        ("show controllers optics * observable-info",),
    ),
    Entry(
        "show controllers coherentDSP",
        "coherent module: alarms, BER before and after FEC",
        COHERENT,
        ("show controllers coherentDSP *",),
    ),
)
