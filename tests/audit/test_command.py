"""``plugfest audit`` as somebody at a terminal meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import cli
from harness.audit.rule import Needs
from harness.audit.run import RULES
from harness.decode.build import as_json
from harness.decode.transceiver import Transceiver

from .images import module

ZOO = Path(__file__).resolve().parents[2] / "fixtures" / "zoo"


def dump(tmp_path: Path, seen: Transceiver, name: str = "module") -> str:
    file = tmp_path / f"{name}.json"
    file.write_text(json.dumps(as_json(seen.memory)), encoding="utf-8")
    return str(file)


@pytest.fixture
def clean(tmp_path: Path) -> str:
    return dump(tmp_path, module("800g-dr8"), "clean")


@pytest.fixture
def broken(tmp_path: Path) -> str:
    return dump(tmp_path, module("800g-dr8", "00:222=00"), "broken")


def test_a_clean_module_exits_0_and_is_counted(clean: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", clean, "--as-of", "2099-01-01"]) == 0
    out = capsys.readouterr().out
    assert "100 rules: " in out
    assert " breached" not in out
    assert "needs register writes on a module board" in out


def test_a_breach_of_must_exits_1_with_its_byte(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", broken, "--failed", "--as-of", "2099-01-01"]) == 1
    out = capsys.readouterr().out
    assert "CM-08  must   breached  The checksum of page 00h fits its bytes." in out
    assert "page 00h byte 222 = 0x00" in out
    assert "CM-09" not in out


def test_a_breach_of_should_exits_0(tmp_path: Path) -> None:
    assert cli.main(["audit", dump(tmp_path, module("800g-dr8", "00:145=000000")), "--rule", "cm-13"]) == 0


def test_what_is_no_dump_exits_2_and_the_others_are_answered(
    tmp_path: Path, clean: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.json").write_text("not a dump", encoding="utf-8")
    assert cli.main(["audit", clean, str(tmp_path / "text.json")]) == 2
    caught = capsys.readouterr()
    assert "100 rules: " in caught.out
    assert caught.err.startswith("plugfest: ")


def test_several_dumps_are_one_fleet(tmp_path: Path, clean: str, capsys: pytest.CaptureFixture[str]) -> None:
    other = dump(tmp_path, module("800g-dr8"), "other")
    assert cli.main(["audit", clean, other, "--rule", "CM-91", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["rules"][0]["outcome"] for one in found] == ["warns", "warns"]
    assert cli.main(["audit", clean, other]) == 0
    assert "module" in capsys.readouterr().out.splitlines()[-3]


def test_a_later_dump_answers_rules_about_time(tmp_path: Path, clean: str, capsys: pytest.CaptureFixture[str]) -> None:
    later = dump(tmp_path, module("800g-dr8", "00:166=41"), "later")
    assert cli.main(["audit", clean, "--again", later, "--rule", "CM-67"]) == 1
    assert "bytes that differ: 166 against = none" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["--again", str(ZOO / "identifier-xfp.json")], "not the same module read later", id="another map"),
        pytest.param(["--json", "--markdown"], "two forms", id="two forms"),
        pytest.param(["--watts", "-5"], "--watts -5: expected a number above zero", id="power below zero"),
        pytest.param(["--watts", "hot"], "--watts hot: expected a number above zero", id="power that is no number"),
        pytest.param(["--inlet", "nan"], "--inlet nan: expected a number", id="temperature that is no number"),
        pytest.param(["--breakout", "0x4"], "such as 4x2", id="breakout into nothing"),
        pytest.param(["--as-of", "2026-11-20 or so"], "such as 2026-11-20", id="a day and more words"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    clean: str, args: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["audit", clean, *args]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1


def test_options_say_what_dumps_cannot(clean: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["--cage", "OSFP", "--watts", "20", "--khz", "400", "--breakout", "2x4", "--fec", "RS(544,514)"]
    more = ["--firmware", "2.4", "--min-revision", "5.0", "--inlet", "23", "--as-of", "2099-01-01"]
    assert cli.main(["audit", clean, *told, *more, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    outcomes = {rule["rule"]: rule["outcome"] for rule in found["rules"]}
    for rule in ("CM-03", "CM-05", "CM-07", "CM-17", "CM-18", "CM-31", "CM-33", "CM-83", "CM-94"):
        assert outcomes[rule] in ("holds", "warns"), rule
    assert found["answered_by_a_dump"] == {"rules": 47, "of": 100}


def test_a_twin_is_operated_and_answers_what_no_dump_can(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", "--twin", "400g-zr", "--as-of", "2099-01-01", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    operated = [one for one in found["rules"] if one["needs"] in (Needs.WRITES, Needs.HANDS, Needs.TIME)]
    assert len(operated) == 40
    assert {one["outcome"] for one in operated} == {"holds", "does not apply"}
    assert {one["rule"] for one in operated if one["outcome"] == "does not apply"} == {"CM-65", "CM-100"}


@pytest.mark.parametrize(
    "family",
    [
        "400g-dr4-cmis3",
        "800g-2xdr4",
        "1.6t-2xdr8-osfp-xd",
        "800g-dr8-lpo",
        "800g-aec",
        "800g-dac",
        "100g-sr4",
        "25g-sr",
    ],
)
def test_a_twin_of_a_family_breaches_nothing(family: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", "--twin", family, "--failed", "--as-of", "2099-01-01"]) == 0
    assert "nothing is breached" in " ".join(capsys.readouterr().out.split())


def test_a_module_whose_memory_map_is_not_known_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", str(ZOO / "identifier-xfp.json")]) == 1
    out = capsys.readouterr().out
    assert "identifier 06h is XFP, whose memory map is not known here: no other rule can be asked" in out
    assert "S36-01  must   breached" in out
    assert "S36-03" not in out
    assert out.endswith("21 rules: 1 breached, 20 not asked\nOne dump can answer 18 of the 21 rules of SFF-8636.\n")


def test_markdown_is_a_table_a_module(clean: str, broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", clean, broken, "--markdown"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("# Conformance audit\n\n## ")
    assert "| rule | level | outcome | what holds | grounds |\n| --- | --- | --- | --- | --- |" in out
    assert "## Summary" in out


def test_the_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", "--rules", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 141
    assert found[7] == {
        "rule": "CM-08",
        "title": "The checksum of page 00h fits its bytes.",
        "clause": "OIF-CMIS 8.3.11",
        "level": "must",
        "needs": "one dump of the module",
        "management": "cmis",
    }


WRONG = (
    ([], "name dumps, or a family with --twin, or ask for --rules"),
    (["--twin", "800g"], "no family '800g'; there are 400g-sr8, "),
    (["DUMP", "--twin", "800g-dr8"], "--twin is a module of its own"),
    (["DUMP", "--rule", "CM-8"], "no rule 'CM-8'; near are CM-"),
    (["DUMP", "DUMP", "--again", "DUMP"], "--again is of one module"),
    (["DUMP", "--cage", "CFP2"], "--cage CFP2: expected one of SFP+, SFP28"),
    (["DUMP", "--pmd", "800GBASE-XY"], "--pmd 800GBASE-XY: expected one of"),
    (["DUMP", "--watts", "much"], "--watts much: expected a number"),
    (["DUMP", "--breakout", "4"], "--breakout 4: expected ports times host lanes"),
    (["DUMP", "--as-of", "soon"], "--as-of soon: expected a day"),
)


@pytest.mark.parametrize(("args", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_cannot_be_is_one_line(clean: str, capsys: pytest.CaptureFixture[str], args: list[str], said: str) -> None:
    assert cli.main(["audit", *(clean if arg == "DUMP" else arg for arg in args)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_the_guide_names_every_option_and_counts_the_rules() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "audit.md").read_text("utf-8")
    _, words = cli.offered()["audit"]
    options = {word for word in words if word.startswith("--")} - {"--help"}
    assert {option for option in options if option not in guide} == set()
    for needs in Needs:
        count = sum(rule.needs is needs for rule in RULES["cmis"])
        assert f"| {needs.value} | {count} |" in guide
