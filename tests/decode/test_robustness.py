"""Nothing raises on bytes, whatever they are, and whatever has no value says why.

Memories of chance are made from images of simulated modules of every family, from recordings where there are any, and
from nothing at all: bits are turned over, pages cut short, lost, failed, exchanged and invented, identifiers and
revisions replaced. Each is decoded in one of the ways that there are: read, listed, as a document, as columns,
annotated, compared.

The normal run has 2,000 cases. ``PLUGFEST_CASES=100000 pytest tests/decode/test_robustness.py`` is the long one;
a failing case is named by its seed, and ``mangled(Random(seed))`` is its memory.
"""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from harness.decode import annotate, cmis, columns, sff8472, sff8636
from harness.decode import compare as comparison
from harness.decode.build import CmisImage, Sff8472Image, Sff8636Image, json_key
from harness.decode.document import brief, document, listing, rows, text, view_rows
from harness.decode.dump import read_dump
from harness.decode.memory import (
    A0_LOWER,
    A0_UPPER,
    A2_LOWER,
    A2_UPPER,
    HALF,
    LOWER_MEMORY,
    Memory,
    Page,
)
from harness.decode.module import Transceiver, kept
from harness.decode.transceiver import transceiver
from harness.reading import Absence, Missing, Reading, Source
from harness.twin.families import family, names
from tests.decode.oracle import nulls
from tests.recordings import recorded

CASES = int(os.environ.get("PLUGFEST_CASES", "2000"))

IDENTIFIERS = (0x00, 0x02, 0x03, 0x06, 0x0B, 0x0C, 0x0D, 0x11, 0x18, 0x19, 0x1B, 0x1E, 0x22, 0x80, 0xFF)
CMIS_REVISIONS = (0x00, 0x27, 0x30, 0x40, 0x50, 0x51, 0x52, 0x53, 0x54, 0x60, 0xFF)
CMIS_PAGES = tuple(dict.fromkeys(view.page for view in cmis.PAGES))
SFF_PAGES = tuple(dict.fromkeys(view.page for view in (*sff8636.VIEWS, *sff8472.VIEWS)))
SFP_PAGES = (A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER)

Pages = dict[Page, bytes | None]


@cache
def healthy() -> tuple[Mapping[Page, bytes | None], ...]:
    """Memories to begin with."""
    images = [CmisImage().image(), CmisImage(flat_memory=True).image(), Sff8636Image().image(), Sff8472Image().image()]
    images += [family(name).image() for name in names()]
    built: list[Mapping[Page, bytes | None]] = [image.memory("module").pages for image in images]
    dumps = [path for path in recorded("eeprom/*.json") if path.name != "index.json"]
    return (*built, *(read_dump(path).pages for path in dumps))


def mangled(chance: Random) -> Memory:
    """A memory of chance."""
    if chance.random() < 0.15:
        pages = invented(chance)
    else:
        pages = dict(chance.choice(healthy()))
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            chance.choice(MANGLING)(pages, chance)
    return Memory("module", pages)


def invented(chance: Random) -> Pages:
    """Pages of noise under the names of pages that there are."""
    known = chance.choice((CMIS_PAGES, SFF_PAGES, SFP_PAGES, (*CMIS_PAGES, *SFF_PAGES)))
    share = chance.choice((0.1, 0.5, 1.0))
    pages: Pages = {page: noise(chance) for page in known if chance.random() < share}
    if LOWER_MEMORY in pages and chance.random() < 0.8:
        replaced(pages, chance)
    return pages


def noise(chance: Random) -> bytes:
    """128 bytes: of chance, all alike, or mostly zero."""
    kind = chance.randrange(4)
    if kind == 0:
        return bytes([chance.choice((0x00, 0xFF, 0x20, 0x80))]) * HALF
    if kind == 1:
        return bytes(byte if chance.random() < 0.1 else 0 for byte in chance.randbytes(HALF))
    return chance.randbytes(HALF)


def any_page(pages: Pages, chance: Random) -> Page:
    return chance.choice(tuple(pages) or (LOWER_MEMORY,))


def flipped(pages: Pages, chance: Random) -> None:
    """Some bits turned over."""
    for _ in range(chance.choice((1, 4, 64))):
        page = any_page(pages, chance)
        held = bytearray(pages.get(page) or b"")
        if held:
            held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
            pages[page] = bytes(held)


def cut(pages: Pages, chance: Random) -> None:
    page = any_page(pages, chance)
    pages[page] = (pages.get(page) or b"")[: chance.choice((0, 1, 2, 3, 64, 126, 127, chance.randrange(HALF)))]


