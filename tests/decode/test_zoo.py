"""The zoo: dumps of modules with something wrong. What can be said of each is said, and what cannot is typed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from harness import cli
from harness.audit.run import audit
from harness.decode.annotate import Annotated, annotated, asked
from harness.decode.annotate import text as annotated_text
from harness.decode.cmis import Page10, Page11
from harness.decode.columns import columns
from harness.decode.compare import compare
from harness.decode.compare import text as compared_text
from harness.decode.document import document, listing, rows, text
from harness.decode.dump import read_dump
from harness.decode.fields import Field, Lanes, Parts
from harness.decode.memory import Page
from harness.decode.transceiver import CmisTransceiver, Transceiver, transceiver
from harness.errors import InputError
from harness.reading import Absence, Missing, Reading
from harness.twin import families
from harness.twin.zoo import INDEX, Animal, animals, main

ZOO = Path(__file__).resolve().parents[2] / "fixtures" / "zoo"
ANIMALS = animals(ZOO / INDEX)

Steps = tuple[str, ...]


@cache
def module_of(file: str) -> Transceiver:
    return transceiver(read_dump(ZOO / file, file))


def decoded(animal: Animal) -> Transceiver:
    return module_of(animal.file)


@cache
def content_of(file: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(json.dumps(document(module_of(file))))
    return held


def written(animal: Animal) -> dict[str, Any]:
    return content_of(animal.file)


@cache
def annotated_pages(file: str) -> tuple[Annotated, ...]:
    module = module_of(file)
    return tuple(annotated(module, page) for page in asked(module.memory.pages, ""))


@cache
def healthy(family: str) -> Transceiver:
    return transceiver(families.family(family).image().memory("healthy"))


def leaves(tree: Mapping[str, Any], path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every fact of a tree with its path."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def fact(tree: Any, path: Sequence[str]) -> Any:
    """The fact at a path, entries of lists from 1; of a list its length."""
    for key in path:
        tree = tree[int(key) - 1] if isinstance(tree, list) else tree[key]
    return len(tree) if isinstance(tree, list) else tree


REPEATING: tuple[str, ...] = ()
"""Dumps that are taken for what they are not yet: a page that repeats page 00h is not there (OIF-CMIS 8.2)."""


def marks(animal: Animal) -> list[pytest.MarkDecorator]:
    return (
        [pytest.mark.xfail(strict=True, reason="a page that repeats 00h is decoded")]
        if animal.file in REPEATING
        else []
    )


def facts(column: str) -> list[Any]:
    """A parameter for every fact that a column of the index demands."""
    return [
        pytest.param(animal, path, wanted, id=f"{animal.file}: {'.'.join(path)}", marks=marks(animal))
        for animal in ANIMALS
        for path, wanted in leaves(getattr(animal, column))
    ]


every = pytest.mark.parametrize("animal", [pytest.param(animal, id=animal.file) for animal in ANIMALS])


@every
def test_a_dump_is_what_the_generator_writes_byte_for_byte(animal: Animal) -> None:
    assert (ZOO / animal.file).read_bytes() == animal.dump()


def test_every_dump_of_the_zoo_has_its_line() -> None:
    listed = [animal.file for animal in ANIMALS]
    assert sorted(listed) == sorted(file.name for file in ZOO.iterdir() if file.name != INDEX)
    assert all(animal.story for animal in ANIMALS)
    assert all(animal.says or animal.absent for animal in ANIMALS)


def test_the_generator_writes_every_row_of_the_index_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / INDEX).write_bytes((ZOO / INDEX).read_bytes())
    assert main([str(tmp_path)]) == 0
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in ZOO.iterdir()
    }
    assert f"{len(ANIMALS)} dumps" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param('file = "a.json"\nlike = "800g"', "'800g' is not a family", id="a family that there is not"),
        pytest.param('file = "a.json"\nlike = "400g-dr4"\nsay = 1', "say: not a column", id="a column misspelt"),
        pytest.param('file = "a.hex"\nlike = "400g-dr4"', "ends with .json, .bin, .txt", id="a form unknown"),
    ],
)
def test_a_row_that_cannot_be_one_is_named(row: str, said: str, tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text(f"[[animal]]\nstory = 'none'\n{row}\n", "utf-8")
    with pytest.raises(InputError) as refused:
        animals(tmp_path / INDEX)
    assert said in str(refused.value)


@pytest.mark.parametrize(("animal", "path", "wanted"), facts("says"))
def test_what_can_be_said_is_said(animal: Animal, path: Steps, wanted: Any) -> None:
    found = fact(written(animal), path)
    assert (found, type(found)) == (wanted, type(wanted)), animal.story


@pytest.mark.parametrize(("animal", "path", "wanted"), facts("absent"))
def test_what_cannot_be_said_has_its_reason(animal: Animal, path: Steps, wanted: str) -> None:
    content = written(animal)
    assert content["absent"].get(".".join(path), f"is there: {fact(content, path)}").startswith(wanted), animal.story


@every
def test_a_guess_is_named_and_nothing_else_is_a_guess(animal: Animal) -> None:
    guess = decoded(animal).guess
    assert animal.guess in guess
    assert bool(guess) is bool(animal.guess)


@every
def test_whatever_has_no_value_has_a_reason(animal: Animal) -> None:
    content = dict(written(animal))
    absent = content.pop("absent")
    assert set(nulls(content)) == set(absent)
    assert all(absent.values())


def nulls(tree: Any, path: Steps = ()) -> Iterator[str]:
    """The paths of every null, entries of lists by what numbers them in the document."""
    if tree is None:
        yield ".".join(path)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from nulls(value, (*path, key))
    elif isinstance(tree, list):
        for number, value in enumerate(tree, 1):
            yield from nulls(value, (*path, str(number)))


@every
def test_every_register_is_a_value_or_says_why_not(animal: Animal) -> None:
    module = decoded(animal)
    for view in module.views:
        for register in type(view).registers():
            assert isinstance(register, Field | Lanes | Parts)
            read = register.read(view)
            for value in read if isinstance(read, tuple) else (read,):
                assert isinstance(value, Reading | Missing), register.name
                if isinstance(value, Reading) and isinstance(value.value, Decimal):
                    assert value.value.is_finite(), register.name


@every
def test_the_columns_hold_what_the_module_says(animal: Animal) -> None:
    found = columns(read_dump(ZOO / animal.file, animal.file))
    for number, value in enumerate(found.values):
        touched = found.reading(number)
        assert isinstance(touched, Reading | Missing)
        assert value == (touched.value if isinstance(touched, Reading) else touched.why)


@every
def test_every_listing_can_be_printed_and_steers_no_terminal(animal: Animal) -> None:
    module = decoded(animal)
    for printed in (text(module), listing(rows(module)), annotated_text(annotated_pages(animal.file))):
        assert printed
        assert all(character.isprintable() or character == "\n" for character in printed)


@every
def test_the_annotation_has_a_line_for_every_byte_that_was_read(animal: Animal) -> None:
    pages = decoded(animal).memory.pages
    for shown in annotated_pages(animal.file):
        covered = {byte for entry in shown.entries for byte in range(entry.first, entry.first + entry.size)}
        first = shown.page.first
        assert covered >= set(range(first, first + len(pages[shown.page] or b"")))


@every
def test_the_dump_compares_with_a_healthy_module(animal: Animal) -> None:
    printed = compared_text(compare(decoded(animal), healthy(animal.like or "400g-dr4")))
    assert all(character.isprintable() or character == "\n" for character in printed)


@pytest.mark.parametrize(
    ("file", "page"),
    [
        pytest.param("bank-1-of-one.json", Page(0x11, 1), id="bank 1 that holds what bank 0 does"),
    ],
)
def test_nothing_is_read_out_of_a_bank_that_the_module_does_not_have(file: str, page: Page) -> None:
    module = transceiver(read_dump(ZOO / file))
    assert page in module.memory.pages
    assert page not in {view.at for view in module.views}
    for view in (Page11(module.memory, page.bank), Page10(module.memory, page.bank)):
        for register in type(view).registers():
            assert isinstance(register, Field | Lanes | Parts)
            read = register.read(view)
            for value in read if isinstance(read, tuple) else (read,):
                assert isinstance(value, Missing), register.name
                assert value.why in (Absence.NOT_ADVERTISED, Absence.BEYOND_REVISION), register.name


@pytest.mark.parametrize("file", ["127-bytes.bin", "127-bytes.txt"])
def test_decode_prints_what_127_bytes_can_say_and_where_they_end(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["decode", str(ZOO / file)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "management cmis 127 bytes; lower memory ends at byte 126" in printed
    assert "form_factor QSFP-DD" in printed
    assert "temperature 48 °C" in printed
    assert "vendor_name - (not in the evidence" in printed


@pytest.mark.parametrize(
    "file",
    ["127-bytes.bin", "all-ff.json", "names-not-ascii.json", "sff8636-class-8-zero.json", "sff8472-external-nan.json"],
)
def test_the_command_decodes_annotates_and_compares(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--json"], ["--all"], ["--annotate"], ["--annotate", "--json"]):
        assert cli.main(["decode", str(ZOO / file), *arguments]) == 0, arguments
        out = capsys.readouterr().out
        assert json.loads(out) if "--json" in arguments else out
    assert cli.main(["decode", str(ZOO / file), str(ZOO / file)]) in (0, 3)


@cache
def outcomes(file: str) -> Mapping[str, str]:
    return {result.rule.id: result.outcome for result in audit(module_of(file))}


@pytest.mark.parametrize(
    ("animal", "rule", "outcome"),
    [
        pytest.param(animal, rule, outcome, id=f"{animal.file}: {rule} {outcome}")
        for animal in ANIMALS
        for rules, outcome in ((animal.breached, "breached"), (animal.warns, "warns"), (animal.unasked, "not asked"))
        for rule in rules
    ],
)
def test_the_audit_names_what_is_wrong(animal: Animal, rule: str, outcome: str) -> None:
    assert outcomes(animal.file)[rule] == outcome, animal.story


@every
def test_a_row_names_rules_of_the_audit_or_says_why_there_are_none(animal: Animal) -> None:
    assert bool(animal.breached or animal.warns or animal.unasked) is not bool(animal.silent)


@pytest.mark.parametrize("name", sorted({animal.like for animal in ANIMALS if animal.like}))
def test_the_healthy_module_that_an_animal_is_made_of_breaches_nothing(name: str) -> None:
    wrong = [result for result in audit(healthy(name)) if result.outcome in ("breached", "warns")]
    assert not wrong


def test_what_is_beyond_the_end_of_the_list_is_no_application_and_is_kept() -> None:
    module = module_of("application-after-terminator.json")
    assert isinstance(module, CmisTransceiver)
    assert [(one.number, one.host_id) for one in module.beyond_terminator] == [(4, 0x50)]


@pytest.mark.parametrize(
    ("file", "faults"),
    [
        pytest.param(
            "names-not-ascii.json",
            {"vendor_name", "vendor_sn"},
            id="letters that are no ASCII, and control characters",
        ),
        pytest.param("names-nul-padded.json", {"vendor_name", "vendor_sn"}, id="NUL in the place of spaces"),
        pytest.param("names-not-left-justified.json", {"vendor_sn"}, id="text that stands at the right"),
        pytest.param("date-blank.json", {"date_code"}, id="a blank date"),
        pytest.param("date-991332.json", {"date_code"}, id="a day that there is not"),
    ],
)
def test_the_form_of_a_text_is_judged_beside_its_words(file: str, faults: set[str]) -> None:
    found = module_of(file).text_faults
    assert {name for name, fault in found.items() if isinstance(fault, Reading) and fault.value} == faults
