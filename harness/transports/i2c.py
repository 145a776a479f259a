"""A module on a two-wire bus of this machine: ``/dev/i2c-N`` by smbus2.

    reach: {transport: i2c, bus: 7}                      the module answers at 0x50, an SFP at 0x51 too
    reach: {transport: i2c, bus: 7, mux: "0x70/3"}       behind channel 3 of a PCA9548 that no kernel driver has

While something is asked, the bus is locked against other processes (flock on the device file), and the channels of
muxes are on.  An address that a kernel driver owns is left alone unless ``force: true`` is said.

Bytes go as the adapter can: 128 at once by I2C_RDWR, 32 by SMBus block reads, else one by one.  Some adapters, and
i2c-stub for one, give the wrong page on block reads; they are found out on page 01h and read byte by byte.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from smbus2 import I2cFunc, SMBus, i2c_msg

from ..audit.board import PAGE_SELECT
from ..decode.memory import HALF
from ..errors import TransportError
from ..lab.inventory import DevicePlan
from .base import Terms, needed, seconds
from .registers import NoAcknowledge, Registers

T = TypeVar("T")

I2C_SLAVE: Final = 0x0703
MODULE: Final = 0x50
SHORT: Final = 8

STATIC: Final = frozenset({0x01, 0x02, 0x03})
"""Pages on which no memory map has flags that reading clears, and that differ from page 00h."""

NOT_THERE: Final = frozenset({errno.ENXIO, errno.EREMOTEIO, errno.ENODEV})
"""What adapters say where nobody acknowledges."""

TOO_LONG: Final = frozenset({errno.EOPNOTSUPP, errno.EINVAL, errno.EMSGSIZE})
"""What adapters say to more bytes than they can move at once."""

REASONS: Final = {
    errno.ETIMEDOUT: "the bus timed out: a module holds the clock, or a line hangs; power the module again",
    errno.EAGAIN: "arbitration was lost: another master uses the bus",
    errno.EIO: "the adapter failed, and does not say whether the module acknowledged",
}

PATIENCE: Final = 3
"""Timeouts in a row after which nothing more is tried within one ask."""

LOCK_POLL: Final = Decimal("0.05")
MUX: Final = re.compile(r"(0x[0-9a-fA-F]{2})/([0-7])")


def connect(device: DevicePlan, terms: Terms) -> Registers:
    """A module's registers.  TransportError where there is no bus, or its driver or another process has it."""
    path = device.reach.get("device") or f"/dev/i2c-{needed(device, 'bus')}"
    wire = Wire(device, terms, path, muxes(device))
    try:
        with wire.held():
            if not wire.force:
                wire.claim(MODULE)
            terms.tell(device, "connected", bus=path, functions=f"{wire.smbus.funcs:#x}", reads=str(wire.ways[0]))
    except BaseException:
        wire.close()
        raise
    return Registers(device, terms, wire, wire.close, hold=wire.held)


def muxes(device: DevicePlan) -> tuple[tuple[int, int], ...]:
    """Address and channel of the muxes on the way, in order."""
    declared = device.reach.get("mux", "")
    found = []
    for part in filter(None, (part.strip() for part in declared.split(","))):
        matched = MUX.fullmatch(part)
        if matched is None or not 0x70 <= int(matched[1], 16) <= 0x77:
            raise TransportError(
                f"{device.name}: {device.at}: mux {part!r}: expected address and channel of a PCA954x, 0x70/0 to 0x77/7"
            )
        found.append((int(matched[1], 16), int(matched[2])))
    return tuple(found)


class Way(NamedTuple):
    """How an adapter moves bytes, and how many at once."""

    name: str
    most: int

    def __str__(self) -> str:
        return f"{self.name}, {self.most} bytes at once"


RDWR, BLOCK, BYTE = "I2C_RDWR", "SMBus block", "SMBus byte"


def ways(functions: int) -> list[Way]:
    """What an adapter can do, the best first."""
    found = [Way(RDWR, most) for most in (HALF, 32, SHORT)] if functions & I2cFunc.I2C else []
    if functions & I2cFunc.SMBUS_READ_I2C_BLOCK:
        found.append(Way(BLOCK, 32))
    return [*found, Way(BYTE, 1)]


