"""Proofs of what is asked about children of broken-out cages, their far ends and the cables that split."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checks import breakout
from harness.model import Cage, Part, SwitchCage
from harness.reading import Absence
from harness.testing import (
    cable_link,
    cage_plan,
    copper,
    gone,
    link,
    module_plan,
    nic_cage,
    nic_port,
    part,
    passive,
    port,
    port_plan,
    proofs,
    reading,
    switch_cage,
)
from harness.units import Unit
from tests.checks.table_module import active

UNREAD = gone(Absence.READ_FAILED)
DAC = module_plan(kind="dac", pmd="400GBASE-CR4")
SHUT = {"plan": port_plan(up=False), "seen": replace(port().seen, admin=reading("down"))}
NEAR_CABLE, FAR_CABLE = replace(port(), module=copper()), replace(nic_port(), module=copper())


def near(**seen: Any) -> dict[str, Any]:
    return {"near": {"seen": replace(port().seen, **seen)}}


def far(**seen: Any) -> dict[str, Any]:
    return {"far": {"seen": replace(nic_port().seen, **seen)}}


def second(plan: dict[str, Any] | None = None, **seen: Any) -> SwitchCage:
    """A cage of two children, the second as said."""
    said = {"name": "Ethernet4", "lanes": (5, 6, 7, 8), **(plan or {})}
    other = port(name="leaf1:Ethernet4", plan=said, seen=seen, host_lanes=(5, 6, 7, 8))
    return switch_cage(ports=(port(), other))


def cable(cage: Cage | None = None, needed: int = 60, **record: Any) -> Part:
    """A passive cable that splits a cage into two, at its near end."""
    said = {"kind": "dac", "pmd": "400GBASE-CR4", "ends": 2, "quantity": 64, **record}
    return replace(part(needed=needed, **said), cages=(cage or near_end(),))


def near_end(**seen: Any) -> SwitchCage:
    return switch_cage(module=copper(seen=passive(**seen)), plan={"module": DAC})


PROOFS = [
    *proofs(
        breakout.far_ends,
        passes={
            "LLDP of the child names the planned port": link(),
            "only the far end speaks LLDP, and names the child": link(**near(neighbour=gone())),
            "over a cable": cable_link(),
        },
        fails={
            "the child reaches another host": link(**near(neighbour=reading("gpu2:eth0"))),
            "the far end alone speaks, and names the other child": link(
                near={"seen": replace(port().seen, neighbour=gone())},
                far={"seen": replace(nic_port().seen, neighbour=reading("leaf1:Ethernet4"))},
            ),
        },
        undecided={
            "neither end speaks LLDP": link(
                near={"seen": replace(port().seen, neighbour=gone())},
                far={"seen": replace(nic_port().seen, neighbour=gone())},
            ),
        },
        does_not_apply={
            "whole cages at both ends": link(near={"cage": cage_plan(mode="1x400G", ports=(port_plan(),))}),
            "a child that is to be shut": link(near=SHUT),
        },
    ),
    *proofs(
        breakout.alike,
        passes={
            "two children alike": switch_cage(),
            "planned with another MTU": second({"mtu": 1500}, mtu=reading("1500", Unit.BYTES)),
        },
        fails={
            "the second at 200G": second(speed=reading("200", Unit.GBPS)),
            "the second without FEC": second(fec_configured=reading("none"), fec_operational=reading("none")),
            "the second with a small MTU": second(mtu=reading("1500", Unit.BYTES)),
            "the second is shut": second(admin=reading("down")),
        },
        undecided={
            "the second's MTU was not read": second(mtu=UNREAD),
            "its FEC was not read": second(fec_configured=UNREAD),
        },
        does_not_apply={
            "a whole cage": switch_cage(plan={"mode": "1x800G"}, ports=(port(),)),
        },
    ),
    *proofs(
        breakout.cables,
        passes={
            "a passive cable of two ends of four lanes": cable(),
            "its far end in a NIC": cable(
                nic_cage(
                    module=copper(form_factor=reading("OSFP-RHS")),
                    plan=replace(
                        nic_cage().plan, module=module_plan(kind="dac", pmd="400GBASE-CR4", form_factor="OSFP-RHS")
                    ),
                )
            ),
        },
        fails={
            "fewer than the plan needs": cable(quantity=3),
            "four ends by the record": cable(ends=4),
            "a connector by the record": cable(connector="MPO-12"),
            "an end that does not go into its cage": cable(
                switch_cage(
                    module=copper(), plan={"module": module_plan(kind="dac", pmd="400GBASE-CR4", form_factor="QSFP-DD")}
                )
            ),
            "an end of another form than the record's": cable(
                replace(near_end(), module=copper(form_factor=reading("QSFP-DD")))
            ),
            "an optic under the cable's number": cable(near_end(media_type=reading(2))),
            "a connector at its end": cable(near_end(connector=reading(0x0C))),
            "one far end": cable(near_end(far_ends=reading(((1, 2, 3, 4, 5, 6, 7, 8),)))),
        },
        undecided={
            "the number is not declared": cable(quantity=None),
            "its far ends were not read": cable(near_end(far_ends=UNREAD)),
            "its connector was not read": cable(near_end(connector=UNREAD)),
            "its media type was not read": cable(near_end(media_type=UNREAD)),
            "nobody says what the cage is": cable(
                switch_cage(module=copper(), form_factor=gone(), plan={"module": DAC})
            ),
        },
        does_not_apply={
            "an optic": replace(part(), cages=(switch_cage(),)),
            "a cable with one end": cable(nic_cage(), ends=1),
        },
    ),
    *proofs(
        breakout.rates,
        passes={
            "four lanes of 100G at both ends": link(),
            "a passive cable": cable_link(),
            "an active cable, whose ends convert": cable_link(
                ends=(replace(port(), module=active()), replace(nic_port(), module=active()))
            ),
        },
        fails={
            "200G against 400G": link(**near(speed=reading("200", Unit.GBPS))),
            "eight lanes of 50G against four of 100G": link(near={"media": reading("400GBASE-SR8")}),
            "one lane of 100G against four": link(near={"media": reading("100GBASE-DR")}),
            "one lane of 100G, and the far end does not tell": link(
                near={"media": reading("100GBASE-DR")}, far={"media": UNREAD}
            ),
            "two lanes of a passive cable against four": cable_link(
                ends=(replace(NEAR_CABLE, seen=replace(port().seen, lanes=reading(2))), FAR_CABLE)
            ),
        },
        undecided={
            "the far end's application was not read": link(far={"media": UNREAD}),
            "the near end's speed was not read": link(**near(speed=UNREAD)),
            "an application that no table has": link(near={"media": reading("AOC")}),
        },
        does_not_apply={
            "a link that is to be shut": link(near=SHUT, far={**SHUT, "name": "gpu1:eth0"}),
        },
    ),
]
