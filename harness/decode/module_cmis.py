"""A module with CMIS (OIF-CMIS)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from itertools import chain
from typing import Final, TypeAlias, TypeVar

from ..reading import Absence, Missing, Reading, Source, Value, derive
from ..units import Unit
from . import cmis
from .fields import Code, Field, Lanes, Parts, View
from .memory import LOWER_MEMORY, Memory, place
from .module import Application, Checksum, Quad, Transceiver, kept

T = TypeVar("T")

AuxChannel: TypeAlias = tuple[Value[int], tuple[Value[int], ...], Callable[[int], Decimal], Unit]
"""An auxiliary monitor: raw value, raw thresholds, what a raw number stands for, and its unit."""

END_OF_APPLICATIONS: Final = 0xFF
NORMALIZED: Final = 0xBE
"""Host interface code of an Application whose codes stand in page 1Ch (SFF-8024 table 4-5)."""
EVERY_LANE_UNSUPPORTED: Final = 0xFF
BASIC_DESCRIPTORS: Final = 8
UNREAD: Final = frozenset({Absence.NOT_RECORDED, Absence.READ_FAILED})
"""Why a later descriptor is not known though the list goes on to it: what follows is not known either."""
NORMALIZED_OF_BANK: Final = 15

PCIE: Final = frozenset(range(0x70, 0x74))
"""Host interface codes of PCIe, for which the attenuations hold at other frequencies (OIF-CMIS 8.3)."""

MANDATORY: Final = (cmis.Lower, cmis.Page00, cmis.Page01, cmis.Page02, cmis.Page10, cmis.Page11)
"""Pages that every module with pages has."""

COHERENT: Final = range(0x30, 0x50)
"""Pages of C-CMIS; the bit that advertises them does not say which of them there are."""


@dataclass(frozen=True, slots=True)
class NormalizedApplication:
    """A normalized Application descriptor of page 1Ch (OIF-CMIS 8.20); assignments are bitmaps, bit 0 for lane 1."""

    number: int
    host_id: int
    media_id: int
    host_lanes: int
    media_lanes: int
    host_lane_assignment: int
    media_lane_assignment: int
    on_network_path: bool
    source: Source


class CmisTransceiver(Transceiver):
    """A module with CMIS; lane tuples have eight lanes for every bank, lane 9 is the first of bank 1.

    Where page 01h was not read the module is taken to have one bank.
    """

    management = "cmis"
    document = "CMIS"

    def __init__(self, memory: Memory, guess: str = "") -> None:
        banks = cmis.banks_of(memory)
        self.banks = 1 if isinstance(banks, Missing) else banks.value
        self.lanes = cmis.LANES * self.banks
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
        """The pages that the module must have, those that it advertises, and those that were read, in every bank."""
        every = [view(self.memory, bank) for view in cmis.PAGES for bank in range(self.banks if view.banked else 1)]
        every.sort(key=lambda view: view.at[:2])
        return tuple(view for view in every if isinstance(view, MANDATORY) or self.listed(view))

    def listed(self, view: View) -> bool:
        """Whether a page that not every module has belongs in a listing: it was read, or is known to be there."""
        if view.gone() is not None:
            return False
        said = [gate for gate in view.gates if gate is not cmis.Presence.paged]
        if said and view.page.number not in COHERENT and all(gate.refusal(self.memory) is None for gate in said):
            return True
        return self.memory.has(view.at)

    def across(self, register: Lanes[T] | Parts[T]) -> tuple[Value[T], ...]:
        """A register of lanes in every bank, lane 1 first."""
        page = register.owner
        if self.banks == 1:
            return register.read(page(self.memory))
        return tuple(chain.from_iterable(register.read(page(self.memory, bank)) for bank in range(self.banks)))

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
        length = self.page00.cable_length
        if isinstance(length, Reading) and not length.value:
            return Missing(Absence.NOT_AVAILABLE, length.source, "no length is stated: separable media")
        return length

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
    def descriptors(self) -> tuple[Value[int], ...]:
        """The fifteen Application descriptors as 32 bits each, whether before or after the end of the list."""
        return (*self.lower.descriptors, *self.page01.later_descriptors)

    @kept
    def applications(self) -> Value[tuple[Application, ...]]:
        found: list[Application] = []
        assignments = self.page01.media_lane_assignments
        for number, descriptor in enumerate(self.descriptors, 1):
            if isinstance(descriptor, Missing) and (number <= BASIC_DESCRIPTORS or descriptor.why in UNREAD):
                return descriptor
            if isinstance(descriptor, Missing) or descriptor.value >> 24 == END_OF_APPLICATIONS:
                break
            found.append(self.application(number, descriptor, assignments))
        return Reading(tuple(found), Source(self.evidence, place(LOWER_MEMORY, 86, 32)))

    @kept
    def beyond_terminator(self) -> tuple[Application, ...]:
        """Descriptors that name a host interface after the one that ends the list; no host may use them."""
        numbered = list(enumerate(self.descriptors, 1))
        ends = [number for number, one in numbered if isinstance(one, Reading) and one.value >> 24 == 0xFF]
        assignments = self.page01.media_lane_assignments
        return tuple(
            self.application(number, descriptor, assignments)
            for number, descriptor in numbered
            if ends
            and number > ends[0]
            and isinstance(descriptor, Reading)
            and descriptor.value >> 24 not in (0, END_OF_APPLICATIONS)
        )

    @kept
    def normalized_applications(self) -> tuple[NormalizedApplication, ...]:
        """The descriptors of page 1Ch up to the end of the list, in as many banks as 01h:175 advertises."""
        banks = self.page01.normalized_application_banks
        found: list[NormalizedApplication] = []
        for bank in range(0 if isinstance(banks, Missing) else banks.value):
            page = cmis.Page1C(self.memory, bank)
            columns = zip(
                page.host_id,
                page.media_id,
                page.host_lanes,
                page.media_lanes,
                page.host_lane_assignment,
                page.media_lane_assignment,
                page.on_network_path,
                strict=True,
            )
            for number, row in enumerate(columns, NORMALIZED_OF_BANK * bank + 1):
                host, media, host_lanes, media_lanes, host_starts, media_starts, network = row
                if isinstance(host, Missing) or host.value == END_OF_APPLICATIONS:
                    return tuple(found)
                if (
                    isinstance(media, Missing)
                    or isinstance(host_lanes, Missing)
                    or isinstance(media_lanes, Missing)
                    or isinstance(host_starts, Missing)
                    or isinstance(media_starts, Missing)
                    or isinstance(network, Missing)
                ):
                    return tuple(found)
                found.append(
                    NormalizedApplication(
                        number,
                        host.value,
                        media.value,
                        host_lanes.value,
                        media_lanes.value,
                        host_starts.value,
                        media_starts.value,
                        network.value,
                        host.source,
                    )
                )
        return tuple(found)

    def application(self, number: int, descriptor: Reading[int], assignments: tuple[Value[int], ...]) -> Application:
        host_id, media_id, counts, starts = descriptor.value.to_bytes(4, "big")
        if host_id == NORMALIZED:
            named = next((one for one in self.normalized_applications if one.number == number), None)
            if named is not None:
                return Application(
                    number,
                    named.host_id,
                    named.media_id,
                    named.host_lanes,
                    named.media_lanes,
                    named.host_lane_assignment,
                    Reading(named.media_lane_assignment, named.source),
                    self.media_type,
                    named.source,
                )
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
        return self.across(cmis.Page11.dp_state)

    @kept
    def config_status(self) -> tuple[Value[str], ...]:
        return self.across(cmis.Page11.config_status)

    @kept
    def active_application(self) -> tuple[Value[int], ...]:
        return self.across(cmis.Page11.active_application)

    @kept
    def active_data_path(self) -> tuple[Value[int], ...]:
        return self.in_module(self.across(cmis.Page11.active_data_path))

    @kept
    def staged_application(self) -> tuple[Value[int], ...]:
        return self.across(cmis.Page10.staged_application)

    @kept
    def staged_data_path(self) -> tuple[Value[int], ...]:
        return self.in_module(self.across(cmis.Page10.staged_data_path))

    def in_module(self, paths: tuple[Value[int], ...]) -> tuple[Value[int], ...]:
        """First lanes of data paths, from 0, counted over the module: the registers count within their bank."""
        if self.banks == 1:
            return paths
        return tuple(
            path if isinstance(path, Missing) else replace(path, value=path.value + lane // cmis.LANES * cmis.LANES)
            for lane, path in enumerate(paths)
        )

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
        The map has no room for lanes beyond the eighth.
        """
        whole = self.page00.media_lanes_unsupported_map
        if isinstance(whole, Missing) or whole.value in (0, EVERY_LANE_UNSUPPORTED):
            return (None,) * self.lanes
        first_bank = tuple(
            Missing(Absence.NOT_ADVERTISED, bit.source, f"00h:210.{lane}: no such media lane")
            if isinstance(bit, Reading) and bit.value
            else None
            for lane, bit in enumerate(self.page00.media_lanes_unsupported)
        )
        return (*first_bank, *(None,) * (self.lanes - cmis.LANES))

    def on_media_lanes(self, values: Sequence[Value[T]]) -> tuple[Value[T], ...]:
        return tuple(absent or value for absent, value in zip(self.absent_media_lanes, values, strict=True))

    @kept
    def tx_power(self) -> tuple[Value[Decimal], ...]:
        return self.on_media_lanes(self.across(cmis.Page11.tx_power))

    @kept
    def rx_power(self) -> tuple[Value[Decimal], ...]:
        return self.on_media_lanes(self.across(cmis.Page11.rx_power))

    @kept
    def tx_bias(self) -> tuple[Value[Decimal], ...]:
        return self.on_media_lanes(self.scaled_bias(self.across(cmis.Page11.tx_bias_raw)))

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
            flag.name: self.across(flag)
            if flag.name in cmis.HOST_LANE_FLAGS
            else self.on_media_lanes(self.across(flag))
            for flag in cmis.LANE_FLAGS
        }

    @kept
    def module_flags(self) -> Mapping[str, Value[bool]]:
        return {flag.name: flag.read(self.lower) for flag in cmis.MODULE_FLAGS}

    @kept
    def controls(self) -> Mapping[str, tuple[Value[bool], ...]]:
        of_lanes = {control.name: self.across(control) for control in cmis.LANE_CONTROLS}
        return {
            **of_lanes,
            "low_power_request_sw": (self.lower.low_power_request_sw,),
            "low_power_allow_request_hw": (self.lower.low_power_allow_request_hw,),
        }

    @kept
    def observations(self) -> cmis.vdm.Observations:
        """What VDM tells, and the pages without which some of that is not known."""
        return cmis.vdm.observations(self.memory, cmis.vdm.bank_count(self.memory))

    @property
    def vdm(self) -> Value[tuple[cmis.vdm.Observation, ...]]:
        """The instances of VDM in their order, bank by bank; what is not known of them is in ``observations.gaps``."""
        return self.observations.found

    @property
    def vdm_gaps(self) -> tuple[Missing, ...]:
        return self.observations.gaps

    @kept
    def cdb(self) -> Value[tuple[cmis.cdb.CdbMessage, ...]]:
        """The last message of each CDB instance."""
        return cmis.cdb.messages(self.memory)

    @kept
    def firmware_info(self) -> Value[cmis.cdb.FirmwareInfo]:
        """The firmware images as CDB command 0100h tells of them, where it was the last command."""
        return cmis.cdb.firmware(self.cdb)

    @kept
    def firmware_running(self) -> Value[str]:
        """Version with build number of the image that runs, as CDB tells."""
        info = self.firmware_info
        return info if isinstance(info, Missing) else info.value.running_version

    @kept
    def firmware_committed(self) -> Value[str]:
        """Version with build number of the image that a reset starts, as CDB tells."""
        info = self.firmware_info
        return info if isinstance(info, Missing) else info.value.committed_version

    @kept
    def checksums(self) -> tuple[Checksum, ...]:
        of_page00 = self.checksum(cmis.Page00.page, cmis.Page00.checksum, self.page00, 128, 221)
        flat, tunable = self.flat_memory, self.tunable
        if isinstance(flat, Reading) and flat.value:
            return (of_page00,)
        of_pages = (
            of_page00,
            self.checksum(cmis.Page01.page, cmis.Page01.checksum, self.page01, 130, 254),
            self.checksum(cmis.Page02.page, cmis.Page02.checksum, self.page02, 128, 254),
        )
        if not (isinstance(tunable, Reading) and tunable.value):
            return of_pages
        page04 = cmis.Page04(self.memory)
        return (*of_pages, self.checksum(cmis.Page04.page, cmis.Page04.checksum, page04, 128, 254))

    @kept
    def hardware_revision(self) -> Value[str]:
        """Major and minor revision of the hardware."""
        return self.page01.hardware_revision

    @kept
    def i2c_speed(self) -> Value[Decimal]:
        """Fastest two-wire clock, in kHz; CMIS 5.3 widened the register."""
        speed = self.lower.i2c_speed
        if isinstance(speed, Missing) and speed.why is Absence.BEYOND_REVISION:
            return self.lower.i2c_speed_before_5_3
        return speed

    @kept
    def fiber_lengths(self) -> Mapping[str, Value[Decimal]]:
        """Longest fiber in m by its kind, ``smf`` and ``om2`` to ``om5``; Missing of a kind that it is not for."""
        page = self.page01
        lengths = {
            "smf": self.smf_length,
            "om5": page.om5_length,
            "om4": page.om4_length,
            "om3": page.om3_length,
            "om2": page.om2_length,
        }
        return {
            kind: Missing(Absence.NOT_AVAILABLE, length.source)
            if isinstance(length, Reading) and not length.value
            else length
            for kind, length in lengths.items()
        }

    @kept
    def smf_length(self) -> Value[Decimal]:
        """Longest single-mode fiber in m; 0 where none is for the module."""
        page = self.page01
        code, base, multiplier = page.smf_multiplier_code, page.smf_base, page.long_smf_multiplier
        if isinstance(code, Missing) or code.value != LONG_SMF or isinstance(multiplier, Missing):
            return page.smf_length
        return replace(multiplier, value=multiplier.value * base.value) if isinstance(base, Reading) else base

    @kept
    def attenuation(self) -> Mapping[str, Value[Decimal]]:
        """Attenuation of a copper cable in dB by frequency in GHz; a PCIe Application moves the frequencies."""
        page = self.page00
        first = self.lower.descriptors[0]
        pcie = isinstance(first, Reading) and first.value >> 24 in PCIE
        found = (
            page.attenuation_5_ghz,
            page.attenuation_7_ghz,
            page.attenuation_12g9_hz,
            page.attenuation_25g8_hz,
            page.attenuation_53g1_hz,
        )
        return dict(zip(PCIE_FREQUENCIES if pcie else FREQUENCIES, found, strict=True))

    @kept
    def far_ends(self) -> Value[tuple[tuple[int, ...], ...]]:
        """Host lanes, from 1, of each module at the far end of a breakout assembly; none where media are detachable."""
        code = self.page00.far_end_configuration
        if isinstance(code, Missing):
            return code
        if not code.value:
            return Reading((), code.source)
        pattern = cmis.FAR_ENDS.get(code.value)
        if pattern is None:
            return Missing(Absence.RESERVED, code.source)
        groups: dict[tuple[int, str], list[int]] = {}
        for lane in range(max(len(pattern), self.lanes)):
            turn, place_in_pattern = divmod(lane, len(pattern))
            groups.setdefault((turn, pattern[place_in_pattern]), []).append(lane + 1)
        return Reading(tuple(tuple(lanes) for lanes in groups.values()), code.source)

    @kept
    def durations(self) -> Mapping[str, Value[Decimal]]:
        """Seconds that a state lasts at most: ``dp_init``, ``dp_deinit``, ``module_pwr_up`` and so on.

        NOT_AVAILABLE where the module sets no bound.
        """
        return {name: bounded(register.read(self.page01)) for name, register in DURATIONS.items()}

    @kept
    def page_change(self) -> Value[Decimal]:
        """Seconds that a change of bank or page takes at most (01h:169): 10 ms, halved as often as advertised."""
        return derive(self.page01.page_change_shift, lambda shift: PAGE_CHANGE / (1 << shift), unit=Unit.SECONDS)

    @kept
    def mod_sel_wait(self) -> Value[Decimal]:
        """Time from ModSel to the first transaction, in µs (01h:143); NOT_AVAILABLE where the module states none."""
        mantissa, exponent = self.page01.mod_sel_wait_mantissa, self.page01.mod_sel_wait_exponent
        if isinstance(mantissa, Missing):
            return mantissa
        if isinstance(exponent, Missing):
            return exponent
        if not mantissa.value:
            return Missing(Absence.NOT_AVAILABLE, mantissa.source)
        return Reading(Decimal(mantissa.value << exponent.value), mantissa.source, Unit.US)

    @kept
    def case_temperatures(self) -> tuple[Value[Decimal], Value[Decimal]]:
        """Lowest and highest case temperature that the module is made for; both 0 is not specified (OIF-CMIS 8.4)."""
        low, high = self.page01.case_temperature_min, self.page01.case_temperature_max
        if isinstance(low, Reading) and isinstance(high, Reading) and low.value == high.value == 0:
            return Missing(Absence.NOT_AVAILABLE, low.source), Missing(Absence.NOT_AVAILABLE, high.source)
        return low, high

    @kept
    def tunable(self) -> Value[bool]:
        """Whether pages 04h and 12h tune the laser."""
        return self.page01.tunable

    @kept
    def grids(self) -> Value[tuple[str, ...]]:
        """Grids that the laser tunes to, as ``75 GHz``, from the finest."""
        page = cmis.Page04(self.memory)
        found: list[str] = []
        origin: Source | None = None
        for name, (supported, _) in GRIDS.items():
            bit = supported.read(page)
            if isinstance(bit, Missing):
                if bit.why is Absence.BEYOND_REVISION:
                    continue
                return bit
            origin = origin or bit.source
            if bit.value:
                found.append(name)
        return Reading(tuple(found), origin or Source(self.evidence))

    @kept
    def channel_ranges(self) -> Mapping[str, tuple[Value[int], Value[int]]]:
        """Lowest and highest channel number by grid."""
        page = cmis.Page04(self.memory)
        return {name: (channels.read(page)[0], channels.read(page)[1]) for name, (_, channels) in GRIDS.items()}

    @kept
    def laser_frequency(self) -> tuple[Value[Decimal], ...]:
        """Frequency that the laser of every media lane has, in GHz."""
        return self.on_media_lanes(self.across(cmis.Page12.frequency))

    @kept
    def laser_grid(self) -> tuple[Value[str], ...]:
        """Grid that is set for every media lane."""
        return self.on_media_lanes(self.across(cmis.Page12.grid))

    @kept
    def laser_channel(self) -> tuple[Value[int], ...]:
        """Channel number that is set for every media lane."""
        return self.on_media_lanes(self.across(cmis.Page12.channel))

    @kept
    def asked_frequency(self) -> tuple[Value[Decimal], ...]:
        """Frequency in GHz that grid and channel number of every media lane stand for, without fine tuning."""
        return tuple(on_grid(grid, channel) for grid, channel in zip(self.laser_grid, self.laser_channel, strict=True))

    @kept
    def tuning_flags(self) -> Mapping[str, tuple[Value[bool], ...]]:
        """Latched flags of laser tuning by name, for every media lane."""
        return {flag.name: self.on_media_lanes(self.across(flag)) for flag in cmis.TUNING_FLAGS}

    @kept
    def rx_latency(self) -> tuple[Value[Decimal], ...]:
        """Latency from the fiber to every host lane, in ns."""
        return self.across(cmis.Page15.rx_latency)

    @kept
    def tx_latency(self) -> tuple[Value[Decimal], ...]:
        """Latency from every host lane to the fiber, in ns."""
        return self.across(cmis.Page15.tx_latency)

    @kept
    def diagnostics(self) -> Mapping[str, tuple[Value[object], ...]]:
        """What page 14h shows, by name and for every lane: of BER, counters and SNR what the selector stands on.

        A lane that the window does not show is Missing; so is a bank whose selector stands elsewhere.
        """
        selector = self.memory.take(cmis.Page14.page, cmis.Page14.selector.byte)
        if isinstance(selector, Missing):
            return {}
        shown = next((view for view in WINDOWS if selector.value[0] in view.selectors), None)
        registers = () if shown is None else tuple(shown.registers())
        return {register.name: self.shown_lanes(register) for register in registers if isinstance(register, Lanes)}

    def shown_lanes(self, register: Lanes[object]) -> tuple[Value[object], ...]:
        """A register of page 14h for every lane of the module; media lanes that there are not are Missing."""
        lanes = tuple(chain.from_iterable(self.window(register, bank) for bank in range(self.banks)))
        return self.on_media_lanes(lanes) if register.name.startswith("media") else lanes

    def window(self, register: Lanes[object], bank: int) -> tuple[Value[object], ...]:
        """A register of page 14h for the eight lanes of a bank; counters of four lanes in the half that they are of."""
        view = register.owner(self.memory, bank)
        values = register.read(view)
        if len(values) == cmis.LANES:
            return values
        selector = self.memory.take(view.at, cmis.Page14.selector.byte)
        source = selector.source
        unseen = Missing(Absence.NOT_RECORDED, source, "14h:128 shows the other four lanes")
        other = (unseen,) * (cmis.LANES - len(values))
        upper = isinstance(selector, Reading) and selector.value[0] in UPPER_LANES
        return (*other, *values) if upper else (*values, *other)


