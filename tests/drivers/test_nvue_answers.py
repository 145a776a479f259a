"""What NVUE answers, as records: text and JSON say the same, and what is not understood is reported with its line.

No recording of NVUE was at hand: the answers here are written after its documentation, with invented names and numbers.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.drivers.answers import parse, record_schema
from harness.drivers.answers.nvue import COMMANDS
from harness.errors import InputError

LINK = "nv show interface swp3 link"
LINK_TEXT = """\
                         operational              applied
-----------------------  -----------------------  -------
auto-negotiate           off                      on
duplex                   full                     full
speed                    400G                     auto
mac-address              02:00:00:00:00:03
fec                                               rs
mtu                      9216                     9000
[breakout]
state                    up                       up
stats
  in-bytes               7.26 MB
  in-pkts                5150
  out-bytes              300 Bytes
  carrier-transitions    4
oper-status              up
admin-status             up
oper-status-last-change  2026/01/02 03:04:05.678
"""
LINK_JSON = {
    "admin-status": "up",
    "auto-negotiate": "off",
    "duplex": "full",
    "flag": {"lower-up": {}, "up": {}},
    "mac-address": "02:00:00:00:00:03",
    "mtu": 9216,
    "oper-status": "up",
    "oper-status-last-change": "2026/01/02 03:04:05.678",
    "speed": "400G",
    "state": {"up": {}},
    "stats": {"carrier-transitions": 4, "in-bytes": 7612661, "in-pkts": 5150, "out-bytes": 300},
}

COUNTERS = """\
Ingress Buffer Statistics
============================
    priority-group  rx-frames  rx-buffer-discards  rx-shared-buffer-discards
    --------------  ---------  ------------------  -------------------------
    3               12         0 Bytes             1.50 KB

Egress Queue Statistics
==========================
    traffic-class  tx-frames  tx-bytes  tx-uc-buffer-discards  wred-discards
    -------------  ---------  --------  ---------------------  -------------
    3              7          60.25 KB  0 Bytes                2

PFC Statistics
=================
    switch-priority  rx-pause-frames  rx-pause-duration  tx-pause-frames  tx-pause-duration
    ---------------  ---------------  -----------------  ---------------  -----------------
    3                40               80                 5                10

Qos Port Statistics
======================
    Counter             Receive  Transmit
    ------------------  -------  --------
    ecn-marked-packets  n/a      9
"""

HEALTH_OLD = """\
                           operational
-------------------------  -------------
time-since-last-clear-min  61
symbol-errors              0
raw-ber                    15E-255
phy-raw-errors-lane0       321
phy-raw-errors-lane1       12
raw-ber-lane0              2E-6
raw-ber-lane1              8E-7
rs-num-corr-err-bin0       900000017
rs-num-corr-err-bin1       431
snr-host-lane0             24.50 dB
snr-media-lane0            26    dB
snr-media-lane1            0     dB
"""
HEALTH_NEW = """\
                           operational
-------------------------  -------------
time-since-last-clear-min  61
symbol-errors              0
raw-ber                    15E-255

Lane
=======
    Lane   raw-ber  snr-host  snr-media  phy-raw-errors
    -----  -------  --------  ---------  --------------
    lane0  2E-6     24.50 dB  26    dB   321
    lane1  8E-7     n/a       0     dB   12
"""

ROCE = """\
                    operational    applied
------------------  -------------  --------
enable                             on
mode                lossless       lossless
pfc
  pfc-priority      3
  rx-enabled        enabled
  cable-length      100
congestion-control
  congestion-mode   ECN
  enabled-tc        0,3
  min-threshold     150.10 KB
  probability       100
trust
  trust-mode        pcp,dscp

RoCE PCP/DSCP->SP mapping configurations
===========================================
       pcp  dscp         switch-prio
    -  ---  -----------  -----------
    0  0    0,1,2        0
    5  5    -            5

