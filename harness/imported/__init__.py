"""Outputs that were collected by hand, as answers to the questions of a driver.

    gathered = gather(Path("bundle.tar.gz"), lab, "leaf1", questions)   what is there, and what each is
    chosen = settle(gathered, questions, "leaf1", records)             which of it answers what, and which sample it is

Nothing is run and nothing is unpacked; a file that is not understood is named with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from ..drivers import answers, driver
from ..drivers.base import accepted
from ..errors import InputError, UsageError
from ..evidence import Answer, Ask, Record, written
from ..lab.inventory import DevicePlan, Lab
from .cut import Piece, pieces
from .files import File, contents
from .names import Meant, Questions

__all__ = ["Found", "Gathered", "Skipped", "gather", "missing", "questions_of", "settle", "understood"]

OLDEST: Final = 2000
"""A file that claims to be from before this year has lost its time."""

ASIDE: Final = re.compile(r"(?:^|/)(?:sonic_dump_[^/]+/(?!dump/)|sosreport-[^/]+/(?!sos_commands/))")
"""What a support bundle holds beside the outputs of commands: logs, the kernel's files, cores."""

BUNDLE: Final = re.compile(
    r"(?:^|/)(?:sonic_dump_(?P<sonic>[\w.-]+?)_\d{8}_\d{6}|sosreport-(?P<sos>[\w.-]+?)-\d{4}-\d\d-\d\d)[^/]*"
)
REFUSAL: Final = re.compile(
    r"%? ?(?:invalid|incomplete|ambiguous|unknown|unrecognized) (?:command|input)|% ?\w+|error: |usage: "
    r"|traceback \(most|syntax error|root privileges are required|netlink error|cannot get |sudo: "
    r"|[^\n]{0,120}(?:command not found|: not found|no such file or directory|no such command|permission denied"
    r"|operation not permitted|operation not supported)",
    re.IGNORECASE,
)
NOT_FOUND: Final = 127
FAILED: Final = 1
HOSTNAMES: Final = re.compile(
    r"^(?:hostname|host-name|Hostname|Host name)[ \t]*:?[ \t]+\"?([\w.-]{1,64})\"?;?[ \t\r]*$", re.MULTILINE
)
METADATA: Final = re.compile(r'"hostname"\s*:\s*"([^"]{1,64})"')


