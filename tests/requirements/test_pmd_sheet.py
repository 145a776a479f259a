"""The limits of PMDs against the sheet that they were made from: every number, and how far each is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.limit import Range
from harness.requirements.lookup import ORDER, Requirements
from harness.requirements.rows import Pmd
from harness.verdict import Standing

from .conftest import reference

Told = Mapping[str, Any]

NAMED_OTHERWISE = {"1.6T-2xFR4 (FR4x2)": "1.6T-2xFR4"}

BOUNDS = {
    "tx.avg_min_dbm": ("tx_power_lane", "min"),
    "tx.avg_max_dbm": ("tx_power_lane", "max"),
    "tx.total_avg_max_dbm": ("tx_power_total", "max"),
    "tx.oma_min_dbm": ("tx_oma", "min"),
    "tx.oma_max_dbm": ("tx_oma", "max"),
    "tx.oma_minus_tdecq_min_dbm": ("oma_minus_tdecq", "min"),
    "tx.oma_minus_tdecq_min_lowER_dbm": ("oma_minus_tdecq_low_er", "min"),
    "tx.tdecq_max_db": ("tdecq", "max"),
    "tx.assumed_tdecq_max_db": ("tdecq", "max"),
    "tx.tecq_max_db": ("tecq", "max"),
    "tx.abs_tdecq_minus_tecq_max_db": ("tdecq_minus_tecq", "max"),
    "tx.er_min_db": ("er", "min"),
    "tx.assumed_er_min_db": ("er", "min"),
    "tx.overshoot_max_pct": ("overshoot", "max"),
    "tx.power_excursion_max_dbm": ("power_excursion", "max"),
    "tx.rin_oma_max_db_hz": ("rin_oma", "max"),
    "tx.orl_tolerance_db": ("orl_tolerance", "max"),
    "tx.transition_time_max_ps": ("transition_time", "max"),
    "rx.avg_min_dbm": ("rx_power_lane", "min"),
    "rx.avg_max_dbm": ("rx_power_lane", "max"),
    "rx.oma_max_dbm": ("rx_oma", "max"),
    "rx.sensitivity_floor_dbm": ("rx_sensitivity", "max"),
    "rx.sensitivity_minus_secq_db": ("rx_sensitivity_minus_secq", "max"),
    "rx.srs_oma_dbm": ("stressed_sensitivity", "max"),
    "rx.stress_secq_db": ("secq", "max"),
    "rx.damage_dbm": ("rx_damage", "max"),
    "pre_fec_ber_max": ("pre_fec_ber", "max"),
}
"""Which bound of which limit each number of the sheet is."""

CONDITIONS = {"tx.rin_orl_db": "rin_oma", "tx.er_breakpoint_db": "oma_minus_tdecq_low_er"}
"""Numbers that say when a limit holds: they stand in its note."""

GEOMETRY = frozenset(
    {
        "name", "standard", "clause", "rate_gbps", "media_lanes", "mod", "gbd_per_lane", "line_gbps_per_lane", "fiber",
        "wavelength_nm", "connectors", "fec", "fibers_per_direction", "reach_m", "channel_insertion_loss_db",
        "typ_power_w", "host_interfaces", "sff8024_media_ids", "confidence", "notes", "field_standing",
        "derived_fields",
    }
)  # fmt: skip
"""What of the sheet is no limit on a quantity, or is held against its column below."""


@pytest.fixture(scope="module")
def sheet(recordings: Path) -> Mapping[str, Told]:
    document = reference("pmd.json")
    return {NAMED_OTHERWISE.get(told["name"], told["name"]): told for told in document["pmd"]}


def numbers(told: Told) -> Iterator[tuple[str, Decimal]]:
    """Every number of a PMD that stands outside its geometry."""
    for key, value in told.items():
        if key in ("tx", "rx"):
            yield from ((f"{key}.{name}", Decimal(number)) for name, number in value.items() if number is not None)
        elif key not in GEOMETRY and value is not None:
            yield key, Decimal(value)


def known(told: Told, key: str) -> Standing:
    return Standing(told["field_standing"][key]["standing"])


def test_every_pmd_arrived(sheet: Mapping[str, Told], require: Requirements) -> None:
    assert len(sheet) == 59
    assert set(sheet) == set(require.pmds)


def test_every_number_arrived(sheet: Mapping[str, Told], require: Requirements) -> None:
    count = 0
    for name, told in sheet.items():
        limits = require.pmd(name).limits
        for key, number in numbers(told):
            count += 1
            if key in CONDITIONS:
                assert f" {number} dB" in limits[CONDITIONS[key]].note, (name, key)
                continue
            quantity, end = BOUNDS[key]
            assert getattr(limits[quantity], end) == number, (name, key)
    assert count == 708


def test_no_number_was_made_up(sheet: Mapping[str, Told], require: Requirements) -> None:
    for name, told in sheet.items():
        from_sheet = {BOUNDS[key] for key, _ in numbers(told) if key in BOUNDS}
        held = {
            (quantity, end)
            for quantity, limit in require.pmd(name).limits.items()
            for end in ("min", "max")
            if getattr(limit, end) is not None
        }
        assert held == from_sheet, name


def test_a_limit_is_known_as_well_as_the_weakest_of_its_numbers(
    sheet: Mapping[str, Told], require: Requirements
) -> None:
    for name, told in sheet.items():
        weakest: dict[str, Standing] = {}
        for key, _ in numbers(told):
            quantity = CONDITIONS[key] if key in CONDITIONS else BOUNDS[key][0]
            weakest[quantity] = max(weakest.get(quantity, Standing.CITED), known(told, key), key=ORDER.index)
        for quantity, standing in weakest.items():
            assert require.pmd(name).limits[quantity].standing is standing, (name, quantity)


def test_reach_loss_and_wavelengths_arrived(sheet: Mapping[str, Told], require: Requirements) -> None:
    for name, told in sheet.items():
        row = require.pmd(name)
        for key, held in (("reach_m", row.reach), ("channel_insertion_loss_db", row.insertion_loss)):
            said = told[key] if isinstance(told[key], dict) else dict.fromkeys(told["reach_m"], told[key])
            wanted = {fiber: number for fiber, number in said.items() if number is not None}
            assert {fiber: limit.max for fiber, limit in held.items()} == wanted, (name, key)
            assert {limit.standing for limit in held.values()} <= {known(told, key)} if wanted else True, (name, key)
        assert [[band.min, band.max] for band in row.wavelengths] == told["wavelength_nm"], name
        assert all(band.standing is known(told, "wavelength_nm") for band in row.wavelengths), name


def test_geometry_and_watts_arrived(sheet: Mapping[str, Told], require: Requirements) -> None:
    for name, told in sheet.items():
        row: Pmd = require.pmd(name)
        assert (row.rate_gbps, row.media_lanes, row.gbd) == (
            told["rate_gbps"], told["media_lanes"], told["gbd_per_lane"],
        ), name  # fmt: skip
        assert row.fibers_per_direction == told["fibers_per_direction"], name
        assert row.standing is known(told, "clause"), name
        watts = {form: number for form, number in (told["typ_power_w"] or {}).items() if number is not None}
        assert dict(row.typical_watts) == watts, name


def test_the_clause_is_that_of_the_sheet(sheet: Mapping[str, Told], require: Requirements) -> None:
    for name, told in sheet.items():
        if told["clause"].isdigit():
            assert f"clause {told['clause']}" in require.pmd(name).clause, name


def test_what_a_standard_assumes_is_never_more_than_a_draft(sheet: Mapping[str, Told], require: Requirements) -> None:
    assumed: list[Range] = []
    for name, told in sheet.items():
        for key, _ in numbers(told):
            if ".assumed_" in key:
                assumed.append(require.pmd(name).limits[BOUNDS[key][0]])
    assert len(assumed) == 22
    assert {limit.standing for limit in assumed} == {Standing.DRAFT}


def test_codes_are_those_of_sff_8024(recordings: Path, require: Requirements) -> None:
    sheet = reference("sff8024.json")
    kinds = {"MMF": "media_interface_mm", "SMF": "media_interface_sm", "copper": "host_interface_id"}
    for row in require.pmds.values():
        for code in row.host_ids if row.fiber == "copper" else row.media_ids:
            told = sheet[kinds[row.fiber]][f"0x{code:02X}"]
            name = row.name.replace("400G-CR8 (ETC)", "400G CR8").replace("100G-", "100G ")
            assert name in told["name"].replace("100G-", "100G "), (row.name, code)
            lanes = told["lanes"] if row.fiber == "copper" else told["media_lanes"]
            seen = (lanes, told["total_gbps"], told["gbd_per_lane"])
            assert seen == (row.media_lanes, row.rate_gbps, row.gbd), row.name


def test_codes_are_those_of_the_sheet(sheet: Mapping[str, Told], require: Requirements) -> None:
    for name, told in sheet.items():
        row = require.pmd(name)
        if row.links == 1:  # the two in one module go by the code of one
            held = row.host_ids if row.fiber == "copper" else row.media_ids
            assert held == tuple(int(code, 16) for code in told["sff8024_media_ids"]), name
