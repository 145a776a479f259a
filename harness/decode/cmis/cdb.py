"""Command data block: messages that a host sends to the module's firmware, and its replies (OIF-CMIS 8.23 and 9).

Header and local payload (LPL) stand on page 9Fh, an extended payload (EPL) on pages A0h to AFh; the second instance is
bank 1. A reply takes the place of the request's local payload, so that a page tells of one command at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from ...reading import Absence, Missing, Reading, Value, derive
from ...units import Unit
from ..fields import Bit, Code, Field, Lanes, Text, UInt, View
from ..memory import HALF, LOWER_MEMORY, Memory, Page
from .administrative import Page01
from .base import CmisView, Presence

HEADER: Final = 8
"""Bytes of a message before its local payload."""

LPL: Final = 136
"""First byte of the local payload on page 9Fh."""

LPL_SIZE: Final = 120

EPL_SIZE: Final = 2048

IN_EPL: Final = 240
"""From this reply length on the reply stands in the extended payload."""

COMMANDS: Final[Mapping[int, str]] = {
    0x0000: "Query Status",
    0x0001: "Enter Password",
    0x0002: "Change Password",
    0x0004: "Abort",
    0x0040: "Module Features",
    0x0041: "Firmware Management Features",
    0x0042: "Performance Monitoring Features",
    0x0043: "BERT and Diagnostics Features",
    0x0044: "Security Features",
    0x0100: "Get Firmware Info",
    0x0101: "Start Firmware Download",
    0x0102: "Abort Firmware Download",
    0x0103: "Write Firmware Block LPL",
    0x0104: "Write Firmware Block EPL",
    0x0105: "Read Firmware Block LPL",
    0x0106: "Read Firmware Block EPL",
    0x0107: "Complete Firmware Download",
    0x0108: "Copy Firmware Image",
    0x0109: "Run Firmware Image",
    0x010A: "Commit Firmware Image",
    0x0200: "Control PM",
    0x0201: "Get PM Feature Information",
    0x0210: "Get Module PM LPL",
    0x0211: "Get Module PM EPL",
    0x0212: "Get Host Side PM LPL",
    0x0213: "Get Host Side PM EPL",
    0x0214: "Get Media Side PM LPL",
    0x0215: "Get Media Side PM EPL",
    0x0216: "Get Data Path PM LPL",
    0x0217: "Get Data Path PM EPL",
}
"""Names of commands by their id (OIF-CMIS 9). Those from 0200h on have no second source."""

FAMILIES: Final[tuple[tuple[range, str], ...]] = (
    (range(0x0200, 0x0280), "performance monitoring command"),
    (range(0x0280, 0x02A0), "data recording command"),
    (range(0x0300, 0x0400), "BERT and diagnostics command"),
    (range(0x4000, 0x4004), "versatile control set command"),
)

BUSY: Final[Mapping[int, str]] = {1: "captured", 2: "checking", 3: "executing"}
FINISHED: Final[Mapping[int, str]] = {1: "done", 3: "aborted"}
FAILURES: Final[Mapping[int, str]] = {
    1: "unknown command",
    2: "parameter out of range or not supported",
    3: "previous command not aborted",
    4: "checking timed out",
    5: "wrong check code",
    6: "password",
    7: "not in this operating state",
}


def command_name(command: int) -> str:
    """Name of a command, or of the family that its id is in."""
    if command in COMMANDS:
        return COMMANDS[command]
    family = next((name for ids, name in FAMILIES if command in ids), "unknown command")
    return f"{family} {command:04X}h"


def check_code(covered: bytes) -> int:
    """The check code of some bytes: the ones' complement of the low eight bits of their sum."""
    return 0xFF - (sum(covered) & 0xFF)


