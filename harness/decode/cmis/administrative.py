"""Lower memory and pages 00h to 03h: who the module is, what it advertises, its thresholds (OIF-CMIS 8.2 to 8.6)."""

from __future__ import annotations

from ...units import Unit
from ..fields import (
    Bit,
    Bits,
    Choice,
    Code,
    Fixed,
    Hexadecimal,
    Lanes,
    Length,
    NonZero,
    Revision,
    Scaled,
    Text,
    UInt,
    Version,
    lane_bits,
)
from ..memory import LOWER_MEMORY, Page
from .base import CELSIUS_STEP, LOWEST, MA_STEP, MW_STEP, ONES, VOLT_STEP, CmisView, Presence
from .words import (
    AUTO_COMMISSIONING,
    CLOCK_GROUPS,
    DURATIONS,
    EPL_PAGES,
    FAULT_CAUSES,
    FAULT_CAUSES_SINCE,
    FIBER_FACES,
    FUNCTION_TYPES,
    I2C_SPEEDS_KHZ,
    LONG_SMF_METRES,
    MEDIA_TECHNOLOGIES,
    MEDIA_TECHNOLOGIES_SINCE,
    MODULE_STATES,
    PASSWORD_RESULTS,
    RX_EQ_TYPES,
    SPI_SPEEDS_MHZ,
    SQUELCH_METHODS,
    STATE_MACHINES,
    SUPPORT,
)


