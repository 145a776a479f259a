"""A qualification sheet before a purchase: all that is known of one part number, and every verdict that follows.

A sheet rests on the part of the lab file with its vendor's record, and on dumps of module memory.  The verdicts are
those of the checks themselves: of the part as ``plugfest judge`` gives them, of a dump as of a module in the slot of a
board.  Without a dump nothing is said of the module itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

from .assemble import Assembly, module_kind
from .check import Check
from .decode.dump import read_dump
from .decode.memory import Memory
from .decode.transceiver import Transceiver, transceiver
from .desk import Desk, Fit, desk, fit
from .engine import Bench, Owed, all_checks, evidence_of_devices
from .errors import InputError, UsageError
from .evidence import Evidence
from .lab.inventory import CagePlan, DevicePlan, Lab, ModulePlan, PartPlan, PortPlan, declared
from .lab.load import load
from .lab.parts import CABLES, PLUGGABLE
from .limit import Range
from .maths.reliability import failures_a_year
from .maths.reliability import fit as failures_in_time
from .model import Cage, DeviceFacts, Module, Part
from .offers import Offer, of_record, offered, row_of, watts
from .reading import Absence, Missing, Reading, Source, Value
from .requirements.lookup import Requirements
from .requirements.rows import QUANTITIES, Pmd
from .requirements.waivers import apply
from .units import Unit, plain, scientific
from .verdict import RANK, Finding, Outcome, Standing, Verdict, said

DESK: Final = "desk"
OF_A_DUMP: Final = frozenset(
    f"CMIS-{number}" for number in ("01", "02", "03", "07", "08", "09", "12", "13", "16", "17", "18")
)
"""Checks of a module that one dump can answer: none of its state in a port, of a second read or of its history."""
OF_ANY_MODULE: Final = frozenset(f"CMIS-{number}" for number in ("01", "02", "03", "16", "17", "18"))
"""Those of them that hold whatever the module is: without a record nobody says whether it may do without pages."""
OF_A_SLOT: Final = frozenset({"ASIC-01"})
"""Checks of a cage that a dump answers: the slot has the form factor of the record."""
OF_A_TOPOLOGY: Final = frozenset({"BRK-06", "PRO-05"})
"""Checks of a part that count what the lab plugs: they say nothing where it plugs none."""
OF_A_MODULE: Final = frozenset({"PWR-06"})
"""Checks of a part that look at its modules."""
DECIDED: Final = {
    Outcome.ERROR: "OPEN",
    Outcome.FAIL: "NOT QUALIFIED",
    Outcome.NOT_MEASURED: "OPEN",
    Outcome.WARN: "QUALIFIED, with warnings",
    Outcome.WAIVED: "QUALIFIED, with waivers",
}
NOT_TOLD: Final = "not told by the vendor"
NOT_KNOWN: Final = "not known"
BEST_FIRST: Final = (Outcome.PASS, Outcome.NOT_MEASURED, Outcome.FAIL)
TOLD: Final[Mapping[str, str]] = {
    "warranty_years": "warranty",
    "mtbf_hours": "MTBF",
    "mtbf_method": "method of the MTBF",
    "mtbf_celsius": "temperature of the MTBF",
    "lead_time_weeks": "lead time",
    "capacity_per_month": "capacity a month",
}
"""What every vendor is asked, by the key of the record."""
TOLD_OF_MODULES: Final[Mapping[str, str]] = {
    "pmd": "PMD",
    "form_factor": "form factor",
    "max_watts": "power",
    "power_class": "power class",
    "connector": "connector",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A module, as its dump tells it."""

    name: str  # of the dump
    seen: Transceiver

    @property
    def identity(self) -> Mapping[str, str]:
        """What the module says of itself; what it does not say, with the reason."""
        seen = self.seen
        told: Mapping[str, Value[Any]] = {
            "vendor": seen.vendor_name, "number": seen.vendor_pn, "revision": seen.vendor_rev,
            "serial": seen.vendor_sn, "date": seen.date_code, "firmware": seen.firmware_active,
            "management": seen.revision, "power class": seen.power_class, "power": seen.max_power,
        }  # fmt: skip
        words = {name: spoken(value) for name, value in told.items()}
        return words | {"management": f"{seen.document} {words['management']}"}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the part's PMD."""

    quantity: str
    limit: str
    standing: Standing
    clause: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is known of a part number before it is bought."""

    number: str
    part: PartPlan | None  # None: the lab file has none of this number
    samples: tuple[Sample, ...]
    desks: tuple[Desk, ...]  # what platforms take each module
    by_record: Desk | None  # the same by the record, where there is no dump
    given: tuple[tuple[str, str], ...]  # what the cages of each device give a module
    limits: tuple[Limit, ...]
    record: tuple[tuple[str, str], ...]  # what the vendor states, and what follows
    verdicts: tuple[tuple[Check, Verdict], ...]
    unasked: tuple[tuple[str, str], ...]  # checks that were not made, and why
    untold: tuple[str, ...]

    @property
    def decision(self) -> str:
        """What the verdicts come to, and whether anything takes it.  Without a record it is open at best."""
        outcomes = [verdict.outcome for _, verdict in self.verdicts] + list(self.placed)
        if Outcome.FAIL in outcomes:
            return DECIDED[Outcome.FAIL]
        if self.part is None or not outcomes or self.lacks_dump:
            return DECIDED[Outcome.NOT_MEASURED]
        return DECIDED.get(min(outcomes, key=RANK.__getitem__), "QUALIFIED")

    @property
    def placed(self) -> Iterator[Outcome]:
        """Of each module, and of the record without one, what the platform says that takes it best."""
        for one in (*self.desks, *((self.by_record,) if self.by_record else ())):
            found = {fit.outcome for fit in one.fits}
            if found:
                yield next(best for best in BEST_FIRST if best in found)

    @property
    def lacks_dump(self) -> bool:
        """Whether it goes into a cage, and no dump tells what the module itself says."""
        return not self.samples and self.part is not None and self.part.kind in PLUGGABLE

    @property
    def open_points(self) -> tuple[str, ...]:
        """What is left to be asked: of the vendor, of a dump, of whoever keeps the tables."""
        points = [f"{NOT_TOLD}: {', '.join(self.untold)}"] if self.untold else []
        if self.part is None:
            points.append("no part of the lab has this number: nothing is known of its vendor's record")
        points += [f"{check}: {why}" for check, why in self.unasked]
        for check, verdict in self.verdicts:
            if verdict.outcome in (Outcome.NOT_MEASURED, Outcome.ERROR):
                points.append(f"{check.id} on {verdict.subject}: {why_not(verdict)}")
        return tuple(points)

    def document(self) -> dict[str, Any]:
        """The sheet as JSON has it."""
        part = self.part
        return {
            "part": self.number,
            "vendor": part.vendor if part else None,
            "kind": part.kind if part else None,
            "pmd": part.pmd if part else None,
            "form_factor": part.form_factor if part else None,
            "declared_at": str(part.at) if part else None,
            "record_standing": part.standing.value if part and part.standing else None,
            "decision": self.decision,
            "samples": [{"dump": sample.name, **sample.identity} for sample in self.samples],
            "dumps": [one.document() for one in self.desks],
            "by_record": self.by_record.document() if self.by_record else None,
            "cages_give": dict(self.given),
            "limits": [
                {"quantity": one.quantity, "limit": one.limit, "standing": one.standing.value, "clause": one.clause}
                for one in self.limits
            ],
            "record": dict(self.record),
            "verdicts": [verdict.document() for _, verdict in self.verdicts],
            "not_asked": [{"check": check, "why": why} for check, why in self.unasked],
            "not_told": list(self.untold),
            "open": list(self.open_points),
        }


class Slots(Assembly):
    """Modules in the slots of a board that has their dumps for an answer."""

    def __init__(self, lab: Lab, samples: Mapping[str, Transceiver], require: Requirements) -> None:
        super().__init__(lab, Evidence(None), require)
        self.samples = samples

    def decode(self, device: str) -> DeviceFacts:
        gone = Missing(Absence.NOT_RECORDED, Source(device), "a dump tells nothing of what it was plugged into")
        return DeviceFacts(gone, gone, gone, {}, dict(self.samples), {})


def sheets(
    lab_file: Path, dumps: Iterable[Path], parts: Sequence[str] = ()
) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """The sheets of the parts that are named and of those that the dumps are of; of every part where neither is.

    Files that are no dump are told of, and the others are still answered.
    """
    bench = bench_of(load(lab_file))
    samples, faults = read(dumps)
    groups: dict[str, list[Sample]] = {key_of(name, bench.lab): [] for name in parts}
    for sample in samples:
        groups.setdefault(owner(sample.seen, bench.lab), []).append(sample)
    if not groups and not faults:
        groups = {key: [] for key in bench.lab.parts}
    checks = all_checks()
    return tuple(sheet(key, of, bench, checks) for key, of in groups.items()), faults


def bench_of(lab: Lab) -> Bench:
    """The lab on its evidence, where that is there; one that is only planned is judged as of now."""
    there = lab.evidence is not None and lab.evidence.is_dir()
    kept = Evidence(lab.evidence, devices=evidence_of_devices(lab)) if there else Evidence(None)
    as_of = None if there else lab.as_of or datetime.now(UTC)
    return Bench(lab, kept, all_checks(), as_of=as_of)


def read(dumps: Iterable[Path]) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """The modules of dumps, each under a name of its own, and which files were no dump."""
    samples: dict[str, Sample] = {}
    faults: list[str] = []
    for dump in dumps:
        name = dump.name if dump.name not in samples else f"{dump.name} #{len(samples) + 1}"
        try:
            samples[name] = Sample(name, transceiver(read_dump(dump)))
        except InputError as bad:
            faults.append(str(bad))
    return tuple(samples.values()), tuple(faults)


def key_of(name: str, lab: Lab) -> str:
    """The key of a part, by its key or its number."""
    if name in lab.parts:
        return name
    known = [key for key, plan in lab.parts.items() if plan.number == name]
    if not known:
        raise UsageError(f"--part {name}: the lab has no such part; it has {', '.join(lab.parts) or 'none'}")
    return known[0]


def owner(seen: Transceiver, lab: Lab) -> str:
    """The key of the part that a module is one of, else the number that it tells."""
    if isinstance(seen.vendor_pn, Missing):
        return f"part number {seen.vendor_pn}"
    number = seen.vendor_pn.value.strip()
    known = [key for key, plan in lab.parts.items() if number in numbers_of(key, plan, lab)]
    vendor = seen.vendor_name.value.strip().casefold() if isinstance(seen.vendor_name, Reading) else ""
    same = [key for key in known if lab.parts[key].vendor.strip().casefold() == vendor]
    return next(iter((*same, *known)), number or "no part number")


def numbers_of(key: str, plan: PartPlan, lab: Lab) -> frozenset[str]:
    """The part numbers under which modules of a part tell of themselves: far ends may have their own."""
    planned = (cage.module for device in lab.devices.values() for cage in device.cages)
    return frozenset({plan.number, *(one.number for one in planned if one and one.part == key and one.number)})


# --- one sheet ----------------------------------------------------------------------------------------------------


def sheet(key: str, samples: Sequence[Sample], bench: Bench, checks: Sequence[Check]) -> Sheet:
    """The sheet of a part of the lab, or of a number that the lab does not have."""
    lab, require = bench.lab, bench.requirements
    part, devices = lab.parts.get(key), buyers(lab)
    verdicts: list[tuple[Check, Verdict]] = []
    unasked: list[tuple[str, str]] = []
    slots = board(key, part, samples, bench)
    if part is not None:
        planned = bool(bench.assembly.subject(Part, key).cages)
        for check in checks:
            if issubclass(Part, check.subject):
                if check.id in OF_A_TOPOLOGY and not planned:
                    unasked.append((check.id, "not asked: the lab plans the part for no cage"))
                else:
                    held = slots if samples or not planned else None
                    verdicts.append((check, of_part(check, key, bench, held)))
    if samples:
        verdicts += of_dumps(checks, slots)
        if part is None:
            left = ", ".join(sorted(OF_A_DUMP - OF_ANY_MODULE))
            unasked.append((left, "not asked: no record says what the module is to be"))
    elif part is not None and part.kind in PLUGGABLE:
        none = "no dump was given: nothing is known of the module itself"
        unasked.append((f"{min(OF_A_DUMP)} to {max(OF_A_DUMP)}", none))
    return Sheet(
        number=part.number if part else key,
        part=part,
        samples=tuple(samples),
        desks=tuple(desk(sample.name, sample.seen, devices, require) for sample in samples),
        by_record=of_the_record(part, devices, require) if part is not None and not samples else None,
        given=tuple((device.name, cage_watts(device, require)) for device in devices),
        limits=tuple(limits_of(part.pmd, require)) if part is not None and part.pmd else (),
        record=tuple(stated(part, bench.assembly.subject(Part, key).needed, verdicts)) if part is not None else (),
        verdicts=tuple(sorted(verdicts, key=lambda pair: (pair[0].id, pair[1].subject))),
        unasked=tuple(unasked),
        untold=untold(part) if part is not None else (),
    )


def buyers(lab: Lab) -> tuple[DevicePlan, ...]:
    """The devices that a part may be bought for: of several that are alike the first stands for all."""
    first: dict[object, DevicePlan] = {}
    for device in lab.devices.values():
        if device.kind in ("switch", "host"):
            same = (device.platform, device.nic, device.hwsku if device.platform is None else None)
            first.setdefault(same, device)
    return tuple(first.values())


def of_part(check: Check, key: str, bench: Bench, slots: Slots | None) -> Verdict:
    """The verdict on a part; a check of its modules looks at those in the slots, where there are any."""
    if check.id not in OF_A_MODULE or slots is None:
        return bench.judge(Owed(check, key))
    cages = tuple(slots.subject(Cage, str(cage)) for cage in slots.lab.devices[DESK].cages)
    part = replace(bench.assembly.subject(Part, key), cages=cages)
    return apply(check.decide(key, lambda: part, bench.requirements), bench.lab.waivers, bench.as_of)


def of_dumps(checks: Sequence[Check], slots: Slots | None) -> Iterator[tuple[Check, Verdict]]:
    """The verdicts on modules in the slots."""
    for cage in slots.lab.devices[DESK].cages if slots is not None else ():
        assert slots is not None
        kind = module_kind(cage.module) if cage.module else Module
        for check in checks:
            if cage.module is not None and check.id in OF_A_SLOT:
                yield check, check.decide(str(cage), partial(slots.subject, Cage, str(cage)), slots.require)
            elif check.id in (OF_A_DUMP if cage.module else OF_ANY_MODULE) and issubclass(kind, check.subject):
                yield check, check.decide(str(cage), partial(slots.subject, kind, str(cage)), slots.require)


def board(key: str, part: PartPlan | None, samples: Sequence[Sample], bench: Bench) -> Slots | None:
    """The dumps of a part in the slots of a board of their own; an empty slot where there is none.

    None for a part that goes into no cage.
    """
    if part is not None and part.kind not in PLUGGABLE:
        return None
    require = bench.requirements
    blank = Sample("no dump", transceiver(Memory("no dump", {})))
    cages = tuple(slot(key, part, one, bench.lab, require) for one in samples or (blank,))
    at = part.at if part is not None else Source(bench.lab.file.name)
    device = DevicePlan(
        name=DESK, kind="board", role=DESK, platform=None, hwsku=None, nic=None, nos="board", rack=None, reach={},
        evidence=None, cages=cages, asic_watts=None, fan_watts=None, supplies=None, supply_watts=None, watts=None,
        at=at,
    )  # fmt: skip
    lab = replace(bench.lab, devices={DESK: device}, links=(), paths=(), racks=())
    return Slots(lab, {sample.name: sample.seen for sample in samples}, require)


def slot(key: str, part: PartPlan | None, sample: Sample, lab: Lab, require: Requirements) -> CagePlan:
    """A slot that expects the part, at the rate of its PMD; else at the one that the module advertises."""
    at = part.at if part is not None else Source(sample.name)
    row = require.pmds.get(require.aliases.get(part.pmd, part.pmd)) if part is not None and part.pmd else None
    rate = row.rate_gbps if row is not None else most(offered(sample.seen)[0])
    expected = None if part is None else expectation(key, part, sample.seen, lab)
    port = PortPlan(DESK, sample.name, sample.name, rate, tuple(range(1, 9)), "", None, False, False, frozenset(), at)
    return CagePlan(DESK, sample.name, "", (port,), expected, None, at, cage=expected.form_factor if expected else None)


def expectation(key: str, part: PartPlan, seen: Transceiver, lab: Lab) -> ModulePlan:
    """What a slot expects: as the lab's cages do, by the number that the module tells, else as the part says."""
    planned = [cage.module for device in lab.devices.values() for cage in device.cages if cage.module is not None]
    mine = [one for one in planned if one.part == key]
    number = seen.vendor_pn.value.strip() if isinstance(seen.vendor_pn, Reading) else ""
    form = seen.form_factor.value if isinstance(seen.form_factor, Reading) else ""
    mine.sort(key=lambda one: (one.number != number, one.form_factor != form))
    if mine and (mine[0].number == number or not number):
        return replace(mine[0], serial=None)
    return ModulePlan(
        key, part.pmd or "", part.kind, part.form_factor or "", part.vendor, part.number, None, None, part.at
    )


