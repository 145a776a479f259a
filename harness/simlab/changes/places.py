"""Where a fault sits: lanes, modules, the ports of a module, the ends of a link."""

from __future__ import annotations

from ..fault import Fault
from ..world import Device, Lane, Port, World, media_lanes


def lane(world: World, fault: Fault) -> Lane:
    """Media lane ``lane`` of a port."""
    lanes = media_lanes(world.port(fault.target))
    number = fault.count("lane")
    if not 1 <= number <= len(lanes):
        fault.refuse(f"{fault.target} has media lanes 1 to {len(lanes)}")
    return lanes[number - 1]


def module_lane(world: World, fault: Fault) -> int:
    """The lane of the module that is lane ``lane`` of the port."""
    lanes, number = world.port(fault.target).lanes, fault.count("lane")
    if not 1 <= number <= len(lanes):
        fault.refuse(f"{fault.target} has lanes 1 to {len(lanes)}")
    return lanes[number - 1]


def device(world: World, fault: Fault) -> Device:
    """A whole device."""
    found = world.devices.get(fault.target)
    if found is None:
        fault.refuse(f"no device {fault.target!r}")
    return found


def ports(world: World, fault: Fault) -> list[Port]:
    """The port that is the target, or every port of a device."""
    return [world.port(fault.target)] if ":" in fault.target else device(world, fault).ports


def ports_of(world: World, where: str) -> list[Port]:
    """The ports of the module behind a port."""
    module = world.module(where)
    return [port for device in world.devices.values() for port in device.ports if port.module is module]


def ends(world: World, port: Port) -> list[Port]:
    """A port and what its cable leads to."""
    return [port, *([world.port(":".join(port.peer))] if port.peer else [])]


def take_down(world: World, port: Port) -> None:
    """A link is down at both ends."""
    for end in ends(world, port):
        end.up = False
