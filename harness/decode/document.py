"""A decoded module as data, and as rows for people.

Numbers of the document are exact decimals in text, without trailing zeros or exponent. Lane arrays have their full
length; what is Missing is null, and ``absent`` says why by its dotted path, lanes from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeAlias

from ..reading import Absence, Missing, Reading, Value, derive, shown
from ..units import plain
from .cmis.cdb import CdbMessage
from .cmis.vdm import Four, Observation
from .codes import connector
from .fields import Lanes, Parts, Register, View
from .transceiver import Application, Checksum, CmisTransceiver, Quad, Transceiver

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"

QUANTITIES: Final = frozenset({"temperature_c", "vcc_v", "tx_power_mw", "rx_power_mw", "tx_bias_ma"})
"""The monitors that every management interface knows; auxiliary ones are in the rows alone."""

SUMMARISED: Final = frozenset({"temperature", "vcc", "tx_power", "rx_power"})
"""Registers whose values stand in the summary, where lanes that the module does not have are left out."""

Row: TypeAlias = tuple[str, str, str, str, str]
"""Name, value, unit, raw bytes, and where they stand."""


def document(module: Transceiver) -> dict[str, Json]:
    """The module as JSON: identity, power, applications, state, monitors, thresholds, checksums and what is absent."""
    writer = Writer()
    one, lanes = writer.one, writer.lanes
    content: dict[str, Json] = {
        "management": module.management,
        "guess": module.guess,
        "identity": {
            "identifier": one("identity.identifier", module.identifier),
            "revision": one("identity.revision", module.revision),
            "vendor_name": one("identity.vendor_name", module.vendor_name),
            "vendor_oui": one("identity.vendor_oui", module.vendor_oui),
            "vendor_pn": one("identity.vendor_pn", module.vendor_pn),
            "vendor_rev": one("identity.vendor_rev", module.vendor_rev),
            "vendor_sn": one("identity.vendor_sn", module.vendor_sn),
            "date_code": one("identity.date_code", module.date_code),
        },
        "power": {
            "class": one("power.class", module.power_class),
            "max_w": one("power.max_w", module.max_power),
        },
        "connector": one("connector", module.connector),
        "media_type": one("media_type", module.media_type),
        "flat_memory": one("flat_memory", module.flat_memory),
        "cable_length_m": one("cable_length_m", module.cable_length),
        "firmware": {
            "active": one("firmware.active", module.firmware_active),
            "inactive": one("firmware.inactive", module.firmware_inactive),
        },
        "applications": writer.applications(module.applications),
        "state": {
            "module": one("state.module", module.module_state),
            "data_path": lanes("state.data_path", module.dp_state),
            "active_application": lanes("state.active_application", module.active_application),
        },
        "monitors": {
            "temperature_c": one("monitors.temperature_c", module.temperature),
            "vcc_v": one("monitors.vcc_v", module.vcc),
            "tx_power_mw": lanes("monitors.tx_power_mw", module.tx_power),
            "rx_power_mw": lanes("monitors.rx_power_mw", module.rx_power),
            "tx_bias_ma": lanes("monitors.tx_bias_ma", module.tx_bias),
        },
        "thresholds": {
            name: {limit: one(f"thresholds.{name}.{limit}", value) for limit, value in quad.items()}
            for name, quad in module.thresholds.items()
            if name in QUANTITIES
        },
        "checksums": writer.checksums(module),
    }
    if isinstance(module, CmisTransceiver):
        content["vdm"] = writer.vdm(module.vdm)
        content["vdm_gaps"] = [reason(gap) for gap in module.observations.gaps]
        content["cdb"] = writer.cdb(module.cdb)
    content["absent"] = writer.absent
    return content


def reason(missing: Missing) -> str:
    """Why there is no value, and where that stands: ``not advertised (01h:160.2)``."""
    place = missing.detail or missing.source.where
    return f"{missing.why.value} ({place})" if place else missing.why.value


class Writer:
    """Writes values into a document and keeps the reasons of those that are Missing."""

    def __init__(self) -> None:
        self.absent: dict[str, Json] = {}

    def one(self, path: str, value: Value[str] | Value[int] | Value[bool] | Value[Decimal]) -> Json:
        if isinstance(value, Missing):
            self.absent[path] = reason(value)
            return None
        held = value.value
        return plain(held) if isinstance(held, Decimal) else held

    def lanes(self, path: str, values: Sequence[Value[str]] | Sequence[Value[int]] | Sequence[Value[Decimal]]) -> Json:
        return [self.one(f"{path}.{lane}", value) for lane, value in enumerate(values, 1)]

    def applications(self, applications: Value[tuple[Application, ...]]) -> Json:
        if isinstance(applications, Missing):
            self.absent["applications"] = reason(applications)
            return None
        return [
            {
                "number": application.number,
                "host_id": application.host_id,
                "media_id": application.media_id,
                "host_lanes": application.host_lanes,
                "media_lanes": application.media_lanes,
                "host_lane_assignment": application.host_lane_assignment,
                "media_lane_assignment": self.one(
                    f"applications.{application.number}.media_lane_assignment", application.media_lane_assignment
                ),
            }
            for application in applications.value
        ]

    def vdm(self, found: Value[tuple[Observation, ...]]) -> Json:
        """The instances with sample, thresholds, flags and masks; four of these that are absent for one reason are one.

        An instance that belongs to no single lane has no ``lane``.
        """
        if isinstance(found, Missing):
            self.absent["vdm"] = reason(found)
            return None
        return [
            {
                "instance": one.instance,
                "bank": one.bank,
                "type": one.observable.id,
                "name": one.observable.name,
                "side": str(one.observable.side),
                "statistic": str(one.observable.statistic),
                **({} if one.lane is None else {"lane": one.lane}),
                "threshold_set": one.threshold_set,
                "unit": str(one.observable.unit),
                "sample": self.one(f"vdm.{number}.sample", one.sample),
                "thresholds": self.four(f"vdm.{number}.thresholds", one.thresholds),
                "flags": self.four(f"vdm.{number}.flags", one.flags),
                "masks": self.four(f"vdm.{number}.masks", one.masks),
            }
            for number, one in enumerate(found.value, 1)
        ]

    def four(self, path: str, four: Four[bool] | Four[Decimal]) -> Json:
        if four.absence is not None:
            self.absent[path] = reason(four.absence)
            return None
        return {name: self.one(f"{path}.{name}", value) for name, value in four.items()}

    def cdb(self, messages: Value[tuple[CdbMessage, ...]]) -> Json:
        """Of every instance the state of its last command, and the reply where there is one."""
        if isinstance(messages, Missing):
            self.absent["cdb"] = reason(messages)
            return None
        written: list[Json] = []
        for held in messages.value:
            path = f"cdb.{held.instance}"
            facts: dict[str, Json] = {
                "instance": held.instance,
                "status": self.one(f"{path}.status", derive(held.status, str)),
                "command": self.one(f"{path}.command", held.name),
                "reply": None,
            }
            if isinstance(held.reply, Missing):
                self.absent[f"{path}.reply"] = reason(held.reply)
            else:
                told = held.reply.value.facts()
                facts["reply"] = {name: self.any(f"{path}.reply.{name}", value) for name, value in told}
            written.append(facts)
        return written

    def any(self, path: str, value: Value[object]) -> Json:
        """A value of any kind; several become a list of texts."""
        if isinstance(value, Missing):
            self.absent[path] = reason(value)
            return None
        held = value.value
        if isinstance(held, Decimal):
            return plain(held)
        if isinstance(held, tuple):
            return [str(each) for each in held]
        return held if isinstance(held, bool | int) else str(held)

    def checksums(self, module: Transceiver) -> Json:
        """A row for every checksum that the module owes, so that one that was not read is not taken for right."""
        return [
            {
                "page": checksum.page,
                "bytes": checksum.covers,
                "stored": self.one(f"checksums.{number}.stored", checksum.stored),
                "computed": self.one(f"checksums.{number}.computed", checksum.computed),
                "ok": self.one(f"checksums.{number}.ok", checksum.ok),
            }
            for number, checksum in enumerate(module.checksums, 1)
        ]


def rows(module: Transceiver) -> Iterator[Row]:
    """Every decoded field: the monitors in their units first, then each register in the order of the map."""
    yield "management", module.management, "", "", module.guess
    for name, value in summary(module):
        yield row(name, value)
    for view in module.views:
        page = str(view.at)
        for register in type(view).registers():
            if register.name not in SUMMARISED and register.name not in module.flags and "_raw" not in register.name:
                yield from registered(f"{page}: {register.name}", register.read(view), register)


def summary(module: Transceiver) -> Iterator[tuple[str, Value[object]]]:
    """What is derived from more than one register."""
    yield "form_factor", module.form_factor
    yield "power_class", module.power_class
    yield "max_power", module.max_power
    yield "cable_length", module.cable_length
    yield "temperature", module.temperature
    yield "vcc", module.vcc
    for name, values in (("tx_power", module.tx_power), ("rx_power", module.rx_power), ("tx_bias", module.tx_bias)):
        for lane, value in enumerate(values, 1):
            yield f"{name} lane {lane}", value
    for name, monitor in module.aux_monitors.items():
        yield name, monitor
    for name, quad in module.thresholds.items():
        for limit, value in quad.items():
            yield f"{name} {limit}", value
    if isinstance(module.applications, Reading):
        for application in module.applications.value:
            yield f"application {application.number}", Reading(described(application), application.source)
    for checksum in module.checksums:
        yield f"checksum {checksum.page} {checksum.covers}", verdict(checksum)
    for name, lanes in module.flags.items():
        for lane, flag in enumerate(lanes, 1):
            yield f"{name} lane {lane}", flag
    if isinstance(module, CmisTransceiver):
        yield from vdm_rows(module)
        yield from cdb_rows(module.cdb)


def vdm_rows(module: CmisTransceiver) -> Iterator[tuple[str, Value[object]]]:
    """Samples, the flags that are raised, and every threshold set once; then what was not read."""
    for gap in module.observations.gaps:
        yield "vdm gap", gap
    if isinstance(module.vdm, Missing):
        return
    sets: set[tuple[int, int, int, int]] = set()
    for one in module.vdm.value:
        name = f"vdm {one.bank}:{one.instance}" if one.bank else f"vdm {one.instance}"
        yield f"{name} {one.name}", one.sample
        for limit, flag in one.flags.items():
            if isinstance(flag, Reading) and flag.value:
                yield f"{name} {one.name} {limit}", flag
        key = (one.bank, one.group, one.threshold_set, one.observable.id)
        if key not in sets and one.thresholds.absence is None:
            for limit, value in one.thresholds.items():
                yield f"{name} {one.observable.name} threshold set {one.threshold_set} {limit}", value
        sets.add(key)


def cdb_rows(messages: Value[tuple[CdbMessage, ...]]) -> Iterator[tuple[str, Value[object]]]:
    """State, command and reply of every instance."""
    if isinstance(messages, Missing):
        return
    for held in messages.value:
        name = f"cdb {held.instance}"
        yield f"{name} status", held.status
        yield f"{name} command", held.name
        if isinstance(held.reply, Reading):
            for fact, value in held.reply.value.facts():
                yield f"{name} reply {fact}", value


def verdict(checksum: Checksum) -> Value[str]:
    """A checksum in words."""
    stored, computed = checksum.stored, checksum.computed
    if isinstance(stored, Missing):
        return stored
    if isinstance(computed, Missing):
        return computed
    right = stored.value == computed.value
    words = "right" if right else f"wrong: {stored.value} stored, {computed.value} computed"
    return Reading(words, stored.source)


def described(application: Application) -> str:
    """An Application in one line."""
    host = application.host.name if application.host else f"host {application.host_id:02X}h"
    media = application.media.name if application.media else f"media {application.media_id:02X}h"
    starts = ",".join(map(str, application.starts)) or "none"
    return f"{host} x{application.host_lanes} to {media} x{application.media_lanes}, starting on host lanes {starts}"


def registered(name: str, read: object, register: Register[object]) -> Iterator[Row]:
    if isinstance(read, Reading | Missing):
        yield row(name, read)
    elif isinstance(read, tuple) and isinstance(register, Lanes | Parts):
        for lane, value in enumerate(read, 1):
            yield row(f"{name} {lane}", value)


def row(name: str, value: Value[object]) -> Row:
    word, unit = cells(value)
    return name, word, unit, value.source.raw, value.source.where


def cells(value: Value[object]) -> tuple[str, str]:
    """A value in words and its unit; why there is none where there is none."""
    if isinstance(value, Missing):
        return value.why.value if value.why is Absence.RESERVED else f"- ({reason(value)})", ""
    held = value.value
    return plain(held) if isinstance(held, Decimal) else printable(shown(held)), str(value.unit)


def printable(words: str) -> str:
    """A module's own words without what would steer a terminal, which is written as ``\\x1b``."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in words)


