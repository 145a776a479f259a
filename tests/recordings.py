"""Where the recordings of real modules and switches are, for tests that are parametrised over them."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
RECORDINGS = Path(os.environ.get("PLUGFEST_RECORDINGS", REPOSITORY.parent / "shared" / "real"))


def recorded(pattern: str) -> list[Path]:
    """The recordings that match, in order; none where the directory is missing."""
    return sorted(RECORDINGS.glob(pattern))
