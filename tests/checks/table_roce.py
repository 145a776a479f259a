"""Proofs of what is asked about lossless Ethernet: headroom, watchdog, NICs, counters, drift."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from checks import roce
from harness.lab.inventory import DesignPlan
from harness.model import Host, Switch
from harness.reading import Absence
from harness.testing import (
    DESIGN,
    LAB,
    NOON,
    gone,
    host,
    maps,
    nic_cage,
    nic_port,
    pauses,
    port,
    port_plan,
    proofs,
    queue,
    rdma,
    reading,
    switch,
    two_rails,
    watchdog,
)
from harness.units import Unit

NOT_LOSSLESS = {"the lab asks for no lossless traffic": port(plan={"lossless": False})}
SHUT = {"a port that is to be shut and is": port(plan={"up": False}, seen={"admin": reading("down")})}
LATER = NOON + timedelta(minutes=15)


def held(bytes_: str, metres: str = "5", **overrides: Any) -> Any:
    room = {"queues": {3: queue(headroom=reading(bytes_, Unit.BYTES))}}
    return port(seen=room, length=reading(metres, Unit.METRE), **overrides)


def unlisted(bytes_: str, **overrides: Any) -> Any:
    """A switch of which no table has the headroom: the ASIC's cells are known."""
    device = replace(port().device, platform="DCS-7060X6-64PE")
    return held(bytes_, device=device, **overrides)


def watched(**overrides: Any) -> Any:
    return port(seen={"watchdog": watchdog(**overrides)})


def with_nic(seen: dict[str, Any] | None = None, **settings: Any) -> Host:
    behind = nic_port(seen={"rdma": rdma(**settings), **(seen or {})})
    return host(cages=(nic_cage(ports=(behind,)),))


def counted(received: dict[int, int], *, sent: dict[int, int] | None = None, at: Any = LATER) -> dict[str, Any]:
    """Frames that were counted at the second sample."""
    by = {way: reading({n: Decimal(of.get(n, 0)) for n in range(8)}) for way, of in
          (("received", received), ("sent", sent if sent is not None else received))}  # fmt: skip
    return {"pauses": (pauses(), pauses(at, **by))}


def in_all(frames: str) -> dict[str, Any]:
    """A system that counts PFC frames of all priorities together."""
    told: dict[str, Any] = {"received": gone(), "sent": gone()} | dict.fromkeys(
        ("received_in_all", "sent_in_all"), reading(frames, Unit.COUNT)
    )
    return {"pauses": (pauses(**told), pauses(LATER, **told))}


def spreading(word: str | None, asked: str | None = "dlb") -> Switch:
    plain = switch()
    told = gone() if word is None else reading(word)
    design = DesignPlan(**{**DESIGN, "at": LAB, "load_balancing": asked})
    return replace(plain, facts=replace(plain.facts, load_balancing=told), design=design)


def out_of_order(takes: Any, asked: str = "dlb") -> Host:
    design = DesignPlan(**{**DESIGN, "at": LAB, "load_balancing": asked})
    return replace(with_nic(reordering=takes), design=design)


OFF_AT_ONE = {"leaf2:Ethernet4": {"queues": {3: queue(ecn_min=reading("500000", Unit.BYTES))}}}

