"""PFC headroom: what arrives between the decision to pause a peer and the last frame that it still sends.

After SONiC's dynamic buffer model (``buffer_headroom_mellanox.lua``), in bytes.  It is not what vendors' static tables
hold, and neither checks the other: even with packets of 64 bytes alone it comes out lower than they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

SMALLEST: Final = 64  # bytes of a packet
QUANTUM: Final = 64  # bytes, 512 bit times
KB: Final = 1024
LIGHT: Final = Decimal(198_000_000)  # m/s in fiber and copper, as the model has it
MAC_AND_PHY: Final = Decimal("0.8") * KB
LOSSLESS_MTU: Final = 1024  # of RoCE, as the model has it
ALL_SMALL: Final = 100


@dataclass(frozen=True, slots=True)
class Headroom:
    """How much is needed, and of what it consists; bytes."""

    cable: Decimal  # on the way, there and back
    peer: Decimal  # that the peer sends before it heeds the pause
    occupancy: Decimal  # bytes of buffer that a byte takes, in the worst mix of packets
    needed: Decimal  # rounded up to 1024


def on_cable(speed_gbps: Decimal, length_m: Decimal) -> Decimal:
    """Bytes on a cable, there and back; the model divides by 1024 what is counted in thousands."""
    return 2 * length_m * speed_gbps * 10**12 / LIGHT / (8 * KB)


def worst_case(cell: int) -> Decimal:
    """Bytes of buffer a byte, of the packet size that fills cells worst."""
    if cell > 2 * SMALLEST:
        return Decimal(cell) / SMALLEST
    return Decimal(2 * cell) / (1 + cell)


def occupied(cell: int, small_percent: int) -> Decimal:
    """Bytes of buffer a byte, where so many percent of the packets are small."""
    return (ALL_SMALL - small_percent + small_percent * worst_case(cell)) / ALL_SMALL


def headroom(
    speed_gbps: Decimal, length_m: Decimal, mtu: Decimal, quanta: int, cell: int, small_percent: int = ALL_SMALL
) -> Headroom:
    """The headroom (SONiC's xoff) of a lossless priority group.

    ``quanta`` is how long the peer may take to heed a pause, in units of 512 bit times; ``cell`` that of the buffer.
    """
    cable = on_cable(speed_gbps, length_m)
    peer = Decimal(quanta * QUANTUM)
    occupancy = occupied(cell, small_percent)
    bytes_ = LOSSLESS_MTU + (mtu + cable + MAC_AND_PHY + peer) * occupancy
    return Headroom(cable, peer, occupancy, rounded(bytes_))


def rounded(bytes_: Decimal) -> Decimal:
    """Up to the next 1024."""
    return (bytes_ / KB).to_integral_value(ROUND_CEILING) * KB
