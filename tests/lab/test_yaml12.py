"""Strict YAML 1.2: what scalars are, where nodes stand, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from harness.errors import LabError
from harness.lab.yaml12 import File, Node, parse, resolve

FILE = File("f.yaml", "f.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"), ("no", "no"), ("yes", "yes"), ("on", "on"), ("y", "y"), ("Off", "Off"),
        ("1:1", "1:1"), ("190:20:30", "190:20:30"), ("2025-11-20", "2025-11-20"), ("1_000", "1_000"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("5.10", Decimal("5.10")), ("5.0", Decimal("5.0")), ("1e3", Decimal("1e3")), (".5", Decimal(".5")),
        ("5.", Decimal(5)), ("1e1000", "1e1000"),
        ("010", 10), ("0o10", 8), ("0x1F", 31), ("-3", -3), ("+3", 3), ("0b11", "0b11"), (".", "."), ("-", "-"),
        (".inf", ".inf"), ("٣", "٣"), ("1.2.3", "1.2.3"), ("2x400G", "2x400G"),
    ],
)  # fmt: skip
def test_plain_scalar_is_what_the_core_schema_says(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_a_number_keeps_its_text_and_quotes_make_text() -> None:
    node = parse("a: 5.10\nb: '5.10'\nc: \"true\"\n", FILE)
    assert isinstance(node.value, dict)
    assert (node.value["a"].value, node.value["a"].text) == (Decimal("5.10"), "5.10")
    assert node.value["b"].value == "5.10"
    assert node.value["c"].value == "true"


def test_every_node_has_the_line_of_its_key() -> None:
    node = parse("# c\na:\n  b:\n    - 1\n    - {c: 2,\n       d: 3}\n", FILE)
    assert isinstance(node.value, dict)
    a = node.value["a"]
    assert isinstance(a.value, dict)
    b = a.value["b"]
    assert isinstance(b.value, list)
    second = b.value[1].value
    assert isinstance(second, dict)
    assert [a.line, b.line, b.value[0].line, second["c"].line, second["d"].line] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3: a is here twice, first on line 1"),
        ("1: x\n'1': y\n", "f.yaml:2: 1 is here twice, first on line 1"),
        ("a: &x {b: 1}\n", "f.yaml:1: anchor &x: write a range (leaf[1-2], 1-8) or every_port instead"),
        ("a: 1\nb: *x\n", "f.yaml:2: alias *x: write a range (leaf[1-2], 1-8) or every_port instead"),
        ("a:\n  <<: {b: 1}\n", "f.yaml:2: merge key <<: write a range (leaf[1-2], 1-8) or every_port instead"),
        ("a: !!str 5\n", "f.yaml:1: tag tag:yaml.org,2002:str: only plain YAML is read here"),
        ("a: !!python/object/apply:os.system [ls]\n",
         "f.yaml:1: tag tag:yaml.org,2002:python/object/apply:os.system: only plain YAML is read here"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: a second document begins: a lab file is one document"),
        ("a: .inf\n", "f.yaml:1: .inf: a finite number was expected"),
        ("? [a, b]\n: 1\n", "f.yaml:1: a key must be one word"),
        ("a:\n\tb: 1\n", "f.yaml:2: not YAML: a tab where only spaces can be"),
        ("a: b: c\n", "f.yaml:1: not YAML: mapping values are not allowed in this context"),
        ("a: 1\nb: \x01\n", "f.yaml:2: not YAML: character '\\x01' is not allowed"),
        ("[" * 200, "f.yaml:1: nested more than 100 deep"),
    ],
)  # fmt: skip
def test_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(LabError) as caught:
        parse(text, FILE)
    assert str(caught.value) == message


def test_pure_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: [1, 2.50, off]\nb:\n  c: 'x'\n"
    first = parse(text, FILE)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert parse(text, FILE) == first


def test_an_empty_file_is_nothing() -> None:
    assert parse("# nothing\n", FILE) == Node(None, FILE, 1)
