"""A module as checks see it: the memory map that its bytes follow, chosen.

Properties of a Transceiver are decoded when touched and give Readings or Missings; lane tuples always have their full
length, lane 1 first. Nothing here raises, whatever the bytes are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..reading import Absence, Missing, Reading, Value
from . import cmis, codes, sff8636
from .fields import View
from .memory import A0_LOWER, A0_UPPER, HALF, LOWER_MEMORY, Memory, Page, without_repeats
from .module import Application, Checksum, Quad, Transceiver
from .module_cmis import CmisTransceiver
from .module_sff8472 import Sff8472Transceiver
from .module_sff8636 import Sff8636Transceiver

CMIS_IDENTIFIERS: Final = frozenset({0x18, 0x19, 0x1B, *range(0x1E, 0x27)})
SFF8636_IDENTIFIERS: Final = frozenset({0x0C, 0x0D, 0x11})
SFF8472_IDENTIFIERS: Final = frozenset({0x02, 0x03})

LIKE_SFF8472: Final = frozenset({0x01, 0x0B})
"""GBIC, and DWDM-SFP that does not use SFF-8472: their serial identification stands as that of an SFP."""

FOREIGN_IDENTIFIERS: Final = frozenset({*range(0x04, 0x0B), 0x0E, 0x12, 0x13, 0x16, 0x7E})
"""300-pin, XENPAK, XFP, XFF, XFP-E, XPAK, X2, CXP, CXP2, CDFP and backplane cartridge.

Each has a management document of its own, of which nothing is known here.
"""

SERIAL_AT_A0: Final = SFF8472_IDENTIFIERS | LIKE_SFF8472


class Withheld(sff8636.Page00):
    """Page 00h of a module whose document is not known here: nothing in it has a meaning."""

    __slots__ = ()

    def gone(self) -> Missing | None:
        return foreign(self.memory)


class ForeignTransceiver(Transceiver):
    """A module whose memory map is not known here.

    Every quantity is Missing as not understood, rather than read out of registers that mean something else. Only the
    vendor's fields are given, where the first checksum of SFF-8636 proves that they stand as there; those of XFP do.
    """

    management = "sff8636"
    document = "SFF-8636"

    def __init__(self, memory: Memory, guess: str = "") -> None:
        alike = fits(Sff8636Transceiver(memory))
        super().__init__(memory, sff8636.Page00(memory) if alike else Withheld(memory), guess)

    @property
    def undefined(self) -> Missing:
        return foreign(self.memory)

    @property
    def views(self) -> tuple[View, ...]:
        return ()

    @property
    def identifier(self) -> Value[int]:
        return sff8636.Lower(self.memory).identifier

    @property
    def identifier_copy(self) -> Value[int]:
        return sff8636.Page00(self.memory).identifier_copy


def foreign(memory: Memory) -> Missing:
    """The Missing of whatever a module with an unknown memory map holds."""
    identifier = memory.take(LOWER_MEMORY, 0)
    if isinstance(identifier, Missing):
        return identifier
    return Missing(Absence.UNREADABLE, identifier.source, "its memory map is not known here")


def transceiver(memory: Memory) -> Transceiver:
    """The module by its memory map; where the identifier does not tell, by what its bytes are most like."""
    if any(page.sfp for page in memory.pages):
        return sfp(memory)
    memory = without_repeats(memory)
    identifier, copy = memory.take(LOWER_MEMORY, 0), memory.take(Page(0x00), 128)
    stated, repeated = named(identifier), named(copy)
    if stated is None:
        return likeliest(memory, identifier)
    if repeated in (None, stated) or fits(stated(memory)) or not (repeated and fits(repeated(memory))):
        return stated(memory)
    clue = f"identifier {hexadecimal(identifier)}, but its copy {hexadecimal(copy)} and the checksum fit"
    return repeated(memory, f"{clue} {repeated.document}")


def sfp(memory: Memory, clue: str = "") -> Transceiver:
    """A module that answers at A0h as SFF-8472 does."""
    identifier = memory.take(A0_LOWER, 0)
    known = isinstance(identifier, Reading) and identifier.value[0] in SFF8472_IDENTIFIERS
    guess = "" if known else f"{said(identifier)}; it answers at A0h as SFF-8472 does"
    return Sff8472Transceiver(memory, "; ".join(part for part in (guess, clue) if part))


def named(identifier: Value[bytes]) -> type[CmisTransceiver | Sff8636Transceiver] | None:
    """The memory map that an identifier stands for."""
    if isinstance(identifier, Missing):
        return None
    if identifier.value[0] in CMIS_IDENTIFIERS:
        return CmisTransceiver
    return Sff8636Transceiver if identifier.value[0] in SFF8636_IDENTIFIERS else None


def likeliest(memory: Memory, identifier: Value[bytes]) -> Transceiver:
    """The module by the identifier's copy, a checksum that fits, or a revision that CMIS could have."""
    reason, copy = said(identifier), memory.take(Page(0x00), 128)
    code = None if isinstance(identifier, Missing) else identifier.value[0]
    repeated = named(copy)
    if repeated is not None:
        return repeated(memory, f"{reason}; its copy in page 00h is {hexadecimal(copy)}, {repeated.document}")
    if code in SERIAL_AT_A0 and memory.settled:
        return sfp(at_a0(memory), "pages without a device address are taken as those of A0h")
    if code in FOREIGN_IDENTIFIERS:
        return ForeignTransceiver(memory, reason)
    fitting = [kind for kind in (CmisTransceiver, Sff8636Transceiver) if fits(kind(memory))]
    if fitting:
        kind = max(fitting, key=lambda kind: right_checksums(kind(memory)))  # one checksum in 256 fits by chance
        return kind(memory, f"{reason}; the first checksum of page 00h fits {kind.document}")
    if blank(memory):
        return ForeignTransceiver(memory, f"{reason}; every byte of lower memory is the same")
    revision = memory.take(LOWER_MEMORY, 1)
    if isinstance(revision, Reading) and revision.value[0] >> 4 in (3, 4, 5):
        return CmisTransceiver(memory, f"{reason}; byte 1 would be revision {cmis.Lower(memory).revision} of CMIS")
    return Sff8636Transceiver(memory, f"{reason}; nothing in the bytes tells, read as SFF-8636")


