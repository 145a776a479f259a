"""Every family is a module that stands: its codes agree with SFF-8024, its values with its thresholds and its PMD."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import harness.requirements
from harness.decode import cmis, codes
from harness.decode.build import CmisImage, as_json
from harness.decode.cmis import vdm
from harness.decode.dump import read_dump
from harness.decode.memory import Page
from harness.decode.module import Quad
from harness.decode.transceiver import CmisTransceiver, transceiver
from harness.reading import Absence, Missing, Reading
from harness.twin.families import Family, families, family, names
from harness.units import mw_to_dbm

PMDS = tomllib.loads((Path(harness.requirements.__file__).parent / "tables" / "pmd.toml").read_text("utf-8"))

ASKED = {
    "400g-sr8", "400g-vr4", "400g-dr4", "400g-fr4", "400g-lr4", "800g-sr8", "800g-dr8", "800g-2xdr4", "800g-2xfr4",
    "1.6t-dr8", "1.6t-2xdr8-osfp-xd", "400g-dr4-qsfp112", "400g-dr4-osfp-rhs", "800g-dr8-osfp-rhs", "800g-dr8-lpo",
    "800g-aec", "800g-aec-far", "800g-dac", "800g-dac-2x400g", "400g-aoc", "400g-zr", "100g-sr4", "100g-cwdm4",
    "25g-sr",
}  # fmt: skip

WITHOUT_LIMITS = {"400ZR", "800G-DR8-LPO", "25GBASE-SR", "1.6TBASE-DR8", ""}
"""PMDs of which the tables have no range of power, and cables."""

CLASS_WATTS = ("0", "1.5", "3.5", "7", "8", "10", "12", "14", "64")
"""QSFP-DD and OSFP hardware specifications; the last is what the register holds."""

EVERY = pytest.mark.parametrize("one", families(), ids=names())
WITH_CMIS = [one for one in families() if one.management == "cmis"]
OF_CMIS = pytest.mark.parametrize("one", WITH_CMIS, ids=[one.name for one in WITH_CMIS])
WITH_VDM = [one for one in WITH_CMIS if one.profile["vdm"] or one.profile["laser_vdm"]]
OF_VDM = pytest.mark.parametrize("one", WITH_VDM, ids=[one.name for one in WITH_VDM])


def held(value: Any) -> Any:
    """The value, or the reason why there is none; lanes as a list."""
    if isinstance(value, tuple):
        return [held(one) for one in value]
    return value.value if isinstance(value, Reading) else value.why


def decoded(one: Family) -> Any:
    return transceiver(one.image().memory(one.name))


def read(value: Any) -> list[Any]:
    """The values of lanes that the module has."""
    return [lane.value for lane in (value if isinstance(value, tuple) else (value,)) if isinstance(lane, Reading)]


def test_every_family_of_the_plan_is_there() -> None:
    assert set(names()) >= ASKED


@EVERY
def test_family_is_read_as_its_own_memory_map(one: Family) -> None:
    module = decoded(one)
    assert (module.management, module.guess) == (one.management, "")
    assert held(module.identifier) == one.profile["identifier"]
    assert held(module.identifier_copy) in (held(module.identifier), Absence.NOT_ADVERTISED)


@EVERY
def test_every_checksum_is_right(one: Family) -> None:
    found = [held(checksum.ok) for checksum in decoded(one).checksums]
    assert found
    assert all(found)


@EVERY
def test_vendor_fields_are_well_formed(one: Family) -> None:
    module = decoded(one)
    assert all(held(fault) == "" for fault in module.text_faults.values())
    assert held(module.vendor_pn) == one.profile["part"]
    assert held(module.vendor_sn)


def test_part_numbers_tell_families_apart_but_for_the_ends_of_a_cable() -> None:
    parts = [one.profile["part"] for one in families() if one.profile.get("end") != "B"]
    assert len(parts) == len(set(parts))


@EVERY
def test_serial_number_is_given_or_the_family_own(one: Family) -> None:
    assert held(transceiver(one.image("AB12").memory("")).vendor_sn) == "AB12"
    assert held(decoded(one).vendor_sn) == one.serial


@EVERY
def test_nothing_is_raised_and_nothing_is_wrong(one: Family) -> None:
    module = decoded(one)
    assert not any(any(read(flag)) for flag in module.flags.values())
    assert not any(any(read(flag)) for flag in module.module_flags.values())
    assert held(module.module_state) in ("ModuleReady", Absence.NOT_ADVERTISED)


@EVERY
def test_every_monitor_stands_inside_its_warnings(one: Family) -> None:
    module = decoded(one)
    measured = {
        "temperature_c": module.temperature,
        "vcc_v": module.vcc,
        "tx_power_mw": module.tx_power,
        "rx_power_mw": module.rx_power,
        "tx_bias_ma": module.tx_bias,
        **module.aux_monitors,
    }
    for name, value in measured.items():
        quad = module.thresholds.get(name)
        for number in read(value):
            assert isinstance(quad, Quad), name
            low_alarm, low, high, high_alarm = (
                held(limit) for limit in (quad.low_alarm, quad.low_warning, quad.high_warning, quad.high_alarm)
            )
            assert low_alarm <= low < number < high <= high_alarm, name


@EVERY
def test_warnings_of_power_are_the_range_of_the_pmd(one: Family) -> None:
    if one.pmd in WITHOUT_LIMITS:
        assert "tx_power_lane" not in PMDS.get(one.pmd, {})
        return
    module, row = decoded(one), PMDS[one.pmd]
    for name, column in (("tx_power_mw", "tx_power_lane"), ("rx_power_mw", "rx_power_lane")):
        quad, asked = module.thresholds[name], row[column]
        low, high = (mw_to_dbm(held(limit)) for limit in (quad.low_warning, quad.high_warning))
        assert Decimal(str(asked["min"])) <= low < Decimal(str(asked["min"])) + Decimal("0.02"), name
        assert Decimal(str(asked["max"])) - Decimal("0.02") < high <= Decimal(str(asked["max"])), name
    typical = row["typical_watts"].get(one.form_factor)
    if one.management == "cmis" and typical:
        assert Decimal("0.7") <= held(module.max_power) / Decimal(str(typical)) <= Decimal("1.3")


@EVERY
def test_connector_is_one_of_sff_8024(one: Family) -> None:
    assert codes.connector(one.profile["connector"]) is not None


@OF_CMIS
def test_applications_are_of_sff_8024_with_its_lanes(one: Family) -> None:
    for application in held(decoded(one).applications):
        host, media = application.host, application.media
        assert host is not None and host.lanes == application.host_lanes
        assert media is not None and media.lanes in (application.media_lanes, None)
        if media.total_gbps and host.total_gbps:
            assert media.total_gbps == host.total_gbps


@OF_CMIS
def test_instances_of_an_application_fit_and_have_as_many_media_starts(one: Family) -> None:
    for application in held(decoded(one).applications):
        host = [lane for lane in range(8) if application.host_lane_assignment >> lane & 1]
        assert all(lane + application.host_lanes <= one.profile["host_lanes"] for lane in host)
        if isinstance(application.media_lane_assignment, Reading):  # flat memory does not say
            bitmap = application.media_lane_assignment.value
            media = [lane for lane in range(8) if bitmap >> lane & 1]
            assert len(media) == len(host)
            assert all(lane + application.media_lanes <= one.profile["media_lanes"] for lane in media)


@OF_CMIS
def test_power_stands_in_its_class(one: Family) -> None:
    module = decoded(one)
    number = held(module.power_class)
    assert Decimal(CLASS_WATTS[number - 1]) < held(module.max_power) <= Decimal(CLASS_WATTS[number])


@OF_CMIS
def test_first_application_runs_on_every_lane_it_can(one: Family) -> None:
    module = decoded(one)
    if held(module.flat_memory):
        assert isinstance(module.dp_state[0], Missing)
        return
    first = held(module.applications)[0]
    lanes = min(8, one.profile["host_lanes"])
    starts = [lane for lane in range(lanes) if first.host_lane_assignment >> lane & 1]
    used = {start + lane for start in starts for lane in range(first.host_lanes)}
    for lane, (state, application, status) in enumerate(
        zip(held(module.dp_state), held(module.active_application), held(module.config_status), strict=True)
    ):
        running = lane % 8 in used
        expected = ("DPActivated", 1, "ConfigSuccess") if running else ("DPDeactivated", 0, "ConfigUndefined")
        assert (state, application, status) == expected, lane
    assert held(module.active_application) == held(module.staged_application)


@OF_CMIS
def test_every_page_that_is_advertised_is_there(one: Family) -> None:
    memory = one.image().memory(one.name)
    for view in cmis.VIEWS:
        for bank in range(-(-one.profile["host_lanes"] // 8)) if view.banked else (0,):
            page = view(memory, bank)
            shows_another = isinstance(page.gone(), Missing) and page.gone().why is Absence.NOT_RECORDED  # type: ignore[union-attr]
            for register in () if shows_another else view.registers():
                for value in read_all(register.read(page)):
                    assert not isinstance(value, Missing) or value.why not in (
                        Absence.NOT_RECORDED,
                        Absence.READ_FAILED,
                        Absence.UNREADABLE,
                    ), (view.__name__, register.name, value)


def read_all(values: Any) -> Iterator[Any]:
    yield from values if isinstance(values, tuple) else (values,)


@OF_CMIS
def test_signal_integrity_that_is_active_is_the_staged_one(one: Family) -> None:
    memory = one.image().memory(one.name)
    control, status = cmis.Page10(memory), cmis.Page11(memory)
    for name in ("tx_adaptive_eq", "tx_cdr", "rx_cdr", "rx_output_pre", "rx_output_post", "rx_amplitude"):
        assert held(getattr(control, f"staged_{name}")) == held(getattr(status, f"active_{name}")), name


@OF_VDM
def test_every_observable_is_known_and_inside_its_warnings(one: Family) -> None:
    module = decoded(one)
    banks = -(-one.profile["host_lanes"] // 8)
    found = held(vdm.observations(module.memory, banks).found)
    assert found
    for observation in found:
        limits = observation.thresholds
        assert observation.observable.known
        assert held(limits.low_alarm) <= held(limits.low_warning) <= held(observation.sample), observation.name
        assert held(observation.sample) <= held(limits.high_warning) <= held(limits.high_alarm), observation.name


@OF_VDM
def test_minimum_average_current_and_maximum_are_in_order(one: Family) -> None:
    module = decoded(one)
    by_lane: dict[Any, dict[str, Decimal]] = {}
    for observation in held(vdm.observations(module.memory, module.lanes // 8).found):
        kind = observation.observable
        by_lane.setdefault((kind.quantity, kind.side, observation.lane), {})[kind.statistic] = held(observation.sample)
    statistics = [found for found in by_lane.values() if {"minimum", "maximum"} <= found.keys()]
    assert statistics or not one.profile["vdm"]
    for found in statistics:
        assert found["minimum"] <= found["average"] <= found["maximum"]
        assert found["minimum"] <= found["current"] <= found["maximum"]


def lanes_of(name: str, kind: int) -> list[int | None]:
    """The lanes on which a family observes something."""
    module = decoded(family(name))
    found = held(vdm.observations(module.memory, module.lanes // 8).found)
    return [observation.lane for observation in found if observation.observable.id == kind]


OBSERVED_ON: list[Any] = [
    pytest.param("800g-dr8", 15, list(range(1, 9)), id="pre-FEC BER of every media lane"),
    pytest.param("400g-dr4", 15, [1, 2, 3, 4], id="four media lanes"),
    pytest.param("400g-dr4", 16, list(range(1, 9)), id="behind eight host lanes"),
    pytest.param("800g-2xdr4", 23, [1, 5], id="frame errors of two data paths on their first lanes"),
    pytest.param("1.6t-2xdr8-osfp-xd", 15, list(range(1, 17)), id="sixteen lanes in two banks"),
    pytest.param("1.6t-2xdr8-osfp-xd", 23, [1, 9], id="a data path in each bank"),
    pytest.param("800g-dr8-lpo", 15, [], id="no errors are counted without a retimer"),
    pytest.param("400g-lr4", 2, [None], id="one cooler for the module"),
    pytest.param("400g-zr", 139, [1], id="OSNR of the coherent lane"),
    pytest.param("1.6t-dr8", 33, [1], id="symbol error weight of CMIS 5.3"),
]


@pytest.mark.parametrize(("name", "kind", "lanes"), OBSERVED_ON)
def test_an_observable_stands_on_the_lanes_that_have_it(name: str, kind: int, lanes: list[int | None]) -> None:
    assert lanes_of(name, kind) == lanes


FACTS: list[Any] = [
    ("400g-dr4-cmis3", lambda m: held(m.page01.vdm_supported), False),
    ("400g-dr4-cmis3", lambda m: held(m.page01.cdb_instances), 0),
    ("400g-lr4", lambda m: held(m.page01.cooled_transmitter), True),
    ("400g-lr4", lambda m: held(m.aux_monitors["laser_temperature_c"]), 52),
    ("400g-zr", lambda m: held(cmis.Page12(m.memory).frequency[0]), Decimal("193100.000")),
    ("400g-zr", lambda m: held(cmis.Page04(m.memory).channels_75_ghz), [-72, 120]),
    ("800g-dr8-lpo", lambda m: held(m.page01.tx_cdr_supported), False),
    ("800g-dr8-lpo", lambda m: [one.host_id for one in held(m.applications)], [0x23, 0x22, 0x20]),
    ("800g-dr8-lpo", lambda m: held(m.fiber_face), "APC"),
    ("1.6t-2xdr8-osfp-xd", lambda m: m.lanes, 16),
    ("1.6t-2xdr8-osfp-xd", lambda m: len(read(m.tx_power)), 16),
    ("400g-dr4-qsfp112", lambda m: len(read(m.tx_power)), 4),
    ("800g-dac-2x400g", lambda m: held(m.page00.far_end_configuration), 3),
    ("800g-dac-2x400g", lambda m: held(m.page00.attenuation_25g8_hz), 15),
    ("800g-dac", lambda m: held(m.flat_memory), True),
    ("800g-aec", lambda m: held(m.cable_length), 3),
    ("800g-aec", lambda m: {value.why for value in m.tx_power}, {Absence.NOT_ADVERTISED}),
    ("800g-aec", lambda m: held(m.temperature), Decimal("46")),
    ("400g-aoc", lambda m: held(m.cable_length), 10),
    ("100g-sr4", lambda m: held(m.power_class), 3),
    ("25g-sr", lambda m: len(m.tx_power), 1),
]


@pytest.mark.parametrize(("name", "fact", "expected"), FACTS)
def test_a_family_has_what_sets_it_apart(name: str, fact: Any, expected: object) -> None:
    assert fact(decoded(family(name))) == expected


def test_the_ends_of_an_active_cable_name_one_another_and_share_a_serial_number() -> None:
    for one in families():
        if one.far_family:
            other = family(one.far_family)
            assert other.far_family == one.name
            assert one.serial[:-1] == other.serial[:-1]
            assert {one.serial[-1], other.serial[-1]} == {"A", "B"}
            near, far = decoded(one), decoded(other)
            assert held(near.cable_length) == held(far.cable_length)
            assert held(near.firmware_active) == held(far.firmware_active)


@OF_CMIS
def test_firmware_that_a_command_would_tell_is_that_of_the_registers(one: Family) -> None:
    built = one.build()
    assert isinstance(built, CmisImage)
    if built.cdb is None:
        return
    asked = replace(built, cdb=replace(built.cdb, answered=0x0100))
    module = transceiver(asked.memory(one.name))
    assert isinstance(module, CmisTransceiver)
    told = cmis.cdb.firmware(cmis.cdb.messages(module.memory))
    assert isinstance(told, Reading)
    assert held(told.value.running_version).rpartition(".")[0] == held(module.firmware_active)
    assert held(told.value.images["B"].version).rpartition(".")[0] == held(module.firmware_inactive)


@EVERY
def test_a_dump_of_a_family_reads_back_byte_for_byte(one: Family) -> None:
    memory = one.image().memory(one.name)
    dumped = json.dumps(as_json(memory)).encode()
    assert read_dump(dumped, one.name).pages == memory.pages


def test_a_module_that_is_not_so_healthy_is_a_replacement_away() -> None:
    built = family("800g-dr8").build()
    assert isinstance(built, CmisImage)
    dark = replace(built, rx_power=("0", *built.rx_power[1:]))
    assert held(transceiver(dark.memory("")).rx_power[0]) == 0
    assert dark.image().page(Page(0)) == built.image().page(Page(0))


def test_an_unknown_family_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        family("10base5")
