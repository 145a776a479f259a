"""What a module on a board is asked beyond its pages: which firmware it holds, by a query of its command data block."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from ..audit.board import BANK_SELECT, DEVICE
from ..clock import Clock
from ..decode.bus import Bus
from ..decode.cmis import cdb
from ..decode.transceiver import CMIS_IDENTIFIERS
from ..errors import TransportError

FLAT: Final = 0x80
STATUS: Final = 37
ADVERTISING_PAGE, INSTANCES = 0x01, 163
MESSAGE_PAGE: Final = 0x9F
FIRMWARE_INFO: Final = 0x0100

SETTLED: Final = Decimal("0.01")
"""Longest time, in s, that a change of page or a write takes (OIF-CMIS 10)."""

LONGEST: Final = Decimal(5)
"""Longest time, in s, that a command may be busy (OIF-CMIS 8.4, 01h:165: 31 times 160 ms)."""

BUSY: Final = 0x80


def query_firmware(bus: Bus, clock: Clock) -> Mapping[str, object]:
    """Ask for the firmware images (CDB command 0100h); the reply stays on page 9Fh, where a reading finds it.

    No flag is read on the way, so that a reading that follows still has them all.
    """
    asked = cdb.command_name(FIRMWARE_INFO)
    head = bus.read(DEVICE, 0, 3)
    if len(head) < 3 or head[0] not in CMIS_IDENTIFIERS or head[2] & FLAT:
        return {"asked": asked, "status": "not asked: the module has no pages of CMIS"}
    shown = bus.read(DEVICE, BANK_SELECT, 2)
    try:
        select(bus, clock, bytes([shown[0], ADVERTISING_PAGE]))
        if bus.read(DEVICE, INSTANCES, 1)[0] >> 6 not in (1, 2):
            return {"asked": asked, "status": "not asked: the module advertises no CDB"}
        select(bus, clock, bytes([0, MESSAGE_PAGE]))
        for byte, raw in cdb.writes(cdb.query(FIRMWARE_INFO)):
            bus.write(DEVICE, byte, raw)
            clock.wait(SETTLED)
        return {"asked": asked, "status": str(cdb.Status(ended(bus, clock)))}
    finally:
        select(bus, clock, shown)


def select(bus: Bus, clock: Clock, shown: bytes) -> None:
    """Put bank and page on show."""
    bus.write(DEVICE, BANK_SELECT, shown)
    clock.wait(SETTLED)


def ended(bus: Bus, clock: Clock) -> int:
    """The status that the command ended with; a module need not acknowledge while it works on one."""
    start = clock.now()
    while True:
        over = clock.now() - start > LONGEST
        try:
            status = bus.read(DEVICE, STATUS, 1)[0]
        except TransportError:
            if over:
                raise
        else:
            if over or not status & BUSY:
                return status
        clock.wait(SETTLED)


__all__ = ["query_firmware"]
