"""A file with the answers to many commands, cut at prompts and at headings."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

_ESCAPES: Final = r"(?:\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\n]{0,200}\x07|\r)*"
_NAME: Final = r"[A-Za-z0-9_][\w.-]{0,63}"
_RULE: Final = r"[-=#*~+]"
_MARKS: Final = re.compile(
    r"^(?:\{[a-z]{2,12}(?::\d)?\}[ ]?\r?\n)?"  # {master:0}, in a line of its own
    rf"{_ESCAPES}(?:\([^()\n]{{1,40}}\)[ ]?)?(?:"
    rf"{_NAME}@(?P<shell>{_NAME}){_ESCAPES}(?::[^\n$#>]{{0,200}})?[$#>]"  # admin@leaf1:~$
    rf"|\[{_NAME}@(?P<boxed>{_NAME})[^\]\n]{{0,200}}\][$#]"  # [admin@leaf1 ~]$
    rf"|(?:RP/[\w/]{{1,20}}:)?"  # RP/0/RP0/CPU0:leaf1#
    rf"(?P<bare>[A-Za-z][\w.-]{{0,63}})(?:\([\w/.-]{{1,40}}\))?[#>]"  # leaf1#
    rf"|(?P<dollar>[$#])(?=[ ])"
    rf")[ \t]*(?P<typed>[^\n]*)$"
    rf"|^{_RULE}{{5,}}[ \t]*\r?\n[ \t]*(?P<between>[A-Za-z][^\n]{{0,300}}?)[ \t]*\r?\n{_RULE}{{5,}}[ \t]*\r?$"
    rf"|^[ \t]*{_RULE}{{2,80}}[ \t]*`?(?P<ruled>[A-Za-z][^\n]{{0,300}}?)`?[ \t:]*{_RULE}{{2,80}}[ \t]*\r?$"
    rf"|^[ \t]*+(?:{_RULE}++[ \t]*+)?(?:COMMAND|Command|CMD|Cmd|Running|Executing)[ \t]*:[ \t]*"
    rf"(?P<said>[^\n]{{1,300}}?)[ \t]*{_RULE}*[ \t]*\r?$"
    r"|^[ \t]*`(?P<ticked>[A-Za-z][^`\n]{0,300})`[ \t]*\r?$",
    re.MULTILINE,
)
_TERMINAL: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\n]{0,200}\x07|\r|[^\n]\x08")
_LABEL: Final = re.compile(r"(?i)^(?:command|cmd|running|executing)[ \t]*:[ \t]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One command and what stands between it and the next; no command where the file begins without one."""

    command: str
    host: str  # what the prompt calls the device, if there is one
    line: int
    body: str


def pieces(text: str, verbs: Collection[str], hosts: Collection[str]) -> list[Piece]:
    """The answers in a file.  ``verbs`` begin a command, ``hosts`` are names that a bare prompt may have."""
    marks = [(found, *_mark(found)) for found in _MARKS.finditer(text)]
    known = {host.lower() for host in hosts} | {
        host.lower() for found, command, host in marks if found["bare"] and _begins(command, verbs)
    }
    cuts = [mark for mark in marks if _cuts(*mark, verbs, known)]
    found = []
    line, at = 1, 0
    command = host = ""
    body = 0
    for match, next_command, next_host in cuts:
        found.append(Piece(command, host, line, text[body : match.start()]))
        line += text.count("\n", at, match.start())
        at = match.start()
        command, host = next_command, next_host
        body = min(len(text), match.end() + 1)
    found.append(Piece(command, host, line, text[body:]))
    return [piece for piece in found if piece.command or piece.body.strip()]


def _mark(found: re.Match[str]) -> tuple[str, str]:
    """The command and the host of a mark."""
    host = found["shell"] or found["boxed"] or found["bare"] or ""
    words = next((found[name] for name in ("between", "ruled", "said", "ticked") if found[name]), found["typed"] or "")
    return _LABEL.sub("", _TERMINAL.sub("", words).strip()), host


def _begins(command: str, verbs: Collection[str]) -> bool:
    return command.partition(" ")[0] in verbs


def _cuts(found: re.Match[str], command: str, host: str, verbs: Collection[str], known: Collection[str]) -> bool:
    """Whether it is one indeed: an answer has lines that resemble a prompt or a heading too."""
    if found["shell"] or found["boxed"]:
        return True
    if found["bare"]:
        return host.lower() in known and (not command or command[:1].isalpha())
    if found["dollar"] == "$":
        return command[:1].isalpha()
    return _begins(command, verbs) or bool(found["said"] and found[0].lstrip()[:2] in ("==", "--", "##", "**"))
