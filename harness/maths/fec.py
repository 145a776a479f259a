"""Reed-Solomon codes and random errors: what a bit error ratio makes of codewords, and what counts prove.

A symbol of m bits is wrong with p = 1 - (1 - BER)^m; a code of n symbols that corrects t of them loses a codeword with
the binomial tail beyond t.  Ratios are floats: they reach down to 1e-50, of which a decimal would pretend to know more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

FRAMES: Final = 8
"""Frames of 64 octets in a codeword."""

ENOUGH: Final = 10
"""A bin with no more codewords than this says too little of its share."""

BEYOND: Final = 5
"""Bins beyond the last correctable one that are added up; the next ones add less than is known."""


def symbol_error_ratio(ber: float, symbol_bits: int) -> float:
    """How often a symbol is wrong when bits are wrong at random."""
    return -math.expm1(symbol_bits * math.log1p(-ber))


def codeword_error_ratio(ber: float, n: int, t: int, symbol_bits: int) -> float:
    """How often more than t of n symbols are wrong: a codeword that cannot be corrected."""
    from scipy.special import bdtrc

    return float(bdtrc(t, n, symbol_error_ratio(ber, symbol_bits)))


def bin_share(errors: int, ber: float, n: int, symbol_bits: int) -> float:
    """Which share of all codewords has exactly so many symbols wrong."""
    wrong = symbol_error_ratio(ber, symbol_bits)
    return math.comb(n, errors) * wrong**errors * (1 - wrong) ** (n - errors)


def frame_loss_ratio(codeword_loss: float, interleaved: int) -> float:
    """How many frames of 64 octets are lost, with so many codewords interleaved: a frame may lie in several."""
    return codeword_loss * (1 + interleaved * FRAMES) / FRAMES


def ratio_of_bins(bins: Sequence[int], n: int, symbol_bits: int, *, first: int = 0) -> float | None:
    """The bit error ratio of a histogram, one bit for each wrong symbol; None where nothing was counted."""
    words = sum(bins)
    if not words:
        return None
    return sum(errors * count for errors, count in enumerate(bins, first)) / (words * n * symbol_bits)


def burst_ratio(bins: Sequence[int]) -> float | None:
    """How many times as many codewords have three wrong symbols as random errors make of those with one.

    1 for random errors.  Error propagation in an equaliser raises it by orders of magnitude on healthy links, so that
    it is a trend of one link against itself and no limit.  None where a bin is empty.
    """
    if len(bins) < 4 or not (bins[0] and bins[1] and bins[3]):
        return None
    rate = bins[1] / bins[0]
    return (bins[3] / bins[0]) / (rate**3 / 6)


# --- the tail of a histogram --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tail:
    """A straight line through the logarithms of a histogram's shares, continued beyond what can be corrected.

    Random errors fall off faster than a line, so that ``lost`` is too high for them by orders of magnitude; a good fit
    does not say that the continuation is right.  A tail that lies flat, as bursts make it, falls off slower: then the
    line through its last two bins is continued.
    """

    decades_a_bin: float
    bins: int  # that were fitted
    r_squared: float
    lost: float  # share of codewords beyond correction
    flat: bool  # it is that of the last two bins
    low: float | None  # bounds of ``lost`` at the confidence; None where two bins leave no doubt to reckon with
    high: float | None


def tail(bins: Sequence[int], words: int, t: int, confidence: float) -> Tail | None:
    """The line through bins 1 to t that hold more than a few of all codewords; None where fewer than two do."""
    points = [(errors, math.log10(bins[errors] / words)) for errors in range(1, min(t, len(bins) - 1) + 1)
              if bins[errors] > ENOUGH]  # fmt: skip
    count = len(points)
    if count < 2:
        return None
    x = sum(errors for errors, _ in points) / count
    y = sum(share for _, share in points) / count
    width = sum((errors - x) ** 2 for errors, _ in points)
    slope = sum((errors - x) * (share - y) for errors, share in points) / width
    left = sum((share - y - slope * (errors - x)) ** 2 for errors, share in points)
    whole = sum((share - y) ** 2 for _, share in points)
    beyond = range(t + 1, t + 1 + BEYOND)
    line = [y + slope * (errors - x) for errors in beyond]
    low = high = None
    if count > 2:
        from scipy.special import stdtrit

        times = float(stdtrit(count - 2, (1 + confidence) / 2)) * math.sqrt(left / (count - 2))
        doubt = [times * math.sqrt(1 + 1 / count + (errors - x) ** 2 / width) for errors in beyond]
        low = _shares(share - by for share, by in zip(line, doubt, strict=True))
        high = _shares(share + by for share, by in zip(line, doubt, strict=True))
    lost, end = _shares(line), continued(points[-2:], beyond)
    high = max(high, end) if high is not None else None
    return Tail(slope, count, 1 - left / whole if whole else 1.0, max(lost, end), end > lost, low, high)


def continued(points: Sequence[tuple[int, float]], beyond: Iterable[int]) -> float:
    """The shares that the line through two bins puts into others."""
    (first, low), (last, high) = points
    slope = (high - low) / (last - first)
    return _shares(high + slope * (errors - last) for errors in beyond)


def _shares(logarithms: Iterable[float]) -> float:
    """The sum of shares given as logarithms; no more than all."""
    return min(1.0, sum(10 ** min(0.0, one) for one in logarithms))


# --- what counts prove --------------------------------------------------------------------------------------------


def highest_ratio(errors: int, trials: float, confidence: float) -> float:
    """The ratio that so many errors in so many trials leave open at most, one-sided: 3/N at 95 % where there was none.

    The quantile of chi-squared with 2 (errors + 1) degrees of freedom, over twice the trials.
    """
    return expected_at_most(errors, confidence) / trials


def trials_to_show(ratio: float, errors: int, confidence: float) -> float:
    """How many trials with no more errors than these show that a ratio is not exceeded."""
    return expected_at_most(errors, confidence) / ratio


def expected_at_most(errors: int, confidence: float) -> float:
    """The highest mean of a Poisson count that still gives no more than so many, one-sided."""
    from scipy.special import chdtri

    return float(chdtri(2 * (errors + 1), 1 - confidence)) / 2
