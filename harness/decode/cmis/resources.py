"""Pages of special modules and of CMIS 5.4: external lasers (OIF-ELSFP-CMIS), firmware registers, pages kept raw."""

from __future__ import annotations

from typing import Final

from ...reading import Absence, Missing
from ...units import Unit
from ..fields import (
    Bit,
    Bits,
    Code,
    Fixed,
    Hexadecimal,
    Lanes,
    Text,
    UInt,
    Version,
    lane_bits,
    pairs,
)
from ..memory import LOWER_MEMORY, Page
from .administrative import Page01
from .base import CmisView, Presence
from .words import ELSFP_CONTROL_MODES, ELSFP_FAULTS, ELSFP_LANE_STATES

ELSFP: Final = 0x22
"""SFF-8024 identifier of an external laser module."""

RESOURCE_MODULE: Final = 1
"""Function type of lower memory byte 57."""

BIAS_STEP: Final = "0.1"
POWER_STEP: Final = "0.01"


class Page05(CmisView, page=Page(0x05), exists=(Presence.paged, Page01.page_05_supported)):
    """What the form factor's own management document defines, as it stands (OIF-CMIS-FF)."""

    __slots__ = ()

    content = Hexadecimal(128, 128)


class Page0C(CmisView, page=Page(0x0C), exists=(Presence.paged, Page01.page_0c_supported), since="5.4"):
    """The page map, as it stands (OIF-CMIS 5.4)."""

    __slots__ = ()

    content = Hexadecimal(128, 128)


class Page0D(CmisView, page=Page(0x0D), exists=(Presence.paged, Page01.page_0d_supported), since="5.4"):
    """Firmware images that the module holds (OIF-CMIS 5.4)."""

    __slots__ = ()

    cdb_download_supported = Bit(128, 7)
    fixed_image_carries_traffic = Bit(128, 3)
    fixed_image_present = Bit(128, 2)
    image_b_supported = Bit(128, 1)
    image_a_supported = Bit(128, 0)
    image_b_valid = Bit(136, 6, inverted=True)
    image_b_committed = Bit(136, 5)
    image_b_running = Bit(136, 4)
    image_a_valid = Bit(136, 2, inverted=True)
    image_a_committed = Bit(136, 1)
    image_a_running = Bit(136, 0)
    image_a_version = Version(148)
    image_a_build = UInt(150, 2)
    image_a_text = Text(152, 32)
    image_b_version = Version(184)
    image_b_build = UInt(186, 2)
    image_b_text = Text(188, 32)
    fixed_image_version = Version(220)
    fixed_image_build = UInt(222, 2)
    fixed_image_text = Text(224, 32)


class LaserView(CmisView):
    """A page that only an external laser has: identifier 22h, or function type 1 in lower memory byte 57."""

    __slots__ = ()

    def gone(self) -> Missing | None:
        if (absent := super().gone()) is not None:
            return absent
        identifier = self.memory.take(LOWER_MEMORY, 0)
        if not isinstance(identifier, Missing) and identifier.value[0] == ELSFP:
            return None
        function = self.memory.take(LOWER_MEMORY, 57)
        if isinstance(function, Missing) or function.value[0] == RESOURCE_MODULE:
            return None
        return Missing(Absence.NOT_ADVERTISED, function.source, "lower:57")


class Page1A(
    LaserView,
    page=Page(0x1A),
    exists=Presence.paged,
    banked=True,
    writable="184 198-205 210-211 220 223",
):
    """External laser: what it can do, thresholds, flags, control of every lane (OIF-ELSFP-CMIS)."""

    __slots__ = ()

    power_max = Fixed(128, step=POWER_STEP, unit=Unit.MW)
    power_min = Fixed(130, step=POWER_STEP, unit=Unit.MW)
    bias_max = Fixed(132, step=BIAS_STEP, unit=Unit.MA)
    bias_min = Fixed(134, step=BIAS_STEP, unit=Unit.MA)
    laser_lanes = Bits(140, 7, 1)
    control_mode = Code(140, ELSFP_CONTROL_MODES, high=0, low=0)
    bias_thresholds = Lanes(Fixed(141, step=BIAS_STEP, unit=Unit.MA), 4)
    power_thresholds = Lanes(Fixed(149, step=POWER_STEP, unit=Unit.MW), 4)
    warning_summary = Bit(165, 3)
    fault_summary = Bit(165, 2)
    lane_fault = Lanes(UInt(166), 4)
    lane_warning = Lanes(UInt(174), 4)
    save_restore_command = UInt(184)
    save_restore_confirmation = UInt(185)
    bias_high_alarm = lane_bits(186)
    bias_low_alarm = lane_bits(187)
    bias_high_warning = lane_bits(188)
    bias_low_warning = lane_bits(189)
    power_high_alarm = lane_bits(190)
    power_low_alarm = lane_bits(191)
    power_high_warning = lane_bits(192)
    power_low_warning = lane_bits(193)
    bias_high_alarm_mask = lane_bits(198)
    bias_low_alarm_mask = lane_bits(199)
    bias_high_warning_mask = lane_bits(200)
    bias_low_warning_mask = lane_bits(201)
    power_high_alarm_mask = lane_bits(202)
    power_low_alarm_mask = lane_bits(203)
    power_high_warning_mask = lane_bits(204)
    power_low_warning_mask = lane_bits(205)
    alarm_mask = lane_bits(210)
    warning_mask = lane_bits(211)
    warning_code = Lanes(Code(212, ELSFP_FAULTS, high=7, low=4))
    fault_code = Lanes(Code(212, ELSFP_FAULTS, high=3, low=0))
    lane_enable = lane_bits(220)
    lane_state = pairs(221, ELSFP_LANE_STATES)
    output_fiber_checked = lane_bits(223)
    fiber_of_lane = Lanes(UInt(224))
    lane_frequency = Lanes(Fixed(232, step="5", unit=Unit.GHZ))
    fiber_check_power = Fixed(248, 1, step="1", unit=Unit.MW)


class Page1B(LaserView, page=Page(0x1B), exists=Presence.paged, banked=True, writable="128-159"):
    """External laser: what is asked of every lane, and what is measured (OIF-ELSFP-CMIS)."""

    __slots__ = ()

    bias_setpoint = Lanes(Fixed(128, step=BIAS_STEP, unit=Unit.MA))
    power_setpoint = Lanes(Fixed(144, step=POWER_STEP, unit=Unit.MW))
    bias = Lanes(Fixed(184, step=BIAS_STEP, unit=Unit.MA))
    power = Lanes(Fixed(200, step=POWER_STEP, unit=Unit.MW))
    voltage = Lanes(Fixed(232, 1, step="0.015", unit=Unit.VOLT))
    supply_current = Fixed(240, step="0.2", unit=Unit.MA)


class Page60(CmisView, page=Page(0x60), exists=(Presence.paged, Page01.page_60_supported), since="5.4", banked=True):
    """Extensions of lane and data path management, as they stand (OIF-CMIS 5.4)."""

    __slots__ = ()

    content = Hexadecimal(128, 128)


class Page61(CmisView, page=Page(0x61), exists=(Presence.paged, Page01.page_61_supported), since="5.4", banked=True):
    """Lane and data path monitoring, as it stands (OIF-CMIS 5.4)."""

    __slots__ = ()

    content = Hexadecimal(128, 128)


class Page62(CmisView, page=Page(0x62), exists=(Presence.paged, Page01.page_62_supported), since="5.4", banked=True):
    """Thresholds of lane supervision, as they stand (OIF-CMIS 5.4)."""

    __slots__ = ()

    content = Hexadecimal(128, 128)
