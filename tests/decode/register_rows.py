"""Rows of a register map written by hand from the document, and what holds of each row.

A row of bits is ``name | 3.4 3.5 3.6 3.7 | gate | since``: the bits of lanes 1 to 4, ``!`` where 0 is what the name
says. Any other row is ``name | byte raw | value unit | gate | since``: the raw bytes at a byte and what they mean,
lanes separated by commas. ``gate`` is where the module says that it has the register, ``since`` the revision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from harness.decode.fields import Field, Lanes, Parts, Register, View
from harness.decode.memory import Image
from harness.reading import Missing, Reading
from harness.units import plain


@dataclass(frozen=True)
class Row:
    """One register as the document has it."""

    view: type[View]
    name: str
    bits: tuple[tuple[int, int], ...]  # byte and bit of each lane, where it is a register of bits
    inverted: bool
    byte: int
    raw: bytes
    value: str
    gate: str
    since: str

    def __str__(self) -> str:
        return f"{self.view.__name__}.{self.name}"

    @property
    def register(self) -> Register[Any]:
        register: Register[Any] = vars(self.view)[self.name]
        return register

    @property
    def field(self) -> Field[Any]:
        """The field, that of lane 1 where there is one for each lane."""
        register = self.register
        if isinstance(register, Lanes):
            return register.first
        if isinstance(register, Parts):
            return register.fields[0]
        assert isinstance(register, Field)
        return register


def rows_of(view: type[View], table: str) -> Iterator[Row]:
    for line in filter(str.strip, table.splitlines()):
        name, where, *more = (part.strip() for part in line.split("|"))
        if "." in where.split()[0] and not where.split()[0].endswith("."):
            places = where.replace("!", "").split()
            bits = tuple((int(byte), int(bit)) for byte, bit in (place.split(".") for place in places))
            gate, since = [*more, "", ""][:2]
            yield Row(view, name, bits, "!" in where, bits[0][0], b"", "", gate, since)
        else:
            byte, raw = where.split()
            value, gate, since = [*more, "", "", ""][:3]
            yield Row(view, name, (), False, int(byte), bytes.fromhex(raw), value, gate, since)


def shown(value: object) -> str:
    """A reading as the rows write it."""
    if isinstance(value, tuple) and value and isinstance(value[0], Reading | Missing):
        return ",".join(map(shown, value))
    if isinstance(value, Missing):
        return value.why.name
    assert isinstance(value, Reading)
    held = value.value
    if isinstance(held, tuple):
        words = "; ".join(map(str, held)) or "none"
    else:
        words = plain(held) if isinstance(held, Decimal) else str(held)
    return f"{words} {value.unit}".strip()


def holds(row: Row, base: Image) -> None:
    """The register reads as its row says, and a register of bits has no other bits than those."""
    if not row.bits:
        base.put(row.view.page, row.byte, row.raw)
        assert shown(row.register.read(row.view(base.memory("module")))) == row.value
        return
    touched = sorted({byte for byte, _ in row.bits})
    for lane, (byte, bit) in enumerate(row.bits):
        for other in touched:
            base.put(row.view.page, other, b"\x00")
        base.put(row.view.page, byte, bytes([1 << bit]))
        read = row.register.read(row.view(base.memory("module")))
        lanes = read if isinstance(read, tuple) else (read,)
        expected = [(place == lane) is not row.inverted for place in range(len(row.bits))]
        assert [one.value if isinstance(one, Reading) else one for one in lanes] == expected


def gated(row: Row) -> tuple[str, str]:
    """Where the declaration says that the register is advertised, and since which revision it is there."""
    gate = row.field.advertised_by
    return ("" if gate is None else gate.reference), row.field.since
