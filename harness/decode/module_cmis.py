"""A module with CMIS (OIF-CMIS)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from typing import Final, TypeAlias, TypeVar

from ..reading import Absence, Missing, Reading, Source, Value, derive
from ..units import Unit
from . import cmis
from .fields import View
from .memory import LOWER_MEMORY, Memory, place
from .module import Application, Checksum, Quad, Transceiver, kept

T = TypeVar("T")

AuxChannel: TypeAlias = tuple[Value[int], tuple[Value[int], ...], Callable[[int], Decimal], Unit]
"""An auxiliary monitor: raw value, raw thresholds, what a raw number stands for, and its unit."""

END_OF_APPLICATIONS: Final = 0xFF
EVERY_LANE_UNSUPPORTED: Final = 0xFF


class CmisTransceiver(Transceiver):
    """A module with CMIS; lane tuples are the eight lanes of bank 0."""

    management = "cmis"
    document = "CMIS"
    lanes = cmis.LANES

    def __init__(self, memory: Memory, guess: str = "") -> None:
        self.lower = cmis.Lower(memory)
        self.page00 = cmis.Page00(memory)
        super().__init__(memory, self.page00, guess)
        self.page01 = cmis.Page01(memory)
        self.page02 = cmis.Page02(memory)
        self.page10 = cmis.Page10(memory)
        self.page11 = cmis.Page11(memory)
        self.page13 = cmis.Page13(memory)

    @property
    def views(self) -> tuple[View, ...]:
        return (self.lower, self.page00, self.page01, self.page02, self.page10, self.page11, self.page13)

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
        return derive(self.page00.power_class_code, lambda code: code + 1)

    @kept
    def max_power(self) -> Value[Decimal]:
        return self.page00.max_power

    @kept
    def connector(self) -> Value[int]:
        return self.page00.connector

    @kept
    def media_type(self) -> Value[int]:
        return self.lower.media_type

    @kept
    def media_technology(self) -> Value[str]:
        return self.page00.media_technology

    @kept
    def flat_memory(self) -> Value[bool]:
        return self.lower.flat_memory

    @kept
    def cable_length(self) -> Value[Decimal]:
        return self.page00.cable_length

    @kept
    def wavelength(self) -> Value[Decimal]:
        return self.page01.wavelength

    @kept
    def firmware_active(self) -> Value[str]:
        return self.lower.firmware_active

    @kept
    def firmware_inactive(self) -> Value[str]:
        return self.page01.inactive_firmware

    @kept
    def module_state(self) -> Value[str]:
        return self.lower.module_state

    @kept
    def fault_cause(self) -> Value[str]:
        return self.lower.fault_cause

    @kept
    def fiber_face(self) -> Value[str]:
        return self.lower.fiber_face

    @kept
    def applications(self) -> Value[tuple[Application, ...]]:
        found: list[Application] = []
        assignments = self.page01.media_lane_assignments
        origin = Source(self.evidence, place(LOWER_MEMORY, 86, 32))
        for descriptor in self.lower.descriptors:
            if isinstance(descriptor, Missing):
                return descriptor
            if descriptor.value >> 24 == END_OF_APPLICATIONS:
                return Reading(tuple(found), origin)
            found.append(self.application(len(found) + 1, descriptor, assignments))
        for descriptor in self.page01.later_descriptors:
            if isinstance(descriptor, Missing) or descriptor.value >> 24 == END_OF_APPLICATIONS:
                break
            found.append(self.application(len(found) + 1, descriptor, assignments))
        return Reading(tuple(found), origin)

    def application(self, number: int, descriptor: Reading[int], assignments: tuple[Value[int], ...]) -> Application:
        host_id, media_id, counts, starts = descriptor.value.to_bytes(4, "big")
        return Application(
            number,
            host_id,
            media_id,
            counts >> 4,
            counts & 0xF,
            starts,
            assignments[number - 1],
            self.media_type,
            descriptor.source,
        )

    @kept
    def dp_state(self) -> tuple[Value[str], ...]:
        return self.page11.dp_state

    @kept
    def config_status(self) -> tuple[Value[str], ...]:
        return self.page11.config_status

    @kept
    def active_application(self) -> tuple[Value[int], ...]:
        return self.page11.active_application

    @kept
    def active_data_path(self) -> tuple[Value[int], ...]:
        return self.page11.active_data_path

    @kept
    def staged_application(self) -> tuple[Value[int], ...]:
        return self.page10.staged_application

    @kept
    def staged_data_path(self) -> tuple[Value[int], ...]:
        return self.page10.staged_data_path

    @kept
    def temperature(self) -> Value[Decimal]:
        return self.lower.temperature

    @kept
    def vcc(self) -> Value[Decimal]:
        return self.lower.vcc

    @kept
    def absent_media_lanes(self) -> tuple[Missing | None, ...]:
        """For every media lane the Missing of a lane that the module does not have (00h:210), None for one it has.

        A map with all eight bits set denies every lane, which no module with an Application can mean: it says nothing.
        """
        whole = self.page00.media_lanes_unsupported_map
        if isinstance(whole, Missing) or whole.value in (0, EVERY_LANE_UNSUPPORTED):
            return (None,) * self.lanes
        return tuple(
            Missing(Absence.NOT_ADVERTISED, bit.source, f"00h:210.{lane}: no such media lane")
            if isinstance(bit, Reading) and bit.value
            else None
            for lane, bit in enumerate(self.page00.media_lanes_unsupported)
        )

    def on_media_lanes(self, values: Sequence[Value[T]]) -> tuple[Value[T], ...]:
        return tuple(absent or value for absent, value in zip(self.absent_media_lanes, values, strict=True))

    @kept
    def tx_power(self) -> tuple[Value[Decimal], ...]:
        return self.on_media_lanes(self.page11.tx_power)

    @kept
    def rx_power(self) -> tuple[Value[Decimal], ...]:
        return self.on_media_lanes(self.page11.rx_power)

    @kept
    def tx_bias(self) -> tuple[Value[Decimal], ...]:
        return self.on_media_lanes(self.scaled_bias(self.page11.tx_bias_raw))

    def scaled_bias(self, values: Sequence[Value[Decimal]]) -> tuple[Value[Decimal], ...]:
        """Bias currents with the multiplier that 01h:160 bits 4-3 advertise: 1, 2 or 4."""
        scale = self.page01.tx_bias_scale
        if isinstance(scale, Reading) and scale.value == 3:
            scale = Missing(Absence.RESERVED, scale.source)
        return tuple(scaled(value, scale) for value in values)

    @kept
    def aux_channels(self) -> Mapping[str, AuxChannel]:
        page, lower, limits = self.page01, self.lower, self.page02
        channels: dict[str, AuxChannel] = {}
        kinds = (
            (page.aux1_is_tec_current, ("", "tec_current_percent"), lower.aux1_raw, limits.aux1_raw),
            (page.aux2_is_tec_current, ("laser_temperature_c", "tec_current_percent"), lower.aux2_raw, limits.aux2_raw),
            (page.aux3_is_vcc2, ("laser_temperature_c", "vcc2_v"), lower.aux3_raw, limits.aux3_raw),
        )
        for chosen, names, raw, quad in kinds:
            if isinstance(chosen, Missing) or (isinstance(raw, Missing) and raw.why is Absence.NOT_ADVERTISED):
                continue
            name = names[chosen.value]
            if name and name not in channels:
                convert, unit = AUX[name]
                channels[name] = (raw, quad, convert, unit)
        return channels

    @kept
    def aux_monitors(self) -> Mapping[str, Value[Decimal]]:
        return {name: derive(raw, into, unit=unit) for name, (raw, _, into, unit) in self.aux_channels.items()}

    @kept
    def thresholds(self) -> Mapping[str, Quad]:
        page = self.page02
        quads = {
            "temperature_c": Quad(*page.temperature),
            "vcc_v": Quad(*page.vcc),
            "tx_power_mw": Quad(*page.tx_power),
            "rx_power_mw": Quad(*page.rx_power),
            "tx_bias_ma": Quad(*self.scaled_bias(page.tx_bias_raw)),
        }
        for name, (_, limits, into, unit) in self.aux_channels.items():
            quads[name] = Quad(*(derive(limit, into, unit=unit) for limit in limits))
        return quads

    @kept
    def flags(self) -> Mapping[str, tuple[Value[bool], ...]]:
        return {
            flag.name: flag.read(self.page11)
            if flag.name in cmis.HOST_LANE_FLAGS
            else self.on_media_lanes(flag.read(self.page11))
            for flag in cmis.LANE_FLAGS
        }

    @kept
    def module_flags(self) -> Mapping[str, Value[bool]]:
        return {flag.name: flag.read(self.lower) for flag in cmis.MODULE_FLAGS}

    @kept
    def controls(self) -> Mapping[str, tuple[Value[bool], ...]]:
        of_lanes = {
            control.name: control.read(self.page10 if control.owner is cmis.Page10 else self.page13)
            for control in cmis.LANE_CONTROLS
        }
        return {
            **of_lanes,
            "low_power_request_sw": (self.lower.low_power_request_sw,),
            "low_power_allow_request_hw": (self.lower.low_power_allow_request_hw,),
        }

    @kept
    def checksums(self) -> tuple[Checksum, ...]:
        of_page00 = self.checksum(cmis.Page00.page, cmis.Page00.checksum, self.page00, 128, 221)
        if isinstance(self.flat_memory, Reading) and self.flat_memory.value:
            return (of_page00,)
        return (
            of_page00,
            self.checksum(cmis.Page01.page, cmis.Page01.checksum, self.page01, 130, 254),
            self.checksum(cmis.Page02.page, cmis.Page02.checksum, self.page02, 128, 254),
        )


def scaled(value: Value[Decimal], scale: Value[int]) -> Value[Decimal]:
    """A bias current times 2 to the power of the advertised scale."""
    if isinstance(value, Missing):
        return value
    return scale if isinstance(scale, Missing) else replace(value, value=value.value * (1 << scale.value))


def signed(raw: int) -> int:
    return raw - 0x10000 if raw & 0x8000 else raw


TEC: Final = Context(prec=12)
"""A TEC current is a share of 32767, which has no exact decimal: 12 digits."""

AUX: Final[Mapping[str, tuple[Callable[[int], Decimal], Unit]]] = {
    "tec_current_percent": (lambda raw: TEC.divide(Decimal(100 * signed(raw)), Decimal(32767)), Unit.PERCENT),
    "laser_temperature_c": (lambda raw: signed(raw) * Decimal(cmis.CELSIUS_STEP), Unit.CELSIUS),
    "vcc2_v": (lambda raw: raw * Decimal(cmis.VOLT_STEP), Unit.VOLT),
}
"""Auxiliary monitors by what they measure (OIF-CMIS 8.2; chosen by 01h:145)."""
