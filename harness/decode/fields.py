"""Registers declared as class attributes.

A view is one page of a module's memory and its attributes are registers: touching one gives a Reading, or a Missing
that says why there is none. Bytes are numbered as in the specification. The same declaration writes a value into the
page of a simulated module. Reading never raises, whatever the bytes are.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from functools import cache
from typing import Any, ClassVar, Final, Generic, Literal, Self, TypeVar, overload

from ..reading import Absence, Missing, Reading, Source, Value
from ..units import Unit
from .memory import LOWER_MEMORY, Image, Memory, Page, place

T = TypeVar("T")
V = TypeVar("V")

TWELVE_DIGITS: Final = Context(prec=12)


class View:
    """One page of a Memory: ``class Page11(View, page=Page(0x11))``.

    ``exists`` are the registers that say whether the module has the page at all, ``since`` is the revision that brought
    it, ``banked`` says that each bank of lanes has one. ``writable``, ``write_only`` and ``clears`` are the bytes, as
    ``"128-139 145"``, that a host may write, that read as zero, and that a read clears.
    """

    page: ClassVar[Page] = LOWER_MEMORY
    gates: ClassVar[tuple[Field[bool], ...]] = ()
    since: ClassVar[str] = ""
    banked: ClassVar[bool] = False
    writable: ClassVar[frozenset[int]] = frozenset()
    write_only: ClassVar[frozenset[int]] = frozenset()
    clears: ClassVar[frozenset[int]] = frozenset()

    __slots__ = ("at", "memory")

    def __init__(self, memory: Memory, bank: int = 0) -> None:
        self.memory = memory
        self.at = self.page._replace(bank=bank) if bank else self.page

    def __init_subclass__(
        cls,
        *,
        page: Page | None = None,
        exists: Field[bool] | tuple[Field[bool], ...] = (),
        since: str = "",
        banked: bool = False,
        writable: str = "",
        write_only: str = "",
        clears: str = "",
    ) -> None:
        super().__init_subclass__()
        if page is not None:
            cls.page = page
        if exists:
            cls.gates = exists if isinstance(exists, tuple) else (exists,)
        cls.since, cls.banked = since or cls.since, banked or cls.banked
        cls.write_only = spans(write_only) or cls.write_only
        cls.writable = (spans(writable) or cls.writable) | cls.write_only
        cls.clears = spans(clears) or cls.clears

    def gone(self) -> Missing | None:
        """Why the module says that it has no such page; None where it may have it."""
        for gate in self.gates:
            refusal = gate.refusal(self.memory)
            if refusal is not None and refusal.why is Absence.NOT_ADVERTISED:
                return refusal
        return self.beyond(self.since) if self.since else None

    def take(self, byte: int, size: int, part: str = "") -> Value[bytes]:
        """Raw bytes of the page; not advertised where the module says that it has no such page."""
        return self.memory.once((type(self), self.at), self.gone) or self.memory.take(self.at, byte, size, part)

    def beyond(self, since: str) -> Missing | None:
        """Why a register of revision ``since`` is not there, where the module follows an older revision."""
        return None

    def replaced(self, until: str) -> Missing | None:
        """Why a register no longer has the meaning that revision ``until`` changed; None where it still has it."""
        return None

    @classmethod
    def registers(cls) -> Iterator[Register[object]]:
        """The registers in the order in which they are declared."""
        for base in reversed(cls.__mro__):
            yield from (member for member in vars(base).values() if isinstance(member, Register))


def spans(text: str) -> frozenset[int]:
    """Bytes written as ``"128-139 145"``."""
    found: set[int] = set()
    for span in text.split():
        first, _, last = span.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


class Register(Generic[V]):
    """What one attribute of a view stands for."""

    owner: type[View]
    name: str = ""

    def __set_name__(self, owner: type[View], name: str) -> None:
        self.owner, self.name = owner, name

    @overload
    def __get__(self, view: None, owner: type[View]) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type[View]) -> V: ...
    def __get__(self, view: View | None, owner: type[View]) -> Self | V:
        return self if view is None else self.read(view)

    def read(self, view: View) -> V:
        """The value as the view's memory has it."""
        raise NotImplementedError

    def pieces(self) -> Iterator[tuple[Field[Any], int]]:
        """The fields that the register is made of, and by how many bytes each is moved."""
        raise NotImplementedError


