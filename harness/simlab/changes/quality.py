"""Quality of service: PFC, ECN, maps, buffers, watchdogs, RDMA of NICs."""

from __future__ import annotations

from ..fault import Fault
from ..world import World, Wred
from .places import device, ports


def pfc(world: World, fault: Fault) -> None:
    """The priorities that a port pauses."""
    world.port(fault.target).lossless = frozenset(fault.counts("value"))


def link_pause(world: World, fault: Fault) -> None:
    """Link-level pause, received and sent."""
    world.port(fault.target).link_pause = fault.word("value", "on", "off") == "on"


def trust(world: World, fault: Fault) -> None:
    """What a port classes by: DSCP or the priority of the VLAN tag."""
    world.port(fault.target).trust = fault.word("value", "dscp", "pcp")


def dscp(world: World, fault: Fault) -> None:
    """One code point is mapped to another traffic class on a whole device."""
    device(world, fault).maps["AZURE"][fault.count("dscp")] = fault.count("value")


def map(world: World, fault: Fault) -> None:
    """One traffic class goes to another queue or priority group on a whole device."""
    name = fault.word("map", "tc_to_queue", "tc_to_pg")
    held: dict[int, int] = getattr(device(world, fault), name)
    held[fault.count("key")] = fault.count("value")


def ecn(world: World, fault: Fault) -> None:
    """One port's RoCE queue uses a WRED profile of its own, or none."""
    port = world.port(fault.target)
    if str(fault.settings.get("off", "")).lower() in ("true", "yes", "1"):
        port.wred = ""
        return
    port.wred = fault.text("profile")
    percent = fault.count("percent") if "percent" in fault.settings else 5
    world.devices[port.device].wred[port.wred] = Wred(fault.count("low"), fault.count("high"), percent)


def alpha(world: World, fault: Fault) -> None:
    """How much of the free buffer the lossless profile may take: two to that power."""
    device(world, fault).alpha = fault.count("value")


def headroom(world: World, fault: Fault) -> None:
    """Headroom of a port's lossless priority group: in bytes, or as of a cable of other metres."""
    port = world.port(fault.target)
    if "metres" in fault.settings:
        port.headroom_m = fault.number("metres")
    else:
        port.headroom_bytes = fault.count("value")


def watchdog(world: World, fault: Fault) -> None:
    """The PFC watchdog of a port or of a whole device: on or off, its times in ms, what it does."""
    for port in ports(world, fault):
        watch = port.watch
        if "state" in fault.settings:
            watch.on = fault.word("state", "on", "off") == "on"
        if "detect" in fault.settings:
            watch.detect = fault.count("detect")
        if "restore" in fault.settings:
            watch.restore = fault.count("restore")
        if "action" in fault.settings:
            watch.action = fault.word("action", "drop", "forward", "alert")


def nic(world: World, fault: Fault) -> None:
    """One setting of RDMA on a NIC's port, or on all ports of a host."""
    name = fault.word("setting", "cnp_dscp", "cnp_priority", "np", "rp", "gid", "buffer", "out_of_order")
    for port in ports(world, fault):
        if name == "gid":
            port.nic.gid = fault.word("value", "v1", "v2")
        elif name in ("np", "rp", "out_of_order"):
            setattr(port.nic, name, bool(fault.count("value")))
        else:
            setattr(port.nic, name, fault.count("value"))


def drops(world: World, fault: Fault) -> None:
    """Packets that a queue dropped at the first and at the second sample."""
    world.port(fault.target).drops[fault.count("queue")] = fault.pair("value")


def storm(world: World, fault: Fault) -> None:
    """Storms that the watchdog saw on a queue at the first and at the second sample."""
    world.port(fault.target).storms[fault.count("queue")] = fault.pair("value")


def pauses(world: World, fault: Fault) -> None:
    """PFC frames of a priority, received or sent, at the first and at the second sample."""
    way = fault.word("way", "rx", "tx")
    world.port(fault.target).pauses[way, fault.count("priority")] = fault.pair("value")


def balancing(world: World, fault: Fault) -> None:
    """How a switch spreads flows; ecmp is a static hash."""
    device(world, fault).balancing = fault.word("value", "ecmp", "dlb", "adaptive routing", "spraying")
