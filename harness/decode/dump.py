"""Reading a dump of module memory from a file: every form that people keep them in.

- JSON: ``{"pages": {"lower": "<256 hex digits>", "00": ..., "0:11": ...}}``, SFF-8472 as ``a0:lower``, ``a0:upper``,
  ``a2:lower``, ``a2:00``; a page whose reading failed is null
- ``ethtool -m DEV hex on``: lines of ``0x0000:`` and bytes
- ``sfputil show eeprom-hexdump`` of SONiC: headed pages, lines of ``00000080`` and bytes
- ``sfputil read-eeprom``, ``i2cdump``, ``hexdump`` with and without ``-C``, ``xxd``: lines of offset and bytes
- hex digits alone (``xxd -p``, ``sfputil read-eeprom --no-format``)
- raw binary

Without page names the bytes are laid out as the Linux kernel does: lower memory, page 00h, then page n at byte
128 (n + 1); for SFF-8472 256 bytes of A0h, then A2h. Of CMIS no document says what follows page 02h: ethtool's own
parser of QSFP-DD wanted pages 10h and 11h next (768 bytes), drivers were only seen to give less, optoe goes on with
03h. The choice is named as a guess. What is not a whole number of pages, or not bytes, is an InputError of one line
that names file and place.
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
from .transceiver import CMIS_IDENTIFIERS, SFF8472_IDENTIFIERS, transceiver

LARGEST: Final = HALF * 257

ETHTOOL_CMIS: Final = (LOWER_MEMORY, *map(Page, (0x00, 0x01, 0x02, 0x10, 0x11)))
"""The 768 bytes that ethtool's first parser of QSFP-DD (qsfp-dd.c) expected."""

BYTE_LINE: Final = re.compile(
    r"^\s*(?:0x)?(?P<offset>[0-9a-fA-F]{2,8})(?P<colon>:?)\s+"
    r"(?P<bytes>(?:(?:[0-9a-fA-F]{2}|XX)(?:\s+|$)){1,16}|(?:[0-9a-fA-F]{4}(?:\s+|$)){1,8})"
    r"(?P<ascii>\S.*)?$"
)
END: Final = re.compile(r"^\s*(?P<offset>[0-9a-fA-F]{7,8})\s*$")
REPEATED: Final = re.compile(r"^\s*\*\s*$")
MODULE: Final = re.compile(r"^\s*EEPROM\s+hexdump\s+for\s+(?:port\s+|module\s+)?(?P<port>\S+)", re.IGNORECASE)
NO_MODULE: Final = re.compile(
    r"SFP EEPROM (?:not detected|Hexdump is not applicable)|not (?:currently )?(?:implemented|supported)|^\s*Error: ",
    re.IGNORECASE,
)
DIGITS: Final = re.compile(r"\s*[0-9a-fA-F]+\s*")
PAGE_NAME: Final = re.compile(r"^(?:(?P<bank>\d+):)?(?:0x)?(?P<page>[0-9a-fA-F]{1,2})h?$")
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
    r"|No size specified.*|[\w.-]+[@:].*[#$>].*|\[[\w.-]+@[^\]]*\][#$].*|[#$>](?:\s.*)?"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[,\s].*\d:\d\d:\d\d.*)?\s*$"
)

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
JSON: Final = re.compile(rb"\s*(?:\{|\[\s*[\[{\"])")

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
    if JSON.match(held.removeprefix(BYTE_ORDER_MARK)):
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
    note = ""
    if held[0] in SFF8472_IDENTIFIERS:
        paged = (Page(number, device=0xA2, sfp=True) for number in range(max(0, len(parts) - 3)))
        order = (A0_LOWER, A0_UPPER, A2_LOWER, *paged)
    else:
        order = (LOWER_MEMORY, *(Page(number) for number in range(len(parts) - 1)))
        if held[0] in CMIS_IDENTIFIERS and len(parts) > len(ETHTOOL_CMIS) - 2:
            lanes = len(parts) == len(ETHTOOL_CMIS) and states_of_lanes(parts[-1])
            order = ETHTOOL_CMIS if lanes else order
            taken = "10h and 11h, whose states of lanes fit" if lanes else "03h and on, in order"
            note = f"pages without names: what follows page 02h is taken as {taken}"
    return Memory(name, dict(zip(order, parts, strict=False)), note)


