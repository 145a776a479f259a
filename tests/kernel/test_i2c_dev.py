"""Our I2C transport on a real Linux: i2c-dev and i2c-stub as Debian builds them, and adapters of our own by CUSE."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.kernel.conftest import Scene

WAYS = {
    "I2C_RDWR": (128, 24),
    "I2C_RDWR of 32 bytes": (32, 90),
    "SMBus blocks": (32, 240),
    "SMBus bytes": (1, 400),
}
"""The longest read by way, and the most reads of a module whose pages are whole: 23 spans, of up to four blocks each;
SMBus blocks prove themselves on one page first, byte by byte."""


def test_the_guest_came_to_its_end(guest: tuple[dict[str, Any], str, Path]) -> None:
    _, console, share = guest
    assert "ended with status 0" in console, console[-4000:]
    assert not (share / "kernel").exists(), "the kernel took its own directory away"


def test_i2c_stub_gives_every_page_of_a_module(scene: Scene) -> None:
    found = scene("stub")
    assert found["found"] == found["image"]
    assert len(found["found"]) >= 20


def test_block_reads_that_ignore_the_page_are_found_out_and_noted(scene: Scene) -> None:
    assert scene("stub")["notes"] == [
        "/dev/i2c-0: block reads give another page than byte reads: upper memory is read byte by byte"
    ]


def test_the_journal_of_a_module_is_its_transactions(scene: Scene) -> None:
    wire = scene("stub")["wire"]
    assert wire[:5] == ["A0h:0+8", "A0h:126+2", "A0h:127=01", "A0h:248+8", "A0h:128+120"]
    assert wire[-2:] == ["A0h:127=00", "A0h:128+128"], "the page that was on show is on show again"


def test_an_address_without_a_device_does_not_acknowledge(scene: Scene) -> None:
    assert scene("stub")["other"] == "NoAcknowledge: /dev/i2c-0 at 0x51: no acknowledge (ENODEV)"


def test_an_address_that_a_kernel_driver_has_is_left_alone(scene: Scene) -> None:
    found = scene("stub_owned_by_a_driver")
    assert "the kernel driver at24 has 0x50" in found["refusal"]
    assert "eeproms of the device (/sys/bus/i2c/devices/0-0050/eeprom)" in found["refusal"]
    assert "force: true" in found["refusal"]


def test_with_force_it_is_read_beside_the_driver(scene: Scene) -> None:
    found = scene("stub_owned_by_a_driver")
    assert found["file"] == found["found"]["lower"] + found["found"]["00"]


def test_a_bus_that_is_missing_or_closed_to_us_is_said(scene: Scene) -> None:
    said = scene("no_such_bus")
    assert "No such file or directory: expected an I2C bus there; `modprobe i2c-dev`" in said["missing"]
    assert "expected an I2C bus, this is something else" in said["other"]
    assert "Permission denied: be in the group that owns it, usually i2c" in said["denied"]


@pytest.mark.parametrize("way", WAYS)
def test_a_module_reads_the_same_by_all_that_an_adapter_can_do(way: str, scene: Scene) -> None:
    one, (longest, most) = scene("adapters")[way], WAYS[way]
    assert one["found"] == {page: one["before"][page] for page in one["found"]}
    assert max(one["sizes"]) == longest and one["reads"] <= most
    if way != "SMBus bytes":  # of which only the identity was read
        assert set(one["found"]) == set(one["before"])


@pytest.mark.parametrize("way", WAYS)
def test_only_selections_reach_the_module_and_the_journal_has_each(way: str, scene: Scene) -> None:
    one = scene("adapters")[way]
    written = [f"A0h:127={raw[2:]}" for address, raw in one["written"] if address == 0x50 and raw.startswith("7f")]
    assert len(written) == len(one["written"])
    assert [sent for sent in one["wire"] if "=" in sent] == written


def test_an_adapter_that_takes_less_at_once_is_given_less_and_that_is_noted(scene: Scene) -> None:
    notes = {way: one["notes"] for way, one in scene("adapters").items()}
    assert notes.pop("I2C_RDWR of 32 bytes") == [
        "/dev/i2c-11: the adapter refuses I2C_RDWR, 128 bytes at once: Operation not supported; from now on I2C_RDWR, "
        "32 bytes at once"
    ]
    assert not any(notes.values())


@pytest.mark.parametrize("number", ["20", "21"], ids=["I2C_RDWR", "SMBus blocks"])
def test_bank_and_page_go_in_one_write(number: str, scene: Scene) -> None:
    one = scene("banks")[number]
    assert one["found"] == one["before"]
    assert {"0:11", "1:11"} <= set(one["found"])
    assert any(raw.startswith("7e01") and len(raw) == 6 for _, raw in one["written"])


def test_a_module_that_is_busy_after_each_change_of_page_is_read_whole(scene: Scene) -> None:
    assert scene("slow_pages") == {"missing": [], "pages": 20}


def test_an_sfp_answers_at_both_addresses(scene: Scene) -> None:
    one = scene("sfp")
    assert one["found"] == one["before"]
    assert set(one["found"]) == {"a0:lower", "a0:upper", "a2:lower", "a2:00"}


def test_no_module_is_told_from_a_bus_that_hangs(scene: Scene) -> None:
    found = scene("absent")
    assert found["absent"] == [None, "module absent: board1: /dev/i2c-32 at 0x50: no acknowledge (ENXIO)"]
    assert found["stuck"][0] is None and "module not read" in found["stuck"][1] and "ETIMEDOUT" in found["stuck"][1]
    assert found["lost"][0] is None and "arbitration was lost" in found["lost"][1]
    assert found["tried"] == 3, "a bus that hangs is not asked for every page"


def test_i2c_rdwr_too_leaves_alone_what_a_driver_has(scene: Scene) -> None:
    found = scene("owned")
    assert "a kernel driver has 0x50" in found["refusal"]
    assert found["arrived"] == "[]"


def test_refused_writes_never_arrive(scene: Scene) -> None:
    found = scene("guarded")
    assert all(words.startswith("TransportError: not sent: write of ") for words in found["refusals"])
    assert found["quiet"] == []
    assert found["arrived"] == [[0x50, "7f10"]], "the page alone, and no control of it"
    assert "say maintenance: true of it in lab.yaml line 3" in found["timed"]


def test_a_control_that_is_unlocked_arrives_and_is_in_the_journal(scene: Scene) -> None:
    found = scene("guarded")
    assert found["unlocked"] == [[0x50, "1a50"]]
    assert found["wire"][-1] == "A0h:26=50 (disturbs)"


def test_channels_of_muxes_lead_to_their_modules_and_are_off_afterwards(scene: Scene) -> None:
    serials = scene("mux")["serials"]
    assert serials["0x70/3"][0].strip() == "ONE"
    assert serials["0x70/5,0x71/0"][0].strip() == "TWO"
    assert serials["0x70/2"][0].startswith("module absent: ")
    assert all(one[2:] == [0, 0] for one in serials.values())


def test_every_byte_to_a_mux_is_in_the_journal(scene: Scene) -> None:
    _, wire, *_ = scene("mux")["serials"]["0x70/5,0x71/0"]
    once = ["0x70=20", "0x71=01", "0x71=00", "0x70=00"]
    assert wire[:4] == once, "it is tried when it is reached"
    assert [*wire[4:6], *wire[-2:]] == once and wire[6].startswith("A0h:0+8, ")


def test_a_mux_that_is_none_is_refused(scene: Scene) -> None:
    found = scene("mux")
    assert "was told 08h and shows 00h: expected a PCA9543" in found["broken"]
    assert "the mux /dev/i2c-35 at 0x70: no acknowledge" in found["gone"]
    assert "each of its channels is a bus" in found["kernel"]


def test_who_waits_for_a_bus_in_vain_is_told_who_has_it(scene: Scene) -> None:
    found = scene("two_processes")
    assert f"/dev/i2c-37 is held by process {found['pid']} (" in found["words"]
    assert "after 0.2 s: let it finish, or give more connect_timeout_s" in found["words"]
    assert 0.2 <= found["waited"] < 3


def test_two_processes_read_one_module_at_the_same_time_and_never_mix_its_pages(scene: Scene) -> None:
    found = scene("two_processes")
    assert all(found["alike"]) and min(found["reads"]) >= 2, "both read more than once while the other did"
