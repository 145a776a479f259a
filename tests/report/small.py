"""A small lab of parts, on which a small pack of checks comes to every outcome."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from harness.engine import Bench, all_checks, open_lab
from harness.evidence import Answer, Ask, Kind, Origin, Recorder
from harness.ledger import Ledger, Summary
from harness.report.facts import Facts, facts_of

PACK = "tests.report.pack.checks"
PROFILES = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles"
TAKEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

GOOD = """
  good-1: {vendor: ACME, kind: fiber, warranty_years: 5, lead_time_weeks: 4, quantity: 10}
  good-2: {vendor: ACME, kind: fiber, warranty_years: 4, lead_time_weeks: 4, quantity: 10}
  cable: {vendor: ACME, kind: other, warranty_years: 5, lead_time_weeks: 4}
"""
NEAR = "  near: {vendor: ACME, kind: fiber, warranty_years: 3.2, lead_time_weeks: 4, quantity: 10}\n"
SHORT = "  short: {vendor: ACME, kind: fiber, warranty_years: 2, lead_time_weeks: 4, quantity: 10}\n"
LATE = "  late: {vendor: ACME, kind: fiber, warranty_years: 5, lead_time_weeks: 9, quantity: 10}\n"
UNKNOWN = "  unknown: {vendor: ACME, kind: fiber, lead_time_weeks: 4, quantity: 10}\n"
BUG = "  bug: {vendor: ACME, kind: fiber, warranty_years: 5, lead_time_weeks: 4, quantity: 666}\n"
EVERY = GOOD + NEAR + SHORT + LATE + UNKNOWN + BUG
WAIVER = """
waivers:
  W1:
    {check: PRO-01, subject: short, owner: "A. Buyer", reason: "two years are enough here", expires: "EXPIRES"}
"""


def waiver(expires: str = "2027-06-30") -> str:
    return WAIVER.replace("EXPIRES", expires)


def lab(folder: Path, parts: str = GOOD, more: str = "", *, origin: Origin = Origin.SIMULATED) -> Path:
    """Write a lab with its profile and its evidence below a folder; says where the lab file is."""
    configs = folder / "lab_configs"
    shutil.copytree(PROFILES, configs / "profiles", dirs_exist_ok=True)
    file = configs / "small.yaml"
    file.write_text(
        "name: small\nprofile: profiles/ai-backend.toml\nevidence: ../fixtures/small\n"
        "devices:\n  gpu1: {nic: ConnectX-7, role: gpu}\n"
        f"parts:{parts if parts.startswith(chr(10)) else chr(10) + parts}{more}",
        "utf-8",
    )
    with Recorder(folder / "fixtures" / "small", origin=origin, made_by="a test") as recorder:
        recorder.append(Answer(Ask("gpu1", Kind.CLI, "uname -a"), b"Linux gpu1\n", 0, TAKEN))
    return file


def bench(folder: Path, parts: str = GOOD, more: str = "", *, origin: Origin = Origin.SIMULATED) -> Bench:
    return open_lab(lab(folder, parts, more, origin=origin), checks=all_checks(PACK))


def clone(folder: Path, parts: str = GOOD, more: str = "") -> Path:
    """A folder like a clone: ``checks/`` beside ``lab_configs/``; says where the lab file is, relative to it."""
    shutil.copytree(
        Path(__file__).parent / "pack" / "checks", folder / "checks", ignore=shutil.ignore_patterns("__pycache__")
    )
    return lab(folder, parts, more).relative_to(folder)


def run(bench: Bench, spill: IO[bytes]) -> tuple[Ledger, Summary, Facts]:
    """Judge everything that is planned."""
    ledger = Ledger(bench.checks, ((owed.check.id, owed.subject) for owed in bench.plan), spill)
    for owed in bench.plan:
        ledger.add(bench.judge(owed).document())
    return ledger, ledger.close(bench.lab.waivers, as_of=bench.as_of), facts_of(bench, ran_at=LATER)


LATER = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
