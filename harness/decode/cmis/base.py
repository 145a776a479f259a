"""What every page of CMIS shares: its revision, the bit that says that there are pages, steps of its numbers."""

from __future__ import annotations

from typing import Final

from ...reading import Absence, Missing
from ..fields import Bit, View
from ..memory import LOWER_MEMORY, Page

LANES: Final = 8
"""Lanes of one bank."""

BANKS: Final = (1, 2, 4, 4)
"""Banks by the code of 01h:142 bits 1-0; with code 3 a register of CMIS 5.4 tells, and four are assumed here."""

ONES: Final = 0xFFFF
LOWEST: Final = 0x8000

CELSIUS_STEP: Final = "0.00390625"
VOLT_STEP: Final = "0.0001"
MW_STEP: Final = "0.0001"
MA_STEP: Final = "0.002"


class CmisView(View):
    """A page of CMIS, whose later registers depend on the revision in byte 1 of lower memory."""

    __slots__ = ()

    def gone(self) -> Missing | None:
        return super().gone() or (self.no_such_bank() if self.at.bank else None)

    def no_such_bank(self) -> Missing | None:
        """Why the module has no such bank (OIF-CMIS 8.4, 01h:142 bits 1-0); None where it may have it."""
        held = self.memory.take(Page(0x01), 142, part="bits 1-0")
        if isinstance(held, Missing) or self.at.bank < BANKS[held.value[0] & 3]:
            return None
        return Missing(Absence.NOT_ADVERTISED, held.source, "01h:142.1-0")

    def beyond(self, since: str) -> Missing | None:
        held = self.memory.take(LOWER_MEMORY, 1)
        if isinstance(held, Missing):
            return None
        major, minor = (int(number) for number in since.split("."))
        if held.value[0] >= major << 4 | minor:
            return None
        return Missing(Absence.BEYOND_REVISION, held.source, f"since CMIS {since}")


class Presence(CmisView, page=LOWER_MEMORY):
    """Byte 2 as the register that says whether pages beyond 00h exist (OIF-CMIS 8.2)."""

    __slots__ = ()

    paged = Bit(2, 7, inverted=True)
