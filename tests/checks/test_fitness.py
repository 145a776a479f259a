"""What holds for every check there is, today's and tomorrow's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from harness.check import Check
from harness.engine import all_checks
from harness.reading import Reading
from harness.requirements.lookup import Requirements
from harness.testing import Proof, changed, unmeasured
from harness.verdict import Outcome
from tests.checks import PROOFS

OWED = """
    ASIC-01 ASIC-02 ASIC-03 ASIC-04 ASIC-05 ASIC-06 ASIC-07 ASIC-08 ASIC-09 ASIC-10
    CMIS-01 CMIS-02 CMIS-03 CMIS-04 CMIS-05 CMIS-06 CMIS-07 CMIS-08 CMIS-09 CMIS-10 CMIS-11 CMIS-12 CMIS-13 CMIS-14
    CMIS-15 CMIS-16 CMIS-17 CMIS-18
    DOM-01 DOM-02 DOM-03 DOM-04 DOM-05 DOM-06 DOM-07 DOM-08 DOM-09 DOM-10
    FEC-01 FEC-02 FEC-03 FEC-04 FEC-05 FEC-06 FEC-07 FEC-08 FEC-09 FEC-10 FEC-11 FEC-12
    OPT-01 OPT-02 OPT-03 OPT-04 OPT-05 OPT-06 OPT-07
    BRK-01 BRK-02 BRK-03 BRK-04 BRK-05 BRK-06 BRK-07
    LNK-01 LNK-02 LNK-03 LNK-04 LNK-05 LNK-06 LNK-07
    ROCE-01 ROCE-02 ROCE-03 ROCE-04 ROCE-05 ROCE-06 ROCE-07 ROCE-08 ROCE-09 ROCE-10 ROCE-11 ROCE-12
    FIB-01 FIB-02 FIB-03 FIB-04 FIB-05 FIB-06
    PWR-01 PWR-02 PWR-03 PWR-04 PWR-05 PWR-06
    PRO-01 PRO-02 PRO-03 PRO-04 PRO-05 PRO-06 PRO-07
    SOAK-01 SOAK-02 SOAK-03 SOAK-04
"""
"""Every check of the catalogue, by its id."""

DECLARED_ALONE = frozenset(
    ["ASIC-10", "FIB-01", "FIB-05", "FIB-06", "PRO-01", "PRO-02", "PRO-03", "PRO-04", "PRO-05", "PRO-07"]
)
"""Checks that may pass before anything was measured: they judge what the lab file declares."""

CHECKS = all_checks()
HOSTILE = ("NaN", "sNaN", "Infinity", "-Infinity", "-1E+999999", "1E+999999", "-1", "0")


def named(checks: Iterable[Check]) -> list[str]:
    return [check.id for check in checks]


def test_the_checks_are_those_that_the_catalogue_owes() -> None:
    assert sorted(named(CHECKS)) == sorted(OWED.split())


@pytest.mark.parametrize("check", CHECKS, ids=named(CHECKS))
def test_a_check_is_proved_three_ways(check: Check) -> None:
    shown = {proof.outcome for proof in PROOFS if proof.check is check}
    assert shown >= {Outcome.PASS, Outcome.NOT_MEASURED}
    assert shown & {Outcome.FAIL, Outcome.WARN}, "beyond limits that are all recalled or advice it warns"


@pytest.mark.parametrize("check", CHECKS, ids=named(CHECKS))
def test_a_check_has_one_sentence_for_the_checklist(check: Check) -> None:
    assert check.title.endswith(".")
    assert check.title[0].isupper()
    assert len(check.title) <= 120
    assert check.tags == ("acceptance",)


@pytest.mark.parametrize("proof", PROOFS, ids=str)
def test_what_was_not_measured_never_passes_and_is_no_error(proof: Proof, require: Requirements) -> None:
    verdict = proof.check(unmeasured(proof.subject), require)
    assert verdict.outcome is not Outcome.ERROR, verdict.grounds()
    if proof.check.id not in DECLARED_ALONE:
        assert verdict.outcome is not Outcome.PASS, verdict.findings


@pytest.mark.parametrize("proof", PROOFS, ids=str)
def test_no_number_makes_a_check_raise(proof: Proof, require: Requirements) -> None:
    for value in map(Decimal, HOSTILE):
        verdict = proof.check(changed(proof.subject, spoilt_by(value)), require)
        assert not verdict.error, f"{value}: {verdict.error}"


def spoilt_by(value: Decimal) -> Callable[[Reading[Any]], Reading[Any]]:
    """Puts a number in the place of every number that was measured."""
    return lambda reading: replace(reading, value=value) if isinstance(reading.value, Decimal) else reading


def test_no_number_that_is_none_passes(require: Requirements) -> None:
    judged = {
        proof.check.id
        for proof in PROOFS
        if proof.outcome is Outcome.PASS
        for finding in proof.check(changed(proof.subject, spoilt_by(Decimal("NaN"))), require).findings
        if finding.outcome is Outcome.PASS and finding.measured == "NaN"
    }
    assert not judged
