"""Builders and proofs for authors of checks.

A builder makes a whole healthy subject out of readings; what a proof is about is said by overrides:

    module(seen={"temperature": reading("74", Unit.CELSIUS)})
    port(seen={"oper": reading("down")})
    link(far={"fec_code": gone()})

``prove`` shows on them that a check passes, fails and stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path as File
from typing import Any, Final, TypeVar, cast

from .check import Check
from .decode.cmis import Page00
from .decode.cmis.vdm import OBSERVABLES, Observation
from .decode.memory import LOWER_MEMORY, Memory, Page
from .decode.transceiver import Application, Checksum, Quad, Transceiver
from .decode.transceiver import transceiver as decoded
from .history import Sighting
from .lab.fibertests import FiberTest, Tester
from .lab.inventory import (
    CablingRow,
    CagePlan,
    DesignPlan,
    DevicePlan,
    FiberPlan,
    Lab,
    LinkPlan,
    ModulePlan,
    PartPlan,
    PathPlan,
    PortPlan,
    RackPlan,
    TrunkPlan,
)
from .lab.measurements import Measurement
from .model import (
    Across,
    Again,
    CableLink,
    Cage,
    CopperModule,
    Device,
    DeviceFacts,
    Fabric,
    Fan,
    FecSample,
    Flag,
    Host,
    Maps,
    MediaLane,
    Module,
    NicCage,
    NicPort,
    OpticalLink,
    OpticalModule,
    OpticalPort,
    Part,
    Path,
    PauseCounts,
    Port,
    PortFacts,
    Queue,
    Rack,
    Rdma,
    Switch,
    SwitchCage,
    SwitchPort,
    Watchdog,
)
from .reading import Absence, Missing, Reading, Source, Value
from .requirements.lookup import Requirements
from .units import Unit
from .verdict import NOBODY, Outcome

T = TypeVar("T")
S = TypeVar("S")

LAB: Final = Source("lab.yaml", "line 1")
DEVICE: Final = Source("device", "line 1")
UNREAD: Final = Missing(Absence.NOT_RECORDED, DEVICE)
NOON: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
WINDOW: Final = timedelta(minutes=15)

Overrides = Mapping[str, Any]
NOTHING: Final[Overrides] = {}


def reading(value: Any, unit: Unit = Unit.NONE) -> Reading[Any]:
    """A reading; a number with a unit, or one written as text with a unit, is exact decimal."""
    numeric = unit is not Unit.NONE and not isinstance(value, Decimal)
    return Reading(Decimal(value) if numeric else value, DEVICE, unit)


def gone(why: Absence = Absence.NOT_RECORDED, detail: str = "") -> Missing:
    """A reading that is not there."""
    return Missing(why, DEVICE, detail)


def decimal(value: str) -> Reading[Decimal]:
    """A number without unit."""
    return Reading(Decimal(value), DEVICE)


@cache
def requirements(profile: File, as_of: datetime = NOON) -> Requirements:
    """The limits of a profile and the tables."""
    from .requirements.load import load_requirements

    return load_requirements(profile, as_of=as_of)


# --- modules ------------------------------------------------------------------------------------------------------


class Stated(Transceiver):
    """A module whose properties are stated instead of decoded."""

    stated: Overrides


def transceiver(**readings: Any) -> Transceiver:
    """A healthy 2x400G module, CMIS 5.2, but for what is said; lane tuples may be given as one value for all lanes."""
    said = {**HEALTHY, **readings}
    memory = said["memory"]
    kind = type("StatedTransceiver", (Stated,), {**{k: v for k, v in said.items() if k != "memory"}, "stated": said})
    return cast(Stated, kind(memory, Page00(memory), said.get("guess", "")))


def quad(high_alarm: str, low_alarm: str, high_warning: str, low_warning: str, unit: Unit) -> Quad:
    return Quad(*(reading(value, unit) for value in (high_alarm, low_alarm, high_warning, low_warning)))


def application(number: int, host_id: int, media_id: int, lanes: int, starts: int) -> Application:
    """An advertised application with as many media as host lanes, on single-mode fiber."""
    return Application(number, host_id, media_id, lanes, lanes, starts, reading(starts), reading(2), DEVICE)


def observation(id: int, lane: int | None, value: str | None) -> Observation:
    """An instance of VDM by the id of what it observes; with no value its page was not read."""
    pages: dict[Page, bytes | None] = {}
    if value is not None:
        pages[Page(0x24)] = OBSERVABLES[id].code(Decimal(value)).to_bytes(2, "big")
    return Observation(1, OBSERVABLES[id], lane, 0, 0, Memory("module", pages))


def observed(**values: str) -> Reading[tuple[Observation, ...]]:
    """SNR, level transition parameter and laser age of eight lanes; a value said is that of lane 3."""
    kinds = {"snr_media": (5, "22"), "snr_host": (6, "23"), "ltp": (7, "45"), "laser_age": (1, "2")}
    return Reading(
        tuple(
            observation(id, lane, values.get(name, usual) if lane == 3 else usual)
            for name, (id, usual) in kinds.items()
            for lane in range(1, 9)
        ),
        DEVICE,
    )


NO: Final = (reading(False),) * 8

CONTROLS: Final = (
    "tx_polarity_flip", "rx_polarity_flip", "tx_disable", "tx_squelch_force", "rx_output_disable",
    "media_output_loopback", "media_input_loopback", "host_output_loopback", "host_input_loopback",
    "host_generator_enable", "media_generator_enable", "host_checker_enable", "media_checker_enable",
)  # fmt: skip

PAGES: Final = Memory(
    "module", {LOWER_MEMORY: bytes(128), **{Page(number): bytes(range(128)) for number in (0x00, 0x01, 0x02, 0x11)}}
)
"""Pages of a healthy module, for checks that look at bytes."""

HEALTHY: Final[Overrides] = {
    "management": "cmis",
    "document": "CMIS",
    "lanes": 8,
    "identifier": reading(0x19),
    "identifier_copy": reading(0x19),
    "form_factor": reading("OSFP"),
    "revision": reading("5.2"),
    "vendor_name": reading("Acme Optics"),
    "vendor_oui": reading("02-ac-3e"),
    "vendor_pn": reading("AO-800-2DR4"),
    "vendor_rev": reading("01"),
    "vendor_sn": reading("AO0001"),
    "date_code": reading("260101"),
    "text_faults": {"vendor_name": reading(""), "vendor_pn": reading(""), "vendor_sn": reading("")},
    "power_class": reading(8),
    "max_power": reading("16", Unit.WATT),
    "connector": reading(0x0C),
    "media_type": reading(2),
    "far_ends": reading(()),
    "flat_memory": reading(False),
    "firmware_active": reading("3.7"),
    "firmware_running": reading("3.7.12"),
    "firmware_committed": reading("3.7.12"),
    "durations": {
        name: reading(bound, Unit.SECONDS)
        for name, bound in (("module_pwr_up", "5"), ("dp_init", "10"), ("dp_deinit", "1"))
    },
    "vdm": observed(),
    "vdm_gaps": (),
    "applications": reading((application(1, 0x50, 0x1C, 4, 0x11), application(2, 0x52, 0x56, 8, 0x01))),
    "module_state": reading("ModuleReady"),
    "fault_cause": reading("no fault"),
    "fiber_face": reading("APC"),
    "dp_state": (reading("DPActivated"),) * 8,
    "config_status": (reading("ConfigSuccess"),) * 8,
    "active_application": (reading(1),) * 8,
    "staged_application": (reading(1),) * 8,
    "active_data_path": (reading(0),) * 4 + (reading(4),) * 4,
    "staged_data_path": (reading(0),) * 4 + (reading(4),) * 4,
    "temperature": reading("52", Unit.CELSIUS),
    "vcc": reading("3.3", Unit.VOLT),
    "tx_power": (reading("1.2", Unit.MW),) * 8,
    "rx_power": (reading("1.0", Unit.MW),) * 8,
    "tx_bias": (reading("85", Unit.MA),) * 8,
    "memory": PAGES,
    "thresholds": {
        "temperature_c": quad("80", "-5", "75", "0", Unit.CELSIUS),
        "vcc_v": quad("3.63", "2.97", "3.465", "3.135", Unit.VOLT),
        "tx_power_mw": quad("4", "0.2", "2.5", "0.4", Unit.MW),
        "rx_power_mw": quad("4", "0.1", "2.5", "0.2", Unit.MW),
        "tx_bias_ma": quad("150", "20", "130", "30", Unit.MA),
    },
    "flags": dict.fromkeys(("tx_fault", "tx_los", "rx_los", "rx_cdr_lol", "rx_power_low_alarm"), NO),
    "module_flags": dict.fromkeys(
        ("temperature_high_alarm", "vcc_low_warning", "module_firmware_error", "data_path_firmware_error"),
        reading(False),
    ),
    "controls": dict.fromkeys(CONTROLS, NO) | {"low_power_request_sw": (reading(False),)},
    "checksums": tuple(
        Checksum(page, covers, reading(0x5A), reading(0x5A))
        for page, covers in (("00", "128-221"), ("01", "130-254"), ("02", "128-254"))
    ),
}  # fmt: skip


def passive(**readings: Any) -> Transceiver:
    """A passive copper cable with CMIS: flat memory, no pages."""
    return transceiver(
        **{
            "flat_memory": reading(True),
            "media_type": reading(3),
            "far_ends": reading(((1, 2, 3, 4), (5, 6, 7, 8))),
            "connector": reading(0x23),
            "max_power": reading("0.5", Unit.WATT),
            "applications": reading((application(1, 0x48, 0, 4, 0x11),)),
            "checksums": HEALTHY["checksums"][:1],
            "thresholds": {},
            "flags": {},
            "module_flags": {},
            "controls": {},
            **dict.fromkeys(("temperature", "vcc"), gone(Absence.NOT_ADVERTISED)),
            **dict.fromkeys(("dp_state", "config_status", "active_application"), (gone(Absence.NOT_ADVERTISED),) * 8),
            **readings,
        }
    )


def sff8636(**readings: Any) -> Transceiver:
    """A module with SFF-8636 instead of CMIS."""
    said = {
        "management": "sff8636",
        "document": "SFF-8636",
        "identifier": reading(0x11),
        "identifier_copy": reading(0x11),
    }
    return transceiver(**{**said, "applications": gone(Absence.NOT_ADVERTISED), **readings})


# --- plans --------------------------------------------------------------------------------------------------------


def port_plan(**overrides: Any) -> PortPlan:
    return PortPlan(
        **{
            "device": "leaf1", "name": "Ethernet0", "cage": "1", "speed_gbps": Decimal(400), "lanes": (1, 2, 3, 4),
            "fec": "rs", "mtu": 9216, "up": True, "lossless": True, "allowed": frozenset(), "at": LAB, **overrides,
        }
    )  # fmt: skip


def module_plan(**overrides: Any) -> ModulePlan:
    return ModulePlan(
        **{
            "part": "dr4", "pmd": "800G-2xDR4", "kind": "optic", "form_factor": "OSFP", "vendor": "Acme Optics",
            "number": "AO-800-2DR4", "serial": None, "firmware": None, "at": LAB, **overrides,
        }
    )  # fmt: skip


def cage_plan(**overrides: Any) -> CagePlan:
    ports = (port_plan(), port_plan(name="Ethernet4", lanes=(5, 6, 7, 8)))
    return CagePlan(
        **{
            "device": "leaf1", "name": "1", "mode": "2x400G", "ports": ports, "module": module_plan(),
            "watts": Decimal(18), "at": LAB, **overrides,
        }
    )  # fmt: skip


def device_plan(**overrides: Any) -> DevicePlan:
    return DevicePlan(
        **{
            "name": "leaf1", "kind": "switch", "role": "leaf", "platform": "x86_64-nvidia_sn5600-r0", "hwsku": None,
            "nic": None, "nos": "sonic", "rack": "rack1", "reach": {}, "evidence": None, "cages": (cage_plan(),),
            "asic_watts": Decimal(500), "fan_watts": Decimal(200), "supplies": 2, "supply_watts": Decimal(1500),
            "watts": None, "at": LAB, **overrides,
        }
    )  # fmt: skip


def host_plan(**overrides: Any) -> DevicePlan:
    """A GPU host with one ConnectX-7."""
    said = {"name": "gpu1", "kind": "host", "role": "gpu", "platform": None, "nic": "ConnectX-7", "nos": "linux"}
    watts = {"asic_watts": None, "fan_watts": None, "supplies": None, "supply_watts": None, "watts": Decimal(10200)}
    return device_plan(**{**said, **watts, "cages": (), **overrides})


def fiber_plan(**overrides: Any) -> FiberPlan:
    return FiberPlan(
        **{
            "type": "OS2", "length_m": Decimal(50), "connectors": ("MPO-12", "MPO-12"), "polish": "APC",
            "polarity": "B",
            "loss_db": Decimal("0.9"), "loss_uncertainty_db": Decimal("0.1"), "at": LAB,
            "pins": ("female", "female"), "mated_pairs": 2, **overrides,
        }
    )  # fmt: skip


# --- what was seen ------------------------------------------------------------------------------------------------


def fec_sample(**overrides: Any) -> FecSample:
    return FecSample(
        **{
            "at": NOON, "corrected": decimal("1000"), "uncorrected": decimal("0"), "symbol_errors": decimal("1100"),
            "pre_fec_ber": decimal("2E-8"), **overrides,
        }
    )  # fmt: skip


def queue(**overrides: Any) -> Queue:
    return Queue(
        **{
            "priority": 3, "ecn": reading(True), "ecn_min": reading("1000000", Unit.BYTES),
            "ecn_max": reading("2000000", Unit.BYTES), "mark_probability": reading("5", Unit.PERCENT),
            "pause_threshold": reading("4000000", Unit.BYTES), "headroom": reading("231424", Unit.BYTES),
            "dropped": reading("0", Unit.COUNT), **overrides,
        }
    )  # fmt: skip


def maps(**overrides: Any) -> Maps:
    return Maps(
        **{
            "trust": reading("dscp"), "dscp_to_tc": reading({0: 0, 26: 3, 48: 6}), "tc_to_pg": reading({0: 0, 3: 3}),
            "tc_to_queue": reading({0: 0, 3: 3, 6: 6}), **overrides,
        }
    )  # fmt: skip


def watchdog(**overrides: Any) -> Watchdog:
    """A PFC watchdog that runs and saw nothing."""
    return Watchdog(
        **{
            "on": reading(True), "action": reading("drop"), "detection_ms": reading("200", Unit.MS),
            "restoration_ms": reading("200", Unit.MS), "storms": reading({3: Decimal(0)}), **overrides,
        }
    )  # fmt: skip


def pauses(at: datetime | None = NOON, **overrides: Any) -> PauseCounts:
    """PFC frames at one instant: a hundred on priority 3, and none on any other."""
    frames = reading({priority: Decimal(100 if priority == 3 else 0) for priority in range(8)})
    return PauseCounts(**{"at": at, "received": frames, "sent": frames, **overrides})


def rdma(**overrides: Any) -> Rdma:
    """A NIC that is set up for RoCE v2."""
    return Rdma(
        **{
            "version": reading("v2"), "gids": reading(frozenset({"v1", "v2"})), "dscp": reading(26),
            "ecn_capable": reading(True), "cnp_dscp": reading(48), "cnp_priority": reading(6),
            "notifies": reading(frozenset({3})), "reacts": reading(frozenset({3})),
            "buffers": reading({3: Decimal(156096)}), "reordering": reading(True), **overrides,
        }
    )  # fmt: skip


def port_facts(**overrides: Any) -> PortFacts:
    later = {"at": NOON + WINDOW, "corrected": decimal("2000")}
    of_lanes = tuple(Flag(name, lane, reading(False)) for name in ("rx_los", "tx_fault") for lane in range(1, 9))
    return PortFacts(
        **{
            "speed": reading("400", Unit.GBPS), "lanes": reading(4), "oper": reading("up"), "admin": reading("up"),
            "mtu": reading("9216", Unit.BYTES), "fec_configured": reading("rs"), "fec_operational": reading("rs"),
            "fec_named": gone(Absence.NOT_AVAILABLE), "fec_samples": (fec_sample(), fec_sample(**later)),
            "histogram": reading((15 * 10**6, 1400, 90, 10, *(0,) * 12)), "histogram_from": 0,
            "histogram_at": NOON + WINDOW / 2,
            "pfc_priorities": reading(frozenset({3})), "link_pause": reading(False), "maps": maps(),
            "queues": {3: queue()}, "neighbour": reading("gpu1:eth0"), "lldp": gone(),
            "breakout_mode": reading("2x400G"),
            "error_status": reading("OK"), "flags": reading(of_lanes),
            "pauses": (pauses(), pauses(NOON + WINDOW)), "watchdog": watchdog(), **overrides,
        }
    )  # fmt: skip


# --- subjects -----------------------------------------------------------------------------------------------------


LABORATORY: Final = {
    "tdecq": ("2.4", Unit.DB), "tecq": ("2.1", Unit.DB), "oma_outer": ("1.5", Unit.DBM),
    "average_power": ("0.8", Unit.DBM), "er": ("5.4", Unit.DB), "sensitivity": ("-5.1", Unit.DBM),
    "stressed_sensitivity": ("-3.1", Unit.DBM),
}  # fmt: skip
CORNERS: Final = ("0", "25", "70")


def measurement(
    quantity: str = "tdecq", value: str = "2.4", celsius: str = "25", uncertainty: str = "0.2", **overrides: Any
) -> Measurement:
    """A row of a laboratory's file."""
    unit = LABORATORY.get(quantity, ("", Unit.DB))[1]
    return Measurement(
        **{
            "serial": reading("AO0001"), "lane": reading(1), "wavelength": reading("1310", Unit.NM),
            "case_temperature": reading(celsius, Unit.CELSIUS), "quantity": reading(quantity),
            "value": Reading(Decimal(value), LAB, unit, Decimal(uncertainty)), "pattern": reading("SSPRQ"),
            "reference_receiver": reading("5-tap FFE"), "instrument": reading("Acme scope"),
            "instrument_serial": reading("S1"), "calibrated": reading(NOON.date() - timedelta(weeks=20)),
            "measured": reading(NOON - timedelta(weeks=4)), "operator": reading("A. Engineer"), "at": LAB,
            **overrides,
        }
    )  # fmt: skip


