"""The annotated hexdump: every byte has a meaning or is said to have none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.decode import cmis, sff8472, sff8636
from harness.decode.annotate import BITS, UNDECLARED, Annotated, annotated, asked, data, parts, text, typed
from harness.decode.cmis import CmisView, cdb, vdm
from harness.decode.dump import read_dump
from harness.decode.fields import Bit, Bits, Register, UInt, View, lane_bits
from harness.decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, LOWER_MEMORY, Memory, Page
from harness.decode.module_cmis import CmisTransceiver
from harness.decode.transceiver import transceiver
from harness.errors import UsageError
from harness.reading import Absence, Missing, Reading
from tests.recordings import recorded

DUMPS = recorded("eeprom/*.json")


def page(first: int = 128, **held: Any) -> bytes:
    """128 bytes, zero but for ``b135=b"..."``."""
    raw = bytearray(128)
    for name, value in held.items():
        start = int(name[1:]) - first
        raw[start : start + len(value)] = value
    return bytes(raw)


def module_pages(pages: Mapping[Page, bytes | None]) -> Memory:
    """A paged CMIS 5.0 OSFP module with monitors, its power and bias advertised, bias in steps of 4 uA."""
    whole: dict[Page, bytes | None] = {
        LOWER_MEMORY: page(0, b0=b"\x19\x50\x00\x06", b14=b"\x20\x00", b85=b"\x02\x50\x1d\x44\x11\xff"),
        Page(0x00): page(b128=b"\x19ACME            "),
        Page(0x01): page(b142=b"\x60", b157=b"\x06\x06", b159=b"\x03\x0f"),
    }
    return Memory("dump", {**whole, **pages})


def shown(memory: Memory, at: Page) -> list[str]:
    """The lines of a page, blanks squeezed."""
    return [" ".join(line.split()) for line in text([annotated(transceiver(memory), at)]).splitlines()]


@pytest.mark.parametrize(
    ("at", "held", "line"),
    [
        pytest.param(
            Page(0x11), page(b128=b"\x44"), "dp_state 1-2 DPActivated", id="lanes that say the same share one"
        ),
        pytest.param(
            Page(0x11), page(b128=b"\x14"), "dp_state 2 DPDeactivated", id="lanes that differ have a line each"
        ),
        pytest.param(Page(0x11), page(b136=b"\x00"), "tx_los 1-8 no", id="eight bits of one byte"),
        pytest.param(Page(0x11), page(b135=b"\xff"), "tx_fault 1-8 - (not advertised (01h:157.0))", id="no such flag"),
        pytest.param(Page(0x11), page(b154=b"\x2f\x8a"), "154-155 9Ah 2f 8a", id="bytes in decimal and hex"),
        pytest.param(Page(0x11), page(b154=b"\x2f\x8a"), "tx_power 1 1.217 mW", id="value with its unit"),
        pytest.param(Page(0x11), page(b154=b"\xff\xff"), "tx_power 1 - (reported as not available", id="sentinel"),
        pytest.param(
            Page(0x11), page(b128=b"\x0f"), "dp_state 1 reserved code, raw 15", id="unlisted code keeps its number"
        ),
        pytest.param(Page(0x11), page(b170=b"\x01\xf4"), "2 mA", id="raw bias is scaled as 01h:160 advertises"),
        pytest.param(Page(0x02), page(b128=b"\x4b\x00"), "temperature high_alarm 75 °C", id="limits have their names"),
        pytest.param(Page(0x02), page(b134=b"\x0a\x00"), "temperature low_warning 10 °C", id="the last limit"),
    ],
)
def test_line_says(at: Page, held: bytes, line: str) -> None:
    lines = shown(module_pages({at: held}), at)
    assert any(line in shown_line for shown_line in lines), lines


@pytest.mark.parametrize(
    ("at", "line"),
    [
        (LOWER_MEMORY, "identifier 25 (OSFP"),
        (LOWER_MEMORY, "descriptors 1 501D4411h (Application 1: 400GAUI-4-L C2M x4 to"),
        (LOWER_MEMORY, "FF000000h (end of the list)"),
        (LOWER_MEMORY, "temperature 32 °C"),
        (Page(0x00), "129-144 81h 41 43 4d 45 20 20 20 20"),
    ],
)
def test_line_of_the_first_pages_says(at: Page, line: str) -> None:
    lines = shown(module_pages({}), at)
    assert any(line in shown_line for shown_line in lines), lines


def test_heading_names_the_page_and_its_clause() -> None:
    assert shown(module_pages({Page(0x02): page()}), Page(0x02))[0].startswith("page 02h: Alarm and warning thresholds")
    assert "(OIF-CMIS 8.5)" in shown(module_pages({Page(0x02): page()}), Page(0x02))[0]


def test_page_without_a_map_is_folded_into_one_line() -> None:
    lines = shown(module_pages({Page(0xB0): page()}), Page(0xB0))
    assert lines[0] == "page B0h: no map of this page is known here"
    assert lines[2:] == ["128-255 80h 00 x 128 reserved or vendor"]


@pytest.mark.parametrize(
    ("held", "said"), [(None, "read failed"), (b"", "not in the evidence")], ids=["read failed", "empty"]
)
def test_page_without_bytes_says_why(held: bytes | None, said: str) -> None:
    assert said in " ".join(shown(module_pages({Page(0x02): held}), Page(0x02)))


def test_bytes_beyond_the_end_of_a_short_page_are_not_in_the_evidence() -> None:
    entries = annotated(transceiver(module_pages({Page(0x02): page()[:40]})), Page(0x02)).entries
    last = entries[-1]
    assert isinstance(last.value, Missing)
    assert last.value.why is Absence.NOT_RECORDED
    assert not any(entry.raw for entry in entries if entry.first >= 168)


class Made(CmisView, page=Page(0xC0), writable="128-129", write_only="130", clears="131-132"):
    """A page with every kind of access (no document)."""

    __slots__ = ()

    control = lane_bits(128)
    low_half = Bits(129, 3, 0)
    password = UInt(130)
    flag = Bit(131, 7)
    later = UInt(140, since="5.3")


class Module(CmisTransceiver):
    @property
    def views(self) -> tuple[View, ...]:
        return (Made(self.memory),)


@pytest.mark.parametrize(
    ("first", "bits", "field", "access", "revision"),
    [
        (128, "0", "control", "RW", ""),
        (129, "7-4", UNDECLARED, "RW", ""),
        (129, "3-0", "low_half", "RW", ""),
        (130, "", "password", "WO", ""),
        (131, "7", "flag", "RO/COR", ""),
        (131, "6-0", UNDECLARED, "RO/COR", ""),
        (132, "", UNDECLARED, "RO/COR", ""),
        (133, "", UNDECLARED, "RO", ""),
        (140, "", "later", "RO", "since 5.3"),
        (141, "", UNDECLARED, "RO", ""),
    ],
)
def test_entry_has_access_bits_and_revision(first: int, bits: str, field: str, access: str, revision: str) -> None:
    one = annotated(Module(module_pages({Page(0xC0): page()})), Page(0xC0))
    [entry] = [entry for entry in one.entries if (entry.first, entry.bits) == (first, bits)]
    assert (entry.field, entry.access, entry.revision) == (field, access, revision)


def covered(one: Annotated) -> dict[int, int]:
    """By byte the bits that some entry is about."""
    masks: dict[int, int] = {}
    for entry in one.entries:
        for byte in range(entry.first, entry.first + entry.size):
            masks[byte] = masks.get(byte, 0) | entry.mask
    return masks


@pytest.mark.parametrize("file", DUMPS, ids=lambda file: file.stem)
def test_every_bit_of_every_recorded_page_is_covered(file: Path) -> None:
    if file.stem == "index":
        return
    module = transceiver(read_dump(file))
    for at in module.memory.pages:
        one = annotated(module, at)
        assert covered(one) == dict.fromkeys(range(at.first, at.first + 128), 0xFF)
        undeclared = {entry.first for entry in one.entries if entry.field == UNDECLARED and entry.whole}
        assert not undeclared & {entry.first for entry in one.entries if entry.field != UNDECLARED}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from((0x18, 0x11, 0x03)))
def test_random_bytes_are_covered_and_never_raise(drawn: st.DataObject, identifier: int) -> None:
    halves = st.binary(min_size=0, max_size=128)
    numbers = (A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER)
    if identifier != 0x03:
        numbers = (LOWER_MEMORY, Page(0x00), Page(0x11), drawn.draw(st.builds(Page, st.integers(0, 255))))
    pages = {at: drawn.draw(halves | st.none()) for at in numbers}
    first = pages[numbers[0]]
    pages[numbers[0]] = bytes([identifier]) + (first or b"")[1:]
    module = transceiver(Memory("random", pages))
    every = [annotated(module, at) for at in numbers]
    json.dumps(data(every))
    assert text(every)
    for one in every:
        assert all(len(entry.raw) <= entry.size for entry in one.entries)
        assert not one.entries or set(covered(one).values()) == {0xFF}


# --- VDM ----------------------------------------------------------------------------------------------------------

REGISTERS = [
    pytest.param(register, id=f"{view.__module__}.{view.__name__}.{register.name}")
    for view in (*cmis.VIEWS, *vdm.VIEWS, *sff8636.VIEWS, *sff8472.VIEWS)
    for register in view.registers()
]


@pytest.mark.parametrize("register", REGISTERS)
def test_register_consists_of_fields_that_can_be_placed(register: Register[object]) -> None:
    placed = list(parts(register))
    assert placed
    for _, field, _ in placed:
        assert field.size > 1 or not field.part or BITS.fullmatch(field.part)


VDM = {
    Page(0x20): page(b128=b"\x00\x05\x10\x0f"),  # eSNR of lane 1, then pre-FEC BER of lane 1 with threshold set 1
    Page(0x24): page(b128=b"\x15\x10"),
    Page(0x28): page(b128=b"\x20\x00"),
    Page(0x2C): page(b128=b"\x05"),
    Page(0x2F): page(),
}


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (0x20, "descriptors 1 5 (eSNR, media input, lane 1; threshold set 0)"),
        (0x24, "samples 1 (eSNR, media input, lane 1) 21.0625 dB"),
        (0x24, "samples 3-64 unused"),
        (0x28, "thresholds set 0 high_alarm (eSNR, media input) 32 dB"),
        (0x2C, "flags 1 (eSNR, media input, lane 1) 5 (high_alarm, high_warning)"),
    ],
)
def test_page_of_vdm_says_what_is_observed(number: int, line: str) -> None:
    lines = shown(module_pages(VDM), Page(number))
    assert any(line in shown_line for shown_line in lines), lines


def test_instance_without_its_descriptor_on_record_is_not_called_unused() -> None:
    without = {at: held for at, held in VDM.items() if at != Page(0x20)}
    assert not any("unused" in line for line in shown(module_pages({**without, Page(0x21): page()}), Page(0x24)))


def test_page_of_diagnostics_has_only_what_its_selector_shows() -> None:
    advertised = {Page(0x01): page(b142=b"\x20"), Page(0x13): page(b130=b"\x33")}
    lines = shown(module_pages({**advertised, Page(0x14): page(b128=b"\x06", b240=b"\x00\x15")}), Page(0x14))
    assert any("240-241 F0h 00 15 RO media_snr 1 21 dB" in line for line in lines), lines
    assert not any("ber" in line or "errors" in line for line in lines)


# --- CDB ----------------------------------------------------------------------------------------------------------


def test_page_of_cdb_has_the_registers_of_the_reply_that_stands_there() -> None:
    lower = bytearray(module_pages({}).pages[LOWER_MEMORY] or b"")
    lower[37] = 0x01  # the command is done
    advertised = bytearray(module_pages({}).pages[Page(0x01)] or b"")
    advertised[163 - 128] = 0x40
    told = cdb.reply(cdb.query(0x0000), bytes([2, 0x10]))
    memory = module_pages({LOWER_MEMORY: bytes(lower), Page(0x01): bytes(advertised), Page(0x9F): told})
    lines = shown(memory, Page(0x9F))
    assert any("RW command 0 (" in line for line in lines), lines
    assert any("137 89h 10 RW status module password accepted" in line for line in lines), lines


# --- JSON and page names ------------------------------------------------------------------------------------------


def test_json_has_a_reason_for_every_null() -> None:
    module = transceiver(module_pages({Page(0x02): None, Page(0x11): page()}))
    told: Any = json.loads(json.dumps(data([annotated(module, at) for at in asked(module.memory.pages, "")])))
    assert [one["page"] for one in told] == ["lower", "00", "01", "02", "11"]
    assert [one["absent"] for one in told] == ["", "", "", "read failed", ""]
    for one in told:
        for entry in one["entries"]:
            assert (entry["value"] is None) is bool(entry["absent"]), entry


CMIS_PAGES = (LOWER_MEMORY, Page(0x00), Page(0x11), Page(0x11, 1), Page(0xA0))
SFP_PAGES = (A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, Page(2, device=0xA2, sfp=True))


@pytest.mark.parametrize(
    ("pages", "wanted", "found"),
    [
        (CMIS_PAGES, "lower", [LOWER_MEMORY]),
        (CMIS_PAGES, "00", [Page(0x00)]),
        (CMIS_PAGES, "0", [Page(0x00)]),
        (CMIS_PAGES, "11h", [Page(0x11), Page(0x11, 1)]),
        (CMIS_PAGES, "0:11", [Page(0x11)]),
        (CMIS_PAGES, "1:0x11", [Page(0x11, 1)]),
        (CMIS_PAGES, "A0", [Page(0xA0)]),
        (SFP_PAGES, "a0", [A0_LOWER, A0_UPPER]),
        (SFP_PAGES, "A2h", [A2_LOWER, A2_UPPER, Page(2, device=0xA2, sfp=True)]),
        (SFP_PAGES, "a2:lower", [A2_LOWER]),
        (SFP_PAGES, "a2:02", [Page(2, device=0xA2, sfp=True)]),
        (CMIS_PAGES, "", list(CMIS_PAGES)),
    ],
)
def test_page_is_found_by_its_name(pages: tuple[Page, ...], wanted: str, found: list[Page]) -> None:
    assert list(asked(pages, wanted)) == found


@pytest.mark.parametrize("wanted", ["77", "upper", "2:11", "x"])
def test_unknown_page_names_those_there_are(wanted: str) -> None:
    with pytest.raises(UsageError, match=rf"--page {wanted}: no such page; there are lower, 00, 11, 1:11, a0$"):
        asked(CMIS_PAGES, wanted)


@pytest.mark.parametrize("at", [*CMIS_PAGES, *SFP_PAGES])
def test_name_of_a_page_finds_that_page_alone_in_its_bank(at: Page) -> None:
    found = asked(SFP_PAGES if at.sfp else CMIS_PAGES, typed(at))
    assert at in found
    assert all(one.number == at.number for one in found)


def test_values_are_those_of_the_views() -> None:
    module = transceiver(module_pages({Page(0x11): page(b154=b"\x2f\x8a")}))
    assert isinstance(module, CmisTransceiver)
    [entry] = [one for one in annotated(module, Page(0x11)).entries if one.name == "tx_power 1"]
    assert isinstance(entry.value, Reading)
    assert entry.value == module.page11.tx_power[0]
