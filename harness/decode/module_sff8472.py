"""A module with SFF-8472."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from ..reading import Absence, Missing, Reading, Value, derive
from ..units import Unit
from . import cmis, sff8472
from .fields import View
from .memory import A0_LOWER, A2_LOWER, Memory
from .module import Checksum, Quad, Transceiver, kept
from .sff import PIGTAILS

LEVEL_WATTS: Final = ("1.0", "1.5", "2.0")


class Sff8472Transceiver(Transceiver):
    """A module with SFF-8472: one lane."""

    management = "sff8472"
    document = "SFF-8472"
    lanes = 1

    def __init__(self, memory: Memory, guess: str = "") -> None:
        self.a0 = sff8472.A0(memory)
        super().__init__(memory, self.a0, guess)
        self.a2 = sff8472.A2(memory)

    @property
    def views(self) -> tuple[View, ...]:
        return tuple(view(self.memory) for view in sff8472.VIEWS)

    @kept
    def identifier(self) -> Value[int]:
        return self.a0.identifier

    @kept
    def revision(self) -> Value[str]:
        return self.a0.revision

    @kept
    def power_class(self) -> Value[int]:
        """Power level 1-4 (SFF-8472 table 8-3)."""
        fourth, third, second = self.a0.power_level_4, self.a0.power_level_3, self.a0.power_level_2
        for level, bit in ((4, fourth), (3, third), (2, second)):
            if isinstance(bit, Missing):
                return bit
            if bit.value:
                return Reading(level, bit.source)
        return derive(second, lambda _: 1)

    @kept
    def max_power(self) -> Value[Decimal]:
        """The level's limit; A2h byte 66 for level 4."""
        if isinstance(self.power_class, Missing):
            return self.power_class
        if self.power_class.value == 4:
            return self.a2.max_power_consumption
        watts = Decimal(LEVEL_WATTS[self.power_class.value - 1])
        return derive(self.power_class, lambda _: watts, note="limit of the power level", unit=Unit.WATT)

    @kept
    def connector(self) -> Value[int]:
        return self.a0.connector

    @kept
    def copper(self) -> Reading[bool] | None:
        """The bit that says that the module is a cable, passive or active (byte 8)."""
        for bit in (self.a0.passive_cable, self.a0.active_cable):
            if isinstance(bit, Reading) and bit.value:
                return bit
        return None

    @kept
    def cable_length(self) -> Value[Decimal]:
        """Byte 18 where the module is a cable assembly; it is the OM4 reach of one with a separable connector."""
        if isinstance(self.connector, Missing):
            return self.connector
        if self.copper is not None or self.connector.value in PIGTAILS:
            return self.a0.cable_length_raw
        return Missing(Absence.NOT_ADVERTISED, self.connector.source, "separable connector")

    @kept
    def wavelength(self) -> Value[Decimal]:
        if self.copper is not None:
            return Missing(Absence.NOT_ADVERTISED, self.copper.source, "copper cable")
        return self.a0.wavelength

    @kept
    def external(self) -> Missing | bool:
        """Whether monitors and thresholds need the calibration constants of A2h (byte 92)."""
        bit = self.a0.externally_calibrated
        return bit if isinstance(bit, Missing) else bit.value

    def calibrate(
        self, raw: Value[Decimal], slope: Value[Decimal], offset: Value[Decimal], step: str
    ) -> Value[Decimal]:
        if isinstance(self.external, Missing):
            return self.external
        return sff8472.linear(raw, slope, offset, step) if self.external else raw

    def as_temperature(self, raw: Value[Decimal]) -> Value[Decimal]:
        return self.calibrate(raw, self.a2.temperature_slope, self.a2.temperature_offset, cmis.CELSIUS_STEP)

    def as_vcc(self, raw: Value[Decimal]) -> Value[Decimal]:
        return self.calibrate(raw, self.a2.vcc_slope, self.a2.vcc_offset, cmis.VOLT_STEP)

    def as_tx_bias(self, raw: Value[Decimal]) -> Value[Decimal]:
        return self.calibrate(raw, self.a2.tx_bias_slope, self.a2.tx_bias_offset, cmis.MA_STEP)

    def as_tx_power(self, raw: Value[Decimal]) -> Value[Decimal]:
        return self.calibrate(raw, self.a2.tx_power_slope, self.a2.tx_power_offset, cmis.MW_STEP)

    def as_rx_power(self, raw: Value[Decimal]) -> Value[Decimal]:
        if isinstance(self.external, Missing):
            return self.external
        return sff8472.polynomial(raw, self.a2.rx_power_coefficients) if self.external else raw

    @kept
    def temperature(self) -> Value[Decimal]:
        return self.as_temperature(self.a2.temperature_raw)

    @kept
    def vcc(self) -> Value[Decimal]:
        return self.as_vcc(self.a2.vcc_raw)

    @kept
    def cooled(self) -> bool:
        """Whether the module has the monitors of a cooled transmitter that is not tuned (A0h bytes 64-65)."""
        said = self.a0.laser_temperature_monitored
        return isinstance(said, Reading) and said.value

    @kept
    def aux_monitors(self) -> Mapping[str, Value[Decimal]]:
        """Laser temperature and TEC current of a cooled transmitter; external calibration does not reach them."""
        if not self.cooled:
            return {}
        return {"laser_temperature_c": self.a2.laser_temperature, "tec_current_ma": self.a2.tec_current}

    @kept
    def tx_power(self) -> tuple[Value[Decimal], ...]:
        return (self.as_tx_power(self.a2.tx_power_raw),)

    @kept
    def rx_power(self) -> tuple[Value[Decimal], ...]:
        return (self.as_rx_power(self.a2.rx_power_raw),)

    @kept
    def tx_bias(self) -> tuple[Value[Decimal], ...]:
        return (self.as_tx_bias(self.a2.tx_bias_raw),)

    @kept
    def thresholds(self) -> Mapping[str, Quad]:
        page = self.a2
        cooled = {
            "laser_temperature_c": Quad(*page.laser_temperature_thresholds),
            "tec_current_ma": Quad(*page.tec_current_thresholds),
        }
        return {
            "temperature_c": Quad(*map(self.as_temperature, page.temperature_thresholds_raw)),
            "vcc_v": Quad(*map(self.as_vcc, page.vcc_thresholds_raw)),
            "tx_power_mw": Quad(*map(self.as_tx_power, page.tx_power_thresholds_raw)),
            "rx_power_mw": Quad(*map(self.as_rx_power, page.rx_power_thresholds_raw)),
            "tx_bias_ma": Quad(*map(self.as_tx_bias, page.tx_bias_thresholds_raw)),
            **(cooled if self.cooled else {}),
        }

    @kept
    def flags(self) -> Mapping[str, tuple[Value[bool], ...]]:
        return {flag.name: (flag.read(self.a2),) for flag in sff8472.LANE_FLAGS}

    @kept
    def module_flags(self) -> Mapping[str, Value[bool]]:
        named = (*sff8472.MODULE_FLAGS, *(sff8472.LASER_FLAGS if self.cooled else ()))
        return {flag.name: flag.read(self.a2) for flag in named}

    @kept
    def controls(self) -> Mapping[str, tuple[Value[bool], ...]]:
        return {"tx_disable": (self.a2.soft_tx_disable,)}

    @kept
    def checksums(self) -> tuple[Checksum, ...]:
        of_a0 = (
            self.checksum(A0_LOWER, sff8472.A0.checksum_base, self.a0, 0, 62),
            self.checksum(A0_LOWER, sff8472.A0.checksum_extended, self.a0, 64, 94),
        )
        implemented = self.a0.diagnostics_implemented
        if isinstance(implemented, Reading) and not implemented.value:
            return of_a0
        return (*of_a0, self.checksum(A2_LOWER, sff8472.A2.checksum, self.a2, 0, 94))
