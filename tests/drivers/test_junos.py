"""The Junos driver on recorded and invented answers: every value with its line, and Missing wherever there is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from harness.decode.told import ToldTransceiver
from harness.drivers.base import Accepting, accepted, rounds
from harness.drivers.junos import DRIVER
from harness.drivers.junos.record import (
    CLASSES,
    CLASSIFIERS,
    COMMANDS,
    CONGESTION,
    COS_PORTS,
    ENVIRONMENT,
    HARDWARE,
    INTERFACES,
    LLDP,
    LLDP_DETAIL,
    OF_CLASSES,
    OF_FORWARDING,
    OF_PORTS,
    OPTICS,
    PROFILES,
    QUEUES,
    SCHEDULERS,
    VERSION,
    pic,
)
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts, Neighbour, PortFacts
from harness.reading import Absence, Missing, Reading, Value
from tests.drivers.test_junos_answers import LANES_TEXT, LANES_XML, PARTS, PIC, PICD, PORT_TEXT, PORT_XML, ROOM, as_json
from tests.recordings import REPOSITORY

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PORT = "et-0/0/4:1"
LAB = f"""\
name: small
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
devices:
  leaf9:
    role: leaf
    platform: QFX5240-64OD
    nos: junos
    cages:
      4: {{mode: 2x400G}}
      7: {{mode: 1x800G}}