RoCE SP->TC mapping and ETS configurations
=============================================
       switch-prio  traffic-class  scheduler-weight
    -  -----------  -------------  ----------------
    3  3            3              DWRR-50%
    6  6            6              strict-priority

RoCE pool config
===================
       name                  mode     size  switch-priorities  traffic-class
    -  --------------------  -------  ----  -----------------  -------------
    3  roce-reserved-egress  Dynamic  inf   -                  3

Exception List
=================
No Data
"""

MODULE = """\
cable-type             : Optical module
diagnostics-status     : Diagnostic Data Available
status                 : plugged_enabled
error-status           : N/A
identifier             : OSFP
vendor-pn              : NW-O8
vendor-sn              : X1
temperature:
  temperature           : 41.25 C
  high-alarm-threshold  : 80.00 C
  alarm                 : Off
channel:
  channel-1:
    rx-power:
        power                 : 0.9000 mW / -0.46 dBm
        high-alarm-threshold  : 4.50 dBm
        alarm                 : Off
    tx-bias-current:
        current               : 7.125 mA
  channel-2:
    rx-power:
        power                 : 0.0000 mW / -inf dBm
"""

THRESHOLDS = """\
                     Ch    Value          High Alarm       High Warn        Low Warn       Low Alarm       Alt Value
                                          Threshold        Threshold       Threshold       Threshold
------------------------------------------------------------------------------------------------------------------------
temperature          -     40.10 C         80.00 C         70.00 C         0.00 C          -10.00 C        104.18F
rx-power             1     -0.46 dBm       4.50 dBm        3.30 dBm        -9.200 dBm      -12.20 dBm      0.9000 mW
                     2     -1.30 dBm       4.50 dBm        3.30 dBm        -9.200 dBm      -12.20 dBm      0.7413 mW
"""

LISTED = """\
Interface   Admin Status  Oper Status  Speed  MTU    Type      Remote Host  Remote Port      Summary
----------  ------------  -----------  -----  -----  --------  -----------  --------------…  ---------------…
lo          up            unknown             65536  loopback                                IP Address:
                                                                                             10.0.0.1/32
