"""The SFF-8472 memory map (SFP+, SFP28, SFP56): A0h serial identification, A2h diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from ..reading import Absence, Missing, Reading, Source, Value
from ..units import Unit
from .cmis import CELSIUS_STEP, MA_STEP, MW_STEP, ONES, VOLT_STEP
from .fields import Bit, Code, Fixed, Float, Hexadecimal, Lanes, Text, UInt, View
from .memory import A0_LOWER, A2_LOWER

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


class A0(View, page=A0_LOWER):
    """Serial identification (SFF-8472 table 4-1)."""

    __slots__ = ()

    identifier = UInt(0)
    extended_identifier = UInt(1)
    connector = UInt(2)
    ethernet_10g_compliance = UInt(3)
    active_cable = Bit(8, 3)
    passive_cable = Bit(8, 2)
    bit_rate_100_mbps = UInt(12)
    smf_length_km = Fixed(14, 1, step="1000", unit=Unit.METRE)
    smf_length = Fixed(15, 1, step="100", unit=Unit.METRE)
    om2_length = Fixed(16, 1, step="10", unit=Unit.METRE)
    om1_length = Fixed(17, 1, step="10", unit=Unit.METRE)
    cable_length_raw = Fixed(18, 1, step="1", unit=Unit.METRE)
    om3_length = Fixed(19, 1, step="10", unit=Unit.METRE)
    vendor_name = Text(20, 16)
    extended_compliance = UInt(36)
    vendor_oui = Hexadecimal(37, 3)
    vendor_pn = Text(40, 16)
    vendor_rev = Text(56, 4)
    wavelength = Fixed(60, step="1", unit=Unit.NM)
    checksum_base = UInt(63)
    power_level_4 = Bit(64, 6)
    power_level_3 = Bit(64, 5)
    paging = Bit(64, 4)
    power_level_2 = Bit(64, 1)
    bit_rate_250_mbps = UInt(66)  # where byte 12 is FFh; otherwise byte 66 says other things
    max_power_level_4 = Fixed(66, 1, step="0.1", unit=Unit.WATT)
    vendor_sn = Text(68, 16)
    date_code = Text(84, 8)
    diagnostics_implemented = Bit(92, 6)
    internally_calibrated = Bit(92, 5)
    externally_calibrated = Bit(92, 4)
    rx_power_is_average = Bit(92, 3)
    flags_implemented = Bit(93, 7)
    soft_tx_disable_implemented = Bit(93, 6)
    soft_tx_fault_implemented = Bit(93, 5)
    soft_rx_los_implemented = Bit(93, 4)
    revision = Code(94, REVISIONS)
    checksum_extended = UInt(95)


class A2(View, page=A2_LOWER, exists=A0.diagnostics_implemented):
    """Thresholds, calibration, monitors and flags (SFF-8472 table 4-2)."""

    __slots__ = ()

    temperature_thresholds_raw = Lanes(Fixed(0, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True), 4)
    vcc_thresholds_raw = Lanes(Fixed(8, step=VOLT_STEP, unit=Unit.VOLT), 4)
    tx_bias_thresholds_raw = Lanes(Fixed(16, step=MA_STEP, unit=Unit.MA), 4)
    tx_power_thresholds_raw = Lanes(Fixed(24, step=MW_STEP, unit=Unit.MW), 4)
    rx_power_thresholds_raw = Lanes(Fixed(32, step=MW_STEP, unit=Unit.MW), 4)
    rx_power_coefficients = Lanes(Float(56), 5)
    tx_bias_slope = Fixed(76, step=CELSIUS_STEP)
    tx_bias_offset = Fixed(78, step="1", signed=True)
    tx_power_slope = Fixed(80, step=CELSIUS_STEP)
    tx_power_offset = Fixed(82, step="1", signed=True)
    temperature_slope = Fixed(84, step=CELSIUS_STEP)
    temperature_offset = Fixed(86, step="1", signed=True)
    vcc_slope = Fixed(88, step=CELSIUS_STEP)
    vcc_offset = Fixed(90, step="1", signed=True)
    checksum = UInt(95)
    temperature_raw = Fixed(96, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True, unavailable=(0x8000, ONES))
    vcc_raw = Fixed(98, step=VOLT_STEP, unit=Unit.VOLT, unavailable=(0, ONES))
    tx_bias_raw = Fixed(100, step=MA_STEP, unit=Unit.MA, unavailable=(ONES,))
    tx_power_raw = Fixed(102, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,))
    rx_power_raw = Fixed(104, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,))
    tx_disable_pin = Bit(110, 7)
    soft_tx_disable = Bit(110, 6, advertised_by=A0.soft_tx_disable_implemented)
    tx_fault = Bit(110, 2, advertised_by=A0.soft_tx_fault_implemented)
    rx_los = Bit(110, 1, advertised_by=A0.soft_rx_los_implemented)
    data_not_ready = Bit(110, 0)
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

VIEWS: Final[tuple[type[View], ...]] = (A0, A2)


def linear(raw: Value[Decimal], slope: Value[Decimal], offset: Value[Decimal], step: str) -> Value[Decimal]:
    """An externally calibrated monitor: slope x raw + offset, both in the register's step (SFF-8472 9.3)."""
    if isinstance(raw, Missing):
        return raw
    if isinstance(slope, Missing):
        return slope
    if isinstance(offset, Missing):
        return offset
    return calibrated(raw, slope.value * raw.value + offset.value * Decimal(step))


def polynomial(raw: Value[Decimal], coefficients: tuple[Value[Decimal], ...]) -> Value[Decimal]:
    """Externally calibrated received power in mW; coefficients from Rx_PWR(4) down to Rx_PWR(0) (SFF-8472 9.3)."""
    if isinstance(raw, Missing):
        return raw
    counts, total = raw.value / Decimal(MW_STEP), Decimal(0)
    for coefficient in coefficients:
        if isinstance(coefficient, Missing):
            return coefficient
        total = total * counts + coefficient.value
    return calibrated(raw, total * Decimal(MW_STEP))


def calibrated(raw: Reading[Decimal], number: Decimal) -> Value[Decimal]:
    """The reading with its calibrated number, and a source that says so."""
    source = Source(raw.source.evidence, f"{raw.source.where} (externally calibrated)", raw.source.raw)
    return Reading(number, source, raw.unit) if number.is_finite() else Missing(Absence.UNREADABLE, source)
