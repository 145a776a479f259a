"""The memory of modules out of files that a kernel driver keeps: one file a cage, read with ``od``.

``eeproms: /sys/bus/i2c/devices/{cage}-0050/eeprom`` of a switch or host says where they are.  The layout is that of
optoe: lower memory, then page p of bank 0 at byte 128 (p + 1), and of SFF-8472 256 bytes of A0h, then A2h.  ``-w128``
makes one read of a page.  Reading page 11h, or lower memory, clears the flags that are latched there: the flags of a
live switch are those that its own daemon tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, HALF, LOWER_MEMORY, Memory, Page
from ..decode.transceiver import SERIAL_AT_A0, Transceiver, transceiver
from ..errors import InputError
from ..lab.inventory import CagePlan, DevicePlan
from ..model import Again
from ..reading import Absence, Missing
from .base import Answers, suffix

COMMAND: Final = "od -An -v -tx1 -w128 -j {start} -N {size} {path}"
TEMPLATE: Final = "od -An -v -tx1 -w128 -j {number} -N {number} {path}"
"""As a permit has it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Pages that one command reads: a page that cannot be read takes no others with it than these."""

    first: int  # page; the span of page 00h begins with lower memory
    last: int

    @property
    def start(self) -> int:
        return HALF * (self.first + 1) if self.first else 0

    @property
    def size(self) -> int:
        return HALF * (self.last + 2) - self.start


IDENTITY: Final = Span(0x00, 0x02)
LANES: Final = Span(0x10, 0x13)
SPANS: Final = (
    IDENTITY,
    Span(0x03, 0x03),  # thresholds of SFF-8636
    LANES,
    Span(0x20, 0x2B),  # VDM, but for its flags, which a read would clear
    Span(0x2F, 0x2F),
    Span(0x9F, 0x9F),
)
TWICE: Final = (IDENTITY, LANES)
"""Spans that are read a second time: static pages, and monitors."""

SFP: Final = (A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER)
LINE: Final = re.compile(r"(?: [0-9a-f]{2}){1,128}")


def command(device: DevicePlan, cage: CagePlan, span: Span) -> str:
    """What reads a span of the module in a cage."""
    assert device.eeproms is not None
    return COMMAND.format(start=span.start, size=span.size, path=device.eeproms.replace("{cage}", cage.name))


def commands(device: DevicePlan, spans: Sequence[Span]) -> Iterator[str]:
    """Every command of a device, cage by cage; none where the lab file names no files."""
    cages = device.cages if device.eeproms is not None else ()
    return (command(device, cage, span) for cage in cages for span in spans)


def module(answers: Answers, device: DevicePlan, cage: CagePlan, spans: Sequence[Span], sample: int) -> Transceiver:
    """The module in a cage as one reading saw it; where its first bytes were not read, the source says why."""
    label = f"{cage} module{suffix(sample)}"
    held: dict[Page, bytes | None] = {}
    sfp = False
    for span in spans:
        found = read(answers, command(device, cage, span), span, sample)
        if span is IDENTITY:
            if isinstance(found, Missing):
                return transceiver(Memory(f"{label} ({found})", {}))
            sfp = found[0] in SERIAL_AT_A0
        elif sfp:
            continue  # what an SFP has there are other pages
        if isinstance(found, Missing):
            if found.why is not Absence.NOT_RECORDED:
                held.update(dict.fromkeys(pages_of(span, sfp)))
            continue
        parts = (found[start : start + HALF] for start in range(0, len(found), HALF))
        held.update(zip(pages_of(span, sfp), parts, strict=False))
    return transceiver(Memory(label, held))


def again(answers: Answers, device: DevicePlan, cage: CagePlan) -> Again:
    """The second reading of the module in a cage."""
    first = command(device, cage, IDENTITY)
    return Again(module(answers, device, cage, TWICE, 2), answers.apart(first, first))


def pages_of(span: Span, sfp: bool) -> tuple[Page, ...]:
    """The pages of a span, in the order of the file."""
    if sfp:
        return SFP
    lower = () if span.first else (LOWER_MEMORY,)
    return (*lower, *(Page(number) for number in range(span.first, span.last + 1)))


def read(answers: Answers, command: str, span: Span, sample: int) -> bytes | Missing:
    """The bytes that an answer holds: fewer than were asked for where the file ends."""
    found = answers.raw(command, sample)
    if isinstance(found, Missing):
        return found
    try:
        held = octets(found.text)
        if len(held) > span.size:
            raise InputError(f"{len(held)} bytes, {span.size} were asked for")
    except InputError as bad:
        return Missing(Absence.UNREADABLE, answers.source(command, sample), str(bad))
    if not held:
        return Missing(Absence.NOT_RECORDED, answers.source(command, sample), "the file has no bytes there")
    return held


def octets(text: str) -> bytes:
    """What the command prints: a page a line, fewer bytes in the last; InputError for any other line."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if not LINE.fullmatch(line):
            raise InputError(f"line {number}: bytes as od prints them were expected, found {line[:60]!r}")
        if number < len(lines) and len(line) != 3 * HALF:
            raise InputError(f"line {number}: {HALF} bytes were expected, found {len(line) // 3}")
    return bytes.fromhex("".join(lines))


__all__ = ["SPANS", "TEMPLATE", "TWICE", "Span", "again", "commands", "module", "octets"]
