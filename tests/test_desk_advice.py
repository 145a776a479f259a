"""Form-factor advice: the matrix, what reaches by the tables, and what the lab takes."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from harness.advice import Answer, advise
from harness.cli import main
from harness.engine import open_lab
from harness.report.desk import advice_text
from harness.requirements.advice import matrix
from tests.test_desk import LAB, shop


def asked(rate: int | None = None, metres: int | None = None, lane: int | None = None) -> Answer:
    rate_, metres_, lane_ = (None if one is None else Decimal(one) for one in (rate, metres, lane))
    return advise(LAB, rate=rate_, metres=metres_, lane=lane_)


def needs(answer: Answer) -> set[str]:
    return {row.need for row in answer.rows}


def test_without_a_question_the_whole_matrix_is_told() -> None:
    assert asked().rows == tuple(matrix())


@pytest.mark.parametrize(
    ("metres", "need"),
    [
        (1, "within a rack"), (2, "within a rack"), (3, "next to the rack, beyond passive copper"), (20, "along a row"),
        (100, "between rows, on multimode"), (300, "across a hall"), (2000, "between buildings"),
        (8000, "across a campus"),
    ],
)  # fmt: skip
def test_each_distance_has_one_row_of_its_own(metres: int, need: str) -> None:
    of_distance = {row.need for row in matrix() if not row.rates}
    assert needs(asked(metres=metres)) & of_distance == {need}


def test_every_row_has_a_reason_and_a_source_on_the_terminal() -> None:
    text = advice_text(asked())
    assert text.count("because:") == text.count("choose:") == text.count("source:") == len(matrix())


def test_what_reaches_is_what_the_tables_say() -> None:
    found = {one.name: one for one in asked(800, 300).media}
    assert "800GBASE-DR8" in found and "DAC" not in found and "800GBASE-SR8" not in found
    assert found["800GBASE-DR8"].metres == 500
    assert [one.metres for one in asked(800, 300).media] == sorted(one.metres for one in found.values())


def test_a_cable_at_100g_a_lane_beyond_passive_copper_is_active() -> None:
    names = {one.name for one in asked(800, 3, 100).media if not one.name[0].isdigit()}
    assert names == {"ACC", "AEC", "AOC"}


def test_a_row_names_the_devices_of_the_lab_that_have_such_a_cage_at_the_rate() -> None:
    told = json.loads(json.dumps(asked(400, lane=100).document()))
    row = next(one for one in told["advice"] if one["need"].startswith("400G port of a NIC"))
    assert {"connectx7", "bluefield3"} <= set(row["devices"]) <= set(shop()[0].devices)
    assert "sn5600" not in row["devices"]


def test_every_form_factor_and_cable_of_the_matrix_is_one_of_the_tables() -> None:
    require = open_lab(LAB).requirements
    for row in matrix():
        assert set(row.form_factors) <= set(require.cages)
        assert set(row.cables) <= set(require.cables)


def test_a_distance_that_nothing_reaches_is_told_as_such() -> None:
    assert asked(800, 100_000).media == ()
    assert "no row of the matrix" in advice_text(asked(5, 100_000))


def test_advice_is_printed_and_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["desk", "--lab", str(LAB), "--advise", "--rate", "800", "--metres", "300"]) == 0
    assert "across a hall" in capsys.readouterr().out
    assert main(["desk", "--lab", str(LAB), "--advise", "--rate", "800", "--metres", "300", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == "800G a cage, every lane rate, 300 m"