class Field(Register[Reading[T] | Missing]):
    """``size`` bytes at ``byte``, and how they become a value.

    ``advertised_by`` is the register that says whether the module implements this one, ``since`` the revision that
    introduced it, ``until`` the one that gave its bits another meaning.
    """

    def __init__(
        self,
        byte: int,
        size: int = 1,
        *,
        unit: Unit = Unit.NONE,
        part: str = "",
        advertised_by: Field[bool] | None = None,
        since: str = "",
        until: str = "",
    ) -> None:
        self.byte, self.size, self.unit, self.part = byte, size, unit, part
        self.advertised_by, self.since, self.until = advertised_by, since, until

    def pieces(self) -> Iterator[tuple[Field[Any], int]]:
        yield self, 0

    @property
    def reference(self) -> str:
        """The short form of where it stands: ``01h:160.2``, ``lower:14-15``."""
        end = f"-{self.byte + self.size - 1}" if self.size > 1 else ""
        return f"{self.owner.page.reference}:{self.byte}{end}"

    def read(self, view: View) -> Value[T]:
        return self.at(view, 0, self.permit(view))

    def permit(self, view: View) -> Missing | None:
        """Why the module need not implement this register; None where it says that it does."""
        if self.since and (older := view.beyond(self.since)) is not None:
            return older
        if self.until and (newer := view.replaced(self.until)) is not None:
            return newer
        return None if self.advertised_by is None else self.advertised_by.refusal(view.memory)

    def at(self, view: View, shift: int, permit: Missing | None) -> Value[T]:
        """The value ``shift`` bytes further on.

        Where the advertising bit itself was not read, a register that holds neither zeros nor ones speaks for itself.
        """
        if permit is not None and permit.why in (Absence.NOT_ADVERTISED, Absence.BEYOND_REVISION):
            return permit
        taken = view.take(self.byte + shift, self.size, self.part)
        if isinstance(taken, Missing):
            return taken
        source = taken.source
        if permit is not None:
            if taken.value in (b"\x00" * self.size, b"\xff" * self.size):
                return permit
            source = replace(source, where=f"{source.where} ({permit.source.where} {permit.why.value})")
        value = self.decode(taken.value)
        if isinstance(value, Absence):
            return Missing(value, source)
        return self.beyond(view, value, source) or Reading(value, source, self.unit)

    def beyond(self, view: View, value: T, source: Source) -> Missing | None:
        """Why a value is none in the module's revision; None where it is one."""
        return None

    def refusal(self, memory: Memory) -> Missing | None:
        """As an advertising bit: None where it is set, else the Missing of what it would have advertised."""
        return memory.once(self, lambda: self.refused(memory))

    def refused(self, memory: Memory) -> Missing | None:
        said = self.read(self.owner(memory))
        if isinstance(said, Missing):
            return said
        return None if said.value else Missing(Absence.NOT_ADVERTISED, said.source, self.reference)

    def write(self, image: Image, value: T, *, bank: int = 0, shift: int = 0) -> None:
        """Write the value into the page of a simulated module; ValueError where the register cannot hold it."""
        page = self.owner.page._replace(bank=bank)
        start = self.byte + shift - page.first
        held = bytes(image.page(page)[start : start + self.size])
        try:
            raw = self.encode(value, held)
        except (OverflowError, UnicodeEncodeError, struct.error) as error:
            raise ValueError(f"{self.name}: {place(page, self.byte + shift, self.size)} cannot hold {value}") from error
        image.put(page, self.byte + shift, raw)

    def decode(self, raw: bytes) -> T | Absence:
        """The value, or why these bytes are not one."""
        raise NotImplementedError

    def encode(self, value: T, held: bytes) -> bytes:
        """The bytes of a value; ``held`` is what stands there, for registers that share a byte."""
        raise NotImplementedError


