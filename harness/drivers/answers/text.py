"""An answer as numbered lines, without what a terminal adds; and what every grammar gives back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ...errors import InputError
from .cells import Record, Schema

_ESCAPE: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
_PAGER: Final = re.compile(
    r"^[ \x08]*(?:<?-{2,3} ?\(?more(?: ?\d{1,3}%)?\)? ?-{2,3}>?|lines \d+-\d+(?:/\d+)?(?: \(END\))?)"
    r"(?:[ \x08]*\x08)?(?: *\r *\r)?",  # blanks behind are how far the next line is moved in
    re.IGNORECASE | re.MULTILINE,
)
"""What a pager leaves where it stopped: a terminal that nobody read from was told to go on."""
_PROMPT: Final = re.compile(
    r"(?:\([^()]{1,40}\) ?)?(?:RP/[\w/]{1,20}:)?"
    r"(?:\[[\w.-]{1,64}@[\w.-]{1,64} [^\s\]]{1,100}\][$#]"
    r"|[\w.-]{1,64}@[\w.-]{1,64}:[^\s$#]{0,200}[$#]|[\w.@-]{1,64}(?:\([\w.-]{1,40}\))?[#>$%]) ?"
)
_TIME: Final = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{0,12}\d{1,2}:\d\d:\d\d.{0,32}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,16}"
    r"(?: %UNICON-INFO: .{0,200})?)"
)
"""A clock, also that of a test framework which notes what it runs."""
_RUNS: Final = re.compile(r"(?:Running command|Command): [a-z].*")
"""What SONiC prints before an answer where it was asked to be verbose."""


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A line that the parser does not know."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What an answer says, and what of it was not understood."""

    records: tuple[Record, ...]
    unparsed: tuple[Unparsed, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str

    def unparsed(self) -> Unparsed:
        return Unparsed(self.number, self.text)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its lines, blank ones left out, and the port that the command named."""

    lines: Sequence[Line]
    whole: str
    port: str | None = None
    asked: Sequence[str] = ()
    """The words of the command."""

    def json(self) -> str:
        """The answer as one text whose lines keep their numbers; empty where it does not begin like JSON."""
        if not self.lines or self.lines[0].text.lstrip()[:1] not in ("{", "["):
            return ""
        first, last = self.lines[0].number, self.lines[-1].number
        return "\n" * (first - 1) + "\n".join(self.whole.split("\n")[first - 1 : last])


class Grammar(Protocol):
    """How the answer of a command is read."""

    def read(self, page: Page) -> Parsed: ...

    def schema(self) -> Schema: ...


class NotThis(InputError):
    """The text is not an answer of the command; ``line`` is where that shows."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def shortened(text: str, width: int = 60) -> str:
    """A line as a message quotes it."""
    text = " ".join(text[: 4 * width].split())
    return repr(text if len(text) <= width else text[: width - 1] + "…")


def page_of(text: str, command: Sequence[str] = (), port: str | None = None, asked: Sequence[str] = ()) -> Page:
    """The answer without colours, without an echoed prompt, command or clock around it."""
    whole = bare(text)
    lines = [Line(n, text) for n, line in enumerate(whole.split("\n"), 1) if (text := line.rstrip())]
    start, end = 0, len(lines)
    while start < min(end, 3) and _around(lines[start].text, command):
        start += 1
    while end > start and (rest := _PROMPT.match(lines[end - 1].text)) and rest.end() == len(lines[end - 1].text):
        end -= 1
    return Page(lines[start:end], whole, port, asked)


def bare(text: str) -> str:
    """An answer without what a terminal and a pager add; most have nothing of it, which is found out fast."""
    folded = text.lower() if text.isascii() else ""
    if not folded or "more" in folded or "lines " in folded:
        text = _PAGER.sub("", text)
    if "\x1b" in text or "\r" in text:
        text = _ESCAPE.sub("", text)
    return text.replace("\x08", "").expandtabs(8)


def says_nothing(line: str) -> bool:
    """Whether a line is blank but for colours and a prompt."""
    left = _ESCAPE.sub("", line).strip()
    return not left or _PROMPT.fullmatch(left) is not None or _PROMPT.fullmatch(f"{left} ") is not None


def _around(text: str, command: Sequence[str]) -> bool:
    if _TIME.fullmatch(text) or _RUNS.fullmatch(text):
        return True
    prompt = _PROMPT.match(text)
    words = text[prompt.end() if prompt else 0 :].split()
    words = words[1:] if words[:1] == ["sudo"] else words
    words = ["interfaces" if word == "interface" else word for word in words if not word.startswith("-")]
    asked = list(command)
    if words[:1] == ["cat"] and asked[1:] and "/" not in asked[1]:  # files are known by their names
        words = [words[0], *(word.rpartition("/")[2] for word in words[1:])]
    return bool(words and asked) and (words[: len(asked)] == asked or bool(prompt and words[:2] == asked[:2]))


def properties(fields: Mapping[str, Schema], required: Sequence[str]) -> Schema:
    """The JSON Schema of one record."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["line", *required],
        "properties": {"line": {"type": "integer", "minimum": 1}, **fields},
    }


def indentation(text: str) -> int:
    """How far a line is moved in."""
    return len(text) - len(text.lstrip())


def sections(lines: Sequence[Line]) -> Iterator[tuple[Line, list[Line]]]:
    """Lines that are not moved in, each with the lines below it that are."""
    head: Line | None = None
    body: list[Line] = []
    for line in lines:
        if line.text[0].isspace() and head is not None:
            body.append(line)
            continue
        if head is not None:
            yield head, body
        head, body = line, []
    if head is not None:
        yield head, body
