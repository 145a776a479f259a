"""The parsers, on texts written for these tests: values, variants of the releases, absences, and what is refused."""

from __future__ import annotations

import time
from contextlib import suppress
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harness.drivers.answers import Command, Json, Parsed, commands, parse, record_schema, shape
from harness.errors import InputError


def read(command: str, text: str, nos: str = "sonic") -> Parsed:
    parsed = parse(nos, command, dedent(text).lstrip("\n"))
    schema = Draft202012Validator(record_schema(nos, command))
    for record in parsed.records:
        assert not [error.message for error in schema.iter_errors(record)]
    return parsed


STATUS = """
      Interface                    Lanes    Speed    MTU    FEC    Alias    Vlan    Oper    Admin    Type
---------------  -----------------------  -------  -----  -----  -------  ------  ------  -------  ------
      Ethernet8  17,18,19,20,21,22,23,24     800G   9216     rs  etp2a    routed      up       up  OSFP 8X Pluggable
     Ethernet16                    25-28     1.6T   9216    N/A      N/A   trunk    down       up  N/A
PortChannel0007                      N/A     800G   9216    N/A      N/A  routed      up       up  N/A
"""
FEC_STATS = """
      IFACE    STATE       FEC_CORR    FEC_UNCORR    FEC_SYMBOL_ERR    FEC_PRE_BER    FEC_POST_BER
-----------  -------  -------------  ------------  ----------------  -------------  --------------
  Ethernet8        U  1,234,567,890             0                12       1.23e-09        0.00e+00
"""
PRIORITY = """
Interface    Lossless priorities
-----------  ---------------------
Ethernet8    2,4
Ethernet16   N/A
"""
PFC = """
  Port Rx    PFC0    PFC1    PFC2    PFC3    PFC4    PFC5    PFC6    PFC7
---------  ------  ------  ------  ------  ------  ------  ------  ------
Ethernet8       0       0       0   9,001       0       0       0     N/A

  Port Tx    PFC0    PFC1    PFC2    PFC3    PFC4    PFC5    PFC6    PFC7
---------  ------  ------  ------  ------  ------  ------  ------  ------
Ethernet8       0       0       0      17       0       0       0       0
"""
WATCHDOG = """
Changed polling interval to 200ms
      PORT    ACTION    DETECTION TIME    RESTORATION TIME
----------  --------  ----------------  ------------------
 Ethernet8      drop               200                 400
Ethernet16       N/A               N/A            infinite
"""
ECN = """
Profile: LOSSLESS_800G
-----------------------  -------
ecn                      ecn_green
green_min_threshold      250000
green_max_threshold      2000000
green_drop_probability   7
wred_green_enable        true
-----------------------  -------
"""
MODULE = """
Ethernet8: SFP EEPROM detected
        Application Advertisement: 800GAUI-8 C2M - Host Assign (0x1) - 800GBASE-DR8 - Media Assign (0x1)
                                   400GAUI-4 C2M - Host Assign (0x11) - 400GBASE-DR4 - Media Assign (0x11)
        Identifier: OSFP 8X Pluggable Transceiver
        Length Cable Assembly(m): 0.5
        Specification compliance: sm_media_interface
        Vendor PN: PLUG-800
        Vendor Rev:
        ChannelMonitorValues:
                RX1Power: 1.25dBm
                RX2Power: -infdBm
                TX1Bias: 101.5mA
                TX1Power: N/A
        ModuleThresholdValues:
                TempHighAlarm  : 80.0C

Ethernet16: SFP EEPROM Not detected
"""
MODULE_STATUS = """
Ethernet8:
        CMIS State (SW): READY
        Tx fault flag on media lane 1: False
        Tx fault flag on media lane 2: True
        Current module state: ModuleReady
        Disabled TX channels: 0
        Temperature high alarm flag: N/A
"""
DETAILED = """
Packets Received 64 Octets..................... 1,234
Jabbers Received............................... N/A

WRED Green Dropped Packets..................... 5
Time Since Counters Last Cleared............... None
"""
BREAKOUT = """
+-------------+-------------------------+
| Interface   | Current Breakout Mode   |
+=============+=========================+
| Ethernet8   | 2x400G[200G]            |
+-------------+-------------------------+
"""
DUMP = """
EEPROM hexdump for port Ethernet8 page 11h
        Lower page 0h
        00000000 19 50 00 07 00 00 00 00  00 00 00 00 00 00 00 00 |.P..............|

        Upper page 11h
        00000080 44 44 44 44 00 00 00 00  00 00 00 00 00 00 00 00 |DDDD............|
"""
CONFIG = """
{
    "PORT": {
        "Ethernet8": {"lanes": "1,2", "speed": "800000", "fec": "rs"}
    },
    "BUFFER_PG": {"Ethernet8|3-4": {"profile": "pg_lossless"}}
}
"""


