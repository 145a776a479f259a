"""A store that something happens to: a full disk, no right to write, a second writer, a kill, a copy in the middle."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.errors import EvidenceError
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.evidence.journal import journal_of
from harness.reading import Absence, Missing

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from harness.errors import EvidenceError
from harness.evidence import Answer, Ask, Kind, Origin, Recorder

size = int(sys.argv[2])
try:
    with Recorder(Path(sys.argv[1]), origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.journal.tell("", "run", at=datetime.now(UTC))
        for number in range(100_000):
            ask = Ask(f"leaf{number % 7}", Kind.CLI, f"show something {number}")
            recorder.append(Answer(ask, f"answer {number}\\n".encode() * size, 0, datetime.now(UTC)))
            recorder.journal.tell(ask.device, "sent", at=datetime.now(UTC), command=ask.text)
            print(number, flush=True)
except EvidenceError as told:
    print(f"told: {told}", flush=True)
"""


def ask(number: int) -> Ask:
    return Ask(f"leaf{number % 7}", Kind.CLI, f"show something {number}")


def whole(store: Path) -> list[int]:
    """The answers of a store, all of which must verify."""
    evidence = Evidence(store)
    assert list(evidence.faults()) == []
    return sorted(int(record.ask.text.split()[-1]) for record in evidence.records)