@dataclass(frozen=True, slots=True)
class Found:
    """One answer in a file."""

    file: str
    line: int
    text: str  # the question, as the driver asks it
    body: bytes
    at: datetime
    status: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not imported, and why."""

    file: str
    line: int  # 0 for a whole file
    why: str


@dataclass(slots=True)
class Gathered:
    """All that is in a source."""

    found: list[Found] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


def device_of(lab: Lab, name: str) -> DevicePlan:
    if name not in lab.devices:
        raise UsageError(f"--device {name}: {lab.file} declares no such device; it has {', '.join(lab.devices)}")
    return lab.devices[name]


def called(device: DevicePlan) -> list[str]:
    """What a device is called: in the lab file, and by the network."""
    address = device.reach.get("address", "")
    return [
        device.name,
        *([address.partition(".")[0]] if re.search("[A-Za-z]", address) and ":" not in address else []),
    ]


def questions_of(lab: Lab, name: str) -> Questions:
    """The questions of the driver to a device, by every name that they go under."""
    device = device_of(lab, name)
    asks = tuple(driver(device.nos).asks(device))
    others = [other for other in lab.devices if other != name]
    further = tuple(accepted(driver(device.nos), device))
    return Questions(device.nos, asks, called(device), others, further)


def gather(source: Path, lab: Lab, name: str, questions: Questions, at: datetime | None = None) -> Gathered:
    """What the files of a source are; ``at`` is when they were collected, where their own times do not say."""
    reader = _Reader(lab, device_of(lab, name), questions, source, at)
    for file in contents(source):
        reader.read(file)
    return reader.gathered


class _Reader:
    """Goes through the files of one source."""

    def __init__(self, lab: Lab, device: DevicePlan, questions: Questions, source: Path, at: datetime | None) -> None:
        self.device, self.questions, self.source, self.at = device, questions, source, at
        self.hosts = called(device)
        self.others = {
            host.lower(): other.name
            for other in lab.devices.values()
            if other.name != device.name
            for host in called(other)
        }
        self.gathered = Gathered()

    def read(self, file: File) -> None:
        why = file.refused or self.not_ours(file.path)
        if why:
            self.skip(file, why)
            return
        text = decoded(file.raw)
        if text is None:
            self.skip(file, "binary")
            return
        encoding = "utf-8" if _is_utf8(file.raw) or file.raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"
        if self.at is None and file.at.year < OLDEST:
            self.gathered.warn(f"{file.path} is dated {written(file.at)}: say with --at when it was collected")
        meant = self.questions.file(file.path)
        cut = pieces(text, self.questions.verbs, self.hosts)
        if all(not piece.command and not piece.host for piece in cut):
            self.take(file, meant, Piece("", "", 1, text), encoding, whole=True)
            return
        for number, piece in enumerate(cut):
            if piece.command:
                self.take(file, self.questions.command(piece.command), piece, encoding)
            elif number == 0 and not piece.host and isinstance(meant, Meant) and not self.within(cut[1:], meant):
                self.take(file, meant, piece, encoding)

    def within(self, cut: Iterable[Piece], meant: Meant) -> bool:
        """Whether a piece has the command that the file is named after."""
        return any(piece.command and self.questions.command(piece.command) == meant for piece in cut)

    def skip(self, file: File, why: str, line: int = 0) -> None:
        self.gathered.skipped.append(Skipped(file.path, line, why))

    def not_ours(self, path: str) -> str:
        """Why a file is not an output of this device, by its name."""
        whole = f"{self.source.name}/{path}"
        bundle = BUNDLE.search(whole)
        if bundle and (why := self.foreign(bundle["sonic"] or bundle["sos"], "the name of the bundle")):
            return why
        if ASIDE.search(whole if self.source.is_dir() else path) and not isinstance(self.questions.file(path), Meant):
            told = self.questions.path(path)
            return told if isinstance(told, str) else "not the output of a command"
        other = self.questions.other(path)
        return f"its name says that it is of {other}" if other else ""

    def foreign(self, host: str, where: str) -> str:
        """Why something is of another device; one that the lab does not know is only warned of."""
        short = host.lower().partition(".")[0]
        own = {name.lower() for name in self.hosts}
        if host.lower() in own or short in own:
            return ""
        other = self.others.get(host.lower()) or self.others.get(short)
        if other:
            return f"{where} says {host}: it is of {other}, not of {self.device.name}"
        self.gathered.warn(f"{where} says {host}, which is imported as {self.device.name}")
        return ""

    def take(self, file: File, meant: Meant | str, piece: Piece, encoding: str, *, whole: bool = False) -> None:
        line = 0 if whole else piece.line
        if isinstance(meant, str):
            self.skip(file, f"{meant}: {piece.command!r}" if piece.command and meant.startswith("no ") else meant, line)
            return
        place = f"{file.path}:{line}" if line else file.path
        why = self.foreign(piece.host, f"{place}: the prompt") if piece.host else ""
        for host in hostnames(meant.text, piece.body):
            why = why or self.foreign(host, f"{place}: the output")
        if why:
            self.skip(file, why.removeprefix(f"{place}: "), line)
            return
        body = file.raw if whole and _is_utf8(file.raw, bom=False) else piece.body.encode(encoding)
        at = self.at or file.at
        self.gathered.found.append(Found(file.path, line, meant.text, body, at, status(piece.body)))


def decoded(raw: bytes) -> str | None:
    """A text in whatever encoding it is, as a terminal or a shell wrote it; None for what is no text."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            return None
    if b"\0" in raw:
        return None
    return raw.decode("utf-8-sig") if _is_utf8(raw) else raw.decode("latin-1")


