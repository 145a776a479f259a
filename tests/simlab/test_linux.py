"""The simulated host: the driver gives back what the world holds, and knows every line that the host prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness.drivers import driver
from harness.drivers.answers import parse, record_schema
from harness.drivers.base import soaked
from harness.drivers.linux import DRIVER, decoded, lower_page, quality
from harness.evidence import Answer, Evidence, Origin, Recorder, instant
from harness.lab.load import load
from harness.model import DeviceFacts
from harness.reading import Missing, Reading, Value
from harness.simlab.__main__ import START
from harness.simlab.systems import linux
from harness.simlab.world import SAMPLE_SECONDS, Device, Drift, Nic, World, healthy
from tests.recordings import REPOSITORY

LAB = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  gpu[1-2]:
    role: gpu
    nic: ConnectX-7
    nos: linux
    every_port: {{fec: rs, mtu: 9000, lossless: true}}
    cages:
      0: {{mode: 1x400G, module: OPT}}
      1: {{mode: 1x400G, module: OPT}}
links:
  gpu1:eth0--gpu2:eth0: {{fiber: {{type: OS2, length_m: 9, connectors: [MPO-12, MPO-12]}}}}
parts:
  OPT: {{vendor: NORTHWIND, kind: optic, pmd: 400GBASE-DR4, form_factor: OSFP}}
"""
ASKED_AS_WELL = (
    "mst status -v", "show_gids", "ibdev2netdev", "cma_roce_tos -d mlx5_0", "cma_roce_mode -d mlx5_1 -p 1",
    "dcb -j -s pfc show dev eth0", "dcb -j apptrust show dev eth1", "devlink -j health show", "ethtool -S eth0",
    "ethtool -m eth1",
)  # fmt: skip


