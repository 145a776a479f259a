"""Proofs of what is asked about links, plant, power and procurement."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from checks import fiber, link, power, procure
from harness.reading import Absence
from harness.testing import (
    cable_link,
    gone,
    media_lane,
    module,
    nic_port,
    optical_port,
    part,
    port,
    port_plan,
    proofs,
    rack,
    reading,
    switch,
    switch_cage,
)
from harness.testing import link as between
from harness.units import Unit

SHUT = {"plan": port_plan(up=False), "seen": replace(port().seen, admin=reading("down"))}


def near(**seen: object) -> dict[str, object]:
    return {"near": {"seen": replace(port().seen, **seen)}}


def far(**seen: object) -> dict[str, object]:
    return {"far": {"seen": replace(nic_port().seen, **seen)}}


def lanes(**lane: object) -> dict[str, object]:
    """Optics at both ends, with lane 3 of the far one as said."""
    return {"optics": (optical_port(of=port()), optical_port(of=nic_port(), lane=lane))}


def drawing(watts: str) -> dict[str, object]:
    return {"module": module(seen={"max_power": reading(watts, Unit.WATT)})}


NO_POWER = {"module": module(seen={"max_power": gone()})}

PROOFS = [
    *proofs(
        link.up_as_planned,
        passes={"both ends up at 400G on 4 lanes": between(), "over a cable": cable_link()},
        fails={
            "the near end is down": between(**near(oper=reading("down"))),
            "the far end runs 200G": between(**far(speed=reading("200", Unit.GBPS))),
            "the far end runs two lanes": between(**far(lanes=reading(2))),
        },
        undecided={
            "the far end was not seen": between(**far(oper=gone())),
            "the ends were asked an hour apart": between(skew=reading("3600", Unit.SECONDS)),
            "nobody knows when the ends were asked": between(skew=gone()),
        },
        does_not_apply={"the lab wants both ends shut": between(near=SHUT, far=SHUT)},
    ),
    *proofs(
        link.neighbour,
        passes={"each sees the other": between()},
        fails={"cables swapped": between(**near(neighbour=reading("gpu2:eth0")))},
        undecided={"no LLDP at the far end": between(**far(neighbour=gone()))},
    ),
    *proofs(
        link.optics_interoperate,
        passes={"400GBASE-DR4 at both ends": between()},
        fails={"FR4 against DR4": between(far={"media": reading("400GBASE-FR4")})},
        undecided={"the active application was not read": between(far={"media": gone()})},
    ),
    *proofs(
        fiber.type_and_length,
        passes={"50 m of OS2 for DR4": between(), "1 m of copper": cable_link()},
        fails={"multimode under DR4": between(fiber={"type": "OM4"})},
        undecided={
            "the length is not declared": between(fiber={"length_m": None}),
            "the cable's length is not declared": cable_link(length=gone(Absence.NOT_DECLARED)),
        },
        warns={
            "501 m, and the reach is known from memory": between(fiber={"length_m": Decimal(501)}),
            "a cable of 3 m, likewise": cable_link(length=reading("3", Unit.METRE)),
        },
    ),
    *proofs(
        fiber.connectors,
        passes={"MPO-12 APC": between()},
        fails={
            "a flat end face": between(fiber={"polish": "UPC"}),
            "a module with LC": between(far={"module": module(seen={"connector": reading(0x07)}, pmd="400GBASE-DR4")}),
        },
        undecided={
            "the polish is not declared": between(fiber={"polish": None}),
            "the module's connector was not read": between(near={"module": module(seen={"connector": gone()})}),
        },
    ),
    *proofs(
        fiber.loss,
        passes={"0.9 dB measured, 1 dB seen": between()},
        fails={
            "3.5 dB measured": between(fiber={"loss_db": Decimal("3.5")}),
            "a lane loses 8 dB": between(**lanes(rx_power=reading("-8", Unit.DBM))),
            "a lane gains 8 dB": between(**lanes(rx_power=reading("9", Unit.DBM))),
            "the wrong fiber has no budget": between(fiber={"type": "OM4"}),
        },
        undecided={
            "the loss was not measured": between(fiber={"loss_db": None}),
            "a lane was not read": between(**lanes(rx_power=gone())),
            "a dark transmitter shows no loss": between(**lanes(tx_power=reading("-40", Unit.DBM))),
            "one end has fewer lanes": between(
                optics=(optical_port(), optical_port(of=nic_port(), media_lanes=(media_lane(1),)))
            ),
        },
        warns={
            "beyond the budget by less than the monitors' accuracy": between(
                **lanes(rx_power=reading("-3.8", Unit.DBM)), fiber={"loss_db": Decimal("2.5")}
            ),
        },
        does_not_apply={},
    ),
    *proofs(
        power.cage,
        passes={"16 W in a cage of 18 W": switch_cage(), "exactly what it gives": switch_cage(**drawing("18"))},
        fails={"20 W in a cage of 18 W": switch_cage(**drawing("20"))},
        undecided={
            "the module's power was not read": switch_cage(**NO_POWER),
            "0 W was never set": switch_cage(**drawing("0")),
            "nobody says what the cage gives": switch_cage(watts=gone(Absence.NOT_DECLARED)),
        },
    ),
    *proofs(
        power.supplies,
        passes={"716 W on one supply of 1500 W": switch()},
        fails={
            "the ASIC takes 1400 W": switch(plan={"asic_watts": Decimal(1400)}),
            "one supply": switch(plan={"supplies": 1}),
        },
        undecided={
            "one module was not read": switch(cages=(switch_cage(), switch_cage(**NO_POWER))),
            "the supplies are not declared": switch(plan={"supplies": None}),
            "the fans are not declared": switch(plan={"fan_watts": None}),
        },
    ),
    *proofs(
        power.rack,
        passes={"one switch in 40 kW": rack()},
        fails={
            "a budget of 800 W, 80 % of it": rack(budget_watts=Decimal(800)),
            "cooling counts": rack(overhead=Decimal(60)),
        },
        undecided={"a switch whose module was not read": rack(switch(cages=(switch_cage(**NO_POWER),)))},
    ),
    *proofs(
        procure.warranty,
        passes={"5 years": part()},
        fails={"1 year": part(warranty_years=Decimal(1))},
        undecided={"not stated": part(warranty_years=None)},
    ),
    *proofs(
        procure.mtbf,
        passes={"2 million hours, Telcordia SR-332 at 40 °C": part()},
        fails={
            "300,000 hours": part(mtbf_hours=Decimal(300_000)),
            "no method worth the name": part(mtbf_method="estimate"),
            "at 25 °C": part(mtbf_celsius=Decimal(25)),
            "no hours at all": part(mtbf_hours=Decimal(0)),
        },
        undecided={
            "no MTBF": part(mtbf_hours=None),
            "no method": part(mtbf_method=None),
            "no lead time": part(lead_time_weeks=None),
        },
        warns={"no spares": part(spares=0)},
    ),
    *proofs(
        procure.delivery,
        passes={"12 weeks of 14, 500 a month": part()},
        fails={
            "20 weeks": part(lead_time_weeks=Decimal(20)),
            "later than the schedule": part(needed_by_weeks=Decimal(10)),
            "10 a month for 64": part(capacity_per_month=10),
        },
        undecided={"no lead time": part(lead_time_weeks=None), "no capacity": part(capacity_per_month=None)},
    ),
]
