"""Host, ASIC and module fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final

from checks.fec import last_ratio, shown_ratio
from harness import (
    Absence,
    Cage,
    Choice,
    Finding,
    Findings,
    Holds,
    Host,
    Missing,
    NicCage,
    NicPort,
    Part,
    Port,
    Range,
    Reading,
    Requirements,
    Source,
    Standing,
    SwitchCage,
    Unit,
    Unknown,
    Value,
    at_most,
    check,
    children,
    combined,
    counted,
    declared,
    derive,
    finite,
    not_applicable,
    of_lane,
    offering,
    one_of,
    plain,
    rate_on,
    shut,
    without_cmis,
    without_pages,
)
from harness.decode.transceiver import Application, Transceiver
from harness.derived import as_approved, firmware_of, identity_of
from harness.lab.inventory import DevicePlan
from harness.maths import releases
from harness.offers import LANE_RATES, Offer, of_record, offered, possible, together
from harness.requirements.profile import Approved
from harness.requirements.rows import LaneRate, Nic

LISTED: Final = "[[approved]]"
CURRENT: Final = "not expired"
LINEAR: Final = frozenset({"Linear", "RTLR"})
"""Families of host interfaces without a DSP in at least one direction: LPO and CEI linear, LRO."""
CABLES: Final = frozenset({"dac", "acc", "aec", "aoc"})
PROTOCOLS: Final = {"Ethernet": "Ethernet", "Ethernet copper": "Ethernet", "BASE-T": "Ethernet"}
"""Families of host interfaces that go by another name than their protocol; the others go by it."""
ETHERNET: Final = "Ethernet"
INFINIBAND: Final = "InfiniBand"


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


@check("ASIC-04 asic.approved", tags=("acceptance",))
def approved(port: Port, require: Requirements) -> Findings:
    """Vendor, part and firmware of the module are on the approved list of this platform, and have not expired."""
    if ended := without_list(require):
        yield ended
        return
    seen, platform = port.module.seen, platform_of(port.device)
    identity = identity_of(seen)
    if isinstance(platform, Missing):
        yield Unknown(platform, "modules that are approved for the platform").judge(identity, at="module")
        return
    entries = listed(platform.value, seen, require)
    yield on_list(identity, platform.value, entries, require, at="module")
    if not entries:
        return
    fresh = unexpired(entries, require)
    date = CURRENT if fresh else f"expired on {max(entry.expires for entry in entries)}"
    as_of = f"{clause_of(require)}, judged as of {require.as_of.date()}"
    asked = one_of(CURRENT, clause=as_of, standing=Standing.BUYER)
    yield asked.judge(Reading(date, source_of(entries[0], require)), at="approval")
    firmware = firmware_of(seen)
    proved = fresh or entries
    if any(not entry.firmware for entry in proved):
        yield not_applicable(
            Reading("any", source_of(proved[0], require)), because="the entry is for any firmware", at="firmware"
        )
        return
    versions = frozenset[str]().union(*(entry.firmware for entry in proved))
    limit = one_of(*versions, clause=f"{clause_of(require)}, firmware", standing=Standing.BUYER)
    yield limit.judge(derive(firmware, lambda version: as_approved(version, versions)), at="firmware")


def without_list(require: Requirements) -> Finding | None:
    """What a profile proves that has no list of approved modules."""
    if require.profile.approved:
        return None
    none = Reading("none", Source(f"profile {require.profile.name}", LISTED))
    return not_applicable(none, because="the profile asks for no list of approved modules", at="approved modules")


def platform_of(device: DevicePlan) -> Value[str]:
    """What the approved list calls a device by: the platform of a switch, the NIC of a host."""
    return declared(device.nic if device.kind == "host" else device.platform, device.at)


def listed(platform: str, seen: Transceiver, require: Requirements) -> tuple[Approved, ...]:
    """The entries for a module on a platform, expired ones too; none for a module that does not say what it is."""
    vendor, number = seen.vendor_name, seen.vendor_pn
    if isinstance(vendor, Missing) or isinstance(number, Missing):
        return ()
    return require.approved(platform, vendor.value, number.value)


def on_list(
    identity: Value[str], platform: str, entries: Sequence[Approved], require: Requirements, *, at: str, kind: str = ""
) -> Finding:
    """Whether a module is on the list of a platform, as ``entries`` say that it is, and who proved it."""
    every = (entry for entry in require.profile.approved if fnmatchcase(platform, entry.platform))
    names = {f"{entry.vendor} {entry.number}" for entry in every if entry.linear or not kind} or {"no module"}
    if entries and isinstance(identity, Reading):
        names = {identity.value}  # an entry may be a pattern, which this one fits
    elif isinstance(identity, Reading):
        names = names - {identity.value} or {"no module"}
    clause = f"{clause_of(require)} on {platform}{kind}"
    limit = Choice(frozenset(names), clause, Standing.BUYER, advice="not on the list")
    judged = limit.judge(identity, at=at)
    return replace(judged, reason=proof_of(entries) or judged.reason)


def unexpired(entries: Sequence[Approved], require: Requirements) -> tuple[Approved, ...]:
    return tuple(entry for entry in entries if entry.expires >= require.as_of.date())


def clause_of(require: Requirements) -> str:
    return f"profile {require.profile.name}, approved modules"


def source_of(entry: Approved, require: Requirements) -> Source:
    return Source(f"profile {require.profile.name}", f"{LISTED} {entry.vendor} {entry.number} on {entry.platform}")


def proof_of(entries: Sequence[Approved]) -> str | None:
    """Who proved a module, in the words of its entries."""
    said = (f"{entry.evidence}, owner {entry.owner}, until {entry.expires}" for entry in entries)
    return "; ".join(dict.fromkeys(said)) or None


@check("ASIC-05 asic.nos-release", tags=("acceptance",))
def nos_release(port: Port, require: Requirements) -> Findings:
    """The release that the device runs is the first good one for this type of module, or came after it."""
    if ended := without_list(require):
        yield ended
        return
    platform, running, clause = platform_of(port.device), port.software, f"{clause_of(require)}, first good release"
    if isinstance(platform, Missing):
        yield Unknown(platform, clause).judge(running, at="release")
        return
    entries = listed(platform.value, port.module.seen, require)
    entries = unexpired(entries, require) or entries
    identity = identity_of(port.module.seen)
    if not entries:
        lacking = Missing(Absence.NOT_DECLARED, identity.source, "no entry of the list is for this module")
        yield Unknown(identity if isinstance(identity, Missing) else lacking, clause).judge(running, at="release")
    elif open_to_all := next((entry for entry in entries if not entry.nos), None):
        any_release = Reading("any", source_of(open_to_all, require))
        yield not_applicable(any_release, because="the entry names no first good release", at="release")
    else:
        yield at_release(running, entries, clause)


def at_release(running: Value[str], entries: Sequence[Approved], clause: str) -> Finding:
    """Whether a release is past the first good one of some entry; releases that have no order decide nothing."""
    firsts = tuple(dict.fromkeys(entry.nos for entry in entries))
    good = one_of(True, clause=clause, standing=Standing.BUYER, advice="older than the first good release")
    bound = {"min": " or ".join(firsts)}
    if isinstance(running, Missing):
        return replace(good.judge(running, at="release"), limit=bound)
    told = [releases.at_least(running.value, first) for first in firsts]
    if not any(told) and None in told:
        said = f"{running.value!r} has no place in an order of releases with {' or '.join(firsts)}"
        unordered = Missing(Absence.UNREADABLE, running.source, said)
        return replace(good.judge(unordered, at="release"), limit=bound)
    judged = good.judge(Reading(any(told), running.source), at="release")
    return replace(judged, measured=running.value, limit=bound)


@check("ASIC-06 asic.linear", tags=("acceptance",))
def linear(port: Port, require: Requirements) -> Findings:
    """A linear module is approved as one in its host and at the far end, and the host's BER before FEC is in limits."""
    module = port.module
    by_record = module.plan is not None and module.plan.kind == "linear"
    families = derive(module.seen.applications, families_of)
    if not by_record:
        if ended := without_cmis(module):
            yield ended
            return
        if isinstance(families, Missing):
            yield one_of("retimed", clause="SFF-8024 table 4-5, host interfaces").judge(families, at="module")
            return
        if LINEAR.isdisjoint(families.value):
            yield not_applicable(families, because="no application of it is linear: it has a DSP", at="module")
            return
    yield from host_drives_linear(port.device, require)
    yield proved_linear(port.device, module.seen, require, at=f"in {port.device.name}")
    across = port.across
    if across is None:
        gone = Missing(Absence.NOT_DECLARED, port.plan.at, "no link says what is at its far end")
        yield one_of(LISTED, clause=clause_of(require)).judge(gone, at="far end")
    elif across.seen is None:
        gone = Missing(Absence.NOT_RECORDED, across.port.at, "no module was seen there")
        yield one_of(LISTED, clause=clause_of(require)).judge(gone, at=f"far end, {across.port}")
    else:
        yield proved_linear(across.device, across.seen, require, at=f"far end, {across.port}")
    if ended := shut(port):
        yield ended
        return
    ratio = shown_ratio(last_ratio(port), port, require)
    gate = require.profile.fec.pre_fec_ber
    for limit in require.limits("pre_fec_ber", pmd=module.pmd).ranges if module.pmd else (gate,):
        yield limit.judge(ratio, at="pre-FEC BER at the host")


