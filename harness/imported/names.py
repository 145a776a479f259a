"""Which question of a driver a file name or a command line stands for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote

from ..drivers import answers
from ..evidence import Ask

TABLE: Final = Path(__file__).with_name("names.toml")
ENDINGS: Final = re.compile(r"(?i)\.(?:txt|log|out|json|xml|cli|text|raw|gz)$")
WHOLE: Final = re.compile(r"[ \t]*\|[ \t]*(?:cat|no-more|nomore|tee[ \t]+\S+|more)[ \t]*$")
WRITTEN: Final = re.compile(r"[ \t]*\|[ \t]*(?:json(?:-pretty)?|xml|display[ \t]+(?:json|xml|set))[ \t]*$")
"""How a command line of a system's own is told to write the whole answer."""

DATED: Final = re.compile(r"(?i)\d+|\d{1,8}t\d{1,6}z?|\d+z|utc")
GENERAL: Final = frozenset(
    ("show", "sh", "sudo", "cat", "ls", "ip", "docker", "vtysh", "display", "date", "uname", "hostname", "dmesg", "df")
)
NOT_ALIKE: Final = frozenset({"sonic-db-dump"})  # of any database


@dataclass(frozen=True, slots=True)
class Meant:
    """A question that an answer was found to."""

    text: str


def normal(text: str) -> str:
    """A command or a name without what file names, shells and people vary."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    words = [word.casefold() if len(word) > 2 else word for word in words]
    return " ".join("interfaces" if word == "interface" else word for word in words if word != "sudo")


class Questions:
    """The questions of one device, by every name that they go under."""

    def __init__(
        self, nos: str, asks: Sequence[Ask], names: Iterable[str], others: Iterable[str], accepted: Sequence[Ask] = ()
    ) -> None:
        """``names`` are what the device is called, ``others`` the other devices of its lab.

        ``accepted`` are questions that nobody puts, but whose answers are taken where they were collected.
        """
        self.asks = asks
        self.every = (*asks, *accepted)
        self._texts = frozenset(ask.text for ask in self.every)
        self._forms: dict[str, Meant | str] = {}
        self._paths: dict[str, Meant | str] = {}
        self._own = [normal(name).split() for name in names]
        self._others = {name: normal(name).split() for name in others}
        texts = list(dict.fromkeys(ask.text for ask in self.every))
        for text in texts:
            self._forms[normal(text)] = Meant(text)
        for row in _rows(nos):
            if "not" in row or row["command"] in texts:
                meant = row["not"] if "not" in row else Meant(row["command"])
                self._paths |= dict.fromkeys(row.get("files", ()), meant)
                for name in row.get("names", ()):
                    self._forms.setdefault(normal(name), meant)
        for text in texts:
            for name in (*same(nos, text), text):
                if name not in NOT_ALIKE:
                    self._forms.setdefault(normal(name), Meant(text))
                if name.startswith("cat "):
                    self._forms.setdefault(normal(PurePosixPath(name).name), Meant(text))
        self.verbs = (
            GENERAL
            | {text.partition(" ")[0] for text in texts}
            | {command.name.partition(" ")[0] for command in answers.commands()}
        )

    def command(self, line: str) -> Meant | str:
        """The question that a command line is, or why it is none."""
        if (same_words := " ".join(line.split())) in self._texts:
            return Meant(same_words)  # one that has a filter itself too
        whole = WHOLE.sub("", line.strip())
        bare = WRITTEN.sub("", whole)
        if "|" in bare or ">" in bare:
            return f"{line!r} is not the whole answer: a filter or a redirection took of it"
        meant = self._forms.get(normal(whole))
        return meant or self._near(whole)

    def file(self, path: str) -> Meant | str:
        """The question that a file is named after, or why it is after none."""
        if (meant := self.path(path)) is not None:
            return meant
        name = unquote(PurePosixPath(path).name)
        for stem in _stems(name):
            words = normal(stem).split()
            while words:
                found = self._forms.get(" ".join(words))
                if found:
                    return found
                start = self._leading(words)
                end = 0 if start else self._trailing(words)
                if not start and not end:
                    break
                words = words[start : len(words) - end]
        return self._near(name)

    def path(self, path: str) -> Meant | str | None:
        """What the table says of a file of a bundle: its question, or why it is none."""
        return next((m for ending, m in self._paths.items() if path == ending or path.endswith(f"/{ending}")), None)

    def other(self, path: str) -> str | None:
        """The other device of the lab whose name a file or its folder has."""
        parts = PurePosixPath(unquote(path)).parts
        for name, words in self._others.items():
            for part in parts:
                is_file = part is parts[-1]
                found = normal(_stems(part)[-1] if is_file else part).split()
                if found == words or (is_file and found[: len(words)] == words and self._known(found[len(words) :])):
                    return name
        return None

    def _known(self, words: list[str]) -> bool:
        return not isinstance(self.file(" ".join(words) or "none"), str)

    def _leading(self, words: list[str]) -> int:
        """How many words at the start say only which device it is, or count files."""
        own = max((len(name) for name in self._own if name and words[: len(name)] == name), default=0)
        return own or (1 if DATED.fullmatch(words[0]) else 0)

    def _trailing(self, words: list[str]) -> int:
        own = max((len(name) for name in self._own if name and words[-len(name) :] == name), default=0)
        return own or (1 if DATED.fullmatch(words[-1]) else 0)

    def _near(self, name: str) -> str:
        near = get_close_matches(normal(ENDINGS.sub("", name[:200])), self._forms, 1, 0.8)
        return f"no question of the driver; near is {near[0]!r}" if near else "no question of the driver"


def same(nos: str, text: str) -> list[str]:
    """Commands that answer like one."""
    known = [command for command in answers.commands() if command.nos == nos]
    bare = text.removeprefix("sudo ")
    best: tuple[int, list[str]] = (0, [])
    for command in known:
        for name in (command.name, *command.same):
            if bare == name or bare.startswith(f"{name} "):
                tail = bare[len(name) :]
                best = max(best, (len(name), [other + tail for other in (command.name, *command.same)]))
    return best[1]


def _stems(name: str) -> list[str]:
    """A file name with fewer and fewer endings."""
    stems = [name]
    while (shorter := ENDINGS.sub("", stems[-1])) != stems[-1]:
        stems.append(shorter)
    return stems


@cache
def _table() -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads(TABLE.read_text("utf-8"))["alike"])


def _rows(nos: str) -> list[Mapping[str, Any]]:
    return [row for row in _table() if row["nos"] == nos]
