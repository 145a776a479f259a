"""Ports and devices: codes, speeds, links, neighbours, what runs."""

from __future__ import annotations

import re
from typing import Final

from ...lab.platforms import names_of
from ..fault import Fault
from ..world import World, light_up
from .places import device, ends, take_down

CODES: Final = ("rs", "fc", "none", "auto")
"""Codes as the lab file names them."""


def fec(world: World, fault: Fault) -> None:
    """A port is configured for, and runs, another code."""
    port = world.port(fault.target)
    port.fec = port.fec_runs = _code(fault)


def fec_runs(world: World, fault: Fault) -> None:
    """A port runs another code than it is configured for; its counters stay."""
    world.port(fault.target).fec_runs = _code(fault)


def _code(fault: Fault) -> str:
    code = fault.text("value")
    if code not in CODES:
        fault.refuse(f"FEC {code!r}: {', '.join(CODES)} were expected")
    return code


def down(world: World, fault: Fault) -> None:
    """A link is down at both ends; light and modules stay."""
    take_down(world, world.port(fault.target))


def admin(world: World, fault: Fault) -> None:
    """The admin state of a port: down takes its link down at both ends, up lights a shut port's lasers."""
    port = world.port(fault.target)
    port.admin = fault.word("value", "up", "down") == "up"
    if port.admin:
        light_up(port)
    else:
        take_down(world, port)


def speed(world: World, fault: Fault) -> None:
    """A port is configured for, and runs at, so many Gb/s on the lanes that it has; the far end stays."""
    world.port(fault.target).gbps = fault.count("value")


def mtu(world: World, fault: Fault) -> None:
    """The port's MTU."""
    world.port(fault.target).mtu = fault.count("value")


def mode(world: World, fault: Fault) -> None:
    """A cage is configured for a breakout mode.  SONiC keeps the ports as they were planned, others have new ones."""
    port = world.port(fault.target)
    switch = world.devices[port.device]
    cage = next(cage for cage in switch.cages if port in cage.ports)
    cage.mode = switch.platform.mode(fault.text("value"), cage.lanes)
    names = names_of(switch.plan.nos)
    if names is None:
        return
    found = re.fullmatch(r"1x([0-9]+)G", fault.text("value"))
    if found is None:
        fault.refuse("a switch that is not SONiC can only be given a whole cage, such as 1x800G")
    whole = cage.ports[0]
    for gone in cage.ports:  # what was at the other ends hears of nobody
        if gone.peer is not None:
            other = world.port(":".join(gone.peer))
            other.peer = None
            take_down(world, other)
    whole.peer = None
    whole.name = whole.alias = names.of(cage.number, 1, 1, children=1, lanes=cage.lanes)
    whole.gbps, whole.lanes = int(found[1]), tuple(range(1, cage.lanes + 1))
    cage.ports = [whole]


def lanes(world: World, fault: Fault) -> None:
    """A port is left with its first few SerDes lanes; its speed stays as it was asked for."""
    port = world.port(fault.target)
    port.serdes = port.serdes[: fault.count("value")]


def swap(world: World, fault: Fault) -> None:
    """The cables of two ports are exchanged at this end."""
    here, other = world.port(fault.target), world.port(fault.text("with"))
    here.peer, other.peer = other.peer, here.peer
    for port in (here, other):
        if port.peer is not None:
            world.port(":".join(port.peer)).peer = (port.device, port.name)


def neighbour(world: World, fault: Fault) -> None:
    """Who LLDP hears at this port, ``device:port``, which need not be of the lab; empty for nobody."""
    device, colon, name = fault.text("value").partition(":")
    if device and not colon:
        fault.refuse(f"value {device!r}: device:port was expected")
    world.port(fault.target).hears = (device, name) if device else None


def flap(world: World, fault: Fault) -> None:
    """How often a link went down by the first and by the second sample, as both its ends count it."""
    first, second = fault.pair("value")
    for end in ends(world, world.port(fault.target)):
        end.flaps = first
        end.flapped = [world.window // 2] * (second - first)


def software(world: World, fault: Fault) -> None:
    """The release that a whole switch runs."""
    device(world, fault).software = fault.text("value")


def adapter(world: World, fault: Fault) -> None:
    """The model of a host's NICs."""
    device(world, fault).adapter = fault.text("value")


def link_layer(world: World, fault: Fault) -> None:
    """The protocol that a port of a NIC runs; without Ethernet it has no link."""
    port = world.port(fault.target)
    port.link_layer = fault.word("value", "InfiniBand", "Ethernet")
    if port.link_layer != "Ethernet":
        take_down(world, port)
