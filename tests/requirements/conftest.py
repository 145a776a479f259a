"""The requirements of the default profile, and a way to write others."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.requirements.load import load_requirements
from harness.requirements.lookup import Requirements

from ..recordings import RECORDINGS

PROFILE = Path(__file__).parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"
AS_OF = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def require() -> Requirements:
    return load_requirements(PROFILE, as_of=AS_OF)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the default profile with some texts replaced and some lines added at the end."""

    def write(*pairs: tuple[str, str], add: str = "") -> Path:
        text = PROFILE.read_text(encoding="utf-8")
        for old, new in pairs:
            assert text.count(old) >= 1, old
            text = text.replace(old, new, 1)
        file = tmp_path / "profile.toml"
        file.write_text(text + add, encoding="utf-8")
        return file

    return write


def reference(name: str) -> Any:
    """A sheet of facts that a table was made from, beside the recordings; its absence fails in CI as theirs does."""
    file = RECORDINGS.parent / "reference" / name
    if not file.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"the sheet is missing: {file}")
        pytest.skip(f"not run: {name} is not beside the recordings")
    return json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
