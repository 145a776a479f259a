"""Tables as SONiC's commands print them, and hexadecimal dumps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: bool = False) -> str:
    """Columns two spaces apart under a ruler, each at least two wider than its heading.

    A column of numbers stands to the right, any other to the left unless ``right`` says so.
    """
    columns = [[row[at] for row in rows] for at in range(len(headings))]
    flush = [right or (any(cells) and all(_NUMBER.fullmatch(cell) for cell in cells if cell)) for cells in columns]
    widths = [
        max(len(head) + 2, *(len(cell) for cell in cells), 0) for head, cells in zip(headings, columns, strict=True)
    ]
    lines = [_line(headings, widths, flush), "  ".join("-" * width for width in widths)]
    lines += [_line(row, widths, flush) for row in rows]
    return "\n".join(lines) + "\n"


def pairs(rows: Sequence[tuple[str, str]]) -> str:
    """Two columns without a heading, between rulers."""
    widths = [max(len(row[at]) for row in rows) for at in (0, 1)]
    ruler = "  ".join("-" * width for width in widths)
    return "\n".join([ruler, *(_line(row, widths, (False, False)) for row in rows), ruler]) + "\n"


def box(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table drawn with lines, a rule under every row."""
    widths = [max(len(head) + 2, *(len(row[at]) for row in rows)) for at, head in enumerate(headings)]
    thin, thick = ("+" + "+".join(mark * (width + 2) for width in widths) + "+" for mark in "-=")
    lines = [thin, _boxed(headings, widths), thick]
    for row in rows:
        lines += [_boxed(row, widths), thin]
    return "\n".join(lines) + "\n"


PRINTED: Final = bytes(byte if 32 <= byte <= 126 else ord(".") for byte in range(256))


def hexdump(data: bytes, first: int, indent: str) -> str:
    """Sixteen bytes a line, with the printable ones beside them."""
    lines = []
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        shown = part.translate(PRINTED).decode("ascii")
        lines.append(f"{indent}{first + at:08x} {part[:8].hex(' ')}  {part[8:].hex(' ')} |{shown}|")
    return "\n".join(lines)


def natural(text: str) -> list[int | str]:
    """A key that sorts Ethernet8 before Ethernet16."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", text)]


def _line(cells: Sequence[str], widths: Sequence[int], flush: Sequence[bool]) -> str:
    placed = (
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, flush, strict=True)
    )
    return "  ".join(placed).rstrip()


def _boxed(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"
