"""SFF-8024 code tables: identifiers, connectors, host and media interfaces, extended compliance.

The tables are in ``sff8024.json``, read on first use; its ``note`` says which columns were checked and which were not.
A code that is not listed is reserved or vendor specific, and its look-up is None.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

TABLES: Final = Path(__file__).with_name("sff8024.json")

Row: TypeAlias = Mapping[str, "str | int"]


@dataclass(frozen=True, slots=True)
class Identifier:
    """SFF-8024 table 4-1."""

    code: int
    name: str
    short: str = ""
    management: str = ""  # the memory map its modules follow
    host_lanes: int | None = None


@dataclass(frozen=True, slots=True)
class Connector:
    """SFF-8024 table 4-3; ``kind`` is fiber, copper or pigtail."""

    code: int
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Interface:
    """A host electrical or media interface: SFF-8024 table 4-5, or 4-6 to 4-10 by media type.

    Rates in Gb/s and GBd, reach in m; what a row does not say is None or the empty text.
    """

    code: int
    name: str
    clause: str = ""
    lanes: int | None = None
    modulation: str = ""
    gbd_per_lane: Decimal | None = None
    total_gbps: Decimal | None = None
    fec: str = ""
    reach_m: Decimal | None = None
    ber_max: Decimal | None = None
    family: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of SFF-8024 by code."""

    note: Mapping[str, str]
    identifiers: Mapping[int, Identifier]
    connectors: Mapping[int, Connector]
    media_types: Mapping[int, str]
    hosts: Mapping[int, Interface]
    media: Mapping[int, Mapping[int, Interface]] = field(default_factory=dict)  # by media type, then code
    compliance: Mapping[int, str] = field(default_factory=dict)


@cache
def tables() -> Tables:
    """All tables, read once."""
    held = json.loads(TABLES.read_text(encoding="utf-8"))
    media_of = {row["code"]: row.get("table", "") for row in held["media_type"]}
    by_table = {name: {row["code"]: interface(row) for row in rows} for name, rows in held["media_interface"].items()}
    return Tables(
        note=held["note"],
        identifiers={row["code"]: Identifier(**row) for row in held["identifier"]},
        connectors={row["code"]: Connector(**row) for row in held["connector"]},
        media_types={row["code"]: row["name"] for row in held["media_type"]},
        hosts={row["code"]: interface(row) for row in held["host_interface"]},
        media={code: by_table.get(name, {}) for code, name in media_of.items()},
        compliance={row["code"]: row["name"] for row in held["extended_compliance"]},
    )


def interface(row: Row) -> Interface:
    """One row of a host or media interface table."""

    def number(column: str) -> Decimal | None:
        return Decimal(row[column]) if column in row else None

    return Interface(
        code=int(row["code"]),
        name=str(row["name"]),
        clause=str(row.get("clause", "")),
        lanes=int(row["lanes"]) if "lanes" in row else None,
        modulation=str(row.get("modulation", "")),
        gbd_per_lane=number("gbd_per_lane"),
        total_gbps=number("total_gbps"),
        fec=str(row.get("fec", "")),
        reach_m=number("reach_m"),
        ber_max=number("ber_max"),
        family=str(row.get("family", "")),
    )


def identifier(code: int) -> Identifier | None:
    """The form factor that an identifier stands for."""
    return tables().identifiers.get(code)


def connector(code: int) -> Connector | None:
    """The connector of a code."""
    return tables().connectors.get(code)


def media_type(code: int) -> str | None:
    """The media type in words (OIF-CMIS 8.2, lower memory byte 85)."""
    return tables().media_types.get(code)


def host_interface(code: int) -> Interface | None:
    """The host electrical interface of a code."""
    return tables().hosts.get(code)


def media_interface(media: int, code: int) -> Interface | None:
    """The media interface of a code, in the table that the media type chooses."""
    return tables().media.get(media, {}).get(code)


def extended_compliance(code: int) -> str | None:
    """The extended specification compliance of a code (SFF-8636 byte 192, SFF-8472 byte 36)."""
    return tables().compliance.get(code)
