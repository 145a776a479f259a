"""Pages 16h to 19h, 1Ch and 1Dh: network paths, versatile control, normalized Applications, host lane switching.

OIF-CMIS 8.15 to 8.18, 8.20 and 8.21.
"""

from __future__ import annotations

from ...reading import Absence, Missing
from ..fields import Bit, Bits, Code, Hexadecimal, Lanes, UInt, lane_bits, nibbles
from ..memory import Page
from .administrative import Page01
from .base import CmisView, Presence
from .words import DURATIONS, NETWORK_CONFIG_STATUS, NETWORK_PATH_STATES, REDIRECTION_RESULTS


class Page16(
    CmisView,
    page=Page(0x16),
    exists=Page01.network_paths_supported,
    since="5.1",
    banked=True,
    writable="128-143 160 162-163",
    write_only="176-177",
):
    """Network path control and status (OIF-CMIS 8.15)."""

    __slots__ = ()

    staged_network_path = Lanes(Bits(128, 3, 1))
    staged_in_use = Lanes(Bit(128, 0))
    staged_1_network_path = Lanes(Bits(136, 3, 1))
    staged_1_in_use = Lanes(Bit(136, 0))
    np_deinit = lane_bits(160)
    source_selectors = Hexadecimal(162, 2)
    apply_np_init = lane_bits(176)
    apply_np_init_1 = lane_bits(177)
    np_config_status = nibbles(178, NETWORK_CONFIG_STATUS)
    active_network_path = Lanes(Bits(192, 3, 1))
    active_in_use = Lanes(Bit(192, 0))
    np_state = nibbles(200, NETWORK_PATH_STATES)
    np_init_pending = lane_bits(204)
    max_duration_np_deinit = Code(224, DURATIONS, high=7, low=4)
    max_duration_np_init = Code(224, DURATIONS, high=3, low=0)
    max_duration_np_tx_turn_off = Code(225, DURATIONS, high=7, low=4)
    max_duration_np_tx_turn_on = Code(225, DURATIONS, high=3, low=0)
    network_path_options = Hexadecimal(226, 1)
    mixed_multiplex = Hexadecimal(228, 20)
    application_extension = Hexadecimal(248, 2)


class Page17(
    CmisView,
    page=Page(0x17),
    exists=Page01.network_paths_supported,
    since="5.1",
    banked=True,
    writable="192",
    clears="128",
):
    """Network path flags and their masks (OIF-CMIS 8.16)."""

    __slots__ = ()

    np_state_changed = lane_bits(128)
    np_state_changed_mask = lane_bits(192)


class Page18(CmisView, page=Page(0x18), exists=Presence.paged, since="5.2", banked=True, writable="128-255"):
    """Extensions of the staged control sets: Application block, versatile control as it stands (OIF-CMIS 8.17)."""

    __slots__ = ()

    staged_application_block = Lanes(Bits(128, 3, 0, advertised_by=Page01.normalized_applications_supported))
    staged_1_application_block = Lanes(Bits(136, 3, 0, advertised_by=Page01.normalized_applications_supported))
    staged_versatile_control = Hexadecimal(144, 56, advertised_by=Page01.versatile_control_supported)
    staged_1_versatile_control = Hexadecimal(200, 56, advertised_by=Page01.versatile_control_supported)


class Page19(CmisView, page=Page(0x19), exists=Presence.paged, since="5.2", banked=True):
    """Extensions of the active control set: each direction apart, versatile control as it stands (OIF-CMIS 8.18)."""

    __slots__ = ()

    active_tx_application = Lanes(Bits(128, 7, 4, advertised_by=Page01.unidirectional_reconfiguration_supported))
    active_tx_data_path = Lanes(Bits(128, 3, 1, advertised_by=Page01.unidirectional_reconfiguration_supported))
    active_tx_explicit_control = Lanes(Bit(128, 0, advertised_by=Page01.unidirectional_reconfiguration_supported))
    active_rx_application = Lanes(Bits(136, 7, 4, advertised_by=Page01.unidirectional_reconfiguration_supported))
    active_rx_data_path = Lanes(Bits(136, 3, 1, advertised_by=Page01.unidirectional_reconfiguration_supported))
    active_rx_explicit_control = Lanes(Bit(136, 0, advertised_by=Page01.unidirectional_reconfiguration_supported))
    active_application_block = Lanes(Bits(144, 3, 0, advertised_by=Page01.normalized_applications_supported))
    active_versatile_control = Hexadecimal(152, 56, advertised_by=Page01.versatile_control_supported)


class Page1C(
    CmisView,
    page=Page(0x1C),
    exists=(Presence.paged, Page01.normalized_applications_supported),
    since="5.3",
    banked=True,
):
    """Fifteen normalized Application descriptors in every bank of their own (OIF-CMIS 8.20).

    Application number is 15 x bank + AppSel. The banks are those of 01h:175, not of the lanes.
    """

    __slots__ = ()

    def no_such_bank(self) -> Missing | None:
        """Why there are no descriptors in this bank (01h:175 bits 3-0)."""
        banks = Page01(self.memory).normalized_application_banks
        if isinstance(banks, Missing) or self.at.bank < banks.value:
            return None
        return Missing(Absence.NOT_ADVERTISED, banks.source, "01h:175.3-0")

    host_id = Lanes(UInt(128), 15, stride=8)
    media_id = Lanes(UInt(129), 15, stride=8)
    host_lanes = Lanes(Bits(130, 7, 4), 15, stride=8)
    media_lanes = Lanes(Bits(130, 3, 0), 15, stride=8)
    host_lane_assignment = Lanes(UInt(131), 15, stride=8)
    media_lane_assignment = Lanes(UInt(132), 15, stride=8)
    on_network_path = Lanes(Bit(133, 7), 15, stride=8)
    group_identifiers = Lanes(Hexadecimal(134, 2), 15, stride=8)


class Page1D(
    CmisView,
    page=Page(0x1D),
    exists=(Presence.paged, Page01.host_lane_switching_supported),
    since="5.3",
    banked=True,
    writable="136-143 152",
    write_only="160",
):
    """Host lane switching: which lane each host lane is led to (OIF-CMIS 8.21)."""

    __slots__ = ()

    max_duration_commit = Code(128, DURATIONS, high=7, low=4)
    staged_redirection = Lanes(UInt(136))
    redirection_enabled = Bit(152, 0)
    commit_redirection = Bit(160, 0)
    redirection_result = Lanes(Code(168, REDIRECTION_RESULTS))
    redirection = Lanes(UInt(184))
