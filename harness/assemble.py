"""Subjects out of the declared lab and the evidence: what ought to be there, filled with what was seen.

``subjects`` names them from the lab file alone, so that a plan needs no evidence; ``Assembly`` makes one when asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from . import offers
from .decode.memory import Memory
from .decode.transceiver import Application, Transceiver, transceiver
from .drivers import driver
from .drivers.base import measurements
from .errors import NoLimit
from .evidence import Evidence
from .history import Baseline, History, Sighting
from .lab.fibertests import FiberTest, load_fiber_tests
from .lab.inventory import CablingRow, CagePlan, DevicePlan, Lab, LinkPlan, ModulePlan, PortPlan, declared
from .lab.load import bill_of_materials
from .lab.measurements import Measurement, load_measurements
from .maths.wiring import Move, agreed, fewest_moves
from .model import (
    NO_HISTORY,
    NO_LINK,
    UNASKED,
    Across,
    ActiveCable,
    Again,
    CableLink,
    Cage,
    CopperModule,
    Device,
    DeviceFacts,
    Fabric,
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
from .workers import lent_a_hand

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
    if Switch in names or Host in names:
        names[Fabric] = [lab.name]
    return names


def kind_in(cage: CagePlan) -> type[Module]:
    return module_kind(cage.module) if cage.module else Module


def module_kind(plan: ModulePlan) -> type[Module]:
    return {"dac": CopperModule, "aec": ActiveCable, "aoc": ActiveCable}.get(plan.kind, OpticalModule)


class Assembly:
    """Every subject of a lab, made on the first request and kept."""

    def __init__(
        self, lab: Lab, evidence: Evidence, requirements: Requirements, history: History | None = None
    ) -> None:
        self.lab, self.evidence, self.require, self.history = lab, evidence, requirements, history
        devices = lab.devices.values()
        self._ports = {str(port): (cage, port) for d in lab.devices.values() for cage in d.cages for port in cage.ports}
        self._cages = {str(cage): self.rated(cage, device) for device in devices for cage in device.cages}
        self._links = {str(link): link for link in lab.links}
        self._port_names = {name: {port.name for port in device.ports} for name, device in lab.devices.items()}
        self._paths = {str(path): path for path in lab.paths}
        self._link_of = {str(end): link for link in lab.links for end in link.ends}
        self._made: dict[tuple[type[Subject], str], Subject] = {}
        self._decoded: dict[str, DeviceFacts] = {}

    def subject(self, kind: type[S], name: str) -> S:
        """The subject of a kind that has this name."""
        family = next(base for base in MAKERS if issubclass(kind, base))
        key = (family, name)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = MAKERS[family](self, name)
        assert isinstance(made, kind)
        return made

    def facts(self, device: str) -> DeviceFacts:
        """What the answers of a device say, decoded once."""
        found = self._decoded.get(device)
        if found is None:
            found = self._decoded[device] = self.decode(device)
        return found

    def decode(self, device: str) -> DeviceFacts:
        plan = self.lab.devices[device]
        return driver(plan.nos).decode(plan, self.evidence)

    def forget(self) -> None:
        """Let go of subjects, and of what was decoded for them; the answers of devices stay."""
        for made in self._made.values():
            if isinstance(made, Module):
                made.seen.forget()
        self._made.clear()

    def decode_all(self, jobs: int) -> None:
        """Decode every device, large ones first, in as many processes."""
        largest = sorted(self.lab.devices.values(), key=lambda device: -len(device.ports))
        self._decoded.update(lent_a_hand(self.decode, [device.name for device in largest], jobs))

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
        found: dict[tuple[str, str, int], Measurement] = {}
        for row in self.rows:
            if isinstance(row.serial, Reading) and isinstance(row.quantity, Reading):
                lane = measured_lane(row.quantity.value, row.lane)
                if lane is not None:
                    key = (row.serial.value, row.quantity.value, lane)
                    found[key] = later(found[key], row) if key in found else row
        return found

    @cached_property
    def rows(self) -> tuple[Measurement, ...]:
        """Every row of measurement files and of evidence."""
        return (*(load_measurements(self.lab.measurements) if self.lab.measurements else ()), *self.taken())

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
            "monitor_age": facts.monitor_age.get(cage.ports[0].name, UNASKED),
            "series": facts.series.get(cage.ports[0].name, ()),
            "earlier": self.seen_before(seen.vendor_sn),
            "lab": self.lab.name,
        }
        kind = module_kind(plan) if plan else Module
        if kind is OpticalModule:
            ratios = {str(port): last_ratio(facts, port) for port in cage.ports if port.up}
            return OpticalModule(**common, media_lanes=self.media_lanes(cage, seen), ratios=ratios)  # type: ignore[arg-type]
        return kind(**common)  # type: ignore[arg-type]

    def seen_before(self, serial: Value[str]) -> Value[tuple[Sighting, ...]]:
        """Where earlier archives saw a serial number."""
        if self.history is None:
            return NO_HISTORY
        history = self.history
        return derive(serial, lambda number: history.of_serial(number.strip()))

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
                laboratory=self.laboratory(seen.vendor_sn, number),
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

    def laboratory(self, serial: Value[str], lane: int) -> Mapping[str, tuple[Measurement, ...]]:
        """Every quantity that the laboratory measured of a lane of a module."""
        if isinstance(serial, Missing):
            return {}
        return self._by_lane.get((serial.value, lane), {})

    @cached_property
    def _by_lane(self) -> Mapping[tuple[str, int], Mapping[str, tuple[Measurement, ...]]]:
        """What was measured of each lane; of two rows at about one temperature the later stands."""
        latest: dict[tuple[str, int, str, Decimal | None], Measurement] = {}
        for row in self.rows:
            if isinstance(row.serial, Reading) and isinstance(row.quantity, Reading) and isinstance(row.lane, Reading):
                key = (row.serial.value, row.lane.value, row.quantity.value, self.corner(row.case_temperature))
                latest[key] = later(latest[key], row) if key in latest else row
        found: dict[tuple[str, int], dict[str, tuple[Measurement, ...]]] = {}
        for (serial, lane, quantity, _), row in latest.items():
            held = found.setdefault((serial, lane), {})
            held[quantity] = (*held.get(quantity, ()), row)
        return found

    def corner(self, temperature: Value[Decimal]) -> Decimal | None:
        """Which of the temperatures that the profile asks for a measurement was made at; else its own."""
        if isinstance(temperature, Missing):
            return None
        optics = self.require.profile.optics
        near = (t for t in optics.temperatures if abs(t - temperature.value) <= optics.temperature_within)
        return next(near, temperature.value)

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
            across=self.across(plan),
            software=facts.software,
            length=self.length(plan),
        )

    def across(self, plan: PortPlan) -> Across | None:
        """What is declared at the other end of a port's link."""
        link = self._link_of.get(str(plan))
        if link is None:
            return None
        far = link.ends[1] if link.ends[0] is plan else link.ends[0]
        cage = self._ports[str(far)][0]
        seen = self.facts(far.device).modules.get(cage.ports[0].name)
        return Across(self.lab.devices[far.device], cage, far, seen)

    def length(self, plan: PortPlan) -> Value[Decimal]:
        """How long the cable or fiber of a port is declared to be."""
        link = self._link_of.get(str(plan))
        if link is None:
            return NO_LINK
        return declared(link.cable_m if link.fiber is None else link.fiber.length_m, link.at, unit=Unit.METRE)

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
        link = self._link_of.get(name)
        fiber = link.fiber if link else None
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
            return CableLink(
                name=name, about=about, plan=plan, ends=(near, far), skew=skew, length=length,
                baseline=self.baseline(near, far), moves=self.moves(plan), listed=self.listed(plan),
            )  # fmt: skip
        optics = (self.subject(OpticalPort, near.name), self.subject(OpticalPort, far.name))
        return OpticalLink(
            name=name, about=about, plan=plan, ends=(near, far), skew=skew, fiber=plan.fiber, optics=optics,
            baseline=self.baseline(near, far), tests=self.fiber_tests(plan),
            moves=self.moves(plan), listed=self.listed(plan),
        )  # fmt: skip

    @cached_property
    def _moves(self) -> tuple[Move, ...]:
        """The fewest moves of cables after which LLDP would see the lab as it is planned."""
        told = {}
        for name, (_, plan) in self._ports.items():
            facts = self.facts(plan.device).ports.get(plan.name)
            seen = self.neighbour(facts.lldp) if facts is not None and name in self._link_of else None
            if isinstance(seen, Reading):
                told[name] = seen.value
        return fewest_moves([(str(a), str(b)) for a, b in (link.ends for link in self.lab.links)], agreed(told))

    def moves(self, plan: LinkPlan) -> tuple[Move, ...]:
        """Those of the moves that touch a port of a link."""
        ends = {str(end) for end in plan.ends}
        return tuple(move for move in self._moves if not ends.isdisjoint(move.ports))

    @cached_property
    def _listed(self) -> Mapping[str, tuple[CablingRow, ...]]:
        found: dict[str, list[CablingRow]] = {}
        for row in self.lab.cabling:
            for port in {row.a, row.b}:
                found.setdefault(port, []).append(row)
        return {port: tuple(rows) for port, rows in found.items()}

    def listed(self, plan: LinkPlan) -> tuple[CablingRow, ...]:
        """The rows of the installer's list that name a port of a link."""
        return tuple(dict.fromkeys(row for end in plan.ends for row in self._listed.get(str(end), ())))

    def baseline(self, near: Port, far: Port) -> Value[Baseline]:
        """The last earlier run of the pair of modules at the ends of a link."""
        if self.history is None:
            return NO_HISTORY
        serials = near.module.seen.vendor_sn, far.module.seen.vendor_sn
        for serial in serials:
            if isinstance(serial, Missing):
                return serial
        pair = near.module.about["vendor_sn"].strip(), far.module.about["vendor_sn"].strip()
        found = self.history.baseline(*pair)
        if found is None:
            return Missing(Absence.NOT_RECORDED, self.history.source, f"no earlier run of {pair[0]} with {pair[1]}")
        return Reading(found, found.source)

    @cached_property
    def _fiber_tests(self) -> Mapping[str, tuple[FiberTest, ...]]:
        """Results of fiber testers, by the link or the label that they name."""
        found: dict[str, list[FiberTest]] = {}
        for test in load_fiber_tests(self.lab.fiber_tests):
            found.setdefault(test.link, []).append(test)
        return {name: tuple(tests) for name, tests in found.items()}

    def fiber_tests(self, plan: LinkPlan) -> tuple[FiberTest, ...]:
        """What testers measured of a link, whichever end they name first."""
        near, far = plan.ends
        names = [str(plan), f"{far}--{near}"]
        if plan.fiber is not None and plan.fiber.label:
            names.append(plan.fiber.label)
        return tuple(test for name in dict.fromkeys(names) for test in self._fiber_tests.get(name, ()))

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
        about = software_only(facts)
        return kind(name=name, about=about, plan=plan, facts=facts, cages=cages, design=self.lab.design)

    def rack(self, name: str) -> Rack:
        plan = next(rack for rack in self.lab.racks if rack.name == name)
        devices = tuple(self.subject(Device, device) for device in plan.devices)
        return Rack(name=name, about=dict.fromkeys(NOBODY, ""), plan=plan, devices=devices)

    def part(self, name: str) -> Part:
        plan = self.lab.parts[name]
        cages = tuple(self.subject(Cage, cage) for cage in self._cages_of.get(name, ()))
        units = tuple(self.subject(Module, cage) for cage in self._units_of.get(name, ()))
        return Part(
            name=name,
            about=dict.fromkeys(NOBODY, "") | {"vendor_pn": plan.number},
            plan=plan,
            needed=self.bill.get(name, 0),
            cages=cages,
            measurements=self.of_modules(units),
            untold=tuple(serial for unit in units if isinstance(serial := unit.seen.vendor_sn, Missing)),
            others=self.lab.parts,
            earlier=NO_HISTORY
            if self.history is None
            else Reading(self.history.of_number(plan.number), self.history.source),
        )

    @cached_property
    def _cages_of(self) -> Mapping[str, tuple[str, ...]]:
        """The cages of switches and hosts that the lab plans a part for, by the part's key."""
        found: dict[str, list[str]] = {}
        for name, cage in self._cages.items():
            if cage.module is not None and not self.aboard(name):
                found.setdefault(cage.module.part, []).append(name)
        return {part: tuple(cages) for part, cages in found.items()}

    @cached_property
    def _units_of(self) -> Mapping[str, tuple[str, ...]]:
        """The cages that the lab plans a part for, those of boards too: a unit measured there is one of the part."""
        found: dict[str, list[str]] = {}
        for name, cage in self._cages.items():
            if cage.module is not None:
                found.setdefault(cage.module.part, []).append(name)
        return {part: tuple(cages) for part, cages in found.items()}

    def of_modules(self, modules: Iterable[Module]) -> tuple[Measurement, ...]:
        """Everything that was measured of some modules, a row for each lane, quantity and temperature."""
        serials = {serial.value for module in modules if isinstance(serial := module.seen.vendor_sn, Reading)}
        return tuple(row for serial in sorted(serials) for row in self._rows_of.get(serial, ()))

    @cached_property
    def _rows_of(self) -> Mapping[str, tuple[Measurement, ...]]:
        found: dict[str, list[Measurement]] = {}
        for row in self.rows:
            if isinstance(row.serial, Reading):
                found.setdefault(row.serial.value, []).append(row)
        return {serial: tuple(rows) for serial, rows in found.items()}

    def fabric(self, name: str) -> Fabric:
        devices = tuple(self.subject(Device, plan.name) for plan in self.lab.devices.values() if plan.kind in ASKED)
        links = tuple(self.subject(Link, link) for link in self._links)
        about = dict.fromkeys(NOBODY, "")
        return Fabric(
            name=name, about=about, lab=self.lab, devices=devices, links=links, bill=self.bill, samples=self.sampled(),
        )  # fmt: skip

    def sampled(self) -> tuple[datetime, ...]:
        """When the samples of counters were taken, the first of each device, in order."""
        first: dict[int, datetime] = {}
        for record in self.evidence.records:
            number = record.ask.sample
            if record.status is not None and (number not in first or record.at < first[number]):
                first[number] = record.at
        return tuple(first[number] for number in sorted(first))


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
    Fabric: Assembly.fabric,
}

