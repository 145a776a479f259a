"""Ranges of names: ``1-8``, ``1-8,12``, ``Ethernet0-56/8`` (every eighth), ``Ethernet1/1-64``, ``gpu[01-16]``.

The number after the slash is a step, and the last number must be reached by it, so that a slip shows.  Numbers written
with leading zeros keep their width.
"""

from __future__ import annotations

import re
from typing import Final

MOST: Final = 100_000  # names that one range may stand for

_ITEM: Final = re.compile(
    r"(?P<prefix>|.*?[^0-9])(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9})(?:/(?P<step>[0-9]{1,9}))?)?"
)
_BRACKET: Final = re.compile(r"(?P<before>[^\[\]]*)\[(?P<inside>[^\[\]]*)\](?P<after>[^\[\]]*)")


class RangeError(ValueError):
    """A range that cannot be read; its text says why."""


def numbers(text: str) -> tuple[str, ...]:
    """The names of a range of cages or ports; a name without a range is itself."""
    names: list[str] = []
    for item in text.split(","):
        names += _item(item.strip(), text)
        if len(names) > MOST:
            raise RangeError(f"range {text}: more than {MOST} names")
    return _distinct(names, text)


def names(text: str) -> tuple[str, ...]:
    """The names of a bracketed range, as devices are named: ``gpu[1-4]``; a name without brackets is itself."""
    if "[" not in text and "]" not in text:
        return (text,)
    found = _BRACKET.fullmatch(text)
    if not found:
        raise RangeError(f"range {text}: one pair of brackets was expected, as in gpu[1-4]")
    return tuple(f"{found['before']}{middle}{found['after']}" for middle in numbers(found["inside"]))


def _item(item: str, text: str) -> list[str]:
    found = _ITEM.fullmatch(item)
    if not found:
        if item and "-" not in item:
            return [item]
        raise RangeError(f"range {text}: expected something like 1-8 or Ethernet0-56/8, found {item!r}")
    prefix, first = found["prefix"], found["first"]
    if found["last"] is None:
        return [item]
    start, end, step = int(first), int(found["last"]), int(found["step"] or 1)
    if end < start:
        raise RangeError(f"range {text}: {end} is below {start}")
    if step == 0:
        raise RangeError(f"range {text}: a step of 0")
    if (end - start) % step:
        raise RangeError(f"range {text}: {end} is not reached from {start} in steps of {step}")
    if (end - start) // step >= MOST:
        raise RangeError(f"range {text}: more than {MOST} names")
    width = len(first) if first.startswith("0") else 0
    return [f"{prefix}{number:0{width}d}" for number in range(start, end + 1, step)]


def _distinct(found: list[str], text: str) -> tuple[str, ...]:
    if len(set(found)) < len(found):
        twice = next(name for name in found if found.count(name) > 1)
        raise RangeError(f"range {text}: {twice} is in it twice")
    return tuple(found)
