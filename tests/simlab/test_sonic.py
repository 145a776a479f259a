"""The simulated SONiC switch: what is set, counted and monitored otherwise is what the driver then tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.drivers import driver
from harness.drivers.base import soaked
from harness.drivers.sonic import DRIVER, HISTOGRAM
from harness.evidence import Answer, Evidence, Origin, Recorder, instant
from harness.lab.load import load
from harness.model import DeviceFacts
from harness.reading import Missing, Reading, Value
from harness.simlab.__main__ import START
from harness.simlab.systems import sonic
from harness.simlab.world import SAMPLE_SECONDS, Drift, Watch, World, healthy
from tests.recordings import REPOSITORY

PORT, CAGE = "Ethernet452", "Ethernet448"


@pytest.fixture
def world() -> World:
    return healthy(load(REPOSITORY / "lab_configs" / "mixed.yaml"), instant(START))


def told(world: World, folder: Path) -> DeviceFacts:
    """What the driver makes of all that it asks of the leaf."""
    device = world.devices["leaf1"]
    with Recorder(folder / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        for ask in DRIVER.asks(device.plan):
            elapsed = SAMPLE_SECONDS if ask.sample == 2 or ask.text == HISTOGRAM else 0
            text = sonic.answer(world, device, ask.text, elapsed)
            assert text is not None, f"nobody answers {ask.text}"
            recorder.append(Answer(ask, text.encode(), 0, world.start + timedelta(seconds=elapsed)))
    facts = DRIVER.decode(device.plan, Evidence(folder / "evidence"))
    assert [line for line in facts.unknown if "Failed to read EEPROM" not in line] == []
    return facts


def the(value: Value[Any]) -> Any:
    assert isinstance(value, Reading), value
    return value.value


def test_what_is_counted_is_told(world: World, tmp_path: Path) -> None:
    port = world.port(f"leaf1:{PORT}")
    port.flaps, port.flapped = 3, [300] * 4
    port.drops[3], port.storms[3], port.pauses["rx", 3], port.pauses["tx", 0] = (5, 230), (1, 3), (10, 70), (0, 2)
    port.symbol_factor, port.shown = Decimal("0.5"), "short"
    facts = told(world, tmp_path)
    seen = facts.ports[PORT]
    assert [the(one.count) for one in seen.changes] == [7, 15]
    assert the(seen.last_change) == "Fri Nov 20 12:05:01 2026"
    assert the(seen.queues[3].dropped) == 230
    assert the(seen.watchdog.storms) == {3: 3}
    assert [the(one.received)[3] for one in seen.pauses] == [10, 70]
    assert [the(one.sent)[0] for one in seen.pauses] == [0, 2]
    assert [the(one.symbol_errors) for one in seen.fec_samples] == [port.symbols(0), port.symbols(SAMPLE_SECONDS)]
    assert len(the(seen.histogram)) == 8


def test_what_is_set_is_told(world: World, tmp_path: Path) -> None:
    device = world.devices["leaf1"]
    port, other = world.port(f"leaf1:{PORT}"), world.port(f"leaf1:{CAGE}")
    port.watch, other.watch = Watch(on=False), Watch(detect=300, restore=900, action="forward")
    port.trust, port.headroom_bytes, other.headroom_m, other.wred = "pcp", 20_000, Decimal(5), ""
    port.hears = ("elsewhere", "Ethernet9")
    device.tc_to_queue[3], device.tc_to_pg[3] = 1, 0
    facts = told(world, tmp_path)
    seen, beside = facts.ports[PORT], facts.ports[CAGE]
    assert (the(seen.watchdog.on), isinstance(seen.watchdog.storms, Missing)) == (False, True)
    watch = beside.watchdog
    assert [the(one) for one in (watch.on, watch.action, watch.detection_ms, watch.restoration_ms)] == [
        True, "forward", 300, 900,
    ]  # fmt: skip
    assert (the(seen.maps.trust), the(beside.maps.trust)) == ("pcp", "dscp")
    assert the(seen.queues[3].headroom) == 20_000
    assert the(beside.queues[3].headroom) < the(facts.ports["Ethernet460"].queues[3].headroom)
    assert (the(beside.queues[3].ecn), the(seen.queues[3].ecn)) == (False, True)
    assert (the(beside.maps.tc_to_queue)[3], the(beside.maps.tc_to_pg)[3]) == (1, 0)
    assert (the(seen.lldp).device, the(seen.lldp).port_names) == ("elsewhere", ("Ethernet9", "Ethernet9"))


@pytest.mark.parametrize(
    ("balancing", "word"),
    [
        ("dlb", "adaptive per_flowlet_quality"),
        ("spraying", "packet spraying per_packet_quality"),
        ("ecmp", "ecmp crc"),
    ],
)
def test_how_flows_are_spread_is_told(world: World, tmp_path: Path, balancing: str, word: str) -> None:
    world.devices["leaf1"].balancing = balancing
    assert the(told(world, tmp_path).load_balancing) == word


def stale(world: World) -> None:
    world.module(f"leaf1:{CAGE}").stale = 3600


def unadvertised(world: World) -> None:
    world.module(f"leaf1:{CAGE}").unadvertised = {"tx_bias"}


def dark(world: World) -> None:
    world.module(f"leaf1:{CAGE}").lanes[1].rx = Decimal(-40)


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (stale, lambda facts: the(facts.monitor_age[CAGE]) == 3600),
        (unadvertised, lambda facts: isinstance(facts.series[CAGE][0].tx_bias[0], Missing)),
        (dark, lambda facts: the(facts.series[CAGE][0].rx_power[1]) == Decimal("-Infinity")),
    ],
    ids=["monitors of an hour ago", "a monitor that is not advertised", "a dark lane"],
)
def test_monitors_are_told(
    world: World, tmp_path: Path, change: Callable[[World], None], shown: Callable[[DeviceFacts], bool]
) -> None:
    change(world)
    assert shown(told(world, tmp_path))


def test_the_samples_of_a_soak_are_told_one_by_one(world: World, tmp_path: Path) -> None:
    device = world.devices["leaf1"]
    world.port(f"leaf1:{PORT}").drifts.append(Drift("ber", Decimal(1), None, 0, 7200))
    world.module(f"leaf1:{CAGE}").drifts += [
        Drift("celsius", Decimal(9), None, 0, 7200),
        Drift("bias", Decimal(-16), 2, 0, 7200),
    ]
    with Recorder(tmp_path / "soak", origin=Origin.SIMULATED, made_by="test") as recorder:
        for n in range(1, 5):
            for ask in soaked(driver("sonic"), device.plan):
                assert ask.text in {*sonic.twice(device), *sonic.soaked(device)}
                text = sonic.answer(world, device, ask.text, 1800 * (n - 1))
                assert text is not None
                at = world.start + timedelta(seconds=1800 * (n - 1))
                recorder.append(Answer(replace(ask, sample=n), text.encode(), 0, at))
    facts = DRIVER.decode(device.plan, Evidence(tmp_path / "soak"))
    seen, series = facts.ports[PORT], facts.series[CAGE]
    assert [len(one) for one in (seen.fec_samples, seen.changes, seen.pauses, series)] == [4] * 4
    ratios = [the(sample.pre_fec_ber) for sample in seen.fec_samples]
    assert ratios == sorted(ratios) and ratios[-1] > 4 * ratios[0]
    assert the(series[-1].temperature) - the(series[0].temperature) > 6
    assert the(series[-1].tx_bias[1]) / the(series[0].tx_bias[1]) < Decimal("0.9")
