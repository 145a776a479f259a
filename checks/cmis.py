"""Management interface and state of a module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from checks.conformance import MONITORED, OBSERVED, compared, live, monitors, unobserved
from harness import (
    Absence,
    ActiveCable,
    Choice,
    Finding,
    Findings,
    Missing,
    Module,
    OpticalModule,
    Outcome,
    Port,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    Unit,
    Unknown,
    Value,
    at_most,
    check,
    combined,
    declared,
    derive,
    finite,
    lanes_with,
    not_applicable,
    of_lane,
    one_of,
    rate_on,
    same_as,
    shut,
    without_cmis,
    without_pages,
)
from harness.applies import has_to_have_pages, rate_of, without_history, wrongly_flat
from harness.decode.cmis.vdm import Statistic
from harness.decode.transceiver import Application
from harness.derived import as_approved, firmware_of, version_of
from harness.history import Sighting

WELL_FORMED: Final = "well formed"

LEFT_OVERS: Final[Mapping[str, str]] = {
    "tx_polarity_flip": "polarity_flip",
    "rx_polarity_flip": "polarity_flip",
    "tx_disable": "tx_disable",
    "tx_squelch_force": "squelch",
    "rx_output_disable": "rx_output_disable",
    "media_output_loopback": "loopback",
    "media_input_loopback": "loopback",
    "host_output_loopback": "loopback",
    "host_input_loopback": "loopback",
    "host_generator_enable": "prbs",
    "media_generator_enable": "prbs",
    "host_checker_enable": "prbs",
    "media_checker_enable": "prbs",
    "low_power_request_sw": "low_power",
}
"""Controls that a test may leave behind, and the word by which a lab file asks for them."""

BEYOND_REVISIONS: Final = Decimal(7)
"""No revision of CMIS is as high yet; 5 is the newest published."""

DARKENING: Final = frozenset({"tx_disable", "low_power", "squelch", "rx_output_disable"})
"""What a host sets where a port is shut."""

NONE_SET: Final[Choice[tuple[int, ...]]] = one_of(
    (), clause="OIF-CMIS 8.2, 8.9 and 8.12, controls that nobody asked for"
)


@check("CMIS-01 cmis.revision", tags=("acceptance",))
def revision(module: Module, require: Requirements) -> Findings:
    """The module's CMIS revision is at or above the least that the buyer asks for at its rate."""
    rate = rate_of(module)
    if isinstance(rate, Missing):
        yield Unknown(rate, "the least revision at the module's rate").judge(module.seen.revision, at="revision")
        return
    if not any(lowest <= rate.value for lowest in require.profile.cmis.revisions):
        yield not_applicable(rate, because="the profile asks for none at this rate")
        return
    asked = require.profile.cmis.min_revision(rate.value)
    ended = without_cmis(module)
    if ended is None:
        yield asked.judge(published(derive(module.seen.revision, Decimal)), at="revision")
    elif ended.outcome is Outcome.NOT_APPLICABLE and has_to_have_pages(module):
        spoken = derive(module.seen.identifier, lambda _: module.seen.document, note="its memory map")
        yield one_of("CMIS", clause=asked.clause, standing=asked.standing).judge(spoken, at="management interface")
    else:
        yield ended


def published(revision: Value[Decimal]) -> Value[Decimal]:
    """A revision, where it may be one: byte 1 of an erased memory reads 15.15."""
    number = finite(revision)
    if isinstance(number, Reading) and number.value >= BEYOND_REVISIONS:
        return Missing(Absence.RESERVED, number.source, f"CMIS has no revision {number.value}")
    return number


@check("CMIS-02 cmis.checksums", tags=("acceptance",))
def checksums(module: Module, require: Requirements) -> Findings:
    """The checksum of every page of the module's memory map fits its bytes."""
    if ended := wrongly_flat(module):
        yield ended
    if not module.seen.checksums:
        gone = Missing(Absence.NOT_RECORDED, module.seen.identifier.source, "no checksum was decoded")
        yield same_as(gone, clause="checksum of the page").judge(gone, at="checksums")
    for page in module.seen.checksums:
        where = f"page {page.page}, bytes {page.covers}"
        sums = same_as(derive(page.computed, octet), clause=f"{module.seen.document}, checksum of the page")
        yield sums.judge(derive(page.stored, octet), at=where)


