"""Look-ups by cases from real racks."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from harness.breakout import spelled_out
from harness.errors import NoLimit
from harness.limit import Limits
from harness.reading import Reading, Source
from harness.requirements.load import load_requirements
from harness.requirements.lookup import Requirements
from harness.requirements.rows import LaneRate
from harness.units import Unit
from harness.verdict import Outcome, Standing

from .conftest import AS_OF

D = Decimal
Changed = Callable[..., Path]
SOURCE = Source("bench/scope", "line 4")


def outcomes(limits: Limits, value: str, unit: Unit, uncertainty: str = "0") -> list[Outcome]:
    reading = Reading(D(value), SOURCE, unit, D(uncertainty))
    return [finding.outcome for finding in limits.judge(reading, "lane 4")]


@pytest.mark.parametrize(
    ("pmd", "value", "expected"),
    [
        ("400GBASE-DR4", "3.4", [Outcome.PASS, Outcome.PASS]),
        ("400GBASE-DR4", "3.5", [Outcome.FAIL, Outcome.PASS]),
        ("400GBASE-VR4", "4.0", [Outcome.PASS, Outcome.FAIL]),
        ("400GBASE-VR4", "4.5", [Outcome.WARN, Outcome.FAIL]),
        ("800GBASE-DR4", "3.6", [Outcome.WARN]),
    ],
)
def test_standard_and_profile_are_both_judged(
    require: Requirements, pmd: str, value: str, expected: list[Outcome]
) -> None:
    assert outcomes(require.limits("tdecq", pmd=pmd), value, Unit.DB) == expected


def test_a_looser_profile_says_so(require: Requirements) -> None:
    standard, profile = require.limits("tdecq", pmd="400GBASE-DR4").ranges
    assert getattr(profile, "note", "") == "profile is looser: 3.9 dB against 3.4 dB"
    assert getattr(standard, "note", "") == ""
    stricter = require.limits("tdecq", pmd="400GBASE-SR8").ranges[1]
    assert getattr(stricter, "note", "") == ""


def test_a_stated_uncertainty_draws_the_limit_in_where_acceptance_is_guarded(require: Requirements) -> None:
    limits = require.limits("tdecq", pmd="400GBASE-DR4")
    assert outcomes(limits, "3.3", Unit.DB, "0.1") == [Outcome.PASS, Outcome.PASS]
    assert outcomes(limits, "3.3", Unit.DB, "0.2") == [Outcome.FAIL, Outcome.PASS]


def test_a_stated_uncertainty_makes_marginal_where_acceptance_is_simple(changed: Changed) -> None:
    require = load_requirements(changed(('acceptance = "guarded"', 'acceptance = "simple"')), as_of=AS_OF)
    reading = Reading(D("3.3"), SOURCE, Unit.DB, D("0.2"))
    first, second = require.limits("tdecq", pmd="400GBASE-DR4").judge(reading)
    assert (first.outcome, first.marginal) == (Outcome.PASS, True)
    assert (second.outcome, second.marginal) == (Outcome.PASS, False)


@pytest.mark.parametrize(
    ("value", "monitor", "laboratory"),
    [
        ("-5.9", Outcome.PASS, Outcome.PASS),
        ("-6.0", Outcome.WARN, Outcome.FAIL),
        ("-8.9", Outcome.WARN, Outcome.FAIL),
        ("-9.0", Outcome.FAIL, Outcome.FAIL),
    ],
)
def test_a_monitor_fails_only_beyond_its_accuracy(
    require: Requirements, value: str, monitor: Outcome, laboratory: Outcome
) -> None:
    assert outcomes(require.limits("rx_power_lane", pmd="400GBASE-DR4"), value, Unit.DBM) == [monitor]
    assert outcomes(require.lab_limits("rx_power_lane", pmd="400GBASE-DR4"), value, Unit.DBM) == [laboratory]


def test_pre_fec_ber_is_held_to_the_pmd_and_to_the_operator(require: Requirements) -> None:
    assert outcomes(require.limits("pre_fec_ber", pmd="400GBASE-DR4"), "3e-4", Unit.NONE) == [
        Outcome.WARN,
        Outcome.FAIL,
    ]
    assert outcomes(require.limits("pre_fec_ber", pmd="400GBASE-DR4"), "3e-5", Unit.NONE) == [
        Outcome.PASS,
        Outcome.FAIL,
    ]
    assert outcomes(require.limits("pre_fec_ber", pmd="AEC"), "1e-6", Unit.NONE) == [Outcome.PASS, Outcome.PASS]


def test_a_quantity_without_a_row_is_no_limit(require: Requirements) -> None:
    with pytest.raises(NoLimit, match=r"no limit on tdecq for 400GBASE-CR4 \[IEEE Std 802.3ck-2022, clause 162\]"):
        require.limits("tdecq", pmd="400GBASE-CR4")
    with pytest.raises(NoLimit, match="no PMD '400GBASE-DR5' in the tables"):
        require.limits("tdecq", pmd="400GBASE-DR5")


@pytest.mark.parametrize(
    ("name", "pmd"),
    [("XDR4", "400GBASE-DR4-2"), ("VSR4", "400GBASE-VR4"), ("DR8+", "800GBASE-DR8-2"), ("800G-2xDR4", "800G-2xDR4")],
)
def test_trade_names_lead_to_a_pmd(require: Requirements, name: str, pmd: str) -> None:
    assert require.pmd(name).name == pmd


@pytest.mark.parametrize(
    ("media_type", "media_id", "pmd"),
    [
        (2, 0x1C, "400GBASE-DR4"),
        (2, 0x1D, "400GBASE-FR4"),
        (1, 0x1D, "100GBASE-VR1"),
        (1, 0x10, "400GBASE-SR8"),
        (2, 0x56, "800GBASE-DR8"),
        (2, 0x14, "100GBASE-DR"),
        (1, 0xFE, None),
        (3, 0x01, None),
        (4, 0x1C, None),
    ],
)
def test_media_interface_codes_name_pmds(
    require: Requirements, media_type: int, media_id: int, pmd: str | None
) -> None:
    assert require.pmd_of(media_type, media_id) == pmd


def test_host_interface_codes_name_copper(require: Requirements) -> None:
    assert require.pmd_of_host(0x48) == "400GBASE-CR4"
    assert require.pmd_of_host(0x49) == "800GBASE-CR8"
    assert require.pmd_of_host(0x11) is None


@pytest.mark.parametrize(
    ("kind", "lane", "metres", "standing"),
    [
        ("DAC", "100", "2", Standing.RECALLED),
        ("aec", "100", "7", Standing.RECALLED),
        ("aoc", "100", "100", Standing.RECALLED),
        ("DAC", "200", "1", Standing.DRAFT),
    ],
)
def test_reach_of_cables(require: Requirements, kind: str, lane: str, metres: str, standing: Standing) -> None:
    limit = require.cable_reach(kind, D(lane))
    assert (limit.max, limit.unit, limit.standing) == (D(metres), Unit.METRE, standing)


def test_reach_that_no_table_has(require: Requirements) -> None:
    with pytest.raises(NoLimit, match="no reach of AEC at 25 Gb/s a lane"):
        require.cable_reach("AEC", D(25))
    with pytest.raises(NoLimit, match="no reach of 400GBASE-DR4 on OM4"):
        require.reach("400GBASE-DR4", "OM4")


def test_a_single_mode_pmd_takes_no_multimode_fiber(require: Requirements) -> None:
    fiber = Reading("OM4", SOURCE)
    assert require.fiber_types("400GBASE-DR4").judge(fiber).outcome is Outcome.FAIL
    assert require.fiber_types("400GBASE-VR4").judge(fiber).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("near", "far", "speed", "standing"),
    [
        ("400GBASE-DR4", "400GBASE-DR4", 400, Standing.STRUCTURAL),
        ("800G-2xDR4", "400GBASE-DR4", 400, Standing.DATASHEET),
        ("400GBASE-DR4", "800G-2xDR4", 400, Standing.DATASHEET),
        ("800G-2xDR4", "800G-2xDR4", 400, Standing.STRUCTURAL),
        ("800GBASE-DR8", "400GBASE-DR4", 400, Standing.DATASHEET),
        ("400GBASE-DR4", "100GBASE-DR", 100, Standing.DATASHEET),
        ("800G-2xFR4", "400GBASE-FR4", 400, Standing.DATASHEET),
        ("800GBASE-VR8", "400GBASE-VR4", 400, Standing.DATASHEET),
        ("800GBASE-SR8", "400GBASE-VR4", 400, Standing.ADVISORY),
        ("400GBASE-DR4", "400GBASE-DR4-2", 400, Standing.ADVISORY),
        ("800GBASE-CR8", "400GBASE-CR4", 400, Standing.DATASHEET),
        ("AEC", "AEC", 400, Standing.STRUCTURAL),
        ("800GBASE-DR4", "800GBASE-DR4", 800, Standing.STRUCTURAL),
        ("1.6TBASE-DR8", "800GBASE-DR4", 800, Standing.DRAFT),
        ("400GBASE-DR4", "400GBASE-FR4", 400, None),
        ("400GBASE-SR8", "400GBASE-SR4", 400, None),
        ("400GBASE-DR4", "100GBASE-DR", 400, None),
        ("400GBASE-DR4", "400GBASE-DR4", 200, None),
        ("400GBASE-FR4", "200GBASE-FR4", 200, None),
        ("400GBASE-FR4", "400GBASE-FR4", 100, None),
        ("100G-CWDM4", "100GBASE-LR4", 100, None),
        ("AEC", "AOC", 400, None),
        ("AEC", "400GBASE-DR4", 400, None),
        ("800GBASE-DR4", "800GBASE-DR8", 800, None),
        ("800G-2xDR4", "800G-2xDR4", 800, Standing.STRUCTURAL),
    ],
)
def test_which_optics_may_face_each_other(
    require: Requirements, near: str, far: str, speed: int, standing: Standing | None
) -> None:
    found = require.interoperates(near, far, D(speed))
    assert (found.standing if found else None) == standing


def test_the_shorter_reach_governs(require: Requirements) -> None:
    found = require.interoperates("400GBASE-SR4", "400GBASE-VR4", D(400))
    assert found is not None
    assert found.reach_of == "400GBASE-VR4"
    assert "shorter" in found.note


@pytest.mark.parametrize(
    ("optic", "trunk", "fits"),
    [
        ("MPO-12", "MPO-12", True),
        ("2xMPO-12", "MPO-12", True),
        ("MPO-16", "MPO-12", False),
        ("MPO-12", "MPO-16", False),
        ("LC", "MPO-12", False),
        ("2xLC", "LC", True),
        ("LC", "CS", False),
        ("SN", "SN", True),
    ],
)
def test_connectors(require: Requirements, optic: str, trunk: str, fits: bool) -> None:
    assert require.connector_fits(optic, trunk) is fits
    judged = require.trunk_connectors(optic).judge(Reading(trunk, SOURCE)).outcome
    assert (judged is Outcome.PASS) is fits


def test_connectors_and_polish_of_pmds(require: Requirements) -> None:
    assert require.pmd_connectors("400GBASE-DR4").allowed == {"MPO-12"}
    assert require.pmd_connectors("800GBASE-DR8").allowed == {"MPO-16", "MPO-12", "2xMPO-12"}
    assert require.polish("400GBASE-DR4").allowed == {"APC"}
    assert require.polish("400GBASE-DR4").standing is Standing.DATASHEET
    assert require.polish("400GBASE-SR4").standing is Standing.RECALLED
    assert require.polish("400GBASE-FR4").allowed == {"UPC"}
    assert require.polish("400GBASE-SR8", "MPO-16").allowed == {"UPC", "APC"}
    with pytest.raises(NoLimit):
        require.pmd_connectors("400GBASE-CR4")
    assert require.connector_names(0x0C) == {"MPO-12", "2xMPO-12"}
    assert require.connector_names(0x28) == {"MPO-16"}
    assert require.connector_names(0x23) == frozenset()


@pytest.mark.parametrize(
    ("cage", "module", "fits"),
    [
        ("QSFP-DD", "QSFP28", True),
        ("QSFP-DD", "OSFP", False),
        ("QSFP-DD800", "QSFP112", True),
        ("QSFP112", "QSFP-DD", False),
        ("OSFP", "OSFP", True),
        ("OSFP", "OSFP-RHS", False),
        ("OSFP-RHS", "OSFP", False),
        ("OSFP-RHS", "OSFP-RHS", True),
        ("OSFP-XD", "OSFP", False),
    ],
)
def test_cages(require: Requirements, cage: str, module: str, fits: bool) -> None:
    outcome = require.cage_accepts(cage).judge(Reading(module, SOURCE)).outcome
    assert (outcome is Outcome.PASS) is fits


def test_platforms(require: Requirements) -> None:
    sn5600 = require.platform("x86_64-nvidia_sn5600-r0")
    assert (sn5600.asic, sn5600.cage, sn5600.standing) == ("Spectrum-4", "OSFP", Standing.DATASHEET)
    assert {"1x800G", "2x400G", "1x400G", "4x200G"} <= sn5600.offers.allowed
    assert "8x100G" not in sn5600.offers.allowed
    arista = require.platform("x86_64-arista_7060x6_64pe")
    assert "8x100G" in arista.offers.allowed
    assert require.asic(arista.asic).serdes_gbps == 100
    with pytest.raises(NoLimit, match="declare the form factor in the lab file"):
        require.platform_cage("x86_64-nexthop_5010-r0")


def test_a_serdes_of_50_gbps_cannot_drive_lanes_of_100(require: Requirements) -> None:
    fast = LaneRate(D("53.125"), "PAM4")
    slow = LaneRate(D("26.5625"), "PAM4")
    assert require.asic("Tomahawk 4").lane_rates.allowed == require.lane_rates(D(50)).allowed
    assert require.asic("Tomahawk 4").lane_rates.judge(Reading(fast, SOURCE)).outcome is not Outcome.PASS
    assert require.asic("Tomahawk 5").lane_rates.allowed >= {fast, slow}
    assert str(fast) == "53.125 GBd PAM4"
    assert (fast.gbps, LaneRate(D("25.78125"), "NRZ").gbps) == (D("106.25"), D("25.78125"))


def test_nics(require: Requirements) -> None:
    assert require.nic("ConnectX-7").max_gbps == 400
    assert "OSFP-RHS" in require.nic("ConnectX-7").cages
    assert require.nic("BlueField-2").max_gbps == 200
    assert require.nic("BlueField-3").cages == ("QSFP112",)
    assert "InfiniBand" not in require.nic("Pollara 400").protocols
    with pytest.raises(NoLimit, match="no NIC 'ConnectX-9'"):
        require.nic("ConnectX-9")


def test_power_classes(require: Requirements) -> None:
    assert require.power_class("OSFP", 7).max == 14
    eighth = require.power_class("OSFP", 8)
    assert (eighth.min, eighth.max, eighth.strict) == (D(14), None, True)
    assert require.power_class("QSFP", 1).standing is Standing.DATASHEET
    with pytest.raises(NoLimit):
        require.power_class("OSFP", 9)


def test_headroom_is_that_of_the_next_longer_cable(require: Requirements) -> None:
    held = require.shipped_headroom("x86_64-nvidia_sn5600-r0", D(400), D(6))
    assert held is not None
    assert (held.min, held.unit) == (D(283648), Unit.BYTES)
    assert require.shipped_headroom("x86_64-nvidia_sn5600-r0", D(400), D(301)) is None
    assert require.shipped_headroom("x86_64-nvidia_sn5600-r0", D(100), D(5)) is None
    assert require.pause_budget(D(400)).quanta == 905


@pytest.mark.parametrize(
    ("mode", "offered"),
    [
        ("1x800G", ("1x800G",)),
        ("1x400G[200G,100G]", ("1x400G", "1x200G", "1x100G")),
        ("2x400G[200G, 100G]", ("2x400G", "2x200G", "2x100G")),
        ("4x25G(4)[10G,1G]", ("4x25G", "4x10G", "4x1G")),
        ("8x50G[25G][10G]", ("8x50G", "8x25G", "8x10G")),
        ("1x400G(4)+4x100G(4)", ("1x400G+4x100G",)),
        ("2x400G[200G](4)+1x800G(4)", ("2x400G+1x800G", "2x200G+1x800G")),
    ],
)
def test_breakout_modes_are_spelled_out(mode: str, offered: tuple[str, ...]) -> None:
    assert spelled_out(mode) == offered


@pytest.mark.parametrize("mode", ["", "800G", "1x800", "1x800G[400G", "1x800G+"])
def test_what_is_no_breakout_mode_is_refused(mode: str) -> None:
    with pytest.raises(ValueError, match="expected a breakout mode"):
        spelled_out(mode)


def test_modes_of_recorded_platforms_are_those_of_the_table(require: Requirements, recordings: Path) -> None:
    told = 0
    for file in sorted((recordings / "sonic_platform").rglob("platform.json")):
        recorded = json.loads(file.read_text(encoding="utf-8"))
        name = next(part for part in file.parts if part.startswith(("x86_64-", "arm64-")))
        modes = {
            spelled
            for interface in recorded.get("interfaces", {}).values()
            for mode in interface.get("breakout_modes", {})
            for spelled in spelled_out(mode)
        }
        if not modes or name not in require.platforms:
            continue
        listed = require.platform(name).offers.allowed
        assert listed <= modes, name
        told += 1
    assert told
