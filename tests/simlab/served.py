"""A simulated lab that runs in a process of its own, for tests that talk to it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.simlab.clock import LabClock
from tests.recordings import REPOSITORY

RACK3 = REPOSITORY / "lab_configs" / "rack3.yaml"
PLUGFEST = Path(sys.executable).with_name("plugfest")
SECONDS = 60.0
"""Longest that anything here may take on a busy machine."""


@dataclass
class Served:
    """A lab that runs in a process of its own."""

    process: subprocess.Popen[str]
    live: Path
    home: Path
    lines: list[str]
    spent: float
    """Seconds of CPU that it took to get ready: a busy machine does not change them."""

    def ssh(self, device: str, *command: str) -> subprocess.CompletedProcess[bytes]:
        config = str(self.home / "ssh_config")
        return subprocess.run(
            ["ssh", "-F", config, device, *command], capture_output=True, stdin=subprocess.DEVNULL, timeout=SECONDS
        )

    def fault(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(PLUGFEST), "lab", "fault", *words, "--lab", str(self.live)]
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)

    @property
    def clock(self) -> LabClock:
        return LabClock(self.home / "control.sock")

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


def cpu_seconds(pid: int) -> float:
    """Of a process and of those that it has waited for: utime to cstime of proc_pid_stat(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def needs_openssh() -> None:
    """Say by name that a test did not run where OpenSSH is not installed; in CI that is a failure."""
    missing = [name for name in ("sshd", "ssh") if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None]
    if missing:
        told = f"not run: {' and '.join(missing)} of openssh-server and openssh-client"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)


def serve(directory: Path, *options: str, lab: Path = RACK3) -> Served:
    """A lab, ready to answer."""
    needs_openssh()
    directory.mkdir(exist_ok=True)
    live, home = directory / "live.yaml", directory / "run"
    command = [str(PLUGFEST), "lab", "up", str(lab), "--write-lab", str(live), "--dir", str(home), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stderr is not None
    lines: list[str] = []
    too_long = threading.Timer(SECONDS, process.kill)
    too_long.start()
    while not lines or lines[-1] != "ready":
        line = process.stdout.readline()
        if not line:
            pytest.fail(f"not ready: {lines} {process.stderr.read()}")
        lines.append(line.rstrip("\n"))
    too_long.cancel()
    return Served(process, live, home, lines, cpu_seconds(process.pid))