class Bits(Field[int]):
    """An unsigned number in some bits of a byte."""

    def __init__(
        self,
        byte: int,
        high: int,
        low: int,
        *,
        advertised_by: Field[bool] | None = None,
        since: str = "",
    ) -> None:
        super().__init__(byte, part=f"bits {high}-{low}", advertised_by=advertised_by, since=since)
        self.high, self.low, self.mask = high, low, (1 << (high - low + 1)) - 1

    @property
    def reference(self) -> str:
        return f"{super().reference}.{self.high}-{self.low}"

    def decode(self, raw: bytes) -> int:
        return raw[0] >> self.low & self.mask

    def encode(self, value: int, held: bytes) -> bytes:
        if not 0 <= value <= self.mask:
            raise OverflowError
        return bytes([held[0] & ~(self.mask << self.low) & 0xFF | value << self.low])


class Bit(Field[bool]):
    """One bit; ``inverted`` where 0 is what the name says."""

    def __init__(
        self,
        byte: int,
        bit: int,
        *,
        inverted: bool = False,
        advertised_by: Field[bool] | None = None,
        since: str = "",
    ) -> None:
        super().__init__(byte, part=f"bit {bit}", advertised_by=advertised_by, since=since)
        self.bit, self.inverted = bit, inverted

    @property
    def reference(self) -> str:
        return f"{super().reference}.{self.bit}"

    def decode(self, raw: bytes) -> bool:
        return bool(raw[0] >> self.bit & 1) is not self.inverted

    def encode(self, value: bool, held: bytes) -> bytes:
        stored = int(value is not self.inverted)
        return bytes([held[0] & ~(1 << self.bit) & 0xFF | stored << self.bit])


class UInt(Field[int]):
    """A whole number, big-endian and unsigned unless said otherwise."""

    def __init__(
        self,
        byte: int,
        size: int = 1,
        *,
        unit: Unit = Unit.NONE,
        signed: bool = False,
        little: bool = False,
        advertised_by: Field[bool] | None = None,
        since: str = "",
    ) -> None:
        super().__init__(byte, size, unit=unit, advertised_by=advertised_by, since=since)
        self.signed = signed
        self.order: Literal["little", "big"] = "little" if little else "big"

    def decode(self, raw: bytes) -> int:
        return int.from_bytes(raw, self.order, signed=self.signed)

    def encode(self, value: int, held: bytes) -> bytes:
        return value.to_bytes(self.size, self.order, signed=self.signed)


class EvenCount(UInt):
    """A little-endian count of 64 bits without its lowest bit, which is a flag of its own (OIF-CMIS 8.13)."""

    def __init__(self, byte: int, *, advertised_by: Field[bool] | None = None) -> None:
        super().__init__(byte, 8, little=True, advertised_by=advertised_by)

    def decode(self, raw: bytes) -> int:
        return super().decode(raw) & ~1

    def encode(self, value: int, held: bytes) -> bytes:
        return super().encode(value & ~1 | held[0] & 1, held)


class NonZero(Field[bool]):
    """Whether any bit from ``high`` to ``low`` is set: how a count or a bitmap advertises a feature.

    Writing True sets the lowest bit where none is set.
    """

    def __init__(self, byte: int, size: int = 1, *, high: int = 0, low: int = 0, since: str = "") -> None:
        self.high, self.low = high or 8 * size - 1, low
        self.mask = (1 << (self.high + 1)) - (1 << low)
        super().__init__(byte, size, part="" if size > 1 else f"bits {self.high}-{low}", since=since)

    @property
    def reference(self) -> str:
        return f"{super().reference}.{self.high}-{self.low}" if self.size == 1 else super().reference

    def decode(self, raw: bytes) -> bool:
        return bool(int.from_bytes(raw) & self.mask)

    def encode(self, value: bool, held: bytes) -> bytes:
        number = int.from_bytes(held)
        if not value:
            return (number & ~self.mask).to_bytes(self.size)
        return (number if number & self.mask else number | 1 << self.low).to_bytes(self.size)


