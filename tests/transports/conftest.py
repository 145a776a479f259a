"""Servers that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transports.far_end import FarEnd, far_end

KINDS = ("plain", "skewed", "expired", "mute")


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarEnd]:
    """A real OpenSSH server with a device of each kind behind it."""
    yield from far_end(tmp_path_factory.mktemp("sshd") / "home", kinds=KINDS, more=2)


@pytest.fixture
def end(ssh_server: FarEnd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FarEnd:
    """The server, its devices not yet asked, for a user who has no keys, no agent and knows no hosts."""
    (ssh_server.home / "asked").unlink(missing_ok=True)
    home = tmp_path / "user"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return ssh_server
