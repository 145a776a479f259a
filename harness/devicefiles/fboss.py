"""FBOSS platform mapping: which lanes of the ASIC reach which cage, which speeds ports have, and how lanes are set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .lines import Cells
from .modes import RATES, rounded
from .remarks import Notes, Remark
from .tree import Members, Node, scalar

TAPS: Final = ("TX_PRE3", "TX_PRE2", "TX_PRE1", "TX_MAIN", "TX_POST1", "TX_POST2", "TX_POST3")
NRZ_MOST: Final = Decimal("25.78125")
HEADERS: Final = {
    "profiles": frozenset({"Port_Speed(mbps)", "NUM_LANES", "Modulation", "A_FEC"}),
    "ports": frozenset({"Global_PortID", "Port_Name", "Supported_Port_Profiles"}),
    "lanes": frozenset({"A_CORE_LANE", "Z_CORE_LANE", "A_PHYSICAL_TX_LANE"}),
    "signal": frozenset({"CORE_LANE", "LANE_SPEED(mbps)", "TX_MAIN"}),
    "descriptor": frozenset({"System_Vendor", "Platform_Type", "Asic_Type"}),
}
"""Columns that tell the tables apart."""

COLUMNS: Final = {
    "profiles": frozenset(
        [
            "Port_Speed(mbps)",
            "A_CHIP_TYPE",
            "Z_CHIP_TYPE",
            "NUM_LANES",
            "Modulation",
            "A_FEC",
            "Z_FEC",
            "MEDIA_TYPE",
            "A_Interface_Type",
            "Z_Interface_Type",
        ]
    ),
    "ports": frozenset(
        [
            "Global_PortID",
            "Logical_PortID",
            "Port_Name",
            "Supported_Port_Profiles",
            "Attached_CoreID",
            "Attached_Core_PortID",
            "Virtual_Device_ID",
            "Port_Type",
            "Scope",
            "Parent_Port",
            "Controlling_Port",
        ]
    ),
    "lanes": frozenset(
        f"{end}_{word}"
        for end in "AZ"
        for word in [
            "SLOT_ID",
            "CHIP_ID",
            "CHIP_TYPE",
            "CORE_ID",
            "CORE_TYPE",
            "CORE_LANE",
            "PHYSICAL_TX_LANE",
            "PHYSICAL_RX_LANE",
            "TX_POLARITY_SWAP",
            "RX_POLARITY_SWAP",
        ]
    ),
    "signal": frozenset(
        [
            "SLOT_ID",
            "CHIP_ID",
            "CHIP_TYPE",
            "CORE_ID",
            "CORE_TYPE",
            "CORE_LANE",
            "LANE_SPEED(mbps)",
            "MEDIA_TYPE",
            "TCVR_VENDOR",
            "TCVR_PART_NUM",
            "DRIVER_PEAKING",
            "TCVR_MEDIA",
            "NIC_VENDOR",
            "OPTICS_VENDOR",
            "CABLE_LENGTH(m)",
            "TX_DRIVE_CURRENT",
            "RX_CTLE_CODE",
            "RX_DSP_MODE",
            "RX_AFE_TRIM",
        ]
    )
    | frozenset(TAPS),
    "descriptor": frozenset(
        ["System_Vendor", "Platform_Type", "Product_Name_Prefixes", "Mode_Names", "Asic_Type", "Variant_Attributes"]
    ),
}
"""Every column that a table may have."""


@dataclass(frozen=True, slots=True)
class PortProfile:
    """One speed, and how a port has it."""

    line: int
    speed_gbps: Decimal
    lanes: int
    modulation: str
    fec: str
    media: str
    far_chip: str
    interface: str


@dataclass(frozen=True, slots=True)
class MappedPort:
    """One port and the profiles that it may have."""

    line: int
    id: int
    logical: int
    name: str  # "eth1/35/1"
    cage: int
    lane: int  # first host lane of the cage, from 1
    profiles: tuple[int, ...]
    type: int  # 0 where it is a front panel port, 4 where it is for management
    controlling: int | None


@dataclass(frozen=True, slots=True)
class LaneEnd:
    """One end of an electrical lane."""

    slot: int
    chip: int
    chip_type: str  # "NPU" | "TRANSCEIVER"
    core: int
    core_type: str  # "TH5_NIF", "OSFP"
    lane: int
    tx: int
    rx: int
    swapped: tuple[bool, bool]  # polarity of tx and rx


@dataclass(frozen=True, slots=True)
class LaneRow:
    """An electrical lane between the ASIC and a cage."""

    line: int
    near: LaneEnd
    far: LaneEnd


@dataclass(frozen=True, slots=True)
class SignalRow:
    """How the transmitter of an ASIC's lane is set for a lane speed and medium."""

    line: int
    chip: int
    core: int
    lane: int
    lane_gbps: Decimal
    media: str
    vendor: str
    part: str
    taps: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Descriptor:
    """Which platform it is."""

    line: int
    vendor: str
    platform: str
    products: tuple[str, ...]
    modes: tuple[str, ...]
    asic: str


