"""A simulated Arista switch: its driver gets back what the world holds, in the shapes of the recordings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.decode.told import ToldTransceiver
from harness.drivers.answers import parse, shape
from harness.drivers.eos import DRIVER
from harness.evidence import Answer, Evidence, Origin, Recorder, instant
from harness.lab.load import load
from harness.model import DeviceFacts, Neighbour
from harness.reading import Absence, Missing, Reading, Value
from harness.simlab.__main__ import START
from harness.simlab.systems import eos
from harness.simlab.world import SAMPLE_SECONDS, Device, Drift, Port, World, Wred, healthy
from tests.recordings import RECORDINGS, REPOSITORY

LAB = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  sw[1-2]:
    role: leaf
    platform: DCS-7060X6-64PE
    nos: eos
    every_cage: {{mode: 2x400G, form_factor: OSFP}}
    every_port: {{fec: rs, mtu: 9214, lossless: true}}
    cages:
      1: {{module: DR4}}
      2: {{module: CR4}}
      3: {{mode: 1x800G}}
links:
  sw1:Ethernet1/1--sw2:Ethernet1/1:
    fiber: {{type: OS2, connectors: [MPO-12, MPO-12]}}
  sw1:Ethernet2/1--sw2:Ethernet2/1: {{cable_m: 2}}
parts:
  DR4: {{vendor: NORTHWIND, kind: optic, pmd: 800G-2xDR4, form_factor: OSFP, firmware: 2.4.1, max_watts: 16}}
  CR4: {{vendor: NORTHWIND, kind: dac, pmd: 400GBASE-CR4, form_factor: OSFP}}
"""
OPTIC, COPPER, EMPTY = "Ethernet1/1", "Ethernet2/1", "Ethernet3/1"


@pytest.fixture
def switch(tmp_path: Path) -> tuple[World, Device]:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    world = healthy(load(file), instant(START))
    device = world.devices["sw1"]
    device.cages = device.cages[:4]  # the other cages are empty and tell nothing new
    return world, device


def decoded(world: World, device: Device, tmp_path: Path) -> DeviceFacts:
    """What the driver makes of everything that it asks."""
    store = tmp_path / "evidence"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for ask in DRIVER.asks(device.plan):
            elapsed = (ask.sample - 1) * SAMPLE_SECONDS
            text = eos.answer(world, device, ask.text, elapsed)
            assert text is not None, ask.text
            recorder.append(Answer(ask, text.encode(), 0, world.start + timedelta(seconds=elapsed)))
    return DRIVER.decode(device.plan, Evidence(store))


def the(value: Value[Any]) -> Any:
    assert isinstance(value, Reading), value
    return value.value


def test_everything_that_the_driver_asks_is_answered_and_nothing_else(switch: tuple[World, Device]) -> None:
    world, device = switch
    asked = list(DRIVER.asks(device.plan))
    assert [ask.text for ask in asked if ask.sample == 1] == [*eos.commands(device)]
    assert [ask.text for ask in asked if ask.sample == 2] == [*eos.twice(device)]
    assert eos.answer(world, device, "show running-config") is None
    assert eos.answer(world, device, "show version") is None


