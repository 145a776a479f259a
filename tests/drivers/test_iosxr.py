"""The IOS-XR driver: what its answers become, and that what is not there is Missing and never a zero."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from harness.drivers import driver
from harness.drivers.iosxr import (
    COMMANDS,
    INTERFACES,
    INVENTORY,
    LLDP,
    MEMORY,
    OPTICS,
    PLATFORM,
    VERSION,
    operation,
    selected,
)
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts, PortFacts
from harness.reading import Absence, Missing, Reading, Value
from harness.units import Unit
from tests.recordings import RECORDINGS, REPOSITORY

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
FOLDER = RECORDINGS / "cli" / "cisco_iosxr"
PORT, SECOND, CHILD = "FourHundredGigE0/0/0/2", "FourHundredGigE0/0/0/3", "HundredGigE0/0/0/4/1"
OPERATION = operation("FourHundredGigE")

LAB = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  xr1:
    role: leaf
    platform: 8101-32FH
    nos: iosxr
    cages:
      2: {{mode: 1x400G}}
      3: {{mode: 1x400G}}
      4: {{mode: 4x100G}}
"""


@pytest.fixture
def router(tmp_path: Path) -> DevicePlan:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["xr1"]


Answers = Mapping[str | tuple[str, int], str]


def decoded(device: DevicePlan, tmp_path: Path, answers: Answers) -> DeviceFacts:
    store = tmp_path / "evidence"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for key, text in answers.items():
            command, sample = key if isinstance(key, tuple) else (key, 1)
            at = NOON + timedelta(minutes=10 * (sample - 1))
            recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), text.encode(), 0, at))
    return driver("iosxr").decode(device, Evidence(store))