def laboratory(**values: str | None) -> Mapping[str, tuple[Measurement, ...]]:
    """What a laboratory measured of a healthy lane at three temperatures; None for what it did not."""
    told = {name: value for name, (value, _) in LABORATORY.items()} | values
    return {
        name: tuple(measurement(name, value, celsius) for celsius in CORNERS)
        for name, value in told.items()
        if value is not None
    }


def media_lane(number: int, **overrides: Any) -> MediaLane:
    return MediaLane(
        **{
            "number": number, "tx_power": reading("0.8", Unit.DBM), "rx_power": reading("-0.2", Unit.DBM),
            "tx_bias": reading("85", Unit.MA), "tdecq": Reading(Decimal("2.4"), LAB, Unit.DB, Decimal("0.2")),
            **overrides,
        }
    )  # fmt: skip


def again(*, seen: Transceiver | None = None, apart: Value[Decimal] | None = None) -> Again:
    """A second read ten minutes later, in which every monitor has moved a little."""
    later = seen or transceiver(
        temperature=reading("52.4", Unit.CELSIUS),
        vcc=reading("3.301", Unit.VOLT),
        tx_power=(reading("1.21", Unit.MW),) * 8,
        rx_power=(reading("1.02", Unit.MW),) * 8,
        tx_bias=(reading("85.2", Unit.MA),) * 8,
    )
    return Again(later, apart or reading("600", Unit.SECONDS))