def query(command: int, payload: bytes = b"", *, epl_length: int = 0) -> bytes:
    """The 128 bytes of page 9Fh that ask for a command; ValueError where the payload does not fit into 120 bytes."""
    if len(payload) > LPL_SIZE or not 0 <= epl_length <= EPL_SIZE:
        raise ValueError(f"{command_name(command)}: {len(payload)} bytes of LPL and {epl_length} of EPL do not fit")
    head = command.to_bytes(2, "big") + epl_length.to_bytes(2, "big") + bytes([len(payload)])
    return (head + bytes([check_code(head + payload), 0, 0]) + payload).ljust(HALF, b"\0")


def writes(page: bytes) -> tuple[tuple[int, bytes], ...]:
    """What a host writes to page 9Fh for a query, as (byte, raw): lengths and payload first, for the id triggers."""
    return (130, page[2 : HEADER + page[4]]), (128, page[:2])


def reply(request: bytes, payload: bytes = b"") -> bytes:
    """Page 9Fh after the module answered: the request's header, then the reply in the place of its payload."""
    if len(payload) > LPL_SIZE:
        raise ValueError(f"a reply of {len(payload)} bytes does not fit into {LPL_SIZE}")
    head = request[: HEADER - 2] + bytes([len(payload), check_code(payload) if payload else 0])
    return (head + payload).ljust(HALF, b"\0")


class AnyInstance(Field[bool]):
    """Whether bits 7-6 count any instance."""

    def decode(self, raw: bytes) -> bool:
        return raw[0] >> 6 in (1, 2)


class Advertisement(CmisView, page=Page(0x01), exists=Presence.paged, since="4.0"):
    """What page 01h says of CDB (OIF-CMIS 8.4)."""

    __slots__ = ()

    implemented = AnyInstance(163, part="bits 7-6")


class InstanceView(CmisView, page=Page(0x9F), exists=Advertisement.implemented, since="4.0", banked=True):
    """A page of CDB, whose banks are its instances."""

    __slots__ = ()

    def no_such_bank(self) -> Missing | None:
        """Why the module has no such instance (01h:163 bits 7-6); None where it may have it."""
        instances = Page01(self.memory).cdb_instances
        if isinstance(instances, Missing) or self.at.bank < instances.value:
            return None
        return Missing(Absence.NOT_ADVERTISED, instances.source, "01h:163.7-6")


class Page9F(InstanceView, page=Page(0x9F), writable="128-255"):
    """Header and local payload of a message (OIF-CMIS 8.23)."""

    __slots__ = ()

    command = UInt(128, 2)
    epl_length = UInt(130, 2)
    lpl_length = UInt(132)
    check_code = UInt(133)
    reply_length = UInt(134)
    reply_check_code = UInt(135)


class PageA0(InstanceView, page=Page(0xA0), writable="128-255"):
    """First of the sixteen pages A0h to AFh of the extended payload (OIF-CMIS 8.24)."""

    __slots__ = ()


VIEWS: Final[tuple[type[CmisView], ...]] = (Page9F, PageA0)
"""The pages of CDB."""


@dataclass(frozen=True, slots=True)
class Status:
    """What became of an instance's last command, out of a status byte (OIF-CMIS 8.2)."""

    code: int

    @property
    def busy(self) -> bool:
        return bool(self.code & 0x80)

    @property
    def failed(self) -> bool:
        return not self.busy and bool(self.code & 0x40)

    @property
    def done(self) -> bool:
        """Whether the command ended well, so that what stands on page 9Fh is its reply."""
        return self.code == 1

    @property
    def listed(self) -> bool:
        """Whether the document lists the code; 00h, as after a reset, is not."""
        result = self.code & 0x3F
        if self.busy:
            return result in BUSY or result >= 0x30
        return result in FAILURES or result >= 0x20 if self.failed else result in FINISHED or result >= 0x30

    def __str__(self) -> str:
        result = self.code & 0x3F
        kind, words = ("busy", BUSY) if self.busy else ("failed", FAILURES) if self.failed else ("", FINISHED)
        word = words.get(result, f"code {result:02X}h")
        return f"{kind}: {word}" if kind else word


class StatusByte(Field[Status]):
    """A status byte."""

    def decode(self, raw: bytes) -> Status | Absence:
        status = Status(raw[0])
        return status if status.listed else Absence.RESERVED

    def encode(self, value: Status, held: bytes) -> bytes:
        return bytes([value.code])


