"""The walk of docs/adding-a-nos.md, followed literally: its files, its commands, in an environment of their own."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "adding-a-nos.md").read_text("utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))
CONSOLES = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)


def steps() -> Iterator[tuple[str, str]]:
    """Every command of the page and what it says that it prints."""
    for console in CONSOLES:
        for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, subprocess.CompletedProcess[str]]]:
    """The page's files in a directory, its commands run there; the environment sees this one's packages and its own."""
    home = tmp_path_factory.mktemp("acme")
    venv = home / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    (site / "plugfest.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n", "utf-8")
    for name in ("pip", "plugfest"):
        module = "pip" if name == "pip" else "harness.cli"
        script = venv / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{venv}/bin/python" -m {module} "$@"\n', "utf-8")
        script.chmod(0o755)
    work = home / "work"
    for name, text in FILES.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, "utf-8")
    shutil.copy(ROOT / "lab_configs" / "profiles" / "ai-backend.toml", work)
    path = f"{venv / 'bin'}:{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "PIP_NO_BUILD_ISOLATION": "0", "COLUMNS": "200", "NO_COLOR": "1"}
    environ.pop("PYTHONPATH", None)
    ran = {}
    for command, _ in steps():
        ran[command] = subprocess.run(shlex.split(command), cwd=work, env=environ, capture_output=True, text=True)
    more = "plugfest judge acme.yaml --check FEC-01 --subject 'sw1:et1/*' --json"
    ran["json"] = subprocess.run(shlex.split(more), cwd=work, env=environ, capture_output=True, text=True)
    return work, ran


def test_the_page_has_a_module_a_line_a_recording_and_a_lab() -> None:
    assert set(FILES) == {"outputs/show_ports.txt", "plugfest_acme.py", "pyproject.toml", "acme.yaml"}
    assert len(list(steps())) == 4


def test_the_package_installs_and_prints_what_the_page_says(walked: tuple[Path, dict[str, object]]) -> None:
    _, ran = walked
    for command, printed in steps():
        done = ran[command]
        assert isinstance(done, subprocess.CompletedProcess)
        assert done.returncode in ((0,) if "judge" not in command else (1, 3)), (command, done.stdout, done.stderr)
        if printed:
            assert done.stdout.split() == printed.split()


def test_what_the_system_did_not_say_is_not_passed(walked: tuple[Path, dict[str, object]]) -> None:
    _, ran = walked
    done = ran["json"]
    assert isinstance(done, subprocess.CompletedProcess)
    verdicts = {v["subject"]: v for v in map(json.loads, done.stdout.splitlines()) if v.get("check") == "FEC-01"}
    assert set(verdicts) == {"sw1:et1/1", "sw1:et1/2", "sw1:et1/3"}
    assert not [v for v in verdicts.values() if v["outcome"] == "PASS"]  # what is configured, AcmeOS does not show
    running = {subject: v["findings"][-1] for subject, v in verdicts.items()}
    assert (running["sw1:et1/1"]["outcome"], running["sw1:et1/1"]["measured"]) == ("PASS", "RS(544,514)")
    assert running["sw1:et1/3"]["outcome"] == "NOT-MEASURED"
    assert "show ports" in running["sw1:et1/3"]["source"]
