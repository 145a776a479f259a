"""A module as SONiC tells it in words: the TRANSCEIVER tables of STATE_DB, for where its registers were not dumped.

Releases differ in the names of a few fields (``serial`` was ``serialnum``), older ones keep thresholds beside the
monitors; each fact lists the names that it went by.  SONiC has a row per port, and monitors for the first of a cage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any, Final, TypeVar

from ...decode import codes
from ...decode.memory import Memory
from ...decode.module import Quad
from ...decode.told import Told, ToldTransceiver
from ...decode.transceiver import Transceiver, transceiver
from ...reading import Absence, Missing, Reading, Value, derive
from ...units import Unit
from ..base import number
from .db import STATE, Store, agreed, measured

T = TypeVar("T")

INFO: Final = "TRANSCEIVER_INFO"
SENSOR: Final = ("TRANSCEIVER_DOM_SENSOR", "TRANSCEIVER_DOM_TEMPERATURE")
THRESHOLD: Final = ("TRANSCEIVER_DOM_THRESHOLD", "TRANSCEIVER_DOM_SENSOR")
FIRMWARE: Final = ("TRANSCEIVER_FIRMWARE_INFO", INFO)
STATUS: Final = ("TRANSCEIVER_STATUS",)
WHY: Final = "STATE_DB has no registers, and no such field"

TYPES: Final = (
    (re.compile(r"QSFP-DD\b.*"), 0x18),
    (re.compile(r"OSFP-XD\b.*"), 0x21),
    (re.compile(r"OSFP\b.*"), 0x19),
    (re.compile(r"QSFP\+? or later with (?:CMIS|Common).*"), 0x1E),
    (re.compile(r"QSFP28 or later.*"), 0x11),
    (re.compile(r"QSFP\+.*"), 0x0D),
    (re.compile(r"QSFP"), 0x0C),
    (re.compile(r"SFP-DD\b.*"), 0x1A),
    (re.compile(r"DSFP\b.*"), 0x1B),
    (re.compile(r"SFP\b.*|SFP(?:\+|28|56).*"), 0x03),
)
"""Types as SONiC words them, and the identifiers of SFF-8024."""
MANAGED: Final = {0x11: "sff8636", 0x0D: "sff8636", 0x03: "sff8472"}
"""What manages a module of a type where SONiC tells no revision of CMIS."""
CONNECTORS: Final = {"mpox12": 12, "mpo 1x12": 12, "mpo 2x16": 13, "lc": 7, "cs optical connector": 37}
POWER_CLASS: Final = re.compile(r"Power Class (\d)(?: Module)? ?\((\d{1,3}(?:\.\d{1,3})?) ?W ?[Mm]ax\.?\).*")
DATE: Final = re.compile(r"\d\d(\d\d)-(\d\d)-(\d\d)(?: +(\S{1,2}))? *")
LANE: Final = re.compile(r"[rt]x(\d{1,2})(?:power|bias)")
MONITORS: Final = {
    "temperature_c": ("temp", Unit.CELSIUS),
    "vcc_v": ("vcc", Unit.VOLT),
    "tx_power_mw": ("txpower", Unit.DBM),
    "rx_power_mw": ("rxpower", Unit.DBM),
    "tx_bias_ma": ("txbias", Unit.MA),
}
MOST_LANES: Final = 16


def told(label: str, state: Store, port: str) -> Transceiver:
    """The module in the cage of a port, as STATE_DB has it."""
    row = state.row(INFO, port)
    if isinstance(row, Missing):
        return transceiver(Memory(f"{label} ({row.source}: {row})", {}))
    return ToldTransceiver(_Rows(state, port).told(f"{label} by {state.answers.source(STATE).evidence}"))


def serial_of(state: Store, port: str) -> Value[str]:
    """The serial number that STATE_DB has for the module of a port."""
    return _Rows(state, port).first((INFO,), ("serial", "serialnum"), str.strip)


class _Rows:
    """The rows of one port."""

    def __init__(self, state: Store, port: str) -> None:
        self.state, self.port = state, port

    def first(
        self, tables: tuple[str, ...], names: tuple[str, ...], into: Callable[[Any], T], unit: Unit = Unit.NONE
    ) -> Value[T]:
        """A field by the first of its names; tables that both have it agree, but for monitors, which move."""
        values = [[self.state.value(table, self.port, name, into, unit) for table in tables] for name in names]
        for by_table in values:
            held = [one for one in by_table if isinstance(one, Reading) or one.why is not Absence.NOT_RECORDED]
            if held:
                return held[0] if tables == SENSOR else reduce(agreed, held)
        return values[0][0]

    def info(self, *names: str, into: Callable[[Any], Any] = str.strip, unit: Unit = Unit.NONE) -> Value[Any]:
        return self.first((INFO,), names, into, unit)

    def told(self, evidence: str) -> Told:
        identifier: Value[int] = self.info("type", into=identified)
        revision: Value[str] = self.info("cmis_rev")
        lanes = self.lanes()
        each = range(1, lanes + 1)
        return Told(
            evidence=evidence,
            why=WHY,
            management=management(identifier, revision),
            lanes=lanes,
            identifier=identifier,
            form_factor=short_name(identifier),
            revision=revision,
            vendor_name=self.info("manufacturer", "manufacturename"),
            vendor_oui=self.info("vendor_oui"),
            vendor_pn=self.info("model", "modelname"),
            vendor_rev=self.info("vendor_rev", "hardware_rev", "hardwarerev"),
            vendor_sn=self.info("serial", "serialnum"),
            date_code=self.info("vendor_date", into=date_code),
            firmware_active=self.first(FIRMWARE, ("active_firmware",), str.strip),
            firmware_inactive=self.first(FIRMWARE, ("inactive_firmware",), str.strip),
            max_power=self.info("ext_identifier", into=watts, unit=Unit.WATT),
            power_class=self.info("ext_identifier", into=power_class),
            connector=self.info("connector", "Connector", into=connector),
            media_technology=self.info("media_interface_technology"),
            cable_length=self.cable_length(),
            module_state=self.first(STATUS, ("module_state",), str.strip),
            fault_cause=self.first(STATUS, ("module_fault_cause",), fault_cause),
            dp_state=tuple(self.first(STATUS, (f"DP{lane}State",), data_path) for lane in range(1, 9)),
            temperature=self.first(SENSOR, ("temperature",), measured, Unit.CELSIUS),
            vcc=self.first(SENSOR[:1], ("voltage",), measured, Unit.VOLT),
            tx_power=tuple(self.first(SENSOR[:1], (f"tx{n}power",), measured, Unit.DBM) for n in each),
            rx_power=tuple(self.first(SENSOR[:1], (f"rx{n}power",), measured, Unit.DBM) for n in each),
            tx_bias=tuple(self.first(SENSOR[:1], (f"tx{n}bias",), measured, Unit.MA) for n in each),
            thresholds={name: self.thresholds(*place) for name, place in MONITORS.items()},
        )

    def lanes(self) -> int:
        """How many media lanes it has: as advertised, else as many as are monitored."""
        count: Value[Decimal] = self.info("media_lane_count", into=number)
        if isinstance(count, Reading) and 0 < count.value <= MOST_LANES:
            return int(count.value)
        row = self.state.row(SENSOR[0], self.port)
        fields = () if isinstance(row, Missing) else row
        monitored = (
            int(found[1])
            for name in fields
            if (found := LANE.fullmatch(name))
            and isinstance(self.state.value(SENSOR[0], self.port, name, measured), Reading)
        )
        return min(max(monitored, default=0), MOST_LANES)

    def cable_length(self) -> Value[Decimal]:
        """In metres, where the length is that of a cable assembly."""
        kind: Value[str] = self.info("cable_type")
        length: Value[Decimal] = self.info("cable_length", into=measured, unit=Unit.METRE)
        if isinstance(kind, Reading) and isinstance(length, Reading) and "Cable Assembly" not in kind.value:
            return Missing(Absence.NOT_AVAILABLE, length.source, f"it is of another kind: {kind.value}")
        return length

    def thresholds(self, name: str, unit: Unit) -> Quad:
        def one(end: str) -> Value[Decimal]:
            return self.first(THRESHOLD, (f"{name}{end}",), measured, unit)

        return Quad(one("highalarm"), one("lowalarm"), one("highwarning"), one("lowwarning"))


def identified(raw: object) -> int:
    for pattern, code in TYPES:
        if pattern.fullmatch(str(raw).strip()):
            return code
    raise ValueError(f"{raw!r} is no type of a module that is known")


def short_name(identifier: Value[int]) -> Value[str]:
    known = codes.identifier(identifier.value) if isinstance(identifier, Reading) else None
    if isinstance(identifier, Missing) or known is None:
        return identifier if isinstance(identifier, Missing) else Missing(Absence.RESERVED, identifier.source)
    return derive(identifier, lambda _: known.short)


def management(identifier: Value[int], revision: Value[str]) -> str:
    """Only where SONiC's own words prove it."""
    if isinstance(revision, Reading):
        return "cmis"
    return MANAGED.get(identifier.value, "") if isinstance(identifier, Reading) else ""


