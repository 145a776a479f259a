"""What an adapter can do and says, and how a lab file leads to a module; buses themselves are in tests/kernel."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from smbus2 import I2cFunc

from harness.errors import TransportError
from harness.transports.i2c import connect, explained, muxes, ways
from harness.transports.registers import NoAcknowledge
from tests.transports.boards import SimulatedCalendar, Told, board

MUXES = [
    ("none", "", ()),
    ("one channel", "0x70/3", ((0x70, 3),)),
    ("two in a row, outermost first", "0x70/3,0x71/0", ((0x70, 3), (0x71, 0))),
    ("blanks around them", " 0x70/3 , 0x77/7 ", ((0x70, 3), (0x77, 7))),
]


@pytest.mark.parametrize(("said", "meant"), [row[1:] for row in MUXES], ids=[row[0] for row in MUXES])
def test_muxes_are_addresses_and_channels(said: str, meant: tuple[tuple[int, int], ...]) -> None:
    assert muxes(board(mux=said)) == meant


@pytest.mark.parametrize("said", ["0x70", "70/3", "0x70/8", "0x50/3", "0x6f/0", "0x78/0", "0x70/3;0x71/0", "0x70/-1"])
def test_a_mux_that_is_none_is_refused_with_the_line_that_says_it(said: str) -> None:
    with pytest.raises(TransportError, match=r"board1: lab\.yaml line 3: mux .*0x70/0 to 0x77/7"):
        muxes(board(mux=said))


WAYS = [
    ("plain I2C first at full length, then shorter", I2cFunc.I2C | I2cFunc.SMBUS_EMUL,
     [("I2C_RDWR", 128), ("I2C_RDWR", 32), ("I2C_RDWR", 8), ("SMBus block", 32), ("SMBus byte", 1)]),
    ("an SMBus controller with block reads", I2cFunc.SMBUS_BYTE_DATA | I2cFunc.SMBUS_I2C_BLOCK,
     [("SMBus block", 32), ("SMBus byte", 1)]),
    ("an SMBus controller without", I2cFunc.SMBUS_BYTE_DATA | I2cFunc.SMBUS_BLOCK_DATA, [("SMBus byte", 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("functions", "found"), [row[1:] for row in WAYS], ids=[row[0] for row in WAYS])
def test_bytes_go_as_the_adapter_can(functions: int, found: list[tuple[str, int]]) -> None:
    assert ways(functions) == found


ERRNOS = [
    (errno.ENXIO, NoAcknowledge, "no acknowledge (ENXIO)"),
    (errno.EREMOTEIO, NoAcknowledge, "no acknowledge (EREMOTEIO)"),
    (errno.ENODEV, NoAcknowledge, "no acknowledge (ENODEV)"),
    (errno.ETIMEDOUT, TransportError, "the bus timed out"),
    (errno.EAGAIN, TransportError, "arbitration was lost"),
    (errno.EIO, TransportError, "does not say whether the module acknowledged"),
    (errno.EPROTO, TransportError, "Protocol error (EPROTO)"),
]


@pytest.mark.parametrize(("code", "kind", "words"), ERRNOS, ids=[errno.errorcode[row[0]] for row in ERRNOS])
def test_only_a_missing_acknowledge_is_one(code: int, kind: type[TransportError], words: str) -> None:
    error = explained(OSError(code, "Protocol error"), "/dev/i2c-7", 0x50)
    assert type(error) is kind
    assert str(error).startswith("/dev/i2c-7 at 0x50: ") and words in str(error)


def test_a_bus_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match=r"board1: lab\.yaml line 3: reach needs bus for i2c"):
        connect(board(transport="i2c"), Told(tmp_path, SimulatedCalendar()).terms)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/dev/i2c-4711", "No such file or directory: expected an I2C bus there; `modprobe i2c-dev` makes them"),
        ("/dev/null", "expected an I2C bus, this is something else"),
        ("/", "Is a directory: expected an I2C bus there"),
    ],
)
def test_what_is_no_bus_is_said_in_one_line(path: str, words: str, tmp_path: Path) -> None:
    told = Told(tmp_path, SimulatedCalendar())
    with pytest.raises(TransportError) as caught:
        connect(board(device=path), told.terms)
    assert str(caught.value).startswith(f"board1: {path}: ") and words in str(caught.value)
    assert told.lines("connected", "sent") == []
