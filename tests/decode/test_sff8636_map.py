"""The SFF-8636 map, register by register."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.decode import sff8636
from harness.decode.fields import View
from harness.decode.memory import LOWER_MEMORY, Image, Memory, Page
from harness.decode.sff8636 import Lower, Page00, Page01, Page02, Page03, Page20, Page21, Presence
from harness.decode.transceiver import Sff8636Transceiver, transceiver
from harness.reading import Absence, Missing, Reading
from tests.decode.register_rows import Row, gated, holds, rows_of

LOWER: Final = """
identifier | 0 11 | 17
revision | 1 08 | SFF-8636 2.8-2.10
revision_code | 1 ff | 255
flat_memory | 2.2
interrupt_not_asserted | 2.1
data_not_ready | 2.0
tx_los | 3.4 3.5 3.6 3.7 | 00h:195.1
rx_los | 3.0 3.1 3.2 3.3
tx_adaptive_eq_fail | 4.4 4.5 4.6 4.7 | 00h:193.3
tx_fault | 4.0 4.1 4.2 4.3 | 00h:195.3
tx_cdr_lol | 5.4 5.5 5.6 5.7 | 00h:194.5
rx_cdr_lol | 5.0 5.1 5.2 5.3 | 00h:194.4
temperature_high_alarm | 6.7 | 00h:220.5
temperature_low_alarm | 6.6 | 00h:220.5
temperature_high_warning | 6.5 | 00h:220.5
temperature_low_warning | 6.4 | 00h:220.5
tc_ready | 6.1 | 00h:221.1
init_complete | 6.0 | 00h:221.4
vcc_high_alarm | 7.7 | 00h:220.4
vcc_low_alarm | 7.6 | 00h:220.4
vcc_high_warning | 7.5 | 00h:220.4
vcc_low_warning | 7.4 | 00h:220.4
vendor_flags | 8 a5 | a5
rx_power_high_alarm | 9.7 9.3 10.7 10.3
rx_power_low_alarm | 9.6 9.2 10.6 10.2
rx_power_high_warning | 9.5 9.1 10.5 10.1
rx_power_low_warning | 9.4 9.0 10.4 10.0
tx_bias_high_alarm | 11.7 11.3 12.7 12.3
tx_bias_low_alarm | 11.6 11.2 12.6 12.2
tx_bias_high_warning | 11.5 11.1 12.5 12.1
tx_bias_low_warning | 11.4 11.0 12.4 12.0
tx_power_high_alarm | 13.7 13.3 14.7 14.3 | 00h:220.2
tx_power_low_alarm | 13.6 13.2 14.6 14.2 | 00h:220.2
tx_power_high_warning | 13.5 13.1 14.5 14.1 | 00h:220.2
tx_power_low_warning | 13.4 13.0 14.4 14.0 | 00h:220.2
vendor_lane_flags | 19 010203 | 01-02-03
temperature_raw | 22 ff80 | -0.5 °C
vcc_raw | 26 80e8 | 3.3 V
vendor_monitors | 30 01020304 | 01-02-03-04
rx_power_raw | 34 0000000127100001 | 0 mW,0.0001 mW,1 mW,0.0001 mW
tx_bias_raw | 42 00000001c350ffff | 0 mA,0.002 mA,100 mA,NOT_AVAILABLE
tx_power_raw | 50 00012710fffeffff | 0.0001 mW,1 mW,6.5534 mW,NOT_AVAILABLE | 00h:220.2
vendor_lane_monitors | 74 0102030405060708 | 01-02-03-04-05-06-07-08
tx_disable | 86.0 86.1 86.2 86.3 | 00h:195.4
rx_rate_select | 87 e4 | 0,1,2,3 | 00h:195.5
tx_rate_select | 88 1b | 3,2,1,0 | 00h:195.5
rx_application_select | 89 04030201 | 1,2,3,4 | 00h:221.2
software_reset | 93.7 | 00h:221.0
high_power_class_8_enable | 93.3 | | 2.8
high_power_class_enable | 93.2
low_power_set | 93.1
low_power_override | 93.0
tx_application_select | 94 08070605 | 5,6,7,8 | 00h:221.2
tx_cdr_on | 98.4 98.5 98.6 98.7 | 00h:194.7
rx_cdr_on | 98.0 98.1 98.2 98.3 | 00h:194.6
lpmode_txdis_select | 99.1 | 00h:193.6
intl_rxlosl_select | 99.0 | 00h:193.5
tx_los_mask | 100.4 100.5 100.6 100.7
rx_los_mask | 100.0 100.1 100.2 100.3
tx_adaptive_eq_fail_mask | 101.4 101.5 101.6 101.7
tx_fault_mask | 101.0 101.1 101.2 101.3
tx_cdr_lol_mask | 102.4 102.5 102.6 102.7
rx_cdr_lol_mask | 102.0 102.1 102.2 102.3
temperature_high_alarm_mask | 103.7
temperature_low_alarm_mask | 103.6
temperature_high_warning_mask | 103.5
temperature_low_warning_mask | 103.4
vcc_high_alarm_mask | 104.7
vcc_low_alarm_mask | 104.6
vcc_high_warning_mask | 104.5
vcc_low_warning_mask | 104.4
vendor_masks | 105 0102 | 01-02
max_power_class_8 | 107 48 | 7.2 W | 00h:129.5
propagation_delay | 108 0102 | 0.00258 ms
advanced_low_power_code | 110 35 | 3
far_end_managed | 110.3
min_operating_voltage_code | 110 35 | 5
pcie | 111 0102 | 01-02
far_end_implementation | 113 5a | 5
near_end_not_implemented | 113.0 113.1 113.2 113.3
bytes_114_115 | 114 0102 | 01-02
secondary_extended_compliance | 116 40 | 64 | | 2.8
page_select | 127 03 | 3
"""

PAGE_00: Final = """
identifier_copy | 128 11 | 17
power_class_low | 129 9c | 2
power_class_8 | 129.5
clei_present | 129.4
tx_cdr_present | 129.3
rx_cdr_present | 129.2
power_class_high | 129 fe | 2
connector | 130 0c | 12
separable_connector | 130 23 | False
ethernet_compliance | 131 85 | 133
ethernet | 131 84 | extended, see byte 192; 40GBASE-SR4
sonet | 132 0c | bit 3; OC-48 long reach
sas | 133 a0 | 24 Gb/s; 6 Gb/s
gigabit_ethernet | 134 09 | 1000BASE-T; 1000BASE-SX
fc_link_length | 135 8f | very long distance (V); medium distance (M)
fc_technology | 135 fb11 | longwave laser (LC); electrical inter-enclosure (EL); longwave laser (LL); bit 0
fc_media | 137 82 | twin axial pair (TW); multi-mode 50 um (OM3)
fc_speed | 138 09 | 3200 MB/s; 100 MB/s
encoding | 139 05 | 64B/66B
bit_rate_100_mbps | 140 ff | 255
extended_rate_select | 141 03 | version 2; version 1
technology_code | 147 a5 | 10
copper_technology | 147 af | True
optical_technology | 147 9f | True
smf_length | 142 0a | 10000 m
om3_length | 143 32 | 100 m
om2_length | 144 1e | 30 m
om1_length | 145 1e | 30 m | 00h:147
cable_length_raw | 146 03 | 3 m
om4_length | 146 32 | 100 m | 00h:130
media_technology | 147 65 | 1310 nm EML
wavelength_control | 147.3
cooled_transmitter | 147.2
apd_detector | 147.1
tunable_transmitter | 147.0
vendor_name | 148 56454e444f5220202020202020202020 | VENDOR
infiniband | 164 30 | HDR; EDR
vendor_oui | 165 001c73 | 00-1c-73
vendor_pn | 168 504e2d31202020202020202020202020 | PN-1
vendor_rev | 184 4132 | A2
wavelength | 186 6658 | 1310 nm | 00h:147
wavelength_tolerance | 188 0514 | 6.5 nm | 00h:147
case_temperature_max | 190 55 | 85 °C
checksum_base | 191 ab | 171
extended_compliance | 192 41 | 65
lpmode_txdis_selectable | 193.6 | | 2.8
intl_rxlosl_selectable | 193.5 | | 2.8
tx_adaptive_eq_freeze_supported | 193.4 | | 2.8
tx_adaptive_eq_supported | 193.3
tx_fixed_eq_supported | 193.2
rx_emphasis_supported | 193.1
rx_amplitude_supported | 193.0
tx_cdr_control_supported | 194.7
rx_cdr_control_supported | 194.6
tx_cdr_lol_flag | 194.5
rx_cdr_lol_flag | 194.4
rx_squelch_disable_supported | 194.3
rx_output_disable_supported | 194.2
tx_squelch_disable_supported | 194.1
tx_squelch_implemented | 194.0
page_02_present | 195.7
page_01_present | 195.6
rate_select_implemented | 195.5
tx_disable_supported | 195.4
tx_fault_flag | 195.3
tx_squelch_reduces_average | 195.2 | 00h:194.0
tx_los_flag | 195.1
pages_20_21_present | 195.0 | | 2.10
vendor_sn | 196 534e3031323334353637383920202020 | SN0123456789
date_code | 212 3236303130314142 | 260101AB
temperature_monitor | 220.5 | | 2.8
vcc_monitor | 220.4 | | 2.8
rx_power_is_average | 220.3
tx_power_monitor | 220.2
init_complete_flag | 221.4 | | 2.5
extended_rate_selection | 221.3
application_select_table | 221.2
tc_readiness_flag | 221.1 | | 2.8
software_reset_supported | 221.0 | | 2.8
bit_rate_250_mbps | 222 67 | 103
checksum_extended | 223 cd | 205
"""

COPPER_ROWS: Final = """
attenuation_25_78_ghz | 145 16 | 22 dB | 00h:147
attenuation_2_5_ghz | 186 05 | 5 dB | 00h:147
attenuation_5_ghz | 187 07 | 7 dB | 00h:147
attenuation_7_ghz | 188 09 | 9 dB | 00h:147
attenuation_12_9_ghz | 189 0d | 13 dB | 00h:147
"""

PAGE_01: Final = """
checksum | 128 5a | 90
table_length | 129 c3 | 3
"""

PAGE_02: Final = """
clei | 128 434c45493132333435362020 | CLEI123456 | 00h:129.4
"""

PAGE_03: Final = """
temperature | 128 4b00fb0046000000 | 75 °C,-5 °C,70 °C,0 °C
vcc | 144 8dcc74048b6a76c0 | 3.63 V,2.97 V,3.569 V,3.04 V
rx_power | 176 27100001138800ff | 1 mW,0.0001 mW,0.5 mW,0.0255 mW
tx_bias | 184 13880001ffff01f4 | 10 mA,0.002 mA,131.07 mA,1 mA
tx_power | 192 ffff271000000001 | 6.5535 mW,1 mW,0 mW,0.0001 mW | 00h:220.2
tx_eq_max | 224 a6 | 10 | 00h:193.2
rx_emphasis_max | 224 a6 | 6 | 00h:193.1
bytes_225_233 | 225 010203040506070809 | 01-02-03-04-05-06-07-08-09
tx_eq | 234 1234 | 1,2,3,4 | 00h:193.2
rx_emphasis | 236 5678 | 5,6,7,8 | 00h:193.1
rx_amplitude | 238 9abc | 9,10,11,12 | 00h:193.0
rx_squelch_disable | 240.4 240.5 240.6 240.7 | 00h:194.3
tx_squelch_disable | 240.0 240.1 240.2 240.3 | 00h:194.1
rx_output_disable | 241.4 241.5 241.6 241.7 | 00h:194.2
tx_adaptive_eq_enable | 241.0 241.1 241.2 241.3 | 00h:193.3
rx_power_high_alarm_mask | 242.7 242.3 243.7 243.3
rx_power_low_alarm_mask | 242.6 242.2 243.6 243.2
rx_power_high_warning_mask | 242.5 242.1 243.5 243.1
rx_power_low_warning_mask | 242.4 242.0 243.4 243.0
tx_bias_high_alarm_mask | 244.7 244.3 245.7 245.3
tx_bias_low_alarm_mask | 244.6 244.2 245.6 245.2
tx_bias_high_warning_mask | 244.5 244.1 245.5 245.1
tx_bias_low_warning_mask | 244.4 244.0 245.4 245.0
tx_power_high_alarm_mask | 246.7 246.3 247.7 247.3
tx_power_low_alarm_mask | 246.6 246.2 247.6 247.2
tx_power_high_warning_mask | 246.5 246.1 247.5 247.1
tx_power_low_warning_mask | 246.4 246.0 247.4 247.0
reserved_masks | 248 01020304 | 01-02-03-04
"""


def counted(count: int) -> bytes:
    return bytes(number & 0xFF for number in range(1, count + 1))


def raw_row(name: str, byte: int, size: int, each: int = 0) -> str:
    """A row of bytes that stand without a meaning, in groups of ``each``."""
    held, step = counted(size), each or size
    groups = ",".join(held[at : at + step].hex("-") for at in range(0, size, step))
    return f"{name} | {byte} {held.hex()} | {groups}\n"


ROWS: Final = (
    *rows_of(Presence, "revision_code | 1 08 | 8\npaged | !2.2"),
    *rows_of(Lower, LOWER),
    *rows_of(Page00, PAGE_00 + COPPER_ROWS + raw_row("vendor_specific", 224, 32)),
    *rows_of(Page01, PAGE_01 + raw_row("application_table", 130, 126)),
    *rows_of(Page02, PAGE_02 + raw_row("user_eeprom", 128, 128)),
    *rows_of(Page03, PAGE_03),
    *rows_of(Page20, raw_row("flags", 128, 24) + raw_row("values", 152, 48, 2) + raw_row("configuration", 200, 48, 2)),
    *rows_of(Page21, raw_row("thresholds", 128, 128)),
)

ALL_VIEWS: Final[tuple[type[View], ...]] = (Presence, *sff8636.VIEWS)


def complete(technology: int = 0x00) -> Image:
    """A module of revision 2.11 that says that it has everything."""
    image = Image()
    image.put(LOWER_MEMORY, 0, b"\x11\x09\x00")
    page = Page(0x00)
    image.put(page, 128, b"\x11\xfc\x07")
    image.put(page, 147, bytes([technology]))
    image.put(page, 193, b"\xff\xff\xff")
    image.put(page, 220, b"\xff\xff")
    for number in (0x01, 0x02, 0x03, 0x20, 0x21):
        image.page(Page(number))
    return image


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_register_stands_where_the_document_has_it(row: Row) -> None:
    holds(row, complete(0xA0 if row.name.startswith("attenuation") else 0x00))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_register_is_advertised_where_the_document_says(row: Row) -> None:
    assert gated(row) == (row.gate, row.since)


def test_every_register_has_a_row() -> None:
    declared = {f"{view.__name__}.{register.name}" for view in ALL_VIEWS for register in view.registers()}
    assert declared == {str(row) for row in ROWS}
    assert len(ROWS) == len(declared)


GATED: Final = [row for row in ROWS if row.gate and row.name not in ("om1_length", "om4_length")]


@pytest.mark.parametrize("row", [row for row in GATED if row.gate.count(".")], ids=str)
def test_register_that_is_not_advertised_is_missing_with_the_bit(row: Row) -> None:
    image = complete()
    byte, bit = (int(number) for number in row.gate.removeprefix("00h:").split("."))
    held = image.page(Page(0x00))[byte - 128]
    image.put(Page(0x00), byte, bytes([held & ~(1 << bit)]))
    image.put(row.view.page, row.byte, b"\xff" * (1 if row.bits else len(row.raw)))
    read = row.register.read(row.view(image.memory("module")))
    for lane in read if isinstance(read, tuple) else (read,):
        assert isinstance(lane, Missing)
        assert (lane.why, lane.detail) == (Absence.NOT_ADVERTISED, row.gate)


@pytest.mark.parametrize(
    ("technology", "present", "absent"),
    [(0x60, "wavelength", "attenuation_5_ghz"), (0xB0, "attenuation_5_ghz", "wavelength")],
    ids=["an optical module has a wavelength", "a copper cable attenuates"],
)
def test_technology_decides_what_a_byte_means(technology: int, present: str, absent: str) -> None:
    image = complete(technology)
    image.put(Page(0x00), 186, b"\x66\x58")
    page = Page00(image.memory("module"))
    assert isinstance(getattr(page, present), Reading)
    assert isinstance(getattr(page, absent), Missing)


def test_case_temperature_of_zero_is_seventy_degrees() -> None:
    read = Page00(complete().memory("module")).case_temperature_max
    assert isinstance(read, Reading)
    assert (str(read), read.source.raw) == ("70 °C", "0x00")


@pytest.mark.parametrize(
    ("code", "beyond"),
    [(0, True), (1, True), (6, True), (7, True), (8, False), (9, False), (0x0A, False), (0xFF, False)],
)
def test_register_of_revision_2_8_is_beyond_an_older_code(code: int, beyond: bool) -> None:
    image = complete()
    image.put(LOWER_MEMORY, 1, bytes([code]))
    read = Page00(image.memory("module")).software_reset_supported
    assert isinstance(read, Missing) is beyond
    if isinstance(read, Missing):
        assert (read.why, read.detail) == (Absence.BEYOND_REVISION, "since SFF-8636 2.8")
        assert read.source.where == "lower memory byte 1"


@pytest.mark.parametrize(("code", "why"), [(7, None), (8, Absence.NOT_ADVERTISED), (0x80, None)])
def test_flag_of_the_temperature_is_refused_only_by_a_revision_that_has_the_bit(code: int, why: Absence | None) -> None:
    image = complete()
    image.put(LOWER_MEMORY, 1, bytes([code]))
    image.put(LOWER_MEMORY, 6, b"\x80")
    image.put(Page(0x00), 220, b"\x00")
    read = Lower(image.memory("module")).temperature_high_alarm
    assert (read.why if isinstance(read, Missing) else None) is why


@pytest.mark.parametrize(
    ("page", "byte", "bit"),
    [(Page01, 195, 6), (Page02, 195, 7), (Page20, 195, 0), (Page21, 195, 0)],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_page_that_is_not_advertised_is_not_read(page: type[View], byte: int, bit: int) -> None:
    image = complete()
    image.put(page.page, 128, b"\x55" * 128)
    open_page = page(image.memory("module"))
    assert all(not isinstance(register.read(open_page), Missing) for register in page.registers())
    image.put(Page(0x00), byte, bytes([0xFF & ~(1 << bit)]))
    closed = page(image.memory("module")).gone()
    assert closed is not None
    assert (closed.why, closed.detail) == (Absence.NOT_ADVERTISED, f"00h:{byte}.{bit}")


def test_flat_memory_denies_every_page_beyond_00h() -> None:
    image = complete()
    image.put(LOWER_MEMORY, 2, b"\x04")
    for page in (Page01, Page02, Page03, Page20, Page21):
        refused = page(image.memory("module")).gone()
        assert refused is not None
        assert refused.detail == "lower:2.2"


def test_lane_that_the_near_end_does_not_have_has_no_monitor_and_no_flag() -> None:
    image = complete()
    image.put(LOWER_MEMORY, 113, b"\x0c")
    image.put(LOWER_MEMORY, 34, b"\x27\x10" * 12)
    module = transceiver(image.memory("module"))
    for lanes in (module.rx_power, module.tx_bias, module.tx_power, module.flags["rx_los"]):
        assert [isinstance(lane, Missing) for lane in lanes] == [False, False, True, True]
    third = module.rx_power[2]
    assert isinstance(third, Missing)
    assert third.detail == "lower:113.2: no such lane"
    image.put(LOWER_MEMORY, 113, b"\x0f")
    assert all(isinstance(lane, Reading) for lane in transceiver(image.memory("module")).rx_power)


def test_what_a_host_may_write_and_what_a_read_clears_is_said_of_each_page() -> None:
    assert {86, 98, 100, 106, 119, 127} <= Lower.writable
    assert not {0, 22, 85, 107, 113} & Lower.writable
    assert Lower.write_only == frozenset(range(119, 127))
    assert Lower.clears == frozenset(range(3, 22))
    assert not Page00.writable and not Page21.writable
    assert Page02.writable == frozenset(range(128, 256))
    assert {234, 241, 247} <= Page03.writable and 128 not in Page03.writable


@given(
    st.dictionaries(
        st.sampled_from([LOWER_MEMORY, *(Page(number) for number in (0, 1, 2, 3, 0x20, 0x21))]),
        st.one_of(st.none(), st.binary(max_size=128)),
    )
)
def test_no_register_raises_whatever_the_bytes_are(pages: dict[Page, bytes | None]) -> None:
    memory = Memory("module", pages)
    for view in ALL_VIEWS:
        for register in view.registers():
            register.read(view(memory))
    module = Sff8636Transceiver(memory)
    assert len(module.flags["rx_los"]) == len(module.rx_power) == 4