class Page01(CmisView, page=Page(0x01), exists=Presence.paged):
    """Advertising (OIF-CMIS 8.4)."""

    __slots__ = ()

    inactive_firmware = Version(128)
    hardware_revision = Version(130)
    smf_length = Length(132, metres=("100", "1000", "10000"))
    smf_multiplier_code = Bits(132, 7, 6)
    smf_base = Bits(132, 5, 0)
    om5_length = Fixed(133, 1, step="2", unit=Unit.METRE)
    om4_length = Fixed(134, 1, step="2", unit=Unit.METRE)
    om3_length = Fixed(135, 1, step="2", unit=Unit.METRE)
    om2_length = Fixed(136, 1, step="1", unit=Unit.METRE)
    long_smf_multiplier = Choice(137, LONG_SMF_METRES, unit=Unit.METRE, high=7, low=6, since="5.3")
    wavelength = Fixed(138, step="0.05", unit=Unit.NM, unavailable=(0,))
    wavelength_tolerance = Fixed(140, step="0.005", unit=Unit.NM)
    network_paths_supported = Bit(142, 7)
    vdm_supported = Bit(142, 6)
    diagnostics_supported = Bit(142, 5)
    coherent_pages_supported = Bit(142, 4)
    page_05_supported = Bit(142, 3)
    page_03_supported = Bit(142, 2)
    banks = Bits(142, 1, 0)
    mod_sel_wait_exponent = Bits(143, 7, 5)
    mod_sel_wait_mantissa = Bits(143, 4, 0)
    max_duration_dp_deinit = Code(144, DURATIONS, high=7, low=4)
    max_duration_dp_init = Code(144, DURATIONS, high=3, low=0)
    cooled_transmitter = Bit(145, 7)
    tx_input_clocking = Code(145, CLOCK_GROUPS, high=6, low=5)
    epps_supported = Bit(145, 4)
    page_15_supported = Bit(145, 3)
    aux3_is_vcc2 = Bit(145, 2)
    aux2_is_tec_current = Bit(145, 1)
    aux1_is_tec_current = Bit(145, 0)
    case_temperature_max = Fixed(146, 1, step="1", unit=Unit.CELSIUS, signed=True)
    case_temperature_min = Fixed(147, 1, step="1", unit=Unit.CELSIUS, signed=True)
    propagation_delay = Fixed(148, step="10", unit=Unit.NS, unavailable=(0,))
    vcc_min = Fixed(150, 1, step="0.02", unit=Unit.VOLT, unavailable=(0,))
    detector_is_apd = Bit(151, 7)
    rx_output_eq_type = Code(151, RX_EQ_TYPES, high=6, low=5)
    rx_power_is_average = Bit(151, 4)
    rx_los_is_average = Bit(151, 3)
    rx_los_is_fast = Bit(151, 2)
    tx_disable_is_fast = Bit(151, 1)
    tx_disable_is_module_wide = Bit(151, 0)
    cdr_power_saved_per_lane = Fixed(152, 1, step="0.01", unit=Unit.WATT)
    rx_amplitude_3_supported = Bit(153, 7)
    rx_amplitude_2_supported = Bit(153, 6)
    rx_amplitude_1_supported = Bit(153, 5)
    rx_amplitude_0_supported = Bit(153, 4)
    tx_input_eq_max = Scaled(153, 3, 0, step="1", unit=Unit.DB, top=12)
    rx_output_post_max = Scaled(154, 7, 4, step="1", unit=Unit.DB, top=7)
    rx_output_pre_max = Scaled(154, 3, 0, step="0.5", unit=Unit.DB, top=7)
    wavelength_control = Bit(155, 7)
    tunable = Bit(155, 6)
    tx_squelch_method = Code(155, SQUELCH_METHODS, high=5, low=4)
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
    tx_eq_recall_buffers = Bits(161, 6, 5)
    tx_eq_recall_supported = NonZero(161, high=6, low=5)
    tx_eq_freeze_supported = Bit(161, 4)
    tx_adaptive_eq_supported = Bit(161, 3)
    tx_input_eq_supported = Bit(161, 2)
    tx_cdr_bypass_supported = Bit(161, 1)
    tx_cdr_supported = Bit(161, 0)
    versatile_control_supported = Bit(162, 7, since="5.3")
    unidirectional_reconfiguration_supported = Bit(162, 6)
    staged_set_1_supported = Bit(162, 5)
    rx_output_post_supported = Bit(162, 4)
    rx_output_pre_supported = Bit(162, 3)
    rx_amplitude_supported = Bit(162, 2)
    rx_cdr_bypass_supported = Bit(162, 1)
    rx_cdr_supported = Bit(162, 0)
    cdb_instances = Bits(163, 7, 6)
    cdb_background = Bit(163, 5)
    cdb_auto_paging = Bit(163, 4)
    cdb_epl_pages = Choice(163, EPL_PAGES, high=3, low=0)
    cdb_length_extension = UInt(164)
    cdb_trigger_on_stop = Bit(165, 7)
    cdb_extended_busy = Bits(165, 4, 0)
    cdb_busy_is_extended = Bit(166, 7)
    cdb_busy = Bits(166, 6, 0)
    max_duration_module_pwr_dn = Code(167, DURATIONS, high=7, low=4)
    max_duration_module_pwr_up = Code(167, DURATIONS, high=3, low=0)
    max_duration_dp_tx_turn_off = Code(168, DURATIONS, high=7, low=4)
    max_duration_dp_tx_turn_on = Code(168, DURATIONS, high=3, low=0)
    page_change_shift = Bits(169, 3, 0)
    tx_polarity_default = lane_bits(171, since="5.4")
    rx_polarity_default = lane_bits(172, since="5.4")
    page_0c_supported = Bit(173, 7, since="5.4")
    page_0d_supported = Bit(173, 6, since="5.4")
    page_0e_supported = Bit(173, 5, since="5.4")
    page_0f_supported = Bit(173, 4, since="5.4")
    page_60_supported = Bit(174, 7, since="5.4")
    page_61_supported = Bit(174, 6, since="5.4")
    page_62_supported = Bit(174, 5, since="5.4")
    last_bank = Bits(174, 4, 0, since="5.4")
    normalized_application_banks = Bits(175, 3, 0, since="5.3")
    normalized_applications_supported = NonZero(175, high=3, low=0, since="5.3")
    media_lane_assignments = Lanes(UInt(176), 15)
    custom_static = Hexadecimal(191, 32)
    later_descriptors = Lanes(UInt(223, 4), 7)
    scratchpad = Code(251, SUPPORT, high=7, low=6, unspecified=(0,), since="5.3")
    password_entry = Code(251, SUPPORT, high=5, low=4, unspecified=(0,), since="5.3")
    password_result = Code(251, SUPPORT, high=3, low=2, unspecified=(0,), since="5.3")
    full_page_read = Code(251, SUPPORT, high=1, low=0, unspecified=(0,), since="5.3")
    host_lane_switching_supported = Bit(252, 7, since="5.3")
    link_training_supported = Bit(252, 6, since="5.3")
    media_lane_switching_supported = Bit(252, 5, since="5.4")
    checksum = UInt(255)


