"""What SONiC's daemon read of the modules' monitors, and when: one table of STATE_DB.

xcvrd reads every module about once a minute and writes with the values when it did, in UTC.  A dump of this table
alone is the smallest answer with the monitors of all modules; releases before 2025 have no time in it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Final

from ...model import MonitorSample
from ...reading import Absence, Missing, Reading, Value
from ...units import Unit
from ..base import Answers
from .db import STATE, Store, measured

TABLE: Final = "TRANSCEIVER_DOM_SENSOR"
MONITORS: Final = f'sonic-db-dump -n STATE_DB -y -k "{TABLE}*"'
UPDATED: Final = "last_update_time"
FORMAT: Final = "%a %b %d %H:%M:%S %Y"
SLACK: Final = Decimal(2)
"""Seconds by which the switch's clock may be ahead of ours; its time is a whole second."""

MOST_LANES: Final = 16


class Monitors:
    """The table, sample by sample; of a support bundle the one in its dump of STATE_DB."""

    def __init__(self, answers: Answers, state: Store) -> None:
        self.answers, self.state = answers, state

    @cached_property
    def stores(self) -> dict[int, Store]:
        """The dumps on record by sample; the first whether it is or not."""
        if self.answers.at(MONITORS) is None and self.answers.at(STATE) is not None:
            return {1: self.state}
        return {n: Store(self.answers, MONITORS, n) for n in self.answers.sampled(MONITORS)}

    def at(self, store: Store) -> datetime | None:
        return self.answers.at(store.command, store.sample)

    def age(self, port: str) -> Value[Decimal]:
        """Seconds from when the module was read to when the switch was asked, at the first sample."""
        store = self.stores[1]
        updated = store.value(TABLE, port, UPDATED, moment)
        if isinstance(updated, Missing):
            return updated
        asked = self.at(store)
        if asked is None:
            return Missing(Absence.NOT_AVAILABLE, updated.source, "the answer has no time")
        age = Decimal(str((asked - updated.value).total_seconds()))
        if age < -SLACK:
            said = f"updated {-age:f} s after it was asked: the clocks of the switch and of the collector differ"
            return Missing(Absence.UNREADABLE, updated.source, said)
        return Reading(max(age, Decimal(0)), updated.source, Unit.SECONDS)

    def series(self, port: str) -> tuple[MonitorSample, ...]:
        """The monitors of a module in every dump that was asked for."""
        if self.stores[1].command != MONITORS or self.answers.at(MONITORS) is None:
            return ()
        lanes = max(lanes_of(store, port) for store in self.stores.values())
        return tuple(self.sample(store, port, lanes) for store in self.stores.values())

    def sample(self, store: Store, port: str, lanes: int) -> MonitorSample:
        def each(side: str, what: str, unit: Unit) -> tuple[Value[Decimal], ...]:
            return tuple(store.value(TABLE, port, f"{side}{n}{what}", measured, unit) for n in range(1, lanes + 1))

        return MonitorSample(
            at=self.at(store),
            temperature=store.value(TABLE, port, "temperature", measured, Unit.CELSIUS),
            tx_power=each("tx", "power", Unit.DBM),
            rx_power=each("rx", "power", Unit.DBM),
            tx_bias=each("tx", "bias", Unit.MA),
        )


def lanes_of(store: Store, port: str) -> int:
    """The highest lane of which anything is monitored."""
    names: tuple[Callable[[int], str], ...] = ("tx{}power".format, "rx{}power".format, "tx{}bias".format)
    told = (
        lane
        for lane in range(MOST_LANES, 0, -1)
        if any(isinstance(store.value(TABLE, port, name(lane), measured), Reading) for name in names)
    )
    return next(told, 0)


def moment(raw: object) -> datetime:
    """``Thu Nov 20 12:00:04 2025``, in UTC."""
    return datetime.strptime(" ".join(str(raw).split()), FORMAT).replace(tzinfo=UTC)
