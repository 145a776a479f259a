"""The rows of the matrix: a fault, what has to find it, what else may change."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
LABS: Final = ("mixed", "rack3", "soak")
FAMILIES: Final = (
    "asic", "cmis", "dom", "fec", "optics", "breakout", "link", "roce", "fiber", "power", "procure", "soak",
)  # fmt: skip
DECLARED: Final = frozenset({"lab", "link", "row", "vendor", "profile"})
"""Changes of what the lab file, a list beside it, a vendor's record or the profile says; all others are of devices."""

EXPECTED: Final = re.compile(r"([A-Z]+-[0-9]{2}) (.+?)(?: = (FAIL|WARN|NOT-MEASURED|N/A|PASS))?")

Change = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """A verdict that has to find a fault, and how it ends then."""

    check: str
    subject: str
    outcome: str

    def __str__(self) -> str:
        return f"{self.check} {self.subject}" + ("" if self.outcome == "FAIL" else f" = {self.outcome}")


@dataclass(frozen=True, slots=True)
class Row:
    """One planted fault."""

    name: str
    family: str  # of the file
    lab: str  # one of LABS
    plant: tuple[Change, ...]
    earlier: tuple[Change, ...] | None  # changes of the lab of an earlier archive; None where there is none
    must: tuple[Expected, ...]
    may: tuple[str, ...]  # globs of "ID subject"
    why: str

    def allows(self, verdict: str) -> bool:
        """Whether a verdict may change."""
        return any(fnmatchcase(verdict, glob) for glob in self.may)

    @property
    def changes(self) -> Iterator[Change]:
        yield from self.plant
        yield from self.earlier or ()


def rows(family: str = "") -> tuple[Row, ...]:
    """Every row, or those of one family, in the order of the files."""
    names = [family] if family else FAMILIES
    return tuple(row for name in names for row in _of_file(HERE / f"{name}.toml"))


def _of_file(file: Path) -> Iterator[Row]:
    for held in tomllib.loads(file.read_text(encoding="utf-8"))["fault"]:
        earlier = held.get("earlier")
        yield Row(
            held["name"],
            file.stem,
            held["lab"],
            tuple(held["plant"]),
            None if earlier is None else tuple(earlier),
            tuple(expected(text) for text in held["must"]),
            tuple(held.get("may", ())),
            held.get("why", ""),
        )


def expected(text: str) -> Expected:
    """``FEC-01 leaf1:Ethernet448`` or ``FEC-09 leaf1:Ethernet448 = NOT-MEASURED``."""
    found = EXPECTED.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r}: an id, a subject and perhaps an outcome were expected")
    return Expected(found[1], found[2], found[3] or "FAIL")
