"""Rules about where a module is to work: asked only where that is said, and then of the right thing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from harness.audit.context import NOTHING_SAID, UNSAID, Breakout, Context
from harness.audit.rule import Needs, Result
from harness.audit.run import RULES, audit, dump_findings
from harness.limit import Range
from harness.reading import Reading, Source
from harness.units import Unit
from harness.verdict import Outcome

from .images import module

SAID = Source("test")
BY_ID = {rule.id: rule for rules in RULES.values() for rule in rules}


@dataclass(frozen=True)
class Row:
    """A PMD as the limit tables have it."""

    name: str = "800GBASE-DR8"
    wavelengths: tuple[Range, ...] = (Range(Decimal("1304.5"), Decimal("1317.5"), Unit.NM),)
    limits: Any = None
    typical_watts: Any = None


def pmd(low: str, high: str, watts: str) -> Reading[Row]:
    power = Range(Decimal(low), Decimal(high), Unit.DBM, "clause 124")
    row = Row(limits={"tx_power_lane": power, "rx_power_lane": power}, typical_watts={"OSFP": Decimal(watts)})
    return Reading(row, SAID)


def one(family: str, rule: str, context: Context = NOTHING_SAID, **more: Any) -> Result:
    (result,) = audit(module(family), context, rules=(BY_ID[rule],), **more)
    return result


NUMBER = {"cage_watts": Unit.WATT, "bus_khz": Unit.KHZ, "min_revision": Unit.NONE, "inlet": Unit.CELSIUS}


def said(field: str, value: Any) -> Context:
    if field in NUMBER:
        value = Decimal(value)
    held = value if isinstance(value, Reading) else Reading(value, SAID, NUMBER.get(field, Unit.NONE))
    return replace(NOTHING_SAID, **{field: held})


CASES = (
    ("CM-03", "800g-dr8", "form_factors", frozenset({"OSFP"}), frozenset({"QSFP-DD"})),
    ("CM-05", "800g-dr8", "min_revision", "5.0", "5.4"),
    ("CM-07", "800g-dr8", "bus_khz", "400", "3400"),
    ("CM-17", "800g-dr8", "cage_watts", "20", "8"),
    ("CM-18", "800g-dr8", "pmd", pmd("-3", "4", "16"), pmd("-3", "4", "40")),
    ("CM-31", "800g-dr8", "breakout", Breakout(2, 4), Breakout(3, 4)),
    ("CM-33", "800g-dr8", "fec", "RS(544,514)", "RS(528,514)"),
    ("CM-38", "800g-dr8", "pmd", pmd("-6", "4", "16"), pmd("-20", "9", "16")),
    ("CM-39", "800g-dr8", "pmd", pmd("-9", "9", "16"), pmd("0", "1", "16")),
    ("CM-83", "800g-dr8", "approved_firmware", frozenset({"2.4"}), frozenset({"9.9"})),
    ("CM-89", "800g-dr8-lpo", "fiber_face", "APC", "PC/UPC"),
    ("CM-94", "800g-dr8", "inlet", "23", "-40"),
    ("S36-19", "100g-sr4", "form_factors", frozenset({"QSFP28"}), frozenset({"OSFP"})),
    ("S36-20", "100g-sr4", "cage_watts", "3.5", "1"),
    ("S72-18", "25g-sr", "form_factors", None, frozenset({"OSFP"})),
    ("S72-19", "25g-sr", "cage_watts", "2", "0.5"),
)


@pytest.mark.parametrize(("rule", "family", "field", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_what_it_needs_decides_whether_it_is_asked(rule: str, family: str, field: str, good: Any, bad: Any) -> None:
    silent = one(family, rule)
    assert silent.outcome == "not asked"
    assert silent.why == UNSAID[field].detail
    if good is not None:
        assert one(family, rule, said(field, good)).outcome == "holds"
    assert one(family, rule, said(field, bad)).outcome in ("breached", "warns")


def test_every_rule_that_needs_a_context_has_a_case() -> None:
    assert {case[0] for case in CASES} == {rule.id for rule in BY_ID.values() if rule.needs is Needs.CONTEXT}


def test_a_date_code_to_come_warns_as_of_a_day() -> None:
    made = module("800g-dr8").date_code
    assert isinstance(made, Reading)
    assert one("800g-dr8", "CM-14", said("today", date(2099, 1, 1))).outcome == "holds"
    assert one("800g-dr8", "CM-14", said("today", date(2001, 1, 1))).outcome == "warns"


@pytest.mark.parametrize(("rule", "family"), [("CM-91", "800g-dr8"), ("S36-21", "100g-sr4"), ("S72-20", "25g-sr")])
def test_a_serial_number_is_given_once_in_a_fleet(rule: str, family: str) -> None:
    assert one(family, rule).why == "needs the other modules of the fleet"
    assert one(family, rule, fleet=(module(family),)).outcome == "warns"
    assert one(family, rule, fleet=(module("400g-zr"),)).outcome in ("holds", "warns")


def test_the_findings_for_a_check_are_of_rules_that_a_dump_or_the_context_answers() -> None:
    found = list(dump_findings(module("800g-dr8", "00:222=00")))
    assert {rule.needs for rule, _ in found} == {Needs.DUMP, Needs.CONTEXT}
    assert [rule.id for rule, finding in found if finding.outcome is Outcome.FAIL] == ["CM-08"]


TIMES = (
    ("CM-40", "every monitor stands still", (), "warns"),
    ("CM-40", "a monitor of every kind moved", ("lower:14=3601", "lower:16=8090", "11:154=1111", "11:170=1111",
        "11:186=1111"), "holds"),
    ("CM-41", "the temperature stands still", (), "warns"),
    ("CM-41", "the temperature moved", ("lower:14=3601",), "holds"),
    ("CM-59", "a deactivated lane raises a low alarm", ("11:128=11", "11:140=01"), "warns"),
    ("CM-59", "an activated lane raises a low alarm", ("11:140=01",), "holds"),
    ("CM-67", "static pages are the same", (), "holds"),
    ("CM-67", "a byte of page 00h changed", ("00:166=41",), "breached"),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "says", "edits", "outcome"), TIMES, ids=[f"{row[0]}: {row[1]}" for row in TIMES])
def test_two_reads_tell_what_moves_and_what_does_not(
    rule: str, says: str, edits: tuple[str, ...], outcome: str
) -> None:
    assert one("800g-dr8", rule).why == "needs several reads over time"
    assert one("800g-dr8", rule, later=module("800g-dr8", *edits)).outcome == outcome


def test_every_rule_of_time_has_a_case() -> None:
    assert {row[0] for row in TIMES} == {rule.id for rule in BY_ID.values() if rule.needs is Needs.TIME}
