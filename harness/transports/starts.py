"""A timed start of a module on a board: what it takes from low power to Ready, and to a data path that runs.

    timed_start(bus, calendar, tell)       measures, and puts back all that it changed
    unrestored(journal lines)              what a run that was killed in the middle left changed
    restore(bus, calendar, saved, tell)    puts that back

Before the first write ``tell`` hears ``saved`` with everything that will have to be put back, and afterwards, once it
was read back, ``restored``: who finds the one without the other in a journal knows what is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from ..audit.board import DEVICE, LOW_POWER_REQUEST, SOFTWARE_RESET, WRITTEN, Board, Operator, Saved
from ..clock import Calendar
from ..decode.build import json_key
from ..decode.bus import Bus
from ..decode.cmis import Page11
from ..decode.dump import json_page
from ..decode.memory import LOWER_MEMORY, Memory, Page
from ..decode.transceiver import CMIS_IDENTIFIERS, CmisTransceiver
from ..errors import InputError, TransportError
from ..evidence import written
from ..reading import Reading
from .base import Hurry, Stopped

Tell = Callable[..., None]
"""``tell(event, **facts)``: a line of the journal."""

POWER_UP, DATA_PATH_INIT = "module_power_up", "data_path_init"
ALLOW_LOW_POWER_PIN: Final = 0x40
"""Byte 26 of lower memory: the pin may ask for low power. A board may hold it, and the module would not start."""

MODULE_CONTROLS: Final = 26
DATA_PATHS_OFF: Final = 128
"""Byte of page 10h: a bit for each host lane whose data path is to be down (DPDeinit)."""

READY, LOW_POWER, FAULT = "ModuleReady", "ModuleLowPwr", "ModuleFault"
DOWN: Final = frozenset({"DPDeactivated"})
PAST_INIT: Final = frozenset({"DPInitialized", "DPTxTurnOn", "DPActivated"})

POLL: Final = Decimal("0.01")
"""Time, in s, between two looks at a state."""

TO_MILLISECONDS: Final = Decimal("0.001")


@dataclass(slots=True)
class Haste:
    """A clock whose waits end when the user wants to stop, but for those of putting back."""

    calendar: Calendar
    hurry: Hurry

    def now(self) -> Decimal:
        return self.calendar.now()

    def wait(self, seconds: Decimal) -> None:
        if self.hurry.stop:
            raise Stopped("the timed start was stopped by the user, and put back")
        self.calendar.wait(seconds)


def timed_start(bus: Bus, calendar: Calendar, tell: Tell, hurry: Hurry | None = None) -> Mapping[str, object]:
    """Seconds that a module takes from leaving low power to Ready, and for its data paths to initialize (OIF-CMIS 6.3).

    The document has ``measurements``, rows as a measurement file has them, and ``unmeasured``, the reason for each
    quantity that could not be timed.  TransportError, with nothing written, where the module is none that starts so;
    and where something could not be put back, which then is in the journal still.
    """
    hurry = hurry or Hurry()
    clock = Haste(calendar, hurry)
    operator = operated(bus, clock)
    who = identity(operator)
    serial = who["serial_number"]
    if not serial.strip(" 0\xff"):
        raise TransportError(
            f"no timed start: the module's serial number is {serial!r}, to which nothing can be put down"
        )
    before = operator.save()
    tell("saved", saved={"identity": who, **document(before)})
    try:
        start = Start(operator, before)
        at = calendar.instant()
        start.run()
    finally:
        with hurry.set_aside():
            put_back(operator, before, tell)
    return {"identity": who, "measurements": start.rows(serial, at), "unmeasured": start.unmeasured}


def operated(bus: Bus, clock: Haste) -> Operator:
    """The operator of a module with CMIS and pages; TransportError, with nothing written, for any other."""
    head = bus.read(DEVICE, 0, 3)
    if len(head) < 3 or head[0] not in CMIS_IDENTIFIERS:
        raise TransportError(
            f"no timed start: expected a module with CMIS, found identifier {head[:1].hex() or 'none'}h"
        )
    if head[2] & 0x80:
        raise TransportError("no timed start: the module has flat memory, and so no states")
    return Operator(Board(bus, clock), "timed start")


def identity(operator: Operator) -> dict[str, str]:
    """Who the module is, so that nobody puts back into another one."""
    module = CmisTransceiver(Memory(operator.evidence, operator.static))
    told = {"vendor_name": module.vendor_name, "part_number": module.vendor_pn, "serial_number": module.vendor_sn}
    for name, value in told.items():
        if not isinstance(value, Reading):
            raise TransportError(f"no timed start: {name.replace('_', ' ')} of the module: {value}")
    return {name: value.value for name, value in told.items() if isinstance(value, Reading)}


@dataclass(frozen=True, slots=True)
class Timed:
    """How long something took: between two looks, or at least so long where nobody waited any longer."""

    least: Decimal
    most: Decimal

    def row(self, serial: str, quantity: str, at: datetime) -> dict[str, str]:
        value, half = (self.most + self.least) / 2, (self.most - self.least) / 2
        return {
            "serial_number": serial,
            "quantity": quantity,
            "value": str(value.quantize(TO_MILLISECONDS)),
            "unit": "s",
            "uncertainty": str(half.quantize(TO_MILLISECONDS)),
            "time": written(at),
        }


@dataclass(slots=True)
class Start:
    """One start, step by step."""

    operator: Operator
    before: Saved
    took: dict[str, Timed] = field(default_factory=dict)
    unmeasured: dict[str, str] = field(default_factory=dict)

    def rows(self, serial: str, at: datetime) -> list[dict[str, str]]:
        return [timed.row(serial, quantity, at) for quantity, timed in self.took.items()]

    def run(self) -> None:
        """Data paths down, low power; then power up and data paths up, each timed from the write that allows it."""
        operator, lanes = self.operator, self.lanes
        for bank in range(len(self.before.deinit)):
            operator.put(Page(0x10, bank), DATA_PATHS_OFF, b"\xff")
        down = self.bounds("dp_tx_turn_off", "dp_deinit")
        deactivated = self.waited(partial(self.paths_in, DOWN), down)
        off = self.before.controls & ~SOFTWARE_RESET
        operator.put(LOWER_MEMORY, MODULE_CONTROLS, bytes([off | LOW_POWER_REQUEST]))
        if not self.waited(partial(operator.in_state, LOW_POWER), self.bounds("module_pwr_dn")):
            self.neither(f"asked for low power the module is in {operator.module_state() or 'no state that is known'}")
            return
        on = off & ~LOW_POWER_REQUEST & ~ALLOW_LOW_POWER_PIN
        begun = self.let_go(LOWER_MEMORY, MODULE_CONTROLS, bytes([on]))
        ready = self.watch(POWER_UP, partial(operator.in_state, READY), begun, self.bounds("module_pwr_up"))
        if not ready:
            self.unmeasured[DATA_PATH_INIT] = f"the module is in {operator.module_state() or 'no state that is known'}"
        elif not lanes:
            self.unmeasured[DATA_PATH_INIT] = "no lane has both an active Application and a host that lets it start"
        elif not deactivated:
            self.unmeasured[DATA_PATH_INIT] = "the data paths did not go to DPDeactivated first"
        else:
            begun = min(
                self.let_go(Page(0x10, bank), DATA_PATHS_OFF, self.before.deinit[bank]) for bank in sorted(lanes)
            )
            self.watch(DATA_PATH_INIT, partial(self.paths_in, PAST_INIT), begun, self.bounds("dp_init"))

    @property
    def lanes(self) -> Mapping[int, Sequence[int]]:
        """Host lanes, from 0, by bank, that have an Application and are not held down by the host."""
        found = {
            bank: [lane for lane in range(8) if active[lane] >> 4 and not deinit[0] >> lane & 1]
            for bank, (deinit, active) in enumerate(zip(self.before.deinit, self.before.active, strict=True))
        }
        return {bank: lanes for bank, lanes in found.items() if lanes}

    def paths_in(self, states: frozenset[str]) -> bool:
        """Whether every data path that takes part is in one of some states."""
        for bank, lanes in self.lanes.items():
            told = self.operator.read(Page11.dp_state, bank)
            if not all(isinstance(one := told[lane], Reading) and one.value in states for lane in lanes):
                return False
        return True

    def bounds(self, *names: str) -> Decimal:
        """Longest time of states that follow one another, as the module advertises them."""
        return sum((self.operator.bound(name) for name in names), Decimal(0))

    def neither(self, why: str) -> None:
        self.unmeasured.update({POWER_UP: why, DATA_PATH_INIT: why})

    def waited(self, reached: Callable[[], bool], longest: Decimal) -> bool:
        """Whether something came to be so in twice its time."""
        self.operator.until(reached, longest, "timed start")
        return self.operator.tried(reached)

    def let_go(self, page: Page, byte: int, raw: bytes) -> Decimal:
        """When the write went out that lets the module begin."""
        operator, begun = self.operator, Decimal(0)
        operator.select(page)

        def once() -> None:
            nonlocal begun
            begun = operator.clock.now()
            operator.bus.write(DEVICE, byte, raw)

        operator.patiently(once)
        operator.clock.wait(WRITTEN)
        return begun

    def watch(self, quantity: str, reached: Callable[[], bool], begun: Decimal, longest: Decimal) -> bool:
        """Time something from ``begun``; where it is not so in twice its time, it took that long at least."""
        clock, not_yet = self.operator.clock, begun
        while clock.now() - begun <= 2 * longest + 1:
            asked = clock.now()
            try:
                there = reached()
            except Stopped:
                raise
            except TransportError:  # nothing was seen: it may have been so by now
                self.operator.selected = None
            else:
                if there:
                    self.took[quantity] = Timed(not_yet - begun, clock.now() - begun)
                    return True
                not_yet = asked
            clock.wait(POLL)
        waited = clock.now() - begun
        self.took[quantity] = Timed(waited, waited)
        self.unmeasured[quantity] = f"not over after {waited.quantize(TO_MILLISECONDS)} s, which stands for it"
        return False


# --- putting back -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Left:
    """A device that a timed start left changed, and what stood in its module before."""

    device: str
    at: str
    saved: Mapping[str, Any]


def unrestored(lines: Iterable[Mapping[str, Any]]) -> list[Left]:
    """The devices whose module was not put back, by a journal; of several starts the first knows what stood there."""
    left: dict[str, Left] = {}
    for line in lines:
        device, event = str(line.get("device", "")), line.get("event")
        if event == "saved" and isinstance(line.get("saved"), dict):
            left.setdefault(device, Left(device, str(line.get("at", "")), line["saved"]))
        elif event == "restored":
            left.pop(device, None)
    return list(left.values())


def restore(bus: Bus, calendar: Calendar, saved: Mapping[str, Any], tell: Tell) -> None:
    """Put back what a killed start left changed.  TransportError where it is another module, or cannot be done."""
    before = undocumented(saved)
    operator = operated(bus, Haste(calendar, Hurry()))
    here, there = identity(operator), saved.get("identity")
    if here != there:
        was = there.get("serial_number") if isinstance(there, dict) else None
        found = here["serial_number"]
        raise TransportError(f"not put back: expected the module with serial number {was!r}, found {found!r}")
    put_back(operator, before, tell)


def put_back(operator: Operator, before: Saved, tell: Tell) -> None:
    """Put back, read back, and tell.  TransportError that names what is not as it was."""
    operator.refresh()
    operator.restore(before)
    after = operator.save()
    wrong = [f"{page} bytes {first}-{last}" for (page, first, last), held in before.spans.items()
             if after.spans.get((page, first, last)) != held]  # fmt: skip
    if after.controls != before.controls & ~SOFTWARE_RESET:
        wrong.append("lower memory byte 26")
    for name, byte in (("deinit", "page 10h byte 128"), ("active", "page 11h bytes 206-213"), ("states", "states")):
        if getattr(after, name) != getattr(before, name):
            wrong.append(byte)
    if wrong:
        raise TransportError(f"not put back: {', '.join(wrong)}: the journal has what stood there")
    tell("restored")


def document(saved: Saved) -> dict[str, object]:
    """What was saved as plain numbers, which nothing that hides secrets in texts can change."""
    return {
        "spans": {f"{json_key(page)} {first}-{last}": list(held) for (page, first, last), held in saved.spans.items()},
        "controls": saved.controls,
        **{name: [list(bank) for bank in getattr(saved, name)] for name in ("deinit", "active", "states")},
    }


def undocumented(document: Mapping[str, Any]) -> Saved:
    """What was saved, from a line of the journal."""
    try:
        spans: dict[tuple[Page, int, int], bytes] = {}
        for key, held in document["spans"].items():
            page, _, places = str(key).partition(" ")
            first, _, last = places.partition("-")
            spans[json_page(page, "journal"), int(first), int(last)] = bytes(held)
        deinit, active, states = (tuple(map(bytes, document[name])) for name in ("deinit", "active", "states"))
        return Saved(spans, int(document["controls"]), deinit, active, states)
    except (KeyError, TypeError, ValueError, AttributeError, InputError) as bad:
        raise TransportError(f"not put back: the journal's line is not what a timed start saved: {bad!r}") from None


__all__ = ["Left", "Stopped", "restore", "timed_start", "unrestored"]
