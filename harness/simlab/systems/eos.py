"""What a simulated Arista switch answers.

``answer(world, device, command, elapsed)`` is the text of one command so many seconds after the world began, None for
one that this switch does not know.  JSON has the members of recordings and of published captures; ``show qos maps``
and ``show load-balance cluster status`` are as their parsers remember them.  A real switch lists every lane of a cage
as a port, with every command; this one does so for the status and the modules alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ...units import DARK_DBM
from ..codewords import Counted
from ..pages import drifted
from ..world import LINK_UP_SECONDS, Cage, Device, Module, Port, Watch, World, mac, share
from . import eos_platform
from .eos_platform import UP_SECONDS, as_json, model, seconds
from .sonic import heard, neighbour

DARK: Final = -30.0
"""What EOS shows where a register of power holds zero."""

ENCODINGS: Final[Mapping[str, str]] = {"rs": "reedSolomon", "fc": "fireCode", "none": "disabled"}
CONFIGURED: Final[Mapping[str, str]] = {
    "rs": "error-correction encoding reed-solomon",
    "fc": "error-correction encoding fire-code",
    "none": "no error-correction encoding",
}
"""The line of a port's configuration; where EOS chooses there is none."""

MONITORS: Final[Mapping[str, str]] = {
    "temperature_c": "temperature",
    "vcc_v": "voltage",
    "tx_bias_ma": "txBias",
    "tx_power_dbm": "txPower",
    "rx_power_dbm": "rxPower",
}
LEVELS: Final = ("highAlarm", "lowAlarm", "highWarn", "lowWarn")
ADVERTISED: Final[Mapping[str, str]] = {
    "temperature": "temperature",
    "voltage": "vcc",
    "txBias": "tx_bias",
    "txPower": "tx_power",
    "rxPower": "rx_power",
}
"""Monitors by the word for one that a module does not advertise."""
UNITS: Final = {"temperature": "C", "voltage": "V", "txBias": "mA", "txPower": "dBm", "rxPower": "dBm"}

STRICT: Final = (6, 7)
"""Queues that are served before any other."""
BANDWIDTH: Final[Mapping[int, int]] = {3: 50}
OTHERS_BANDWIDTH: Final = 10
MARKED: Final = 3
"""The queue that marks, as on the other switches of this laboratory."""


def answer(world: World, device: Device, command: str, elapsed: int = 0) -> str | None:
    """The text that the switch prints."""
    known = COMMANDS.get(command)
    return None if known is None else known(world, device, elapsed)


def commands(device: Device) -> tuple[str, ...]:
    """Every command that the fixtures record, in the order in which it is asked."""
    return tuple(COMMANDS)


def twice(device: Device) -> tuple[str, ...]:
    """What is recorded a second time."""
    return TWICE


def is_up(port: Port) -> bool:
    """A port that EOS shut down for its module has no link."""
    return port.up and not shut(port)


def shut(port: Port) -> bool:
    """Whether EOS shut a port down for an error of its module."""
    return port.admin and port.module is not None and port.module.error != "OK"


def changed_at(world: World, port: Port, elapsed: int) -> float:
    return seconds(world, port.last_change(elapsed))


def state_changes(port: Port, elapsed: int) -> int:
    """How often the link went up or down: it is up in every sample of a port that flapped."""
    return 2 * port.downs(elapsed) + port.up


def dotted(address: str) -> str:
    """``02:1c:…`` as EOS writes the address of a neighbour."""
    digits = address.replace(":", "")
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"


def soaked(device: Device) -> tuple[str, ...]:
    """What a soak asks in every sample beside what is recorded a second time."""
    return MONITORED


# --- ports --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A lane of a cage as the status lists it."""

    name: str
    status: str
    gbps: int
    port: Port


def shown(cage: Cage) -> Iterator[Shown]:
    """Every lane: those at which the ports of the cage's mode begin are in use, the others are not."""
    slot_of, laned = slot_name(cage)
    count, _, rate = cage.mode.partition("[")[0].removesuffix("G").partition("x")
    width = cage.lanes // int(count)
    known = {port.name: port for port in cage.ports}
    for lane in range(1, cage.lanes + 1):
        name = f"{slot_of}/{lane}" if laned else slot_of
        begins = (lane - 1) % width == 0
        port = known.get(name)
        slowed = port is not None and port.plan is not None and port.gbps != port.plan.speed_gbps
        gbps = port.gbps if port is not None and (slowed or f"{port.gbps}G" in cage.mode) else int(rate)
        state = "inactive" if not begins else status_of(port) if port is not None else "notconnect"
        yield Shown(name, state, gbps if begins else 0, port or cage.ports[0])