@dataclass(frozen=True, slots=True)
class MappingFile:
    """One table of a platform mapping; the rows of the other tables are empty."""

    file: str
    table: str  # "profiles" | "ports" | "lanes" | "signal" | "descriptor"
    profiles: tuple[PortProfile, ...] = ()
    ports: tuple[MappedPort, ...] = ()
    lanes: tuple[LaneRow, ...] = ()
    signals: tuple[SignalRow, ...] = ()
    descriptors: tuple[Descriptor, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class VendorFile:
    """Settings that are handed to the ASIC's SDK, by group."""

    file: str
    settings: Mapping[str, Mapping[str, str]]  # "prod_config_only" -> "sai_uncached_port_stats" -> "0x1"
    remarks: tuple[Remark, ...] = ()


def table_of(columns: tuple[str, ...]) -> str | None:
    """Which table has these columns."""
    return next((name for name, needed in HEADERS.items() if needed <= set(columns)), None)


def read(columns: tuple[str, ...], rows: tuple[Cells, ...], notes: Notes) -> MappingFile:
    """One table out of its rows."""
    table = table_of(columns)
    assert table is not None
    for column in columns:
        if column not in COLUMNS[table]:
            notes.unknown(1, "columns", column)
    if table == "profiles":
        profiles = tuple(profile(row, notes) for row in rows)
        return MappingFile(notes.file, table, profiles=profiles, remarks=notes.found)
    if table == "ports":
        ports = tuple(port(row, notes) for row in rows)
        of_ports(ports, notes)
        return MappingFile(notes.file, table, ports=ports, remarks=notes.found)
    if table == "lanes":
        lanes = tuple(LaneRow(row.line, end(row, "A", notes), end(row, "Z", notes)) for row in rows)
        of_lanes(lanes, notes)
        return MappingFile(notes.file, table, lanes=lanes, remarks=notes.found)
    if table == "signal":
        signals = tuple(signal(row, notes) for row in rows)
        of_signals(signals, notes)
        return MappingFile(notes.file, table, signals=signals, remarks=notes.found)
    return MappingFile(notes.file, table, descriptors=tuple(map(descriptor, rows)), remarks=notes.found)


def profile(row: Cells, notes: Notes) -> PortProfile:
    found = PortProfile(
        row.line,
        row.gbps("Port_Speed(mbps)"),
        row.whole("NUM_LANES"),
        row.text("Modulation"),
        row.text("A_FEC"),
        row.text("MEDIA_TYPE"),
        row.maybe("Z_CHIP_TYPE") or "",
        row.text("A_Interface_Type"),
    )
    if found.lanes < 1:
        raise notes.unreadable(row.line, f"NUM_LANES: a number above 0 was expected, found {found.lanes}")
    rate = found.speed_gbps / found.lanes
    called = f"{found.speed_gbps.normalize():f}G on {found.lanes} lanes"
    of_fabric = Decimal("106.25")  # a fabric port's lane is counted with its coding
    if rate not in RATES and rate != of_fabric:
        message = f"{rounded(rate)} Gb/s a lane, and no lane runs at that"
        notes.contradiction("speed-lanes", row.line, called, message)
    elif found.modulation == "NRZ" and rate > NRZ_MOST:
        notes.contradiction("modulation", row.line, called, f"NRZ at {rate.normalize():f} Gb/s a lane")
    elif found.modulation not in ("NRZ", "PAM4"):
        notes.contradiction("modulation", row.line, called, f"{found.modulation!r} is neither NRZ nor PAM4")
    return found


def port(row: Cells, notes: Notes) -> MappedPort:
    name = row.text("Port_Name")
    place = re.fullmatch(r"(?:eth|fab)[0-9]+/([0-9]{1,4})/([0-9]{1,2})", name)
    if place is None:
        raise notes.unreadable(row.line, f"Port_Name: a name such as eth1/35/1 was expected, found {name!r}")
    text = row.text("Supported_Port_Profiles")
    if not re.fullmatch(r"[0-9]{1,4}(-[0-9]{1,4})*", text):
        what = "Supported_Port_Profiles: numbers and dashes were expected"
        raise notes.unreadable(row.line, f"{what}, found {text!r}")
    return MappedPort(
        row.line,
        row.whole("Global_PortID"),
        row.whole("Logical_PortID"),
        name,
        int(place[1]),
        int(place[2]),
        tuple(map(int, text.split("-"))),
        row.whole("Port_Type"),
        row.whole_or("Controlling_Port"),
    )


def of_ports(ports: tuple[MappedPort, ...], notes: Notes) -> None:
    """What cannot be of ports."""
    first: dict[tuple[str, object], MappedPort] = {}
    for one in ports:
        for what, key in (("name", one.name), ("global id", one.id)):
            if first.setdefault((what, key), one) is not one:
                message = f"{what} {key} stands twice, first on line {first[what, key].line}"
                notes.contradiction("port-twice", one.line, one.name, message)
    known = {one.id: one for one in ports}
    for one in ports:
        if one.controlling is not None and one.controlling not in known:
            notes.contradiction(
                "no-such-row", one.line, one.name, f"controlling port {one.controlling} is none of them"
            )
        for number in dict.fromkeys(one.profiles):
            if one.profiles.count(number) > 1:
                notes.contradiction("profile-twice", one.line, one.name, f"profile {number} stands twice")


def end(row: Cells, side: str, notes: Notes) -> LaneEnd:
    def swapped(column: str) -> bool:
        word = row.text(f"{side}_{column}_POLARITY_SWAP")
        if word not in ("Y", "N"):
            raise notes.unreadable(row.line, f"{side}_{column}_POLARITY_SWAP: Y or N was expected, found {word!r}")
        return word == "Y"

    return LaneEnd(
        row.whole(f"{side}_SLOT_ID"),
        row.whole(f"{side}_CHIP_ID"),
        row.text(f"{side}_CHIP_TYPE"),
        row.whole(f"{side}_CORE_ID"),
        row.text(f"{side}_CORE_TYPE"),
        row.whole(f"{side}_CORE_LANE"),
        row.whole(f"{side}_PHYSICAL_TX_LANE"),
        row.whole(f"{side}_PHYSICAL_RX_LANE"),
        (swapped("TX"), swapped("RX")),
    )


def of_lanes(lanes: tuple[LaneRow, ...], notes: Notes) -> None:
    """What cannot be of lanes: each end, each transmitter and each receiver is one lane's."""
    for side in ("near", "far"):
        for what in ("lane", "tx", "rx"):
            first: dict[tuple[object, ...], LaneRow] = {}
            for row in lanes:
                at: LaneEnd = getattr(row, side)
                key = (at.slot, at.chip, at.chip_type, at.core, getattr(at, what))
                if first.setdefault(key, row) is not row:
                    subject = f"{at.chip_type} {at.chip} core {at.core}"
                    message = f"{what} {getattr(at, what)} is on line {first[key].line} too"
                    notes.contradiction("lane-twice", row.line, subject, message)
    cages: dict[tuple[int, int], list[LaneRow]] = {}
    for row in lanes:
        if row.far.chip_type == "TRANSCEIVER":
            cages.setdefault((row.far.slot, row.far.chip), []).append(row)
    for (_, chip), rows in cages.items():
        found = sorted(row.far.lane for row in rows)
        if found != list(range(found[0], found[0] + len(found))) or found[0]:
            message = f"its lanes are {', '.join(map(str, found))}"
            notes.contradiction("lanes-gap", rows[0].line, f"TRANSCEIVER {chip}", message)
        if len({row.far.core_type for row in rows}) > 1:
            kinds = " and ".join(sorted({row.far.core_type for row in rows}))
            notes.contradiction("cage-type", rows[0].line, f"TRANSCEIVER {chip}", f"it is {kinds}")


def signal(row: Cells, notes: Notes) -> SignalRow:
    return SignalRow(
        row.line,
        row.whole("CHIP_ID"),
        row.whole("CORE_ID"),
        row.whole("CORE_LANE"),
        row.gbps("LANE_SPEED(mbps)"),
        row.text("MEDIA_TYPE"),
        row.maybe("TCVR_VENDOR") or row.maybe("OPTICS_VENDOR") or "",
        row.maybe("TCVR_PART_NUM") or "",
        {tap: row.whole(tap) for tap in TAPS if row.has(tap)},
    )


def of_signals(signals: tuple[SignalRow, ...], notes: Notes) -> None:
    """What cannot be of settings: two of them for one lane, speed and medium that differ."""
    first: dict[tuple[object, ...], SignalRow] = {}
    for row in signals:
        key = (row.chip, row.core, row.lane, row.lane_gbps, row.media, row.vendor, row.part)
        other = first.setdefault(key, row)
        if other is not row:
            told = "differently" if other.taps != row.taps else "again"
            subject = f"core {row.core} lane {row.lane}"
            message = f"{row.lane_gbps.normalize():f}G {row.media} is set {told} on line {other.line}"
            notes.contradiction("setting-twice", row.line, subject, message)


def descriptor(row: Cells) -> Descriptor:
    return Descriptor(
        row.line,
        row.text("System_Vendor"),
        row.text("Platform_Type"),
        tuple(row.text("Product_Name_Prefixes").split("-")),
        tuple(row.text("Mode_Names").split("-")),
        row.text("Asic_Type").removeprefix("ASIC_TYPE_"),
    )


def read_vendor(node: Node, notes: Notes) -> VendorFile:
    """A vendor_config.json out of its JSON."""
    top = Members(node, notes, "")
    settings: dict[str, dict[str, str]] = {}
    for group, one in top.sub("config").each():
        for key, inner in Members(one, notes, group).each():
            if isinstance(inner.value, Mapping):
                for name, value in Members(inner, notes, f"{group} {key}").each():
                    settings.setdefault(f"{group} {key}", {})[name] = str(scalar(value, name, notes))
            else:
                settings.setdefault(group, {})[key] = str(scalar(inner, key, notes))
        settings.setdefault(group, {})
    top.done()
    return VendorFile(notes.file, settings, notes.found)
