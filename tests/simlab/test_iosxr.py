"""A simulated router with IOS-XR: its driver gets back what the world holds, in the shapes of the recordings."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from harness.drivers.answers import parse, shape
from harness.drivers.iosxr import DRIVER, LLDP, MEMORY, OPTICS, operation
from harness.evidence import Answer, Evidence, Origin, Recorder, instant
from harness.lab.load import load
from harness.model import DeviceFacts
from harness.reading import Absence, Missing, Reading, Value
from harness.simlab.__main__ import START
from harness.simlab.systems import iosxr
from harness.simlab.world import SAMPLE_SECONDS, Device, Port, World, healthy
from tests.recordings import REPOSITORY

LAB = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  xr[1-2]:
    role: leaf
    platform: 8111-32EH
    nos: iosxr
    every_cage: {{mode: 2x400G, form_factor: QSFP-DD}}
    every_port: {{fec: rs, mtu: 9100, lossless: true}}
    cages:
      0: {{module: DR4}}
      1: {{module: CR4}}
      2: {{}}
links:
  xr1:FourHundredGigE0/0/0/0/0--xr2:FourHundredGigE0/0/0/0/0:
    fiber: {{type: OS2, connectors: [MPO-12, MPO-12]}}
  xr1:FourHundredGigE0/0/0/1/0--xr2:FourHundredGigE0/0/0/1/0: {{cable_m: 2}}
parts:
  DR4: {{vendor: NORTHWIND, kind: optic, pmd: 800G-2xDR4, form_factor: QSFP-DD, firmware: 2.4.1, max_watts: 16}}
  CR4: {{vendor: NORTHWIND, kind: dac, pmd: 400GBASE-CR4, form_factor: QSFP-DD}}
"""
PORT, DARK, COPPER = "FourHundredGigE0/0/0/0/0", "FourHundredGigE0/0/0/2/0", "FourHundredGigE0/0/0/1/0"


@pytest.fixture
def router(tmp_path: Path) -> tuple[World, Device]:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    world = healthy(load(file), instant(START))
    return world, world.devices["xr1"]


def decoded(world: World, device: Device, tmp_path: Path) -> DeviceFacts:
    """What the driver makes of everything that it asks."""
    store = tmp_path / "evidence"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for ask in DRIVER.asks(device.plan):
            elapsed = (ask.sample - 1) * SAMPLE_SECONDS
            text = iosxr.answer(world, device, ask.text, elapsed)
            at = world.start + timedelta(seconds=elapsed)
            recorder.append(Answer(ask, (text or "% Invalid input\n").encode(), 0 if text is not None else 1, at))
    return DRIVER.decode(device.plan, Evidence(store))


