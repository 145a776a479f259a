"""Reading a dump of module memory from a file: every form that people keep them in.

- JSON: ``{"pages": {"lower": "<256 hex digits>", "00": ..., "0:11": ...}}``, SFF-8472 as ``a0:lower``, ``a0:upper``,
  ``a2:lower``, ``a2:00``; a page whose reading failed is null
- ``ethtool -m DEV hex on``: lines of ``0x0000:`` and bytes; with its command line, one page at a time
- ``sfputil show eeprom-hexdump`` of SONiC and ``show controllers ... phy`` of IOS-XR: headed pages, lines of bytes
- pages headed ``Page 11h``, ``Bank 1 page 11h``, ``Lower memory``, ``A0h``, ``A2h page 02h``
- ``i2cdump`` of bytes and words, ``sfputil read-eeprom``, ``hexdump`` with and without ``-C``, ``xxd``
- Intel HEX
- hex digits alone (``xxd -p``, ``sfputil read-eeprom --no-format``)
- raw binary (``ethtool -m DEV raw on``)

Without page names the bytes are laid out as the Linux kernel does: lower memory, page 00h, then page n at byte
128 (n + 1); for SFF-8472 256 bytes of A0h, then A2h. Of CMIS no document says what follows page 02h: ethtool's own
parser of QSFP-DD wanted pages 10h and 11h next (768 bytes), drivers were only seen to give less, optoe goes on with
03h. ``i2cdump`` reads the page that is selected, which byte 127 tells. What is chosen so is named as a guess.

A page that ends early is kept as far as it goes, and so is one in which a byte did not answer; the note says where.
What is not bytes, or stands where no module has any, is an InputError of one line that names file and place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from ..errors import InputError
from ..reading import Reading
from .codes import identifier
from .hexlines import LARGEST, Cell, Section, each_module, hex_lines, only_module, sectioned
from .memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, HALF, LOWER, LOWER_MEMORY, Memory, Page
from .module import Transceiver
from .transceiver import CMIS_IDENTIFIERS, SERIAL_AT_A0, fits, named, transceiver

ETHTOOL_CMIS: Final = (LOWER_MEMORY, *map(Page, (0x00, 0x01, 0x02, 0x10, 0x11)))
"""The 768 bytes that ethtool's first parser of QSFP-DD (qsfp-dd.c) expected."""

PAGE_SELECT: Final = 127
FIRST_BANKED: Final = 0x10

DIGITS: Final = re.compile(r"\s*[0-9a-fA-F]+\s*")
PAGE_NAME: Final = re.compile(r"^(?:(?P<bank>\d+):)?(?:0x)?(?P<page>[0-9a-fA-F]{1,2})h?$")
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
JSON: Final = re.compile(rb"\s*(?:\{|\[\s*[\[{\"])")
INTEL_HEX: Final = re.compile(r"\s*:[0-9a-fA-F]{6}")

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


class Laid:
    """Pages as they are laid out, and what has to be said of them."""

    def __init__(self) -> None:
        self.pages: dict[Page, bytes | None] = {}
        self.notes: list[str] = []

    def put(self, page: Page, cells: Sequence[Cell]) -> None:
        """A page, up to its first byte that is not there; nothing can be told of what follows that byte."""
        held = bytes(cell for cell in cells[: silent(cells)] if cell is not None)
        self.pages[page] = held if held else None
        last = page.first + len(held) - 1
        if not held:
            self.notes.append(f"{page}: byte {page.first} did not answer (XX), so that nothing of it is kept")
        elif len(held) < len(cells):
            self.notes.append(f"{page} ends at byte {last}: byte {last + 1} did not answer (XX)")
        elif len(held) < HALF:
            self.notes.append(f"{page} ends at byte {last}")

    def memory(self, name: str) -> Memory:
        return Memory(name, self.pages, "; ".join(self.notes))


def silent(cells: Sequence[Cell]) -> int:
    """The place of the first byte that did not answer, the length where all did."""
    return next((place for place, cell in enumerate(cells) if cell is None), len(cells))


def halves(cells: Sequence[Cell]) -> list[Sequence[Cell]]:
    return [cells[start : start + HALF] for start in range(0, len(cells), HALF)]


def linear(cells: Sequence[Cell], name: str) -> Memory:
    """The memory of bytes without page names, in the layout of the Linux kernel."""
    if len(cells) > LARGEST:
        raise InputError(f"{name}: {len(cells)} bytes, a module has {LARGEST} at most")
    laid = Laid()
    if len(cells) % HALF:
        laid.notes.append(f"{len(cells)} bytes")
    spread(halves(cells), laid)
    return laid.memory(name)


