"""A healthy simulated lab, kept whole: its world, its answers, what they decode to, and every verdict."""

from __future__ import annotations

import io
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from harness.check import Check
from harness.drivers import answers, driver
from harness.engine import Bench, Owed, all_checks
from harness.evidence import Answer, Ask, Evidence, Origin, Record, instant
from harness.history import LINKS, MODULES, RATIOS, History, read_history
from harness.lab.inventory import DevicePlan, Lab
from harness.lab.load import load
from harness.lab.measurements import Measurement, load_measurements
from harness.ledger import written
from harness.model import DeviceFacts
from harness.reading import Absence, Missing, Source
from harness.simlab.__main__ import START
from harness.simlab.faults import Damage, Fault, plant
from harness.simlab.fixture import answers_of
from harness.simlab.scope import starts, tdecq
from harness.simlab.world import Device, World, healthy
from harness.verdict import Verdict
from tests.faults.edits import edited
from tests.faults.table import DECLARED, HERE, Change

EARLIER: Final = "2026-09-20T12:00:00+00:00"
"""When an earlier archive was judged."""

SOAKED: Final = 1800, 24 * 3600
"""Seconds between samples of a soak, and of its last."""

WATTS: Final = frozenset({"asic_watts", "fan_watts", "supplies", "supply_watts", "watts", "at", "cages", "asic"})
"""Fields of a device's plan that no driver reads; of its cages see ``same_to_drivers``."""

Key = tuple[str, str]
"""Check and subject."""


class Told(Evidence):
    """The answers of one device, in memory."""

    def __init__(self, told: Iterable[Answer]) -> None:
        super().__init__(None)
        self.held = {answer.ask: answer for answer in told}

    @property
    def origin(self) -> Origin:
        return Origin.SIMULATED

    def _read(self) -> Iterator[Record]:
        for one in self.held.values():
            yield Record(one.ask, one.ask.text, "", one.status, one.at, one.took_ms, one.error, one.stderr)

    def find(self, ask: Ask) -> Answer | Missing:
        found = self.held.get(ask)
        source = Source(f"{ask.device}/{ask.text}")
        return found or Missing(Absence.NOT_RECORDED, source, f"{ask.text!r} was not asked")


class Whole(Evidence):
    """The answers of all devices."""

    def __init__(self, devices: Mapping[str, Evidence]) -> None:
        super().__init__(None)
        self.elsewhere = dict(devices)


class Healthy:
    """A lab with nothing wrong, and all that a run of it makes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._home = tempfile.TemporaryDirectory(prefix="plugfest-faults-")
        self.home = Path(self._home.name)
        self.file = edited(name, (), self.home)
        self.lab = load(self.file)
        self.checks: tuple[Check, ...] = all_checks()
        self.world = healthy(self.lab, instant(START))
        if name == "soak":
            self.world.every, self.world.until = SOAKED
        self.devices = {device: self.settled(held) for device, held in self.world.devices.items()}
        self.told: dict[str, Evidence] = {n: Told(answers_of(self.world, d)) for n, d in self.world.devices.items()}
        self.texts = tdecq(self.world), starts(self.world)
        self.rows = self.measured(*self.texts, self.home)
        self.facts = {name: decode(plan, self.told[name]) for name, plan in self.lab.devices.items()}
        self.bench = Bench(self.lab, Whole(self.told), self.checks)
        self.prime(self.bench, self.facts, self.rows)
        _ = self.bench.as_of, self.bench.requirements, self.bench.plan

    def close(self) -> None:
        self._home.cleanup()

    @cached_property
    def verdicts(self) -> Mapping[Key, Verdict]:
        return judged(self.bench, self.bench.plan)

    @cached_property
    def beside_itself(self) -> Mapping[Key, Verdict]:
        """The verdicts where an earlier archive has the same healthy lab."""
        bench = Bench(self.lab, Whole(self.told), self.checks, as_of=self.bench.as_of, history=self.archived(()))
        self.share(bench)
        self.prime(bench, self.facts, self.rows)
        return judged(bench, bench.plan)

    def share(self, bench: Bench) -> None:
        """The plan and the requirements of the healthy lab, where a bench is of the same files."""
        bench.__dict__.update(plan=self.bench.plan, requirements=self.bench.requirements)

    @staticmethod
    def prime(bench: Bench, facts: Mapping[str, DeviceFacts], rows: tuple[Measurement, ...]) -> None:
        """What devices said and the laboratory measured, as it was read already."""
        assembly = bench.assembly
        assembly.facts = facts.__getitem__  # type: ignore[assignment]
        assembly.__dict__["rows"] = rows

    def measured(self, lanes: str, times: str, home: Path) -> tuple[Measurement, ...]:
        """The rows of the laboratory's files."""
        files = home / "scope" / "tdecq.csv", home / "board" / "start.csv"
        for file, text in zip(files, (lanes, times), strict=True):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return load_measurements(files)

    def spoiled(self, changes: Iterable[Change]) -> World:
        """A copy of the healthy world in which changes of devices were planted."""
        world = replace(self.world, devices={}, skipped=[], laboratory=[])
        world.devices = {name: self.thawed(held) for name, held in self.devices.items()}
        for change in changes:
            if change["do"] not in DECLARED:
                settings = {name: value for name, value in change.items() if name not in ("do", "target")}
                target = change.get("target", "")
                plant(world, Damage(), Fault(change["do"], change["do"], target, (), target, HERE, settings))
        return world

    def settled(self, device: Device) -> bytes:
        """A device as bytes that a copy of it gives again: what is shared in it is shared once it was copied."""
        held = frozen(device)
        for _ in range(2):
            held = frozen(self.thawed(held))
        return held

    def asked(self, world: World) -> dict[str, Evidence]:
        """The devices of a spoiled world that answer otherwise, with their answers."""
        found: dict[str, Evidence] = {}
        for name in sorted(self.may_differ(world)):
            told, was = Told(answers_of(world, world.devices[name])), self.told[name]
            if not isinstance(was, Told) or told.held != was.held:
                found[name] = told
        return found

    def thawed(self, held: bytes) -> Device:
        device: Device = Thaw(io.BytesIO(held), self.lab).load()
        return device

    def may_differ(self, world: World) -> set[str]:
        """The devices of a spoiled world that may answer otherwise."""
        if world.skipped or (world.window, world.every) != (self.world.window, self.world.every):
            return set(world.devices)
        found = {name for name, device in world.devices.items() if frozen(device) != self.devices[name]}
        shown = {end for name in found for end in shown_otherwise(self.world.devices[name], world.devices[name])}
        hearing = {
            device.name
            for device in world.devices.values()
            for port in device.ports
            if {port.peer, port.neighbour} & shown
        }
        return found | hearing

    def archived(self, changes: tuple[Change, ...]) -> History:
        """What an earlier archive of this lab saw, with some changes planted then."""
        world = self.spoiled(changes)
        again = self.asked(world)
        told = {**self.told, **again}
        facts = {**self.facts, **{name: decode(self.lab.devices[name], one) for name, one in again.items()}}
        bench = Bench(self.lab, Whole(told), self.checks, as_of=self.bench.as_of)
        self.share(bench)
        self.prime(bench, facts, self.rows)
        wanted = (owed for owed in bench.plan if owed.check.id in (MODULES, LINKS, RATIOS))
        with tempfile.TemporaryDirectory() as home:
            archive = Path(home) / "earlier"
            archive.mkdir()
            (archive / "manifest.json").write_text("{}")
            head = written({"run": {"lab": self.lab.name, "judged_as_of": EARLIER}})
            lines = [written(bench.judge(owed).document()) for owed in wanted]
            (archive / "verdicts.jsonl").write_bytes(b"".join([head, *lines]))
            return read_history(Path(home))


