"""Breakout modes as platform.json writes them: ``1x800G[400G]``, ``1x400G(4)+4x100G(4)``, ``2x25000(2)+1x50G(2)``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

RATES: Final = frozenset(map(Decimal, ("1", "2.5", "5", "10", "20", "25", "50", "100", "200")))
"""Gb/s that an electrical lane carries, as port speeds are counted."""

FASTEST: Final = max(RATES)
_GROUP: Final = re.compile(
    r"(?P<count>[0-9]{1,3})x(?P<speed>[0-9]{1,7}G?)(?P<also>\[[^\]]*\])?(?:\((?P<lanes>[0-9]{1,3})\))?(?P<late>\[[^\]]*\])?"
)
_SPEED: Final = re.compile(r"[0-9]{1,7}G?")


@dataclass(frozen=True, slots=True)
class Group:
    """So many ports of one speed."""

    count: int
    speed_gbps: Decimal
    also: tuple[Decimal, ...]  # other speeds that a port of it may be set to
    lanes: int | None  # of all its ports together; None where they take the whole cage


@dataclass(frozen=True, slots=True)
class Share:
    """One port of a mode."""

    speeds: tuple[Decimal, ...]  # the mode's own first
    lanes: tuple[int, ...]  # of the cage, from 1


@dataclass(frozen=True, slots=True)
class Mode:
    """A breakout mode of a cage."""

    text: str  # "1x800G[400G]"
    line: int
    groups: tuple[Group, ...]
    aliases: tuple[str, ...]  # what its ports are called besides

    @property
    def ports(self) -> int:
        return sum(group.count for group in self.groups)

    def shares(self, lanes: int) -> tuple[Share, ...]:
        """The ports on a cage of so many lanes, in the order of the lanes; none where they do not fit."""
        found: list[Share] = []
        first = 1
        for group in self.groups:
            width, rest = divmod(group.lanes or lanes, group.count)
            if rest or not width:
                return ()
            for _ in range(group.count):
                found.append(Share((group.speed_gbps, *group.also), tuple(range(first, first + width))))
                first += width
        return tuple(found) if first - 1 <= lanes else ()

    def problems(self, lanes: int) -> Iterator[tuple[str, str]]:
        """What cannot be of this mode on a cage of so many lanes: the rule and a sentence."""
        if len(self.groups) > 1 and any(group.lanes is None for group in self.groups):
            yield "mode-lanes", f"mode {self.text}: each group of a mix has to say its lanes"
            return
        taken = sum(group.lanes or lanes for group in self.groups)
        if taken > lanes:
            yield "mode-lanes", f"mode {self.text} takes {taken} lanes, the cage has {lanes}"
        elif taken < lanes and len(self.groups) > 1:
            yield "mode-lanes", f"mode {self.text} covers {taken} of the cage's {lanes} lanes"
        for group in self.groups:
            yield from uneven(self.text, group, lanes)


def uneven(mode: str, group: Group, lanes: int) -> Iterator[tuple[str, str]]:
    """What cannot be of one group's speed on its lanes."""
    width, rest = divmod(group.lanes or lanes, group.count)
    if rest or not width:
        yield "mode-lanes", f"mode {mode}: {group.count} ports out of {group.lanes or lanes} lanes"
        return
    rate = group.speed_gbps / width
    if rate > FASTEST:
        least = -(-group.speed_gbps // FASTEST)
        yield "mode-speed", f"mode {mode}: {group.speed_gbps:f} Gb/s needs {least} lanes or more, a port has {width}"
    elif rate not in RATES:
        found = f"{group.speed_gbps:f} Gb/s on {width} lanes is {rounded(rate)} Gb/s each"
        yield "mode-speed", f"mode {mode}: {found}, and no lane runs at that"
    for speed in group.also:
        if speed / width > FASTEST:
            yield "mode-speed", f"mode {mode}: {speed:f} Gb/s needs {-(-speed // FASTEST)} lanes or more"


def rounded(rate: Decimal) -> str:
    """A rate for a message, to two decimals."""
    return f"{rate.quantize(Decimal('0.01')).normalize():f}"


def parse(text: str, line: int, aliases: tuple[str, ...] = ()) -> Mode | None:
    """A mode, or None where the word is none."""
    groups = []
    for word in text.split("+"):
        found = _GROUP.fullmatch(word.strip())
        if found is None or int(found["count"]) == 0:
            return None
        also = _alternatives(found["also"]) + _alternatives(found["late"])
        if None in also:
            return None
        speed = gbps(found["speed"])
        lanes = int(found["lanes"]) if found["lanes"] else None
        if not speed or lanes == 0:
            return None
        groups.append(Group(int(found["count"]), speed, tuple(one for one in also if one is not None), lanes))
    return Mode(text, line, tuple(groups), aliases)


def _alternatives(text: str | None) -> tuple[Decimal | None, ...]:
    words = [word.strip() for word in (text or "").strip("[]").split(",") if word.strip()]
    return tuple(gbps(word) if _SPEED.fullmatch(word) else None for word in words)


def gbps(word: str) -> Decimal:
    """A speed: ``400G``, or Mb/s without the letter."""
    return Decimal(word[:-1]) if word.endswith("G") else Decimal(word) / 1000
