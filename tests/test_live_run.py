"""A live run, end to end: a simulated rack answers over real SSH, a serial line and TCP, is collected and judged."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.collect import live
from harness.drivers import driver
from harness.evidence import Answer, Evidence, Origin
from harness.evidence.journal import journal_of
from harness.lab.load import load
from harness.reading import Missing
from harness.transports.bundle import commands_in
from tests.recordings import REPOSITORY
from tests.simlab.served import Served, serve

PLUGFEST = Path(sys.executable).with_name("plugfest")
PYTEST = Path(sys.executable).with_name("pytest")
LONG = 120
SWINGS = ("CMIS-14", "board1:slot1")
"""Monitors of a running twin swing: once in a hundred reads one of them is where it was, which is advice."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = serve(tmp_path_factory.mktemp("lab"))
    yield served
    served.stop()


def plugfest(*words: object, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        [str(PLUGFEST), *map(str, words)], capture_output=True, text=True, timeout=LONG, cwd=REPOSITORY, check=False
    )
    assert expect is None or ran.returncode == expect, ran.stdout[-2000:] + ran.stderr
    return ran


def judged(lab: Path, store: Path, *more: str, expect: int | None = 0) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The run and its verdicts."""
    lines = plugfest("judge", lab, "--evidence", store, "--json", *more, expect=expect).stdout.splitlines()
    first, *rest = map(json.loads, lines)
    return first["run"], rest


@pytest.fixture(scope="module")
def collected(lab: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The healthy rack, collected once."""
    store = tmp_path_factory.mktemp("healthy") / "store"
    plugfest("collect", lab.live, "--into", store)
    return store


def test_a_healthy_rack_is_asked_everything_and_accepted(lab: Served, collected: Path) -> None:
    evidence = Evidence(collected)
    assert evidence.origin is Origin.SIMULATED
    assert list(evidence.faults()) == []
    assert all(record.status is not None for record in evidence.records)
    run, verdicts = judged(lab.live, collected)
    assert run["decision"] == "ACCEPTED"
    assert run["run"] == run["planned"] == len(verdicts)
    unsound = {(v["check"], v["subject"], v["outcome"]) for v in verdicts if v["outcome"] not in ("PASS", "N/A")}
    assert not unsound - {(*SWINGS, "WARN")}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers of xdist"])
