"""One machine for all tests here: it is set up, asked everything that the driver asks and more, and judged outside."""

from __future__ import annotations

import fcntl
import os
import pickle

import pytest

from tests.kernel.boot import Unavailable
from tests.vm.machine import Said, machine
from tests.vm.scene import COMMANDS, SETUP, memory_image


@pytest.fixture(scope="session")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    """What every command printed in the machine."""
    base = tmp_path_factory.getbasetemp()
    share = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "machine"
    share.mkdir(exist_ok=True)
    held = share.with_suffix(".pickle")
    try:
        with share.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of several workers one boots, the others take what it found
            if not held.exists():
                (share / "memory").write_bytes(memory_image())
                held.write_bytes(pickle.dumps(machine().run(SETUP, list(COMMANDS), share)))
    except Unavailable as missing:
        if os.environ.get("CI"):
            pytest.fail(f"real tools must be tested in CI: {missing}")
        pytest.skip(f"not run: {missing}")
    found: dict[str, Said] = pickle.loads(held.read_bytes())
    return found
