"""Passwords, and what they protect (OIF-CMIS 8.2)."""

from __future__ import annotations

from typing import Final

from ..decode.cmis import Lower, Page01
from .registers import Registers

DEFAULT: Final = bytes.fromhex("00001011")
HOST_ACCEPTED, NOT_ACCEPTED = 2, 3


class Password:
    """The host's password: entered it lets the host write to memory that is protected, and change it."""

    def __init__(self, registers: Registers) -> None:
        self.registers, self.stored, self.open = registers, DEFAULT, False

    def enter(self, raw: bytes) -> bool:
        """Whether it is the right one."""
        self.open = raw == self.stored
        self.tell()
        return self.open

    def change(self, raw: bytes) -> bool:
        """Take another one, where the old was entered; those from 80000000h on are the module's."""
        if not self.open or raw[0] & 0x80:
            return False
        self.stored = raw
        return True

    def tell(self) -> None:
        """Write the result, where the module advertises that it does (CMIS 5.3)."""
        if Page01.page in self.registers.image.pages and self.registers.byte(Page01, 251) >> 2 & 3 == 2:
            self.registers.set_byte(Lower, 42, HOST_ACCEPTED if self.open else NOT_ACCEPTED)