class CdbStatus(CmisView, page=LOWER_MEMORY, since="4.0"):
    """The status bytes of both instances (OIF-CMIS 8.2)."""

    __slots__ = ()

    status = Lanes(StatusByte(37), 2)


@dataclass(frozen=True, slots=True)
class Request:
    """A command as the host sent it."""

    command: int
    payload: bytes
    epl_length: int

    @property
    def name(self) -> str:
        return command_name(self.command)


def request(page: Value[bytes]) -> Value[Request]:
    """The request that the 128 bytes of page 9Fh hold before the module replies; UNREADABLE where its check fails."""
    if isinstance(page, Missing):
        return page
    raw = page.value
    if len(raw) < HEADER or raw[4] > LPL_SIZE or len(raw) < HEADER + raw[4]:
        return Missing(Absence.UNREADABLE, page.source, "the local payload is longer than the page")
    payload = raw[HEADER : HEADER + raw[4]]
    wrong = mismatch(raw[5], raw[:5] + payload)
    if wrong:
        return Missing(Absence.UNREADABLE, page.source, wrong)
    epl_length = int.from_bytes(raw[2:4], "big")
    return Reading(Request(int.from_bytes(raw[:2], "big"), payload, epl_length), page.source)


def mismatch(stored: int, covered: bytes) -> str:
    """How a check code differs from that of its bytes; the empty text where it does not."""
    computed = check_code(covered)
    return "" if stored == computed else f"check code {stored:02X}h, the bytes have {computed:02X}h"


class Reply(View, page=Page(0x9F)):
    """What the module replied to a command that has no registers here; bytes as on page 9Fh."""

    __slots__ = ()

    command = UInt(128, 2)

    @property
    def payload(self) -> Value[bytes]:
        """The whole of it."""
        return self.memory.take(self.at, LPL, max(0, len(self.memory.pages.get(self.at) or b"") - HEADER))

    def facts(self) -> Iterator[tuple[str, Value[object]]]:
        """Everything that the reply tells, by name."""
        registers = [register for register in type(self).registers() if register.name != "command"]
        for register in registers:
            if isinstance(register, Field) and not register.name.endswith("_raw"):
                yield register.name, register.read(self)
        if not registers:
            yield "payload", derive(self.payload, bytes.hex)


class QueryStatus(Reply):
    """Reply to command 0000h (OIF-CMIS 9.3)."""

    __slots__ = ()

    length = UInt(136)
    status = Code(
        137,
        {
            0x00: "booting",
            0x01: "host password accepted",
            0x10: "module password accepted",
            **dict.fromkeys(range(0x80, 0x90), "module password accepted"),
        },
    )


class Bitmap(Field[frozenset[int]]):
    """Numbers, one bit each: number 0 in bit 0 of the first byte."""

    def decode(self, raw: bytes) -> frozenset[int]:
        whole = int.from_bytes(raw, "little")
        return frozenset(number for number in range(8 * self.size) if whole >> number & 1)

    def encode(self, value: frozenset[int], held: bytes) -> bytes:
        return sum(1 << number for number in value).to_bytes(self.size, "little")


class ModuleFeatures(Reply):
    """Reply to command 0040h: which of the commands 0000h to 00FFh there are (OIF-CMIS 9.4)."""

    __slots__ = ()

    commands = Bitmap(138, 32)
    max_completion_time = UInt(170, 2, unit=Unit.MS)

    def facts(self) -> Iterator[tuple[str, Value[object]]]:
        yield "commands", derive(self.commands, lambda held: tuple(f"{command:04X}h" for command in sorted(held)))
        yield "max_completion_time", self.max_completion_time


MECHANISMS: Final[Mapping[int, str]] = {
    0x00: "none",
    0x01: "LPL",
    0x10: "EPL",
    0x11: "LPL and EPL",
    0x02: "EPL",
    0x03: "LPL and EPL",
}
"""Ways to move firmware blocks; 02h and 03h are another coding that modules follow."""


