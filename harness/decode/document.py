"""A decoded module as data, and as rows for people.

Numbers of the document are exact decimals in text, without trailing zeros or exponent. Lane arrays have their full
length; what is Missing is null, and ``absent`` says why by its dotted path, lanes from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from ..reading import Absence, Missing, Reading, Value, shown
from ..units import plain
from .fields import Lanes, Parts, Register
from .transceiver import Application, Checksum, Transceiver

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
    where, raw = value.source.where, value.source.raw
    if isinstance(value, Missing):
        word = value.why.value if value.why is Absence.RESERVED else f"- ({reason(value)})"
        return name, word, "", raw, where
    held = value.value
    return name, plain(held) if isinstance(held, Decimal) else shown(held), str(value.unit), raw, where


def text(module: Transceiver) -> str:
    """The rows as a listing in columns."""
    listed = list(rows(module))
    name_width = max(len(name) for name, *_ in listed)
    value_width = min(44, max(len(f"{value} {unit}") for _, value, unit, *_ in listed))
    lines = []
    for name, value, unit, raw, where in listed:
        measured = f"{value} {unit}".rstrip()
        place = f"{where} = {raw}" if raw else where
        lines.append(f"{name:<{name_width}}  {measured:<{value_width}}  {place}".rstrip())
    return "\n".join(lines) + "\n"
