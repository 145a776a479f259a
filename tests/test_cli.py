"""The command ``plugfest``, as a shell runs it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness import cli
from harness.errors import EvidenceError, InputError, LabError
from harness.report import verdicts
from harness.version import VERSION
from tests.report import small

LAB = "lab_configs/small.yaml"
REPOSITORY = Path(__file__).resolve().parent.parent


def plugfest(folder: Path, *args: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, whose ``checks/`` is then the one that Python imports."""
    held = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", *args], cwd=folder, input=held, capture_output=True, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    small.clone(tmp_path, small.EVERY, small.waiver())
    return tmp_path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    small.clone(tmp_path)
    return tmp_path


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that refuses says: one line on the error stream, and nothing else."""
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("plugfest: ")
    return done.stderr


# --- plan and judge -----------------------------------------------------------------------------------------------


def test_version_imports_nothing_heavy() -> None:
    heavy = ["harness.engine", "harness.decode", "harness.lab", "harness.report", "yaml", "jsonschema", "tabulate"]
    code = (
        "import sys; from harness import cli\n"
        "try: cli.main(['--version'])\n"
        f"except SystemExit: print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"plugfest {VERSION}", "[]"]


def test_plan_counts_and_needs_no_evidence(good: Path) -> None:
    shutil.rmtree(good / "fixtures")
    done = plugfest(good, "plan", LAB, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["planned"] == 9
    assert told["faults"] == []
    assert {check["check"]: check["planned"] for check in told["checks"]} == {
        "PRO-01": 3, "PRO-03": 3, "PRO-05": 3, "PWR-03": 0,
    }  # fmt: skip
    assert "9 verdicts of 4 checks are owed" in plugfest(good, "plan", LAB).stdout


def test_plan_shows_a_fault_of_configuration_before_anything_is_asked(clone: Path) -> None:
    done = plugfest(clone, "plan", LAB)
    assert done.returncode == 2
    assert "fault: PRO-05 bug: ZeroDivisionError: a bug of ours" in done.stdout


@pytest.mark.parametrize(
    ("parts", "more", "args", "decision", "status"),
    [
        pytest.param(small.GOOD, "", [], "ACCEPTED", 0, id="accepted"),
        pytest.param(small.GOOD + small.SHORT, small.waiver(), [], "ACCEPTED WITH WAIVERS", 0, id="waived"),
        pytest.param(small.GOOD + small.SHORT, "", [], "REJECTED", 1, id="rejected"),
        pytest.param(small.GOOD + small.UNKNOWN, "", [], "INCOMPLETE", 3, id="not measured"),
        pytest.param(small.GOOD + small.BUG, "", [], "INCOMPLETE", 3, id="a bug"),
        pytest.param(small.GOOD, "", ["--subject", "good-1"], "INCOMPLETE", 3, id="one subject accepts nothing"),
        pytest.param(small.GOOD, "", ["--check", "procure.warranty"], "INCOMPLETE", 3, id="one check accepts nothing"),
        pytest.param(small.GOOD + small.SHORT, "", ["--subject", "short"], "REJECTED", 1, id="one subject that fails"),
        pytest.param(
            small.GOOD + small.SHORT, small.waiver(), ["--as-of", "2030-01-01T00:00:00Z"], "REJECTED", 1,
            id="after the waiver's last day",
        ),
    ],
)  # fmt: skip
def test_judge_exits_by_the_decision(
    tmp_path: Path, parts: str, more: str, args: list[str], decision: str, status: int
) -> None:
    small.clone(tmp_path, parts, more)
    done = plugfest(tmp_path, "judge", LAB, *args)
    assert done.returncode == status, done.stderr
    assert done.stdout.splitlines()[-1] == f"{decision} (simulated evidence)"
    assert done.stderr == ""


def test_judge_json_is_json_lines_of_the_published_schema(clone: Path) -> None:
    done = plugfest(clone, "judge", LAB, "--json")
    validator = Draft202012Validator(json.loads(verdicts.schema()))
    lines = list(map(json.loads, done.stdout.splitlines()))
    for line in lines:
        validator.validate(line)
    assert lines[0]["run"]["planned"] == len(lines) - 1 == 24
    assert done.returncode == 3


def test_judge_archives_what_verify_verifies(clone: Path) -> None:
    done = plugfest(clone, "judge", LAB, "--archive", "reports")
    assert done.stderr == "archive: reports/small-2026-11-20\n"
    verified = plugfest(clone, "verify", "reports/small-2026-11-20")
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout == "reports/small-2026-11-20 verifies, 24 verdicts judged again, INCOMPLETE\n"
    lines = plugfest(clone, "judge", LAB, "--json").stdout
    assert (clone / "reports/small-2026-11-20/verdicts.jsonl").read_text("utf-8") == lines


def test_verify_exits_4_with_a_line_a_difference(good: Path) -> None:
    plugfest(good, "judge", LAB, "--archive", "reports")
    archive = good / "reports/small-2026-11-20"
    (archive / "checklist.md").unlink()
    file = archive / "verdicts.jsonl"
    file.write_text(file.read_text("utf-8").replace('"outcome": "PASS"', '"outcome": "FAIL"', 1), "utf-8")
    done = plugfest(good, "verify", "reports/small-2026-11-20")
    assert done.returncode == 4
    assert len(done.stdout.splitlines()) == 4
    assert "checklist.md: missing" in done.stdout
    assert "does not verify: 3 differences" in done.stdout
    told = json.loads(plugfest(good, "verify", "reports/small-2026-11-20", "--json").stdout)
    assert told["verifies"] is False
    assert len(told["differences"]) == 3


def test_explain_says_what_it_asks_and_the_limits_in_a_lab(good: Path) -> None:
    done = plugfest(good, "explain", "PRO-01")
    assert done.returncode == 0
    assert "The warranty lasts at least three years." in done.stdout
    assert "8, warranty and MTBF" in done.stdout
    told = json.loads(plugfest(good, "explain", "procure.warranty", "--lab", LAB, "--json").stdout)
    assert told["check"] == "PRO-01"
    assert told["limits"] == [
        {"at": "warranty", "limit": ">= 3 years", "standing": "buyer", "clause": "contract <5.1>"}
    ]


# --- single files -------------------------------------------------------------------------------------------------


def cmis_dump() -> str:
    lower = bytearray(128)
    lower[0], lower[1] = 0x18, 0x50
    upper = bytearray(128)
    upper[0] = 0x18
    return json.dumps({"pages": {"lower": lower.hex(), "00": upper.hex()}})


def sfp_dump() -> str:
    return json.dumps({"pages": {"a0:lower": (b"\x03\x04" + bytes(126)).hex()}})


@pytest.mark.parametrize("source", ["dump.json", "-"])
def test_decode_prints_the_document(tmp_path: Path, source: str) -> None:
    (tmp_path / "dump.json").write_text(cmis_dump())
    done = plugfest(tmp_path, "decode", source, "--json", stdin=cmis_dump() if source == "-" else "")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["management"] == "cmis"
    assert told["identity"]["revision"] == "5.0"


def test_decode_prints_fields_for_people_and_one_page_of_them(tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(cmis_dump())
    everything = plugfest(tmp_path, "decode", "dump.json")
    assert everything.returncode == 0
    assert "revision" in everything.stdout
    assert one_line(plugfest(tmp_path, "decode", "dump.json", "--page", "77"))


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello, world\n", id="prose"),
        pytest.param(b'{"pages": {"lower": "zz"}}', id="no hex"),
    ],
)
def test_what_is_no_dump_is_one_clear_line(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "dump").write_bytes(held)
    done = plugfest(tmp_path, "decode", "dump", "--json")
    assert done.returncode == 2
    assert "dump" in one_line(done)


def test_twin_lists_its_families_and_reads_one_over_its_bus(tmp_path: Path) -> None:
    listed = plugfest(tmp_path, "twin").stdout.split()
    assert {"800g-2xfr4", "100g-sr4", "25g-sr"} <= set(listed)
    read = plugfest(tmp_path, "twin", "800g-2xfr4", "--serial", "TWIN0001", "--wait", "30")
    assert read.returncode == 0
    assert re.fullmatch(r"22 pages in 46 transactions, 2816 bytes read, 21 writes, 21 page changes, .*\n", read.stderr)
    decoded = json.loads(plugfest(tmp_path, "decode", "-", "--json", stdin=read.stdout).stdout)
    assert decoded["identity"]["vendor_sn"] == "TWIN0001"
    assert decoded["state"]["data_path"] == ["DPActivated"] * 8
    polled = json.loads(plugfest(tmp_path, "twin", "800g-2xfr4", "--scope", "poll").stdout)
    assert {"lower", "0:11"} <= set(polled["pages"])
    assert "0:20" not in polled["pages"]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(("no-such-family",), id="an unknown family"),
        pytest.param(("25g-sr", "--wait", "-1"), id="time that goes back"),
        pytest.param(("25g-sr", "--serial", "A" * 17), id="a serial number that does not fit"),
    ],
)
def test_a_twin_that_cannot_be_is_one_clear_line(tmp_path: Path, asked: tuple[str, ...]) -> None:
    done = plugfest(tmp_path, "twin", *asked)
    assert done.returncode == 2
    assert "twin: " in one_line(done)


def changed(dump: str, page: str, byte: int, raw: bytes) -> str:
    """The dump with some bytes changed; ``byte`` counts from the page's first."""
    told = json.loads(dump)
    held = bytearray.fromhex(told["pages"][page])
    held[byte : byte + len(raw)] = raw
    told["pages"][page] = held.hex()
    return json.dumps(told)


