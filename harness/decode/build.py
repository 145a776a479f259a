"""Memory of simulated modules, written through the same registers that read it.

An image says in the units of the specification what a module is and measures; ``image()`` gives pages that can still
be changed, ``memory(evidence)`` the finished Memory. The defaults are a healthy module. Checksums are right, and every
page that a module advertises is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias

from . import cmis, sff8472, sff8636
from .cmis import cdb, vdm
from .fields import F16, Bit, Choice, Code, Field, Fixed, Float, Lanes, Length, Parts, Register, View
from .memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, LOWER_MEMORY, Image, Memory, Page
from .module_cmis import END_OF_APPLICATIONS

Limits: TypeAlias = tuple[str, str, str, str]
"""High alarm, low alarm, high warning, low warning."""

CMIS_LIMITS: Final[Mapping[str, Limits]] = {
    "temperature_c": ("75", "-5", "70", "0"),
    "vcc_v": ("3.63", "2.97", "3.465", "3.135"),
    "tx_power_mw": ("3.1622", "0.2818", "2.5118", "0.3548"),
    "rx_power_mw": ("3.1622", "0.1258", "2.5118", "0.1995"),
    "tx_bias_ma": ("120", "10", "110", "20"),
}

Registers: TypeAlias = Mapping[str, Mapping[str, object]]
"""Registers by the name of their view and their own, numbers in the units of the document.

