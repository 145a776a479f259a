"""Results of fiber testers, imported from CSV: loss (OLTS), traces (OTDR) and end-face inspection.

    tests = load_fiber_tests([Path("fiber/olts.csv"), Path("fiber/endface.csv")])

Testers name their columns each in its own way, so that a column is known by several words (``COLUMNS``), whatever its
case and punctuation; a unit stands in the word, as in ``Length (ft)``.  A column that nobody knows is an error, and so
is a number that cannot be read; an empty cell and one that says N/A is Missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from ..errors import LabError
from ..reading import Absence, Missing, Reading, Source, Value
from ..units import Unit
from .tables import Row, cells_of, row_of, text_of
from .validate import did_you_mean
from .yaml12 import File

T = TypeVar("T")


class Tester(StrEnum):
    """What measured."""

    OLTS = "olts"  # light source and power meter: loss of a whole link
    OTDR = "otdr"  # reflectometer: loss, length and events
    END_FACE = "end face"  # inspection after IEC 61300-3-35


@dataclass(frozen=True, slots=True)
class FiberTest:
    """One result: of one fiber of a link, or of one end face."""

    tester: Tester
    link: str  # "leaf1:Ethernet48--gpu1:eth1", by name or by the label of its fiber
    fiber: int | None  # of the connector, from 1; None where the result is of all
    end: str | None  # of an end face: the port that it is at
    wavelength: Value[Decimal]  # nm
    loss: Value[Decimal]  # dB, with uncertainty
    length: Value[Decimal]  # m
    reflectance: Value[Decimal]  # dB, the worst event of a trace
    result: Value[str]  # "pass" | "fail", as the tester has it
    standard: Value[str]  # "IEC 61300-3-35:2022"
    instrument: Value[str]
    calibrated: Value[date]
    at: Source


COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "tester": ("test type", "test", "tester type"),
    "link": ("link id", "link name", "cable id", "cable name", "cable", "cable label", "label", "circuit id", "id"),
    "fiber": ("fiber id", "fiber no", "fiber number", "fibre", "fibre id", "fibre no", "fibre number"),
    "end": ("port", "connector", "connector id", "end face", "endface", "end point", "location"),
    "wavelength_nm": ("wavelength", "lambda nm"),
    "loss_db": (
        "loss", "insertion loss", "insertion loss db", "il", "il db", "overall loss", "overall loss db", "link loss",
        "link loss db", "span loss", "span loss db", "total loss", "total loss db", "average loss db", "attenuation db",
    ),
    "uncertainty_db": ("uncertainty", "loss uncertainty db", "measurement uncertainty db"),
    "length_m": (
        "length", "fiber length", "fiber length m", "fibre length m", "link length", "link length m", "span length m",
        "cable length m", "distance m",
    ),
    "length_ft": ("fiber length ft", "link length ft", "span length ft", "cable length ft", "distance ft"),
    "length_km": ("fiber length km", "link length km", "span length km", "cable length km", "distance km"),
    "reflectance_db": (
        "reflectance", "max reflectance", "max reflectance db", "maximum reflectance db", "worst reflectance db",
        "peak reflectance db", "highest reflectance db",
    ),
    "result": ("overall result", "test result", "pass fail", "summary", "status", "verdict", "passed"),
    "standard": ("test standard", "test limit", "limit name", "inspection standard", "inspection profile", "criteria"),
    "instrument": ("tester model", "model", "otdr model", "microscope", "unit model", "main unit", "equipment"),
    "calibration_date": ("calibrated", "calibration", "last calibration", "calibration date main", "cal date"),
}  # fmt: skip
"""Columns of a list of fiber tests, and other words for each, without case and punctuation."""

UNREAD: Final = frozenset({
    "limit", "limit db", "loss limit", "loss limit db", "margin", "margin db", "loss margin db", "headroom db",
    "orl", "orl db", "attenuation db km", "direction", "date", "time", "date time", "test date", "operator",
    "technician", "tested by", "project", "job", "customer", "company", "site", "building", "comment", "comments",
    "remarks", "file", "file name", "software version", "firmware", "serial number", "tester serial number",
    "main serial number",
    "remote serial number", "fiber type", "fibre type", "cable type", "connector type", "polish", "reference date",
    "reference method", "method", "events", "event count", "splices", "pulse width", "pulse width ns", "range",
    "refractive index", "ior", "zone a", "zone b", "zone c", "zone d",
})  # fmt: skip
"""Columns that testers write and that no check needs."""

_OF_WAVELENGTH: Final = re.compile(
    r"(?:(?P<what>loss|il|insertion loss|overall loss|reflectance|max reflectance) (?P<nm>[0-9]{3,4})(?: nm)?"
    r"|(?P<nm2>[0-9]{3,4}) nm (?P<what2>loss|il|insertion loss|overall loss|reflectance|max reflectance))(?: db)?"
)
_TESTERS: Final[Mapping[str, Tester]] = {
    "olts": Tester.OLTS, "loss": Tester.OLTS, "loss length": Tester.OLTS, "lspm": Tester.OLTS, "tier 1": Tester.OLTS,
    "otdr": Tester.OTDR, "iolm": Tester.OTDR, "trace": Tester.OTDR, "tier 2": Tester.OTDR,
    "end face": Tester.END_FACE, "endface": Tester.END_FACE, "inspection": Tester.END_FACE, "fip": Tester.END_FACE,
    "microscope": Tester.END_FACE,
}  # fmt: skip
_RESULTS: Final[Mapping[str, str]] = {
    "pass": "pass", "passed": "pass", "p": "pass", "ok": "pass", "true": "pass", "yes": "pass",
    "fail": "fail", "failed": "fail", "f": "fail", "false": "fail", "no": "fail",
}  # fmt: skip
_METRES: Final = {"length_m": Decimal(1), "length_ft": Decimal("0.3048"), "length_km": Decimal(1000)}
_NOTHING: Final = frozenset({"n/a", "na", "-", "--", "---", "none", "not tested", "no limit"})
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def load_fiber_tests(paths: Iterable[Path]) -> tuple[FiberTest, ...]:
    """Every result of some files, in order; LabError with file and line where one cannot be read."""
    return tuple(test for path in paths for test in _tests(path))


def _tests(path: Path) -> Iterator[FiberTest]:
    evidence = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
    file = File(str(path), evidence)
    delimiter = _delimiter(path, file)
    header: list[str] | None = None
    kind: Tester | None = None
    for line, cells in cells_of(path, file, delimiter=delimiter):
        if header is None:
            header = _header(cells, file, line)
            kind = _kind(header)
            if kind is None and "tester" not in header:
                unsaid = "whether loss, a trace or an end face was tested is not said"
                raise LabError(f"{unsaid}: column 'tester' is missing", file=file.path, line=line)
            continue
        row = row_of(line, header, cells, file)
        yield from _Result(row, path, evidence, decimal_comma=delimiter != ",").tests(kind)
    if header is None:
        raise LabError(f"empty; a header was expected, such as {','.join(COLUMNS)}", file=file.path)


def _delimiter(path: Path, file: File) -> str:
    """What parts the cells: testers of some countries write semicolons, and a comma within numbers."""
    lines = (line for line in text_of(path, file).splitlines() if line.strip() and not line.startswith("#"))
    first = next(lines, "")
    return max(",;\t", key=first.count) if first else ","


def _header(cells: list[str], file: File, line: int) -> list[str]:
    """The columns of a file by our own names; ``loss@1310`` is loss at that wavelength."""
    header: list[str] = []
    for cell in cells:
        name = column_of(cell)
        if name is None:
            near = did_you_mean(folded(cell), [*_KNOWN, *UNREAD])
            raise LabError(f"unknown column {cell!r}{near}", file=file.path, line=line)
        if name and name in header:
            raise LabError(f"column {cell!r} is {name}, which is here twice", file=file.path, line=line)
        header.append(name)
    if "link" not in header:
        raise LabError("column 'link' is missing: which link was tested", file=file.path, line=line)
    return header


def column_of(heading: str) -> str | None:
    """Our name of a column, empty where it is one that is not read; None where nobody knows it."""
    word = folded(heading)
    if word in _KNOWN:
        return _KNOWN[word]
    found = _OF_WAVELENGTH.fullmatch(word)
    if found:
        what = "reflectance" if "reflectance" in (found["what"] or found["what2"]) else "loss"
        return f"{what}@{found['nm'] or found['nm2']}"
    return "" if word in UNREAD or not word else None


def folded(text: str) -> str:
    """Words without case and punctuation: ``Loss (dB)`` as ``loss db``."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


