"""Which cages a platform has, and what its ports are called: enough to refuse a port that cannot exist.

What a platform offers in each cage (modes, form factor, power) is the requirement tables' subject, not this one's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from .ranges import numbers

TABLE: Final = Path(__file__).with_name("platforms.toml")
NONE: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Socket:
    """One cage of a platform."""

    cage: str
    first: str  # "Ethernet64"; "" where port names do not follow from the platform
    step: int  # between first ports of neighbouring cages; 0 where ``first`` is empty
    lanes: int
    lane_gbps: int  # the fastest lane

    def port_name(self, lane: int) -> str | None:
        """What SONiC calls the child that begins at host lane ``lane`` (from 1); None where the step leaves no name."""
        found = re.fullmatch(r"(.*?)([0-9]+)", self.first)
        offset, odd = divmod((lane - 1) * self.step, self.lanes)
        return f"{found[1]}{int(found[2]) + offset}" if found and not odd else None


@dataclass(frozen=True, slots=True)
class PortMap:
    """The cages of a platform by number and by the name of their first port."""

    platform: str
    cages: Mapping[str, Socket]
    by_first_port: Mapping[str, Socket]


@dataclass(frozen=True, slots=True)
class PortNames:
    """How a network operating system names ports, with {cage}, {child}, {child0}, {lane} and {rate}."""

    whole: str
    child: str
    single: str = ""  # of a cage with one lane; ``whole`` where empty
    rates: Mapping[str, str] = field(default_factory=dict)  # what {rate} is, by Gb/s

    def of(self, cage: str, child: int, lane: int, *, children: int, lanes: int = 0, speed_gbps: Decimal = NONE) -> str:
        """The name of a child of a cage that has so many lanes."""
        pattern = self.child if children > 1 else self.single if lanes == 1 and self.single else self.whole
        rate = self.rates.get(f"{speed_gbps:f}", f"{speed_gbps:f}G")
        fields = (("{cage}", cage), ("{child}", child), ("{child0}", child - 1), ("{lane}", lane), ("{rate}", rate))
        for name, value in fields:
            pattern = pattern.replace(name, str(value))
        return pattern


@cache
def ports_of(platform: str, hwsku: str | None = None) -> PortMap | None:
    """The cages of a SONiC platform, or None where no table knows it.

    Every HwSKU of the platforms in the table has the same cages; ``hwsku`` is asked for so that one that has not can be
    given its own rows (``[platform.NAME.hwsku.HWSKU]``).
    """
    row = _table()["platform"].get(model(platform))
    if row is None:
        return None
    row = row.get("hwsku", {}).get(hwsku, row)
    sockets = [socket for group in row["cages"] for socket in _group(group)]
    return PortMap(
        model(platform),
        MappingProxyType({socket.cage: socket for socket in sockets}),
        MappingProxyType({socket.first: socket for socket in sockets if socket.first}),
    )


def model(platform: str) -> str:
    """The name under which the table has a platform, whichever of its spellings is given; itself where it has none."""
    return _spellings().get(platform, platform)


@cache
def _spellings() -> Mapping[str, str]:
    return {also: name for name, row in _table()["platform"].items() for also in row.get("also", ())}


@cache
def names_of(nos: str) -> PortNames | None:
    """How a system other than SONiC names ports, or None where no table knows it."""
    row = _table()["names"].get(nos)
    if row is None:
        return None
    return PortNames(row["whole"], row["child"], row.get("single", ""), MappingProxyType(row.get("rates", {})))


def nic_lanes(nic: str) -> tuple[int, int] | None:
    """How many host lanes a NIC drives in a cage and how fast in Gb/s, or None where no table knows it."""
    row = _table()["nic"].get(nic)
    return (row["lanes"], row["lane_gbps"]) if row else None


def platforms() -> tuple[str, ...]:
    """Every platform in the table, in its order."""
    return tuple(_table()["platform"])


def _group(group: Mapping[str, Any]) -> list[Socket]:
    cages = numbers(group["cages"])
    if "first" not in group:
        return [Socket(cage, "", 0, group["lanes"], group["lane_gbps"]) for cage in cages]
    step = group["step"]
    found = re.fullmatch(r"(.*?)([0-9]+)", group["first"])
    assert found, group
    return [
        Socket(cage, f"{found[1]}{int(found[2]) + place * step}", step, group["lanes"], group["lane_gbps"])
        for place, cage in enumerate(cages)
    ]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))
