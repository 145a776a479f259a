"""Breakout modes as SONiC's platform.json writes them, spelled out.

``1x800G[400G,200G]`` is a port of 800G that also runs at 400G and 200G; ``2x200G(4)`` takes only 4 of the lanes, and
``1x400G(4)+4x100G(4)`` mixes two widths.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Final

PART: Final = re.compile(
    r"(?P<count>\d+)x(?P<speed>\d+)G(?P<also>(?:\[[^\]]*\])*)(?:\((?P<lanes>\d+)\))?(?P<late>\[[^\]]*\])?"
)
SPEED: Final = re.compile(r"(\d+)G")


def spelled_out(mode: str) -> tuple[str, ...]:
    """Every mode that a word of platform.json offers, without lane counts.  ValueError where it is none."""
    choices = []
    for text in mode.split("+"):
        part = PART.fullmatch(text.strip())
        if part is None:
            raise ValueError(f"expected a breakout mode such as '1x800G[400G]', found {mode!r}")
        speeds = [part["speed"], *SPEED.findall(part["also"] + (part["late"] or ""))]
        choices.append([f"{part['count']}x{speed}G" for speed in dict.fromkeys(speeds)])
    return tuple("+".join(combination) for combination in product(*choices))
