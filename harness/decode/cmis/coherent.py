"""Pages 30h to 4Fh of a coherent module: FEC and link performance, flags, host interface (OIF-C-CMIS).

The bytes were checked against public decoders of C-CMIS 1.1 to 1.4; pages that no public source lays out are not here.
Minimum, maximum and average are those of the performance monitoring interval.
"""

from __future__ import annotations

from ...units import Unit
from ..fields import F16, Bit, Bits, Fixed, Share, UInt
from ..memory import Page
from .administrative import Page01
from .base import DBM_STEP, CmisView


class Page42(CmisView, page=Page(0x42), exists=Page01.coherent_pages_supported):
    """Which performance monitors the module has: those of pages 34h and 35h, and what VDM observes of the same."""

    __slots__ = ()

    has_rx_bits = Bit(128, 0)
    has_rx_bits_subinterval = Bit(128, 1)
    has_rx_corrected_bits = Bit(128, 2)
    has_rx_corrected_bits_min = Bit(128, 3)
    has_rx_corrected_bits_max = Bit(128, 4)
    has_rx_frames = Bit(129, 0)
    has_rx_frames_subinterval = Bit(129, 1)
    has_rx_uncorrected_frames = Bit(129, 2)
    has_rx_uncorrected_frames_min = Bit(129, 3)
    has_rx_uncorrected_frames_max = Bit(129, 4)
    has_rx_cd = Bit(130, 7)
    has_rx_cd_average = Bit(130, 6)
    has_rx_cd_min = Bit(130, 5)
    has_rx_cd_max = Bit(130, 4)
    has_rx_dgd = Bit(130, 3)
    has_rx_dgd_average = Bit(130, 2)
    has_rx_dgd_min = Bit(130, 1)
    has_rx_dgd_max = Bit(130, 0)
    has_rx_sopmd_coarse = Bit(131, 7)
    has_rx_sopmd_coarse_average = Bit(131, 6)
    has_rx_sopmd_coarse_min = Bit(131, 5)
    has_rx_sopmd_coarse_max = Bit(131, 4)
    has_rx_pdl = Bit(131, 3)
    has_rx_pdl_average = Bit(131, 2)
    has_rx_pdl_min = Bit(131, 1)
    has_rx_pdl_max = Bit(131, 0)
    has_rx_osnr = Bit(132, 7)
    has_rx_osnr_average = Bit(132, 6)
    has_rx_osnr_min = Bit(132, 5)
    has_rx_osnr_max = Bit(132, 4)
    has_rx_esnr = Bit(132, 3)
    has_rx_esnr_average = Bit(132, 2)
    has_rx_esnr_min = Bit(132, 1)
    has_rx_esnr_max = Bit(132, 0)
    has_rx_cfo = Bit(133, 7)
    has_rx_cfo_average = Bit(133, 6)
    has_rx_cfo_min = Bit(133, 5)
    has_rx_cfo_max = Bit(133, 4)
    has_rx_evm = Bit(133, 3)
    has_rx_evm_average = Bit(133, 2)
    has_rx_evm_min = Bit(133, 1)
    has_rx_evm_max = Bit(133, 0)
    has_rx_sop_rate = Bit(134, 7)
    has_rx_sop_rate_average = Bit(134, 6)
    has_rx_sop_rate_min = Bit(134, 5)
    has_rx_sop_rate_max = Bit(134, 4)
    has_tx_power = Bit(134, 3)
    has_tx_power_average = Bit(134, 2)
    has_tx_power_min = Bit(134, 1)
    has_tx_power_max = Bit(134, 0)
    has_rx_power = Bit(135, 7)
    has_rx_power_average = Bit(135, 6)
    has_rx_power_min = Bit(135, 5)
    has_rx_power_max = Bit(135, 4)
    has_rx_signal_power = Bit(135, 3)
    has_rx_signal_power_average = Bit(135, 2)
    has_rx_signal_power_min = Bit(135, 1)
    has_rx_signal_power_max = Bit(135, 0)
    has_rx_excessive_degrade = Bit(136, 1)
    has_rx_detected_degrade = Bit(136, 0)
    has_tx_excessive_degrade = Bit(137, 1)
    has_tx_detected_degrade = Bit(137, 0)
    has_rx_clock_recovery = Bit(138, 7)
    has_rx_clock_recovery_average = Bit(138, 6)
    has_rx_clock_recovery_min = Bit(138, 5)
    has_rx_clock_recovery_max = Bit(138, 4)
    has_rx_sopmd = Bit(138, 3)
    has_rx_sopmd_average = Bit(138, 2)
    has_rx_sopmd_min = Bit(138, 1)
    has_rx_sopmd_max = Bit(138, 0)
    has_rx_snr_margin = Bit(139, 7)
    has_rx_snr_margin_average = Bit(139, 6)
    has_rx_snr_margin_min = Bit(139, 5)
    has_rx_snr_margin_max = Bit(139, 4)
    has_rx_mer = Bit(139, 3)
    has_rx_mer_average = Bit(139, 2)
    has_rx_mer_min = Bit(139, 1)
    has_rx_mer_max = Bit(139, 0)
    has_rx_q_factor = Bit(140, 7)
    has_rx_q_factor_average = Bit(140, 6)
    has_rx_q_factor_min = Bit(140, 5)
    has_rx_q_factor_max = Bit(140, 4)
    has_rx_q_margin = Bit(140, 3)
    has_rx_q_margin_average = Bit(140, 2)
    has_rx_q_margin_min = Bit(140, 1)
    has_rx_q_margin_max = Bit(140, 0)


