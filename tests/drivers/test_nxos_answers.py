"""What the parsers make of Cisco NX-OS: every recording whole, its variants, and what is not an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.drivers.answers import Parsed, commands, parse, record_schema
from harness.errors import InputError
from tests.recordings import RECORDINGS

NAMES = [command.name for command in commands() if command.nos == "nxos"]


@cache
def index() -> list[dict[str, Any]]:
    path = RECORDINGS / "cli" / "index.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return entries


OWN = [entry for entry in index() if entry["nos"] == "cisco_nxos"]


@cache
def text_of(file: str) -> str:
    return (RECORDINGS / "cli" / file).read_text(encoding="utf-8")


@cache
def validator(command: str) -> Draft202012Validator:
    schema = record_schema("nxos", command)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def walk(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, dict):
        for inner in value.values():
            yield from walk(inner)
    if isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def read(command: str, text: str) -> Parsed:
    """The records of an answer, each of which fits the schema that is published."""
    parsed = parse("nxos", command, text)
    for record in parsed.records:
        assert not list(validator(command).iter_errors(record)), record
        assert not any(isinstance(value, float) for value in walk(record))
        assert 1 <= int(str(record["line"])) <= text.count("\n") + 1
    return parsed


def whole(command: str, text: str) -> tuple[Mapping[str, Any], ...]:
    parsed = read(command, text)
    assert parsed.unparsed == ()
    return parsed.records


def lacks(record: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """What of the expected values a record has otherwise."""
    return {name: record.get(name, "not there") for name in expected if record.get(name, "not there") != expected[name]}


# --- recordings -------------------------------------------------------------------------------------------------------


def test_there_are_recordings(recordings: Path) -> None:
    assert len(OWN) >= 21


@pytest.mark.parametrize("entry", OWN, ids=lambda e: str(e["file"]))
def test_a_recording_parses_without_loss(entry: dict[str, Any]) -> None:
    records = whole(entry["command"], text_of(entry["file"]))
    assert records
    assert not any(record.get("other") for record in records)


COUNTS = {
    "show-interface-transceiver-details/arc-n9k.txt": 93,
    "show-policy-map/arc-n9k.txt": 48,
    "show-running-config-interface/arc-n9k.txt": 86,
    "show-lldp-neighbors-detail/arc-n9k.txt": 52,
    "show-inventory/arc-n9k.txt": 95,
    "show-version/arc-n9k.txt": 2,
    "show-interface/arc-n9k.txt": 85,
    "show-interface-status/ntc-2.txt": 55,
    "show-interface-breakout/ntc.txt": 11,
    "show-module/ntc-2.txt": 36,
    "show-interface-brief/suzieq-spine01.json": 68,
    "show-interface-transceiver/suzieq-9.3.4.json": 54,
}
"""How many records: a recording may hold the command more than once, as text and as JSON."""


@pytest.mark.parametrize("file", COUNTS)
def test_a_recording_has_as_many_records_as_it_has_rows(file: str, recordings: Path) -> None:
    entry = next(one for one in OWN if one["file"] == f"cisco_nxos/{file}")
    assert len(parse("nxos", entry["command"], text_of(entry["file"])).records) == COUNTS[file]


VALUES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "a port that is up",
        "show-interface/arc-n9k.txt",
        {"interface": "Ethernet1/1"},
        {
            "line": 24, "state": "up", "reason": None, "admin": "up", "address": "1111.1111.0002", "mtu": 9216,
            "speed_mbps": 25000, "duplex": "full", "media": "25G", "auto_negotiation": False, "fec_mode": "auto",
            "fec_admin": "auto", "fec_oper": "fc-fec", "input_flow_control": False, "output_flow_control": False,
            "last_link_flapped": "37week(s) 6day(s)", "counters_cleared": "never", "resets": 1, "port_mode": "trunk",
            "description": "Compute NIC1", "burned_in": "1111.1111.0002", "eee": None,
        },
    ),
    (
        "a port without a module",
        "show-interface/arc-n9k.txt",
        {"reason": "XCVR not inserted"},
        {"state": "down", "admin": "down", "speed_mbps": None, "fec_oper": "auto", "last_link_flapped": "never"},
    ),
    ("a VLAN", "show-interface/arc-n9k.txt", {"interface": "Vlan6"}, {"line_protocol": "up", "autostate": "enabled"}),
    (
        "a port channel",
        "show-interface/arc-n9k.txt",
        {"interface": "port-channel50"},
        {"members": ["Eth1/41", "Eth1/42"], "bandwidth_kbit": 50000000, "ip_addresses": ["192.168.100.17/30"]},
    ),
    (
        "a loopback, whose counters have no heading",
        "show-interface/arc-n9k.txt",
        {"interface": "loopback0"},
        {
            "rx": {
                "packets_input": 765551, "bytes": 30839454, "multicast_frames": 0, "compressed": 0, "input_errors": 0,
                "frame": 0, "overrun": 0, "fifo": 0,
            },
        },
    ),
    (
        "a status whose name fills its column",
        "show-interface-status/ntc-2.txt",
        {"interface": "Eth1/53"},
        {"line": 61, "name": "VPC-peer-link !kob", "status": "xcvrAbsen", "vlan": "trunk", "speed_mbps": None},
    ),
    (
        "a copper cable with CMIS",
        "show-interface-transceiver-details/genie-1.txt",
        {"interface": "Ethernet1/1"},
        {
            "present": True, "type": "QSFP-DD-400G-COPPER", "vendor": "CISCO-LEONI", "part_number": "L45593-K218-C20",
            "revision": "00", "serial_number": "LCC2411GG1W-A", "nominal_bitrate_mbps": 425000, "cisco_id": 24,
            "nominal_bitrate_per_channel": True, "vendor_oui": "a8b0ae", "date_code": "20031400", "power_class": 1,
            "power_class_w": "1.5", "max_power_w": "1.50", "near_end_lanes": None, "cable_length_m": "2.0",
            "cmis_version": "4", "dom": "not supported", "host_interface": "Undefined",
        },
    ),
    (
        "an optic of 400G without monitors",
        "show-interface-transceiver/ntc-400g.txt",
        {"interface": "Ethernet1/35"},
        {
            "length_smf_m": "2000", "wavelength_nm": "1301.00", "host_lane_count": 8, "media_lane_count": 4,
            "vendor_oui": "0x447c7f", "firmware": "234.6", "max_power_w": "12.00", "media_interface": "400G-FR4",
            "host_interface": "400GAUI-8 C2M (Annex 120E)", "media_technology": "1310 nm EML",
        },
    ),
    (
        "an empty cage",
        "show-interface-transceiver/suzieq-9.3.4.json",
        {"interface": "Ethernet1/54"},
        {"line": 357, "present": False},
    ),
    (
        "a module as JSON, its reach in kilometres",
        "show-interface-transceiver/suzieq-9.3.4.json",
        {"interface": "Ethernet1/3"},
        {"type": "10Gbase-LR", "length_smf_m": "10000", "nominal_bitrate_mbps": 10300, "cisco_id": 3},
    ),
    (
        "a cage broken out in four",
        "show-interface-breakout/ntc.txt",
        {"interface": "Eth1/11"},
        {
            "line": 10, "map": "10g-4x", "speed_mbps": 10000, "count": 4,
            "children": ["Eth1/11/1", "Eth1/11/2", "Eth1/11/3", "Eth1/11/4"],
        },
    ),
    (
        "capabilities of a fixed port",
        "show-interface-capabilities/ntc-n56.txt",
        {"interface": "Ethernet101/1/23"},
        {"pluggable": False, "type": "1G/10G", "speeds": ["100", "1000", "10000", "auto"], "fabric_path": False},
    ),
    (
        "a chassis in quotes",
        "show-inventory/ntc-93180.txt",
        {"name": "Chassis"},
        {"product_id": "N9K-C93180YC-EX", "version_id": "V03", "serial_number": "FDO223607FK"},
    ),
    (
        "a module without a product id",
        "show-inventory/ntc-93180.txt",
        {"name": "Ethernet1/5"},
        {"description": "FiberStore", "product_id": None, "version_id": "SFP-10GSR-85", "serial_number": "G1804088866"},
    ),
    (
        "a fan without a serial number",
        "show-inventory/arc-n9k.txt",
        {"name": "Fan 1"},
        {"product_id": "NXA-FAN-30CFM-F", "serial_number": None},
    ),
    (
        "a version as text",
        "show-version/arc-n9k.txt",
        {"line": 2},
        {
            "nxos_version": "10.6(1)", "release_type": "Feature Release", "chassis": "Nexus9000 C9336C-FX2 Chassis",
            "serial_number": "FLM27210AP2", "hostname": "rr1-n42-r07-9336hl-13-1a", "memory_kb": 24538812,
            "plugins": ["Core Plugin", "Ethernet Plugin"], "packages": [],
        },
    ),
    (
        "the same as JSON, with lines that a terminal broke",
        "show-version/arc-n9k.txt",
        {"line": 51},
        {"nxos_version": "10.6(1)", "chassis": "Nexus9000 C9336C-FX2 Chassis", "uptime_days": 2, "packages": []},
    ),
    (
        "a version of a virtual switch, blanks and all",
        "show-version/suzieq-9.3.4.json",
        {"line": 1},
        {"nxos_version": "9.3(4)", "bios_version": None, "chassis": "Nexus9000 C9300v Chassis", "memory_kb": 6096816},
    ),
    (
        "a line card",
        "show-module/ntc-2.txt",
        {"module": 1, "table": "module"},
        {"ports": 32, "type": "32x100G Ethernet Module", "model": "N9K-X9732C-EX", "status": "ok"},
    ),
    (
        "an address that a fabric card has not",
        "show-module/ntc-2.txt",
        {"module": 22, "table": "mac"},
        {"mac_addresses": None, "serial_number": "FOC21070SAF"},
    ),
    (
        "a NIC that advertises no name",
        "show-lldp-neighbors-detail/arc-n9k.txt",
        {"interface": "Eth1/1"},
        {
            "line": 7, "chassis_id": "1111.2222.3301", "port_id": "1111.2222.3301", "system_name": None, "vlan": None,
            "port_description": "ConnectX-4 Lx, 25G/10G/1G SFP", "management_address": None, "aggregation_id": 0,
        },
    ),
    (
        "a neighbour with a list of VLANs that a terminal broke",
        "show-lldp-neighbors-detail/arc-n9k.txt",
        {"interface": "Eth1/51"},
        {"port_id": "Ethernet1/51", "vlan": 99, "max_frame_bytes": 1500, "aggregation": "enabled"},
    ),
    (
        "a neighbour as JSON on lines that a terminal broke",
        "show-lldp-neighbors-detail/arc-n9k.txt",
        {"line": 875, "interface": "Eth1/33"},
        {"management_address_ipv6_type": "Address not advertised", "management_address_ipv6": None, "vlan": None},
    ),
    (
        "a neighbour in short",
        "show-lldp-neighbors/suzieq-leaf04.json",
        {"interface": "Eth1/6"},
        {"chassis_id": "leaf03", "port_id": "Ethernet1/6", "hold_time_s": 120, "management_address": "10.255.2.190"},
    ),
    (
        "an interface in short",
        "show-interface-brief/suzieq-spine01.json",
        {"interface": "Ethernet1/7"},
        {"state": "down", "reason": "Link not connected", "speed_mbps": None, "rate_mode": "D", "vlan": "1"},
    ),
    (
        "a class that marks",
        "show-policy-map/arc-n9k.txt",
        {"policy": "QOS_EGRESS_PORT", "class": "c-out-8q-q3"},
        {
            "type": "queuing", "bandwidth_remaining_percent": 50,
            "random_detect": {
                "minimum": 300, "minimum_unit": "kbytes", "maximum": 300, "maximum_unit": "kbytes",
                "drop_probability": 100, "weight": 0, "ecn": True,
            },
        },
    ),
    (
        "a class that pauses",
        "show-policy-map/arc-n9k.txt",
        {"policy": "QOS_NETWORK", "class": "c-8q-nq3"},
        {"type": "network-qos", "match_qos_group": 3, "pause_cos": [3], "mtu": 9216},
    ),
    (
        "the configuration of a port with PFC",
        "show-running-config-interface/arc-n9k.txt",
        {"name": "Ethernet1/17"},
        {
            "section": "interface", "description": "Storage NIC1", "mtu": 9216, "shutdown": False, "pfc_mode": "on",
            "pfc_send_tlv": True,
            "service_policies": [{"type": "qos", "direction": "input", "policy": "AZS_SERVICES"}],
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("file", "of", "expected"), [case[1:] for case in VALUES], ids=[case[0] for case in VALUES])
def test_a_recording_says(file: str, of: dict[str, Any], expected: dict[str, Any], recordings: Path) -> None:
    entry = next(one for one in OWN if one["file"] == f"cisco_nxos/{file}")
    records = parse("nxos", entry["command"], text_of(entry["file"])).records
    found = next(record for record in records if not lacks(record, of))
    assert lacks(found, expected) == {}


def test_the_monitors_of_a_lane_keep_their_thresholds_flags_and_lines(recordings: Path) -> None:
    text = text_of("cisco_nxos/show-interface-transceiver-details/genie-3.txt")
    records = parse("nxos", "show interface transceiver details", text).records
    dr4 = next(record for record in records if record["interface"] == "Ethernet1/47")
    lanes = dr4["lanes"]
    assert isinstance(lanes, list)
    first: Any = lanes[0]
    assert [lane["lane"] for lane in lanes if isinstance(lane, dict)] == [1, 2, 3, 4]
    assert first["tx_power_dbm"]["value"] is None
    assert (
        lacks(
            first["temperature_c"],
            {
                "value": "22.99",
                "high_alarm": "80.00",
                "low_alarm": "-5.00",
                "high_warning": "75.00",
                "low_warning": "0.00",
            },
        )
        == {}
    )
    psm4: Any = next(record for record in records if record["interface"] == "Ethernet1/50")["lanes"]
    assert psm4[0]["rx_power_dbm"] == {
        "line": 197, "value": "-13.97", "flag": "low_warning", "high_alarm": "4.99", "low_alarm": "-16.77",
        "high_warning": "1.99", "low_warning": "-12.67",
    }  # fmt: skip


def test_the_common_lane_of_a_cfp_is_told_apart(recordings: Path) -> None:
    text = text_of("cisco_nxos/show-interface-transceiver-details/ntc.txt")
    lanes: Any = parse("nxos", "show interface transceiver details", text).records[3]["lanes"]
    assert [lane["kind"] for lane in lanes] == ["Common Diagnostic Information", "Network Lane", "Network Lane"]
    assert "tx_power_dbm" not in lanes[0]
    assert lanes[1]["rx_power_dbm"]["value"] == "-1.77"


def test_a_dark_lane_of_the_json_keeps_its_flag(recordings: Path) -> None:
    text = text_of("cisco_nxos/show-interface-transceiver-details/arc-n9k.txt")
    records = parse("nxos", "show interface transceiver details", text).records
    lanes: Any = next(record for record in records if record["interface"] == "Ethernet1/36/3")["lanes"]
    assert (lanes[0]["rx_power_dbm"]["value"], lanes[0]["rx_power_dbm"]["flag"]) == ("-40.00", "low_alarm")


def test_a_list_of_vlans_is_joined_where_the_terminal_broke_it(recordings: Path) -> None:
    text = text_of("cisco_nxos/show-lldp-neighbors-detail/arc-n9k.txt")
    records = parse("nxos", "show lldp neighbors detail", text).records
    names = next(record for record in records if record["interface"] == "Eth1/49")["vlan_names"]
    assert isinstance(names, str)
    assert "501: L3_Forwarding_1, " in names
    assert "508: L3_Forwarding_8, " in names
    assert names.endswith("516: L3_Forwarding_16")


@pytest.mark.parametrize("entry", [e for e in OWN if not e["file"].endswith("json")], ids=lambda e: str(e["file"]))
def test_a_line_of_the_switchs_log_is_reported_with_its_number(entry: dict[str, Any]) -> None:
    lines = text_of(entry["file"]).rstrip("\n").split("\n")
    for at in range(3, len(lines) + 1, max(1, len(lines) // 4)):
        strange = [*lines[:at], "2026 Mar  3 11:56:19 leaf %ETHPORT-5-IF_UP: Interface Ethernet1/9 is up", *lines[at:]]
        try:
            parsed = parse("nxos", entry["command"], "\n".join(strange))
        except InputError:
            continue
        assert at + 1 in [one.line for one in parsed.unparsed]


@pytest.mark.parametrize("name", NAMES)
def test_answers_of_other_commands_and_systems_are_refused(name: str, recordings: Path) -> None:
    own = {command.name for command in commands() if command.nos == "nxos" and name in (command.name, *command.same)}
    seen: dict[str, int] = {}
    for entry in index():
        seen[entry["nos"]] = seen.get(entry["nos"], 0) + 1
        if entry["nos"] != "cisco_nxos" and seen[entry["nos"]] % 5 != 1:
            continue
        asked = entry["command"].partition(" |")[0].removesuffix(" all")
        if entry["nos"] == "cisco_nxos" and (asked in own or ("transceiver" in asked and "transceiver" in name)):
            continue
        with pytest.raises(InputError):
            parse("nxos", name, text_of(entry["file"])[:5000])


# --- variants ---------------------------------------------------------------------------------------------------------

RULE = "-" * 80
STATUS = f"""\
{RULE}
Port          Name               Status    Vlan      Duplex  Speed   Type
{RULE}
Eth1/1        spine one          connected routed    full    a-400G  OSFP-800G-2xDR4
Eth1/2/1      exactly-18-letters xcvrInval 1         auto    auto    --
Ethernet101/1/10 --              notconnec 1         auto    auto    --
"""
MOVED = f"""\
{RULE}
Port          Status    Speed   Type              Vlan      Duplex  Name
{RULE}
Eth1/1        connected a-400G  OSFP-800G-2xDR4   routed    full    spine one
"""
LANE = """\
Ethernet1/1
    transceiver is present
    cisco id is 0x19

