"""One row of the matrix: plant it, judge what can have changed, hold the verdicts against those of the healthy lab."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from harness.engine import Bench, Owed
from harness.errors import PlugfestError
from harness.history import History
from harness.lab.inventory import Lab
from harness.lab.load import load
from harness.model import Again, DeviceFacts, Fabric, Host, Part, Rack, Switch
from harness.model import Path as Way
from harness.reading import Reading
from harness.simlab.scope import starts, tdecq
from harness.verdict import Outcome, Verdict
from tests.faults.edits import edited
from tests.faults.plan import Healthy, Key, Whole, decode, judged, same_to_drivers
from tests.faults.table import DECLARED, Expected, Row

WIDE: Final = (Way, Rack, Part, Fabric, Switch, Host)
"""Kinds of subjects that many devices may show on."""

TROUBLE: Final = frozenset({Outcome.FAIL, Outcome.WARN, Outcome.NOT_MEASURED, Outcome.ERROR})
GONE: Final = "gone"
NEW: Final = "new"


@dataclass(frozen=True, slots=True)
class Found:
    """What a row came to."""

    row: Row
    systems: frozenset[str]  # that it was planted through
    right: tuple[Expected, ...]  # that found it as they have to
    missed: tuple[tuple[Expected, str], ...]  # that did not, and what they say instead
    others: tuple[str, ...]  # verdicts of other checks that tell of trouble which is not there without the fault
    false: tuple[tuple[str, str], ...]  # verdicts that changed and should not, and how
    problem: str = ""  # why the row could not be run

    @property
    def clean(self) -> bool:
        return not (self.missed or self.false or self.problem)


@cache
def lab_of(name: str) -> Healthy:
    """A healthy lab, made once in a process."""
    return Healthy(name)


@cache
def earlier_of(name: str, changes: str) -> History:
    row = EARLIER[name, changes]
    assert row.earlier is not None
    return lab_of(name).archived(tuple(row.earlier))


EARLIER: dict[tuple[str, str], Row] = {}
"""A row of each earlier archive, by its lab and the changes as text."""


def run(row: Row, *, whole: bool = False) -> Found:
    """Plant a row and judge; ``whole`` judges every verdict, also those that nothing planted can reach."""
    base = lab_of(row.lab)
    systems = systems_of(row, base.lab)
    try:
        after = verdicts(row, base, whole=whole)
    except (PlugfestError, LookupError, ValueError, TypeError, ArithmeticError, AssertionError) as bad:
        problem = f"{type(bad).__name__}: {bad}"
        return Found(row, systems, (), tuple((one, "not judged") for one in row.must), (), (), problem)
    before = base.verdicts if row.earlier is None else base.beside_itself
    return compared(row, systems, before, after)


def verdicts(row: Row, base: Healthy, *, whole: bool) -> dict[Key, Verdict]:
    """The verdicts that a row can have changed."""
    declared = [change for change in row.plant if change["do"] in DECLARED]
    history = None
    if row.earlier is not None:
        EARLIER.setdefault((row.lab, repr(row.earlier)), row)
        history = earlier_of(row.lab, repr(row.earlier))
    with tempfile.TemporaryDirectory(prefix="plugfest-fault-") as home:
        place = Path(home)
        lab = load(edited(row.lab, declared, place)) if declared else base.lab
        world = base.spoiled(row.plant)
        again = base.asked(world)
        told = {**base.told, **again}
        facts = dict(base.facts)
        for name, plan in lab.devices.items():
            if name in again or (declared and not same_to_drivers(plan, base.lab.devices[name])):
                facts[name] = decode(plan, told[name])
        texts = tdecq(world), starts(world)
        rows = base.rows if texts == base.texts else base.measured(*texts, place)
        bench = Bench(lab, Whole(told), base.checks, as_of=base.bench.as_of, history=history)
        if not declared:
            base.share(bench)
        base.prime(bench, facts, rows)
        every = whole or declared or history is not None
        measured = remeasured(base.texts, texts)
        owed = bench.plan if every else reached(bench, base.facts, facts, again, measured)
        return judged(bench, owed)


def reached(
    bench: Bench,
    before: Mapping[str, DeviceFacts],
    after: Mapping[str, DeviceFacts],
    again: Iterable[str],
    measured: frozenset[str],
) -> list[Owed]:
    """The verdicts that rest on what devices say otherwise now, or on what was measured otherwise of a serial number.

    They are of the cages and ports of which something else was said, of what their links lead to, of those links, and
    of all that spans devices.  Where a serial number changed, every module may have a namesake.
    """
    lab = bench.lab
    ports = {f"{name}:{port}" for name, facts in after.items() for port in of_serials(facts, measured)}
    for name in again:
        told = differing(before[name], after[name])
        if told is None:
            ports.update(map(str, lab.devices[name].ports))
        else:
            ports.update(f"{name}:{port}" for port in told)
        if serials(before[name]) != serials(after[name]):
            return list(bench.plan)
    cages = {str(port): cage for device in lab.devices.values() for cage in device.cages for port in cage.ports}
    near = {str(port) for name in ports if name in cages for port in cages[name].ports}
    links = [link for link in lab.links if near & {str(end) for end in link.ends}]
    far = {str(end) for link in links for end in link.ends}
    names = {str(port) for end in near | far for port in cages[end].ports} | {str(link) for link in links}
    names |= {str(cages[end]) for end in near | far}
    wide = {str(device) for device in lab.devices}
    return [one for one in bench.plan if one.subject in names or one.subject in wide or is_wide(one)]


def is_wide(owed: Owed) -> bool:
    return any(issubclass(kind, owed.check.subject) or issubclass(owed.check.subject, kind) for kind in WIDE)


def differing(before: DeviceFacts, after: DeviceFacts) -> set[str] | None:
    """The ports of a device of which something else is known; None where it is of the device itself."""
    found: set[str] = set()
    for field in fields(DeviceFacts):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if isinstance(old, Mapping) and isinstance(new, Mapping) and field.name != "aliases":
            found |= {name for name in {*old, *new} if not same(old.get(name), new.get(name))}
        elif field.name != "unknown" and old != new:
            return None
    return found


def same(old: Any, new: Any) -> bool:
    """Whether two things that devices told are the same; modules are compared by what they were read from."""
    if isinstance(old, Again) and isinstance(new, Again):
        return bool(old.apart == new.apart) and same(old.seen, new.seen)
    if hasattr(old, "memory") and hasattr(new, "memory"):
        told = getattr(old, "told", None), getattr(new, "told", None)
        return bool(type(old) is type(new) and old.memory == new.memory and told[0] == told[1])
    return bool(old == new)


def remeasured(before: Iterable[str], after: Iterable[str]) -> frozenset[str]:
    """The serial numbers of which something else stands in the laboratory's files."""
    found: set[str] = set()
    for was, now in zip(before, after, strict=True):
        if was != now:
            old, new = by_serial(was), by_serial(now)
            found |= {serial for serial in {*old, *new} if old.get(serial) != new.get(serial)}
    return frozenset(found)


