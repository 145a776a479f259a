"""A simulated lab: what the devices of a lab file would answer, made up from the lab file alone.

``world`` holds the state of every device, port and module, ``sonic`` and ``linux`` print it as the device's own
commands do, ``faults`` spoils it on purpose, and ``fixture`` writes it down as evidence of origin ``simulated``.
"""

from typing import Final

VERSION: Final = "1"
"""Goes up whenever the same lab gives other bytes."""

MADE_BY: Final = f"harness.simlab {VERSION}"
