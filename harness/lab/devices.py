"""Devices of a lab file: their cages, how those are broken out, and what the ports are called."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

from .fields import Fields, source
from .files import beside, cages
from .inventory import CagePlan, DevicePlan, PortPlan
from .parts import Stock, build_module
from .platformfacts import PlatformSource
from .platforms import PortMap, PortNames, Socket, model, names_of, nic_lanes
from .validate import did_you_mean
from .yaml12 import Node

LANE_RATES: Final = frozenset(map(Decimal, (1, 5, 10, 20, 25, 50, 100, 200)))
"""Gb/s that one host lane carries, as port speeds are counted."""

USUAL_NOS: Final[Mapping[str, str]] = {"switch": "sonic", "board": "board"}
"""Which driver asks a device that does not say; linux any other."""

BOARD_KEYS: Final = frozenset({"kind", "role", "nos", "rack", "reach", "maintenance", "evidence", "watts", "cages"})
SLOT_KEYS: Final = frozenset({"module", "lanes", "speed", "up", "allowed"})
"""What a board and its slot may say: neither has ports that run something."""

SLOT_LANES: Final[Mapping[str, int]] = {
    "OSFP-XD": 16,
    "QSFP112": 4,
    "QSFP56": 4,
    "QSFP28": 4,
    "QSFP+": 4,
    "SFP-DD": 2,
    "SFP112": 1,
    "SFP56": 1,
    "SFP28": 1,
    "SFP+": 1,
}
USUAL_LANES: Final = 8
"""Host lanes of a slot for a module of a form factor, where the lab file does not say."""

MEASURED: Final = frozenset({"tdecq", "tecq", "oma", "er", "power"})
"""What instruments measure of a lane."""

_GROUP: Final = re.compile(r"([0-9]+)x([0-9]+)G(?:\(([0-9]+)\))?")


def build_device(name: str, fields: Fields, stock: Mapping[str, Stock], home: Path, told: PlatformSource) -> DevicePlan:
    """A device as the lab file has it; ``home`` is the lab file's directory, ``told`` what is known of its platform."""
    platform, nic = fields.maybe("platform"), fields.maybe("nic")
    kind = fields.maybe("kind") or ("host" if nic and not platform else "switch")
    if platform is None and nic is None and not fields.has("kind"):
        raise fields.error(f"{name}: a platform (switch) or a nic (host) was expected")
    nos = fields.maybe("nos") or USUAL_NOS.get(kind, "linux")
    hwsku = fields.maybe("hwsku")
    declared = cages(name, fields.node("cages"), told.ports) if fields.has("cages") else {}
    if kind == "board":
        held = _slots(name, fields, declared, stock)
    else:
        sockets = _Sockets(name, fields, nos, told.ports)
        held = tuple(map(told.planned, _cages(name, fields, declared, sockets, stock)))
    return DevicePlan(
        name=name,
        kind=kind,
        role=fields.maybe("role") or kind,
        platform=model(platform) if platform else None,
        hwsku=hwsku,
        nic=nic,
        nos=nos,
        rack=fields.maybe("rack"),
        reach=_reach(name, fields),
        evidence=_relative(fields.node("evidence"), home) if fields.has("evidence") else None,
        cages=held,
        asic_watts=fields.number("asic_watts"),
        fan_watts=fields.number("fan_watts"),
        supplies=fields.whole("supplies"),
        supply_watts=fields.number("supply_watts"),
        watts=fields.number("watts"),
        at=fields.at,
        maintenance=fields.flag("maintenance", False),
        eeproms=_eeproms(name, fields, held),
        measures=_measures(fields) if fields.has("measures") else {},
        calibrated=_calibrated(fields) if fields.has("calibrated") else None,
        test_fiber=fields.flag("test_fiber", False) if fields.has("test_fiber") else None,
        uncertainty=_uncertainty(fields.sub("uncertainty")) if fields.has("uncertainty") else {},
        pattern=fields.maybe("pattern"),
        reference_receiver=fields.maybe("reference_receiver"),
        asic=told.asic,
    )


def _eeproms(name: str, fields: Fields, held: Sequence[CagePlan]) -> str | None:
    """Where the files of module memory are on a device, one a cage."""
    path = fields.maybe("eeproms")
    if path is None:
        return None
    if not path.startswith("/"):
        raise fields.node("eeproms").error(f"{name}: eeproms: an absolute path was expected, found {path!r}")
    if len(held) > 1 and "{cage}" not in path:
        raise fields.node("eeproms").error(f"{name}: eeproms: {path!r} is one file for {len(held)} cages; say {{cage}}")
    return path


