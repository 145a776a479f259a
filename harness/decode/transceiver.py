"""A module as checks see it, whatever its management interface.

``transceiver(memory)`` chooses the memory map. Properties are decoded when touched and give Readings or Missings; lane
tuples always have their full length, lane 1 first. Nothing here raises, whatever the bytes are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from functools import cached_property
from typing import ClassVar, Final, TypeAlias, TypeVar

from ..reading import Absence, Missing, Reading, Source, Value, derive
from ..units import Unit
from . import cmis, codes, sff8472, sff8636
from .fields import Bit, Field, Text, View
from .memory import A0_LOWER, A2_LOWER, LOWER_MEMORY, Memory, Page, place

T = TypeVar("T")

AuxChannel: TypeAlias = tuple[Value[int], tuple[Value[int], ...], Callable[[int], Decimal], Unit]
"""An auxiliary monitor: raw value, raw thresholds, what a raw number stands for, and its unit."""

END_OF_APPLICATIONS: Final = 0xFF
EVERY_LANE_UNSUPPORTED: Final = 0xFF

CMIS_IDENTIFIERS: Final = frozenset({0x18, 0x19, 0x1B, *range(0x1E, 0x27)})
SFF8636_IDENTIFIERS: Final = frozenset({0x0C, 0x0D, 0x11})
SFF8472_IDENTIFIERS: Final = frozenset({0x02, 0x03, 0x0B})

PIGTAILS: Final = frozenset({0x21, 0x23})
"""Connectors of a cable assembly: copper pigtail, no separable connector (SFF-8024 table 4-3)."""

SFF8636_CLASS_WATTS: Final = ("1.5", "2.0", "2.5", "3.5", "4.0", "4.5", "5.0")
SFF8472_LEVEL_WATTS: Final = ("1.0", "1.5", "2.0")

LATER_DESCRIPTORS: Final = 8
"""Application descriptors in lower memory; the others are in page 01h."""


IdentityPage: TypeAlias = cmis.Page00 | sff8636.Page00 | sff8472.A0

TEXTS: Final = frozenset({"vendor_name", "vendor_pn", "vendor_rev", "vendor_sn", "date_code"})
"""The vendor's text registers, whose form is judged."""


@dataclass(frozen=True, slots=True)
class Quad:
    """The four thresholds of a monitor."""

    high_alarm: Value[Decimal]
    low_alarm: Value[Decimal]
    high_warning: Value[Decimal]
    low_warning: Value[Decimal]

    def items(self) -> Iterator[tuple[str, Value[Decimal]]]:
        """Name and value in the order of the register map."""
        yield "high_alarm", self.high_alarm
        yield "low_alarm", self.low_alarm
        yield "high_warning", self.high_warning
        yield "low_warning", self.low_warning


@dataclass(frozen=True, slots=True)
class Checksum:
    """A page's stored checksum beside the one its bytes have: the low eight bits of their sum."""

    page: str
    covers: str  # the bytes that are summed
    stored: Value[int]
    computed: Value[int]

    @property
    def ok(self) -> Value[bool]:
        """Whether both are equal."""
        if isinstance(self.stored, Missing):
            return self.stored
        if isinstance(self.computed, Missing):
            return self.computed
        return Reading(self.stored.value == self.computed.value, self.stored.source)


@dataclass(frozen=True, slots=True)
class Application:
    """An Application that the module advertises: what the host side and the media side carry (OIF-CMIS 6.2.1.4).

    The assignments are bitmaps of the lanes on which an instance may start, bit 0 for lane 1.
    """

    number: int
    host_id: int
    media_id: int
    host_lanes: int
    media_lanes: int
    host_lane_assignment: int
    media_lane_assignment: Value[int]
    media_type: Value[int]
    source: Source

    @property
    def host(self) -> codes.Interface | None:
        """The host electrical interface; None where the code is not listed."""
        return codes.host_interface(self.host_id)

    @property
    def media(self) -> codes.Interface | None:
        """The media interface; None where the code is not listed or the media type was not read."""
        if isinstance(self.media_type, Missing):
            return None
        return codes.media_interface(self.media_type.value, self.media_id)

    @property
    def starts(self) -> tuple[int, ...]:
        """Host lanes, from 1, on which an instance may start and still ends within the bank."""
        return tuple(
            lane + 1
            for lane in range(cmis.LANES)
            if self.host_lane_assignment >> lane & 1 and (lane + self.host_lanes <= cmis.LANES or lane == 0)
        )