def slot_name(cage: Cage) -> tuple[str, bool]:
    """The cage as a slot, and whether its ports are called by their lane."""
    name = cage.ports[0].name
    laned = cage.lanes > 1 and "/" in name
    return (name.rpartition("/")[0] if laned else name), laned


def status_of(port: Port) -> str:
    if not port.admin:
        return "disabled"
    return "errdisabled" if shut(port) else "connected" if port.up else "notconnect"


def media(port: Port) -> str:
    """The medium as EOS calls it."""
    if port.module is None:
        return "Not Present"
    return f"{port.gbps}GBASE-CR{len(port.lanes)}" if port.module.flat else port.module.kind.name


def status(world: World, device: Device, elapsed: int) -> str:
    listed = {
        one.name: {
            "description": description(one.port) if one.gbps else "",
            "linkStatus": one.status,
            "lineProtocolStatus": "up" if one.status == "connected" else "down",
            "bandwidth": one.gbps * 10**9,
            "duplex": "duplexFull",
            "autoNegotiateActive": False,
            "interfaceType": media(one.port),
            "vlanInformation": {"interfaceMode": "routed", "interfaceForwardingModel": "routed"},
        }
        for cage in device.cages
        for one in shown(cage)
    }
    return as_json({"interfaceStatuses": listed})


def description(port: Port) -> str:
    return f"to {port.peer[0]}" if port.peer else ""


def errdisabled(world: World, device: Device, elapsed: int) -> str:
    listed = {
        port.name: {"description": description(port), "status": "errdisabled", "causes": [port.module.error]}
        for port in device.ordered
        if port.module is not None and shut(port)
    }
    return as_json({"interfaceStatuses": listed})


def interfaces(world: World, device: Device, elapsed: int) -> str:
    return as_json({"interfaces": {port.name: _interface(world, device, port, elapsed) for port in device.ordered}})


def _interface(world: World, device: Device, port: Port, elapsed: int) -> dict[str, Any]:
    address = mac(device.name, port.name)
    state = status_of(port)
    return {
        "name": port.name,
        "hardware": "ethernet",
        "forwardingModel": "routed",
        "lineProtocolStatus": "up" if is_up(port) else "down",
        "interfaceStatus": "connected" if is_up(port) else state,
        "description": description(port),
        "physicalAddress": address,
        "burnedInAddress": address,
        "bandwidth": port.gbps * 10**9,
        "mtu": port.mtu,
        "l3MtuConfigured": True,
        "l2Mru": 0,
        "lanes": len(port.serdes),
        "duplex": "duplexFull",
        "autoNegotiate": "off",
        "loopbackMode": "loopbackNone",
        "interfaceAddress": [],
        "lastStatusChangeTimestamp": changed_at(world, port, elapsed),
        "interfaceStatistics": {
            "updateInterval": 300.0,
            "inBitsRate": 0.0,
            "inPktsRate": 0.0,
            "outBitsRate": 0.0,
            "outPktsRate": 0.0,
        },
        "interfaceCounters": {
            **dict.fromkeys(("inOctets", "inUcastPkts", "inMulticastPkts", "inBroadcastPkts", "inDiscards"), 0),
            **dict.fromkeys(("outOctets", "outUcastPkts", "outMulticastPkts", "outBroadcastPkts", "outDiscards"), 0),
            "totalInErrors": 0,
            "totalOutErrors": 0,
            "inputErrorsDetail": dict.fromkeys(
                ("runtFrames", "giantFrames", "fcsErrors", "alignmentErrors", "symbolErrors", "rxPause"), 0
            ),
            "outputErrorsDetail": dict.fromkeys(
                ("collisions", "lateCollisions", "deferredTransmissions", "txPause"), 0
            ),
            "linkStatusChanges": state_changes(port, elapsed),
            "lastClear": seconds(world, -LINK_UP_SECONDS),
            "counterRefreshTime": seconds(world, elapsed),
        },
    }