def test_decode_annotates_a_page_for_people_and_as_data(tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(cmis_dump())
    done = plugfest(tmp_path, "decode", "dump.json", "--page", "00", "--annotate")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("page 00h: Administrative information (OIF-CMIS 8.3)\n")
    assert "lower memory" not in done.stdout
    told = json.loads(plugfest(tmp_path, "decode", "dump.json", "--annotate", "--json").stdout)
    assert [page["page"] for page in told] == ["lower", "00"]


def test_decode_lists_every_field_on_request(tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(cmis_dump())
    brief, everything = (plugfest(tmp_path, "decode", "dump.json", *more).stdout for more in ([], ["--all"]))
    assert "stepped_config_only" in everything
    assert "stepped_config_only" not in brief
    assert len(brief.splitlines()) < 80


def test_decode_prints_one_page_as_json(tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(cmis_dump())
    told = json.loads(plugfest(tmp_path, "decode", "dump.json", "--page", "lower", "--json").stdout)
    fields = {row["field"]: row["value"] for row in told}
    assert fields["lower memory: revision"] == "5.0"


@pytest.mark.parametrize(
    ("page", "byte", "raw", "status", "said"),
    [
        pytest.param("00", 0, b"", 0, "0 differ and must not", id="the same"),
        pytest.param("00", 1, b"X", 1, "vendor_name", id="another vendor"),
        pytest.param("00", 38, b"X", 0, "of each unit", id="another serial number"),
        pytest.param("lower", 14, b"X", 0, "may differ", id="another temperature"),
    ],
)
def test_decode_compares_two_dumps(tmp_path: Path, page: str, byte: int, raw: bytes, status: int, said: str) -> None:
    (tmp_path / "a.json").write_text(cmis_dump())
    (tmp_path / "b.json").write_text(changed(cmis_dump(), page, byte, raw))
    done = plugfest(tmp_path, "decode", "a.json", "b.json")
    assert (done.returncode, done.stderr) == (status, "")
    assert said in done.stdout
    told = json.loads(plugfest(tmp_path, "decode", "a.json", "b.json", "--json").stdout)
    assert (told["a"], told["b"]) == ("a.json", "b.json")
    assert sum(told["counts"].values()) > len(told["rows"])


def test_decode_does_not_call_equal_what_was_not_compared(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(cmis_dump())
    without = json.loads(cmis_dump())
    without["pages"]["00"] = None
    (tmp_path / "b.json").write_text(json.dumps(without))
    done = plugfest(tmp_path, "decode", "a.json", "b.json")
    assert done.returncode == 3
    assert "read failed" in done.stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["dump.json", "--page", "77"], "there are lower, 00", id="no such page"),
        pytest.param(["dump.json", "--page", "77", "--annotate"], "there are lower, 00\n", id="no bytes of that page"),
        pytest.param(["dump.json", "dump.json", "--page", "77"], "there are lower, 00\n", id="no page to compare"),
        pytest.param(["dump.json"] * 3, "3 were named", id="three dumps"),
        pytest.param(["-", "-"], "stdin once", id="stdin twice"),
        pytest.param(["dump.json", "dump.json", "--annotate"], "one dump", id="two dumps to annotate"),
    ],
)
def test_what_decode_cannot_do_is_one_line(tmp_path: Path, args: list[str], said: str) -> None:
    (tmp_path / "dump.json").write_text(cmis_dump())
    done = plugfest(tmp_path, "decode", *args)
    assert done.returncode == 2
    assert said in one_line(done)


def test_the_page_that_decode_proposes_is_there(tmp_path: Path) -> None:
    for name, held in (("cmis.json", cmis_dump()), ("sfp.json", sfp_dump())):
        (tmp_path / name).write_text(held)
        proposed = plugfest(tmp_path, "decode", name).stdout.rstrip().rpartition("meaning: ")[2]
        done = plugfest(tmp_path, "decode", name, *proposed.split())
        assert (done.returncode, done.stderr) == (0, ""), proposed


@pytest.mark.parametrize("args", [["decode"], ["decode", "--json"], ["audit"]], ids=" ".join)
def test_a_terminal_without_unicode_gets_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    (tmp_path / "dump.json").write_text(cmis_dump())
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = plugfest(tmp_path, args[0], "dump.json", *args[1:])
    assert done.stderr == ""
    if "--json" in args:
        assert json.loads(done.stdout)["management"] == "cmis"


@pytest.mark.parametrize(
    "args", [["decode"], ["decode", "--annotate"], ["audit"], ["audit", "--markdown"], ["desk"]], ids=" ".join
)
def test_a_modules_name_does_not_steer_the_terminal(tmp_path: Path, args: list[str]) -> None:
    held = json.loads(cmis_dump())
    held["pages"]["00"] = (b"\x18A\x1b[31m|<b>" + bytes(116)).hex()
    (tmp_path / "dump.json").write_text(json.dumps(held))
    lab = ["--lab", str(REPOSITORY / "lab_configs/desk.yaml")] if args == ["desk"] else []
    done = plugfest(tmp_path, *args, *lab, "dump.json")
    assert done.stderr == ""
    assert "\\x1b[31m" in done.stdout
    assert "\x1b" not in done.stdout
    assert "<b>" not in done.stdout or "--markdown" not in args


def test_a_closed_output_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(cmis_dump())
    command = f"'{sys.executable}' -m harness.cli decode dump.json >&-"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "plugfest: the output is closed\n")


