"""A module on a board: its memory, read twice, and how long its start took.

A board has one bus, one slot behind it, and no operating system: what it tells is what the module tells.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..decode.dump import json_page, read_dump
from ..decode.memory import Memory, Page
from ..decode.reader import ReadMemory
from ..decode.transceiver import Transceiver, transceiver
from ..errors import InputError, LabError
from ..evidence import Answer, Ask, Evidence, Kind
from ..lab.inventory import CagePlan, DevicePlan
from ..lab.measurements import Measurement, measurements_in
from ..model import Again, DeviceFacts
from ..reading import Absence, Missing, Reading, Source, Value
from ..transports.base import Session
from ..transports.permit import Permit
from ..units import Unit
from .base import suffix
from .facts import read_when_asked

READ: Final = "read everything"
FIRMWARE: Final = "query firmware"
TIME: Final = "time start"
QUANTITIES: Final = ("module_power_up", "data_path_init")
SESSION: Final = Session(Permit.of(READ, FIRMWARE, TIME))


@dataclass(frozen=True, slots=True)
class ModuleBoard:
    """The driver."""

    nos: str = "board"

    def session(self, device: DevicePlan) -> Session:
        return SESSION

    def asks(self, device: DevicePlan) -> Iterator[Ask]:
        """Nobody else asks the module for its firmware, so that this does; its reply is on a page that is read then."""
        yield Ask(device.name, Kind.REGISTERS, FIRMWARE)
        for sample in (1, 2):
            yield Ask(device.name, Kind.REGISTERS, READ, sample)

    def disruptive(self, device: DevicePlan) -> Iterator[Ask]:
        """The start of the module, from low power: its data paths go down and come up again."""
        yield Ask(device.name, Kind.REGISTERS, TIME)

    def decode(self, device: DevicePlan, evidence: Evidence) -> DeviceFacts:
        gone = Missing(Absence.NOT_AVAILABLE, Source(device.name), "a module board has no operating system")
        slots = {cage.ports[0].name: cage for cage in device.cages}
        modules = {name: dumped(cage, evidence, 1) for name, cage in slots.items()}
        return DeviceFacts(
            software=gone,
            platform=gone,
            hwsku=gone,
            ports={},
            modules=modules,
            monitor_age={name: read_when_asked(seen) for name, seen in modules.items()},
            modes={},
            again={name: Again(dumped(cage, evidence, 2), apart(device, evidence)) for name, cage in slots.items()},
        )

    def measurements(
        self, device: DevicePlan, evidence: Evidence, serial_of: Callable[[str], Value[str]]
    ) -> Sequence[Measurement]:
        """The durations of a timed start; where one was asked for and not measured, the reason in its place."""
        found = answered(evidence, Ask(device.name, Kind.REGISTERS, TIME))
        if isinstance(found, Missing) and found.why is Absence.NOT_RECORDED:
            return ()
        timed, reasons = started(found, source(device, TIME))
        told = {row.quantity.value for row in timed if isinstance(row.quantity, Reading)}
        missed = [(quantity, why) for quantity, why in reasons.items() if quantity not in told]
        serials = [row.serial for row in timed[:1]] or [serial_of(str(cage)) for cage in device.cages]
        return (*timed, *(untimed(serial, quantity, why) for serial in serials for quantity, why in missed))


DRIVER = ModuleBoard()


def source(device: DevicePlan, text: str, sample: int = 1) -> Source:
    return Source(f"{device.name}: {text}{suffix(sample)}")


def started(found: Answer | Missing, place: Source) -> tuple[tuple[Measurement, ...], dict[str, Missing]]:
    """What a timed start measured, and why it did not measure the rest."""
    if isinstance(found, Missing):
        return (), dict.fromkeys(QUANTITIES, found)
    try:
        document = json.loads(found.body, parse_float=str, parse_int=str)
        timed = measurements_in(document["measurements"], place.evidence)
        reasons = {str(quantity): str(why) for quantity, why in document["unmeasured"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, LabError) as bad:
        gone = Missing(Absence.UNREADABLE, place, f"not what a timed start gives: {bad}")
        return (), dict.fromkeys(QUANTITIES, gone)
    return timed, {quantity: Missing(Absence.NOT_AVAILABLE, place, why) for quantity, why in reasons.items()}


def answered(evidence: Evidence, ask: Ask) -> Answer | Missing:
    """An answer; one with a status other than 0 is none."""
    found = evidence.find(ask)
    if isinstance(found, Answer) and found.status != 0:
        return Missing(Absence.NOT_ANSWERED, Source(str(ask)), f"status {found.status}: {found.error or 'no reason'}")
    return found


def dumped(cage: CagePlan, evidence: Evidence, sample: int) -> Transceiver:
    """The module as one reading of it saw it; one of which nothing was read says why in its source."""
    label = f"{cage} module{suffix(sample)}"
    found = answered(evidence, Ask(cage.device, Kind.REGISTERS, READ, sample))
    if isinstance(found, Missing):
        return transceiver(Memory(f"{label} ({found})", {}))
    try:
        return transceiver(memory(found.body, label))
    except InputError as bad:
        return transceiver(Memory(f"{label} (unreadable: {bad})", {}))


def memory(body: bytes, label: str) -> Memory:
    """The memory of a dump as a transport writes it: beside the pages those that are torn, and those that repeat."""
    held = read_dump(body, label)
    try:
        document = json.loads(body)
    except ValueError:  # a dump in another form, which somebody took by hand
        return held
    torn, repeats = (named(document.get(key), label) for key in ("torn", "repeats"))
    return ReadMemory(label, held.pages, held.note, repeats, torn=torn)


def named(pages: object, label: str) -> frozenset[Page]:
    if pages is None:
        return frozenset()
    if not isinstance(pages, list):
        raise InputError(f"{label}: expected a list of pages, found {pages!r}")
    return frozenset(json_page(str(page), label) for page in pages)


def apart(device: DevicePlan, evidence: Evidence) -> Value[Decimal]:
    """Seconds between the two readings."""
    found = [answered(evidence, Ask(device.name, Kind.REGISTERS, READ, sample)) for sample in (1, 2)]
    for one in found:
        if isinstance(one, Missing):
            return one
    first, second = (one.at for one in found if isinstance(one, Answer))
    between = Decimal(str((second - first).total_seconds()))
    if between < 0:
        why = "the second answer is dated before the first"
        return Missing(Absence.UNREADABLE, source(device, READ, 2), why)
    return Reading(between, source(device, READ, 2), Unit.SECONDS)


def untimed(serial: Value[str], quantity: str, why: Missing) -> Measurement:
    """A duration that was asked for and not measured."""
    gone = Missing(why.why, why.source, "not measured")
    return Measurement(
        serial=serial,
        lane=gone,
        wavelength=gone,
        case_temperature=gone,
        quantity=Reading(quantity, why.source),
        value=why,
        pattern=gone,
        reference_receiver=gone,
        instrument=gone,
        instrument_serial=gone,
        calibrated=gone,
        measured=gone,
        operator=gone,
        at=why.source,
    )
