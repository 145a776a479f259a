"""What checks see of a module, under each of the three management interfaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.decode import cmis, codes, sff8472, sff8636
from harness.decode.build import (
    AdvertisedApplication,
    CmisImage,
    Identity,
    Sff8472Image,
    Sff8636Image,
    seal_cmis,
    seal_sff8472,
)
from harness.decode.document import document, rows, text
from harness.decode.memory import A0_LOWER, A2_LOWER, LOWER_MEMORY, Image, Memory, Page
from harness.decode.transceiver import ForeignTransceiver, Transceiver, transceiver
from harness.reading import Absence, Missing, Reading, Value
from harness.units import Unit


def held(value: Value[Any]) -> Any:
    return value.why if isinstance(value, Missing) else value.value


def all_held(values: Sequence[Value[Any]]) -> list[Any]:
    return [held(value) for value in values]


def decoded(image: CmisImage | Sff8636Image | Sff8472Image | Image) -> Transceiver:
    return transceiver(image.memory("module"))


def everything(module: Transceiver) -> None:
    """Touch whatever can be touched."""
    for name in dir(type(module)):
        if not name.startswith("_") and not callable(getattr(type(module), name)):
            getattr(module, name)
    document(module)
    text(module)


def test_healthy_cmis_module_has_every_value_and_every_checksum() -> None:
    module = decoded(CmisImage())
    assert module.management == "cmis"
    assert module.guess == ""
    assert document(module)["absent"] == {
        "cable_length_m": "reported as not available (no length is stated: separable media)",
        "vdm": "not advertised (01h:142.6)",
        "cdb": "not advertised (01h:163)",
    }
    assert [held(checksum.ok) for checksum in module.checksums] == [True, True, True]
    assert held(module.form_factor) == "OSFP"
    assert set(all_held(list(module.text_faults.values()))) == {""}


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [(0x18, "cmis"), (0x19, "cmis"), (0x1E, "cmis"), (0x20, "cmis"), (0x0D, "sff8636"), (0x11, "sff8636")],
)
def test_identifier_chooses_the_memory_map(identifier: int, kind: str) -> None:
    image = CmisImage(identifier=identifier) if kind == "cmis" else Sff8636Image(identifier=identifier)
    assert (decoded(image).management, decoded(image).guess) == (kind, "")


@pytest.mark.parametrize("built", [CmisImage(), Sff8636Image()], ids=["cmis", "sff8636"])
def test_blank_identifier_is_decoded_by_its_copy_and_says_so(built: CmisImage | Sff8636Image) -> None:
    image = built.image()
    image.put(LOWER_MEMORY, 0, b"\x00")
    module = decoded(image)
    assert module.management == decoded(built).management
    assert "identifier 00h" in module.guess
    assert held(module.vendor_name) == "SIMULATED"


@pytest.mark.parametrize("built", [CmisImage(), Sff8636Image()], ids=["cmis", "sff8636"])
def test_unknown_identifier_is_decoded_by_the_checksum_that_fits(built: CmisImage | Sff8636Image) -> None:
    module = decoded(replace(built, identifier=0x80))
    assert module.management == decoded(built).management
    assert "checksum" in module.guess


def test_flipped_identifier_is_found_by_its_copy_and_the_checksum() -> None:
    image = CmisImage().image()
    image.put(LOWER_MEMORY, 0, b"\x11")
    module = decoded(image)
    assert module.management == "cmis"
    assert module.guess == "identifier 11h, but its copy 19h and the checksum fit CMIS"
    image.put(Page(0x00), 128, b"\x0d")
    assert decoded(image).management == "sff8636"


CMIS_CODES = {0x18, 0x19, 0x1B, 0x1E, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26}
QSFP_CODES = {0x0C, 0x0D, 0x11}
SFP_CODES = {0x02, 0x03}
LIKE_SFP_CODES = {0x01, 0x0B}
OTHER_DOCUMENTS = {0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0E, 0x12, 0x13, 0x16, 0x7E}


@pytest.mark.parametrize("code", range(256), ids=lambda code: f"{code:02X}h")
def test_every_identifier_names_its_memory_map_or_the_guess_that_was_made(code: int) -> None:
    as_cmis = decoded(CmisImage(identifier=code))
    as_qsfp = decoded(Sff8636Image(identifier=code))
    as_sfp = decoded(Sff8472Image(identifier=code))
    assert as_sfp.management == "sff8472"
    assert (as_sfp.guess == "") is (code in SFP_CODES)
    if code in CMIS_CODES:
        assert (as_cmis.management, as_cmis.guess) == ("cmis", "")
    elif code in QSFP_CODES:
        assert (as_qsfp.management, as_qsfp.guess) == ("sff8636", "")
    elif code in SFP_CODES | LIKE_SFP_CODES:
        assert as_qsfp.management == "sff8472"
        assert "pages without a device address are taken as those of A0h" in as_qsfp.guess
    elif code in OTHER_DOCUMENTS:
        for module in (as_cmis, as_qsfp):
            assert isinstance(module, ForeignTransceiver)
            assert f"identifier {code:02X}h is " in module.guess
    else:
        assert (as_cmis.management, as_qsfp.management) == ("cmis", "sff8636")
        for module in (as_cmis, as_qsfp):
            assert f"identifier {code:02X}h" in module.guess
            assert "the first checksum of page 00h fits" in module.guess
    for module in (as_cmis, as_qsfp, as_sfp):
        assert held(module.identifier) == code
        everything(module)


def test_module_of_another_document_gives_its_vendor_and_no_register_of_ours() -> None:
    xfp = decoded(Sff8636Image(identifier=0x06))
    assert xfp.guess == "identifier 06h is XFP, whose memory map is not known here"
    assert (held(xfp.vendor_name), held(xfp.identifier_copy)) == ("SIMULATED", 0x06)
    for value in (xfp.temperature, xfp.power_class, xfp.tx_power[0], xfp.connector, xfp.flat_memory):
        assert isinstance(value, Missing)
        assert (value.why, value.detail) == (Absence.UNREADABLE, "its memory map is not known here")
    assert xfp.checksums == () and xfp.flags == {}
    image = Sff8636Image(identifier=0x06).image()
    image.put(Page(0x00), 191, b"\x00")
    assert held(decoded(image).vendor_name) is Absence.UNREADABLE


@pytest.mark.parametrize("byte", [b"\x00", b"\xff"], ids=["erased to zeros", "a silent bus"])
def test_memory_of_one_byte_repeated_is_no_module_with_values(byte: bytes) -> None:
    module = transceiver(Memory("module", {LOWER_MEMORY: byte * 128, Page(0x00): byte * 128}))
    assert "every byte of lower memory is the same" in module.guess
    assert held(module.temperature) is held(module.vendor_name) is Absence.UNREADABLE
    everything(module)


def test_qsfp28_in_a_qsfp_dd_cage_has_four_lanes() -> None:
    module = decoded(Sff8636Image(identifier=0x11))
    assert (module.management, module.lanes, len(module.rx_power)) == ("sff8636", 4, 4)


def test_nothing_at_all_is_still_a_module_without_values() -> None:
    module = transceiver(Memory("module", {}))
    assert module.guess
    everything(module)
    assert held(module.identifier) is Absence.NOT_RECORDED


def test_monitor_not_advertised_points_at_the_advertising_bit() -> None:
    module = decoded(CmisImage(unmonitored=frozenset({"rx_power_mw", "temperature_c"})))
    assert all_held(module.rx_power) == [Absence.NOT_ADVERTISED] * 8
    absent = document(module)["absent"]
    assert isinstance(absent, dict)
    assert absent["monitors.rx_power_mw.1"] == "not advertised (01h:160.2)"
    assert absent["monitors.temperature_c"] == "not advertised (01h:159.0)"
    assert absent["thresholds.rx_power_mw.low_alarm"] == "not advertised (01h:160.2)"
    assert all_held(module.tx_power) == [Decimal("1.2")] * 8


def test_dark_lane_is_a_value_and_not_an_absence() -> None:
    module = decoded(CmisImage(rx_power=("0", "0.0001", *["1"] * 6)))
    assert all_held(module.rx_power)[:2] == [Decimal(0), Decimal("0.0001")]


@pytest.mark.parametrize(
    ("byte", "raw", "name"),
    [
        (14, b"\x80\x00", "temperature"),
        (14, b"\xff\xff", "temperature"),
        (16, b"\0\0", "vcc"),
        (16, b"\xff\xff", "vcc"),
    ],
)
def test_sentinel_of_a_monitor_is_not_available(byte: int, raw: bytes, name: str) -> None:
    image = CmisImage().image()
    image.put(LOWER_MEMORY, byte, raw)
    assert held(getattr(decoded(image), name)) is Absence.NOT_AVAILABLE


def test_lane_the_module_does_not_have_is_missing_with_the_bit_that_says_so() -> None:
    module = decoded(CmisImage(media_lanes_unsupported=0xF0))
    for lanes in (module.tx_power, module.rx_power, module.tx_bias, module.flags["rx_los"], module.flags["tx_fault"]):
        assert [isinstance(lane, Missing) for lane in lanes] == [False] * 4 + [True] * 4
    absent = module.tx_power[4]
    assert isinstance(absent, Missing)
    assert absent.detail == "00h:210.4: no such media lane"
    assert all_held(module.flags["tx_los"]) == [False] * 8


def test_map_that_denies_every_media_lane_says_nothing() -> None:
    assert all_held(decoded(CmisImage(media_lanes_unsupported=0xFF)).tx_power) == [Decimal("1.2")] * 8


@pytest.mark.parametrize("scale", [0, 1, 2])
def test_bias_and_its_thresholds_carry_the_advertised_multiplier(scale: int) -> None:
    module = decoded(CmisImage(tx_bias_scale=scale, tx_bias=("100",) * 8))
    assert all_held(module.tx_bias) == [Decimal(100)] * 8
    assert held(module.thresholds["tx_bias_ma"].high_alarm) == Decimal(120)
    assert held(cmis.Page11(module.memory).tx_bias_raw[0]) == Decimal(100) / (1 << scale)


def test_reserved_bias_multiplier_leaves_no_current() -> None:
    assert all_held(decoded(CmisImage(tx_bias_scale=3)).tx_bias) == [Absence.RESERVED] * 8


def test_flat_memory_denies_the_pages_beyond_00h() -> None:
    module = decoded(CmisImage(flat_memory=True))
    assert held(module.flat_memory) is True
    for value in (module.firmware_inactive, module.dp_state[0], module.tx_power[7], module.temperature):
        assert isinstance(value, Missing)
        assert (value.why, value.detail) == (Absence.NOT_ADVERTISED, "lower:2.7")
    assert [checksum.page for checksum in module.checksums] == ["00"]


def test_failed_page_is_a_failed_read_and_not_flat_memory() -> None:
    memory = CmisImage().memory("module")
    module = transceiver(Memory("module", {**memory.pages, Page(0x11): None}))
    assert all_held(module.dp_state) == [Absence.READ_FAILED] * 8
    assert all_held(module.rx_power) == [Absence.READ_FAILED] * 8
    assert held(module.temperature) == Decimal(45)


def test_failed_advertising_page_leaves_monitors_that_hold_a_number() -> None:
    memory = CmisImage(rx_power=("0", *["1"] * 7)).memory("module")
    module = transceiver(Memory("module", {**memory.pages, Page(0x01): None}))
    assert held(module.temperature) == Decimal(45)
    assert "read failed" in module.temperature.source.where
    assert all_held(module.rx_power)[:2] == [Absence.READ_FAILED, Decimal(1)]
    assert all_held(module.tx_bias) == [Absence.READ_FAILED] * 8


def test_applications_end_at_the_first_ff_and_go_on_in_page_01h() -> None:
    one = AdvertisedApplication(0x4C, 0x14, 1, 1, 0xFF, 0xFF)
    for count in (0, 1, 8, 9, 15):
        module = decoded(CmisImage(applications=(one,) * count))
        applications = held(module.applications)
        assert [application.number for application in applications] == list(range(1, count + 1))
        assert all(held(application.media_lane_assignment) == 0xFF for application in applications)


def test_application_names_its_interfaces_and_its_legal_starts() -> None:
    eight = AdvertisedApplication(0x52, 0x1C, 8, 8, 0x01, 0x01)
    odd = AdvertisedApplication(0x50, 0xEE, 4, 4, 0b1010_0011, 0x11)
    first, second = held(decoded(CmisImage(applications=(eight, odd))).applications)
    assert first.host.name == "800GAUI-8-L C2M"
    assert first.starts == (1,)
    assert second.starts == (1, 2)
    assert second.media is None
    assert first.host.gbd_per_lane == Decimal("53.125")
    assert first.source.where == "lower memory bytes 86-89"


def test_media_type_chooses_the_media_table() -> None:
    for media_type, name in ((1, "10GBASE-SW"), (3, "Copper cable"), (4, "Active cable, BER < 1e-12")):
        interface = codes.media_interface(media_type, 0x01)
        assert interface is not None
        assert interface.name == name
    assert codes.media_interface(0, 0x01) is None
    assert codes.media_interface(9, 0x01) is None


def test_data_path_state_and_active_set_are_per_lane() -> None:
    module = decoded(
        CmisImage(
            dp_state=("DPActivated", "DPInit", *["DPDeactivated"] * 6),
            active=((1, 0), (2, 1), *[(0, 0)] * 6),
            staged=((2, 4),) * 8,
            config_status=("ConfigInProgress", *["ConfigRejectedInvalidAppSel"] * 7),
        )
    )
    assert all_held(module.dp_state)[:3] == ["DPActivated", "DPInit", "DPDeactivated"]
    assert all_held(module.active_application) == [1, 2, 0, 0, 0, 0, 0, 0]
    assert all_held(module.active_data_path)[:2] == [0, 1]
    assert (all_held(module.staged_application), all_held(module.staged_data_path)) == ([2] * 8, [4] * 8)
    assert all_held(module.config_status)[:2] == ["ConfigInProgress", "ConfigRejectedInvalidAppSel"]


def test_flags_and_left_over_controls_are_per_lane() -> None:
    raised = [False, True, *[False] * 6]
    module = decoded(
        CmisImage(
            flags={"rx_los": raised, "tx_power_low_alarm": raised},
            module_flags={"temperature_high_warning": True},
            controls={"tx_disable": raised, "host_input_loopback": raised, "media_generator_enable": raised},
            low_power_request_sw=True,
        )
    )
    for lanes in (module.flags["rx_los"], module.flags["tx_power_low_alarm"], module.controls["tx_disable"]):
        assert all_held(lanes) == raised
    assert all_held(module.controls["host_input_loopback"]) == raised
    assert all_held(module.controls["media_generator_enable"]) == raised
    assert all_held(module.controls["low_power_request_sw"]) == [True]
    assert held(module.module_flags["temperature_high_warning"]) is True
    assert held(module.module_flags["vcc_low_alarm"]) is False


def test_register_of_a_later_revision_is_beyond_this_one() -> None:
    older = decoded(CmisImage(revision="4.0"))
    pending = cmis.Page11(older.memory).dp_init_pending[0]
    assert isinstance(pending, Missing)
    assert (pending.why, pending.detail) == (Absence.BEYOND_REVISION, "since CMIS 5.0")
    assert held(older.fiber_face) is Absence.BEYOND_REVISION
    image = CmisImage(revision="5.3").image()
    cmis.Lower.fiber_face.write(image, "APC")
    assert held(decoded(image).fiber_face) == "APC"


def test_auxiliary_monitors_are_what_page_01h_says_they_are() -> None:
    image = CmisImage().image()
    for bit in (cmis.Page01.aux1_monitor, cmis.Page01.aux2_monitor, cmis.Page01.aux3_monitor):
        bit.write(image, True)
    cmis.Page01.aux1_is_tec_current.write(image, True)
    cmis.Page01.aux3_is_vcc2.write(image, True)
    cmis.Lower.aux1_raw.write(image, 0x8001)
    cmis.Lower.aux2_raw.write(image, 0x2D80)
    cmis.Lower.aux3_raw.write(image, 18000)
    monitors = decoded(image).aux_monitors
    assert {name: held(value) for name, value in monitors.items()} == {
        "tec_current_percent": Decimal(-100),
        "laser_temperature_c": Decimal("45.5"),
        "vcc2_v": Decimal("1.8"),
    }
    laser = monitors["laser_temperature_c"]
    assert isinstance(laser, Reading)
    assert laser.unit is Unit.CELSIUS


def test_flipped_bit_shows_in_the_checksum_and_nowhere_else() -> None:
    image = CmisImage().image()
    image.put(Page(0x00), 190, b"\x01")
    assert [held(checksum.ok) for checksum in decoded(image).checksums] == [False, True, True]
    seal_cmis(image)
    assert [held(checksum.ok) for checksum in decoded(image).checksums] == [True, True, True]


@pytest.mark.parametrize(
    ("date", "fault"),
    [("260101", ""), ("261301", "no such day: 261301"), ("26-1-1", "not YYMMDD"), ("", "not YYMMDD")],
)
def test_date_code_is_a_date(date: str, fault: str) -> None:
    assert held(decoded(CmisImage(identity=Identity(date_code=date))).text_faults["date_code"]) == fault


@pytest.mark.parametrize(
    ("power_class", "watts"),
    [(1, "1.5"), (2, "2"), (3, "2.5"), (4, "3.5"), (5, "4"), (6, "4.5"), (7, "5"), (8, "7.2")],
)
def test_sff8636_power_class_names_its_watts(power_class: int, watts: str) -> None:
    module = decoded(Sff8636Image(power_class=power_class, max_power="7.2"))
    assert (held(module.power_class), held(module.max_power)) == (power_class, Decimal(watts))


def test_sff8636_module_has_four_lanes_of_monitors_and_no_state_machine() -> None:
    module = decoded(Sff8636Image())
    assert all_held(module.tx_power) == [Decimal("0.9")] * 4
    assert all_held(module.tx_bias) == [Decimal("7.5")] * 4
    assert held(module.thresholds["vcc_v"].low_warning) == Decimal("3.135")
    assert held(module.module_state) is Absence.NOT_ADVERTISED
    assert len(module.dp_state) == 4
    assert [held(checksum.ok) for checksum in module.checksums] == [True, True]


def test_sff8636_revision_decides_whether_a_bit_advertises_the_temperature() -> None:
    unmonitored = frozenset({"temperature_c"})
    later = decoded(Sff8636Image(unmonitored=unmonitored)).temperature
    assert isinstance(later, Missing)
    assert later.detail == "00h:220.5"
    assert held(decoded(Sff8636Image(unmonitored=unmonitored, revision="SFF-8636 2.0")).temperature) == Decimal(40)
    blank = Sff8636Image(unmonitored=unmonitored, revision="SFF-8636 2.0", temperature="0")
    assert held(decoded(blank).temperature) is Absence.NOT_AVAILABLE


def test_sff8636_copper_cable_has_a_length_and_no_optical_monitors() -> None:
    module = decoded(Sff8636Image(technology=0x0A, connector=0x23, cable_length="3", flat_memory=True))
    assert held(module.cable_length) == Decimal(3)
    assert all_held(module.tx_power) == all_held(module.rx_power) == [Absence.NOT_ADVERTISED] * 4
    assert held(module.thresholds["temperature_c"].high_alarm) is Absence.NOT_ADVERTISED
    assert held(decoded(Sff8636Image()).cable_length) is Absence.NOT_ADVERTISED


def test_sff8636_alarm_of_a_channel_stands_in_its_half_of_the_byte() -> None:
    raised = [False, False, True, False]
    module = decoded(Sff8636Image(flags={"rx_power_low_alarm": raised, "tx_los": raised}, tx_disable=raised))
    assert all_held(module.flags["rx_power_low_alarm"]) == raised
    assert all_held(module.flags["tx_los"]) == raised
    assert all_held(module.controls["tx_disable"]) == raised
    assert module.flags["rx_power_low_alarm"][2].source.where == "lower memory byte 10 bit 6"


def test_sff8636_low_power_is_asked_for_only_where_software_overrides_the_pin() -> None:
    for override, low, asked in ((False, True, False), (True, False, False), (True, True, True)):
        image = Sff8636Image().image()
        sff8636.Lower.low_power_override.write(image, override)
        sff8636.Lower.low_power_set.write(image, low)
        assert all_held(decoded(image).controls["low_power_request_sw"]) == [asked]


@pytest.mark.parametrize(("level", "watts"), [(1, "1"), (2, "1.5"), (3, "2")])
def test_sff8472_power_level_names_its_watts(level: int, watts: str) -> None:
    module = decoded(Sff8472Image(power_level=level))
    assert (held(module.power_class), held(module.max_power)) == (level, Decimal(watts))


def test_sff8472_power_of_level_4_is_said_only_since_revision_12_4() -> None:
    assert held(decoded(Sff8472Image(power_level=4)).max_power) is Absence.BEYOND_REVISION
    image = Sff8472Image(power_level=4, revision="SFF-8472 12.4").image()
    assert held(decoded(image).max_power) is Absence.NOT_AVAILABLE
    sff8472.A2.max_power_consumption.write(image, Decimal("2.5"))
    assert held(decoded(image).max_power) == Decimal("2.5")


def test_sff8472_module_has_one_lane() -> None:
    module = decoded(Sff8472Image(flags={"rx_los": True, "tx_bias_low_warning": True, "vcc_high_alarm": True}))
    assert module.management == "sff8472"
    assert (all_held(module.tx_power), all_held(module.rx_power)) == ([Decimal("0.6")], [Decimal("0.5")])
    assert all_held(module.flags["rx_los"]) == all_held(module.flags["tx_bias_low_warning"]) == [True]
    assert held(module.module_flags["vcc_high_alarm"]) is True
    assert [held(checksum.ok) for checksum in module.checksums] == [True, True, True]
    assert module.temperature.source.where == "A2h bytes 96-97"


def test_sff8472_module_without_diagnostics_has_no_monitors() -> None:
    module = decoded(Sff8472Image(diagnostics=False, passive_cable=True, connector=0x21, cable_length="2"))
    for value in (module.temperature, module.vcc, module.rx_power[0], module.thresholds["vcc_v"].high_alarm):
        assert isinstance(value, Missing)
        assert (value.why, value.detail) == (Absence.NOT_ADVERTISED, "A0h:92.6")
    assert held(module.cable_length) == Decimal(2)
    assert len(module.checksums) == 2


def test_sff8472_external_calibration_goes_over_monitors_and_thresholds() -> None:
    image = Sff8472Image().image()
    sff8472.A0.internally_calibrated.write(image, False)
    sff8472.A0.externally_calibrated.write(image, True)
    page = sff8472.A2
    page.temperature_slope.write(image, Decimal("1.5"))
    page.temperature_offset.write(image, Decimal(-256))
    page.vcc_offset.write(image, Decimal(100))
    page.tx_power_slope.write(image, Decimal(2))
    page.rx_power_coefficients.write(image, [Decimal(n) for n in ("0", "0", "0.0001220703125", "0.5", "10")])
    seal_sff8472(image)
    module = decoded(image)
    assert held(module.temperature) == 35 * Decimal("1.5") - 1
    assert held(module.vcc) == Decimal("3.31")
    assert all_held(module.tx_power) == [Decimal("1.2")]
    counts = Decimal(5000)
    assert all_held(module.rx_power) == [(counts**2 * Decimal("0.0001220703125") + counts / 2 + 10) / 10000]
    assert held(module.thresholds["temperature_c"].high_alarm) == 75 * Decimal("1.5") - 1
    assert module.temperature.source.where.endswith("(externally calibrated)")


def test_sff8472_coefficient_that_is_no_number_leaves_no_power() -> None:
    image = Sff8472Image().image()
    sff8472.A0.externally_calibrated.write(image, True)
    image.put(A2_LOWER, 56, b"\x7f\xc0\x00\x00")
    assert all_held(decoded(image).rx_power) == [Absence.UNREADABLE]


def test_sff8636_zeros_are_no_temperature_where_the_bit_that_advertises_it_was_not_read() -> None:
    image = Sff8636Image().image()
    image.put(LOWER_MEMORY, 22, b"\0\0")
    assert held(decoded(image).temperature) == 0
    del image.pages[Page(0x00)]
    unread = decoded(image).temperature
    assert isinstance(unread, Missing)
    assert unread.why is Absence.NOT_RECORDED


def test_cmis_list_of_applications_that_goes_on_to_an_unread_page_is_not_known() -> None:
    image = CmisImage().image()
    image.put(LOWER_MEMORY, 86, bytes.fromhex("501c4411") * 8)
    del image.pages[Page(0x01)]
    unread = decoded(image).applications
    assert isinstance(unread, Missing)
    assert unread.why is Absence.NOT_RECORDED


def test_listing_has_each_value_once_and_no_value_for_a_lane_that_is_not_there() -> None:
    image = CmisImage(media_lanes_unsupported=0xF0).image()
    image.put(Page(0x02), 255, b"\x00")
    listed = list(rows(decoded(image)))
    assert len({name for name, *_ in listed}) == len(listed)
    shown = {name: value for name, value, *_ in listed}
    assert shown["tx_power lane 8"] == "- (not advertised (00h:210.7: no such media lane))"
    assert shown["rx_los lane 5"] == "- (not advertised (00h:210.4: no such media lane))"
    assert [name for name in shown if "tx_power" in name and name.startswith("page 11h")] == []
    assert shown["checksum 00 128-221"] == "right"
    assert shown["checksum 02 128-254"] == f"wrong: 0 stored, {sum(image.page(Page(0x02))) & 0xFF} computed"


def test_text_listing_says_value_unit_raw_bytes_and_place() -> None:
    listing = {name: (value, unit, raw, where) for name, value, unit, raw, where in rows(decoded(CmisImage()))}
    assert listing["rx_power lane 1"] == ("1.1", "mW", "0x2af8", "page 11h bytes 186-187")
    assert listing["page 00h: vendor_name"][0] == "SIMULATED"
    assert "800G" in text(decoded(CmisImage(applications=(AdvertisedApplication(0x52, 0x1C, 8, 8, 1, 1),))))


PAGES = st.sampled_from([LOWER_MEMORY, *(Page(number) for number in (0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x13))])
HELD = st.one_of(st.none(), st.binary(min_size=128, max_size=128), st.binary(max_size=128))
IDENTIFIED = st.sampled_from([b"\x19\x50\x00", b"\x18\x30\x00", b"\x11\x08\x00", b"\x0d\x00\x04", b"\x00\x00\x00", b""])


@given(st.dictionaries(PAGES, HELD), IDENTIFIED)
def test_any_pages_decode_without_exception(pages: dict[Page, bytes | None], start: bytes) -> None:
    lower = pages.get(LOWER_MEMORY)
    if start and lower:
        pages[LOWER_MEMORY] = start + lower[len(start) :]
    everything(transceiver(Memory("module", pages)))


@given(st.dictionaries(st.sampled_from([A0_LOWER, A2_LOWER]), HELD, min_size=1), st.booleans())
def test_any_pages_of_an_sfp_decode_without_exception(pages: dict[Page, bytes | None], calibrated: bool) -> None:
    first = pages.get(A0_LOWER)
    if calibrated and first is not None and len(first) == 128:
        pages[A0_LOWER] = first[:92] + b"\x58" + first[93:]
    everything(transceiver(Memory("module", pages)))


@given(st.binary(min_size=1, max_size=64), st.sampled_from([CmisImage(), Sff8636Image()]), st.data())
def test_damage_anywhere_never_raises(noise: bytes, built: CmisImage | Sff8636Image, data: st.DataObject) -> None:
    image = built.image()
    page = data.draw(st.sampled_from(sorted(image.pages)))
    image.put(page, data.draw(st.integers(page.first, page.first + 128 - len(noise))), noise)
    everything(decoded(image))


def test_tables_say_what_was_checked_and_what_was_not() -> None:
    assert {"checked", "not_checked"} <= set(codes.tables().note)
    osfp = codes.identifier(0x19)
    assert osfp is not None
    assert (osfp.short, osfp.management, osfp.host_lanes) == ("OSFP", "CMIS", 8)
    mpo = codes.connector(0x0C)
    assert mpo is not None
    assert (mpo.name, mpo.kind) == ("MPO 1x12", "fiber")
    assert codes.connector(0xEE) is None
    assert codes.host_interface(0xEE) is None
    assert codes.identifier(0xEE) is None
