"""A check that has no subject in the small lab."""

from __future__ import annotations

from harness import Findings, check
from harness.model import Rack
from harness.requirements.lookup import Requirements


@check("PWR-03 power.rack-budget")
def rack_budget(rack: Rack, require: Requirements) -> Findings:
    """The rack stays inside its budget."""
    yield from ()
