"""Faults said by hand, of a served lab: ``leaf1:Ethernet448 fec=none``, ``leaf1:Ethernet1/57 rx=-35 lane=3``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from ..errors import UsageError
from ..lab.validate import did_you_mean
from .changes import WHOLE
from .faults import CHANGES, LISTS, OPTIONAL, SETTINGS, Fault
from .world import Device, World

FLAP: Final = "flap"
EITHER: Final = ("watchdog", "nic")
"""Faults of a port or of all ports of a device."""

LASTS: Final = "for"
"""Seconds after which a fault goes by itself; any fault may say it."""

CAGE: Final = re.compile(r"(?:[A-Za-z]+[0-9]+/|cage|etp)?([0-9]+)(?:/([0-9]+)|([a-h]))?")
"""``Ethernet1/9`` and ``Ethernet1/9/2``, ``etp9`` and ``etp9b``, ``cage9`` or ``9``: a cage and the child of it."""


def fault_of(world: World, subject: str, words: Sequence[str]) -> tuple[Fault, Decimal | None]:
    """The fault that a subject and its settings say, and how many seconds it lasts."""
    if not words:
        raise UsageError(f"{subject}: what is wrong with it was expected, such as fec=none; see --list")
    do, _, value = words[0].partition("=")
    lasts = Decimal(0) if do == FLAP else None
    do = "down" if do == FLAP else do
    if do not in SETTINGS:
        raise UsageError(f"{words[0]!r} is no fault{did_you_mean(do, (*SETTINGS, FLAP))}; see --list")
    settings: dict[str, object] = {}
    names = SETTINGS[do].split()
    if names and value:
        settings[names[0]] = _told(do, names[0], value)
    for word in words[1:]:
        name, equals, text = word.partition("=")
        if name == LASTS:
            lasts = _seconds(text)
        elif name not in names or not equals:
            raise UsageError(f"{word!r}: {do} has {', '.join((*names, LASTS))}{did_you_mean(name, names)}")
        else:
            settings[name] = _told(do, name, text)
    lacks = [name for name in names if name not in settings and name not in OPTIONAL.get(do, ())]
    if lacks:
        raise UsageError(f"{do} needs {', '.join(lacks)}, as in {usage(do)}")
    target = subject_of(world, subject, whole=do in WHOLE or (do in EITHER and ":" not in subject))
    for name in ("with", "of"):
        if name in settings:
            settings[name] = subject_of(world, str(settings[name]), whole=False)
    return Fault(" ".join(words), do, target, (), target, Path(target), settings), lasts


def _told(do: str, name: str, text: str) -> object:
    return text.split(",") if do in LISTS and name == "value" else text


def _seconds(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        raise UsageError(f"{LASTS}={text}: seconds were expected")
    return Decimal(text)


def subject_of(world: World, text: str, *, whole: bool) -> str:
    """The name that the world has for a port, however it is said, or for a ``whole`` device."""
    name, colon, port = text.partition(":")
    device = world.devices.get(name)
    if device is None:
        raise UsageError(f"{text}: no device {name!r}{did_you_mean(name, world.devices)}")
    if whole:
        return name
    if not colon:
        raise UsageError(f"{text}: a port was expected, such as {name}:{device.ports[0].name}")
    found = next(_ports(device, port), None)
    if found is None:
        known = [name for one in device.ports for name in (one.name, one.alias)]
        raise UsageError(f"{text}: {name} has no port {port!r}{did_you_mean(port, known)}")
    return f"{name}:{found}"


def _ports(device: Device, text: str) -> Iterator[str]:
    yield from (port.name for port in device.ports if port.name == text)
    yield from (port.name for port in device.ports if port.alias == text)
    if found := CAGE.fullmatch(text):
        child = int(found[2]) if found[2] else "abcdefgh".index(found[3]) + 1 if found[3] else 1
        yield from (
            cage.ports[child - 1].name
            for cage in device.cages
            if cage.number == found[1] and 1 <= child <= len(cage.ports)
        )


def usage(do: str) -> str:
    """How a fault is said."""
    names = SETTINGS[do].split()
    if not names:
        return do
    said = (f"{do}={names[0].upper()}", *(f"{name}={name.upper()}" for name in names[1:]))
    free = OPTIONAL.get(do, ())
    words = [f"[{word}]" if name in free else word for name, word in zip(names, said, strict=True)]
    words[0] = f"{do}[={names[0].upper()}]" if names[0] in free else words[0]
    return " ".join(words)


def listed() -> Iterator[str]:
    """A line for every fault that can be said."""
    rows = [(usage(do), (CHANGES[do].__doc__ or "").strip()) for do in SETTINGS if do in CHANGES]
    rows += [
        (usage("silence"), "A device never answers one of its commands."),
        (FLAP, "A link goes down and comes up again: at once, or after as many seconds as for= says."),
        (f"... {LASTS}=SECONDS", "Any fault goes by itself after so many simulated seconds."),
    ]
    width = max(len(said) for said, _ in rows)
    for said, means in rows:
        yield f"{said:<{width}}  {means}"