def _measures(fields: Fields) -> Mapping[str, Mapping[int, str]]:
    """Channel by lane, for each module under test."""
    found: dict[str, Mapping[int, str]] = {}
    for port, lanes in fields.sub("measures").fields.items():
        channels: dict[int, str] = {}
        for lane, channel in Fields(port, lanes).fields.items():
            if not lane.isdigit() or not int(lane):
                raise channel.error(f"measures {port}: lane {lane}: a media lane was expected, from 1")
            channels[int(lane)] = channel.text
        found[port] = MappingProxyType(channels)
    return MappingProxyType(found)


def _calibrated(fields: Fields) -> date:
    node = fields.node("calibrated")
    try:
        return date.fromisoformat(node.text)
    except ValueError:
        raise node.error(f"calibrated: a date like 2025-06-30 was expected, found {node.text!r}") from None


def _uncertainty(fields: Fields) -> Mapping[str, Decimal]:
    """Half width by quantity."""
    for quantity, node in fields.fields.items():
        if quantity not in MEASURED:
            raise node.error(f"uncertainty: no quantity {quantity!r}{did_you_mean(quantity, MEASURED)}")
    return MappingProxyType({quantity: fields.required_number(quantity) for quantity in fields.fields})


def _reach(name: str, fields: Fields) -> Mapping[str, str]:
    if not fields.has("reach"):
        return MappingProxyType({})
    reach = fields.sub("reach")
    texts = {key: node.text.replace("{name}", name) for key, node in reach.fields.items()}
    for key in ("known_hosts", "key"):  # files beside the lab file
        if key in texts and not texts[key].startswith(("/", "~")):
            texts[key] = os.path.normpath(Path(reach.at_node.file.path).parent / texts[key])
    return MappingProxyType(texts)


def _relative(node: Node, home: Path) -> str:
    """A path beside the file that says it, as seen from the lab file."""
    return Path(os.path.relpath(beside(node), home)).as_posix()


# --- cages --------------------------------------------------------------------------------------------------------


class _Sockets:
    """What a device's cages can be, from the platform's table or from the lab file."""

    def __init__(self, device: str, fields: Fields, nos: str, known: PortMap | None) -> None:
        self.device, self.fields, self.nos, self.known = device, fields, nos, known
        self.names = _port_names(fields) or names_of(nos)
        self.nic = nic_lanes(fields.text("nic")) if fields.has("nic") else None

    def socket(self, cage: str, lanes: int | None, at: Node) -> Socket:
        if self.known is not None:
            socket = self.known.cages.get(cage)
            if socket is None:
                raise at.error(self.no_such(cage))
            if lanes is not None and lanes != socket.lanes:
                found = f"cage {cage} of {self.known.platform} has {socket.lanes} lanes, found {lanes}"
                raise at.error(f"{self.device}: {found}")
            return socket
        count = lanes or (self.nic[0] if self.nic else None)
        if count is None:
            platform = self.fields.maybe("platform") or self.fields.maybe("nic") or "its platform"
            raise at.error(f"{self.device} cage {cage}: lanes is missing, no table knows {platform}")
        named = re.fullmatch(r".*[^0-9][0-9]+", cage)
        return Socket(cage, cage if named else "", count, count, self.nic[1] if self.nic else 200)

    def no_such(self, cage: str) -> str:
        assert self.known is not None
        numbered = list(self.known.cages)
        if cage.isdigit():
            extent = f"{self.known.platform} has {len(numbered)} cages, {numbered[0]} to {numbered[-1]}"
            return f"{self.device}: cage {cage}: {extent}"
        near = did_you_mean(cage, self.known.by_first_port)
        return f"{self.device}: port {cage}: no cage of {self.known.platform} begins with it{near}"

    def port_name(self, socket: Socket, child: int, lane: int, children: int, speed_gbps: Decimal, at: Node) -> str:
        if self.names is not None and not (self.nos == "sonic" and not self.fields.has("names")):
            return self.names.of(socket.cage, child, lane, children=children, lanes=socket.lanes, speed_gbps=speed_gbps)
        if not socket.first:
            unknown = "names is missing, no table knows what its ports are called"
            raise at.error(f"{self.device} cage {socket.cage}: {unknown}")
        name = socket.port_name(lane)
        if name is None:
            step = f"ports of neighbouring cages are {socket.step} apart"
            raise at.error(f"{self.device} cage {socket.cage}: no name for a port at lane {lane}: {step}; say names")
        return name