def of(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def test_every_command_that_the_driver_asks_is_answered_but_the_dump_of_memory(router: tuple[World, Device]) -> None:
    world, device = router
    asked = list(DRIVER.asks(device.plan))
    permit = DRIVER.session(device.plan).permit
    assert all(permit.allows(ask.text) for ask in asked)
    told = {ask.text for ask in asked if iosxr.answer(world, device, ask.text) is not None}
    assert told == {*iosxr.commands(device)}
    assert {ask.text for ask in asked} - told == {MEMORY}
    assert [ask.text for ask in asked if ask.sample == 2] == [*iosxr.twice(device)]
    assert iosxr.answer(world, device, "show controllers TenGigE *") is None


def test_the_model_is_what_the_world_holds_and_no_line_is_unknown(router: tuple[World, Device], tmp_path: Path) -> None:
    world, device = router
    facts = decoded(world, device, tmp_path)
    assert facts.unknown == ()
    assert (of(facts.software), of(facts.platform), of(facts.hwsku)) == (device.software, "8111-32EH", "8111-32EH")
    assert of(facts.serial) == device.serial
    supplies, fans = of(facts.supplies), of(facts.fans)
    assert isinstance(supplies, tuple)
    assert isinstance(fans, tuple)
    assert [(one.name, of(one.status), of(one.capacity), of(one.model)) for one in supplies] == [
        ("0/PM0", "ok", Decimal(2000), "PSU2KW-ACPI"),
        ("0/PM1", "ok", Decimal(2000), "PSU2KW-ACPI"),
    ]
    assert [(one.name, of(one.status), of(one.direction)) for one in fans] == [
        (f"0/FT{n}", "ok", "intake") for n in range(4)
    ]
    assert facts.ports.keys() == {port.name for port in device.ports if port.plan}
    for name in facts.ports:
        same_port(facts, device.port(name))


def same_port(facts: DeviceFacts, port: Port) -> None:
    seen = facts.ports[port.name]
    assert of(seen.speed) == port.gbps
    assert of(seen.oper) == ("up" if port.up else "down")
    assert of(seen.admin) == ("up" if port.admin else "down")
    assert of(seen.mtu) == port.mtu
    assert of(seen.pfc_priorities) == port.lossless
    assert of(seen.link_pause) is False
    assert of(seen.breakout_mode) == "2x400G"
    assert of(seen.flaps) == 2 * port.flaps + port.up
    assert of(seen.watchdog.on) is True
    assert (of(seen.watchdog.detection_ms), of(seen.watchdog.restoration_ms)) == (100, 1000)
    assert of(seen.watchdog.storms) == dict.fromkeys(range(8), Decimal(0))
    if port.up:
        assert of(seen.fec_operational) == "rs"
        assert of(seen.lanes) == 4
    else:
        assert isinstance(seen.fec_operational, Missing)
    for number, sample in enumerate(seen.fec_samples):
        counted = port.counted(number * SAMPLE_SECONDS)
        assert (of(sample.corrected), of(sample.uncorrected)) == (counted.corrected, counted.uncorrected)
        assert isinstance(sample.symbol_errors, Missing)
    if port.peer is not None:
        told = of(seen.lldp)
        assert (told.device, told.port_names[-1]) == port.peer  # type: ignore[attr-defined]


def test_pause_frames_rise_from_one_sample_to_the_next(router: tuple[World, Device], tmp_path: Path) -> None:
    first, second = decoded(*router, tmp_path).ports[PORT].pauses
    frames, later = of(first.received), of(second.received)
    assert isinstance(frames, dict)
    assert isinstance(later, dict)
    assert later[3] - frames[3] == 40
    assert {priority for priority, count in frames.items() if count} == {3}
    assert of(first.received_in_all) == frames[3]
    assert of(second.sent_in_all) == of(second.sent)[3]  # type: ignore[index]


def test_modules_are_what_is_plugged(router: tuple[World, Device], tmp_path: Path) -> None:
    world, device = router
    facts = decoded(world, device, tmp_path)
    plugged = device.port(PORT).module
    assert plugged is not None
    seen = facts.modules[PORT]
    assert (seen.management, of(seen.form_factor)) == ("cmis", "QSFP-DD")
    assert (of(seen.vendor_name), of(seen.vendor_pn), of(seen.vendor_sn)) == (
        plugged.vendor, plugged.number, plugged.serial,
    )  # fmt: skip
    assert (of(seen.date_code), of(seen.firmware_active)) == (plugged.date_code, plugged.firmware)
    tenth, hundredth = Decimal("0.1"), Decimal("0.01")
    assert of(seen.vcc) == plugged.volts.quantize(hundredth)
    assert [of(power) for power in seen.tx_power] == [lane.tx.quantize(hundredth) for lane in plugged.lanes]
    assert [of(power) for power in seen.rx_power] == [
        max(lane.rx, Decimal(-40)).quantize(hundredth) for lane in plugged.lanes
    ]
    assert [of(bias) for bias in seen.tx_bias] == [lane.bias.quantize(tenth) for lane in plugged.lanes]
    limits = seen.thresholds["tx_power_mw"]
    assert [of(limit) for _, limit in limits.items()] == [
        limit.quantize(tenth) for limit in plugged.thresholds["tx_power_dbm"]
    ]
    again = facts.again[PORT]
    assert of(again.apart) == SAMPLE_SECONDS
    assert of(again.seen.temperature) != of(seen.temperature)
    assert isinstance(facts.modules[DARK].vendor_name, Missing)
    assert "empty" in facts.modules[DARK].vendor_name.detail
    copper = facts.modules[COPPER]
    assert isinstance(copper.temperature, Missing)
    assert copper.temperature.detail == "Dom Data Status: not applicable"


def test_faults_show_where_they_were_planted(router: tuple[World, Device], tmp_path: Path) -> None:
    world, device = router
    port = device.port(PORT)
    assert port.module is not None
    port.module.flags |= {"rx_los": {2}, "rx_power_low_alarm": {2}}
    port.lossless = frozenset({3, 4})
    port.fec_runs = "fc"
    other = device.port(COPPER)
    other.admin = other.up = False
    facts = decoded(world, device, tmp_path)
    seen = facts.ports[PORT]
    raised = {(flag.name, flag.lane) for flag in of(seen.flags) if of(flag.raised)}  # type: ignore[attr-defined]
    assert raised == {("rx_los", None), ("rx_power_low_alarm", 2)}
    assert of(seen.error_status) == "OK"
    assert of(seen.pfc_priorities) == {3, 4}
    assert of(seen.fec_operational) == "fc"
    assert of(facts.ports[COPPER].admin) == "down"
    gone = facts.ports[COPPER].lldp
    assert isinstance(gone, Missing)
    assert gone.why is Absence.NOT_RECORDED
    assert facts.unknown == ()


RECORDED = {
    operation("FourHundredGigE"): "show-controllers-fourhundredgige show-controllers-hundredgigabitethernet",
    OPTICS: "show-controllers-optics",
    "show controllers Optics0/0/0/0 appsel active": "show-controllers-optics-appsel-active",
    "show inventory": "show-inventory",
    "show version": "show-version",
}


CLOCK = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ")
CHILD = re.compile(r"(?<=#/#/#/#)/#")
NEWER = {"head CoS Status Rx PFC Frames Tx PFC Frames"}
"""What newer releases print, as public answers show."""


@pytest.mark.parametrize("command", RECORDED)
def test_an_answer_has_no_label_that_recordings_do_not_have(
    router: tuple[World, Device], recordings: Path, command: str
) -> None:
    world, device = router
    known: set[str] = set()
    for folder in RECORDED[command].split():
        for file in (recordings / "cli" / "cisco_iosxr" / folder).glob("*.txt"):
            known |= shape("iosxr", command, file.read_text("utf-8"))
    text = iosxr.answer(world, device, command)
    assert known
    assert text is not None
    printed = {CHILD.sub("", one) for one in shape("iosxr", command, text) if not CLOCK.match(one)}
    assert printed - known - NEWER == set()


def test_an_answer_has_no_line_that_the_parsers_do_not_know(router: tuple[World, Device]) -> None:
    world, device = router
    for command in iosxr.commands(device):
        text = iosxr.answer(world, device, command)
        if text is not None and iosxr.UNSUPPORTED not in text:
            assert parse("iosxr", command, text).unparsed == (), command


def test_a_neighbour_that_is_down_is_not_heard(router: tuple[World, Device]) -> None:
    world, device = router
    world.devices["xr2"].port(PORT).up = False
    text = iosxr.answer(world, device, LLDP)
    assert text is not None
    assert PORT not in text
