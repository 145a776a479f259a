"""What Junos answers, as records: every recording whole, the same keys from text, XML and JSON, nothing foreign."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.drivers.answers import Parsed, commands, parse, record_schema
from harness.errors import InputError
from tests.recordings import RECORDINGS

FOLDER = RECORDINGS / "cli" / "juniper_junos"


@cache
def index() -> list[dict[str, Any]]:
    path = RECORDINGS / "cli" / "index.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [entry for entry in entries if entry["nos"] == "juniper_junos"]


def recorded(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


@cache
def validator(command: str) -> Draft202012Validator:
    schema = record_schema("junos", command)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def whole(command: str, text: str) -> list[dict[str, Any]]:
    """The records of an answer that is understood to its last line."""
    parsed = parse("junos", command, text)
    assert parsed.unparsed == ()
    for record in parsed.records:
        assert not [error.message for error in validator(command).iter_errors(record)]
    return [dict(record) for record in parsed.records]


def walk(value: object) -> list[object]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(held for one in inner for held in walk(one))]


# --- recordings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", index(), ids=lambda e: str(e["file"]))
def test_a_recording_parses_whole_into_records_of_its_schema(entry: dict[str, Any]) -> None:
    text = (RECORDINGS / "cli" / entry["file"]).read_text("utf-8")
    records = whole(entry["command"], text)
    assert records
    for record in records:
        assert 1 <= record["line"] <= text.count("\n") + 1
        assert not any(isinstance(value, float) for value in walk(record))
        assert "other" not in record


@pytest.mark.parametrize("entry", [e for e in index() if e["format"] == "txt"], ids=lambda e: str(e["file"]))
def test_a_line_that_nobody_knows_is_reported_with_its_number(entry: dict[str, Any]) -> None:
    lines = (RECORDINGS / "cli" / entry["file"]).read_text("utf-8").rstrip().split("\n")
    for at in range(3, len(lines) + 1, max(1, len(lines) // 7)):
        strange = [*lines[:at], "%LINK-3-UPDOWN: a line of the kernel's log got in here", *lines[at:]]
        parsed = parse("junos", entry["command"], "\n".join(strange))
        assert at + 1 in [one.line for one in parsed.unparsed]


@pytest.mark.parametrize("command", [c.name for c in commands() if c.nos == "junos"])
def test_answers_of_other_systems_are_refused(command: str, recordings: Path) -> None:
    entries = json.loads((RECORDINGS / "cli" / "index.json").read_text("utf-8"))
    for entry in [e for e in entries if e["nos"] != "juniper_junos"][len(command) % 12 :: 12]:
        try:
            parsed = parse("junos", command, (RECORDINGS / "cli" / entry["file"]).read_text("utf-8"))
        except InputError:
            continue
        pytest.fail(f"{entry['file']} gave {len(parsed.records)} records of {command}")


@pytest.mark.parametrize("command", [c.name for c in commands() if c.nos == "junos"])
def test_answers_of_another_command_are_refused(command: str, recordings: Path) -> None:
    alike = {"show interfaces extensive": ("show interfaces", "show interfaces queue")}.get(command, (command,))
    for entry in index():
        asked = entry["command"].partition(" |")[0]
        if asked.startswith(alike) or command.startswith(asked):
            continue
        with pytest.raises(InputError):
            parse("junos", command, (RECORDINGS / "cli" / entry["file"]).read_text("utf-8"))


def test_recorded_lanes_and_thresholds_of_a_multi_lane_module(recordings: Path) -> None:
    (module,) = whole("show interfaces diagnostics optics", recorded("show-interfaces-diagnostics-optics/genie-et.txt"))
    assert (module["interface"], module["temperature_c"], module["voltage_v"]) == ("et-0/0/0", "48", "3.3340")
    assert [lane["lane"] for lane in module["lanes"]] == [0, 1, 2, 3]
    assert [lane["tx_power_dbm"] for lane in module["lanes"]] == ["1.30", "0.96", "1.01", "1.56"]
    assert [lane["rx_power_mw"] for lane in module["lanes"]] == ["1.267", "1.180", "1.250", "1.368"]
    assert module["lanes"][3]["line"] == 132
    assert module["lanes"][0]["alarms"]["rx_los"] is False
    assert module["thresholds"]["rx_power_dbm"] == {
        "high_alarm": "5.50", "low_alarm": "-13.60", "high_warning": "4.50", "low_warning": "-10.60",
    }  # fmt: skip
    assert module["thresholds"]["bias_ma"]["high_alarm"] == "175.000"
    assert module["alarms"]["module_fault"] is False


def test_recorded_xml_of_a_module_has_the_keys_of_text(recordings: Path) -> None:
    (module,) = whole("show interfaces diagnostics optics", recorded("show-interfaces-diagnostics-optics/napalm.xml"))
    (lane,) = module["lanes"]
    assert (module["interface"], module["temperature_c"], module["voltage_v"]) == ("xe-0/0/0", "45", "3.3150")
    assert (lane["lane"], lane["bias_ma"], lane["tx_power_dbm"], lane["rx_power_dbm"]) == (
        0,
        "44.298",
        "-1.35",
        "-3.42",
    )
    assert module["thresholds"]["temperature_c"]["low_alarm"] == "-13"
    assert module["thresholds"]["tx_power_mw"]["low_warning"] == "0.1990"
    assert len(lane["alarms"]) == 12


def test_recorded_interface_with_its_counters(recordings: Path) -> None:
    (port,) = whole("show interfaces extensive", recorded("show-interfaces-extensive/genie-et.txt"))
    told = {name: port[name] for name in ("admin", "oper", "snmp_index", "mtu", "speed_mbps", "flow_control", "mac")}
    assert told == {
        "admin": "up", "oper": "up", "snmp_index": 552, "mtu": 1514, "speed_mbps": 100_000, "flow_control": True,
        "mac": "0c:86:10:ff:63:22",
    }  # fmt: skip
    assert (port["last_flapped"], port["last_flapped_s"]) == ("2021-01-12 13:06:13 EST", 9294)
    assert (port["cleared"], port["cleared_s"]) == ("2021-01-12 15:17:22 EST", 1425)
    assert port["output_errors"]["carrier_transitions"] == 0
    assert port["queues"][3] == {
        "queue": 3, "forwarding_class": "network-control", "queued": 17184, "transmitted": 17184, "dropped": 0,
    }  # fmt: skip
    assert port["mac_statistics"]["multicast_packets"] == {"receive": 17309, "transmit": 17191}
    assert port["filter"]["output_packet_count"] == 17195
    assert [row["bandwidth_bps"] for row in port["cos"]] == [95_000_000_000, 5_000_000_000]
    assert "fec" not in port


def test_recorded_interface_with_fec_counters_and_addresses(recordings: Path) -> None:
    (port,) = whole("show interfaces", recorded("show-interfaces/genie-ge.txt"))
    assert (port["speed_mbps"], port["auto_negotiation"], port["phy_mode"]) == (1000, True, "LAN")
    assert port["fec"] == {"corrected": 0, "uncorrected": 0, "corrected_rate": 0, "uncorrected_rate": 0}
    assert port["last_flapped_s"] == ((29 * 7 + 6) * 24 + 18) * 3600 + 56 * 60
    (unit,) = port["logical"]
    assert (unit["interface"], unit["line"], unit["index"], unit["traffic"]["input_packets"]) == (
        "ge-0/0/0.0", 29, 333, 133_657_033,
    )  # fmt: skip
    assert [family["family"] for family in unit["families"]] == ["inet", "inet6", "mpls", "multiservice"]
    assert unit["families"][0]["addresses"] == [
        {"destination": "10.189.5.92/30", "local": "10.189.5.93", "broadcast": "10.189.5.95"}
    ]


def test_recorded_queues_of_a_port(recordings: Path) -> None:
    queues = whole("show interfaces queue", recorded("show-interfaces-queue/genie-ge.txt"))
    assert [(row["queue"], row["forwarding_class"]) for row in queues] == [
        (0, "Bronze-FC"), (1, "Platinum-FC"), (2, "Gold-FC"), (3, "Network-Control-FC"), (4, "Silver-FC"),
    ]  # fmt: skip
    assert {row["interface"] for row in queues} == {"ge-0/0/2"}
    assert queues[0]["counters"]["transmitted_bytes"] == 564_883_280_956
    assert queues[0]["counters"]["red_dropped_bytes_medium_low"] == 0
    assert queues[0]["rates"]["queued_packets_pps"] == 0


def test_recorded_neighbours_in_short_and_in_full(recordings: Path) -> None:
    short = whole("show lldp neighbors", recorded("show-lldp-neighbors/ntc-ae7.txt"))
    assert short[3] == {
        "line": 5, "interface": "xe-2/1/5", "parent": "ae7", "chassis_id": "00:1c:73:ee:c0:46",
        "port_info": "Ethernet3/29/4", "system_name": "core01.sjc01",
    }  # fmt: skip
    full = whole("show lldp neighbors detail", recorded("show-lldp-neighbors-detail/suzieq-spine01.json"))
    assert [(row["interface"], row["system_name"], row["port_description"]) for row in full][:2] == [
        ("xe-0/0/3", "exit02", "xe-0/0/0"), ("xe-0/0/1", "leaf02", "xe-0/0/0"),
    ]  # fmt: skip
    assert (full[0]["port_id"], full[0]["port_id_type"], full[0]["parent"]) == ("516", "Locally assigned", None)
    assert full[0]["capabilities_enabled"] == ["Bridge", "Router"]
    assert full[0]["organizational"][2] == {
        "oui_802_3": "00120f", "subtype_mtu": "4", "subtype_mtu_size": "9214", "index": "3",
    }  # fmt: skip
    (one,) = whole("show lldp neighbors interface", recorded("show-lldp-neighbors-interface/napalm-qfx5110.xml"))
    assert (one["interface"], one["port_id"], one["port_description"]) == ("ge-2/0/0", "549", "ge-3/3/1")
    assert one["management"][0]["address"] == "10.16.134.14"
    assert len(one["organizational"]) == 5
    assert one.keys() - {"management"} == full[0].keys()


def test_recorded_lldp_itself(recordings: Path) -> None:
    (own,) = whole("show lldp", recorded("show-lldp/genie.txt"))
    assert (own["enabled"], own["interval_s"], own["hold_s"], own["med_enabled"]) == (False, 30, 120, False)


def test_recorded_version_and_parts(recordings: Path) -> None:
    (member,) = whole("show version", recorded("show-version/ntc-qfx5100.txt"))
    assert (member["member"], member["model"], member["version"]) == ("fpc0", "qfx5100-48t-6q", "21.4R3-S3.4")
    assert member["packages"][0] == {"name": "JUNOS Base OS boot", "version": "21.4R3-S3.4"}
    text = whole("show chassis hardware", recorded("show-chassis-hardware/ntc-2.txt"))
    modules = [row for row in text if row["item"].startswith("Xcvr")]
    assert (len(text), len(modules)) == (42, 18)
    assert modules[3] == {
        "line": 19, "member": None, "item": "Xcvr 0", "inside": ["FPC 0", "MIC 1", "PIC 3"], "fpc": 0, "pic": 3,
        "port": 0, "version": None, "part_number": "NON-JNPR", "serial": "AAAA0000A", "description": "XFP-10G-SR",
    }  # fmt: skip
    tree = whole("show chassis hardware", recorded("show-chassis-hardware/suzieq-qfx-19.4.json"))
    module = next(row for row in tree if row["item"] == "Xcvr 1")
    assert (module["fpc"], module["pic"], module["port"], module["serial"]) == (0, 0, 1, "A491297")
    assert module["inside"] == ["FPC 0", "PIC 0"]
    assert modules[0].keys() == module.keys()


# --- the same record, whatever the form ---------------------------------------------------------------------------

LANES_TEXT = """\
Physical interface: et-0/0/4
    Module temperature                        :  41 degrees C / 106 degrees F
    Module voltage                            :  3.2990 V
    Laser rx power low alarm threshold        :  0.1000 mW / -10.00 dBm
  Lane 0
    Laser bias current                        :  60.100 mA
    Laser output power                        :  1.000 mW / 0.00 dBm
    Laser receiver power                      :  0.000 mW / - Inf dBm
    Rx loss of signal alarm                   :  On