def test_the_model_is_what_the_world_holds_and_no_line_is_unknown(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    facts = decoded(world, device, tmp_path)
    assert facts.unknown == ()
    assert (the(facts.software), the(facts.platform), the(facts.serial)) == (
        device.software, "DCS-7060X6-64PE", device.serial,
    )  # fmt: skip
    assert the(facts.hwsku) == "DCS-7060X6-64PE"
    assert [(one.name, the(one.status)) for one in the(facts.supplies)] == [
        ("PowerSupply1", "ok"), ("PowerSupply2", "ok"),
    ]  # fmt: skip
    assert {the(fan.direction) for fan in the(facts.fans)} == {"front-to-back"}
    assert all(the(one.celsius) < the(one.high) < the(one.critical) for one in the(facts.sensors))
    assert isinstance(facts.load_balancing, Missing)
    assert facts.ports.keys() == {port.name for port in device.ports if port.plan}
    assert facts.aliases["Et1/1"] == OPTIC
    for name in facts.ports:
        same_port(world, device, facts, device.port(name))


def same_port(world: World, device: Device, facts: DeviceFacts, port: Port) -> None:
    seen = facts.ports[port.name]
    assert (the(seen.speed), the(seen.mtu), the(seen.lanes)) == (port.gbps, port.mtu, len(port.serdes))
    assert (the(seen.oper), the(seen.admin)) == ("up" if port.up else "down", "up" if port.admin else "down")
    assert (the(seen.fec_configured), the(seen.pfc_priorities)) == (port.fec, port.lossless)
    assert (the(seen.link_pause), the(seen.auto_negotiation), the(seen.error_status)) == (False, False, "OK")
    assert the(seen.breakout_mode) == ("1x800G" if port.name == EMPTY else "2x400G")
    assert the(seen.flaps) == 2 * port.flaps + port.up
    if port.up:
        assert (the(seen.fec_operational), the(seen.fec_named)) == ("rs", "RS(544,514)")
    else:
        assert isinstance(seen.fec_operational, Missing)
    for number, sample in enumerate(seen.fec_samples):
        counted = port.counted(number * SAMPLE_SECONDS)
        if port.up:
            assert (the(sample.corrected), the(sample.uncorrected)) == (counted.corrected, counted.uncorrected)
            assert the(sample.symbol_errors) == counted.symbols
            assert the(sample.pre_fec_ber) == port.ber
        else:
            assert isinstance(sample.uncorrected, Missing)
    assert isinstance(seen.histogram, Missing)
    if port.peer is not None:
        told = the(seen.lldp)
        assert (told.device, told.port_names[0]) == port.peer
    same_quality(device, facts, port)


def same_quality(device: Device, facts: DeviceFacts, port: Port) -> None:
    seen = facts.ports[port.name]
    assert the(seen.maps.trust) == "dscp"
    assert the(seen.maps.dscp_to_tc) == device.maps["AZURE"]
    assert the(seen.maps.tc_to_queue) == {n: n for n in range(8)}
    assert isinstance(seen.maps.tc_to_pg, Missing)
    marks, queue = device.wred[port.wred], seen.queues[3]
    assert (the(queue.ecn), the(queue.ecn_min), the(queue.ecn_max)) == (True, marks.low, marks.high)
    assert (the(queue.mark_probability), the(queue.weight)) == (marks.percent, 50)
    assert [the(seen.queues[n].scheduler) for n in (0, 6)] == ["wrr", "strict"]
    assert [the(seen.queues[n].ecn) for n in (0, 6)] == [False, False]
    assert the(seen.queues[3].dropped) == 0
    assert (the(seen.watchdog.on), the(seen.watchdog.detection_ms), the(seen.watchdog.storms)) == (True, 200, {})


def test_pause_frames_and_marks_are_counted(switch: tuple[World, Device], tmp_path: Path) -> None:
    seen = decoded(*switch, tmp_path).ports[OPTIC]
    first, second = seen.pauses
    assert the(second.received)[3] - the(first.received)[3] == 40
    assert {priority for priority, count in the(first.received).items() if count} == {3}
    assert the(first.received_in_all) == the(first.received)[3]
    assert the(second.sent_in_all) == the(second.sent)[3]
    assert the(seen.queues[3].marked) > the(seen.queues[0].marked) == 0


def test_modules_are_what_is_plugged_and_their_monitors_move(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    facts = decoded(world, device, tmp_path)
    plugged, seen = device.port(OPTIC).module, facts.modules[OPTIC]
    assert plugged is not None and isinstance(seen, ToldTransceiver)
    assert (the(seen.vendor_name), the(seen.vendor_pn), the(seen.vendor_sn)) == (
        plugged.vendor, plugged.number, plugged.serial,
    )  # fmt: skip
    assert (the(seen.temperature), the(seen.vcc), the(seen.max_power)) == (
        plugged.celsius,
        plugged.volts,
        plugged.watts,
    )
    assert the(seen.wavelength) == plugged.lanes[0].wavelength
    for told, lane in zip(seen.rx_power[:4], plugged.lanes, strict=False):
        assert the(told) == lane.rx
    assert [the(told) for told in seen.rx_power[4:]] == [Decimal(-30)] * 4  # no fiber is plugged there
    assert [the(told) for told in seen.tx_bias] == [lane.bias for lane in plugged.lanes]
    for name, register in (("temperature_c", "temperature_c"), ("rx_power_dbm", "rx_power_mw")):
        limits = seen.thresholds[register]
        four = (limits.high_alarm, limits.low_alarm, limits.high_warning, limits.low_warning)
        assert tuple(the(limit) for limit in four) == plugged.thresholds[name]
    again = facts.again[OPTIC]
    assert the(again.apart) == SAMPLE_SECONDS
    assert the(again.seen.temperature) != the(seen.temperature)
    copper = facts.modules[COPPER]
    assert the(copper.vendor_name) == "NORTHWIND"
    assert isinstance(copper.temperature, Missing)
    assert isinstance(facts.modules[EMPTY].vendor_sn, Missing)


def test_a_port_that_went_down_is_down_with_its_light(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    port = device.port(OPTIC)
    port.up, port.flaps = False, 2
    facts = decoded(world, device, tmp_path)
    seen = facts.ports[OPTIC]
    assert (the(seen.oper), the(seen.admin), the(seen.flaps)) == ("down", "up", 4)
    assert isinstance(seen.lldp, Missing) and isinstance(seen.fec_operational, Missing)
    assert the(facts.modules[OPTIC].tx_power[0]) == port.module.lanes[0].tx  # type: ignore[union-attr]


def test_faults_of_a_port_show(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    port, other = device.port(OPTIC), device.port("Ethernet1/5")
    port.mtu, port.lossless, port.wred = 1500, frozenset(), "OWN"
    device.wred["OWN"] = Wred(1000, 2000, 9)
    port.fec_runs, port.uncorrected, port.serdes = "fc", (5, 12), port.serdes[:2]
    other.fec = other.fec_runs = "none"
    device.maps["AZURE"][26] = 0
    facts = decoded(world, device, tmp_path)
    assert facts.unknown == ()
    seen = facts.ports[OPTIC]
    assert (the(seen.mtu), the(seen.pfc_priorities), the(seen.lanes)) == (1500, frozenset(), 2)
    assert (the(seen.fec_configured), the(seen.fec_operational)) == ("rs", "fc")
    assert (the(seen.queues[3].ecn_min), the(facts.ports["Ethernet1/5"].queues[3].ecn_min)) == (1000, 409_600)
    assert the(seen.maps.dscp_to_tc)[26] == 0
    assert the(facts.ports["Ethernet1/5"].fec_configured) == "none"


def test_lost_codewords_are_counted(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    device.port(OPTIC).uncorrected = (5, 12)
    first, second = decoded(world, device, tmp_path).ports[OPTIC].fec_samples
    assert (the(first.uncorrected), the(second.uncorrected)) == (5, 12)


def test_counters_of_the_window_are_those_of_its_end(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    port = device.port(OPTIC)
    port.drops[3], port.storms[3], port.pauses["tx", 1], port.flapped = (5, 230), (0, 1), (0, 300), [300]
    port.lane_weights[2] = Decimal(50)
    seen = decoded(world, device, tmp_path).ports[OPTIC]
    assert (the(seen.queues[3].dropped), the(seen.watchdog.storms)) == (230, {3: 1})
    assert [the(sample.sent)[1] for sample in seen.pauses] == [0, 300]
    assert [the(sample.count) for sample in seen.changes] == [1, 3]
    assert {lane: int(count) for lane, count in the(seen.lane_errors).items()} == port.lane_errors(SAMPLE_SECONDS)


def test_settings_of_one_port_are_its_own(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    port, other = device.port(OPTIC), device.port("Ethernet1/5")
    port.trust, port.link_pause, port.wred = "pcp", True, ""
    port.watch.detect, port.watch.action, other.watch.on = 2000, "forward", False
    device.tc_to_queue[3] = 1
    facts = decoded(world, device, tmp_path)
    seen, beside = facts.ports[OPTIC], facts.ports["Ethernet1/5"]
    assert facts.unknown == ()
    assert (the(seen.maps.trust), the(seen.link_pause), the(seen.queues[3].ecn)) == ("pcp", True, False)
    assert (the(beside.maps.trust), the(beside.link_pause), the(beside.queues[3].ecn)) == ("dscp", False, True)
    assert (the(seen.watchdog.on), the(seen.watchdog.detection_ms), the(seen.watchdog.action)) == (
        True,
        2000,
        "no-drop",
    )
    assert (the(beside.watchdog.on), the(beside.watchdog.restoration_ms)) == (False, 400)
    assert the(seen.maps.tc_to_queue)[3] == 1


def test_monitors_are_as_old_as_the_switch_says(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    module = device.port(OPTIC).module
    assert module is not None
    module.stale, module.unadvertised = 3600, {"tx_bias"}
    module.drifts.append(Drift("celsius", Decimal(5), None, 0, SAMPLE_SECONDS))
    facts = decoded(world, device, tmp_path)
    assert the(facts.monitor_age[OPTIC]) == 3600
    assert isinstance(facts.monitor_age[COPPER], Missing)
    assert isinstance(facts.modules[OPTIC].tx_bias[0], Missing)
    assert [the(sample.temperature) for sample in facts.series[OPTIC]] == [module.celsius] * 2  # as they were read
    module.stale = 0
    first, second = decoded(world, device, tmp_path / "later").series[OPTIC]
    assert abs(the(second.temperature) - the(first.temperature) - 5) < 1


def test_a_neighbour_that_is_not_of_the_lab_is_heard(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    device.port(OPTIC).hears = ("elsewhere", "Ethernet9")
    device.port("Ethernet2/1").hears = None
    facts = decoded(world, device, tmp_path)
    assert the(facts.ports[OPTIC].lldp) == Neighbour("elsewhere", ("Ethernet9",))
    assert isinstance(facts.ports[COPPER].lldp, Missing)


def test_faults_of_a_module_show(switch: tuple[World, Device], tmp_path: Path) -> None:
    world, device = switch
    module = device.port(OPTIC).module
    assert module is not None
    module.lanes[1].rx, module.watts, module.error, module.stuck = Decimal(-40), Decimal("29"), "xcvr-overheat", True
    cage = next(cage for cage in device.cages if device.port(COPPER) in cage.ports)
    cage.mode = "4x200G"
    facts = decoded(world, device, tmp_path)
    found, again = facts.modules[OPTIC], facts.again[OPTIC].seen
    assert (the(found.rx_power[1]), the(found.max_power)) == (Decimal(-30), 29)
    assert the(found.temperature) == the(again.temperature)
    assert (the(facts.ports[OPTIC].error_status), the(facts.ports[OPTIC].oper)) == ("xcvr-overheat", "down")
    assert (the(facts.ports[COPPER].error_status), the(facts.ports[COPPER].breakout_mode)) == ("OK", "4x200G")


def test_nothing_is_not_available_that_was_only_not_asked(switch: tuple[World, Device], tmp_path: Path) -> None:
    facts = decoded(*switch, tmp_path)
    seen = facts.ports[OPTIC]
    untold = (seen.histogram, seen.flags, seen.queues[3].headroom, *facts.modes.values())
    assert all(isinstance(value, Missing) and value.why is Absence.NOT_AVAILABLE for value in untold)


RECORDED = {
    "show version | json": "show-version/suzieq-4.23.5M.json",
    "show inventory | json": "show-inventory/suzieq-4.23.5M.json",
    "show interfaces | json": "show-interfaces/napalm.json",
    "show interfaces phy detail | json": "show-interfaces-phy-detail/anta-interfacesber-success.json",
    "show interfaces transceiver dom thresholds | json": (
        "show-interfaces-transceiver-dom-thresholds/anta-interfacesopticsreceivepower-success.json"
    ),
    "show interfaces transceiver hardware": "show-interfaces-transceiver-hardware/ntc.txt",
    "show priority-flow-control counters | json": (
        "show-priority-flow-control-counters/anta-interfacespfccounters-success.json"
    ),
    "show qos interfaces ecn counters queue | json": (
        "show-qos-interfaces-ecn-counters-queue/anta-interfacesecncounters-success.json"
    ),
    "show interfaces counters queue detail | json": (
        "show-interfaces-counters-queue-detail/anta-interfacesegressqueuedrops-success-all.json"
    ),
    "show lldp neighbors detail | json": "show-lldp-neighbors-detail/suzieq-leaf02.json",
}
"""Commands of the driver that were recorded on a switch."""


LACKING = {
    "show inventory | json": {"size_gb", "epoch"},  # of storage, and of hardware of another generation
    "show interfaces phy detail | json": {"model", "hardware_revision", "firmware", "other"},  # of a retimer
    "show lldp neighbors detail | json": {"advertised"},  # of twisted pairs
}
"""What recorded switches have and the simulated one has not."""


@pytest.mark.parametrize("command", RECORDED)
def test_an_answer_has_the_members_of_the_recorded_one(
    switch: tuple[World, Device], recordings: Path, command: str
) -> None:
    world, device = switch
    simulated = eos.answer(world, device, command)
    assert simulated is not None
    recorded = (RECORDINGS / "cli" / "arista_eos" / RECORDED[command]).read_text("utf-8")
    ours, theirs = (kinds(parse("eos", command, text).records) for text in (simulated, recorded))
    assert {*theirs} - {*ours} == LACKING.get(command, set())
    for name in {*ours} & {*theirs}:
        assert ours[name] <= theirs[name] or theirs[name] <= ours[name], name


def kinds(records: Any) -> dict[str, set[type]]:
    """What kinds of values each field has."""
    found: dict[str, set[type]] = {}
    for record in records:
        for name, value in record.items():
            if value is not None:
                found.setdefault(name, set()).add(type(value))
            found.setdefault(name, set())
    return found


def test_no_line_of_a_text_is_unlike_those_of_a_recorded_one(switch: tuple[World, Device], recordings: Path) -> None:
    world, device = switch
    command = "show interfaces transceiver hardware"
    text = eos.answer(world, device, command)
    assert text is not None
    recorded = (RECORDINGS / "cli" / "arista_eos" / RECORDED[command]).read_text("utf-8")
    assert shape("eos", command, text) <= shape("eos", command, recorded)