NOBODY = ("vendor_sn", "vendor_pn", "vendor_rev", "firmware", "software")


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
    """Host lanes of a cage, of which a module with four uses four at most; 8 where nobody tells."""
    used = max(port.lanes[-1] for port in cage.ports)
    there = cage.lanes or max(8, used)
    if used <= 4 and cage.module is not None and cage.module.form_factor in FOUR_LANES:
        return min(4, there)
    return there


FOUR_LANES = frozenset({"QSFP112", "QSFP56", "QSFP28", "QSFP+", "OSFP-RHS"})


ASKED = frozenset({"switch", "host"})
"""Kinds of devices that the fabric is made of."""

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


def last_ratio(facts: DeviceFacts, port: PortPlan) -> Value[Decimal]:
    """The bit error ratio before FEC that a device told last of a port."""
    seen = facts.ports.get(port.name)
    if seen is None or not seen.fec_samples:
        return Missing(Absence.NOT_RECORDED, Source(str(port), "pre-FEC BER"), "no sample of FEC counters")
    return seen.fec_samples[-1].pre_fec_ber


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
        "vendor_rev": text(seen.vendor_rev),
        "firmware": text(seen.firmware_active),
        "software": text(facts.software),
    }


def software_only(facts: DeviceFacts) -> Mapping[str, str]:
    return dict.fromkeys(NOBODY, "") | {"software": text(facts.software)}


def text(value: Value[str]) -> str:
    return value.value if isinstance(value, Reading) else ""
