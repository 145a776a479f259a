"""An I2C adapter of our own as a real character device: ``/dev/i2c-N`` by CUSE, with modules and muxes on its wires.

CUSE lets a process answer the ioctls of a device file; linux/fuse.h has its messages, linux/i2c-dev.h the ioctls.
"""

from __future__ import annotations

import errno
import os
import struct
import threading
import time
from collections.abc import Callable, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from harness.decode.bus import Bus
from harness.errors import TransportError

HEADER, REPLY = struct.Struct("<IIQQIIIHH"), struct.Struct("<IiQ")
IOCTL_IN, IOCTL_OUT = struct.Struct("<QIIQII"), struct.Struct("<iIII")
UNRESTRICTED, RETRY = 1, 4


class Fuse(IntEnum):
    OPEN = 14
    RELEASE = 18
    FLUSH = 25
    INTERRUPT = 36
    IOCTL = 39
    CUSE_INIT = 4096


class I2c(IntEnum):
    SLAVE = 0x703
    FUNCS = 0x705
    SLAVE_FORCE = 0x706
    RDWR = 0x707
    SMBUS = 0x720


class Size(IntEnum):
    BYTE = 1
    BYTE_DATA = 2
    I2C_BLOCK = 8


PLAIN_I2C, SMBUS_BYTES, SMBUS_BLOCKS = 0x1, 0x001E0000, 0x0C000000
EVERYTHING = PLAIN_I2C | 0x0EFF0008


class Chip(Protocol):
    """What is at an address."""

    def write(self, raw: bytes) -> None: ...

    def read(self, size: int) -> bytes: ...


class ModuleChip:
    """One device address of a module: the first byte written says where, as in an EEPROM."""

    def __init__(self, bus: Bus, device: int = 0xA0) -> None:
        self.bus, self.device, self.at = bus, device, 0

    def write(self, raw: bytes) -> None:
        self.at = raw[0]
        if raw[1:]:
            self.bus.write(self.device, self.at, raw[1:])

    def read(self, size: int) -> bytes:
        raw = self.bus.read(self.device, self.at, size)
        self.at += len(raw)
        return raw


class MuxChip:
    """A PCA9548: one register, a bit for each channel that is on.  A ``broken`` one keeps no bit."""

    def __init__(self, channels: Mapping[int, Mapping[int, Chip]], *, broken: bool = False) -> None:
        self.channels, self.on, self.broken = channels, 0, broken

    def write(self, raw: bytes) -> None:
        self.on = 0 if self.broken else raw[-1]

    def read(self, size: int) -> bytes:
        return bytes([self.on]) * size


