"""The archive: it holds what it takes to judge again, and ``verify`` names every way in which it was tampered with."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.engine import all_checks, open_lab
from harness.errors import InputError, UsageError
from harness.report import archive
from tests.report import small


def written(folder: Path, parts: str = small.EVERY, more: str = small.WAIVER.replace("EXPIRES", "2027-06-30")) -> Path:
    bench = small.bench(folder, parts, more)
    ledger, summary, facts = small.run(bench, io.BytesIO())
    return archive.write(folder / "reports", bench, summary, facts, ledger.lines(), command=["plugfest", "judge"])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive, and nothing left of what it was made from."""
    folder = tmp_path_factory.mktemp("made")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    place = written(folder)
    moved = Path(shutil.move(place, elsewhere / "five-years-later"))
    shutil.rmtree(folder)
    return moved


@pytest.fixture
def mine(kept: Path, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    return shutil.copytree(kept, tmp_path / "archive")


def manifest(place: Path) -> dict[str, dict[str, object]]:
    files: dict[str, dict[str, object]] = json.loads((place / "manifest.json").read_text("utf-8"))["files"]
    return files


def signed_again(place: Path) -> None:
    """What a careful forger does: a manifest that fits."""
    archive.write_json(place / "manifest.json", {"format": 1, "files": archive.listed(place)})


def test_it_holds_everything(kept: Path) -> None:
    there = set(archive.files_of(kept))
    assert {
        "lab/lab_configs/small.yaml", "lab/lab_configs/profiles/ai-backend.toml", "lab/fixtures/small/index.jsonl",
        "lab/fixtures/small/evidence.json", "tables/requirements/pmd.toml", "tables/lab/platforms.toml",
        "verdicts.jsonl", "checklist.md", "report.html", "run.json", "manifest.json",
    } <= there  # fmt: skip
    assert set(manifest(kept)) == there - {"manifest.json"}
    assert list(manifest(kept)) == sorted(manifest(kept))
    for name, entry in manifest(kept).items():
        held = (kept / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(held).hexdigest(), "size": len(held)}


def test_the_run_is_described(kept: Path) -> None:
    run = json.loads((kept / "run.json").read_text("utf-8"))
    assert run["lab_file"] == "lab/lab_configs/small.yaml"
    assert run["command"] == ["plugfest", "judge"]
    assert run["decision"] == "INCOMPLETE"
    assert run["packs"] == [small.PACK]
    assert {"plugfest", "python", "pytest", "PyYAML", "tabulate"} <= set(run["versions"])


def test_the_lab_in_it_loads_and_names_nothing_outside(kept: Path) -> None:
    bench = open_lab(kept / "lab/lab_configs/small.yaml", checks=all_checks(small.PACK))
    files, stores = archive.inputs(bench)
    assert all(path.is_relative_to(kept) for path in (*files, *stores))
    assert stores


def test_it_verifies_when_all_that_it_was_made_from_is_gone(kept: Path) -> None:
    found = archive.verify(kept)
    assert found.differences == []
    assert found.notes == []
    assert found.verdicts == 24
    assert found.decision == "INCOMPLETE"


def test_the_next_archive_of_the_day_gets_the_next_name(tmp_path: Path) -> None:
    names = [written(tmp_path, small.GOOD, "").name for _ in range(3)]
    assert names == ["small-2026-11-20", "small-2026-11-20-2", "small-2026-11-20-3"]
    assert sorted(place.name for place in (tmp_path / "reports").iterdir()) == names


def test_a_partial_run_writes_a_partial_archive_that_verifies(tmp_path: Path) -> None:
    bench = small.bench(tmp_path)
    from harness.ledger import Ledger
    from harness.report.facts import facts_of

    ledger = Ledger(bench.checks, ((owed.check.id, owed.subject) for owed in bench.plan), io.BytesIO())
    for owed in bench.plan[1::2]:
        ledger.add(bench.judge(owed).document())
    summary = ledger.close((), as_of=bench.as_of)
    facts = facts_of(bench, selection="every second")
    place = archive.write(tmp_path / "reports", bench, summary, facts, ledger.lines(), command=[])
    assert place.name == "small-2026-11-20-PARTIAL"
    assert archive.verify(place).differences == []


def test_nothing_is_left_where_an_archive_cannot_be_written(tmp_path: Path) -> None:
    bench = small.bench(tmp_path)
    ledger, summary, facts = small.run(bench, io.BytesIO())
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(UsageError, match="no archive can be written there"):
        archive.write(tmp_path / "taken", bench, summary, facts, ledger.lines(), command=[])

    def broken() -> Iterator[bytes]:
        yield next(ledger.lines())
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        archive.write(tmp_path / "reports", bench, summary, facts, broken(), command=[])
    assert list((tmp_path / "reports").iterdir()) == []


# --- tampering ----------------------------------------------------------------------------------------------------


def edit(name: str, old: str, new: str, *, times: int = 1) -> Callable[[Path], None]:
    def tamper(place: Path) -> None:
        file = place / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, times), "utf-8")

    return tamper