def module(
    *, seen: Overrides = NOTHING, lane: Overrides = NOTHING, plan: Overrides = NOTHING, **overrides: Any
) -> Module:
    """An 800G-2xDR4 in a switch; ``seen`` for what its memory says, ``lane`` for media lane 3."""
    common: dict[str, Any] = {
        "name": "leaf1:Ethernet0", "about": NOBODY, "plan": module_plan(**plan), "cage": cage_plan(),
        "device": device_plan(), "seen": transceiver(**seen), "form_factor": reading("OSFP"), "pmd": "800G-2xDR4",
        "up": True, "again": again(), "far": {}, "namesakes": reading(()),
        "durations": {"data_path_init": reading("3.2", Unit.SECONDS), "module_power_up": reading("1.1", Unit.SECONDS)},
        "monitor_age": reading("60", Unit.SECONDS), "lab": "lab",
    }  # fmt: skip
    lanes = tuple(media_lane(number, **(lane if number == 3 else NOTHING)) for number in range(1, 9))
    return OpticalModule(**{**common, "media_lanes": lanes, **overrides})


def copper(*, seen: Transceiver | None = None, **overrides: Any) -> CopperModule:
    """A passive 2x400G cable in a switch."""
    plan = module_plan(kind="dac", pmd="400GBASE-CR4")
    return CopperModule(
        **{
            "name": "leaf1:Ethernet0", "about": NOBODY, "plan": plan, "cage": cage_plan(module=plan),
            "device": device_plan(), "seen": seen or passive(), "form_factor": reading("OSFP"),
            "pmd": "400GBASE-CR4", "up": True, "again": again(seen=passive()), "far": {}, "namesakes": reading(()),
            "durations": dict.fromkeys(("data_path_init", "module_power_up"), gone()), **overrides,
        }
    )  # fmt: skip