class Transceiver:
    """What every module has, with what a memory map does not define given as Missing."""

    management: ClassVar[str] = ""
    document: ClassVar[str] = ""
    lanes: ClassVar[int] = 1

    def __init__(self, memory: Memory, identity: IdentityPage, guess: str = "") -> None:
        self.memory = memory
        self.identity = identity
        """The page with the vendor's fields."""
        self.guess = guess
        """Why this memory map was taken where the identifier does not say; empty where it does."""

    @property
    def evidence(self) -> str:
        return self.memory.evidence

    @property
    def undefined(self) -> Missing:
        """The Missing of a quantity that the memory map has no register for."""
        return Missing(Absence.NOT_ADVERTISED, Source(self.evidence), f"{self.document} has no such register")

    def undefined_lanes(self) -> tuple[Missing, ...]:
        return (self.undefined,) * self.lanes

    @property
    def views(self) -> tuple[View, ...]:
        """The pages of the memory map, for a listing of every register."""
        return ()

    @property
    def identifier(self) -> Value[int]:
        """SFF-8024 identifier."""
        return self.undefined

    @property
    def form_factor(self) -> Value[str]:
        """The identifier's short name."""
        identifier = self.identifier
        if isinstance(identifier, Missing):
            return identifier
        known = codes.identifier(identifier.value)
        return Reading(known.short, identifier.source) if known else Missing(Absence.RESERVED, identifier.source)

    @property
    def identifier_copy(self) -> Value[int]:
        """The identifier as page 00h repeats it."""
        return self.undefined

    @property
    def revision(self) -> Value[str]:
        """Revision of the management specification."""
        return self.undefined

    @cached_property
    def vendor_name(self) -> Value[str]:
        return self.identity.vendor_name

    @cached_property
    def vendor_oui(self) -> Value[str]:
        """IEEE company identifier, as ``00-1c-73``."""
        return self.identity.vendor_oui

    @cached_property
    def vendor_pn(self) -> Value[str]:
        return self.identity.vendor_pn

    @cached_property
    def vendor_rev(self) -> Value[str]:
        return self.identity.vendor_rev

    @cached_property
    def vendor_sn(self) -> Value[str]:
        return self.identity.vendor_sn

    @cached_property
    def date_code(self) -> Value[str]:
        """YYMMDD and two characters of lot."""
        return self.identity.date_code

    @cached_property
    def text_faults(self) -> Mapping[str, Value[str]]:
        """By name of a text register what is wrong with its bytes, the empty text where they are well formed."""
        page = self.identity
        texts = (text for text in type(page).registers() if isinstance(text, Text) and text.name in TEXTS)
        faults = {text.name: text.fault(page) for text in texts}
        return {**faults, "date_code": date_fault(faults["date_code"], self.date_code)}

    @property
    def power_class(self) -> Value[int]:
        """Power class from 1 (SFF-8472: power level)."""
        return self.undefined

    @property
    def max_power(self) -> Value[Decimal]:
        """Largest power consumption, in W."""
        return self.undefined

    @property
    def connector(self) -> Value[int]:
        """SFF-8024 connector code."""
        return self.undefined

    @property
    def media_type(self) -> Value[int]:
        """CMIS media type: 1 MMF, 2 SMF, 3 passive copper, 4 active cable, 5 BASE-T."""
        return self.undefined

    @property
    def media_technology(self) -> Value[str]:
        """Transmitter or cable technology in words."""
        return self.undefined

    @property
    def flat_memory(self) -> Value[bool]:
        """Whether lower memory and page 00h are all there is."""
        return self.undefined

    @property
    def cable_length(self) -> Value[Decimal]:
        """Length of a cable assembly, in m."""
        return self.undefined

    @property
    def wavelength(self) -> Value[Decimal]:
        """Nominal wavelength, in nm."""
        return self.undefined

    @property
    def firmware_active(self) -> Value[str]:
        return self.undefined

    @property
    def firmware_inactive(self) -> Value[str]:
        return self.undefined

    @property
    def applications(self) -> Value[tuple[Application, ...]]:
        """Advertised Applications up to the end of the list."""
        return self.undefined

    @property
    def module_state(self) -> Value[str]:
        return self.undefined

    @property
    def fault_cause(self) -> Value[str]:
        return self.undefined

    @property
    def fiber_face(self) -> Value[str]:
        """PC/UPC or APC (CMIS 5.3)."""
        return self.undefined

    @property
    def dp_state(self) -> tuple[Value[str], ...]:
        """Data path state of every host lane."""
        return self.undefined_lanes()

    @property
    def config_status(self) -> tuple[Value[str], ...]:
        """Outcome of the last configuration of every host lane."""
        return self.undefined_lanes()

    @property
    def active_application(self) -> tuple[Value[int], ...]:
        """AppSel in force on every host lane, 0 where the lane is unused."""
        return self.undefined_lanes()

    @property
    def active_data_path(self) -> tuple[Value[int], ...]:
        """Data path in force on every host lane: its first lane, from 0."""
        return self.undefined_lanes()

    @property
    def staged_application(self) -> tuple[Value[int], ...]:
        """AppSel staged in control set 0 for every host lane."""
        return self.undefined_lanes()

    @property
    def staged_data_path(self) -> tuple[Value[int], ...]:
        """Data path staged in control set 0 for every host lane: its first lane, from 0."""
        return self.undefined_lanes()

    @property
    def temperature(self) -> Value[Decimal]:
        """Module temperature, in °C."""
        return self.undefined

    @property
    def vcc(self) -> Value[Decimal]:
        """Supply voltage, in V."""
        return self.undefined

    @property
    def tx_power(self) -> tuple[Value[Decimal], ...]:
        """Average optical output power of every media lane, in mW; 0 is dark."""
        return self.undefined_lanes()

    @property
    def rx_power(self) -> tuple[Value[Decimal], ...]:
        """Optical input power of every media lane, in mW; 0 is dark."""
        return self.undefined_lanes()

    @property
    def tx_bias(self) -> tuple[Value[Decimal], ...]:
        """Laser bias current of every media lane, in mA."""
        return self.undefined_lanes()

    @property
    def aux_monitors(self) -> Mapping[str, Value[Decimal]]:
        """Auxiliary monitors by what they measure: ``laser_temperature_c``, ``tec_current_percent``, ``vcc2_v``."""
        return {}

    @property
    def thresholds(self) -> Mapping[str, Quad]:
        """Thresholds by quantity: temperature_c, vcc_v, tx_power_mw, rx_power_mw, tx_bias_ma."""
        return {}

    @property
    def flags(self) -> Mapping[str, tuple[Value[bool], ...]]:
        """Latched lane flags by name; reading them from the device cleared them."""
        return {}

    @property
    def module_flags(self) -> Mapping[str, Value[bool]]:
        """Latched module flags by name."""
        return {}

    @property
    def controls(self) -> Mapping[str, tuple[Value[bool], ...]]:
        """What a host has set, and may have left behind, by name; one value for a control of the whole module."""
        return {}

    @property
    def checksums(self) -> tuple[Checksum, ...]:
        """The checksums of the pages that the module has."""
        return ()

    def checksum(self, page: Page, stored: Field[int], view: View, first: int, last: int) -> Checksum:
        held = view.take(first, last - first + 1)
        computed: Value[int]
        if isinstance(held, Missing):
            computed = held
        else:
            total = sum(held.value) & 0xFF
            computed = Reading(total, replace(held.source, raw=f"sum 0x{total:02x}"))
        name = page.reference.rstrip("h")
        return Checksum(name, f"{first}-{last}", stored.read(view), computed)


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

    @cached_property
    def identifier(self) -> Value[int]:
        return self.lower.identifier

    @cached_property
    def identifier_copy(self) -> Value[int]:
        return self.page00.identifier_copy

    @cached_property
    def revision(self) -> Value[str]:
        return self.lower.revision

    @cached_property
    def power_class(self) -> Value[int]:
        return derive(self.page00.power_class_code, lambda code: code + 1)

    @cached_property
    def max_power(self) -> Value[Decimal]:
        return self.page00.max_power

    @cached_property
    def connector(self) -> Value[int]:
        return self.page00.connector

    @cached_property
    def media_type(self) -> Value[int]:
        return self.lower.media_type

    @cached_property
    def media_technology(self) -> Value[str]:
        return self.page00.media_technology

    @cached_property
    def flat_memory(self) -> Value[bool]:
        return self.lower.flat_memory

    @cached_property
    def cable_length(self) -> Value[Decimal]:
        return self.page00.cable_length

    @cached_property
    def wavelength(self) -> Value[Decimal]:
        return self.page01.wavelength

    @cached_property
    def firmware_active(self) -> Value[str]:
        return self.lower.firmware_active

    @cached_property
    def firmware_inactive(self) -> Value[str]:
        return self.page01.inactive_firmware

    @cached_property
    def module_state(self) -> Value[str]:
        return self.lower.module_state

    @cached_property
    def fault_cause(self) -> Value[str]:
        return self.lower.fault_cause

    @cached_property
    def fiber_face(self) -> Value[str]:
        return self.lower.fiber_face

    @cached_property
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

    @cached_property
    def dp_state(self) -> tuple[Value[str], ...]:
        return self.page11.dp_state

    @cached_property
    def config_status(self) -> tuple[Value[str], ...]:
        return self.page11.config_status

    @cached_property
    def active_application(self) -> tuple[Value[int], ...]:
        return self.page11.active_application

    @cached_property
    def active_data_path(self) -> tuple[Value[int], ...]:
        return self.page11.active_data_path

    @cached_property
    def staged_application(self) -> tuple[Value[int], ...]:
        return self.page10.staged_application

    @cached_property
    def staged_data_path(self) -> tuple[Value[int], ...]:
        return self.page10.staged_data_path

    @cached_property
    def temperature(self) -> Value[Decimal]:
        return self.lower.temperature

    @cached_property
    def vcc(self) -> Value[Decimal]:
        return self.lower.vcc

    @cached_property
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

    @cached_property
    def tx_power(self) -> tuple[Value[Decimal], ...]:
        return self.on_media_lanes(self.page11.tx_power)

    @cached_property
    def rx_power(self) -> tuple[Value[Decimal], ...]:
        return self.on_media_lanes(self.page11.rx_power)

    @cached_property
    def tx_bias(self) -> tuple[Value[Decimal], ...]:
        return self.on_media_lanes(self.scaled_bias(self.page11.tx_bias_raw))

    def scaled_bias(self, values: Sequence[Value[Decimal]]) -> tuple[Value[Decimal], ...]:
        """Bias currents with the multiplier that 01h:160 bits 4-3 advertise: 1, 2 or 4."""
        scale = self.page01.tx_bias_scale
        if isinstance(scale, Reading) and scale.value == 3:
            scale = Missing(Absence.RESERVED, scale.source)
        return tuple(scaled(value, scale) for value in values)

    @cached_property
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

    @cached_property
    def aux_monitors(self) -> Mapping[str, Value[Decimal]]:
        return {name: derive(raw, into, unit=unit) for name, (raw, _, into, unit) in self.aux_channels.items()}

    @cached_property
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

    @cached_property
    def flags(self) -> Mapping[str, tuple[Value[bool], ...]]:
        return {
            flag.name: flag.read(self.page11)
            if flag.name in cmis.HOST_LANE_FLAGS
            else self.on_media_lanes(flag.read(self.page11))
            for flag in cmis.LANE_FLAGS
        }

    @cached_property
    def module_flags(self) -> Mapping[str, Value[bool]]:
        return {flag.name: flag.read(self.lower) for flag in cmis.MODULE_FLAGS}

    @cached_property
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

    @cached_property
    def checksums(self) -> tuple[Checksum, ...]:
        of_page00 = self.checksum(cmis.Page00.page, cmis.Page00.checksum, self.page00, 128, 221)
        if isinstance(self.flat_memory, Reading) and self.flat_memory.value:
            return (of_page00,)
        return (
            of_page00,
            self.checksum(cmis.Page01.page, cmis.Page01.checksum, self.page01, 130, 254),
            self.checksum(cmis.Page02.page, cmis.Page02.checksum, self.page02, 128, 254),
        )


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
        return (self.lower, self.page00, self.page03)

    @cached_property
    def identifier(self) -> Value[int]:
        return self.lower.identifier

    @cached_property
    def identifier_copy(self) -> Value[int]:
        return self.page00.identifier_copy

    @cached_property
    def revision(self) -> Value[str]:
        return self.lower.revision

    @cached_property
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

    @cached_property
    def max_power(self) -> Value[Decimal]:
        """The class's limit; byte 107 for class 8."""
        if isinstance(self.power_class, Missing):
            return self.power_class
        if self.power_class.value == 8:
            return self.lower.max_power_class_8
        watts = Decimal(SFF8636_CLASS_WATTS[self.power_class.value - 1])
        return derive(self.power_class, lambda _: watts, note="limit of the power class", unit=Unit.WATT)

    @cached_property
    def connector(self) -> Value[int]:
        return self.page00.connector

    @cached_property
    def media_technology(self) -> Value[str]:
        return self.page00.media_technology

    @cached_property
    def flat_memory(self) -> Value[bool]:
        return self.lower.flat_memory

    @cached_property
    def cable_length(self) -> Value[Decimal]:
        """Byte 146 where the module is a cable assembly; it is the OM4 reach of one with a separable connector."""
        if isinstance(self.connector, Missing):
            return self.connector
        if self.connector.value in PIGTAILS or sff8636.copper(self.lower) is not None:
            return self.page00.cable_length_raw
        return Missing(Absence.NOT_ADVERTISED, self.connector.source, "separable connector")

    @cached_property
    def wavelength(self) -> Value[Decimal]:
        return sff8636.copper(self.lower) or self.page00.wavelength

    def monitored(self, raw: Value[Decimal], bit: Bit) -> Value[Decimal]:
        """Temperature and Vcc: from revision 2.8 bits of 00h:220 decide; before, a register of zeros is unused."""
        revision = self.lower.revision_code
        if isinstance(revision, Reading) and revision.value in sff8636.WITH_MONITOR_BITS:
            refusal = bit.refusal(self.memory)
            return raw if refusal is None or refusal.why is not Absence.NOT_ADVERTISED else refusal
        if isinstance(raw, Reading) and raw.value == 0:
            return Missing(Absence.NOT_AVAILABLE, raw.source)
        return raw

    @cached_property
    def temperature(self) -> Value[Decimal]:
        return self.monitored(self.lower.temperature_raw, sff8636.Page00.temperature_monitor)

    @cached_property
    def vcc(self) -> Value[Decimal]:
        return self.monitored(self.lower.vcc_raw, sff8636.Page00.vcc_monitor)

    def optical(self, values: Callable[[], tuple[Value[T], ...]]) -> tuple[Value[T], ...]:
        refusal = sff8636.copper(self.lower)
        return values() if refusal is None else (refusal,) * self.lanes

    @cached_property
    def tx_power(self) -> tuple[Value[Decimal], ...]:
        return self.optical(lambda: self.lower.tx_power_raw)

    @cached_property
    def rx_power(self) -> tuple[Value[Decimal], ...]:
        return self.optical(lambda: self.lower.rx_power_raw)

    @cached_property
    def tx_bias(self) -> tuple[Value[Decimal], ...]:
        return self.optical(lambda: self.lower.tx_bias_raw)

    @cached_property
    def thresholds(self) -> Mapping[str, Quad]:
        page = self.page03
        return {
            "temperature_c": Quad(*page.temperature),
            "vcc_v": Quad(*page.vcc),
            "tx_power_mw": Quad(*self.optical(lambda: page.tx_power)),
            "rx_power_mw": Quad(*self.optical(lambda: page.rx_power)),
            "tx_bias_ma": Quad(*self.optical(lambda: page.tx_bias)),
        }

    @cached_property
    def flags(self) -> Mapping[str, tuple[Value[bool], ...]]:
        return {flag.name: flag.read(self.lower) for flag in sff8636.LANE_FLAGS}

    @cached_property
    def module_flags(self) -> Mapping[str, Value[bool]]:
        return {flag.name: flag.read(self.lower) for flag in sff8636.MODULE_FLAGS}

    @cached_property
    def controls(self) -> Mapping[str, tuple[Value[bool], ...]]:
        """``low_power_request_sw`` is set where software overrides the LPMode pin and asks for low power (byte 93)."""
        override, low = self.lower.low_power_override, self.lower.low_power_set
        asked = low if isinstance(override, Reading) and override.value else override
        return {
            "tx_disable": self.lower.tx_disable,
            "low_power_request_sw": (asked,),
            "high_power_class_enable": (self.lower.high_power_class_enable,),
        }

    @cached_property
    def checksums(self) -> tuple[Checksum, ...]:
        page = sff8636.Page00
        return (
            self.checksum(page.page, page.checksum_base, self.page00, 128, 190),
            self.checksum(page.page, page.checksum_extended, self.page00, 192, 222),
        )


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
        return (self.a0, self.a2)

    @cached_property
    def identifier(self) -> Value[int]:
        return self.a0.identifier

    @cached_property
    def revision(self) -> Value[str]:
        return self.a0.revision

    @cached_property
    def power_class(self) -> Value[int]:
        """Power level 1-4 (SFF-8472 table 8-3)."""
        fourth, third, second = self.a0.power_level_4, self.a0.power_level_3, self.a0.power_level_2
        for level, bit in ((4, fourth), (3, third), (2, second)):
            if isinstance(bit, Missing):
                return bit
            if bit.value:
                return Reading(level, bit.source)
        return derive(second, lambda _: 1)

    @cached_property
    def max_power(self) -> Value[Decimal]:
        """The level's limit; byte 66 for level 4."""
        if isinstance(self.power_class, Missing):
            return self.power_class
        if self.power_class.value == 4:
            return self.a0.max_power_level_4
        watts = Decimal(SFF8472_LEVEL_WATTS[self.power_class.value - 1])
        return derive(self.power_class, lambda _: watts, note="limit of the power level", unit=Unit.WATT)

    @cached_property
    def connector(self) -> Value[int]:
        return self.a0.connector

    @cached_property
    def copper(self) -> Reading[bool] | None:
        """The bit that says that the module is a cable, passive or active (byte 8)."""
        for bit in (self.a0.passive_cable, self.a0.active_cable):
            if isinstance(bit, Reading) and bit.value:
                return bit
        return None

    @cached_property
    def cable_length(self) -> Value[Decimal]:
        """Byte 18 where the module is a cable assembly; it is the OM4 reach of one with a separable connector."""
        if isinstance(self.connector, Missing):
            return self.connector
        if self.copper is not None or self.connector.value in PIGTAILS:
            return self.a0.cable_length_raw
        return Missing(Absence.NOT_ADVERTISED, self.connector.source, "separable connector")

    @cached_property
    def wavelength(self) -> Value[Decimal]:
        if self.copper is not None:
            return Missing(Absence.NOT_ADVERTISED, self.copper.source, "copper cable")
        return self.a0.wavelength

    @cached_property
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

    @cached_property
    def temperature(self) -> Value[Decimal]:
        return self.as_temperature(self.a2.temperature_raw)

    @cached_property
    def vcc(self) -> Value[Decimal]:
        return self.as_vcc(self.a2.vcc_raw)

    @cached_property
    def tx_power(self) -> tuple[Value[Decimal], ...]:
        return (self.as_tx_power(self.a2.tx_power_raw),)

    @cached_property
    def rx_power(self) -> tuple[Value[Decimal], ...]:
        return (self.as_rx_power(self.a2.rx_power_raw),)

    @cached_property
    def tx_bias(self) -> tuple[Value[Decimal], ...]:
        return (self.as_tx_bias(self.a2.tx_bias_raw),)

    @cached_property
    def thresholds(self) -> Mapping[str, Quad]:
        page = self.a2
        return {
            "temperature_c": Quad(*map(self.as_temperature, page.temperature_thresholds_raw)),
            "vcc_v": Quad(*map(self.as_vcc, page.vcc_thresholds_raw)),
            "tx_power_mw": Quad(*map(self.as_tx_power, page.tx_power_thresholds_raw)),
            "rx_power_mw": Quad(*map(self.as_rx_power, page.rx_power_thresholds_raw)),
            "tx_bias_ma": Quad(*map(self.as_tx_bias, page.tx_bias_thresholds_raw)),
        }

    @cached_property
    def flags(self) -> Mapping[str, tuple[Value[bool], ...]]:
        return {flag.name: (flag.read(self.a2),) for flag in sff8472.LANE_FLAGS}

    @cached_property
    def module_flags(self) -> Mapping[str, Value[bool]]:
        return {flag.name: flag.read(self.a2) for flag in sff8472.MODULE_FLAGS}

    @cached_property
    def controls(self) -> Mapping[str, tuple[Value[bool], ...]]:
        return {"tx_disable": (self.a2.soft_tx_disable,)}

    @cached_property
    def checksums(self) -> tuple[Checksum, ...]:
        of_a0 = (
            self.checksum(A0_LOWER, sff8472.A0.checksum_base, self.a0, 0, 62),
            self.checksum(A0_LOWER, sff8472.A0.checksum_extended, self.a0, 64, 94),
        )
        implemented = self.a0.diagnostics_implemented
        if isinstance(implemented, Reading) and not implemented.value:
            return of_a0
        return (*of_a0, self.checksum(A2_LOWER, sff8472.A2.checksum, self.a2, 0, 94))


