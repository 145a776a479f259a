"""The SFF-8636 memory map (QSFP+, QSFP28, QSFP56): lower memory and pages 00h, 01h, 02h, 03h, 20h and 21h.

Bytes were checked against public decoders of revisions 2.6 to 2.11, not against the document itself. What no two of
them agree on stands as bytes, without a meaning: 114-115 of lower memory, 03h:225-233, and of pages 20h and 21h all but
where the 24 values begin. The order of the masks in 03h:242-247 is that of the flags in bytes 9-14.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from ..reading import Absence, Missing, Reading
from ..units import Unit
from .cmis import CELSIUS_STEP, MA_STEP, MEDIA_TECHNOLOGIES, MW_STEP, ONES, VOLT_STEP
from .fields import Bit, Bits, Code, Field, Fixed, Hexadecimal, Lanes, Parts, Text, UInt, View, lane_bits
from .memory import LOWER_MEMORY, Memory, Page
from .sff import FC_LINK_LENGTH, FC_TECHNOLOGY_HIGH, PIGTAILS, OneOf, OptionalText, Words, older

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

REVISION_CODES: Final[Mapping[str, int]] = {
    "1.3": 3, "1.4": 4, "1.5": 5, "2.0": 6, "2.5": 7, "2.6": 7, "2.7": 7, "2.8": 8, "2.9": 8, "2.10": 8, "2.11": 9,
}  # fmt: skip
"""The code in byte 1 of each revision; revisions that share one cannot be told apart."""

WITH_MONITOR_BITS: Final = frozenset({8, 9})
"""Revision codes at which 00h:220 bits 5 and 4 say whether temperature and Vcc are monitored; reserved before."""

COPPER: Final = 0x0A
"""First of the transmitter technologies of 00h:147 that are copper cables."""

COPPER_CODES: Final = frozenset(code << 4 for code in range(COPPER, 0x10))

DEFAULT_CASE_CELSIUS: Final = Decimal(70)
"""Largest case temperature where 00h:190 is zero."""

ETHERNET: Final[Mapping[int, str]] = {
    7: "extended, see byte 192",
    6: "10GBASE-LRM",
    5: "10GBASE-LR",
    4: "10GBASE-SR",
    3: "40GBASE-CR4",
    2: "40GBASE-SR4",
    1: "40GBASE-LR4",
    0: "40G active cable (XLPPI)",
}
SONET: Final[Mapping[int, str]] = {2: "OC-48 long reach", 1: "OC-48 intermediate reach", 0: "OC-48 short reach"}
SAS: Final[Mapping[int, str]] = {7: "24 Gb/s", 6: "12 Gb/s", 5: "6 Gb/s", 4: "3 Gb/s"}
GIGABIT: Final[Mapping[int, str]] = {3: "1000BASE-T", 2: "1000BASE-CX", 1: "1000BASE-LX", 0: "1000BASE-SX"}
FC_TECHNOLOGY: Final[Mapping[int, str]] = {
    9: "longwave laser (LC)",
    8: "electrical inter-enclosure (EL)",
    **FC_TECHNOLOGY_HIGH,
}
FC_MEDIA: Final[Mapping[int, str]] = {
    7: "twin axial pair (TW)",
    6: "shielded twisted pair (TP)",
    5: "miniature coax (MI)",
    4: "video coax (TV)",
    3: "multi-mode 62.5 um (M6)",
    2: "multi-mode 50 um (M5)",
    1: "multi-mode 50 um (OM3)",
    0: "single mode (SM)",
}
FC_SPEED: Final[Mapping[int, str]] = {
    7: "1200 MB/s",
    6: "800 MB/s",
    5: "1600 MB/s",
    4: "400 MB/s",
    3: "3200 MB/s",
    2: "200 MB/s",
    1: "extended, see byte 192",
    0: "100 MB/s",
}
ENCODINGS: Final[Mapping[int, str]] = {
    0: "unspecified",
    1: "8B/10B",
    2: "4B/5B",
    3: "NRZ",
    4: "SONET scrambled",
    5: "64B/66B",
    6: "Manchester",
    7: "256B/257B",
    8: "PAM4",
}
RATE_SELECT: Final[Mapping[int, str]] = {0: "version 1", 1: "version 2"}
INFINIBAND: Final[Mapping[int, str]] = {5: "HDR", 4: "EDR", 3: "FDR", 2: "QDR", 1: "DDR", 0: "SDR"}


class Sff8636View(View):
    """A page of SFF-8636, whose later registers depend on the revision in byte 1 of lower memory."""

    __slots__ = ()

    def beyond(self, since: str) -> Missing | None:
        return older(since, REVISION_CODES, Presence.revision_code, self.memory, "SFF-8636")


class Presence(Sff8636View, page=LOWER_MEMORY):
    """Revision and the bit that says whether pages beyond 00h exist (SFF-8636 6.2.2)."""

    __slots__ = ()

    revision_code = UInt(1)
    paged = Bit(2, 2, inverted=True)


class MonitorBit(Bit):
    """A bit of 00h:220 that came later than the monitor that it advertises.

    Clear, it says something of a module only whose stated revision has it, and not of one with a reserved code.
    """

    def refusal(self, memory: Memory) -> Missing | None:
        refused, stated = super().refusal(memory), Presence.revision_code.read(Presence(memory))
        silent = isinstance(stated, Reading) and stated.value not in WITH_MONITOR_BITS
        return None if silent else refused


class CaseTemperature(Fixed):
    """Largest case temperature in whole degrees; zero is the customary 70 °C (SFF-8636 6.3.20)."""

    def decode(self, raw: bytes) -> Decimal | Absence:
        return super().decode(raw) if raw[0] else DEFAULT_CASE_CELSIUS


def nibble_pairs(byte: int, count: int = LANES, *, advertised_by: Field[bool] | None = None) -> Parts[int]:
    """A code of four bits per lane, lane 1 in the high half of the first byte (SFF-8636 6.6.4)."""
    highs = [(byte + lane // 2, 3 if lane % 2 else 7) for lane in range(count)]
    return Parts([Bits(at, high, high - 3, advertised_by=advertised_by) for at, high in highs])


def bit_pairs(byte: int, *, advertised_by: Field[bool] | None = None) -> Parts[int]:
    """A code of two bits per lane, lane 1 in the low ones."""
    return Parts([Bits(byte, 2 * lane + 1, 2 * lane, advertised_by=advertised_by) for lane in range(LANES)])


def alarms(byte: int, bit: int, *, advertised_by: Field[bool] | None = None) -> Parts[bool]:
    """One flag or mask of a lane monitor: lanes 1 and 3 in the high halves of two bytes, 2 and 4 in the low ones."""
    places = [(byte, bit), (byte, bit - 4), (byte + 1, bit), (byte + 1, bit - 4)]
    return Parts([Bit(at, number, advertised_by=advertised_by) for at, number in places])


class Page00(Sff8636View, page=Page(0x00)):
    """Serial identification and what the module implements (SFF-8636 6.3)."""

    __slots__ = ()

    identifier_copy = UInt(128)
    power_class_low = Bits(129, 7, 6)
    power_class_8 = Bit(129, 5)
    clei_present = Bit(129, 4)
    tx_cdr_present = Bit(129, 3)
    rx_cdr_present = Bit(129, 2)
    power_class_high = Bits(129, 1, 0)
    connector = UInt(130)
    separable_connector = OneOf(130, PIGTAILS, inverted=True)
    ethernet_compliance = UInt(131)
    ethernet = Words(131, ETHERNET)
    sonet = Words(132, SONET)
    sas = Words(133, SAS)
    gigabit_ethernet = Words(134, GIGABIT)
    fc_link_length = Words(135, FC_LINK_LENGTH, mask=0xF8)
    fc_technology = Words(135, FC_TECHNOLOGY, size=2, mask=0x07FF)
    fc_media = Words(137, FC_MEDIA)
    fc_speed = Words(138, FC_SPEED)
    encoding = Code(139, ENCODINGS)
    bit_rate_100_mbps = UInt(140)
    extended_rate_select = Words(141, RATE_SELECT)
    technology_code = Bits(147, 7, 4)
    copper_technology = OneOf(147, COPPER_CODES, mask=0xF0)
    optical_technology = OneOf(147, COPPER_CODES, mask=0xF0, inverted=True)
    smf_length = Fixed(142, 1, step="1000", unit=Unit.METRE)
    om3_length = Fixed(143, 1, step="2", unit=Unit.METRE)
    om2_length = Fixed(144, 1, step="1", unit=Unit.METRE)
    om1_length = Fixed(145, 1, step="1", unit=Unit.METRE, advertised_by=optical_technology)
    attenuation_25_78_ghz = Fixed(145, 1, step="1", unit=Unit.DB, advertised_by=copper_technology)
    cable_length_raw = Fixed(146, 1, step="1", unit=Unit.METRE)
    om4_length = Fixed(146, 1, step="2", unit=Unit.METRE, advertised_by=separable_connector)
    media_technology = Code(147, MEDIA_TECHNOLOGIES, high=7, low=4)
    wavelength_control = Bit(147, 3)
    cooled_transmitter = Bit(147, 2)
    apd_detector = Bit(147, 1)
    tunable_transmitter = Bit(147, 0)
    vendor_name = Text(148, 16)
    infiniband = Words(164, INFINIBAND)
    vendor_oui = Hexadecimal(165, 3)
    vendor_pn = Text(168, 16)
    vendor_rev = Text(184, 2)
    wavelength = Fixed(186, step="0.05", unit=Unit.NM, advertised_by=optical_technology)
    wavelength_tolerance = Fixed(188, step="0.005", unit=Unit.NM, advertised_by=optical_technology)
    attenuation_2_5_ghz = Fixed(186, 1, step="1", unit=Unit.DB, advertised_by=copper_technology)
    attenuation_5_ghz = Fixed(187, 1, step="1", unit=Unit.DB, advertised_by=copper_technology)
    attenuation_7_ghz = Fixed(188, 1, step="1", unit=Unit.DB, advertised_by=copper_technology)
    attenuation_12_9_ghz = Fixed(189, 1, step="1", unit=Unit.DB, advertised_by=copper_technology)
    case_temperature_max = CaseTemperature(190, 1, step="1", unit=Unit.CELSIUS)
    checksum_base = UInt(191)
    extended_compliance = UInt(192)
    lpmode_txdis_selectable = Bit(193, 6, since="2.8")
    intl_rxlosl_selectable = Bit(193, 5, since="2.8")
    tx_adaptive_eq_freeze_supported = Bit(193, 4, since="2.8")
    tx_adaptive_eq_supported = Bit(193, 3)
    tx_fixed_eq_supported = Bit(193, 2)
    rx_emphasis_supported = Bit(193, 1)
    rx_amplitude_supported = Bit(193, 0)
    tx_cdr_control_supported = Bit(194, 7)
    rx_cdr_control_supported = Bit(194, 6)
    tx_cdr_lol_flag = Bit(194, 5)
    rx_cdr_lol_flag = Bit(194, 4)
    rx_squelch_disable_supported = Bit(194, 3)
    rx_output_disable_supported = Bit(194, 2)
    tx_squelch_disable_supported = Bit(194, 1)
    tx_squelch_implemented = Bit(194, 0)
    page_02_present = Bit(195, 7)
    page_01_present = Bit(195, 6)
    rate_select_implemented = Bit(195, 5)
    tx_disable_supported = Bit(195, 4)
    tx_fault_flag = Bit(195, 3)
    tx_squelch_reduces_average = Bit(195, 2, advertised_by=tx_squelch_implemented)
    tx_los_flag = Bit(195, 1)
    pages_20_21_present = Bit(195, 0, since="2.10")
    vendor_sn = Text(196, 16)
    date_code = Text(212, 8)
    temperature_monitor = MonitorBit(220, 5, since="2.8")
    vcc_monitor = MonitorBit(220, 4, since="2.8")
    rx_power_is_average = Bit(220, 3)
    tx_power_monitor = Bit(220, 2)
    init_complete_flag = Bit(221, 4, since="2.5")
    extended_rate_selection = Bit(221, 3)
    application_select_table = Bit(221, 2)  # reserved from 2.10 on
    tc_readiness_flag = Bit(221, 1, since="2.8")
    software_reset_supported = Bit(221, 0, since="2.8")
    bit_rate_250_mbps = UInt(222)  # where byte 140 is FFh
    checksum_extended = UInt(223)
    vendor_specific = Hexadecimal(224, 32)


class Lower(Sff8636View, page=LOWER_MEMORY, writable="86-106 127", write_only="119-126", clears="3-21"):
    """Status, flags, monitors and controls (SFF-8636 6.2). Flags latch until they are read."""

    __slots__ = ()

    identifier = UInt(0)
    revision = Code(1, REVISIONS)
    revision_code = UInt(1)
    flat_memory = Bit(2, 2)
    interrupt_not_asserted = Bit(2, 1)
    data_not_ready = Bit(2, 0)
    tx_los = lane_bits(3, 4, low=4, advertised_by=Page00.tx_los_flag)
    rx_los = lane_bits(3, 4)
    tx_adaptive_eq_fail = lane_bits(4, 4, low=4, advertised_by=Page00.tx_adaptive_eq_supported)
    tx_fault = lane_bits(4, 4, advertised_by=Page00.tx_fault_flag)
    tx_cdr_lol = lane_bits(5, 4, low=4, advertised_by=Page00.tx_cdr_lol_flag)
    rx_cdr_lol = lane_bits(5, 4, advertised_by=Page00.rx_cdr_lol_flag)
    temperature_high_alarm = Bit(6, 7, advertised_by=Page00.temperature_monitor)
    temperature_low_alarm = Bit(6, 6, advertised_by=Page00.temperature_monitor)
    temperature_high_warning = Bit(6, 5, advertised_by=Page00.temperature_monitor)
    temperature_low_warning = Bit(6, 4, advertised_by=Page00.temperature_monitor)
    tc_ready = Bit(6, 1, advertised_by=Page00.tc_readiness_flag)
    init_complete = Bit(6, 0, advertised_by=Page00.init_complete_flag)
    vcc_high_alarm = Bit(7, 7, advertised_by=Page00.vcc_monitor)
    vcc_low_alarm = Bit(7, 6, advertised_by=Page00.vcc_monitor)
    vcc_high_warning = Bit(7, 5, advertised_by=Page00.vcc_monitor)
    vcc_low_warning = Bit(7, 4, advertised_by=Page00.vcc_monitor)
    vendor_flags = Hexadecimal(8, 1)
    rx_power_high_alarm = alarms(9, 7)
    rx_power_low_alarm = alarms(9, 6)
    rx_power_high_warning = alarms(9, 5)
    rx_power_low_warning = alarms(9, 4)
    tx_bias_high_alarm = alarms(11, 7)
    tx_bias_low_alarm = alarms(11, 6)
    tx_bias_high_warning = alarms(11, 5)
    tx_bias_low_warning = alarms(11, 4)
    tx_power_high_alarm = alarms(13, 7, advertised_by=Page00.tx_power_monitor)
    tx_power_low_alarm = alarms(13, 6, advertised_by=Page00.tx_power_monitor)
    tx_power_high_warning = alarms(13, 5, advertised_by=Page00.tx_power_monitor)
    tx_power_low_warning = alarms(13, 4, advertised_by=Page00.tx_power_monitor)
    vendor_lane_flags = Hexadecimal(19, 3)
    temperature_raw = Fixed(22, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True, unavailable=(0x8000, ONES))
    vcc_raw = Fixed(26, step=VOLT_STEP, unit=Unit.VOLT, unavailable=(0, ONES))
    vendor_monitors = Hexadecimal(30, 4)
    rx_power_raw = Lanes(Fixed(34, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,)), LANES)
    tx_bias_raw = Lanes(Fixed(42, step=MA_STEP, unit=Unit.MA, unavailable=(ONES,)), LANES)
    tx_power_raw = Lanes(
        Fixed(50, step=MW_STEP, unit=Unit.MW, unavailable=(ONES,), advertised_by=Page00.tx_power_monitor), LANES
    )
    vendor_lane_monitors = Hexadecimal(74, 8)
    tx_disable = lane_bits(86, 4, advertised_by=Page00.tx_disable_supported)
    rx_rate_select = bit_pairs(87, advertised_by=Page00.rate_select_implemented)
    tx_rate_select = bit_pairs(88, advertised_by=Page00.rate_select_implemented)
    rx_application_select = Parts([UInt(92 - lane, advertised_by=Page00.application_select_table) for lane in range(4)])
    software_reset = Bit(93, 7, advertised_by=Page00.software_reset_supported)
    high_power_class_8_enable = Bit(93, 3, since="2.8")
    high_power_class_enable = Bit(93, 2)
    low_power_set = Bit(93, 1)
    low_power_override = Bit(93, 0)
    tx_application_select = Parts([UInt(97 - lane, advertised_by=Page00.application_select_table) for lane in range(4)])
    tx_cdr_on = lane_bits(98, 4, low=4, advertised_by=Page00.tx_cdr_control_supported)
    rx_cdr_on = lane_bits(98, 4, advertised_by=Page00.rx_cdr_control_supported)
    lpmode_txdis_select = Bit(99, 1, advertised_by=Page00.lpmode_txdis_selectable)
    intl_rxlosl_select = Bit(99, 0, advertised_by=Page00.intl_rxlosl_selectable)
    tx_los_mask = lane_bits(100, 4, low=4)
    rx_los_mask = lane_bits(100, 4)
    tx_adaptive_eq_fail_mask = lane_bits(101, 4, low=4)
    tx_fault_mask = lane_bits(101, 4)
    tx_cdr_lol_mask = lane_bits(102, 4, low=4)
    rx_cdr_lol_mask = lane_bits(102, 4)
    temperature_high_alarm_mask = Bit(103, 7)
    temperature_low_alarm_mask = Bit(103, 6)
    temperature_high_warning_mask = Bit(103, 5)
    temperature_low_warning_mask = Bit(103, 4)
    vcc_high_alarm_mask = Bit(104, 7)
    vcc_low_alarm_mask = Bit(104, 6)
    vcc_high_warning_mask = Bit(104, 5)
    vcc_low_warning_mask = Bit(104, 4)
    vendor_masks = Hexadecimal(105, 2)
    max_power_class_8 = Fixed(107, 1, step="0.1", unit=Unit.WATT, unavailable=(0,), advertised_by=Page00.power_class_8)
    propagation_delay = Fixed(108, step="0.00001", unit=Unit.MS, unavailable=(0,))
    advanced_low_power_code = Bits(110, 7, 4)
    far_end_managed = Bit(110, 3)
    min_operating_voltage_code = Bits(110, 2, 0)
    pcie = Hexadecimal(111, 2)
    far_end_implementation = Bits(113, 6, 4)
    near_end_not_implemented = lane_bits(113, 4)
    bytes_114_115 = Hexadecimal(114, 2)
    secondary_extended_compliance = UInt(116, since="2.8")
    page_select = UInt(127)


class Page01(Sff8636View, page=Page(0x01), exists=(Presence.paged, Page00.page_01_present)):
    """The application select table of SFF-8079; reserved from revision 2.10 on (SFF-8636 6.4)."""

    __slots__ = ()

    checksum = UInt(128)
    table_length = Bits(129, 5, 0)
    application_table = Hexadecimal(130, 126)


class Page02(Sff8636View, page=Page(0x02), exists=(Presence.paged, Page00.page_02_present), writable="128-255"):
    """Memory for the user, which begins with the CLEI code where the module has one (SFF-8636 6.5)."""

    __slots__ = ()

    clei = OptionalText(128, 10, advertised_by=Page00.clei_present)
    user_eeprom = Hexadecimal(128, 128)


class Page03(Sff8636View, page=Page(0x03), exists=Presence.paged, writable="230-251"):
    """Thresholds (high alarm, low alarm, high warning, low warning), lane controls and masks (SFF-8636 6.6)."""

    __slots__ = ()

    temperature = Lanes(Fixed(128, step=CELSIUS_STEP, unit=Unit.CELSIUS, signed=True), 4)
    vcc = Lanes(Fixed(144, step=VOLT_STEP, unit=Unit.VOLT), 4)
    rx_power = Lanes(Fixed(176, step=MW_STEP, unit=Unit.MW), 4)
    tx_bias = Lanes(Fixed(184, step=MA_STEP, unit=Unit.MA), 4)
    tx_power = Lanes(Fixed(192, step=MW_STEP, unit=Unit.MW, advertised_by=Page00.tx_power_monitor), 4)
    tx_eq_max = Bits(224, 7, 4, advertised_by=Page00.tx_fixed_eq_supported)
    rx_emphasis_max = Bits(224, 3, 0, advertised_by=Page00.rx_emphasis_supported)
    bytes_225_233 = Hexadecimal(225, 9)
    tx_eq = nibble_pairs(234, advertised_by=Page00.tx_fixed_eq_supported)
    rx_emphasis = nibble_pairs(236, advertised_by=Page00.rx_emphasis_supported)
    rx_amplitude = nibble_pairs(238, advertised_by=Page00.rx_amplitude_supported)
    rx_squelch_disable = lane_bits(240, 4, low=4, advertised_by=Page00.rx_squelch_disable_supported)
    tx_squelch_disable = lane_bits(240, 4, advertised_by=Page00.tx_squelch_disable_supported)
    rx_output_disable = lane_bits(241, 4, low=4, advertised_by=Page00.rx_output_disable_supported)
    tx_adaptive_eq_enable = lane_bits(241, 4, advertised_by=Page00.tx_adaptive_eq_supported)
    rx_power_high_alarm_mask = alarms(242, 7)
    rx_power_low_alarm_mask = alarms(242, 6)
    rx_power_high_warning_mask = alarms(242, 5)
    rx_power_low_warning_mask = alarms(242, 4)
    tx_bias_high_alarm_mask = alarms(244, 7)
    tx_bias_low_alarm_mask = alarms(244, 6)
    tx_bias_high_warning_mask = alarms(244, 5)
    tx_bias_low_warning_mask = alarms(244, 4)
    tx_power_high_alarm_mask = alarms(246, 7)
    tx_power_low_alarm_mask = alarms(246, 6)
    tx_power_high_warning_mask = alarms(246, 5)
    tx_power_low_warning_mask = alarms(246, 4)
    reserved_masks = Hexadecimal(248, 4)


class Page20(Sff8636View, page=Page(0x20), exists=(Presence.paged, Page00.pages_20_21_present), since="2.10"):
    """Values of up to 24 further monitors, PAM4 ones among them (SFF-8636 6.7).

    What each of them is stands in ``configuration``, whose codes are not known here, so that values have no scale.
    """

    __slots__ = ()

    flags = Hexadecimal(128, 24)
    values = Lanes(Hexadecimal(152, 2), 24)
    configuration = Lanes(Hexadecimal(200, 2), 24)


class Page21(Sff8636View, page=Page(0x21), exists=(Presence.paged, Page00.pages_20_21_present), since="2.10"):
    """Sets of thresholds of the monitors of page 20h, as bytes (SFF-8636 6.7)."""

    __slots__ = ()

    thresholds = Hexadecimal(128, 128)


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

VIEWS: Final[tuple[type[View], ...]] = (Lower, Page00, Page01, Page02, Page03, Page20, Page21)


def copper(lower: View) -> Missing | None:
    """Why the module has no optical monitors: its technology is a copper cable (00h:147); None where it is optical."""
    code = Page00.technology_code.read(Page00(lower.memory))
    if isinstance(code, Missing) or code.value < COPPER:
        return None
    return Missing(Absence.NOT_ADVERTISED, code.source, f"{Page00.technology_code.reference}: copper cable")


def absent_lane(lower: View, lane: int) -> Missing | None:
    """Why the module has no such lane, from 0 (byte 113); None where it has it.

    A map that denies all four lanes says nothing: the module would have no lane at all.
    """
    denied = Lower.near_end_not_implemented.read(lower)
    said = denied[lane]
    if isinstance(said, Missing) or not said.value or all(not isinstance(d, Missing) and d.value for d in denied):
        return None
    return Missing(Absence.NOT_ADVERTISED, said.source, f"lower:113.{lane}: no such lane")
