"""The real ethtool, ip, dcb, devlink and lldpd on a real kernel: what they print, and what our driver makes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.drivers import driver
from harness.drivers.answers import parse, record_schema
from harness.errors import InputError
from harness.evidence import Answer, Origin, Recorder
from harness.model import DeviceFacts
from harness.reading import Missing, Reading
from tests.vm.machine import Said
from tests.vm.scene import BOX, CORRECTED, FIRST, MORE, SECOND, UNCORRECTABLE, said_to

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def facts(said: dict[str, Said], tmp_path_factory: pytest.TempPathFactory) -> DeviceFacts:
    """What the driver makes of the answers, its questions asked in the machine."""
    store = tmp_path_factory.mktemp("vm") / "evidence"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for number, ask in enumerate((*FIRST, *SECOND)):
            found = said[said_to(ask)]
            at = START + timedelta(seconds=number + (600 if ask in SECOND else 0))
            recorder.append(Answer(ask, found.out, found.status, at, 5, stderr=found.err.decode()))
    from harness.evidence import Evidence

    return driver("linux").decode(BOX, Evidence(store))


def value(found: Any) -> Any:
    assert isinstance(found, Reading), found
    return found.value


def test_every_line_that_the_tools_print_is_understood(facts: DeviceFacts) -> None:
    assert facts.unknown == ()


def test_a_link_of_a_real_kernel(facts: DeviceFacts) -> None:
    port = facts.ports["swp1"]
    assert (value(port.oper), value(port.admin), value(port.mtu)) == ("up", "up", 9000)
    assert (value(port.speed), value(port.lanes)) == (800, 8)
    assert value(port.link_pause) is True
    assert "28.43.2026" in value(facts.software)


def test_fec_and_its_counters(facts: DeviceFacts) -> None:
    port = facts.ports["swp1"]
    assert (value(port.fec_configured), value(port.fec_operational)) == ("rs", "rs")
    assert [value(sample.corrected) for sample in port.fec_samples] == list(map(Decimal, CORRECTED))
    assert [value(sample.uncorrected) for sample in port.fec_samples] == list(map(Decimal, UNCORRECTABLE))
    assert isinstance(port.histogram, Missing)


def test_data_center_bridging(facts: DeviceFacts) -> None:
    port = facts.ports["swp1"]
    assert value(port.pfc_priorities) == {3}
    assert {dscp: value(port.maps.dscp_to_tc)[dscp] for dscp in (26, 48)} == {26: 3, 48: 6}
    assert value(port.maps.tc_to_queue)[3] == 3
    counts = port.pauses[0]
    assert (value(counts.sent)[3], value(counts.received)[3]) == (41, 7)


def test_a_neighbour_that_a_real_lldpd_heard(facts: DeviceFacts) -> None:
    neighbour = value(facts.ports["swp1"].lldp)
    assert neighbour.device == "far-switch"
    assert "swp2" in neighbour.port_names


def test_a_module_read_page_by_page(facts: DeviceFacts) -> None:
    module = facts.modules["swp1"]
    assert module.management == "cmis"
    assert value(module.vendor_sn) == "VM0001"
    assert value(module.module_state) == "ModuleReady"
    assert [value(state) for state in module.dp_state[:4]] == ["DPActivated"] * 4
    assert all(value(one.ok) for one in module.checksums)


def test_children_of_a_port_that_devlink_split(facts: DeviceFacts) -> None:
    for child in range(2):
        port = facts.ports[f"swp3s{child}"]
        assert value(port.admin) == "up"
        assert value(port.oper) == "down"  # nothing is at the other end
        assert isinstance(port.speed, Missing)
        assert isinstance(port.lldp, Missing)
        assert value(port.pfc_priorities) == frozenset()


@pytest.mark.parametrize("command", MORE)
def test_what_a_tool_prints_becomes_records(said: dict[str, Said], command: str) -> None:
    found = said[command]
    if found.status:
        assert command in ("ethtool -m swp3s0", "dcb -j pfc show dev lo")
        with pytest.raises(InputError):
            parse("linux", command, found.out.decode())
        return
    parsed = parse("linux", command, found.out.decode())
    assert parsed.unparsed == ()
    schema = Draft202012Validator(record_schema("linux", command))
    for record in parsed.records:
        assert not list(schema.iter_errors(record)), record
    assert parsed.records or command in ("devlink -j health show", "devlink -j sb show")


def test_the_same_is_told_in_words_and_as_json(said: dict[str, Said]) -> None:
    def told(command: str) -> list[dict[str, Any]]:
        return [
            {key: held for key, held in record.items() if key != "line"}
            for record in parse("linux", command, said[command].out.decode()).records
        ]

    def neighbours(command: str) -> set[tuple[Any, ...]]:
        keys = ("interface", "system_name", "port_id", "port_description", "ttl")
        return {tuple(record.get(key) for key in keys) for record in told(command)}

    assert neighbours("lldpctl -f json0") == neighbours("lldpctl -f json") == neighbours("lldpctl -f keyvalue")
    for words, document in (("dcb pfc show dev swp1", "dcb -j -s pfc show dev swp1"),):
        (one,), (other,) = told(words), told(document)
        assert one["pfc_enabled"] == other["pfc_enabled"]


def test_the_kernel_has_the_lanes_of_a_split_port(said: dict[str, Said]) -> None:
    rows = {
        row["interface"]: row
        for row in parse("linux", "devlink -j port show", said["devlink -j port show"].out.decode()).records
        if row.get("interface")
    }
    assert rows["swp1"]["lanes"] == 8
    assert [rows[f"swp3s{child}"]["lanes"] for child in range(2)] == [4] * 2


def test_numbers_are_what_the_tools_said(said: dict[str, Said]) -> None:
    (fec,) = parse("linux", "ethtool -I --show-fec swp1", said["ethtool -I --show-fec swp1"].out.decode()).records
    assert fec["corrected_blocks"]["total"] == CORRECTED[0]  # type: ignore[index,call-overload]
    assert Path(__file__).with_name("lab.yaml").exists()
