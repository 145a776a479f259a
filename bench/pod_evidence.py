"""Writes a pod and its evidence: every device of it simulated, asked, and its answers kept.

    python bench/pod_evidence.py DIR --hosts 128     DIR/pod.yaml, DIR/links.csv, DIR/evidence

128 hosts are 1,024 GPUs, 152 devices, 4,096 ports and 370 MB of answers; it takes some 40 s.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from harness.evidence import instant
from harness.lab.load import load
from harness.simlab.__main__ import START
from harness.simlab.faults import Damage
from harness.simlab.fixture import make
from harness.simlab.world import healthy

sys.path.insert(0, str(Path(__file__).resolve().parent))
from pod import write


def pod_with_evidence(directory: Path, hosts: int) -> Path:
    """The lab file of a pod of so many hosts, which names its evidence."""
    lab = write(directory, hosts)
    make(healthy(load(lab), instant(START)), directory / "evidence", Damage())
    text = lab.read_text("utf-8")
    lab.write_text(text.replace("\nprofile:", "\nevidence: evidence\nprofile:", 1), "utf-8")
    return lab


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--hosts", type=int, default=128)
    asked = parser.parse_args()
    print(pod_with_evidence(asked.directory, asked.hosts))


if __name__ == "__main__":
    main()
