"""What every driver makes alike: numbers of monitors, pause in either way, addresses, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from harness.drivers.base import signed
from harness.drivers.facts import all_spellings, either_way, ok, parts, spellings, while_up
from harness.reading import Absence, Missing, Reading, Source

AT = Source("sw1: show all")
UNTOLD = Missing(Absence.NOT_AVAILABLE, AT, "not shown")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        pytest.param("-2.5", Decimal("-2.5"), id="below 0"),
        pytest.param(40, Decimal(40), id="a whole number"),
        pytest.param("-inf", Decimal("-Infinity"), id="a lane without light"),
    ],
)
def test_a_monitor_may_be_below_0(raw: object, value: Decimal) -> None:
    assert signed(raw) == value


@pytest.mark.parametrize("raw", ["NaN", "inf", "1e40", "-1e-40", True, None, "N/A", 1.5])
def test_what_is_no_number_of_a_monitor_is_refused(raw: object) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        signed(raw)


@pytest.mark.parametrize(
    ("received", "sent", "on"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
def test_pause_is_on_where_one_way_has_it(received: bool, sent: bool, on: bool) -> None:
    found = either_way(Reading(received, AT), Reading(sent, AT))
    assert isinstance(found, Reading) and found.value is on


def test_one_way_of_pause_alone_says_nothing() -> None:
    on = Reading(True, AT)
    assert isinstance(either_way(UNTOLD, on), Missing) and isinstance(either_way(on, UNTOLD), Missing)


def test_no_code_runs_on_a_link_that_is_down() -> None:
    code = Reading("rs", AT)
    down = while_up(True, code)
    assert isinstance(down, Missing) and "the link is down" in str(down)
    assert while_up(False, code) is code and while_up(True, UNTOLD) is UNTOLD


def test_an_address_is_known_by_both_spellings() -> None:
    assert spellings("e80a.b91a.AA5C") == ("e80a.b91a.AA5C", "e8:0a:b9:1a:aa:5c")
    assert all_spellings(["eth0", "e8:0a:b9:1a:aa:5c", "eth0"]) == ("eth0", "e8:0a:b9:1a:aa:5c")


def test_an_answer_without_parts_does_not_say_that_there_are_none() -> None:
    none: Sequence[Mapping[str, object]] = ()
    found = parts(none, lambda row: str(row["name"]), AT, "fan")
    assert isinstance(found, Missing) and "no fan" in str(found)
    two = parts([{"name": "a", "line": 3}, {"name": "b", "line": 4}], lambda row: str(row["name"]), AT)
    assert isinstance(two, Reading) and two.value == ("a", "b") and two.source.where == "line 3"


def test_a_status_keeps_its_own_word_unless_it_is_ok() -> None:
    assert [ok(word) for word in ("Ok", "OK", "failed")] == ["ok", "ok", "failed"]
