"""The SFF-8636 memory map (QSFP+, QSFP28, QSFP56): lower memory and pages 00h and 03h."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..reading import Absence, Missing
from ..units import Unit
from .cmis import CELSIUS_STEP, MA_STEP, MEDIA_TECHNOLOGIES, MW_STEP, ONES, VOLT_STEP
from .fields import Bit, Bits, Code, Fixed, Hexadecimal, Lanes, Parts, Text, UInt, View, lane_bits
from .memory import LOWER_MEMORY, Page

LANES: Final = 4

REVISIONS: Final[Mapping[int, str]] = {
    0: "unspecified",
    1: "SFF-8436 4.8 or earlier",
    2: "SFF-8436 4.8 with additions",
    3: "SFF-8636 1.3",
    4: "SFF-8636 1.4",
    5: "SFF-8636 1.5",
    6: "SFF-8636 2.0",
    7: "SFF-8636 2.5-2.7",
    8: "SFF-8636 2.8-2.10",
    9: "SFF-8636 2.11",
}

WITH_MONITOR_BITS: Final = frozenset({8, 9})
"""Revision codes at which 00h:220 bits 5 and 4 say whether temperature and Vcc are monitored; reserved before."""

COPPER: Final = 0x0A
"""First of the transmitter technologies of 00h:147 that are copper cables."""


class Presence(View, page=LOWER_MEMORY):
    """Byte 2 as the register that says whether pages beyond 00h exist (SFF-8636 6.2.2)."""

    __slots__ = ()

    paged = Bit(2, 2, inverted=True)


class Page00(View, page=Page(0x00)):
    """Serial identification (SFF-8636 6.3)."""

    __slots__ = ()

    identifier_copy = UInt(128)
    power_class_low = Bits(129, 7, 6)
    power_class_8 = Bit(129, 5)
    tx_cdr_present = Bit(129, 3)
    rx_cdr_present = Bit(129, 2)
    power_class_high = Bits(129, 1, 0)
    connector = UInt(130)
    ethernet_compliance = UInt(131)
    bit_rate_100_mbps = UInt(140)
    smf_length = Fixed(142, 1, step="1000", unit=Unit.METRE)
    om3_length = Fixed(143, 1, step="2", unit=Unit.METRE)
    om2_length = Fixed(144, 1, step="1", unit=Unit.METRE)
    cable_length_raw = Fixed(146, 1, step="1", unit=Unit.METRE)
    media_technology = Code(147, MEDIA_TECHNOLOGIES, high=7, low=4)
    technology_code = Bits(147, 7, 4)
    cooled_transmitter = Bit(147, 2)
    vendor_name = Text(148, 16)
    vendor_oui = Hexadecimal(165, 3)
    vendor_pn = Text(168, 16)
    vendor_rev = Text(184, 2)
    wavelength = Fixed(186, step="0.05", unit=Unit.NM)
    case_temperature_max = Fixed(190, 1, step="1", unit=Unit.CELSIUS)
    checksum_base = UInt(191)
    extended_compliance = UInt(192)
    tx_cdr_lol_flag = Bit(194, 5)
    rx_cdr_lol_flag = Bit(194, 4)
    rx_output_disable_supported = Bit(194, 2)
    tx_disable_supported = Bit(195, 4)
    tx_fault_flag = Bit(195, 3)
    tx_los_flag = Bit(195, 1)
    vendor_sn = Text(196, 16)
    date_code = Text(212, 8)
    temperature_monitor = Bit(220, 5)
    vcc_monitor = Bit(220, 4)
    rx_power_is_average = Bit(220, 3)
    tx_power_monitor = Bit(220, 2)
    bit_rate_250_mbps = UInt(222)  # where byte 140 is FFh
    checksum_extended = UInt(223)


class Lower(View, page=LOWER_MEMORY):
    """Status, flags, monitors and controls (SFF-8636 6.2). Flags latch until they are read."""

    __slots__ = ()

    identifier = UInt(0)
    revision = Code(1, REVISIONS)
    revision_code = UInt(1)
    flat_memory = Bit(2, 2)
    data_not_ready = Bit(2, 0)
    tx_los = lane_bits(3, 4, low=4, advertised_by=Page00.tx_los_flag)
    rx_los = lane_bits(3, 4)
    tx_adaptive_eq_fail = lane_bits(4, 4, low=4)
    tx_fault = lane_bits(4, 4, advertised_by=Page00.tx_fault_flag)
    tx_cdr_lol = lane_bits(5, 4, low=4, advertised_by=Page00.tx_cdr_lol_flag)
    rx_cdr_lol = lane_bits(5, 4, advertised_by=Page00.rx_cdr_lol_flag)
    temperature_high_alarm = Bit(6, 7)
    temperature_low_alarm = Bit(6, 6)
    temperature_high_warning = Bit(6, 5)
    temperature_low_warning = Bit(6, 4)
    vcc_high_alarm = Bit(7, 7)
    vcc_low_alarm = Bit(7, 6)
    vcc_high_warning = Bit(7, 5)
    vcc_low_warning = Bit(7, 4)
    rx_power_high_alarm = Parts([Bit(9, 7), Bit(9, 3), Bit(10, 7), Bit(10, 3)])
    rx_power_low_alarm = Parts([Bit(9, 6), Bit(9, 2), Bit(10, 6), Bit(10, 2)])
    rx_power_high_warning = Parts([Bit(9, 5), Bit(9, 1), Bit(10, 5), Bit(10, 1)])
    rx_power_low_warning = Parts([Bit(9, 4), Bit(9, 0), Bit(10, 4), Bit(10, 0)])
    tx_bias_high_alarm = Parts([Bit(11, 7), Bit(11, 3), Bit(12, 7), Bit(12, 3)])
    tx_bias_low_alarm = Parts([Bit(11, 6), Bit(11, 2), Bit(12, 6), Bit(12, 2)])
    tx_bias_high_warning = Parts([Bit(11, 5), Bit(11, 1), Bit(12, 5), Bit(12, 1)])
    tx_bias_low_warning = Parts([Bit(11, 4), Bit(11, 0), Bit(12, 4), Bit(12, 0)])
    tx_power_high_alarm = Parts([Bit(13, 7), Bit(13, 3), Bit(14, 7), Bit(14, 3)])
    tx_power_low_alarm = Parts([Bit(13, 6), Bit(13, 2), Bit(14, 6), Bit(14, 2)])
    tx_power_high_warning = Parts([Bit(13, 5), Bit(13, 1), Bit(14, 5), Bit(14, 1)])
    tx_power_low_warning = Parts([Bit(13, 4), Bit(13, 0), Bit(14, 4), Bit(14, 0)])
    temperature_raw = Fixed(22, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True, unavailable=(0x8000, ONES))
    vcc_raw = Fixed(26, step=VOLT_STEP, unit=Unit.VOLT, unavailable=(0, ONES))
    rx_power_raw = Lanes(Fixed(34, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,)), LANES)
    tx_bias_raw = Lanes(Fixed(42, step=MA_STEP, unit=Unit.MA, unavailable=(ONES,)), LANES)
    tx_power_raw = Lanes(
        Fixed(50, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,), advertised_by=Page00.tx_power_monitor), LANES
    )
    tx_disable = lane_bits(86, 4, advertised_by=Page00.tx_disable_supported)
    high_power_class_8_enable = Bit(93, 3)
    high_power_class_enable = Bit(93, 2)
    low_power_set = Bit(93, 1)
    low_power_override = Bit(93, 0)
    tx_cdr_on = lane_bits(98, 4, low=4)
    rx_cdr_on = lane_bits(98, 4)
    max_power_class_8 = Fixed(107, 1, step="0.1", unit=Unit.WATT)


class Page03(View, page=Page(0x03), exists=Presence.paged):
    """Thresholds: high alarm, low alarm, high warning, low warning (SFF-8636 6.6)."""

    __slots__ = ()

    temperature = Lanes(Fixed(128, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True), 4)
    vcc = Lanes(Fixed(144, step=VOLT_STEP, unit=Unit.VOLT), 4)
    rx_power = Lanes(Fixed(176, step=MW_STEP, unit=Unit.MW), 4)
    tx_bias = Lanes(Fixed(184, step=MA_STEP, unit=Unit.MA), 4)
    tx_power = Lanes(Fixed(192, step=MW_STEP, unit=Unit.MW, advertised_by=Page00.tx_power_monitor), 4)


LANE_FLAGS: Final[tuple[Parts[bool], ...]] = (
    Lower.tx_fault,
    Lower.tx_los,
    Lower.tx_cdr_lol,
    Lower.tx_adaptive_eq_fail,
    Lower.tx_power_high_alarm,
    Lower.tx_power_low_alarm,
    Lower.tx_power_high_warning,
    Lower.tx_power_low_warning,
    Lower.tx_bias_high_alarm,
    Lower.tx_bias_low_alarm,
    Lower.tx_bias_high_warning,
    Lower.tx_bias_low_warning,
    Lower.rx_los,
    Lower.rx_cdr_lol,
    Lower.rx_power_high_alarm,
    Lower.rx_power_low_alarm,
    Lower.rx_power_high_warning,
    Lower.rx_power_low_warning,
)

MODULE_FLAGS: Final[tuple[Bit, ...]] = (
    Lower.temperature_high_alarm,
    Lower.temperature_low_alarm,
    Lower.temperature_high_warning,
    Lower.temperature_low_warning,
    Lower.vcc_high_alarm,
    Lower.vcc_low_alarm,
    Lower.vcc_high_warning,
    Lower.vcc_low_warning,
)

VIEWS: Final[tuple[type[View], ...]] = (Lower, Page00, Page03)


def copper(lower: View) -> Missing | None:
    """Why the module has no optical monitors: its technology is a copper cable (00h:147); None where it is optical."""
    code = Page00.technology_code.read(Page00(lower.memory))
    if isinstance(code, Missing) or code.value < COPPER:
        return None
    return Missing(Absence.NOT_ADVERTISED, code.source, f"{Page00.technology_code.reference}: copper cable")
