"""The Linux driver: what its answers become, and that what is not there is Missing and never a zero."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.decode.memory import LOWER_MEMORY
from harness.drivers.linux import (
    CHANGES,
    DEVICE_PORTS,
    HEALTH,
    LINKS,
    NEIGHBOURS,
    Linux,
    by_dscp,
    classes,
    counters,
    fec,
    fec_name,
    first_bin,
    flow,
    lower_page,
    pause,
    physical,
    priorities,
    quality,
    queues,
    rdma,
    settings,
    trusted,
)
from harness.drivers.linux import decoded as module_words
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts, Neighbour, PortFacts
from harness.reading import Absence, Missing, Reading, Value

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PROFILE = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"

LAB = f"""\
name: small
profile: {PROFILE}
devices:
  gpu1:
    role: gpu
    nic: ConnectX-7
    nos: linux
    cages:
      0: {{mode: 1x400G, ports: {{eth0: {{}}}}}}
"""

UP = """\
Settings for eth0:
\tSpeed: 400000Mb/s
\tLanes: 4
\tLink detected: yes
"""

MARKS = "".join(f"\tprio:{n} dscp:{','.join(f'{8 * n + at:02}' for at in range(7, -1, -1))},\n" for n in range(8))
QOS = f"""\
Priority trust state: dscp
dscp2prio mapping:
{MARKS}PFC configuration:
\tpriority    0   1   2   3   4   5   6   7
\tenabled     0   0   0   1   0   0   0   0
tc: 0 ratelimit: unlimited, tsa: ets, bw: 50%
\t priority:  0
\t priority:  1
\t priority:  2
\t priority:  4
\t priority:  5
\t priority:  6
\t priority:  7
tc: 3 ratelimit: unlimited, tsa: ets, bw: 50%
\t priority:  3
"""


@pytest.fixture
def host(tmp_path: Path) -> DevicePlan:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["gpu1"]


def decoded(device: DevicePlan, tmp_path: Path, answers: Mapping[str | tuple[str, int], str]) -> PortFacts:
    with Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        for key, text in answers.items():
            command, sample = key if isinstance(key, tuple) else (key, 1)
            at = NOON + timedelta(minutes=10 * (sample - 1))
            recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), text.encode(), 0, at))
    return Linux().decode(device, Evidence(tmp_path / "evidence")).ports["eth0"]


def value_of(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def why(value: Value[object]) -> Absence:
    assert isinstance(value, Missing), value
    return value.why


def mlxlink(**sections: Any) -> str:
    operational = {"State": "Active", "Physical state": "LinkUp", "Speed": "400G", "Width": "4x"}
    output = {"Operational Info": {**operational, **sections.pop("operational", {})}, **sections}
    return json.dumps({"result": {"output": output}, "status": {"code": 0, "message": "success"}})


def bins(*rows: tuple[str, int]) -> dict[str, Any]:
    said = {f"Bin {n}": {"values": [f"[{name}]", str(count)]} for n, (name, count) in enumerate(rows)}
    return {"Histogram of FEC Errors": {"Header": {"values": ["Range", "Occurrences"]}, **said}}


def corrected(count: object, name: str = "eth0") -> str:
    blocks = {"corrected_blocks": {"total": count}, "uncorrectable_blocks": {"total": 0}}
    return json.dumps([{"ifname": name, "config": ["RS"], "active": ["RS"], "statistics": blocks}])


def test_nothing_recorded_is_missing_everywhere(host: DevicePlan, tmp_path: Path) -> None:
    port = decoded(host, tmp_path, {"hostname": ""})
    for name in ("speed", "lanes", "oper", "admin", "mtu", "fec_configured", "fec_operational", "fec_named",
                 "histogram", "pfc_priorities", "link_pause", "lldp", "flags"):  # fmt: skip
        assert isinstance(getattr(port, name), Missing), name
    assert all(isinstance(sample.uncorrected, Missing) for sample in port.fec_samples)
    assert all(isinstance(value, Missing) for value in (port.maps.trust, port.maps.dscp_to_tc, port.maps.tc_to_pg))


def test_a_link_is_what_ethtool_says(host: DevicePlan, tmp_path: Path) -> None:
    port = decoded(host, tmp_path, {settings("eth0"): UP})
    assert (value_of(port.speed), value_of(port.lanes), value_of(port.oper)) == (400, 4, "up")


def test_an_answer_about_another_interface_is_not_taken(host: DevicePlan, tmp_path: Path) -> None:
    answers = {settings("eth0"): UP.replace("eth0", "eth1"), fec("eth0"): corrected(7, "eth1")}
    port = decoded(host, tmp_path, answers)
    assert why(port.oper) is Absence.UNREADABLE
    assert why(port.fec_samples[0].corrected) is Absence.UNREADABLE


def test_an_answer_with_no_record_is_missing_and_raises_nothing(host: DevicePlan, tmp_path: Path) -> None:
    port = decoded(host, tmp_path, {fec("eth0"): "[]", LINKS: "[]", NEIGHBOURS: '{"lldp": [{}]}'})
    assert isinstance(port.fec_configured, Missing)
    assert isinstance(port.mtu, Missing)
    assert isinstance(port.lldp, Missing)


def test_tools_that_contradict_one_another_on_the_width_say_nothing(host: DevicePlan, tmp_path: Path) -> None:
    port = decoded(host, tmp_path, {settings("eth0"): UP, physical("0"): mlxlink(operational={"Width": "2x"})})
    assert why(port.lanes) is Absence.UNREADABLE


def test_a_code_that_runs_on_a_link_that_is_down_does_not_run(host: DevicePlan, tmp_path: Path) -> None:
    down = UP.replace("detected: yes", "detected: no")
    port = decoded(host, tmp_path, {settings("eth0"): down, fec("eth0"): corrected(1)})
    assert value_of(port.fec_configured) == "rs"
    assert why(port.fec_operational) is Absence.NOT_AVAILABLE


@pytest.mark.parametrize("count", [-1, "N/A", None, "1.5"])
def test_what_is_no_count_is_no_counter(host: DevicePlan, tmp_path: Path, count: object) -> None:
    port = decoded(host, tmp_path, {fec("eth0"): corrected(count)})
    assert isinstance(port.fec_samples[0].corrected, Missing)


def test_samples_have_their_own_times_and_the_histogram_its_own(host: DevicePlan, tmp_path: Path) -> None:
    answers = {
        fec("eth0"): corrected(5), (fec("eth0"), 2): corrected(9), physical("0"): mlxlink(**bins(("0", 9), ("1", 5)))
    }  # fmt: skip
    port = decoded(host, tmp_path, answers)
    assert [value_of(sample.corrected) for sample in port.fec_samples] == [5, 9]
    assert [sample.at for sample in port.fec_samples] == [NOON, NOON + timedelta(minutes=10)]
    assert port.histogram_at == NOON


def test_the_ranges_of_a_histogram_say_which_bin_is_the_first(host: DevicePlan, tmp_path: Path) -> None:
    port = decoded(host, tmp_path, {physical("0"): mlxlink(**bins(("1", 9), ("2", 5)))})
    assert (value_of(port.histogram), port.histogram_from) == ((9, 5), 1)


@pytest.mark.parametrize("ranges", [(), ("2", "3"), ("0", "2"), ("0:1", "2:3"), ("x",)])
def test_bins_that_are_not_one_count_each_are_refused(ranges: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"bins of|invalid literal"):
        first_bin(ranges)


def test_a_ratio_of_no_error_is_zero_and_never_a_small_number(host: DevicePlan, tmp_path: Path) -> None:
    counters = {"Physical Counters and BER Info": {"Raw Physical BER": "15E-255"}}
    ratio = decoded(host, tmp_path, {physical("0"): mlxlink(**counters)}).fec_samples[0].pre_fec_ber
    assert isinstance(ratio, Missing) or ratio.value == 0


def test_quality_of_service_is_by_priority_and_a_nic_has_no_groups(host: DevicePlan, tmp_path: Path) -> None:
    port = decoded(host, tmp_path, {quality("eth0"): QOS})
    assert value_of(port.pfc_priorities) == {3}
    assert value_of(port.maps.trust) == "dscp"
    mapped = value_of(port.maps.dscp_to_tc)
    assert isinstance(mapped, dict)
    assert (mapped[26], mapped[0]) == (3, 0)
    assert value_of(port.maps.tc_to_queue) == {n: 3 if n == 3 else 0 for n in range(8)}
    assert why(port.maps.tc_to_pg) is Absence.NOT_ADVERTISED


@pytest.mark.parametrize("lost", [MARKS.split("\n", 1)[0] + "\n", "\t priority:  5\n"], ids=["marks", "a priority"])
def test_a_map_of_which_a_part_is_lost_is_none(host: DevicePlan, tmp_path: Path, lost: str) -> None:
    maps = decoded(host, tmp_path, {quality("eth0"): QOS.replace(lost, "")}).maps
    gone = maps.dscp_to_tc if "dscp" in lost else maps.tc_to_queue
    assert why(gone) is Absence.UNREADABLE


def test_a_priority_in_two_traffic_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="two traffic classes"):
        queues([{"tc": 0, "priorities": [3]}, {"tc": 3, "priorities": [3]}])


@pytest.mark.parametrize(("rx", "tx", "on"), [("off", "off", False), ("on", "off", True), ("off", "on", True)])
def test_pause_is_on_where_either_direction_is(host: DevicePlan, tmp_path: Path, rx: str, tx: str, on: bool) -> None:
    text = f"Pause parameters for eth0:\nAutonegotiate:\toff\nRX:\t\t{rx}\nTX:\t\t{tx}\n"
    assert value_of(decoded(host, tmp_path, {pause("eth0"): text}).link_pause) is on


def test_pause_of_one_direction_alone_is_not_known(host: DevicePlan, tmp_path: Path) -> None:
    text = "Pause parameters for eth0:\nAutonegotiate:\toff\nRX:\t\toff\n"
    assert isinstance(decoded(host, tmp_path, {pause("eth0"): text}).link_pause, Missing)


def test_two_neighbours_on_one_port_name_none(host: DevicePlan, tmp_path: Path) -> None:
    def seen(port: str) -> dict[str, Any]:
        chassis = [{"id": [{"type": "mac", "value": "02:00:00:00:00:01"}], "name": [{"value": "leaf1"}]}]
        ports = [{"id": [{"type": "local", "value": port}], "descr": [{"value": port}]}]
        return {"name": "eth0", "chassis": chassis, "port": ports}

    one = json.dumps({"lldp": [{"interface": [seen("Ethernet0")]}]})
    two = json.dumps({"lldp": [{"interface": [seen("Ethernet0"), seen("Ethernet4")]}]})
    assert isinstance(decoded(host, tmp_path / "one", {NEIGHBOURS: one}).lldp, Reading)
    assert why(decoded(host, tmp_path / "two", {NEIGHBOURS: two}).lldp) is Absence.UNREADABLE


def test_a_flag_of_no_lane_is_missing_and_not_clear(host: DevicePlan, tmp_path: Path) -> None:
    said = {"Rx LOS [per lane]": {"values": ["0", "1"]}, "Tx Fault [per lane]": {"values": []}}
    flags = value_of(decoded(host, tmp_path, {physical("0"): mlxlink(**{"Module Info": said})}).flags)
    assert isinstance(flags, tuple)
    told = {(flag.name, flag.lane): flag.raised for flag in flags}
    assert (value_of(told["rx_los", 1]), value_of(told["rx_los", 2])) == (False, True)
    assert isinstance(told.get(("tx_fault", None), Missing(Absence.NOT_RECORDED, flags[0].raised.source)), Missing)


def test_a_page_that_failed_is_not_one_that_was_never_asked(host: DevicePlan, tmp_path: Path) -> None:
    refused = {lower_page("eth0"): "netlink error: Invalid argument\n"}
    with Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        for command, text in refused.items():
            recorder.append(Answer(Ask("gpu1", Kind.CLI, command), text.encode(), 1, NOON))
    module = Linux().decode(host, Evidence(tmp_path / "evidence")).modules["eth0"]
    assert why(module.memory.take(LOWER_MEMORY, 0)) is Absence.READ_FAILED
    assert why(module.vendor_name) is Absence.NOT_RECORDED


@pytest.mark.parametrize("place", ["offset 0x0 length 0x80", "i2c 0x50 offset 0x0 length 0x80"])
def test_lower_memory_is_read_however_it_was_asked_for(host: DevicePlan, tmp_path: Path, place: str) -> None:
    rows = "".join(f"0x{at:04x}:\t\t{'18 50 ' + '00 ' * 14 if at == 0 else '00 ' * 16}\n" for at in range(0, 128, 16))
    text = f"Offset\t\tValues\n------\t\t------\n{rows}"
    with Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        recorder.append(Answer(Ask("gpu1", Kind.CLI, f"ethtool -m eth0 hex on {place}"), text.encode(), 0, NOON, 5))
    module = Linux().decode(host, Evidence(tmp_path / "evidence")).modules["eth0"]
    assert value_of(module.identifier) == 0x18


@pytest.mark.parametrize(("minutes", "apart"), [(10, Decimal(600)), (-10, None)], ids=["after it", "before it"])
def test_a_second_read_is_after_the_first(
    host: DevicePlan, tmp_path: Path, minutes: int, apart: Decimal | None
) -> None:
    with Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        for sample, at in ((1, NOON), (2, NOON + timedelta(minutes=minutes))):
            recorder.append(Answer(Ask("gpu1", Kind.CLI, lower_page("eth0"), sample), b"", 0, at))
    between = Linux().decode(host, Evidence(tmp_path / "evidence")).again["eth0"].apart
    if apart is None:
        assert why(between) is Absence.UNREADABLE
    else:
        assert value_of(between) == apart


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Standard_RS-FEC - (544,514)", "RS(544,514)"),
        ("Standard LL RS-FEC - RS(271,257)", "RS(272,257)"),
        ("Firecode FEC", "BASE-R"),
        ("No FEC", "none"),
    ],
)
def test_the_code_that_mlxlink_names(words: str, name: str) -> None:
    assert fec_name(words) == name


def test_a_code_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="names no code"):
        fec_name("N/A")


def test_ratios_stay_exact(host: DevicePlan, tmp_path: Path) -> None:
    counters = {"Physical Counters and BER Info": {"Raw Physical BER": "4E-8"}}
    port = decoded(host, tmp_path, {physical("0"): mlxlink(**counters)})
    assert value_of(port.fec_samples[0].pre_fec_ber) == Decimal("4E-8")


def facts_of(device: DevicePlan, folder: Path, answers: Mapping[str | tuple[str, int], str]) -> DeviceFacts:
    decoded(device, folder, answers)
    return Linux().decode(device, Evidence(folder / "evidence"))


FLAPS = {
    "the kernel's file": ({CHANGES: "/sys/class/net/eth0/carrier_changes:5\n"}, 5),
    "the driver's counter": ({counters("eth0"): "NIC statistics:\n     link_down_events_phy: 3\n"}, 3),
    "ethtool's own event": ({"ethtool -I eth0": f"{UP}\tLink Down Events: 2\n"}, 2),
    "the file before the counter": (
        {
            CHANGES: "/sys/class/net/eth0/carrier_changes:5\n",
            counters("eth0"): "NIC statistics:\n     link_down_events_phy: 3\n",
        },
        5,
    ),
}


@pytest.mark.parametrize(("answers", "flaps"), FLAPS.values(), ids=FLAPS)
def test_how_often_the_link_changed(
    host: DevicePlan, tmp_path: Path, answers: Mapping[str | tuple[str, int], str], flaps: int
) -> None:
    assert value_of(decoded(host, tmp_path, answers).flaps) == flaps


def test_pauses_are_the_drivers_by_priority_in_both_samples(host: DevicePlan, tmp_path: Path) -> None:
    def said(received: int, sent: int) -> str:
        return f"NIC statistics:\n     rx_prio3_pause: {received}\n     tx_prio3_pause: {sent}\n"

    asked = counters("eth0")
    one, two = decoded(host, tmp_path, {asked: said(1, 2), (asked, 2): said(5, 2)}).pauses
    assert [value_of(sample.received) for sample in (one, two)] == [{3: 1}, {3: 5}]
    assert [value_of(sample.sent) for sample in (one, two)] == [{3: 2}, {3: 2}]
    assert (one.at, two.at) == (NOON, NOON + timedelta(minutes=10))


DCB: Mapping[str | tuple[str, int], str] = {
    flow("eth0"): json.dumps({
        "prio_pfc": [n == 3 for n in range(8)], "requests": [0, 0, 0, 5, 0, 0, 0, 0],
        "indications": [0, 0, 0, 7, 0, 0, 0, 0],
    }),
    priorities("eth0"): '{"dscp_prio":[[26,3],[48,6]]}',
    trusted("eth0"): '{"order":["dscp","pcp"]}',
    classes("eth0"): json.dumps({
        "tc_bw": [40, 0, 0, 60, 0, 0, 0, 0], "tc_tsa": ["ets"] * 4 + ["strict"] * 4,
        "prio_tc": [0, 0, 0, 3, 4, 5, 6, 7],
    }),
}  # fmt: skip


def test_where_mlnx_qos_is_not_there_dcb_tells(host: DevicePlan, tmp_path: Path) -> None:
    port = decoded(host, tmp_path, DCB)
    assert value_of(port.pfc_priorities) == {3}
    assert (value_of(port.maps.trust), value_of(port.maps.dscp_to_tc)) == ("dscp", {26: 3, 48: 6})
    assert value_of(port.maps.tc_to_queue) == {0: 0, 1: 0, 2: 0, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7}
    assert (value_of(port.queues[3].scheduler), value_of(port.queues[3].weight)) == ("dwrr", 60)
    assert value_of(port.queues[6].scheduler) == "strict"
    (sample,) = port.pauses
    assert value_of(sample.sent) == {n: 5 if n == 3 else 0 for n in range(8)}
    assert value_of(sample.received) == {n: 7 if n == 3 else 0 for n in range(8)}


def test_mlnx_qos_goes_before_dcb(host: DevicePlan, tmp_path: Path) -> None:
    port = decoded(host, tmp_path, {**DCB, quality("eth0"): QOS})
    assert value_of(port.queues[3].weight) == 50


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([{"key": "AF31", "priority": 3}, {"key": "CS6", "priority": 6}], {26: 3, 48: 6}),
        ([{"key": "46", "priority": 5}, {"key": "LE", "priority": 1}], {46: 5, 1: 1}),
    ],
    ids=["names", "numbers and names"],
)
def test_a_dscp_is_a_name_or_a_number(rows: object, found: Mapping[int, int]) -> None:
    assert by_dscp(rows) == found


def test_a_dscp_with_two_priorities_is_refused() -> None:
    with pytest.raises(ValueError, match="two priorities"):
        by_dscp([{"key": "26", "priority": 3}, {"key": "AF31", "priority": 4}])


DEVICE_PORT = json.dumps(
    {"port": {"pci/0000:18:00.0/65535": {"type": "eth", "netdev": "eth0", "flavour": "physical", "lanes": 4}}}
)


def test_where_no_tool_tells_the_width_the_ports_own_lanes_stand(host: DevicePlan, tmp_path: Path) -> None:
    assert value_of(decoded(host, tmp_path, {DEVICE_PORTS: DEVICE_PORT}).lanes) == 4


@pytest.mark.parametrize(("state", "status"), [("healthy", "OK"), ("error", "fw is error")])
def test_what_watches_over_a_nic_tells_of_its_health(host: DevicePlan, tmp_path: Path, state: str, status: str) -> None:
    health = json.dumps({"health": {"pci/0000:18:00.0": [{"reporter": "fw", "state": state}]}})
    port = decoded(host, tmp_path, {DEVICE_PORTS: DEVICE_PORT, HEALTH: health})
    assert value_of(port.error_status) == status


def test_health_of_another_nic_says_nothing(host: DevicePlan, tmp_path: Path) -> None:
    health = json.dumps({"health": {"pci/0000:99:00.0": [{"reporter": "fw", "state": "error"}]}})
    port = decoded(host, tmp_path, {DEVICE_PORTS: DEVICE_PORT, HEALTH: health})
    assert isinstance(port.error_status, Missing)


WORDS = """\
\tIdentifier                                : 0x18 (QSFP-DD Double Density 8X Pluggable Transceiver (INF-8628))
\tVendor name                               : NORTHWIND
\tVendor SN                                 : NW0002
\tRevision compliance                       : Rev. 5.0
\tModule State                              : 0x03 (ModuleReady)
\tModule temperature                        : 40.25 degrees C / 104.45 degrees F
\tModule voltage                            : 3.2990 V
\tRcvr signal avg optical power (Channel 1) : 1.0000 mW / 0.00 dBm
\tRcvr signal avg optical power (Channel 2) : 0.0000 mW / -inf dBm
"""


def test_a_module_is_told_in_words_where_no_page_was_read(host: DevicePlan, tmp_path: Path) -> None:
    module = facts_of(host, tmp_path, {module_words("eth0"): WORDS}).modules["eth0"]
    told = (module.vendor_name, module.vendor_sn, module.revision, module.module_state, module.temperature, module.vcc)
    assert [value_of(value) for value in told] == [
        "NORTHWIND", "NW0002", "5.0", "ModuleReady", Decimal("40.25"), Decimal("3.2990"),
    ]  # fmt: skip
    assert value_of(module.rx_power[0]) == 0
    assert isinstance(module.text_faults["vendor_name"], Missing)


@pytest.mark.parametrize(
    "command", ["lldpctl -f json", "lldpctl -f keyvalue", "lldpctl"], ids=["JSON", "keys and values", "text"]
)
def test_neighbours_are_heard_in_any_spelling(host: DevicePlan, tmp_path: Path, command: str) -> None:
    chassis = {"leaf1": {"id": {"type": "mac", "value": "02:00:00:00:00:01"}}}
    port = {"id": {"type": "ifname", "value": "Ethernet8"}, "descr": "to eth0"}
    spoken = {
        "lldpctl -f json": json.dumps({"lldp": {"interface": {"eth0": {"chassis": chassis, "port": port}}}}),
        "lldpctl -f keyvalue": "lldp.eth0.via=LLDP\nlldp.eth0.chassis.name=leaf1\nlldp.eth0.port.ifname=Ethernet8\n"
        "lldp.eth0.port.descr=to eth0\n",
        "lldpctl": "LLDP neighbors:\nInterface:    eth0, via: LLDP, RID: 1, Time: 0 day, 01:02:03\n  Chassis:\n"
        "    SysName:      leaf1\n  Port:\n    PortID:       ifname Ethernet8\n    PortDescr:    to eth0\n",
    }
    told = value_of(decoded(host, tmp_path, {command: spoken[command]}).lldp)
    assert told == Neighbour("leaf1", ("Ethernet8", "to eth0"))


def test_an_older_ethtool_tells_the_same_without_json(host: DevicePlan, tmp_path: Path) -> None:
    text = "FEC parameters for eth0:\nConfigured FEC encodings: Auto\nActive FEC encoding: RS\n"
    driver = "NIC statistics:\n     rx_corrected_bits_phy: 9\n     link_down_events_phy: 0\n"
    port = decoded(
        host, tmp_path, {"ethtool --show-fec eth0": text, settings("eth0"): UP, counters("eth0"): driver}
    )  # fmt: skip
    assert (value_of(port.fec_configured), value_of(port.fec_operational)) == ("auto", "rs")
    assert isinstance(port.fec_samples[0].corrected, Missing)


BROKEN = {
    "nothing": "",
    "an error of the kernel": "netlink error: Operation not supported\n",
    "an error of the shell": "sh: 1: dcb: not found\n",
    "JSON cut off": '[{"ifname": "eth0", "mtu": 9',
    "another system": "% Invalid input detected at '^' marker.\n",
    "paging": "\x1b[7m--More--\x1b[0m\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_is_no_answer_leaves_everything_missing(host: DevicePlan, tmp_path: Path, text: str) -> None:
    every = {(ask.text, ask.sample): text for ask in Linux().asks(host)}
    facts = facts_of(host, tmp_path, every)
    port = facts.ports["eth0"]
    told = {
        name: value
        for name in PortFacts.__dataclass_fields__
        if isinstance(value := getattr(port, name), Reading)
    }  # fmt: skip
    assert not told
    assert isinstance(facts.software, Missing)
    assert isinstance(facts.modules["eth0"].vendor_name, Missing)


ACCELERATIONS = """\
Sending access register...

