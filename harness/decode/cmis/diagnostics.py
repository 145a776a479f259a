"""Page 13h: loopbacks and pattern generators (OIF-CMIS 8.12)."""

from __future__ import annotations

from ..fields import (
    Bit,
    lane_bits,
)
from ..memory import Page
from .administrative import Page01
from .base import CmisView


class Page13(CmisView, page=Page(0x13), exists=Page01.diagnostics_supported):
    """Diagnostics capabilities and controls: loopbacks and PRBS enables (OIF-CMIS 8.12)."""

    __slots__ = ()

    media_output_loopback_supported = Bit(128, 0)
    media_input_loopback_supported = Bit(128, 1)
    host_output_loopback_supported = Bit(128, 2)
    host_input_loopback_supported = Bit(128, 3)
    host_generator_enable = lane_bits(144)
    media_generator_enable = lane_bits(152)
    host_checker_enable = lane_bits(160)
    media_checker_enable = lane_bits(168)
    media_output_loopback = lane_bits(180, advertised_by=media_output_loopback_supported)
    media_input_loopback = lane_bits(181, advertised_by=media_input_loopback_supported)
    host_output_loopback = lane_bits(182, advertised_by=host_output_loopback_supported)
    host_input_loopback = lane_bits(183, advertised_by=host_input_loopback_supported)
