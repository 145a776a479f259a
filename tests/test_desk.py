"""Desk qualification: modules built byte by byte, against the platforms of the shipped lab."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from harness.decode.build import AdvertisedApplication, CmisImage, Identity, Sff8636Image, as_json
from harness.decode.memory import LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import transceiver
from harness.desk import Desk, Fit, answers, desk
from harness.engine import open_lab
from harness.lab.inventory import Lab
from harness.report.desk import text
from harness.requirements.load import load_requirements
from harness.requirements.lookup import Requirements
from tests.recordings import recorded

LAB = Path(__file__).resolve().parent.parent / "lab_configs" / "desk.yaml"
OSFP, QSFP_DD = 0x19, 0x18
DR4 = AdvertisedApplication(0x50, 0x1C, 4, 4, 0b0001_0001, 0b0001_0001)  # 400GAUI-4-S C2M on PAM4 lanes of 53.125 GBd
DR4_BY_8 = AdvertisedApplication(
    0x11, 0x1C, 8, 4, 0b0000_0001, 0b0000_0001
)  # 400GAUI-8 C2M on PAM4 lanes of 26.5625 GBd
TWICE_DR4 = CmisImage(identifier=OSFP, identity=Identity(vendor_pn="O-2DR4"), applications=(DR4,))
QSFP_DD_DR4 = CmisImage(identifier=QSFP_DD, identity=Identity(vendor_pn="Q-DR4"), applications=(DR4_BY_8,))


@cache
def shop() -> tuple[Lab, Requirements]:
    bench = open_lab(LAB)
    return bench.lab, load_requirements(bench.lab.profile, as_of=bench.as_of)


def asked(memory: Memory) -> Desk:
    lab, require = shop()
    return desk("dump", transceiver(memory), lab.devices.values(), require)


def told(memory: Memory, device: str) -> Fit:
    return next(fit for fit in asked(memory).fits if fit.device == device)


def with_rate(nominal: int, extended: int) -> Memory:
    image = Sff8636Image().image()
    image.put(Page(0x00), 140, bytes([nominal]))
    image.put(Page(0x00), 222, bytes([extended]))
    return image.memory("dump")


@pytest.mark.parametrize("device", ["sn5600", "7060x6-64pe", "ixr7220-h5-64o", "sn5640"])
def test_an_osfp_2xdr4_fits_an_osfp_cage_as_two_ports(device: str) -> None:
    fit = told(TWICE_DR4.memory("dump"), device)
    assert (fit.outcome, fit.cage) == ("PASS", "OSFP")
    assert "2x400G" in fit.modes
    assert "1x800G" not in fit.modes
    assert fit.why == ("if its top is that of OSFP: the identifier does not tell",)


@pytest.mark.parametrize("device", ["7060dx5-64s", "silverstone", "msn4700"])
def test_an_osfp_does_not_go_into_qsfp_dd(device: str) -> None:
    fit = told(TWICE_DR4.memory("dump"), device)
    assert (fit.outcome, fit.fits, fit.modes) == ("FAIL", False, ())
    assert fit.why == ("OSFP does not go into QSFP-DD",)


@pytest.mark.parametrize("device", ["7060dx5-64s", "silverstone", "msn4700"])
def test_a_qsfp_dd_dr4_on_eight_lanes_of_50g_fits_serdes_of_50g(device: str) -> None:
    fit = told(QSFP_DD_DR4.memory("dump"), device)
    assert (fit.outcome, fit.modes, fit.why) == ("PASS", ("1x400G",), ())


@pytest.mark.parametrize("device", ["7060dx5-64s", "msn4700"])
def test_a_qsfp_dd_dr4_on_four_lanes_of_100g_is_not_driven_by_serdes_of_50g(device: str) -> None:
    fit = told(replace(QSFP_DD_DR4, applications=(DR4,)).memory("dump"), device)
    assert (fit.outcome, fit.fits, fit.modes) == ("FAIL", True, ())
    assert any("not driven by its SerDes" in reason or "advertises nothing of" in reason for reason in fit.why)


@pytest.mark.parametrize(
    ("nominal", "extended", "lane", "modes"),
    [
        pytest.param(0xFF, 103, "25G", ("1x100G", "4x25G"), id="25.75 GBd in the second byte is 25G NRZ"),
        pytest.param(103, 0, "10G", ("1x40G", "4x10G"), id="10.3 GBd is 10G NRZ, and not of four lanes together"),
        pytest.param(100, 0, "10G", ("1x40G", "4x10G"), id="a rounded 10.0 GBd is 10G NRZ"),
        pytest.param(0xFF, 106, "50G", ("1x200G", "4x50G"), id="26.5 GBd is 50G PAM4"),
    ],
)
def test_a_module_without_cmis_offers_by_its_signalling_rate(
    nominal: int, extended: int, lane: str, modes: tuple[str, ...]
) -> None:
    answer = asked(with_rate(nominal, extended))
    assert f"{lane} on 1 lane" in answer.offers
    assert "by the nominal signalling rate" in answer.note
    assert next(fit for fit in answer.fits if fit.device == "7060dx5-64s").modes == modes


@pytest.mark.parametrize("nominal", [0, 60])
def test_a_rate_that_is_not_told_is_not_guessed(nominal: int) -> None:
    fit = told(with_rate(nominal, 0), "7060dx5-64s")
    assert fit.outcome == "NOT-MEASURED"
    assert fit.why == ("what it offers a host is not known",)


def test_a_qsfp28_names_the_adapter_that_it_needs_in_an_osfp_cage() -> None:
    fit = told(with_rate(0xFF, 103), "sn5600")
    assert (fit.outcome, fit.modes) == ("FAIL", ())
    assert fit.why[0].startswith("QSFP28 does not go into OSFP; adapter: ")


def test_a_module_whose_identifier_was_not_read_is_undecided_everywhere() -> None:
    memory = TWICE_DR4.memory("dump")
    unread = Memory(memory.evidence, {page: held for page, held in memory.pages.items() if page != LOWER_MEMORY})
    assert {fit.outcome for fit in asked(unread).fits} == {"NOT-MEASURED"}


def test_an_identifier_that_names_nothing_fails_nowhere_and_is_undecided() -> None:
    answer = asked(Sff8636Image(identifier=0).memory("dump"))
    assert {fit.outcome for fit in answer.fits} == {"NOT-MEASURED"}


def test_a_terminal_has_a_row_for_each_platform_with_the_reason() -> None:
    answer = asked(TWICE_DR4.memory("dump"))
    lines = text(answer).splitlines()
    assert lines[0] == "dump: OSFP SIMULATED O-2DR4 A"
    assert sum(line.startswith(("PASS", "FAIL", "NOT-MEASURED")) for line in lines) == len(shop()[0].devices)
    assert any("OSFP does not go into QSFP-DD" in line for line in lines)


def test_a_document_is_json_with_every_platform() -> None:
    document = json.loads(json.dumps(asked(TWICE_DR4.memory("dump")).document()))
    assert document["check"] == "ASIC-10"
    assert [platform["device"] for platform in document["platforms"]] == list(shop()[0].devices)


def test_one_that_is_no_dump_does_not_lose_the_others(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(as_json(TWICE_DR4.memory("dump"))), "utf-8")
    bad.write_text("{}", "utf-8")
    desks, faults = answers(LAB, [bad, good])
    assert [answer.dump for answer in desks] == ["good.json"]
    assert len(faults) == 1
    assert str(bad) in faults[0]


def test_every_recording_gets_an_answer_of_every_platform(recordings: Path) -> None:
    dumps = [dump for dump in recorded("eeprom/*.json") if dump.name != "index.json"]
    desks, faults = answers(LAB, dumps)
    assert (len(desks), faults) == (len(dumps), ())
    assert all(len(answer.fits) == len(shop()[0].devices) for answer in desks)
