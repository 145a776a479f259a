"""One boot of the kernel for all tests here: the guest plays every scene, the tests judge what it wrote."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.boot import Unavailable, kernel

Scene = Callable[[str], Any]


@pytest.fixture(scope="session")
def guest(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, Path]:
    """The results of the guest, what its console said, and where its journals are."""
    base = tmp_path_factory.getbasetemp()
    share = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "guest"
    share.mkdir(exist_ok=True)
    console, results = share / "console.txt", share / "results.json"
    try:
        with share.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of several workers one boots, the others take what it found
            if not console.exists():
                console.write_text(kernel().run("tests.kernel.guest", share))
    except Unavailable as missing:
        if os.environ.get("CI"):
            pytest.fail(f"the kernel must be tested in CI: {missing}")
        pytest.skip(f"not run: {missing}")
    return (json.loads(results.read_text()) if results.exists() else {}), console.read_text(), share


@pytest.fixture
def scene(guest: tuple[dict[str, Any], str, Path]) -> Scene:
    """The result of one scene."""
    results, console, _ = guest

    def of(name: str) -> Any:
        if name not in results:
            pytest.fail(f"the guest did not get to {name}:\n{console[-4000:]}")
        return results[name]

    return of
