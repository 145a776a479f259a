"""The SFF-8472 map, register by register, and its external calibration."""

from __future__ import annotations

import struct
from decimal import Decimal
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.decode import sff8472
from harness.decode.fields import View
from harness.decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, Image, Memory, Page
from harness.decode.sff8472 import A0, A2, A0Reserved, A2Page00, A2Page01, A2Page02
from harness.decode.transceiver import Sff8472Transceiver, transceiver
from harness.reading import Absence, Missing, Reading, Value
from tests.decode.register_rows import Row, gated, holds, rows_of

A0_ROWS: Final = """
identifier | 0 03 | 3
extended_identifier | 1 04 | 4
extended_identifier_word | 1 04 | two-wire interface ID only
connector | 2 07 | 7
separable_connector | 2 21 | False
ethernet_10g_compliance | 3 90 | 144
ethernet_10g | 3 9f | 10GBASE-ER; 10GBASE-SR
infiniband | 3 f9 | 1X SX; 1X copper passive
escon | 4 bf | MMF, 1310 nm LED
sonet | 4 e041 | OC-192 short reach; OC-12 single mode, long reach; OC-3 short reach
ethernet | 6 88 | BASE-PX; 1000BASE-T
fc_link_length | 7 8f | very long distance (V); medium distance (M)
fc_technology | 7 fc1c | shortwave laser, linear Rx (SA); longwave laser (LL)
active_cable | 8.3
passive_cable | 8.2
copper_cable | 8 f3 | False
optical_module | 8 f3 | True
fc_media | 9 81 | twin axial pair (TW); single mode (SM)
fc_speed | 10 0a | 3200 MB/s; see byte 62
encoding | 11 05 | SONET scrambled
bit_rate_100_mbps | 12 67 | 103
bit_rate_in_byte_66 | 12 ff | True
bit_rate_in_byte_12 | 12 ff | False
rate_identifier | 13 0e | 10/8G, Rx and Tx, retimer or CDR
smf_length_km | 14 0a | 10000 m | A0h:8
smf_length | 15 64 | 10000 m | A0h:8
om2_length | 16 08 | 80 m
om1_length | 17 03 | 30 m
cable_length_raw | 18 05 | 5 m
om4_length | 18 28 | 400 m | A0h:2
om3_length | 19 1e | 300 m
vendor_name | 20 56454e444f5220202020202020202020 | VENDOR
extended_compliance | 36 02 | 2
vendor_oui | 37 009065 | 00-90-65
vendor_pn | 40 504e2d31202020202020202020202020 | PN-1
vendor_rev | 56 41202020 | A
wavelength | 60 0352 | 850 nm | A0h:8
fc_speed_64g | 62.0
checksum_base | 63 ab | 171
power_level_4 | 64.6
power_level_3 | 64.5
power_level_above_1 | 64 9d | False
paging | 64.4
retimer | 64.3
cooled_transmitter | 64.2
power_level_2 | 64.1
linear_receiver | 64.0
laser_temperature_monitored | 64 fbbf | False
receiver_decision_threshold | 65.7
tunable_transmitter | 65.6
rate_select_implemented | 65.5
tx_disable_implemented | 65.4
tx_fault_implemented | 65.3
rx_los_inverted | 65.2
rx_los_implemented | 65.1
bit_rate_margin_max | 66 14 | 20 % | A0h:12
bit_rate_margin_min | 67 0a | 10 % | A0h:12
vendor_sn | 68 534e3031323334353637383920202020 | SN0123456789
date_code | 84 3236303130314142 | 260101AB
legacy_diagnostics | 92.7
diagnostics_implemented | 92.6
internally_calibrated | 92.5
externally_calibrated | 92.4
not_externally_calibrated | !92.4
rx_power_is_average | 92.3
address_change_required | 92.2
flags_implemented | 93.7
soft_tx_disable_implemented | 93.6
soft_tx_fault_implemented | 93.5
soft_rx_los_implemented | 93.4
soft_rate_select_implemented | 93.3
application_select_implemented | 93.2
soft_rs1_implemented | 93.1
revision | 94 08 | SFF-8472 12.3
revision_code | 94 08 | 8
checksum_extended | 95 cd | 205
"""

