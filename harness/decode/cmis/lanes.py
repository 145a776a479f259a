"""Pages 10h and 11h: control and status of lanes and data paths (OIF-CMIS 8.9, 8.10)."""

from __future__ import annotations

from ...units import Unit
from ..fields import Bit, Bits, Code, Fixed, Hexadecimal, Lanes, lane_bits, nibble_steps, nibbles, pairs
from ..memory import Page
from .administrative import Page01
from .base import MA_STEP, MW_STEP, ONES, CmisView, Presence
from .words import (
    CONFIG_STATUS,
    CONFIG_STATUS_SINCE,
    DATA_PATH_STATES,
    DATA_PATH_STATES_SINCE,
    EQ_BUFFERS,
    FIBERS,
    RX_AMPLITUDES,
)


class LaneControl(
    CmisView,
    page=Page(0x10),
    exists=Presence.paged,
    banked=True,
    writable="128-139 145-175 180-210 213-232 240-255",
    write_only="143-144 176-179 211-212",
):
    """Page 10h, whatever part of it."""

    __slots__ = ()


class Page10(LaneControl):
    """Lane and data path control, with staged control set 0 (OIF-CMIS 8.9)."""

    __slots__ = ()

    dp_deinit = lane_bits(128)
    tx_polarity_flip = lane_bits(129, advertised_by=Page01.tx_polarity_flip_supported)
    tx_disable = lane_bits(130, advertised_by=Page01.tx_disable_supported)
    tx_auto_squelch_disable = lane_bits(131, advertised_by=Page01.tx_auto_squelch_disable_supported)
    tx_squelch_force = lane_bits(132, advertised_by=Page01.tx_squelch_force_supported)
    tx_eq_freeze = lane_bits(134, advertised_by=Page01.tx_eq_freeze_supported)
    tx_eq_store = pairs(135, EQ_BUFFERS, advertised_by=Page01.tx_eq_recall_supported)
    rx_polarity_flip = lane_bits(137, advertised_by=Page01.rx_polarity_flip_supported)
    rx_output_disable = lane_bits(138, advertised_by=Page01.rx_output_disable_supported)
    rx_auto_squelch_disable = lane_bits(139, advertised_by=Page01.rx_auto_squelch_disable_supported)
    apply_dp_init = lane_bits(143)
    apply_immediate = lane_bits(144)
    staged_application = Lanes(Bits(145, 7, 4))
    staged_data_path = Lanes(Bits(145, 3, 1))
    staged_explicit_control = Lanes(Bit(145, 0))
    staged_tx_adaptive_eq = lane_bits(153, advertised_by=Page01.tx_adaptive_eq_supported)
    staged_tx_eq_recall = pairs(154, EQ_BUFFERS, advertised_by=Page01.tx_eq_recall_supported)
    staged_tx_input_eq = nibble_steps(156, step="1", unit=Unit.DB, top=12, advertised_by=Page01.tx_input_eq_supported)
    staged_tx_cdr = lane_bits(160, advertised_by=Page01.tx_cdr_supported)
    staged_rx_cdr = lane_bits(161, advertised_by=Page01.rx_cdr_supported)
    staged_rx_output_pre = nibble_steps(
        162, step="0.5", unit=Unit.DB, top=7, advertised_by=Page01.rx_output_pre_supported
    )
    staged_rx_output_post = nibble_steps(
        166, step="1", unit=Unit.DB, top=7, advertised_by=Page01.rx_output_post_supported
    )
    staged_rx_amplitude = nibbles(170, RX_AMPLITUDES, advertised_by=Page01.rx_amplitude_supported)
    staged_tx_disable = lane_bits(174, since="5.4")
    staged_rx_output_disable = lane_bits(175, since="5.4")
    apply_immediate_tx = lane_bits(176, advertised_by=Page01.unidirectional_reconfiguration_supported)
    apply_immediate_rx = lane_bits(177, advertised_by=Page01.unidirectional_reconfiguration_supported)
    dp_state_changed_mask = lane_bits(213)
    tx_fault_mask = lane_bits(214, advertised_by=Page01.tx_fault_flag)
    tx_los_mask = lane_bits(215, advertised_by=Page01.tx_los_flag)
    tx_cdr_lol_mask = lane_bits(216, advertised_by=Page01.tx_cdr_lol_flag)
    tx_adaptive_eq_fail_mask = lane_bits(217, advertised_by=Page01.tx_adaptive_eq_fail_flag)
    tx_power_high_alarm_mask = lane_bits(218, advertised_by=Page01.tx_power_monitor)
    tx_power_low_alarm_mask = lane_bits(219, advertised_by=Page01.tx_power_monitor)
    tx_power_high_warning_mask = lane_bits(220, advertised_by=Page01.tx_power_monitor)
    tx_power_low_warning_mask = lane_bits(221, advertised_by=Page01.tx_power_monitor)
    tx_bias_high_alarm_mask = lane_bits(222, advertised_by=Page01.tx_bias_monitor)
    tx_bias_low_alarm_mask = lane_bits(223, advertised_by=Page01.tx_bias_monitor)
    tx_bias_high_warning_mask = lane_bits(224, advertised_by=Page01.tx_bias_monitor)
    tx_bias_low_warning_mask = lane_bits(225, advertised_by=Page01.tx_bias_monitor)
    rx_los_mask = lane_bits(226, advertised_by=Page01.rx_los_flag)
    rx_cdr_lol_mask = lane_bits(227, advertised_by=Page01.rx_cdr_lol_flag)
    rx_power_high_alarm_mask = lane_bits(228, advertised_by=Page01.rx_power_monitor)
    rx_power_low_alarm_mask = lane_bits(229, advertised_by=Page01.rx_power_monitor)
    rx_power_high_warning_mask = lane_bits(230, advertised_by=Page01.rx_power_monitor)
    rx_power_low_warning_mask = lane_bits(231, advertised_by=Page01.rx_power_monitor)
    rx_output_changed_mask = lane_bits(232)
    custom_controls = Hexadecimal(240, 16)


