"""What every module has, whatever its management interface."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar, Final, Generic, Self, TypeAlias, TypeVar, overload

from ..reading import Absence, Missing, Reading, Source, Value
from . import cmis, codes, sff8472, sff8636
from .fields import Field, Text, View
from .memory import Memory, Page

V = TypeVar("V")

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


class kept(Generic[V]):
    """A property of a Transceiver that is decoded once, where its memory no longer changes.

    Of a module that is asked as it runs nothing is kept: what could not be read now may be read later.
    """

    def __init__(self, decode: Callable[[Any], V]) -> None:
        self.decode, self.__doc__ = decode, decode.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, module: None, owner: type) -> Self: ...
    @overload
    def __get__(self, module: Transceiver, owner: type) -> V: ...
    def __get__(self, module: Transceiver | None, owner: type) -> Self | V:
        if module is None:
            return self
        value = self.decode(module)
        if module.memory.settled:
            module.__dict__[self.name] = value
        return value


class Transceiver:
    """What every module has, with what a memory map does not define given as Missing."""

    management: ClassVar[str] = ""
    document: ClassVar[str] = ""
    lanes: int = 1

    def __init__(self, memory: Memory, identity: IdentityPage, guess: str = "") -> None:
        self.memory = memory
        self.identity = identity
        """The page with the vendor's fields."""
        self.guess = "; ".join(part for part in (memory.note, guess) if part)
        """Why these pages and this memory map were taken where nothing says; empty where the bytes do."""

    @property
    def evidence(self) -> str:
        return self.memory.evidence

    def forget(self) -> None:
        """Let go of what was decoded; it is decoded again when it is touched again."""
        for name in [name for name in vars(self) if isinstance(getattr(type(self), name, None), kept)]:
            del self.__dict__[name]
        self.memory.answers.clear()

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

    @kept
    def vendor_name(self) -> Value[str]:
        return self.identity.vendor_name

    @kept
    def vendor_oui(self) -> Value[str]:
        """IEEE company identifier, as ``00-1c-73``."""
        return self.identity.vendor_oui

    @kept
    def vendor_pn(self) -> Value[str]:
        return self.identity.vendor_pn

    @kept
    def vendor_rev(self) -> Value[str]:
        return self.identity.vendor_rev

    @kept
    def vendor_sn(self) -> Value[str]:
        return self.identity.vendor_sn

    @kept
    def date_code(self) -> Value[str]:
        """YYMMDD and two characters of lot."""
        return self.identity.date_code

    @kept
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
    def far_ends(self) -> Value[tuple[tuple[int, ...], ...]]:
        """Host lanes, from 1, of each module at the far end of a breakout assembly; none where media are detachable."""
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
    def firmware_running(self) -> Value[str]:
        """Version, with its build number, of the image that runs, as a command interface tells it."""
        return self.undefined

    @property
    def firmware_committed(self) -> Value[str]:
        """Version, with its build number, of the image that a reset starts."""
        return self.undefined

    @property
    def durations(self) -> Mapping[str, Value[Decimal]]:
        """Longest time of each change of state, in s, as advertised: ``module_pwr_up``, ``dp_init`` (CMIS)."""
        return {}

    @property
    def vdm(self) -> Value[tuple[cmis.vdm.Observation, ...]]:
        """Versatile diagnostics: what the module observes, instance by instance (CMIS)."""
        return self.undefined

    @property
    def vdm_gaps(self) -> tuple[Missing, ...]:
        """The pages without which some of the versatile diagnostics are not known."""
        return ()

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


def date_fault(fault: Value[str], date_code: Value[str]) -> Value[str]:
    """What is wrong with a date code: YYMMDD, then two characters of lot (OIF-CMIS 8.3, SFF-8636 6.3.24)."""
    if isinstance(fault, Missing) or fault.value or isinstance(date_code, Missing):
        return fault
    digits = date_code.value[:6]
    if not (digits.isdecimal() and len(digits) == 6):
        return replace(fault, value="not YYMMDD")
    month, day = int(digits[2:4]), int(digits[4:6])
    return fault if 1 <= month <= 12 and 1 <= day <= 31 else replace(fault, value=f"no such day: {digits}")
