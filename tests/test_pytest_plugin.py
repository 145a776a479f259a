"""The plug-in in whole runs of pytest, on a small lab that comes to every outcome."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.report import small

LAB = "lab_configs/small.yaml"
ORDINARY = """
import pytest

@pytest.fixture(scope="session")
def opened():
    yield 1
    print("closed")

def test_ordinary(opened):
    assert opened
"""


def run(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest", *args)


def on_lab(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    return run(pytester, "checks/", "--lab", LAB, *args)


def archives(pytester: pytest.Pytester) -> list[str]:
    reports = pytester.path / "reports"
    return sorted(place.name for place in reports.iterdir()) if reports.is_dir() else []


def verdicts(pytester: pytest.Pytester, name: str) -> bytes:
    return (pytester.path / "reports" / name / "verdicts.jsonl").read_bytes()


# --- outcomes and exit status -------------------------------------------------------------------------------------


def test_an_accepted_run_exits_0_and_leaves_an_archive(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    result = on_lab(pytester)
    assert result.ret == 0
    result.assert_outcomes(passed=8, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*checklist*",
            "9 of 9 planned verdicts*",
            "ACCEPTED (simulated evidence)",
            "archive: reports/small-2026-11-20",
        ]
    )
    assert archives(pytester) == ["small-2026-11-20"]


def test_every_outcome_is_delivered_in_its_own_way(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.EVERY + small.SHORT.replace("short", "brief"), small.waiver())
    result = on_lab(pytester, "-rA")
    assert result.ret == 1
    result.assert_outcomes(passed=22, failed=1, errors=2, skipped=1, xfailed=1)
    text = result.stdout.str()
    assert "ERROR checks/procure.py::quantity::bug" in text
    assert "ERROR checks/procure.py::warranty::unknown" in text
    assert "FAILED checks/procure.py::warranty::brief" in text
    assert "XFAIL checks/procure.py::warranty::short" in text
    assert re.search(r"SKIPPED \[1\] .*checks/procure\.py:\d+: other: no fiber", text)
    assert "PASSED checks/procure.py::lead_time::late" in text
    assert "REJECTED (simulated evidence)" in text


def test_a_failure_has_findings_and_no_traceback(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.GOOD + small.SHORT)
    result = on_lab(pytester)
    text = result.stdout.str()
    assert "warranty: 2 years against >= 3 years, margin -1 years [contract <5.1>; buyer] from small.yaml line" in text
    assert "Traceback" not in text
    assert "pytest_plugin.py" not in text


def test_a_bug_keeps_its_traceback(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.GOOD + small.BUG)
    result = on_lab(pytester)
    assert result.ret == 1
    result.assert_outcomes(passed=10, skipped=1, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at setup of PRO-05 procure.quantity*bug*", "*a bug of ours*"])
    assert "INCOMPLETE (simulated evidence)" in result.stdout.str()


def test_a_run_in_which_nothing_applies_is_not_accepted(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    (pytester.path / "checks/rack.py").unlink()
    file = pytester.path / "checks/procure.py"
    head, _, tail = file.read_text("utf-8").partition('@check("PRO-01')
    file.write_text(head + '@check("PRO-05' + tail.partition('@check("PRO-05')[2], "utf-8")
    lab = pytester.path / LAB
    lab.write_text(re.sub(r"\n  good-\d.*", "", lab.read_text("utf-8")), "utf-8")
    result = on_lab(pytester)
    result.assert_outcomes(skipped=1)
    assert result.ret == 1


def test_a_stale_waiver_fails_a_run_in_which_all_passes(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.GOOD, small.waiver().replace("short", "good-1"))
    result = on_lab(pytester)
    assert result.ret == 1
    result.assert_outcomes(passed=8, skipped=1)
    result.stdout.fnmatch_lines(["*FAILS THE RUN: not needed*", "REJECTED*"])


# --- selections ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("selection", "run_count"),
    [
        pytest.param(["--subject", "good-*"], 6, id="a glob of subjects"),
        pytest.param(["--subject", "good-1"], 3, id="a whole name"),
        pytest.param(["-k", "lead_time"], 3, id="-k by function"),
        pytest.param(["-k", "PRO-01"], 3, id="-k by id"),
        pytest.param(["-k", "cable and warranty"], 1, id="-k by subject and check"),
        pytest.param(["-m", "acceptance"], 3, id="-m by tag"),
        pytest.param(["--deselect", "checks/procure.py::warranty::cable"], 8, id="--deselect"),
    ],
)
def test_a_selection_leaves_holes_and_a_partial_archive(
    pytester: pytest.Pytester, selection: list[str], run_count: int
) -> None:
    small.clone(pytester.path)
    result = on_lab(pytester, *selection)
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"{run_count} of 9 planned verdicts*", "INCOMPLETE*", "archive: *-PARTIAL"])
    assert archives(pytester) == ["small-2026-11-20-PARTIAL"]


def test_a_node_id_can_be_asked_for(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    result = run(pytester, "checks/procure.py::warranty::good-1", "--lab", LAB, "-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["checks/procure.py::warranty::good-1 PASSED*", "1 of 9 planned verdicts*"])


def test_x_stops_and_the_rest_is_not_run(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.SHORT + small.GOOD)
    result = on_lab(pytester, "-x")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["1 of 12 planned verdicts*", "REJECTED*", "archive: *-PARTIAL"])


def test_lf_runs_what_failed_or_was_not_decided(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.EVERY + small.SHORT.replace("short", "brief"), small.waiver())
    first = pytester.runpytest_subprocess("-p", "no:hypothesispytest", "checks/", "--lab", LAB, "--no-archive")
    first.assert_outcomes(passed=22, failed=1, errors=2, skipped=1, xfailed=1)
    again = pytester.runpytest_subprocess("-p", "no:hypothesispytest", "checks/", "--lab", LAB, "--no-archive", "--lf")
    again.assert_outcomes(failed=1, errors=2, deselected=24)
    assert archives(pytester) == []


def test_a_subject_that_nobody_declared_is_refused(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    result = on_lab(pytester, "--subject", "leaf9*")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --subject leaf9*: no subject of * has such a name"])


# --- collection ---------------------------------------------------------------------------------------------------


def test_collection_touches_no_evidence(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    shutil.rmtree(pytester.path / "fixtures")
    result = on_lab(pytester, "--collect-only", "-q")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["checks/procure.py::warranty::good-1", "checks/procure.py::quantity::cable"])
    assert archives(pytester) == []


def test_node_ids_are_a_tree_of_file_check_and_subject(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    ids = [line for line in on_lab(pytester, "--collect-only", "-q").outlines if "::" in line]
    assert ids == [
        f"checks/procure.py::{check}::{subject}"
        for check in ("warranty", "lead_time", "quantity")
        for subject in ("good-1", "good-2", "cable")
    ]


def test_a_pack_is_found_by_its_import_name(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    result = run(pytester, "--pyargs", "checks", "--lab", LAB)
    assert result.ret == 0
    result.assert_outcomes(passed=8, skipped=1)


def test_another_pack_adds_to_the_plan(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    other = pytester.path / "acme" / "checks"
    shutil.copytree(pytester.path / "checks", other)
    (pytester.path / "acme/__init__.py").write_text("")
    for file in other.glob("*.py"):
        file.write_text(file.read_text("utf-8").replace('"PRO-', '"ACME-').replace('"PWR-', '"ACMW-'), "utf-8")
    both = run(pytester, "--pyargs", "checks", "acme.checks", "--lab", LAB, "--no-archive")
    both.assert_outcomes(passed=16, skipped=2)
    assert both.ret == 0
    one = run(pytester, "--pyargs", "acme.checks", "--lab", LAB)
    one.stdout.fnmatch_lines(["9 of 18 planned verdicts*", "INCOMPLETE*"])
    assert one.ret == 1


def test_ordinary_tests_beside_checks_keep_their_fixtures(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    pytester.makepyfile(test_a=ORDINARY, test_z=ORDINARY)
    result = run(pytester, "test_a.py", "checks/", "test_z.py", "--lab", LAB, "-s")
    result.assert_outcomes(passed=10, skipped=1)
    assert result.stdout.str().count("closed") == 2
    assert result.ret == 0


# --- reports of pytest and xdist ----------------------------------------------------------------------------------


def test_junit_has_every_verdict(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.EVERY + small.SHORT.replace("short", "brief"), small.waiver())
    on_lab(pytester, "--junitxml=out.xml", "--no-archive")
    (suite,) = ElementTree.parse(pytester.path / "out.xml").getroot()
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "27", "failures": "1", "errors": "2", "skipped": "2",
    }  # fmt: skip
    cases = {(case.get("classname"), case.get("name")): case for case in suite.iter("testcase")}
    assert len(cases) == 27
    failure = cases["checks.procure.warranty", "brief"].find("failure")
    assert failure is not None
    assert "warranty: 2 years against >= 3 years" in f"{failure.get('message')}{failure.text}"
    skipped = cases["checks.procure.quantity", "cable"].find("skipped")
    assert skipped is not None
    assert "no fiber" in str(skipped.get("message"))
    waived = cases["checks.procure.warranty", "short"].find("skipped")
    assert waived is not None
    assert "waiver W1" in str(waived.get("message"))


@pytest.mark.parametrize("parts", [small.GOOD, small.EVERY], ids=["accepted", "every outcome"])
def test_xdist_comes_to_the_same(pytester: pytest.Pytester, parts: str) -> None:
    small.clone(pytester.path, parts, small.waiver() if parts is small.EVERY else "")
    plain, spread = on_lab(pytester), on_lab(pytester, "-n2")
    assert plain.parseoutcomes() == spread.parseoutcomes()
    assert plain.ret == spread.ret
    assert archives(pytester) == ["small-2026-11-20", "small-2026-11-20-2"]
    assert verdicts(pytester, "small-2026-11-20") == verdicts(pytester, "small-2026-11-20-2")


def test_x_under_xdist_exits_as_without(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.SHORT + small.GOOD)
    result = on_lab(pytester, "-x", "-n2")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["REJECTED*"])


def test_what_pytest_archives_the_command_verifies(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.EVERY, small.waiver())
    on_lab(pytester)
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", "verify", "reports/small-2026-11-20"],
        cwd=pytester.path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    run = json.loads((pytester.path / "reports/small-2026-11-20/run.json").read_text("utf-8"))
    assert run["command"][0] == "pytest"
    assert run["packs"] == ["checks"]


# --- what is wrong ------------------------------------------------------------------------------------------------


def broken(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("kind: fiber", "kynd: fiber", "small.yaml:7: *kynd*", id="an unknown key"),
        pytest.param("\n  good-2:", "\n  good-1:", "small.yaml:8: *good-1*", id="a duplicate subject"),
        pytest.param("profiles/ai-backend.toml", "profiles/none.toml", "small.yaml:2: *none.toml*", id="no profile"),
        pytest.param("../fixtures/small", "../fixtures/none", "*fixtures/none: no such directory*", id="no evidence"),
    ],
)
@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["plain", "xdist"])
def test_a_wrong_lab_is_one_clear_message(
    pytester: pytest.Pytester, old: str, new: str, said: str, workers: tuple[str, ...]
) -> None:
    small.clone(pytester.path)
    lab = pytester.path / LAB
    lab.write_text(broken(lab.read_text("utf-8"), old, new), "utf-8")
    result = on_lab(pytester, *workers)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *{said}"])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()
    assert archives(pytester) == []


@pytest.mark.parametrize("line", ["def broken(:", "import nope_nope", "1 / 0"], ids=["syntax", "import", "exception"])
@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["plain", "xdist"])
def test_a_module_of_checks_that_does_not_import_is_one_clear_message(
    pytester: pytest.Pytester, line: str, workers: tuple[str, ...]
) -> None:
    small.clone(pytester.path)
    with (pytester.path / "checks/procure.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    result = on_lab(pytester, *workers)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: checks cannot be imported: checks.procure: *"])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


def test_an_index_of_evidence_that_cannot_be_read_is_one_clear_message(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    (pytester.path / "fixtures/small/index.jsonl").write_text('{"garbage\n{}\n', "utf-8")
    result = on_lab(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *index.jsonl:1: not a record: *"])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


BROKEN_ASSEMBLY = """
from harness.assemble import Assembly