Field Name                                    | Data
============================================================
adaptive_routing_forced_en_field_select       | 0x0000000{}
adaptive_routing_forced_en                    | 0x0000000{}
============================================================
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ACCELERATIONS.format(1, 1), True),
        (ACCELERATIONS.format(1, 0), False),
        (ACCELERATIONS.format(0, 1), Absence.NOT_AVAILABLE),
        (ACCELERATIONS.format(1, 2), Absence.UNREADABLE),
        (ACCELERATIONS.format(1, 1).partition("adaptive_routing_forced_en  ")[0], Absence.NOT_RECORDED),
        ("-E- Failed to open device: mlx5_0\n", Absence.UNREADABLE),
    ],
    ids=["on", "off", "an adapter without it", "neither on nor off", "cut off before it", "no device"],
)
def test_whether_packets_may_come_in_any_order(
    host: DevicePlan, tmp_path: Path, text: str, said: bool | Absence
) -> None:
    told = decoded(host, tmp_path, {rdma.accelerations("0"): text}).rdma.reordering
    assert (told.value if isinstance(told, Reading) else told.why) == said


@pytest.mark.parametrize(
    ("tos", "dscp", "capable"), [("106", 26, True), ("104", 26, False), ("2", 0, True), ("0", None, None)]
)
def test_the_type_of_service_of_roce_packets(
    host: DevicePlan, tmp_path: Path, tos: str, dscp: int | None, capable: bool | None
) -> None:
    seen = decoded(host, tmp_path, {rdma.service("0"): f"{tos}\n"}).rdma
    for told, said in ((seen.dscp, dscp), (seen.ecn_capable, capable)):
        assert (told.value if isinstance(told, Reading) else None) == said
    if not int(tos):
        assert why(seen.dscp) is Absence.NOT_AVAILABLE


