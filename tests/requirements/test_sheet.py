"""The tables against the sheet of ASICs, adapters, hosts and platforms that they were made from: every fact arrived."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.requirements.lookup import Requirements
from harness.requirements.rows import Platform
from harness.verdict import Standing

from .conftest import reference

Sheet = Mapping[str, Any]

ASICS = {
    "Tomahawk 4": ("Tomahawk 4", "Tomahawk 4, 100G a lane"),
    "Tomahawk 6": ("Tomahawk 6", "Tomahawk 6, 200G a lane"),
    "Jericho 2 / 2c+": ("Jericho 2", "Jericho 2c+"),
    "Intel Tofino 2": ("Tofino 2",),
}
"""ASICs of the sheet that are other rows of the table, or several."""

NICS = {
    "ConnectX-6 / 6 Dx": ("ConnectX-6", "ConnectX-6 Dx"),
    "ConnectX-8 SuperNIC": ("ConnectX-8",),
    "BCM57508 Thor": ("Thor",),
    "BCM57608 Thor2": ("Thor 2",),
    "AMD Pollara 400": ("Pollara 400",),
    "Intel E810 / E830": ("E810", "E830"),
    "Intel Gaudi 2/3 (built in)": ("Gaudi 2", "Gaudi 3"),
}

HOSTS = {
    "DGX/HGX H100/H200": ("DGX H100", "HGX H100", "DGX H200", "HGX H200"),
    "HGX A100": ("HGX A100",),
    "DGX B200/B300": ("DGX B200", "DGX B300"),
    "GB200/GB300 NVL72": ("GB200 NVL72", "GB300 NVL72"),
    "AMD MI300X 8-GPU": ("MI300X",),
}


@pytest.fixture(scope="module")
def sheet(recordings: Path) -> Sheet:
    found: Sheet = reference("asic_hosts.json")
    return found


def words(text: str) -> set[str]:
    return set(re.findall(r"[A-Z0-9][A-Za-z0-9]*", text))


def test_the_sheet_is_the_one_that_was_read(sheet: Sheet) -> None:
    counts = [len(sheet[key]) for key in ("asics", "nics", "host_systems", "sonic_platforms")]
    assert counts == [25, 10, 5, 85]


def test_every_asic_arrived(sheet: Sheet, require: Requirements) -> None:
    for told in sheet["asics"]:
        rows = [require.asic(name) for name in ASICS.get(told["name"], (told["name"],))]
        for row in rows:
            assert row.tbps == told["switch_tbps"], row.name
            assert row.modulation == told["modulation"], row.name
        assert any(row.serdes_gbps == told["serdes_gbps"] for row in rows), told["name"]
        assert any(row.serdes_lanes == (told["serdes_lanes"] or 0) for row in rows), told["name"]
        checked = not told["part"].startswith("(")
        assert not checked or words(told["part"]) & words(" ".join(row.part for row in rows)), told["name"]
        modes = {"1x1600G" if mode.startswith("1x1.6T") else mode.split(" ")[0] for mode in told["port_modes"]}
        assert modes <= {mode for row in rows for mode in row.modes}, told["name"]
        assert {cage.split(" ")[0] for cage in told["cages"]} <= {cage for row in rows for cage in row.cages}, told[
            "name"
        ]
        codes = {code.split(" 50G")[0] for code in told["fec"]}
        assert codes == {code for row in rows for code in row.fec}, told["name"]
        bandwidths = set(re.findall(r"[0-9]+x(?:[0-9.]+[GT]|NDR|XDR)", told["max_ports"].replace("x NDR", "xNDR")))
        said = {one.replace("1.6T", "1600G") for one in bandwidths} - {"2x400G"}  # of each of 64 cages
        assert said <= {one for row in rows for one in row.max_ports}, told["name"]


@pytest.mark.parametrize(
    ("asic", "linear"),
    [
        ("Tomahawk 3", "no"), ("Tomahawk 4, 100G a lane", "some"), ("Tomahawk 5", "yes"), ("Tomahawk 6", "yes"),
        ("Spectrum-4", "some"), ("Spectrum-5", "unknown"), ("Silicon One G200", "yes"), ("Silicon One P200", "unknown"),
    ],
)  # fmt: skip
def test_what_takes_linear_optics(asic: str, linear: str, require: Requirements) -> None:
    assert require.asic(asic).linear == linear


def test_linear_standing_is_that_of_the_sheet(sheet: Sheet, require: Requirements) -> None:
    meant = {"no": {"no"}, "yes": {"yes"}, "limited": {"some", "no"}, "vendor-listed": {"some"}, "CPO": {"unknown"}}
    for told in sheet["asics"]:
        rows = [require.asic(name) for name in ASICS.get(told["name"], (told["name"],))]
        word = told["lpo"].split(" ")[0]
        allowed = meant.get(word, {"unknown"})
        assert {row.linear for row in rows} <= allowed | {"unknown"}, told["name"]


def test_every_buffer_arrived(sheet: Sheet, require: Requirements) -> None:
    units = {"MiB": 1 << 20, "MB": 10**6, "GiB": 1 << 30}
    for told in sheet["asics"]:
        rows = [require.asic(name) for name in ASICS.get(told["name"], (told["name"],))]
        held = [one for row in rows for one in (row.buffer, row.memory) if one is not None]
        for size, unit in re.findall(r"([0-9]+) (MiB|MB|GiB)", told["buffer"]):
            wanted = int(size) * units[unit]
            assert any(abs(one.bytes - wanted) <= wanted // 50 for one in held), (told["name"], size, unit)
        for one in held:
            from_code = "fboss" in told["buffer"] and "verify" not in told["buffer"]
            assert (one.standing is Standing.DATASHEET) == from_code, told["name"]


def test_every_adapter_arrived(sheet: Sheet, require: Requirements) -> None:
    for told in sheet["nics"]:
        rows = [require.nic(name) for name in NICS.get(told["name"], (told["name"],))]
        vendors = {row.vendor for row in rows}
        assert vendors == {told["vendor"].split("/")[0]}, told["name"]
        if not told["name"].startswith("Intel"):  # a row is of one port, the sheet of a whole card
            assert all(row.max_gbps == told["max_gbps"] for row in rows), told["name"]
        cages = {re.sub(r"^2x | \(.*\)$", "", cage) for text in told["cage"] for cage in text.split("/")}
        held = {cage.removesuffix("-RHS") for row in rows for cage in row.cages}
        assert {cage.removesuffix("-RHS") for cage in cages} <= held, told["name"]
        codes = {"RS(272,257)" if code == "LLRS" else code for code in told["fec"]}
        assert codes == {code for row in rows for code in row.fec}, told["name"]
        generations = {row.pcie.split(" ")[0].removeprefix("Gen") for row in rows}
        assert generations == set(re.findall(r"[0-9]", told["pcie"].split(" ")[0])), told["name"]
        fastest = max(map(Decimal, re.findall(r"([0-9]+)G ", told["serdes"].replace("/", "G /"))))
        assert max(row.serdes_gbps for row in rows) == fastest, told["name"]


def test_every_host_arrived(sheet: Sheet, require: Requirements) -> None:
    for told in sheet["host_systems"]:
        rows = [require.host_system(name) for name in HOSTS[told["name"]]]
        for row in rows:
            assert (row.gpus, row.max_watts) == (told["gpus"], told["max_kw"] * 1000), row.name
            count = int(told["nic"].split("x")[0])
            assert set(row.nics.values()) == {count}, row.name
        rates = {Decimal(rate) for rate in re.findall(r"([0-9]+)G", told["nic"])}
        assert {row.nic_gbps for row in rows} == rates, told["name"]


def test_every_platform_arrived(sheet: Sheet, require: Requirements) -> None:
    for told in sheet["sonic_platforms"]:
        row = require.platform(told["platform"])
        assert (row.tree, row.driver) == (told["vendor_dir"], told["sonic_asic"])
        assert row.ports == told["ports_in_platform_json"]
        assert row.hwskus == tuple(told["hwskus"])
        assert row.modes == tuple(told["breakout_modes"])
        chips = re.findall(r"BCM[0-9]+", told["asic_basis"])
        assert row.chips == tuple(dict.fromkeys(chips))
        told_asic = told["asic"].split(" (")[0].split("/")[0]
        assert row.asic.startswith(told_asic) or told_asic in row.asic, row.name
    listed = {told["platform"] for told in sheet["sonic_platforms"]}
    assert {name for name in require.platforms if name.startswith("x86_64")} <= listed


def test_cages_of_a_platform_are_of_one_group_each(require: Requirements) -> None:
    for row in require.platforms.values():
        for group in row.groups:
            assert group.lanes >= 1
            assert group.lane_gbps > 0
            assert group.clause


@pytest.mark.parametrize(
    ("platform", "cage", "lanes", "lane_gbps", "mode", "form", "standing"),
    [
        ("x86_64-nvidia_sn5600-r0", "1", 8, 100, "4x200G", "", Standing.DATASHEET),
        ("x86_64-nvidia_sn5600-r0", "65", 1, 25, "1x25G", "SFP28", Standing.DATASHEET),
        ("x86_64-nokia_ixr7220_h6_64-r0", "64", 8, 200, "1x1600G", "", Standing.DATASHEET),
        ("x86_64-micas_m2-w6940-128qc-r0", "0", 4, 100, "2x200G", "", Standing.DATASHEET),
        ("DCS-7060X6-64PE", "64", 8, 100, "2x400G", "", Standing.RECALLED),
        ("DCS-7060X6-64PE", "66", 1, 10, "1x10G", "SFP+", Standing.RECALLED),
        ("N9364E-SG2-O", "1", 8, 100, "8x100G", "", Standing.RECALLED),
        ("QFX5240-64OD", "0", 8, 100, "8x100G", "", Standing.RECALLED),
        ("8111-32EH", "31", 8, 100, "2x400G", "", Standing.RECALLED),
    ],
)
def test_cages_that_a_source_tells_apart(
    platform: str,
    cage: str,
    lanes: int,
    lane_gbps: int,
    mode: str,
    form: str,
    standing: Standing,
    require: Requirements,
) -> None:
    group = require.platform(platform).group(cage)
    assert group is not None
    assert (group.lanes, group.lane_gbps, group.form_factor, group.standing) == (
        lanes,
        Decimal(lane_gbps),
        form,
        standing,
    )
    assert mode in group.offers.allowed


def test_supplies_and_airflow_stand_where_a_source_has_them(require: Requirements) -> None:
    arista = require.platform("DCS-7060X6-64PE")
    assert (arista.supplies, arista.supply_watts, arista.supply_standing) == (2, Decimal(2400), Standing.DATASHEET)
    assert arista.airflow.startswith("front to rear")
    assert require.platform("QFX5240-64OD").supply_watts == 3000
    without: Platform = require.platform("x86_64-nvidia_sn5600-r0")
    assert (without.supplies, without.supply_watts, without.airflow) == (0, None, "")
