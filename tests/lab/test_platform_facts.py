"""Platforms out of a lab's own facts and out of device files: cages, names, modes, each with its source."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.errors import LabError
from harness.lab.inventory import CagePlan, Lab
from harness.lab.load import load
from harness.reading import Missing, Reading, Source
from harness.units import Unit
from harness.verdict import Standing

Write = Callable[..., Path]

LAB = """\
name: small
profile: profile.toml
devices:
  leaf1:
    platform: x86_64-box-r0
    every_cage: {mode: 2x400G}
    cages: {1: {}, Ethernet8: {mode: 1x800G}}
"""
EOS = """\
name: small
profile: profile.toml
platform_facts:
  DCS-7060X6-64PE-F:
    source: data sheet of 2025-03
    by: A. Person
    asic: Tomahawk 5
    cages:
      1-4: {modes: ["1x800G[400G]", 2x400G], watts: 25, form_factor: OSFP-RHS}
      5: {source: seen on the bench, by: B. Person, lanes: 4}
devices:
  leaf1: {platform: DCS-7060X6-64PE, nos: eos, every_cage: {mode: 2x400G}, cages: {1: {}, 6: {}}}
  leaf2: {platform: DCS-7060X6-64PE, nos: eos, cages: {5: {mode: 4x100G}}}