swp1        up            up           400G   9216   swp       leaf1        Ethernet0
swp2        down          down                1500   swp
"""


def records(command: str, text: str) -> list[dict[str, Any]]:
    """The records of an answer that is understood whole; each fits the schema that is published."""
    parsed = parse("nvue", command, text)
    assert parsed.unparsed == ()
    validator = Draft202012Validator(record_schema("nvue", command))
    for record in parsed.records:
        assert not [error.message for error in validator.iter_errors(record)]
    return [dict(record) for record in parsed.records]


def the(command: str, text: str) -> dict[str, Any]:
    (only,) = records(command, text)
    return only


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: str(entry.name))
def test_the_schema_of_a_command_is_one(entry: Any) -> None:
    Draft202012Validator.check_schema(record_schema("nvue", entry.name))


def test_a_link_says_the_same_as_text_and_as_json() -> None:
    text, told = the(LINK, LINK_TEXT), the(f"{LINK} -o json", json.dumps(LINK_JSON, indent=2))
    for key in (
        "speed_mbps",
        "mtu",
        "oper",
        "admin",
        "autoneg",
        "mac",
        "last_change",
        "carrier_transitions",
        "in_pkts",
    ):
        assert text[key] == told[key], key
    assert (text["speed_mbps"], text["mtu"], text["autoneg"], text["oper"]) == (400_000, 9216, False, "up")
    assert text["interface"] == told["interface"] == "swp3"
    assert told["flags"] == ["lower-up", "up"]


def test_a_column_of_values_that_is_blank_is_not_filled_from_the_other() -> None:
    link = the(LINK, LINK_TEXT)
    assert link["fec"] is None
    assert link["applied"]["fec"] == "rs"
    assert (link["mtu"], link["applied"]["mtu"], link["applied"]["speed_mbps"]) == (9216, 9000, None)


def test_bytes_that_the_switch_rounded_are_text_and_exact_ones_a_number() -> None:
    link = the(LINK, LINK_TEXT)
    assert (link["in_bytes"], link["out_bytes"]) == ("7612661.76", 300)


@pytest.mark.parametrize(
    "wrapped",
    [
        {"operational": LINK_JSON, "applied": {"fec": "rs"}},
        {"swp3": LINK_JSON},
        {"interface": {"swp3": LINK_JSON}},
        {"link": LINK_JSON},
    ],
    ids=["with its revisions", "under the port", "under interface and port", "under link"],
)
def test_json_may_be_wrapped(wrapped: dict[str, Any]) -> None:
    link = the(f"{LINK} -o json", json.dumps(wrapped))
    assert (link["speed_mbps"], link["oper"], link["carrier_transitions"]) == (400_000, "up", 4)


def test_ports_are_listed_with_what_goes_on_in_the_next_line() -> None:
    lo, one, two = records("nv show interface", LISTED)
    assert lo["summary"] == ["IP Address:", "10.0.0.1/32"]
    assert (one["interface"], one["admin"], one["oper"], one["speed_mbps"]) == ("swp1", "up", "up", 400_000)
    assert (one["remote_host"], one["remote_port"], one["line"]) == ("leaf1", "Ethernet0", 5)
    assert (two["oper"], two["speed_mbps"], two["remote_host"]) == ("down", None, None)


def test_ports_of_json_are_records_with_their_lines() -> None:
    said = {"swp1": {"link": LINK_JSON, "type": "swp", "lldp": {"neighbor": {"leaf1": {"port": {"name": "e0"}}}}},
            "lo": {"ip": {"address": {"10.0.0.1/32": {}}}, "type": "loopback"}}  # fmt: skip
    one, lo = records("nv show interface -o json", json.dumps(said, indent=1))
    assert (one["interface"], one["mtu"], one["neighbors"], one["type"]) == ("swp1", 9216, {"leaf1": "e0"}, "swp")
    assert lo["addresses"] == ["10.0.0.1/32"]
    assert lo["line"] > one["line"] > 1


def test_older_releases_have_one_column_for_the_state() -> None:
    text = (
        "Interface  State  Speed  MTU   Type\n---------  -----  -----  ----  ----\nswp1       down          1500  swp\n"
    )
    row = the("nv show interface", text)
    assert (row["state"], row["speed_mbps"], row["mtu"], "oper" in row) == ("down", None, 1500, False)


def test_counters_of_quality_of_service_are_rows_by_group_queue_and_priority() -> None:
    rows = records("nv show interface swp3 counters qos", COUNTERS)
    assert [(row["section"], row["line"]) for row in rows] == [
        ("ingress_buffer", 5), ("egress_queue", 11), ("pfc", 17), ("port_stats", 23),
    ]  # fmt: skip
    group, queue, pfc, port = rows
    assert (group["priority_group"], group["rx_frames"], group["rx_shared_buffer_discards"]) == (3, 12, "1536")
    assert (queue["traffic_class"], queue["tx_frames"], queue["wred_discards"]) == (3, 7, 2)
    assert (pfc["switch_priority"], pfc["rx_pause_frames"], pfc["tx_pause_frames"]) == (3, 40, 5)
    assert (port["counter"], port["receive"], port["transmit"]) == ("ecn-marked-packets", None, 9)


def test_counters_as_json_keep_every_digit() -> None:
    said = {"egress-queue-stats": {"3": {"ecn-marked-frames": 9, "tx-uc-buffer-discards": 61234}},
            "pfc-stats": {"3": {"rx-pause-frames": 40, "tx-pause-frames": 5}}}  # fmt: skip
    queue, pfc = records("nv show interface swp3 counters qos -o json", json.dumps(said))
    assert (queue["tx_uc_buffer_discards"], queue["ecn_marked_frames"], queue["interface"]) == (61234, 9, "swp3")
    assert (pfc["section"], pfc["rx_pause_frames"]) == ("pfc", 40)


@pytest.mark.parametrize("what, section", [("errors", "errors"), ("drops", "drops"), ("pktdist", "packet_sizes")])
def test_a_table_of_counters_without_a_title_is_named_by_its_command(what: str, section: str) -> None:
    text = "Counter     Receive  Transmit\n----------  -------  --------\nFCS Errors  1        n/a\n"
    row = the(f"nv show interface swp3 counters {what}", text)
    assert (row["section"], row["counter"], row["receive"], row["transmit"]) == (section, "FCS Errors", 1, None)


@pytest.mark.parametrize("text", [HEALTH_OLD, HEALTH_NEW], ids=["flat, up to 5.15", "with a table of lanes"])
def test_health_of_the_phy_has_its_lanes_in_order(text: str) -> None:
    health = the("nv show interface swp3 link phy health", text)
    assert (health["raw_ber"], health["raw_lane_ber"], health["raw_errors"]) == (None, ["2E-6", "8E-7"], [321, 12])
    assert health["minutes_since_clear"] == "61"
    assert health["snr_media_db"] == ["26", None]  # 0 dB: the lane is not in use
    assert health["snr_host_db"][0] == "24.50"


def test_bins_of_the_histogram_are_at_their_numbers() -> None:
    assert the("nv show interface swp3 link phy health", HEALTH_OLD)["bins"] == [900000017, 431]
    said = {"rs-fec-corrected-errors": {str(n): {"count": 100 - n} for n in reversed(range(16))}}
    told = the("nv show interface swp3 link phy health histogram -o json", json.dumps(said))
    assert told["bins"] == list(range(100, 84, -1))
    text = "rs-fec-corrected-errors\n=========\n    Bin  count  Upper boundary\n    ---  -----  --------------\n"
    table = the("nv show interface swp3 link phy health histogram", text + "    0    7      0\n    1    5      1\n")
    assert (table["bins"], table["upper_boundaries"]) == ([7, 5], [0, 1])


def test_registers_of_the_phy_are_numbers() -> None:
    text = "            operational\n----------  -----------\nmodule-st   0x3\ndp-st-lane0 0x4\nrx-los      0x81\n"
    row = the("nv show interface swp3 link phy detail", text)
    assert (row["module_st"], row["rx_los"], row["datapath_states"]) == (3, 129, [4])
    assert row["codes"]["rx-los"] == 129


def test_roce_settings_of_the_switch() -> None:
    roce = the("nv show qos roce", ROCE)
    assert (roce["mode"], roce["enabled"], roce["pfc_priorities"], roce["pfc_rx"]) == ("lossless", None, [3], True)
    assert (roce["marking_traffic_classes"], roce["min_threshold_bytes"]) == ([0, 3], "153702.4")
    assert (roce["dscp"], roce["switch_priority"]) == ({"0": [0, 1, 2], "5": None}, {"0": 0, "5": 5})
    assert roce["queue_scheduler"] == {"3": "dwrr-50%", "6": "strict-priority"}
    assert (roce["pool_name"], roce["pool_traffic_class"]) == ({"3": "roce-reserved-egress"}, {"3": [3]})


QOS = [
    ("qos pfc", "    operational  applied\n--  -----------  -------\nrx  disable\ntx  enable\n",
     {"rx": "disable", "tx": "enable"}, {"rx": False, "tx": True}),
    ("qos pfc", None, {"rx": "enable", "switch-priority": {"3": {}, "4": {}}, "xoff-threshold": 10000},
     {"rx": True, "switch_priorities": [3, 4], "xoff_threshold_bytes": 10000}),
    ("qos link-pause", "    operational  applied\n--  -----------  -------\nrx  disable\ntx  disable\n",
     {"rx": "disable", "tx": "disable"}, {"rx": False, "tx": False}),
    ("qos mapping",
     "       operational  applied\n-----  -----------  -------\ntrust  l3\n\nDSCP->SP mapping configuration\n======\n"
     "    dscp  switch-priority\n    ----  ---------------\n    26    3\n    48    6\n",
     {"trust": "l3", "dscp": {"26": {"switch-priority": 3}, "48": {"switch-priority": 6}}},
     {"trust": "l3", "dscp_to_switch_priority": {"26": 3, "48": 6}}),
    ("qos egress-queue-mapping",
     "SP->TC mapping configuration\n=====\n    switch-priority  traffic-class\n    ---------------  -------------\n"
     "    3                5\n",
     {"switch-priority": {"3": {"traffic-class": 5}}}, {"switch_priority_to_traffic_class": {"3": 5}}),
    ("qos egress-scheduler",
     "TC->DWRR weight configuration\n=====\n    traffic-class  mode  bw-percent\n    -------------  ----  ----------\n"
     "    3              dwrr  50\n",
     {"traffic-class": {"3": {"mode": "dwrr", "bw-percent": 50}}}, {"traffic_class": 3, "mode": "dwrr", "percent": 50}),
    ("qos congestion-control",
     "ECN configuration\n=====\n    traffic-class  ECN     RED      Min Th   Max Th     Probability\n"
     "    -------------  ------  -------  -------  ---------  -----------\n"
     "    3              enable  disable  1024 B   2048 Bytes 10\n",
     {"traffic-class": {"3": {"ecn": "enable", "red": "disable", "min-threshold": 1024, "max-threshold": 2048,
                              "probability": 10}}},
     {"traffic_class": 3, "ecn": True, "red": False, "min_threshold_bytes": 1024, "max_threshold_bytes": 2048,
      "probability_percent": "10"}),
    ("qos pfc-watchdog",
     "       operational  applied\n-----  -----------  -------\nstate  enabled      enabled\n\nPFC WD Status\n=====\n"
     "    traffic-class  status    deadlock-count\n    -------------  --------  --------------\n    2   DEADLOCK  2\n",
     {"state": {"enabled": {}}, "status": {"2": {"status": "DEADLOCK", "deadlock-count": 2}}},
     {"on": True, "status": {"2": "DEADLOCK"}, "deadlocks": {"2": 2}}),
    ("router adaptive-routing",
     "        operational  applied\n------  -----------  -------\nenable  on           off\n",
     {"enable": "on"}, {"enabled": True}),
]  # fmt: skip


@pytest.mark.parametrize("what, text, said, holds", QOS, ids=[f"{row[0]} {n}" for n, row in enumerate(QOS)])
def test_settings_of_a_port_are_alike_in_text_and_json(
    what: str, text: str | None, said: dict[str, Any], holds: dict[str, Any]
) -> None:
    command = f"nv show interface swp3 {what}"
    for answer in (text, json.dumps(said)):
        if answer is not None:
            record = the(command, answer)
            assert {key: record[key] for key in holds} == holds
            assert record["interface"] == "swp3"


PARTS = [
    ("fan", "Name    Fan State  Current Speed (RPM)  Max Speed  Min Speed  Fan Direction\n"
            "------  ---------  -------------------  ---------  ---------  -------------\n"
            "FAN1/1  ok         6100                 28000      2400       F2B\n",
     {"FAN1/1": {"state": "ok", "current-speed": 6100, "max-speed": 28000, "min-speed": 2400, "direction": "F2B"}},
     {"name": "FAN1/1", "state": "ok", "rpm": 6100, "max_rpm": 28000, "direction": "F2B"}),
    ("psu", "Name  PSU State\n----  ---------\nPSU1  bad\n", {"PSU1": {"state": "bad"}},
     {"name": "PSU1", "state": "bad"}),
    ("temperature", "Name  Cur Temp (°C)  Crit Temp  Max Temp  Min Temp  State\n"
                    "----  -------------  ---------  --------  --------  -----\n"
                    "CPU   -1.5           85         80        5         ok\n",
     {"CPU": {"current": "-1.5", "crit": "85", "max": "80", "min": "5", "state": "ok"}},
     {"name": "CPU", "temperature_c": "-1.5", "critical_c": "85", "max_c": "80", "state": "ok"}),
]  # fmt: skip


@pytest.mark.parametrize("what, text, said, holds", PARTS, ids=[row[0] for row in PARTS])
def test_parts_are_alike_in_text_and_json(what: str, text: str, said: dict[str, Any], holds: dict[str, Any]) -> None:
    for answer in (text, json.dumps(said)):
        record = the(f"nv show platform environment {what}", answer)
        assert {key: record[key] for key in holds} == holds


def test_a_column_that_moved_is_found_by_its_heading() -> None:
    moved = "State  Name  Min Temp  Cur Temp (°C)\n-----  ----  --------  -------------\nok     CPU   5         41.0\n"
    with pytest.raises(InputError):
        parse("nvue", "nv show platform environment temperature", moved)  # its name has to come first
    moved = "Name  Min Temp  Cur Temp (°C)\n----  --------  -------------\nCPU   5         41.0\n"
    row = the("nv show platform environment temperature", moved)
    assert (row["min_c"], row["temperature_c"]) == ("5", "41.0")


def test_a_column_that_is_not_known_is_reported_and_the_rest_is_kept() -> None:
    text = "Name  PSU State  Mood\n----  ---------  ----\nPSU1  ok         fine\n"
    parsed = parse("nvue", "nv show platform environment psu", text)
    assert [line.line for line in parsed.unparsed] == [3]
    assert parsed.records[0]["state"] == "ok"


def test_a_module_has_lane_1_first_and_its_thresholds() -> None:
    module = the("nv show platform transceiver swp3", MODULE)
    assert (module["status"], module["error_status"], module["vendor_serial_number"]) == ("plugged_enabled", None, "X1")
    assert (module["temperature_c"], module["temperature_high_alarm_c"]) == ("41.25", "80.00")
    assert module["rx_power_dbm"] == ["-0.46", "-inf"]
    assert (module["rx_power_high_alarm_dbm"], module["tx_bias_ma"]) == (["4.50"], ["7.125"])


def test_modules_of_several_ports_are_blocks_under_their_names() -> None:
    first, second = records("nv show platform transceiver detail", f"swp3:\n{MODULE}swp4:\n{MODULE}")
    assert (first["interface"], second["interface"]) == ("swp3", "swp4")
    assert second["rx_power_dbm"] == ["-0.46", "-inf"]


def test_a_module_in_json_and_flat() -> None:
    said = {"swp3": {"vendor-sn": "X1", "channel": {"channel-2": {"tx-power": {"power": "1.0 mW / 0.00 dBm"}}}}}
    row = the("nv show platform transceiver detail -o json", json.dumps(said))
    assert (row["interface"], row["vendor_serial_number"], row["tx_power_dbm"]) == ("swp3", "X1", [None, "0.00"])
    flat = "temperature     : 41.25 degrees C / 106.25 degrees F\nch-1-rx-power   : 0.8 mW / -0.9 dBm\n"
    row = the("nv show interface swp3 transceiver", flat)
    assert (row["temperature_c"], row["rx_power_dbm"]) == ("41.25", ["-0.9"])


def test_monitors_with_their_thresholds_keep_the_quantity_of_the_row_above() -> None:
    rows = records("nv show interface swp3 transceiver thresholds", THRESHOLDS)
    assert [(row["quantity"], row["channel"], row["value"]) for row in rows] == [
        ("temperature", None, "40.10"), ("rx_power", 1, "-0.46"), ("rx_power", 2, "-1.30"),
    ]  # fmt: skip
    assert (rows[2]["low_alarm"], rows[2]["high_warning"], rows[2]["unit"]) == ("-12.20", "3.30", "dBm")


def test_the_switch_says_what_it_is() -> None:
    head = "                 operational\n---------------  ------------\n"
    text = f"{head}product-release  5.18.0\nimage\n  build-id       5.18.0.25\n"
    version = the("nv show system version", text)
    assert (version["product_release"], version["image"]) == ("5.18.0", "5.18.0.25")
    platform = the("nv show platform -o json", '{"asic-model": "Spectrum-4", "product-name": "SN5600", "cpu": "n/a"}')
    assert (platform["asic_model"], platform["product_name"], platform["cpu"]) == ("Spectrum-4", "SN5600", None)


def test_changes_of_links_are_a_row_each() -> None:
    text = (
        "Interface  Oper Status  Up Count  Down Count  Total State Changes  Last State Change\n"
        "---------  -----------  --------  ----------  -------------------  -----------------------\n"
        "bond1      down         0         0           0                    Never\n"
        "swp3       up           3         2           5                    2026/01/02 03:04:05.678\n"
    )
    bond, port = records("nv show interface carrier-stats", text)
    assert bond["last_change"] is None
    assert (port["carrier_transitions"], port["carrier_down"], port["oper"]) == (5, 2, "up")


NOT_ANSWERS = {
    "an empty answer": "",
    "an item that is not there": "Error: The requested item does not exist.\n",
    "a usage text": "Usage:\n  nv show interface <interface-id>\n",
    "a command line of another system": "% Invalid input detected at '^' marker.\n",
    "a refusal": "Command authorization failed\n",
    "a shell without the tool": "-bash: nv: command not found\n",
    "JSON that is cut": '{"rx": "enable",\n "tx": ',
    "JSON of something else": '{"interfaces": {"Ethernet1": {"linkStatus": "connected"}}}',
    "a list": "[1, 2]",
}


@pytest.mark.parametrize("text", NOT_ANSWERS.values(), ids=NOT_ANSWERS)
def test_what_is_no_answer_is_refused(text: str) -> None:
    for what in ("qos pfc", "counters qos", "link phy health", "link phy health histogram", "qos egress-scheduler"):
        with pytest.raises(InputError, match="not an answer of"):
            parse("nvue", f"nv show interface swp3 {what} -o json", text)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: f"cumulus@sw:mgmt:~$ {LINK}\n{text}cumulus@sw:mgmt:~$ ",
        lambda text: text.replace("mtu", "\x1b[1mmtu\x1b[0m"),
        lambda text: text.replace("mtu", "--More--\r        \rmtu"),
    ],
    ids=["CRLF", "prompt and echo", "colours", "a pager"],
)
def test_what_a_terminal_adds_changes_nothing(change: Any) -> None:
    link = the(LINK, change(LINK_TEXT))
    assert (link["mtu"], link["speed_mbps"], link["carrier_transitions"]) == (9216, 400_000, 4)


def test_a_line_that_nobody_knows_is_reported_with_its_number() -> None:
    text = COUNTERS.replace("\nPFC Statistics", "\n%KERN-3: a line of the log\nPFC Statistics")
    parsed = parse("nvue", "nv show interface swp3 counters qos", text)
    assert [line.line for line in parsed.unparsed] == [13]
    assert len(parsed.records) == 4


def test_a_member_that_is_there_twice_is_reported() -> None:
    parsed = parse("nvue", "nv show interface swp3 qos pfc -o json", '{"rx": "enable",\n "rx": "disable"}')
    assert [line.line for line in parsed.unparsed] == [2]


def test_json_that_is_not_a_number_is_no_value() -> None:
    text = '{"traffic-class": {"3": {"ecn": "enable",\n"min-threshold": NaN}}}'
    parsed = parse("nvue", "nv show interface swp3 qos congestion-control -o json", text)
    assert parsed.records[0]["ecn"] is True
    assert parsed.records[0].get("min_threshold_bytes") is None


def test_an_object_without_members_says_nothing() -> None:
    assert parse("nvue", "nv show interface swp3 qos pfc -o json", "{}").records == ()


def test_the_linux_tools_of_the_switch_are_understood_as_on_a_host() -> None:
    (row,) = parse(
        "nvue", "ethtool -a swp3", "Pause parameters for swp3:\nAutonegotiate: off\nRX: off\nTX: on\n"
    ).records
    assert (row["interface"], row["rx_pause"], row["tx_pause"]) == ("swp3", False, True)
