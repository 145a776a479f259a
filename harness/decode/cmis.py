"""The CMIS memory map: lower memory, pages 00h, 01h, 02h, 10h, 11h and the diagnostics controls of 13h.

Bytes follow OIF-CMIS 5.x; each class names its clause. The map was checked against public decoders, not against the
OIF document itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..reading import Absence, Missing
from ..units import Unit
from .fields import (
    Bit,
    Bits,
    Code,
    Fixed,
    Hexadecimal,
    Lanes,
    Length,
    Parts,
    Revision,
    Text,
    UInt,
    Version,
    View,
    lane_bits,
    nibbles,
)
from .memory import LOWER_MEMORY, Page

LANES: Final = 8
"""Lanes of one bank."""

MODULE_STATES: Final[Mapping[int, str]] = {
    1: "ModuleLowPwr",
    2: "ModulePwrUp",
    3: "ModuleReady",
    4: "ModulePwrDn",
    5: "ModuleFault",
}

DATA_PATH_STATES: Final[Mapping[int, str]] = {
    1: "DPDeactivated",
    2: "DPInit",
    3: "DPDeinit",
    4: "DPActivated",
    5: "DPTxTurnOn",
    6: "DPTxTurnOff",
    7: "DPInitialized",
}

CONFIG_STATUS: Final[Mapping[int, str]] = {
    0x0: "ConfigUndefined",
    0x1: "ConfigSuccess",
    0x2: "ConfigRejected",
    0x3: "ConfigRejectedInvalidAppSel",
    0x4: "ConfigRejectedInvalidDataPath",
    0x5: "ConfigRejectedInvalidSI",
    0x6: "ConfigRejectedLanesInUse",
    0x7: "ConfigRejectedPartialDataPath",
    0x8: "ConfigRejectedNoEmulation",
    0xC: "ConfigInProgress",
}

FAULT_CAUSES: Final[Mapping[int, str]] = {
    0: "no fault",
    1: "TEC runaway",
    2: "data memory corrupted",
    3: "program memory corrupted",
    4: "transmitter",
    5: "receiver",
    6: "temperature",
}

FIBER_FACES: Final[Mapping[int, str]] = {1: "PC/UPC", 2: "APC"}

MEDIA_TECHNOLOGIES: Final[Mapping[int, str]] = {
    0x00: "850 nm VCSEL",
    0x01: "1310 nm VCSEL",
    0x02: "1550 nm VCSEL",
    0x03: "1310 nm FP",
    0x04: "1310 nm DFB",
    0x05: "1550 nm DFB",
    0x06: "1310 nm EML",
    0x07: "1550 nm EML",
    0x08: "other",
    0x09: "1490 nm DFB",
    0x0A: "copper, unequalized",
    0x0B: "copper, passive equalized",
    0x0C: "copper, near and far end limiting active",
    0x0D: "copper, far end limiting active",
    0x0E: "copper, near end limiting active",
    0x0F: "copper, linear active",
    0x10: "C-band tunable laser",
    0x11: "L-band tunable laser",
    0x12: "copper, near and far end linear active",
    0x13: "copper, far end linear active",
    0x14: "copper, near end linear active",
}

DURATIONS: Final[Mapping[int, str]] = {
    0x0: "< 1 ms",
    0x1: "< 5 ms",
    0x2: "< 10 ms",
    0x3: "< 50 ms",
    0x4: "< 100 ms",
    0x5: "< 500 ms",
    0x6: "< 1 s",
    0x7: "< 5 s",
    0x8: "< 10 s",
    0x9: "< 1 min",
    0xA: "< 5 min",
    0xB: "< 10 min",
    0xC: "< 50 min",
    0xD: ">= 50 min",
}

ONES: Final = 0xFFFF
LOWEST: Final = 0x8000

CELSIUS_STEP: Final = "0.00390625"
VOLT_STEP: Final = "0.0001"
MW_STEP: Final = "0.0001"
MA_STEP: Final = "0.002"


class CmisView(View):
    """A page of CMIS, whose later registers depend on the revision in byte 1 of lower memory."""

    __slots__ = ()

    def beyond(self, since: str) -> Missing | None:
        held = self.memory.take(LOWER_MEMORY, 1)
        if isinstance(held, Missing):
            return None
        major, minor = (int(number) for number in since.split("."))
        if held.value[0] >= major << 4 | minor:
            return None
        return Missing(Absence.BEYOND_REVISION, held.source, f"since CMIS {since}")


class Presence(CmisView, page=LOWER_MEMORY):
    """Byte 2 as the register that says whether pages beyond 00h exist (OIF-CMIS 8.2)."""

    __slots__ = ()

    paged = Bit(2, 7, inverted=True)


class Page01(CmisView, page=Page(0x01), exists=Presence.paged):
    """Advertising (OIF-CMIS 8.4)."""

    __slots__ = ()

    inactive_firmware = Version(128)
    hardware_revision = Version(130)
    smf_length = Length(132, metres=("100", "1000", "10000"))
    om5_length = Fixed(133, 1, step="2", unit=Unit.METRE)
    om4_length = Fixed(134, 1, step="2", unit=Unit.METRE)
    om3_length = Fixed(135, 1, step="2", unit=Unit.METRE)
    om2_length = Fixed(136, 1, step="1", unit=Unit.METRE)
    long_smf_length = Length(137, metres=("50000", "100000", "200000", "500000"), since="5.3")
    wavelength = Fixed(138, step="0.05", unit=Unit.NM)
    wavelength_tolerance = Fixed(140, step="0.005", unit=Unit.NM)
    network_paths_supported = Bit(142, 7)
    vdm_supported = Bit(142, 6)
    diagnostics_supported = Bit(142, 5)
    page_05_supported = Bit(142, 3)
    page_03_supported = Bit(142, 2)
    banks = Bits(142, 1, 0)
    max_duration_dp_deinit = Code(144, DURATIONS, high=7, low=4)
    max_duration_dp_init = Code(144, DURATIONS, high=3, low=0)
    cooled_transmitter = Bit(145, 7)
    page_15_supported = Bit(145, 3)
    aux3_is_vcc2 = Bit(145, 2)
    aux2_is_tec_current = Bit(145, 1)
    aux1_is_tec_current = Bit(145, 0)
    case_temperature_max = Fixed(146, 1, step="1", unit=Unit.CELSIUS, signed=True)
    case_temperature_min = Fixed(147, 1, step="1", unit=Unit.CELSIUS, signed=True)
    vcc_min = Fixed(150, 1, step="0.02", unit=Unit.VOLT)
    rx_power_is_average = Bit(151, 4)
    tx_disable_is_module_wide = Bit(151, 0)
    wavelength_control = Bit(155, 7)
    tunable = Bit(155, 6)
    tx_squelch_force_supported = Bit(155, 3)
    tx_auto_squelch_disable_supported = Bit(155, 2)
    tx_disable_supported = Bit(155, 1)
    tx_polarity_flip_supported = Bit(155, 0)
    bank_broadcast_supported = Bit(156, 7)
    rx_auto_squelch_disable_supported = Bit(156, 2)
    rx_output_disable_supported = Bit(156, 1)
    rx_polarity_flip_supported = Bit(156, 0)
    tx_adaptive_eq_fail_flag = Bit(157, 3)
    tx_cdr_lol_flag = Bit(157, 2)
    tx_los_flag = Bit(157, 1)
    tx_fault_flag = Bit(157, 0)
    rx_cdr_lol_flag = Bit(158, 2)
    rx_los_flag = Bit(158, 1)
    custom_monitor = Bit(159, 5)
    aux3_monitor = Bit(159, 4)
    aux2_monitor = Bit(159, 3)
    aux1_monitor = Bit(159, 2)
    vcc_monitor = Bit(159, 1)
    temperature_monitor = Bit(159, 0)
    tx_bias_scale = Bits(160, 4, 3)
    rx_power_monitor = Bit(160, 2)
    tx_power_monitor = Bit(160, 1)
    tx_bias_monitor = Bit(160, 0)
    staged_set_1_supported = Bit(162, 5)
    cdb_instances = Bits(163, 7, 6)
    max_duration_module_pwr_dn = Code(167, DURATIONS, high=7, low=4)
    max_duration_module_pwr_up = Code(167, DURATIONS, high=3, low=0)
    max_duration_dp_tx_turn_off = Code(168, DURATIONS, high=7, low=4)
    max_duration_dp_tx_turn_on = Code(168, DURATIONS, high=3, low=0)
    media_lane_assignments = Lanes(UInt(176), 15)
    later_descriptors = Lanes(UInt(223, 4), 7)
    checksum = UInt(255)


class Lower(CmisView, page=LOWER_MEMORY):
    """Management characteristics, module state, module monitors and Application descriptors (OIF-CMIS 8.2)."""

    __slots__ = ()

    identifier = UInt(0)
    revision = Revision(1)
    flat_memory = Bit(2, 7)
    stepped_config_only = Bit(2, 6)
    module_state = Code(3, MODULE_STATES, high=3, low=1)
    interrupt_deasserted = Bit(3, 0)
    cdb_complete_2 = Bit(8, 7)
    cdb_complete_1 = Bit(8, 6)
    data_path_firmware_error = Bit(8, 2)
    module_firmware_error = Bit(8, 1)
    module_state_changed = Bit(8, 0)
    vcc_low_warning = Bit(9, 7, advertised_by=Page01.vcc_monitor)
    vcc_high_warning = Bit(9, 6, advertised_by=Page01.vcc_monitor)
    vcc_low_alarm = Bit(9, 5, advertised_by=Page01.vcc_monitor)
    vcc_high_alarm = Bit(9, 4, advertised_by=Page01.vcc_monitor)
    temperature_low_warning = Bit(9, 3, advertised_by=Page01.temperature_monitor)
    temperature_high_warning = Bit(9, 2, advertised_by=Page01.temperature_monitor)
    temperature_low_alarm = Bit(9, 1, advertised_by=Page01.temperature_monitor)
    temperature_high_alarm = Bit(9, 0, advertised_by=Page01.temperature_monitor)
    temperature = Fixed(
        14,
        step=CELSIUS_STEP,
        unit=Unit.CELSIUS,
        signed=True,
        unavailable=(LOWEST, ONES),
        advertised_by=Page01.temperature_monitor,
    )
    vcc = Fixed(16, step=VOLT_STEP, unit=Unit.VOLT, unavailable=(0, ONES), advertised_by=Page01.vcc_monitor)
    aux1_raw = UInt(18, 2, advertised_by=Page01.aux1_monitor)
    aux2_raw = UInt(20, 2, advertised_by=Page01.aux2_monitor)
    aux3_raw = UInt(22, 2, advertised_by=Page01.aux3_monitor)
    custom_raw = UInt(24, 2, advertised_by=Page01.custom_monitor)
    low_power_allow_request_hw = Bit(26, 6)
    squelch_method_pav = Bit(26, 5)
    low_power_request_sw = Bit(26, 4)
    firmware_active = Version(39)
    fault_cause = Code(41, FAULT_CAUSES)
    fiber_face = Code(61, FIBER_FACES, high=1, low=0, since="5.3")
    media_type = UInt(85)
    descriptors = Lanes(UInt(86, 4), 8)


class Page00(CmisView, page=Page(0x00)):
    """Administrative information (OIF-CMIS 8.3)."""

    __slots__ = ()

    identifier_copy = UInt(128)
    vendor_name = Text(129, 16)
    vendor_oui = Hexadecimal(145, 3)
    vendor_pn = Text(148, 16)
    vendor_rev = Text(164, 2)
    vendor_sn = Text(166, 16)
    date_code = Text(182, 8)
    clei = Text(190, 10)
    power_class_code = Bits(200, 7, 5)
    max_power = Fixed(201, 1, step="0.25", unit=Unit.WATT)
    cable_length = Length(202, metres=("0.1", "1", "10", "100"))
    connector = UInt(203)
    attenuation_5_ghz = Fixed(204, 1, step="1", unit=Unit.DB, unavailable=(0,))
    attenuation_7_ghz = Fixed(205, 1, step="1", unit=Unit.DB, unavailable=(0,))
    attenuation_12g9_hz = Fixed(206, 1, step="1", unit=Unit.DB, unavailable=(0,))
    attenuation_25g8_hz = Fixed(207, 1, step="1", unit=Unit.DB, unavailable=(0,))
    attenuation_53g1_hz = Fixed(208, 1, step="1", unit=Unit.DB, unavailable=(0,))
    media_lanes_unsupported = lane_bits(210)
    media_lanes_unsupported_map = UInt(210)
    far_end_configuration = Bits(211, 4, 0)
    media_technology = Code(212, MEDIA_TECHNOLOGIES)
    checksum = UInt(222)


class Page02(CmisView, page=Page(0x02), exists=Presence.paged):
    """Alarm and warning thresholds: high alarm, low alarm, high warning, low warning (OIF-CMIS 8.5)."""

    __slots__ = ()

    temperature = Lanes(
        Fixed(128, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True, advertised_by=Page01.temperature_monitor), 4
    )
    vcc = Lanes(Fixed(136, step=VOLT_STEP, unit=Unit.VOLT, advertised_by=Page01.vcc_monitor), 4)
    aux1_raw = Lanes(UInt(144, 2, advertised_by=Page01.aux1_monitor), 4)
    aux2_raw = Lanes(UInt(152, 2, advertised_by=Page01.aux2_monitor), 4)
    aux3_raw = Lanes(UInt(160, 2, advertised_by=Page01.aux3_monitor), 4)
    tx_power = Lanes(Fixed(176, step=MW_STEP, unit=Unit.MW, advertised_by=Page01.tx_power_monitor), 4)
    tx_bias_raw = Lanes(Fixed(184, step=MA_STEP, unit=Unit.MA, advertised_by=Page01.tx_bias_monitor), 4)
    rx_power = Lanes(Fixed(192, step=MW_STEP, unit=Unit.MW, advertised_by=Page01.rx_power_monitor), 4)
    checksum = UInt(255)


class Page10(CmisView, page=Page(0x10), exists=Presence.paged):
    """Lane and data path control (OIF-CMIS 8.9)."""

    __slots__ = ()

    dp_deinit = lane_bits(128)
    tx_polarity_flip = lane_bits(129, advertised_by=Page01.tx_polarity_flip_supported)
    tx_disable = lane_bits(130, advertised_by=Page01.tx_disable_supported)
    tx_auto_squelch_disable = lane_bits(131, advertised_by=Page01.tx_auto_squelch_disable_supported)
    tx_squelch_force = lane_bits(132, advertised_by=Page01.tx_squelch_force_supported)
    rx_polarity_flip = lane_bits(137, advertised_by=Page01.rx_polarity_flip_supported)
    rx_output_disable = lane_bits(138, advertised_by=Page01.rx_output_disable_supported)
    rx_auto_squelch_disable = lane_bits(139, advertised_by=Page01.rx_auto_squelch_disable_supported)
    staged_application = Lanes(Bits(145, 7, 4))
    staged_data_path = Lanes(Bits(145, 3, 1))
    staged_explicit_control = Lanes(Bit(145, 0))


class Page11(CmisView, page=Page(0x11), exists=Presence.paged):
    """Lane and data path status, lane flags and lane monitors (OIF-CMIS 8.10)."""

    __slots__ = ()

    dp_state = nibbles(128, DATA_PATH_STATES)
    rx_output_valid = lane_bits(132)
    tx_output_valid = lane_bits(133)
    dp_state_changed = lane_bits(134)
    tx_fault = lane_bits(135, advertised_by=Page01.tx_fault_flag)
    tx_los = lane_bits(136, advertised_by=Page01.tx_los_flag)
    tx_cdr_lol = lane_bits(137, advertised_by=Page01.tx_cdr_lol_flag)
    tx_adaptive_eq_fail = lane_bits(138, advertised_by=Page01.tx_adaptive_eq_fail_flag)
    tx_power_high_alarm = lane_bits(139, advertised_by=Page01.tx_power_monitor)
    tx_power_low_alarm = lane_bits(140, advertised_by=Page01.tx_power_monitor)
    tx_power_high_warning = lane_bits(141, advertised_by=Page01.tx_power_monitor)
    tx_power_low_warning = lane_bits(142, advertised_by=Page01.tx_power_monitor)
    tx_bias_high_alarm = lane_bits(143, advertised_by=Page01.tx_bias_monitor)
    tx_bias_low_alarm = lane_bits(144, advertised_by=Page01.tx_bias_monitor)
    tx_bias_high_warning = lane_bits(145, advertised_by=Page01.tx_bias_monitor)
    tx_bias_low_warning = lane_bits(146, advertised_by=Page01.tx_bias_monitor)
    rx_los = lane_bits(147, advertised_by=Page01.rx_los_flag)
    rx_cdr_lol = lane_bits(148, advertised_by=Page01.rx_cdr_lol_flag)
    rx_power_high_alarm = lane_bits(149, advertised_by=Page01.rx_power_monitor)
    rx_power_low_alarm = lane_bits(150, advertised_by=Page01.rx_power_monitor)
    rx_power_high_warning = lane_bits(151, advertised_by=Page01.rx_power_monitor)
    rx_power_low_warning = lane_bits(152, advertised_by=Page01.rx_power_monitor)
    tx_power = Lanes(Fixed(154, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,), advertised_by=Page01.tx_power_monitor))
    tx_bias_raw = Lanes(
        Fixed(170, step=MA_STEP, unit=Unit.MA, unavailable=(ONES,), advertised_by=Page01.tx_bias_monitor)
    )
    rx_power = Lanes(Fixed(186, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,), advertised_by=Page01.rx_power_monitor))
    config_status = nibbles(202, CONFIG_STATUS)
    active_application = Lanes(Bits(206, 7, 4))
    active_data_path = Lanes(Bits(206, 3, 1))
    dp_init_pending = lane_bits(235, since="5.0")


class Page13(CmisView, page=Page(0x13), exists=Page01.diagnostics_supported):
    """Diagnostics capabilities and controls: loopbacks and PRBS enables (OIF-CMIS 8.12)."""

    __slots__ = ()

    media_output_loopback_supported = Bit(128, 0)
    media_input_loopback_supported = Bit(128, 1)
    host_output_loopback_supported = Bit(128, 2)
    host_input_loopback_supported = Bit(128, 3)
    host_generator_enable = lane_bits(144)
    media_generator_enable = lane_bits(152)
    host_checker_enable = lane_bits(160)
    media_checker_enable = lane_bits(168)
    media_output_loopback = lane_bits(180, advertised_by=media_output_loopback_supported)
    media_input_loopback = lane_bits(181, advertised_by=media_input_loopback_supported)
    host_output_loopback = lane_bits(182, advertised_by=host_output_loopback_supported)
    host_input_loopback = lane_bits(183, advertised_by=host_input_loopback_supported)


LANE_FLAGS: Final[tuple[Parts[bool], ...]] = (
    Page11.tx_fault,
    Page11.tx_los,
    Page11.tx_cdr_lol,
    Page11.tx_adaptive_eq_fail,
    Page11.tx_power_high_alarm,
    Page11.tx_power_low_alarm,
    Page11.tx_power_high_warning,
    Page11.tx_power_low_warning,
    Page11.tx_bias_high_alarm,
    Page11.tx_bias_low_alarm,
    Page11.tx_bias_high_warning,
    Page11.tx_bias_low_warning,
    Page11.rx_los,
    Page11.rx_cdr_lol,
    Page11.rx_power_high_alarm,
    Page11.rx_power_low_alarm,
    Page11.rx_power_high_warning,
    Page11.rx_power_low_warning,
    Page11.dp_state_changed,
)
"""Latched lane flags of page 11h; one read clears them."""

HOST_LANE_FLAGS: Final = frozenset({"tx_los", "tx_cdr_lol", "tx_adaptive_eq_fail", "dp_state_changed"})
"""Flags whose bits are host lanes; the others are media lanes."""

MODULE_FLAGS: Final[tuple[Bit, ...]] = (
    Lower.temperature_high_alarm,
    Lower.temperature_low_alarm,
    Lower.temperature_high_warning,
    Lower.temperature_low_warning,
    Lower.vcc_high_alarm,
    Lower.vcc_low_alarm,
    Lower.vcc_high_warning,
    Lower.vcc_low_warning,
    Lower.data_path_firmware_error,
    Lower.module_firmware_error,
    Lower.module_state_changed,
)

LANE_CONTROLS: Final[tuple[Parts[bool], ...]] = (
    Page10.dp_deinit,
    Page10.tx_polarity_flip,
    Page10.tx_disable,
    Page10.tx_auto_squelch_disable,
    Page10.tx_squelch_force,
    Page10.rx_polarity_flip,
    Page10.rx_output_disable,
    Page10.rx_auto_squelch_disable,
    Page13.media_output_loopback,
    Page13.media_input_loopback,
    Page13.host_output_loopback,
    Page13.host_input_loopback,
    Page13.host_generator_enable,
    Page13.media_generator_enable,
    Page13.host_checker_enable,
    Page13.media_checker_enable,
)

VIEWS: Final[tuple[type[CmisView], ...]] = (Lower, Page00, Page01, Page02, Page10, Page11, Page13)
