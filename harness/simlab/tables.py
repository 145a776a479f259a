"""The tables of this package: what healthy modules of a PMD are like, and how SONiC platforms number and name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from ..errors import LabError
from ..lab.inventory import ModulePlan

HERE: Final = Path(__file__).parent
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Form:
    """A form factor."""

    identifier: int
    lanes: int
    sonic: str  # the type as SONiC shows it


@dataclass(frozen=True, slots=True)
class Kind:
    """What a healthy module of one PMD, or one end of a kind of cable, is like."""

    name: str
    media: int  # SFF-8024 media type
    technology: str
    lanes: int  # media lanes
    apps: tuple[tuple[int, int, int, int], ...]  # host id, media id, host lanes, media lanes
    connector: int
    watts: Decimal
    ber: Decimal
    tx_range: tuple[Decimal, Decimal] = (ZERO, ZERO)  # dBm
    rx_range: tuple[Decimal, Decimal] = (ZERO, ZERO)
    tx: Decimal = ZERO  # dBm
    bias_ma: Decimal = ZERO
    tdecq: Decimal = ZERO
    near_nm: tuple[Decimal, ...] = ()
    smf_m: int = 0
    om4_m: int = 0
    bench: tuple[tuple[str, Decimal], ...] = ()  # what a laboratory measures of a lane beside its TDECQ and power

    @property
    def optical(self) -> bool:
        return self.media in (1, 2)

    @property
    def flat(self) -> bool:
        """Passive copper has lower memory and page 00h alone."""
        return self.media == 3


@dataclass(frozen=True, slots=True)
class Platform:
    """What a SONiC platform's answers look like where platforms differ."""

    asic: str
    model: str
    first_lane: int
    alias: str
    child: str
    buffer_bytes: int
    cell_bytes: int
    modes: Mapping[int, tuple[str, ...]]  # by lanes of the cage, as platform.json lists them

    def mode(self, plain: str, lanes: int) -> str:
        """A mode as the platform writes it, sub-speeds included; the plain text where it has no such mode."""
        return next((mode for mode in self.modes.get(lanes, ()) if mode.split("[")[0] == plain), plain)


@cache
def form(name: str) -> Form:
    row = _rows("kinds")["form"].get(name)
    if row is None:
        raise LabError(f"no form factor {name!r} in {HERE / 'kinds.toml'}: a simulated module cannot have it")
    return Form(row["identifier"], row["lanes"], row["sonic"])


@cache
def kind(pmd: str, cable: str, form_factor: str) -> Kind:
    """The row of a PMD, or of a cable where ``cable`` is dac, aec or aoc."""
    section, name = ("cable", cable) if cable in ("dac", "aec", "aoc") else ("optic", pmd)
    row = _rows("kinds")[section].get(name)
    if row is None:
        raise LabError(f"no {section} {name!r} in {HERE / 'kinds.toml'}: it cannot be simulated")
    lanes = row.get("lanes", form(form_factor).lanes)
    return Kind(
        name=name,
        media=row["media"],
        technology=row["technology"],
        lanes=lanes,
        apps=tuple((h, m, hl, ml) for h, m, hl, ml in row["apps"] if hl <= form(form_factor).lanes),
        connector=row["connector"].get(form_factor, row["connector"]["other"]),
        watts=Decimal(row["watts"]),
        ber=Decimal(row["ber"]),
        tx_range=_pair(row, "tx_dbm"),
        rx_range=_pair(row, "rx_dbm"),
        tx=Decimal(row.get("tx", 0)),
        bias_ma=Decimal(row.get("bias_ma", 0)),
        tdecq=Decimal(row.get("tdecq", 0)),
        near_nm=tuple(map(Decimal, row.get("near_nm", ()))),
        smf_m=row.get("smf_m", 0),
        om4_m=row.get("om4_m", 0),
        bench=tuple((name, Decimal(value)) for name, value in row.get("bench", {}).items()),
    )


def kind_of(plan: ModulePlan) -> Kind:
    return kind(plan.pmd, plan.kind, plan.form_factor)


@cache
def platform(name: str) -> Platform:
    for row in _rows("platforms").values():
        if name.startswith(row["match"]):
            modes = {8: tuple(row["modes8"]), 1: tuple(row["modes1"])}
            return Platform(
                row["asic"], row["model"], row["first_lane"], row["alias"], row["child"],
                row["buffer_bytes"], row["cell_bytes"], modes,
            )  # fmt: skip
    raise AssertionError("the last row of platforms.toml matches every platform")


def _pair(row: Mapping[str, Any], name: str) -> tuple[Decimal, Decimal]:
    low, high = row.get(name, ("0", "0"))
    return Decimal(low), Decimal(high)


@cache
def _rows(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
