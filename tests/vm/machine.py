"""A whole Linux machine for tests: QEMU without acceleration, Debian's kernel, and ports of a module of our own.

It sees the files of this machine read-only and one directory writable, so that the tools in it are the ones that are
installed here: ethtool, ip, dcb, devlink, lldpd.  Nothing of it reaches a network.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Final, NamedTuple

from tests.kernel.boot import Unavailable, downloaded

QEMU: Final = "qemu-system-x86_64"
SOURCE: Final = Path(__file__).with_name("labport.c")
HEADERS: Final = Path("/usr/src")
MODULES: Final = (
    "virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci",
    "9pnet", "9pnet_virtio", "netfs", "fscache", "9p",
)  # fmt: skip
"""What the machine needs to see our files, in the order in which it is loaded."""

PACKAGES: Final = {
    QEMU: "qemu-system-x86",
    "ethtool": "ethtool",
    "lldpd": "lldpd",
    "dcb": "iproute2",
    "devlink": "iproute2",
    "ip": "iproute2",
    "busybox": "busybox-static",
    "gcc": "gcc",
    "make": "make",
}
SYSTEM_PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin"

INIT: Final = f"""#!/bin/sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
for module in {" ".join(MODULES)} labport; do /bin/busybox insmod /mods/$module.ko; done
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose host /root
for place in proc sys dev; do /bin/busybox mount --move /$place /root/$place; done
/bin/busybox mount -t tmpfs tmp /root/run
/bin/busybox mount -t tmpfs tmp /root/tmp
/bin/busybox mount -t debugfs debug /root/sys/kernel/debug
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 share /root/mnt
exec /bin/busybox switch_root /root /bin/sh /mnt/init
"""

RUN: Final = f"""PATH={SYSTEM_PATH}
export PATH HOME=/tmp
cd /tmp
. /mnt/setup
n=0
while read -r line; do
    n=$((n + 1))
    sh -c "$line" </dev/null >/mnt/$n.out 2>/mnt/$n.err
    echo $? >/mnt/$n.status
done </mnt/commands
echo ended
busybox poweroff -f
"""


class Said(NamedTuple):
    """What a command ended with in the machine."""

    status: int
    out: bytes
    err: bytes


class Machine(NamedTuple):
    """A kernel and what it starts with."""

    kernel: Path
    start: Path

    def run(self, setup: str, commands: list[str], share: Path, seconds: float = 120) -> dict[str, Said]:
        """Run a shell script and then commands, each with what it ended with.  ``share`` is an empty directory."""
        (share / "init").write_text(RUN)
        (share / "setup").write_text(setup)
        (share / "commands").write_text("".join(f"{command}\n" for command in commands))
        device = "virtio-9p-pci,fsdev={0},mount_tag={0}"
        arguments = [
            QEMU, "-accel", "tcg", "-M", "q35", "-cpu", "max", "-m", "512", "-nodefaults", "-no-user-config",
            "-display", "none", "-serial", "stdio", "-no-reboot", "-kernel", str(self.kernel),
            "-initrd", str(self.start),
            "-append", "console=ttyS0 quiet panic=-1 mitigations=off nokaslr",
            "-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap",
            "-device", device.format("host"),
            "-fsdev", f"local,id=share,path={share},security_model=none", "-device", device.format("share"),
        ]  # fmt: skip
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
        console = done.stdout.decode("utf-8", "replace")
        (share / "console").write_text(console)
        if "ended" not in console:
            raise AssertionError(f"the machine did not come to its end:\n{console[-4000:]}\n{done.stderr.decode()}")
        return {command: said(share, number) for number, command in enumerate(commands, 1)}


def said(share: Path, number: int) -> Said:
    status = int((share / f"{number}.status").read_text())
    return Said(status, (share / f"{number}.out").read_bytes(), (share / f"{number}.err").read_bytes())


def machine() -> Machine:
    """The machine, made once for a kernel and our module; Unavailable where something for it is not here."""
    for program, package in PACKAGES.items():
        if shutil.which(program, path=f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}") is None:
            raise Unavailable(f"no {program} (Debian's {package})")
    headers = [path for path in HEADERS.glob("linux-headers-*-amd64") if re.search(r"-\d+-amd64$", path.name)]
    if not headers:
        raise Unavailable("no headers of a kernel (Debian's linux-headers-amd64)")
    newest = max(headers, key=lambda path: [int(part) for part in re.findall(r"\d+", path.name)])
    release = newest.name.removeprefix("linux-headers-")
    key = hashlib.sha256(SOURCE.read_bytes() + INIT.encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plugfest" / "machine"
    kept = cache / f"{release}-{key}"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="new-") as name:
            made = _make(Path(name), newest, release)
            if not kept.exists():  # else another process was quicker
                made.rename(kept)
    return Machine(kept / "vmlinuz", kept / "start.gz")


def _make(place: Path, headers: Path, release: str) -> Path:
    """Fetch the kernel of the headers, build our module for it, and pack what the machine starts with."""
    root, made = place / "root", place / "made"
    made.mkdir()
    package = downloaded(place, f"linux-image-{release}")
    wanted = (f"boot/vmlinuz-{release}", *(f"*/{name}.ko" for name in MODULES))
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as opened:
        assert opened.stdout is not None
        with tarfile.open(fileobj=opened.stdout, mode="r|") as files:
            for file in files:
                if any(fnmatch(file.name.removeprefix("./"), pattern) for pattern in wanted):
                    files.extract(file, root, filter="data")
    shutil.copy(root / "boot" / f"vmlinuz-{release}", made / "vmlinuz")
    source = place / "source"
    source.mkdir()
    shutil.copy(SOURCE, source)
    (source / "Makefile").write_text("obj-m := labport.o\n")
    _do(["make", "-s", "-C", str(headers), f"M={source}", "modules"])
    _do(["strip", "--strip-debug", str(source / "labport.ko")])
    tree = place / "tree"
    for folder in ("bin", "mods", "proc", "sys", "dev", "root"):
        (tree / folder).mkdir(parents=True)
    busybox = shutil.which("busybox")
    assert busybox is not None
    shutil.copy(busybox, tree / "bin")
    (tree / "bin" / "sh").symlink_to("busybox")
    for module in (*root.rglob("*.ko"), source / "labport.ko"):
        shutil.copy(module, tree / "mods")
    (tree / "init").write_text(INIT)
    (tree / "init").chmod(0o755)
    _do(["sh", "-c", "find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 >../made/start.gz"], cwd=tree)
    return made


def _do(arguments: list[str], cwd: Path | None = None) -> None:
    done = subprocess.run(arguments, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"{arguments[0]}: {' '.join((done.stderr or done.stdout).split())[-300:]}")