def families_of(applications: tuple[Application, ...]) -> frozenset[str]:
    """Families of the host interfaces that are advertised."""
    return frozenset(host.family for a in applications if (host := a.host) is not None)


def host_drives_linear(device: DevicePlan, require: Requirements) -> Iterator[Finding]:
    """What the table of ASICs says of linear modules, where it says anything."""
    platform = require.platforms.get(device.platform or "")
    name = device.asic.value if device.asic else platform.asic if platform else ""
    row = require.asics.get(name)
    if row is not None and row.linear != "unknown":
        limit = one_of("yes", "some", clause=f"{row.clause}, linear modules", standing=row.standing)
        yield replace(limit.judge(Reading(row.linear, device.at), at=row.name), reason=row.linear_note or None)


def proved_linear(device: DevicePlan, seen: Transceiver, require: Requirements, *, at: str) -> Finding:
    """Whether the list has a module as a linear one on a device's platform."""
    platform, identity = platform_of(device), identity_of(seen)
    if isinstance(platform, Missing):
        return Unknown(platform, "modules that are approved for the platform").judge(identity, at=at)
    entries = tuple(entry for entry in listed(platform.value, seen, require) if entry.linear)
    return on_list(identity, platform.value, unexpired(entries, require), require, at=at, kind=", linear ones")


