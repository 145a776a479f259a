"""The parsers, held against the recordings: nothing is lost, nothing foreign gets in, the documentation is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.drivers.answers import commands, parse, record_schema
from harness.drivers.answers.publish import SCHEMAS, schemas
from harness.errors import InputError
from tests.recordings import RECORDINGS, REPOSITORY, recorded

SYSTEMS = {
    "sonic": "sonic",
    "arista_eos": "eos",
    "cisco_nxos": "nxos",
    "cisco_iosxr": "iosxr",
    "juniper_junos": "junos",
    "cumulus": "cumulus",
}
"""Systems as the index of the recordings calls them."""

REFUSED = {
    "sonic/show-interfaces-breakout/doc.txt": 11,
    "sonic/show-platform-syseeprom/doc-1.txt": 1,
}
"""Recordings that are not what the command prints, and the line where that shows."""


@cache
def index() -> list[dict[str, Any]]:
    path = RECORDINGS / "cli" / "index.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return entries


def of(*, sonic: bool) -> list[dict[str, Any]]:
    return [entry for entry in index() if (entry["nos"] == "sonic") is sonic]


def text_of(file: str) -> str:
    return (RECORDINGS / "cli" / file).read_text(encoding="utf-8")


@cache
def validator(command: str) -> Draft202012Validator:
    schema = record_schema("sonic", command)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def walk(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, dict):
        for inner in value.values():
            yield from walk(inner)
    if isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def test_there_are_recordings_of_sonic(recordings: Path) -> None:
    assert len(of(sonic=True)) >= 65


@pytest.mark.parametrize("entry", of(sonic=True), ids=lambda e: str(e["file"]))
def test_a_recording_parses_without_loss_or_is_refused_with_its_line(entry: dict[str, Any]) -> None:
    text = text_of(entry["file"])
    if entry["file"] in REFUSED:
        with pytest.raises(InputError, match=f"line {REFUSED[entry['file']]}: "):
            parse("sonic", entry["command"], text)
        return
    parsed = parse("sonic", entry["command"], text)
    assert parsed.records
    assert parsed.unparsed == ()
    for record in parsed.records:
        assert not list(validator(entry["command"]).iter_errors(record))
        assert not any(isinstance(value, float) for value in walk(record))
        assert 1 <= int(str(record["line"])) <= text.count("\n") + 1


@pytest.mark.parametrize("entry", of(sonic=True), ids=lambda e: str(e["file"]))
def test_a_line_that_nobody_knows_is_reported_with_its_number(entry: dict[str, Any]) -> None:
    if entry["file"] in REFUSED or entry["file"].endswith("json.txt"):
        return
    lines = text_of(entry["file"]).rstrip("\n").split("\n")
    for at in range(3, len(lines) + 1, max(1, len(lines) // 7)):
        strange = [*lines[:at], "%LINK-3-UPDOWN: a line of the kernel's log got in here", *lines[at:]]
        try:
            parsed = parse("sonic", entry["command"], "\n".join(strange))
        except InputError:
            continue
        assert at + 1 in [one.line for one in parsed.unparsed]


@pytest.mark.parametrize("command", [c for c in commands() if c.nos == "sonic"], ids=lambda c: str(c.name))
def test_answers_of_another_nos_are_refused(command: Any, recordings: Path) -> None:
    for entry in of(sonic=False):
        if entry["command"] == "lldpctl" and command.name == "show lldp neighbors":
            continue
        try:
            parsed = parse("sonic", command.name, text_of(entry["file"]))
        except InputError:
            continue
        pytest.fail(f"{entry['file']} gave {len(parsed.records)} records of {command.name}")


def test_a_refusal_names_the_nos_that_the_answer_looks_like(recordings: Path) -> None:
    seen: dict[str, list[str]] = {}
    for entry in of(sonic=False):
        with pytest.raises(InputError) as refused:
            parse("sonic", "show interfaces status", text_of(entry["file"]))
        found = re.search(r"it looks like (.+), not SONiC", str(refused.value))
        seen.setdefault(entry["nos"], []).append(found[1] if found else "")
    names = {"arista_eos": "Arista EOS", "cisco_nxos": "Cisco NX-OS", "cisco_iosxr": "Cisco IOS-XR",
             "juniper_junos": "Juniper Junos", "cumulus": "Cumulus Linux"}  # fmt: skip
    for nos, likenesses in seen.items():
        right = likenesses.count(names[nos])
        assert right * 2 >= len(likenesses), (nos, likenesses)


@pytest.mark.parametrize(
    "path",
    [*recorded("sonic_config/config_db/*.json"), *recorded("sonic_config/redis/*.json"),
     *recorded("sonic_config/rendered/*.json")],
    ids=lambda p: str(p.name),
)  # fmt: skip
def test_a_database_gives_every_row(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    parsed = parse("sonic", "cat /etc/sonic/config_db.json", text)
    lines = text.split("\n")
    assert parsed.records
    for record in parsed.records:
        assert not list(validator("show runningconfiguration all").iter_errors(record))
        name = str(record["key"] or record["table"]).split("|")[-1]
        assert json.dumps(name)[1:-1] in lines[int(str(record["line"])) - 1]
    assert all(text.count(one.text.split('"')[1]) > 1 for one in parsed.unparsed)


@pytest.mark.parametrize("name", ["platform", "hwsku"])
def test_the_port_files_of_every_platform_parse(name: str, recordings: Path) -> None:
    files = [*recordings.glob(f"sonic_platform/**/{name}.json"), *recordings.glob(f"sonic_config/**/*_{name}.json")]
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        parsed = parse("sonic", f"cat /usr/share/sonic/device/x/{name}.json", text)
        assert len(parsed.records) == len(json.loads(text)["interfaces"])
        assert parsed.unparsed == ()
        for record in parsed.records:
            assert not list(validator(f"cat {name}.json").iter_errors(record))


def test_published_schemas_are_those_of_the_code() -> None:
    written = {str(path.relative_to(SCHEMAS)): path.read_text(encoding="utf-8") for path in SCHEMAS.rglob("*.json")}
    assert written == schemas(), "run: python -m harness.drivers.answers.publish"


PAGES = REPOSITORY / "docs" / "commands"


def documented(nos: str) -> list[list[str]]:
    """The rows of the tables of a system's page."""
    text = (PAGES / f"{nos}.md").read_text(encoding="utf-8")
    rows = (re.split(r"(?<!\\) ?\| ", row.strip("|").strip()) for row in text.split("\n") if row.startswith("|"))
    return [[cell.strip().strip("`").replace("\\|", "|") for cell in row] for row in rows]


