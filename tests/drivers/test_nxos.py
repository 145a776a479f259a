"""The NX-OS driver: what its answers become, and that what is not there is Missing and never a zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.decode.told import ToldTransceiver
from harness.drivers.nxos import (
    BALANCING,
    BREAKOUT,
    CLASSES,
    COMMANDS,
    ENVIRONMENT,
    INTERFACE,
    INVENTORY,
    LLDP,
    PFC,
    PFC_DETAIL,
    POLICIES,
    PORT_CONFIG,
    QOS_CONFIG,
    QUEUING,
    TRANSCEIVER,
    TWICE,
    VERSION,
    WATCHDOG,
    Nxos,
    fec_word,
    long_name,
)
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts, PortFacts
from harness.reading import Absence, Missing, Reading
from harness.units import Unit

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PROFILE = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"

LAB = f"""\
name: small
profile: {PROFILE}
devices:
  spine1:
    role: spine
    platform: N9364E-SG2-O
    nos: nxos
    cages:
      1: {{mode: 2x400G}}
      2: {{mode: 1x800G}}
"""

ONE, TWO, THREE = "Ethernet1/1/1", "Ethernet1/1/2", "Ethernet1/2"
RULE = "-" * 80

INTERFACES = """\
Ethernet1/1/1 is up
admin state is up, Dedicated Interface
  Hardware: 400000 Ethernet, address: 0250.4600.0001 (bia 0250.4600.0001)
  MTU 9216 bytes, BW 400000000 Kbit , DLY 10 usec
  full-duplex, 400 Gb/s, media type is 400G
  Auto-Negotiation is turned off  FEC mode is Rs-fec
  Input flow-control is off, output flow-control is off
    admin fec state is Rs-fec, oper fec state is Rs-fec
  Last link flapped 2d03h
  Last clearing of "show interface" counters 1d02h
  7 interface resets
Ethernet1/1/2 is down (SFP validation failed)
admin state is up, Dedicated Interface
  MTU 9216 bytes, BW 400000000 Kbit , DLY 10 usec
  auto-duplex, auto-speed
  Input flow-control is off, output flow-control is on
    admin fec state is auto, oper fec state is off
  Last link flapped never
Ethernet1/2 is down (Link not connected)
admin state is down, Dedicated Interface
  MTU 1500 bytes, BW 800000000 Kbit , DLY 10 usec
  full-duplex, 800 Gb/s
    admin fec state is auto, oper fec state is auto
"""

MODULE = """\
{port}
    transceiver is present
    type is OSFP-800G-2xDR4
    name is NORTHWIND
    part number is NW-1
    revision is A
    serial number is {serial}
    nominal bitrate is 850000 MBit/sec per channel
    cisco id is 0x19
    firmware version is 2.4
    Nominal transmitter wavelength is 1311.00 nm
    host lane count is 4
    media lane count is 4
    vendor OUI is 0x025046
    date code is 260612
    power class is 8 (16.0 W maximum)
    max power is 16.00 W
    media interface is 1310 nm EML
    Host electrical interface code is 400GAUI-4-S C2M
    CMIS version is  5

{lanes}
"""

LANE = """\
Lane Number:{number} Network Lane
    ----------------------------------------------------------------------------
                Current              Alarms                  Warnings
                Measurement     High        Low         High          Low
    ----------------------------------------------------------------------------
    Temperature   48.25 C        75.00 C     -5.00 C     70.00 C        0.00 C
    Voltage        3.29 V         3.63 V      2.97 V      3.46 V        3.13 V
    Current       86.10 mA      129.00 mA    34.40 mA   120.40 mA      43.00 mA
    Tx Power       {tx} dBm       5.00 dBm   -3.90 dBm    4.00 dBm     -2.90 dBm
    Rx Power      {rx}     5.00 dBm   -6.90 dBm    4.00 dBm     -5.90 dBm
    Transmit Fault Count = 0
    ----------------------------------------------------------------------------
