"""The example pack, installed and run as its own page says, in an environment of its own."""

from __future__ import annotations

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
PACK = ROOT / "examples" / "acme-pack"
CONSOLES = re.findall(r"```console\n(.*?)```", (PACK / "README.md").read_text("utf-8"), re.DOTALL)
LONGER = "pytest -q --pyargs acme_pack.checks --lab lab/acme.yaml --no-archive -rf"
"""The last step again, where a passive cable is longer than ACME lets it be."""

Ran = dict[str, subprocess.CompletedProcess[str]]


def steps() -> Iterator[tuple[str, str]]:
    """Every command of the page and what it says that it prints."""
    for console in CONSOLES:
        for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed.strip()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The page's commands, run in a copy; the environment sees this one's packages and its own."""
    home = tmp_path_factory.mktemp("pack")
    venv, work = home / "venv", home / "examples" / "acme-pack"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    (site / "plugfest.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n", "utf-8")
    for name in ("pip", "pytest"):
        script = venv / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{venv}/bin/python" -m {name} "$@"\n', "utf-8")
        script.chmod(0o755)
    shutil.copytree(PACK, work, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info", "evidence"))
    shutil.copytree(ROOT / "lab_configs" / "profiles", home / "lab_configs" / "profiles")
    environ = {**os.environ, "PATH": f"{venv / 'bin'}:{os.environ['PATH']}", "COLUMNS": "200", "NO_COLOR": "1"}
    for name in ("PYTHONPATH", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER"):
        environ.pop(name, None)
    done = {}
    for command in (*(command for command, _ in steps()), LONGER):
        if command is LONGER:
            links = work / "lab" / "links.csv"
            links.write_text(links.read_text("utf-8").replace("leaf2:Ethernet0,1,", "leaf2:Ethernet0,2,"), "utf-8")
        done[command] = subprocess.run(shlex.split(command), cwd=work, env=environ, capture_output=True, text=True)
    return done


def test_the_page_installs_proves_simulates_and_judges() -> None:
    assert [command.split()[0] for command, _ in steps()] == ["pip", "cp", "pytest", "python", "pytest"]


def test_every_command_does_and_prints_what_the_page_says(ran: Ran) -> None:
    for command, printed in steps():
        done = ran[command]
        judges = "--lab" in command  # the checks of Plugfest are planned and not run: nothing is accepted
        assert done.returncode == int(judges), (command, done.stdout, done.stderr)
        assert printed in done.stdout


def test_its_checks_pass_on_its_lab(ran: Ran) -> None:
    judged = next(done.stdout for command, done in ran.items() if "--lab" in command)
    assert "checks beside the nine points                       PASS" in judged
    assert "6 passed" in judged


def test_a_longer_cable_fails_by_the_limit_of_its_own_table(ran: Ran) -> None:
    told = ran[LONGER].stdout
    assert "1 failed, 5 passed" in told
    assert "2 m against <= 1.5 m" in told
    assert "ACME cabling standard 3.2" in told
