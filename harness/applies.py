"""When a limit does not govern a subject, and the reading that proves it; and how lanes are picked.

Each question answers with a finding that ends the check, or with None where the limit governs.  A proof that was not
measured is NOT-MEASURED: a module that did not answer is not one without monitors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeVar

from .breakout import rate_on
from .decode.told import ToldTransceiver
from .decode.transceiver import CMIS_IDENTIFIERS, Application
from .limit import Range, not_applicable, one_of
from .model import NO_HISTORY, ActiveCable, Link, Module, OpticalModule, Port
from .reading import Absence, Missing, Reading, Source, Value, derive
from .requirements.lookup import Requirements
from .units import Unit
from .verdict import Finding, Outcome, Standing

V = TypeVar("V")

CMIS: Final = "cmis"
OTHER_PROTOCOLS: Final = frozenset({"InfiniBand", "Fibre Channel", "OTN", "CPRI", "PCIe", "PON"})
IDENTIFIED: Final = one_of("a memory map", clause="SFF-8024 table 4-1, the identifier tells the memory map")
PAGED: Final = one_of(False, clause="OIF-CMIS 8.2.1, optical modules and retimed cables have pages beyond 00h")
SHOWN: Final = one_of("shown", clause="registers of the module, which the system may show or not")
SOAKED: Final = Range(min=Decimal(3), unit=Unit.COUNT, clause="a soak has three samples at least")
SHUT: Final = one_of("down", clause="the lab asks for this port to be shut", standing=Standing.BUYER)


def without_cmis(module: Module) -> Finding | None:
    """What a module with another management interface proves by its identifier."""
    if module.seen.management == CMIS:
        return None
    identifier = module.seen.identifier
    if isinstance(identifier, Missing):
        return IDENTIFIED.judge(identifier, at="identifier")
    if module.seen.guess:
        return IDENTIFIED.judge(Missing(Absence.UNREADABLE, identifier.source, module.seen.guess), at="identifier")
    if not module.seen.management and identifier.value in CMIS_IDENTIFIERS:
        untold = "a module of this kind may have CMIS, and what the system told does not say that it has not"
        return IDENTIFIED.judge(Missing(Absence.NOT_AVAILABLE, identifier.source, untold), at="identifier")
    return not_applicable(identifier, because=f"{module.seen.document} module: it has no CMIS", at="identifier")


def without_registers(module: Module) -> Finding | None:
    """That nothing is known of a module's registers where the system told of the module in words."""
    if not isinstance(module.seen, ToldTransceiver):
        return None
    return SHOWN.judge(module.seen.undefined, at="registers")


def without_pages(module: Module) -> Finding | None:
    """What a cable with flat memory proves by its flat bit: no pages, so no monitors and no lane states.

    An optical module is not let off so, nor a cable with firmware or a retimer: they have to have them.
    """
    if has_to_have_pages(module):
        return None
    flat = module.seen.flat_memory
    if isinstance(flat, Reading) and flat.value:
        return not_applicable(flat, because="flat memory: the cable has no pages beyond 00h", at="memory model")
    return None


def has_to_have_pages(module: Module) -> bool:
    """Whether the lab's part is one that flat memory cannot describe, whatever the module says of itself.

    An active optical cable may be flat, unless the lab gives it a firmware version; an active copper one has a retimer.
    """
    if isinstance(module, ActiveCable):
        return module.plan is not None and (module.plan.kind == "aec" or bool(module.plan.firmware))
    return isinstance(module, OpticalModule)


def wrongly_flat(module: Module) -> Finding | None:
    """What is wrong with a module that says it has no pages and has to have some: they are then never looked at."""
    seen, flat = module.seen, module.seen.flat_memory
    if has_to_have_pages(module) and seen.management == CMIS and isinstance(flat, Reading) and flat.value:
        return PAGED.judge(flat, at="flat memory")
    return None


def rate_of(module: Module) -> Value[Decimal]:
    """The rate that a module is to run at: of its ports together, on a board that of its PMD."""
    rate = sum((port.speed_gbps for port in module.cage.ports), Decimal(0))
    if not rate:
        unknown = f"no table has the rate of {module.pmd}; the slot can say its speed"
        return Missing(Absence.NOT_DECLARED, module.cage.at, unknown)
    return Reading(rate, module.cage.at, Unit.GBPS)


def shut(port: Port) -> Finding | None:
    """What a port proves by its admin state that the lab wants shut.  One that is up after all is judged as one."""
    if port.plan.up:
        return None
    admin = port.seen.admin
    if isinstance(admin, Missing):
        return SHUT.judge(admin, at="admin state")
    return not_applicable(admin, because=SHUT.clause, at="admin state") if admin.value in SHUT.allowed else None


def together(link: Link, allowed: Range) -> Finding:
    """Whether the two ends of a link were asked close enough in time to be compared; further apart decides nothing."""
    judged = allowed.judge(link.skew, at="time between the two ends")
    if judged.outcome is Outcome.PASS:
        return judged
    reason = judged.reason or "too far apart to be one state of the link"
    return replace(judged, outcome=Outcome.NOT_MEASURED, reason=reason)


def of_lane(values: Sequence[Value[V]], lane: int, module: Module) -> Value[V]:
    """The value of a lane by its number from 1; a lane beyond what was decoded is Missing."""
    if 1 <= lane <= len(values):
        return values[lane - 1]
    source = Source(module.seen.evidence, f"lane {lane}")
    return Missing(Absence.NOT_RECORDED, source, f"{len(values)} lanes were decoded")


def lanes_with(values: Sequence[Value[bool]], lanes: Iterable[int], module: Module) -> Value[tuple[int, ...]]:
    """Those of the lanes on which a bit is set; the first lane that was not read wins."""
    found: list[int] = []
    source = Source(module.seen.evidence)
    for lane in lanes:
        bit = of_lane(values, lane, module)
        if isinstance(bit, Missing):
            return bit
        if bit.value or not found:
            source = bit.source
        if bit.value:
            found.append(lane)
    return Reading(tuple(found), source)


def offering(port: Port) -> Value[tuple[Application, ...]]:
    """The advertised applications of Ethernet whose host side has a port's speed on as many lanes."""
    speed, lanes = port.plan.speed_gbps, len(port.host_lanes)
    return derive(
        port.module.seen.applications,
        lambda every: tuple(
            a for a in every if a.host_lanes == lanes and (host := a.host) is not None
            and host.total_gbps == speed and host.family not in OTHER_PROTOCOLS
        ),
        note=f"applications of {rate_on(speed, lanes)}",
    )  # fmt: skip


def without_history(value: Value[object]) -> Finding | None:
    """What the command line proves that names no directory of earlier archives."""
    if value is not NO_HISTORY:
        return None
    return not_applicable(Reading("none", NO_HISTORY.source), because=NO_HISTORY.detail, at="history")


def without_soak(samples: int, require: Requirements) -> Finding | None:
    """What a profile proves that asks for no soak, where none was run; one that it asks for was then not measured.

    ``samples`` are those on record, answered or not: the two of every run are no soak.
    """
    assert SOAKED.min is not None
    if samples >= SOAKED.min:
        return None
    line = Source(f"profile {require.profile.name}", "soak, asked")
    if not require.profile.soak.asked:
        return not_applicable(Reading(False, line), because="the profile asks for no soak, and none was run", at="soak")
    few = Missing(Absence.NOT_RECORDED, line, f"a soak is asked for, and {samples} samples are on record")
    return SOAKED.judge(few, at="samples of a soak")