def states_of_lanes(part: bytes) -> bool:
    """Whether a half page begins as page 11h does: a data path state from 1 to 7 for each of eight lanes."""
    return all(1 <= lane <= 7 for both in part[:4] for lane in (both >> 4, both & 0xF))


def binary(held: bytes, name: str) -> Memory:
    """The memory of a raw binary; bytes that cannot be a module's are refused."""
    memory = linear(held, name)
    if not plausible(transceiver(memory)):
        raise InputError(f"{name}: not a dump: identifier 0x{held[0]:02x} is not a module's and no checksum fits")
    return memory


def plausible(module: Transceiver) -> bool:
    """Whether bytes without any form may be a module's.

    A known identifier, a checksum that fits and is not zero, or an identifier that page 00h repeats, with a vendor's
    name or a revision of CMIS beside it.
    """
    first, again = module.identifier, module.identifier_copy
    known = isinstance(first, Reading) and identifier(first.value) is not None
    repeated = isinstance(first, Reading) and isinstance(again, Reading) and first.value == again.value != 0
    vendor = module.vendor_name.value if isinstance(module.vendor_name, Reading) else ""
    beside = bool(vendor and vendor.isascii()) or module.management == "cmis"
    return (
        (known and module.guess == module.memory.note)
        or (repeated and beside)
        or any(
            isinstance(one.ok, Reading) and one.ok.value and isinstance(one.stored, Reading) and one.stored.value
            for one in module.checksums
        )
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
    held_pages: dict[Page, bytes | None] = {}
    for key, digits in pages.items():
        page = json_page(key, name)
        if page in held_pages:
            raise InputError(f"{name}: page {key} is {page}, which is there a second time")
        held_pages[page] = json_bytes(key, digits, name)
    return Memory(name, held_pages)


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
    """The memory of a text form: ethtool, sfputil, i2cdump, hexdump or digits alone."""
    if text.strip() and all(DIGITS.fullmatch(line) for line in text.split("\n") if line.strip()):
        digits = "".join(text.split())
        if len(digits) % 2:
            raise InputError(f"{name}: {len(digits)} hex digits, expected two for each byte")
        return binary(bytes.fromhex(digits), name)
    sections = sectioned(only_module(text, name), name)
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
    for (start, port), end in zip(headings, ends, strict=False):
        yield port, start + 1, "".join(lines[start:end])


def only_module(text: str, name: str) -> str:
    """The text with the cages that are empty left blank; an InputError where there is not one module."""
    lines = text.splitlines()
    modules = list(each_module(text))
    ends = [start - 1 for _, start, _ in modules[1:]] + [len(lines)]
    full: list[str] = []
    for (port, start, part), end in zip(modules, ends, strict=False):
        inside = part.splitlines()
        empty = next((line.strip() for line in inside if NO_MODULE.search(line)), None)
        if any(BYTE_LINE.match(line) for line in inside):
            full.append(port)
        elif empty is None or any(headed(line, 0) for line in inside):
            continue
        elif len(modules) == 1:
            raise InputError(f"{name}:{start}: no module at port {port}: {empty!r}")
        else:
            lines[start - 1 : end] = [""] * (end - start + 1)
    if len(full) > 1:
        shown = ", ".join(full[:4]) + (", ..." if len(full) > 4 else "")
        raise InputError(f"{name}: modules of {len(full)} ports ({shown}), expected one: keep the lines of one port")
    if len(modules) > 1 and not full:
        raise InputError(f"{name}: no module in any of {len(modules)} ports, expected a dump of module memory")
    return "\n".join(lines)


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
        """A line of bytes; ``hexdump`` prints words of a little-endian host, ``xxd`` (with a colon) pairs in order."""
        digits = matched["bytes"]
        if "XX" in digits:
            raise InputError(f"{name}:{line}: a byte reads XX, the module did not answer there")
        offset = int(matched["offset"], 16)
        self.fill(line, offset)
        held = bytes.fromhex(digits)
        if not matched["colon"] and len(digits.split()[0]) == 4:
            held = bytes(byte for at in range(0, len(held), 2) for byte in (held[at + 1], held[at]))
        self.rows.append(Row(line, offset, held))

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
