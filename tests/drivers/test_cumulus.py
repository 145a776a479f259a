"""Cumulus Linux with NCLU: its answers as records, and what the driver makes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.drivers.answers import parse, record_schema
from harness.drivers.answers.cumulus import COMMANDS
from harness.drivers.cumulus import (
    DRIVER,
    LINKS,
    NEIGHBOURS,
    SYSTEM,
    carrier,
    fec,
    pages_of,
    pause,
    registers,
    settings,
)
from harness.errors import InputError
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts, PortFacts
from harness.reading import Absence, Missing, Reading, Value
from tests.recordings import RECORDINGS

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PROFILE = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"
LAB = f"""\
name: small
profile: {PROFILE}
devices:
  leaf1:
    role: leaf
    platform: SN4700
    nos: cumulus
    cages:
      1: {{mode: 2x200G}}
      2: {{mode: 1x400G}}
"""
CLI = RECORDINGS / "cli" / "cumulus"
recorded = pytest.mark.skipif(not CLI.is_dir(), reason="the recordings are not here")


def records(command: str, text: str) -> list[dict[str, Any]]:
    """The records of an answer that is understood whole; each fits the schema that is published."""
    parsed = parse("cumulus", command, text)
    assert parsed.unparsed == ()
    validator = Draft202012Validator(record_schema("cumulus", command))
    for record in parsed.records:
        assert not [error.message for error in validator.iter_errors(record)]
    return [dict(record) for record in parsed.records]


def text_of(file: str) -> str:
    return (CLI / file).read_text(encoding="utf-8")


# --- recordings ---------------------------------------------------------------------------------------------------


@recorded
def test_neighbours_recorded_as_json() -> None:
    rows = records("net show lldp json", text_of("net-show-lldp-json/suzieq-dual-bgp-spine02.json"))
    assert [row["interface"] for row in rows][:2] == ["swp1", "swp2"]
    assert len(rows) == 6
    first = rows[0]
    assert (first["system_name"], first["port_id"], first["port_id_type"]) == ("leaf01", "swp2", "ifname")
    assert (first["chassis_id"], first["ttl"], first["rid"]) == ("52:54:00:11:7d:b8", 120, 3)
    assert first["management_addresses"] == ["10.0.0.11", "2001:db8::11"]
    assert first["capabilities"] == {"Bridge": True, "Router": True}


@recorded
def test_the_system_recorded_as_json() -> None:
    (row,) = records("net show system json", text_of("net-show-system-json/suzieq-dual-bgp-spine01.json"))
    assert (row["hostname"], row["os_version"], row["model"]) == ("spine01", "4.3.0", "VX")
    assert (row["serial_number"], row["memory_kb"], row["disk"]) == ("52:54:00:83:72:c9", 685156, None)
    assert row["release"] == {
        "distrib_id": "Cumulus Linux", "distrib_release": "4.3.0", "distrib_description": "Cumulus Linux 4.3.0",
    }  # fmt: skip
    assert row["eeprom"]["vendor_name"] == "Cumulus Networks"
    assert "other" not in row


@recorded
def test_counters_of_the_kernel_recorded() -> None:
    rows = {
        row["interface"]: row for row in records("cat /proc/net/dev", text_of("cat-proc-net-dev/suzieq-leaf04.txt"))
    }
    assert len(rows) == 16
    assert (rows["swp3"]["rx"]["packets"], rows["swp3"]["tx"]["bytes"]) == (1154, 141660)
    assert rows["vlan13"]["rx"]["multicast"] == 14


@recorded
def test_interfaces_of_frr_and_of_the_kernel_recorded_in_one_answer() -> None:
    rows = records("vtysh -c 'show int vrf all'; ip -d address show", text_of("ip-d-address-show/suzieq-spine02.txt"))
    frr = {row["interface"]: row for row in rows if row["told_by"] == "frr"}
    kernel = {row["interface"]: row for row in rows if row["told_by"] == "kernel"}
    assert (len(frr), len(kernel)) == (9, 9)
    port = frr["swp1"]
    assert (port["oper"], port["speed_mbps"], port["mtu"], port["mac"]) == ("up", 1000, 9216, "52:54:00:38:a3:29")
    assert (port["link_ups"], port["last_link_up"], port["vrf"], port["nd_sent"]) == (0, None, "default", 42)
    assert port["neighbor_addresses"] == ["fe80::5054:ff:fe6b:7941/128"]
    assert frr["lo"]["speed_mbps"] is None
    assert frr["mgmt"]["kind"] == "VRF"
    assert (kernel["swp6"]["mtu"], kernel["swp6"]["oper"], kernel["swp6"]["admin"]) == (9216, "up", "up")
    assert kernel["eth0"]["mac"] == "52:54:00:5e:ec:b7"


@recorded
def test_neighbours_recorded_as_text() -> None:
    rows = records("lldpctl", text_of("lldpctl/suzieq-texttfsm.txt"))
    assert [(row["interface"], row["system_name"], row["port_id"]) for row in rows] == [
        ("swp1", "spine01", "swp1"), ("swp2", "spine02", "swp1"), ("swp3", "leaf02", "swp3"),
    ]  # fmt: skip
    assert rows[2]["capabilities"] == {"Bridge": True, "Router": True}


@recorded
@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: str(entry.name))
def test_a_recording_of_one_command_is_no_answer_of_another(entry: Any) -> None:
    alike = {"lldpctl", "net show lldp", "vtysh -c 'show int vrf all'", "ip link show"}
    for file in sorted(CLI.rglob("*.*")):
        about = file.parent.name
        own = {"cat-proc-net-dev": "cat dev", "net-show-system-json": "net show system"}.get(about, "")
        if entry.name == own or (entry.name in alike and own == ""):
            continue
        try:
            parsed = parse("cumulus", entry.name, file.read_text(encoding="utf-8"))
        except InputError:
            continue
        assert not parsed.records or len(parsed.unparsed) > len(parsed.records), (file, entry.name)


# --- text ---------------------------------------------------------------------------------------------------------

LISTED = """\
State  Name    Spd   MTU    Mode           LLDP                    Summary
-----  ------  ----  -----  -------------  ----------------------  -------------------------
UP     lo      N/A   65536  Loopback                               IP: 127.0.0.1/8
       lo                                                          IP: 10.0.0.11/32
