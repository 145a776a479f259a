"""A small Linux of its own for tests: Debian's user-mode kernel, which runs as an ordinary process of whoever asks.

It sees the files of this machine read-only, one directory writable, and nothing of its devices or its network.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

PACKAGE = "user-mode-linux"
KERNEL, MODULES = "usr/bin/linux.uml", "usr/lib/uml/modules"
NEEDED = (KERNEL, *(f"{MODULES}/*/{name}.ko" for name in (
    "i2c-core", "i2c-dev", "i2c-stub", "regmap-i2c", "at24", "fuse", "cuse",
)))  # fmt: skip
REPOSITORY = Path(__file__).resolve().parents[2]

INIT = """#!/bin/sh
{busybox} mount -t proc proc /proc
{busybox} mount -t sysfs sys /sys
{busybox} mount -t hostfs -o {share} none /mnt
for module in {modules}; do {busybox} insmod $module; done
{busybox} insmod {stub} chip_addr=0x50 bank_reg=0x7f bank_mask=0xff bank_start=0x80 bank_end=0xff
cd {repository}
export PYTHONDONTWRITEBYTECODE=1 PATH=/usr/bin:/bin HOME=/mnt
{python} -m {program} /mnt
echo "ended with status $?"
{busybox} poweroff -f
"""


class Unavailable(Exception):
    """What the test needs of this machine and does not find, in words."""


class Kernel(NamedTuple):
    """Where the kernel and its modules are."""

    root: Path

    @property
    def image(self) -> Path:
        return self.root / KERNEL

    def module(self, name: str) -> Path:
        return next((self.root / MODULES).rglob(f"{name}.ko"))

    def run(self, program: str, share: Path, seconds: float = 120) -> str:
        """Run a module of Python inside, with ``share`` to write to; what its console said."""
        busybox = shutil.which("busybox")
        if busybox is None:
            raise Unavailable("no busybox (Debian's busybox-static)")
        init = share / "init"
        early = ("i2c-core", "i2c-dev", "regmap-i2c", "at24", "fuse", "cuse")
        init.write_text(
            INIT.format(
                busybox=busybox,
                share=share,
                modules=" ".join(str(self.module(name)) for name in early),
                stub=self.module("i2c-stub"),
                repository=REPOSITORY,
                python=sys.executable,
                program=program,
            )
        )
        init.chmod(0o755)
        arguments = ["mem=256M", "rootfstype=hostfs", "hostfs=/", "ro", f"init={init}", "con=null", "con0=null,fd:1",
                     "ssl=null", "quiet", "loglevel=3", f"uml_dir={share}/", "umid=kernel"]  # fmt: skip
        with subprocess.Popen(
            [self.image, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it has helpers, which go with it
        ) as process:
            try:
                said, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired as late:
                said = late.stdout or b""
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
        return said.decode("utf-8", "replace")


def kernel() -> Kernel:
    """The kernel that is installed, was fetched before, or is fetched now; Unavailable where it cannot be had."""
    if Path("/", KERNEL).exists():
        return Kernel(Path("/"))
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plugfest" / PACKAGE
    kept = sorted(cache.glob(f"*/{KERNEL}"))
    return Kernel(kept[-1].parents[2]) if kept else Kernel(fetched(cache))


def fetched(cache: Path) -> Path:
    """Download the package and keep what is needed of it, by its version."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="new-") as name:
        place = Path(name)
        package = downloaded(place)
        root = place / "root"
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as opened:
            assert opened.stdout is not None
            with tarfile.open(fileobj=opened.stdout, mode="r|") as files:
                for file in files:
                    if any(fnmatch(file.name.removeprefix("./"), pattern) for pattern in NEEDED):
                        files.extract(file, root, filter="data")
        kept = cache / package.name.split("_")[1].replace("%3a", "-")
        if not kept.exists():  # else another process was quicker
            root.rename(kept)
    return kept


def downloaded(place: Path, package: str = PACKAGE) -> Path:
    """The package's file, once apt has fetched it."""
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise Unavailable(f"no {tool}, so no way to {package}")
    said = apt("download", package, place=place)
    if said and os.geteuid() == 0:
        apt("update", place=place)
        said = apt("download", package, place=place)
    found = sorted(place.glob("*.deb"))
    if said or not found:
        raise Unavailable(f"no package {package}: {said or 'apt-get download left no file'}")
    return found[0]


def apt(*words: str, place: Path) -> str:
    """What apt-get said where it failed, in one line; empty where it did what it was told."""
    done = subprocess.run(["apt-get", "-qq", *words], cwd=place, capture_output=True, text=True, timeout=300)
    return " ".join(done.stderr.split())[:200] or f"status {done.returncode}" if done.returncode else ""