class Wire:
    """One module behind one bus of this machine; a ``harness.decode.bus.Bus``."""

    def __init__(self, device: DevicePlan, terms: Terms, path: str, muxes: tuple[tuple[int, int], ...]) -> None:
        self.device, self.terms, self.path, self.muxes = device, terms, path, muxes
        self.force = device.reach.get("force", "").lower() == "true"
        self.smbus = opened(device, path, force=self.force)
        self.ways = ways(self.smbus.funcs)
        self._follows: bool | None = None  # whether block reads show the page that is selected, once that is known
        self._unowned: set[int] = set()
        self._timeouts = 0

    def close(self) -> None:
        self.smbus.close()

    @property
    def _file(self) -> int:
        if self.smbus.fd is None:
            raise TransportError(f"{self.path}: closed already")
        return self.smbus.fd

    # --- a module's bytes -----------------------------------------------------------------------------------------

    def read(self, device: int, byte: int, size: int) -> bytes:
        address, raw = self._address(device), b""
        while len(raw) < size:
            raw += self._moved(address, partial(self._read, address, byte + len(raw), size - len(raw)))
        return raw

    def write(self, device: int, byte: int, raw: bytes) -> None:
        address = self._address(device)
        while raw:
            sent = self._moved(address, partial(self._write, address, byte, raw))
            byte, raw = byte + sent, raw[sent:]

    def _address(self, device: int) -> int:
        """The seven bits of a device address, once it is known that no kernel driver has them."""
        address = device >> 1
        if not self.force:
            self.claim(address)
        return address

    def _moved(self, address: int, move: Callable[[], T]) -> T:
        """What a transaction gives; one that is too long for the adapter is made shorter, from then on."""
        while True:
            if self._timeouts >= PATIENCE:
                raise TransportError(f"{self.path}: nothing sent: {PATIENCE} transactions in a row timed out")
            try:
                moved = move()
            except OSError as error:
                if error.errno in TOO_LONG and len(self.ways) > 1:
                    refused = self.ways.pop(0)
                    self._note(f"the adapter refuses {refused}: {os.strerror(error.errno)}; from now on {self.ways[0]}")
                    continue
                self._timeouts = self._timeouts + 1 if error.errno == errno.ETIMEDOUT else 0
                raise explained(error, self.path, address) from None
            self._timeouts = 0
            return moved

    def _read(self, address: int, byte: int, size: int) -> bytes:
        """Bytes by one transaction, as many as go at once."""
        way, size = self.ways[0].name, min(size, self.ways[0].most)
        if way == RDWR:
            answer = i2c_msg.read(address, size)
            self.smbus.i2c_rdwr(i2c_msg.write(address, [byte]), answer)
            return bytes(answer)
        if way == BLOCK and size > 1 and (byte < HALF or self._follows_pages(address)):
            return self._block(address, byte, size)
        return bytes([self.smbus.read_byte_data(address, byte)])

    def _write(self, address: int, byte: int, raw: bytes) -> int:
        """How many bytes one transaction wrote."""
        way, most = self.ways[0]
        if way == RDWR:
            self.smbus.i2c_rdwr(i2c_msg.write(address, [byte, *raw[:most]]))
            return min(most, len(raw))
        if way == BLOCK and len(raw) > 1 and self._follows and self.smbus.funcs & I2cFunc.SMBUS_WRITE_I2C_BLOCK:
            self.smbus.write_i2c_block_data(address, byte, list(raw[:most]))
            return min(most, len(raw))
        self.smbus.write_byte_data(address, byte, raw[0])
        return 1

    def _block(self, address: int, byte: int, size: int) -> bytes:
        return bytes(self.smbus.read_i2c_block_data(address, byte, size))

    def _follows_pages(self, address: int) -> bool:
        """Whether block reads give the page that is selected.

        Found out once, on the first page on show that may be read twice and is not page 00h; until then bytes are
        read one by one.
        """
        if self._follows is None and self.smbus.read_byte_data(address, PAGE_SELECT) in STATIC:
            singly = bytes(self.smbus.read_byte_data(address, byte) for byte in range(HALF, 2 * HALF))
            at_once = b"".join(self._block(address, byte, SHORT) for byte in range(HALF, 2 * HALF, SHORT))
            if at_once != singly:
                self._follows = False
                self._note("block reads give another page than byte reads: upper memory is read byte by byte")
            elif singly[0] != self.smbus.read_byte_data(address, 0):  # else it may be page 00h, which begins as L:0
                self._follows = True
        return bool(self._follows)

    # --- the bus --------------------------------------------------------------------------------------------------

    @contextmanager
    def held(self) -> Iterator[None]:
        """The bus locked, and the channels of the muxes on; both undone afterwards."""
        self._timeouts = 0
        with ExitStack() as undone:
            self._lock()
            undone.callback(fcntl.flock, self._file, fcntl.LOCK_UN)
            for address, channel in self.muxes:
                undone.callback(self._leave, address)
                self._choose(address, channel)
            yield

    def _lock(self) -> None:
        patience = Decimal(str(seconds(self.device, "connect_timeout_s", 10)))
        calendar = self.terms.calendar
        start = calendar.now()
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if calendar.now() - start >= patience or self.terms.hurry.stop:
                    raise TransportError(
                        f"{self.device.name}: {self.path} is held by {holder(self._file)} after {patience} s: "
                        "let it finish, or give more connect_timeout_s"
                    ) from None
                calendar.wait(LOCK_POLL)

    def _choose(self, address: int, channel: int) -> None:
        """Switch one channel of a mux on and the others off, and read back that it is so."""
        self.claim(address, mux=True)
        wanted = 1 << channel
        self._tell(f"{address:#04x}={wanted:02x}")
        try:
            self.smbus.write_byte(address, wanted)
            found = self.smbus.read_byte(address)
        except OSError as error:
            raise explained(error, self.path, address, f"{self.device.name}: the mux") from None
        if found != wanted:
            raise TransportError(
                f"{self.device.name}: {self.path}: the mux at {address:#04x} was told {wanted:02X}h and shows "
                f"{found:02X}h: expected a PCA9543, 9545, 9546 or 9548, with a bit for each channel"
            )

    def _leave(self, address: int) -> None:
        """Switch all channels of a mux off; one that does not answer now is noted."""
        try:
            self.smbus.write_byte(address, 0)
        except OSError as error:
            self._note(str(explained(error, self.path, address, "the mux was not switched off:")))
        self._tell(f"{address:#04x}=00")

    def claim(self, address: int, *, mux: bool = False) -> None:
        """TransportError where a kernel driver owns an address: I2C_RDWR would not ask the kernel that."""
        if address in self._unowned:
            return
        asking = os.open(self.path, os.O_RDWR)  # one of its own: the kernel keeps the address by open file
        try:
            fcntl.ioctl(asking, I2C_SLAVE, address)
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise explained(error, self.path, address) from None
            raise owned(self.device, self.path, address, mux=mux) from None
        finally:
            os.close(asking)
        self._unowned.add(address)

    def _tell(self, wire: str) -> None:
        self.terms.tell(self.device, "sent", wire=wire)

    def _note(self, text: str) -> None:
        self.terms.tell(self.device, "note", text=f"{self.path}: {text}")


