"""What a laboratory measured, in the columns of a measurement file: transmitters and receivers, the start of modules.

TDECQ of every lane is measured at three temperatures, everything else at room temperature.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from ..evidence import written
from ..lab.measurements import COLUMNS
from .world import Module, World, spread

FILE = "scope/tdecq.csv"
STARTS = "board/start.csv"
PATTERN: Final = "SSPRQ"
RECEIVER: Final = "Bessel-Thomson 26.6 GHz and 5-tap FFE"

TEMPERATURES: Final = {0: Decimal("-0.15"), 25: Decimal("-0.08"), 70: Decimal(0)}
"""Degrees Celsius of the case, and what TDECQ is there beyond that of the hottest."""

ROOM: Final = 25

QUANTITIES: Final[Mapping[str, tuple[str, str, str]]] = {
    "tdecq": ("dB", "0.20", "0"),
    "tecq": ("dB", "0.20", "0.2"),
    "average_power": ("dBm", "0.15", "0.2"),
    "oma_outer": ("dBm", "0.15", "0.3"),
    "er": ("dB", "0.20", "0.3"),
    "overshoot": ("%", "1.0", "2"),
    "sensitivity": ("dBm", "0.25", "0.3"),
    "stressed_sensitivity": ("dBm", "0.25", "0.3"),
}
"""Unit and uncertainty of each quantity, and how much healthy lanes differ."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file, and what it is of."""

    where: str  # the module's cage
    lane: int
    quantity: str
    celsius: int
    cells: Mapping[str, str]


def tdecq(world: World, device: str | None = None) -> str:
    """A measurement file with the lanes of every optical module, or a device's, in the order of devices and cages."""
    rows = list(_healthy(world))
    for change in world.laboratory:
        rows = _changed(world, rows, change)
    rows = [row for row in rows if device in (None, row.where.partition(":")[0])]
    lines = [",".join(row.cells[name] for name in COLUMNS) for row in rows]
    return "\n".join([",".join(COLUMNS), *lines]) + "\n"


def _healthy(world: World) -> Iterator[Row]:
    for number, module in enumerate(m for m in world.modules if m.kind.optical):
        for lane in range(1, len(module.lanes) + 1):
            yield from _lane(world, module, number, lane)


def _lane(world: World, module: Module, number: int, lane: int) -> Iterator[Row]:
    seen = module.lanes[lane - 1]
    first = world.start - timedelta(days=30) + timedelta(minutes=4 * number, seconds=30 * lane)
    taken = [("tdecq", celsius, seen.tdecq + more) for celsius, more in TEMPERATURES.items()]
    taken += [(name, ROOM, value) for name, value in (("average_power", module.kind.tx), *module.kind.bench)]
    for at, (quantity, celsius, about) in enumerate(taken):
        unit, uncertainty, by = QUANTITIES[quantity]
        cells = {
            "serial_number": module.serial,
            "lane": str(lane),
            "wavelength_nm": str(seen.wavelength),
            "case_temperature_c": str(spread(Decimal(celsius), "0.6", module.where, lane, celsius, step="0.1")),
            "quantity": quantity,
            "value": str(spread(about, by, module.where, lane, quantity)),
            "unit": unit,
            "uncertainty": uncertainty,
            "pattern": PATTERN,
            "reference_receiver": RECEIVER,
            "instrument": "Simulated sampling scope",
            "instrument_serial_number": "SIM-SCOPE-1",
            "calibration_date": f"{world.start - timedelta(days=150):%Y-%m-%d}",
            "time": written(first + timedelta(seconds=3 * at)),
            "operator": "simlab",
        }
        yield Row(module.where, lane, quantity, celsius, cells)


def _changed(world: World, rows: list[Row], change: Mapping[str, Any]) -> list[Row]:
    """The rows after one change of what was measured: rows gone, or with another value or cell, or new ones."""
    of = set(_modules(world, change))

    def concerns(row: Row, *, quantity: bool = True) -> bool:
        return (
            row.where in of
            and change.get("lane", row.lane) == row.lane
            and change.get("celsius", row.celsius) == row.celsius
            and (not quantity or change.get("quantity", row.quantity) == row.quantity)
        )

    if change.get("drop"):
        return [row for row in rows if not concerns(row)]
    column, value = str(change.get("column", "value")), str(change["value"])
    if any(map(concerns, rows)):
        return [replace(row, cells={**row.cells, column: value}) if concerns(row) else row for row in rows]
    name = str(change["quantity"])
    like = [row for row in rows if row.quantity == "tdecq" and concerns(row, quantity=False)]
    more = {"quantity": name, "value": value, "unit": QUANTITIES[name][0] if name in QUANTITIES else "1"}
    return [*rows, *(replace(row, quantity=name, cells={**row.cells, **more}) for row in like)]


def _modules(world: World, change: Mapping[str, Any]) -> Iterable[str]:
    """The cages of the modules that a change is of: one, or those of a part in the order of devices and cages."""
    if change.get("target"):
        return [world.module(str(change["target"])).where]
    planned = {
        str(cage): cage.module.part
        for device in world.lab.devices.values()
        for cage in device.cages
        if cage.module is not None
    }
    of_part = [m.where for m in world.modules if m.kind.optical and planned.get(m.where) == change["part"]]
    return of_part[int(change.get("after", 0)) : change.get("units")]


USUAL_SECONDS = {"module_power_up": Decimal("1.9"), "data_path_init": Decimal("2.6")}
"""How long a healthy module takes to come up."""


def starts(world: World) -> str:
    """A measurement file with how long every optical module took to power up and to bring up its data path."""
    rows = [",".join(COLUMNS)]
    for number, module in enumerate(m for m in world.modules if m.kind.optical):
        for quantity, usual in USUAL_SECONDS.items():
            took = module.start_seconds.get(quantity) or spread(usual, "0.4", module.where, quantity, step="0.001")
            cells = {
                "serial_number": module.serial,
                "quantity": quantity,
                "value": str(took),
                "unit": "s",
                "uncertainty": "0.02",
                "instrument": "Simulated module board",
                "instrument_serial_number": "SIM-BOARD-1",
                "time": written(world.start - timedelta(days=29) + timedelta(minutes=2 * number)),
                "operator": "simlab",
            }
            rows.append(",".join(cells.get(name, "") for name in COLUMNS))
    return "\n".join(rows) + "\n"