def one(command: str, text: str, at: int = 0, nos: str = "sonic") -> dict[str, Json]:
    parsed = read(command, text, nos)
    assert parsed.unparsed == ()
    return parsed.records[at]


@pytest.mark.parametrize(
    ("command", "text", "at", "said"),
    [
        ("show interfaces status", STATUS, 0, {
            "line": 3, "interface": "Ethernet8", "lanes": [17, 18, 19, 20, 21, 22, 23, 24], "speed_mbps": 800000,
            "fec": "rs", "oper": "up", "type": "OSFP 8X Pluggable"}),
        ("show interface status Ethernet16", STATUS, 1, {
            "lanes": [25, 26, 27, 28], "speed_mbps": 1_600_000, "fec": None, "alias": None, "type": None}),
        ("sudo show interfaces status -d all", STATUS, 2, {"interface": "PortChannel0007", "lanes": None}),
        ("show interfaces counters fec-stats", FEC_STATS, 0, {
            "fec_corrected": 1_234_567_890, "fec_pre_ber": "1.23e-09", "fec_post_ber": "0.00e+00"}),
        ("show pfc priority", PRIORITY, 0, {"lossless_priorities": [2, 4]}),
        ("show pfc priority", PRIORITY, 1, {"lossless_priorities": None}),
        ("show pfc counters", PFC, 0, {"direction": "rx", "frames": [0, 0, 0, 9001, 0, 0, 0, None]}),
        ("show pfc counters", PFC, 1, {"direction": "tx", "line": 7, "frames": [0, 0, 0, 17, 0, 0, 0, 0]}),
        ("show pfcwd config", WATCHDOG, 0, {
            "polling_interval_ms": 200, "detection_time_ms": 200, "restoration_time_ms": 400,
            "restoration_infinite": False}),
        ("pfcwd show config", WATCHDOG, 1, {
            "action": None, "restoration_time_ms": None, "restoration_infinite": True}),
        ("ecnconfig -l", ECN, 0, {
            "name": "LOSSLESS_800G", "ecn": "ecn_green", "green_min_bytes": 250000, "green_drop_percent": 7,
            "green_wred": True}),
        ("show interfaces transceiver eeprom --dom Ethernet8", MODULE, 0, {
            "present": True, "vendor_part_number": "PLUG-800", "vendor_revision": None,
            "rx_power_dbm": ["1.25", "-inf"], "tx_power_dbm": [None], "tx_bias_ma": ["101.5"],
            "lengths": {"cable_assembly_m": "0.5"}, "thresholds": {"temperature_c": {"high_alarm": "80.0"}},
            "application_advertisement": [
                "800GAUI-8 C2M - Host Assign (0x1) - 800GBASE-DR8 - Media Assign (0x1)",
                "400GAUI-4 C2M - Host Assign (0x11) - 400GBASE-DR4 - Media Assign (0x11)"]}),
        ("show interfaces transceiver eeprom", MODULE, 1, {"interface": "Ethernet16", "present": False}),
        ("show interfaces transceiver status Ethernet8", MODULE_STATUS, 0, {
            "lanes": {"tx_fault_flag_media_lane": [False, True]},
            "status": {"cmis_state_sw": "READY", "current_module_state": "ModuleReady", "disabled_tx_channels": 0,
                       "temperature_high_alarm_flag": None}}),
        ("show interfaces counters detailed Ethernet8", DETAILED, 0, {
            "interface": "Ethernet8", "cleared": None, "counters": {
                "packets_received_64_octets": 1234, "jabbers_received": None, "wred_green_dropped_packets": 5}}),
        ("show interfaces breakout current-mode", BREAKOUT, 0, {"current_mode": "2x400G[200G]", "line": 4}),
        ("sfputil show eeprom-hexdump -p Ethernet8 -n 0x11", DUMP, 1, {
            "interface": "Ethernet8", "page": 17, "half": "upper", "offset": 128, "address": None}),
        ("show runningconfiguration all", CONFIG, 0, {
            "line": 3, "table": "PORT", "key": "Ethernet8", "fields": {
                "lanes": "1,2", "speed": "800000", "fec": "rs"}}),
        ("cat /etc/sonic/config_db.json", CONFIG, 1, {"line": 5, "table": "BUFFER_PG", "key": "Ethernet8|3-4"}),
    ],
)  # fmt: skip
def test_an_answer_says(command: str, text: str, at: int, said: dict[str, Json]) -> None:
    record = one(command, text, at)
    assert {key: record.get(key, "missing") for key in said} == said


