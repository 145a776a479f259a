"""What a cage offers, and from where that is known: the switch, the lab's own sources, the project's table."""

from __future__ import annotations

from decimal import Decimal

from .breakout import children
from .errors import NoLimit
from .lab.inventory import CagePlan, DevicePlan, declared
from .lab.platforms import ports_of
from .reading import Absence, Missing, Reading, Source, Value
from .requirements.lookup import Requirements
from .requirements.rows import CageGroup, Platform
from .units import Unit
from .verdict import Standing

TABLE = "platforms.toml"
SLOWEST = Decimal(10)
TELLING = frozenset({"sonic"})
"""Systems that tell the modes of a cage themselves: where they were not asked, the table does not stand in for them."""


def modes(
    told: Value[frozenset[str]], plan: CagePlan, device: DevicePlan, require: Requirements
) -> tuple[Value[frozenset[str]], Standing]:
    """The breakout modes that a cage offers, and how that is known.

    What the switch itself tells goes first; then what the lab's own sources tell, in their order; then, for a system
    that does not tell modes at all, the project's table.  Missing, as the switch left it, where none of them knows.
    """
    if isinstance(told, Reading):
        return told, Standing.STRUCTURAL
    if plan.facts is not None and isinstance(plan.facts.modes, Reading):
        return plan.facts.modes, plan.facts.standing
    row = None if device.nos in TELLING else row_of(device, require)
    if row is None:
        return told, Standing.STRUCTURAL
    group = row.group(plan.name)
    if group is not None and group.offers.allowed:
        return Reading(group.offers.allowed, source(row, group.clause)), group.standing
    known = ports_of(row.name, device.hwsku)
    socket = known.cages.get(plan.name) if known else None
    if socket is None or group is not None:
        return told, Standing.STRUCTURAL
    fitting = frozenset(mode for mode in row.offers.allowed if fits(mode, socket.lanes, Decimal(socket.lane_gbps)))
    if not fitting:
        return told, Standing.STRUCTURAL
    return Reading(fitting, source(row, row.offers.clause)), row.offers.standing


def fits(mode: str, lanes: int, lane_gbps: Decimal) -> bool:
    """Whether a mode, of some port of a platform, may be one of a cage with so many lanes."""
    rates = [child.speed_gbps / len(child.lanes) for child in children(mode, lanes)]
    return bool(rates) and all(SLOWEST <= rate <= lane_gbps for rate in rates)


def form_factor(plan: CagePlan, device: DevicePlan, require: Requirements) -> Value[str]:
    """What kind of cage it is: as the lab file says of the cage, else of the platform, else as the table says."""
    if plan.cage is not None:
        return Reading(plan.cage, plan.at)
    if plan.facts is not None and isinstance(plan.facts.form_factor, Reading):
        return plan.facts.form_factor
    if device.platform is None:
        return Missing(Absence.NOT_DECLARED, plan.at, "neither a cage nor a platform is declared")
    row = row_of(device, require)
    group = row.group(plan.name) if row is not None else None
    if group is not None and group.form_factor:
        return Reading(group.form_factor, Source(TABLE, device.platform))
    try:
        cage = require.platform_cage(device.platform)
    except NoLimit as unknown:
        return Missing(Absence.NOT_DECLARED, plan.at, str(unknown))
    return Reading(cage, Source(TABLE, device.platform))


def watts(plan: CagePlan, device: DevicePlan, require: Requirements) -> Value[Decimal]:
    """What a cage can give a module, in the same order."""
    if plan.watts is not None:
        return declared(plan.watts, plan.at, unit=Unit.WATT)
    if plan.facts is not None and isinstance(plan.facts.watts, Reading):
        return plan.facts.watts
    row = row_of(device, require)
    group: CageGroup | None = row.group(plan.name) if row is not None else None
    if row is not None and group is not None and group.watts is not None:
        return Reading(group.watts, source(row, group.clause), Unit.WATT)
    return declared(None, plan.at, unit=Unit.WATT)


def row_of(device: DevicePlan, require: Requirements) -> Platform | None:
    """The table's row of a device's platform; None where it has none."""
    return require.platforms.get(device.platform) if device.platform is not None else None


def source(row: Platform, clause: str) -> Source:
    return Source(TABLE, f"{row.name}, {clause}")
