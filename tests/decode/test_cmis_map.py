"""Every register of CMIS against the document: byte, width, bit, sign, step, unit and words, on bytes.

The tables follow the order of the document and are written down apart from the declarations. Every row is read twice,
with the rest of its page zeros and then ones, so that a register that is too wide or stands elsewhere does not pass;
and is written into a blank page and read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from harness.decode import cmis
from harness.decode.fields import Field, Lanes, Parts, Register
from harness.decode.memory import LOWER_MEMORY, Image, Page
from harness.reading import Missing, Reading, Value, shown
from harness.units import plain


@dataclass(frozen=True)
class Row:
    """What stands in some bytes of a page; ``raw`` starts at ``byte`` and leaves other bits of its bytes to chance."""

    view: str
    name: str
    byte: int
    raw: str
    value: str
    revision: int = 0x54

    @property
    def says(self) -> str:
        return f"{self.view}.{self.name} at byte {self.byte}: {self.raw} is {self.value}"


def bits(view: str, byte: int, names: str, *, inverted: str = "") -> Iterator[Row]:
    """The eight bits of a byte as the document lists them, bit 7 first; a dash is none of ours."""
    listed = names.split()
    assert len(listed) == 8, (view, byte, len(listed))
    for position, name in enumerate(listed):
        if name != "-":
            mask = 0x80 >> position
            yes, no = ("no", "yes") if name == inverted or name in inverted.split() else ("yes", "no")
            yield Row(view, name, byte, f"{mask:02x}", yes)
            yield Row(view, name, byte, f"{0xFF - mask:02x}", no)


def lanes(view: str, byte: int, names: str) -> Iterator[Row]:
    """Bitmaps of lanes in bytes that follow each other, lane 1 in bit 0; a dash is a byte of none of ours."""
    for number, name in enumerate(names.split()):
        if name != "-":
            yield Row(view, name, byte + number, "81", "yes no no no no no no yes")
            yield Row(view, name, byte + number, "16", "no yes yes no yes no no no")


def per_lane(view: str, byte: int, names: str, count: int = 8, stride: int = 1) -> Iterator[Row]:
    """One byte for every lane with the same bits in each, bit 7 first: set in lane 2 and in the last."""
    for position, name in enumerate(names.split()):
        if name != "-":
            raw = bytearray(stride * (count - 1) + 1)
            raw[stride] = raw[-1] = 0x80 >> position
            said = ["no", "yes", *["no"] * (count - 3), "yes"]
            yield Row(view, name, byte, raw.hex(), " ".join(said))


def number(view: str, name: str, byte: int, at: str, held: int, value: str = "", revision: int = 0x54) -> Iterator[Row]:
    """A number in some bits of a byte, with the bits beside it clear and then set; ``value`` where it is not itself."""
    high, low = (int(bit) for bit in at.split("-"))
    mask = (1 << (high + 1)) - (1 << low)
    assert held << low & ~mask == 0, (view, name)
    for beside in (0x00, 0xFF):
        yield Row(view, name, byte, f"{held << low | beside & ~mask:02x}", value or str(held), revision)


def codes(view: str, name: str, byte: int, words: str, at: str = "7-0", revision: int = 0x54) -> Iterator[Row]:
    """A code table: one word for every number from 0, split by a bar."""
    for held, word in enumerate(words.split("|")):
        yield from number(view, name, byte, at, held, word.strip(), revision)


RESERVED = "<reserved code>"
NONE = "<reported as not available>"
BEYOND = "<beyond this revision>"

DURATIONS = (
    "< 1 ms|< 5 ms|< 10 ms|< 50 ms|< 100 ms|< 500 ms|< 1 s|< 5 s|< 10 s|< 1 min|< 5 min|< 10 min|< 50 min|>= 50 min"
    f"|{RESERVED}|{RESERVED}"
)
PATTERNS = (
    "PRBS31Q|PRBS31|PRBS23Q|PRBS23|PRBS15Q|PRBS15|PRBS13Q|PRBS13|PRBS9Q|PRBS9|PRBS7Q|PRBS7|SSPRQ"
    f"|{RESERVED}|custom|user pattern"
)
STATES = "Deactivated Init Deinit Activated TxTurnOn TxTurnOff Initialized"
DP_STATES = " ".join(f"DP{state}" for state in STATES.split())
NP_STATES = " ".join(f"NP{state}" for state in STATES.split())


# ---------------------------------------------------------------------------------------------- lower memory, 8.2

LOWER = [
    Row("Lower", "identifier", 0, "19", "25"),
    Row("Lower", "revision", 1, "53", "5.3"),
    *bits("Lower", 2, "flat_memory stepped_config_only - - - - - -"),
    *codes("Lower", "i2c_speed", 2, f"400 kHz|1000 kHz|3400 kHz|{RESERVED}", at="5-2"),
    Row("Lower", "i2c_speed", 2, "20", RESERVED),
    Row("Lower", "i2c_speed", 2, "04", BEYOND, 0x52),
    *codes("Lower", "i2c_speed_before_5_3", 2, "400 kHz|1000 kHz|3400 kHz", at="3-2", revision=0x52),
    Row("Lower", "i2c_speed_before_5_3", 2, "34", "1000 kHz", 0x40),
    Row("Lower", "i2c_speed_before_5_3", 2, "04", BEYOND, 0x53),
    *codes("Lower", "auto_commissioning", 2, f"none|regular|hot|{RESERVED}", at="1-0"),
    Row("Lower", "auto_commissioning", 2, "01", BEYOND, 0x52),
    *codes(
        "Lower",
        "module_state",
        3,
        f"{RESERVED}|ModuleLowPwr|ModulePwrUp|ModuleReady|ModulePwrDn|ModuleFault|{RESERVED}|{RESERVED}",
        at="3-1",
    ),
    *bits("Lower", 3, "- - - - - - - interrupt_deasserted"),
    *per_lane(
        "Lower",
        4,
        "- - - - page_2c_flags_of_bank page_14_flags_of_bank page_12_flags_of_bank page_11_flags_of_bank",
        count=4,
    ),
    *bits(
        "Lower",
        8,
        "cdb_complete_2 cdb_complete_1 - - abnormal_firmware data_path_firmware_error module_firmware_error "
        "module_state_changed",
    ),
    Row("Lower", "abnormal_firmware", 8, "08", BEYOND, 0x53),
    *bits(
        "Lower",
        9,
        "vcc_low_warning vcc_high_warning vcc_low_alarm vcc_high_alarm temperature_low_warning "
        "temperature_high_warning temperature_low_alarm temperature_high_alarm",
    ),
    *bits(
        "Lower",
        10,
        "aux2_low_warning aux2_high_warning aux2_low_alarm aux2_high_alarm aux1_low_warning aux1_high_warning "
        "aux1_low_alarm aux1_high_alarm",
    ),
    *bits(
        "Lower",
        11,
        "custom_low_warning custom_high_warning custom_low_alarm custom_high_alarm aux3_low_warning "
        "aux3_high_warning aux3_low_alarm aux3_high_alarm",
    ),
    Row("Lower", "custom_flags", 13, "a1", "a1"),
    Row("Lower", "temperature", 14, "1980", "25.5 °C"),
    Row("Lower", "temperature", 14, "ff00", "-1 °C"),
    Row("Lower", "temperature", 14, "8000", NONE),
    Row("Lower", "vcc", 16, "80e8", "3.3 V"),
    Row("Lower", "vcc", 16, "0000", NONE),
    Row("Lower", "aux1_raw", 18, "8001", "32769"),
    Row("Lower", "aux2_raw", 20, "8002", "32770"),
    Row("Lower", "aux3_raw", 22, "8003", "32771"),
    Row("Lower", "custom_raw", 24, "8004", "32772"),
    *bits(
        "Lower",
        26,
        "bank_broadcast low_power_allow_request_hw squelch_method_pav low_power_request_sw software_reset - - -",
    ),
    *number("Lower", "custom_controls", 26, "2-0", 5),
    *codes(
        "Lower",
        "spi_speed_mhz",
        27,
        "1 MHz|2 MHz|4 MHz|8 MHz|12 MHz|16 MHz|20 MHz|30 MHz|40 MHz|50 MHz" + f"|{RESERVED}",
        at="3-0",
    ),
    Row("Lower", "more_custom_controls", 29, "0102", "01-02"),
    *bits(
        "Lower",
        31,
        "cdb_complete_2_mask cdb_complete_1_mask - - abnormal_firmware_mask data_path_firmware_error_mask "
        "module_firmware_error_mask module_state_changed_mask",
    ),
    *bits(
        "Lower",
        32,
        "vcc_low_warning_mask vcc_high_warning_mask vcc_low_alarm_mask vcc_high_alarm_mask "
        "temperature_low_warning_mask temperature_high_warning_mask temperature_low_alarm_mask "
        "temperature_high_alarm_mask",
    ),
    *bits(
        "Lower",
        33,
        "aux2_low_warning_mask aux2_high_warning_mask aux2_low_alarm_mask aux2_high_alarm_mask aux1_low_warning_mask "
        "aux1_high_warning_mask aux1_low_alarm_mask aux1_high_alarm_mask",
    ),
    *bits(
        "Lower",
        34,
        "custom_low_warning_mask custom_high_warning_mask custom_low_alarm_mask custom_high_alarm_mask "
        "aux3_low_warning_mask aux3_high_warning_mask aux3_low_alarm_mask aux3_high_alarm_mask",
    ),
    Row("Lower", "custom_masks", 36, "b2", "b2"),
    *bits("Lower", 37, "cdb_1_busy cdb_1_failed - - - - - -"),
    *number("Lower", "cdb_1_result", 37, "5-0", 5),
    *bits("Lower", 38, "cdb_2_busy cdb_2_failed - - - - - -"),
    *number("Lower", "cdb_2_result", 38, "5-0", 63),
    Row("Lower", "firmware_active", 39, "0b02", "11.2"),
    Row("Lower", "firmware_active", 39, "ffff", NONE),
    *codes(
        "Lower",
        "fault_cause",
        41,
        "no fault|TEC runaway|data memory corrupted|program memory corrupted|transmitter|receiver|temperature"
        f"|{RESERVED}",
    ),
    Row("Lower", "fault_cause", 41, "20", "custom 20h"),
    Row("Lower", "fault_cause", 41, "40", RESERVED),
    Row("Lower", "fault_cause", 41, "03", "program memory corrupted", 0x40),
    Row("Lower", "fault_cause", 41, "04", RESERVED, 0x52),
    Row("Lower", "fault_cause", 41, "04", "transmitter", 0x53),
    *codes(
        "Lower",
        "password_result",
        42,
        f"{NONE}|module password accepted|host password accepted|not accepted|{RESERVED}",
        at="3-0",
    ),
    Row("Lower", "password_result", 42, "08", "being verified"),
    *codes(
        "Lower",
        "state_machines",
        56,
        f"{NONE}|none|module|module and data path|module, data path and network path|{RESERVED}",
    ),
    Row("Lower", "state_machines", 56, "03", BEYOND, 0x52),
    *codes("Lower", "function_type", 57, f"transmission module|resource module|{RESERVED}"),
    Row("Lower", "function_type", 57, "80", "custom 80h"),
    *number("Lower", "module_subtype", 60, "3-0", 10),
    *number("Lower", "heatsink_type", 61, "7-4", 3),
    Row("Lower", "heatsink_type", 61, "30", BEYOND, 0x53),
    *codes("Lower", "fiber_face", 61, f"{NONE}|PC/UPC|APC|{RESERVED}", at="1-0"),
    Row("Lower", "fiber_face", 61, "01", BEYOND, 0x52),
    *bits(
        "Lower",
        62,
        "low_power_restrictions_stated - - - cdb_queries_refused_in_low_power "
        "cdb_firmware_queries_refused_in_low_power cdb_commands_refused_in_low_power "
        "cdb_firmware_commands_refused_in_low_power",
    ),
    Row("Lower", "custom_area", 64, bytes(range(21)).hex(), "-".join(f"{n:02x}" for n in range(21))),
    Row("Lower", "media_type", 85, "02", "2"),
    Row(
        "Lower",
        "descriptors",
        86,
        "501c4411" + "00" * 24 + "ff000000",
        f"{0x501C4411} 0 0 0 0 0 0 {0xFF000000}",
    ),
    Row("Lower", "password_change", 118, "00001011", str(0x1011)),
    Row("Lower", "password_entry", 122, "80000001", str(0x80000001)),
    Row("Lower", "bank_select", 126, "01", "1"),
    Row("Lower", "page_select", 127, "9f", "159"),
]

# ------------------------------------------------------------------------------------------------- page 00h, 8.3

PAGE_00 = [
    Row("Page00", "identifier_copy", 128, "18", "24"),
    Row("Page00", "vendor_name", 129, b"MAKER OF MODULES".hex(), "MAKER OF MODULES"),
    Row("Page00", "vendor_oui", 145, "001c73", "00-1c-73"),
    Row("Page00", "vendor_pn", 148, b"PART-1          ".hex(), "PART-1"),
    Row("Page00", "vendor_rev", 164, b"B2".hex(), "B2"),
    Row("Page00", "vendor_sn", 166, b"SERIAL-NUMBER-01".hex(), "SERIAL-NUMBER-01"),
    Row("Page00", "date_code", 182, b"260704L1".hex(), "260704L1"),
    Row("Page00", "clei", 190, b"CLEICODE10".hex(), "CLEICODE10"),
    *number("Page00", "power_class_code", 200, "7-5", 7),
    Row("Page00", "max_power", 201, "43", "16.75 W"),
    Row("Page00", "cable_length", 202, "0f", "1.5 m"),
    Row("Page00", "cable_length", 202, "43", "3 m"),
    Row("Page00", "cable_length", 202, "83", "30 m"),
    Row("Page00", "cable_length", 202, "c3", "300 m"),
    Row("Page00", "cable_length", 202, "ff", NONE),
    Row("Page00", "connector", 203, "0c", "12"),
    Row("Page00", "attenuation_5_ghz", 204, "05", "5 dB"),
    Row("Page00", "attenuation_5_ghz", 204, "00", NONE),
    Row("Page00", "attenuation_7_ghz", 205, "06", "6 dB"),
    Row("Page00", "attenuation_12g9_hz", 206, "0b", "11 dB"),
    Row("Page00", "attenuation_25g8_hz", 207, "15", "21 dB"),
    Row("Page00", "attenuation_53g1_hz", 208, "22", "34 dB"),
    *lanes("Page00", 210, "media_lanes_unsupported"),
    Row("Page00", "media_lanes_unsupported_map", 210, "f0", "240"),
    *number("Page00", "far_end_configuration", 211, "4-0", 27),
    *codes(
        "Page00",
        "media_technology",
        212,
        "850 nm VCSEL|1310 nm VCSEL|1550 nm VCSEL|1310 nm FP|1310 nm DFB|1550 nm DFB|1310 nm EML|1550 nm EML|other"
        "|1490 nm DFB|copper, unequalized|copper, passive equalized|copper, near and far end limiting active"
        "|copper, far end limiting active|copper, near end limiting active|copper, linear active"
        "|C-band tunable laser|L-band tunable laser|copper, near and far end linear active"
        f"|copper, far end linear active|copper, near end linear active|{RESERVED}",
    ),
    Row("Page00", "media_technology", 212, "12", RESERVED, 0x53),
    *bits("Page00", 213, "spi_flow_control_depends_on_speed - - - - - - -"),
    *number("Page00", "spi_flow_control", 213, "6-0", 5),
    Row("Page00", "custom", 221, "c3", "c3"),
    Row("Page00", "checksum", 222, "7f", "127"),
    Row("Page00", "custom_nonvolatile", 223, bytes(range(33)).hex(), "-".join(f"{n:02x}" for n in range(33))),
]

# ------------------------------------------------------------------------------------------------- page 01h, 8.4

PAGE_01 = [
    Row("Page01", "inactive_firmware", 128, "0203", "2.3"),
    Row("Page01", "hardware_revision", 130, "0104", "1.4"),
    Row("Page01", "smf_length", 132, "05", "500 m"),
    Row("Page01", "smf_length", 132, "42", "2000 m"),
    Row("Page01", "smf_length", 132, "88", "80000 m"),
    Row("Page01", "smf_length", 132, "c1", NONE),
    *number("Page01", "smf_multiplier_code", 132, "7-6", 3),
    *number("Page01", "smf_base", 132, "5-0", 1),
    Row("Page01", "om5_length", 133, "4b", "150 m"),
    Row("Page01", "om4_length", 134, "32", "100 m"),
    Row("Page01", "om3_length", 135, "23", "70 m"),
    Row("Page01", "om2_length", 136, "1e", "30 m"),
    *codes("Page01", "long_smf_multiplier", 137, "50000 m|100000 m|200000 m|500000 m", at="7-6"),
    Row("Page01", "long_smf_multiplier", 137, "40", BEYOND, 0x52),
    Row("Page01", "wavelength", 138, "6658", "1310 nm"),
    Row("Page01", "wavelength", 138, "0000", NONE),
    Row("Page01", "wavelength_tolerance", 140, "0514", "6.5 nm"),
    *bits(
        "Page01",
        142,
        "network_paths_supported vdm_supported diagnostics_supported coherent_pages_supported page_05_supported "
        "page_03_supported - -",
    ),
    *number("Page01", "banks", 142, "1-0", 2),
    *number("Page01", "mod_sel_wait_exponent", 143, "7-5", 5),
    *number("Page01", "mod_sel_wait_mantissa", 143, "4-0", 31),
    *codes("Page01", "max_duration_dp_deinit", 144, DURATIONS, at="7-4"),
    *codes("Page01", "max_duration_dp_init", 144, DURATIONS, at="3-0"),
    *bits(
        "Page01",
        145,
        "cooled_transmitter - - epps_supported page_15_supported aux3_is_vcc2 aux2_is_tec_current aux1_is_tec_current",
    ),
    *codes(
        "Page01", "tx_input_clocking", 145, "lanes 1-8 synchronous|groups of four|pairs|may be asynchronous", at="6-5"
    ),
    Row("Page01", "case_temperature_max", 146, "46", "70 °C"),
    Row("Page01", "case_temperature_max", 146, "fe", "-2 °C"),
    Row("Page01", "case_temperature_min", 147, "fb", "-5 °C"),
    Row("Page01", "propagation_delay", 148, "0102", "2580 ns"),
    Row("Page01", "propagation_delay", 148, "0000", NONE),
    Row("Page01", "vcc_min", 150, "9d", "3.14 V"),
    *bits(
        "Page01",
        151,
        "detector_is_apd - - rx_power_is_average rx_los_is_average rx_los_is_fast tx_disable_is_fast "
        "tx_disable_is_module_wide",
    ),
    *codes(
        "Page01",
        "rx_output_eq_type",
        151,
        "peak-to-peak amplitude constant, or not stated|steady-state amplitude constant"
        f"|average of peak-to-peak and steady-state amplitude constant|{RESERVED}",
        at="6-5",
    ),
    Row("Page01", "cdr_power_saved_per_lane", 152, "32", "0.5 W"),
    *bits(
        "Page01",
        153,
        "rx_amplitude_3_supported rx_amplitude_2_supported rx_amplitude_1_supported rx_amplitude_0_supported - - - -",
    ),
    *number("Page01", "tx_input_eq_max", 153, "3-0", 12, "12 dB"),
    *number("Page01", "tx_input_eq_max", 153, "3-0", 13, RESERVED),
    *number("Page01", "rx_output_post_max", 154, "7-4", 7, "7 dB"),
    *number("Page01", "rx_output_post_max", 154, "7-4", 8, RESERVED),
    *number("Page01", "rx_output_pre_max", 154, "3-0", 7, "3.5 dB"),
    *bits(
        "Page01",
        155,
        "wavelength_control tunable - - tx_squelch_force_supported tx_auto_squelch_disable_supported "
        "tx_disable_supported tx_polarity_flip_supported",
    ),
    *codes("Page01", "tx_squelch_method", 155, "none|OMA|Pav|selectable", at="5-4"),
    *bits(
        "Page01",
        156,
        "bank_broadcast_supported - - - - rx_auto_squelch_disable_supported rx_output_disable_supported "
        "rx_polarity_flip_supported",
    ),
    *bits("Page01", 157, "- - - - tx_adaptive_eq_fail_flag tx_cdr_lol_flag tx_los_flag tx_fault_flag"),
    *bits("Page01", 158, "- - - - - rx_cdr_lol_flag rx_los_flag -"),
    *bits("Page01", 159, "- - custom_monitor aux3_monitor aux2_monitor aux1_monitor vcc_monitor temperature_monitor"),
    *bits("Page01", 160, "- - - - - rx_power_monitor tx_power_monitor tx_bias_monitor"),
    *number("Page01", "tx_bias_scale", 160, "4-3", 2),
    *number("Page01", "tx_eq_recall_buffers", 161, "6-5", 2),
    Row("Page01", "tx_eq_recall_supported", 161, "20", "yes"),
    Row("Page01", "tx_eq_recall_supported", 161, "9f", "no"),
    *bits(
        "Page01",
        161,
        "- - - tx_eq_freeze_supported tx_adaptive_eq_supported tx_input_eq_supported tx_cdr_bypass_supported "
        "tx_cdr_supported",
    ),
    *bits(
        "Page01",
        162,
        "versatile_control_supported unidirectional_reconfiguration_supported staged_set_1_supported "
        "rx_output_post_supported rx_output_pre_supported rx_amplitude_supported rx_cdr_bypass_supported "
        "rx_cdr_supported",
    ),
    *number("Page01", "cdb_instances", 163, "7-6", 2),
    *bits("Page01", 163, "- - cdb_background cdb_auto_paging - - - -"),
    *codes("Page01", "cdb_epl_pages", 163, f"0|1|2|3|4|8|12|16|{RESERVED}", at="3-0"),
    Row("Page01", "cdb_length_extension", 164, "0f", "15"),
    *bits("Page01", 165, "cdb_trigger_on_stop - - - - - - -"),
    *number("Page01", "cdb_extended_busy", 165, "4-0", 31),
    *bits("Page01", 166, "cdb_busy_is_extended - - - - - - -"),
    *number("Page01", "cdb_busy", 166, "6-0", 127),
    *codes("Page01", "max_duration_module_pwr_dn", 167, DURATIONS, at="7-4"),
    *codes("Page01", "max_duration_module_pwr_up", 167, DURATIONS, at="3-0"),
    *codes("Page01", "max_duration_dp_tx_turn_off", 168, DURATIONS, at="7-4"),
    *codes("Page01", "max_duration_dp_tx_turn_on", 168, DURATIONS, at="3-0"),
    *number("Page01", "page_change_shift", 169, "3-0", 3),
    *lanes("Page01", 171, "tx_polarity_default rx_polarity_default"),
    *bits("Page01", 173, "page_0c_supported page_0d_supported page_0e_supported page_0f_supported - - - -"),
    *bits("Page01", 174, "page_60_supported page_61_supported page_62_supported - - - - -"),
    *number("Page01", "last_bank", 174, "4-0", 31),
    *number("Page01", "last_bank", 174, "4-0", 5),
    Row("Page01", "last_bank", 174, "07", BEYOND, 0x53),
    *number("Page01", "normalized_application_banks", 175, "3-0", 2),
    Row("Page01", "normalized_applications_supported", 175, "08", "yes"),
    Row("Page01", "normalized_applications_supported", 175, "f0", "no"),
    Row(
        "Page01",
        "media_lane_assignments",
        176,
        "0102030405060708090a0b0c0d0eff",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 255",
    ),
    Row("Page01", "custom_static", 191, bytes(range(32)).hex(), "-".join(f"{n:02x}" for n in range(32))),
    Row(
        "Page01", "later_descriptors", 223, "501c4411" + "00" * 20 + "ff000000", f"{0x501C4411} 0 0 0 0 0 {0xFF000000}"
    ),
    *codes("Page01", "scratchpad", 251, f"{NONE}|not supported|supported|{RESERVED}", at="7-6"),
    *codes("Page01", "password_entry", 251, f"{NONE}|not supported|supported|{RESERVED}", at="5-4"),
    *codes("Page01", "password_result", 251, f"{NONE}|not supported|supported|{RESERVED}", at="3-2"),
    *codes("Page01", "full_page_read", 251, f"{NONE}|not supported|supported|{RESERVED}", at="1-0"),
    *bits(
        "Page01",
        252,
        "host_lane_switching_supported link_training_supported media_lane_switching_supported - - - - -",
    ),
    Row("Page01", "checksum", 255, "e1", "225"),
]

# ------------------------------------------------------------------------------ pages 02h to 05h, 0Ch and 0Dh

EVERY_BYTE = bytes(range(128))
EVERY_BYTE_SHOWN = "-".join(f"{number:02x}" for number in range(128))

PAGES_02_TO_0D = [
    Row("Page02", "temperature", 128, "4b00fb0046000000", "75 °C -5 °C 70 °C 0 °C"),
    Row("Page02", "vcc", 136, "8dcc740487927a76", "3.63 V 2.97 V 3.4706 V 3.135 V"),
    Row("Page02", "aux1_raw", 144, "0001000200038004", "1 2 3 32772"),
    Row("Page02", "aux2_raw", 152, "0005000600078008", "5 6 7 32776"),
    Row("Page02", "aux3_raw", 160, "0009000a000b800c", "9 10 11 32780"),
    Row("Page02", "custom_raw", 168, "000d000e000f8010", "13 14 15 32784"),
    Row("Page02", "tx_power", 176, "7b870b01621e0ddc", "3.1623 mW 0.2817 mW 2.5118 mW 0.3548 mW"),
    Row("Page02", "tx_bias_raw", 184, "ea601388d6d82710", "120 mA 10 mA 110 mA 20 mA"),
    Row("Page02", "rx_power", 192, "7b8704ea621e07cb", "3.1623 mW 0.1258 mW 2.5118 mW 0.1995 mW"),
    Row("Page02", "custom_thresholds", 230, bytes(range(25)).hex(), "-".join(f"{n:02x}" for n in range(25))),
    Row("Page02", "checksum", 255, "45", "69"),
    Row("Page03", "user_data", 128, EVERY_BYTE.hex(), EVERY_BYTE_SHOWN),
    *bits(
        "Page04",
        128,
        "grid_75_ghz_supported grid_33_ghz_supported grid_100_ghz_supported grid_50_ghz_supported "
        "grid_25_ghz_supported grid_12g5_hz_supported grid_6g25_hz_supported grid_3g125_hz_supported",
    ),
    *bits("Page04", 129, "fine_tuning_supported grid_150_ghz_supported grid_300_ghz_supported - - - - -"),
    Row("Page04", "grid_300_ghz_supported", 129, "20", BEYOND, 0x53),
    Row("Page04", "channels_3g125_hz", 130, "fc180320", "-1000 800"),
    Row("Page04", "channels_6g25_hz", 134, "fc190321", "-999 801"),
    Row("Page04", "channels_12g5_hz", 138, "fc1a0322", "-998 802"),
    Row("Page04", "channels_25_ghz", 142, "fc1b0323", "-997 803"),
    Row("Page04", "channels_50_ghz", 146, "fc1c0324", "-996 804"),
    Row("Page04", "channels_100_ghz", 150, "fc1d0325", "-995 805"),
    Row("Page04", "channels_33_ghz", 154, "fc1e0326", "-994 806"),
    Row("Page04", "channels_75_ghz", 158, "ffb80078", "-72 120"),
    Row("Page04", "channels_150_ghz", 162, "ffba007e", "-70 126"),
    Row("Page04", "channels_300_ghz", 166, "fff4000c", "-12 12"),
    Row("Page04", "fine_tuning_resolution", 190, "0064", "0.1 GHz"),
    Row("Page04", "fine_tuning_low", 192, "e890", "-6 GHz"),
    Row("Page04", "fine_tuning_high", 194, "1770", "6 GHz"),
    *bits("Page04", 196, "output_power_supported - - - - - - -"),
    Row("Page04", "output_power_min", 198, "f704", "-23 dBm"),
    Row("Page04", "output_power_max", 200, "0064", "1 dBm"),
    Row("Page04", "checksum", 255, "10", "16"),
    Row("Page05", "content", 128, EVERY_BYTE.hex(), EVERY_BYTE_SHOWN),
    Row("Page0C", "content", 128, EVERY_BYTE.hex(), EVERY_BYTE_SHOWN),
    *bits(
        "Page0D",
        128,
        "cdb_download_supported - - - fixed_image_carries_traffic fixed_image_present image_b_supported "
        "image_a_supported",
    ),
    *bits(
        "Page0D",
        136,
        "- image_b_valid image_b_committed image_b_running - image_a_valid image_a_committed image_a_running",
        inverted="image_a_valid image_b_valid",
    ),
    Row("Page0D", "image_a_version", 148, "0301", "3.1"),
    Row("Page0D", "image_a_build", 150, "0102", "258"),
    Row("Page0D", "image_a_text", 152, b"first image".ljust(32).hex(), "first image"),
    Row("Page0D", "image_b_version", 184, "0302", "3.2"),
    Row("Page0D", "image_b_build", 186, "0103", "259"),
    Row("Page0D", "image_b_text", 188, b"second image".ljust(32).hex(), "second image"),
    Row("Page0D", "fixed_image_version", 220, "0100", "1.0"),
    Row("Page0D", "fixed_image_build", 222, "0104", "260"),
    Row("Page0D", "fixed_image_text", 224, b"as delivered".ljust(32).hex(), "as delivered"),
]

# ---------------------------------------------------------------------------------- pages 10h and 11h, 8.9 and 8.10

FLAGS = (
    "dp_state_changed tx_fault tx_los tx_cdr_lol tx_adaptive_eq_fail tx_power_high_alarm tx_power_low_alarm "
    "tx_power_high_warning tx_power_low_warning tx_bias_high_alarm tx_bias_low_alarm tx_bias_high_warning "
    "tx_bias_low_warning rx_los rx_cdr_lol rx_power_high_alarm rx_power_low_alarm rx_power_high_warning "
    "rx_power_low_warning rx_output_changed"
)
MASKS = (
    "dp_state_changed_mask tx_fault_mask tx_los_mask tx_cdr_lol_mask tx_adaptive_eq_fail_mask "
    "tx_power_high_alarm_mask tx_power_low_alarm_mask tx_power_high_warning_mask tx_power_low_warning_mask "
    "tx_bias_high_alarm_mask tx_bias_low_alarm_mask tx_bias_high_warning_mask tx_bias_low_warning_mask "
    "rx_los_mask rx_cdr_lol_mask rx_power_high_alarm_mask rx_power_low_alarm_mask rx_power_high_warning_mask "
    "rx_power_low_warning_mask rx_output_changed_mask"
)
PATHS = "1011205730000000"  # of lane 2 and 4 with explicit control, of lane 4 in the data path of lane 4
BUFFERS = "none,buffer 1,buffer 2,<reserved code>,buffer 2,buffer 1,none,none"
INPUT_EQ = "0 dB,12 dB,1 dB,<reserved code>,2 dB,3 dB,4 dB,5 dB"
PRE = "0.5 dB,3.5 dB,0 dB,<reserved code>,1 dB,1.5 dB,2 dB,2.5 dB"
POST = "1 dB,7 dB,0 dB,<reserved code>,2 dB,3 dB,4 dB,5 dB"
AMPLITUDES = (
    "100-400 mVppd,300-600 mVppd,400-800 mVppd,600-1200 mVppd,<reserved code>,300-600 mVppd,300-600 mVppd,400-800 mVppd"
)

PAGES_10_AND_11 = [
    *lanes(
        "Page10",
        128,
        "dp_deinit tx_polarity_flip tx_disable tx_auto_squelch_disable tx_squelch_force - tx_eq_freeze - - "
        "rx_polarity_flip rx_output_disable rx_auto_squelch_disable",
    ),
    Row("Page10", "tx_eq_store", 135, "e406", BUFFERS),
    *lanes("Page10", 143, "apply_dp_init apply_immediate"),
    Row("Page10", "staged_application", 145, PATHS, "1 1 2 5 3 0 0 0"),
    Row("Page10", "staged_data_path", 145, PATHS, "0 0 0 3 0 0 0 0"),
    Row("Page10", "staged_explicit_control", 145, PATHS, "no yes no yes no no no no"),
    *lanes("Page10", 153, "staged_tx_adaptive_eq"),
    Row("Page10", "staged_tx_eq_recall", 154, "e406", BUFFERS),
    Row("Page10", "staged_tx_input_eq", 156, "c0d13254", INPUT_EQ),
    *lanes("Page10", 160, "staged_tx_cdr staged_rx_cdr"),
    Row("Page10", "staged_rx_output_pre", 162, "71803254", PRE),
    Row("Page10", "staged_rx_output_post", 166, "71803254", POST),
    Row("Page10", "staged_rx_amplitude", 170, "10321421", AMPLITUDES),
    *lanes("Page10", 174, "staged_tx_disable staged_rx_output_disable apply_immediate_tx apply_immediate_rx"),
    Row("Page10", "staged_tx_disable", 174, "81", ",".join([BEYOND] * 8), 0x53),
    *lanes("Page10Set1", 178, "apply_dp_init apply_immediate"),
    Row("Page10Set1", "staged_application", 180, PATHS, "1 1 2 5 3 0 0 0"),
    Row("Page10Set1", "staged_data_path", 180, PATHS, "0 0 0 3 0 0 0 0"),
    Row("Page10Set1", "staged_explicit_control", 180, PATHS, "no yes no yes no no no no"),
    *lanes("Page10Set1", 188, "staged_tx_adaptive_eq"),
    Row("Page10Set1", "staged_tx_eq_recall", 189, "e406", BUFFERS),
    Row("Page10Set1", "staged_tx_input_eq", 191, "c0d13254", INPUT_EQ),
    *lanes("Page10Set1", 195, "staged_tx_cdr staged_rx_cdr"),
    Row("Page10Set1", "staged_rx_output_pre", 197, "71803254", PRE),
    Row("Page10Set1", "staged_rx_output_post", 201, "71803254", POST),
    Row("Page10Set1", "staged_rx_amplitude", 205, "10321421", AMPLITUDES),
    *lanes("Page10Set1", 209, "staged_tx_disable staged_rx_output_disable apply_immediate_tx apply_immediate_rx"),
    *lanes("Page10", 213, MASKS),
    Row("Page10", "custom_controls", 240, bytes(range(16)).hex(), "-".join(f"{n:02x}" for n in range(16))),
    Row("Page11", "dp_state", 128, "21436507", f"{DP_STATES.replace(' ', ',')},{RESERVED}"),
    Row(
        "Page11",
        "dp_state",
        128,
        "71436507",
        f"DPDeactivated,{RESERVED},DPDeinit,DPActivated" + f",{RESERVED}" * 4,
        0x30,
    ),
    *lanes("Page11", 132, "rx_output_valid tx_output_valid"),
    *lanes("Page11", 134, FLAGS),
    Row(
        "Page11",
        "tx_power",
        154,
        "00000001000a2710303904d2fffeffff",
        f"0 mW,0.0001 mW,0.001 mW,1 mW,1.2345 mW,0.1234 mW,6.5534 mW,{NONE}",
    ),
    Row(
        "Page11",
        "tx_bias_raw",
        170,
        "00000001000a271075304e20fffeffff",
        f"0 mA,0.002 mA,0.02 mA,20 mA,60 mA,40 mA,131.068 mA,{NONE}",
    ),
    Row(
        "Page11",
        "rx_power",
        186,
        "00010002000a2710303904d2fffeffff",
        f"0.0001 mW,0.0002 mW,0.001 mW,1 mW,1.2345 mW,0.1234 mW,6.5534 mW,{NONE}",
    ),
    Row(
        "Page11",
        "config_status",
        202,
        "10325476",
        "ConfigUndefined,ConfigSuccess,ConfigRejected,ConfigRejectedInvalidAppSel,ConfigRejectedInvalidDataPath,"
        "ConfigRejectedInvalidSI,ConfigRejectedLanesInUse,ConfigRejectedPartialDataPath",
    ),
    Row(
        "Page11",
        "config_status",
        202,
        "c8bafedf",
        f"ConfigRejectedNoEmulation,ConfigInProgress,{RESERVED},{RESERVED},ConfigRejectedCustomE,"
        "ConfigRejectedCustomF,ConfigRejectedCustomF,ConfigRejectedCustomD",
    ),
    Row("Page11", "config_status", 202, "18111111", f"{RESERVED}" + ",ConfigSuccess" * 7, 0x53),
    Row("Page11", "active_application", 206, PATHS, "1 1 2 5 3 0 0 0"),
    Row("Page11", "active_data_path", 206, PATHS, "0 0 0 3 0 0 0 0"),
    Row("Page11", "active_explicit_control", 206, PATHS, "no yes no yes no no no no"),
    *lanes("Page11", 214, "active_tx_adaptive_eq"),
    Row("Page11", "active_tx_eq_recall", 215, "e406", BUFFERS),
    Row("Page11", "active_tx_input_eq", 217, "c0d13254", INPUT_EQ),
    *lanes("Page11", 221, "active_tx_cdr active_rx_cdr"),
    Row("Page11", "active_rx_output_pre", 223, "71803254", PRE),
    Row("Page11", "active_rx_output_post", 227, "71803254", POST),
    Row("Page11", "active_rx_amplitude", 231, "10321421", AMPLITUDES),
    *lanes("Page11", 235, "dp_init_pending"),
    Row("Page11", "dp_init_pending", 235, "81", ",".join([BEYOND] * 8), 0x40),
    Row("Page11", "tx_wavelength", 240, "0010213243546576", "0 1 2 3 4 5 6 7"),
    Row("Page11", "tx_fiber", 240, "0011213243546576", f"{NONE},TR1,TR1,RT1,TR2,RT2,TR3,RT3"),
    Row("Page11", "rx_wavelength", 248, "0010213243546576", "0 1 2 3 4 5 6 7"),
    Row("Page11", "rx_fiber", 248, "0011213243546576", f"{NONE},TR1,TR1,RT1,TR2,RT2,TR3,RT3"),
]

# ------------------------------------------------------------------------------- pages 12h to 15h, 8.11 to 8.14

TUNING = (
    "- - output_power_out_of_range fine_tuning_out_of_range tuning_not_accepted invalid_channel wavelength_unlocked "
    "tuning_complete"
)
TUNING_MASKS = (
    "- - output_power_out_of_range_mask fine_tuning_out_of_range_mask tuning_not_accepted_mask invalid_channel_mask "
    "wavelength_unlocked_mask tuning_complete_mask"
)
CLOCKS = (
    "internal clock|reference clock of lane 1|reference clock of lane 2|reference clock of lane 3"
    "|reference clock of lane 4|reference clock of lane 5|reference clock of lane 6|reference clock of lane 7"
    f"|reference clock of lane 8|{RESERVED}|{RESERVED}|{RESERVED}|{RESERVED}|{RESERVED}|{RESERVED}"
    "|recovered clock of each lane or data path"
)
PATTERN_LANES = "PRBS31Q,PRBS31,PRBS23Q,SSPRQ,PRBS13Q,<reserved code>,user pattern,custom"


def pattern_controls(side: str, byte: int) -> Iterator[Row]:
    """The eight bytes that each of the four generators and checkers has."""
    yield from lanes("Page13", byte, f"{side}_enable {side}_invert {side}_swap {side}_fec")
    yield Row("Page13", f"{side}_pattern", byte + 4, "10c2d6ef", PATTERN_LANES)


PAGES_12_TO_15 = [
    Row(
        "Page12",
        "grid",
        128,
        "0010203040507080",
        "3.125 GHz,6.25 GHz,12.5 GHz,25 GHz,50 GHz,100 GHz,75 GHz,150 GHz",
    ),
    Row(
        "Page12",
        "grid",
        128,
        "6090a0f000000000",
        f"33 GHz,300 GHz,{RESERVED},{NONE},3.125 GHz,3.125 GHz,3.125 GHz,3.125 GHz",
    ),
    Row("Page12", "grid", 128, "9070707070707070", f"{RESERVED}" + ",75 GHz" * 7, 0x53),
    *per_lane("Page12", 128, "- - - - - - - fine_tuning"),
    Row("Page12", "channel", 136, "ffb8000000780001000200030004ffff", "-72 0 120 1 2 3 4 -1"),
    Row(
        "Page12",
        "fine_offset",
        152,
        "e8900000177000010002000300040064",
        "-6 GHz,0 GHz,6 GHz,0.001 GHz,0.002 GHz,0.003 GHz,0.004 GHz,0.1 GHz",
    ),
    Row(
        "Page12",
        "frequency",
        168,
        "0b8278e0" + "0b82da88" + "00000000" * 5 + "00000001",
        f"193100 GHz,193125 GHz,{NONE},{NONE},{NONE},{NONE},{NONE},0.001 GHz",
    ),
    Row(
        "Page12",
        "target_power",
        200,
        "f704ff9c000000640001000200030004",
        "-23 dBm,-1 dBm,0 dBm,1 dBm,0.01 dBm,0.02 dBm,0.03 dBm,0.04 dBm",
    ),
    *per_lane("Page12", 222, "- - - - - - tuning_in_progress wavelength_is_unlocked"),
    *lanes("Page12", 230, "flag_summary"),
    *per_lane("Page12", 231, TUNING),
    *per_lane("Page12", 239, TUNING_MASKS),
    *bits(
        "Page13",
        128,
        "- simultaneous_loopbacks media_loopback_per_lane host_loopback_per_lane host_input_loopback_supported "
        "host_output_loopback_supported media_input_loopback_supported media_output_loopback_supported",
    ),
    *codes(
        "Page13", "gating", 129, "not supported|accurate to 2 ms|accurate to 20 ms|less accurate than 20 ms", at="7-6"
    ),
    *bits(
        "Page13",
        129,
        "- - gating_results_supported periodic_updates_supported gating_per_lane gating_restart_supported - -",
    ),
    *bits(
        "Page13",
        130,
        "media_fec_supported host_fec_supported media_snr_supported host_snr_supported - - counters_supported "
        "ber_supported",
    ),
    *bits(
        "Page13",
        131,
        "media_generator_pre_fec media_generator_post_fec media_checker_pre_fec media_checker_post_fec "
        "host_generator_pre_fec host_generator_post_fec host_checker_pre_fec host_checker_post_fec",
    ),
    Row("Page13", "host_generator_patterns", 132, "4110", "PRBS31Q,PRBS13Q,SSPRQ"),
    Row("Page13", "media_generator_patterns", 134, "0180", "PRBS31Q,user pattern"),
    Row("Page13", "host_checker_patterns", 136, "0200", "PRBS31"),
    Row("Page13", "media_checker_patterns", 138, "0001", "PRBS9Q"),
    Row("Page13", "pattern_options", 140, "010203", "01-02-03"),
    *pattern_controls("host_generator", 144),
    *pattern_controls("media_generator", 152),
    *pattern_controls("host_checker", 160),
    *pattern_controls("media_checker", 168),
    *codes("Page13", "host_generator_clock", 176, CLOCKS, at="7-4"),
    *codes("Page13", "media_generator_clock", 176, CLOCKS, at="3-0"),
    *bits("Page13", 177, "start_stop_is_global - reset_error_information gating_restarts - - - -"),
    *codes("Page13", "gate_time", 177, "ungated|5 s|10 s|30 s|60 s|120 s|300 s|custom", at="3-1"),
    *codes("Page13", "update_period", 177, "1 s|5 s", at="0-0"),
    *number("Page13", "host_checker_clock_code", 178, "3-2", 2),
    *number("Page13", "media_checker_clock_code", 178, "1-0", 3),
    *lanes("Page13", 180, "media_output_loopback media_input_loopback host_output_loopback host_input_loopback"),
    Row("Page13", "scratchpad", 184, "0102030405060708", "01-02-03-04-05-06-07-08"),
    Row("Page13", "custom_controls", 196, "0102030405060708090a", "01-02-03-04-05-06-07-08-09-0a"),
    *bits("Page13", 206, "reference_clock_lost_mask - - - - - - -"),
    *lanes(
        "Page13",
        208,
        "host_gating_complete_mask media_gating_complete_mask host_generator_lol_mask media_generator_lol_mask "
        "host_checker_lol_mask media_checker_lol_mask",
    ),
    Row("Page13", "user_pattern", 224, bytes(range(32)).hex(), "-".join(f"{n:02x}" for n in range(32))),
    *codes(
        "Page14",
        "selector",
        128,
        "nothing|BER|counters of host lanes 1-4|counters of host lanes 5-8|counters of media lanes 1-4"
        f"|counters of media lanes 5-8|SNR|{RESERVED}",
    ),
    Row("Page14", "selector", 128, "11", "gated BER"),
    Row("Page14", "selector", 128, "12", "gated counters of host lanes 1-4"),
    Row("Page14", "selector", 128, "13", "gated counters of host lanes 5-8"),
    Row("Page14", "selector", 128, "14", "gated counters of media lanes 1-4"),
    Row("Page14", "selector", 128, "15", "gated counters of media lanes 5-8"),
    Row("Page14", "selector", 128, "c0", "custom C0h"),
    Row("Page14", "custom_selector", 130, "0102", "01-02"),
    *bits("Page14", 132, "reference_clock_lost - - - - - - -"),
    *lanes(
        "Page14",
        134,
        "host_gating_complete media_gating_complete host_generator_lol media_generator_lol host_checker_lol "
        "media_checker_lol",
    ),
    Row(
        "Page14Ber",
        "host_ber",
        192,
        "f880" + "0000" * 6 + "0190",
        "2.48E-6,0,0,0,0,0,0,1E-6",
    ),
    Row("Page14Ber", "media_ber", 208, "0190" + "0000" * 6 + "f880", "1E-6,0,0,0,0,0,0,2.48E-6"),
    Row(
        "Page14HostCounters",
        "host_errors",
        192,
        "05" + "00" * 15 + "0001" + "00" * 14 + "00" * 16 + "00000000000000ff" + "00" * 8,
        f"5 256 0 {0xFF << 56}",
    ),
    Row(
        "Page14HostCounters",
        "host_bits",
        200,
        "0800000000000000" + "00" * 8 + "0900000000000000" + "00" * 24 + "0000000000000001",
        f"8 8 0 {1 << 56}",
    ),
    Row(
        "Page14HostCounters",
        "host_pattern_sync_lost",
        200,
        "08" + "00" * 15 + "09" + "00" * 15 + "00" * 16 + "01",
        "no yes no yes",
    ),
    Row(
        "Page14MediaCounters",
        "media_errors",
        192,
        "05" + "00" * 15 + "0001" + "00" * 14 + "00" * 16 + "00000000000000ff" + "00" * 8,
        f"5 256 0 {0xFF << 56}",
    ),
    Row(
        "Page14MediaCounters",
        "media_bits",
        200,
        "0800000000000000" + "00" * 8 + "0900000000000000" + "00" * 24 + "0000000000000001",
        f"8 8 0 {1 << 56}",
    ),
    Row(
        "Page14MediaCounters",
        "media_pattern_sync_lost",
        200,
        "08" + "00" * 15 + "09" + "00" * 15 + "00" * 16 + "01",
        "no yes no yes",
    ),
    Row(
        "Page14Snr",
        "host_snr",
        208,
        "80140015" + "0016" * 5 + "0000",
        f"20.5 dB,21 dB,22 dB,22 dB,22 dB,22 dB,22 dB,{NONE}",
    ),
    Row(
        "Page14Snr",
        "media_snr",
        240,
        "80140015" + "0016" * 5 + "0000",
        f"20.5 dB,21 dB,22 dB,22 dB,22 dB,22 dB,22 dB,{NONE}",
    ),
    Row(
        "Page15",
        "rx_latency",
        224,
        "006400650066006700680069006a0100",
        "100 ns,101 ns,102 ns,103 ns,104 ns,105 ns,106 ns,256 ns",
    ),
    Row(
        "Page15",
        "tx_latency",
        240,
        "006400650066006700680069006a0100",
        "100 ns,101 ns,102 ns,103 ns,104 ns,105 ns,106 ns,256 ns",
    ),
]

# --------------------------------------------------------------------- pages 16h to 1Dh, 8.15 to 8.21, OIF-ELSFP-CMIS


def column(first: int, digits: str, value: str) -> tuple[int, str, str]:
    """One byte of each of fifteen descriptors of eight: in the first, the second and the last."""
    raw = [digits[:2], digits[2:4], *["00"] * 12, digits[4:6]]
    return first, ("0" * 14).join(raw), value


PAGES_16_TO_1D = [
    Row("Page16", "staged_network_path", 128, "01030506f8f00e0f", "0 1 2 3 4 0 7 7"),
    Row("Page16", "staged_in_use", 128, "01030506f8f00e0f", "yes yes yes no no no no yes"),
    Row("Page16", "staged_1_network_path", 136, "01030506f8f00e0f", "0 1 2 3 4 0 7 7"),
    Row("Page16", "staged_1_in_use", 136, "01030506f8f00e0f", "yes yes yes no no no no yes"),
    *lanes("Page16", 160, "np_deinit"),
    Row("Page16", "source_selectors", 162, "0102", "01-02"),
    *lanes("Page16", 176, "apply_np_init apply_np_init_1"),
    Row(
        "Page16",
        "np_config_status",
        178,
        "10325476",
        "ConfigUndefined,ConfigSuccess,ConfigRejected,ConfigRejectedInvalidAppSel,ConfigRejectedInvalidDataPath,"
        "ConfigRejectedInvalidSI,ConfigRejectedLanesInUse,ConfigRejectedPartialDataPath",
    ),
    Row("Page16", "active_network_path", 192, "01030506f8f00e0f", "0 1 2 3 4 0 7 7"),
    Row("Page16", "active_in_use", 192, "01030506f8f00e0f", "yes yes yes no no no no yes"),
    Row("Page16", "np_state", 200, "21436507", f"{NP_STATES.replace(' ', ',')},{RESERVED}"),
    *lanes("Page16", 204, "np_init_pending"),
    *codes("Page16", "max_duration_np_deinit", 224, DURATIONS, at="7-4"),
    *codes("Page16", "max_duration_np_init", 224, DURATIONS, at="3-0"),
    *codes("Page16", "max_duration_np_tx_turn_off", 225, DURATIONS, at="7-4"),
    *codes("Page16", "max_duration_np_tx_turn_on", 225, DURATIONS, at="3-0"),
    Row("Page16", "network_path_options", 226, "c1", "c1"),
    Row("Page16", "mixed_multiplex", 228, bytes(range(20)).hex(), "-".join(f"{n:02x}" for n in range(20))),
    Row("Page16", "application_extension", 248, "0102", "01-02"),
    *lanes("Page17", 128, "np_state_changed"),
    *lanes("Page17", 192, "np_state_changed_mask"),
    Row("Page17", "np_state_changed", 128, "81", ",".join([BEYOND] * 8), 0x50),
    Row("Page18", "staged_application_block", 128, "0001f2030405060f", "0 1 2 3 4 5 6 15"),
    Row("Page18", "staged_1_application_block", 136, "0001f2030405060f", "0 1 2 3 4 5 6 15"),
    Row("Page18", "staged_versatile_control", 144, bytes(range(56)).hex(), "-".join(f"{n:02x}" for n in range(56))),
    Row("Page18", "staged_1_versatile_control", 200, bytes(range(56)).hex(), "-".join(f"{n:02x}" for n in range(56))),
    Row("Page19", "active_tx_application", 128, PATHS, "1 1 2 5 3 0 0 0"),
    Row("Page19", "active_tx_data_path", 128, PATHS, "0 0 0 3 0 0 0 0"),
    Row("Page19", "active_tx_explicit_control", 128, PATHS, "no yes no yes no no no no"),
    Row("Page19", "active_rx_application", 136, PATHS, "1 1 2 5 3 0 0 0"),
    Row("Page19", "active_rx_data_path", 136, PATHS, "0 0 0 3 0 0 0 0"),
    Row("Page19", "active_rx_explicit_control", 136, PATHS, "no yes no yes no no no no"),
    Row("Page19", "active_application_block", 144, "0001f2030405060f", "0 1 2 3 4 5 6 15"),
    Row("Page19", "active_versatile_control", 152, bytes(range(56)).hex(), "-".join(f"{n:02x}" for n in range(56))),
    Row("Page1A", "power_max", 128, "2710", "100 mW"),
    Row("Page1A", "power_min", 130, "03e8", "10 mW"),
    Row("Page1A", "bias_max", 132, "1388", "500 mA"),
    Row("Page1A", "bias_min", 134, "0001", "0.1 mA"),
    *number("Page1A", "laser_lanes", 140, "7-1", 8),
    *codes("Page1A", "control_mode", 140, "constant current (ACC)|constant power (APC)", at="0-0"),
    Row("Page1A", "bias_thresholds", 141, "1388000a0fa00014", "500 mA,1 mA,400 mA,2 mA"),
    Row("Page1A", "power_thresholds", 149, "271000641f4000c8", "100 mW,1 mW,80 mW,2 mW"),
    *bits("Page1A", 165, "- - - - warning_summary fault_summary - -"),
    Row("Page1A", "lane_fault", 166, "01020480", "1 2 4 128"),
    Row("Page1A", "lane_warning", 174, "01020480", "1 2 4 128"),
    Row("Page1A", "save_restore_command", 184, "02", "2"),
    Row("Page1A", "save_restore_confirmation", 185, "03", "3"),
    *lanes(
        "Page1A",
        186,
        "bias_high_alarm bias_low_alarm bias_high_warning bias_low_warning power_high_alarm power_low_alarm "
        "power_high_warning power_low_warning",
    ),
    *lanes(
        "Page1A",
        198,
        "bias_high_alarm_mask bias_low_alarm_mask bias_high_warning_mask bias_low_warning_mask "
        "power_high_alarm_mask power_low_alarm_mask power_high_warning_mask power_low_warning_mask",
    ),
    *lanes("Page1A", 210, "alarm_mask warning_mask"),
    Row(
        "Page1A",
        "warning_code",
        212,
        "0010209030000000",
        f"none,APC control loop,ACC control loop,custom 09h,{RESERVED},none,none,none",
    ),
    Row(
        "Page1A",
        "fault_code",
        212,
        "0001020903000000",
        f"none,APC control loop,ACC control loop,custom 09h,{RESERVED},none,none,none",
    ),
    *lanes("Page1A", 220, "lane_enable"),
    Row("Page1A", "lane_state", 221, "e406", f"off,ramping,on,{RESERVED},on,ramping,off,off"),
    *lanes("Page1A", 223, "output_fiber_checked"),
    Row("Page1A", "fiber_of_lane", 224, "0102030405060708", "1 2 3 4 5 6 7 8"),
    Row(
        "Page1A",
        "lane_frequency",
        232,
        "96e0" + "0001" * 6 + "0002",
        "193120 GHz,5 GHz,5 GHz,5 GHz,5 GHz,5 GHz,5 GHz,10 GHz",
    ),
    Row("Page1A", "fiber_check_power", 248, "0a", "10 mW"),
    Row(
        "Page1B",
        "bias_setpoint",
        128,
        "1388" + "0001" * 6 + "000a",
        "500 mA,0.1 mA,0.1 mA,0.1 mA,0.1 mA,0.1 mA,0.1 mA,1 mA",
    ),
    Row(
        "Page1B",
        "power_setpoint",
        144,
        "2710" + "0001" * 6 + "000a",
        "100 mW,0.01 mW,0.01 mW,0.01 mW,0.01 mW,0.01 mW,0.01 mW,0.1 mW",
    ),
    Row(
        "Page1B",
        "bias",
        184,
        "1388" + "0001" * 6 + "000a",
        "500 mA,0.1 mA,0.1 mA,0.1 mA,0.1 mA,0.1 mA,0.1 mA,1 mA",
    ),
    Row(
        "Page1B",
        "power",
        200,
        "2710" + "0001" * 6 + "000a",
        "100 mW,0.01 mW,0.01 mW,0.01 mW,0.01 mW,0.01 mW,0.01 mW,0.1 mW",
    ),
    Row(
        "Page1B",
        "voltage",
        232,
        "6401010101010164",
        "1.5 V,0.015 V,0.015 V,0.015 V,0.015 V,0.015 V,0.015 V,1.5 V",
    ),
    Row("Page1B", "supply_current", 240, "1388", "1000 mA"),
    Row("Page1C", "host_id", *column(128, "5052ff", f"80 82 {'0 ' * 12}255")),
    Row("Page1C", "media_id", *column(129, "1c1401", f"28 20 {'0 ' * 12}1")),
    Row("Page1C", "host_lanes", *column(130, "441180", f"4 1 {'0 ' * 12}8")),
    Row("Page1C", "media_lanes", *column(130, "421108", f"2 1 {'0 ' * 12}8")),
    Row("Page1C", "host_lane_assignment", *column(131, "11ff01", f"17 255 {'0 ' * 12}1")),
    Row("Page1C", "media_lane_assignment", *column(132, "11ff01", f"17 255 {'0 ' * 12}1")),
    Row("Page1C", "on_network_path", *column(133, "807f80", f"yes no {'no ' * 12}yes")),
    Row("Page1C", "group_identifiers", 134, "0102" + "00" * 110 + "0304", f"01-02 {'00-00 ' * 13}03-04"),
    *codes("Page1D", "max_duration_commit", 128, DURATIONS, at="7-4"),
    Row("Page1D", "staged_redirection", 136, "0201030405060708", "2 1 3 4 5 6 7 8"),
    *bits("Page1D", 152, "- - - - - - - redirection_enabled"),
    *bits("Page1D", 160, "- - - - - - - commit_redirection"),
    Row(
        "Page1D",
        "redirection_result",
        168,
        "0001020304050c0d",
        "undefined,success,rejected,rejected, invalid lane mapping,rejected, lanes in use,"
        f"{RESERVED},in progress,rejected, custom 0Dh",
    ),
    Row("Page1D", "redirection", 184, "0201030405060708", "2 1 3 4 5 6 7 8"),
]

# ------------------------------------------------------------------- pages 30h to 42h of C-CMIS, 60h to 62h of CMIS 5.4

HOST_FLAGS = (
    "- - - - - - tx_excessive_degrade{0} tx_detected_degrade{0}",
    "- rx_remote_degrade{0} rx_local_degrade{0} rx_client_maintenance_locked{0} rx_multiplex_structure_mismatch{0} "
    "rx_client_signal_fail{0} tx_remote_degrade{0} tx_local_degrade{0}",
    "rx_flexe_remote_phy_fault{0} rx_flexe_group_mismatch{0} rx_flexe_instance_map_mismatch{0} "
    "rx_flexe_calendar_mismatch{0} rx_flexe_instance_mismatch{0} rx_flexe_loss_of_frame{0} "
    "rx_flexe_loss_of_multiframe{0} rx_flexe_loss_of_pad_block{0}",
    "- - - - - tx_loss_of_alignment{0} tx_remote_fault{0} tx_local_fault{0}",
    "- - - - - rx_loss_of_alignment{0} rx_remote_fault{0} rx_local_fault{0}",
)
TEN_E_5 = "9801"  # exponent 19, mantissa 1


def advertised(byte: int, high: str, low: str) -> Iterator[Row]:
    """Four bits for each of two observables: whether it is observed, its average, minimum and maximum."""
    names = [f"has_{name}{statistic}" for name in (high, low) for statistic in ("", "_average", "_min", "_max")]
    return bits("Page42", byte, " ".join(names))


def statistics(name: str, byte: int, *rows: tuple[str, str]) -> Iterator[Row]:
    """Average, minimum and maximum of one observable, one after the other."""
    for (raw, value), statistic in zip(rows, ("average", "min", "max"), strict=True):
        yield Row("Page35", f"{name}_{statistic}", byte, raw, value)
        byte += len(raw) // 2


COHERENT = [
    Row("Page30", "rx_power_high_alarm", 128, "00c8", "2 dBm"),
    Row("Page30", "rx_power_low_alarm", 130, "f448", "-30 dBm"),
    Row("Page30", "rx_power_high_warning", 132, "0064", "1 dBm"),
    Row("Page30", "rx_power_low_warning", 134, "f63c", "-25 dBm"),
    Row("Page30", "rx_signal_power_high_alarm", 136, "00c9", "2.01 dBm"),
    Row("Page30", "rx_signal_power_low_alarm", 138, "f449", "-29.99 dBm"),
    Row("Page30", "rx_signal_power_high_warning", 140, "0065", "1.01 dBm"),
    Row("Page30", "rx_signal_power_low_warning", 142, "f63d", "-24.99 dBm"),
    *bits("Page30", 144, "- - - - - - rx_power_thresholds_used rx_signal_power_thresholds_used"),
    Row("Page30", "rx_detected_degrade_raise", 160, TEN_E_5, "1E-5"),
    Row("Page30", "rx_detected_degrade_clear", 162, "9001", "1E-6"),
    Row("Page30", "rx_excessive_degrade_raise", 164, "a002", "2E-4"),
    Row("Page30", "rx_excessive_degrade_clear", 166, "9802", "2E-5"),
    *bits("Page30", 168, "- - - - - - rx_excessive_degrade_enabled rx_detected_degrade_enabled"),
    *bits(
        "Page33",
        128,
        "- - tx_loss_of_alignment tx_out_of_alignment tx_cmu_lol tx_reference_clock_lol tx_deskew_lol tx_fifo_error",
    ),
    *bits(
        "Page33",
        130,
        "rx_loss_of_frame rx_loss_of_multiframe rx_demodulator_lol rx_cd_compensation_lol rx_loss_of_alignment "
        "rx_out_of_alignment rx_deskew_lol rx_fifo_error",
    ),
    *bits("Page33", 132, "- - - - - - rx_excessive_degrade rx_detected_degrade"),
    *bits(
        "Page33",
        133,
        "- - rx_maintenance_ais rx_maintenance_locked rx_payload_type_mismatch remote_degrade local_degrade "
        "remote_fault",
    ),
    Row("Page33", "rx_payload_type", 188, "07", "7"),
    Row("Page34", "rx_bits", 128, "0000000100000002", f"{(1 << 32) + 2} count"),
    Row("Page34", "rx_bits_subinterval", 136, "0000000000000103", "259 count"),
    Row("Page34", "rx_corrected_bits", 144, "0000000000000104", "260 count"),
    Row("Page34", "rx_corrected_bits_min", 152, "0000000000000105", "261 count"),
    Row("Page34", "rx_corrected_bits_max", 160, "0000000000000106", "262 count"),
    Row("Page34", "rx_frames", 168, "80000001", f"{(1 << 31) + 1} count"),
    Row("Page34", "rx_frames_subinterval", 172, "00000108", "264 count"),
    Row("Page34", "rx_uncorrected_frames", 176, "00000109", "265 count"),
    Row("Page34", "rx_uncorrected_frames_min", 180, "0000010a", "266 count"),
    Row("Page34", "rx_uncorrected_frames_max", 184, "0000010b", "267 count"),
    *statistics("rx_cd", 128, ("fffffffd", "-3 ps/nm"), ("fffffff0", "-16 ps/nm"), ("00000960", "2400 ps/nm")),
    *statistics("rx_dgd", 140, ("006d", "1.09 ps"), ("0001", "0.01 ps"), ("ffff", "655.35 ps")),
    *statistics("rx_sopmd", 146, ("006d", "1.09 ps²"), ("0001", "0.01 ps²"), ("ffff", "655.35 ps²")),
    *statistics("rx_pdl", 152, ("0007", "0.7 dB"), ("0001", "0.1 dB"), ("000a", "1 dB")),
    *statistics("rx_osnr", 158, ("0152", "33.8 dB"), ("0148", "32.8 dB"), ("015c", "34.8 dB")),
    *statistics("rx_esnr", 164, ("009c", "15.6 dB"), ("009b", "15.5 dB"), ("009d", "15.7 dB")),
    *statistics("rx_cfo", 170, ("0077", "119 MHz"), ("ff38", "-200 MHz"), ("00cd", "205 MHz")),
    *statistics("rx_evm", 176, ("0000", "0 %"), ("3333", "20 %"), ("ffff", "100 %")),
    *statistics("tx_power", 182, ("ff39", "-1.99 dBm"), ("ff33", "-2.05 dBm"), ("0040", "0.64 dBm")),
    *statistics("rx_power", 188, ("ff34", "-2.04 dBm"), ("ff2a", "-2.14 dBm"), ("ff3f", "-1.93 dBm")),
    *statistics("rx_signal_power", 194, ("feda", "-2.94 dBm"), ("fec8", "-3.12 dBm"), ("fef3", "-2.69 dBm")),
    *statistics("rx_sop_rate", 200, ("0004", "4 krad/s"), ("0000", "0 krad/s"), ("8000", "32768 krad/s")),
    *statistics("rx_mer", 206, ("00d3", "21.1 dB"), ("00d2", "21 dB"), ("00d4", "21.2 dB")),
    *statistics("rx_clock_recovery", 212, ("7fff", "100 %"), ("8001", "-100 %"), ("0000", "0 %")),
    *statistics("rx_sopmd_coarse", 218, ("0041", "65 ps²"), ("0008", "8 ps²"), ("ffff", "65535 ps²")),
    *statistics("rx_snr_margin", 224, ("0029", "4.1 dB"), ("fff6", "-1 dB"), ("002a", "4.2 dB")),
    *statistics("rx_q_factor", 230, ("006a", "10.6 dB"), ("0069", "10.5 dB"), ("fffe", "6553.4 dB")),
    *statistics("rx_q_margin", 236, ("0029", "4.1 dB"), ("fff5", "-1.1 dB"), ("002b", "4.3 dB")),
    Row("Page38", "tx_detected_degrade_raise", 128, TEN_E_5, "1E-5"),
    Row("Page38", "tx_detected_degrade_clear", 130, "9001", "1E-6"),
    Row("Page38", "tx_excessive_degrade_raise", 132, "a002", "2E-4"),
    Row("Page38", "tx_excessive_degrade_clear", 134, "9802", "2E-5"),
    *bits(
        "Page38",
        136,
        "- - tx_excessive_degrade_action_enabled rx_excessive_degrade_action_enabled rx_local_fault_on_client_failure "
        "tx_local_fault_on_local_degrade tx_excessive_degrade_enabled tx_detected_degrade_enabled",
    ),
    *number("Page38", "rx_consequent_action_code", 137, "7-4", 10),
    *number("Page38", "tx_consequent_action_code", 137, "3-0", 5),
    Row("Page38", "rx_hold_off_timer", 141, "0102", "258"),
    Row("Page38", "tx_hold_off_timer", 143, "0103", "259"),
    *number("Page38", "rx_replacement_signal_code", 145, "7-4", 10),
    *number("Page38", "tx_replacement_signal_code", 145, "3-0", 5),
    *number("Page38", "tx_maintenance_locked_code", 146, "3-0", 5),
    Row("Page3A", "tx_bits", 128, "0000000100000002", f"{(1 << 32) + 2} count"),
    Row("Page3A", "tx_bits_subinterval", 136, "0000000000000103", "259 count"),
    Row("Page3A", "tx_corrected_bits", 144, "0000000000000104", "260 count"),
    Row("Page3A", "tx_corrected_bits_min", 152, "0000000000000105", "261 count"),
    Row("Page3A", "tx_corrected_bits_max", 160, "0000000000000106", "262 count"),
    Row("Page3A", "tx_frames", 168, "80000001", f"{(1 << 31) + 1} count"),
    Row("Page3A", "tx_frames_subinterval", 172, "00000108", "264 count"),
    Row("Page3A", "tx_uncorrected_frames", 176, "00000109", "265 count"),
    Row("Page3A", "tx_uncorrected_frames_min", 180, "0000010a", "266 count"),
    Row("Page3A", "tx_uncorrected_frames_max", 184, "0000010b", "267 count"),
    Row("Page3A", "tx_corrected_frames", 188, "0000010c", "268 count"),
    Row("Page3A", "tx_corrected_frames_subinterval", 192, "0000010d", "269 count"),
    *(row for number, names in enumerate(HOST_FLAGS) for row in bits("Page3B", 128 + number, names.format("_mask"))),
    *(row for number, names in enumerate(HOST_FLAGS) for row in bits("Page3B", 192 + number, names.format(""))),
    *bits(
        "Page42",
        128,
        "- - - has_rx_corrected_bits_max has_rx_corrected_bits_min has_rx_corrected_bits has_rx_bits_subinterval "
        "has_rx_bits",
    ),
    *bits(
        "Page42",
        129,
        "- - - has_rx_uncorrected_frames_max has_rx_uncorrected_frames_min has_rx_uncorrected_frames "
        "has_rx_frames_subinterval has_rx_frames",
    ),
    *advertised(130, "rx_cd", "rx_dgd"),
    *advertised(131, "rx_sopmd_coarse", "rx_pdl"),
    *advertised(132, "rx_osnr", "rx_esnr"),
    *advertised(133, "rx_cfo", "rx_evm"),
    *advertised(134, "rx_sop_rate", "tx_power"),
    *advertised(135, "rx_power", "rx_signal_power"),
    *bits("Page42", 136, "- - - - - - has_rx_excessive_degrade has_rx_detected_degrade"),
    *bits("Page42", 137, "- - - - - - has_tx_excessive_degrade has_tx_detected_degrade"),
    *advertised(138, "rx_clock_recovery", "rx_sopmd"),
    *advertised(139, "rx_snr_margin", "rx_mer"),
    *advertised(140, "rx_q_factor", "rx_q_margin"),
    Row("Page60", "content", 128, EVERY_BYTE.hex(), EVERY_BYTE_SHOWN),
    Row("Page61", "content", 128, EVERY_BYTE.hex(), EVERY_BYTE_SHOWN),
    Row("Page62", "content", 128, EVERY_BYTE.hex(), EVERY_BYTE_SHOWN),
]

TABLE = (
    *LOWER,
    *PAGE_00,
    *PAGE_01,
    *PAGES_02_TO_0D,
    *PAGES_10_AND_11,
    *PAGES_12_TO_15,
    *PAGES_16_TO_1D,
    *COHERENT,
)

WITH_VALUES = [row for row in TABLE if not any(absent in row.value for absent in (RESERVED, NONE, BEYOND))]

VIEW_OF = {view.__name__: view for view in cmis.VIEWS}
REGISTER_OF = {(view.__name__, one.name): one for view in cmis.VIEWS for one in view.registers()}

ADVERTISING = (Page(0x01), Page(0x04), Page(0x13), Page(0x42))
"""Pages whose bits say what other registers there are: all set, but for the page under test."""

OWN_ADVERTISING = {"Page04": {128: 0xFF, 129: 0xFF, 196: 0x80}, "Page13": {128: 0xFF, 130: 0xFF}}
"""Bits that advertise registers of their own page."""

SELECTED = {"Page14Ber": 0x01, "Page14HostCounters": 0x02, "Page14MediaCounters": 0x14, "Page14Snr": 0x06}
"""What the diagnostics selector stands on for each window of page 14h."""


def module(row: Row, filler: int) -> Image:
    """A module that advertises everything, with the row's bytes on its page and the filler around them."""
    page = VIEW_OF[row.view].page
    image = Image()
    for other in ADVERTISING:
        image.put(other, 128, b"\xff" * 128)
    image.put(page, page.first, bytes([filler]) * 128)
    image.put(LOWER_MEMORY, 0, bytes([0x22, row.revision, 0x00]))
    for byte, value in OWN_ADVERTISING.get(row.view, {}).items():
        image.put(page, byte, bytes([value]))
    if row.view in SELECTED:
        image.put(page, 128, bytes([SELECTED[row.view]]))
    image.put(page, row.byte, bytes.fromhex(row.raw))
    return image


