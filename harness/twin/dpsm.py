"""Data paths and their state machines (OIF-CMIS 6.3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..decode.cmis import LANES, Page10, Page11
from ..decode.module import Application
from ..reading import Reading
from .agenda import Agenda
from .registers import Registers

DEACTIVATED, INIT, DEINIT, ACTIVATED, TURN_ON, TURN_OFF, INITIALIZED = (
    "DPDeactivated",
    "DPInit",
    "DPDeinit",
    "DPActivated",
    "DPTxTurnOn",
    "DPTxTurnOff",
    "DPInitialized",
)
RESTING: Final = frozenset({DEACTIVATED, INITIALIZED, ACTIVATED})
"""States that last until something asks for another; entering one is announced by a flag."""

LASTS: Final = {INIT: "dp_init", DEINIT: "dp_deinit", TURN_ON: "dp_tx_turn_on", TURN_OFF: "dp_tx_turn_off"}
LEADS: Final = {INIT: INITIALIZED, DEINIT: DEACTIVATED, TURN_ON: ACTIVATED, TURN_OFF: INITIALIZED}


@dataclass(eq=False, slots=True)
class DataPath:
    """One data path. Lanes count from 0 within the bank; ``ending`` when it goes down for a new configuration."""

    bank: int
    application: int
    host: tuple[int, ...]
    media: tuple[int, ...]
    state: str = DEACTIVATED
    ending: bool = False

    @property
    def host_bits(self) -> int:
        return bits(self.host)

    @property
    def media_bits(self) -> int:
        return bits(self.media)


def bits(lanes: Sequence[int]) -> int:
    """The lanes as a bitmap, lane 0 in bit 0."""
    return sum(1 << lane for lane in set(lanes))


def starts(bitmap: int) -> list[int]:
    return [lane for lane in range(LANES) if bitmap >> lane & 1]


def lanes_of(application: Application, first: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Host and media lanes of an instance that starts on a host lane, from 0; None where it may not start there."""
    may = starts(application.host_lane_assignment)
    if first not in may:
        return None
    count = max(1, application.host_lanes)
    assigned = application.media_lane_assignment
    on = starts(assigned.value) if isinstance(assigned, Reading) else []
    place = may.index(first)
    media = on[place] if place < len(on) else place * application.media_lanes
    return tuple(range(first, first + count)), tuple(range(media, min(LANES, media + application.media_lanes)))


