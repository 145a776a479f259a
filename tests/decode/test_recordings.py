"""Recorded modules decode without exception, and agree field for field with what others read out of the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.decode import annotate, columns
from harness.decode.compare import compare as compare_dumps
from harness.decode.document import document, listing, rows, text
from harness.decode.dump import read_dump
from harness.decode.memory import HALF
from harness.decode.module import Transceiver
from harness.decode.module_cmis import CmisTransceiver
from harness.decode.transceiver import transceiver
from harness.reading import Absence, Missing, Reading
from tests.decode import oracle_cmis, oracle_sff8472, oracle_sff8636
from tests.decode.differences import KNOWN, VALUE, Difference, known
from tests.decode.oracle import UNCOMPARED, Compared, compare, expected_of, leaves, nulls
from tests.recordings import REPOSITORY, recorded

MODULES = [path for path in recorded("eeprom/*.json") if path.name != "index.json"]
NAMES = frozenset(path.stem for path in MODULES)
TABLES = {"cmis": oracle_cmis.TABLE, "sff8636": oracle_sff8636.TABLE, "sff8472": oracle_sff8472.TABLE}
DIFFERENCES = REPOSITORY / "docs" / "decoding-differences.md"

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


def compared(path: Path) -> Iterator[Compared]:
    expected = expected_of(path)
    yield from compare(TABLES[expected["management"]], transceiver(read_dump(path)), expected)


def shown(one: Compared) -> str:
    return f"{one.key}: {one.ours} beside {one.theirs!r}"


def meant(one: Compared, difference: Difference) -> bool:
    """Whether what we have in place of theirs is what the difference says."""
    if isinstance(difference.ours, Absence):
        return isinstance(one.ours, Missing) and one.ours.why is difference.ours
    return not isinstance(one.ours, Missing)


@each_module
def test_recorded_module_agrees_with_what_others_read_of_it(path: Path) -> None:
    meant_here = known(path.stem)
    differing = [one for one in compared(path) if not one.same]
    assert [shown(one) for one in differing if one.rule not in meant_here] == []
    assert [shown(one) for one in differing if not meant(one, meant_here[one.rule])] == []


@each_module
def test_known_difference_is_still_one(path: Path) -> None:
    differing = {one.rule for one in compared(path) if not one.same}
    assert [key for key in known(path.stem) if key not in differing] == []


@each_module
def test_every_key_of_the_expected_facts_is_compared_or_said_why_not(path: Path) -> None:
    expected = expected_of(path)
    table = TABLES[expected["management"]]
    keys = {key for key, _ in leaves(expected) if table.find(key) is None and not key.startswith("facts.vdm")}
    assert {key for key in keys if re.sub(r"\[\d+\]", "[#]", key) not in UNCOMPARED} == set()


def test_no_rule_and_no_excuse_is_idle(recordings: Path) -> None:
    used: dict[str, set[str]] = {name: set() for name in TABLES}
    left: set[str] = set()
    for path in MODULES:
        expected = expected_of(path)
        for key, _ in leaves(expected):
            found = TABLES[expected["management"]].find(key)
            if found is None:
                left.add("facts.vdm" if key.startswith("facts.vdm") else re.sub(r"\[\d+\]", "[#]", key))
            else:
                used[expected["management"]].add(found[0])
    assert set(UNCOMPARED) == left
    optional = {"get_transceiver_dom_real_value", "get_transceiver_threshold_info", "get_transceiver_info"}
    for name, table in TABLES.items():
        idle = set(table.rules) - used[name]
        assert {
            key for key in idle if not whole_list(key, used[name]) and key.rpartition(".")[2] not in optional
        } == set()


def whole_list(key: str, used: set[str]) -> bool:
    """Whether a rule is for a list that no module lacks, or that is never given."""
    return any(other.startswith((f"{key}[", f"{key}.")) for other in used) or key in ("pages_all_zero[]",)


def test_no_key_is_known_to_differ_for_two_reasons() -> None:
    pairs = [(module, key) for one in KNOWN for module, keys in one.where.items() for key in keys]
    assert len(pairs) == len(set(pairs))


def test_differences_are_of_modules_that_are_recorded(recordings: Path) -> None:
    assert {module for one in KNOWN for module in one.where} - NAMES == set()


def test_readers_are_told_the_same_differences() -> None:
    told: dict[str, dict[str, tuple[str, ...]]] = {}
    for section in DIFFERENCES.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        table = re.findall(r"^\| `([^`]+)` \| (.+) \|$", body, re.MULTILINE)
        told[title] = {module: tuple(re.findall(r"`([^`]+)`", keys)) for module, keys in table}
    assert told == {one.title: {module: tuple(keys) for module, keys in one.where.items()} for one in KNOWN}


def test_readers_are_told_what_stands_in_place_of_the_other_value() -> None:
    written = DIFFERENCES.read_text(encoding="utf-8").split("\n## ")[1:]
    ours = [re.search(r"^Ours: (.+)\.$", section, re.MULTILINE) for section in written]
    assert [found and found[1] for found in ours] == [
        one.ours if one.ours == VALUE else Absence(one.ours).value for one in KNOWN
    ]


def test_recordings_are_all_there(recordings: Path) -> None:
    assert len(MODULES) == 53


@each_module
def test_document_of_a_recorded_module_is_whole(path: Path) -> None:
    module = transceiver(read_dump(path))
    written = json.loads(json.dumps(document(module)))
    assert written["management"] == expected_of(path)["management"]
    assert nulls(written) == set(written["absent"])
    assert set(module.text_faults) == {"vendor_name", "vendor_pn", "vendor_rev", "vendor_sn", "date_code"}


@each_module
def test_listing_of_a_recorded_module_has_a_value_or_a_reason_in_every_row(path: Path) -> None:
    module = transceiver(read_dump(path))
    listed = list(rows(module))
    assert [row for row in listed if not row[0]] == []
    assert [row for row in listed if row[1].startswith("-") and not re.fullmatch(r"-[\d.]+|- \(.+\)", row[1])] == []
    assert listing(listed).count("\n") == len(listed)
    assert text(module).startswith("management")


@each_module
def test_every_byte_of_a_recorded_module_is_annotated(path: Path) -> None:
    memory = read_dump(path)
    module = transceiver(memory)
    for page, held in memory.pages.items():
        shown_page = annotate.annotated(module, page)
        covered = {byte for entry in shown_page.entries for byte in range(entry.first, entry.first + entry.size)}
        assert set(range(page.first, page.first + len(held or b""))) - covered == set()


@each_module
def test_columns_of_a_recorded_module_are_its_readings(path: Path) -> None:
    found = columns.columns(read_dump(path))
    for number, (name, value) in enumerate(found.items()):
        read = found.reading(number)
        one = read.value if isinstance(read, Reading) else read.why if isinstance(read, Missing) else read
        assert value == one, name


@each_module
def test_recorded_module_is_the_same_as_itself(path: Path) -> None:
    module = transceiver(read_dump(path))
    assert compare_dumps(module, module).exit_status in (0, 3)


def monitors(module: Transceiver) -> Iterator[tuple[str, Any]]:
    """Every monitor, threshold and flag with its name."""
    yield "temperature", module.temperature
    yield "vcc", module.vcc
    for name in ("tx_power", "rx_power", "tx_bias"):
        for lane, value in enumerate(getattr(module, name), 1):
            yield f"{name} {lane}", value
    yield from module.aux_monitors.items()
    for name, quad in module.thresholds.items():
        for limit, value in quad.items():
            yield f"{name} {limit}", value
    for name, lanes in module.flags.items():
        for lane, value in enumerate(lanes, 1):
            yield f"{name} {lane}", value
    yield from module.module_flags.items()


@each_module
def test_absence_of_a_monitor_has_its_reason_where_the_module_or_the_dump_gives_it(path: Path) -> None:
    """A monitor that is not advertised points at a byte that was read; one that was not read, at one that was not."""
    memory = read_dump(path)
    module = transceiver(memory)
    read = {str(page): held for page, held in memory.pages.items() if held}
    for name, value in monitors(module):
        if not isinstance(value, Missing):
            continue
        if value.detail.endswith("has no such register"):
            continue
        place = re.match(r"(.+) bytes? (\d+)(?:-(\d+))?", value.source.where)
        assert place, (name, value)
        held = read.get(place[1], b"")
        first = 0 if "lower" in place[1] or (len(place[1]) == 3) else HALF
        there = int(place[3] or place[2]) - first < len(held)
        assert there is (value.why is not Absence.NOT_RECORDED), (name, value)
        assert bool(value.source.raw) is there, (name, value)


@each_module
def test_monitor_of_a_cmis_module_that_is_not_advertised_names_its_bit(path: Path) -> None:
    module = transceiver(read_dump(path))
    if not isinstance(module, CmisTransceiver):
        return
    for name, value in monitors(module):
        if isinstance(value, Missing) and value.why is Absence.NOT_ADVERTISED:
            assert re.match(r"(lower:2\.7|01h:(142|15[789]|160|161)\.|00h:210\.)", value.detail), (name, value)


def test_captured_sfputil_hexdump_reads_as_the_module_it_was_taken_from(recordings: Path) -> None:
    captured = read_dump(recordings / "cli/sonic/sfputil-show-eeprom-hexdump/sff8472-finisar.txt")
    kept = read_dump(recordings / "eeprom/sff8472-10g-sr-finisar-sonic-test.json")
    assert captured.pages == kept.pages
