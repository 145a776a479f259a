"""The driver of InfiniBand hosts and switches: what their tools' answers become, and what stays Missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.drivers.nvidia import DRIVER, FABRIC, OTHER_FABRIC, STAT, command_of, described, negotiates
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts, Neighbour
from harness.reading import Absence, Missing, Reading, Value
from tests.recordings import REPOSITORY

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
LAB = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  gpu1:
    role: gpu
    nic: ConnectX-7
    nos: nvidia
    names: "ib{{cage}}"
    cages:
      0: {{mode: 1x400G}}
  leaf1:
    role: leaf
    platform: MQM9700
    nos: nvidia
    names: "sw{{cage}}p{{child}}"
    cages:
      3: {{mode: 2x400G, lanes: 8}}
  spine1:
    role: spine
    platform: Q3400
    nos: nvidia
    names: "sw{{cage}}p{{child}}"
    cages:
      3: {{mode: 2x800G, lanes: 8}}
"""
IBSTAT = """\
CA 'mlx5_0'
\tCA type: MT4129
\tNumber of ports: 1
\tFirmware version: 28.1.2000
\tPort 1:
\t\tState: Active
\t\tPhysical state: LinkUp
\t\tRate: 400
\t\tPort GUID: 0x02aa00000000a001
\t\tLink layer: InfiniBand
"""
HCA, LEAF = '0x02aa00000000a001 "                   gpu1 mlx5_0"', '0x02bb00000000b001 "        MF0;leaf1:MQM9700/U1"'
LINK = "==( 4X        106.25 Gbps Active/  LinkUp)==>"
FROM_HCA = f'{HCA}      7    1[  ] {LINK} 0x02bb00000000b001      2    6[  ] "MF0;leaf1:MQM9700/U1" ( )\n'
FROM_LEAF = f'{LEAF}      2    6[  ] {LINK} 0x02aa00000000a001      7    1[  ] "gpu1 mlx5_0" ( )\n'


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, DevicePlan]:
    file = tmp_path_factory.mktemp("lab") / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices


def told(device: DevicePlan, folder: Path, answers: Mapping[str | tuple[str, int], str]) -> DeviceFacts:
    with Recorder(folder / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        for key, text in answers.items():
            command, sample = key if isinstance(key, tuple) else (key, 1)
            at = NOON + timedelta(minutes=10 * (sample - 1))
            recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), text.encode(), 0, at))
    return DRIVER.decode(device, Evidence(folder / "evidence"))


def mlxlink(operational: Mapping[str, str] | None = None, **sections: Any) -> str:
    running = {
        "State": "Active", "Physical state": "LinkUp", "Speed": "IB-NDR", "Width": "4x",
        "FEC": "Standard_RS-FEC - (544,514)", "Auto Negotiation": "ON",
    }  # fmt: skip
    output = {"Operational Info": running | dict(operational or {}), **sections}
    return json.dumps({"result": {"output": output}, "status": {"code": 0, "message": "success"}})


