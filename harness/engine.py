"""Plan, rehearse and judge: what every front end (pytest, the command line, a notebook) runs.

    bench = open_lab(Path("lab_configs/rack3.yaml"))
    for owed in bench.plan:
        verdict = bench.judge(owed)

Opening a lab reads the lab file and the limit tables and touches no evidence; the first judgement does.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from types import ModuleType

from .assemble import Assembly, subjects
from .check import Check
from .errors import PluginError, UsageError
from .evidence import Evidence, instant
from .lab.inventory import Lab
from .lab.load import load, require_inputs
from .requirements.load import load_requirements
from .requirements.lookup import Requirements
from .requirements.waivers import apply
from .verdict import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Owed:
    """One verdict that a run owes: one check of one subject."""

    check: Check
    subject: str

    def __str__(self) -> str:
        return f"{self.check.id} {self.subject}"


class Bench:
    """A lab, what it is held to, and its evidence, ready to be judged."""

    def __init__(
        self,
        lab: Lab,
        evidence: Evidence,
        checks: Sequence[Check],
        *,
        as_of: datetime | None = None,
        elsewhere: bool = False,
    ) -> None:
        """``elsewhere``: the evidence is not what the lab file names."""
        self.lab, self.evidence, self.checks, self.elsewhere = lab, evidence, tuple(checks), elsewhere
        self._as_of = as_of

    @cached_property
    def as_of(self) -> datetime:
        """The instant judged: what the caller or the lab file says, else the evidence's own last answer, else now."""
        span = None if (self._as_of or self.lab.as_of) else self.evidence.span()
        return self._as_of or self.lab.as_of or (span[1] if span else datetime.now(UTC))

    @cached_property
    def requirements(self) -> Requirements:
        """The limits, as of the instant judged.  Reading them may read when the evidence was taken."""
        return load_requirements(self.lab.profile, as_of=self.as_of)

    @cached_property
    def plan(self) -> tuple[Owed, ...]:
        """Every verdict owed: all checks times all declared subjects they apply to, whatever is selected later."""
        names: Mapping[type, Sequence[str]] = subjects(self.lab)
        return tuple(
            Owed(check, name)
            for check in self.checks
            for kind, those in names.items()
            if issubclass(kind, check.subject)
            for name in those
        )

    @cached_property
    def assembly(self) -> Assembly:
        """The model.  LabError where evidence or measurements that the lab file names are not there."""
        if self.evidence.directory is not None:
            require_inputs(self.lab)
        return Assembly(self.lab, self.evidence, self.requirements)

    def ready(self) -> None:
        """Read what every verdict rests on, so that what is wrong with it is said once and before the first verdict.

        LabError for profile, tables, measurements and files that are not there; EvidenceError for a store that does not
        read.
        """
        require_inputs(self.lab)
        _ = self.evidence.origin, self.evidence.records, self.assembly.measurements

    def judge(self, owed: Owed) -> Verdict:
        """The verdict, waivers applied."""
        assembly = self.assembly
        find = partial(assembly.subject, owed.check.subject, owed.subject)
        return apply(owed.check.decide(owed.subject, find, self.requirements), self.lab.waivers, self.as_of)

    def rehearse(self) -> Iterator[Verdict]:
        """Judge a model in which nothing was measured: what ends in ERROR is a fault of configuration or of ours."""
        unmeasured = replace(self.lab, measurements=())
        blank = Bench(unmeasured, Evidence(None), self.checks, as_of=self.as_of)
        return (verdict for verdict in map(blank.judge, blank.plan) if verdict.outcome is Outcome.ERROR)


def open_lab(
    file: Path, *, as_of: str | None = None, checks: Sequence[Check] | None = None, evidence: Path | None = None
) -> Bench:
    """The bench of a lab file, on its own evidence or on another directory's.

    LabError where the file is wrong; evidence is not touched.
    """
    try:
        at = instant(as_of) if as_of else None
    except ValueError as bad:
        raise UsageError(f"--as-of {as_of}: expected an instant such as 2026-11-20T12:00:00Z: {bad}") from None
    lab = load(file)
    if evidence is not None:
        lab = replace(lab, evidence=evidence)
    kept = Evidence(lab.evidence, devices=evidence_of_devices(lab))
    return Bench(lab, kept, checks or all_checks(), as_of=at, elsewhere=evidence is not None)


def evidence_of_devices(lab: Lab) -> dict[str, Path]:
    """The evidence directories of devices that keep their own."""
    return {
        name: lab.file.parent / device.evidence for name, device in lab.devices.items() if device.evidence is not None
    }


def all_checks(package: str = "checks") -> tuple[Check, ...]:
    """Every check of a package in the order of ids, wherever it is written; an id stands once."""
    root = imported(package)
    found: dict[str, Check] = {}
    for info in sorted(pkgutil.iter_modules(root.__path__), key=lambda m: m.name):
        for check in checks_of(imported(f"{package}.{info.name}")):
            if check.id in found:
                raise PluginError(f"check {check.id} is in {found[check.id].module} and in {check.module}")
            found[check.id] = check
    return tuple(found[id] for id in sorted(found))


def imported(name: str) -> ModuleType:
    """A module of checks.  PluginError where it does not import: it is others' code, and may end in any way."""
    try:
        return importlib.import_module(name)
    except PluginError:
        raise
    except Exception as bad:
        fault = " ".join(f"{type(bad).__name__}: {bad}".split())
        raise PluginError(f"checks cannot be imported: {name}: {fault}") from bad


def checks_of(module: ModuleType) -> tuple[Check, ...]:
    """The checks that a module defines, in the order of its lines."""
    mine = (thing for thing in vars(module).values() if isinstance(thing, Check) and thing.module == module.__name__)
    return tuple(mine)
