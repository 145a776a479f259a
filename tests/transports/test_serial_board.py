"""A module board behind a serial line, played for a simulated module: whole reads, and every way not to answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audit.board import Board as Controls
from harness.audit.board import Operator, Saved
from harness.clock import SimulatedClock
from harness.decode.bus import Bus
from harness.decode.dump import read_dump
from harness.decode.reader import read_module
from harness.errors import EvidenceError, TransportError
from harness.evidence import Answer, Ask, Kind
from harness.simlab.board import BoardServer
from harness.simlab.wire import Lines, Wire
from harness.transports import board, reached
from harness.transports.base import Terms
from harness.transports.line import Line
from harness.transports.registers import NoAcknowledge, Registers
from harness.twin.families import family
from harness.twin.plug import plugged

from .lines import events, plan, sent, session, terms

pytestmark = pytest.mark.filterwarnings(r"ignore:set(Daemon|Name)\(\):DeprecationWarning")  # in pyserial

READS = session("read everything", "read poll", "read identity", shell=False)


def served(tmp_path: Path, bus: Bus) -> BoardServer:
    return BoardServer(bus, path=tmp_path / "tty")


def timed(tmp_path: Path, clock: SimulatedCalendar) -> Terms:
    return replace(terms(tmp_path, READS), calendar=clock)


class Absent:
    """A slot with no module in it."""

    def read(self, device: int, byte: int, size: int) -> bytes:
        raise TransportError("no acknowledge")

    def write(self, device: int, byte: int, raw: bytes) -> None:
        raise TransportError("no acknowledge")


class Still:
    """256 bytes without pages."""

    def __init__(self) -> None:
        self.held = bytearray(range(256))

    def read(self, device: int, byte: int, size: int) -> bytes:
        return bytes(self.held[byte : byte + size])

    def write(self, device: int, byte: int, raw: bytes) -> None:
        self.held[byte : byte + len(raw)] = raw


def board_that(reply: Callable[[str], bytes]) -> Callable[[Wire], None]:
    """A board that identifies itself and answers the rest its own way."""

    def talk(wire: Wire) -> None:
        held = b""
        while True:
            *lines, held = (held + wire.read()).replace(b"\r", b"").split(b"\n")
            for line in lines:
                wire.write(b"plugfest-board 1\r\n" if line == b"?" else reply(line.decode()) if line else b"")

    return talk


@contextmanager
def opened(tmp_path: Path, lines: Lines, on: Terms | None = None, **reach: object) -> Iterator[Registers]:
    assert lines.path is not None
    device = plan("board", **{"device": lines.path, "timeout_s": "0.3", "connect_timeout_s": 3, **reach})
    with lines:
        found = reached(device, on or terms(tmp_path, READS))
        assert isinstance(found, Registers)
        try:
            yield found
        finally:
            found.close()


@contextmanager
def bus_to(tmp_path: Path, lines: Lines, timeout: float = 0.3) -> Iterator[board.Board]:
    """The board's bus alone, without what guards it."""
    with lines:
        line = Line(plan("board", device=lines.path), terms(tmp_path, READS))
        try:
            yield board.Board(line, board.families()["plain"], timeout)
        finally:
            line.close()


def asked(transport: Registers, *texts: str) -> list[Answer]:
    return list(transport.ask([Ask("leaf1", Kind.REGISTERS, text) for text in texts]))


# --- what is put back ---------------------------------------------------------------------------------------------


STARTS = session("time start", shell=False)


class Stopping:
    """A module that makes the user want to stop when so many controls were written; the disk is full from then on."""

    def __init__(self, bus: Bus, writes: int, stop: Callable[[], None]) -> None:
        self.bus, self.left, self.stop = bus, writes, stop

    def read(self, device: int, byte: int, size: int) -> bytes:
        return self.bus.read(device, byte, size)

    def write(self, device: int, byte: int, raw: bytes) -> None:
        self.left -= byte not in (126, 127)
        if not self.left:
            self.stop()
        self.bus.write(device, byte, raw)


