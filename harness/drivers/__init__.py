"""Drivers by the name of the system they know; imported when a lab names them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from ..errors import PluginError
from .base import Driver

OWN = {
    name: f"harness.drivers.{name}"
    for name in ("sonic", "eos", "nxos", "nvue", "cumulus", "junos", "iosxr", "linux", "nvidia", "board")
}
"""Each is a module with a ``DRIVER``."""


@cache
def driver(nos: str) -> Driver:
    """The driver of a system: one of ours, else the entry point of that name in group ``plugfest.drivers``."""
    if nos in OWN:
        own: Driver = import_module(OWN[nos]).DRIVER
        return own
    if nos in (instruments := import_module("harness.drivers.scope").DRIVERS):
        instrument: Driver = instruments[nos]
        return instrument
    for point in entry_points(group="plugfest.drivers", name=nos):
        theirs: Driver = point.load()
        return theirs
    raise PluginError(
        f"no driver for {nos!r}: known are {', '.join((*OWN, *instruments))} and packages with an entry point "
        "plugfest.drivers"
    )
