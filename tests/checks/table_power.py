"""Proofs of what is asked about heat, and about power by the data sheet."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from checks import power
from harness.model import Cage, Fan, Part, Switch, SwitchCage
from harness.reading import Absence
from harness.testing import (
    HEALTHY,
    cage_plan,
    copper,
    gone,
    host,
    module,
    module_plan,
    nic_cage,
    part,
    passive,
    proofs,
    quad,
    reading,
    switch,
    switch_cage,
)
from harness.units import Unit
from harness.verdict import Standing

UNREAD = gone(Absence.READ_FAILED)
ZERO = quad("0", "0", "0", "0", Unit.CELSIUS)


def at(celsius: str, name: str = "leaf1:Ethernet0") -> SwitchCage:
    return switch_cage(name=name, module=module(seen={"temperature": reading(celsius, Unit.CELSIUS)}))


def blowing(*ways: object) -> Switch:
    fans = tuple(Fan(f"fan{number}", reading("ok"), direction=way) for number, way in enumerate(ways, 1))  # type: ignore[arg-type]
    return switch(facts=replace(switch().facts, fans=reading(fans)))


def sheet(cage: Cage | None = None, **record: Any) -> Part:
    """An 800G-2xDR4 by its data sheet, with one module seen."""
    said = {"pmd": "800G-2xDR4", "max_watts": Decimal(16), "power_class": 8, **record}
    return replace(part(**said), cages=(cage or switch_cage(),))


def drawing(watts: str, **seen: Any) -> SwitchCage:
    return switch_cage(module=module(seen={"max_power": reading(watts, Unit.WATT), **seen}))


PASSIVE = switch_cage(module=copper(seen=passive(power_class=reading(1))), plan={"module": module_plan(kind="dac")})

PROOFS = [
    *proofs(
        power.hot_cages,
        passes={
            "one cage at 52 °C": switch(),
            "three cages within a few degrees": switch(cages=(at("52"), at("55", "b"), at("50", "c"))),
            "the NICs of a host, whose fans nobody asks for": host(),
        },
        fails={
            "a cage past its own high warning": switch(cages=(at("76"),)),
            "a cage past its class": switch(cages=(at("68"),)),
            "a fan that blows the other way": blowing(reading("intake"), reading("intake"), reading("exhaust")),
        },
        undecided={
            "a temperature was not read": switch(
                cages=(at("52"), switch_cage(module=module(seen={"temperature": UNREAD})))
            ),
            "0 °C was never set": switch(cages=(at("0"),)),
            "thresholds of zeros": switch(
                cages=(
                    switch_cage(module=module(seen={"thresholds": {**HEALTHY["thresholds"], "temperature_c": ZERO}})),
                )
            ),
            "the fans were not read": switch(facts=replace(switch().facts, fans=UNREAD)),
            "a fan does not say which way it blows": blowing(reading("intake"), gone()),
            "no fan was shown": blowing(),
        },
        warns={
            "one cage far over the others": switch(cages=(at("45"), at("46", "b"), at("65", "c"))),
            "one cage far over its neighbour": switch(cages=(at("65"), at("45", "b"))),
        },
        does_not_apply={
            "a host whose cage is empty": host(cages=(nic_cage(plan=cage_plan(module=None)),)),
            "a host with a passive cable": host(cages=(nic_cage(module=copper()),)),
        },
    ),
    *proofs(
        power.datasheet,
        passes={
            "16 W and class 8, on the sheet and in the module": sheet(),
            "15.75 W, a step of the register less": sheet(drawing("15.75")),
            "a passive cable of class 1": sheet(PASSIVE, kind="dac", pmd="400GBASE-CR4", max_watts=None, power_class=1),
            "the sheet states no class": sheet(power_class=None),
        },
        fails={
            "16 W where the sheet says 12": sheet(max_watts=Decimal(12), power_class=None),
            "half a watt more than the sheet": sheet(drawing("16.5")),
            "class 8 where the sheet says 7": sheet(power_class=7),
            "20 W, more than the buyer allows at 800G": sheet(drawing("20"), max_watts=Decimal(20)),
        },
        undecided={
            "the sheet states no watts": sheet(max_watts=None),
            "the module's power was not read": sheet(switch_cage(module=module(seen={"max_power": UNREAD}))),
            "0 W was never set": sheet(drawing("0")),
            "the module's class was not read": sheet(drawing("16", power_class=UNREAD)),
        },
        warns={
            "the module advertises 12 W of the sheet's 16": sheet(
                drawing("12", power_class=reading(6)), power_class=None
            ),
            "9 W in class 2, as far as is remembered of classes": sheet(
                drawing("9", power_class=reading(2)), max_watts=Decimal(9), power_class=2
            ),
            "a record that nobody has held against the sheet": sheet(
                max_watts=Decimal(12), power_class=None, standing=Standing.RECALLED
            ),
        },
        does_not_apply={"a switch": part(kind="switch"), "planned for no cage": part(kind="dac")},
    ),
]