class Fixed(Field[Decimal]):
    """A number times a step, exact, big-endian unless ``little``.

    Raw values in ``unavailable``, written as unsigned numbers, mean that nothing was measured.
    """

    def __init__(
        self,
        byte: int,
        size: int = 2,
        *,
        step: str,
        unit: Unit = Unit.NONE,
        signed: bool = False,
        little: bool = False,
        unavailable: tuple[int, ...] = (),
        advertised_by: Field[bool] | None = None,
        since: str = "",
    ) -> None:
        super().__init__(byte, size, unit=unit, advertised_by=advertised_by, since=since)
        self.step, self.signed = Decimal(step), signed
        self.order: Literal["little", "big"] = "little" if little else "big"
        self.unavailable = frozenset(number.to_bytes(size, self.order) for number in unavailable)

    def decode(self, raw: bytes) -> Decimal | Absence:
        if raw in self.unavailable:
            return Absence.NOT_AVAILABLE
        return int.from_bytes(raw, self.order, signed=self.signed) * self.step

    def encode(self, value: Decimal, held: bytes) -> bytes:
        return int((value / self.step).to_integral_value()).to_bytes(self.size, self.order, signed=self.signed)


class Share(Fixed):
    """A percentage, of which ``full`` is the raw number for 100; it has no exact decimal and is given to 12 digits."""

    def __init__(
        self, byte: int, *, full: int, signed: bool = False, advertised_by: Field[bool] | None = None, since: str = ""
    ) -> None:
        super().__init__(byte, step="1", unit=Unit.PERCENT, signed=signed, advertised_by=advertised_by, since=since)
        self.full = full

    def decode(self, raw: bytes) -> Decimal:
        return TWELVE_DIGITS.divide(
            Decimal(100 * int.from_bytes(raw, self.order, signed=self.signed)), Decimal(self.full)
        )

    def encode(self, value: Decimal, held: bytes) -> bytes:
        return int((value * self.full / 100).to_integral_value()).to_bytes(self.size, self.order, signed=self.signed)


class Scaled(Fixed):
    """A number in some bits of a byte, times a step; one beyond ``top`` is a reserved or the vendor's own code."""

    def __init__(
        self,
        byte: int,
        high: int,
        low: int,
        *,
        step: str,
        unit: Unit = Unit.NONE,
        top: int | None = None,
        advertised_by: Field[bool] | None = None,
        since: str = "",
    ) -> None:
        super().__init__(byte, 1, step=step, unit=unit, advertised_by=advertised_by, since=since)
        self.part = f"bits {high}-{low}"
        self.high, self.low, self.mask = high, low, (1 << (high - low + 1)) - 1
        self.top = self.mask if top is None else top

    @property
    def reference(self) -> str:
        return f"{super().reference}.{self.high}-{self.low}"

    def decode(self, raw: bytes) -> Decimal | Absence:
        number = raw[0] >> self.low & self.mask
        return Absence.RESERVED if number > self.top else number * self.step

    def encode(self, value: Decimal, held: bytes) -> bytes:
        number = int((value / self.step).to_integral_value())
        if not 0 <= number <= self.top:
            raise OverflowError
        return bytes([held[0] & ~(self.mask << self.low) & 0xFF | number << self.low])


class Choice(Field[Decimal]):
    """A number that a code in some bits of a byte stands for; a code that is not listed is Missing(RESERVED)."""

    def __init__(
        self,
        byte: int,
        table: Mapping[int, str],
        *,
        unit: Unit = Unit.NONE,
        high: int = 7,
        low: int = 0,
        advertised_by: Field[bool] | None = None,
        since: str = "",
        until: str = "",
    ) -> None:
        part = "" if high - low == 7 else f"bits {high}-{low}"
        super().__init__(byte, unit=unit, part=part, advertised_by=advertised_by, since=since, until=until)
        self.table = {code: Decimal(number) for code, number in table.items()}
        self.low, self.mask = low, (1 << (high - low + 1)) - 1

    def decode(self, raw: bytes) -> Decimal | Absence:
        return self.table.get(raw[0] >> self.low & self.mask, Absence.RESERVED)

    def encode(self, value: Decimal, held: bytes) -> bytes:
        code = next((code for code, number in self.table.items() if number == value), None)
        if code is None:
            raise OverflowError(value)
        return bytes([held[0] & ~(self.mask << self.low) & 0xFF | code << self.low])