@contextmanager
def starting(
    tmp_path: Path, stop: Callable[[Terms], None], writes: int
) -> Iterator[tuple[Registers, Callable[[], Saved]]]:
    """A board with a module to be started, and what stands in the module."""
    clock = SimulatedCalendar()
    module = plugged(family("800g-dr8").build(), clock=clock)
    clock.wait(Decimal(100))
    on = replace(terms(tmp_path, STARTS), calendar=clock, unlocked=frozenset({"disruptive"}))
    lines = served(tmp_path, Stopping(module, writes, lambda: stop(on)))
    device = replace(plan("board", device=tmp_path / "tty", timeout_s="2"), maintenance=True)
    with lines:
        registers = reached(device, on)
        assert isinstance(registers, Registers)
        yield registers, lambda: Operator(Controls(module, clock)).save()
        registers.close()


def wanted(on: Terms) -> None:
    on.hurry.stop = True


def full(on: Terms) -> None:
    assert on.journal.file is not None
    on.journal.close()
    on.journal.file = Path("/dev/full")


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_a_user_who_stops_a_timed_start_gets_the_module_put_back_over_the_line(tmp_path: Path, writes: int) -> None:
    with starting(tmp_path, wanted, writes) as (registers, stands):
        before = stands()
        (answer,) = asked(registers, "time start")
        assert answer.status is None and "stopped by the user" in answer.error
        assert stands() == before
    assert len(events(tmp_path, "restored")) == 1


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_a_disk_that_is_full_keeps_nobody_from_putting_back(tmp_path: Path, writes: int) -> None:
    with starting(tmp_path, full, writes) as (registers, stands):
        before = stands()
        with pytest.raises(EvidenceError, match="what was sent could not be written down"):
            asked(registers, "time start")
        assert stands() == before
        registers.terms.journal.file = None
    assert events(tmp_path, "saved") and not events(tmp_path, "restored")


# --- good days ----------------------------------------------------------------------------------------------------


