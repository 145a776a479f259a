"""A simulated NX-OS switch: its answers give back what the world holds, in the shapes of the recordings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.drivers.answers import parse, shape
from harness.drivers.nxos import COMMANDS, DRIVER, TWICE
from harness.evidence import Answer, Evidence, Origin, Recorder, instant
from harness.lab.inventory import Lab
from harness.lab.load import load
from harness.model import DeviceFacts
from harness.reading import Missing, Reading
from harness.simlab.__main__ import START
from harness.simlab.systems import nxos
from harness.simlab.world import SAMPLE_SECONDS, Device, World, healthy
from tests.recordings import REPOSITORY

PROFILE = REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"
LAB = f"""\
name: small
profile: {PROFILE}
devices:
  leaf1:
    role: leaf
    platform: x86_64-arista_7060x6_64pe
    nos: sonic
    every_cage: {{mode: 2x400G}}
    every_port: {{fec: rs, mtu: 9100, lossless: true}}
    cages: {{1: {{module: NW-O8}}, 2: {{module: NW-DAC}}}}
  spine1:
    role: spine
    platform: N9364E-SG2-O
    nos: nxos
    supplies: 2
    every_cage: {{mode: 2x400G}}
    every_port: {{fec: rs, mtu: 9216, lossless: true}}
    cages: {{1: {{module: NW-O8}}, 2: {{module: NW-DAC}}}}
links: {{csv: links.csv}}
parts:
  NW-O8: {{vendor: NORTHWIND, kind: optic, pmd: 800G-2xDR4, form_factor: OSFP, firmware: 2.4.1, max_watts: 16}}
  NW-DAC: {{vendor: NORTHWIND, kind: dac, pmd: 400GBASE-CR4, form_factor: OSFP, max_watts: 1.5}}
