"""What Junos says of its software and its chassis: version, parts, sensors, alarms, and the cages of a PIC.

Recorded: ``show version`` as text, ``show chassis hardware`` as text and JSON.  Seen in public captures: the XML of
both, ``show chassis environment`` (text, XML), ``show chassis pic`` (text; the elements of its XML in public readers).
From the documentation: ``show chassis alarms``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from ..cells import COUNT, INTEGER_OR_NULL, TEXT, TEXT_OR_NULL, TEXTS_OR_NULL, Json, Kind, Record, Schema, absent
from ..entry import OTHER, Entry, Reader
from ..text import Line, NotThis, Page, Parsed, Unparsed, indentation, shortened
from .cells import CELSIUS, WAVELENGTH, celsius
from .tree import Gathering, Leaves, Node, Tree, leaves, spoken, tree_of

_MEMBER: Final = re.compile(r"((?:fpc|re|member|node|localre|lcc|sfc)[\w-]{0,16}):")
_RULE: Final = re.compile(r"-{4,400}")
_GAP: Final = re.compile(r" {2,}")


def members(lines: Sequence[Line]) -> Iterator[tuple[str | None, Line]]:
    """Lines without the titles that the members of a chassis have, each with its member."""
    member: str | None = None
    for at, line in enumerate(lines):
        found = _MEMBER.fullmatch(line.text.strip())
        below = lines[at + 1].text.strip() if at + 1 < len(lines) else ""
        if found and _RULE.fullmatch(below):
            member = found[1]
        elif not _RULE.fullmatch(line.text.strip()):
            yield member, line


# --- show version -------------------------------------------------------------------------------------------------

_PACKAGE: Final = re.compile(r"(\S.{0,120}?) *\[([\w.:+~-]{1,80})\]")
_PLAIN_PACKAGE: Final = re.compile(r"(?:JUNOS|Junos)\b[^:]{1,120}")
_OF_VERSION: Final = {
    "hostname": "hostname",
    "model": "model",
    "family": "family",
    "junos": "version",
    "yocto": "yocto",
    "linux kernel": "linux_kernel",
}
_NAMES_RELEASE: Final = re.compile(
    r"JUNOS (?:Base OS Software Suite|Base OS boot|Software Release|EX(?: \d{4})? +Software Suite|OS Kernel.*)|junos"
)
_IS_RELEASE: Final = re.compile(r"\d{1,2}\.\d{1,2}[A-Z][\w.:-]{0,40}")
"""``21.4R3-S2.4``; the kernel of later releases has the day and the name of its build instead."""
_VERSION: Final[dict[str, Schema]] = {
    "member": TEXT_OR_NULL,
    **dict.fromkeys(_OF_VERSION.values(), TEXT_OR_NULL),
    "packages": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "version"],
            "properties": {"name": {"type": "string"}, "version": TEXT_OR_NULL},
        },
    },
    "other": OTHER,
}


def version(page: Page) -> Parsed:
    """One record per member: its name, model, release and packages."""
    tree = tree_of(page)
    return _version_text(spoken(page)) if tree is None else _version_tree(tree)


def _version_text(lines: Sequence[Line]) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    last: str | None = ""
    for member, line in members(lines):
        text = line.text.strip()
        label, colon, value = text.partition(":")
        field = _OF_VERSION.get(label.strip().lower()) if colon else None
        package = _PACKAGE.fullmatch(text)
        if not records or member != last or (field and field in records[-1]):
            if not field and not package:
                raise NotThis(f"no host, model or release: {shortened(text)}", line.number)
            records.append({"line": line.number, "member": member, "packages": []})
            last = member
        record = records[-1]
        packages = record["packages"]
        assert isinstance(packages, list)
        if field:
            record[field] = value.strip() or None
        elif package:
            packages.append({"name": package[1], "version": package[2]})
        elif _PLAIN_PACKAGE.fullmatch(text):
            packages.append({"name": text, "version": None})
        else:
            unparsed.append(line.unparsed())
    for record in records:
        _release(record)
    if not any(record.keys() & {"hostname", "model", "version"} for record in records):
        raise NotThis("no host, model or release", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


def _version_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for member, node in tree.items("software-information"):
        record: Record = {"line": node.line, "member": member, "packages": []}
        gathering.take(record, node, _VERSION_LEAVES, {"package-information": _package})
        _release(record)
        gathering.records.append(record)
    return gathering.parsed()


_VERSION_LEAVES: Final[Leaves] = leaves(
    host_name=("hostname", TEXT), product_model=("model", TEXT), junos_version=("version", TEXT)
)


def _package(gathering: Gathering, record: Record, node: Node) -> None:
    comment = node.said("comment") or node.said("name") or ""
    found = _PACKAGE.fullmatch(comment)
    packages = record["packages"]
    assert isinstance(packages, list)
    packages.append({"name": found[1], "version": found[2]} if found else {"name": comment, "version": None})


def _release(record: Record) -> None:
    """The release by its own line; older releases have it at their packages alone."""
    packages = record["packages"]
    assert isinstance(packages, list)
    for package in packages:
        if "version" not in record and isinstance(package, dict) and _NAMES_RELEASE.fullmatch(str(package["name"])):
            said = package["version"]
            if isinstance(said, str) and _IS_RELEASE.fullmatch(said):
                record["version"] = said


# --- show chassis hardware ----------------------------------------------------------------------------------------

_HEADINGS: Final = (
    ("item", r"Item"),
    ("version", r"Version"),
    ("part_number", r"Part number"),
    ("serial", r"Serial number"),
    ("clei_code", r"CLEI code"),
    ("model_number", r"FRU model number"),
    ("description", r"Description"),
)
_ITEM: Final = re.compile(r"[A-Za-z][\w ./()@-]{0,60}")
_SLOT: Final = re.compile(r"(FPC|PIC|Xcvr|MIC) (\d{1,3})")
_PLACES: Final = {"FPC": "fpc", "PIC": "pic", "Xcvr": "port"}
_PARTS: Final = re.compile(r"chassis(?:-sub){0,4}-module|chassis-re-(?:disk|usb|dimm|ssd)-module")
_HARDWARE: Final[dict[str, Schema]] = {
    "member": TEXT_OR_NULL,
    "item": {"type": "string"},
    "inside": {"type": "array", "items": {"type": "string"}},
    "fpc": INTEGER_OR_NULL,
    "pic": INTEGER_OR_NULL,
    "port": INTEGER_OR_NULL,
    **{name: TEXT_OR_NULL for name, _ in _HEADINGS[1:]},
    "other": OTHER,
}


def hardware(page: Page) -> Parsed:
    """One record per part, with the parts that it sits in; a module also with the numbers of FPC, PIC and cage."""
    tree = tree_of(page)
    return _hardware_text(spoken(page)) if tree is None else _hardware_tree(tree)


def _hardware_text(lines: Sequence[Line]) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    columns: list[tuple[str, int]] = []
    above: list[tuple[int, str]] = []
    for member, line in members(lines):
        text = line.text.strip()
        if text == "Hardware inventory:":
            continue
        if headings := headed(line.text, _HEADINGS):
            columns, above = headings, []
            continue
        if not columns:
            raise NotThis(f"no head with Item, Part number and Description: {shortened(text)}", line.number)
        cells = row(line.text, columns)
        if not _ITEM.fullmatch(cells["item"]):
            unparsed.append(line.unparsed())
            continue
        depth = indentation(line.text)
        above = [part for part in above if part[0] < depth]
        records.append(_part(line.number, member, cells, [name for _, name in above]))
        above.append((depth, cells["item"]))
    if not columns:
        raise NotThis("no head with Item, Part number and Description", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


def _part(line: int, member: str | None, cells: dict[str, str], inside: list[str]) -> Record:
    record: Record = {"line": line, "member": member, "item": cells["item"], "inside": [*inside]}
    record |= _place([*inside, cells["item"]])
    record |= {name: None if absent(cell) else cell for name, cell in cells.items() if name != "item"}
    return record


def _place(path: Sequence[str]) -> Record:
    """The numbers of FPC, PIC and cage that a path of parts leads to."""
    place: Record = {"fpc": None, "pic": None, "port": None}
    for part in path:
        if (found := _SLOT.fullmatch(part)) and found[1] in _PLACES:
            place[_PLACES[found[1]]] = int(found[2])
    return place


def headed(text: str, headings: Sequence[tuple[str, str]]) -> list[tuple[str, int]]:
    """The columns of a head by where they start, in their order; empty where the line is no such head."""
    found: list[tuple[str, int]] = []
    rest = text
    for name, heading in headings:
        if match := re.search(rf"(?<!\S){heading}(?=  |$| [A-Z])", rest):
            found.append((name, match.start()))
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    found.sort(key=lambda column: column[1])
    return found if len(found) > 2 and found[0][0] == headings[0][0] and not rest.strip() else []


def row(text: str, columns: Sequence[tuple[str, int]]) -> dict[str, str]:
    """The cells of a row; one that is longer than its column pushes the next one to the right.

    A version that runs into the next column is none: rows of disks have the part's name there.
    """
    cells: dict[str, str] = {}
    start = 0
    for (name, _), following in zip(columns, [at for _, at in columns[1:]] + [len(text)], strict=True):
        end = min(max(following, start), len(text))
        while 0 < end < len(text) and text[end - 1] != " " and text[end] != " ":
            end += 1
        cells[name] = text[start:end].strip()
        if name == "version" and end > following and not cells[name].startswith("REV"):
            cells["version"], end = "", start
        elif (
            end > following and (gaps := [*_GAP.finditer(text, start, end)]) and text[start : gaps[-1].start()].strip()
        ):
            end = gaps[-1].end()  # what runs in from the right is the next one's
            cells[name] = text[start:end].strip()
        start = end
    return cells


def _hardware_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for member, inventory in tree.items("chassis-inventory"):
        for chassis in inventory.all("chassis"):
            _parts(gathering, member, chassis, [])
    return gathering.parsed()


def _parts(gathering: Gathering, member: str | None, node: Node, inside: list[str]) -> None:
    name = node.said("name") or ""
    record: Record = {"line": node.line, "member": member, "item": name, "inside": [*inside], **_place([*inside, name])}
    gathering.take(record, node, _PART_LEAVES, {child.name: _nothing for child in node.children if _is_part(child)})
    for field in ("version", "part_number", "serial", "description"):
        record.setdefault(field, None)
    gathering.records.append(record)
    deeper = inside if node.name == "chassis" else [*inside, name]
    for child in node.children:
        if _is_part(child):
            _parts(gathering, member, child, deeper)


def _is_part(node: Node) -> bool:
    return _PARTS.fullmatch(node.name) is not None


def _nothing(gathering: Gathering, record: Record, node: Node) -> None:
    """Written elsewhere."""


_IGNORED: Final = Kind("written elsewhere", (), lambda text: ())
_PART_LEAVES: Final[Leaves] = leaves(
    name=("", _IGNORED),
    version=("version", TEXT),
    part_number=("part_number", TEXT),
    serial_number=("serial", TEXT),
    clei_code=("clei_code", TEXT),
    model_number=("model_number", TEXT),
    description=("description", TEXT),
)


# --- show chassis environment -------------------------------------------------------------------------------------

_ENVIRONMENT_HEAD: Final = re.compile(r"(Class +)(Item +)(Status +)Measurement")
_STATUS: Final = re.compile(
    r"(.*?\S) +(OK|Absent|Check|Failed|Failure|Fault|Present|Testing|Online|Offline|Empty|Not Present|Power Off)"
    r"(?: +(\S.*))?"
)
_RPM: Final = re.compile(r"(\d{1,6}) RPM")
_ENVIRONMENT: Final[dict[str, Schema]] = {
    "member": TEXT_OR_NULL,
    "class": TEXT_OR_NULL,
    "item": {"type": "string"},
    "status": TEXT_OR_NULL,
    "temperature_c": CELSIUS.schemas[0],
    "rpm": INTEGER_OR_NULL,
    "comment": TEXT_OR_NULL,
    "other": OTHER,
}


def environment(page: Page) -> Parsed:
    """One record per supply, sensor and fan."""
    tree = tree_of(page)
    return _environment_text(spoken(page)) if tree is None else _environment_tree(tree)


def _environment_text(lines: Sequence[Line]) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    group: str | None = None
    at_item = at_status = 0
    for member, line in members(lines):
        if head := _ENVIRONMENT_HEAD.fullmatch(line.text):
            at_item, at_status, group = head.end(1), head.end(2), None
            continue
        if not at_item:
            raise NotThis(f"no head 'Class Item Status Measurement': {shortened(line.text)}", line.number)
        group = line.text[:at_item].strip() or group
        cells = _sensor_cells(line.text[at_item:], at_status - at_item)
        if cells is None:
            unparsed.append(line.unparsed())
        else:
            item, status, said = cells
            records.append({"line": line.number, "member": member, "class": group, "item": item, "status": status,
                            **measured(said)})  # fmt: skip
    if not at_item:
        raise NotThis("no head 'Class Item Status Measurement'", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


def _sensor_cells(text: str, at_status: int) -> tuple[str, str | None, str] | None:
    """Item, status and measurement; by the column of the status, or by its word where an item is longer."""
    item, rest = text[:at_status].strip(), text[at_status:]
    if item and (not rest or text[at_status - 1 : at_status] in ("", " ")):
        status, _, said = rest.partition("  ")
        if not status or re.fullmatch(r"[A-Za-z][A-Za-z -]{0,20}", status.strip()):
            return item, status.strip() or None, said.strip()
    found = _STATUS.fullmatch(text.strip())
    return (found[1], found[2], found[3] or "") if found else None


def measured(text: str) -> Record:
    """What a measurement says: degrees, turns, or words."""
    temperature, turns = celsius(text) if text else None, _RPM.fullmatch(text)
    words = None if absent(text) or temperature is not None or turns else text
    return {"temperature_c": temperature, "rpm": int(turns[1]) if turns else None, "comment": words}


def _environment_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for member, node in tree.items("environment-information"):
        group: str | None = None
        for item in node.children:
            if item.name != "environment-item":
                gathering.strange(item)
                continue
            group = item.said("class") or group
            said = item.said("temperature") or item.said("comment") or ""
            record: Record = {"line": item.line, "member": member, "class": group, "item": item.said("name") or "",
                              "status": item.said("status") or None, **measured(said)}  # fmt: skip
            for child in item.children:
                if child.name not in ("name", "class", "status", "temperature", "comment"):
                    gathering.other(record, child)
            gathering.records.append(record)
    return gathering.parsed()


# --- show chassis alarms ------------------------------------------------------------------------------------------

_NO_ALARMS: Final = re.compile(r"No alarms currently active\.?", re.IGNORECASE)
_ALARM_COUNT: Final = re.compile(r"\d{1,5} alarms? currently active\.?", re.IGNORECASE)
_ALARM_HEAD: Final = re.compile(r"Alarm time +Class +Description")
_ALARM: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S{1,6}) +(Major|Minor|Critical|Info\w*) +(\S.*)")
_ALARMS: Final[dict[str, Schema]] = {
    "member": TEXT_OR_NULL,
    "time": TEXT_OR_NULL,
    "class": TEXT_OR_NULL,
    "description": TEXT_OR_NULL,
    "other": OTHER,
}


def alarms(page: Page) -> Parsed:
    """One record per alarm; none where none is active."""
    tree = tree_of(page)
    if tree is not None:
        gathering = Gathering(tree)
        for member, node in tree.items("alarm-information"):
            for detail in node.all("alarm-detail"):
                record: Record = {"line": detail.line, "member": member}
                gathering.take(record, detail, _ALARM_LEAVES)
                gathering.records.append(record)
        return gathering.parsed()
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    known = False
    lines = spoken(page)
    for member, line in members(lines):
        text = line.text.strip()
        if found := _ALARM.fullmatch(text):
            records.append(
                {"line": line.number, "member": member, "time": found[1], "class": found[2], "description": found[3]}
            )
        elif _NO_ALARMS.fullmatch(text) or _ALARM_COUNT.fullmatch(text) or _ALARM_HEAD.fullmatch(text):
            known = True
        else:
            unparsed.append(line.unparsed())
    if not known:
        raise NotThis(f"no word of how many alarms are active: {shortened(lines[0].text)}", lines[0].number)
    return Parsed(tuple(records), tuple(unparsed))


_ALARM_LEAVES: Final[Leaves] = leaves(
    alarm_time=("time", TEXT), alarm_class=("class", TEXT), alarm_description=("description", TEXT)
)


# --- show chassis pic ---------------------------------------------------------------------------------------------

_PIC: Final = re.compile(r"FPC slot (\d{1,3}), PIC slot (\d{1,3}) information:")
_PIC_LABEL: Final = re.compile(r"(Type|State|PIC version|Uptime)(?: +(\S.*))?")
_PIC_FIELDS: Final = {"Type": "type", "State": "state", "PIC version": "pic_version", "Uptime": "uptime"}
_PORT_HEADINGS: Final = (
    ("port", r"Port"),
    ("cable_type", r"Cable type"),
    ("fiber_type", r"type"),
    ("vendor", r"Xcvr vendor"),
    ("part_number", r"part number"),
    ("wavelength_nm", r"length"),
    ("firmware", r"Firmware"),
    ("juniper_revision", r"Rev"),
    ("msa_version", r"Version"),
    ("port_length", r"Port"),
)
_SPEEDS: Final = re.compile(r"Port +PFE +(Port-Group +)?Capable Port Speeds")
_SPEED: Final = re.compile(r"(\d{1,3}) +(\d{1,3}|NA) +(?:(\d{1,3}|NA) +)?(\S.*)")
_PICS: Final[dict[str, Schema]] = {
    "kind": {"enum": ["pic", "module", "speeds"]},
    "fpc": INTEGER_OR_NULL,
    "pic": INTEGER_OR_NULL,
    **dict.fromkeys(_PIC_FIELDS.values(), TEXT_OR_NULL),
    "port": INTEGER_OR_NULL,
    **{name: TEXT_OR_NULL for name, _ in _PORT_HEADINGS[1:] if name != "wavelength_nm"},
    "wavelength_nm": WAVELENGTH.schemas[0],
    "wavelength": TEXT_OR_NULL,
    "pfe": INTEGER_OR_NULL,
    "port_group": INTEGER_OR_NULL,
    "speeds": TEXTS_OR_NULL,
    "other": OTHER,
}


def pic(page: Page) -> Parsed:
    """The PIC itself, a record per module in its cages, and one per cage with the speeds that it can run."""
    tree = tree_of(page)
    return _pic_text(spoken(page)) if tree is None else _pic_tree(tree)


def _pic_text(lines: Sequence[Line]) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    place: Record = {}
    columns: list[tuple[str, int]] = []
    speeds = grouped = False
    for line in lines:
        text = line.text.strip()
        if found := _PIC.fullmatch(text):
            place = {"fpc": int(found[1]), "pic": int(found[2])}
            columns, speeds = [], False
            records.append({"line": line.number, "kind": "pic", **place})
        elif not records:
            raise NotThis(f"no 'FPC slot N, PIC slot N information': {shortened(text)}", line.number)
        elif columns and (cells := _settled(row(line.text, columns)))["port"].isdecimal():
            records.append({"line": line.number, "kind": "module", **place, **_module(cells)})
        elif speeds and (found := _SPEED.fullmatch(text)) and grouped == (found[3] is not None):
            numbers = {"pfe": found[2], **({"port_group": found[3]} if grouped else {})}
            modes: list[Json] = [mode for mode in re.split(r"[ ,]+", found[4]) if mode]
            records.append({
                "line": line.number, "kind": "speeds", **place, "port": int(found[1]),
                **{name: int(said) if said != "NA" else None for name, said in numbers.items()}, "speeds": modes,
            })  # fmt: skip
        elif headings := headed(line.text, _PORT_HEADINGS):
            columns, speeds = headings, False
        elif found := _SPEEDS.fullmatch(text):
            columns, speeds, grouped = [], True, bool(found[1])
        elif (found := _PIC_LABEL.fullmatch(text)) and not columns and not speeds:
            records[-1][_PIC_FIELDS[found[1]]] = (found[2] or "").strip() or None
        elif text in ("PIC port information:", "Port speed information:"):
            columns, speeds = [], False
        elif not _upper_head(text):
            unparsed.append(line.unparsed())
    return Parsed(tuple(records), tuple(unparsed))


def _upper_head(text: str) -> bool:
    """The upper line of the two that the head of the modules has."""
    return set(text.split()) <= {"Fiber", "Xcvr", "vendor", "Wave-", "JNPR", "MSA", "Short/Long"}


def _settled(cells: dict[str, str]) -> dict[str, str]:
    """A cell that stands to the left of its head goes where it belongs: after a wide gap begins another one."""
    for name, following in pairwise(list(cells)):
        left, *right = _GAP.split(cells[name], maxsplit=1)
        if right and not cells[following]:
            cells[name], cells[following] = left, right[0]
    return cells


def _module(cells: dict[str, str]) -> Record:
    record: Record = {"port": int(cells["port"])}
    for name, cell in cells.items():
        if name == "wavelength_nm":
            read = WAVELENGTH.read(cell)
            record[name] = read[0] if read else None
            record["wavelength"] = None if absent(cell) else cell
        elif name != "port":
            record[name] = None if absent(cell) else cell
    return record


def _pic_tree(tree: Tree) -> Parsed:
    gathering = Gathering(tree)
    for _, information in tree.items("fpc-information", "pic-information"):
        for fpc in information.all("fpc"):
            for detail in fpc.all("pic-detail"):
                _pic_of(gathering, detail)
    return gathering.parsed()


def _pic_of(gathering: Gathering, detail: Node) -> None:
    record: Record = {"line": detail.line, "kind": "pic"}
    gathering.records.append(record)
    gathering.take(record, detail, _PIC_LEAVES, {"port-information": _nothing})
    place: Record = {"fpc": record.get("fpc"), "pic": record.get("pic")}
    for held in detail.all("port-information"):
        for port in held.all("port"):
            module: Record = {"line": port.line, "kind": "module", **place}
            gathering.take(module, port, _PORT_LEAVES, {"wavelength": _wavelength})
            gathering.records.append(module)


def _wavelength(gathering: Gathering, record: Record, node: Node) -> None:
    read = WAVELENGTH.read(node.text)
    record["wavelength_nm"] = read[0] if read else None
    record["wavelength"] = None if absent(node.text) else node.text


_PIC_LEAVES: Final[Leaves] = leaves(
    slot=("fpc", COUNT),
    pic_slot=("pic", COUNT),
    pic_type=("type", TEXT),
    state=("state", TEXT),
    pic_version=("pic_version", TEXT),
    up_time=("uptime", TEXT),
)
_PORT_LEAVES: Final[Leaves] = leaves(
    port_number=("port", COUNT),
    cable_type=("cable_type", TEXT),
    fiber_mode=("fiber_type", TEXT),
    sfp_vendor_name=("vendor", TEXT),
    sfp_vendor_pno=("part_number", TEXT),
    sfp_vendor_fw_ver=("firmware", TEXT),
    sfp_jnpr_ver=("juniper_revision", TEXT),
)

COMMANDS: Final = (
    Entry("show version", "name, model, release and packages", Reader(version, _VERSION, ("packages",))),
    Entry("show chassis hardware", "parts with serial numbers, modules among them",
          Reader(hardware, _HARDWARE, ("item", "inside"))),
    Entry("show chassis environment", "supplies, temperatures and fans",
          Reader(environment, _ENVIRONMENT, ("class", "item", "status"))),
    Entry("show chassis alarms", "alarms that are active", Reader(alarms, _ALARMS), ("show system alarms",)),
    Entry("show chassis pic", "the modules in the cages of a PIC, and the speeds that cages can run",
          Reader(pic, _PICS, ("kind",))),
)  # fmt: skip