def lost(pages: Pages, chance: Random) -> None:
    pages.pop(any_page(pages, chance), None)


def failed(pages: Pages, chance: Random) -> None:
    pages[any_page(pages, chance)] = None


def exchanged(pages: Pages, chance: Random) -> None:
    one, other = any_page(pages, chance), any_page(pages, chance)
    pages[one], pages[other] = pages.get(other), pages.get(one)


def filled(pages: Pages, chance: Random) -> None:
    pages[any_page(pages, chance)] = noise(chance)


def added(pages: Pages, chance: Random) -> None:
    """A page that the module need not have, in a bank that it need not have."""
    sfp = any(page.sfp for page in pages)
    known = chance.choice((SFF_PAGES[-6:], CMIS_PAGES)) if sfp else CMIS_PAGES
    page = chance.choice((chance.choice(known), Page(chance.randrange(256))))
    banked = page._replace(bank=chance.randrange(4)) if chance.random() < 0.5 else page
    pages[banked] = noise(chance)


def replaced(pages: Pages, chance: Random) -> None:
    """Another identifier, another revision, memory that is flat or is not."""
    for page, byte in ((LOWER_MEMORY, 0), (Page(0x00), 0), (A0_LOWER, 0)):
        held = bytearray(pages.get(page) or b"")
        if held and chance.random() < 0.6:
            held[byte] = chance.choice(IDENTIFIERS)
            pages[page] = bytes(held)
    lower = bytearray(pages.get(LOWER_MEMORY) or b"")
    if len(lower) > 2:
        lower[1] = chance.choice((lower[1], *CMIS_REVISIONS, chance.randrange(10)))
        lower[2] = chance.choice((lower[2], 0x00, 0x80, 0x04, 0xFF))
        pages[LOWER_MEMORY] = bytes(lower)


def advertised(pages: Pages, chance: Random) -> None:
    """Other pages, banks and commands advertised than there are."""
    held = bytearray(pages.get(Page(0x01)) or b"")
    for byte in (142, 145, 155, 159, 160, 162, 163, 173, 174, 175):
        if len(held) == HALF and chance.random() < 0.7:
            held[byte - HALF] = chance.choice((0x00, 0xFF, chance.randrange(256)))
    if held:
        pages[Page(0x01)] = bytes(held)


MANGLING: tuple[Callable[[Pages, Random], None], ...] = (
    flipped,
    cut,
    lost,
    failed,
    exchanged,
    filled,
    added,
    replaced,
    advertised,
)


def properties(module: Transceiver) -> Iterator[tuple[str, object]]:
    """Every public property of a module with its value."""
    for name, member in inspect.getmembers(type(module)):
        if isinstance(member, property | kept) and not name.startswith("_"):
            yield name, getattr(module, name)


def missings(held: object) -> Iterator[Missing]:
    """Every Missing in a value, however deep."""
    if isinstance(held, Missing):
        yield held
    elif isinstance(held, Reading):
        assert held.value is not None and not isinstance(held.value, Missing)
        yield from missings(held.value)
    elif isinstance(held, Mapping):
        for value in held.values():
            yield from missings(value)
    elif isinstance(held, tuple | list):
        for value in held:
            yield from missings(value)
    elif is_dataclass(held) and not isinstance(held, type | Source):
        for part in fields(held):
            yield from missings(getattr(held, part.name, None))


def typed(missing: Missing) -> bool:
    return (
        isinstance(missing.why, Absence)
        and isinstance(missing.source, Source)
        and bool(missing.source.evidence)
        and missing.why not in (Absence.TAMPERED, Absence.NOT_DECLARED)
    )


def every_property_is_typed(module: Transceiver, chance: Random) -> None:
    for name, value in properties(module):
        assert [missing for missing in missings(value) if not typed(missing)] == [], name


def lanes_are_whole(module: Transceiver, chance: Random) -> None:
    for name in ("tx_power", "rx_power", "tx_bias", "dp_state", "active_application", "staged_application"):
        assert len(getattr(module, name)) == module.lanes, name


def every_null_is_explained(module: Transceiver, chance: Random) -> None:
    written = json.loads(json.dumps(document(module)))
    assert nulls(written) == set(written["absent"])
    assert all(written["absent"].values())


def listings_are_whole(module: Transceiver, chance: Random) -> None:
    listed = list(rows(module))
    assert all(name for name, *_ in listed)
    assert listing(listed).count("\n") == len(listed)
    assert text(module) and list(brief(module))


def views_list_every_register(module: Transceiver, chance: Random) -> None:
    for view in module.views:
        assert all(len(row) == 5 for row in view_rows([view]))