"""
LINKS = """\
a,b,cable_m,fiber,length_m,connector_a,connector_b,polish,polarity,loss_db,loss_uncertainty_db
leaf1:Ethernet0,spine1:Ethernet1/1/1,,OS2,20,MPO-12,MPO-12,APC,B,1.05,0.15
leaf1:Ethernet4,spine1:Ethernet1/1/2,,OS2,20,MPO-12,MPO-12,APC,B,1.05,0.15
leaf1:Ethernet8,spine1:Ethernet1/2/1,2,,,,,,,,
leaf1:Ethernet12,spine1:Ethernet1/2/2,2,,,,,,,,
"""
OPTIC, COPPER = "Ethernet1/1/1", "Ethernet1/2/1"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    file = tmp_path_factory.mktemp("lab") / "lab.yaml"
    file.write_text(LAB)
    file.with_name("links.csv").write_text(LINKS)
    return load(file)


@pytest.fixture
def spine(small: Lab) -> tuple[World, Device]:
    world = healthy(small, instant(START))
    return world, world.devices["spine1"]


@pytest.fixture
def decoded(spine: tuple[World, Device], tmp_path: Path) -> Callable[[], DeviceFacts]:
    """What the driver makes of the switch as it is now."""

    def facts() -> DeviceFacts:
        world, device = spine
        store = tmp_path / "evidence"
        with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
            for ask in DRIVER.asks(device.plan):
                seconds = SAMPLE_SECONDS * (ask.sample - 1)
                text = nxos.answer(world, device, ask.text, seconds)
                assert text is not None, ask.text
                recorder.append(Answer(ask, text.encode(), 0, world.start + timedelta(seconds=seconds)))
        return DRIVER.decode(device.plan, Evidence(store))

    return facts


def of(value: object) -> Any:
    assert isinstance(value, Reading), value
    return value.value


def test_it_answers_what_the_driver_asks_and_nothing_else(spine: tuple[World, Device]) -> None:
    world, device = spine
    assert set(nxos.commands(device)) == set(COMMANDS)
    assert set(nxos.twice(device)) == set(TWICE)
    assert nxos.answer(world, device, "reload") is None


@pytest.mark.parametrize("command", COMMANDS)
def test_every_answer_is_understood_whole(spine: tuple[World, Device], command: str) -> None:
    text = nxos.answer(*spine, command, 600)
    assert text is not None
    parsed = parse("nxos", command, text)
    assert parsed.records
    assert parsed.unparsed == ()
    assert not any(record.get("other") for record in parsed.records)


RECORDED: Mapping[str, tuple[str, ...]] = {
    "show interface": ("show-interface/arc-n9k.txt",),
    "show interface breakout": ("show-interface-breakout/ntc.txt",),
    "show interface transceiver details": (
        "show-interface-transceiver-details/genie-1.txt",
        "show-interface-transceiver-details/genie-3.txt",
    ),
    "show version | json": ("show-version/arc-n9k.txt",),
    "show inventory all | json": ("show-inventory/arc-n9k.txt",),
    "show lldp neighbors detail | json": ("show-lldp-neighbors-detail/arc-n9k.txt",),
    "show policy-map": ("show-policy-map/arc-n9k.txt",),
    "show running-config interface": ("show-running-config-interface/arc-n9k.txt",),
}


@pytest.mark.parametrize("command", RECORDED)
def test_an_answer_has_no_line_that_a_recording_has_not(
    spine: tuple[World, Device], command: str, recordings: Path
) -> None:
    text = nxos.answer(*spine, command)
    assert text is not None
    known: set[str] = set()
    for file in RECORDED[command]:
        known |= shape("nxos", command, (recordings / "cli" / "cisco_nxos" / file).read_text(encoding="utf-8"))
    strange = {one for one in shape("nxos", command, text) - known if not one.startswith("version ")}
    assert strange == set()


def test_a_healthy_world_comes_back_as_it_is(spine: tuple[World, Device], decoded: Callable[[], DeviceFacts]) -> None:
    _, device = spine
    facts = decoded()
    assert facts.unknown == ()
    assert (of(facts.platform), of(facts.serial), of(facts.software)) == (
        "N9364E-SG2-O",
        device.serial,
        device.software,
    )
    assert len(of(facts.supplies)) == 2
    for name, seen in facts.ports.items():
        port = device.port(name)
        assert (of(seen.speed), of(seen.mtu), of(seen.oper), of(seen.admin)) == (port.gbps, port.mtu, "up", "up")
        assert (of(seen.fec_configured), of(seen.fec_operational)) == (port.fec, port.fec_runs)
        assert of(seen.pfc_priorities) == port.lossless
        assert (of(seen.breakout_mode), of(seen.error_status), of(seen.link_pause)) == ("2x400G", "OK", False)
        assert of(seen.lanes) == len(port.lanes)
        assert of(seen.lldp).device == "leaf1"
        assert port.peer is not None
        assert port.peer[1] in of(seen.lldp).port_names
        assert of(seen.maps.dscp_to_tc) == device.maps[port.dscp_map]
        held, queue = device.wred[port.wred], seen.queues[3]
        assert (of(queue.ecn), of(queue.ecn_min), of(queue.ecn_max)) == (True, held.low, held.high)
        assert of(queue.mark_probability) == held.percent
        assert of(queue.pause_threshold) > held.high
        assert [of(sample.received)[3] > 0 for sample in seen.pauses] == [True, True]
        assert (of(seen.watchdog.on), of(seen.watchdog.storms)) == (True, {3: 0})


def test_a_module_comes_back_as_it_is(spine: tuple[World, Device], decoded: Callable[[], DeviceFacts]) -> None:
    facts = decoded()
    held = spine[1].port(OPTIC).module
    assert held is not None
    seen = facts.modules[OPTIC]
    assert (of(seen.vendor_name), of(seen.vendor_pn), of(seen.vendor_sn)) == (held.vendor, held.number, held.serial)
    assert (of(seen.identifier), of(seen.max_power), of(seen.firmware_active)) == (25, held.watts, held.firmware)
    assert seen.management == "cmis"
    assert seen.lanes == len(held.lanes) == 8
    for lane, power, light in zip(held.lanes, seen.tx_power, seen.rx_power, strict=True):
        assert abs(of(power) - lane.tx) < Decimal("0.1")
        assert abs(of(light) - lane.rx) < Decimal("0.1")
    high_alarm = seen.thresholds["tx_power_mw"].high_alarm
    assert of(high_alarm) == held.thresholds["tx_power_dbm"][0].quantize(Decimal("0.01"))
    assert not any(of(flag.raised) for flag in of(facts.ports[OPTIC].flags))
    copper = facts.modules[COPPER]
    assert (of(copper.cable_length), isinstance(copper.temperature, Missing)) == (2, True)


def test_monitors_move_between_two_reads(decoded: Callable[[], DeviceFacts]) -> None:
    facts = decoded()
    again = facts.again[OPTIC]
    assert of(again.apart) == SAMPLE_SECONDS
    first, second = facts.modules[OPTIC], again.seen
    assert [of(power) for power in first.rx_power] != [of(power) for power in second.rx_power]


CHANGES: Mapping[str, tuple[str, Any, Callable[[DeviceFacts], object], object]] = {
    "another code runs": ("fec_runs", "fc", lambda f: of(f.ports[OPTIC].fec_operational), "fc"),
    "another code is configured": ("fec", "none", lambda f: of(f.ports[OPTIC].fec_configured), "none"),
    "another MTU": ("mtu", 1500, lambda f: of(f.ports[OPTIC].mtu), 1500),
    "the link is down": ("up", False, lambda f: of(f.ports[OPTIC].oper), "down"),
    "another priority pauses": ("lossless", frozenset({4}), lambda f: of(f.ports[OPTIC].pfc_priorities), {4}),
    "no priority pauses": ("lossless", frozenset(), lambda f: of(f.ports[OPTIC].pfc_priorities), set()),
    "another neighbour": (
        "peer",
        ("leaf1", "Ethernet12"),
        lambda f: of(f.ports[OPTIC].lldp).port_names[1],
        "Ethernet12",
    ),
}


def test_settings_and_counters_of_a_port_are_told(
    spine: tuple[World, Device], decoded: Callable[[], DeviceFacts]
) -> None:
    port = spine[1].port(OPTIC)
    port.drops[3], port.storms[3], port.flapped = (5, 230), (0, 1), [300]
    port.headroom_bytes, port.link_pause, port.trust, port.wred = 20_000, True, "pcp", ""
    facts = decoded()
    seen = facts.ports[OPTIC]
    assert facts.unknown == ()
    assert (of(seen.queues[3].dropped), of(seen.watchdog.storms)) == (230, {3: 1})
    assert (of(seen.queues[3].headroom), of(seen.queues[3].ecn)) == (20_000, False)
    assert (of(seen.link_pause), of(seen.maps.trust)) == (True, "pcp")
    assert isinstance(seen.flaps, Missing) and isinstance(facts.monitor_age[OPTIC], Missing)
    port.watch.on = False
    assert of(decoded().ports[OPTIC].watchdog.on) is False


@pytest.mark.parametrize(
    "how, told",
    [("dlb", "dlb flowlet"), ("spraying", "per-packet"), ("ecmp", "ecmp"), ("adaptive routing", "dlb flowlet")],
)
def test_load_balancing_is_what_is_configured(
    spine: tuple[World, Device], decoded: Callable[[], DeviceFacts], how: str, told: str
) -> None:
    spine[1].balancing = how
    assert of(decoded().load_balancing) == told


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_in_the_world_changes_in_the_answers(
    spine: tuple[World, Device], decoded: Callable[[], DeviceFacts], name: str
) -> None:
    field, value, seen, expected = CHANGES[name]
    setattr(spine[1].port(OPTIC), field, value)
    assert seen(decoded()) == expected


def test_a_dark_lane_is_marked(spine: tuple[World, Device], decoded: Callable[[], DeviceFacts]) -> None:
    module = spine[1].port(OPTIC).module
    assert module is not None
    module.lanes[1].rx = Decimal(-40)
    facts = decoded()
    assert of(facts.modules[OPTIC].rx_power[1]) == -40
    raised = [(flag.name, flag.lane) for flag in of(facts.ports[OPTIC].flags) if of(flag.raised)]
    assert raised == [("rx_power_low_alarm", 2)]


def test_a_module_that_the_switch_refuses_takes_its_port_down(
    spine: tuple[World, Device], decoded: Callable[[], DeviceFacts]
) -> None:
    module = spine[1].port(OPTIC).module
    assert module is not None
    module.error = "SFP validation failed"
    port = decoded().ports[OPTIC]
    assert (of(port.oper), of(port.error_status)) == ("down", "SFP validation failed")


def test_an_empty_cage_and_a_port_without_a_map_are_told(
    spine: tuple[World, Device], decoded: Callable[[], DeviceFacts]
) -> None:
    for port in spine[1].cages[1].ports:
        port.module, port.up = None, False
    spine[1].cages[1].mode = "1x800G"
    facts = decoded()
    assert of(facts.ports[COPPER].error_status) == "XCVR not inserted"
    assert isinstance(facts.modules[COPPER].identifier, Missing)
    assert isinstance(facts.ports[COPPER].breakout_mode, Missing)
