"""Ways to reach a device.  A transport sends what a driver declared and nothing else, and writes down every byte of it.

``reached`` opens the transport that a lab file names under ``reach: {transport: ...}``: one of ours, imported when it
is named, else the entry point of that name in the group ``plugfest.transports``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points

from ..errors import PluginError, TransportError
from ..lab.inventory import DevicePlan
from ..lab.validate import did_you_mean
from .base import Terms, Transport

OWN = {
    "ssh": "harness.transports.ssh",
    "console": "harness.transports.console",
    "i2c": "harness.transports.i2c",
    "board": "harness.transports.board",
    "scpi": "harness.transports.scpi",
    "local": "harness.transports.local",
}


def reached(device: DevicePlan, terms: Terms) -> Transport:
    """A device, connected and logged in.  TransportError where it cannot be reached, with what to do about it."""
    return opener(device)(device, terms)


def opener(device: DevicePlan) -> Callable[[DevicePlan, Terms], Transport]:
    """What opens the transport that a device is reached by.  Every transport's module has a function ``connect``."""
    name = device.reach.get("transport")
    if name is None:
        raise TransportError(f"{device.name}: {device.at}: reach says no transport, so nobody knows how to ask it")
    if name in OWN:
        own: Callable[[DevicePlan, Terms], Transport] = import_module(OWN[name]).connect
        return own
    for point in entry_points(group="plugfest.transports", name=name):
        theirs: Callable[[DevicePlan, Terms], Transport] = point.load()
        return theirs
    raise PluginError(
        f"{device.name}: {device.at}: no transport {name!r}{did_you_mean(name, OWN)}: known are {', '.join(OWN)} and "
        "packages with an entry point plugfest.transports"
    )
