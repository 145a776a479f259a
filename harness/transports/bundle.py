"""Many commands in one round trip: a script for a POSIX shell that frames the answer to each.

    sh -c 'b=9f3c...
    a() {...}
    z() {...}
    a 0
    show version </dev/null
    z
    a 1
    ...'

Both streams carry the frames, so that standard error and exit status of every command come apart, and each frame begins
with the device's own clock.  The mark of the frames is random, so that no answer can imitate it.  Only commands that a
permit allowed go in: they stand in the script as they are.
"""

from __future__ import annotations

import re
import secrets
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

HEAD: Final = """b={mark}
a() {{ printf '\\n%s ask %s %s\\n' $b $1 "$(date +%s.%N)"; printf '\\n%s ask %s\\n' $b $1 >&2; }}
z() {{ s=$?; printf '\\n%s end %s %s\\n' $b $1 $s; printf '\\n%s end %s\\n' $b $1 >&2; }}
"""
LONGEST: Final = 60_000
"""Bytes of one script: Linux takes no argument longer than 128 KiB."""

MARK: Final = re.compile(r"b=(plugfest-[0-9a-f]{32})\n")
STEP: Final = re.compile(r"^a ([0-9]+)\n(.*) </dev/null\nz \1$", re.M)


def mark() -> str:
    return f"plugfest-{secrets.token_hex(16)}"


def script(commands: Sequence[str], mark: str) -> str:
    """The command line that asks all of some commands, for any login shell that has single quotes."""
    steps = "".join(f"a {n}\n{command} </dev/null\nz {n}\n" for n, command in enumerate(commands))
    return f"sh -c {shlex.quote(HEAD.format(mark=mark) + steps)}"


def scripts(commands: Sequence[str]) -> Iterator[list[int]]:
    """The places of commands that go into one script together."""
    batch: list[int] = []
    size = 0
    for place, command in enumerate(commands):
        length = len(command.encode()) + 24
        if batch and size + length > LONGEST:
            yield batch
            batch, size = [], 0
        batch.append(place)
        size += length
    if batch:
        yield batch


def commands_in(line: str) -> tuple[str, list[str]] | None:
    """The mark and the commands of a script's command line, for who plays the device; None where it is no script."""
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    if len(words) != 3 or words[:2] != ["sh", "-c"]:
        return None
    found = MARK.match(words[2])
    return (found[1], [step[2] for step in STEP.finditer(words[2])]) if found else None


def framed(mark: str, number: int, status: int, out: bytes, err: bytes, clock: Decimal | str) -> tuple[bytes, bytes]:
    """What a shell prints for one command of a script, on standard output and standard error."""
    return (
        f"\n{mark} ask {number} {clock}\n".encode() + out + f"\n{mark} end {number} {status}\n".encode(),
        f"\n{mark} ask {number}\n".encode() + err + f"\n{mark} end {number}\n".encode(),
    )


@dataclass(slots=True)
class Frame:
    """The answer to one command as far as it has come."""

    number: int
    out: bytes = b""
    err: bytes = b""
    status: int | None = None
    clock: Decimal | None = None  # of the device, seconds since 1970
    closed: bool = False  # standard error has ended too


@dataclass(slots=True)
class Frames:
    """Takes the two streams apart as they come, in time that grows with their length alone."""

    mark: str
    frames: dict[int, Frame] = field(default_factory=dict)
    _out: Stream = field(init=False)
    _err: Stream = field(init=False)

    def __post_init__(self) -> None:
        self._out, self._err = Stream(self.mark.encode()), Stream(self.mark.encode())

    def feed(self, out: bytes = b"", err: bytes = b"") -> list[Frame]:
        """The frames that are complete with these bytes."""
        done: list[Frame] = []
        for number, body, word in self._out.feed(out):
            frame = self.frames.setdefault(number, Frame(number))
            if word.startswith("end"):
                frame.out, frame.status = body, int(word.split()[2])
            else:
                clock = word.split()[2:3]
                frame.clock = Decimal(clock[0]) if clock and re.fullmatch(r"[0-9]+(\.[0-9]+)?", clock[0]) else None
            done += [frame] if frame.status is not None and frame.closed else []
        for number, body, word in self._err.feed(err):
            frame = self.frames.setdefault(number, Frame(number))
            if word.startswith("end"):
                frame.err, frame.closed = body, True
            done += [frame] if frame.status is not None and frame.closed else []
        return [self.frames.pop(frame.number) for frame in done if frame.number in self.frames]

    def rest(self) -> tuple[int | None, bytes, bytes]:
        """The command that is being answered, and what of its answer has come."""
        return self._out.number, self._out.held(), self._err.held()


class Stream:
    """One stream cut at its marks."""

    def __init__(self, mark: bytes) -> None:
        self.start = b"\n" + mark + b" "
        self.number: int | None = None
        self._parts: list[bytes] = []
        self._tail = b""  # may be the beginning of a mark

    def held(self) -> bytes:
        return b"".join(self._parts) + self._tail

    def feed(self, raw: bytes) -> Iterable[tuple[int, bytes, str]]:
        """Number, body and words of every mark that is complete."""
        self._tail += raw
        while (at := self._tail.find(self.start)) >= 0:
            end = self._tail.find(b"\n", at + len(self.start))
            if end < 0:
                break
            word = self._tail[at + len(self.start) : end].decode("ascii", "replace")
            body = b"".join(self._parts) + self._tail[:at]
            self._parts, self._tail = [], self._tail[end + 1 :]
            number = int(word.split()[1])
            self.number = number if word.startswith("ask") else None
            yield number, body, word
        keep = len(self.start) - 1 if at < 0 else len(self._tail) - at
        if len(self._tail) > keep:
            self._parts.append(self._tail[: len(self._tail) - keep])
            self._tail = self._tail[len(self._tail) - keep :]