"""


def module(port: str, *powers: tuple[str, str], serial: str = "PF1") -> str:
    lanes = "\n".join(LANE.format(number=n, tx=tx, rx=rx) for n, (tx, rx) in enumerate(powers, 1))
    return MODULE.format(port=port, serial=serial, lanes=lanes)


LIT, DARK = ("1.10", "-0.40 dBm   "), ("1.20", "-40.00 dBm --")
TRANSCEIVERS = (
    module(ONE, LIT, ("1.20", "  N/A       "))
    + module(TWO, ("1.30", "-0.60 dBm   "), DARK)
    + f"{THREE}\n    transceiver is not present\n"
)
BREAKOUTS = f"{RULE}\nParent    Breakout Map    Breakout Ports\n{RULE}\nEth1/1    400g-2x         Eth1/1/1-2\n"
PFC_TABLE = (
    "=====\nPort               Mode Oper(VL bmap)  RxPPP      TxPPP\n=====\n"
    f"{ONE}      On   On  (18)      700        20\n{TWO}      Auto Off           0          0\n"
)
FRAMES = """\
Ethernet1/1/1
    Admin Mode: On
    Oper Mode: On
    VL bitmap: (18)
    Total Rx PFC Frames: {}
    Total Tx PFC Frames: 20
        |  Priority3  |  Priority4  |
    Rx  |{}          |0
    Tx  |20           |0
"""
WATCHDOGS = """\
Ethernet1/1/1 Interface PFC watchdog: [Enabled]
Disable-action                     : No
PFC watch-dog interface-multiplier : 0
| QOS GROUP 3 [Active] PFC [YES] PFC-COS [3]
|                       Shutdown|                   2|
Ethernet1/1/2 Interface PFC watchdog: [Disabled]
Disable-action                     : Yes
"""
QUEUES = """\
Egress Queuing for Ethernet1/1/1 [Interface]
|                              QOS GROUP 3                    |
|                           |  Unicast       |Multicast       |
| WRED/AFD & Tail Drop Pkts |               4|               1|
Ingress Queuing for Ethernet1/1/1
QoS-Group#                 Pause
           Buff Size       Pause Th      Resume Th
      7              -            -            -
      3        2000000      1500000      1400000
"""
POLICY_MAPS = """\
  policy-map type qos CLASSIFY
    class  RDMA
      set qos-group 3
    class  CNP
      set qos-group 6
  policy-map type queuing OUT
    class type queuing c-out-8q-q7
      priority level 1
    class type queuing c-out-8q-q3
      bandwidth remaining percent 60
      random-detect minimum-threshold 400 kbytes maximum-threshold 1000000 bytes drop-probability 5 weight 0 ecn
    class type queuing c-out-8q-q-default
      bandwidth remaining percent 40
  policy-map type queuing default-8q-out-policy
    class type queuing c-out-8q-q3
      bandwidth remaining percent 0
  policy-map type network-qos NQ
    class type network-qos c-8q-nq3
      match qos-group 3
      pause pfc-cos 3
"""
CLASS_MAPS = """\
    class-map type qos match-any RDMA
      match dscp 24,26
    class-map type qos match-any CNP
      match dscp 48
    class-map type queuing match-any c-out-8q-q3
      match qos-group 3
    class-map type queuing match-any c-out-8q-q-default
      match qos-group 0
"""
PORT_LINES = f"""\
version 10.5(3) Bios:version 01.08

interface {ONE}
  priority-flow-control mode on
  service-policy type qos input CLASSIFY
  service-policy type queuing output OUT

interface {TWO}
  mtu 9216
"""
QOS_LINES = """\
version 10.5(3) Bios:version 01.08

system qos
  service-policy type network-qos NQ
"""
NEIGHBOUR = (
    '{"TABLE_nbor_detail": {"ROW_nbor_detail": [\n{"chassis_id": "0250.4600.00aa", "port_id": "etp1a",'
    ' "l_port_id": "Eth1/1/1", "port_desc": "Ethernet0", "sys_name": "leaf1"},\n{"chassis_id": "0250.4600.00bb",'
    ' "port_id": "0250.4600.00bb", "l_port_id": "Eth1/1/2", "port_desc": "ConnectX-7", "sys_name": null}]},'
    ' "neigh_count": "2"}'
)
SUPPLIES = """\
Power Supply:
Voltage: 12 Volts
1        NXA-PAC-3KW       504 W       529 W      3000 W     Ok
2        ------------        0 W         0 W         0 W     Absent
Fan:
Fan             Model                Hw     Direction       Status
Fan1(sys_fan1)  NXA-FAN-160CFM-PI    --     front-to-back   Ok
Temperature:
Module   Sensor        MajorThresh   MinorThres   CurTemp     Status
1        ASIC          110             90           52         Ok
"""
BALANCED = """\
version 10.5(3) Bios:version 01.08
hardware profile dlb
  dlb-interface Eth1/1/1,Eth1/1/2