WATCHDOG_OF_TWO = """
Changed polling interval to 400ms on asic0
        PORT    ACTION    DETECTION TIME    RESTORATION TIME
------------  --------  ----------------  ------------------
   Ethernet8      drop               200                 200
Changed polling interval to 300ms on asic1
BIG_RED_SWITCH status is enable on asic1
        PORT    ACTION    DETECTION TIME    RESTORATION TIME
------------  --------  ----------------  ------------------
Ethernet-BP4      drop               200                 200
"""
COHERENT = """
Ethernet8: SFP EEPROM detected
        CDB Supported: True
        Specification compliance:
                N/A
        Supported Max Laser Frequency: 196100GHz
        Supported Min TX Power: -20dBm
        dom_capability: N/A
API is none while getting DOM info!
"""
VARIANTS: dict[str, tuple[str, str, dict[str, Json]]] = {
    "an empty cage is not out of low power": (
        "sfputil show lpmode", "Port       Low-power Mode\n---------  --------------\nEthernet8  Not Present\n",
        {"interface": "Ethernet8", "low_power": None}),
    "pauses in milliseconds": (
        "show pfc counters --history",
        "     Port  Priority  RX Pause Transitions  Total RX Pause Time MS  Recent RX Pause Time MS\n"
        "---------  --------  --------------------  ----------------------  -----------------------\n"
        "Ethernet8      PFC3                     2                   1,500                       20\n",
        {"rx_pause_time_ms": 1500, "recent_rx_pause_time_ms": 20}),
    "temperatures as JSON": (
        "show platform temperature -j",
        '[{"Sensor": "ASIC", "Temperature": "35.0", "High_TH": "95.0", "Crit_High_TH": "105.0", "Warning": "False"}]',
        {"high_c": "95.0", "critical_high_c": "105.0"}),
    "a checksum that does not hold": (
        "show platform syseeprom", "TLV Name  Code Len Value\n--------- ---- --- -----\n(*** checksum invalid)\n",
        {"name": "checksum", "valid": False}),
    "units behind what a laser can, and why the monitors are not there": (
        "sfputil show eeprom -d", COHERENT,
        {"cdb_supported": True, "specification_compliance": None, "max_laser_frequency_ghz": "196100",
         "min_tx_power_dbm": "-20",
         "other": {"dom_capability": None}, "note": "API is none while getting DOM info!"}),
    "a verbose answer": (
        "show interfaces status --verbose", f"Running command: intfutil -c status -d all{STATUS}",
        {"interface": "PortChannel0007"}),
    "a watchdog of two ASICs": (
        "pfcwd show config", WATCHDOG_OF_TWO,
        {"interface": "Ethernet-BP4", "namespace": "asic1", "polling_interval_ms": 300}),
    "storms of a release that tells no state": (
        "pfcwd show stats",
        "      QUEUE  STORM DETECTED/RESTORED\n-----------  -----------------------\n"
        "Ethernet8:3                     18/9\n",
        {"queue": 3, "storms_detected": 18, "storms_restored": 9}),
    "the version of a vendor's SONiC": (
        "show version",
        "SONiC Software Version: SONiC-OS-4-Vendor\nProduct: A distribution\nConfig DB Version: version_4\n"
        "HwSKU: V-32\nHardware Version: A02\nMfg: Northwind\n",
        {"product": "A distribution", "config_db_version": "version_4", "hardware_revision": "A02",
         "manufacturer": "Northwind"}),
}  # fmt: skip


@pytest.mark.parametrize(("command", "text", "said"), VARIANTS.values(), ids=list(VARIANTS))
def test_variants_of_releases(command: str, text: str, said: dict[str, Json]) -> None:
    record = one(command, text, -1)
    assert {key: record.get(key, "missing") for key in said} == said