Lane Number : 1 Network Lane
    ----------------------------------------------------------------------------
{head}
    ----------------------------------------------------------------------------
{row}
    ----------------------------------------------------------------------------
"""
USUAL = """\
                Current              Alarms                  Warnings
                Measurement     High        Low         High          Low"""
TURNED = """\
                Current              Warnings                Alarms
                Measurement     Low         High        Low           High"""
BARE = """\
                                   Alarms                  Warnings
                              High        Low         High          Low"""
BROKEN = """\
                Current              Alarms                  Warnings
                Measurement     High        Low         Least         Low"""


def lane(head: str, row: str) -> Any:
    return whole("show interface transceiver details", LANE.format(head=head, row=row))[0]["lanes"]


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        (
            USUAL,
            "    Rx Power     -31.00 dBm --    4.00 dBm   -9.00 dBm    3.00 dBm     -6.00 dBm",
            {
                "value": "-31.00",
                "flag": "low_alarm",
                "high_alarm": "4.00",
                "low_alarm": "-9.00",
                "low_warning": "-6.00",
            },
        ),
        (
            TURNED,
            "    Rx Power      -1.00 dBm      -6.00 dBm    3.00 dBm   -9.00 dBm      4.00 dBm",
            {"value": "-1.00", "flag": None, "high_alarm": "4.00", "low_alarm": "-9.00", "low_warning": "-6.00"},
        ),
        (
            BARE,
            "Rx Power      -2.5 dBm      4.0 dBm    -9 dBm     3.000 dBm     -6.00 dBm",
            {"value": "-2.5", "high_alarm": "4.0", "low_alarm": "-9", "high_warning": "3.000", "low_warning": "-6.00"},
        ),
        (USUAL, "    Rx Power          N/A         N/A         N/A          N/A           N/A", {"value": None}),
    ],
    ids=["as recorded", "columns that moved", "without the word Measurement", "nothing measured"],
)
def test_a_monitor_is_read_by_the_head_of_its_table(head: str, row: str, expected: dict[str, Any]) -> None:
    assert lacks(lane(head, row)[0]["rx_power_dbm"], expected) == {}


def test_a_table_whose_head_is_not_understood_gives_no_monitor() -> None:
    row = "    Rx Power      -1.00 dBm       4.00 dBm   -9.00 dBm    3.00 dBm     -6.00 dBm"
    parsed = read("show interface transceiver details", LANE.format(head=BROKEN, row=row))
    assert [one.line for one in parsed.unparsed] == [8, 10]
    assert "rx_power_dbm" not in json.dumps(parsed.records)


def test_observables_of_vdm_are_kept_by_name_and_unit() -> None:
    rows = (
        "    Tx Power       1.00 dBm       4.00 dBm   -9.00 dBm    3.00 dBm     -6.00 dBm\n"
        "    eSNR Media Input  21.50 dB     not valid   15.00 dB     not valid     16.00 dB\n"
        "    Pre-FEC BER Current Media Input  1.5e-09"
    )
    found = lane(USUAL, rows)[0]["observables"]
    assert lacks(found["esnr_media_input_db"], {"value": "21.50", "high_alarm": None, "low_alarm": "15.00"}) == {}
    assert found["pre_fec_ber_current_media_input"]["value"] == "1.5e-09"


VARIANTS: list[tuple[str, str, str, list[dict[str, Any]]]] = [
    (
        "a status with long names, and a speed that was negotiated",
        "show interface status",
        STATUS,
        [
            {"interface": "Eth1/1", "name": "spine one", "speed_mbps": 400000, "negotiated": True},
            {"interface": "Eth1/2/1", "name": "exactly-18-letters", "status": "xcvrInval", "type": None},
            {"interface": "Ethernet101/1/10", "status": "notconnec", "vlan": "1"},
        ],
    ),
    (
        "a status whose columns moved",
        "show interface status",
        MOVED,
        [{"interface": "Eth1/1", "name": "spine one", "speed_mbps": 400000, "vlan": "routed", "duplex": "full"}],
    ),
    ("a status without ports", "show interface status", "\n".join(STATUS.split("\n")[:3]) + "\n", []),
    (
        "ports that were taken down",
        "show interface status err-disabled",
        f"{RULE}\nPort         Name               Status             Reason\n{RULE}\n"
        "Eth1/4       --                 linkFlapErr        linkFlapErrDisabled\n",
        [{"interface": "Eth1/4", "name": None, "status": "linkFlapErr", "reason": "linkFlapErrDisabled"}],
    ),
    (
        "interfaces in short, with numbers to the right of their heading",
        "show interface brief",
        f"{RULE}\nEthernet      VLAN   Type Mode   Status  Reason                   Speed     Port\n"
        f"Interface                                                                   Ch #\n{RULE}\n"
        "Eth1/1        --     eth  routed up      none                     a-400G(D) --\n"
        "Eth1/2        1      eth  access down    Administratively down      auto(D) 12\n\n"
        f"{RULE}\nPort   VRF          Status IP Address                              Speed    MTU\n{RULE}\n"
        "mgmt0  --           up     192.0.2.9                               1000     1500\n",
        [
            {"interface": "Eth1/1", "speed_mbps": 400000, "rate_mode": "D", "reason": None, "channel": None},
            {"interface": "Eth1/2", "speed_mbps": None, "reason": "Administratively down", "channel": "12"},
            {"interface": "mgmt0", "vrf": None, "ip_address": "192.0.2.9", "mtu": 1500},
        ],
    ),
    (
        "FEC, with a module type that is missing",
        "show interface fec",
        f"{RULE}\nName          Ifindex     Admin-fec  Oper-fec   Status      Speed   Type\n{RULE}\n"
        "Eth1/1        0x1a000000  Rs-fec     Rs-fec     connected   400G    OSFP 800G DR8\n"
        "Eth1/2        0x1a000200  auto       auto       notconneced auto\n",
        [
            {"interface": "Eth1/1", "fec_admin": "rs-fec", "fec_oper": "rs-fec", "speed_mbps": 400000},
            {"interface": "Eth1/2", "fec_oper": "auto", "speed_mbps": None, "type": None},
        ],
    ),
    (
        "link-level pause",
        "show interface flowcontrol",
        f"{RULE}\nPort         Send FlowControl  Receive FlowControl  RxPause TxPause\n"
        f"             admin    oper     admin    oper\n{RULE}\n"
        "Eth1/1       off      off      on       off         3       4\n",
        [{"interface": "Eth1/1", "send_admin": "off", "receive_admin": "on", "rx_pause": 3, "tx_pause": 4}],
    ),
    (
        "PFC, whose bitmap is hexadecimal",
        "show interface priority-flow-control",
        "=====\nPort               Mode Oper(VL bmap)  RxPPP      TxPPP\n=====\n\n"
        "Ethernet1/1        Auto Off           7          0\n"
        "Ethernet1/2        On   On  (18)      11         12\n",
        [
            {"interface": "Ethernet1/1", "oper": False, "priorities": [], "rx_frames": 7},
            {"interface": "Ethernet1/2", "oper": True, "priorities": [3, 4], "rx_frames": 11, "tx_frames": 12},
        ],
    ),
    (
        "PFC in full",
        "show interface priority-flow-control detail",
        "Ethernet1/5\n    Admin Mode: On\n    Oper Mode: On\n    VL bitmap: (20)\n    Total Rx PFC Frames: 3\n"
        "    Total Tx PFC Frames: 150\n    -------\n        |  Priority0  |  Priority5  |\n    -------\n"
        "    Rx  |1            |2\n    -------\n    Tx  |0            |150\n",
        [{"interface": "Ethernet1/5", "priorities": [5], "rx": {"0": 1, "5": 2}, "tx": {"0": 0, "5": 150}}],
    ),
    (
        "the PFC watchdog",
        "show queuing pfc-queue detail",
        "slot  1\n=======\nEthernet1/5 Interface PFC watchdog: [Enabled]\nDisable-action                     : No\n"
        "PFC watch-dog interface-multiplier : 0\n+---------+\n"
        "| QOS GROUP 3 [Shutdown] PFC [YES] PFC-COS [3]\n+---------+\n"
        "|                               |  Stats             |\n+---------+\n"
        "|                       Shutdown|                   2|\n"
        "|   Total pkts drained + dropped|                   5|\n+---+\n",
        [
            {
                "interface": "Ethernet1/5", "enabled": True, "disable_action": False,
                "groups": [
                    {
                        "line": 7, "qos_group": 3, "state": "shutdown", "pfc": True, "cos": 3,
                        "counters": {"shutdown": 2, "total_pkts_drained_and_dropped": 5},
                    }
                ],
            }
        ],
    ),
    (
        "what classes match",
        "show class-map",
        "  Type qos class-maps\n  ====================\n    class-map type qos match-any RDMA\n"
        "      match dscp 24-26,af41\n"
        "  Type queuing class-maps\n    class-map type queuing match-any c-out-8q-q3\n"
        "      Description: Classifier for Egress queue 3\n      match qos-group 3\n",
        [
            {"type": "qos", "class": "RDMA", "match_dscp": [24, 25, 26, 34]},
            {"type": "queuing", "class": "c-out-8q-q3", "match_qos_group": 3},
        ],
    ),
    (
        "the system's own policies",
        "show running-config ipqos",
        "!Command: show running-config ipqos\nversion 10.5(3) Bios:version 01.08\nclass-map type qos match-any RDMA\n"
        "  match dscp 26\npolicy-map type network-qos NQ\n  class type network-qos c-8q-nq3\n    pause pfc-cos 3\n"
        "system qos\n  service-policy type network-qos NQ\n",
        [
            {"section": "class-map", "match_dscp": [26]},
            {"section": "policy-map", "classes": [{"line": 6, "class": "c-8q-nq3", "pause_cos": [3]}]},
            {
                "section": "system qos", "name": None,
                "service_policies": [{"type": "network-qos", "direction": None, "policy": "NQ"}],
            },
        ],
    ),
    (
        "policies of a port, with counters",
        "show policy-map interface",
        "Global statistics status :   enabled\n\nEthernet1/1\n\n  Service-policy (queuing) output:   OUT\n"
        "    SNMP Policy Index:  301991214\n\n    Class-map (queuing):   c-out-8q-q7 (match-any)\n"
        "      priority level 1\n"
        "      queue dropped pkts : 4 \n      queue depth in bytes : 0 \n",
        [
            {"interface": "Ethernet1/1", "policy": "OUT", "class": None},
            {"class": "c-out-8q-q7", "priority_level": 1, "dropped_packets": 4},
        ],
    ),
    (
        "neighbours in short, one with a name too long for its column",
        "show lldp neighbors",
        "Capability codes:\n  (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device\n"
        "  (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other\n"
        "Device ID            Local Intf      Hold-time  Capability  Port ID  \n"
        "a-switch.with.a.long.name\n                     Eth1/3          120        BR          Ethernet1/9\n"
        "host one             Eth1/4          120                    0250.4600.0001\nTotal entries displayed: 2\n",
        [
            {"device_id": "a-switch.with.a.long.name", "interface": "Eth1/3", "capability": "BR"},
            {"device_id": "host one", "capability": None, "port_id": "0250.4600.0001"},
        ],
    ),
    (
        "no neighbours as JSON",
        "show lldp neighbors detail | json",
        '{"neigh_hdr": "neigh_hdr", "neigh_count": "0"}',
        [],
    ),
    (
        "one row of JSON is an object",
        "show interface | json",
        '{"TABLE_interface": {"ROW_interface": {"interface": "Ethernet1/1", "state": "up", "admin_state": "up",'
        ' "eth_mtu": "9216", "eth_speed": "400 Gb/s", "eth_oper_fec_state": "Rs-fec", "eth_inpause": "5"}}}',
        [{"interface": "Ethernet1/1", "mtu": 9216, "speed_mbps": 400000, "fec_oper": "rs-fec", "rx": {"rx_pause": 5}}],
    ),
    (
        "an environment of an older chassis",
        "show environment",
        "Power Supply:\nVoltage: 50 Volts\nPower                              Actual        Total\n"
        "Supply    Model                    Output     Capacity    Status\n"
        "                                 (Watts )     (Watts )\n-------  ----  ----  ----  ----\n"
        "1        N7K-AC-3KW                 407 W       3000 W     Ok\n"
        "2        ------------                 0 W          0 W     Absent\n\n"
        "Fan:\n-----\nFan             Model                Hw         Status\n-----\n"
        "Fan1(sys_fan1)  N7K-C7004-FAN        1.0        Ok\nFan Zone Speed: Zone 1: 0x7f\n\n"
        "Temperature:\n-----\nModule   Sensor        MajorThresh   MinorThres   CurTemp     Status\n"
        "                       (Celsius)     (Celsius)    (Celsius)\n-----\n"
        "1        Inlet  (s1)     60              42          25         Ok\n",
        [
            {"kind": "voltage", "volts": 50},
            {"kind": "supply", "output_w": "407", "capacity_w": "3000", "status": "Ok"},
            {"kind": "supply", "model": None, "status": "Absent"},
            {"kind": "fan", "model": "N7K-C7004-FAN", "direction": None, "status": "Ok"},
            {"kind": "fan zones", "zones": {"1": 127}},
            {"kind": "sensor", "name": "Inlet  (s1)", "temperature_c": "25", "major_c": "60", "minor_c": "42"},
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "text", "expected"), [case[1:] for case in VARIANTS], ids=[case[0] for case in VARIANTS]
)
def test_a_variant_is_read_whole(command: str, text: str, expected: list[dict[str, Any]]) -> None:
    records = whole(command, text)
    assert [lacks(record, one) for record, one in zip(records, expected, strict=True)] == [{}] * len(expected)


def test_queues_have_their_scheduling_counters_and_pause_thresholds() -> None:
    text = (
        "slot  1\n=======\n\nEgress Queuing for Ethernet1/1 [System]\n-----\n"
        "QoS-Group# Bandwidth% PrioLevel                Shape                   QLimit\n"
        "                                   Min          Max        Units   \n-----\n"
        "      7             -         1           -            -     -            9(D)\n"
        "      3            50         -           -            -     -            9(D)\n"
        "+-----+\n|                              QOS GROUP 3                    |\n+-----+\n"
        "|                           |  Unicast       |Multicast       |\n+-----+\n"
        "|                   Tx Pkts |             202|               1|\n"
        "| WRED/AFD & Tail Drop Pkts |               4|               0|\n+-----+\n"
        "Ingress Queuing for Ethernet1/1\n-----\nQoS-Group#                 Pause\n"
        "           Buff Size       Pause Th      Resume Th\n-----\n"
        "      7              -            -            -\n      3         348608        77376        75712\n"
        "PFC Statistics\n-----\nTxPPP:                  150,   RxPPP:                    7\n-----\n"
        "COS QOS Group        PG   TxPause   TxCount         RxPause         RxCount\n"
        "   0         -         -  Inactive         0        Inactive               0\n"
        "   3         3         3  Active         150        Inactive               7\n"
    )
    record = whole("show queuing interface", text)[0]
    assert [row["priority_level"] for row in record["queues"]] == [1, None]
    assert record["ingress_buffers"][1] == {
        "line": 25, "qos_group": 3, "pause_buffer_bytes": 348608, "pause_threshold_bytes": 77376,
        "resume_threshold_bytes": 75712,
    }  # fmt: skip
    assert record["ingress_buffers"][0]["pause_threshold_bytes"] is None
    assert record["counters"][0]["unicast"] == {"tx_pkts": 202, "wred_afd_tail_drop_pkts": 4}
    assert lacks(record["pfc"][1], {"cos": 3, "pg": 3, "tx_pausing": True, "tx_frames": 150, "rx_paused": False}) == {}
    assert (record["pfc_tx_frames"], record["pfc_rx_frames"]) == (150, 7)


def test_rates_are_exact_and_rounded_ones_are_marked() -> None:
    text = (
        "Ethernet1/1 is up\nadmin state is up, Dedicated Interface\n  MTU 9216 bytes, BW 400000000 Kbit , DLY 10 usec\n"
        "  Load-Interval #1: 30 seconds\n    30 seconds input rate 544 bits/sec, 2 packets/sec\n"
        "    input rate 544 bps, 2 pps; output rate 14.87 Kbps, 16 pps\n"
        "  Load-Interval #2: 5 minute (300 seconds)\n    input rate 36.01 Mbps, 9.23 Kpps; output rate 1 bps, 0 pps\n"
    )
    rates = whole("show interface", text)[0]["rates"]
    assert [(rate["seconds"], rate["bits_per_second"], rate["rounded"]) for rate in rates] == [
        (30, "544", False),
        (300, "36010000", True),
        (300, "1", True),
    ]


# --- what a terminal adds, and what is no answer ----------------------------------------------------------------------

PFC = "Port               Mode Oper(VL bmap)  RxPPP      TxPPP\n"
BREAKOUT = f"{RULE}\nParent                     Breakout Map    Breakout Ports\n{RULE}\nEth1/9   400g-2x   Eth1/9/1-2\n"


@pytest.mark.parametrize(
    "text",
    [
        BREAKOUT.replace("\n", "\r\n"),
        f"leaf-1# show interface breakout\n\n{BREAKOUT}leaf-1# ",
        f"\x1b[32m{BREAKOUT}\x1b[0m",
        BREAKOUT.replace("Eth1/9 ", " --More--\r        \rEth1/9 "),
        "\n".join(BREAKOUT.split("\n")[:3]) + "\n" + BREAKOUT,
    ],
    ids=["CRLF", "echo and prompt", "colours", "a pager", "a head that is there twice"],
)
def test_what_a_terminal_adds_changes_nothing(text: str) -> None:
    record = whole("show interface breakout", text)[0]
    assert lacks(record, {"interface": "Eth1/9", "count": 2, "children": ["Eth1/9/1", "Eth1/9/2"]}) == {}


NO_ANSWERS = (
    "", "\n", "% Invalid input detected at '^' marker.\n", "           ^\n% Invalid command at '^' marker.\n",
    "% Permission denied for the role\n", "Command authorization failed\n", '{"TABLE_interface": ', "[]", "{}", "NaN",
    '{"code": "400", "msg": "Input CLI command error"}', "Syntax error while parsing 'show'\n",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_answer_is_refused(name: str) -> None:
    for text in NO_ANSWERS:
        with pytest.raises(InputError):
            parse("nxos", name, text)


def test_a_renamed_column_is_reported_and_the_rest_is_read() -> None:
    parsed = read("show interface status", STATUS.replace("  Type", "  Gadget"))
    assert [one.line for one in parsed.unparsed] == [2]
    assert [record["speed_mbps"] for record in parsed.records] == [400000, None, None]


@pytest.mark.parametrize(
    ("command", "line", "text"),
    [
        ("show interface status", 4, STATUS.replace("a-400G ", "fast   ")),
        ("show interface breakout", 4, BREAKOUT.replace("400g-2x", "in pieces")),
        (
            "show interface priority-flow-control",
            2,
            PFC + "Ethernet1/1        Auto On  (1FF)     0          0\n",
        ),
        (
            "show interface priority-flow-control",
            2,
            PFC + "Ethernet1/1        Auto Maybe         0          0\n",
        ),
    ],
    ids=["a speed that is a word", "a map that is none", "a bitmap with a ninth priority", "neither on nor off"],
)
def test_a_row_that_does_not_fit_gives_no_record(command: str, line: int, text: str) -> None:
    parsed = read(command, text)
    assert line in [one.line for one in parsed.unparsed]
    assert line not in [record["line"] for record in parsed.records]


def test_the_end_of_a_cut_answer_is_reported_and_never_read_as_a_value() -> None:
    text = (
        "Ethernet1/1 is up\nadmin state is up, Dedicated Interface\n  MTU 9216 bytes, BW 400000000 Kbit , DLY 10 usec\n"
    )
    for more in (
        "  full-duplex, 40",
        "  Last link flapped 37we",
        "    650390832 unicast pack\n    2265",
        "  Hardware:",
    ):
        parsed = read("show interface", text + more)
        assert parsed.unparsed or "hardware" not in parsed.records[0]
        assert not {"speed_mbps", "last_link_flapped"} & set(parsed.records[0])


def test_an_announced_number_of_neighbours_that_is_wrong_is_reported() -> None:
    text = '{"TABLE_nbor_detail": {"ROW_nbor_detail": {"l_port_id": "Eth1/1", "chassis_id": "a"}},\n"neigh_count": 2}'
    assert [one.line for one in read("show lldp neighbors detail | json", text).unparsed] == [2]


def test_members_that_nobody_knows_are_kept_apart() -> None:
    text = '{"TABLE_interface": {"ROW_interface": [{"interface": "Ethernet1/1", "sfp": "present", "hue": "red"}]}}'
    assert whole("show interface transceiver | json", text)[0]["other"] == {"hue": "red"}


FIBRE = """\
fc1/7 is down (SFP not present)
    Port description is to storage
    Hardware is Fibre Channel, SFP is short wave laser
    Port WWN is 20:00:00:00:00:00:00:07
    Admin port mode is auto, trunk mode is on
    snmp link state traps are enabled
    Port vsan is 3
    1 minute input rate 8 bits/sec, 1 bytes/sec, 2 frames/sec
      5 frames input, 60 bytes
        1 discards, 0 errors
      6 frames output, 72 bytes
        0 discards, 2 errors
      3 input OLS, 0 LRR
      4 output OLS, 1 LRR
    last clearing of "show interface" counters never
