"""A simulated lab whose time passes: counters count, links come and go, and faults are planted at any moment.

What a device answers is a function of the world and of the whole second, as in a fixture; here the second is the lab's
own, and the world is made anew whenever a fault comes or goes.  What a port has counted by then, it keeps.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from ..errors import UsageError
from ..evidence import Ask, Kind
from ..lab.inventory import Lab
from ..twin.plug import Twin, plugged
from .clock import LabTime
from .codewords import NOTHING
from .faults import DAMAGES, SPANS, Damage, Fault, plant
from .pages import built, memory
from .shell import Said, said, speaker
from .world import SHELLS, Port, World, healthy

FAST: Final = Decimal("1.025")

LIVE_DAMAGES: Final = frozenset({"silence"})
"""What becomes of an answer on its way; the other damages are of files."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault of a lab that lives."""

    fault: Fault
    until: Decimal | None = None  # second in which it goes by itself


class Live:
    """The devices of a lab by its own time.  Safe from any thread."""

    def __init__(self, lab: Lab, time: LabTime, faults: Iterable[Fault] = ()) -> None:
        self.lab, self.time = lab, time
        self.planted: tuple[Planted, ...] = tuple(Planted(fault) for fault in faults)
        self._changing = threading.RLock()
        self.world, self._damage = self._made(self.planted)
        """One and the same for as long as the lab lives, so that whoever plays a part of it may keep it."""

    @property
    def second(self) -> int:
        return int(self.time.now())

    @property
    def instant(self) -> datetime:
        return self.time.instant()

    def answer(self, device: str, command: str) -> Said:
        """What a device gives for a command now."""
        self.settle()
        return said(self.world, self.world.devices[device], command, self.second)

    def silent(self, device: str, command: str) -> bool:
        """Whether a command is never answered."""
        self.settle()
        return self._damage.unanswered(Ask(device, Kind.CLI, command))

    def plant(self, fault: Fault, *, lasts: Decimal | None = None) -> None:
        """Change the world; for some seconds where they are said, and for none the change is over at once."""
        if fault.do in DAMAGES and fault.do not in LIVE_DAMAGES:
            fault.refuse(f"{fault.do} is done to recorded answers, not to a device that answers")
        if fault.do in SPANS:
            fault.refuse(f"{fault.do} is of a recording over a while, and this lab has its own time")
        with self._changing:
            self.settle()
            until = None if lasts is None else self.time.now() + lasts
            kept = (*self.planted, Planted(fault, until))
            self._try(fault, kept)
            self._become(kept, self.second)
            self.settle()

    def clear(self, target: str = "", do: str = "") -> int:
        """Take faults back, all of them or those of a target or of a kind; how many."""
        with self._changing:
            self.settle()
            kept = tuple(
                one
                for one in self.planted
                if (target and one.fault.target != target) or (do and one.fault.do != do)
            )  # fmt: skip
            gone = len(self.planted) - len(kept)
            if gone:
                self._become(kept, self.second)
            return gone

    def settle(self) -> None:
        """Let go what has lasted long enough."""
        if all(one.until is None for one in self.planted):
            return
        with self._changing:
            now = self.time.now()
            while over := [one for one in self.planted if one.until is not None and one.until <= now]:
                first = min(over, key=lambda one: one.until or now)
                assert first.until is not None
                self._become(tuple(one for one in self.planted if one is not first), int(first.until))

    def _made(self, planted: Iterable[Planted]) -> tuple[World, Damage]:
        world, damage = healthy(self.lab, self.time.start), Damage()
        for one in planted:
            plant(world, damage, one.fault)
        return world, damage

    def _try(self, fault: Fault, planted: Iterable[Planted]) -> None:
        """InputError where a world with this fault could not be printed."""
        try:
            world, _ = self._made(planted)
            device = world.devices[fault.target.partition(":")[0]]
            for port in device.ports:
                if port.module is not None:
                    memory(port.module, self.second)
            if device.plan.kind in SHELLS:
                for command in speaker(device.plan).commands(device):
                    said(world, device, command, self.second)
        except (LookupError, ValueError, ArithmeticError) as bad:
            fault.refuse(f"a device cannot be so: {bad}")

    def _become(self, planted: tuple[Planted, ...], second: int) -> None:
        world, damage = self._made(planted)
        for name, device in world.devices.items():
            before = {port.name: port for port in self.world.devices[name].ports}
            for port in device.ports:
                _carry_on(before[port.name], port, second)
        self.planted, self._damage = planted, damage
        self.world.devices = world.devices


def _carry_on(was: Port, now: Port, second: int) -> None:
    """What a port has counted when it changes, or does not; a link that comes up begins to count."""
    now.flaps = was.flaps + int(was.up and not now.up)
    if _counting(was) == _counting(now):
        now.changed, now.counting, now.before = was.changed, was.counting, was.before
    else:
        now.before = was.counted(second) if was.counts and now.counts else NOTHING
        now.changed, now.counting = second, 0


def _counting(port: Port) -> tuple[object, ...]:
    """All that what a port counts depends on."""
    return port.counts, port.ber, port.uncorrected, port.bursts, port.frozen, port.reset_at


class ModuleTime:
    """The time of a module, whose oscillator is a little fast.

    A twin's monitors swing in 40 s, so that by the lab's own time they would be back where they were after 600 s.
    """

    def __init__(self, time: LabTime) -> None:
        self.time = time

    def now(self) -> Decimal:
        return self.time.now() * FAST

    def wait(self, seconds: Decimal) -> None:
        self.time.wait(seconds / FAST)


class Slot:
    """The bus of a board's slot: the module that the world has there, behaving by the lab's time.

    When a fault changes the module another one is plugged in, which begins anew.
    """

    def __init__(self, live: Live, where: str) -> None:
        self.live, self.where = live, where
        self._like = b""
        self._plugged: Twin | None = None
        self._one_at_a_time = threading.Lock()

    def read(self, device: int, byte: int, size: int) -> bytes:
        with self._one_at_a_time:
            return self._twin().read(device, byte, size)

    def write(self, device: int, byte: int, raw: bytes) -> None:
        with self._one_at_a_time:
            self._twin().write(device, byte, raw)

    def _twin(self) -> Twin:
        self.live.settle()
        module = self.live.world.module(self.where)
        like = pickle.dumps(module)
        if self._plugged is None or like != self._like:
            self._plugged, self._like = plugged(built(module), ModuleTime(self.live.time)), like
        return self._plugged


def lab_faults(faults: Iterable[Fault]) -> tuple[list[Fault], list[str]]:
    """The faults of a table that a lab can have while it lives, and a line about each that it cannot."""
    kept, told = [], []
    for fault in faults:
        if (fault.do in DAMAGES and fault.do not in LIVE_DAMAGES) or fault.do in SPANS:
            told.append(f"{fault.file}: fault {fault.name!r} is left out: it is done to recorded answers")
        else:
            kept.append(fault)
    return kept, told


def checked_speed(text: str | None) -> Decimal:
    """Simulated seconds in a real one; 0 where time passes only when somebody waits."""
    try:
        speed = Decimal(text or "1")
    except ArithmeticError:
        speed = Decimal(-1)
    if not speed.is_finite() or not 0 <= speed <= 100_000:
        raise UsageError(f"--speed {text}: a number from 0 to 100000 was expected")
    return speed
