"""What the SONiC driver makes of the commands for links, pauses, queues and parts, and of a simulated switch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.drivers.answers import parse
from harness.drivers.sonic import (
    FLAPS,
    HISTOGRAM,
    LLDP_NEIGHBORS,
    MARKS,
    NEGOTIATION,
    PFC,
    PFC_COUNTERS,
    QUEUES,
    STORMS,
    SUMMARY,
    WATCHDOG,
    Sonic,
)
from harness.drivers.sonic.db import STATE
from harness.drivers.sonic.monitors import MONITORS
from harness.drivers.sonic.platform import EEPROM, FANS, SUPPLIES, TEMPERATURES
from harness.drivers.sonic.qos import CONFIG
from harness.errors import InputError
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder, instant
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts, PortFacts
from harness.reading import Absence, Missing, Reading, Value
from harness.simlab.__main__ import START
from harness.simlab.systems import sonic as speaker
from harness.simlab.world import SAMPLE_SECONDS, Device, World, healthy
from tests.drivers.test_sonic import LAB, recorded, value_of
from tests.recordings import REPOSITORY

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
Decode = Callable[..., DeviceFacts]


@pytest.fixture
def decode(tmp_path: Path) -> Decode:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    leaf = load(file).devices["leaf1"]

    def decoded(answers: Mapping[str, str], status: int = 0) -> DeviceFacts:
        return facts_of(leaf, tmp_path / f"store{len(list(tmp_path.iterdir()))}", answers, status)

    return decoded


def facts_of(device: DevicePlan, store: Path, answers: Mapping[str, str], status: int = 0) -> DeviceFacts:
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for command, text in answers.items():
            recorder.append(Answer(Ask(device.name, Kind.CLI, command), text.encode(), status, NOON))
    return Sonic().decode(device, Evidence(store))


def why(value: Value[Any]) -> Absence:
    assert isinstance(value, Missing), value
    return value.why


FLAP = """\
Interface    Flap Count    Admin    Oper    Link Down TimeStamp(UTC)    Link Up TimeStamp(UTC)
-----------  ------------  -------  ------  --------------------------  ------------------------
Ethernet0    12            Up       Down    Fri Jan 02 10:00:00 2026    Fri Jan 02 09:00:00 2026
Ethernet4    Never         Up       Up      Never                       Never
"""
NEGOTIATED = """\
  Interface    Auto-Neg Mode    Speed    Adv Speeds    Rmt Adv Speeds    Type    Adv Types    Oper    Admin
-----------  ---------------  -------  ------------  ----------------  ------  -----------  ------  -------
  Ethernet0         {}     400G           all               N/A     N/A          all      up       up
"""
FRAMES = """\
    Port Rx    PFC0    PFC1    PFC2    PFC3    PFC4    PFC5    PFC6    PFC7
-----------  ------  ------  ------  ------  ------  ------  ------  ------
  Ethernet0       0       0       0   1,204       0       0       0     N/A

    Port Tx    PFC0    PFC1    PFC2    PFC3    PFC4    PFC5    PFC6    PFC7
-----------  ------  ------  ------  ------  ------  ------  ------  ------
  Ethernet0     N/A     N/A     N/A     N/A     N/A     N/A     N/A     N/A
"""
WATCHED = """\
Changed polling interval to 200ms
     PORT    ACTION    DETECTION TIME    RESTORATION TIME    HISTORY
---------  --------  ----------------  ------------------  ---------
Ethernet0   forward               300            infinite     enable
"""
STORMED = """\
      QUEUE       STATUS    STORM DETECTED/RESTORED    TX OK/DROP    RX OK/DROP
-----------  -----------  -------------------------  ------------  ------------
Ethernet0:0          N/A                        0/0           0/0           0/0
Ethernet0:3  operational                        2/2          9/17           0/0
Ethernet0:4      stormed                        1/0           0/0           0/0
Ethernet4:0          N/A                        0/0           0/0           0/0
"""
COUNTED = """\
For namespace :
     Port    TxQ    Counter/pkts    Counter/bytes    Drop/pkts    Drop/bytes
