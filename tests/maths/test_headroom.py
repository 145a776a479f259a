"""Headroom against the worked table of SONiC's buffer model: cells of 192 bytes, half the packets small, MTU 9100."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harness.maths.headroom import headroom, occupied, worst_case

QUANTA = {100: 394, 200: 453, 400: 905, 800: 905}
WORKED = {
    (100, 5): 72_704, (100, 40): 81_920, (100, 300): 145_408, (100, 2000): 565_248,
    (200, 5): 81_920, (200, 40): 99_328, (200, 300): 227_328, (200, 2000): 1_065_984,
    (400, 5): 142_336, (400, 40): 177_152, (400, 100): 235_520, (400, 300): 433_152, (400, 2000): 2_110_464,
    (800, 5): 147_456, (800, 40): 216_064, (800, 100): 334_848, (800, 500): 1_123_328, (800, 2000): 4_082_688,
}  # fmt: skip


@pytest.mark.parametrize(("speed", "length"), WORKED)
def test_the_worked_table(speed: int, length: int) -> None:
    found = headroom(Decimal(speed), Decimal(length), Decimal(9100), QUANTA[speed], 192, small_percent=50)
    assert found.needed == WORKED[speed, length]


def test_small_packets_alone_take_more_and_still_less_than_the_table_that_is_shipped() -> None:
    found = headroom(Decimal(400), Decimal(5), Decimal(9100), 905, 192)
    assert 142_336 < found.needed < 231_424


@pytest.mark.parametrize(("cell", "times"), [(192, "3"), (256, "4"), (254, "3.96875")])
def test_a_large_cell_holds_one_small_packet(cell: int, times: str) -> None:
    assert worst_case(cell) == Decimal(times)


def test_a_small_cell_is_filled_worst_by_one_byte_more() -> None:
    assert round(worst_case(96), 4) == Decimal("1.9794")


def test_half_small_packets() -> None:
    assert occupied(192, 50) == 2
