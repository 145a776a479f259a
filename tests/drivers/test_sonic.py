"""The SONiC driver: what its answers become, and that what is not there is Missing and never a zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from harness.decode.memory import LOWER_MEMORY
from harness.drivers.sonic import (
    BREAKOUT,
    EEPROM,
    EEPROM_PAGES,
    FEC,
    FEC_STATS,
    HISTOGRAM,
    LLDP,
    MODULE_STATUS,
    PFC,
    STATUS,
    SUMMARY,
    Sonic,
    offered,
    plain_mode,
)
from harness.drivers.sonic.qos import CONFIG
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
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
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
    with Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
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


def dump(first_line: str, *, page: str = "Lower page 0h") -> str:
    base = 0 if page.startswith("Lower") else 128
    zeros = " ".join(["00"] * 8)
    rows = [f"        {base + 16 * n:08x} {zeros}  {zeros} |................|" for n in range(1, 8)]
    return "\n".join([f"        {page}", f"        {base:08x} {first_line}  {zeros} |................|", *rows, ""])


def bytes_of(device: DevicePlan, tmp_path: Path, answers: Mapping[str | tuple[str, int], str]) -> Value[bytes]:
    return decoded(device, tmp_path, answers).modules["Ethernet0"].memory.take(LOWER_MEMORY, 0, 2)


TITLE = "EEPROM hexdump for port Ethernet0\n"
OLD, NEW = dump("19 50 00 00 00 00 00 00"), dump("19 40 00 00 00 00 00 00")


def test_two_dumps_of_one_module_that_differ_are_a_failed_read(leaf: DevicePlan, tmp_path: Path) -> None:
    assert value_of(bytes_of(leaf, tmp_path / "one", {EEPROM: TITLE + OLD + TITLE + OLD})) == b"\x19\x50"
    twice = bytes_of(leaf, tmp_path / "two", {EEPROM: TITLE + OLD + TITLE + NEW})
    assert isinstance(twice, Missing)
    assert twice.why is Absence.READ_FAILED


def test_the_first_read_of_a_page_stands_because_it_clears_the_flags(leaf: DevicePlan, tmp_path: Path) -> None:
    assert value_of(bytes_of(leaf, tmp_path, {EEPROM: TITLE + OLD, EEPROM_PAGES[0x13]: TITLE + NEW})) == b"\x19\x50"


def test_rows_of_one_port_that_differ_say_nothing(leaf: DevicePlan, tmp_path: Path) -> None:
    once = FEC_TABLE.format(" rs")
    again = "  Ethernet0          {}           rs\n"
    alike = decoded(leaf, tmp_path / "alike", {FEC: once + again.format(" rs")}).ports["Ethernet0"]
    assert value_of(alike.fec_operational) == "rs"
    differ = decoded(leaf, tmp_path / "differ", {FEC: once + again.format(" fc")}).ports["Ethernet0"]
    assert isinstance(differ.fec_operational, Missing)
    assert differ.fec_operational.why is Absence.UNREADABLE


COUNTERS = """\
      IFACE    STATE    FEC_CORR    FEC_UNCORR    FEC_SYMBOL_ERR    FEC_PRE_BER
-----------  -------  ----------  ------------  ----------------  -------------
  Ethernet0        U          {}             0                 7       {}
