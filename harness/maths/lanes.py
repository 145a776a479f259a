"""Fibers and lanes: where each transmitter of a channel ends, and what a pattern of dark lanes says of the plant.

Fibers of a connector count from 1 as the standard has them.  A channel is a row of elements (patches, trunks), each of
polarity method A (straight, n to n), B (reversed, n to N + 1 - n) or C (pairs flipped, 1 to 2 and 2 to 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Way = Mapping[int, int]
"""From the fiber at the near end to the fiber at the far end."""

Lit = Sequence[bool | None]
"""Whether the receiver of each lane has light; None where nobody knows, or where nothing was sent."""


@dataclass(frozen=True, slots=True)
class Positions:
    """Which fibers of a connector carry the lanes, in the order of the lanes."""

    connector: str
    fibers: int
    tx: tuple[int, ...]
    rx: tuple[int, ...]

    @property
    def used(self) -> frozenset[int]:
        return frozenset((*self.tx, *self.rx))

    @property
    def parallel(self) -> bool:
        return len(self.tx) > 1


MPO_12: Final = Positions("MPO-12", 12, (1, 2, 3, 4), (12, 11, 10, 9))
MPO_16: Final = Positions("MPO-16", 16, (1, 2, 3, 4, 5, 6, 7, 8), (16, 15, 14, 13, 12, 11, 10, 9))
DUPLEX: Final = Positions("duplex", 2, (1,), (2,))

CONNECTORS: Final[Mapping[str, Positions]] = {
    "MPO-12": MPO_12, "2xMPO-12": MPO_12, "MPO-16": MPO_16,
    "LC": DUPLEX, "2xLC": DUPLEX, "CS": DUPLEX, "2xCS": DUPLEX, "SN": DUPLEX,
}  # fmt: skip


def positions(near: str, far: str) -> Positions | None:
    """The lanes of a channel between two connectors; None where they differ or no table has their fibers."""
    one, other = CONNECTORS.get(near), CONNECTORS.get(far)
    return one if one is other else None


# --- what is planned ----------------------------------------------------------------------------------------------


def step(method: str, fiber: int, fibers: int) -> int:
    """Where an element of a polarity method takes a fiber.  KeyError for a method that there is not."""
    return {"A": fiber, "B": fibers + 1 - fiber, "C": fiber + 1 if fiber % 2 else fiber - 1}[method]


def through(elements: Iterable[str], fibers: int) -> Way:
    """Where a channel of such elements takes each fiber."""
    way = {fiber: fiber for fiber in range(1, fibers + 1)}
    for method in elements:
        way = {start: step(method, end, fibers) for start, end in way.items()}
    return way


def crossings(elements: Iterable[str]) -> int:
    """How many elements turn transmit into receive: those that reverse or flip."""
    return sum(method != "A" for method in elements)


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the transmitter of a lane ends."""

    lane: int
    fiber: int  # at the near end
    end: int  # fiber at the far end
    at: str  # "receiver of lane 1" | "transmitter of lane 1" | "unused fiber 5"

    @property
    def wanted(self) -> str:
        return f"receiver of lane {self.lane}"


def landings(where: Positions, way: Way) -> Iterator[Landing]:
    """Where each lane's transmitter ends."""
    held = {fiber: f"receiver of lane {lane}" for lane, fiber in enumerate(where.rx, 1)}
    held |= {fiber: f"transmitter of lane {lane}" for lane, fiber in enumerate(where.tx, 1)}
    for lane, fiber in enumerate(where.tx, 1):
        end = way[fiber]
        yield Landing(lane, fiber, end, held.get(end, f"unused fiber {end}"))


# --- what is seen -------------------------------------------------------------------------------------------------


def likely(where: Positions, planned: Way, far: Lit, near: Lit) -> tuple[str, ...]:
    """What a pattern of dark lanes points at, the simplest first; nothing where no lane is dark.

    ``far`` are the receivers of the far end, ``near`` those of the near end.
    """
    dark_far, dark_near = darkness(far), darkness(near)
    if not dark_far and not dark_near:
        return ()
    if not where.parallel:
        return shared(far, near)
    found = [name for name, way in shuffles(where.fibers) if fits(where, way, far, near)]
    if len(dark_far) + len(dark_near) <= MOST_BROKEN:
        broken = [*fibers_to(where, planned, dark_far), *fibers_from(where, planned, dark_near)]
        several = "one fiber is" if len(broken) == 1 else f"{len(broken)} fibers are"
        found.insert(0, f"{several} broken or dirty: {', '.join(broken)} (near end to far end)")
    elif not found:
        found += one_way(far, near)
    return tuple(found) or ("several fibers are dark in a pattern of no known mix-up: inspect both end faces",)


MOST_BROKEN: Final = 2
"""Up to so many dark lanes are rather broken fibers than a mix-up."""


def darkness(lit: Lit) -> tuple[int, ...]:
    """The lanes that are known to be dark."""
    return tuple(lane for lane, light in enumerate(lit, 1) if light is False)


def shuffles(fibers: int) -> Iterator[tuple[str, Way]]:
    """Mix-ups of a parallel channel, and where they take each fiber."""
    half = fibers // 2
    yield (
        "the halves of the MPO are swapped",
        {fiber: fiber + half if fiber <= half else fiber - half for fiber in range(1, fibers + 1)},
    )
    yield (
        "the fibers come through straight: a reversing element (method B) is missing or one too many",
        through("A", fibers),
    )
    yield "pairs are flipped: an element of method C in a parallel channel", through("C", fibers)


def fits(where: Positions, way: Way, far: Lit, near: Lit) -> bool:
    """Whether a mix-up would leave exactly those receivers dark that are."""
    back = {end: start for start, end in way.items()}
    return agrees(far, [back[fiber] in where.tx for fiber in where.rx]) and agrees(
        near, [way[fiber] in where.tx for fiber in where.rx]
    )


def agrees(seen: Lit, predicted: Sequence[bool]) -> bool:
    return len(seen) <= len(predicted) and all(
        light is None or light is told for light, told in zip(seen, predicted, strict=False)
    )


def fibers_to(where: Positions, way: Way, lanes: Iterable[int]) -> Iterator[str]:
    """Fibers that end at receivers of the far end."""
    back = {end: start for start, end in way.items()}
    for lane in lanes:
        if lane <= len(where.rx):
            yield f"fiber {back[where.rx[lane - 1]]} to {where.rx[lane - 1]}"


def fibers_from(where: Positions, way: Way, lanes: Iterable[int]) -> Iterator[str]:
    """Fibers that end at receivers of the near end."""
    for lane in lanes:
        if lane <= len(where.rx):
            yield f"fiber {where.rx[lane - 1]} to {way[where.rx[lane - 1]]}"


def shared(far: Lit, near: Lit) -> tuple[str, ...]:
    """Wavelengths share a fiber: all of a direction are dark, or it is not the plant."""
    whole = [all(light is False for light in lit) for lit in (far, near)]
    if all(whole):
        return ("both directions are dark: transmit meets transmit (an even number of crossings), or it is unplugged",)
    if any(whole):
        end = "far" if whole[0] else "near"
        return (f"the one fiber towards the {end} end is broken, dirty or unplugged",)
    return ("single wavelengths of a shared fiber are dark: a transmitter or a demultiplexer, not the plant",)


def one_way(far: Lit, near: Lit) -> list[str]:
    for lit, end in ((far, "far"), (near, "near")):
        if lit and all(light is False for light in lit):
            return [f"no light at all towards the {end} end: half of the connector, or its transmitters"]
    return []
