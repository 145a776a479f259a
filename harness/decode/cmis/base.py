"""What every page of CMIS shares: its revision, the bit that says that there are pages, steps of its numbers."""

from __future__ import annotations

from functools import cache
from typing import Final

from ...reading import Absence, Missing, Reading, Value
from ..fields import Bit, View
from ..memory import LOWER_MEMORY, Memory, Page

LANES: Final = 8
"""Lanes of one bank."""

BANKS: Final = (1, 2, 4)
"""Banks by the code of 01h:142 bits 1-0; code 3 sends to 01h:174 since CMIS 5.4 and was reserved before."""

MOST_BANKS: Final = 32

ONES: Final = 0xFFFF
LOWEST: Final = 0x8000

CELSIUS_STEP: Final = "0.00390625"
VOLT_STEP: Final = "0.0001"
MW_STEP: Final = "0.0001"
MA_STEP: Final = "0.002"
DBM_STEP: Final = "0.01"
SNR_STEP: Final = "0.00390625"
GHZ_STEP: Final = "0.001"


class CmisView(View):
    """A page of CMIS, whose later registers depend on the revision in byte 1 of lower memory."""

    __slots__ = ()

    def gone(self) -> Missing | None:
        return super().gone() or (self.no_such_bank() if self.at.bank else None)

    def no_such_bank(self) -> Missing | None:
        """Why the module has no such bank (OIF-CMIS 8.4, 01h:142 bits 1-0); None where it may have it."""
        banks = banks_of(self.memory)
        if isinstance(banks, Missing) or self.at.bank < banks.value:
            return None
        return Missing(Absence.NOT_ADVERTISED, banks.source, "01h:142.1-0")

    def beyond(self, since: str) -> Missing | None:
        held = revision_of(self.memory)
        if isinstance(held, Missing) or held.value[0] >= code_of_revision(since):
            return None
        return Missing(Absence.BEYOND_REVISION, held.source, f"since CMIS {since}")

    def replaced(self, until: str) -> Missing | None:
        held = revision_of(self.memory)
        if isinstance(held, Missing) or held.value[0] < code_of_revision(until):
            return None
        return Missing(Absence.BEYOND_REVISION, held.source, f"before CMIS {until}")


def revision_of(memory: Memory) -> Value[bytes]:
    """The revision as the byte that states it."""
    return memory.once(revision_of, lambda: memory.take(LOWER_MEMORY, 1))


@cache
def code_of_revision(revision: str) -> int:
    """The byte that a revision is written as: 5.3 is 53h."""
    major, minor = (int(number) for number in revision.split("."))
    return major << 4 | minor


def banks_of(memory: Memory) -> Value[int]:
    """Banks of eight lanes that the module has (01h:142 bits 1-0; from CMIS 5.4 also 01h:174 bits 4-0)."""
    code = memory.take(Page(0x01), 142, part="bits 1-0")
    if isinstance(code, Missing):
        return code
    if code.value[0] & 3 < len(BANKS):
        return Reading(BANKS[code.value[0] & 3], code.source)
    revision = revision_of(memory)
    if isinstance(revision, Reading) and revision.value[0] < code_of_revision("5.4"):
        return Missing(Absence.RESERVED, code.source)
    extra = memory.take(Page(0x01), 174, part="bits 4-0")
    return extra if isinstance(extra, Missing) else Reading((extra.value[0] & 0x1F) + 1, extra.source)


class Presence(CmisView, page=LOWER_MEMORY):
    """Byte 2 as the register that says whether pages beyond 00h exist (OIF-CMIS 8.2)."""

    __slots__ = ()

    paged = Bit(2, 7, inverted=True)
