"""Qualification sheets: parts of the shipped lab with their records, and modules built byte by byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from harness.cli import main
from harness.decode.build import AdvertisedApplication, CmisImage, Identity, as_json
from harness.engine import open_lab
from harness.report.desk import sheet_text
from harness.sheet import DESK, Sheet, sheets
from harness.verdict import Outcome
from tests.test_desk import LAB, TWICE_DR4

GOOD = replace(
    TWICE_DR4,
    identity=Identity(vendor_name="NORTHWIND OPTICS", vendor_pn="NW-O8-2DR4", vendor_sn="NW1"),
    firmware_active="2.4",
    power_class=8,
    max_power="16",
)
FOUR = AdvertisedApplication(0x11, 0x1C, 8, 4, 0b0000_0001, 0b0000_0001)
RACK3 = LAB.with_name("rack3.yaml")


@cache
def by_record() -> Mapping[str, Sheet]:
    found, faults = sheets(LAB, [])
    assert not faults
    return {sheet.number: sheet for sheet in found}


def dumped(tmp_path: Path, *images: CmisImage) -> list[Path]:
    files = [tmp_path / f"module{number}.json" for number in range(1, len(images) + 1)]
    for file, image in zip(files, images, strict=True):
        file.write_text(json.dumps(as_json(image.memory("dump"))), "utf-8")
    return files


def of_dumps(tmp_path: Path, *images: CmisImage) -> tuple[Sheet, ...]:
    found, faults = sheets(LAB, dumped(tmp_path, *images))
    assert not faults
    return found


def outcomes(sheet: Sheet, check: str) -> list[Outcome]:
    return [verdict.outcome for found, verdict in sheet.verdicts if found.id == check]


def test_every_part_of_the_lab_has_a_sheet() -> None:
    assert list(by_record()) == ["NW-O8-2DR4", "LC-QD-DR4", "NW-DAC8-2Q4-2M"]


def test_a_record_alone_leaves_the_module_open_and_never_passes_for_it() -> None:
    sheet = by_record()["NW-O8-2DR4"]
    assert sheet.decision == "OPEN"
    assert outcomes(sheet, "PWR-06") == [Outcome.NOT_MEASURED]
    assert not any(check.id.startswith("CMIS") for check, _ in sheet.verdicts)
    assert any("no dump was given" in point for point in sheet.open_points)


def test_what_the_vendor_did_not_tell_is_an_open_point() -> None:
    sheet = by_record()["LC-QD-DR4"]
    assert sheet.untold == (
        "method of the MTBF", "temperature of the MTBF", "capacity a month", "power class", "connector"
    )  # fmt: skip
    assert sheet.open_points[0] == f"not told by the vendor: {', '.join(sheet.untold)}"
    assert sheet.decision == "NOT QUALIFIED"
    assert outcomes(sheet, "PRO-03") == [Outcome.FAIL]


def test_a_passive_cable_is_not_asked_for_its_power() -> None:
    assert by_record()["NW-DAC8-2Q4-2M"].untold == ()


def test_a_record_tells_the_top_of_an_osfp_and_where_it_does_not_go() -> None:
    table = by_record()["NW-O8-2DR4"].by_record
    assert table is not None
    fits = {fit.device: fit for fit in table.fits}
    assert fits["sn5600"].outcome == "PASS" and fits["sn5600"].why == ()
    assert fits["connectx7"].outcome == "FAIL"
    assert "OSFP does not go into OSFP-RHS" in fits["connectx7"].why


def test_a_record_has_failures_a_year_and_the_spares_of_the_check() -> None:
    record = dict(by_record()["NW-O8-2DR4"].record)
    assert record["failures"] == "500 FIT, 2.29 failures a year of 522 in use"
    assert record["spares"] == "2 outlast the lead time, 10 ordered"


def test_what_counts_a_topology_is_not_asked_where_nothing_is_planned() -> None:
    sheet = by_record()["NW-DAC8-2Q4-2M"]
    assert {check for check, why in sheet.unasked if "for no cage" in why} == {"BRK-06", "PRO-05"}
    assert not outcomes(sheet, "PRO-05")


def test_a_dump_finds_its_record_and_is_judged_as_a_module(tmp_path: Path) -> None:
    (sheet,) = of_dumps(tmp_path, GOOD)
    assert sheet.part is not None and sheet.number == "NW-O8-2DR4"
    assert outcomes(sheet, "CMIS-01") == [Outcome.PASS]
    assert outcomes(sheet, "CMIS-03") == [Outcome.PASS]
    assert outcomes(sheet, "ASIC-01") == [Outcome.PASS]
    assert outcomes(sheet, "PWR-06") == [Outcome.PASS]
    assert sheet.by_record is None and len(sheet.desks) == 1


def test_a_module_that_draws_more_than_its_data_sheet_fails_its_part(tmp_path: Path) -> None:
    (sheet,) = of_dumps(tmp_path, replace(GOOD, max_power="17.5"))
    assert outcomes(sheet, "PWR-06") == [Outcome.FAIL]
    assert sheet.decision == "NOT QUALIFIED"


def test_a_module_of_another_form_factor_than_its_record_fails(tmp_path: Path) -> None:
    (sheet,) = of_dumps(tmp_path, replace(GOOD, identifier=0x18))
    assert outcomes(sheet, "ASIC-01") == [Outcome.FAIL]


def test_dumps_of_one_part_number_share_a_sheet_and_one_bad_unit_is_named(tmp_path: Path) -> None:
    old = replace(GOOD, revision="4.0", identity=replace(GOOD.identity, vendor_sn="NW2"))
    (sheet,) = of_dumps(tmp_path, GOOD, old)
    assert [sample.identity["serial"] for sample in sheet.samples] == ["NW1", "NW2"]
    assert sorted(outcomes(sheet, "CMIS-01")) == [Outcome.FAIL, Outcome.PASS]
    failed = [
        verdict.subject for check, verdict in sheet.verdicts if check.id == "CMIS-01" and verdict.outcome == "FAIL"
    ]
    assert failed == [f"{DESK}:module2.json"]


def test_a_module_without_a_record_is_open_at_best_and_is_not_let_off_its_pages(tmp_path: Path) -> None:
    (sheet,) = of_dumps(tmp_path, replace(GOOD, identity=Identity(vendor_pn="NOBODY-1"), flat_memory=True))
    assert sheet.part is None and sheet.decision != "QUALIFIED"
    assert not outcomes(sheet, "CMIS-07")
    assert any("no part of the lab has this number" in point for point in sheet.open_points)


def test_a_module_that_no_platform_takes_is_not_qualified(tmp_path: Path) -> None:
    lab = LAB.read_text("utf-8").replace("profiles/", f"{LAB.parent}/profiles/").replace("desk/", f"{LAB.parent}/desk/")
    head, _, rest = lab.partition("devices:\n")
    only = "  msn4700: {platform: x86_64-mlnx_msn4700-r0, hwsku: ACS-MSN4700, role: leaf}\n"
    small = tmp_path / "small.yaml"
    small.write_text(f"{head}devices:\n{only}\n{rest[rest.index('vendors:') :]}", "utf-8")
    (sheet,), _ = sheets(small, dumped(tmp_path, GOOD))
    assert list(sheet.placed) == [Outcome.FAIL]
    assert sheet.decision == "NOT QUALIFIED"


def test_a_part_is_judged_as_the_lab_judges_it() -> None:
    bench = open_lab(RACK3)
    (sheet,), _ = sheets(RACK3, [], ["NW-O8-2DR4"])
    mine = {check.id: verdict for check, verdict in sheet.verdicts}
    theirs = {owed.check.id: bench.judge(owed) for owed in bench.plan if owed.subject == "NW-O8-2DR4"}
    assert mine == theirs


def test_a_sheet_on_a_terminal_has_its_sections_in_order(tmp_path: Path) -> None:
    (sheet,) = of_dumps(tmp_path, GOOD)
    lines = sheet_text(sheet).splitlines()
    heads = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert heads == [
        "modules, as their dumps tell:", "platforms, by module1.json:", "vendor's record:", "limits of 800G-2xDR4:",
        "verdicts:", "open points:",
    ]  # fmt: skip
    assert "nothing was measured in operation" in lines[-2]


def test_a_sheet_is_a_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["desk", "--lab", str(LAB), "--part", "LC-QD-DR4", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["part"], told["decision"]) == ("LC-QD-DR4", "NOT QUALIFIED")
    assert told["by_record"]["check"] == "ASIC-10"
    assert {verdict["check"] for verdict in told["verdicts"]} >= {"PRO-01", "PRO-07", "PWR-06", "ASIC-10"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["--part", "X"], "the lab has no such part", id="a part that is not there"),
        pytest.param(["--rate", "800"], "--rate without --advise", id="a rate of no question"),
        pytest.param(["--advise", "--rate", "fast"], "expected a number above 0", id="a rate that is no number"),
        pytest.param(["--advise", "--part", "LC-QD-DR4"], "ask for it by itself", id="advice on a part"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    capsys: pytest.CaptureFixture[str], args: list[str], said: str
) -> None:
    assert main(["desk", "--lab", str(LAB), *args]) == 2
    assert said in capsys.readouterr().err
