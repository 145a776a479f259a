"""Pages 13h to 15h: loopbacks, pattern generators and checkers, what they counted, latencies (OIF-CMIS 8.12 to 8.14).

Numbers of page 14h are little-endian. Its bytes 192-255 are a window: the selector in byte 128 says on what, and each
view of the window answers only where the selector stands on its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ...reading import Absence, Missing
from ...units import Unit
from ..fields import (
    F16,
    Bit,
    Bits,
    Choice,
    Code,
    EvenCount,
    Fixed,
    Hexadecimal,
    Lanes,
    UInt,
    Words,
    lane_bits,
    nibbles,
)
from ..memory import Page
from .administrative import Page01
from .base import SNR_STEP, CmisView
from .words import GATE_TIMES, GATING, GENERATOR_CLOCKS, PATTERNS, SELECTORS, UPDATE_PERIODS_S


class Page13(
    CmisView, page=Page(0x13), exists=Page01.diagnostics_supported, banked=True, writable="144-191 196-213 224-255"
):
    """Diagnostics capabilities and controls: loopbacks, pattern generators and checkers (OIF-CMIS 8.12).

    Media-side input loopback turns the received signal back to the fiber; media-side output loopback turns the host's
    signal back just before the fiber. Host-side input and output are the same two at the host's end.
    """

    __slots__ = ()

    media_output_loopback_supported = Bit(128, 0)
    media_input_loopback_supported = Bit(128, 1)
    host_output_loopback_supported = Bit(128, 2)
    host_input_loopback_supported = Bit(128, 3)
    host_loopback_per_lane = Bit(128, 4)
    media_loopback_per_lane = Bit(128, 5)
    simultaneous_loopbacks = Bit(128, 6)
    gating = Code(129, GATING, high=7, low=6)
    gating_results_supported = Bit(129, 5)
    periodic_updates_supported = Bit(129, 4)
    gating_per_lane = Bit(129, 3)
    gating_restart_supported = Bit(129, 2)
    media_fec_supported = Bit(130, 7)
    host_fec_supported = Bit(130, 6)
    media_snr_supported = Bit(130, 5)
    host_snr_supported = Bit(130, 4)
    counters_supported = Bit(130, 1)
    ber_supported = Bit(130, 0)
    media_generator_pre_fec = Bit(131, 7)
    media_generator_post_fec = Bit(131, 6)
    media_checker_pre_fec = Bit(131, 5)
    media_checker_post_fec = Bit(131, 4)
    host_generator_pre_fec = Bit(131, 3)
    host_generator_post_fec = Bit(131, 2)
    host_checker_pre_fec = Bit(131, 1)
    host_checker_post_fec = Bit(131, 0)
    host_generator_patterns = Words(132, PATTERNS)
    media_generator_patterns = Words(134, PATTERNS)
    host_checker_patterns = Words(136, PATTERNS)
    media_checker_patterns = Words(138, PATTERNS)
    pattern_options = Hexadecimal(140, 3)
    host_generator_enable = lane_bits(144)
    host_generator_invert = lane_bits(145)
    host_generator_swap = lane_bits(146)
    host_generator_fec = lane_bits(147)
    host_generator_pattern = nibbles(148, PATTERNS)
    media_generator_enable = lane_bits(152)
    media_generator_invert = lane_bits(153)
    media_generator_swap = lane_bits(154)
    media_generator_fec = lane_bits(155)
    media_generator_pattern = nibbles(156, PATTERNS)
    host_checker_enable = lane_bits(160)
    host_checker_invert = lane_bits(161)
    host_checker_swap = lane_bits(162)
    host_checker_fec = lane_bits(163)
    host_checker_pattern = nibbles(164, PATTERNS)
    media_checker_enable = lane_bits(168)
    media_checker_invert = lane_bits(169)
    media_checker_swap = lane_bits(170)
    media_checker_fec = lane_bits(171)
    media_checker_pattern = nibbles(172, PATTERNS)
    host_generator_clock = Code(176, GENERATOR_CLOCKS, high=7, low=4)
    media_generator_clock = Code(176, GENERATOR_CLOCKS, high=3, low=0)
    start_stop_is_global = Bit(177, 7)
    reset_error_information = Bit(177, 5)
    gating_restarts = Bit(177, 4)
    gate_time = Code(177, GATE_TIMES, high=3, low=1)
    update_period = Choice(177, UPDATE_PERIODS_S, unit=Unit.SECONDS, high=0, low=0)
    host_checker_clock_code = Bits(178, 3, 2)
    media_checker_clock_code = Bits(178, 1, 0)
    media_output_loopback = lane_bits(180, advertised_by=media_output_loopback_supported)
    media_input_loopback = lane_bits(181, advertised_by=media_input_loopback_supported)
    host_output_loopback = lane_bits(182, advertised_by=host_output_loopback_supported)
    host_input_loopback = lane_bits(183, advertised_by=host_input_loopback_supported)
    scratchpad = Hexadecimal(184, 8)
    custom_controls = Hexadecimal(196, 10)
    reference_clock_lost_mask = Bit(206, 7)
    host_gating_complete_mask = lane_bits(208)
    media_gating_complete_mask = lane_bits(209)
    host_generator_lol_mask = lane_bits(210)
    media_generator_lol_mask = lane_bits(211)
    host_checker_lol_mask = lane_bits(212)
    media_checker_lol_mask = lane_bits(213)
    user_pattern = Hexadecimal(224, 32)


class Diagnostics(
    CmisView,
    page=Page(0x14),
    exists=Page01.diagnostics_supported,
    banked=True,
    writable="128 130-131",
    clears="132-139",
):
    """Page 14h, whatever its window shows."""

    __slots__ = ()


class Page14(Diagnostics):
    """Diagnostics selector and latched diagnostics flags (OIF-CMIS 8.13)."""

    __slots__ = ()

    selector = Code(128, SELECTORS)
    custom_selector = Hexadecimal(130, 2)
    reference_clock_lost = Bit(132, 7)
    host_gating_complete = lane_bits(134)
    media_gating_complete = lane_bits(135)
    host_generator_lol = lane_bits(136)
    media_generator_lol = lane_bits(137)
    host_checker_lol = lane_bits(138)
    media_checker_lol = lane_bits(139)


class Window(Diagnostics):
    """Bytes 192-255 of page 14h, where the selector in byte 128 stands on one of ``selectors``."""

    selectors: ClassVar[frozenset[int]] = frozenset()

    __slots__ = ()

    def gone(self) -> Missing | None:
        if (absent := super().gone()) is not None:
            return absent
        selector = self.memory.take(self.at, 128)
        if isinstance(selector, Missing):
            return selector
        if selector.value[0] in self.selectors:
            return None
        shown = SELECTORS.get(selector.value[0], f"selector {selector.value[0]:02X}h")
        where = replace(selector.source, where=f"{selector.source.where} (the window shows {shown})")
        return Missing(Absence.NOT_RECORDED, where, f"14h:128 shows {shown}")


class Page14Ber(Window):
    """Bit error ratios of the pattern checkers (OIF-CMIS 8.13, selectors 01h and 11h)."""

    selectors = frozenset({0x01, 0x11})

    __slots__ = ()

    host_ber = Lanes(F16(192, little=True))
    media_ber = Lanes(F16(208, little=True))


class Page14HostCounters(Window):
    """Errors and bits of four host lanes (selectors 02h and 12h lanes 1-4, 03h and 13h lanes 5-8)."""

    selectors = frozenset({0x02, 0x03, 0x12, 0x13})

    __slots__ = ()

    host_errors = Lanes(UInt(192, 8, little=True), 4, stride=16)
    host_bits = Lanes(EvenCount(200), 4, stride=16)
    host_pattern_sync_lost = Lanes(Bit(200, 0), 4, stride=16)


class Page14MediaCounters(Window):
    """Errors and bits of four media lanes (selectors 04h and 14h lanes 1-4, 05h and 15h lanes 5-8)."""

    selectors = frozenset({0x04, 0x05, 0x14, 0x15})

    __slots__ = ()

    media_errors = Lanes(UInt(192, 8, little=True), 4, stride=16)
    media_bits = Lanes(EvenCount(200), 4, stride=16)
    media_pattern_sync_lost = Lanes(Bit(200, 0), 4, stride=16)


class Page14Snr(Window):
    """Signal to noise ratios of the inputs (OIF-CMIS 8.13, selector 06h); zero stands where nothing was measured."""

    selectors = frozenset({0x06})

    __slots__ = ()

    host_snr = Lanes(
        Fixed(
            208,
            step=SNR_STEP,
            unit=Unit.DB,
            little=True,
            unavailable=(0,),
            advertised_by=Page13.host_snr_supported,
        )
    )
    media_snr = Lanes(
        Fixed(
            240,
            step=SNR_STEP,
            unit=Unit.DB,
            little=True,
            unavailable=(0,),
            advertised_by=Page13.media_snr_supported,
        )
    )


class Page15(CmisView, page=Page(0x15), exists=Page01.page_15_supported, banked=True):
    """Latencies of the data path of every host lane (OIF-CMIS 8.14)."""

    __slots__ = ()

    rx_latency = Lanes(Fixed(224, step="1", unit=Unit.NS))
    tx_latency = Lanes(Fixed(240, step="1", unit=Unit.NS))
