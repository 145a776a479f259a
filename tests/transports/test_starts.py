"""A timed start, on twins: right times, everything put back, and what a kill leaves is known and put back later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.audit.board import Board, Operator, Saved
from harness.clock import SimulatedClock
from harness.decode.bus import Bus
from harness.decode.memory import LOWER_MEMORY
from harness.errors import TransportError
from harness.evidence.journal import Journal, journal_of
from harness.transports.base import Hurry
from harness.transports.starts import restore, timed_start, unrestored
from harness.twin import families
from harness.twin.module import ModuleTwin
from harness.twin.plug import plugged

FAMILY = "800g-dr8"
TWO_BANKS = "1.6t-2xdr8-osfp-xd"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


class Days(SimulatedClock):
    """A simulated clock that knows the date."""

    real = False

    def instant(self) -> datetime:
        return NOON + timedelta(seconds=float(self.now()))


class Cut:
    """A bus that ends, one way or another, when so many writes have gone out."""

    def __init__(self, bus: Bus, writes: int, end: Callable[[], None]) -> None:
        self.bus, self.left, self.end = bus, writes, end
        self.writes: list[tuple[int, bytes]] = []

    def read(self, device: int, byte: int, size: int) -> bytes:
        return self.bus.read(device, byte, size)

    def write(self, device: int, byte: int, raw: bytes) -> None:
        if byte not in (126, 127):
            self.left -= 1
            if self.left == 0:
                self.end()
            self.writes.append((byte, raw))
        self.bus.write(device, byte, raw)


class Killed(BaseException):
    """Stands for SIGKILL: nothing that the code would still do reaches the bus."""


def twin(name: str = FAMILY, **how: Any) -> tuple[ModuleTwin, Days]:
    clock = Days()
    module = ModuleTwin(families.family(name).build(), clock, **how)  # type: ignore[arg-type]
    clock.wait(Decimal(100))
    return module, clock


def stood(module: ModuleTwin, clock: Days) -> tuple[Saved, str]:
    operator = Operator(Board(module, clock))
    return operator.save(), operator.module_state()


class Told:
    """What the journal heard, and how many writes had gone out by then."""

    def __init__(self, cut: Cut | None = None) -> None:
        self.cut, self.events, self.saved = cut, [], {}  # type: ignore[var-annotated]

    def __call__(self, event: str, **facts: Any) -> None:
        self.events.append((event, len(self.cut.writes) if self.cut else 0))
        self.saved = facts.get("saved", self.saved)


def never() -> None:
    raise AssertionError("not so many writes were expected")


@pytest.mark.parametrize("name", [FAMILY, TWO_BANKS, "400g-zr"])
@pytest.mark.parametrize("pace", ["0.25", "0.5"])
def test_a_start_takes_as_long_as_the_module_takes(name: str, pace: str) -> None:
    module, clock = twin(name, pace=Decimal(pace))
    told = Told()
    rows = timed_start(module, clock, told)["measurements"]
    assert isinstance(rows, list)
    took = {row["quantity"]: row for row in rows}
    assert set(took) == {"module_power_up", "data_path_init"}
    for quantity, state in (("module_power_up", "module_pwr_up"), ("data_path_init", "dp_init")):
        half = Decimal(took[quantity]["uncertainty"])
        assert abs(Decimal(took[quantity]["value"]) - module.lasts(state)) <= half + Decimal("0.001")
        assert half <= Decimal("0.03")
        assert took[quantity]["unit"] == "s"
        assert took[quantity]["serial_number"]


@pytest.mark.parametrize("name", [FAMILY, TWO_BANKS])
def test_everything_is_put_back(name: str) -> None:
    module, clock = twin(name)
    before = stood(module, clock)
    told = Told()
    timed_start(module, clock, told)
    assert stood(module, clock) == before
    assert [event for event, _ in told.events] == ["saved", "restored"]


def test_a_module_that_the_board_keeps_in_low_power_is_started_and_put_back_there() -> None:
    module, clock = twin()
    Operator(Board(module, clock)).put(LOWER_MEMORY, 26, b"\x10")
    clock.wait(Decimal(100))
    before = stood(module, clock)
    assert before[1] == "ModuleLowPwr"
    document = timed_start(module, clock, Told())
    assert len(document["measurements"]) == 2  # type: ignore[arg-type]
    clock.wait(Decimal(100))
    assert stood(module, clock) == before


def test_a_pin_that_holds_the_module_in_low_power_does_not_keep_it_from_starting() -> None:
    module, clock = twin()
    module.low_power_pin(True)
    clock.wait(Decimal(100))
    before = stood(module, clock)
    rows = timed_start(module, clock, Told())["measurements"]
    assert len(rows) == 2  # type: ignore[arg-type]
    clock.wait(Decimal(100))
    assert stood(module, clock)[0].controls == before[0].controls


def test_what_stood_there_is_told_before_the_first_write() -> None:
    module, clock = twin()
    cut = Cut(module, 10_000, never)
    told = Told(cut)
    timed_start(cut, clock, told)
    assert told.events[0] == ("saved", 0)
    assert told.events[-1] == ("restored", len(cut.writes))


def faulty() -> None:
    raise TransportError("no acknowledge")


def interrupted() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("after", range(1, 5))
@pytest.mark.parametrize("end", [interrupted], ids=["Ctrl-C"])
def test_a_start_that_ends_in_the_middle_is_put_back(after: int, end: Callable[[], None]) -> None:
    module, clock = twin()
    before = stood(module, clock)
    told = Told()
    with pytest.raises(KeyboardInterrupt):
        timed_start(Cut(module, after, end), clock, told)
    assert stood(module, clock) == before
    assert told.events[-1][0] == "restored"


def test_a_write_that_is_not_acknowledged_once_is_tried_again() -> None:
    module, clock = twin()
    document = timed_start(Cut(module, 2, faulty), clock, Told())
    assert len(document["measurements"]) == 2  # type: ignore[arg-type]


def test_a_user_who_wants_to_stop_gets_a_module_that_was_put_back() -> None:
    module, clock = twin()
    before, hurry, told = stood(module, clock), Hurry(), Told()

    def stop() -> None:
        hurry.stop = True

    with pytest.raises(TransportError, match="stopped by the user"):
        timed_start(Cut(module, 2, stop), clock, told, hurry)
    assert stood(module, clock) == before
    assert told.events[-1][0] == "restored"


class Dead(Cut):
    """Nothing goes out after the end: the process is no more."""

    def read(self, device: int, byte: int, size: int) -> bytes:
        return self.alive(self.bus.read(device, byte, size))

    def write(self, device: int, byte: int, raw: bytes) -> None:
        self.alive(b"")
        super().write(device, byte, raw)

    def alive(self, raw: bytes) -> bytes:
        if self.left <= 0:
            raise Killed
        return raw


def kill() -> None:
    raise Killed


@pytest.mark.parametrize("after", range(1, 5))
def test_what_a_killed_start_left_is_in_the_journal_and_is_put_back_from_it(after: int, tmp_path: Path) -> None:
    module, clock = twin()
    before = stood(module, clock)
    journal = Journal(tmp_path)

    def tell(event: str, **facts: object) -> None:
        journal.tell("board1", event, at=clock.instant(), **facts)

    with pytest.raises(Killed):
        timed_start(Dead(module, after, kill), clock, tell)
    clock.wait(Decimal(100))
    (left,) = unrestored(journal_of(tmp_path))
    assert left.device == "board1"
    restore(module, clock, left.saved, tell)
    assert stood(module, clock) == before
    assert unrestored(journal_of(tmp_path)) == []


def test_of_two_killed_starts_the_first_knows_what_stood_there() -> None:
    lines = [{"device": "board1", "event": "saved", "saved": {"controls": n}} for n in (1, 2)]
    assert [left.saved for left in unrestored(lines)] == [{"controls": 1}]


def test_what_stood_in_one_module_is_not_put_into_another() -> None:
    module, clock = twin()
    told = Told()
    timed_start(module, clock, told)
    other, _ = twin("400g-zr")
    cut = Cut(other, 1, never)
    with pytest.raises(TransportError, match="expected the module with serial number"):
        restore(cut, clock, told.saved, told)


@pytest.mark.parametrize("saved", [{}, {"spans": 3}, {"spans": {"lower": []}}, {"spans": {}, "controls": "x"}])
def test_a_line_that_is_no_saved_state_is_refused(saved: dict[str, Any]) -> None:
    module, clock = twin()
    with pytest.raises(TransportError, match="not what a timed start saved"):
        restore(Cut(module, 1, never), clock, saved, Told())


class Slower(Cut):
    """The module becomes slow when it is let go, and stays so until it is put back."""

    def write(self, device: int, byte: int, raw: bytes) -> None:
        if byte == 26:
            self.bus.pace = Decimal(3) if not raw[0] & 0x50 else Decimal("0.5")  # type: ignore[attr-defined]
        super().write(device, byte, raw)


def test_a_module_that_does_not_get_ready_took_at_least_as_long_as_anybody_waited() -> None:
    module, clock = twin()
    before, told = stood(module, clock), Told()
    document = timed_start(Slower(module, 10_000, never), clock, told)
    (row,) = document["measurements"]  # type: ignore[misc]
    unmeasured: Any = document["unmeasured"]
    assert row["quantity"] == "module_power_up"
    assert Decimal(row["value"]) > 2 * Operator(Board(module, clock)).bound("module_pwr_up")
    assert "not over after" in unmeasured["module_power_up"]
    assert unmeasured["data_path_init"] == "the module is in ModulePwrUp"
    assert stood(module, clock) == before


def test_what_could_not_be_put_back_is_named_and_stays_in_the_journal() -> None:
    module, clock = twin()
    told = Told()
    with pytest.raises(TransportError, match=r"not put back: .*states: the journal has what stood there"):
        timed_start(Deaf(module, 10_000, never), clock, told)
    assert [event for event, _ in told.events] == ["saved"]


class Deaf(Cut):
    """Writes to the data path controls are lost once they are down."""

    def write(self, device: int, byte: int, raw: bytes) -> None:
        if byte != 128 or raw == b"\xff":
            super().write(device, byte, raw)


@pytest.mark.parametrize(
    ("name", "said"), [("800g-dac", "flat memory"), ("100g-cwdm4", "with CMIS"), ("25g-sr", "with CMIS")]
)
def test_only_a_module_with_cmis_and_pages_is_started(name: str, said: str) -> None:
    clock = Days()
    cut = Cut(plugged(families.family(name).build(), clock), 1, never)
    with pytest.raises(TransportError, match=said):
        timed_start(cut, clock, Told())
    assert cut.writes == []