A0_OTHER_USE: Final = """
attenuation_12_9_ghz | 14 0c | 12 dB | A0h:8
attenuation_25_78_ghz | 15 16 | 22 dB | A0h:8
cable_compliance | 60 05 | SFF-8431 limiting; SFF-8431 appendix E | A0h:8
bit_rate_250_mbps | 66 67 | 103 | A0h:12
bit_rate_margin | 67 05 | 5 % | A0h:12
"""

COOLED: Final = "A0h:64-65"

A2_ROWS: Final = f"""
tx_adaptive_eq_fail_flag | 58.0 | A0h:92.4 | 12.4
temperature_thresholds_raw | 0 5000ec004b00f100 | 80 °C,-20 °C,75 °C,-15 °C
vcc_thresholds_raw | 8 8dcc740487f07a12 | 3.63 V,2.97 V,3.48 V,3.125 V
tx_bias_thresholds_raw | 16 138803e8109a05dc | 10 mA,2 mA,8.5 mA,3 mA
tx_power_thresholds_raw | 24 27100001138800ff | 1 mW,0.0001 mW,0.5 mW,0.0255 mW
rx_power_thresholds_raw | 32 2710000113880000 | 1 mW,0.0001 mW,0.5 mW,0 mW
laser_temperature_thresholds | 40 5000ec004b00f100 | 80 °C,-20 °C,75 °C,-15 °C | {COOLED}
tec_current_thresholds | 48 03e8fc180064ff9c | 100 mA,-100 mA,10 mA,-10 mA | {COOLED}
rate_select_pins_ignored | 56.4 | A0h:92.4 | 12.4
tx_squelch_code | 56 f8 | 2 | A0h:92.4 | 12.4
tx_force_squelch_supported | 56.1 | A0h:92.4 | 12.4
tx_squelch_disable_supported | 56.0 | A0h:92.4 | 12.4
rx_force_squelch_supported | 57.1 | A0h:92.4 | 12.4
rx_squelch_disable_supported | 57.0 | A0h:92.4 | 12.4
tx_eq_store_recall_code | 60 f7 | 2 | A0h:92.4 | 12.4
tx_eq_freeze_supported | 60.2 | A0h:92.4 | 12.4
tx_adaptive_eq_supported | 60.1 | A0h:92.4 | 12.4
tx_manual_eq_supported | 60.0 | A0h:92.4 | 12.4
tx_adaptive_eq_settling | 61 1e | 3000 ms | A0h:92.4 | 12.4
rx_output_eq_code | 62 f7 | 2 | A0h:92.4 | 12.4
rx_output_eq_control_code | 62 fd | 2 | A0h:92.4 | 12.4
rx_amplitude_supported | 62.0 | A0h:92.4 | 12.4
rx_amplitude_codes | 63 a6 | 10 | A0h:92.4 | 12.4
tx_eq_max_code | 63 a6 | 6 | A0h:92.4 | 12.4
rx_post_cursor_max_code | 64 a6 | 10 | A0h:92.4 | 12.4
rx_pre_cursor_max_code | 64 a6 | 6 | A0h:92.4 | 12.4
max_power_consumption | 66 19 | 2.5 W | A0h:92.4 | 12.4
secondary_extended_compliance | 67 40 | 64 | A0h:92.4 | 12.4
checksum | 95 cd | 205
temperature_raw | 96 ff80 | -0.5 °C
vcc_raw | 98 80e8 | 3.3 V
tx_bias_raw | 100 0dac | 7 mA
tx_power_raw | 102 1770 | 0.6 mW
rx_power_raw | 104 0000 | 0 mW
laser_temperature | 106 2d80 | 45.5 °C | {COOLED}
tec_current | 108 fff6 | -1 mA | {COOLED}
tx_disable_pin | 110.7
soft_tx_disable | 110.6 | A0h:93.6
rs1_pin | 110.5
rs0_pin | 110.4
soft_rs0 | 110.3 | A0h:93.3
tx_fault | 110.2 | A0h:93.5
rx_los | 110.1 | A0h:93.4
data_not_ready | 110.0
byte_111 | 111 a5 | a5
temperature_high_alarm | 112.7 | A0h:93.7
temperature_low_alarm | 112.6 | A0h:93.7
vcc_high_alarm | 112.5 | A0h:93.7
vcc_low_alarm | 112.4 | A0h:93.7
tx_bias_high_alarm | 112.3 | A0h:93.7
tx_bias_low_alarm | 112.2 | A0h:93.7
tx_power_high_alarm | 112.1 | A0h:93.7
tx_power_low_alarm | 112.0 | A0h:93.7
rx_power_high_alarm | 113.7 | A0h:93.7
rx_power_low_alarm | 113.6 | A0h:93.7
laser_temperature_high_alarm | 113.5 | {COOLED}
laser_temperature_low_alarm | 113.4 | {COOLED}
tec_current_high_alarm | 113.3 | {COOLED}
tec_current_low_alarm | 113.2 | {COOLED}
tx_input_eq_high_rate_code | 114 a6 | 10
tx_input_eq_low_rate_code | 114 a6 | 6
rx_emphasis_high_rate_code | 115 a6 | 10
rx_emphasis_low_rate_code | 115 a6 | 6
temperature_high_warning | 116.7 | A0h:93.7
temperature_low_warning | 116.6 | A0h:93.7
vcc_high_warning | 116.5 | A0h:93.7
vcc_low_warning | 116.4 | A0h:93.7
tx_bias_high_warning | 116.3 | A0h:93.7
tx_bias_low_warning | 116.2 | A0h:93.7
tx_power_high_warning | 116.1 | A0h:93.7
tx_power_low_warning | 116.0 | A0h:93.7
rx_power_high_warning | 117.7 | A0h:93.7
rx_power_low_warning | 117.6 | A0h:93.7
laser_temperature_high_warning | 117.5 | {COOLED}
laser_temperature_low_warning | 117.4 | {COOLED}
tec_current_high_warning | 117.3 | {COOLED}
tec_current_low_warning | 117.2 | {COOLED}
tx_adaptive_eq_fail | 118.4 | A2h:58.0
soft_rs1 | 118.3 | A0h:93.1
power_level_4_enable | 118.2 | A0h:64.6
power_level_state | 118.1 | A0h:64
power_level_select | 118.0 | A0h:64
tx_pam4 | 119.4 | A0h:62.0
rx_pam4 | 119.3 | A0h:62.0
mode_64gfc | 119.2 | A0h:62.0
tx_cdr_unlocked | 119.1 | A0h:64.3
rx_cdr_unlocked | 119.0 | A0h:64.3
vendor_specific | 120 010203 | 01-02-03
page_select | 127 02 | 2 | A0h:64.4
"""

