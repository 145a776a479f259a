"""The driver of Cumulus Linux 5: what its answers become, and that what is not there is Missing and never a zero."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.decode.told import ToldTransceiver
from harness.drivers import nvue
from harness.drivers.nvue import DRIVER, about, bins, counters, detail, fec, health, lower_page, qos, settings
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts, PortFacts
from harness.reading import Absence, Missing, Reading, Value

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PROFILE = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"
LAB = f"""\
name: small
profile: {PROFILE}
devices:
  spine1:
    role: spine
    platform: SN5600
    nos: nvue
    cages:
      1: {{mode: 2x400G}}
      2: {{mode: 1x800G}}
"""

UP = {
    "link": {
        "admin-status": "up",
        "mtu": 9216,
        "oper-status": "up",
        "speed": "400G",
        "mac-address": "02:00:00:00:00:01",
    }
}
DOWN = {"link": {"admin-status": "up", "mtu": 9216, "oper-status": "down"}}
INTERFACES = {"swp1s0": UP, "swp1s1": UP, "swp2": DOWN, "eth0": {"link": {"mtu": 1500}}}

SETTINGS = """\
Settings for swp1s0:
\tSpeed: 400000Mb/s
\tLanes: 4
\tAuto-negotiation: off
\tLink detected: {}
"""
FEC = json.dumps([{
    "ifname": "swp1s0", "config": ["RS"], "active": ["RS"],
    "statistics": {"corrected_blocks": {"total": 70}, "uncorrectable_blocks": {"total": 0}},
}])  # fmt: skip
MODULE = {
    "status": "plugged_enabled", "error-status": "N/A", "identifier": "OSFP", "revision-compliance": "CMIS 5.0",
    "vendor-name": "NORTHWIND", "vendor-pn": "NW-O8", "vendor-sn": "X1", "vendor-date-code": "260612__",
    "cable-length": "3m",
    "temperature": {"temperature": "41.25 C", "high-alarm-threshold": "80.00 C", "low-alarm-threshold": "-5.00 C",
                    "high-warning-threshold": "75.00 C", "low-warning-threshold": "0.00 C"},
    "channel": {"channel-1": {"rx-power": {"power": "0.86 mW / -0.66 dBm", "high-alarm-threshold": "4.50 dBm"}},
                "channel-2": {"rx-power": {"power": "0.0 mW / -inf dBm", "high-alarm-threshold": "4.50 dBm"}}},
}  # fmt: skip


@pytest.fixture
def spine(tmp_path: Path) -> DevicePlan:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["spine1"]


def decoded(device: DevicePlan, folder: Path, answers: Mapping[str | tuple[str, int], object]) -> DeviceFacts:
    """What the driver makes of answers: a text as it stands, anything else as JSON."""
    store = folder / "evidence"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for key, said in answers.items():
            command, sample = key if isinstance(key, tuple) else (key, 1)
            text = said if isinstance(said, str) else json.dumps(said, indent=1)
            recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), text.encode(), 0, NOON))
    return DRIVER.decode(device, Evidence(store))


def the(value: Value[Any]) -> Any:
    assert isinstance(value, Reading), value
    return value.value


def why(value: Value[Any]) -> Absence:
    assert isinstance(value, Missing), value
    return value.why


def port(device: DevicePlan, folder: Path, answers: Mapping[str | tuple[str, int], object]) -> PortFacts:
    return decoded(device, folder, answers).ports["swp1s0"]


def test_every_question_is_permitted_read_only_and_understood(spine: DevicePlan) -> None:
    permit = DRIVER.session(spine).permit
    for ask in DRIVER.asks(spine):
        assert permit.allows(ask.text)
        assert ask.text.removeprefix("sudo ").startswith(("nv show ", "ethtool ", "lldpctl "))
    for text in (
        "nv set interface swp1 link state down",
        "nv show system; reboot",
        "nv show interface $(x) qos pfc -o json",
    ):
        assert not permit.allows(text)


def test_second_samples_come_after_all_first_ones_and_histograms_last(spine: DevicePlan) -> None:
    asks = list(DRIVER.asks(spine))
    second = [at for at, ask in enumerate(asks) if ask.sample == 2]
    histograms = [at for at, ask in enumerate(asks) if "histogram" in ask.text]
    assert all(ask.sample == 1 for ask in asks[: second[0]])
    assert histograms[0] > second[-1]
    assert len(histograms) == 3


def test_nothing_recorded_is_missing_everywhere_and_every_declared_port_is_there(
    spine: DevicePlan, tmp_path: Path
) -> None:
    facts = decoded(spine, tmp_path, {"show clock": ""})
    assert set(facts.ports) == {"swp1s0", "swp1s1", "swp2"}
    for seen in facts.ports.values():
        for one in fields(PortFacts):
            value = getattr(seen, one.name)
            assert not isinstance(value, Reading), one.name
        assert all(isinstance(sample.uncorrected, Missing) for sample in seen.fec_samples)
        assert all(not isinstance(getattr(q, f.name), Reading) for q in seen.queues.values() for f in fields(q))
    for name in ("software", "platform", "serial", "asic", "supplies", "fans", "sensors", "load_balancing"):
        assert isinstance(getattr(facts, name), Missing), name


def test_states_of_ports_and_the_mode_of_their_cage(spine: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(spine, tmp_path, {nvue.INTERFACES: INTERFACES, settings("swp1s0"): SETTINGS.format("yes")})
    one, two = facts.ports["swp1s0"], facts.ports["swp2"]
    assert (the(one.speed), the(one.lanes), the(one.oper), the(one.admin), the(one.mtu)) == (400, 4, "up", "up", 9216)
    assert (the(one.breakout_mode), the(facts.ports["swp1s1"].breakout_mode)) == ("2x400G", "2x400G")
    assert (the(two.oper), why(two.speed), why(two.breakout_mode)) == ("down", *[Absence.NOT_RECORDED] * 2)
    assert facts.aliases == {"02:00:00:00:00:01": "swp1s1"} or "02:00:00:00:00:01" in facts.aliases


def test_a_cage_whose_ports_run_at_different_speeds_has_no_mode(spine: DevicePlan, tmp_path: Path) -> None:
    slow = {"link": {**UP["link"], "speed": "200G"}}
    seen = port(spine, tmp_path, {nvue.INTERFACES: {**INTERFACES, "swp1s1": slow}})
    assert why(seen.breakout_mode) is Absence.UNREADABLE


def test_two_tools_that_contradict_one_another_give_no_speed(spine: DevicePlan, tmp_path: Path) -> None:
    other = SETTINGS.format("yes").replace("400000", "200000")
    seen = port(spine, tmp_path, {nvue.INTERFACES: INTERFACES, settings("swp1s0"): other})
    assert why(seen.speed) is Absence.UNREADABLE
    assert "400 Gb/s, but 200" in str(seen.speed)


def test_fec_is_ethtools_and_runs_on_a_link_that_is_up_only(spine: DevicePlan, tmp_path: Path) -> None:
    up = port(spine, tmp_path / "up", {fec("swp1s0"): FEC, settings("swp1s0"): SETTINGS.format("yes")})
    assert (the(up.fec_configured), the(up.fec_operational)) == ("rs", "rs")
    assert (the(up.fec_samples[0].corrected), the(up.fec_samples[0].uncorrected)) == (70, 0)
    assert isinstance(up.fec_samples[1].corrected, Missing)
    down = port(spine, tmp_path / "down", {fec("swp1s0"): FEC, settings("swp1s0"): SETTINGS.format("no")})
    assert (the(down.fec_configured), why(down.fec_operational)) == ("rs", Absence.NOT_AVAILABLE)


def test_counters_that_the_driver_of_the_switch_does_not_have_are_missing(spine: DevicePlan, tmp_path: Path) -> None:
    seen = port(
        spine, tmp_path, {fec("swp1s0"): json.dumps([{"ifname": "swp1s0", "config": ["Auto"], "active": ["None"]}])}
    )
    assert (the(seen.fec_configured), why(seen.fec_samples[0].uncorrected)) == ("auto", Absence.NOT_RECORDED)


def test_a_ratio_of_which_nothing_was_measured_is_missing(spine: DevicePlan, tmp_path: Path) -> None:
    answers: dict[str | tuple[str, int], object] = {
        health("swp1s0"): {"raw-ber": "15E-255", "time-since-last-clear-min": 61},
        (health("swp1s0"), 2): {"raw-ber": "4E-9"},
    }
    seen = port(spine, tmp_path, answers)
    first, second = seen.fec_samples
    assert (why(first.pre_fec_ber), the(second.pre_fec_ber)) == (Absence.NOT_AVAILABLE, Decimal("4E-9"))
    assert the(seen.cleared) == "61 min before"


def test_a_histogram_is_its_own_commands_or_what_older_releases_print_of_the_phy(
    spine: DevicePlan, tmp_path: Path
) -> None:
    told = {"rs-fec-corrected-errors": {str(n): {"count": 16 - n} for n in range(16)}}
    assert the(port(spine, tmp_path / "own", {bins("swp1s0"): told}).histogram) == tuple(range(16, 0, -1))
    old: dict[str | tuple[str, int], object] = {
        bins("swp1s0"): "Error: The requested item does not exist.\n",
        (health("swp1s0"), 2): {f"rs-num-corr-err-bin{n}": n for n in range(16)},
    }
    assert the(port(spine, tmp_path / "old", old).histogram) == tuple(range(16))
    gap = {"rs-fec-corrected-errors": {"0": {"count": 9}, "2": {"count": 1}}}
    assert why(port(spine, tmp_path / "gap", {bins("swp1s0"): gap}).histogram) is Absence.UNREADABLE


PFC = [
    ({"rx": "enable", "tx": "enable", "switch-priority": {"3": {}}}, frozenset({3})),
    ({"rx": "disable", "tx": "disable"}, frozenset()),
    ({"rx": "enable", "tx": "disable", "switch-priority": {"3": {}}}, Absence.UNREADABLE),
    ({"rx": "enable", "tx": "enable"}, Absence.NOT_RECORDED),
    ({"switch-priority": {"3": {}}}, Absence.NOT_RECORDED),
    ({}, Absence.NOT_RECORDED),
]


@pytest.mark.parametrize(
    "said, found",
    PFC,
    ids=["on", "off", "on in one direction", "on without a priority", "without directions", "an empty object"],
)
def test_priorities_with_pfc(said: object, found: object, spine: DevicePlan, tmp_path: Path) -> None:
    value = port(spine, tmp_path, {qos("swp1s0", "pfc"): said}).pfc_priorities
    assert (value.value if isinstance(value, Reading) else value.why) == found


QOS: dict[str | tuple[str, int], object] = {
    qos("swp1s0", "link-pause"): {"rx": "disable", "tx": "enable"},
    qos("swp1s0", "mapping"): {"trust": "both", "dscp": {"26": {"switch-priority": 3}}},
    qos("swp1s0", "egress-queue-mapping"): {"switch-priority": {"3": {"traffic-class": 5}}},
    qos("swp1s0", "egress-scheduler"): {"traffic-class": {"3": {"mode": "dwrr", "bw-percent": 50}}},
    qos("swp1s0", "congestion-control"): {
        "traffic-class": {
            "3": {"ecn": "enable", "min-threshold": "150.00 KB", "max-threshold": 1500000, "probability": 100}
        }
    },
    qos("swp1s0", "pfc-watchdog"): {"state": "enabled", "status": {"3": {"status": "DEADLOCK", "deadlock-count": 2}}},
    (qos("swp1s0", "pfc-watchdog"), 2): {
        "state": "enabled",
        "status": {"3": {"status": "DEADLOCK", "deadlock-count": 2}},
    },
    nvue.WATCHDOGS: {"polling-interval": 200, "robustness": 5},
    (counters("swp1s0"), 2): {
        "egress-queue-stats": {"3": {"ecn-marked-frames": 8, "tx-uc-buffer-discards": 2}},
        "pfc-stats": {"3": {"rx-pause-frames": 40, "tx-pause-frames": 5}},
    },
}


def test_quality_of_service_of_a_port(spine: DevicePlan, tmp_path: Path) -> None:
    seen = port(spine, tmp_path, QOS)
    assert (the(seen.link_pause), the(seen.maps.trust)) == (True, "pcp,dscp")
    assert (the(seen.maps.dscp_to_tc), the(seen.maps.tc_to_queue)) == ({26: 3}, {3: 5})
    assert why(seen.maps.tc_to_pg) is Absence.NOT_ADVERTISED
    queue = seen.queues[3]
    assert (the(queue.ecn), the(queue.ecn_min), the(queue.ecn_max)) == (True, 153600, 1500000)
    assert (the(queue.mark_probability), the(queue.scheduler), the(queue.weight)) == (100, "dwrr", 50)
    assert (the(queue.marked), the(queue.dropped), queue.counted_at) == (8, 2, NOON)
    assert (why(queue.pause_threshold), why(queue.headroom)) == (Absence.NOT_AVAILABLE, Absence.NOT_AVAILABLE)
    assert (the(seen.watchdog.on), the(seen.watchdog.detection_ms), the(seen.watchdog.storms)) == (True, 1000, {3: 2})
    assert (the(seen.pauses[1].received), the(seen.pauses[1].sent)) == ({3: 40}, {3: 5})
    assert isinstance(seen.pauses[0].received, Missing)


def test_a_traffic_class_without_a_row_does_not_mark_where_the_answer_has_rows(
    spine: DevicePlan, tmp_path: Path
) -> None:
    queue = port(spine, tmp_path / "rows", QOS).queues[4]
    assert (the(queue.ecn), why(queue.ecn_min), why(queue.marked)) == (
        False, Absence.NOT_ADVERTISED, Absence.NOT_RECORDED,
    )  # fmt: skip
    empty = port(spine, tmp_path / "none", {qos("swp1s0", "congestion-control"): {}}).queues[4]
    assert why(empty.ecn) is Absence.NOT_RECORDED


def test_discards_that_the_text_form_rounded_are_no_count(spine: DevicePlan, tmp_path: Path) -> None:
    text = (
        "Egress Queue Statistics\n=======\n    traffic-class  tx-frames  tx-uc-buffer-discards\n"
        "    -------------  ---------  ---------------------\n    3              7          60.25 KB\n"
    )
    queue = port(spine, tmp_path, {(counters("swp1s0"), 2): text}).queues[3]
    assert why(queue.dropped) is Absence.UNREADABLE


def test_links_tell_how_often_and_when_they_changed(spine: DevicePlan, tmp_path: Path) -> None:
    told = {
        "swp1s0": {"link": {"oper-status-last-change": "2026/01/02 03:04:05.678", "stats": {"carrier-transitions": 5}}}
    }
    seen = port(spine, tmp_path, {nvue.CARRIER: told})
    assert (the(seen.flaps), the(seen.last_change)) == (5, "2026/01/02 03:04:05.678")


def test_changes_of_a_link_are_counted_in_every_sample(spine: DevicePlan, tmp_path: Path) -> None:
    def told(count: int) -> object:
        return {"swp1s0": {"link": {"stats": {"carrier-transitions": count}}}}

    seen = port(spine, tmp_path, {nvue.CARRIER: told(5), (nvue.CARRIER, 2): told(7), (nvue.CARRIER, 3): told(7)})
    assert [the(sample.count) for sample in seen.changes] == [5, 7, 7]


def test_monitors_of_a_soak_are_those_of_every_answer(spine: DevicePlan, tmp_path: Path) -> None:
    hot = {**MODULE, "temperature": {"temperature": "43.00 C"}}
    said: dict[str | tuple[str, int], object] = {
        nvue.MODULES: {"swp1": MODULE},
        (nvue.MODULES, 2): {"swp1": hot},
        (nvue.MODULES, 3): {},
    }
    facts = decoded(spine, tmp_path, said)
    first, second, third = facts.series["swp1s0"]
    assert (the(first.temperature), the(second.temperature)) == (Decimal("41.25"), Decimal("43.00"))
    assert the(first.rx_power[0]) == Decimal("-0.66")
    assert why(third.temperature) is not None
    assert isinstance(facts.monitor_age["swp1s0"], Missing)


LLDP = {"lldp": [{"interface": [{"name": "swp1s0", "via": "LLDP", "chassis": [{"name": [{"value": "leaf1"}],
        "id": [{"type": "mac", "value": "02:aa"}]}], "port": [{"id": [{"type": "ifname", "value": "swp5"}],
        "descr": [{"value": "to spine1"}]}]}]}]}  # fmt: skip


def test_the_neighbour_is_lldpds_or_nvues_where_lldpctl_was_not_allowed(spine: DevicePlan, tmp_path: Path) -> None:
    heard = the(port(spine, tmp_path / "one", {nvue.NEIGHBOURS: LLDP}).lldp)
    assert (heard.device, heard.port_names) == ("leaf1", ("swp5", "to spine1"))
    link = {**UP, "lldp": {"neighbor": {"leaf2": {"port": {"name": "swp7"}}}}}
    told = the(port(spine, tmp_path / "two", {nvue.INTERFACES: {"swp1s0": link}}).lldp)
    assert (told.device, told.port_names) == ("leaf2", ("swp7",))
    silent = port(spine, tmp_path / "three", {nvue.INTERFACES: {"swp1s0": link}, nvue.NEIGHBOURS: {"lldp": [{}]}})
    assert why(silent.lldp) is Absence.NOT_RECORDED
    both = {**UP, "lldp": {"neighbor": {"a": {"port": {"name": "1"}}, "b": {"port": {"name": "2"}}}}}
    assert isinstance(port(spine, tmp_path / "four", {nvue.INTERFACES: {"swp1s0": both}}).lldp, Missing)


STATUS = [
    ({"status": "plugged_enabled", "error-status": "N/A"}, "OK"),
    ({"status": "plugged_with_error", "error-status": "Unsupported cable"}, "Unsupported cable"),
    ({"status": "plugged_disabled", "error-status": "N/A"}, "plugged_disabled"),
    ({"vendor-sn": "X1"}, Absence.NOT_RECORDED),
]


@pytest.mark.parametrize("said, found", STATUS, ids=["enabled", "an error", "disabled", "not told"])
def test_what_the_switch_says_of_a_module(said: object, found: object, spine: DevicePlan, tmp_path: Path) -> None:
    value = port(spine, tmp_path, {nvue.MODULES: {"swp1": said}}).error_status
    assert (value.value if isinstance(value, Reading) else value.why) == found


def test_flags_are_bits_of_the_lanes_of_the_module(spine: DevicePlan, tmp_path: Path) -> None:
    told = {"rx-los": "0x82", "tx-fault": "0x0", "temp-flags": "0x4", "dp-st-lane0": "0x4"}
    flags = the(port(spine, tmp_path, {detail("swp1s0"): told}).flags)
    raised = {(flag.name, flag.lane) for flag in flags if the(flag.raised)}
    assert raised == {("rx_los", 2), ("rx_los", 8), ("temperature_high_warning", None)}
    assert {flag.lane for flag in flags if flag.name == "tx_fault"} == set(range(1, 9))
    assert why(port(spine, tmp_path / "none", {detail("swp1s0"): {"module-st": "0x3"}}).flags) is Absence.NOT_AVAILABLE


def test_a_module_is_told_in_words_where_no_register_could_be_read(spine: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(spine, tmp_path, {nvue.MODULES: {"swp1": MODULE}})
    module = facts.modules["swp1s0"]
    assert isinstance(module, ToldTransceiver)
    assert (the(module.vendor_sn), the(module.vendor_pn), the(module.date_code)) == ("X1", "NW-O8", "260612")
    assert (the(module.form_factor), module.management, the(module.cable_length)) == ("OSFP", "cmis", 3)
    assert (the(module.temperature), the(module.rx_power[0])) == (Decimal("41.25"), Decimal("-0.66"))
    assert the(module.rx_power[1]) == Decimal("-Infinity")
    quad = module.thresholds["temperature_c"]
    assert [the(value) for _, value in quad.items()] == [80, -5, 75, 0]
    assert the(module.thresholds["rx_power_mw"].high_alarm) == Decimal("4.50")
    assert isinstance(module.module_state, Missing)
    assert not isinstance(facts.modules["swp2"], ToldTransceiver)


def test_a_module_whose_registers_were_read_is_not_told_in_words(spine: DevicePlan, tmp_path: Path) -> None:
    rows = "".join(f"0x{at:04x}:\t\t{'1e ' * 16}\n" for at in range(0, 128, 16))
    answers = {nvue.MODULES: {"swp1": MODULE}, lower_page("swp1s0"): f"Offset\t\tValues\n------\t\t------\n{rows}"}
    module = decoded(spine, tmp_path, answers).modules["swp1s0"]
    assert not isinstance(module, ToldTransceiver)
    assert the(module.identifier) == 0x1E


def test_the_switch_and_its_parts(spine: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(spine, tmp_path, {
        nvue.VERSION: {"product-release": "5.12.0", "image": {"build-id": "5.12.0.21"}},
        nvue.PLATFORM: {"product-name": "SN5600", "serial-number": "MT1", "asic-model": "Spectrum-4"},
        nvue.FANS: {"FAN1/1": {"state": "ok", "current-speed": 5600, "max-speed": 28000, "direction": "F2B"}},
        nvue.SUPPLIES: {"PSU1": {"state": "ok", "power": "620.5", "capacity": "3000"}, "PSU2": {"state": "bad"}},
        nvue.SENSORS: {"ASIC": {"current": "58.1", "max": "95", "crit": "105", "state": "ok"}},
        nvue.BALANCING: {"enable": "on", "profile": "profile-custom"},
    })  # fmt: skip
    assert (the(facts.software), the(facts.platform), the(facts.hwsku)) == ("5.12.0", "SN5600", "SN5600")
    assert (the(facts.serial), the(facts.asic)) == ("MT1", "Spectrum-4")
    (fan,), (one, two), (sensor,) = the(facts.fans), the(facts.supplies), the(facts.sensors)
    assert (fan.name, the(fan.status), the(fan.rpm), the(fan.percent), the(fan.direction)) == (
        "FAN1/1",
        "ok",
        5600,
        20,
        "F2B",
    )
    assert (the(one.watts), the(one.capacity), the(two.status)) == (Decimal("620.5"), 3000, "bad")
    assert isinstance(two.watts, Missing)
    assert (the(sensor.celsius), the(sensor.high), the(sensor.critical)) == (Decimal("58.1"), 95, 105)
    assert the(facts.load_balancing) == "adaptive profile-custom"
    assert the(decoded(spine, tmp_path / "off", {nvue.BALANCING: {"enable": "off"}}).load_balancing) == "ecmp"


BAD = {
    "an empty answer": "",
    "a refusal": "Command authorization failed\n",
    "another system": "% Invalid input detected at '^' marker.\n",
    "no such item": "Error: The requested item does not exist.\n",
    "JSON that is cut": '{"traffic-class": {"3": {"ecn": "ena',
    "a number that is none": '{"swp1s0": {"link": {"mtu": NaN, "speed": Infinity}}}',
    "a list of lists": "[[[]]]",
    "a bare text": '"up"',
    "deep JSON": "{" * 3 + '"a":' * 1 + "1",
    "text with colours": "\x1b[31mError\x1b[0m\r\n",
    "a pager": "--More--\n",
    "names that are none": '{"": {"": {"": ""}}, "traffic-class": {"x": {"ecn": "enable"}}}',
    "values of another type": '{"rx": {"a": {"b": 1}}, "link": [1, 2], "swp1s0": "up", "status": {"3": "OK"}}',
}


CLAIMED = (
    "speed", "lanes", "oper", "mtu", "fec_operational", "histogram", "pfc_priorities", "lldp", "flaps", "link_pause",
    "breakout_mode", "error_status", "flags", "cleared", "auto_negotiation",
)  # fmt: skip


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_bad_answers_give_no_value_and_no_exception(text: str, spine: DevicePlan, tmp_path: Path) -> None:
    asked = {(ask.text, ask.sample) for ask in DRIVER.asks(spine)}
    facts = decoded(spine, tmp_path, dict.fromkeys(sorted(asked), text))
    for seen in facts.ports.values():
        for name in CLAIMED:
            assert isinstance(getattr(seen, name), Missing), name
        assert all(isinstance(queue.ecn, Missing) for queue in seen.queues.values())
        assert all(isinstance(pause.received, Missing) for pause in seen.pauses)
        assert isinstance(seen.maps.trust, Missing)
        assert isinstance(seen.watchdog.on, Missing)
    for value in (facts.software, facts.platform, facts.supplies, facts.fans, facts.sensors, facts.load_balancing):
        assert isinstance(value, Missing)


def test_a_reading_names_command_line_and_field(spine: DevicePlan, tmp_path: Path) -> None:
    value = port(spine, tmp_path, {qos("swp1s0", "mapping"): '{\n "trust": "l3"\n}'}).maps.trust
    assert str(value.source) == f"spine1: {about('swp1s0', 'qos', 'mapping')} line 2 trust = l3"


def test_a_member_that_nobody_knows_is_told_with_its_line(spine: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(spine, tmp_path, {qos("swp1s0", "pfc"): {"rx": "enable", "tx": "enable", "mood": "fine"}})
    assert facts.unknown == (f'spine1: {qos("swp1s0", "pfc")} line 4: \' "mood": "fine"\'',)
