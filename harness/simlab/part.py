"""What a simulated lab consists of: servers with threads or processes of their own, that start and stop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self


class Part(ABC):
    """A server that runs from ``start`` to ``stop``, or for as long as a ``with`` lasts."""

    @abstractmethod
    def start(self) -> None:
        """Comes back when it answers."""

    @abstractmethod
    def stop(self) -> None:
        """Hang up and leave nothing behind."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
