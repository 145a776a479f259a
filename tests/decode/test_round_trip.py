"""What is written into a register is read out of it again, and its neighbours in the same byte stay what they were.

Every register of every page of the three memory maps and of the CDB replies is written, over bytes of chance.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.decode import cmis, sff, sff8472, sff8636
from harness.decode.annotate import mask_of
from harness.decode.cmis import cdb, vdm
from harness.decode.fields import (
    F16,
    Bit,
    Bits,
    Choice,
    Code,
    EvenCount,
    Field,
    Fixed,
    Float,
    Hexadecimal,
    Lanes,
    Length,
    NonZero,
    Parts,
    Register,
    Revision,
    Scaled,
    Share,
    Text,
    UInt,
    Version,
    View,
    Words,
)
from harness.decode.memory import HALF, Image
from harness.reading import Absence

VIEWS: tuple[type[View], ...] = (
    *dict.fromkeys((*cmis.PAGES, *cdb.REPLIES.values(), cdb.CdbStatus, *sff8636.VIEWS, *sff8472.VIEWS)),
)
WITH_REGISTERS = tuple(view for view in VIEWS if any(view.registers()))


def places(register: Register[Any]) -> Iterator[tuple[Field[Any], int]]:
    """The fields of a register, each with how many bytes further on it stands."""
    if isinstance(register, Lanes):
        yield from ((register.first, lane * register.stride) for lane in range(register.count))
    elif isinstance(register, Parts):
        yield from ((part, 0) for part in register.fields)
    elif isinstance(register, Field):
        yield register, 0


def fixed(field: Any, chance: Random) -> Decimal:
    low, high = (
        (-(1 << 8 * field.size - 1), (1 << 8 * field.size - 1) - 1) if field.signed else (0, (1 << 8 * field.size) - 1)
    )
    number = chance.choice((low, high, 1, chance.randint(low, high)))
    while number.to_bytes(field.size, field.order, signed=field.signed) in field.unavailable:
        number = chance.randint(low, high)
    value: Decimal = number * field.step
    return value


def share(field: Any, chance: Random) -> Decimal:
    raw = chance.randbytes(2)
    found: Decimal = field.decode(raw)
    return found


def uint(field: Any, chance: Random) -> int:
    top = 1 << 8 * field.size
    return chance.choice((0, top - 1, chance.randrange(top))) - (top // 2 if field.signed else 0)


def code(field: Any, chance: Random) -> Any:
    return chance.choice(
        [word for number, word in field.table.items() if number <= field.mask and number not in field.unspecified]
    )


def some(table: Mapping[int, str], chance: Random) -> tuple[str, ...]:
    return tuple(word for word in table.values() if chance.random() < 0.5)


def length(field: Any, chance: Random) -> Decimal:
    step = chance.randrange(len(field.metres))
    found: Decimal = field.metres[step] * chance.randrange(63 if step == 3 else 64)
    return found


def single(field: Any, chance: Random) -> Decimal:
    return Decimal(struct.unpack(">f", struct.pack(">f", chance.uniform(-1e6, 1e6)))[0])


def text(field: Any, chance: Random) -> str:
    return "".join(chr(chance.randint(0x21, 0x7E)) for _ in range(chance.randint(0, field.size)))


DOMAINS: Mapping[type[Field[Any]], Callable[[Any, Random], Any]] = {
    Share: share,
    Scaled: lambda field, chance: chance.randint(0, field.top) * field.step,
    sff8636.CaseTemperature: lambda field, chance: Decimal(chance.randint(1, 255)),
    Fixed: fixed,
    vdm.GroupCount: lambda field, chance: chance.randint(1, 4),
    EvenCount: lambda field, chance: chance.getrandbits(63) << 1,
    UInt: uint,
    Bits: lambda field, chance: chance.choice((0, field.mask, chance.randint(0, field.mask))),
    Bit: lambda field, chance: chance.random() < 0.5,
    NonZero: lambda field, chance: chance.random() < 0.5,
    Choice: lambda field, chance: chance.choice([n for c, n in field.table.items() if c <= field.mask]),
    Code: code,
    Words: lambda field, chance: some(field.table, chance),
    sff.Words: lambda field, chance: some(
        {bit: word for bit, word in sorted(field.table.items(), reverse=True) if field.mask >> bit & 1}, chance
    ),
    F16: lambda field, chance: field.decode(chance.randbytes(2)),
    Float: single,
    Length: length,
    Text: text,
    Hexadecimal: lambda field, chance: chance.randbytes(field.size).hex("-"),
    Version: lambda field, chance: f"{chance.randint(0, 254)}.{chance.randint(0, 255)}",
    Revision: lambda field, chance: f"{chance.randint(0, 15)}.{chance.randint(0, 15)}",
    cdb.Bitmap: lambda field, chance: frozenset(n for n in range(8 * field.size) if chance.random() < 0.5),
    cdb.StatusByte: lambda field, chance: cdb.Status(
        chance.choice([number for number in range(256) if cdb.Status(number).listed])
    ),
}
"""A value that a register of each kind can hold; the kind itself comes before the kind that it is of."""

DERIVED: tuple[type[Field[Any]], ...] = (sff.OneOf,)
"""Kinds that are another look at bits which a register of their own writes; nothing is written through them."""


def value_of(field: Field[Any], chance: Random) -> Any:
    for kind, domain in DOMAINS.items():
        if isinstance(field, kind):
            return domain(field, chance)
    raise LookupError(f"{type(field).__name__} of {field.name}: no domain")


def own_bits(field: Field[Any]) -> bytes:
    """The bits of its bytes that are a field's."""
    if isinstance(field, sff.Words):
        return field.mask.to_bytes(field.size, "big")
    if isinstance(field, EvenCount):
        return b"\xfe" + b"\xff" * (field.size - 1)
    if field.size == 1:
        return bytes([mask_of(field)])
    return b"\xff" * field.size