class Adapter:
    """One bus, served by a thread of its own."""

    def __init__(
        self,
        number: int,
        chips: Mapping[int, Chip],
        *,
        functions: int = EVERYTHING,
        longest: int = 8192,
        owned: frozenset[int] = frozenset(),
    ) -> None:
        self.chips, self.functions, self.longest, self.owned = chips, functions, longest, owned
        self.written: list[tuple[int, str]] = []
        """Address and bytes of every message that wrote more than where to read from."""
        self.read: list[tuple[int, int]] = []
        """Address and size of every message that read."""
        self.fails: list[int] = []
        """Errnos of the next transactions."""
        self.path, self._slaves = Path(f"/dev/i2c-{number}"), dict[int, int]()
        self._file = os.open("/dev/cuse", os.O_RDWR)
        threading.Thread(target=self._serve, daemon=True).start()
        deadline = time.monotonic() + 5
        while not self.path.exists():
            assert time.monotonic() < deadline, f"{self.path} did not come"
            time.sleep(0.002)

    def forget(self) -> None:
        self.written.clear()
        self.read.clear()

    # --- the wires ------------------------------------------------------------------------------------------------

    def at(self, address: int) -> Chip:
        found = look(self.chips, address)
        if found is None:
            raise OSError(errno.ENXIO, "no acknowledge")
        return found

    def transact(self, transaction: Callable[[], bytes | int]) -> tuple[int, bytes]:
        """Result and bytes of an ioctl."""
        try:
            if self.fails:
                raise OSError(self.fails.pop(0), "as planned")
            done = transaction()
        except TransportError:
            return -errno.ENXIO, b""
        except OSError as error:
            return -(error.errno or errno.EIO), b""
        return (done, b"") if isinstance(done, int) else (0, done)

    def give(self, address: int, raw: bytes) -> None:
        chip = self.at(address)
        if len(raw) > 1 or isinstance(chip, MuxChip):
            self.written.append((address, raw.hex()))
        chip.write(raw)

    def take(self, address: int, size: int) -> bytes:
        raw = self.at(address).read(size)
        self.read.append((address, size))
        return raw

    # --- the ioctls -----------------------------------------------------------------------------------------------

    def ioctl(self, unique: int, body: bytes) -> None:
        handle, _, command, argument, size, room = IOCTL_IN.unpack_from(body)
        held = body[IOCTL_IN.size : IOCTL_IN.size + size]
        match command:
            case I2c.SLAVE | I2c.SLAVE_FORCE:
                if command == I2c.SLAVE and argument in self.owned:
                    return self.done(unique, -errno.EBUSY)
                self._slaves[handle] = argument
                return self.done(unique, 0)
            case I2c.FUNCS:
                if room < 8:
                    return self.again(unique, [], [(argument, 8)])
                return self.done(unique, 0, struct.pack("<Q", self.functions))
            case I2c.RDWR:
                return self.messages(unique, argument, held, room)
            case I2c.SMBUS:
                return self.smbus(unique, argument, held, self._slaves.get(handle, 0))
        return self.done(unique, -errno.ENOTTY)

    def messages(self, unique: int, argument: int, held: bytes, room: int) -> None:
        """I2C_RDWR: the list of messages, then what they write, is asked of the caller's memory first."""
        if len(held) < 16:
            return self.again(unique, [(argument, 16)], [])
        place, count = struct.unpack_from("<QI", held)
        spans = [(argument, 16), (place, 16 * count)]
        if len(held) < 16 + 16 * count:
            return self.again(unique, spans, [])
        messages = [struct.unpack_from("<HHH2xQ", held, 16 + 16 * one) for one in range(count)]
        gives = [(where, size) for _, flags, size, where in messages if not flags & 1]
        takes = [(where, size) for _, flags, size, where in messages if flags & 1]
        given = sum(size for _, size in gives)
        if len(held) < 16 + 16 * count + given or room < sum(size for _, size in takes):
            return self.again(unique, spans + gives, takes)
        if not self.functions & PLAIN_I2C or max(size for *_, size, _ in messages) > self.longest:
            return self.done(unique, -errno.EOPNOTSUPP)

        def moved() -> bytes:
            at, out = 16 + 16 * count, b""
            for address, flags, size, _ in messages:
                if flags & 1:
                    out += self.take(address, size)
                else:
                    self.give(address, held[at : at + size])
                    at += size
            return out

        result, out = self.transact(moved)
        return self.done(unique, result or count, out)

    def smbus(self, unique: int, argument: int, held: bytes, address: int) -> None:
        if len(held) < 16:
            return self.again(unique, [(argument, 16)], [])
        reads, command, kind, place = struct.unpack_from("<BB2xIQ", held)
        if place and len(held) < 16 + 34:
            return self.again(unique, [(argument, 16), (place, 34)], [(place, 34)])
        block = bytearray(held[16:50].ljust(34, b"\0"))
        if kind == Size.I2C_BLOCK and not self.functions & SMBUS_BLOCKS:
            return self.done(unique, -errno.EOPNOTSUPP)

        def moved() -> bytes:
            match kind, reads:
                case Size.BYTE, 0:
                    self.give(address, bytes([command]))
                case Size.BYTE, _:
                    block[:1] = self.take(address, 1)
                case Size.BYTE_DATA, 0:
                    self.give(address, bytes([command, block[0]]))
                case Size.BYTE_DATA, _:
                    self.give(address, bytes([command]))
                    block[:1] = self.take(address, 1)
                case Size.I2C_BLOCK, 0:
                    self.give(address, bytes([command]) + block[1 : 1 + block[0]])
                case Size.I2C_BLOCK, _:
                    self.give(address, bytes([command]))
                    block[1 : 1 + block[0]] = self.take(address, block[0])
                case _:
                    raise OSError(errno.EOPNOTSUPP, "not played")
            return bytes(block) if place else b""

        return self.done(unique, *self.transact(moved))

    # --- CUSE -----------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        while True:
            raw = os.read(self._file, 1 << 18)
            size, opcode, unique, *_ = HEADER.unpack_from(raw)
            body = raw[HEADER.size : size]
            match opcode:
                case Fuse.CUSE_INIT:
                    first = struct.pack("<IIIIIIII10I", 7, 31, 0, UNRESTRICTED, 65536, 65536, 0, 0, *[0] * 10)
                    self.reply(unique, first + f"DEVNAME={self.path.name}\0".encode())
                case Fuse.OPEN:
                    self.reply(unique, struct.pack("<QII", unique, 0, 0))
                case Fuse.RELEASE | Fuse.FLUSH:
                    self.reply(unique)
                case Fuse.IOCTL:
                    self.ioctl(unique, body)
                case Fuse.INTERRUPT:
                    continue
                case _:
                    self.reply(unique, error=errno.ENOSYS)

    def reply(self, unique: int, raw: bytes = b"", error: int = 0) -> None:
        os.write(self._file, REPLY.pack(REPLY.size + len(raw), -error, unique) + raw)

    def done(self, unique: int, result: int, raw: bytes = b"") -> None:
        self.reply(unique, IOCTL_OUT.pack(result, 0, 0, 0) + raw)

    def again(self, unique: int, gives: list[tuple[int, int]], takes: list[tuple[int, int]]) -> None:
        """Ask the kernel to call again with these spans of the caller's memory."""
        spans = b"".join(struct.pack("<QQ", *span) for span in gives + takes)
        self.reply(unique, IOCTL_OUT.pack(0, RETRY, len(gives), len(takes)) + spans)


def look(chips: Mapping[int, Chip], address: int) -> Chip | None:
    """The chip at an address, through the channels that are on."""
    if address in chips:
        return chips[address]
    for chip in chips.values():
        if isinstance(chip, MuxChip):
            for channel, behind in chip.channels.items():
                found = look(behind, address) if chip.on >> channel & 1 else None
                if found is not None:
                    return found
    return None