def spread(parts: Sequence[Sequence[Cell]], laid: Laid) -> None:
    """Put half pages where the kernel has them; one that is empty was not in the dump."""
    order: tuple[Page, ...]
    first = parts[0][0] if parts and parts[0] else None
    if first in SERIAL_AT_A0:
        paged = (Page(number, device=0xA2, sfp=True) for number in range(max(0, len(parts) - 3)))
        order = (A0_LOWER, A0_UPPER, A2_LOWER, *paged)
    else:
        order = (LOWER_MEMORY, *(Page(number) for number in range(len(parts) - 1)))
        if first in CMIS_IDENTIFIERS and len(parts) > len(ETHTOOL_CMIS) - 2:
            lanes = len(parts) == len(ETHTOOL_CMIS) and states_of_lanes(parts[-1])
            order = ETHTOOL_CMIS if lanes else order
            taken = "10h and 11h, whose states of lanes fit" if lanes else "03h and on, in order"
            laid.notes.append(f"pages without names: what follows page 02h is taken as {taken}")
    for page, part in zip(order, parts, strict=False):
        if part:
            laid.put(page, part)


def states_of_lanes(part: Sequence[Cell]) -> bool:
    """Whether a half page begins as page 11h does: a data path state from 1 to 7 for each of eight lanes."""
    return all(
        both is not None and 1 <= lane <= 7 for both in part[:4] for lane in ((both or 0) >> 4, (both or 0) & 0xF)
    )


def binary(held: bytes, name: str) -> Memory:
    """The memory of a raw binary; bytes that cannot be a module's are refused."""
    return checked(linear(tuple(held), name), held[0], name)


def checked(memory: Memory, first: int, name: str) -> Memory:
    if not plausible(transceiver(memory)):
        raise InputError(f"{name}: not a dump: identifier 0x{first:02x} is not a module's and no checksum fits")
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
    except ValueError as error:  # Python turns no number of thousands of digits into an integer
        raise InputError(f"{name}: JSON with a number of too many digits") from error
    pages = document.get("pages") if isinstance(document, dict) else None
    if not isinstance(pages, dict) or not pages:
        raise InputError(f'{name}: no "pages", expected an object of page names and hex digits')
    laid = Laid()
    for key, digits in pages.items():
        page = json_page(key, name)
        if page in laid.pages:
            raise InputError(f"{name}: page {key} is {page}, which is there a second time")
        held_page = json_bytes(key, digits, name)
        if held_page is None:
            laid.pages[page] = None
        else:
            laid.put(page, held_page)
    return laid.memory(name)


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
    if not 0 < len(digits) <= 2 * HALF:
        raise InputError(f"{name}: page {key} has {len(digits) // 2} bytes, expected 128")
    return bytes.fromhex(digits)


def from_text(text: str, name: str) -> Memory:
    """The memory of a text form: Intel HEX, digits alone, or lines of offset and bytes with headings or without."""
    if INTEL_HEX.match(text):
        return from_intel_hex(text, name)
    if text.strip() and all(DIGITS.fullmatch(line) for line in text.split("\n") if line.strip()):
        digits = "".join(text.split())
        if len(digits) % 2:
            raise InputError(f"{name}: {len(digits)} hex digits, expected two for each byte")
        return binary(bytes.fromhex(digits), name)
    sections = sectioned(only_module(text, name), name)
    if not any(section.rows or section.failed for section in sections):
        raise InputError(f"{name}: no line of bytes, expected a dump of module memory")
    if any(section.page is not None for section in sections):
        return from_headed(sections, name)
    if any(section.device == A2_LOWER.device for section in sections):
        return from_devices(sections, name)
    full = [section for section in sections if section.rows]
    if len(full) > 1:
        raise InputError(f"{name}:{full[1].line}: a second dump without a heading, expected one")
    return from_selected(full[0], name) if full[0].probed else linear(full[0].run(name), name)


def from_headed(sections: Iterable[Section], name: str) -> Memory:
    """The memory of pages that headings name."""
    laid, given = Laid(), list(sections)
    for section in given:
        page = section.page or LOWER_MEMORY
        if not section.rows:
            if section.failed:
                place(laid, page, None, section, name)
            elif section is given[-1]:
                laid.notes.append(f"{page} has a heading and no bytes")
            else:
                raise InputError(f"{name}:{section.line}: {page} has 0 bytes, expected 128")
            continue
        cells = section.run(name)
        if not page.sfp and page.number == 0 and section.rows[0].offset == 0 and len(cells) > HALF:
            raise InputError(f"{name}:{section.line}: {page} has {len(cells)} bytes, expected 128")
        both = page.number == LOWER and page.sfp
        if len(cells) > (2 * HALF if both else HALF):
            raise InputError(f"{name}:{section.line}: {page} has {len(cells)} bytes, expected 128")
        place(laid, page, cells[:HALF], section, name)
        if len(cells) > HALF:
            place(laid, Page(0, device=page.device, sfp=True), cells[HALF:], section, name)
    return laid.memory(name)


def place(laid: Laid, page: Page, cells: Sequence[Cell] | None, section: Section, name: str) -> None:
    """Put a page that a heading names; None is one that could not be read."""
    if page in laid.pages:
        raise InputError(f"{name}:{section.line}: {page} a second time")
    if cells is None:
        laid.pages[page] = None
    else:
        laid.put(page, cells)