def columns_are_the_readings(module: Transceiver, chance: Random) -> None:
    found = columns.columns(module.memory)
    for number in chance.sample(range(len(found)), min(40, len(found))):
        read = found.reading(number)
        one = read.value if isinstance(read, Reading) else read.why if isinstance(read, Missing) else read
        value = found.values[number]
        assert value == one or (value != value and one != one), found.names[number]


def polled_columns_decode(module: Transceiver, chance: Random) -> None:
    assert len(columns.poll(module.memory)) <= len(columns.columns(module.memory))


def annotation_covers_a_page(module: Transceiver, chance: Random) -> None:
    memory = module.memory
    page = chance.choice(tuple(memory.pages) or (LOWER_MEMORY,))
    found = annotate.annotated(module, page)
    covered = {byte for entry in found.entries for byte in range(entry.first, entry.first + entry.size)}
    held = memory.pages.get(page) or b""
    assert set(range(page.first, page.first + len(held))) - covered == set(), page
    assert annotate.text([found])
    json.dumps(annotate.data([found]))


def comparison_with_itself_finds_nothing(module: Transceiver, chance: Random) -> None:
    page = tuple(chance.sample(tuple(module.memory.pages), min(2, len(module.memory.pages))))
    same = comparison.compare(module, module, page)
    assert same.exit_status in (0, 3)
    assert all(row.verdict is not comparison.Verdict.DIFFERS for row in same.rows)


def comparison_with_another_is_written_out(module: Transceiver, chance: Random) -> None:
    other = transceiver(mangled(chance))
    pages = tuple(dict.fromkeys((*module.memory.pages, *other.memory.pages)))
    found = comparison.compare(module, other, chance.sample(pages, min(2, len(pages))))
    assert comparison.text(found, everything=chance.random() < 0.5)
    json.dumps(comparison.data(found))


ASPECTS: Mapping[Callable[[Transceiver, Random], None], int] = {
    every_property_is_typed: 3,
    every_null_is_explained: 4,
    listings_are_whole: 1,
    views_list_every_register: 1,
    columns_are_the_readings: 4,
    polled_columns_decode: 2,
    annotation_covers_a_page: 3,
    comparison_with_itself_finds_nothing: 1,
    comparison_with_another_is_written_out: 1,
}
"""What is done with a memory, and how often; what takes long is done less often."""


@settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(min_value=0, max_value=2**64 - 1))
def test_no_memory_makes_decoding_raise_and_every_absence_is_typed(seed: int) -> None:
    chance = Random(seed)
    module = transceiver(mangled(chance))
    lanes_are_whole(module, chance)
    aspect = chance.choices(tuple(ASPECTS), tuple(ASPECTS.values()))[0]
    aspect(module, chance)


@pytest.mark.parametrize("aspect", ASPECTS, ids=lambda aspect: aspect.__name__.replace("_", " "))
def test_of_every_healthy_memory(aspect: Callable[[Transceiver, Random], None]) -> None:
    for pages in healthy():
        aspect(transceiver(Memory("module", pages)), Random(0))


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param({}, id="no page at all"),
        pytest.param({LOWER_MEMORY: None}, id="lower memory that failed"),
        pytest.param({LOWER_MEMORY: b"\x19"}, id="one byte of a CMIS module"),
        pytest.param({LOWER_MEMORY: b"\x11"}, id="one byte of an SFF-8636 module"),
        pytest.param({A0_LOWER: b"\x03"}, id="one byte of an SFP"),
        pytest.param({A2_LOWER: bytes(HALF)}, id="diagnostics without an identity"),
        pytest.param({Page(0x11): bytes(HALF)}, id="status of lanes without an identity"),
        pytest.param({A0_LOWER: None, LOWER_MEMORY: bytes(HALF)}, id="both numberings of pages"),
    ],
)
def test_hardly_any_memory_is_decoded_in_every_way(pages: Pages) -> None:
    module = transceiver(Memory("module", pages))
    for aspect in ASPECTS:
        aspect(module, Random(1))


def test_memories_of_chance_are_of_every_kind() -> None:
    """Guards the cases against being all alike: each management interface, failed and short pages, many banks."""
    memories = [mangled(Random(seed)) for seed in range(400)]
    assert {transceiver(memory).management for memory in memories} == {"cmis", "sff8636", "sff8472"}
    held = [page for memory in memories for page in memory.pages.values()]
    assert any(page is None for page in held) and any(page is not None and 0 < len(page) < HALF for page in held)
    assert any(page.bank for memory in memories for page in memory.pages)
    assert len({tuple(map(json_key, memory.pages)) for memory in memories}) > 100
