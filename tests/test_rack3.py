"""The two example labs, judged whole: one is accepted, in the other its check names every planted fault."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from harness.engine import Bench, open_lab
from harness.evidence import Evidence
from harness.verdict import Outcome, Verdict

ROOT = Path(__file__).resolve().parent.parent
FAULTS = tomllib.loads((ROOT / "fixtures" / "rack3-faulty.toml").read_text("utf-8"))["fault"]

LISTED = {
    f"{family}-{number:02}"
    for family, count in {
        "ASIC": 10, "CMIS": 18, "DOM": 10, "FEC": 12, "OPT": 7, "BRK": 7, "LNK": 7, "ROCE": 12, "FIB": 6, "PWR": 6,
        "PRO": 7, "SOAK": 4,
    }.items()
    for number in range(1, count + 1)
}  # fmt: skip
"""Every check of the catalogue."""

UNASKED = {"FEC-12", "PRO-06", "PWR-05", "SOAK-01", "SOAK-02", "SOAK-03", "SOAK-04"}
"""What needs a soak or earlier archives, of which this rack has none: N/A, with that as the reason."""

PLANNED_WRONG = [
    ("FIB-01", "leaf2:Ethernet500--spine1:Ethernet108", Outcome.FAIL),
    ("FIB-01", "leaf1:Ethernet32--gpu1:eth2", Outcome.WARN),
    ("FIB-04", "leaf1:Ethernet488--spine1:Ethernet40", Outcome.WARN),
    ("PRO-01", "NW-Q4-VR4", Outcome.FAIL),
    ("PRO-02", "LC-AEC8-2Q4-3M", Outcome.NOT_MEASURED),
    ("PRO-03", "NW-O8-2FR4", Outcome.FAIL),
    ("DOM-05", "gpu2:eth7", Outcome.WAIVED),
    ("CMIS-01", "spine1:Ethernet32", Outcome.FAIL),
    ("ASIC-02", "gpu4:eth0", Outcome.ERROR),
    ("CMIS-05", "leaf1:Ethernet0", Outcome.NOT_APPLICABLE),
]


@cache
def judged(lab: str) -> Mapping[tuple[str, str], Verdict]:
    bench = open_lab(ROOT / "lab_configs" / f"{lab}.yaml")
    return {(owed.check.id, owed.subject): bench.judge(owed) for owed in bench.plan}


def test_the_healthy_rack_passes_everywhere() -> None:
    trouble = {
        key: v.grounds()
        for key, v in judged("rack3").items()
        if v.outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE)
    }
    assert trouble == {}


def test_the_listed_checks_are_there_and_each_passes_somewhere() -> None:
    passes = Counter(check for (check, _), verdict in judged("rack3").items() if verdict.outcome is Outcome.PASS)
    assert set(passes) == LISTED - UNASKED


def test_every_pass_rests_on_findings_with_sources() -> None:
    for verdict in judged("rack3").values():
        assert verdict.findings
        for finding in verdict.findings:
            assert finding.source.evidence, (verdict.check, verdict.subject, finding.at)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_each_planted_fault_is_named_by_its_check(fault: dict[str, object]) -> None:
    """Each of its checks, on its subject or one end of it, no longer passes; in rack3 it does."""
    faulty, healthy = judged("rack3-faulty"), judged("rack3")
    checks, subject = fault["checks"], str(fault["subject"])
    assert isinstance(checks, list)
    for check in checks:
        names = [name for id, name in healthy if id == check and (name == subject or name in subject.split("--"))]
        assert names, f"{check} is not asked of {subject}"
        assert all(healthy[check, name].outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE) for name in names)
        assert any(faulty[check, name].outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE) for name in names), check


@pytest.mark.parametrize(("check", "subject", "outcome"), PLANNED_WRONG, ids=lambda value: str(value))
def test_what_was_planned_wrong_is_named(check: str, subject: str, outcome: Outcome) -> None:
    assert judged("rack3-faulty")[check, subject].outcome is outcome


def test_every_outcome_is_seen_in_the_faulty_rack() -> None:
    assert {verdict.outcome for verdict in judged("rack3-faulty").values()} == set(Outcome)


def test_rehearsal_finds_nothing_in_rack3_and_the_unknown_nic_in_the_faulty_one() -> None:
    assert list(open_lab(ROOT / "lab_configs" / "rack3.yaml").rehearse()) == []
    errors = list(open_lab(ROOT / "lab_configs" / "rack3-faulty.yaml").rehearse())
    unknown = "no NIC 'ConnectX-9' in the tables"
    assert {(v.check, v.error) for v in errors} == {(check, unknown) for check in ("ASIC-02", "ASIC-07", "ASIC-10")}


def test_without_evidence_nothing_measured_passes() -> None:
    """The unforgivable bug, asked of every check: an empty store passes only what the lab file itself declares."""
    bench = open_lab(ROOT / "lab_configs" / "rack3.yaml")
    unmeasured = replace(bench.lab, measurements=(), fiber_tests=())
    blank = Bench(unmeasured, Evidence(None), bench.checks, as_of=bench.as_of)
    passed = {owed.check.id for owed in blank.plan if blank.judge(owed).outcome is Outcome.PASS}
    assert passed <= {"ASIC-10", "FIB-01", "FIB-06", "PRO-01", "PRO-02", "PRO-03", "PRO-04", "PRO-05", "PRO-07"}


def test_no_finding_names_a_path_of_this_machine() -> None:
    """An archive is judged again where it lies: what a finding cites must be called the same everywhere."""
    told = (
        f"{finding.source} {finding.clause}" for verdict in judged("rack3").values() for finding in verdict.findings
    )
    assert [words for words in told if str(ROOT) in words] == []
