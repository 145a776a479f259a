"""Power of modules, switches and racks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from checks.dom import quad, sensed
from harness import (
    Absence,
    Cage,
    CopperModule,
    Device,
    Finding,
    Findings,
    Missing,
    Part,
    Rack,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    Switch,
    Unit,
    Value,
    at_most,
    check,
    declared,
    difference,
    finite,
    not_applicable,
    one_of,
    times,
    total,
    without_pages,
)
from harness.maths import heat

MODULES: Final = frozenset({"optic", "linear", "dac", "acc", "aec", "aoc"})
"""Kinds of parts that are modules or have modules at their ends."""
STEP: Final = Decimal("0.25")
"""Watts of the register of a module's maximum power (OIF-CMIS 8.3, 00h:201): a data sheet may be more exact."""


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
    taken = most(switch)
    yield with_air(limit.judge(taken, at=f"{switch} at most"), taken)


@check("PWR-03 power.rack", tags=("acceptance",))
def rack(rack: Rack, require: Requirements) -> Findings:
    """All devices of the rack at their most, cooling counted, stay within the share of its budget that may be used."""
    power, plan = require.profile.power, rack.plan
    budget = Reading(plan.budget_watts * power.derate, plan.at, Unit.WATT)
    clause = f"{power.derate} of a budget of {plan.budget_watts} W"
    devices = total([most(device) for device in rack.devices], of=f"devices of {rack} at most")
    counted = times(devices, plan.overhead, note=f"times {plan.overhead} for cooling")
    judged = at_most(budget, clause=clause, standing=Standing.BUYER).judge(counted, at=f"{rack} at most")
    yield with_air(judged, devices)


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


def with_air(finding: Finding, watts: Value[Decimal]) -> Finding:
    """The finding with how much air the heat needs."""
    taken = finite(watts)
    if isinstance(taken, Missing) or taken.value <= 0 or finding.reason:
        return finding
    air = f"{heat.airflow(taken.value):.0f} CFM of air take it away as they warm by {heat.USUAL_RISE} K"
    return replace(finding, reason=air)


@check("PWR-04 power.hot-cages", tags=("acceptance",))
def hot_cages(device: Device, require: Requirements) -> Findings:
    """Every cage keeps its temperature margin, none is far hotter than the others, and the fans blow one way."""
    warm: list[tuple[Cage, Reading[Decimal]]] = []
    for cage in device.cages:
        if ended := without_heat(cage):
            yield replace(ended, at=f"{cage}")
            continue
        own, now = quad(cage.module, "temperature_c"), sensed(cage.module.seen.temperature)
        warning = at_most(own.high_warning, clause="high warning of the module itself", unit=Unit.CELSIUS)
        yield warning.judge(now, at=f"{cage}, own high warning")
        yield require.profile.dom.class_temperature.judge(now, at=f"{cage}, temperature class")
        if isinstance(now, Reading):
            warm.append((cage, now))
    if warm:
        yield from hottest(warm, require.profile.power.hot_cage)
    yield airflow(device)


def without_heat(cage: Cage) -> Finding | None:
    """What proves that nothing in a cage has a temperature to judge."""
    plan = cage.plan.module
    if plan is None:
        return not_applicable(Reading("no module", cage.plan.at), because="the lab plans none for this cage")
    if isinstance(cage.module, CopperModule):
        return not_applicable(Reading(plan.kind, plan.at), because="a passive cable has no electronics")
    return without_pages(cage.module)


def hottest(warm: Sequence[tuple[Cage, Reading[Decimal]]], limit: Range) -> Iterator[Finding]:
    """The hottest cage over the median of its device, and the one that is hottest beside its neighbours, by name."""
    celsius = [now.value for _, now in warm]
    ways = ((heat.over_median, f"the median of {len(warm)} cages"), (heat.over_neighbours, "the cage beside it"))
    for reckon, what in ways:
        over = reckon(celsius)
        place = max(range(len(over)), key=over.__getitem__)
        cage, now = warm[place]
        beside = ", ".join(
            f"{other} at {near}" for other, near in warm[max(place - 1, 0) : place + 2] if other is not cage
        )
        source = Source(now.source.evidence, f"{now.source.where}, over {what}", str(now))
        judged = limit.judge(Reading(over[place], source, Unit.CELSIUS), at=f"{cage} over {what}")
        said = f"{cage} at {now}{f', beside it {beside}' if beside else ''}"
        yield replace(judged, reason="; ".join(filter(None, (judged.reason, said))))


