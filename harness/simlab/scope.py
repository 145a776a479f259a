"""What a laboratory measured, in the columns of a measurement file: TDECQ of lanes, the start of modules."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from ..evidence import written
from ..lab.measurements import COLUMNS
from .world import Module, World, spread

FILE = "scope/tdecq.csv"
STARTS = "board/start.csv"
UNCERTAINTY = Decimal("0.20")


def tdecq(world: World) -> str:
    """A measurement file with a row for every lane of every optical module, in the order of devices and cages."""
    rows = [",".join(COLUMNS)]
    for number, module in enumerate(m for m in world.modules if m.kind.optical):
        for lane in range(1, len(module.lanes) + 1):
            rows.append(",".join(_row(world, module, number, lane)))
    return "\n".join(rows) + "\n"


def _row(world: World, module: Module, number: int, lane: int) -> list[str]:
    measured = world.start - timedelta(days=30) + timedelta(minutes=4 * number, seconds=40 * lane)
    cells = {
        "serial_number": module.serial,
        "lane": str(lane),
        "wavelength_nm": str(module.lanes[lane - 1].wavelength),
        "case_temperature_c": str(spread(Decimal(45), "0.6", module.where, lane, "bench", step="0.1")),
        "quantity": "tdecq",
        "value": str(module.lanes[lane - 1].tdecq),
        "unit": "dB",
        "uncertainty": str(UNCERTAINTY),
        "pattern": "SSPRQ",
        "reference_receiver": "Bessel-Thomson 26.6 GHz and 5-tap FFE",
        "instrument": "Simulated sampling scope",
        "instrument_serial_number": "SIM-SCOPE-1",
        "calibration_date": f"{world.start - timedelta(days=150):%Y-%m-%d}",
        "time": written(measured),
        "operator": "simlab",
    }
    return [cells[name] for name in COLUMNS]


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
