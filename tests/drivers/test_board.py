"""Module boards: every check of a module is planned for a slot, and judged from the module's registers alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.audit.board import Board, Operator
from harness.clock import SimulatedClock
from harness.decode.bus import Bus
from harness.decode.cmis import cdb
from harness.drivers import driver
from harness.drivers.base import disruptive
from harness.engine import Bench, open_lab
from harness.errors import LabError, TransportError
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.evidence.journal import Journal, journal_of
from harness.evidence.redact import Redactor
from harness.lab.load import load
from harness.model import Module, Subject
from harness.reading import Absence, Missing, Reading
from harness.transports.base import Terms
from harness.transports.passwords import Passwords
from harness.transports.queries import query_firmware
from harness.transports.registers import Registers
from harness.transports.starts import unrestored
from harness.twin import families
from harness.twin.module import ModuleTwin
from harness.twin.plug import Twin, plugged
from harness.verdict import Outcome, Verdict

NOON = datetime(2026, 10, 2, 12, tzinfo=UTC)
PROFILE = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"
SLOT = "board1:slot1"
LABORATORY = {f"OPT-0{number}" for number in range(1, 6)}
"""What asks for measurements of a laboratory, of which a board makes none."""

OF_PLACES = {"OPT-07", "SOAK-03"}
"""What is asked of modules in their places of a fabric, of which a board is none."""

LAB = """\
name: incoming
profile: {profile}
devices:
  board1: {{kind: board, maintenance: true, reach: {{transport: i2c, bus: 7}}, cages: {{1: {slot}}}}}
parts:
  PART: {{vendor: {vendor}, number: "{number}", kind: {kind}, pmd: {pmd}, form_factor: {form}}}
