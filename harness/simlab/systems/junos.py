"""What a simulated Junos switch answers, in the formats of recorded ones.

``answer(world, device, command, elapsed)`` is the text of one command so many seconds after the world began, None for
one that this switch does not know.  Recordings prove the formats of versions, parts, modules, interfaces, queues and
neighbours; those of class of service, environment, alarms and PICs are from captures and documentation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

from ...units import DARK_DBM
from ..pages import drifted
from ..world import (
    DESCRIPTIONS,
    LINK_UP_SECONDS,
    Cage,
    Device,
    Lane,
    Module,
    Port,
    Quad,
    World,
    mac,
    milliwatts,
    share,
)
from .sonic import heard, neighbour

PAM4_LANE: Final = 50
"""From so many Gb/s a lane is PAM4, on which FEC is that of clause 119."""

LOSSLESS: Final = 3
QUEUES: Final = 8
CLASSES: Final = {0: "best-effort", 1: "bulk", 3: "no-loss", 6: "cnp", 7: "network-control"}
FORMS: Final = {0x19: "OSFP", 0x18: "QSFP56-DD", 0x1E: "QSFP112", 0x11: "QSFP28"}
PIC: Final = re.compile(r"show chassis pic fpc-slot 0 pic-slot 0")
INTERFACES: Final = "show interfaces extensive"
OPTICS: Final = "show interfaces diagnostics optics | display xml"
TWICE: Final = (INTERFACES, OPTICS)


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


def soaked(device: Device) -> tuple[str, ...]:
    """What a soak asks in every sample beside what is recorded a second time."""
    return (OPTICS,)


def model(device: Device) -> str:
    return (device.plan.hwsku or device.plan.platform or "qfx").lower()


def number(cage: Cage) -> int:
    """The number of a cage, as its ports are named."""
    found = re.search(r"/(\d+)(?::\d+)?$", cage.ports[0].name)
    return int(found[1]) if found else int(cage.number)


# --- software and chassis -----------------------------------------------------------------------------------------


def version(world: World, device: Device, elapsed: int) -> str:
    release = device.software
    lines = [f"Hostname: {device.name}", f"Model: {model(device)}", f"Junos: {release}"]
    packages = ("Base OS boot", "Base OS Software Suite", "Kernel Software Suite", "Openconfig")
    return "\n".join((*lines, *(f"JUNOS {name} [{release}]" for name in packages))) + "\n"


def as_json(value: Any) -> Any:
    """Values as Junos wraps them: every element a list, every leaf under ``data``."""
    if isinstance(value, dict):
        return [{name: as_json(inner) for name, inner in value.items()}]
    if isinstance(value, list):
        return [as_json(inner)[0] for inner in value]
    return [{"data": value}]


def printed(name: str, value: Any) -> str:
    return json.dumps({name: as_json(value)}, indent=4) + "\n"


def hardware(world: World, device: Device, elapsed: int) -> str:
    """Parts: supplies, the one PIC with its modules, fan trays."""
    built_in = {"part-number": "BUILTIN", "serial-number": "BUILTIN"}
    modules = [
        {
            "name": f"Xcvr {number(cage)}",
            "version": "REV 01",
            "part-number": "NON-JNPR",
            "serial-number": module.serial,
            "description": f"{FORMS.get(module.identifier, 'UNKNOWN')}-{module.kind.name}",
        }
        for cage in sorted(device.cages, key=number)
        if (module := cage.ports[0].module)
    ]
    pic = {"name": "PIC 0", **built_in, "description": f"{len(device.cages)}X800G", "chassis-sub-sub-module": modules}
    if not modules:
        del pic["chassis-sub-sub-module"]
    parts: list[dict[str, Any]] = [
        *({"name": f"PSM {n}", "serial-number": f"SIM{n:05}", "description": "AC AFO 3000W PSU"} for n in psus(device)),
        {"name": "Routing Engine 0", **built_in, "description": "RE"},
        {"name": "FPC 0", **built_in, "description": model(device).upper(), "chassis-sub-module": [pic]},
        *({"name": f"Fan Tray {n}", "description": "Fan Tray, Front to Back Airflow - AFO"} for n in range(4)),
    ]
    chassis = {"name": "Chassis", "serial-number": device.serial, "description": model(device).upper()}
    return printed("chassis-inventory", {"chassis": {**chassis, "chassis-module": parts}})


def psus(device: Device) -> range:
    return range(device.plan.supplies or 2)


def fahrenheit(celsius: int) -> str:
    return f"{celsius} degrees C / {celsius * 9 // 5 + 32} degrees F"


def environment(world: World, device: Device, elapsed: int) -> str:
    rows = [("Power", f"PSM {n}", fahrenheit(36 + int(share(device.name, n, "psu") * 5))) for n in psus(device)]
    rows.append(("Temp", "FPC 0 Sensor Max Reading", fahrenheit(70 + int(share(device.name, "asic") * 9))))
    for cage in sorted(device.cages, key=number):
        if module := cage.ports[0].module:
            seen = drifted(module.now(elapsed), elapsed)
            rows.append(("Temp", f"FPC 0 xcvr-0/0/{number(cage)}", fahrenheit(int(seen.celsius))))
    for tray in range(4):
        for fan in (1, 2):
            turns = 11_850 + 150 * int(share(device.name, tray, fan, "fan") * 3)
            rows.append(("Fan", f"Fan Tray {tray} Fan {fan}", f"{turns} RPM"))
    lines = ["Class Item                           Status     Measurement"]
    before = ""
    for group, item, said in rows:
        lines.append(f"{group if group != before else '':<6}{item:<31}{'OK':<11}{said}")
        before = group
    return "\n".join(lines) + "\n"


def alarms(world: World, device: Device, elapsed: int) -> str:
    return "No alarms currently active\n"


def pic(world: World, device: Device, elapsed: int) -> str:
    lines = [
        "FPC slot 0, PIC slot 0 information:",
        f"  Type                             {len(device.cages)}X800G",
        "  State                            Online    ",
        "  PIC version                    00.00",
        "  Uptime    15 hours, 44 minutes, 25 seconds",
        "",
        "PIC port information:",
        "                         Fiber                    Xcvr vendor       Wave-    Xcvr",
        "  Port Cable type        type  Xcvr vendor        part number       length   Firmware",
    ]
    cages = sorted(device.cages, key=number)
    for cage in cages:
        if module := cage.ports[0].module:
            wave = f"{module.lanes[0].wavelength:.0f} nm" if module.lanes else "n/a"
            fiber = "n/a" if not module.lanes else "SM" if module.kind.smf_m else "MM"
            lines.append(
                f"  {number(cage):<5}{module.kind.name:<18.17} {fiber:<6}{module.vendor:<19}{module.number:<18}"
                f"{wave:<9}{module.firmware}"
            )
    lines += ["", "Port speed information:", "", "  Port  PFE      Capable Port Speeds"]
    for cage in cages:
        speeds = " ".join(mode.partition("[")[0] for mode in cage.offered if "+" not in mode)
        lines.append(f"  {number(cage):<7}0      {speeds} ")
    return "\n".join(lines) + "\n"


# --- interfaces ---------------------------------------------------------------------------------------------------


def fec(port: Port, word: str) -> str:
    """The mode of a word: ``rs`` on lanes of PAM4 is clause 119."""
    lane = port.gbps // max(1, len(port.lanes))
    return {"rs": "FEC119" if lane >= PAM4_LANE else "FEC91", "fc": "FEC74"}.get(word, "NONE")


def ago(now: datetime, seconds: int) -> str:
    """An instant, and how long ago it was."""
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}"
    weeks = (
        f"{days // 7}w{days % 7}d {clock}" if days >= 7 else f"{days}d {clock}" if days else f"{clock}:{rest % 60:02}"
    )
    return f"{now - timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S} UTC ({weeks} ago)"


def interfaces(world: World, device: Device, elapsed: int) -> str:
    now = world.start + timedelta(seconds=elapsed)
    return "\n".join(
        "\n".join(_interface(device, port, index, now, elapsed)) + "\n" for index, port in enumerate(device.ordered)
    )


def _interface(device: Device, port: Port, index: int, now: datetime, elapsed: int) -> Iterator[str]:
    state = "Enabled" if port.admin else "Administratively down"
    yield f"Physical interface: {port.name}, {state}, Physical link is {'Up' if port.up else 'Down'}"
    yield f"  Interface index: {1008 + index}, SNMP ifIndex: {505 + index}, Generation: {140 + index}"
    yield (
        f"  Link-level type: Ethernet, MTU: {port.mtu}, LAN-PHY mode, Speed: {port.gbps}Gbps, BPDU Error: None,"
        " Loopback: Disabled, Source filtering: Disabled,"
        f" Flow control: {'Enabled' if port.link_pause else 'Disabled'}, Auto-negotiation: Disabled,"
        " Media type: Fiber"
    )
    yield f"  Device flags   : Present Running{'' if port.up else ' Down'}"
    yield f"  Interface flags:{'' if port.up else ' Hardware-Down'} SNMP-Traps Internal: 0x4000"
    yield "  Link flags     : None"
    yield "  CoS queues     : 8 supported, 8 maximum usable queues"
    yield "  Hold-times     : Up 0 ms, Down 0 ms"
    own = address(port)
    yield f"  Current address: {own}, Hardware address: {own}"
    since = LINK_UP_SECONDS + elapsed if port.up and not port.changed else max(0, elapsed - port.changed)
    if port.downs(elapsed) > port.flaps:
        since = elapsed - port.last_change(elapsed)
    yield f"  Last flapped   : {ago(now, since) if port.up or port.downs(elapsed) else 'Never'}"
    yield "  Statistics last cleared: Never"
    frames = int(share(port.where, "frames") * 10**9) + 10**6 * (elapsed + 1) if port.up else 0
    yield "  Traffic statistics:"
    for label, count, unit in (("bytes  :", frames * 1200, "bps"), ("packets:", frames, "pps")):
        yield f"   Input  {label} {count:>20} {0:>20} {unit}"
        yield f"   Output {label} {count:>20} {0:>20} {unit}"
    yield "  Input errors:"
    yield "    Errors: 0, Drops: 0, Framing errors: 0, Runts: 0, Policed discards: 0, Resource errors: 0"
    yield "  Output errors:"
    yield (
        f"    Carrier transitions: {port.downs(elapsed)}, Errors: 0, Drops: 0, Collisions: 0, Aged packets: 0,"
        " FIFO errors: 0, MTU errors: 0, Resource errors: 0"
    )
    yield f"  Egress queues: 8 supported, {len(CLASSES)} in use"
    yield "  Queue counters:       Queued packets  Transmitted packets      Dropped packets"
    for queue in CLASSES:
        sent = frames if queue == LOSSLESS else 0
        yield f"    {queue} {sent:>32} {sent:>20} {port.dropped(queue, elapsed):>20}"
    yield "  Queue number:         Mapped forwarding classes"
    for queue, name in CLASSES.items():
        yield f"    {queue}                   {name}"
    alarm = "None" if port.up else "LINK"
    yield f"  Active alarms  : {alarm}"
    yield f"  Active defects : {alarm}"
    yield "  PCS statistics                      Seconds"
    yield "    Bit errors                             0"
    yield "    Errored blocks                         0"
    yield from _fec(port, elapsed)
    yield "  MAC statistics:                      Receive         Transmit"
    yield f"    Total octets       {frames * 1200:>22} {frames * 1200:>16}"
    yield f"    Total packets      {frames:>22} {frames:>16}"
    if port.lossless:
        yield "  MAC Priority Flow Control Statistics:"
        for priority in range(QUEUES):
            seen, sent = (port.paused(way, priority, elapsed) for way in ("rx", "tx"))
            yield f"    Priority :  {priority} {seen:>29} {sent:>16}"
    yield "  PRBS Mode : Disabled"
    yield "  Interface transmit statistics: Disabled"


def _fec(port: Port, elapsed: int) -> Iterator[str]:
    seen = port.counted(elapsed)
    mode = fec(port, port.fec_runs if port.up else port.fec)
    yield f"  Ethernet FEC Mode  : {mode:>22}"
    yield "  Ethernet FEC statistics              Errors"
    yield f"    FEC Corrected Errors       {seen.corrected:>14}"
    yield f"    FEC Uncorrected Errors     {seen.uncorrected:>14}"
    yield f"    FEC Corrected Errors Rate  {0:>14}"
    yield f"    FEC Uncorrected Errors Rate{0:>14}"


def address(port: Port) -> str:
    return mac(port.device, port.name)


def queues(world: World, device: Device, elapsed: int) -> str:
    lines = []
    for index, port in enumerate(device.ordered):
        state = "Enabled" if port.admin else "Administratively down"
        lines += [
            f"Physical interface: {port.name}, {state}, Physical link is {'Up' if port.up else 'Down'}",
            f"  Interface index: {1008 + index}, SNMP ifIndex: {505 + index}",
            f"Forwarding classes: 16 supported, {len(CLASSES)} in use",
            f"Egress queues: 8 supported, {len(CLASSES)} in use",
        ]
        for queue, name in CLASSES.items():
            sent = int(share(port.where, queue, "sent") * 10**9) + 1000 * elapsed if port.up else 0
            marked = int(share(port.where, "marked") * 5000) + elapsed if port.up and queue in port.lossless else 0
            lines += [f"Queue: {queue}, Forwarding classes: {name}", "  Queued:"]
            lines += [_count("Packets", sent, "pps"), _count("Bytes", sent * 1200, "bps"), "  Transmitted:"]
            lines += [_count("Packets", sent, "pps"), _count("Bytes", sent * 1200, "bps")]
            lines += [_count(label, 0, "pps") for label in ("Tail-dropped packets", "RED-dropped packets")]
            lines += [_count("ECN-CE packets", marked, "pps"), _count("ECN-CE bytes", marked * 1200, "bps")]
        lines.append("")
    return "\n".join(lines) + "\n"


def _count(label: str, count: int, unit: str) -> str:
    return f"    {label:<21}: {count:>21} {0:>21} {unit}"


# --- modules ------------------------------------------------------------------------------------------------------

WORDS: Final = (
    ("module-temperature", "temperature"), ("module-voltage", "vcc"), ("laser-bias-current", "tx_bias"),
    ("laser-tx-power", "tx_power"), ("laser-rx-power", "rx_power"),
)  # fmt: skip
LEVELS: Final = (("high", "alarm"), ("low", "alarm"), ("high", "warning"), ("low", "warning"))
LIMITS: Final = {"temperature": "temperature_c", "vcc": "vcc_v", "tx_bias": "tx_bias_ma", "tx_power": "tx_power_dbm",
                 "rx_power": "rx_power_dbm"}  # fmt: skip


def optics(world: World, device: Device, elapsed: int) -> str:
    lines = [
        '<rpc-reply xmlns:junos="http://xml.juniper.net/junos/24.2R1/junos">',
        '    <interface-information xmlns="http://xml.juniper.net/junos/24.2R1/junos-interface" junos:style="normal">',
    ]
    for port in device.ordered:
        if port.module is not None:
            lines += [f"        {line}" for line in _optics(port, drifted(port.module.now(elapsed), elapsed))]
    lines += ["    </interface-information>", "    <cli>", "        <banner></banner>", "    </cli>", "</rpc-reply>"]
    return "\n".join(lines) + "\n"


def _optics(port: Port, module: Module) -> Iterator[str]:
    yield "<physical-interface>"
    yield f"    <name>{port.name}</name>"
    yield "    <optics-diagnostics>"
    if not module.lanes:
        yield "        <optic-diagnostics-not-available>N/A</optic-diagnostics-not-available>"
    else:
        yield from (f"        {line}" for line in _diagnostics(port, module))
    yield "    </optics-diagnostics>"
    yield "</physical-interface>"


def leaf(name: str, value: object) -> str:
    return f"<{name}>{escape(str(value))}</{name}>"


def _diagnostics(port: Port, module: Module) -> Iterator[str]:
    """The module's own monitors, the thresholds, and the lanes of this port under their numbers in the module."""
    yield leaf("module-temperature", fahrenheit(int(module.celsius)))
    yield leaf("module-voltage", f"{module.volts:.4f}")
    for name, what in WORDS[:2]:
        for side, grade in LEVELS:
            on = f"{what}_{side}_{grade}" in module.module_flags
            yield leaf(f"{name}-{side}-{grade[:4] if grade == 'warning' else grade}", "on" if on else "off")
    faulty = module.error != "OK" or module.state != "ModuleReady"
    states = {
        "module-not-ready-alarm": module.state != "ModuleReady",
        "module-low-power-alarm": module.state == "ModuleLowPwr",
        "module-initialization-incomplete-alarm": False,
        "module-fault-alarm": faulty,
        "checksum-fault-alarm": False,
    }
    yield from (leaf(name, "on" if on else "off") for name, on in states.items())
    for name, what in WORDS:
        yield from _limits(name, what, module.thresholds[LIMITS[what]])
    for lane in (lane for lane in port.lanes if lane <= len(module.lanes)):
        yield "<optics-diagnostics-lane-values>"
        yield f"    {leaf('lane-index', lane - 1)}"
        yield from (f"    {line}" for line in _lane(module, lane, module.lanes[lane - 1]))
        yield "</optics-diagnostics-lane-values>"