LLDP = """Capability codes: (R) Router, (B) Bridge, (O) Other
LocalPort    RemoteDevice    RemotePortID    Capability    RemotePortDescr
-----------  --------------  --------------  ------------  -----------------
Ethernet0    spine1          Ethernet8       BR            to leaf1
--------------------------------------------------
Total entries displayed:  1
"""


def test_parse_prints_records(tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text(LLDP)
    asked = ("parse", "--nos", "sonic", "--command", "show lldp table")
    done = plugfest(tmp_path, *asked, "answer.txt", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) == {"records", "unparsed"}
    assert any("spine1" in json.dumps(record) for record in told["records"])
    assert told == json.loads(plugfest(tmp_path, *asked, "-", "--json", stdin=LLDP).stdout)
    assert "spine1" in plugfest(tmp_path, *asked, "answer.txt").stdout


@pytest.mark.parametrize(
    ("args", "held"),
    [
        pytest.param(["--nos", "sonic", "--command", "show lldp table"], "no such thing\n", id="another answer"),
        pytest.param(["--nos", "sonic", "--command", "show the moon"], LLDP, id="a command that nobody knows"),
        pytest.param(["--nos", "vax", "--command", "show lldp table"], LLDP, id="a NOS that nobody knows"),
    ],
)
def test_what_is_no_answer_is_one_clear_line(tmp_path: Path, args: list[str], held: str) -> None:
    (tmp_path / "answer.txt").write_text(held)
    done = plugfest(tmp_path, "parse", *args, "answer.txt", "--json")
    assert done.returncode == 2
    one_line(done)


def test_the_template_of_measurements_reads_as_a_file_without_rows(tmp_path: Path) -> None:
    template = plugfest(tmp_path, "import-measurements", "--template")
    assert template.returncode == 0
    header = template.stdout.splitlines()[0]
    assert header.startswith("serial_number,lane,")
    row = {"serial_number": "X1", "lane": "1", "quantity": "tdecq", "value": "2.1", "unit": "dB"}
    (tmp_path / "m.csv").write_text(header + "\n" + ",".join(row.get(name, "") for name in header.split(",")) + "\n")
    done = plugfest(tmp_path, "import-measurements", "m.csv", "--json")
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)
    assert (told["serial_number"], told["quantity"], told["value"]) == ("X1", "tdecq", "2.1 dB")
    assert "1 measurements in 1 file" in plugfest(tmp_path, "import-measurements", "m.csv").stdout


