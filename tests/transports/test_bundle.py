"""Scripts and their frames: however the bytes are cut, and whatever stands in them."""

from __future__ import annotations

import subprocess
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.transports import bundle
from harness.transports.bundle import Frame, Frames

MARK = bundle.mark()
OTHER = bundle.mark()

PIECES = st.sampled_from(
    [
        b"\n",
        b"\r\n",
        b" ",
        b"x",
        b"\xff\x00",
        MARK.encode(),
        b"\n" + MARK.encode(),
        OTHER.encode(),
        b" ask 1",
        b" end 0 0\n",
    ]
)
BODIES = st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=8).map(b"".join))


def imitates(body: bytes) -> bool:
    """Whether an answer holds a whole frame line with the script's own mark, which is random so that none can."""
    return b"\n" + MARK.encode() + b" " in b"\n" + body


WORDS = BODIES.filter(lambda body: not imitates(body))
ANSWERS = st.lists(st.tuples(WORDS, WORDS, st.integers(0, 255)), max_size=5)


def streams(answers: list[tuple[bytes, bytes, int]]) -> tuple[bytes, bytes]:
    framed = [bundle.framed(MARK, n, status, out, err, "7.5") for n, (out, err, status) in enumerate(answers)]
    return b"".join(out for out, _ in framed), b"".join(err for _, err in framed)


def fed(frames: Frames, out: bytes, err: bytes, sizes: list[int]) -> list[Frame]:
    """The frames that come when both streams arrive in pieces of some sizes, in turn."""
    done: list[Frame] = []
    place = 0
    while out or err:
        size = sizes[place % len(sizes)]
        if place % 2:
            done += frames.feed(err=err[:size])
            err = err[size:]
        else:
            done += frames.feed(out[:size])
            out = out[size:]
        place += 1
    return done


@settings(max_examples=150, deadline=None)
@given(ANSWERS, st.lists(st.integers(1, 90), min_size=1, max_size=6))
def test_any_cutting_gives_the_same_frames(answers: list[tuple[bytes, bytes, int]], sizes: list[int]) -> None:
    frames = Frames(MARK)
    got = fed(frames, *streams(answers), sizes)
    assert [(frame.number, frame.out, frame.err, frame.status) for frame in sorted(got, key=lambda f: f.number)] == [
        (n, out, err, status) for n, (out, err, status) in enumerate(answers)
    ]
    assert frames.clock == (Decimal("7.5") if answers else None)


@settings(max_examples=80, deadline=None)
@given(BODIES.filter(lambda b: not imitates(b)), st.lists(st.integers(1, 50), min_size=1, max_size=4))
def test_what_had_come_of_a_broken_answer_is_kept(body: bytes, sizes: list[int]) -> None:
    frames = Frames(MARK)
    out = f"\n{MARK} ask 3 1\n".encode() + body
    assert fed(frames, out, f"\n{MARK} ask 3\n".encode() + b"oh", sizes) == []
    assert frames.rest() == (3, body, b"oh")
    assert frames.begun
    assert frames.size == len(body) + 2


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_no_bytes_harm(out: bytes, err: bytes) -> None:
    marked = out.replace(b"\x01", b"\n" + MARK.encode() + b" end 1 2\n")
    Frames(MARK).feed(marked, err)


LINES = {
    "a mark of another script": (f"\n{OTHER} end 0 0\n".encode(), False),
    "a mark in the middle of a line": (f"x{MARK} end 0 0\n".encode(), False),
    "a mark with a word that is none": (f"\n{MARK} stop 0 0\n".encode(), False),
    "a mark without a number": (f"\n{MARK} end\n".encode(), False),
    "a number too long to be one": (f"\n{MARK} end {'1' * 40} 0\n".encode(), False),
    "a status that is none": (f"\n{MARK} end 0 x\n".encode(), False),
    "the end itself": (f"\n{MARK} end 0 0\n".encode(), True),
}


@pytest.mark.parametrize("what", LINES)
def test_an_answer_ends_at(what: str) -> None:
    line, ends = LINES[what]
    frames = Frames(MARK)
    frames.feed(f"\n{MARK} ask 0 1\n".encode(), f"\n{MARK} ask 0\n\n{MARK} end 0\n".encode())
    assert bool(frames.feed(b"body" + line)) is ends


@pytest.mark.parametrize("clock", ["", "1700000000.%N", "date: not found", "-1"])
def test_a_clock_that_the_device_has_not_is_none(clock: str) -> None:
    frames = Frames(MARK)
    [frame] = frames.feed(*bundle.framed(MARK, 0, 0, b"body", b"", clock))
    assert (frame.out, frame.clock, frames.clock) == (b"body", None, None)


def test_time_grows_with_length_alone() -> None:
    one = b"".join(bundle.framed(MARK, n, 0, b"x" * 20, b"", 1)[0] for n in range(20_000))
    frames = Frames(MARK)
    began = time.process_time()
    frames.feed(one)
    for _ in range(2000):
        frames.feed(b"\n" + b"y" * 5000)
    assert time.process_time() - began < 2


COMMANDS = [
    "echo plain",
    "echo 'single quotes' \"and double\"",
    "printf 'no newline'",
    "printf 'back\\\\slash %s\\n' x",
    "cat",
    "echo $((1 + 1)) `echo three` | tr a-z A-Z",
    "for n in 1 2; do\n echo $n\ndone",
    "echo out; echo err >&2; exit 3",
]


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_a_real_shell_answers_every_command_of_a_script_up_to_its_exit(shell: str) -> None:
    frames = Frames(MARK)
    line = bundle.script(COMMANDS, MARK)
    ran = subprocess.run([shell, "-c", line], capture_output=True, input=b"not for them")
    got = frames.feed(ran.stdout, ran.stderr)
    assert [(frame.number, frame.out, frame.status) for frame in got] == [
        (0, b"plain\n", 0),
        (1, b"single quotes and double\n", 0),
        (2, b"no newline", 0),
        (3, b"back\\slash x\n", 0),
        (4, b"", 0),
        (5, b"2 THREE\n", 0),
        (6, b"1\n2\n", 0),
    ]
    assert frames.rest() == (7, b"out\n", b"err\n")
    assert ran.returncode == 3


def test_who_plays_the_device_reads_the_commands_out_of_a_script() -> None:
    commands = ["show version", "show 'a b'", 'say "x"', "a | b > c", "two\nlines"]
    assert bundle.commands_in(bundle.script(commands, MARK)) == (MARK, commands)


@pytest.mark.parametrize("line", ["show version", "sh -c 'echo x'", "sh -c", "sh -c 'unfinished", ""])
def test_what_is_no_script_is_none(line: str) -> None:
    assert bundle.commands_in(line) is None


@given(st.lists(st.text(alphabet="abé ", min_size=1, max_size=30_000), max_size=8))
@settings(max_examples=20, deadline=None)
def test_scripts_are_as_few_as_fit(commands: list[str]) -> None:
    batches = list(bundle.scripts(commands))
    assert [place for batch in batches for place in batch] == list(range(len(commands)))
    for batch in batches:
        assert len(batch) == 1 or sum(len(commands[n].encode()) for n in batch) <= bundle.LONGEST
