"""What `plugfest explain` tells: of every check, and nothing that a driver does not do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from harness.drivers import OWN, driver
from harness.drivers.answers import record_schema
from harness.engine import all_checks
from harness.evidence import Evidence
from harness.lab.inventory import DevicePlan
from harness.model import DeviceFacts
from harness.reading import Missing
from harness.report.explain import Entry, book, page
from harness.testing import cage_plan, device_plan, port_plan

ROOT = Path(__file__).parents[1]
LAB = "lab_configs/mixed.yaml"
PAGE = ROOT / "docs" / "checks.md"
BOOK = book()
PORTS = {
    "sonic": "Ethernet0", "eos": "Ethernet1/1", "nxos": "Ethernet1/1/1", "nvue": "swp1s0", "cumulus": "swp1s0",
    "junos": "et-0/0/0:0", "iosxr": "FourHundredGigE0/0/0/0", "linux": "eth0", "nvidia": "ib0", "board": "slot1",
}  # fmt: skip
HOSTS = ("linux", "nvidia")


Plugfest = Callable[..., tuple[int, str]]


@pytest.fixture
def plugfest(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plugfest:
    """`plugfest explain` in this process: its exit status, and what it printed."""
    monkeypatch.chdir(ROOT)

    def run(*args: str) -> tuple[int, str]:
        status = main(["explain", *args])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


# --- the table ------------------------------------------------------------------------------------------------------


def test_every_check_has_an_entry_and_every_entry_a_check() -> None:
    assert BOOK.entries.keys() == {check.id for check in all_checks()}


@pytest.mark.parametrize("entry", [pytest.param(entry, id=id) for id, entry in BOOK.entries.items()])
def test_an_entry_says_why_and_on_what_with_two_causes_and_a_step(entry: Entry) -> None:
    assert entry.why.endswith(".") and entry.limit and entry.evidence
    assert len(entry.causes) >= 2 and len(entry.next) >= 1
    for words in (*entry.causes, *entry.next, entry.limit):
        assert words == words.strip() and not words.endswith(".")


def test_every_kind_of_evidence_is_used_and_covers_every_system_or_is_in_files() -> None:
    used = {one.name for entry in BOOK.entries.values() for one in entry.evidence}
    assert used == BOOK.evidence.keys()
    assert BOOK.systems.keys() == OWN.keys()
    for one in BOOK.evidence.values():
        if one.systems and not one.only:
            assert one.systems.keys() == BOOK.systems.keys(), one.name
        assert one.systems or one.files, one.name


# --- what drivers do ------------------------------------------------------------------------------------------------


def device_of(nos: str) -> DevicePlan:
    name = PORTS[nos]
    cage = cage_plan(device="d", name="1", ports=(port_plan(device="d", name=name),))
    host = nos in HOSTS
    return device_plan(
        name="d", nos=nos, kind="host" if host else "switch", nic="ConnectX-7" if host else None,
        platform=None if host else "x86_64-nvidia_sn5600-r0", cages=(cage,),
    )  # fmt: skip


ASKED = sorted(
    {(system, command) for one in BOOK.evidence.values() for system, how in one.systems.items() for command in how.ask}
)


@pytest.mark.parametrize(("system", "command"), ASKED)
def test_a_command_is_one_that_the_driver_of_its_system_declares(system: str, command: str) -> None:
    permit = driver(system).session(device_of(system)).permit
    assert command in permit.templates or permit.allows(command)


@pytest.mark.parametrize(("system", "command"), ASKED)
def test_the_answer_to_a_command_is_understood(system: str, command: str) -> None:
    filled = command.format(port=PORTS[system], number=1, name="x", hex="0x01", path="/x")
    if system != "board" and not command.startswith("od "):  # what these answer is module memory
        assert record_schema(system, filled)


FACTS = {
    "port-status": ("port.oper", "port.admin", "port.speed", "port.lanes", "port.mtu"),
    "link-changes": ("port.changes", "port.flaps"),
    "neighbours": ("port.lldp",),
    "breakout": ("port.breakout_mode",),
    "offered-modes": ("modes",),
    "release": ("software", "platform", "asic"),
    "error-status": ("port.error_status",),
    "monitor-age": ("monitor_age",),
    "module-flags": ("port.flags",),
    "fec-mode": ("port.fec_configured", "port.fec_operational", "port.fec_named"),
    "fec-counters": ("port.fec_samples",),
    "fec-histogram": ("port.histogram",),
    "pfc": ("port.pfc_priorities", "port.link_pause"),
    "pfc-counters": ("port.pauses",),
    "qos-maps": ("port.maps",),
    "ecn": ("port.queues.ecn", "port.queues.ecn_min", "port.queues.mark_probability"),
    "watchdog": ("port.watchdog",),
    "queue-drops": ("port.queues.dropped",),
    "rdma": ("port.rdma",),
    "load-balancing": ("load_balancing",),
    "fans": ("fans",),
}
"""The facts that a kind of evidence becomes; the registers of modules are not among them."""

NOT_ASKED = re.compile(r"'(.+)' was not asked")


def questions(facts: DeviceFacts, path: str, port: str) -> set[str]:
    """The commands that a fact of a device without evidence is missing for."""
    names = path.split(".")
    thing: Any = facts.ports[port] if names[0] == "port" else facts
    for name in names[1:] if names[0] == "port" else names:
        thing = [getattr(one, name) for one in thing.values()] if isinstance(thing, dict) else getattr(thing, name)
    return {found[1] for missing in missings(thing) for found in NOT_ASKED.finditer(missing.detail)}


def missings(thing: Any) -> Iterator[Missing]:
    if isinstance(thing, Missing):
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from missings(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from missings(value)
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from missings(getattr(thing, name))


@pytest.mark.parametrize("system", [system for system in OWN if system != "board"])
def test_what_is_told_to_be_shown_is_what_the_driver_takes_it_from(system: str) -> None:
    """A driver without evidence says of each fact which question was not asked: the table names that one."""
    device = device_of(system)
    facts = driver(system).decode(device, Evidence(None))
    wrong = []
    for kind, paths in FACTS.items():
        how = BOOK.evidence[kind].systems.get(system)
        put = {command for path in paths for command in questions(facts, path, PORTS[system])}
        told = [pattern(command) for command in how.ask] if how else []
        stray = [command for command in put if not any(one.fullmatch(command) for one in told)]
        if how is None or (stray and not how.ask):
            wrong += [f"{kind}: {how}, but it asks {stray}"] if stray else []
        elif stray:
            wrong.append(f"{kind}: does not name {stray}")
    assert not wrong


def pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z]+\\\}", r"\\S+", re.escape(template)))


# --- the command ----------------------------------------------------------------------------------------------------


def test_it_tells_why_and_what_one_system_is_asked(plugfest: Plugfest) -> None:
    _, told = plugfest("fec-03", "--nos", "sonic")
    for words in ("why it matters", "likely causes", "next steps", "sonic:   show interfaces fec status"):
        assert words in told
    assert "eos" not in told


def test_what_a_system_does_not_show_is_told_with_its_reason(plugfest: Plugfest) -> None:
    _, told = plugfest("FEC-07", "--nos", "nxos")
    assert "nxos:    not shown by this system: NX-OS does not show a histogram of FEC" in told


def test_with_a_lab_it_tells_the_limits_and_systems_of_that_lab(plugfest: Plugfest) -> None:
    told = json.loads(plugfest("FEC-03", "--lab", LAB, "--json")[1])
    assert told["limits"] and told["why"] and told["causes"] and told["next"]
    systems = {system for one in told["evidence"] for system in one["systems"]}
    assert systems == {"sonic", "eos", "nxos", "nvue", "linux"}


@pytest.mark.parametrize(
    ("args", "says"),
    [
        pytest.param((), "name a check, or ask for --all", id="neither a check nor all of them"),
        pytest.param(("FEC-03", "--all"), "name a check, or ask for --all", id="both"),
        pytest.param(("FEC-03", "--nos", "sonik"), "near is sonic", id="a misspelt system"),
        pytest.param(("--all", "--markdown", "--json"), "--markdown", id="two forms"),
    ],
)
def test_what_is_not_meant_is_refused(plugfest: Plugfest, args: tuple[str, ...], says: str) -> None:
    status, told = plugfest(*args)
    assert status == 2 and says in told and told.count("\n") == 1


def test_the_page_of_checks_is_what_the_command_prints() -> None:
    lines = "\n".join(page(all_checks())) + "\n"
    assert PAGE.read_text("utf-8") == lines, "write it again: plugfest explain --all --markdown > docs/checks.md"
