"""The only module that knows pytest: every verdict owed is an item, decided and delivered in one report.

    pytest checks/ --lab lab_configs/rack3.yaml
    pytest --pyargs checks --lab lab_configs/rack3.yaml

What could not be decided is an error in setup and what is out of limit a failure in call, so that the terminal, JUnit,
``--lf`` and xdist show the difference on their own.  An item runs its own protocol: pytest's costs five times as much.

Every run of pytest where Plugfest is installed loads this module, so whatever is heavy is imported when there is a lab.
"""

from __future__ import annotations

import fnmatch
import importlib.util
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from .check import Check
    from .engine import Bench, Owed
    from .ledger import Ledger, Summary
    from .report.facts import Facts
    from .verdict import Verdict

VERDICT = "plugfest_verdict"  # the attribute of a report that carries the verdict's document
AS_OF = "plugfest_as_of"  # the instant judged, on its way to a worker of xdist
EVIDENCE = "plugfest_evidence"  # likewise the evidence
NO_LAB = "{pack} holds checks, and checks are judged on a lab: add --lab FILE, such as --lab lab_configs/rack3.yaml"


@dataclass
class Opened:
    """The lab of this session, and which check stands in which file."""

    bench: Bench
    files: Mapping[Path, tuple[Check, ...]]
    subject: str
    into: Path | None = None  # where the devices' answers are to be kept, of a live lab
    collected: bool = False
    owed: dict[str, list[Owed]] = field(default_factory=dict)  # by check id

    def __post_init__(self) -> None:
        for owed in self.bench.plan:
            self.owed.setdefault(owed.check.id, []).append(owed)


OPENED = pytest.StashKey[Opened]()


# --- options and the lab ------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("plugfest", "Plugfest: judging a lab")
    group.addoption("--lab", metavar="FILE", help="lab file to judge")
    group.addoption("--subject", metavar="GLOB", default="*", help="only subjects whose whole name matches")
    group.addoption("--as-of", metavar="INSTANT", help="judge as of this instant, such as 2026-11-20T12:00:00Z")
    group.addoption("--report-dir", metavar="DIR", default="reports", help="where archives go (default: reports)")
    group.addoption("--evidence", metavar="DIR", help="judge this evidence, not the lab file's own")
    group.addoption("--history", metavar="DIR", help="hold it against the archives of earlier runs there")
    group.addoption(
        "--into", metavar="DIR", help="where a live lab is collected to (default: a new directory below the reports')"
    )
    group.addoption("--resume", action="store_true", help="go on with the collection in --into")
    group.addoption("--window", metavar="TIME", help="between two samples of a counter, such as 60s or 10m")
    group.addoption("--no-archive", action="store_true", help="judge, and write no archive")


def pytest_configure(config: pytest.Config) -> None:
    lab = config.getoption("--lab")
    packs = list(named_packs(config))
    if not lab:
        held = next((folder for _, folder in packs if holds_checks(folder)), None)
        if held is not None:
            raise pytest.UsageError(NO_LAB.format(pack=short(held, config)))
        return
    opened = open_for(config, Path(lab), packs)
    config.stash[OPENED] = opened
    for tag in sorted({tag for check in opened.bench.checks for tag in check.tags}):
        config.addinivalue_line("markers", f"{tag}: a tag of checks")
    if not hasattr(config, "workerinput"):
        keeper = Keeper(config, opened.bench, live=opened.into is not None)
        config.pluginmanager.register(keeper, "plugfest_keeper")


def open_for(config: pytest.Config, lab: Path, packs: Sequence[tuple[str, Path]]) -> Opened:
    """Read the lab file and find the checks.  Evidence is not touched."""
    from .engine import open_lab
    from .errors import PlugfestError
    from .evidence import instant

    as_of = getattr(config, "workerinput", {}).get(AS_OF) or config.getoption("--as-of")
    subject: str = config.getoption("--subject")
    try:
        if as_of:
            instant(as_of)
    except ValueError as bad:
        raise pytest.UsageError(f"--as-of: expected an instant such as 2026-11-20T12:00:00Z: {bad}") from None
    try:
        checks, earlier = checks_of_packs(packs), history_of(config)
        bench = open_lab(lab, as_of=as_of, checks=checks, evidence=evidence_of(config), history=earlier)
        into = None
        refuse_what_is_not_meant(config, is_live(bench))
        if is_live(bench):
            into = place_for(config, bench)
            bench = open_lab(lab, as_of=as_of, checks=checks, evidence=into, history=earlier)
        opened = Opened(bench, files_of(bench.checks), subject, into)
    except PlugfestError as wrong:
        raise pytest.UsageError(str(wrong)) from None
    if not any(fnmatch.fnmatchcase(owed.subject, subject) for owed in bench.plan):
        raise pytest.UsageError(f"--subject {subject}: no subject of {lab} has such a name")
    return opened