def airflow(device: Device) -> Finding:
    """Whether all fans of a switch blow the same way."""
    if not isinstance(device, Switch):
        kind = Reading(device.plan.kind, device.plan.at)
        return not_applicable(kind, because="the fans of a host cool more than its cages", at="airflow of the fans")
    one_way = one_of(1, clause="directions in which the fans of a device blow", advice="fans blow against one another")
    fans = device.facts.fans
    if isinstance(fans, Missing):
        return one_way.judge(fans, at="airflow of the fans")
    told = [fan.direction for fan in fans.value]
    gone = next((way for way in told if isinstance(way, Missing)), None)
    ways = sorted({way.value for way in told if isinstance(way, Reading)})
    if gone is not None or not ways:
        none = gone or Missing(Absence.NOT_RECORDED, fans.source, "no fan was shown")
        return one_way.judge(none, at="airflow of the fans")
    judged = one_way.judge(Reading(len(ways), fans.source), at="airflow of the fans")
    return replace(judged, measured=", ".join(ways), limit={"equals": "one direction"})


@check("PWR-06 power.datasheet", tags=("acceptance",))
def datasheet(part: Part, require: Requirements) -> Findings:
    """Watts and power class of the data sheet are what each module advertises, and within what the buyer allows."""
    plan = part.plan
    if plan.kind not in MODULES:
        yield not_applicable(Reading(plan.kind, plan.at), because="the part is no module", at="kind")
        return
    sheet = declared(plan.max_watts, plan.at, unit=Unit.WATT)
    passive = isinstance(sheet, Missing) and plan.kind == "dac"
    if passive:
        yield not_applicable(Reading(plan.kind, plan.at), because="a passive cable has no electronics", at="watts")
    else:
        for rate in rates_of(part, require):
            asked = require.profile.power.module_watts(rate)
            yield asked.judge(sheet, at=f"data sheet of a module of {rate.normalize():f}G")
    if not part.cages:
        yield not_applicable(Reading("no cage", plan.at), because="the lab plans the part for no cage", at="modules")
    for cage in part.cages:
        if not passive:
            yield from as_on_sheet(cage, sheet, plan.standing or Standing.DATASHEET)
        yield from classed(cage, part, require)


def rates_of(part: Part, require: Requirements) -> tuple[Decimal, ...]:
    """The rates of a part: of the PMD of its record, else of the cages that it is planned for."""
    name = part.plan.pmd or ""
    row = require.pmds.get(require.aliases.get(name, name))
    if row is not None:
        return (row.rate_gbps,)
    return tuple(sorted({sum((port.speed_gbps for port in cage.plan.ports), Decimal(0)) for cage in part.cages}))


def as_on_sheet(cage: Cage, sheet: Value[Decimal], standing: Standing) -> Iterator[Finding]:
    """Whether a module advertises what its data sheet says: more fails, less makes hosts reckon with too little."""
    taken = takes(cage)
    most = at_most(sheet, clause="watts of the data sheet", standing=standing, unit=Unit.WATT)
    yield most.judge(taken, at=f"{cage} advertises")
    if isinstance(sheet, Reading):
        least = Range(
            min=sheet.value - STEP, unit=Unit.WATT, clause="watts of the data sheet, to a step of the register",
            standing=Standing.ADVISORY,
        )  # fmt: skip
        yield least.judge(taken, at=f"{cage} advertises as much")


def classed(cage: Cage, part: Part, require: Requirements) -> Iterator[Finding]:
    """Whether a module's power class is the one of its data sheet, and holds the watts that it advertises itself."""
    seen, plan = cage.module.seen, part.plan
    if plan.power_class is not None:
        sheet = one_of(
            plan.power_class, clause="power class of the data sheet", standing=plan.standing or Standing.DATASHEET
        )
        yield sheet.judge(seen.power_class, at=f"{cage} power class")
    form, number = cage.module.form_factor, seen.power_class
    if isinstance(form, Missing) or isinstance(number, Missing):
        return
    name = form.value.removesuffix("-RHS")
    if 1 <= number.value <= len(require.power_classes.get(name, ())):
        yield require.power_class(name, number.value).judge(takes(cage), at=f"{cage} within its own power class")
