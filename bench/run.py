"""Speed, printed as figures and as ratios to a floor measured in the same run.

    python bench/run.py [--lab lab_configs/rack3.yaml] [--rounds 5]

Seconds drift with the machine; trust the ratios.  A floor is minimal code for the same job, not a product.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from harness.engine import Bench, open_lab

ROOT = Path(__file__).resolve().parent.parent


def best(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Fastest and median seconds of several rounds."""
    times = []
    for _ in range(rounds):
        gc.collect()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times), statistics.median(times)


def process(*command: str, rounds: int) -> tuple[float, float]:
    return best(lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=False), rounds)


def line(what: str, figure: str, ratio: str = "") -> None:
    print(f"{what:<58} {figure:>22}   {ratio}")


def judging(lab: Path, rounds: int) -> None:
    cold, _ = best(lambda: [*map((opened := open_lab(lab)).judge, opened.plan)], 1)
    bench = open_lab(lab)
    verdicts = [bench.judge(owed) for owed in bench.plan]
    findings = sum(len(verdict.findings) for verdict in verdicts)
    warm, median = best(lambda: judge_all(bench), rounds)
    gc.disable()
    quiet, _ = best(lambda: judge_all(bench), rounds)
    gc.enable()
    readings = [Decimal(n % 50) for n in range(findings)]
    bound = Decimal(40)
    floor, _ = best(lambda: [(value, bound - value, value <= bound) for value in readings], rounds)
    line(
        "judge, lab file and evidence read: verdicts/s",
        f"{len(verdicts) / cold:,.0f}",
        f"{len(verdicts)} in {cold:.2f} s",
    )
    line("judge, nothing but judging timed: verdicts/s", f"{len(verdicts) / warm:,.0f}", f"median {median:.3f} s")
    line("  the same: findings/s", f"{findings / warm:,.0f}", f"{findings} findings")
    line("  the same without the cycle collector: findings/s", f"{findings / quiet:,.0f}", "")
    line(
        "  floor: a comparison and a tuple each: findings/s",
        f"{findings / floor:,.0f}",
        f"judge / floor {warm / floor:.0f}x",
    )


def judge_all(bench: Bench) -> None:
    for owed in bench.plan:
        bench.judge(owed)


def decoding(rounds: int) -> None:
    from harness.decode.document import document
    from harness.decode.transceiver import transceiver
    from harness.engine import open_lab
    from harness.model import Module

    bench = open_lab(ROOT / "lab_configs" / "rack3.yaml")
    cages = [str(cage) for device in bench.lab.devices.values() for cage in device.cages]
    memories = [bench.assembly.subject(Module, name).seen.memory for name in cages]
    fastest, median = best(lambda: [document(transceiver(replace(memory))) for memory in memories], rounds)
    raw = [b"".join(page for page in memory.pages.values() if page) for memory in memories]
    floor, _ = best(
        lambda: [[int.from_bytes(page[n : n + 2], "big") for n in range(0, len(page), 2)] for page in raw], rounds
    )
    line(
        "decode, a module to its document: ms",
        f"{1000 * fastest / len(memories):.2f}",
        f"median {1000 * median / len(memories):.2f}",
    )
    line(
        "  floor: every two bytes to an int: ms",
        f"{1000 * floor / len(memories):.3f}",
        f"decode / floor {fastest / floor:.0f}x",
    )


def processes(lab: Path, rounds: int) -> None:
    bare, _ = process(sys.executable, "-c", "pass", rounds=rounds)
    plugfest = str(Path(sys.executable).with_name("plugfest"))
    version, _ = process(plugfest, "--version", rounds=rounds)
    line(
        "plugfest --version: ms",
        f"{1000 * version:.0f}",
        f"bare interpreter {1000 * bare:.0f} ms, {version / bare:.1f}x",
    )
    judge, _ = process(plugfest, "judge", str(lab), "--json", rounds=2)
    line("plugfest judge, whole process: s", f"{judge:.2f}")
    with tempfile.TemporaryDirectory() as reports:
        pytest = (sys.executable, "-m", "pytest", "checks/", "--lab", str(lab), "--report-dir", reports, "-q")
        whole, _ = process(*pytest, rounds=2)
    line("pytest checks/ with report and archive: s", f"{whole:.2f}", f"pytest / judge {whole / judge:.1f}x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", type=Path, default=ROOT / "lab_configs" / "rack3.yaml")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    judging(asked.lab, asked.rounds)
    decoding(asked.rounds)
    processes(asked.lab, asked.rounds)


if __name__ == "__main__":
    main()