def test_desk_answers_for_a_dump(tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(cmis_dump())
    lab = Path(__file__).resolve().parent.parent / "lab_configs" / "desk.yaml"
    done = plugfest(tmp_path, "desk", "--lab", str(lab), "dump.json")
    assert done.returncode == 0, done.stderr
    assert "dump.json" in done.stdout
    assert done.stdout.endswith("\n")


# --- what is wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        pytest.param(["judge", "none.yaml"], 2, "none.yaml", id="no lab file"),
        pytest.param(["judge", LAB, "--subject", "leaf9*"], 2, "leaf9*", id="no such subject"),
        pytest.param(["judge", LAB, "--check", "PRO-99"], 2, "no check 'PRO-99'; near are PRO-0", id="no such check"),
        pytest.param(["judge", LAB, "--as-of", "2026-11-20"], 2, "offset from UTC", id="an instant without offset"),
        pytest.param(["explain", "procure.waranty"], 2, "procure.warranty", id="a misspelt check"),
        pytest.param(["verify", "lab_configs"], 2, "so this is not an archive", id="no archive"),
        pytest.param(["decode", "none"], 2, "none", id="no dump"),
        pytest.param(["parse", "--nos", "sonic", "--command", "show lldp table", "none"], 2, "none", id="no answer"),
        pytest.param(["import-measurements"], 2, "--template", id="nothing to import"),
    ],
)
def test_what_is_wrong_is_one_line_and_a_status(good: Path, args: list[str], status: int, said: str) -> None:
    done = plugfest(good, *args)
    assert done.returncode == status
    assert said in one_line(done)


