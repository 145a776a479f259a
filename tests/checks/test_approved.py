"""A profile without a list of approved modules asks for none, and says so."""

from __future__ import annotations

import pytest

from checks import asic
from harness.check import Check
from harness.testing import port, requirements
from harness.verdict import Outcome
from tests.checks.conftest import PROFILE


@pytest.mark.parametrize("check", [asic.approved, asic.nos_release], ids=lambda check: check.id)
def test_no_list_no_approval(check: Check) -> None:
    verdict = check(port(), requirements(PROFILE))
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "no list" in verdict.grounds()