def most(offers: Sequence[Offer]) -> Decimal:
    """The most that a module carries at once by its applications; 0 where none is known."""
    return max((offer.gbps * apart(offer) for offer in offers), default=Decimal(0))


def apart(offer: Offer) -> int:
    """How many links of an application may start that do not overlap."""
    count = free = 0
    for start in sorted(offer.starts):
        if start >= free:
            count, free = count + 1, start + offer.lanes
    return count


# --- what it consists of ------------------------------------------------------------------------------------------


def of_the_record(part: PartPlan, devices: Iterable[DevicePlan], require: Requirements) -> Desk | None:
    """Which platforms take the part by the PMD and the form factor of its record, which tells an OSFP's top.

    None for what goes into no cage.
    """
    if part.kind not in PLUGGABLE:
        return None
    row = require.pmds.get(require.aliases.get(part.pmd or "", part.pmd or ""))
    home = require.cages.get(part.form_factor or "")
    offers = of_record(row, home.lanes, require) if row is not None and home is not None else ()
    form = declared(part.form_factor, part.at)
    note = f"by the record at {part.at}" + ("" if offers else f"; no table tells what {part.pmd} offers a host")
    ends = "; of a cable, the near end" if part.kind in CABLES else ""
    fits: tuple[Fit, ...] = tuple(fit(device, form, offers, require, tops={}) for device in devices)
    return Desk("", f"{part.vendor} {part.number}", tuple(one.name for one in offers), f"{note}{ends}", fits)


