"""The simulated host of an InfiniBand fabric: the driver gives back what the world holds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness.drivers.answers import parse, record_schema
from harness.drivers.nvidia import DRIVER
from harness.evidence import Answer, Evidence, Origin, Recorder, instant
from harness.lab.load import load
from harness.model import DeviceFacts
from harness.reading import Absence, Missing, Reading, Value
from harness.simlab.__main__ import START
from harness.simlab.systems import linux, nvidia
from harness.simlab.world import SAMPLE_SECONDS, Device, World, healthy
from tests.recordings import REPOSITORY

LAB = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  gpu[1-2]:
    role: gpu
    nic: ConnectX-8
    nos: nvidia
    names: "{{name}}"
    every_port: {{fec: rs}}
    cages:
      0: {{mode: 1x800G, lanes: 4, module: OPT}}
      1: {{mode: 1x400G, lanes: 4, module: OPT}}
links:
  gpu1:{{port}}0--gpu2:{{port}}0: {{fiber: {{type: OS2, length_m: 9, connectors: [MPO-12, MPO-12]}}}}
parts:
  OPT: {{vendor: NORTHWIND, kind: optic, pmd: 400GBASE-DR4, form_factor: OSFP}}
"""


def world_of(folder: Path, prefix: str) -> World:
    file = folder / "lab.yaml"
    file.write_text(LAB.replace("{name}", f"{prefix}{{cage}}").replace("{port}", prefix))
    return healthy(load(file), instant(START))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world_of(tmp_path_factory.mktemp("lab"), "ib")


def told(world: World, device: Device, folder: Path) -> DeviceFacts:
    with Recorder(folder / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        for ask in DRIVER.asks(device.plan):
            assert DRIVER.session(device.plan).permit.allows(ask.text), ask.text
            elapsed = SAMPLE_SECONDS if ask.sample == 2 else 0
            try:
                text, status = nvidia.answer(world, device, ask.text, elapsed), 0
            except linux.Refused as refused:
                text, status = str(refused), 1
            assert text is not None, f"nobody answers {ask.text}"
            recorder.append(Answer(ask, text.encode(), status, world.start + timedelta(seconds=elapsed)))
    return DRIVER.decode(device.plan, Evidence(folder / "evidence"))


def the(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def test_a_healthy_fabric_is_told_as_it_is_and_every_line_is_known(small: World, tmp_path: Path) -> None:
    device = small.devices["gpu1"]
    facts = told(small, device, tmp_path)
    assert facts.unknown == ()
    assert the(facts.software) == device.software
    port = facts.ports["ib0"]
    names = ("speed", "lanes", "oper", "admin", "fec_named", "error_status", "flaps", "auto_negotiation")
    assert [the(getattr(port, name)) for name in names] == [800, 4, "up", "up", "RS(544,514)", "OK", 0, True]
    assert the(facts.ports["ib1"].speed) == 400
    neighbour = the(port.lldp)
    assert (neighbour.device, neighbour.port_names) == ("gpu2", ("mlx5_0",))  # type: ignore[attr-defined]
    assert facts.aliases == {"mlx5_0": "ib0", "mlx5_1": "ib1"}
    assert the(port.histogram) == device.port("ib0").counted(0).bins
    assert len(port.fec_samples) == 2
    assert [the(one.count) for one in port.changes] == [0, 0]
    assert (the(port.protocol), the(facts.adapters["ib0"])) == ("InfiniBand", "ConnectX-8")
    assert the(port.lane_errors) == device.port("ib0").lane_errors(SAMPLE_SECONDS)
    assert [len(one.tx_power) for one in facts.series["ib0"]] == [len(facts.modules["ib0"].tx_power)] * 2
    for gone in (port.pfc_priorities, port.link_pause, port.maps.trust):
        assert isinstance(gone, Missing)
        assert gone.why is Absence.NOT_ADVERTISED
    assert the(facts.modules["ib0"].vendor_name) == "NORTHWIND"


def test_a_link_that_is_down_has_no_speed_and_no_code(small: World, tmp_path: Path) -> None:
    world = world_of(tmp_path, "ib")
    port = world.port("gpu1:ib0")
    port.up, port.fec_runs = False, ""
    seen = told(world, world.devices["gpu1"], tmp_path).ports["ib0"]
    assert (the(seen.oper), the(seen.admin)) == ("down", "up")
    assert all(isinstance(value, Missing) for value in (seen.speed, seen.lanes, seen.fec_named, seen.histogram))
    assert isinstance(seen.lldp, Missing)


def test_ethernet_ports_of_such_a_host_are_told_as_linux_tells_them(tmp_path: Path) -> None:
    world = world_of(tmp_path, "eth")
    facts = told(world, world.devices["gpu1"], tmp_path)
    assert facts.unknown == ()
    assert (the(facts.ports["eth0"].speed), the(facts.ports["eth0"].fec_configured)) == (800, "rs")
    assert the(facts.ports["eth0"].lldp).device == "gpu2"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "command",
    ["ibstat", "ibstatus", "iblinkinfo", "iblinkinfo -l", "mst status -v", "show_gids", "ibdev2netdev"],
)
def test_what_a_host_of_a_fabric_prints_is_read_whole(small: World, command: str) -> None:
    text = nvidia.answer(small, small.devices["gpu1"], command)
    assert text is not None
    parsed = parse("nvidia", command, text)
    assert parsed.records
    assert not parsed.unparsed
    validator = Draft202012Validator(record_schema("nvidia", command))
    assert all(validator.is_valid(record) for record in parsed.records)


def test_what_is_recorded_of_a_host_is_what_the_driver_asks(small: World) -> None:
    device = small.devices["gpu1"]
    asks = list(DRIVER.asks(device.plan))
    assert set(nvidia.commands(device)) == {ask.text for ask in asks if ask.sample == 1}
    assert set(nvidia.twice(device)) == {ask.text for ask in asks if ask.sample == 2}
