"""What RS(544,514) counts on a link with random bit errors: codewords by symbol errors, at any time since it came up.

Exact binomials in decimal arithmetic, so that every machine gets the same counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import cache
from typing import Final

N: Final = 544
"""Symbols of a codeword."""
T: Final = 15
"""Symbols that the code corrects."""
SYMBOL_BITS: Final = 10
N_BITS: Final = N * SYMBOL_BITS
BINS: Final = T + 1
PRECISION: Final = Context(prec=40)


@dataclass(frozen=True, slots=True)
class Counted:
    """Counters of one port at one instant."""

    bins: tuple[int, ...]  # codewords with 0 ... 15 symbol errors
    uncorrected: int

    def __add__(self, more: Counted) -> Counted:
        bins = tuple(mine + theirs for mine, theirs in zip(self.bins, more.bins, strict=True))
        return Counted(bins, self.uncorrected + more.uncorrected)

    @property
    def corrected(self) -> int:
        return sum(self.bins[1:])

    @property
    def symbols(self) -> int:
        return sum(errors * count for errors, count in enumerate(self.bins))

    @property
    def worst(self) -> int:
        return max((errors for errors, count in enumerate(self.bins) if count), default=0)


NOTHING: Final = Counted((0,) * BINS, 0)


def counted(ber: Decimal, gbps: int, seconds: int, uncorrected: int = 0) -> Counted:
    """The counters after ``seconds`` at a bit error ratio."""
    words = int(Decimal(gbps) * seconds * 1_000_000_000 * 17 / 16 / N_BITS)  # 425 Gb/s on the line for 400 Gb/s
    bins = [int((share * words).to_integral_value()) for share in shares(ber)]
    bins[0] = max(0, words - sum(bins[1:]) - uncorrected)
    return Counted(tuple(bins), uncorrected)


@cache
def shares(ber: Decimal) -> tuple[Decimal, ...]:
    """How much of all codewords has 0 ... 15 symbol errors."""
    with localcontext(PRECISION):
        symbol = 1 - (1 - ber) ** SYMBOL_BITS
        return tuple(math.comb(N, k) * symbol**k * (1 - symbol) ** (N - k) for k in range(BINS))


def predicted(seen: Counted) -> tuple[Decimal, int] | None:
    """The share of codewords that a straight line through the histogram's logarithms puts beyond bin 15, and how well
    the line fits, in percent; None where fewer than two bins can be used."""
    total = sum(seen.bins) + seen.uncorrected
    points = [(errors, count) for errors, count in enumerate(seen.bins) if errors and count > 10]
    if len(points) < 2:
        return None
    with localcontext(PRECISION):
        xs = [Decimal(errors) for errors, _ in points]
        ys = [(Decimal(count) / total).log10() for _, count in points]
        x, y = _sum(xs) / len(xs), _sum(ys) / len(ys)
        slope = _sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / _sum((a - x) ** 2 for a in xs)
        left = _sum((b - y - slope * (a - x)) ** 2 for a, b in zip(xs, ys, strict=True))
        fit = 1 - left / _sum((b - y) ** 2 for b in ys)
        beyond = _sum(Decimal(10) ** (y + slope * (errors - x)) for errors in range(BINS, BINS + 5))
        return beyond, int(fit * 100)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
