"""The cages of a platform out of a directory of SONiC's device files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ..devicefiles import CageFacts, cages, find
from ..reading import Source
from .platforms import PortMap, Socket

FASTEST: Final = 200
"""Gb/s a lane, where no file tells the fastest of a cage."""

Cages = Mapping[str, tuple[CageFacts, Source]]
"""What the files say of each cage, by its number, and where."""


def read(root: Path, platform: str, hwsku: str | None) -> Cages | None:
    """The cages of a platform; None where the directory has it not.  InputError where its files cannot be read."""
    home = find(root, platform)
    if home is None:
        return None
    found = cages(home, hwsku)
    return {one.number: (one, Source(f"device files of {platform}", one.place)) for one in found}


def port_map(platform: str, held: Cages) -> PortMap:
    """The same as the table of platforms has it."""
    sockets = [
        Socket(one.number, one.first, one.step, one.lanes, int(one.lane_gbps) or FASTEST) for one, _ in held.values()
    ]
    return PortMap(
        platform,
        MappingProxyType({socket.cage: socket for socket in sockets}),
        MappingProxyType({socket.first: socket for socket in sockets}),
    )