class FirmwareFeatures(Reply):
    """Reply to command 0041h: how firmware is downloaded (OIF-CMIS 9.4)."""

    __slots__ = ()

    full_readback = Bit(137, 7)
    durations_times_ten = Bit(137, 3)
    skipping_erased_blocks = Bit(137, 2)
    copy_supported = Bit(137, 1)
    abort_supported = Bit(137, 0)
    start_payload_size = UInt(138)
    erased_byte = UInt(139)
    length_extension = UInt(140)
    write_mechanism = Code(141, MECHANISMS)
    read_mechanism = Code(142, MECHANISMS)
    hitless_restart = Bit(143, 0)
    start_raw = UInt(144, 2, unit=Unit.MS)
    abort_raw = UInt(146, 2, unit=Unit.MS)
    write_raw = UInt(148, 2, unit=Unit.MS)
    complete_raw = UInt(150, 2, unit=Unit.MS)
    copy_raw = UInt(152, 2, unit=Unit.MS)

    @property
    def max_durations(self) -> Mapping[str, Value[Decimal]]:
        """Longest durations in ms by step: start, abort, write, complete, copy."""
        raw = {
            "start": self.start_raw,
            "abort": self.abort_raw,
            "write": self.write_raw,
            "complete": self.complete_raw,
            "copy": self.copy_raw,
        }
        return {name: self.scaled(value) for name, value in raw.items()}

    def facts(self) -> Iterator[tuple[str, Value[object]]]:
        yield from super().facts()
        for name, duration in self.max_durations.items():
            yield f"max_duration_{name}", duration

    def scaled(self, value: Value[int]) -> Value[Decimal]:
        tenfold = self.durations_times_ten
        if isinstance(tenfold, Missing):
            return tenfold
        return derive(value, lambda count: Decimal(count * (10 if tenfold.value else 1)), unit=Unit.MS)


class FeatureBits(Reply):
    """Reply to commands 0042h to 0044h: bits whose meaning is left to their own clauses (OIF-CMIS 9.4)."""

    __slots__ = ()

    @property
    def bits(self) -> Value[tuple[str, ...]]:
        """The bits that are set, as ``138.5``."""
        return derive(self.payload, set_bits)

    def facts(self) -> Iterator[tuple[str, Value[object]]]:
        yield "bits", self.bits


def set_bits(raw: bytes) -> tuple[str, ...]:
    """The bits that are set in a payload, by their byte on page 9Fh."""
    return tuple(f"{LPL + place}.{bit}" for place, held in enumerate(raw) for bit in range(8) if held >> bit & 1)


FACTORY_RUNS: Final = frozenset({0x00, 0x04, 0x40, 0x44})
"""Status bytes of command 0100h that mean that the factory image runs."""


