"""Subjects out of the declared lab and the evidence: what ought to be there, filled with what was seen.

``subjects`` names them from the lab file alone, so that a plan needs no evidence; ``Assembly`` makes one when asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, cached_property
from typing import TypeVar

from . import offers
from .decode.memory import Memory
from .decode.transceiver import Application, Transceiver, transceiver
from .drivers import driver
from .drivers.base import measurements
from .errors import NoLimit
from .evidence import Evidence
from .lab.inventory import CagePlan, DevicePlan, Lab, LinkPlan, ModulePlan, PortPlan, declared
from .lab.load import bill_of_materials
from .lab.measurements import Measurement, load_measurements
from .model import (
    ActiveCable,
    Again,
    CableLink,
    Cage,
    CopperModule,
    Device,
    DeviceFacts,
    Host,
    Link,
    MediaLane,
    Module,
    Neighbour,
    NicCage,
    NicPort,
    OpticalLink,
    OpticalModule,
    OpticalPort,
    Part,
    Path,
    Port,
    Rack,
    Subject,
    Switch,
    SwitchCage,
    SwitchPort,
    missing_everywhere,
)
from .reading import Absence, Missing, Reading, Source, Value, derive, in_dbm
from .requirements.lookup import Requirements, one_code
from .units import Unit

S = TypeVar("S", bound=Subject)
OPTICAL = ("optic", "linear")
PASSIVE_COPPER, ACTIVE_CABLE = 3, 4
"""CMIS media types."""
ABSENT = Missing(Absence.NOT_DECLARED, Source("lab file"), "no module is declared for this cage")


def subjects(lab: Lab) -> Mapping[type[Subject], Sequence[str]]:
    """The names of all declared subjects by kind, each name under its most special kind only."""
    names: dict[type[Subject], list[str]] = {}
    for device in lab.devices.values():
        if device.kind == "board":
            for cage in device.cages:
                names.setdefault(kind_in(cage), []).append(str(cage))
            continue
        if device.kind == "instrument":
            continue  # what it measures is of modules
        switch = device.kind == "switch"
        names.setdefault(Switch if switch else Host, []).append(device.name)
        for cage in device.cages:
            names.setdefault(SwitchCage if switch else NicCage, []).append(str(cage))
            if cage.module is not None:
                names.setdefault(module_kind(cage.module), []).append(str(cage))
            for port in cage.ports:
                names.setdefault(SwitchPort if switch else NicPort, []).append(str(port))
                if cage.module is not None and cage.module.kind in OPTICAL:
                    names.setdefault(OpticalPort, []).append(str(port))
    for link in lab.links:
        names.setdefault(OpticalLink if link.fiber else CableLink, []).append(str(link))
    names.setdefault(Path, []).extend(map(str, lab.paths))
    names.setdefault(Rack, []).extend(rack.name for rack in lab.racks)
    names.setdefault(Part, []).extend(lab.parts)
    return names


def kind_in(cage: CagePlan) -> type[Module]:
    return module_kind(cage.module) if cage.module else Module


def module_kind(plan: ModulePlan) -> type[Module]:
    return {"dac": CopperModule, "aec": ActiveCable, "aoc": ActiveCable}.get(plan.kind, OpticalModule)


class Assembly:
    """Every subject of a lab, made on the first request and kept."""

    def __init__(self, lab: Lab, evidence: Evidence, requirements: Requirements) -> None:
        self.lab, self.evidence, self.require = lab, evidence, requirements
        devices = lab.devices.values()
        self._ports = {str(port): (cage, port) for d in lab.devices.values() for cage in d.cages for port in cage.ports}
        self._cages = {str(cage): self.rated(cage, device) for device in devices for cage in device.cages}
        self._links = {str(link): link for link in lab.links}
        self._port_names = {name: {port.name for port in device.ports} for name, device in lab.devices.items()}
        self._paths = {str(path): path for path in lab.paths}
        self._fiber = {str(end): link.fiber for link in lab.links for end in link.ends}
        self._made: dict[tuple[type[Subject], str], Subject] = {}
        self.facts = cache(self._facts)

    def subject(self, kind: type[S], name: str) -> S:
        """The subject of a kind that has this name."""
        family = next(base for base in MAKERS if issubclass(kind, base))
        key = (family, name)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = MAKERS[family](self, name)
        assert isinstance(made, kind)
        return made

    def _facts(self, device: str) -> DeviceFacts:
        plan = self.lab.devices[device]
        return driver(plan.nos).decode(plan, self.evidence)

    @cached_property
    def bill(self) -> Mapping[str, int]:
        """How many of each part the topology needs."""
        return bill_of_materials(self.lab)

    def rated(self, cage: CagePlan, device: DevicePlan) -> CagePlan:
        """A slot of a board with the rate that its module's PMD has, where the lab file says none."""
        if device.kind != "board" or cage.module is None or any(port.speed_gbps for port in cage.ports):
            return cage
        try:
            rate = self.require.pmd(cage.module.pmd).rate_gbps
        except NoLimit:
            return cage  # a cable whose ends are not named by a PMD
        return replace(cage, ports=tuple(replace(port, speed_gbps=rate) for port in cage.ports))

    @cached_property
    def measurements(self) -> Mapping[tuple[str, str, int], Measurement]:
        """Lab measurements of files and of evidence by serial number, quantity and lane.

        Of two the later stands, and one without a time yields to one with; of two without, the last.
        """
        files = load_measurements(self.lab.measurements) if self.lab.measurements else ()
        found: dict[tuple[str, str, int], Measurement] = {}
        for row in (*files, *self.taken()):
            if isinstance(row.serial, Reading) and isinstance(row.quantity, Reading):
                lane = measured_lane(row.quantity.value, row.lane)
                if lane is not None:
                    key = (row.serial.value, row.quantity.value, lane)
                    found[key] = later(found[key], row) if key in found else row
        return found

    def taken(self) -> Iterator[Measurement]:
        """What the lab's own boards and instruments measured."""
        for device in self.lab.devices.values():
            if device.kind in MEASURING:
                yield from measurements(driver(device.nos), device, self.evidence, self.serial)

    def serial(self, cage: str) -> Value[str]:
        """The serial number that the module in a cage tells; the cage is named by its first port."""
        plan = self._cages.get(cage)
        seen = None if plan is None else self.facts(plan.device).modules.get(plan.ports[0].name)
        if seen is None:
            return Missing(Absence.NOT_RECORDED, Source(cage), "no module was seen there")
        return seen.vendor_sn

    # --- makers, one a kind -------------------------------------------------------------------------------------

    def module(self, name: str) -> Module:
        cage = self._cages[name]
        device = self.lab.devices[cage.device]
        facts = self.facts(cage.device)
        seen = facts.modules.get(cage.ports[0].name) or unseen(cage)
        plan = cage.module
        pmd = plan.pmd if plan else ""
        about = described(seen, facts)
        up = any(port.up for port in cage.ports)
        form_factor = derived_form_factor(plan, seen)
        common = {
            "name": name,
            "about": about,
            "plan": plan,
            "cage": cage,
            "device": device,
            "seen": seen,
            "form_factor": form_factor,
            "pmd": pmd,
            "up": up,
            "again": facts.again.get(cage.ports[0].name) or unread(cage),
            "far": self.far_ends(cage),
            "namesakes": self.namesakes(name, seen.vendor_sn),
            "durations": {quantity: self.timed(seen.vendor_sn, quantity) for quantity in DURATIONS},
        }
        kind = module_kind(plan) if plan else Module
        if kind is OpticalModule:
            return OpticalModule(**common, media_lanes=self.media_lanes(cage, seen))  # type: ignore[arg-type]
        return kind(**common)  # type: ignore[arg-type]

    def far_ends(self, cage: CagePlan) -> Mapping[str, Transceiver]:
        """The other ends of a cable assembly, by their cages; none of a module with a connector."""
        found: dict[str, Transceiver] = {}
        for other in self._assemblies.get(str(cage), ()):
            plan = self._cages[other]
            found[other] = self.facts(plan.device).modules.get(plan.ports[0].name) or unseen(plan)
        return found

    @cached_property
    def _assemblies(self) -> Mapping[str, tuple[str, ...]]:
        """The cages that hold the other ends of a cage's cable assembly."""
        joined: dict[str, set[str]] = {}
        for link in self.lab.links:
            if link.fiber is None:
                near, far = (str(self._ports[str(end)][0]) for end in link.ends)
                both = {near, far} | joined.get(near, set()) | joined.get(far, set())
                for cage in both:
                    joined[cage] = both
        return {cage: tuple(sorted(both - {cage})) for cage, both in joined.items()}

    def namesakes(self, name: str, serial: Value[str]) -> Value[tuple[str, ...]]:
        """Other modules of the lab that have this serial number; the ends of one cable assembly may share theirs.

        A module passes through a board on its way to a switch, so that slots are held against slots alone.
        """
        if isinstance(serial, Missing):
            return serial
        if not serial.value.strip(" 0\xff"):
            return Missing(Absence.NOT_AVAILABLE, serial.source, f"{serial.value!r} is no serial number")
        own = {name, *self._assemblies.get(name, ())}
        aboard = self.aboard(name)
        others = (cage for cage in self._serials.get(serial.value, ()) if cage not in own)
        return Reading(tuple(cage for cage in others if self.aboard(cage) is aboard), serial.source)

    def aboard(self, cage: str) -> bool:
        """Whether a cage is the slot of a module board."""
        return cage in self._cages and self.lab.devices[self._cages[cage].device].kind == "board"

    @cached_property
    def _serials(self) -> Mapping[str, tuple[str, ...]]:
        """Cages by the serial number of the module in them."""
        found: dict[str, list[str]] = {}
        for name, plan in self._cages.items():
            seen = self.facts(plan.device).modules.get(plan.ports[0].name)
            if seen is not None and isinstance(seen.vendor_sn, Reading):
                found.setdefault(seen.vendor_sn.value, []).append(name)
        return {serial: tuple(cages) for serial, cages in found.items()}

    def timed(self, serial: Value[str], quantity: str) -> Value[Decimal]:
        """How long a module took, as a board timed it; such a row has no lane, and no start takes no time."""
        took = self.measured(serial, quantity, WHOLE_MODULE)
        if isinstance(took, Reading) and took.value <= 0:
            return Missing(Absence.UNREADABLE, took.source, f"{took.value} {took.unit} is no duration")
        return took

    def media_lanes(self, cage: CagePlan, seen: Transceiver) -> tuple[MediaLane, ...]:
        """The media lanes that the declared PMD has, whatever the module says of itself."""
        return tuple(
            MediaLane(
                number=number,
                tx_power=in_dbm(at(seen.tx_power, number, cage)),
                rx_power=in_dbm(at(seen.rx_power, number, cage)),
                tx_bias=at(seen.tx_bias, number, cage),
                tdecq=self.measured(seen.vendor_sn, "tdecq", number),
            )
            for number in range(1, self.lanes_of(cage) + 1)
        )

    def lanes_of(self, cage: CagePlan) -> int:
        """How many media lanes the module expected in a cage has."""
        if cage.module is None:
            return 0
        return self.require.pmd(cage.module.pmd).media_lanes

    def measured(self, serial: Value[str], quantity: str, lane: int) -> Value[Decimal]:
        """What the laboratory measured of a lane of the module with this serial number."""
        if isinstance(serial, Missing):
            return Missing(serial.why, serial.source, "no serial number to find a measurement by")
        row = self.measurements.get((serial.value, quantity, lane))
        if row is None:
            files = ", ".join(file.name for file in self.lab.measurements) or "no measurement file"
            place = f" lane {lane}" if lane else ""
            wanted = f"no {quantity} of serial number {serial.value!r}{place}"
            return Missing(Absence.NOT_RECORDED, Source(files), wanted)
        return row.value

    def port(self, name: str) -> Port:
        cage, plan = self._ports[name]
        device = self.lab.devices[plan.device]
        facts = self.facts(plan.device)
        gone = Missing(Absence.NOT_RECORDED, Source(plan.device), f"nothing was seen of {plan.name}")
        seen = facts.ports.get(plan.name) or missing_everywhere(gone)
        module = self.subject(Module, str(cage))
        kind = SwitchPort if device.kind == "switch" else NicPort
        return kind(
            name=name,
            about=described(module.seen, facts),
            plan=plan,
            device=device,
            cage=cage,
            seen=replace(seen, neighbour=self.neighbour(seen.lldp)),
            module=module,
            host_lanes=plan.lanes,
            fec_code=self.code(plan, seen.fec_operational, seen.fec_named),
            media=self.running_media(module, plan.lanes),
        )

    def neighbour(self, told: Value[Neighbour]) -> Value[str]:
        """A neighbour as a port of the lab: LLDP may name a port by its alias or its description."""
        if isinstance(told, Missing):
            return told
        device, names = told.value.device, told.value.port_names
        if device not in self.lab.devices:
            return derive(told, lambda n: f"{n.device}:{', '.join(n.port_names) or 'unnamed port'}")
        ports = self._port_names[device]
        aliases = self.facts(device).aliases
        known = next((aliases.get(name, name) for name in names if aliases.get(name, name) in ports), None)
        return derive(told, lambda n: f"{device}:{known or next(iter(n.port_names), 'unnamed port')}")

    def code(self, plan: PortPlan, word: Value[str], named: Value[str]) -> Value[str]:
        """The FEC code that runs: as the device names it, else its word resolved by rate and lanes.

        A name without a clause gets the clause that rate and lanes leave no choice about.
        """
        lanes = len(plan.lanes)
        on = f"{plan.speed_gbps.normalize():f} Gb/s on {lanes} lane{'s' if lanes > 1 else ''}"
        if isinstance(named, Reading):
            told = None if isinstance(word, Missing) else self.require.fec_code(word.value, plan.speed_gbps, lanes)
            if told is not None and not one_code(told, named.value):
                return Missing(Absence.UNREADABLE, named.source, f"{named.value}, but {told} by {word.source}")
            try:
                rule = self.require.fec(plan.speed_gbps, lanes)
            except NoLimit:
                return named
            return derive(named, lambda name: rule.code) if rule.parameters.name == named.value else named
        if isinstance(word, Missing):
            return word
        code = self.require.fec_code(word.value, plan.speed_gbps, lanes)
        if code is None:
            return Missing(Absence.UNREADABLE, word.source, f"{word.value!r} does not say which code runs at {on}")
        return derive(word, lambda _: code, note=f"derived from {on}")

    def running_media(self, module: Module, lanes: tuple[int, ...]) -> Value[str]:
        """The PMD, or the kind of cable, of the application that is active on a port's host lanes."""
        seen, first = module.seen, lanes[0] - 1
        if seen.management != "cmis" or first >= len(seen.active_application):
            return Missing(Absence.NOT_ADVERTISED, seen.identifier.source, "only CMIS tells the active application")
        flat, applications, kind = seen.flat_memory, seen.applications, seen.media_type
        if isinstance(applications, Missing):
            return applications
        if isinstance(kind, Missing):
            return kind
        if isinstance(flat, Reading) and flat.value and not isinstance(module, OpticalModule):
            # nothing selects an application in flat memory: the first is what the cable is
            active: Value[int] = Reading(1, applications.source)
        else:
            active = seen.active_application[first]
        if isinstance(active, Missing):
            return active
        application = next((a for a in applications.value if a.number == active.value), None)
        if application is None:
            return Missing(Absence.RESERVED, active.source, f"application {active.value} is active and not advertised")
        pmd = self.medium(kind.value, application, seen.media_technology)
        if pmd is None:
            unknown = f"media interface {application.media_id} of media type {kind.value} is in no table"
            return Missing(Absence.RESERVED, application.source, unknown)
        return Reading(pmd, active.source)

    def medium(self, media_type: int, application: Application, technology: Value[str]) -> str | None:
        """The PMD of an application; of an active cable, which has none, its kind."""
        if media_type == PASSIVE_COPPER:
            return self.require.pmd_of_host(application.host_id)
        if media_type == ACTIVE_CABLE:
            return "AEC" if isinstance(technology, Reading) and technology.value.startswith("copper") else "AOC"
        return self.require.pmd_of(media_type, application.media_id)

    def port_pmd(self, module: str, speed_gbps: Decimal) -> str:
        """The PMD of one port of a module: 400GBASE-DR4 for half of an 800G-2xDR4 or of an 800GBASE-DR8."""
        row = self.require.pmd(module)
        if row.rate_gbps == speed_gbps:
            return row.name
        if row.rate_gbps / row.links == speed_gbps:
            return row.per_link
        family = (name for home in self.require.home(row.name, speed_gbps) for name in home.members)
        return next((name for name in family if self.require.pmd(name).rate_gbps == speed_gbps), row.name)

    def optical_port(self, name: str) -> OpticalPort:
        port = self.subject(Port, name)
        module = self.subject(OpticalModule, str(port.cage))
        mine = own_lanes(port.host_lanes, host_lanes_of(port.cage), module.media_lanes)
        pmd = self.port_pmd(module.pmd, port.plan.speed_gbps)
        fiber = self._fiber.get(name)
        return OpticalPort(name=name, about=port.about, port=port, pmd=pmd, media_lanes=mine, fiber=fiber)

    def cage(self, name: str) -> Cage:
        plan = self._cages[name]
        device = self.lab.devices[plan.device]
        facts = self.facts(plan.device)
        module = self.subject(Module, name)
        ports = tuple(self.subject(Port, str(port)) for port in plan.ports)
        common = {
            "name": name,
            "about": module.about,
            "plan": plan,
            "device": device,
            "form_factor": offers.form_factor(plan, device, self.require),
            "module": module,
            "ports": ports,
            "watts": offers.watts(plan, device, self.require),
            "host_lanes": host_lanes_of(plan),
        }
        if device.kind != "switch":
            return NicCage(**common)  # type: ignore[arg-type]
        first = plan.ports[0].name
        gone = Missing(Absence.NOT_RECORDED, Source(device.name), f"the platform's modes of {first} were not seen")
        modes, standing = offers.modes(facts.modes.get(first, gone), plan, device, self.require)
        mode = ports[0].seen.breakout_mode
        return SwitchCage(**common, modes=modes, modes_standing=standing, mode=mode)  # type: ignore[arg-type]

    def link(self, name: str) -> Link:
        plan = self._links[name]
        near, far = (self.subject(Port, str(end)) for end in plan.ends)
        skew = self.skew(plan)
        about = {key: " / ".join(filter(None, (near.about[key], far.about[key]))) for key in near.about}
        if plan.fiber is None:
            length = declared(plan.cable_m, plan.at, unit=Unit.METRE)
            return CableLink(name=name, about=about, plan=plan, ends=(near, far), skew=skew, length=length)
        optics = (self.subject(OpticalPort, near.name), self.subject(OpticalPort, far.name))
        return OpticalLink(
            name=name, about=about, plan=plan, ends=(near, far), skew=skew, fiber=plan.fiber, optics=optics
        )

    def skew(self, plan: LinkPlan) -> Value[Decimal]:
        """Seconds between what was first asked of one end and what was last asked of the other."""
        near, far = plan.ends
        a, b = self.facts(near.device).sampled.get(near.name), self.facts(far.device).sampled.get(far.name)
        source = Source(f"{near.device} and {far.device}", "times of the answers")
        if a is None or b is None:
            return Missing(Absence.NOT_RECORDED, source)
        apart = max(a[1] - b[0], b[1] - a[0])
        return Reading(Decimal(str(apart.total_seconds())), source, Unit.SECONDS)

    def path(self, name: str) -> Path:
        plan = self._paths[name]
        hops = tuple(self.subject(Port, str(hop)) for hop in plan.hops)
        return Path(name=name, about=hops[0].about, plan=plan, hops=hops)

    def device(self, name: str) -> Device:
        plan = self.lab.devices[name]
        facts = self.facts(name)
        kind = {"switch": Switch, "host": Host}.get(plan.kind, Device)
        cages = () if kind is Device else tuple(self.subject(Cage, str(cage)) for cage in plan.cages)
        return kind(name=name, about=software_only(facts), plan=plan, facts=facts, cages=cages)

    def rack(self, name: str) -> Rack:
        plan = next(rack for rack in self.lab.racks if rack.name == name)
        devices = tuple(self.subject(Device, device) for device in plan.devices)
        return Rack(name=name, about=dict.fromkeys(NOBODY, ""), plan=plan, devices=devices)

    def part(self, name: str) -> Part:
        plan = self.lab.parts[name]
        return Part(
            name=name,
            about=dict.fromkeys(NOBODY, "") | {"vendor_pn": plan.number},
            plan=plan,
            needed=self.bill.get(name, 0),
        )


