"""Questions to an Arista switch, and its answers with ports called by their full names, whichever form is on record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

from ...evidence import Evidence
from ...lab.inventory import CagePlan
from ...reading import Absence, Missing, Reading, Source, Value
from ..base import Answers, Row, Rows, Table

N = TypeVar("N", int, Decimal)

VERSION: Final = "show version | json"
INVENTORY: Final = "show inventory | json"
INTERFACES: Final = "show interfaces | json"
STATUS: Final = "show interfaces status | json"
ERRDISABLED: Final = "show interfaces status errdisabled | json"
PHY: Final = "show interfaces phy detail | json"
FEC: Final = "show interfaces error-correction | json"
MODULES: Final = "show interfaces transceiver detail | json"
DOM: Final = "show interfaces transceiver dom thresholds | json"
HARDWARE: Final = "show interfaces transceiver hardware"
CONFIG: Final = "show running-config sanitized"
MAPS: Final = "show qos maps"
PFC: Final = "show priority-flow-control counters | json"
PFC_DETAIL: Final = "show priority-flow-control counters detail | json"
WATCHDOG: Final = "show priority-flow-control counters watchdog | json"
ECN: Final = "show qos interfaces ecn counters queue | json"
QUEUES: Final = "show interfaces counters queue detail | json"
PAUSE: Final = "show interfaces flow-control | json"
LLDP: Final = "show lldp neighbors detail | json"
POWER: Final = "show system environment power | json"
TEMPERATURE: Final = "show system environment temperature | json"
COOLING: Final = "show system environment cooling | json"
CLUSTER: Final = "show load-balance cluster status"

SHORT_NAMES: Final = {
    "Et": "Ethernet", "Ma": "Management", "Po": "Port-Channel", "Lo": "Loopback", "Vl": "Vlan", "Vx": "Vxlan",
    "Tu": "Tunnel",
}  # fmt: skip
SHORT: Final = re.compile(r"(Et|Ma|Po|Lo|Vl|Vx|Tu)(\d.*)")


def long_name(name: str) -> str:
    """A port as EOS calls it in full: ``Et1/1`` is Ethernet1/1."""
    found = SHORT.fullmatch(name)
    return f"{SHORT_NAMES[found[1]]}{found[2]}" if found else name


def text_of(command: str) -> str:
    """The command that gives the same as text."""
    return command.removesuffix(" | json")


class Named(Answers):
    """Answers whose ports are called by their full names; where no JSON of a command is on record, its text."""

    def __init__(self, nos: str, device: str, evidence: Evidence) -> None:
        super().__init__(nos, device, evidence)
        self._chosen: dict[tuple[str, int], str] = {}

    def best(self, command: str, sample: int = 1) -> str:
        """The form of a command that is on record and understood; the JSON where both are, or neither is."""
        key = (command, sample)
        if key not in self._chosen:
            text = text_of(command)
            use_text = (
                text != command
                and isinstance(super().rows(command, sample), Missing)
                and not isinstance(self.raw(text, sample), Missing)
                and not isinstance(super().rows(text, sample), Missing)
            )
            self._chosen[key] = text if use_text else command
        return self._chosen[key]

    def _parse(self, command: str, sample: int) -> Rows | Missing:
        rows = super()._parse(command, sample)
        if isinstance(rows, Missing):
            return rows
        return tuple(
            {**row, "interface": long_name(str(row["interface"]))} if row.get("interface") else row for row in rows
        )


class View:
    """A part of what one switch answered."""

    def __init__(self, answers: Named) -> None:
        self.answers = answers

    def table(self, command: str, sample: int = 1) -> Table:
        return Table(self.answers, self.answers.best(command, sample), "interface", sample=sample)

    def samples(self, command: str) -> tuple[int, ...]:
        """The samples on record, of either form, and 1 and 2 whether they are or not."""
        return tuple(sorted({*self.answers.samples(command), *self.answers.samples(text_of(command))}))

    def last(self, command: str) -> int:
        """The sample, in either form, that tells how a counter of two samples ended."""
        return max(self.answers.last(command), self.answers.last(text_of(command)))

    def source(self, command: str, sample: int = 1) -> Source:
        return self.answers.source(self.answers.best(command, sample), sample)

    def rows(self, command: str, sample: int = 1) -> Rows | Missing:
        return self.answers.rows(self.answers.best(command, sample), sample)

    def by_port(self, command: str, sample: int = 1) -> Mapping[str, Sequence[Row]] | Missing:
        """Every row of an answer, by port."""
        return self.table(command, sample).rows

    def untold(self, command: str, what: str) -> Missing:
        """What EOS does not show at all."""
        return Missing(Absence.NOT_AVAILABLE, self.source(command), f"EOS does not show {what}")


def slot_name(cage: CagePlan) -> str:
    """The cage as EOS calls its slot: its first port without the lane, where ports of the cage have one."""
    name = cage.ports[0].name
    laned = len(cage.ports) > 1 or cage.ports[0].lanes[-1] > 1
    return name.rpartition("/")[0] if laned and "/" in name else name


def not_zero(value: Value[N], why: str) -> Value[N]:
    """A number that is never 0: EOS writes 0 where it has none."""
    if isinstance(value, Reading) and not value.value:
        return Missing(Absence.NOT_AVAILABLE, value.source, why)
    return value


def on_or_off(raw: Any) -> bool:
    return {"on": True, "off": False}[str(raw).lower()]
