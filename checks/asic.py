"""Host, ASIC and module fit together."""

from __future__ import annotations

from dataclasses import replace

from harness import (
    Absence,
    Cage,
    Choice,
    Findings,
    Holds,
    Missing,
    Port,
    Reading,
    Requirements,
    SwitchCage,
    Unknown,
    check,
    children,
    combined,
    declared,
    derive,
    finite,
    offering,
    one_of,
    rate_on,
    without_cmis,
)
from harness.decode.transceiver import Application
from harness.requirements.rows import LaneRate


@check("ASIC-01 asic.form-factor-fits", tags=("acceptance",))
def form_factor_fits(cage: Cage, require: Requirements) -> Findings:
    """The module's form factor fits its cage; an adapter that it needs is named."""
    if isinstance(cage.form_factor, Missing):
        yield Unknown(cage.form_factor, "form factor of the cage").judge(cage.module.form_factor, at="form factor")
        return
    row = require.cage(cage.form_factor.value)
    fits = require.cage_accepts(row.name).judge(cage.module.form_factor, at="form factor")
    adapter = row.adapters.get(fits.measured or "")
    yield replace(fits, reason=f"with the adapter {adapter}") if adapter else fits


@check("ASIC-02 asic.serdes-drives", tags=("acceptance",))
def serdes_drives(port: Port, require: Requirements) -> Findings:
    """The SerDes behind the port drives a host interface that the module advertises at the port's speed and lanes."""
    drivable = serdes(port, require)
    if ended := without_cmis(port.module):
        yield ended
        return
    offered = offering(port)
    where = rate_on(port.plan.speed_gbps, len(port.host_lanes))
    advertised = derive(offered, lambda found: "advertised" if found else "not advertised")
    yield one_of("advertised", clause="OIF-CMIS 6.2.1.4, Application descriptors").judge(
        advertised, at=f"application of {where}"
    )
    rates = derive(offered, lane_rates)
    if isinstance(drivable, Unknown):
        yield drivable.judge(rates, at=f"lane rate of {where}")
    elif isinstance(offered, Missing) or offered.value:
        advice = "the SerDes drives none of them"
        limit = Holds(drivable.allowed, drivable.clause, drivable.standing, advice)
        if isinstance(rates, Reading) and not rates.value:
            rates = Missing(Absence.NOT_AVAILABLE, rates.source, "no table has the lane rate of these applications")
        yield limit.judge(rates, at=f"lane rate of {where}")


def serdes(port: Port, require: Requirements) -> Choice[LaneRate] | Unknown:
    """What the SerDes of a port's switch ASIC or NIC can drive."""
    device = port.device
    if device.kind == "host":
        nic = declared(device.nic, device.at)
        return Unknown(nic, "the host's NIC") if isinstance(nic, Missing) else require.nic(nic.value).lane_rates
    platform = declared(device.platform, device.at)
    if isinstance(platform, Missing):
        return Unknown(platform, "the switch's platform")
    if device.asic is None:
        return require.asic(require.platform(platform.value).asic).lane_rates
    rates = require.asic(device.asic.value).lane_rates
    return replace(rates, clause=f"{rates.clause}; {device.asic.value} by {device.asic.source}")


def lane_rates(applications: tuple[Application, ...]) -> frozenset[LaneRate]:
    """What runs on each host lane of applications."""
    hosts = (application.host for application in applications)
    return frozenset(
        LaneRate(h.gbd_per_lane, h.modulation) for h in hosts if h is not None and h.gbd_per_lane is not None
    )


@check("ASIC-03 asic.mode-offered", tags=("acceptance",))
def mode_offered(cage: SwitchCage, require: Requirements) -> Findings:
    """The speed and lanes that each port of the cage runs are ones that the platform offers on that very cage."""
    clause = "modes of the platform on this cage"
    for port in cage.ports:
        runs = combined(finite(port.seen.speed), port.seen.lanes, rate_on, of="speed and lanes")
        if isinstance(cage.modes, Missing):
            yield Unknown(cage.modes, clause).judge(runs, at=port)
        else:
            offered = {str(child) for mode in cage.modes.value for child in children(mode, cage.host_lanes)}
            said = f"{clause}; {cage.modes.source}"
            advice = "the platform has no such mode"
            yield Choice(frozenset(offered), said, cage.modes_standing, advice=advice).judge(runs, at=port)


@check("ASIC-09 asic.module-accepted", tags=("acceptance",))
def module_accepted(cage: SwitchCage, require: Requirements) -> Findings:
    """The platform accepts the module: it reports no error, no lock to a vendor, nothing unsupported."""
    limit = one_of("OK", clause="error status that the NOS gives of the module", advice="the NOS complains of it")
    yield limit.judge(cage.ports[0].seen.error_status, at="error status")
