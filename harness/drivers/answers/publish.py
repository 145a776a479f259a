"""Writes the schemas of all records to ``harness/drivers/schemas``: ``python -m harness.drivers.answers.publish``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from . import commands, record_schema

SCHEMAS: Final = Path(__file__).resolve().parent.parent / "schemas"


def schemas() -> Mapping[str, str]:
    """The text of every schema by the name of its file."""
    return {
        command.schema: json.dumps(record_schema(command.nos, command.name), indent=2) + "\n" for command in commands()
    }


def main() -> None:
    for name, text in schemas().items():
        path = SCHEMAS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
