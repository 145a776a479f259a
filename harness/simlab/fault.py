"""One fault that is planted in a simulated lab: what it does, where, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from ..errors import InputError


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of a table of faults."""

    name: str
    do: str
    target: str  # "leaf1:Ethernet64", or a device
    checks: tuple[str, ...]  # ids that should name it
    subject: str  # what they should name
    file: Path
    settings: Mapping[str, Any]

    def refuse(self, why: str) -> NoReturn:
        raise InputError(f"{self.file}: fault {self.name!r}: {why}")

    def number(self, name: str) -> Decimal:
        try:
            return Decimal(str(self.setting(name)))
        except ArithmeticError:
            self.refuse(f"{name} {self.setting(name)!r}: a number was expected")

    def count(self, name: str) -> int:
        return self._whole(name, self.setting(name))

    def counts(self, name: str) -> list[int]:
        """A list of whole numbers; said by hand they are text."""
        return [self._whole(name, one) for one in self.setting(name)]

    def pair(self, name: str) -> tuple[int, int]:
        """A count at the first and at the second sample."""
        found = self.counts(name)
        if len(found) != 2:
            self.refuse(f"{name}: two counts were expected, at the first and at the second sample")
        return found[0], found[1]

    def text(self, name: str) -> str:
        return str(self.setting(name))

    def word(self, name: str, *words: str) -> str:
        """A text that has to be one of some."""
        told = self.text(name)
        if told not in words:
            self.refuse(f"{name} {told!r}: {', '.join(words)} were expected")
        return told

    def setting(self, name: str) -> Any:
        if name not in self.settings:
            self.refuse(f"{self.do} needs {name!r}")
        return self.settings[name]

    def _whole(self, name: str, told: object) -> int:
        try:
            return int(str(told), 0)
        except ValueError:
            self.refuse(f"{name} {told!r}: a whole number was expected")
