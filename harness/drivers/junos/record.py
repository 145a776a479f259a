"""What is on record of a Junos switch: its commands, in whatever form they were answered, and its configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, TypeVar

from ...lab.inventory import DevicePlan
from ...reading import Absence, Missing, Source, Value
from ...units import Unit
from ..base import SAMPLES, Answers, Row, Rows, Table, cell

T = TypeVar("T")

VERSION = "show version"
HARDWARE = "show chassis hardware | display json"
ENVIRONMENT = "show chassis environment"
ALARMS = "show chassis alarms"
INTERFACES = "show interfaces extensive"
OPTICS = "show interfaces diagnostics optics | display xml"
QUEUES = "show interfaces queue"
LLDP = "show lldp neighbors"
LLDP_DETAIL = "show lldp neighbors detail | display json"
COS_PORTS = "show class-of-service interface"
CONGESTION = "show class-of-service congestion-notification"
CLASSES = "show class-of-service forwarding-class"
CLASSIFIERS = "show class-of-service classifier"
PROFILES = "show class-of-service drop-profile"
SCHEDULERS = "show class-of-service scheduler-map"
HASHING = "show forwarding-options enhanced-hash-key"
SETTINGS = {
    part: f"show configuration {part} | display set"
    for part in ("interfaces", "class-of-service", "forwarding-options")
}
OF_PORTS, OF_CLASSES, OF_FORWARDING = SETTINGS.values()

COMMANDS = (
    VERSION, HARDWARE, ENVIRONMENT, ALARMS, INTERFACES, OPTICS, QUEUES, LLDP, LLDP_DETAIL, COS_PORTS, CONGESTION,
    CLASSES, CLASSIFIERS, PROFILES, SCHEDULERS, HASHING, *SETTINGS.values(),
)  # fmt: skip
"""Everything this driver sends, but for the PICs; none of it changes the switch."""

OF_LINKS = (INTERFACES, LLDP, LLDP_DETAIL, COS_PORTS, CONGESTION)
"""What is held against the other end of a link."""

FORMS = ("", " | display json", " | display xml", " | no-more", " | display json | no-more", " | display xml | no-more")
PLACE = re.compile(r"[a-z]+-(\d{1,3})/(\d{1,3})/(\d{1,3})(?::\d{1,3})?")


class Record:
    """The answers of one switch."""

    def __init__(self, device: DevicePlan, answers: Answers) -> None:
        self.device, self.answers = device, answers
        self.interfaces = {n: self.table(INTERFACES, "interface", n) for n in self.samples(INTERFACES)}
        self.optics = {n: self.table(OPTICS, "interface", n) for n in self.samples(OPTICS)}
        self.cos = self.table(COS_PORTS, "interface")
        self.lldp = self.table(LLDP, "interface")
        self.lldp_detail = self.table(LLDP_DETAIL, "interface")
        self.classes = self.table(CLASSES, "forwarding_class")
        self.classifiers = self.table(CLASSIFIERS, "name")
        self.profiles = self.table(PROFILES, "name")

    def samples(self, command: str) -> tuple[int, ...]:
        """The samples on record of any form of a command, and 1 and 2 whether they are or not."""
        return tuple(sorted({*SAMPLES, *(n for form in forms(command) for n in self.answers.sampled(form))}))

    def spelt(self, command: str, sample: int = 1) -> str:
        """The command in the form that is on record; as this driver asks it where none is."""
        for form in forms(command):
            found = self.answers.raw(form, sample)
            if not (isinstance(found, Missing) and found.why is Absence.NOT_RECORDED):
                return form
        return command

    def table(self, command: str, key: str, sample: int = 1) -> Table:
        return Table(self.answers, self.spelt(command, sample), key, sample=sample)

    def rows(self, command: str) -> Rows | Missing:
        return self.answers.rows(self.spelt(command))

    def source(self, command: str) -> Source:
        return self.answers.source(self.spelt(command))

    def untold(self, command: str, what: str) -> Missing:
        return Missing(Absence.NOT_AVAILABLE, self.source(command), what)

    @staticmethod
    def none_of(source: Source, what: str) -> Missing:
        return Missing(Absence.NOT_RECORDED, source, f"no {what} in the answer")

    def parts(self, item: str) -> Iterator[Row]:
        rows = self.rows(HARDWARE)
        for row in () if isinstance(rows, Missing) else rows:
            if re.fullmatch(item, str(row["item"])):
                yield row

    def caged(self, kind: str, place: re.Match[str]) -> Row | Missing:
        """What a PIC lists of a cage."""
        command = pic(place[1], place[2])
        rows = self.rows(command)
        if isinstance(rows, Missing):
            return rows
        found = [row for row in rows if row["kind"] == kind and row.get("port") == int(place[3])]
        if len(found) != 1:
            said = f"{len(found)} rows of {kind} for cage {place[3]}"
            return Missing(Absence.NOT_RECORDED, self.source(command), said)
        return found[0]

    # --- configuration ----------------------------------------------------------------------------------------------

    def settings(self, command: str) -> Sequence[tuple[tuple[str, ...], int]] | Missing:
        """The statements that are active, with their lines."""
        if command not in self._settings:
            self._settings[command] = self._active(command)
        return self._settings[command]

    @cached_property
    def _settings(self) -> dict[str, Sequence[tuple[tuple[str, ...], int]] | Missing]:
        return {}

    def _active(self, command: str) -> Sequence[tuple[tuple[str, ...], int]] | Missing:
        rows = self.answers.rows(command)
        if isinstance(rows, Missing):
            return rows
        off = [tuple(map(str, row["path"])) for row in rows if row["verb"] == "deactivate"]
        paths = [(tuple(map(str, row["path"])), int(row["line"])) for row in rows if row["verb"] == "set"]
        return [(path, line) for path, line in paths if not any(path[: len(one)] == one for one in off)]

    def inherits(self, command: str) -> Missing | None:
        """Why a statement that is not there may still be in force: a group that is applied may make it."""
        statements = self.settings(command)
        if isinstance(statements, Missing):
            return statements
        for path, line in statements:
            if "apply-groups" in path:
                place = Source(self.source(command).evidence, f"line {line} apply-groups")
                return Missing(Absence.NOT_AVAILABLE, place, "a group is applied, whose statements are not on record")
        return None

    def of_port(self, port: str) -> Sequence[tuple[tuple[str, ...], int]] | Missing:
        """The statements about a port, by its name, a pattern or a range, without the words that name it."""
        statements = self.settings(OF_PORTS)
        if isinstance(statements, Missing):
            return statements
        ranges = {path[2] for path, _ in statements if path[1:2] == ("interface-range",) and within(path[3:], port)}
        found = []
        for path, line in statements:
            if path[1:2] == ("interface-range",) and path[2] in ranges:
                found.append((path[3:], line))
            elif len(path) > 2 and path[0] == "interfaces" and matches(path[1], port):
                found.append((path[2:], line))
        return found


def forms(command: str) -> tuple[str, ...]:
    """The forms in which the answer to a command may be on record, that in which it is asked first."""
    if command.endswith("display set"):
        return (command,)
    bare = command.partition(" | ")[0]
    return tuple(dict.fromkeys((command, *(bare + form for form in FORMS))))


def registers(first: str) -> tuple[str, ...]:
    """What dumps the registers of the module in a port's cage, on the packet forwarding engine's own command line."""
    place = PLACE.fullmatch(first)
    if place is None:
        return ()
    cage = f"fpc_slot {place[1]} pic_slot {place[2]} port {place[3]} cmd info"
    return (f"show picd optics {cage}", f"show picd optics qsfpdd {cage}")


def pics(device: DevicePlan) -> tuple[str, ...]:
    """The commands that list what is in the cages, one per PIC that has a port of the lab."""
    places = {(found[1], found[2]) for port in device.ports if (found := PLACE.fullmatch(port.name))}
    return tuple(pic(fpc, slot) for fpc, slot in sorted(places, key=lambda place: (int(place[0]), int(place[1]))))


def pic(fpc: str, slot: str) -> str:
    return f"show chassis pic fpc-slot {fpc} pic-slot {slot}"


def one(row: Row | Missing, field: str, into: Callable[[Any], T], source: Source, unit: Unit = Unit.NONE) -> Value[T]:
    """A field of a row that may be missing."""
    return row if isinstance(row, Missing) else cell(row, field, into, source, unit)


def matches(pattern: str, port: str) -> bool:
    """Whether a name in the configuration, which may have ``*`` in it, is a port's."""
    return pattern == port or ("*" in pattern and fnmatchcase(port, pattern))


def within(path: Sequence[str], port: str) -> bool:
    """Whether a member statement of an interface range has a port."""
    if path[:1] == ("member",) and len(path) == 2:
        return matches(path[1], port)
    if path[:1] != ("member-range",) or len(path) != 4:
        return False
    ends = [re.fullmatch(r"(.*?)(\d+)", name) for name in (path[1], path[3], port)]
    if not all(ends) or len({end[1] for end in ends if end}) != 1:
        return False
    low, high, own = (int(end[2]) for end in ends if end)
    return low <= own <= high