def _limits(name: str, what: str, quad: Quad) -> Iterator[str]:
    for (side, grade), limit in zip(LEVELS, quad, strict=True):
        level = f"{name}-{side}-{'warn' if grade == 'warning' else grade}-threshold"
        if what == "temperature":
            yield leaf(level, fahrenheit(int(limit)))
        elif what in ("tx_power", "rx_power"):
            yield leaf(level, f"{milliwatts(limit):.4f}")
            yield leaf(f"{level}-dbm", f"{limit:.2f}")
        else:
            yield leaf(level, f"{limit:.3f}")


def _lane(module: Module, lane: int, held: Lane) -> Iterator[str]:
    yield leaf("laser-bias-current", f"{held.bias:.3f}")
    for name, power in (("laser-output-power", held.tx), ("laser-rx-optical-power", held.rx)):
        dark = power <= DARK_DBM
        yield leaf(name, "0.000" if dark else f"{milliwatts(power):.3f}")
        yield leaf(f"{name}-dbm", "- Inf" if dark else f"{power:.2f}")
    for name, what in WORDS[2:]:
        for side, grade in LEVELS:
            on = lane in module.flags.get(f"{what}_{side}_{grade}", ())
            yield leaf(f"{name}-{side}-{'warn' if grade == 'warning' else grade}", "on" if on else "off")
    for name, what in (
        ("tx-loss-of-signal-functionality-alarm", "tx_los"), ("tx-cdr-loss-of-lock-alarm", "tx_cdr_lol"),
        ("rx-loss-of-signal-alarm", "rx_los"), ("rx-cdr-loss-of-lock-alarm", "rx_cdr_lol"),
    ):  # fmt: skip
        yield leaf(name, "on" if lane in module.flags.get(what, ()) else "off")