class FirmwareInfo(Reply):
    """Reply to command 0100h: the images A, B and factory (OIF-CMIS 9.7)."""

    __slots__ = ()

    status = UInt(136)
    a_running = Bit(136, 0)
    a_committed = Bit(136, 1)
    a_invalid = Bit(136, 2)
    b_running = Bit(136, 4)
    b_committed = Bit(136, 5)
    b_invalid = Bit(136, 6)
    a_present = Bit(137, 0)
    b_present = Bit(137, 1)
    factory_present = Bit(137, 2)
    a_version = UInt(138, 4)
    a_text = Text(142, 32)
    b_version = UInt(174, 4)
    b_text = Text(178, 32)
    factory_version = UInt(210, 4)
    factory_text = Text(214, 32)

    @property
    def running(self) -> Value[str]:
        """``A``, ``B`` or ``factory``."""
        return self.chosen(self.a_running, self.b_running, "run")

    @property
    def committed(self) -> Value[str]:
        """The image that a reset starts: ``A``, ``B`` or, where neither is committed, Missing."""
        return self.chosen(self.a_committed, self.b_committed, "be committed")

    def chosen(self, a: Value[bool], b: Value[bool], what: str) -> Value[str]:
        status = self.status
        if isinstance(status, Missing):
            return status
        if isinstance(a, Missing):
            return a
        if isinstance(b, Missing):
            return b
        if a.value and b.value:
            return Missing(Absence.UNREADABLE, status.source, f"both images are said to {what}")
        if a.value or b.value:
            return Reading("A" if a.value else "B", (a if a.value else b).source)
        if what == "run" and status.value in FACTORY_RUNS:
            return Reading("factory", status.source)
        return Missing(Absence.NOT_AVAILABLE, status.source, f"no image is said to {what}")

    @property
    def images(self) -> Mapping[str, FirmwareImage]:
        """The images A, B and factory."""
        return {
            "A": firmware_image(self.a_present, self.a_invalid, self.a_version, self.a_text),
            "B": firmware_image(self.b_present, self.b_invalid, self.b_version, self.b_text),
            "factory": firmware_image(self.factory_present, None, self.factory_version, self.factory_text),
        }

    def facts(self) -> Iterator[tuple[str, Value[object]]]:
        yield "running", self.running
        yield "committed", self.committed
        for name, held in self.images.items():
            yield f"image {name}", held.version
            yield f"image {name} text", held.text

    @property
    def running_version(self) -> Value[str]:
        """Version of the image that runs, as ``1.2.345``."""
        running = self.running
        return running if isinstance(running, Missing) else self.images[running.value].version

    @property
    def committed_version(self) -> Value[str]:
        """Version of the image that a reset starts."""
        committed = self.committed
        return committed if isinstance(committed, Missing) else self.images[committed.value].version


@dataclass(frozen=True, slots=True)
class FirmwareImage:
    """A firmware image: major, minor and build number as ``1.2.345``, and the maker's own text."""

    version: Value[str]
    text: Value[str]


def firmware_image(
    present: Value[bool], invalid: Value[bool] | None, version: Value[int], text: Value[str]
) -> FirmwareImage:
    """An image, whose version is Missing where the module tells nothing of it or calls it invalid."""
    for said, bad, why in ((present, False, "no information on the image"), (invalid, True, "the image is invalid")):
        if isinstance(said, Missing):
            return FirmwareImage(said, said)
        if said is not None and said.value is bad:
            gone = Missing(Absence.NOT_AVAILABLE, said.source, why)
            return FirmwareImage(gone, gone)
    return FirmwareImage(derive(version, lambda raw: f"{raw >> 24}.{raw >> 16 & 0xFF}.{raw & 0xFFFF}"), text)


REPLIES: Final[Mapping[int, type[Reply]]] = {
    0x0000: QueryStatus,
    0x0040: ModuleFeatures,
    0x0041: FirmwareFeatures,
    0x0042: FeatureBits,
    0x0043: FeatureBits,
    0x0044: FeatureBits,
    0x0100: FirmwareInfo,
}
"""How the replies of commands are read."""


def read_reply(page: Value[bytes], evidence: str, bank: int = 0) -> Value[Reply]:
    """The reply that the 128 bytes of page 9Fh hold after a command; the caller knows that it is done.

    UNREADABLE where its check code fails. A reply in the extended payload is not read. Bytes beyond the reply's length
    are older ones and are left out, so that a register there is Missing.
    """
    if isinstance(page, Missing):
        return page
    raw = page.value
    length = raw[6] if len(raw) >= HEADER else 0
    if len(raw) < HEADER + min(length, LPL_SIZE) or len(raw) < HEADER:
        return Missing(Absence.UNREADABLE, page.source, "the reply is longer than the page")
    if length >= IN_EPL:
        return Missing(Absence.UNREADABLE, page.source, "the reply stands in the extended payload, which is not read")
    if length > LPL_SIZE:
        return Missing(Absence.UNREADABLE, page.source, f"a reply of {length} bytes does not fit into {LPL_SIZE}")
    payload = raw[HEADER : HEADER + length]
    wrong = mismatch(raw[7], payload) if payload else ""
    if wrong:
        return Missing(Absence.UNREADABLE, page.source, f"reply: {wrong}")
    at = Page(0x9F, bank)
    kind = REPLIES.get(int.from_bytes(raw[:2], "big"), Reply)
    return Reading(kind(Memory(evidence, {at: raw[:HEADER] + payload}), bank), page.source)