def octet(byte: int) -> str:
    return f"{byte:02X}h"


@check("CMIS-03 cmis.identity", tags=("acceptance",))
def identity(module: Module, require: Requirements) -> Findings:
    """The module's identity is well formed, and is the one that the lab expects."""
    seen = module.seen
    clause = f"{seen.document}, identity"
    if not (isinstance(seen.identifier, Reading) and seen.management == "sff8472"):
        yield same_as(seen.identifier, clause=f"{clause}: page 00h repeats the identifier").judge(
            seen.identifier_copy, at="identifier copy"
        )
    well_formed = one_of(WELL_FORMED, clause=clause)
    for name, fault in seen.text_faults.items():
        yield well_formed.judge(derive(fault, lambda words: words or WELL_FORMED), at=name)
    yield well_formed.judge(derive(seen.vendor_oui, oui_fault), at="vendor_oui")
    if module.plan is not None:
        expected = {
            "vendor_name": (module.plan.vendor, seen.vendor_name),
            "vendor_pn": (module.plan.number, seen.vendor_pn),
            "vendor_sn": (module.plan.serial, seen.vendor_sn),
        }
        for name, (wanted, found) in expected.items():
            if wanted is not None:
                yield same_as(
                    declared(wanted, module.plan.at), clause="the lab expects", standing=Standing.BUYER
                ).judge(derive(found, str.strip), at=f"{name} as expected")


def oui_fault(oui: str) -> str:
    """An unset OUI is 00-00-00; all ones is an erased memory."""
    return "all ones" if set(oui.casefold()) <= {"f", "-"} else WELL_FORMED


@check("CMIS-04 cmis.module-state", tags=("acceptance",))
def module_state(module: Module, require: Requirements) -> Findings:
    """The module is Ready, or in LowPwr where all its ports are to be shut."""
    if ended := without_cmis(module):
        yield ended
        return
    allowed = ("ModuleReady",) if module.up else ("ModuleReady", "ModuleLowPwr")
    yield one_of(
        *allowed,
        clause="OIF-CMIS 6.3.2, module state machine",
        advice="see the fault cause, 00h:41, and low power controls",
    ).judge(module.seen.module_state, at="module state")


def no_data_path(port: Port) -> Finding | None:
    """What proves that a port has no data path to judge."""
    return without_cmis(port.module) or without_pages(port.module) or shut(port)


@check("CMIS-05 cmis.data-path-activated", tags=("acceptance",))
def data_path_activated(port: Port, require: Requirements) -> Findings:
    """Every host lane of a port that is to be up is DPActivated."""
    if ended := no_data_path(port):
        yield ended
        return
    activated = one_of("DPActivated", clause="OIF-CMIS 8.10, data path state")
    for lane in port.host_lanes:
        yield activated.judge(of_lane(port.module.seen.dp_state, lane, port.module), at=f"host lane {lane}")


@check("CMIS-06 cmis.data-path-configured", tags=("acceptance",))
def data_path_configured(port: Port, require: Requirements) -> Findings:
    """What the port is configured for, the staged and the active set agree on application, lanes and data path."""
    if ended := no_data_path(port):
        yield ended
        return
    module, seen, first = port.module, port.module.seen, port.host_lanes[0]
    configured = one_of(rate_on(port.plan.speed_gbps, len(port.host_lanes)), clause=f"planned at {port.plan.at}")
    data_path = one_of(first - 1, clause="OIF-CMIS 6.2, a data path is known by its first lane")
    accepted = one_of("ConfigSuccess", "ConfigUndefined", clause="OIF-CMIS 8.10, configuration status")
    confirmed = one_of(
        "ConfigSuccess",
        clause="OIF-CMIS 8.10, undefined until a first configuration is applied",
        standing=Standing.ADVISORY,
        advice="the module came up by its own default: no host has configured it",
    )
    for lane in port.host_lanes:
        active = of_lane(seen.active_application, lane, module)
        staged = of_lane(seen.staged_application, lane, module)
        status = of_lane(seen.config_status, lane, module)
        where = f"host lane {lane}"
        yield configured.judge(runs(port, active), at=f"{where} application")
        yield same_as(staged, clause="OIF-CMIS 6.2, staged and active set").judge(
            active, at=f"{where} active as staged"
        )
        yield data_path.judge(of_lane(seen.staged_data_path, lane, module), at=f"{where} staged data path")
        yield data_path.judge(of_lane(seen.active_data_path, lane, module), at=f"{where} active data path")
        yield accepted.judge(status, at=f"{where} configuration")
        if isinstance(status, Reading) and status.value in accepted.allowed:
            yield confirmed.judge(status, at=f"{where} configuration")