UP     swp1    100G  9216   Default        leaf9 (swp49)           Master: bond1(UP)
DN     swp2    100G  9216   Default
ADMDN  swp3    N/A   1500   NotConfigured
"""


def test_ports_as_ncu_lists_them() -> None:
    lo, one, two, three = records("net show interface all", LISTED)
    assert lo["summary"] == ["IP: 127.0.0.1/8", "IP: 10.0.0.11/32"]
    assert (one["speed_mbps"], one["remote_host"], one["remote_port"]) == (100_000, "leaf9", "swp49")
    assert [(row["admin"], row["oper"]) for row in (one, two, three)] == [
        ("up", "up"),
        ("up", "down"),
        ("down", "down"),
    ]


def test_one_port_as_nclu_shows_it_and_as_json() -> None:
    text = (
        "    Name    MAC                Speed      MTU  Mode\n"
        "--  ------  -----------------  -------  -----  ---------\n"
        "UP  swp1    02:00:00:00:00:04  1G        9216  Access/L2\n"
    )
    (row,) = records("net show interface swp1", text)
    assert (row["oper"], row["mac"], row["speed_mbps"], row["mtu"]) == ("up", "02:00:00:00:00:04", 1000, 9216)
    said = {"swp1": {"linkstate": "DN", "speed": "100G", "mode": "Default", "summary": "",
                     "iface_obj": {"mtu": 9216, "mac": "02:00", "description": "up", "lldp": [
                         {"adj_hostname": "leaf9", "adj_port": "swp49"}]}}}  # fmt: skip
    (row,) = records("net show interface all json", json.dumps(said))
    assert (row["oper"], row["admin"], row["mtu"], row["remote_host"]) == ("down", "up", 9216, "leaf9")


def test_neighbours_the_system_and_modules_as_text() -> None:
    (row,) = records(
        "net show lldp",
        "LocalPort  Speed  Mode     RemoteHost  RemotePort\n---------  -----  -------  ----------  ----------\n"
        "swp1       100G   Default  leaf9       swp49\n",
    )
    assert (row["interface"], row["system_name"], row["port_id"], row["speed_mbps"]) == (
        "swp1",
        "leaf9",
        "swp49",
        100_000,
    )
    (row,) = records(
        "net show lldp swp1",
        "-----\nLLDP neighbors:\n-----\nInterface:    swp1, via: LLDP, RID: 3, Time: 0 day, 00:10:00\n"
        "  Chassis:\n    ChassisID:    mac 02:00:00:00:00:09\n    SysName:      leaf9\n"
        "  Port:\n    PortID:       ifname swp49\n",
    )
    assert (row["interface"], row["system_name"], row["port_id"]) == ("swp1", "leaf9", "swp49")
    (row,) = records("lldpcli show neighbors summary", "Interface:    swp1, via: LLDP\n    SysName:      leaf9\n")
    assert row["system_name"] == "leaf9"
    (row,) = records(
        "net show system",
        "Hostname......... sw1\nBuild............ Cumulus Linux 4.3.0\nASIC............. Mellanox Spectrum-2\n"
        "Base MAC Address. 02:00:00:00:00:50\nSerial Number.... A1\n",
    )
    assert (row["os_version"], row["asic"], row["base_mac"]) == ("4.3.0", "Mellanox Spectrum-2", "02:00:00:00:00:50")
    (row,) = records(
        "net show interface pluggables",
        "Interface    Identifier       Vendor Name    Vendor PN\n"
        "-----------  ---------------  -------------  ---------\n"
        "swp1         0x11 (QSFP28)    NORTHWIND      NW-1\n",
    )
    assert (row["identifier"], row["vendor_part_number"]) == ("0x11 (QSFP28)", "NW-1")
    (row,) = records("net show version", 'DISTRIB_ID="Cumulus Linux"\nDISTRIB_RELEASE=4.4.0\n')
    assert row["os_version"] == "4.4.0"


def test_a_column_that_is_not_known_and_a_line_that_is_not_are_reported() -> None:
    text = LISTED.replace("Mode ", "Mood ").replace("DN     swp2", "MAYBE  swp2")
    parsed = parse("cumulus", "net show interface", text)
    assert [line.line for line in parsed.unparsed] == [1, 6]


@pytest.mark.parametrize(
    "text",
    ["", "ERROR: Command not found.\n", "% Unknown command.\n", '{"a": ', "[]", "-bash: net: command not found\n"],
    ids=["empty", "an error", "FRR's refusal", "JSON that is cut", "an empty list", "no such tool"],
)
def test_what_is_no_answer_is_refused(text: str) -> None:
    for entry in COMMANDS:
        if entry.name.startswith(("net ", "vtysh")):
            with pytest.raises(InputError, match="not an answer of"):
                parse("cumulus", entry.name, text)


# --- driver -------------------------------------------------------------------------------------------------------


@pytest.fixture
def leaf(tmp_path: Path) -> DevicePlan:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["leaf1"]


def decoded(device: DevicePlan, folder: Path, answers: Mapping[str | tuple[str, int], str]) -> DeviceFacts:
    with Recorder(folder / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        for key, text in answers.items():
            command, sample = key if isinstance(key, tuple) else (key, 1)
            recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), text.encode(), 0, NOON))
    return DRIVER.decode(device, Evidence(folder / "evidence"))


def the(value: Value[Any]) -> Any:
    assert isinstance(value, Reading), value
    return value.value


KERNEL = "".join(
    f"{n}: {name}: <BROADCAST,MULTICAST,UP{carries}> mtu 9216 qdisc mq state {state} group default qlen 1000\n"
    f"    link/ether 02:00:00:00:00:0{n} brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 9216\n"
    for n, name, state, carries in (
        (3, "swp1s0", "UP", ",LOWER_UP"),
        (4, "swp1s1", "UP", ",LOWER_UP"),
        (5, "swp2", "DOWN", ""),
    )
)
SETTINGS = "Settings for {}:\n\tSpeed: 200000Mb/s\n\tLanes: 4\n\tAuto-negotiation: off\n\tLink detected: yes\n"
FEC = (
    "FEC parameters for swp1s0:\nConfigured FEC encodings: RS\nActive FEC encoding: RS\n"
    "Statistics:\n  corrected_blocks: 70\n  uncorrectable_blocks: 1\n"
)
HEARD = {
    "name": "swp1s0",
    "via": "LLDP",
    "chassis": [{"name": [{"value": "spine1"}], "id": [{"type": "mac", "value": "02:aa"}]}],
    "port": [{"id": [{"type": "ifname", "value": "swp5"}]}],
}
LLDP = {"lldp": [{"interface": [HEARD]}]}
ANSWERS = {
    SYSTEM: json.dumps({"hostname": "leaf1", "build": "Cumulus Linux 4.3.0", "os-version": "4.3.0",
                        "platform": {"vendor": "Mlnx", "model": "MSN4700", "asic": "Spectrum-3"},
                        "eeprom": {"tlv": {"Serial Number": {"value": "MT1"}}}}),
    NEIGHBOURS: json.dumps(LLDP),
    LINKS: KERNEL,
    settings("swp1s0"): SETTINGS.format("swp1s0"),
    settings("swp1s1"): SETTINGS.format("swp1s1"),
    fec("swp1s0"): FEC,
    pause("swp1s0"): "Pause parameters for swp1s0:\nAutonegotiate:\toff\nRX:\t\toff\nTX:\t\toff\n",
    carrier("swp1s0"): "7\n",
}  # fmt: skip


def test_what_the_driver_makes_of_a_switch(leaf: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(leaf, tmp_path, ANSWERS)
    assert facts.unknown == ()
    assert (the(facts.software), the(facts.platform), the(facts.serial)) == ("4.3.0", "MSN4700", "MT1")
    assert the(facts.asic) == "Spectrum-3"
    port = facts.ports["swp1s0"]
    assert (the(port.speed), the(port.lanes), the(port.oper), the(port.admin), the(port.mtu)) == (
        200,
        4,
        "up",
        "up",
        9216,
    )
    assert (the(port.fec_configured), the(port.fec_operational), the(port.link_pause)) == ("rs", "rs", False)
    assert (the(port.fec_samples[0].corrected), the(port.fec_samples[0].uncorrected)) == (70, 1)
    assert (the(port.breakout_mode), the(port.flaps), the(port.auto_negotiation)) == ("2x200G", 7, False)
    assert (the(port.lldp).device, the(port.lldp).port_names) == ("spine1", ("swp5",))
    assert the(facts.ports["swp2"].oper) == "down"
    assert facts.aliases["02:00:00:00:00:03"] == "swp1s0"


def test_what_this_release_cannot_tell_is_missing_with_its_reason(leaf: DevicePlan, tmp_path: Path) -> None:
    port = decoded(leaf, tmp_path, ANSWERS).ports["swp1s0"]
    for name in ("pfc_priorities", "histogram", "flags", "error_status", "fec_named", "last_change", "cleared"):
        value = getattr(port, name)
        assert isinstance(value, Missing) and value.detail, name
    assert all(isinstance(queue.ecn, Missing) for queue in port.queues.values())
    assert isinstance(port.fec_samples[1].corrected, Missing)


def test_nothing_recorded_is_missing_everywhere(leaf: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(leaf, tmp_path, {"show clock": ""})
    assert set(facts.ports) == {"swp1s0", "swp1s1", "swp2"}
    for port in facts.ports.values():
        assert not any(isinstance(getattr(port, one.name), Reading) for one in fields(PortFacts))


def test_registers_in_one_piece_become_pages() -> None:
    half = bytes(range(128))
    quad = pages_of({0: b"\x11" + half[1:], 128: half, 256: half, 384: half[:64]})
    assert [str(page) for page in quad] == [
        str(page) for page in pages_of({0: b"\x11" + half[1:], 128: half, 256: half})
    ]
    assert len(quad) == 3
    small = pages_of({0: b"\x03" + half[1:], 128: half, 256: half, 384: half})
    assert len(small) == 4
    assert set(small) & set(quad) != set(small)


def test_a_module_is_read_from_its_dump(leaf: DevicePlan, tmp_path: Path) -> None:
    data = bytearray(256)
    data[0], data[148:164], data[196:212] = 0x11, b"NORTHWIND       ", b"X1              "
    rows = "".join(f"0x{at:04x}:\t\t{data[at : at + 16].hex(' ')}\n" for at in range(0, 256, 16))
    dump = f"Offset\t\tValues\n------\t\t------\n{rows}"
    facts = decoded(leaf, tmp_path, {registers("swp1s0"): dump, (registers("swp1s0"), 2): dump})
    assert (the(facts.modules["swp1s0"].identifier), the(facts.modules["swp1s0"].vendor_sn)) == (0x11, "X1")
    assert the(facts.again["swp1s0"].seen.vendor_sn) == "X1"
    assert isinstance(facts.modules["swp2"].identifier, Missing)


def test_every_question_is_permitted_and_second_samples_come_last(leaf: DevicePlan) -> None:
    asks = list(DRIVER.asks(leaf))
    assert all(DRIVER.session(leaf).permit.allows(ask.text) for ask in asks)
    assert [ask.sample for ask in asks] == sorted(ask.sample for ask in asks)


@pytest.mark.parametrize(
    "text",
    ["", "Command authorization failed\n", "% Invalid input detected at '^' marker.\n", '{"lldp": [{"interf', "[[]]",
     "Cannot get device settings: No such device\n", "\x1b[31m--More--\x1b[0m\r\n"],
    ids=["empty", "a refusal", "another system", "cut", "a list", "no device", "a pager"],
)  # fmt: skip
def test_bad_answers_give_no_value_and_no_exception(text: str, leaf: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(leaf, tmp_path, {(ask.text, ask.sample): text for ask in DRIVER.asks(leaf)})
    assert isinstance(facts.software, Missing)
    for port in facts.ports.values():
        for name in ("speed", "oper", "mtu", "fec_configured", "fec_operational", "lldp", "flaps", "breakout_mode"):
            value = getattr(port, name)
            assert isinstance(value, Missing), name
            assert value.why in (Absence.UNREADABLE, Absence.NOT_RECORDED)
