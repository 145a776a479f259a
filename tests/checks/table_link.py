"""Proofs of what is asked about links and the topology of the lab as a whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from checks import link
from harness.lab.inventory import CablingRow
from harness.maths.wiring import Fault, Move
from harness.testing import LAB, cable_link, copper, gone, nic_port, passive, port, proofs, reading, two_rails
from harness.testing import link as between
from harness.units import Unit

SWAP = Move(
    Fault.SWAPPED, ("leaf1:Ethernet0", "gpu2:eth0"), ("leaf1:Ethernet0", "gpu1:eth0"), (("gpu2:eth0", "gpu1:eth0"),),
    ("leaf1:Ethernet4", "gpu1:eth0"),
)  # fmt: skip
SWAPPED = between(
    near={"seen": replace(port().seen, neighbour=reading("gpu2:eth0"))},
    moves=(SWAP,),
    listed=(CablingRow("C1", "leaf1:Ethernet0", "gpu2:eth0", LAB),),
)
"""Two cables exchanged, as the installer's list has them too."""


def ends(near: Any, far: Any, **of_near: Any) -> Any:
    """A cable with these serial numbers at its ends."""
    here = replace(port(), module=copper(seen=passive(vendor_sn=near), **of_near))
    there = replace(nic_port(), module=copper(seen=passive(vendor_sn=far)))
    return cable_link(ends=(here, there))


def sees(**ports: str | None) -> dict[str, dict[str, Any]]:
    """What ports hear, by names in which an underscore is the colon."""
    return {
        name.replace("_", ":"): {"neighbour": gone() if peer is None else reading(peer)} for name, peer in ports.items()
    }


def down(*names: str) -> dict[str, dict[str, Any]]:
    return {name: {"oper": reading("down")} for name in names}


PLANES = {"gpu1:eth0": {"plane": 0}, "gpu2:eth0": {"plane": 0}, "gpu1:eth1": {"plane": 1}, "gpu2:eth1": {"plane": 1}}
"""A plane to a rail, each of which has a leaf of its own."""

PROOFS = [
    *proofs(link.neighbour, passes={}, fails={"two cables exchanged, and the list says so": SWAPPED}, undecided={}),
    *proofs(
        link.peer_by_serial,
        passes={
            "one serial number": cable_link(),
            "padded at one end": ends(reading("AO7"), reading("AO7   ")),
        },
        fails={
            "the other end is of another cable": ends(
                reading("AO7"), reading("AO8"), namesakes=reading(("gpu2:eth0",))
            ),
        },
        undecided={
            "one end was not read": ends(reading("AO7"), gone()),
            "no serial number at either end": ends(reading("0000"), reading("0000")),
        },
        does_not_apply={"two optics": between()},
    ),
    *proofs(
        link.rails_and_planes,
        passes={
            "GPU n on rail n": two_rails(),
            "the other of two uplinks is heard": two_rails(seen=sees(leaf1_Ethernet8=None, spine1_Ethernet0=None)),
            "one end of a link hears the other": two_rails(seen=sees(gpu1_eth0=None, leaf1_Ethernet8=None)),
        },
        fails={
            "a NIC hears the leaf of another rail": two_rails(seen=sees(gpu1_eth0="leaf2:Ethernet0")),
            "the plan itself crosses rails": two_rails(plans={"gpu2:eth0": {"rail": 1}, "gpu2:eth1": {"rail": 0}}),
            "two NICs of a host on one rail": two_rails(plans={"gpu1:eth1": {"rail": 0}}),
            "the design has eight rails": two_rails(design={"rails": 8}),
            "the design has two planes, and all switches hang together": two_rails(design={"planes": 2}),
            "two planes meet at a spine": two_rails(plans=PLANES, design={"planes": None}),
        },
        undecided={
            "neither end hears the other": two_rails(seen=sees(gpu1_eth0=None, leaf1_Ethernet0=None)),
            "nothing is heard between two switches": two_rails(
                seen=sees(leaf1_Ethernet8=None, spine1_Ethernet0=None, leaf1_Ethernet12=None, spine1_Ethernet4=None)
            ),
        },
        does_not_apply={
            "neither rails nor planes are declared": two_rails(
                design={"rails": None, "planes": None}, plans={name: {"rail": None} for name in PLANES}
            ),
        },
    ),
    *proofs(
        link.as_designed,
        passes={
            "as designed": two_rails(),
            "one number alone is asked": two_rails(design={"gpus": None, "hosts": None}),
        },
        fails={
            "a spine fewer than designed": two_rails(design={"spines": 2}),
            "a host fewer": two_rails(design={"hosts": 3}),
            "an uplink is down": two_rails(seen=down("leaf1:Ethernet8", "spine1:Ethernet0")),
            "a host's link is down": two_rails(seen=down("gpu1:eth0")),
            "twice the uplinks are asked": two_rails(design={"oversubscription": Decimal("0.5")}),
            "an uplink runs at a quarter": two_rails(seen={"leaf1:Ethernet8": {"speed": reading("100", Unit.GBPS)}}),
            "fewer GPUs": two_rails(design={"gpus": 8}),
        },
        undecided={
            "one link was not seen": two_rails(seen={"gpu1:eth0": {"oper": gone()}}),
            "the speed of an uplink was not seen": two_rails(seen={"leaf1:Ethernet8": {"speed": gone()}}),
        },
        does_not_apply={"no design": two_rails(design=None)},
    ),
]
