"""Two-wire access to one module, and what it cost.

A module answers at device address A0h (SFF-8472 at A2h too) with 256 bytes: lower memory, then the page that bytes 126
and 127 select. ``Bus`` is what a transport offers and what a simulated module is; one call is one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple, Protocol

BITS_PER_BYTE: Final = 9
"""Eight bits and an acknowledge."""


class Bus(Protocol):
    """One module. ``byte`` counts from 0 to 255; a transaction stays within its half of 128 bytes.

    TransportError where the module does not acknowledge.
    """

    def read(self, device: int, byte: int, size: int) -> bytes:
        """``size`` bytes from ``byte`` on."""

    def write(self, device: int, byte: int, raw: bytes) -> None:
        """Write bytes from ``byte`` on."""


class Transaction(NamedTuple):
    """One transaction as it went over the wire."""

    written: bool
    device: int
    byte: int
    size: int

    @property
    def bits(self) -> int:
        """Bit times: start, address, offset and data; a read repeats start and address. No stretching."""
        overhead = 2 * BITS_PER_BYTE + 2 if self.written else 3 * BITS_PER_BYTE + 3
        return overhead + BITS_PER_BYTE * self.size


@dataclass(slots=True)
class Traffic:
    """What was asked of a module."""

    transactions: list[Transaction] = field(default_factory=list)

    @property
    def bytes_read(self) -> int:
        return sum(one.size for one in self.transactions if not one.written)

    @property
    def page_changes(self) -> int:
        """Writes of the page select byte; each may cost the module 10 ms."""
        return sum(1 for one in self.transactions if one.written and one.byte <= 127 < one.byte + one.size)

    def seconds(self, kilohertz: int = 400) -> Decimal:
        """Time on the wire."""
        return Decimal(sum(one.bits for one in self.transactions)) / (kilohertz * 1000)

    def __str__(self) -> str:
        writes: Sequence[Transaction] = [one for one in self.transactions if one.written]
        return (
            f"{len(self.transactions)} transactions, {self.bytes_read} bytes read, {len(writes)} writes, "
            f"{self.page_changes} page changes, {1000 * self.seconds():.1f} ms on the wire at 400 kHz"
        )


class Counted:
    """A bus that keeps count."""

    def __init__(self, bus: Bus) -> None:
        self.bus, self.traffic = bus, Traffic()

    def read(self, device: int, byte: int, size: int) -> bytes:
        self.traffic.transactions.append(Transaction(False, device, byte, size))
        return self.bus.read(device, byte, size)

    def write(self, device: int, byte: int, raw: bytes) -> None:
        self.traffic.transactions.append(Transaction(True, device, byte, len(raw)))
        self.bus.write(device, byte, raw)
