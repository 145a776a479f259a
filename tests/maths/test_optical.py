"""Loss that is reckoned from length and connectors."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harness.maths.optical import reckoned


@pytest.mark.parametrize(
    ("fiber", "length", "pairs", "attenuation", "most"),
    [("OS2", 2000, 4, "0.86", "3.86"), ("OS2", 500, 4, "0.215", "3.215"), ("OM4", 50, 2, "0.15", "1.65")],
)
def test_attenuation_and_connectors(fiber: str, length: int, pairs: int, attenuation: str, most: str) -> None:
    found = reckoned(fiber, Decimal(length), pairs)
    assert found is not None
    assert (found.attenuation, found.most) == (Decimal(attenuation), Decimal(most))


def test_no_number_for_a_fiber_that_no_table_has() -> None:
    assert reckoned("OM1", Decimal(10), 2) is None