"""
CAGES = {
    "Ethernet0": {
        "index": "1,1,1,1,1,1,1,1", "lanes": "0,1,2,3,4,5,6,7",
        "breakout_modes": {"1x800G[400G]": ["etp1"], "2x400G": ["etp1a", "etp1b"], "1x100G(4)": ["etp1"]},
    },
    "Ethernet8": {"index": "2,2,2,2", "lanes": "8,9,10,11", "breakout_modes": {"1x400G": ["etp2"]}},
}  # fmt: skip


@pytest.fixture
def device_tree(lab_file: Write) -> Path:
    """The device files of one platform, below its vendor, beside the lab file."""
    home = Path("device/box/x86_64-box-r0")
    home.mkdir(parents=True)
    (home / "platform.json").write_text(json.dumps({"interfaces": CAGES}, indent=1), encoding="utf-8")
    return home


def cage(lab: Lab, device: str, name: str) -> CagePlan:
    return next(one for one in lab.devices[device].cages if one.name == name)


def written(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


FILES = ("devices:\n", "device_files: device\ndevices:\n")


# --- device files -------------------------------------------------------------------------------------------------


def test_cages_and_names_come_from_the_device_files(lab_file: Write, device_tree: Path) -> None:
    lab = load(lab_file(written(LAB, FILES, ("{mode: 1x800G}", "{mode: 1x400G}"))))
    assert [(port.name, port.cage, port.lanes) for port in lab.devices["leaf1"].ports] == [
        ("Ethernet0", "1", (1, 2, 3, 4)), ("Ethernet4", "1", (5, 6, 7, 8)), ("Ethernet8", "2", (1, 2, 3, 4)),
    ]  # fmt: skip


def test_modes_come_from_the_device_files_with_their_line(lab_file: Write, device_tree: Path) -> None:
    lab = load(lab_file(written(LAB, FILES, ("{mode: 1x800G}", "{mode: 1x400G}"))))
    facts = cage(lab, "leaf1", "1").facts
    assert facts is not None
    assert facts.modes == Reading(
        frozenset({"1x800G", "1x400G", "2x400G", "1x100G(4)"}),
        Source("device files of x86_64-box-r0", "platform.json line 3"),
    )
    assert facts.standing is Standing.DATASHEET
    assert isinstance(facts.watts, Missing)
    assert isinstance(facts.form_factor, Missing)


@pytest.mark.parametrize("place", ["device", "device/box", "device/box/x86_64-box-r0"])
def test_the_platform_may_be_at_the_directory_or_below(place: str, lab_file: Write, device_tree: Path) -> None:
    lab = load(lab_file(written(LAB, ("devices:\n", f"device_files: {place}\ndevices:\n"), ("1x800G", "1x400G"))))
    assert len(lab.devices["leaf1"].ports) == 3


def test_a_device_may_have_a_directory_of_its_own(lab_file: Write, device_tree: Path) -> None:
    own = ("    every_cage", "    device_files: device/box\n    every_cage")
    lab = load(lab_file(written(LAB, own, ("1x800G", "1x400G"))))
    assert cage(lab, "leaf1", "2").facts is not None


def test_device_files_go_before_the_table(lab_file: Write, device_tree: Path) -> None:
    device_tree.rename(device_tree.with_name("x86_64-arista_7060x6_64pe"))
    text = written(LAB, FILES, ("x86_64-box-r0", "x86_64-arista_7060x6_64pe"))
    with pytest.raises(LabError, match=r"lab\.yaml:8: leaf1:Ethernet8: 800 Gb/s on 4 lanes is 200 Gb/s each"):
        load(lab_file(text))


def test_a_lab_that_extends_another_may_name_ports_by_its_device_files(lab_file: Write, device_tree: Path) -> None:
    lab_file(written(LAB, FILES, ("{mode: 1x800G}", "{mode: 1x400G}")))
    Path("over.yaml").write_text(
        "extends: lab.yaml\nname: over\ndevices: {leaf1: {cages: {2: {mode: 1x400G, fec: none}}}}\n", encoding="utf-8"
    )
    lab = load(Path("over.yaml"))
    assert [(port.name, port.fec) for port in cage(lab, "leaf1", "2").ports] == [("Ethernet8", "none")]


def test_other_platforms_are_in_the_table_still(lab_file: Write, device_tree: Path) -> None:
    lab = load(lab_file(written(LAB, FILES, ("x86_64-box-r0", "x86_64-nvidia_sn5600-r0"))))
    assert [port.name for port in lab.devices["leaf1"].ports] == ["Ethernet0", "Ethernet4", "Ethernet8"]
    assert cage(lab, "leaf1", "1").facts is None


def test_ports_of_a_hwsku_make_the_cages_where_platform_json_has_none(lab_file: Write, device_tree: Path) -> None:
    (device_tree / "platform.json").write_text('{"chassis": {"name": "Box"}, "interfaces": {}}', encoding="utf-8")
    (device_tree / "Box-1").mkdir()
    (device_tree / "Box-1" / "port_config.ini").write_text(
        "# name lanes alias index speed\n"
        "Ethernet0 0,1,2,3,4,5,6,7 a 1 800000\nEthernet8 8,9,10,11,12,13,14,15 b 2 800000\n",
        encoding="utf-8",
    )
    lab = load(lab_file(written(LAB, FILES)))
    assert [port.name for port in lab.devices["leaf1"].ports] == ["Ethernet0", "Ethernet4", "Ethernet8"]
    facts = cage(lab, "leaf1", "1").facts
    assert facts is not None
    assert isinstance(facts.modes, Missing)


BAD_FILES: Mapping[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "a directory that is not there": (
        (("devices:\n", "device_files: nowhere\ndevices:\n"),),
        "lab.yaml:3: device_files nowhere: no such directory",
    ),
    "a device's own directory without its platform": (
        (
            ("    every_cage", "    device_files: device\n    every_cage"),
            ("x86_64-box-r0", "x86_64-arista_7060x6_64pe"),
        ),
        "lab.yaml:6: leaf1: device_files device: no platform x86_64-arista_7060x6_64pe in it",
    ),
    "a cage that the files have not": (
        (FILES, ("{1: {}, Ethernet8: {mode: 1x800G}}", "{3: {}}")),
        "lab.yaml:8: leaf1: cage 3: x86_64-box-r0 has 2 cages, 1 to 2",
    ),
    "a port that the files have not": (
        (FILES, ("Ethernet8: {mode: 1x800G}", "Ethernet4: {}")),
        "lab.yaml:8: leaf1: port Ethernet4: no cage of x86_64-box-r0 begins with it",
    ),
    "a speed that the cage's lanes cannot carry": (
        (FILES,),
        "lab.yaml:8: leaf1:Ethernet8: 800 Gb/s on 4 lanes is 200 Gb/s each; a lane of this cage carries at most 100",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_what_device_files_cannot_give(
    changes: tuple[tuple[str, str], ...], message: str, lab_file: Write, device_tree: Path
) -> None:
    with pytest.raises(LabError) as wrong:
        load(lab_file(written(LAB, *changes)))
    assert str(wrong.value).startswith(message)


def test_a_file_that_cannot_be_read_is_said_with_both_lines(lab_file: Write, device_tree: Path) -> None:
    (device_tree / "platform.json").write_text('{"interfaces": {\n', encoding="utf-8")
    with pytest.raises(LabError) as wrong:
        load(lab_file(written(LAB, FILES)))
    assert str(wrong.value).startswith("lab.yaml:3: leaf1: device_files: platform.json:2: not JSON")


def test_files_of_the_recordings_make_a_lab(lab_file: Write, recordings: Path) -> None:
    text = written(
        LAB, ("devices:\n", f"device_files: {recordings / 'sonic_platform'}\ndevices:\n"),
        ("x86_64-box-r0", "x86_64-nvidia_sn5640-r0"), ("{1: {}, Ethernet8: {mode: 1x800G}}", "{1-64: {}}"),
    )  # fmt: skip
    lab = load(lab_file(text))
    assert len(lab.devices["leaf1"].ports) == 128
    facts = cage(lab, "leaf1", "64").facts
    assert facts is not None
    assert isinstance(facts.modes, Reading)
    assert {"2x400G", "8x100G", "1x400G(4)+4x100G(4)"} <= facts.modes.value


# --- the lab's own facts ------------------------------------------------------------------------------------------


def test_facts_are_quoted_with_line_source_and_person(lab_file: Write) -> None:
    lab = load(lab_file(EOS))
    facts = cage(lab, "leaf1", "1").facts
    assert facts is not None
    told = Source("lab.yaml", "line 9, from data sheet of 2025-03, by A. Person")
    assert facts.modes == Reading(frozenset({"1x800G", "1x400G", "2x400G"}), told)
    assert facts.standing is Standing.BUYER
    assert facts.watts == Reading(Decimal(25), told, Unit.WATT)
    assert facts.form_factor == Reading("OSFP-RHS", told)
    assert cage(lab, "leaf1", "6").facts is None
    assert lab.devices["leaf1"].asic == Reading(
        "Tomahawk 5", Source("lab.yaml", "line 7, from data sheet of 2025-03, by A. Person")
    )


def test_a_spelling_of_the_platform_is_the_platform(lab_file: Write) -> None:
    lab = load(lab_file(written(EOS, ("platform: DCS-7060X6-64PE,", "platform: DCS-7060X6-64PE-R,"))))
    assert {device.platform for device in lab.devices.values()} == {"DCS-7060X6-64PE"}


def test_lanes_that_the_lab_tells_are_those_of_the_cage(lab_file: Write) -> None:
    lab = load(lab_file(EOS))
    assert [(port.name, port.lanes) for port in lab.devices["leaf2"].ports] == [
        ("Ethernet5/1", (1,)), ("Ethernet5/2", (2,)), ("Ethernet5/3", (3,)), ("Ethernet5/4", (4,)),
    ]  # fmt: skip


def test_facts_go_before_device_files(lab_file: Write, device_tree: Path) -> None:
    told = "platform_facts:\n  x86_64-box-r0: {source: bench, by: A, cages: {1: {modes: [8x100G]}}}\n"
    lab = load(lab_file(written(LAB, FILES, ("devices:\n", f"{told}devices:\n"), ("1x800G", "1x400G"))))
    first, second = (cage(lab, "leaf1", name).facts for name in ("1", "2"))
    assert first is not None
    assert second is not None
    assert (isinstance(first.modes, Reading), first.standing) == (True, Standing.BUYER)
    assert first.modes == Reading(frozenset({"8x100G"}), Source("lab.yaml", "line 5, from bench, by A"))
    assert second.standing is Standing.DATASHEET


def test_a_platform_that_nobody_knows_may_be_told_whole(lab_file: Write) -> None:
    told = "platform_facts:\n  BOX-9: {source: manual, by: A, cages: {1-2: {lanes: 8, lane_gbps: 100}}}\n"
    text = written(
        LAB, ("devices:\n", f"{told}devices:\n"), ("x86_64-box-r0", "BOX-9\n    nos: nxos"), ("Ethernet8", "2")
    )
    lab = load(lab_file(text))
    assert [port.name for port in lab.devices["leaf1"].ports] == ["Ethernet1/1/1", "Ethernet1/1/2", "Ethernet1/2"]


BAD_FACTS = {
    "no source": (
        ("    source: data sheet of 2025-03\n", ""),
        "lab.yaml:6: DCS-7060X6-64PE-F: source is missing: where asic is from, and who says so",
    ),
    "nobody who says so": (("    by: A. Person\n", ""), "lab.yaml:6: DCS-7060X6-64PE-F: by is missing"),
    "a key that is none": (("asic:", "chip:"), "lab.yaml:7: platform_facts: DCS-7060X6-64PE-F: unknown key 'chip'"),
    "a mode that is none": (
        ("2x400G]", "2 x 400]"), "lab.yaml:9: DCS-7060X6-64PE-F cages 1-4: '2 x 400' is not a breakout mode",
    ),
    "a cage that is told of twice": (
        ("      5: {", "      4: {"), "lab.yaml:10: DCS-7060X6-64PE-F: cage 4 is told of twice, first on line 9",
    ),
    "a cage that the platform has not": (
        ("      5: {", "      67: {"),
        "lab.yaml:10: DCS-7060X6-64PE-F cages 67: cage 67: DCS-7060X6-64PE has 66 cages, 1 to 66",
    ),
    "a range that is none": (("1-4:", "4-1:"), "lab.yaml:9: DCS-7060X6-64PE-F: range 4-1: 1 is below 4"),
    "a platform that no device has": (
        ("DCS-7060X6-64PE-F:", "DCS-7060X6-64DE:"),
        "lab.yaml:4: platform_facts: no device has the platform DCS-7060X6-64DE; did you mean 'DCS-7060X6-64PE'?",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), BAD_FACTS.values(), ids=BAD_FACTS)
def test_facts_that_cannot_be_meant(change: tuple[str, str], message: str, lab_file: Write) -> None:
    with pytest.raises(LabError) as wrong:
        load(lab_file(written(EOS, change)))
    assert str(wrong.value).startswith(message), str(wrong.value)


def test_no_facts_are_no_facts(lab_file: Write) -> None:
    found: Any = load(lab_file())
    assert {device.asic for device in found.devices.values()} == {None}
    assert {one.facts for device in found.devices.values() for one in device.cages} == {None}
