"""The CMIS memory map, a module for each group of pages.

Bytes follow OIF-CMIS 5.x; each class names its clause. The map was checked against public decoders, not against the
OIF document itself.
"""

from __future__ import annotations

from typing import Final

from ..fields import Bit, Parts
from .administrative import Lower, Page00, Page01, Page02
from .base import CELSIUS_STEP, LANES, LOWEST, MA_STEP, MW_STEP, ONES, VOLT_STEP, CmisView, Presence
from .diagnostics import Page13
from .lanes import Page10, Page11
from .words import (
    CONFIG_STATUS,
    DATA_PATH_STATES,
    DURATIONS,
    FAULT_CAUSES,
    FIBER_FACES,
    MEDIA_TECHNOLOGIES,
    MODULE_STATES,
)

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
"""Every page, in the order of a listing."""

__all__ = [
    "CELSIUS_STEP", "CONFIG_STATUS", "DATA_PATH_STATES", "DURATIONS", "FAULT_CAUSES", "FIBER_FACES",
    "HOST_LANE_FLAGS", "LANES", "LANE_CONTROLS", "LANE_FLAGS", "LOWEST", "MA_STEP", "MEDIA_TECHNOLOGIES",
    "MODULE_FLAGS", "MODULE_STATES", "MW_STEP", "ONES", "VIEWS", "VOLT_STEP", "CmisView", "Lower", "Page00",
    "Page01", "Page02", "Page10", "Page11", "Page13", "Presence",
]  # fmt: skip
