"""What can go wrong, by who must act.

PlugfestError
  UsageError       the command line asks for something that cannot be      -> exit 2
  LabError         fix the lab file: file and line                         -> exit 2
  InputError       fix or replace the file that was handed in              -> exit 2
  NoLimit          fix the limit tables
  TransportError   fix the rig
  EvidenceError    the evidence or archive does not verify                 -> exit 4
  PluginError      fix the third-party pack
"""

from __future__ import annotations

from pathlib import Path


class PlugfestError(Exception):
    """Something a user can act on; its text is the whole message."""

    exit_status = 2


class UsageError(PlugfestError):
    """The command line asks for something that cannot be."""


class LabError(PlugfestError):
    """The lab file, or a file it names, is wrong."""

    def __init__(self, message: str, *, file: Path | str = "", line: int = 0) -> None:
        place = f"{file}:{line}: " if line else f"{file}: " if file else ""
        super().__init__(f"{place}{message}")
        self.file, self.line = str(file), line


class InputError(PlugfestError):
    """A file that was handed in is not what it should be."""


class NoLimit(PlugfestError):
    """No table has a row for this quantity, so a check cannot decide."""


class TransportError(PlugfestError):
    """A device or a bus did not do what was asked of it; a read that failed is evidence, not a crash."""


class EvidenceError(PlugfestError):
    """Evidence or an archive does not verify."""

    exit_status = 4


class WorkerError(PlugfestError):
    """A process that shared the work ended before it told what it found."""

    exit_status = 3


class PluginError(PlugfestError):
    """A third-party pack is not what its entry point promises."""
