"""Plugfest validates the optics, ports and fabric of an AI data centre.  Here stands what a check imports.

All but ``check`` is imported when it is first asked for, so that a command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .check import Findings, check

if TYPE_CHECKING:
    from .applies import (
        lanes_with,
        of_lane,
        offering,
        shut,
        together,
        without_cmis,
        without_pages,
    )
    from .breakout import (
        children,
        plain,
        rate_on,
    )
    from .derived import (
        between,
        combined,
        counted,
        difference,
        finite,
        light,
        spread,
        times,
        total,
    )
    from .errors import (
        NoLimit,
    )
    from .lab.inventory import (
        declared,
    )
    from .limit import (
        Choice,
        Holds,
        Limits,
        Range,
        Unknown,
        at_least,
        at_most,
        holding,
        not_applicable,
        one_of,
        same_as,
    )
    from .model import (
        ActiveCable,
        CableLink,
        Cage,
        CopperModule,
        Device,
        Fabric,
        Host,
        Link,
        MediaLane,
        Module,
        NicCage,
        NicPort,
        OpticalLink,
        OpticalModule,
        OpticalPort,
        Part,
        Path,
        Port,
        Rack,
        Switch,
        SwitchCage,
        SwitchPort,
    )
    from .reading import (
        Absence,
        Missing,
        Reading,
        Source,
        Value,
        derive,
        in_dbm,
    )
    from .requirements.lookup import (
        Requirements,
    )
    from .units import (
        Unit,
    )
    from .verdict import (
        Finding,
        Outcome,
        Standing,
    )

HOMES = {
    ".applies": (
        "lanes_with", "of_lane", "offering", "shut", "together", "without_cmis", "without_pages",
    ),
    ".breakout": (
        "children", "plain", "rate_on",
    ),
    ".derived": (
        "between", "combined", "counted", "difference", "finite", "light", "spread", "times", "total",
    ),
    ".errors": (
        "NoLimit",
    ),
    ".lab.inventory": (
        "declared",
    ),
    ".limit": (
        "Choice", "Holds", "Limits", "Range", "Unknown", "at_least", "at_most", "holding", "not_applicable", "one_of",
        "same_as",
    ),
    ".model": (
        "ActiveCable", "Cage", "CableLink", "CopperModule", "Device", "Fabric", "Host", "Link", "MediaLane",
        "Module", "NicCage", "NicPort", "OpticalLink", "OpticalModule", "OpticalPort", "Part", "Path", "Port", "Rack",
        "Switch", "SwitchCage", "SwitchPort",
    ),
    ".reading": (
        "Absence", "Missing", "Reading", "Source", "Value", "derive", "in_dbm",
    ),
    ".requirements.lookup": (
        "Requirements",
    ),
    ".units": (
        "Unit",
    ),
    ".verdict": (
        "Finding", "Outcome", "Standing",
    ),
}  # fmt: skip
"""Where each name is at home."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        for home, names in HOMES.items():
            if name in names:
                found = getattr(import_module(home, __name__), name)
                globals()[name] = found
                return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Absence", "ActiveCable", "CableLink", "Cage", "Choice", "CopperModule", "Device", "Fabric", "Finding", "Findings",
    "Holds", "Host", "Limits", "Link", "MediaLane", "Missing", "Module", "NicCage", "NicPort", "NoLimit",
    "OpticalLink", "OpticalModule", "OpticalPort", "Outcome", "Part", "Path", "Port", "Rack", "Range", "Reading",
    "Requirements", "Source", "Standing", "Switch", "SwitchCage", "SwitchPort", "Unit", "Unknown", "Value",
    "at_least", "at_most", "between", "check", "children", "combined", "counted", "declared", "derive", "difference",
    "finite", "holding", "in_dbm", "lanes_with", "light", "not_applicable", "of_lane", "offering", "one_of", "plain",
    "rate_on", "same_as", "shut", "spread", "times", "together", "total", "without_cmis", "without_pages",
]  # fmt: skip