def test_a_priority_of_which_sysfs_says_nothing_leaves_dcqcn_open(host: DevicePlan, tmp_path: Path) -> None:
    lines = [f"/sys/class/net/eth0/ecn/roce_np/enable/{n}:{int(n == 3)}\n" for n in range(8)]
    lines += [f"/sys/class/net/eth0/ecn/roce_rp/enable/{n}:{int(n == 3)}\n" for n in range(8) if n != 5]
    seen = decoded(host, tmp_path, {rdma.SETTINGS: "".join(lines)}).rdma
    assert value_of(seen.notifies) == {3}
    assert why(seen.reacts) is why(seen.cnp_dscp) is Absence.NOT_RECORDED


@pytest.mark.parametrize(
    ("sizes", "said"),
    [("100,200,0,0,0,0,0,0", {n: 200 if n == 3 else 100 for n in range(8)}), ("100", None), ("", None)],
    ids=["each priority has its buffer's", "a buffer without a size", "no sizes"],
)
def test_receive_buffers_by_priority(
    host: DevicePlan, tmp_path: Path, sizes: str, said: Mapping[int, int] | None
) -> None:
    text = f"Receive buffer size (bytes): {sizes},max_buffer_size=4000\n" if sizes else ""
    rows = "\tbuffer      0   0   0   1   0   0   0   0\n"
    told = decoded(host, tmp_path, {quality("eth0"): text + QOS.replace("tc: 0", f"{rows}tc: 0", 1)}).rdma.buffers
    assert (told.value if isinstance(told, Reading) else None) == said


