"""The archive of a run: everything that it takes to judge it again, and a manifest of hashes.

    reports/rack3-2026-11-20/
      lab/            the lab file and all that it names, evidence included, laid out as they lay: their references hold
      tables/         the limit tables that it was held to
      verdicts.jsonl  checklist.md  report.html
      run.json        versions, command line, instant judged, decision
      history.json    what the run took from earlier archives, where it was told to
      manifest.json   SHA-256 and size of every other file

``verify`` judges the archived evidence again and compares byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from itertools import count
from pathlib import Path
from typing import Any

from ..engine import Bench, all_checks, open_lab
from ..errors import EvidenceError, InputError, PlugfestError, UsageError
from ..evidence import slug
from ..evidence import written as instant_written
from ..history import history_of
from ..ledger import Ledger, Summary, written
from ..requirements.load import limit_files
from ..version import VERSION
from . import verdicts
from .checklist import markdown
from .facts import Facts, facts_of
from .html import page

FORMAT = 1
MANIFEST, RUN, VERDICTS, HISTORY = "manifest.json", "run.json", "verdicts.jsonl", "history.json"
PACKAGE = Path(__file__).resolve().parent.parent


# --- writing ------------------------------------------------------------------------------------------------------


def write(
    reports: Path, bench: Bench, summary: Summary, facts: Facts, lines: Iterable[bytes], *, command: Sequence[str]
) -> Path:
    """Write the archive of a run below ``reports`` and say where it is.  It is there whole or not at all."""
    try:
        reports.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=reports))
    except OSError as wrong:
        raise UsageError(f"{reports}: no archive can be written there: {wrong.strerror}") from None
    try:
        lab_file, store = keep_lab(bench, draft)
        kept_tables = keep_tables(bench, draft / "tables")
        verdicts.write(draft / VERDICTS, summary, facts, lines)
        (draft / "checklist.md").write_text(markdown(summary, facts), "utf-8")
        (draft / "report.html").write_text(page(summary, facts), "utf-8")
        run = run_document(bench, summary, facts, lab_file, store, kept_tables, command)
        write_json(draft / RUN, run)
        if bench.history is not None:
            write_json(draft / HISTORY, bench.history.document())
        write_json(draft / MANIFEST, {"format": FORMAT, "files": listed(draft)})
        draft.chmod(0o755)
        return settle(draft, reports / name(summary, facts))
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def name(summary: Summary, facts: Facts) -> str:
    """``rack3-2026-11-20``: the lab and the day judged; a run that left something out says so."""
    return f"{slug(facts.lab)}-{facts.as_of.date()}{'-PARTIAL' if summary.partial else ''}"


def settle(draft: Path, wanted: Path) -> Path:
    """Give the draft its name, or the next that is free."""
    for number in count(1):
        place = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        if place.exists():
            continue
        try:
            return draft.rename(place)
        except OSError:  # another run took the name between the question and the answer
            if not place.exists():
                raise
    raise AssertionError("count() ended")


def inputs(bench: Bench) -> tuple[list[Path], list[Path]]:
    """The files and the evidence directories that a lab was judged from."""
    lab = bench.lab
    files = [*lab.files, *map(Path, bench.requirements.profile.files), *lab.measurements, *lab.fiber_tests]
    stores = [store.directory for store in (bench.evidence, *bench.evidence.elsewhere.values())]
    return [absolute(file) for file in files], [absolute(store) for store in stores if store is not None]


def absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  resolve() would follow links and move the references


def keep_lab(bench: Bench, draft: Path) -> tuple[str, str | None]:
    """Copy the lab with all that it names, laid out as it lay.

    Says where the lab file is now, and the evidence where it is not what the lab file names.
    """
    files, stores = inputs(bench)
    root = Path(os.path.commonpath([*(file.parent for file in files), *(store.parent for store in stores)]))
    for store in stores:
        shutil.copytree(store, draft / "lab" / store.relative_to(root), dirs_exist_ok=True)
    for file in dict.fromkeys(files):
        copy(file, draft / "lab" / file.relative_to(root))
    own = bench.evidence.directory if bench.elsewhere else None
    return archived(bench.lab.file, root), None if own is None else archived(own, root)


def archived(path: Path, root: Path) -> str:
    """What an archive calls something that a lab was judged from."""
    return (Path("lab") / absolute(path).relative_to(root)).as_posix()


def keep_tables(bench: Bench, folder: Path) -> dict[str, str]:
    """Copy the tables that decided; says which installed table each is a copy of."""
    kept = {}
    for file, place in tables(bench):
        copy(file, folder / place)
        kept[place] = digest(file)
    return kept


def tables(bench: Bench) -> Iterator[tuple[Path, str]]:
    """Every table that a judgement rests on, and what an archive calls it."""
    own = [*limit_files(), *sorted((PACKAGE / "lab").glob("*.toml")), *sorted((PACKAGE / "decode").glob("*.json"))]
    for file in own:
        parts = file.relative_to(PACKAGE).parts
        yield file, "/".join(part for part in parts if part != "tables")
    known = {str(file) for file in own}.union(bench.requirements.profile.files)
    others = [Path(file) for file in bench.requirements.files if file not in known]
    yield from ((file, f"other/{number}-{file.name}") for number, file in enumerate(others, 1))


def copy(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)


def run_document(
    bench: Bench,
    summary: Summary,
    facts: Facts,
    lab_file: str,
    store: str | None,
    kept_tables: Mapping[str, str],
    command: Sequence[str],
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "lab": facts.lab,
        "lab_file": lab_file,
        **({"evidence": store} if store is not None else {}),
        "judged_as_of": instant_written(facts.as_of),
        "ran_at": None if facts.ran_at is None else instant_written(facts.ran_at),
        "origin": facts.origin,
        "replay": facts.replay,
        "decision": summary.decision,
        "planned": summary.planned,
        "run": summary.run,
        "partial": summary.partial,
        "selection": facts.selection,
        "command": list(command),
        "packs": packs(bench),
        "checks": [check.id for check in bench.checks],
        "evidence_faults": faults(bench),
        "tables": dict(kept_tables),
        "versions": versions(),
    }


def packs(bench: Bench) -> list[str]:
    """The packages that the checks came from."""
    return list(dict.fromkeys(check.module.rpartition(".")[0] for check in bench.checks))


def faults(bench: Bench) -> list[str]:
    """What of the evidence does not fit its hash, whichever directory it is in."""
    stores = [store.directory for store in (bench.evidence, *bench.evidence.elsewhere.values())]
    found = []
    for fault in bench.evidence.faults():
        for store in stores:
            fault = fault.removeprefix(f"{store}: ")
        found.append(fault)
    return found


def versions() -> dict[str, str]:
    """Plugfest, Python and every library that Plugfest names."""
    found = {"plugfest": VERSION, "python": platform.python_version()}
    try:
        named = metadata.requires("plugfest") or []
    except metadata.PackageNotFoundError:
        return found
    for line in named:
        if "extra ==" in line:
            continue
        library = re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            found[library] = "not installed"
    return found


def write_json(file: Path, document: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def listed(archive: Path) -> dict[str, dict[str, Any]]:
    """Hash and size of every file but the manifest, by name."""
    return {
        name: {"sha256": digest(file), "size": file.stat().st_size}
        for name, file in sorted(files_of(archive).items())
        if name != MANIFEST
    }


def files_of(archive: Path) -> dict[str, Path]:
    there = (path for path in archive.rglob("*") if path.is_symlink() or not path.is_dir())
    return {path.relative_to(archive).as_posix(): path for path in there}


def digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# --- verifying ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Verification:
    """What was found out about an archive."""

    archive: Path
    decision: str = ""
    verdicts: int = 0  # judged again
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # worth knowing, and no difference

    @property
    def good(self) -> bool:
        return not self.differences

    def document(self) -> dict[str, Any]:
        return {
            "archive": str(self.archive),
            "verifies": self.good,
            "decision": self.decision,
            "verdicts": self.verdicts,
            "differences": self.differences,
            "notes": self.notes,
        }


def verify(archive: Path) -> Verification:
    """Hold an archive against its manifest and against its own evidence.  InputError where it is no archive."""
    found = Verification(archive)
    manifest = read_json(archive, MANIFEST, "so this is not an archive")
    entries = manifest.get("files")
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        raise InputError(f"{archive / MANIFEST}: expected files, each with its SHA-256 and size")
    found.differences += held_against(entries, archive)
    missing = [name for name in (RUN, VERDICTS) if not (archive / name).is_file()]
    if missing:
        return found
    try:
        run = read_json(archive, RUN, "")
    except InputError as bad:
        found.differences.append(str(bad))
        return found
    try:
        judge_again(archive, run, found)
    except (PlugfestError, ImportError) as wrong:
        found.differences.append(f"cannot be judged again: {wrong}")
    except (KeyError, TypeError, ValueError) as wrong:
        found.differences.append(f"{RUN}: not what an archive has there: {type(wrong).__name__} {wrong}")
    return found


def read_json(archive: Path, name: str, otherwise: str) -> dict[str, Any]:
    file = archive / name
    try:
        document = json.loads(file.read_text("utf-8"))
    except OSError as gone:
        raise InputError(f"{file}: {gone.strerror}{f', {otherwise}' if otherwise else ''}") from None
    except ValueError as bad:
        raise InputError(f"{file}: not JSON: {bad}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError(f"{file}: expected format {FORMAT}")
    return document


def held_against(manifest: Mapping[str, Any], archive: Path) -> Iterator[str]:
    """How the files that are there differ from those in the manifest."""
    there = files_of(archive)
    there.pop(MANIFEST, None)
    for name, entry in manifest.items():
        file = there.pop(name, None)
        if file is None:
            yield f"{name}: missing"
        elif file.is_symlink():
            yield f"{name}: a link, and no file of this archive"
        elif digest(file) != entry.get("sha256"):
            yield f"{name}: changed, its SHA-256 is not the manifest's"
    yield from (f"{name}: not in the manifest" for name in sorted(there))


def judge_again(archive: Path, run: Mapping[str, Any], found: Verification) -> None:
    checks = tuple(check for pack in run["packs"] for check in all_checks(pack))
    if "checks" in run:  # those that came later have nothing to say of it
        checks = tuple(check for check in checks if check.id in run["checks"])
    store = inside(archive, run["evidence"]) if run.get("evidence") else None
    bench = open_lab(inside(archive, run["lab_file"]), as_of=run["judged_as_of"], checks=checks, evidence=store)
    if (archive / HISTORY).is_file():
        bench.history = history_of(read_json(archive, HISTORY, ""))
    found.notes += drift(archive, bench, run)
    outside = [path for paths in inputs(bench) for path in paths if not path.is_relative_to(absolute(archive))]
    if outside:
        found.differences += [f"the lab file names {path}, which is not in the archive" for path in outside]
        return
    known = run["evidence_faults"]
    found.differences += [f"evidence: {fault}" for fault in faults(bench) if fault not in known]
    with (archive / VERDICTS).open("rb") as stream, tempfile.TemporaryFile() as spill:
        first = stream.readline()
        header = verdicts.read_header(first, VERDICTS)
        found.decision = str(header.get("decision"))
        ledger = Ledger(bench.checks, ((owed.check.id, owed.subject) for owed in bench.plan), spill)
        found.differences += compared(bench, stream, ledger, whole=not run["partial"])
        found.verdicts = ledger.run
        summary = ledger.close(bench.lab.waivers, as_of=bench.as_of)
        again = verdicts.header(summary, facts_of(bench))
        if written(again) != first:
            found.differences += differing(header, again["run"], f"{VERDICTS}:1: run")
    for key in ("lab", "origin", "judged_as_of", "planned", "run", "partial", "decision"):
        if run[key] != header.get(key):
            found.differences.append(f"{RUN}: {key} is {run[key]!r}, {VERDICTS} has {header.get(key)!r}")


def inside(archive: Path, name: str) -> Path:
    path = Path(os.path.normpath(archive / name))
    if not path.is_relative_to(Path(os.path.normpath(archive))):
        raise EvidenceError(f"{RUN}: {name} is not in the archive")
    return path


def compared(bench: Bench, archived: Iterable[bytes], ledger: Ledger, *, whole: bool) -> Iterator[str]:
    """Judge again what the archive has and name each line that comes out differently.  Both are in the plan's order."""
    due = 0
    for number, line in enumerate(archived, 2):
        where = f"{VERDICTS}:{number}"
        place = placed(line, ledger)
        if place is None or place < due:
            what = "not a verdict that is planned" if place is None else "out of the plan's order"
            yield f"{where}: {what}: {line[:80].decode('utf-8', 'replace').rstrip()}"
            continue
        if whole:
            yield from (f"{VERDICTS}: no verdict of {owed}" for owed in bench.plan[due:place])
        due = place + 1
        document = bench.judge(bench.plan[place]).document()
        ledger.add(document)
        if written(document) != line:
            yield from differing(json.loads(line), document, f"{where}: {bench.plan[place]}")
    if whole:
        yield from (f"{VERDICTS}: no verdict of {owed}" for owed in bench.plan[due:])