METRES: Final = reading("5", Unit.METRE)
"""How long the cable of a port is."""


def port(*, seen: Overrides = NOTHING, plan: Overrides = NOTHING, **overrides: Any) -> SwitchPort:
    """A switch port of 400G on the first four host lanes of its cage."""
    return SwitchPort(
        **{
            "name": "leaf1:Ethernet0", "about": NOBODY, "plan": port_plan(**plan), "device": device_plan(),
            "cage": cage_plan(), "seen": port_facts(**seen), "module": module(), "host_lanes": (1, 2, 3, 4),
            "fec_code": reading("RS(544,514)"), "media": reading("400GBASE-DR4"),
            "length": METRES, "software": reading("202311.2"),
            **overrides,
        }
    )  # fmt: skip


def nic_port(*, seen: Overrides = NOTHING, **overrides: Any) -> NicPort:
    """The port of a host's NIC, 400G on four lanes."""
    plan = port_plan(device="gpu1", name="eth0", cage="0", mtu=9000)
    at_host = {
        "neighbour": reading("leaf1:Ethernet0"), "mtu": reading("9000", Unit.BYTES), "protocol": reading("Ethernet"),
        "rdma": rdma(), **seen,
    }  # fmt: skip
    cage = cage_plan(device="gpu1", name="0", mode="1x400G", ports=(plan,), module=module_plan(pmd="400GBASE-DR4"))
    lanes = tuple(media_lane(number) for number in range(1, 5))
    holds = module(name="gpu1:eth0", cage=cage, device=host_plan(), pmd="400GBASE-DR4", media_lanes=lanes)
    return NicPort(
        **{
            "name": "gpu1:eth0", "about": NOBODY, "plan": plan, "device": host_plan(), "cage": cage,
            "seen": port_facts(**at_host), "module": holds, "host_lanes": (1, 2, 3, 4),
            "fec_code": reading("RS(544,514)"), "media": reading("400GBASE-DR4"),
            "length": METRES, "software": reading("28.43.2026"),
            **overrides,
        }
    )  # fmt: skip


