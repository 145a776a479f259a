"""What the two SFF memory maps share: revisions by code, bits that are words, codes that advertise registers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..reading import Absence, Missing, Reading
from .fields import Field, Float, Text
from .memory import Memory

PIGTAILS: Final = frozenset({0x21, 0x23})
"""Connectors of a cable assembly: copper pigtail, no separable connector (SFF-8024 table 4-3)."""

FC_TECHNOLOGY_HIGH: Final[Mapping[int, str]] = {
    7: "electrical intra-enclosure (EL)",
    6: "shortwave laser without OFC (SN)",
    5: "shortwave laser with OFC (SL)",
    4: "longwave laser (LL)",
}

FC_LINK_LENGTH: Final[Mapping[int, str]] = {
    7: "very long distance (V)",
    6: "short distance (S)",
    5: "intermediate distance (I)",
    4: "long distance (L)",
    3: "medium distance (M)",
}


class OneOf(Field[bool]):
    """Whether some bits hold one of a set of codes: what tells copper from fibre, or one use of a byte from another."""

    def __init__(
        self, byte: int, codes: frozenset[int], *, mask: int = 0xFF, size: int = 1, inverted: bool = False
    ) -> None:
        super().__init__(byte, size, part="" if mask == 0xFF else f"mask {mask:0{2 * size}X}h")
        self.codes, self.mask, self.inverted = codes, mask, inverted

    def decode(self, raw: bytes) -> bool:
        return (int.from_bytes(raw, "big") & self.mask in self.codes) is not self.inverted


class Words(Field[tuple[str, ...]]):
    """The words of the bits that are set, highest bit first; a set bit without a word is named by its number.

    Bits outside ``mask`` belong to another register.
    """

    def __init__(
        self,
        byte: int,
        table: Mapping[int, str],
        *,
        size: int = 1,
        mask: int = 0xFF,
        advertised_by: Field[bool] | None = None,
    ) -> None:
        super().__init__(byte, size, advertised_by=advertised_by)
        self.table, self.mask = table, mask

    def decode(self, raw: bytes) -> tuple[str, ...]:
        held = int.from_bytes(raw, "big") & self.mask
        bits = (bit for bit in reversed(range(8 * self.size)) if held >> bit & 1)
        return tuple(self.table.get(bit, f"bit {bit}") for bit in bits)

    def encode(self, value: tuple[str, ...], held: bytes) -> bytes:
        numbers = {word: bit for bit, word in self.table.items()}
        if unknown := set(value) - set(numbers):
            raise OverflowError(", ".join(sorted(unknown)))
        stored = sum(1 << numbers[word] for word in value)
        return (int.from_bytes(held, "big") & ~self.mask | stored).to_bytes(self.size, "big")


class OptionalText(Text):
    """A text register that the module need not have."""

    def __init__(self, byte: int, size: int, *, advertised_by: Field[bool]) -> None:
        super().__init__(byte, size)
        self.advertised_by = advertised_by


class OptionalFloat(Float):
    """A single that the module need not have."""

    def __init__(self, byte: int, *, advertised_by: Field[bool]) -> None:
        super().__init__(byte)
        self.advertised_by = advertised_by


def older(since: str, codes: Mapping[str, int], stated: Field[int], memory: Memory, document: str) -> Missing | None:
    """Why a register of revision ``since`` is not there, where the code in ``stated`` is of an older revision.

    Code 0, a revision not specified, is older than every other; a reserved code is newer.
    """
    held = stated.read(stated.owner(memory))
    if isinstance(held, Reading) and held.value < codes[since]:
        return Missing(Absence.BEYOND_REVISION, held.source, f"since {document} {since}")
    return None