@pytest.mark.parametrize(
    ("model", "said"), [("MT4129", "ConnectX-7"), ("MT4131", "ConnectX-8"), ("BCM57608", None), ("MT9999", None)]
)
def test_the_model_of_an_adapter(host: DevicePlan, tmp_path: Path, model: str, said: str | None) -> None:
    path = "/sys/class/infiniband/mlx5_0"
    text = f"{path}/hca_type:{model}\n{path}/ports/1/link_layer:Ethernet\n"
    with Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        recorder.append(Answer(Ask(host.name, Kind.CLI, rdma.PROTOCOLS), text.encode(), 0, NOON))
    facts = Linux().decode(host, Evidence(tmp_path / "evidence"))
    told = facts.adapters["eth0"]
    assert (told.value if isinstance(told, Reading) else None) == said
    assert value_of(facts.ports["eth0"].protocol) == "Ethernet"


def test_drops_of_a_priority_are_all_that_the_driver_counts(host: DevicePlan, tmp_path: Path) -> None:
    text = "NIC statistics:\n     rx_prio3_discards: 2\n     rx_prio3_buf_discard: 40\n     rx_prio4_buf_discard: 1\n"
    queues_seen = decoded(host, tmp_path, {counters("eth0"): text}).queues
    assert [value_of(queues_seen[n].dropped) for n in (3, 4)] == [42, 1]
    assert why(queues_seen[5].dropped) is Absence.UNREADABLE