class SimulatedCalendar(SimulatedClock):
    """A clock of the rig that passes with the module's."""

    real = False

    def instant(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", ["800g-2xdr4", "100g-cwdm4", "25g-sr"])
def test_a_module_read_over_the_board_is_the_module_itself(tmp_path: Path, name: str) -> None:
    clock = SimulatedCalendar()
    with opened(tmp_path, served(tmp_path, plugged(family(name).build(), clock)), timed(tmp_path, clock)) as transport:
        (one,) = asked(transport, "read everything")
    assert (one.status, one.error) == (0, "")
    beside = SimulatedClock()
    direct = read_module(plugged(family(name).build(), beside), clock=beside)
    assert read_dump(one.body, name).pages == direct.memory.pages
    assert json.loads(one.body)["torn"] == [] and json.loads(one.body)["failures"] == []


def test_what_went_out_stands_in_the_journal_as_transactions(tmp_path: Path) -> None:
    clock = SimulatedCalendar()
    twin = plugged(family("800g-2xdr4").build(), clock)
    with opened(tmp_path, served(tmp_path, twin), timed(tmp_path, clock)) as transport:
        asked(transport, "read identity")
    (told,) = events(tmp_path, "connected")
    assert (told["family"], told["identity"], told["baud"]) == ("plain", "plugfest-board 1", 115200)
    identify, transactions = sent(tmp_path)
    assert identify == "^M^J?^M^J"
    assert "A0h:0+8" in transactions and "A0h:127=01" in transactions


@pytest.mark.parametrize("scheme", ["socket", "rfc2217"])
def test_a_board_behind_a_console_server_is_read_too(tmp_path: Path, scheme: str) -> None:
    with BoardServer(Still(), port=0, rfc2217=0) as server:
        port = server.port if scheme == "socket" else server.rfc2217
        line = Line(plan("board", device=f"{scheme}://127.0.0.1:{port}"), terms(tmp_path, READS))
        bus = board.Board(line, board.families()["plain"], 2)
        assert bus.read(0xA0, 0x7E, 2) == b"\x7e\x7f"
        bus.write(0xA0, 0xFF, b"\x0d")  # a byte that telnet escapes, and one that ends a line, go as hex
        assert bus.read(0xA0, 0xFE, 2) == b"\xfe\x0d"
        line.close()


# --- bad days -----------------------------------------------------------------------------------------------------


def test_a_slot_without_a_module_is_an_absent_module(tmp_path: Path) -> None:
    with opened(tmp_path, served(tmp_path, Absent())) as transport:
        (one,) = asked(transport, "read everything")
    assert one.status is None and one.body == b"" and one.error.startswith("module absent: leaf1: ")


def test_a_module_that_does_not_acknowledge_is_told_from_a_board_that_complains(tmp_path: Path) -> None:
    replies = {"r": b"nak\r\n", "w": b"err slot is off\r\n"}
    with bus_to(tmp_path, Lines(board_that(lambda line: replies[line[0]]), path=tmp_path / "tty")) as bus:
        with pytest.raises(NoAcknowledge, match="did not acknowledge"):
            bus.read(0xA0, 0, 1)
        with pytest.raises(TransportError, match="the board says 'slot is off'") as caught:
            bus.write(0xA0, 127, b"\x11")
        assert not isinstance(caught.value, NoAcknowledge)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        pytest.param(b"ok 00\r\n", "asked for 2 bytes and got 1", id="fewer bytes than asked for"),
        pytest.param(b"ok 001122\r\n", "asked for 2 bytes and got 3", id="more bytes than asked for"),
        pytest.param(b"ok\r\n", "asked for 2 bytes and got 0", id="no bytes"),
        pytest.param(b"ok 0g11\r\n", "which is no answer", id="what is not hex"),
        pytest.param(b"ok 001\r\n", "which is no answer", id="half a byte"),
        pytest.param(b"xok 0011\r\n", "which is no answer", id="an answer with garbage before it"),
        pytest.param(b"\xff\xfe\x80\r\n", "which is no answer", id="noise"),
        pytest.param(b"ok 0011", "was not answered in 0.3 s", id="an answer without its end"),
        pytest.param(b"x" * 100_000, "was not answered in 0.3 s", id="a flood without an end of line"),
        pytest.param(b"", "was not answered in 0.3 s", id="silence"),
    ],
)
def test_what_is_no_answer_gives_no_bytes_and_the_next_read_starts_afresh(
    tmp_path: Path, reply: bytes, words: str
) -> None:
    replies = iter([reply, b"ok 7E7F\r\n"])
    with bus_to(tmp_path, Lines(board_that(lambda _: next(replies)), path=tmp_path / "tty")) as bus:
        with pytest.raises(TransportError, match=words):
            bus.read(0xA0, 0x7E, 2)
        assert bus.read(0xA0, 0x7E, 2) == b"\x7e\x7f"


def test_an_answer_that_comes_late_is_not_taken_for_the_next(tmp_path: Path) -> None:
    held: list[bytes] = []

    def reply(line: str) -> bytes:
        held.append(b"ok AAAA\r\n" if len(held) == 0 else b"ok 7E7F\r\n")
        return b"" if len(held) == 1 else held[-1]

    def talk(wire: Wire) -> None:
        rest = b""
        while True:
            *lines, rest = (rest + wire.read()).replace(b"\r", b"").split(b"\n")
            for line in filter(None, lines):
                late = held[0] if line == b"?" and len(held) == 1 else b""
                wire.write(late + (b"plugfest-board 1\r\n" if line == b"?" else reply(line.decode())))

    with bus_to(tmp_path, Lines(talk, path=tmp_path / "tty")) as bus:
        with pytest.raises(TransportError, match="was not answered"):
            bus.read(0xA0, 0x7E, 2)
        assert bus.read(0xA0, 0x7E, 2) == b"\x7e\x7f"