---------  -----  --------------  ---------------  -----------  ------------
Ethernet0    UC3           1,000          900,000           17            9
Ethernet0    UC4           1,000          900,000          N/A          N/A
Ethernet0    MC0               5                5           99           99
"""
MARKED = """\
     Port    TxQ    WredDrp/pkts    WredDrp/bytes    EcnMarked/pkts    EcnMarked/bytes
---------  -----  --------------  ---------------  ----------------  -----------------
Ethernet0   ALL3               0                0               451             N/A
"""
SUPPLY = """\
PSU    Model    Serial    HW Rev      Voltage (V)    Current (A)    Power (W)  Status    LED
-----  -------  --------  --------  -------------  -------------  -----------  --------  -----
PSU 1  P-2K     S1        A                 12.00          40.00       480.25  OK        green
PSU 2  N/A      N/A       N/A                 N/A            N/A          N/A  NOT OK    red
"""
FAN = """\
  Drawer    LED    FAN    Speed    Direction      Presence    Status          Timestamp
--------  -----  -----  -------  -----------  ------------  --------  -----------------
 drawer1  green   fan1      52%       intake       Present        OK  20260102 12:00:00
 drawer2    red   fan2      N/A          N/A   Not Present       N/A  20260102 12:00:00
     N/A  green   fan3  9000RPM      exhaust       Present    Not OK  20260102 12:00:00
"""
HEAT = """\
  Sensor    Temperature    High TH    Low TH    Crit High TH    Crit Low TH    Warning          Timestamp
--------  -------------  ---------  --------  --------------  -------------  ---------  -----------------
    ASIC           96.5       95.0       N/A           105.0            N/A       True  20260102 12:00:00
     CPU            N/A        N/A       N/A             N/A            N/A      False  20260102 12:00:00
"""
TLVS = """\
TlvInfo Header:
   Id String:    TlvInfo
   Version:      1
   Total Length: 40
TLV Name       Code      Len  Value
-------------  ------  -----  -------
Product Name   0x21        6  BOX-64
Serial Number  0x23        5  {}
CRC-32         0xFE        4  0x00000001

