"""What earlier archives saw: modules by serial number, and the error ratio of links by their pair of modules.

    history = read_history(Path("reports"))
    history.of_serial("PF012345678"), history.of_number("NW-O8-2DR4"), history.baseline("PF01", "PF02")

It is read from the verdicts of every archive below a directory.  An archive keeps what a run read of others, so that
it can be judged again where those are no longer at hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from .errors import InputError, UsageError
from .reading import Source

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
VERDICTS: Final = "verdicts.jsonl"
MODULES: Final = "CMIS-03"
"""The check that is asked of every module, and whose verdicts name it."""
LINKS: Final = "FEC-03"
RATIOS: Final = "FEC-06"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A module where an earlier archive saw it."""

    lab: str
    where: str  # the cage, as its first port
    at: datetime  # the instant judged
    serial: str
    number: str
    firmware: str
    revision: str  # of its hardware, as the vendor writes it
    source: Source  # the archive


@dataclass(frozen=True, slots=True)
class Baseline:
    """The bit error ratio before FEC of a pair of modules, each as received, in an earlier archive.

    None where that run did not measure it at an end; one of the two was measured.
    """

    serials: tuple[str, str]
    pre_fec_ber: tuple[Decimal | None, Decimal | None]
    at: datetime
    source: Source


@dataclass(frozen=True)
class History:
    """All that earlier archives say."""

    source: Source
    sightings: tuple[Sighting, ...]  # the earliest first
    baselines: tuple[Baseline, ...]

    def of_serial(self, serial: str) -> tuple[Sighting, ...]:
        """Where a serial number was seen, the earliest first."""
        return self._serials.get(serial, ())

    def of_number(self, number: str) -> tuple[Sighting, ...]:
        """Every module of a part number that was seen."""
        return tuple(one for one in self.sightings if one.number == number)

    def baseline(self, near: str, far: str) -> Baseline | None:
        """The last run of two modules as the ends of one link; the ratios in the order that was asked for."""
        found = self._pairs.get((near, far))
        if found is not None or (turned := self._pairs.get((far, near))) is None:
            return found
        return Baseline(turned.serials[::-1], turned.pre_fec_ber[::-1], turned.at, turned.source)

    @cached_property
    def _serials(self) -> Mapping[str, tuple[Sighting, ...]]:
        found: dict[str, list[Sighting]] = {}
        for one in self.sightings:
            found.setdefault(one.serial, []).append(one)
        return {serial: tuple(these) for serial, these in found.items()}

    @cached_property
    def _pairs(self) -> Mapping[tuple[str, str], Baseline]:
        return {one.serials: one for one in self.baselines}

    def document(self) -> dict[str, Any]:
        """As an archive keeps it."""
        return {
            "format": FORMAT,
            "of": self.source.evidence,
            "sightings": [plain(one) for one in self.sightings],
            "baselines": [plain(one) for one in self.baselines],
        }


def plain(one: Sighting | Baseline) -> dict[str, Any]:
    told = asdict(one) | {"at": one.at.isoformat(), "source": one.source.evidence}
    if isinstance(one, Baseline):
        told |= {
            "serials": list(one.serials),
            "pre_fec_ber": [None if ratio is None else str(ratio) for ratio in one.pre_fec_ber],
        }
    return told


def read_history(directory: Path) -> History:
    """What the archives below a directory saw.

    UsageError where there is no such directory or no archive in it, InputError where one cannot be read.
    """
    if not directory.is_dir():
        raise UsageError(f"--history {directory}: no such directory; one with archives of earlier runs was expected")
    sightings: list[Sighting] = []
    baselines: list[Baseline] = []
    for manifest in sorted(directory.rglob(MANIFEST)):
        verdicts = manifest.with_name(VERDICTS)
        if verdicts.is_file():
            seen, ratios = of_archive(verdicts)
            sightings += seen
            baselines += ratios
    if not sightings:
        raise UsageError(f"--history {directory}: no archive below it saw a module")
    sightings.sort(key=lambda one: one.at)
    baselines.sort(key=lambda one: one.at)
    return History(Source("--history"), tuple(sightings), tuple(baselines))


def history_of(document: Mapping[str, Any]) -> History:
    """What an archive kept of others.  KeyError, TypeError or ValueError where it is something else."""
    if document["format"] != FORMAT:
        raise ValueError(f"history: expected format {FORMAT}")
    sightings = tuple(
        Sighting(**{**one, "at": datetime.fromisoformat(one["at"]), "source": Source(one["source"])})
        for one in document["sightings"]
    )
    baselines = tuple(
        Baseline(
            (one["serials"][0], one["serials"][1]),
            (ratio_of(one["pre_fec_ber"][0]), ratio_of(one["pre_fec_ber"][1])),
            datetime.fromisoformat(one["at"]),
            Source(one["source"]),
        )
        for one in document["baselines"]
    )
    return History(Source(document["of"]), sightings, baselines)


def of_archive(verdicts: Path) -> tuple[list[Sighting], list[Baseline]]:
    """The modules that an archive saw, and the error ratios of its links.

    A module without serial number proves nothing; a link of which no end's ratio was measured has no baseline.
    """
    source = Source(verdicts.parent.name)
    try:
        with verdicts.open("rb") as lines:
            header = json.loads(lines.readline())["run"]
            lab, at = str(header["lab"]), datetime.fromisoformat(header["judged_as_of"])
            wanted = list(of_interest(lines))
        sightings = [
            Sighting(
                lab,
                one["subject"],
                at,
                serial,
                one["about"]["vendor_pn"].strip(),
                one["about"]["firmware"],
                one["about"].get("vendor_rev", "").strip(),
                source,
            )
            for one in wanted
            if one["check"] == MODULES and (serial := one["about"]["vendor_sn"].strip())
        ]
        ratios = {
            one["subject"]: (one["about"]["vendor_sn"].strip(), measured(one["findings"]))
            for one in wanted
            if one["check"] == RATIOS
        }
        baselines = []
        for one in wanted:
            near, dashes, far = one["subject"].partition("--")
            if one["check"] == LINKS and dashes and near in ratios and far in ratios:
                (here, mine), (there, its) = ratios[near], ratios[far]
                if here and there and (mine, its) != (None, None):
                    baselines.append(Baseline((here, there), (mine, its), at, source))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise InputError(f"{verdicts}: not the verdicts of an archive: {type(wrong).__name__} {wrong}") from None
    return sightings, baselines


def ratio_of(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)


def of_interest(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The verdicts that are read; a line begins with its check."""
    heads = tuple(f'{{"check": "{check}"'.encode() for check in (MODULES, LINKS, RATIOS))
    return (json.loads(line) for line in lines if line.startswith(heads))


def measured(findings: Iterable[Mapping[str, Any]]) -> Decimal | None:
    """The bit error ratio that a port was judged by."""
    told = next((one["measured"] for one in findings if one["at"] == "pre-FEC BER" and one["measured"]), None)
    try:
        return None if told is None else Decimal(told)
    except InvalidOperation:
        return None
