"""The driver of EOS: what its answers become, and that what is not there is Missing and never a zero."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.decode.told import ToldTransceiver
from harness.drivers.eos import COMMANDS, DRIVER, OF_LINKS, TWICE
from harness.drivers.eos import names as ask
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts, Maps, Neighbour, PauseCounts, PortFacts, Queue, Watchdog
from harness.reading import Absence, Missing, Reading, Value
from tests.recordings import RECORDINGS

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PROFILE = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"
LAB = f"""\
name: small
profile: {PROFILE}
devices:
  leaf9:
    role: leaf
    platform: DCS-7060X6-64PE
    nos: eos
    cages:
      1: {{mode: 2x400G}}
      2: {{mode: 1x800G}}
"""
PORT, SECOND, WHOLE = "Ethernet1/1", "Ethernet1/5", "Ethernet2/1"


@pytest.fixture
def leaf(tmp_path: Path) -> DevicePlan:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["leaf9"]


Said = Mapping[str | tuple[str, int], object]


def decoded(device: DevicePlan, folder: Path, answers: Said) -> DeviceFacts:
    """What the driver makes of answers: a text as it stands, anything else as JSON."""
    store = folder / "evidence"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for key, said in answers.items():
            command, sample = key if isinstance(key, tuple) else (key, 1)
            text = said if isinstance(said, str) else json.dumps(said, indent=1)
            at = NOON + timedelta(seconds=600 * (sample - 1))
            recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), text.encode(), 0, at))
    return DRIVER.decode(device, Evidence(store))


def the(value: Value[Any]) -> Any:
    assert isinstance(value, Reading), value
    return value.value


def missing(value: Value[Any]) -> Missing:
    assert isinstance(value, Missing), value
    return value


# --- questions ----------------------------------------------------------------------------------------------------


def test_every_question_only_looks_and_is_permitted(leaf: DevicePlan) -> None:
    session = DRIVER.session(leaf)
    asks = list(DRIVER.asks(leaf))
    assert all(session.permit.allows(one.text) and one.text.startswith("show ") for one in asks)
    assert not session.shell
    for text in ("configure", "show version | json; bash", "bash reboot", "show running-config", "reload now"):
        assert not session.permit.allows(text)


def test_counters_and_monitors_are_asked_twice_and_links_last(leaf: DevicePlan) -> None:
    asks = list(DRIVER.asks(leaf))
    assert [one.text for one in asks if one.sample == 1] == [*COMMANDS]
    assert [one.text for one in asks if one.sample == 2] == [*TWICE]
    assert [one.text for one in asks][len(COMMANDS) - len(OF_LINKS) : len(COMMANDS)] == [*OF_LINKS]


def test_the_text_of_every_json_command_is_accepted_as_well(leaf: DevicePlan) -> None:
    other = {(one.text, one.sample) for one in DRIVER.accepts(leaf)}
    assert ("show version", 1) in other
    assert ("show interfaces phy detail", 2) in other
    assert not any("json" in text for text, _ in other)


# --- nothing ------------------------------------------------------------------------------------------------------


def readings(of: Any) -> list[str]:
    """The names of every reading in a fact, however deep."""
    if isinstance(of, Reading):
        return ["itself"]
    if isinstance(of, Maps | Queue | PauseCounts | Watchdog):
        return [f"{one.name} {name}" for one in fields(of) for name in readings(getattr(of, one.name))]
    if isinstance(of, Mapping):
        return [f"{key} {name}" for key, value in of.items() for name in readings(value)]
    if isinstance(of, tuple):
        return [name for value in of for name in readings(value)]
    return []


NOTHINGS: dict[str, str | None] = {
    "nothing recorded": None,
    "empty answers": "",
    "an unknown command": "% Invalid input\n",
    "no right to ask": "Command authorization failed\n",
    "a command without JSON": '{"errors": ["This is an unconverted command"]}\n',
    "JSON that was cut": '{"interfaces": {"Ethernet1/1": {"bandwidth": 4000',
    "JSON of another command": '{"vlans": {}}\n',
    "a prompt alone": "leaf9#",
}


@pytest.mark.parametrize("nothing", NOTHINGS)
def test_what_was_not_answered_is_missing_everywhere(leaf: DevicePlan, tmp_path: Path, nothing: str) -> None:
    said = NOTHINGS[nothing]
    given: Said = {(one.text, one.sample): said for one in DRIVER.asks(leaf) if said is not None}
    facts = decoded(leaf, tmp_path, given or {"show clock": "noon"})
    assert set(facts.ports) == {PORT, SECOND, WHOLE}
    assert set(facts.modules) == set(facts.modes) == set(facts.again) == {PORT, WHOLE}
    for seen in facts.ports.values():
        for one in fields(PortFacts):
            assert readings(getattr(seen, one.name)) == [], one.name
        assert all(isinstance(sample.uncorrected, Missing) for sample in seen.fec_samples)
    for name in ("software", "platform", "hwsku", "serial", "asic", "supplies", "fans", "sensors", "load_balancing"):
        assert isinstance(getattr(facts, name), Missing), name
    for module in facts.modules.values():
        assert isinstance(module.vendor_sn, Missing)
        assert all(isinstance(power, Missing) for power in module.rx_power)
        assert module.thresholds == {}


# --- the device ---------------------------------------------------------------------------------------------------


def test_the_switch_says_what_it_is(leaf: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(leaf, tmp_path, {
        ask.VERSION: {"modelName": "DCS-7060X6-64PE-F", "serialNumber": "S1", "version": "4.33.2F"},
        ask.PHY: {"interfacePhyStatuses": {PORT: {"phyStatuses": [phy()]}}},
        ask.CLUSTER: "CLB Status: enabled\n",
    })  # fmt: skip
    assert (the(facts.software), the(facts.platform), the(facts.hwsku)) == (
        "4.33.2F", "DCS-7060X6-64PE-F", "DCS-7060X6-64PE-F",
    )  # fmt: skip
    assert (the(facts.serial), the(facts.asic), the(facts.load_balancing)) == ("S1", "BCM78900", "cluster")
    assert str(facts.serial.source) == "leaf9: show version | json line 1 serial = S1"
    assert facts.unknown == ()


def test_supplies_fans_and_sensors_are_told(leaf: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(leaf, tmp_path, {
        ask.POWER: {"powerSupplies": {
            "1": {"state": "ok", "modelName": "PWR", "capacity": 2400.0, "outputPower": 463.12},
            "2": {"state": "powerLoss", "modelName": "PWR", "capacity": 2400.0, "outputPower": 0.0},
        }},
        ask.COOLING: {
            "airflowDirection": "frontToBackAirflow", "powerSupplySlots": [],
            "fanTraySlots": [{"label": "1", "status": "ok",
                              "fans": [{"label": "1/1", "status": "ok", "actualSpeed": 41}]}],
        },
        ask.TEMPERATURE: {"tempSensors": [
            {"name": "TempSensor1", "description": "Cpu", "relPos": "1", "hwStatus": "ok", "currentTemperature": 41.5,
             "overheatThreshold": 95.0, "criticalThreshold": 105.0},
        ]},
    })  # fmt: skip
    one, two = the(facts.supplies)
    assert (one.name, the(one.status), the(one.watts), the(one.capacity), the(one.model)) == (
        "PowerSupply1", "ok", Decimal("463.12"), 2400, "PWR",
    )  # fmt: skip
    assert the(two.status) == "powerLoss"
    (fan,) = the(facts.fans)
    assert (fan.name, the(fan.status), the(fan.percent), the(fan.direction)) == ("1/1", "ok", 41, "front-to-back")
    assert missing(fan.rpm).why is Absence.NOT_AVAILABLE
    (sensor,) = the(facts.sensors)
    assert (sensor.name, the(sensor.celsius), the(sensor.high), the(sensor.critical), the(sensor.status)) == (
        "TempSensor1 Cpu", Decimal("41.5"), 95, 105, "ok",
    )  # fmt: skip


# --- ports --------------------------------------------------------------------------------------------------------

UP: dict[str, Any] = {
    "lineProtocolStatus": "up", "interfaceStatus": "connected", "bandwidth": 400 * 10**9, "mtu": 9214, "lanes": 4,
    "autoNegotiate": "off", "physicalAddress": "02:00:00:00:00:01", "lastStatusChangeTimestamp": 1767000000.5,
    "interfaceCounters": {"linkStatusChanges": 3, "lastClear": 1766000000.0},
}  # fmt: skip


def interfaces(**changed: Any) -> dict[str, Any]:
    return {"interfaces": {PORT: UP | changed}}


def test_a_port_says_how_it_is(leaf: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(leaf, tmp_path, {ask.INTERFACES: interfaces()})
    seen = facts.ports[PORT]
    assert (the(seen.speed), the(seen.lanes), the(seen.oper), the(seen.admin), the(seen.mtu)) == (
        400, 4, "up", "up", 9214,
    )  # fmt: skip
    assert (the(seen.flaps), the(seen.last_change), the(seen.cleared)) == (3, "1767000000.5", "1766000000.0")
    assert the(seen.auto_negotiation) is False
    assert facts.aliases == {"Et1/1": PORT, "02:00:00:00:00:01": PORT}
    assert facts.sampled[PORT] == (NOON, NOON)
    assert missing(facts.ports[SECOND].speed).why is Absence.NOT_RECORDED


@pytest.mark.parametrize(
    ("state", "admin", "oper"),
    [
        ("connected", "up", "up"),
        ("notconnect", "up", "down"),
        ("errdisabled", "up", "down"),
        ("disabled", "down", "down"),
    ],
)
def test_a_port_that_is_not_connected_is_down(
    leaf: DevicePlan, tmp_path: Path, state: str, admin: str, oper: str
) -> None:
    said = interfaces(interfaceStatus=state, lineProtocolStatus="up" if oper == "up" else "notPresent")
    seen = decoded(leaf, tmp_path, {ask.INTERFACES: said}).ports[PORT]
    assert (the(seen.admin), the(seen.oper)) == (admin, oper)


def test_a_zero_where_eos_has_no_number_is_none(leaf: DevicePlan, tmp_path: Path) -> None:
    seen = decoded(leaf, tmp_path, {ask.INTERFACES: interfaces(bandwidth=0, lanes=0)}).ports[PORT]
    assert missing(seen.speed).why is Absence.NOT_AVAILABLE
    assert missing(seen.lanes).why is Absence.NOT_AVAILABLE


def test_two_rows_of_a_port_that_are_not_alike_say_nothing(leaf: DevicePlan, tmp_path: Path) -> None:
    text = "Port         RxPfc       TxPfc\nEt1/1            5           0\nEthernet1/1      6           0\n"
    seen = decoded(leaf, tmp_path, {"show priority-flow-control counters": text}).ports[PORT]
    assert missing(seen.pauses[0].received_in_all).why is Absence.UNREADABLE


STATUS = """\
Port       Name   Status       Vlan     Duplex Speed  Type
Et1/1      gpu1   connected    routed   full   400G   400GBASE-DR4
Et1/2             inactive     routed   full   400G   400GBASE-DR4
Et1/3             inactive     routed   full   400G   400GBASE-DR4
Et1/4             inactive     routed   full   400G   400GBASE-DR4
Et1/5      gpu2   errdisabled  routed   full   400G   400GBASE-DR4
Et2/1             disabled     routed   full   800G   Not Present
Et2/2             disabled     routed   full   100G   Not Present
"""
SHUT = """\
Port         Name            Status       Reason
------------ --------------- ------------ ----------------
Et1/5        gpu2            errdisabled  xcvr-unsupported
"""


def test_text_serves_where_json_was_not_recorded(leaf: DevicePlan, tmp_path: Path) -> None:
    said: Said = {
        ask.STATUS: '{"errors": ["This is an unconverted command"]}',
        "show interfaces status": STATUS,
        "show interfaces status errdisabled": SHUT,
        "show version": "Arista DCS-7060X6-64PE\nSerial number: S1\nSoftware image version: 4.33.2F\n",
    }
    facts = decoded(leaf, tmp_path, said)
    one, two, whole = facts.ports[PORT], facts.ports[SECOND], facts.ports[WHOLE]
    assert (the(one.breakout_mode), the(two.breakout_mode)) == ("2x400G", "2x400G")
    assert the(whole.breakout_mode) == "1x800G"
    assert (the(one.error_status), the(two.error_status), the(whole.error_status)) == (
        "xcvr-unsupported", "xcvr-unsupported", "OK",
    )  # fmt: skip
    assert str(one.error_status.source).startswith("leaf9: show interfaces status errdisabled line 3")
    assert (the(facts.software), the(facts.serial)) == ("4.33.2F", "S1")


def test_json_is_preferred_to_text(leaf: DevicePlan, tmp_path: Path) -> None:
    said: Said = {
        ask.VERSION: {"modelName": "X", "version": "4.33.2F"},
        "show version": "Arista Y\nSoftware image version: 4.30.1F\n",
    }
    assert the(decoded(leaf, tmp_path, said).software) == "4.33.2F"


def test_a_module_without_a_maker_is_in_error(leaf: DevicePlan, tmp_path: Path) -> None:
    said: Said = {
        ask.ERRDISABLED: {"interfaceStatuses": {}},
        ask.INVENTORY: {"xcvrSlots": {"1": slot(mfgName=""), "2": slot(mfgName="Not Present")}},
    }
    facts = decoded(leaf, tmp_path, said)
    assert the(facts.ports[PORT].error_status) == "module of no maker"
    assert the(facts.ports[WHOLE].error_status) == "OK"


@pytest.mark.parametrize(
    ("rx", "tx", "on"), [("off", "off", False), ("on", "off", True), ("off", "on", True), ("on", "on", True)]
)
def test_link_pause_is_on_where_either_side_is(leaf: DevicePlan, tmp_path: Path, rx: str, tx: str, on: bool) -> None:
    states = {"rxAdminState": rx, "rxOperState": rx, "txAdminState": tx, "txOperState": tx}
    seen = decoded(leaf, tmp_path, {ask.PAUSE: {"interfaceFlowControls": {PORT: states}}}).ports[PORT]
    assert the(seen.link_pause) is on


def test_a_pause_state_that_is_neither_on_nor_off_is_missing(leaf: DevicePlan, tmp_path: Path) -> None:
    states = {"rxOperState": "disagree", "txOperState": "off"}
    seen = decoded(leaf, tmp_path, {ask.PAUSE: {"interfaceFlowControls": {PORT: states}}}).ports[PORT]
    assert missing(seen.link_pause).why is Absence.UNREADABLE


def heard(name: str, port_id: str, said: str = "") -> dict[str, Any]:
    return {"systemName": name, "neighborInterfaceInfo": {"interfaceId": port_id, "interfaceDescription": said}}


@pytest.mark.parametrize(
    ("neighbours", "expected"),
    [
        ([heard("spine1", '"Ethernet3/1"', "to leaf9")], Neighbour("spine1", ("Ethernet3/1", "to leaf9"))),
        ([heard("gpu1", "0200.0000.00aa", "eth2")],
         Neighbour("gpu1", ("0200.0000.00aa", "02:00:00:00:00:aa", "eth2"))),
        ([], Absence.NOT_RECORDED),
        ([heard("spine1", "a"), heard("spine2", "b")], Absence.UNREADABLE),
    ],
    ids=["a switch", "a host that tells an address", "nobody", "two of them"],
)  # fmt: skip
def test_a_neighbour_is_who_was_heard(
    leaf: DevicePlan, tmp_path: Path, neighbours: list[Any], expected: Neighbour | Absence
) -> None:
    said = {"lldpNeighbors": {PORT: {"lldpNeighborInfo": neighbours}}}
    found = decoded(leaf, tmp_path, {ask.LLDP: said}).ports[PORT].lldp
    if isinstance(expected, Absence):
        assert missing(found).why is expected
    else:
        assert the(found) == expected


# --- FEC ----------------------------------------------------------------------------------------------------------


def phy(corrected: int = 70, uncorrected: int = 0, location: str | None = "line", **more: Any) -> dict[str, Any]:
    return {
        "description": {"phyChipName": "BCM78900-TSCBH", **({"location": location} if location else {})},
        "fec": {
            "encoding": "reedSolomon", "codewordSize": 544,
            "correctedCodewords": {"value": 1, "changes": corrected, "lastChange": 5.0},
            "uncorrectedCodewords": {"value": 9, "changes": uncorrected, "lastChange": 0.0},
        },
        "preFecBer": {"value": 2.5e-09},
        **more,
    }  # fmt: skip


def phys(*each: dict[str, Any]) -> dict[str, Any]:
    return {"interfacePhyStatuses": {PORT: {"phyStatuses": list(each)}}}


def test_codewords_are_the_changes_of_the_phy_that_faces_the_module(leaf: DevicePlan, tmp_path: Path) -> None:
    inner, outer = phy(1, 1), phy(500, 2)
    later = phy(900, 4)
    said: Said = {
        ask.PHY: phys(inner, phy(3, 3, "system"), outer),
        (ask.PHY, 2): phys(inner, phy(4, 4, "system"), later),
    }
    first, second = decoded(leaf, tmp_path, said).ports[PORT].fec_samples
    assert (the(first.corrected), the(first.uncorrected), the(first.pre_fec_ber)) == (500, 2, Decimal("2.5e-09"))
    assert (the(second.corrected), the(second.uncorrected)) == (900, 4)
    assert (first.at, second.at) == (NOON, NOON + timedelta(seconds=600))
    assert first.uncorrected.source.where.endswith("fec_uncorrected_codewords changes")
    assert missing(first.symbol_errors).why is Absence.NOT_AVAILABLE


def test_symbols_of_all_lanes_are_added(leaf: DevicePlan, tmp_path: Path) -> None:
    one = phy()
    one["fec"]["correctedSymbols"] = {str(lane): {"value": 1, "changes": lane + 10} for lane in range(4)}
    seen = decoded(leaf, tmp_path, {ask.PHY: phys(one)}).ports[PORT]
    assert the(seen.fec_samples[0].symbol_errors) == 10 + 11 + 12 + 13
    assert missing(seen.fec_samples[1].symbol_errors).why is Absence.NOT_RECORDED


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"description": {"phyChipName": "X-1", "location": "line"}}, Absence.NOT_AVAILABLE),
        ({"description": {"phyChipName": "X-1"}, "fec": {"correctedCodewords": {"value": 4}}}, Absence.NOT_AVAILABLE),
        (None, Absence.NOT_RECORDED),
    ],
    ids=["a PHY without FEC", "a count without its changes", "no PHY"],
)
def test_codewords_that_are_not_counted_are_no_zero(
    leaf: DevicePlan, tmp_path: Path, said: dict[str, Any] | None, why: Absence
) -> None:
    seen = decoded(leaf, tmp_path, {ask.PHY: phys(*([said] if said else []))}).ports[PORT].fec_samples[0]
    assert missing(seen.corrected).why is why
    assert missing(seen.uncorrected).why is why


def errors(counts: Mapping[int, int], order: Mapping[int, int]) -> dict[str, Any]:
    """A PHY that counts symbols by lane of the FEC."""
    one = phy()
    one["fec"]["correctedSymbols"] = {str(lane): {"value": 0, "changes": count} for lane, count in counts.items()}
    one["fec"]["laneMap"] = {str(lane): place for lane, place in order.items()}
    return one


def test_errors_of_a_lane_are_those_of_the_fec_lanes_on_it(leaf: DevicePlan, tmp_path: Path) -> None:
    counts = {lane: 10 ** (lane // 4) for lane in range(16)}
    said: Said = {ask.INTERFACES: interfaces(lanes=4), ask.PHY: phys(errors(counts, {n: n for n in range(16)}))}
    seen = decoded(leaf, tmp_path, said).ports[PORT]
    assert the(seen.lane_errors) == {1: 4, 2: 40, 3: 400, 4: 4000}
    said = {ask.INTERFACES: interfaces(lanes=4), ask.PHY: phys(errors(counts, {0: 1, 1: 0}))}
    seen = decoded(leaf, tmp_path / "crossed", said).ports[PORT]
    assert missing(seen.lane_errors).detail == "the lanes of the FEC arrived in another order"
    said = {ask.INTERFACES: interfaces(lanes=4), ask.PHY: phys(phy())}
    assert missing(decoded(leaf, tmp_path / "uncounted", said).ports[PORT].lane_errors).why is Absence.NOT_AVAILABLE


def test_changes_of_a_link_are_those_of_the_interface_where_they_are_told(leaf: DevicePlan, tmp_path: Path) -> None:
    def state(changes: int) -> dict[str, Any]:
        one = {"phyStatuses": [phy()], "interfaceState": {"current": "up", "changes": changes, "lastChange": 5.0}}
        return {"interfacePhyStatuses": {PORT: one}}

    seen = decoded(leaf, tmp_path, {ask.PHY: state(1), (ask.PHY, 2): state(3)}).ports[PORT]
    assert [(sample.at, the(sample.count)) for sample in seen.changes] == [
        (NOON, 1),
        (NOON + timedelta(seconds=600), 3),
    ]
    assert (
        decoded(leaf, tmp_path / "older", {ask.PHY: phys(phy()), ask.INTERFACES: interfaces()}).ports[PORT].changes
        == ()
    )


def test_a_last_sample_that_was_not_understood_is_not_the_one_before(leaf: DevicePlan, tmp_path: Path) -> None:
    queues = {
        "egressQueueCounters": {
            "interfaces": {PORT: {"ucastQueues": {"trafficClasses": {"TC3": {"dropPrecedences": {"DP0": {
                "enqueuedPackets": 1, "enqueuedBytes": 1, "droppedPackets": 0, "droppedBytes": 0}}}}}}}
        }
    }  # fmt: skip
    assert the(decoded(leaf, tmp_path, {ask.QUEUES: queues}).ports[PORT].queues[3].dropped) == 0
    said: Said = {ask.QUEUES: queues, (ask.QUEUES, 2): "% Invalid input\n"}
    assert missing(decoded(leaf, tmp_path / "lost", said).ports[PORT].queues[3].dropped).why is Absence.UNREADABLE


def test_lanes_are_those_of_the_phy_where_the_port_tells_none(leaf: DevicePlan, tmp_path: Path) -> None:
    lanes = {str(lane): {"value": True, "changes": 1} for lane in range(4)}
    said: Said = {ask.INTERFACES: interfaces(lanes=0), ask.PHY: phys(phy(pma={"laneSignalDetect": lanes}))}
    assert the(decoded(leaf, tmp_path, said).ports[PORT].lanes) == 4


CODES: dict[str, tuple[dict[str, Any], str, object, object]] = {
    "both say Reed-Solomon": ({}, "reedSolomon", "rs", "RS(544,514)"),
    "fire code": ({"encoding": "fireCode", "codewordSize": None}, "fireCode", "fc", Absence.NOT_AVAILABLE),
    "none": ({"encoding": "disabled", "codewordSize": None}, "disabled", "none", Absence.NOT_AVAILABLE),
    "the older code": ({"codewordSize": 528}, "reedSolomon", "rs", "RS(528,514)"),
    "a contradiction": ({}, "fireCode", Absence.UNREADABLE, "RS(544,514)"),
    "a word of the future": ({"encoding": "latticeCode"}, "latticeCode", Absence.UNREADABLE, "RS(544,514)"),
    "an unknown length": ({"codewordSize": 1000}, "reedSolomon", "rs", Absence.UNREADABLE),
}


@pytest.mark.parametrize("case", CODES)
def test_the_fec_that_runs_is_what_phy_and_port_agree_on(leaf: DevicePlan, tmp_path: Path, case: str) -> None:
    changed, of_port, runs, named = CODES[case]
    one = phy()
    one["fec"] |= changed
    said: Said = {
        ask.INTERFACES: interfaces(),
        ask.PHY: phys(one),
        ask.FEC: {"interfaceErrCorrStatuses": {PORT: {"errCorrEncodingStatus": of_port}}},
    }
    seen = decoded(leaf, tmp_path, said).ports[PORT]
    for value, expected in ((seen.fec_operational, runs), (seen.fec_named, named)):
        if isinstance(expected, Absence):
            assert missing(value).why is expected
        else:
            assert the(value) == expected


def test_no_fec_runs_on_a_link_that_is_down(leaf: DevicePlan, tmp_path: Path) -> None:
    said: Said = {
        ask.INTERFACES: interfaces(lineProtocolStatus="down", interfaceStatus="notconnect"),
        ask.PHY: phys(phy()),
    }
    seen = decoded(leaf, tmp_path, said).ports[PORT]
    assert missing(seen.fec_operational).detail == "the link is down"
    assert missing(seen.fec_named).detail == "the link is down"


# --- modules ------------------------------------------------------------------------------------------------------


def slot(**changed: Any) -> dict[str, Any]:
    return {"mfgName": "NORTHWIND", "modelName": "NW-O8", "serialNum": "X1", "hardwareRev": "A"} | changed


def lane(number: int, **changed: Any) -> dict[str, Any]:
    limits = {"highAlarm": 5.0, "highWarn": 4.0, "lowAlarm": -6.9, "lowWarn": -5.9}
    return {
        "displayName": f"Ethernet1/{number}", "slot": "Ethernet1", "channel": number, "vendorSn": "X1",
        "mediaType": "800GBASE-2DR4", "temperature": 41.25, "voltage": 3.3, "txBias": 80.5, "txPower": 0.5,
        "rxPower": -30.0 if number == 2 else -1.5, "details": {"rxPower": limits},
    } | changed  # fmt: skip


def detail(*each: dict[str, Any]) -> dict[str, Any]:
    return {"interfaces": {one["displayName"]: one for one in each}}


def module(device: DevicePlan, folder: Path, answers: Said, name: str = PORT) -> ToldTransceiver:
    found = decoded(device, folder, answers).modules[name]
    assert isinstance(found, ToldTransceiver)
    return found


@pytest.mark.parametrize(
    "updated, found",
    [
        ({"updateTime": NOON.timestamp() - 7.5}, Decimal("7.5")),
        ({"updateTime": NOON.timestamp() + 2}, None),
        ({}, None),
    ],
    ids=["read before it was asked", "a switch whose clock is ahead", "no time"],
)
def test_monitors_have_an_age_where_both_clocks_allow_it(
    leaf: DevicePlan, tmp_path: Path, updated: dict[str, float], found: Decimal | None
) -> None:
    age = decoded(leaf, tmp_path, {ask.MODULES: detail(lane(1, **updated), lane(2, **updated))}).monitor_age[PORT]
    assert (the(age) if found is not None else missing(age).source) == (found if found is not None else age.source)


HARDWARE = "Name: Et1/1\nMedia type: 800GBASE-2DR4\nMaximum module power (W): 16.5\nWavelength (nm): 1311\n"


def test_a_module_is_told_by_inventory_monitors_and_hardware(leaf: DevicePlan, tmp_path: Path) -> None:
    said: Said = {
        ask.INVENTORY: {"xcvrSlots": {"1": slot(), "2": slot(mfgName="Not Present", serialNum="")}},
        ask.MODULES: detail(*(lane(n) for n in range(1, 9))),
        ask.HARDWARE: HARDWARE,
    }
    facts = decoded(leaf, tmp_path, said)
    found = facts.modules[PORT]
    assert (the(found.vendor_name), the(found.vendor_pn), the(found.vendor_rev), the(found.vendor_sn)) == (
        "NORTHWIND", "NW-O8", "A", "X1",
    )  # fmt: skip
    assert (the(found.max_power), the(found.wavelength)) == (Decimal("16.5"), 1311)
    assert (the(found.temperature), the(found.vcc)) == (Decimal("41.25"), Decimal("3.3"))
    assert [the(power) for power in found.rx_power] == [Decimal("-1.5"), Decimal(-30), *[Decimal("-1.5")] * 6]
    assert [the(bias) for bias in found.tx_bias] == [Decimal("80.5")] * 8
    limits = found.thresholds["rx_power_mw"]
    assert [the(limit) for limit in (limits.high_alarm, limits.low_alarm, limits.high_warning, limits.low_warning)] == [
        Decimal("5.0"), Decimal("-6.9"), Decimal("4.0"), Decimal("-5.9"),
    ]  # fmt: skip
    assert set(found.thresholds) == {"rx_power_mw"}
    assert missing(found.module_state).detail == "EOS prints no registers of a module"
    assert missing(facts.modules[WHOLE].vendor_sn).detail == "no module"
    assert missing(facts.again[PORT].seen.temperature).why is Absence.NOT_RECORDED


def test_a_second_look_tells_how_much_later_it_was(leaf: DevicePlan, tmp_path: Path) -> None:
    said: Said = {ask.MODULES: detail(lane(1)), (ask.MODULES, 2): detail(lane(1, temperature=41.5))}
    again = decoded(leaf, tmp_path, said).again[PORT]
    assert (the(again.seen.temperature), the(again.apart)) == (Decimal("41.5"), 600)


def test_two_serial_numbers_of_one_module_say_nothing(leaf: DevicePlan, tmp_path: Path) -> None:
    said: Said = {
        ask.INVENTORY: {"xcvrSlots": {"1": slot()}},
        ask.MODULES: detail(lane(1, vendorSn="X2")),
    }
    assert missing(module(leaf, tmp_path, said).vendor_sn).why is Absence.UNREADABLE


def test_copper_has_no_monitors(leaf: DevicePlan, tmp_path: Path) -> None:
    copper = {"displayName": PORT, "slot": "Ethernet1", "channel": 1, "vendorSn": "X1", "mediaType": "400GBASE-CR4"}
    found = module(leaf, tmp_path, {ask.MODULES: detail(copper)})
    assert missing(found.temperature).why is Absence.NOT_AVAILABLE
    assert missing(found.rx_power[0]).why is Absence.NOT_AVAILABLE
    assert the(found.vendor_sn) == "X1"
    assert found.thresholds == {}


def test_monitors_by_parameter_serve_a_cage_of_one_port(leaf: DevicePlan, tmp_path: Path) -> None:
    limits = {"highAlarm": 5.0, "lowAlarm": -6.9, "highWarn": 4.0, "lowWarn": -5.9, "lowWarnOverridden": False}
    told = {
        "vendorSn": "X9",
        "parameters": {
            "temperature": {"unit": "C", "channels": {"-": 50.5}},
            "rxPower": {"unit": "dBm", "channels": {str(n): -n / 10 for n in range(1, 9)}, "threshold": limits},
        },
    }
    said: Said = {ask.DOM: {"interfaces": {WHOLE: told, PORT: told}}}
    found = module(leaf, tmp_path, said, WHOLE)
    assert the(found.temperature) == Decimal("50.5")
    assert [the(power) for power in found.rx_power] == [Decimal(-n) / 10 for n in range(1, 9)]
    assert the(found.vendor_sn) == "X9"
    assert the(found.thresholds["rx_power_mw"].low_warning) == Decimal("-5.9")
    shared = missing(decoded_again(leaf, tmp_path, said).modules[PORT].temperature)
    assert "whose channels" in shared.detail


def decoded_again(device: DevicePlan, folder: Path, answers: Said) -> DeviceFacts:
    return decoded(device, folder / "again", answers)


# --- quality of service -------------------------------------------------------------------------------------------

CONFIG = """\
! Command: show running-config sanitized
hostname leaf9
!
qos map dscp 26 to traffic-class 3
!
qos profile BACKEND
   qos trust dscp
   !
   uc-tx-queue 3
      no priority
      bandwidth percent 40
      random-detect ecn minimum-threshold 300 kbytes maximum-threshold 900 kbytes max-mark-probability 7 weight 0
   !
   uc-tx-queue 4
      random-detect ecn minimum-threshold 20 segments maximum-threshold 90 segments max-mark-probability 7 weight 0
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
interface Ethernet1/1
   mtu 9214
   error-correction encoding reed-solomon
   service-profile BACKEND
