"""Heat of modules, switches and racks: what air takes it away, and what cooling adds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import median
from typing import Final

CFM_KELVIN_A_WATT: Final = Decimal("1.76")
"""Air at sea level: cubic feet a minute that carry a watt away as they warm by one kelvin."""

THINNER: Final = Decimal("0.1")
"""How much more air is needed for every 1000 m above the sea."""

USUAL_RISE: Final = Decimal(15)
"""Kelvin by which air may warm as it passes modules, where nobody says otherwise."""


def airflow(watts: Decimal, rise: Decimal = USUAL_RISE, metres: Decimal = Decimal(0)) -> Decimal:
    """Cubic feet of air a minute that carry heat away and warm by ``rise`` kelvin doing so."""
    if rise <= 0:
        raise ValueError(f"air that warms by {rise} K carries nothing away")
    return CFM_KELVIN_A_WATT * watts / rise * (1 + THINNER * metres / 1000)


def facility(watts: Decimal, pue: Decimal) -> Decimal:
    """What a site takes for equipment that takes so much; a PUE is of the site, and no heat of the rack."""
    return watts * pue


def switch_watts(
    asic: Decimal,
    modules: Iterable[Decimal],
    *,
    cpu: Decimal = Decimal(0),
    fans: Decimal = Decimal(0),
    supply_loss: Decimal = Decimal(0),
) -> Decimal:
    """What a switch takes from the wall: all that is in it, and what its supplies lose, as a share of their output."""
    return (asic + cpu + fans + sum(modules, Decimal(0))) * (1 + supply_loss)


def over_median(temperatures: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """By how much each of several temperatures is above their median."""
    middle = median(temperatures) if temperatures else Decimal(0)
    return tuple(each - middle for each in temperatures)


def over_neighbours(temperatures: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """By how much each of a row of temperatures is above the cooler one beside it; 0 for one that stands alone."""
    found = []
    for place, each in enumerate(temperatures):
        beside = [*temperatures[max(place - 1, 0) : place], *temperatures[place + 1 : place + 2]]
        found.append(each - min(beside) if beside else Decimal(0))
    return tuple(found)