FREQUENCIES: Final = ("5", "7", "12.9", "25.8", "53.125")
PCIE_FREQUENCIES: Final = ("2.5", "4", "8", "16", "32")

LONG_SMF: Final = 3
"""Multiplier code of 01h:132 that sends to 01h:137."""

PAGE_CHANGE: Final = Decimal("0.01")

DURATIONS: Final[Mapping[str, Code]] = {
    "dp_init": cmis.Page01.max_duration_dp_init,
    "dp_deinit": cmis.Page01.max_duration_dp_deinit,
    "dp_tx_turn_on": cmis.Page01.max_duration_dp_tx_turn_on,
    "dp_tx_turn_off": cmis.Page01.max_duration_dp_tx_turn_off,
    "module_pwr_up": cmis.Page01.max_duration_module_pwr_up,
    "module_pwr_dn": cmis.Page01.max_duration_module_pwr_dn,
}

WINDOWS: Final = (cmis.Page14Ber, cmis.Page14HostCounters, cmis.Page14MediaCounters, cmis.Page14Snr)

UPPER_LANES: Final = frozenset({0x03, 0x05, 0x13, 0x15})
"""Diagnostics selectors of lanes 5-8."""

GRIDS: Final[Mapping[str, tuple[Field[bool], Lanes[int]]]] = {
    "3.125 GHz": (cmis.Page04.grid_3g125_hz_supported, cmis.Page04.channels_3g125_hz),
    "6.25 GHz": (cmis.Page04.grid_6g25_hz_supported, cmis.Page04.channels_6g25_hz),
    "12.5 GHz": (cmis.Page04.grid_12g5_hz_supported, cmis.Page04.channels_12g5_hz),
    "25 GHz": (cmis.Page04.grid_25_ghz_supported, cmis.Page04.channels_25_ghz),
    "33 GHz": (cmis.Page04.grid_33_ghz_supported, cmis.Page04.channels_33_ghz),
    "50 GHz": (cmis.Page04.grid_50_ghz_supported, cmis.Page04.channels_50_ghz),
    "75 GHz": (cmis.Page04.grid_75_ghz_supported, cmis.Page04.channels_75_ghz),
    "100 GHz": (cmis.Page04.grid_100_ghz_supported, cmis.Page04.channels_100_ghz),
    "150 GHz": (cmis.Page04.grid_150_ghz_supported, cmis.Page04.channels_150_ghz),
    "300 GHz": (cmis.Page04.grid_300_ghz_supported, cmis.Page04.channels_300_ghz),
}
"""By grid the bit that advertises it, and its lowest and highest channel number."""