def test_a_lab_without_its_evidence_is_one_line(good: Path) -> None:
    shutil.rmtree(good / "fixtures")
    done = plugfest(good, "judge", LAB)
    assert done.returncode == 2
    assert "no such directory" in one_line(done)


@pytest.mark.parametrize("args", [[], ["juge"], ["judge"], ["judge", LAB, "--colour"], ["schema", "moon"]])
def test_a_wrong_command_line_exits_2(tmp_path: Path, args: list[str]) -> None:
    done = plugfest(tmp_path, *args)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: plugfest")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (LabError("x", file="lab.yaml", line=3), 2),
        (InputError("x"), 2),
        (EvidenceError("x"), 4),
        (KeyboardInterrupt(), 130),
    ],
)
def test_who_must_act_decides_the_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: BaseException, status: int
) -> None:
    def explode(_: object) -> int:
        raise wrong

    monkeypatch.setattr(cli, "schema", explode)
    assert cli.main(["schema", "verdict"]) == status
    assert capsys.readouterr().err.startswith("plugfest: ")


def test_a_reader_that_has_enough_is_no_error(clone: Path) -> None:
    command = f"'{sys.executable}' -m harness.cli judge {LAB} --json | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=clone, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert json.loads(done.stdout)["run"]["lab"] == "small"