def runs(port: Port, active: Value[int]) -> Value[str]:
    """The speed and lanes of the application that is active on a lane."""

    def of(number: int, every: tuple[Application, ...]) -> str:
        found = next((a for a in every if a.number == number), None)
        if found is None:
            return f"application {number}, not advertised" if number else "no application"
        host = found.host
        if host is None or host.total_gbps is None:
            return f"application {number} of host interface {octet(found.host_id)}"
        return rate_on(host.total_gbps, found.host_lanes)

    return combined(active, port.module.seen.applications, of, of="active application")


LIVE: Final = "live"
DEAD: Final = "0 on every lane"
FROZEN: Final = "frozen"
LIT: Final[Mapping[str, str]] = {"transmit power": "bias", "bias": "transmit power"}
"""Monitors that show one laser: one of them at 0 beside the other that is not is no laser that is off."""
NEVER_ZERO: Final = frozenset({"temperature", "supply voltage"})
"""Monitors whose register at 0 was never written."""


@check("CMIS-07 cmis.telemetry", tags=("acceptance",))
def telemetry(module: Module, require: Requirements) -> Findings:
    """The telemetry that operations need is advertised and live: monitors, and VDM where the rate asks for it."""
    if ended := without_cmis(module) or without_pages(module) or wrongly_flat(module):
        yield ended
        return
    profile = require.profile.cmis
    limit = one_of(LIVE, clause=profile.clause, standing=profile.standing)
    told = monitors(module.seen)
    for name, values in told.items():
        needed = isinstance(module, OpticalModule) and MONITORED[name] in profile.telemetry
        yield alive(name, values, told, limit, needed=needed)
    if still := frozen(module):
        yield limit.judge(still, at="monitors over two reads")
    if isinstance(module, OpticalModule):
        yield from observables(module, limit, require)


def alive(
    name: str,
    values: Sequence[Value[Decimal]],
    told: Mapping[str, Sequence[Value[Decimal]]],
    limit: Choice[str],
    *,
    needed: bool,
) -> Finding:
    """Whether a monitor is advertised and tells a number; at 0 on every lane there is no light, or no monitor."""
    there = [value for value in values if isinstance(value, Reading) or value.why is not Absence.NOT_ADVERTISED]
    if not there:
        lacking = next(value for value in values if isinstance(value, Missing))
        if needed:
            return limit.judge(Reading(lacking.why.value, lacking.source), at=name)
        return unadvertised(lacking, at=name)
    silent = next((number for value in there if isinstance(number := finite(dark(value)), Missing)), None)
    if silent is not None and silent.why is Absence.NOT_AVAILABLE:
        return limit.judge(Reading(str(silent), silent.source), at=name)
    if silent is not None:
        return limit.judge(silent, at=name)
    first = there[0]
    assert isinstance(first, Reading)
    if any(live(value) for value in there):
        return limit.judge(Reading(LIVE, first.source), at=name)
    zero = Reading(DEAD, first.source)
    if name in NEVER_ZERO or any(live(value) for value in told.get(LIT.get(name, ""), ())):
        return limit.judge(zero, at=name)
    return not_applicable(zero, because="there is no light, which shows nothing of its monitor", at=name)


def dark(value: Value[Decimal]) -> Value[Decimal]:
    """Minus infinity, the logarithm of no light, as the 0 that it is of."""
    if isinstance(value, Reading) and value.value.is_infinite() and value.value < 0:
        return replace(value, value=Decimal(0))
    return value


