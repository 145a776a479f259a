"""Judging a lab: verdicts a second, the slowest checks, and how it grows.

    python bench/judge.py [LAB ...] [--jobs 2] [--rounds 3] [--slowest 10]
    python bench/judge.py --pods DIR [--hosts 64 128 256]     pods of a growing size, made below DIR where not there

Each figure is of a process of its own that has been started and has its modules.  The floor is reading and hashing
every file of the evidence, in the same run: seconds drift with the machine, so trust the ratios.  Memory is what the
processes hold together, pages that they share counted once, where the system tells it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from harness.engine import Bench, open_lab
from harness.ledger import Ledger, entry
from harness.workers import cpus

sys.path.insert(0, str(Path(__file__).resolve().parent))

ROOT = Path(__file__).resolve().parent.parent
HEAD = "lab            jobs   ports  verdicts   wall s    CPU s  verdicts/s  / floor    MiB"


def judged(lab: Path, jobs: int) -> tuple[int, int, float, float, int]:
    """Ports, verdicts, seconds on the wall and of CPU, and MiB: a lab file read, judged, and its ledger closed."""
    started, before = time.perf_counter(), sum(os.times()[:4])
    bench = open_lab(lab)
    with tempfile.TemporaryFile() as spill, held() as most:
        ledger = Ledger(bench.checks, ((owed.check.id, owed.subject) for owed in bench.plan), spill)
        for one in bench.judge_all(bench.plan, lambda verdict: entry(verdict.document()), jobs=jobs):
            ledger.enter(one)
        ledger.close(bench.lab.waivers, as_of=bench.as_of)
    ports = sum(len(device.ports) for device in bench.lab.devices.values())
    return ports, ledger.run, time.perf_counter() - started, sum(os.times()[:4]) - before, max(most)


def floor(lab: Path) -> float:
    """Seconds of CPU that reading and hashing the evidence of a lab takes."""
    directory = open_lab(lab).evidence.directory
    if directory is None:
        raise SystemExit(f"{lab}: names no evidence")
    started = time.process_time()
    for file in directory.rglob("*"):
        if file.is_file():
            hashlib.sha256(file.read_bytes()).hexdigest()
    return time.process_time() - started


def slowest(bench: Bench, many: int) -> Iterator[str]:
    """The checks that took longest, with what decoding they were the first to need."""
    took: Counter[str] = Counter()
    for owed in bench.plan:
        started = time.process_time()
        bench.judge(owed).document()
        took[owed.check.id] += time.process_time() - started  # type: ignore[assignment]
    owed_by = Counter(owed.check.id for owed in bench.plan)
    names = {check.id: check.name for check in bench.checks}
    for id, seconds in took.most_common(many):
        share = f"{1e6 * seconds / owed_by[id]:7.0f} us each of {owed_by[id]}"
        yield f"  {id:<9}{names[id]:<32}{1000 * seconds:8.0f} ms {share}"


@contextlib.contextmanager
def held() -> Iterator[list[int]]:
    """MiB that this process and its children hold, looked at as long as the context lasts; 0 where nobody tells."""
    found, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
                found.append(sum(map(proportional, ("self", *children))) // 1024)

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield found
    finally:
        over.set()
        watch.join()


def proportional(process: str) -> int:
    """KiB of a process; what it shares is divided by how many share it."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def alone(work: Callable[[], object]) -> None:
    """Run in a process of its own, so that one round has nothing of another."""
    sys.stdout.flush()
    if (child := os.fork()) == 0:
        status = 1
        try:
            work()
            sys.stdout.flush()
            status = 0
        finally:
            os._exit(status)
    os.waitpid(child, 0)


def told(lab: Path, jobs: int, rounds: int) -> None:
    """A line: medians of the rounds."""
    runs = []
    for _ in range(rounds):
        reads, writes = os.pipe()
        alone(lambda writes=writes: os.write(writes, repr(judged(lab, jobs)).encode()))  # type: ignore[misc]
        os.close(writes)
        with os.fdopen(reads, encoding="utf-8") as answer:
            runs.append(tuple(float(part) for part in answer.read().strip("()").split(",")))
    ports, verdicts, wall, cpu, mib = (statistics.median(column) for column in zip(*runs, strict=True))
    ratio = cpu / statistics.median(floor(lab) for _ in range(rounds))
    print(
        f"{lab.stem if lab.stem != 'pod' else lab.parent.name:<14}{jobs:>5}{ports:>8.0f}{verdicts:>10.0f}{wall:>9.2f}"
        f"{cpu:>9.2f}{verdicts / wall:>12,.0f}{ratio:>9.1f}{mib:>7.0f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", type=Path, nargs="*", metavar="LAB")
    parser.add_argument("--jobs", type=int, default=cpus())
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slowest", type=int, default=10)
    parser.add_argument("--pods", type=Path, metavar="DIR")
    parser.add_argument("--hosts", type=int, nargs="+", default=[64, 128])
    asked = parser.parse_args()
    labs = asked.labs or ([] if asked.pods else [ROOT / "lab_configs" / "rack3.yaml"])
    for hosts in asked.hosts if asked.pods else ():
        lab = asked.pods / f"pod{hosts}" / "pod.yaml"
        if not lab.exists():
            from pod_evidence import pod_with_evidence

            pod_with_evidence(lab.parent, hosts)
        labs.append(lab)
    print(HEAD)
    for lab in labs:
        for jobs in sorted({1, asked.jobs}):
            told(lab, jobs, asked.rounds)
    if asked.slowest and not asked.pods:
        print(f"\nslowest checks of {labs[0].stem}, one process, with what they are the first to decode:")
        print("\n".join(slowest(open_lab(labs[0]), asked.slowest)))


if __name__ == "__main__":
    main()