LINUX: dict[str, tuple[str, dict[str, Json]]] = {
    "ethtool eth2": ("""
        Settings for eth2:
            Supported link modes:   400000baseCR4/Full
                                    200000baseCR4/Full
            Supported FEC modes: None    RS
            Speed: 400000Mb/s
            Lanes: 4
            Duplex: Full
            Auto-negotiation: off
            Link detected: no (No cable)
        """, {"interface": "eth2", "speed_mbps": 400000, "lanes": 4, "link_detected": False, "link_state": "No cable",
              "supported_link_modes": ["400000baseCR4/Full", "200000baseCR4/Full"],
              "supported_fec_modes": ["None", "RS"]}),
    "ethtool --json eth2": (
        '[{"ifname": "eth2", "speed": 400000, "lanes": 4, "auto-negotiation": false, "link-detected": true}]',
        {"speed_mbps": 400000, "autoneg": False, "link_detected": True}),
    "ethtool -I --show-fec eth2": ("""
        FEC parameters for eth2:
        Supported/Configured FEC encodings: Auto
        Active FEC encoding: RS
        Statistics:
          corrected_blocks: 30
            Lane 0: 10
            Lane 1: 20
          uncorrectable_blocks: 0
        """, {"configured": ["Auto"], "active": ["RS"], "corrected_blocks": {"total": 30, "lanes": [10, 20]},
              "uncorrectable_blocks": {"total": 0, "lanes": None}}),
    "ethtool --json -I --show-fec eth2": (
        '[{"ifname": "eth2", "config": ["Auto"], "active": ["RS"],'
        ' "statistics": {"corrected_blocks": {"total": 9, "lanes": [4, 5]}}}]',
        {"active": ["RS"], "corrected_blocks": {"total": 9, "lanes": [4, 5]}}),
    "ethtool -i eth2": ("""
        driver: nic5
        version: 6.8
        firmware-version: 28.1.1 (X_0001)
        expansion-rom-version:
        bus-info: 0000:17:00.0
        supports-statistics: yes
        """, {"interface": "eth2", "driver": "nic5", "firmware_version": "28.1.1 (X_0001)", "bus": "0000:17:00.0",
              "expansion_rom_version": None, "supports": {"statistics": True}}),
    "ethtool -m eth2 hex on page 0x11 offset 0x80 length 16": ("""
        Offset          Values
        ------          ------
        0x0080:         0a 0b 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        """, {"interface": "eth2", "page": 17, "offset": 128, "data": "0a0b" + "00" * 14}),
    "mlnx_qos -i eth2": ("""
        DCBX mode: OS controlled
        Priority trust state: dscp
        dscp2prio mapping:
            prio:5 dscp:47,46,
        Receive buffer size (bytes): 20000,240000,max_buffer_size=900000
        Cable len: 5
        PFC configuration:
            priority    0   1   2   3   4   5   6   7
            enabled     0   0   0   0   0   1   0   0
            buffer      0   0   0   0   0   1   0   0
        tc: 5 ratelimit: unlimited, tsa: ets, bw: 60%
             priority:  5
        """, {"trust": "dscp", "pfc_enabled": [5], "buffer_bytes": [20000, 240000], "max_buffer_bytes": 900000,
              "dscp_to_priority": {"47": 5, "46": 5}, "cable_length_m": 5,
              "traffic_classes": [{"tc": 5, "ratelimit": "unlimited", "algorithm": "ets", "percent": 60,
                                   "priorities": [5]}]}),
    "dcb -j -s pfc show dev eth2": (
        '{"pfc_cap": 8, "delay": 0, "prio_pfc": [false, false, false, false, false, true, false, false],'
        ' "requests": [0, 0, 0, 0, 0, 3, 0, 0], "indications": [0, 0, 0, 0, 0, 8, 0, 0]}',
        {"interface": "eth2", "pfc_enabled": [5], "sent_frames": [0, 0, 0, 0, 0, 3, 0, 0]}),
    "dcb -j app show dev eth2": (
        '{"dscp_prio": [[46, 5]]}', {"dscp_prio": [{"key": "46", "priority": 5}]}),
    "dcb -j buffer show dev eth2": (
        '{"prio_buffer": [0, 1], "buffer_size": [20000, 240000], "total_size": 260000}',
        {"priority_buffer": [0, 1], "total_bytes": 260000}),
    "lldpctl -f json0": (
        '{"lldp": [{"interface": [{"name": "eth2", "via": "LLDP", "chassis": [{"id": [{"type": "mac",'
        ' "value": "02:00:00:00:00:07"}], "name": [{"value": "leaf7"}]}], "port": [{"id": [{"type": "ifname",'
        ' "value": "Ethernet8"}], "ttl": [{"value": "120"}]}]}]}]}',
        {"interface": "eth2", "system_name": "leaf7", "port_id": "Ethernet8", "ttl": 120}),
    "lldpctl -f json": (
        '{"lldp": {"interface": {"eth2": {"via": "LLDP", "chassis": {"leaf7": {"id": {"type": "mac",'
        ' "value": "02:00:00:00:00:07"}}}, "port": {"id": {"type": "ifname", "value": "Ethernet8"}}}}}}',
        {"interface": "eth2", "system_name": "leaf7", "chassis_id": "02:00:00:00:00:07", "port_id": "Ethernet8"}),
    "ip -j link show": (
        '[{"ifindex": 3, "ifname": "eth2", "flags": ["UP", "LOWER_UP"], "mtu": 4200, "operstate": "UP"}]',
        {"interface": "eth2", "admin": "up", "oper": "up", "mtu": 4200}),
    "show_gids": (
        "DEV\tPORT\tINDEX\tGID\tIPv4\tVER\tDEV\n---\t----\t-----\t---\t----\t---\t---\n"
        "nic5_0\t1\t3\t0000:0000:0000:0000:0000:ffff:0a07:0001\t10.7.0.1\tv2\teth2\nn_gids_found=1\n",
        {"device": "nic5_0", "ipv4": "10.7.0.1", "roce": "v2", "interface": "eth2"}),
    "mlxlink -d nic5_0 --json": (
        '{"result": {"output": {"Operational Info": {"State": "Active", "Speed": "400G", "Width": "4x",'
        ' "FEC": "Standard_RS-FEC - (544,514)"}, "Module Info": {"Temperature [C]": "55 [-5..75]",'
        ' "Tx Power Current [dBm]": "1.5,N/A [-6..5]"}, "Physical Counters and BER Info": {"Raw Physical BER": "3E-9",'
        ' "Effective Physical BER": "15E-255"}, "Histogram of FEC Errors": {"Bin 0": {"values": ["[0]", "77"]}},'
        ' "New Section": {"x": "1"}}}, "status": {"code": 0, "message": "success"}}',
        {"device": "nic5_0", "state": "Active", "speed_mbps": 400000, "lanes": 4, "temperature_c": "55",
         "tx_power_dbm": ["1.5", None], "raw_ber": "3E-9", "effective_ber": None, "bins": [77],
         "other": {"New Section": {"x": "1"}}}),
}  # fmt: skip