def cage_watts(device: DevicePlan, require: Requirements) -> str:
    """What the cages of a device give a module: those of the lab file, else those of its platform's row."""
    told = {value.value for cage in device.cages if isinstance(value := watts(cage, device, require), Reading)}
    row = row_of(device, require)
    if not told and row is not None:
        told = {group.watts for group in row.groups if group.watts is not None}
    return " or ".join(f"{plain(number)} {Unit.WATT}" for number in sorted(told)) or NOT_KNOWN


def limits_of(name: str, require: Requirements) -> Iterator[Limit]:
    """What the standard and the profile ask of a PMD, or of a kind of cable, with its reach."""
    row = require.cables.get(name) or require.pmds.get(require.aliases.get(name, name))
    if row is None:
        return
    for quantity in QUANTITIES:
        if require.limited(quantity, pmd=name):
            for limit in require.ranges(quantity, name, monitor=False):
                if limit.asked:
                    yield bounded(quantity.replace("_", " "), limit)
    reach: Mapping[Any, Range] = row.reach
    for medium, limit in reach.items():
        yield bounded(f"reach, {medium}" if isinstance(row, Pmd) else f"reach at {plain(medium)}G a lane", limit)
    if isinstance(row, Pmd):
        for fiber, limit in row.insertion_loss.items():
            yield bounded(f"insertion loss, {fiber}", limit)


