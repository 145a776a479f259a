"""The fields of a declared thing, typed: the schema has been applied, so that what is here has the type it should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from ..errors import LabError
from ..reading import Source
from .yaml12 import Node


class Fields:
    """The mapping of one thing, and what it is called in errors."""

    __slots__ = ("at_node", "fields", "what")

    def __init__(self, what: str, node: Node) -> None:
        self.what, self.at_node = what, node
        self.fields: Mapping[str, Node] = node.value if isinstance(node.value, dict) else {}

    @property
    def at(self) -> Source:
        return source(self.at_node)

    def has(self, key: str) -> bool:
        return key in self.fields

    def node(self, key: str) -> Node:
        return self.fields[key]

    def text(self, key: str) -> str:
        return self.fields[key].text

    def maybe(self, key: str) -> str | None:
        node = self.fields.get(key)
        return None if node is None else node.text

    def number(self, key: str) -> Decimal | None:
        node = self.fields.get(key)
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int | Decimal):
            raise node.error(f"{self.named(key)}a number was expected, found {node.text!r}")
        return Decimal(node.value)

    def required_number(self, key: str) -> Decimal:
        number = self.number(key)
        if number is None:
            raise self.error(f"{self.named('')}{key} is missing")
        return number

    def whole(self, key: str) -> int | None:
        number = self.number(key)
        if number is not None and number != int(number):
            node = self.fields[key]
            raise node.error(f"{self.named(key)}a whole number was expected, found {node.text!r}")
        return None if number is None else int(number)

    def day(self, key: str) -> date:
        node = self.fields[key]
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            raise node.error(f"{self.named(key)}a date like 2026-06-30 was expected, found {node.text!r}") from None

    def flag(self, key: str, otherwise: bool) -> bool:
        node = self.fields.get(key)
        return otherwise if node is None else node.value is True

    def items(self, key: str) -> list[Node]:
        """A list, or the one thing that stands for a list of one; nothing where it is not said."""
        node = self.fields.get(key)
        if node is None:
            return []
        return node.value if isinstance(node.value, list) else [node]

    def sub(self, key: str) -> Fields:
        return Fields(f"{self.what} {key}".strip(), self.fields[key])

    def section(self, key: str) -> dict[str, Fields]:
        return dict(self._entries(key))

    def _entries(self, key: str) -> Iterator[tuple[str, Fields]]:
        node = self.fields.get(key)
        if node is not None and isinstance(node.value, dict):
            for name, entry in node.value.items():
                yield name, Fields(name, entry)

    def named(self, key: str) -> str:
        """``leaf1: mtu: `` in front of a message."""
        return "".join(f"{word}: " for word in (self.what, key) if word)

    def error(self, message: str) -> LabError:
        return self.at_node.error(message)


def source(node: Node) -> Source:
    """The line that declares something, as reports name it."""
    return Source(node.file.name, f"line {node.line}")