# --- neighbours ---------------------------------------------------------------------------------------------------


def hearing(world: World, device: Device) -> Iterator[tuple[Port, tuple[str, str, str, str]]]:
    """Ports that hear a neighbour: its name, port id, capabilities and port description."""
    for port in device.ordered:
        if (there := heard(world, port)) is not None:
            yield port, neighbour(world, there)


def lldp(world: World, device: Device, elapsed: int) -> str:
    head = f"{'Local Interface':<19}{'Parent Interface':<20}{'Chassis Id':<41}{'Port info':<20}System Name"
    rows = [
        f"{port.name:<19}{'-':<20}{mac(far):<41}{description:<20}{far}"
        for port, (far, _, _, description) in hearing(world, device)
    ]
    return "\n".join((head, *rows)) + "\n"


def lldp_detail(world: World, device: Device, elapsed: int) -> str:
    found = []
    for index, (port, (far, port_id, _, description)) in enumerate(hearing(world, device), 1):
        peer = world.devices.get(far)
        switch = peer is None or peer.plan.kind == "switch"
        said = DESCRIPTIONS.get(peer.plan.nos, "{}").format(peer.software) if peer is not None else ""
        able = "Bridge Router " if switch else "Station Only "
        found.append({
            "lldp-index": str(index),
            "lldp-ttl": "120",
            "lldp-timemark": f"{world.start:%a %b %e %H:%M:%S %Y}",
            "lldp-age": str(elapsed % 30),
            "lldp-local-interface": port.name,
            "lldp-local-parent-interface-name": "-",
            "lldp-local-port-id": str(505 + device.ordered.index(port)),
            "lldp-local-port-ageout-count": "0",
            "lldp-remote-chassis-id-subtype": "Mac address",
            "lldp-remote-chassis-id": mac(far),
            "lldp-remote-port-id-subtype": "Interface name" if switch else "Mac address",
            "lldp-remote-port-id": port_id,
            "lldp-remote-port-description": description,
            "lldp-remote-system-name": far,
            "lldp-system-description": {"lldp-remote-system-description": said},
            "lldp-remote-system-capabilities-supported": able,
            "lldp-remote-system-capabilities-enabled": able,
        })  # fmt: skip
    return printed("lldp-neighbors-information", {"lldp-neighbor-information": found})


