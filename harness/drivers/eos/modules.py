"""Modules of an Arista switch: it shows no registers, so what it tells in words is told on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from ...decode.module import Quad
from ...decode.told import Told
from ...lab.inventory import CagePlan
from ...model import MonitorSample
from ...reading import Absence, Missing, Reading, Source, Value
from ...units import Unit
from ..base import LEVELS, Row, cell, number, signed
from .names import DOM, HARDWARE, INVENTORY, MODULES, Named, View, not_zero, slot_name

MONITORS: Final = {
    "temperature_c": ("temperature_c", Unit.CELSIUS),
    "vcc_v": ("voltage_v", Unit.VOLT),
    "tx_power_mw": ("tx_power_dbm", Unit.DBM),
    "rx_power_mw": ("rx_power_dbm", Unit.DBM),
    "tx_bias_ma": ("tx_bias_ma", Unit.MA),
}
"""Monitors by the name of their register: the field of EOS, and its unit."""
PARAMETERS: Final = {
    "temperature_c": "temperature", "voltage_v": "voltage", "tx_power_dbm": "tx_power", "rx_power_dbm": "rx_power",
    "tx_bias_ma": "tx_bias",
}  # fmt: skip
"""What ``transceiver dom thresholds`` calls them."""
MOST_CHANNELS: Final = 16


class Modules(View):
    """The modules of one switch."""

    def __init__(self, device: str, answers: Named) -> None:
        super().__init__(answers)
        self.device = device
        self.hardware = self.table(HARDWARE)

    @cached_property
    def _slots(self) -> Mapping[str, Row] | Missing:
        rows = self.rows(INVENTORY)
        if isinstance(rows, Missing):
            return rows
        return {str(row["slot"]): row for row in rows if row["section"] == "transceiver"}

    def slot(self, cage: CagePlan) -> Row | Missing:
        """What the inventory has of a cage."""
        if isinstance(self._slots, Missing):
            return self._slots
        name = slot_name(cage).removeprefix("Ethernet")
        row = self._slots.get(name)
        return row if row is not None else Missing(Absence.NOT_RECORDED, self.source(INVENTORY), f"no slot {name}")

    def channels(self, cage: CagePlan, sample: int) -> Mapping[int, Row] | Missing:
        """The rows of a cage's module, by channel."""
        rows = self.by_port(MODULES, sample)
        source = self.source(MODULES, sample)
        if isinstance(rows, Missing):
            return rows
        prefix = slot_name(cage)
        found: dict[int, Row] = {}
        for name, held in rows.items():
            row = held[0]
            slot = row.get("slot") or (prefix if name == prefix or name.rpartition("/")[0] == prefix else "")
            if slot != prefix:
                continue
            channel = row.get("channel")
            if channel is None:
                last = name.rpartition("/")[2]
                channel = int(last) if name != prefix and last.isdecimal() else 1
            if len(held) > 1 or channel in found:
                return Missing(Absence.UNREADABLE, source, f"two rows of {prefix} channel {channel}")
            if not 1 <= channel <= MOST_CHANNELS:
                return Missing(Absence.UNREADABLE, source, f"{prefix} has a channel {channel}")
            found[channel] = row
        if not found:
            return Missing(Absence.NOT_RECORDED, source, f"no module in {prefix}")
        return found

    def told(self, cage: CagePlan, sample: int) -> Told:
        """What EOS tells of a module: its maker's fields from the inventory, its monitors by channel."""
        rows = self.channels(cage, sample)
        slot = self.slot(cage)
        source = self.source(MODULES, sample)
        inventory = self.source(INVENTORY)
        gone = rows if isinstance(rows, Missing) else None
        monitors = self.parameters(cage) if gone is not None and sample == 1 else rows
        first: Row = {} if isinstance(monitors, Missing) else monitors[min(monitors)]
        if gone is not None and not isinstance(monitors, Missing):
            source = self.source(DOM)

        def of_slot(field: str) -> Value[str]:
            if isinstance(slot, Missing):
                return slot
            if slot.get("present") is False:
                return Missing(Absence.NOT_AVAILABLE, Source(inventory.evidence, f"line {slot['line']}"), "no module")
            return cell(slot, field, str, inventory)

        def of_module(field: str, unit: Unit) -> Value[Decimal]:
            return monitors if isinstance(monitors, Missing) else monitor(first, field, source, unit)

        def of_lanes(field: str, unit: Unit) -> tuple[Value[Decimal], ...]:
            if isinstance(monitors, Missing):
                return ()
            none = Missing(Absence.NOT_RECORDED, source, "no row of this channel")
            return tuple(
                monitor(monitors[lane], field, source, unit) if lane in monitors else none
                for lane in range(1, max(monitors) + 1)
            )

        return Told(
            evidence=self.source(MODULES, sample).evidence,
            why="EOS prints no registers of a module",
            lanes=8 if isinstance(monitors, Missing) else max(monitors),
            vendor_name=of_slot("manufacturer"),
            vendor_pn=of_slot("model"),
            vendor_rev=of_slot("revision"),
            vendor_sn=self.serial(of_slot("serial"), first, source),
            max_power=self.of_cage(cage, "max_module_power_w", Unit.WATT),
            wavelength=self.of_cage(cage, "wavelength_nm", Unit.NM),
            temperature=of_module("temperature_c", Unit.CELSIUS),
            vcc=of_module("voltage_v", Unit.VOLT),
            tx_power=of_lanes("tx_power_dbm", Unit.DBM),
            rx_power=of_lanes("rx_power_dbm", Unit.DBM),
            tx_bias=of_lanes("tx_bias_ma", Unit.MA),
            thresholds=quads(first, source),
        )

    def age(self, cage: CagePlan) -> Value[Decimal]:
        """Seconds from when EOS read the monitors to the end of its answer, by the oldest channel of the module.

        The one time is the clock of the switch, the other that of who asked: a reading from the future proves that they
        differ, and nothing else.
        """
        rows = self.channels(cage, 1)
        source = self.source(MODULES)
        if isinstance(rows, Missing):
            return rows
        answer = self.answers.raw(self.answers.best(MODULES))
        told = [cell(row, "updated_at", number, source) for row in rows.values() if "updated_at" in row]
        read = [one for one in told if isinstance(one, Reading)]
        if not read or isinstance(answer, Missing):
            place = Source(source.evidence, f"line {rows[min(rows)]['line']}")
            return Missing(Absence.NOT_AVAILABLE, place, "EOS shows no time at which it read monitors of this module")
        oldest = min(read, key=lambda one: one.value)
        age = Decimal(str(answer.at.timestamp())) + Decimal(answer.took_ms) / 1000 - oldest.value
        if age < 0:
            return Missing(Absence.UNREADABLE, oldest.source, "read after it was asked: the clocks differ")
        return Reading(age, oldest.source, Unit.SECONDS)

    def monitored(self, cage: CagePlan, sample: int) -> MonitorSample:
        """What the monitors of a module showed in one sample."""
        seen = self.told(cage, sample)
        at = self.answers.at(self.answers.best(MODULES, sample), sample)
        return MonitorSample(at, seen.temperature, seen.tx_power, seen.rx_power, seen.tx_bias)

    def serial(self, listed: Value[str], row: Row, source: Source) -> Value[str]:
        """The serial number of the inventory and that of the monitors; where they contradict one another, neither."""
        told = cell(row, "serial", str, source) if row else listed
        if isinstance(listed, Missing):
            return told if isinstance(told, Reading) else listed
        if isinstance(told, Reading) and told.value != listed.value:
            return Missing(Absence.UNREADABLE, listed.source, f"{listed.value}, but {told.value} by {told.source}")
        return listed

    def of_cage(self, cage: CagePlan, field: str, unit: Unit) -> Value[Decimal]:
        """A number that ``transceiver hardware`` prints for every port of a cage."""
        found = self.hardware.value(cage.ports[0].name, field, number, unit)
        return not_zero(found, "the module tells none")

    def parameters(self, cage: CagePlan) -> Mapping[int, Row] | Missing:
        """The same rows from ``transceiver dom thresholds`` of a cage with one port: its channels are the module's."""
        table = self.table(DOM)
        if len(cage.ports) > 1:
            return Missing(Absence.NOT_AVAILABLE, self.source(DOM), f"whose channels {cage} shows is not told")
        row = table.row(cage.ports[0].name)
        if isinstance(row, Missing):
            return row
        held = row["parameters"]
        numbers = {one for parameter in held.values() for one in parameter["channels"] if one != "-"}
        channels = {int(one) for one in numbers if one.isdecimal() and len(one) < 3} or {1}
        if not held:
            return Missing(Absence.NOT_AVAILABLE, self.source(DOM), f"no monitors of {cage.ports[0].name}")
        rows: dict[int, Row] = {}
        for channel in sorted(channels):
            one: dict[str, Any] = {"line": row["line"], "thresholds": {}}
            if row.get("serial"):
                one["serial"] = row["serial"]
            for field, name in PARAMETERS.items():
                if name in held:
                    values = held[name]["channels"]
                    if str(channel) in values or "-" in values:
                        one[field] = values.get(str(channel), values.get("-"))
                    one["thresholds"][field] = held[name].get("thresholds") or {}
            rows[channel] = one
        return rows


def monitor(row: Row, field: str, source: Source, unit: Unit) -> Value[Decimal]:
    """A monitor; EOS leaves one out that a module does not have."""
    if field not in row:
        place = Source(source.evidence, f"line {row['line']}")
        return Missing(Absence.NOT_AVAILABLE, place, f"EOS shows no {field} of this module")
    return cell(row, field, signed, source, unit)


def quads(row: Row, source: Source) -> Mapping[str, Quad]:
    """The thresholds of a module, by the names of their registers."""
    found: dict[str, Quad] = {}
    for register, (field, unit) in MONITORS.items():
        limits = (row.get("thresholds") or {}).get(field)
        if limits:
            held = {f"{field} {level}": limit for level, limit in limits.items()} | {"line": row["line"]}
            found[register] = Quad(*(cell(held, f"{field} {level}", signed, source, unit) for level in LEVELS))
    return found