class Page30(
    CmisView,
    page=Page(0x30),
    exists=Page01.coherent_pages_supported,
    banked=True,
    writable="128-144 160-168",
):
    """Thresholds of the media lane that a host may set: received power, FEC degrade."""

    __slots__ = ()

    rx_power_high_alarm = Fixed(128, step=DBM_STEP, unit=Unit.DBM, signed=True)
    rx_power_low_alarm = Fixed(130, step=DBM_STEP, unit=Unit.DBM, signed=True)
    rx_power_high_warning = Fixed(132, step=DBM_STEP, unit=Unit.DBM, signed=True)
    rx_power_low_warning = Fixed(134, step=DBM_STEP, unit=Unit.DBM, signed=True)
    rx_signal_power_high_alarm = Fixed(136, step=DBM_STEP, unit=Unit.DBM, signed=True)
    rx_signal_power_low_alarm = Fixed(138, step=DBM_STEP, unit=Unit.DBM, signed=True)
    rx_signal_power_high_warning = Fixed(140, step=DBM_STEP, unit=Unit.DBM, signed=True)
    rx_signal_power_low_warning = Fixed(142, step=DBM_STEP, unit=Unit.DBM, signed=True)
    rx_power_thresholds_used = Bit(144, 1)
    rx_signal_power_thresholds_used = Bit(144, 0)
    rx_detected_degrade_raise = F16(160)
    rx_detected_degrade_clear = F16(162)
    rx_excessive_degrade_raise = F16(164)
    rx_excessive_degrade_clear = F16(166)
    rx_excessive_degrade_enabled = Bit(168, 1)
    rx_detected_degrade_enabled = Bit(168, 0)


class Page33(CmisView, page=Page(0x33), exists=Page01.coherent_pages_supported, banked=True, clears="128-133"):
    """Latched flags of the media lane, and the payload that it received."""

    __slots__ = ()

    tx_loss_of_alignment = Bit(128, 5)
    tx_out_of_alignment = Bit(128, 4)
    tx_cmu_lol = Bit(128, 3)
    tx_reference_clock_lol = Bit(128, 2)
    tx_deskew_lol = Bit(128, 1)
    tx_fifo_error = Bit(128, 0)
    rx_loss_of_frame = Bit(130, 7)
    rx_loss_of_multiframe = Bit(130, 6)
    rx_demodulator_lol = Bit(130, 5)
    rx_cd_compensation_lol = Bit(130, 4)
    rx_loss_of_alignment = Bit(130, 3)
    rx_out_of_alignment = Bit(130, 2)
    rx_deskew_lol = Bit(130, 1)
    rx_fifo_error = Bit(130, 0)
    rx_excessive_degrade = Bit(132, 1)
    rx_detected_degrade = Bit(132, 0)
    rx_maintenance_ais = Bit(133, 5)
    rx_maintenance_locked = Bit(133, 4)
    rx_payload_type_mismatch = Bit(133, 3)
    remote_degrade = Bit(133, 2)
    local_degrade = Bit(133, 1)
    remote_fault = Bit(133, 0)
    rx_payload_type = UInt(188)


