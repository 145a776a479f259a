"""Point-to-point lists and part lists kept as CSV, read as the same nodes that YAML gives, each with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import LabError
from ..reading import Source
from .inventory import CablingRow
from .validate import did_you_mean
from .yaml12 import File, Node, resolve

LINK_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "a": (), "b": (), "cable_m": ("cable_m",), "fiber": ("fiber", "type"), "length_m": ("fiber", "length_m"),
    "connector_a": ("fiber", "connectors", "0"), "connector_b": ("fiber", "connectors", "1"),
    "polish": ("fiber", "polish"), "polarity": ("fiber", "polarity"), "elements": ("fiber", "elements"),
    "pins_a": ("fiber", "pins", "0"), "pins_b": ("fiber", "pins", "1"), "mated_pairs": ("fiber", "mated_pairs"),
    "loss_db": ("fiber", "loss_db"), "loss_uncertainty_db": ("fiber", "loss_uncertainty_db"),
    "trunk": ("fiber", "trunk"), "label": ("fiber", "label"),
}  # fmt: skip
"""Columns of a list of links, and where each goes in the link's mapping; a and b are the ends."""

PART_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "part": (), "far_pmd": ("far", "pmd"), "far_form_factor": ("far", "form_factor"),
    **{
        key: (key,)
        for key in (
            "vendor", "number", "kind", "pmd", "form_factor", "firmware", "max_watts", "warranty_years", "mtbf_hours",
            "mtbf_method", "mtbf_celsius", "lead_time_weeks", "needed_by_weeks", "capacity_per_month", "quantity",
            "spares", "second_source", "power_class", "ends", "connector",
        )
    },
}  # fmt: skip
"""Columns of a list of parts; part is the key."""

CABLING_COLUMNS: Final = ("label", "a", "b", "a_device", "a_port", "b_device", "b_port")
"""Columns of a cabling list; an end is in one column, as leaf1:Ethernet0, or in two."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its line, its filled cells by column, and which columns the list has."""

    line: int
    cells: Mapping[str, str]
    columns: frozenset[str]


def links(path: Path, file: File) -> dict[str, Node]:
    """The links of a list by name, ``a--b``."""
    found: dict[str, Node] = {}
    for row in rows(path, file, LINK_COLUMNS, required=("a", "b")):
        node = _node(row, LINK_COLUMNS, file)
        _settle(node)
        _add(found, f"{row.cells['a']}--{row.cells['b']}", node)
    return found


def parts(path: Path, file: File) -> dict[str, Node]:
    """The parts of a list by their key."""
    found: dict[str, Node] = {}
    for row in rows(path, file, PART_COLUMNS, required=("part",)):
        _add(found, row.cells["part"], _node(row, PART_COLUMNS, file))
    return found


def cabling(path: Path, file: File) -> Iterator[CablingRow]:
    """What a cabling list says was plugged; nothing of it is held against the lab here."""
    for row in rows(path, file, dict.fromkeys(CABLING_COLUMNS), required=("label",)):
        near, far = (_end(row, end, file) for end in "ab")
        yield CablingRow(row.cells["label"], near, far, Source(file.name, f"line {row.line}"))


def _end(row: Row, end: str, file: File) -> str:
    """One end of a cable: ``leaf1:Ethernet0``, also where device and port stand apart or after a comma."""
    whole, device, port = (row.cells.get(name) for name in (end, f"{end}_device", f"{end}_port"))
    if whole is not None and (device or port):
        raise LabError(f"{end}, or {end}_device and {end}_port, was expected, not both", file=file.path, line=row.line)
    if whole is None:
        if not (device and port):
            known = f"{end}, or {end}_device and {end}_port, is empty"
            raise LabError(known, file=file.path, line=row.line)
        return f"{device}:{port}"
    if ":" not in whole and "," in whole:
        whole = whole.replace(",", ":", 1)
    name, colon, rest = whole.partition(":")
    if not (name.strip() and colon and rest.strip()):
        raise LabError(
            f"{end}: a port like leaf1:Ethernet0 was expected, found {whole!r}", file=file.path, line=row.line
        )
    return f"{name.strip()}:{rest.strip()}"


def rows(path: Path, file: File, columns: Mapping[str, object], *, required: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a CSV file with their lines; empty cells, empty lines and lines that begin with # are left out."""
    header: list[str] | None = None
    for line, cells in cells_of(path, file):
        if header is None:
            header = cells
            _check_header(header, columns, required, file, line)
            continue
        row = row_of(line, header, cells, file)
        for name in required:
            if name not in row.cells:
                raise LabError(f"column {name} is empty", file=file.path, line=line)
        yield row
    if header is None:
        raise LabError(f"empty; a header was expected: {','.join(columns)}", file=file.path)


def row_of(line: int, header: list[str], cells: list[str], file: File) -> Row:
    """The cells of a line below its header."""
    if len(cells) > len(header):
        raise LabError(f"{len(cells)} cells, the header has {len(header)}", file=file.path, line=line)
    return Row(line, {name: cell for name, cell in zip(header, cells, strict=False) if cell}, frozenset(header))


def cells_of(path: Path, file: File, *, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV file that say something, the header first, each with its number."""
    reader = csv.reader(io.StringIO(text_of(path, file)), strict=True, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            here, line = line, reader.line_num + 1
            cells = [cell.strip() for cell in cells]
            if any(cells) and not cells[0].startswith("#"):
                yield here, cells
    except csv.Error as problem:
        raise LabError(f"not CSV: {problem}", file=file.path, line=reader.line_num) from None


def text_of(path: Path, file: File) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise LabError(f"cannot be read: {problem.strerror}", file=file.path) from None
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise LabError("UTF-8 was expected", file=file.path, line=line) from None


def _check_header(
    header: list[str], columns: Mapping[str, object], required: tuple[str, ...], file: File, line: int
) -> None:
    for place, name in enumerate(header):
        if name not in columns:
            raise LabError(f"unknown column {name!r}{did_you_mean(name, columns)}", file=file.path, line=line)
        if name in header[:place]:
            raise LabError(f"column {name!r} is here twice", file=file.path, line=line)
    for name in required:
        if name not in header:
            raise LabError(f"column {name!r} is missing", file=file.path, line=line)


def _node(row: Row, columns: Mapping[str, tuple[str, ...]], file: File) -> Node:
    line = row.line
    root: dict[str, Node] = {}
    for column, cell in row.cells.items():
        here, steps = root, columns[column]
        for step in steps[:-1]:
            child = here.setdefault(step, Node({}, file, line)).value
            assert isinstance(child, dict)
            here = child
        if steps:
            here[steps[-1]] = Node(resolve(cell), file, line, cell)
    return Node(root, file, line)


def _settle(link: Node) -> None:
    """Columns of both ends as the pair that the schema asks for, one alone is both; elements as their list."""
    fiber = link.value.get("fiber") if isinstance(link.value, dict) else None
    said = fiber.value if fiber and isinstance(fiber.value, dict) else {}
    for key in ("connectors", "pins"):
        if key in said and isinstance(cells := said[key].value, dict):
            said[key].value = [cells.get("0") or cells["1"], cells.get("1") or cells["0"]]
    if "elements" in said:
        node = said["elements"]
        node.value = [Node(word, node.file, node.line, word) for word in node.text.split()]


def _add(found: dict[str, Node], name: str, node: Node) -> None:
    if name in found:
        raise node.error(f"{name} is here twice, first on line {found[name].line}")
    found[name] = node