``{"Page01": {"cooled_transmitter": True}}``; a register of lanes takes a list, lane 1 first, or
one value for every lane.
"""


@dataclass(frozen=True, slots=True)
class AdvertisedApplication:
    """One Application descriptor; assignments are bitmaps of start lanes, bit 0 for lane 1."""

    host_id: int
    media_id: int
    host_lanes: int
    media_lanes: int
    host_lane_assignment: int
    media_lane_assignment: int

    @property
    def descriptor(self) -> int:
        counts = self.host_lanes << 4 | self.media_lanes
        return int.from_bytes(bytes([self.host_id, self.media_id, counts, self.host_lane_assignment]), "big")


@dataclass(frozen=True, slots=True)
class Identity:
    """Vendor fields, as every management interface has them."""

    vendor_name: str = "SIMULATED"
    vendor_oui: str = "00-00-00"
    vendor_pn: str = "SIM-0001"
    vendor_rev: str = "A"
    vendor_sn: str = "SIM0000001"
    date_code: str = "260101"


@dataclass(frozen=True, slots=True)
class Observed:
    """One observable of VDM (OIF-CMIS 8.22): type identifier, lane from 1 or 0 for the whole module, sample, limits."""

    type: int
    lane: int
    value: str
    limits: Limits = ("0", "0", "0", "0")


@dataclass(frozen=True, slots=True)
class Firmware:
    """One image of firmware that the module holds (OIF-CMIS 9.7)."""

    version: str = "1.0"
    build: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cdb:
    """What the module can do with commands (OIF-CMIS 9), and the firmware that they tell of; image A runs.

    ``answered`` is the command whose reply stands on page 9Fh; nothing was asked yet where it is None.
    """

    instances: int = 1
    background: bool = True
    epl_pages: int = 0  # pages of extended payload
    max_completion_ms: int = 1000
    commands: frozenset[int] = frozenset({*range(0x0003), *range(0x0040, 0x0043), *range(0x0100, 0x010B)})
    a: Firmware = Firmware()
    b: Firmware = Firmware()
    committed: str = "A"  # or "B": the image that a reset starts
    answered: int | None = None

    def reply(self, command: int) -> bytes:
        """What the module replies to a question; empty for a command that is not one."""
        image = Image()
        match command:
            case 0x0000:
                cdb.QueryStatus.length.write(image, 1)
                cdb.QueryStatus.status.write(image, "host password accepted")
            case 0x0040:
                low = frozenset(number for number in self.commands if number <= 0xFF)
                cdb.ModuleFeatures.commands.write(image, low)
                cdb.ModuleFeatures.max_completion_time.write(image, self.max_completion_ms)
            case 0x0041:
                self.write_firmware_features(image)
            case 0x0042 | 0x0043 | 0x0044:
                image.put(cdb.Page9F.page, cdb.LPL, bytes(2))
            case 0x0100:
                self.write_firmware(image)
        return bytes(image.page(cdb.Page9F.page)[cdb.HEADER :]).rstrip(b"\0").ljust(REPLY_SIZES.get(command, 0), b"\0")

    def write_firmware_features(self, image: Image) -> None:
        """How firmware is downloaded: in local payloads, with a copy from image to image."""
        features = cdb.FirmwareFeatures
        features.copy_supported.write(image, 0x0108 in self.commands)
        features.abort_supported.write(image, 0x0102 in self.commands)
        features.start_payload_size.write(image, 112)
        features.erased_byte.write(image, 0xFF)
        features.write_mechanism.write(image, "LPL")
        features.read_mechanism.write(image, "none")
        for step in (
            features.start_raw,
            features.abort_raw,
            features.write_raw,
            features.complete_raw,
            features.copy_raw,
        ):
            step.write(image, self.max_completion_ms)

    def write_firmware(self, image: Image) -> None:
        """Both images, A running."""
        info = cdb.FirmwareInfo
        info.a_running.write(image, True)
        info.a_committed.write(image, self.committed == "A")
        info.b_committed.write(image, self.committed == "B")
        for held, present, version, text in (
            (self.a, info.a_present, info.a_version, info.a_text),
            (self.b, info.b_present, info.b_version, info.b_text),
        ):
            major, minor = (int(number) for number in held.version.split("."))
            present.write(image, True)
            version.write(image, major << 24 | minor << 16 | held.build)
            text.write(image, held.text)


REPLY_SIZES: Final = {0x0000: 2, 0x0040: 36, 0x0041: 18, 0x0042: 2, 0x0043: 2, 0x0044: 2, 0x0100: 74}
"""Bytes of the replies, as far as this module has anything to say (OIF-CMIS 9.3, 9.4, 9.7)."""


@dataclass(frozen=True, slots=True)
class CmisImage:
    """A module with CMIS. Lane values come lane 1 first; fewer than eight leave the other lanes at zero.

    ``active`` and ``staged`` are (AppSel, first lane of the data path from 0) per host lane; ``flags`` and ``controls``
    name registers of page 11h, and of pages 10h and 13h, with a bit per lane; ``module_flags`` those of lower memory.
    Lanes beyond the eighth stand in further banks. ``advertises`` are bits of page 01h beside those of the monitors,
    ``registers`` whatever else stands in a register.
    """

    identifier: int = 0x19
    revision: str = "5.0"
    identity: Identity = Identity()
    applications: tuple[AdvertisedApplication, ...] = (
        AdvertisedApplication(0x50, 0x1C, 4, 4, 0b0001_0001, 0b0001_0001),
        AdvertisedApplication(0x4C, 0x14, 1, 1, 0xFF, 0xFF),
    )
    media_type: int = 2
    media_technology: int = 0x06
    connector: int = 0x0C
    power_class: int = 8
    max_power: str = "16"
    cable_length: str = "0"
    media_lanes_unsupported: int = 0
    firmware_active: str = "1.0"
    firmware_inactive: str = "1.0"
    hardware_revision: str = "1.0"
    module_state: str = "ModuleReady"
    fault_cause: str = "no fault"
    flat_memory: bool = False
    wavelength: str = "1310"
    wavelength_tolerance: str = "0"
    lengths: Mapping[str, str] = field(default_factory=dict)  # metres by kind of fiber: "smf", "om4"
    attenuation: Sequence[str] = ()  # dB, of a copper assembly at 5, 7, 12.9, 25.8 and 53.125 GHz
    far_end_configuration: int = 0
    case_temperature_max: str = "70"
    case_temperature_min: str = "0"
    vcc_min: str = "2.96"
    durations: Mapping[str, str] = field(default_factory=lambda: CMIS_DURATIONS)
    advertises: Sequence[str] = field(default_factory=lambda: ADVERTISED)
    tx_bias_scale: int = 0
    temperature: str = "45"
    vcc: str = "3.3"
    tx_power: Sequence[str] = ("1.2",) * 8
    rx_power: Sequence[str] = ("1.1",) * 8
    tx_bias: Sequence[str] = ("60",) * 8
    thresholds: Mapping[str, Limits] = field(default_factory=lambda: CMIS_LIMITS)
    unmonitored: frozenset[str] = frozenset()  # quantities of ``thresholds`` that are not advertised
    dp_state: Sequence[str] = ("DPActivated",) * 8
    config_status: Sequence[str] = ("ConfigSuccess",) * 8
    active: Sequence[tuple[int, int]] = ((1, 0),) * 4 + ((1, 4),) * 4
    staged: Sequence[tuple[int, int]] = ((1, 0),) * 4 + ((1, 4),) * 4
    flags: Mapping[str, Sequence[bool]] = field(default_factory=dict)
    module_flags: Mapping[str, bool] = field(default_factory=dict)
    controls: Mapping[str, Sequence[bool]] = field(default_factory=dict)
    low_power_request_sw: bool = False
    aux: Mapping[str, tuple[str, Limits]] = field(default_factory=dict)  # auxiliary monitors: value and thresholds
    vdm: Sequence[Observed] = ()
    cdb: Cdb | None = None
    registers: Registers = field(default_factory=dict)

    @property
    def banks(self) -> int:
        """Banks of eight lanes."""
        return -(-max(len(self.dp_state), len(self.tx_power)) // cmis.LANES)

    def memory(self, evidence: str) -> Memory:
        return self.image().memory(evidence)

    def image(self) -> Image:
        image = Image()
        self.write_lower(image)
        self.write_page00(image)
        if not self.flat_memory:
            self.write_page01(image)
            self.write_page02(image)
            self.write_aux(image)
            for bank in range(self.banks):
                self.write_lanes(image, bank)
            self.write_vdm(image)
            self.write_cdb(image)
        write_registers(image, cmis.VIEWS, self.registers, self.banks)
        self.write_advertised_pages(image)
        for number in range(self.cdb.epl_pages if self.cdb is not None else 0):
            image.page(EPL._replace(number=EPL.number + number))
        seal_cmis(image)
        return image

    def write_lower(self, image: Image) -> None:
        lower = cmis.Lower
        lower.identifier.write(image, self.identifier)
        lower.revision.write(image, self.revision)
        lower.flat_memory.write(image, self.flat_memory)
        lower.module_state.write(image, self.module_state)
        lower.interrupt_deasserted.write(image, True)
        if not self.flat_memory:
            lower.temperature.write(image, Decimal(self.temperature))
            lower.vcc.write(image, Decimal(self.vcc))
        lower.low_power_allow_request_hw.write(image, True)
        lower.low_power_request_sw.write(image, self.low_power_request_sw)
        lower.firmware_active.write(image, self.firmware_active)
        lower.fault_cause.write(image, self.fault_cause)
        lower.media_type.write(image, self.media_type)
        held = [application.descriptor for application in self.applications]
        lower.descriptors.write(image, terminated(held[:8], 8))
        for flag in cmis.MODULE_FLAGS:
            flag.write(image, self.module_flags.get(flag.name, False))

    def write_page00(self, image: Image) -> None:
        page = cmis.Page00
        page.identifier_copy.write(image, self.identifier)
        page.vendor_name.write(image, self.identity.vendor_name)
        page.vendor_oui.write(image, self.identity.vendor_oui)
        page.vendor_pn.write(image, self.identity.vendor_pn)
        page.vendor_rev.write(image, self.identity.vendor_rev)
        page.vendor_sn.write(image, self.identity.vendor_sn)
        page.date_code.write(image, self.identity.date_code)
        page.clei.write(image, "")
        page.power_class_code.write(image, self.power_class - 1)
        page.max_power.write(image, Decimal(self.max_power))
        page.cable_length.write(image, Decimal(self.cable_length))
        page.connector.write(image, self.connector)
        for register, loss in zip(ATTENUATIONS, self.attenuation, strict=False):
            register.write(image, Decimal(loss))
        page.media_lanes_unsupported_map.write(image, self.media_lanes_unsupported)
        page.far_end_configuration.write(image, self.far_end_configuration)
        image.put(page.page, page.media_technology.byte, bytes([self.media_technology]))

    def write_page01(self, image: Image) -> None:
        page = cmis.Page01
        page.inactive_firmware.write(image, self.firmware_inactive)
        page.hardware_revision.write(image, self.hardware_revision)
        page.wavelength.write(image, Decimal(self.wavelength))
        page.wavelength_tolerance.write(image, Decimal(self.wavelength_tolerance))
        for kind, metres in self.lengths.items():
            LENGTHS[kind].write(image, Decimal(metres))
        page.banks.write(image, BANK_CODES[self.banks])
        page.case_temperature_max.write(image, Decimal(self.case_temperature_max))
        page.case_temperature_min.write(image, Decimal(self.case_temperature_min))
        page.vcc_min.write(image, Decimal(self.vcc_min))
        write_registers(image, (page,), {page.__name__: dict.fromkeys(self.advertises, True)}, 1)
        monitors = {
            "temperature_c": page.temperature_monitor,
            "vcc_v": page.vcc_monitor,
            "tx_power_mw": page.tx_power_monitor,
            "rx_power_mw": page.rx_power_monitor,
            "tx_bias_ma": page.tx_bias_monitor,
        }
        for name, bit in monitors.items():
            bit.write(image, name not in self.unmonitored)
        page.tx_bias_scale.write(image, self.tx_bias_scale)
        for change, longest in self.durations.items():
            DURATIONS[change].write(image, longest)
        if self.cdb is not None:
            page.cdb_instances.write(image, self.cdb.instances)
            page.cdb_background.write(image, self.cdb.background)
            page.cdb_epl_pages.write(image, Decimal(self.cdb.epl_pages))
            page.cdb_length_extension.write(image, CDB_LENGTH_EXTENSION)
        held = self.applications
        page.media_lane_assignments.write(image, [application.media_lane_assignment for application in held])
        page.later_descriptors.write(image, terminated([application.descriptor for application in held[8:]], 7))

    def write_page02(self, image: Image) -> None:
        page = cmis.Page02
        scale = Decimal(1 << self.tx_bias_scale)
        page.temperature.write(image, decimals(self.thresholds["temperature_c"]))
        page.vcc.write(image, decimals(self.thresholds["vcc_v"]))
        page.tx_power.write(image, decimals(self.thresholds["tx_power_mw"]))
        page.rx_power.write(image, decimals(self.thresholds["rx_power_mw"]))
        page.tx_bias_raw.write(image, [limit / scale for limit in decimals(self.thresholds["tx_bias_ma"])])

    def write_aux(self, image: Image) -> None:
        """Auxiliary monitors: which register has which follows from what it measures (OIF-CMIS 8.4, 01h:145)."""
        for name, (value, limits) in self.aux.items():
            chosen, says, monitor, raw, limit_raws, steps = AUX_MONITORS[name]
            chosen.write(image, says)
            monitor.write(image, True)
            raw.write(image, in_steps(value, steps))
            limit_raws.write(image, [in_steps(limit, steps) for limit in limits])

    def write_lanes(self, image: Image, bank: int) -> None:
        status, control = cmis.Page11, cmis.Page10
        lanes = slice(bank * cmis.LANES, (bank + 1) * cmis.LANES)
        scale = Decimal(1 << self.tx_bias_scale)
        dp_state = self.dp_state[lanes]
        status.dp_state.write(image, dp_state, bank=bank)
        status.config_status.write(image, self.config_status[lanes], bank=bank)
        status.tx_power.write(image, decimals(self.tx_power[lanes]), bank=bank)
        status.rx_power.write(image, decimals(self.rx_power[lanes]), bank=bank)
        status.tx_bias_raw.write(image, [current / scale for current in decimals(self.tx_bias[lanes])], bank=bank)
        lit = [state == "DPActivated" for state in dp_state]
        status.tx_output_valid.write(image, lit, bank=bank)
        status.rx_output_valid.write(image, lit, bank=bank)
        active, staged = self.active[lanes], self.staged[lanes]
        status.active_application.write(image, [application for application, _ in active], bank=bank)
        status.active_data_path.write(image, [data_path for _, data_path in active], bank=bank)
        sets = (control, cmis.Page10Set1) if "staged_set_1_supported" in self.advertises else (control,)
        for staging in sets:
            staging.staged_application.write(image, [application for application, _ in staged], bank=bank)
            staging.staged_data_path.write(image, [data_path for _, data_path in staged], bank=bank)
        write_named(image, cmis.LANE_FLAGS, self.flags, bank)
        if "diagnostics_supported" in self.advertises:
            for loopback in LOOPBACKS:
                loopback.write(image, True, bank=bank)
        write_named(image, cmis.LANE_CONTROLS, self.controls, bank)

    def write_vdm(self, image: Image) -> None:
        """Descriptors, samples and threshold sets, bank by bank; a group of 64 has 16 sets (OIF-CMIS 8.22)."""
        for bank in range(self.banks) if "vdm_supported" in self.advertises else ():
            held = [one for one in self.vdm if max(0, one.lane - 1) // cmis.LANES == bank]
            vdm.Page2F.groups.write(image, max(1, -(-len(held) // vdm.INSTANCES)), bank=bank)
            vdm.Page2F.fine_interval.write(image, VDM_INTERVAL, bank=bank)
            sets: dict[tuple[int, tuple[int, ...]], int] = {}
            for instance, one in enumerate(held, 1):
                group, codes = (instance - 1) // vdm.INSTANCES, limit_codes(one.type, one.limits)
                number = sets.get((group, codes))
                if number is None:
                    number = sets[group, codes] = sum(1 for other, _ in sets if other == group)
                    vdm.write_thresholds(image, instance, one.type, decimals(one.limits), number, bank=bank)
                lane = (one.lane - 1) % cmis.LANES + 1 if one.lane else None
                vdm.write_descriptor(image, instance, one.type, lane, number, bank=bank)
                vdm.write_sample(image, instance, one.type, Decimal(one.value), bank=bank)

    def write_cdb(self, image: Image) -> None:
        """The reply to the last command, and that it is done (OIF-CMIS 8.23)."""
        if self.cdb is None or self.cdb.answered is None:
            return
        command = self.cdb.answered
        image.put(cdb.Page9F.page, cdb.Page9F.page.first, cdb.reply(cdb.query(command), self.cdb.reply(command)))
        cdb.CdbStatus.status.write(image, [cdb.Status(1)])

    def write_advertised_pages(self, image: Image) -> None:
        """Pages that the module says it has and that hold nothing yet."""
        memory = image.memory("")
        for view in cmis.PAGES:
            for bank in range(max(self.banks, self.cdb.instances if self.cdb else 1) if view.banked else 1):
                if view.gates and view.page != EPL and view(memory, bank).gone() is None:
                    image.page(view.page._replace(bank=bank))


ADVERTISED: Final[tuple[str, ...]] = (
    "tx_disable_supported",
    "tx_polarity_flip_supported",
    "tx_squelch_force_supported",
    "tx_auto_squelch_disable_supported",
    "rx_polarity_flip_supported",
    "rx_output_disable_supported",
    "rx_auto_squelch_disable_supported",
    "tx_fault_flag",
    "tx_los_flag",
    "tx_cdr_lol_flag",
    "tx_adaptive_eq_fail_flag",
    "rx_los_flag",
    "rx_cdr_lol_flag",
    "diagnostics_supported",
)
"""Bits of page 01h of a retimed module."""

CMIS_DURATIONS: Final[Mapping[str, str]] = {
    "dp_init": "< 10 s",
    "dp_deinit": "< 100 ms",
    "module_pwr_up": "< 10 s",
    "module_pwr_dn": "< 100 ms",
    "dp_tx_turn_on": "< 500 ms",
    "dp_tx_turn_off": "< 100 ms",
}
DURATIONS: Final[Mapping[str, Code]] = {
    "dp_init": cmis.Page01.max_duration_dp_init,
    "dp_deinit": cmis.Page01.max_duration_dp_deinit,
    "module_pwr_up": cmis.Page01.max_duration_module_pwr_up,
    "module_pwr_dn": cmis.Page01.max_duration_module_pwr_dn,
    "dp_tx_turn_on": cmis.Page01.max_duration_dp_tx_turn_on,
    "dp_tx_turn_off": cmis.Page01.max_duration_dp_tx_turn_off,
}

LENGTHS: Final[Mapping[str, Field[Decimal]]] = {
    "smf": cmis.Page01.smf_length,
    "om5": cmis.Page01.om5_length,
    "om4": cmis.Page01.om4_length,
    "om3": cmis.Page01.om3_length,
    "om2": cmis.Page01.om2_length,
}

ATTENUATIONS: Final = (
    cmis.Page00.attenuation_5_ghz,
    cmis.Page00.attenuation_7_ghz,
    cmis.Page00.attenuation_12g9_hz,
    cmis.Page00.attenuation_25g8_hz,
    cmis.Page00.attenuation_53g1_hz,
)

BANK_CODES: Final = {1: 0, 2: 1, 4: 2}
"""01h:142 bits 1-0."""

CDB_LENGTH_EXTENSION: Final = 15
"""01h:164: 8 bytes more for each, so that a whole local payload of 120 bytes goes in one write (OIF-CMIS 8.4)."""

EPL: Final = cdb.PageA0.page
"""First page of the extended payload; the bits that advertise CDB do not say that there is any."""

VDM_INTERVAL: Final = Decimal(1000)
"""Between two samples of a statistic, ms."""

AUX_MONITORS: Final = {
    "tec_current_percent": (
        cmis.Page01.aux1_is_tec_current,
        True,
        cmis.Page01.aux1_monitor,
        cmis.Lower.aux1_raw,
        cmis.Page02.aux1_raw,
        Decimal(32767) / 100,
    ),
    "laser_temperature_c": (
        cmis.Page01.aux2_is_tec_current,
        False,
        cmis.Page01.aux2_monitor,
        cmis.Lower.aux2_raw,
        cmis.Page02.aux2_raw,
        Decimal(256),
    ),
    "vcc2_v": (
        cmis.Page01.aux3_is_vcc2,
        True,
        cmis.Page01.aux3_monitor,
        cmis.Lower.aux3_raw,
        cmis.Page02.aux3_raw,
        Decimal(10000),
    ),
}
"""Auxiliary monitors by what they measure: the bit that chooses it, the registers, and steps for one unit."""

LOOPBACKS: Final[tuple[Bit, ...]] = (
    cmis.Page13.media_output_loopback_supported,
    cmis.Page13.media_input_loopback_supported,
    cmis.Page13.host_output_loopback_supported,
    cmis.Page13.host_input_loopback_supported,
)


@dataclass(frozen=True, slots=True)
class Sff8636Image:
    """A module with SFF-8636, four lanes; ``flags`` and ``module_flags`` name registers of lower memory."""

    identifier: int = 0x11
    revision: str = "SFF-8636 2.8-2.10"
    identity: Identity = Identity()
    connector: int = 0x0C
    technology: int = 0x00
    power_class: int = 4
    max_power: str = "0"  # of class 8
    cable_length: str = "0"
    extended_compliance: int = 0x02
    wavelength: str = "850"
    flat_memory: bool = False
    temperature: str = "40"
    vcc: str = "3.3"
    tx_power: Sequence[str] = ("0.9",) * 4
    rx_power: Sequence[str] = ("0.8",) * 4
    tx_bias: Sequence[str] = ("7.5",) * 4
    thresholds: Mapping[str, Limits] = field(default_factory=lambda: CMIS_LIMITS)
    unmonitored: frozenset[str] = frozenset()  # of temperature_c, vcc_v, tx_power_mw
    flags: Mapping[str, Sequence[bool]] = field(default_factory=dict)
    module_flags: Mapping[str, bool] = field(default_factory=dict)
    tx_disable: Sequence[bool] = (False,) * 4
    registers: Registers = field(default_factory=dict)

    def memory(self, evidence: str) -> Memory:
        return self.image().memory(evidence)

    def image(self) -> Image:
        image = Image()
        lower, page = sff8636.Lower, sff8636.Page00
        lower.identifier.write(image, self.identifier)
        lower.revision.write(image, self.revision)
        lower.flat_memory.write(image, self.flat_memory)
        if self.technology < sff8636.COPPER:
            lower.temperature_raw.write(image, Decimal(self.temperature))
            lower.vcc_raw.write(image, Decimal(self.vcc))
            lower.tx_power_raw.write(image, decimals(self.tx_power))
            lower.rx_power_raw.write(image, decimals(self.rx_power))
            lower.tx_bias_raw.write(image, decimals(self.tx_bias))
            page.temperature_monitor.write(image, "temperature_c" not in self.unmonitored)
            page.vcc_monitor.write(image, "vcc_v" not in self.unmonitored)
            page.tx_power_monitor.write(image, "tx_power_mw" not in self.unmonitored)
            page.rx_power_is_average.write(image, True)
            page.wavelength.write(image, Decimal(self.wavelength))
        lower.tx_disable.write(image, self.tx_disable)
        lower.max_power_class_8.write(image, Decimal(self.max_power))
        write_named(image, sff8636.LANE_FLAGS, self.flags)
        for flag in sff8636.MODULE_FLAGS:
            flag.write(image, self.module_flags.get(flag.name, False))
        page.identifier_copy.write(image, self.identifier)
        page.power_class_8.write(image, self.power_class == 8)
        page.power_class_low.write(image, min(self.power_class, 4) - 1)
        page.power_class_high.write(image, self.power_class - 4 if 5 <= self.power_class <= 7 else 0)
        page.connector.write(image, self.connector)
        page.ethernet_compliance.write(image, 0x80)
        page.bit_rate_100_mbps.write(image, 0xFF)
        page.cable_length_raw.write(image, Decimal(self.cable_length))
        page.technology_code.write(image, self.technology)
        page.vendor_name.write(image, self.identity.vendor_name)
        page.vendor_oui.write(image, self.identity.vendor_oui)
        page.vendor_pn.write(image, self.identity.vendor_pn)
        page.vendor_rev.write(image, self.identity.vendor_rev)
        page.vendor_sn.write(image, self.identity.vendor_sn)
        page.date_code.write(image, self.identity.date_code)
        page.extended_compliance.write(image, self.extended_compliance)
        for bit in (page.tx_disable_supported, page.tx_fault_flag, page.tx_los_flag):
            bit.write(image, True)
        for bit in (page.tx_cdr_lol_flag, page.rx_cdr_lol_flag):
            bit.write(image, True)
        if not self.flat_memory:
            thresholds = sff8636.Page03
            thresholds.temperature.write(image, decimals(self.thresholds["temperature_c"]))
            thresholds.vcc.write(image, decimals(self.thresholds["vcc_v"]))
            thresholds.tx_power.write(image, decimals(self.thresholds["tx_power_mw"]))
            thresholds.rx_power.write(image, decimals(self.thresholds["rx_power_mw"]))
            thresholds.tx_bias.write(image, decimals(self.thresholds["tx_bias_ma"]))
        write_registers(image, sff8636.VIEWS, self.registers)
        seal_sff8636(image)
        return image


@dataclass(frozen=True, slots=True)
class Sff8472Image:
    """A module with SFF-8472, internally calibrated; ``flags`` name registers of A2h."""

    identifier: int = 0x03
    revision: str = "SFF-8472 12.3"
    identity: Identity = Identity()
    connector: int = 0x07
    extended_compliance: int = 0x02
    power_level: int = 1
    wavelength: str = "850"
    passive_cable: bool = False
    cable_length: str = "0"
    diagnostics: bool = True
    temperature: str = "35"
    vcc: str = "3.3"
    tx_power: str = "0.6"
    rx_power: str = "0.5"
    tx_bias: str = "7"
    thresholds: Mapping[str, Limits] = field(default_factory=lambda: CMIS_LIMITS)
    flags: Mapping[str, bool] = field(default_factory=dict)
    tx_disable: bool = False
    registers: Registers = field(default_factory=dict)

    def memory(self, evidence: str) -> Memory:
        return self.image().memory(evidence)

    def image(self) -> Image:
        image = Image()
        page = sff8472.A0
        page.identifier.write(image, self.identifier)
        page.extended_identifier.write(image, 0x04)
        page.connector.write(image, self.connector)
        page.passive_cable.write(image, self.passive_cable)
        page.cable_length_raw.write(image, Decimal(self.cable_length))
        page.vendor_name.write(image, self.identity.vendor_name)
        page.extended_compliance.write(image, self.extended_compliance)
        page.vendor_oui.write(image, self.identity.vendor_oui)
        page.vendor_pn.write(image, self.identity.vendor_pn)
        page.vendor_rev.write(image, self.identity.vendor_rev)
        if not self.passive_cable:
            page.wavelength.write(image, Decimal(self.wavelength))
        for level, bit in ((2, page.power_level_2), (3, page.power_level_3), (4, page.power_level_4)):
            bit.write(image, level == self.power_level)
        page.vendor_sn.write(image, self.identity.vendor_sn)
        page.date_code.write(image, self.identity.date_code)
        page.revision.write(image, self.revision)
        image.page(A0_UPPER)
        if self.diagnostics:
            for advertised in (
                page.diagnostics_implemented,
                page.internally_calibrated,
                page.rx_power_is_average,
                page.flags_implemented,
                page.soft_tx_disable_implemented,
                page.soft_tx_fault_implemented,
                page.soft_rx_los_implemented,
            ):
                advertised.write(image, True)
            self.write_diagnostics(image)
        write_registers(image, sff8472.VIEWS, self.registers)
        seal_sff8472(image)
        return image

    def write_diagnostics(self, image: Image) -> None:
        page = sff8472.A2
        page.temperature_thresholds_raw.write(image, decimals(self.thresholds["temperature_c"]))
        page.vcc_thresholds_raw.write(image, decimals(self.thresholds["vcc_v"]))
        page.tx_bias_thresholds_raw.write(image, decimals(self.thresholds["tx_bias_ma"]))
        page.tx_power_thresholds_raw.write(image, decimals(self.thresholds["tx_power_mw"]))
        page.rx_power_thresholds_raw.write(image, decimals(self.thresholds["rx_power_mw"]))
        page.rx_power_coefficients.write(image, [Decimal(0), Decimal(0), Decimal(0), Decimal(1), Decimal(0)])
        for slope in (page.tx_bias_slope, page.tx_power_slope, page.temperature_slope, page.vcc_slope):
            slope.write(image, Decimal(1))
        page.temperature_raw.write(image, Decimal(self.temperature))
        page.vcc_raw.write(image, Decimal(self.vcc))
        page.tx_bias_raw.write(image, Decimal(self.tx_bias))
        page.tx_power_raw.write(image, Decimal(self.tx_power))
        page.rx_power_raw.write(image, Decimal(self.rx_power))
        page.soft_tx_disable.write(image, self.tx_disable)
        named = {flag.name: flag for flag in (*sff8472.LANE_FLAGS, *sff8472.MODULE_FLAGS)}
        for name, raised in self.flags.items():
            named[name].write(image, raised)
        image.page(A2_UPPER)


def seal_cmis(image: Image) -> None:
    """Write the checksums of the pages that are there; call it again after changing bytes."""
    seal(image, cmis.Page00.checksum, 128, 221)
    seal(image, cmis.Page01.checksum, 130, 254)
    seal(image, cmis.Page02.checksum, 128, 254)
    seal(image, cmis.Page04.checksum, 128, 254)


def seal_sff8636(image: Image) -> None:
    """Write both checksums of page 00h."""
    seal(image, sff8636.Page00.checksum_base, 128, 190)
    seal(image, sff8636.Page00.checksum_extended, 192, 222)


def seal_sff8472(image: Image) -> None:
    """Write both checksums of A0h, and that of A2h where it is there."""
    seal(image, sff8472.A0.checksum_base, 0, 62)
    seal(image, sff8472.A0.checksum_extended, 64, 94)
    seal(image, sff8472.A2.checksum, 0, 94)


def seal(image: Image, checksum: Field[int], first: int, last: int) -> None:
    page = checksum.owner.page
    if page in image.pages:
        held = image.page(page)
        checksum.write(image, sum(held[first - page.first : last - page.first + 1]) & 0xFF)


def terminated(descriptors: Sequence[int], room: int) -> list[int]:
    """Application descriptors, the unused ones after them marked as such."""
    return [*descriptors, *[END_OF_APPLICATIONS << 24] * (room - len(descriptors))]


def write_named(
    image: Image, known: Sequence[Parts[bool]], values: Mapping[str, Sequence[bool]], bank: int = 0
) -> None:
    """Lane bits by the name of their register; of a bank its own eight lanes, of a module with fewer all."""
    named = {register.name: register for register in known}
    for name, lanes in values.items():
        held = lanes[bank * cmis.LANES : (bank + 1) * cmis.LANES]
        named[name].write(image, held, bank=bank)


def write_registers(image: Image, views: Sequence[type[View]], values: Registers, banks: int = 1) -> None:
    """Any registers by name; KeyError names the one that there is none of. Every bank gets the same."""
    known = {view.__name__: view for view in views}
    for name, registers in values.items():
        view = known[name]
        held = {register.name: register for register in view.registers()}
        for bank in range(banks if view.banked else 1):
            for register, value in registers.items():
                write_any(held[register], image, value, bank)


def write_any(register: Register[Any], image: Image, value: object, bank: int) -> None:
    if isinstance(register, Lanes | Parts):
        count = register.count if isinstance(register, Lanes) else len(register.fields)
        one = register.first if isinstance(register, Lanes) else register.fields[0]
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value] * count
        register.write(image, [number_of(one, each) for each in values], bank=bank)
    elif isinstance(register, Field):
        register.write(image, number_of(register, value), bank=bank)


def number_of(field: Field[Any], value: object) -> object:
    """Numbers in units are Decimal, a list of words a tuple; codes, bits and texts stay what they are."""
    if isinstance(field, Fixed | Length | Choice | F16 | Float):
        return Decimal(str(value))
    return tuple(value) if isinstance(value, list) else value


def in_steps(value: str, steps: Decimal) -> int:
    """A number as 16 bits of two's complement, so many steps to the unit."""
    return int((Decimal(value) * steps).to_integral_value()) & 0xFFFF