def frozen(module: Module) -> Reading[str] | None:
    """That no monitor moved between two reads; None where one did, or where nothing was read twice."""
    second = monitors(module.again.seen)
    standing: list[Reading[bool]] = []
    for name, values in monitors(module.seen).items():
        pairs = [pair for pair in zip(values, second[name], strict=False) if live(pair[0])]
        moved = compared(pairs, name) if pairs else None
        if isinstance(moved, Missing) or (moved is not None and moved.value):
            return None
        if moved is not None:
            standing.append(moved)
    return Reading(FROZEN, standing[0].source) if standing else None


def observables(module: OpticalModule, limit: Choice[str], require: Requirements) -> Iterator[Finding]:
    """The observables of VDM that the profile needs at the module's rate, on every lane and each with a number."""
    rate = rate_of(module)
    if isinstance(rate, Missing):
        yield limit.judge(rate, at="VDM at the module's rate")
        return
    profile, told = require.profile.cmis, module.seen.vdm
    for quantity in sorted(profile.telemetry_at(rate.value).difference(profile.telemetry)):
        at = f"VDM, {quantity.replace('_', ' ')}"
        if isinstance(told, Missing) and told.why is Absence.NOT_ADVERTISED:
            yield limit.judge(Reading(told.why.value, told.source), at=at)
            continue
        without = unobserved(module, quantity)
        if isinstance(told, Missing):
            yield limit.judge(told, at=at)
            continue
        if isinstance(without, Missing):
            yield limit.judge(without, at=at)
            continue
        if without.value:
            lanes = ", ".join(map(str, without.value))
            yield limit.judge(Reading(f"not observed on lanes {lanes}", without.source), at=at)
            continue
        samples = [
            finite(one.sample)
            for one in told.value
            if (one.observable.quantity, one.observable.side) == OBSERVED[quantity]
            and one.observable.statistic is Statistic.CURRENT
        ]
        gone = next((sample for sample in samples if isinstance(sample, Missing)), None)
        numbers = [sample for sample in samples if isinstance(sample, Reading)]
        if gone is not None:
            yield limit.judge(gone, at=at)
        elif any(sample.value for sample in numbers):
            yield limit.judge(Reading(LIVE, numbers[0].source), at=at)
        elif module.up:
            yield limit.judge(Reading(DEAD, numbers[0].source), at=at)
        else:
            idle = Reading(DEAD, numbers[0].source)
            yield not_applicable(idle, because="the lab asks for no port of the module to be up", at=at)


@check("CMIS-09 cmis.thresholds", tags=("acceptance",))
def thresholds(module: Module, require: Requirements) -> Findings:
    """The thresholds of every monitor are finite and ordered: low alarm, low warning, high warning, high alarm."""
    if ended := without_cmis(module) or without_pages(module) or wrongly_flat(module):
        yield ended
        return
    clause = "OIF-CMIS 8.5, alarm and warning thresholds"
    if not module.seen.thresholds:
        gone = Missing(Absence.NOT_RECORDED, module.seen.identifier.source, "no thresholds were decoded")
        yield at_most(gone, clause=clause).judge(gone, at="thresholds")
    for name, quad in module.seen.thresholds.items():
        high_alarm, low_alarm = finite(quad.high_alarm), finite(quad.low_alarm)
        high_warning, low_warning = finite(quad.high_warning), finite(quad.low_warning)
        needed = isinstance(module, OpticalModule) and name.rpartition("_")[0] in require.profile.cmis.telemetry
        if isinstance(high_alarm, Missing) and high_alarm.why is Absence.NOT_ADVERTISED and not needed:
            yield unadvertised(high_alarm, at=name)
            continue
        yield at_most(low_warning, clause=clause).judge(low_alarm, at=f"{name} low alarm under low warning")
        yield at_most(high_warning, clause=clause, strict=True).judge(low_warning, at=f"{name} low under high warning")
        yield at_most(high_alarm, clause=clause).judge(high_warning, at=f"{name} high warning under high alarm")


def unadvertised(missing: Missing, *, at: str) -> Finding:
    """The finding about a register that the module says it does not have; the proof is the bit that says so."""
    return not_applicable(Reading("not advertised", missing.source), because=missing.detail or str(missing), at=at)


