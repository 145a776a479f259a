"""The lab of many systems: accepted when healthy, and each fault found whichever system it sits on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from harness.engine import Bench, open_lab
from harness.simlab.faults import Damage, Fault, plant
from harness.simlab.fixture import make
from harness.simlab.world import healthy
from harness.verdict import Outcome, Verdict

ROOT = Path(__file__).resolve().parent.parent
LAB = ROOT / "lab_configs" / "mixed.yaml"
START = datetime(2026, 11, 20, 12, tzinfo=UTC)

PLACES = {
    "sonic": "leaf1:Ethernet448",
    "eos": "leaf2:Ethernet57/5",
    "nxos": "spine1:Ethernet1/1/2",
    "nvue": "spine2:swp2s0",
    "linux": "gpu1:eth3",
}
"""A port of every system, each on a link of its own."""

NO_COUNTERS = "NX-OS shows no counters of FEC"
NO_CAGES = "the cage of a NIC has no mode"
NO_FLAGS = "a host has no table of modules that it refuses"


class Row(NamedTuple):
    """A fault, and who should find it."""

    do: str
    settings: Mapping[str, Any]
    check: str
    of: str  # "port", "cage" (its first port), "link", "path"
    blind: Mapping[str, str] = {}  # systems that cannot show it, and why: it stays undecided there


PART = {"value": "NW-O8-2FR4", "pmd": "800G-2xFR4", "form_factor": "OSFP"}
WRED = {"profile": "UPSIDE_DOWN", "low": 3_000_000, "high": 400_000}

FAULTS = {
    "FEC switched off": Row("fec", {"value": "none"}, "FEC-01", "port"),
    "FEC switched off at one end of a link": Row("fec", {"value": "none"}, "FEC-03", "link"),
    "another FEC runs than is configured": Row("fec_runs", {"value": "none"}, "FEC-02", "port"),
    "codewords beyond correction": Row("uncorrectable", {"value": [3, 41]}, "FEC-05", "port", {"nxos": NO_COUNTERS}),
    "a bit error ratio above the limit": Row("ber", {"value": "3e-4"}, "FEC-06", "port", {"nxos": NO_COUNTERS}),
    "a dark lane": Row("rx", {"value": "-40", "lane": 2}, "DOM-04", "port"),
    "a weak transmitter": Row("tx", {"value": "-9", "lane": 1}, "DOM-03", "port"),
    "a laser driven too hard": Row("bias", {"value": "130", "lane": 1}, "DOM-05", "port"),
    "a module too hot": Row("celsius", {"value": "78"}, "DOM-01", "cage"),
    "a supply too low": Row("volts", {"value": "2.9"}, "DOM-02", "cage"),
    "PFC on the wrong priority": Row("pfc", {"value": [4]}, "ROCE-01", "port"),
    "PFC on other priorities at the two ends": Row("pfc", {"value": [4]}, "ROCE-02", "link"),
    "ECN thresholds the wrong way round": Row("ecn", WRED, "ROCE-04", "port", {"linux": "a NIC does not mark"}),
    "a link that is down": Row("down", {}, "LNK-01", "link"),
    "a module of another part": Row("other_part", PART, "CMIS-03", "cage"),
    "the serial number of another module": Row("serial", {"of": "leaf1:Ethernet456"}, "CMIS-15", "cage"),
    "a module that the switch refuses": Row(
        "error", {"value": "Unsupported module"}, "ASIC-09", "cage", {"linux": NO_FLAGS}
    ),
    "a cage broken out otherwise than planned": Row("mode", {"value": "1x800G"}, "BRK-01", "cage", {"linux": NO_CAGES}),
}


def subject(bench: Bench, row: Row, place: str) -> str:
    """What a fault at a place should be found on."""
    if row.of == "port":
        return place
    if row.of == "link":
        return next(str(link) for link in bench.lab.links if place in map(str, link.ends))
    device, _, port = place.partition(":")
    cage = next(cage for cage in bench.lab.devices[device].cages if port in [one.name for one in cage.ports])
    return str(cage)


@cache
def found(fault: str, home: Path) -> tuple[Bench, Mapping[str, Verdict]]:
    """The verdicts on a lab in which a fault sits on a port of every system."""
    row = FAULTS[fault]
    bench = open_lab(LAB)
    world = healthy(bench.lab, START)
    for nos, place in PLACES.items():
        if nos not in row.blind or row.do not in ("ecn", "error", "mode"):
            plant(world, Damage(), Fault(fault, row.do, place, (), place, LAB, row.settings))
    store = home / row.do / row.check
    make(world, store, Damage())
    faulty = open_lab(LAB, evidence=store)
    wanted = {subject(bench, row, place) for place in PLACES.values()}
    verdicts = {
        owed.subject: faulty.judge(owed)
        for owed in faulty.plan
        if owed.check.id == row.check and owed.subject in wanted
    }
    return faulty, verdicts


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mixed")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_whichever_system_it_sits_on(fault: str, home: Path) -> None:
    row = FAULTS[fault]
    bench, verdicts = found(fault, home)
    missed = {}
    for nos, place in PLACES.items():
        name = subject(bench, row, place)
        verdict = verdicts.get(name)
        outcome = verdict.outcome if verdict is not None else None
        blind = nos in row.blind and outcome in (None, Outcome.NOT_APPLICABLE, Outcome.WAIVED)
        if outcome is not Outcome.FAIL and not blind:
            missed[nos, name] = (outcome, verdict.grounds() if verdict else "not owed")
    assert missed == {}


@cache
def healthy_verdicts() -> Mapping[tuple[str, str], Verdict]:
    bench = open_lab(LAB)
    return {(owed.check.id, owed.subject): bench.judge(owed) for owed in bench.plan}


def test_the_healthy_lab_is_accepted_with_what_its_systems_do_not_show_waived() -> None:
    trouble = {
        key: verdict.grounds()
        for key, verdict in healthy_verdicts().items()
        if verdict.outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.WAIVED)
    }
    assert trouble == {}


def test_nothing_is_waived_but_what_was_not_measured() -> None:
    for waiver in open_lab(LAB).lab.waivers:
        assert waiver.not_measured
        assert not waiver.failures


def test_what_sonic_and_hosts_show_needs_no_waiver() -> None:
    waived = [subject for (_, subject), verdict in healthy_verdicts().items() if verdict.outcome is Outcome.WAIVED]
    assert not [name for name in waived if not any(switch in name for switch in ("leaf2", "spine1", "spine2", "over-"))]


def test_every_system_passes_checks_of_every_family_that_it_can_show() -> None:
    passed = Counter(
        (check.partition("-")[0], subject.partition(":")[0])
        for (check, subject), verdict in healthy_verdicts().items()
        if verdict.outcome is Outcome.PASS
    )
    for device in ("leaf1", "leaf2", "spine1", "spine2", "gpu1", "gpu2"):
        for family in ("ASIC", "CMIS", "DOM", "FEC", "OPT", "LNK", "ROCE", "PWR"):
            ends = [name for (kind, name), _ in passed.items() if kind == family]
            assert device in ends or family in ("LNK",), (device, family)


def test_no_line_of_any_answer_is_unknown() -> None:
    bench = open_lab(LAB)
    for name in bench.lab.devices:
        assert bench.assembly.facts(name).unknown == (), name
