"""A lab file with everything it extends and includes, as one tree of nodes.

Each file is read strictly and held against the schema; ranges of devices become devices and CSV lists become mappings;
what is included must be new, and what extends another file overrides it value by value (null removes).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from ..errors import InputError, LabError
from . import devicemaps, tables, vendors
from .platforms import PortMap, model, ports_of
from .ranges import RangeError, names, numbers
from .validate import validate
from .yaml12 import File, Node, parse

_LISTS: Final = {"links": tables.links, "parts": tables.parts}
_MOST_DEEP: Final = 8


@dataclass(slots=True)
class Tree:
    """The one mapping that a lab file comes to, and the files that it came from, the lab file first."""

    root: dict[str, Node]
    file: File
    files: list[Path] = field(default_factory=list)


def read(path: Path) -> Tree:
    """The tree of a lab file."""
    return _read(path, path.parent, "lab", ())


def beside(path_of: Node) -> Path:
    """The path that a node says, beside the file that says it."""
    return Path(os.path.normpath(Path(path_of.file.path).parent / path_of.text))


def _read(path: Path, home: Path, role: Literal["lab", "part"], above: tuple[Path, ...]) -> Tree:
    name = Path(os.path.relpath(path, home)).as_posix() if path.parent != home else path.name
    file = File(str(path), name)
    document = parse(_text(path), file)
    if document.value is None:
        raise LabError("empty; name, profile and devices were expected", file=file.path)
    validate(document, overrides=isinstance(document.value, dict) and "extends" in document.value)
    root = document.value
    assert isinstance(root, dict)  # the schema saw to it
    tree = Tree(dict(root), file, [path])
    extends, include = tree.root.pop("extends", None), tree.root.pop("include", None)
    if extends is not None and role == "part":
        raise extends.error("an included file extends nothing; extend from the lab file")
    _expand(tree, home)
    for node in _items(include):
        part = _read(_below(node, above, path), home, "part", (*above, path))
        tree.files += part.files
        tree.root = _join(tree.root, part.root)
    base = None
    if extends is not None:
        base = _read(_below(extends, above, path), home, "lab", (*above, path))
    if role == "lab":
        tree.files += vendors.join(tree.root, base.root if base else {}, home)
    if base is not None:
        tree.files += base.files
        _same_keys(base.root, tree.root)
        tree.root = _override(base.root, tree.root)
    return tree


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        raise LabError(f"cannot be read: {problem.strerror}", file=path) from None
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise LabError("UTF-8 was expected", file=path, line=line) from None


def _below(node: Node, above: tuple[Path, ...], path: Path) -> Path:
    """The file that a node names; a circle of files, or one that is not there, is said where it is named."""
    wanted = beside(node)
    if wanted in (*above, path) or len(above) >= _MOST_DEEP:
        raise node.error(f"{node.text} leads back to itself")
    if not wanted.is_file():
        raise node.error(f"{node.text}: no such file")
    return wanted


def _items(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return node.value if isinstance(node.value, list) else [node]


# --- ranges and lists ---------------------------------------------------------------------------------------------


def _expand(tree: Tree, home: Path) -> None:
    for section, read_list in _LISTS.items():
        node = tree.root.get(section)
        if node is None or not isinstance(node.value, dict):
            continue
        entries = dict(node.value)
        found: dict[str, Node] = {}
        for item in _items(entries.pop("csv", None)):
            path = beside(item)
            if not path.is_file():
                raise item.error(f"{item.text}: no such file")
            listed = read_list(path, File(str(path), Path(os.path.relpath(path, home)).as_posix()))
            tree.files.append(path)
            found = _distinct(found, listed)
        whole = Node(_distinct(found, entries), node.file, node.line)
        if found:
            validate(Node({section: Node(found, node.file, node.line)}, node.file, node.line), overrides=False)
        tree.root[section] = whole
    devices = tree.root.get("devices")
    if devices is not None and isinstance(devices.value, dict):
        tree.root["devices"] = Node(_devices(devices.value), devices.file, devices.line)


def _devices(entries: dict[str, Node]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for key, node in entries.items():
        for name in _names(key, node):
            found = _add(found, name, node)
    return found


def cages(device: str, node: Node, known: PortMap | None) -> dict[str, Node]:
    """The cages of a device by number, however they were written; by port name where nobody knows its platform's."""
    found: dict[str, Node] = {}
    assert isinstance(node.value, dict)
    for key, cage in node.value.items():
        try:
            listed = numbers(key)
        except RangeError as problem:
            raise cage.error(f"{device}: {problem}") from None
        for name in listed:
            socket = known.by_first_port.get(name) if known else None
            number = socket.cage if socket else name
            if number in found:
                raise cage.error(f"{device}: cage {number} is declared twice, first on line {found[number].line}")
            found[number] = cage
    return found


