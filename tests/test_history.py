"""Earlier archives: what is read of them, and that an archive keeps it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.errors import InputError, UsageError
from harness.history import history_of, read_history

NEAR, FAR = "leaf1:Ethernet0", "gpu1:eth0"


def verdict(check: str, subject: str, serial: str = "", ratio: str | None = None) -> dict[str, Any]:
    about = {"vendor_sn": serial, "vendor_pn": "AO-800", "vendor_rev": "A1", "firmware": "3.7", "software": ""}
    findings = [{"at": "pre-FEC BER", "measured": ratio}] if ratio else []
    return {"check": check, "subject": subject, "about": about, "findings": findings}


def archive(
    reports: Path, name: str, day: int, serials: tuple[str, str], ratio: str = "2e-8", *, far: bool = True
) -> None:
    place = reports / name
    place.mkdir(parents=True)
    (place / "manifest.json").write_text("{}")
    lines: list[dict[str, Any]] = [{"run": {"lab": name, "judged_as_of": f"2026-05-{day:02}T12:00:00Z"}}]
    for where, serial in ((NEAR, serials[0]), (FAR, serials[1])):
        shown = ratio if far or where == NEAR else None
        lines += [verdict("CMIS-03", where, serial), verdict("FEC-06", where, serial, shown)]
    lines.append(verdict("FEC-03", f"{NEAR}--{FAR}"))
    (place / "verdicts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_modules_and_links_of_archives_are_found_by_serial_number(tmp_path: Path) -> None:
    archive(tmp_path, "rack1", 4, ("A1", "B1"))
    archive(tmp_path / "later", "rack2", 9, ("A1", "B2"), "3e-8")
    history = read_history(tmp_path)
    seen = history.of_serial("A1")
    assert [(one.lab, one.where, one.at.day) for one in seen] == [("rack1", NEAR, 4), ("rack2", NEAR, 9)]
    assert (seen[0].number, seen[0].firmware, seen[0].revision) == ("AO-800", "3.7", "A1")
    assert len(history.of_number("AO-800")) == 4
    found = history.baseline("A1", "B2")
    assert found is not None
    assert (found.pre_fec_ber, found.at) == ((Decimal("3e-8"), Decimal("3e-8")), datetime(2026, 5, 9, 12, tzinfo=UTC))
    assert history.baseline("B1", "A1") is not None
    assert history.baseline("A1", "C9") is None


def test_of_two_runs_of_a_pair_the_later_is_the_baseline(tmp_path: Path) -> None:
    archive(tmp_path, "b", 9, ("A1", "B1"), "5e-8")
    archive(tmp_path, "c", 4, ("A1", "B1"), "2e-8")
    found = read_history(tmp_path).baseline("A1", "B1")
    assert found is not None
    assert found.pre_fec_ber[0] == Decimal("5e-8")


def test_a_module_without_serial_number_is_nobody(tmp_path: Path) -> None:
    archive(tmp_path, "rack1", 4, ("A1", "  "))
    history = read_history(tmp_path)
    assert [one.serial for one in history.sightings] == ["A1"]
    assert history.baselines == ()


def test_a_link_of_which_one_end_told_its_ratio_has_the_baseline_of_that_end(tmp_path: Path) -> None:
    archive(tmp_path, "rack1", 4, ("A1", "B1"), far=False)
    found = read_history(tmp_path).baseline("B1", "A1")
    assert found is not None
    assert found.pre_fec_ber == (None, Decimal("2e-8"))


def test_what_an_archive_keeps_of_others_is_what_was_read(tmp_path: Path) -> None:
    archive(tmp_path, "rack1", 4, ("A1", "B1"))
    archive(tmp_path, "rack2", 5, ("A2", "B2"), far=False)
    history = read_history(tmp_path)
    kept = history_of(json.loads(json.dumps(history.document())))
    assert (kept.sightings, kept.baselines, kept.source) == (history.sightings, history.baselines, history.source)


def test_a_directory_without_archives_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no archive below it"):
        read_history(tmp_path)
    with pytest.raises(UsageError, match="no such directory"):
        read_history(tmp_path / "gone")


def test_verdicts_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    archive(tmp_path, "rack1", 4, ("A1", "B1"))
    (tmp_path / "rack1" / "verdicts.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match=r"rack1/verdicts\.jsonl: not the verdicts of an archive"):
        read_history(tmp_path)
