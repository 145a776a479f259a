"""The checklist on a terminal, as Markdown and as HTML: what a buyer has to find on it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from harness.evidence import Origin
from harness.ledger import Summary
from harness.report import checklist, html
from harness.report.facts import STANDINGS, Facts, lasted, short
from harness.report.points import OTHER, POINTS, by_point, point_of
from tests.report import small

EVIL = '  "<b>evil</b>|*x*": {vendor: ACME, kind: fiber, warranty_years: 1, lead_time_weeks: 4, quantity: 1}\n'
VOID = {"meta", "br", "hr", "link", "img", "input"}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, Facts]:
    bench = small.bench(tmp_path_factory.mktemp("lab"), small.EVERY, small.waiver())
    return small.run(bench, io.BytesIO())[1:]


@pytest.fixture(scope="module", params=["terminal", "markdown", "html"])
def report(request: pytest.FixtureRequest, judged: tuple[Summary, Facts]) -> str:
    form = {"terminal": checklist.terminal, "markdown": checklist.markdown, "html": html.page}[request.param]
    text: str = form(*judged)
    return unescape(text).replace("\\", "")


@pytest.mark.parametrize(
    "said",
    [
        "INCOMPLETE (simulated evidence)",
        "24 of 24 planned verdicts",
        "no PASS and no FAIL anywhere: PWR-03; N/A: 4.2 % of the verdicts",
        "profiles/ai-backend.toml",
        "2026-11-20T12:00:00Z",
        "REPLAY: judged from kept evidence, 3 days old",
        "largest skew between two ends of a link",
        "NOT tested in the lab with actual hardware",
        "ZeroDivisionError: a bug of ours",
        "not declared in the lab file",
        "two years are enough here",
        "small.yaml line 11",
        "no subject of its kind is in this lab",
        "The warranty lasts at least three years.",
    ],
)
def test_every_form_of_the_report_says(report: str, said: str) -> None:
    assert said in report


def test_every_form_says_that_nobody_held_the_standards(report: str) -> None:
    assert " ".join(STANDINGS.split()) in " ".join(report.split())


def test_a_finding_can_be_judged_again_by_hand(judged: tuple[Summary, Facts]) -> None:
    text = checklist.terminal(*judged)
    assert (
        "WAIVED warranty: 2 years against >= 3 years, margin -1 years [contract <5.1>; buyer] under waiver W1 "
        "from small.yaml line 11"
    ) in text


def test_the_decision_is_the_last_line_of_the_terminal(judged: tuple[Summary, Facts]) -> None:
    assert checklist.terminal(*judged).splitlines()[-1] == "INCOMPLETE (simulated evidence)"


def test_a_terminal_says_how_much_it_leaves_to_the_report(judged: tuple[Summary, Facts]) -> None:
    text = checklist.terminal(*judged, on_screen=1)
    assert "... and 3 more verdicts that are neither PASS nor N/A: the report has them all" in text


def test_outcomes_are_words_and_no_colour(report: str) -> None:
    assert "\x1b" not in report


@pytest.mark.parametrize(
    ("origin", "decided", "point"),
    [
        (Origin.SIMULATED, "INCOMPLETE (simulated evidence)", "on simulated evidence only"),
        (Origin.IMPORTED, "INCOMPLETE (imported evidence)", "on imported evidence only"),
        (Origin.RECORDED, "INCOMPLETE", "on recorded evidence only"),
        (Origin.DEVICE, "INCOMPLETE", ""),
    ],
)
def test_actual_hardware_is_claimed_for_device_evidence_alone(
    judged: tuple[Summary, Facts], origin: Origin, decided: str, point: str
) -> None:
    summary, facts = judged
    facts = replace(facts, origin=origin)
    tally = replace(summary.tallies[0], check="LNK-01")
    row = checklist.point_rows(replace(summary, tallies=(tally,)), facts)[4]
    assert facts.decided(summary) == decided
    assert row[2].endswith(point)
    assert ("NOT tested" in facts.about_hardware()) is bool(point)


@pytest.mark.parametrize(
    ("check", "point"),
    [
        ("ASIC-10", 1), ("BRK-01", 1), ("BRK-03", 1), ("BRK-04", 5), ("BRK-05", 7), ("BRK-06", 7), ("BRK-07", 5),
        ("CMIS-18", 2), ("DOM-01", 2), ("PWR-06", 3), ("FIB-04", 4), ("LNK-01", 5), ("ROCE-12", 5), ("OPT-01", 5),
        ("SOAK-04", 5), ("FEC-12", 6), ("PRO-01", 8), ("PRO-02", 8), ("PRO-03", 9), ("PRO-06", 9), ("PRO-07", 8),
        ("ACME-01", 0),
    ],
)  # fmt: skip
def test_a_check_answers_its_point_of_the_catalogue(check: str, point: int) -> None:
    assert point_of(check).number == point


def test_a_pack_of_checks_beside_the_nine_points_gets_a_line(judged: tuple[Summary, Facts]) -> None:
    tally = replace(judged[0].tallies[0], check="ACME-01")
    assert [point.point for point in by_point([tally])] == [*POINTS, OTHER]


def test_the_age_of_evidence_is_said_in_the_largest_unit() -> None:
    assert lasted(timedelta(days=400)) == "400 days old"
    assert lasted(timedelta(hours=1, minutes=5)) == "1 hour old"
    assert lasted(timedelta(0)) == "0 seconds old"
    assert lasted(timedelta(days=-2)) == "dated 2 days after the run"


def test_a_path_in_a_report_is_the_same_on_every_machine() -> None:
    assert short(Path("/home/me/lab_configs/../lab_configs/rack3.yaml")) == "lab_configs/rack3.yaml"


def test_waivers_that_fail_the_run_come_first_and_stand_on_page_one(tmp_path: Path) -> None:
    bench = small.bench(tmp_path, small.EVERY, small.waiver("2026-06-30"))
    _, summary, facts = small.run(bench, io.BytesIO())
    good = replace(summary.waivers[0], name="W0", problem="", verdicts=1)
    summary = replace(summary, waivers=(good, *summary.waivers))
    assert [row[0] for row in checklist.waiver_rows(summary.waivers)] == ["W1", "W0"]
    said = "FAILS THE RUN: expired on 2026-06-30"
    assert any(said in part for part in html.page_one(summary, facts))
    assert said in checklist.markdown(summary, facts).replace("\\", "").partition("## Every check")[0]
    assert said in "\n".join(checklist.terminal(summary, facts).splitlines()[-25:])


def test_a_waiver_says_how_much_it_covers_and_of_what(tmp_path: Path) -> None:
    bench = small.bench(tmp_path, small.EVERY, small.waiver("2026-06-30"))
    _, summary, _ = small.run(bench, io.BytesIO())
    use = replace(summary.waivers[0], problem="", verdicts=72, failures=False)
    assert checklist.became(use) == "in use for 72 verdicts, for nothing but what was not measured"
    assert checklist.became(replace(use, verdicts=1, failures=True)) == "in use"
    assert checklist.became(replace(use, verdicts=0)) == "its subject was not run"


def test_page_one_stays_a_page_when_there_are_many_warnings(judged: tuple[Summary, Facts]) -> None:
    warned = next(verdict for verdict in judged[0].troubles if verdict["outcome"] == "WARN")
    rows = checklist.page_one_rows(replace(judged[0], troubles=(warned,) * 40))
    assert len(rows) == checklist.ON_PAGE_ONE + 1
    assert rows[-1][-1] == f"{40 - checklist.ON_PAGE_ONE} more of them, listed below"


def test_a_terminal_ends_with_page_one(judged: tuple[Summary, Facts]) -> None:
    text = checklist.terminal(*judged)
    assert text.index("ASIC compatibility") > text.index("a bug of ours")
    assert text.index("judged as of") > text.index("ASIC compatibility")


def test_a_terminal_shows_the_worst_finding_of_a_verdict_and_counts_the_others(judged: tuple[Summary, Facts]) -> None:
    verdict = next(verdict for verdict in judged[0].troubles if verdict["findings"])
    many = {**verdict, "findings": list(verdict["findings"]) * 3}
    lines = list(checklist.trouble_text([many], 1))
    assert len(lines) == 3
    assert lines[-1].endswith("more findings")


def test_checks_are_grouped_as_the_nine_points(judged: tuple[Summary, Facts]) -> None:
    tallies = [replace(judged[0].tallies[0], check=check) for check in ("BRK-01", "CMIS-01", "ASIC-01", "ACME-01")]
    rows = checklist.check_rows(tallies)
    assert [row[:2] for row in rows] == [("1", "BRK-01"), ("1", "ASIC-01"), ("2", "CMIS-01"), ("", "ACME-01")]


# --- HTML ---------------------------------------------------------------------------------------------------------


class Balance(HTMLParser):
    """Every tag closed in its place; the texts and the attributes that were met."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, Facts]:
    return small.run(small.bench(tmp_path_factory.mktemp("lab"), small.GOOD + EVIL), io.BytesIO())[1:]


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere(judged: tuple[Summary, Facts]) -> None:
    text = html.page(*judged)
    page = Balance()
    page.feed(text)
    page.close()
    assert page.open == []
    assert not page.tags & {"script", "link", "img", "iframe", "object"}
    assert not [name for name, _ in page.attributes if name in ("src", "href") or name.startswith("on")]
    assert "url(" not in text
    assert "@import" not in text
    assert "@media print" in text


def test_what_a_vendor_wrote_is_not_markup(evil: tuple[Summary, Facts]) -> None:
    text = html.page(*evil)
    page = Balance()
    page.feed(text)
    assert "b" not in page.tags
    assert "<b>evil</b>|*x*" in page.text
    assert r"\<b\>evil\</b\>\|\*x\*" in checklist.markdown(*evil)


def test_the_page_says_replay_and_partial_on_its_head(judged: tuple[Summary, Facts]) -> None:
    summary, facts = judged
    assert '<p class="stamp">REPLAY</p>' in html.page(summary, facts)
    assert '<p class="stamp">PARTIAL</p>' not in html.page(summary, facts)
    assert '<p class="stamp">PARTIAL</p>' in html.page(replace(summary, run=3), facts)


def test_replay_and_origin_stand_in_the_head_that_a_browser_repeats_on_every_page(
    judged: tuple[Summary, Facts],
) -> None:
    head = html.page(*judged).partition('<thead class="running">')[2].partition("</thead>")[0]
    assert "small · REPLAY of simulated evidence · INCOMPLETE (simulated evidence)" in head
