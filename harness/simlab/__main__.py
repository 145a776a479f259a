"""``python -m harness.simlab LAB OUT [--faults FILE] [--start INSTANT]``: evidence of a simulated lab."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ..errors import PlugfestError, UsageError
from ..evidence import instant
from ..lab.load import load
from .faults import Damage, plant, read
from .fixture import make
from .world import healthy

START = "2026-11-20T12:00:00Z"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m harness.simlab", description=__doc__)
    parser.add_argument("lab", type=Path, help="the lab file")
    parser.add_argument("out", type=Path, help="the evidence directory to make")
    parser.add_argument("--faults", type=Path, help="a table of faults to plant")
    parser.add_argument("--start", default=START, help="when the first answer came (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        start = _instant(chosen.start)
        world = healthy(load(chosen.lab), start)
        damage = Damage()
        faults = read(chosen.faults) if chosen.faults else ()
        for fault in faults:
            plant(world, damage, fault)
        recorded = make(world, chosen.out, damage)
    except PlugfestError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_status
    print(f"{chosen.out}: {recorded} answers of {len(world.devices)} devices, {len(faults)} faults planted")
    return 0


def _instant(text: str) -> datetime:
    try:
        return instant(text)
    except ValueError as bad:
        raise UsageError(f"--start {text}: {bad}") from None


if __name__ == "__main__":
    raise SystemExit(main())