"""
LANES_XML = """\
<rpc-reply xmlns:junos="http://xml.juniper.net/junos/23.4R1/junos">
<interface-information xmlns="http://xml.juniper.net/junos/23.4R1/junos-interface">
<physical-interface>
<name>et-0/0/4</name>
<optics-diagnostics>
<module-temperature junos:celsius="41">41 degrees C / 106 degrees F</module-temperature>
<module-voltage>3.2990</module-voltage>
<laser-rx-power-low-alarm-threshold>0.1000</laser-rx-power-low-alarm-threshold>
<laser-rx-power-low-alarm-threshold-dbm>-10.00</laser-rx-power-low-alarm-threshold-dbm>
<optics-diagnostics-lane-values>
<lane-index>0</lane-index>
<laser-bias-current>60.100</laser-bias-current>
<laser-output-power>1.000</laser-output-power>
<laser-output-power-dbm>0.00</laser-output-power-dbm>
<laser-rx-optical-power>0.000</laser-rx-optical-power>
<laser-rx-optical-power-dbm>- Inf</laser-rx-optical-power-dbm>
<rx-loss-of-signal-alarm>on</rx-loss-of-signal-alarm>
</optics-diagnostics-lane-values>
</optics-diagnostics>
</physical-interface>
</interface-information>
</rpc-reply>
"""


def as_json(xml: str, *, plain: bool = False) -> str:
    """XML as Junos writes it as JSON; ``plain`` as ``export-format json ietf`` has leaves."""
    from lxml import etree

    def value(node: etree._Element) -> Any:
        attributes = {f"junos:{etree.QName(name).localname}": said for name, said in node.attrib.items()}
        if not len(node):
            return (
                (node.text or "")
                if plain
                else {"data": node.text or [None], **({"attributes": attributes} if attributes else {})}
            )
        held: dict[str, list[Any]] = {}
        for child in node:
            held.setdefault(etree.QName(child).localname, []).append(value(child))
        return {name: one[0] if plain and not isinstance(one[0], dict) else one for name, one in held.items()}

    root = etree.fromstring(xml.encode())
    return json.dumps(value(root), indent=1)


def bare(record: object) -> object:
    if isinstance(record, dict):
        return {name: bare(value) for name, value in record.items() if name != "line"}
    return [bare(one) for one in record] if isinstance(record, list) else record


@pytest.mark.parametrize(
    "text",
    [LANES_TEXT, LANES_XML, as_json(LANES_XML), as_json(LANES_XML, plain=True)],
    ids=["text", "xml", "json", "ietf"],
)
def test_a_module_is_one_record_in_every_form(text: str) -> None:
    (module,) = whole("show interfaces diagnostics optics", text)
    assert bare(module) == {
        "interface": "et-0/0/4",
        "available": True,
        "alarms": {},
        "temperature_c": "41",
        "voltage_v": "3.2990",
        "thresholds": {"rx_power_mw": {"low_alarm": "0.1000"}, "rx_power_dbm": {"low_alarm": "-10.00"}},
        "lanes": [
            {
                "lane": 0, "bias_ma": "60.100", "tx_power_mw": "1.000", "tx_power_dbm": "0.00",
                "rx_power_mw": "0.000", "rx_power_dbm": "-inf", "alarms": {"rx_los": True},
            }
        ],
    }  # fmt: skip


PORT_TEXT = """\
Physical interface: et-0/0/4:1, Enabled, Physical link is Up
  Interface index: 1010, SNMP ifIndex: 561, Generation: 20
  Link-level type: Ethernet, MTU: 9216, LAN-PHY mode, Speed: 400Gbps, BPDU Error: None, Loopback: Disabled,
  Source filtering: Disabled, Flow control: Disabled, Auto-negotiation: Disabled, Media type: Fiber
  Device flags   : Present Running
  Interface flags: SNMP-Traps Internal: 0x4000
  Link flags     : None
  CoS queues     : 12 supported, 12 maximum usable queues
  Current address: 02:00:00:00:04:01, Hardware address: 02:00:00:00:04:01
  Last flapped   : 2026-01-02 03:04:05 UTC (1w0d 02:03 ago)
  Statistics last cleared: Never
  Output errors:
    Carrier transitions: 5, Errors: 0
  Egress queues: 12 supported, 2 in use
  Queue counters:       Queued packets  Transmitted packets      Dropped packets
    3                               70                   68                    2
  Queue number:         Mapped forwarding classes
    3                   NO-LOSS
  Active alarms  : LINK
  Active defects : None
  PCS statistics                      Seconds
    Bit errors                             1
    Errored blocks                         2
  Ethernet FEC Mode  :                 FEC119
  Ethernet FEC statistics              Errors
    FEC Corrected Errors                  955
    FEC Uncorrected Errors                  1
    FEC Corrected Errors Rate               9
    FEC Uncorrected Errors Rate             0
  MAC Priority Flow Control Statistics:
    Priority :  3                            17               42
  PRBS Mode : Disabled
  Interface transmit statistics: Disabled
