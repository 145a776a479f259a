"""Records of vendors that stand beside the lab file, and the parts that they belong to.

A record is found by the key of its part, or by the part's number.  What the part says itself goes before its record;
two records that contradict each other are refused, with both lines.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..errors import LabError
from .validate import did_you_mean, plain, validate
from .yaml12 import File, Node, parse


def join(root: dict[str, Node], base: Mapping[str, Node], home: Path) -> list[Path]:
    """Lay the parts of a lab file over the records that it names; which files those are.

    ``base`` is what the lab file extends: its parts are known, and a record says something new of them.  Files are
    named as seen from ``home``.
    """
    named = root.pop("vendors", None)
    if named is None:
        return []
    files: list[Path] = []
    records: dict[str, Node] = {}
    own = _entries(root.get("parts"))
    keys = _keys({**_entries(base.get("parts")), **own})
    for item in named.value if isinstance(named.value, list) else [named]:
        path = Path(os.path.normpath(Path(item.file.path).parent / item.text))
        if not path.is_file():
            raise item.error(f"{item.text}: no such file")
        files.append(path)
        for name, record in _records(path, home).items():
            if name not in keys:
                raise record.error(f"no part {name!r} in parts{did_you_mean(name, keys)}")
            first = records.get(keys[name])
            records[keys[name]] = record if first is None else _joined(name, first, record)
    parts = dict(own)
    for key, record in records.items():
        parts[key] = _under(record, own.get(key))
    at = root.get("parts", named)
    root["parts"] = Node(parts, at.file, at.line)
    return files


def _records(path: Path, home: Path) -> dict[str, Node]:
    """The records of a file by the part that they name."""
    file = File(str(path), Path(os.path.relpath(path, home)).as_posix())
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise LabError(f"cannot be read: {problem}", file=path) from None
    document = parse(text, file)
    if document.value is None:
        return {}
    validate(document, overrides=False, of="records")
    return _entries(document)


def _keys(parts: Mapping[str, Node]) -> dict[str, str]:
    """Keys of parts by key and by number; a key goes before a number."""
    numbers = {entry["number"].text: key for key, node in parts.items() if "number" in (entry := _entries(node))}
    return {**numbers, **{key: key for key in parts}}


def _joined(name: str, first: Node, second: Node) -> Node:
    told = _entries(first)
    for field, node in _entries(second).items():
        if field in told and plain(told[field]) != plain(node):
            where = f"{told[field].file.name}:{told[field].line}"
            raise node.error(f"{name}: {field} contradicts what is said of the same part at {where}")
    return Node({**told, **_entries(second)}, first.file, first.line)


def _under(record: Node, part: Node | None) -> Node:
    """A part over its vendor's record; ``record`` keeps where that stands."""
    told = {**_entries(record), "record": record}
    return Node({**told, **_entries(part)}, *((part.file, part.line) if part else (record.file, record.line)))


def _entries(node: Node | None) -> dict[str, Node]:
    return node.value if node is not None and isinstance(node.value, dict) else {}
