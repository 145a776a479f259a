"""What EOS answers, as records: every recording whole and value by value, and the formats' other spellings."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.drivers.answers import parse, record_schema
from harness.drivers.answers.eos import COMMANDS
from harness.errors import InputError
from tests.recordings import RECORDINGS

FOLDER = RECORDINGS / "cli" / "arista_eos"
KNOWN_REST = {"topPllVcoCap"}
"""What a recorded PHY shows of its oscillators, which nobody here asks."""


@cache
def index() -> list[dict[str, Any]]:
    path = RECORDINGS / "cli" / "index.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [entry for entry in entries if entry["nos"] == "arista_eos"]


def records(command: str, text: str) -> list[dict[str, Any]]:
    """The records of an answer of which no line is unknown and which all fit their schema."""
    parsed = parse("eos", command, text)
    assert parsed.unparsed == ()
    valid = Draft202012Validator(record_schema("eos", command))
    for record in parsed.records:
        assert not [error.message for error in valid.iter_errors(record)]
    return [dict(record) for record in parsed.records]


def recorded(command: str, file: str) -> list[dict[str, Any]]:
    return records(command, (FOLDER / file).read_text("utf-8"))


def plain(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in record.items() if name != "line"} for record in found]


def every_recording(function: Any) -> Any:
    return pytest.mark.parametrize("entry", index(), ids=lambda entry: str(entry["file"]))(function)


def test_there_are_recordings_of_this_system(recordings: Path) -> None:
    assert len(index()) >= 30


@every_recording
def test_a_recording_parses_whole(entry: dict[str, Any]) -> None:
    text = (RECORDINGS / "cli" / entry["file"]).read_text("utf-8")
    found = records(entry["command"], text)
    assert found
    for record in found:
        assert 1 <= record["line"] <= text.count("\n") + 1
        assert {*record.get("other", ())} <= KNOWN_REST


@every_recording
def test_a_terminal_adds_nothing_to_a_recording(entry: dict[str, Any]) -> None:
    text = (RECORDINGS / "cli" / entry["file"]).read_text("utf-8")
    lines = [f"leaf2#{entry['command']}", *text.rstrip("\n").split("\n"), "leaf2#"]
    lines[len(lines) // 2] = f" --More-- \r          \r\x1b[0m{lines[len(lines) // 2]}"
    assert plain(records(entry["command"], "\r\n".join(lines))) == plain(records(entry["command"], text))


@every_recording
@pytest.mark.parametrize("share", [3, 8, 13, 18])
def test_a_recording_that_was_cut_gives_no_value_that_the_whole_has_not(entry: dict[str, Any], share: int) -> None:
    text = (RECORDINGS / "cli" / entry["file"]).read_text("utf-8")
    cut = text[: text.rfind("\n", 0, len(text) * share // 20) + 1]
    try:
        parsed = parse("eos", entry["command"], cut)
    except InputError as refused:
        assert "line" in str(refused)
        return
    assert text.lstrip()[0] not in "{["  # half an object is none
    whole = {record["line"]: record for record in records(entry["command"], text)}
    for record in parsed.records:
        of_whole = whole[record["line"]]
        assert all(of_whole[name] == value for name, value in record.items() if value is not None)


# --- the recordings, value by value -------------------------------------------------------------------------------


def test_version_tells_model_serial_number_and_release(recordings: Path) -> None:
    (record,) = recorded("show version", "show-version/ntc-7010t.txt")
    assert record == {
        "line": 1, "model": "DCS-7010T-48-R", "hardware_revision": "12.03", "serial": "JPE18523609",
        "hardware_mac": "985d.82b8.faf5", "system_mac": "985d.82b8.faf5", "software_version": "4.28.9M",
        "architecture": "i686", "internal_version": "4.28.9M-33818481.4289M",
        "internal_build_id": "ecbeee98-6249-4e05-84e6-60b46a08f83e", "image_format_version": "3.0",
        "image_optimization": "Strata-4GB", "uptime": "3 weeks, 0 days, 20 hours and 45 minutes",
        "memory_total_kb": 3982456, "memory_free_kb": 2076700,
    }  # fmt: skip
    (virtual,) = recorded("show version | json", "show-version/suzieq-4.23.5M.json")
    assert (virtual["model"], virtual["software_version"], virtual["serial"]) == ("vEOS", "4.23.5M", None)
    assert (virtual["uptime_s"], virtual["booted_at"]) == ("5262483.9", "1620676827.0")
    (detail,) = recorded("show version detail | json", "show-version-detail/anta-terminattrversion-success.json")
    assert detail["packages"] == {"TerminAttr-core": "v1.17.0"}
    assert detail["components"] == {"Aboot": "Aboot-veos-8.0.0-3255441"}


def test_inventory_tells_every_slot_and_what_is_in_it(recordings: Path) -> None:
    text = recorded("show inventory", "show-inventory/ntc-7150s.txt")
    assert [record["section"] for record in text] == [
        "system", "power_supply", "power_supply", *["fan"] * 4, "ports", "ports", *["transceiver"] * 4,
    ]  # fmt: skip
    assert text[0]["serial"] == "JPE13120702"
    assert [record["slot"] for record in text if record["section"] == "transceiver"] == ["1", "2", "51", "52"]
    assert {record["serial"] for record in text if record["section"] == "transceiver"} == {"XCW1225FD753"}
    virtual = recorded("show inventory | json", "show-inventory/suzieq-4.23.5M.json")
    slots = {record["slot"]: record for record in virtual if record["section"] == "transceiver"}
    assert (slots["20"]["present"], slots["20"]["model"]) == (True, "CAB-SFP-SFP-2M")
    assert (slots["30"]["present"], slots["30"]["model"], slots["30"]["manufacturer"]) == (False, None, None)
    modules = recorded("show inventory | json", "show-inventory/anta-transceiversmanufacturers-success.json")
    assert modules[1] == {
        "line": 9, "section": "transceiver", "slot": "2", "manufacturer": "Arista Networks", "model": "QSFP-100G-DR",
        "serial": "XKT203501337", "revision": "21", "present": True,
    }  # fmt: skip
    chassis = recorded("show inventory | json", "show-inventory/anta-inventory-success.json")
    assert [record["section"] for record in chassis] == ["power_supply"] * 6 + ["fan"] * 3 + ["card"] * 7
    assert chassis[6] == {"line": 29, "section": "fan", "slot": "1", "fans": 12, "model": "7812R3-FM"}


def test_interfaces_tell_state_speed_and_counters(recordings: Path) -> None:
    text = {record["interface"]: record for record in recorded("show interfaces", "show-interfaces/ntc.txt")}
    first, closed, vlan = text["Ethernet1"], text["Ethernet49/1"], text["Vlan10"]
    assert (first["state"], first["line_protocol"], first["status"]) == ("up", "up", "connected")
    assert (first["bandwidth_bps"], first["speed_mbps"], first["mtu"]) == (10_000_000_000, 10_000, 1500)
    assert (first["in_packets"], first["in_bytes"], first["out_packets"], first["link_changes"]) == (292, 31440, 203, 1)
    assert (closed["state"], closed["line_protocol"], closed["status"], closed["cleared"]) == (
        "administratively down", "notpresent", "disabled", "6 days, 11:19:37 ago",
    )  # fmt: skip
    assert (vlan["line_protocol"], vlan["unchanged_for"], "in_packets" in vlan) == (
        "lowerlayerdown",
        "35 seconds",
        False,
    )
    captured = recorded("show interfaces | json", "show-interfaces/napalm.json")
    assert [record["interface"] for record in captured] == [
        "Management1", "Ethernet2", "Ethernet3", "Ethernet1", "Ethernet4", "Ethernet5",
    ]  # fmt: skip
    assert captured[0]["in_packets_per_second"] == "5.79851962210843e-06"
    assert (captured[1]["in_multicast_packets"], captured[1]["bandwidth_bps"], captured[1]["mtu"]) == (1429, 0, 9214)
    assert captured[1]["last_change_at"] == "1466586841.4151127"
    lanes = recorded("show interfaces | json", "show-interfaces/anta-interfacesspeed-failure-incorrect-lane.json")
    assert [(one["bandwidth_bps"], one["lanes"], one["auto_negotiation"]) for one in lanes] == [
        (10**9, 4, None), (10**10, 4, None), (10**11, 4, "success"), (2_500_000_000, 6, None), (2_500_000_000, 6, None),
    ]  # fmt: skip


def test_status_takes_apart_a_name_that_looks_like_a_state(recordings: Path) -> None:
    found = recorded("show interfaces status", "show-interfaces-status/ntc.txt")
    fields = ("interface", "description", "status", "vlan", "duplex", "speed_mbps", "media_type")
    assert [tuple(record[name] for name in fields) for record in found] == [
        ("Et3/1/1", "I am a 40G port !! Hi", "connected", "trunk", "full", 40_000, "40GBASE-CR4"),
        ("Et3/1/4", None, "inactive", "1", None, None, "40GBASE-CR4"),
        ("Et3/2/1", "PORTNAME", "notconnect", "trunk", "full", 10_000, "40GBASE-SR"),
        ("Et3/2/2", "I am a 10G port", "errdisabled", "10", "full", 10_000, "40GBASE-SR"),
        ("Et3/2/4", "- DISABLED routed (", "disabled", "routed", "full", 10_000, "40GBASE-SR"),
        ("Et3/2/5", "-", "disabled", "routed", "full", 10_000, "40GBASE-SR"),
    ]


def test_phys_tell_the_last_poll_and_every_change(recordings: Path) -> None:
    found = recorded("show interfaces phy detail | json", "show-interfaces-phy-detail/anta-interfacesber-success.json")
    first = [record for record in found if record["interface"] == "Ethernet1/1"]
    assert [(record["phy"], record.get("chip"), record.get("location")) for record in first] == [
        (1, "BCM88690-TSCBH", "line"), (2, "CRT50216", None), (3, "CRT50216", "system"), (4, "CRT50216", "line"),
        (None, None, None),
    ]  # fmt: skip
    assert first[0]["pre_fec_ber"] == "5.378509864228316e-10"
    assert first[0]["attributes"]["fec_corrected_codewords"] == {
        "value": 3, "changes": 303, "last_change_at": "1749635205.1726532",
    }  # fmt: skip
    assert first[3]["attributes"]["fec_corrected_codewords"]["changes"] == 0
    assert first[3]["attributes"]["fec_hi_ser"]["value"] is False
    assert (first[3]["pre_fec_ber"], first[3]["fec_lane_map"]) == (
        "1.3399973239803202e-22", {"0": 0, "1": 1, "2": 2, "3": 3},
    )  # fmt: skip
    high = recorded(
        "show interfaces phy detail | json",
        "show-interfaces-phy-detail/anta-interfacesber-failure-low-ber-threshold.json",
    )
    assert high[0]["pre_fec_ber"] == "0.025402777434414485"


def test_modules_tell_exact_monitors(recordings: Path) -> None:
    text = recorded("show interfaces transceiver", "show-interfaces-transceiver/ntc.txt")
    assert text[0] == {
        "line": 8, "interface": "Et3/1/1", "temperature_c": "27.92", "voltage_v": "3.23", "tx_bias_ma": "19.94",
        "tx_power_dbm": None, "rx_power_dbm": "-2.39", "updated": "0:00:06 ago",
    }  # fmt: skip
    assert {value for name, value in text[-1].items() if name not in ("line", "interface")} == {None}
    captured = recorded("show interfaces transceiver | json", "show-interfaces-transceiver/napalm.json")
    assert [record["rx_power_dbm"] for record in captured] == [
        "-1.8025870272698974", "-2.287800980504664", "-2.5034096790510008",
    ]  # fmt: skip
    assert captured[0]["voltage_v"] == "3.2731000000000003"
    power = recorded(
        "show interfaces transceiver dom thresholds | json",
        "show-interfaces-transceiver-dom-thresholds/anta-interfacesopticsreceivepower-success.json",
    )
    assert [record["parameters"] == {} for record in power] == [True, False, True, False]
    assert power[1]["parameters"]["rx_power"] == {
        "unit": "dBm",
        "channels": {
            "1": "-30.08242460465652", "2": "-0.09972101229705288", "3": "-40.312369518027516",
            "4": "-1.4630178822382547",
        },
        "thresholds": {"low_alarm": "-13.29754146925876", "low_warning": "-10.301183562535002"},
    }  # fmt: skip
    bare = recorded(
        "show interfaces transceiver dom thresholds | json",
        "show-interfaces-transceiver-dom-thresholds/anta-interfacesopticsreceivepower-success-no-threshold.json",
    )
    assert bare[0]["parameters"] == {"rx_power": {"unit": "dBm", "channels": {"1": "-5.0"}}}
    hot = recorded(
        "show interfaces transceiver dom thresholds | json",
        "show-interfaces-transceiver-dom-thresholds/anta-interfacesopticstemperature-failure-all.json",
    )
    assert [record["parameters"]["temperature"]["channels"] for record in hot] == [{"-": "73.7575"}, {"-": "75.7575"}]
    hardware = recorded("show interfaces transceiver hardware", "show-interfaces-transceiver-hardware/ntc.txt")
    assert [record["interface"] for record in hardware] == [
        "Et1", "Et49", "Et51", "Ethernet96", "Ethernet97/1", "Ethernet88", "Ethernet76",
    ]  # fmt: skip
    assert (hardware[2]["wavelength_nm"], hardware[2]["max_module_power_w"]) == ("1310", "1.0")
    assert hardware[4] == {"line": 20, "interface": "Ethernet97/1", "present": False, "max_slot_power_w": None}


def test_queues_tell_marks_drops_and_pauses(recordings: Path) -> None:
    pauses = recorded(
        "show priority-flow-control counters | json",
        "show-priority-flow-control-counters/anta-interfacespfccounters-success.json",
    )
    assert pauses[3] == {"line": 15, "interface": "Ethernet3/4/1", "rx_frames": 0, "tx_frames": 0}
    marks = recorded(
        "show qos interfaces ecn counters queue | json",
        "show-qos-interfaces-ecn-counters-queue/anta-interfacesecncounters-success.json",
    )
    assert marks[0] == {"line": 3, "interface": "Ethernet10/28/1", "marked_packets": {"0": 0, "1": 0, "2": 0}}
    queues = recorded(
        "show interfaces counters queue detail | json",
        "show-interfaces-counters-queue-detail/anta-interfacesegressqueuedrops-success-all.json",
    )
    assert [(one["cast"], one["queue"], one["dropped_packets"]) for one in queues[4:]] == [
        ("unicast", 0, 0), ("unicast", 1, 0), ("multicast", 0, 0), ("multicast", 1, 4),
    ]  # fmt: skip
    drops = recorded(
        "show interfaces counters queue drops | json",
        "show-interfaces-counters-queue-drops/anta-interfacesvoqandegressqueuedrops-failure.json",
    )
    assert [(one["interface"], one["side"], one["queue"], one["dropped_packets"]) for one in drops[:4]] == [
        ("Ethernet48", "ingress_voq", 0, 3), ("Ethernet48", "egress", 0, 0), ("Ethernet48", "ingress_voq", 1, 4),
        ("Ethernet48", "egress", 1, 5),
    ]  # fmt: skip


def test_counters_are_whole_numbers(recordings: Path) -> None:
    errors = recorded(
        "show interfaces counters errors | json",
        "show-interfaces-counters-errors/anta-interfaceerrors-failure-multiple-intfs-multiple-errors.json",
    )
    assert errors[1] == {
        "line": 12, "interface": "Ethernet6", "in_errors": 0, "giants": 0, "out_errors": 0, "runts": 0,
        "fcs_errors": 0, "alignment_errors": 6, "symbol_errors": 10,
    }  # fmt: skip
    counters = recorded("show interfaces counters | json", "show-interfaces-counters/suzieq-spine01.json")
    assert (len(counters), counters[1]["in_bytes"], counters[1]["counted_at"]) == (7, 38534721, "1623025178.3748305")


def test_neighbours_are_told_without_their_quotation_marks(recordings: Path) -> None:
    short = recorded("show lldp neighbors", "show-lldp-neighbors/ntc.txt")
    assert plain(short)[2:] == [
        {"interface": "Et3/1", "remote_device": "tg104.sjc.aristanetworks.com", "remote_port_id": "Ethernet3/2",
         "ttl_s": 120},
        {"interface": "Ma1/1", "remote_device": "dc1-rack11-tor1.sjc", "remote_port_id": "1/1", "ttl_s": 120},
    ]  # fmt: skip
    detail = recorded("show lldp neighbors detail | json", "show-lldp-neighbors-detail/suzieq-leaf02.json")
    assert [(one["interface"], one["remote_device"], one["remote_port_id"]) for one in detail] == [
        ("Ethernet2", "spine02", "Ethernet2"), ("Ethernet1", "spine01", "Ethernet2"),
        ("Ethernet6", "leaf01", "Ethernet6"), ("Ethernet5", "leaf01", "Ethernet5"),
    ]  # fmt: skip
    hosts = recorded("show lldp neighbors detail | json", "show-lldp-neighbors-detail/napalm.json")
    assert len(hosts) == 41
    assert (hosts[0]["port_id_type"], hosts[0]["remote_port_id"], hosts[0]["remote_port_description"]) == (
        "mac", "000f.532e.ced1", "eth3",
    )  # fmt: skip
    named = recorded("show lldp neighbors detail | json", "show-lldp-neighbors-detail/anta-lldpneighbors-success.json")
    assert (named[0]["remote_device"], named[0]["remote_port_id"]) == ("DC1-SPINE1.local.com", "Ethernet1")


def test_temperatures_of_modules_have_their_limits(recordings: Path) -> None:
    (sensor,) = recorded(
        "show system environment temperature transceiver | json",
        "show-system-environment-temperature-transceiver/anta-transceiverstemperature-success.json",
    )
    assert (sensor["name"], sensor["sensor"], sensor["temperature_c"], sensor["overheat_c"]) == (
        "DomTemperatureSensor54", "54", "24.171875", "70.0",
    )  # fmt: skip


# --- the same answers in other spellings --------------------------------------------------------------------------

PHY = """\
Current System Time: Tue Jan  6 10:00:00 2026
Ethernet9/1
                              Current State     Changes            Last Change
  PHY state                   linkUp                  3    1 day, 0:00:30 ago
  Transceiver                 400GBASE-DR4            1    1 day, 0:01:00 ago
  Forward Error Correction    Reed-Solomon
  Reed-Solomon codeword size  544
  FEC corrected codewords     12                   7700         0:00:04 ago
  FEC uncorrected codewords   0                       0               never
  FEC lane corrected symbols
    Lane 0                    2                      30         0:00:04 ago
    Lane 1                    0                      40         0:00:04 ago
