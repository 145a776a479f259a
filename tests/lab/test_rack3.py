"""The labs in lab_configs: what others count on."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from harness.lab import fibertests
from harness.lab.fibertests import load_fiber_tests
from harness.lab.inventory import Lab
from harness.lab.load import bill_of_materials, load

CONFIGS = Path(__file__).resolve().parents[2] / "lab_configs"


@pytest.fixture(scope="module")
def rack3() -> Lab:
    return load(CONFIGS / "rack3.yaml")


SPARE = {"leaf1:Ethernet504", "leaf1:Ethernet508"}


def test_rack3_has_60_links_and_122_ports(rack3: Lab) -> None:
    ports = {name: len(device.ports) for name, device in rack3.devices.items()}
    assert ports == {"leaf1": 32, "leaf2": 30, "spine1": 28, "gpu1": 8, "gpu2": 8, "gpu3": 8, "gpu4": 8}
    assert len(rack3.links) == 60


def test_every_port_of_rack3_is_on_one_link_but_the_spare_ones(rack3: Lab) -> None:
    ends = Counter(str(end) for link in rack3.links for end in link.ends)
    ports = [port for device in rack3.devices.values() for port in device.ports]
    assert ends == Counter(str(port) for port in ports if port.up)
    assert {str(port) for port in ports if not port.up} == SPARE


def test_linear_optics_face_each_other(rack3: Lab) -> None:
    modules = {str(p): cage.module for d in rack3.devices.values() for cage in d.cages for p in cage.ports}
    kinds = [[module.kind for end in link.ends if (module := modules[str(end)])] for link in rack3.links]
    assert [pair for pair in kinds if "linear" in pair] == [["linear", "linear"]] * 2


@pytest.mark.parametrize("name", ["rack3.yaml", "mixed.yaml"])
def test_what_stands_beside_a_lab_is_of_its_links(name: str) -> None:
    lab = load(CONFIGS / name)
    links = {str(link): link for link in lab.links}
    fibers = {name for name, link in links.items() if link.fiber is not None}
    tests = load_fiber_tests(lab.fiber_tests)
    for tester in (fibertests.Tester.OLTS, fibertests.Tester.OTDR):
        assert [test.link for test in tests if test.tester is tester] == [name for name in links if name in fibers]
    inspected = {(test.link, test.end) for test in tests if test.tester is fibertests.Tester.END_FACE}
    assert inspected == {(name, str(end)) for name in fibers for end in links[name].ends}
    assert [f"{row.a}--{row.b}" for row in lab.cabling] == list(links)
    labels = {f"{row.a}--{row.b}": row.label for row in lab.cabling}
    assert all(link.fiber.label == labels[str(link)] for link in lab.links if link.fiber is not None)


@pytest.mark.parametrize("name", ["rack3.yaml", "mixed.yaml"])
def test_every_nic_port_is_on_the_rail_of_its_cage(name: str) -> None:
    lab = load(CONFIGS / name)
    for device in lab.devices.values():
        rails = [port.rail for port in device.ports]
        assert rails == ([int(port.cage) for port in device.ports] if device.kind == "host" else [None] * len(rails))


@pytest.mark.parametrize("name", ["rack3.yaml", "mixed.yaml"])
def test_every_part_has_a_record(name: str) -> None:
    for part in load(CONFIGS / name).parts.values():
        assert part.warranty_years
        assert [document.name for document in part.documents] == ["RoHS", "Telcordia GR-468"]
        assert [source.number for source in part.sources] == [part.second_source]
        assert all(source.vendor != part.vendor for source in part.sources)
        assert "vendors.yaml" in part.at.where


def test_rails_0_to_3_go_to_leaf1_and_4_to_7_to_leaf2(rack3: Lab) -> None:
    rails = {(link.ends[1].name, link.ends[0].device) for link in rack3.links if link.ends[1].device.startswith("gpu")}
    assert rails == {(f"eth{rail}", "leaf1" if rail < 4 else "leaf2") for rail in range(8)}


def test_both_ends_of_every_rack3_link_agree(rack3: Lab) -> None:
    modules = {str(p): cage.module for d in rack3.devices.values() for cage in d.cages for p in cage.ports}
    same = {"800G-2xDR4": "400GBASE-DR4", "800GBASE-VR8": "400GBASE-VR4"}
    for link in rack3.links:
        near, far = link.ends
        left, right = modules[str(near)], modules[str(far)]
        assert left is not None
        assert right is not None
        assert (near.speed_gbps, near.fec, near.lossless) == (far.speed_gbps, far.fec, far.lossless)
        assert right.pmd in (left.pmd, same.get(left.pmd))


def test_rack3_is_inside_its_budgets(rack3: Lab) -> None:
    worst = {"OSFP": Decimal(16), "QSFP112": Decimal(10), "OSFP-RHS": Decimal(10)}
    total = Decimal(0)
    for device in rack3.devices.values():
        modules = sum((worst[cage.module.form_factor] for cage in device.cages if cage.module), Decimal(0))
        assert all(cage.watts and cage.module and worst[cage.module.form_factor] < cage.watts for cage in device.cages)
        if device.kind == "switch":
            assert device.asic_watts and device.fan_watts and device.supplies and device.supply_watts
            drawn = device.asic_watts + device.fan_watts + modules
            assert drawn < device.supply_watts * (device.supplies - 1) * Decimal("0.9")
            total += drawn
        else:
            assert device.watts
            total += device.watts + modules
    (rack,) = rack3.racks
    usable = rack.budget_watts * Decimal("0.8")  # as the profile derates it
    spare = 1 - total * rack.overhead / usable
    assert Decimal("0.08") < spare < Decimal("0.15")


def test_rack3_fiber_is_within_its_channel(rack3: Lab) -> None:
    budget = {("OM4", "MPO-12"): Decimal("1.7"), ("OS2", "MPO-12"): Decimal("3.0"), ("OS2", "LC"): Decimal("4.0")}
    reach = {("OM4", "MPO-12"): 50, ("OS2", "MPO-12"): 500, ("OS2", "LC"): 2000}
    for link in rack3.links:
        if link.fiber is None:
            assert link.cable_m in (Decimal(2), Decimal(3))
            continue
        kind = (link.fiber.type, link.fiber.connectors[0])
        assert link.fiber.loss_db is not None
        assert link.fiber.loss_uncertainty_db is not None
        assert link.fiber.loss_db + link.fiber.loss_uncertainty_db < budget[kind]
        assert link.fiber.length_m is not None
        assert link.fiber.length_m < reach[kind]


@pytest.mark.parametrize("name", ["rack3.yaml", "mixed.yaml"])
def test_what_cages_take_is_ordered_and_two_in_a_hundred_to_spare(name: str) -> None:
    lab = load(CONFIGS / name)
    for key, needed in bill_of_materials(lab).items():
        part = lab.parts[key]
        assert part.spares == math.ceil(needed * 0.02)
        assert part.quantity == needed + part.spares


def test_rack3_paths_pass_every_port(rack3: Lab) -> None:
    passed = {str(hop) for path in rack3.paths for hop in path.hops}
    assert passed == {str(port) for device in rack3.devices.values() for port in device.ports} - SPARE
    assert len(rack3.paths) == 32 + 14


def test_rack3_waives_nothing_and_names_its_files(rack3: Lab) -> None:
    assert rack3.waivers == ()
    assert [file.name for file in rack3.files] == ["rack3.yaml", "rack3-links.csv", "vendors.yaml", "cabling.csv"]


def test_rack3_faulty_is_rack3_with_other_evidence(rack3: Lab) -> None:
    faulty = load(CONFIGS / "rack3-faulty.yaml")
    assert faulty.evidence != rack3.evidence
    assert faulty.devices.keys() == rack3.devices.keys()
    assert [str(link) for link in faulty.links] == [str(link) for link in rack3.links]


def test_desk_has_platforms_and_no_ports() -> None:
    desk = load(CONFIGS / "desk.yaml")
    assert not any(device.ports for device in desk.devices.values())
    assert {device.platform or device.nic for device in desk.devices.values()} >= {
        "x86_64-nvidia_sn5600-r0", "x86_64-arista_7060x6_64pe", "x86_64-arista_7060dx5_64s",
        "x86_64-cel_silverstone-r0", "x86_64-mlnx_msn4700-r0", "ConnectX-7", "BlueField-3",
    }  # fmt: skip
