"""Modules for the tests of the audit: a clean family with named bytes changed or pages left out."""

from __future__ import annotations

from harness.decode.memory import A0_LOWER, A2_LOWER, LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import Transceiver, transceiver
from harness.twin import families

NAMES = {"lower": LOWER_MEMORY, "a0": A0_LOWER, "a2": A2_LOWER}


def page_of(name: str) -> Page:
    """``lower``, ``00``, ``1:11`` for bank 1, ``a0``."""
    if name in NAMES:
        return NAMES[name]
    bank, _, number = name.rpartition(":")
    return Page(int(number, 16), int(bank or 0))


def module(family: str, *edits: str, without: tuple[str, ...] = ()) -> Transceiver:
    """A family's module; an edit is ``page:byte=hex``, as in ``00:222=ff``."""
    image = families.family(family).image()
    for edit in edits:
        place, _, raw = edit.partition("=")
        page, _, byte = place.rpartition(":")
        image.put(page_of(page), int(byte), bytes.fromhex(raw))
    held: dict[Page, bytes | None] = {page: bytes(raw) for page, raw in image.pages.items()}
    for name in without:
        held.pop(page_of(name), None)
    return transceiver(Memory(family, held))
