"""A module as checks see it: the memory map that its bytes follow, chosen.

Properties of a Transceiver are decoded when touched and give Readings or Missings; lane tuples always have their full
length, lane 1 first. Nothing here raises, whatever the bytes are.
"""

from __future__ import annotations

from typing import Final

from ..reading import Missing, Reading, Value
from . import cmis
from .memory import A0_LOWER, LOWER_MEMORY, Memory, Page
from .module import Application, Checksum, Quad, Transceiver
from .module_cmis import CmisTransceiver
from .module_sff8472 import Sff8472Transceiver
from .module_sff8636 import Sff8636Transceiver

CMIS_IDENTIFIERS: Final = frozenset({0x18, 0x19, 0x1B, *range(0x1E, 0x27)})
SFF8636_IDENTIFIERS: Final = frozenset({0x0C, 0x0D, 0x11})
SFF8472_IDENTIFIERS: Final = frozenset({0x02, 0x03, 0x0B})


def transceiver(memory: Memory) -> Transceiver:
    """The module by its memory map; where the identifier does not tell, by what its bytes are most like."""
    if any(page.sfp for page in memory.pages):
        identifier = memory.take(A0_LOWER, 0)
        known = isinstance(identifier, Reading) and identifier.value[0] in SFF8472_IDENTIFIERS
        return Sff8472Transceiver(memory, "" if known else f"{said(identifier)}; it answers at A0h as SFF-8472 does")
    identifier, copy = memory.take(LOWER_MEMORY, 0), memory.take(Page(0x00), 128)
    stated, repeated = named(identifier), named(copy)
    if stated is None:
        return likeliest(memory, said(identifier))
    if repeated in (None, stated) or fits(stated(memory)) or not (repeated and fits(repeated(memory))):
        return stated(memory)
    clue = f"identifier {hexadecimal(identifier)}, but its copy {hexadecimal(copy)} and the checksum fit"
    return repeated(memory, f"{clue} {repeated.document}")


def named(identifier: Value[bytes]) -> type[CmisTransceiver | Sff8636Transceiver] | None:
    """The memory map that an identifier stands for."""
    if isinstance(identifier, Missing):
        return None
    if identifier.value[0] in CMIS_IDENTIFIERS:
        return CmisTransceiver
    return Sff8636Transceiver if identifier.value[0] in SFF8636_IDENTIFIERS else None


def likeliest(memory: Memory, reason: str) -> Transceiver:
    """The module by the identifier's copy, a checksum that fits, or a revision that CMIS could have."""
    copy = memory.take(Page(0x00), 128)
    repeated = named(copy)
    if repeated is not None:
        return repeated(memory, f"{reason}; its copy in page 00h is {hexadecimal(copy)}, {repeated.document}")
    for kind in (CmisTransceiver, Sff8636Transceiver):
        if fits(kind(memory)):
            return kind(memory, f"{reason}; the first checksum of page 00h fits {kind.document}")
    revision = memory.take(LOWER_MEMORY, 1)
    if isinstance(revision, Reading) and revision.value[0] >> 4 in (3, 4, 5):
        return CmisTransceiver(memory, f"{reason}; byte 1 would be revision {cmis.Lower(memory).revision} of CMIS")
    return Sff8636Transceiver(memory, f"{reason}; nothing in the bytes tells, read as SFF-8636")


def fits(module: Transceiver) -> bool:
    """Whether the first checksum is right, and not that of a blank page."""
    first, blank = module.checksums[0], module.vendor_name
    right = isinstance(first.ok, Reading) and first.ok.value
    return right and isinstance(blank, Reading) and bool(blank.value)


def hexadecimal(raw: Value[bytes]) -> str:
    return "" if isinstance(raw, Missing) else f"{raw.value[0]:02X}h"


def said(identifier: Value[bytes]) -> str:
    if isinstance(identifier, Missing):
        return f"identifier {identifier.why.value}"
    return f"identifier {hexadecimal(identifier)} names no memory map known here"


__all__ = [
    "Application",
    "Checksum",
    "CmisTransceiver",
    "Quad",
    "Sff8472Transceiver",
    "Sff8636Transceiver",
    "Transceiver",
    "transceiver",
]