def drop(name: str) -> Callable[[Path], None]:
    return lambda place: (place / name).unlink()


def add(name: str) -> Callable[[Path], None]:
    def tamper(place: Path) -> None:
        (place / name).write_text("new")

    return tamper


def lines(change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    def tamper(place: Path) -> None:
        file = place / "verdicts.jsonl"
        file.write_text("".join(change(file.read_text("utf-8").splitlines(keepends=True))), "utf-8")

    return tamper


ANSWER = "lab/fixtures/small/answers/gpu1/0001-uname-a.txt"
LAB = "lab/lab_configs/small.yaml"
TAMPERED = [
    pytest.param(edit("report.html", "INCOMPLETE", "ACCEPTED"), "report.html: changed", id="the report"),
    pytest.param(drop("checklist.md"), "checklist.md: missing", id="a file gone"),
    pytest.param(add("lab/extra.txt"), "lab/extra.txt: not in the manifest", id="a file added"),
    pytest.param(edit(ANSWER, "Linux", "Minix"), f"{ANSWER}: changed", id="an answer"),
    pytest.param(edit("verdicts.jsonl", '"NOT-MEASURED"', '"PASS"'), "verdicts.jsonl: changed", id="a verdict"),
    pytest.param(edit("run.json", '"origin": "simulated"', '"origin": "device"'), "run.json: changed", id="the origin"),
]
FORGED = [
    pytest.param(edit(ANSWER, "Linux", "Minix"), "evidence: answers/gpu1/0001-uname-a.txt is not what", id="an answer"),
    pytest.param(
        edit("verdicts.jsonl", '"outcome": "NOT-MEASURED"', '"outcome": "PASS"'),
        "PRO-01 unknown: archived PASS, judged again NOT-MEASURED",
        id="an outcome",
    ),
    pytest.param(
        edit("verdicts.jsonl", '"measured": "5"', '"measured": "6"'),
        'verdicts.jsonl:2: PRO-01 good-1 findings 1 measured: archived "6", judged again "5"',
        id="a measured value",
    ),
    pytest.param(
        edit("verdicts.jsonl", '"decision": "INCOMPLETE"', '"decision": "ACCEPTED"'),
        'verdicts.jsonl:1: run decision: archived "ACCEPTED", judged again "INCOMPLETE"',
        id="the decision",
    ),
    pytest.param(
        lines(lambda all: all[:4] + all[5:]), "verdicts.jsonl: no verdict of PRO-01 near", id="a verdict gone"
    ),
    pytest.param(lines(lambda all: [*all, all[3]]), "verdicts.jsonl:26: out of the plan's order", id="a verdict twice"),
    pytest.param(
        lines(lambda all: [*all, "{}\n"]), "verdicts.jsonl:26: not a verdict that is planned", id="no verdict"
    ),
    pytest.param(
        lines(lambda all: [all[0], all[1].replace(": ", ":"), *all[2:]]),
        "verdicts.jsonl:2: PRO-01 good-1: the same, written differently",
        id="white space",
    ),
    pytest.param(lines(lambda all: all[1:]), "verdicts.jsonl:1: expected the run", id="no run"),
    pytest.param(lines(lambda all: []), "verdicts.jsonl:1: expected the run", id="an empty file"),
    pytest.param(
        edit(LAB, "warranty_years: 2", "warranty_years: 3"),
        "PRO-01 short: archived WAIVED, judged again PASS",
        id="the lab file",
    ),
    pytest.param(
        edit(LAB, "name: small", "nome: small"), "cannot be judged again: ", id="a lab file that does not load"
    ),
    pytest.param(
        edit(LAB, "../fixtures/small", "../../../outside"), "which is not in the archive", id="evidence elsewhere"
    ),
    pytest.param(
        edit("lab/fixtures/small/evidence.json", "simulated", "device"),
        'run origin: archived "simulated", judged again "device"',
        id="the origin of the evidence",
    ),
    pytest.param(
        edit("run.json", '"judged_as_of": "2026-11-20', '"judged_as_of": "2031-11-20'),
        "judged_as_of",
        id="the instant",
    ),
    pytest.param(
        edit("run.json", '"decision": "INCOMPLETE"', '"decision": "ACCEPTED"'), "run.json: decision", id="run"
    ),
    pytest.param(edit("run.json", '"packs"', '"pucks"'), "run.json: not what an archive has there", id="no packs"),
    pytest.param(edit("run.json", '"lab/lab_configs', '"../lab_configs'), "is not in the archive", id="a way out"),
    pytest.param(edit("run.json", "{", "["), "run.json: not JSON", id="a run that does not read"),
]


@pytest.mark.parametrize(("tamper", "said"), TAMPERED)
def test_the_manifest_shows(mine: Path, tamper: Callable[[Path], None], said: str) -> None:
    tamper(mine)
    found = archive.verify(mine)
    assert not found.good
    assert any(said in difference for difference in found.differences), found.differences


@pytest.mark.parametrize(("tamper", "said"), FORGED)
def test_judging_again_shows_even_under_a_forged_manifest(
    mine: Path, tamper: Callable[[Path], None], said: str
) -> None:
    tamper(mine)
    signed_again(mine)
    found = archive.verify(mine)
    assert not found.good
    assert any(said in difference for difference in found.differences), found.differences
    assert all("\n" not in difference for difference in found.differences)


def test_evidence_that_was_already_broken_is_no_difference(tmp_path: Path) -> None:
    bench = small.bench(tmp_path)
    (tmp_path / "fixtures/small/answers/gpu1/0001-uname-a.txt").write_text("Minix")
    ledger, summary, facts = small.run(bench, io.BytesIO())
    place = archive.write(tmp_path / "reports", bench, summary, facts, ledger.lines(), command=[])
    assert "is not what the index says" in json.loads((place / "run.json").read_text("utf-8"))["evidence_faults"][0]
    assert archive.verify(place).differences == []


def test_other_tables_are_told(mine: Path) -> None:
    run = json.loads((mine / "run.json").read_text("utf-8"))
    run["tables"]["requirements/pmd.toml"] = "0" * 64
    run["versions"]["plugfest"] = "0.0.1"
    archive.write_json(mine / "run.json", run)
    signed_again(mine)
    found = archive.verify(mine)
    assert found.good
    assert any("requirements/pmd.toml differs" in note for note in found.notes)
    assert any("plugfest 0.0.1" in note for note in found.notes)


@pytest.mark.parametrize(
    "spoil",
    [
        drop("manifest.json"),
        edit("manifest.json", "{", "["),
        edit("manifest.json", "1", "9"),
        lambda place: archive.write_json(place / "manifest.json", {"format": 1}),
        lambda place: archive.write_json(place / "manifest.json", {"format": 1, "files": []}),
        lambda place: archive.write_json(place / "manifest.json", {"format": 1, "files": {"run.json": "abc"}}),
    ],
    ids=["none", "no JSON", "another format", "no files", "a list of files", "a file without hash"],
)
def test_what_is_no_archive_is_refused(mine: Path, spoil: Callable[[Path], None]) -> None:
    spoil(mine)
    with pytest.raises(InputError, match=r"manifest\.json"):
        archive.verify(mine)