def test_a_line_that_goes_silent_fails_a_whole_module_at_once(tmp_path: Path) -> None:
    answered: list[str] = []

    def talk(wire: Wire) -> None:
        rest, still = b"", Still()
        server = BoardServer(still)
        while True:
            *lines, rest = (rest + wire.read()).replace(b"\r", b"").split(b"\n")
            for line in filter(None, lines):
                answered.append(line.decode())
                if len(answered) < 5:
                    wire.write(server.reply(line.decode()).encode() + b"\r\n")

    with opened(tmp_path, Lines(talk, path=tmp_path / "tty")) as transport:
        started = time.monotonic()
        *_, last = asked(transport, *["read everything"] * 5)
        took = time.monotonic() - started
    assert last.status is None and "no board that says" in last.error
    assert took < 5


def test_a_board_that_is_unplugged_says_so(tmp_path: Path) -> None:
    server = served(tmp_path, Still())
    with bus_to(tmp_path, server) as bus:
        assert bus.read(0xA0, 1, 1) == b"\x01"
        server.stop()
        for _ in range(2):
            with pytest.raises(TransportError, match=r"the line was lost|took nothing more"):
                bus.read(0xA0, 1, 1)


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        pytest.param(
            {"x_family": "fancy"}, "no board family 'fancy': x-family is one of plain", id="an unknown family"
        ),
        pytest.param({"device": "/dev/ttyNOTHERE7"}, "it is not there", id="a line that is not there"),
    ],
)
def test_a_board_that_cannot_be_reached_says_why(tmp_path: Path, reach: dict[str, object], words: str) -> None:
    said = pytest.raises(TransportError, match=words)
    with said, opened(tmp_path, served(tmp_path, Still()), **reach):
        pass


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        pytest.param(b"", "not a line came", id="a line on which nothing answers"),
        pytest.param(b"leaf1 login: \r\n", "it said 'leaf1 login:'", id="a console"),
        pytest.param(b"plugfest-board 2\r\n", "it said 'plugfest-board 2'", id="another board"),
    ],
)
def test_what_is_no_board_of_the_family_is_not_read(tmp_path: Path, reply: bytes, words: str) -> None:
    heard = bytearray()

    def talk(wire: Wire) -> None:
        while True:
            heard.extend(wire.read())
            wire.write(reply)

    lines = Lines(talk, path=tmp_path / "tty")
    with pytest.raises(TransportError, match=words), opened(tmp_path, lines, connect_timeout_s="0.8"):
        pass
    assert set(bytes(heard).split()) == {b"?"}
    assert events(tmp_path, "failed")


def test_a_port_of_a_board_is_opened_by_one_program_at_a_time(tmp_path: Path) -> None:
    busy = pytest.raises(TransportError, match="another program has it open")
    with opened(tmp_path, served(tmp_path, Still())), busy:
        board.connect(plan("board", device=tmp_path / "tty"), terms(tmp_path, READS))


# --- the line protocol --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        pytest.param("?", "plugfest-board 1", id="it identifies itself"),
        pytest.param("r A0 7E 2", "ok 7E7F", id="a read"),
        pytest.param("w A0 7F 11", "ok", id="a write"),
        pytest.param("r A0 7E", "err no command: r A0 7E", id="a read without a size"),
        pytest.param("w A0 7F 1", "err no command: w A0 7F 1", id="half a byte"),
    ],
)
def test_a_board_answers_a_line_with_a_line(line: str, reply: str) -> None:
    assert BoardServer(Still()).reply(line) == reply


@given(st.integers(0, 255), st.integers(0, 255), st.binary(min_size=1, max_size=128))
def test_the_templates_of_the_table_are_what_the_board_understands(device: int, byte: int, raw: bytes) -> None:
    plain, bus = board.families()["plain"], Still()
    server = BoardServer(bus)
    assert server.reply(plain.write.format(device=device, byte=byte, raw=raw.hex().upper())) == "ok"
    fits = raw[: 256 - byte]
    answer = server.reply(plain.read.format(device=device, byte=byte, size=len(fits)))
    assert answer == f"ok {fits.hex().upper()}"