def test_pfc_that_the_driver_does_not_count_is_counted_by_dcb(host: DevicePlan, tmp_path: Path) -> None:
    driver = "NIC statistics:\n     rx_prio3_pause: 9\n     tx_prio3_pause: 8\n"
    dcb = json.dumps(
        {"pfc_cap": 8, "prio_pfc": [False] * 8, "requests": [0] * 8, "indications": [0, 5, 0, 7, *[0] * 4]}
    )
    (first,) = decoded(host, tmp_path, {counters("eth0"): driver, flow("eth0"): dcb}).pauses
    assert value_of(first.received) == {0: 0, 1: 5, 2: 0, 3: 9, 4: 0, 5: 0, 6: 0, 7: 0}
    assert value_of(first.sent) == {**dict.fromkeys(range(8), 0), 3: 8}


def test_changes_of_a_link_are_of_one_kind_in_all_samples(host: DevicePlan, tmp_path: Path) -> None:
    carrier = "/sys/class/net/eth0/carrier_changes:7\n"
    downs = "NIC statistics:\n     link_down_events_phy: {}\n"
    both: dict[str | tuple[str, int], str] = {
        (CHANGES, 1): carrier, (counters("eth0"), 1): downs.format(2), (counters("eth0"), 2): downs.format(3),
    }  # fmt: skip
    first, second = decoded(host, tmp_path, both).changes
    assert (value_of(first.count), why(second.count)) == (7, Absence.NOT_RECORDED)
    del both[CHANGES, 1]
    (tmp_path / "without").mkdir()
    assert [value_of(one.count) for one in decoded(host, tmp_path / "without", both).changes] == [2, 3]
