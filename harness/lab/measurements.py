"""Lab measurements, such as TDECQ, imported from CSV or JSON: one row a lane.

Every row keeps its line.  A cell or column that is not there is Missing; a number that cannot be read is an error, for
nobody meant it.  JSON is a list of objects with the names of the columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from ..errors import LabError
from ..reading import Absence, Missing, Reading, Source, Value
from ..units import Unit
from .tables import Row, rows
from .validate import did_you_mean
from .yaml12 import File

T = TypeVar("T")

COLUMNS: Final[Mapping[str, str]] = {
    "serial_number": "of the module, as its identity page has it",
    "lane": "media lane, from 1",
    "wavelength_nm": "nominal, nm",
    "case_temperature_c": "of the module during the measurement, degrees Celsius",
    "quantity": "tdecq, tecq, oma, er, ...",
    "value": "the number",
    "unit": "dB, dBm, mW, nm, ...; 1 for a ratio",
    "uncertainty": "half width, in the same unit",
    "pattern": "SSPRQ, PRBS31Q, ...",
    "reference_receiver": "filter and equaliser",
    "instrument": "maker and model",
    "instrument_serial_number": "",
    "calibration_date": "of the instrument, 2025-06-30",
    "time": "of the measurement, 2025-11-20T12:00:00Z",
    "operator": "who measured",
}
"""Columns of a measurement file, in the template's order."""

UNITS: Final[Mapping[str, Unit]] = {str(unit): unit for unit in Unit if unit} | {"1": Unit.NONE, "C": Unit.CELSIUS}