class Page34(CmisView, page=Page(0x34), exists=Page01.coherent_pages_supported, banked=True):
    """Counters of the media lane's FEC over a performance monitoring interval."""

    __slots__ = ()

    rx_bits = UInt(128, 8, unit=Unit.COUNT, advertised_by=Page42.has_rx_bits)
    rx_bits_subinterval = UInt(136, 8, unit=Unit.COUNT, advertised_by=Page42.has_rx_bits_subinterval)
    rx_corrected_bits = UInt(144, 8, unit=Unit.COUNT, advertised_by=Page42.has_rx_corrected_bits)
    rx_corrected_bits_min = UInt(152, 8, unit=Unit.COUNT, advertised_by=Page42.has_rx_corrected_bits_min)
    rx_corrected_bits_max = UInt(160, 8, unit=Unit.COUNT, advertised_by=Page42.has_rx_corrected_bits_max)
    rx_frames = UInt(168, 4, unit=Unit.COUNT, advertised_by=Page42.has_rx_frames)
    rx_frames_subinterval = UInt(172, 4, unit=Unit.COUNT, advertised_by=Page42.has_rx_frames_subinterval)
    rx_uncorrected_frames = UInt(176, 4, unit=Unit.COUNT, advertised_by=Page42.has_rx_uncorrected_frames)
    rx_uncorrected_frames_min = UInt(180, 4, unit=Unit.COUNT, advertised_by=Page42.has_rx_uncorrected_frames_min)
    rx_uncorrected_frames_max = UInt(184, 4, unit=Unit.COUNT, advertised_by=Page42.has_rx_uncorrected_frames_max)