FIRMWARE_ERRORS: Final = ("module_firmware_error", "data_path_firmware_error")


@check("CMIS-10 cmis.no-fault", tags=("acceptance",))
def no_fault(module: Module, require: Requirements) -> Findings:
    """The module names no cause of a fault and has flagged no error of its firmware."""
    if ended := without_cmis(module) or without_pages(module):
        yield ended
        return
    yield one_of(
        "no fault", clause="OIF-CMIS 8.2, module fault cause", advice="only a reset leads out of ModuleFault"
    ).judge(module.seen.fault_cause, at="fault cause")
    unflagged = one_of(False, clause="OIF-CMIS 8.2, module flags", advice="latched since the last read")
    for name in FIRMWARE_ERRORS:
        gone = Missing(Absence.NOT_RECORDED, Source(module.seen.evidence, name))
        yield unflagged.judge(module.seen.module_flags.get(name, gone), at=name.replace("_", " "))


@check("CMIS-11 cmis.left-over-controls", tags=("acceptance",))
def left_over_controls(module: Module, require: Requirements) -> Findings:
    """No loopback, PRBS, Tx disable, squelch, low power or polarity flip is left set that the lab does not ask for."""
    if ended := without_cmis(module) or without_pages(module):
        yield ended
        return
    if ended := wrongly_flat(module):
        yield ended
        return
    controls = module.seen.controls
    for name, word in LEFT_OVERS.items():
        bits = controls.get(name, ())
        first = of_lane(bits, 1, module)
        if isinstance(first, Missing) and all(
            isinstance(bit, Missing) and bit.why is Absence.NOT_ADVERTISED for bit in bits or (first,)
        ):
            yield unadvertised(first, at=name)
            continue
        lanes = tuple(unasked(module, name, word, len(bits)))
        if lanes or not bits:
            yield NONE_SET.judge(lanes_with(bits, lanes or (1,), module), at=f"{name} on lanes")
        else:
            asked = Reading(word, module.cage.ports[0].at)
            yield not_applicable(asked, because="the lab asks for it, or for the port to be shut", at=name)


def unasked(module: Module, name: str, word: str, lanes: int) -> Iterator[int]:
    """The lanes on which the lab does not ask for a control; those of no port, or of one to be shut, may be dark."""
    for lane in range(1, lanes + 1):
        port = next((p for p in module.cage.ports if lane in p.lanes), None)
        up = module.up if lanes == 1 else port is not None and port.up
        asked = port.allowed if port else frozenset[str]()
        if word not in asked and name not in asked and (up or word not in DARKENING):
            yield lane


@check("CMIS-12 cmis.firmware", tags=("acceptance",))
def firmware(module: Module, require: Requirements) -> Findings:
    """The module runs its committed image in the approved version, and both ends of a cable run the same."""
    if ended := without_cmis(module) or without_pages(module) or wrongly_flat(module):
        yield ended
        return
    seen = module.seen
    running, committed, active = seen.firmware_running, seen.firmware_committed, version_of(seen)
    if isinstance(committed, Missing) and committed.why is Absence.NOT_ADVERTISED:
        yield unadvertised(committed, at="committed image")
    else:
        yield same_as(committed, clause="OIF-CMIS 9.7, the image that a reset starts", advice="commit the image").judge(
            running, at="running as committed"
        )
        # a reply of CDB stays on its page: one from before an update tells of an image that no longer runs
        numbers = derive(running, lambda version: ".".join(version.split(".")[:2]))
        yield same_as(active, clause="OIF-CMIS 8.2, active firmware").judge(numbers, at="running as active")
    told = firmware_of(seen)
    platform = module.device.platform or module.device.nic
    approved = require.profile.approved_firmware(platform, module.plan) if module.plan else frozenset()
    if approved:
        one_of_these = one_of(*approved, clause="approved firmware", standing=Standing.BUYER)
        yield one_of_these.judge(derive(told, lambda version: as_approved(version, approved)), at="version")
    else:
        nobody = module.plan.at if module.plan else module.cage.at
        yield not_applicable(Reading("none", nobody), because="no firmware version is approved", at="version")
    if isinstance(module, ActiveCable) and module.device.kind == "board":
        alone = Reading("board", module.device.at)
        yield not_applicable(alone, because="a module board holds one end of a cable", at="other end")
    elif isinstance(module, ActiveCable) and not module.far:
        gone = Missing(Absence.NOT_DECLARED, module.cage.at, "no link of the lab says where its other end is")
        yield same_as(gone, clause="both ends of a cable assembly", standing=Standing.CITED).judge(gone, at="other end")
    for cage, other in module.far.items():
        alike = same_as(active, clause="both ends of a cable assembly", standing=Standing.CITED)
        yield alike.judge(version_of(other), at=f"other end, {cage}")