ANCHOR_GHZ: Final = Decimal(193100)
"""Frequency of channel 0 (ITU-T G.694.1)."""

STEPS_GHZ: Final[Mapping[str, tuple[Decimal, int]]] = {
    **{f"{step} GHz": (Decimal(step), 0) for step in ("3.125", "6.25", "12.5", "25", "50", "100")},
    "33 GHz": (Decimal(100) / 3, 0),
    "75 GHz": (Decimal(25), 0),
    "150 GHz": (Decimal(25), 3),
}
"""By grid the GHz between channel numbers, and what is added to the number (OIF-CMIS 8.7).

The 75 and 150 GHz grids count in steps of 25 GHz; the document's rule for 300 GHz is not known here.
"""


def on_grid(grid: Value[str], channel: Value[int]) -> Value[Decimal]:
    """The frequency in GHz of a channel number on a grid."""
    if isinstance(grid, Missing):
        return grid
    if isinstance(channel, Missing):
        return channel
    if grid.value not in STEPS_GHZ:
        return Missing(Absence.NOT_AVAILABLE, grid.source, f"no rule for channel numbers of the {grid.value} grid")
    step, shift = STEPS_GHZ[grid.value]
    return Reading(TEC.plus(ANCHOR_GHZ + (channel.value + shift) * step), channel.source, Unit.GHZ)


def bounded(duration: Value[str]) -> Value[Decimal]:
    """The upper bound of a duration in seconds."""
    if isinstance(duration, Missing):
        return duration
    bound = cmis.DURATION_BOUNDS.get(duration.value)
    if bound is None:
        return Missing(Absence.NOT_AVAILABLE, duration.source, f"{duration.value}: no upper bound")
    return Reading(bound, duration.source, Unit.SECONDS)


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
