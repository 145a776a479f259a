"""A module with SFF-8636 or SFF-8436."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, TypeVar

from ..reading import Absence, Missing, Reading, Value, derive
from ..units import Unit
from . import sff8636
from .fields import Bit, View
from .memory import Memory
from .module import Checksum, Quad, Transceiver, kept
from .sff import PIGTAILS

T = TypeVar("T")

CLASS_WATTS: Final = ("1.5", "2.0", "2.5", "3.5", "4.0", "4.5", "5.0")


class Sff8636Transceiver(Transceiver):
    """A module with SFF-8636 (or SFF-8436): four lanes."""

    management = "sff8636"
    document = "SFF-8636"
    lanes = sff8636.LANES

    def __init__(self, memory: Memory, guess: str = "") -> None:
        self.lower = sff8636.Lower(memory)
        self.page00 = sff8636.Page00(memory)
        super().__init__(memory, self.page00, guess)
        self.page03 = sff8636.Page03(memory)

    @property
    def views(self) -> tuple[View, ...]:
        return tuple(view(self.memory) for view in sff8636.VIEWS)

    @kept
    def identifier(self) -> Value[int]:
        return self.lower.identifier

    @kept
    def identifier_copy(self) -> Value[int]:
        return self.page00.identifier_copy

    @kept
    def revision(self) -> Value[str]:
        return self.lower.revision

    @kept
    def power_class(self) -> Value[int]:
        """Classes 1-4 by 00h:129 bits 7-6, 5-7 by bits 1-0, 8 by bit 5 (SFF-8636 6.3.2)."""
        eighth, high, low = self.page00.power_class_8, self.page00.power_class_high, self.page00.power_class_low
        if isinstance(eighth, Missing):
            return eighth
        if eighth.value:
            return Reading(8, eighth.source)
        if isinstance(high, Reading) and high.value:
            return derive(high, lambda code: code + 4)
        return derive(low, lambda code: code + 1)

    @kept
    def max_power(self) -> Value[Decimal]:
        """The class's limit; byte 107 for class 8."""
        if isinstance(self.power_class, Missing):
            return self.power_class
        if self.power_class.value == 8:
            return self.lower.max_power_class_8
        watts = Decimal(CLASS_WATTS[self.power_class.value - 1])
        return derive(self.power_class, lambda _: watts, note="limit of the power class", unit=Unit.WATT)

    @kept
    def connector(self) -> Value[int]:
        return self.page00.connector

    @kept
    def media_technology(self) -> Value[str]:
        return self.page00.media_technology

    @kept
    def flat_memory(self) -> Value[bool]:
        return self.lower.flat_memory

    @kept
    def cable_length(self) -> Value[Decimal]:
        """Byte 146 where the module is a cable assembly; it is the OM4 reach of one with a separable connector."""
        if isinstance(self.connector, Missing):
            return self.connector
        if self.connector.value in PIGTAILS or sff8636.copper(self.lower) is not None:
            return self.page00.cable_length_raw
        return Missing(Absence.NOT_ADVERTISED, self.connector.source, "separable connector")

    @kept
    def wavelength(self) -> Value[Decimal]:
        return sff8636.copper(self.lower) or self.page00.wavelength

    def monitored(self, raw: Value[Decimal], bit: Bit) -> Value[Decimal]:
        """Temperature and Vcc: from revision 2.8 bits of 00h:220 decide; before, a register of zeros is unused."""
        revision = self.lower.revision_code
        if isinstance(revision, Reading) and revision.value in sff8636.WITH_MONITOR_BITS:
            refusal = bit.refusal(self.memory)
            unsaid = refusal is not None and isinstance(raw, Reading) and not raw.value
            return refusal if refusal is not None and (unsaid or refusal.why is Absence.NOT_ADVERTISED) else raw
        if isinstance(raw, Reading) and raw.value == 0:
            return Missing(Absence.NOT_AVAILABLE, raw.source)
        return raw

    @kept
    def temperature(self) -> Value[Decimal]:
        return self.monitored(self.lower.temperature_raw, sff8636.Page00.temperature_monitor)

    @kept
    def vcc(self) -> Value[Decimal]:
        return self.monitored(self.lower.vcc_raw, sff8636.Page00.vcc_monitor)

    def optical(self, values: Callable[[], tuple[Value[T], ...]]) -> tuple[Value[T], ...]:
        """Values of the lanes, as far as the module is optical and has those lanes."""
        refusal = sff8636.copper(self.lower)
        return (refusal,) * self.lanes if refusal is not None else self.present(values())

    def present(self, values: tuple[Value[T], ...]) -> tuple[Value[T], ...]:
        """Values of the lanes, those that the module does not have as such."""
        return tuple(sff8636.absent_lane(self.lower, lane) or value for lane, value in enumerate(values))

    def quad(self, values: tuple[Value[Decimal], ...]) -> Quad:
        """Thresholds of a monitor of light, which a copper cable does not have."""
        refusal = sff8636.copper(self.lower)
        return Quad(*values) if refusal is None else Quad(refusal, refusal, refusal, refusal)

    @kept
    def tx_power(self) -> tuple[Value[Decimal], ...]:
        return self.optical(lambda: self.lower.tx_power_raw)

    @kept
    def rx_power(self) -> tuple[Value[Decimal], ...]:
        return self.optical(lambda: self.lower.rx_power_raw)

    @kept
    def tx_bias(self) -> tuple[Value[Decimal], ...]:
        return self.optical(lambda: self.lower.tx_bias_raw)

    @kept
    def thresholds(self) -> Mapping[str, Quad]:
        page = self.page03
        return {
            "temperature_c": Quad(*page.temperature),
            "vcc_v": Quad(*page.vcc),
            "tx_power_mw": self.quad(page.tx_power),
            "rx_power_mw": self.quad(page.rx_power),
            "tx_bias_ma": self.quad(page.tx_bias),
        }

    @kept
    def flags(self) -> Mapping[str, tuple[Value[bool], ...]]:
        return {flag.name: self.present(flag.read(self.lower)) for flag in sff8636.LANE_FLAGS}

    @kept
    def module_flags(self) -> Mapping[str, Value[bool]]:
        return {flag.name: flag.read(self.lower) for flag in sff8636.MODULE_FLAGS}

    @kept
    def controls(self) -> Mapping[str, tuple[Value[bool], ...]]:
        """``low_power_request_sw`` is set where software overrides the LPMode pin and asks for low power (byte 93)."""
        override, low = self.lower.low_power_override, self.lower.low_power_set
        asked = low if isinstance(override, Reading) and override.value else override
        return {
            "tx_disable": self.lower.tx_disable,
            "low_power_request_sw": (asked,),
            "high_power_class_enable": (self.lower.high_power_class_enable,),
        }

    @kept
    def checksums(self) -> tuple[Checksum, ...]:
        page = sff8636.Page00
        return (
            self.checksum(page.page, page.checksum_base, self.page00, 128, 190),
            self.checksum(page.page, page.checksum_extended, self.page00, 192, 222),
        )