def text(value: Value[Any]) -> str:
    """One value in words, with its unit."""
    if isinstance(value, Missing):
        return f"<{value.why.value}>"
    number = plain(value.value) if isinstance(value.value, Decimal) and value.unit else shown(value.value)
    return f"{number} {value.unit}".rstrip()


def read(image: Image, register: Register[Any]) -> list[Value[Any]]:
    """The register's values, one for every lane."""
    held = register.read(register.owner(image.memory("module")))
    return list(held) if isinstance(held, tuple) else [held]


def told(values: list[Value[Any]]) -> set[str]:
    """The values as a row may write them, with a space or a comma between lanes."""
    return {separator.join(map(text, values)) for separator in (" ", ",")}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.says)
def test_register_stands_where_the_document_has_it(row: Row) -> None:
    register = REGISTER_OF[row.view, row.name]
    for filler in (0x00, 0xFF):
        assert row.value in told(read(module(row, filler), register))


@pytest.mark.parametrize("row", WITH_VALUES, ids=lambda row: row.says)
def test_register_written_is_register_read(row: Row) -> None:
    """What was read goes into a module whose page is blank, and comes out of it the same."""
    register = REGISTER_OF[row.view, row.name]
    values = read(module(row, 0xFF), register)
    held = [value.value for value in values if isinstance(value, Reading)]
    assert len(held) == len(values)
    raw = bytes(len(row.raw) // 2)
    blank = module(Row(row.view, row.name, row.byte, raw.hex(), "", row.revision), 0x00)
    if isinstance(register, Lanes | Parts):
        register.write(blank, held)
    elif isinstance(register, Field):
        register.write(blank, held[0])
    assert told(read(blank, register)) == told(values)


LIMITS = ["high_alarm", "low_alarm", "high_warning", "low_warning"]
LANE_LIMITS = [f"Page1{page}.{{0}}_{limit}{mask}" for page, mask in (("0", "_mask"), ("1", "")) for limit in LIMITS]
MODULE_LIMITS = [f"Lower.{{0}}_{limit}{mask}" for mask in ("_mask", "") for limit in LIMITS]
SETS = ["Page10.staged_{0}", "Page10Set1.staged_{0}", "Page11.active_{0}"]
FLAG_AND_MASK = ["Page11.{0}", "Page10.{0}_mask"]


def monitor(name: str, registers: list[str]) -> list[str]:
    return [register.format(name) for register in registers]


ADVERTISED_BY: dict[str, list[str]] = {
    "01h:155.3": ["Page10.tx_squelch_force"],
    "01h:155.2": ["Page10.tx_auto_squelch_disable"],
    "01h:155.1": ["Page10.tx_disable"],
    "01h:155.0": ["Page10.tx_polarity_flip"],
    "01h:156.7": ["Lower.bank_broadcast"],
    "01h:156.2": ["Page10.rx_auto_squelch_disable"],
    "01h:156.1": ["Page10.rx_output_disable"],
    "01h:156.0": ["Page10.rx_polarity_flip"],
    "01h:157.3": monitor("tx_adaptive_eq_fail", FLAG_AND_MASK),
    "01h:157.2": monitor("tx_cdr_lol", FLAG_AND_MASK),
    "01h:157.1": monitor("tx_los", FLAG_AND_MASK),
    "01h:157.0": monitor("tx_fault", FLAG_AND_MASK),
    "01h:158.2": monitor("rx_cdr_lol", FLAG_AND_MASK),
    "01h:158.1": monitor("rx_los", FLAG_AND_MASK),
    "01h:159.5": [*monitor("custom", MODULE_LIMITS), "Lower.custom_raw", "Page02.custom_raw"],
    "01h:159.4": [*monitor("aux3", MODULE_LIMITS), "Lower.aux3_raw", "Page02.aux3_raw"],
    "01h:159.3": [*monitor("aux2", MODULE_LIMITS), "Lower.aux2_raw", "Page02.aux2_raw"],
    "01h:159.2": [*monitor("aux1", MODULE_LIMITS), "Lower.aux1_raw", "Page02.aux1_raw"],
    "01h:159.1": [*monitor("vcc", MODULE_LIMITS), "Lower.vcc", "Page02.vcc"],
    "01h:159.0": [*monitor("temperature", MODULE_LIMITS), "Lower.temperature", "Page02.temperature"],
    "01h:160.2": [*monitor("rx_power", LANE_LIMITS), "Page11.rx_power", "Page02.rx_power"],
    "01h:160.1": [*monitor("tx_power", LANE_LIMITS), "Page11.tx_power", "Page02.tx_power"],
    "01h:160.0": [*monitor("tx_bias", LANE_LIMITS), "Page11.tx_bias_raw", "Page02.tx_bias_raw"],
    "01h:161.6-5": [*monitor("tx_eq_recall", SETS), "Page10.tx_eq_store"],
    "01h:161.4": ["Page10.tx_eq_freeze"],
    "01h:161.3": monitor("tx_adaptive_eq", SETS),
    "01h:161.2": monitor("tx_input_eq", SETS),
    "01h:161.0": monitor("tx_cdr", SETS),
    "01h:162.7": [
        "Page18.staged_versatile_control",
        "Page18.staged_1_versatile_control",
        "Page19.active_versatile_control",
    ],
    "01h:162.6": [
        "Page10.apply_immediate_tx",
        "Page10.apply_immediate_rx",
        "Page10Set1.apply_immediate_tx",
        "Page10Set1.apply_immediate_rx",
        *(f"Page19.active_{way}_{what}" for way in ("tx", "rx") for what in ("application", "data_path")),
        "Page19.active_tx_explicit_control",
        "Page19.active_rx_explicit_control",
    ],
    "01h:162.4": monitor("rx_output_post", SETS),
    "01h:162.3": monitor("rx_output_pre", SETS),
    "01h:162.2": monitor("rx_amplitude", SETS),
    "01h:162.0": monitor("rx_cdr", SETS),
    "01h:175.3-0": [
        "Page18.staged_application_block",
        "Page18.staged_1_application_block",
        "Page19.active_application_block",
    ],
    "04h:128.7": ["Page04.channels_75_ghz"],
    "04h:128.6": ["Page04.channels_33_ghz"],
    "04h:128.5": ["Page04.channels_100_ghz"],
    "04h:128.4": ["Page04.channels_50_ghz"],
    "04h:128.3": ["Page04.channels_25_ghz"],
    "04h:128.2": ["Page04.channels_12g5_hz"],
    "04h:128.1": ["Page04.channels_6g25_hz"],
    "04h:128.0": ["Page04.channels_3g125_hz"],
    "04h:129.7": [
        "Page04.fine_tuning_resolution",
        "Page04.fine_tuning_low",
        "Page04.fine_tuning_high",
        "Page12.fine_tuning",
        "Page12.fine_offset",
    ],
    "04h:129.6": ["Page04.channels_150_ghz"],
    "04h:129.5": ["Page04.channels_300_ghz"],
    "04h:196.7": ["Page04.output_power_min", "Page04.output_power_max", "Page12.target_power"],
    "13h:128.3": ["Page13.host_input_loopback"],
    "13h:128.2": ["Page13.host_output_loopback"],
    "13h:128.1": ["Page13.media_input_loopback"],
    "13h:128.0": ["Page13.media_output_loopback"],
    "13h:130.5": ["Page14Snr.media_snr"],
    "13h:130.4": ["Page14Snr.host_snr"],
    **{
        f"42h:{byte}.{bit}": [f"Page34.rx_{name}"]
        for byte, names in (
            (128, "bits bits_subinterval corrected_bits corrected_bits_min corrected_bits_max"),
            (129, "frames frames_subinterval uncorrected_frames uncorrected_frames_min uncorrected_frames_max"),
        )
        for bit, name in enumerate(names.split())
    },
    **{
        f"42h:{byte}.{first - step}": [f"Page35.{name}_{statistic}"]
        for byte, first, name in (
            (130, 6, "rx_cd"),
            (130, 2, "rx_dgd"),
            (131, 6, "rx_sopmd_coarse"),
            (131, 2, "rx_pdl"),
            (132, 6, "rx_osnr"),
            (132, 2, "rx_esnr"),
            (133, 6, "rx_cfo"),
            (133, 2, "rx_evm"),
            (134, 6, "rx_sop_rate"),
            (134, 2, "tx_power"),
            (135, 6, "rx_power"),
            (135, 2, "rx_signal_power"),
            (138, 6, "rx_clock_recovery"),
            (138, 2, "rx_sopmd"),
            (139, 6, "rx_snr_margin"),
            (139, 2, "rx_mer"),
            (140, 6, "rx_q_factor"),
            (140, 2, "rx_q_margin"),
        )
        for step, statistic in enumerate(("average", "min", "max"))
    },
}
"""By the place of an advertising bit the registers that a module without it need not have."""

PAGES_BY = {
    "lower:2.7": "Page01 Page02 Page10 Page11 Page18 Page19 Page1A Page1B",
    "01h:142.7": "Page16 Page17",
    "01h:142.5": "Page13 Page14 Page14Ber Page14HostCounters Page14MediaCounters Page14Snr",
    "01h:142.4": "Page30 Page33 Page34 Page35 Page38 Page3A Page3B Page42",
    "01h:142.3": "Page05",
    "01h:142.2": "Page03",
    "01h:145.3": "Page15",
    "01h:155.6": "Page04 Page12",
    "01h:162.5": "Page10Set1",
    "01h:173.7": "Page0C",
    "01h:173.6": "Page0D",
    "01h:174.7": "Page60",
    "01h:174.6": "Page61",
    "01h:174.5": "Page62",
    "01h:175.3-0": "Page1C",
    "01h:252.7": "Page1D",
}
"""By the place of an advertising bit the pages that a module without it does not have."""

SINCE = {
    "5.0": "Page11.dp_init_pending",
    "5.1": "Page16 Page17",
    "5.2": "Page18 Page19",
    "5.3": "Lower.i2c_speed Lower.auto_commissioning Lower.spi_speed_mhz Lower.password_result Lower.state_machines "
    "Lower.function_type Lower.module_subtype Lower.fiber_face Page00.spi_flow_control_depends_on_speed "
    "Page00.spi_flow_control Page01.long_smf_multiplier Page01.versatile_control_supported "
    "Page01.normalized_application_banks Page01.normalized_applications_supported Page01.scratchpad "
    "Page01.password_entry Page01.password_result Page01.full_page_read Page01.host_lane_switching_supported "
    "Page01.link_training_supported Page1C Page1D",
    "5.4": "Lower.abnormal_firmware Lower.abnormal_firmware_mask Lower.heatsink_type "
    "Lower.low_power_restrictions_stated Lower.cdb_queries_refused_in_low_power "
    "Lower.cdb_firmware_queries_refused_in_low_power Lower.cdb_commands_refused_in_low_power "
    "Lower.cdb_firmware_commands_refused_in_low_power Page01.tx_polarity_default Page01.rx_polarity_default "
    "Page01.page_0c_supported Page01.page_0d_supported Page01.page_0e_supported Page01.page_0f_supported "
    "Page01.page_60_supported Page01.page_61_supported Page01.page_62_supported Page01.last_bank "
    "Page01.media_lane_switching_supported Page04.grid_300_ghz_supported Page10.staged_tx_disable "
    "Page10.staged_rx_output_disable Page10Set1.staged_tx_disable Page10Set1.staged_rx_output_disable Page0C Page0D "
    "Page60 Page61 Page62",
}
"""Registers and pages by the revision that brought them."""


def place_of(reference: str) -> tuple[Page, int, int]:
    """Page, byte and mask of a place written as ``01h:160.2``."""
    page, byte, at = re.fullmatch(r"(\w+):(\d+)\.([\d-]+)", reference).groups()  # type: ignore[union-attr]
    high, _, low = at.partition("-")
    mask = (1 << (int(high) + 1)) - (1 << int(low or high))
    return LOWER_MEMORY if page == "lower" else Page(int(page[:-1], 16)), int(byte), mask


def everything(revision: int = 0x54) -> Image:
    """A module that advertises everything; every register of every page holds ones but for selector and identity."""
    image = Image()
    for view in cmis.VIEWS:
        image.put(view.page, view.page.first, b"\xff" * 128)
    image.put(LOWER_MEMORY, 0, bytes([0x22, revision, 0x00]))
    return image


def without(reference: str) -> Image:
    """The same module with the bits of one place turned over."""
    image = everything()
    page, byte, mask = place_of(reference)
    held = image.page(page)
    held[byte - page.first] ^= mask
    return image


def refusals(image: Image, name: str) -> set[tuple[str, str]]:
    """Why there is no value, and what says so, of each value of a register or of every register of a page."""
    view, _, register = name.partition(".")
    registers = [REGISTER_OF[view, register]] if register else list(VIEW_OF[view].registers())
    if view in SELECTED:
        image.put(VIEW_OF[view].page, 128, bytes([SELECTED[view]]))
    values = [value for one in registers for value in read(image, one)]
    return {(value.why.name, value.detail) if isinstance(value, Missing) else ("READ", "") for value in values}


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        *((reference, name) for reference, names in ADVERTISED_BY.items() for name in names),
        *((reference, page) for reference, pages in PAGES_BY.items() for page in pages.split()),
    ],
)
def test_what_is_not_advertised_names_the_bit_that_says_so(reference: str, name: str) -> None:
    assert refusals(without(reference), name) == {("NOT_ADVERTISED", reference)}
    assert not {why for why, _ in refusals(everything(), name)} & {"NOT_ADVERTISED", "BEYOND_REVISION"}