def by_serial(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines()[1:]:
        found.setdefault(line.partition(",")[0], []).append(line)
    return found


def of_serials(facts: DeviceFacts, wanted: frozenset[str]) -> Iterable[str]:
    """The first ports of the cages whose modules have one of some serial numbers."""
    if not wanted:
        return ()
    told = {port: module.vendor_sn for port, module in facts.modules.items()}
    return [port for port, sn in told.items() if isinstance(sn, Reading) and sn.value.strip() in wanted]


def serials(facts: DeviceFacts) -> list[str]:
    return [str(module.vendor_sn) for module in facts.modules.values()]


def compared(row: Row, systems: frozenset[str], before: Mapping[Key, Verdict], after: Mapping[Key, Verdict]) -> Found:
    """What was found, missed and said without cause."""
    right, missed = [], []
    for one in row.must:
        key = (one.check, one.subject)
        was, now = outcome(before.get(key)), outcome(after.get(key, before.get(key)))
        if now == one.outcome and was != now:
            right.append(one)
        else:
            missed.append((one, f"{was} -> {now}: {grounds(after.get(key) or before.get(key))}"))
    musts = {f"{one.check} {one.subject}" for one in row.must}
    false, others = [], []
    for key, verdict in after.items():
        was, now = outcome(before.get(key)), outcome(verdict)
        name = " ".join(key)
        if was == now or (name in musts and now != Outcome.ERROR.value):
            continue
        if verdict.outcome in TROUBLE:
            others.append(f"{name}: {was} -> {now}")
        if not row.allows(name) or verdict.outcome is Outcome.ERROR:
            false.append((name, f"{was} -> {now}: {grounds(verdict)}"))
    if len(after) >= len(before):
        false += [(" ".join(key), GONE) for key in before if key not in after]
    return Found(row, systems, tuple(right), tuple(missed), tuple(others), tuple(false))


def outcome(verdict: Verdict | None) -> str:
    return "none" if verdict is None else verdict.outcome.value


def grounds(verdict: Verdict | None) -> str:
    """What a verdict rests on, in a few lines at most."""
    if verdict is None:
        return "no such verdict"
    worst = [str(one) for one in verdict.findings if one.outcome is verdict.outcome] or [verdict.grounds()]
    return "; ".join(worst[:3])[:600]


def systems_of(row: Row, lab: Lab) -> frozenset[str]:
    """The systems that a row is planted through: of the devices that it names, or of those that hold its part."""
    found: set[str] = set()
    for change in row.changes:
        words = [str(change.get("target", "")), *map(str, change.get("where", {}).values()), str(change.get("set", ""))]
        names = {name for name in lab.devices for word in words if spoken_of(name, word)}
        parts = {str(change.get("part") or change.get("approved") or change.get("drop_approved") or "")}
        parts |= {key for key in lab.parts if f"parts.{key}." in f"{change.get('set', '')}."}
        names |= {
            device.name
            for device in lab.devices.values()
            for cage in device.cages
            if cage.module is not None and cage.module.part in parts
        }
        found |= {lab.devices[name].nos for name in names}
    if not found:  # a change of the whole lab
        found = {device.nos for device in lab.devices.values()}
    return frozenset(found)


def spoken_of(device: str, word: str) -> bool:
    """Whether a target, a link or a dotted path names a device."""
    head = word.split(".")
    named = [end.partition(":")[0] for end in word.split("--")] + (head[1:2] if head[0] == "devices" else [])
    return device in named or any(one.startswith(device[:-1] + "[") for one in named)
