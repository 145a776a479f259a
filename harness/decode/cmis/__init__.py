"""The CMIS memory map, a module for each group of pages.

Bytes follow OIF-CMIS 5.x; each class names its clause. The map was checked against public decoders, not against the
OIF document itself.
"""

from __future__ import annotations

from typing import Final

from ..fields import Bit, Lanes, Parts
from . import cdb, vdm
from .administrative import Lower, Page00, Page01, Page02, Page03
from .base import CELSIUS_STEP, LANES, LOWEST, MA_STEP, MW_STEP, ONES, VOLT_STEP, CmisView, Presence, banks_of
from .coherent import Page3A, Page3B, Page30, Page33, Page34, Page35, Page38, Page42
from .diagnostics import (
    Page13,
    Page14,
    Page14Ber,
    Page14HostCounters,
    Page14MediaCounters,
    Page14Snr,
    Page15,
)
from .lanes import Page10, Page10Set1, Page11
from .network import Page1C, Page1D, Page16, Page17, Page18, Page19
from .resources import Page0C, Page0D, Page05, Page1A, Page1B, Page60, Page61, Page62
from .tuning import Page04, Page12
from .words import (
    CONFIG_STATUS,
    DATA_PATH_STATES,
    DURATION_BOUNDS,
    DURATIONS,
    FAR_ENDS,
    FAULT_CAUSES,
    FIBER_FACES,
    GRIDS,
    MEDIA_TECHNOLOGIES,
    MODULE_STATES,
    PATTERNS,
    duration_bound,
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

TUNING_FLAGS: Final[tuple[Lanes[bool], ...]] = (
    Page12.output_power_out_of_range,
    Page12.fine_tuning_out_of_range,
    Page12.tuning_not_accepted,
    Page12.invalid_channel,
    Page12.wavelength_unlocked,
    Page12.tuning_complete,
)
"""Latched flags of laser tuning; one read clears them."""

VIEWS: Final[tuple[type[CmisView], ...]] = (
    Lower,
    Page00,
    Page01,
    Page02,
    Page03,
    Page04,
    Page05,
    Page0C,
    Page0D,
    Page10,
    Page10Set1,
    Page11,
    Page12,
    Page13,
    Page14,
    Page14Ber,
    Page14HostCounters,
    Page14MediaCounters,
    Page14Snr,
    Page15,
    Page16,
    Page17,
    Page18,
    Page19,
    Page1A,
    Page1B,
    Page1C,
    Page1D,
    Page30,
    Page33,
    Page34,
    Page35,
    Page38,
    Page3A,
    Page3B,
    Page42,
    Page60,
    Page61,
    Page62,
)
"""Every page but those of VDM and CDB, in the order of a listing; page 10h and page 14h have more than one view."""

PAGES: Final[tuple[type[CmisView], ...]] = (*VIEWS, *vdm.VIEWS, *cdb.VIEWS)
"""Every page with the access of its bytes, those too whose bytes mean what a descriptor or a command says."""

__all__ = [
    "CELSIUS_STEP", "CONFIG_STATUS", "DATA_PATH_STATES", "DURATIONS", "DURATION_BOUNDS", "FAR_ENDS", "FAULT_CAUSES",
    "FIBER_FACES", "GRIDS", "HOST_LANE_FLAGS", "LANES", "LANE_CONTROLS", "LANE_FLAGS", "LOWEST", "MA_STEP",
    "MEDIA_TECHNOLOGIES", "MODULE_FLAGS", "MODULE_STATES", "MW_STEP", "ONES", "PAGES", "PATTERNS", "TUNING_FLAGS",
    "VIEWS", "VOLT_STEP", "CmisView", "Lower", "Page0C", "Page0D", "Page00", "Page01", "Page02", "Page03", "Page04",
    "Page05", "Page1A", "Page1B", "Page1C", "Page1D", "Page3A", "Page3B", "Page10", "Page10Set1", "Page11", "Page12",
    "Page13", "Page14", "Page14Ber", "Page14HostCounters", "Page14MediaCounters", "Page14Snr", "Page15", "Page16",
    "Page17", "Page18", "Page19", "Page30", "Page33", "Page34", "Page35", "Page38", "Page42", "Page60", "Page61",
    "Page62", "Presence", "banks_of", "duration_bound",
]  # fmt: skip
