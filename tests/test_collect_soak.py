"""A soak: when its samples are due, what the command line says to it, and what a store knows of samples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from harness.cli import main
from harness.collect import Progress, Soak, Unwatched, longest_gap, rounds_of, taken
from harness.commands.collect import asked_soak, soak_told
from harness.drivers import driver
from harness.drivers.base import Answers, soaked
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.load import load
from harness.transports.base import Hurry
from tests.recordings import REPOSITORY

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MIXED = REPOSITORY / "lab_configs" / "mixed.yaml"


class Slow:
    """Time that passes when somebody waits for it, and while a round is asked."""

    real = False

    def __init__(self, late: float = 0) -> None:
        self.seconds = late

    def now(self) -> Decimal:
        return Decimal(str(self.seconds))

    def instant(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def wait(self, seconds: Decimal) -> None:
        self.seconds += float(seconds)


def run(soak: Soak, calendar: Slow, at: Progress, *, round_takes: float = 0) -> Iterator[tuple[int, float]]:
    """Number of every sample, and seconds from the first."""
    for number in rounds_of(soak, at, calendar, Unwatched(), Hurry()):
        yield number, calendar.seconds
        calendar.seconds += round_takes


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_samples_are_taken_on_time_up_to_the_end() -> None:
    soak, at = Soak(Decimal(30), Decimal(120)), Progress(2, NOON, after(30))
    assert soak.samples == 5
    assert list(run(soak, Slow(31), at, round_takes=1)) == [(3, 60), (4, 90), (5, 120)]


def test_the_last_sample_is_taken_when_the_time_is_over_and_not_before() -> None:
    assert [at for _, at in run(Soak(Decimal(50), Decimal(120)), Slow(50), Progress(2, NOON, after(50)))] == [100, 120]


def test_a_round_that_takes_too_long_makes_the_next_one_late_and_leaves_none_behind() -> None:
    found = list(run(Soak(Decimal(30), Decimal(120)), Slow(30), Progress(2, NOON, after(30)), round_takes=40))
    assert found == [(3, 60), (4, 100), (5, 140)]


def test_a_soak_that_goes_on_has_a_gap_and_the_next_number() -> None:
    found = list(run(Soak(Decimal(30), Decimal(600)), Slow(500), Progress(7, NOON, after(180))))
    assert found == [(8, 500), (9, 530), (10, 560), (11, 590), (12, 600)]


def test_a_soak_that_goes_on_after_its_end_takes_one_sample_more() -> None:
    assert list(run(Soak(Decimal(30), Decimal(600)), Slow(9000), Progress(7, NOON, after(180)))) == [(8, 9000)]
    assert list(run(Soak(Decimal(30), Decimal(600)), Slow(9000), Progress(21, NOON, after(600)))) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--every", "30s"], "a soak has both --every and --for"),
        (["--for", "72h"], "a soak has both --every and --for"),
        (["--every", "0s", "--for", "72h"], "expected more than 0 s"),
        (["--every", "1h", "--for", "10m"], "--for 10m: shorter than --every 1h"),
        (["--every", "often", "--for", "10m"], "--every often: expected a time such as 60s, 10m or 1h"),
    ],
)
def test_a_soak_that_cannot_be_is_refused(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["collect", str(MIXED), "--into", str(tmp_path / "store"), *words]) == 2
    assert said in capsys.readouterr().err


def test_days_are_a_time() -> None:
    assert asked_soak("30s", "3d") == Soak(Decimal(30), Decimal(259200))
    assert asked_soak(None, None) is None


def test_what_a_soak_brought_in_is_told_with_its_gaps() -> None:
    times = [after(seconds) for seconds in (0, 30, 60, 3660, 3690)]
    assert longest_gap(times) == 3600
    told = soak_told(Soak(Decimal(30), Decimal(3690)), times)
    assert told == (
        "soak: 5 samples over 1.02 h, longest time between two 3600 s; 1 gap, the first after 2026-11-20T12:01:00Z"
    )
    assert soak_told(Soak(Decimal(30), Decimal(3690)), times[:1]) == "soak: 1 of 124 samples"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Three samples of one question, of which the last had no answer, and one of another."""
    with Recorder(tmp_path, origin=Origin.SIMULATED, made_by="test") as recorder:
        for sample, status in ((1, 0), (2, 0), (5, None)):
            ask = Ask("leaf1", Kind.CLI, "show counters", sample)
            recorder.append(Answer(ask, b"", status, after(60 * sample)))
        recorder.append(Answer(Ask("leaf1", Kind.CLI, "show version"), b"", 0, after(30)))
    return tmp_path


def test_a_store_knows_its_samples(store: Path) -> None:
    evidence = Evidence(store)
    assert evidence.sampled("leaf1", "show counters") == (1, 2, 5)
    assert evidence.sampled("leaf1", "show nothing") == ()
    assert (evidence.samples("leaf1"), evidence.samples("leaf2"), evidence.highest_sample) == (5, 0, 5)
    assert taken(evidence) == (after(30), after(120))
    inside = Evidence(None, devices={"leaf1": store})
    assert inside.sampled("leaf1", "show counters") == (1, 2, 5)
    assert inside.samples("leaf1") == 5


def test_a_driver_is_told_of_two_samples_at_least(store: Path) -> None:
    answers = Answers("sonic", "leaf1", Evidence(store))
    assert answers.samples("show counters") == (1, 2, 5)
    assert answers.samples("show version") == (1, 2)


def test_what_a_soak_asks_is_what_samples_anyway_and_more() -> None:
    for device in load(MIXED).devices.values():
        one = driver(device.nos)
        again = soaked(one, device)
        assert len(set(again)) == len(again)
        assert {ask.sample for ask in again} <= {2}
        assert {ask for ask in one.asks(device) if ask.sample == 2} <= set(again)