def error_correction(world: World, device: Device, elapsed: int) -> str:
    listed = {port.name: {"errCorrEncodingStatus": ENCODINGS.get(runs(port), "disabled")} for port in device.ordered}
    return as_json({"interfaceErrCorrStatuses": listed})


def runs(port: Port) -> str:
    return port.fec_runs if is_up(port) else ""


def phys(world: World, device: Device, elapsed: int) -> str:
    return as_json({"interfacePhyStatuses": {port.name: _phys(world, port, elapsed) for port in device.ordered}})


LANE_BITS_OF_544: Final = 50
"""Lanes of 50 Gb/s and more carry RS(544,514)."""
FEC_LANE_GBPS: Final = 25


def _phys(world: World, port: Port, elapsed: int) -> dict[str, Any]:
    up, at = is_up(port), changed_at(world, port, elapsed)
    changes = state_changes(port, elapsed)
    seen = port.counted(elapsed)
    lanes = {
        str(lane): {"value": up, "changes": changes, "lastChange": at if changes else 0.0}
        for lane in range(len(port.serdes))
    }
    phy: dict[str, Any] = {
        "description": {"phyChipName": "BCM78900-TSCBH", "location": "line"},
        "operSpeed": f"{port.gbps}Gbps" if up else "unknown",
        "phyState": {"value": "linkUp" if up else "linkDown", "changes": changes, "lastChange": at if changes else 0.0},
        "pma": {"laneSignalDetect": lanes},
    }
    if encoding := ENCODINGS.get(runs(port)):
        phy["fec"] = {"encoding": encoding}
    if runs(port) == "rs":
        phy["fec"] |= _fec(world, port, seen, elapsed)
        phy["preFecBer"] = {"value": float(port.ratio(elapsed)) if port.counts else 0.0}
    return {
        "phyStatuses": [phy],
        "interfaceState": {"value": "up" if up else "down", "changes": changes, "lastChange": at if changes else 0.0},
        "transceiver": {"mediaType": {"value": media(port), "changes": 1, "lastChange": seconds(world, -UP_SECONDS)}},
        "macFaults": {
            name: {"value": not up, "changes": changes, "lastChange": at if changes else 0.0}
            for name in ("localFault", "remoteFault")
        },
    }