class Page35(CmisView, page=Page(0x35), exists=Page01.coherent_pages_supported, banked=True):
    """Link performance of the media lane over a performance monitoring interval."""

    __slots__ = ()

    rx_cd_average = Fixed(128, 4, step="1", unit=Unit.PS_PER_NM, signed=True, advertised_by=Page42.has_rx_cd_average)
    rx_cd_min = Fixed(132, 4, step="1", unit=Unit.PS_PER_NM, signed=True, advertised_by=Page42.has_rx_cd_min)
    rx_cd_max = Fixed(136, 4, step="1", unit=Unit.PS_PER_NM, signed=True, advertised_by=Page42.has_rx_cd_max)
    rx_dgd_average = Fixed(140, step="0.01", unit=Unit.PS, advertised_by=Page42.has_rx_dgd_average)
    rx_dgd_min = Fixed(142, step="0.01", unit=Unit.PS, advertised_by=Page42.has_rx_dgd_min)
    rx_dgd_max = Fixed(144, step="0.01", unit=Unit.PS, advertised_by=Page42.has_rx_dgd_max)
    rx_sopmd_average = Fixed(146, step="0.01", unit=Unit.PS2, advertised_by=Page42.has_rx_sopmd_average)
    rx_sopmd_min = Fixed(148, step="0.01", unit=Unit.PS2, advertised_by=Page42.has_rx_sopmd_min)
    rx_sopmd_max = Fixed(150, step="0.01", unit=Unit.PS2, advertised_by=Page42.has_rx_sopmd_max)
    rx_pdl_average = Fixed(152, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_pdl_average)
    rx_pdl_min = Fixed(154, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_pdl_min)
    rx_pdl_max = Fixed(156, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_pdl_max)
    rx_osnr_average = Fixed(158, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_osnr_average)
    rx_osnr_min = Fixed(160, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_osnr_min)
    rx_osnr_max = Fixed(162, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_osnr_max)
    rx_esnr_average = Fixed(164, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_esnr_average)
    rx_esnr_min = Fixed(166, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_esnr_min)
    rx_esnr_max = Fixed(168, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_esnr_max)
    rx_cfo_average = Fixed(170, step="1", unit=Unit.MHZ, signed=True, advertised_by=Page42.has_rx_cfo_average)
    rx_cfo_min = Fixed(172, step="1", unit=Unit.MHZ, signed=True, advertised_by=Page42.has_rx_cfo_min)
    rx_cfo_max = Fixed(174, step="1", unit=Unit.MHZ, signed=True, advertised_by=Page42.has_rx_cfo_max)
    rx_evm_average = Share(176, full=65535, advertised_by=Page42.has_rx_evm_average)
    rx_evm_min = Share(178, full=65535, advertised_by=Page42.has_rx_evm_min)
    rx_evm_max = Share(180, full=65535, advertised_by=Page42.has_rx_evm_max)
    tx_power_average = Fixed(182, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page42.has_tx_power_average)
    tx_power_min = Fixed(184, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page42.has_tx_power_min)
    tx_power_max = Fixed(186, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page42.has_tx_power_max)
    rx_power_average = Fixed(188, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page42.has_rx_power_average)
    rx_power_min = Fixed(190, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page42.has_rx_power_min)
    rx_power_max = Fixed(192, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page42.has_rx_power_max)
    rx_signal_power_average = Fixed(
        194, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page42.has_rx_signal_power_average
    )
    rx_signal_power_min = Fixed(
        196, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page42.has_rx_signal_power_min
    )
    rx_signal_power_max = Fixed(
        198, step=DBM_STEP, unit=Unit.DBM, signed=True, advertised_by=Page42.has_rx_signal_power_max
    )
    rx_sop_rate_average = Fixed(200, step="1", unit=Unit.KRAD_PER_S, advertised_by=Page42.has_rx_sop_rate_average)
    rx_sop_rate_min = Fixed(202, step="1", unit=Unit.KRAD_PER_S, advertised_by=Page42.has_rx_sop_rate_min)
    rx_sop_rate_max = Fixed(204, step="1", unit=Unit.KRAD_PER_S, advertised_by=Page42.has_rx_sop_rate_max)
    rx_mer_average = Fixed(206, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_mer_average)
    rx_mer_min = Fixed(208, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_mer_min)
    rx_mer_max = Fixed(210, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_mer_max)
    rx_clock_recovery_average = Share(212, full=32767, signed=True, advertised_by=Page42.has_rx_clock_recovery_average)
    rx_clock_recovery_min = Share(214, full=32767, signed=True, advertised_by=Page42.has_rx_clock_recovery_min)
    rx_clock_recovery_max = Share(216, full=32767, signed=True, advertised_by=Page42.has_rx_clock_recovery_max)
    rx_sopmd_coarse_average = Fixed(218, step="1", unit=Unit.PS2, advertised_by=Page42.has_rx_sopmd_coarse_average)
    rx_sopmd_coarse_min = Fixed(220, step="1", unit=Unit.PS2, advertised_by=Page42.has_rx_sopmd_coarse_min)
    rx_sopmd_coarse_max = Fixed(222, step="1", unit=Unit.PS2, advertised_by=Page42.has_rx_sopmd_coarse_max)
    rx_snr_margin_average = Fixed(
        224, step="0.1", unit=Unit.DB, signed=True, advertised_by=Page42.has_rx_snr_margin_average
    )
    rx_snr_margin_min = Fixed(226, step="0.1", unit=Unit.DB, signed=True, advertised_by=Page42.has_rx_snr_margin_min)
    rx_snr_margin_max = Fixed(228, step="0.1", unit=Unit.DB, signed=True, advertised_by=Page42.has_rx_snr_margin_max)
    rx_q_factor_average = Fixed(230, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_q_factor_average)
    rx_q_factor_min = Fixed(232, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_q_factor_min)
    rx_q_factor_max = Fixed(234, step="0.1", unit=Unit.DB, advertised_by=Page42.has_rx_q_factor_max)
    rx_q_margin_average = Fixed(
        236, step="0.1", unit=Unit.DB, signed=True, advertised_by=Page42.has_rx_q_margin_average
    )
    rx_q_margin_min = Fixed(238, step="0.1", unit=Unit.DB, signed=True, advertised_by=Page42.has_rx_q_margin_min)
    rx_q_margin_max = Fixed(240, step="0.1", unit=Unit.DB, signed=True, advertised_by=Page42.has_rx_q_margin_max)


class Page38(
    CmisView, page=Page(0x38), exists=Page01.coherent_pages_supported, banked=True, writable="128-137 141-146"
):
    """How the host interface reacts to FEC degrade, and what it sends in place of a lost signal."""

    __slots__ = ()

    tx_detected_degrade_raise = F16(128)
    tx_detected_degrade_clear = F16(130)
    tx_excessive_degrade_raise = F16(132)
    tx_excessive_degrade_clear = F16(134)
    tx_excessive_degrade_action_enabled = Bit(136, 5)
    rx_excessive_degrade_action_enabled = Bit(136, 4)
    rx_local_fault_on_client_failure = Bit(136, 3)
    tx_local_fault_on_local_degrade = Bit(136, 2)
    tx_excessive_degrade_enabled = Bit(136, 1)
    tx_detected_degrade_enabled = Bit(136, 0)
    rx_consequent_action_code = Bits(137, 7, 4)
    tx_consequent_action_code = Bits(137, 3, 0)
    rx_hold_off_timer = UInt(141, 2)
    tx_hold_off_timer = UInt(143, 2)
    rx_replacement_signal_code = Bits(145, 7, 4)
    tx_replacement_signal_code = Bits(145, 3, 0)
    tx_maintenance_locked_code = Bits(146, 3, 0)