@lru_cache(maxsize=256)
def limit_codes(type: int, limits: Limits) -> tuple[int, ...]:
    """The bits of the thresholds of a type of observable: equal bits make one set."""
    return tuple(vdm.observable(type).code(limit) for limit in decimals(limits))


def decimals(numbers: Sequence[str]) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def as_json(memory: Memory) -> dict[str, dict[str, str | None]]:
    """The memory in the JSON form that ``read_dump`` reads."""
    pages = {json_key(page): None if held is None else held.hex() for page, held in memory.pages.items()}
    return {"pages": pages}


def json_key(page: Page) -> str:
    """The page's name in the JSON form."""
    if page.sfp:
        names = {A0_LOWER: "a0:lower", A0_UPPER: "a0:upper", A2_LOWER: "a2:lower"}
        return names.get(page, f"a2:{page.number:02x}")
    if page == LOWER_MEMORY:
        return "lower"
    return f"{page.bank}:{page.number:02x}" if page.number >= 0x10 else f"{page.number:02x}"


__all__ = [
    "AdvertisedApplication",
    "Cdb",
    "CmisImage",
    "Firmware",
    "Identity",
    "Observed",
    "Registers",
    "Sff8472Image",
    "Sff8636Image",
    "as_json",
    "json_key",
    "seal_cmis",
    "seal_sff8472",
    "seal_sff8636",
]