@pytest.mark.parametrize(
    "view", WITH_REGISTERS, ids=lambda view: f"{view.__module__.rpartition('.')[2]}.{view.__name__}"
)
@settings(max_examples=25, deadline=None, database=None)
@given(seed=st.integers(min_value=0, max_value=2**64 - 1))
def test_written_value_is_read_again_and_neighbours_keep_their_bits(view: type[View], seed: int) -> None:
    chance = Random(seed)
    image = Image()
    for register in view.registers():
        for field, shift in places(register):
            if isinstance(field, DERIVED):
                continue
            page = field.owner.page
            image.put(page, page.first, chance.choice((bytes(HALF), b"\xff" * HALF, chance.randbytes(HALF))))
            before = bytes(image.page(page))
            value = value_of(field, chance)
            field.write(image, value, shift=shift)
            after = bytes(image.page(page))
            start = field.byte + shift - page.first
            assert field.decode(after[start : start + field.size]) == value, (field.name, shift, value)
            own = bytes(start) + own_bits(field) + bytes(HALF - start - field.size)
            assert [
                byte
                for byte, (was, now, mask) in enumerate(zip(before, after, own, strict=True))
                if (was ^ now) & ~mask
            ] == [], (field.name, shift, value)


@pytest.mark.parametrize(
    "view", WITH_REGISTERS, ids=lambda view: f"{view.__module__.rpartition('.')[2]}.{view.__name__}"
)
@settings(max_examples=25, deadline=None, database=None)
@given(seed=st.integers(min_value=0, max_value=2**64 - 1))
def test_value_of_any_bytes_is_written_back_as_itself(view: type[View], seed: int) -> None:
    """What decodes from bytes of chance encodes to bytes that decode alike, where it is a value at all."""
    chance = Random(seed)
    image = Image()
    for register in view.registers():
        for field, shift in places(register):
            value = field.decode(chance.choice((bytes(field.size), b"\xff" * field.size, chance.randbytes(field.size))))
            unnamed = isinstance(field, sff.Words) and any(word not in field.table.values() for word in value)
            if isinstance(value, Absence) or isinstance(field, DERIVED) or unnamed:
                continue
            field.write(image, value, shift=shift)
            start = field.byte + shift - field.owner.page.first
            again = field.decode(bytes(image.page(field.owner.page))[start : start + field.size])
            assert again == value, (field.name, shift)


def test_every_kind_of_register_has_a_domain() -> None:
    for view in WITH_REGISTERS:
        for register in view.registers():
            for field, _ in places(register):
                assert isinstance(field, DERIVED) or value_of(field, Random(0)) is not None


def test_registers_are_many() -> None:
    """Guards the tests above against running over nothing."""
    assert sum(1 for view in WITH_REGISTERS for register in view.registers() for _ in places(register)) > 3000
