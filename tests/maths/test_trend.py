"""Trends in series."""

from __future__ import annotations

import random

import pytest

from harness.maths.trend import MOST, fewest, mann_kendall, thinned, trend


def test_a_line_is_found_in_spite_of_outliers() -> None:
    points = [(float(x), 2.0 * x + (500 if x in (7, 11) else 0)) for x in range(30)]
    found = trend(points)
    assert found is not None
    assert found.slope == pytest.approx(2, rel=0.02)
    assert found.rising < 1e-6 < found.falling
    assert found.reaches(found.at(100)) == pytest.approx(100)


def test_the_same_value_for_ever_is_no_trend() -> None:
    found = trend([(float(x), 3.0) for x in range(10)])
    assert found is not None
    assert (found.slope, found.rising, found.falling, found.reaches(4)) == (0, 1, 1, None)


def test_mann_and_kendall_by_hand() -> None:
    """Of ten values the variance is 125; with S = 39 Z is 38 / 11.18 = 3.399, with S = 45 it is 3.935."""
    rising, falling = mann_kendall([1, 3, 2, 4, 5, 7, 6, 8, 10, 9])
    assert rising == pytest.approx(3.38e-4, rel=0.01)
    assert falling > 0.999
    assert mann_kendall(range(10))[0] == pytest.approx(4.16e-5, rel=0.01)


def test_noise_is_significant_no_more_often_than_it_should() -> None:
    dice = random.Random(4)
    found = [mann_kendall([dice.gauss(0, 1) for _ in range(20)])[0] < 0.05 for _ in range(400)]
    assert 0.02 < sum(found) / 400 < 0.09


def test_a_long_series_is_averaged() -> None:
    few = thinned([(float(x), float(x % 2)) for x in range(8641)])
    assert len(few) == MOST
    assert few[0][1] == pytest.approx(0.5, abs=0.02)


def test_how_many_samples_can_show_a_trend() -> None:
    assert fewest(0.05) == 4
    assert fewest(0.01) == 6
    assert fewest(0.001) > fewest(0.01)


@pytest.mark.parametrize("points", [[], [(1.0, 2.0)], [(1.0, 2.0), (1.0, 3.0)]])
def test_too_few_points_have_no_trend(points: list[tuple[float, float]]) -> None:
    assert trend(points) is None