def broken(self, kind, name):
    raise RuntimeError("a decoder met bytes that it does not know")

Assembly.subject = broken
"""


def test_a_bug_in_decoding_is_an_error_of_each_verdict_and_no_internal_error(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    pytester.makeconftest(BROKEN_ASSEMBLY)
    result = on_lab(pytester)
    assert result.ret == 1
    result.assert_outcomes(errors=9)
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    result.stdout.fnmatch_lines(["*a decoder met bytes that it does not know*", "INCOMPLETE*"])


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["plain", "xdist"])
@pytest.mark.parametrize("asked", [["checks/"], ["checks/procure.py"], ["--pyargs", "checks"]])
def test_checks_without_a_lab_are_one_clear_message(
    pytester: pytest.Pytester, asked: list[str], workers: tuple[str, ...]
) -> None:
    small.clone(pytester.path)
    result = run(pytester, *asked, *workers)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: checks holds checks, and checks are judged on a lab: add --lab FILE*"])
    assert "no tests ran" not in result.stdout.str()


def test_an_instant_that_is_none_is_refused(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    result = on_lab(pytester, "--as-of", "yesterday")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --as-of: expected an instant*"])


def test_a_place_that_takes_no_archive_is_one_clear_message(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    (pytester.path / "reports").write_text("a file")
    result = on_lab(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["ACCEPTED*", "ERROR: *reports: no archive can be written there*"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def test_as_of_is_the_instant_judged(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path, small.GOOD + small.SHORT, small.waiver("2027-06-30"))
    assert on_lab(pytester, "--no-archive").ret == 0
    result = on_lab(pytester, "--no-archive", "--as-of", "2027-07-01T00:00:00Z", "-n2")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*FAILS THE RUN: expired on 2027-06-30*", "REJECTED*"])


def test_another_projects_folder_of_that_name_is_left_alone(pytester: pytest.Pytester) -> None:
    folder = pytester.mkpydir("checks")
    (folder / "test_theirs.py").write_text("def test_one(): pass\n")
    result = run(pytester, "checks/")
    result.assert_outcomes(passed=1)
    assert result.ret == 0


def test_a_run_without_checks_and_lab_is_left_alone(pytester: pytest.Pytester) -> None:
    small.clone(pytester.path)
    pytester.makepyfile("def test_one(): pass")
    result = run(pytester)
    result.assert_outcomes(passed=1)
    assert "checklist" not in result.stdout.str()


def test_the_plug_in_imports_nothing_heavy() -> None:
    heavy = ["harness.engine", "harness.report", "harness.decode", "yaml", "jsonschema", "tabulate", "paramiko", "rich"]
    code = f"import sys, harness.pytest_plugin; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_there_is_one_entry_point_and_it_is_this() -> None:
    text = (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text("utf-8")
    assert 'plugfest = "harness.pytest_plugin"' in text
