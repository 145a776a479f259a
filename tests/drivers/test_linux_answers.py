"""What ethtool, iproute2, lldpctl, the kernel's files and NVIDIA's tools for NICs answer, as records.

The answers are written after the tools' own formats, with invented names and numbers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.drivers.answers import parse, record_schema
from harness.drivers.answers.linux import COMMANDS
from harness.errors import InputError
from tests.recordings import RECORDINGS

Case = tuple[str, str, Sequence[Mapping[str, Any]]]

SETTINGS = """\
Settings for eth0:
\tSupported ports: [ FIBRE ]
\tSupported link modes:   100000baseKR4/Full
\t                        400000baseCR4/Full
\tSupported FEC modes: None\t RS
\tAdvertised auto-negotiation: Yes
\tSpeed: 400000Mb/s
\tLanes: 4
\tDuplex: Full
\tAuto-negotiation: on
\tPort: Direct Attach Copper
\tLink detected: yes
"""
QSFP28 = """\
\tIdentifier                                : 0x11 (QSFP28)
\tConnector                                 : 0x0c (MPO Parallel Optic)
\tVendor name                               : NORTHWIND
\tVendor PN                                 : NW-100-SR4
\tVendor SN                                 : NW0001
\tDate code                                 : 250526
\tTransmitter technology                    : 0x00 (850 nm VCSEL)
\tRevision Compliance                       : SFF-8636 Rev 2.5/2.6/2.7
\tLaser tx bias current (Channel 1)         : 7.100 mA
\tLaser tx bias current (Channel 2)         : 7.200 mA
\tRcvr signal avg optical power(Channel 1)  : 0.7500 mW / -1.25 dBm
\tRcvr signal avg optical power(Channel 2)  : 0.0000 mW / -inf dBm
\tModule temperature                        : 31.50 degrees C / 88.70 degrees F
\tModule voltage                            : 3.3010 V
\tModule temperature high alarm threshold   : 80.00 degrees C / 176.00 degrees F
\tModule temperature low warning threshold  : -5.00 degrees C / 23.00 degrees F
\tLaser rx power high alarm   (Channel 1)   : Off
"""
LLDP = {
    "name": "leaf1",
    "id": {"type": "mac", "value": "02:00:00:00:00:01"},
    "descr": "a switch",
    "mgmt-ip": "192.0.2.1",
    "capability": [{"type": "Bridge", "enabled": True}, {"type": "Router", "enabled": False}],
}
PORT = {"id": {"type": "ifname", "value": "Ethernet8"}, "descr": "to eth0", "ttl": "120"}
LLDP_TEXT = """\
-------------------------------------------------------------------------------
LLDP neighbors:
-------------------------------------------------------------------------------
Interface:    eth0, via: LLDP, RID: 1, Time: 0 day, 01:02:03
  Chassis:
    ChassisID:    mac 02:00:00:00:00:01
    SysName:      leaf1
    SysDescr:     a switch
    MgmtIP:       192.0.2.1
    Capability:   Bridge, on
    Capability:   Router, off
  Port:
    PortID:       ifname Ethernet8
    PortDescr:    to eth0
    TTL:          120
-------------------------------------------------------------------------------
"""
LLDP_KEYS = """\
lldp.eth0.via=LLDP
lldp.eth0.rid=1
lldp.eth0.age=0 day, 01:02:03
lldp.eth0.chassis.mac=02:00:00:00:00:01
lldp.eth0.chassis.name=leaf1
lldp.eth0.chassis.descr=a switch
lldp.eth0.chassis.mgmt-ip=192.0.2.1
lldp.eth0.chassis.Bridge.enabled=on
lldp.eth0.chassis.Router.enabled=off
lldp.eth0.port.ifname=Ethernet8
lldp.eth0.port.descr=to eth0
lldp.eth0.port.ttl=120
"""
NEIGHBOUR = {
    "interface": "eth0", "via": "LLDP", "system_name": "leaf1", "system_description": "a switch",
    "chassis_id": "02:00:00:00:00:01", "port_id": "Ethernet8", "port_id_type": "ifname", "port_description": "to eth0",
    "ttl": 120, "management_addresses": ["192.0.2.1"], "capabilities": {"Bridge": True, "Router": False},
}  # fmt: skip
IP_TEXT = """\
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9000 qdisc mq state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:07 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 9978
    inet 192.0.2.7/24 scope global eth0
       valid_lft forever preferred_lft forever
    altname enp24s0np0
    RX:  bytes packets errors dropped  missed   mcast
            64       2      1       0       0       3
    TX:  bytes packets errors dropped carrier collsns
            32       1      0       0       0       0