def _port_names(fields: Fields) -> PortNames | None:
    if not fields.has("names"):
        return None
    node = fields.node("names")
    if isinstance(node.value, dict):
        names = Fields("", node)
        whole, child = names.maybe("whole"), names.maybe("child")
        return PortNames(whole or child or "", child or whole or "")
    return PortNames(node.text, node.text)


def _cages(
    device: str, fields: Fields, declared: Mapping[str, Node], sockets: _Sockets, stock: Mapping[str, Stock]
) -> tuple[CagePlan, ...]:
    every_cage = fields.sub("every_cage") if fields.has("every_cage") else None
    every_port = fields.sub("every_port") if fields.has("every_port") else None
    plans: list[CagePlan] = []
    named: dict[str, CagePlan] = {}
    for cage, node in declared.items():
        layers = [layer for layer in (Fields(f"{device} cage {cage}", node), every_cage) if layer is not None]
        settings = [layer for layer in (layers[0], every_port) if layer is not None]
        plan = _cage(device, cage, layers, settings, sockets, stock)
        for port in plan.ports:
            first = named.setdefault(port.name, plan)
            if first is not plan or plan.ports.count(port) > 1:
                raise node.error(f"{device}: port {port.name} of cage {cage} is in cage {first.name} too")
        plans.append(plan)
    return tuple(plans)


def _slots(
    device: str, fields: Fields, declared: Mapping[str, Node], stock: Mapping[str, Stock]
) -> tuple[CagePlan, ...]:
    """The slot of a module board.  There is one behind a bus, so that no declared module goes unread."""
    for key, node in fields.fields.items():
        if key not in BOARD_KEYS:
            raise node.error(f"{device}: {key} is not of a board, which has {', '.join(sorted(BOARD_KEYS))}")
    if len(declared) > 1:
        node = list(declared.values())[1]
        raise node.error(f"{device}: {len(declared)} slots: a board has one bus; declare a board for each slot")
    slot = fields.sub("reach").maybe("cage") if fields.has("reach") else None
    if slot is not None and declared and slot not in declared:
        node = fields.sub("reach").node("cage")
        raise node.error(f"{device}: reach leads to slot {slot}, declared is {', '.join(declared)}")
    return tuple(_slot(device, cage, Fields(f"{device} slot {cage}", node), stock) for cage, node in declared.items())


def _slot(device: str, cage: str, said: Fields, stock: Mapping[str, Stock]) -> CagePlan:
    """A slot and its module.  Its one port has all its lanes, and no speed where the module's PMD tells it."""
    where = f"{device} slot {cage}"
    for key, node in said.fields.items():
        if key not in SLOT_KEYS:
            raise node.error(f"{where}: {key} is not of a slot, which has {', '.join(sorted(SLOT_KEYS))}")
    if not said.has("module"):
        raise said.error(f"{where}: module is missing, a board is there for one")
    module = build_module(where, said.node("module"), stock)
    lanes = said.whole("lanes") or SLOT_LANES.get(module.form_factor, USUAL_LANES)
    port = PortPlan(
        device=device,
        name=f"slot{cage}",
        cage=cage,
        speed_gbps=said.number("speed") or Decimal(0),
        lanes=tuple(range(1, lanes + 1)),
        fec="auto",
        mtu=None,
        up=said.flag("up", True),
        lossless=False,
        allowed=frozenset(node.text for node in said.items("allowed")),
        at=said.at,
    )
    return CagePlan(device=device, name=cage, mode="", ports=(port,), module=module, watts=None, at=said.at)


def _cage(
    device: str,
    cage: str,
    layers: Sequence[Fields],
    settings: Sequence[Fields],
    sockets: _Sockets,
    stock: Mapping[str, Stock],
) -> CagePlan:
    said = layers[0]
    where = f"{device} cage {cage}"
    lanes = _first(layers, "lanes")
    socket = sockets.socket(cage, lanes.whole("lanes") if lanes else None, said.at_node)
    mode = _first(layers, "mode")
    if mode is None:
        raise said.error(f"{where}: mode is missing, such as 1x800G or 2x400G")
    children = _children(where, mode.node("mode"), socket)
    overrides = _overrides(said)
    ports = []
    for number, (speed, taken) in enumerate(children, start=1):
        name = sockets.port_name(socket, number, taken[0], len(children), speed, said.at_node)
        node = overrides.pop(name, None) or overrides.pop(str(number), None)
        own = Fields(f"{device}:{name}", node) if node else None
        nearest = [own, *settings] if own else settings
        ports.append(_port(device, name, cage, speed, taken, nearest, socket, said.at_node))
    for key, node in overrides.items():
        known = [port.name for port in ports]
        raise node.error(f"{where}: no child {key!r}, its ports are {', '.join(known)}")
    module = _first(layers, "module")
    watts = _first(layers, "watts")
    form_factor = _first(layers, "form_factor")
    return CagePlan(
        device=device,
        name=cage,
        mode=mode.text("mode"),
        ports=tuple(ports),
        module=build_module(where, module.node("module"), stock) if module else None,
        watts=watts.number("watts") if watts else None,
        at=said.at,
        cage=form_factor.text("form_factor") if form_factor else None,
        lanes=socket.lanes,
    )


