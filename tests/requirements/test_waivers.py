"""Waivers are put on findings, and one that does nothing is a problem."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from harness.lab.inventory import Waiver
from harness.reading import Source
from harness.requirements.waivers import apply, audit
from harness.units import Unit
from harness.verdict import Finding, Outcome, Standing, Verdict

PASS, FAIL, WARN, MISSING, ERROR, WAIVED = (
    Outcome.PASS, Outcome.FAIL, Outcome.WARN, Outcome.NOT_MEASURED, Outcome.ERROR, Outcome.WAIVED,
)  # fmt: skip
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


def finding(outcome: Outcome, at: str = "") -> Finding:
    return Finding(outcome, at, "3.5", Unit.DB, {"max": "3.4"}, None, "clause", Standing.DATASHEET, Source("scope"))


def verdict(*outcomes: Outcome, check: str = "OPT-01", subject: str = "leaf1:Ethernet64", error: str = "") -> Verdict:
    findings = tuple(finding(outcome, f"lane {lane}") for lane, outcome in enumerate(outcomes, 1))
    return Verdict(check, "optics.tdecq", subject, findings, error)


def waiver(
    name: str = "w1",
    *,
    check: str = "OPT-01",
    subject: str = "leaf1:Ethernet64",
    at_lane: str | None = None,
    expires: date = date(2026, 12, 31),
    not_measured: bool = False,
) -> Waiver:
    at = Source("rack3.yaml", "line 90")
    return Waiver(name, check, subject, at_lane, "optics", "replacement ordered", expires, not_measured, at)


@pytest.mark.parametrize(
    ("given", "found", "left"),
    [
        (waiver(), (FAIL,), (WAIVED,)),
        (waiver(), (WARN, PASS), (WAIVED, PASS)),
        (waiver(), (FAIL, MISSING), (WAIVED, MISSING)),
        (waiver(not_measured=True), (FAIL, MISSING), (WAIVED, WAIVED)),
        (waiver(), (ERROR, FAIL), (ERROR, WAIVED)),
        (waiver(at_lane="lane 2"), (FAIL, FAIL), (FAIL, WAIVED)),
        (waiver(at_lane="lane 12"), (FAIL, FAIL), (FAIL, FAIL)),
        (waiver(check="OPT-02"), (FAIL,), (FAIL,)),
        (waiver(subject="leaf1:Ethernet6"), (FAIL,), (FAIL,)),
        (waiver(subject="leaf1:Ethernet640"), (FAIL,), (FAIL,)),
        (waiver(expires=date(2026, 6, 29)), (FAIL,), (FAIL,)),
        (waiver(expires=date(2026, 6, 30)), (FAIL,), (WAIVED,)),
    ],
    ids=[
        "a failure is covered",
        "a warning is covered, a pass is left",
        "what was not measured stays",
        "what was not measured is covered where the waiver says so",
        "an error is never covered",
        "one lane alone",
        "a lane that is not there",
        "another check",
        "another subject",
        "subjects are whole names",
        "expired yesterday",
        "holds on its last day",
    ],
)
def test_a_waiver_covers(given: Waiver, found: tuple[Outcome, ...], left: tuple[Outcome, ...]) -> None:
    judged = apply(verdict(*found), [given], NOON)
    assert tuple(each.outcome for each in judged.findings) == left


def test_the_verdict_is_the_worst_of_what_is_left() -> None:
    assert apply(verdict(FAIL, PASS), [waiver()], NOON).outcome is WAIVED
    assert apply(verdict(FAIL, MISSING), [waiver()], NOON).outcome is MISSING
    assert apply(verdict(FAIL), [waiver()], NOON).waiver == "w1"


def test_a_verdict_in_error_is_left_alone() -> None:
    broken = verdict(FAIL, error="Traceback ...")
    assert apply(broken, [waiver()], NOON) is broken
    assert apply(verdict(), [waiver()], NOON).outcome is ERROR


@pytest.mark.parametrize(
    ("given", "found", "why"),
    [
        (waiver(), (FAIL,), ""),
        (waiver(not_measured=True), (MISSING,), ""),
        (waiver(), (PASS,), "not needed: what it names passes now"),
        (waiver(at_lane="lane 1"), (PASS, FAIL), "not needed: what it names passes now"),
        (waiver(at_lane="lane 9"), (FAIL,), "matches nothing: no finding is at lane 9"),
        (waiver(check="OPT-09"), (FAIL,), "matches nothing: the run owes no such verdict"),
        (waiver(expires=date(2026, 1, 1)), (FAIL,), "expired on 2026-01-01"),
        (waiver(), (MISSING,), "covers nothing: what it names was not measured"),
        (waiver(), (), "covers nothing: the check ended in an error"),
        (waiver(), (ERROR,), "covers nothing: the check ended in an error"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_waiver_that_does_nothing_is_a_problem(given: Waiver, found: tuple[Outcome, ...], why: str) -> None:
    problems = audit([given], [apply(verdict(*found), [given], NOON)], NOON)
    assert len(problems) == bool(why)
    for problem in problems:
        assert problem.why.startswith(why)
        assert str(problem).startswith("waiver w1 of optics for")
        assert str(problem).endswith("[rack3.yaml line 90]")


def test_a_second_waiver_for_the_same_is_a_problem() -> None:
    both = [waiver("w1"), waiver("w2")]
    (problem,) = audit(both, [apply(verdict(FAIL), both, NOON)], NOON)
    assert (problem.waiver.name, problem.why) == ("w2", "covers nothing: another waiver covers it already")


@pytest.mark.parametrize(
    ("check", "subject", "meant"),
    [
        ("OPT-*", "leaf1:*", True),
        ("*", "*Ethernet64", True),
        ("OPT-0[12]", "leaf[12]:Ethernet64", True),
        ("opt-*", "leaf1:*", False),
        ("OPT-*", "leaf2:*", False),
        ("OPT-*", "leaf1", False),
    ],
)
def test_a_pattern_is_for_whole_names_that_it_matches(check: str, subject: str, meant: bool) -> None:
    judged = apply(verdict(FAIL), [waiver(check=check, subject=subject)], NOON)
    assert judged.outcome is (WAIVED if meant else FAIL)


def test_a_pattern_that_covers_one_verdict_of_many_is_in_use() -> None:
    wide = waiver(subject="leaf1:*")
    run = [
        apply(verdict(outcome, subject=f"leaf1:Ethernet{n}"), [wide], NOON) for n, outcome in enumerate((PASS, FAIL))
    ]
    assert audit([wide], run, NOON) == ()
    (problem,) = audit([wide], [run[0], run[0]], NOON)
    assert problem.why == "covers nothing in any of 2 verdicts; the first: not needed: what it names passes now"
    (problem,) = audit([wide], [], NOON)
    assert problem.why == "matches nothing: the run owes no such verdict"


def test_a_waiver_for_what_was_not_measured_alone_hides_no_failure() -> None:
    only = replace(waiver(not_measured=True), failures=False)
    judged = apply(verdict(FAIL, MISSING), [only], NOON)
    assert tuple(each.outcome for each in judged.findings) == (FAIL, WAIVED)
    (problem,) = audit([only], [apply(verdict(FAIL), [only], NOON)], NOON)
    assert problem.why == "covers nothing: what it names was measured, and it is only for what was not"