TIMED: Final[Mapping[str, str]] = {"module_power_up": "module_pwr_up", "data_path_init": "dp_init"}
"""What a board times of a module's start, and the register that advertises how long it may take."""


@check("CMIS-13 cmis.durations", tags=("acceptance",))
def durations(module: Module, require: Requirements) -> Findings:
    """The durations that the module advertises are plausible, and a start that a board timed keeps to them."""
    if ended := without_cmis(module) or without_pages(module):
        yield ended
        return
    plausible = Range(
        max=Decimal(60), unit=Unit.SECONDS, clause="OIF-CMIS 8.4, longest durations", standing=Standing.ADVISORY
    )
    for name, bound in module.seen.durations.items():
        yield plausible.judge(bound, at=f"advertised {name.replace('_', ' ')}")
    for name, register in TIMED.items():
        words = name.replace("_", " ")
        took = module.durations[name]
        if isinstance(took, Missing) and not require.profile.cmis.timed_start:
            unasked = Reading("no", Source(f"profile {require.profile.name}", "[cmis] timed_start"))
            yield not_applicable(unasked, because="the profile asks for no trace of the start", at=words)
            continue
        gone = Missing(Absence.NOT_RECORDED, Source(module.seen.evidence, words))
        bound = module.seen.durations.get(register, gone)
        yield at_most(bound, clause=f"OIF-CMIS 8.4, longest {words}", unit=Unit.SECONDS).judge(
            took, at=f"timed {words}"
        )


UNIQUE: Final[Choice[tuple[str, ...]]] = one_of((), clause="a serial number is given once")
UNKNOWN_BEFORE: Final[Choice[tuple[str, ...]]] = one_of(
    (), clause="a serial number not known from another rack, another part or a return", advice="seen there before"
)
STAYED: Final[Choice[tuple[str, ...]]] = one_of(
    (), clause="a module stays in its cage", standing=Standing.ADVISORY, advice="it was moved since"
)


@check("CMIS-15 cmis.serial-number", tags=("acceptance",))
def serial_number(module: Module, require: Requirements) -> Findings:
    """No other module of the lab, and none of an earlier rack or return, has this module's serial number."""
    yield UNIQUE.judge(module.namesakes, at="other cages with it")
    if ended := without_history(module.earlier):
        if isinstance(module.namesakes, Reading):
            yield ended
        return
    elsewhere = combined(module.earlier, module.seen.vendor_pn, partial(strangers, module), of="where it was seen")
    yield UNKNOWN_BEFORE.judge(elsewhere, at="earlier archives, elsewhere or as another part")
    yield STAYED.judge(derive(module.earlier, partial(moves, module)), at="earlier archives, other cages of this lab")


def strangers(module: Module, sightings: tuple[Sighting, ...], number: str) -> tuple[str, ...]:
    """Where a serial number was seen before in another lab, or on another part."""
    return tuple(
        f"{one.lab} {one.where}, {one.number}, {one.at.date()}"
        for one in sightings
        if one.lab != module.lab or one.number.strip() != number.strip()
    )


def moves(module: Module, sightings: tuple[Sighting, ...]) -> tuple[str, ...]:
    """The cages of this lab that a module was in before; the other ends of its own cable are no others."""
    own = {module.name, *module.far}
    return tuple(f"{one.where}, {one.at.date()}" for one in sightings if one.lab == module.lab and one.where not in own)
