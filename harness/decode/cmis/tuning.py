"""Pages 04h and 12h: what a tunable laser can do, and how every media lane's is set (OIF-CMIS 8.7, 8.11)."""

from __future__ import annotations

from ...units import Unit
from ..fields import Bit, Code, Fixed, Lanes, UInt, lane_bits
from ..memory import Page
from .administrative import Page01
from .base import DBM_STEP, GHZ_STEP, CmisView
from .words import GRIDS, GRIDS_SINCE, NO_GRID


class Page04(CmisView, page=Page(0x04), exists=Page01.tunable):
    """Laser capabilities: grids, their lowest and highest channel numbers, fine tuning, power (OIF-CMIS 8.7)."""

    __slots__ = ()

    grid_75_ghz_supported = Bit(128, 7)
    grid_33_ghz_supported = Bit(128, 6)
    grid_100_ghz_supported = Bit(128, 5)
    grid_50_ghz_supported = Bit(128, 4)
    grid_25_ghz_supported = Bit(128, 3)
    grid_12g5_hz_supported = Bit(128, 2)
    grid_6g25_hz_supported = Bit(128, 1)
    grid_3g125_hz_supported = Bit(128, 0)
    fine_tuning_supported = Bit(129, 7)
    grid_150_ghz_supported = Bit(129, 6)
    grid_300_ghz_supported = Bit(129, 5, since="5.4")
    channels_3g125_hz = Lanes(UInt(130, 2, signed=True, advertised_by=grid_3g125_hz_supported), 2)
    channels_6g25_hz = Lanes(UInt(134, 2, signed=True, advertised_by=grid_6g25_hz_supported), 2)
    channels_12g5_hz = Lanes(UInt(138, 2, signed=True, advertised_by=grid_12g5_hz_supported), 2)
    channels_25_ghz = Lanes(UInt(142, 2, signed=True, advertised_by=grid_25_ghz_supported), 2)
    channels_50_ghz = Lanes(UInt(146, 2, signed=True, advertised_by=grid_50_ghz_supported), 2)
    channels_100_ghz = Lanes(UInt(150, 2, signed=True, advertised_by=grid_100_ghz_supported), 2)
    channels_33_ghz = Lanes(UInt(154, 2, signed=True, advertised_by=grid_33_ghz_supported), 2)
    channels_75_ghz = Lanes(UInt(158, 2, signed=True, advertised_by=grid_75_ghz_supported), 2)
    channels_150_ghz = Lanes(UInt(162, 2, signed=True, advertised_by=grid_150_ghz_supported), 2)
    channels_300_ghz = Lanes(UInt(166, 2, signed=True, advertised_by=grid_300_ghz_supported), 2)
    fine_tuning_resolution = Fixed(190, step=GHZ_STEP, unit=Unit.GHZ, advertised_by=fine_tuning_supported)
    fine_tuning_low = Fixed(192, step=GHZ_STEP, unit=Unit.GHZ, signed=True, advertised_by=fine_tuning_supported)
    fine_tuning_high = Fixed(194, step=GHZ_STEP, unit=Unit.GHZ, signed=True, advertised_by=fine_tuning_supported)
    output_power_supported = Bit(196, 7)
    output_power_min = Fixed(198, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=output_power_supported)
    output_power_max = Fixed(200, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=output_power_supported)
    checksum = UInt(255)


class Page12(
    CmisView,
    page=Page(0x12),
    exists=Page01.tunable,
    banked=True,
    writable="128-167 200-215 239-246",
    clears="231-238",
):
    """Laser tuning of every media lane: what is asked, where the laser is, flags (OIF-CMIS 8.11)."""

    __slots__ = ()

    grid = Lanes(Code(128, GRIDS, high=7, low=4, unspecified=(NO_GRID,), later=GRIDS_SINCE))
    fine_tuning = Lanes(Bit(128, 0, advertised_by=Page04.fine_tuning_supported))
    channel = Lanes(UInt(136, 2, signed=True))
    fine_offset = Lanes(
        Fixed(152, step=GHZ_STEP, unit=Unit.GHZ, signed=True, advertised_by=Page04.fine_tuning_supported)
    )
    frequency = Lanes(Fixed(168, 4, step=GHZ_STEP, unit=Unit.GHZ, unavailable=(0,)))
    target_power = Lanes(
        Fixed(200, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page04.output_power_supported)
    )
    tuning_in_progress = Lanes(Bit(222, 1))
    wavelength_is_unlocked = Lanes(Bit(222, 0))
    flag_summary = lane_bits(230)
    output_power_out_of_range = Lanes(Bit(231, 5))
    fine_tuning_out_of_range = Lanes(Bit(231, 4))
    tuning_not_accepted = Lanes(Bit(231, 3))
    invalid_channel = Lanes(Bit(231, 2))
    wavelength_unlocked = Lanes(Bit(231, 1))
    tuning_complete = Lanes(Bit(231, 0))
    output_power_out_of_range_mask = Lanes(Bit(239, 5))
    fine_tuning_out_of_range_mask = Lanes(Bit(239, 4))
    tuning_not_accepted_mask = Lanes(Bit(239, 3))
    invalid_channel_mask = Lanes(Bit(239, 2))
    wavelength_unlocked_mask = Lanes(Bit(239, 1))
    tuning_complete_mask = Lanes(Bit(239, 0))
