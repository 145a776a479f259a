"""Rules that operate a module, on its twin: they hold on a sound one, breach on a faulty one, and put all back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from harness.audit.board import Board, Operator
from harness.audit.rule import Needs, Result
from harness.audit.run import RULES, audit
from harness.decode.memory import Page
from harness.verdict import Outcome

from .faulty import Idle, board_of, twin_of

OPERATED = [rule for rule in RULES["cmis"] if rule.needs in (Needs.WRITES, Needs.HANDS)]
BY_ID = {rule.id: rule for rule in OPERATED}

ELSEWHERE = {
    "CM-65": "1.6t-2xdr8-osfp-xd",  # two banks
    "CM-100": "",  # a module that disables all its transmitters at once: below
    "CM-88": "400g-zr",  # a tunable laser
    "CM-95": "800g-dr8-lpo",  # the result of a password came with CMIS 5.3
}


def put(board: Board, *rules: str) -> tuple[Result, ...]:
    return audit(Operator(board).look(Page(0x10), Page(0x11)), board=board, rules=[BY_ID[rule] for rule in rules])


def sound(family: str, *edits: str) -> Board:
    twin, clock = twin_of(family, *edits)
    return Board(twin, clock, twin)


def lines(result: Result) -> list[str]:
    return [str(finding) for finding in result.findings if finding.outcome is not Outcome.PASS] or [result.why]


@pytest.fixture(scope="module")
def held() -> dict[str, Result]:
    return {result.rule.id: result for result in put(sound("800g-dr8"), *BY_ID)}


@pytest.mark.parametrize("rule", [id for id in BY_ID if id not in ELSEWHERE])
def test_a_sound_module_holds(held: dict[str, Result], rule: str) -> None:
    assert held[rule].outcome == "holds", lines(held[rule])


@pytest.mark.parametrize(("rule", "family"), [row for row in ELSEWHERE.items() if row[1]])
def test_a_sound_module_of_its_kind_holds(rule: str, family: str) -> None:
    (result,) = put(sound(family), rule)
    assert result.outcome == "holds", lines(result)


MODULE_WIDE = "01:151=19"


def test_a_module_that_disables_all_its_transmitters_at_once_does() -> None:
    twin, clock = twin_of("800g-dr8", MODULE_WIDE)
    twin.paths.module_wide_disable = True
    (result,) = put(Board(twin, clock, twin), "CM-100")
    assert result.outcome == "holds", lines(result)


SLOW = {"pace": Decimal(3)}
ABSENT = {"management_init": Decimal(3)}

FAULTS: tuple[tuple[str, str, dict[str, Any], dict[str, str]], ...] = (
    ("CM-45", "it is back after 3 s", ABSENT, {}),
    ("CM-45", "it ends in ModuleFault", {}, {"forged": "lower:3=0a"}),
    ("CM-46", "it takes three times as long as advertised", SLOW, {}),
    ("CM-46", "the request for low power is lost", {}, {"lost": "lower:26"}),
    ("CM-47", "it is back after 3 s", ABSENT, {}),
    ("CM-47", "the reset is lost", {}, {"lost": "lower:26"}),
    ("CM-48", "DPDeinit is lost", {}, {"lost": "10:128"}),
    ("CM-49", "it takes three times as long as advertised", SLOW, {}),
    ("CM-50", "it takes three times as long as advertised", SLOW, {}),
    ("CM-51", "it calls every configuration a success", {}, {"forged": "11:202=11 11:203=11 11:204=11 11:205=11"}),
    ("CM-52", "a rejected Apply changes the active set", {}, {"forged": "11:206=f0", "after": "10:143"}),
    ("CM-53", "the Apply is lost", {}, {"lost": "10:143"}),
    ("CM-55", "the disable is lost", {}, {"lost": "10:130"}),
    ("CM-56", "the disable is lost", {}, {"lost": "10:130"}),
    ("CM-63", "no change of state is flagged", {}, {"forged": "lower:8=00"}),
    ("CM-65", "a write to bank 1 is lost", {}, {"lost": "1:10:214"}),
    ("CM-66", "a page takes 30 ms", {"page_change": Decimal("0.03")}, {}),
    ("CM-68", "a polarity flip is lost", {}, {"lost": "10:129"}),
    ("CM-69", "the amplitude is lost", {}, {"lost": "10:170"}),
    ("CM-70", "the Apply of set 1 is lost", {}, {"lost": "10:178"}),
    ("CM-75", "the freeze is lost", {}, {"lost": "2f:144"}),
    ("CM-78", "the command fails", {}, {"forged": "lower:37=42"}),
    ("CM-79", "the command fails", {}, {"forged": "lower:37=42"}),
    ("CM-80", "a wrong check code is done", {}, {"forged": "lower:37=01"}),
    ("CM-81", "an unknown command is done", {}, {"forged": "lower:37=01"}),
    ("CM-82", "page and CDB tell of two versions", {}, {"forged": "lower:39=09"}),
    ("CM-85", "a loopback is lost", {}, {"lost": "13:180"}),
    ("CM-86", "the generator does not start", {}, {"lost": "13:144"}),
    ("CM-87", "the selector is lost", {}, {"lost": "14:128"}),
    ("CM-88", "the channel is lost", {}, {"lost": "12:136"}),
    ("CM-88", "the laser is 16 GHz off its channel", {}, {"forged": "12:169=00"}),
    ("CM-92", "DPDeinit is lost", {}, {"lost": "10:128"}),
    ("CM-95", "the default password is refused", {}, {"forged": "lower:42=03"}),
    ("CM-100", "one transmitter is disabled alone", {}, {"forged": "01:151=19"}),
)

WITHOUT_EFFECT = ("CM-57", "CM-58", "CM-60", "CM-62", "CM-90")
STUCK = "CM-64"


@pytest.mark.parametrize(("rule", "says", "how", "fault"), FAULTS, ids=[f"{row[0]}: {row[1]}" for row in FAULTS])
def test_a_faulty_module_breaches(rule: str, says: str, how: dict[str, Any], fault: dict[str, str]) -> None:
    twin, clock = twin_of(ELSEWHERE.get(rule) or "800g-dr8", **how)
    (result,) = put(board_of(twin, clock, **fault), rule)
    assert result.outcome in ("breached", "warns"), lines(result)


@pytest.mark.parametrize("rule", WITHOUT_EFFECT)
def test_a_module_that_takes_no_notice_breaches(rule: str) -> None:
    twin, clock = twin_of("800g-dr8")
    (result,) = put(Board(twin, clock, Idle()), rule)
    assert result.outcome in ("breached", "warns"), lines(result)


def test_a_module_that_sticks_to_its_first_page_breaches() -> None:
    board = sound("800g-dr8")
    seen = Operator(board).look(Page(0x10), Page(0x11))
    board.bus.faults.stuck.add(Page(0x01))  # type: ignore[attr-defined]
    (result,) = audit(seen, board=board, rules=[BY_ID[STUCK]])
    assert result.outcome == "breached", lines(result)


def test_every_rule_that_operates_a_module_is_proved_to_fail() -> None:
    assert {row[0] for row in FAULTS} | {*WITHOUT_EFFECT, STUCK} == BY_ID.keys()


RESERVED = {(Page(0x13), 206, 207)}
"""Masks with reserved bits, which a reset of the twin sets and a host may not clear."""


def test_what_a_rule_changes_is_put_back() -> None:
    twin, clock = twin_of("800g-dr8")
    board = Board(twin, clock, twin)
    before = Operator(board).save()
    for rule in BY_ID:
        put(board, rule)
        after = Operator(board).save()
        assert replace(after, spans={}) == replace(before, spans={}), rule
        assert {span for span, raw in after.spans.items() if raw != before.spans[span]} <= RESERVED, rule
    assert [str(refusal) for refusal in twin.refused] == []


def test_without_hands_nobody_moves_light() -> None:
    (result,) = put(replace(sound("800g-dr8"), hands=None), "CM-58")
    assert result.outcome == "not asked"
    assert result.why == "needs somebody who moves light, power or the module itself"


def test_a_module_without_an_activated_data_path_is_not_moved() -> None:
    board = sound("800g-dr8")
    operator = Operator(board)
    operator.put(Page(0x10), 128, b"\xff")
    board.clock.wait(Decimal(20))
    (result,) = put(board, "CM-48")
    assert result.outcome == "not asked"
    assert result.why == "needs a data path that is activated"


def test_a_module_that_stops_answering_is_not_asked_to_the_end() -> None:
    board = sound("800g-dr8")
    seen = Operator(board).look(Page(0x10), Page(0x11))
    board.bus.faults.reads[Page(0x9F)] = -1  # type: ignore[attr-defined]
    (result,) = audit(seen, board=board, rules=[BY_ID["CM-78"]])
    assert result.outcome == "not asked"
    assert result.why