@check("ASIC-07 asic.nic", tags=("acceptance",))
def nic(host: Host, require: Requirements) -> Findings:
    """The NIC is the planned one, and takes the module, lanes, rate and protocol of each of its cages."""
    planned = declared(host.plan.nic, host.plan.at)
    if isinstance(planned, Missing):
        yield Unknown(planned, "the host's NIC").judge(planned, at="NIC")
        return
    if not host.cages:
        gone = Missing(Absence.NOT_DECLARED, host.plan.at, "the host has no cages")
        yield one_of(planned.value, clause="the lab plans it").judge(gone, at="NIC")
    row = require.nic(planned.value)
    for cage in host.cages:
        ordered = one_of(row.name, clause=f"planned at {host.plan.at}", standing=Standing.BUYER)
        unnamed = Missing(Absence.NOT_RECORDED, Source(host.name), "nothing names the adapter")
        adapter = host.facts.adapters.get(cage.plan.ports[0].name, unnamed)
        yield ordered.judge(derive(adapter, lambda word: as_named(word, row)), at=f"{cage} adapter")
        if cage.plan.module is None:
            empty = Reading("no module", cage.plan.at)
            yield not_applicable(empty, because="the lab plans none for this cage", at=f"{cage} module")
            continue
        yield from taken(cage, row, require)


