"""The simulated switch with Junos: the driver gives back what the world holds, and knows every line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from harness.decode.told import ToldTransceiver
from harness.drivers.answers import parse, shape
from harness.drivers.junos import DRIVER
from harness.evidence import Answer, Evidence, Origin, Recorder, instant
from harness.lab.load import load
from harness.model import DeviceFacts, PortFacts
from harness.reading import Missing, Reading, Value
from harness.simlab.__main__ import START
from harness.simlab.pages import drifted
from harness.simlab.systems import junos
from harness.simlab.world import SAMPLE_SECONDS, Device, World, Wred, healthy
from tests.recordings import REPOSITORY

LAB = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  sw[1-2]:
    role: spine
    platform: QFX5240-64OD
    nos: junos
    every_port: {{fec: rs, mtu: 9216, lossless: true}}
    cages:
      0: {{mode: 2x400G, module: OPT}}
      7: {{mode: 1x800G, module: DAC}}
links:
  sw1:et-0/0/0:0--sw2:et-0/0/0:0: {{fiber: {{type: OS2, length_m: 9, connectors: [MPO-12, MPO-12]}}}}
  sw1:et-0/0/0:1--sw2:et-0/0/0:1: {{fiber: {{type: OS2, length_m: 9, connectors: [MPO-12, MPO-12]}}}}
  sw1:et-0/0/7--sw2:et-0/0/7: {{cable_m: 2}}
parts:
  OPT: {{vendor: NORTHWIND, kind: optic, pmd: 800G-2xDR4, form_factor: OSFP}}
  DAC: {{vendor: NORTHWIND, kind: dac, pmd: 800GBASE-CR8, form_factor: OSFP}}
"""
FIRST, SECOND, WHOLE = "et-0/0/0:0", "et-0/0/0:1", "et-0/0/7"


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], World]:
    file = tmp_path_factory.mktemp("junos") / "lab.yaml"
    file.write_text(LAB)
    lab = load(file)
    return lambda: healthy(lab, instant(START))


@pytest.fixture
def small(make: Callable[[], World]) -> World:
    """A healthy world that a test may change."""
    return make()


@pytest.fixture(scope="module")
def facts(make: Callable[[], World], tmp_path_factory: pytest.TempPathFactory) -> DeviceFacts:
    """What the driver makes of the healthy switch."""
    world = make()
    return decoded(world, world.devices["sw1"], tmp_path_factory.mktemp("healthy"))


def decoded(world: World, device: Device, folder: Path) -> DeviceFacts:
    """What the driver makes of everything that it asks."""
    store = folder / "evidence"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for ask in DRIVER.asks(device.plan):
            assert DRIVER.session(device.plan).permit.allows(ask.text), ask.text
            elapsed = SAMPLE_SECONDS if ask.sample == 2 else 0
            text = junos.answer(world, device, ask.text, elapsed)
            assert text is not None, ask.text
            recorder.append(Answer(ask, text.encode(), 0, world.start + timedelta(seconds=elapsed)))
    return DRIVER.decode(device.plan, Evidence(store))