CALIBRATION: Final = """
rx_power_coefficients | 56 3f800000c0000000000000003b000000447a0000 | 1,-2,0,0.001953125,1000 | A0h:92.4
tx_bias_slope | 76 0180 | 1.5 | A0h:92.4
tx_bias_offset | 78 ff00 | -256 | A0h:92.4
tx_power_slope | 80 0001 | 0.00390625 | A0h:92.4
tx_power_offset | 82 0100 | 256 | A0h:92.4
temperature_slope | 84 ffff | 255.99609375 | A0h:92.4
temperature_offset | 86 8000 | -32768 | A0h:92.4
vcc_slope | 88 0100 | 1 | A0h:92.4
vcc_offset | 90 7fff | 32767 | A0h:92.4
"""


def raw_row(name: str, byte: int, size: int) -> str:
    """A row of bytes that stand without a meaning."""
    held = bytes(range(1, size + 1))
    return f"{name} | {byte} {held.hex()} | {held.hex('-')}\n"


MEMORY_ROWS: Final = raw_row("user_eeprom", 128, 120) + raw_row("vendor_control", 248, 8)

ROWS: Final = (
    *rows_of(A0, A0_ROWS + A0_OTHER_USE + raw_row("vendor_specific", 96, 32)),
    *rows_of(A0Reserved, raw_row("reserved", 128, 128)),
    *rows_of(A2, A2_ROWS + CALIBRATION + raw_row("bytes_56_91", 56, 36)),
    *rows_of(A2Page00, MEMORY_ROWS),
    *rows_of(A2Page01, MEMORY_ROWS),
    *rows_of(A2Page02, raw_row("tuning", 128, 128)),
)