def across(*, seen: Transceiver | None = None, **overrides: Any) -> Across:
    """The NIC of a host at the other end of a link, with the module that was seen there."""
    far = nic_port()
    return Across(
        **{"device": far.device, "cage": far.cage, "port": far.plan, "seen": seen or transceiver(), **overrides}
    )


def optical_port(*, lane: Overrides = NOTHING, of: Port | None = None, **overrides: Any) -> OpticalPort:
    """The optical side of ``port()``; ``lane`` is said of lane 3."""
    lanes = tuple(media_lane(number, **(lane if number == 3 else NOTHING)) for number in range(1, 5))
    behind = of or port()
    return OpticalPort(
        **{
            "name": behind.name, "about": NOBODY, "port": behind, "pmd": "400GBASE-DR4", "media_lanes": lanes,
            "fiber": fiber_plan(), **overrides,
        }
    )  # fmt: skip


def switch_cage(*, plan: Overrides = NOTHING, **overrides: Any) -> SwitchCage:
    """A cage of a switch, broken out into two ports of 400G."""
    second = port(name="leaf1:Ethernet4", plan={"name": "Ethernet4", "lanes": (5, 6, 7, 8)}, host_lanes=(5, 6, 7, 8))
    return SwitchCage(
        **{
            "name": "leaf1:Ethernet0", "about": NOBODY, "plan": cage_plan(**plan), "device": device_plan(),
            "form_factor": reading("OSFP"), "module": module(), "ports": (port(), second),
            "watts": reading("18", Unit.WATT), "host_lanes": 8,
            "modes": reading(frozenset({"1x800G", "1x400G", "2x400G", "4x200G"})), "mode": reading("2x400G"),
            **overrides,
        }
    )  # fmt: skip