def _fec(world: World, port: Port, seen: Counted, elapsed: int) -> dict[str, Any]:
    """Codewords as EOS counts them: what the last poll saw, and every change before it.

    Lanes of the FEC follow one another, as many on each lane of the port.
    """
    length = LINK_UP_SECONDS + elapsed
    by_lane = [*port.lane_errors(elapsed).values()] or [port.symbols(elapsed)]
    each = max(1, port.gbps // FEC_LANE_GBPS // len(by_lane))
    symbols = [count // each + (lane < count % each) for count in by_lane for lane in range(each)]

    def told(count: int) -> dict[str, Any]:
        return {"value": count // length, "changes": count, "lastChange": seconds(world, elapsed) if count else 0.0}

    return {
        "codewordSize": 544 if port.gbps // max(1, len(port.serdes)) >= LANE_BITS_OF_544 else 528,
        "alignmentLock": {"value": True, "changes": 1, "lastChange": changed_at(world, port, elapsed)},
        "correctedCodewords": told(seen.corrected),
        "uncorrectedCodewords": told(seen.uncorrected),
        "correctedSymbols": {str(lane): told(count) for lane, count in enumerate(symbols)},
        "laneMap": {str(lane): lane for lane in range(len(symbols))},
    }


# --- modules ------------------------------------------------------------------------------------------------------


def transceivers(world: World, device: Device, elapsed: int) -> str:
    """Monitors of every lane, with the thresholds of the module; copper shows neither."""
    listed: dict[str, Any] = {}
    for cage in device.cages:
        slot_of, laned = slot_name(cage)
        module = cage.ports[0].module
        if module is None:
            listed |= {port.name: {} for port in cage.ports}
            continue
        for lane in range(1, cage.lanes + 1):
            name = f"{slot_of}/{lane}" if laned else slot_of
            listed[name] = {"displayName": name, "slot": slot_of, "channel": lane, "vendorSn": module.serial}
            listed[name] |= {"mediaType": media(cage.ports[0]), "narrowBand": False}
            if not module.flat and lane <= len(module.lanes):
                listed[name] |= _monitors(world, module, lane, elapsed)
    return as_json({"interfaces": listed})


def _monitors(world: World, module: Module, lane: int, elapsed: int) -> dict[str, Any]:
    seen = _seen(module, elapsed)
    limits = {
        MONITORS[name]: {
            key: said
            for level, limit in zip(LEVELS, quad, strict=True)
            for key, said in ((level, float(limit)), (f"{level}Overridden", False))
        }
        for name, quad in module.thresholds.items()
        if ADVERTISED[MONITORS[name]] not in module.unadvertised
    }
    read = {} if set(ADVERTISED.values()) <= module.unadvertised else {"updateTime": _updated(world, module, elapsed)}
    return {**read, **_values(seen, lane), "details": limits}


def _updated(world: World, module: Module, elapsed: int) -> float:
    """When the switch read the monitors that it shows."""
    return seconds(world, elapsed - module.stale)


def _seen(module: Module, elapsed: int) -> Module:
    """The module as its monitors told it when they were read; what its own registers hold at the first look."""
    when = max(0, elapsed - module.stale)
    return drifted(module.now(when), when) if when else module.now(0)


def _values(module: Module, lane: int) -> dict[str, float]:
    one = module.lanes[lane - 1]
    told = {
        "temperature": float(module.celsius),
        "voltage": float(module.volts),
        "txBias": float(one.bias),
        "txPower": light(one.tx),
        "rxPower": light(one.rx),
    }
    return {name: value for name, value in told.items() if ADVERTISED[name] not in module.unadvertised}


def light(dbm: Decimal) -> float:
    return DARK if dbm <= DARK_DBM else float(dbm)


def dom(world: World, device: Device, elapsed: int) -> str:
    """The same by port, whose channels count from 1."""
    listed: dict[str, Any] = {}
    for port in device.ordered:
        listed[port.name] = {"displayName": port.name}
        if port.module is None:
            continue
        listed[port.name] |= {"vendorSn": port.module.serial, "mediaType": media(port)}
        if not port.module.flat:
            read = {"updateTime": _updated(world, port.module, elapsed)}
            listed[port.name] |= {**read, "parameters": _parameters(port, elapsed)}
    return as_json({"interfaces": listed})


def _parameters(port: Port, elapsed: int) -> dict[str, Any]:
    assert port.module is not None
    module = _seen(port.module, elapsed)
    lanes = [_values(module, lane) for lane in port.lanes if lane <= len(module.lanes)]
    limits = {MONITORS[name]: quad for name, quad in module.thresholds.items()}
    return {
        name: {
            "unit": UNITS[name],
            "channels": {"-": lanes[0][name]}
            if name in ("temperature", "voltage")
            else {str(number): one[name] for number, one in enumerate(lanes, 1)},
            "threshold": {
                key: said
                for level, limit in zip(LEVELS, limits[name], strict=True)
                for key, said in ((level, float(limit)), (f"{level}Overridden", False))
            },
        }
        for name in MONITORS.values()
        if ADVERTISED[name] not in module.unadvertised
    }


def hardware(world: World, device: Device, elapsed: int) -> str:
    return "\n".join(_hardware(port) for port in device.ordered)


def _hardware(port: Port) -> str:
    slot_watts = "25.0" if len(port.serdes) > 1 else "2.5"
    if port.module is None:
        lines = [f"Name: {port.name}", "Module presence: not detected", f"Maximum slot power (W): {slot_watts}"]
        return "\n".join(lines) + "\n"
    lines = [
        f"Name: {port.name.replace('Ethernet', 'Et', 1)}",
        f"Media type: {media(port)}",
        f"Maximum module power (W): {port.module.watts:.1f}",
        f"Maximum slot power (W): {slot_watts}",
    ]
    if port.module.lanes:
        lines.append(f"Wavelength (nm): {port.module.lanes[0].wavelength:f}")
    return "\n".join(lines) + "\n"


# --- quality of service -------------------------------------------------------------------------------------------


def maps(world: World, device: Device, elapsed: int) -> str:
    points = device.maps["AZURE"]
    classes = "  ".join(map(str, range(8)))
    queued = "  ".join(str(device.tc_to_queue[tc]) for tc in range(8))
    lines = [
        "   Number of Traffic Classes supported: 8",
        "   Number of Transmit Queues supported: 8",
        "   Cos Rewrite: Disabled",
        "   Dscp Rewrite: Disabled",
        "",
        "   Cos-tc map:",
        f"     cos:  {classes}",
        "     ----------------------------",
        f"     tc:   {classes}",
        "",
        "   Dscp-tc map:",
        "     d1 :  d2 0  1  2  3  4  5  6  7  8  9",
        "     --------------------------------------",
    ]
    for ten in range(7):
        row = [points[10 * ten + one] for one in range(10) if 10 * ten + one in points]
        lines.append(f"     {ten} :      " + "  ".join(map(str, row)))
    lines += [
        "",
        "   Tc - uc-tx-queue map:",
        f"     tc:           {classes}",
        "     -----------------------------------",
        f"     uc-tx-queue:  {queued}",
    ]
    return "\n".join(lines) + "\n"


def frames(port: Port, way: str, elapsed: int) -> dict[int, int]:
    """PFC frames by priority."""
    return {priority: port.paused(way, priority, elapsed) for priority in range(8)}


def pfc(world: World, device: Device, elapsed: int) -> str:
    listed = {
        port.name: {f"{way}Frames": sum(frames(port, way, elapsed).values()) for way in ("rx", "tx")}
        for port in device.ordered
    }
    return as_json({"interfaceCounters": listed})


def pfc_detail(world: World, device: Device, elapsed: int) -> str:
    listed = {}
    for port in device.ordered:
        received, sent = (frames(port, way, elapsed) for way in ("rx", "tx"))
        listed[port.name] = {"priorities": {str(n): {"rxFrames": received[n], "txFrames": sent[n]} for n in range(8)}}
    return as_json({"interfaces": listed})


def watchdog(world: World, device: Device, elapsed: int) -> str:
    """Ports of which a queue was ever stuck, with every queue that was."""
    listed = {}
    for port in device.ordered:
        stuck = {n: count for n in range(8) if (count := port.stormed(n, elapsed))}
        if stuck:
            told = {f"UC{n}": {"stuckCount": count, "recoveryCount": count} for n, count in stuck.items()}
            listed[port.name] = {"txQueues": told}
    return as_json({"interfaces": listed})


def sent(port: Port, queue: int, elapsed: int) -> int:
    """Packets that a queue sent: data in the lossless one, a little elsewhere, nothing on a port that is down."""
    if not is_up(port):
        return 0
    a_second = 40_000 if queue == MARKED and port.lossless else 3
    return int(share(port.where, f"UC{queue}") * 10**6) + a_second * (LINK_UP_SECONDS + elapsed)


def marked(world: World, device: Device, elapsed: int) -> str:
    listed = {}
    for port in device.ordered:
        counts = {n: sent(port, n, elapsed) // 5_000 if n == MARKED and port.lossless else 0 for n in range(8)}
        listed[port.name] = {"queueCounters": {str(n): str(count) for n, count in counts.items()}}
    return as_json({"intfQueueCounters": listed})


def queues(world: World, device: Device, elapsed: int) -> str:
    listed = {}
    for port in device.ordered:
        unicast = {f"TC{n}": _queue(sent(port, n, elapsed), port.dropped(n, elapsed)) for n in range(8)}
        multicast = {f"TC{n}": _queue(0, 0) for n in range(8)}
        listed[port.name] = {
            "ucastQueues": {"trafficClasses": unicast},
            "mcastQueues": {"trafficClasses": multicast},
        }
    return as_json({"egressQueueCounters": {"interfaces": listed}})


def _queue(packets: int, dropped: int) -> dict[str, Any]:
    counts = {
        "enqueuedPackets": packets,
        "enqueuedBytes": packets * 1024,
        "droppedPackets": dropped,
        "droppedBytes": dropped * 1024,
    }
    return {"dropPrecedences": {"DP0": counts}}


def pause(world: World, device: Device, elapsed: int) -> str:
    states = ("txAdminState", "txOperState", "rxAdminState", "rxOperState")
    listed = {
        port.name: {**dict.fromkeys(states, "on" if port.link_pause else "off"), "txPause": 0, "rxPause": 0}
        for port in device.ordered
    }
    return as_json({"interfaceFlowControls": listed})


def cluster(world: World, device: Device, elapsed: int) -> str:
    return "CLB Status: disabled\n"


def config(world: World, device: Device, elapsed: int) -> str:
    lines = [
        "! Command: show running-config sanitized",
        f"! device: {device.name} ({model(device)}, EOS-{device.software})",
        "!",
        f"! boot system flash:/EOS-{device.software}.swi",
        "!",
        *_mapped(device.maps["AZURE"]),
        *(f"qos map traffic-class {tc} to uc-tx-queue {queue}" for tc, queue in _moved(device)),
        "!",
        f"hostname {device.name}",
        "!",
    ]
    planned = [port for port in device.ordered if port.plan is not None]
    for name, port in {profile_name(port): port for port in planned}.items():
        lines += _profile(device, name, port)
    usual = usual_watch(device)
    lines += [
        f"priority-flow-control pause watchdog default timeout {_seconds(usual.detect)}",
        f"priority-flow-control pause watchdog default recovery-time {_seconds(usual.restore)}",
        f"priority-flow-control pause watchdog action {ACTIONS[usual.action]}",
        "!",
    ]
    for port in device.ordered:
        lines += _section(port)
    return "\n".join([*lines, "interface Management1", "   ip address dhcp", "!", "ip routing", "!", "end"]) + "\n"


def _mapped(points: Mapping[int, int]) -> list[str]:
    """The map of code points as it is configured: a line for each traffic class."""
    classes = sorted(set(points.values()))
    return [
        f"qos map dscp {' '.join(str(one) for one in sorted(points) if points[one] == tc)} to traffic-class {tc}"
        for tc in classes
    ]


def _moved(device: Device) -> list[tuple[int, int]]:
    """Traffic classes that go to another queue than their own."""
    return [(tc, queue) for tc, queue in sorted(device.tc_to_queue.items()) if tc != queue]


ACTIONS: Final[Mapping[str, str]] = {"drop": "drop", "forward": "no-drop", "alert": "notify-only"}


def usual_watch(device: Device) -> Watch:
    """How most of the declared ports are watched: that is set for the whole switch."""
    found = [(one.watch.detect, one.watch.restore, one.watch.action) for one in device.ports if one.plan is not None]
    if not found:
        return Watch()
    detect, restore, action = max(found, key=found.count)
    return Watch(True, detect, restore, action)


def _seconds(milliseconds: int) -> str:
    return f"{Decimal(milliseconds) / 1000:f}"


def profile_name(port: Port) -> str:
    """The profile of a port: one for every way in which ports are set."""
    kept = "".join(map(str, sorted(port.lossless)))
    own = (port.wred or "UNMARKED", kept, "COS" if port.trust == "pcp" else "", _watch_name(port.watch))
    return "-".join(("ROCE", *filter(None, own)))


def _watch_name(watch: Watch) -> str:
    if watch == Watch():
        return ""
    return f"WATCH-{watch.detect}-{watch.restore}-{watch.action.upper()}" if watch.on else "UNWATCHED"


def _profile(device: Device, name: str, port: Port) -> Iterator[str]:
    marks, usual = device.wred.get(port.wred), usual_watch(device)
    yield f"qos profile {name}"
    yield f"   qos trust {'cos' if port.trust == 'pcp' else 'dscp'}"
    for queue in range(8):
        yield "   !"
        yield f"   uc-tx-queue {queue}"
        if queue in STRICT:
            yield "      priority strict"
            continue
        yield "      no priority"
        yield f"      bandwidth percent {BANDWIDTH.get(queue, OTHERS_BANDWIDTH)}"
        if queue == MARKED and marks is not None:
            curve = f"minimum-threshold {marks.low} bytes maximum-threshold {marks.high} bytes"
            yield f"      random-detect ecn {curve} max-mark-probability {marks.percent} weight 0"
            yield "      random-detect ecn count"
    if port.lossless:
        yield "   !"
        yield "   priority-flow-control on"
        yield from (f"   priority-flow-control priority {n} no-drop" for n in sorted(port.lossless))
        watch = port.watch
        yield f"   {'' if watch.on else 'no '}priority-flow-control pause watchdog"
        if watch.action != usual.action:
            yield f"   priority-flow-control pause watchdog port action {ACTIONS[watch.action]}"
        if (watch.detect, watch.restore) != (usual.detect, usual.restore):
            times = f"timeout {_seconds(watch.detect)} polling-interval auto recovery-time {_seconds(watch.restore)}"
            yield f"   priority-flow-control pause watchdog port timer {times} forced"
    yield "!"


def _section(port: Port) -> Iterator[str]:
    yield f"interface {port.name}"
    if port.peer:
        yield f"   description {description(port)}"
    if not port.admin:
        yield "   shutdown"
    yield f"   mtu {port.mtu}"
    if port.link_pause:
        yield from ("   flowcontrol send on", "   flowcontrol receive on")
    yield f"   speed {port.gbps}g-{len(port.lanes)}"
    if port.fec in CONFIGURED:
        yield f"   {CONFIGURED[port.fec]}"
    yield "   no switchport"
    if port.plan is not None:
        yield f"   service-profile {profile_name(port)}"
    yield "!"


# --- neighbours ---------------------------------------------------------------------------------------------------


def lldp(world: World, device: Device, elapsed: int) -> str:
    listed: dict[str, Any] = {}
    for port in device.ordered:
        there = heard(world, port) if is_up(port) else None
        listed[port.name] = {"lldpNeighborInfo": [_neighbour(world, there, elapsed)] if there else []}
    return as_json({"lldpNeighbors": listed})


ADDRESS: Final = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")


def _neighbour(world: World, there: tuple[str, str], elapsed: int) -> dict[str, Any]:
    """A neighbour as EOS tells it: the name of a port in quotation marks, an address in dots."""
    name, port_id, capabilities, said = neighbour(world, there)
    address = ADDRESS.fullmatch(port_id) is not None
    of_station = {"stationOnly": True}
    return {
        "chassisIdType": "macAddress",
        "chassisId": dotted(mac(name)),
        "systemName": name,
        "systemDescription": world.devices[name].description if name in world.devices else "",
        "systemCapabilities": {"bridge": True, "router": True} if capabilities == "BR" else of_station,
        "ttl": 120,
        "lastContactTime": seconds(world, elapsed),
        "neighborDiscoveryTime": seconds(world, -LINK_UP_SECONDS),
        "lastChangeTime": seconds(world, -LINK_UP_SECONDS),
        "managementAddresses": [],
        "neighborInterfaceInfo": {
            "interfaceIdType": "macAddress" if address else "interfaceName",
            "interfaceId": dotted(port_id) if address else f'"{port_id}"',
            "interfaceDescription": said,
            "maxFrameSize": 9236,
            "portVlanId": 0,
            "linkAggregationStatus": "capableAndDisabled",
            "linkAggregationInterfaceId": 0,
            "unknownTlvs": [],
            "unknownOrgDefinedTlvs": [],
        },
    }


COMMANDS: Final[Mapping[str, Callable[[World, Device, int], str]]] = {
    "show version | json": eos_platform.version,
    "show inventory | json": eos_platform.inventory,
    "show interfaces status | json": status,
    "show interfaces status errdisabled | json": errdisabled,
    "show interfaces transceiver detail | json": transceivers,
    "show interfaces transceiver dom thresholds | json": dom,
    "show interfaces transceiver hardware": hardware,
    "show qos maps": maps,
    "show interfaces counters queue detail | json": queues,
    "show qos interfaces ecn counters queue | json": marked,
    "show interfaces flow-control | json": pause,
    "show priority-flow-control counters watchdog | json": watchdog,
    "show priority-flow-control counters | json": pfc,
    "show priority-flow-control counters detail | json": pfc_detail,
    "show system environment power | json": eos_platform.power,
    "show system environment temperature | json": eos_platform.temperature,
    "show system environment cooling | json": eos_platform.cooling,
    "show load-balance cluster status": cluster,
    "show interfaces | json": interfaces,
    "show interfaces error-correction | json": error_correction,
    "show interfaces phy detail | json": phys,
    "show lldp neighbors detail | json": lldp,
    "show running-config sanitized": config,
}
TWICE: Final = (
    "show priority-flow-control counters | json",
    "show priority-flow-control counters detail | json",
    "show priority-flow-control counters watchdog | json",
    "show interfaces counters queue detail | json",
    "show interfaces phy detail | json",
    "show interfaces transceiver detail | json",
)
"""What is recorded a second time."""
MONITORED: Final = ("show interfaces transceiver detail | json",)
"""Which of them a soak asks for beside the counters."""
