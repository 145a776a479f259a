"""Diagnostics, VDM and CDB of a simulated module, and modules with SFF-8636 and SFF-8472."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from harness.clock import SimulatedClock
from harness.decode.build import Cdb as CdbImage
from harness.decode.build import CmisImage, Firmware, Observed, Sff8472Image, Sff8636Image
from harness.decode.cmis import Page14Ber, cdb
from harness.decode.cmis.vdm import observations
from harness.decode.fields import f16
from harness.decode.memory import A2_LOWER, LOWER_MEMORY, Memory, Page
from harness.decode.reader import read_module
from harness.decode.transceiver import transceiver
from harness.errors import TransportError
from harness.reading import Reading
from harness.twin.module import ModuleTwin
from harness.twin.sff import Sff8472Twin, Sff8636Twin

from .host import Host

DIAGNOSTICS, RESULTS = Page(0x13), Page(0x14)
MEDIA_LOOP, HOST_LOOP = 180, 182
REPORTS = {
    "Page13": {
        "ber_supported": True,
        "counters_supported": True,
        "host_snr_supported": True,
        "media_snr_supported": True,
        "media_loopback_per_lane": True,
        "host_loopback_per_lane": True,
        "gating": "accurate to 2 ms",
    }
}
MODULE = CmisImage(revision="5.3", registers=REPORTS)


def shown(host: Host, selector: int, size: int = 64) -> bytes:
    """The window of page 14h for a selector."""
    host.write(RESULTS, 128, selector)
    host.wait("0.01")
    return b"".join(host.twin.read(0xA0, byte, 8) for byte in range(192, 192 + size, 8))


def bers(host: Host, first: int) -> list[Decimal]:
    window = shown(host, 1)
    return [f16(int.from_bytes(window[first + 2 * lane :][:2], "little")) for lane in range(8)]


def test_a_checker_finds_the_pattern_of_its_generator_over_a_loop() -> None:
    host = Host(MODULE)
    host.write(DIAGNOSTICS, MEDIA_LOOP, 0xFF)
    host.write(DIAGNOSTICS, 152, 0xFF)
    host.write(DIAGNOSTICS, 168, 0xFF)
    assert bers(host, 16) == [Decimal(0)] * 8
    host.wait("1")
    window = shown(host, 4)
    errors, count = int.from_bytes(window[:8], "little"), int.from_bytes(window[8:16], "little")
    assert errors == 0 and count > 10**11 and not count & 1
    host.read(RESULTS, 138, 2)
    assert host.read(RESULTS, 138, 2) == b"\0\0"


NO_PATTERN = [
    pytest.param({MEDIA_LOOP: 0}, id="nothing leads back"),
    pytest.param({152: 0}, id="nothing is generated"),
    pytest.param({156: 0x22}, id="the patterns differ"),
]


@pytest.mark.parametrize("changes", NO_PATTERN)
def test_a_checker_without_its_pattern_says_so_and_counts_nothing(changes: dict[int, int]) -> None:
    host = Host(MODULE)
    for byte, value in {MEDIA_LOOP: 0xFF, 152: 0xFF, 168: 0x01, **changes}.items():
        host.write(DIAGNOSTICS, byte, value)
    assert bers(host, 16)[:2] == [Decimal("0.5"), Decimal(0)]  # lane 2 has no checker
    assert shown(host, 4)[:16] == bytes(8) + b"\x01" + bytes(7)
    assert host.read(RESULTS, 139) == b"\x01"


def test_the_window_shows_the_old_results_until_the_selector_has_taken_effect() -> None:
    host = Host(MODULE)
    host.write(DIAGNOSTICS, MEDIA_LOOP, 0xFF, 0, 0xFF)
    host.write(DIAGNOSTICS, 152, 0xFF)
    host.write(DIAGNOSTICS, 168, 0xFF)
    host.wait("1")
    counts = shown(host, 4)
    host.write(RESULTS, 128, 6)
    assert host.twin.read(0xA0, 200, 8) != bytes(8)
    host.wait("0.01")
    assert host.twin.read(0xA0, 240, 8) == (22 * 256).to_bytes(2, "little") * 4
    assert counts[8:16] != bytes(8)


def test_a_fiber_that_leads_back_has_few_errors_and_none_without_light() -> None:
    host = Host(MODULE)
    host.twin.loop_fiber(True)
    host.write(DIAGNOSTICS, 152, 0xFF)
    host.write(DIAGNOSTICS, 168, 0xFF)
    assert bers(host, 16) == [Decimal("1e-9")] * 8
    host.twin.light(False)
    assert bers(host, 16) == [Decimal("0.5")] * 8


def test_a_gate_keeps_its_results_and_flags_that_it_is_done() -> None:
    host = Host(MODULE)
    host.write(DIAGNOSTICS, 177, 0x02)  # five seconds
    host.write(DIAGNOSTICS, HOST_LOOP, 0xFF)
    host.write(DIAGNOSTICS, 144, 0xFF)
    host.write(DIAGNOSTICS, 160, 0x0F)
    host.wait("4.9")
    assert host.read(RESULTS, 134) == b"\0" and shown(host, 0x12) == bytes(64)
    host.wait("3")
    assert host.read(RESULTS, 134) == b"\x0f"
    window = shown(host, 0x12)
    assert int.from_bytes(window[8:16], "little") == 5 * 106_250_000_000


def test_a_loopback_that_the_module_does_not_have_cannot_be_turned_on() -> None:
    host = Host(replace(MODULE, registers={"Page13": {"media_input_loopback_supported": False}}))
    host.write(DIAGNOSTICS, 181, 0xFF)
    assert host.read(DIAGNOSTICS, 181) == b"\0" and host.twin.refused


def test_the_window_decodes_as_its_selector_says() -> None:
    host = Host(MODULE)
    host.write(DIAGNOSTICS, MEDIA_LOOP, 0xFF)
    host.write(DIAGNOSTICS, 168, 0xFF)
    shown(host, 1)
    memory = read_module(host.twin).memory
    assert [one.value for one in Page14Ber(memory).media_ber if isinstance(one, Reading)] == [Decimal("0.5")] * 8


# VDM

OBSERVED = (
    Observed(5, 1, "22", ("40", "17", "38", "19")),
    Observed(9, 1, "1e-8", ("2.4e-4", "0", "2.4e-5", "0")),
    Observed(11, 1, "3e-8", ("2.4e-4", "0", "2.4e-5", "0")),
    Observed(15, 1, "2e-8", ("2.4e-4", "0", "2.4e-5", "0")),
    Observed(4, 0, "50", ("80", "0", "75", "5")),
)
WITH_VDM = CmisImage(revision="5.3", vdm=OBSERVED, advertises=("vdm_supported", "tx_disable_supported", "rx_los_flag"))
CONTROL_OF_VDM, SAMPLES, FLAGS_OF_VDM = Page(0x2F), Page(0x24), Page(0x2C)


def samples(host: Host) -> tuple[Decimal, ...]:
    memory = read_module(host.twin).memory
    found = observations(memory).found
    assert isinstance(found, Reading)
    return tuple(one.sample.value for one in found.value if isinstance(one.sample, Reading))


def test_samples_move_and_the_current_one_stays_between_minimum_and_maximum() -> None:
    host = Host(WITH_VDM)
    first = samples(host)
    moved = set()
    for _ in range(45):
        host.wait("1")
        _, low, high, now, _ = samples(host)
        assert low <= now <= high
        moved.add(now)
    assert len(moved) > 10 and first[3] == Decimal("2e-8")


def test_a_freeze_holds_the_samples_and_is_done_after_its_time() -> None:
    host = Host(WITH_VDM)
    host.wait("3")
    host.write(CONTROL_OF_VDM, 144, 0x80)
    assert host.read(CONTROL_OF_VDM, 145) == b"\0"
    host.wait("0.5")
    assert host.read(CONTROL_OF_VDM, 145) == b"\x80"
    held = samples(host)
    host.wait("7")
    assert samples(host) == held
    host.write(CONTROL_OF_VDM, 144, 0x00)
    host.wait("0.5")
    assert host.read(CONTROL_OF_VDM, 145) == b"\x40"
    assert samples(host) != held


def test_flags_of_vdm_follow_the_thresholds_and_the_light() -> None:
    host = Host(WITH_VDM)
    host.read(FLAGS_OF_VDM, 128, 8)
    assert host.read(FLAGS_OF_VDM, 128, 3) == bytes(3)
    host.twin.light(False)
    assert host.read(FLAGS_OF_VDM, 128, 3) == b"\x0a\x55\x00"
    assert host.read(LOWER_MEMORY, 4)[0] & 0x08 == 0x08
    host.twin.light(True)
    host.read(FLAGS_OF_VDM, 128, 3)
    # statistics keep what they saw until they are started again
    assert host.read(FLAGS_OF_VDM, 128, 3) == b"\x00\x05\x00"
    host.write(CONTROL_OF_VDM, 144, 0x80)
    host.wait("1")
    host.write(CONTROL_OF_VDM, 144, 0x00)
    host.wait("1")
    host.read(FLAGS_OF_VDM, 128, 3)
    assert host.read(FLAGS_OF_VDM, 128, 3) == bytes(3)


# CDB

WITH_CDB = CmisImage(
    revision="5.3",
    cdb=CdbImage(a=Firmware("2.7", 3), b=Firmware("2.6", 1)),
    registers={"Page01": {"cdb_background": True}},
)
MESSAGE = Page(0x9F)


def ask(host: Host, command: int, payload: bytes = b"", check: int | None = None) -> int:
    """Send a command and wait for it; its status."""
    page = bytearray(cdb.query(command, payload))
    if check is not None:
        page[5] = check
    for byte, raw in cdb.writes(bytes(page)):
        for start in range(0, len(raw), 8):
            host.write(MESSAGE, byte + start, *raw[start : start + 8])
    assert host.read(LOWER_MEMORY, 37)[0] & 0x80
    host.wait("0.1")
    return host.read(LOWER_MEMORY, 37)[0]


COMMANDS = [
    pytest.param(0x0000, b"\0\0", None, 0x01, id="query status is done"),
    pytest.param(0x0040, b"", None, 0x01, id="module features is done"),
    pytest.param(0x0041, b"", None, 0x01, id="firmware features is done"),
    pytest.param(0x0100, b"", None, 0x01, id="firmware info is done"),
    pytest.param(0x0001, b"\0\0\x10\x11", None, 0x01, id="the default password is taken"),
    pytest.param(0x0001, b"\0\0\0\0", None, 0x46, id="a wrong password is refused"),
    pytest.param(0x0001, b"\0", None, 0x42, id="a password of one byte is a wrong parameter"),
    pytest.param(0x0040, b"", 0x00, 0x45, id="a wrong check code is told"),
    pytest.param(0x7FFF, b"", None, 0x41, id="an unknown command is told"),
]


@pytest.mark.parametrize(("command", "payload", "check", "status"), COMMANDS)
def test_what_becomes_of_a_command(command: int, payload: bytes, check: int | None, status: int) -> None:
    host = Host(WITH_CDB)
    host.read(LOWER_MEMORY, 8)
    assert ask(host, command, payload, check) == status
    assert host.read(LOWER_MEMORY, 8) == b"\x40"
    assert host.read(LOWER_MEMORY, 8) == b"\0"


def test_a_reply_decodes_with_its_check_code() -> None:
    host = Host(WITH_CDB)
    ask(host, 0x0100)
    message = cdb.message(read_module(host.twin).memory)
    assert isinstance(message.reply, Reading) and isinstance(message.reply.value, cdb.FirmwareInfo)
    running = message.reply.value.running_version
    assert isinstance(running, Reading) and running.value == "2.7.3"


def test_a_command_in_the_foreground_keeps_the_module_from_answering() -> None:
    host = Host(replace(WITH_CDB, registers={"Page01": {"cdb_background": False}}, cdb=CdbImage(background=False)))
    for byte, raw in cdb.writes(cdb.query(0x0040)):
        host.write(MESSAGE, byte, *raw)
    with pytest.raises(TransportError):
        host.read(LOWER_MEMORY, 37)
    host.wait("0.1")
    assert host.read(LOWER_MEMORY, 37) == b"\x01"


def test_firmware_is_that_of_lower_memory_where_nothing_else_is_said() -> None:
    image = replace(WITH_CDB, firmware_active="4.2").image()
    host = Host(WITH_CDB)
    host.twin = ModuleTwin(image, host.clock)
    ask(host, 0x0100)
    reply = cdb.message(read_module(host.twin).memory).reply
    assert isinstance(reply, Reading) and isinstance(reply.value, cdb.FirmwareInfo)
    assert reply.value.running_version.value == "4.2.0"  # type: ignore[union-attr]


# SFF-8636 and SFF-8472

LIMITS = {
    "temperature_c": ("75", "-5", "70", "0"),
    "vcc_v": ("3.63", "2.97", "3.465", "3.135"),
    "tx_power_mw": ("3", "0.1", "2.5", "0.2"),
    "rx_power_mw": ("3", "0.1", "2.5", "0.2"),
    "tx_bias_ma": ("12", "2", "11", "3"),
}


def qsfp() -> Sff8636Twin:
    return Sff8636Twin(Sff8636Image(thresholds=LIMITS), SimulatedClock())


def sfp() -> Sff8472Twin:
    return Sff8472Twin(Sff8472Image(thresholds=LIMITS), SimulatedClock())


def test_a_qsfp_is_dark_on_lanes_that_are_disabled_and_raises_no_alarm_for_them() -> None:
    twin = qsfp()
    twin.write(0xA0, 86, b"\x05")
    module = transceiver(read_module(twin).memory)
    assert [one.value for one in module.tx_power if isinstance(one, Reading)] == [
        Decimal(0),
        Decimal("0.9"),
        Decimal(0),
        Decimal("0.9"),
    ]
    assert not any(one.value for one in module.flags["tx_power_low_alarm"] if isinstance(one, Reading))


def test_a_qsfp_latches_the_loss_of_light_until_it_is_read() -> None:
    twin = qsfp()
    assert twin.read(0xA0, 2, 1)[0] & 0x02  # no interrupt
    twin.light(False)
    assert not twin.read(0xA0, 2, 1)[0] & 0x02
    twin.light(True)
    assert twin.read(0xA0, 3, 1) == b"\x0f"
    assert twin.read(0xA0, 3, 1) == b"\x00"
    assert twin.read(0xA0, 9, 2) == b"\x55\x55"  # low alarm and low warning of all four lanes
    twin.light(False)
    for byte, mask in ((100, b"\x0f"), (102, b"\x0f")):
        twin.write(0xA0, byte, mask)
    twin.write(0xA0, 127, b"\x03")
    twin.write(0xA0, 242, b"\xff\xff")
    assert twin.read(0xA0, 2, 1)[0] & 0x02


def test_a_qsfp_in_low_power_sends_no_light() -> None:
    twin = qsfp()
    twin.write(0xA0, 93, b"\x03")
    assert twin.read(0xA0, 50, 8) == bytes(8)
    twin.write(0xA0, 93, b"\x01")
    assert twin.read(0xA0, 50, 8) != bytes(8)


def test_a_qsfp_reverts_to_page_00h_and_starts_over_after_a_reset() -> None:
    twin = qsfp()
    twin.write(0xA0, 127, b"\x20")
    assert twin.read(0xA0, 127, 1) == b"\0"
    twin.write(0xA0, 86, b"\x0f")
    twin.reset()
    with pytest.raises(TransportError):
        twin.read(0xA0, 0, 1)
    twin.clock.wait(Decimal(2))
    assert twin.read(0xA0, 86, 1) == b"\0"


def test_an_sfp_answers_at_a2h_where_it_has_diagnostics() -> None:
    assert sfp().read(0xA2, 96, 2) == b"\x23\x00"
    with pytest.raises(TransportError):
        Sff8472Twin(Sff8472Image(diagnostics=False), SimulatedClock()).read(0xA2, 96, 2)


def test_an_sfp_is_dark_while_disabled_and_tells_of_light_as_it_is() -> None:
    twin = sfp()
    assert twin.read(0xA2, 112, 6) == bytes(6)
    twin.write(0xA2, 110, b"\xff")
    assert twin.read(0xA2, 110, 1) == b"\x40"  # the other bits are the module's own
    assert twin.read(0xA2, 100, 4) == bytes(4)
    assert twin.read(0xA2, 112, 6) == b"\x05\x00\x00\x00\x05\x00"
    twin.write(0xA2, 110, b"\x00")
    twin.light(False)
    assert twin.read(0xA2, 110, 1) == b"\x02" and twin.read(0xA2, 113, 1) == b"\x40"
    twin.light(True)
    assert twin.read(0xA2, 110, 8)[0] == 0 and twin.read(0xA2, 113, 1) == b"\x00"


def test_an_sfp_reads_as_its_memory_does() -> None:
    held = Sff8472Image(thresholds=LIMITS).memory("module")
    assert read_module(sfp()).memory.pages == held.pages
    assert isinstance(held, Memory) and held.has(A2_LOWER)
