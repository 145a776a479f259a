"""The table of platforms against the platforms' own files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.lab.platforms import names_of, platforms, ports_of


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
        assert len(known.cages) == len(known.by_first_port)


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