"""
PORT_XML = """\
<rpc-reply xmlns:junos="http://xml.juniper.net/junos/23.4R1/junos">
<interface-information xmlns="http://xml.juniper.net/junos/23.4R1/junos-interface" junos:style="normal">
<physical-interface>
<name>et-0/0/4:1</name>
<admin-status junos:format="Enabled">up</admin-status>
<oper-status>up</oper-status>
<local-index>1010</local-index>
<snmp-index>561</snmp-index>
<generation>20</generation>
<link-level-type>Ethernet</link-level-type>
<mtu>9216</mtu>
<sonet-mode>LAN-PHY</sonet-mode>
<source-filtering>disabled</source-filtering>
<speed>400Gbps</speed>
<bpdu-error>none</bpdu-error>
<loopback>disabled</loopback>
<if-flow-control>disabled</if-flow-control>
<if-auto-negotiation>disabled</if-auto-negotiation>
<if-media-type>Fiber</if-media-type>
<if-device-flags><ifdf-present/><ifdf-running/></if-device-flags>
<ifd-specific-config-flags/>
<if-config-flags><iff-snmp-traps/><internal-flags>0x4000</internal-flags></if-config-flags>
<if-media-flags><ifmf-none/></if-media-flags>
<physical-interface-cos-information>
<physical-interface-cos-hw-max-queues>12</physical-interface-cos-hw-max-queues>
<physical-interface-cos-use-max-queues>12</physical-interface-cos-use-max-queues>
</physical-interface-cos-information>
<current-physical-address>02:00:00:00:04:01</current-physical-address>
<hardware-physical-address>02:00:00:00:04:01</hardware-physical-address>
<interface-flapped junos:seconds="612180">2026-01-02 03:04:05 UTC (1w0d 02:03 ago)</interface-flapped>
<statistics-cleared>Never</statistics-cleared>
<output-error-list><carrier-transitions>5</carrier-transitions><output-errors>0</output-errors></output-error-list>
<queue-counters junos:style="brief">
<interface-cos-short-summary>
<intf-cos-queue-type>Egress queues</intf-cos-queue-type>
<intf-cos-num-queues-supported>12</intf-cos-num-queues-supported>
<intf-cos-num-queues-in-use>2</intf-cos-num-queues-in-use>
</interface-cos-short-summary>
<queue>
<queue-number>3</queue-number>
<queue-counters-queued-packets>70</queue-counters-queued-packets>
<queue-counters-trans-packets>68</queue-counters-trans-packets>
<queue-counters-total-drop-packets>2</queue-counters-total-drop-packets>
</queue>
</queue-counters>
<queue-num-forwarding-class-name-map>
<queue-number>3</queue-number>
<forwarding-class-name>NO-LOSS</forwarding-class-name>
</queue-num-forwarding-class-name-map>
<active-alarms><interface-alarms><ethernet-alarm-link-down/></interface-alarms></active-alarms>
<active-defects><interface-alarms><alarm-not-present/></interface-alarms></active-defects>
<ethernet-pcs-statistics>
<bit-error-seconds>1</bit-error-seconds>
<errored-blocks-seconds>2</errored-blocks-seconds>
</ethernet-pcs-statistics>
<ethernet-fec-mode><enabled_fec_mode>FEC119</enabled_fec_mode></ethernet-fec-mode>
<ethernet-fec-statistics>
<fec_ccw_count>955</fec_ccw_count>
<fec_nccw_count>1</fec_nccw_count>
<fec_ccw_error_rate>9</fec_ccw_error_rate>
<fec_nccw_error_rate>0</fec_nccw_error_rate>
</ethernet-fec-statistics>
<ethernet-mac-pfc-statistics>
<mac-pfc-dot1p>3</mac-pfc-dot1p>
<input-mac-pfc-frames>17</input-mac-pfc-frames>
<output-mac-pfc-frames>42</output-mac-pfc-frames>
</ethernet-mac-pfc-statistics>
<ethernet-prbs-mode><prbs_mode>Disabled</prbs_mode></ethernet-prbs-mode>
<interface-transmit-statistics>Disabled</interface-transmit-statistics>
</physical-interface>
</interface-information>
<cli><banner>{master:0}</banner></cli>
</rpc-reply>
"""


@pytest.mark.parametrize("text", [PORT_XML, as_json(PORT_XML)], ids=["xml", "json"])
def test_a_port_is_one_record_in_every_form(text: str) -> None:
    (port,) = whole("show interfaces extensive", text)
    (as_text,) = whole("show interfaces et-0/0/4:1 extensive", PORT_TEXT)
    assert bare(port) == bare(as_text)
    assert port["fec_mode"] == "FEC119"
    assert port["pfc"] == [{"priority": 3, "received": 17, "sent": 42}]
    assert port["output_errors"]["carrier_transitions"] == 5
    assert port["last_flapped_s"] == 612_180


def test_every_record_of_a_tree_has_its_own_line() -> None:
    twice = PORT_XML.replace(
        "</physical-interface>\n",
        "</physical-interface>\n<physical-interface>\n<name>et-0/0/5</name>\n</physical-interface>\n",
    )
    first, second = whole("show interfaces extensive", twice)
    assert (first["line"], second["line"]) == (3, 3 + PORT_XML.partition("</physical-interface>")[0].count("\n") - 1)


UNIT = """\
Physical interface: et-0/0/5, Enabled, Physical link is Up
  Damping        : half-life: 0 sec, max-suppress: 0 sec, reuse: 0, suppress: 0, state: unsuppressed
  Autonegotiation information:
    Negotiation status: Complete
    Link partner:
        Link mode: Full-duplex, Flow control: None

  Logical interface et-0/0/5.0 (Index 333) (SNMP ifIndex 606) (Generation 142)
    Flags: Up SNMP-Traps 0x4004000 Encapsulation: ENET2
    Traffic statistics:
     Input  bytes  :                   11
     IPv6 transit statistics:
      Input  bytes  :                   12
    Local statistics:
     Input  bytes  :                   13
    Transit statistics:
     Input  bytes  :                   14                    8 bps
     IPv6 transit statistics:
      Input  bytes  :                   15                    0 bps
    Protocol inet, MTU: 9200
    Max nh cache: 75000, New hold nh limit: 75000, Curr nh cnt: 1, Curr new hold cnt: 0, NH drop cnt: 0
      Addresses, Flags: Is-Preferred Is-Primary
        Destination: 192.0.2.0/31, Local: 192.0.2.1
