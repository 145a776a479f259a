"""Limits judge readings: bounds inclusive, Missing undecided, standing decides what is beyond."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.limit import Choice, Range, UnitMismatch, Unknown, at_least, at_most, not_applicable, one_of, same_as
from harness.reading import Absence, Missing, Reading, Source
from harness.units import Unit
from harness.verdict import Outcome, Standing, Verdict

HERE = Source("test")
HOLE = Missing(Absence.NOT_RECORDED, HERE)


def db(value: str, *, uncertainty: str | None = None) -> Reading[Decimal]:
    return Reading(Decimal(value), HERE, Unit.DB, None if uncertainty is None else Decimal(uncertainty))


def tdecq(**more: object) -> Range:
    firm = {"max": Decimal("3.4"), "unit": Unit.DB, "clause": "clause 124", "standing": Standing.DATASHEET}
    return Range(**(firm | more))  # type: ignore[arg-type]


CASES = [
    ("at the bound is inside", tdecq(), db("3.4"), Outcome.PASS),
    ("beyond by a hair is outside", tdecq(), db("3.40000001"), Outcome.FAIL),
    ("33 steps of 0.1 make 3.3 exactly", tdecq(max=Decimal("3.3")), db(str(33 * Decimal("0.1"))), Outcome.PASS),
    ("a recalled limit warns", tdecq(standing=Standing.RECALLED), db("3.5"), Outcome.WARN),
    ("a draft limit warns", tdecq(standing=Standing.DRAFT), db("3.5"), Outcome.WARN),
    ("an advisory limit warns", tdecq(standing=Standing.ADVISORY), db("3.5"), Outcome.WARN),
    ("a buyer's limit fails", tdecq(standing=Standing.BUYER), db("3.5"), Outcome.FAIL),
    ("within the monitor's accuracy warns", tdecq(accuracy=Decimal(3)), db("6.4"), Outcome.WARN),
    ("beyond the accuracy fails", tdecq(accuracy=Decimal(3)), db("6.41"), Outcome.FAIL),
    ("simple acceptance ignores the uncertainty", tdecq(), db("3.3", uncertainty="0.2"), Outcome.PASS),
    ("guarded acceptance draws the bound in", tdecq(guarded=True), db("3.3", uncertainty="0.2"), Outcome.FAIL),
    ("guarded acceptance needs an uncertainty", tdecq(guarded=True), db("3.3"), Outcome.NOT_MEASURED),
    ("a strict bound is itself outside", tdecq(strict=True), db("3.4"), Outcome.FAIL),
    ("missing is undecided", tdecq(), HOLE, Outcome.NOT_MEASURED),
    ("not a number is undecided", tdecq(), db("NaN"), Outcome.NOT_MEASURED),
    ("infinite is undecided", tdecq(), db("-Infinity"), Outcome.NOT_MEASURED),
    ("a limit without a bound is an error", Range(unit=Unit.DB), db("1"), Outcome.ERROR),
]


@pytest.mark.parametrize(("limit", "reading", "outcome"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_range(limit: Range, reading: Reading[Decimal] | Missing, outcome: Outcome) -> None:
    assert limit.judge(reading).outcome is outcome


def test_margin_is_to_the_nearer_bound_and_negative_outside() -> None:
    window = Range(min=Decimal(-4), max=Decimal(4), unit=Unit.DB)
    assert window.judge(db("-3.5")).margin == Decimal("0.5")
    assert window.judge(db("4.25")).margin == Decimal("-0.25")


def test_inside_by_less_than_the_guard_is_marginal() -> None:
    assert tdecq(guard=Decimal("0.2")).judge(db("3.3")).marginal
    assert not tdecq(guard=Decimal("0.1")).judge(db("3.3")).marginal
    assert tdecq().judge(db("3.3", uncertainty="0.2")).marginal


def test_another_unit_is_refused() -> None:
    with pytest.raises(UnitMismatch, match="dBm against a limit in dB"):
        tdecq().judge(Reading(Decimal(1), HERE, Unit.DBM))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-100, max_value=100))
def test_pass_means_within_bounds(value: Decimal) -> None:
    window = Range(min=Decimal(-3), max=Decimal(5), unit=Unit.DB)
    passed = window.judge(Reading(value, HERE, Unit.DB)).outcome is Outcome.PASS
    assert passed == (-3 <= value <= 5)


def test_choice_names_what_is_allowed() -> None:
    finding = one_of("rs", "fc", clause="table").judge(Reading("none", HERE))
    assert (finding.outcome, finding.limit, finding.measured) == (Outcome.FAIL, {"one_of": "fc, rs"}, "none")
    assert one_of("rs", clause="table").judge(HOLE).outcome is Outcome.NOT_MEASURED


def test_a_limit_set_by_a_missing_reading_decides_nothing() -> None:
    for limit in (same_as(HOLE, clause="c"), at_most(HOLE, clause="c"), at_least(HOLE, clause="c")):
        assert isinstance(limit, Unknown)
        assert limit.judge(db("1")).outcome is Outcome.NOT_MEASURED
        assert limit.judge(HOLE).outcome is Outcome.NOT_MEASURED


def test_a_limit_set_by_a_reading_points_at_it() -> None:
    limit = same_as(Reading("rs", Source("leaf1: show interfaces fec status", "line 9")), clause="both ends")
    assert isinstance(limit, Choice)
    assert "line 9" in limit.clause


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        ((), Outcome.ERROR),
        ((Outcome.PASS, Outcome.FAIL), Outcome.FAIL),
        ((Outcome.FAIL, Outcome.NOT_MEASURED), Outcome.FAIL),
        ((Outcome.NOT_MEASURED, Outcome.WARN), Outcome.NOT_MEASURED),
        ((Outcome.WARN, Outcome.PASS), Outcome.WARN),
        ((Outcome.WAIVED, Outcome.PASS), Outcome.WAIVED),
        ((Outcome.NOT_MEASURED, Outcome.WAIVED), Outcome.NOT_MEASURED),
        ((Outcome.NOT_APPLICABLE, Outcome.PASS), Outcome.PASS),
        ((Outcome.NOT_APPLICABLE,), Outcome.NOT_APPLICABLE),
        ((Outcome.FAIL, Outcome.ERROR), Outcome.ERROR),
    ],
    ids=str,
)
def test_the_worst_finding_decides(outcomes: tuple[Outcome, ...], worst: Outcome) -> None:
    from dataclasses import replace

    one = tdecq().judge(db("1"))
    findings = tuple(replace(one, outcome=outcome) for outcome in outcomes)
    assert Verdict("X-01", "x.y", "subject", findings).outcome is worst


def test_not_applicable_keeps_its_proof() -> None:
    finding = not_applicable(Reading(True, Source("module", "byte 2")), because="flat memory")
    assert (finding.outcome, finding.reason, str(finding.source)) == (
        Outcome.NOT_APPLICABLE,
        "flat memory",
        "module byte 2",
    )


@pytest.mark.parametrize("word", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_bound_that_is_no_number_lets_nothing_pass(word: str) -> None:
    bound, value = Reading(Decimal(word), HERE), Reading(Decimal(1), HERE)
    for limit in (at_most(bound, clause="x"), at_least(bound, clause="x"), same_as(bound, clause="x")):
        assert limit.judge(value).outcome is Outcome.NOT_MEASURED
        assert limit.judge(bound).outcome is Outcome.NOT_MEASURED
    assert Range(max=Decimal(word.replace("s", ""))).judge(value).outcome is Outcome.ERROR


@pytest.mark.parametrize("word", ["NaN", "sNaN", "Infinity"])
def test_no_choice_takes_what_is_no_number(word: str) -> None:
    assert one_of(Decimal(1), clause="x").judge(Reading(Decimal(word), HERE)).outcome is Outcome.NOT_MEASURED


@pytest.mark.parametrize("doubt", ["-1", "NaN", "Infinity"])
def test_a_guarded_limit_wants_an_uncertainty_that_may_be_one(doubt: str) -> None:
    limit = Range(max=Decimal(3), guarded=True)
    reading = Reading(Decimal("3.5"), HERE, uncertainty=Decimal(doubt))
    assert limit.judge(reading).outcome is Outcome.NOT_MEASURED
