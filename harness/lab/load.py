"""A lab file read and checked: what ought to be there, each thing with the line that declares it.

    lab = load(Path("lab_configs/rack3.yaml"))

Whether evidence and measurements are there is not looked at: a lab is declared before it is recorded.
``require_inputs`` asks for them when they are needed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from ..errors import LabError
from ..reading import Source
from . import tables
from .devices import build_device, on_rails
from .fields import Fields
from .files import Tree, beside, cages, read
from .inventory import (
    CagePlan,
    DesignPlan,
    DevicePlan,
    FiberPlan,
    Lab,
    LinkPlan,
    PartPlan,
    PathPlan,
    PortPlan,
    RackPlan,
    TrunkPlan,
    Waiver,
)
from .parts import CABLES, Stock, build_part
from .platformfacts import PlatformSources
from .ranges import RangeError, names
from .routes import Fabric
from .validate import did_you_mean
from .yaml12 import File, Node

T = TypeVar("T")

_NAME: Final = re.compile(r"(?!.*--)[A-Za-z0-9][A-Za-z0-9_.-]*")


def load(path: Path) -> Lab:
    """The lab that a file declares.  LabError, with the line, where it is not strict YAML 1.2 or cannot be meant."""
    tree = read(path)
    for key in ("name", "profile", "devices"):
        if key not in tree.root:
            raise LabError(f"{key} is missing", file=tree.file.path)
    top = Fields("", Node(tree.root, tree.file, 1))
    stock = {name: build_part(fields) for name, fields in top.section("parts").items()}
    design = _design(top.sub("design")) if top.has("design") else None
    devices = _devices(top, stock)
    if design is not None and design.rails is not None:
        devices = {name: on_rails(device) if device.kind == "host" else device for name, device in devices.items()}
    devices, racks = _racks(top, devices)
    trunks = {name: _trunk(name, fields) for name, fields in top.section("trunks").items()}
    ports = {str(port): port for device in devices.values() if device.kind != "board" for port in device.ports}
    cages = {str(port): cage for device in devices.values() for cage in device.cages for port in cage.ports}
    links = _links(top, _Ends(devices, ports, cages), trunks)
    for name, fields in top.section("devices").items():
        _measured(devices[name], fields, devices, cages)
    lists = [_list(node, path) for node in top.items("cabling")]
    collection = top.sub("collection") if top.has("collection") else None
    simulated = top.sub("simulated") if top.has("simulated") else None
    profile = top.node("profile")
    if not beside(profile).is_file():
        raise profile.error(f"profile {profile.text}: no such file")
    return Lab(
        name=top.text("name"),
        file=path,
        files=(*tree.files, *(Path(file.path) for file in lists)),
        profile=beside(profile),
        evidence=beside(top.node("evidence")) if top.has("evidence") else None,
        as_of=_instant(top.node("as_of")) if top.has("as_of") else None,
        measurements=tuple(beside(node) for node in top.items("measurements")),
        devices=MappingProxyType(devices),
        links=links,
        paths=_paths(top, tree, devices, links, ports),
        racks=racks,
        parts=MappingProxyType({name: part.plan for name, part in stock.items()}),
        waivers=tuple(_waiver(name, fields) for name, fields in top.section("waivers").items()),
        connections=(collection.whole("connections") if collection else None) or 64,
        window=collection.number("window_s") if collection else None,
        simulated=simulated is not None,
        clock=beside(simulated.node("clock")) if simulated and simulated.has("clock") else None,
        design=design,
        trunks=MappingProxyType(trunks),
        cabling=tuple(row for file in lists for row in tables.cabling(Path(file.path), file)),
        fiber_tests=tuple(beside(node) for node in top.items("fiber_tests")),
    )


def require_inputs(lab: Lab) -> None:
    """LabError where recorded evidence or a measurement file that the lab names is not there."""
    if lab.evidence is not None and not lab.evidence.is_dir():
        raise LabError(f"evidence {lab.evidence}: no such directory", file=lab.file)
    for name, device in lab.devices.items():
        if device.evidence is not None and not (lab.file.parent / device.evidence).is_dir():
            raise LabError(f"{name}: evidence {device.evidence}: no such directory", file=lab.file)
    for what, paths in (("measurements", lab.measurements), ("fiber_tests", lab.fiber_tests)):
        for path in paths:
            if not path.is_file():
                raise LabError(f"{what} {path}: no such file", file=lab.file)


def bill_of_materials(lab: Lab) -> Mapping[str, int]:
    """How many of each part the declared cages take, spares not counted; a cable counts once for all its ends."""
    bill = dict.fromkeys(lab.parts, 0)
    cage_of = {str(port): cage for device in lab.devices.values() for cage in device.cages for port in cage.ports}
    joined: dict[str, str] = {}

    def root(cage: str) -> str:
        while joined.get(cage, cage) != cage:
            cage = joined[cage]
        return cage

    for link in lab.links:
        near, far = (cage_of[str(end)] for end in link.ends)
        if near.module and far.module and near.module.kind in CABLES and near.module.part == far.module.part:
            joined[root(str(far))] = root(str(near))
    for device in lab.devices.values():
        for cage in device.cages:
            if cage.module is not None and root(str(cage)) == str(cage):
                bill[cage.module.part] += 1
    return bill


# --- devices and racks --------------------------------------------------------------------------------------------


def _devices(top: Fields, stock: Mapping[str, Stock]) -> dict[str, DevicePlan]:
    devices: dict[str, DevicePlan] = {}
    home = Path(top.at_node.file.path).parent
    serials: dict[str, CagePlan] = {}
    sources = PlatformSources(top)
    for name, fields in top.section("devices").items():
        if not _NAME.fullmatch(name):
            raise fields.error(f"device {name!r}: letters, digits, dot, dash and underscore were expected, and no '--'")
        told = sources.of(name, fields)
        device = build_device(name, fields, stock, home, told)
        devices[name] = device
        for cage in device.cages:
            if cage.module is None or cage.module.serial is None or cage.module.kind in CABLES:
                continue
            first = serials.setdefault(cage.module.serial, cage)
            if first is not cage:
                node = cages(name, fields.node("cages"), told.ports)[cage.name]
                raise node.error(f"{cage}: serial number {cage.module.serial} is expected in {first} too")
    sources.check({name: device.platform for name, device in devices.items() if device.platform})
    return devices


def _measured(
    device: DevicePlan, fields: Fields, devices: Mapping[str, DevicePlan], cages: Mapping[str, CagePlan]
) -> None:
    """LabError where an instrument measures what is not there, or two things on one channel."""
    if device.kind == "instrument" and not fields.has("nos"):
        raise fields.error(f"{device.name}: nos is missing: which family of instruments it is of")
    if device.kind != "instrument" and fields.has("measures"):
        raise fields.node("measures").error(f"{device.name}: a {device.kind} measures nothing, only an instrument does")
    taken: dict[str, str] = {}
    for port, node in fields.sub("measures").fields.items() if fields.has("measures") else ():
        what = f"{device.name}: measures {port}"
        owner, _, name = port.partition(":")
        if owner not in devices:
            raise node.error(f"{what}: no device {owner!r}{did_you_mean(owner, devices)}")
        if port not in cages:
            known = [str(cage) for cage in devices[owner].cages]
            raise node.error(f"{what}: {owner} declares no port {name!r}{did_you_mean(port, known)}")
        if port != str(cages[port]):
            raise node.error(f"{what}: a module is named by its first port, {cages[port]}")
        for lane, channel in Fields(port, node).fields.items():
            first = taken.setdefault(channel.text.upper(), f"{port} lane {lane}")
            if first != f"{port} lane {lane}":
                raise channel.error(f"{what} lane {lane}: channel {channel.text} has {first} already")


def _racks(top: Fields, devices: Mapping[str, DevicePlan]) -> tuple[dict[str, DevicePlan], tuple[RackPlan, ...]]:
    """The racks, and the devices with the rack that names them."""
    racks = top.section("racks")
    placed = dict(devices)
    for name, fields in top.section("devices").items():
        rack = devices[name].rack
        if rack is not None and rack not in racks:
            raise fields.node("rack").error(f"{name}: no rack {rack!r}{did_you_mean(rack, racks)}")
    for rack, fields in racks.items():
        for node in fields.items("devices"):
            for name in _named(node, rack):
                if name not in placed:
                    raise node.error(f"rack {rack}: no device {name!r}{did_you_mean(name, placed)}")
                if placed[name].rack not in (None, rack):
                    raise node.error(f"rack {rack}: {name} is in rack {placed[name].rack} already")
                placed[name] = replace(placed[name], rack=rack)
    held: dict[str, list[str]] = {}
    for device in placed.values():
        held.setdefault(device.rack or "", []).append(device.name)
    return placed, tuple(
        RackPlan(
            name=name,
            budget_watts=fields.required_number("budget_watts"),
            overhead=fields.number("overhead") or Decimal(1),
            devices=tuple(held.get(name, ())),
            at=fields.at,
        )
        for name, fields in racks.items()
    )


def _named(node: Node, rack: str) -> tuple[str, ...]:
    try:
        return names(node.text)
    except RangeError as problem:
        raise node.error(f"rack {rack}: {problem}") from None


# --- design, trunks and cabling lists -----------------------------------------------------------------------------


def _design(said: Fields) -> DesignPlan:
    return DesignPlan(
        at=said.at,
        hosts=said.whole("hosts"),
        gpus=said.whole("gpus"),
        leafs=said.whole("leafs"),
        spines=said.whole("spines"),
        fabric_links=said.whole("fabric_links"),
        host_links=said.whole("host_links"),
        rails=said.whole("rails"),
        planes=said.whole("planes"),
        oversubscription=said.number("oversubscription"),
        load_balancing=said.maybe("load_balancing"),
    )


def _trunk(name: str, said: Fields) -> TrunkPlan:
    for key in ("type", "fibers"):
        if not said.has(key):
            raise said.error(f"trunk {name}: {key} is missing")
    return TrunkPlan(name, said.text("type"), said.whole("fibers") or 0, said.at)


def _list(node: Node, lab: Path) -> File:
    """A CSV file that a node names, as errors and reports call it."""
    path = beside(node)
    if not path.is_file():
        raise node.error(f"{node.text}: no such file")
    return File(str(path), Path(os.path.relpath(path, lab.parent)).as_posix())


# --- links --------------------------------------------------------------------------------------------------------


class _Ends:
    """Finds declared ports by name, or says what is wrong with the name."""

    def __init__(
        self, devices: Mapping[str, DevicePlan], ports: Mapping[str, PortPlan], cages: Mapping[str, CagePlan]
    ) -> None:
        self.devices, self.ports, self.cages = devices, ports, cages

    def port(self, name: str, node: Node, what: str) -> PortPlan:
        name = name.strip()
        if name in self.ports:
            return self.ports[name]
        device, colon, port = name.partition(":")
        if not colon:
            raise node.error(f"{what}: a port like leaf1:Ethernet0 was expected, found {name!r}")
        if device not in self.devices:
            raise node.error(f"{what}: no device {device!r}{did_you_mean(device, self.devices)}")
        if self.devices[device].kind == "board":
            raise node.error(f"{what}: {device} is a module board: its slots have no links")
        known = [plan.name for plan in self.devices[device].ports]
        raise node.error(f"{what}: {device} declares no port {port!r}{did_you_mean(port, known)}")


def _links(top: Fields, ends: _Ends, trunks: Mapping[str, TrunkPlan]) -> tuple[LinkPlan, ...]:
    links: list[LinkPlan] = []
    taken: dict[str, LinkPlan] = {}
    for name, fields in top.section("links").items():
        near, dashes, far = name.partition("--")
        if not dashes:
            raise fields.error(f"link {name!r}: two ends were expected, as in leaf1:Ethernet0--gpu1:eth0")
        link = _link(name, (near, far), fields, ends)
        for end in link.ends:
            first = taken.setdefault(str(end), link)
            if first is not link:
                raise fields.error(f"link {link}: {end} is on {first} already ({first.at})")
        trunk = link.fiber.trunk if link.fiber else None
        if trunk is not None and trunk not in trunks:
            at = fields.sub("fiber").node("trunk")
            raise at.error(f"link {link}: no trunk {trunk!r}{did_you_mean(trunk, trunks)}")
        links.append(link)
    return tuple(links)


def _link(name: str, texts: tuple[str, str], fields: Fields, ends: _Ends) -> LinkPlan:
    what = f"link {name}"
    near, far = (ends.port(text, fields.at_node, what) for text in texts)
    if near == far:
        raise fields.error(f"{what}: both ends are {near}")
    fiber = _fiber(what, fields.sub("fiber")) if fields.has("fiber") else None
    modules = [(end, module) for end in (near, far) if (module := ends.cages[str(end)].module) is not None]
    cables = [module for _, module in modules if module.kind in CABLES]
    if cables and len(cables) < len(modules):
        kinds = " and ".join(f"{module.part} ({module.kind}) in {end}" for end, module in modules)
        raise fields.error(f"{what}: a cable ends in the same cable, found {kinds}")
    if len(cables) == 2 and cables[0].part != cables[1].part:
        raise fields.error(f"{what}: a cable ends in the same cable, found {cables[0].part} and {cables[1].part}")
    if cables and fiber is not None:
        raise fields.error(f"{what}: {cables[0].part} is a cable ({cables[0].kind}); cable_m was expected, not fiber")
    if modules and not cables and fiber is None:
        raise fields.error(f"{what}: {modules[0][1].part} is an optic; its fiber was expected")
    if fiber is not None and fields.has("cable_m"):
        raise fields.error(f"{what}: cable_m or fiber was expected, not both")
    return LinkPlan(ends=(near, far), fiber=fiber, cable_m=fields.number("cable_m"), at=fields.at)


def _fiber(what: str, fields: Fields) -> FiberPlan:
    connectors = [node.text for node in fields.items("connectors")]
    pins = [node.text for node in fields.items("pins")]
    if not fields.has("type"):
        raise fields.error(f"{what} fiber: type is missing")
    if not connectors:
        raise fields.error(f"{what} fiber: connectors is missing")
    return FiberPlan(
        type=fields.text("type"),
        length_m=fields.number("length_m"),
        connectors=(connectors[0], connectors[-1]),
        polish=fields.maybe("polish"),
        polarity=fields.maybe("polarity"),
        loss_db=fields.number("loss_db"),
        loss_uncertainty_db=fields.number("loss_uncertainty_db"),
        at=fields.at,
        elements=tuple(node.text for node in fields.items("elements")),
        pins=(pins[0], pins[-1]) if pins else None,
        mated_pairs=fields.whole("mated_pairs"),
        trunk=fields.maybe("trunk"),
        label=fields.maybe("label"),
    )


# --- paths --------------------------------------------------------------------------------------------------------


def _paths(
    top: Fields,
    tree: Tree,
    devices: Mapping[str, DevicePlan],
    links: Iterable[LinkPlan],
    ports: Mapping[str, PortPlan],
) -> tuple[PathPlan, ...]:
    if not top.has("paths"):
        return ()
    hosts = [device for device in devices.values() if device.kind == "host"]
    fabric = Fabric(links, frozenset(host.name for host in hosts))
    node = tree.root["paths"]
    declared = dict(node.value) if isinstance(node.value, dict) else {}
    derive = declared.pop("derive", None)
    paths: list[PathPlan] = []
    if derive is None or derive.value is True:
        wanted = derive or (node if not isinstance(node.value, dict) else None)
        paths += _rail_paths(hosts, fabric, wanted) if wanted is not None else []
    ends = _Ends(devices, ports, {})
    paths += [_path(name, Fields(f"path {name}", entry), fabric, ends) for name, entry in declared.items()]
    seen: set[str] = set()
    for path in paths:
        if path.name in seen:
            raise declared[path.name].error(f"path {path.name}: it is derived already; give this one another name")
        seen.add(path.name)
    return tuple(paths)


def _rail_paths(hosts: list[DevicePlan], fabric: Fabric, asked: Node) -> list[PathPlan]:
    """From every lossless NIC port that is to be up to the port of the same name on the next host that has one."""
    rails: dict[str, list[PortPlan]] = {}
    for host in hosts:
        for port in host.ports:
            if port.lossless and port.up:
                rails.setdefault(port.name, []).append(port)
    paths: list[PathPlan] = []
    at = Source(asked.file.name, f"line {asked.line}")
    for starts in rails.values():
        for start, end in zip(starts, [*starts[1:], starts[0]], strict=True):
            if start is end:
                continue
            hops = fabric.route(start, end)
            if hops is None:
                raise asked.error(f"paths: no declared links lead from {start} to {end}")
            paths.append(PathPlan(f"{start}..{end}", hops, at))
    order = {host.name: place for place, host in enumerate(hosts)}
    return sorted(paths, key=lambda path: order[path.hops[0].device])


def _path(name: str, fields: Fields, fabric: Fabric, ends: _Ends) -> PathPlan:
    what = f"path {name}"

    def each(key: str) -> list[PortPlan]:
        return [ends.port(node.text, node, what) for node in fields.items(key)]

    if fields.has("hops"):
        if fields.has("from") or fields.has("to") or fields.has("via"):
            raise fields.error(f"{what}: hops, or from, to and via, were expected, not both")
        hops = each("hops")
        for place, node in enumerate(fields.items("hops")[:-1]):
            here, there = hops[place], hops[place + 1]
            if place % 2 == 0 and fabric.far.get(str(here)) != there:
                raise node.error(f"{what}: no declared link joins {here} and {there}")
            if place % 2 == 1 and here.device != there.device:
                raise node.error(f"{what}: {here} and {there} are ports of two devices")
        if len(hops) % 2:
            raise fields.error(f"{what}: every link has two ends, found {len(hops)} hops")
        return PathPlan(name, tuple(hops), fields.at)
    for key in ("from", "to"):
        if not fields.has(key):
            raise fields.error(f"{what}: {key} is missing")
    start, end = (ends.port(fields.text(key), fields.node(key), what) for key in ("from", "to"))
    route = fabric.route(start, end, each("via"))
    if route is None:
        raise fields.error(f"{what}: no declared links lead from {start} to {end} that way")
    return PathPlan(name, route, fields.at)


# --- waivers and dates --------------------------------------------------------------------------------------------


def _waiver(name: str, fields: Fields) -> Waiver:
    for key in ("check", "subject", "owner", "reason", "expires"):
        if not fields.has(key):
            raise fields.error(f"waiver {name}: {key} is missing")
    covers = fields.maybe("not_measured") or "false"
    if covers not in ("true", "false", "only"):
        raise fields.node("not_measured").error(f"waiver {name}: not_measured: true, false or only, found {covers!r}")
    return Waiver(
        name=name,
        check=fields.text("check"),
        subject=fields.text("subject"),
        at_lane=fields.maybe("lane"),
        owner=fields.text("owner"),
        reason=fields.text("reason"),
        expires=_as(date.fromisoformat, fields.node("expires"), f"waiver {name}: a date like 2026-06-30"),
        not_measured=covers != "false",
        at=fields.at,
        failures=covers != "only",
    )


def _instant(node: Node) -> datetime:
    instant = _as(datetime.fromisoformat, node, "as_of: an instant like 2025-11-20T12:00:00Z")
    if instant.tzinfo is None:
        raise node.error(f"as_of: a time zone was expected, as in 2025-11-20T12:00:00Z, found {node.text!r}")
    return instant


def _as(read_text: Callable[[str], T], node: Node, expected: str) -> T:
    try:
        return read_text(node.text)
    except ValueError:
        raise node.error(f"{expected} was expected, found {node.text!r}") from None


__all__ = ["PartPlan", "bill_of_materials", "load", "require_inputs"]