"""


def test_counters_of_a_logical_interface_by_their_titles() -> None:
    (port,) = whole("show interfaces extensive", UNIT)
    (unit,) = port["logical"]
    names = ("traffic", "ipv6_traffic", "local", "transit", "ipv6_transit")
    assert [unit[name]["input_bytes"] for name in names] == [11, 12, 13, 14, 15]
    assert unit["families"][0]["addresses"] == [{"destination": "192.0.2.0/31", "local": "192.0.2.1"}]
    assert port["autonegotiation"]["link_partner_link_mode"] == "Full-duplex"


MEMBERS = """\
<rpc-reply xmlns:junos="http://xml.juniper.net/junos/21.4R3/junos">
<multi-routing-engine-results>
<multi-routing-engine-item>
<re-name>fpc0</re-name>
<software-information>
<host-name>leaf9</host-name>
<product-model>qfx5120-48y-8c</product-model>
<junos-version>21.4R3-S5.4</junos-version>
<package-information><name>jkernel</name><comment>JUNOS Kernel [21.4R3-S5.4]</comment></package-information>
</software-information>
</multi-routing-engine-item>
<multi-routing-engine-item>
<re-name>fpc1</re-name>
<software-information>
<host-name>leaf9</host-name>
<product-model>qfx5120-48y-8c</product-model>
<package-information><name>junos</name><comment>JUNOS Software Release [12.3R12.4]</comment></package-information>
</software-information>
</multi-routing-engine-item>
</multi-routing-engine-results>
</rpc-reply>
"""


@pytest.mark.parametrize("text", [MEMBERS, as_json(MEMBERS)], ids=["xml", "json"])
def test_every_member_of_a_chassis_is_a_record(text: str) -> None:
    one, two = whole("show version", text)
    assert (one["member"], one["version"], two["member"], two["version"]) == (
        "fpc0",
        "21.4R3-S5.4",
        "fpc1",
        "12.3R12.4",
    )


EVOLVED = """\
{master:0}
op@leaf9> show version
Hostname: leaf9
Model: qfx5240-64od
Junos: 23.4X100-D30.1-EVO
Yocto: 3.0.2
Linux Kernel: 5.2.60-yocto-standard
JUNOS-EVO OS 64-bit [junos-evo-install-qfx-ms-x86-64-23.4X100-D30.1-EVO]

{master:0}
op@leaf9>
"""


@pytest.mark.parametrize(
    ("package", "release"),
    [
        ("JUNOS EX  Software Suite [13.2X51-D1.3]", "13.2X51-D1.3"),
        ("JUNOS EX 4500 Software Suite [13.2X51-D1.3]", "13.2X51-D1.3"),
        ("JUNOS OS Kernel 64-bit [20260102.1a2b3c4_builder_stable_1]", None),
        ("JUNOS SDN Software Suite [20260102.030405_builder_junos_1]", None),
    ],
)
def test_the_release_is_no_name_of_a_build(package: str, release: str | None) -> None:
    (row,) = whole("show version", f"Hostname: sw1\nModel: ex9\n{package}\n")
    assert row.get("version") == release


def test_junos_evolved_says_its_kernel_too() -> None:
    (member,) = whole("show version", EVOLVED)
    assert (member["version"], member["linux_kernel"], member["line"]) == (
        "23.4X100-D30.1-EVO", "5.2.60-yocto-standard", 3,
    )  # fmt: skip


# --- tables -------------------------------------------------------------------------------------------------------

PARTS = """\
Hardware inventory:
Item             Version  Part number  Serial number     Description
Chassis                                XX00000001        QFX5240-64OD
PSM 0                                  9X9LX000000001W   AC AFO 3000W PSU
Routing Engine 0          BUILTIN      BUILTIN           RE-QFX5240
  nvme0 480103 MB  AAA0000-B0000CC0    911240703100000111 NVMe Solid State Disk
FPC 0                     BUILTIN      BUILTIN           QFX5240-64OD
  PIC 0                   BUILTIN      BUILTIN           64X800G-OSFP
    Xcvr 0       XXXX     NON-JNPR     AB0000000000001   UNKNOWN
    Xcvr 36      REV 01   740-000000   1A1BB2CC333DD     OSFP-800G-DR8
