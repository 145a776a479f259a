"""Bad days of a collection: a switch that runs real shell commands over a real OpenSSH server, and what goes wrong.

Every command of the switch is a small program that prints a file, so that one file changed is one bad answer.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.drivers import driver
from harness.evidence import Answer, Ask, Evidence, Kind
from harness.evidence.journal import journal_of
from harness.lab.load import load
from harness.reading import Missing
from harness.simlab.sshd import Sshd
from tests.recordings import REPOSITORY
from tests.simlab.served import needs_openssh

PLUGFEST = Path(sys.executable).with_name("plugfest")
RACK3 = REPOSITORY / "lab_configs" / "rack3.yaml"
SAMPLES = {1: "first", 2: "second"}

COMMAND = """\
#!/bin/sh
# A command of the switch: what it answers lies in a file named after it.
name=$(echo "${0##*/} $*" | tr ' /' '__')
if [ -e "@HOME@/second/$name" ] && [ -e "@HOME@/asked/$name" ]; then folder=second; else folder=first; fi
: >"@HOME@/asked/$name"
[ -x "@HOME@/wrong/$name" ] && exec "@HOME@/wrong/$name"
[ -e "@HOME@/$folder/$name" ] || { echo "${0##*/}: no such command" >&2; exit 127; }
exec /bin/cat "@HOME@/$folder/$name"
"""

PLAYER = """\
#!/bin/sh
PATH=@HOME@/bin:/usr/bin:/bin exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"
"""


@dataclass
class Switch:
    """leaf1 of the example rack, healthy until something is done to it."""

    home: Path
    sshd: Sshd
    lab: Path

    def answers(self, command: str, text: str | bytes, sample: int = 1) -> None:
        file = self.home / SAMPLES[sample] / named(command)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def answer(self, command: str) -> str:
        return (self.home / "first" / named(command)).read_text("utf-8")

    def goes_wrong(self, command: str, script: str) -> None:
        """Another program instead of the one that answers."""
        file = self.home / "wrong" / named(command)
        file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        file.chmod(0o755)

    def collect(self, *more: str, expect: int = 0) -> dict[str, Any]:
        shutil.rmtree(self.home / "asked")
        (self.home / "asked").mkdir()
        words = ("collect", str(self.lab), "--into", str(self.store), "--window", "0.2s", "--json", *more)
        ran = subprocess.run([str(PLUGFEST), *words], capture_output=True, text=True, timeout=90, check=False)
        assert ran.returncode == expect, ran.stdout + ran.stderr
        told: dict[str, Any] = json.loads(ran.stdout)
        return told

    @property
    def store(self) -> Path:
        return self.home / "store"

    def found(self, command: str, sample: int = 1) -> Answer | Missing:
        return Evidence(self.store).find(Ask("leaf1", Kind.CLI, command, sample))

    def judged(self, check: str) -> dict[str, dict[str, Any]]:
        words = (
            "judge",
            str(self.lab),
            "--evidence",
            str(self.store),
            "--check",
            check,
            "--subject",
            "leaf1:*",
            "--json",
        )
        ran = subprocess.run([str(PLUGFEST), *words], capture_output=True, text=True, timeout=90, check=False)
        _, *verdicts = map(json.loads, ran.stdout.splitlines())
        return {verdict["subject"]: verdict for verdict in verdicts}


def named(command: str) -> str:
    """The file of a command: its words as a shell hands them on, without quotes."""
    return "_".join(shlex.split(command)).replace("/", "_")


@pytest.fixture
def switch(tmp_path: Path) -> Iterator[Switch]:
    needs_openssh()
    home = tmp_path / "leaf1"
    for folder in ("bin", "first", "second", "wrong", "asked"):
        (home / folder).mkdir(parents=True)
    plan = load(RACK3).devices["leaf1"]
    recorded = Evidence(REPOSITORY / "fixtures" / "rack3")
    for ask in driver("sonic").asks(plan):
        found = recorded.find(ask)
        assert isinstance(found, Answer)
        (home / SAMPLES[ask.sample] / named(ask.text)).write_bytes(found.body)
        program = home / "bin" / ask.text.split()[0]
        program.write_text(COMMAND.replace("@HOME@", str(home)), "utf-8")
        program.chmod(0o755)
    player = home / "player"
    player.write_text(PLAYER.replace("@HOME@", str(home)), "utf-8")
    player.chmod(0o755)
    with Sshd(home / "ssh", str(player)) as sshd:
        lab = home / "lab.yaml"
        reach = {
            "transport": "ssh", "address": "127.0.0.1", "port": sshd.ports[0], "user": sshd.user, "agent": False,
            "key": str(sshd.client_key), "known_hosts": str(sshd.known_hosts), "timeout_s": 2,
        }  # fmt: skip
        others = {name: {"reach": None} for name in ("leaf2", "spine1", "gpu1", "gpu2", "gpu3", "gpu4")}
        document = {"extends": str(RACK3), "evidence": None, "devices": {"leaf1": {"reach": reach}, **others}}
        lab.write_text(json.dumps(document), "utf-8")
        yield Switch(home, sshd, lab)


STATUS, FEC, LLDP = "show interfaces status", "show interfaces fec status", "show lldp table"
PFC = "show pfc priority"
CONFIG = "sonic-cfggen -d --print-data"
SHUT = {"leaf1:Ethernet504", "leaf1:Ethernet508"}
DUMP = "sudo sfputil show eeprom-hexdump"


def test_a_real_shell_answers_as_the_recording_does(switch: Switch) -> None:
    told = switch.collect()
    assert (told["failed"], told["answered"]) == (0, told["owed"])
    recorded, kept = Evidence(REPOSITORY / "fixtures" / "rack3"), Evidence(switch.store)
    for record in kept.records:
        mine, theirs = kept.find(record.ask), recorded.find(record.ask)
        assert isinstance(mine, Answer) and isinstance(theirs, Answer)
        assert (mine.body, mine.status) == (theirs.body, theirs.status), record.ask
    assert {v["outcome"] for v in switch.judged("FEC-01").values()} == {"PASS"}


Bad = Callable[[Switch], None]
BAD_ANSWERS: dict[str, tuple[str, Bad, str, str]] = {
    # what: (command, what is done to the switch, check that needs it, what its verdicts say)
    "half an answer": (
        STATUS,
        lambda switch: switch.answers(STATUS, switch.answer(STATUS)[:700]),
        "LNK-01",
        "cut off in line",
    ),
    "a table whose columns a new release renamed": (
        FEC,
        lambda switch: switch.answers(FEC, switch.answer(FEC).replace("FEC Oper", "Oper mode")),
        "FEC-02",
        "",
    ),
    "an answer that is empty, with status 0": (PFC, lambda switch: switch.answers(PFC, ""), "ROCE-01", ""),
    "an error with status 0": (
        PFC,
        lambda switch: switch.answers(PFC, "Error: could not connect to redis\n"),
        "ROCE-01",
        "",
    ),
    "a command that this release lacks": (
        FEC,
        lambda switch: (switch.home / "first" / named(FEC)).unlink(),
        "FEC-02",
        "status 127: show: no such command",
    ),
    "an answer in latin-1": (
        FEC,
        lambda switch: switch.answers(FEC, "Gerät antwortet nicht\n".encode("latin-1")),
        "FEC-02",
        "",
    ),
    "a command that hangs": (
        FEC,
        lambda switch: switch.goes_wrong(FEC, "exec sleep 60"),
        "FEC-02",
        "no end within 2 s",
    ),
    "a connection that breaks in the middle of an answer": (
        FEC,
        lambda switch: switch.goes_wrong(
            FEC,
            f"/bin/cat {switch.home}/first/{named(FEC)} | head -c 300; "
            'pid=$$; while [ "$pid" -gt 1 ]; do '
            "pid=$(sed 's/.*) . \\([0-9]*\\) .*/\\1/' /proc/$pid/stat); "
            "case $(tr '\\0' ' ' </proc/$pid/cmdline) in sshd:*|sshd-session:*) kill -9 $pid; sleep 9;; esac; done",
        ),
        "FEC-02",
        "connection",
    ),
}


@pytest.mark.parametrize("what", BAD_ANSWERS)
def test_a_bad_answer_is_kept_and_its_subjects_are_not_measured(switch: Switch, what: str) -> None:
    _, spoil, check, said = BAD_ANSWERS[what]
    spoil(switch)
    lost = what.startswith(("a command that hangs", "a connection"))
    told = switch.collect(expect=3 if lost else 0)
    assert told["failed"] == (1 if lost else 0), told
    assert list(Evidence(switch.store).faults()) == []
    verdicts = switch.judged(check)
    silent = [v for v in verdicts.values() if v["outcome"] == "NOT-MEASURED"]
    assert len(silent) > 10, {v["outcome"] for v in verdicts.values()}
    assert all(v["outcome"] != "PASS" for v in verdicts.values())
    assert any(said in json.dumps(v) for v in silent), silent[0]
    assert isinstance(switch.found(LLDP), Answer)  # what came after it is there


def outcomes_of_ports_that_are_up(switch: Switch, check: str) -> set[str]:
    """What a check says of every port but those of the shut spare, on which it does not apply."""
    found = {subject: verdict["outcome"] for subject, verdict in switch.judged(check).items()}
    assert {subject for subject, outcome in found.items() if outcome == "N/A"} == SHUT
    return {outcome for subject, outcome in found.items() if subject not in SHUT}


def test_what_was_lost_is_asked_again_and_nothing_else(switch: Switch) -> None:
    switch.goes_wrong(FEC, "exec sleep 60")
    first = switch.collect(expect=3)
    (switch.home / "wrong" / named(FEC)).unlink()
    second = switch.collect("--resume")
    assert (second["kept"], second["answered"], second["failed"]) == (first["answered"], 1, 0)
    assert outcomes_of_ports_that_are_up(switch, "FEC-02") == {"PASS"}
    attempts = [record for record in Evidence(switch.store).records if record.ask.text == FEC]
    assert [record.status for record in attempts] == [None, 0]


def test_a_switch_that_does_not_answer_any_more_is_not_waited_for(switch: Switch) -> None:
    for command in (STATUS, FEC, "show interfaces counters fec-stats", "show interfaces transceiver presence"):
        switch.goes_wrong(command, "exec sleep 60")
    told = switch.collect(expect=3)
    assert told["answered"] == 2  # what came before them
    found = switch.found(LLDP)
    assert isinstance(found, Missing)
    assert "3 questions in a row had no answer" in found.detail


def test_a_clock_that_is_wrong_is_told(switch: Switch) -> None:
    date = switch.home / "bin" / "date"
    date.write_text('#!/bin/sh\n/bin/date -d "1 hour ago" "$@"\n', "utf-8")
    date.chmod(0o755)
    told = switch.collect()
    (note,) = [note for note in told["notes"] if "not asked" not in note]
    assert note.startswith("leaf1: its clock is 3")
    assert "behind this machine's" in note


def test_a_flood_is_kept_whole(switch: Switch) -> None:
    switch.goes_wrong(LLDP, "yes 'a line of a flood that goes on and on' | head -c 50000000")
    switch.collect()
    found = switch.found(LLDP)
    assert isinstance(found, Answer)
    assert len(found.body) == 50_000_000


CANARIES = {
    "password": "Canary-Pass-4711",
    "key": "Q2FuYXJ5S2V5Q2FuYXJ5S2V5Q2FuYXJ5S2V5",
    "SNMP community": "canary-community-4711",
    "token": "eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcnkiOiJ5ZXMifQ.c2lnbmF0dXJlY2FuYXJ5",
}


def test_planted_secrets_are_found_nowhere_afterwards(switch: Switch) -> None:
    config = json.loads(switch.answer(CONFIG))
    config["SNMP_COMMUNITY"] = {CANARIES["SNMP community"]: {"TYPE": "RO"}}
    config["TACPLUS"] = {"global": {"passkey": CANARIES["password"]}}
    config["TELEMETRY"] = {"auth": {"token": CANARIES["token"]}}
    switch.answers(CONFIG, json.dumps(config, indent=4))
    armour = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{CANARIES['key']}\n-----END OPENSSH PRIVATE KEY-----\n"
    switch.answers(LLDP, switch.answer(LLDP) + armour)
    switch.goes_wrong(PFC, f"echo 'login failed: password {CANARIES['password']}' >&2; exit 1")
    told = json.dumps(switch.collect())
    kept = {file: file.read_bytes() for file in switch.store.rglob("*") if file.is_file()}
    for what, canary in CANARIES.items():
        assert canary not in told, what
        assert not [file for file, raw in kept.items() if canary.encode() in raw], what
    assert json.loads(switch.found(CONFIG).text)["PORT"] == config["PORT"]  # type: ignore[union-attr]
    assert {v["outcome"] for v in switch.judged("ROCE-04").values()} == {"PASS"}


def test_a_secret_in_a_message_is_not_printed_either(switch: Switch) -> None:
    """What a device said last before it hung up stands in the first failure of the table."""
    switch.goes_wrong(PFC, f"echo 'login failed: password {CANARIES['password']}' >&2; kill -9 $PPID; sleep 1")
    told = json.dumps(switch.collect(expect=3))
    assert "login failed: password <redacted>" in told
    assert CANARIES["password"] not in told


def test_a_second_sample_does_not_outlive_the_first_that_is_asked_again(switch: Switch) -> None:
    """Else it would be older than the first for ever: never measured, and a --resume that finds nothing to do."""
    counters = "show interfaces counters fec-stats"
    once = switch.home / "once"
    switch.goes_wrong(
        counters,
        f"[ -e {once} ] || {{ : >{once}; exec sleep 60; }}; exec /bin/cat {switch.home}/first/{named(counters)}",
    )
    switch.collect(expect=3)
    assert isinstance(switch.found(counters), Missing)
    assert isinstance(switch.found(counters, 2), Answer)
    told = switch.collect("--resume")
    assert (told["answered"], told["failed"]) == (2, 0)
    first, second = switch.found(counters), switch.found(counters, 2)
    assert isinstance(first, Answer) and isinstance(second, Answer)
    assert (second.at - first.at).total_seconds() >= 0.2


def test_two_devices_at_one_place_are_refused(switch: Switch) -> None:
    """A range of devices whose address does not say which: the one switch would answer for both."""
    document = json.loads(switch.lab.read_text("utf-8"))
    document["devices"]["leaf2"] = document["devices"]["leaf1"]
    switch.lab.write_text(json.dumps(document), "utf-8")
    words = [str(PLUGFEST), "collect", str(switch.lab), "--into", str(switch.store)]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert "reached at the same place as leaf1 (address 127.0.0.1, port " in ran.stderr
    assert not list(switch.store.glob("answers/*"))


def test_a_second_collect_into_one_store_is_refused_while_the_first_runs(switch: Switch) -> None:
    switch.goes_wrong(STATUS, "exec sleep 2")
    words = [str(PLUGFEST), "collect", str(switch.lab), "--into", str(switch.store), "--window", "0.1s"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as first:
        while not (switch.store / "index.jsonl").exists():
            assert first.poll() is None
        second = subprocess.run([*words, "--resume"], capture_output=True, text=True, timeout=60, check=False)
        first.communicate(timeout=60)
    assert second.returncode == 4
    assert second.stderr.count("\n") == 1
    assert "another run is writing evidence there" in second.stderr
    assert list(Evidence(switch.store).faults()) == []


def test_every_command_line_of_a_real_shell_is_in_the_journal(switch: Switch) -> None:
    switch.collect()
    sent = [line["wire"] for line in journal_of(switch.store) if line["event"] == "sent"]
    assert 2 <= len(sent) <= 6
    for record in Evidence(switch.store).records:
        assert any(record.ask.text in line for line in sent), record.ask


def test_absence_of_a_second_sample_is_not_a_window_of_nothing(switch: Switch) -> None:
    switch.goes_wrong(
        "show interfaces counters fec-stats",
        f"[ -e {switch.home}/once ] && exit 1; : >{switch.home}/once; "
        f"exec /bin/cat {switch.home}/first/{named('show interfaces counters fec-stats')}",
    )
    switch.collect()
    assert outcomes_of_ports_that_are_up(switch, "FEC-05") == {"NOT-MEASURED"}
    missing = switch.found("show interfaces counters fec-stats", 2)
    assert isinstance(missing, Answer) and missing.status == 1


@pytest.fixture(autouse=True)
def no_password_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PLUGFEST_PASS"):
            monkeypatch.delenv(name)