def as_named(word: str, row: Nic) -> str:
    """The name of the table for an adapter whose name has it among other words."""
    words = word.casefold().replace(",", " ").split()
    name = row.name.casefold().split()
    return row.name if any(words[at : at + len(name)] == name for at in range(len(words))) else word


def taken(cage: Cage, row: Nic, require: Requirements) -> Iterator[Finding]:
    """Whether a NIC takes what is in one of its cages and what runs there."""
    clause, standing = f"{row.name}, {row.clause}", row.standing
    yield one_of(*row.cages, clause=clause, standing=standing).judge(cage.form_factor, at=f"{cage} cage")
    accepted = [require.cage_accepts(name) for name in row.cages if name in require.cages]
    forms = frozenset[str]().union(*(limit.allowed for limit in accepted))
    yield Choice(forms, f"modules that go into {', '.join(row.cages)}", standing).judge(
        cage.module.form_factor, at=f"{cage} module"
    )
    for port in cage.ports:
        if ended := shut(port):
            yield ended
            continue
        speed = finite(port.seen.speed)
        mode = derive(speed, lambda gbps: f"{len(cage.ports)}x{gbps.normalize():f}G")
        modes = Choice(frozenset(map(plain, row.modes)), f"{clause}, modes", standing)
        yield modes.judge(mode, at=f"{port} mode")
        yield Range(max=row.max_gbps, unit=Unit.GBPS, clause=f"{clause}, rate of a port", standing=standing).judge(
            speed, at=f"{port} rate"
        )
        driven = frozenset(f"{gbps:f}G a lane" for gbps, lane in LANE_RATES.items() if lane in row.lane_rates.allowed)
        each = combined(speed, port.seen.lanes, of_each_lane, of="rate of a lane")
        yield Choice(driven, f"{clause}, SerDes", standing).judge(each, at=f"{port} lanes")
    if ended := without_cmis(cage.module):
        yield ended
        return
    spoken = derive(cage.module.seen.applications, protocols_of)
    yield Holds(frozenset(row.protocols), f"{clause}, protocols", standing).judge(spoken, at=f"{cage} protocols")


def of_each_lane(gbps: Decimal, lanes: int) -> str:
    return f"{(gbps / lanes).normalize():f}G a lane" if lanes > 0 else f"{lanes} lanes"


def protocols_of(applications: Sequence[Application]) -> frozenset[str]:
    """Protocols that applications carry; a linear interface carries what its host puts on it."""
    families = (host.family for application in applications if (host := application.host) is not None)
    return frozenset(ETHERNET if family in LINEAR else PROTOCOLS.get(family, family) for family in families)


@check("ASIC-08 asic.protocol", tags=("acceptance",))
def protocol(port: Port, require: Requirements) -> Findings:
    """The module carries the port's protocol, Ethernet or InfiniBand, on as many links as the cage has ports."""
    module, planned = port.module, protocol_planned(port)
    spoken = one_of(planned, clause=f"protocol of the port, planned at {port.plan.at}")
    row = require.nics.get(port.device.nic or "")
    if isinstance(port, NicPort) and row is not None and len(row.protocols) > 1:
        yield spoken.judge(port.seen.protocol, at="protocol that the NIC runs")
    if ended := without_cmis(module):
        yield ended
        return
    every = module.seen.applications
    advertised = Holds(frozenset({planned}), spoken.clause, advice="the module is for another protocol")
    yield advertised.judge(derive(every, protocols_of), at="advertised")
    mine = derive(every, lambda found: links_of(port, found, planned), note=f"{planned} of {rate_of_port(port)}")
    beside = [one for one in port.cage.ports if (one.speed_gbps, len(one.lanes)) == rate_key(port)]
    enough = Range(
        min=Decimal(len(beside)), unit=Unit.COUNT, clause="ports of this rate in the cage: a twin-port module is two"
    )
    yield enough.judge(counted(mine, Unit.COUNT), at=f"links of {rate_of_port(port)} that the module carries")
    if ended := without_pages(module) or shut(port):
        yield ended
        return
    for lane in port.host_lanes:
        number = of_lane(module.seen.active_application, lane, module)
        yield spoken.judge(combined(number, every, protocol_of, of="active application"), at=f"host lane {lane}")


