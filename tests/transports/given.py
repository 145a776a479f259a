"""What a transport is given: a device as a lab file declares it, and terms whose journal is in a directory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.clock import Calendar, WallClock
from harness.evidence.journal import Journal
from harness.evidence.redact import Redactor
from harness.lab.inventory import DevicePlan
from harness.reading import Source
from harness.transports.base import Session, Terms
from harness.transports.passwords import Passwords


def declared(
    name: str, kind: str, nos: str, reach: Mapping[str, str], *, line: int = 3, maintenance: bool = False
) -> DevicePlan:
    """A device, of which nothing is said but how it is reached."""
    return DevicePlan(
        name=name, kind=kind, role="", platform=None, hwsku=None, nic=None, nos=nos, rack=None, reach=reach,
        evidence=None, cages=(), asic_watts=None, fan_watts=None, supplies=None, supply_watts=None, watts=None,
        at=Source("lab.yaml", f"line {line}"), maintenance=maintenance,
    )  # fmt: skip


def terms_in(
    directory: Path,
    session: Session,
    *,
    environment: Mapping[str, str] | None = None,
    calendar: Calendar | None = None,
    unlocked: frozenset[str] = frozenset(),
) -> Terms:
    """Terms with the passwords of an environment, and nobody to ask for another."""
    redactor = Redactor()
    passwords = Passwords(redactor, environment or {}, may_prompt=False)
    return Terms(session, Journal(directory, redactor), passwords, calendar or WallClock(), unlocked)