"""


class Days(SimulatedClock):
    """A simulated clock that knows the date."""

    real = False

    def instant(self) -> datetime:
        return NOON + timedelta(seconds=float(self.now()))


def lab(
    tmp_path: Path,
    kind: str = "optic",
    pmd: str = "800GBASE-DR8",
    form: str = "OSFP",
    slot: str = "{module: PART}",
    like: str = "800g-dr8",
) -> Path:
    file = tmp_path / "lab.yaml"
    number = families.family(like).profile["part"]
    vendor = families.VENDOR
    text = LAB.format(profile=PROFILE, kind=kind, pmd=pmd, form=form, vendor=vendor, number=number, slot=slot)
    file.write_text(text, "utf-8")
    return file


def alive(family: str, **how: Any) -> tuple[Twin, Days]:
    clock = Days()
    built = families.family(family).build()
    twin = ModuleTwin(built, clock, **how) if how else plugged(built, clock)  # type: ignore[arg-type]
    clock.wait(Decimal(100))
    return twin, clock


def collected(file: Path, bus: Bus, clock: Days, *, unlocked: Iterable[str] = (), start: bool = False) -> Path:
    """A store of what the board answered: two readings, a while apart, and a timed start where it is asked for."""
    device = load(file).devices["board1"]
    board = driver("board")
    store = file.parent / "evidence"
    redactor = Redactor()
    recorder = Recorder(store, origin=Origin.SIMULATED, made_by="test")
    terms = Terms(board.session(device), Journal(store), Passwords(redactor), clock, frozenset(unlocked))
    transport = Registers(device, terms, bus, lambda: None)
    asks = [*board.asks(device), *(disruptive(board, device) if start else ())]
    for ask in asks:
        for answer in transport.ask([ask]):
            recorder.append(answer)
        clock.wait(Decimal(47))
    transport.close()
    recorder.close()
    return store


def bench(file: Path, store: Path | None) -> Bench:
    opened = open_lab(file)
    return Bench(opened.lab, Evidence(store), opened.checks, as_of=NOON)


def judged(bench: Bench) -> dict[str, Verdict]:
    return {owed.check.id: bench.judge(owed) for owed in bench.plan if owed.subject == SLOT}


def lines(verdicts: Iterable[Verdict]) -> list[str]:
    return [f"{verdict.check}: {finding}" for verdict in verdicts for finding in verdict.findings]


# --- what is declared ---------------------------------------------------------------------------------------------


def test_a_board_has_modules_and_nothing_else(tmp_path: Path) -> None:
    opened = open_lab(lab(tmp_path))
    names = {owed.subject for owed in opened.plan}
    assert names == {SLOT, "PART"}
    of_modules = {check.id for check in opened.checks if issubclass(check.subject, Module) or check.subject is Subject}
    optical = {check.id for check in opened.checks if check.subject is Module} | LABORATORY | {"OPT-07"}
    assert {owed.check.id for owed in opened.plan if owed.subject == SLOT} == optical <= of_modules


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("{mode: 1x800G, module: PART}", r"lab.yaml:4: .*mode is not of a slot, which has allowed, lanes, module"),
        ("{}", r"lab.yaml:4: .*slot 1: module is missing"),
        ("{module: PART}, 2: {module: PART}", r"2 slots: a board has one bus; declare a board for each slot"),
    ],
)
def test_what_a_slot_cannot_have_is_refused(tmp_path: Path, slot: str, said: str) -> None:
    with pytest.raises(LabError, match=said):
        load(lab(tmp_path, slot=slot))


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("maintenance: true", "platform: x86_64-nvidia_sn5600-r0", "platform is not of a board"),
        ("maintenance: true", "every_port: {fec: rs}", "every_port is not of a board"),
        ("bus: 7", 'bus: 7, cage: "3"', "reach leads to slot 3, declared is 1"),
    ],
)
def test_what_a_board_cannot_have_is_refused(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    file = lab(tmp_path)
    file.write_text(file.read_text("utf-8").replace(was, becomes), "utf-8")
    with pytest.raises(LabError, match=said):
        load(file)


def test_a_slot_has_no_links(tmp_path: Path) -> None:
    file = lab(tmp_path)
    more = "links:\n  board1:slot1--board1:slot1: {fiber: {type: OS2, connectors: [MPO-12, MPO-12]}}\n"
    file.write_text(file.read_text("utf-8") + more, "utf-8")
    with pytest.raises(LabError, match="board1 is a module board: its slots have no links"):
        load(file)


@pytest.mark.parametrize(
    ("form", "lanes"), [("OSFP", 8), ("QSFP-DD", 8), ("QSFP112", 4), ("OSFP-XD", 16), ("SFP28", 1)]
)
def test_a_slot_has_as_many_lanes_as_the_module(tmp_path: Path, form: str, lanes: int) -> None:
    (port,) = load(lab(tmp_path, form=form)).devices["board1"].ports
    assert (port.name, port.lanes) == ("slot1", tuple(range(1, lanes + 1)))


def test_a_board_asks_for_firmware_and_twice_for_the_memory_and_times_a_start_only_apart_from_that(
    tmp_path: Path,
) -> None:
    device = load(lab(tmp_path)).devices["board1"]
    board = driver(device.nos)
    assert [(ask.kind, ask.text, ask.sample) for ask in board.asks(device)] == [
        (Kind.REGISTERS, "query firmware", 1),
        (Kind.REGISTERS, "read everything", 1),
        (Kind.REGISTERS, "read everything", 2),
    ]
    assert [ask.text for ask in disruptive(board, device)] == ["time start"]
    assert [*disruptive(driver("sonic"), device)] == []


# --- what is judged -----------------------------------------------------------------------------------------------

SOUND = [
    ("800g-dr8", "optic", "800GBASE-DR8", "OSFP"),
    ("800g-2xdr4", "optic", "800G-2xDR4", "OSFP"),
    ("400g-zr", "optic", "400GBASE-DR4", "QSFP-DD"),
    ("1.6t-2xdr8-osfp-xd", "optic", "1.6TBASE-DR8", "OSFP-XD"),
    ("800g-dac", "dac", "800GBASE-CR8", "OSFP"),
    ("800g-aec", "aec", "AEC", "OSFP"),
    ("100g-cwdm4", "optic", "100G-CWDM4", "QSFP28"),
    ("25g-sr", "optic", "50GBASE-SR", "SFP28"),
]
OTHER_THAN_CMIS = {"100g-cwdm4", "25g-sr"}
"""The profile asks for CMIS of whatever is as fast as their PMD."""


@pytest.mark.parametrize(("family", "kind", "pmd", "form"), SOUND, ids=[row[0] for row in SOUND])
def test_a_sound_module_fails_nothing_but_what_nobody_measured(
    tmp_path: Path, family: str, kind: str, pmd: str, form: str
) -> None:
    twin, clock = alive(family)
    slot = "{module: PART, speed: 800}" if pmd == "AEC" else "{module: PART}"
    file = lab(tmp_path, kind, pmd, form, slot, family)
    verdicts = judged(bench(file, collected(file, twin, clock)))
    wrong = {id for id, v in verdicts.items() if v.outcome in (Outcome.ERROR, Outcome.FAIL)}
    assert wrong == ({"CMIS-01"} if family in OTHER_THAN_CMIS else set()), lines(verdicts[id] for id in wrong)
    silent = {id for id, v in verdicts.items() if v.outcome is Outcome.NOT_MEASURED}
    assert silent <= LABORATORY, lines(verdicts[id] for id in silent)
    assert {id for id, v in verdicts.items() if v.outcome is Outcome.PASS} >= {"CMIS-02", "CMIS-03", "CMIS-15"}


@pytest.mark.parametrize("kind", ["optic", "dac", "aec"])
def test_a_board_that_did_not_answer_passes_nothing(tmp_path: Path, kind: str) -> None:
    file = lab(tmp_path, kind, {"optic": "800GBASE-DR8", "dac": "800GBASE-CR8", "aec": "AEC"}[kind])
    for store in (None, collected(file, Absent(), Days())):
        verdicts = judged(bench(file, store))
        decided = {id: v for id, v in verdicts.items() if v.outcome is not Outcome.NOT_MEASURED}
        assert decided.keys() <= OF_PLACES, lines(decided.values())
        assert {v.outcome for v in decided.values()} <= {Outcome.NOT_APPLICABLE}


class Absent:
    """A slot without a module."""

    def read(self, device: int, byte: int, size: int) -> bytes:
        raise TransportError("no acknowledge")

    def write(self, device: int, byte: int, raw: bytes) -> None:
        raise TransportError("no acknowledge")


def test_the_reason_that_a_module_was_not_read_stands_in_the_verdict(tmp_path: Path) -> None:
    file = lab(tmp_path)
    verdict = judged(bench(file, collected(file, Absent(), Days())))["CMIS-04"]
    assert "no acknowledge" in " ".join(lines([verdict]))


def test_the_least_revision_is_held_at_the_rate_of_the_pmd(tmp_path: Path) -> None:
    twin, clock = alive("400g-dr4-cmis3")
    file = lab(tmp_path, pmd="400GBASE-DR4")
    store = collected(file, twin, clock)
    assert judged(bench(file, store))["CMIS-01"].outcome is Outcome.FAIL
    slower = lab(tmp_path, pmd="400GBASE-DR4", slot="{module: PART, speed: 10}")
    assert judged(bench(slower, store))["CMIS-01"].outcome is Outcome.NOT_APPLICABLE


def test_a_cable_whose_rate_nobody_says_is_not_let_off(tmp_path: Path) -> None:
    twin, clock = alive("800g-aec")
    file = lab(tmp_path, "aec", "AEC")
    verdict = judged(bench(file, collected(file, twin, clock)))["CMIS-01"]
    assert verdict.outcome is Outcome.NOT_MEASURED
    assert "the slot can say its speed" in " ".join(lines([verdict]))


def test_a_module_in_low_power_passes_only_where_the_lab_keeps_it_there(tmp_path: Path) -> None:
    twin, clock = alive("800g-dr8")
    assert isinstance(twin, ModuleTwin)
    twin.low_power_pin(True)
    twin.write(0xA0, 26, b"\x40")
    clock.wait(Decimal(100))
    file = lab(tmp_path)
    store = collected(file, twin, clock)
    assert judged(bench(file, store))["CMIS-04"].outcome is Outcome.FAIL
    kept = lab(tmp_path, slot="{module: PART, up: false}")
    assert judged(bench(kept, store))["CMIS-04"].outcome is Outcome.PASS


@pytest.mark.parametrize("lane", [1, 8, 9, 16])
def test_a_control_that_somebody_left_set_is_found_on_every_lane(tmp_path: Path, lane: int) -> None:
    twin, clock = alive("1.6t-2xdr8-osfp-xd")
    bank, bit = divmod(lane - 1, 8)
    twin.write(0xA0, 126, bytes([bank, 0x10]))
    twin.write(0xA0, 130, bytes([1 << bit]))
    file = lab(tmp_path, pmd="1.6TBASE-DR8", form="OSFP-XD")
    verdict = judged(bench(file, collected(file, twin, clock)))["CMIS-11"]
    assert verdict.outcome is Outcome.FAIL, lines([verdict])


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b'{"pages": {}}', b"\xff\x00", b"nothing was read\n", b'{"pages": {"lower": "00"}, "torn": 3}'],
    ids=["empty", "no pages", "a list", "no page", "bytes", "words", "torn is no list"],
)
def test_an_answer_that_is_no_dump_is_missing_with_what_is_wrong(tmp_path: Path, body: bytes) -> None:
    file = lab(tmp_path)
    device = load(file).devices["board1"]
    recorder = Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test")
    recorder.append(Answer(Ask("board1", Kind.REGISTERS, "read everything"), body, 0, NOON))
    seen = driver("board").decode(device, Evidence(tmp_path / "evidence")).modules["slot1"]
    assert isinstance(seen.vendor_sn, Missing)
    assert "unreadable" in seen.vendor_sn.source.evidence


def test_the_two_readings_know_how_far_apart_they_are(tmp_path: Path) -> None:
    twin, clock = alive("800g-dr8")
    file = lab(tmp_path)
    facts = driver("board").decode(load(file).devices["board1"], Evidence(collected(file, twin, clock)))
    apart = facts.again["slot1"].apart
    assert isinstance(apart, Reading)
    assert 47 <= apart.value < 49


@pytest.mark.parametrize("name", ["800g-dr8", "100g-cwdm4", "800g-dac", "25g-sr"])
def test_the_query_of_firmware_reads_no_flag_and_leaves_on_show_what_was(name: str) -> None:
    twin, clock = alive(name)
    reads: list[range] = []

    class Watched(Counted):
        def read(self, device: int, byte: int, size: int) -> bytes:
            reads.append(range(byte, byte + size))
            return super().read(device, byte, size)

    shown = twin.read(0xA0, 126, 2)
    told = query_firmware(Watched(twin), clock)
    assert twin.read(0xA0, 126, 2) == shown
    assert told["status"] == ("done" if name == "800g-dr8" else "not asked: the module has no pages of CMIS")
    assert not {3, 4, *range(8, 14)} & {byte for read in reads for byte in read}


# --- timed starts -------------------------------------------------------------------------------------------------


def durations(bench: Bench) -> dict[str, Any]:
    return dict(bench.assembly.subject(Module, SLOT).durations)


def test_a_start_that_the_board_timed_is_held_to_what_the_module_advertises(tmp_path: Path) -> None:
    twin, clock = alive("800g-dr8")
    file = lab(tmp_path)
    bench1 = bench(file, collected(file, twin, clock, unlocked=["disruptive"], start=True))
    took = durations(bench1)
    assert isinstance(twin, ModuleTwin)
    assert abs(took["module_power_up"].value - twin.lasts("module_pwr_up")) < Decimal("0.05")
    assert abs(took["data_path_init"].value - twin.lasts("dp_init")) < Decimal("0.05")
    timed = [f for f in judged(bench1)["CMIS-13"].findings if f.at.startswith("timed")]
    assert [finding.outcome for finding in timed] == [Outcome.PASS, Outcome.PASS]


def test_a_start_that_takes_longer_than_advertised_fails(tmp_path: Path) -> None:
    twin, clock = alive("800g-dr8", pace=Decimal("1.5"))
    file = lab(tmp_path)
    store = collected(file, twin, clock, unlocked=["disruptive"], start=True)
    assert judged(bench(file, store))["CMIS-13"].outcome is Outcome.FAIL


def test_the_start_of_a_module_follows_it_by_its_serial_number(tmp_path: Path) -> None:
    twin, clock = alive("800g-dr8")
    file = lab(tmp_path)
    store = collected(file, twin, clock, unlocked=["disruptive"], start=True)
    serials = {serial for serial, *_ in bench(file, store).assembly.measurements}
    assert serials == {families.family("800g-dr8").serial}


@pytest.mark.parametrize(("unlocked", "maintenance"), [((), "true"), (("disruptive",), "false")])
def test_without_unlock_and_maintenance_nothing_but_a_query_is_written(
    tmp_path: Path, unlocked: tuple[str, ...], maintenance: str
) -> None:
    twin, clock = alive("800g-dr8")
    file = lab(tmp_path)
    text = file.read_text("utf-8").replace("maintenance: true", f"maintenance: {maintenance}")
    file.write_text(text, "utf-8")
    counted = Counted(twin)
    store = collected(file, counted, clock, unlocked=unlocked, start=True)
    found = Evidence(store).find(Ask("board1", Kind.REGISTERS, "time start"))
    assert isinstance(found, Missing)
    assert "unlock disruptive" in found.detail
    assert counted.controls == [*cdb.writes(cdb.query(0x0100))]
    assert not [line for line in journal_of(store) if line["event"] == "saved"]
    took = durations(bench(file, store))["module_power_up"]
    assert isinstance(took, Missing)
    assert "unlock disruptive" in took.detail


class Counted:
    """A bus that keeps writes that are no selection of a page."""

    def __init__(self, bus: Bus) -> None:
        self.bus, self.controls = bus, []  # type: ignore[var-annotated]

    def read(self, device: int, byte: int, size: int) -> bytes:
        return self.bus.read(device, byte, size)

    def write(self, device: int, byte: int, raw: bytes) -> None:
        if byte not in (126, 127):
            self.controls.append((byte, raw))
        self.bus.write(device, byte, raw)


def test_every_write_of_a_start_is_in_the_journal_after_what_stood_there(tmp_path: Path) -> None:
    twin, clock = alive("800g-dr8")
    file, counted = lab(tmp_path), Counted(twin)
    told = list(journal_of(collected(file, counted, clock, unlocked=["disruptive"], start=True)))
    events = [line["event"] for line in told]
    wires = " ".join(str(line.get("wire", "")) for line in told if line["event"] == "sent")
    for byte, raw in counted.controls:
        assert f"A0h:{byte}={raw.hex()}" in wires
    disturbing = [n for n, line in enumerate(told) if "disturbs" in str(line.get("wire", ""))]
    assert events.index("saved") < min(disturbing) <= max(disturbing) < events.index("restored")
    assert unrestored(told) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"measurements": 3, "unmeasured": {}}',
        b'{"measurements": [{"colour": "x"}], "unmeasured": {}}',
    ],
    ids=["empty", "a list", "nothing", "a number", "another column"],
)
def test_an_answer_that_is_no_timed_start_measures_nothing_and_says_so(tmp_path: Path, body: bytes) -> None:
    twin, clock = alive("800g-dr8")
    file = lab(tmp_path)
    store = collected(file, twin, clock)
    recorder = Recorder(store, origin=Origin.SIMULATED, made_by="test")
    recorder.append(Answer(Ask("board1", Kind.REGISTERS, "time start"), body, 0, NOON))
    took = durations(bench(file, store))["data_path_init"]
    assert isinstance(took, Missing)
    assert took.why is Absence.UNREADABLE


@pytest.mark.parametrize(
    ("when", "stands"), [("2026-10-02T11:00:00Z", "board"), ("2026-10-02T23:00:00Z", "file"), ("", "board")]
)
def test_of_a_file_and_the_board_the_later_measurement_stands(tmp_path: Path, when: str, stands: str) -> None:
    twin, clock = alive("800g-dr8")
    file = lab(tmp_path)
    store = collected(file, twin, clock, unlocked=["disruptive"], start=True)
    serial = families.family("800g-dr8").serial
    (tmp_path / "start.csv").write_text(
        f"serial_number,quantity,value,unit,time\n{serial},data_path_init,99,s,{when}\n", "utf-8"
    )
    file.write_text(file.read_text("utf-8") + "measurements: start.csv\n", "utf-8")
    took = durations(bench(file, store))["data_path_init"]
    assert (took.value == 99) is (stands == "file")


def test_what_was_not_timed_says_why(tmp_path: Path) -> None:
    twin, clock = alive("800g-dr8")
    file = lab(tmp_path)
    store = collected(file, twin, clock)
    document = {"measurements": [], "unmeasured": {"data_path_init": "no lane starts"}}
    recorder = Recorder(store, origin=Origin.SIMULATED, made_by="test")
    recorder.append(Answer(Ask("board1", Kind.REGISTERS, "time start"), json.dumps(document).encode(), 0, NOON))
    took = durations(bench(file, store))
    assert took["data_path_init"].detail == "no lane starts"
    assert took["module_power_up"].why is Absence.NOT_RECORDED


def test_a_board_in_a_rack_takes_the_watts_that_are_declared_of_it(tmp_path: Path) -> None:
    file = lab(tmp_path)
    text = file.read_text("utf-8").replace("maintenance: true", "rack: bench, watts: 90")
    file.write_text(text + "racks:\n  bench: {budget_watts: 400}\n", "utf-8")
    opened = bench(file, None)
    (owed,) = (one for one in opened.plan if one.subject == "bench")
    assert opened.judge(owed).outcome is Outcome.PASS
    file.write_text(file.read_text("utf-8").replace(", watts: 90", ""), "utf-8")
    again = bench(file, None)
    (owed,) = (one for one in again.plan if one.subject == "bench")
    assert again.judge(owed).outcome is Outcome.NOT_MEASURED


BESIDE = """\
  leaf1:
    platform: x86_64-arista_7060x6_64pe
    eeproms: "/sys/{cage}"
    cages: {1: {mode: 1x800G, module: PART}}
  board2: {kind: board, reach: {transport: i2c, bus: 8}, cages: {1: {module: PART}}}
