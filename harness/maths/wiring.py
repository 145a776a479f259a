"""The fewest moves of cables that make a miswired network the planned one.

A cable is a pair of ports; which of the two is named first means nothing.  Cables that stand in for one another share
ports: such a group is mended by itself, and inside it planned cables are assigned to those that are there so that the
fewest ends are moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Cable = tuple[str, str]


class Fault(StrEnum):
    """What is wrong with a cable."""

    SWAPPED = "swapped"  # two cables have exchanged one end each
    WRONG = "wrong"  # an end, or both, are in other ports than planned
    MISSING = "missing"  # nothing is plugged
    EXTRA = "extra"  # nobody planned it


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to do."""

    fault: Fault
    seen: Cable | None  # as it is plugged; None of a missing one
    planned: Cable | None  # as it is to be plugged; None of one too many
    moved: tuple[tuple[str, str], ...] = ()  # ends to move: out of this port, into that one
    other: Cable | None = None  # the cable that it was exchanged with

    @property
    def ports(self) -> frozenset[str]:
        """Every port that it touches."""
        cables = [cable for cable in (self.seen, self.planned) if cable is not None]
        return frozenset(port for cable in cables for port in cable)

    def __str__(self) -> str:
        if self.fault is Fault.MISSING and self.planned is not None:
            return f"no cable: plug one from {self.planned[0]} to {self.planned[1]}"
        if self.fault is Fault.EXTRA and self.seen is not None:
            return f"a cable that nobody planned: unplug it from {self.seen[0]} and {self.seen[1]}"
        ends = " and ".join(f"from {source} into {target}" for source, target in self.moved)
        if self.fault is Fault.SWAPPED and self.other is not None:
            return f"swapped pair: exchange the cables in {' and '.join(sorted(self.moved[0]))}"
        return f"wrong port: move the cable {ends}"


def fewest_moves(planned: Iterable[Cable], seen: Iterable[Cable]) -> tuple[Move, ...]:
    """What to do so that the cables that are seen become those that are planned, in the order of the plan."""
    wanted = {frozenset(cable): cable for cable in planned}
    there = {frozenset(cable): cable for cable in seen}
    unmet = [cable for ends, cable in wanted.items() if ends not in there]
    spare = [cable for ends, cable in there.items() if ends not in wanted]
    moves: list[Move] = []
    for wishes, cables in groups(unmet, spare):
        moves += mended(wishes, cables)
    return tuple(moves)


def groups(unmet: Sequence[Cable], spare: Sequence[Cable]) -> list[tuple[list[Cable], list[Cable]]]:
    """Planned and seen cables that hang together by their ports."""
    parent: dict[str, str] = {}

    def root(port: str) -> str:
        parent.setdefault(port, port)
        while parent[port] != port:
            parent[port] = parent[parent[port]]
            port = parent[port]
        return port

    for one, other in (*unmet, *spare):
        parent[root(other)] = root(one)
    found: dict[str, tuple[list[Cable], list[Cable]]] = {}
    for which, cables in enumerate((unmet, spare)):
        for cable in cables:
            found.setdefault(root(cable[0]), ([], []))[which].append(cable)
    return list(found.values())


def mended(unmet: Sequence[Cable], spare: Sequence[Cable]) -> list[Move]:
    """The fewest ends to move in a group, by an assignment of least cost."""
    pairs = assigned(unmet, spare)
    found = {want: turned(spare[have], unmet[want]) for want, have in pairs.items()}
    moves = [
        paired(found[want], found.values()) if want in found else Move(Fault.MISSING, None, cable)
        for want, cable in enumerate(unmet)
    ]
    used = set(pairs.values())
    return moves + [Move(Fault.EXTRA, cable, None) for have, cable in enumerate(spare) if have not in used]


def assigned(unmet: Sequence[Cable], spare: Sequence[Cable]) -> Mapping[int, int]:
    """Which seen cable becomes which planned one."""
    if not unmet or not spare:
        return {}
    if len(unmet) == len(spare) == 1:
        return {0: 0}
    from scipy.optimize import linear_sum_assignment

    cost = [[2 - len({*want} & {*have}) for have in spare] for want in unmet]
    rows, columns = linear_sum_assignment(cost)
    return {int(want): int(have) for want, have in zip(rows, columns, strict=True)}


def turned(seen: Cable, planned: Cable) -> Move:
    """The ends of a cable that move so that it joins the planned ports."""
    leave = [port for port in seen if port not in planned]
    enter = [port for port in planned if port not in seen]
    return Move(Fault.WRONG, seen, planned, tuple(zip(leave, enter, strict=True)))


def paired(move: Move, every: Iterable[Move]) -> Move:
    """The move, told as an exchange where another one goes the other way."""
    if len(move.moved) != 1:
        return move
    out, into = move.moved[0]
    for other in every:
        if other.moved == ((into, out),):
            return Move(Fault.SWAPPED, move.seen, move.planned, move.moved, other.seen)
    return move


def agreed(told: Mapping[str, str]) -> tuple[Cable, ...]:
    """Cables out of what each port says of its neighbour; two ends that contradict one another make none."""
    found: dict[frozenset[str], Cable] = {}
    for port, peer in told.items():
        if port != peer and told.get(peer, port) == port:
            found.setdefault(frozenset((port, peer)), (port, peer))
    claims: dict[str, int] = {}
    for ends in found:
        for port in ends:
            claims[port] = claims.get(port, 0) + 1
    return tuple(cable for ends, cable in found.items() if all(claims[port] == 1 for port in ends))
