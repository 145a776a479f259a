"""The simulated switch with Cumulus Linux 5: the driver gives back what the world holds, and knows every line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from harness.drivers.cumulus import DRIVER as OLD
from harness.drivers.nvue import DRIVER
from harness.evidence import Answer, Evidence, Origin, Recorder, instant
from harness.lab.load import load
from harness.model import DeviceFacts, PortFacts
from harness.reading import Missing, Reading, Value
from harness.simlab.__main__ import START
from harness.simlab.systems import cumulus, linux, nvue
from harness.simlab.world import SAMPLE_SECONDS, Device, World, healthy, milliwatts
from tests.recordings import REPOSITORY

LAB = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  sw[1-2]:
    role: spine
    platform: SN5600
    nos: nvue
    every_port: {{fec: rs, mtu: 9216, lossless: true}}
    cages:
      1: {{mode: 2x400G, module: OPT}}
      2: {{mode: 1x800G, module: DAC}}
links:
  sw1:swp1s0--sw2:swp1s0: {{fiber: {{type: OS2, length_m: 9, connectors: [MPO-12, MPO-12]}}}}
  sw1:swp1s1--sw2:swp1s1: {{fiber: {{type: OS2, length_m: 9, connectors: [MPO-12, MPO-12]}}}}
  sw1:swp2--sw2:swp2: {{cable_m: 2}}
parts:
  OPT: {{vendor: NORTHWIND, kind: optic, pmd: 800G-2xDR4, form_factor: OSFP}}
  DAC: {{vendor: NORTHWIND, kind: dac, pmd: 800GBASE-CR8, form_factor: OSFP}}
"""


@pytest.fixture
def small(tmp_path: Path) -> World:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    return healthy(load(file), instant(START))


def decoded(world: World, device: Device, folder: Path) -> DeviceFacts:
    """What the driver makes of everything that it asks."""
    store = folder / "evidence"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for ask in DRIVER.asks(device.plan):
            assert DRIVER.session(device.plan).permit.allows(ask.text), ask.text
            elapsed = SAMPLE_SECONDS if ask.sample == 2 or "histogram" in ask.text else 0
            try:
                text, status = nvue.answer(world, device, ask.text, elapsed), 0
            except linux.Refused as refused:
                text, status = str(refused), 1
            assert text is not None, f"nobody answers {ask.text}"
            recorder.append(Answer(ask, text.encode(), status, world.start + timedelta(seconds=elapsed)))
    return DRIVER.decode(device.plan, Evidence(store))


