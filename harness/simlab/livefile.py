"""The lab file that reaches a simulated lab: it extends the file that is served, and says where everything answers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from ..lab.inventory import DevicePlan, Lab
from .scope import PATTERN, QUANTITIES, RECEIVER
from .tables import kind_of

Reach = Mapping[str, str | int | bool]

SLOT: Final = "slot1"
"""The port of a board's only slot."""

SEEN: Final = {"tdecq": "tdecq", "er": "er", "oma": "oma_outer", "power": "average_power"}
"""What the scope measures, and what a laboratory's file calls it."""

PLAIN: Final = re.compile(r"[A-Za-z_/][A-Za-z0-9_/.-]*")
WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


@dataclass(frozen=True, slots=True)
class Bench:
    """What a simulated lab has beside the devices of its lab file: a board with one module, and a scope."""

    board: str = ""
    part: str = ""
    quantity: int | None = None  # of the part, this module included
    scope: str = ""
    measures: Mapping[str, Mapping[int, str]] = field(default_factory=dict)


def bench_of(lab: Lab) -> Bench:
    """A board for the lab's first optic, and a scope on it and on the first optical module of a switch.

    A lab that has boards or instruments of its own keeps to them.
    """
    optics = [
        cage
        for device in lab.devices.values()
        if device.kind == "switch"
        for cage in device.cages
        if cage.module is not None and kind_of(cage.module).optical
    ]
    if not optics or {"board", "instrument"} & {device.kind for device in lab.devices.values()}:
        return Bench()
    module = optics[0].module
    assert module is not None
    board, scope = _free("board", lab), _free("scope", lab)
    quantity = lab.parts[module.part].quantity
    lanes = kind_of(module).lanes
    measures = {str(optics[0]): _channels(0, lanes), f"{board}:{SLOT}": _channels(lanes, lanes)}
    return Bench(board, module.part, None if quantity is None else quantity + 1, scope, measures)


def _free(name: str, lab: Lab) -> str:
    return next(f"{name}{n}" for n in range(1, len(lab.devices) + 2) if f"{name}{n}" not in lab.devices)


def _channels(taken: int, lanes: int) -> dict[int, str]:
    """A channel of the scope for every lane, after those that are taken: 1A to 8D."""
    places = enumerate(range(taken, taken + lanes), 1)
    return {lane: f"{place // 4 + 1}{'ABCD'[place % 4]}" for lane, place in places}


def lines(
    file: Path,
    lab: Lab,
    *,
    served: Path,
    bench: Bench,
    clock: Path,
    reach: Mapping[str, Reach],
    family: str,
    calibrated: date,
    measurements: Sequence[Path] = (),
) -> Iterator[str]:
    """The lab file.  ``lab`` is the one that is served, ``reach`` how each of its devices is asked.

    ``measurements`` are all files of a laboratory, where there are more than those of the served file.

    Paths in the served file are beside it, wherever this one is.
    """
    yield f"# {lab.name} as `plugfest lab up` serves it: every device here is simulated."
    yield f"extends: {_value(os.path.relpath(served.resolve(), file.parent.resolve()))}"
    if lab.evidence is not None:
        yield "evidence: null"
    yield f"simulated: {{clock: {_value(str(clock))}}}"
    if measurements:
        beside = (_value(os.path.relpath(held.resolve(), file.parent.resolve())) for held in measurements)
        yield f"measurements: [{', '.join(beside)}]"
    yield "devices:"
    for device in lab.devices.values():
        if device.name in (bench.board, bench.scope):
            continue
        own = "evidence: null, " if device.evidence is not None else ""
        yield f"  {_value(device.name)}: {{{own}reach: {_mapping(_instead(device, reach))}}}"
    yield from _bench_lines(bench, reach, family, calibrated)


def _instead(device: DevicePlan, reach: Mapping[str, Reach]) -> dict[str, str | int | bool | None]:
    """How a device is reached now, and nothing of how its lab file says."""
    return {**dict.fromkeys(device.reach), **reach.get(device.name, {})}


def _bench_lines(bench: Bench, reach: Mapping[str, Reach], family: str, calibrated: date) -> Iterator[str]:
    if bench.board:
        serial = f"PFBOARD{bench.board[-1]:0>3}"
        yield f"  {bench.board}:"
        yield "    kind: board"
        if bench.board in reach:
            yield f"    reach: {_mapping(reach[bench.board])}"
        yield "    maintenance: true     # nobody uses it: its start may be timed"
        yield f"    cages: {{1: {{module: {{part: {_value(bench.part)}, serial: {serial}}}}}}}"
    if bench.scope:
        yield f"  {bench.scope}:"
        yield "    kind: instrument"
        yield f"    nos: {_value(family)}"
        yield f"    calibrated: {calibrated}"
        yield "    test_fiber: true"
        yield f"    uncertainty: {{{', '.join(f'{name}: {QUANTITIES[of][1]}' for name, of in SEEN.items())}}}     # dB"
        yield f"    pattern: {PATTERN}"
        yield f"    reference_receiver: {_value(RECEIVER)}"
        if bench.scope in reach:
            yield f"    reach: {_mapping(reach[bench.scope])}"
        yield "    measures:             # channel by media lane"
        for port, channels in bench.measures.items():
            yield f"      {_value(port)}: {{{', '.join(f'{lane}: {_value(name)}' for lane, name in channels.items())}}}"
    if bench.quantity is not None:
        yield f"parts: {{{_value(bench.part)}: {{quantity: {bench.quantity}}}}}     # one more is on the board"


def _mapping(of: Mapping[str, str | int | bool | None]) -> str:
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in of.items()) + "}"


def _value(value: str | int | bool | None) -> str:
    plain = isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in WORDS
    return str(value) if plain else json.dumps(value)
