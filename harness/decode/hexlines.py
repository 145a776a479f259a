"""Dumps as text: lines of offset and bytes, and the headings that say which page they are.

A byte that reads XX was asked for and did not answer; it is kept as None. Lines that are neither bytes nor known
furniture are refused, so that a damaged line is not passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from ..errors import InputError
from .memory import A0_LOWER, A2_LOWER, HALF, LOWER, LOWER_MEMORY, Page

Cell: TypeAlias = "int | None"
"""A byte, or None where it was asked for and did not answer."""

LARGEST: Final = HALF * 257
ROW_BYTES: Final = 16
LONGEST: Final = 1000
"""Characters of a line; no form has as many."""
I2C_ROW: Final = 2  # digits of an offset of i2cdump

ROW: Final = re.compile(r"^\s*(?P<prefix>(?:0x)?)(?P<offset>[0-9a-fA-F]{2,8})(?P<colon>:?)(?P<gap>\s+)(?P<rest>\S.*)$")
BYTE: Final = re.compile(r"(?:[0-9a-fA-F]{2}|XX)(?=\s|$)")
WORD: Final = re.compile(r"(?:[0-9a-fA-F]{4}|XXXX)(?=\s|$)")
SEPARATOR: Final = re.compile(r"\s:\s|\s+")
END: Final = re.compile(r"^\s*(?P<offset>[0-9a-fA-F]{7,8})\s*$")
REPEATED: Final = re.compile(r"^\s*\*\s*$")

MODULE: Final = re.compile(
    r"^\s*(?:EEPROM\s+hexdump\s+for|PHY\s+data\s+for\s+interface:)\s+(?:port\s+|module\s+)?(?P<port>\S+)", re.IGNORECASE
)
NO_MODULE: Final = re.compile(
    r"SFP EEPROM (?:not detected|Hexdump is not applicable)|not (?:currently )?(?:implemented|supported)|^\s*Error: ",
    re.IGNORECASE,
)
LISTING: Final = re.compile(r"^\s*MSA Data \(", re.IGNORECASE)
"""A page in the listing of IOS-XR, which gives what it decoded between the pages."""

PAGE: Final = r"(?:0x)?(?P<page>[0-9a-f]{1,2})h?"
HEADINGS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^\s*(?P<half>lower|upper)\s+page\s+{PAGE}(?:\s+bank\s+(?P<bank>[0-9a-f]+)h?)?\b",
        rf"^\s*MSA Data \((?P<half>lower|upper) memory(?: page {PAGE})?\)",
        rf"^\s*(?:bank\s+(?P<before>\d+)[\s,:]+)?(?:upper\s+)?(?:memory\s+)?page\s+{PAGE}"
        r"(?:[\s,(]+bank\s+(?P<bank>\d+)\)?)?\s*:?\s*$",
        r"^\s*(?P<half>lower)\s+(?:memory|page)\s*:?\s*$",
    )
)
SFP_HEADINGS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\s*A(?P<device>[02])h\s+dump(?:\s+\((?P<half>lower|upper)[^)]*\))?(?:\s+page\s+(?P<page>[0-9a-f]{1,2})h)?",
        r"^\s*A(?P<device>[02])h?(?:\s+(?P<half>lower|upper))?(?:\s+page\s+(?:0x)?(?P<page>[0-9a-f]{1,2})h?)?\s*:?\s*$",
    )
)
ETHTOOL: Final = re.compile(r"\bethtool\s.*-m\s.*\bpage\s+(?P<page>0x[0-9a-fA-F]+|\d+)\b")
ETHTOOL_WORD: Final = re.compile(r"\b(?P<word>bank|i2c)\s+(?P<number>0x[0-9a-fA-F]+|\d+)\b")
I2C_COMMAND: Final = re.compile(r"\bi2cdump\b.*\s0x(?P<device>5[01])\b|\baddress 0x(?P<probed>5[01]),")
I2C_HEADING: Final = re.compile(r"^\s*0\s+1\s+2\s+3\s.*\sf\s+0123456789abcdef\s*$|^\s*0,8\s+1,9\s+2,a\s")
FAILURE: Final = re.compile(r"fail|error|not present|no such|unable|cannot", re.IGNORECASE)
FURNITURE: Final = re.compile(
    r"^\s*(?:Offset\s+Values|-[-\s]*-|(?:\s*[0-9a-f]){16}(?:\s+[0-9a-f]{16})?"
    r"|No size specified.*|WARNING! This program can confuse your I2C bus.*|I will (?:only )?probe .*"
    r"|Probe range limited to .*|Continue\? \[.*|[\w.-]+[@:].*[#$>].*|\[[\w.-]+@[^\]]*\][#$].*|[#$>](?:\s.*)?"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[,\s].*\d:\d\d:\d\d.*)?\s*$"
)


class Row(NamedTuple):
    """One line of bytes."""

    line: int
    offset: int
    cells: tuple[Cell, ...]


def parsed(text: str, line: int = 0) -> Row | None:
    """A line of offset and bytes; None where it is none.

    ``i2cdump`` leaves a column of blanks for each byte that was not asked for, and in word mode prints at each offset
    the word that begins there. ``hexdump`` prints words of a little-endian host, ``xxd`` (with a colon) pairs in order.
    """
    matched = ROW.match(text)
    if matched is None:
        return None
    rest, colon = matched["rest"], bool(matched["colon"])
    by_i2cdump = colon and not matched["prefix"] and len(matched["offset"]) == I2C_ROW
    unit = BYTE if BYTE.match(rest) else WORD
    width = 1 if unit is BYTE or by_i2cdump else 2
    pairs = unit is WORD and colon and not by_i2cdump
    tokens = list(tokenised(rest, unit, ROW_BYTES // width, middle=not colon, pairs=pairs))
    if not tokens:
        return None
    offset = int(matched["offset"], 16)
    cells: list[Cell] = []
    for token in tokens:
        if "X" in token:
            cells += [None] * width
        elif unit is WORD and by_i2cdump:
            cells.append(int(token[2:], 16))
        else:
            pair = bytes.fromhex(token)
            cells += pair if colon else pair[::-1]
    if by_i2cdump and matched["gap"].strip(" ") == "":
        offset += (len(matched["gap"]) - 1) // (3 if unit is BYTE else 5)
    return Row(line, offset, tuple(cells))


def tokenised(rest: str, unit: re.Pattern[str], most: int, *, middle: bool, pairs: bool) -> Iterator[str]:
    """Bytes or words up to the column of text, which two blanks part from them; so are, ``middle``, the halves.

    Of ``pairs`` the last one may be a byte alone.
    """
    at = 0
    for count in range(1, most + 1):
        matched = unit.match(rest, at)
        if matched is None:
            last = BYTE.match(rest, at) if pairs and count > 1 else None
            if last is not None:
                yield last[0]
            return
        yield matched[0]
        gap = SEPARATOR.match(rest, matched.end())
        if gap is None:
            return
        halves = middle and unit is BYTE and count == ROW_BYTES // 2 and gap[0] == "  "
        if len(gap[0]) > 1 and ":" not in gap[0] and not halves:
            return
        at = gap.end()


class Section:
    """The lines of bytes under one heading; ``page`` is None where there was no heading."""

    def __init__(self, page: Page | None, line: int, device: int = 0) -> None:
        self.page, self.line, self.device = page, line, device
        self.failed = False
        self.repeated = False
        self.probed = bool(device)
        """Whether i2cdump printed it, which reads the page that is selected."""
        self.rows: list[Row] = []

    def add(self, row: Row) -> None:
        self.fill(row.line, row.offset)
        self.rows.append(row)

    def fill(self, line: int, offset: int) -> None:
        """Write out the lines that ``*`` stood for, up to ``offset``."""
        if self.repeated:
            last = self.rows[-1]
            for skipped in range(last.offset + len(last.cells), min(offset, LARGEST), len(last.cells)):
                self.rows.append(Row(line, skipped, last.cells))
            self.repeated = False

    def end(self, line: int, offset: int) -> None:
        """Where the bytes end, as the last line of ``hexdump`` says; a word may have been filled up beyond."""
        self.fill(line, offset)
        last = self.rows[-1]
        if last.offset < offset < last.offset + len(last.cells):
            self.rows[-1] = last._replace(cells=last.cells[: offset - last.offset])

    def joined(self, name: str) -> list[Cell]:
        """The bytes in order; a gap or an overlap is an InputError."""
        cells: list[Cell] = []
        first = self.rows[0].offset
        for line, offset, row in self.rows:
            if offset != first + len(cells):
                raise InputError(f"{name}:{line}: offset {offset:#06x}, expected {first + len(cells):#06x}")
            cells += row
        return cells

    def run(self, name: str) -> list[Cell]:
        """The bytes from the first of the page on."""
        line, offset, _ = self.rows[0]
        upper = self.page is not None and self.page.number != LOWER
        if offset and not (upper and offset % HALF == 0):
            raise InputError(f"{name}:{line}: begins at offset {offset:#06x}, expected 0x0000")
        return self.joined(name)


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
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST:
            raise strange(line, f"{name}:{number}")
    modules = list(each_module(text))
    ends = [start - 1 for _, start, _ in modules[1:]] + [len(lines)]
    full: list[str] = []
    for (port, start, part), end in zip(modules, ends, strict=False):
        inside = part.splitlines()
        empty = next((line.strip() for line in inside if NO_MODULE.search(line)), None)
        if any(parsed(line) for line in inside):
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
    cells = sections[0].joined(name)
    if None in cells:
        raise InputError(f"{name}: a byte reads XX, the module did not answer there")
    return sections[0].rows[0].offset, bytes(cell for cell in cells if cell is not None)


def sectioned(text: str, name: str) -> list[Section]:
    """The sections of a text; a line that no form has is an InputError, except between the pages of a listing."""
    sections: list[Section] = []
    listing = any(LISTING.match(line) for line in text.splitlines())
    for number, line in enumerate(text.splitlines(), 1):
        begun = headed(line, number)
        if begun is not None:
            if sections and begun.page is None and not sections[-1].rows and sections[-1].page is None:
                sections.pop()  # the command and the banner of one i2cdump
            sections.append(begun)
            continue
        if MODULE.match(line):
            continue
        ended = END.match(line)
        if ended is not None and sections and sections[-1].rows:
            sections[-1].end(number, int(ended["offset"], 16))
            continue
        row = parsed(line, number)
        if row is not None:
            if not sections:
                sections.append(Section(None, number))
            sections[-1].add(row)
        elif I2C_HEADING.match(line):
            if not sections or sections[-1].rows:
                sections.append(Section(None, number))
            sections[-1].probed = True
        elif sections and sections[-1].rows and REPEATED.match(line):
            sections[-1].repeated = True
        elif sections and not sections[-1].rows and FAILURE.search(line):
            sections[-1].failed = True
        elif not FURNITURE.match(line) and not listing:
            raise strange(line, f"{name}:{number}")
    return sections


def strange(line: str, at: str) -> InputError:
    """The error of a line that no form has."""
    shown = line.strip()
    shown = f"{shown[:40]}..." if len(shown) > 43 else shown
    return InputError(f"{at}: not a line of a dump: {shown!r}, expected an offset and bytes in hex")


def headed(line: str, number: int) -> Section | None:
    """The section that a heading begins, or a command that prints one."""
    for pattern in HEADINGS:
        matched = pattern.match(line)
        if matched:
            return Section(page_of(matched.groupdict()), number)
    for pattern in SFP_HEADINGS:
        matched = pattern.match(line)
        if matched:
            return Section(sfp_page(matched["device"], matched["half"], matched["page"]), number)
    command = I2C_COMMAND.search(line)
    if command:
        return Section(None, number, 2 * int(command["device"] or command["probed"], 16))
    return asked(line, number)


def asked(line: str, number: int) -> Section | None:
    """The page that a command line of ethtool asks for."""
    matched = ETHTOOL.search(line)
    if matched is None:
        return None
    words = {word["word"]: int(word["number"], 0) for word in ETHTOOL_WORD.finditer(line)}
    if words.get("i2c") == A2_LOWER.device >> 1:
        return Section(Page(int(matched["page"], 0), device=A2_LOWER.device, sfp=True), number)
    return Section(Page(int(matched["page"], 0), words.get("bank", 0)), number)


def page_of(groups: dict[str, str | None]) -> Page:
    if (groups.get("half") or "").lower() == "lower":
        return LOWER_MEMORY
    bank = groups.get("bank") or groups.get("before") or "0"
    return Page(int(groups.get("page") or "0", 16), int(bank, 16))


def sfp_page(device: str, half: str | None, page: str | None) -> Page:
    if device == "0":
        return A0_LOWER
    if (half or ("lower" if page is None else "upper")).lower() == "lower":
        return A2_LOWER
    return Page(int(page or "0", 16), device=A2_LOWER.device, sfp=True)
