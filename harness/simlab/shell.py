"""What the shell of a simulated device gives for a command line, by the system that runs on it.

Another system is another name in ``SPEAKERS``: a module that prints its commands, as ``sonic`` and ``linux`` do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Final, NamedTuple, Protocol, cast

from ..decode.memory import HALF
from ..errors import LabError
from ..lab.inventory import DevicePlan
from .pages import LOWER, memory
from .systems import linux
from .world import Device, World


class Said(NamedTuple):
    """What a command ended with."""

    status: int
    out: bytes
    err: bytes = b""


class Speaker(Protocol):
    """One system: what it prints, and what the fixtures ask it, once and a second time."""

    def answer(self, world: World, device: Device, command: str, elapsed: int = 0) -> str | None:
        """The text that a command prints; None for one that the system does not know."""

    def commands(self, device: Device) -> tuple[str, ...]:
        """Every command that the fixtures record, in the order in which it is asked."""

    def twice(self, device: Device) -> tuple[str, ...]:
        """What is recorded a second time."""


SPEAKERS: Final = ("sonic", "eos", "nxos", "nvue", "cumulus", "junos", "iosxr", "linux", "nvidia")
"""Systems that are simulated; each is the module of its name."""

INVALID: Final[Mapping[str, str]] = {
    "eos": "% Invalid input\n",
    "nxos": "                    ^\n% Invalid command at '^' marker.\n",
    "junos": "           ^\nunknown command.\n",
    "iosxr": "           ^\n% Invalid input detected at '^' marker.\n",
}
"""What a command line of a system's own says to a command that it does not know; any other is a shell."""

NOT_FOUND: Final = 127


DUMP: Final = re.compile(r"od -An -v -tx1 -w128 -j ([0-9]{1,6}) -N ([0-9]{1,6}) (/\S+)")
"""Bytes of a file that holds the memory of a module: lower memory, then page p at byte 128 (p + 1)."""


def speaker(plan: DevicePlan) -> Speaker:
    """Who plays a switch or a host."""
    if plan.nos not in SPEAKERS:
        raise LabError(f"{plan.at}: {plan.name} runs {plan.nos!r}; simulated are {', '.join(SPEAKERS)}")
    return cast(Speaker, import_module(f".systems.{plan.nos}", __package__))


def said(world: World, device: Device, command: str, elapsed: int) -> Said:
    """What one command gives, so many seconds after the world began."""
    if found := DUMP.fullmatch(command):
        return dumped(device, int(found[1]), int(found[2]), found[3], elapsed)
    try:
        text = speaker(device.plan).answer(world, device, command, elapsed)
    except linux.Refused as refused:
        return Said(1, b"", str(refused).encode())
    if text is None and (refusal := INVALID.get(device.plan.nos)):
        return Said(NOT_FOUND, refusal.encode())
    if text is None:
        return Said(NOT_FOUND, b"", f"sh: 1: {command.partition(' ')[0]}: command not found\n".encode())
    return Said(0, text.encode())


def dumped(device: Device, start: int, size: int, path: str, elapsed: int) -> Said:
    """What ``od`` prints of a file of module memory; a page that the module has not ends it in an error."""
    files = device.plan.eeproms
    cage = next((one for one in device.cages if files and files.replace("{cage}", one.number) == path), None)
    module = cage.ports[0].module if cage is not None else None
    if module is None:
        return Said(1, b"", f"od: {path}: No such file or directory\n".encode())
    held = memory(module, elapsed)
    if module.flat and start >= 2 * HALF:
        return Said(1, b"", b"od: cannot skip past end of combined input\n")
    lines: list[str] = []
    for at in range(start, min(start + size, 2 * HALF) if module.flat else start + size, HALF):
        page = LOWER if at < HALF else at // HALF - 1
        if page not in held:
            said = f"od: {path}: read error: Input/output error\n"
            return Said(1, "".join(lines).encode(), said.encode())
        lines.append(" " + held[page].hex(" ") + "\n")
    return Said(0, "".join(lines).encode())
