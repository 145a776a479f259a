"""Heat, against the arithmetic that articles for buyers print."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harness.maths.heat import airflow, facility, over_median, over_neighbours, switch_watts


def numbers(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


@pytest.mark.parametrize(
    ("watts", "rise", "metres", "cfm"),
    [
        pytest.param("544", "15", "0", "64", id="32 modules of 17 W at 15 K"),
        pytest.param("9500", "12", "0", "1393", id="a rack of switches at 12 K"),
        pytest.param("544", "15", "1000", "70", id="a tenth more air at 1000 m"),
        pytest.param("0", "15", "0", "0", id="no heat"),
    ],
)
def test_air_that_takes_heat_away(watts: str, rise: str, metres: str, cfm: str) -> None:
    assert round(airflow(Decimal(watts), Decimal(rise), Decimal(metres))) == int(cfm)


def test_air_that_does_not_warm_takes_nothing_away() -> None:
    with pytest.raises(ValueError, match="carries nothing"):
        airflow(Decimal(100), Decimal(0))


@pytest.mark.parametrize(("asic", "site"), [("300", "1097.2"), ("500", "1357.2")])
def test_a_switch_with_32_modules_and_the_site_at_a_pue_of_1_3(asic: str, site: str) -> None:
    watts = switch_watts(Decimal(asic), [Decimal(17)] * 32)
    assert facility(watts, Decimal("1.3")) == Decimal(site)


def test_what_a_switch_has_beside_modules_counts_and_so_does_what_supplies_lose() -> None:
    watts = switch_watts(
        Decimal(500), [Decimal(16)] * 64, cpu=Decimal(50), fans=Decimal(200), supply_loss=Decimal("0.06")
    )
    assert watts == Decimal("1880.44")


def test_temperatures_over_their_median_and_over_their_neighbours() -> None:
    assert over_median(numbers("45", "46", "65")) == numbers("-1", "0", "19")
    assert over_median(()) == ()
    assert over_neighbours(numbers("65", "45", "50")) == numbers("20", "-5", "5")
    assert over_neighbours(numbers("52")) == numbers("0")
