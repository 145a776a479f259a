"""What a buyer signs for: warranty, reliability, delivery, a second source, quantities, changes and documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Final

from harness import (
    Absence,
    Choice,
    Finding,
    Findings,
    Missing,
    Part,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    Unit,
    Value,
    at_least,
    at_most,
    check,
    combined,
    counted,
    declared,
    derive,
    finite,
    holding,
    not_applicable,
    one_of,
    same_as,
)
from harness.applies import without_history
from harness.history import Sighting
from harness.lab.inventory import ChangeNotice, SecondSource
from harness.maths.releases import release
from harness.maths.reliability import failures_a_year, fit, spares_to_hold

WEEKS_A_YEAR: Final = 52
WEEKS_A_MONTH: Final = Decimal(WEEKS_A_YEAR) / 12


@check("PRO-01 procure.warranty", tags=("acceptance",))
def warranty(part: Part, require: Requirements) -> Findings:
    """The part's warranty lasts at least as long as the buyer asks for."""
    plan = part.plan
    yield require.profile.procure.warranty.judge(declared(plan.warranty_years, plan.at, unit=Unit.YEARS), at="warranty")


@check("PRO-02 procure.mtbf", tags=("acceptance",))
def mtbf(part: Part, require: Requirements) -> Findings:
    """The part's MTBF is high enough, with method and temperature, and the spares outlast this fleet's failures."""
    asked, plan = require.profile.procure, part.plan
    hours = declared(plan.mtbf_hours, plan.at, unit=Unit.HOURS)
    yield asked.mtbf.judge(hours, at="MTBF")
    yield asked.mtbf_methods.judge(declared(plan.mtbf_method, plan.at), at="MTBF method")
    yield asked.mtbf_temperature.judge(declared(plan.mtbf_celsius, plan.at, unit=Unit.CELSIUS), at="MTBF temperature")
    fleet = part.needed or plan.quantity or 0
    needed = spares(part, fleet, hours, asked.spares_confidence)
    held = at_most(
        Reading(Decimal(plan.spares), plan.at, Unit.COUNT),
        clause=f"spares ordered, against those that outlast the lead time with {asked.spares_confidence} confidence",
        standing=Standing.ADVISORY,
    )
    yield held.judge(needed, at=f"spares to hold for {fleet} in use")


def spares(part: Part, fleet: int, mtbf: Value[Decimal], confidence: Decimal) -> Value[Decimal]:
    """How many spares outlast the failures that a fleet expects in the lead time of a new one."""
    hours, weeks = finite(mtbf), finite(declared(part.plan.lead_time_weeks, part.plan.at, unit=Unit.WEEKS))
    if isinstance(hours, Missing):
        return hours
    if isinstance(weeks, Missing):
        return weeks
    if not fleet or hours.value <= 0 or weeks.value < 0:
        return Missing(Absence.NOT_DECLARED, part.plan.at, "no fleet, MTBF or lead time to reckon failures from")
    a_year = failures_a_year(fleet, hours.value)
    count = Decimal(spares_to_hold(a_year * weeks.value / WEEKS_A_YEAR, confidence))
    note = f"FIT {fit(hours.value):.0f}, {a_year:.2f} failures a year expected, {weeks} to replace"
    return derive(hours, lambda _: count, note=note, unit=Unit.COUNT)


@check("PRO-03 procure.delivery", tags=("acceptance",))
def delivery(part: Part, require: Requirements) -> Findings:
    """The part's lead time meets the schedule, and the vendor's capacity covers the order in that time."""
    plan = part.plan
    lead = declared(plan.lead_time_weeks, plan.at, unit=Unit.WEEKS)
    schedule = finite(declared(plan.needed_by_weeks, plan.at, unit=Unit.WEEKS))
    due = at_most(schedule, clause="the schedule", standing=Standing.BUYER, unit=Unit.WEEKS)
    yield require.profile.procure.lead_time.judge(lead, at="lead time")
    yield due.judge(lead, at="lead time against the schedule")
    order = declared(plan.quantity or part.needed or None, plan.at)
    covers = at_least(counted(order, Unit.COUNT), clause="the order", standing=Standing.BUYER, unit=Unit.COUNT)
    monthly = counted(declared(plan.capacity_per_month, plan.at))
    made = combined(monthly, schedule, lambda pieces, weeks: pieces * weeks / WEEKS_A_MONTH, of="made by then")
    yield covers.judge(derive(made, lambda pieces: pieces, unit=Unit.COUNT), at="capacity until the parts are needed")