!
interface Ethernet1/5
   no error-correction encoding
   qos trust cos
   no priority-flow-control
!
interface Ethernet2/1
   service-profile GONE
!
end
"""
DOUBLED = "   Dscp-tc map:\n     d1 :  d2 0  1  2  3  4  5  6  7  8  9\n" + "".join(
    f"     {ten} :      " + "  ".join(str((10 * ten + one) // 8) for one in range(10 if ten < 6 else 4)) + "\n"
    for ten in range(7)
)
MAPS = (
    "   Number of Traffic Classes supported: 8\n"
    + DOUBLED
    + "   Tc - uc-tx-queue map:\n     tc:           0  1  2  3  4  5  6  7\n"
    + "     uc-tx-queue:  0  1  2  3  4  5  6  7\n"
)


@pytest.fixture
def configured(leaf: DevicePlan, tmp_path: Path) -> DeviceFacts:
    return decoded(leaf, tmp_path, {ask.CONFIG: CONFIG, ask.MAPS: MAPS})


def test_a_port_has_the_lines_of_its_profile(configured: DeviceFacts) -> None:
    seen = configured.ports[PORT]
    assert (the(seen.fec_configured), the(seen.pfc_priorities), the(seen.maps.trust)) == ("rs", {3}, "dscp")
    queue = seen.queues[3]
    assert (the(queue.ecn), the(queue.ecn_min), the(queue.ecn_max), the(queue.mark_probability)) == (
        True, 300_000, 900_000, 7,
    )  # fmt: skip
    assert (the(queue.scheduler), the(queue.weight)) == ("wrr", 40)
    assert (the(seen.queues[6].scheduler), the(seen.queues[6].ecn)) == ("strict", False)
    assert missing(seen.queues[6].weight).why is Absence.NOT_RECORDED
    assert missing(seen.queues[4].ecn_min).detail == "20 segments is no number of bytes"
    assert missing(queue.pause_threshold).why is Absence.NOT_AVAILABLE
    assert missing(queue.headroom).why is Absence.NOT_AVAILABLE
    watchdog = seen.watchdog
    assert (the(watchdog.on), the(watchdog.action), the(watchdog.detection_ms), the(watchdog.restoration_ms)) == (
        True, "drop", 50, 1500,
    )  # fmt: skip
    assert missing(watchdog.storms).why is Absence.NOT_RECORDED
    assert configured.unknown == ()


def test_what_is_not_configured_is_not_on(configured: DeviceFacts) -> None:
    seen = configured.ports[SECOND]
    assert (the(seen.fec_configured), the(seen.pfc_priorities), the(seen.maps.trust)) == ("none", set(), "pcp")
    assert (the(seen.watchdog.on), the(seen.queues[3].ecn)) == (False, False)


def test_a_profile_that_is_not_there_leaves_its_port_unknown(configured: DeviceFacts) -> None:
    seen = configured.ports[WHOLE]
    for value in (seen.fec_configured, seen.pfc_priorities, seen.maps.trust, seen.queues[3].ecn, seen.watchdog.on):
        assert "GONE" in missing(value).detail


def test_maps_are_those_that_the_switch_lists(configured: DeviceFacts) -> None:
    maps = configured.ports[PORT].maps
    assert the(maps.dscp_to_tc) == {point: point // 8 for point in range(64)}
    assert the(maps.tc_to_queue) == {n: n for n in range(8)}
    assert missing(maps.tc_to_pg).why is Absence.NOT_ADVERTISED


def test_a_map_of_which_only_some_is_configured_is_missing(leaf: DevicePlan, tmp_path: Path) -> None:
    maps = decoded(leaf, tmp_path, {ask.CONFIG: CONFIG}).ports[PORT].maps
    assert missing(maps.dscp_to_tc).why is Absence.NOT_AVAILABLE
    assert "1 of 64 entries" in missing(maps.dscp_to_tc).detail
    assert missing(maps.tc_to_pg).why is Absence.NOT_RECORDED


def test_pfc_is_off_everywhere_where_the_switch_says_so(leaf: DevicePlan, tmp_path: Path) -> None:
    text = CONFIG.replace("pause watchdog action drop", "all off")
    seen = decoded(leaf, tmp_path, {ask.CONFIG: text}).ports[PORT]
    assert the(seen.pfc_priorities) == frozenset()


def test_frames_marks_and_drops_are_counted_by_priority(leaf: DevicePlan, tmp_path: Path) -> None:
    counts = {"dropPrecedences": {"DP0": {"droppedPackets": 4}, "DP1": {"droppedPackets": 5}}}
    said: Said = {
        ask.PFC: {"interfaceCounters": {PORT: {"rxFrames": 7, "txFrames": 8}}},
        ask.PFC_DETAIL: {"interfaces": {PORT: {"priorities": {"3": {"rxFrames": 7, "txFrames": 8}, "4": {}}}}},
        (ask.PFC, 2): {"interfaceCounters": {PORT: {"rxFrames": 9, "txFrames": 8}}},
        ask.ECN: {"intfQueueCounters": {PORT: {"queueCounters": {"3": "12", "4": "-"}}}},
        ask.QUEUES: {"egressQueueCounters": {"interfaces": {PORT: {
            "ucastQueues": {"trafficClasses": {"TC3": counts}}, "mcastQueues": {"trafficClasses": {"TC3": counts}},
        }}}},
    }  # fmt: skip
    said[ask.QUEUES, 2] = said[ask.QUEUES]
    seen = decoded(leaf, tmp_path, said).ports[PORT]
    first, second = seen.pauses
    assert (the(first.received), the(first.sent)) == ({3: 7}, {3: 8})
    assert (the(first.received_in_all), the(second.received_in_all)) == (7, 9)
    assert (first.at, second.at) == (NOON, NOON + timedelta(seconds=600))
    assert missing(second.received).why is Absence.NOT_RECORDED
    assert (the(seen.queues[3].marked), the(seen.queues[3].dropped)) == (12, 9)
    assert seen.queues[3].counted_at == NOON + timedelta(seconds=600)
    assert missing(seen.queues[4].marked).why is Absence.NOT_AVAILABLE
    assert missing(seen.queues[5].marked).why is Absence.NOT_RECORDED
    assert missing(seen.queues[4].dropped).why is Absence.NOT_RECORDED


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ({}, {}),
        ({PORT: {"txQueues": {"3": {"stuckCount": 2, "recoveryCount": 2}}}}, {3: 2}),
        ({SECOND: {"txQueues": {"3": {"stuckCount": 2, "recoveryCount": 2}}}}, {}),
    ],
    ids=["nobody", "this port", "another port"],
)
def test_storms_are_none_where_a_watched_port_is_not_listed(
    leaf: DevicePlan, tmp_path: Path, listed: dict[str, Any], expected: dict[int, int]
) -> None:
    said: Said = {ask.WATCHDOG: {"interfaces": listed}, ask.CONFIG: CONFIG}
    assert the(decoded(leaf, tmp_path, said).ports[PORT].watchdog.storms) == expected


def test_storms_of_a_port_that_is_not_watched_are_missing(leaf: DevicePlan, tmp_path: Path) -> None:
    said: Said = {ask.WATCHDOG: {"interfaces": {}}, ask.CONFIG: CONFIG}
    assert missing(decoded(leaf, tmp_path, said).ports[SECOND].watchdog.storms).why is Absence.NOT_AVAILABLE


# --- recordings ---------------------------------------------------------------------------------------------------

LAB_OF_RECORDINGS = f"""\
name: recorded
profile: {PROFILE}
devices:
  box:
    role: leaf
    platform: DCS-7060X6-64PE
    nos: eos
    cages:
      1: {{mode: 1x800G}}
      2: {{mode: 1x800G}}
