"""Reading a dump of module memory from a file: every form that people keep them in.

- JSON: ``{"pages": {"lower": "<256 hex digits>", "00": ..., "0:11": ...}}``, SFF-8472 as ``a0:lower``, ``a0:upper``,
  ``a2:lower``, ``a2:00``; a page whose reading failed is null
- ``ethtool -m DEV hex on``: lines of ``0x0000:`` and bytes
- ``sfputil show eeprom-hexdump`` of SONiC: headed pages, lines of ``00000080`` and bytes
- ``i2cdump``, ``hexdump -C`` and ``xxd``: lines of ``00:`` or ``00000000`` and bytes
- raw binary

Without page names the bytes are laid out as the Linux kernel does: lower memory, page 00h, then page n at byte
128 (n + 1); for SFF-8472 256 bytes of A0h, then A2h. What is not a whole number of pages, or not bytes, is an
InputError of one line that names file and place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from ..errors import InputError
from ..reading import Reading
from .codes import identifier
from .memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, HALF, LOWER, LOWER_MEMORY, Memory, Page
from .module import Transceiver
from .transceiver import SFF8472_IDENTIFIERS, transceiver

LARGEST: Final = HALF * 257

BYTE_LINE: Final = re.compile(
    r"^\s*(?:0x)?(?P<offset>[0-9a-fA-F]{2,8}):?\s+"
    r"(?P<bytes>(?:(?:[0-9a-fA-F]{2}|XX)(?:\s+|$)){1,16}|(?:[0-9a-fA-F]{4}(?:\s+|$)){1,8})"
    r"(?P<ascii>\S.*)?$"
)
END: Final = re.compile(r"^\s*(?P<offset>[0-9a-fA-F]{7,8})\s*$")
REPEATED: Final = re.compile(r"^\s*\*\s*$")
MODULE: Final = re.compile(r"^\s*EEPROM\s+hexdump\s+for\s+(?:port\s+|module\s+)?(?P<port>\S+)", re.IGNORECASE)
PAGE_NAME: Final = re.compile(r"^(?:(?P<bank>\d+):)?(?P<page>[0-9a-fA-F]{1,2})h?$")
SECTION: Final = re.compile(
    r"^\s*(?P<half>lower|upper)\s+page\s+(?:0x)?(?P<page>[0-9a-f]{1,2})h?(?:\s+bank\s+(?P<bank>[0-9a-f]+)h?)?\b",
    re.IGNORECASE,
)
SFP_SECTION: Final = re.compile(
    r"^\s*A(?P<device>[02])h\s+dump(?:\s+\((?P<half>lower|upper)[^)]*\))?(?:\s+page\s+(?P<page>[0-9a-f]{1,2})h)?",
    re.IGNORECASE,
)
FAILURE: Final = re.compile(r"fail|error|not present|no such|unable|cannot", re.IGNORECASE)
FURNITURE: Final = re.compile(
    r"^\s*(?:Offset\s+Values|-[-\s]*-|(?:\s*[0-9a-f]){16}(?:\s+[0-9a-f]{16})?"
    r"|No size specified.*|[\w.-]+[@:].*[#$>].*)?\s*$"
)

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

SFP_PAGES: Final[Mapping[str, Page]] = {
    "a0:lower": A0_LOWER,
    "a0:upper": A0_UPPER,
    "a2:lower": A2_LOWER,
    "a2:upper": A2_UPPER,
}


def read_dump(source: Path | bytes, name: str = "") -> Memory:
    """The memory that a dump holds; ``name`` is what messages and sources call it, the path where it is empty.

    InputError, in one line with file and place, where the file is not a dump or is damaged in its structure.
    """
    name = name or (str(source) if isinstance(source, Path) else "dump")
    try:
        held = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or error}") from error
    if not held:
        raise InputError(f"{name}: empty, expected a dump of module memory")
    if held.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] == b"{":
        return from_json(held, name)
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        return binary(held, name)
    if all(character.isprintable() or character in "\r\n\t\f" for character in text):
        return from_text(text, name)
    return binary(held, name)


def linear(held: bytes, name: str) -> Memory:
    """The memory of bytes without page names, in the layout of the Linux kernel."""
    if not held or len(held) % HALF or len(held) > LARGEST:
        pages, over = divmod(len(held), HALF)
        if len(held) > LARGEST:
            raise InputError(f"{name}: {len(held)} bytes, a module has {LARGEST} at most")
        raise InputError(f"{name}: {len(held)} bytes, expected whole pages of 128: page {pages + 1} has {over} bytes")
    parts = [held[start : start + HALF] for start in range(0, len(held), HALF)]
    order: tuple[Page, ...]
    if held[0] in SFF8472_IDENTIFIERS:
        paged = (Page(number, device=0xA2, sfp=True) for number in range(max(0, len(parts) - 3)))
        order = (A0_LOWER, A0_UPPER, A2_LOWER, *paged)
    else:
        order = (LOWER_MEMORY, *(Page(number) for number in range(len(parts) - 1)))
    return Memory(name, dict(zip(order, parts, strict=False)))


def binary(held: bytes, name: str) -> Memory:
    """The memory of a raw binary; bytes that cannot be a module's are refused."""
    memory = linear(held, name)
    if not plausible(transceiver(memory)):
        raise InputError(f"{name}: not a dump: identifier 0x{held[0]:02x} is not a module's and no checksum fits")
    return memory