def opened(device: DevicePlan, path: str, *, force: bool) -> SMBus:
    """The bus, or a TransportError that says what to do about it."""
    smbus = SMBus(force=force)
    try:
        smbus.open(path)
    except OSError as error:
        smbus.close()
        hint = {
            errno.ENOENT: "expected an I2C bus there; `modprobe i2c-dev` makes them, `i2cdetect -l` lists them",
            errno.EACCES: "be in the group that owns it, usually i2c",
            errno.EPERM: "be in the group that owns it, usually i2c",
            errno.ENOTTY: "expected an I2C bus, this is something else",
        }.get(error.errno or 0, "expected an I2C bus there")
        raise TransportError(f"{device.name}: {path}: {error.strerror}: {hint}") from None
    return smbus


def explained(error: OSError, path: str, address: int, who: str = "") -> TransportError:
    """What an adapter's errno means."""
    code = error.errno or 0
    where = f"{who} {path} at {address:#04x}".strip()
    if code in NOT_THERE:
        return NoAcknowledge(f"{where}: no acknowledge ({errno.errorcode[code]})")
    return TransportError(f"{where}: {REASONS.get(code, error.strerror)} ({errno.errorcode.get(code, code)})")


def owned(device: DevicePlan, path: str, address: int, *, mux: bool) -> TransportError:
    """That a kernel driver has an address, which one, and what to do instead."""
    number = path.rpartition("-")[2]
    client = f"{number}-{address:04x}"
    link = Path(f"/sys/bus/i2c/devices/{client}/driver")
    driver = f"the kernel driver {link.resolve().name}" if link.exists() else "a kernel driver"
    words = f"{device.name}: {path}: {driver} has {address:#04x}"
    if mux:
        return TransportError(
            f"{words}: each of its channels is a bus, see /sys/bus/i2c/devices/{client}/channel-0: name that, no mux"
        )
    return TransportError(
        f"{words}, and reading beside it changes its page: read its file by eeproms of the device "
        f"(/sys/bus/i2c/devices/{client}/eeprom), or say force: true in reach"
    )


def holder(file: int) -> str:
    """Who has the lock on an open file, as far as the kernel tells."""
    status = os.fstat(file)
    inode = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    with suppress(OSError):
        for line in Path("/proc/locks").read_text("ascii").splitlines():
            words = line.split()
            if inode in words and "FLOCK" in words and "->" not in words:
                pid = words[words.index(inode) - 1]
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                return f"process {pid} ({command.strip()[:80]})"
    return "another process"


__all__ = ["Wire", "connect"]