@pytest.mark.parametrize("command", LINUX)
def test_a_tool_of_a_host_says(command: str) -> None:
    text, said = LINUX[command]
    record = one(command, text, nos="linux")
    assert {key: record.get(key, "missing") for key in said} == said


def test_a_column_that_nobody_knows_is_reported_and_the_others_are_read() -> None:
    text = """
        Interface    FEC Oper    FEC Admin    FEC Mood
        -----------  ----------  -----------  ----------
        Ethernet8    rs          rs           good
        """
    parsed = read("show interfaces fec status", text)
    assert [record["fec_oper"] for record in parsed.records] == ["rs"]
    assert [line.line for line in parsed.unparsed] == [1]


def test_a_cell_that_does_not_fit_its_type_loses_no_zero_for_it() -> None:
    parsed = read("show interfaces counters fec-stats", FEC_STATS.replace("1,234,567,890", "1,234,5x7,890"))
    assert parsed.records == ()
    assert [line.line for line in parsed.unparsed] == [3]


def test_what_stands_twice_is_reported() -> None:
    text = MODULE.replace("Vendor Rev:\n", "Vendor PN: OTHER\n").replace("RX2Power: -inf", "RX1Power: 2.0")
    parsed = read("show interfaces transceiver eeprom", text)
    assert parsed.records[0]["vendor_part_number"] == "PLUG-800"
    assert parsed.records[0]["rx_power_dbm"] == ["1.25"]
    assert [line.line for line in parsed.unparsed] == [8, 11]


def test_values_wider_than_the_rule_are_read_by_their_spacing() -> None:
    text = """
        Interface    FEC Oper    FEC Admin
        -----------  ----------  -----------
        Ethernet1024_with_a_long_name  rs  auto
        """
    assert one("show interfaces fec status", text)["fec_admin"] == "auto"


def test_cells_of_several_lines_are_joined() -> None:
    text = """
        Interface    Lossless priorities
        -----------  ---------------------
        Ethernet8    3,
                     4
        """
    assert one("show pfc priority", text)["lossless_priorities"] == [3, 4]


def test_a_prompt_and_the_echoed_command_are_no_part_of_the_answer() -> None:
    text = f"admin@leaf7:~$ show interface status\n{STATUS.strip()}\nadmin@leaf7:~$ "
    assert parse("sonic", "show interfaces status", text).unparsed == ()


def test_a_prompt_around_json_is_no_part_of_it() -> None:
    text = f"admin@leaf7:~$ cat /etc/sonic/config_db.json{CONFIG}admin@leaf7:~$ "
    assert [record["line"] for record in parse("sonic", "cat /etc/sonic/config_db.json", text).records] == [4, 6]


def test_an_absent_counter_is_null_and_a_missing_column_is_no_key() -> None:
    record = one("show interfaces counters fec-stats", FEC_STATS.replace("1.23e-09", "     N/A"))
    assert record["fec_pre_ber"] is None
    assert "flr_observed" not in record


