"""What a terminal shows: bytes of a console without what was only meant for a screen."""

from __future__ import annotations

import re
from typing import Final

ESCAPE: Final = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*(?P<final>[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|"
    rb"[ -/]*[0-OQ-WYZ`-~\\])"
)
"""A control sequence (ECMA-48 5.4), an operating system command as xterm has it, a string, or a plain escape."""

CELLS: Final = re.compile(rb"\x1b\[(?P<count>[0-9]*)(?P<final>[CDK])|(?P<move>[\r\b])|[^\r\b\x1b]+")
EDITED: Final = re.compile(rb"[\b\x1b]|\r[^\r]")
UNSEEN: Final = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D, 0x08, 0x1B})
PAGER: Final = re.compile(
    rb"(?i)(?:-{2,} ?\(?more\b[^\n]{0,40}|<-+ ?more ?-+>|"
    rb"press (?:any key|<?space>?)(?: to continue| for more)[^\n]{0,40})$"
)
"""What a pager shows while it waits: ``--More--``, ``---(more 45%)---``, ``<--- More --->``."""

REFUSAL: Final = re.compile(
    r"^[ \t\r]*(?:% ?(?:invalid|incomplete|ambiguous|unknown|unrecognized|bad|error|permission|authorization)"
    r"|error: |syntax error|(?:unknown|invalid) command|command authorization failed|-?(?:ba|da|a)?sh: "
    r"|.{0,80}command not found\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
"""A line by which a device says that it did not do what it was asked."""


def plain(raw: bytes) -> bytes:
    """Lines that end in LF, as they stand on the screen after every overwriting; escapes and bells are out."""
    return b"\n".join(shown(line) for line in raw.split(b"\n"))


def status(text: str) -> int:
    """The exit status that the answer of a command line suggests which has none: 1 where it refuses, else 0."""
    return 1 if REFUSAL.search(text) else 0


def shown(line: bytes) -> bytes:
    """One line as it stands on the screen."""
    if b"\x1b" in line:
        line = ESCAPE.sub(lambda found: found[0] if found["final"] in (b"C", b"D", b"K") else b"", line)
    line = line.translate(None, UNSEEN).strip(b"\r")
    if not EDITED.search(line):
        return line
    cells, at = bytearray(), 0
    for found in CELLS.finditer(line):
        if found["move"]:
            at = 0 if found["move"] == b"\r" else max(0, at - 1)
        elif found["final"]:
            steps = min(int(found["count"] or 1), 1000)
            if found["final"] == b"K":
                del cells[at:]
            else:
                at = max(0, at - steps) if found["final"] == b"D" else at + steps
        else:
            cells.extend(b" " * (at - len(cells)))
            cells[at : at + len(found[0])] = found[0]
            at += len(found[0])
    return bytes(cells[:at]) + bytes(cells[at:]).rstrip(b" ")  # blanks that wiped something out are no text


class Heard:
    """What has come since something was last sent."""

    LAST: Final = 4096
    """Bytes of a last line that are looked at: a prompt is not longer."""

    def __init__(self) -> None:
        self.raw = bytearray()

    def __bool__(self) -> bool:
        return bool(self.raw)

    @property
    def last(self) -> str:
        """The line that is not ended: a prompt, where there is one."""
        start = max(self.raw.rfind(b"\n") + 1, len(self.raw) - self.LAST)
        return shown(bytes(self.raw[start:])).decode("utf-8", "replace")

    @property
    def text(self) -> str:
        return plain(bytes(self.raw)).decode("utf-8", "replace")

    def paged(self) -> bool:
        """Whether a pager waits at the end; what it shows is taken off."""
        start = max(self.raw.rfind(b"\n") + 1, len(self.raw) - self.LAST)
        tail = bytes(self.raw[start:])
        found = PAGER.search(shown(tail).rstrip(b" "))
        if not found:
            return False
        self.raw[start:] = shown(tail).rstrip(b" ")[: found.start()].rstrip(b" ")
        return True
