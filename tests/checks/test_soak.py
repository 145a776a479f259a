"""A soak that the profile asks for, and what a check says of the time that is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checks import fec, soak
from harness.requirements.lookup import Requirements
from harness.testing import NOON, Proof, fabric, link, module, port, switch_cage
from harness.verdict import Outcome
from tests.checks.table_fec import MANY_SAMPLES, bins, two


@pytest.fixture
def asking(require: Requirements) -> Requirements:
    profile = replace(require.profile, soak=replace(require.profile.soak, asked=True))
    return replace(require, profile=profile)


@pytest.mark.parametrize(
    ("check", "subject"),
    [
        (soak.links_clean, link()),
        (soak.ber_trend, link()),
        (soak.monitors_hold, module()),
        (soak.plateau, switch_cage()),
        (soak.coverage, fabric()),
    ],
    ids=lambda one: getattr(one, "id", ""),
)
def test_a_soak_that_is_asked_for_and_was_not_run_is_not_measured(
    check: object, subject: object, asking: Requirements, require: Requirements
) -> None:
    assert check(subject, asking).outcome is Outcome.NOT_MEASURED  # type: ignore[operator]
    found = check(subject, require)  # type: ignore[operator]
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert "asks for no soak" in found.grounds()


@pytest.mark.parametrize("proof", MANY_SAMPLES, ids=str)
def test_proof(proof: Proof, require: Requirements) -> None:
    proof.hold(require)


def test_too_short_a_window_says_how_long_it_has_to_be(require: Requirements) -> None:
    """2.996 / 1e-12 bits at 425 Gb/s take 7.05 s, of which 4 are over."""
    found = fec.confidence(port(seen=two(at=NOON + timedelta(seconds=4))), require)
    assert "3.05 s more are needed" in found.grounds()


def test_the_tail_tells_its_interval_and_what_it_is_worth(require: Requirements) -> None:
    found = fec.margin(port(seen={"histogram": bins(40000, 3000, 200, 15)}), require)
    (said,) = [str(one) for one in found.findings if "predicted" in one.at]
    assert "line through 4 bins" in said
    assert "at 95 %" in said
    assert "a trend, not a bound" in said
    assert "times what random errors make" in said