def plausible(module: Transceiver) -> bool:
    """Whether bytes without any form may be a module's: a known identifier, or a checksum that fits and is not zero."""
    known = isinstance(module.identifier, Reading) and identifier(module.identifier.value) is not None
    return (known and not module.guess) or any(
        isinstance(one.ok, Reading) and one.ok.value and isinstance(one.stored, Reading) and one.stored.value
        for one in module.checksums
    )


def from_json(held: bytes, name: str) -> Memory:
    """The memory of the JSON form."""
    try:
        document = json.loads(held)
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{name}:{error.lineno}: not JSON at column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise InputError(f"{name}: JSON nested too deep") from error
    pages = document.get("pages") if isinstance(document, dict) else None
    if not isinstance(pages, dict) or not pages:
        raise InputError(f'{name}: no "pages", expected an object of page names and hex digits')
    return Memory(name, {json_page(key, name): json_bytes(key, digits, name) for key, digits in pages.items()})


def json_page(key: str, name: str) -> Page:
    lowered = key.lower()
    if lowered == "lower":
        return LOWER_MEMORY
    if lowered in SFP_PAGES:
        return SFP_PAGES[lowered]
    sfp, _, rest = lowered.partition(":")
    matched = PAGE_NAME.match(rest if sfp in ("a0", "a2") else lowered)
    if not matched:
        raise InputError(f"{name}: {key!r} is not a page, expected lower, 00, 0:11 or a0:lower")
    number = int(matched["page"], 16)
    if sfp in ("a0", "a2"):
        return Page(number, device=int(sfp, 16), sfp=True)
    return Page(number, int(matched["bank"] or 0))


def json_bytes(key: str, digits: object, name: str) -> bytes | None:
    if digits is None:
        return None
    if not isinstance(digits, str):
        raise InputError(f"{name}: page {key} is not text, expected 256 hex digits")
    for position, character in enumerate(digits):
        if character not in "0123456789abcdefABCDEF":
            raise InputError(f"{name}: page {key} has {character!r} at digit {position + 1}, expected hex digits")
    if len(digits) % 2:
        raise InputError(f"{name}: page {key} has {len(digits)} hex digits, expected 256")
    if len(digits) != 2 * HALF:
        raise InputError(f"{name}: page {key} has {len(digits) // 2} bytes, expected 128")
    return bytes.fromhex(digits)


def from_text(text: str, name: str) -> Memory:
    """The memory of a text form: ethtool, sfputil, i2cdump or hexdump."""
    sections = sectioned(text, name)
    if not any(section.rows or section.failed for section in sections):
        raise InputError(f"{name}: no line of bytes, expected a dump of module memory")
    if sections[0].page is None:
        return linear(sections[0].run(name), name)
    pages: dict[Page, bytes | None] = {}
    for section in sections:
        for page, held in section.parts(name):
            if page in pages:
                raise InputError(f"{name}:{section.line}: {page} a second time")
            pages[page] = held
    return Memory(name, pages)


def each_module(text: str) -> Iterator[tuple[str, int, str]]:
    """Port, line of its heading and text of every module that ``sfputil show eeprom-hexdump`` printed.

    What stands before the first heading belongs to none.
    """
    lines = text.splitlines(keepends=True)
    headings = [(number, matched["port"]) for number, line in enumerate(lines) if (matched := MODULE.match(line))]
    ends = [number for number, _ in headings[1:]] + [len(lines)]
    for (start, port), end in zip(headings, ends, strict=True):
        yield port, start + 1, "".join(lines[start:end])