def bounded(quantity: str, limit: Range) -> Limit:
    return Limit(quantity, said(limit.said(), limit.unit), limit.standing, limit.clause)


def stated(part: PartPlan, needed: int, verdicts: Iterable[tuple[Check, Verdict]]) -> Iterator[tuple[str, str]]:
    """What the vendor states of a part, and what follows for the fleet."""
    yield "data sheet", ", ".join(data_sheet(part)) or NOT_TOLD
    yield "warranty", amount(part.warranty_years, Unit.YEARS)
    mtbf = amount(part.mtbf_hours, Unit.HOURS)
    how = f"by {part.mtbf_method}" if part.mtbf_method else f"method {NOT_TOLD}"
    at = f"at {amount(part.mtbf_celsius, Unit.CELSIUS)}" if part.mtbf_celsius is not None else f"temperature {NOT_TOLD}"
    yield "MTBF", mtbf if part.mtbf_hours is None else f"{mtbf} {how}, {at}"
    fleet = needed or part.quantity or 0
    if part.mtbf_hours and part.mtbf_hours > 0:
        rate = f"{failures_in_time(part.mtbf_hours):.0f} FIT"
        expected = f", {failures_a_year(fleet, part.mtbf_hours):.2f} failures a year of {fleet} in use" if fleet else ""
        yield "failures", f"{rate}{expected}"
    if (spares := spares_judged(verdicts)) is not None:
        yield "spares", f"{spares.measured} outlast the lead time, {part.spares} ordered"
    yield "lead time", amount(part.lead_time_weeks, Unit.WEEKS)
    yield "capacity", NOT_TOLD if part.capacity_per_month is None else f"{part.capacity_per_month} a month"
    yield "order", "not declared" if part.quantity is None else f"{part.quantity}, {part.spares} of them spares"
    yield "second source", "; ".join(
        f"{one.number} of {one.vendor}, qualified {one.qualified or 'at no date'} by {one.owner or 'nobody'} "
        f"in {one.evidence or 'no report'}"
        for one in part.sources
    ) or (f"{part.second_source}, with nothing that qualifies it" if part.second_source else "none")  # fmt: skip
    named = [f"{one.name} {one.reference}, until {one.expires or 'no day'}" for one in part.documents]
    yield "documents", "; ".join((*named, *sorted(part.certificates))) or "none"
    for notice in part.notices:
        yield "change notice", f"{notice.reference}: {notice.what} {notice.before} to {notice.after}, {notice.notified}"


