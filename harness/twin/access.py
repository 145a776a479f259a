"""Who may do what with the bytes of a page: declared with the views, put together here for a simulated module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..decode.fields import Bit, Bits, Choice, Code, Field, NonZero, Scaled, View
from ..decode.memory import Memory, Page
from ..reading import Absence, Missing

MESSAGES: Final = frozenset({0x9F, *range(0xA0, 0xB0)})
"""Pages of CDB, on which bytes without registers are a message's payload; elsewhere they are reserved."""


@dataclass(slots=True)
class Access:
    """The bytes of one page, whatever its bank: bits that hold what is written, and what a read gives or clears."""

    writable: dict[int, int] = field(default_factory=dict)
    """By byte the bits that keep what a host writes: those of registers that the module implements."""
    write_only: set[int] = field(default_factory=set)
    clears: set[int] = field(default_factory=set)


def access(views: Sequence[type[View]], memory: Memory) -> Mapping[Page, Access]:
    """By page of bank 0 what the views declare; registers that the module does not advertise are not writable."""
    found: dict[Page, Access] = {}
    for view in views:
        held = found.setdefault(view.page, Access())
        held.write_only |= view.write_only
        held.clears |= view.clears
        looking, declared = view(memory), set()
        absent = looking.gone() is not None
        for byte, bits, one in placed(view):
            declared.add(byte)
            if byte in view.writable and not absent and not refused(one, looking):
                held.writable[byte] = held.writable.get(byte, 0) | bits
        if view.page.number in MESSAGES and not absent:
            held.writable.update(dict.fromkeys(view.writable - declared, 0xFF))
    return found


def refused(one: Field[Any], view: View) -> bool:
    """Whether the module says that it has no such register."""
    permit = one.permit(view)
    return isinstance(permit, Missing) and permit.why in (Absence.NOT_ADVERTISED, Absence.BEYOND_REVISION)


def placed(view: type[View]) -> Iterator[tuple[int, int, Field[Any]]]:
    """Byte, bits in it, and field of every register."""
    for register in view.registers():
        for one, shift in register.pieces():
            for place in range(one.size):
                yield one.byte + shift + place, bits_of(one), one


def bits_of(one: Field[Any]) -> int:
    """The bits of its bytes that a field has."""
    if isinstance(one, Bit):
        return 1 << one.bit
    if isinstance(one, Bits | Code | Choice | Scaled):
        return one.mask << one.low
    return one.mask & 0xFF if isinstance(one, NonZero) else 0xFF
