"""The lab of many systems: accepted when healthy.  Faults on every system are planted in tests/faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from harness.engine import open_lab
from harness.verdict import Outcome, Verdict

ROOT = Path(__file__).resolve().parent.parent
LAB = ROOT / "lab_configs" / "mixed.yaml"


@cache
def healthy_verdicts() -> Mapping[tuple[str, str], Verdict]:
    bench = open_lab(LAB)
    return {(owed.check.id, owed.subject): bench.judge(owed) for owed in bench.plan}


def test_the_healthy_lab_is_accepted_with_what_its_systems_do_not_show_waived() -> None:
    trouble = {
        key: verdict.grounds()
        for key, verdict in healthy_verdicts().items()
        if verdict.outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.WAIVED)
    }
    assert trouble == {}


def test_nothing_is_waived_but_what_was_not_measured() -> None:
    for waiver in open_lab(LAB).lab.waivers:
        assert waiver.not_measured
        assert not waiver.failures


def test_what_sonic_and_hosts_show_needs_no_waiver() -> None:
    """A part, a path and the lab are of many devices: what is waived of them is what those three did not show."""
    waived = [
        (check, subject, str(finding.source))
        for (check, subject), verdict in healthy_verdicts().items()
        for finding in verdict.findings
        if finding.outcome is Outcome.WAIVED
    ]
    assert waived
    assert not [one for one in waived if not one[2].startswith(("leaf2", "spine1", "spine2"))]


def test_every_system_passes_checks_of_every_family_that_it_can_show() -> None:
    passed = Counter(
        (check.partition("-")[0], subject.partition(":")[0])
        for (check, subject), verdict in healthy_verdicts().items()
        if verdict.outcome is Outcome.PASS
    )
    for device in ("leaf1", "leaf2", "spine1", "spine2", "gpu1", "gpu2"):
        for family in ("ASIC", "CMIS", "DOM", "FEC", "OPT", "LNK", "ROCE", "PWR"):
            ends = [name for (kind, name), _ in passed.items() if kind == family]
            assert device in ends or family in ("LNK",), (device, family)


def test_no_line_of_any_answer_is_unknown() -> None:
    bench = open_lab(LAB)
    for name in bench.lab.devices:
        assert bench.assembly.facts(name).unknown == (), name
