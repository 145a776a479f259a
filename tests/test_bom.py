"""``plugfest bom``: what a lab takes, and where that differs from its design and its orders."""

from __future__ import annotations

import importlib.util
import json
import time
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from harness.bom import Bill, PartLine, bill_of, ratio
from harness.cli import main
from harness.lab.load import load
from harness.requirements.lookup import Requirements
from harness.testing import requirements

ROOT = Path(__file__).resolve().parent.parent
CONFIGS = ROOT / "lab_configs"


@pytest.fixture(scope="module")
def require() -> Requirements:
    return requirements(CONFIGS / "profiles" / "ai-backend.toml")


@pytest.fixture(scope="module")
def pod() -> ModuleType:
    """bench/pod.py."""
    spec = importlib.util.spec_from_file_location("pod", ROOT / "bench" / "pod.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bill(name: str, require: Requirements) -> Bill:
    return bill_of(load(CONFIGS / name), require.pmds)


@pytest.mark.parametrize("name", ["rack3.yaml", "mixed.yaml"])
def test_the_labs_add_up(name: str, require: Requirements) -> None:
    assert bill(name, require).differences == ()


def test_the_pod_of_the_articles_does_not_add_up(require: Requirements) -> None:
    found = bill("pod1024.yaml", require)
    assert [(line.part, line.needed, line.ordered, line.over) for line in found.parts] == [
        ("DD4-SR8", 1024, 1024, 0),
        ("DD8-DR8", 512, 768, 256),
        ("Q4-SR4", 1024, 0, -1024),
    ]
    assert [(tier.roles, tier.links) for tier in found.tiers] == [(("gpu", "leaf"), 1024), (("leaf", "spine"), 256)]
    assert [(group.role, group.devices, group.linked, group.ports) for group in found.groups] == [
        ("leaf", 32, 1280, 1280),
        ("spine", 8, 256, 512),
        ("gpu", 128, 1024, 1024),
    ]
    assert {leaf.oversubscription for leaf in found.leafs} == {Decimal(2)}
    assert {rack.watts for rack in found.racks if rack.rack.startswith("g")} == {Decimal(81600)}
    assert found.differences == (
        "hosts: 128, the design says 32",
        "oversubscription: 2:1 at the worst leaf, the design says at most 1:1",
        "DD8-DR8: 512 needed, 768 ordered: 256 too many",
        "Q4-SR4: 1,024 needed, 0 ordered: 1,024 too few",
        "gpu to leaf: at 1,024 links the optics light another number of fibers",
        "racks g01 to g16 (16): 81,600 W of 40,000 W",
    )


def test_the_links_of_the_articles_are_what_their_script_writes(pod: ModuleType, tmp_path: Path) -> None:
    pod.write_links(tmp_path / "links.csv", pod.article_links())
    assert (tmp_path / "links.csv").read_bytes() == (CONFIGS / "pod1024-links.csv").read_bytes()


def test_a_rail_pod_adds_up_and_loads_fast(pod: ModuleType, tmp_path: Path, require: Requirements) -> None:
    file = pod.write(tmp_path, 128)
    began = time.perf_counter()
    lab = load(file)
    took = time.perf_counter() - began
    assert sum(len(device.ports) for device in lab.devices.values()) == 4096
    assert (len(lab.links), len(lab.paths)) == (2048, 1024)
    assert bill_of(lab, require.pmds).differences == ()
    rails = {(link.ends[1].rail, int(link.ends[0].device.removeprefix("leaf")) % 8) for link in lab.links[:1024]}
    assert rails == {(rail, (rail + 1) % 8) for rail in range(8)}
    assert took < 10, took  # 0.4 s on an idle machine; the bound only catches what is not linear


def test_spares_are_not_too_many() -> None:
    assert PartLine("X", "optic", "", needed=19, ordered=20, spares=1).over == 0
    assert PartLine("X", "optic", "", needed=19, ordered=18, spares=1).over == -2
    assert PartLine("X", "optic", "", needed=19, ordered=None, spares=0).over is None


def test_an_oversubscription_reads_as_a_ratio() -> None:
    assert [ratio(Decimal(8) / 7), ratio(Decimal(2)), ratio(Decimal(10))] == ["1.14:1", "2:1", "10:1"]


def test_the_command_tells_and_exits_by_the_differences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bom", str(CONFIGS / "mixed.yaml")]) == 0
    assert "mixed: no differences from design and orders" in capsys.readouterr().out
    assert main(["bom", str(CONFIGS / "pod1024.yaml"), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["parts"][1] == {
        "part": "DD8-DR8", "kind": "optic", "pmd": "800GBASE-DR8", "needed": 512, "ordered": 768, "spares": 0,
        "too_many": 256,
    }  # fmt: skip
    assert found["leafs"][0]["oversubscription"] == 2
    assert len(found["differences"]) == 6


def test_a_lab_without_a_file_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bom", "nowhere.yaml"]) == 2
    assert capsys.readouterr().err.startswith("plugfest: nowhere.yaml: cannot be read")
