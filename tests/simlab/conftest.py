"""The simulated rack that the tests of this folder look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.evidence import instant
from harness.lab.inventory import Lab
from harness.lab.load import load
from harness.simlab.__main__ import START
from harness.simlab.world import World, healthy
from tests.recordings import REPOSITORY

LAB = REPOSITORY / "lab_configs" / "rack3.yaml"


@pytest.fixture(scope="session")
def lab() -> Lab:
    return load(LAB)


@pytest.fixture(scope="session")
def make_world(lab: Lab) -> Callable[[], World]:
    """A healthy world of its own for who wants to change one."""
    return lambda: healthy(lab, instant(START))


@pytest.fixture(scope="session")
def world(make_world: Callable[[], World]) -> World:
    """The healthy world, not to be changed."""
    return make_world()
