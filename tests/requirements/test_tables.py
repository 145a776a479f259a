"""The built-in tables: every row has what a row needs, and rows say what the documents say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from harness.limit import Range
from harness.requirements.load import limit_files
from harness.requirements.lookup import Requirements
from harness.requirements.rows import QUANTITIES, Pmd
from harness.units import Unit
from harness.verdict import Standing

D = Decimal


@pytest.mark.parametrize("file", limit_files(), ids=lambda file: file.stem)
def test_every_row_cites_a_clause(file: Path) -> None:
    tree = tomllib.loads(file.read_text(encoding="utf-8"))
    assert tree.pop("table") == file.stem
    assert tree
    for name, row in tree.items():
        assert row["clause"].strip(), name


def every_limit(row: Pmd) -> Iterator[Range]:
    yield from row.limits.values()
    yield from row.reach.values()
    yield from row.insertion_loss.values()
    yield from row.wavelengths


def test_every_limit_of_a_pmd_has_a_bound_a_clause_and_a_standing_of_its_own(require: Requirements) -> None:
    for row in require.pmds.values():
        for limit in every_limit(row):
            assert limit.min is not None or limit.max is not None
            assert limit.clause == row.clause
            assert limit.standing not in (Standing.STRUCTURAL, Standing.BUYER)


def test_every_pmd_has_its_rows(require: Requirements) -> None:
    assert len(require.pmds) == 59
    for row in require.pmds.values():
        assert row.reach, row.name
        assert row.name == "800GBASE-LR1" or "pre_fec_ber" in row.limits, row.name
        assert (row.fiber == "copper") == (not row.connectors), row.name
        assert (row.fiber == "copper") == (not row.wavelengths), row.name
        assert set(row.limits) <= set(QUANTITIES)


@pytest.mark.parametrize(
    ("pmd", "quantity", "low", "high", "unit", "standing"),
    [
        ("400GBASE-DR4", "tdecq", None, "3.4", Unit.DB, Standing.DATASHEET),
        ("400GBASE-DR4", "tx_power_lane", "-2.9", "4.0", Unit.DBM, Standing.DATASHEET),
        ("400GBASE-DR4", "tx_oma", "-0.8", "4.2", Unit.DBM, Standing.DATASHEET),
        ("400GBASE-DR4", "rx_power_lane", "-5.9", "4.0", Unit.DBM, Standing.DATASHEET),
        ("400GBASE-DR4", "er", "3.5", None, Unit.DB, Standing.DATASHEET),
        ("400GBASE-DR4", "pre_fec_ber", None, "0.00024", Unit.NONE, Standing.RECALLED),
        ("400GBASE-FR4", "tx_power_lane", "-3.3", "3.5", Unit.DBM, Standing.DATASHEET),
        ("400GBASE-FR4", "rx_damage", None, "4.5", Unit.DBM, Standing.DATASHEET),
        ("400GBASE-VR4", "tdecq", None, "4.4", Unit.DB, Standing.RECALLED),
        ("400GBASE-SR4", "tx_power_lane", "-4.6", "4", Unit.DBM, Standing.DATASHEET),
        ("400GBASE-SR8", "tdecq", None, "4.5", Unit.DB, Standing.RECALLED),
        ("400G-LR4-10", "tdecq", None, "3.9", Unit.DB, Standing.DATASHEET),
        ("100GBASE-FR1", "tecq", None, "3.4", Unit.DB, Standing.RECALLED),
        ("800GBASE-DR8", "tdecq", None, "3.4", Unit.DB, Standing.DATASHEET),
        ("800GBASE-DR4", "tdecq", None, "3.4", Unit.DB, Standing.DRAFT),
        ("800GBASE-DR4-2", "pre_fec_ber", None, "0.0048", Unit.NONE, Standing.DRAFT),
        ("100GBASE-SR4", "pre_fec_ber", None, "0.00005", Unit.NONE, Standing.RECALLED),
        ("400GBASE-CR4", "pre_fec_ber", None, "0.0001", Unit.NONE, Standing.RECALLED),
    ],
    ids=lambda value: str(value),
)
def test_limits_of_pmds(
    require: Requirements, pmd: str, quantity: str, low: str | None, high: str | None, unit: Unit, standing: Standing
) -> None:
    limit = require.pmd(pmd).limits[quantity]
    assert limit.min == (None if low is None else D(low))
    assert limit.max == (None if high is None else D(high))
    assert (limit.unit, limit.standing) == (unit, standing)


@pytest.mark.parametrize(
    ("pmd", "fiber", "reach", "loss"),
    [
        ("400GBASE-DR4", "OS2", "500", "3.0"),
        ("400GBASE-FR4", "OS2", "2000", "4.0"),
        ("400G-LR4-10", "OS2", "10000", "6.3"),
        ("400GBASE-VR4", "OM4", "50", "1.7"),
        ("400GBASE-VR4", "OM3", "30", "1.6"),
        ("400GBASE-SR8", "OM3", "70", "1.8"),
        ("400GBASE-SR4.2", "OM5", "150", "2.0"),
        ("400GBASE-CR4", "Cu", "2", "19.75"),
        ("100GBASE-CR4", "Cu", "5", "22.48"),
    ],
)
def test_reach_and_loss_of_pmds(require: Requirements, pmd: str, fiber: str, reach: str, loss: str) -> None:
    assert require.reach(pmd, fiber).max == D(reach)
    assert require.reach(pmd, fiber).unit is Unit.METRE
    assert require.insertion_loss(pmd, fiber).max == D(loss)
    assert require.insertion_loss(pmd, fiber).unit is Unit.DB


def test_the_lowest_receive_power_is_the_lowest_transmit_power_less_the_channel(require: Requirements) -> None:
    told = 0
    for row in require.pmds.values():
        tx, rx = row.limits.get("tx_power_lane"), row.limits.get("rx_power_lane")
        if tx is None or rx is None or not row.insertion_loss:
            continue
        assert tx.min is not None
        assert rx.min is not None
        loss = max(limit.max for limit in row.insertion_loss.values() if limit.max is not None)
        assert rx.min == tx.min - loss, row.name
        told += 1
    assert told >= 30


def test_the_rate_is_what_the_media_lanes_carry(require: Requirements) -> None:
    for row in require.pmds.values():
        if row.gbd is None:
            continue
        line = row.gbd * (2 if row.modulation == "PAM4" else 1) * row.media_lanes
        assert 1 < line / row.rate_gbps < D("1.15"), row.name


def test_halves_have_the_limits_of_the_whole(require: Requirements) -> None:
    for name, half in (("800G-2xDR4", "400GBASE-DR4"), ("800G-2xFR4", "400GBASE-FR4"), ("800G-2xLR4", "400G-LR4-10")):
        whole, part = require.pmd(name), require.pmd(half)
        assert (whole.per_link, whole.links) == (half, 2)
        assert whole.media_lanes == 2 * part.media_lanes
        for quantity in ("tdecq", "tx_power_lane", "rx_power_lane"):
            assert whole.limits[quantity].min == part.limits[quantity].min
            assert whole.limits[quantity].max == part.limits[quantity].max


def test_what_was_read_in_one_place_is_not_called_cited(require: Requirements) -> None:
    cited = {
        row.name for row in require.pmds.values() if any(limit.standing is Standing.CITED for limit in every_limit(row))
    }
    assert cited == {"400GBASE-LR8"}
    drafts = {row.name for row in require.pmds.values() if "draft" in row.clause}
    for name in drafts:
        assert {limit.standing for limit in every_limit(require.pmd(name))} == {Standing.DRAFT}, name
    assert len(drafts) == 15