RDMA = {
    "version": "v2", "gids": {"v1", "v2"}, "dscp": 26, "ecn_capable": True, "cnp_dscp": 48, "cnp_priority": 6,
    "notifies": {3}, "reacts": {3}, "reordering": True,
    "buffers": {priority: 262_144 if priority == 3 else 19_872 for priority in range(8)},
}  # fmt: skip
"""RDMA as a healthy host is set for it."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> World:
    file = tmp_path_factory.mktemp("lab") / "lab.yaml"
    file.write_text(LAB)
    return healthy(load(file), instant(START))


def told(world: World, device: Device, folder: Path, *, without: tuple[str, ...] = ()) -> DeviceFacts:
    """What the driver makes of all that it asks, but for commands that begin so, which end in an error."""
    with Recorder(folder / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        for ask in DRIVER.asks(device.plan):
            assert DRIVER.session(device.plan).permit.allows(ask.text), ask.text
            elapsed = SAMPLE_SECONDS if ask.sample == 2 or ask.text.startswith("mlxlink") else 0
            text: str | None = "not found\n"
            status = 127
            if not ask.text.startswith(without or "\0"):
                try:
                    text, status = linux.answer(world, device, ask.text, elapsed), 0
                except linux.Refused as refused:
                    text, status = str(refused), 1
            assert text is not None, f"nobody answers {ask.text}"
            recorder.append(Answer(ask, text.encode(), status, world.start + timedelta(seconds=elapsed)))
    return DRIVER.decode(device.plan, Evidence(folder / "evidence"))


def the(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def test_a_healthy_host_is_told_as_it_is_and_every_line_is_known(small: World, tmp_path: Path) -> None:
    device = small.devices["gpu1"]
    facts = told(small, device, tmp_path)
    assert facts.unknown == ()
    assert the(facts.software) == f"{device.software} (SIM0000000001)"
    port, held = facts.ports["eth0"], device.port("eth0")
    assert {
        name: the(getattr(port, name))
        for name in ("speed", "lanes", "oper", "admin", "mtu", "fec_configured", "fec_operational", "fec_named",
                     "pfc_priorities", "link_pause", "error_status", "flaps", "auto_negotiation")
    } == {
        "speed": 400, "lanes": 4, "oper": "up", "admin": "up", "mtu": 9000, "fec_configured": "rs",
        "fec_operational": "rs", "fec_named": "RS(544,514)", "pfc_priorities": {3}, "link_pause": False,
        "error_status": "OK", "flaps": held.flaps * 2 + 1, "auto_negotiation": False,
    }  # fmt: skip
    assert the(port.maps.trust) == "dscp"
    assert the(port.maps.dscp_to_tc) == {dscp: dscp // 8 for dscp in range(64)}
    assert (the(port.queues[3].scheduler), the(port.queues[6].scheduler)) == ("dwrr", "strict")
    assert the(port.queues[3].weight) == 50
    lldp = the(port.lldp)
    assert (lldp.device, lldp.port_names[-1]) == ("gpu2", "eth0")  # type: ignore[attr-defined]
    for sample, elapsed in zip(port.fec_samples, (0, SAMPLE_SECONDS), strict=True):
        assert the(sample.corrected) == held.counted(elapsed).corrected
    assert [the(one.received) for one in port.pauses] == [dict.fromkeys(range(8), 0)] * 2
    assert [the(one.count) for one in port.changes] == [held.flaps * 2 + 1] * 2
    assert the(port.lane_errors) == held.lane_errors(SAMPLE_SECONDS)
    assert the(port.protocol) == "Ethernet"
    assert the(facts.adapters["eth0"]) == "ConnectX-7"
    assert the(facts.monitor_age["eth0"]) == 0
    assert [the(one.temperature) for one in facts.series["eth0"]] != []
    assert {name: the(getattr(port.rdma, name)) for name in RDMA} == RDMA
    assert not any(the(flag.raised) for flag in the(port.flags))  # type: ignore[attr-defined]
    assert the(facts.modules["eth0"].vendor_name) == "NORTHWIND"


def test_without_tools_of_nvidia_the_kernels_own_tell_the_same(small: World, tmp_path: Path) -> None:
    device = small.devices["gpu1"]
    port = told(small, device, tmp_path, without=("mlnx_qos", "mlxlink")).ports["eth0"]
    assert the(port.pfc_priorities) == {3}
    assert the(port.maps.trust) == "dscp"
    assert the(port.maps.dscp_to_tc) == {dscp: dscp // 8 for dscp in range(64)}
    assert the(port.maps.tc_to_queue) == {priority: priority for priority in range(8)}
    assert (the(port.queues[6].scheduler), the(port.queues[0].weight)) == ("strict", 50)
    assert (the(port.lanes), the(port.error_status)) == (4, "OK")


def test_a_module_whose_pages_nobody_can_read_is_told_in_words(small: World, tmp_path: Path) -> None:
    device = small.devices["gpu1"]
    hex_dumps = tuple(f"{decoded(name)} hex" for name in ("eth0", "eth1"))
    seen = told(small, device, tmp_path, without=hex_dumps).modules["eth0"]
    held = device.port("eth0").module
    assert held is not None
    assert (the(seen.vendor_sn), the(seen.revision)) == (held.serial, held.revision)
    assert the(seen.vcc) == held.volts
    assert abs(Decimal(str(the(seen.tx_power[0]))) - held.lanes[0].tx) < Decimal("0.01")
    assert isinstance(seen.text_faults["vendor_name"], Missing)


@pytest.mark.parametrize("command", ASKED_AS_WELL)
def test_what_a_host_prints_is_read_whole(small: World, command: str) -> None:
    text = linux.answer(small, small.devices["gpu1"], command)
    assert text is not None
    parsed = parse("linux", command, text)
    assert not parsed.unparsed
    validator = Draft202012Validator(record_schema("linux", command))
    assert all(validator.is_valid(record) for record in parsed.records)
    assert parsed.records


def test_a_port_that_a_host_does_not_have_is_refused(small: World) -> None:
    for command in (quality("eth9"), lower_page("eth9"), "cma_roce_tos -d mlx5_9"):
        with pytest.raises(linux.Refused, match="No such device"):
            linux.answer(small, small.devices["gpu1"], command)


def test_what_is_set_and_counted_otherwise_is_told(small: World, tmp_path: Path) -> None:
    world = healthy(small.lab, small.start)
    device = world.devices["gpu1"]
    device.adapter = "ConnectX-6"
    device.maps["AZURE"][26] = 1
    port = device.port("eth1")
    port.trust, port.link_pause, port.link_layer = "pcp", True, "InfiniBand"
    port.nic = Nic(46, 5, np=False, rp=False, gid="v1", buffer=1000, out_of_order=False)
    port.drops[3], port.pauses["rx", 3], port.pauses["tx", 0] = (5, 230), (10, 70), (0, 2)
    port.flaps, port.flapped, port.lane_weights = 3, [300] * 4, {2: Decimal(50)}
    facts = told(world, device, tmp_path)
    seen = facts.ports["eth1"]
    assert facts.unknown == ()
    assert the(facts.adapters["eth1"]) == "ConnectX-6"
    assert (the(seen.maps.trust), the(seen.link_pause), the(seen.protocol)) == ("pcp", True, "InfiniBand")
    assert the(seen.maps.dscp_to_tc)[26] == 1  # type: ignore[index]
    assert {name: the(getattr(seen.rdma, name)) for name in RDMA} == {
        "version": "v1", "gids": {"v1"}, "dscp": 26, "ecn_capable": True, "cnp_dscp": 46, "cnp_priority": 5,
        "notifies": frozenset(), "reacts": frozenset(), "reordering": False,
        "buffers": {priority: 1000 if priority == 3 else 19_872 for priority in range(8)},
    }  # fmt: skip
    assert the(seen.queues[3].dropped) == 230
    assert [the(one.received)[3] for one in seen.pauses] == [10, 70]  # type: ignore[index]
    assert [the(one.sent)[0] for one in seen.pauses] == [0, 2]  # type: ignore[index]
    assert [the(one.count) for one in seen.changes] == [7, 15]
    errors = the(seen.lane_errors)
    assert errors[2] > 40 * errors[1]  # type: ignore[index]


def test_without_tools_of_nvidia_rdma_is_not_told(small: World, tmp_path: Path) -> None:
    files = ("grep -H . /sys/class/net/*/ecn", "grep -H . /sys/class/infiniband")
    gone = ("mlnx_qos", "mlxlink", "mlxreg", "cma_roce", "show_gids", *files)
    facts = told(small, small.devices["gpu1"], tmp_path, without=gone)
    port = facts.ports["eth0"]
    assert all(isinstance(getattr(port.rdma, name), Missing) for name in RDMA)
    assert isinstance(port.protocol, Missing) and isinstance(facts.adapters["eth0"], Missing)
    assert the(port.lane_errors) == small.devices["gpu1"].port("eth0").lane_errors(SAMPLE_SECONDS)


def test_the_samples_of_a_soak_are_told_one_by_one(small: World, tmp_path: Path) -> None:
    world = healthy(small.lab, small.start)
    device = world.devices["gpu1"]
    port, module = device.port("eth0"), device.port("eth0").module
    assert module is not None
    port.drifts.append(Drift("ber", Decimal(1), None, 0, 7200))
    module.drifts.append(Drift("tx", Decimal("-1.5"), 2, 0, 7200))
    with Recorder(tmp_path / "soak", origin=Origin.SIMULATED, made_by="test") as recorder:
        for n in range(1, 5):
            for ask in soaked(driver(device.plan.nos), device.plan):
                elapsed = 1800 * (n - 1)
                assert ask.text in {*linux.twice(device), *linux.soaked(device)}
                if "eth1" in ask.text or "mlx5_1" in ask.text:
                    continue
                text = linux.answer(world, device, ask.text, elapsed)
                assert text is not None
                at = world.start + timedelta(seconds=elapsed)
                recorder.append(Answer(replace(ask, sample=n), text.encode(), 0, at))
    facts = DRIVER.decode(device.plan, Evidence(tmp_path / "soak"))
    seen = facts.ports["eth0"]
    assert [len(one) for one in (seen.fec_samples, seen.changes, seen.pauses, facts.series["eth0"])] == [4] * 4
    ratios = [the(sample.pre_fec_ber) for sample in seen.fec_samples]
    assert ratios == sorted(ratios) and ratios[-1] > 4 * ratios[0]  # type: ignore[operator, type-var]
    powers = [the(sample.tx_power[1]) for sample in facts.series["eth0"]]
    assert powers[-1] < powers[0] - 1  # type: ignore[operator]
