"""Strict reading of TOML tables: every value has a type, every limit a clause, and every error a file and a line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from ..errors import LabError
from ..limit import Range
from ..units import Unit, plain
from ..verdict import Standing

Key = str | int
Tree = Mapping[str, object]
Vouching = Callable[[str, str, Standing], str]
"""Row, quantity and standing in; who vouches for it out, empty where nobody does."""

BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def nobody(row: str, quantity: str, standing: Standing) -> str:
    """No limit is vouched for."""
    return ""


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file as text and as tree."""

    file: str
    text: str
    tree: Tree

    def fault(self, message: str, path: Sequence[Key] = ()) -> LabError:
        """An error that names the file and the line where ``path`` stands."""
        named = dotted(path)
        file, line = self.place(path)
        return LabError(f"{named}: {message}" if named else message, file=file, line=line)

    def place(self, path: Sequence[Key]) -> tuple[str, int]:
        """The file and the line, from 1, where ``path`` stands; line 0 for the file."""
        return self.file, line_of(self.text, path)

    def speaker(self, path: Sequence[Key]) -> str:
        """Who says what stands at ``path``, as a clause cites it; empty where the row itself does."""
        return ""


def read(file: Path | str, text: str) -> Document:
    """Parse a TOML file; numbers stay decimal.  LabError with the line where it is not TOML."""
    try:
        return Document(str(file), text, tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        at = re.search(r"\(at line (\d+), column \d+\)", message)
        raise LabError(message, file=file, line=int(at[1]) if at else text.count("\n") + 1) from None


def dotted(path: Sequence[Key]) -> str:
    """A path as TOML writes it."""
    return ".".join(str(key) if isinstance(key, int) or BARE.fullmatch(key) else f'"{key}"' for key in path)


def line_of(text: str, path: Sequence[Key]) -> int:
    """The line, from 1, on which the deepest part of ``path`` that has a line of its own stands; 0 for the file."""
    best, depth, here = 0, 0, tuple[Key, ...]()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        try:
            if line.startswith("[["):
                name = line[2 : line.index("]]")].strip()
                counts[name] = counts.get(name, -1) + 1
                here = (*flat(tomllib.loads(f"[{name}]")), counts[name])
            elif line.startswith("["):
                here = flat(tomllib.loads(line))
            elif "=" in line and not line.startswith("#"):
                name = line.partition("=")[0]
                stands = (*here, *flat(tomllib.loads(f"{name}= {{}}")))
                if len(stands) > depth and stands == tuple(path[: len(stands)]):
                    best, depth = number, len(stands)
                continue
            else:
                continue
        except (tomllib.TOMLDecodeError, ValueError):
            continue
        if len(here) > depth and here == tuple(path[: len(here)]):
            best, depth = number, len(here)
    return best


def flat(tree: Tree) -> tuple[Key, ...]:
    """The keys from the root to the innermost table of a tree without branches."""
    keys: list[Key] = []
    node: object = tree
    while isinstance(node, dict) and node:
        name, node = next(iter(node.items()))
        keys.append(name)
    return tuple(keys)


@dataclass(slots=True)
class Row:
    """One table of a document.  Every key has to be asked for: ``done`` refuses the ones that nobody knows."""

    document: Document
    path: tuple[Key, ...]
    tree: Tree
    vouching: Vouching = nobody
    clause: str = ""
    standing: Standing | None = None  # of a limit that names none; None where each has to
    asked: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return str(self.path[-1]) if self.path else self.document.file

    def fault(self, message: str, *keys: Key) -> LabError:
        return self.document.fault(message, (*self.path, *keys))

    def has(self, key: str) -> bool:
        return key in self.tree

    def said_by(self, key: Key) -> str:
        """Who says what stands under a key: the clause of a limit there that names none."""
        return self.document.speaker((*self.path, key)) or self.clause

    def cited(self) -> Row:
        """This row, whose limits cite the clause that it names."""
        self.clause = self.text("clause")
        return self

    def value(self, key: str) -> object:
        self.asked.add(key)
        if key not in self.tree:
            what = "a limit without clause" if key == "clause" else f"{key} is missing"
            raise self.fault(f"{what}: expected {key} = ...")
        return self.tree[key]

    def text(self, key: str) -> str:
        value = self.value(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(f"expected a text, found {value!r}", key)
        return value

    def text_or(self, key: str, default: str) -> str:
        return self.text(key) if self.has(key) else default

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.value(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.fault(f"expected a list of texts, found {value!r}", key)
        if len(set(value)) < len(value):
            raise self.fault(f"the same text stands twice in {value!r}", key)
        return tuple(value)

    def texts_or(self, key: str) -> tuple[str, ...]:
        return self.texts(key) if self.has(key) else ()

    def number(self, key: str) -> Decimal:
        return self.decimal(self.value(key), key)

    def decimal(self, value: object, *keys: Key) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.fault(f"expected a number, found {value!r}", *keys)
        number = Decimal(value)
        if not number.is_finite():
            raise self.fault(f"expected a finite number, found {value!r}", *keys)
        return number

    def positive(self, key: str) -> Decimal:
        number = self.number(key)
        if number <= 0:
            raise self.fault(f"expected a number above 0, found {plain(number)}", key)
        return number

    def integer(self, key: str) -> int:
        return self.whole(self.value(key), key)

    def integer_or(self, key: str, default: int) -> int:
        return self.integer(key) if self.has(key) else default

    def whole(self, value: object, *keys: Key) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault(f"expected a whole number, found {value!r}", *keys)
        return value

    def count(self, key: str) -> int:
        number = self.integer(key)
        if number < 1:
            raise self.fault(f"expected a whole number above 0, found {number}", key)
        return number

    def integers(self, key: str) -> tuple[int, ...]:
        value = self.value(key)
        if not isinstance(value, list):
            raise self.fault(f"expected a list of whole numbers, found {value!r}", key)
        return tuple(self.whole(item, key) for item in value)

    def integers_or(self, key: str) -> tuple[int, ...]:
        return self.integers(key) if self.has(key) else ()

    def numbers(self, key: str) -> tuple[Decimal, ...]:
        value = self.value(key)
        if not isinstance(value, list):
            raise self.fault(f"expected a list of numbers, found {value!r}", key)
        return tuple(self.decimal(item, key) for item in value)

    def flag(self, key: str) -> bool:
        value = self.value(key)
        if not isinstance(value, bool):
            raise self.fault(f"expected true or false, found {value!r}", key)
        return value

    def day(self, key: str) -> date:
        value = self.value(key)
        if type(value) is not date:
            raise self.fault(f"expected a date such as 2026-01-31, found {value!r}", key)
        return value

    def one_of(self, key: str, *allowed: str) -> str:
        value = self.text(key)
        if value not in allowed:
            raise self.fault(f"expected one of {', '.join(allowed)}, found {value!r}", key)
        return value

    def standing_of(self, key: str = "standing") -> Standing:
        """How far the row itself is known; where the profile vouches for it, buyer, and its clause says who does."""
        value = self.text(key)
        standing = self.parse_standing(value, key)
        if who := self.vouching(self.name, "", standing):
            self.clause = f"{self.clause}; {who}"
            return Standing.BUYER
        return standing

    def parse_standing(self, value: object, *keys: Key) -> Standing:
        try:
            return Standing(str(value))
        except ValueError:
            raise self.fault(f"expected a standing ({', '.join(Standing)}), found {value!r}", *keys) from None

    def table(self, key: str) -> Row:
        """The table under a key."""
        value = self.value(key)
        if not isinstance(value, dict):
            raise self.fault(f"expected a table, found {value!r}", key)
        return Row(self.document, (*self.path, key), value, self.vouching, self.said_by(key), self.standing)

    def tables(self, key: str) -> Iterator[Row]:
        """The tables of an array of tables; none where there is no such key."""
        self.asked.add(key)
        value = self.tree.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fault(f"expected an array of tables [[{key}]], found {value!r}", key)
        for place, item in enumerate(value):
            yield Row(self.document, (*self.path, key, place), item, self.vouching, self.clause, self.standing)

    def rest(self) -> tuple[str, ...]:
        """The keys that nobody has asked for yet."""
        return tuple(key for key in self.tree if key not in self.asked)

    def limit(self, key: str, *, row: str = "", quantity: str = "") -> Range:
        """A limit: a bound or two, a unit, a standing and the clause of its row."""
        limit = self.table(key)
        found = limit.range(row=row or self.name, quantity=quantity or key)
        limit.done()
        return found

    def range(self, *, row: str = "", quantity: str = "") -> Range:
        """This table as a limit."""
        low = self.number("min") if self.has("min") else None
        high = self.number("max") if self.has("max") else None
        if low is None and high is None:
            raise self.fault("a limit without a bound: expected min or max")
        if low is not None and high is not None and low > high:
            raise self.fault(f"min {plain(low)} is above max {plain(high)}")
        value = self.value("unit")
        try:
            unit = Unit(str(value))
        except ValueError:
            units = ", ".join(repr(str(unit)) for unit in Unit)
            raise self.fault(f"expected a unit ({units}), found {value!r}", "unit") from None
        clause = self.text("clause") if self.has("clause") else self.clause
        if not clause:
            raise self.fault('a limit without clause: expected clause = "..."')
        if self.standing is not None and not self.has("standing"):
            standing = self.standing
        else:
            standing = self.parse_standing(self.value("standing"), "standing")
        if who := self.vouching(row, quantity, standing):
            standing, clause = Standing.BUYER, f"{clause}; {who}"
        return Range(min=low, max=high, unit=unit, clause=clause, standing=standing, note=self.text_or("note", ""))

    def done(self) -> None:
        """Refuse keys that nobody knows."""
        for key in self.rest():
            raise self.fault(f"unknown key, expected one of {', '.join(sorted(self.asked))}", key)


def rows(document: Document, kind: str, vouching: Vouching = nobody) -> Iterator[Row]:
    """The rows of a limit table, each of which names its clause."""
    for name, value in document.tree.items():
        if name == "table":
            continue
        if not isinstance(value, dict):
            raise document.fault(f"expected a row [{name}] of the table {kind}, found {value!r}", (name,))
        yield Row(document, (name,), value, vouching).cited()