MAKERS = {
    Module: Assembly.module,
    Port: Assembly.port,
    OpticalPort: Assembly.optical_port,
    Cage: Assembly.cage,
    Link: Assembly.link,
    Path: Assembly.path,
    Device: Assembly.device,
    Rack: Assembly.rack,
    Part: Assembly.part,
}

NOBODY = ("vendor_sn", "vendor_pn", "firmware", "software")


def at(lanes: Sequence[Value[Decimal]], number: int, cage: CagePlan) -> Value[Decimal]:
    """The value of a lane by its number from 1; a lane that the module does not have is Missing."""
    if number <= len(lanes):
        return lanes[number - 1]
    return Missing(Absence.NOT_ADVERTISED, Source(f"module of {cage}"), f"the module has {len(lanes)} lanes")


def own_lanes(host: tuple[int, ...], of: int, media: tuple[MediaLane, ...]) -> tuple[MediaLane, ...]:
    """A port's share of its module's media lanes: the same part of them as of the host lanes."""
    first = (host[0] - 1) * len(media) // of
    end = -(-host[-1] * len(media) // of)
    return media[first:end]


def host_lanes_of(cage: CagePlan) -> int:
    """Host lanes of a cage: as many as its children use, on a cage of 4 or 8."""
    used = max(port.lanes[-1] for port in cage.ports)
    return 4 if used <= 4 and cage.module is not None and cage.module.form_factor in FOUR_LANES else max(8, used)


FOUR_LANES = frozenset({"QSFP112", "QSFP56", "QSFP28", "QSFP+", "OSFP-RHS"})


MEASURING = frozenset({"board", "instrument"})
"""Kinds of devices that measure modules."""

DURATIONS = ("module_power_up", "data_path_init")
"""What a board times of a module's start."""

WHOLE_MODULE = 0
"""Stands for the lane of a measurement that is not of one lane."""


def measured_lane(quantity: str, lane: Value[int]) -> int | None:
    """The lane that a measurement is of; None where it should name one and does not."""
    if quantity in DURATIONS:
        return WHOLE_MODULE
    return lane.value if isinstance(lane, Reading) else None


def later(first: Measurement, second: Measurement) -> Measurement:
    """Which of two measurements of the same thing stands."""
    if isinstance(first.measured, Missing):
        return second
    if isinstance(second.measured, Missing) or second.measured.value < first.measured.value:
        return first
    return second


def unread(cage: CagePlan) -> Again:
    """A module that was not read a second time."""
    gone = Missing(Absence.NOT_RECORDED, Source(f"module of {cage} #2"), "the module was read once")
    return Again(unseen(cage), gone)


def unseen(cage: CagePlan) -> Transceiver:
    """A module of which nothing was read."""
    return transceiver(Memory(f"module of {cage}", {}))


def derived_form_factor(plan: ModulePlan | None, seen: Transceiver) -> Value[str]:
    """What the module is: its identifier byte, refined by the part's record where the byte does not tell the top."""
    told = seen.form_factor
    if isinstance(told, Missing) or plan is None:
        return told
    if told.value == "OSFP" and plan.form_factor.startswith("OSFP"):
        return derive(told, lambda _: plan.form_factor, note=f"top as declared at {plan.at}")
    if told.value.startswith("QSFP") and plan.form_factor == "QSFP112" and told.value != "QSFP-DD":
        return derive(told, lambda _: plan.form_factor, note=f"QSFP112 as declared at {plan.at}")
    return told


def described(seen: Transceiver, facts: DeviceFacts) -> Mapping[str, str]:
    """Who a verdict is about: serial number, part, firmware of the module, software of the device."""
    return {
        "vendor_sn": text(seen.vendor_sn),
        "vendor_pn": text(seen.vendor_pn),
        "firmware": text(seen.firmware_active),
        "software": text(facts.software),
    }


def software_only(facts: DeviceFacts) -> Mapping[str, str]:
    return dict.fromkeys(NOBODY, "") | {"software": text(facts.software)}


def text(value: Value[str]) -> str:
    return value.value if isinstance(value, Reading) else ""