def view_rows(views: Iterable[View]) -> Iterator[Row]:
    """Every register of some pages, in the order of the map."""
    for view in views:
        for register in type(view).registers():
            yield from registered(f"{view.at}: {register.name}", register.read(view), register)


# --- what matters, in some forty lines ----------------------------------------------------------------------------

FACTS: Final = (
    "form_factor", "revision", "vendor_name", "vendor_oui", "vendor_pn", "vendor_rev", "vendor_sn", "date_code",
    "power_class", "max_power", "connector", "media_technology", "cable_length", "wavelength", "firmware_active",
    "firmware_inactive",
)  # fmt: skip
LIVE: Final = ("module_state", "fault_cause", "dp_state", "config_status", "active_application", "temperature", "vcc")
LANE_MONITORS: Final = ("tx_power", "rx_power", "tx_bias")


def brief(module: Transceiver) -> Iterator[Row]:
    """Who the module is, what it advertises, how it is, and what is amiss; what its memory map knows of that."""
    yield "management", module.management, "", "", module.guess
    for name in FACTS:
        value = getattr(module, name)
        if name == "connector" and isinstance(value, Reading):
            listed = connector(value.value)
            value = replace(value, value=f"{value.value} ({listed.name if listed else 'not listed'})")
        if value != module.undefined:
            yield row(name, value)
    if isinstance(module.applications, Reading):
        for application in module.applications.value:
            yield f"application {application.number}", described(application), "", "", application.source.where
    for name in (*LIVE, *LANE_MONITORS):
        value = getattr(module, name)
        lanes = value if isinstance(value, tuple) else (value,)
        if any(lane != module.undefined for lane in lanes):
            yield together(name, lanes)
    for name, monitor in module.aux_monitors.items():
        yield row(name, monitor)
    for name, quad in module.thresholds.items():
        yield bounds(name, quad)
    for checksum in module.checksums:
        yield row(f"checksum {checksum.page} {checksum.covers}", verdict(checksum))
    yield from raised({**{name: (flag,) for name, flag in module.module_flags.items()}, **module.flags})