def data_sheet(part: PartPlan) -> Iterator[str]:
    if part.max_watts is not None:
        yield amount(part.max_watts, Unit.WATT)
    if part.power_class is not None:
        yield f"power class {part.power_class}"
    if part.connector:
        yield part.connector
    if part.ends is not None:
        yield f"{part.ends} far ends"


def spares_judged(verdicts: Iterable[tuple[Check, Verdict]]) -> Finding | None:
    """The finding on spares that was made of the MTBF."""
    every = (finding for check, verdict in verdicts if check.id == "PRO-02" for finding in verdict.findings)
    return next((one for one in every if one.at.startswith("spares") and one.measured is not None), None)


def untold(part: PartPlan) -> tuple[str, ...]:
    """What the vendor was to tell and did not; a passive cable has no power to tell of."""
    asked = dict(TOLD)
    if part.kind in PLUGGABLE:
        asked |= TOLD_OF_MODULES
    if part.kind == "dac":
        del asked["max_watts"], asked["power_class"]
    return tuple(words for key, words in asked.items() if getattr(part, key) is None)


def amount(number: Decimal | None, unit: Unit) -> str:
    return NOT_TOLD if number is None else f"{plain(number)} {unit}"


def spoken(value: Value[Any]) -> str:
    """A value, or why there is none."""
    if isinstance(value, Missing):
        return f"({value.why.value})"
    shown = scientific(value.value) if isinstance(value.value, Decimal) else str(value.value).strip()
    return f"{shown} {value.unit}".strip()


def why_not(verdict: Verdict) -> str:
    """The first reason why a verdict is open."""
    if verdict.error:
        return verdict.error.partition("\n")[0]
    first = verdict.worst[0] if verdict.worst else None
    more = len(verdict.worst) - 1
    said_of = f"{first.at}: {first.reason}" if first is not None else "nothing was looked at"
    return f"{said_of}{f'; and {more} more' if more > 0 else ''}"