def from_selected(section: Section, name: str) -> Memory:
    """The memory of one ``i2cdump``: lower memory, and the page that byte 127 selects.

    Page 00h is known by its checksum too: then somebody else has changed the page since.
    """
    cells = section.run(name)
    plain = linear(cells, name)
    if not HALF < len(cells) <= 2 * HALF or cells[0] in SERIAL_AT_A0:
        return plain
    select = cells[PAGE_SELECT]
    if select is None:
        lower = {LOWER_MEMORY: plain.pages[LOWER_MEMORY]}
        return Memory(name, lower, f"{plain.note}; which page bytes 128-255 are is not known, they are left out")
    if select == 0 or (named(plain.take(LOWER_MEMORY, 0)) is not None and fits(transceiver(plain))):
        return plain
    laid, banked = Laid(), cells[0] in CMIS_IDENTIFIERS and select >= FIRST_BANKED
    page = Page(select, (cells[PAGE_SELECT - 1] or 0) if banked else 0)
    laid.notes.append(f"i2cdump reads the page that byte 127 selects: {page}")
    laid.put(LOWER_MEMORY, cells[:HALF])
    laid.put(page, cells[HALF:])
    return laid.memory(name)


def from_devices(sections: Iterable[Section], name: str) -> Memory:
    """The memory of an SFP whose addresses 50h and 51h were dumped with ``i2cdump``."""
    laid = Laid()
    paging = False
    for section in sections:
        if not section.rows:
            continue
        cells = section.run(name)
        if len(cells) > 2 * HALF:
            raise InputError(f"{name}:{section.line}: {len(cells)} bytes of one address, expected 256")
        lower, upper = (A2_LOWER, A2_UPPER) if section.device == A2_LOWER.device else (A0_LOWER, A0_UPPER)
        if lower is A0_LOWER:
            paging = len(cells) > 64 and bool((cells[64] or 0) & 0x10)
        elif paging and len(cells) > HALF:
            upper = Page(cells[PAGE_SELECT] or 0, device=upper.device, sfp=True)
        place(laid, lower, cells[:HALF], section, name)
        if len(cells) > HALF:
            place(laid, upper, cells[HALF:], section, name)
    return laid.memory(name)


def from_intel_hex(text: str, name: str) -> Memory:
    """The memory of Intel HEX records; each record's checksum is verified."""
    found: dict[int, int] = {}
    base, ended = 0, False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or ended:
            continue
        record = intel_record(line.strip(), f"{name}:{number}")
        kind, address, data = record[3], int.from_bytes(record[1:3], "big"), record[4:-1]
        if kind == 0:
            for place_of, byte in enumerate(data, base + address):
                if found.setdefault(place_of, byte) != byte:
                    raise InputError(f"{name}:{number}: address {place_of:#06x} a second time, with another byte")
        elif kind == 1:
            ended = True
        elif kind in (2, 4) and len(data) == 2:
            base = int.from_bytes(data, "big") << (4 if kind == 2 else 16)
        elif kind not in (3, 5):
            raise InputError(f"{name}:{number}: a record of type {kind:02X}h with {len(data)} bytes is not known")
    if not found:
        raise InputError(f"{name}: no record of bytes, expected a dump of module memory")
    if max(found) >= LARGEST:
        raise InputError(f"{name}: address {max(found):#06x}, a module has {LARGEST} bytes at most")
    laid = Laid()
    if not ended:
        laid.notes.append("no end record")
    spread([run_from(found, start, name) for start in range(0, max(found) + 1, HALF)], laid)
    first = found.get(0)
    return checked(laid.memory(name), 0 if first is None else first, name)


def intel_record(line: str, at: str) -> bytes:
    """The bytes of one record, checksum included; InputError where it is damaged."""
    digits = line.removeprefix(":")
    if not line.startswith(":") or len(digits) < 10 or len(digits) % 2 or not DIGITS.fullmatch(digits):
        shown = f"{line[:40]}..." if len(line) > 43 else line
        raise InputError(f"{at}: not a record of Intel HEX: {shown!r}")
    record = bytes.fromhex(digits)
    if record[0] != len(record) - 5:
        raise InputError(f"{at}: a record of {len(record) - 5} bytes, which says that it has {record[0]}")
    if sum(record) & 0xFF:
        right = -sum(record[:-1]) & 0xFF
        raise InputError(f"{at}: checksum {record[-1]:02X}h, expected {right:02X}h")
    return record


def run_from(found: Mapping[int, int], start: int, name: str) -> list[Cell]:
    """The bytes of a half page; empty where the file has none, an InputError where it has not the first."""
    held = [at for at in range(start, start + HALF) if at in found]
    if held and held != list(range(start, start + len(held))):
        gap = next(at for at in range(start, start + HALF) if at not in found)
        raise InputError(f"{name}: no byte at address {gap:#06x}, which stands before {max(held):#06x}")
    return [found[at] for at in held]


__all__ = ["each_module", "hex_lines", "read_dump"]
