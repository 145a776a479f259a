"""Builders and proofs for authors of checks.

A builder makes a whole healthy subject out of readings; what a proof is about is said by overrides:

    module(seen={"temperature": reading("74", Unit.CELSIUS)})
    port(seen={"oper": reading("down")})
    link(far={"fec_code": gone()})

``prove`` shows on them that a check passes, fails and stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
from .lab.inventory import (
    CagePlan,
    DevicePlan,
    FiberPlan,
    LinkPlan,
    ModulePlan,
    PartPlan,
    PathPlan,
    PortPlan,
    RackPlan,
)
from .model import (
    Again,
    CableLink,
    Cage,
    CopperModule,
    DeviceFacts,
    FecSample,
    Flag,
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
    Port,
    PortFacts,
    Queue,
    Rack,
    Switch,
    SwitchCage,
    SwitchPort,
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
            "loss_db": Decimal("0.9"), "loss_uncertainty_db": Decimal("0.1"), "at": LAB, **overrides,
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
            "pause_threshold": reading("4000000", Unit.BYTES), "headroom": reading("231424", Unit.BYTES), **overrides,
        }
    )  # fmt: skip


def maps(**overrides: Any) -> Maps:
    return Maps(
        **{
            "trust": reading("dscp"), "dscp_to_tc": reading({0: 0, 26: 3, 48: 6}), "tc_to_pg": reading({0: 0, 3: 3}),
            "tc_to_queue": reading({0: 0, 3: 3, 6: 6}), **overrides,
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
            "histogram": reading((10**9, 1400, 90, 10, *(0,) * 12)), "histogram_from": 0,
            "histogram_at": NOON + WINDOW / 2,
            "pfc_priorities": reading(frozenset({3})), "link_pause": reading(False), "maps": maps(),
            "queues": {3: queue()}, "neighbour": reading("gpu1:eth0"), "lldp": gone(),
            "breakout_mode": reading("2x400G"),
            "error_status": reading("OK"), "flags": reading(of_lanes), **overrides,
        }
    )  # fmt: skip


# --- subjects -----------------------------------------------------------------------------------------------------


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


def port(*, seen: Overrides = NOTHING, plan: Overrides = NOTHING, **overrides: Any) -> SwitchPort:
    """A switch port of 400G on the first four host lanes of its cage."""
    return SwitchPort(
        **{
            "name": "leaf1:Ethernet0", "about": NOBODY, "plan": port_plan(**plan), "device": device_plan(),
            "cage": cage_plan(), "seen": port_facts(**seen), "module": module(), "host_lanes": (1, 2, 3, 4),
            "fec_code": reading("RS(544,514)"), "media": reading("400GBASE-DR4"), **overrides,
        }
    )  # fmt: skip


def nic_port(*, seen: Overrides = NOTHING, **overrides: Any) -> NicPort:
    """The port of a host's NIC, 400G on four lanes."""
    plan = port_plan(device="gpu1", name="eth0", cage="0", mtu=9000)
    at_host = {"neighbour": reading("leaf1:Ethernet0"), "mtu": reading("9000", Unit.BYTES), **seen}
    cage = cage_plan(device="gpu1", name="0", mode="1x400G", ports=(plan,), module=module_plan(pmd="400GBASE-DR4"))
    lanes = tuple(media_lane(number) for number in range(1, 5))
    holds = module(name="gpu1:eth0", cage=cage, device=host_plan(), pmd="400GBASE-DR4", media_lanes=lanes)
    return NicPort(
        **{
            "name": "gpu1:eth0", "about": NOBODY, "plan": plan, "device": host_plan(), "cage": cage,
            "seen": port_facts(**at_host), "module": holds, "host_lanes": (1, 2, 3, 4),
            "fec_code": reading("RS(544,514)"), "media": reading("400GBASE-DR4"), **overrides,
        }
    )  # fmt: skip


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
    facts = DeviceFacts(reading("202311"), reading("x86_64-nvidia_sn5600-r0"), reading("O128"), {}, {}, {})
    return Switch(
        **{
            "name": "leaf1", "about": NOBODY, "plan": device_plan(**plan), "facts": facts,
            "cages": cages or (switch_cage(),), **overrides,
        }
    )  # fmt: skip


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
