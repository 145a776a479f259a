"""Every rule that a dump answers holds on a clean module, is breached by a byte, and is not asked without its page."""

from __future__ import annotations

import pytest

from harness.audit.rule import Level, Needs, Result
from harness.audit.run import RULES, answered_by_a_dump, audit
from harness.decode.memory import Memory
from harness.decode.transceiver import Transceiver
from harness.verdict import Outcome

from . import table_cmis, table_sff
from .images import module
from .table_cmis import Row

ROWS = (*table_cmis.ROWS, *table_sff.ROWS)
BY_ID = {rule.id: rule for rules in RULES.values() for rule in rules}
BEYOND = (Outcome.FAIL, Outcome.WARN)


def put(row: Row, seen: Transceiver) -> Result:
    (result,) = audit(seen, rules=(BY_ID[row.rule],))
    return result


def named(row: Row) -> str:
    return f"{row.rule}: {row.says}"


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_clean_module_holds(row: Row) -> None:
    assert put(row, module(row.family)).outcome == "holds" or row.rule in DOES_NOT_APPLY


DOES_NOT_APPLY = frozenset({"CM-76", "S36-14", "S36-09", "CM-96", "S36-13"})
"""Rules about what a clean module does not have: a sample beyond a threshold, a class above 4, flat memory."""


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_byte_breaches(row: Row) -> None:
    result = put(row, module(row.family, *row.edits))
    assert result.outcome in ("breached", "warns"), [str(finding) for finding in result.findings]
    beyond = [finding for finding in result.findings if finding.outcome in BEYOND]
    assert any(row.at in finding.at for finding in beyond), [finding.at for finding in beyond]
    assert all(finding.clause for finding in beyond)
    if BY_ID[row.rule].level is not Level.MUST:
        assert result.outcome == "warns"


@pytest.mark.parametrize("row", [row for row in ROWS if row.lacks not in ((), ("lower",), ("a0",))], ids=named)
def test_without_the_page_it_is_not_asked(row: Row) -> None:
    edits = row.edits if row.rule in DOES_NOT_APPLY else ()
    result = put(row, module(row.family, *edits, without=row.lacks))
    assert result.outcome == "not asked"
    assert "not in the evidence" in result.why


@pytest.mark.parametrize("family", ["800g-dr8", "100g-sr4", "25g-sr"])
def test_an_empty_dump_breaches_nothing(family: str) -> None:
    nothing = type(module(family))(Memory(family, {}))
    assert {result.outcome for result in audit(nothing)} == {"not asked"}


def test_every_rule_of_a_dump_has_its_rows() -> None:
    proved = {row.rule for row in ROWS}
    assert proved == {rule.id for rule in BY_ID.values() if rule.needs is Needs.DUMP}


def test_the_hundred_rules_are_there() -> None:
    assert [rule.id for rule in RULES["cmis"]] == [f"CM-{number:02d}" for number in range(1, 101)]
    assert all(rule.title.endswith(".") and rule.clause for rule in BY_ID.values())


def test_what_a_dump_alone_can_answer_is_counted_from_the_rules() -> None:
    assert answered_by_a_dump("cmis") == (47, 100)
    assert answered_by_a_dump("sff8636") == (18, 21)
    assert answered_by_a_dump("sff8472") == (17, 20)
