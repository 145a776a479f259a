"""The SFF-8472 memory map (SFP+, SFP28, SFP56): A0h serial identification, A2h diagnostics and its pages.

Bytes were checked against public decoders of revisions 11.3 to 12.4, not against the document itself. Bytes 56-91 of
A2h hold calibration constants where the module is externally calibrated, and since revision 12.4 enhanced features
where it is not. The tunable page 02h of SFF-8690 stands as bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Final

from ..reading import Absence, Missing, Reading, Source, Value
from ..units import Unit
from .cmis import CELSIUS_STEP, MA_STEP, MW_STEP, ONES, VOLT_STEP
from .fields import Bit, Bits, Code, Fixed, Hexadecimal, Lanes, Text, UInt, View
from .memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, Page
from .sff import FC_LINK_LENGTH, FC_TECHNOLOGY_HIGH, PIGTAILS, OneOf, OptionalFloat, Words, older

REVISIONS: Final[Mapping[int, str]] = {
    0: "unspecified",
    1: "SFF-8472 9.3",
    2: "SFF-8472 9.5",
    3: "SFF-8472 10.2",
    4: "SFF-8472 10.4",
    5: "SFF-8472 11.0",
    6: "SFF-8472 11.3",
    7: "SFF-8472 11.4",
    8: "SFF-8472 12.3",
    9: "SFF-8472 12.4",
}

REVISION_CODES: Final[Mapping[str, int]] = {words.rpartition(" ")[2]: code for code, words in REVISIONS.items() if code}
"""The code in A0h byte 94 of each revision."""

TEC_STEP: Final = "0.1"

EXACT: Final = Context(prec=400)
"""Room for every digit of a polynomial whose coefficients are binary singles."""

EXTENDED_IDENTIFIERS: Final[Mapping[int, str]] = {
    0: "GBIC definition is not specified",
    1: "MOD_DEF 1",
    2: "MOD_DEF 2",
    3: "MOD_DEF 3",
    4: "two-wire interface ID only",
    5: "MOD_DEF 5",
    6: "MOD_DEF 6",
    7: "MOD_DEF 7",
}
ETHERNET_10G: Final[Mapping[int, str]] = {7: "10GBASE-ER", 6: "10GBASE-LRM", 5: "10GBASE-LR", 4: "10GBASE-SR"}
INFINIBAND: Final[Mapping[int, str]] = {3: "1X SX", 2: "1X LX", 1: "1X copper active", 0: "1X copper passive"}
ESCON: Final[Mapping[int, str]] = {7: "MMF, 1310 nm LED", 6: "SMF, 1310 nm laser"}
SONET: Final[Mapping[int, str]] = {
    13: "OC-192 short reach",
    12: "reach specifier bit 1",
    11: "reach specifier bit 2",
    10: "OC-48 long reach",
    9: "OC-48 intermediate reach",
    8: "OC-48 short reach",
    6: "OC-12 single mode, long reach",
    5: "OC-12 single mode, intermediate reach",
    4: "OC-12 short reach",
    2: "OC-3 single mode, long reach",
    1: "OC-3 single mode, intermediate reach",
    0: "OC-3 short reach",
}
ETHERNET: Final[Mapping[int, str]] = {
    7: "BASE-PX",
    6: "BASE-BX10",
    5: "100BASE-FX",
    4: "100BASE-LX/LX10",
    3: "1000BASE-T",
    2: "1000BASE-CX",
    1: "1000BASE-LX",
    0: "1000BASE-SX",
}
FC_TECHNOLOGY: Final[Mapping[int, str]] = {
    10: "shortwave laser, linear Rx (SA)",
    9: "longwave laser (LC)",
    8: "electrical inter-enclosure (EL)",
    **FC_TECHNOLOGY_HIGH,
}
FC_MEDIA: Final[Mapping[int, str]] = {
    7: "twin axial pair (TW)",
    6: "twisted pair (TP)",
    5: "miniature coax (MI)",
    4: "video coax (TV)",
    3: "multi-mode 62.5 um (M6)",
    2: "multi-mode 50 um (M5, M5E)",
    0: "single mode (SM)",
}
FC_SPEED: Final[Mapping[int, str]] = {
    7: "1200 MB/s",
    6: "800 MB/s",
    5: "1600 MB/s",
    4: "400 MB/s",
    3: "3200 MB/s",
    2: "200 MB/s",
    1: "see byte 62",
    0: "100 MB/s",
}
ENCODINGS: Final[Mapping[int, str]] = {
    0: "unspecified",
    1: "8B/10B",
    2: "4B/5B",
    3: "NRZ",
    4: "Manchester",
    5: "SONET scrambled",
    6: "64B/66B",
    7: "256B/257B",
    8: "PAM4",
}
RATE_IDENTIFIERS: Final[Mapping[int, str]] = {
    0x00: "unspecified",
    0x01: "SFF-8079 (4/2/1G, AS0/AS1)",
    0x02: "SFF-8431 (8/4/2G, Rx only)",
    0x04: "SFF-8431 (8/4/2G, Tx only)",
    0x06: "SFF-8431 (8/4/2G, Rx and Tx)",
    0x08: "FC-PI-5 (16/8/4G, Rx only)",
    0x0A: "FC-PI-5 (16/8/4G, Rx and Tx)",
    0x0C: "FC-PI-6 (32/16/8G, Rx and Tx)",
    0x0E: "10/8G, Rx and Tx, retimer or CDR",
    0x10: "FC-PI-7 (64/32/16G, Rx and Tx)",
    0x20: "by the PMDs of A0h:36 and A2h:67",
}
CABLE_COMPLIANCE: Final[Mapping[int, str]] = {
    3: "FC-PI-4 limiting",
    2: "SFF-8431 limiting",
    1: "FC-PI-4 appendix H",
    0: "SFF-8431 appendix E",
}


class Sff8472View(View):
    """A page of SFF-8472, whose later registers depend on the revision in A0h byte 94."""

    __slots__ = ()

    def beyond(self, since: str) -> Missing | None:
        return older(since, REVISION_CODES, A0.revision_code, self.memory, "SFF-8472")


class A0(Sff8472View, page=A0_LOWER):
    """Serial identification (SFF-8472 table 4-1)."""

    __slots__ = ()

    identifier = UInt(0)
    extended_identifier = UInt(1)
    extended_identifier_word = Code(1, EXTENDED_IDENTIFIERS)
    connector = UInt(2)
    separable_connector = OneOf(2, PIGTAILS, inverted=True)
    ethernet_10g_compliance = UInt(3)
    ethernet_10g = Words(3, ETHERNET_10G, mask=0xF0)
    infiniband = Words(3, INFINIBAND, mask=0x0F)
    escon = Words(4, ESCON, mask=0xC0)
    sonet = Words(4, SONET, size=2, mask=0x3FFF)
    ethernet = Words(6, ETHERNET)
    fc_link_length = Words(7, FC_LINK_LENGTH, mask=0xF8)
    fc_technology = Words(7, FC_TECHNOLOGY, size=2, mask=0x07F0)
    active_cable = Bit(8, 3)
    passive_cable = Bit(8, 2)
    copper_cable = OneOf(8, frozenset({0x00}), mask=0x0C, inverted=True)
    optical_module = OneOf(8, frozenset({0x00}), mask=0x0C)
    fc_media = Words(9, FC_MEDIA)
    fc_speed = Words(10, FC_SPEED)
    encoding = Code(11, ENCODINGS)
    bit_rate_100_mbps = UInt(12)
    bit_rate_in_byte_66 = OneOf(12, frozenset({0xFF}))
    bit_rate_in_byte_12 = OneOf(12, frozenset({0xFF}), inverted=True)
    rate_identifier = Code(13, RATE_IDENTIFIERS)
    smf_length_km = Fixed(14, 1, step="1000", unit=Unit.METRE, advertised_by=optical_module)
    smf_length = Fixed(15, 1, step="100", unit=Unit.METRE, advertised_by=optical_module)
    attenuation_12_9_ghz = Fixed(14, 1, step="1", unit=Unit.DB, advertised_by=copper_cable)
    attenuation_25_78_ghz = Fixed(15, 1, step="1", unit=Unit.DB, advertised_by=copper_cable)
    om2_length = Fixed(16, 1, step="10", unit=Unit.METRE)
    om1_length = Fixed(17, 1, step="10", unit=Unit.METRE)
    cable_length_raw = Fixed(18, 1, step="1", unit=Unit.METRE)
    om4_length = Fixed(18, 1, step="10", unit=Unit.METRE, advertised_by=separable_connector)
    om3_length = Fixed(19, 1, step="10", unit=Unit.METRE)
    vendor_name = Text(20, 16)
    extended_compliance = UInt(36)
    vendor_oui = Hexadecimal(37, 3)
    vendor_pn = Text(40, 16)
    vendor_rev = Text(56, 4)
    wavelength = Fixed(60, step="1", unit=Unit.NM, advertised_by=optical_module)
    cable_compliance = Words(60, CABLE_COMPLIANCE, advertised_by=copper_cable)
    fc_speed_64g = Bit(62, 0)
    checksum_base = UInt(63)
    power_level_4 = Bit(64, 6)
    power_level_3 = Bit(64, 5)
    power_level_above_1 = OneOf(64, frozenset({0x00}), mask=0x62, inverted=True)
    paging = Bit(64, 4)
    retimer = Bit(64, 3)
    cooled_transmitter = Bit(64, 2)
    power_level_2 = Bit(64, 1)
    linear_receiver = Bit(64, 0)
    laser_temperature_monitored = OneOf(64, frozenset({0x0400}), mask=0x0440, size=2)
    receiver_decision_threshold = Bit(65, 7)
    tunable_transmitter = Bit(65, 6)
    rate_select_implemented = Bit(65, 5)
    tx_disable_implemented = Bit(65, 4)
    tx_fault_implemented = Bit(65, 3)
    rx_los_inverted = Bit(65, 2)
    rx_los_implemented = Bit(65, 1)
    bit_rate_250_mbps = UInt(66, advertised_by=bit_rate_in_byte_66)
    bit_rate_margin = Fixed(67, 1, step="1", unit=Unit.PERCENT, advertised_by=bit_rate_in_byte_66)
    bit_rate_margin_max = Fixed(66, 1, step="1", unit=Unit.PERCENT, advertised_by=bit_rate_in_byte_12)
    bit_rate_margin_min = Fixed(67, 1, step="1", unit=Unit.PERCENT, advertised_by=bit_rate_in_byte_12)
    vendor_sn = Text(68, 16)
    date_code = Text(84, 8)
    legacy_diagnostics = Bit(92, 7)
    diagnostics_implemented = Bit(92, 6)
    internally_calibrated = Bit(92, 5)
    externally_calibrated = Bit(92, 4)
    not_externally_calibrated = Bit(92, 4, inverted=True)
    rx_power_is_average = Bit(92, 3)
    address_change_required = Bit(92, 2)
    flags_implemented = Bit(93, 7)
    soft_tx_disable_implemented = Bit(93, 6)
    soft_tx_fault_implemented = Bit(93, 5)
    soft_rx_los_implemented = Bit(93, 4)
    soft_rate_select_implemented = Bit(93, 3)
    application_select_implemented = Bit(93, 2)
    soft_rs1_implemented = Bit(93, 1)
    revision = Code(94, REVISIONS)
    revision_code = UInt(94)
    checksum_extended = UInt(95)
    vendor_specific = Hexadecimal(96, 32)


class A0Reserved(Sff8472View, page=A0_UPPER):
    """What follows the serial identification, kept for SFF-8079 (SFF-8472 table 4-1)."""

    __slots__ = ()

    reserved = Hexadecimal(128, 128)


class A2(
    Sff8472View,
    page=A2_LOWER,
    exists=A0.diagnostics_implemented,
    writable="110 114-115 118-119 127",
    write_only="123-126",
):
    """Thresholds, calibration, monitors, flags and controls (SFF-8472 table 4-2)."""

    __slots__ = ()

    tx_adaptive_eq_fail_flag = Bit(58, 0, advertised_by=A0.not_externally_calibrated, since="12.4")
    temperature_thresholds_raw = Lanes(Fixed(0, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True), 4)
    vcc_thresholds_raw = Lanes(Fixed(8, step=VOLT_STEP, unit=Unit.VOLT), 4)
    tx_bias_thresholds_raw = Lanes(Fixed(16, step=MA_STEP, unit=Unit.MA), 4)
    tx_power_thresholds_raw = Lanes(Fixed(24, step=MW_STEP, unit=Unit.MW), 4)
    rx_power_thresholds_raw = Lanes(Fixed(32, step=MW_STEP, unit=Unit.MW), 4)
    laser_temperature_thresholds = Lanes(
        Fixed(40, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True, advertised_by=A0.laser_temperature_monitored), 4
    )
    tec_current_thresholds = Lanes(
        Fixed(48, step=TEC_STEP, unit=Unit.MA, signed=True, advertised_by=A0.laser_temperature_monitored), 4
    )
    rx_power_coefficients = Lanes(OptionalFloat(56, advertised_by=A0.externally_calibrated), 5)
    tx_bias_slope = Fixed(76, step=CELSIUS_STEP, advertised_by=A0.externally_calibrated)
    tx_bias_offset = Fixed(78, step="1", signed=True, advertised_by=A0.externally_calibrated)
    tx_power_slope = Fixed(80, step=CELSIUS_STEP, advertised_by=A0.externally_calibrated)
    tx_power_offset = Fixed(82, step="1", signed=True, advertised_by=A0.externally_calibrated)
    temperature_slope = Fixed(84, step=CELSIUS_STEP, advertised_by=A0.externally_calibrated)
    temperature_offset = Fixed(86, step="1", signed=True, advertised_by=A0.externally_calibrated)
    vcc_slope = Fixed(88, step=CELSIUS_STEP, advertised_by=A0.externally_calibrated)
    vcc_offset = Fixed(90, step="1", signed=True, advertised_by=A0.externally_calibrated)
    rate_select_pins_ignored = Bit(56, 4, advertised_by=A0.not_externally_calibrated, since="12.4")
    tx_squelch_code = Bits(56, 3, 2, advertised_by=A0.not_externally_calibrated, since="12.4")
    tx_force_squelch_supported = Bit(56, 1, advertised_by=A0.not_externally_calibrated, since="12.4")
    tx_squelch_disable_supported = Bit(56, 0, advertised_by=A0.not_externally_calibrated, since="12.4")
    rx_force_squelch_supported = Bit(57, 1, advertised_by=A0.not_externally_calibrated, since="12.4")
    rx_squelch_disable_supported = Bit(57, 0, advertised_by=A0.not_externally_calibrated, since="12.4")
    tx_eq_store_recall_code = Bits(60, 4, 3, advertised_by=A0.not_externally_calibrated, since="12.4")
    tx_eq_freeze_supported = Bit(60, 2, advertised_by=A0.not_externally_calibrated, since="12.4")
    tx_adaptive_eq_supported = Bit(60, 1, advertised_by=A0.not_externally_calibrated, since="12.4")
    tx_manual_eq_supported = Bit(60, 0, advertised_by=A0.not_externally_calibrated, since="12.4")
    tx_adaptive_eq_settling = Fixed(
        61, 1, step="100", unit=Unit.MS, advertised_by=A0.not_externally_calibrated, since="12.4"
    )
    rx_output_eq_code = Bits(62, 4, 3, advertised_by=A0.not_externally_calibrated, since="12.4")
    rx_output_eq_control_code = Bits(62, 2, 1, advertised_by=A0.not_externally_calibrated, since="12.4")
    rx_amplitude_supported = Bit(62, 0, advertised_by=A0.not_externally_calibrated, since="12.4")
    rx_amplitude_codes = Bits(63, 7, 4, advertised_by=A0.not_externally_calibrated, since="12.4")
    tx_eq_max_code = Bits(63, 3, 0, advertised_by=A0.not_externally_calibrated, since="12.4")
    rx_post_cursor_max_code = Bits(64, 7, 4, advertised_by=A0.not_externally_calibrated, since="12.4")
    rx_pre_cursor_max_code = Bits(64, 3, 0, advertised_by=A0.not_externally_calibrated, since="12.4")
    max_power_consumption = Fixed(
        66,
        1,
        step="0.1",
        unit=Unit.WATT,
        unavailable=(0,),
        advertised_by=A0.not_externally_calibrated,
        since="12.4",
    )
    secondary_extended_compliance = UInt(67, advertised_by=A0.not_externally_calibrated, since="12.4")
    bytes_56_91 = Hexadecimal(56, 36)
    checksum = UInt(95)
    temperature_raw = Fixed(96, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True, unavailable=(0x8000, ONES))
    vcc_raw = Fixed(98, step=VOLT_STEP, unit=Unit.VOLT, unavailable=(0, ONES))
    tx_bias_raw = Fixed(100, step=MA_STEP, unit=Unit.MA, unavailable=(ONES,))
    tx_power_raw = Fixed(102, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,))
    rx_power_raw = Fixed(104, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,))
    laser_temperature = Fixed(
        106,
        step=CELSIUS_STEP,
        unit=Unit.CELSIUS,
        signed=True,
        unavailable=(0x8000, ONES),
        advertised_by=A0.laser_temperature_monitored,
    )
    tec_current = Fixed(
        108,
        step=TEC_STEP,
        unit=Unit.MA,
        signed=True,
        unavailable=(0x8000, ONES),
        advertised_by=A0.laser_temperature_monitored,
    )
    tx_disable_pin = Bit(110, 7)
    soft_tx_disable = Bit(110, 6, advertised_by=A0.soft_tx_disable_implemented)
    rs1_pin = Bit(110, 5)
    rs0_pin = Bit(110, 4)
    soft_rs0 = Bit(110, 3, advertised_by=A0.soft_rate_select_implemented)
    tx_fault = Bit(110, 2, advertised_by=A0.soft_tx_fault_implemented)
    rx_los = Bit(110, 1, advertised_by=A0.soft_rx_los_implemented)
    data_not_ready = Bit(110, 0)
    byte_111 = Hexadecimal(111, 1)
    temperature_high_alarm = Bit(112, 7, advertised_by=A0.flags_implemented)
    temperature_low_alarm = Bit(112, 6, advertised_by=A0.flags_implemented)
    vcc_high_alarm = Bit(112, 5, advertised_by=A0.flags_implemented)
    vcc_low_alarm = Bit(112, 4, advertised_by=A0.flags_implemented)
    tx_bias_high_alarm = Bit(112, 3, advertised_by=A0.flags_implemented)
    tx_bias_low_alarm = Bit(112, 2, advertised_by=A0.flags_implemented)
    tx_power_high_alarm = Bit(112, 1, advertised_by=A0.flags_implemented)
    tx_power_low_alarm = Bit(112, 0, advertised_by=A0.flags_implemented)
    rx_power_high_alarm = Bit(113, 7, advertised_by=A0.flags_implemented)
    rx_power_low_alarm = Bit(113, 6, advertised_by=A0.flags_implemented)
    laser_temperature_high_alarm = Bit(113, 5, advertised_by=A0.laser_temperature_monitored)
    laser_temperature_low_alarm = Bit(113, 4, advertised_by=A0.laser_temperature_monitored)
    tec_current_high_alarm = Bit(113, 3, advertised_by=A0.laser_temperature_monitored)
    tec_current_low_alarm = Bit(113, 2, advertised_by=A0.laser_temperature_monitored)
    tx_input_eq_high_rate_code = Bits(114, 7, 4)
    tx_input_eq_low_rate_code = Bits(114, 3, 0)
    rx_emphasis_high_rate_code = Bits(115, 7, 4)
    rx_emphasis_low_rate_code = Bits(115, 3, 0)
    temperature_high_warning = Bit(116, 7, advertised_by=A0.flags_implemented)
    temperature_low_warning = Bit(116, 6, advertised_by=A0.flags_implemented)
    vcc_high_warning = Bit(116, 5, advertised_by=A0.flags_implemented)
    vcc_low_warning = Bit(116, 4, advertised_by=A0.flags_implemented)
    tx_bias_high_warning = Bit(116, 3, advertised_by=A0.flags_implemented)
    tx_bias_low_warning = Bit(116, 2, advertised_by=A0.flags_implemented)
    tx_power_high_warning = Bit(116, 1, advertised_by=A0.flags_implemented)
    tx_power_low_warning = Bit(116, 0, advertised_by=A0.flags_implemented)
    rx_power_high_warning = Bit(117, 7, advertised_by=A0.flags_implemented)
    rx_power_low_warning = Bit(117, 6, advertised_by=A0.flags_implemented)
    laser_temperature_high_warning = Bit(117, 5, advertised_by=A0.laser_temperature_monitored)
    laser_temperature_low_warning = Bit(117, 4, advertised_by=A0.laser_temperature_monitored)
    tec_current_high_warning = Bit(117, 3, advertised_by=A0.laser_temperature_monitored)
    tec_current_low_warning = Bit(117, 2, advertised_by=A0.laser_temperature_monitored)
    tx_adaptive_eq_fail = Bit(118, 4, advertised_by=tx_adaptive_eq_fail_flag)
    soft_rs1 = Bit(118, 3, advertised_by=A0.soft_rs1_implemented)
    power_level_4_enable = Bit(118, 2, advertised_by=A0.power_level_4)
    power_level_state = Bit(118, 1, advertised_by=A0.power_level_above_1)
    power_level_select = Bit(118, 0, advertised_by=A0.power_level_above_1)
    tx_pam4 = Bit(119, 4, advertised_by=A0.fc_speed_64g)
    rx_pam4 = Bit(119, 3, advertised_by=A0.fc_speed_64g)
    mode_64gfc = Bit(119, 2, advertised_by=A0.fc_speed_64g)
    tx_cdr_unlocked = Bit(119, 1, advertised_by=A0.retimer)
    rx_cdr_unlocked = Bit(119, 0, advertised_by=A0.retimer)
    vendor_specific = Hexadecimal(120, 3)
    page_select = UInt(127, advertised_by=A0.paging)


class A2Page00(Sff8472View, page=A2_UPPER, exists=A0.diagnostics_implemented, writable="128-247"):
    """Memory for the user, and the vendor's control functions (SFF-8472 10.4)."""

    __slots__ = ()

    user_eeprom = Hexadecimal(128, 120)
    vendor_control = Hexadecimal(248, 8)