Fan Tray 0                                               Fan Tray, Front to Back Airflow - AFO
"""


def test_a_part_longer_than_its_column_does_not_shift_the_others() -> None:
    rows = {row["item"]: row for row in whole("show chassis hardware detail", PARTS)}
    disk = rows["nvme0 480103 MB"]
    assert (disk["part_number"], disk["serial"], disk["description"]) == (
        "AAA0000-B0000CC0", "911240703100000111", "NVMe Solid State Disk",
    )  # fmt: skip
    assert (rows["Xcvr 36"]["port"], rows["Xcvr 36"]["version"]) == (36, "REV 01")
    assert rows["Fan Tray 0"]["serial"] is None
    assert rows["Routing Engine 0"]["inside"] == []


def test_columns_of_parts_are_found_by_their_heads() -> None:
    moved = (
        "Item         Description        Serial number   Part number\n"
        "FPC 0        QFX5240            AB1             650-000000\n"
    )
    (part,) = whole("show chassis hardware", moved)
    assert (part["serial"], part["part_number"], part["description"]) == ("AB1", "650-000000", "QFX5240")
    with pytest.raises(InputError, match="no head with Item"):
        parse("junos", "show chassis hardware", moved.replace("Serial number", "Serial no.   "))


ROOM = """\
Class Item                           Status     Measurement
Power PSM 0                          OK         39 degrees C / 102 degrees F
      PSM 1                          Absent
Temp  FPC 0 xcvr-0/0/0               OK         50 degrees C / 122 degrees F
      Routing Engine 0 CPU Temperature OK       75 degrees C / 167 degrees F
Fan   Fan Tray 0 Fan 1               OK         12000 RPM
      Fan Tray 0 Fan 2               Check      Spinning at normal speed
"""


def test_the_environment_by_class() -> None:
    rows = whole("show chassis environment", ROOM)
    assert [(row["class"], row["item"], row["status"]) for row in rows] == [
        ("Power", "PSM 0", "OK"), ("Power", "PSM 1", "Absent"), ("Temp", "FPC 0 xcvr-0/0/0", "OK"),
        ("Temp", "Routing Engine 0 CPU Temperature", "OK"), ("Fan", "Fan Tray 0 Fan 1", "OK"),
        ("Fan", "Fan Tray 0 Fan 2", "Check"),
    ]  # fmt: skip
    assert [row["temperature_c"] for row in rows] == ["39", None, "50", "75", None, None]
    assert (rows[4]["rpm"], rows[5]["comment"]) == (12000, "Spinning at normal speed")


def test_the_environment_as_xml_inherits_the_class() -> None:
    xml = (
        "<environment-information>\n<environment-item><name>CPU</name><class>Temp</class><status>OK</status>"
        '<temperature junos:celsius="68">68 degrees C / 154 degrees F</temperature></environment-item>\n'
        "<environment-item><name>DIMM</name><status>OK</status><temperature>60 degrees C / 140 degrees F</temperature>"
        "</environment-item></environment-information>"
    )
    one, two = whole("show chassis environment", xml)
    assert (one["class"], one["temperature_c"], two["class"], two["temperature_c"]) == ("Temp", "68", "Temp", "60")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("No alarms currently active\n", []),
        (
            "1 alarms currently active\nAlarm time               Class  Description\n"
            "2026-01-02 03:04:05 UTC  Major  PSM 1 Not Powered\n",
            [("2026-01-02 03:04:05 UTC", "Major", "PSM 1 Not Powered")],
        ),
        ("<alarm-information><alarm-summary><no-active-alarms/></alarm-summary></alarm-information>", []),
        (
            "<alarm-information><alarm-detail><alarm-time>t</alarm-time><alarm-class>Minor</alarm-class>"
            "<alarm-description>Fan</alarm-description></alarm-detail></alarm-information>",
            [("t", "Minor", "Fan")],
        ),
    ],
    ids=["none", "one", "none as XML", "one as XML"],
)
def test_alarms(text: str, told: list[tuple[str, str, str]]) -> None:
    rows = whole("show chassis alarms", text)
    assert [(row["time"], row["class"], row["description"]) for row in rows] == told


PIC = """\
FPC slot 0, PIC slot 0 information:
  Type                             64X800G-OSFP
  State                            Online
  PIC version                    00.00
  Uptime    15 hours, 44 minutes, 25 seconds

PIC port information:
                         Fiber                    Xcvr vendor       Wave-    Xcvr
  Port Cable type        type  Xcvr vendor        part number       length   Firmware
  0    800GBASE DR8      SM    SIMULATED          PF-O8-2DR4        1311 nm  1.0
  2    800GBASE AEC 3M   n/a   SIMULATED          PF-AEC            n/a      1.4

Port speed information:

  Port  PFE      Capable Port Speeds
  0      0       1x800G 2x400G 8x100G
  64     NA      1x10G
"""


def test_a_pic_with_its_modules_and_the_speeds_of_its_cages() -> None:
    pic, one, two, speeds, last = whole("show chassis pic fpc-slot 0 pic-slot 0", PIC)
    assert (pic["kind"], pic["state"], pic["type"]) == ("pic", "Online", "64X800G-OSFP")
    assert (one["port"], one["vendor"], one["part_number"], one["wavelength_nm"], one["firmware"]) == (
        0, "SIMULATED", "PF-O8-2DR4", "1311", "1.0",
    )  # fmt: skip
    assert (two["cable_type"], two["fiber_type"], two["wavelength_nm"]) == ("800GBASE AEC 3M", None, None)
    assert speeds["speeds"] == ["1x800G", "2x400G", "8x100G"]
    assert (last["port"], last["pfe"]) == (64, None)


MOVED_PIC = """\
FPC slot 0, PIC slot 1 information:
  Type                             36X800G
  State                            Online

PIC port information:
                         Fiber                    Xcvr vendor       Wave-    Xcvr      JNPR     MSA       Short/Long
  Port Cable type        type  Xcvr vendor        part number       length   Firmware  Rev      Version   Port
  0    800GBASE DR8      SM    SIMULATED          PF-O8-2DR4       1311 nm   3.6       REV 01   CMIS 5.1  L

Port speed information:

  Port  PFE  Port-Group      Capable Port Speeds
  0      1       0          1x10GE, 400GE
  1      1      NA          100GE
"""


def test_a_cell_beside_its_column_and_a_column_more() -> None:
    _, module, one, two = whole("show chassis pic fpc-slot 0 pic-slot 1", MOVED_PIC)
    told = [module[name] for name in ("part_number", "wavelength_nm", "firmware", "msa_version", "port_length")]
    assert told == ["PF-O8-2DR4", "1311", "3.6", "CMIS 5.1", "L"]
    assert [(row["pfe"], row["port_group"], row["speeds"]) for row in (one, two)] == [
        (1, 0, ["1x10GE", "400GE"]), (1, None, ["100GE"]),
    ]  # fmt: skip


def test_a_pic_as_xml() -> None:
    xml = (
        "<fpc-information><fpc><pic-detail><slot>0</slot><pic-slot>0</pic-slot><pic-type>64X800G</pic-type>"
        "<state>Online</state><port-information><port><port-number>7</port-number><cable-type>DR8</cable-type>"
        "<fiber-mode>SM</fiber-mode><sfp-vendor-name>SIMULATED</sfp-vendor-name><sfp-vendor-pno>PF</sfp-vendor-pno>"
        "<wavelength>1311 nm</wavelength><sfp-vendor-fw-ver>1.0</sfp-vendor-fw-ver></port></port-information>"
        "</pic-detail></fpc></fpc-information>"
    )
    pic, module = whole("show chassis pic fpc-slot 0 pic-slot 0", xml)
    assert (pic["kind"], pic["fpc"]) == ("pic", 0)
    assert (module["fpc"], module["pic"], module["port"], module["wavelength_nm"]) == (0, 0, 7, "1311")


TERSE = """\
Interface               Admin Link Proto    Local                 Remote
et-0/0/0:0              up    up
et-0/0/0:0.0            up    up   inet     10.1.2.3/31
                                   inet6    2001:db8::1/64
