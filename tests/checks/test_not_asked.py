"""What a profile that asks for nothing makes of the checks: N/A with its line as the proof, and never an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks import fiber, roce
from harness.check import Check
from harness.requirements.lookup import Requirements
from harness.testing import host, link, nic_port, path, port, requirements, two_rails
from harness.verdict import Outcome

PROFILES = Path(__file__).parents[2] / "lab_configs" / "profiles"


@pytest.fixture(scope="module")
def standards() -> Requirements:
    return requirements(PROFILES / "ieee.toml")


def named(thing: object) -> str:
    return thing.id if isinstance(thing, Check) else str(thing)


@pytest.mark.parametrize(
    ("check", "subject"),
    [
        (roce.headroom, port()),
        (roce.headroom, nic_port()),
        (roce.watchdog, port()),
        (roce.nic, host()),
        (roce.no_loss, port()),
        (roce.lossy_silent, port()),
        (roce.ecn_before_pfc, port()),
        (fiber.end_faces, link()),
    ],
    ids=named,
)
def test_a_profile_that_asks_for_nothing(check: Check, subject: Any, standards: Requirements) -> None:
    verdict = check(subject, standards)
    assert verdict.outcome is Outcome.NOT_APPLICABLE, verdict.grounds()


@pytest.mark.parametrize(
    ("check", "subject"), [(roce.maps_along_path, path()), (roce.same_everywhere, two_rails())], ids=named
)
def test_what_is_compared_with_itself_needs_no_profile(check: Check, subject: Any, standards: Requirements) -> None:
    verdict = check(subject, standards)
    assert verdict.outcome is Outcome.PASS, verdict.grounds()