class A2Page01(
    Sff8472View,
    page=Page(0x01, device=0xA2, sfp=True),
    exists=(A0.diagnostics_implemented, A0.paging),
    writable="128-247",
):
    """The second page of memory for the user, where the module has pages (SFF-8472 10.4)."""

    __slots__ = ()

    user_eeprom = Hexadecimal(128, 120)
    vendor_control = Hexadecimal(248, 8)


class A2Page02(
    Sff8472View,
    page=Page(0x02, device=0xA2, sfp=True),
    exists=(A0.diagnostics_implemented, A0.paging, A0.tunable_transmitter),
):
    """Tuning of the transmitter, as bytes (SFF-8690)."""

    __slots__ = ()

    tuning = Hexadecimal(128, 128)


LANE_FLAGS: Final[tuple[Bit, ...]] = (
    A2.tx_fault,
    A2.rx_los,
    A2.tx_power_high_alarm,
    A2.tx_power_low_alarm,
    A2.tx_power_high_warning,
    A2.tx_power_low_warning,
    A2.tx_bias_high_alarm,
    A2.tx_bias_low_alarm,
    A2.tx_bias_high_warning,
    A2.tx_bias_low_warning,
    A2.rx_power_high_alarm,
    A2.rx_power_low_alarm,
    A2.rx_power_high_warning,
    A2.rx_power_low_warning,
)

