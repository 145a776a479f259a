"""The requirements of the default profile, and a way to write others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.requirements.load import load_requirements
from harness.requirements.lookup import Requirements

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
