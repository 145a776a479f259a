"""Many commands in one round trip: a script for a POSIX shell that frames the answer to each.

    sh -c 'b=9f3c...
    a() {...}
    z() {...}
    a 0
    show version
    z 0
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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Final

HEAD: Final = """b={mark}
exec </dev/null
a() {{ printf '\\n%s ask %s %s\\n' $b $1 "$(date +%s.%N)" || exit; printf '\\n%s ask %s\\n' $b $1 >&2; }}
z() {{ s=$?; printf '\\n%s end %s %s\\n' $b $1 $s; printf '\\n%s end %s\\n' $b $1 >&2; }}
"""
"""No command has any input, and a script whose answers nobody takes any more ends before its next command."""
LONGEST: Final = 60_000
"""Bytes of one script: Linux takes no argument longer than 128 KiB."""

MARK: Final = re.compile(r"b=(plugfest-[0-9a-f]{32})\n")
CLOCK: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
STEP: Final = re.compile(r"^a ([0-9]+)\n(.*?)\nz \1$", re.M | re.S)


def mark() -> str:
    return f"plugfest-{secrets.token_hex(16)}"


def script(commands: Sequence[str], mark: str) -> str:
    """The command line that asks all of some commands, for any login shell that has single quotes."""
    steps = "".join(f"a {n}\n{command}\nz {n}\n" for n, command in enumerate(commands))
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


def begun(mark: str, number: int, clock: Decimal | str) -> tuple[bytes, bytes]:
    """What a shell prints before a command of a script answers, on standard output and standard error."""
    return f"\n{mark} ask {number} {clock}\n".encode(), f"\n{mark} ask {number}\n".encode()


def ended(mark: str, number: int, status: int) -> tuple[bytes, bytes]:
    """What a shell prints when a command of a script has ended."""
    return f"\n{mark} end {number} {status}\n".encode(), f"\n{mark} end {number}\n".encode()


def framed(mark: str, number: int, status: int, out: bytes, err: bytes, clock: Decimal | str) -> tuple[bytes, bytes]:
    """All that a shell prints for one command of a script."""
    first, last = begun(mark, number, clock), ended(mark, number, status)
    return first[0] + out + last[0], first[1] + err + last[1]


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
    clock: Decimal | None = None
    """What the device's clock said when the script began."""
    frames: dict[int, Frame] = field(default_factory=dict)
    _out: Stream = field(init=False)
    _err: Stream = field(init=False)

    def __post_init__(self) -> None:
        self._out, self._err = Stream(self.mark.encode()), Stream(self.mark.encode())

    def feed(self, out: bytes = b"", err: bytes = b"") -> list[Frame]:
        """The frames that are complete with these bytes."""
        ended: list[Frame] = []
        for number, body, word, said in self._out.feed(out):
            frame = self.frames.setdefault(number, Frame(number))
            if word == "end":
                frame.out, frame.status = body, int(said) if said else None
                ended.append(frame)
            else:
                frame.clock = Decimal(said) if CLOCK.fullmatch(said) else None
                self.clock = self.clock or frame.clock
        for number, body, word, _ in self._err.feed(err):
            frame = self.frames.setdefault(number, Frame(number))
            if word == "end":
                frame.err, frame.closed = body, True
                ended.append(frame)
        done = sorted((f for f in ended if f.status is not None and f.closed), key=lambda frame: frame.number)
        return [self.frames.pop(frame.number) for frame in done if frame.number in self.frames]

    @property
    def begun(self) -> bool:
        """Whether a shell runs the script."""
        return self._out.seen

    @property
    def size(self) -> int:
        """Bytes that wait for the end of their answer."""
        return self._out.size + self._err.size

    def rest(self) -> tuple[int | None, bytes, bytes]:
        """The command that is being answered, and what of its answer has come."""
        number = min(self.frames, default=None) if self._out.number is None else self._out.number
        frame = self.frames.get(-1 if number is None else number, Frame(-1))
        out = self._out.held() if frame.status is None else frame.out
        return number, out, frame.err if frame.closed else self._err.held()


class Stream:
    """One stream cut at its marks."""

    def __init__(self, mark: bytes) -> None:
        self.start = b"\n" + mark + b" "
        self.whole = re.compile(
            re.escape(self.start) + rb"(?:(ask) ([0-9]{1,9}) ?([^\n]{0,64})|(end) ([0-9]{1,9}) ?([0-9]{0,9}))\n"
        )
        self.longest = len(self.start) + 96
        self.number: int | None = None
        self.seen = False
        self._body = BytesIO()  # hands out what it holds without a copy
        self._tail = b""  # may be the beginning of a mark

    @property
    def size(self) -> int:
        return self._body.tell() + len(self._tail)

    def held(self) -> bytes:
        return self._body.getvalue() + self._tail

    def feed(self, raw: bytes) -> Iterator[tuple[int, bytes, str, str]]:
        """Number, body, word and what else is said of every mark that is complete."""
        text = self._tail + raw if self._tail else raw
        begin = at = 0  # of what is not yet taken, of what is not yet searched
        while (at := text.find(self.start, at)) >= 0:
            found = self.whole.match(text, at)
            if found is None:
                if len(text) - at < self.longest and text.find(b"\n", at + 1) < 0:
                    break  # its line is not yet complete
                at += 1
                continue
            self._body.write(memoryview(text)[begin:at])
            body, self._body = self._body.getvalue(), BytesIO()
            begin = at = found.end()
            word, number, said = (part for part in found.groups() if part is not None)
            self.number, self.seen = int(number) if word == b"ask" else None, True
            yield int(number), body, word.decode(), said.decode("ascii", "replace")
        keep = at if at >= 0 else max(begin, len(text) - len(self.start) + 1)
        self._body.write(memoryview(text)[begin:keep])
        self._tail = text[keep:]