def the(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def facts_of(port: PortFacts) -> dict[str, object]:
    names = (
        "speed", "lanes", "oper", "admin", "mtu", "fec_configured", "fec_operational", "pfc_priorities", "link_pause",
        "breakout_mode", "error_status", "flaps", "auto_negotiation",
    )  # fmt: skip
    return {name: the(getattr(port, name)) for name in names}


def test_a_healthy_switch_is_told_as_it_is_and_every_line_is_known(small: World, tmp_path: Path) -> None:
    left = small.devices["sw1"]
    facts = decoded(small, left, tmp_path)
    assert facts.unknown == ()
    assert (the(facts.software), the(facts.platform), the(facts.serial)) == (left.software, "SN5600", left.serial)
    assert (the(facts.asic), the(facts.load_balancing)) == ("Spectrum-4", "adaptive")
    assert facts_of(facts.ports["swp1s0"]) == {
        "speed": 400, "lanes": 4, "oper": "up", "admin": "up", "mtu": 9216, "fec_configured": "rs",
        "fec_operational": "rs", "pfc_priorities": {3}, "link_pause": False, "breakout_mode": "2x400G",
        "error_status": "OK", "flaps": 1, "auto_negotiation": False,
    }  # fmt: skip
    assert facts_of(facts.ports["swp2"]) | {"speed": 800, "lanes": 8, "breakout_mode": "1x800G"} == facts_of(
        facts.ports["swp2"]
    )
    neighbour = the(facts.ports["swp1s1"].lldp)
    assert (neighbour.device, neighbour.port_names[0]) == ("sw2", "swp1s1")  # type: ignore[attr-defined]


def test_counters_histogram_and_pauses_are_the_worlds_at_both_instants(small: World, tmp_path: Path) -> None:
    left = small.devices["sw1"]
    port, seen = left.port("swp1s0"), decoded(small, left, tmp_path).ports["swp1s0"]
    for sample, elapsed in zip(seen.fec_samples, (0, SAMPLE_SECONDS), strict=True):
        counted = port.counted(elapsed)
        assert (the(sample.corrected), the(sample.uncorrected)) == (counted.corrected, counted.uncorrected)
        assert isinstance(sample.symbol_errors, Missing)
        ber = the(sample.pre_fec_ber)
        assert isinstance(ber, Decimal)
        assert abs(ber - port.ber) <= port.ber / 2  # the tool has one digit
    assert the(seen.histogram) == port.counted(SAMPLE_SECONDS).bins
    assert seen.histogram_at == seen.fec_samples[1].at
    first, second = (the(pause.received) for pause in seen.pauses)
    assert isinstance(first, dict) and isinstance(second, dict)
    assert second[3] > first[3] > 0 == second[0]


def test_quality_of_service_is_the_worlds(small: World, tmp_path: Path) -> None:
    left = small.devices["sw1"]
    seen = decoded(small, left, tmp_path).ports["swp1s0"]
    assert the(seen.maps.trust) == "dscp"
    assert the(seen.maps.dscp_to_tc) == left.maps["AZURE"]
    assert the(seen.maps.tc_to_queue) == {n: n for n in range(8)}
    assert isinstance(seen.maps.tc_to_pg, Missing)
    marks, queue = left.wred["AZURE_LOSSLESS"], seen.queues[3]
    assert (the(queue.ecn), the(queue.ecn_min), the(queue.ecn_max)) == (True, marks.low, marks.high)
    assert (the(queue.mark_probability), the(queue.scheduler), the(queue.weight)) == (marks.percent, "dwrr", 50)
    assert (the(seen.queues[0].ecn), the(seen.queues[5].ecn), the(seen.queues[6].scheduler)) == (False, False, "strict")
    assert (the(seen.watchdog.on), the(seen.watchdog.detection_ms)) == (True, 200)


def test_modules_are_read_by_their_registers(small: World, tmp_path: Path) -> None:
    left = small.devices["sw1"]
    facts = decoded(small, left, tmp_path)
    for name in ("swp1s0", "swp2"):
        module = left.port(name).module
        assert module is not None
        assert the(facts.modules[name].vendor_sn) == module.serial
        assert the(facts.again[name].seen.vendor_sn) == module.serial
        assert the(facts.again[name].apart) == SAMPLE_SECONDS
    module = left.port("swp1s0").module
    assert module is not None
    for read, lane in zip(facts.modules["swp1s0"].rx_power, module.lanes, strict=True):
        assert the(read) == milliwatts(lane.rx)


def test_supplies_fans_and_sensors_are_told(small: World, tmp_path: Path) -> None:
    facts = decoded(small, small.devices["sw1"], tmp_path)
    supplies, fans, sensors = (the(value) for value in (facts.supplies, facts.fans, facts.sensors))
    assert isinstance(supplies, tuple) and isinstance(fans, tuple) and isinstance(sensors, tuple)
    assert [(one.name, the(one.status)) for one in supplies] == [("PSU1", "ok"), ("PSU2", "ok")]
    assert {the(fan.direction) for fan in fans} == {"F2B"}
    assert all(isinstance(the(fan.rpm), Decimal) for fan in fans)
    assert {sensor.name for sensor in sensors} >= {"ASIC", "CPU-Pack-Temp"}


def spoil_fec(world: World) -> None:
    world.port("sw1:swp1s0").fec = world.port("sw1:swp1s0").fec_runs = "fc"


def spoil_pfc(world: World) -> None:
    world.port("sw1:swp1s0").lossless = frozenset({4})


def spoil_ecn(world: World) -> None:
    world.devices["sw1"].wred.clear()


def spoil_error(world: World) -> None:
    world.module("sw1:swp1s0").error = "Unsupported cable"


def spoil_flag(world: World) -> None:
    world.module("sw1:swp1s0").flags["rx_los"] = {2}


def spoil_link(world: World) -> None:
    port = world.port("sw1:swp1s0")
    port.up, port.fec_runs, port.flaps = False, "", 3


SPOILT = [
    (spoil_fec, lambda port: (the(port.fec_configured), the(port.fec_operational)), ("fc", "fc")),
    (spoil_pfc, lambda port: the(port.pfc_priorities), {4}),
    (spoil_ecn, lambda port: the(port.queues[3].ecn), False),
    (spoil_error, lambda port: the(port.error_status), "Unsupported cable"),
    (
        spoil_flag,
        lambda port: [(flag.name, flag.lane) for flag in the(port.flags) if the(flag.raised)],
        [("rx_los", 2)],
    ),
    (spoil_link, lambda port: (the(port.oper), the(port.flaps), type(port.fec_operational)), ("down", 6, Missing)),
]


def test_settings_and_counters_of_a_port_are_told(small: World, tmp_path: Path) -> None:
    device = small.devices["sw1"]
    port = device.port("swp1s0")
    port.drops[3], port.storms[3], port.pauses["tx", 1], port.flapped = (5, 230), (0, 1), (0, 300), [300]
    port.link_pause, port.trust, port.shown, port.lane_weights = True, "pcp", "double", {2: Decimal(50)}
    port.serdes = port.serdes[:3]
    device.tc_to_queue[3], device.balancing = 1, "ecmp"
    for one in device.ports:
        one.watch.detect = 2000
    facts = decoded(small, device, tmp_path)
    seen = facts.ports["swp1s0"]
    assert facts.unknown == ()
    assert (the(seen.queues[3].dropped), the(seen.watchdog.detection_ms), the(facts.load_balancing)) == (
        230,
        2000,
        "ecmp",
    )
    assert the(seen.watchdog.storms)[3] == 1  # type: ignore[index]
    assert [the(sample.sent)[1] for sample in seen.pauses] == [0, 300]  # type: ignore[index]
    assert [the(sample.count) for sample in seen.changes] == [1, 3]
    assert (the(seen.link_pause), the(seen.maps.trust), the(seen.lanes)) == (True, "pcp", 3)
    assert the(seen.histogram) == port.bins(SAMPLE_SECONDS)
    errors = port.lane_errors(SAMPLE_SECONDS)
    assert the(seen.lane_errors) == {lane: errors[lane] for lane in (1, 2, 3)}
    assert the(seen.maps.tc_to_queue)[3] == 1  # type: ignore[index]
    assert the(facts.monitor_age["swp1s0"]) == 0


@pytest.mark.parametrize("spoil, look, found", SPOILT, ids=[row[0].__name__ for row in SPOILT])
def test_what_is_wrong_in_the_world_shows(
    spoil: Callable[[World], None], look: Callable[[PortFacts], object], found: object, small: World, tmp_path: Path
) -> None:
    spoil(small)
    assert look(decoded(small, small.devices["sw1"], tmp_path).ports["swp1s0"]) == found


def test_the_fixtures_record_what_the_driver_asks(small: World) -> None:
    left = small.devices["sw1"]
    first = {ask.text for ask in DRIVER.asks(left.plan) if ask.sample == 1}
    second = {ask.text for ask in DRIVER.asks(left.plan) if ask.sample == 2}
    assert (set(nvue.commands(left)), set(nvue.twice(left))) == (first, second)


def test_an_unknown_port_is_refused_and_an_unknown_command_is_none(small: World) -> None:
    left = small.devices["sw1"]
    with pytest.raises(linux.Refused, match="does not exist"):
        nvue.answer(small, left, "nv show interface swp99 qos pfc -o json")
    assert nvue.answer(small, left, "show version") is None
    assert nvue.answer(small, left, "nv show nothing -o json") is None


def test_a_switch_of_the_release_before_is_told_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text(LAB.replace("nos: nvue", "nos: cumulus"))
    world = healthy(load(tmp_path / "lab.yaml"), instant(START))
    device = world.devices["sw1"]
    with Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        for ask in OLD.asks(device.plan):
            elapsed = SAMPLE_SECONDS if ask.sample == 2 else 0
            text = cumulus.answer(world, device, ask.text, elapsed)
            assert text is not None, ask.text
            recorder.append(Answer(ask, text.encode(), 0, world.start + timedelta(seconds=elapsed)))
    facts = OLD.decode(device.plan, Evidence(tmp_path / "evidence"))
    assert facts.unknown == ()
    assert (the(facts.software), the(facts.platform), the(facts.serial)) == ("4.3.0", "SN5600", device.serial)
    port, seen = device.port("swp1s0"), facts.ports["swp1s0"]
    assert (the(seen.speed), the(seen.oper), the(seen.mtu), the(seen.breakout_mode)) == (400, "up", 9216, "2x400G")
    assert (the(seen.fec_operational), the(seen.flaps)) == ("rs", 1)
    assert [the(sample.corrected) for sample in seen.fec_samples] == [
        port.counted(elapsed).corrected for elapsed in (0, SAMPLE_SECONDS)
    ]
    assert port.module is not None
    assert the(facts.modules["swp1s0"].vendor_sn) == port.module.serial
    assert set(cumulus.commands(device)) == {ask.text for ask in OLD.asks(device.plan) if ask.sample == 1}
    assert set(cumulus.twice(device)) == {ask.text for ask in OLD.asks(device.plan) if ask.sample == 2}