@dataclass(frozen=True, slots=True)
class CdbMessage:
    """What an instance of CDB holds: the state of its last command, and what that command was."""

    instance: int
    status: Value[Status]
    command: Value[int]
    request: Value[Request]
    """Missing where the reply already stands in its place."""
    reply: Value[Reply]

    @property
    def name(self) -> Value[str]:
        """Name of the command."""
        return derive(self.command, command_name)


def message(memory: Memory, instance: int = 1) -> CdbMessage:
    """The message of instance 1 or 2 as the pages hold it.

    There is a reply where the status says that the command is done; then the request's own payload is gone, unless the
    reply is empty.
    """
    bank = instance - 1
    view = Page9F(memory, bank)
    status = CdbStatus(memory).status[bank]  # before the page: what is done by now has its reply there
    page = view.take(HALF, HALF)
    replied = answered(status, page, memory.evidence, bank)
    sent = request(page)
    if isinstance(page, Reading) and isinstance(status, Reading) and status.value.done and page.value[6]:
        source = replace(page.source, where=f"{view.at} bytes 136-255", raw="")
        sent = Missing(Absence.NOT_RECORDED, source, "the reply stands in its place")
    return CdbMessage(instance, status, view.command, sent, replied)


def answered(status: Value[Status], page: Value[bytes], evidence: str, bank: int) -> Value[Reply]:
    """The reply, or why there is none yet."""
    if isinstance(page, Missing):
        return page
    if isinstance(status, Missing):
        return status
    if status.value.failed:
        return Missing(Absence.READ_FAILED, status.source, str(status.value))
    if not status.value.done:
        return Missing(Absence.NOT_ANSWERED, status.source, str(status.value))
    return read_reply(page, evidence, bank)


def messages(memory: Memory) -> Value[tuple[CdbMessage, ...]]:
    """The messages of all instances that 01h:163 counts; of the first where that was not read but its page was."""
    refused = Page9F(memory).gone()
    if refused is not None:
        return refused
    instances = Page01(memory).cdb_instances
    if isinstance(instances, Reading):
        return Reading(tuple(message(memory, number) for number in range(1, instances.value + 1)), instances.source)
    held = memory.take(Page9F.page, HALF, HALF)
    if isinstance(held, Missing):
        return instances
    return Reading((message(memory),), held.source)


def firmware(cdb: Value[tuple[CdbMessage, ...]]) -> Value[FirmwareInfo]:
    """What the last command told of the firmware images, where it asked for that (0100h)."""
    if isinstance(cdb, Missing):
        return cdb
    for held in cdb.value:
        if isinstance(held.reply, Reading) and isinstance(held.reply.value, FirmwareInfo):
            return Reading(held.reply.value, held.reply.source)
    asked = (held.reply for held in cdb.value if isinstance(held.command, Missing) or held.command.value == 0x0100)
    reason = next((said for said in asked if isinstance(said, Missing)), None)
    return reason or Missing(Absence.NOT_RECORDED, cdb.source, "no reply to CDB command 0100h")


def extended_payload(memory: Memory, length: int, instance: int = 1) -> Value[bytes]:
    """The first bytes of the extended payload, out of as many pages from A0h on as they fill."""
    bank = instance - 1
    first = PageA0(memory, bank).take(HALF, min(HALF, length))
    if isinstance(first, Missing):
        return first
    if length > EPL_SIZE:
        return Missing(Absence.UNREADABLE, first.source, f"{length} bytes do not fit into {EPL_SIZE}")
    found = first.value
    for place in range(HALF, length, HALF):
        held = memory.take(Page(0xA0 + place // HALF, bank), HALF, min(HALF, length - place))
        if isinstance(held, Missing):
            return held
        found += held.value
    return Reading(found, first.source)