class DataPaths:
    """All data paths of a module, from its active control set."""

    def __init__(
        self,
        registers: Registers,
        agenda: Agenda,
        now: Callable[[], Decimal],
        lasts: Callable[[str], Decimal],
        applications: Sequence[Application],
        banks: int,
        *,
        before_4_0: bool,
        module_wide_disable: bool,
    ) -> None:
        self.registers, self.agenda, self.now, self.lasts = registers, agenda, now, lasts
        self.applications, self.banks = applications, banks
        self.before_4_0, self.module_wide_disable = before_4_0, module_wide_disable
        self.paths: list[DataPath] = []
        for bank in range(banks):
            for path in self.configured(bank):
                held = registers.byte(Page11, 128 + path.host[0] // 2, bank) >> 4 * (path.host[0] % 2) & 0xF
                path.state = Page11.dp_state.fields[0].table.get(held, DEACTIVATED)  # type: ignore[attr-defined]
                self.paths.append(path)

    def of(self, bank: int) -> Iterator[DataPath]:
        return (path for path in self.paths if path.bank == bank)

    @property
    def down(self) -> bool:
        """Whether every data path is deactivated."""
        return all(path.state == DEACTIVATED for path in self.paths)

    def configured(self, bank: int) -> Iterator[DataPath]:
        """The data paths that the active control set of a bank asks for, with the same on all their lanes."""
        asked = [self.registers.byte(Page11, 206 + lane, bank) >> 1 for lane in range(LANES)]
        done: set[int] = set()
        for lane in range(LANES):
            application, first = asked[lane] >> 3, asked[lane] & 7
            if lane in done or not 1 <= application <= len(self.applications):
                continue
            lanes = lanes_of(self.applications[application - 1], first)
            if (
                lanes is None
                or lane not in lanes[0]
                or {asked[one] for one in lanes[0] if one < LANES} != {asked[lane]}
            ):
                continue
            done.update(lanes[0])
            yield DataPath(bank, application, *lanes)

    def rebuild(self, bank: int) -> None:
        """Make the data paths that the active control set asks for, once the lanes of older ones are free."""
        for path in [path for path in self.of(bank) if path.ending and path.state == DEACTIVATED]:
            self.paths.remove(path)
        taken = bits([lane for path in self.of(bank) for lane in path.host])
        for path in self.configured(bank):
            if not path.host_bits & taken:
                self.paths.append(path)

    def end(self, bank: int, lanes: int) -> None:
        """Take down the data paths of some lanes, for the configuration that has become active to take their place."""
        for path in list(self.of(bank)):
            if path.host_bits & lanes:
                path.ending = True
        self.rebuild(bank)
        waiting = bits([lane for path in self.of(bank) if path.ending for lane in path.host])
        self.registers.set_lanes(Page11.dp_init_pending, lanes & waiting, bank)

    def react(self, *, ready: bool, low_power: bool) -> None:
        """Leave states whose conditions have come true."""
        for path in list(self.paths):
            down = path.ending or low_power or bool(self.registers.lanes(Page10.dp_deinit, path.bank) & path.host_bits)
            following = self.following(path, ready=ready, down=down)
            if following:
                self.enter(path, following)
        for bank in range(self.banks):
            if any(path.ending and path.state == DEACTIVATED for path in self.of(bank)):
                self.rebuild(bank)
                self.react(ready=ready, low_power=low_power)

    def following(self, path: DataPath, *, ready: bool, down: bool) -> str:
        """The state that a resting data path goes to; empty where it stays."""
        match path.state:
            case "DPDeactivated":
                return INIT if ready and not down else ""
            case "DPInitialized":
                return DEINIT if down else "" if self.dark(path) else TURN_ON
            case "DPActivated" if self.before_4_0:
                return DEINIT if down else ""
            case "DPActivated":
                return TURN_OFF if down or self.dark(path) else ""
        return ""

    def enter(self, path: DataPath, state: str) -> None:
        """Be in a state now; one that does not last leads to the next."""
        path.state = state
        for lane in path.host:
            Page11.dp_state.fields[lane].write(self.registers.image, state, bank=path.bank)
        if state in RESTING:
            changed = Page11.dp_state_changed
            self.registers.latch(Page11, changed.fields[0].byte, path.host_bits, path.bank)
        else:
            leads = ACTIVATED if state == INIT and self.before_4_0 else LEADS[state]
            self.agenda.at(self.now() + self.lasts(LASTS[state]), path, lambda: self.enter(path, leads))
        if state == INIT:
            pending = self.registers.lanes(Page11.dp_init_pending, path.bank)
            self.registers.set_lanes(Page11.dp_init_pending, pending & ~path.host_bits, path.bank)
        self.registers.touched = True

    def disabled(self, bank: int) -> int:
        """Media lanes whose output the host has disabled; one means all where the module cannot tell them apart."""
        held = self.registers.lanes(Page10.tx_disable, bank)
        anywhere = any(self.registers.lanes(Page10.tx_disable, other) for other in range(self.banks))
        return 0xFF if self.module_wide_disable and anywhere else held

    def quenched(self, bank: int) -> int:
        """Media lanes whose output the host has disabled or squelched."""
        return self.disabled(bank) | self.registers.lanes(Page10.tx_squelch_force, bank)

    def dark(self, path: DataPath) -> bool:
        """Whether the host has disabled or squelched every output of a data path."""
        return bool(path.media) and path.media_bits & ~self.quenched(path.bank) == 0

    def reset(self) -> None:
        """Start over from the active control set, everything deactivated."""
        for path in self.paths:
            self.agenda.drop(path)
        self.paths = []
        for bank in range(self.banks):
            for byte in range(128, 132):
                self.registers.set_byte(Page11, byte, 0x11, bank)
            self.registers.set_lanes(Page11.dp_init_pending, 0, bank)
            self.rebuild(bank)
