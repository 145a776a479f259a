"""Bulk decoding against the views: the same values, the same absences, whatever the bytes are."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.decode.cmis import Page01, vdm
from harness.decode.columns import VIEWS, Answers, RegisterMap, bare, columns, decode_many, kind_of, poll
from harness.decode.dump import read_dump
from harness.decode.fields import Bit, Code, Field, Fixed, Lanes, Parts, Register, UInt, View, lane_bits, nibbles
from harness.decode.memory import A0_LOWER, A2_LOWER, HALF, LOWER_MEMORY, Memory, Page, place
from harness.decode.module_cmis import CmisTransceiver
from harness.decode.transceiver import transceiver
from harness.reading import Absence, Missing, Reading, Value
from harness.twin.families import family, names
from harness.units import Unit

from ..recordings import recorded

DUMPS = [path for path in recorded("eeprom/*.json") if path.stem != "index"]

ROOMY = "1.6t-2xdr8-osfp-xd"
"""A family with two banks."""


def memory_of(name: str) -> Memory:
    return family(name).image().memory(name)


def of_views(memory: Memory) -> list[object]:
    """What the views give, register by register, without anything of what is tested here."""
    kind, banks, memory = kind_of(memory)
    found: list[object] = []
    for bank in banks:
        for view in VIEWS.get(kind, ()):
            if bank == 0 or view.banked:
                for register in view.registers():
                    read = register.read(view(memory, bank))
                    found.extend(map(bare, read) if isinstance(read, tuple) else [bare(read)])
    return found


def of_vdm(memory: Memory) -> dict[str, object]:
    """What the instances of VDM give, by the names of their columns."""
    found: dict[str, object] = {}
    observed = vdm.observations(memory, vdm.bank_count(memory))
    if isinstance(observed.found, Missing):
        return {"vdm": observed.found.why}
    for number, gap in enumerate(observed.gaps, 1):
        found[f"vdm.gap[{number}]"] = gap.why
    for one in observed.found.value:
        name = f"{one.bank}:vdm[{one.instance}]" if one.bank else f"vdm[{one.instance}]"
        found[f"{name}.sample"] = bare(one.sample)
        for limit, threshold in one.thresholds.items():
            found[f"{name}.{limit}"] = bare(threshold)
        for limit, flag in one.flags.items():
            found[f"{name}.{limit}_flag"] = bare(flag)
        for limit, mask in one.masks.items():
            found[f"{name}.{limit}_mask"] = bare(mask)
    return found


def agree(memory: Memory) -> None:
    held = columns(memory)
    registers = of_views(memory)
    differing = [
        (name, value, expected)
        for name, value, expected in zip(held.names, held.values, registers, strict=False)
        if type(value) is not type(expected) or value != expected or str(value) != str(expected)
    ]
    assert not differing
    assert len(held) == len(held.values) == len(held.names) == len(held.places) == len(held.units)
    rest = dict(zip(held.names[len(registers) :], held.values[len(registers) :], strict=True))
    assert rest == (of_vdm(memory) if kind_of(memory)[0] is CmisTransceiver else {})


@pytest.mark.parametrize("path", DUMPS, ids=lambda path: path.stem)
def test_every_register_of_a_recording_is_as_its_view_gives_it(path: Path) -> None:
    agree(read_dump(path))


@pytest.mark.parametrize("name", names())
def test_every_register_of_a_family_is_as_its_view_gives_it(name: str) -> None:
    agree(memory_of(name))


def shaken(memory: Memory, chance: random.Random) -> Memory:
    """The memory with pages changed, cut short, failed, taken away or blank; its identifier mostly stays."""
    pages: dict[Page, bytes | None] = {}
    for page, held in memory.pages.items():
        assert held is not None
        fate = chance.choice(("kept", "kept", "kept", "noise", "bytes", "short", "failed", "gone", "ones", "zeros"))
        changed = bytearray(held)
        if fate == "noise":
            first = 3 if page.number in (-1, 0) else 0
            changed[first:] = chance.randbytes(HALF - first)
        elif fate == "bytes":
            for _ in range(8):
                changed[chance.randrange(HALF)] = chance.choice((0, 0xFF, chance.randrange(256)))
        elif fate == "short":
            del changed[chance.randrange(HALF) :]
        elif fate in ("ones", "zeros"):
            changed[3:] = (b"\xff" if fate == "ones" else b"\0") * (HALF - 3)
        if page == Page01.page and len(changed) > 14 and changed[14] & 3 == 3:
            changed[14] &= 0xFE  # up to 32 banks, which would take the views long
        if fate != "gone":
            pages[page] = None if fate == "failed" else bytes(changed)
    if chance.random() < 0.2:
        pages[Page(0x11, 3)] = chance.randbytes(HALF)
    if chance.random() < 0.1:
        pages[Page(0x24)] = chance.randbytes(HALF + 4)
    return Memory("shaken", pages)


KINDS = [
    memory_of(name) for name in ("800g-2xfr4", "400g-dr4-cmis3", "400g-zr", "800g-dac", ROOMY, "100g-sr4", "25g-sr")
]


@settings(max_examples=200, deadline=None)
@given(kind=st.sampled_from(range(len(KINDS))), seed=st.integers(0, 2**32))
def test_whatever_the_bytes_are_the_columns_are_as_the_views_give_them(kind: int, seed: int) -> None:
    agree(shaken(KINDS[kind], random.Random(seed)))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), present=st.sets(st.sampled_from((LOWER_MEMORY, A0_LOWER, A2_LOWER, Page(0)))))
def test_pages_of_nothing_known_do_not_raise(seed: int, present: set[Page]) -> None:
    chance = random.Random(seed)
    agree(Memory("noise", {page: chance.randbytes(chance.choice((0, 1, 96, HALF))) for page in present}))


@pytest.mark.parametrize("name", ["800g-2xfr4", ROOMY, "100g-sr4", "25g-sr"])
def test_a_touched_column_is_the_reading_of_its_view_with_place_and_unit(name: str) -> None:
    held = columns(memory_of(name))
    for column, (value, where, unit) in enumerate(zip(held.values, held.places, held.units, strict=True)):
        reading = held.reading(column)
        assert isinstance(reading, Reading | Missing)
        assert bare(reading) == value
        if isinstance(reading, Reading):
            assert reading.source.where == place(*where)
            assert reading.unit is unit
    with pytest.raises(IndexError):
        held.reading(len(held))


def test_names_are_the_page_the_register_and_the_lane() -> None:
    held = columns(memory_of("800g-2xfr4"))
    module = transceiver(held.memory)
    assert isinstance(module, CmisTransceiver)
    assert held["11h.tx_power[3]"] == bare(module.page11.tx_power[2])
    assert held.reading("11h.tx_power[3]") == module.page11.tx_power[2]
    assert held["00h.vendor_name"] == "SIMULATED"
    assert held.places[held.layout.column["01h.tx_power_monitor"]] == (Page01.page, 160, 1, "bit 1")
    assert dict(held.items())["lower.identifier"] == held["lower.identifier"]
    with pytest.raises(KeyError):
        held["11h.tx_power[9]"]


def test_the_second_bank_has_columns_of_its_own() -> None:
    held = columns(memory_of(ROOMY))
    module = transceiver(held.memory)
    assert isinstance(module, CmisTransceiver)
    assert held["1:11h.tx_power[1]"] == bare(type(module.page11)(held.memory, 1).tx_power[0])
    assert "1:01h.banks" not in held.names


@pytest.mark.parametrize("name", ["800g-2xfr4", ROOMY, "100g-sr4", "25g-sr"])
def test_no_two_columns_have_one_name(name: str) -> None:
    held = columns(memory_of(name))
    assert len(set(held.names)) == len(held.names)


@pytest.mark.parametrize("name", ["800g-2xfr4", ROOMY, "400g-zr", "100g-sr4", "25g-sr"])
def test_a_poll_has_the_same_values_under_the_same_names(name: str) -> None:
    memory = memory_of(name)
    everything = dict(columns(memory).items())
    polled = dict(poll(memory).items())
    assert 0 < len(polled) < len(everything)
    assert polled == {column: everything[column] for column in polled}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        pytest.param("800g-2xfr4", "00h.vendor_sn", id="CMIS: who the module is"),
        pytest.param("800g-2xfr4", "lower.module_state", id="CMIS: its state"),
        pytest.param("800g-2xfr4", "11h.rx_power[8]", id="CMIS: a lane monitor"),
        pytest.param("800g-2xfr4", "11h.tx_fault[1]", id="CMIS: a lane flag"),
        pytest.param("800g-2xfr4", "lower.temperature_high_alarm", id="CMIS: a module flag"),
        pytest.param("800g-2xfr4", "vdm[1].sample", id="CMIS: a sample of VDM"),
        pytest.param("800g-2xfr4", "vdm[1].high_alarm_flag", id="CMIS: a flag of VDM"),
        pytest.param("100g-sr4", "lower.rx_power_raw[4]", id="SFF-8636: a lane monitor"),
        pytest.param("100g-sr4", "lower.rx_los[1]", id="SFF-8636: a lane flag"),
        pytest.param("25g-sr", "A0h.vendor_sn", id="SFF-8472: who the module is"),
        pytest.param("25g-sr", "A2h.temperature_raw", id="SFF-8472: a monitor"),
        pytest.param("25g-sr", "A2h.rx_los", id="SFF-8472: a flag"),
    ],
)
def test_a_poll_has(name: str, column: str) -> None:
    assert column in poll(memory_of(name)).names


@pytest.mark.parametrize(
    ("name", "column"),
    [("800g-2xfr4", "02h.tx_power[1]"), ("800g-2xfr4", "vdm[1].high_alarm"), ("100g-sr4", "03h.rx_power[1]")],
)
def test_a_poll_has_no_thresholds(name: str, column: str) -> None:
    memory = memory_of(name)
    assert column in columns(memory).names
    assert column not in poll(memory).names


def changed(memory: Memory, page: Page, byte: int, number: int) -> Memory:
    held = bytearray(memory.pages[page] or b"")
    held[byte - page.first] = number
    return Memory(memory.evidence, {**memory.pages, page: bytes(held)})


@pytest.mark.parametrize(
    ("page", "byte", "number", "column", "value"),
    [
        pytest.param(Page(0x01), 160, 0, "11h.tx_power[1]", Absence.NOT_ADVERTISED, id="a monitor"),
        pytest.param(Page(0x01), 142, 0, "13h.host_output_loopback[1]", Absence.NOT_ADVERTISED, id="a page"),
        pytest.param(Page(0x01), 142, 0, "vdm", Absence.NOT_ADVERTISED, id="VDM"),
        pytest.param(LOWER_MEMORY, 2, 0x80, "11h.tx_power[1]", Absence.NOT_ADVERTISED, id="every page"),
        pytest.param(LOWER_MEMORY, 1, 0x40, "11h.dp_init_pending[1]", Absence.BEYOND_REVISION, id="a later revision"),
    ],
)
def test_what_is_no_longer_advertised_is_gone_though_its_page_was_decoded_before(
    page: Page, byte: int, number: int, column: str, value: Absence
) -> None:
    memory = memory_of("800g-2xfr4")
    before = dict(columns(memory).items())
    assert before.get(column) is not value
    assert columns(changed(memory, page, byte, number))[column] is value
    assert dict(columns(memory).items()) == before


def test_another_descriptor_of_vdm_gives_another_meaning_to_the_same_sample() -> None:
    memory = memory_of("800g-2xfr4")
    before = columns(memory)
    columns(memory)
    other = changed(memory, Page(0x20), 129, 1)  # laser age
    assert columns(other)["vdm[1].sample"] != before["vdm[1].sample"]
    agree(other)


def test_the_vendors_observable_has_no_value_but_its_reason() -> None:
    memory = changed(memory_of("800g-2xfr4"), Page(0x20), 129, 104)
    assert columns(memory)["vdm[1].sample"] is Absence.RESERVED
    agree(memory)


def test_a_module_of_no_known_memory_map_has_no_columns() -> None:
    xfp = Memory("xfp", {LOWER_MEMORY: bytes([0x06, *range(127)]), Page(0): bytes(HALF)})
    assert len(columns(xfp)) == len(poll(xfp)) == 0


def test_a_fleet_is_decoded_one_module_after_another() -> None:
    fleet = [memory_of("800g-2xfr4"), memory_of("100g-sr4"), memory_of("25g-sr")]
    taken: list[str] = []

    def arriving() -> Any:
        for memory in fleet:
            taken.append(memory.evidence)
            yield memory

    decoded = decode_many(arriving())
    assert taken == []
    assert next(decoded).values == columns(fleet[0]).values
    assert taken == ["800g-2xfr4"]
    assert [held.values for held in decoded] == [columns(memory).values for memory in fleet[1:]]


def test_modules_of_one_type_share_their_names() -> None:
    first, second = (columns(family("800g-2xfr4").image(serial).memory(serial)) for serial in ("A1", "B2"))
    assert first.names is second.names
    assert (first["00h.vendor_sn"], second["00h.vendor_sn"]) == ("A1", "B2")


class Running(Memory):
    """A module that is asked as it runs, and counts."""

    asked = 0

    @property
    def settled(self) -> bool:
        return False

    def take(self, page: Page, byte: int, size: int = 1, part: str = "") -> Value[bytes]:
        type(self).asked += 1
        return super().take(page, byte, size, part)


def test_a_module_that_runs_is_asked_again_each_time() -> None:
    memory = memory_of("100g-sr4")
    running = Running(memory.evidence, memory.pages)
    assert columns(running).values == columns(memory).values
    first, Running.asked = Running.asked, 0
    assert columns(running).values == columns(memory).values
    assert Running.asked == first > 0
    assert poll(running).values == poll(memory).values


class Advertising(View, page=Page(0x01)):
    on = Bit(140, 0)
    paged = Bit(140, 1)


class Third(Field[Decimal]):
    """A type of register that nothing else knows: three bytes, and 0 is not one."""

    def __init__(self, byte: int, size: int = 3, **keywords: Any) -> None:
        super().__init__(byte, size, unit=Unit.MW, **keywords)

    def decode(self, raw: bytes) -> Decimal | Absence:
        number = int.from_bytes(raw, "big")
        return Decimal(number) / 8 if number else Absence.NOT_AVAILABLE


class Elsewhere(Field[int]):
    """A register that has a permission of its own."""

    def permit(self, view: View) -> Missing | None:
        held = view.memory.take(Page(0x01), 141)
        if isinstance(held, Missing) or held.value != b"\x05":
            return None
        return Missing(Absence.NOT_ADVERTISED, held.source)

    def decode(self, raw: bytes) -> int:
        return raw[0]


class Twice(Field[int]):
    """A register that takes its bytes in its own way."""

    def at(self, view: View, shift: int, permit: Missing | None) -> Value[int]:
        taken = view.take(self.byte + 1, 1)
        return taken if isinstance(taken, Missing) else Reading(2 * taken.value[0], taken.source)


class Sum(Register["tuple[Value[int], ...]"]):
    """A register that is no field at all."""

    def read(self, view: View) -> tuple[Value[int], ...]:
        taken = view.take(128, 4)
        return (taken,) if isinstance(taken, Missing) else (Reading(sum(taken.value), taken.source),)


WORDS: Mapping[int, str] = {0: "none", 1: "one", 2: "two", 15: "many"}


class Sample(View, page=Page(0x11), exists=Advertising.paged):
    third = Third(128)
    thirds = Lanes(Third(130, 2, advertised_by=Advertising.on), 3, stride=5)
    single = Third(131, 1)
    elsewhere = Elsewhere(133)
    twice = Twice(134)
    total = Sum()
    odd = UInt(135, 2)
    little = UInt(136, 2, little=True)
    across = Bit(150, 3, advertised_by=Advertising.on)
    again = Bit(150, 3, inverted=True)
    codes = nibbles(151, WORDS, 4)
    flags = lane_bits(151, 3, low=2)
    mixed = Parts([Bit(150, 1), Bit(152, 0)])
    late = Code(151, {5: "five", 7: "seven"}, high=3, low=0, later={"five": "9.9"})
    step = Fixed(160, step="0.10")
    other = Fixed(160, step="0.1")
    none = Fixed(162, step="1", unavailable=(7,))
    before = UInt(100)
    after = UInt(254, 4)
    last = UInt(255)


class Later(Sample):
    """The same page of a map in which everything is of an older revision."""

    def beyond(self, since: str) -> Missing | None:
        held = self.memory.take(Page(0x01), 142)
        if isinstance(held, Missing) or held.value == b"\0":
            return None
        return Missing(Absence.BEYOND_REVISION, held.source)


class Shifted(View, page=Page(0x11)):
    """A view that takes bytes in its own way."""

    number = UInt(128)
    numbers = Lanes(UInt(129), 2)

    def take(self, byte: int, size: int, part: str = "") -> Value[bytes]:
        return super().take(byte + 3, size, part)


def layout_agrees(view: type[View], memory: Memory, held: RegisterMap) -> None:
    got = [value for section, standing in held.standings.of(memory) for value in section.values(memory, standing)]
    expected: list[object] = []
    for register in view.registers():
        read = register.read(view(memory))
        lanes = isinstance(register, Lanes | Parts) and view.take is View.take
        expected.extend(map(bare, read) if lanes and isinstance(read, tuple) else [bare(read)])
    assert list(map(str, got)) == list(map(str, expected))
    assert got == expected


@settings(max_examples=200, deadline=None)
@given(
    view=st.sampled_from((Sample, Later, Shifted)),
    advertising=st.one_of(st.none(), st.binary(max_size=16)),
    held=st.one_of(st.none(), st.binary(max_size=HALF), st.binary(min_size=HALF, max_size=HALF + 6)),
)
def test_registers_of_any_type_decode_as_they_do_alone(
    view: type[View], advertising: bytes | None, held: bytes | None
) -> None:
    pages = {Page(0x01): None if advertising is None else b"\0" * 12 + advertising, Page(0x11): held}
    layout_agrees(view, Memory("any", pages), MAPS[view])
    layout_agrees(view, Memory("any", {Page(0x11): held}), MAPS[view])


MAPS: Mapping[type[View], RegisterMap] = {view: RegisterMap([view], (0,), False) for view in (Sample, Later, Shifted)}


def test_a_page_that_was_decoded_before_is_not_decoded_again() -> None:
    class Counted(UInt):
        times = 0

        def decode(self, raw: bytes) -> int:
            type(self).times += 1
            return super().decode(raw)

    class Page3(View, page=Page(0x03)):
        long = Counted(128, 8)
        short = Lanes(Counted(140), 4)

    held = RegisterMap([Page3], (0,), False)
    memory = Memory("page", {Page(0x03): bytes(range(HALF))})
    for _ in range(3):
        layout_agrees(Page3, Memory("view", memory.pages), held)
    once, Counted.times = Counted.times, 0
    for _ in range(3):
        for section, standing in held.standings.of(memory):
            section.values(memory, standing)
    assert once == 3 * 5 + 5
    assert Counted.times == 0


def test_a_question_is_asked_again_where_a_byte_differs_that_an_answer_depended_on() -> None:
    asked: list[bytes] = []

    def question(memory: Memory) -> str:
        first = memory.take(LOWER_MEMORY, 3)
        assert isinstance(first, Reading)
        second = memory.take(LOWER_MEMORY, 60) if first.value == b"\x01" else first
        assert isinstance(second, Reading)
        asked.append(second.value)
        return f"{first.value.hex()} {second.value.hex()}"

    answers = Answers(question)

    def of(third: int, sixtieth: int) -> str:
        held = bytearray(HALF)
        held[3], held[60], held[90] = third, sixtieth, len(asked)
        return answers.of(Memory("m", {LOWER_MEMORY: bytes(held)}))

    assert [of(0, 7), of(0, 8), of(1, 7), of(1, 7), of(1, 8), of(0, 9)] == [
        *("00 00", "00 00", "01 07", "01 07", "01 08", "00 00")
    ]
    assert len(asked) == 4


def test_an_answer_that_went_past_take_is_not_kept() -> None:
    answers = Answers(lambda memory: len(memory.pages))
    assert answers.of(Memory("m", {LOWER_MEMORY: b""})) == 1
    assert answers.of(Memory("m", {LOWER_MEMORY: b"", Page(0): b""})) == 2
