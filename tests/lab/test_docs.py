"""The examples of docs/lab-file.md, and the schema that editors are given."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.lab import fibertests
from harness.lab.load import bill_of_materials, load
from harness.lab.tables import CABLING_COLUMNS, LINK_COLUMNS, PART_COLUMNS
from harness.lab.validate import SCHEMA

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "lab-file.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)


def test_the_examples_are_lab_files(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text("", encoding="utf-8")
    for name, text in EXAMPLE.findall(PAGE):
        (tmp_path / name).write_text(text, encoding="utf-8")
    lab = load(tmp_path / "lab.yaml")
    assert [len(device.ports) for device in lab.devices.values()] == [6, 2, 2]
    assert [port.up for port in lab.devices["leaf1"].cages[1].ports] == [True, False]
    assert bill_of_materials(lab) == {name: part.quantity for name, part in lab.parts.items()}
    faulty = load(tmp_path / "faulty.yaml")
    lengths = {str(link): link.fiber.length_m for link in faulty.links if link.fiber}
    assert lengths == {"leaf1:Ethernet8--gpu1:eth1": Decimal(700), "leaf1:Ethernet12--gpu2:eth1": Decimal(60)}
    assert faulty.waivers == ()


def test_every_key_of_the_schema_is_on_the_page() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    keys = set(schema["properties"]) | {key for part in schema["$defs"].values() for key in part.get("properties", {})}
    assert not {key for key in keys if not re.search(rf"\b{key}\b", PAGE)}
    assert not {column for column in LINK_COLUMNS if not re.search(rf"`{column}`|\b{column}\b", PAGE)}
    assert not {column for column in PART_COLUMNS if not re.search(rf"\b{column}\b", PAGE)}
    assert not {column for column in (*fibertests.COLUMNS, *CABLING_COLUMNS) if f"`{column}`" not in PAGE}


def test_the_schema_is_closed_and_described() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    mappings = list(walk(schema))
    assert mappings
    for mapping in mappings:
        assert mapping.get("additionalProperties", True) is not True, mapping
        assert "description" in mapping


def walk(schema: Any) -> Any:
    """Every part of a schema that allows a mapping."""
    if isinstance(schema, dict):
        if "object" in (schema.get("type") or ()):
            yield schema
        for child in schema.values():
            yield from walk(child)


@pytest.mark.parametrize(
    "name",
    [
        "rack3.yaml",
        "desk/vendors.yaml",
        "rack3/vendors.yaml",
        "rack3-faulty.yaml",
        "mixed.yaml",
        "mixed/vendors.yaml",
        "desk.yaml",
        "pod1024.yaml",
    ],
)
def test_shipped_labs_hold_no_secrets_and_no_real_vendor(name: str) -> None:
    text = (Path(__file__).resolve().parents[2] / "lab_configs" / name).read_text(encoding="utf-8").lower()
    assert "password" not in text
    assert not {"finisar", "lumentum", "innolight", "eoptolink"} & set(text.split())