def nic_cage(**overrides: Any) -> NicCage:
    """A cage of a NIC: flat top, four lanes."""
    behind = nic_port()
    return NicCage(
        **{
            "name": "gpu1:eth0", "about": NOBODY, "plan": behind.cage, "device": behind.device,
            "form_factor": reading("OSFP-RHS"), "module": replace(behind.module, form_factor=reading("OSFP-RHS")),
            "ports": (behind,), "watts": reading("17", Unit.WATT), "host_lanes": 4, **overrides,
        }
    )  # fmt: skip


def link(
    *, near: Overrides = NOTHING, far: Overrides = NOTHING, fiber: Overrides = NOTHING, **overrides: Any
) -> OpticalLink:
    """A switch port and a NIC port with fiber between; ``near`` and ``far`` override the two ports."""
    here, there = replace(port(), **near), replace(nic_port(), **far)
    plant = fiber_plan(**fiber)
    optics = (optical_port(of=here, fiber=plant), optical_port(of=there, fiber=plant))
    return OpticalLink(
        **{
            "name": f"{here}--{there}", "about": NOBODY, "plan": LinkPlan((here.plan, there.plan), plant, None, LAB),
            "ends": (here, there), "skew": reading("3", Unit.SECONDS), "fiber": plant, "optics": optics, **overrides,
        }
    )  # fmt: skip


def cable_link(*, length: Value[Decimal] | None = None, **overrides: Any) -> CableLink:
    """A switch port and a NIC port with a passive cable between."""
    here, there = replace(port(), module=copper()), replace(nic_port(), module=copper())
    return CableLink(
        **{
            "name": f"{here}--{there}", "about": NOBODY,
            "plan": LinkPlan((here.plan, there.plan), None, Decimal(1), LAB), "ends": (here, there),
            "skew": reading("3", Unit.SECONDS), "length": length or reading("1", Unit.METRE), **overrides,
        }
    )  # fmt: skip


def path(*hops: Port) -> Path:
    """A route from NIC to NIC over one leaf."""
    out = port(name="leaf1:Ethernet8", plan={"name": "Ethernet8"})
    passed = hops or (nic_port(), port(), out, nic_port(name="gpu2:eth0"))
    return Path(
        name="gpu1 to gpu2",
        about=NOBODY,
        plan=PathPlan("gpu1 to gpu2", tuple(p.plan for p in passed), LAB),
        hops=passed,
    )


def switch(*, plan: Overrides = NOTHING, cages: tuple[Cage, ...] | None = None, **overrides: Any) -> Switch:
    """A switch with one cage."""
    fans = reading(tuple(Fan(f"fan{number}", reading("ok"), direction=reading("intake")) for number in (1, 2)))
    facts = DeviceFacts(reading("202311"), reading("x86_64-nvidia_sn5600-r0"), reading("O128"), {}, {}, {}, fans=fans)
    return Switch(
        **{
            "name": "leaf1", "about": NOBODY, "plan": device_plan(**plan), "facts": facts,
            "cages": cages or (switch_cage(),), **overrides,
        }
    )  # fmt: skip


def host(*, plan: Overrides = NOTHING, cages: tuple[Cage, ...] | None = None, **overrides: Any) -> Host:
    """A GPU host with one NIC."""
    named = {"eth0": reading("ConnectX-7")}
    unnamed = gone(Absence.NOT_AVAILABLE)
    facts = DeviceFacts(reading("28.43.2026"), unnamed, unnamed, {}, {}, {}, adapters=named)
    return Host(
        **{
            "name": "gpu1", "about": NOBODY, "plan": host_plan(**plan), "facts": facts,
            "cages": (nic_cage(),) if cages is None else cages, **overrides,
        }
    )  # fmt: skip


def sighting(**overrides: Any) -> Sighting:
    """The module of ``module()`` in an earlier archive, in the same cage."""
    return Sighting(
        **{
            "lab": "lab", "where": "leaf1:Ethernet0", "at": NOON - timedelta(days=90), "serial": "AO0001",
            "number": "AO-800-2DR4", "revision": "01", "firmware": "3.7.12",
            "source": Source("acceptance-2026-08-22"), **overrides,
        }
    )  # fmt: skip


def lab_plan(**overrides: Any) -> Lab:
    """A lab of one switch and one host."""
    return Lab(
        **{
            "name": "lab", "file": File("lab.yaml"), "files": (), "profile": File("profile.toml"), "evidence": None,
            "as_of": None, "measurements": (), "devices": {"leaf1": device_plan(), "gpu1": host_plan()}, "links": (),
            "paths": (), "racks": (), "parts": {}, "waivers": (), **overrides,
        }
    )  # fmt: skip


