"""Fixtures that more than one folder of tests needs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.recordings import RECORDINGS

pytest_plugins = ["pytester"]

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # how long an example takes says how busy the machine is


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The directory of recordings: missing in CI is a failure, elsewhere those tests say that they did not run."""
    if not RECORDINGS.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"recordings are missing: {RECORDINGS} (set PLUGFEST_RECORDINGS)")
        pytest.skip("not run: no recordings here (set PLUGFEST_RECORDINGS to their directory)")
    return RECORDINGS