PAGES: Final = (A2_UPPER, *(Page(number, device=0xA2, sfp=True) for number in (1, 2)))


def complete(*, copper: bool = False, external: bool = False, wide: bool = False, tunable: bool = False) -> Image:
    """A module of revision 12.4 that says that it has everything that can be had at once."""
    image = Image()
    image.put(A0_LOWER, 0, b"\x03\x04\x07")
    image.put(A0_LOWER, 8, b"\x04" if copper else b"\x00")
    image.put(A0_LOWER, 12, b"\xff" if wide else b"\x67")
    image.put(A0_LOWER, 62, b"\x01")
    image.put(A0_LOWER, 64, b"\x7e\x7e" if tunable else b"\x7e\x3e")
    image.put(A0_LOWER, 92, b"\x58" if external else b"\x68")
    image.put(A0_LOWER, 93, b"\xff\x09")
    image.page(A0_UPPER)
    image.put(A2_LOWER, 58, b"\x01")
    for page in PAGES:
        image.page(page)
    return image


def base_for(row: Row) -> Image:
    if row.view is A2Page02:
        return complete(tunable=True)
    if str(row).removeprefix("A2.") in CALIBRATION and row.view is A2:
        return complete(external=True)
    other = row.view is A0 and row.name in A0_OTHER_USE
    return complete(copper=other and not row.name.startswith("bit_rate"), wide=other)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_register_stands_where_the_document_has_it(row: Row) -> None:
    holds(row, base_for(row))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_register_is_advertised_where_the_document_says(row: Row) -> None:
    assert gated(row) == (row.gate, row.since)


def test_every_register_has_a_row() -> None:
    declared = {f"{view.__name__}.{register.name}" for view in sff8472.VIEWS for register in view.registers()}
    assert declared == {str(row) for row in ROWS}
    assert len(ROWS) == len(declared)


BITS: Final = [row for row in ROWS if row.gate.count(".") and row.gate not in ("A0h:92.4", "A2h:58.0")]


@pytest.mark.parametrize("row", BITS, ids=str)
def test_register_that_is_not_advertised_is_missing_with_the_bit(row: Row) -> None:
    image = base_for(row)
    byte, bit = (int(number) for number in row.gate.removeprefix("A0h:").split("."))
    image.put(A0_LOWER, byte, bytes([image.page(A0_LOWER)[byte] & ~(1 << bit)]))
    image.put(row.view.page, row.byte, b"\xff" * (1 if row.bits else len(row.raw)))
    read = row.register.read(row.view(image.memory("module")))
    assert isinstance(read, Missing)
    assert (read.why, read.detail) == (Absence.NOT_ADVERTISED, row.gate)


def test_same_bytes_are_constants_or_features_by_the_calibration() -> None:
    for external, absent, present in (
        (True, ("max_power_consumption", "tx_squelch_code"), "temperature_slope"),
        (False, ("temperature_slope", "vcc_offset"), "max_power_consumption"),
    ):
        image = complete(external=external)
        image.put(A2_LOWER, 56, b"\x01" * 36)
        page = A2(image.memory("module"))
        assert isinstance(getattr(page, present), Reading)
        for name in absent:
            read = getattr(page, name)
            assert isinstance(read, Missing)
            assert (read.why, read.detail) == (Absence.NOT_ADVERTISED, "A0h:92.4")