def test_a_live_run_and_the_replay_of_its_recording_give_the_same_bytes(
    lab: Served, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    store, reports = tmp_path / "store", tmp_path / "reports"
    command = [str(PYTEST), "checks", "--lab", str(lab.live), "--into", str(store), "--report-dir", str(reports), "-q"]
    ran = subprocess.run(
        [*command, *workers, "-p", "no:cacheprovider"], capture_output=True, text=True, timeout=LONG, cwd=REPOSITORY
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert "ACCEPTED (simulated evidence)" in ran.stdout
    assert "REPLAY" not in ran.stdout
    (archive,) = reports.iterdir()
    replay = plugfest("judge", lab.live, "--evidence", store, "--json")
    assert (archive / "verdicts.jsonl").read_text("utf-8") == replay.stdout
    assert [line["event"] for line in journal_of(store) if not line["device"]] == ["run", "finished"]
    plugfest("verify", archive)
    assert list(archive.rglob("journal.jsonl"))


def test_a_device_is_asked_everything_in_a_few_commands(collected: Path) -> None:
    sent: dict[str, int] = {}
    for line in journal_of(collected):
        if line["event"] == "sent" and line["wire"].startswith("sh -c"):
            sent[line["device"]] = sent.get(line["device"], 0) + 1
    assert set(sent) == {"leaf1", "leaf2", "spine1", "gpu1", "gpu2", "gpu3", "gpu4"}
    assert max(sent.values()) <= 6


def test_every_byte_sent_is_in_the_journal_and_was_declared(lab: Served, collected: Path) -> None:
    devices = {device.name: device for device in live(load(lab.live))}
    asked: dict[str, set[str]] = {name: set() for name in devices}
    for line in journal_of(collected):
        if line["event"] != "sent":
            continue
        device = devices[line["device"]]
        permit = driver(device.nos).session(device).permit
        if device.reach["transport"] == "ssh":
            script = commands_in(line["wire"])
            assert script is not None, line
            for command in script[1]:
                permit.check(command)
            asked[device.name].update(script[1])
        elif device.kind == "board":
            for written in re.findall(r"A0h:([0-9]+)=", line["wire"]):
                assert int(written) in (126, 127) or line["ask"].endswith("query firmware"), line
    kept = {(record.ask.device, record.ask.text) for record in Evidence(collected).records}
    for name, device in devices.items():
        if device.reach["transport"] == "ssh":
            assert {text for owner, text in kept if owner == name} == asked[name]


def test_a_planted_fault_is_found_and_gone_when_it_is_mended(lab: Served, tmp_path: Path) -> None:
    planted = lab.fault("leaf1:Ethernet456", "fec=none")
    assert planted.returncode == 0, planted.stderr
    plugfest("collect", lab.live, "--into", tmp_path / "faulty")
    run, verdicts = judged(lab.live, tmp_path / "faulty", expect=1)
    failed = {(v["check"], v["subject"]) for v in verdicts if v["outcome"] == "FAIL"}
    assert run["decision"] == "REJECTED"
    assert ("FEC-01", "leaf1:Ethernet456") in failed
    through = {path.name for path in load(lab.live).paths if "leaf1:Ethernet456" in map(str, path.hops)}
    assert {subject for _, subject in failed if "leaf1:Ethernet456" not in subject} == through
    mended = lab.fault("leaf1:Ethernet456", "fec=rs")
    assert mended.returncode == 0, mended.stderr
    plugfest("collect", lab.live, "--into", tmp_path / "mended")
    assert judged(lab.live, tmp_path / "mended")[0]["decision"] == "ACCEPTED"


def altered(lab: Served, file: Path, more: str) -> Path:
    """The served lab with something else said about a device."""
    file.write_text(f"extends: {json.dumps(str(lab.live))}\n{more}", "utf-8")
    return file


BAD_DAYS = {
    "a port that nobody listens on": ("{port: 1}", "refused"),
    "a name that does not resolve": ("{address: nowhere.invalid}", "nowhere.invalid"),
    "a host key that is not known": ("{known_hosts: null, host_key: 'SHA256:AAAA'}", "host key"),
    "a user that may not log in": ("{user: nobody-of-that-name}", "nobody-of-that-name"),
}


@pytest.mark.parametrize("bad", BAD_DAYS)
def test_a_device_that_cannot_be_reached_is_not_measured_with_the_reason(lab: Served, tmp_path: Path, bad: str) -> None:
    reach, said = BAD_DAYS[bad]
    file = altered(lab, tmp_path / "bad.yaml", f"devices: {{gpu4: {{reach: {reach}}}}}\n")
    store = tmp_path / "store"
    ran = plugfest("collect", file, "--into", store, "--device", "gpu4", "--json", expect=3)
    (unreached,) = json.loads(ran.stdout)["devices"]
    assert (unreached["device"], unreached["answered"], unreached["failed"]) == ("gpu4", 0, unreached["owed"])
    assert said in unreached["first_failure"]
    page = plugfest("judge", file, "--evidence", store, "--check", "FEC-01", expect=3).stdout
    assert re.search(
        rf"not answered: gpu4: {unreached['owed']} of {unreached['owed']} questions had no answer: .*", page
    )
    run, verdicts = judged(file, store, "--subject", "gpu4*", expect=3)
    assert run["decision"] == "INCOMPLETE"
    asked = [v for v in verdicts if v["check"].startswith(("FEC", "ROCE", "CMIS", "DOM"))]
    assert len(asked) > 100
    assert {v["outcome"] for v in asked} == {"NOT-MEASURED"}
    assert any(said in json.dumps(v) for v in asked)


def test_one_device_that_is_gone_leaves_the_others_as_they_are(lab: Served, collected: Path, tmp_path: Path) -> None:
    file = altered(lab, tmp_path / "bad.yaml", "devices: {gpu4: {reach: {port: 1}}}\n")
    plugfest("collect", file, "--into", tmp_path / "store", expect=3)
    _, before = judged(lab.live, collected)
    _, after = judged(file, tmp_path / "store", expect=3)
    moved = {v["subject"] for v, w in zip(before, after, strict=True) if v["outcome"] != w["outcome"]}
    far = {str(end) for link in load(file).links for end in link.ends if "gpu4" in str(link)}
    cages = {
        str(cage)
        for device in load(file).devices.values()
        for cage in device.cages
        for port in cage.ports
        if str(port) in far
    }
    mates = {str(link) for link in load(file).links if far & {str(end) for end in link.ends}}
    through = {path.name for path in load(file).paths if any(hop.device == "gpu4" for hop in path.hops)}
    assert any("gpu4" in subject for subject in moved)
    cables = {"gpu3:eth1", "gpu3:eth5"}  # the other legs of split cables, of which one firmware is asked
    parts = {cage.module.part for cage in load(file).devices["gpu4"].cages if cage.module is not None}
    beside = far | cages | mates | through | cables | parts | {"rack3", SWINGS[1]}
    assert not {s for s in moved if "gpu4" not in s} - beside


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_a_collection_that_is_stopped_keeps_what_it_has_and_goes_on(
    lab: Served, tmp_path: Path, number: signal.Signals
) -> None:
    for attempt in range(5):  # a lab of this size is collected in two seconds: a signal that comes late tells nothing
        store = tmp_path / f"store{attempt}"
        status, told = stopped(lab.live, store, number)
        if status:
            break
    if number == signal.SIGINT:
        assert status == 130, told
        assert f"interrupted; what was answered is kept: go on with --resume --into {store}" in told
    kept = Evidence(store)
    assert list(kept.faults()) == []
    before = {record.ask for record in kept.records if isinstance(kept.find(record.ask), Answer)}
    assert before
    assert judged(lab.live, store, expect=3)[0]["decision"] == "INCOMPLETE"
    ran = json.loads(plugfest("collect", lab.live, "--into", store, "--resume", "--json").stdout)
    assert ran["kept"] == len(before)
    assert ran["answered"] == ran["owed"] - len(before)
    assert judged(lab.live, store)[0]["decision"] == "ACCEPTED"


def stopped(live: Path, store: Path, number: signal.Signals) -> tuple[int, str]:
    """How a collection ended that was sent a signal at its first answer, and what it said."""
    command = [str(PLUGFEST), "collect", str(live), "--into", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        deadline = time.monotonic() + LONG
        index = store / "index.jsonl"
        while not (index.exists() and index.read_bytes().count(b"\n") > 0):
            assert running.poll() is None, running.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.005)
        running.send_signal(number)
        _, told = running.communicate(timeout=LONG)
    return running.returncode, told


def test_a_live_lab_is_not_judged_before_it_is_collected(lab: Served) -> None:
    ran = plugfest("judge", lab.live, expect=2)
    assert f"a live lab, and nothing was collected: `plugfest collect {lab.live} --into DIR`" in ran.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--lab", "LIVE", "--resume"), "--resume: say with --into which collection to go on with"),
        (("--lab", "lab_configs/rack3.yaml", "--window", "60s"), "--window: nothing is collected"),
    ],
    ids=["resume what", "window of nothing"],
)
def test_options_of_collecting_that_cannot_be_meant_are_refused(
    lab: Served, options: tuple[str, ...], said: str
) -> None:
    words = [str(lab.live) if word == "LIVE" else word for word in options]
    ran = subprocess.run([str(PYTEST), "checks", *words], capture_output=True, text=True, timeout=LONG, cwd=REPOSITORY)
    assert ran.returncode == 4
    assert said in ran.stderr


