"""The table of platforms against the platforms' own files."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from harness.devicefiles import cages, find
from harness.lab.platforms import model, names_of, platforms, ports_of


def test_children_are_named_by_their_first_lane() -> None:
    known = ports_of("x86_64-arista_7060x6_64pe")
    assert known is not None
    assert [known.cages["9"].port_name(lane) for lane in (1, 3, 5, 8)] == [
        "Ethernet64", "Ethernet66", "Ethernet68", "Ethernet71",
    ]  # fmt: skip
    assert (known.cages["66"].first, known.by_first_port["Ethernet504"].cage) == ("Ethernet513", "64")


def test_a_platform_that_is_not_in_the_table_is_none() -> None:
    assert ports_of("x86_64-nobody-r0") is None
    assert names_of("nobody") is None


def test_no_cage_and_no_port_stands_twice() -> None:
    for name in platforms():
        known = ports_of(name)
        assert known is not None
        named = [socket for socket in known.cages.values() if socket.first]
        assert len(named) == len(known.by_first_port)
        assert len(named) in (0, len(known.cages)), "either the platform names its ports or the system does"


@pytest.mark.parametrize(
    ("platform", "nos", "whole", "second", "last", "cages"),
    [
        ("DCS-7060X6-64PE", "eos", "Ethernet7/1", "Ethernet7/5", "Ethernet66", 66),
        ("N9364E-SG2-O", "nxos", "Ethernet1/7", "Ethernet1/7/2", "Ethernet1/64", 64),
        ("N9364E-SG2-Q", "nxos", "Ethernet1/7", "Ethernet1/7/2", "Ethernet1/64", 64),
        ("N9K-C9332D-GX2B", "nxos", "Ethernet1/7", "Ethernet1/7/2", "Ethernet1/34", 34),
        ("SN5600", "nvue", "swp7", "swp7s1", "swp65", 65),
        ("SN4700", "nvue", "swp7", "swp7s1", "swp32", 32),
        ("QFX5240-64OD", "junos", "et-0/0/7", "et-0/0/7:1", "et-0/0/65", 66),
        ("QFX5240-64QD", "junos", "et-0/0/7", "et-0/0/7:1", "et-0/0/65", 66),
        ("8101-32FH", "iosxr", "FourHundredGigE0/0/0/7", "FourHundredGigE0/0/0/7/1", "FourHundredGigE0/0/0/31", 32),
        ("8111-32EH", "iosxr", "FourHundredGigE0/0/0/7", "FourHundredGigE0/0/0/7/1", "FourHundredGigE0/0/0/31", 32),
    ],
)
def test_platforms_of_other_systems_are_named_by_their_system(
    platform: str, nos: str, whole: str, second: str, last: str, cages: int
) -> None:
    known, names = ports_of(platform), names_of(nos)
    assert known is not None
    assert names is not None
    assert len(known.cages) == cages
    end = list(known.cages.values())[-1]
    speed = Decimal(400)
    assert names.of("7", 1, 1, children=1, lanes=8, speed_gbps=speed) == whole
    assert names.of("7", 2, 5, children=2, lanes=8, speed_gbps=speed) == second
    assert names.of(end.cage, 1, 1, children=1, lanes=end.lanes, speed_gbps=speed) == last


def test_a_port_of_ios_xr_is_named_by_its_speed() -> None:
    names = names_of("iosxr")
    assert names is not None
    found = [names.of("3", 1, 1, children=1, lanes=8, speed_gbps=Decimal(speed)) for speed in (100, 400, 800, 1600)]
    assert found == [
        "HundredGigE0/0/0/3", "FourHundredGigE0/0/0/3", "EightHundredGigE0/0/0/3", "1600G0/0/0/3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("DCS-7060X6-64PE-F", "DCS-7060X6-64PE"),
        ("N9332D-GX2B", "N9K-C9332D-GX2B"),
        ("N9364E-SG2", "N9364E-SG2-O"),
        ("MSN4700", "SN4700"),
        ("8101-32FH-O", "8101-32FH"),
        ("x86_64-nobody-r0", "x86_64-nobody-r0"),
    ],
)
def test_another_spelling_is_the_same_platform(said: str, meant: str) -> None:
    assert model(said) == meant


@pytest.mark.parametrize("name", [name for name in platforms() if name.startswith("x86_64")])
def test_the_reader_of_device_files_finds_the_same_cages(name: str, recordings: Path) -> None:
    home, known = find(recordings / "sonic_platform", name), ports_of(name)
    assert home is not None
    assert known is not None
    found = {one.number: one for one in cages(home, None)}
    assert set(found) == set(known.cages)
    for number, socket in known.cages.items():
        one = found[number]
        assert (one.first, one.lanes, int(one.lane_gbps)) == (socket.first, socket.lanes, socket.lane_gbps), number
        assert socket.lanes == 1 or one.step == socket.step, number


@pytest.mark.parametrize("name", platforms())
def test_cages_are_those_of_the_platforms_own_file(name: str, recordings: Path) -> None:
    file = recordings / "sonic_platform" / name / "platform.json"
    interfaces = json.loads(file.read_text(encoding="utf-8")).get("interfaces") if file.is_file() else None
    known = ports_of(name)
    assert known is not None
    if not interfaces:
        return  # counted in its port_config.ini, which differs by HwSKU
    lanes: dict[str, int] = {}
    for port, row in interfaces.items():
        cage = row["index"].split(",")[0]
        first = (lanes.get(cage, 0)) + 1
        lanes[cage] = first - 1 + len(row["lanes"].split(","))
        assert known.cages[cage].port_name(first) == port
    assert lanes == {cage: socket.lanes for cage, socket in known.cages.items()}