class Words(Field[tuple[str, ...]]):
    """A little-endian bitmap of ``size`` bytes whose bits have words; bits without one do not show."""

    def __init__(
        self, byte: int, table: Mapping[int, str], size: int = 2, *, advertised_by: Field[bool] | None = None
    ) -> None:
        super().__init__(byte, size, advertised_by=advertised_by)
        self.table = table

    def decode(self, raw: bytes) -> tuple[str, ...]:
        held = int.from_bytes(raw, "little")
        return tuple(word for bit, word in self.table.items() if held >> bit & 1)

    def encode(self, value: tuple[str, ...], held: bytes) -> bytes:
        return sum(1 << code_of(self.table, word) for word in set(value)).to_bytes(self.size, "little")


class F16(Field[Decimal]):
    """Eleven bits of mantissa times ten to the power of five bits of exponent less 24 (OIF-CMIS 8.1); never negative.

    Encoding keeps as many digits as the mantissa has room for and rounds to nearest.
    """

    def __init__(
        self, byte: int, *, little: bool = False, advertised_by: Field[bool] | None = None, since: str = ""
    ) -> None:
        super().__init__(byte, 2, advertised_by=advertised_by, since=since)
        self.order: Literal["little", "big"] = "little" if little else "big"

    def decode(self, raw: bytes) -> Decimal:
        return f16(int.from_bytes(raw, self.order))

    def encode(self, value: Decimal, held: bytes) -> bytes:
        return f16_code(value).to_bytes(2, self.order)


class Float(Field[Decimal]):
    """A big-endian IEEE 754 single (SFF-8472, Rx_PWR coefficients)."""

    def __init__(self, byte: int) -> None:
        super().__init__(byte, 4)

    def decode(self, raw: bytes) -> Decimal | Absence:
        number: float = struct.unpack(">f", raw)[0]
        return Decimal(number) if math.isfinite(number) else Absence.UNREADABLE

    def encode(self, value: Decimal, held: bytes) -> bytes:
        return struct.pack(">f", float(value))


class Length(Field[Decimal]):
    """Six bits times a multiplier chosen by the two bits above them (OIF-CMIS, cable and fiber lengths).

    FFh is longer than the register can say; so is a multiplier beyond ``metres``.
    """

    def __init__(self, byte: int, *, metres: tuple[str, ...], since: str = "") -> None:
        super().__init__(byte, unit=Unit.METRE, since=since)
        self.metres = tuple(Decimal(step) for step in metres)

    def decode(self, raw: bytes) -> Decimal | Absence:
        multiplier = raw[0] >> 6
        if raw[0] == 0xFF or multiplier >= len(self.metres):
            return Absence.NOT_AVAILABLE
        return self.metres[multiplier] * (raw[0] & 0x3F)

    def encode(self, value: Decimal, held: bytes) -> bytes:
        for code, step in enumerate(self.metres):
            base = value / step
            if 0 <= base <= 0x3F and base == base.to_integral_value() and not (code == 3 and base == 0x3F):
                return bytes([code << 6 | int(base)])
        raise OverflowError


class Code(Field[str]):
    """A code with its word in a table; one that is not listed is Missing(RESERVED), raw byte kept.

    ``unspecified`` are codes that say that nothing is said; ``later`` the words that a revision brought, reserved in a
    module that follows an older one.
    """

    def __init__(
        self,
        byte: int,
        table: Mapping[int, str],
        *,
        high: int = 7,
        low: int = 0,
        unspecified: tuple[int, ...] = (),
        later: Mapping[str, str] | None = None,
        advertised_by: Field[bool] | None = None,
        since: str = "",
        until: str = "",
    ) -> None:
        part = "" if high - low == 7 else f"bits {high}-{low}"
        super().__init__(byte, part=part, advertised_by=advertised_by, since=since, until=until)
        self.table, self.low, self.mask = table, low, (1 << (high - low + 1)) - 1
        self.unspecified, self.later = frozenset(unspecified), later or {}

    def decode(self, raw: bytes) -> str | Absence:
        code = raw[0] >> self.low & self.mask
        return Absence.NOT_AVAILABLE if code in self.unspecified else self.table.get(code, Absence.RESERVED)

    def beyond(self, view: View, value: str, source: Source) -> Missing | None:
        since = self.later.get(value)
        if since is None or view.beyond(since) is None:
            return None
        return Missing(Absence.RESERVED, source, f"{value} since revision {since}")

    def encode(self, value: str, held: bytes) -> bytes:
        return bytes([held[0] & ~(self.mask << self.low) & 0xFF | code_of(self.table, value) << self.low])