def together(name: str, values: Sequence[Value[object]]) -> Row:
    """All lanes of a quantity as one row; a dash where a lane has no value and another has."""
    words = [cells(value) for value in values]
    unit = next((unit for _, unit in words if unit), "")
    if len(set(words)) == 1:
        lanes = f" on all {len(words)} lanes" if len(words) > 1 else ""
        first, more = values[0].source, " and on" if lanes and not isinstance(values[0], Missing) else ""
        return name, f"{words[0][0]} {unit}".rstrip() + lanes, "", "" if lanes else first.raw, f"{first.where}{more}"
    reasons = {value.why.value for value in values if isinstance(value, Missing)}
    if len(reasons) == 1 and all(isinstance(value, Missing) for value in values):
        return name, f"- ({reasons.pop()} on all {len(values)} lanes)", "", "", f"{values[0].source.where} and on"
    listed = ", ".join(
        "-" if isinstance(value, Missing) else word for value, (word, _) in zip(values, words, strict=True)
    )
    return name, listed, unit, "", f"{values[0].source.where} and on"


def bounds(name: str, quad: Quad) -> Row:
    """The four thresholds of a monitor as one row."""
    values = [value for _, value in quad.items()]
    if all(isinstance(value, Missing) for value in values):
        return row(f"{name} limits", values[0])
    high, low, warm, cool = ("-" if isinstance(value, Missing) else plain(value.value) for value in values)
    return (
        f"{name} limits",
        f"alarm {low} to {high}, warning {cool} to {warm}",
        "",
        "",
        f"{values[0].source.where} and on",
    )


