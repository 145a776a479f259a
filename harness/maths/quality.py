"""What the quality of a PAM4 signal lets one expect of its error ratio: a rough model, for orders of magnitude alone.

A transmitter that is some dB better than its limit leaves the receiver so much more amplitude than at the limit, where
a link just has the limit of its error ratio; noise is taken to be Gaussian and bits to be Gray-coded.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final

SHARE: Final = 0.75
"""Bit errors of Gray-coded PAM4 a tail of the normal distribution: 3/2 symbol errors, of two bits each."""

LEAST: Final = 1e-30


def ratio_with_margin(margin_db: Decimal, limit: Decimal) -> Decimal:
    """The bit error ratio of a link whose transmitter is so many dB better than one that just has ``limit``."""
    amplitude = 10 ** (float(margin_db) / 10)
    return ratio(distance(float(limit)) * amplitude)


def ratio_of_snr(snr_db: Decimal) -> Decimal:
    """The bit error ratio at a signal to noise ratio: the distance to a threshold is a fifth of the mean power."""
    return ratio(math.sqrt(10 ** (float(snr_db) / 10) / 5))


def ratio(distance: float) -> Decimal:
    """The bit error ratio where thresholds are so many standard deviations away."""
    return Decimal(str(max(LEAST, SHARE * math.erfc(distance / math.sqrt(2)) / 2)))


def distance(ratio: float) -> float:
    """How many standard deviations away thresholds are at a bit error ratio."""
    from scipy.special import ndtri

    return float(-ndtri(min(ratio / SHARE, 0.5)))


def decades(seen: Decimal, expected: Decimal) -> Decimal:
    """By how many powers of ten one ratio is above another; below counts as none."""
    return max(Decimal(0), Decimal(str(round(math.log10(float(seen) / float(expected)), 2))))
