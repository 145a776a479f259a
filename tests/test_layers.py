"""Imports go one way: the architecture, held."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HARNESS = Path(__file__).resolve().parent.parent / "harness"

# A module may import what stands to the left of it, and its own folder.
LAYERS = (
    "version errors units clock",
    "reading workers",
    "verdict breakout maths history",
    "limit",
    "check",
    "evidence",
    "decode",
    "twin",
    "audit",
    "devicefiles",
    "lab",
    "requirements",
    "model",
    "derived applies offers bom",
    "transports",
    "drivers",
    "assemble collect imported",
    "engine desk",
    "ledger sheet",
    "advice",
    "report",
    "testing",
    "simlab",
    "commands",
    "cli pytest_plugin",
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names.split()}

ONLY_IN = {
    "pytest": ("pytest_plugin",),
    "_pytest": (),
    "paramiko": ("transports",),
    "serial": ("transports", "simlab"),
    "smbus2": ("transports",),
    "pyvisa": ("transports",),
    "netmiko": ("transports",),
    "keyring": ("transports",),
    "rich": ("report", "commands", "cli", "pytest_plugin"),
    "tabulate": ("report", "cli"),
    "jsonschema": ("lab",),
    "scipy": ("maths",),
}

FILES = sorted(HARNESS.rglob("*.py"))


def room(file: Path) -> str:
    return file.relative_to(HARNESS).parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, as an absolute name."""
    package = ("harness", *file.relative_to(HARNESS).parent.parts)
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join((*base, *([node.module] if node.module else [])))
            if name == "harness":
                yield from ((node.lineno, f"harness.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, name


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(HARNESS)))
def test_imports_go_one_way(file: Path) -> None:
    here = room(file)
    if here == "__init__":
        return
    assert here in LEVEL, f"{here} stands in no layer; give it a place in LAYERS"
    for line, name in imports(file):
        parts = name.split(".")
        if parts[0] == "harness" and len(parts) > 1 and parts[1] != here and parts[1] in LEVEL:
            assert LEVEL[parts[1]] < LEVEL[here], f"{file.name}:{line} imports {name}, which stands above {here}"
        if parts[0] in ONLY_IN:
            assert here in ONLY_IN[parts[0]], (
                f"{file.name}:{line} imports {parts[0]}, which belongs to {ONLY_IN[parts[0]]}"
            )