def raised(flags: Mapping[str, Sequence[Value[bool]]]) -> Iterator[Row]:
    """The latched flags that are set, and of how many."""
    every = [flag for lanes in flags.values() for flag in lanes]
    read = [flag for flag in every if isinstance(flag, Reading)]
    without = f", {len(every) - len(read)} without a value" if len(every) > len(read) else ""
    yield "flags", f"{sum(flag.value for flag in read)} raised of {len(read)} read{without}", "", "", ""
    for name, lanes in flags.items():
        on = [(lane, flag) for lane, flag in enumerate(lanes, 1) if isinstance(flag, Reading) and flag.value]
        if on:
            numbers = "s " + ", ".join(str(lane) for lane, _ in on) if len(on) > 1 else f" {on[0][0]}"
            where = f" on all {len(on)} lanes" if len(on) == len(lanes) else f" on lane{numbers}"
            yield name, f"raised{where if len(lanes) > 1 else ''}", "", "", on[0][1].source.where


def text(module: Transceiver) -> str:
    """What matters of a module as a listing in columns."""
    page = "a0" if module.management == "sff8472" else "lower"
    more = f"every field: --all; the bytes of a page and their meaning: --page {page} --annotate"
    return f"{listing(brief(module))}\n{more}\n"


def listing(rows: Iterable[Row]) -> str:
    """Rows in columns."""
    listed = list(rows)
    name_width = max(len(name) for name, *_ in listed)
    value_width = min(44, max(len(f"{value} {unit}") for _, value, unit, *_ in listed))
    lines = []
    for name, value, unit, raw, where in listed:
        measured = f"{value} {unit}".rstrip()
        place = f"{where} = {raw}" if raw else where
        lines.append(f"{name:<{name_width}}  {measured:<{value_width}}  {place}".rstrip())
    return "\n".join(lines) + "\n"