@pytest.mark.parametrize(
    ("revision", "name"), [(revision, name) for revision, names in SINCE.items() for name in names.split()]
)
def test_what_a_revision_brought_is_not_in_the_one_before(revision: str, name: str) -> None:
    code = int(revision.replace(".", ""), 16)
    older = {0x50: 0x40}.get(code, code - 1)
    assert {why for why, _ in refusals(everything(older), name)} == {"BEYOND_REVISION"}
    assert ("BEYOND_REVISION", f"since CMIS {revision}") not in refusals(everything(code), name)


def test_every_advertised_register_and_every_page_stands_in_those_tables() -> None:
    gated, later, paged = set(), set(), set()
    for (view, name), register in REGISTER_OF.items():
        first = register.first if isinstance(register, Lanes) else register
        first = first.fields[0] if isinstance(first, Parts) else first
        assert isinstance(first, Field)
        if first.advertised_by is not None:
            gated.add(f"{view}.{name}")
        if first.since:
            later.add(f"{view}.{name}")
    for page in cmis.VIEWS:
        if page.gates:
            paged.add(page.__name__)
        if page.since:
            later.add(page.__name__)
    assert gated == {name for names in ADVERTISED_BY.values() for name in names}
    assert paged == {page for pages in PAGES_BY.values() for page in pages.split()}
    assert later == {name for names in SINCE.values() for name in names.split()}


def test_every_register_of_every_page_has_a_row() -> None:
    rows = {(row.view, row.name) for row in TABLE}
    assert sorted(set(REGISTER_OF) - rows) == []
    assert sorted(rows - set(REGISTER_OF)) == []
