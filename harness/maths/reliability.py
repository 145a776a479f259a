"""Failures of a fleet, spares that outlast them, and what a sample says of a lot."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

HOURS_A_YEAR: Final = 8760
HOURS_OF_FIT: Final = Decimal(10**9)


def fit(mtbf_hours: Decimal) -> Decimal:
    """Failures in a thousand million hours."""
    return HOURS_OF_FIT / mtbf_hours


def failures_a_year(fleet: int, mtbf_hours: Decimal) -> Decimal:
    """How many of a fleet are expected to fail in a year of running."""
    return fleet * HOURS_A_YEAR / mtbf_hours


def spares_to_hold(mean: Decimal, confidence: Decimal) -> int:
    """The fewest spares that outlast so many expected failures with this confidence: a quantile of Poisson."""
    from scipy.special import pdtr, pdtrik

    spares = max(0, int(pdtrik(float(confidence), float(mean))) - 1)
    while Decimal(str(pdtr(spares, float(mean)))) < confidence:
        spares += 1
    return spares


def demonstrated_mtbf(hours: Decimal, failures: int, confidence: Decimal) -> Decimal:
    """The MTBF that so many device hours with so many failures show: a lower bound."""
    from scipy.special import chdtri

    return hours / (Decimal(str(chdtri(2 * failures + 2, 1 - float(confidence)))) / 2)


def least_yield(good: int, units: int, confidence: Decimal) -> Decimal:
    """The lower bound of the share of good units in a lot, after a sample of it (Clopper and Pearson)."""
    from scipy.special import betaincinv

    if not good:
        return Decimal(0)
    return Decimal(str(round(float(betaincinv(good, units - good + 1, 1 - float(confidence))), 4)))