class Page3A(CmisView, page=Page(0x3A), exists=Page01.coherent_pages_supported, banked=True):
    """Counters of the host interface's FEC over a performance monitoring interval."""

    __slots__ = ()

    tx_bits = UInt(128, 8, unit=Unit.COUNT)
    tx_bits_subinterval = UInt(136, 8, unit=Unit.COUNT)
    tx_corrected_bits = UInt(144, 8, unit=Unit.COUNT)
    tx_corrected_bits_min = UInt(152, 8, unit=Unit.COUNT)
    tx_corrected_bits_max = UInt(160, 8, unit=Unit.COUNT)
    tx_frames = UInt(168, 4, unit=Unit.COUNT)
    tx_frames_subinterval = UInt(172, 4, unit=Unit.COUNT)
    tx_uncorrected_frames = UInt(176, 4, unit=Unit.COUNT)
    tx_uncorrected_frames_min = UInt(180, 4, unit=Unit.COUNT)
    tx_uncorrected_frames_max = UInt(184, 4, unit=Unit.COUNT)
    tx_corrected_frames = UInt(188, 4, unit=Unit.COUNT)
    tx_corrected_frames_subinterval = UInt(192, 4, unit=Unit.COUNT)


class Page3B(
    CmisView,
    page=Page(0x3B),
    exists=Page01.coherent_pages_supported,
    banked=True,
    writable="128-132",
    clears="192-196",
):
    """Latched flags of the host interface, 64 bytes after their masks."""

    __slots__ = ()

    tx_excessive_degrade_mask = Bit(128, 1)
    tx_detected_degrade_mask = Bit(128, 0)
    rx_remote_degrade_mask = Bit(129, 6)
    rx_local_degrade_mask = Bit(129, 5)
    rx_client_maintenance_locked_mask = Bit(129, 4)
    rx_multiplex_structure_mismatch_mask = Bit(129, 3)
    rx_client_signal_fail_mask = Bit(129, 2)
    tx_remote_degrade_mask = Bit(129, 1)
    tx_local_degrade_mask = Bit(129, 0)
    rx_flexe_remote_phy_fault_mask = Bit(130, 7)
    rx_flexe_group_mismatch_mask = Bit(130, 6)
    rx_flexe_instance_map_mismatch_mask = Bit(130, 5)
    rx_flexe_calendar_mismatch_mask = Bit(130, 4)
    rx_flexe_instance_mismatch_mask = Bit(130, 3)
    rx_flexe_loss_of_frame_mask = Bit(130, 2)
    rx_flexe_loss_of_multiframe_mask = Bit(130, 1)
    rx_flexe_loss_of_pad_block_mask = Bit(130, 0)
    tx_loss_of_alignment_mask = Bit(131, 2)
    tx_remote_fault_mask = Bit(131, 1)
    tx_local_fault_mask = Bit(131, 0)
    rx_loss_of_alignment_mask = Bit(132, 2)
    rx_remote_fault_mask = Bit(132, 1)
    rx_local_fault_mask = Bit(132, 0)
    tx_excessive_degrade = Bit(192, 1)
    tx_detected_degrade = Bit(192, 0)
    rx_remote_degrade = Bit(193, 6)
    rx_local_degrade = Bit(193, 5)
    rx_client_maintenance_locked = Bit(193, 4)
    rx_multiplex_structure_mismatch = Bit(193, 3)
    rx_client_signal_fail = Bit(193, 2)
    tx_remote_degrade = Bit(193, 1)
    tx_local_degrade = Bit(193, 0)
    rx_flexe_remote_phy_fault = Bit(194, 7)
    rx_flexe_group_mismatch = Bit(194, 6)
    rx_flexe_instance_map_mismatch = Bit(194, 5)
    rx_flexe_calendar_mismatch = Bit(194, 4)
    rx_flexe_instance_mismatch = Bit(194, 3)
    rx_flexe_loss_of_frame = Bit(194, 2)
    rx_flexe_loss_of_multiframe = Bit(194, 1)
    rx_flexe_loss_of_pad_block = Bit(194, 0)
    tx_loss_of_alignment = Bit(195, 2)
    tx_remote_fault = Bit(195, 1)
    tx_local_fault = Bit(195, 0)
    rx_loss_of_alignment = Bit(196, 2)
    rx_remote_fault = Bit(196, 1)
    rx_local_fault = Bit(196, 0)