def _names(key: str, node: Node) -> tuple[str, ...]:
    try:
        return names(key)
    except RangeError as problem:
        raise node.error(str(problem)) from None


def _add(found: dict[str, Node], name: str, node: Node) -> dict[str, Node]:
    if name in found:
        raise node.error(f"{name} is declared twice, first on line {found[name].line}")
    found[name] = node
    return found


def _distinct(found: dict[str, Node], more: dict[str, Node]) -> dict[str, Node]:
    joined = dict(found)
    for name, node in more.items():
        first = joined.setdefault(name, node)
        if first is not node:
            raise node.error(f"{name} is declared twice, first at {first.file.name}:{first.line}")
    return joined


# --- including and extending --------------------------------------------------------------------------------------


def _join(root: dict[str, Node], part: dict[str, Node]) -> dict[str, Node]:
    """A file and a part of it: sections join, and nothing may be said twice."""
    joined = dict(root)
    for key, node in part.items():
        mine = joined.get(key)
        if mine is None:
            joined[key] = node
        elif isinstance(mine.value, dict) and isinstance(node.value, dict):
            joined[key] = Node(_distinct(mine.value, node.value), mine.file, mine.line)
        else:
            raise node.error(f"{key} is declared twice, first at {mine.file.name}:{mine.line}")
    return joined


def _override(base: dict[str, Node], over: dict[str, Node]) -> dict[str, Node]:
    merged = dict(base)
    for key, node in over.items():
        mine = merged.get(key)
        if node.value is None:
            if mine is None:
                raise node.error(f"{key}: there is nothing to remove")
            del merged[key]
        elif mine is not None and isinstance(mine.value, dict) and isinstance(node.value, dict):
            merged[key] = Node(_override(mine.value, node.value), node.file, node.line)
        else:
            merged[key] = node
    return merged


def _same_keys(base: dict[str, Node], over: dict[str, Node]) -> None:
    """Write the overriding file's links and cages as the base has them, so that the same thing has the same key."""
    links, more = _mapping(base.get("links")), over.get("links")
    if more is not None and isinstance(more.value, dict):
        over["links"] = Node({_as_in(links, key): link for key, link in more.value.items()}, more.file, more.line)
    devices, more = _mapping(base.get("devices")), over.get("devices")
    for name, device in _mapping(more).items():
        theirs = _mapping(devices.get(name))
        mine = _mapping(device)
        if "cages" not in mine or "cages" not in theirs:
            continue
        known = _ports({**base, **over}, {**theirs, **mine})
        for side in (theirs, mine):
            node = side["cages"]
            if isinstance(node.value, dict):
                side["cages"] = Node(cages(name, node, known), node.file, node.line)
        devices[name] = Node(theirs, devices[name].file, devices[name].line)
        assert more is not None and isinstance(more.value, dict)
        more.value[name] = Node(mine, device.file, device.line)
    if devices:
        base["devices"] = Node(devices, base["devices"].file, base["devices"].line)


def _ports(root: dict[str, Node], device: dict[str, Node]) -> PortMap | None:
    """The cages of a device's platform; what is wrong with its device files is said when they are asked in earnest."""
    platform, hwsku = (_text_of(device.get(key)) for key in ("platform", "hwsku"))
    if platform is None:
        return None
    named = device.get("device_files") or root.get("device_files")
    try:
        held = devicemaps.read(beside(named), model(platform), hwsku) if named is not None else None
    except (InputError, OSError):
        held = None
    return devicemaps.port_map(model(platform), held) if held else ports_of(platform, hwsku)


def _as_in(links: dict[str, Node], key: str) -> str:
    near, _, far = key.partition("--")
    turned = f"{far.strip()}--{near.strip()}"
    return turned if turned in links and key not in links else key


def _mapping(node: Node | None) -> dict[str, Node]:
    return dict(node.value) if node is not None and isinstance(node.value, dict) else {}


def _text_of(node: Node | None) -> str | None:
    return node.text if node is not None and isinstance(node.value, str) else None
