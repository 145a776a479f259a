"""Power of modules, switches and racks."""

from __future__ import annotations

from decimal import Decimal

from harness import (
    Absence,
    Cage,
    Device,
    Findings,
    Missing,
    Rack,
    Reading,
    Requirements,
    Standing,
    Switch,
    Unit,
    Value,
    at_most,
    check,
    declared,
    difference,
    finite,
    times,
    total,
)


@check("PWR-01 power.cage", tags=("acceptance",))
def cage(cage: Cage, require: Requirements) -> Findings:
    """The module takes no more power at most than its cage gives, the buyer's margin left over."""
    given, taken = finite(cage.watts), takes(cage)
    limit = at_most(given, clause="what the cage gives", standing=Standing.BUYER, unit=Unit.WATT)
    yield limit.judge(taken, at="most that the module takes")
    left = difference(given, taken, of="what is left of the cage's power")
    yield require.profile.power.cage_margin.judge(left, at="left of what the cage gives")


def takes(cage: Cage) -> Value[Decimal]:
    """What the module says that it takes at most; no module takes 0 W, a register at 0 was never set."""
    most = finite(cage.module.seen.max_power)
    if isinstance(most, Reading) and not most.value:
        return Missing(Absence.NOT_AVAILABLE, most.source, "0 W: never set")
    return most


@check("PWR-02 power.supplies", tags=("acceptance",))
def supplies(switch: Switch, require: Requirements) -> Findings:
    """Modules, ASIC and fans at their most stay within the power supplies with as many lost as the buyer says."""
    lost = require.profile.power.supplies_lost
    plan = switch.plan
    left = None if plan.supplies is None else Decimal(plan.supplies - lost)
    held = declared(
        None if left is None or plan.supply_watts is None else left * plan.supply_watts, plan.at, unit=Unit.WATT
    )
    clause = f"{plan.supplies} supplies of {plan.supply_watts} W with {lost} lost"
    limit = at_most(held, clause=clause, standing=Standing.BUYER, unit=Unit.WATT)
    yield limit.judge(most(switch), at=f"{switch} at most")


@check("PWR-03 power.rack", tags=("acceptance",))
def rack(rack: Rack, require: Requirements) -> Findings:
    """All devices of the rack at their most, cooling counted, stay within the share of its budget that may be used."""
    power, plan = require.profile.power, rack.plan
    budget = Reading(plan.budget_watts * power.derate, plan.at, Unit.WATT)
    clause = f"{power.derate} of a budget of {plan.budget_watts} W"
    devices = total([most(device) for device in rack.devices], of=f"devices of {rack} at most")
    counted = times(devices, plan.overhead, note=f"times {plan.overhead} for cooling")
    yield at_most(budget, clause=clause, standing=Standing.BUYER).judge(counted, at=f"{rack} at most")


def most(device: Device) -> Value[Decimal]:
    """What a device takes at most: as declared as a whole, else its ASIC, fans and modules together."""
    plan = device.plan
    whole = declared(plan.watts, plan.at, unit=Unit.WATT)
    if isinstance(whole, Reading):
        return whole
    if plan.kind != "switch":
        return whole
    modules = [takes(cage) for cage in device.cages if cage.plan.module is not None]
    parts = (declared(plan.asic_watts, plan.at, unit=Unit.WATT), declared(plan.fan_watts, plan.at, unit=Unit.WATT))
    return total([*parts, *modules], of=f"ASIC, fans and {len(modules)} modules of {device}")