def the(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def why(value: Value[object]) -> Absence:
    assert isinstance(value, Missing), value
    return value.why


def of_cage(device: DevicePlan, child: int = 1) -> str:
    return command_of(device, device.cages[0], child)


@pytest.mark.parametrize(
    ("device", "child", "start"),
    [
        ("gpu1", 1, "mlxlink -d mlx5_0 -m -c -e"),
        ("leaf1", 2, "mlxlink -d /dev/mst/mt54002_pciconf0 -p 3/2 -m"),
        ("spine1", 1, "mlxlink -d /dev/mst/mt54004_pciconf0 -p 3/1 -m"),
    ],
    ids=["a NIC by its RDMA device", "Quantum-2 by cage and port", "Quantum-3 by cage and port"],
)
def test_a_port_is_asked_by_what_the_tool_calls_it(
    devices: Mapping[str, DevicePlan], device: str, child: int, start: str
) -> None:
    command = of_cage(devices[device], child)
    assert command.startswith(start)
    assert DRIVER.session(devices[device]).permit.allows(command)


@pytest.mark.parametrize(
    ("speed", "width", "gbps"),
    [("IB-SDR", "4x", 10), ("IB-EDR", "4x", 100), ("IB-HDR", "2x", 100), ("IB-NDR", "4x", 400), ("XDR", "4x", 800)],
)
def test_a_speed_is_lanes_by_generation(
    devices: Mapping[str, DevicePlan], tmp_path: Path, speed: str, width: str, gbps: int
) -> None:
    device = devices["gpu1"]
    port = told(device, tmp_path, {of_cage(device): mlxlink({"Speed": speed, "Width": width})}).ports["ib0"]
    assert (the(port.speed), the(port.lanes), the(port.oper), the(port.admin)) == (gbps, int(width[0]), "up", "up")


def test_where_mlxlink_is_not_there_ibstat_tells_of_a_link_that_is_up(
    devices: Mapping[str, DevicePlan], tmp_path: Path
) -> None:
    device = devices["gpu1"]
    facts = told(device, tmp_path / "up", {STAT: IBSTAT})
    port = facts.ports["ib0"]
    assert (the(facts.software), the(port.speed), the(port.oper)) == ("28.1.2000", 400, "up")
    assert why(port.lanes) is Absence.NOT_RECORDED
    down = IBSTAT.replace("Active", "Down").replace("LinkUp", "Disabled").replace("400", "10")
    port = told(device, tmp_path / "down", {STAT: down}).ports["ib0"]
    assert (the(port.oper), the(port.admin)) == ("down", "down")
    assert isinstance(port.speed, Missing)


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        ("Standard_RS-FEC - (544,514)", "RS(544,514)", "rs"),
        ("Interleaved_Standard_RS-FEC - (544,514)", "RS(544,514)", "rs"),
        ("Standard LL RS-FEC - (272,257)", "RS(272,257)", "llrs"),
        ("No FEC", "none", "none"),
    ],
)
def test_the_code_that_runs_is_the_one_that_is_named(
    devices: Mapping[str, DevicePlan], tmp_path: Path, words: str, code: str, word: str
) -> None:
    device = devices["gpu1"]
    port = told(device, tmp_path, {of_cage(device): mlxlink({"FEC": words})}).ports["ib0"]
    assert (the(port.fec_named), the(port.fec_operational)) == (code, word)
    assert why(port.fec_configured) is Absence.NOT_AVAILABLE


def test_counters_of_the_fabric_are_ratios_and_never_codewords(
    devices: Mapping[str, DevicePlan], tmp_path: Path
) -> None:
    device = devices["gpu1"]
    asked = of_cage(device)
    first, second = (
        mlxlink(**{
            "Physical Counters and BER Info": {"Raw Physical BER": ber, "Link Down Counter": "3"},
            "Histogram of FEC Errors": {"Bin 0": {"values": ["[0]", "90"]}, "Bin 1": {"values": ["[1]", "7"]}},
        })
        for ber in ("4E-8", "5E-8")
    )  # fmt: skip
    port = told(device, tmp_path, {asked: first, (asked, 2): second}).ports["ib0"]
    assert [the(sample.pre_fec_ber) for sample in port.fec_samples] == [Decimal("4E-8"), Decimal("5E-8")]
    assert [why(sample.corrected) for sample in port.fec_samples] == [Absence.NOT_AVAILABLE] * 2
    assert (the(port.histogram), port.histogram_from, the(port.flaps)) == ((90, 7), 0, 3)


@pytest.mark.parametrize(
    "rows",
    [FROM_HCA, FROM_LEAF, FROM_HCA + FROM_LEAF],
    ids=["its own row", "the switch's row", "both rows"],
)
def test_the_port_of_a_switch_is_told_by_any_row_of_the_link(
    devices: Mapping[str, DevicePlan], tmp_path: Path, rows: str
) -> None:
    port = told(devices["gpu1"], tmp_path, {STAT: IBSTAT, FABRIC: rows}).ports["ib0"]
    assert the(port.lldp) == Neighbour("leaf1", ("6",))


def test_a_switch_knows_its_ports_by_their_numbers(devices: Mapping[str, DevicePlan], tmp_path: Path) -> None:
    facts = told(devices["leaf1"], tmp_path, {FABRIC: FROM_LEAF})
    assert facts.aliases == {"5": "sw3p1", "6": "sw3p2"}
    assert the(facts.ports["sw3p2"].lldp) == Neighbour("gpu1", ("mlx5_0",))
    assert why(facts.ports["sw3p1"].lldp) is Absence.NOT_RECORDED


def test_without_guids_a_host_is_known_by_its_description(devices: Mapping[str, DevicePlan], tmp_path: Path) -> None:
    block = "CA: gpu1 mlx5_0:\n      0x02aa00000000a001      7    1[  ] ==( 4X        106.25 Gbps Active/  LinkUp)==> "
    text = f'{block}      2    6[  ] "MF0;leaf1:MQM9700/U1" ( )\n'
    port = told(devices["gpu1"], tmp_path, {OTHER_FABRIC: text}).ports["ib0"]
    assert the(port.lldp) == Neighbour("leaf1", ("6",))


