"""Trends in a series of samples: is there one, how steep is it, when does it reach a limit.

The slope is Theil's and Sen's, the median of the slopes between all pairs; whether there is one, Mann's and Kendall's
test, which asks only how often a later sample is higher than an earlier one.  Neither cares for a few outliers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import fmean, median
from typing import Final

MOST: Final = 120
"""Points that are reckoned with; a longer series is averaged down to as many, which also evens out noise that lasts
longer than one sample."""

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through a series."""

    slope: float  # units of y in a unit of x
    middle: tuple[float, float]  # a point of the line: the medians
    rising: float  # the chance that as much of a rise, or more, comes from none, one-sided
    falling: float
    points: int

    def at(self, x: float) -> float:
        return self.middle[1] + self.slope * (x - self.middle[0])

    def reaches(self, y: float) -> float | None:
        """Where the line is at a value; None where it is level."""
        return self.middle[0] + (y - self.middle[1]) / self.slope if self.slope else None


def trend(points: Points) -> Trend | None:
    """The trend of a series in order of x; None where fewer than two points differ in x."""
    few = thinned(points)
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(few, 2) if b[0] > a[0]]
    if not slopes:
        return None
    middle = median(x for x, _ in few), median(y for _, y in few)
    rising, falling = mann_kendall([y for _, y in few])
    return Trend(median(slopes), middle, rising, falling, len(few))


def thinned(points: Points, most: int = MOST) -> Points:
    """The series, or the means of groups of neighbours where it is longer than ``most``."""
    if len(points) <= most:
        return points
    edges = [len(points) * part // most for part in range(most + 1)]
    groups = [points[first:end] for first, end in pairwise(edges)]
    return [(fmean(x for x, _ in group), fmean(y for _, y in group)) for group in groups]


def mann_kendall(values: Sequence[float]) -> tuple[float, float]:
    """The chances that as much of a rise, and of a fall, comes from a series without trend; ties are allowed for."""
    from scipy.special import ndtr

    count = len(values)
    score = sum((later > sooner) - (later < sooner) for sooner, later in combinations(values, 2))
    alike = sum(ties * (ties - 1) * (2 * ties + 5) for ties in Counter(values).values())
    variance = (count * (count - 1) * (2 * count + 5) - alike) / 18
    if variance <= 0:
        return 1.0, 1.0
    deviation = math.sqrt(variance)
    return float(ndtr(-(score - 1) / deviation)), float(ndtr((score + 1) / deviation))


def fewest(significance: float) -> int:
    """How many samples it takes that the steepest of trends is significant; with fewer nothing is shown."""
    count = 3
    while mann_kendall(range(count))[0] >= significance:
        count += 1
    return count