def _is_utf8(raw: bytes, *, bom: bool = True) -> bool:
    if not bom and raw[:3] == b"\xef\xbb\xbf":
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def status(text: str) -> int:
    """The exit status that an output suggests: nobody wrote it down."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return FAILED
    if len(lines) > 12 or not REFUSAL.match(lines[0].strip()):
        return 0
    return NOT_FOUND if "not found" in lines[0].lower() else FAILED


def hostnames(question: str, body: str) -> Iterator[str]:
    """What an output itself calls its device."""
    yield from HOSTNAMES.findall(body[:200_000])
    if question.startswith("sonic-cfggen"):
        yield from METADATA.findall(body)


def settle(
    gathered: Gathered, questions: Questions, name: str, records: Iterable[Record]
) -> list[tuple[Found, Answer]]:
    """The answers to append, in the order of their times; what is superfluous is put to the skipped.

    Of two answers to one question the later is taken; where the driver asks twice, the first and the last are.
    """
    kept = {record.ask: record for record in records if record.status == 0}
    kinds = {ask.text: ask for ask in questions.every}
    twice = {ask.text for ask in questions.every if ask.sample == 2}
    chosen: list[tuple[Found, Answer]] = []
    for text, group in _by_question(gathered).items():
        usable = _preferred(group, gathered)
        asks = {sample: Ask(name, kinds[text].kind, text, sample) for sample in (1, 2)}
        have = {sample: kept[ask].at for sample, ask in asks.items() if ask in kept}
        for sample, one in _samples(usable, have, text in twice, gathered):
            chosen.append((one, Answer(asks[sample], one.body, one.status, one.at)))
    return sorted(chosen, key=lambda pair: (pair[1].at, pair[1].ask))


def _by_question(gathered: Gathered) -> Mapping[str, list[Found]]:
    groups: dict[str, list[Found]] = {}
    for one in sorted(gathered.found, key=lambda one: one.at):
        groups.setdefault(one.text, []).append(one)
    return groups


def _preferred(group: list[Found], gathered: Gathered) -> list[Found]:
    """Without what failed where something did not."""
    better = [one for one in group if one.status == 0]
    if not better or len(better) == len(group):
        return group
    why = "an error or nothing; another file has the answer"
    gathered.skipped += [Skipped(one.file, one.line, why) for one in group if one.status != 0]
    return better


def _samples(
    group: Sequence[Found], have: Mapping[int, datetime], twice: bool, gathered: Gathered
) -> list[tuple[int, Found]]:
    """Which of the answers to one question, by time, are which sample; the rest is skipped with its reason."""

    def skip(some: Iterable[Found], why: str) -> None:
        gathered.skipped += [Skipped(one.file, one.line, why) for one in some]

    taken: list[tuple[int, Found]] = []
    if not twice:
        *older, last = group
        skip(older, "a later answer to the same question was taken")
        if 1 in have and have[1] >= last.at:
            skip([last], f"the store has an answer of {written(have[1])}")
            return []
        return [(1, last)]
    rest = list(group)
    start = have.get(1)
    if start is None:
        taken.append((1, rest.pop(0)))
        start = taken[0][1].at
    later = [one for one in rest if one.at > start]
    skip((one for one in rest if one.at <= start), f"no later than the first sample of {written(start)}")
    if later and (2 not in have or later[-1].at > have[2]):
        taken.append((2, later.pop()))
        skip(later, "neither the first nor the last sample")
    else:
        skip(later, f"the store has a second sample of {written(have[2])}" if 2 in have else "no second sample")
    return taken


def understood(nos: str, answer: Answer) -> str:
    """Empty where the parsers read an answer to its last line, else what they say of it."""
    if nos not in {command.nos for command in answers.commands()}:
        return ""
    if answer.status:
        return f"an error: status {answer.status}" if answer.text.strip() else "nothing: taken as an error"
    try:
        parsed = answers.parse(nos, answer.ask.text, answer.text)
    except InputError as refused:
        return str(refused)
    lines = len(parsed.unparsed)
    return f"{lines} lines not understood, the first is line {parsed.unparsed[0].line}" if lines else ""


def missing(questions: Questions, name: str, records: Collection[Record]) -> list[Ask]:
    """The questions to which a store has no answer."""
    answered = {
        (record.ask.text, record.ask.sample) for record in records if record.ask.device == name and record.status == 0
    }
    return [ask for ask in questions.asks if (ask.text, ask.sample) not in answered]