class Page10Set1(LaneControl, exists=(Presence.paged, Page01.staged_set_1_supported)):
    """Staged control set 1, in the layout of set 0 and 35 bytes after it (OIF-CMIS 8.9)."""

    __slots__ = ()

    apply_dp_init = lane_bits(178)
    apply_immediate = lane_bits(179)
    staged_application = Lanes(Bits(180, 7, 4))
    staged_data_path = Lanes(Bits(180, 3, 1))
    staged_explicit_control = Lanes(Bit(180, 0))
    staged_tx_adaptive_eq = lane_bits(188, advertised_by=Page01.tx_adaptive_eq_supported)
    staged_tx_eq_recall = pairs(189, EQ_BUFFERS, advertised_by=Page01.tx_eq_recall_supported)
    staged_tx_input_eq = nibble_steps(191, step="1", unit=Unit.DB, top=12, advertised_by=Page01.tx_input_eq_supported)
    staged_tx_cdr = lane_bits(195, advertised_by=Page01.tx_cdr_supported)
    staged_rx_cdr = lane_bits(196, advertised_by=Page01.rx_cdr_supported)
    staged_rx_output_pre = nibble_steps(
        197, step="0.5", unit=Unit.DB, top=7, advertised_by=Page01.rx_output_pre_supported
    )
    staged_rx_output_post = nibble_steps(
        201, step="1", unit=Unit.DB, top=7, advertised_by=Page01.rx_output_post_supported
    )
    staged_rx_amplitude = nibbles(205, RX_AMPLITUDES, advertised_by=Page01.rx_amplitude_supported)
    staged_tx_disable = lane_bits(209, since="5.4")
    staged_rx_output_disable = lane_bits(210, since="5.4")
    apply_immediate_tx = lane_bits(211, advertised_by=Page01.unidirectional_reconfiguration_supported)
    apply_immediate_rx = lane_bits(212, advertised_by=Page01.unidirectional_reconfiguration_supported)


class Page11(CmisView, page=Page(0x11), exists=Presence.paged, banked=True, clears="134-153"):
    """Lane and data path status, lane flags and lane monitors (OIF-CMIS 8.10)."""

    __slots__ = ()

    dp_state = nibbles(128, DATA_PATH_STATES, later=DATA_PATH_STATES_SINCE)
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
    rx_output_changed = lane_bits(153)
    tx_power = Lanes(Fixed(154, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,), advertised_by=Page01.tx_power_monitor))
    tx_bias_raw = Lanes(
        Fixed(170, step=MA_STEP, unit=Unit.MA, unavailable=(ONES,), advertised_by=Page01.tx_bias_monitor)
    )
    rx_power = Lanes(Fixed(186, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,), advertised_by=Page01.rx_power_monitor))
    config_status = nibbles(202, CONFIG_STATUS, later=CONFIG_STATUS_SINCE)
    active_application = Lanes(Bits(206, 7, 4))
    active_data_path = Lanes(Bits(206, 3, 1))
    active_explicit_control = Lanes(Bit(206, 0))
    active_tx_adaptive_eq = lane_bits(214, advertised_by=Page01.tx_adaptive_eq_supported)
    active_tx_eq_recall = pairs(215, EQ_BUFFERS, advertised_by=Page01.tx_eq_recall_supported)
    active_tx_input_eq = nibble_steps(217, step="1", unit=Unit.DB, top=12, advertised_by=Page01.tx_input_eq_supported)
    active_tx_cdr = lane_bits(221, advertised_by=Page01.tx_cdr_supported)
    active_rx_cdr = lane_bits(222, advertised_by=Page01.rx_cdr_supported)
    active_rx_output_pre = nibble_steps(
        223, step="0.5", unit=Unit.DB, top=7, advertised_by=Page01.rx_output_pre_supported
    )
    active_rx_output_post = nibble_steps(
        227, step="1", unit=Unit.DB, top=7, advertised_by=Page01.rx_output_post_supported
    )
    active_rx_amplitude = nibbles(231, RX_AMPLITUDES, advertised_by=Page01.rx_amplitude_supported)
    dp_init_pending = lane_bits(235, since="5.0")
    tx_wavelength = Lanes(Bits(240, 7, 4))
    tx_fiber = Lanes(Code(240, FIBERS, high=3, low=0, unspecified=(0,)))
    rx_wavelength = Lanes(Bits(248, 7, 4))
    rx_fiber = Lanes(Code(248, FIBERS, high=3, low=0, unspecified=(0,)))