def test_json_rows_have_the_keys_of_the_table() -> None:
    text = '{"Ethernet8": {"UC3": {"totalpacket": "5", "totalbytes": "N/A", "droppacket": "1", "dropbytes": "9"}}}'
    record = one("show queue counters --json", text)
    assert (record["interface"], record["queue"], record["packets"], record["bytes"]) == ("Ethernet8", "UC3", 5, None)


@pytest.mark.parametrize(
    ("command", "text", "message"),
    [
        ("show ecn", "", "an empty answer"),
        ("show ecn", "Usage: show [OPTIONS]\nError: No such command", "a usage text"),
        ("show mmu", "-bash: show: command not found", "a refusal"),
        ("show interfaces status", "Cisco Nexus Operating System (NX-OS) Software", "it looks like Cisco NX-OS, not"),
        ("show interfaces status", '{"interfaces": {}}', "in the JSON"),
        ("cat platform.json", '{"interfaces": [', "line 1"),
        ("show runningconfiguration all", "{}", "no table"),
        ("show interfaces stats", "x", "near are 'show interfaces status'"),
        ("show interfaces", "x", "nobody knows"),
    ],
)
def test_what_is_no_answer_is_refused_in_one_line(command: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        parse("sonic", command, text)
    assert "\n" not in str(refused.value)


def test_no_parsers_for_an_unknown_nos() -> None:
    with pytest.raises(InputError, match="sonic, eos, nxos, nvue, cumulus, junos, iosxr, linux, nvidia"):
        parse("ios", "show version", "x")


def test_a_shape_leaves_values_out() -> None:
    other = STATUS.replace("Ethernet8 ", "Ethernet72").replace("800G", "400G")
    assert shape("sonic", "show interfaces status", STATUS) == shape("sonic", "show interfaces status", other)
    assert shape("sonic", "show interfaces status", STATUS) != shape("sonic", "show interfaces status", FEC_STATS)


PIECES = st.sampled_from(
    ["Ethernet8", "Ethernet8:", "-----  ---", "N/A", "1,2", '{"', '": ', "}", "[", "|", "+--+", "Interface", "FEC Oper",
     "Lane 1:", "\n", "\n        ", "  ", "\t", "00000000 01", "Pool: x", "Vendor PN: y", "é", "\x00", "9" * 500]
)  # fmt: skip
COMMANDS = list(commands())


def read_or_refuse(command: Command, text: str) -> None:
    with suppress(InputError):
        assert isinstance(parse(command.nos, command.name, text), Parsed)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(COMMANDS),
    st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=30).map(" ".join)),
)
def test_any_text_is_read_or_refused(command: Command, text: str) -> None:
    read_or_refuse(command, text)


SAMPLES = {
    "show interfaces status": STATUS,
    "show interfaces counters fec-stats": FEC_STATS,
    "show pfc counters": PFC,
    "pfcwd show config": WATCHDOG,
    "show ecn": ECN,
    "show interfaces transceiver eeprom": MODULE,
    "show interfaces transceiver status": MODULE_STATUS,
    "show interfaces breakout current-mode": BREAKOUT,
    "sfputil show eeprom-hexdump": DUMP,
    "show runningconfiguration all": CONFIG,
}


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(COMMANDS), st.sampled_from(list(SAMPLES)), st.data())
def test_a_damaged_answer_is_read_or_refused(command: Command, sample: str, data: st.DataObject) -> None:
    text = SAMPLES[sample]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    damaged = text[:start] + data.draw(st.text(max_size=5)) + text[end:]
    read_or_refuse(command, damaged)
    with suppress(InputError):
        read(sample, damaged)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(LINUX)), st.data())
def test_a_damaged_answer_of_a_host_is_read_or_refused(command: str, data: st.DataObject) -> None:
    text = LINUX[command][0]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    with suppress(InputError):
        middle = data.draw(st.sampled_from(["", "null", "[]", "{}", "x", "7"]))
        read(command, text[:start] + middle + text[end:], "linux")


LONG = ["-" * 20_000, " -" * 10_000, "a " * 10_000, "Ethernet8: " * 5_000, "|" * 20_000, "+-" * 10_000, "[" * 20_000,
        '{"a":' * 10_000, "x\n" * 4_000, "\n" * 20_000, "Ethernet8  1\n" * 2_000, "," * 20_000, "9" * 20_000,
        "a" + " " * 20_000 + "b", "Interface  FEC Oper\n---  ---\n" * 800, '{"a": 1, ' * 5_000]  # fmt: skip


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:12]))
def test_no_text_takes_long(text: str) -> None:
    tools = {command.name for command in COMMANDS if command.nos == "linux"}
    for command in COMMANDS:
        if command.nos in ("nvue", "cumulus") and command.name in tools:
            continue  # read as on a host
        begun = time.perf_counter()
        read_or_refuse(command, text)
        assert time.perf_counter() - begun < 2, command.name