line vty
"""
ANSWERS: Mapping[str | tuple[str, int], str] = {
    VERSION: '{"chassis_id": "cisco Nexus9000 Chassis", "nxos_ver_str": "10.5(3)", "proc_board_id": "FDO1"}',
    INVENTORY: '{"TABLE_inv": {"ROW_inv": {"name": "Chassis", "desc": "a chassis", "productid": "N9364E-SG2-O",'
    ' "vendorid": "V01", "serialnum": "FDO1"}}}',
    ENVIRONMENT: SUPPLIES,
    INTERFACE: INTERFACES,
    TRANSCEIVER: TRANSCEIVERS,
    (TRANSCEIVER, 2): TRANSCEIVERS.replace("48.25", "49.50"),
    BREAKOUT: BREAKOUTS,
    PFC: PFC_TABLE,
    PFC_DETAIL: FRAMES.format(700, 700),
    (PFC_DETAIL, 2): FRAMES.format(740, 740),
    WATCHDOG: WATCHDOGS,
    (WATCHDOG, 2): WATCHDOGS,
    QUEUING: QUEUES,
    (QUEUING, 2): QUEUES,
    POLICIES: POLICY_MAPS,
    CLASSES: CLASS_MAPS,
    PORT_CONFIG: PORT_LINES,
    QOS_CONFIG: QOS_LINES,
    BALANCING: BALANCED,
    LLDP: NEIGHBOUR,
}


@pytest.fixture(scope="module")
def spine(tmp_path_factory: pytest.TempPathFactory) -> DevicePlan:
    file = tmp_path_factory.mktemp("lab") / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["spine1"]


def decoded(device: DevicePlan, tmp_path: Path, answers: Mapping[str | tuple[str, int], str]) -> DeviceFacts:
    store = tmp_path / f"evidence{len(list(tmp_path.iterdir()))}"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for key, text in answers.items():
            command, sample = key if isinstance(key, tuple) else (key, 1)
            at = NOON + timedelta(seconds=600 * (sample - 1))
            recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), text.encode(), 0, at))
    return Nxos().decode(device, Evidence(store))


@pytest.fixture(scope="module")
def facts(spine: DevicePlan, tmp_path_factory: pytest.TempPathFactory) -> DeviceFacts:
    return decoded(spine, tmp_path_factory.mktemp("healthy"), ANSWERS)


Decode = Callable[[Mapping[str | tuple[str, int], str]], DeviceFacts]


@pytest.fixture
def changed(spine: DevicePlan, tmp_path: Path) -> Decode:
    """The switch with some of its answers replaced."""
    return lambda answers: decoded(spine, tmp_path, {**ANSWERS, **answers})


def of(value: object) -> Any:
    assert isinstance(value, Reading), value
    return value.value


def why(value: object) -> tuple[Absence, str]:
    assert isinstance(value, Missing), value
    return value.why, value.detail


# --- what healthy answers become --------------------------------------------------------------------------------------


def test_every_question_may_be_sent_and_none_needs_a_shell(spine: DevicePlan) -> None:
    driver = Nxos()
    session = driver.session(spine)
    asked = list(driver.asks(spine))
    assert [ask.text for ask in asked] == [*COMMANDS, *TWICE]
    assert [ask.sample for ask in asked] == [1] * len(COMMANDS) + [2] * len(TWICE)
    assert all(session.permit.allows(ask.text) and ask.text.startswith("show ") for ask in asked)
    assert (session.shell, session.quiet, session.prompt) == (False, ("terminal length 0",), "")


def test_nothing_of_healthy_answers_is_unknown(facts: DeviceFacts) -> None:
    assert facts.unknown == ()


def test_the_device_is_told_with_its_parts(facts: DeviceFacts) -> None:
    assert [of(v) for v in (facts.software, facts.platform, facts.hwsku, facts.serial)] == [
        "10.5(3)",
        "N9364E-SG2-O",
        "N9364E-SG2-O",
        "FDO1",
    ]
    first, second = of(facts.supplies)
    assert (first.name, of(first.status), of(first.watts), of(first.capacity)) == ("1", "ok", 504, 3000)
    assert (of(second.status), why(second.model)[0]) == ("absent", Absence.NOT_AVAILABLE)
    fan = of(facts.fans)[0]
    assert (of(fan.status), of(fan.direction)) == ("ok", "front-to-back")
    assert why(fan.rpm) == (Absence.NOT_AVAILABLE, "NX-OS shows the speed of a zone of fans, and of no fan")
    sensor = of(facts.sensors)[0]
    assert (sensor.name, of(sensor.celsius), of(sensor.high), of(sensor.critical)) == ("module 1 ASIC", 52, 90, 110)


PORT: tuple[tuple[str, str, object], ...] = (
    (ONE, "speed", Decimal(400)),
    (ONE, "lanes", 4),
    (ONE, "oper", "up"),
    (ONE, "admin", "up"),
    (ONE, "mtu", Decimal(9216)),
    (ONE, "fec_configured", "rs"),
    (ONE, "fec_operational", "rs"),
    (ONE, "pfc_priorities", frozenset({3, 4})),
    (ONE, "link_pause", False),
    (ONE, "breakout_mode", "2x400G"),
    (ONE, "error_status", "OK"),
    (ONE, "last_change", "2d03h"),
    (ONE, "cleared", "1d02h"),
    (ONE, "auto_negotiation", False),
    (TWO, "oper", "down"),
    (TWO, "fec_configured", "auto"),
    (TWO, "pfc_priorities", frozenset()),
    (TWO, "link_pause", True),
    (TWO, "error_status", "SFP validation failed"),
    (THREE, "admin", "down"),
    (THREE, "error_status", "OK"),
    (THREE, "breakout_mode", "1x800G"),
)


@pytest.mark.parametrize(("port", "name", "expected"), PORT, ids=[f"{name} of {port}" for port, name, _ in PORT])
def test_a_port_is_told(facts: DeviceFacts, port: str, name: str, expected: object) -> None:
    assert of(getattr(facts.ports[port], name)) == expected


ABSENT: tuple[tuple[str, str, Absence, str], ...] = (
    (ONE, "histogram", Absence.NOT_AVAILABLE, "NX-OS does not show a histogram of FEC"),
    (ONE, "fec_named", Absence.NOT_AVAILABLE, "NX-OS has a word for the code, not its name"),
    (ONE, "flaps", Absence.NOT_AVAILABLE, "NX-OS does not show how often a link changed its state"),
    (TWO, "speed", Absence.NOT_AVAILABLE, ""),
    (TWO, "lanes", Absence.NOT_AVAILABLE, "NX-OS does not show the lanes of a port"),
    (TWO, "fec_operational", Absence.NOT_AVAILABLE, "the link is down"),
    (TWO, "cleared", Absence.NOT_RECORDED, "the answer has no counters_cleared"),
    (THREE, "lanes", Absence.NOT_AVAILABLE, "NX-OS does not show the lanes of a port"),
    (THREE, "pfc_priorities", Absence.NOT_RECORDED, "no row for Ethernet1/2"),
    (THREE, "link_pause", Absence.NOT_RECORDED, "the answer has no input_flow_control"),
    (THREE, "lldp", Absence.NOT_RECORDED, "no row for Ethernet1/2"),
    (THREE, "flags", Absence.NOT_AVAILABLE, "NX-OS shows no monitors of this module, and so no flags"),
)


@pytest.mark.parametrize(("port", "name", "reason", "words"), ABSENT, ids=[f"{n} of {p}" for p, n, _, _ in ABSENT])
def test_what_nx_os_does_not_tell_is_missing_with_that_reason(
    facts: DeviceFacts, port: str, name: str, reason: Absence, words: str
) -> None:
    found, detail = why(getattr(facts.ports[port], name))
    assert (found, detail[: len(words)]) == (reason, words)


def test_fec_counters_are_missing_and_never_zero(facts: DeviceFacts) -> None:
    for sample in facts.ports[ONE].fec_samples:
        for name in ("corrected", "uncorrected", "symbol_errors", "pre_fec_ber"):
            assert why(getattr(sample, name)) == (Absence.NOT_AVAILABLE, "NX-OS does not show counters of FEC")


def test_a_reading_names_its_command_its_line_and_what_stood_there(facts: DeviceFacts) -> None:
    port = facts.ports[ONE]
    assert str(port.fec_operational.source) == "spine1: show interface line 1 fec_oper = rs-fec"
    assert str(port.pfc_priorities.source) == f"spine1: {PFC} line 4 priorities = [3, 4]"
    assert "derived from the module's host interface at 400 Gb/s" in str(port.lanes.source)


def test_frames_of_pfc_are_counted_twice_and_by_priority(facts: DeviceFacts) -> None:
    first, second = facts.ports[ONE].pauses
    assert (first.at, second.at) == (NOON, NOON + timedelta(seconds=600))
    assert [of(one.received) for one in (first, second)] == [{3: 700, 4: 0}, {3: 740, 4: 0}]
    assert (of(first.sent), of(first.received_in_all), of(second.sent_in_all)) == ({3: 20, 4: 0}, 700, 20)


def test_the_watchdog_tells_its_storms_and_not_its_times(facts: DeviceFacts) -> None:
    on, off = facts.ports[ONE].watchdog, facts.ports[TWO].watchdog
    assert (of(on.on), of(on.action), of(on.storms)) == (True, "drop", {3: 2})
    assert why(on.detection_ms)[0] is Absence.NOT_AVAILABLE
    assert of(off.on) is False
    assert why(off.storms) == (Absence.UNREADABLE, "no queue with PFC is counted")
    assert why(off.action)[0] is Absence.UNREADABLE


def test_a_queue_has_its_scheduler_its_marking_and_its_pause_threshold(facts: DeviceFacts) -> None:
    queue = facts.ports[ONE].queues[3]
    assert (of(queue.ecn), of(queue.mark_probability)) == (True, 5)
    assert (of(queue.ecn_max), of(queue.pause_threshold), of(queue.headroom)) == (1_000_000, 1_500_000, 500_000)
    assert (of(queue.scheduler), of(queue.weight), of(queue.dropped)) == ("dwrr", 60, 5)
    assert queue.counted_at is not None and queue.counted_at > NOON  # the second sample
    assert why(queue.marked) == (Absence.NOT_AVAILABLE, "NX-OS does not show how many packets were marked")


def test_a_threshold_in_kbytes_allows_for_either_kbyte(facts: DeviceFacts) -> None:
    low = facts.ports[ONE].queues[3].ecn_min
    assert isinstance(low, Reading)
    assert (low.value, low.uncertainty, low.unit) == (Decimal(404_800), Decimal(4_800), Unit.BYTES)
    assert "400 kbytes" in str(low.source)


def test_a_queue_without_random_detect_does_not_mark_and_one_without_a_class_is_not_known(facts: DeviceFacts) -> None:
    queues = facts.ports[ONE].queues
    assert of(queues[0].ecn) is False
    assert why(queues[0].ecn_min)[0] is Absence.NOT_AVAILABLE
    assert of(queues[7].scheduler) == "strict"
    assert why(queues[5].ecn) == (Absence.NOT_RECORDED, "no class of qos-group 5")
    assert of(facts.ports[TWO].queues[3].ecn) is False  # the default policy


def test_code_points_go_where_the_policy_of_the_port_sends_them(facts: DeviceFacts) -> None:
    maps = facts.ports[ONE].maps
    table = of(maps.dscp_to_tc)
    assert of(maps.trust) == "dscp"
    assert {dscp: group for dscp, group in table.items() if group} == {24: 3, 26: 3, 48: 6}
    assert len(table) == 64
    assert of(maps.tc_to_queue) == {0: 0, 3: 3}
    assert why(maps.tc_to_pg)[0] is Absence.NOT_ADVERTISED


def test_a_port_without_a_policy_trusts_nothing(facts: DeviceFacts) -> None:
    maps = facts.ports[TWO].maps
    assert of(maps.trust) == "none"
    assert why(maps.dscp_to_tc) == (Absence.NOT_AVAILABLE, "no policy classifies, all is in qos-group 0")


@pytest.mark.parametrize(
    ("matches", "trust", "known"),
    [("match dscp 26", "dscp", True), ("match cos 3", "pcp", False), ("match access-group name X", None, False)],
)
def test_a_class_that_is_no_list_of_code_points_says_nothing_of_them(
    changed: Decode, matches: str, trust: str | None, known: bool
) -> None:
    text = CLASS_MAPS.replace("match dscp 24,26", matches).replace("match dscp 48", matches.replace("26", "48"))
    maps = changed({CLASSES: text}).ports[ONE].maps
    assert isinstance(maps.dscp_to_tc, Reading) is known
    assert (of(maps.trust) if trust else why(maps.trust)[0]) == (trust or Absence.UNREADABLE)


@pytest.mark.parametrize(
    "text, told",
    [
        (BALANCED, "dlb flowlet"),
        (BALANCED.replace("line vty", "  mode per-packet\nline vty"), "per-packet"),
        (BALANCED.replace("line vty", "  mode policy-driven flowlet\nline vty"), "dlb policy-driven flowlet"),
        ("version 10.5(3) Bios:version 01.08\nline vty\n", "ecmp"),
        ("version 10.5(3) Bios:version 01.08\n", Absence.UNREADABLE),
        ("version 10.5(3)\nhardware profile dlb\nline vty\n", Absence.NOT_AVAILABLE),
        ("", Absence.UNREADABLE),
    ],
    ids=["flowlets", "packets", "by a policy", "none", "cut", "no port", "nothing"],
)
def test_load_balancing_is_told_by_a_configuration_that_is_whole(changed: Decode, text: str, told: object) -> None:
    found = changed({BALANCING: text}).load_balancing
    assert (found.value if isinstance(found, Reading) else found.why) == told


def test_a_neighbour_is_named_by_its_system_or_by_its_chassis(facts: DeviceFacts) -> None:
    switch, nic = of(facts.ports[ONE].lldp), of(facts.ports[TWO].lldp)
    assert (switch.device, switch.port_names) == ("leaf1", ("etp1a", "Ethernet0"))
    assert nic.device == "0250.4600.00bb"
    assert nic.port_names == ("0250.4600.00bb", "02:50:46:00:00:bb", "ConnectX-7")


def test_neighbours_may_call_a_port_by_its_short_name_and_its_address(facts: DeviceFacts) -> None:
    assert facts.aliases["Eth1/1/2"] == TWO
    assert facts.aliases["02:50:46:00:00:01"] == facts.aliases["0250.4600.0001"] == ONE
    assert facts.sampled[ONE] == (NOON, NOON)


# --- modules ----------------------------------------------------------------------------------------------------------


def test_a_module_is_told_in_words(facts: DeviceFacts) -> None:
    seen = facts.modules[ONE]
    assert isinstance(seen, ToldTransceiver)
    assert (seen.management, seen.document, seen.lanes) == ("cmis", "OIF-CMIS", 4)
    names = (
        "identifier", "form_factor", "revision", "vendor_name", "vendor_oui", "vendor_pn", "vendor_rev", "vendor_sn",
        "date_code", "firmware_active", "max_power", "power_class", "media_technology", "wavelength", "temperature",
        "vcc",
    )  # fmt: skip
    assert [of(getattr(seen, name)) for name in names] == [
        25, "OSFP", "5", "NORTHWIND", "02-50-46", "NW-1", "A", "PF1", "260612", "2.4", Decimal("16.00"), 8,
        "1310 nm EML", Decimal("1311.00"), Decimal("48.25"), Decimal("3.29"),
    ]  # fmt: skip
    for name in ("module_state", "connector", "fault_cause", "firmware_inactive"):
        assert why(getattr(seen, name)) == (Absence.NOT_AVAILABLE, "NX-OS prints no registers of a module")


def test_the_lanes_of_all_children_are_those_of_the_module(facts: DeviceFacts) -> None:
    seen = facts.modules[ONE]
    assert [of(power) for power in seen.tx_power] == [Decimal(x) for x in ("1.10", "1.20", "1.30", "1.20")]
    assert [of(seen.rx_power[at]) for at in (0, 2, 3)] == [Decimal(x) for x in ("-0.40", "-0.60", "-40.00")]
    assert why(seen.rx_power[1]) == (Absence.NOT_AVAILABLE, "NX-OS prints N/A for rx_power_dbm")
    assert seen.tx_power[0].source.where.startswith("line 30 ")
    low = seen.thresholds["rx_power_mw"].low_alarm
    assert isinstance(low, Reading)
    assert (low.value, low.unit) == (Decimal("-6.90"), Unit.DBM)
    assert of(seen.thresholds["temperature_c"].high_warning) == 70


def test_rows_that_are_alike_to_the_last_number_are_one_row(changed: Decode) -> None:
    lanes = (LIT, ("1.20", "-0.50 dBm   "))
    seen = changed({TRANSCEIVER: module(ONE, *lanes) + module(TWO, *lanes)}).modules[ONE]
    assert seen.lanes == 2


def test_children_that_name_different_modules_say_nothing(changed: Decode) -> None:
    seen = changed({TRANSCEIVER: module(ONE, LIT) + module(TWO, LIT, serial="PF2")}).modules[ONE]
    assert why(seen.vendor_sn) == (Absence.NOT_AVAILABLE, "the ports of the cage name different modules")


def test_an_empty_cage_has_a_module_of_which_nothing_is_told(facts: DeviceFacts) -> None:
    seen = facts.modules[THREE]
    assert why(seen.identifier) == (Absence.NOT_AVAILABLE, "the switch says that no transceiver is present")
    assert why(seen.tx_power[0])[0] is Absence.NOT_AVAILABLE


def test_a_second_read_has_its_own_values_and_its_time(facts: DeviceFacts) -> None:
    again = facts.again[ONE]
    assert of(again.seen.temperature) == Decimal("49.50")
    assert of(again.apart) == 600


def test_flags_are_what_the_switch_marks_now_and_one_without_a_value_is_missing(facts: DeviceFacts) -> None:
    told = {(flag.name, flag.lane): flag.raised for flag in of(facts.ports[TWO].flags)}
    assert of(told["rx_power_low_alarm", 2]) is True
    assert of(told["rx_power_low_alarm", 1]) is False
    assert of(told["temperature_high_alarm", None]) is False
    other = {(flag.name, flag.lane): flag.raised for flag in of(facts.ports[ONE].flags)}
    assert why(other["rx_power_low_alarm", 2]) == (Absence.NOT_AVAILABLE, "no value to compare")


@pytest.mark.parametrize(
    ("interface", "speed", "known"),
    [
        ("400GAUI-4-S C2M", "400 Gb/s", True),
        ("400GBASE-CR4 (Clause162)", "400 Gb/s", True),
        ("400GAUI-8 C2M", "400 Gb/s", False),
        ("100GAUI-4 C2M", "400 Gb/s", False),
        ("400GAUI-4-S C2M", "200 Gb/s", False),
        ("Undefined", "400 Gb/s", False),
    ],
)
def test_lanes_follow_where_the_modules_interface_is_that_of_the_port(
    changed: Decode, interface: str, speed: str, known: bool
) -> None:
    text = TRANSCEIVERS.replace("400GAUI-4-S C2M", interface)
    ports = INTERFACES.replace("full-duplex, 400 Gb/s", f"full-duplex, {speed}")
    assert isinstance(changed({TRANSCEIVER: text, INTERFACE: ports}).ports[ONE].lanes, Reading) is known


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [("Rs-fec", "rs"), ("rs-ieee", "rs"), ("RS-CONS16", "rs"), ("Fc-fec", "fc"), ("off", "none"), ("auto", "auto")],
)
def test_fec_is_one_of_four_words(said: str, expected: str) -> None:
    assert fec_word(said) == expected


def test_a_word_for_fec_that_nobody_knows_is_unreadable(changed: Decode) -> None:
    port = changed({INTERFACE: INTERFACES.replace("oper fec state is Rs-fec", "oper fec state is Ll-fec")}).ports[ONE]
    assert why(port.fec_operational) == (Absence.UNREADABLE, "'ll-fec' names no FEC that is known")
    assert why(port.fec_named)[0] is not Absence.NOT_RECORDED


def test_auto_is_no_code_that_runs(changed: Decode) -> None:
    port = changed({INTERFACE: INTERFACES.replace("oper fec state is Rs-fec", "oper fec state is auto")}).ports[ONE]
    assert why(port.fec_operational)[0] is Absence.NOT_AVAILABLE


@pytest.mark.parametrize(
    ("said", "expected"),
    [("Eth1/9/2", "Ethernet1/9/2"), ("Po5", "port-channel5"), ("mgmt0", "mgmt0"), ("Ethernet1/1", "Ethernet1/1")],
)
def test_short_names_of_ports_are_spelt_out(said: str, expected: str) -> None:
    assert long_name(said) == expected


# --- bad input --------------------------------------------------------------------------------------------------------


def readings(facts: PortFacts) -> set[str]:
    return {one.name for one in fields(facts) if isinstance(getattr(facts, one.name), Reading)}


def test_nothing_recorded_is_missing_everywhere_and_every_declared_port_is_there(
    spine: DevicePlan, tmp_path: Path
) -> None:
    facts = decoded(spine, tmp_path, {"show clock": ""})
    assert set(facts.ports) == {ONE, TWO, THREE}
    assert all(not readings(port) for port in facts.ports.values())
    assert facts.sampled == {}


@pytest.mark.parametrize("text", ["", "% Invalid command at '^' marker.\n", "Command authorization failed\n", "{"])
def test_a_command_that_gives_no_answer_is_missing_with_its_reason(
    spine: DevicePlan, tmp_path: Path, text: str
) -> None:
    answers: dict[str | tuple[str, int], str] = {}
    answers.update(dict.fromkeys(COMMANDS, text))
    facts = decoded(spine, tmp_path, answers)
    for port in facts.ports.values():
        assert not readings(port)
        assert why(port.speed)[0] is Absence.UNREADABLE
    assert why(facts.software)[0] is Absence.UNREADABLE
    assert why(facts.supplies)[0] is Absence.UNREADABLE


def test_a_command_that_failed_was_not_answered(spine: DevicePlan, tmp_path: Path) -> None:
    with Recorder(tmp_path / "failed", origin=Origin.SIMULATED, made_by="test") as recorder:
        recorder.append(Answer(Ask("spine1", Kind.CLI, PFC), b"% Permission denied for the role\n", 16, NOON))
    port = Nxos().decode(spine, Evidence(tmp_path / "failed")).ports[ONE]
    assert why(port.pfc_priorities) == (Absence.NOT_ANSWERED, "status 16: % Permission denied for the role")


def test_two_rows_of_a_port_that_differ_say_nothing(changed: Decode) -> None:
    port = changed({PFC: PFC_TABLE + f"{ONE}      On   On  (8)       0          0\n"}).ports[ONE]
    assert why(port.pfc_priorities) == (Absence.UNREADABLE, "2 rows for Ethernet1/1/1 that are not alike")


def test_a_line_that_no_parser_knew_is_told(changed: Decode) -> None:
    facts = changed({BREAKOUT: BREAKOUTS + "Eth1/9 in pieces\n"})
    assert facts.unknown == (f"spine1: {BREAKOUT} line 5: 'Eth1/9 in pieces'",)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_answer_cut_anywhere_never_raises_and_never_invents(
    facts: DeviceFacts, changed: Decode, command: str
) -> None:
    text = ANSWERS[command]
    for at in range(0, len(text), max(1, len(text) // 3)):
        cut = changed({command: text[:at]})
        for name, port in cut.ports.items():
            for field in ("speed", "oper", "fec_operational", "pfc_priorities", "breakout_mode", "lanes"):
                said, whole = getattr(port, field), getattr(facts.ports[name], field)
                assert isinstance(said, Missing) or of(said) == of(whole), (name, field)


def first_answer(text: str) -> str:
    """A recording up to its second prompt, behind which another switch speaks."""
    return "\n".join(text.split("\n")[1:]).partition("CONTOSO-DC1-TOR-01# ")[0] + "\n"


def test_recorded_answers_become_facts(tmp_path: Path, recordings: Path) -> None:
    """A switch of 2025 whose ports are whole, as it was recorded."""
    names = {str(n): f"Ethernet1/{n}" for n in (1, 22, 47, 48)}
    cages = "\n".join(
        f"      {cage}: {{mode: 1x25G, lanes: 1, ports: {{{name}: {{}}}}}}" for cage, name in names.items()
    )
    file = tmp_path / "lab.yaml"
    lab = f"name: one\nprofile: {PROFILE}\ndevices:\n  tor1:\n    kind: switch\n    nos: nxos\n    cages:\n{cages}\n"
    file.write_text(lab)
    device = load(file).devices["tor1"]
    held = recordings / "cli" / "cisco_nxos"
    texts: dict[str | tuple[str, int], str] = {
        command: first_answer((held / folder / "arc-n9k.txt").read_text(encoding="utf-8"))
        for command, folder in (
            (INTERFACE, "show-interface"),
            (TRANSCEIVER, "show-interface-transceiver-details"),
            (PORT_CONFIG, "show-running-config-interface"),
            (POLICIES, "show-policy-map"),
            (LLDP, "show-lldp-neighbors-detail"),
        )
    }
    seen = decoded(device, tmp_path, texts)
    first, uplink = seen.ports["Ethernet1/1"], seen.ports["Ethernet1/47"]
    assert (of(first.speed), of(first.oper), of(first.fec_operational), of(first.mtu)) == (25, "up", "fc", 9216)
    assert of(first.last_change) == "37week(s) 6day(s)"
    assert (of(uplink.fec_operational), of(uplink.speed)) == ("none", 10)
    assert of(uplink.lldp).device == "CONTOSO-DC1-SPINE-01.contoso.com"
    copper, optic = seen.modules["Ethernet1/1"], seen.modules["Ethernet1/22"]
    assert (of(copper.vendor_sn), of(copper.cable_length), copper.management) == ("XYZ24001A1A", 3, "sff8472")
    assert (of(optic.temperature), of(optic.tx_power[0]), of(optic.rx_power[0])) == (
        Decimal("36.25"), Decimal("-1.70"), Decimal("-1.68"),
    )  # fmt: skip
    assert of(optic.thresholds["rx_power_mw"].low_alarm) == Decimal("-10.91")
    assert seen.unknown == ()
