"""Form-factor advice: rows of the decision matrix that answer a question, what reaches, and what the lab can take.

Advice judges nothing.  The matrix gives reasons; how far a medium reaches is asked of the limit tables, and what a
platform takes of the same rows as desk qualification asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from .breakout import children
from .desk import host
from .errors import NoLimit
from .lab.load import load
from .requirements.advice import Advice, matrix
from .requirements.load import load_requirements
from .requirements.lookup import Requirements
from .sheet import buyers
from .units import plain
from .verdict import Standing

MOST_LANES: Final = 8


@dataclass(frozen=True, slots=True)
class Medium:
    """Something that carries a rate so far."""

    name: str  # "AEC", "800GBASE-DR8"
    on: str  # "100G a lane", "OS2"
    metres: Decimal  # at most
    lane_gbps: Decimal  # of a host lane of a cable, of a media lane of an optic
    watts: str  # typical, by form factor
    standing: Standing  # of the reach
    clause: str


@dataclass(frozen=True, slots=True)
class Taker:
    """A device of the lab at the rate that is asked for."""

    device: str
    host: str
    cages: tuple[str, ...]
    modes: tuple[str, ...]  # of that rate; every mode where none is asked for
    why: str  # why there are none

    def takes(self, advice: Advice) -> bool:
        return bool(self.modes) and bool(set(self.cages) & set(advice.form_factors))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is advised."""

    question: str
    rows: tuple[Advice, ...]
    media: tuple[Medium, ...]  # shortest reach first; none unless a rate and a distance are asked for
    takers: tuple[Taker, ...]

    def document(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "advice": [
                {
                    "need": row.need, "choose": row.choose, "reason": row.reason, "against": row.against or None,
                    "clause": row.clause, "standing": row.standing.value, "form_factors": list(row.form_factors),
                    "devices": [taker.device for taker in self.takers if taker.takes(row)],
                }
                for row in self.rows
            ],
            "media": [
                {
                    "medium": one.name, "on": one.on, "metres": plain(one.metres), "lane_gbps": plain(one.lane_gbps),
                    "watts": one.watts, "standing": one.standing.value, "clause": one.clause,
                }
                for one in self.media
            ],
            "devices": [
                {"device": one.device, "host": one.host, "cages": list(one.cages), "modes": list(one.modes),
                 "why": one.why}
                for one in self.takers
            ],
        }  # fmt: skip


def advise(lab_file: Path, *, rate: Decimal | None, metres: Decimal | None, lane: Decimal | None) -> Answer:
    """The advice for a lab; what is not asked for excludes nothing."""
    lab = load(lab_file)
    require = load_requirements(lab.profile, as_of=lab.as_of or datetime.now(UTC))
    asked = (
        f"{plain(rate)}G a cage" if rate else "every rate",
        f"{plain(lane)}G a lane" if lane else "every lane rate",
        f"{plain(metres)} m" if metres else "every distance",
    )
    reaching = media(rate, metres, lane, require) if rate is not None and metres is not None else ()
    takers: list[Taker] = []
    for device in buyers(lab):
        try:
            _, cages, modes, _ = host(device, require)
        except NoLimit as gap:
            takers.append(Taker(device.name, device.platform or device.nic or "", (), (), str(gap)))
            continue
        fitting = tuple(mode for mode in modes if rate is None or carried(mode) == rate)
        why = "" if fitting else f"no mode of {plain(rate)}G" if rate is not None else "no modes in the tables"
        takers.append(Taker(device.name, device.platform or device.nic or "", cages, fitting, why))
    rows = tuple(row for row in matrix() if row.fits(rate, lane, metres))
    return Answer(", ".join(asked), rows, tuple(sorted(reaching, key=lambda one: one.metres)), tuple(takers))


def carried(mode: str) -> Decimal:
    """What a mode carries, all of its ports together."""
    return sum((child.speed_gbps for child in children(mode, MOST_LANES)), Decimal(0))


def media(rate: Decimal, metres: Decimal, lane: Decimal | None, require: Requirements) -> Iterator[Medium]:
    """Cables and optics that carry a rate so far."""
    for cable in require.cables.values():
        for each, reach in cable.reach.items():
            lanes = rate / each
            if lane not in (None, each) or lanes > MOST_LANES or lanes != lanes.to_integral_value():
                continue
            if reach.max is not None and reach.max >= metres:
                on = f"{plain(lanes)} x {plain(each)}G"
                yield Medium(cable.name, on, reach.max, each, "", reach.standing, cable.clause)
    for row in require.pmds.values():
        if row.rate_gbps != rate or row.fiber == "copper":
            continue
        watts = ", ".join(f"{form} {plain(number)} W" for form, number in row.typical_watts.items())
        for fiber, reach in row.reach.items():
            if reach.max is not None and reach.max >= metres:
                yield Medium(row.name, fiber, reach.max, row.lane_gbps, watts, reach.standing, row.clause)
