"""What NVIDIA's tools answer, as records: mlxlink as JSON and as text, InfiniBand's own tools, and ibdiagnet's files.

The answers are written after the tools' own formats, with invented names and numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from harness.drivers.answers import parse
from harness.drivers.answers.nvidia import COMMANDS
from harness.errors import InputError
from tests.drivers.test_linux_answers import Case, check

SECTIONS = {
    "Operational Info": {
        "State": "Active", "Physical state": "LinkUp", "Speed": "IB-NDR", "Width": "4x",
        "FEC": "Standard_RS-FEC - (544,514)", "Loopback Mode": "No Loopback", "Auto Negotiation": "ON",
    },
    "Troubleshooting Info": {"Status Opcode": "0", "Group Opcode": "N/A", "Recommendation": "No issue was observed"},
    "Physical Counters and BER Info": {
        "Time Since Last Clear [Min]": "12.5", "Effective Physical Errors": "2", "Effective Physical BER": "15E-255",
        "Raw Physical Errors Per Lane": "4,0,0,1", "Raw Physical BER": "3E-9", "Link Down Counter": "1",
    },
    "EYE Opening Info": {
        "FOM Mode": "SNR_VERTICAL", "Lane": "0,1,2,3", "Initial FOM": "101,102,103,104", "Last FOM": "111,112,113,114",
    },
    "Module Info": {
        "Identifier": "OSFP", "Vendor Name": "NORTHWIND", "Vendor Serial Number": "NW7",
        "Temperature [C]": "45 [-10..80]", "Voltage [mV]": "3291.3 [2970..3630]",
        "Rx Power Current [dBm]": "0.1,0.2,-0.3,-40 [-9.2..6]", "Rx LOS [per lane]": "0,0,0,1",
    },
}  # fmt: skip
MLXLINK = {
    "infiniband": "NDR", "lanes": 4, "state": "Active", "fec": "Standard_RS-FEC - (544,514)", "autoneg": "ON",
    "recommendation": "No issue was observed", "minutes_since_clear": "12.5", "effective_errors": 2,
    "raw_errors": [4, 0, 0, 1], "raw_ber": "3E-9", "effective_ber": None, "link_downs": 1,
    "eye_lanes": [0, 1, 2, 3], "fom_initial": [101, 102, 103, 104], "fom_last": [111, 112, 113, 114],
    "identifier": "OSFP", "vendor_serial_number": "NW7", "temperature_c": "45", "voltage_mv": "3291.3",
    "rx_power_dbm": ["0.1", "0.2", "-0.3", "-40"], "rx_los": [False, False, False, True], "speed_mbps": None,
}  # fmt: skip


def as_json(sections: Mapping[str, Mapping[str, str]]) -> str:
    def wrapped(value: str) -> Any:
        return {"values": value.split(",")} if "," in value and "[" not in value and "(" not in value else value

    output = {name: {key: wrapped(value) for key, value in said.items()} for name, said in sections.items()}
    return json.dumps({"result": {"output": output}, "status": {"code": 0, "message": "success"}}, indent=2)


def as_text(sections: Mapping[str, Mapping[str, str]]) -> str:
    blocks = []
    for name, said in sections.items():
        blocks.append("\n".join((name, "-" * len(name), *(f"{key:<32}: {value}" for key, value in said.items()))))
    return "\n" + "\n\n".join(blocks) + "\n"


DUMP_HEAD = "# : IB# : Sta : PhysSta : MTU : LWA : LSA : FEC : RTR : Neighbor Guid : N# : NLID : Neighbor Description"
LINK = "==( 4X        106.25 Gbps Active/  LinkUp)==>"
CASES: Mapping[str, Case] = {
    "mlxlink as JSON": ("mlxlink -d mlx5_0 -m -c -e --json", as_json(SECTIONS), [MLXLINK]),
    "mlxlink as text": ("mlxlink -d mlx5_0 -m -c -e", as_text(SECTIONS), [MLXLINK]),
    "mlxlink of Ethernet": (
        "mlxlink -d mlx5_0", as_text({"Operational Info": {**SECTIONS["Operational Info"], "Speed": "400G"}}),
        [{"speed_mbps": 400000, "infiniband": None}],
    ),
    "a histogram, its bins and ranges": (
        "mlxlink -d mlx5_0 --rx_fec_histogram --show_histogram",
        as_text({"Histogram of FEC Errors": {"Header": "Range Occurrences", "Bin 0": "[0] 90", "Bin 1": "[1] 7"}}),
        [{"bins": [90, 7], "bin_ranges": ["0", "1"]}],
    ),
    "an access register": (
        "mlxreg -d mlx5_0 --yes --reg_name ROCE_ACCL --get",
        "Sending access register...\n\n"
        "Field Name                    | Data\n"
        "============================================================\n"
        "roce_adp_retrans_en           | 0x00000001\n"
        "adp_retx_base_timeout_min     | 0x00000fa0\n"
        "============================================================\n",
        [{"device": "mlx5_0", "register": "ROCE_ACCL",
          "fields": {"roce_adp_retrans_en": 1, "adp_retx_base_timeout_min": 4000}}],
    ),
    "the transmitter's taps": (
        "mlxlink -d mlx5_0 --show_serdes_tx --json",
        json.dumps({"result": {"output": {"Serdes Tuning Transmitter Info": {
            "Serdes TX parameters": {"values": ["pre_2_tap", "main_tap"]}, "Lane 0": {"values": ["3", "-60"]},
        }}}, "status": {"code": 0, "message": "success"}}),
        [{"serdes_tx": [{"lane": 0, "pre_2_tap": 3, "main_tap": -60}]}],
    ),
    "ibstat of two devices": (
        "ibstat",
        "CA 'mlx5_0'\n\tCA type: MT4129\n\tNumber of ports: 1\n\tFirmware version: 28.1.2000\n\tPort 1:\n"
        "\t\tState: Active\n\t\tPhysical state: LinkUp\n\t\tRate: 400\n\t\tBase lid: 7\n"
        "\t\tPort GUID: 0x02aa00000000a001\n\t\tLink layer: InfiniBand\n"
        "CA 'mlx5_1'\n\tNumber of ports: 1\n\tPort 1:\n\t\tState: Down\n\t\tRate: 10\n\t\tLink layer: Ethernet\n",
        [{"device": "mlx5_0", "state": "Active", "rate_gbps": "400", "lid": 7, "firmware_version": "28.1.2000"},
         {"device": "mlx5_1", "state": "Down", "link_layer": "Ethernet"}],
    ),
    "ibstatus": (
        "ibstatus",
        "Infiniband device 'mlx5_0' port 1 status:\n\tdefault gid:\t fe80::1\n\tbase lid:\t 0x1f\n\tsm lid:\t\t 0x1\n"
        "\tstate:\t\t 4: ACTIVE\n\tphys state:\t 5: LinkUp\n\trate:\t\t 800 Gb/sec (4X XDR)\n"
        "\tlink_layer:\t InfiniBand\n",
        [{"device": "mlx5_0", "lid": 31, "state": "ACTIVE", "rate_gbps": "800", "width": 4, "speed": "XDR"}],
    ),
    "iblinkinfo by node": (
        "iblinkinfo",
        "Switch: 0x02bb00000000b001 MF0;leaf1:MQM9700/U1:\n"
        f'           2    1[  ] {LINK}       7    1[  ] "gpu1 mlx5_0" ( )\n'
        '           2    2[  ] ==(                Down/ Polling)==>             [  ] "" ( )\n'
        '           2    3[  ] ==( 2X        106.25 Gbps Active/  LinkUp)==>       8    1[  ] "gpu2 mlx5_0" '
        "(Could be 4X)\n",
        [{"node": "MF0;leaf1:MQM9700/U1", "port": 1, "width": 4, "lane_gbps": "106.25", "remote": "gpu1 mlx5_0"},
         {"port": 2, "state": "Down", "physical_state": "Polling", "remote": None, "width": None},
         {"port": 3, "width": 2, "hint": "Could be 4X"}],
    ),
    "iblinkinfo by line": (
        "iblinkinfo -l",
        f'0x02bb00000000b001 "         MF0;leaf1:MQM9700/U1"      2    1[  ] {LINK}  0x02aa00000000a001 '
        '     7    1[  ] "gpu1 mlx5_0" ( )\n',
        [{"node": "MF0;leaf1:MQM9700/U1", "port_guid": "0x02bb00000000b001", "remote_guid": "0x02aa00000000a001"}],
    ),
    "what mst reaches": (
        "mst status -v",
        "MST modules:\n------------\n    MST PCI module is not loaded\n    MST PCI configuration module loaded\n"
        "PCI devices:\n------------\n"
        "DEVICE_TYPE             MST                           PCI       RDMA            NET                  NUMA\n"
        "ConnectX7(rev:0)        /dev/mst/mt4129_pciconf0      18:00.0   mlx5_0          net-eth0             1\n",
        [{"type": "ConnectX7", "mst": "/dev/mst/mt4129_pciconf0", "pci": "18:00.0", "rdma": "mlx5_0", "numa": 1,
          "interfaces": ["eth0"]}],
    ),
    "the summary of ibdiagnet": (
        "cat /var/tmp/ibdiagnet2/ibdiagnet2.log",
        "Summary\n-I- Stage                     Warnings   Errors     Comment\n"
        "-I- Discovery                 3          0\n-E- Links Check               0          2\n",
        [{"kind": "stage", "stage": "Discovery", "warnings": 3, "errors": 0}, {"stage": "Links Check", "errors": 2}],
    ),
    "the database of ibdiagnet": (
        "cat /var/tmp/ibdiagnet2/ibdiagnet2.db_csv",
        'START_NODES\nNodeDesc,NumPorts,NodeGUID\n"MF0;leaf, 1:MQM9700/U1",65,0x2\nEND_NODES\n\n'
        "START_PM_INFO\nNodeGUID,PortNumber,LinkDownedCounterExt,PortXmitWaitExt\n0x2,1,4,0xfffffffffffffffe\n"
        "END_PM_INFO\n",
        [{"section": "NODES", "node_guid": "0x2",
          "values": {"node_desc": "MF0;leaf, 1:MQM9700/U1", "num_ports": 65, "node_guid": "0x2"}},
         {"section": "PM_INFO", "port": 1,
          "values": {"node_guid": "0x2", "port_number": 1, "link_downed_counter_ext": 4, "port_xmit_wait_ext": None}}],
    ),
    "the links of ibdiagnet": (
        "cat ibdiagnet2.net_dump",
        f'"MF0;leaf1:MQM9700/U1", Mellanox, 0x1, LID 10\n{DUMP_HEAD}\n'
        'sw1p1 : 1 : ACT : LINK_UP : 5 : 4x : 200 : RS : NO-RTR : 0x2 : 1 : 20 : "gpu1 mlx5_0"\n',
        [{"node": "MF0;leaf1:MQM9700/U1", "port_label": "sw1p1", "port": 1, "state": "ACT", "width": 4, "fec": "RS",
          "remote": "gpu1 mlx5_0"}],
    ),
    "the counters of ibdiagnet": (
        "cat ibdiagnet2.pm",
        "-----\nPort=1 Lid=0x000a GUID=0x0000000000000001 Device=54002 Port Name=leaf1/U1/P1\n-----\n"
        "link_down_counter=3\nport_xmit_wait=0xffffffffffffffff\n",
        [{"port": 1, "lid": 10, "counters": {"link_down_counter": 3, "port_xmit_wait": None}}],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("command", "text", "expected"), CASES.values(), ids=CASES)
def test_an_answer_is_what_it_says(command: str, text: str, expected: Sequence[Mapping[str, Any]]) -> None:
    check("nvidia", command, text, expected)


@pytest.mark.parametrize(("command", "text", "expected"), CASES.values(), ids=CASES)
def test_colours_and_line_ends_of_a_terminal_change_nothing(
    command: str, text: str, expected: Sequence[Mapping[str, Any]]
) -> None:
    check("nvidia", command, f"\x1b[1m{text}\x1b[0m".replace("\n", "\r\n"), expected)


def test_a_column_of_ibdiagnet_is_found_by_its_heading() -> None:
    columns = DUMP_HEAD.split(" : ")
    row = ["sw1p1", "1", "ACT", "LINK_UP", "5", "4x", "200", "RS", "NO-RTR", "0x2", "1", "20", '"gpu1 mlx5_0"']
    moved = [columns[1], columns[0], *columns[2:]], [row[1], row[0], *row[2:]]
    text = "\n".join(" : ".join(cells) for cells in moved) + "\n"
    check("nvidia", "cat ibdiagnet2.net_dump", text, [{"port_label": "sw1p1", "port": 1, "lane_speed": "200"}])


def test_a_member_that_nobody_knows_is_kept_apart() -> None:
    said = {**SECTIONS, "Operational Info": {**SECTIONS["Operational Info"], "Colour": "green"}}
    (record,) = parse("nvidia", "mlxlink -d mlx5_0 --json", as_json(said)).records
    assert record["other"] == {"Operational Info": {"Colour": "green"}}


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: str(entry.name))
@pytest.mark.parametrize(
    "text",
    [
        "",
        "sh: 1: tool: not found\n",
        "-E- Failed to open device\n",
        "{",
        "[1]\n",
        "ibpanic: [9] main: stat of IB device\n",
    ],
    ids=["nothing", "no such tool", "an error of the tool", "JSON cut off", "a list", "no such device"],
)
def test_what_is_no_answer_is_refused(entry: Any, text: str) -> None:
    with pytest.raises(InputError):
        parse("nvidia", entry.name, text)


def test_the_tools_own_word_is_the_reason() -> None:
    with pytest.raises(InputError, match="Failed to open device"):
        parse("nvidia", "mlxlink -d mlx5_9", "-E- Failed to open device: mlx5_9\n")


@pytest.mark.parametrize(("command", "text"), [(c, t) for c, t, _ in CASES.values()], ids=CASES)
def test_an_answer_that_is_cut_between_lines_has_no_other_values(command: str, text: str) -> None:
    whole = parse("nvidia", command, text).records
    lines = text.splitlines(keepends=True)
    for count in range(len(lines)):
        try:
            records = parse("nvidia", command, "".join(lines[:count])).records
        except InputError:
            continue
        for record, full in zip(records, whole, strict=False):
            alike = (isinstance(value, list | dict) or full.get(name) == value for name, value in record.items())
            assert all(alike)