def transceiver(memory: Memory) -> Transceiver:
    """The module by its memory map; where the identifier does not tell, by what its bytes are most like."""
    if any(page.sfp for page in memory.pages):
        identifier = memory.take(A0_LOWER, 0)
        known = isinstance(identifier, Reading) and identifier.value[0] in SFF8472_IDENTIFIERS
        return Sff8472Transceiver(memory, "" if known else f"{said(identifier)}; it answers at A0h as SFF-8472 does")
    identifier, copy = memory.take(LOWER_MEMORY, 0), memory.take(Page(0x00), 128)
    stated, repeated = named(identifier), named(copy)
    if stated is None:
        return likeliest(memory, said(identifier))
    if repeated in (None, stated) or fits(stated(memory)) or not (repeated and fits(repeated(memory))):
        return stated(memory)
    clue = f"identifier {hexadecimal(identifier)}, but its copy {hexadecimal(copy)} and the checksum fit"
    return repeated(memory, f"{clue} {repeated.document}")


def named(identifier: Value[bytes]) -> type[CmisTransceiver | Sff8636Transceiver] | None:
    """The memory map that an identifier stands for."""
    if isinstance(identifier, Missing):
        return None
    if identifier.value[0] in CMIS_IDENTIFIERS:
        return CmisTransceiver
    return Sff8636Transceiver if identifier.value[0] in SFF8636_IDENTIFIERS else None


