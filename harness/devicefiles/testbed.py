"""The tables of a SONiC test lab: its devices and their links."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .lines import Cells
from .remarks import Notes, Remark

DEVICES: Final = frozenset({"Hostname", "ManagementIp", "HwSku", "Type"})
LINKS: Final = frozenset({"StartDevice", "StartPort", "EndDevice", "EndPort"})
OPTIONAL: Final = ("AuthType", "AutoNeg", "VlanMode", "VlanID")
"""Columns that a row may leave out at its end."""

KNOWN: Final = (
    DEVICES
    | LINKS
    | frozenset(
        [
            "Protocol",
            "Os",
            "AuthType",
            "BandWidth",
            "VlanID",
            "VlanMode",
            "AutoNeg",
            "FECDisable",
            "CardType",
            "HwSkuType",
            "MgmtIp",
            "Asic",
        ]
    )
)


@dataclass(frozen=True, slots=True)
class Device:
    """A device of a lab."""

    line: int
    name: str
    address: str  # with its prefix length
    hwsku: str
    type: str
    os: str


@dataclass(frozen=True, slots=True)
class Cabling:
    """A link of a lab."""

    line: int
    near: tuple[str, str]  # device and port
    far: tuple[str, str]
    speed_gbps: Decimal | None
    vlan: str
    mode: str
    autoneg: str | None


@dataclass(frozen=True, slots=True)
class TestbedFile:
    """The devices of a lab, or its links."""

    __test__ = False  # no class of tests

    file: str
    devices: tuple[Device, ...]
    links: tuple[Cabling, ...]
    remarks: tuple[Remark, ...] = ()


def is_testbed(columns: tuple[str, ...]) -> bool:
    return set(columns) >= DEVICES or set(columns) >= LINKS


def read(columns: tuple[str, ...], rows: tuple[Cells, ...], notes: Notes) -> TestbedFile:
    """Devices or links out of their rows."""
    for column in columns:
        if column not in KNOWN:
            notes.unknown(1, "columns", column)
    if set(columns) >= DEVICES:
        devices = tuple(device(row, notes) for row in rows)
        first: dict[str, Device] = {}
        for one in devices:
            if first.setdefault(one.name, one) is not one:
                notes.contradiction("device-twice", one.line, one.name, f"stands on line {first[one.name].line} too")
        return TestbedFile(notes.file, devices, (), notes.found)
    links = tuple(link(row) for row in rows)
    of_links(links, notes)
    return TestbedFile(notes.file, (), links, notes.found)


def device(row: Cells, notes: Notes) -> Device:
    address = row.maybe("ManagementIp") or ""
    try:
        if address:
            ipaddress.ip_interface(address)
    except ValueError:
        raise notes.unreadable(row.line, f"ManagementIp: an address was expected, found {address!r}") from None
    return Device(row.line, row.text("Hostname"), address, row.text("HwSku"), row.text("Type"), row.maybe("Os") or "")


def link(row: Cells) -> Cabling:
    return Cabling(
        row.line,
        (row.text("StartDevice"), row.text("StartPort")),
        (row.text("EndDevice"), row.text("EndPort")),
        row.gbps("BandWidth") if row.has("BandWidth") else None,
        row.maybe("VlanID") or "",
        row.maybe("VlanMode") or "",
        row.maybe("AutoNeg"),
    )


def of_links(links: tuple[Cabling, ...], notes: Notes) -> None:
    """What cannot be of links: two on one port."""
    first: dict[tuple[str, str], Cabling] = {}
    for one in links:
        for end in (one.near, one.far):
            if first.setdefault(end, one) is not one:
                message = f"it is on the link of line {first[end].line} too"
                notes.contradiction("port-twice", one.line, ":".join(end), message)
