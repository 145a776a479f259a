"""What proofs of checks are held to: the shipped tables and profile, with approved modules and inspection asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from harness.requirements.lookup import Requirements
from harness.requirements.profile import Approved
from harness.testing import requirements

PROFILE = Path(__file__).parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"
SWITCH, NIC = "x86_64-nvidia_sn5600-r0", "ConnectX-7"


def entry(platform: str, number: str, firmware: str = "3.7.12", nos: str = "", expires: str = "2027-06-30") -> Approved:
    """An entry of the list; a linear part has LPO in its number."""
    versions = frozenset({firmware} if firmware else ())
    until = date.fromisoformat(expires)
    return Approved(platform, "Acme Optics", number, versions, nos, "LPO" in number, "report 7", "optics", until)


APPROVED = (
    entry(SWITCH, "AO-800-2DR4", firmware="", nos="202305"),
    entry(NIC, "AO-800-2DR4", firmware=""),
    entry(SWITCH, "AO-800-OLD", expires="2026-06-30"),
    entry(SWITCH, "AO-800-FW"),
    entry(SWITCH, "AO-800-LPO"),
    entry(NIC, "AO-800-LPO"),
)


@pytest.fixture(scope="session")
def require() -> Requirements:
    held = requirements(PROFILE)
    return replace(
        held, profile=replace(held.profile, approved=APPROVED, fiber=replace(held.profile.fiber, end_face=True))
    )
