"""Lab measurements: every cell read, missing, or refused with its line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from harness.errors import LabError
from harness.lab.measurements import COLUMNS, load_measurements, template
from harness.reading import Absence, Missing, Reading
from harness.units import Unit

ROW = {
    "serial_number": "NW0001", "lane": "2", "wavelength_nm": "1310", "case_temperature_c": "55", "quantity": "TDECQ",
    "value": "2.10", "unit": "dB", "uncertainty": "0.2", "pattern": "SSPRQ",
    "reference_receiver": "26.6 GHz BT4, 5 tap",
    "instrument": "MAKER DCA", "instrument_serial_number": "I1", "calibration_date": "2025-06-30",
    "time": "2025-11-20T12:00:00Z", "operator": "A. Person",
}  # fmt: skip


def written(path: Path, **changes: str | None) -> Path:
    row = {name: cell for name, cell in (ROW | changes).items() if cell is not None}
    cells = [f'"{cell}"' for cell in row.values()]
    path.write_text(f"{','.join(row)}\n# a remark\n{','.join(cells)}\n", encoding="utf-8")
    return path


def test_a_row_is_read_with_its_units_and_its_line(tmp_path: Path) -> None:
    (tmp_path / "scope").mkdir()
    (row,) = load_measurements([written(tmp_path / "scope" / "tdecq.csv")])
    assert isinstance(row.value, Reading)
    assert (row.value.value, row.value.unit, row.value.uncertainty) == (Decimal("2.10"), Unit.DB, Decimal("0.2"))
    assert str(row.value.source) == "scope/tdecq.csv line 3 value = 2.10"
    assert isinstance(row.quantity, Reading)
    assert isinstance(row.lane, Reading)
    assert isinstance(row.calibrated, Reading)
    assert isinstance(row.measured, Reading)
    assert isinstance(row.wavelength, Reading)
    assert (row.quantity.value, row.lane.value, row.wavelength.unit) == ("tdecq", 2, Unit.NM)
    assert (row.calibrated.value, row.measured.value) == (date(2025, 6, 30), datetime(2025, 11, 20, 12, tzinfo=UTC))


def test_json_rows_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "m.json"
    file.write_text(json.dumps([{**ROW, "lane": 2, "value": 2.1, "operator": None}]), encoding="utf-8")
    (row,) = load_measurements([file])
    assert isinstance(row.value, Reading)
    assert row.value.value == Decimal("2.1")
    assert row.operator == Missing(Absence.NOT_RECORDED, row.at, "operator is empty")


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"value": ""}, "value is empty"),
        ({"value": None}, "there is no column value"),
        ({"unit": ""}, "the value has no unit: unit is empty"),
        ({"unit": None}, "the value has no unit: there is no column unit"),
    ],
)
def test_a_missing_cell_makes_the_reading_missing(tmp_path: Path, changes: dict[str, str | None], detail: str) -> None:
    (row,) = load_measurements([written(tmp_path / "m.csv", **changes)])
    assert isinstance(row.value, Missing)
    assert row.value.detail == detail


def test_a_missing_uncertainty_leaves_the_value(tmp_path: Path) -> None:
    (row,) = load_measurements([written(tmp_path / "m.csv", uncertainty="")])
    assert isinstance(row.value, Reading)
    assert row.value.uncertainty is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"value": "2,1"}, "value: a number was expected, found '2,1'"),
        ({"value": "nan"}, "value: a number was expected, found 'nan'"),
        ({"value": "1e9999"}, "value: a number was expected, found '1e9999'"),
        ({"uncertainty": "-0.1"}, "uncertainty: a half width of 0 or more was expected, found '-0.1'"),
        ({"lane": "0"}, "lane: a lane from 1 was expected, found '0'"),
        ({"unit": "db"}, "unit: one of dB, dBm, dB/Hz, mW, mA, °C, V, W, m, nm, Gb/s, B, ms, s, h, weeks, years, %, "
                         "kHz, MHz, GHz, ns, µs, ps, ps², ps/nm, krad/s, count, 1, C was expected, found 'db'"),
        ({"calibration_date": "30.6.2025"}, "calibration_date: a date like 2025-06-30 was expected, found '30.6.2025'"),
        ({"time": "2025-11-20 12:00"},
         "time: a time with its zone like 2025-11-20T12:00:00Z was expected, found '2025-11-20 12:00'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    file = written(tmp_path / "m.csv", **changes)
    with pytest.raises(LabError) as caught:
        load_measurements([file])
    assert str(caught.value) == f"{file}:3: {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "a list of measurements was expected"),
        ("[1]", "row 1: a mapping was expected, found '1'"),
        ('[{"valeu": 1}]', "row 1: unknown column 'valeu'; did you mean 'value'?"),
        ('[{"value": [1]}]', "row 1: value: text or a number was expected, found ['1']"),
        ('[{"value": NaN}]', "a finite number was expected, found NaN"),
        ('[{"value": "x"}]', "row 1: value: a number was expected, found 'x'"),
    ],
)
def test_json_that_cannot_be_read_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "m.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LabError) as caught:
        load_measurements([file])
    assert str(caught.value) == f"{file}: {message}"


def test_broken_json_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "m.json"
    file.write_text('[\n{"value": 1,}\n]', encoding="utf-8")
    with pytest.raises(LabError, match=r"m\.json:2: not JSON: "):
        load_measurements([file])


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"m\.csv: cannot be read: No such file or directory$"):
        load_measurements([tmp_path / "m.csv"])


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"m\.csv:1: unknown column 'operater'; did you mean 'operator'\?$"):
        load_measurements([written(tmp_path / "m.csv", operator=None, operater="x")])


def test_the_template_is_a_file_without_rows(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text(template(), encoding="utf-8")
    assert template().splitlines()[0] == ",".join(COLUMNS)
    assert load_measurements([file]) == ()
