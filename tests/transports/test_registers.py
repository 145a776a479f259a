"""What reaches the bus of a module, and what an answer of its registers says: on twins, which keep to the standard."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audit.board import CONTROLS
from harness.decode.build import as_json, json_key
from harness.decode.bus import Bus
from harness.decode.cmis import cdb
from harness.decode.dump import read_dump
from harness.decode.memory import HALF, LOWER_MEMORY, Page
from harness.errors import TransportError
from harness.evidence import Ask, Kind
from harness.transports.registers import Guard, NoAcknowledge, Registers
from harness.twin.families import family, names
from harness.twin.module import ModuleTwin
from harness.twin.plug import Twin, plugged
from tests.transports.boards import SimulatedCalendar, Told, asked, board, pages

CMIS, SFF8636, SFF8472 = "400g-dr4", "100g-sr4", "25g-sr"
TWO_BANKS = "1.6t-2xdr8-osfp-xd"
EVERY = frozenset({"disruptive"})


class Arrivals:
    """A module's bus that keeps what reached it: device, byte and bytes of each write, and the page on show then."""

    def __init__(self, module: Twin) -> None:
        self.module = module
        self.writes: list[tuple[int, int, bytes, int]] = []
        self.heard: Callable[[], None] = lambda: None

    def read(self, device: int, byte: int, size: int) -> bytes:
        return self.module.read(device, byte, size)

    def write(self, device: int, byte: int, raw: bytes) -> None:
        shown = self.module.shown.get(device)
        self.writes.append((device, byte, raw, -1 if shown is None else shown.number))
        self.heard()
        self.module.write(device, byte, raw)


class Nobody:
    """A bus with no module on it."""

    def __init__(self, error: type[TransportError] = NoAcknowledge) -> None:
        self.error = error

    def read(self, device: int, byte: int, size: int) -> bytes:
        raise self.error("nobody is here")

    def write(self, device: int, byte: int, raw: bytes) -> None:
        raise self.error("nobody is here")


def started(name: str = CMIS, clock: SimulatedCalendar | None = None) -> Twin:
    clock = clock or SimulatedCalendar()
    module = plugged(family(name).build("R1"), clock)
    clock.wait(Decimal(30))
    module.settle()
    return module


def guarded(name: str = CMIS, unlocked: frozenset[str] = frozenset()) -> tuple[Guard, Arrivals, list[str]]:
    bus, told = Arrivals(started(name)), list[str]()
    return Guard(bus, told.append, unlocked), bus, told


# --- the guard ----------------------------------------------------------------------------------------------------

SELECT_14, SELECT_2F, SELECT_9F, SELECT_10 = ((0xA0, 127, bytes([page])) for page in (0x14, 0x2F, 0x9F, 0x10))


def command(number: int, payload: bytes = b"") -> list[tuple[int, int, bytes]]:
    """The writes of a CDB command, as a host sends it."""
    return [SELECT_9F, *((0xA0, byte, raw) for byte, raw in cdb.writes(cdb.query(number, payload)))]


ALLOWED = [
    ("a page of CMIS", CMIS, [SELECT_10]),
    ("bank and page of CMIS in one write", TWO_BANKS, [(0xA0, 126, b"\x01\x11")]),
    ("a bank of CMIS alone, which the next page takes with it", TWO_BANKS, [(0xA0, 126, b"\x01"), SELECT_10]),
    ("a page of SFF-8636", SFF8636, [(0xA0, 127, b"\x03")]),
    ("a page of SFF-8472, at A2h", SFF8472, [(0xA2, 127, b"\x02")]),
    ("the selector of the diagnostics", CMIS, [SELECT_14, (0xA0, 128, b"\x06")]),
    ("the freeze of the VDM samples", CMIS, [SELECT_2F, (0xA0, 144, b"\x80")]),
    ("CDB command 0000h, query status", CMIS, command(0x0000, b"\0\0")),
    ("CDB command 0040h, module features", CMIS, command(0x0040)),
    ("CDB command 0045h, features that are not told yet", CMIS, command(0x0045)),
    ("CDB command 0100h, firmware info", CMIS, command(0x0100)),
]

CONTROL_SPANS = [(f"{page} bytes {first}-{last}", page, first) for page, first, last in CONTROLS]

