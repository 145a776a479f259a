"""What a buyer signs for: warranty, reliability, delivery."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from harness import (
    Absence,
    Findings,
    Missing,
    Part,
    Reading,
    Requirements,
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
)
from harness.derived import spares_to_hold

HOURS_A_YEAR: Final = 8760
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
    a_year = fleet * HOURS_A_YEAR / hours.value
    count = Decimal(spares_to_hold(a_year * weeks.value / WEEKS_A_YEAR, confidence))
    note = f"FIT {10**9 / hours.value:.0f}, {a_year:.2f} failures a year expected, {weeks} to replace"
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