MODULE_FLAGS: Final[tuple[Bit, ...]] = (
    A2.temperature_high_alarm,
    A2.temperature_low_alarm,
    A2.temperature_high_warning,
    A2.temperature_low_warning,
    A2.vcc_high_alarm,
    A2.vcc_low_alarm,
    A2.vcc_high_warning,
    A2.vcc_low_warning,
)

LASER_FLAGS: Final[tuple[Bit, ...]] = (
    A2.laser_temperature_high_alarm,
    A2.laser_temperature_low_alarm,
    A2.laser_temperature_high_warning,
    A2.laser_temperature_low_warning,
    A2.tec_current_high_alarm,
    A2.tec_current_low_alarm,
    A2.tec_current_high_warning,
    A2.tec_current_low_warning,
)
"""Flags of the monitors that only a cooled transmitter has."""

VIEWS: Final[tuple[type[View], ...]] = (A0, A0Reserved, A2, A2Page00, A2Page01, A2Page02)


def linear(raw: Value[Decimal], slope: Value[Decimal], offset: Value[Decimal], step: str) -> Value[Decimal]:
    """An externally calibrated monitor: slope x raw + offset, both in the register's step (SFF-8472 9.3).

    A slope of 0 would make one number of whatever is measured: the constants were never written.
    """
    if isinstance(raw, Missing):
        return raw
    if isinstance(slope, Missing):
        return slope
    if isinstance(offset, Missing):
        return offset
    if not slope.value:
        return Missing(Absence.NOT_AVAILABLE, slope.source, "a slope of 0: no calibration constants")
    return calibrated(raw, slope.value * raw.value + offset.value * Decimal(step))