def test_the_documentation_lists_every_command() -> None:
    rows = {path.stem: documented(path.stem) for path in PAGES.glob("*.md") if path.stem != "README"}
    assert set(rows) == {command.nos for command in commands()}
    for command in commands():
        assert any(row[0] == command.name and command.schema in row for row in rows[command.nos]), command


@pytest.mark.parametrize("nos", [*dict.fromkeys(SYSTEMS.values())])
def test_the_documentation_tells_the_truth_about_every_recording(nos: str, recordings: Path) -> None:
    mine = [entry for entry in index() if SYSTEMS[entry["nos"]] == nos]
    rows = {row[0]: row for row in documented(nos) if row[0].partition("/")[0] in SYSTEMS}
    assert set(rows) == {entry["file"] for entry in mine}
    for entry in mine:
        _, command, provenance, status = rows[entry["file"]]
        assert (command, provenance) == (entry["command"], entry["provenance"])
        if line := REFUSED.get(entry["file"]):
            assert status.startswith(f"refused, line {line}: ")
        else:
            count = len(parse(nos, entry["command"], text_of(entry["file"])).records)
            assert status == f"parsed: {count} record{'' if count == 1 else 's'}"


@pytest.mark.parametrize("entry", of(sonic=False), ids=lambda e: str(e["file"]))
def test_a_recording_of_any_system_parses_whole_into_records_of_its_schema(entry: dict[str, Any]) -> None:
    nos, text = SYSTEMS[entry["nos"]], text_of(entry["file"])
    parsed = parse(nos, entry["command"], text)
    assert parsed.records
    assert parsed.unparsed == ()
    schema = Draft202012Validator(record_schema(nos, entry["command"]))
    long = {line.strip() for line in text.split("\n") if len(line.strip()) > 60}
    for record in parsed.records:
        assert not list(schema.iter_errors(record))
        assert not any(
            isinstance(value, float) or value in long for value in walk(record) if not isinstance(value, dict | list)
        )
        assert 1 <= int(str(record["line"])) <= text.count("\n") + 1


ALIKE = {("iosxr", "nxos", "show inventory"), ("nxos", "iosxr", "show inventory")}
"""Systems of one family that print an answer in the same words."""


def test_what_another_system_printed_for_the_same_command_is_refused(recordings: Path) -> None:
    taken = []
    for entry in index():
        nos = SYSTEMS[entry["nos"]]
        for other in dict.fromkeys(command.nos for command in commands()):
            if other == nos or {nos, other} <= {"linux", "nvidia", "nvue", "cumulus"}:
                continue
            try:
                parsed = parse(other, entry["command"], text_of(entry["file"]))
            except InputError:
                continue
            if not parsed.unparsed and not any(
                {nos, other} == {a, b} and entry["command"].startswith(c) for a, b, c in ALIKE
            ):
                taken.append((entry["file"], other, len(parsed.records)))
    assert taken == []
