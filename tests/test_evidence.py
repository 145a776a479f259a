"""The evidence store: whole after a kill, honest after a change, and without secrets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.errors import EvidenceError
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.evidence.redact import redact
from harness.reading import Absence, Missing

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
STATUS = Ask("leaf1", Kind.CLI, "show interfaces status")


def answer(body: str, ask: Ask = STATUS, *, status: int | None = 0, after: int = 0, error: str = "") -> Answer:
    return Answer(ask, body.encode(), status, NOON + timedelta(seconds=after), error=error)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with Recorder(tmp_path, origin=Origin.SIMULATED, made_by="test") as recorder:
        recorder.append(answer("first\n"))
        recorder.append(answer("of spine\n", Ask("spine1", Kind.CLI, "show version"), after=30))
    return tmp_path


def test_what_was_recorded_is_found_again(store: Path) -> None:
    evidence = Evidence(store)
    found = evidence.find(STATUS)
    assert isinstance(found, Answer)
    assert (found.text, found.at, found.status) == ("first\n", NOON, 0)
    assert (evidence.origin, evidence.span()) == (Origin.SIMULATED, (NOON, NOON + timedelta(seconds=30)))
    assert list(evidence.faults()) == []


def test_an_ask_that_was_not_made_is_not_recorded(store: Path) -> None:
    found = Evidence(store).find(Ask("leaf1", Kind.CLI, "show version"))
    assert isinstance(found, Missing)
    assert found.why is Absence.NOT_RECORDED


def test_the_last_attempt_answers(store: Path) -> None:
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        recorder.append(answer("second\n", after=5))
    found = Evidence(store).find(STATUS)
    assert isinstance(found, Answer)
    assert found.text == "second\n"
    assert len(Evidence(store).records) == 3


def test_no_answer_at_all_is_kept_as_such(store: Path) -> None:
    lldp = Ask("leaf1", Kind.CLI, "show lldp table")
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        recorder.append(answer("", lldp, status=None, error="timed out"))
    found = Evidence(store).find(lldp)
    assert isinstance(found, Missing)
    assert (found.why, found.detail) == (Absence.NOT_ANSWERED, "timed out")


def test_a_changed_answer_is_not_used_and_is_named(store: Path) -> None:
    record = Evidence(store).records[0]
    (store / record.file).write_text("forged\n")
    found = Evidence(store).find(STATUS)
    assert isinstance(found, Missing)
    assert found.why is Absence.TAMPERED
    assert record.file in next(iter(Evidence(store).faults()))


def test_a_missing_file_is_missing_and_is_named(store: Path) -> None:
    record = Evidence(store).records[0]
    (store / record.file).unlink()
    found = Evidence(store).find(STATUS)
    assert isinstance(found, Missing)
    assert found.why is Absence.NOT_RECORDED
    assert record.file in next(iter(Evidence(store).faults()))


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_kill_while_the_index_was_written_loses_that_line_alone(store: Path, cut: int) -> None:
    index = store / "index.jsonl"
    index.write_bytes(index.read_bytes()[:-cut])
    assert len(Evidence(store).records) == 1
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        recorder.append(answer("again\n"))
    assert [record.ask.device for record in Evidence(store).records] == ["leaf1", "leaf1"]


def test_a_broken_line_elsewhere_is_named_with_its_number(store: Path) -> None:
    index = store / "index.jsonl"
    index.write_text("{nonsense\n" + index.read_text())
    with pytest.raises(EvidenceError, match=r"index\.jsonl:1: not a record"):
        _ = Evidence(store).records


def test_a_directory_that_is_no_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="not an evidence directory"):
        _ = Evidence(tmp_path).records


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("hunter2", '{"bgp_password": "hunter2", "mtu": "9100"}'),
        ("hunter2", "password: hunter2"),
        ("hunter2", "username admin secret 5 hunter2"),
        ("public7", "snmp-server community public7 ro"),
        ("$6$salt$hashhash", "root:$6$salt$hashhash:19000:0:99999:7:::"),
        ("s3cr3t", "https://user:s3cr3t@host/path"),
        ("abcdefgh12345678", "Authorization: Bearer abcdefgh12345678"),
        ("MIIEow", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"),
        ("hunter2", '{"TACPLUS|global": {"passkey": "hunter2"}}'),
        ("hunter2", "'secret': 'hunter2'"),
    ],
)
def test_secrets_do_not_reach_the_disk(tmp_path: Path, secret: str, text: str) -> None:
    with Recorder(tmp_path, origin=Origin.RECORDED, made_by="test") as recorder:
        recorder.append(answer(text))
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert secret.encode() not in kept
    assert b"<redacted>" in kept


@pytest.mark.parametrize(
    "text",
    [
        '{"PORT": {"Ethernet0": {"fec": "rs", "mtu": "9100"}}}',
        "Ethernet0  up  up  400G",
        "Vendor SN: ABC123",
        "token bucket rate 100",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_redaction_keeps_json_readable() -> None:
    import json

    document = {"password": 'a"b', "nested": {"secret": "x"}, "list": [1, 2]}
    kept = json.loads(redact(json.dumps(document, indent=1)))
    assert kept == {"password": "<redacted>", "nested": {"secret": "<redacted>"}, "list": [1, 2]}