class Text(Field[str]):
    """Space-padded ASCII; trailing spaces and NULs do not belong to the value. Other bytes are shown as Latin-1."""

    def __init__(self, byte: int, size: int) -> None:
        super().__init__(byte, size)

    def decode(self, raw: bytes) -> str:
        return raw.decode("latin-1").rstrip(" \0")

    def encode(self, value: str, held: bytes) -> bytes:
        raw = value.encode("latin-1")
        if len(raw) > self.size:
            raise OverflowError
        return raw.ljust(self.size, b" ")

    def fault(self, view: View) -> Value[str]:
        """What is wrong with the bytes, the empty text where they are well formed: ASCII 20h-7Eh, left-justified."""
        taken = view.take(self.byte, self.size)
        if isinstance(taken, Missing):
            return taken
        return Reading(text_fault(taken.value, self.byte), taken.source)


class Hexadecimal(Field[str]):
    """Bytes as an IEEE OUI is written: ``00-1c-73``."""

    def decode(self, raw: bytes) -> str:
        return raw.hex("-")

    def encode(self, value: str, held: bytes) -> bytes:
        raw = bytes.fromhex(value.replace("-", ""))
        if len(raw) != self.size:
            raise OverflowError
        return raw


class Version(Field[str]):
    """Major and minor number, a byte each; FFh.FFh is an invalid image."""

    def __init__(self, byte: int, *, since: str = "") -> None:
        super().__init__(byte, 2, since=since)

    def decode(self, raw: bytes) -> str | Absence:
        return Absence.NOT_AVAILABLE if raw == b"\xff\xff" else f"{raw[0]}.{raw[1]}"

    def encode(self, value: str, held: bytes) -> bytes:
        major, minor = value.split(".")
        return int(major).to_bytes(1, "big") + int(minor).to_bytes(1, "big")


class Revision(Field[str]):
    """Major and minor number, four bits each."""

    def decode(self, raw: bytes) -> str:
        return f"{raw[0] >> 4}.{raw[0] & 0xF}"

    def encode(self, value: str, held: bytes) -> bytes:
        major, minor = (int(number) for number in value.split("."))
        if major > 0xF or minor > 0xF:
            raise OverflowError
        return bytes([major << 4 | minor])


class Lanes(Register[tuple[Reading[T] | Missing, ...]]):
    """The same field for every lane, one after the other."""

    def __init__(self, first: Field[T], count: int = 8, *, stride: int = 0) -> None:
        self.first, self.count, self.stride = first, count, stride or first.size

    def __set_name__(self, owner: type[View], name: str) -> None:
        super().__set_name__(owner, name)
        self.first.__set_name__(owner, name)

    def pieces(self) -> Iterator[tuple[Field[Any], int]]:
        return ((self.first, lane * self.stride) for lane in range(self.count))

    def read(self, view: View) -> tuple[Value[T], ...]:
        permit = self.first.permit(view)
        return tuple(self.first.at(view, lane * self.stride, permit) for lane in range(self.count))

    def write(self, image: Image, values: Sequence[T], *, bank: int = 0) -> None:
        """Write the first lanes, as many as there are values."""
        if len(values) > self.count:
            raise ValueError(f"{self.name}: {len(values)} values, there are {self.count} lanes")
        for lane, value in enumerate(values):
            self.first.write(image, value, bank=bank, shift=lane * self.stride)


