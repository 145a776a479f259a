"""What a buyer signs for: warranty, reliability, delivery."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from harness import (
    Findings,
    Part,
    Requirements,
    Standing,
    Unit,
    at_least,
    at_most,
    check,
    combined,
    counted,
    declared,
    derive,
    finite,
)

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
    """The part's MTBF is high enough, with method and temperature, and spares cover a year's expected failures."""
    asked, plan = require.profile.procure, part.plan
    hours = declared(plan.mtbf_hours, plan.at, unit=Unit.HOURS)
    yield asked.mtbf.judge(hours, at="MTBF")
    yield asked.mtbf_methods.judge(declared(plan.mtbf_method, plan.at), at="MTBF method")
    yield asked.mtbf_temperature.judge(declared(plan.mtbf_celsius, plan.at, unit=Unit.CELSIUS), at="MTBF temperature")


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