"""
MONITORED = """\
                         High Alarm  High Warn   Low Alarm   Low Warn
           Temperature   Threshold   Threshold   Threshold   Threshold
Port       (Celsius)     (Celsius)   (Celsius)   (Celsius)   (Celsius)
-------    ------------  ----------  ----------  ----------  ----------
Et9/1      81.50 ++      80.00       75.00       -5.00       0.00
                         High Alarm  High Warn   Low Alarm   Low Warn
           Rx Power      Threshold   Threshold   Threshold   Threshold
Port       (dBm)         (dBm)       (dBm)       (dBm)       (dBm)
-------    ------------  ----------  ----------  ----------  ----------
Et9/1      -2.50         4.40        3.40        -9.60       -8.60
"""
CONFIG = """\
! Command: show running-config sanitized
! device: leaf9 (DCS-7060X6-64PE, EOS-4.33.2F)
!
qos map dscp 0 1 2-7 to traffic-class 1
qos map dscp 26 to traffic-class 3
!
hostname leaf9
!
qos profile BACKEND
   qos trust dscp
   !
   uc-tx-queue 3
      bandwidth percent 40
      no priority
      random-detect ecn minimum-threshold 300 kbytes maximum-threshold 900 kbytes max-mark-probability 7 weight 0
   !
   tx-queue 6
      priority strict
   !
   priority-flow-control on
   priority-flow-control priority 3 no-drop
   priority-flow-control pause watchdog port timer timeout 0.05 polling-interval auto recovery-time 1.5 forced
