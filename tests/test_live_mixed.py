"""The lab of many systems, live: switches without a shell answer a command a channel, over OpenSSH and on a console."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from harness.collect import taken
from harness.drivers import driver
from harness.engine import open_lab
from harness.evidence import Evidence
from harness.evidence.journal import journal_of
from harness.transports.bundle import commands_in
from tests.recordings import REPOSITORY
from tests.simlab.served import Served, serve
from tests.test_live_run import LONG, PYTEST, SWINGS, altered, judged, plugfest
from tests.test_mixed_no_false_pass import Place, values

MIXED = REPOSITORY / "lab_configs" / "mixed.yaml"
NO_SHELL = ("leaf2", "spine1")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = serve(tmp_path_factory.mktemp("lab"), lab=MIXED)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def collected(lab: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The healthy lab, collected once."""
    store = tmp_path_factory.mktemp("healthy") / "store"
    plugfest("collect", lab.live, "--into", store)
    return store


def test_a_lab_of_many_systems_is_asked_everything_and_accepted_with_its_waivers(lab: Served, collected: Path) -> None:
    assert all(record.status is not None for record in Evidence(collected).records)
    run, verdicts = judged(lab.live, collected)
    assert run["decision"] == "ACCEPTED WITH WAIVERS"
    assert run["run"] == run["planned"] == len(verdicts)
    unsound = {(v["check"], v["subject"]) for v in verdicts if v["outcome"] not in ("PASS", "N/A", "WAIVED")}
    assert not unsound - {SWINGS}


def test_pytest_collects_and_judges_it_too(lab: Served, tmp_path: Path) -> None:
    words = ("--lab", lab.live, "--into", tmp_path / "store", "--report-dir", tmp_path / "reports")
    command = [str(PYTEST), "checks", *map(str, words), "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=LONG, cwd=REPOSITORY)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert "ACCEPTED WITH WAIVERS (simulated evidence)" in ran.stdout


def test_only_a_device_with_a_shell_is_sent_a_script(collected: Path) -> None:
    scripts: dict[str, set[bool]] = {}
    for line in journal_of(collected):
        if line["event"] == "sent" and line["device"] not in ("board1", "scope1"):
            scripts.setdefault(line["device"], set()).add(commands_in(line["wire"]) is not None)
    assert scripts == {name: {name not in NO_SHELL} for name in ("leaf1", "leaf2", "spine1", "spine2", "gpu1", "gpu2")}


@pytest.mark.parametrize(
    ("device", "said"), [("leaf2", b"% Invalid input"), ("spine1", b"% Invalid command at '^' marker.")]
)
def test_a_script_is_no_command_of_a_device_without_a_shell(lab: Served, device: str, said: bytes) -> None:
    answer = lab.ssh(device, "sh -c 'echo here'")
    assert answer.returncode != 0
    assert said in answer.stdout and b"here" not in answer.stdout.splitlines()


def told(store: Path, device: str) -> dict[Place, object]:
    """What a device said: numbers only whether they are there, as they move while the lab lives."""
    plan = open_lab(MIXED).lab.devices[device]
    facts = driver(plan.nos).decode(plan, Evidence(store))
    assert facts.unknown == ()
    moving = (Decimal, Mapping)
    return {place: None if isinstance(value, moving) else value for place, value in values(facts)}


@pytest.mark.parametrize("device", NO_SHELL)
def test_a_console_tells_what_ssh_tells_and_pages_nothing(
    lab: Served, collected: Path, tmp_path: Path, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUGFEST_PASSWORD", "plugfest")
    ssh = dict.fromkeys(("address", "port", "key", "known_hosts", "agent"))
    reach = {**ssh, "transport": "console", "device": str(lab.home / f"{device}.console"), "user": "admin"}
    file = altered(lab, tmp_path / "console.yaml", f"devices: {{{device}: {{reach: {json.dumps(reach)}}}}}\n")
    plugfest("collect", file, "--into", tmp_path / "store", "--device", device)
    assert told(tmp_path / "store", device) == told(collected, device)
    sent = [line["wire"] for line in journal_of(tmp_path / "store") if line["event"] == "sent"]
    assert "terminal length 0" in sent and " " not in sent


FAULTS = {
    "leaf2:Ethernet57/5": ("fec=none", "FEC-01", "leaf2:Ethernet57/5"),
    "spine1:Ethernet1/1/2": ("celsius=78", "DOM-01", "spine1:Ethernet1/1/1"),
    "spine2:swp2s0": ("pfc=4", "ROCE-01", "spine2:swp2s0"),
}
"""By the port that they are planted on: what is done, the check that finds it, and on what."""


def test_a_fault_is_planted_on_a_port_of_any_system_and_found(lab: Served, tmp_path: Path) -> None:
    for port, (wrong, _, _) in FAULTS.items():
        planted = lab.fault(port, wrong)
        assert planted.returncode == 0, planted.stderr
    plugfest("collect", lab.live, "--into", tmp_path / "store")
    assert lab.fault("--clear").returncode == 0
    _, verdicts = judged(lab.live, tmp_path / "store", expect=1)
    failed = {(v["check"], v["subject"]) for v in verdicts if v["outcome"] == "FAIL"}
    assert {(check, subject) for _, check, subject in FAULTS.values()} <= failed


def test_a_soak_samples_again_and_again_and_goes_on_after_a_restart(lab: Served, tmp_path: Path) -> None:
    words = ("collect", lab.live, "--into", tmp_path / "store", "--device", "leaf*", "--every", "10m")
    assert "soak: 7 samples over 1.00 h" in plugfest(*words, "--for", "1h").stdout
    lab.clock.wait(Decimal(7200))
    told = plugfest(*words, "--for", "4h", "--resume").stdout
    assert "; 1 gap, the first after" in told
    evidence = Evidence(tmp_path / "store")
    assert all(record.status == 0 for record in evidence.records)
    for device in ("leaf1", "leaf2"):
        sampled = {record.ask.sample for record in evidence.records if record.ask.device == device}
        assert sampled == set(range(1, evidence.samples(device) + 1))
    times = taken(evidence)
    assert list(times) == sorted(times)
    assert times[-1] - times[0] >= timedelta(hours=4)
