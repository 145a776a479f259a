"""The example in the documentation is a check that works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from harness.check import Check
from harness.requirements.lookup import Requirements
from harness.testing import optical_port, unmeasured
from harness.verdict import Outcome

PAGE = Path(__file__).parents[2] / "docs" / "writing-a-check.md"


def example() -> dict[str, Any]:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    names: dict[str, Any] = {"__name__": "acme"}
    exec(compile(found[1], str(PAGE), "exec"), names)
    return names


def test_the_example_proves_itself(require: Requirements) -> None:
    example()["test_bias_reserve"](require)


def test_the_example_is_undecided_before_anything_was_read(require: Requirements) -> None:
    check: Check = example()["bias_reserve"]
    assert check.id == "ACME-01"
    assert check(unmeasured(optical_port()), require).outcome is Outcome.NOT_MEASURED


def test_the_page_has_ten_rules_and_one_file() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(re.findall(r"^\d+\. ", text, re.MULTILINE)) == 10
    assert text.count("```python") == 1
