"""The buyer's default profile, as checks use it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from harness.errors import NoLimit
from harness.reading import Reading, Source
from harness.requirements.load import load_requirements
from harness.requirements.lookup import Requirements
from harness.units import Unit
from harness.verdict import Outcome, Standing

from .conftest import AS_OF

D = Decimal
SOURCE = Source("leaf1", "line 1")


@pytest.mark.parametrize(("rate", "lowest"), [(100, "3.0"), (400, "4.0"), (800, "5.0"), (1600, "5.0")])
def test_lowest_cmis_revision(require: Requirements, rate: int, lowest: str) -> None:
    assert require.profile.cmis.min_revision(D(rate)).min == D(lowest)


def test_lowest_cmis_revision_below_the_lowest_rate(require: Requirements) -> None:
    with pytest.raises(NoLimit, match="at 25 Gb/s"):
        require.profile.cmis.min_revision(D(25))


def test_telemetry_grows_with_the_rate(require: Requirements) -> None:
    assert "snr_media" not in require.profile.cmis.telemetry_at(D(400))
    assert "snr_media" in require.profile.cmis.telemetry_at(D(800))


def test_case_temperature_is_the_class_less_the_margin(require: Requirements) -> None:
    limit = require.profile.dom.class_temperature
    assert (limit.max, limit.unit) == (D(67), Unit.CELSIUS)
    assert limit.clause == "profile ai-backend, class 70 °C less 3 K"


def test_a_lane_at_minus_30_dbm_is_dark(require: Requirements) -> None:
    for value, outcome in (("-30", Outcome.FAIL), ("-40", Outcome.FAIL), ("-29.9", Outcome.PASS)):
        assert require.profile.dom.dark.judge(Reading(D(value), SOURCE, Unit.DBM)).outcome is outcome


def test_lossless_priorities_are_exactly_those(require: Requirements) -> None:
    for seen, outcome in (({3}, Outcome.PASS), ({3, 4}, Outcome.FAIL), (set(), Outcome.FAIL)):
        reading: Reading[frozenset[int]] = Reading(frozenset(seen), SOURCE)
        assert require.profile.roce.no_drop.judge(reading).outcome is outcome


def test_roce_maps(require: Requirements) -> None:
    roce = require.profile.roce
    assert roce.dscp_to_tc == {26: 3, 48: 6}
    assert (roce.tc_to_pg[3], roce.tc_to_queue[3]) == (3, 3)
    assert roce.mtu_switch.min == 9100
    assert roce.standing is Standing.BUYER


def test_buyers_limits_cite_the_profile(require: Requirements) -> None:
    profile = require.profile
    assert profile.procure.warranty.clause == "profile ai-backend"
    assert profile.procure.warranty.standing is Standing.BUYER
    assert profile.fec.pre_fec_ber.standing is Standing.OPERATOR
    assert profile.fec.pre_fec_ber.max == D("2.4e-5")
    assert profile.fec.uncorrectable.max == 0


APPROVED = """
[[approved]]
platform = "x86_64-nvidia_sn5600-*"
vendor = "ACME"
number = "OSFP-800G-2DR4*"
firmware = ["1.4.2"]
nos = "202405"
evidence = "report 17"
owner = "optics"
expires = 2026-12-31
"""


def test_approved_modules(changed: Callable[..., Path]) -> None:
    require = load_requirements(changed(add=APPROVED), as_of=AS_OF)
    (entry,) = require.approved("x86_64-nvidia_sn5600-r0", "Acme            ", "OSFP-800G-2DR4-B ")
    assert entry.firmware == {"1.4.2"}
    assert require.approved("x86_64-nvidia_sn5600-r0", "ACME", "OSFP-800G-DR8") == ()
    assert require.approved("x86_64-nvidia_sn5610n-r0", "ACME", "OSFP-800G-2DR4") == ()


def test_a_profile_limit_may_govern_some_pmds_alone(changed: Callable[..., Path]) -> None:
    add = '\n[[limit]]\nclause = "order 7"\nquantity = "er"\npmd = ["400GBASE-DR*"]\nmin = 4\nunit = "dB"\n'
    require = load_requirements(changed(add=add), as_of=AS_OF)
    assert [limit.standing for limit in require.limits("er", pmd="400GBASE-DR4").ranges] == [
        Standing.DATASHEET,
        Standing.BUYER,
    ]
    assert len(require.limits("er", pmd="400GBASE-FR4").ranges) == 1