!
priority-flow-control pause watchdog action drop
!
interface Ethernet9/1
   mtu 9214
   speed 400g-4
   error-correction encoding reed-solomon
   no error-correction encoding fire-code
   service-profile BACKEND
!
router bgp 65000
   neighbor 192.0.2.1 remote-as 65001
!
end
"""
MAPS = """\
   Number of Traffic Classes supported: 8
   Dscp-tc map:
     d1 :  d2 0  1  2  3  4  5  6  7  8  9
     --------------------------------------
     0 :      1  1  1  1  1  1  1  1  0  0
     1 :      0  2

   Tc - uc-tx-queue map:
     tc:           0  1  2  3
     -----------------------------------
     uc-tx-queue:  0  1  2  5
"""
VARIANTS: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "the text of version names what runs": (
        "show version",
        "Arista DCS-7060X6-64PE-F\nHardware version: 11.00\nSerial number: S1\n\nSoftware image version: 4.33.2F\n"
        "Total memory: 32 kB\n",
        [{"line": 1, "model": "DCS-7060X6-64PE-F", "hardware_revision": "11.00", "serial": "S1",
          "software_version": "4.33.2F", "memory_total_kb": 32}],
    ),
    "a status whose columns moved and lack a type": (
        "show interfaces status",
        "Port     Status       Speed Duplex Name    Vlan\nEt9/1    connected    400G  full   to gpu9 routed\n",
        [{"line": 2, "interface": "Et9/1", "status": "connected", "speed_mbps": 400_000, "duplex": "full",
          "auto_negotiated": False, "description": "to gpu9", "vlan": "routed"}],
    ),
    "a status whose heading is repeated": (
        "show interfaces status",
        "Port       Name   Status       Vlan     Duplex Speed  Type\n"
        "Et9/1             notconnect   routed   full   400G   400GBASE-DR4\n"
        "Port       Name   Status       Vlan     Duplex Speed  Type\n"
        "Et9/5             inactive     1        unconf unconf Not Present\n",
        [{"line": 2, "interface": "Et9/1", "description": None, "status": "notconnect", "vlan": "routed",
          "duplex": "full", "auto_negotiated": False, "speed_mbps": 400_000, "media_type": "400GBASE-DR4"},
         {"line": 4, "interface": "Et9/5", "description": None, "status": "inactive", "vlan": "1", "duplex": None,
          "auto_negotiated": None, "speed_mbps": None, "media_type": "Not Present"}],
    ),
    "ports that were shut down, as text": (
        "show interfaces status errdisabled",
        "Port         Name            Status       Reason\n------------ --------------- ------------ --------------\n"
        "Et9/1        to gpu9         errdisabled  xcvr-unsupported\n",
        [{"line": 3, "interface": "Et9/1", "description": "to gpu9", "status": "errdisabled",
          "reasons": ["xcvr-unsupported"]}],
    ),
    "PHYs as text": (
        "show interfaces phy detail",
        PHY,
        [{"line": 2, "interface": "Ethernet9/1", "phy": 1, "media_type": "400GBASE-DR4", "fec_encoding": "reed-solomon",
          "codeword_symbols": 544,
          "attributes": {
              "phy_state": {"last_change": "1 day, 0:00:30 ago", "changes": 3, "value": "linkUp"},
              "transceiver": {"last_change": "1 day, 0:01:00 ago", "changes": 1, "value": "400GBASE-DR4"},
              "fec_corrected_codewords": {"last_change": "0:00:04 ago", "changes": 7700, "value": 12},
              "fec_uncorrected_codewords": {"last_change": None, "changes": 0, "value": 0}},
          "lanes": {"fec_corrected_symbols": {
              "0": {"last_change": "0:00:04 ago", "changes": 30, "value": 2},
              "1": {"last_change": "0:00:04 ago", "changes": 40, "value": 0}}}}],
    ),
    "monitors with their thresholds, as text": (
        "show interfaces transceiver detail",
        MONITORED,
        [{"line": 5, "interface": "Et9/1", "temperature_c": "81.50", "rx_power_dbm": "-2.50",
          "thresholds": {
              "temperature_c": {"high_alarm": "80.00", "high_warning": "75.00", "low_alarm": "-5.00",
                                "low_warning": "0.00"},
              "rx_power_dbm": {"high_alarm": "4.40", "high_warning": "3.40", "low_alarm": "-9.60",
                               "low_warning": "-8.60"}},
          "alarms": {"temperature_c": "high_alarm"}}],
    ),
    "PFC counters as text": (
        "show priority-flow-control counters",
        "Port         RxPfc       TxPfc\nEt9/1            5   123456789012\n",
        [{"line": 2, "interface": "Et9/1", "rx_frames": 5, "tx_frames": 123_456_789_012}],
    ),
    "PFC counters by priority": (
        "show priority-flow-control counters detail | json",
        '{"interfaces": {"Ethernet9/1": {"priorities": {"3": {"rxFrames": 7, "txFrames": 9}}}}}',
        [{"line": 1, "interface": "Ethernet9/1", "priority": 3, "rx_frames": 7, "tx_frames": 9}],
    ),
    "a queue that the watchdog found stuck": (
        "show priority-flow-control counters watchdog | json",
        '{"interfaces": {"Ethernet9/1": {"txQueues": {"UC3": {"stuckCount": 2, "recoveryCount": 1}}}}}',
        [{"line": 1, "interface": "Ethernet9/1", "queue": 3, "stuck": 2, "recovered": 1}],
    ),
    "the FEC that runs": (
        "show interfaces error-correction | json",
        '{"interfaceErrCorrStatuses": {"Ethernet9/1": {"errCorrEncodingStatus": "reedSolomon"}}}',
        [{"line": 1, "interface": "Ethernet9/1", "encoding": "reedSolomon"}],
    ),
    "link pause as text": (
        "show interfaces flow-control",
        "Port       Send FlowControl  Receive FlowControl  RxPause       TxPause\n"
        "           admin    oper     admin    oper\n"
        "---------- -------- -------- -------- --------    ------------- -------------\n"
        "Et9/1      desired  on       off      off         12            3\n",
        [{"line": 4, "interface": "Et9/1", "tx_admin": "desired", "tx_oper": "on", "rx_admin": "off", "rx_oper": "off",
          "rx_pauses": 12, "tx_pauses": 3}],
    ),
    "supplies as text": (
        "show system environment power",
        "Power                       Input Output Output\n"
        "Supply Model      Capacity Current Current Power Status      Uptime\n"
        "------ --------------- -------- ------- ------- ------ ------ ----------------\n"
        "1   PWR-2421-AC-RED  2400W  0.70A 11.58A 139.0W Ok   68 days, 0:11:28\n"
        "2   PWR-2421-AC-RED  2400W  0.00A 0.00A 0.0W Power Loss   Offline\n"
        "Total --         4800W   --   -- 139.0W --          --\n",
        [{"line": 4, "slot": "1", "model": "PWR-2421-AC-RED", "capacity_w": "2400", "input_current_a": "0.70",
          "output_current_a": "11.58", "output_power_w": "139.0", "status": "ok", "uptime": "68 days, 0:11:28"},
         {"line": 5, "slot": "2", "model": "PWR-2421-AC-RED", "capacity_w": "2400", "input_current_a": "0.00",
          "output_current_a": "0.00", "output_power_w": "0.0", "status": "power loss", "uptime": "Offline"}],
    ),
    "a map in rows of ten and one in two rows": (
        "show qos maps",
        MAPS,
        [{"line": 2, "from": "dscp", "to": "tc",
          "map": {**dict.fromkeys(map(str, range(8)), 1), "8": 0, "9": 0, "10": 0, "11": 2}},
         {"line": 8, "from": "tc", "to": "uc-tx-queue", "map": {"0": 0, "1": 1, "2": 2, "3": 5}}],
    ),
    "how a cluster's load is balanced": (
        "show load-balance cluster status",
        "CLB Status: enabled\nPort Group Name   Fallback DSCP   Fallback Traffic Class\n"
        "---------------   -------------   ----------------------\nrail0             -               3\n",
        [{"line": 1, "status": "enabled",
          "groups": [{"name": "rail0", "fallback_dscp": None, "fallback_traffic_class": 3}]}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("told", VARIANTS)
def test_a_variant_is_read_as_what_it_says(told: str) -> None:
    command, text, expected = VARIANTS[told]
    assert records(command, text) == expected
    dressed = "\r\n".join([f"leaf9#{command}", *text.splitlines(), "leaf9#"])
    assert plain(records(command, dressed)) == plain(expected)


def test_a_configuration_is_read_by_section() -> None:
    found = records("show running-config", CONFIG)
    by_name = {(record["section"], record.get("name")): record for record in found}
    points = by_name["qos_map", None]
    assert (points["from"], points["to"]) == ("dscp", "traffic-class")
    assert points["map"] == {**dict.fromkeys(map(str, range(8)), 1), "26": 3}
    profile = by_name["qos_profile", "BACKEND"]
    assert (profile["trust"], profile["pfc"], profile["no_drop"]) == ("dscp", True, {"3": True})
    assert profile["watchdog"] == {"line": 22, "timeout_s": "0.05", "polling_s": None, "recovery_s": "1.5"}
    three, six = profile["queues"]
    assert (three["cast"], three["bandwidth_percent"], three["priority"]) == ("unicast", "40", "none")
    assert three["ecn"] == {
        "minimum": "300", "maximum": "900", "unit": "kbytes", "maximum_unit": "kbytes", "probability_percent": "7",
        "weight": 0,
    }  # fmt: skip
    assert (six["cast"], six["queue"], six["priority"]) == ("all", 6, "strict")
    port = by_name["interface", "Ethernet9/1"]
    assert (port["mtu"], port["speed"], port["service_profile"]) == (9214, "400g-4", "BACKEND")
    assert (port["fec"], port["fec_line"]) == ({"rs": True, "fc": False}, 30)
    assert by_name["other", "router bgp"]["lines"] == 1


def test_a_line_of_a_port_that_nobody_knows_is_told_with_its_number() -> None:
    text = CONFIG.replace("   speed 400g-4\n", "   speed 400g-4\n   frobnicate 3 bits\n")
    parsed = parse("eos", "show running-config sanitized", text)
    assert [(one.line, one.text.strip()) for one in parsed.unparsed] == [(29, "frobnicate 3 bits")]


UNKNOWN: dict[str, tuple[str, str, int]] = {
    "a heading that is unknown": (
        "show interfaces status",
        "Port       Status       Vlan     Duplex Speed  Colour\nEt9/1      connected    routed   full   400G   red\n",
        1,
    ),
    "a count that is no number": (
        "show priority-flow-control counters",
        "Port         RxPfc       TxPfc\nEt9/1            5           0\nEt9/5          many          0\n",
        3,
    ),
    "a member that is no whole number": (
        "show priority-flow-control counters | json",
        '{"interfaceCounters": {\n"Ethernet9/1": {"rxFrames": 5,\n"txFrames": "several"}}}',
        3,
    ),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_is_not_understood_is_told_with_its_line_and_gives_no_value(case: str) -> None:
    command, text, line = UNKNOWN[case]
    parsed = parse("eos", command, text)
    assert [one.line for one in parsed.unparsed] == [line]
    assert all("tx_frames" not in record or record["tx_frames"] == 0 for record in parsed.records)


ERRORS: dict[str, str] = {
    "an unknown command": "% Invalid input\n",
    "an unknown word of a command": "                ^\n% Invalid input detected at '^' marker.\n",
    "no right to ask": "% Authorization denied for command 'show version | json'\n",
    "a refusal of an AAA server": "Command authorization failed\n",
    "a command without JSON": json.dumps({"errors": ["This is an unconverted command"]}),
    "an error of eAPI": json.dumps({"jsonrpc": "2.0", "error": {"code": 1002, "message": "invalid command"}}),
    "JSON that was cut": '{"interfaces": {"Ethernet9/1": {"bandwidth": 400000',
    "JSON of something else": '{"vlans": {"1": {"name": "default"}}}',
    "no JSON object": "[1, 2]",
    "nothing": "",
    "a shell": "bash: show: command not found\n",
}


@pytest.mark.parametrize("error", ERRORS)
def test_what_is_no_answer_is_refused_with_its_line(error: str) -> None:
    for entry in COMMANDS:
        with pytest.raises(InputError, match="line"):
            parse("eos", f"{entry.name} | json" if ERRORS[error][:1] in "{[" else entry.name, ERRORS[error])


def test_a_number_that_is_none_is_no_number() -> None:
    text = '{"interfaces": {"Ethernet9/1": {"mediaType": "x", "rxPower": NaN, "txPower": -Infinity, "voltage": 3.3}}}'
    try:
        parsed = parse("eos", "show interfaces transceiver | json", text)
    except InputError as refused:
        assert "line" in str(refused)
        return
    assert all(record.get("rx_power_dbm") is None for record in parsed.records)


@pytest.mark.parametrize("wrap", ['{{"jsonrpc": "2.0", "result": [{}], "id": 1}}', "[{}]", '{{"result": {}}}'])
def test_the_wrapping_of_a_tool_changes_no_value(wrap: str) -> None:
    bare = '{"interfaceCounters": {"Ethernet9/1": {"rxFrames": 5, "txFrames": 6}}}'
    command = "show priority-flow-control counters | json"
    assert plain(records(command, wrap.format(bare))) == plain(records(command, bare))


def test_two_answers_in_one_are_none() -> None:
    one = '{"interfaceCounters": {"Ethernet9/1": {"rxFrames": 5, "txFrames": 6}}}'
    with pytest.raises(InputError, match="2 answers in one"):
        parse("eos", "show priority-flow-control counters | json", f"[{one}, {one}]")


MOVED = """\
System information
  Model                    Description
  ------------------------ ------------------------
  DCS-1                    a switch