def test_ends_that_contradict_one_another_name_nobody(devices: Mapping[str, DevicePlan], tmp_path: Path) -> None:
    rows = FROM_HCA + FROM_LEAF.replace("2    6[", "2    8[")
    port = told(devices["gpu1"], tmp_path, {STAT: IBSTAT, FABRIC: rows}).ports["ib0"]
    assert why(port.lldp) is Absence.UNREADABLE


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ("gpu1 mlx5_0", Neighbour("gpu1", ("mlx5_0",))),
        ("MF0;leaf1:MQM9700/U1", Neighbour("leaf1", ("6",))),
        ("MF0;leaf1:Q3400/U1", None),
        ("Quantum Mellanox Technologies", None),
        ("", None),
    ],
    ids=["a NIC", "Quantum-2", "a switch whose numbers are not known", "a switch without a name", "no description"],
)
def test_what_a_node_says_of_itself(node: str, found: Neighbour | None) -> None:
    assert described(node, 6) == found


def test_a_switch_of_unknown_numbering_has_no_aliases_and_no_neighbours(
    devices: Mapping[str, DevicePlan], tmp_path: Path
) -> None:
    facts = told(devices["spine1"], tmp_path, {FABRIC: FROM_LEAF.replace("leaf1:MQM9700", "spine1:Q3400")})
    assert facts.aliases == {}
    assert all(isinstance(port.lldp, Missing) for port in facts.ports.values())


def test_a_module_of_two_ports_has_the_lanes_of_both(devices: Mapping[str, DevicePlan], tmp_path: Path) -> None:
    device = devices["leaf1"]
    both = {
        of_cage(device, child): mlxlink(**{
            "Module Info": {
                "Identifier": "OSFP", "Vendor Name": "NORTHWIND", "Vendor Serial Number": "NW1",
                "Temperature [C]": "51 [-10..80]", "Rx Power Current [dBm]": f"{child}.1,{child}.2 [-9.2..6]",
                "Rx LOS [per lane]": {"values": ["0", "1" if child == 2 else "0"]},
            }
        })
        for child in (1, 2)
    }  # fmt: skip
    facts = told(device, tmp_path, both)
    module = facts.modules["sw3p1"]
    assert (the(module.vendor_sn), the(module.temperature), module.lanes) == ("NW1", 51, 4)
    assert [the(power) for power in module.rx_power] == [Decimal(n) for n in ("1.1", "1.2", "2.1", "2.2")]
    flags = the(facts.ports["sw3p2"].flags)
    assert [the(flag.raised) for flag in flags] == [False, True]  # type: ignore[attr-defined]


BROKEN = {
    "nothing": "",
    "an error of the tool": "-E- Failed to open device\n",
    "an error of the shell": "sh: 1: mlxlink: not found\n",
    "JSON cut off": mlxlink()[:70],
    "a list": "[]",
    "a page of paging": "--More--\n",
    "the answer of another system": "% Invalid input detected at '^' marker.\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("device", ["gpu1", "leaf1"])
def test_what_is_no_answer_leaves_everything_missing(
    devices: Mapping[str, DevicePlan], tmp_path: Path, device: str, text: str
) -> None:
    plan = devices[device]
    commands = {ask.text: text for ask in DRIVER.asks(plan)}
    facts = told(plan, tmp_path, {**commands, **{(ask.text, 2): text for ask in DRIVER.asks(plan)}})
    for port in facts.ports.values():
        for name in ("speed", "lanes", "oper", "admin", "fec_named", "histogram", "lldp", "flags", "flaps"):
            assert isinstance(getattr(port, name), Missing), name
        assert all(isinstance(sample.pre_fec_ber, Missing) for sample in port.fec_samples)
    assert isinstance(facts.software, Missing)


def test_a_number_that_is_none_leaves_its_field_missing(devices: Mapping[str, DevicePlan], tmp_path: Path) -> None:
    device = devices["gpu1"]
    port = told(device, tmp_path, {of_cage(device): mlxlink().replace('"4x"', "NaN")}).ports["ib0"]
    assert isinstance(port.lanes, Missing)
    assert isinstance(port.speed, Missing)


def test_nothing_recorded_is_missing_everywhere(devices: Mapping[str, DevicePlan], tmp_path: Path) -> None:
    port = told(devices["gpu1"], tmp_path, {"hostname": ""}).ports["ib0"]
    assert {why(value) for value in (port.speed, port.oper, port.fec_named, port.lldp)} == {Absence.NOT_RECORDED}


@pytest.mark.parametrize(("word", "on"), [("ON", True), ("FORCE - 400G_4X", False), ("OFF", False)])
def test_a_speed_that_is_set_is_not_negotiated(word: str, on: bool) -> None:
    assert negotiates(word) is on


def test_a_word_that_is_neither_is_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        negotiates("N/A")
