"""What a simulated router with Cisco IOS-XR answers.

``answer(world, device, command, elapsed)`` is the text of one command so many seconds after the world began, None for
one that this router does not know.  ``show controllers all phy`` is one: nothing tells how it prints the pages of CMIS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ...decode import codes
from ...drivers.iosxr import (
    ETHERNET_HEADER,
    INTERFACES,
    INVENTORY,
    LLDP,
    OPTICS,
    PLATFORM,
    VERSION,
    kind_of,
    operation,
    place_of,
    selected,
)
from ..text import natural
from ..world import Cage, Device, Lane, Module, Port, World, mac, media_lanes, share
from .sonic import heard, neighbour

OPERATION: Final = re.compile(r"show controllers ([A-Za-z]+) \*")
SELECTED: Final = re.compile(r"show controllers Optics(\S+) appsel active")
UP_SECONDS: Final = 3 * 86_400 + 4 * 3_600 + 11 * 60
"""How long a router has been up when the world begins."""

FEC: Final[Mapping[str, str]] = {
    "rs": "Standard (Reed-Solomon)",
    "fc": "BASE-R",
    "none": "Disabled",
    "": "Not Configured",
}
LOST: Final = "Link loss or low light, no loopback"
UNSUPPORTED: Final = "Command not supported on this interface\n"
RULE: Final = "-" * 47
NOWHERE: Final = Decimal(-40)

CODES: Final = """Capability codes:
        (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device
        (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other
"""


def answer(world: World, device: Device, command: str, elapsed: int = 0) -> str | None:
    """The text that the router prints, its clock first."""
    known = COMMANDS.get(command)
    if known is not None:
        text = known(world, device, elapsed)
    elif found := OPERATION.fullmatch(command):
        blocks = [_operation(port, elapsed) for port in device.ordered if kind_of(port.name) == found[1]]
        if not blocks:
            return None
        text = "\n\n".join(blocks) + "\n"
    elif (found := SELECTED.fullmatch(command)) and (cage := _cage(device, found[1])):
        text = _selected(cage)
    else:
        return None
    now = world.start + timedelta(seconds=elapsed)
    return f"{clock(now)}\n{text}"


def commands(device: Device) -> tuple[str, ...]:
    """Every command that the fixtures record, in the order in which it is asked."""
    planned = [cage for cage in device.cages if any(port.plan for port in cage.ports)]
    places = (selected(place_of(cage.ports[0].name)) for cage in planned)
    return (*COMMANDS, *places, *_operations(device))


def twice(device: Device) -> tuple[str, ...]:
    """What is recorded a second time."""
    return (*_operations(device), INTERFACES, OPTICS)


def soaked(device: Device) -> tuple[str, ...]:
    """What a soak asks in every sample beside what is recorded a second time."""
    return (OPTICS,)


def _operations(device: Device) -> tuple[str, ...]:
    kinds = dict.fromkeys(kind_of(port.name) for port in device.ports if port.plan)
    return tuple(operation(kind) for kind in kinds)


def clock(now: datetime) -> str:
    return f"{now:%a %b} {now.day:2} {now:%H:%M:%S}.{now.microsecond // 1000:03} UTC"


def ago(seconds: int) -> str:
    """A time that has passed: ``12:41:34``, ``3d04h``, ``5w6d``."""
    days, rest = divmod(seconds, 86_400)
    if days >= 7:
        return f"{days // 7}w{days % 7}d"
    return f"{days}d{rest // 3600:02}h" if days else f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"


def address(*names: object) -> str:
    """A MAC address as IOS-XR writes it."""
    bare = mac(*names).replace(":", "")
    return f"{bare[:4]}.{bare[4:8]}.{bare[8:]}"


# --- the router ---------------------------------------------------------------------------------------------------


def version(world: World, device: Device, elapsed: int) -> str:
    days, rest = divmod(UP_SECONDS + elapsed, 86_400)
    chip = "Intel(R) Xeon(R) CPU D-1530 @ 2.41GHz"
    return "\n".join(
        (
            f"Cisco IOS XR Software, Version {device.software} LNT",
            "Copyright (c) 2013-2026 by Cisco Systems, Inc.",
            "",
            "Build Information:",
            " Built By     : simulated",
            f" Built On     : {world.start - timedelta(days=120):%a %b %d %H:%M:%S UTC %Y}",
            " Build Host   : plugfest",
            f" Workspace    : /auto/plugfest/{device.software}/8000/ws",
            f" Version      : {device.software}",
            f" Label        : {device.software}",
            "",
            f"cisco 8000 ({chip})",
            f"cisco {device.plan.platform} ({chip}) processor with 32GB of memory",
            f"{device.name} uptime is {days} days, {rest // 3600} hours, {rest // 60 % 60} minutes",
            f"Cisco 8000 Series {device.plan.platform}",
            "",
        )
    )


def _nodes(device: Device) -> Iterator[tuple[str, str, str, str]]:
    """Node, part, state and description of what the router consists of."""
    model = device.plan.platform or ""
    yield "0/RP0/CPU0", f"{model}(Active)", "IOS XR RUN", f"Cisco 8000 Series {model}"
    for number in range(device.plan.supplies or 2):
        yield f"0/PM{number}", "PSU2KW-ACPI", "OPERATIONAL", "2000W AC Power Module with Port-side Air Intake"
    for number in range(4):
        fan = "Cisco Fixed Routers V3 Fan with Port-side Air Intake"
        yield f"0/FT{number}", "FAN-PI-V3", "OPERATIONAL", fan


def platform(world: World, device: Device, elapsed: int) -> str:
    lines = [f"{'Node':<18}{'Type':<27}{'State':<18}Config state", "-" * 80]
    lines += [f"{node:<18}{part:<27}{state:<18}NSHUT" for node, part, state, _ in _nodes(device)]
    return "\n".join(lines) + "\n"


def inventory(world: World, device: Device, elapsed: int) -> str:
    model = device.plan.platform or ""
    parts = [("Rack 0", f"Cisco 8000 Series {model}", model, device.serial)]
    parts += [
        (node, told, part.partition("(")[0], f"SIM{int(share(device.name, node) * 10**8):08}")
        for node, part, _, told in _nodes(device)
    ]
    for port in device.ordered:
        if port.module is not None and port is _first(device, port):
            parts.append(
                (port.name, f"{_form(port.module)} Pluggable Optics Module", port.module.number, port.module.serial)
            )
    return "\n".join(
        f'NAME: "{name}", DESCR: "{told}"\nPID: {part:<18} , VID: V01, SN: {serial}\n'
        for name, told, part, serial in parts
    )


def _first(device: Device, port: Port) -> Port:
    return device.cages[port.index].ports[0]


# --- ports --------------------------------------------------------------------------------------------------------


def interfaces(world: World, device: Device, elapsed: int) -> str:
    return "\n".join(_interface(port, elapsed) for port in device.ordered)


def _interface(port: Port, elapsed: int) -> str:
    state = "up" if port.up else "down" if port.admin else "administratively down"
    since = [f"  Last link flapped {ago(elapsed - port.last_change(elapsed))}"] if port.up else []
    own = address(port.device, port.name)
    rate = f"{port.gbps}000000 Kbit"
    packets = int(share(port.where, "packets") * 10**9) + 10**6 * elapsed if port.up else 0
    return "\n".join(
        (
            f"{port.name} is {state}, line protocol is {state} ",
            f"  Interface state transitions: {2 * port.downs(elapsed) + port.up}",
            f"  Hardware is {kind_of(port.name)}, address is {own} (bia {own})",
            "  Internet address is Unknown",
            f"  MTU {port.mtu + ETHERNET_HEADER} bytes, BW {rate} (Max: {rate})",
            "     reliability 255/255, txload 0/255, rxload 0/255",
            "  Encapsulation ARPA,",
            f"  Full-duplex, {port.gbps}000Mb/s, link type is force-up",
            "  output flow control is off, input flow control is off",
            "  Carrier delay (up) is 10 msec",
            "  loopback not set,",
            *since,
            "  Last input never, output never",
            '  Last clearing of "show interface" counters never',
            "  5 minute input rate 0 bits/sec, 0 packets/sec",
            "  5 minute output rate 0 bits/sec, 0 packets/sec",
            f"     {packets} packets input, {packets * 1024} bytes, 0 total input drops",
            "     0 drops for unrecognized upper-level protocol",
            "     Received 0 broadcast packets, 0 multicast packets",
            "              0 runts, 0 giants, 0 throttles, 0 parity",
            "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort",
            f"     {packets} packets output, {packets * 1024} bytes, 0 total output drops",
            "     Output 0 broadcast packets, 0 multicast packets",
            "     0 output errors, 0 underruns, 0 applique, 0 resets",
            "     0 output buffer failures, 0 output buffers swapped out",
            f"     {2 * port.downs(elapsed) + port.up} carrier transitions",
            "",
        )
    )


def _operation(port: Port, elapsed: int) -> str:
    why = "" if port.up else f" (Reason: {LOST if port.admin else 'Link is shutdown'})"
    own = address(port.device, port.name)
    seen = port.counted(elapsed)
    runs = port.fec_runs if port.up else port.fec
    return "\n".join(
        (
            f"Operational data for interface {port.name}:",
            "",
            "State:",
            f"    Administrative state: {'enabled' if port.admin else 'disabled'}",
            f"    Operational state: {'Up' if port.up else 'Down'}{why}",
            f"    LED state: {'Green On' if port.up else 'Off'}",
            "",
            "Phy:",
            *_phy(port),
            "    Statistics:",
            "        FEC:",
            f"            Corrected Codeword Count: {seen.corrected}",
            f"            Uncorrected Codeword Count: {seen.uncorrected}",
            "",
            "MAC address information:",
            f"    Operational address: {own}",
            f"    Burnt-in address: {own}",
            "",
            "Autonegotiation disabled.",
            *_pfc(port, elapsed),
            "Operational values:",
            f"    Speed: {port.gbps}Gbps",
            "    Duplex: Full Duplex",
            "    Flowcontrol: None",
            f"    Priority flow control: {'None' if not port.lossless else 'Enabled'}",
            "    Loopback: None (or external)",
            f"    MTU: {port.mtu + ETHERNET_HEADER}",
            f"    MRU: {port.mtu + ETHERNET_HEADER}",
            f"    Forward error correction: {FEC[runs]}",
        )
    )


def _phy(port: Port) -> Iterator[str]:
    module = port.module
    if module is None:
        yield from ("    Media type: Not known", "    No optics present")
        return
    yield f"    Media type: {port.gbps}G over {len(port.lanes)} lane optics"
    yield "    Optics:"
    yield f"        Vendor: {module.vendor}"
    yield f"        Part number: {module.number}"
    yield f"        Serial number: {module.serial}"
    lanes = media_lanes(port)
    yield f"        Wavelength: {lanes[0].wavelength if lanes else 0:.0f} nm"
    yield "    Digital Optical Monitoring:"
    yield f"        Transceiver Temp: {module.celsius:.3f} C"
    yield f"        Transceiver Voltage: {module.volts:.3f} V"


def _pfc(port: Port, elapsed: int) -> Iterator[str]:
    counts = {side: [port.paused(side.lower(), n, elapsed) for n in range(8)] for side in ("Rx", "Tx")}
    classes = "".join(f"{n:>{8 if not n else 9}}" for n in range(8))
    zeros = "".join(f"{0:>{8 if not n else 9}}" for n in range(8))
    yield f"Priority flow control information for interface {port.name}:"
    yield from ("", "", "Priority Flow Control:")
    yield f"    Total Rx PFC Frames   : {sum(counts['Rx'])}"
    yield f"    Total Tx PFC Frames   : {sum(counts['Tx'])}"
    yield "    Total Rx Dropped Data Frames: 0"
    yield "    CoS  Status  Rx PFC Frames   Tx PFC Frames"
    yield "    ---  ------  --------------  -------------"
    for n in range(8):
        state = "on" if n in port.lossless else "off"
        yield f"      {n}  {state:<4}{counts['Rx'][n]:>18}{counts['Tx'][n]:>16}"
    yield from (
        "",
        "",
        "Priority flow control watchdog configuration:",
        "(D) : Default value",
        "U : Unconfigured",
        "-" * 80,
    )
    yield f"{'':7}Configuration Item           Global  Interface Effective"
    yield "-" * 80
    for item, value in (
        ("PFC watchdog state", "Enabled(D)"),
        ("Poll interval", "100(D)"),
        ("Shutdown multiplier", "1(D)"),
        ("Auto-restore multiplier", "10(D)"),
    ):
        yield f"    {item:<29}:{'U':>9}{'U':>9}{value:>12}"
    yield from ("", "", "Priority flow control watchdog statistics:", "SAR: Auto restore and shutdown", "-" * 97)
    yield f"Traffic Class            :{classes}"
    yield "-" * 97
    for row in (
        "Watchdog Events", "Shutdown Events", "Auto Restore Events", "SAR Events", "SAR Instantaneous Events",
        "Total Dropped Packets", "Dropped Packets",
    ):  # fmt: skip
        yield f"{row:<25}:{zeros}"
    yield from ("", "", "Priority flow control watchdog state machine state:", "D - Disabled", "M - Monitoring")
    yield from ("S - Waiting For Shutdown", "R - Waiting to Restore", "-" * 62, "PFC Watchdog      : Enabled")
    yield from ("Watchdog SM state :  Traffic Class", f"{'':20}7 6 5 4 3 2 1 0")
    yield f"{'':20}{' '.join('M' if n in port.lossless else '-' for n in range(7, -1, -1))}"
    yield from ("", "")


def neighbours(world: World, device: Device, elapsed: int) -> str:
    blocks = []
    for port in device.ordered:
        there = heard(world, port)
        if there is None:
            continue
        name, port_id, capabilities, described = neighbour(world, there)
        peer = world.devices.get(name)
        said = "B,R" if capabilities == "BR" else "S"
        chassis = address(name)
        blocks.append(
            "\n".join(
                (
                    "-" * 48,
                    f"Local Interface: {port.name}",
                    f"Chassis id: {chassis}",
                    f"Port id: {port_id}",
                    f"Port Description: {described}",
                    f"System Name: {name}",
                    "",
                    "System Description: ",
                    peer.description if peer is not None else "",
                    "",
                    "Time remaining: 98 seconds",
                    "Hold Time: 120 seconds",
                    f"System Capabilities: {said}",
                    f"Enabled Capabilities: {said}",
                    "Management Addresses - not advertised",
                    "",
                    "",
                )
            )
        )
    return "\n".join((CODES, *blocks, f"Total entries displayed: {len(blocks)}", ""))


# --- modules ------------------------------------------------------------------------------------------------------


def _cage(device: Device, place: str) -> Cage | None:
    return next((cage for cage in device.cages if place_of(cage.ports[0].name) == place), None)


def _form(module: Module) -> str:
    """The form factor by its identifier."""
    known = codes.identifier(module.identifier)
    return known.short if known else "Unknown"


def optics(world: World, device: Device, elapsed: int) -> str:
    cages = sorted(device.cages, key=lambda cage: natural(place_of(cage.ports[0].name)))
    return f"{RULE}\n".join("\n".join(_optics(cage, elapsed)) + "\n" for cage in cages)


def _optics(cage: Cage, elapsed: int) -> Iterator[str]:
    module = cage.ports[0].module
    up = any(port.up for port in cage.ports)
    yield f" Port:    Optics{place_of(cage.ports[0].name)}"
    yield ""
    yield f" Controller State: {'Up' if module else 'Down'}"
    yield from ("", " Transport Admin State: In Service", "", f" Laser State: {'On' if up else 'Off'}", "")
    yield from (" Host Squelch Status: Enable", "", " Media linkdown preFEC degrade : Disabled", "")
    if module is None:
        yield "\t Optics not present"
        yield "\t Optics Type: Unavailable"
        yield (
            "\t DWDM Carrier Info: Unavailable, MSA ITU Channel= Unavailable, Frequency= Unavailable , "
            "Wavelength= Unavailable"
        )
        yield from ("\t TX Power = Unavailable", "\t RX Power = Unavailable")
        return
    module = module.now(elapsed)
    fec = "FEC ENABLED" if any(port.fec in ("rs", "fc") for port in cage.ports) else "FEC DISABLED"
    flat = module.flat or not module.lanes
    yield from (f" LED State: {'Green' if up else 'Off'}", "", f" FEC State: {fec}", "")
    yield from (f" Power Mode: {'High' if module.state == 'ModuleReady' else 'Low'}", "")
    yield from (f" Dom Data Status: {'Not Applicable' if flat else 'Ready'}", "")
    first = cage.ports[0]
    yield from (f" Last link flapped: {ago(elapsed - first.changed + first.counting)}", "", " Optics Status", "")
    name = f"{_form(module)} {module.kind.name}"
    yield f"\t Optics Type:  {name}"
    yield f"\t Wavelength = {module.lanes[0].wavelength if module.lanes else 0:.2f} nm"
    yield from ("\t Loopback Host : None", "\t Loopback Media : None", "", "\t Alarm Status:", "\t -------------")
    yield from _alarms(module)
    yield from ("", "\t LOS/LOL/Fault Status:", *_faults(module), "", "")
    yield from ("\t Performance Monitoring: Disable", "", "\t THRESHOLD VALUES", "\t ----------------", "")
    yield from _thresholds(module, flat=flat)
    yield from ("", "\t Polarization parameters not supported by optics", "")
    yield "\t Lane  Laser Bias    TX Power    RX Power  Output Frequency"
    yield "\t ----  ----------  ----------  ----------  ----------------"
    for number, lane in enumerate(module.lanes or [None] * module.host_lanes):
        yield _lane(number, lane)
    celsius, volts = (Decimal(0), Decimal(0)) if flat else (_drift(module, elapsed), module.volts)
    yield from ("", f"\t Temperature = {celsius:.2f} Celsius", f"\t Voltage = {volts:.2f} V", "")
    yield from (" Transceiver Vendor Details", "")
    for label, value in (
        ("Form Factor", _form(module)),
        ("Optics type", name),
        ("Name", module.vendor),
        ("OUI Number", module.oui.replace("-", ".")),
        ("Part Number", module.number),
        ("Rev Number", module.lot or "A"),
        ("Serial Number", module.serial),
        ("PID", module.number),
        ("VID", "V01"),
    ):
        yield f"\t {label:<23}: {value}"
    if not flat:
        yield f"\t {'Firmware Version':<23}: Major.Minor.Build"
        yield f"\t\t {'Active':<15}: {module.firmware}"
        yield f"\t\t {'Inactive':<15}: {module.firmware}"
    date = module.date_code
    yield f"\t {'Date Code(yy/mm/dd)':<23}: {date[:2]}/{date[2:4]}/{date[4:6]}"
    yield ""


def _drift(module: Module, elapsed: int) -> Decimal:
    """The temperature, which moves a little unless the monitor is stuck."""
    return module.celsius if module.stuck else module.celsius + Decimal(elapsed % 7) / 50


def _alarms(module: Module) -> Iterator[str]:
    words = [
        f"{side.upper()}-{way.upper()}{lane}{'_LBC' if monitor == 'bias' else '-PWR'}"
        for way, monitor in (("rx", "power"), ("tx", "power"), ("tx", "bias"))
        for side in ("low", "high")
        for lane in sorted(module.flags.get(f"{way}_{monitor}_{side}_alarm", ()))
    ]
    if not words:
        yield "\t Detected Alarms: None"
        return
    yield "\t Detected Alarms:"
    for at in range(0, len(words), 4):
        yield "\t\t " + "   ".join(words[at : at + 4])


def _faults(module: Module) -> Iterator[str]:
    """Without lanes: a module has light or has not."""
    names = {
        "rx_los": "RX-LOS",
        "rx_cdr_lol": "RX-LOL",
        "tx_los": "TX-LOS",
        "tx_cdr_lol": "TX-LOL",
        "tx_fault": "TX-FAULT",
    }
    words = [word for name, word in names.items() if module.flags.get(name)]
    if words:
        yield f"\t Detected LOS/LOL/FAULT: {'   '.join(words)}"


def _thresholds(module: Module, *, flat: bool) -> Iterator[str]:
    yield "\t Parameter                 High Alarm  Low Alarm  High Warning  Low Warning"
    yield "\t ------------------------  ----------  ---------  ------------  -----------"
    for label, name, places in (
        ("Rx Power Threshold(dBm)", "rx_power_dbm", 1),
        ("Tx Power Threshold(dBm)", "tx_power_dbm", 1),
        ("LBC Threshold(mA)", "tx_bias_ma", 2),
        ("Temp. Threshold(celsius)", "temperature_c", 2),
        ("Voltage Threshold(volt)", "vcc_v", 2),
    ):
        values = (Decimal(0),) * 4 if flat else module.thresholds[name]
        cells = "".join(f"{value:>{size}.{places}f}" for value, size in zip(values, (10, 11, 14, 13), strict=True))
        yield f"\t {label:<24}  {cells}"


def _lane(number: int, lane: Lane | None) -> str:
    bias, tx, rx = (Decimal(0),) * 3 if lane is None else (lane.bias, max(lane.tx, NOWHERE), max(lane.rx, NOWHERE))
    return f"\t {number:>4}{f'{bias:.1f} mA':>12}{f'{tx:.2f} dBm':>12}{f'{rx:.2f} dBm':>12}       N/A"


def _selected(cage: Cage) -> str:
    """The Application of the cage's first port; other ports of it run the same."""
    module = cage.ports[0].module
    number = next((app for app, _ in module.active if app), 0) if module is not None else 0
    if module is None or not number:
        return UNSUPPORTED
    host, media, wide, narrow = module.kind.apps[number - 1]
    rows = (
        ("Instance", "1"), ("App-ID", str(number)), ("Host-ID", f"{host}  {_named(host)}"),
        ("Media-ID", f"{media}  Unknown"),
        ("Host Lane Count", str(wide)), ("Media Lane Count", str(narrow)), ("Host Lane Assign", "0x1"),
        ("Media Lane Assign", "0x1"),
    )  # fmt: skip
    return "\n" + "\n".join(f" {label:<19}:{value}" for label, value in rows) + "\n"


def _named(host: int) -> str:
    known = codes.host_interface(host)
    return known.name if known else "Unknown"


COMMANDS: Final[Mapping[str, Callable[[World, Device, int], str]]] = {
    VERSION: version,
    PLATFORM: platform,
    INVENTORY: inventory,
    INTERFACES: interfaces,
    LLDP: neighbours,
    OPTICS: optics,
}