def evidence_of(config: pytest.Config) -> Path | None:
    """The evidence that the command line names, or that the controller of xdist has had collected."""
    given = getattr(config, "workerinput", {}).get(EVIDENCE) or config.getoption("--evidence")
    return config.invocation_params.dir / given if given else None


def history_of(config: pytest.Config) -> Path | None:
    """The directory of earlier archives that the command line names."""
    given = config.getoption("--history")
    return config.invocation_params.dir / given if given else None


def is_live(bench: Bench) -> bool:
    """Whether the devices have to be asked: they say how, and nobody named evidence."""
    from .collect import live

    return bench.lab.evidence is None and bool(live(bench.lab))


def refuse_what_is_not_meant(config: pytest.Config, live: bool) -> None:
    """Options of collecting where nothing is collected, and a collection to go on with that nobody names."""
    if hasattr(config, "workerinput"):
        return
    given = [name for name in ("--into", "--resume", "--window") if config.getoption(name)]
    if given and not live:
        raise pytest.UsageError(f"{' '.join(given)}: nothing is collected, as the lab or --evidence names evidence")
    if config.getoption("--resume") and not config.getoption("--into"):
        raise pytest.UsageError("--resume: say with --into which collection to go on with")


def place_for(config: pytest.Config, bench: Bench) -> Path:
    """Where the answers of a live lab are kept."""
    given = config.getoption("--into")
    if given:
        return config.invocation_params.dir / str(given)
    now = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
    return config.invocation_params.dir / str(config.getoption("--report-dir")) / "evidence" / f"{bench.lab.name}-{now}"


def checks_of_packs(packs: Sequence[tuple[str, Path]]) -> tuple[Check, ...]:
    """The checks of Plugfest, then those of the other packs that the command line names."""
    from .engine import all_checks
    from .errors import PluginError

    names = dict.fromkeys(["checks", *(name for name, _ in packs)])
    found = tuple(check for name in names for check in all_checks(name))
    for name, folder in packs:
        there = [Path(place).resolve() for place in sys.modules[name].__path__]
        if folder.resolve() not in there:
            raise PluginError(
                f"{folder} was asked for, but Python imports {name} from {there[0] if there else 'nowhere'}"
            )
    for check in found:
        first = next(other for other in found if other.id == check.id)
        if first is not check:
            raise PluginError(f"check {check.id} is in {first.module} and in {check.module}")
    return found


def files_of(checks: Sequence[Check]) -> dict[Path, tuple[Check, ...]]:
    files: dict[Path, tuple[Check, ...]] = {}
    for check in checks:
        file = Path(str(sys.modules[check.module].__file__)).resolve()
        files[file] = (*files.get(file, ()), check)
    return files


def named_packs(config: pytest.Config) -> Iterator[tuple[str, Path]]:
    """The packages of checks that the command line names, as (import name, folder)."""
    seen: set[Path] = set()
    for arg in config.args:
        place, pyargs = str(arg).partition("::")[0], config.getoption("pyargs")
        folder = (pyargs and folder_of_module(place)) or config.invocation_params.dir / place
        folder = folder if folder.is_dir() else folder.parent
        if folder.name == "checks" and (folder / "__init__.py").is_file() and folder not in seen:
            seen.add(folder)
            yield import_name(folder), folder


