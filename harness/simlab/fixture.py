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
from .shell import NOT_FOUND, Speaker, said, speaker
from .world import SHELLS, Device, World

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
        yield from answers_of(world, device)


def answers_of(world: World, device: Device) -> Iterator[Answer]:
    """Every answer of one device."""
    asked: dict[str, datetime] = {}
    at = world.start
    last = max(samples(world, device))
    for ask in asks(device, world):
        if ask.text not in asked:
            asked[ask.text] = at
            at += BETWEEN
        elapsed = seconds(world, last if ask.sample == 1 and _late(ask) else ask.sample)
        yield _answered(world, device, ask, asked[ask.text] + timedelta(seconds=elapsed), elapsed)


def asks(device: Device, world: World | None = None) -> Iterator[Ask]:
    """The questions to a device; counters and the pages of its modules twice, or in every sample of a soak."""
    if device.plan.kind not in SHELLS:
        return
    system = speaker(device.plan)
    for command in system.commands(device):
        yield Ask(device.name, Kind.CLI, command)
    again = system.twice(device)
    if world is None or world.every is None:
        for command in again:
            yield Ask(device.name, Kind.CLI, command, sample=2)
        return
    again = tuple(dict.fromkeys((*again, *soaked(system, device))))
    kept = samples(world, device)
    if 1 not in kept:
        raise UsageError("the first sample of a soak is always taken")
    for number in kept[1:]:
        for command in again:
            yield Ask(device.name, Kind.CLI, command, sample=number)


def soaked(system: Speaker, device: Device) -> tuple[str, ...]:
    """What a soak asks besides in every sample; a system may have nothing more."""
    asked = getattr(system, "soaked", None)
    return tuple(asked(device)) if asked is not None else ()


def samples(world: World, device: Device) -> tuple[int, ...]:
    """The numbers of the samples that were taken of a device and kept."""
    if world.every is None:
        return 1, 2
    last = world.until // world.every + 1
    gaps = [(first, end) for name, first, end in world.skipped if name in ("*", device.name)]
    return tuple(
        number
        for number in range(1, last + 1)
        if not any(first <= seconds(world, number) <= end for first, end in gaps)
    )


def seconds(world: World, sample: int) -> int:
    """How long after the first sample another one is taken."""
    return (sample - 1) * (world.window if world.every is None else world.every)


def _late(ask: Ask) -> bool:
    """Histograms are asked for with the last sample of the counters, with which they must agree."""
    return ask.text == "portstat -fh" or ask.text.startswith("mlxlink ") or "histogram" in ask.text


def _answered(world: World, device: Device, ask: Ask, at: datetime, elapsed: int) -> Answer:
    took = 20 + hashlib.sha256(str(ask).encode()).digest()[0]
    status, out, err = said(world, device, ask.text, elapsed)
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
