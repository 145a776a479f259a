"""The command ``plugfest``.

Exit status: 0 accepted or done, 1 rejected, 2 usage or unreadable input, 3 incomplete, 4 does not verify.  Whatever is
heavy is imported by the command that needs it, so that ``plugfest --version`` answers at once.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .errors import InputError, PlugfestError, UsageError
from .version import VERSION

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from .audit.board import Board
    from .audit.context import Context
    from .decode.memory import Page
    from .decode.transceiver import Transceiver
    from .engine import Bench, Owed

T = TypeVar("T")
STDIN = "-"
INTERRUPTED, BROKEN_PIPE = 130, 141
SHELLS = ("bash", "zsh", "fish")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; what went wrong is one line on the error stream."""
    args = parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        if sys.stdout is None:
            raise UsageError("the output is closed")
        if isinstance(sys.stdout, io.TextIOWrapper):  # what a terminal cannot show is written as \xb0
            sys.stdout.reconfigure(errors="backslashreplace")
        status = run(args)
        sys.stdout.flush()
        return status
    except PlugfestError as wrong:
        print(f"plugfest: {wrong}", file=sys.stderr)
        return wrong.exit_status
    except BrokenPipeError:  # whoever read our output has enough
        sys.stdout = None  # nothing is left to flush when Python ends
        return BROKEN_PIPE
    except OSError as wrong:
        sys.stdout = None
        place = f"{wrong.filename}: " if wrong.filename else "the output cannot be written: "
        print(f"plugfest: {place}{wrong.strerror}", file=sys.stderr)
        return UsageError.exit_status
    except KeyboardInterrupt:
        print("plugfest: interrupted", file=sys.stderr)
        return INTERRUPTED


def later(module: str, function: str = "run") -> Callable[[argparse.Namespace], int]:
    """A command of its own module, imported when it runs."""

    def run(args: argparse.Namespace) -> int:
        command: Callable[[argparse.Namespace], int] = getattr(
            importlib.import_module(f"{__package__}.commands.{module}"), function
        )
        return command(args)

    return run


