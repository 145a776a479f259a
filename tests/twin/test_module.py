"""A simulated module behaves as the specification says: access, states, configuration, light and flags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.clock import SimulatedClock
from harness.decode.build import AdvertisedApplication, CmisImage
from harness.decode.cmis import Page11
from harness.decode.dump import read_dump
from harness.decode.memory import A0_LOWER, LOWER_MEMORY, Image, Page
from harness.decode.reader import read_module
from harness.decode.transceiver import transceiver
from harness.errors import TransportError
from harness.twin.access import access
from harness.twin.families import family
from harness.twin.module import ModuleTwin
from harness.twin.sff import Sff8472Twin, Sff8636Twin
from tests.recordings import recorded

from .host import LANES_CONTROL, LANES_STATUS, Host

CONTROL, STATUS = LANES_CONTROL, LANES_STATUS
FAST = {
    "dp_init": "< 500 ms",
    "dp_deinit": "< 100 ms",
    "module_pwr_up": "< 1 s",
    "module_pwr_dn": "< 100 ms",
    "dp_tx_turn_on": "< 100 ms",
    "dp_tx_turn_off": "< 50 ms",
}
LONGEST = {"DPInit": "0.5", "DPDeinit": "0.1", "DPTxTurnOn": "0.1", "DPTxTurnOff": "0.05"}
MODULE = CmisImage(revision="5.3", durations=FAST)


# access


def test_a_page_that_the_module_does_not_have_shows_page_00h() -> None:
    host = Host()
    host.twin.write(0xA0, 127, b"\x16")
    assert host.twin.read(0xA0, 126, 2) == b"\0\0"
    assert host.twin.read(0xA0, 128, 17)[1:10] == b"SIMULATED"


def test_a_bank_that_the_module_does_not_have_shows_page_00h() -> None:
    host = Host()
    host.twin.write(0xA0, 126, b"\x01\x11")
    assert host.twin.read(0xA0, 126, 2) == b"\0\0"


def test_a_bank_alone_changes_nothing_until_the_page_is_written() -> None:
    host = Host()
    host.select(Page(0x11))
    host.twin.write(0xA0, 126, b"\x01")
    assert host.twin.read(0xA0, 206, 1) == b"\x10"


REFUSED = [
    pytest.param(Page(0x00), 129, b"X", "read-only", id="the vendor's name is read-only"),
    pytest.param(LOWER_MEMORY, 0, b"\x11", "read-only", id="the identifier is read-only"),
    pytest.param(Page(0x11), 128, b"\x11", "read-only", id="the state of data paths is read-only"),
    pytest.param(Page(0x14), 192, b"\x01", "read-only", id="results of diagnostics are read-only"),
    pytest.param(CONTROL, 133, b"\x01", "read-only", id="a reserved byte keeps zero"),
    pytest.param(CONTROL, 134, b"\x01", "not advertised", id="a control that is not advertised keeps zero"),
    pytest.param(CONTROL, 180, b"\x10", "read-only", id="staged set 1 is not there unless it is advertised"),
]


@pytest.mark.parametrize(("page", "byte", "raw", "why"), REFUSED)
def test_a_write_that_is_not_allowed_changes_nothing_and_is_told(page: Page, byte: int, raw: bytes, why: str) -> None:
    host = Host()
    before = host.read(page, byte)
    host.write(page, byte, *raw)
    assert host.read(page, byte) == before
    assert why in str(host.twin.refused[-1])


def test_what_the_host_puts_back_as_it_was_is_no_offence() -> None:
    host = Host()
    host.write(CONTROL, 129, *host.read(CONTROL, 129, 8))
    assert host.twin.refused == []


def test_more_than_eight_bytes_are_not_written() -> None:
    host = Host()
    with pytest.raises(TransportError):
        host.write(CONTROL, 145, *range(9))
    assert "longer than 8" in str(host.twin.refused[-1])


def test_an_access_that_leaves_its_half_of_the_memory_is_told() -> None:
    host = Host()
    assert len(host.twin.read(0xA0, 124, 8)) == 4
    assert "leaves its half" in host.twin.refused[-1].why


@pytest.mark.parametrize("byte", [118, 122, 143, 144])
def test_write_only_bytes_read_as_zero(byte: int) -> None:
    host = Host()
    page = LOWER_MEMORY if byte < 128 else CONTROL
    host.write(page, byte, 0x0F)
    assert host.read(page, byte) == b"\0"


def test_a_module_that_changes_its_page_does_not_answer_until_it_has() -> None:
    host = Host(page_change=Decimal("0.008"))
    host.select(Page(0x11))
    with pytest.raises(TransportError):
        host.twin.read(0xA0, 128, 1)
    host.wait("0.008")
    assert host.twin.read(0xA0, 128, 1) == b"\x44"


def test_user_memory_needs_the_host_password() -> None:
    host = Host(replace(MODULE, registers={"Page01": {"page_03_supported": True}}))
    host.write(Page(0x03), 128, 1, 2)
    assert host.read(Page(0x03), 128, 2) == b"\0\0"
    assert "password" in host.twin.refused[-1].why
    host.write(LOWER_MEMORY, 122, 0x00, 0x00, 0x10, 0x11)
    host.write(Page(0x03), 128, 1, 2)
    assert host.read(Page(0x03), 128, 2) == b"\x01\x02"


PASSWORDS = [
    pytest.param(b"\x12\x34\x56\x78", True, id="one below 80000000h is the host's"),
    pytest.param(b"\x80\x00\x00\x00", False, id="one from 80000000h on is the module's"),
]


@pytest.mark.parametrize(("new", "taken"), PASSWORDS)
def test_the_password_is_changed_where_the_old_one_was_entered(new: bytes, *, taken: bool) -> None:
    host = Host()
    host.write(LOWER_MEMORY, 118, *new)
    assert not host.twin.password.open and host.twin.refused  # nothing was entered yet
    host.write(LOWER_MEMORY, 122, 0x00, 0x00, 0x10, 0x11)
    host.write(LOWER_MEMORY, 118, *new)
    host.write(LOWER_MEMORY, 122, *new)
    assert host.twin.password.open is taken


# the module's states


def test_low_power_takes_the_data_paths_down_first() -> None:
    host = Host(MODULE)
    host.write(LOWER_MEMORY, 26, 0x50)
    seen: list[tuple[str, str]] = []
    for _ in range(100):
        now = host.module_state(), host.states()[0]
        if not seen or seen[-1] != now:
            seen.append(now)
        host.wait("0.005")
    assert seen == [
        ("ModuleReady", "DPTxTurnOff"),
        ("ModuleReady", "DPDeinit"),
        ("ModulePwrDn", "DPDeactivated"),
        ("ModuleLowPwr", "DPDeactivated"),
    ]
    host.write(LOWER_MEMORY, 26, 0x40)
    assert host.module_state() == "ModulePwrUp"
    assert host.until("DPActivated", "1.6") > Decimal("0.5")
    assert host.module_state() == "ModuleReady"


def test_the_pin_asks_for_low_power_only_where_it_is_allowed_to() -> None:
    host = Host(MODULE)
    host.write(LOWER_MEMORY, 26, 0x00)
    host.twin.low_power_pin(True)
    host.wait("1")
    assert host.module_state() == "ModuleReady"
    host.write(LOWER_MEMORY, 26, 0x40)
    host.wait("1")
    assert host.module_state() == "ModuleLowPwr"


RESETS: list[tuple[str, Callable[[Host], None]]] = [
    ("the reset pin", lambda host: host.twin.reset()),
    ("plugging it in again", lambda host: host.twin.insert()),
    ("software reset", lambda host: host.write(LOWER_MEMORY, 26, 0x48)),
]


@pytest.mark.parametrize("act", [act for _, act in RESETS], ids=[name for name, _ in RESETS])
def test_after_a_reset_the_module_is_silent_then_starts_over(act: Callable[[Host], None]) -> None:
    host = Host(MODULE)
    host.write(CONTROL, 130, 0x0F)
    host.write(LOWER_MEMORY, 31, 0xFF)
    act(host)
    with pytest.raises(TransportError):
        host.twin.read(0xA0, 0, 1)
    host.wait("2.0")
    lower = host.read(LOWER_MEMORY, 0, 41)
    assert lower[26] == 0x40 and lower[31] == 0
    assert not lower[3] & 1  # the interrupt is asserted
    assert host.read(CONTROL, 130) == b"\0"
    assert host.until("DPActivated", "3") >= 0
    assert host.read(STATUS, 202, 4) == bytes(4)


def test_the_change_of_module_state_is_flagged_on_entering_a_steady_state_only() -> None:
    host = Host(MODULE)
    host.read(LOWER_MEMORY, 8)
    host.write(LOWER_MEMORY, 26, 0x50)
    assert host.read(LOWER_MEMORY, 8) == b"\0"
    host.wait("1")
    assert host.read(LOWER_MEMORY, 8) == b"\x01"
    assert host.read(LOWER_MEMORY, 8) == b"\0"


def test_a_fault_is_left_by_a_reset_only() -> None:
    host = Host(MODULE)
    host.twin.fail_with(1)
    assert host.module_state() == "ModuleFault" and host.read(LOWER_MEMORY, 41) == b"\x01"
    host.write(LOWER_MEMORY, 26, 0x50)
    host.wait("5")
    assert host.module_state() == "ModuleFault"
    host.twin.reset()
    host.wait("5")
    assert host.module_state() == "ModuleReady"


# data paths

LEGAL = {
    "DPDeactivated": {"DPInit"},
    "DPInit": {"DPInitialized"},
    "DPInitialized": {"DPTxTurnOn", "DPDeinit"},
    "DPTxTurnOn": {"DPActivated"},
    "DPActivated": {"DPTxTurnOff"},
    "DPTxTurnOff": {"DPInitialized"},
    "DPDeinit": {"DPDeactivated"},
}
THROUGH = {"DPInitialized", "DPActivated", "DPDeactivated"}
"""States that a data path may only pass, without a poll that sees it."""


def legal(before: str, after: str) -> bool:
    """Whether one state follows from another, at once or past one that was not seen."""
    following = LEGAL[before]
    return after in following or any(after in LEGAL[one] for one in following & THROUGH)


ACTIONS = st.sampled_from(
    [
        (CONTROL, 128, 0x00),
        (CONTROL, 128, 0x0F),
        (CONTROL, 128, 0xFF),
        (CONTROL, 130, 0x00),
        (CONTROL, 130, 0x01),
        (CONTROL, 130, 0xFF),
        (CONTROL, 132, 0xF0),
        (CONTROL, 132, 0x00),
        (CONTROL, 143, 0xFF),
        (CONTROL, 143, 0x0F),
        (CONTROL, 145, 0x10),
        (CONTROL, 145, 0x20),
        (CONTROL, 146, 0xF0),
        (LOWER_MEMORY, 26, 0x50),
        (LOWER_MEMORY, 26, 0x40),
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(ACTIONS, st.integers(1, 40)), min_size=1, max_size=14))
def test_whatever_the_host_does_states_follow_in_order_and_last_no_longer_than_advertised(
    steps: list[tuple[tuple[Page, int, int], int]],
) -> None:
    host = Host(MODULE)
    before, since = host.states(), [host.clock.now()] * 8
    for (page, byte, value), polls in steps:
        host.write(page, byte, value)
        for _ in range(polls):
            now = host.states()
            for lane, (was, held) in enumerate(zip(before, now, strict=True)):
                if was != held:
                    assert legal(was, held), f"lane {lane + 1}: {was} to {held}"
                    since[lane] = host.clock.now()
                lasted = host.clock.now() - since[lane]
                assert lasted <= Decimal(LONGEST.get(held, "1e9")) + Decimal("0.01"), f"lane {lane + 1} in {held}"
            before = now
            host.wait("0.01")


def test_lanes_of_a_data_path_change_their_state_together() -> None:
    host = Host(MODULE)
    host.write(CONTROL, 128, 0x01)
    for _ in range(60):
        states = host.states()
        assert len(set(states[:4])) == 1 and set(states[4:]) == {"DPActivated"}
        host.wait("0.005")
    assert states[0] == "DPDeactivated"


def test_entering_a_resting_state_is_flagged_and_passing_through_others_is_not() -> None:
    host = Host(MODULE)
    host.write(CONTROL, 128, 0x0F)
    assert host.flags(134) == 0
    host.until("DPDeactivated", "1", slice(0, 4))
    assert host.flags(134) == 0x0F
    assert host.flags(134) == 0


def test_a_module_of_cmis_3_goes_from_init_to_activated() -> None:
    host = Host(replace(MODULE, revision="3.0"))
    host.write(CONTROL, 128, 0xFF)
    host.until("DPDeactivated", "0.2")
    host.write(CONTROL, 128, 0x00)
    seen: set[str] = set()
    for _ in range(200):
        seen.update(host.states())
        host.wait("0.005")
    assert seen == {"DPInit", "DPActivated"}


# light


def test_a_transmitter_that_is_disabled_is_dark_and_no_low_alarm_tells_of_it() -> None:
    host = Host(MODULE)
    host.clear()
    host.write(CONTROL, 130, 0x0F)
    host.until("DPInitialized", "0.2", slice(0, 4))
    assert host.read(STATUS, 133) == b"\xf0"
    assert host.read(STATUS, 154, 16) == bytes(8) + b"\x2e\xe0" * 4
    assert (host.flags(140), host.flags(142), host.flags(144)) == (0, 0, 0)
    host.write(CONTROL, 130, 0x00)
    host.until("DPActivated", "0.2")
    assert host.read(STATUS, 133) == b"\xff"


def test_one_lane_turned_off_leaves_the_data_path_activated_and_raises_its_alarm() -> None:
    host = Host(MODULE)
    host.clear()
    host.write(CONTROL, 130, 0x01)
    host.wait("1")
    assert set(host.states()) == {"DPActivated"}
    assert host.flags(140) == 0x01


def test_one_lane_turned_off_turns_off_all_where_the_module_cannot_tell_them_apart() -> None:
    host = Host(replace(MODULE, registers={"Page01": {"tx_disable_is_module_wide": True}}))
    host.write(CONTROL, 130, 0x01)
    host.until("DPInitialized", "0.2")
    assert host.read(STATUS, 133) == b"\0"


def test_a_forced_squelch_turns_the_data_path_off() -> None:
    host = Host(MODULE)
    host.write(CONTROL, 132, 0xF0)
    host.until("DPInitialized", "0.2", slice(4, 8))
    assert host.states()[:4] == ["DPActivated"] * 4


def test_flags_of_light_that_is_cut_stay_until_they_are_read_with_light_again() -> None:
    host = Host(MODULE)
    host.clear()
    host.twin.light(False)
    assert (host.flags(147), host.flags(148), host.flags(150)) == (0xFF, 0xFF, 0xFF)
    assert host.flags(147) == 0xFF  # the condition is still there
    assert host.read(STATUS, 186, 16) == bytes(16)
    assert host.read(STATUS, 132) == b"\0"
    host.twin.light(True)
    assert host.flags(147) == 0xFF
    assert host.flags(147) == 0


def test_flags_of_the_host_signal_are_raised_only_in_the_states_that_allow_them() -> None:
    host = Host(MODULE)
    host.write(CONTROL, 128, 0x0F)
    host.until("DPDeactivated", "0.5", slice(0, 4))
    host.clear()
    host.twin.host_signal(False)
    assert (host.flags(136), host.flags(137)) == (0xF0, 0xF0)
    assert host.read(STATUS, 133) == b"\0"


def test_a_flag_that_is_not_advertised_is_never_raised() -> None:
    host = Host(replace(MODULE, advertises=("tx_disable_supported",)))
    host.twin.light(False)
    host.twin.host_signal(False)
    assert (host.flags(136), host.flags(147)) == (0, 0)


def test_summary_and_interrupt_follow_flags_that_are_not_masked() -> None:
    host = Host(MODULE)
    host.clear()
    assert host.read(LOWER_MEMORY, 3, 2) == b"\x07\x00"
    host.twin.light(False)
    assert host.read(LOWER_MEMORY, 3, 2) == b"\x06\x01"
    for byte in (213 + 13, 213 + 14, 213 + 16, 213 + 18, 213 + 19):
        host.write(CONTROL, byte, 0xFF)
    assert host.read(LOWER_MEMORY, 3, 2) == b"\x07\x00"
    assert host.flags(147) == 0xFF  # masked, but latched


def test_monitors_swing_and_stay_within_a_part_in_a_hundred() -> None:
    host = Host(MODULE)
    seen = set()
    for _ in range(45):
        seen.add(int.from_bytes(host.read(STATUS, 186, 2)))
        host.wait("1")
    assert len(seen) > 10 and min(seen) >= 10890 and max(seen) <= 11110
    assert max(seen) > 11000 > min(seen)


def test_a_warm_module_raises_its_temperature_flags() -> None:
    host = Host(MODULE)
    host.clear()
    host.twin.warm(Decimal(27))
    assert host.read(LOWER_MEMORY, 9) == b"\x04"  # above the warning of 70 °C, below the alarm of 75 °C
    host.twin.warm(Decimal(-60))
    host.read(LOWER_MEMORY, 9)
    assert host.read(LOWER_MEMORY, 9) == b"\x0a"


# configuration

EIGHT = AdvertisedApplication(0x52, 0x56, 8, 8, 0x01, 0x01)
APPLICATIONS = (
    AdvertisedApplication(0x50, 0x1C, 4, 4, 0x11, 0x11),
    AdvertisedApplication(0x4C, 0x14, 1, 1, 0xFF, 0xFF),
    EIGHT,
)
CONFIGURABLE = replace(MODULE, applications=APPLICATIONS)


def lanes(*values: int) -> tuple[int, ...]:
    return values


APPLIES = [
    pytest.param(lanes(*[0x10] * 4, *[0x18] * 4), 0xFF, "11111111", id="what is there already is valid"),
    pytest.param(lanes(0x20, 0x22, 0x24, 0x26, *[0x18] * 4), 0x0F, "1111....", id="four lanes become four data paths"),
    pytest.param(lanes(*[0x30] * 8), 0xFF, "11111111", id="two data paths become one"),
    pytest.param(lanes(*[0x00] * 4, *[0x18] * 4), 0x0F, "1111....", id="lanes without an Application are unused"),
    pytest.param(lanes(*[0xF0] * 4, *[0x18] * 4), 0x0F, "3333....", id="no such Application"),
    pytest.param(lanes(*[0x12] * 4, *[0x18] * 4), 0x0F, "4444....", id="no instance starts on lane 2"),
    pytest.param(lanes(*[0x10] * 3, 0x18, *[0x18] * 4), 0x0F, "7774....", id="a lane outside its data path"),
    pytest.param(lanes(*[0x10] * 4, *[0x18] * 4), 0x03, "77......", id="half a data path"),
    pytest.param(lanes(*[0x20] * 8), 0xFF, "44444444", id="lanes that share an instance of one lane"),
    pytest.param(lanes(0x20, *[0x10] * 3, *[0x18] * 4), 0x01, "6.......", id="a lane that another data path uses"),
    pytest.param(lanes(0x20, *[0x10] * 3, *[0x18] * 4), 0x0F, "6777....", id="a lane out of a data path that stays"),
    pytest.param(lanes(*[0xF0] * 4, *[0x18] * 4), 0xFF, "33331111", id="each data path is judged by itself"),
]


@pytest.mark.parametrize(("staged", "applied", "expected"), APPLIES)
def test_what_becomes_of_an_apply(staged: tuple[int, ...], applied: int, expected: str) -> None:
    host = Host(replace(CONFIGURABLE, config_status=["ConfigUndefined"] * 8))
    before = host.read(STATUS, 206, 8)
    host.write(CONTROL, 145, *staged)
    host.write(CONTROL, 143, applied)
    busy = host.read(STATUS, 202, 4)
    host.wait("0.05")
    held = host.read(STATUS, 202, 4)
    nibbles = [held[lane // 2] >> 4 * (lane % 2) & 0xF for lane in range(8)]
    assert nibbles == [0 if one == "." else int(one) for one in expected]
    active = host.read(STATUS, 206, 8)
    for lane, status in enumerate(nibbles):
        assert active[lane] == (staged[lane] if status == 1 else before[lane]), f"lane {lane + 1}"
        assert (busy[lane // 2] >> 4 * (lane % 2) & 0xF == 0xC) is (status == 1)


def test_a_new_configuration_takes_the_old_data_paths_down_and_comes_up() -> None:
    host = Host(CONFIGURABLE)
    host.write(CONTROL, 145, *[0x30] * 8)
    host.write(CONTROL, 143, 0xFF)
    host.wait("0.03")
    assert host.read(STATUS, 235) == b"\xff"
    host.until("DPInit", "0.5")
    assert host.read(STATUS, 235) == b"\0"
    host.until("DPActivated", "1")
    host.write(CONTROL, 128, 0x80)
    host.until("DPDeactivated", "0.5")  # one data path of eight lanes now


def test_an_apply_while_the_data_path_moves_is_ignored_in_silence() -> None:
    host = Host(CONFIGURABLE)
    host.write(CONTROL, 128, 0x0F)
    assert host.states()[0] == "DPTxTurnOff"
    host.write(CONTROL, 145, *[0xF0] * 4)
    host.write(CONTROL, 143, 0x0F)
    host.wait("0.05")
    assert host.read(STATUS, 202, 4) == b"\x11\x11\x11\x11"
    assert host.read(STATUS, 206, 4) == b"\x10\x10\x10\x10"


def test_a_module_that_is_configured_step_by_step_only_refuses_lanes_that_are_up() -> None:
    host = Host(replace(CONFIGURABLE, registers={"Lower": {"stepped_config_only": True}}))
    host.write(CONTROL, 145, *[0x30] * 8)
    host.write(CONTROL, 143, 0xFF)
    host.wait("0.05")
    assert host.read(STATUS, 202, 4) == b"\x66" * 4
    host.write(CONTROL, 128, 0xFF)
    host.until("DPDeactivated", "0.5")
    host.write(CONTROL, 143, 0xFF)
    host.wait("0.05")
    assert host.read(STATUS, 202, 4) == b"\x11" * 4
    host.write(CONTROL, 128, 0x00)
    host.until("DPActivated", "1")


SIGNAL = {
    "Page01": {
        "rx_amplitude_supported": True,
        "rx_output_pre_supported": True,
        "rx_output_pre_max": "1.5",
        "rx_amplitude_1_supported": True,
    }
}
SIGNALS = [
    pytest.param(0x11, 0x33, 1, 0x33, id="explicit values within what is advertised become active"),
    pytest.param(0x11, 0x44, 5, 0x00, id="explicit values beyond it are invalid"),
    pytest.param(0x10, 0x44, 1, 0x00, id="values count only where control is explicit"),
]


@pytest.mark.parametrize(("config", "pre", "status", "active"), SIGNALS)
def test_signal_integrity_is_applied_with_explicit_control_only(
    config: int, pre: int, status: int, active: int
) -> None:
    host = Host(replace(CONFIGURABLE, registers=SIGNAL))
    host.write(CONTROL, 145, *[config] * 4)
    host.write(CONTROL, 162, pre, pre)
    host.write(CONTROL, 143, 0x0F)
    host.wait("0.05")
    assert host.read(STATUS, 202, 2) == bytes([status * 0x11]) * 2
    assert host.read(STATUS, 223, 4) == bytes([active, active, 0, 0])


def test_apply_immediate_changes_signal_integrity_and_no_state() -> None:
    host = Host(replace(CONFIGURABLE, registers=SIGNAL))
    host.write(CONTROL, 145, *[0x11] * 4)
    host.write(CONTROL, 162, 0x22, 0x22)
    host.write(CONTROL, 144, 0x0F)
    assert host.read(STATUS, 223, 2) == b"\x22\x22"
    assert set(host.states()) == {"DPActivated"}
    assert host.read(STATUS, 206, 1) == b"\x10"  # the rest of the lane's configuration stays


def test_apply_immediate_of_another_application_is_rejected() -> None:
    host = Host(CONFIGURABLE)
    host.write(CONTROL, 145, *[0x30] * 4)
    host.write(CONTROL, 144, 0x0F)
    assert host.read(STATUS, 202, 2) == b"\x22\x22"


def test_staged_set_1_configures_as_set_0_does_where_it_is_advertised() -> None:
    host = Host(replace(CONFIGURABLE, registers={"Page01": {"staged_set_1_supported": True}}))
    host.write(CONTROL, 180, *[0x30] * 8)
    host.write(CONTROL, 178, 0xFF)
    host.wait("0.05")
    assert host.read(STATUS, 206, 8) == b"\x30" * 8


def test_pages_read_by_their_registers_tell_the_same() -> None:
    host = Host(CONFIGURABLE)
    assert host.status(Page11.active_application) == ["1"] * 8


# banks


def sixteen_lanes() -> Host:
    built = family("1.6t-2xdr8-osfp-xd").build()
    assert isinstance(built, CmisImage)
    return Host(replace(built, durations=FAST))


def test_a_bank_of_lanes_moves_without_the_other() -> None:
    host = sixteen_lanes()
    host.write(Page(0x10, 1), 128, 0xFF)
    host.wait("1")
    assert host.read(Page(0x11, 1), 128, 4) == b"\x11" * 4
    assert host.read(STATUS, 128, 4) == b"\x44" * 4 and host.read(CONTROL, 128) == b"\0"
    assert host.read(LOWER_MEMORY, 4, 2) == b"\x00\x01"


def test_a_write_reaches_every_bank_where_that_is_asked_for() -> None:
    host = sixteen_lanes()
    host.twin.registers.set_byte(Page(0x01), 156, host.read(Page(0x01), 156)[0] | 0x80)
    host.twin.access = access(host.twin.views, host.twin.registers.image.memory("twin"))
    host.write(LOWER_MEMORY, 26, 0xC0)
    host.write(CONTROL, 128, 0x01)
    host.wait("1")
    assert host.read(Page(0x11, 1), 128) == host.read(STATUS, 128) == b"\x11"


# tuning

TUNING = Page(0x12)


def tunable() -> Host:
    built = family("400g-zr").build()
    assert isinstance(built, CmisImage)
    return Host(built)


def test_a_laser_that_is_lit_goes_to_its_channel_and_tells() -> None:
    host = tunable()
    grid, before = host.read(TUNING, 128)[0] >> 4, host.read(TUNING, 168, 4)
    channel = int.from_bytes(host.read(TUNING, 136, 2), signed=True) + (3 if grid == 7 else 1)
    host.write(TUNING, 136, *channel.to_bytes(2, signed=True))
    assert host.read(TUNING, 222) == b"\x03" and host.read(TUNING, 168, 4) == before
    host.wait("3")
    assert host.read(TUNING, 222) == b"\0" and host.read(TUNING, 230) == b"\x01"
    assert host.read(TUNING, 231) == b"\x01" and host.read(TUNING, 231) == b"\0"
    moved = int.from_bytes(host.read(TUNING, 168, 4)) - int.from_bytes(before)
    assert moved == {7: 75_000, 5: 100_000, 4: 50_000}[grid]


def test_a_laser_of_a_deactivated_data_path_is_on_its_channel_once_that_is_initialized() -> None:
    host = tunable()
    host.write(LANES_CONTROL, 128, 0xFF)
    host.until("DPDeactivated", "10")
    host.write(TUNING, 136, *host.read(TUNING, 136, 2))
    host.wait("5")
    assert host.read(TUNING, 231) == b"\0"  # the flag is not for this state (OIF-CMIS 6.3.3)
    host.write(LANES_CONTROL, 128, 0x00)
    host.until("DPActivated", "120")
    assert host.read(TUNING, 231) == b"\x01"


def test_a_channel_beyond_the_range_is_told_and_nothing_moves() -> None:
    host = tunable()
    before = host.read(TUNING, 168, 4)
    host.write(TUNING, 136, 0x7F, 0xFF)
    host.wait("5")
    assert host.read(TUNING, 231) == b"\x04" and host.read(TUNING, 168, 4) == before


KINDS: dict[str, Callable[[Image, SimulatedClock], ModuleTwin | Sff8636Twin | Sff8472Twin]] = {
    "cmis": ModuleTwin,
    "sff8636": Sff8636Twin,
    "sff8472": Sff8472Twin,
}
MODULES = [file for file in recorded("eeprom/*.json") if file.stem != "index"]


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_the_bytes_of_a_real_module_live_on_a_simulated_one(file: Path) -> None:
    memory = read_dump(file)
    image = Image({page: bytearray((held or b"").ljust(128, b"\0")) for page, held in memory.pages.items()})
    clock = SimulatedClock()
    twin = KINDS[transceiver(memory).management](image, clock)
    read = read_module(twin).memory
    for page in (Page(0x00), A0_LOWER):
        if memory.has(page) and len(memory.pages[page] or b"") == 128:
            assert read.pages[page] == memory.pages[page]
    acts: tuple[Callable[[], None], ...] = (lambda: twin.light(False), lambda: twin.host_signal(False), twin.reset)
    for act in acts:
        act()
        clock.wait(Decimal(5000))
        read_module(twin)
