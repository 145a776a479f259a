"""The SONiC driver: what its answers become, and that what is not there is Missing and never a zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from harness.drivers.sonic import (
    BREAKOUT,
    CONFIG,
    EEPROM,
    FEC,
    FEC_STATS,
    HISTOGRAM,
    LLDP,
    MODULE_STATUS,
    PFC,
    STATUS,
    Sonic,
    offered,
    plain_mode,
)
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts
from harness.reading import Absence, Missing, Reading, Value

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PROFILE = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"

FEC_TABLE = """\
Interface    FEC Oper    FEC Admin
-----------  ----------  -----------
  Ethernet0          {}           rs
"""

LAB = f"""\
name: small
profile: {PROFILE}
devices:
  leaf1:
    role: leaf
    platform: x86_64-arista_7060x6_64pe
    nos: sonic
    cages:
      1: {{mode: 2x400G}}
"""

CONFIGURED = """{
  "PORT": {"Ethernet0": {"speed": "400000", "fec": "rs"}},
  "PORT_QOS_MAP": {"Ethernet0": {"dscp_to_tc_map": "ROCE", "tc_to_pg_map": "ROCE",
                                 "tc_to_queue_map": "[TC_TO_QUEUE_MAP|ROCE]"}},
  "DSCP_TO_TC_MAP": {"ROCE": {"26": "3", "48": "6"}},
  "TC_TO_PRIORITY_GROUP_MAP": {"ROCE": {"3": "3"}},
  "TC_TO_QUEUE_MAP": {"ROCE": {"3": "3"}},
  "QUEUE": {"Ethernet0|3-4": {"wred_profile": "MARK"}, "Ethernet0|0": {"scheduler": "s"}},
  "WRED_PROFILE": {"MARK": {"ecn": "ecn_all", "green_min_threshold": "1000", "green_max_threshold": "2000",
                            "green_drop_probability": "5"}},
  "BUFFER_POOL": {"ingress": {"size": "9000", "type": "ingress", "mode": "dynamic"}},
  "BUFFER_PROFILE": {"lossless": {"pool": "ingress", "dynamic_th": "1", "xoff": "300", "size": "400"}},
  "BUFFER_PG": {"Ethernet0|3-4": {"profile": "lossless"}}
}
"""


@pytest.fixture
def leaf(tmp_path: Path) -> DevicePlan:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["leaf1"]


def decoded(device: DevicePlan, tmp_path: Path, answers: Mapping[str | tuple[str, int], str]) -> DeviceFacts:
    store = tmp_path / "evidence"
    recorder = Recorder(store, origin=Origin.SIMULATED, made_by="test")
    for key, text in answers.items():
        command, sample = key if isinstance(key, tuple) else (key, 1)
        recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), text.encode(), 0, NOON))
    return Sonic().decode(device, Evidence(store))


def value_of(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def test_nothing_recorded_is_missing_everywhere_and_every_declared_port_is_there(
    leaf: DevicePlan, tmp_path: Path
) -> None:
    facts = decoded(leaf, tmp_path, {"show clock": ""})
    assert set(facts.ports) == {"Ethernet0", "Ethernet4"}
    for port in facts.ports.values():
        for name in ("speed", "oper", "fec_operational", "histogram", "pfc_priorities", "mtu", "lldp", "flags"):
            assert isinstance(getattr(port, name), Missing), name
        assert all(isinstance(sample.uncorrected, Missing) for sample in port.fec_samples)


def test_an_unknown_operational_fec_is_missing_and_not_none(leaf: DevicePlan, tmp_path: Path) -> None:
    text = FEC_TABLE.format("N/A")
    port = decoded(leaf, tmp_path, {FEC: text}).ports["Ethernet0"]
    assert value_of(port.fec_configured) == "rs"
    assert isinstance(port.fec_operational, Missing)
    assert port.fec_operational.why is Absence.NOT_AVAILABLE


def test_a_reading_names_command_line_and_field(leaf: DevicePlan, tmp_path: Path) -> None:
    text = FEC_TABLE.format(" rs")
    fec = decoded(leaf, tmp_path, {FEC: text}).ports["Ethernet0"].fec_operational
    assert str(fec.source) == f"leaf1: {FEC} line 3 fec_oper = rs"


def test_an_answer_of_another_system_is_unreadable_and_says_so(leaf: DevicePlan, tmp_path: Path) -> None:
    nxos = "Ethernet1/1 is up\nadmin state is up, Dedicated Interface\n"
    oper = decoded(leaf, tmp_path, {STATUS: nxos}).ports["Ethernet0"].oper
    assert isinstance(oper, Missing)
    assert oper.why is Absence.UNREADABLE


def test_a_command_that_failed_was_not_answered(leaf: DevicePlan, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test")
    recorder.append(Answer(Ask("leaf1", Kind.CLI, PFC), b"Error: no such command\n", 2, NOON))
    port = Sonic().decode(leaf, Evidence(tmp_path / "evidence")).ports["Ethernet0"]
    assert isinstance(port.pfc_priorities, Missing)
    assert (port.pfc_priorities.why, port.pfc_priorities.detail) == (
        Absence.NOT_ANSWERED,
        "status 2: Error: no such command",
    )


def test_configuration_says_what_feeds_a_queue_and_when_it_marks(leaf: DevicePlan, tmp_path: Path) -> None:
    port = decoded(leaf, tmp_path, {CONFIG: CONFIGURED}).ports["Ethernet0"]
    assert value_of(port.maps.trust) == "dscp"
    assert value_of(port.maps.dscp_to_tc) == {26: 3, 48: 6}
    assert value_of(port.maps.tc_to_queue) == {3: 3}
    queue = port.queues[3]
    marks = (queue.ecn, queue.ecn_min, queue.ecn_max, queue.mark_probability)
    assert [value_of(mark) for mark in marks] == [True, 1000, 2000, 5]
    assert value_of(port.queues[0].ecn) is False
    assert isinstance(port.queues[7].ecn, Missing)


def test_pause_threshold_of_a_dynamic_profile_is_computed_with_its_assumption(leaf: DevicePlan, tmp_path: Path) -> None:
    queue = decoded(leaf, tmp_path, {CONFIG: CONFIGURED}).ports["Ethernet0"].queues[3]
    # alpha 2, pool 9000, two lossless groups: 2 * 9000 / (1 + 2 * 2)
    assert value_of(queue.pause_threshold) == 3600
    assert "alpha 2 of pool 9000 B, all 2 lossless priority groups" in str(queue.pause_threshold.source)
    assert value_of(queue.headroom) == 300


def test_flags_come_from_the_switch_and_keep_their_lanes(leaf: DevicePlan, tmp_path: Path) -> None:
    text = (
        "Ethernet0:\n"
        "        Rx loss of signal flag on media lane 1: False\n"
        "        Rx loss of signal flag on media lane 2: True\n"
        "        Temperature high alarm flag: False\n"
    )
    flags = value_of(decoded(leaf, tmp_path, {MODULE_STATUS: text}).ports["Ethernet0"].flags)
    assert isinstance(flags, tuple)
    told = {(flag.name, flag.lane): value_of(flag.raised) for flag in flags}
    assert told == {("rx_los", 1): False, ("rx_los", 2): True, ("temperature_high_alarm", None): False}


def test_a_module_that_was_not_dumped_has_nothing(leaf: DevicePlan, tmp_path: Path) -> None:
    module = decoded(
        leaf, tmp_path, {EEPROM: "EEPROM hexdump for port Ethernet8\n        SFP EEPROM not detected\n"}
    ).modules["Ethernet0"]
    assert isinstance(module.identifier, Missing)


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("1x800G[400G,200G]", ["1x800G", "1x400G", "1x200G"]),
        ("2x400G", ["2x400G"]),
        ("4x100G(4)", ["4x100G"]),
        ("1x400G(4)+4x100G(4)", ["1x400G+4x100G"]),
        ("nonsense", []),
    ],
)
def test_modes_of_a_platform(text: str, modes: list[str]) -> None:
    assert list(offered(text)) == modes


def test_a_mode_that_is_no_mode_is_refused() -> None:
    assert plain_mode("2x400G[200G]") == "2x400G"
    with pytest.raises(ValueError, match="not a breakout mode"):
        plain_mode("broken")


# --- on recordings --------------------------------------------------------------------------------------------------


def recorded(recordings: Path, name: str) -> str:
    return (recordings / "cli" / "sonic" / name).read_text("utf-8")


@pytest.fixture
def facts(recordings: Path, leaf: DevicePlan, tmp_path: Path) -> DeviceFacts:
    files = {
        STATUS: "show-interfaces-status/mock.txt",
        FEC: "show-interfaces-fec-status/all.txt",
        FEC_STATS: "show-interfaces-counters-fec-stats/all.txt",
        HISTOGRAM: "portstat-fh/doc-7060x6-all.txt",
        PFC: "show-pfc-priority/all.txt",
        LLDP: "show-lldp-table/doc.txt",
        BREAKOUT: "show-interfaces-breakout-current-mode/mock.txt",
    }
    cage = leaf.cages[0]
    ports = tuple(replace(cage.ports[0], name=name) for name in ("Ethernet0", "Ethernet112", "Ethernet124"))
    device = replace(leaf, cages=tuple(replace(cage, ports=(port,)) for port in ports))
    return decoded(device, tmp_path, {command: recorded(recordings, file) for command, file in files.items()})


def test_recorded_states(facts: DeviceFacts) -> None:
    port = facts.ports["Ethernet124"]
    assert (value_of(port.speed), value_of(port.lanes), value_of(port.mtu)) == (40, 4, 9100)
    assert (value_of(port.oper), value_of(port.admin)) == ("up", "up")
    assert (value_of(port.fec_operational), value_of(port.fec_configured)) == ("rs", "auto")
    assert value_of(facts.ports["Ethernet0"].oper) == "down"


def test_recorded_counters(facts: DeviceFacts) -> None:
    sample = facts.ports["Ethernet0"].fec_samples[0]
    assert (value_of(sample.corrected), value_of(sample.uncorrected)) == (Decimal(130402), Decimal(3))
    assert isinstance(sample.pre_fec_ber, Missing)
    bins = value_of(facts.ports["Ethernet0"].histogram)
    assert isinstance(bins, tuple)
    assert (len(bins), bins[1]) == (16, 340)


def test_recorded_pfc_neighbour_and_breakout(facts: DeviceFacts) -> None:
    assert value_of(facts.ports["Ethernet0"].pfc_priorities) == {3, 4}
    neighbour = value_of(facts.ports["Ethernet112"].lldp)
    assert str(neighbour).startswith("Neighbour(device='T1-1'")
    assert value_of(facts.ports["Ethernet0"].breakout_mode) == "4x25G"
