"""Breakout modes: ``2x400G``, ``1x800G[400G]``, ``1x400G(4)+4x100G(4)``, and the lanes that their children have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product

GROUP = re.compile(r"(?P<count>\d+)x(?P<speed>\d+(?:\.\d+)?)G?(?:\[[^\]]*\])?(?:\((?P<lanes>\d+)\))?(?:\[[^\]]*\])?")
PART = re.compile(
    r"(?P<count>\d+)x(?P<speed>\d+)G(?P<also>(?:\[[^\]]*\])*)(?:\((?P<lanes>\d+)\))?(?P<late>\[[^\]]*\])?"
)
SPEED = re.compile(r"(\d+)G")
ALTERNATIVES = re.compile(r"\[[^\]]*\]|\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Child:
    """One port of a broken out cage."""

    speed_gbps: Decimal
    lanes: tuple[int, ...]  # host lanes of the cage, from 1

    def __str__(self) -> str:
        return rate_on(self.speed_gbps, len(self.lanes))


def rate_on(speed_gbps: Decimal, lanes: int) -> str:
    """``400G on 4 lanes``."""
    return f"{speed_gbps.normalize():f}G on {lanes} lane{'' if lanes == 1 else 's'}"


def plain(mode: str) -> str:
    """A mode without alternative speeds and lane counts: ``1x800G[400G]`` is 1x800G."""
    return ALTERNATIVES.sub("", mode).replace(" ", "")


def spelled_out(mode: str) -> tuple[str, ...]:
    """Every mode that a word of platform.json offers, without lane counts, the plain one first.

    ``1x800G[400G,200G]`` is a port of 800G that also runs at 400G and 200G; ``2x200G(4)`` takes only 4 of the lanes,
    and ``1x400G(4)+4x100G(4)`` mixes two widths.  ValueError where the word is no mode.
    """
    choices = []
    for text in mode.split("+"):
        part = PART.fullmatch(text.strip())
        if part is None:
            raise ValueError(f"{mode!r} is not a breakout mode: expected a breakout mode such as '1x800G[400G]'")
        speeds = [part["speed"], *SPEED.findall(part["also"] + (part["late"] or ""))]
        choices.append([f"{part['count']}x{speed}G" for speed in dict.fromkeys(speeds)])
    return tuple("+".join(combination) for combination in product(*choices))


@cache
def children(mode: str, lanes: int) -> tuple[Child, ...]:
    """The ports of a mode on a cage of so many lanes, in the order of the lanes; none where the word is no mode.

    Groups that do not say how many lanes they take share the cage equally.
    """
    groups = [GROUP.fullmatch(group.strip()) for group in mode.split("+")]
    found: list[Child] = []
    first = 1
    for group in groups:
        if group is None:
            return ()
        count = int(group["count"])
        width = int(group["lanes"] or lanes // len(groups)) // count if count else 0
        if not width:
            return ()
        for _ in range(count):
            found.append(Child(Decimal(group["speed"]), tuple(range(first, first + width))))
            first += width
    return tuple(found)