# --- about the command itself -------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", ["lab", "verdict", "answers"])
def test_published_schemas_are_printed(capsys: pytest.CaptureFixture[str], of: str) -> None:
    assert cli.main(["schema", of]) == 0
    told = json.loads(capsys.readouterr().out)
    schemas = [one for nos in told.values() for one in nos.values()] if of == "answers" else [told]
    assert schemas
    for schema in schemas:
        Draft202012Validator.check_schema(schema)


COMMANDS = [
    "plan",
    "judge",
    "explain",
    "verify",
    "decode",
    "parse",
    "import-measurements",
    "desk",
    "schema",
    "completion",
]


@pytest.mark.parametrize("shell", cli.SHELLS)
def test_completion_knows_every_command(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    assert cli.main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(command in script for command in COMMANDS)
    assert "as-of" in script
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("ju", "judge", id="a command"),
        pytest.param("judge --s", "--subject", id="an option of it"),
        pytest.param("schema v", "verdict", id="a choice of it"),
        pytest.param("decode --an", "--annotate", id="an option of decode"),
        pytest.param("judge lab_c", "", id="a file is left to the shell"),
        pytest.param("judge ''", "", id="nothing yet is a file"),
    ],
)
def test_the_bash_completion_completes(typed: str, offered: str) -> None:
    words = f"COMP_WORDS=(plugfest {typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
    ask = cli.bash(cli.offered()) + words + '_plugfest; echo "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == offered


def test_a_full_disk_is_one_line_and_no_traceback(good: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("not run: there is no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "harness.cli", "judge", LAB, "--json"],
            cwd=good, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "plugfest: the output cannot be written: No space left on device\n")


@pytest.mark.parametrize("line", ["def broken(:", "import nope_nope"], ids=["syntax", "import"])
@pytest.mark.parametrize("args", [["judge", LAB], ["plan", LAB], ["explain", "PRO-01"]], ids=lambda args: args[0])
def test_a_module_of_checks_that_does_not_import_is_one_line(good: Path, args: list[str], line: str) -> None:
    with (good / "checks/procure.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = plugfest(good, *args)
    assert done.returncode == 2
    assert "checks cannot be imported: checks.procure: " in one_line(done)


def test_a_check_is_found_in_any_case_and_near_ones_are_named(good: Path) -> None:
    assert plugfest(good, "explain", "pro-01").returncode == 0
    assert plugfest(good, "judge", LAB, "--check", "pro-01", "--json").stdout.count('"check": "PRO-01"') == 3
    assert "near are PRO-0" in one_line(plugfest(good, "explain", "PRO-1"))


def test_what_is_no_dump_is_told_on_the_error_stream_and_the_others_are_answered(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("no dump\n")
    done = plugfest(tmp_path, "desk", "--lab", str(REPOSITORY / "lab_configs/desk.yaml"), "--json", str(bad))
    assert done.returncode == 2
    assert one_line(done).startswith(f"plugfest: {bad}")


def test_the_guide_to_decode_names_every_option_and_no_other() -> None:
    page = (REPOSITORY / "docs/decode.md").read_text(encoding="utf-8")
    options = {word for word in cli.offered()["decode"][1] if word.startswith("--")} - {"--help"}
    assert set(re.findall(r"--[a-z]+", page)) == options


def test_completion_offers_the_options_of_a_command_below_another(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", "bash"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("lab)")]
    assert {"up", "fault", "--write-lab", "--list"} <= set(re.findall(r"[\w-]+", line))


def test_completion_offers_no_choice_of_an_option_as_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", "bash"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("collect)")]
    assert "--unlock" in line and "disruptive" not in line
