"""Memory of simulated modules, written through the same registers that read it.

An image says in the units of the specification what a module is and measures; ``image()`` gives pages that can still
be changed, ``memory(evidence)`` the finished Memory. The defaults are a healthy module. Checksums are right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from . import cmis, sff8472, sff8636
from .fields import Bit, Field, Parts
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
class CmisImage:
    """A module with CMIS. Lane values come lane 1 first; fewer than eight leave the other lanes at zero.

    ``active`` and ``staged`` are (AppSel, first lane of the data path from 0) per host lane; ``flags`` and ``controls``
    name registers of page 11h, and of pages 10h and 13h, with a bit per lane; ``module_flags`` those of lower memory.
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
    module_state: str = "ModuleReady"
    fault_cause: str = "no fault"
    flat_memory: bool = False
    wavelength: str = "1310"
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

    def memory(self, evidence: str) -> Memory:
        return self.image().memory(evidence)

    def image(self) -> Image:
        image = Image()
        self.write_lower(image)
        self.write_page00(image)
        if not self.flat_memory:
            self.write_page01(image)
            self.write_page02(image)
            self.write_lanes(image)
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
        page.media_lanes_unsupported_map.write(image, self.media_lanes_unsupported)
        image.put(page.page, page.media_technology.byte, bytes([self.media_technology]))

    def write_page01(self, image: Image) -> None:
        page = cmis.Page01
        page.inactive_firmware.write(image, self.firmware_inactive)
        page.hardware_revision.write(image, "1.0")
        page.wavelength.write(image, Decimal(self.wavelength))
        page.diagnostics_supported.write(image, True)
        page.case_temperature_max.write(image, Decimal(70))
        page.vcc_min.write(image, Decimal("3.14"))
        for bit in ADVERTISED:
            bit.write(image, True)
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
        page.max_duration_dp_init.write(image, "< 10 s")
        page.max_duration_dp_deinit.write(image, "< 100 ms")
        page.max_duration_module_pwr_up.write(image, "< 10 s")
        page.max_duration_module_pwr_dn.write(image, "< 100 ms")
        page.max_duration_dp_tx_turn_on.write(image, "< 500 ms")
        page.max_duration_dp_tx_turn_off.write(image, "< 100 ms")
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

    def write_lanes(self, image: Image) -> None:
        status, control = cmis.Page11, cmis.Page10
        scale = Decimal(1 << self.tx_bias_scale)
        status.dp_state.write(image, self.dp_state)
        status.config_status.write(image, self.config_status)
        status.tx_power.write(image, decimals(self.tx_power))
        status.rx_power.write(image, decimals(self.rx_power))
        status.tx_bias_raw.write(image, [current / scale for current in decimals(self.tx_bias)])
        lit = [state == "DPActivated" for state in self.dp_state]
        status.tx_output_valid.write(image, lit)
        status.rx_output_valid.write(image, lit)
        status.active_application.write(image, [application for application, _ in self.active])
        status.active_data_path.write(image, [data_path for _, data_path in self.active])
        control.staged_application.write(image, [application for application, _ in self.staged])
        control.staged_data_path.write(image, [data_path for _, data_path in self.staged])
        write_named(image, cmis.LANE_FLAGS, self.flags)
        for loopback in LOOPBACKS:
            loopback.write(image, True)
        write_named(image, cmis.LANE_CONTROLS, self.controls)


ADVERTISED: Final[tuple[Bit, ...]] = (
    cmis.Page01.tx_disable_supported,
    cmis.Page01.tx_polarity_flip_supported,
    cmis.Page01.tx_squelch_force_supported,
    cmis.Page01.tx_auto_squelch_disable_supported,
    cmis.Page01.rx_polarity_flip_supported,
    cmis.Page01.rx_output_disable_supported,
    cmis.Page01.rx_auto_squelch_disable_supported,
    cmis.Page01.tx_fault_flag,
    cmis.Page01.tx_los_flag,
    cmis.Page01.tx_cdr_lol_flag,
    cmis.Page01.tx_adaptive_eq_fail_flag,
    cmis.Page01.rx_los_flag,
    cmis.Page01.rx_cdr_lol_flag,
)

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


def write_named(image: Image, known: Sequence[Parts[bool]], values: Mapping[str, Sequence[bool]]) -> None:
    named = {register.name: register for register in known}
    for name, lanes in values.items():
        named[name].write(image, lanes)


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
    "CmisImage",
    "Identity",
    "Sff8472Image",
    "Sff8636Image",
    "as_json",
    "json_key",
    "seal_cmis",
    "seal_sff8472",
    "seal_sff8636",
]