def date_code(raw: object) -> str:
    """YYMMDD and the lot, as the register has it."""
    found = DATE.fullmatch(str(raw))
    if not found:
        raise ValueError(f"{raw!r} is no date")
    return "".join(part or "" for part in found.groups())


def _class(raw: object) -> re.Match[str]:
    found = POWER_CLASS.fullmatch(str(raw).strip())
    if not found:
        raise ValueError(f"{raw!r} names no power class")
    return found


def power_class(raw: object) -> int:
    return int(_class(raw)[1])


def watts(raw: object) -> Decimal:
    return Decimal(_class(raw)[2])


def connector(raw: object) -> int:
    word = str(raw).strip().casefold()
    by_name: Mapping[str, int] = {row.name.casefold(): code for code, row in codes.tables().connectors.items()}
    code = CONNECTORS.get(word, by_name.get(word))
    if code is None:
        raise ValueError(f"{raw!r} is no connector that is known")
    return code


def fault_cause(raw: object) -> str:
    """As OIF-CMIS words it, of which SONiC's words for no fault differ."""
    word = str(raw).strip()
    return "no fault" if word.casefold() in ("no fault detected", "no fault") else word


def data_path(raw: object) -> str:
    """``DataPathActivated`` as ``DPActivated``."""
    return re.sub("^DataPath", "DP", str(raw).strip())
