"""What devices answer, as records: pure, and without loss.

``parse`` takes the text of one answer and gives one plain record per row or section, with the line where it began, and
every line that it did not know. A text that is not an answer of the command is refused. The keys and types of a
record are published per command, as JSON Schema, under ``harness/drivers/schemas``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final

from ...errors import InputError
from .cells import Json, Record, Schema
from .entry import Entry
from .foreign import likeness
from .labels import slug
from .shapes import shapes
from .text import NotThis, Parsed, Unparsed, page_of

__all__ = ["Command", "Json", "Parsed", "Record", "Unparsed", "commands", "parse", "record_schema", "shape"]

_NAMES: Final = {
    "sonic": "SONiC",
    "eos": "Arista EOS",
    "nxos": "Cisco NX-OS",
    "nvue": "NVUE",
    "cumulus": "Cumulus Linux",
    "junos": "Juniper Junos",
    "iosxr": "Cisco IOS-XR",
    "linux": "Linux",
    "nvidia": "NVIDIA",
}
"""Systems by the name that a lab file gives them; the commands of each are ``COMMANDS`` of the module so called."""

_OF_A_SHELL: Final = frozenset({"sonic", "linux", "nvidia", "cumulus"})
"""Systems whose commands are programs with arguments."""

_PORT: Final = re.compile(
    r"(?:Ethernet|PortChannel|port-channel|Port-Channel|Eth|Et|Po|etp|swp|eth|mgmt|Management|[gx]e-|et-|irb|ae|lo|em|fxp"
    r"|(?:TwentyFive|Ten|Forty|Fifty|Hundred|TwoHundred|FourHundred|EightHundred)?Gig\w*|Optics|CoherentDSP"
    r"|[FHT]\w{0,3}[01]?)\d+(?:[/.:s-]\d+)*|\d+(?:/(?:RP|LC|CPU)?\d+)+(?:/CPU\d+)?",
    re.IGNORECASE,
)
"""A port as the word of a command, in the long and the short spelling of any system."""

_CONTROLLER: Final = re.compile(r"(Optics|CoherentDSP)(\d[\d/.]{0,40})", re.IGNORECASE)
"""A controller and its place in one word, as IOS-XR takes it: what it is belongs to the command."""

_ONE_WORD: Final = {"interface": "interfaces", "controller": "controllers"}
"""Words that systems take in the singular too."""


_OF_DEVICE: Final = re.compile(r"/sys/class/(?:net|infiniband)/([^/]+)/")
"""Where in a path of sysfs the device stands whose file it is."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command whose answers are understood."""

    nos: str
    name: str
    schema: str
    """The schema's file under ``harness/drivers/schemas``."""
    what: str
    same: tuple[str, ...] = ()
    """Further commands that answer alike."""


def commands() -> Iterable[Command]:
    """Every command whose answers are understood, by NOS."""
    for nos in _NAMES:
        for entry in _entries(nos):
            yield Command(nos, entry.name, f"{nos}/{slug(entry.name).replace('_', '-')}.json", entry.what, entry.same)


def parse(nos: str, command: str, text: str) -> Parsed:
    """The records of an answer.

    Raises ``InputError`` where the text is no answer of that command, or where nobody knows the command.
    """
    entry, words, asked = _find(nos, command)
    port = next((word for word in asked if _PORT.fullmatch(word)), None)
    if nos in _OF_A_SHELL and nos != "sonic":
        port = next((word for word in asked[len(words) :] if word != "dev"), None)
    try:
        return entry.grammar.read(page_of(text, words, port, asked))
    except NotThis as refusal:
        seems = likeness(text)
        seems = "" if seems == _name(nos) else seems
        foreign = f", not {_name(nos)}" if seems[:1].isupper() else ""
        seems = f"; it looks like {seems}{foreign}" if seems else ""
        place = f"line {refusal.line}: " if refusal.line else ""
        raise InputError(f"not an answer of {entry.name!r}: {place}{refusal}{seems}") from None


def record_schema(nos: str, command: str) -> Schema:
    """The JSON Schema (draft 2020-12) of one record of a command's answer."""
    entry, _, _ = _find(nos, command)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{entry.name}: {entry.what}",
        **entry.grammar.schema(),
    }


def shape(nos: str, command: str, text: str) -> frozenset[str]:
    """The kinds of lines that an answer has, values left out, so that two answers of a command can be compared."""
    _, words, _ = _find(nos, command)
    return shapes(page_of(text, words))


def _words(command: str) -> tuple[list[str], set[str]]:
    words = command.replace("|", " | ").split()
    words = words[1:] if words[:1] == ["sudo"] else words
    words = [_ONE_WORD.get(word, word) for word in words]
    return [word for word in words if not word.startswith("-")], {word for word in words if word.startswith("-")}


def _entries(nos: str) -> tuple[Entry, ...]:
    """The commands of one of ours, or of the module that an entry point in group ``plugfest.drivers`` names."""
    if nos in _NAMES:
        own: tuple[Entry, ...] = import_module(f".{nos}", __name__).COMMANDS
        return own
    for point in entry_points(group="plugfest.drivers", name=nos):
        theirs: tuple[Entry, ...] = getattr(import_module(point.module), "COMMANDS", ())
        return theirs
    raise InputError(f"no parsers for {nos!r}: there are {', '.join(_NAMES)} and those of packages that are installed")


def _name(nos: str) -> str:
    return _NAMES.get(nos, nos)


@cache
def _index(nos: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...], frozenset[str], str, Entry], ...]:
    """Every name of a command: its words as they are compared and as they are written, its options, its entry."""
    found = []
    for entry in _entries(nos):
        for name in (entry.name, *entry.same):
            words, options = _words(name)
            found.append((_compared(nos, words), tuple(words), frozenset(options), name, entry))
    return tuple(sorted(found, key=lambda row: (-len(row[1]), -len(row[2]))))


def _compared(nos: str, words: Iterable[str]) -> tuple[str, ...]:
    """The words of a command; a command line of a system's own takes them in any case."""
    return tuple(words) if nos in _OF_A_SHELL else tuple(word.casefold() for word in words)


@lru_cache(maxsize=8192)
def _find(nos: str, command: str) -> tuple[Entry, tuple[str, ...], tuple[str, ...]]:
    asked, options = _words(command)
    if nos in _OF_A_SHELL:
        spoken = asked
    else:  # a port may stand anywhere in the command, and how the answer is to be written at its end
        asked = asked[: asked.index("|")] if "|" in asked else asked
        split = ((_CONTROLLER.fullmatch(word), word) for word in asked)
        asked = [part for found, word in split for part in (found.groups() if found else (word,))]
        spoken = [word for word in asked if word == "*" or not _PORT.fullmatch(word)]
    if asked[:1] == ["cat"] and len(asked) > 1:
        if device := _OF_DEVICE.match(asked[1]):
            asked.insert(2, device[1])
        asked[1] = asked[1] if asked[1].startswith("/etc/sonic/config_db") else asked[1].rpartition("/")[2]
    heard = _compared(nos, spoken)
    for known, words, flags, _, entry in _index(nos):
        if heard[: len(known)] == known and flags <= options:
            return entry, words, tuple(asked)
    near = get_close_matches(" ".join(command.split()), [name for *_, name, _ in _index(nos)], 3, 0.5)
    hint = f"; near are {', '.join(map(repr, near))}" if near else ""
    raise InputError(f"nobody knows the {_name(nos)} command {command!r}{hint}")