"""
Answers = Mapping[str | tuple[str, int], str]


@pytest.fixture(scope="module")
def leaf(tmp_path_factory: pytest.TempPathFactory) -> DevicePlan:
    file = tmp_path_factory.mktemp("lab") / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["leaf9"]


def decoded(device: DevicePlan, folder: Path, answers: Answers) -> DeviceFacts:
    store = folder / "evidence"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for key, text in answers.items():
            command, sample = key if isinstance(key, tuple) else (key, 1)
            at = NOON + timedelta(seconds=600 * (sample - 1))
            recorder.append(Answer(Ask(device.name, Kind.CLI, command, sample), text.encode(), 0, at))
    return DRIVER.decode(device, Evidence(store))


def the(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def why(value: Value[object]) -> Absence:
    assert isinstance(value, Missing), value
    return value.why


# --- what is asked ------------------------------------------------------------------------------------------------


def test_every_question_is_permitted_and_changes_nothing(leaf: DevicePlan) -> None:
    session = DRIVER.session(leaf)
    first, second = rounds(DRIVER.asks(leaf))
    assert {ask.text for ask in first} == {*COMMANDS, pic("0", "0")}
    assert [ask.text for ask in second] == [INTERFACES, OPTICS]
    for ask in (*first, *second):
        assert session.permit.allows(ask.text)
        assert ask.text.startswith("show ")
    assert not session.permit.allows("show chassis pic fpc-slot 0 pic-slot 0; request system reboot")
    assert not session.shell


def test_answers_to_questions_that_are_not_put_are_named(leaf: DevicePlan) -> None:
    assert isinstance(DRIVER, Accepting)
    texts = {ask.text for ask in accepted(DRIVER, leaf)}
    assert {"show chassis hardware", "show interfaces extensive | display xml"} <= texts
    assert "show picd optics fpc_slot 0 pic_slot 0 port 7 cmd info" in texts
    assert not texts & {ask.text for ask in DRIVER.asks(leaf)}


# --- nothing, and nonsense ----------------------------------------------------------------------------------------


def values_of(port: PortFacts) -> list[Value[object]]:
    plain = (getattr(port, name) for name in port.__slots__)
    samples = (getattr(sample, name) for sample in port.fec_samples for name in ("corrected", "uncorrected"))
    queues = (getattr(queue, name) for queue in port.queues.values() for name in ("ecn", "marked", "dropped", "weight"))
    maps = (port.maps.trust, port.maps.dscp_to_tc, port.maps.tc_to_queue, port.watchdog.on)
    return [one for one in (*plain, *samples, *queues, *maps) if isinstance(one, Reading | Missing)]


def test_nothing_recorded_is_missing_everywhere_and_every_declared_port_is_there(
    leaf: DevicePlan, tmp_path: Path
) -> None:
    facts = decoded(leaf, tmp_path, {"show system uptime": ""})
    assert list(facts.ports) == ["et-0/0/4:0", PORT, "et-0/0/7"]
    for port in facts.ports.values():
        assert all(isinstance(value, Missing) for value in values_of(port))
    for value in (facts.software, facts.hwsku, facts.serial, facts.asic, facts.supplies, facts.fans, facts.sensors):
        assert isinstance(value, Missing)
    assert all(isinstance(power, Missing) for power in facts.modules["et-0/0/7"].tx_power)


NONSENSE = (
    "", "\n", "{master:0}\n", "error: syntax error, expecting <command>\n",
    "% Invalid input detected at '^' marker.\n", "Command authorization failed\n",
    '{"interface-information": NaN}', "<rpc-reply/>", "<a>", "---(more)---\n", "\x1b[31m\x1b[0m\n",
    "Ethernet1/1 is up\n",
)  # fmt: skip


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_in_every_answer_is_missing_with_its_reason(leaf: DevicePlan, tmp_path: Path, text: str) -> None:
    asked = {(ask.text, ask.sample): text for ask in DRIVER.asks(leaf)}
    facts = decoded(leaf, tmp_path, asked)
    for port in facts.ports.values():
        assert all(isinstance(value, Missing) for value in values_of(port)), text
    assert why(facts.ports[PORT].oper) is Absence.UNREADABLE
    assert why(facts.software) is Absence.UNREADABLE


def test_a_command_that_was_refused_was_not_answered(leaf: DevicePlan, tmp_path: Path) -> None:
    with Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test") as recorder:
        ask = Ask("leaf9", Kind.CLI, INTERFACES)
        recorder.append(Answer(ask, b"error: permission denied\n", 1, NOON))
    port = DRIVER.decode(leaf, Evidence(tmp_path / "evidence")).ports[PORT]
    assert isinstance(port.oper, Missing)
    assert (port.oper.why, port.oper.detail) == (Absence.NOT_ANSWERED, "status 1: error: permission denied")


# --- a port -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (INTERFACES, PORT_TEXT),
        (f"{INTERFACES} | display xml", PORT_XML),
        (f"{INTERFACES} | display json | no-more", as_json(PORT_XML)),
    ],
    ids=["text", "xml", "json"],
)
def test_a_port_from_every_form_that_is_on_record(leaf: DevicePlan, tmp_path: Path, command: str, text: str) -> None:
    facts = decoded(leaf, tmp_path, {command: text, (command, 2): text.replace("955", "990")})
    port = facts.ports[PORT]
    assert (the(port.speed), the(port.oper), the(port.admin), the(port.mtu)) == (400, "up", "up", 9216)
    assert (the(port.fec_operational), the(port.fec_named)) == ("rs", "RS(544,514)")
    assert [the(sample.corrected) for sample in port.fec_samples] == [955, 990]
    assert [sample.at for sample in port.fec_samples] == [NOON, NOON + timedelta(seconds=600)]
    assert the(port.fec_samples[0].uncorrected) == 1
    assert (the(port.link_pause), the(port.auto_negotiation), the(port.flaps)) == (False, False, 5)
    assert the(port.last_change) == "2026-01-02 03:04:05 UTC"
    assert why(port.cleared) is Absence.NOT_AVAILABLE
    assert (the(port.pauses[0].received), the(port.pauses[0].sent)) == ({3: 17}, {3: 42})
    assert the(port.breakout_mode) == "1x400G"
    assert facts.aliases == {"561": PORT, "02:00:00:00:04:01": PORT}
    assert isinstance(facts.ports["et-0/0/7"].oper, Missing)
    assert str(port.speed.source).startswith(f"leaf9: {command} line ")


@pytest.mark.parametrize(
    ("mode", "word", "name"),
    [
        ("FEC119", "rs", "RS(544,514)"),
        ("FEC91", "rs", None),
        ("FEC74", "fc", "BASE-R"),
        ("NONE", "none", "none"),
        ("FEC999", None, None),
        ("", None, None),
    ],
)
def test_the_words_of_junos_for_fec(
    leaf: DevicePlan, tmp_path: Path, mode: str, word: str | None, name: str | None
) -> None:
    port = decoded(leaf, tmp_path, {INTERFACES: PORT_TEXT.replace("FEC119", mode)}).ports[PORT]
    for value, told in ((port.fec_operational, word), (port.fec_named, name)):
        assert (the(value) if told else isinstance(value, Missing)) == (told or True)


def test_counters_of_a_port_without_fec_are_missing_and_not_zero(leaf: DevicePlan, tmp_path: Path) -> None:
    text = PORT_TEXT.replace("FEC119", "NONE").replace("955", "  0")
    sample = decoded(leaf, tmp_path, {INTERFACES: text}).ports[PORT].fec_samples[0]
    assert why(sample.corrected) is why(sample.uncorrected) is Absence.NOT_AVAILABLE


def test_what_would_run_on_a_link_that_is_down_does_not_run(leaf: DevicePlan, tmp_path: Path) -> None:
    text = PORT_TEXT.replace("link is Up", "link is Down")
    port = decoded(leaf, tmp_path, {INTERFACES: text}).ports[PORT]
    assert the(port.oper) == "down"
    assert isinstance(port.fec_operational, Missing)
    assert port.fec_operational.detail == "the link is down"


def test_a_port_without_pfc_has_no_counters_of_it(leaf: DevicePlan, tmp_path: Path) -> None:
    text = PORT_TEXT.replace("    Priority :  3                            17               42\n", "")
    pauses = decoded(leaf, tmp_path, {INTERFACES: text}).ports[PORT].pauses[0]
    assert why(pauses.received) is Absence.NOT_AVAILABLE


def test_two_records_of_one_port_that_differ_say_nothing(leaf: DevicePlan, tmp_path: Path) -> None:
    twice = PORT_TEXT + PORT_TEXT.replace("Up\n", "Down\n", 1)
    assert why(decoded(leaf, tmp_path, {INTERFACES: twice}).ports[PORT].oper) is Absence.UNREADABLE


def test_a_line_that_was_cut_gives_no_half_of_a_number(leaf: DevicePlan, tmp_path: Path) -> None:
    text = PORT_TEXT[: PORT_TEXT.index("955") + 2]
    facts = decoded(leaf, tmp_path, {INTERFACES: text})
    corrected = facts.ports[PORT].fec_samples[0].corrected
    assert why(corrected) is Absence.UNREADABLE
    assert "cut off in line" in str(corrected)


def test_a_line_that_nobody_knows_is_in_the_facts(leaf: DevicePlan, tmp_path: Path) -> None:
    text = PORT_TEXT.replace("  PRBS Mode : Disabled\n", "  Warp factor : 9\n")
    assert decoded(leaf, tmp_path, {INTERFACES: text}).unknown == (f"leaf9: {INTERFACES} line 32: '  Warp factor : 9'",)


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (f"set interfaces {PORT} gigether-options fec fec119\n", "rs"),
        ("set interfaces et-0/0/* ether-options fec none\n", "none"),
        (
            f"set interfaces interface-range up member {PORT}\n"
            "set interfaces interface-range up gigether-options fec fec74\n",
            "fc",
        ),
        (
            "set interfaces interface-range up member-range et-0/0/4:0 to et-0/0/4:3\n"
            "set interfaces interface-range up gigether-options fec fec91\n",
            "rs",
        ),
        (f"set interfaces {PORT} mtu 9216\n", "auto"),
        (
            f"set interfaces {PORT} mtu 9216\nset interfaces {PORT} gigether-options fec none\n"
            f"deactivate interfaces {PORT} gigether-options\n",
            "auto",
        ),
        (f"set interfaces apply-groups fabric\nset interfaces {PORT} mtu 9216\n", Absence.NOT_AVAILABLE),
        (f"set interfaces {PORT} gigether-options fec fec7\n", Absence.UNREADABLE),
        ("set interfaces et-0/0/7 gigether-options fec none\n", Absence.NOT_RECORDED),
        ("", Absence.UNREADABLE),
    ],
    ids=["its own", "by a pattern", "of a range", "of a range from to", "none for the port", "one that is inactive",
         "what a group may make", "a word that is no FEC", "about another port alone", "an empty answer"],
)  # fmt: skip
def test_fec_as_it_is_configured(leaf: DevicePlan, tmp_path: Path, settings: str, word: object) -> None:
    configured = decoded(leaf, tmp_path, {OF_PORTS: settings}).ports[PORT].fec_configured
    assert (
        the(configured) if isinstance(word, str) and word in ("rs", "fc", "none", "auto") else why(configured)
    ) == word


def test_breakout_by_the_ports_that_a_cage_has(leaf: DevicePlan, tmp_path: Path) -> None:
    children = "".join(PORT_TEXT.replace(PORT, f"et-0/0/4:{n}") for n in range(2))
    whole = PORT_TEXT.replace(PORT, "et-0/0/7").replace("400Gbps", "800Gbps")
    facts = decoded(leaf, tmp_path / "one", {INTERFACES: children + whole})
    assert [the(facts.ports[name].breakout_mode) for name in (PORT, "et-0/0/7")] == ["2x400G", "1x800G"]
    mixed = children.replace("400Gbps", "100Gbps", 1)
    assert why(decoded(leaf, tmp_path / "two", {INTERFACES: mixed}).ports[PORT].breakout_mode) is Absence.UNREADABLE


# --- neighbours ---------------------------------------------------------------------------------------------------

SHORT = """\
Local Interface    Parent Interface    Chassis Id                               Port info           System Name
et-0/0/4:1         -                   02:00:00:00:00:07                        to leaf9, rail 3    spine3
"""


def full(**more: str) -> str:
    said = {"lldp-local-interface": PORT, "lldp-remote-system-name": "spine3", **more}
    row = {name: [{"data": value}] for name, value in said.items()}
    return json.dumps({"lldp-neighbors-information": [{"lldp-neighbor-information": [row]}]})


def test_a_neighbour_in_full_before_one_in_short(leaf: DevicePlan, tmp_path: Path) -> None:
    named = {"lldp-remote-port-id": "Ethernet9/1", "lldp-remote-port-description": "to leaf9"}
    answers = {LLDP: SHORT, LLDP_DETAIL: full(**named)}
    assert the(decoded(leaf, tmp_path / "both", answers).ports[PORT].lldp) == Neighbour(
        "spine3", ("Ethernet9/1", "to leaf9")
    )
    refused = {LLDP: SHORT, LLDP_DETAIL: "error: syntax error\n"}
    assert the(decoded(leaf, tmp_path / "short", refused).ports[PORT].lldp) == Neighbour(
        "spine3", ("to leaf9, rail 3",)
    )
    assert isinstance(decoded(leaf, tmp_path / "none", {LLDP: SHORT}).ports["et-0/0/7"].lldp, Missing)


# --- modules ------------------------------------------------------------------------------------------------------

ONE_LANE = LANES_XML.replace("et-0/0/4", "et-0/0/7")
LISTED = PIC.replace("  0    800GBASE", "  7    800GBASE").replace("  0      0       1x800G", "  7      0       1x800G")
PARTED = PARTS.replace("Xcvr 36", "Xcvr 7 ")


def test_a_module_in_the_words_of_junos(leaf: DevicePlan, tmp_path: Path) -> None:
    answers = {OPTICS: ONE_LANE, (OPTICS, 2): ONE_LANE, pic("0", "0"): LISTED, "show chassis hardware": PARTED}
    facts = decoded(leaf, tmp_path, answers)
    module = facts.modules["et-0/0/7"]
    assert isinstance(module, ToldTransceiver)
    assert (the(module.temperature), the(module.vcc)) == (41, Decimal("3.2990"))
    assert [the(lane[0]) for lane in (module.tx_power, module.rx_power, module.tx_bias)] == [
        0, Decimal("-Infinity"), Decimal("60.100"),
    ]  # fmt: skip
    assert (the(module.vendor_name), the(module.vendor_pn), the(module.firmware_active), the(module.wavelength)) == (
        "SIMULATED", "PF-O8-2DR4", "1.0", 1311,
    )  # fmt: skip
    assert (the(module.vendor_sn), the(module.form_factor)) == ("1A1BB2CC333DD", "OSFP")
    assert the(module.thresholds["rx_power_mw"].low_alarm) == -10
    assert why(module.thresholds["rx_power_mw"].high_alarm) is Absence.NOT_RECORDED
    assert why(module.revision) is Absence.NOT_AVAILABLE
    assert the(facts.again["et-0/0/7"].apart) == 600
    assert [(flag.name, flag.lane, the(flag.raised)) for flag in the(facts.ports["et-0/0/7"].flags)] == [  # type: ignore[attr-defined]
        ("rx_los", 1, True)
    ]
    assert the(facts.modes["et-0/0/7"]) == {"1x800G", "2x400G", "8x100G"}
    assert why(facts.modes["et-0/0/4:0"]) is Absence.NOT_RECORDED


def lanes_of(port: str, *numbers: int) -> str:
    head, lane = LANES_TEXT.split("  Lane 0\n")
    return head.replace("et-0/0/4", port) + "".join(
        f"  Lane {number}\n" + lane.replace("60.100", f"{60 + place}.000") for place, number in enumerate(numbers)
    )


@pytest.mark.parametrize(
    ("first", "second", "bias"),
    [
        ((0, 1, 2, 3), (4, 5, 6, 7), [60, 61, 62, 63, 60, 61, 62, 63]),
        ((0, 1, 2, 3), (0, 1, 2, 3), [60, 61, 62, 63, 60, 61, 62, 63]),
        (tuple(range(8)), tuple(range(8)), list(range(60, 68))),
    ],
    ids=["numbered in the module", "numbered from 0 in each port", "all lanes in every port"],
)
def test_lanes_of_a_broken_out_module(
    leaf: DevicePlan, tmp_path: Path, first: tuple[int, ...], second: tuple[int, ...], bias: list[int]
) -> None:
    text = lanes_of("et-0/0/4:0", *first) + lanes_of(PORT, *second)
    module = decoded(leaf, tmp_path, {"show interfaces diagnostics optics": text}).modules["et-0/0/4:0"]
    assert [the(value) for value in module.tx_bias] == bias


def test_lanes_that_are_numbered_in_no_known_way_are_not_guessed(leaf: DevicePlan, tmp_path: Path) -> None:
    text = lanes_of("et-0/0/4:0", 0, 1, 2) + lanes_of(PORT, 5, 6, 9)
    module = decoded(leaf, tmp_path, {"show interfaces diagnostics optics": text}).modules["et-0/0/4:0"]
    assert all(isinstance(value, Missing) for value in module.tx_bias)


def test_a_module_without_diagnostics_has_no_monitors(leaf: DevicePlan, tmp_path: Path) -> None:
    text = "Physical interface: et-0/0/7\n    Optical diagnostics                       :  N/A\n"
    facts = decoded(leaf, tmp_path, {"show interfaces diagnostics optics": text})
    assert all(why(power) is Absence.NOT_AVAILABLE for power in facts.modules["et-0/0/7"].tx_power)
    assert why(facts.ports["et-0/0/7"].flags) is Absence.NOT_AVAILABLE
    assert why(facts.ports["et-0/0/7"].error_status) is Absence.NOT_AVAILABLE


def test_a_module_without_a_supply_voltage_has_no_monitors_and_no_limits(leaf: DevicePlan, tmp_path: Path) -> None:
    text = (
        "Physical interface: et-0/0/7\n  Module temperature : 0 degrees C / 32 degrees F\n  Module voltage : 0.0000 V\n"
        "  Module voltage high alarm threshold : 0.000 V\n  Module voltage low alarm threshold : 0.000 V\n"
        "  Lane 0\n    Laser output power : 1.000 mW / 0.00 dBm\n"
    )
    module = decoded(leaf, tmp_path, {"show interfaces diagnostics optics": text}).modules["et-0/0/7"]
    assert isinstance(module, ToldTransceiver)
    for value in (module.temperature, module.vcc, *module.tx_power):
        assert why(value) is Absence.NOT_AVAILABLE
    assert why(module.thresholds["vcc_v"].high_alarm) is Absence.NOT_AVAILABLE


def test_registers_are_decoded_where_the_daemon_dumped_them(leaf: DevicePlan, tmp_path: Path) -> None:
    facts = decoded(leaf, tmp_path, {"show picd optics fpc_slot 0 pic_slot 0 port 7 cmd info": PICD})
    module = facts.modules["et-0/0/7"]
    assert not isinstance(module, ToldTransceiver)
    assert the(module.memory.take(next(iter(module.memory.pages)), 0, 4)) == bytes((0, 1, 2, 3))


# --- the device ---------------------------------------------------------------------------------------------------


def test_the_device_as_a_whole(leaf: DevicePlan, tmp_path: Path) -> None:
    version = "Hostname: leaf9\nModel: qfx5240-64od\nJunos: 23.4X100-D30.1-EVO\n"
    settings = "set forwarding-options enhanced-hash-key ecmp-dlb per-packet\n"
    answers = {VERSION: version, "show chassis hardware": PARTS, ENVIRONMENT: ROOM, OF_FORWARDING: settings}
    facts = decoded(leaf, tmp_path, answers)
    assert (the(facts.software), the(facts.hwsku), the(facts.serial)) == (
        "23.4X100-D30.1-EVO", "qfx5240-64od", "XX00000001",
    )  # fmt: skip
    one, two = the(facts.supplies)  # type: ignore[misc]
    assert (one.name, the(one.status), the(one.model)) == ("PSM 0", "ok", "AC AFO 3000W PSU")
    assert (two.name, the(two.status)) == ("PSM 1", "Absent")
    fan, slow = the(facts.fans)  # type: ignore[misc]
    assert (fan.name, the(fan.rpm), the(fan.direction)) == ("Fan Tray 0 Fan 1", 12000, "AFO")
    assert (the(slow.status), why(slow.rpm)) == ("Check", Absence.NOT_AVAILABLE)
    assert [(sensor.name, the(sensor.celsius)) for sensor in the(facts.sensors)] == [  # type: ignore[attr-defined]
        ("PSM 0", 39), ("FPC 0 xcvr-0/0/0", 50), ("Routing Engine 0 CPU Temperature", 75),
    ]  # fmt: skip
    assert the(facts.load_balancing) == "dlb per-packet"


def test_members_of_a_chassis_that_run_different_software_say_so(leaf: DevicePlan, tmp_path: Path) -> None:
    text = "fpc0:\n-----\nHostname: a\nModel: m\nJunos: 21.4R3\nfpc1:\n-----\nHostname: a\nModel: m\nJunos: 21.4R2\n"
    facts = decoded(leaf, tmp_path, {VERSION: text})
    assert (the(facts.hwsku), why(facts.software)) == ("m", Absence.UNREADABLE)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("set forwarding-options storm-control-profiles default all\n", "ecmp"),
        ("set forwarding-options enhanced-hash-key ecmp-dlb flowlet inactivity-interval 16\n", "dlb flowlet"),
        ("set forwarding-options apply-groups fabric\n", None),
        ("", None),
    ],
)
def test_load_balancing(leaf: DevicePlan, tmp_path: Path, settings: str, told: str | None) -> None:
    value = decoded(leaf, tmp_path, {OF_FORWARDING: settings}).load_balancing
    assert the(value) == told if told else isinstance(value, Missing)


# --- class of service ---------------------------------------------------------------------------------------------

QUALITY: dict[str | tuple[str, int], str] = {
    COS_PORTS: (
        f"Physical interface: {PORT}, Index: 1010\nMaximum usable queues: 12, Queues in use: 5\n"
        "  Scheduler map: sm, Index: 7\n  Congestion-notification: Enabled, Name: cnp, Index: 9\n\n"
        f"  Logical interface: {PORT}.0, Index: 3\nObject                  Name                   Type        Index\n"
        "Classifier              ieee                   ieee8021p      11\n"
        "Classifier              mydscp                 dscp            9\n"
    ),
    CONGESTION: "Type: Input, Name: cnp, Index: 9\nPriority     PFC\n  011        Enabled\n  100        Disabled\n",
    CLASSES: (
        "Forwarding class                       ID      Queue  Policing priority   No-Loss   PFC priority\n"
        "  best-effort                           0       0          normal         Disabled\n"
        "  NO-LOSS                               4       3          normal         Enabled      3\n"
    ),
    CLASSIFIERS: (
        "Classifier: mydscp, Code point type: dscp, Index: 9\n"
        "  Code point         Forwarding class                    Loss priority\n"
        "  000000             best-effort                         low\n"
        "  011010             NO-LOSS                             low\n"
    ),
    SCHEDULERS: (
        "Scheduler map: sm, Index: 7\n  Scheduler: s1, Forwarding class: NO-LOSS, Index: 5\n"
        "    Transmit rate: 40 percent, Buffer size: remainder, Priority: low\n    Drop profiles:\n"
        "      Loss priority   Protocol    Index    Name\n      Low             any          2989    dp1\n"
    ),
    PROFILES: "Drop profile: dp1, Type: interpolated, Index: 2989\n  Fill level    Drop probability\n"
              "          10                   0\n          50                  20\n",
    OF_CLASSES: (
        "set class-of-service schedulers s1 explicit-congestion-notification\n"
        "set class-of-service congestion-notification-profile cnp input ieee-802.1 code-point 011 pfc\n"
    ),
    QUEUES: (
        f"Physical interface: {PORT}, Enabled, Physical link is Up\nQueue: 3, Forwarding classes: NO-LOSS\n"
        "  Transmitted:\n    Packets              :                    68                     1 pps\n"
        "    Tail-dropped packets :                     2                     0 pps\n"
        "    RED-dropped packets  :                     5                     0 pps\n"
        "    ECN-CE packets       :                    31                     0 pps\n"
    ),
}  # fmt: skip


def test_class_of_service_of_a_port(leaf: DevicePlan, tmp_path: Path) -> None:
    port = decoded(leaf, tmp_path, QUALITY).ports[PORT]
    assert the(port.pfc_priorities) == {3}
    assert (the(port.maps.trust), the(port.maps.dscp_to_tc)) == ("dscp", {0: 0, 26: 4})
    assert (the(port.maps.tc_to_queue), the(port.maps.tc_to_pg)) == ({0: 0, 4: 3}, {4: 3})
    queue = port.queues[3]
    assert (the(queue.ecn), the(queue.mark_probability), the(queue.scheduler), the(queue.weight)) == (
        True, 20, "dwrr", 40,
    )  # fmt: skip
    assert (the(queue.marked), the(queue.dropped), queue.counted_at) == (31, 7, NOON)
    assert why(queue.ecn_min) is why(queue.pause_threshold) is why(queue.headroom) is Absence.NOT_AVAILABLE
    assert why(port.queues[0].ecn) is Absence.NOT_RECORDED
    assert the(port.watchdog.on) is False


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({COS_PORTS: ("Enabled, Name: cnp, Index: 9", "Disabled")}, frozenset()),
        ({CONGESTION: ("011        Enabled", "011010     Enabled")}, {3}),
        ({CONGESTION: ("011        Enabled", "000000     Enabled")}, Absence.NOT_AVAILABLE),
        ({CONGESTION: ("Name: cnp", "Name: other")}, Absence.NOT_RECORDED),
        ({CONGESTION: ("Type: Input", "Type: Output")}, Absence.NOT_RECORDED),
        ({COS_PORTS: ("  Congestion-notification: Enabled, Name: cnp, Index: 9\n", "")}, Absence.NOT_RECORDED),
    ],
    ids=["off", "by DSCP", "by DSCP of a class without a priority", "a profile that is not there",
         "an output profile alone", "not said"],
)  # fmt: skip
def test_priorities_that_pause(
    leaf: DevicePlan, tmp_path: Path, change: Mapping[str, tuple[str, str]], told: object
) -> None:
    answers = {**QUALITY, **{command: QUALITY[command].replace(*pair) for command, pair in change.items()}}
    value = decoded(leaf, tmp_path, answers).ports[PORT].pfc_priorities
    assert (why(value) if isinstance(told, Absence) else the(value)) == told


@pytest.mark.parametrize(
    ("command", "old", "new", "told"),
    [
        (OF_CLASSES, "set class-of-service schedulers s1 explicit-congestion-notification",
         "set class-of-service schedulers s1 priority low", False),
        (OF_CLASSES, "set class-of-service schedulers s1 explicit-congestion-notification",
         "set class-of-service schedulers s1 apply-groups ecn", Absence.NOT_AVAILABLE),
        (OF_CLASSES, "schedulers s1", "schedulers s2", Absence.NOT_RECORDED),
        (SCHEDULERS, "Buffer size", "Explicit Congestion Notification: enable, Buffer size", True),
        (SCHEDULERS, "Forwarding class: NO-LOSS", "Forwarding class: other", Absence.NOT_RECORDED),
    ],
    ids=["not configured", "what a group may make", "another scheduler's", "said by the map itself",
         "a class that no scheduler has"],
)  # fmt: skip
def test_whether_a_queue_marks(
    leaf: DevicePlan, tmp_path: Path, command: str, old: str, new: str, told: object
) -> None:
    value = decoded(leaf, tmp_path, {**QUALITY, command: QUALITY[command].replace(old, new)}).ports[PORT].queues[3].ecn
    assert (why(value) if isinstance(told, Absence) else the(value)) == told


def test_a_classifier_by_priority_is_no_map_of_dscp(leaf: DevicePlan, tmp_path: Path) -> None:
    text = QUALITY[COS_PORTS].replace("Classifier              mydscp                 dscp            9\n", "")
    maps = decoded(leaf, tmp_path, {**QUALITY, COS_PORTS: text}).ports[PORT].maps
    assert (the(maps.trust), why(maps.dscp_to_tc)) == ("pcp", Absence.NOT_AVAILABLE)


def test_classes_that_name_no_priority_are_no_priority_groups(leaf: DevicePlan, tmp_path: Path) -> None:
    text = "Forwarding class     ID      Queue  Policing priority\n  NO-LOSS             4       3          normal\n"
    maps = decoded(leaf, tmp_path, {**QUALITY, CLASSES: text}).ports[PORT].maps
    assert (the(maps.tc_to_queue), why(maps.tc_to_pg)) == ({4: 3}, Absence.NOT_ADVERTISED)
    assert why(maps.dscp_to_tc) is Absence.UNREADABLE  # a class of the classifier that is not in the table


def test_a_watchdog_that_is_configured(leaf: DevicePlan, tmp_path: Path) -> None:
    more = QUALITY[OF_CLASSES] + (
        "set class-of-service congestion-notification-profile cnp pfc-watchdog watchdog-action drop\n"
    )
    watchdog = decoded(leaf, tmp_path, {**QUALITY, OF_CLASSES: more}).ports[PORT].watchdog
    assert (the(watchdog.on), the(watchdog.action), why(watchdog.storms)) == (True, "drop", Absence.NOT_AVAILABLE)


# --- recordings ---------------------------------------------------------------------------------------------------


def test_recorded_answers_become_facts(leaf: DevicePlan, recordings: Path, tmp_path: Path) -> None:
    folder = recordings / "cli" / "juniper_junos"
    files = {
        VERSION: "show-version/ntc-qfx5100.txt",
        HARDWARE: "show-chassis-hardware/suzieq-qfx-19.4.json",
        INTERFACES: "show-interfaces-extensive/genie-et.txt",
        "show interfaces diagnostics optics": "show-interfaces-diagnostics-optics/genie-et.txt",
        LLDP_DETAIL: "show-lldp-neighbors-detail/suzieq-spine01.json",
    }
    cage = leaf.cages[1]
    cages = tuple(
        replace(cage, ports=(replace(cage.ports[0], name=name),)) for name in ("et-0/0/0", "xe-0/0/3", "xe-0/0/48")
    )
    answers = {command: (folder / file).read_text("utf-8").rstrip() + "\n" for command, file in files.items()}
    facts = decoded(replace(leaf, cages=cages), tmp_path, answers)
    assert facts.unknown == ()
    assert (the(facts.software), the(facts.serial)) == ("21.4R3-S3.4", "XH3119430089")
    port, module = facts.ports["et-0/0/0"], facts.modules["et-0/0/0"]
    assert (the(port.speed), the(port.oper), the(port.mtu), the(port.flaps)) == (100, "up", 1514, 0)
    assert (the(port.cleared), the(port.breakout_mode)) == ("2021-01-12 15:17:22 EST", "1x100G")
    assert why(port.fec_samples[0].corrected) is Absence.NOT_RECORDED
    assert [the(power) for power in module.tx_power] == [Decimal(p) for p in ("1.30", "0.96", "1.01", "1.56")]
    assert the(module.thresholds["tx_power_mw"].high_alarm) == Decimal("4.50")
    assert str(module.tx_power[3].source) == ("leaf9: show interfaces diagnostics optics line 132 tx_power_dbm = 1.56")
    assert the(module.vendor_sn) == "A491373"
    assert the(port.error_status) == "OK"
    assert len(the(port.flags)) == 20 + 4 * 23  # type: ignore[arg-type]
    assert the(facts.ports["xe-0/0/3"].lldp) == Neighbour("exit02", ("516", "xe-0/0/0"))
