"""The firmware that answers messages of the command data block (OIF-CMIS 8.23, 9)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from ..decode.build import Cdb, Firmware
from ..decode.cmis import Lower, Page01
from ..decode.cmis.cdb import HEADER, Page9F, Status, check_code, reply
from ..decode.memory import HALF
from .agenda import Agenda
from .password import Password
from .registers import Registers

ANSWERED: Final = frozenset({0x0000, 0x0001, 0x0002, 0x0004, *range(0x0040, 0x0045), 0x0100})
"""Commands that a simulated module knows."""

ANSWERS_AFTER: Final = Decimal("0.05")
"""Time, in s, that a command takes."""

EXECUTING: Final = Status(0x83)
DONE: Final = Status(0x01)
UNKNOWN_COMMAND: Final = Status(0x41)
PARAMETER: Final = Status(0x42)
WRONG_CHECK: Final = Status(0x45)
WRONG_PASSWORD: Final = Status(0x46)

COMPLETE: Final = (0x40, 0x80)
"""Bits of L:8 that say that the command of an instance has ended."""


class Commands:
    """Instances of CDB: one command at a time each, busy for a while, then a reply or a failure."""

    def __init__(
        self,
        registers: Registers,
        agenda: Agenda,
        now: Callable[[], Decimal],
        password: Password,
        described: Cdb | None,
    ) -> None:
        self.registers, self.agenda, self.now, self.password = registers, agenda, now, password
        self.described = described or Cdb(
            commands=ANSWERED,
            a=Firmware(version(registers.number(Lower, 39))),
            b=Firmware(version(registers.number(Page01, 128) if Page01.page in registers.image.pages else 0)),
        )
        self.busy = False
        """Whether a command runs during which the module does not answer."""

    @property
    def background(self) -> bool:
        """Whether the module answers while a command runs."""
        return bool(self.registers.byte(Page01, Page01.cdb_background.byte) & 0x20)

    def triggered(self, bank: int) -> None:
        """The command's id was written: take the message as it stands."""
        self.set_status(bank, EXECUTING)
        self.busy = not self.background
        self.agenda.at(self.now() + ANSWERS_AFTER, ("cdb", bank), lambda: self.answer(bank))

    def answer(self, bank: int) -> None:
        """End the command."""
        self.busy = False
        page = self.registers.page(Page9F, bank)
        status, payload = self.outcome(bytes(page))
        if status == DONE:
            page[:] = reply(bytes(page), payload)
        self.set_status(bank, status)
        self.registers.latch(Lower, 8, COMPLETE[bank])
        self.registers.touched = True

    def outcome(self, page: bytes) -> tuple[Status, bytes]:
        """Status and reply of a message."""
        length = page[4]
        if HEADER + length > HALF or page[5] != check_code(page[:5] + page[HEADER : HEADER + length]):
            return WRONG_CHECK, b""
        command, sent = int.from_bytes(page[:2]), page[HEADER : HEADER + length]
        if command not in ANSWERED:
            return UNKNOWN_COMMAND, b""
        if command in (0x0001, 0x0002):
            if length != 4:
                return PARAMETER, b""
            taken = self.password.enter(sent) if command == 0x0001 else self.password.change(sent)
            return (DONE if taken else WRONG_PASSWORD), b""
        return DONE, self.described.reply(command)

    def set_status(self, bank: int, status: Status) -> None:
        self.registers.set_byte(Lower, 37 + bank, status.code)

    def reset(self) -> None:
        self.busy = False
        for bank in range(2):
            self.registers.set_byte(Lower, 37 + bank, 0)


def version(raw: int) -> str:
    return f"{raw >> 8}.{raw & 0xFF}"
