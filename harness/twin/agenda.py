"""What a simulated module will do later."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import TypeAlias

Action: TypeAlias = Callable[[], None]


class Agenda:
    """Actions and when they are due, one of each name; time comes from outside."""

    def __init__(self) -> None:
        self.events: dict[Hashable, tuple[Decimal, Action]] = {}

    def at(self, time: Decimal, name: Hashable, action: Action) -> None:
        """Do this at a time, in s, instead of what was planned under the name."""
        self.events[name] = (time, action)

    def drop(self, name: Hashable) -> None:
        self.events.pop(name, None)

    def clear(self) -> None:
        self.events.clear()

    def __contains__(self, name: Hashable) -> bool:
        return name in self.events

    def due(self, now: Decimal) -> tuple[Decimal, Action] | None:
        """The earliest action that is due by now, taken off; None where there is none."""
        if not self.events:
            return None
        name = min(self.events, key=lambda name: self.events[name][0])
        if self.events[name][0] > now:
            return None
        return self.events.pop(name)