"""


def test_a_fibre_channel_port_keeps_its_two_sides_apart() -> None:
    (port,) = whole("show interface", FIBRE)
    assert (port["description"], port["vsan"], port["counters_cleared"]) == ("to storage", 3, "never")
    assert port["rx"] == {"frames_input": 5, "bytes": 60, "discards": 1, "errors": 0, "input_ols": 3, "lrr": 0}
    assert port["tx"] == {"frames_output": 6, "bytes": 72, "discards": 0, "errors": 2, "output_ols": 4, "lrr": 1}
    assert [(rate["seconds"], rate["packets_per_second"]) for rate in port["rates"]] == [(60, "2")]


def test_a_rate_is_never_a_counter() -> None:
    text = "mgmt0 is up\n  Rx\n    6 broadcast packets  2 packets/sec\n    1 minute input rate 792 bits/sec\n"
    (port,) = whole("show interface", text)
    assert port["rx"] == {"broadcast_packets": 6}
    told = [(rate["seconds"], rate["bits_per_second"], rate["packets_per_second"]) for rate in port["rates"]]
    assert told == [(None, None, "2"), (60, "792", None)]


def test_lines_below_a_head_that_is_not_known_are_not_of_the_port_before() -> None:
    text = (
        "Ethernet1/1 is up\n  Description: one\n      Ethernet1/2 is down (Link not connected)\n  Description: two\n"
        "Ethernet1/3 is down (a (b (c)))\n  MTU 1500 bytes\n"
    )
    parsed = read("show interface", text)
    assert [(one["interface"], one["description"]) for one in parsed.records] == [
        ("Ethernet1/1", "one"), ("Ethernet1/2", "two"),
    ]  # fmt: skip
    assert [one.line for one in parsed.unparsed] == [5, 6]
    modules = read(
        "show interface transceiver",
        "Ethernet1/1\n    transceiver is present\n    name is A\nEthernet1/2 (spare)\n    serial number is S\n",
    )
    assert [record.get("serial_number") for record in modules.records] == [None]
    assert [one.line for one in modules.unparsed] == [4, 5]


def test_a_module_of_fibre_channel_has_monitors_without_thresholds() -> None:
    text = """\
