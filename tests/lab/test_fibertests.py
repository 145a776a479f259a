"""Files of fiber testers: their columns by any of their words, and what they measured with its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import LabError
from harness.lab import fibertests
from harness.lab.fibertests import FiberTest, column_of, load_fiber_tests
from harness.reading import Absence, Missing, Reading, Value
from harness.units import Unit


def read(folder: Path, text: str, name: str = "tests.csv") -> tuple[FiberTest, ...]:
    (folder / name).write_text(text, encoding="utf-8")
    return load_fiber_tests([folder / name])


def said(value: Value[Decimal]) -> Decimal:
    assert isinstance(value, Reading)
    return value.value


def why(value: Value[Decimal]) -> tuple[Absence, str]:
    assert isinstance(value, Missing)
    return value.why, value.detail


def test_a_loss_has_its_uncertainty_unit_and_line(tmp_path: Path) -> None:
    head = "link,fiber,wavelength_nm,loss_db,uncertainty_db,length_m,result,standard,instrument,calibration_date\n"
    row = "a:1--b:1,3,1310,1.22,0.15,60,pass,ISO/IEC 14763-3,LT-40,2026-09-01\n"
    (test,) = read(tmp_path, f"# exported on Monday\n{head}{row}")
    assert (test.tester, test.link, test.fiber, test.end) == (fibertests.Tester.OLTS, "a:1--b:1", 3, None)
    assert isinstance(test.loss, Reading)
    assert (test.loss.value, test.loss.unit, test.loss.uncertainty) == (Decimal("1.22"), Unit.DB, Decimal("0.15"))
    assert test.loss.source.where == "line 3 loss_db"
    assert (said(test.wavelength), said(test.length)) == (Decimal(1310), Decimal(60))
    assert isinstance(test.calibrated, Reading)
    assert test.calibrated.value == date(2026, 9, 1)
    assert why(test.reflectance) == (Absence.NOT_RECORDED, "there is no column reflectance_db")


@pytest.mark.parametrize(
    ("heading", "column"),
    {
        "Cable ID": "link", "Fiber No.": "fiber", "Loss (dB)": "loss_db", "Insertion Loss [dB]": "loss_db",
        "Length (ft)": "length_ft", "Max. Reflectance (dB)": "reflectance_db", "Pass/Fail": "result",
        "Test Limit": "standard", "Loss 1310 nm (dB)": "loss@1310", "850 nm Loss (dB)": "loss@850", "Margin (dB)": "",
        "": "", "Losses": None,
    }.items(),
)  # fmt: skip
def test_a_column_is_known_by_several_words(heading: str, column: str | None) -> None:
    assert column_of(heading) == column


def test_one_row_of_two_wavelengths_is_two_results(tmp_path: Path) -> None:
    text = "Cable ID;Loss 1310 nm (dB);Loss 1550 nm (dB);Length (ft);Summary\nR3-001;1,22;1,05;100;PASS*\n"
    tests = read(tmp_path, text)
    assert [(said(test.wavelength), said(test.loss)) for test in tests] == [
        (Decimal(1310), Decimal("1.22")),
        (Decimal(1550), Decimal("1.05")),
    ]
    assert {said(test.length) for test in tests} == {Decimal("30.48")}
    assert [test.result.value for test in tests if isinstance(test.result, Reading)] == ["pass", "pass"]


def test_what_was_tested_shows_in_the_columns_or_is_said(tmp_path: Path) -> None:
    cases = {
        "link,loss_db\nx,1\n": fibertests.Tester.OLTS,
        "link,loss_db,reflectance_db\nx,1,<-65\n": fibertests.Tester.OTDR,
        "link,end,result\nx,a:1,fail\n": fibertests.Tester.END_FACE,
        "link,loss_db,tester\nx,1,OTDR\n": fibertests.Tester.OTDR,
    }
    assert [read(tmp_path, text)[0].tester for text in cases] == list(cases.values())


def test_what_the_tester_could_not_measure_is_missing(tmp_path: Path) -> None:
    first, second, third = read(tmp_path, "link,loss_db,length_m\nx,N/A,20\nx,-0.2,20\nx,,20\n")
    assert why(first.loss) == (Absence.NOT_AVAILABLE, "the tester shows N/A")
    assert why(second.loss)[0] is Absence.NOT_AVAILABLE
    assert "reference" in why(second.loss)[1]
    assert why(third.loss) == (Absence.NOT_RECORDED, "loss_db is empty")


BAD = {
    "an unknown column": ("link,loss_db,colour\n", "tests.csv:1: unknown column 'colour'"),
    "a misspelt column": (
        "link,reflectence_db\n",
        "tests.csv:1: unknown column 'reflectence_db'; did you mean 'reflectance db'?",
    ),
    "two words for one column": (
        "link,Cable ID,loss_db\n", "tests.csv:1: column 'Cable ID' is link, which is here twice",
    ),
    "no link": ("loss_db\n1\n", "tests.csv:1: column 'link' is missing: which link was tested"),
    "no telling what was tested": (
        "link,length_m\n",
        "tests.csv:1: whether loss, a trace or an end face was tested is not said: column 'tester' is missing",
    ),
    "a number that is none": ("link,loss_db\nx,low\n", "tests.csv:2: loss_db: a number was expected, found 'low'"),
    "a verdict that is none": (
        "link,end,result\nx,a,maybe\n", "tests.csv:2: result: pass or fail was expected, found 'maybe'",
    ),
    "a bright reflectance": (
        "link,reflectance_db\nx,>-20\n", "tests.csv:2: reflectance_db: a number was expected, found '>-20'",
    ),
    "a fiber without number": (
        "link,loss_db,fiber\nx,1,blue\n", "tests.csv:2: fiber: a number from 1 was expected, found 'blue'",
    ),
    "an empty link": ("link,loss_db\n,1\n", "tests.csv:2: column link is empty"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_what_is_wrong_has_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tests.csv").write_text(text, encoding="utf-8")
    with pytest.raises(LabError) as caught:
        load_fiber_tests([Path("tests.csv")])
    assert str(caught.value) == message


def test_an_empty_file_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="empty; a header was expected"):
        read(tmp_path, "")


CELLS = st.sampled_from(
    [
        "link",
        "Loss (dB)",
        "a:1--b:1",
        "1,2",
        "-1",
        "N/A",
        "pass",
        "fail*",
        "<-60",
        "850 nm Loss",
        "end",
        "result",
        "x\ty",
    ]
) | st.text(max_size=8)


@given(rows=st.lists(st.lists(CELLS, max_size=4), max_size=4), delimiter=st.sampled_from(",;\t"))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_stands_in_a_file_it_is_results_or_an_error(
    tmp_path: Path, rows: list[list[str]], delimiter: str
) -> None:
    text = "\n".join(delimiter.join(cells) for cells in rows)
    (tmp_path / "any.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load_fiber_tests([tmp_path / "any.csv"])
    except LabError as problem:
        assert str(problem).startswith(str(tmp_path / "any.csv"))
