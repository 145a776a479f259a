"""Plan, rehearse and judge: what every front end (pytest, the command line, a notebook) runs.

    bench = open_lab(Path("lab_configs/rack3.yaml"))
    for owed in bench.plan:
        verdict = bench.judge(owed)

Opening a lab reads the lab file and the limit tables and touches no evidence; the first judgement does.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from .assemble import Assembly, subjects
from .check import Check
from .errors import PluginError, UsageError
from .evidence import Evidence, instant
from .history import History, read_history
from .lab.inventory import Lab
from .lab.load import load, require_inputs
from .requirements.load import load_requirements
from .requirements.lookup import Requirements
from .requirements.waivers import apply
from .verdict import Outcome, Verdict
from .workers import cpus, shared_out, unhurried

T = TypeVar("T")

LARGE = 1_000
"""From so many verdicts on a run is worth processes of its own."""

VERY_LARGE = 20_000
"""From so many on, subjects are not kept when their verdicts are told: memory would grow with them."""

AT_ONCE = 250
"""About so many verdicts are judged before they are handed on."""


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
        history: History | None = None,
    ) -> None:
        """``elsewhere``: the evidence is not what the lab file names; ``history``: what earlier archives saw."""
        self.lab, self.evidence, self.checks, self.elsewhere = lab, evidence, tuple(checks), elsewhere
        self.history = history
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
        return Assembly(self.lab, self.evidence, self.requirements, self.history)

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

    def judge_all(self, asked: Sequence[Owed], into: Callable[[Verdict], T], *, jobs: int = 0) -> Iterator[T]:
        """What ``into`` makes of every verdict, in an order that is the same for any number of processes.

        ``jobs`` is how many processes share the work; 0 is one for each CPU where it is worth that.  They are forked
        off before this returns, and what ``into`` makes is sent between them.
        """
        self.ready()
        jobs = jobs or (cpus() if len(asked) >= LARGE else 1)
        large = len(asked) >= VERY_LARGE
        if jobs > 1:
            with unhurried():
                self.assembly.decode_all(jobs)

        def judged(together: Sequence[Owed]) -> list[T]:
            told = [into(self.judge(owed)) for owed in together]
            if large:
                self.assembly.forget()
            return told

        return chain.from_iterable(shared_out(judged, self.together(asked), jobs))

    def together(self, asked: Sequence[Owed]) -> list[list[Owed]]:
        """Verdicts in parts: what is about one cage, its module, its ports and their links stays together."""
        cages = {str(port): str(cage) for d in self.lab.devices.values() for cage in d.cages for port in cage.ports}
        homes = cages | {str(link): cages[str(link.ends[0])] for link in self.lab.links}
        owed_at: dict[str, list[Owed]] = {}
        for owed in asked:
            owed_at.setdefault(homes.get(owed.subject, owed.subject), []).append(owed)
        parts: list[list[Owed]] = [[]]
        for here in owed_at.values():
            if len(parts[-1]) + len(here) > AT_ONCE:
                parts.append([])
            parts[-1] += here
        return parts

    def rehearse(self) -> Iterator[Verdict]:
        """Judge a model in which nothing was measured: what ends in ERROR is a fault of configuration or of ours."""
        unmeasured = replace(self.lab, measurements=(), fiber_tests=())
        blank = Bench(unmeasured, Evidence(None), self.checks, as_of=self.as_of)
        return (verdict for verdict in map(blank.judge, blank.plan) if verdict.outcome is Outcome.ERROR)


def open_lab(
    file: Path,
    *,
    as_of: str | None = None,
    checks: Sequence[Check] | None = None,
    evidence: Path | None = None,
    history: Path | None = None,
) -> Bench:
    """The bench of a lab file, on its own evidence or on another directory's, beside the archives below ``history``.

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
    earlier = read_history(history) if history is not None else None
    return Bench(lab, kept, checks or all_checks(), as_of=at, elsewhere=evidence is not None, history=earlier)


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


def check_named(checks: Iterable[Check], name: str) -> Check:
    """The check of an id or a name, in whatever case."""
    known = list(checks)
    for check in known:
        if name.lower() in (check.id.lower(), check.name.lower()):
            return check
    words = [word for check in known for word in (check.id, check.name)]
    close = [*get_close_matches(name.upper(), words, 3, 0.5), *get_close_matches(name.lower(), words, 3, 0.5)]
    near = ", ".join(list(dict.fromkeys(close))[:3])
    raise UsageError(f"no check {name!r}{f'; near are {near}' if near else ''}")
