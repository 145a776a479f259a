"""Every outcome, from what a lab file declares of its parts."""

from __future__ import annotations

from decimal import Decimal

from harness import Findings, check
from harness.lab.inventory import declared
from harness.limit import Range, not_applicable
from harness.model import Part
from harness.reading import Reading
from harness.requirements.lookup import Requirements
from harness.units import Unit
from harness.verdict import Standing


@check("PRO-01 procure.warranty", tags=("acceptance",))
def warranty(part: Part, require: Requirements) -> Findings:
    """The warranty lasts at least three years."""
    limit = Range(
        min=Decimal(3), unit=Unit.YEARS, clause="contract <5.1>", standing=Standing.BUYER, guard=Decimal("0.5")
    )
    yield limit.judge(declared(part.plan.warranty_years, part.plan.at, unit=Unit.YEARS), at="warranty")


@check("PRO-03 procure.lead-time")
def lead_time(part: Part, require: Requirements) -> Findings:
    """The part comes in eight weeks; nobody has held that against the contract."""
    weeks = declared(part.plan.lead_time_weeks, part.plan.at, unit=Unit.WEEKS)
    limit = Range(max=Decimal(8), unit=Unit.WEEKS, clause="contract 5.2", standing=Standing.RECALLED)
    yield limit.judge(weeks, at="lead time")


@check("PRO-05 procure.quantity")
def quantity(part: Part, require: Requirements) -> Findings:
    """Fiber is ordered at all; other parts are not governed by this."""
    if part.plan.kind != "fiber":
        kind = declared(part.plan.kind, part.plan.at)
        assert isinstance(kind, Reading)
        yield not_applicable(kind, because="no fiber")
        return
    if part.plan.quantity == 666:
        raise ZeroDivisionError("a bug of ours")
    ordered = declared(None if part.plan.quantity is None else Decimal(part.plan.quantity), part.plan.at)
    yield Range(min=Decimal(1), clause="order", standing=Standing.BUYER).judge(ordered, at="ordered")
