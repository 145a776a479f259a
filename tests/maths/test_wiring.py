"""The fewest moves that mend a miswired network."""

from __future__ import annotations

from random import Random

import pytest

from harness.maths.wiring import Cable, Fault, agreed, fewest_moves

PLAN = [("leaf1:1", "gpu1:0"), ("leaf1:2", "gpu2:0"), ("leaf2:1", "gpu1:1"), ("leaf2:2", "gpu2:1")]


def but(*changed: tuple[int, Cable]) -> list[Cable]:
    """The plan with some cables otherwise."""
    cables = list(PLAN)
    for number, cable in changed:
        cables[number] = cable
    return cables


CASES = {
    "as planned": (PLAN, [], 0),
    "told from the other end": ([(b, a) for a, b in PLAN], [], 0),
    "two cables exchanged": (
        but((0, ("leaf1:1", "gpu2:0")), (1, ("leaf1:2", "gpu1:0"))), [Fault.SWAPPED, Fault.SWAPPED], 2,
    ),
    "one end in a free port": (but((0, ("leaf1:9", "gpu1:0"))), [Fault.WRONG], 1),
    "three in a circle": (
        but((0, ("leaf1:1", "gpu2:0")), (1, ("leaf1:2", "gpu1:1")), (2, ("leaf2:1", "gpu1:0"))), [Fault.WRONG] * 3, 3,
    ),
    "one missing": (PLAN[1:], [Fault.MISSING], 0),
    "one too many": ([*PLAN, ("leaf1:7", "leaf2:7")], [Fault.EXTRA], 0),
    "one elsewhere altogether": (but((0, ("leaf1:7", "leaf2:7"))), [Fault.MISSING, Fault.EXTRA], 0),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_moves(case: str) -> None:
    seen, faults, ends = CASES[case]
    moves = fewest_moves(PLAN, seen)
    assert [move.fault for move in moves] == faults
    assert sum(len(move.moved) for move in moves) == ends


def test_a_swapped_pair_is_said_in_one_sentence() -> None:
    first, _ = fewest_moves(PLAN, CASES["two cables exchanged"][0])
    assert str(first) in (
        "swapped pair: exchange the cables in gpu1:0 and gpu2:0",
        "swapped pair: exchange the cables in leaf1:1 and leaf1:2",
    )


def test_the_moves_mend_what_was_shuffled() -> None:
    chance = Random(6)
    plan = [(f"leaf:{n}", f"gpu:{n}") for n in range(200)]
    far = [b for _, b in plan]
    chance.shuffle(far)
    seen = [(a, far[n]) for n, (a, _) in enumerate(plan)]
    moves = fewest_moves(plan, seen)
    assert all(len(move.moved) == 1 for move in moves)
    assert len(moves) == sum(a[1] != b[1] for a, b in zip(plan, seen, strict=True))
    mended = {frozenset(cable) for cable in seen}
    for move in moves:
        assert move.seen is not None
        assert move.planned is not None
        mended = (mended - {frozenset(move.seen)}) | {frozenset(move.planned)}
    assert mended == {frozenset(cable) for cable in plan}


@pytest.mark.parametrize(
    ("told", "cables"),
    [
        ({"a": "b", "b": "a"}, [("a", "b")]),
        ({"a": "b"}, [("a", "b")]),
        ({"a": "b", "b": "c"}, [("b", "c")]),
        ({"a": "b", "c": "b"}, []),
        ({"a": "a"}, []),
    ],
    ids=["both ends", "one end", "the other end says otherwise", "two claim one port", "itself"],
)
def test_cables_out_of_neighbours(told: dict[str, str], cables: list[Cable]) -> None:
    assert list(agreed(told)) == cables