fc1/8 sfp is present
    Name is MAKER
    Manufacturer's part number is P-1
    FC Transmitter supports short distance link length
    Supported speeds are - Min speed: 2000 Mb/s, Max speed: 8000 Mb/s
    Nominal bit rate is 8500 Mb/s
    Link length supported for 50/125mm fiber is 50 m
    No tx fault, rx loss, no sync exists, diagnostic monitoring type is 0x68
    SFP Diagnostics Information:
        Temperature           :  34.63 C  +
        Current               :   0.00 mA       --
        Optical Rx Power      :  N/A   dBm      --
        Tx Fault count  : 0
"""
    (module,) = whole("show interface transceiver", text)
    assert (module["present"], module["part_number"], module["nominal_bitrate_mbps"]) == (True, "P-1", 8500)
    (lane,) = module["lanes"]
    assert lane["temperature_c"] == {"line": 10, "value": "34.63", "flag": "high_warning"}
    assert lane["current_ma"]["value"] == "0.00"
    assert lane["rx_power_dbm"]["value"] is None
    assert lane["transmit_faults"] == 0


def test_further_lines_of_platforms_are_read() -> None:
    port = whole(
        "show interface capabilities",
        "Ethernet1/1\n  Model: M\n  QOS scheduling: rx-(4q1t),tx-(1p7q1t)\n                  rx-(4q1t),tx-(3p5q1t)\n"
        "  EFP: yes\n  Num Rewrites Allowed: 104\n  Link Up Debounce: yes\n",
    )[0]
    assert port["qos_scheduling"] == "rx-(4q1t),tx-(1p7q1t) rx-(4q1t),tx-(3p5q1t)"
    assert (port["efp"], port["rewrites"], port["link_up_debounce"]) == (True, 104, True)
    cards = whole(
        "show module",
        "Mod  Ports  Module-Type      Model  Status\n---  -----  ---------------  -----  ----------\n"
        "4    0      Supervisor       S-1    powered-dn\n\nMod  Power-Status  Reason\n---  ------------  -----------\n"
        "4    powered-dn    Configured Power down\n",
    )
    assert cards[1] == {
        "line": 7, "module": 4, "status": "powered-dn", "reason": "Configured Power down", "table": "power",
    }  # fmt: skip
    release = whole(
        "show version",
        "Software\n  Power Sequencer Firmware:\n      Module 1: v7.0\n  CXP Microcontroller Firmware:\n"
        "      Module not detected\n  system:    version 7.1(4)\n  kickstart image file is: bootflash:///k.bin\n"
        "Hardware\n  cisco Nexus 1 Chassis\n",
    )[0]
    assert release["firmware"] == [{"part": "Power Sequencer Firmware", "module": "Module 1", "version": "7.0"}]


def test_a_configuration_that_lost_its_blanks_is_read_by_port() -> None:
    text = "interface Ethernet1/1\ndescription one\nmtu 9216\ninterface Ethernet1/2\nshutdown\n"
    one, two = whole("show running-config interface", text)
    assert (one["description"], one["mtu"]) == ("one", 9216)
    assert "description" not in two
