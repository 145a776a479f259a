"""A profile and those that it inherits from, as one document that still knows who wrote which key.

Sections merge key by key, and what stands under a key is taken whole: a limit that a profile states replaces the
inherited one with unit, standing and clause.  Lists of tables add up, ``[[limit]]`` of the same quantity and PMDs
excepted, which replaces; an empty list drops what was inherited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeGuard

from .reader import Document, Key

OWN: Final = ("name", "title", "by", "inherits")
"""Keys of a profile that nobody inherits."""

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

Place = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Chain(Document):
    """Profiles merged into one tree; every error and every clause names the one that a key comes from."""

    documents: tuple[Document, ...]  # the profile itself, then whom it inherits from
    origins: Mapping[Place, tuple[Document, Place]]

    def home(self, path: Sequence[Key]) -> tuple[Document, Place]:
        """The profile that a key comes from, and where it stands there."""
        for length in range(len(path), 0, -1):
            found = self.origins.get(tuple(path[:length]))
            if found is not None:
                return found[0], (*found[1], *path[length:])
        return self.documents[0], tuple(path)

    def place(self, path: Sequence[Key]) -> tuple[str, int]:
        document, there = self.home(path)
        return Document.place(document, there)

    def speaker(self, path: Sequence[Key]) -> str:
        return f"profile {self.profile(path)}"

    def profile(self, path: Sequence[Key]) -> str:
        """The name of the profile that a key comes from."""
        return called(self.home(path)[0])

    @property
    def names(self) -> tuple[str, ...]:
        """The profile, then whom it inherits from."""
        return tuple(map(called, self.documents))


def called(document: Document) -> str:
    return str(document.tree.get("name", Path(document.file).stem))


def chain(file: Path, document: Callable[[Path], Document]) -> Chain:
    """A profile with all that it inherits.  LabError where one is not there, or inherits from itself."""
    documents = [document(file)]
    files = [file]
    while "inherits" in documents[-1].tree:
        child, wanted = documents[-1], documents[-1].tree["inherits"]
        if not isinstance(wanted, str) or not NAME.fullmatch(wanted):
            raise child.fault(f"expected the name of a profile beside this one, found {wanted!r}", ("inherits",))
        parent = files[-1].with_name(f"{wanted}.toml")
        if parent in files:
            circle = " -> ".join(each.stem for each in (*files[files.index(parent) :], parent))
            raise child.fault(f"a circle of profiles: {circle}", ("inherits",))
        if not parent.is_file():
            raise child.fault(f"no profile {wanted!r} beside this one: expected {parent}", ("inherits",))
        documents.append(document(parent))
        files.append(parent)
    return merged(documents)


def merged(documents: Sequence[Document]) -> Chain:
    """The documents as one; the first has the last word."""
    tree: dict[str, object] = {}
    origins: dict[Place, tuple[Document, Place]] = {}
    for document in reversed(documents):
        for key, value in document.tree.items():
            if key in OWN:
                if document is documents[0]:
                    tree[key] = value
                    origins[key,] = document, (key,)
                continue
            held = tree.get(key)
            if isinstance(value, dict) and isinstance(held, dict):
                tree[key] = held | value
            elif listed(value) and listed(held):
                tree[key] = added(key, held, value, document, origins)
                continue
            else:
                tree[key] = value
                for place in [place for place in origins if place[0] == key]:
                    del origins[place]
            origins[key,] = document, (key,)
            parts = value if isinstance(value, dict) else range(len(value)) if listed(value) else ()
            for part in parts:
                origins[key, part] = document, (key, part)
    first = documents[0]
    return Chain(first.file, first.text, tree, tuple(documents), origins)


def listed(value: object) -> TypeGuard[list[Mapping[str, object]]]:
    """Whether it is a list of tables with something in it."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def added(
    key: str,
    held: Sequence[Mapping[str, object]],
    more: Sequence[Mapping[str, object]],
    document: Document,
    origins: dict[Place, tuple[Document, Place]],
) -> list[Mapping[str, object]]:
    """An inherited list of tables with a profile's own; says in ``origins`` where each stands."""
    whence = [origins[key, number] for number in range(len(held))]
    mine = [governed(item) for item in more] if key == "limit" else []
    kept = [(item, place) for item, place in zip(held, whence, strict=True) if governed(item) not in mine]
    every = [*kept, *((item, (document, (key, number))) for number, item in enumerate(more))]
    for place in [place for place in origins if place[0] == key]:
        del origins[place]
    origins[key,] = document, (key,)
    for number, (_, home) in enumerate(every):
        origins[key, number] = home
    return [item for item, _ in every]


def governed(item: Mapping[str, object]) -> tuple[str, ...]:
    """What a ``[[limit]]`` is on: two on the same are one, said twice."""
    return tuple(repr(item.get(part)) for part in ("quantity", "pmd", "lane_gbps"))