System has 2 auxiliary transceiver slots
  Port Serial Number    Model            Manufacturer     Rev
  ---- ---------------- ---------------- ---------------- ----
  7    S1               M-LR             Maker            02
  8                                      Not Present

System has 2 storage devices
  Mount      Type Model      Serial Number Rev
  ---------- ---- ---------- ------------- ---
  /mnt/flash eUSB eUSB drive
  /mnt/drive SSD  A 1        S2            02

  Size (GB)
  ---------
  4
  120
"""


def test_an_inventory_is_read_by_its_headings() -> None:
    parsed = parse("eos", "show inventory", MOVED)
    assert parsed.unparsed == ()
    modules = [one for one in parsed.records if one["section"] == "transceiver"]
    assert [(one["slot"], one["manufacturer"], one["serial"], one["present"]) for one in modules] == [
        ("7", "Maker", "S1", True), ("8", None, None, False),
    ]  # fmt: skip
    assert [one["size_gb"] for one in parsed.records if one["section"] == "storage"] == ["4", "120"]


def test_rows_below_a_heading_that_is_not_known_give_no_value() -> None:
    parsed = parse("eos", "show inventory", MOVED.replace("Model            Manu", "Gadget           Manu"))
    assert [one.line for one in parsed.unparsed] == [7, 9, 10]
    assert "transceiver" not in [one["section"] for one in parsed.records]
    parsed = parse(
        "eos", "show inventory", MOVED.replace("Model                    Desc", "Gadget                   Desc")
    )
    assert parsed.records[0] == {"line": 1, "section": "system"}
    assert [one.line for one in parsed.unparsed] == [2, 4]


def test_no_medium_is_no_text_and_what_a_neighbour_advertises_is_kept() -> None:
    (port,) = records(
        "show interfaces status",
        "Port Name Status Vlan Duplex Speed Type Flags\nPo49 to: spine connected trunk full 20G N/A\n",
    )
    assert port["media_type"] is None
    (heard,) = records(
        "show lldp neighbors detail",
        "Interface Ethernet1 detected 1 LLDP neighbors:\n\n  Neighbor 0000.0000.0001/Et9, age 1 seconds\n"
        "    - IEEE802.3 MAC/PHY Configuration/Status\n      Auto-negotiation       : Supported, Enabled\n"
        "      Advertised Capabilities: Asymmetric and Symmetric PAUSE\n"
        "                               1000BASE-T (full-duplex)\n",
    )
    assert heard["advertised"] == ["Asymmetric and Symmetric PAUSE", "1000BASE-T (full-duplex)"]


def test_a_count_of_codewords_that_is_no_number_is_none() -> None:
    text = (
        '{"interfacePhyStatuses": {"Ethernet1/1": {"phyStatuses": [{"description": {"location": "line"},'
        ' "preFecBer": {"value": 1e-9}, "fec": {"correctedCodewords": {"value": NaN, "changes": 3}}}]}}}'
    )
    (phy,) = (one for one in parse("eos", "show interfaces phy detail", text).records if one["phy"] is not None)
    attributes = phy["attributes"]
    assert isinstance(attributes, dict)
    assert attributes["fec_corrected_codewords"] == {"value": None, "changes": 3}
