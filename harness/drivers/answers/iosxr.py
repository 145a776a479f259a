"""What Cisco IOS-XR answers."""

from __future__ import annotations

from typing import Final

from .entry import Entry

COMMANDS: Final[tuple[Entry, ...]] = ()
