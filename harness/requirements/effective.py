"""Every limit that a profile brings about, one by one: what it is, how it is known, who says so.

``of_profile`` has what stands in the profile and in those that it inherits from, ``of_pmd`` what a PMD or a kind of
cable is held to, the standard's limits and the profile's.  Both are for a reader; checks ask ``Requirements``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..limit import NOT_ASKED, Range
from ..reading import shown
from ..units import Unit, scientific
from ..verdict import Standing, said
from .inherit import OWN, Chain
from .lookup import Requirements
from .reader import Key, Row, dotted
from .rows import QUANTITIES, Pmd

STANDARD: Final = "standard"
VOUCHED: Final = "; vouched for by "
LISTS: Final = ("limit", "vouch", "approved")


@dataclass(frozen=True, slots=True)
class Effective:
    """One limit, or one word of a profile that others need."""

    of: str  # "400GBASE-DR4"; empty for what holds whatever the PMD
    name: str  # "dom.spread_tx", "tdecq", "reach on OS2"
    value: str  # "<= 3 dB", "not asked", "guarded"
    unit: str
    least: Decimal | None
    most: Decimal | None
    standing: str
    clause: str
    whence: str  # the profile that says so; "standard" for the tables
    vouched: str  # who, with which document
    note: str  # that the profile is the looser one

    def document(self) -> Mapping[str, object]:
        """As JSON; numbers are texts, so that no digit is lost."""
        return {
            "of": self.of or None, "limit": self.name, "value": self.value, "unit": self.unit or None,
            "min": None if self.least is None else scientific(self.least),
            "max": None if self.most is None else scientific(self.most),
            "standing": self.standing, "clause": self.clause, "from": self.whence,
            "vouched": self.vouched or None, "note": self.note or None,
        }  # fmt: skip


def of_range(of: str, name: str, limit: Range, whence: str) -> Effective:
    clause, _, vouched = limit.clause.partition(VOUCHED)
    return Effective(
        of, name, said(limit.said(), limit.unit) if limit.asked else NOT_ASKED, limit.unit.value, limit.min, limit.max,
        limit.standing.value, clause, whence, vouched, limit.note,
    )  # fmt: skip


# --- what a profile says ------------------------------------------------------------------------------------------


def of_profile(profile: Chain) -> Iterator[Effective]:
    """Everything that stands in a profile, section by section; lists of tables last."""
    root = Row(profile, (), profile.tree, standing=Standing.BUYER)
    for key, value in profile.tree.items():
        if isinstance(value, dict):
            yield from of_section(root.table(key))
        elif key not in OWN and key not in LISTS:
            yield word(profile, (key,), value)
    for row in root.tables("vouch"):
        what = f"{row.tree.get('standing')} limits: {row.tree.get('row')} {row.tree.get('quantity', '*')}"
        who = f"{row.tree.get('who')} with {row.tree.get('document')}, {row.tree.get('date')}"
        yield Effective("", dotted(row.path), what, "", None, None, "buyer", row.clause, row_of(row), who, "")
    for row in root.tables("approved"):
        tried = ", ".join(map(str, as_list(row.tree.get("firmware", ())))) or "any"
        what = (
            f"{row.tree.get('vendor')} {row.tree.get('number')} on {row.tree.get('platform')}, firmware {tried}, "
            f"from release {row.tree.get('nos') or 'any'}, until {row.tree.get('expires')}"
        )
        clause = f"{row.tree.get('evidence')}, {row.tree.get('owner')}"
        yield Effective("", dotted(row.path), what, "", None, None, "buyer", clause, row_of(row), "", "")


def of_section(row: Row) -> Iterator[Effective]:
    """The limits and words of a table, and of those within it."""
    profile = row.document
    assert isinstance(profile, Chain)
    for key, value in row.tree.items():
        path = (*row.path, key)
        if not isinstance(value, dict):
            yield word(profile, path, value)
        elif "unit" in value:
            yield of_range("", dotted(path), row.limit(key), profile.profile(path))
        elif any(isinstance(part, dict) for part in value.values()):
            yield from of_section(row.table(key))
        else:
            yield word(profile, path, ", ".join(f"{part}: {shown(held)}" for part, held in value.items()))


def word(profile: Chain, path: tuple[Key, ...], value: object) -> Effective:
    """Something that is no limit by itself."""
    told = ", ".join(shown(item) for item in value) if isinstance(value, list) else shown(value)
    standing = Standing.BUYER.value
    clause = profile.speaker(path)
    if value == NOT_ASKED:
        clause = f"{clause}, line {profile.place(path)[1]}, {dotted(path)}"
    return Effective(
        "", dotted(path), told or "none", "", None, None, standing, clause, profile.profile(path), "", ""
    )  # fmt: skip


def row_of(row: Row) -> str:
    assert isinstance(row.document, Chain)
    return row.document.profile(row.path)


def as_list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


# --- what a PMD is held to ----------------------------------------------------------------------------------------


def of_pmd(require: Requirements, name: str) -> Iterator[Effective]:
    """What a PMD or a kind of cable has to keep.  NoLimit where the tables do not know it."""
    cable = require.cables.get(name.upper())
    row = cable or require.pmd(name)
    for quantity in QUANTITIES:
        if not require.limited(quantity, pmd=row.name):
            continue
        profiles = [bound.profile for bound in require.bounds_on(quantity, row.name)]
        whence = [STANDARD] * (quantity in row.limits) + profiles
        limits = require.ranges(quantity, row.name, monitor=False)
        for limit, who in zip(limits, whence, strict=True):
            yield of_range(row.name, quantity, limit, who)
    if isinstance(row, Pmd):
        yield from (of_range(row.name, f"reach on {fiber}", one, STANDARD) for fiber, one in row.reach.items())
        for fiber, loss in row.insertion_loss.items():
            yield of_range(row.name, f"insertion loss on {fiber}", loss, STANDARD)
        for number, band in enumerate(row.wavelengths, 1):
            yield of_range(row.name, f"wavelength {number}", band, STANDARD)
    else:
        for rate, reach in row.reach.items():
            yield of_range(row.name, f"reach at {rate} {Unit.GBPS} a lane", reach, STANDARD)
