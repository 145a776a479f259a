"""The buyer's nine points, and which checks answer each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..ledger import Tally, worst
from ..verdict import Outcome

HARDWARE_POINT = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the pre-deployment checklist."""

    number: int
    title: str
    families: tuple[str, ...]  # a whole family, or single ids, which go before a family


POINTS = (
    Point(1, "switch ASIC compatibility with target module types", ("ASIC", "BRK-01", "BRK-02", "BRK-03")),
    Point(2, "CMIS support for management and telemetry", ("CMIS", "DOM")),
    Point(3, "rack-level power and thermal capacity", ("PWR",)),
    Point(4, "fiber infrastructure: type, distance, connectors", ("FIB",)),
    Point(5, "interoperability in the lab with actual hardware", ("LNK", "BRK-04", "BRK-07", "ROCE", "OPT", "SOAK")),
    Point(6, "FEC configuration", ("FEC",)),
    Point(7, "breakout cables for migration", ("BRK-05", "BRK-06")),
    Point(8, "warranty and MTBF", ("PRO-01", "PRO-02", "PRO-07")),
    Point(9, "supply chain capacity", ("PRO-03", "PRO-04", "PRO-05", "PRO-06")),
)
OTHER = Point(0, "checks beside the nine points", ())
NOTHING = "NOT-ASKED"  # no check of this point is there, or it has no subject in this lab
BY_KEY: Mapping[str, Point] = {key: point for point in POINTS for key in point.families}


def point_of(check: str) -> Point:
    """The point that a check answers."""
    return BY_KEY.get(check) or BY_KEY.get(check.partition("-")[0], OTHER)


@dataclass(frozen=True, slots=True)
class PointTally:
    """One point over all its checks."""

    point: Point
    checks: tuple[Tally, ...]

    @property
    def counts(self) -> Mapping[Outcome, int]:
        counts: Counter[Outcome] = Counter()
        for tally in self.checks:
            counts.update(tally.counts)
        return counts

    @property
    def planned(self) -> int:
        return sum(tally.planned for tally in self.checks)

    @property
    def holes(self) -> int:
        return sum(tally.holes for tally in self.checks)

    @property
    def worst(self) -> str:
        return worst(self.counts, self.holes) if self.planned else NOTHING


def by_point(tallies: Iterable[Tally]) -> tuple[PointTally, ...]:
    """All nine points, those that no check answers included; other checks last, where there are any."""
    mine: dict[int, list[Tally]] = {point.number: [] for point in POINTS}
    for tally in tallies:
        mine.setdefault(point_of(tally.check).number, []).append(tally)
    points = [PointTally(point, tuple(mine[point.number])) for point in POINTS]
    return tuple(points + ([PointTally(OTHER, tuple(mine[0]))] if 0 in mine else []))
