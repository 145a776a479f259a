"""Pages 10h and 11h: control and status of lanes and data paths (OIF-CMIS 8.9, 8.10)."""

from __future__ import annotations

from ...units import Unit
from ..fields import (
    Bit,
    Bits,
    Fixed,
    Lanes,
    lane_bits,
    nibbles,
)
from ..memory import Page
from .administrative import Page01
from .base import MA_STEP, MW_STEP, ONES, CmisView, Presence
from .words import CONFIG_STATUS, DATA_PATH_STATES


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