_KNOWN: Final[Mapping[str, str]] = {folded(word): name for name, words in COLUMNS.items() for word in (name, *words)}


def _kind(header: list[str]) -> Tester | None:
    """What a file holds, by its columns, where no column says it."""
    columns = {name.partition("@")[0] for name in header}
    if columns & {"reflectance", "reflectance_db"}:
        return Tester.OTDR
    if columns & {"loss", "loss_db"}:
        return Tester.OLTS
    return Tester.END_FACE if {"end", "result"} <= columns else None


@dataclass(frozen=True, slots=True)
class _Result:
    """The cells of one row and where it stands."""

    row: Row
    path: Path
    evidence: str
    decimal_comma: bool

    def tests(self, kind: Tester | None) -> Iterator[FiberTest]:
        """One result a wavelength."""
        link = self.cell("link")
        if link is None:
            raise self.error("column link is empty")
        kind = self.tester(kind)
        across = sorted({name.partition("@")[2] for name in self.row.cells if "@" in name}, key=int)
        for nm in across or [""]:
            yield FiberTest(
                tester=kind,
                link=link,
                fiber=self.fiber(),
                end=self.cell("end"),
                wavelength=self.wavelength(nm),
                loss=self.loss(f"loss@{nm}" if nm else "loss_db"),
                length=self.length(),
                reflectance=self.reflectance(f"reflectance@{nm}" if nm else "reflectance_db"),
                result=self.value("result", self.passed),
                standard=self.value("standard", str),
                instrument=self.value("instrument", str),
                calibrated=self.value("calibration_date", self.day),
                at=Source(self.evidence, f"line {self.row.line}"),
            )

    def tester(self, kind: Tester | None) -> Tester:
        cell = self.cell("tester")
        if cell is None:
            if kind is None:
                raise self.error("column tester is empty")
            return kind
        named = _TESTERS.get(folded(cell))
        if named is None:
            raise self.error(f"tester: one of {', '.join(_TESTERS)} was expected, found {cell!r}")
        return named

    def fiber(self) -> int | None:
        """The number of a fiber: testers write 3, F03, Fiber 3."""
        cell = self.cell("fiber")
        if cell is None or cell.lower() == "all":
            return None
        found = re.fullmatch(r"[^0-9]*?0*([1-9][0-9]{0,2})", cell)
        if not found:
            raise self.error(f"fiber: a number from 1 was expected, found {cell!r}")
        return int(found[1])

    def wavelength(self, nm: str) -> Value[Decimal]:
        if nm:
            return Reading(Decimal(nm), self.source("wavelength in the header", nm), Unit.NM)
        return self.value("wavelength_nm", lambda cell: self.number(cell.lower().removesuffix("nm").strip()), Unit.NM)

    def loss(self, column: str) -> Value[Decimal]:
        """The loss with its uncertainty; below zero the tester's reference was not set, and nothing was measured."""
        value = self.value(column, self.number, Unit.DB)
        if isinstance(value, Missing):
            return value
        if value.value < 0:
            why = f"a loss of {value.value} dB: the reference of the tester was not set"
            return Missing(Absence.NOT_AVAILABLE, value.source, why)
        doubt = self.value("uncertainty_db", self.number, Unit.DB)
        if isinstance(doubt, Reading) and doubt.value < 0:
            raise self.error(f"uncertainty_db: a half width of 0 or more was expected, found {doubt.value}")
        return Reading(value.value, value.source, Unit.DB, doubt.value if isinstance(doubt, Reading) else None)

    def length(self) -> Value[Decimal]:
        column = next((name for name in _METRES if name in self.row.cells), "length_m")
        return self.value(column, lambda cell: self.number(cell) * _METRES[column], Unit.METRE)

    def reflectance(self, column: str) -> Value[Decimal]:
        """The worst reflectance; ``<-65`` is at most that."""
        return self.value(column, lambda cell: self.number(cell.removeprefix("<").strip()), Unit.DB)

    def cell(self, column: str) -> str | None:
        cell = self.row.cells.get(column)
        return None if cell is None or cell.lower() in _NOTHING else cell

    def value(self, column: str, read: Callable[[str], T], unit: Unit = Unit.NONE) -> Value[T]:
        cell = self.row.cells.get(column)
        if cell is None or cell.lower() in _NOTHING:
            return self.missing(column, cell)
        try:
            return Reading(read(cell), self.source(column, cell), unit)
        except ValueError as problem:
            raise self.error(f"{column}: {problem} was expected, found {cell!r}") from None

    def missing(self, column: str, cell: str | None) -> Missing:
        if cell is not None:
            return Missing(Absence.NOT_AVAILABLE, self.source(column, cell), f"the tester shows {cell}")
        empty = column in self.row.columns
        return Missing(
            Absence.NOT_RECORDED,
            Source(self.evidence, f"line {self.row.line}"),
            f"{column} is empty" if empty else f"there is no column {column}",
        )

    def source(self, column: str, cell: str) -> Source:
        return Source(self.evidence, f"line {self.row.line} {column}", cell)

    def number(self, cell: str) -> Decimal:
        text = cell.replace(",", ".") if self.decimal_comma else cell
        if not _NUMBER.fullmatch(text):
            raise ValueError("a number")
        return Decimal(text)

    @staticmethod
    def passed(cell: str) -> str:
        """``PASS*`` is a pass within the tester's own accuracy."""
        word = _RESULTS.get(cell.lower().rstrip("*").strip())
        if word is None:
            raise ValueError("pass or fail")
        return word

    @staticmethod
    def day(cell: str) -> date:
        try:
            return date.fromisoformat(cell)
        except ValueError:
            raise ValueError("a date like 2025-06-30") from None

    def error(self, message: str) -> LabError:
        return LabError(message, file=self.path, line=self.row.line)
