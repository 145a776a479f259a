"""The report in a real browser: what is looked at, looked at."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.engine import open_lab
from harness.ledger import Ledger
from harness.report.facts import facts_of
from harness.report.html import page

ROOT = Path(__file__).resolve().parents[2]
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ("--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")

pytestmark = pytest.mark.skipif(BROWSER is None, reason="not run: no Chromium here (Debian: chromium)")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    bench = open_lab(ROOT / "lab_configs" / "rack3-faulty.yaml")
    with (folder / "spill").open("w+b") as spill:
        ledger = Ledger(bench.checks, ((owed.check.id, owed.subject) for owed in bench.plan), spill)
        for owed in bench.plan:
            ledger.add(bench.judge(owed).document())
        summary = ledger.close(bench.lab.waivers, as_of=bench.as_of)
    file = folder / "report.html"
    file.write_text(page(summary, facts_of(bench)), "utf-8")
    return file


def browse(report: Path, *asked: str) -> bytes:
    profile = report.parent / "profile"
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    command = [str(BROWSER), *QUIET, *sandbox, f"--user-data-dir={profile}", *asked, report.as_uri()]
    return subprocess.run(command, capture_output=True, timeout=120, check=True).stdout


def test_a_browser_lays_it_out_as_wide_as_the_window_and_no_wider(report: Path) -> None:
    probe = report.with_name("probe.html")
    measure = "<script>document.title = `width ${document.documentElement.scrollWidth} of ${innerWidth}`</script>"
    probe.write_text(report.read_text("utf-8").replace("</body>", f"{measure}</body>"), "utf-8")
    found = re.search(rb"<title>width (\d+) of (\d+)</title>", browse(probe, "--window-size=1100,1000", "--dump-dom"))
    assert found
    assert int(found[1]) <= int(found[2])


def test_it_prints(report: Path) -> None:
    pdf = report.with_suffix(".pdf")
    browse(report, f"--print-to-pdf={pdf}")
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))
    assert 2 <= pages <= 80