@pytest.mark.parametrize(("code", "beyond"), [(0, True), (3, True), (8, True), (9, False), (0x0A, False)])
def test_enhanced_features_are_beyond_a_module_that_states_an_older_revision(code: int, beyond: bool) -> None:
    image = complete()
    image.put(A0_LOWER, 94, bytes([code]))
    image.put(A2_LOWER, 66, b"\x19")
    read = A2(image.memory("module")).max_power_consumption
    assert isinstance(read, Missing) is beyond
    if isinstance(read, Missing):
        assert (read.why, read.detail) == (Absence.BEYOND_REVISION, "since SFF-8472 12.4")


def test_cooled_transmitter_has_a_laser_temperature_unless_it_is_tuned() -> None:
    image = complete()
    image.put(A2_LOWER, 106, b"\x2d\x80\x00\x0a")
    module = transceiver(image.memory("module"))
    assert {name: str(value) for name, value in module.aux_monitors.items()} == {
        "laser_temperature_c": "45.5 °C",
        "tec_current_ma": "1 mA",
    }
    assert {"laser_temperature_c", "tec_current_ma"} <= set(module.thresholds)
    assert "tec_current_low_warning" in module.module_flags
    tuned = transceiver(complete(tunable=True).memory("module"))
    assert tuned.aux_monitors == {}
    assert isinstance(A2(tuned.memory).laser_temperature, Missing)
    assert "laser_temperature_c" not in tuned.thresholds
    assert "tec_current_low_warning" not in tuned.module_flags


@pytest.mark.parametrize(
    ("page", "byte", "bit"), [(A2Page01, 64, 4), (A2Page02, 64, 4), (A2Page02, 65, 6)], ids=["01", "02", "02 tuned"]
)
def test_page_of_a2h_that_is_not_advertised_is_not_read(page: type[View], byte: int, bit: int) -> None:
    image = complete(tunable=True)
    assert page(image.memory("module")).gone() is None
    image.put(A0_LOWER, byte, bytes([image.page(A0_LOWER)[byte] & ~(1 << bit)]))
    refused = page(image.memory("module")).gone()
    assert refused is not None
    assert (refused.why, refused.detail) == (Absence.NOT_ADVERTISED, f"A0h:{byte}.{bit}")


@pytest.mark.parametrize(
    ("bits", "level", "watts"),
    [(0x00, 1, "1"), (0x02, 2, "1.5"), (0x20, 3, "2"), (0x22, 3, "2"), (0x60, 4, "2.5"), (0x62, 4, "2.5")],
)
def test_power_level_is_the_highest_that_is_declared(bits: int, level: int, watts: str) -> None:
    image = complete()
    image.put(A0_LOWER, 64, bytes([bits]))
    image.put(A2_LOWER, 66, b"\x19")
    module = transceiver(image.memory("module"))
    assert isinstance(module.power_class, Reading) and isinstance(module.max_power, Reading)
    assert (module.power_class.value, module.max_power.value) == (level, Decimal(watts))


def calibrated(temperature: tuple[int, int], vcc: tuple[int, int], bias: tuple[int, int], tx: tuple[int, int]) -> Image:
    """An externally calibrated module: slopes in 1/256 and offsets in counts."""
    image = complete(external=True)
    image.put(A2_LOWER, 76, struct.pack(">HhHhHhHh", *bias, *tx, *temperature, *vcc))
    return image


def number(value: Value[Decimal]) -> Decimal:
    assert isinstance(value, Reading), value
    return value.value


