"""The loss that a fiber plant is to have: attenuation by length, and so much for every mated pair of connectors.

Rules of thumb of cabling guides, which a measurement may be held against; the PMD's own channel budget is a limit of
the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ATTENUATION: Final[Mapping[str, Decimal]] = {
    "OS2": Decimal("0.43"), "OM3": Decimal("3.0"), "OM4": Decimal("3.0"), "OM5": Decimal("3.0"),
}  # fmt: skip
"""dB/km, at 1310 nm and at 850 nm."""

BEST_PAIR: Final = Decimal("0.35")
WORST_PAIR: Final = Decimal("0.75")
"""dB of a mated pair of connectors."""


@dataclass(frozen=True, slots=True)
class Plant:
    """What a plant is to lose, in dB."""

    attenuation: Decimal
    least: Decimal
    most: Decimal


def reckoned(fiber: str, length_m: Decimal, mated_pairs: int) -> Plant | None:
    """What a plant of so many metres and mated pairs is to lose; None for a fiber that the table does not have."""
    if fiber not in ATTENUATION:
        return None
    attenuation = ATTENUATION[fiber] * length_m / 1000
    return Plant(attenuation, attenuation + BEST_PAIR * mated_pairs, attenuation + WORST_PAIR * mated_pairs)