def fabric(*devices: Device, lab: Overrides = NOTHING, **overrides: Any) -> Fabric:
    """The lab as a whole, with a switch; ``lab`` for what its file declares."""
    return Fabric(
        **{
            "name": "lab", "about": NOBODY, "lab": lab_plan(**lab), "devices": devices or (switch(),),
            "links": (link(),), "bill": {}, **overrides,
        }
    )  # fmt: skip


def fiber_test(tester: Tester = Tester.OLTS, **overrides: Any) -> FiberTest:
    """A result of a tester that is good: of a whole link, or of the end face at its near end."""
    inspected = tester is Tester.END_FACE
    return FiberTest(
        **{
            "tester": tester, "link": "leaf1:Ethernet0--gpu1:eth0", "fiber": None,
            "end": "leaf1:Ethernet0" if inspected else None,
            "wavelength": gone() if inspected else reading("1310", Unit.NM),
            "loss": gone() if inspected else Reading(Decimal("0.95"), LAB, Unit.DB, Decimal("0.1")),
            "length": gone(), "reflectance": gone(), "result": reading("pass"),
            "standard": reading("IEC 61300-3-35:2022" if inspected else "ISO/IEC 14763-3"),
            "instrument": reading("Acme tester"), "calibrated": reading(NOON.date()), "at": LAB, **overrides,
        }
    )  # fmt: skip


CABLES: Final = (
    ("gpu1:eth0", "leaf1:Ethernet0"), ("gpu2:eth0", "leaf1:Ethernet4"),
    ("gpu1:eth1", "leaf2:Ethernet0"), ("gpu2:eth1", "leaf2:Ethernet4"),
    ("leaf1:Ethernet8", "spine1:Ethernet0"), ("leaf1:Ethernet12", "spine1:Ethernet4"),
    ("leaf2:Ethernet8", "spine1:Ethernet8"), ("leaf2:Ethernet12", "spine1:Ethernet12"),
)  # fmt: skip
"""What joins the hosts, leafs and the spine of a fabric of two rails."""

DESIGN: Final[Overrides] = {
    "at": LAB, "hosts": 2, "gpus": 4, "leafs": 2, "spines": 1, "fabric_links": 4, "host_links": 4, "rails": 2,
    "planes": 1, "oversubscription": Decimal(1), "load_balancing": "adaptive routing",
}  # fmt: skip


def two_rails(
    *,
    seen: Mapping[str, Overrides] = NOTHING,
    plans: Mapping[str, Overrides] = NOTHING,
    fibers: Mapping[str, Overrides] = NOTHING,
    design: Overrides | None = NOTHING,
    **lab: Any,
) -> Fabric:
    """A fabric of ``CABLES``: ``seen`` and ``plans`` override what is seen and planned of a port, by its name,
    ``fibers`` the fiber of a cable, by its first port; ``design=None`` declares none.
    """
    peers = dict([*CABLES, *((b, a) for a, b in CABLES)])
    ports = {name: fabric_port(name, peer, seen.get(name, {}), plans.get(name, {})) for name, peer in peers.items()}
    cables = [(ports[a], ports[b], fibers.get(a, {})) for a, b in CABLES]
    links = tuple(fabric_link(*cable, f"C{number}") for number, cable in enumerate(cables, 1))
    asked = None if design is None else DesignPlan(**{**DESIGN, **design})
    devices = tuple(
        fabric_device(name, [port for port in ports.values() if port.plan.device == name], asked)
        for name in ("gpu1", "gpu2", "leaf1", "leaf2", "spine1")
    )
    declares = {
        "devices": {device.name: device.plan for device in devices}, "links": tuple(one.plan for one in links),
        "design": asked, "trunks": {"T1": TrunkPlan("T1", "OS2", 96, LAB)},
        "cabling": tuple(CablingRow(f"C{number}", *ends, LAB) for number, ends in enumerate(CABLES, 1)), **lab,
    }  # fmt: skip
    return Fabric(name="lab", about=NOBODY, lab=lab_plan(**declares), devices=devices, links=links, bill={})


def fabric_port(name: str, peer: str, seen: Overrides, plan: Overrides) -> Port:
    """A port that sees its peer; of a host, on the rail of its number."""
    device, _, own = name.partition(":")
    base: Port = nic_port(module=unlooked()) if device.startswith("gpu") else port(module=unlooked())
    rail = int(own.removeprefix("eth")) if device.startswith("gpu") else None
    planned = port_plan(**{"device": device, "name": own, "cage": own, "rail": rail, **plan})
    facts = replace(base.seen, **{"neighbour": reading(peer), **seen})
    return replace(base, name=name, plan=planned, seen=facts)


def unlooked() -> OpticalModule:
    """A module of which nothing was read: a fabric is not asked about its modules."""
    unread = decoded(Memory("module", {}))
    healthy = module()
    assert isinstance(healthy, OpticalModule)
    return replace(healthy, seen=unread, again=Again(unread, gone()), media_lanes=())