@given(
    st.lists(st.tuples(st.integers(1, 0xFFFF), st.integers(-0x8000, 0x7FFF)), min_size=4, max_size=4),
    st.lists(st.integers(1, 0xFFFE).filter(lambda raw: raw != 0x8000), min_size=4, max_size=4),
)
def test_calibrated_monitor_is_slope_times_counts_plus_offset_exactly(
    constants: list[tuple[int, int]], counts: list[int]
) -> None:
    image = calibrated(*constants)
    image.put(A2_LOWER, 96, struct.pack(">HHHH", *counts))
    image.put(A2_LOWER, 0, struct.pack(">H", counts[0]))
    module = transceiver(image.memory("module"))
    signed = counts[0] - 0x10000 if counts[0] >= 0x8000 else counts[0]
    steps = (Fraction(1, 256), Fraction(1, 10000), Fraction(2, 1000), Fraction(1, 10000))
    expected = [
        (Fraction(slope, 256) * raw + offset) * step
        for (slope, offset), raw, step in zip(constants, [signed, *counts[1:]], steps, strict=True)
    ]
    found = [module.temperature, module.vcc, module.tx_bias[0], module.tx_power[0]]
    assert [Fraction(number(value)) for value in found] == expected
    assert Fraction(number(module.thresholds["temperature_c"].high_alarm)) == expected[0]


SINGLE: Final = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(st.lists(SINGLE, min_size=5, max_size=5).filter(lambda each: any(each[:4])), st.integers(0, 0xFFFE))
def test_calibrated_received_power_is_the_polynomial_to_the_last_digit(coefficients: list[float], counts: int) -> None:
    image = complete(external=True)
    image.put(A2_LOWER, 56, struct.pack(">5f", *coefficients))
    image.put(A2_LOWER, 104, struct.pack(">H", counts))
    image.put(A2_LOWER, 32, struct.pack(">H", counts))
    module = transceiver(image.memory("module"))
    fourth_to_zeroth = zip(coefficients, (4, 3, 2, 1, 0), strict=True)
    expected = sum((Fraction(one) * counts**power for one, power in fourth_to_zeroth), Fraction(0)) / 10000
    assert Fraction(number(module.rx_power[0])) == expected
    assert Fraction(number(module.thresholds["rx_power_mw"].high_alarm)) == expected


def test_constants_that_were_never_written_calibrate_nothing() -> None:
    image = complete(external=True)
    image.put(A2_LOWER, 56, bytes(36))
    image.put(A2_LOWER, 72, struct.pack(">f", 1000))  # the constant alone makes one power of whatever comes in
    module = transceiver(image.memory("module"))
    every = (module.temperature, module.vcc, *module.tx_bias, *module.tx_power, *module.rx_power)
    names = ("temperature_c", "vcc_v", "tx_power_mw", "rx_power_mw", "tx_bias_ma")
    limits = (module.thresholds[name].high_alarm for name in names)
    for value in (*every, *limits):
        assert isinstance(value, Missing), value
        assert value.why is Absence.NOT_AVAILABLE


@pytest.mark.parametrize("raw", ["7fc00000", "7f800000", "ff800000"], ids=["NaN", "infinity", "minus infinity"])
def test_coefficient_that_is_no_number_leaves_no_received_power(raw: str) -> None:
    image = complete(external=True)
    image.put(A2_LOWER, 68, bytes.fromhex(raw))
    read = transceiver(image.memory("module")).rx_power[0]
    assert isinstance(read, Missing)
    assert read.why is Absence.UNREADABLE


def test_what_a_host_may_write_is_said_of_each_page() -> None:
    assert {110, 114, 118, 123, 126, 127} <= A2.writable and not {96, 112, 0, 95} & A2.writable
    assert A2.write_only == frozenset(range(123, 127))
    assert not A0.writable
    assert A2Page00.writable == A2Page01.writable == frozenset(range(128, 248))


@given(
    st.dictionaries(st.sampled_from([A0_LOWER, A0_UPPER, A2_LOWER, *PAGES]), st.none() | st.binary(max_size=128)),
    st.binary(min_size=4, max_size=4),
)
def test_no_register_raises_whatever_the_bytes_are(pages: dict[Page, bytes | None], options: bytes) -> None:
    first = pages.get(A0_LOWER)
    if first is not None and len(first) > 95:
        pages[A0_LOWER] = first[:92] + options + first[96:]
    memory = Memory("module", pages)
    for view in sff8472.VIEWS:
        for register in view.registers():
            register.read(view(memory))
    module = Sff8472Transceiver(memory)
    assert len(module.rx_power) == 1
    assert module.temperature is not None and module.thresholds and module.aux_monitors is not None
