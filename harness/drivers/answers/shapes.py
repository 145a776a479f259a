"""What an answer looks like when its values are left out."""

from __future__ import annotations

import re
from typing import Final

from .text import Page

_NUMBER: Final = re.compile(r"\d+")
_RULE: Final = re.compile(r"\s*[-=+|][-=+ |]{2,}")
_MEMBER: Final = re.compile(r'\s*"([^"]{1,200})"\s*:')


def shapes(page: Page) -> frozenset[str]:
    """Heads of tables, labels and the members of JSON; numbers as ``#``, spaces as one, depth as ``>``."""
    found: set[str] = set()
    lines = page.lines
    for at, line in enumerate(lines):
        text = line.text
        if at + 1 < len(lines) and _RULE.fullmatch(lines[at + 1].text) and not _RULE.fullmatch(text):
            found.add(f"head {_plain(text)}")
        elif member := _MEMBER.match(text):
            found.add(f"member {_plain(member[1])}")
        elif ":" in text and not _RULE.fullmatch(text):
            label = text.partition(":")[0]
            found.add(f"{'>' if text[0].isspace() else ''}{_plain(label)}:")
    return frozenset(found)


def _plain(text: str) -> str:
    return " ".join(_NUMBER.sub("#", text).split())