# --- class of service ---------------------------------------------------------------------------------------------


def class_of(queue: int) -> str:
    return CLASSES.get(queue, f"class-{queue}")


def profile(lossless: frozenset[int]) -> str:
    """The congestion notification profile that turns PFC on for some priorities."""
    return "cnp-" + "".join(map(str, sorted(lossless)))


def pausing(device: Device) -> list[frozenset[int]]:
    return sorted({port.lossless for port in device.ports if port.lossless}, key=sorted)


def congestion(world: World, device: Device, elapsed: int) -> str:
    lines = []
    for index, lossless in enumerate(pausing(device)):
        lines += [f"Type: Input, Name: {profile(lossless)}, Index: {60305 + index}", "Priority     PFC"]
        lines += [f"  {n:03b}          {'Enabled' if n in lossless else 'Disabled'}" for n in range(QUEUES)]
    return "\n".join(lines) + "\n" if lines else ""


def cos_ports(world: World, device: Device, elapsed: int) -> str:
    lines = []
    for index, port in enumerate(device.ordered):
        on = f"Enabled, Name: {profile(port.lossless)}, Index: 60305" if port.lossless else "Disabled"
        lines += [
            f"Physical interface: {port.name}, Index: {1008 + index}",
            f"Maximum usable queues: 8, Queues in use: {len(CLASSES)}",
            "Exclude aggregate overhead bytes: disabled",
            "Logical interface aggregate statistics: disabled",
            f"  Scheduler map: sm-{port.wred}, Index: 7",
            f"  Congestion-notification: {on}",
            "",
            f"  Logical interface: {port.name}.0, Index: {2000 + index}",
            "Object                  Name                   Type                    Index",
            f"{'Classifier':<24}{port.dscp_map:<23}{'dscp':<23}{9:>6}",
            "",
        ]
    return "\n".join(lines) + "\n"