def protocol_planned(port: Port) -> str:
    """The protocol that a port is for: InfiniBand of that fabric's switches, and where a host's name is ``ib...``."""
    fabric = port.plan.name.startswith("ib") or (port.device.kind == "switch" and port.device.nos == "nvidia")
    return INFINIBAND if fabric else ETHERNET


def rate_key(port: Port) -> tuple[Decimal, int]:
    return port.plan.speed_gbps, len(port.host_lanes)


def rate_of_port(port: Port) -> str:
    return rate_on(*rate_key(port))


def links_of(port: Port, applications: Sequence[Application], planned: str) -> int:
    """How many links of a port's protocol and rate a module carries at once: places at which one may start."""
    speed, lanes = rate_key(port)
    return max(
        (
            len(apart(a.starts, lanes))
            for a in applications
            if a.host_lanes == lanes and a.host is not None and a.host.total_gbps == speed
            and planned in protocols_of((a,))
        ),
        default=0,
    )  # fmt: skip


def apart(starts: Sequence[int], lanes: int) -> tuple[int, ...]:
    """First lanes of links that do not overlap."""
    found: list[int] = []
    for start in sorted(starts):
        if not found or start >= found[-1] + lanes:
            found.append(start)
    return tuple(found)


def protocol_of(number: int, every: Sequence[Application]) -> str:
    """The protocol of the application that is active on a lane."""
    found = [application for application in every if application.number == number]
    if not found:
        return f"application {number}, not advertised" if number else "no application"
    return ", ".join(protocols_of(found)) or f"host interface {found[0].host_id:02X}h, in no table"


@check("ASIC-09 asic.module-accepted", tags=("acceptance",))
def module_accepted(cage: SwitchCage, require: Requirements) -> Findings:
    """The platform accepts the module: it reports no error, no lock to a vendor, nothing unsupported."""
    limit = one_of("OK", clause="error status that the NOS gives of the module", advice="the NOS complains of it")
    status = cage.ports[0].seen.error_status
    if cage.plan.module is None and isinstance(status, Reading) and status.value.lower() in EMPTY:
        yield not_applicable(status, because="no module is planned for the cage, and none is in it", at="error status")
        return
    yield limit.judge(status, at="error status")


EMPTY = frozenset({"unplugged", "xcvr not inserted", "xcvrabsent", "not present"})
"""What systems say of a cage without a module."""


@check("ASIC-10 asic.before-purchase", tags=("acceptance",))
def before_purchase(part: Part, require: Requirements) -> Findings:
    """By its record the part goes into every platform that it is planned for, in form, power, lanes and modes."""
    plan = part.plan
    if not part.cages:
        nowhere = Reading("no cage", plan.at)
        yield not_applicable(nowhere, because="the lab plans the part for no cage", at="platforms")
        return
    for cages in alike(part.cages):
        cage = cages[0]
        host = platform_of(cage.device)
        where = f"{host.value if isinstance(host, Reading) else cage.device.name}, {len(cages)} cages"
        form = form_of(part, cage)
        if isinstance(cage.form_factor, Missing):
            yield Unknown(cage.form_factor, "form factor of the cage").judge(form, at=f"{where}: form factor")
        else:
            yield require.cage_accepts(cage.form_factor.value).judge(form, at=f"{where}: form factor")
        yield draws(part, cage, where)
        yield carries(part, cage, where, require)


def alike(cages: Sequence[Cage]) -> tuple[tuple[Cage, ...], ...]:
    """Cages in groups for which one answer holds: of one platform, form factor, power, mode and expected module."""
    groups: dict[object, list[Cage]] = {}
    for cage in cages:
        told: tuple[Value[object], ...] = (cage.form_factor, cage.watts, modes_of(cage))
        known = tuple(str(value.value) if isinstance(value, Reading) else "" for value in told)
        expected = cage.plan.module.form_factor if cage.plan.module else ""
        groups.setdefault((cage.device.platform, cage.device.nic, known, cage.plan.mode, expected), []).append(cage)
    return tuple(map(tuple, groups.values()))


