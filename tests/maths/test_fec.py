"""Codewords and errors, against the tables of the FEC sheet."""

from __future__ import annotations

import math

import pytest

from harness.maths.fec import (
    bin_share,
    burst_ratio,
    codeword_error_ratio,
    frame_loss_ratio,
    highest_ratio,
    ratio_of_bins,
    symbol_error_ratio,
    tail,
    trials_to_show,
)

KP4, KR4, LOW_LATENCY = (544, 15), (528, 7), (272, 7)
LINE = {100: 106.25e9, 400: 425e9, 800: 850e9}


@pytest.mark.parametrize(
    ("ber", "kp4", "kr4", "low_latency"),
    [
        (1e-3, 1.53e-4, 1.60e-1, 6.43e-3),
        (5e-4, 2.79e-8, 5.61e-3, 8.02e-5),
        (2.4e-4, 8.15e-13, 5.15e-5, 4.17e-7),
        (1e-4, 1.36e-18, 8.93e-8, 5.28e-10),
        (5e-5, 2.67e-23, 4.40e-10, 2.32e-12),
        (1e-5, 2.14e-34, 1.36e-15, 6.54e-18),
        (1e-6, 2.2e-50, 1.4e-23, 6.7e-26),
    ],
)
def test_codewords_lost_at_a_bit_error_ratio(ber: float, kp4: float, kr4: float, low_latency: float) -> None:
    for (n, t), wanted in ((KP4, kp4), (KR4, kr4), (LOW_LATENCY, low_latency)):
        assert codeword_error_ratio(ber, n, t, 10) == pytest.approx(wanted, rel=0.03)


@pytest.mark.parametrize(("ber", "mean"), [(1e-3, 5.42), (2.4e-4, 1.30), (1e-5, 0.054)])
def test_wrong_symbols_in_a_codeword(ber: float, mean: float) -> None:
    assert 544 * symbol_error_ratio(ber, 10) == pytest.approx(mean, rel=0.01)


def test_shares_of_the_bins() -> None:
    wanted = (0.27, 0.35, 0.23, 0.10, 0.033, 8.5e-3, 1.8e-3, 3.4e-4, 5.4e-5, 7.8e-6, 1.0e-6, 1.2e-7, 1.2e-8)
    assert [bin_share(errors, 2.4e-4, 544, 10) for errors in range(13)] == pytest.approx(wanted, rel=0.06)


@pytest.mark.parametrize(("interleaved", "frames"), [(1, 9.2e-13), (2, 1.73e-12), (4, 3.4e-12)])
def test_frames_lost_at_the_limit_of_the_standard(interleaved: int, frames: float) -> None:
    assert frame_loss_ratio(8.15e-13, interleaved) == pytest.approx(frames, rel=0.02)


def drawn(ber: float, words: float = 7.8125e7 * 120) -> list[int]:
    """The histogram to expect of random errors in so many codewords: 400 Gb/s for 120 s."""
    return [round(words * bin_share(errors, ber, 544, 10)) for errors in range(16)]


@pytest.mark.parametrize(
    ("ber", "slope", "fit", "used", "lost"),
    [
        (2.4e-4, -0.73, 0.977, 13, 4.4e-11),
        (1e-4, -0.98, 0.989, 9, 2.4e-15),
        (5e-5, -1.19, 0.994, 7, 5.4e-19),
        (1e-5, -1.79, 0.998, 5, 1.0e-28),
        (1e-6, -2.65, 1.000, 3, 8.8e-43),
    ],
)
def test_the_tail_of_random_errors(ber: float, slope: float, fit: float, used: int, lost: float) -> None:
    bins = drawn(ber)
    found = tail(bins, sum(bins), 15, 0.95)
    assert found is not None
    assert found.decades_a_bin == pytest.approx(slope, abs=0.006)
    assert found.r_squared == pytest.approx(fit, abs=0.001)
    assert found.bins == used
    assert not found.flat
    assert found.lost == pytest.approx(lost, rel=0.3)
    assert found.low is not None and found.high is not None
    assert found.low < found.lost < found.high
    assert found.lost > codeword_error_ratio(ber, 544, 15, 10)


def test_a_tail_needs_two_bins() -> None:
    assert tail([10**9, 500, 10, 0], 10**9, 15, 0.95) is None
    two = tail([10**9, 500, 20, 0], 10**9, 15, 0.95)
    assert two is not None
    assert (two.low, two.high, two.bins) == (None, None, 2)


def test_bursts_beyond_a_steep_histogram_are_not_averaged_away() -> None:
    """Bins 2 and 11 at 10^-8.2 and 10^-10.7 go on at 0.276 decades a bin: 10^-12.1 at bin 16, and four more."""
    bins = [20_357_403_656_028, 1_971_248_304, 119_621, 4, *(0,) * 7, 400, *(0,) * 4]
    found = tail(bins, sum(bins), 15, 0.95)
    assert found is not None
    assert found.flat
    assert found.lost == pytest.approx(1.7e-12, rel=0.1)


def test_a_flat_tail_loses_no_more_than_all() -> None:
    flat = tail([0, *[10**6] * 15], 15 * 10**6, 15, 0.95)
    assert flat is not None
    assert flat.lost <= 1


def test_ratio_of_a_histogram() -> None:
    assert ratio_of_bins(drawn(1e-5), 544, 10) == pytest.approx(1e-5, rel=1e-3)
    assert ratio_of_bins([100, 10], 544, 10, first=1) == pytest.approx(120 / (110 * 5440))
    assert ratio_of_bins([0, 0], 544, 10) is None


def test_random_errors_are_no_bursts() -> None:
    assert burst_ratio(drawn(1e-5)) == pytest.approx(1, rel=0.05)
    assert burst_ratio([10**9, 1000, 5, 0]) is None


@pytest.mark.parametrize(("confidence", "events"), [(0.95, 3.0), (0.99, 4.6), (0.90, 2.3)])
def test_no_error_in_many_bits(confidence: float, events: float) -> None:
    assert highest_ratio(0, 1e15, confidence) == pytest.approx(-math.log(1 - confidence) / 1e15)
    assert highest_ratio(0, 1, confidence) == pytest.approx(events, rel=0.005)


def test_some_errors_in_many_bits() -> None:
    assert highest_ratio(1, 1, 0.95) == pytest.approx(4.744, rel=1e-3)  # tables of Poisson limits
    assert highest_ratio(5, 1, 0.95) == pytest.approx(10.513, rel=1e-3)


@pytest.mark.parametrize(
    ("ratio", "gbps", "seconds"),
    [
        (1e-12, 100, 28), (1e-12, 400, 7.1), (1e-12, 800, 3.5),
        (1e-15, 100, 7.8 * 3600), (1e-15, 400, 1.96 * 3600), (1e-15, 800, 59 * 60),
    ],
)  # fmt: skip
def test_how_long_it_takes_to_show_a_ratio(ratio: float, gbps: int, seconds: float) -> None:
    assert trials_to_show(ratio, 0, 0.95) / LINE[gbps] == pytest.approx(seconds, rel=0.01)