@check("PRO-04 procure.second-source", tags=("acceptance",))
def second_source(part: Part, require: Requirements) -> Findings:
    """A second source is qualified: another part of another vendor, with evidence, owner and date."""
    plan = part.plan
    if not require.profile.procure.second_source:
        asked = Reading(False, Source(f"profile {require.profile.name}", "procure second_source"))
        yield not_applicable(asked, because="the profile asks for no second source", at="second source")
        return
    source = next((one for one in plan.sources if qualified(one, part)), next(iter(plan.sources), None))
    if source is None:
        named = f"{plan.second_source} is named, and nothing says that it is qualified" if plan.second_source else ""
        gone = Missing(Absence.NOT_DECLARED, plan.at, named)
        yield same_as(gone, clause="a second source").judge(gone, at="second source")
        return
    other = differs(part)
    yield other.judge(Reading("itself" if source.number in part_names(part) else "another part", source.at), at="part")
    same = source.vendor.strip().casefold() == plan.vendor.strip().casefold()
    yield other_vendor().judge(Reading("the same vendor" if same else "another vendor", source.at), at="vendor")
    for what, value in (("evidence", source.evidence), ("owner", source.owner)):
        told = declared(value, source.at)
        yield same_as(told, clause=f"{what} of the qualification of {source.number}").judge(told, at=what)
    today = require.as_of.date()
    age = derive(declared(source.qualified, source.at), lambda day: Decimal((today - day).days))
    done = Range(min=Decimal(0), clause=f"qualified by {today}, days", standing=Standing.BUYER)
    yield done.judge(age, at=f"days since {source.number} was qualified")


def differs(part: Part) -> Choice[str]:
    return one_of("another part", clause=f"a second source of {part} is another part", standing=Standing.BUYER)


def other_vendor() -> Choice[str]:
    return one_of("another vendor", clause="a second source comes from another vendor", standing=Standing.BUYER)


def part_names(part: Part) -> tuple[str, str]:
    return part.name, part.plan.number


def qualified(source: SecondSource, part: Part) -> bool:
    """Whether nothing is missing of a second source, so that it is the one to be judged."""
    other = source.number not in part_names(part) and source.vendor != part.plan.vendor
    return other and None not in (source.evidence, source.owner, source.qualified)


@check("PRO-05 procure.quantity", tags=("acceptance",))
def quantity(part: Part, require: Requirements) -> Findings:
    """The quantity ordered is what the topology needs and the spares, which are as many as the buyer holds at least."""
    plan, spares = part.plan, require.profile.procure.spares
    ordered = derive(declared(plan.quantity, plan.at), Decimal, unit=Unit.COUNT)
    needed = Decimal(part.needed + plan.spares)
    clause = f"{part.needed} by the topology and {plan.spares} spare"
    yield Range(needed, needed, Unit.COUNT, clause, Standing.BUYER).judge(ordered, at="ordered")
    if spares.min is None:
        yield spares.judge(Reading(Decimal(plan.spares), plan.at, spares.unit), at="spares")
        return
    least = (part.needed * spares.min / 100).to_integral_value(ROUND_CEILING)
    share = Range(least, None, Unit.COUNT, f"{spares.clause}, {spares.min} % of {part.needed}", spares.standing)
    yield share.judge(Reading(Decimal(plan.spares), plan.at, Unit.COUNT), at="spares")


