"""Registers on bytes: edges, signs, sentinels, reserved codes, and what is said where there is no value."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.decode.cmis import DATA_PATH_STATES
from harness.decode.fields import (
    Bit,
    Bits,
    Code,
    Field,
    Fixed,
    Float,
    Hexadecimal,
    Lanes,
    Length,
    Revision,
    Text,
    UInt,
    Version,
    View,
    lane_bits,
    nibbles,
    text_fault,
)
from harness.decode.memory import A2_UPPER, LOWER_MEMORY, Image, Memory, Page, place
from harness.reading import Absence, Missing, Reading
from harness.units import Unit

PAGE = Page(0x11)


class Advertising(View, page=Page(0x01)):
    supported = Bit(160, 2)


class Sample(View, page=PAGE):
    number = UInt(128)
    wide = UInt(130, 2)
    low_bits = Bits(129, 3, 1)
    bit = Bit(129, 7)
    inverted = Bit(129, 6, inverted=True)
    temperature = Fixed(132, step="0.00390625", unit=Unit.CELSIUS, signed=True, unavailable=(0x8000,))
    power = Fixed(134, step="0.0001", unit=Unit.MW, advertised_by=Advertising.supported)
    state = Code(136, DATA_PATH_STATES, high=3, low=0)
    name = Text(140, 8)
    oui = Hexadecimal(148, 3)
    version = Version(152)
    revision = Revision(154)
    ratio = Float(156)
    length = Length(160, metres=("0.1", "1", "10", "100"))
    powers = Lanes(Fixed(170, step="0.0001", unit=Unit.MW, advertised_by=Advertising.supported))
    flags = lane_bits(186)
    states = nibbles(190, DATA_PATH_STATES)
    last = UInt(254, 2)


def sample(at: int, raw: bytes, advertised: bool = True) -> Sample:
    image = Image()
    image.put(PAGE, at, raw)
    Advertising.supported.write(image, advertised)
    return Sample(image.memory("module"))


def test_number_is_big_endian_and_knows_where_it_stood() -> None:
    read = sample(130, b"\x2d\x80").wide
    assert isinstance(read, Reading)
    assert read.value == 0x2D80
    assert str(read.source) == "module page 11h bytes 130-131 = 0x2d80"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        pytest.param("0000", "0", id="zero"),
        pytest.param("7fff", "127.99609375", id="the largest"),
        pytest.param("8001", "-127.99609375", id="the smallest"),
        pytest.param("ffff", "-0.00390625", id="one step below zero"),
        pytest.param("40f1", "64.94140625", id="exact in decimal"),
    ],
)
def test_temperature_is_a_signed_share_of_256(raw: str, value: str) -> None:
    read = sample(132, bytes.fromhex(raw)).temperature
    assert isinstance(read, Reading)
    assert (read.value, read.unit) == (Decimal(value), Unit.CELSIUS)


def test_sentinel_is_not_a_value() -> None:
    read = sample(132, b"\x80\x00").temperature
    assert isinstance(read, Missing)
    assert (read.why, read.source.raw) == (Absence.NOT_AVAILABLE, "0x8000")


def test_bits_and_bit_say_which_bits_of_the_byte_they_are() -> None:
    view = sample(129, b"\x8a")
    assert isinstance(view.low_bits, Reading) and isinstance(view.bit, Reading) and isinstance(view.inverted, Reading)
    assert (view.low_bits.value, view.bit.value, view.inverted.value) == (5, True, True)
    assert view.low_bits.source.where == "page 11h byte 129 bits 3-1"
    assert view.bit.source.where == "page 11h byte 129 bit 7"


def test_reserved_code_keeps_its_raw_byte() -> None:
    read = sample(136, b"\x0f").state
    assert isinstance(read, Missing)
    assert (read.why, read.source.raw) == (Absence.RESERVED, "0x0f")


def test_odd_lane_is_the_low_half_of_the_byte() -> None:
    states = sample(190, b"\x14\x77\x00\x24").states
    assert [state.value if isinstance(state, Reading) else state.why for state in states] == [
        "DPActivated",
        "DPDeactivated",
        "DPInitialized",
        "DPInitialized",
        Absence.RESERVED,
        Absence.RESERVED,
        "DPActivated",
        "DPInit",
    ]


def test_lane_1_is_bit_0() -> None:
    flags = sample(186, b"\x81").flags
    assert [flag.value for flag in flags if isinstance(flag, Reading)] == [True, *[False] * 6, True]
    assert [flag.source.where for flag in flags][7] == "page 11h byte 186 bit 7"


def test_lanes_stand_one_after_the_other() -> None:
    powers = sample(170, b"".join(lane.to_bytes(2, "big") for lane in range(8))).powers
    assert [power.value for power in powers if isinstance(power, Reading)] == [Decimal(n) / 10000 for n in range(8)]
    assert powers[7].source.where == "page 11h bytes 184-185"


def test_monitor_not_advertised_points_at_the_advertising_bit() -> None:
    view = sample(134, b"\x2d\x80", advertised=False)
    for read in (view.power, *view.powers):
        assert isinstance(read, Missing)
        assert (read.why, read.detail) == (Absence.NOT_ADVERTISED, "01h:160.2")
        assert read.source.where == "page 01h byte 160 bit 2"


def test_unread_advertising_bit_lets_a_register_speak_for_itself_unless_it_is_blank() -> None:
    for raw, spoken in ((b"\x2d\x80", True), (b"\x00\x00", False), (b"\xff\xff", False)):
        image = Image()
        image.put(PAGE, 134, raw)
        read = Sample(image.memory("module")).power
        if spoken:
            assert isinstance(read, Reading)
            assert "page 01h byte 160 bit 2 not in the evidence" in read.source.where
        else:
            assert isinstance(read, Missing)
            assert (read.why, read.source.where) == (Absence.NOT_RECORDED, "page 01h byte 160 bit 2")


def test_failed_read_is_missing_and_is_not_remembered() -> None:
    pages: dict[Page, bytes | None] = {PAGE: None}
    view = Sample(Memory("module", pages))
    assert isinstance(view.number, Missing)
    assert view.number.why is Absence.READ_FAILED
    pages[PAGE] = b"\x07" + bytes(127)
    assert Sample.number.read(view) == Reading(7, view.number.source)


def test_page_that_was_never_read_is_not_in_the_evidence() -> None:
    read = Sample(Memory("module", {})).number
    assert isinstance(read, Missing)
    assert (read.why, read.source.where) == (Absence.NOT_RECORDED, "page 11h byte 128")


def test_short_page_keeps_what_it_has_and_misses_the_rest() -> None:
    view = Sample(Memory("module", {PAGE: b"\x01" + bytes(5) + b"\x01"}))
    assert isinstance(view.number, Reading)
    assert isinstance(view.last, Missing)
    assert view.last.detail == "page 11h ends at byte 134"
    cut = view.memory.take(PAGE, 134, 2)
    assert isinstance(cut, Missing)
    assert cut.source.raw == "0x01"


@pytest.mark.parametrize(
    ("page", "byte", "size", "words"),
    [
        (LOWER_MEMORY, 14, 2, "lower memory bytes 14-15"),
        (Page(0x11, bank=2), 128, 1, "bank 2 page 11h byte 128"),
        (Page(-1, device=0xA0, sfp=True), 20, 16, "A0h bytes 20-35"),
        (A2_UPPER, 130, 1, "A2h page 00h byte 130"),
    ],
)
def test_place_is_written_as_the_specification_numbers_it(page: Page, byte: int, size: int, words: str) -> None:
    assert place(page, byte, size) == words


def test_bank_chooses_the_page() -> None:
    image = Image()
    Sample.number.write(image, 9, bank=1)
    memory = image.memory("module")
    assert isinstance(Sample(memory, bank=1).number, Reading)
    assert isinstance(Sample(memory).number, Missing)


@pytest.mark.parametrize(
    ("raw", "metres"), [("00", "0"), ("0f", "1.5"), ("45", "5"), ("bf", "630"), ("c1", "100"), ("ff", None)]
)
def test_length_is_a_base_and_a_multiplier(raw: str, metres: str | None) -> None:
    read = sample(160, bytes.fromhex(raw)).length
    if metres is None:
        assert isinstance(read, Missing)
    else:
        assert isinstance(read, Reading)
        assert (read.value, read.unit) == (Decimal(metres), Unit.METRE)


def test_invalid_firmware_image_has_no_version() -> None:
    assert isinstance(sample(152, b"\xff\xff").version, Missing)


def test_coefficient_that_is_no_number_is_unreadable() -> None:
    for raw in ("7f800000", "7fc00000"):
        read = sample(156, bytes.fromhex(raw)).ratio
        assert isinstance(read, Missing)
        assert read.why is Absence.UNREADABLE


@pytest.mark.parametrize(
    ("raw", "value", "fault"),
    [
        (b"ACME    ", "ACME", ""),
        (b"        ", "", ""),
        (b"ACME\0\0\0\0", "ACME", "padded with NUL instead of spaces from byte 144"),
        (bytes(8), "", "filled with NUL instead of spaces"),
        (b" ACME   ", " ACME", "not left-justified"),
        (b"AC\xffE    ", "AC\xffE", "byte 142 is FFh, not printable ASCII"),
        (b"AC\0E    ", "AC\0E", "byte 142 is 00h, not printable ASCII"),
    ],
)
def test_text_is_stripped_and_its_form_is_judged_apart(raw: bytes, value: str, fault: str) -> None:
    read = sample(140, raw).name
    assert isinstance(read, Reading)
    assert (read.value, text_fault(raw, 140)) == (value, fault)


BYTES = st.binary(min_size=0, max_size=128)


@given(BYTES, st.booleans())
def test_any_bytes_decode_without_exception(held: bytes, failed: bool) -> None:
    view = Sample(Memory("module", {PAGE: None if failed else held, Page(0x01): held}))
    for register in Sample.registers():
        assert isinstance(register.read(view), Reading | Missing | tuple)


ROUND_TRIPS: list[tuple[Field[Any], st.SearchStrategy[Any]]] = [
    (Sample.number, st.integers(0, 255)),
    (Sample.wide, st.integers(0, 65535)),
    (Sample.low_bits, st.integers(0, 7)),
    (Sample.bit, st.booleans()),
    (Sample.inverted, st.booleans()),
    (Sample.temperature, st.integers(-32767, 32767).map(lambda n: n * Decimal("0.00390625"))),
    (Sample.power, st.integers(0, 65535).map(lambda n: n * Decimal("0.0001"))),
    (Sample.state, st.sampled_from(sorted(DATA_PATH_STATES.values()))),
    (Sample.name, st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=8)),
    (Sample.oui, st.binary(min_size=3, max_size=3).map(lambda raw: raw.hex("-"))),
    (Sample.version, st.tuples(st.integers(0, 254), st.integers(0, 255)).map(lambda pair: f"{pair[0]}.{pair[1]}")),
    (Sample.revision, st.tuples(st.integers(0, 15), st.integers(0, 15)).map(lambda pair: f"{pair[0]}.{pair[1]}")),
    (Sample.ratio, st.floats(width=32, allow_nan=False, allow_infinity=False).map(Decimal)),
    (Sample.length, st.integers(0, 254).map(lambda n: Decimal(("0.1", "1", "10", "100")[n >> 6]) * (n & 63))),
]


@given(st.data(), st.binary(min_size=128, max_size=128))
def test_what_is_written_is_read_back_and_nothing_beside_it_changes(data: st.DataObject, held: bytes) -> None:
    field, values = data.draw(st.sampled_from(ROUND_TRIPS))
    image = Image({PAGE: bytearray(held)})
    Advertising.supported.write(image, True)
    value = data.draw(values)
    before = {other.name: other.read(Sample(image.memory("module"))) for other, _ in ROUND_TRIPS}
    field.write(image, value)
    view = Sample(image.memory("module"))
    read = field.read(view)
    assert isinstance(read, Reading)
    assert read.value == value
    for other, _ in ROUND_TRIPS:
        if other.byte != field.byte:
            assert other.read(view) == before[other.name]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Sample.number, 256),
        (Sample.low_bits, 8),
        (Sample.power, Decimal("6.5536")),
        (Sample.state, "DPOnFire"),
        (Sample.name, "NINE CHARS"),
        (Sample.oui, "00-1c"),
        (Sample.version, "256.0"),
        (Sample.revision, "16.0"),
        (Sample.length, Decimal("0.05")),
    ],
)
def test_value_that_does_not_fit_is_refused(field: Field[Any], value: object) -> None:
    with pytest.raises(ValueError, match=r"cannot hold|255|not fit"):
        field.write(Image(), value)


def test_more_values_than_lanes_are_refused() -> None:
    with pytest.raises(ValueError, match="9 values, there are 8 lanes"):
        Sample.powers.write(Image(), [Decimal(0)] * 9)
    with pytest.raises(ValueError, match="9 values, there are 8 lanes"):
        Sample.flags.write(Image(), [False] * 9)


def test_bytes_outside_the_page_are_refused() -> None:
    with pytest.raises(ValueError, match="outside the page"):
        Image().put(PAGE, 255, b"\x00\x00")


class Asking(Memory):
    """A memory that counts how often its bytes are taken; it may still change."""

    taken = 0
    changing = False

    @property
    def settled(self) -> bool:
        return not self.changing

    def take(self, page: Page, byte: int, size: int = 1, part: str = "") -> Reading[bytes] | Missing:
        type(self).taken += 1
        return super().take(page, byte, size, part)


@pytest.mark.parametrize(
    ("changing", "expected"),
    [
        pytest.param(False, 9, id="a memory that no longer changes is asked once what it advertises"),
        pytest.param(True, 10, id="a memory that still changes is asked each time"),
    ],
)
def test_what_a_module_advertises_is_asked_once(changing: bool, expected: int) -> None:
    class Advertised(View, page=PAGE):
        lanes = Lanes(UInt(128, advertised_by=Advertising.supported), 4)

    kind = type("Kind", (Asking,), {"changing": changing})
    memory = kind("module", {Page(0x01): b"\0" * 32 + b"\x04" + b"\0" * 95, PAGE: bytes(128)})
    for _ in range(2):
        assert all(isinstance(lane, Reading) for lane in Advertised(memory).lanes)
    assert kind.taken == expected  # the four lanes twice, and the bit


def test_what_was_asked_of_one_memory_is_not_answered_for_another() -> None:
    class Advertised(View, page=PAGE):
        number = UInt(128, advertised_by=Advertising.supported)

    clear = Memory("module", {Page(0x01): bytes(128), PAGE: bytes(128)})
    raised = Memory("module", {Page(0x01): b"\0" * 32 + b"\x04" + b"\0" * 95, PAGE: bytes(128)})
    assert isinstance(Advertised(clear).number, Missing)
    assert isinstance(Advertised(raised).number, Reading)
    assert isinstance(Advertised(replace(clear, pages=raised.pages)).number, Reading)