def polynomial(raw: Value[Decimal], coefficients: tuple[Value[Decimal], ...]) -> Value[Decimal]:
    """Externally calibrated received power in mW; coefficients from Rx_PWR(4) down to Rx_PWR(0) (SFF-8472 9.3).

    Where all but the constant one are 0, the power would be one number whatever is measured.
    """
    if isinstance(raw, Missing):
        return raw
    counts, total = raw.value / Decimal(MW_STEP), Decimal(0)
    for coefficient in coefficients:
        if isinstance(coefficient, Missing):
            return coefficient
        total = EXACT.fma(total, counts, coefficient.value)
    slopes = [one for one in coefficients[:-1] if isinstance(one, Reading) and one.value]
    if not slopes:
        return Missing(Absence.NOT_AVAILABLE, coefficients[0].source, "coefficients of 0: no calibration constants")
    return calibrated(raw, EXACT.multiply(total, Decimal(MW_STEP)))


def calibrated(raw: Reading[Decimal], number: Decimal) -> Value[Decimal]:
    """The reading with its calibrated number, and a source that says so."""
    source = Source(raw.source.evidence, f"{raw.source.where} (externally calibrated)", raw.source.raw)
    return Reading(number, source, raw.unit) if number.is_finite() else Missing(Absence.UNREADABLE, source)
