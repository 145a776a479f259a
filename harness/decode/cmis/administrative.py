"""Lower memory and pages 00h to 02h: who the module is, what it advertises, its thresholds (OIF-CMIS 8.2 to 8.5)."""

from __future__ import annotations

from ...units import Unit
from ..fields import (
    Bit,
    Bits,
    Code,
    Fixed,
    Hexadecimal,
    Lanes,
    Length,
    Revision,
    Text,
    UInt,
    Version,
    lane_bits,
)
from ..memory import LOWER_MEMORY, Page
from .base import CELSIUS_STEP, LOWEST, MA_STEP, MW_STEP, ONES, VOLT_STEP, CmisView, Presence
from .words import DURATIONS, FAULT_CAUSES, FIBER_FACES, MEDIA_TECHNOLOGIES, MODULE_STATES


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
