"""Instruments: what they answer ends in measurements, and what they do not answer in no verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from harness.drivers import driver
from harness.drivers.base import Driver, Measuring
from harness.drivers.scope import DRIVERS, FAMILIES, Family, parts_of, read
from harness.engine import Bench, Owed, all_checks
from harness.errors import LabError, PluginError
from harness.evidence import Answer, Ask, Kind
from harness.lab.load import load
from harness.lab.measurements import Measurement
from harness.model import Device
from harness.reading import Absence, Missing, Reading, Source, Value
from harness.simlab.instrument import EXTINCTION_DB, outer_oma
from harness.transports.permit import ARGUMENTS, Permit
from harness.units import Unit
from harness.verdict import Outcome, Standing, Verdict
from tests.transports.scopes import BASE, CHANNELS, MODULE, NOON, Rack

IDN = Ask("scope1", Kind.SCPI, "*IDN?")
TDECQ = ":MEASure:EYE:TDEQ?"
SAID = "    uncertainty: {tdecq: 0.2}\n    calibrated: 2026-06-23\n    test_fiber: true\n"
(OPT_01,) = (check for check in all_checks() if check.id == "OPT-01")


@pytest.fixture
def rack(tmp_path: Path) -> Iterator[Rack]:
    """A scope on every lane of a module."""
    rack = Rack(tmp_path, lanes=8, extra=SAID)
    yield rack
    rack.recorder.close()


def verdict(rack: Rack) -> Verdict:
    bench = Bench(rack.lab, rack.evidence(), [OPT_01], as_of=NOON + timedelta(days=1))
    return bench.judge(Owed(OPT_01, MODULE))


def measured(rack: Rack, serial: str = "S1") -> list[Measurement]:
    def serial_of(port: str) -> Value[str]:
        return Reading(serial, Source(port))

    return list(rack.driver.measurements(rack.lab.devices["scope1"], rack.evidence(), serial_of))


def value_of(value: Value[object]) -> object:
    assert isinstance(value, Reading), value
    return value.value


def missing(value: Value[object]) -> Missing:
    assert isinstance(value, Missing), value
    return value


# --- a verdict ----------------------------------------------------------------------------------------------------


def test_a_module_that_the_scope_finds_good_passes(rack: Rack) -> None:
    with rack.simulated() as scope:
        rack.collect(scope.port)
    found = verdict(rack)
    assert found.outcome is Outcome.PASS, found
    lanes = rack.world.module(MODULE).lanes
    first = next(finding for finding in found.findings if finding.at == "lane 1")
    assert first.measured == str(lanes[0].tdecq.normalize())
    assert str(first.source).startswith("scope1: :MEASure:EYE:TDEQ? CHAN1A: leaf1:Ethernet448 lane 1")


def test_a_lane_beyond_the_limit_fails(rack: Rack) -> None:
    rack.world.module(MODULE).lanes[4].tdecq = Decimal("3.9")
    with rack.simulated() as scope:
        rack.collect(scope.port)
    found = verdict(rack)
    assert found.outcome is Outcome.FAIL
    assert {finding.at for finding in found.findings if finding.outcome is Outcome.FAIL} == {"lane 5"}


def test_the_uncertainty_of_the_lab_file_draws_the_limit_in(rack: Rack) -> None:
    rack.world.module(MODULE).lanes[4].tdecq = Decimal("3.3")  # 3.4 dB, and 0.2 dB of doubt
    with rack.simulated() as scope:
        rack.collect(scope.port)
    assert verdict(rack).outcome is Outcome.FAIL


def test_without_an_uncertainty_guarded_acceptance_decides_nothing(tmp_path: Path) -> None:
    rack = Rack(tmp_path, lanes=8)
    with rack.simulated() as scope:
        rack.collect(scope.port)
    found = verdict(rack)
    assert found.outcome is Outcome.NOT_MEASURED
    assert "without its uncertainty" in str(found.findings[0].reason)


@pytest.mark.parametrize(
    ("said", "quantity"), [("true", "tdecq"), ("false", "tecq"), (None, None)], ids=["with", "without", "unsaid"]
)
def test_the_test_fiber_makes_the_penalty_tdecq_and_its_absence_tecq(
    tmp_path: Path, said: str | None, quantity: str | None
) -> None:
    own = SAID.replace("test_fiber: true", f"test_fiber: {said}" if said else "role: scope")
    rack = Rack(tmp_path, lanes=8, extra=own)
    with rack.simulated() as scope:
        rack.collect(scope.port)
    rows = [row for row in measured(rack) if value_of(row.quantity) in ("tdecq", "tecq")]
    assert len(rows) == 8
    if quantity is None:
        assert all("test_fiber is not said" in missing(row.value).detail for row in rows)
    else:
        assert {value_of(row.quantity) for row in rows} == {quantity}
    assert (verdict(rack).outcome is Outcome.PASS) == (quantity == "tdecq")
    assert quantity == "tdecq" or verdict(rack).outcome is Outcome.NOT_MEASURED


def test_a_lane_that_no_channel_sees_stays_not_measured(tmp_path: Path) -> None:
    rack = Rack(tmp_path, lanes=7, extra=SAID)
    with rack.simulated() as scope:
        rack.collect(scope.port)
    found = verdict(rack)
    assert found.outcome is Outcome.NOT_MEASURED
    undecided = {finding.at for finding in found.findings if finding.outcome is Outcome.NOT_MEASURED}
    assert undecided == {"lane 8"}


@pytest.mark.parametrize(
    ("part", "said", "reason"),
    [
        (TDECQ, "9.91E+37", "not a number"),
        (TDECQ, "9.9E37", "infinity"),
        (TDECQ, "-9.9E+37", "infinity"),
        (TDECQ, "+9.91000E+37", "not a number"),
        (TDECQ, "?", "it has no value"),
        (TDECQ, "", "it has no value"),
        (TDECQ, "----", "it has no value"),
        (TDECQ, '"N/A"', "it has no value"),
        (TDECQ, "NAN", "it has no value"),
        (TDECQ, "2,31", "is not a number"),
        (TDECQ, "2.31 dB", "is not a number"),
        (TDECQ, "2.31;2.31", "parts were expected"),
        (":MEASure:EYE:TDEQ:STATus?", "QUES", "'CORR' was expected"),
        (":MEASure:EYE:TDEQ:STATus?", "INV", "'CORR' was expected"),
        (":MEASure:EYE:TDEQ:SOURce1?", "CHAN4D", "'CHAN1A' was expected"),
    ],
)
def test_what_is_no_good_number_is_no_measurement(rack: Rack, part: str, said: str, reason: str) -> None:
    with rack.simulated() as scope:
        scope.faults.instead[part] = said
        rack.collect(scope.port, rack.asks()[:2])
    found = verdict(rack)
    assert found.outcome is Outcome.NOT_MEASURED
    assert reason in str(found.findings[0].reason)
    assert found.findings[0].measured is None


def test_why_a_value_is_questionable_is_told(rack: Rack) -> None:
    with rack.simulated() as scope:
        scope.faults.instead |= {
            ":MEASure:EYE:TDEQ:STATus?": "QUES",
            ":MEASure:EYE:TDEQ:STATus:REASon?": '"Clipped Hi; level 3"',
        }
        rack.collect(scope.port, rack.asks()[:2])
    assert missing(measured(rack)[0].value).detail.endswith("'CORR' was expected: Clipped Hi; level 3")


def test_a_query_that_got_no_answer_is_the_reason(rack: Rack) -> None:
    with rack.simulated() as scope:
        scope.faults.silent.add(TDECQ)
        rack.collect(scope.port, rack.asks()[:2], timeout_s="0.3")
    found = verdict(rack)
    assert found.outcome is Outcome.NOT_MEASURED
    assert "no answer within 0.3 s" in str(found.findings[0].reason)


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        ("ANRITSU,MP2110A,1,2", "answered 'ANRITSU,MP2110A,1,2'"),
        ("", "answered ''"),
        ("XKEYSIGHT,N1092D,1,2", "expected Keysight 86100"),
        (None, "'*IDN?' was not asked"),
    ],
)
def test_nothing_counts_of_an_instrument_that_is_not_known_to_be_of_its_family(
    rack: Rack, identity: str | None, reason: str
) -> None:
    with rack.simulated() as scope:
        rack.collect(scope.port, rack.asks()[1:])
    if identity is not None:
        rack.recorder.append(Answer(IDN, identity.encode(), 0, datetime.now(UTC)))
    rows = measured(rack)
    assert len(rows) == 8 * 4
    assert all(reason in missing(row.value).detail for row in rows)
    assert verdict(rack).outcome is Outcome.NOT_MEASURED


def test_a_measurement_belongs_to_the_serial_number_that_the_module_itself_tells(rack: Rack) -> None:
    with rack.simulated() as scope:
        rack.collect(scope.port)
    bench = Bench(rack.lab, rack.evidence(), [OPT_01], as_of=NOON + timedelta(days=1))
    rows = bench.assembly.measurements
    here = rack.world.module(MODULE).serial
    assert {serial for serial, _, _ in rows} == {here}
    assert {row.serial for row in measured(rack, "SWAPPED")} == {Reading("SWAPPED", Source(MODULE))}
    other = bench.judge(Owed(OPT_01, "leaf1:Ethernet456"))
    assert other.outcome is Outcome.NOT_MEASURED


def test_a_module_that_does_not_tell_its_serial_number_has_no_measurement(rack: Rack) -> None:
    with rack.simulated() as scope:
        rack.collect(scope.port)
    gone = Missing(Absence.READ_FAILED, Source("page"))
    plan = rack.lab.devices["scope1"]
    rows = rack.driver.measurements(plan, rack.evidence(), lambda port: gone)
    assert {row.serial for row in rows} == {gone}


def test_the_later_of_a_file_and_an_instrument_stands(rack: Rack, tmp_path: Path) -> None:
    with rack.simulated() as scope:
        rack.collect(scope.port)
    serial = rack.world.module(MODULE).serial
    file = tmp_path / "tdecq.csv"
    for year, outcome in ((2020, Outcome.PASS), (2090, Outcome.FAIL)):
        file.write_text(
            "serial_number,lane,quantity,value,unit,uncertainty,time\n"
            f"{serial},3,tdecq,9.0,dB,0.1,{year}-01-01T00:00:00Z\n"
        )
        lab = replace(rack.lab, measurements=(file,))
        found = Bench(lab, rack.evidence(), [OPT_01], as_of=NOON).judge(Owed(OPT_01, MODULE))
        assert found.outcome is outcome, year


# --- every family -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nos", DRIVERS)
def test_every_family_says_what_its_simulated_instrument_sees(nos: str, tmp_path: Path) -> None:
    lanes = len(CHANNELS[nos])
    rack = Rack(tmp_path, nos, lanes=lanes)
    with rack.simulated() as scope:
        answers = rack.collect(scope.port)
    assert all(answer.status == 0 for answer in answers)
    rows = {(value_of(row.quantity), value_of(row.lane)): row for row in measured(rack)}
    assert len(rows) == lanes * len(FAMILIES[nos].queries)
    for (quantity, number), row in rows.items():
        assert isinstance(number, int)
        lane = rack.world.module(MODULE).lanes[number - 1]
        expected = {
            "tdecq": (lane.tdecq, Unit.DB),
            "power": (lane.tx, Unit.DBM),
            "oma": (lane.tx + outer_oma(EXTINCTION_DB), Unit.DBM),
            "er": (EXTINCTION_DB, Unit.DB),
        }[str(quantity)]
        assert isinstance(row.value, Reading), row.value
        assert (row.value.value, row.value.unit) == expected


def test_a_measurement_tells_who_measured_when_and_what_nobody_knows(rack: Rack) -> None:
    with rack.simulated() as scope:
        answers = rack.collect(scope.port)
    row = measured(rack)[0]
    assert value_of(row.instrument) == "KEYSIGHT TECHNOLOGIES N1092D"
    assert value_of(row.instrument_serial) == "SIM0001"
    assert value_of(row.calibrated) == date(2026, 6, 23)
    at = value_of(row.measured)
    assert isinstance(at, datetime)
    assert abs(at - answers[1].at) < timedelta(milliseconds=2)
    assert isinstance(row.value, Reading)
    assert row.value.uncertainty == Decimal("0.2")
    for unknown in (row.pattern, row.reference_receiver, row.case_temperature, row.wavelength, row.operator):
        assert missing(unknown).why is Absence.NOT_RECORDED


def test_a_calibration_that_the_lab_file_does_not_tell_is_missing(tmp_path: Path) -> None:
    assert missing(measured(Rack(tmp_path))[0].calibrated).why is Absence.NOT_DECLARED


def test_the_software_of_an_instrument_is_its_firmware(rack: Rack) -> None:
    with rack.simulated() as scope:
        rack.collect(scope.port, [IDN])
    facts = rack.driver.decode(rack.lab.devices["scope1"], rack.evidence())
    assert (value_of(facts.software), value_of(facts.platform)) == ("A.08.60", "N1092D")


def test_an_instrument_is_no_subject(rack: Rack) -> None:
    bench = Bench(rack.lab, rack.evidence(), all_checks(), as_of=NOON)
    assert "scope1" not in {owed.subject for owed in bench.plan}
    assert type(bench.assembly.subject(Device, "scope1")) is Device


@pytest.mark.parametrize(
    ("nos", "said", "value"),
    [
        pytest.param("keysight-dca", 'CHAN1A;CORR;"";WATT;1.0E-03', Decimal(0), id="watts of a scope"),
        pytest.param("keysight-dca", 'CHAN1A;CORR;"";DBM;-1.5E+00', Decimal("-1.5"), id="dBm of a scope"),
        pytest.param("keysight-dca", 'CHAN1A;CORR;"";VOLT;-1.5E+00', None, id="volts are no power"),
        pytest.param("keysight-n774x", "+0;+1;+1.00000000E-003", Decimal(0), id="watts of a power meter"),
        pytest.param("keysight-n774x", "+0;+0;-2.50000000E+000", Decimal("-2.5"), id="dBm of a power meter"),
        pytest.param("keysight-n774x", "+1;+0;-2.50000000E+000", None, id="dB against a reference are no power"),
        pytest.param("keysight-n774x", "+0;+0;+3.40282300E+038", None, id="out of its range"),
        pytest.param("anritsu-mp2110a", '"";-1.20,-1.21,0.01,-1.30,-1.10', Decimal("-1.2"), id="the first of a list"),
        pytest.param("anritsu-mp2110a", '"No signal";N/A,N/A,N/A,N/A,N/A', None, id="a reason why there is none"),
    ],
)
def test_power_is_dbm_whatever_the_instrument_is_set_to(nos: str, said: str, value: Decimal | None) -> None:
    (query,) = (query for query in FAMILIES[nos].queries if query.quantity == "power")
    found = read(query, "CHAN1A", f"{said}\n", Source("scope1"))
    if value is None:
        assert isinstance(found, Missing)
    else:
        assert isinstance(found, Reading)
        assert (found.value, found.unit) == (value, Unit.DBM)


@pytest.mark.parametrize(
    ("said", "unit"), [("DEC", Unit.DB), ("RAT", None), ("PERC", None), ("", None)], ids=lambda one: str(one)
)
def test_an_extinction_ratio_counts_in_db_alone(said: str, unit: Unit | None) -> None:
    (query,) = (query for query in FAMILIES["keysight-dca"].queries if query.quantity == "er")
    found = read(query, "CHAN1A", f'CHAN1A;CORR;"";{said};2.818E+00', Source("scope1"))
    assert (found.unit if isinstance(found, Reading) else None) is unit


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a;b", ["a", "b"]), ("a", ["a"]), ("", [""]), ("a;", ["a", ""]), (";a", ["", "a"]), ('"a;b";c', ['"a;b"', "c"])],
)
def test_a_semicolon_in_quotes_parts_nothing(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


# --- the table ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_no_family_declares_what_changes_calibration_outputs_or_units(family: Family) -> None:
    """What is set is the source of a measurement; everything else asks."""
    for query in family.queries:
        for setting in query.prepare:
            assert re.fullmatch(r":MEASure:EYE:[A-Z]+[a-z]*:SOURce1 \{channel\}", setting)
        for asked in query.queries:
            assert asked.endswith("?")
            assert not re.search(r"CAL|OUTP|\*|[\s;]", asked, re.I), asked


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_setting_is_read_back_before_its_value_counts(family: Family) -> None:
    for query in family.queries:
        read_back = {asked for asked, wanted in query.expect if wanted == "{channel}"}
        assert {f"{setting.split()[0]}?" for setting in query.prepare} == read_back


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_family_of_the_table_is_a_driver_that_knows_its_own_identity(family: Family) -> None:
    known: Driver = driver(family.nos)
    assert known.nos == family.nos
    assert isinstance(known, Measuring)
    assert re.match(family.identity, family.example, re.I)
    others = [other for other in FAMILIES.values() if other is not family]
    assert not any(re.match(other.identity, family.example, re.I) for other in others)
    for name in CHANNELS[family.nos]:
        channel = family.named(name)
        assert re.fullmatch(family.channel, channel)
        assert re.fullmatch(ARGUMENTS["channel"], channel)


def test_what_a_recalled_command_measured_says_so(tmp_path: Path) -> None:
    rack = Rack(tmp_path, "anritsu-mp2110a")
    with rack.simulated() as scope:
        rack.collect(scope.port)
    assert all(query.standing is Standing.RECALLED for query in rack.driver.family.queries)
    assert all("(the command is recalled)" in str(row.value.source) for row in measured(rack))


def test_everything_that_is_asked_is_permitted(rack: Rack) -> None:
    permit: Permit = rack.terms().permit
    texts = [ask.text for ask in rack.asks()]
    assert all(permit.allows(text) for text in texts)
    assert len(set(texts)) == len(texts) == 1 + 8 * 4


def test_an_unknown_family_is_told_with_those_that_are_known() -> None:
    with pytest.raises(PluginError, match="keysight-dca"):
        driver("keysight-dcx")


# --- the lab file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "measures: {leaf9:Ethernet448: {1: 1A}}",
            r"lab.yaml:{line}: scope1: measures leaf9:.*no device 'leaf9'.*leaf1",
        ),
        ("measures: {leaf1:Ethernet449: {1: 1A}}", r"lab.yaml:{line}: .*declares no port 'Ethernet449'; did you mean"),
        ("measures: {leaf1:Ethernet452: {1: 1A}}", r"named by its first port, leaf1:Ethernet448"),
        (
            "measures: {leaf1:Ethernet448: {1: 1A, 2: 1a}}",
            r"lab.yaml:{line}: .*lane 2: channel 1a has .*lane 1 already",
        ),
        ("measures: {leaf1:Ethernet448: {1: 1A}, leaf1:Ethernet456: {1: 1A}}", r"channel 1A has leaf1:Ethernet448"),
        ("measures: {leaf1:Ethernet448: {0: 1A}}", r"a media lane was expected, from 1"),
        ("calibrated: yesterday", r"lab.yaml:{line}: calibrated: a date like 2025-06-30"),
        ("uncertainty: {tdeq: 0.2}", r"lab.yaml:{line}: uncertainty: no quantity 'tdeq'; did you mean 'tdecq'"),
        ("uncertainty: {tdecq: -0.2}", r"lab.yaml:{line}: "),
    ],
)
def test_what_a_lab_file_says_wrong_of_an_instrument_is_told_with_its_line(
    tmp_path: Path, lines: str, expected: str
) -> None:
    with pytest.raises(LabError, match=expected.replace("{line}", str(len(BASE.splitlines()) + 4))):
        instrument(tmp_path, lines)


def instrument(home: Path, lines: str, nos: str = "    nos: keysight-dca\n") -> None:
    file = home / "lab.yaml"
    file.write_text(f"{BASE}  scope1:\n    kind: instrument\n{nos}    {lines}\n")
    load(file)


def test_an_instrument_says_which_family_it_is_of(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="nos is missing"):
        instrument(tmp_path, f"measures: {{{MODULE}: {{1: 1A}}}}", nos="")


def test_a_switch_measures_nothing(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(f"{BASE}    measures: {{{MODULE}: {{1: 1A}}}}\n")
    with pytest.raises(LabError, match="a switch measures nothing"):
        load(file)


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ({1: "9Z"}, r"keysight-dca has channels CHAN\[1-8\].*found '9Z'"),
        ({1: "1A;*RST"}, "found '1A;.RST'"),
        ({1: "1A", 2: "CHAN1A"}, "that channel has CHAN1A: leaf1:Ethernet448 lane 1 already"),
    ],
)
def test_a_channel_that_the_family_does_not_have_is_refused_before_anything_is_asked(
    tmp_path: Path, channels: dict[int, str], expected: str
) -> None:
    rack = Rack(tmp_path)
    device = replace(rack.lab.devices["scope1"], measures={MODULE: channels})
    with pytest.raises(LabError, match=expected):
        list(rack.driver.asks(device))