def likeliest(memory: Memory, reason: str) -> Transceiver:
    """The module by the identifier's copy, a checksum that fits, or a revision that CMIS could have."""
    copy = memory.take(Page(0x00), 128)
    repeated = named(copy)
    if repeated is not None:
        return repeated(memory, f"{reason}; its copy in page 00h is {hexadecimal(copy)}, {repeated.document}")
    for kind in (CmisTransceiver, Sff8636Transceiver):
        if fits(kind(memory)):
            return kind(memory, f"{reason}; the first checksum of page 00h fits {kind.document}")
    revision = memory.take(LOWER_MEMORY, 1)
    if isinstance(revision, Reading) and revision.value[0] >> 4 in (3, 4, 5):
        return CmisTransceiver(memory, f"{reason}; byte 1 would be revision {cmis.Lower(memory).revision} of CMIS")
    return Sff8636Transceiver(memory, f"{reason}; nothing in the bytes tells, read as SFF-8636")


def fits(module: Transceiver) -> bool:
    """Whether the first checksum is right, and not that of a blank page."""
    first, blank = module.checksums[0], module.vendor_name
    right = isinstance(first.ok, Reading) and first.ok.value
    return right and isinstance(blank, Reading) and bool(blank.value)


def hexadecimal(raw: Value[bytes]) -> str:
    return "" if isinstance(raw, Missing) else f"{raw.value[0]:02X}h"


