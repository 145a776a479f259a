"""``python -m harness.twin.zoo fixtures/zoo``: dumps of modules with something wrong, as ``zoo.toml`` there tells.

An animal is a healthy module of a family with some bytes changed and some pages misplaced, or one byte everywhere. Its
checksums are made right after the bytes are changed, so that what is wrong is what the row says and nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import chain
from pathlib import Path
from typing import Any, Final

from ..decode.build import CmisImage, as_json, seal_cmis, seal_sff8472, seal_sff8636
from ..decode.dump import json_page
from ..decode.memory import HALF, Image, Memory, Page
from ..errors import InputError, PlugfestError
from .families import family, names

INDEX: Final = "zoo.toml"

LINE: Final = 16
"""Bytes of a line of text."""

SEALS: Final[Mapping[str, Callable[[Image], None]]] = {
    "cmis": seal_cmis,
    "sff8636": seal_sff8636,
    "sff8472": seal_sff8472,
}


@dataclass(frozen=True, slots=True)
class Animal:
    """One dump with something wrong, and what has to be said of it; pages are named as in the JSON form.

    ``like`` is the family that it would be of. What follows is done in this order: ``write`` is hex digits by page and
    first byte, checksums are made right, ``spoil`` is like ``write``, ``pages`` take the place of others, ``failed``
    ones could not be read, ``missing`` ones were not, and ``length`` is where the dump ends.

    ``says`` are facts of the decoded document, ``absent`` how the reason begins why a fact is none, both in the tree of
    the document, entries of lists from 1; a number in the place of a list is its length. ``guess`` is what stands in
    the reason for the memory map that was taken. ``breached`` and ``warns`` are rules of the audit, ``unasked`` those
    that it cannot put.
    """

    file: str
    story: str
    like: str = ""
    fill: str = ""
    """The byte that stands everywhere on these ``pages``, of a dump that is like no family."""
    write: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    spoil: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    failed: Sequence[str] = ()
    missing: Sequence[str] = ()
    length: int = 0
    answered: int | None = None
    """The command whose reply stands on page 9Fh."""
    guess: str = ""
    says: Mapping[str, Any] = field(default_factory=dict)
    absent: Mapping[str, Any] = field(default_factory=dict)
    breached: Sequence[str] = ()
    warns: Sequence[str] = ()
    unasked: Sequence[str] = ()
    silent: str = ""
    """Why no rule names what is wrong; empty where one does."""

    def memory(self) -> Memory:
        """The pages as the dump has them."""
        if self.fill:
            return Memory("", {json_page(name, INDEX): bytes.fromhex(self.fill) * HALF for name in self.pages})
        image = self.image()
        put(image, self.write)
        SEALS[family(self.like).management](image)
        put(image, self.spoil)
        right = image.memory("").pages
        held: dict[Page, bytes | None] = dict(right)
        held.update({json_page(name, INDEX): right[json_page(other, INDEX)] for name, other in self.pages.items()})
        held.update(dict.fromkeys((json_page(name, INDEX) for name in self.failed), None))
        for name in self.missing:
            del held[json_page(name, INDEX)]
        return Memory("", held)

    def image(self) -> Image:
        """The module as it would be if it were healthy."""
        built = family(self.like).build()
        if isinstance(built, CmisImage) and built.cdb is not None:
            built = replace(built, cdb=replace(built.cdb, answered=self.answered))
        return built.image()

    def dump(self) -> bytes:
        """The file, in the form that its name says."""
        return FORMS[Path(self.file).suffix](self)


def put(image: Image, changes: Mapping[str, Mapping[str, str]]) -> None:
    """Write hex digits by page and first byte."""
    for name, bytes_of in changes.items():
        for byte, digits in bytes_of.items():
            image.put(json_page(name, INDEX), int(byte), bytes.fromhex(digits))


def as_document(animal: Animal) -> bytes:
    """The JSON form, a line for each page in their order."""
    memory = animal.memory()
    ordered = replace(memory, pages={page: memory.pages[page] for page in sorted(memory.pages)})
    return f"{json.dumps(as_json(ordered), indent=1)}\n".encode()


def as_binary(animal: Animal) -> bytes:
    """Lower memory and the unbanked pages after it, as ``ethtool -m DEV raw on`` has them."""
    pages = animal.memory().pages
    order = sorted((page.device, page.number, page) for page in pages if page.number < 3 and not page.bank)
    whole = b"".join(pages[page] or b"" for *_, page in order)
    return whole[: animal.length or None]


def as_text(animal: Animal) -> bytes:
    """The same bytes as ``ethtool -m DEV hex on`` prints them."""
    held = as_binary(animal)
    starts = range(0, len(held), LINE)
    lines = (f"0x{start:04x}:\t\t{held[start : start + LINE].hex(' ')} " for start in starts)
    return "".join(f"{line}\n" for line in chain(("Offset\t\tValues", "------\t\t------"), lines)).encode()


FORMS: Final[Mapping[str, Callable[[Animal], bytes]]] = {".json": as_document, ".bin": as_binary, ".txt": as_text}


def animals(index: Path) -> tuple[Animal, ...]:
    """The rows of a ``zoo.toml``; InputError names a row that cannot be one."""
    try:
        rows = tomllib.loads(index.read_text(encoding="utf-8"))["animal"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{index}: no table of animals: {error}") from None
    known = {column.name for column in fields(Animal)}
    for row in rows:
        name = row.get("file", "a row without a file")
        if unknown := row.keys() - known:
            raise InputError(f"{index}: {name}: {', '.join(sorted(unknown))}: not a column, expected {sorted(known)}")
        if "fill" not in row and row.get("like") not in names():
            raise InputError(f"{index}: {name}: {row.get('like')!r} is not a family")
        if Path(name).suffix not in FORMS:
            raise InputError(f"{index}: {name}: expected a name that ends with {', '.join(FORMS)}")
    return tuple(Animal(**row) for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m harness.twin.zoo", description=__doc__)
    parser.add_argument("zoo", type=Path, help=f"the directory of dumps, in which {INDEX} stands")
    chosen = parser.parse_args(arguments)
    try:
        every = animals(chosen.zoo / INDEX)
    except PlugfestError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_status
    for animal in every:
        (chosen.zoo / animal.file).write_bytes(animal.dump())
    print(f"{chosen.zoo}: {len(every)} dumps")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
