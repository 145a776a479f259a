"""The module state machine (OIF-CMIS 6.3.2)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from ..decode.cmis import Lower
from ..decode.fields import code_of
from .agenda import Agenda
from .registers import Registers

LOW_POWER, POWER_UP, READY, POWER_DOWN, FAULT = (
    "ModuleLowPwr",
    "ModulePwrUp",
    "ModuleReady",
    "ModulePwrDn",
    "ModuleFault",
)
STEADY: Final = frozenset({LOW_POWER, READY, FAULT})
"""States that are announced by a flag when they are entered."""

TRANSITION: Final = "module state"


class ModuleStates:
    """Follows what the host and the pin ask for; a fault is left by a reset only."""

    def __init__(
        self, registers: Registers, agenda: Agenda, now: Callable[[], Decimal], lasts: Callable[[str], Decimal]
    ) -> None:
        self.registers, self.agenda, self.now, self.lasts = registers, agenda, now, lasts
        self.state = Lower.module_state.table.get(registers.byte(Lower, 3) >> 1 & 7, READY)
        self.low_power_pin = False
        """LowPwrRequestHW, as the host holds it."""

    @property
    def low_power_requested(self) -> bool:
        """LowPwrS: by software, or by the pin where that is allowed."""
        controls = self.registers.byte(Lower, 26)
        return bool(controls & 0x10) or (bool(controls & 0x40) and self.low_power_pin)

    def enter(self, state: str) -> None:
        """Be in a state now."""
        self.state = state
        held = self.registers.byte(Lower, 3)
        self.registers.set_byte(Lower, 3, held & ~0x0E | code_of(Lower.module_state.table, state) << 1)
        if state in STEADY:
            self.registers.latch(Lower, 8, 0x01)
        self.registers.touched = True

    def move(self, through: str, to: str, duration: str) -> None:
        """Go to a state by way of another that takes its time."""
        self.enter(through)
        self.agenda.at(self.now() + self.lasts(duration), TRANSITION, lambda: self.enter(to))

    def react(self, *, paths_down: bool) -> None:
        """Leave a state whose condition has come true; low power waits for the data paths."""
        if self.state == LOW_POWER and not self.low_power_requested:
            self.move(POWER_UP, READY, "module_pwr_up")
        elif self.low_power_requested and (self.state == POWER_UP or (self.state == READY and paths_down)):
            self.move(POWER_DOWN, LOW_POWER, "module_pwr_dn")
        elif self.state == POWER_DOWN and not self.low_power_requested:
            self.move(POWER_UP, READY, "module_pwr_up")

    def fault(self, cause: int) -> None:
        """Fail, with a cause of OIF-CMIS 8.2."""
        self.agenda.drop(TRANSITION)
        self.registers.set_byte(Lower, Lower.fault_cause.byte, cause)
        self.enter(FAULT)