def _children(where: str, mode: Node, socket: Socket) -> list[tuple[Decimal, tuple[int, ...]]]:
    """Speed and lanes of each child of a mode, in the order of the lanes."""
    groups = [_GROUP.fullmatch(group) for group in mode.text.split("+")]
    children: list[tuple[Decimal, tuple[int, ...]]] = []
    lane = 1
    for group in groups:
        if group is None:
            raise mode.error(f"{where}: mode {mode.text}: something like 2x400G was expected")
        if group[3] is None and len(groups) > 1:
            raise mode.error(f"{where}: mode {mode.text}: each group says its lanes, as in 1x400G(4)+4x100G(4)")
        count, speed, lanes = int(group[1]), Decimal(group[2]), int(group[3] or socket.lanes)
        if lane - 1 + lanes > socket.lanes:
            raise mode.error(f"{where}: mode {mode.text}: lanes to {lane - 1 + lanes}, the cage has {socket.lanes}")
        if not count or lanes % count or not lanes:
            raise mode.error(f"{where}: mode {mode.text}: {count} ports out of {_counted(lanes)}")
        width = lanes // count
        for _ in range(count):
            children.append((speed, tuple(range(lane, lane + width))))
            lane += width
    return children


def _port(
    device: str,
    name: str,
    cage: str,
    speed: Decimal,
    lanes: tuple[int, ...],
    settings: Sequence[Fields],
    socket: Socket,
    at: Node,
) -> PortPlan:
    slower = _first(settings, "speed")
    fec, mtu = _first(settings, "fec"), _first(settings, "mtu")
    up, lossless, allowed = (_first(settings, key) for key in ("up", "lossless", "allowed"))
    rail, plane = (_first(settings, key) for key in ("rail", "plane"))
    if slower is not None:
        at, speed = slower.node("speed"), slower.number("speed") or speed
    rate = speed / len(lanes)
    if rate not in LANE_RATES or rate > socket.lane_gbps:
        most = f"a lane of this cage carries at most {socket.lane_gbps} Gb/s"
        why = most if rate > socket.lane_gbps else "no lane runs at that rate"
        each = f"{speed:f} Gb/s on {_counted(len(lanes))} is {rate.normalize():f} Gb/s each"
        raise at.error(f"{device}:{name}: {each}; {why}")
    said = settings[0]
    return PortPlan(
        device=device,
        name=name,
        cage=cage,
        speed_gbps=speed,
        lanes=lanes,
        fec=fec.text("fec") if fec else "auto",
        mtu=mtu.whole("mtu") if mtu else None,
        up=up.flag("up", True) if up else True,
        lossless=lossless.flag("lossless", False) if lossless else False,
        allowed=frozenset(node.text for node in allowed.items("allowed")) if allowed else frozenset(),
        at=source(said.at_node),
        rail=rail.whole("rail") if rail else None,
        plane=plane.whole("plane") if plane else None,
    )


def on_rails(device: DevicePlan) -> DevicePlan:
    """A host of a design with rails: a lossless port that says none is on the rail with the number of its cage."""

    def railed(port: PortPlan) -> PortPlan:
        asked = port.rail is None and port.lossless and port.cage.isdigit()
        return replace(port, rail=int(port.cage)) if asked else port

    cages = tuple(replace(cage, ports=tuple(map(railed, cage.ports))) for cage in device.cages)
    return replace(device, cages=cages)


def _overrides(said: Fields) -> dict[str, Node]:
    if not said.has("ports"):
        return {}
    ports = said.node("ports")
    return dict(ports.value) if isinstance(ports.value, dict) else {}


def _counted(lanes: int) -> str:
    return f"{lanes} lane{'' if lanes == 1 else 's'}"


def _first(layers: Sequence[Fields | None], key: str) -> Fields | None:
    """The nearest of several layers that says something."""
    return next((layer for layer in layers if layer is not None and layer.has(key)), None)