et-0/0/1                up    down
lo0.0                   up    up   inet     10.0.0.1            --> 0/0
"""


def test_interfaces_in_short() -> None:
    rows = whole("show interfaces terse", TERSE)
    assert [(row["interface"], row["admin"], row["oper"]) for row in rows] == [
        ("et-0/0/0:0", "up", "up"), ("et-0/0/0:0.0", "up", "up"), ("et-0/0/1", "up", "down"), ("lo0.0", "up", "up"),
    ]  # fmt: skip
    assert [family["family"] for family in rows[1]["families"]] == ["inet", "inet6"]
    assert rows[1]["families"][1]["local"] == "2001:db8::1/64"


ADDRESSES = """\
    user@leaf9> show interfaces terse
    Interface               Admin Link Proto    Local                 Remote
    et-0/0/1.0              up    up   aenet    --> ae0.0
    em1.0                   up    up   inet     10.0.0.4/8
                                                10.1.0.4/8
                                       tnp      0x4
    lo0.0                   up    up   inet     10.0.0.1            --> 0/0
                                                10.0.0.2            --> 0/0
    lo0.1                   up    up   inet
"""


def test_a_further_address_is_of_the_family_above_it() -> None:
    rows = whole("show interfaces terse", ADDRESSES)
    assert [[tuple(family.values()) for family in row["families"]] for row in rows] == [
        [("aenet", None, "ae0.0")],
        [("inet", "10.0.0.4/8", None), ("inet", "10.1.0.4/8", None), ("tnp", "0x4", None)],
        [("inet", "10.0.0.1", "0/0"), ("inet", "10.0.0.2", "0/0")],
        [("inet", None, None)],
    ]


MARKED = """\
Physical interface: et-0/0/4:0, Enabled, Physical link is Up
  Interface index: 1010, SNMP ifIndex: 561
Forwarding classes: 16 supported, 2 in use
Egress queues: 12 supported, 2 in use
Queue: 3, Forwarding classes: NO-LOSS
  Queued:
    Packets              :                    70                     1 pps
    Bytes                :         Not Available
  Transmitted:
    Packets              :                    68                     1 pps
    Tail-dropped packets :                     2                     0 pps
    ECN-CE packets       :                    31                     0 pps
    ECN-CE bytes         :                  4096                     0 bps
"""


def test_a_queue_that_marks() -> None:
    (queue,) = whole("show interfaces queue et-0/0/4:0", MARKED)
    assert queue["counters"] == {
        "queued_packets": 70, "queued_bytes": None, "transmitted_packets": 68, "tail_dropped_packets": 2,
        "ecn_ce_packets": 31, "ecn_ce_bytes": 4096,
    }  # fmt: skip


# --- class of service ---------------------------------------------------------------------------------------------

CONGESTION = """\
Type: Input, Name: cnp, Index: 12183
Cable Length          100 m
Priority     PFC          MRU
  000        Disabled
  011        Enabled      4200
Type: Output
Priority     Flow-Control-Queues
  011          3
"""


def test_congestion_notification_profiles() -> None:
    taken, given = whole("show class-of-service congestion-notification", CONGESTION)
    assert (taken["name"], taken["type"], taken["cable_m"]) == ("cnp", "input", 100)
    assert bare(taken["code_points"]) == [
        {"code_point": "000", "pfc": False}, {"code_point": "011", "pfc": True, "mru": 4200},
    ]  # fmt: skip
    assert (given["type"], bare(given["code_points"])) == ("output", [{"code_point": "011", "queues": [3]}])


COS = """\
Physical interface: et-0/0/4:0, Index: 1010
Maximum usable queues: 12, Queues in use: 5
Exclude aggregate overhead bytes: disabled
Logical interface aggregate statistics: disabled
  Scheduler map: sm, Index: 7
  Congestion-notification: Enabled, Name: cnp, Index: 12183

  Logical interface: et-0/0/4:0.0, Index: 1003