class Lower(
    CmisView,
    page=LOWER_MEMORY,
    writable="26-36 126-127",
    write_only="118-125",
    clears="8-13",
):
    """Management characteristics, module state, module monitors and Application descriptors (OIF-CMIS 8.2).

    Software reset, bit 3 of byte 26, reads as zero; the rest of the byte does not.
    """

    __slots__ = ()

    identifier = UInt(0)
    revision = Revision(1)
    flat_memory = Bit(2, 7)
    stepped_config_only = Bit(2, 6)
    i2c_speed = Choice(2, I2C_SPEEDS_KHZ, unit=Unit.KHZ, high=5, low=2, since="5.3")
    i2c_speed_before_5_3 = Choice(2, I2C_SPEEDS_KHZ, unit=Unit.KHZ, high=3, low=2, until="5.3")
    auto_commissioning = Code(2, AUTO_COMMISSIONING, high=1, low=0, since="5.3")
    module_state = Code(3, MODULE_STATES, high=3, low=1)
    interrupt_deasserted = Bit(3, 0)
    page_11_flags_of_bank = Lanes(Bit(4, 0), 4)
    page_12_flags_of_bank = Lanes(Bit(4, 1), 4)
    page_14_flags_of_bank = Lanes(Bit(4, 2), 4)
    page_2c_flags_of_bank = Lanes(Bit(4, 3), 4)
    cdb_complete_2 = Bit(8, 7)
    cdb_complete_1 = Bit(8, 6)
    abnormal_firmware = Bit(8, 3, since="5.4")
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
    aux2_low_warning = Bit(10, 7, advertised_by=Page01.aux2_monitor)
    aux2_high_warning = Bit(10, 6, advertised_by=Page01.aux2_monitor)
    aux2_low_alarm = Bit(10, 5, advertised_by=Page01.aux2_monitor)
    aux2_high_alarm = Bit(10, 4, advertised_by=Page01.aux2_monitor)
    aux1_low_warning = Bit(10, 3, advertised_by=Page01.aux1_monitor)
    aux1_high_warning = Bit(10, 2, advertised_by=Page01.aux1_monitor)
    aux1_low_alarm = Bit(10, 1, advertised_by=Page01.aux1_monitor)
    aux1_high_alarm = Bit(10, 0, advertised_by=Page01.aux1_monitor)
    custom_low_warning = Bit(11, 7, advertised_by=Page01.custom_monitor)
    custom_high_warning = Bit(11, 6, advertised_by=Page01.custom_monitor)
    custom_low_alarm = Bit(11, 5, advertised_by=Page01.custom_monitor)
    custom_high_alarm = Bit(11, 4, advertised_by=Page01.custom_monitor)
    aux3_low_warning = Bit(11, 3, advertised_by=Page01.aux3_monitor)
    aux3_high_warning = Bit(11, 2, advertised_by=Page01.aux3_monitor)
    aux3_low_alarm = Bit(11, 1, advertised_by=Page01.aux3_monitor)
    aux3_high_alarm = Bit(11, 0, advertised_by=Page01.aux3_monitor)
    custom_flags = Hexadecimal(13, 1)
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
    bank_broadcast = Bit(26, 7, advertised_by=Page01.bank_broadcast_supported)
    low_power_allow_request_hw = Bit(26, 6)
    squelch_method_pav = Bit(26, 5)
    low_power_request_sw = Bit(26, 4)
    software_reset = Bit(26, 3)
    custom_controls = Bits(26, 2, 0)
    spi_speed_mhz = Choice(27, SPI_SPEEDS_MHZ, unit=Unit.MHZ, high=3, low=0, since="5.3")
    more_custom_controls = Hexadecimal(29, 2)
    cdb_complete_2_mask = Bit(31, 7)
    cdb_complete_1_mask = Bit(31, 6)
    abnormal_firmware_mask = Bit(31, 3, since="5.4")
    data_path_firmware_error_mask = Bit(31, 2)
    module_firmware_error_mask = Bit(31, 1)
    module_state_changed_mask = Bit(31, 0)
    vcc_low_warning_mask = Bit(32, 7, advertised_by=Page01.vcc_monitor)
    vcc_high_warning_mask = Bit(32, 6, advertised_by=Page01.vcc_monitor)
    vcc_low_alarm_mask = Bit(32, 5, advertised_by=Page01.vcc_monitor)
    vcc_high_alarm_mask = Bit(32, 4, advertised_by=Page01.vcc_monitor)
    temperature_low_warning_mask = Bit(32, 3, advertised_by=Page01.temperature_monitor)
    temperature_high_warning_mask = Bit(32, 2, advertised_by=Page01.temperature_monitor)
    temperature_low_alarm_mask = Bit(32, 1, advertised_by=Page01.temperature_monitor)
    temperature_high_alarm_mask = Bit(32, 0, advertised_by=Page01.temperature_monitor)
    aux2_low_warning_mask = Bit(33, 7, advertised_by=Page01.aux2_monitor)
    aux2_high_warning_mask = Bit(33, 6, advertised_by=Page01.aux2_monitor)
    aux2_low_alarm_mask = Bit(33, 5, advertised_by=Page01.aux2_monitor)
    aux2_high_alarm_mask = Bit(33, 4, advertised_by=Page01.aux2_monitor)
    aux1_low_warning_mask = Bit(33, 3, advertised_by=Page01.aux1_monitor)
    aux1_high_warning_mask = Bit(33, 2, advertised_by=Page01.aux1_monitor)
    aux1_low_alarm_mask = Bit(33, 1, advertised_by=Page01.aux1_monitor)
    aux1_high_alarm_mask = Bit(33, 0, advertised_by=Page01.aux1_monitor)
    custom_low_warning_mask = Bit(34, 7, advertised_by=Page01.custom_monitor)
    custom_high_warning_mask = Bit(34, 6, advertised_by=Page01.custom_monitor)
    custom_low_alarm_mask = Bit(34, 5, advertised_by=Page01.custom_monitor)
    custom_high_alarm_mask = Bit(34, 4, advertised_by=Page01.custom_monitor)
    aux3_low_warning_mask = Bit(34, 3, advertised_by=Page01.aux3_monitor)
    aux3_high_warning_mask = Bit(34, 2, advertised_by=Page01.aux3_monitor)
    aux3_low_alarm_mask = Bit(34, 1, advertised_by=Page01.aux3_monitor)
    aux3_high_alarm_mask = Bit(34, 0, advertised_by=Page01.aux3_monitor)
    custom_masks = Hexadecimal(36, 1)
    cdb_1_busy = Bit(37, 7)
    cdb_1_failed = Bit(37, 6)
    cdb_1_result = Bits(37, 5, 0)
    cdb_2_busy = Bit(38, 7)
    cdb_2_failed = Bit(38, 6)
    cdb_2_result = Bits(38, 5, 0)
    firmware_active = Version(39)
    fault_cause = Code(41, FAULT_CAUSES, later=FAULT_CAUSES_SINCE)
    password_result = Code(42, PASSWORD_RESULTS, high=3, low=0, unspecified=(0,), since="5.3")
    state_machines = Code(56, STATE_MACHINES, unspecified=(0,), since="5.3")
    function_type = Code(57, FUNCTION_TYPES, since="5.3")
    module_subtype = Bits(60, 3, 0, since="5.3")
    heatsink_type = Bits(61, 7, 4, since="5.4")
    fiber_face = Code(61, FIBER_FACES, high=1, low=0, unspecified=(0,), since="5.3")
    low_power_restrictions_stated = Bit(62, 7, since="5.4")
    cdb_queries_refused_in_low_power = Bit(62, 3, since="5.4")
    cdb_firmware_queries_refused_in_low_power = Bit(62, 2, since="5.4")
    cdb_commands_refused_in_low_power = Bit(62, 1, since="5.4")
    cdb_firmware_commands_refused_in_low_power = Bit(62, 0, since="5.4")
    custom_area = Hexadecimal(64, 21)
    media_type = UInt(85)
    descriptors = Lanes(UInt(86, 4), 8)
    password_change = UInt(118, 4)
    password_entry = UInt(122, 4)
    bank_select = UInt(126)
    page_select = UInt(127)


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
    media_technology = Code(212, MEDIA_TECHNOLOGIES, later=MEDIA_TECHNOLOGIES_SINCE)
    spi_flow_control_depends_on_speed = Bit(213, 7, since="5.3")
    spi_flow_control = Bits(213, 6, 0, since="5.3")
    custom = Hexadecimal(221, 1)
    checksum = UInt(222)
    custom_nonvolatile = Hexadecimal(223, 33)


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
    custom_raw = Lanes(UInt(168, 2, advertised_by=Page01.custom_monitor), 4)
    tx_power = Lanes(Fixed(176, step=MW_STEP, unit=Unit.MW, advertised_by=Page01.tx_power_monitor), 4)
    tx_bias_raw = Lanes(Fixed(184, step=MA_STEP, unit=Unit.MA, advertised_by=Page01.tx_bias_monitor), 4)
    rx_power = Lanes(Fixed(192, step=MW_STEP, unit=Unit.MW, advertised_by=Page01.rx_power_monitor), 4)
    custom_thresholds = Hexadecimal(230, 25)
    checksum = UInt(255)


class Page03(CmisView, page=Page(0x03), exists=(Presence.paged, Page01.page_03_supported), writable="128-255"):
    """What the user stored in the module (OIF-CMIS 8.6)."""

    __slots__ = ()

    user_data = Hexadecimal(128, 128)
