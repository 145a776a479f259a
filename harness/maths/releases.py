"""Releases of network operating systems in their natural order: 202505.1, 4.34.1F, 10.5(3), 23.4R1-S2, 5.13."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

BRANCH: Final = re.compile(r"(?<!\d)20\d{4}(?:\d\d)?(?=[.\-_]|$)")
"""A branch by the month or the day that it was made, behind the name of who built it: ``SONiC.202505.1``."""

NUMBER: Final = re.compile(r"(?P<sign>[.(]|R|X|-S|-(?=\d+(?![0-9A-Za-z])))?(?P<number>\d{1,9})\)?")
UNFINISHED: Final = re.compile(r"(?:^|[\W\d_])(?:rc|alpha|beta|dev|pre)(?:$|[\W\d_])", re.IGNORECASE)
SERVICE: Final = "-S"
"""A service release comes after every respin of the release that it serves: 23.4R1-S2 after 23.4R1.10."""


class Release(NamedTuple):
    """A release taken apart: numbers with the sign before each, and whether it was finished."""

    parts: tuple[tuple[str, int], ...]
    finished: bool

    @property
    def kind(self) -> int:
        """0 for counted releases, else how many digits a date has: dates and counts do not compare."""
        digits = len(str(self.parts[0][1]))
        return digits if digits >= 6 else 0


def release(text: str) -> Release | None:
    """A release taken apart; None for one that has no place in an order, such as a build of the main branch."""
    words = text.strip().removeprefix("v")
    if not words[:1].isdigit():
        found = BRANCH.search(words)
        if found is None:
            return None
        words = words[found.start() :]
    parts: list[tuple[str, int]] = []
    place = 0
    while (found := NUMBER.match(words, place)) is not None and bool(found["sign"]) is bool(parts):
        parts.append((found["sign"] or "", int(found["number"])))
        place = found.end()
    return Release(tuple(parts), UNFINISHED.search(words[place:]) is None) if parts else None


def at_least(running: str, first: str) -> bool | None:
    """Whether a release is another one or came after it; None where the two cannot be put in order."""
    one, other = release(running), release(first)
    if one is None or other is None or one.kind != other.kind:
        return None
    for place in range(max(len(one.parts), len(other.parts))):
        (mine, number), (its, least) = part(one, place), part(other, place)
        if mine and its and mine != its:
            return None if SERVICE not in (mine, its) else mine == SERVICE
        if number != least:
            return number > least
    return one.finished or not other.finished


def part(of: Release, place: int) -> tuple[str, int]:
    """One number of a release; 0 beyond its last, so that 5.13 is 5.13.0."""
    return of.parts[place] if place < len(of.parts) else ("", 0)
