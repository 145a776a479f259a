"""``verdicts.jsonl`` and its published schema."""

from __future__ import annotations

import copy
import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.errors import EvidenceError
from harness.report import verdicts
from tests.report import small

SCHEMA = json.loads(verdicts.schema())
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    bench = small.bench(tmp_path_factory.mktemp("lab"), small.EVERY, small.waiver())
    ledger, summary, facts = small.run(bench, io.BytesIO())
    return [json.loads(line) for line in verdicts.lines(summary, facts, ledger.lines())]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_line_of_a_run_with_every_outcome_fits_the_schema(lines: list[dict[str, Any]]) -> None:
    for line in lines:
        VALIDATOR.validate(line)
    assert {line["outcome"] for line in lines[1:]} == {"PASS", "WARN", "NOT-MEASURED", "ERROR", "N/A", "WAIVED"}


def test_the_run_comes_first(lines: list[dict[str, Any]]) -> None:
    run = lines[0]["run"]
    assert list(run)[:5] == ["lab", "origin", "judged_as_of", "planned", "decision"]
    assert run["lab"] == "small"
    assert run["origin"] == "simulated"
    assert run["judged_as_of"] == "2026-11-20T12:00:00Z"
    assert run["planned"] == len(lines) - 1
    assert run["decision"] == "INCOMPLETE"
    assert run["totals"]["WAIVED"] == 1


def test_the_file_is_the_same_when_the_lab_is_judged_again(tmp_path: Path) -> None:
    def once() -> list[bytes]:
        bench = small.bench(tmp_path, small.GOOD)
        ledger, summary, facts = small.run(bench, io.BytesIO())
        return list(verdicts.lines(summary, facts, ledger.lines()))

    assert once() == once()


def without(key: str) -> Any:
    return lambda verdict: verdict.pop(key)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(without("subject"), id="no subject"),
        pytest.param(lambda v: v.update(outcome="pass"), id="an outcome that there is not"),
        pytest.param(lambda v: v.update(extra=1), id="a key that nobody knows"),
        pytest.param(lambda v: v.update(findings=[]), id="a pass that looked at nothing"),
        pytest.param(lambda v: v["findings"][0].update(measured=None), id="a pass about what was not measured"),
        pytest.param(lambda v: v["findings"][0].update(margin=0.1), id="a binary fraction"),
        pytest.param(lambda v: v["findings"][0].update(standing="sure"), id="a standing that there is not"),
    ],
)
def test_the_schema_refuses(lines: list[dict[str, Any]], spoil: Any) -> None:
    line = copy.deepcopy(next(line for line in lines[1:] if line["outcome"] == "PASS"))
    VALIDATOR.validate(line)
    spoil(line)
    assert not VALIDATOR.is_valid(line)


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"not json", b'{"run": {"format": 99}}'])
def test_a_first_line_that_is_no_run_is_refused(line: bytes) -> None:
    with pytest.raises(EvidenceError, match=r"verdicts\.jsonl:1"):
        verdicts.read_header(line, "verdicts.jsonl")