(checksum valid)
"""
NAMED = "Platform: x\nHwSKU: y\nASIC: broadcom\nASIC Count: 1\nSerial Number: {}\nModel Number: BOX-64\n"


def port(facts: DeviceFacts, name: str = "Ethernet0") -> PortFacts:
    return facts.ports[name]


def test_flaps_and_when_the_link_last_changed(decode: Decode) -> None:
    facts = decode({FLAPS: FLAP})
    assert value_of(port(facts).flaps) == 12
    assert value_of(port(facts).last_change) == "Fri Jan 02 10:00:00 2026"
    assert why(port(facts, "Ethernet4").flaps) is Absence.NOT_AVAILABLE
    assert why(port(facts, "Ethernet4").last_change) is Absence.NOT_AVAILABLE


@pytest.mark.parametrize(
    ("word", "on"), [("disabled", False), (" enabled", True), ("     N/A", None), ("  maybe ", None)]
)
def test_auto_negotiation_is_known_where_it_is_set(decode: Decode, word: str, on: bool | None) -> None:
    told = port(decode({NEGOTIATION: NEGOTIATED.format(word)})).auto_negotiation
    assert (told.value if isinstance(told, Reading) else None) is on


def test_pauses_are_by_priority_and_one_that_is_not_counted_is_not_in_it(decode: Decode) -> None:
    (pauses,) = port(decode({PFC_COUNTERS: FRAMES})).pauses
    assert pauses.at == NOON
    assert value_of(pauses.received) == {0: 0, 1: 0, 2: 0, 3: 1204, 4: 0, 5: 0, 6: 0}
    assert why(pauses.sent) is Absence.NOT_AVAILABLE
    assert why(pauses.received_in_all) is Absence.NOT_AVAILABLE
    twice = FRAMES + FRAMES.replace("1,204", "1,205")
    assert why(port(decode({PFC_COUNTERS: twice})).pauses[0].received) is Absence.UNREADABLE


def test_the_watchdog_and_its_storms(decode: Decode) -> None:
    facts = decode({WATCHDOG: WATCHED, STORMS: STORMED})
    watchdog = port(facts).watchdog
    assert [value_of(v) for v in (watchdog.on, watchdog.action, watchdog.detection_ms)] == [True, "forward", 300]
    assert why(watchdog.restoration_ms) is Absence.NOT_AVAILABLE
    assert value_of(watchdog.storms) == {3: 2, 4: 1}
    assert why(port(facts, "Ethernet4").watchdog.storms) is Absence.NOT_RECORDED
    assert why(port(facts, "Ethernet4").watchdog.on) is Absence.NOT_RECORDED


def test_a_watchdog_that_is_set_otherwise_than_it_shows_is_not_known(decode: Decode) -> None:
    text = '{"PFC_WD": {"Ethernet0": {"action": "drop", "detection_time": "300", "restoration_time": "400"}}}'
    watchdog = port(decode({WATCHDOG: WATCHED, CONFIG: text})).watchdog
    assert why(watchdog.action) is Absence.UNREADABLE
    assert value_of(watchdog.detection_ms) == 300


def test_queues_drop_and_mark(decode: Decode) -> None:
    queues = port(decode({QUEUES: COUNTED, MARKS: MARKED})).queues
    assert (value_of(queues[3].dropped), value_of(queues[3].marked), queues[3].counted_at) == (17, 451, NOON)
    assert why(queues[4].dropped) is Absence.NOT_AVAILABLE
    assert why(queues[0].dropped) is Absence.NOT_RECORDED  # the row is of a queue for multicast
    twice = COUNTED + "\n" + COUNTED.replace("17            9", "18            9")
    assert why(port(decode({QUEUES: twice})).queues[3].dropped) is Absence.UNREADABLE


def test_parts_by_their_commands(decode: Decode) -> None:
    facts = decode({SUPPLIES: SUPPLY, FANS: FAN, TEMPERATURES: HEAT})
    supplies, fans, sensors = (value_of(v) for v in (facts.supplies, facts.fans, facts.sensors))
    assert isinstance(supplies, tuple) and isinstance(fans, tuple) and isinstance(sensors, tuple)
    assert [(s.name, value_of(s.status)) for s in supplies] == [("PSU 1", "ok"), ("PSU 2", "not ok")]
    assert (value_of(supplies[0].watts), value_of(supplies[0].model)) == (Decimal("480.25"), "P-2K")
    assert why(supplies[1].watts) is Absence.NOT_AVAILABLE
    assert why(supplies[0].capacity) is Absence.NOT_AVAILABLE
    assert [value_of(f.status) for f in fans] == ["ok", "not present", "not ok"]
    assert (value_of(fans[0].percent), value_of(fans[2].rpm), value_of(fans[0].direction)) == (52, 9000, "intake")
    assert [value_of(s.status) for s in sensors] == ["warning", "ok"]
    told = (sensors[0].celsius, sensors[0].high, sensors[0].critical)
    assert [value_of(v) for v in told] == [Decimal("96.5"), 95, 105]
    assert why(sensors[1].celsius) is Absence.NOT_AVAILABLE


@pytest.mark.parametrize(
    ("answers", "serial"),
    [
        pytest.param({SUMMARY: NAMED.format("AB123")}, "AB123", id="by the summary"),
        pytest.param(
            {EEPROM: TLVS.format("AB123")}, "AB123", id="by the EEPROM, where the release prints no summary of it"
        ),
        pytest.param({SUMMARY: NAMED.format("AB123"), EEPROM: TLVS.format("AB123")}, "AB123", id="by both"),
        pytest.param(
            {SUMMARY: NAMED.format("AB123"), EEPROM: TLVS.format("AB124")}, None, id="by neither: they differ"
        ),
        pytest.param({EEPROM: "Failed to read system EEPROM info\n"}, None, id="by none that can be read"),
    ],
)
def test_the_serial_number(decode: Decode, answers: Mapping[str, str], serial: str | None) -> None:
    told = decode(answers).serial
    assert (told.value if isinstance(told, Reading) else None) == serial


@pytest.mark.parametrize(
    ("tables", "word"),
    [
        ('{"SWITCH_HASH": {"GLOBAL": {"ecmp_hash": ["SRC_IP"], "ecmp_hash_algorithm": "CRC"}}}', "ecmp crc"),
        ('{"SWITCH_HASH": {"GLOBAL": {"ecmp_hash": ["SRC_IP"]}}}', "ecmp"),
        ('{"ARS_NEXTHOP_GROUP": {"all": {"assign_mode": "PER_FLOWLET_QUALITY"}}, "PORT": {}}',
         "adaptive per_flowlet_quality"),
        ('{"ARS_OBJECT": {"a": {"assign_mode": "per_flowlet_quality"}}, "ARS_INTERFACES": {"Ethernet0": {}}, '
         '"PORT": {}}', "adaptive per_flowlet_quality"),
        ('{"ARS_OBJECT": {"a": {"assign_mode": "per_packet_quality"}}, "ARS_NEXTHOPS": {"default|1.1.1.1": {}}, '
         '"PORT": {}}', "packet spraying per_packet_quality"),
        ('{"ARS_OBJECT": {"a": {"flowlet_idle_time": "256"}}, '
         '"ARS_PROFILE": {"p": {"ars_nhg_path_selector_mode": "global"}}, "PORT": {}}', "adaptive"),
        ('{"ARS_OBJECT": {"a": {"assign_mode": "per_flowlet_quality"}}, "ARS_PROFILE": {"p": {}}, "PORT": {}}', None),
        ('{"ARS_OBJECT": {"a": {"assign_mode": "per_flowlet_quality"}}, '
         '"SWITCH_HASH": {"GLOBAL": {"ecmp_hash": ["SRC_IP"]}}}', "ecmp"),
        ('{"PORT": {"Ethernet0": {}}}', None),
    ],
)  # fmt: skip
def test_load_balancing_is_told_where_it_is_set(decode: Decode, tables: str, word: str | None) -> None:
    told = decode({CONFIG: tables}).load_balancing
    assert (told.value if isinstance(told, Reading) else None) == word


MONITORED = """\
{
  "TRANSCEIVER_DOM_SENSOR|Ethernet0": {
    "expireat": 1767355260.0, "ttl": -0.001, "type": "hash",
    "value": {
      "temperature": "41.5", "voltage": "3.3", "tx1power": "1.25", "rx1power": "-inf", "tx1bias": "85.1",
      "tx2power": "1.1", "rx2power": "N/A", "tx2bias": "84.0", "tx3power": "N/A"TIME
    }
  }
}
"""


@pytest.mark.parametrize(
    ("time", "age"),
    [
        (', "last_update_time": "Fri Jan 02 11:58:57 2026"', 63),
        (', "last_update_time": "Fri Jan  2 12:00:01 2026"', 0),
        (', "last_update_time": "Fri Jan 02 12:00:09 2026"', Absence.UNREADABLE),
        (', "last_update_time": "2026-01-02 11:59"', Absence.UNREADABLE),
        (', "last_update_time": "N/A"', Absence.NOT_AVAILABLE),
        ("", Absence.NOT_RECORDED),
    ],
    ids=[
        "a minute ago",
        "now, by a clock a second ahead",
        "in the future",
        "another form",
        "not told",
        "an old release",
    ],
)
def test_the_age_of_monitors(decode: Decode, time: str, age: int | Absence) -> None:
    told = decode({MONITORS: MONITORED.replace("TIME", time)}).monitor_age["Ethernet0"]
    assert (told.value if isinstance(told, Reading) else told.why) == age


def test_the_age_of_monitors_is_told_by_a_dump_of_the_whole_database(decode: Decode) -> None:
    facts = decode({STATE: MONITORED.replace("TIME", ', "last_update_time": "Fri Jan 02 11:59:30 2026"')})
    assert value_of(facts.monitor_age["Ethernet0"]) == 30
    assert facts.series["Ethernet0"] == ()


def sampled(device: DevicePlan, store: Path, answers: Sequence[tuple[str, int, str | None]]) -> DeviceFacts:
    """What is made of samples, each half an hour after the one before; None where nobody answered."""
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for command, sample, text in answers:
            at = NOON + timedelta(minutes=30 * (sample - 1))
            status = None if text is None else 0
            recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), (text or "").encode(), status, at))
    return Sonic().decode(device, Evidence(store))


@pytest.fixture
def leaf(tmp_path: Path) -> DevicePlan:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["leaf1"]


def test_monitors_of_a_soak_are_a_series_with_its_gaps(leaf: DevicePlan, tmp_path: Path) -> None:
    text = MONITORED.replace("TIME", "")
    later = text.replace("41.5", "43.0")
    seen = sampled(leaf, tmp_path / "soak", [(MONITORS, 1, text), (MONITORS, 2, None), (MONITORS, 3, later)])
    first, gap, last = seen.series["Ethernet0"]
    assert (value_of(first.temperature), value_of(last.temperature)) == (Decimal("41.5"), Decimal(43))
    assert (first.at, last.at) == (NOON, NOON + timedelta(hours=1))
    assert why(gap.temperature) is Absence.NOT_ANSWERED
    assert [value_of(lane) for lane in first.tx_power] == [Decimal("1.25"), Decimal("1.1")]
    assert value_of(first.rx_power[0]) == Decimal("-Infinity")
    assert why(first.rx_power[1]) is Absence.NOT_AVAILABLE


def test_counters_of_a_soak_are_told_sample_by_sample(leaf: DevicePlan, tmp_path: Path) -> None:
    flaps = [(FLAPS, n, FLAP.replace(" 12 ", f" {10 + n} ")) for n in (1, 2, 3)]
    frames = [(PFC_COUNTERS, n, FRAMES.replace("1,204", f"{n},204")) for n in (1, 2, 3)]
    seen = port(sampled(leaf, tmp_path / "soak", [*flaps, *frames]))
    assert [value_of(one.count) for one in seen.changes] == [11, 12, 13]
    assert [value_of(one.received)[3] for one in seen.pauses] == [1204, 2204, 3204]  # type: ignore[index]
    assert [one.at for one in seen.changes] == [one.at for one in seen.pauses]
    assert value_of(seen.flaps) == 13


def test_one_sample_of_changes_leaves_the_second_open(decode: Decode) -> None:
    first, second = port(decode({FLAPS: FLAP})).changes
    assert (value_of(first.count), why(second.count)) == (12, Absence.NOT_RECORDED)


def test_a_queue_is_counted_by_the_last_sample(leaf: DevicePlan, tmp_path: Path) -> None:
    told = sampled(leaf, tmp_path / "two", [(QUEUES, 1, "nothing\n"), (QUEUES, 2, COUNTED)])
    seen = port(told).queues[3]
    assert (isinstance(seen.dropped, Reading), seen.counted_at) == (True, NOON + timedelta(minutes=30))
    gone = port(sampled(leaf, tmp_path / "gone", [(QUEUES, 1, COUNTED), (QUEUES, 2, None)])).queues[3]
    assert why(gone.dropped) is Absence.NOT_ANSWERED


def test_neighbours_in_full_stand_in_for_the_short_list(decode: Decode) -> None:
    text = (
        "-------------------------------------------------------------------------------\n"
        "LLDP neighbors:\n"
        "-------------------------------------------------------------------------------\n"
        "Interface:    Ethernet0, via: LLDP, RID: 1, Time: 0 day, 01:00:00\n"
        "  Chassis:\n    ChassisID:    mac 02:00:00:00:00:01\n    SysName:      spine9\n"
        "  Port:\n    PortID:       local etp3a\n    PortDescr:    Ethernet16\n    TTL:          120\n"
    )
    assert str(value_of(port(decode({LLDP_NEIGHBORS: text})).lldp)) == (
        "Neighbour(device='spine9', port_names=('etp3a', 'Ethernet16'))"
    )


def test_older_configurations_list_several_ports_in_one_key(decode: Decode) -> None:
    text = '{"PORT_QOS_MAP": {"Ethernet0,Ethernet4": {"pfc_enable": "3", "dscp_to_tc_map": "A"}}}'
    facts = decode({CONFIG: text})
    assert value_of(port(facts, "Ethernet4").pfc_priorities) == {3}
    assert value_of(port(facts).maps.trust) == "dscp"


# --- what goes wrong -------------------------------------------------------------------------------------------------

ANSWERS = {
    FLAPS: FLAP, NEGOTIATION: NEGOTIATED.format("disabled"), PFC_COUNTERS: FRAMES, WATCHDOG: WATCHED, STORMS: STORMED,
    QUEUES: COUNTED, MARKS: MARKED, SUPPLIES: SUPPLY, FANS: FAN, TEMPERATURES: HEAT, EEPROM: TLVS.format("AB123"),
}  # fmt: skip


def told(facts: DeviceFacts) -> list[Value[Any]]:
    one = port(facts)
    parts: list[Value[Any]] = [facts.serial, facts.supplies, facts.fans, facts.sensors]
    queue = one.queues[3]
    pauses = [value for pause in one.pauses for value in (pause.received, pause.sent)]
    watchdog = [one.watchdog.on, one.watchdog.action, one.watchdog.storms]
    return [*parts, one.flaps, one.last_change, one.auto_negotiation, queue.dropped, queue.marked, *pauses, *watchdog]


def same(value: Value[Any]) -> object:
    return str(value.value) if isinstance(value, Reading) else value.why


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda command, text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda command, text: f"\x1b[1m{text}\x1b[0m\n", id="colours"),
        pytest.param(
            lambda command, text: f"admin@leaf1:~$ {command}\n{text}admin@leaf1:~$ \n", id="a prompt around it"
        ),
    ],
)
def test_what_a_terminal_adds_changes_nothing(decode: Decode, spoil: Callable[[str, str], str]) -> None:
    facts = decode({command: spoil(command, text) for command, text in ANSWERS.items()})
    assert facts.unknown == ()
    assert [v.value if isinstance(v, Reading) else v.why for v in told(facts)[4:]] == [
        v.value if isinstance(v, Reading) else v.why for v in told(decode(ANSWERS))[4:]
    ]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param("", 0, id="empty, with status 0"),
        pytest.param("Error: No such command\n", 2, id="an older release"),
        pytest.param("% Invalid input detected at '^' marker.\n", 0, id="another CLI"),
        pytest.param("Command authorization failed\n", 0, id="not allowed"),
        pytest.param('{"a": NaN}', 0, id="JSON with NaN"),
        pytest.param("Traceback (most recent call last):\n  File x\nRuntimeError: redis\n", 1, id="a traceback"),
        pytest.param("Fan Not detected\n", 0, id="words instead of a table"),
        pytest.param("--More--\n", 0, id="a pager"),
    ],
)
def test_no_answer_is_no_value_and_no_exception(decode: Decode, text: str, status: int) -> None:
    for value in told(decode(dict.fromkeys(ANSWERS, text), status)):
        assert isinstance(value, Missing)
        assert value.why in (Absence.UNREADABLE, Absence.NOT_ANSWERED, Absence.NOT_AVAILABLE, Absence.NOT_RECORDED)


@pytest.mark.parametrize("command", ANSWERS, ids=str)
def test_an_answer_that_is_cut_gives_its_values_or_none(decode: Decode, command: str) -> None:
    text = ANSWERS[command]
    whole = {str(place): same(value) for place, value in enumerate(told(decode({command: text})))}
    for end in range(0, len(text), max(1, len(text) // 9)):
        cut = {
            str(place): value
            for place, value in enumerate(told(decode({command: text[:end].rpartition("\n")[0] + "\n"})))
        }
        for place, value in cut.items():
            shorter = isinstance(value, Reading) and isinstance(value.value, tuple | Mapping)
            assert shorter or isinstance(value, Missing) or same(value) == whole[place], (end, value)


@pytest.mark.parametrize(
    ("command", "old", "new"),
    [
        pytest.param(FLAPS, "Flap Count", "Changes   ", id="flaps"),
        pytest.param(NEGOTIATION, "Auto-Neg Mode", "Negotiation  ", id="auto-negotiation"),
        pytest.param(WATCHDOG, "DETECTION TIME", "FIRST TIME    ", id="watchdog"),
        pytest.param(QUEUES, "Counter/pkts", "Things/pkts ", id="queues"),
        pytest.param(SUPPLIES, "Status", "Health", id="supplies"),
        pytest.param(TEMPERATURES, "Temperature", "Kelvins    ", id="temperatures"),
    ],
)
def test_a_column_that_was_renamed_is_not_guessed(decode: Decode, command: str, old: str, new: str) -> None:
    assert old in ANSWERS[command]
    before = [isinstance(v, Reading) for v in told(decode({command: ANSWERS[command]}))]
    after = [isinstance(v, Reading) for v in told(decode({command: ANSWERS[command].replace(old, new)}))]
    assert any(before) and not any(after)


def test_columns_that_moved_are_found_by_their_head(decode: Decode) -> None:
    text = (
        "Oper    Flap Count    Interface    Link Up TimeStamp(UTC)    Link Down TimeStamp(UTC)    Admin\n"
        "------  ------------  -----------  ------------------------  --------------------------  -------\n"
        "Up      7             Ethernet0    Fri Jan 02 09:00:00 2026  Never                       Up\n"
    )
    facts = decode({FLAPS: text})
    assert (value_of(port(facts).flaps), value_of(port(facts).last_change)) == (7, "Fri Jan 02 09:00:00 2026")


RULE = "-" * 96
FLAVOURS = {
    "Enterprise SONiC": (
        "show interfaces status",
        f"{RULE}\nName        Description   Oper   Reason     AutoNeg  Speed   MTU   Alternate Name\n{RULE}\n"
        "Ethernet0   -             up     oper-up    off      400000  9100  Eth1/1\n",
        "it looks like Enterprise SONiC's sonic-cli",
    ),
    "AsterNOS": (
        "show interfaces transceiver eeprom",
        "0/0 : SFP EEPROM detected\nConnector: LC\nVendor Name: ACME\nRX1Power: 0.5dBm\n",
        "it looks like AsterNOS",
    ),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_layouts_of_other_makers_are_refused_by_name(flavour: str) -> None:
    command, text, said = FLAVOURS[flavour]
    with pytest.raises(InputError, match=said):
        parse("sonic", command, text)


def test_a_status_with_the_speed_and_the_code_that_run() -> None:
    text = (
        "  Interface    Lanes    Speed    MTU    Oper FEC    Alias    Vlan    Oper    Admin    Type    Oper Speed\n"
        "-----------  -------  -------  -----  ----------  -------  ------  ------  -------  ------  ------------\n"
        "  Ethernet0  1,2,3,4     400G   9100        none     Eth1  routed    down       up     N/A          200G\n"
    )
    parsed = parse("sonic", "show interfaces status", text)
    assert parsed.unparsed == ()
    assert (parsed.records[0]["fec_oper"], parsed.records[0]["oper_speed_mbps"]) == ("none", 200000)


def test_places_without_a_part_are_told_from_parts() -> None:
    text = (
        "    Name        Product ID    Version    Serial Number   Description\n\nLine Cards\n"
        "    LC0         L-1           1.0        S1              A card\n    LC1 -- not present\n"
    )
    rows = parse("sonic", "show platform inventory", text).records
    assert [(row["name"], row["serial_number"], row.get("state")) for row in rows] == [
        ("LC0", "S1", None), ("LC1", None, "not present"),
    ]  # fmt: skip


# --- on recordings ---------------------------------------------------------------------------------------------------


def test_recorded_links_pauses_and_queues(recordings: Path, decode: Decode) -> None:
    files = {
        FLAPS: "show-interfaces-flap/all.txt",
        NEGOTIATION: "show-interfaces-autoneg-status/all.txt",
        PFC_COUNTERS: "show-pfc-counters/all.txt",
        WATCHDOG: "pfcwd-show-config/all.txt",
        STORMS: "pfcwd-show-stats/all.txt",
        QUEUES: "show-queue-counters/all.txt",
        MARKS: "show-queue-wredcounters/all.txt",
        HISTOGRAM: "portstat-fh/doc-7060x6-all.txt",
        FANS: "show-platform-fan/doc.txt",
        TEMPERATURES: "show-platform-temperature/doc.txt",
        SUMMARY: "show-platform-summary/doc.txt",
    }
    facts = decode({command: recorded(recordings, file) for command, file in files.items()})
    one, four = port(facts), port(facts, "Ethernet4")
    assert (value_of(one.flaps), value_of(one.last_change)) == (3, "Sat Jan 17 00:04:42 2025")
    assert value_of(one.auto_negotiation) is True
    assert value_of(one.pauses[0].received) == {0: 1200, **{n: 200 + n for n in range(1, 8)}}
    assert value_of(four.pauses[0].sent) == {0: 1410, **{n: 410 + n for n in range(1, 8)}}
    assert [value_of(v) for v in (one.watchdog.action, one.watchdog.detection_ms, one.watchdog.restoration_ms)] == [
        "drop", 600, 600,
    ]  # fmt: skip
    assert (value_of(one.watchdog.storms), value_of(four.watchdog.storms)) == ({3: 1}, {3: 2})
    assert (value_of(one.queues[2].dropped), value_of(one.queues[2].marked)) == (39, 39)
    assert value_of(one.cleared) == "2025-10-02T16:43:57.934081"
    fans, sensors = value_of(facts.fans), value_of(facts.sensors)
    assert isinstance(fans, tuple) and isinstance(sensors, tuple)
    assert [value_of(fan.percent) for fan in fans] == [34, 43, 38, 49, 38, 48, 39, 48]
    assert (value_of(sensors[0].celsius), value_of(sensors[0].critical)) == (37, 120)
    assert (value_of(facts.serial), value_of(facts.asic)) == ("MT1822K07815", "mellanox")
    assert facts.unknown == ()


# --- a simulated switch ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> World:
    return healthy(load(REPOSITORY / "lab_configs" / "rack3.yaml"), instant(START))


@pytest.fixture(scope="module")
def simulated(world: World, tmp_path_factory: pytest.TempPathFactory) -> DeviceFacts:
    device = world.devices["leaf1"]
    store = tmp_path_factory.mktemp("simulated") / "store"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for ask in Sonic().asks(device.plan):
            elapsed = SAMPLE_SECONDS if ask.sample == 2 or ask.text == HISTOGRAM else 0
            text = speaker.answer(world, device, ask.text, elapsed)
            assert text is not None, ask
            recorder.append(Answer(ask, text.encode(), 0, NOON))
    return Sonic().decode(device.plan, Evidence(store))


def test_a_simulated_switch_says_nothing_that_is_unknown(simulated: DeviceFacts) -> None:
    assert [line for line in simulated.unknown if "Failed to read EEPROM" not in line] == []


def test_the_driver_gives_back_what_the_simulated_switch_holds(world: World, simulated: DeviceFacts) -> None:
    device: Device = world.devices["leaf1"]
    assert value_of(simulated.serial) == device.serial
    assert value_of(simulated.load_balancing) == "adaptive per_flowlet_quality"
    supplies, sensors = value_of(simulated.supplies), value_of(simulated.sensors)
    assert isinstance(supplies, tuple) and isinstance(sensors, tuple)
    assert len(supplies) == (device.plan.supplies or 2)
    modules = [cage.ports[0].module for cage in device.cages]
    assert len(sensors) == 2 + sum(module is not None and not module.flat for module in modules)
    for plan in device.plan.ports:
        held, seen = device.port(plan.name), simulated.ports[plan.name]
        assert value_of(seen.oper) == ("up" if held.up else "down")
        assert (value_of(seen.speed), value_of(seen.mtu)) == (held.gbps, held.mtu)
        assert value_of(seen.pfc_priorities) == held.lossless
        assert value_of(seen.auto_negotiation) is False
        if held.up:  # of a port that never was up nothing is counted
            assert [value_of(one.count) for one in seen.changes] == [1 + 2 * held.flaps] * 2
        assert set(value_of(seen.watchdog.storms).values()) == {0}  # type: ignore[attr-defined]
        assert [value_of(queue.dropped) for queue in seen.queues.values()] == [0] * 8
        assert value_of(seen.queues[6].scheduler) == "strict"
        assert isinstance(seen.pauses[0].received, Reading)


def test_everything_that_the_driver_asks_may_be_sent() -> None:
    device = load(REPOSITORY / "lab_configs" / "rack3.yaml").devices["leaf1"]
    permit = Sonic().session(device).permit
    asks = list(Sonic().asks(device))
    assert all(permit.allows(ask.text) for ask in asks)
    assert not {ask.text for ask in Sonic().accepts(device)} & {ask.text for ask in asks}
    assert PFC in {ask.text for ask in asks}
