"""What the tests of serial lines share: a device plan, terms with a journal, and what the journal says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.evidence import Ask, Kind
from harness.evidence.journal import journal_of
from harness.lab.inventory import DevicePlan
from harness.transports.base import Session, Terms
from harness.transports.permit import Permit

from .given import declared, terms_in

PASSWORD = "correct-horse-7"


def plan(transport: str, **reach: object) -> DevicePlan:
    """leaf1, reached so; ``x_family`` is written x-family."""
    said = {"transport": transport, "user": "admin", "connect_timeout_s": 5, "auth_timeout_s": 15, "timeout_s": 5}
    texts = {key.replace("_family", "-family"): str(value) for key, value in {**said, **reach}.items()}
    return declared("leaf1", "switch", "sonic", texts, line=12)


def terms(directory: Path, session: Session, environment: Mapping[str, str] | None = None) -> Terms:
    """Terms whose journal is in a directory."""
    known = {"PLUGFEST_PASSWORD_LEAF1": PASSWORD} if environment is None else environment
    return terms_in(directory, session, environment=known)


def session(*commands: str, shell: bool = True, quiet: tuple[str, ...] = ()) -> Session:
    return Session(Permit.of(*commands), shell=shell, quiet=quiet)


def cli(*commands: str) -> list[Ask]:
    return [Ask("leaf1", Kind.CLI, command) for command in commands]


def sent(directory: Path) -> list[str]:
    """What went out, as the journal has it."""
    return [line["wire"] for line in journal_of(directory) if line["event"] == "sent"]


def events(directory: Path, event: str) -> list[dict[str, object]]:
    return [line for line in journal_of(directory) if line["event"] == event]