def folder_of_module(name: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def import_name(folder: Path) -> str:
    parts = [folder.name]
    while (folder.parent / "__init__.py").is_file():
        folder = folder.parent
        parts.insert(0, folder.name)
    return ".".join(parts)


def holds_checks(folder: Path) -> bool:
    """Whether a folder named checks is one of ours, and not another project's."""
    return any(
        "harness" in text and "@check(" in text
        for text in (file.read_text("utf-8", "replace") for file in sorted(folder.glob("*.py")))
    )


def short(path: Path, config: pytest.Config) -> str:
    here = config.invocation_params.dir
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


# --- collection ---------------------------------------------------------------------------------------------------


class CheckFile(pytest.File):
    """A file of checks."""

    def collect(self) -> Iterator[CheckNode]:
        for check in self.config.stash[OPENED].files[self.path.resolve()]:
            yield CheckNode.from_parent(self, name=check.body.__name__, check=check)


class CheckNode(pytest.Collector):
    """One check; its children are the declared subjects that it applies to."""

    def __init__(self, *, check: Check, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check = check
        self.extra_keyword_matches.update((check.id, check.name))
        for tag in check.tags:
            self.add_marker(tag)

    def collect(self) -> Iterator[CheckItem]:
        opened = self.config.stash[OPENED]
        for owed in opened.owed.get(self.check.id, ()):
            if fnmatch.fnmatchcase(owed.subject, opened.subject):
                yield CheckItem.from_parent(self, name=owed.subject, owed=owed)


class CheckItem(pytest.Item):
    """One verdict that is owed."""

    def __init__(self, *, owed: Owed, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.owed = owed

    def reportinfo(self) -> tuple[Path, int, str]:
        check = self.owed.check
        return self.path, check.body.__code__.co_firstlineno - 1, f"{check.id} {check.name} [{self.name}]"

    def runtest(self) -> None:
        """For whoever runs an item without our protocol: pass or raise."""
        verdict = self.config.stash[OPENED].bench.judge(self.owed)
        outcome, _, _ = DELIVERED[verdict.outcome.value]
        if outcome == "failed":
            pytest.fail(verdict.grounds(), pytrace=False)
        if outcome == "skipped":
            pytest.skip(verdict.grounds())

    def report(self) -> pytest.TestReport:
        """Judge, and say it in one report."""
        start = time.time()
        verdict = self.config.stash[OPENED].bench.judge(self.owed)
        stop = time.time()
        outcome, when, say = DELIVERED[verdict.outcome.value]
        report = pytest.TestReport(
            nodeid=self.nodeid,
            location=self.location,
            keywords={self.name: 1, self.parent.name if self.parent else "": 1},
            outcome=outcome,
            longrepr=None if outcome == "passed" else verdict.grounds(),
            when=when,
            sections=[("findings", verdict.grounds())] if say == "warn" else (),
            duration=stop - start,
            start=start,
            stop=stop,
        )
        vars(report)[VERDICT] = verdict.document()
        if say == "skip":
            report.longrepr = (str(self.path), self.location[1] or 0, f"Skipped: {proof(verdict)}")
        if say == "xfail":
            report.wasxfail = f"waiver {verdict.waiver}: {verdict.grounds()}"
        return report


Delivery = tuple[Literal["passed", "failed", "skipped"], Literal["setup", "call"], str]
DELIVERED: Mapping[str, Delivery] = {
    "PASS": ("passed", "call", ""),
    "WARN": ("passed", "call", "warn"),
    "FAIL": ("failed", "call", ""),
    "NOT-MEASURED": ("failed", "setup", ""),
    "ERROR": ("failed", "setup", ""),
    "N/A": ("skipped", "call", "skip"),
    "WAIVED": ("skipped", "call", "xfail"),
}


def proof(verdict: Verdict) -> str:
    """Why a check does not apply, in one line."""
    return "; ".join(verdict.grounds().splitlines())


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CheckFile | None:
    """A file that the command line names comes through ``pytest_pycollect_makemodule`` instead."""
    return None if parent.session.isinitpath(file_path) else check_file(file_path, parent)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> CheckFile | None:
    return check_file(module_path, parent)


def check_file(path: Path, parent: pytest.Collector) -> CheckFile | None:
    opened = parent.config.stash.get(OPENED, None)
    if opened is None or path.resolve() not in opened.files:
        return None
    made: CheckFile = CheckFile.from_parent(parent, path=path)
    return made


# --- the run ------------------------------------------------------------------------------------------------------


def ready(config: pytest.Config) -> None:
    """Before the first verdict: what is wrong with profile, tables, measurements or evidence is one clear message."""
    opened = config.stash.get(OPENED, None)
    if opened is None or config.getoption("collectonly"):
        return
    from .errors import PlugfestError

    try:
        collect_first(config, opened)
        opened.bench.ready()
    except PlugfestError as wrong:
        raise pytest.UsageError(str(wrong)) from None


def collect_first(config: pytest.Config, opened: Opened) -> None:
    """Ask the devices of a live lab, once, in the process that starts the workers."""
    if opened.into is None or opened.collected:
        return
    from .collect import Plan
    from .commands.collect import gather, usual_window, window

    lab, opened.collected = opened.bench.lab, True
    asked = config.getoption("--window")
    plan = Plan(window(asked) if asked else usual_window(lab), resume=config.getoption("--resume"))
    capture = config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture is not None else nullcontext():
        collected = gather(lab, opened.into, plan)
    if collected.stopped:
        pytest.exit(f"interrupted while collecting: go on with --into {opened.into} --resume", returncode=2)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    ready(session.config)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    if not isinstance(item, CheckItem):
        return None
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    hook.pytest_runtest_logreport(report=item.report())
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    if not isinstance(nextitem, CheckItem):  # what an ordinary test set up for us to share
        item.session._setupstate.teardown_exact(nextitem)
    return True


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Workers of xdist judge as of the same instant."""
    ready(node.config)
    opened = node.config.stash.get(OPENED, None)
    if opened is not None:
        from .evidence import written

        node.workerinput[AS_OF] = written(opened.bench.as_of)
        if opened.into is not None:
            node.workerinput[EVIDENCE] = str(opened.into)


class Keeper:
    """Keeps the ledger; lives in the process that reports, which under xdist is not the one that judges."""

    def __init__(self, config: pytest.Config, bench: Bench, *, live: bool) -> None:
        from .ledger import Ledger

        self.config, self.bench, self.live = config, bench, live
        self.spill = tempfile.TemporaryFile()  # noqa: SIM115  closed when pytest is done with us
        planned = ((owed.check.id, owed.subject) for owed in bench.plan)
        self.ledger: Ledger = Ledger(bench.checks, planned, self.spill)
        self.summary: Summary | None = None
        self.facts: Facts | None = None
        self.archive: Path | None = None
        self.stopped_early = False
        self.fault = ""  # why there is no archive

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        document = vars(report).pop(VERDICT, None)  # taken off, or the terminal would keep every verdict in memory
        if document is not None:
            self.ledger.add(document)

    def pytest_unconfigure(self) -> None:
        self.spill.close()

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """-x and a failed collection come as a kind of KeyboardInterrupt, pytest's or xdist's own; Ctrl-C is plain."""
        self.stopped_early = isinstance(excinfo.value, KeyboardInterrupt) and excinfo.type is not KeyboardInterrupt

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Decide.  Exit status 0 is for an accepted run alone."""
        ended = session.exitstatus
        if ended in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
            return
        if self.config.getoption("collectonly"):
            return
        from .errors import PlugfestError

        try:
            self.decide()
        except PlugfestError as wrong:
            self.fault = str(wrong)
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
            return
        assert self.summary is not None
        interrupted = ended == pytest.ExitCode.INTERRUPTED and not self.stopped_early
        if not self.summary.decision.accepted and not interrupted:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def decide(self) -> None:
        from datetime import UTC, datetime

        from .report.facts import facts_of

        summary = self.ledger.close(self.bench.lab.waivers, as_of=self.bench.as_of)
        selection = " ".join(map(str, self.config.invocation_params.args)) if summary.partial else ""
        self.summary = summary
        self.facts = facts_of(self.bench, ran_at=datetime.now(UTC), selection=selection, replay=not self.live)
        if summary.run and not self.config.getoption("--no-archive"):
            from .report.archive import write

            command = ["pytest", *map(str, self.config.invocation_params.args)]
            reports = self.config.invocation_params.dir / self.config.getoption("--report-dir")
            self.archive = write(reports, self.bench, summary, self.facts, self.ledger.lines(), command=command)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
        """After all that pytest itself has to say, so that the decision is near the end of the screen."""
        yield
        if self.summary is None or self.facts is None:
            return
        from .report.checklist import terminal

        terminalreporter.section("checklist")
        terminalreporter.write_line(terminal(self.summary, self.facts).rstrip("\n"))
        if self.archive is not None:
            terminalreporter.write_line(f"archive: {short(self.archive, self.config)}")
        elif self.fault:
            terminalreporter.write_line(f"ERROR: {self.fault}")
        elif not self.summary.run:
            terminalreporter.write_line("no archive: no verdict was run")