def hex_lines(text: str, name: str) -> tuple[int, bytes]:
    """First offset and bytes of a text form without page names, as ``ethtool -m DEV page N ... hex on`` prints it."""
    sections = sectioned(text, name)
    if len(sections) != 1 or sections[0].page is not None or not sections[0].rows:
        raise InputError(f"{name}: expected lines of offset and bytes without headings")
    return sections[0].rows[0].offset, sections[0].joined(name)


def sectioned(text: str, name: str) -> list[Section]:
    sections: list[Section] = []
    for number, line in enumerate(text.splitlines(), 1):
        begun = headed(line, number)
        if begun is not None:
            sections.append(begun)
            continue
        if MODULE.match(line):
            if sections:
                raise InputError(f"{name}:{number}: a second module begins, expected a dump of one")
            continue
        ended = END.match(line)
        if ended is not None and sections and sections[-1].rows:
            sections[-1].fill(number, int(ended["offset"], 16))
            continue
        matched = BYTE_LINE.match(line)
        if matched is not None:
            if not sections:
                sections.append(Section(None, number))
            sections[-1].add(number, matched, name)
        elif sections and sections[-1].rows and REPEATED.match(line):
            sections[-1].repeated = True
        elif sections and not sections[-1].rows and FAILURE.search(line):
            sections[-1].failed = True
        elif not FURNITURE.match(line):
            shown = line.strip()
            shown = f"{shown[:40]}..." if len(shown) > 43 else shown
            raise InputError(f"{name}:{number}: not a line of a dump: {shown!r}")
    return sections


class Row(NamedTuple):
    """One line of bytes."""

    line: int
    offset: int
    held: bytes


class Section:
    """The lines of bytes under one heading; ``page`` is None where there was no heading."""

    def __init__(self, page: Page | None, line: int) -> None:
        self.page, self.line = page, line
        self.failed = False
        self.repeated = False
        self.rows: list[Row] = []

    def add(self, line: int, matched: re.Match[str], name: str) -> None:
        digits = matched["bytes"]
        if "XX" in digits:
            raise InputError(f"{name}:{line}: a byte reads XX, the module did not answer there")
        offset = int(matched["offset"], 16)
        self.fill(line, offset)
        self.rows.append(Row(line, offset, bytes.fromhex(digits)))

    def fill(self, line: int, offset: int) -> None:
        """Write out the lines that ``*`` stood for, up to ``offset``."""
        if self.repeated:
            last = self.rows[-1]
            for skipped in range(last.offset + len(last.held), min(offset, LARGEST), len(last.held)):
                self.rows.append(Row(line, skipped, last.held))
            self.repeated = False

    def joined(self, name: str) -> bytes:
        """The bytes in order; a gap or an overlap is an InputError."""
        held = bytearray()
        first = self.rows[0].offset
        for line, offset, row in self.rows:
            if offset != first + len(held):
                raise InputError(f"{name}:{line}: offset {offset:#06x}, expected {first + len(held):#06x}")
            held += row
        return bytes(held)

    def run(self, name: str) -> bytes:
        """The bytes from the first of the page on."""
        line, offset, _ = self.rows[0]
        upper = self.page is not None and self.page.number != LOWER
        if offset and not (upper and offset == HALF):
            raise InputError(f"{name}:{line}: begins at offset {offset:#06x}, expected 0x0000")
        return self.joined(name)

    def parts(self, name: str) -> Iterator[tuple[Page, bytes | None]]:
        """The pages under this heading: one, or both halves of A0h."""
        page = self.page or LOWER_MEMORY
        if not self.rows:
            if not self.failed:
                raise InputError(f"{name}:{self.line}: {page} has 0 bytes, expected 128")
            yield page, None
            return
        held = self.run(name)
        whole = page == A0_LOWER and len(held) == 2 * HALF
        if len(held) != HALF and not whole:
            raise InputError(f"{name}:{self.line}: {page} has {len(held)} bytes, expected 128")
        yield page, held[:HALF]
        if whole:
            yield A0_UPPER, held[HALF:]


def headed(line: str, number: int) -> Section | None:
    """The section that a heading of ``sfputil show eeprom-hexdump`` begins."""
    matched = SECTION.match(line)
    if matched:
        if matched["half"].lower() == "lower":
            return Section(LOWER_MEMORY, number)
        return Section(Page(int(matched["page"], 16), int(matched["bank"] or "0", 16)), number)
    matched = SFP_SECTION.match(line)
    if matched is None:
        return None
    if matched["device"] == "0":
        return Section(A0_LOWER, number)
    if (matched["half"] or "lower").lower() == "lower":
        return Section(A2_LOWER, number)
    return Section(Page(int(matched["page"] or "0", 16), device=0xA2, sfp=True), number)
