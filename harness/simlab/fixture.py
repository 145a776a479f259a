"""Evidence of a simulated lab, written through the recorder as a run would write it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ..errors import UsageError
from ..evidence import Answer, Ask, Kind, Origin, Recorder
from . import MADE_BY
from .faults import Damage
from .scope import FILE, STARTS, starts, tdecq
from .shell import NOT_FOUND, said, speaker
from .world import SAMPLE_SECONDS, SHELLS, Device, World

MADE: Final = ("answers", "index.jsonl", "evidence.json", "scope", "board")
"""What this module writes into a directory, and takes away before it writes again."""

BETWEEN: Final = timedelta(milliseconds=400)
"""From one question to a device to the next."""

TAMPERED: Final = b"\nThis line was added after the answer was recorded.\n"


def make(world: World, out: Path, damage: Damage) -> int:
    """Write the evidence of a world and its measurements into ``out``; how many answers there are.

    A directory that anything else made is refused; what an earlier run made there is replaced.
    """
    _clear(out)
    recorder = Recorder(out, origin=Origin.SIMULATED, made_by=MADE_BY)
    recorded = 0
    for answer in sorted(answers(world), key=lambda one: one.at):
        if damage.unanswered(answer.ask):
            answer = Answer(answer.ask, b"", None, answer.at, 30_000, "no answer within 30 s")
        record = recorder.append(answer)
        recorded += 1
        file = out / record.file
        if damage.missing(answer.ask):
            file.unlink()
        elif damage.tampered(answer.ask):
            file.write_bytes(file.read_bytes() + TAMPERED)
    for name, text in ((FILE, tdecq(world)), (STARTS, starts(world))):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    return recorded


def answers(world: World) -> Iterator[Answer]:
    """Every answer that a run records, device by device."""
    for device in world.devices.values():
        asked: dict[str, datetime] = {}
        at = world.start
        for ask in asks(device):
            if ask.sample == 1:
                asked[ask.text] = at
                at += BETWEEN
            when = asked[ask.text] + (timedelta(seconds=SAMPLE_SECONDS) if _second(ask) else timedelta())
            yield _answered(world, device, ask, when)


def asks(device: Device) -> Iterator[Ask]:
    """The questions to a device; FEC counters and the pages of its modules twice."""
    if device.plan.kind in SHELLS:
        system = speaker(device.plan)
        for command in system.commands(device):
            yield Ask(device.name, Kind.CLI, command)
        for command in system.twice(device):
            yield Ask(device.name, Kind.CLI, command, sample=2)


def _second(ask: Ask) -> bool:
    """Histograms are asked for with the last sample of the counters, with which they must agree."""
    return ask.sample == 2 or ask.text == "portstat -fh" or ask.text.startswith("mlxlink ") or "histogram" in ask.text


def _answered(world: World, device: Device, ask: Ask, at: datetime) -> Answer:
    took = 20 + hashlib.sha256(str(ask).encode()).digest()[0]
    status, out, err = said(world, device, ask.text, SAMPLE_SECONDS if _second(ask) else 0)
    assert status != NOT_FOUND, ask
    return Answer(ask, out + err, status, at, took)


def _clear(out: Path) -> None:
    if not out.exists():
        return
    strangers = sorted(entry.name for entry in out.iterdir() if entry.name not in MADE)
    about = out / "evidence.json"
    held = json.loads(about.read_text("utf-8")) if about.is_file() else {}
    if strangers or (any(out.iterdir()) and not str(held.get("made_by", "")).startswith("harness.simlab")):
        raise UsageError(f"{out}: not a directory that harness.simlab made, so it is left alone")
    for name in MADE:
        _remove(out / name)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
