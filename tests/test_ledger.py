"""Planned x verdicts: the decision, the holes, and what becomes of waivers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from harness.errors import PluginError
from harness.lab.inventory import Waiver
from harness.ledger import NOT_RUN, Decision, Ledger, Summary, decide, verdict_of, worst
from harness.reading import Source
from harness.units import Unit
from harness.verdict import Finding, Outcome, Standing, Verdict

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FAILED = Finding(
    Outcome.FAIL, "lane 4", "3.5", Unit.DB, {"max": "3.4"}, Decimal("-0.1"), "clause 124", Standing.DATASHEET,
    Source("scope/tdecq.csv", "line 5"),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    id: str
    name: str = "optics.tdecq"
    title: str = "Every lane keeps its TDECQ."


def finding(outcome: Outcome, *, marginal: bool = False, waiver: str | None = None) -> Finding:
    measured = None if outcome is Outcome.NOT_MEASURED else "3.5"
    return Finding(
        outcome, "lane 4", measured, Unit.DB, {"max": "3.4"}, None, "clause 124", Standing.DATASHEET, Source("here"),
        marginal=marginal, waiver=waiver,
    )  # fmt: skip


def verdict(
    check: str, subject: str, outcome: Outcome, *, marginal: bool = False, waiver: str | None = None
) -> Verdict:
    found = () if outcome is Outcome.ERROR else (finding(outcome, marginal=marginal, waiver=waiver),)
    return Verdict(check, "optics.tdecq", subject, found)


def waived(name: str = "W1", subject: str = "a", expires: date = date(2027, 1, 1)) -> Waiver:
    return Waiver(name, "OPT-01", subject, None, "A. Buyer", "agreed", expires, False, Source("lab.yaml", "line 9"))


def ledger(subjects: Sequence[str] = ("a", "b", "c"), checks: Sequence[str] = ("OPT-01",)) -> Ledger:
    planned = [(check, subject) for check in checks for subject in subjects]
    return Ledger([Asked(check) for check in checks], planned, io.BytesIO())


def closed(
    verdicts: Iterable[Verdict], waivers: Sequence[Waiver] = (), subjects: Sequence[str] = ("a", "b")
) -> Summary:
    kept = ledger(subjects)
    for each in verdicts:
        kept.add(each.document())
    return kept.close(waivers, as_of=NOW)


P, F, W = Outcome.PASS, Outcome.FAIL, Outcome.WARN
M, E, N, V = Outcome.NOT_MEASURED, Outcome.ERROR, Outcome.NOT_APPLICABLE, Outcome.WAIVED


@pytest.mark.parametrize(
    ("counts", "others", "decision", "status"),
    [
        pytest.param({P: 9}, {}, Decision.ACCEPTED, 0, id="everything passes"),
        pytest.param({P: 9, N: 5}, {}, Decision.ACCEPTED, 0, id="what does not apply does not block"),
        pytest.param({P: 9, W: 1}, {}, Decision.ACCEPTED, 0, id="a warning does not block"),
        pytest.param({P: 9, V: 1}, {}, Decision.ACCEPTED_WITH_WAIVERS, 0, id="a waiver in use is said"),
        pytest.param({P: 9, M: 1}, {}, Decision.INCOMPLETE, 3, id="one reading is missing"),
        pytest.param({P: 9, E: 1}, {}, Decision.INCOMPLETE, 3, id="one check has a bug"),
        pytest.param({P: 9, V: 1, M: 1}, {}, Decision.INCOMPLETE, 3, id="a waiver hides no missing reading"),
        pytest.param({P: 9}, {"holes": 1}, Decision.INCOMPLETE, 3, id="one verdict was planned and not run"),
        pytest.param({P: 9}, {"strays": 1}, Decision.INCOMPLETE, 3, id="one verdict was not planned"),
        pytest.param({P: 9, F: 1}, {}, Decision.REJECTED, 1, id="one fails"),
        pytest.param(
            {P: 9, F: 1, M: 3, E: 2}, {"holes": 4}, Decision.REJECTED, 1, id="a failure outweighs what is missing"
        ),
        pytest.param({P: 9}, {"bad_waivers": 1}, Decision.REJECTED, 1, id="a bad waiver fails the run"),
        pytest.param({N: 500}, {}, Decision.INCOMPLETE, 3, id="five hundred that do not apply accept nothing"),
        pytest.param({}, {}, Decision.INCOMPLETE, 3, id="nothing planned accepts nothing"),
    ],
)
def test_the_decision(counts: dict[Outcome, int], others: dict[str, int], decision: Decision, status: int) -> None:
    assert decide(counts, **others) is decision
    assert decision.exit_status == status
    assert decision.accepted is (status == 0)


@pytest.mark.parametrize(
    ("counts", "holes", "said"),
    [
        ({P: 2, F: 1}, 0, "FAIL"),
        ({P: 2, F: 1}, 3, "FAIL"),
        ({P: 2, E: 1}, 3, "ERROR"),
        ({P: 2, M: 1}, 1, NOT_RUN),
        ({P: 2}, 1, NOT_RUN),
        ({P: 2, N: 2}, 0, "PASS"),
        ({N: 2}, 0, "N/A"),
        ({}, 0, "NONE"),
    ],
)
def test_the_worst_of_a_line_never_hides_what_was_not_run(counts: dict[Outcome, int], holes: int, said: str) -> None:
    assert worst(counts, holes) == said


def test_verdicts_come_back_in_the_order_of_the_plan() -> None:
    kept = ledger(("a", "b"), ("OPT-01", "OPT-02"))
    for check, subject in (("OPT-02", "b"), ("OPT-01", "b"), ("OPT-02", "a"), ("OPT-01", "a")):
        kept.add(verdict(check, subject, P).document())
    came = [(line["check"], line["subject"]) for line in map(json.loads, kept.lines())]
    assert came == [("OPT-01", "a"), ("OPT-01", "b"), ("OPT-02", "a"), ("OPT-02", "b")]


def test_holes_are_counted_by_check() -> None:
    kept = ledger(("a", "b", "c"), ("OPT-01", "OPT-02"))
    kept.add(verdict("OPT-01", "a", P).document())
    summary = kept.close((), as_of=NOW)
    assert (summary.run, summary.planned, summary.holes, summary.partial) == (1, 6, 5, True)
    assert [(tally.check, tally.holes) for tally in summary.tallies] == [("OPT-01", 2), ("OPT-02", 3)]
    assert summary.decision is Decision.INCOMPLETE


def test_a_check_without_subject_is_not_covered() -> None:
    kept = Ledger([Asked("OPT-01"), Asked("OPT-02")], [("OPT-01", "a")], io.BytesIO())
    kept.add(verdict("OPT-01", "a", P).document())
    summary = kept.close((), as_of=NOW)
    assert summary.uncovered == ("OPT-02",)
    assert "OPT-02" in summary.coverage()
    assert summary.decision is Decision.ACCEPTED


def test_a_check_that_only_ever_does_not_apply_is_not_covered() -> None:
    summary = closed([verdict("OPT-01", "a", N), verdict("OPT-01", "b", N)])
    assert summary.uncovered == ("OPT-01",)
    assert "100.0 %" in summary.coverage()


def test_troubles_come_worst_first_and_passes_stay_on_disk() -> None:
    subjects = ("a", "b", "c", "d", "e", "f")
    outcomes = (P, W, M, F, E, V)
    summary = closed(
        [verdict("OPT-01", s, o, waiver="W1" if o is V else None) for s, o in zip(subjects, outcomes, strict=True)],
        subjects=subjects,
    )
    assert [trouble["outcome"] for trouble in summary.troubles] == ["ERROR", "FAIL", "NOT-MEASURED", "WARN", "WAIVED"]


def test_a_marginal_pass_is_listed() -> None:
    summary = closed([verdict("OPT-01", "a", P, marginal=True), verdict("OPT-01", "b", P)])
    assert summary.marginal == 1
    assert [v["subject"] for v in summary.marginals] == ["a"]


def test_a_verdict_that_nobody_planned_is_a_stray() -> None:
    summary = closed([verdict("OPT-01", "a", P), verdict("OPT-01", "b", P), verdict("OPT-01", "z", P)])
    assert summary.strays == ("OPT-01 z: PASS, and nobody planned it",)
    assert summary.decision is Decision.INCOMPLETE


def test_the_first_of_two_verdicts_stands_and_a_difference_is_told() -> None:
    same = verdict("OPT-01", "a", F)
    summary = closed([same, same, verdict("OPT-01", "a", P), verdict("OPT-01", "b", P)])
    assert summary.counts[F] == 1
    assert summary.run == 2
    assert len(summary.strays) == 1


def test_two_verdicts_on_one_name_are_refused() -> None:
    with pytest.raises(PluginError, match="owes two verdicts on one name, a"):
        ledger(("a", "a"))


@pytest.mark.parametrize(
    ("waiver", "verdicts", "problem"),
    [
        pytest.param(waived(), [verdict("OPT-01", "a", V, waiver="W1")], "", id="in use"),
        pytest.param(waived(), [verdict("OPT-01", "a", P)], "passes now", id="its subject passes"),
        pytest.param(waived(subject="z"), [], "matches nothing", id="no such subject"),
        pytest.param(waived(expires=date(2026, 1, 1)), [verdict("OPT-01", "a", F)], "expired", id="expired"),
        pytest.param(waived(expires=date(2026, 11, 20)), [verdict("OPT-01", "a", V, waiver="W1")], "", id="last day"),
        pytest.param(waived(), [verdict("OPT-01", "a", M)], "was not measured", id="not for what is missing"),
        pytest.param(waived(), [], "", id="planned and not run in a partial run"),
    ],
)
def test_what_becomes_of_a_waiver(waiver: Waiver, verdicts: list[Verdict], problem: str) -> None:
    (use,) = closed(verdicts, [waiver]).waivers
    assert bool(use.problem) is bool(problem)
    assert problem in use.problem


def test_a_stale_waiver_rejects_a_run_in_which_all_passes() -> None:
    summary = closed([verdict("OPT-01", "a", P), verdict("OPT-01", "b", P)], [waived()])
    assert summary.decision is Decision.REJECTED
    assert [use.name for use in summary.bad_waivers] == ["W1"]


def test_a_verdict_survives_its_document() -> None:
    told = Verdict("OPT-01", "optics.tdecq", "a", (FAILED, finding(P, marginal=True), finding(V, waiver="W1")))
    assert verdict_of(told.document()).document() == told.document()


def test_memory_holds_no_verdict() -> None:
    class Counting(io.BytesIO):
        written = 0

        def write(self, line: bytes) -> int:  # type: ignore[override]
            self.written += len(line)
            return super().write(line)

    spill = Counting()
    kept = Ledger([Asked("OPT-01")], [("OPT-01", str(n)) for n in range(1000)], spill)
    for n in range(1000):
        kept.add(verdict("OPT-01", str(n), P).document())
    assert spill.written == sum(map(len, kept.lines()))
    assert not kept.close((), as_of=NOW).troubles
