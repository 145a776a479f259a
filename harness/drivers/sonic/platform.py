"""What holds a SONiC switch together: power supplies, fans, temperatures, serial number.

The commands print tables of STATE_DB; where both were recorded their states have to agree, while what is measured is
the command's, since it moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from ...model import Fan, Sensor, Supply
from ...reading import Absence, Missing, Reading, Source, Value
from ...units import Unit
from ..base import Answers, Row, cell
from .db import Store, agreed, lower, measured, switched

T = TypeVar("T")
Part = TypeVar("Part", Supply, Fan, Sensor)

SUPPLIES: Final = "show platform psustatus"
FANS: Final = "show platform fan"
TEMPERATURES: Final = "show platform temperature"
EEPROM: Final = "show platform syseeprom"
PLATFORM: Final = (SUPPLIES, FANS, TEMPERATURES, EEPROM)

SERIAL: Final = "Serial Number"
SERIAL_CODE: Final = 0x23
RPM_FROM: Final = 100
"""SONiC stores a fan's speed without its unit: to 100 it is percent, above it is turns."""


class Parts:
    """The parts of one switch, by its commands and by STATE_DB."""

    def __init__(self, answers: Answers, state: Store) -> None:
        self.answers, self.state = answers, state

    def supplies(self) -> Value[tuple[Supply, ...]]:
        return self._both(SUPPLIES, self._supply, "PSU_INFO", self._stored_supply)

    def fans(self) -> Value[tuple[Fan, ...]]:
        return self._both(FANS, self._fan, "FAN_INFO", self._stored_fan)

    def sensors(self) -> Value[tuple[Sensor, ...]]:
        return self._both(TEMPERATURES, self._sensor, "TEMPERATURE_INFO", self._stored_sensor)

    def serial(self) -> Value[str]:
        """The serial number in the system EEPROM."""
        rows = self.answers.rows(EEPROM)
        stored = self.state.value("EEPROM_INFO", f"0x{SERIAL_CODE:02x}", "Value", str)
        if isinstance(rows, Missing):
            return agreed(rows, stored)
        source = self.answers.source(EEPROM)
        row = next((r for r in rows if r.get("code") == SERIAL_CODE or r["name"] == SERIAL), None)
        if row is None:
            return agreed(Missing(Absence.NOT_RECORDED, source, f"no {SERIAL}"), stored)
        return agreed(cell(row, "value", str, source), stored)

    def _both(
        self, command: str, of_row: Callable[[Row, Source], Part], table: str, of_key: Callable[[str], Part]
    ) -> Value[tuple[Part, ...]]:
        """Parts as a command lists them; where the database has them too their states agree, or are not known."""
        stored = {key: of_key(key) for key in self.state.keys(table)}
        rows = self.answers.rows(command)
        source = self.answers.source(command)
        if isinstance(rows, Missing) or not rows:
            gone = rows if isinstance(rows, Missing) else Missing(Absence.NOT_AVAILABLE, source, "it lists none")
            if stored and gone.why in (Absence.NOT_RECORDED, Absence.NOT_ANSWERED):
                return Reading(tuple(stored.values()), self.state.source(table))
            return gone
        parts = (of_row(row, source) for row in rows)
        return Reading(
            tuple(checked(part, stored[part.name]) if part.name in stored else part for part in parts), source
        )

    @staticmethod
    def _supply(row: Row, source: Source) -> Supply:
        return Supply(
            name=str(row["name"]),
            status=cell(row, "status", lower, source),
            watts=cell(row, "power_w", Decimal, source, Unit.WATT),
            capacity=Missing(Absence.NOT_AVAILABLE, source, "SONiC does not show what a supply can give"),
            model=cell(row, "model", str, source),
        )

    def _stored_supply(self, key: str) -> Supply:
        source = self.state.source("PSU_INFO", key)
        overload = self._stored("PSU_INFO", key, "power_overload", switched)
        good = "warning" if isinstance(overload, Reading) and overload.value else "ok"
        return Supply(
            name=key,
            status=self._state("PSU_INFO", key, good),
            watts=self._stored("PSU_INFO", key, "power", measured, Unit.WATT),
            capacity=Missing(Absence.NOT_AVAILABLE, source, "SONiC does not keep what a supply can give"),
            model=self._stored("PSU_INFO", key, "model", str),
        )

    @staticmethod
    def _fan(row: Row, source: Source) -> Fan:
        present = row.get("present")
        return Fan(
            name=str(row["name"]),
            status=absent_part(row, source) if present is False else cell(row, "status", lower, source),
            rpm=cell(row, "speed_rpm", Decimal, source),
            percent=cell(row, "speed_percent", Decimal, source, Unit.PERCENT),
            direction=cell(row, "airflow", str, source),
        )

    def _stored_fan(self, key: str) -> Fan:
        speed = self._stored("FAN_INFO", key, "speed", measured)
        turns = isinstance(speed, Reading) and speed.value > RPM_FROM
        other = Missing(Absence.NOT_AVAILABLE, speed.source, f"the speed is in {'rpm' if turns else 'percent'}")
        percent = replace(speed, unit=Unit.PERCENT) if isinstance(speed, Reading) else speed
        return Fan(
            name=key,
            status=self._state("FAN_INFO", key, "ok"),
            rpm=speed if turns or isinstance(speed, Missing) else other,
            percent=other if turns else percent,
            direction=self._stored("FAN_INFO", key, "direction", lower),
        )

    @staticmethod
    def _sensor(row: Row, source: Source) -> Sensor:
        return Sensor(
            name=str(row["name"]),
            celsius=cell(row, "temperature_c", Decimal, source, Unit.CELSIUS),
            high=cell(row, "high_c", Decimal, source, Unit.CELSIUS),
            critical=cell(row, "critical_high_c", Decimal, source, Unit.CELSIUS),
            status=cell(row, "warning", warned, source),
        )

    def _stored_sensor(self, key: str) -> Sensor:
        def one(name: str) -> Value[Decimal]:
            return self._stored("TEMPERATURE_INFO", key, name, measured, Unit.CELSIUS)

        return Sensor(
            name=key,
            celsius=one("temperature"),
            high=one("high_threshold"),
            critical=one("critical_high_threshold"),
            status=self._stored("TEMPERATURE_INFO", key, "warning_status", lambda raw: warned(switched(raw))),
        )

    def _stored(self, table: str, key: str, name: str, into: Callable[[Any], T], unit: Unit = Unit.NONE) -> Value[T]:
        return self.state.value(table, key, name, into, unit)

    def _state(self, table: str, key: str, good: str) -> Value[str]:
        """The state of a supply or a fan in the words of the command that prints it."""
        present = self._stored(table, key, "presence", switched)
        if isinstance(present, Reading) and not present.value:
            return Reading("not present", present.source)
        words: Mapping[str, str] = {"true": good, "false": "not ok"}
        return self._stored(table, key, "status", lambda raw: words.get(lower(raw), lower(raw)))


def absent_part(row: Row, source: Source) -> Value[str]:
    return Reading("not present", Source(source.evidence, f"line {row['line']} present"))


def warned(raw: object) -> str:
    """The word for whether a sensor warns."""
    if not isinstance(raw, bool):
        raise ValueError(f"{raw!r} is neither yes nor no")
    return "warning" if raw else "ok"


def checked(part: Part, stored: Part) -> Part:
    """A part with a state on which the command and the database agree."""
    return replace(part, status=agreed(part.status, stored.status))