REFUSED: list[tuple[str, str, list[tuple[int, int, bytes]], str]] = [
    ("software reset", CMIS, [(0xA0, 26, b"\x08")], "unlock disruptive, and maintenance: true"),
    ("low power", CMIS, [(0xA0, 26, b"\x10")], "unlock disruptive"),
    ("masks of the module", CMIS, [(0xA0, 31, b"\xff")], "unlock disruptive"),
    ("data paths down", CMIS, [SELECT_10, (0xA0, 128, b"\xff")], "page 10h is a control: unlock disruptive"),
    ("transmitters off", CMIS, [SELECT_10, (0xA0, 130, b"\xff")], "unlock disruptive"),
    ("a password", CMIS, [(0xA0, 122, b"\0\0\x10\x11")], "lower memory may not be written there"),
    ("a read-only byte", CMIS, [(0xA0, 0, b"\x18")], "lower memory may not be written there"),
    ("more than the page", CMIS, [(0xA0, 127, b"\x10\xff")], "bytes of one half of 128"),
    ("a write that ends with the page and begins before the bank", CMIS, [(0xA0, 125, b"\0\0\x10")], "may not be"),
    ("nothing", CMIS, [(0xA0, 127, b"")], "bytes of one half"),
    ("a byte beyond the last", CMIS, [(0xA0, 256, b"\0")], "bytes of one half"),
    ("a byte of a page that nobody selected", CMIS, [(0xA0, 128, b"\x06")], "no page was selected before it"),
    ("two bytes where one is the selector", CMIS, [SELECT_14, (0xA0, 128, b"\x06\0")], "page 14h may not be written"),
    ("a byte beside the freeze", CMIS, [SELECT_2F, (0xA0, 145, b"\0")], "page 2Fh may not be written there"),
    ("the bytes of another page at the selector's place", CMIS, [SELECT_2F, (0xA0, 128, b"\x06")], "page 2Fh may not"),
    ("user memory", CMIS, [(0xA0, 127, b"\x03"), (0xA0, 128, b"x")], "page 03h may not be written there"),
    ("an extended payload", CMIS, [(0xA0, 127, b"\xa0"), (0xA0, 128, b"x")], "page A0h"),
    ("another device address", CMIS, [(0xE0, 0, b"\x08")], "expected A0h or A2h"),
    ("the page of an address that CMIS does not have", CMIS, [(0xA2, 127, b"\0")], "selects no page of a module with"),
    ("a bank where SFF-8636 has none", SFF8636, [(0xA0, 126, b"\x01\x03")], "selects no page of a module with sff8636"),
    ("a control of SFF-8636", SFF8636, [(0xA0, 86, b"\x0f")], "selects no page of a module with sff8636"),
    ("bytes of an SFP that are its vendor's own", SFF8472, [(0xA0, 127, b"\x02")], "selects no page of a module"),
    ("the soft control of an SFP", SFF8472, [(0xA2, 110, b"\x40")], "selects no page of a module with sff8472"),
    ("CDB command 0001h, a password", CMIS, command(0x0001, b"\0\0\x10\x11"), "0001h .Enter Password. is no query"),
    *((f"CDB command {one:04X}h", CMIS, command(one), f"{one:04X}h .* is no query")
      for one in (0x0002, 0x0004, *range(0x0101, 0x010B), 0x0200, 0x0210, 0x0300, 0x0380, 0x4000, 0xFFFF)),
    ("half an id of CDB", CMIS, [SELECT_9F, (0xA0, 129, b"\x09")], "the CDB command is cut"),
    ("the other half of an id of CDB", CMIS, [SELECT_9F, (0xA0, 128, b"\x01")], "the CDB command is cut"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "writes"), [row[1:] for row in ALLOWED], ids=[row[0] for row in ALLOWED])
def test_what_a_query_writes_goes_out(name: str, writes: list[tuple[int, int, bytes]]) -> None:
    guard, bus, told = guarded(name)
    for write in writes:
        guard.write(*write)
    guard.flush()
    assert [arrived[:3] for arrived in bus.writes] == writes
    assert all(f"{device:02X}h:{byte}={raw.hex()}" in told[0] for device, byte, raw in writes)