"""
PFC = {
    "pfc_cap": 8,
    "macsec_bypass": False,
    "delay": 0,
    "prio_pfc": [False, False, False, True, False, False, False, False],
    "requests": [0, 0, 0, 5, 0, 0, 0, 0],
    "indications": [0, 0, 0, 7, 0, 0, 0, 0],
}
HEALTH = {"reporter": "fw", "state": "healthy", "error": 1, "recover": 2, "auto_dump": True}
PFC_RECORD = {"interface": "eth0", "pfc_enabled": [3], "sent_frames": [0, 0, 0, 5, 0, 0, 0, 0], "delay": 0}

CASES: Mapping[str, Case] = {
    "settings, modes over several lines": (
        "ethtool eth0", SETTINGS,
        [{"interface": "eth0", "speed_mbps": 400000, "lanes": 4, "autoneg": True, "link_detected": True}],
    ),
    "a port without a link has no speed": (
        "ethtool eth0", "Settings for eth0:\n\tSpeed: Unknown!\n\tDuplex: Unknown! (255)\n\tLink detected: no\n",
        [{"speed_mbps": None, "link_detected": False}],
    ),
    "link-down events that -I tells": (
        "ethtool -I eth0", f"{SETTINGS}\tLink Down Events: 3\n", [{"link_down_events": 3}],
    ),
    "counters of mlx5 by priority and lane": (
        "ethtool -S eth0",
        "NIC statistics:\n     rx_prio3_pause: 17\n     tx_prio3_pause: 2\n     rx_err_lane_0_phy: 1\n"
        "     rx_err_lane_1_phy: 2\n     link_down_events_phy: 3\n     some_new_counter: 9\n",
        [{"pfc_received": {"3": 17}, "pfc_sent": {"3": 2}, "link_down_events": 3}],
    ),
    "PFC frames of bnxt": (
        "ethtool -S eth0",
        "NIC statistics:\n     rx_pfc_ena_frames_pri3: 4\n     tx_pfc_ena_frames_pri3: 8\n",
        [{"pfc_received": {"3": 4}, "pfc_sent": {"3": 8}}],
    ),
    "PFC frames of ice": (
        "ethtool -S eth0",
        "NIC statistics:\n     rx_priority_3_xoff.nic: 6\n     tx_priority_3_xoff.nic: 5\n",
        [{"pfc_received": {"3": 6}, "pfc_sent": {"3": 5}}],
    ),
    "pauses with their frames": (
        "ethtool -I -a eth0",
        "Pause parameters for eth0:\nAutonegotiate:\toff\nRX:\t\toff\nTX:\t\ton\nStatistics:\n"
        "  tx_pause_frames: 1\n  rx_pause_frames: 2\n",
        [{"rx_pause": False, "tx_pause": True}],
    ),
    "a module by SFF-8636 in words": (
        "ethtool -m eth0", QSFP28,
        [{"identifier": 0x11, "vendor_sn": "NW0001", "tx_bias_ma": ["7.100", "7.200"], "voltage_v": "3.3010",
          "rx_power_mw": ["0.7500", "0.0000"], "temperature_c": "31.50"}],
    ),
    "a file that has one number": (
        "cat /sys/class/net/eth0/carrier_changes", "4\n", [{"device": "eth0", "value": 4}],
    ),
    "files of several interfaces": (
        "grep -H . /sys/class/net/eth0/carrier_changes",
        "/sys/class/net/eth0/carrier_changes:3\n/sys/class/net/eth1/carrier_changes:5\n",
        [{"device": "eth0", "value": 3}, {"device": "eth1", "value": 5}],
    ),
    "neighbours as text": ("lldpctl", LLDP_TEXT, [NEIGHBOUR]),
    "neighbours as keys and values": ("lldpctl -f keyvalue", LLDP_KEYS, [NEIGHBOUR]),
    "neighbours as JSON that has no lists": (
        "lldpctl -f json",
        json.dumps({"lldp": {"interface": {"eth0": {
            "via": "LLDP", "rid": "1", "age": "0 day, 01:02:03",
            "chassis": {"leaf1": {k: v for k, v in LLDP.items() if k != "name"}}, "port": PORT,
        }}}}),
        [NEIGHBOUR],
    ),
    "neighbours as JSON that is all lists": (
        "lldpctl -f json0",
        json.dumps({"lldp": [{"interface": [{
            "name": "eth0", "via": "LLDP", "rid": "1", "age": "0 day, 01:02:03",
            "chassis": [{**LLDP, "name": [{"value": "leaf1"}], "id": [LLDP["id"]], "descr": [{"value": "a switch"}],
                         "mgmt-ip": [{"value": "192.0.2.1"}]}],
            "port": [{"id": [PORT["id"]], "descr": [{"value": "to eth0"}], "ttl": [{"value": "120"}]}],
        }]}]}),
        [NEIGHBOUR],
    ),
    "links as text, with addresses, details and counters": (
        "ip -d -s address show", IP_TEXT,
        [{"interface": "eth0", "mtu": 9000, "admin": "up", "oper": "up", "mac": "02:00:00:00:00:07",
          "alternative_names": ["enp24s0np0"]}],
    ),
    "links as JSON": (
        "ip -j link show",
        json.dumps([{"ifindex": 2, "ifname": "eth0", "flags": ["BROADCAST"], "mtu": 1500, "operstate": "DOWN",
                     "link_type": "ether", "address": "02:00:00:00:00:07"}]),
        [{"interface": "eth0", "mtu": 1500, "admin": "down", "oper": "down"}],
    ),
    "PFC as text": (
        "dcb -s pfc show dev eth0",
        "pfc-cap 8 macsec-bypass off delay 0 \nprio-pfc 0:off 1:off 2:off 3:on 4:off 5:off 6:off 7:off \n"
        "requests 0:0 1:0 2:0 3:5 4:0 5:0 6:0 7:0 \nindications 0:0 1:0 2:0 3:7 4:0 5:0 6:0 7:0 \n",
        [PFC_RECORD],
    ),
    "PFC as JSON": ("dcb -j -s pfc show dev eth0", json.dumps(PFC), [PFC_RECORD]),
    "priorities by DSCP, named as the standards do": (
        "dcb app show dev eth0", "default-prio 0 \ndscp-prio AF31:3 CS6:6 \n",
        [{"default_prio": [0], "dscp_prio": [{"key": "AF31", "priority": 3}, {"key": "CS6", "priority": 6}]}],
    ),
    "priorities by DSCP as JSON": (
        "dcb -j app show dev eth0", '{"dscp_prio":[[26,3]]}', [{"dscp_prio": [{"key": "26", "priority": 3}]}],
    ),
    "trust": ("dcb apptrust show dev eth0", "order dscp pcp \n", [{"order": ["dscp", "pcp"]}]),
    "traffic classes": (
        "dcb ets show dev eth0",
        "willing on ets-cap 8 cbs off \ntc-bw 0:50 1:0 2:0 3:50 4:0 5:0 6:0 7:0 \n"
        "pg-bw 0:0 1:0 2:0 3:0 4:0 5:0 6:0 7:0 \n"
        "tc-tsa 0:ets 1:strict 2:strict 3:ets 4:strict 5:strict 6:strict 7:strict \n"
        "prio-tc 0:0 1:1 2:2 3:3 4:4 5:5 6:6 7:7 \n",
        [{"classes": 8, "willing": True, "bandwidth_percent": [50, 0, 0, 50, 0, 0, 0, 0],
          "priority_to_tc": list(range(8))}],
    ),
    "a size that is rounded is not known": (
        "dcb buffer show dev eth0",
        "prio-buffer 0:0 1:0 2:0 3:1 4:0 5:0 6:0 7:0 \n"
        "buffer-size 0:127Kb 1:19.4062Kb 2:0b 3:0b 4:0b 5:0b 6:0b 7:0b total-size 256Kb \n",
        [{"priority_buffer": [0, 0, 0, 1, 0, 0, 0, 0]}],
    ),
    "limits": (
        "dcb maxrate show dev eth0", "tc-maxrate 0:25Gbit 1:0bit 2:0bit 3:0bit 4:0bit 5:0bit 6:0bit 7:0bit \n",
        [{"bytes_per_second": [3125000000, 0, 0, 0, 0, 0, 0, 0]}],
    ),
    "devices and their firmware": (
        "devlink dev info",
        "pci/0000:03:00.0:\n  driver mlx5_core\n  serial_number NW1\n"
        "  versions:\n      running:\n        fw.version 28.1\n",
        [{"device": "pci/0000:03:00.0", "driver": "mlx5_core", "running": {"fw.version": "28.1"}}],
    ),
    "ports of devices": (
        "devlink port show",
        "pci/0000:03:00.0/65535: type eth netdev eth0 flavour physical port 0 splittable false lanes 4\n",
        [{"device": "pci/0000:03:00.0/65535", "interface": "eth0", "lanes": 4, "splittable": False}],
    ),
    "health as text": (
        "devlink health show",
        "pci/0000:03:00.0:\n  reporter fw\n    state healthy error 1 recover 2 auto_dump true\n",
        [{"device": "pci/0000:03:00.0", "reporter": "fw", "state": "healthy"}],
    ),
    "health as JSON": (
        "devlink -j health show", json.dumps({"health": {"pci/0000:03:00.0": [HEALTH]}}),
        [{"device": "pci/0000:03:00.0", "reporter": "fw", "state": "healthy"}],
    ),
    "what a shared buffer holds": (
        "devlink -j sb occupancy show eth0",
        '{"occupancy":{"pci/0000:03:00.0/1":{"pool":{"0":{"current":3,"max":9}}}}}',
        [{"kind": "pool", "number": 0, "current": 3, "max": 9}],
    ),
    "type of service of RoCE": ("cma_roce_tos -d mlx5_0", "106\n", [{"device": "mlx5_0", "dscp": 26, "ecn": 2}]),
    "version of RoCE": ("cma_roce_mode -d mlx5_0 -p 1", "RoCE v2\n", [{"device": "mlx5_0", "roce": "v2"}]),
    "RDMA devices and their interfaces": (
        "ibdev2netdev", "mlx5_0 port 1 ==> eth0 (Up)\n", [{"device": "mlx5_0", "interface": "eth0", "state": "up"}],
    ),
}  # fmt: skip


def check(nos: str, command: str, text: str, expected: Sequence[Mapping[str, Any]]) -> None:
    """Every line is known, every record fits its schema and has at least these fields."""
    parsed = parse(nos, command, text)
    assert not parsed.unparsed
    validator = Draft202012Validator(record_schema(nos, command))
    for record in parsed.records:
        validator.validate(record)
    found = [{name: record.get(name) for name in row} for record, row in zip(parsed.records, expected, strict=True)]
    assert found == [dict(row) for row in expected]


@pytest.mark.parametrize(("command", "text", "expected"), CASES.values(), ids=CASES)
def test_an_answer_is_what_it_says(command: str, text: str, expected: Sequence[Mapping[str, Any]]) -> None:
    check("linux", command, text, expected)


@pytest.mark.parametrize(("command", "text", "expected"), CASES.values(), ids=CASES)
def test_echo_colours_and_line_ends_of_a_terminal_change_nothing(
    command: str, text: str, expected: Sequence[Mapping[str, Any]]
) -> None:
    seen = f"root@gpu1:~# {command}\n\x1b[1m{text}\x1b[0m".replace("\n", "\r\n")
    check("linux", command, seen, expected)


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: str(entry.name))
@pytest.mark.parametrize(
    "text",
    ["", "sh: 1: tool: not found\n", "netlink error: No such device\n", "-E- Failed to open device\n", "{", "[1]\n",
     "% Invalid input detected at '^' marker.\n"],
    ids=["nothing", "no such tool", "no such device", "an error of NVIDIA's", "JSON cut off", "another list",
         "another system"],
)  # fmt: skip
def test_what_is_no_answer_is_refused(entry: Any, text: str) -> None:
    try:
        parsed = parse("linux", entry.name, text)
    except InputError:
        return
    told = [record for record in parsed.records if any(v for k, v in record.items() if k not in ("line", "interface"))]
    assert not told


def test_a_module_in_json_keeps_both_of_two_keys_that_are_alike() -> None:
    text = """[ {
        "identifier": 24, "identifier_description": "QSFP-DD", "vendor_name": "NORTHWIND",
        "module_temperature": 41.5000, "module_voltage": 3.3000,
        "module_temperature": { "high_alarm_threshold": 80, "low_alarm_threshold": -5,
            "high_warning_threshold": 75, "low_warning_threshold": 0 },
        "module_voltage": { "high_alarm_threshold": 3.6, "low_alarm_threshold": 3,
            "high_warning_threshold": 3.5, "low_warning_threshold": 3.1 }
    } ]"""
    (record,) = parse("linux", "ethtool --json -m eth0", text).records
    assert record["temperature_c"] == "41.5000"
    limits = record["thresholds"]
    assert isinstance(limits, dict)
    assert limits["temperature_c"] == {
        "high_alarm": "80", "low_alarm": "-5", "high_warning": "75", "low_warning": "0"
    }  # fmt: skip


def test_a_counter_that_is_no_number_is_reported_with_its_line() -> None:
    parsed = parse("linux", "ethtool -S eth0", "NIC statistics:\n     rx_prio3_pause: 1\n     rx_prio4_pause: many\n")
    assert [unparsed.line for unparsed in parsed.unparsed] == [3]


def recording(name: str) -> str:
    path = RECORDINGS / "cli" / "cumulus" / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"recordings are missing: {path} (set PLUGFEST_RECORDINGS)")
        pytest.skip("not run: no recordings here (set PLUGFEST_RECORDINGS to their directory)")
    return path.read_text()


def test_recorded_neighbours_are_told_one_by_one() -> None:
    text = recording("lldpctl/suzieq-texttfsm.txt")
    check(
        "linux",
        "lldpctl",
        text,
        [
            {"line": 4, "interface": "swp1", "system_name": "spine01", "chassis_id": "52:54:00:2d:fa:de",
             "port_id": "swp1", "ttl": 120, "capabilities": {"Bridge": False, "Router": True}},
            {"interface": "swp2", "system_name": "spine02"},
            {},
        ],
    )  # fmt: skip


def test_recorded_counters_are_by_interface() -> None:
    text = recording("cat-proc-net-dev/suzieq-leaf04.txt")
    parsed = parse("linux", "cat /proc/net/dev", text)
    assert not parsed.unparsed
    rows = [line.split(":") for line in text.splitlines() if ":" in line]
    assert [record["interface"] for record in parsed.records] == [name.strip() for name, _ in rows]
    for record, (_, counts) in zip(parsed.records, rows, strict=True):
        received, sent = record["rx"], record["tx"]
        assert isinstance(received, dict)
        assert isinstance(sent, dict)
        assert (received["bytes"], received["multicast"], sent["bytes"], sent["compressed"]) == tuple(
            int(counts.split()[place]) for place in (0, 7, 8, 15)
        )