def placed(line: bytes, ledger: Ledger) -> int | None:
    """Where in the plan the verdict of a line stands; None where it is none."""
    try:
        document = json.loads(line)
        return ledger.place(document["check"], document["subject"])
    except (ValueError, KeyError, TypeError):
        return None


def differing(archived: object, again: object, place: str) -> list[str]:
    """Where two documents differ: a line for an outcome, else a line for each value; at least one line."""
    return list(values_differing(archived, again, place)) or [f"{place}: the same, written differently"]


def values_differing(archived: object, again: object, place: str) -> Iterator[str]:
    if isinstance(archived, dict) and isinstance(again, dict):
        if archived.get("outcome") != again.get("outcome"):
            yield f"{place}: archived {archived.get('outcome')}, judged again {again.get('outcome')}"
            return
        for key in dict.fromkeys([*archived, *again]):
            if archived.get(key) != again.get(key) or (key in archived) != (key in again):
                yield from values_differing(archived.get(key), again.get(key), f"{place} {key}")
    elif isinstance(archived, list) and isinstance(again, list) and len(archived) == len(again):
        for number, (one, other) in enumerate(zip(archived, again, strict=True), 1):
            if one != other:
                yield from values_differing(one, other, f"{place} {number}")
    elif archived != again:
        yield f"{place}: archived {brief(archived)}, judged again {brief(again)}"


def brief(thing: object) -> str:
    text = json.dumps(thing, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."


def drift(archive: Path, bench: Bench, run: Mapping[str, Any]) -> Iterator[str]:
    """How what is installed here differs from what the archive was judged with."""
    then, now = run["versions"].get("plugfest"), VERSION
    if then != now:
        yield f"judged by plugfest {then}, verified by plugfest {now}"
    here = {place: digest(file) for file, place in tables(bench)}
    for place in sorted({*here, *run["tables"]}):
        archived = run["tables"].get(place)
        if here.get(place) != archived:
            what = "is only installed" if archived is None else "is only archived" if place not in here else "differs"
            yield f"table {place} {what}: judged again with the installed tables, not with those of the archive"