"""


@pytest.mark.parametrize(("count", "ratio"), [(" -40", "    -40"), (" N/A", "    N/A"), ("-1.5", "1.1e+01")])
def test_what_no_counter_or_ratio_can_be_is_missing(leaf: DevicePlan, tmp_path: Path, count: str, ratio: str) -> None:
    sample = decoded(leaf, tmp_path, {FEC_STATS: COUNTERS.format(count, ratio)}).ports["Ethernet0"].fec_samples[0]
    assert isinstance(sample.corrected, Missing)
    assert isinstance(sample.pre_fec_ber, Missing)


def test_a_histogram_that_begins_at_bin_1_is_not_taken_for_one_that_begins_at_0(
    leaf: DevicePlan, tmp_path: Path
) -> None:
    text = "      IFACE    BIN1    BIN2\n-----------  ------  ------\n  Ethernet0      10       2\n"
    assert isinstance(decoded(leaf, tmp_path, {HISTOGRAM: text}).ports["Ethernet0"].histogram, Missing)


def test_no_setting_for_link_level_pause_is_not_pause_that_is_off(leaf: DevicePlan, tmp_path: Path) -> None:
    pause = decoded(leaf, tmp_path, {CONFIG: CONFIGURED}).ports["Ethernet0"].link_pause
    assert isinstance(pause, Missing)
    assert pause.why is Absence.NOT_ADVERTISED


def test_a_build_that_has_a_setting_for_link_level_pause_is_read(leaf: DevicePlan, tmp_path: Path) -> None:
    text = CONFIGURED.replace('"fec": "rs"', '"fec": "rs", "global_pause": "on"')
    assert value_of(decoded(leaf, tmp_path, {CONFIG: text}).ports["Ethernet0"].link_pause) is True


def test_a_queue_that_two_rows_configure_is_not_known(leaf: DevicePlan, tmp_path: Path) -> None:
    text = CONFIGURED.replace('"Ethernet0|0": {', '"Ethernet0|3": {"wred_profile": "OFF"}, "Ethernet0|0": {')
    ecn = decoded(leaf, tmp_path, {CONFIG: text}).ports["Ethernet0"].queues[3].ecn
    assert isinstance(ecn, Missing)
    assert ecn.why is Absence.UNREADABLE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"size": "9000"', '"size": "N/A"'),
        ('"size": "9000"', '"size": "-1"'),
        ('"dynamic_th": "1"', '"dynamic_th": "1e999"'),
        ('"dynamic_th": "1"', '"dynamic_th": "900"'),
    ],
)
def test_a_pause_threshold_is_not_computed_from_what_is_no_number(
    leaf: DevicePlan, tmp_path: Path, old: str, new: str
) -> None:
    queue = decoded(leaf, tmp_path, {CONFIG: CONFIGURED.replace(old, new)}).ports["Ethernet0"].queues[3]
    assert isinstance(queue.pause_threshold, Missing)


PLATFORM = "x86_64-arista_7060x6_64pe"
MODES = '{"interfaces": {"Ethernet0": {"index": "1,1", "lanes": "1,2", "breakout_modes": {"2x400G": ["a", "b"]}}}}'


@pytest.mark.parametrize(("platform", "known"), [(PLATFORM, True), ("x86_64-nvidia_sn5600-r0", False), (None, False)])
def test_the_file_of_a_platform_counts_where_the_switch_says_that_it_is_one(
    leaf: DevicePlan, tmp_path: Path, platform: str | None, known: bool
) -> None:
    """An image has the files of every platform, so that the file alone says nothing of this switch."""
    answers = {f"cat /usr/share/sonic/device/{PLATFORM}/platform.json": MODES}
    if platform:
        answers[SUMMARY] = f"Platform: {platform}\nHwSKU: Arista-7060X6-64PE\nASIC: broadcom\nASIC Count: 1\n"
    modes = decoded(leaf, tmp_path, answers).modes["Ethernet0"]
    assert isinstance(modes, Reading) is known, modes


def test_lanes_are_counted_once(leaf: DevicePlan, tmp_path: Path) -> None:
    text = (
        "  Interface      Lanes    Speed    MTU    FEC    Alias    Vlan    Oper    Admin    Type    Asym PFC\n"
        "-----------  ---------  -------  -----  -----  -------  ------  ------  -------  ------  ----------\n"
        "  Ethernet0    1,1,1,1     400G   9100     rs    etp1a  routed      up       up     N/A         off\n"
    )
    assert value_of(decoded(leaf, tmp_path, {STATUS: text}).ports["Ethernet0"].lanes) == 1


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
