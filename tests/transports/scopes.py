"""A rack with an instrument on it, for tests that ask one over real TCP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from harness.clock import WallClock
from harness.drivers.scope import DRIVERS, Instrument
from harness.evidence import Answer, Ask, Evidence, Origin, Recorder
from harness.evidence.journal import journal_of
from harness.evidence.redact import Redactor
from harness.lab.inventory import DevicePlan, Lab
from harness.lab.load import load
from harness.simlab.instrument import Instrument as Simulated
from harness.simlab.world import World, healthy
from harness.transports import reached
from harness.transports.base import Session, Terms
from harness.transports.passwords import Passwords

REPOSITORY = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MODULE = "leaf1:Ethernet448"

BASE = f"""\
name: bench
profile: {REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"}
evidence: {REPOSITORY / "fixtures" / "rack3"}
parts:
  NW-O8-2DR4: {{vendor: NORTHWIND OPTICS, kind: optic, pmd: 800G-2xDR4, form_factor: OSFP}}
devices:
  leaf1:
    platform: x86_64-arista_7060x6_64pe
    hwsku: Plugfest-7060X6-64PE
    every_cage: {{mode: 2x400G, watts: 17, form_factor: OSFP}}
    cages:
      57-58: {{module: NW-O8-2DR4}}
"""
"""A switch of the shipped lab and two of its modules, of which there is evidence."""

CHANNELS = {
    "keysight-dca": ("1A", "1B", "1C", "1D", "FUNC1", "CHAN2B", "2C", "2D"),
    "anritsu-mp2110a": ("A", "B", "C", "D"),
    "keysight-n774x": ("1", "2", "3", "4", "5", "6", "7", "8"),
}


FIBER = "    test_fiber: true\n"


class Rack:
    """A switch, and a scope on the first lanes of one of its modules."""

    def __init__(self, home: Path, nos: str = "keysight-dca", *, lanes: int = 2, extra: str = FIBER) -> None:
        self.home, self.file = home, home / "lab.yaml"
        channels = ", ".join(f"{n}: {name}" for n, name in enumerate(CHANNELS[nos][:lanes], start=1))
        self.file.write_text(
            f"{BASE}"
            "  scope1:\n"
            "    kind: instrument\n"
            f"    nos: {nos}\n"
            "    evidence: scope1\n"
            "    reach: {transport: scpi, resource: unset}\n"
            f"    measures: {{{MODULE}: {{{channels}}}}}\n"
            f"{extra}",
            "utf-8",
        )
        self.lab: Lab = load(self.file)
        self.world: World = healthy(self.lab, NOON)
        self.driver: Instrument = DRIVERS[nos]
        self.recorder = Recorder(home / "scope1", origin=Origin.SIMULATED, made_by="test")

    def simulated(self) -> Simulated:
        return Simulated(self.world, self.lab.devices["scope1"])

    def plan(self, port: int, **reach: str) -> DevicePlan:
        """The device, reached at a port of loopback."""
        device = self.lab.devices["scope1"]
        resource = f"TCPIP::127.0.0.1::{port}::SOCKET"
        return replace(device, reach={"transport": "scpi", "resource": resource, "timeout_s": "2", **reach})

    def terms(self, session: Session | None = None) -> Terms:
        device = self.lab.devices["scope1"]
        passwords = Passwords(Redactor(), {}, may_prompt=False)
        return Terms(session or self.driver.session(device), self.recorder.journal, passwords, WallClock())

    def asks(self) -> tuple[Ask, ...]:
        return tuple(self.driver.asks(self.lab.devices["scope1"]))

    def collect(self, port: int, asks: Sequence[Ask] | None = None, **reach: str) -> list[Answer]:
        """Ask over the wire, and record every answer."""
        transport = reached(self.plan(port, **reach), self.terms())
        try:
            answers = list(transport.ask(self.asks() if asks is None else asks))
        finally:
            transport.close()
        for answer in answers:
            self.recorder.append(answer)
        return answers

    def evidence(self) -> Evidence:
        """What was recorded of the scope, and the shipped evidence of the switch."""
        return Evidence(self.lab.evidence, devices={"scope1": self.home / "scope1"})

    def sent(self) -> list[str]:
        """What the journal says went out."""
        return [line["wire"] for line in journal_of(self.home / "scope1") if line["event"] == "sent"]

    def events(self) -> list[str]:
        return [line["event"] for line in journal_of(self.home / "scope1")]