class Parts(Register[tuple[Reading[T] | Missing, ...]]):
    """One field per lane where lanes share bytes; lane 1 first."""

    def __init__(self, fields: Sequence[Field[T]]) -> None:
        self.fields = tuple(fields)

    def __set_name__(self, owner: type[View], name: str) -> None:
        super().__set_name__(owner, name)
        for part in self.fields:
            part.__set_name__(owner, name)

    def pieces(self) -> Iterator[tuple[Field[Any], int]]:
        return ((part, 0) for part in self.fields)

    def read(self, view: View) -> tuple[Value[T], ...]:
        permit = self.fields[0].permit(view)
        return tuple(part.at(view, 0, permit) for part in self.fields)

    def write(self, image: Image, values: Sequence[T], *, bank: int = 0) -> None:
        """Write the first lanes, as many as there are values."""
        if len(values) > len(self.fields):
            raise ValueError(f"{self.name}: {len(values)} values, there are {len(self.fields)} lanes")
        for part, value in zip(self.fields, values, strict=False):
            part.write(image, value, bank=bank)


def lane_bits(
    byte: int, count: int = 8, *, low: int = 0, advertised_by: Field[bool] | None = None, since: str = ""
) -> Parts[bool]:
    """One bit per lane, lane 1 in bit ``low``."""
    return Parts([Bit(byte, low + lane, advertised_by=advertised_by, since=since) for lane in range(count)])


def nibbles(
    byte: int,
    table: Mapping[int, str],
    count: int = 8,
    *,
    later: Mapping[str, str] | None = None,
    advertised_by: Field[bool] | None = None,
) -> Parts[str]:
    """One code of four bits per lane, the odd lane in the low half."""
    return Parts(
        [
            Code(byte + lane // 2, table, high=low + 3, low=low, later=later, advertised_by=advertised_by)
            for lane, low in ((lane, 4 * (lane % 2)) for lane in range(count))
        ]
    )


def nibble_steps(
    byte: int, *, step: str, unit: Unit, top: int, count: int = 8, advertised_by: Field[bool] | None = None
) -> Parts[Decimal]:
    """One number of four bits per lane, the odd lane in the low half; codes beyond ``top`` are reserved."""
    return Parts(
        [
            Scaled(byte + lane // 2, low + 3, low, step=step, unit=unit, top=top, advertised_by=advertised_by)
            for lane, low in ((lane, 4 * (lane % 2)) for lane in range(count))
        ]
    )


def pairs(
    byte: int, table: Mapping[int, str], count: int = 8, *, advertised_by: Field[bool] | None = None
) -> Parts[str]:
    """One code of two bits per lane, four lanes in a byte, the first in the lowest bits."""
    return Parts(
        [
            Code(byte + lane // 4, table, high=2 * (lane % 4) + 1, low=2 * (lane % 4), advertised_by=advertised_by)
            for lane in range(count)
        ]
    )


@cache  # at most 65,536 codes
def f16(code: int) -> Decimal:
    """The number that 16 bits of OIF-CMIS 8.1 stand for."""
    return Decimal(code & 0x7FF).scaleb((code >> 11) - 24)


def f16_code(number: Decimal) -> int:
    """The 16 bits nearest to a number; OverflowError where it is negative or too large."""
    if number < 0:
        raise OverflowError
    least = number.adjusted() - 3 + 24 if number else 0  # with a smaller exponent the mantissa has five digits
    for exponent in range(max(0, least), 32):
        mantissa = int(number.scaleb(24 - exponent).to_integral_value())
        if mantissa <= 0x7FF:
            return exponent << 11 | mantissa
    raise OverflowError


def code_of(table: Mapping[int, str], word: str) -> int:
    """The code of a word; OverflowError where the table has none."""
    for code, listed in table.items():
        if listed == word:
            return code
    raise OverflowError(word)


def text_fault(raw: bytes, byte: int) -> str:
    """What is wrong with a text register, the empty text where nothing is.

    Well formed is printable ASCII, left-justified, padded with spaces (OIF-CMIS 8.3, SFF-8636 6.3, SFF-8472 5).
    """
    for position, character in enumerate(raw):
        if not 0x20 <= character <= 0x7E:
            if not raw.strip(b"\0"):
                return "filled with NUL instead of spaces"
            if character == 0 and not raw[position:].strip(b"\0"):
                return f"padded with NUL instead of spaces from byte {byte + position}"
            return f"byte {byte + position} is {character:02X}h, not printable ASCII"
    if raw[:1] == b" " and raw.strip():
        return "not left-justified"
    return ""
