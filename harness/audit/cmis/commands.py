"""The command data block and the firmware that it tells of (OIF-CMIS 8.23, 9)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Final

from ...decode.cmis import cdb
from ...decode.memory import HALF, LOWER_MEMORY, Page
from ...decode.transceiver import CmisTransceiver
from ...limit import not_applicable
from ...reading import Missing, Reading, Source, Value, derive
from ...verdict import Finding
from ..board import Operator
from ..rule import Ask, Level, Needs
from .steps import seen
from .table import rule, without_pages

MESSAGE: Final = Page(0x9F)
STATUS: Final = 37
LONGEST: Final = Decimal(5)
"""Longest time, in s, that a command may be busy (OIF-CMIS 8.4, 01h:165: 31 times 160 ms)."""

QUERY_STATUS, MODULE_FEATURES, FIRMWARE_INFO = 0x0000, 0x0040, 0x0100
NO_COMMAND: Final = 0x7FFF
WRONG_CHECK, UNKNOWN_COMMAND = "failed: wrong check code", "failed: unknown command"
DELAY: Final = b"\0\0"


def without_cdb(module: CmisTransceiver) -> Finding | None:
    """The finding that ends a rule about CDB, on a module that does not have it."""
    if ended := without_pages(module):
        return ended
    instances = module.page01.cdb_instances
    if isinstance(instances, Reading) and instances.value not in (1, 2):
        return not_applicable(instances, because="CDB is not advertised")
    return None


def command(operator: Operator, page: bytes) -> tuple[Value[cdb.Status], Value[cdb.Reply]]:
    """Send the 128 bytes of a query; the status it ended with, and the reply."""
    for byte, raw in cdb.writes(page):
        operator.put(MESSAGE, byte, raw)
    operator.until(lambda: not operator.raw(LOWER_MEMORY, STATUS)[0] & 0x80, LONGEST, "CDB")
    status = operator.raw(LOWER_MEMORY, STATUS)[0]
    held: Value[bytes] = Reading(operator.raw(MESSAGE, HALF, HALF), Source(operator.evidence, "page 9Fh"))
    return seen(operator, cdb.Status(status), "lower memory byte 37"), cdb.read_reply(held, operator.evidence)


@rule("CM-78", "OIF-CMIS 9, command 0000h", needs=Needs.WRITES)
def query_status(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Query Status is done in time, and its reply has the right check code."""
    if ended := without_cdb(module):
        yield ended
        return
    status, reply = command(ask.board(), cdb.query(QUERY_STATUS, DELAY))
    yield ask.one_of("done").judge(derive(status, str), at="Query Status")
    yield ask.one_of("readable").judge(readable(reply), at="reply")


def contains(number: int, held: frozenset[int]) -> bool:
    return number in held


def readable(reply: Value[cdb.Reply]) -> Value[str]:
    """Whether a reply could be read, in words."""
    return Reading(str(reply), reply.source) if isinstance(reply, Missing) else Reading("readable", reply.source)


@rule("CM-79", "OIF-CMIS 9, command 0040h", needs=Needs.WRITES)
def features(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The map of supported commands has those that every module must have."""
    if ended := without_cdb(module):
        yield ended
        return
    status, reply = command(ask.board(), cdb.query(MODULE_FEATURES))
    yield ask.one_of("done").judge(derive(status, str), at="Module Features")
    if isinstance(reply, Missing) or not isinstance(reply.value, cdb.ModuleFeatures):
        yield ask.one_of("readable").judge(readable(reply), at="reply")
        return
    for number in (QUERY_STATUS, MODULE_FEATURES):
        there = derive(reply.value.commands, partial(contains, number))
        yield ask.one_of(True).judge(there, at=f"{cdb.command_name(number)} is supported")


@rule("CM-80", "OIF-CMIS 8.23, 9, check code", needs=Needs.WRITES)
def bad_check(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A message with a wrong check code fails as such."""
    if ended := without_cdb(module):
        yield ended
        return
    page = bytearray(cdb.query(QUERY_STATUS, DELAY))
    page[5] ^= 0xFF
    status, _ = command(ask.board(), bytes(page))
    yield ask.one_of(WRONG_CHECK).judge(derive(status, str), at="message with a wrong check code")


@rule("CM-81", "OIF-CMIS 8.23, 9, unknown command", needs=Needs.WRITES)
def unknown_command(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A command that there is not fails as unknown."""
    if ended := without_cdb(module):
        yield ended
        return
    status, _ = command(ask.board(), cdb.query(NO_COMMAND))
    yield ask.one_of(UNKNOWN_COMMAND).judge(derive(status, str), at=f"command {NO_COMMAND:04X}h")


@rule("CM-82", "OIF-CMIS 9.7", needs=Needs.WRITES)
def firmware_coherent(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The firmware versions of CDB are those of the active and the inactive image in the pages."""
    if ended := without_cdb(module):
        yield ended
        return
    info = module.firmware_info
    if isinstance(info, Missing):
        _, reply = command(ask.board(), cdb.query(FIRMWARE_INFO))
        if isinstance(reply, Missing) or not isinstance(reply.value, cdb.FirmwareInfo):
            yield ask.one_of("readable").judge(readable(reply), at="Get Firmware Info")
            return
        info = Reading(reply.value, reply.source)
    running = info.value.running
    yield ask.same_as(module.firmware_active).judge(derive(info.value.running_version, short), at="running image")
    if isinstance(running, Reading) and running.value in ("A", "B"):
        other = info.value.images["B" if running.value == "A" else "A"].version
        if isinstance(other, Reading):
            yield ask.same_as(module.firmware_inactive).judge(derive(other, short), at="inactive image")


def short(version: str) -> str:
    """A version without its build number, as the pages have it."""
    return version.rpartition(".")[0]


@rule("CM-83", "the buyer's approved firmware", Level.SHOULD, Needs.CONTEXT)
def firmware_policy(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The firmware that runs is one that the buyer approved."""
    approved, running = ask.context.approved_firmware, module.firmware_active
    limit = ask.same_as(approved) if isinstance(approved, Missing) else ask.one_of(*approved.value)
    yield limit.judge(running, at="active firmware")