def classes(world: World, device: Device, elapsed: int) -> str:
    lines = ["Forwarding class                       ID      Queue  Policing priority   No-Loss   PFC priority"]
    for queue in range(QUEUES):
        lossless = queue == LOSSLESS
        lines.append(
            f"  {class_of(queue):<36}{queue:>3}{queue:>9}          normal         "
            f"{'Enabled' if lossless else 'Disabled':<10}{queue if lossless else ''}"
        )
    return "\n".join(lines) + "\n"


def classifiers(world: World, device: Device, elapsed: int) -> str:
    lines = []
    for index, (name, table) in enumerate(device.maps.items()):
        lines += [
            f"Classifier: {name}, Code point type: dscp, Index: {9 + index}",
            "  Code point         Forwarding class                    Loss priority",
            *(f"  {dscp:06b}             {class_of(queue):<36}low         " for dscp, queue in sorted(table.items())),
        ]
    return "\n".join(lines) + "\n"


def levels(device: Device, name: str) -> Sequence[tuple[int, int]]:
    """Fill levels in percent of the buffer, with the probability there."""
    held, whole = device.wred[name], max(1, device.platform.buffer_bytes // 64)
    low, high = (min(100, int(Decimal(100 * bytes_) / whole)) for bytes_ in (held.low, held.high))
    return (low, 0), (max(low, high), held.percent)


def profiles(world: World, device: Device, elapsed: int) -> str:
    lines = [
        "Drop profile: <default-drop-profile>, Type: discrete, Index: 1", "  Fill level    Drop probability",
        "         100                 100",
    ]  # fmt: skip
    for index, name in enumerate(device.wred):
        lines += [f"Drop profile: dp-{name}, Type: interpolated, Index: {2989 + index}"]
        lines += ["  Fill level    Drop probability"]
        lines += [f"  {fill:>10}{probability:>20}" for fill, probability in levels(device, name)]
    return "\n".join(lines) + "\n"


def maps_in_use(device: Device) -> list[str]:
    return sorted({port.wred for port in device.ports} | set(device.wred))


def scheduler(queue: int, wred: str) -> str:
    return f"s-{class_of(queue)}-{wred}" if queue == LOSSLESS else f"s-{class_of(queue)}"


def schedulers(world: World, device: Device, elapsed: int) -> str:
    lines = []
    for index, name in enumerate(maps_in_use(device)):
        lines += [f"Scheduler map: sm-{name}, Index: {28224 + index}", ""]
        for queue in range(QUEUES):
            drop = f"dp-{name}" if queue == LOSSLESS and name in device.wred else "<default-drop-profile>"
            priority = "strict-high" if queue == 6 else "low"
            rate = {LOSSLESS: "50 percent", 6: "unspecified"}.get(queue, "7 percent")
            lines += [
                f"  Scheduler: {scheduler(queue, name)}, Forwarding class: {class_of(queue)}, Index: {9240 + queue}",
                f"    Transmit rate: {rate}, Rate Limit: none, Buffer size: remainder, Buffer Limit: none,"
                f" Priority: {priority}",
                "    Excess Priority: unspecified",
                "    Drop profiles:",
                "      Loss priority   Protocol    Index    Name",
                *(
                    f"      {loss:<16}{'any':<12}{2989 if drop.startswith('dp') else 1:>5}    {drop}"
                    for loss in ("Low", "Medium low", "Medium high", "High")
                ),
                "",
            ]
    return "\n".join(lines) + "\n"


def hashing(world: World, device: Device, elapsed: int) -> str:
    rows = {
        "Hash-Mode": "layer2-payload", "Protocol": "Yes", "Destination L4 Port": "Yes", "Source L4 Port": "Yes",
        "Destination IPv4 Addr": "Yes", "Source IPv4 Addr": "Yes", "Vlan id": "No",
    }  # fmt: skip
    return "\n".join(f"{label:<24}:{value}" for label, value in rows.items()) + "\n"


# --- configuration ------------------------------------------------------------------------------------------------


def settings_of_ports(world: World, device: Device, elapsed: int) -> str:
    lines = []
    for cage in sorted(device.cages, key=number):
        base = f"set interfaces {cage.ports[0].name.partition(':')[0]}"
        if len(cage.ports) > 1:
            lines.append(f"{base} number-of-sub-ports {len(cage.ports)}")
        lines.append(f"{base} speed {cage.ports[0].gbps}g")
        for port in cage.ports:
            own = f"set interfaces {port.name}"
            lines.append(f"{own} mtu {port.mtu}")
            if not port.admin:
                lines.append(f"{own} disable")
            if port.fec in ("rs", "fc", "none"):
                lines.append(f"{own} gigether-options fec {fec(port, port.fec).lower()}")
    return "\n".join(lines) + "\n"


def settings_of_classes(world: World, device: Device, elapsed: int) -> str:
    top = "set class-of-service"
    lines = []
    for name, table in device.maps.items():
        for dscp, queue in sorted(table.items()):
            own = f"{top} classifiers dscp {name} forwarding-class {class_of(queue)}"
            lines.append(f"{own} loss-priority low code-points {dscp:06b}")
    for name in device.wred:
        for fill, probability in levels(device, name):
            lines.append(f"{top} drop-profiles dp-{name} interpolate fill-level {fill} drop-probability {probability}")
    lines += [f"{top} forwarding-classes class {class_of(queue)} queue-num {queue}" for queue in range(QUEUES)]
    for lossless in pausing(device):
        own = f"{top} congestion-notification-profile {profile(lossless)}"
        lines += [f"{own} input ieee-802.1 code-point {n:03b} pfc" for n in sorted(lossless)]
        lines += [f"{own} pfc-watchdog watchdog-action drop"]
    for name in maps_in_use(device):
        for queue in range(QUEUES):
            own = f"{top} schedulers {scheduler(queue, name)}"
            lines.append(f"{own} priority {'strict-high' if queue == 6 else 'low'}")
            if queue == LOSSLESS and name in device.wred:
                lines.append(f"{own} explicit-congestion-notification")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def settings_of_forwarding(world: World, device: Device, elapsed: int) -> str:
    return (
        "set forwarding-options enhanced-hash-key ecmp-dlb flowlet inactivity-interval 16\n"
        "set forwarding-options enhanced-hash-key ecmp-dlb ether-type ipv4\n"
    )


COMMANDS: Final[Mapping[str, Callable[[World, Device, int], str]]] = {
    "show version": version,
    "show chassis hardware | display json": hardware,
    "show chassis environment": environment,
    "show chassis alarms": alarms,
    INTERFACES: interfaces,
    OPTICS: optics,
    "show interfaces queue": queues,
    "show lldp neighbors": lldp,
    "show lldp neighbors detail | display json": lldp_detail,
    "show class-of-service interface": cos_ports,
    "show class-of-service congestion-notification": congestion,
    "show class-of-service forwarding-class": classes,
    "show class-of-service classifier": classifiers,
    "show class-of-service drop-profile": profiles,
    "show class-of-service scheduler-map": schedulers,
    "show forwarding-options enhanced-hash-key": hashing,
    "show configuration interfaces | display set": settings_of_ports,
    "show configuration class-of-service | display set": settings_of_classes,
    "show configuration forwarding-options | display set": settings_of_forwarding,
    "show chassis pic fpc-slot 0 pic-slot 0": pic,
}