_DECIMAL: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One quantity of one lane of one module, and everything that makes it valid."""

    serial: Value[str]
    lane: Value[int]
    wavelength: Value[Decimal]  # nm
    case_temperature: Value[Decimal]  # degrees Celsius
    quantity: Value[str]  # lower case: "tdecq"
    value: Value[Decimal]  # with its unit and uncertainty
    pattern: Value[str]
    reference_receiver: Value[str]
    instrument: Value[str]
    instrument_serial: Value[str]
    calibrated: Value[date]
    measured: Value[datetime]
    operator: Value[str]
    at: Source


def load_measurements(paths: Iterable[Path]) -> tuple[Measurement, ...]:
    """Every row of some measurement files, in order; LabError with file and line where one cannot be read."""
    return tuple(row.measurement() for path in paths for row in _rows_of(path))


def measurements_in(found: object, evidence: str) -> tuple[Measurement, ...]:
    """The rows that an answer on record holds, as JSON has them, numbers as text; LabError where they are none."""
    path = Path(evidence)
    rows = _listed(found, path)
    return tuple(_Row(r.cells, path, f"row {r.line}", 0, evidence, r.columns).measurement() for r in rows)


def template() -> str:
    """An empty measurement file: the header, and what each column is as comments."""
    notes = [f"# {name}: {note}" for name, note in COLUMNS.items() if note]
    return "\n".join([",".join(COLUMNS), *notes, ""])


def _rows_of(path: Path) -> Iterator[_Row]:
    evidence = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
    if path.suffix == ".json":
        for row in _json(path):
            yield _Row(row.cells, path, f"row {row.line}", 0, evidence, row.columns)
        return
    for row in rows(path, File(str(path), evidence), COLUMNS, required=()):
        yield _Row(row.cells, path, f"line {row.line}", row.line, evidence, row.columns)


def _json(path: Path) -> list[Row]:
    """The rows of a JSON file; their lines are their numbers from 1."""

    def refuse(constant: str) -> NoReturn:
        raise LabError(f"a finite number was expected, found {constant}", file=path)

    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str, parse_constant=refuse)
    except OSError as problem:
        raise LabError(f"cannot be read: {problem.strerror}", file=path) from None
    except UnicodeDecodeError:
        raise LabError("UTF-8 was expected", file=path) from None
    except json.JSONDecodeError as problem:
        raise LabError(f"not JSON: {problem.msg}", file=path, line=problem.lineno) from None
    except RecursionError:
        raise LabError("not JSON: nested too deep", file=path) from None
    return _listed(found, path)


def _listed(found: object, path: Path) -> list[Row]:
    """The rows of a list of objects; their lines are their numbers from 1."""
    if not isinstance(found, list):
        raise LabError("a list of measurements was expected", file=path)
    listed: list[Row] = []
    for number, row in enumerate(found, start=1):
        if not isinstance(row, dict):
            raise LabError(f"row {number}: a mapping was expected, found {row!r}", file=path)
        for name, cell in row.items():
            if name not in COLUMNS:
                raise LabError(f"row {number}: unknown column {name!r}{did_you_mean(name, COLUMNS)}", file=path)
            if cell is not None and not isinstance(cell, str):
                raise LabError(f"row {number}: {name}: text or a number was expected, found {cell!r}", file=path)
        filled = {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}
        listed.append(Row(number, filled, frozenset(row)))
    return listed


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of one row and where it stands."""

    cells: Mapping[str, str]
    path: Path
    where: str
    line: int
    evidence: str
    columns: frozenset[str]

    def measurement(self) -> Measurement:
        return Measurement(
            serial=self.value("serial_number", str),
            lane=self.value("lane", _lane),
            wavelength=self.value("wavelength_nm", _decimal, Unit.NM),
            case_temperature=self.value("case_temperature_c", _decimal, Unit.CELSIUS),
            quantity=self.value("quantity", str.lower),
            value=self.number(),
            pattern=self.value("pattern", str),
            reference_receiver=self.value("reference_receiver", str),
            instrument=self.value("instrument", str),
            instrument_serial=self.value("instrument_serial_number", str),
            calibrated=self.value("calibration_date", _date),
            measured=self.value("time", _time),
            operator=self.value("operator", str),
            at=Source(self.evidence, self.where),
        )

    def value(self, name: str, read: Callable[[str], T], unit: Unit = Unit.NONE) -> Value[T]:
        cell = self.cells.get(name)
        if cell is None:
            return self.missing(name)
        return Reading(self.read(name, read, cell), Source(self.evidence, f"{self.where} {name}", cell), unit)

    def number(self) -> Value[Decimal]:
        """The value with its unit and uncertainty; a number without a unit is no measurement."""
        value, unit = self.value("value", _decimal), self.value("unit", _unit)
        if isinstance(value, Missing):
            return value
        if isinstance(unit, Missing):
            return Missing(unit.why, unit.source, f"the value has no unit: {unit.detail}")
        cell = self.cells.get("uncertainty")
        uncertainty = None if cell is None else self.read("uncertainty", _half_width, cell)
        return Reading(value.value, value.source, unit.value, uncertainty)

    def read(self, name: str, read: Callable[[str], T], cell: str) -> T:
        try:
            return read(cell)
        except ValueError as problem:
            place = "" if self.line else f"{self.where}: "
            expected = f"{place}{name}: {problem} was expected, found {cell!r}"
            raise LabError(expected, file=self.path, line=self.line) from None

    def missing(self, name: str) -> Missing:
        detail = f"{name} is empty" if name in self.columns else f"there is no column {name}"
        return Missing(Absence.NOT_RECORDED, Source(self.evidence, self.where), detail)


def _decimal(cell: str) -> Decimal:
    if not _DECIMAL.fullmatch(cell):
        raise ValueError("a number")
    return Decimal(cell)


def _half_width(cell: str) -> Decimal:
    if not _DECIMAL.fullmatch(cell) or Decimal(cell) < 0:
        raise ValueError("a half width of 0 or more")
    return Decimal(cell)


def _lane(cell: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]?", cell):
        raise ValueError("a lane from 1")
    return int(cell)


def _unit(cell: str) -> Unit:
    if cell not in UNITS:
        raise ValueError(f"one of {', '.join(UNITS)}")
    return UNITS[cell]


def _date(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError("a date like 2025-06-30") from None


def _time(cell: str) -> datetime:
    wanted = "a time with its zone like 2025-11-20T12:00:00Z"
    try:
        time = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(wanted) from None
    if time.tzinfo is None:
        raise ValueError(wanted)
    return time