@check("PRO-06 procure.changes", tags=("acceptance",))
def changes(part: Part, require: Requirements) -> Findings:
    """Every change of firmware or revision between lots, earlier archives included, was notified by the vendor."""
    if ended := without_history(part.earlier):
        yield ended
        return
    if isinstance(part.earlier, Missing):
        yield same_as(part.earlier, clause="earlier lots").judge(part.earlier, at="earlier lots")
        return
    if not part.cages:
        none = Reading(Decimal(0), part.plan.at, Unit.COUNT)
        yield not_applicable(none, because="the lab plugs none of it", at="modules")
        return
    for what in ("firmware", "revision"):
        yield from told_of(part, what, part.earlier.value)


def told_of(part: Part, what: str, earlier: Sequence[Sighting]) -> Iterator[Finding]:
    """That each version but the first was notified; a module that does not tell its own is undecided."""
    notices = [notice for notice in part.plan.notices if notice.what == what]
    versions = {version: one.source for one in earlier if (version := getattr(one, what))}
    for cage in part.cages:
        seen = cage.module.seen
        told: Value[str] = seen.firmware_active if what == "firmware" else seen.vendor_rev
        if isinstance(told, Missing):
            if told.why is not Absence.NOT_ADVERTISED:
                yield same_as(told, clause=f"{what} of every module").judge(told, at=f"{what} of {cage}")
        else:
            versions.setdefault(told.value.strip(), told.source)
    first, *later = sorted(unlike(versions), key=natural) or [""]
    at_first = Reading(first, versions.get(first, part.plan.at))
    yield same_as(at_first, clause=f"first {what} that was seen").judge(at_first, at=f"first {what}")
    for version in later:
        announced = next((f"notified by {n.reference}" for n in notices if names(n, version)), "not notified")
        known = holding(
            announced if announced != "not notified" else "notified", clause=f"a notice (PCN) of {what} {version}",
            standing=Standing.BUYER, advice=f"{what} {version} came after {first}: ask {part.plan.vendor} for its PCN",
        )  # fmt: skip
        yield known.judge(Reading(frozenset({announced}), versions[version]), at=f"change of {what} to {version}")


def unlike(versions: Mapping[str, Source]) -> list[str]:
    """The versions that differ; one that tells fewer of its numbers is any that begins with them."""
    return [one for one in versions if not any(other.startswith(f"{one}.") for other in versions)]


def natural(version: str) -> tuple[tuple[str, int], ...]:
    """A version to be ordered by; one without a number comes first."""
    found = release(version)
    return found.parts if found is not None else ((version, 0),)


def names(notice: ChangeNotice, version: str) -> bool:
    """Whether a notice announces a version; a module may tell fewer of its numbers than the notice does."""
    return version == notice.after or f"{notice.after}.".startswith(f"{version}.")


@check("PRO-07 procure.documents", tags=("acceptance",))
def documents(part: Part, require: Requirements) -> Findings:
    """The certificates and documents that the buyer names are on file, and none of them has expired."""
    plan, asked = part.plan, require.profile.procure.documents
    source = Source(f"profile {require.profile.name}", "procure documents")
    if not asked:
        yield not_applicable(Reading(asked, source), because="the profile names no documents", at="documents")
        return
    names_on_file = frozenset(one.name for one in plan.documents) | plan.certificates
    on_file = Reading(names_on_file, plan.at) if names_on_file else Missing(Absence.NOT_DECLARED, plan.at)
    for name in sorted(asked):
        clause = f"{source}, {name}"
        yield holding(name, clause=clause, standing=Standing.BUYER, advice="ask the vendor for it").judge(
            on_file, at=f"{name} on file"
        )
    for document in plan.documents:
        if document.name in asked and document.expires is not None:
            left = Decimal((document.expires - require.as_of.date()).days)
            valid = Range(
                min=Decimal(0), clause=f"{document.name}, {document.reference}, days", standing=Standing.BUYER
            )
            yield valid.judge(Reading(left, document.at), at=f"days that {document.name} is valid for")
