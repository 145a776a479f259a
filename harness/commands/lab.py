"""``plugfest lab up`` and ``plugfest lab fault``: a simulated lab that answers, and what goes wrong in it."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ..errors import TransportError, UsageError
from ..evidence import instant
from ..lab.load import load
from ..simlab.__main__ import START
from ..simlab.byhand import listed
from ..simlab.clock import talk
from ..simlab.live import checked_speed
from ..simlab.server import CONTROL, LabServer

HOME: Final = "plugfest-lab-"
"""What the directory of a running lab is called, below the system's own for temporary files."""


def up(args: argparse.Namespace) -> int:
    """Serve a lab until Ctrl-C or SIGTERM."""
    real_time = args.real_time
    speed = checked_speed("1" if real_time else args.speed)
    home = args.dir or Path(tempfile.gettempdir()) / f"{HOME}{secrets.token_hex(4)}"
    server = LabServer(args.lab, home, start=instant(START), speed=speed, jumps=not real_time, faults=args.faults)
    with until_interrupted() as interrupted, server:
        for line in server.told:
            print(f"plugfest: {line}", file=sys.stderr)
        for line in server.lines:
            print(line)
        if args.write_lab is not None:
            server.write_lab(args.write_lab)
            print(f"lab file: {args.write_lab}")
        print("ready", flush=True)
        interrupted.wait()
    return 0


def fault(args: argparse.Namespace) -> int:
    """Plant a fault in a lab that is served, take one back, or list those that there are."""
    if args.list:
        print("\n".join(listed()))
        return 0
    control = control_of(args.lab)
    if args.clear:
        subject, do = (args.subject or ""), next(iter(args.settings), "").partition("=")[0]
        answer = told(control, {"clear": {"subject": subject, "do": do}})
        print(f"cleared in the lab at {control.parent}: {answer['cleared']}")
        return 0
    if not args.subject:
        raise UsageError("a subject and what is wrong with it were expected: leaf1:Ethernet448 fec=none; see --list")
    answer = told(control, {"fault": {"subject": args.subject, "settings": args.settings}})
    print(f"planted in the lab at {control.parent}: {answer['planted']}")
    return 0


def told(control: Path, message: dict[str, object]) -> dict[str, object]:
    """What a lab answers to a message; UsageError with its words where it refuses."""
    answer = talk(control, message)
    if "error" in answer:
        raise UsageError(str(answer["error"]))
    return answer


def control_of(lab: Path | None) -> Path:
    """The control socket of the lab that a lab file reaches, or of the only one that is served."""
    if lab is not None:
        clock = load(lab).clock
        if clock is None:
            raise UsageError(f"{lab}: it reaches no simulated lab; `plugfest lab up --write-lab` writes one that does")
        return clock
    served = [control for control in running() if answers(control)]
    if len(served) > 1:
        homes = ", ".join(str(control.parent) for control in served)
        raise UsageError(f"{len(served)} simulated labs are served ({homes}): say which with --lab")
    if not served:
        raise UsageError("no simulated lab is served; start one with `plugfest lab up`, or say which with --lab")
    return served[0]


def answers(control: Path) -> bool:
    try:
        talk(control, {"now": True})
    except TransportError:
        return False
    return True


def running() -> Iterator[Path]:
    """The control sockets of labs of ours."""
    for home in Path(tempfile.gettempdir()).glob(f"{HOME}*"):
        control = home / CONTROL
        if control.is_socket() and control.stat().st_uid == os.geteuid():
            yield control


@contextmanager
def until_interrupted() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, instead of what they usually do."""
    interrupted = threading.Event()
    usual = {number: signal.signal(number, lambda *_: interrupted.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
