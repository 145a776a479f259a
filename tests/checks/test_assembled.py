"""What is put together of a module from other places than its pages: its namesakes and its timed start."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from harness.assemble import Assembly
from harness.engine import open_lab
from harness.evidence import Evidence
from harness.reading import Absence, Missing, Reading
from harness.testing import reading

LAB = Path(__file__).resolve().parents[2] / "lab_configs" / "rack3.yaml"


@pytest.fixture(scope="module")
def assembly() -> Assembly:
    """The rack without any evidence."""
    bench = open_lab(LAB)
    return Assembly(bench.lab, Evidence(None), bench.requirements)


@pytest.mark.parametrize("serial", ["", "   ", "0000000000000000", "\xff" * 16], ids=["none", "blank", "zeros", "ones"])
def test_what_is_no_serial_number_is_not_told_to_be_unique(assembly: Assembly, serial: str) -> None:
    found = assembly.namesakes("leaf1:Ethernet0", reading(serial))
    assert isinstance(found, Missing)
    assert found.why is Absence.NOT_AVAILABLE


def test_a_serial_number_that_nobody_else_has(assembly: Assembly) -> None:
    assert assembly.namesakes("leaf1:Ethernet0", reading("NW1")) == reading(())


@pytest.mark.parametrize(("cell", "said"), [("1.5", Decimal("1.5")), ("0", None), ("-2", None)])
def test_no_start_takes_no_time(tmp_path: Path, cell: str, said: Decimal | None) -> None:
    rows = tmp_path / "start.csv"
    rows.write_text(f"serial_number,quantity,value,unit\nNW1,data_path_init,{cell},s\n", "utf-8")
    bench = open_lab(LAB)
    lab = replace(bench.lab, measurements=(rows,))
    found = Assembly(lab, Evidence(None), bench.requirements).timed(reading("NW1"), "data_path_init")
    if said is None:
        assert isinstance(found, Missing)
        assert found.why is Absence.UNREADABLE
    else:
        assert isinstance(found, Reading)
        assert found.value == said
