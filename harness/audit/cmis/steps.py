"""What the rules that operate a module do to it, step by step (OIF-CMIS 6.3, 8.9)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypeVar

from ...decode.cmis import Lower, Page10, Page11
from ...decode.memory import LOWER_MEMORY, Page
from ...decode.transceiver import CmisTransceiver
from ...limit import Range
from ...reading import Missing, Reading, Source, Value
from ...units import Unit
from ...verdict import Finding
from ..board import MANAGEABLE, POLL, SOFTWARE_RESET, WRITTEN, Operator
from ..rule import Ask, Unasked
from .table import DataPath, data_paths

T = TypeVar("T")

CONTROL, STATUS = Page(0x10), Page(0x11)

DEACTIVATED, INITIALIZED, ACTIVATED = "DPDeactivated", "DPInitialized", "DPActivated"
READY, LOW_POWER = "ModuleReady", "ModuleLowPwr"

CONFIGURED: Final = Decimal(1)
"""Time, in s, given to a module to answer an Apply; the document sets none."""


def in_time(ask: Ask, bound: Decimal) -> Range:
    """A longest time in seconds; what polling adds to it warns only."""
    return Range(max=bound, unit=Unit.SECONDS, clause=ask.clause, standing=ask.standing, accuracy=2 * (POLL + WRITTEN))


def timed(ask: Ask, bound: Value[Decimal], took: Value[Decimal], at: str) -> Finding:
    """A duration against the one that the module advertises, which it may leave open."""
    limit = in_time(ask, bound.value) if isinstance(bound, Reading) else ask.at_most(bound, Unit.SECONDS)
    return limit.judge(took, at=at)


def pathed(operator: Operator) -> CmisTransceiver:
    """The module with its control and status of lanes, read now."""
    return operator.look(CONTROL, STATUS)


def live_path(operator: Operator) -> DataPath:
    """The first data path, which has to be activated for a rule that moves it."""
    module = pathed(operator)
    for path in data_paths(module):
        states = [module.dp_state[lane - 1] for lane in path.host_lanes]
        if path.host_lanes[-1] <= 8 and all(isinstance(s, Reading) and s.value == ACTIVATED for s in states):
            return path
    raise Unasked("needs a data path that is activated")


def states_of(operator: Operator, lanes: Sequence[int]) -> tuple[str, ...]:
    """States of some host lanes of bank 0."""
    held = operator.states()
    return tuple(held[lane - 1] for lane in lanes)


def reach(operator: Operator, lanes: Sequence[int], state: str, longest: Decimal) -> Value[Decimal]:
    """Seconds until all these host lanes are in a state."""
    return operator.until(lambda: set(states_of(operator, lanes)) == {state}, longest, f"until {state}")


def state_now(operator: Operator, lanes: Sequence[int]) -> Value[str]:
    """The state of some host lanes, all of them where they differ."""
    found = dict.fromkeys(states_of(operator, lanes))
    return Reading(", ".join(found), Source(operator.evidence, "page 11h bytes 128-131"))


def deinit(operator: Operator, lanes: Sequence[int]) -> Value[Decimal]:
    """Deactivate the data paths of some host lanes."""
    operator.set_lanes(Page10.dp_deinit, lanes, True)
    longest = operator.bound("dp_tx_turn_off") + operator.bound("dp_deinit")
    return reach(operator, lanes, DEACTIVATED, longest)


def reset(operator: Operator) -> Value[Decimal]:
    """Reset by software; seconds until the management interface answers again."""
    held = operator.raw(LOWER_MEMORY, Lower.software_reset.byte)[0]
    operator.put(LOWER_MEMORY, Lower.software_reset.byte, bytes([held | SOFTWARE_RESET]))
    operator.selected = None
    return operator.until(operator.answers, MANAGEABLE, "reset by software")


def steady(operator: Operator) -> bool:
    return operator.module_state() in (READY, LOW_POWER, "ModuleFault")


def staged(operator: Operator, path: DataPath, application: int) -> bytes:
    """Bytes 145-152 with an Application on the lanes of a data path, explicit control off."""
    held = bytearray(operator.raw(CONTROL, 145, 8))
    for lane in path.host_lanes:
        held[lane - 1] = application << 4 | (path.host_lanes[0] - 1) << 1
    return bytes(held)


def apply(operator: Operator, lanes: Sequence[int]) -> tuple[Value[str], ...]:
    """Apply staged control set 0 to some host lanes; what the module says of each of them."""
    operator.put(CONTROL, 143, bytes([mask(lanes)]))
    return outcome(operator, lanes)


def outcome(operator: Operator, lanes: Sequence[int]) -> tuple[Value[str], ...]:
    """Configuration status of some host lanes, once it is known."""

    def known() -> bool:
        return all(
            isinstance(one, Missing) or one.value != "ConfigInProgress" for one in operator.read(Page11.config_status)
        )

    operator.until(known, CONFIGURED, "configuration status")
    held = operator.read(Page11.config_status)
    return tuple(held[lane - 1] for lane in lanes)


def mask(lanes: Sequence[int]) -> int:
    return sum(1 << (lane - 1) for lane in lanes)


def active(operator: Operator) -> bytes:
    """The active control set of bank 0."""
    return operator.raw(STATUS, 206, 8)


def seen(operator: Operator, value: T, where: str) -> Reading[T]:
    """Something that was observed while the module was operated."""
    return Reading(value, Source(operator.evidence, where))