Object                  Name                   Type                    Index
Classifier              mydscp                 dscp                        9
Rewrite-Output          EXP-test               exp (mpls-any)          49467
"""


def test_ports_with_their_profiles_and_classifiers() -> None:
    (port,) = whole("show class-of-service interface", COS)
    assert (port["scheduler_map"], port["congestion_notification"], port["congestion_profile"]) == ("sm", True, "cnp")
    (unit,) = port["logical"]
    assert [(one["object"], one["name"], one["type"]) for one in unit["objects"]] == [
        ("Classifier", "mydscp", "dscp"), ("Rewrite-Output", "EXP-test", "exp (mpls-any)"),
    ]  # fmt: skip


def test_queues_on_the_line_below_their_code_point() -> None:
    text = (
        "Name: cnp, Index: 7\nType: Output\nPriority     Flow-Control-Queues\n"
        "  000\n             0\n  011\n             3 4\n"
    )
    (given,) = whole("show class-of-service congestion-notification", text)
    assert [(point["code_point"], point["queues"]) for point in given["code_points"]] == [("000", [0]), ("011", [3, 4])]


def test_schedulers_that_have_no_name() -> None:
    text = (
        "Scheduler map: , Index: 2\n\n  Scheduler: , Forwarding class: best-effort, Index: 21\n"
        "    Transmit rate: 95 percent, Rate Limit: none, Priority: low\n    Drop profiles:\n"
        "      Loss priority   Protocol    Index    Name\n      High            TCP             1\n"
    )
    (row,) = whole("show class-of-service scheduler-map", text)
    assert (row["map"], row["scheduler"], row["map_index"], row["transmit_percent"]) == (None, None, 2, "95")
    assert row["drop_profiles"] == [{"loss_priority": "high", "protocol": "TCP", "index": 1, "name": None}]


def test_every_organizational_tlv_is_kept() -> None:
    tlvs = "".join(
        f"<lldp-remote-org-def-info-oui>{oui}</lldp-remote-org-def-info-oui>"
        f"<lldp-remote-org-def-info>{said}</lldp-remote-org-def-info>"
        for oui, said in (("0.80.c2", "0001"), ("0.12.f", "0300"))
    )
    (row,) = whole(
        "show lldp neighbors detail",
        f"<lldp-neighbors-information><lldp-neighbor-information><lldp-local-interface>et-0/0/1</lldp-local-interface>"
        f"{tlvs}</lldp-neighbor-information></lldp-neighbors-information>",
    )
    assert [tlv["org_def_info"] for tlv in row["organizational"]] == ["0001", "0300"]


def test_ports_with_their_profiles_as_xml() -> None:
    xml = (
        "<cos-interface-information><interface-map><interface-name>et-0/0/4:0</interface-name>"
        "<scheduler-map-name>sm</scheduler-map-name>"
        "<interface-congestion-notification-map>Disabled</interface-congestion-notification-map>"
        "<i-logical-map><i-logical-name>et-0/0/4:0.0</i-logical-name><cos-objects>"
        "<cos-object-type>Classifier</cos-object-type><cos-object-name>mydscp</cos-object-name>"
        "<cos-object-subtype>dscp</cos-object-subtype><cos-object-index>9</cos-object-index></cos-objects>"
        "</i-logical-map></interface-map></cos-interface-information>"
    )
    (port,) = whole("show class-of-service interface", xml)
    assert (port["congestion_notification"], port["congestion_profile"]) == (False, None)
    assert port["logical"][0]["objects"][0]["name"] == "mydscp"


def test_forwarding_classes_by_the_columns_that_a_platform_has() -> None:
    lossless = (
        "Forwarding class                       ID      Queue  Policing priority   No-Loss   PFC priority\n"
        "  best-effort                           0       0          normal         Disabled\n"
        "  NO-LOSS                               3       3          normal         Enabled      3\n"
    )
    best, kept = whole("show class-of-service forwarding-class", lossless)
    assert (best["no_loss"], best["pfc_priority"]) == (False, None)
    assert (kept["id"], kept["queue"], kept["no_loss"], kept["pfc_priority"]) == (3, 3, True, 3)
    routed = (
        "Forwarding class       ID      Queue  Restricted queue  Fabric priority  Policing priority   SPU priority\n"
        "  vpn                   1       5          1             high               normal            low\n"
    )
    (vpn,) = whole("show class-of-service forwarding-class", routed)
    assert (vpn["queue"], vpn["restricted_queue"], vpn["fabric_priority"], "no_loss" in vpn) == (5, 1, "high", False)
    with pytest.raises(InputError, match="no head"):
        parse("junos", "show class-of-service forwarding-class", lossless.replace("Queue ", "Qs    "))


def test_classifiers_profiles_and_schedulers() -> None:
    (table,) = whole(
        "show class-of-service classifier name mydscp",
        "Classifier: mydscp, Code point type: dscp, Index: 9\n"
        "  Code point         Forwarding class                    Loss priority\n"
        "  011010             NO-LOSS                             low\n",
    )
    assert bare(table["entries"]) == [
        {"code_point": "011010", "value": 26, "forwarding_class": "NO-LOSS", "loss_priority": "low"}
    ]
    first, second = whole(
        "show class-of-service drop-profile",
        "Drop profile: <default-drop-profile>, Type: discrete, Index: 1\n  Fill level    Drop probability\n"
        "         100                 100\n"
        "Drop profile: dp1, Type: interpolated, Index: 2989\n  Fill level    Drop probability\n"
        "          10                   0\n          50                  20\n",
    )
    assert first["name"] == "<default-drop-profile>"
    assert second["points"] == [
        {"fill_percent": 10, "drop_percent": 0}, {"fill_percent": 50, "drop_percent": 20},
    ]  # fmt: skip
    (scheduler,) = whole(
        "show class-of-service scheduler-map",
        "Scheduler map: sm, Index: 7\n\n  Scheduler: s1, Forwarding class: NO-LOSS, Index: 5\n"
        "    Transmit rate: 40 percent, Rate Limit: none, Buffer size: remainder,\n"
        "    Buffer Limit: none, Priority: low\n    Excess Priority: unspecified\n    Drop profiles:\n"
        "      Loss priority   Protocol    Index    Name\n      Low             any          2989    dp1\n"
        "      Medium high     any             1    <default-drop-profile>\n",
    )
    assert (scheduler["transmit_percent"], scheduler["priority"], len(scheduler["drop_profiles"])) == ("40", "low", 2)


def test_the_hash_and_what_is_configured() -> None:
    rows = whole(
        "show forwarding-options enhanced-hash-key",
        "Hash-Mode   :layer2-payload\nProtocol : Yes\n\nInet settings:\n-----\n Inet protocol : No\n",
    )
    assert [(row["section"], row["settings"]) for row in rows] == [
        (None, {"hash_mode": "layer2-payload", "protocol": True}), ("inet_settings", {"inet_protocol": False}),
    ]  # fmt: skip
    rows = whole(
        "show configuration interfaces | display set",
        'set interfaces et-0/0/0 description "to spine, rail 1"\ndeactivate interfaces et-0/0/1\n',
    )
    assert [(row["verb"], row["path"][-1]) for row in rows] == [("set", "to spine, rail 1"), ("deactivate", "et-0/0/1")]


# --- the packet forwarding engine of Junos Evolved ----------------------------------------------------------------


def dump(base: int) -> str:
    rows = [" ".join(f"{base + at + n & 0xFF:02x}" for n in range(16)) for at in range(0, 128, 16)]
    return "".join(f"  0x{base + 16 * n:02x}:{row}\n" for n, row in enumerate(rows))


PICD = (
    "op@leaf9:pfe> show picd optics fpc_slot 0 pic_slot 0 port 7 cmd info\n\n  PICD optics info\n"
    "   fpc_num:         0\n   pic_num:         0\n   port_num:        7\n   run_periodic:    true\n"
    "   QSFP_presence:  true\n"
    "   is_channelized:  false\n   config_mismatch: false\n   Module firmware revision: 1.4\n"
    "   CMIS version:          0x50\n   Module State Machine: active_ready\n   DP State Machine\n"
    "        DP 0:    dp_ready\n\n   EEPROM details for XCVR: xcvr-0/0/7\n   QSFP-DD Lower Page:\n"
    "       0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f\n" + dump(0) + "   QSFP-DD Upper Page 00h:\n"
    "       0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f\n" + dump(128) + "  Warning: Page 10h,11h maybe stale\n"
)  # fmt: skip


def test_registers_that_the_daemon_of_junos_evolved_dumps() -> None:
    (module,) = whole("show picd optics fpc_slot 0 pic_slot 0 port 7 cmd info", PICD)
    assert (module["interface"], module["port"], module["firmware"], module["module_state"]) == (
        "0/0/7", 7, "1.4", "active_ready",
    )  # fmt: skip
    assert (module["channelized"], module["data_paths"]) == (False, {"0": "dp_ready"})
    lower, upper = module["pages"]
    assert (lower["half"], lower["data"]) == ("lower", bytes(range(128)).hex())
    assert (upper["page"], upper["data"]) == (0, bytes(range(128, 256)).hex())


def test_a_page_with_a_row_too_few_has_no_data() -> None:
    cut = PICD.replace(dump(128).splitlines()[3] + "\n", "")
    parsed = parse("junos", "show picd optics fpc_slot 0 pic_slot 0 port 7 cmd info", cut)
    pages = parsed.records[0]["pages"]
    assert isinstance(pages, list)
    assert [page["data"] is None for page in pages if isinstance(page, dict)] == [False, True]
    assert len(parsed.unparsed) == 4


def test_applications_that_a_module_advertises() -> None:
    rows = whole(
        "show picd optics qsfpdd fpc_slot 0 pic_slot 0 port 7 cmd advertised_applications",
        "xcvr-0/0/7:\n"
        "Ap Sel  Host Intf Code                          Media Intf Code                         Host Lanes"
        "          Media Lanes         Host Assign         Media Assign\n"
        "1       400GAUI-4-S C2M (Annex 120G)  (79)   400GBASE-DR4 (Clause 124)     (28)   4                   4"
        "                   17                  17\n",
    )
    assert bare(rows[0]) == {
        "kind": "application", "interface": "0/0/7", "application": 1, "host_interface": "400GAUI-4-S C2M (Annex 120G)",
        "host_interface_code": 79, "media_interface": "400GBASE-DR4 (Clause 124)", "media_interface_code": 28,
        "host_lanes": 4, "media_lanes": 4, "host_assignment": 17, "media_assignment": 17,
    }  # fmt: skip


# --- bad input ----------------------------------------------------------------------------------------------------

REFUSALS = (
    "error: syntax error, expecting <command>\n",
    "                      ^\nsyntax error, expecting <command>.\n",
    "unknown command.\n",
    "error: device et-0/0/99 not found\n",
    "error: permission denied\n",
    "% Invalid input detected at '^' marker.\n",
    "Command authorization failed\n",
    "",
    "\n\n",
    "{master:0}\n",
    "<rpc-reply><rpc-error><error-message>syntax error</error-message></rpc-error></rpc-reply>",
    "<rpc-reply><output>error: the lldp subsystem is not running</output></rpc-reply>",
    "<rpc-reply/>",
    "<a><b></a>",
    '{"interface-information": [{"physical-interface": [NaN',
    "[]",
    '{"a": NaN}',
)


@pytest.mark.parametrize("command", [c.name for c in commands() if c.nos == "junos"])
def test_what_a_device_says_instead_of_an_answer_is_refused(command: str) -> None:
    for text in REFUSALS:
        with pytest.raises(InputError):
            parse("junos", command, text)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>\n<interface-information>&x;</interface-information>',
        '<!DOCTYPE a SYSTEM "file:///etc/hostname">\n<interface-information/>',
        "<interface-information>&undefined;</interface-information>",
        "<interface-information>" + "<a>" * 400 + "</a>" * 400 + "</interface-information>",
        '{"interface-information": ' + '[{"a": ' * 5000 + "1" + "}]" * 5000 + "}",
    ],
    ids=["entities", "a file", "an entity that is not declared", "deep XML", "deep JSON"],
)
def test_a_document_that_no_device_sends_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse("junos", "show interfaces extensive", text)


DECORATED = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "colours": lambda text: text.replace("Physical", "\x1b[1mPhysical\x1b[0m"),
    "a pager": lambda text: text.replace("  Active alarms", "---(more 50%)---\r                \r  Active alarms"),
    "a prompt and the command": lambda text: (
        "{master:0}\nop@leaf9> show interfaces extensive\n" + text + "\n{master:0}\nop@leaf9> "
    ),
}


@pytest.mark.parametrize("how", DECORATED)
def test_what_a_terminal_adds_changes_no_value(how: str) -> None:
    (port,) = whole("show interfaces extensive", DECORATED[how](PORT_TEXT))
    (clean,) = whole("show interfaces extensive", PORT_TEXT)
    assert bare(port) == bare(clean)


def test_alarms_before_the_first_lane_are_of_the_module() -> None:
    text = (
        "Physical interface: et-0/0/0\n  Module voltage : 3.3 V\n  Laser rx power low alarm : On\n"
        "  Lane 0\n    Laser bias current : 7.1 mA\n"
    )
    (module,) = whole("show interfaces diagnostics optics", text)
    assert module["alarms"] == {"rx_power_low_alarm": True}
    assert [(lane["lane"], lane["bias_ma"], lane["alarms"]) for lane in module["lanes"]] == [(0, "7.1", {})]


@pytest.mark.parametrize(
    "session",
    [
        "Last login: Fri Jan  2 03:04:05 2026 from 10.0.0.1\n--- JUNOS 23.4R1 Kernel 64-bit\nuser@sw> show lldp\n{}",
        "[edit]\nuser@sw# run show lldp\n{}\n[edit]\nuser@sw# ",
    ],
    ids=["a greeting", "the configuration mode"],
)
def test_what_a_session_has_around_an_answer(session: str) -> None:
    (row,) = whole("show lldp", session.format("LLDP : Enabled\nHold timer : 4 seconds"))
    assert (row["enabled"], row["hold_s"]) == (True, 4)


def test_the_end_mark_of_netconf_is_no_part_of_an_answer() -> None:
    xml = (
        "<interface-information><physical-interface><name>et-0/0/0</name></physical-interface></interface-information>"
    )
    for end in ("]]>]]>", "\n]]>]]>\n"):
        assert [row["interface"] for row in whole("show interfaces", xml + end)] == ["et-0/0/0"]


def test_a_label_that_is_there_twice_is_reported_and_the_first_stands() -> None:
    twice = PORT_TEXT.replace("  Active defects : None\n", "  Active defects : None\n  Active alarms  : None\n")
    parsed: Parsed = parse("junos", "show interfaces extensive", twice)
    assert [one.text.strip() for one in parsed.unparsed] == ["Active alarms  : None"]
    assert parsed.records[0]["active_alarms"] == ["LINK"]


def test_a_label_that_was_renamed_is_reported_and_not_guessed() -> None:
    renamed = PORT_TEXT.replace("FEC Corrected Errors   ", "FEC Fixed Errors       ")
    parsed = parse("junos", "show interfaces extensive", renamed)
    assert [one.text.strip().partition("  ")[0] for one in parsed.unparsed] == ["FEC Fixed Errors"]
    fec = parsed.records[0]["fec"]
    assert isinstance(fec, dict) and "corrected" not in fec


def test_json_with_a_member_twice_is_reported() -> None:
    text = as_json(PORT_XML).replace('"mtu": [', '"mtu": [{"data": "1500"}],\n "mtu": [', 1)
    parsed = parse("junos", "show interfaces extensive", text)
    assert any("mtu" in one.text for one in parsed.unparsed)


def test_a_port_without_a_name_is_reported_and_no_record() -> None:
    parsed = parse("junos", "show interfaces extensive", PORT_XML.replace("<name>et-0/0/4:1</name>\n", ""))
    assert (parsed.records, [one.line for one in parsed.unparsed]) == ((), [3])


def test_a_cut_answer_is_never_an_exception() -> None:
    for name, text in (("interfaces extensive", PORT_XML), ("interfaces diagnostics optics", as_json(LANES_XML))):
        for at in range(0, len(text) - 8, 61):
            with pytest.raises(InputError):
                parse("junos", f"show {name}", text[:at])
