"""Where fibers take lanes, and what dark lanes point at."""

from __future__ import annotations

import pytest

from harness.maths.lanes import DUPLEX, MPO_12, MPO_16, Positions, crossings, landings, likely, positions, through

ALL = (True,) * 4
NONE = (False,) * 4


@pytest.mark.parametrize(
    ("where", "elements", "right"),
    [
        (MPO_12, "B", True),
        (MPO_12, "AB", True),
        (MPO_12, "BBB", True),
        (MPO_12, "A", False),
        (MPO_12, "BB", False),
        (MPO_12, "C", False),
        (MPO_12, "CB", False),
        (MPO_16, "B", True),
        (MPO_16, "A", False),
        (DUPLEX, "B", True),
        (DUPLEX, "C", True),
        (DUPLEX, "A", False),
        (DUPLEX, "BB", False),
    ],
)
def test_every_transmitter_ends_at_its_receiver(where: Positions, elements: str, right: bool) -> None:
    found = list(landings(where, through(elements, where.fibers)))
    assert all(one.at == one.wanted for one in found) is right


def test_a_straight_trunk_joins_transmitters() -> None:
    first = next(landings(MPO_12, through("A", 12)))
    assert (first.fiber, first.end, first.at) == (1, 1, "transmitter of lane 1")


def test_a_flip_before_a_reversal_exchanges_lanes() -> None:
    first = next(landings(MPO_12, through("CB", 12)))
    assert first.at == "receiver of lane 2"


def test_crossings_are_counted() -> None:
    assert [crossings(e) for e in ("A", "B", "ABA", "BB", "BCB")] == [0, 1, 1, 2, 3]


def test_connectors_that_differ_have_no_lane_map() -> None:
    assert positions("MPO-16", "MPO-12") is None
    assert positions("MPO-12", "2xMPO-12") is MPO_12


@pytest.mark.parametrize(
    ("where", "far", "near", "said"),
    [
        (MPO_12, ALL, ALL, ""),
        (MPO_12, (True, True, False, True), ALL, "one fiber is broken or dirty: fiber 3 to 10"),
        (MPO_12, ALL, (False, True, True, True), "one fiber is broken or dirty: fiber 12 to 1"),
        (MPO_12, (False, True, True, True), (False, True, True, True), "2 fibers are broken or dirty"),
        (MPO_12, (False, False, True, True), (False, False, True, True), "the halves of the MPO are swapped"),
        (MPO_12, (False, False, True, True), (False, None, None, True), "the halves of the MPO are swapped"),
        (MPO_12, NONE, NONE, "the fibers come through straight"),
        (MPO_12, NONE, ALL, "no light at all towards the far end"),
        (MPO_12, (False, False, False, True), ALL, "no known mix-up"),
        (DUPLEX, NONE, NONE, "transmit meets transmit"),
        (DUPLEX, NONE, ALL, "the one fiber towards the far end"),
        (DUPLEX, (True, False, True, True), ALL, "not the plant"),
    ],
)
def test_dark_lanes_point_at_a_fault(
    where: Positions, far: tuple[bool, ...], near: tuple[bool, ...], said: str
) -> None:
    found = likely(where, through("B", where.fibers), far, near)
    assert said in " | ".join(found)
    assert bool(found) is bool(said)


def test_a_straight_and_a_flipped_channel_look_alike() -> None:
    assert len(likely(MPO_12, through("B", 12), NONE, NONE)) == 2