@pytest.mark.parametrize("after", [0, 1, 7, 40], ids=lambda n: f"after {n} answers")
def test_a_kill_at_any_moment_leaves_a_store_that_verifies_and_goes_on(tmp_path: Path, after: int) -> None:
    store = tmp_path / "store"
    command = [sys.executable, "-c", WRITER, str(store), "200"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(after + 1):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
    kept = whole(store)
    assert kept == list(range(len(kept)))
    assert len(kept) > after
    with Recorder(store, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.append(Answer(ask(len(kept)), b"and on\n", 0, NOON))
    assert whole(store) == list(range(len(kept) + 1))
    missing = Evidence(store).find(Ask("leaf1", Kind.CLI, "show version"))
    assert isinstance(missing, Missing)
    assert "its run did not end: collect again with --resume" in missing.detail


def test_a_full_disk_is_told_once_and_what_was_kept_stays(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        mount -t tmpfs -o size=256k plugfest {tmp_path / "disk"} || exit 77
        '{sys.executable}' -c "$1" {tmp_path / "disk"} 200
        cp -r {tmp_path / "disk"} {tmp_path / "kept"}
    """)
    (tmp_path / "disk").mkdir()
    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", WRITER], capture_output=True, text=True, timeout=60, check=False
    )
    if ran.returncode in (1, 77) and "told" not in ran.stdout:
        assert not os.environ.get("CI"), ran.stderr
        pytest.skip(f"not run: no small disk can be mounted here: {ran.stderr.strip()}")
    told = [line for line in ran.stdout.splitlines() if line.startswith("told: ")]
    kept = whole(tmp_path / "kept")
    assert len(told) == 1
    assert "No space left on device" in told[0]
    assert f"{len(kept)} answers are kept; free space and go on with --resume" in told[0]
    assert len(kept) > 10


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(EvidenceError, match=r"file: cannot be written: (File exists|Not a directory)"):
        Recorder(tmp_path / "file", origin=Origin.DEVICE, made_by="test")


def test_a_directory_that_may_only_be_read_is_told(tmp_path: Path) -> None:
    store = tmp_path / "store"
    script = textwrap.dedent(f"""
        mount --bind {store} {store} && mount -o remount,bind,ro {store} || exit 77
        '{sys.executable}' -c "$1" {store} 1
    """)
    store.mkdir()
    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", WRITER], capture_output=True, text=True, timeout=60, check=False
    )
    if ran.returncode in (1, 77) and "told" not in ran.stdout:
        assert not os.environ.get("CI"), ran.stderr
        pytest.skip(f"not run: nothing can be mounted read-only here: {ran.stderr.strip()}")
    assert ran.stdout == f"told: {store}: cannot be written: Read-only file system; check it\n"


def test_two_writers_of_one_store_are_one_too_many(tmp_path: Path) -> None:
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as first:
        with pytest.raises(EvidenceError, match="another run is writing evidence there"):
            Recorder(tmp_path, origin=Origin.DEVICE, made_by="test")
        first.append(Answer(ask(0), b"kept\n", 0, NOON))
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as second:
        second.append(Answer(ask(1), b"kept too\n", 0, NOON))
    assert whole(tmp_path) == [0, 1]


def test_evidence_of_two_origins_is_not_mixed(tmp_path: Path) -> None:
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.append(Answer(ask(0), b"kept\n", 0, NOON))
    with pytest.raises(
        EvidenceError, match="holds evidence of origin device, with which imported evidence is not mixed"
    ):
        Recorder(tmp_path, origin=Origin.IMPORTED, made_by="test")
    assert Evidence(tmp_path).origin is Origin.DEVICE


def test_evidence_of_two_labs_is_not_mixed(tmp_path: Path) -> None:
    Recorder(tmp_path, origin=Origin.DEVICE, made_by="test", lab="rack3").close()
    with pytest.raises(EvidenceError, match="holds evidence of lab rack3, not of rack4"):
        Recorder(tmp_path, origin=Origin.DEVICE, made_by="test", lab="rack4")


def test_threads_append_side_by_side_and_nothing_is_lost(tmp_path: Path) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 50):
            recorder.append(Answer(ask(number), f"{number}\n".encode(), 0, NOON))

    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        threads = [threading.Thread(target=write, args=(first,)) for first in range(0, 400, 50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert whole(tmp_path) == list(range(400))
    assert len({record.file for record in Evidence(tmp_path).records}) == 400


@pytest.mark.parametrize("part", ["the answers came later", "an answer was cut"])
def test_a_store_that_was_copied_while_it_was_written_says_so(tmp_path: Path, part: str) -> None:
    store, copied = tmp_path / "store", tmp_path / "copy"
    with Recorder(store, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.journal.tell("", "run", at=NOON)
        record = recorder.append(Answer(ask(0), b"a long answer\n", 0, NOON))
        shutil.copytree(store, copied)
    if part == "the answers came later":
        (copied / record.file).unlink()
        why = Absence.NOT_RECORDED
    else:
        (copied / record.file).write_bytes(b"a long")
        why = Absence.TAMPERED
    found = Evidence(copied).find(ask(0))
    assert isinstance(found, Missing)
    assert found.why is why
    assert "copied while it was written" in found.detail


@pytest.mark.parametrize(("stopped", "hint"), [(True, True), (False, False)], ids=["by the user", "at its end"])
def test_a_run_that_was_stopped_says_so_where_an_answer_is_missing(tmp_path: Path, stopped: bool, hint: bool) -> None:
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.journal.tell("", "run", at=NOON)
        recorder.journal.tell("", "finished", at=NOON, stopped=stopped)
    found = Evidence(tmp_path).find(ask(0))
    assert isinstance(found, Missing)
    assert ("its run did not end: collect again with --resume" in found.detail) == hint


def test_a_journal_that_a_kill_cut_short_reads_and_goes_on(tmp_path: Path) -> None:
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.journal.tell("leaf1", "sent", at=NOON, command="show version")
    file = tmp_path / "journal.jsonl"
    file.write_bytes(file.read_bytes() + b'{"at": "2026-01-0')
    assert [line["event"] for line in journal_of(tmp_path)] == ["sent"]
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.journal.tell("leaf1", "closed", at=NOON)
    assert [line["event"] for line in journal_of(tmp_path)] == ["sent", "closed"]


def test_what_a_device_printed_beside_its_answer_is_kept(tmp_path: Path) -> None:
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.append(Answer(ask(0), b"", 1, NOON, stderr="ethtool: bad command line\n"))
    found = Evidence(tmp_path).find(ask(0))
    assert isinstance(found, Answer)
    assert (found.status, found.stderr) == (1, "ethtool: bad command line\n")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_password_that_was_used_is_kept_nowhere(tmp_path: Path, encoding: str) -> None:
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.redactor.hide("Zebra-Canary-9")
        body = "Grüße, your Zebra-Canary-9 is old\n".encode(encoding)
        recorder.append(Answer(ask(0), body, 0, NOON, error="near Zebra-Canary-9", stderr="Zebra-Canary-9?"))
        recorder.journal.tell("leaf1", "sent", at=NOON, command="login Zebra-Canary-9", lines=["Zebra-Canary-9"])
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"Zebra-Canary-9" not in kept
    assert "Grüße".encode(encoding) in kept


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c"], ids=ascii)
def test_what_ends_a_line_elsewhere_ends_none_of_a_store(tmp_path: Path, end: str) -> None:
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.append(Answer(ask(0), b"first\n", 1, NOON, stderr=f"no{end}such command"))
        recorder.append(Answer(ask(1), b"second\n", 0, NOON))
        recorder.journal.tell("board1", "saved", at=NOON, saved={"identity": {"serial_number": f"PF{end}1"}})
    assert whole(tmp_path) == [0, 1]
    assert [line["saved"]["identity"]["serial_number"] for line in journal_of(tmp_path)] == [f"PF{end}1"]


@pytest.mark.parametrize("name", ["index.jsonl", "journal.jsonl"])
def test_a_line_that_is_cut_in_the_middle_of_a_letter_reads_as_cut(tmp_path: Path, name: str) -> None:
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        for number in (0, 1):
            recorder.append(Answer(ask(number), b"one\n", 1, NOON, stderr="größer"))
            recorder.journal.tell("leaf1", "note", at=NOON, text="größer")
    file = tmp_path / name
    raw = file.read_bytes()
    file.write_bytes(raw[: raw.rindex("ß".encode()) + 1])
    assert (len(whole(tmp_path)), len(list(journal_of(tmp_path)))) == ((1, 2) if name == "index.jsonl" else (2, 1))
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test"):
        assert raw.startswith(file.read_bytes())
        assert file.read_bytes().endswith(b"}\n")


def test_a_disk_that_was_full_from_the_start_leaves_a_directory_that_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_: object) -> int:
        self.write_bytes(b"")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(EvidenceError, match="No space left"):
        patch.setattr(Path, "write_text", full)
        Recorder(tmp_path, origin=Origin.DEVICE, made_by="test")
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.append(Answer(ask(0), b"one\n", 0, NOON))
    assert whole(tmp_path) == [0]


def test_an_answer_is_never_written_over_one_that_a_kill_left_with_a_higher_number(tmp_path: Path) -> None:
    """Two devices were answered at once, and the first to be numbered was not claimed any more."""
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.append(Answer(ask(0), b"lost\n", 0, NOON))
        recorder.append(Answer(ask(1), b"first sample\n", 0, NOON))
    index = tmp_path / "index.jsonl"
    index.write_bytes(index.read_bytes().split(b"\n", 1)[1])
    with Recorder(tmp_path, origin=Origin.DEVICE, made_by="test") as recorder:
        recorder.append(Answer(Ask("leaf1", Kind.CLI, ask(1).text, 2), b"second sample\n", 0, NOON))
    assert list(Evidence(tmp_path).faults()) == []
    assert len(Evidence(tmp_path).records) == 2
