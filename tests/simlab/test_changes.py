"""Kinds of change, one by one: what each does to the world, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harness.decode.memory import LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import Transceiver, transceiver
from harness.errors import InputError, UsageError
from harness.reading import Missing, Reading
from harness.simlab.byhand import fault_of, listed
from harness.simlab.changes import KINDS, LISTS, OPTIONAL, SETTINGS, SPANS, WHOLE
from harness.simlab.faults import CHANGES, DAMAGES, Damage, Fault, plant
from harness.simlab.fixture import samples, seconds
from harness.simlab.pages import memory
from harness.simlab.scope import tdecq
from harness.simlab.world import SAMPLE_SECONDS, Module, Port, World

DR4 = "leaf1:Ethernet448"
NIC = "gpu1:eth3"


def spoil(world: World, do: str, target: str, **settings: Any) -> Port:
    plant(world, Damage(), Fault(do, do, target, (), target, Path("t.toml"), settings))
    return world.port(target) if ":" in target else world.port(DR4)


def module(world: World) -> Module:
    return world.module(DR4)


def seen(module: Module) -> Transceiver:
    held = memory(module)
    pages = {LOWER_MEMORY if number == -1 else Page(number): data for number, data in held.items()}
    return transceiver(Memory(module.where, pages))


@pytest.fixture
def mine(make_world: Callable[[], World]) -> World:
    return make_world()


def test_every_kind_says_in_a_sentence_what_it_does() -> None:
    for change in KINDS:
        assert (change.__doc__ or "").strip().endswith("."), change.__name__
    assert set(SETTINGS) - {"silence"} | SPANS == set(CHANGES)
    assert set(OPTIONAL) | LISTS | WHOLE <= {*SETTINGS, *DAMAGES}


def test_what_can_be_said_by_hand_is_listed_and_said(world: World) -> None:
    assert len(list(listed())) == len(SETTINGS) + 2
    fault, _ = fault_of(world, DR4, ["drops=3", "value=5,230"])
    assert (fault.do, fault.settings) == ("drops", {"queue": "3", "value": ["5", "230"]})
    assert fault_of(world, "leaf1", ["watchdog=off"])[0].target == "leaf1"
    assert fault_of(world, DR4, ["headroom", "metres=5"])[0].settings == {"metres": "5"}
    with pytest.raises(UsageError, match="pauses needs priority, value"):
        fault_of(world, DR4, ["pauses=rx"])


def test_a_register_is_written_before_the_checksum_and_a_flip_after_it(mine: World) -> None:
    spoil(mine, "register", DR4, page=0, byte=200, value=32)
    spoil(mine, "register", DR4, page=1, byte=142, bit=0, value=1)
    held = memory(module(mine))
    assert held[0][200 - 128] == 32
    assert held[1][142 - 128] & 1
    assert sum(held[0][:94]) & 0xFF == held[0][94]  # bytes 128 to 221, and 222
    spoil(mine, "flip", DR4, page=0, byte=131, bit=0)
    held = memory(module(mine))
    assert sum(held[0][:94]) & 0xFF != held[0][94]


def test_a_monitor_that_is_not_advertised_is_missing_and_vdm_is_gone(mine: World) -> None:
    healthy = seen(module(mine))
    assert isinstance(healthy.temperature, Reading) and isinstance(healthy.tx_power[0], Reading)
    spoil(mine, "unadvertised", DR4, value="tx_power")
    found = seen(module(mine))
    assert isinstance(found.tx_power[0], Missing) and isinstance(found.temperature, Reading)
    spoil(mine, "unadvertised", DR4, value="vdm")
    assert 0x20 not in memory(module(mine))


def test_applications_connector_and_lot_are_told_by_the_module(mine: World) -> None:
    spoil(mine, "applications", DR4, value=[[80, 28, 4, 4], "80/254/4/4"])
    spoil(mine, "connector", DR4, value="LC")
    spoil(mine, "lot", DR4, serial="PF900000001", revision="B2")
    held = memory(module(mine))
    assert held[-1][86:94] == bytes([80, 28, 0x44, 0x11, 80, 254, 0x44, 0x11])
    assert held[0][203 - 128] == 0x07
    assert held[0][164 - 128 : 180 - 128] == b"B2PF900000001   "
    with pytest.raises(InputError, match="LC, MPO-12"):
        spoil(mine, "connector", DR4, value="SC")


def test_counters_are_cleared_or_frozen_between_two_samples(mine: World) -> None:
    port = spoil(mine, "counters", DR4, change="cleared")
    assert 0 < sum(port.counted(SAMPLE_SECONDS).bins) < sum(port.counted(0).bins)
    port = spoil(mine, "counters", "leaf1:Ethernet452", change="frozen")
    assert port.counted(SAMPLE_SECONDS) == port.counted(0)


def test_a_burst_keeps_the_sums(mine: World) -> None:
    port = mine.port(DR4)
    before = port.counted(SAMPLE_SECONDS)
    spoil(mine, "burst", DR4, bin=15, value=[0, 40])
    after = port.counted(SAMPLE_SECONDS)
    assert after.bins[15] == 40
    assert sum(after.bins) == sum(before.bins)
    assert after.symbols == before.symbols + 600


def test_a_histogram_and_its_counters_can_disagree(mine: World) -> None:
    port = spoil(mine, "histogram", DR4, change="double")
    true = port.counted(0).bins
    assert port.bins(0) == (true[0], *(2 * count for count in true[1:]))
    port.shown = "short"
    assert port.bins(0) == true[:8]
    spoil(mine, "symbols", DR4, value="0.2")
    assert port.symbols(0) == port.counted(0).symbols // 5


def test_one_lane_has_most_errors_and_all_have_those_of_the_port(mine: World) -> None:
    port = spoil(mine, "lane_errors", DR4, lane=2, value=50)
    found = port.lane_errors(SAMPLE_SECONDS)
    assert sum(found.values()) == port.symbols(SAMPLE_SECONDS)
    assert found[2] > 45 * found[1]


def test_a_flap_is_counted_by_both_ends(mine: World) -> None:
    port = spoil(mine, "flap", DR4, value=[1, 3])
    assert port.peer is not None
    for end in (port, mine.port(":".join(port.peer))):
        assert (end.downs(0), end.downs(SAMPLE_SECONDS)) == (1, 3)
        assert end.last_change(0) < 0 < end.last_change(SAMPLE_SECONDS) < SAMPLE_SECONDS
        assert end.up


def test_a_drift_goes_in_a_straight_line_and_stays(mine: World) -> None:
    spoil(mine, "drift", DR4, quantity="celsius", by="12", until_hour=12)
    spoil(mine, "drift", DR4, quantity="tx", by="-1.6", lane=2)
    usual = module(mine)
    assert usual.now(0).celsius == usual.celsius
    assert usual.now(6 * 3600).celsius == usual.celsius + 6
    assert usual.now(24 * 3600).celsius == usual.celsius + 12
    assert usual.now(24 * 3600).lanes[1].tx == usual.lanes[1].tx - Decimal("1.6")
    assert usual.now(24 * 3600).lanes[0] == usual.lanes[0]
    port = spoil(mine, "drift", NIC, quantity="ber", by="1.1")
    assert port.ratio(24 * 3600) == port.ber * Decimal(10) ** Decimal("1.1")
    counted = [port.counted(hour * 3600) for hour in range(25)]
    rises = [after.corrected - before.corrected for before, after in pairwise(counted)]
    assert rises == sorted(rises)


def test_what_is_shut_is_dark_until_it_is_up(mine: World) -> None:
    spare = mine.port("leaf1:Ethernet504")
    assert spare.module is not None
    assert not spare.admin
    assert {lane.tx for lane in spare.module.lanes} == {Decimal(-40)}
    spoil(mine, "admin", "leaf1:Ethernet504", value="up")
    assert [lane.tx > -3 for lane in spare.module.lanes] == [True] * 4 + [False] * 4
    assert (mine.port("leaf1:Ethernet504").admin, spare.up) == (True, False)


def test_a_nic_pauses_nobody_and_a_switch_port_a_little(mine: World) -> None:
    assert mine.port(NIC).paused("rx", 3, 0) == 0
    port = mine.port(DR4)
    assert port.paused("rx", 3, SAMPLE_SECONDS) - port.paused("rx", 3, 0) == 40
    assert port.paused("rx", 4, 0) == 0
    spoil(mine, "pauses", DR4, way="rx", priority=4, value=[10, 70])
    assert port.paused("rx", 4, SAMPLE_SECONDS) == 70


def test_a_soak_is_sampled_but_for_its_gaps(mine: World) -> None:
    mine.every, mine.until = 1800, 24 * 3600
    leaf, host = mine.devices["leaf1"], mine.devices["gpu1"]
    assert samples(mine, leaf) == tuple(range(1, 50))
    assert seconds(mine, 49) == 24 * 3600
    spoil(mine, "samples", "gpu1", from_hour=6, until_hour=10)
    assert [n for n in range(1, 50) if n not in samples(mine, host)] == list(range(13, 22))
    assert samples(mine, leaf) == tuple(range(1, 50))
    spoil(mine, "samples", "", every=6)
    assert samples(mine, leaf) == tuple(range(1, 10))
    assert seconds(mine, 9) == 24 * 3600


def rows(world: World) -> list[list[str]]:
    return [line.split(",") for line in tdecq(world).splitlines()[1:]]


def test_the_laboratory_measured_every_lane_at_three_temperatures(world: World) -> None:
    optics = [m for m in world.modules if m.kind.optical]
    at = [(row[0], row[1]) for row in rows(world) if row[4] == "tdecq"]
    assert len(at) == 3 * sum(len(m.lanes) for m in optics)
    assert len(tdecq(world)) < 600_000


def test_what_was_measured_can_be_another_value_another_cell_or_gone(mine: World) -> None:
    number = module(mine).serial
    spoil(mine, "measure", DR4, lane=2, quantity="tdecq", value="3.6", celsius=70)
    spoil(mine, "measure", DR4, lane=4, quantity="stressed_sensitivity", value="-1.2")
    spoil(mine, "measure", DR4, lane=8, drop=True)
    spoil(mine, "measure", "leaf1:Ethernet456", column="pattern", value="PRBS31Q", quantity="tdecq")
    own = [row for row in rows(mine) if row[0] == number]
    assert [row[5] for row in own if row[1] == "2" and row[4] == "tdecq"][2] == "3.6"
    assert [row[6] for row in own if row[4] == "stressed_sensitivity"] == ["dBm"] * 3
    assert {row[1] for row in own} == set("1234567")
    assert {row[4] for row in rows(mine) if row[8] == "PRBS31Q"} == {"tdecq"}


def test_a_change_of_measurements_may_be_of_the_first_units_of_a_part(mine: World) -> None:
    plant(mine, Damage(), Fault("x", "measure", "", (), "", Path("t"), {"part": "NW-Q4-DR4", "after": 1, "drop": True}))
    left = {row[0] for row in rows(mine)}
    found = [m.serial in left for m in mine.modules if m.where.startswith("gpu") and m.kind.name == "400GBASE-DR4"]
    assert found.count(True) < len(found)
    with pytest.raises(InputError, match="a target or a part"):
        plant(mine, Damage(), Fault("x", "measure", "", (), "", Path("t"), {"value": "1"}))
