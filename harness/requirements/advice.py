"""The decision matrix of form factors and media: rows of advice, of which nothing is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from ..verdict import Standing
from .reader import Row, read, rows

TABLE: Final = "advice.toml"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to choose for a need, and why."""

    need: str
    clause: str
    standing: Standing
    choose: str
    reason: str
    against: str  # what articles say instead, and why it does not hold; empty where nothing is known
    rates: frozenset[Decimal]  # Gb/s of a cage; empty for every rate
    lanes: frozenset[Decimal]  # Gb/s of a host lane; empty for every lane rate
    above: Decimal | None  # m; None for any distance
    to: Decimal | None
    form_factors: tuple[str, ...]
    cables: tuple[str, ...]

    def fits(self, rate: Decimal | None, lane: Decimal | None, metres: Decimal | None) -> bool:
        """Whether it answers a question; what the question leaves open excludes nothing."""
        return (
            (rate is None or not self.rates or rate in self.rates)
            and (lane is None or not self.lanes or lane in self.lanes)
            and (metres is None or self.above is None or metres > self.above)
            and (metres is None or self.to is None or metres <= self.to)
        )


@cache
def matrix() -> Sequence[Advice]:
    """Every row, in the order of the table.  LabError where one is wrong."""
    text = files(__package__).joinpath(TABLE).read_text(encoding="utf-8")
    return tuple(advice(row) for row in rows(read(TABLE, text), "advice"))


def advice(row: Row) -> Advice:
    found = Advice(
        need=row.name,
        clause=row.clause,
        standing=row.standing_of(),
        choose=row.text("choose"),
        reason=row.text("reason"),
        against=row.text_or("against", ""),
        rates=frozenset(row.numbers("rates") if row.has("rates") else ()),
        lanes=frozenset(row.numbers("lanes") if row.has("lanes") else ()),
        above=row.positive("above") if row.has("above") else None,
        to=row.positive("to") if row.has("to") else None,
        form_factors=row.texts_or("form_factors"),
        cables=row.texts_or("cables"),
    )
    row.done()
    return found