def test_a_store_is_not_written_into_twice_unasked(lab: Served, collected: Path, tmp_path: Path) -> None:
    ran = plugfest("collect", lab.live, "--into", collected, expect=2)
    assert "holds evidence already: go on with --resume, or name another directory" in ran.stderr
    (tmp_path / "mine.txt").write_text("mine")
    ran = plugfest("collect", lab.live, "--into", tmp_path, expect=2)
    assert "not an evidence directory, and not empty" in ran.stderr


def test_a_second_window_is_as_long_as_it_is_said(lab: Served, tmp_path: Path) -> None:
    plugfest("collect", lab.live, "--into", tmp_path / "store", "--window", "90s", "--device", "leaf1")
    evidence = Evidence(tmp_path / "store")
    first, second = (
        next(r.at for r in evidence.records if r.ask.text.endswith("fec-stats") and r.ask.sample == sample)
        for sample in (1, 2)
    )
    assert 90 <= (second - first).total_seconds() < 100
    _, verdicts = judged(lab.live, tmp_path / "store", "--check", "FEC-05", "--subject", "leaf1:*", expect=None)
    shut = {f"leaf1:Ethernet{number}" for number in (504, 508)}  # a spare, on which it does not apply
    assert {v["subject"] for v in verdicts if v["outcome"] == "N/A"} == shut
    assert {v["outcome"] for v in verdicts if v["subject"] not in shut} == {"FAIL"}  # the profile asks for ten minutes