def judged(bench: Bench, owed: Iterable[Owed]) -> dict[Key, Verdict]:
    return {(one.check.id, one.subject): bench.judge(one) for one in owed}


parsed = lru_cache(maxsize=20_000)(answers.parse)
"""Most answers of a spoiled device are those of the healthy one: what the very same text says is found out once."""


def decode(plan: DevicePlan, evidence: Evidence) -> DeviceFacts:
    """What a device says, as a run decodes it."""
    usual = answers.parse
    answers.parse = parsed
    try:
        return driver(plan.nos).decode(plan, evidence)
    finally:
        answers.parse = usual


def same_to_drivers(one: DevicePlan, other: DevicePlan) -> bool:
    """Whether two plans of a device ask for the same as far as a driver can see."""
    return without_places(one) == without_places(other)


def without_places(plan: DevicePlan) -> list[Any]:
    own = [getattr(plan, field.name) for field in fields(plan) if field.name not in WATTS]
    cages = [
        (cage.name, cage.mode, cage.module and replace(cage.module, at=Source("")), [
            replace(port, at=Source("")) for port in cage.ports
        ])
        for cage in plan.cages
    ]  # fmt: skip
    return [own, cages]


def shown_otherwise(before: Device, after: Device) -> set[tuple[str, str] | None]:
    """The ports of a device of which neighbours may tell something else now."""
    was, now = visible(before), visible(after)
    return {(after.name, name) for name in {*was, *now} if was.get(name) != now.get(name)}


def visible(device: Device) -> dict[str, Any]:
    """What neighbours may tell of a device, by port."""
    own = device.software, device.adapter
    return {p.name: (own, p.alias, p.up, p.admin, p.gbps, p.link_layer, p.peer, p.hears) for p in device.ports}


class Freeze(pickle.Pickler):
    """Plans stay what they are: what is compared is what a device is."""

    def persistent_id(self, held: object) -> Any:
        if isinstance(held, DevicePlan):
            return "device", held.name
        if type(held).__name__ == "PortPlan":
            return "port", str(held)
        return None


class Thaw(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, lab: Lab) -> None:
        super().__init__(file)
        self.lab = lab

    def persistent_load(self, name: Any) -> object:
        kind, told = name
        if kind == "device":
            return self.lab.devices[told]
        return ports_of(self.lab)[told]


PORTS: dict[int, dict[str, object]] = {}


def ports_of(lab: Lab) -> Mapping[str, object]:
    """The plans of a lab's ports by name."""
    if id(lab) not in PORTS:
        PORTS[id(lab)] = {str(port): port for device in lab.devices.values() for port in device.ports}
    return PORTS[id(lab)]


def frozen(device: Device) -> bytes:
    out = io.BytesIO()
    pickler = Freeze(out, protocol=5)
    pickler.dump(device)
    return out.getvalue()
