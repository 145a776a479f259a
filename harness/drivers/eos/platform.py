"""The Arista switch itself: supplies, fans, sensors, and how it balances its load."""

from __future__ import annotations

from ...model import Fan, Sensor, Supply
from ...reading import Absence, Missing, Reading, Source, Value
from ...units import Unit
from ..base import Row, cell, number, signed
from ..facts import ok, parts
from .names import CLUSTER, COOLING, POWER, TEMPERATURE, View


class Platform(View):
    """What one switch is made of."""

    def supplies(self) -> Value[tuple[Supply, ...]]:
        source = self.source(POWER)

        def supply(row: Row) -> Supply:
            return Supply(
                name=f"PowerSupply{row['slot']}",
                status=cell(row, "status", ok, source),
                watts=cell(row, "output_power_w", number, source, Unit.WATT),
                capacity=cell(row, "capacity_w", number, source, Unit.WATT),
                model=cell(row, "model", str, source),
            )

        return parts(self.rows(POWER), supply, source)

    def fans(self) -> Value[tuple[Fan, ...]]:
        rows = self.rows(COOLING)
        source = self.source(COOLING)
        if isinstance(rows, Missing):
            return rows
        system = next((row for row in rows if row["section"] == "system"), None)
        flow: Value[str] = (
            self.untold(COOLING, "which way the air goes") if system is None else cell(system, "airflow", str, source)
        )

        def fan(row: Row) -> Fan:
            return Fan(
                name=str(row["name"]),
                status=cell(row, "status", ok, source),
                rpm=self.untold(COOLING, "the revolutions of a fan"),
                percent=cell(row, "percent", number, source, Unit.PERCENT),
                direction=flow,
            )

        named = [row for row in rows if row["section"] != "system" and row.get("name")]
        return parts(named, fan, source, "fan")

    def sensors(self) -> Value[tuple[Sensor, ...]]:
        source = self.source(TEMPERATURE)

        def sensor(row: Row) -> Sensor:
            return Sensor(
                name=" ".join(str(row[part]) for part in sensor_name(row) if row.get(part)),
                celsius=cell(row, "temperature_c", signed, source, Unit.CELSIUS),
                high=cell(row, "overheat_c", signed, source, Unit.CELSIUS),
                critical=cell(row, "critical_c", signed, source, Unit.CELSIUS),
                status=cell(row, "status", str, source),
            )

        return parts(self.rows(TEMPERATURE), sensor, source)

    def load_balancing(self) -> Value[str]:
        """Cluster load balancing, where it is on; what EOS does else, its answer does not say."""
        row = self.answers.record(CLUSTER)
        if isinstance(row, Missing):
            return row
        place = Source(self.answers.source(CLUSTER).evidence, f"line {row['line']} status", str(row["status"]))
        if row["status"] == "enabled":
            return Reading("cluster", place)
        return Missing(Absence.NOT_AVAILABLE, place, "no cluster load balancing, and no other kind is shown")


def sensor_name(row: Row) -> tuple[str, ...]:
    """The fields that name a sensor: its number, where it has no name."""
    return ("section", "name" if row.get("name") else "sensor", "description")
