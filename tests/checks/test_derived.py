"""Readings reckoned from readings, breakout modes, and proofs that a limit does not apply."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harness.applies import lanes_with, shut, without_cmis, without_pages, wrongly_flat
from harness.breakout import children, plain
from harness.derived import between, difference, finite, light, spread, total
from harness.limit import UnitMismatch, Unknown
from harness.reading import Missing, Reading
from harness.testing import copper, gone, module, port, reading, sff8636
from harness.units import Unit
from harness.verdict import Outcome

WATTS = [reading("16", Unit.WATT), reading("15.5", Unit.WATT)]


def test_a_sum_shows_how_it_was_reckoned() -> None:
    found = total(WATTS, of="modules")
    assert isinstance(found, Reading)
    assert (found.value, found.unit, found.source.raw) == (Decimal("31.5"), Unit.WATT, "16 + 15.5")


def test_the_first_missing_wins_and_says_what_it_was_needed_for() -> None:
    found = total([*WATTS, gone(detail="no row for Ethernet8"), gone(detail="later")], of="modules")
    assert isinstance(found, Missing)
    assert found.detail == "needed for modules: no row for Ethernet8"


def test_a_sum_of_nothing_is_missing() -> None:
    assert isinstance(total([], of="modules"), Missing)


def test_units_are_not_mixed() -> None:
    with pytest.raises(UnitMismatch):
        total([*WATTS, reading("1", Unit.MA)], of="modules")


def test_levels_in_dbm_are_apart_in_db() -> None:
    levels = [reading("0.5", Unit.DBM), reading("-1.5", Unit.DBM)]
    assert spread(levels, of="Tx").unit is Unit.DB  # type: ignore[union-attr]
    assert difference(levels[1], levels[0], of="loss").value == Decimal(-2)  # type: ignore[union-attr]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+31"])
def test_what_is_no_measurement_is_missing(value: str) -> None:
    assert isinstance(finite(reading(value, Unit.DBM)), Missing)


def test_minus_infinity_is_the_floor_of_the_register() -> None:
    assert light(reading("-Infinity", Unit.DBM)) == reading("-40", Unit.DBM)


def test_bounds_that_are_equal_were_never_set() -> None:
    zero = reading("0", Unit.VOLT)
    assert isinstance(between(zero, zero, clause="page 02h"), Unknown)


@pytest.mark.parametrize(
    ("mode", "lanes", "said"),
    [
        ("1x800G", 8, ["800G on 8 lanes"]),
        ("2x400G[200G]", 8, ["400G on 4 lanes"] * 2),
        ("1x400G(4)+4x100G(4)", 8, ["400G on 4 lanes"] + ["100G on 1 lane"] * 4),
        ("8x100G", 4, []),
        ("full", 8, []),
    ],
)
def test_modes_have_children(mode: str, lanes: int, said: list[str]) -> None:
    found = children(mode, lanes)
    assert [str(child) for child in found] == said
    taken = [lane for child in found for lane in child.lanes]
    assert taken == list(range(1, len(taken) + 1))


def test_a_mode_without_alternatives() -> None:
    assert plain("1x800G[400G, 200G]") == "1x800G"
    assert plain("1x400G(4)+4x100G(4)") == "1x400G+4x100G"


def test_lanes_on_which_a_bit_is_set() -> None:
    bits = (reading(False), reading(True), reading(True))
    assert lanes_with(bits, (1, 2, 3), module()) == reading((2, 3))
    assert isinstance(lanes_with(bits, (3, 4), module()), Missing)
    assert isinstance(lanes_with((gone(), *bits), (1, 2), module()), Missing)


def test_what_does_not_apply_is_proved_by_a_reading() -> None:
    cable, foreign = without_pages(copper()), without_cmis(copper(seen=sff8636()))
    down = shut(port(plan={"up": False}, seen={"admin": reading("down")}))
    for finding in (cable, foreign, down):
        assert finding is not None
        assert finding.outcome is Outcome.NOT_APPLICABLE
        assert finding.measured
    assert without_cmis(module()) is without_pages(module()) is shut(port()) is None


def test_flat_memory_excuses_a_passive_cable_alone() -> None:
    optic = module(seen={"flat_memory": reading(True)})
    assert without_pages(optic) is None
    wrong = wrongly_flat(optic)
    assert wrong is not None
    assert wrong.outcome is Outcome.FAIL
    assert wrongly_flat(copper()) is wrongly_flat(module()) is None


def test_an_unread_proof_is_undecided() -> None:
    silent = without_cmis(module(seen={"management": "sff8636", "identifier": gone()}))
    assert silent is not None
    assert silent.outcome is Outcome.NOT_MEASURED