def of(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def gone(value: Value[object], why: Absence, words: str = "") -> None:
    assert isinstance(value, Missing), value
    assert (value.why, words in value.detail) == (why, True), value


# --- answers, of invented ports -----------------------------------------------------------------------------------

RUNS = """\
Fri Jan  2 12:00:00.000 UTC
Operational data for interface FourHundredGigE0/0/0/2:

State:
    Administrative state: enabled
    Operational state: Up
    LED state: Green On

Phy:
    Media type: 400G over 4 lane optics
    Statistics:
        FEC:
            Corrected Codeword Count: 81
            Uncorrected Codeword Count: 2

MAC address information:
    Operational address: 0200.0000.0002
    Burnt-in address: 0200.0000.0002

Autonegotiation disabled.
Priority Flow Control:
    Total Rx PFC Frames   : 12
    Total Tx PFC Frames   : 7
    Total Rx Dropped Data Frames: 0
    CoS  Status  Rx PFC Frames
    ---  ------  -------------
      0  off                  0
      1  off                  0
      2  off                  0
      3  on                  12
      4  off                  0
      5  off                  0
      6  off                  0
      7  off                  0

Priority flow control watchdog configuration:
       Configuration Item           Global  Interface Effective
    PFC watchdog state           :        U  Enabled  Enabled
    Poll interval                :        U      200      200
    Shutdown multiplier          :        U        U        2(D)
    Auto-restore multiplier      :        U        U       10(D)

Traffic Class            :       0        1        2        3
Watchdog Events          :       0        0        0        5

Operational values:
    Speed: 400Gbps
    Duplex: Full Duplex
    Flowcontrol: None
    Priority flow control: Enabled
    Loopback: None (or external)
    MTU: 9114
    MRU: 9114
    Forward error correction: Standard (Reed-Solomon)
"""

LISTED = """\
{name} is {state}, line protocol is {state}
  Interface state transitions: 3
  Hardware is FourHundredGigE, address is {mac} (bia {mac})
  MTU 9114 bytes, BW 400000000 Kbit (Max: 400000000 Kbit)
  output flow control is off, input flow control is on
  Last link flapped 2d03h
  Last clearing of "show interface" counters 1w2d
     3 carrier transitions

"""


def listed(*names: str) -> str:
    return "".join(LISTED.format(name=name, state="up", mac=f"0200.0000.00{n:02}") for n, name in enumerate(names, 2))


HEARD = (
    "-" * 48
    + """
Local Interface: FourHundredGigE0/0/0/2
Chassis id: 0200.0000.0100
Port id: Ethernet1/7
Port Description: to-xr1
System Name: leaf7

Time remaining: 98 seconds

Total entries displayed: 1
"""
)

PLUGGED = """\
Fri Jan  2 12:00:00.000 UTC
 Port:    Optics0/0/0/2

 Controller State: Up
 Dom Data Status: Ready

 Optics Status

\t Optics Type:  QSFPDD 400G DR4
\t Wavelength = 1311.00 nm

\t Alarm Status:
\t -------------
\t Detected Alarms: None

\t LOS/LOL/Fault Status:

\t Performance Monitoring: Disable

\t Parameter                 High Alarm  Low Alarm  High Warning  Low Warning
\t ------------------------  ----------  ---------  ------------  -----------
\t Rx Power Threshold(dBm)          8.0      -13.0           5.2         -9.1
\t LBC Threshold(mA)              65.00      30.00          0.00         0.00
\t Temp. Threshold(celsius)       80.00      -5.00         75.00         0.00

\t Lane  Laser Bias    TX Power    RX Power  Output Frequency
\t ----  ----------  ----------  ----------  ----------------
\t   0     40.1 mA    1.25 dBm   -1.50 dBm       N/A
\t   1     40.2 mA    1.30 dBm  -40.00 dBm       N/A

\t Temperature = 25.21 Celsius
\t Voltage = 3.28 V

 Transceiver Vendor Details

\t Form Factor             : QSFP-DD
\t Name                    : ACME
\t OUI Number              : 00.ffffffb2.5c
\t Part Number             : AC-400
\t Rev Number              : B
\t Serial Number           : AC0001
\t Firmware Version        : Major.Minor.Build
\t\t Active         : 5.1.2
\t\t Inactive       : 5.1.1
\t Date Code(yy/mm/dd)     : 25/01/03
-----------------------------------------------
 Port:    Optics0/0/0/3

 Controller State: Down
\t Optics not present
\t Optics Type: Unavailable
"""

ACTIVE = """

 Instance           :1
 App-ID             :1
 Host-ID            :80  400GAUI-4
 Media-ID           :28  Unknown
 Host Lane Count    :4
 Media Lane Count   :4
 Host Lane Assign   :0x1
 Media Lane Assign  :0x1
"""

NODES = """\
Node              Type                       State             Config state
--------------------------------------------------------------------------------
0/RP0/CPU0        8101-32FH(Active)          IOS XR RUN        NSHUT
0/PM0             PSU2KW-ACPI                OPERATIONAL       NSHUT
0/PM1             PSU2KW-ACPI                FAILED            NSHUT
0/FT0             FAN-PI-V3                  OPERATIONAL       NSHUT
"""

PARTS = """\
NAME: "Rack 0", DESCR: "Acme 8100"
PID: 8101-32FH         , VID: V01, SN: ACME0001

NAME: "0/PM0", DESCR: "2000W AC Power Module with Port-side Air Intake"
PID: PSU2KW-ACPI       , VID: V01, SN: ACME0002

NAME: "0/FT0", DESCR: "Fixed Routers V3 Fan with Port-side Air Intake"
PID: FAN-PI-V3         , VID: V01, SN: ACME0003
"""

RELEASE = "Cisco IOS XR Software, Version 24.4.1 LNT\n\ncisco 8101-32FH (Acme) processor with 32GB of memory\n"

EVERYTHING: Answers = {
    VERSION: RELEASE,
    PLATFORM: NODES,
    INVENTORY: PARTS,
    INTERFACES: listed(PORT, *(f"HundredGigE0/0/0/4/{n}" for n in range(4))),
    LLDP: HEARD,
    OPTICS: PLUGGED,
    selected("0/0/0/2"): ACTIVE,
    OPERATION: RUNS,
    (OPERATION, 2): RUNS.replace("Count: 81", "Count: 99").replace("Frames   : 12", "Frames   : 20"),
    (OPTICS, 2): PLUGGED.replace("25.21", "25.40"),
}


@pytest.fixture
def facts(router: DevicePlan, tmp_path: Path) -> DeviceFacts:
    return decoded(router, tmp_path, EVERYTHING)


@pytest.fixture
def port(facts: DeviceFacts) -> PortFacts:
    return facts.ports[PORT]


def test_questions_are_few_declared_and_those_of_counters_are_put_twice(router: DevicePlan) -> None:
    asks = list(driver("iosxr").asks(router))
    session = driver("iosxr").session(router)
    kinds = [OPERATION, operation("HundredGigE")]
    places = [selected(f"0/0/0/{n}") for n in (2, 3, 4)]
    assert [ask.text for ask in asks] == [*COMMANDS, *places, *kinds, *kinds, INTERFACES, OPTICS]
    assert [ask.sample for ask in asks] == [1] * (len(asks) - 4) + [2] * 4
    assert all(session.permit.allows(ask.text) for ask in asks)
    assert not session.permit.allows("clear counters")
    assert not session.permit.allows("show controllers FourHundredGigE *; reload")
    assert not session.shell


def test_a_device_tells_release_model_and_parts(facts: DeviceFacts) -> None:
    assert (of(facts.software), of(facts.platform), of(facts.hwsku)) == ("24.4.1", "8101-32FH", "8101-32FH")
    assert of(facts.serial) == "ACME0001"
    gone(facts.asic, Absence.NOT_AVAILABLE, "does not name them")
    supplies, fans = of(facts.supplies), of(facts.fans)
    assert isinstance(supplies, tuple)
    assert isinstance(fans, tuple)
    assert [(one.name, of(one.status), of(one.model)) for one in supplies] == [
        ("0/PM0", "ok", "PSU2KW-ACPI"),
        ("0/PM1", "FAILED", "PSU2KW-ACPI"),
    ]
    assert (of(supplies[0].capacity), supplies[0].capacity.unit) == (2000, Unit.WATT)
    gone(supplies[1].capacity, Absence.NOT_RECORDED, "no row for 0/PM1")
    gone(supplies[0].watts, Absence.NOT_AVAILABLE)
    assert (fans[0].name, of(fans[0].status), of(fans[0].direction)) == ("0/FT0", "ok", "intake")
    gone(fans[0].rpm, Absence.NOT_AVAILABLE)
    gone(facts.sensors, Absence.NOT_RECORDED)
    gone(facts.load_balancing, Absence.NOT_RECORDED)
    gone(facts.modes[PORT], Absence.NOT_AVAILABLE)
    assert facts.unknown == ()


def test_a_port_tells_how_it_operates(port: PortFacts) -> None:
    assert (of(port.speed), of(port.lanes), of(port.oper), of(port.admin)) == (400, 4, "up", "up")
    assert of(port.fec_operational) == "rs"
    assert of(port.auto_negotiation) is False
    assert (of(port.flaps), of(port.last_change), of(port.cleared)) == (3, "2d03h", "1w2d")
    assert of(port.breakout_mode) == "1x400G"
    assert of(port.link_pause) is False
    assert of(port.error_status) == "OK"


def test_the_ethernet_header_is_no_part_of_the_mtu(port: PortFacts) -> None:
    assert isinstance(port.mtu, Reading)
    assert (port.mtu.value, port.mtu.unit) == (9100, Unit.BYTES)
    assert "without the 14 bytes of the Ethernet header" in port.mtu.source.where


def test_what_ios_xr_has_no_word_for_says_so(port: PortFacts) -> None:
    gone(port.fec_configured, Absence.NOT_AVAILABLE, "not what is configured")
    gone(port.fec_named, Absence.NOT_AVAILABLE, "not its name")
    gone(port.histogram, Absence.NOT_AVAILABLE, "no histogram")
    gone(port.watchdog.action, Absence.NOT_AVAILABLE)
    for value in (port.maps.trust, port.maps.dscp_to_tc, port.maps.tc_to_pg, port.maps.tc_to_queue):
        gone(value, Absence.NOT_RECORDED, "classes of a policy")
    assert port.queues.keys() == set(range(8))
    gone(port.queues[3].ecn, Absence.NOT_RECORDED, "classes of a policy")


def test_codewords_are_counted_twice(port: PortFacts) -> None:
    first, second = port.fec_samples
    assert (of(first.corrected), of(first.uncorrected), of(second.corrected)) == (81, 2, 99)
    assert (first.at, second.at) == (NOON, NOON + timedelta(minutes=10))
    gone(first.symbol_errors, Absence.NOT_AVAILABLE)
    gone(first.pre_fec_ber, Absence.NOT_RECORDED)


def test_pfc_tells_priorities_frames_and_its_watchdog(port: PortFacts) -> None:
    assert of(port.pfc_priorities) == frozenset({3})
    first, second = port.pauses
    assert of(first.received) == {**dict.fromkeys(range(8), Decimal(0)), 3: Decimal(12)}
    assert (of(first.received_in_all), of(first.sent_in_all), of(second.received_in_all)) == (12, 7, 20)
    gone(first.sent, Absence.UNREADABLE, "no tx frames by priority")  # this release counts those received alone
    watchdog = port.watchdog
    assert of(watchdog.on) is True
    assert (of(watchdog.detection_ms), of(watchdog.restoration_ms)) == (400, 2000)
    assert of(watchdog.storms) == {0: 0, 1: 0, 2: 0, 3: 5}


def test_a_neighbour_is_named_by_port_id_and_description(port: PortFacts) -> None:
    told = of(port.lldp)
    assert (told.device, told.port_names) == ("leaf7", ("Ethernet1/7", "to-xr1"))  # type: ignore[attr-defined]


def test_ports_have_short_names_and_addresses(facts: DeviceFacts) -> None:
    assert facts.aliases["FH0/0/0/2"] == PORT
    assert facts.aliases["Hu0/0/0/4/1"] == CHILD
    assert facts.aliases["0200.0000.0002"] == facts.aliases["02:00:00:00:00:02"] == PORT


def test_an_address_of_two_ports_names_neither(router: DevicePlan, tmp_path: Path) -> None:
    text = listed(PORT) + LISTED.format(name=SECOND, state="up", mac="0200.0000.0002")
    aliases = decoded(router, tmp_path, {INTERFACES: text}).aliases
    assert set(aliases) == {"FH0/0/0/2", "FH0/0/0/3"}


def test_a_cage_is_broken_out_as_its_ports_say(facts: DeviceFacts, router: DevicePlan, tmp_path: Path) -> None:
    assert of(facts.ports[CHILD].breakout_mode) == "4x100G"
    gone(facts.ports[SECOND].breakout_mode, Absence.NOT_RECORDED, "no port of cage 0/0/0/3")
    mixed = {INTERFACES: listed(PORT, "HundredGigE0/0/0/2/0")}
    gone(decoded(router, tmp_path / "mixed", mixed).ports[PORT].breakout_mode, Absence.UNREADABLE, "no breakout mode")


def test_a_module_is_told_in_words(facts: DeviceFacts) -> None:
    seen = facts.modules[PORT]
    assert (seen.management, of(seen.form_factor), seen.lanes) == ("cmis", "QSFP-DD", 2)
    assert (of(seen.vendor_name), of(seen.vendor_pn), of(seen.vendor_rev), of(seen.vendor_sn)) == (
        "ACME", "AC-400", "B", "AC0001",
    )  # fmt: skip
    assert (of(seen.vendor_oui), of(seen.date_code)) == ("00-b2-5c", "250103")
    assert (of(seen.firmware_active), of(seen.firmware_inactive)) == ("5.1.2", "5.1.1")
    assert (of(seen.temperature), of(seen.vcc), of(seen.wavelength)) == (Decimal("25.21"), Decimal("3.28"), 1311)
    assert [of(power) for power in seen.tx_power] == [Decimal("1.25"), Decimal("1.30")]
    assert [of(power) for power in seen.rx_power] == [Decimal("-1.50"), -40]
    assert [of(bias) for bias in seen.tx_bias] == [Decimal("40.1"), Decimal("40.2")]
    assert seen.rx_power[0].unit is Unit.DBM  # type: ignore[union-attr]
    limits = seen.thresholds["rx_power_mw"]
    assert [of(limit) for _, limit in limits.items()] == [8, -13, Decimal("5.2"), Decimal("-9.1")]
    assert of(seen.thresholds["tx_bias_ma"].high_alarm) == 65
    gone(seen.thresholds["tx_bias_ma"].high_warning, Absence.NOT_AVAILABLE, "never set")
    assert of(seen.thresholds["temperature_c"].low_warning) == 0
    gone(seen.thresholds["vcc_v"].low_alarm, Absence.NOT_RECORDED, "no such threshold")
    gone(seen.max_power, Absence.NOT_AVAILABLE, "no registers")
    assert of(facts.again[PORT].seen.temperature) == Decimal("25.40")
    assert of(facts.again[PORT].apart) == 600
    gone(facts.modules[SECOND].vendor_name, Absence.NOT_AVAILABLE, "the cage is empty")


def test_alarms_are_flags_and_the_rest_is_an_error(router: DevicePlan, tmp_path: Path) -> None:
    text = PLUGGED.replace("Alarms: None", "Alarms:\n\t\t LOW-RX2-PWR   HIGH-TX1_LBC   IMPROPER-REM").replace(
        "\t LOS/LOL/Fault Status:\n", "\t LOS/LOL/Fault Status:\n\t Detected LOS/LOL/FAULT: RX-LOS\n"
    )
    port = decoded(router, tmp_path, {OPTICS: text}).ports[PORT]
    flags = {(flag.name, flag.lane): of(flag.raised) for flag in of(port.flags)}  # type: ignore[attr-defined]
    assert {name for name, raised in flags.items() if raised} == {
        ("rx_power_low_alarm", 2), ("tx_bias_high_alarm", 1), ("rx_los", None),
    }  # fmt: skip
    assert flags["rx_power_low_alarm", 1] is False
    assert (flags["tx_fault", 1], flags["tx_fault", 2]) == (False, False)
    assert ("rx_los", 1) not in flags
    assert of(port.error_status) == "IMPROPER-REM"


SENTINELS: dict[str, tuple[str, str, str]] = {
    "a module whose monitors are not read": (
        "Status: Ready",
        "Status: Not Applicable",
        "Dom Data Status: not applicable",
    ),
    "a module without voltage": ("Voltage = 3.28 V", "Voltage = 0.00 V", "without a supply voltage"),
}


@pytest.mark.parametrize("name", SENTINELS)
def test_zeros_that_stand_for_no_monitor_are_missing(router: DevicePlan, tmp_path: Path, name: str) -> None:
    before, after, why = SENTINELS[name]
    seen = decoded(router, tmp_path, {OPTICS: PLUGGED.replace(before, after)}).modules[PORT]
    for value in (seen.temperature, seen.vcc, *seen.tx_power, *seen.rx_power, *seen.tx_bias):
        gone(value, Absence.NOT_AVAILABLE, why)
    assert of(seen.vendor_sn) == "AC0001"


def test_lanes_whose_numbers_do_not_follow_are_nobody_s(router: DevicePlan, tmp_path: Path) -> None:
    seen = decoded(router, tmp_path, {OPTICS: PLUGGED.replace("\t   1     40.2", "\t   3     40.2")}).modules[PORT]
    assert all(isinstance(power, Missing) for power in seen.rx_power)


FECS = {
    "Standard (Reed-Solomon)": "rs",
    "BASE-R": "fc",
    "Disabled": "none",
    "Not Configured": Absence.NOT_AVAILABLE,
    "Enhanced (KP4)": Absence.UNREADABLE,
    "N/A": Absence.NOT_AVAILABLE,
}


@pytest.mark.parametrize("word", FECS)
def test_a_word_for_fec_is_known_or_missing(router: DevicePlan, tmp_path: Path, word: str) -> None:
    text = RUNS.replace("Standard (Reed-Solomon)", word)
    port = decoded(router, tmp_path, {OPERATION: text}).ports[PORT]
    told = FECS[word]
    if isinstance(told, Absence):
        gone(port.fec_operational, told)
    else:
        assert of(port.fec_operational) == told
    if word == "Disabled":
        gone(port.fec_samples[0].uncorrected, Absence.NOT_AVAILABLE, "there are no codewords")
    else:
        assert of(port.fec_samples[0].uncorrected) == 2


def test_on_a_link_that_is_down_no_fec_runs(router: DevicePlan, tmp_path: Path) -> None:
    text = RUNS.replace("state: Up", "state: Down (Reason: Link loss or low light, no loopback)")
    port = decoded(router, tmp_path, {OPERATION: text}).ports[PORT]
    assert of(port.oper) == "down"
    gone(port.fec_operational, Absence.NOT_AVAILABLE, "the link is down")


def test_priorities_that_are_not_all_told_are_none(router: DevicePlan, tmp_path: Path) -> None:
    text = RUNS.replace("      7  off                  0\n", "")
    gone(decoded(router, tmp_path, {OPERATION: text}).ports[PORT].pfc_priorities, Absence.UNREADABLE)


def test_which_way_pauses_go_stands_with_the_interface(router: DevicePlan, tmp_path: Path) -> None:
    answers = {OPERATION: RUNS.replace("Flowcontrol: None", "Flowcontrol: Ingress"), INTERFACES: listed(PORT)}
    assert of(decoded(router, tmp_path, answers).ports[PORT].link_pause) is True


def test_applications_of_different_widths_tell_no_lanes(router: DevicePlan, tmp_path: Path) -> None:
    other = ACTIVE.lstrip("\n").replace(":1\n App", ":2\n App").replace("Lane Count    :4", "Lane Count    :2")
    answers = {selected("0/0/0/2"): f"\n{ACTIVE.strip()}\n\n{other}", OPERATION: RUNS}
    gone(decoded(router, tmp_path, answers).ports[PORT].lanes, Absence.UNREADABLE, "Applications of [2, 4] lanes")


def test_a_reading_names_command_line_and_field(port: PortFacts) -> None:
    assert str(port.admin.source) == f"xr1: {OPERATION} line 2 admin_state = enabled"


def test_nothing_recorded_is_missing_everywhere_and_every_declared_port_is_there(
    router: DevicePlan, tmp_path: Path
) -> None:
    facts = decoded(router, tmp_path, {"show clock": ""})
    assert facts.ports.keys() == {PORT, SECOND, *(f"HundredGigE0/0/0/4/{n}" for n in range(4))}
    for port in facts.ports.values():
        for name in PortFacts.__slots__:
            value = getattr(port, name)
            assert isinstance(value, Missing | tuple | dict | int | None) or name in (
                "maps",
                "watchdog",
                "queues",
                "rdma",
            ), name
        assert all(isinstance(sample.uncorrected, Missing) for sample in port.fec_samples)
    assert isinstance(facts.supplies, Missing)
    assert facts.sampled == {}
    assert isinstance(facts.modules[PORT].vendor_name, Missing)


BAD: dict[str, str] = {
    "nothing": "",
    "a refusal": "           ^\n% Invalid input detected at '^' marker.\n",
    "no right": "Command authorization failed\n",
    "another system": "Ethernet1/1 is up\nadmin state is up, Dedicated Interface\n",
    "a pager that stopped": " --More-- \n",
    "half a JSON": '{"speed": NaN',
}


@pytest.mark.parametrize("name", BAD)
def test_bad_answers_to_everything_make_nothing_but_missing(router: DevicePlan, tmp_path: Path, name: str) -> None:
    asks = driver("iosxr").asks(router)
    facts = decoded(router, tmp_path, {(ask.text, ask.sample): BAD[name] for ask in asks})
    port = facts.ports[PORT]
    for value in (port.speed, port.oper, port.mtu, port.fec_operational, port.pfc_priorities, port.lldp, port.flags):
        gone(value, Absence.UNREADABLE)
    assert isinstance(facts.software, Missing)
    assert isinstance(facts.modules[PORT].vendor_name, Missing)


CUTS = tuple((command, at) for command in EVERYTHING if isinstance(command, str) for at in (5, 12, 16))


@pytest.mark.parametrize(("command", "twentieths"), CUTS)
def test_an_answer_that_was_cut_changes_no_value(
    router: DevicePlan, facts: DeviceFacts, tmp_path: Path, command: str, twentieths: int
) -> None:
    whole = str(EVERYTHING[command])
    cut = {**EVERYTHING, command: whole[: len(whole) * twentieths // 20]}
    less = decoded(router, tmp_path / "cut", cut)
    for name in ("speed", "oper", "admin", "mtu", "fec_operational", "pfc_priorities", "flaps", "lldp", "lanes"):
        one, other = getattr(less.ports[PORT], name), getattr(facts.ports[PORT], name)
        assert isinstance(one, Missing) or one.value == other.value, name
    for name in ("vendor_sn", "temperature", "vcc", "firmware_active"):
        one, other = getattr(less.modules[PORT], name), getattr(facts.modules[PORT], name)
        assert isinstance(one, Missing) or one.value == other.value, name


def test_a_command_that_failed_was_not_answered(router: DevicePlan, tmp_path: Path) -> None:
    with Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        recorder.append(Answer(Ask("xr1", Kind.CLI, OPERATION), b"% Invalid input\n", 1, NOON))
    port = driver("iosxr").decode(router, Evidence(tmp_path / "evidence")).ports[PORT]
    gone(port.speed, Absence.NOT_ANSWERED, "% Invalid input")


# --- the recordings -----------------------------------------------------------------------------------------------


def recorded(file: str) -> str:
    text = (FOLDER / file).read_text("utf-8")
    return text if text.endswith("\n") else f"{text}\n"


def test_a_recorded_port_becomes_facts(router: DevicePlan, tmp_path: Path, recordings: Path) -> None:
    facts = decoded(
        router,
        tmp_path,
        {
            VERSION: recorded("show-version/ntc-7.9.2.txt"),
            INVENTORY: recorded("show-inventory/ntc-8200.txt"),
            PLATFORM: recorded("show-platform/genie-1.txt"),
            OPERATION: recorded("show-controllers-fourhundredgige/genie-400g.txt"),
            selected("0/0/0/2"): recorded("show-controllers-optics-appsel-active/genie-1.txt"),
        },
    )
    assert facts.unknown == ()
    assert (of(facts.software), of(facts.platform), of(facts.serial)) == ("7.9.2", "8202-32FH-M", "FLM27ABCDEF")
    assert [one.name for one in of(facts.supplies)] == [f"0/PT{n}" for n in range(4)]  # type: ignore[attr-defined]
    port = facts.ports[PORT]
    assert (of(port.speed), of(port.oper), of(port.admin), of(port.mtu)) == (400, "down", "down", 1500)
    assert (of(port.lanes), of(port.pfc_priorities), of(port.link_pause)) == (4, frozenset(), False)
    gone(port.fec_operational, Absence.NOT_AVAILABLE, "the link is down")
    assert (of(port.fec_samples[0].corrected), of(port.fec_samples[0].uncorrected)) == (0, 0)
    assert (of(port.watchdog.on), of(port.watchdog.detection_ms), of(port.watchdog.restoration_ms)) == (True, 100, 1000)


PLACED = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  xr1:
    role: leaf
    platform: 8101-32FH
    nos: iosxr
    names: "FourHundredGigE0/2/0/{{cage}}"
    cages:
      10: {{mode: 1x400G}}
  xr2:
    role: leaf
    platform: 8101-32FH
    nos: iosxr
    names: "FortyGigE0/2/0/{{cage}}"
    cages:
      0: {{mode: 1x40G}}
"""


def test_recorded_modules_are_told_or_dumped(tmp_path: Path, recordings: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(PLACED)
    answers = {
        OPTICS: recorded("show-controllers-optics/genie-all.txt"),
        MEMORY: recorded("show-controllers-all-phy/ntc-3.txt"),
    }
    devices = load(file).devices
    facts = decoded(devices["xr1"], tmp_path, answers)
    assert facts.unknown == ()
    told = facts.modules["FourHundredGigE0/2/0/10"]
    assert (of(told.vendor_pn), of(told.firmware_active), told.management) == ("FTCD1323E1PCL-C1", "5.0.0", "cmis")
    assert (of(told.vendor_oui), of(told.date_code), of(told.wavelength)) == ("00-90-65", "220103", 1291)
    assert [of(power) for power in told.rx_power] == [-40] * 8
    flags = of(facts.ports["FourHundredGigE0/2/0/10"].flags)
    raised = {(flag.name, flag.lane) for flag in flags if of(flag.raised)}  # type: ignore[attr-defined]
    assert raised == {*(("rx_power_low_alarm", lane) for lane in range(1, 9)), ("rx_los", None), ("tx_los", None)}
    dumped = decoded(devices["xr2"], tmp_path / "xr2", answers).modules["FortyGigE0/2/0/0"]
    assert (dumped.management, of(dumped.vendor_pn), of(dumped.vendor_sn)) == (
        "sff8636",
        "FTL410QE2C-C1",
        "FIS182100SW",
    )
    assert of(dumped.temperature) == Decimal(0x1AF1) / 256
    assert all(of(checksum.ok) for checksum in dumped.checksums)