def at_least_one(text: str) -> int:
    """A whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: expected 1 or more")
    return number


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="plugfest",
        description="Validates the optics, ports and fabric of an AI data centre.",
        epilog="Exit status: 0 accepted or done, 1 rejected, 2 usage or unreadable input, 3 incomplete, "
        "4 an archive or a recording does not verify, 130 interrupted.",
    )
    top.add_argument("--version", action="version", version=f"plugfest {VERSION}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help[:1].upper() + help[1:] + ".")
        made.set_defaults(run=run)
        return made

    def json_too(made: argparse.ArgumentParser, help: str = "print JSON") -> None:
        made.add_argument("--json", action="store_true", help=help)

    it = command("plan", plan, "count the verdicts that a lab owes, and rehearse every check without evidence")
    it.add_argument("lab", type=Path, metavar="LAB", help="lab file")
    json_too(it)

    it = command("judge", judge, "judge a lab on its evidence")
    it.add_argument("lab", type=Path, metavar="LAB", help="lab file")
    it.add_argument("--subject", default="*", metavar="GLOB", help="only subjects whose whole name matches")
    it.add_argument("--check", action="append", metavar="ID", help="only this check, by id or name; may be repeated")
    it.add_argument(
        "--why", metavar="SUBJECT", help="walk from the verdicts on this subject (a glob) to the raw lines of evidence"
    )
    it.add_argument("--as-of", metavar="INSTANT", help="judge as of this instant, such as 2026-11-20T12:00:00Z")
    it.add_argument("--archive", type=Path, metavar="DIR", help="write an archive below this directory")
    it.add_argument("--evidence", type=Path, metavar="DIR", help="judge this evidence, not the lab file's own")
    it.add_argument("--history", type=Path, metavar="DIR", help="hold it against the archives of earlier runs there")
    it.add_argument("--jobs", type=at_least_one, default=0, metavar="N", help="processes (default: as many as CPUs)")
    json_too(it, "print JSON Lines: the run, then a verdict a line")

    it = command("waive", later("waive"), "draft a waiver from a verdict, for a person to own and date")
    it.add_argument("lab", type=Path, metavar="LAB", help="lab file")
    it.add_argument("check", metavar="CHECK-ID", help="id or name, such as OPT-01 or optics.tdecq")
    it.add_argument("subject", metavar="SUBJECT", help="whole name, such as leaf1:Ethernet64")
    it.add_argument("--lane", metavar="AT", help="only the finding at this place, such as 'lane 3'")
    it.add_argument("--owner", metavar="WHO", help="who answers for it")
    it.add_argument("--reason", metavar="WHY", help="why it is taken as it is")
    it.add_argument("--expires", metavar="DAY", help="until when, such as 2027-06-30 (default: in 90 days)")
    it.add_argument("--as-of", metavar="INSTANT", help="judge as of this instant, such as 2026-11-20T12:00:00Z")
    it.add_argument("--evidence", type=Path, metavar="DIR", help="judge this evidence, not the lab file's own")
    json_too(it)

    it = command("collect", later("collect"), "ask the devices of a lab, and keep every answer")
    it.add_argument("lab", type=Path, metavar="LAB", help="lab file that says how its devices are reached")
    it.add_argument("--into", type=Path, required=True, metavar="DIR", help="evidence directory to write")
    it.add_argument("--resume", action="store_true", help="ask only what the directory has no answer to")
    it.add_argument("--device", default="*", metavar="GLOB", help="only devices whose name matches")
    it.add_argument(
        "--window", metavar="TIME", help="between two samples of a counter: 60s, 10m; else as long as the profile asks"
    )
    it.add_argument("--every", metavar="TIME", help="a soak: counters, monitors and flaps again so often, such as 30s")
    it.add_argument("--for", dest="length", metavar="TIME", help="how long a soak lasts from its first sample: 72h")
    it.add_argument(
        "--unlock",
        action="append",
        choices=("disruptive",),
        help="also what disturbs devices under maintenance; everything is put back",
    )
    json_too(it)

    it = command("import", later("importing"), "make evidence of outputs that were collected by hand")
    it.add_argument(
        "source", type=Path, metavar="DIR", help="directory, file or archive of outputs, or a support bundle"
    )
    it.add_argument("--device", required=True, metavar="NAME", help="the device of the lab that they are from")
    it.add_argument("--lab", type=Path, required=True, metavar="LAB", help="lab file that declares the device")
    it.add_argument("--into", type=Path, required=True, metavar="DIR", help="evidence directory to write")
    it.add_argument("--at", metavar="INSTANT", help="when they were collected, where the files' own times do not say")
    json_too(it)

    it = command("lab", later("lab"), "serve a simulated lab, or plant a fault in one that is served")
    lab = it.add_subparsers(metavar="up|fault", required=True)
    serves = "serve the devices of a lab file, simulated, until interrupted"
    up = lab.add_parser("up", help=serves, description=f"{serves.capitalize()}: Ctrl-C or SIGTERM.")
    up.set_defaults(run=later("lab", "up"))
    up.add_argument("lab", type=Path, metavar="LAB", help="lab file")
    up.add_argument(
        "--write-lab", type=Path, metavar="FILE", help="write a lab file that reaches the simulated devices"
    )
    up.add_argument("--faults", type=Path, metavar="FILE", help="a table of faults to plant at the start")
    up.add_argument("--speed", metavar="N", help="simulated seconds that pass in a real one (default: 1)")
    up.add_argument("--real-time", action="store_true", help="let nobody make the time pass: waiting takes as long")
    up.add_argument("--dir", type=Path, metavar="DIR", help="where its keys and sockets are kept while it runs")
    plants = "plant a fault in a lab that is served, or take it back"
    fault = lab.add_parser("fault", help=plants, description=f"{plants.capitalize()}.")
    fault.set_defaults(run=later("lab", "fault"))
    fault.add_argument("subject", nargs="?", metavar="SUBJECT", help="leaf1:Ethernet448, or a device")
    fault.add_argument("settings", nargs="*", metavar="KEY=VALUE", help="such as fec=none, or rx=-35 lane=3")
    fault.add_argument("--lab", type=Path, metavar="FILE", help="the lab file that `lab up` wrote")
    fault.add_argument("--clear", action="store_true", help="take the faults back that were planted so")
    fault.add_argument("--list", action="store_true", help="list the faults that there are")

    says = "say what a check asks and why, what it rests on, what usually is wrong, and what to do next"
    it = command("explain", later("explain"), says)
    it.add_argument("check", nargs="?", metavar="CHECK-ID", help="id or name, such as OPT-01 or optics.tdecq")
    it.add_argument("--all", action="store_true", help="every check")
    it.add_argument("--lab", type=Path, metavar="LAB", help="show the limits that it has in this lab, and its systems")
    it.add_argument("--nos", metavar="NOS", help="only what this system is asked, such as sonic")
    it.add_argument("--markdown", action="store_true", help="print Markdown")
    json_too(it)

    it = command("verify", verify, "judge the evidence of an archive again and compare")
    it.add_argument("archive", type=Path, metavar="ARCHIVE", help="directory of an archive")
    json_too(it)

    it = command("decode", decode, "decode a dump of module memory, or compare two")
    it.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="JSON, ethtool or sfputil text, hexdump or raw binary; - for stdin; two are compared field by field: "
        "exit status 0 where nothing differs that must not, 1 where something does, 3 where something was not compared",
    )
    it.add_argument("--page", metavar="PAGE", help="only this page: lower, 00, 11 of every bank, 1:11, a0 or a2 of SFP")
    it.add_argument("--annotate", action="store_true", help="print the bytes with the meaning of each beside it")
    it.add_argument("--all", action="store_true", help="every field; of two dumps also those that are the same")
    json_too(it)

    it = command("audit", audit, "hold dumps of module memory against the management specification, rule by rule")
    it.add_argument("dumps", nargs="*", metavar="DUMP", help="dumps of module memory; several are also one fleet")
    it.add_argument(
        "--again", metavar="DUMP", help="the same module read later, for rules about what moves and what not"
    )
    it.add_argument(
        "--twin",
        metavar="FAMILY",
        help="operate a simulated module of this family, such as 800g-dr8, in place of dumps",
    )
    it.add_argument("--rule", action="append", metavar="ID", help="only this rule, such as CM-08; may be repeated")
    it.add_argument("--failed", action="store_true", help="only rules that are breached or that warn")
    it.add_argument("--rules", action="store_true", help="list the rules with level, needs and clause")
    it.add_argument("--cage", metavar="FORM", help="form factor of the cage, such as QSFP-DD800")
    it.add_argument("--watts", metavar="W", help="power that the cage feeds and cools")
    it.add_argument("--khz", metavar="KHZ", help="clock of the two-wire bus")
    it.add_argument("--pmd", metavar="NAME", help="PMD to hold it to; else that of its first Application")
    it.add_argument("--breakout", metavar="NxK", help="wanted ports times host lanes of each, such as 4x2")
    it.add_argument("--fec", metavar="CODE", help='FEC code of the port, such as "RS(544,514)"')
    it.add_argument("--firmware", action="append", metavar="VERSION", help="approved firmware; may be repeated")
    it.add_argument("--fiber-face", choices=("PC/UPC", "APC"), help="face of the plant's fiber ends")
    it.add_argument("--min-revision", metavar="X.Y", help="least CMIS revision")
    it.add_argument("--inlet", metavar="CELSIUS", help="temperature of the air at the inlet")
    it.add_argument("--as-of", metavar="DAY", help="judge dates as of this day, such as 2026-11-20; else today")
    it.add_argument("--markdown", action="store_true", help="print Markdown")
    json_too(it)

    it = command("twin", twin, "read a simulated module over its bus: its dump, and what reading it cost")
    it.add_argument("family", nargs="?", metavar="FAMILY", help="what module, such as 800g-2xfr4; none to list them")
    it.add_argument("--scope", choices=("identity", "poll", "everything"), default="everything", help="what is read")
    it.add_argument("--serial", default="", metavar="TEXT", help="serial number of the module")
    it.add_argument("--wait", type=int, default=0, metavar="SECONDS", help="how long it has run when it is read")

    it = command("parse", parse, "parse one recorded answer of a device")
    it.add_argument(
        "--nos",
        required=True,
        metavar="NOS",
        help="whose answer: sonic, eos, nxos, nvue, cumulus, junos, iosxr, linux, nvidia",
    )
    it.add_argument("--command", required=True, metavar="COMMAND", help='what was asked: "show interfaces status"')
    it.add_argument("file", metavar="FILE", help="the answer; - for stdin")
    json_too(it)

    it = command("import-measurements", import_measurements, "check files of lab measurements, or print an empty one")
    it.add_argument("files", type=Path, nargs="*", metavar="FILE", help="CSV or JSON, one row a lane")
    it.add_argument("--template", action="store_true", help="print an empty CSV file")
    json_too(it)

    it = command("desk", later("desk"), "print the qualification sheet of a part, or advise, before it is bought")
    it.add_argument("--lab", type=Path, required=True, metavar="LAB", help="lab file with platforms, parts and records")
    it.add_argument("dumps", type=Path, nargs="*", metavar="DUMP", help="dumps of module memory, of any part numbers")
    it.add_argument("--part", action="append", metavar="NUMBER", help="the sheet of this part; may be repeated")
    it.add_argument("--advise", action="store_true", help="which form factor or medium to choose, with reasons")
    it.add_argument("--rate", metavar="GBPS", help="advice for cages of this rate, such as 800")
    it.add_argument("--metres", metavar="M", help="advice for this distance")
    it.add_argument("--lane", metavar="GBPS", help="advice for host lanes of this rate, such as 100")
    json_too(it, "print JSON Lines: a sheet a line")

    counts = "count what a lab takes, beside its design and its orders; status 1 where something differs"
    it = command("bom", later("bom"), counts)
    it.add_argument("lab", type=Path, metavar="LAB", help="lab file")
    json_too(it)

    says = "show what SONiC device files say of platforms; status 1 where something contradicts"
    it = command("platform", later("platform"), says)
    it.add_argument("directory", type=Path, metavar="DIR", help="a platform's directory, one above, or one file")
    json_too(it)

    it = command("profile", later("profile"), "show what a lab is held to by a profile, or list the profiles")
    profile = it.add_subparsers(metavar="show|list", required=True)
    shows = "show every limit that a profile brings about, how it is known and who says so"
    it = profile.add_parser("show", help=shows, description=f"{shows.capitalize()}.")
    it.set_defaults(run=later("profile", "show"))
    it.add_argument("profile", metavar="PROFILE", help="name, such as ai-backend, or path of a profile")
    it.add_argument("--pmd", metavar="NAME", help="only what this PMD or kind of cable has to keep: 400GBASE-DR4, AEC")
    json_too(it)
    lists = "list the profiles that can be named"
    it = profile.add_parser("list", help=lists, description=f"{lists.capitalize()}.")
    it.set_defaults(run=later("profile", "every"))
    it.add_argument("directory", nargs="?", type=Path, metavar="DIR", help="only those in this directory")
    json_too(it)

    it = command("schema", schema, "print a published JSON Schema")
    it.add_argument("of", choices=("lab", "verdict", "answers"), help="of what")

    it = command("completion", completion, "print a completion script for a shell")
    it.add_argument("shell", choices=SHELLS)
    return top


# --- planning and judging -----------------------------------------------------------------------------------------


def plan(args: argparse.Namespace) -> int:
    """Exit 2 where the rehearsal finds a fault of configuration."""
    from .report.checklist import table

    bench = bench_before_evidence(args.lab)
    owed = counted(item.check.id for item in bench.plan)
    faults = [f"{verdict.check} {verdict.subject}: {verdict.grounds().splitlines()[0]}" for verdict in bench.rehearse()]
    if args.json:
        checks = [
            {"check": c.id, "name": c.name, "subject": c.subject.__name__, "planned": owed.get(c.id, 0)}
            for c in bench.checks
        ]
        print_json({"lab": bench.lab.name, "planned": len(bench.plan), "checks": checks, "faults": faults})
    else:
        rows = [(c.id, c.name, c.subject.__name__, owed.get(c.id, 0), c.title) for c in bench.checks]
        print(table(rows, ("check", "name", "asked of", "verdicts", "what holds")))
        print(f"\n{bench.lab.name}: {len(bench.plan)} verdicts of {len(bench.checks)} checks are owed")
        for fault in faults:
            print(f"fault: {fault}")
        print(f"rehearsal: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'} of configuration")
    return 2 if faults else 0


def judge(args: argparse.Namespace) -> int:
    """Exit by the decision.  What a selection leaves out is planned and not run: such a run accepts nothing."""
    import tempfile
    from datetime import UTC, datetime

    from .collect import live
    from .ledger import Ledger, entry
    from .report import checklist, verdicts
    from .report.facts import facts_of

    bench = bench_of(args.lab, args.as_of, args.evidence, args.history)
    if bench.evidence.directory is None and not bench.evidence.elsewhere and live(bench.lab):
        raise UsageError(
            f"{args.lab}: a live lab, and nothing was collected: `plugfest collect {args.lab} --into DIR`, then judge "
            "with --evidence DIR"
        )
    if args.why is not None:
        return why(args, bench)
    asked = selected(bench, args.subject, args.check)
    bench.ready()
    with tempfile.TemporaryFile() as spill:
        ledger = Ledger(bench.checks, ((owed.check.id, owed.subject) for owed in bench.plan), spill)
        told = bench.judge_all(asked, lambda verdict: entry(verdict.document()), jobs=args.jobs)
        for one in progress(told, "judging", len(asked)):
            ledger.enter(one)
        summary = ledger.close(bench.lab.waivers, as_of=bench.as_of)
        facts = facts_of(bench, ran_at=datetime.now(UTC), selection=selection(args) if summary.partial else "")
        if args.json:
            sys.stdout.buffer.writelines(verdicts.lines(summary, facts, ledger.lines()))
        else:
            sys.stdout.write(checklist.terminal(summary, facts))
        if args.archive is not None:
            from .report.archive import write

            place = write(args.archive, bench, summary, facts, ledger.lines(), command=["plugfest", *sys.argv[1:]])
            print(f"archive: {place}", file=sys.stderr)
    return summary.decision.exit_status


def why(args: argparse.Namespace, bench: Bench) -> int:
    """From verdicts to raw lines; those that pass are told only where nothing else is or they are asked for by id."""
    from .report.why import Trail
    from .verdict import Outcome

    bench.ready()
    verdicts = [bench.judge(owed) for owed in selected(bench, args.why, args.check)]
    settled = (Outcome.PASS, Outcome.NOT_APPLICABLE)
    told = [one for one in verdicts if one.outcome not in settled or args.check] or verdicts
    trail = Trail(bench)
    if args.json:
        print_json([{**one.document(), "trail": list(trail.walk(one))} for one in told])
    else:
        print("\n\n".join("\n".join(trail.walk(one)) for one in told))
        quiet = len(verdicts) - len(told)
        if quiet:
            print(f"\n{quiet} more verdicts on {args.why} are PASS or N/A; name one with --check to see it")
    return 0


def selected(bench: Bench, subject: str, checks: Sequence[str] | None) -> list[Owed]:
    """What of the plan was asked for.  UsageError where that is nothing."""
    import fnmatch

    from .engine import check_named

    ids = {check.id for check in bench.checks if checks is None}
    ids.update(check_named(bench.checks, name).id for name in checks or ())
    found = [owed for owed in bench.plan if fnmatch.fnmatchcase(owed.subject, subject) and owed.check.id in ids]
    if not found and bench.plan:
        wanted = f"--subject {subject}{''.join(f' --check {name}' for name in checks or ())}"
        raise UsageError(f"{wanted}: no planned verdict is of such a subject")
    return found


def selection(args: argparse.Namespace) -> str:
    parts = [f"--subject {args.subject}"] if args.subject != "*" else []
    return " ".join(parts + [f"--check {name}" for name in args.check or ()])


def bench_of(lab: Path, as_of: str | None, evidence: Path | None = None, history: Path | None = None) -> Bench:
    from .engine import open_lab
    from .evidence import instant

    if as_of is not None:
        try:
            instant(as_of)
        except ValueError as bad:
            raise UsageError(f"--as-of: expected an instant such as 2026-11-20T12:00:00Z: {bad}") from None
    return open_lab(lab, as_of=as_of, evidence=evidence, history=history)


def bench_before_evidence(lab: Path) -> Bench:
    """The bench of a lab that may not have been recorded yet, so that no evidence can say as of when to judge."""
    from datetime import UTC, datetime

    from .evidence import written

    bench = bench_of(lab, None)
    return bench if bench.lab.as_of is not None else bench_of(lab, written(datetime.now(UTC)))


def verify(args: argparse.Namespace) -> int:
    from .report.archive import verify as hold

    found = hold(args.archive)
    if args.json:
        print_json(found.document())
    else:
        for note in found.notes:
            print(f"note: {note}")
        for difference in found.differences:
            print(difference)
        count = len(found.differences)
        said = "verifies" if found.good else f"does not verify: {count} difference{'' if count == 1 else 's'}"
        print(f"{args.archive} {said}, {found.verdicts} verdicts judged again, {found.decision or 'no decision read'}")
    return 0 if found.good else 4


# --- single files -------------------------------------------------------------------------------------------------


def decode(args: argparse.Namespace) -> int:
    """One dump is decoded, two are compared."""
    if len(args.files) > 2 or args.files.count(STDIN) > 1:
        raise UsageError(f"decode: one dump, or two to compare, stdin once; {len(args.files)} were named")
    from .decode.annotate import asked

    modules = [module_of(file) for file in args.files]
    there = {page for module in modules for page in module.memory.pages}
    if args.annotate or len(modules) == 2:
        pages = asked(there, args.page or "")
    else:
        pages = asked(there.union(view.at for view in modules[0].views), args.page or "")
    if len(modules) == 2:
        if args.annotate:
            raise UsageError("decode: --annotate shows one dump, two were named")
        return compare(args, modules[0], modules[1], pages)
    return annotate(args, modules[0], pages) if args.annotate else fields(args, modules[0], pages)


def twin(args: argparse.Namespace) -> int:
    """The families, or the dump of one module: JSON on the standard output, what it cost on the standard error."""
    from decimal import Decimal

    from .clock import SimulatedClock
    from .decode.build import as_json
    from .decode.reader import Scope, read_module
    from .twin.families import family, names
    from .twin.plug import plugged

    if args.family is None:
        print("\n".join(names()))
        return 0
    if args.family not in names():
        raise UsageError(f"twin: no family {args.family!r}; there are {', '.join(names())}")
    if args.wait < 0:
        raise UsageError(f"twin: --wait {args.wait}: time goes forward, expected 0 or more seconds")
    clock = SimulatedClock()
    try:
        module = plugged(family(args.family).build(args.serial), clock)
    except ValueError as wrong:
        raise UsageError(f"twin: --serial {args.serial!r}: {wrong}") from None
    clock.wait(Decimal(args.wait))
    read = read_module(module, Scope[args.scope.upper()], evidence=args.family, clock=clock)
    print_json(as_json(read.memory))
    print(f"{len(read.memory.pages)} pages in {read.traffic}", file=sys.stderr)
    return 0


def module_of(file: str) -> Transceiver:
    from .decode.dump import read_dump
    from .decode.transceiver import transceiver

    if file == STDIN and sys.stdin is None:
        raise InputError("stdin: closed, expected a dump of module memory")
    return transceiver(read_dump(sys.stdin.buffer.read(), "stdin") if file == STDIN else read_dump(Path(file)))


def fields(args: argparse.Namespace, module: Transceiver, pages: Sequence[Page]) -> int:
    """The module in brief, all of its fields, or those of a page."""
    from .decode import document

    if args.page is not None:
        from .decode.annotate import views_of

        rows = list(document.view_rows(view for page in pages for view in views_of(module, page)))
        if not rows:
            raise UsageError(f"--page {args.page}: no map of this page is known here; --annotate shows its bytes")
        if args.json:
            print_json([dict(zip(FIELD_HEADS, row, strict=True)) for row in rows])
        else:
            sys.stdout.write(document.listing([FIELD_HEADS, *rows]))
    elif args.json:
        print_json(document.document(module))
    else:
        sys.stdout.write(document.listing(document.rows(module)) if args.all else document.text(module))
    return 0


FIELD_HEADS = ("field", "value", "unit", "raw", "where")


def annotate(args: argparse.Namespace, module: Transceiver, pages: Sequence[Page]) -> int:
    from .decode.annotate import annotated, data, text

    shown = [annotated(module, page) for page in pages]
    if args.json:
        print_json(data(shown))
    else:
        sys.stdout.write(text(shown))
    return 0


def compare(args: argparse.Namespace, a: Transceiver, b: Transceiver, pages: Sequence[Page]) -> int:
    """Exit 1 where something differs that must not, 3 where not all of that could be compared."""
    from .decode.compare import compare, data, text

    found = compare(a, b, pages)
    if args.json:
        print_json(data(found, args.all))
    else:
        sys.stdout.write(text(found, args.all))
    return found.exit_status


def audit(args: argparse.Namespace) -> int:
    """Exit 1 where a demand that a module must meet is breached, 2 where a dump cannot be read."""
    from .audit import report
    from .audit.run import RULES, breached
    from .audit.run import audit as audited

    every = [rule for rules in RULES.values() for rule in rules]
    wanted = {rule_named([rule.id for rule in every], id) for id in args.rule or ()}
    chosen = [rule for rule in every if not wanted or rule.id in wanted]
    if args.rules:
        if args.json:
            print_json([report.described(rule) for rule in chosen])
        else:
            sys.stdout.write(report.rules_text(chosen))
        return 0
    if args.twin is not None and (args.dumps or args.again is not None):
        raise UsageError("audit: --twin is a module of its own, name no dumps beside it")
    if not args.dumps and args.twin is None:
        raise UsageError("audit: name dumps, or a family with --twin, or ask for --rules")
    if args.again is not None and len(args.dumps) > 1:
        raise UsageError("audit: --again is of one module, several dumps were named")
    if args.json and args.markdown:
        raise UsageError("audit: --json and --markdown are two forms, name one")
    if [*args.dumps, args.again].count(STDIN) > 1:
        raise UsageError("audit: stdin can be read once, it was named twice")
    read: list[Transceiver] = []
    faults: list[str] = []
    for file in args.dumps:
        try:
            read.append(module_of(file))
        except InputError as wrong:
            faults.append(str(wrong))
    later = module_of(args.again) if args.again is not None else None
    if later is not None and any(module.management != later.management for module in read):
        raise UsageError(f"audit: --again {args.again}: not the same module read later, it is {later.document}")
    board = None
    if args.twin is not None:
        module, board = board_of(args.twin)
        read.append(module)
    audits = [
        (
            module,
            audited(
                module,
                audit_context(args, module),
                later=later,
                board=board,
                fleet=[other for other in read if other is not module],
                rules=[rule for rule in chosen if rule.management == module.management],
            ),
        )
        for module in read
    ]
    if args.json:
        print_json(report.data(audits, failed=args.failed))
    elif audits:
        form = report.markdown if args.markdown else report.text
        sys.stdout.write(form(audits, failed=args.failed))
    for fault in faults:
        print(f"plugfest: {fault}", file=sys.stderr)
    if faults:
        return UsageError.exit_status
    return int(any(breached(results) for _, results in audits))


def board_of(name: str) -> tuple[Transceiver, Board]:
    """A module of a family on a simulated board, and as it was read over its bus."""
    from .audit.board import Board
    from .clock import SimulatedClock
    from .decode.reader import read_module
    from .decode.transceiver import transceiver
    from .twin.families import family, names
    from .twin.plug import plugged

    if name not in names():
        raise UsageError(f"audit: no family {name!r}; there are {', '.join(names())}")
    clock = SimulatedClock()
    module = plugged(family(name).build(), clock)
    read = read_module(module, evidence=f"{name} twin", clock=clock)
    return transceiver(read.memory), Board(module, clock, module)


def rule_named(ids: Sequence[str], name: str) -> str:
    """The rule of an id, in whatever case."""
    from difflib import get_close_matches

    found = next((id for id in ids if id.lower() == name.lower()), None)
    if found is None:
        near = ", ".join(get_close_matches(name.upper(), ids, 3, 0.5))
        raise UsageError(f"no rule {name!r}{f'; near are {near}' if near else ''}")
    return found


def audit_context(args: argparse.Namespace, module: Transceiver) -> Context:
    """What the command line says of where a module is to work; the built-in tables know the rest."""
    from dataclasses import replace
    from datetime import date

    from .audit.context import UNSAID, Breakout, Context
    from .reading import Reading, Source
    from .requirements.load import Build, builtin
    from .units import Unit

    asked = Source("command line")
    context = Context(today=Reading(day(args.as_of) if args.as_of else date.today(), asked))
    numbers = {
        "cage_watts": ("watts", Unit.WATT),
        "bus_khz": ("khz", Unit.KHZ),
        "min_revision": ("min_revision", Unit.NONE),
        "inlet": ("inlet", Unit.CELSIUS),
    }
    said: dict[str, Reading[object]] = {}
    for field, (option, unit) in numbers.items():
        word = getattr(args, option)
        if word is not None:
            said[field] = Reading(number(option, word), asked, unit)
    for field, held in (("fec", args.fec), ("fiber_face", args.fiber_face)):
        if held is not None:
            said[field] = Reading(held, asked)
    if args.firmware:
        said["approved_firmware"] = Reading(frozenset(args.firmware), asked)
    if args.breakout is not None:
        ports, cross, lanes = args.breakout.partition("x")
        if not (cross and ports.isdecimal() and lanes.isdecimal() and int(ports) and int(lanes)):
            raise UsageError(f"--breakout {args.breakout}: expected ports times host lanes, such as 4x2")
        said["breakout"] = Reading(Breakout(int(ports), int(lanes)), asked)
    tables = Build(())
    for name in ("cages.toml", "pmd.toml"):
        tables.take(builtin(name))
    if args.cage is not None:
        if args.cage not in tables.cages:
            raise UsageError(f"--cage {args.cage}: expected one of {', '.join(tables.cages)}")
        said["form_factors"] = Reading(tables.cages[args.cage].accepts, asked)
    if args.pmd is not None and args.pmd not in tables.pmds:
        raise UsageError(f"--pmd {args.pmd}: expected one of {', '.join(tables.pmds)}")
    first = module.applications.value[:1] if isinstance(module.applications, Reading) else ()
    own = [row for row in tables.pmds.values() for one in first if isinstance(one.media_type, Reading)
           and row.media_type == one.media_type.value and one.media_id in row.media_ids]  # fmt: skip
    if args.pmd is not None:
        said["pmd"] = Reading(tables.pmds[args.pmd], asked)
    elif own:
        said["pmd"] = Reading(own[0], Source("limit tables", own[0].clause))
    assert said.keys() <= UNSAID.keys()
    return replace(context, **said)  # type: ignore[arg-type]


def number(option: str, word: str) -> Decimal:
    from decimal import Decimal, InvalidOperation

    try:
        found = Decimal(word)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or (found <= 0 and option != "inlet"):
        kind = "a number" if option == "inlet" else "a number above zero"
        raise UsageError(f"--{option.replace('_', '-')} {word}: expected {kind}")
    return found


def day(word: str) -> date:
    from datetime import date

    try:
        return date.fromisoformat(word.partition("T")[0])
    except ValueError:
        raise UsageError(f"--as-of {word}: expected a day such as 2026-11-20") from None


def parse(args: argparse.Namespace) -> int:
    from .drivers.answers import parse as parsed_as

    text = text_of(args.file)
    try:
        answer = parsed_as(args.nos, args.command, text)
    except InputError as refused:
        raise InputError(f"{args.file}: {refused}") from None
    if args.json:
        print_json({"records": list(answer.records), "unparsed": [line.text for line in answer.unparsed]})
        return 0
    from .report.checklist import table

    heads = list(dict.fromkeys(key for record in answer.records for key in record))
    print(table([[cell(record.get(head)) for head in heads] for record in answer.records], heads))
    for line in answer.unparsed:
        print(f"not parsed, line {line.line}: {line.text}")
    return 0


def cell(value: object) -> str:
    import json

    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def text_of(file: str) -> str:
    """The text of a file, or of the standard input."""
    try:
        held = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
    except OSError as gone:
        raise InputError(f"{file}: {gone.strerror}") from None
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        raise InputError(f"{file}: not text: byte {bad.start} is not UTF-8") from None


def import_measurements(args: argparse.Namespace) -> int:
    from .lab.measurements import load_measurements, template

    if args.template:
        sys.stdout.write(template())  # JSON has no remarks to say what belongs where, so this is CSV in any case
        return 0
    if not args.files:
        raise UsageError("import-measurements: name files, or ask for --template")
    from .lab.measurements import Measurement
    from .report.checklist import table

    def row(m: Measurement) -> tuple[str, ...]:
        return tuple(map(str, (m.serial, m.lane, m.quantity, m.value, m.pattern, m.instrument, m.calibrated, m.at)))

    heads = ("serial_number", "lane", "quantity", "value", "pattern", "instrument", "calibrated", "at")
    rows = [row(measurement) for measurement in load_measurements(args.files)]
    if args.json:
        print_json([dict(zip(heads, cells, strict=True)) for cells in rows])
    else:
        print(table(rows, heads))
        print(f"\n{len(rows)} measurements in {len(args.files)} file{'' if len(args.files) == 1 else 's'}")
    return 0


# --- about the command itself -------------------------------------------------------------------------------------


def schema(args: argparse.Namespace) -> int:
    if args.of == "answers":
        from .drivers.answers import commands, record_schema

        found: dict[str, dict[str, object]] = {}
        for known in commands():
            found.setdefault(known.nos, {})[known.name] = record_schema(known.nos, known.name)
        print_json(found)
        return 0
    if args.of == "verdict":
        from .report.verdicts import schema as verdict_schema

        sys.stdout.write(verdict_schema())
        return 0
    from importlib.resources import files

    sys.stdout.write(files("harness.lab").joinpath("schema.json").read_text("utf-8"))
    return 0


def completion(args: argparse.Namespace) -> int:
    sys.stdout.write({"bash": bash, "zsh": zsh, "fish": fish}[args.shell](offered()))
    return 0


def offered() -> dict[str, tuple[str, list[str]]]:
    """Every command with its help, its options and its choices."""
    top = parser()
    commands = next(action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    helps = {choice.dest: choice.help or "" for choice in commands._choices_actions}
    return {name: (helps[name], list(dict.fromkeys(words_of(made)))) for name, made in commands.choices.items()}


def words_of(made: argparse.ArgumentParser) -> Iterator[str]:
    """Options of a command and of the commands below it, and the choices of what is no option."""
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield name
                yield from words_of(below)
        else:
            yield from (word for word in action.option_strings if word != "-h")
            yield from map(str, action.choices or ()) if not action.option_strings else ()


def bash(commands: dict[str, tuple[str, list[str]]]) -> str:
    cases = "".join(f"        {name}) words='{' '.join(words)}' ;;\n" for name, (_, words) in commands.items())
    return (
        "_plugfest() {\n"
        '    local words without="-*" here="${COMP_WORDS[COMP_CWORD]}"\n'
        '    case "${COMP_WORDS[1]}" in\n'
        f"{cases}        *) words='--version --help' ;;\n"
        "    esac\n"
        f"    [ \"$COMP_CWORD\" -eq 1 ] && words='{' '.join(commands)} --version --help'\n"
        '    case "$here" in -*) without= ;; esac\n'  # options are offered to whoever begins one, else files
        '    COMPREPLY=($(compgen -W "$words" -X "$without" -- "$here"))\n'
        "}\n"
        "complete -o default -F _plugfest plugfest\n"
    )


def zsh(commands: dict[str, tuple[str, list[str]]]) -> str:
    names = "".join(f"        {quoted(f'{name}:{help}')}\n" for name, (help, _) in commands.items())
    cases = "".join(f"        {name}) compadd -- {' '.join(words)} ;;\n" for name, (_, words) in commands.items())
    return (
        "#compdef plugfest\n"
        "_plugfest() {\n"
        f"    local -a commands=(\n{names}    )\n"
        "    if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
        '    case "$words[2]" in\n'
        f"{cases}    esac\n"
        "    _files\n"
        "}\n"
        "compdef _plugfest plugfest\n"
    )


def fish(commands: dict[str, tuple[str, list[str]]]) -> str:
    lines = []
    for name, (help, words) in commands.items():
        lines.append(f"complete -c plugfest -n __fish_use_subcommand -a {name} -d {quoted(help)}")
        seen = f"__fish_seen_subcommand_from {name}"
        for word in words:
            option = f"-l {word[2:]}" if word.startswith("--") else f"-a {word}"
            lines.append(f"complete -c plugfest -n '{seen}' {option}")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)


def progress(things: Iterable[T], what: str, total: int) -> Iterator[T]:
    """The things, with a bar on the error stream where somebody watches it."""
    if not sys.stderr.isatty():
        yield from things
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(things, description=what, total=total, console=Console(stderr=True), transient=True)


def counted(words: Iterable[str]) -> dict[str, int]:
    from collections import Counter

    return Counter(words)


def print_json(document: object) -> None:
    print(json_of(document, indent=1))


def json_of(document: object, indent: int | None = None) -> str:
    """The document as JSON, in escapes where the output is not in a Unicode encoding."""
    import json

    unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json.dumps(document, ensure_ascii=not unicode, indent=indent)


if __name__ == "__main__":
    sys.exit(main())
