"""What proofs of checks are held to: the shipped tables and profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.requirements.lookup import Requirements
from harness.testing import requirements

PROFILE = Path(__file__).parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"


@pytest.fixture(scope="session")
def require() -> Requirements:
    return requirements(PROFILE)