@pytest.mark.parametrize(("name", "writes", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_other_writes_do_not(name: str, writes: list[tuple[int, int, bytes]], why: str) -> None:
    guard, bus, _ = guarded(name)
    *before, last = writes
    for write in before:
        guard.write(*write)
    with pytest.raises(TransportError, match=why):
        guard.write(*last)
    assert [arrived[:3] for arrived in bus.writes] == before


@pytest.mark.parametrize(("page", "byte"), [row[1:] for row in CONTROL_SPANS], ids=[row[0] for row in CONTROL_SPANS])
def test_controls_go_out_once_they_are_unlocked(page: Page, byte: int) -> None:
    for unlocked in (frozenset[str](), EVERY):
        guard, bus, told = guarded("400g-zr", unlocked)  # it has every page of controls
        if page != LOWER_MEMORY:
            guard.write(0xA0, 127, bytes([page.number]))
        before = len(bus.writes)
        if unlocked:
            guard.write(0xA0, byte, b"\0")
            assert told[-1].endswith(f"A0h:{byte}=00 (disturbs)")
        else:
            with pytest.raises(TransportError, match="unlock disruptive"):
                guard.write(0xA0, byte, b"\0")
        assert len(bus.writes) == before + len(unlocked)


def test_a_write_that_disturbs_is_told_before_it_goes_out() -> None:
    guard, bus, told = guarded(CMIS, EVERY)
    known: list[list[str]] = []
    bus.heard = lambda: known.append(list(told))
    guard.write(0xA0, 26, b"\x10")
    assert known == [["A0h:0+1, A0h:26=10 (disturbs)"]]


def test_after_a_reset_the_page_is_not_known() -> None:
    guard, bus, _ = guarded(CMIS, EVERY)
    guard.write(*SELECT_14)
    guard.write(0xA0, 26, b"\x08")
    with pytest.raises(TransportError, match="no page was selected before it"):
        guard.write(0xA0, 128, b"\x06")
    assert len(bus.writes) == 2


def test_a_module_that_shows_another_page_is_not_written() -> None:
    guard, bus, _ = guarded()
    guard.write(*SELECT_14)
    bus.module.write(0xA0, 127, b"\x10")  # another master
    with pytest.raises(TransportError, match="page 14h was selected and page 10h is on show"):
        guard.write(0xA0, 128, b"\xff")
    assert len(bus.writes) == 1


def test_a_page_that_was_not_taken_is_not_written() -> None:
    guard, bus, _ = guarded()
    bus.module.fail_selects(Page(0x14), 1)
    with pytest.raises(TransportError):
        guard.write(*SELECT_14)
    with pytest.raises(TransportError, match="no page was selected before it"):
        guard.write(0xA0, 128, b"\x06")


@pytest.mark.parametrize(
    ("device", "byte", "size"),
    [(0xE0, 0, 1), (0xA0, 120, 9), (0xA0, 0, 129), (0xA0, 200, 100), (0xA0, 0, 0), (0xA0, -1, 1), (0xA0, 256, 1)],
)
def test_reads_keep_to_a_module_and_to_a_half_of_it(device: int, byte: int, size: int) -> None:
    guard, _, told = guarded()
    with pytest.raises(TransportError, match="not sent: read of"):
        guard.read(device, byte, size)
    guard.flush()
    assert told == []


def test_many_transactions_are_one_line_and_a_failed_one_is_marked() -> None:
    guard, bus, told = guarded()
    bus.module.fail_reads(LOWER_MEMORY, 1)
    with pytest.raises(TransportError):
        guard.read(0xA0, 0, 8)
    for _ in range(70):
        guard.read(0xA0, 2, 1)
    guard.flush()
    guard.flush()
    assert [len(line.split(", ")) for line in told] == [64, 7]
    assert told[0].startswith("A0h:0+8!, A0h:2+1, ")


KINDS = {CMIS: "cmis", SFF8636: "sff8636", SFF8472: "sff8472"}
TEMPTING = [bytes([one]) for one in (0x00, 0x01, 0x06, 0x08, 0x80, 0xFF)] + [
    b"\x00\x01",
    b"\x01\x09",
    b"\x01\x00",
    b"\0" * 9,
]
RAW = st.sampled_from(TEMPTING) | st.binary(max_size=9)
RESET: tuple[int, int, bytes] = (0, 0, b"")
"""Somebody else resets the module, unseen."""


def selection(page: int) -> tuple[int, int, bytes]:
    return (0xA0, 127, bytes([page]))


PAGES = st.sampled_from([0x00, 0x10, 0x14, 0x2F, 0x9F, 0xA0])
IN_A_PAGE = st.tuples(st.just(0xA0), st.sampled_from([128, 129, 130, 143, 144, 145, 252, 255]), RAW)
ANYWHERE = st.tuples(
    st.sampled_from([0xA0, 0xA2, 0xE0]),
    st.sampled_from([0, 26, 31, 86, 110, 118, 122, 125, 126, 127, 128]) | st.integers(-1, 257),
    RAW,
)
STEPS = st.one_of(
    st.tuples(PAGES.map(selection), IN_A_PAGE),
    st.tuples(PAGES.map(selection), st.just(RESET), IN_A_PAGE),
    st.tuples(st.just(selection(0x9F)), st.tuples(st.just(0xA0), st.sampled_from([128, 129]), RAW)),
    st.tuples(ANYWHERE),
)


def needed(kind: str, page: int, device: int, byte: int, raw: bytes) -> bool:
    """Whether the bytes that reached a module are a selection, a query's own, or payload of a message."""
    span = (device, byte, len(raw))
    if kind == "sff8472":
        return span == (0xA2, 127, 1)
    if kind == "sff8636":
        return span == (0xA0, 127, 1)
    if span in ((0xA0, 127, 1), (0xA0, 126, 1), (0xA0, 126, 2)):
        return True
    if device != 0xA0 or byte < 128 or byte + len(raw) > 256:
        return False
    if page == 0x9F:
        starts = raw[:2] in (b"\0\0", b"\0\x40", b"\0\x41", b"\0\x42", b"\0\x43", b"\0\x44", b"\0\x45", b"\x01\0")
        return byte >= 130 or (byte == 128 and starts)
    return (page, byte, len(raw)) in ((0x14, 128, 1), (0x2F, 144, 1))


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from([CMIS, CMIS, SFF8636, SFF8472]), steps=st.lists(STEPS, min_size=1, max_size=8))
def test_nothing_but_queries_ever_reaches_a_module(name: str, steps: list[tuple[tuple[int, int, bytes], ...]]) -> None:
    guard, bus, told = guarded(name)
    for step in (one for several in steps for one in several):
        if step == RESET:
            bus.module.reset()
            bus.module.clock.wait(Decimal(5))
            continue
        try:
            guard.write(*step)
        except TransportError:
            continue
    guard.flush()
    for device, byte, raw, page in bus.writes:
        assert needed(KINDS[name], page, device, byte, raw), f"{device:02X}h:{byte}={raw.hex()} on page {page:02X}h"
    assert sum(line.count("=") for line in told) == len(bus.writes)


# --- the answers --------------------------------------------------------------------------------------------------


def transport(
    bus: Bus, directory: Path, clock: SimulatedCalendar, *, maintenance: bool = False, unlocked: frozenset[str] = EVERY
) -> tuple[Registers, Told]:
    told = Told(directory, clock, unlocked)
    return Registers(board(maintenance=maintenance), told.terms, bus, lambda: None), told


@pytest.mark.parametrize("name", names())
def test_everything_is_every_page_as_it_stands(name: str, tmp_path: Path) -> None:
    clock = SimulatedCalendar()
    module = started(name, clock)
    standing = as_json(module.memory())["pages"]
    registers, told = transport(module, tmp_path, clock)
    (answer,) = registers.ask([asked("read everything")])
    assert (answer.status, answer.error) == (0, "")
    found = pages(answer.body)
    assert found == {page: standing[page] for page in found}
    assert read_dump(answer.body).pages == {page: held for page, held in module.memory().pages.items()
                                            if json_key(page) in found} | flags_before(module, standing)  # fmt: skip
    assert module.refused == []
    assert len(told.lines("sent")) <= 2, "a whole module is a line or two of the journal"


def flags_before(module: Twin, standing: dict[str, str | None]) -> dict[Page, bytes]:
    """The pages whose flags the reading cleared, as they stood before it."""
    now = module.memory().pages
    found = {
        page: standing[json_key(page)] for page, held in now.items() if (held or b"").hex() != standing[json_key(page)]
    }
    return {page: bytes.fromhex(held) for page, held in found.items() if held is not None}


def test_a_second_sample_reads_again_and_no_page_is_read_twice_in_one(tmp_path: Path) -> None:
    clock = SimulatedCalendar()
    module = started(clock=clock)
    assert isinstance(module, ModuleTwin)
    module.light(False)
    clock.wait(Decimal(5))
    registers, told = transport(module, tmp_path, clock)
    one, two = registers.ask([asked("read everything"), asked("read everything", 2)])
    assert pages(one.body)["0:11"] != pages(two.body)["0:11"], "the flags were cleared by the first"
    first = [line["wire"] for line in told.lines("sent") if "sample" not in line["ask"]]
    selected = [one for one in ", ".join(first).split(", ") if one.startswith("A0h:127=")]
    assert len(selected) == len(set(selected))


def test_a_poll_takes_what_the_module_advertises_from_before(tmp_path: Path) -> None:
    clock = SimulatedCalendar()
    registers, told = transport(started(clock=clock), tmp_path, clock)
    identity, poll = registers.ask([asked("read identity"), asked("read poll")])
    assert "01" in pages(identity.body) and "01" not in pages(poll.body)
    assert "0:11" in pages(poll.body)
    assert [line["ask"] for line in told.lines("sent")] == ["board1: read identity", "board1: read poll"]


def test_pages_that_do_not_come_are_null_and_torn_ones_are_named(tmp_path: Path) -> None:
    clock = SimulatedCalendar()
    module = started(clock=clock)
    module.fail_reads(Page(0x02))
    registers, _ = transport(module, tmp_path, clock)
    (answer,) = registers.ask([asked("read everything")])
    document = json.loads(answer.body)
    assert answer.status == 0
    assert document["pages"]["02"] is None and document["torn"] == []
    assert document["failures"] and set(document["failures"]) == {"page 02h: no acknowledge"}
    assert read_dump(answer.body).pages[Page(0x02)] is None


def test_a_page_that_breaks_off_keeps_its_start(tmp_path: Path) -> None:
    clock = SimulatedCalendar()
    module = started(clock=clock)

    class Breaks(Arrivals):
        def read(self, device: int, byte: int, size: int) -> bytes:
            if byte + size > 144 and byte >= HALF and self.module.shown[0xA0].number == 0x02:
                raise TransportError("no acknowledge")
            return super().read(device, byte, size)

    registers, _ = transport(Breaks(module), tmp_path, clock)
    (answer,) = registers.ask([asked("read everything")])
    document = json.loads(answer.body)
    assert document["torn"] == ["02"] and len(document["pages"]["02"]) == 2 * 16


def test_a_module_that_is_not_there_is_told_from_a_bus_that_fails(tmp_path: Path) -> None:
    clock = SimulatedCalendar()
    for error, begins in (
        (NoAcknowledge, "module absent: board1: nobody"),
        (TransportError, "board1: module not read"),
    ):
        registers, told = transport(Nobody(error), tmp_path, clock)
        (answer,) = registers.ask([asked("read everything")])
        assert answer.status is None and answer.body == b"" and answer.error.startswith(begins)
    assert told.wire[0] == "A0h:0+8!"


ASKS: list[tuple[str, Ask, dict[str, Any], str]] = [
    ("an ask that no driver declared", asked("read nothing"), {}, "is no command that the driver declares"),
    ("an ask of another kind", Ask("board1", Kind.CLI, "read everything"), {}, "expected read everything"),
    ("a timed start of a module in service", asked("time start"), {}, "say maintenance: true of it in lab.yaml line 3"),
    ("a timed start that nobody unlocked", asked("time start"), {"maintenance": True, "unlocked": frozenset()},
     "unlock disruptive"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "how", "why"), [row[1:] for row in ASKS], ids=[row[0] for row in ASKS])
def test_what_is_not_allowed_is_answered_so_and_nothing_goes_out(
    ask: Ask, how: dict[str, Any], why: str, tmp_path: Path
) -> None:
    clock = SimulatedCalendar()
    bus = Arrivals(started(clock=clock))
    registers, told = transport(bus, tmp_path, clock, **how)
    (answer,) = registers.ask([ask])
    assert answer.status is None and why in answer.error
    assert (bus.writes, told.lines("sent")) == ([], [])


def test_who_wants_to_stop_is_heard(tmp_path: Path) -> None:
    clock = SimulatedCalendar()
    told = Told(tmp_path, clock)
    terms = told.terms
    registers = Registers(board(), terms, started(clock=clock), lambda: None)
    asks = iter(registers.ask([asked("read identity"), asked("read everything")]))
    assert next(asks).status == 0
    terms.hurry.stop = True
    assert next(asks).error == "not asked: the run was stopped"


def test_a_timed_start_that_is_unlocked_is_told_write_by_write(tmp_path: Path) -> None:
    clock = SimulatedCalendar()
    module = started(clock=clock)
    registers, told = transport(module, tmp_path, clock, maintenance=True)
    (answer,) = registers.ask([asked("time start")])
    assert answer.status == 0, answer.error
    events = [line["event"] for line in told.lines("saved", "sent", "restored")]
    disturbs = [line for line in told.lines("sent") if "(disturbs)" in line["wire"]]
    assert events.index("saved") < events.index("sent", events.index("saved")) < events.index("restored")
    assert len(disturbs) >= 2 and all(line["wire"].count("(disturbs)") == 1 for line in disturbs)


def test_closing_lets_go_once_and_never_raises(tmp_path: Path) -> None:
    def close() -> None:
        raise OSError("gone already")

    told = Told(tmp_path, SimulatedCalendar())
    Registers(board(), told.terms, Nobody(), close).close()
    assert len(told.lines("closed")) == 1