PROOFS = [
    *proofs(
        roce.headroom,
        passes={
            "as the table that the platform ships with has it, 5 m": held("231424"),
            "another platform, by its cells and a margin": unlisted("320000"),
            "a NIC whose buffer holds what is in flight": nic_port(),
        },
        fails={
            "a byte less than the table": held("231423"),
            "40 m on the buffer of a 5 m cable": held("231424", "40"),
            "less than what is in flight, of which no model is needed": unlisted("20000"),
            "a NIC with 20 kB": nic_port(seen={"rdma": rdma(buffers=reading({3: Decimal(20000)}))}),
        },
        undecided={
            "no length is declared": port(length=gone(Absence.NOT_DECLARED)),
            "the headroom was not read": port(seen={"queues": {3: queue(headroom=gone())}}),
            "the MTU was not read, where no table has the headroom": replace(
                unlisted("320000"), seen=replace(port().seen, mtu=gone())
            ),
            "no buffer of the NIC serves priority 3": nic_port(
                seen={"rdma": rdma(buffers=reading({0: Decimal(90000)}))}
            ),
        },
        warns={"more than what is in flight and less than the model": unlisted("100000")},
        does_not_apply=NOT_LOSSLESS | SHUT,
    ),
    *proofs(
        roce.watchdog,
        passes={"on, drops, 200 ms": port()},
        fails={
            "off": watched(on=reading(False)),
            "forwards": watched(action=reading("forward")),
            "waits two seconds": watched(detection_ms=reading("2000", Unit.MS)),
            "restores after ten seconds": watched(restoration_ms=reading("10000", Unit.MS)),
        },
        undecided={
            "the system does not show the action": watched(action=gone(Absence.NOT_AVAILABLE)),
            "not read": watched(on=gone()),
        },
        does_not_apply=NOT_LOSSLESS | SHUT,
    ),
    *proofs(
        roce.nic,
        passes={"set up as the profile asks": with_nic()},
        fails={
            "trusts PCP": with_nic({"maps": maps(trust=reading("pcp"))}),
            "RoCE v1 alone": with_nic(gids=reading(frozenset({"v1"}))),
            "connections take v1": with_nic(version=reading("v1")),
            "another DSCP": with_nic(dscp=reading(24)),
            "packets are not ECN-capable": with_nic(ecn_capable=reading(False)),
            "CNPs with DSCP 46": with_nic(cnp_dscp=reading(46)),
            "CNPs on the lossless priority": with_nic(cnp_priority=reading(3)),
            "does not notify": with_nic(notifies=reading(frozenset())),
            "reacts on another priority": with_nic(reacts=reading(frozenset({4}))),
            "a buffer of 20 kB": with_nic(buffers=reading({3: Decimal(20000)})),
            "PFC is off": with_nic({"pfc_priorities": reading(frozenset())}),
        },
        undecided={
            "the NIC's GIDs were not read": with_nic(gids=gone()),
            "nothing was asked": with_nic(buffers=gone()),
        },
        does_not_apply={
            "the lab asks for no lossless traffic": host(
                cages=(nic_cage(ports=(replace(nic_port(), plan=port_plan(lossless=False)),)),)
            ),
        },
    ),
    *proofs(
        roce.no_loss,
        passes={
            "nothing lost, no storm, no pause": port(),
            "on a NIC": nic_port(),
            "a pause a second": port(seen=counted({3: 1000})),
            "pauses of all priorities together are few": port(seen=in_all("0")),
            "a system that lists queues from their first storm on": port(
                seen={"watchdog": watchdog(storms=reading({}))}
            ),
        },
        fails={
            "a packet lost": port(seen={"queues": {3: queue(dropped=reading("1", Unit.COUNT))}}),
            "a storm": port(seen={"watchdog": watchdog(storms=reading({3: Decimal(1)}))}),
            "a storm that was counted before the watchdog was switched off": port(
                seen={"watchdog": watchdog(on=reading(False), storms=reading({3: Decimal(1)}))}
            ),
            "a NIC that dropped": nic_port(seen={"queues": {3: queue(dropped=reading("230", Unit.COUNT))}}),
        },
        undecided={
            "drops were not counted": port(seen={"queues": {3: queue(dropped=gone())}}),
            "the watchdog is off, and its zero counts nothing": port(seen={"watchdog": watchdog(on=reading(False))}),
            "nobody knows whether the watchdog runs": port(seen={"watchdog": watchdog(on=gone())}),
            "the watchdog watches another queue": port(seen={"watchdog": watchdog(storms=reading({4: Decimal(0)}))}),
            "one sample of pauses": port(seen={"pauses": (pauses(),)}),
            "pauses went back: cleared or wrapped": port(seen=counted({3: 5})),
            "no time between the samples": port(seen=counted({3: 200}, at=NOON)),
            "a sample without a time": port(seen=counted({3: 200}, at=None)),
        },
        warns={"paused a hundred thousand times a second": port(seen=counted({3: 90_000_100}))},
        does_not_apply=NOT_LOSSLESS | SHUT,
    ),
    *proofs(
        roce.same_everywhere,
        passes={"alike": two_rails()},
        fails={
            "one port has ECN thresholds of its own": two_rails(seen=OFF_AT_ONE),
            "one NIC sends CNPs as no other does": two_rails(seen={"gpu2:eth1": {"rdma": rdma(cnp_dscp=reading(46))}}),
            "one port waits longer for a storm": two_rails(
                seen={"leaf1:Ethernet0": {"watchdog": watchdog(detection_ms=reading("300", Unit.MS))}}
            ),
            "another class for an unused code point": two_rails(
                seen={"leaf1:Ethernet0": {"maps": maps(dscp_to_tc=reading({0: 1, 26: 3, 48: 6}))}}
            ),
            "one of two spine ports has another MTU": two_rails(
                seen={"spine1:Ethernet0": {"mtu": reading("9100", Unit.BYTES)}}
            ),
        },
        undecided={
            "a device tells nothing of its watchdog": two_rails(
                seen={"leaf2:Ethernet0": {"watchdog": watchdog(action=gone(Absence.NOT_AVAILABLE))}}
            ),
            "a MTU that is no number": two_rails(seen={"leaf2:Ethernet0": {"mtu": reading("NaN", Unit.BYTES)}}),
        },
        does_not_apply={
            "no lossless traffic anywhere": two_rails(
                plans={name: {"lossless": False} for cable in two_rails().lab.links for name in map(str, cable.ends)}
            ),
        },
    ),
    *proofs(
        roce.lossy_silent,
        passes={
            "pauses on priority 3 alone": port(),
            "on a NIC": nic_port(),
            "not a frame of any priority": port(seen=in_all("0")),
        },
        fails={
            "priority 1 sent PFC": port(seen=counted({3: 100}, sent={1: 300})),
            "the peer paused priority 1": port(seen=counted({1: 300}, sent={})),
            "a port without lossless traffic, paused": port(plan={"lossless": False}),
        },
        undecided={
            "counted together, and there are some": port(seen=in_all("100")),
            "priority 1 is not counted": port(
                seen={"pauses": (pauses(sent=reading({3: Decimal(0)})),)},
            ),
            "no sample": port(seen={"pauses": ()}),
        },
        does_not_apply=SHUT,
    ),
    *proofs(
        roce.load_balancing,
        passes={
            "DLB in the system's own words": spreading("dlb flowlet"),
            "adaptive routing is of its kind": spreading("adaptive sticky-free"),
            "packets are sprayed, as asked": spreading("per-packet", "packet spraying"),
            "a NIC that takes packets out of order": out_of_order(reading(True)),
        },
        fails={
            "a static hash": spreading("ecmp crc"),
            "flowlets where spraying is asked": spreading("dlb flowlet", "packet spraying"),
            "a NIC that does not": out_of_order(reading(False)),
        },
        undecided={
            "the system does not tell": spreading(None),
            "a word that nobody knows": spreading("quantum"),
            "the NIC does not tell": out_of_order(gone()),
        },
        does_not_apply={
            "no design": switch(),
            "the design asks for none": spreading("ecmp", None),
            "a scheduled fabric delivers in order": out_of_order(reading(False), "scheduled fabric"),
        },
    ),
]
