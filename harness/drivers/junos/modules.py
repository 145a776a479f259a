"""Modules of a Junos switch: in its own words, or by the registers that Junos Evolved's daemon dumps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ...decode.memory import LOWER_MEMORY, Memory, Page
from ...decode.module import Quad
from ...decode.told import Lanes, Told, ToldTransceiver
from ...decode.transceiver import Transceiver, transceiver
from ...lab.inventory import CagePlan, PortPlan
from ...model import Again, Flag, MonitorSample
from ...reading import Absence, Missing, Reading, Source, Value
from ...units import Unit
from ..base import Row, cell, number, signed, suffix
from .record import HARDWARE, OPTICS, PLACE, Record, one, pic, registers

FORM_FACTORS = (
    ("QSFP56-DD", "QSFP-DD"), ("QSFP28-DD", "QSFP-DD"), ("QSFP-DD", "QSFP-DD"), ("QDD", "QSFP-DD"), ("OSFP", "OSFP"),
    ("QSFP28", "QSFP28"), ("QSFP+", "QSFP+"), ("QSFPP", "QSFP+"), ("SFP", "SFP"),
)  # fmt: skip
"""How Junos begins the description of a module, and the form factor as SFF-8024 names it."""

MODULE_FAULTS = frozenset({
    "module_not_ready", "module_low_power", "module_initialization_incomplete", "module_fault",
    "pld_flash_initialization_fault", "power_supply_fault", "checksum_fault",
})  # fmt: skip
FLAG_NAMES = (("voltage_", "vcc_"), ("bias_", "tx_bias_"))


class Modules:
    """What is in the cages."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def error_status(self, first: str) -> Value[str]:
        """``OK`` where every alarm of the module that Junos lists is off."""
        row = self.record.optics[1].row(first)
        if isinstance(row, Missing):
            return row
        source = Source(self.record.source(OPTICS).evidence, f"line {row['line']} alarms")
        alarms = {name: state for name, state in dict(row.get("alarms") or {}).items() if name in MODULE_FAULTS}
        raised = sorted(name for name, state in alarms.items() if state)
        if raised:
            return Reading(", ".join(name.replace("_", " ") for name in raised), source)
        if not alarms or None in alarms.values():
            return Missing(Absence.NOT_AVAILABLE, source, "Junos lists no alarm of this module's own state")
        return Reading("OK", source)

    def flags(self, cage: CagePlan, port: PortPlan) -> Value[tuple[Flag, ...]]:
        """The alarms as the switch shows them now; lanes from 1."""
        row = self.record.optics[1].row(port.name)
        if isinstance(row, Missing):
            return row
        source = self.record.source(OPTICS)
        if not row["available"]:
            return Missing(Absence.NOT_AVAILABLE, source, "Junos has no diagnostics of this module")
        place = Source(source.evidence, f"line {row['line']}")
        of_module = [
            Flag(flag_name(name), None, flag(state, name, place)) for name, state in dict(row["alarms"]).items()
        ]
        of_lanes = [
            Flag(flag_name(name), lane, flag(state, name, Source(source.evidence, f"line {held['line']}")))
            for lane, held in self.lanes(cage, 1).items()
            if lane in port.lanes or len(cage.ports) == 1
            for name, state in dict(held["alarms"]).items()
        ]
        return Reading((*of_module, *of_lanes), place)

    def lanes(self, cage: CagePlan, sample: int) -> Mapping[int, Row]:
        """The lanes of a module by their number from 1, none where the ports of a cage number them in no known way.

        Junos numbers from 0.  The ports of a broken out cage show all lanes each, or each its own: under their numbers
        in the module, or from 0 again.
        """
        rows = {port.name: self.record.optics[sample].row(port.name) for port in cage.ports}
        held = {
            port: {int(lane["lane"]): lane for lane in row["lanes"]}
            for port, row in rows.items()
            if not isinstance(row, Missing)
        }
        if not held:
            return {}
        first = next(iter(held.values()))
        whole = sum(len(port.lanes) for port in cage.ports)
        if len(held) == 1 or len(first) == whole:
            return {number + 1: lane for number, lane in sorted(first.items())}
        found: dict[int, Row] = {}
        for port in cage.ports:
            lanes = held.get(port.name, {})
            numbers, own = sorted(lanes), [lane - 1 for lane in port.lanes]
            if numbers == own:
                found |= {number + 1: lanes[number] for number in numbers}
            elif numbers == list(range(len(own))):
                found |= {port.lanes[number]: lanes[number] for number in numbers}
            elif numbers:
                return {}
        return found

    def series(self, cage: CagePlan) -> tuple[MonitorSample, ...]:
        """What the monitors of a module showed, sample by sample."""
        found = []
        for sample, table in self.record.optics.items():
            seen = self.module(cage, sample)
            at = self.record.answers.at(table.command, sample)
            found.append(MonitorSample(at, seen.temperature, seen.tx_power, seen.rx_power, seen.tx_bias))
        return tuple(found)

    def module(self, cage: CagePlan, sample: int) -> Transceiver:
        """By its registers where the packet forwarding engine's own dump is on record, else in Junos's words."""
        first = cage.ports[0].name
        pages = self.dumped(first, sample)
        if pages is not None:
            return transceiver(Memory(f"{self.record.device.name}:{first} module{suffix(sample)}", pages))
        return ToldTransceiver(self.told(cage, sample))

    def dumped(self, first: str, sample: int) -> Mapping[Page, bytes | None] | None:
        """The register pages that Junos Evolved's own daemon holds of a module."""
        for command in registers(first):
            row = self.record.answers.record(command, sample)
            if isinstance(row, Missing) or not row.get("pages"):
                continue
            return {
                LOWER_MEMORY if page["half"] == "lower" else Page(int(page["page"])): (
                    None if page["data"] is None else bytes.fromhex(page["data"])
                )
                for page in row["pages"]
            }
        return None

    def again(self, cage: CagePlan) -> Again:
        first, second = self.record.optics[1].command, self.record.optics[2].command
        return Again(self.module(cage, 2), self.record.answers.apart(first, second))

    def told(self, cage: CagePlan, sample: int) -> Told:
        first = cage.ports[0].name
        table = self.record.optics[sample]
        lanes = self.lanes(cage, sample)
        place = PLACE.fullmatch(first)
        xcvr = self.transceiver_part(place)
        listed = self.record.caged("module", place) if place else self.no_place(first)
        part = self.record.source(HARDWARE)
        cages = self.record.source(pic(place[1], place[2])) if place else part
        why, quiet = self.without_lanes(cage, sample), self.unmonitored(first, sample)
        return Told(
            evidence=self.record.answers.source(table.command, sample).evidence,
            why="Junos prints no registers of a module",
            lanes=max(lanes, default=8 if isinstance(table.row(first), Missing) else 1),
            form_factor=one(xcvr, "description", form_factor, part),
            vendor_name=one(listed, "vendor", str, cages),
            vendor_pn=one(listed, "part_number", str, cages),
            vendor_sn=one(xcvr, "serial", str, part),
            firmware_active=one(listed, "firmware", str, cages),
            wavelength=one(listed, "wavelength_nm", number, cages, Unit.NM),
            temperature=quiet or table.value(first, "temperature_c", signed, Unit.CELSIUS),
            vcc=quiet or table.value(first, "voltage_v", number, Unit.VOLT),
            tx_power=self.of_lanes(lanes, sample, "tx_power_dbm", Unit.DBM, why, quiet),
            rx_power=self.of_lanes(lanes, sample, "rx_power_dbm", Unit.DBM, why, quiet),
            tx_bias=self.of_lanes(lanes, sample, "bias_ma", Unit.MA, why, quiet),
            thresholds=self.thresholds(first, sample),
        )

    def no_place(self, first: str) -> Missing:
        return Missing(Absence.NOT_AVAILABLE, self.record.source(HARDWARE), f"{first} names no FPC, PIC and cage")

    def transceiver_part(self, place: re.Match[str] | None) -> Row | Missing:
        """The part that sits in a cage."""
        rows = self.record.rows(HARDWARE)
        if isinstance(rows, Missing):
            return rows
        if place is None:
            return self.no_place("a port")
        at = tuple(int(number) for number in place.groups())
        found = [row for row in rows if (row["fpc"], row["pic"], row["port"]) == at]
        if len(found) != 1:
            return Missing(Absence.NOT_RECORDED, self.record.source(HARDWARE), f"{len(found)} parts in cage {place[3]}")
        return found[0]

    def without_lanes(self, cage: CagePlan, sample: int) -> Missing:
        row = self.record.optics[sample].row(cage.ports[0].name)
        if isinstance(row, Missing):
            return row
        source = Source(self.record.source(OPTICS).evidence, f"line {row['line']}")
        if not row["available"]:
            return Missing(Absence.NOT_AVAILABLE, source, "Junos has no diagnostics of this module")
        return Missing(Absence.NOT_RECORDED, source, "no such lane in the answer")

    def unmonitored(self, first: str, sample: int) -> Missing | None:
        """Why nothing that is monitored counts: zeros that stand for no monitor at all, as of a copper cable."""
        voltage = self.record.optics[sample].value(first, "voltage_v", number, Unit.VOLT)
        if isinstance(voltage, Missing) or voltage.value:
            return None
        return Missing(Absence.NOT_AVAILABLE, voltage.source, "a module without a supply voltage has no monitors")

    def of_lanes(
        self, lanes: Mapping[int, Row], sample: int, field: str, unit: Unit, why: Missing, quiet: Missing | None
    ) -> Lanes:
        source = self.record.answers.source(self.record.optics[sample].command, sample)
        return tuple(
            quiet or cell(lanes[lane], field, signed, source, unit) if lane in lanes else why
            for lane in range(1, max(lanes, default=0) + 1)
        )

    def thresholds(self, first: str, sample: int) -> Mapping[str, Quad]:
        """By the names of registers; powers in dBm."""
        row = self.record.optics[sample].row(first)
        if isinstance(row, Missing):
            return {}
        source = self.record.answers.source(self.record.optics[sample].command, sample)
        told = row["thresholds"]
        quads = {}
        for name, field, unit in (
            ("temperature_c", "temperature_c", Unit.CELSIUS), ("vcc_v", "voltage_v", Unit.VOLT),
            ("tx_power_mw", "tx_power_dbm", Unit.DBM), ("rx_power_mw", "rx_power_dbm", Unit.DBM),
            ("tx_bias_ma", "bias_ma", Unit.MA), ("laser_temperature_c", "laser_temperature_c", Unit.CELSIUS),
        ):  # fmt: skip
            if field in told:
                held = {**told[field], "line": row["line"]}
                pairs = (
                    [cell(held, f"{side}_{grade}", signed, source, unit) for side in ("high", "low")]
                    for grade in ("alarm", "warning")
                )
                quads[name] = Quad(*(limit for pair in pairs for limit in was_set(pair)))
        return quads


def was_set(pair: Sequence[Value[Decimal]]) -> Sequence[Value[Decimal]]:
    """A threshold and the one on the other side; where both are 0 they were never set."""
    if not all(isinstance(value, Reading) and not value.value for value in pair):
        return pair
    return [Missing(Absence.NOT_AVAILABLE, value.source, "both are 0: never set") for value in pair]


def form_factor(raw: object) -> str:
    """The form factor that the description of a module begins with."""
    for beginning, name in FORM_FACTORS:
        if str(raw).upper().startswith(beginning):
            return name
    raise ValueError(f"{raw!r} begins with no form factor that is known")


def flag_name(name: str) -> str:
    """A flag as the register map names it."""
    for beginning, instead in FLAG_NAMES:
        if name.startswith(beginning):
            return instead + name.removeprefix(beginning)
    return name


def flag(state: object, name: str, place: Source) -> Value[bool]:
    source = Source(place.evidence, f"{place.where} {name}")
    if state is None:
        return Missing(Absence.NOT_AVAILABLE, source)
    return Reading(bool(state), source)