def the(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def facts_of(port: PortFacts) -> dict[str, object]:
    names = (
        "speed", "oper", "admin", "mtu", "fec_configured", "fec_operational", "fec_named", "pfc_priorities",
        "link_pause", "breakout_mode", "flaps", "auto_negotiation",
    )  # fmt: skip
    return {name: the(getattr(port, name)) for name in names}


def test_a_healthy_switch_is_told_as_it_is_and_every_line_is_known(small: World, facts: DeviceFacts) -> None:
    device = small.devices["sw1"]
    assert facts.unknown == ()
    assert (the(facts.software), the(facts.hwsku), the(facts.serial)) == ("24.2R1.17", "qfx5240-64od", device.serial)
    assert facts_of(facts.ports[FIRST]) == {
        "speed": 400, "oper": "up", "admin": "up", "mtu": 9216, "fec_configured": "rs", "fec_operational": "rs",
        "fec_named": "RS(544,514)", "pfc_priorities": {3}, "link_pause": False, "breakout_mode": "2x400G", "flaps": 0,
        "auto_negotiation": False,
    }  # fmt: skip
    assert facts_of(facts.ports[WHOLE])["breakout_mode"] == "1x800G"
    neighbour = the(facts.ports[SECOND].lldp)
    assert (neighbour.device, neighbour.port_names[0]) == ("sw2", SECOND)  # type: ignore[attr-defined]
    assert facts.sampled[FIRST] == (small.start, small.start)


def test_counters_and_pauses_are_the_worlds_at_both_instants(small: World, tmp_path: Path) -> None:
    small.port(f"sw1:{FIRST}").uncorrected = (2, 9)
    port = decoded(small, small.devices["sw1"], tmp_path).ports[FIRST]
    for sample, elapsed in zip(port.fec_samples, (0, SAMPLE_SECONDS), strict=True):
        seen = small.port(f"sw1:{FIRST}").counted(elapsed)
        assert (the(sample.corrected), the(sample.uncorrected)) == (seen.corrected, seen.uncorrected)
        assert sample.at == small.start + timedelta(seconds=elapsed)
        assert isinstance(sample.pre_fec_ber, Missing)
    first, second = port.pauses
    received = [the(one.received) for one in (first, second)]
    assert received[1][3] > received[0][3] > 0  # type: ignore[index]
    assert received[0][2] == 0  # type: ignore[index]
    assert isinstance(port.histogram, Missing)


def test_quality_of_service_is_the_worlds(small: World, facts: DeviceFacts) -> None:
    port = facts.ports[FIRST]
    assert the(port.maps.trust) == "dscp"
    assert the(port.maps.dscp_to_tc) == small.devices["sw1"].maps["AZURE"]
    assert (the(port.maps.tc_to_queue), the(port.maps.tc_to_pg)) == ({n: n for n in range(8)}, {3: 3})
    marking, plain, strict = port.queues[3], port.queues[1], port.queues[6]
    assert (the(marking.ecn), the(marking.mark_probability), the(marking.scheduler)) == (True, 5, "dwrr")
    assert (the(marking.weight), the(strict.scheduler)) == (50, "strict")
    assert the(plain.ecn) is False
    assert isinstance(marking.ecn_min, Missing)
    assert int(str(the(marking.marked))) > 0 and the(marking.dropped) == 0
    assert (the(port.watchdog.on), the(port.watchdog.action)) == (True, "drop")


def test_modules_are_told_lane_by_lane(small: World, facts: DeviceFacts) -> None:
    module, world = facts.modules[FIRST], small.module(f"sw1:{FIRST}")
    held = drifted(world, 0)
    assert isinstance(module, ToldTransceiver)
    assert [the(power) for power in module.tx_power] == [lane.tx.quantize(Decimal("0.01")) for lane in held.lanes]
    assert [the(power) for power in module.rx_power] == [lane.rx.quantize(Decimal("0.01")) for lane in held.lanes]
    assert (the(module.vendor_name), the(module.vendor_sn), the(module.form_factor)) == (
        "NORTHWIND", world.serial, "OSFP",
    )  # fmt: skip
    assert (the(module.vendor_pn), the(module.firmware_active), the(module.wavelength)) == (world.number, "1.0", 1311)
    assert the(module.thresholds["rx_power_mw"].low_alarm) == world.thresholds["rx_power_dbm"][1]
    again = facts.again[FIRST]
    assert the(again.apart) == SAMPLE_SECONDS
    assert [the(power) for power in again.seen.rx_power] != [the(power) for power in module.rx_power]
    cable = facts.modules[WHOLE]
    assert isinstance(cable.tx_power[0], Missing)
    assert the(cable.vendor_sn) == small.module(f"sw1:{WHOLE}").serial
    assert "2x400G" in the(facts.modes[FIRST])  # type: ignore[operator]


def test_supplies_fans_sensors_and_load_balancing_are_told(facts: DeviceFacts) -> None:
    supplies, fans, sensors = the(facts.supplies), the(facts.fans), the(facts.sensors)
    assert [(one.name, the(one.status)) for one in supplies] == [("PSM 0", "ok"), ("PSM 1", "ok")]  # type: ignore[attr-defined]
    assert (len(fans), the(fans[0].direction)) == (8, "AFO")  # type: ignore[arg-type, index]
    assert "FPC 0 xcvr-0/0/0" in [one.name for one in sensors]  # type: ignore[attr-defined]
    assert the(facts.load_balancing) == "dlb flowlet"


def spoil_fec(world: World) -> None:
    port = world.port(f"sw1:{FIRST}")
    port.fec, port.fec_runs = "none", "none"


def spoil_pfc(world: World) -> None:
    world.port(f"sw1:{FIRST}").lossless = frozenset({3, 4})


def spoil_ecn(world: World) -> None:
    del world.devices["sw1"].wred["AZURE_LOSSLESS"]


def spoil_probability(world: World) -> None:
    world.devices["sw1"].wred["AZURE_LOSSLESS"] = Wred(409_600, 1_048_576, 80)


def spoil_map(world: World) -> None:
    world.devices["sw1"].maps["AZURE"][26] = 1


def spoil_error(world: World) -> None:
    world.module(f"sw1:{FIRST}").error = "Module fault"


def spoil_flag(world: World) -> None:
    world.module(f"sw1:{FIRST}").flags["rx_los"] = {2}


def spoil_dark(world: World) -> None:
    world.module(f"sw1:{FIRST}").lanes[1].rx = Decimal(-40)


def spoil_link(world: World) -> None:
    port = world.port(f"sw1:{FIRST}")
    port.up, port.flaps = False, 3


def codes(facts: DeviceFacts) -> tuple[object, object]:
    port = facts.ports[FIRST]
    return the(port.fec_operational), the(port.fec_configured)


def raised(port: PortFacts) -> list[tuple[str, int | None]]:
    return [(flag.name, flag.lane) for flag in the(port.flags) if the(flag.raised)]  # type: ignore[attr-defined]


SHOWS: Mapping[Callable[[World], None], Callable[[DeviceFacts], bool]] = {
    spoil_fec: lambda facts: codes(facts) == ("none", "none"),
    spoil_pfc: lambda facts: the(facts.ports[FIRST].pfc_priorities) == {3, 4},
    spoil_ecn: lambda facts: the(facts.ports[FIRST].queues[3].ecn) is False,
    spoil_probability: lambda facts: the(facts.ports[FIRST].queues[3].mark_probability) == 80,
    spoil_map: lambda facts: the(facts.ports[FIRST].maps.dscp_to_tc)[26] == 1,  # type: ignore[index]
    spoil_error: lambda facts: the(facts.ports[FIRST].error_status) == "module fault",
    spoil_flag: lambda facts: ("rx_los", 2) in raised(facts.ports[FIRST]) and not raised(facts.ports[SECOND])[1:],
    spoil_dark: lambda facts: the(facts.modules[FIRST].rx_power[1]) == Decimal("-Infinity"),
    spoil_link: lambda facts: (
        (the(facts.ports[FIRST].oper), the(facts.ports[FIRST].flaps)) == ("down", 3)
        and isinstance(facts.ports[FIRST].fec_operational, Missing)
    ),
}
"""What shows in the facts when a fault is in the world."""


@pytest.mark.parametrize(
    "spoils",
    [
        (spoil_pfc, spoil_probability, spoil_map, spoil_error, spoil_flag),
        (spoil_fec, spoil_ecn, spoil_dark),
        (spoil_link,),
    ],
    ids=["what is configured and alarmed", "what does not run", "a link that is down"],
)
def test_what_is_wrong_in_the_world_shows(
    small: World, facts: DeviceFacts, tmp_path: Path, spoils: tuple[Callable[[World], None], ...]
) -> None:
    for spoil in spoils:
        assert not SHOWS[spoil](facts)
        spoil(small)
    spoilt = decoded(small, small.devices["sw1"], tmp_path)
    assert spoilt.unknown == ()
    assert [spoil.__name__ for spoil in spoils if not SHOWS[spoil](spoilt)] == []


def test_the_fixtures_record_what_the_driver_asks(small: World) -> None:
    device = small.devices["sw1"]
    asked = list(DRIVER.asks(device.plan))
    first, second = ({ask.text for ask in asked if ask.sample == sample} for sample in (1, 2))
    assert (set(junos.commands(device)), set(junos.twice(device))) == (first, second)
    assert junos.answer(small, device, "show bgp summary") is None


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        ("show interfaces extensive", "show-interfaces-extensive"),
        ("show interfaces queue", "show-interfaces-queue"),
        ("show version", "show-version"),
    ],
)
def test_text_has_no_label_that_recordings_do_not_have(
    small: World, recordings: Path, command: str, folder: str
) -> None:
    recorded: set[str] = set()
    for file in (recordings / "cli" / "juniper_junos").glob(f"{folder}/*.txt"):
        recorded |= shape("junos", command, file.read_text("utf-8"))
    text = junos.answer(small, small.devices["sw1"], command)
    assert text is not None
    made = {one.lstrip(">") for one in shape("junos", command, text)} - {one.lstrip(">") for one in recorded}
    assert made <= CAPTURED.get(command, set())


CAPTURED = {
    "show interfaces extensive": {
        "Ethernet FEC Mode:", "MAC Priority Flow Control Statistics:", "Priority:", "PRBS Mode:",
    },
    "show interfaces queue": {"ECN-CE packets:", "ECN-CE bytes:"},
}  # fmt: skip
"""Labels that public captures prove, not the recordings."""


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("show chassis hardware | display json", "show-chassis-hardware/suzieq-qfx-19.4.json"),
        ("show lldp neighbors detail | display json", "show-lldp-neighbors-detail/suzieq-spine01.json"),
        ("show lldp neighbors", "show-lldp-neighbors/ntc-ae7.txt"),
    ],
)
def test_a_record_has_the_keys_of_recorded_ones(small: World, recordings: Path, command: str, file: str) -> None:
    text = junos.answer(small, small.devices["sw1"], command)
    assert text is not None
    real = parse("junos", command, (recordings / "cli" / "juniper_junos" / file).read_text("utf-8")).records
    known = {key for record in real for key in record}
    for record in parse("junos", command, text).records:
        assert record.keys() <= known