def at_a0(memory: Memory) -> Memory:
    """The memory of an SFP whose pages were named as those of a QSFP are."""
    places = {LOWER_MEMORY: A0_LOWER, Page(0x00): A0_UPPER}
    return replace(memory, pages={places[page]: held for page, held in memory.pages.items() if page in places})


def blank(memory: Memory) -> bool:
    """Whether lower memory is whole and holds zeros or ones alone, as an erased memory or a silent bus does."""
    held = memory.take(LOWER_MEMORY, 0, HALF)
    return isinstance(held, Reading) and held.value in (b"\x00" * HALF, b"\xff" * HALF)


def fits(module: Transceiver) -> bool:
    """Whether the first checksum is right, and not that of a blank page."""
    first, blank = module.checksums[0], module.vendor_name
    right = isinstance(first.ok, Reading) and first.ok.value
    return right and isinstance(blank, Reading) and bool(blank.value)


def right_checksums(module: Transceiver) -> int:
    """How many of the module's checksums are right."""
    return sum(1 for one in module.checksums if isinstance(one.ok, Reading) and one.ok.value)


def hexadecimal(raw: Value[bytes]) -> str:
    return "" if isinstance(raw, Missing) else f"{raw.value[0]:02X}h"


def said(identifier: Value[bytes]) -> str:
    """Why an identifier does not tell: ``identifier 06h is XFP, whose memory map is not known here``."""
    if isinstance(identifier, Missing):
        return f"identifier {identifier.why.value}"
    known = codes.identifier(identifier.value[0])
    if known is None or not known.code:
        return f"identifier {hexadecimal(identifier)} names no memory map known here"
    return f"identifier {hexadecimal(identifier)} is {known.short}, whose memory map is not known here"


__all__ = [
    "Application",
    "Checksum",
    "CmisTransceiver",
    "ForeignTransceiver",
    "Quad",
    "Sff8472Transceiver",
    "Sff8636Transceiver",
    "Transceiver",
    "transceiver",
]