"""
"""Ethernet1/1 and Ethernet2/1, which several recordings have."""

RECORDED = {
    ask.VERSION: "show-version/suzieq-4.23.5M.json",
    ask.INVENTORY: "show-inventory/anta-transceiversmanufacturers-success.json",
    ask.PHY: "show-interfaces-phy-detail/anta-interfacesber-success.json",
    ask.DOM: "show-interfaces-transceiver-dom-thresholds/anta-interfacesopticsreceivepower-success-no-threshold.json",
    ask.HARDWARE: "show-interfaces-transceiver-hardware/ntc.txt",
    ask.LLDP: "show-lldp-neighbors-detail/anta-lldpneighbors-success.json",
    ask.INTERFACES: "show-interfaces/napalm.json",
    "show interfaces status": "show-interfaces-status/ntc.txt",
}


def test_recorded_answers_become_facts(recordings: Path, tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB_OF_RECORDINGS)
    box = load(file).devices["box"]
    folder = RECORDINGS / "cli" / "arista_eos"
    facts = decoded(box, tmp_path, {command: (folder / path).read_text() + "\n" for command, path in RECORDED.items()})
    assert facts.unknown == ()
    assert (the(facts.software), the(facts.platform)) == ("4.23.5M", "vEOS")
    assert missing(facts.serial).why is Absence.NOT_AVAILABLE
    port = facts.ports["Ethernet1/1"]
    assert (the(port.fec_samples[0].corrected), the(port.fec_samples[0].uncorrected)) == (0, 0)
    assert the(port.fec_samples[0].pre_fec_ber) == Decimal("1.3399973239803202e-22")
    assert port.fec_samples[0].corrected.source.where == "line 60 fec_corrected_codewords changes"
    assert missing(port.oper).detail == "no row for Ethernet1/1"
    module = facts.modules["Ethernet2/1"]
    assert [the(power) for power in module.rx_power] == [Decimal(n) for n in ("-2.6", "-2.3", "-2.2", "-2.7")]
    assert (the(module.vendor_name), the(module.vendor_pn)) == ("Arista Networks", "QSFP-100G-DR")
    assert missing(module.vendor_sn).why is Absence.UNREADABLE  # the recordings are of two switches
    assert the(module.thresholds["rx_power_mw"].low_alarm) == Decimal("-12.5")
    assert facts.aliases["Et2"] == "Ethernet2"
    assert facts.aliases["08:00:27:10:c4:8f"] == "Ethernet2"