def said(identifier: Value[bytes]) -> str:
    if isinstance(identifier, Missing):
        return f"identifier {identifier.why.value}"
    return f"identifier {hexadecimal(identifier)} names no memory map known here"


def scaled(value: Value[Decimal], scale: Value[int]) -> Value[Decimal]:
    """A bias current times 2 to the power of the advertised scale."""
    if isinstance(value, Missing):
        return value
    return scale if isinstance(scale, Missing) else replace(value, value=value.value * (1 << scale.value))


def date_fault(fault: Value[str], date_code: Value[str]) -> Value[str]:
    """What is wrong with a date code: YYMMDD, then two characters of lot (OIF-CMIS 8.3, SFF-8636 6.3.24)."""
    if isinstance(fault, Missing) or fault.value or isinstance(date_code, Missing):
        return fault
    digits = date_code.value[:6]
    if not (digits.isdigit() and len(digits) == 6):
        return replace(fault, value="not YYMMDD")
    month, day = int(digits[2:4]), int(digits[4:6])
    return fault if 1 <= month <= 12 and 1 <= day <= 31 else replace(fault, value=f"no such day: {digits}")


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

__all__ = [
    "Application",
    "Checksum",
    "CmisTransceiver",
    "Quad",
    "Sff8472Transceiver",
    "Sff8636Transceiver",
    "Transceiver",
    "transceiver",
]
