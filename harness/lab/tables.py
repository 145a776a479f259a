"""Point-to-point lists and part lists kept as CSV, read as the same nodes that YAML gives, each with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import LabError
from .validate import did_you_mean
from .yaml12 import File, Node, resolve

LINK_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "a": (), "b": (), "cable_m": ("cable_m",), "fiber": ("fiber", "type"), "length_m": ("fiber", "length_m"),
    "connector_a": ("fiber", "connectors", "0"), "connector_b": ("fiber", "connectors", "1"),
    "polish": ("fiber", "polish"), "polarity": ("fiber", "polarity"),
    "loss_db": ("fiber", "loss_db"), "loss_uncertainty_db": ("fiber", "loss_uncertainty_db"),
}  # fmt: skip
"""Columns of a list of links, and where each goes in the link's mapping; a and b are the ends."""

PART_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "part": (), "far_pmd": ("far", "pmd"), "far_form_factor": ("far", "form_factor"),
    **{
        key: (key,)
        for key in (
            "vendor", "number", "kind", "pmd", "form_factor", "firmware", "max_watts", "warranty_years", "mtbf_hours",
            "mtbf_method", "mtbf_celsius", "lead_time_weeks", "needed_by_weeks", "capacity_per_month", "quantity",
            "spares", "second_source",
        )
    },
}  # fmt: skip
"""Columns of a list of parts; part is the key."""


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
        _both_connectors(node)
        _add(found, f"{row.cells['a']}--{row.cells['b']}", node)
    return found


def parts(path: Path, file: File) -> dict[str, Node]:
    """The parts of a list by their key."""
    found: dict[str, Node] = {}
    for row in rows(path, file, PART_COLUMNS, required=("part",)):
        _add(found, row.cells["part"], _node(row, PART_COLUMNS, file))
    return found


def rows(path: Path, file: File, columns: Mapping[str, object], *, required: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a CSV file with their lines; empty cells, empty lines and lines that begin with # are left out."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise LabError(f"cannot be read: {problem.strerror}", file=file.path) from None
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise LabError("UTF-8 was expected", file=file.path, line=line) from None
    reader = csv.reader(io.StringIO(text), strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            here, line = line, reader.line_num + 1
            cells = [cell.strip() for cell in cells]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if header is None:
                header = cells
                _check_header(header, columns, required, file, here)
                continue
            if len(cells) > len(header):
                raise LabError(f"{len(cells)} cells, the header has {len(header)}", file=file.path, line=here)
            row = Row(here, {name: cell for name, cell in zip(header, cells, strict=False) if cell}, frozenset(header))
            for name in required:
                if name not in row.cells:
                    raise LabError(f"column {name} is empty", file=file.path, line=here)
            yield row
    except csv.Error as problem:
        raise LabError(f"not CSV: {problem}", file=file.path, line=reader.line_num) from None
    if header is None:
        raise LabError(f"empty; a header was expected: {','.join(columns)}", file=file.path)


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


def _both_connectors(link: Node) -> None:
    """The two connector columns as the pair that the schema asks for; one alone is both."""
    fiber = link.value.get("fiber") if isinstance(link.value, dict) else None
    ends = fiber.value.get("connectors") if fiber and isinstance(fiber.value, dict) else None
    if ends is not None and isinstance(ends.value, dict):
        cells = ends.value
        ends.value = [cells.get("0") or cells["1"], cells.get("1") or cells["0"]]


def _add(found: dict[str, Node], name: str, node: Node) -> None:
    if name in found:
        raise node.error(f"{name} is here twice, first on line {found[name].line}")
    found[name] = node