def test_time_grows_with_the_ports() -> None:
    def took(ports: int) -> float:
        head, rule, row = STATUS.strip("\n").split("\n")[:3]
        text = "\n".join([head, rule, *[row] * ports])
        begun = time.perf_counter()
        assert len(parse("sonic", "show interfaces status", text).records) == ports
        return time.perf_counter() - begun

    took(64)
    assert took(6400) < 60 * max(took(640), 0.002)


def table(headings: str, *rows: str) -> str:
    """A table as tabulate prints it, cells parted by ``|``."""
    cells = [line.split("|") for line in (headings, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]]) + "\n"


def test_json_rows_leave_out_when_they_were_counted() -> None:
    text = '{"Ethernet8": {"UC0": {"totalpacket": "7"}, "time": "2026-01-02", "cached_time": "2026-01-01"}}'
    assert [(row["queue"], row["packets"]) for row in read("show queue counters --json", text).records] == [("UC0", 7)]
    with pytest.raises(InputError):
        parse("sonic", "show queue counters --json", text.replace('"time"', '"mood"'))


def test_line_of_a_cache_before_json_is_no_part_of_it() -> None:
    text = 'Last cached time was 2026-01-02T03:04:05.6\n{"Ethernet8": {"STATE": "U", "RX_OK": "1,204"}}'
    assert one("portstat -j", text)["rx_packets"] == 1204


def test_line_of_a_cache_between_tables_is_no_row() -> None:
    queues = "Port|TxQ|Counter/pkts|Counter/bytes|Drop/pkts|Drop/bytes"
    first, second = table(queues, "Ethernet8|UC0|1|2|3|4"), table(queues, "Ethernet16|MC9|N/A|2|3|4")
    parsed = read("show queue counters", f"{first}\nLast cached time was 2026-01-02T03:04:05.6\n{second}")
    assert [(row["interface"], row["packets"]) for row in parsed.records] == [("Ethernet8", 1), ("Ethernet16", None)]
    assert parsed.unparsed == ()


def test_lines_of_a_cache_in_pfc_counters_are_no_rows() -> None:
    cached = "Last cached time was 2026-01-02T03:04:05.6\n"
    rx, tx = PFC.strip("\n").split("\n\n")
    parsed = read("show pfc counters", f"{cached}{rx}\n\n{cached}{tx}\n")
    assert [row["direction"] for row in parsed.records] == ["rx", "tx"]
    history = table("Port|Priority|RX Pause Transitions|Total RX Pause Time US", "Ethernet8|PFC3|1,204|7")
    assert one("show pfc counters --history", cached + history)["rx_pause_transitions"] == 1204
    assert parsed.unparsed == ()


@pytest.mark.parametrize(
    ("command", "headings"),
    [
        ("show interfaces status", "Interface|Lanes|Speed|MTU|FEC|Alias|Vlan|Oper|Admin|Type|Asym PFC"),
        ("intfutil -c description", "Interface|Oper|Admin|Alias|Description"),
        ("show interfaces counters errors", "IFACE|STATE|RX_ERR|RX_DRP|RX_OVR|TX_ERR|TX_DRP|TX_OVR"),
        ("pfcwd show config", "PORT|ACTION|DETECTION TIME|RESTORATION TIME|HISTORY"),
        ("show pfcwd stats", "QUEUE|STATUS|STORM DETECTED/RESTORED|TX OK/DROP|RX OK/DROP"),
        ("show platform temperature", "Sensor|Temperature|High TH|Low TH|Crit High TH|Crit Low TH|Warning|Timestamp"),
    ],
)
def test_head_of_a_table_alone_is_an_empty_answer(command: str, headings: str) -> None:
    assert read(command, table(headings)) == Parsed(())


def test_buffers_of_a_switch_that_has_none_are_an_empty_answer() -> None:
    assert read("show mmu", "Total pools: 0\n\nTotal profiles: 0\n") == Parsed(())


def test_platform_summary_as_json() -> None:
    text = '{"platform": "x86_64-acme-r0", "hwsku": "ACME-64", "asic_type": "acme", "asic_count": 2, "serial": "N/A"}'
    said = one("show platform summary --json", text)
    assert (said["asic"], said["asic_count"], said["serial_number"]) == ("acme", 2, None)


PAGE = "".join(f"        {at:08x} {bytes(16).hex(' ')} |................|\n" for at in range(128, 256, 16))


