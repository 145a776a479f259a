"""Failures, spares and samples against tables and hand reckoning."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harness.maths.quality import decades, ratio_of_snr, ratio_with_margin
from harness.maths.reliability import demonstrated_mtbf, failures_a_year, fit, least_yield, spares_to_hold

SURE = Decimal("0.95")


@pytest.mark.parametrize(
    ("mean", "spares"),
    [("0", 0), ("0.001", 0), ("0.05", 0), ("0.06", 1), ("1", 3), ("5", 9), ("43.8", 55), ("5000", 5117)],
)
def test_spares_outlast_the_failures_of_the_lead_time(mean: str, spares: int) -> None:
    assert spares_to_hold(Decimal(mean), SURE) == spares


def test_ten_thousand_modules_of_500_fit_lose_44_a_year() -> None:
    assert fit(Decimal(2_000_000)) == 500
    assert round(failures_a_year(10_000, Decimal(2_000_000)), 1) == Decimal("43.8")


def test_no_failure_shows_a_third_of_the_hours() -> None:
    assert round(demonstrated_mtbf(Decimal(3000), 0, SURE)) == 1001


@pytest.mark.parametrize(
    ("good", "units", "least"), [(10, 10, "0.7411"), (4, 4, "0.4729"), (6, 10, "0.3035"), (0, 5, "0")]
)
def test_a_sample_shows_a_yield(good: int, units: int, least: str) -> None:
    assert least_yield(good, units, SURE) == Decimal(least)


def test_a_transmitter_at_its_limit_has_the_limit_of_the_ratio() -> None:
    assert float(ratio_with_margin(Decimal(0), Decimal("2.4e-4"))) == pytest.approx(2.4e-4, rel=1e-6)


def test_every_decibel_of_margin_lowers_the_ratio_and_every_one_of_snr() -> None:
    margins = [ratio_with_margin(Decimal(db), Decimal("2.4e-4")) for db in range(4)]
    ratios = [ratio_of_snr(Decimal(db)) for db in (13, 17, 20, 24)]
    assert margins == sorted(margins, reverse=True)
    assert ratios == sorted(ratios, reverse=True)
    assert float(ratio_of_snr(Decimal("17.6"))) == pytest.approx(2.6e-4, rel=0.5)  # PAM4 needs some 17.6 dB for 2.4e-4


def test_decades_count_upwards_alone() -> None:
    assert decades(Decimal("2e-4"), Decimal("2e-8")) == 4
    assert decades(Decimal("2e-8"), Decimal("2e-4")) == 0