def test_what_disturbs_is_asked_only_where_it_is_unlocked(lab: Served, collected: Path, tmp_path: Path) -> None:
    def asked(store: Path) -> set[str]:
        return {record.ask.text for record in Evidence(store).records if record.ask.device == "board1"}

    assert "time start" not in asked(collected)
    plugfest("collect", lab.live, "--into", tmp_path / "open", "--unlock", "disruptive", "--device", "board1")
    assert "time start" in asked(tmp_path / "open")
    events = [line["event"] for line in journal_of(tmp_path / "open") if line["device"] == "board1"]
    assert events.index("saved") < events.index("restored")
    _, verdicts = judged(lab.live, tmp_path / "open", "--check", "CMIS-13", "--subject", "board1:*", expect=None)
    assert [v["outcome"] for v in verdicts] == ["PASS"]
    file = altered(lab, tmp_path / "busy.yaml", "devices: {board1: {maintenance: false}}\n")
    plugfest("collect", file, "--into", tmp_path / "shut", "--unlock", "disruptive", "--device", "board1")
    assert "time start" not in asked(tmp_path / "shut")


def test_a_module_that_a_killed_run_left_changed_is_not_measured_before_it_is_put_back(
    lab: Served, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    command = ("collect", lab.live, "--into", store, "--device", "board1")
    plugfest(*command, "--unlock", "disruptive")
    index, journal = store / "index.jsonl", store / "journal.jsonl"
    index.write_bytes(b"".join(index.read_bytes().splitlines(keepends=True)[:2]))  # the second reading is lost
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"restored"' not in line))
    ran = json.loads(plugfest(*command, "--resume", "--json", expect=3).stdout)
    assert (ran["kept"], ran["answered"], ran["failed"]) == (2, 0, 1)
    assert "--resume --unlock disruptive puts it back" in ran["devices"][0]["first_failure"]
    ran = json.loads(plugfest(*command, "--resume", "--unlock", "disruptive", "--json").stdout)
    assert (ran["kept"], ran["answered"], ran["failed"]) == (2, 2, 0)


def test_no_secret_of_a_device_reaches_the_disk(collected: Path) -> None:
    kept = b"".join(file.read_bytes() for file in collected.rglob("*") if file.is_file())
    assert b"PRIVATE KEY" not in kept
    assert os.environ.get("PLUGFEST_PASSWORD", "\0").encode() not in kept


def test_an_answer_that_was_asked_and_failed_is_a_record(lab: Served, tmp_path: Path) -> None:
    file = altered(lab, tmp_path / "bad.yaml", "devices: {gpu1: {reach: {port: 1}}}\n")
    plugfest("collect", file, "--into", tmp_path / "store", "--device", "gpu1", expect=3)
    evidence = Evidence(tmp_path / "store")
    assert evidence.records
    for record in evidence.records:
        found = evidence.find(record.ask)
        assert isinstance(found, Missing)
        assert "refused" in found.detail
