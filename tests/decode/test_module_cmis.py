"""A module with CMIS as checks see it: banks, Applications, lengths, far ends, durations, tuning and diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from harness.decode import cmis
from harness.decode.build import CmisImage
from harness.decode.memory import LOWER_MEMORY, Image, Memory, Page
from harness.decode.module_cmis import CmisTransceiver
from harness.decode.transceiver import transceiver
from harness.reading import Absence, Missing, Value
from harness.units import Unit


def written(
    shared: Mapping[str, str] | None = None, *, revision: int = 0x53, identifier: int = 0x19, **pages: str
) -> Image:
    """Pages from pieces of hexadecimal: ``p01="142:02 174:07"`` is bytes 142 and 174 of page 01h, ``b1p11`` bank 1."""
    image = Image()
    image.put(LOWER_MEMORY, 0, bytes([identifier, revision, 0, 0x06]))
    image.page(Page(0x00))
    for name, pieces in {**(shared or {}), **pages}.items():
        bank, _, number = name.rpartition("p")
        page = LOWER_MEMORY if name == "lower" else Page(int(number, 16), int(bank[1:] or "0"))
        image.page(page)
        for piece in pieces.split():
            byte, _, raw = piece.partition(":")
            image.put(page, int(byte), bytes.fromhex(raw))
    return image


def decoded(image: Image) -> CmisTransceiver:
    module = transceiver(image.memory("module"))
    assert isinstance(module, CmisTransceiver)
    return module


def held(value: Value[Any]) -> Any:
    """The value; why there is none where there is none."""
    return value.why if isinstance(value, Missing) else value.value


def all_held(values: tuple[Value[Any], ...]) -> list[Any]:
    return [held(value) for value in values]


@pytest.mark.parametrize(
    ("revision", "page_01", "banks"),
    [
        pytest.param(0x50, "142:00", 1, id="code 0 is one bank"),
        pytest.param(0x50, "142:fd", 2, id="code 1 is two"),
        pytest.param(0x50, "142:02", 4, id="code 2 is four"),
        pytest.param(0x53, "142:03 174:07", 1, id="code 3 was reserved before 5.4, one bank is taken"),
        pytest.param(0x54, "142:03 174:e7", 8, id="code 3 sends to 01h:174 since 5.4, which counts from 0"),
        pytest.param(0x54, "142:03 174:1f", 32, id="thirty-two banks are 256 lanes"),
        pytest.param(0x54, "142:02 174:1f", 4, id="without code 3 nothing is read from 01h:174"),
    ],
)
def test_banks_are_those_that_page_01_advertises(revision: int, page_01: str, banks: int) -> None:
    module = decoded(written(revision=revision, p01=page_01))
    assert (module.banks, module.lanes) == (banks, 8 * banks)
    for lanes in (
        module.dp_state,
        module.tx_power,
        module.tx_bias,
        module.flags["rx_los"],
        module.controls["tx_disable"],
    ):
        assert len(lanes) == 8 * banks


def test_module_whose_page_01_was_not_read_is_taken_to_have_one_bank() -> None:
    assert decoded(written()).lanes == 8


def test_lanes_of_an_osfp_xd_come_from_both_banks() -> None:
    module = decoded(
        written(
            identifier=0x21,
            p01="142:01 160:07 157:0f 158:06",
            p11="128:44444444 154:2710 170:7530 206:10",
            b1p11="128:11111111 147:01 154:0064 206:28 213:2e",
            b1p10="130:80 145:28",
        )
    )
    assert all_held(module.dp_state) == ["DPActivated"] * 8 + ["DPDeactivated"] * 8
    assert [held(module.tx_power[lane]) for lane in (0, 8)] == [Decimal(1), Decimal("0.01")]
    assert held(module.tx_bias[0]) == Decimal(60)
    assert [held(module.active_application[lane]) for lane in (0, 8, 15)] == [1, 2, 2]
    assert [held(module.active_data_path[lane]) for lane in (0, 8, 15)] == [0, 12, 15]
    assert held(module.staged_data_path[8]) == 12
    assert all_held(module.flags["rx_los"]) == [False] * 8 + [True] + [False] * 7
    assert module.tx_power[8].source.where == "bank 1 page 11h bytes 154-155"


def test_bank_that_was_not_recorded_is_missing_and_not_the_first_again() -> None:
    module = decoded(written(p01="142:01 160:07", p11="154:2710"))
    assert [held(module.tx_power[lane]) for lane in (0, 8)] == [Decimal(1), Absence.NOT_RECORDED]


def test_bank_beyond_those_advertised_is_not_there() -> None:
    image = written(p01="142:00 160:07", p11="154:2710", b1p11="154:2710")
    refused = cmis.Page11(image.memory("module"), 1).tx_power[0]
    assert isinstance(refused, Missing)
    assert (refused.why, refused.detail) == (Absence.NOT_ADVERTISED, "01h:142.1-0")


DESCRIPTOR = "501c4411"


@pytest.mark.parametrize(
    ("lower", "page_01", "listed", "beyond"),
    [
        pytest.param(
            f"86:{DESCRIPTOR}ff00000000000000", "176:1122", [1], [], id="the list ends at FFh, blank entries follow"
        ),
        pytest.param(
            f"86:{DESCRIPTOR * 2}ff000000{DESCRIPTOR}ff000000{DESCRIPTOR * 3}",
            f"223:{DESCRIPTOR}",
            [1, 2],
            [4, 6, 7, 8, 9],
            id="entries after the end are kept apart",
        ),
        pytest.param(
            f"86:{DESCRIPTOR * 8}", f"223:{DESCRIPTOR * 7}", list(range(1, 16)), [], id="fifteen fill both pages"
        ),
        pytest.param(
            f"86:{DESCRIPTOR * 8}",
            f"223:{DESCRIPTOR}ff000000{DESCRIPTOR}",
            list(range(1, 10)),
            [11],
            id="the ninth stands on page 01h",
        ),
    ],
)
def test_applications_end_at_the_terminator(lower: str, page_01: str, listed: list[int], beyond: list[int]) -> None:
    module = decoded(written(lower=lower, p01=page_01))
    assert [application.number for application in held(module.applications)] == listed
    assert [application.number for application in module.beyond_terminator] == beyond


def test_media_lane_assignment_is_that_of_the_application_number() -> None:
    module = decoded(written(lower=f"86:{DESCRIPTOR * 2}ff", p01="176:1122"))
    first, second = held(module.applications)
    assert (held(first.media_lane_assignment), held(second.media_lane_assignment)) == (0x11, 0x22)
    assert (first.host_id, first.media_id, first.host_lanes, first.media_lanes) == (0x50, 0x1C, 4, 4)


def test_applications_are_not_there_where_lower_memory_was_not_read() -> None:
    module = CmisTransceiver(Memory("module", {LOWER_MEMORY: None}))
    assert held(module.applications) is Absence.READ_FAILED
    assert module.beyond_terminator == ()


def test_escape_code_takes_the_normalized_descriptor_of_the_same_number() -> None:
    second = "52 1c 88 01 03 80 0000".replace(" ", "")
    module = decoded(written(lower="86:501c4411be000000ff", p01="175:01 176:1122", p1c=f"128:{'00' * 8}{second}ff"))
    application = held(module.applications)[1]
    assert (application.host_id, application.host_lanes, application.media_lanes) == (0x52, 8, 8)
    assert held(application.media_lane_assignment) == 3
    assert application.source.where == "page 1Ch byte 136"
    assert [one.on_network_path for one in module.normalized_applications] == [False, True]


def test_normalized_descriptors_of_bank_1_count_from_16() -> None:
    full = "501c441111000000" * 15
    module = decoded(written(p01="175:02", p1c=f"128:{full}", b1p1c="128:521c880103000000ff"))
    assert [one.number for one in module.normalized_applications] == list(range(1, 17))
    assert module.normalized_applications[15].host_id == 0x52


def test_escape_code_stays_where_page_1c_is_not_there() -> None:
    assert held(decoded(written(lower="86:be000000ff")).applications)[0].host_id == 0xBE


@pytest.mark.parametrize(
    ("revision", "byte", "speed"),
    [
        pytest.param(0x52, "34", 1000, id="bits 3-2 before 5.3"),
        pytest.param(0x53, "04", 1000, id="bits 5-2 from 5.3"),
        pytest.param(0x53, "34", Absence.RESERVED, id="a speed beyond the two-wire bus is reserved"),
        pytest.param(0x40, "00", 400, id="400 kHz is the least"),
    ],
)
def test_two_wire_speed_follows_the_revision(revision: int, byte: str, speed: object) -> None:
    assert held(decoded(written(revision=revision, lower=f"2:{byte}")).i2c_speed) == speed


@pytest.mark.parametrize(
    ("revision", "page_01", "metres"),
    [
        pytest.param(0x50, "132:45", Decimal(5000), id="kilometres"),
        pytest.param(0x50, "132:05", Decimal(500), id="tenths of a kilometre"),
        pytest.param(0x53, "132:c2 137:40", Decimal(200000), id="hundreds of kilometres, 01h:137 says"),
        pytest.param(0x52, "132:c2 137:40", Absence.NOT_AVAILABLE, id="before 5.3 that multiplier said nothing"),
        pytest.param(0x50, "132:00", Absence.NOT_AVAILABLE, id="no single-mode fiber"),
    ],
)
def test_single_mode_length(revision: int, page_01: str, metres: object) -> None:
    assert held(decoded(written(revision=revision, p01=page_01)).fiber_lengths["smf"]) == metres


def test_multimode_lengths_by_fiber() -> None:
    lengths = decoded(written(p01="133:4b 134:32 135:23")).fiber_lengths
    assert {kind: held(length) for kind, length in lengths.items()} == {
        "smf": Absence.NOT_AVAILABLE,
        "om5": Decimal(150),
        "om4": Decimal(100),
        "om3": Decimal(70),
        "om2": Absence.NOT_AVAILABLE,
    }


@pytest.mark.parametrize(
    ("host_id", "frequencies"),
    [
        pytest.param("1d", ["5", "7", "12.9", "25.8", "53.125"], id="Ethernet"),
        pytest.param("71", ["2.5", "4", "8", "16", "32"], id="PCIe"),
    ],
)
def test_attenuation_by_frequency(host_id: str, frequencies: list[str]) -> None:
    module = decoded(written(lower=f"2:80 86:{host_id}018801ff", p00="204:0506070800"))
    assert [(at, held(loss)) for at, loss in module.attenuation.items()] == list(
        zip(frequencies, [Decimal(5), Decimal(6), Decimal(7), Decimal(8), Absence.NOT_AVAILABLE], strict=True)
    )


@pytest.mark.parametrize(
    ("code", "groups"),
    [
        (0, ()),
        (1, tuple((lane,) for lane in range(1, 9))),
        (2, ((1, 2, 3, 4, 5, 6, 7, 8),)),
        (3, ((1, 2, 3, 4), (5, 6, 7, 8))),
        (4, ((1,), (2,), (3,), (4,), (5, 6, 7, 8))),
        (7, ((1, 2), (3, 4), (5, 6, 7, 8))),
        (9, ((1, 2, 3, 4), (5,), (6,), (7, 8))),
        (12, ((1, 2), (3, 4), (5, 6), (7, 8))),
        (20, ((1, 2), (3, 4), (5, 6), (7,), (8,))),
        (26, ((1, 2), (3,), (4,), (5,), (6,), (7,), (8,))),
        (27, (tuple(range(1, 17)),)),
        (28, Absence.RESERVED),
    ],
)
def test_far_ends_of_a_breakout_assembly(code: int, groups: object) -> None:
    assert held(decoded(written(p00=f"211:{code:02x}")).far_ends) == groups


def test_far_ends_repeat_in_the_second_bank() -> None:
    module = decoded(written(p00="211:03", p01="142:01"))
    assert held(module.far_ends) == ((1, 2, 3, 4), (5, 6, 7, 8), (9, 10, 11, 12), (13, 14, 15, 16))


def test_durations_are_upper_bounds_in_seconds() -> None:
    module = decoded(written(p01="144:47 167:9d 168:05"))
    assert {name: held(bound) for name, bound in module.durations.items()} == {
        "dp_init": Decimal(5),
        "dp_deinit": Decimal("0.1"),
        "dp_tx_turn_on": Decimal("0.5"),
        "dp_tx_turn_off": Decimal("0.001"),
        "module_pwr_up": Absence.NOT_AVAILABLE,
        "module_pwr_dn": Decimal(60),
    }


@pytest.mark.parametrize(
    ("code", "seconds"),
    [(0, "0.001"), (4, "0.1"), (8, "10"), (0xA, "300"), (0xC, "3000"), (0xD, None), (0xE, None), (0xF, None)],
)
def test_duration_bound_by_code(code: int, seconds: str | None) -> None:
    assert cmis.duration_bound(code) == (None if seconds is None else Decimal(seconds))


def test_times_of_the_bus() -> None:
    module = decoded(written(p01="143:a3 169:02"))
    assert (held(module.mod_sel_wait), held(module.page_change)) == (Decimal(96), Decimal("0.0025"))
    assert held(decoded(written(p01="143:a0")).mod_sel_wait) is Absence.NOT_AVAILABLE


@pytest.mark.parametrize(
    ("page_01", "limits"),
    [
        pytest.param("146:46fb", (Decimal(-5), Decimal(70)), id="as the module states them"),
        pytest.param("146:4600", (Decimal(0), Decimal(70)), id="0 is a temperature beside another"),
        pytest.param("146:0000", (Absence.NOT_AVAILABLE, Absence.NOT_AVAILABLE), id="both 0 is not specified"),
    ],
)
def test_case_temperatures(page_01: str, limits: tuple[object, object]) -> None:
    low, high = decoded(written(p01=page_01)).case_temperatures
    assert (held(low), held(high)) == limits


TUNABLE = "142:00 155:40"


@pytest.mark.parametrize(
    ("grid", "channel", "gigahertz"),
    [
        pytest.param("50", "0003", Decimal("193400"), id="100 GHz"),
        pytest.param("40", "fffe", Decimal("193000"), id="50 GHz, below the anchor"),
        pytest.param("70", "0003", Decimal("193175"), id="75 GHz counts in steps of 25"),
        pytest.param("80", "0006", Decimal("193325"), id="150 GHz is shifted by three steps"),
        pytest.param("60", "0001", Decimal("193133.333333"), id="a third of 100 GHz, to 12 digits"),
        pytest.param("00", "0001", Decimal("193103.125"), id="3.125 GHz"),
        pytest.param("90", "0001", Absence.NOT_AVAILABLE, id="no rule is known for 300 GHz"),
        pytest.param("f0", "0001", Absence.NOT_AVAILABLE, id="a lane without a grid"),
        pytest.param("a0", "0001", Absence.RESERVED, id="a reserved grid"),
    ],
)
def test_channel_number_is_a_frequency_on_its_grid(grid: str, channel: str, gigahertz: object) -> None:
    module = decoded(written(revision=0x54, p01=TUNABLE, p12=f"128:{grid} 136:{channel}"))
    asked = module.asked_frequency[0]
    assert held(asked) == gigahertz
    assert isinstance(asked, Missing) or asked.unit is Unit.GHZ


def test_tunable_laser_tells_grids_ranges_and_flags() -> None:
    module = decoded(
        written(p01=TUNABLE, p04="128:a0 129:80 150:ffe2001e 158:ffb80078 255:00", p12="168:0b8278e0 231:21")
    )
    assert held(module.grids) == ("75 GHz", "100 GHz")
    assert tuple(map(held, module.channel_ranges["75 GHz"])) == (-72, 120)
    assert held(module.channel_ranges["50 GHz"][0]) is Absence.NOT_ADVERTISED
    assert held(module.laser_frequency[0]) == Decimal(193100)
    assert held(module.laser_frequency[1]) is Absence.NOT_AVAILABLE
    raised = {name for name, lanes in module.tuning_flags.items() if held(lanes[0])}
    assert raised == {"tuning_complete", "output_power_out_of_range"}


def test_module_that_does_not_tune_has_no_grid_and_owes_no_checksum_of_page_04() -> None:
    module = decoded(written(p01="155:00", p04="128:ff", p12="168:0b8278e0"))
    assert held(module.grids) is Absence.NOT_ADVERTISED
    assert held(module.laser_frequency[0]) is Absence.NOT_ADVERTISED
    assert [checksum.page for checksum in module.checksums] == ["00", "01", "02"]


def test_tunable_module_owes_the_checksum_of_page_04() -> None:
    page_04 = decoded(written(p01=TUNABLE, p04="128:20 150:ffe2001e 255:1f")).checksums[3]
    assert (page_04.page, page_04.covers, held(page_04.ok)) == ("04", "128-254", True)


DIAGNOSTICS = {"p01": "142:20", "p13": "128:0f 130:33"}


def test_window_of_page_14_shows_what_its_selector_stands_on() -> None:
    module = decoded(written(DIAGNOSTICS, p14="128:01 192:f880 208:0190"))
    assert set(module.diagnostics) == {"host_ber", "media_ber"}
    assert held(module.diagnostics["host_ber"][0]) == Decimal("2.48E-6")
    assert held(module.diagnostics["media_ber"][0]) == Decimal("1E-6")


@pytest.mark.parametrize(
    ("selector", "name", "first"),
    [("02", "host", 0), ("03", "host", 4), ("14", "media", 0), ("15", "media", 4)],
)
def test_counters_stand_at_the_four_lanes_that_the_selector_chose(selector: str, name: str, first: int) -> None:
    shown = "0500000000000000" + "0900000000000000"
    module = decoded(written(DIAGNOSTICS, p14=f"128:{selector} 192:{shown}"))
    errors, bits = module.diagnostics[f"{name}_errors"], module.diagnostics[f"{name}_bits"]
    lost = module.diagnostics[f"{name}_pattern_sync_lost"]
    assert (held(errors[first]), held(bits[first]), held(lost[first])) == (5, 8, True)
    assert all_held(errors)[4 - first : 8 - first] == [Absence.NOT_RECORDED] * 4
    assert len(errors) == len(bits) == len(lost) == 8


def test_other_windows_than_the_one_shown_are_not_recorded() -> None:
    image = written(DIAGNOSTICS, p14="128:01 192:f880")
    value = cmis.Page14Snr(image.memory("module")).host_snr[0]
    assert isinstance(value, Missing)
    assert (value.why, value.detail) == (Absence.NOT_RECORDED, "14h:128 shows BER")


def test_selector_on_nothing_shows_nothing() -> None:
    assert decoded(written(DIAGNOSTICS, p14="128:00 192:f880")).diagnostics == {}
    assert decoded(written(DIAGNOSTICS)).diagnostics == {}


def test_bank_whose_selector_stands_elsewhere_gives_none_of_its_lanes() -> None:
    image = written(p01="142:21", p13="130:33", p14="128:06 208:0015", b1p14="128:01 208:0015")
    assert all_held(decoded(image).diagnostics["host_snr"])[::8] == [Decimal(21), Absence.NOT_RECORDED]


def test_noise_ratio_of_a_media_lane_that_there_is_not_is_missing() -> None:
    ratios = decoded(written(DIAGNOSTICS, p00="210:fe", p14="128:06 240:00150015")).diagnostics["media_snr"]
    assert all_held(ratios)[:2] == [Decimal(21), Absence.NOT_ADVERTISED]


def test_latencies_of_every_host_lane() -> None:
    module = decoded(written(p01="145:08", p15="224:0064 240:0065"))
    assert (held(module.rx_latency[0]), held(module.tx_latency[0])) == (Decimal(100), Decimal(101))
    assert held(decoded(written(p01="145:00", p15="224:0064")).rx_latency[0]) is Absence.NOT_ADVERTISED


@pytest.mark.parametrize(
    ("pages", "extra"),
    [
        pytest.param({}, [], id="a module whose page 01h was not read"),
        pytest.param({"p01": "142:00"}, [], id="a module that advertises nothing"),
        pytest.param({"p01": "145:08"}, ["15h"], id="a page that is advertised and was not read"),
        pytest.param({"p01": "155:40"}, ["04h", "12h"], id="a tunable module"),
        pytest.param({"p01": "142:10", "p34": "128:00"}, ["34h"], id="of the coherent pages those that were read"),
        pytest.param({"p01": "142:00", "p15": "224:00"}, [], id="a page that was read and is not advertised"),
        pytest.param({"p15": "224:00"}, ["15h"], id="a page that was read where page 01h was not"),
        pytest.param({"p01": "142:20", "p14": "128:06"}, ["13h", "14h", "14h"], id="one window of page 14h"),
        pytest.param({"p01": "162:20"}, ["10h"], id="the second staged set"),
        pytest.param({"p01": "142:01"}, ["1:10h", "1:11h"], id="the pages of both banks"),
    ],
)
def test_listing_has_the_pages_that_there_must_be_or_that_are_known_to_be(
    pages: dict[str, str], extra: list[str]
) -> None:
    listed = [view.at.reference for view in decoded(written(pages)).views]
    assert sorted(listed) == sorted(["lower", "00h", "01h", "02h", "10h", "11h", *extra])
    assert listed == [page.reference for page in sorted(view.at for view in decoded(written(pages)).views)]


@pytest.mark.parametrize(
    ("identifier", "function", "power"),
    [
        pytest.param(0x22, "00", Decimal(100), id="an ELSFP by its identifier"),
        pytest.param(0x19, "01", Decimal(100), id="a resource module by its function type"),
        pytest.param(0x19, "00", Absence.NOT_ADVERTISED, id="a transceiver, whose page 1Bh is something else"),
    ],
)
def test_laser_pages_are_those_of_an_external_laser(identifier: int, function: str, power: object) -> None:
    image = written(identifier=identifier, lower=f"57:{function}", p01="142:00", p1b="200:2710")
    assert held(cmis.Page1B(image.memory("module")).power[0]) == power


@pytest.mark.parametrize(
    ("revision", "state"),
    [
        pytest.param(0x30, Absence.RESERVED, id="CMIS 3.0 knew no DPInitialized"),
        pytest.param(0x40, "DPInitialized", id="CMIS 4.0 brought it"),
    ],
)
def test_data_path_state_that_a_later_revision_brought_is_reserved_before(revision: int, state: object) -> None:
    found = decoded(written(revision=revision, p01="142:00", p11="128:07")).dp_state[0]
    assert held(found) == state
    assert found.source.raw == "0x07"


def test_flat_module_has_none_of_the_pages_but_its_identity_and_attenuation() -> None:
    module = decoded(written(lower=f"2:80 85:03 86:{DESCRIPTOR}ff", p00="202:43 204:05 211:02"))
    assert held(module.cable_length) == Decimal(3)
    assert held(module.attenuation["5"]) == Decimal(5)
    for value in (module.hardware_revision, module.durations["dp_init"], module.tunable, module.tx_power[0]):
        assert held(value) is Absence.NOT_ADVERTISED
    assert [checksum.page for checksum in module.checksums] == ["00"]


def test_every_property_of_a_module_of_ones_and_of_zeros_is_read_without_raising() -> None:
    numbers = (*range(0x20), *range(0x30, 0x40), 0x42, 0x60, 0x61, 0x62)
    for filler in (b"\x00", b"\xff", b"\x55", b"\xaa"):
        pages: dict[Page, bytes | None] = {Page(number): filler * 128 for number in numbers}
        module = CmisTransceiver(Memory("module", {**pages, LOWER_MEMORY: filler * 128}))
        for name in dir(CmisTransceiver):
            if not name.startswith("_") and not callable(getattr(CmisTransceiver, name)):
                getattr(module, name)


def test_built_module_has_what_it_was_built_with() -> None:
    module = decoded(CmisImage(hardware_revision="3.2").image())
    assert held(module.hardware_revision) == "3.2"
    assert held(module.durations["module_pwr_up"]) == Decimal(10)
    assert module.beyond_terminator == ()