def modes_of(cage: Cage) -> Value[frozenset[str]]:
    """The modes that a cage offers; of a NIC's cage its table tells."""
    return cage.modes if isinstance(cage, SwitchCage) else Reading(frozenset[str](), cage.plan.at)


def form_of(part: Part, cage: Cage) -> Value[str]:
    """The form factor of the record; the far ends of a cable have their own, which the plan of the cage tells."""
    expected = cage.plan.module
    if part.plan.kind in CABLES and expected is not None:
        return declared(expected.form_factor or None, expected.at)
    return declared(part.plan.form_factor, part.plan.at)


def draws(part: Part, cage: Cage, where: str) -> Finding:
    """Whether the record's power is within what a cage gives; a passive cable needs none."""
    if part.plan.max_watts is None and part.plan.kind == "dac":
        return not_applicable(
            Reading(part.plan.kind, part.plan.at), because="a passive cable has no electronics", at=f"{where}: power"
        )
    most = declared(part.plan.max_watts, part.plan.at, unit=Unit.WATT)
    given = at_most(finite(cage.watts), clause="what the cage gives", standing=Standing.BUYER, unit=Unit.WATT)
    return given.judge(most, at=f"{where}: power")


def carries(part: Part, cage: Cage, where: str, require: Requirements) -> Finding:
    """Whether the planned mode is one that the cage offers, the SerDes drives and the part carries; why not, if not."""
    at, mode = f"{where}: mode", Reading(plain(cage.plan.mode), cage.plan.at)
    offers = offers_of(part, cage, require)
    driven = serdes(cage.ports[0], require)
    if isinstance(driven, Unknown):
        return driven.judge(mode, at=at)
    if isinstance(cage, NicCage):
        row = require.nic(cage.device.nic or "")
        modes, standing, clause = frozenset(map(plain, row.modes)), row.standing, f"modes of {row.name}, {row.clause}"
    elif isinstance(cage, SwitchCage) and isinstance(cage.modes, Reading):
        modes, standing = frozenset(map(plain, cage.modes.value)), cage.modes_standing
        clause = f"modes of the platform on this cage; {cage.modes.source}"
    else:
        unknown = modes_of(cage)
        gone = unknown if isinstance(unknown, Missing) else Missing(Absence.NOT_DECLARED, cage.plan.at)
        return Unknown(gone, "modes of the platform on this cage").judge(mode, at=at)
    if isinstance(offers, Missing):
        return Unknown(offers, "what the part offers a host").judge(mode, at=at)
    lanes = cage.host_lanes
    why = {one: possible(one, lanes, offers.value, driven) for one in modes}
    good = frozenset(one for one, reasons in why.items() if not reasons)
    said = together(reason for reasons in why.values() for reason in reasons)
    limit = Choice(good or frozenset({"no mode"}), f"{clause}; {offers.source}", standing)
    advice = ", ".join(why.get(mode.value, ())) or "the platform has no such mode there"
    if mode.value in good:
        return replace(limit.judge(mode, at=at), reason=f"not in others: {'; '.join(said)}" if said else None)
    return replace(limit.judge(mode, at=at), reason=advice)


def offers_of(part: Part, cage: Cage, require: Requirements) -> Value[tuple[Offer, ...]]:
    """What a part offers a host: by the PMD of its record, else by the pages of one of its modules."""
    name = part.plan.pmd
    if name is not None and require.aliases.get(name, name) in require.pmds:
        row = require.pmd(name)
        at = part.plan.at
        return Reading(of_record(row, cage.host_lanes, require), Source(at.evidence, f"{at.where} pmd"))
    for one in (cage, *part.cages):
        found, _ = offered(one.module.seen)
        if found:
            return Reading(found, one.module.seen.identifier.source)
    return Missing(Absence.NOT_DECLARED, part.plan.at, "neither a PMD of the tables nor the pages of a module tell")