def test_page_that_sfputil_could_not_read_has_no_data_and_says_why() -> None:
    failure = "Error: Failed to read EEPROM for page 13h, flat_mem True, page_offset 2560, page_size 128!"
    text = f"EEPROM hexdump for port Ethernet8\n        Upper page 0h\n{PAGE}\n        Upper page 13h\n{failure}\n"
    parsed = parse("sonic", "sfputil show eeprom-hexdump -n 0x13", text)
    lost = parsed.records[1]
    assert (lost["interface"], lost["page"], lost["half"], lost["data"]) == ("Ethernet8", 0x13, "upper", None)
    assert lost["error"] == failure
    assert parsed.unparsed == ()


def test_cages_without_a_dump_are_records_of_their_own() -> None:
    said = ("SFP EEPROM not detected", "Error: Failed to read EEPROM for A0h!", "Cable type is not supported")
    text = "\n".join(f"EEPROM hexdump for port Ethernet{8 * at}\n        {what}\n" for at, what in enumerate(said))
    parsed = parse("sonic", "sfputil show eeprom-hexdump", text)
    assert [(row["interface"], row["error"]) for row in parsed.records] == [
        (f"Ethernet{8 * at}", what) for at, what in enumerate(said)
    ]
    assert parsed.unparsed == ()


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("show interfaces status", table("Interface|LT Oper|LT Admin|Oper|Admin", "Ethernet8|off|off|up|up")),
        ("show interfaces counters", FEC_STATS),
        ("show interfaces counters fec-histogram", FEC_STATS),
        ("show queue counters", table("Port|TxQ|WredDrp/pkts|EcnMarked/pkts", "Ethernet8|UC3|0|1")),
        ("show queue wredcounters", table("Port|TxQ|Counter/pkts|Counter/bytes", "Ethernet8|UC3|0|1")),
        ("show mmu", ECN),
        ("sfputil show fwversion", MODULE),
        ("show interfaces transceiver status", MODULE),
        ("show interfaces transceiver pm", MODULE),
        ("show interfaces phy-serdes", "Interface: Ethernet8\n\nSignal:  Current State\n"),
        ("show lldp neighbors", "LLDP neighbors:\n\nInterface:    swp1, via: LLDP, RID: 1\n"),
    ],
)
def test_answer_to_another_command_is_refused(command: str, text: str) -> None:
    with pytest.raises(InputError):
        parse("sonic", command, text)


@pytest.mark.parametrize(
    ("text", "seems"),
    [
        ('{"lldpNeighbors": {"Ethernet8": {"lldpNeighborInfo": []}}}', "Arista EOS"),
        ("Ethernet8 is up, line protocol is up (connected)\n", "Arista EOS"),
        ("Ethernet1/1\n    transceiver is present\n", "Cisco NX-OS"),
        (" Controller State: Up\n\n Transport Admin State: In Service\n", "Cisco IOS-XR"),
        ("Hardware inventory:\nItem  Version\n", "Juniper Junos"),
    ],
)
def test_refusal_names_what_the_answer_looks_like(text: str, seems: str) -> None:
    with pytest.raises(InputError, match=f"it looks like {seems}, not SONiC"):
        parse("sonic", "show interfaces status", text)


def test_watermarks_of_one_asic_and_of_the_groups_that_there_are() -> None:
    text = "Ingress headroom per PG: (Namespace asic1)\n" + table("Port|PG0|PG3", "Ethernet8|0|77")
    said = one("show priority-group watermark headroom", text)
    assert (said["namespace"], said["traffic"], said["groups"]) == ("asic1", "headroom", [0, None, None, 77])
    pools = "Shared pool maximum occupancy: (Namespace asic1)\n" + table("Pool|Bytes", "a_pool|5")
    assert one("show buffer_pool watermark", pools)["namespace"] == "asic1"


def test_watermarks_as_json() -> None:
    groups = '[{"Port": "Ethernet8", "PG0": "0", "PG1": "9"}, {"Port": "Ethernet16", "PG0": "N/A", "PG1": "1"}]'
    parsed = read("show priority-group watermark shared --json", groups)
    assert [row["groups"] for row in parsed.records] == [[0, 9], [None, 1]]
    pools = read("show buffer_pool watermark --json", '[{"a_pool": "5"}, {"another_pool": "N/A"}]')
    assert [(row["pool"], row["bytes"]) for row in pools.records] == [("a_pool", 5), ("another_pool", None)]


@pytest.mark.parametrize(("line", "priority"), [("default priority:", None), ("default priority: 3", 3)])
def test_default_priority_of_newer_mlnx_qos(line: str, priority: int | None) -> None:
    text = f"DCBX mode: OS controlled\nPriority trust state: pcp\n{line}\nCable len: 7\n"
    assert one("mlnx_qos -i eth2", text, nos="linux")["default_priority"] == priority