def fabric_link(near: Port, far: Port, fiber: Overrides, label: str) -> OpticalLink:
    plant = fiber_plan(**{"trunk": "T1", "label": label, **fiber})
    plan = LinkPlan((near.plan, far.plan), plant, None, LAB)
    optics = (optical_port(of=near, media_lanes=()), optical_port(of=far, media_lanes=()))
    return OpticalLink(
        name=f"{near}--{far}", about=NOBODY, plan=plan, ends=(near, far), skew=reading("3", Unit.SECONDS),
        fiber=plant, optics=optics,
    )  # fmt: skip


def fabric_device(name: str, ports: Sequence[Port], design: DesignPlan | None) -> Device:
    """A device with a cage to a port."""
    if name.startswith("gpu"):
        cages: tuple[Cage, ...] = tuple(nic_cage(name=str(one), ports=(one,), module=one.module) for one in ports)
        return host(name=name, plan={"name": name}, cages=cages, design=design)
    cages = tuple(switch_cage(name=str(one), ports=(one,), module=one.module) for one in ports)
    return switch(name=name, plan={"name": name, "role": name[:-1]}, cages=cages, design=design)


def rack(*switches: Switch, **plan: Any) -> Rack:
    """A rack with a budget of 40 kW."""
    said = {
        "name": "rack1",
        "budget_watts": Decimal(40000),
        "overhead": Decimal(1),
        "devices": ("leaf1",),
        "at": LAB,
        **plan,
    }
    return Rack(name="rack1", about=NOBODY, plan=RackPlan(**said), devices=switches or (switch(),))


def part(*, needed: int = 60, **plan: Any) -> Part:
    """An optic under procurement."""
    said = {
        "number": "AO-800-2DR4", "vendor": "Acme Optics", "kind": "optic", "warranty_years": Decimal(5),
        "mtbf_hours": Decimal(2_000_000), "mtbf_method": "Telcordia SR-332", "mtbf_celsius": Decimal(40),
        "lead_time_weeks": Decimal(12), "capacity_per_month": 500, "quantity": 64, "needed_by_weeks": Decimal(14),
        "second_source": "Other", "at": LAB, "spares": 4, **plan,
    }  # fmt: skip
    return Part(name="AO-800-2DR4", about=NOBODY, plan=PartPlan(**said), needed=needed)


# --- every reading of a subject at once ---------------------------------------------------------------------------


def changed(subject: T, change: Callable[[Reading[Any]], Value[Any]]) -> T:
    """The subject with every reading in it changed; what the lab file declares stays."""
    return cast(T, rewritten(subject, change))


def rewritten(thing: Any, change: Callable[[Reading[Any]], Value[Any]]) -> Any:
    if isinstance(thing, Reading):
        return change(thing)
    if isinstance(thing, Memory):
        kept = isinstance(change(Reading(b"", DEVICE)), Reading)
        return thing if kept else Memory(thing.evidence, {})
    if isinstance(thing, Stated):
        return transceiver(**{name: rewritten(value, change) for name, value in thing.stated.items()})
    if isinstance(thing, Transceiver):
        return decoded(rewritten(thing.memory, change))
    if isinstance(thing, tuple):
        return tuple(rewritten(item, change) for item in thing)
    if isinstance(thing, Mapping):
        return {key: rewritten(value, change) for key, value in thing.items()}
    if is_dataclass(thing) and not isinstance(thing, type) and not type(thing).__module__.endswith("inventory"):
        return replace(thing, **{field.name: rewritten(getattr(thing, field.name), change) for field in fields(thing)})
    return thing


def unmeasured(subject: T) -> T:
    """The subject as it is before anything was read, modules included: what a rehearsal judges."""
    return changed(subject, lambda _: UNREAD)


# --- proofs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proof:
    """That a check comes to an outcome on a subject, and in a sentence why."""

    check: Check
    sentence: str
    subject: Any
    outcome: Outcome

    def __str__(self) -> str:
        return f"{self.check.id} {self.outcome.value}: {self.sentence}"

    def hold(self, require: Requirements) -> None:
        """AssertionError with the findings where the outcome is another."""
        verdict = self.check(self.subject, require)
        findings = "\n".join(f"  {finding.outcome}: {finding}" for finding in verdict.findings)
        assert verdict.outcome is self.outcome, f"{self}\ncame to {verdict.outcome}\n{verdict.error}\n{findings}"


def proofs(
    check: Check,
    *,
    passes: Mapping[str, Any],
    fails: Mapping[str, Any],
    undecided: Mapping[str, Any],
    warns: Mapping[str, Any] | None = None,
    does_not_apply: Mapping[str, Any] | None = None,
) -> Iterator[Proof]:
    """A table of proofs: by a sentence, the subject."""
    for outcome, table in (
        (Outcome.PASS, passes),
        (Outcome.FAIL, fails),
        (Outcome.NOT_MEASURED, undecided),
        (Outcome.WARN, warns or {}),
        (Outcome.NOT_APPLICABLE, does_not_apply or {}),
    ):
        for sentence, subject in table.items():
            yield Proof(check, sentence, subject, outcome)


def prove(check: Check, require: Requirements, **tables: Any) -> None:
    """Show that a check passes, fails and stays undecided; the tables are those of ``proofs``."""
    for proof in proofs(check, **tables):
        proof.hold(require)