"""


@pytest.mark.parametrize(("where", "outcome"), [("leaf1", Outcome.PASS), ("board2", Outcome.FAIL)])
def test_a_serial_number_is_there_twice_on_two_boards_but_not_on_its_way_to_a_switch(
    tmp_path: Path, where: str, outcome: Outcome
) -> None:
    twin, clock = alive("800g-dr8")
    file = lab(tmp_path)
    file.write_text(file.read_text("utf-8").replace("parts:\n", f"{BESIDE}parts:\n"), "utf-8")
    store = collected(file, twin, clock)
    recorder = Recorder(store, origin=Origin.SIMULATED, made_by="test")
    seen = Evidence(store).find(Ask("board1", Kind.REGISTERS, "read everything"))
    assert isinstance(seen, Answer)
    pages = json.loads(seen.body)["pages"]
    printed = "".join(f" {bytes.fromhex(pages[name]).hex(' ')}\n" for name in ("lower", "00", "01", "02"))
    other = {
        "leaf1": Answer(Ask("leaf1", Kind.CLI, "od -An -v -tx1 -w128 -j 0 -N 512 /sys/1"), printed.encode(), 0, NOON),
        "board2": Answer(Ask("board2", Kind.REGISTERS, "read everything"), seen.body, 0, NOON),
    }
    recorder.append(other[where])
    opened = bench(file, store)
    names = opened.assembly.serial("leaf1:Ethernet0"), opened.assembly.serial("board2:slot1")
    assert [isinstance(name, Reading) for name in names] == [where == "leaf1", where == "board2"]
    assert judged(opened)["CMIS-15"].outcome is outcome


class Killed(BaseException):
    """Stands for SIGKILL: nothing more goes out."""


class Ending(Counted):
    """A bus that is no more after so many writes of controls."""

    def __init__(self, bus: Bus, writes: int) -> None:
        super().__init__(bus)
        self.writes = writes

    def read(self, device: int, byte: int, size: int) -> bytes:
        self.alive()
        return super().read(device, byte, size)

    def write(self, device: int, byte: int, raw: bytes) -> None:
        self.alive()
        super().write(device, byte, raw)

    def alive(self) -> None:
        if len(self.controls) >= self.writes:
            raise Killed


def test_what_a_killed_run_left_is_put_back_through_the_guard_and_only_unlocked(tmp_path: Path) -> None:
    twin, clock = alive("800g-dr8")
    file = lab(tmp_path)
    before = Operator(Board(twin, clock)).save()
    with pytest.raises(Killed):
        collected(file, Ending(twin, 2 + 2), clock, unlocked=["disruptive"], start=True)  # a query has two
    clock.wait(Decimal(100))
    assert Operator(Board(twin, clock)).save() != before
    store = file.parent / "evidence"
    device = load(file).devices["board1"]

    def transport(*unlocked: str) -> Registers:
        session = driver("board").session(device)
        terms = Terms(session, Journal(store), Passwords(Redactor()), clock, frozenset(unlocked))
        return Registers(device, terms, twin, lambda: None)

    (left,) = unrestored(journal_of(store))
    with pytest.raises(TransportError, match="unlock disruptive"):
        transport().restore(left.saved)
    assert len(unrestored(journal_of(store))) == 1
    transport("disruptive").restore(left.saved)
    assert Operator(Board(twin, clock)).save() == before
    assert unrestored(journal_of(store)) == []
