"""What simulated devices answer: understood by the parsers, and in the shapes of the recordings."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harness.drivers.answers import parse, shape
from harness.simlab.fixture import asks
from harness.simlab.systems import linux, sonic
from harness.simlab.world import SAMPLE_SECONDS, Device, World
from tests.recordings import REPOSITORY

README = REPOSITORY / "fixtures" / "README.md"
SAID_OF_A_PAGE_THAT_IS_NOT_THERE = "Error: Failed to read EEPROM for page 13h"


def general(command: str) -> str:
    """A command as the README names it: without what differs from device to device."""
    if command.startswith("cat "):
        return f"cat {command.rpartition('/')[2]}"
    if command.startswith("ethtool -m ") and " hex on" in command:
        command = command.partition(" hex on")[0] + " hex on"
    command = re.sub(r"(eeprom-hexdump -n) 0x[0-9a-f]+", r"\1 PAGE", command)
    return re.sub(r"\bmlx5_\d+", "mlx5_N", re.sub(r"\beth\d+", "ethN", command))


def listed(heading: str) -> dict[str, str]:
    """The rows of a table of the README."""
    text = README.read_text("utf-8")
    section = text[text.index(heading) :].split("\n\n| command")[1].split("\n\n")[0]
    return {row[1]: row[2] for row in re.findall(r"^(\| `([^`]+)` \| (.+) \|)$", section, re.M)}


PROVED, UNPROVED = listed("## How far"), listed("### UNPROVED")


def text_of(world: World, device: Device, command: str, sample: int = 1) -> str | None:
    try:
        answer = sonic.answer if device.plan.kind == "switch" else linux.answer
        return answer(world, device, command, (sample - 1) * SAMPLE_SECONDS)
    except linux.Refused:
        return None


def test_every_command_is_proved_or_listed_as_unproved(world: World) -> None:
    asked = {general(ask.text) for device in world.devices.values() for ask in asks(device)}
    assert not PROVED.keys() & UNPROVED.keys()
    assert asked == PROVED.keys() | UNPROVED.keys()


@pytest.mark.parametrize("name", ["leaf1", "leaf2", "spine1", "gpu1", "gpu4"])
def test_the_parsers_know_every_line(world: World, name: str) -> None:
    device = world.devices[name]
    nos = device.plan.nos
    for ask in asks(device):
        text = text_of(world, device, ask.text, ask.sample)
        if text is not None:
            strangers = [line.text for line in parse(nos, ask.text, text).unparsed]
            assert not [line for line in strangers if not line.startswith(SAID_OF_A_PAGE_THAT_IS_NOT_THERE)], str(ask)


def test_a_command_that_a_device_does_not_know_has_no_answer(world: World) -> None:
    assert sonic.answer(world, world.devices["leaf1"], "show clock") is None
    assert linux.answer(world, world.devices["gpu1"], "ethtool -k eth0") is None


ROW = re.compile(
    r"Ethernet# gpu# |head eth# mgmt-sw|head \| Ethernet# |Ethernet# .*(Up|Down) |>?Ethernet#:|xSFP module # Temp "
)
"""What looks like a label or a head and is a row: addresses, times, queues have colons; drawn rows have rules."""

TABULAR = [name for name in PROVED if not name.startswith(("cat ", "sonic-cfggen"))]


@pytest.mark.parametrize("command", TABULAR)
@pytest.mark.parametrize("switch", ["leaf1", "spine1"])
def test_an_answer_has_no_line_that_recordings_do_not_have(
    world: World, recordings: Path, switch: str, command: str
) -> None:
    recorded: set[str] = set()
    for folder in PROVED[command].split(", "):
        for file in sorted((recordings / "cli" / "sonic" / folder).glob("*.txt")):
            recorded |= shape("sonic", command, file.read_text("utf-8"))
    assert recorded
    text = text_of(world, world.devices[switch], command)
    assert text is not None
    assert not {one for one in shape("sonic", command, text) - recorded if not ROW.match(one)}


@pytest.mark.parametrize("switch", ["leaf1", "spine1"])
def test_platform_files_have_the_members_and_modes_of_the_recorded_platform(
    world: World, recordings: Path, switch: str
) -> None:
    device = world.devices[switch]
    folder = recordings / "sonic_platform" / str(device.plan.platform)
    real = json.loads((folder / "platform.json").read_text("utf-8"))
    made = json.loads(sonic.platform_json(device))
    assert made.keys() <= real.keys()
    assert made["chassis"].keys() <= real["chassis"].keys()
    assert made["interfaces"].keys() == real["interfaces"].keys()
    for port, row in made["interfaces"].items():
        assert row.keys() == real["interfaces"][port].keys()
        assert row["index"] == real["interfaces"][port]["index"]
        if row["lanes"].count(",") == 7:
            assert row["breakout_modes"] == real["interfaces"][port]["breakout_modes"], port
    files = [json.loads(file.read_text("utf-8")) for file in (recordings / "sonic_platform").glob("*/*/hwsku.json")]
    members = {member for file in files for row in file["interfaces"].values() for member in row}
    assert {m for row in json.loads(sonic.hwsku_json(device))["interfaces"].values() for m in row} <= members


def test_config_db_has_the_tables_and_fields_of_recorded_ones(world: World, recordings: Path) -> None:
    real: dict[str, set[str]] = {
        "BREAKOUT_CFG": {"brkout_mode"},
        "SWITCH_HASH": {"ecmp_hash", "ecmp_hash_algorithm"},  # recorded one level deeper, in the sample of the models
        "ARS_INTERFACES": {"scaling_factor"},  # of the design document: no recording has adaptive routing
        "ARS_OBJECT": {"assign_mode", "flowlet_idle_time", "max_flows"},
        "ARS_PROFILE": {
            "algorithm", "ars_nhg_path_selector_mode", "default_ars_object", "ipv4_enable", "ipv6_enable", "max_flows",
            "sampling_interval",
        },
    }  # fmt: skip
    for folder in ("config_db", "rendered"):
        for file in (recordings / "sonic_config" / folder).glob("*.json"):
            for table, rows in json.loads(file.read_text("utf-8")).items():
                if not isinstance(rows, dict):
                    continue
                name, flat, _ = table.partition("|")
                for row in (rows.get("value", rows),) if flat else rows.values():
                    if isinstance(row, dict):
                        real.setdefault(name, set()).update(row)
    made = json.loads(sonic.config(world, world.devices["leaf1"], 1))
    for table, rows in made.items():
        assert table in real, table
        fields = {field for row in rows.values() for field in row}
        assert {f for f in fields if not f.isdecimal() and not f.startswith("Ethernet")} <= real[table], table


def test_a_dump_has_a_block_for_every_port_and_no_page_13h(world: World) -> None:
    text = sonic.eeprom(world.devices["leaf1"])
    assert text.count("EEPROM hexdump for port ") == len(world.devices["leaf1"].ports)
    assert "Upper page 11h" in text
    assert "Upper page 13h" not in text
    assert "Upper page 13h" in sonic.eeprom(world.devices["leaf1"], 0x13)


def test_a_passive_cable_answers_lower_memory_and_page_00h_alone(world: World) -> None:
    host = world.devices["gpu1"]
    page = "ethtool -m eth0 hex on page 0x{:02x} bank 0x0 offset 0x80 length 0x80"
    assert linux.answer(world, host, page.format(0))
    with pytest.raises(linux.Refused, match="netlink error"):
        linux.answer(world, host, page.format(1))
