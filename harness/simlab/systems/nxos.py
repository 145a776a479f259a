"""What a simulated Cisco NX-OS switch answers.

``answer(world, device, command, elapsed)`` is the text of one command so many seconds after the world began, None for
one that this switch does not know.  Priority flow control, queues and the environment follow public captures, and
``show class-map`` is from recall; the other formats are those of recordings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from ...decode import codes
from ...units import DARK_DBM
from ..pages import drifted
from ..world import LANES, Device, Lane, Module, Port, World, Wred, mac, share
from .sonic import heard, neighbour

WIDE: Final = "-" * 80
LEGAL: Final = (
    "Cisco Nexus Operating System (NX-OS) Software\nTAC support: http://www.cisco.com/tac\n"
    "Copyright (C) 2002-2026, Cisco and/or its affiliates.\nAll rights reserved.\n"
)
WORDS: Final = {"rs": "Rs-fec", "fc": "Fc-fec", "none": "off", "auto": "auto", "": "auto"}
CONFIGURED: Final = {"rs": "rs-fec", "fc": "fc-fec", "none": "off", "auto": "auto", "": "auto"}
MONITORED: Final = ("show interface transceiver details",)
"""What a soak asks for beside the counters."""
TWICE: Final = (
    "show interface priority-flow-control detail",
    "show queuing pfc-queue detail",
    "show queuing interface",
    *MONITORED,
)
"""What is recorded a second time."""
BALANCING: Final = (
    "show running-config"
    ' | egrep "^version |^hardware profile dlb|^ +dlb-interface |^ +mode (flowlet|per-packet|policy-driven)|^line vty"'
)
UNMARKED: Final = "UNMARKED"
"""The queuing policy of a port whose lossless queue does not mark."""

GROUPS: Final = range(7, -1, -1)
NETWORK: Final = "PLUGFEST_NETWORK"
LOSSLESS: Final = 3
"""The qos-group whose class pauses, and the CoS that it pauses by."""

BYTES_PER_METRE: Final = 5
UP_DAYS: Final = 3


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
    return MONITORED


def short(name: str) -> str:
    return name.replace("Ethernet", "Eth", 1)


def dotted(address: str) -> str:
    """``02:1c:…`` as NX-OS writes an address."""
    digits = address.replace(":", "")
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"


def is_up(port: Port) -> bool:
    """A port whose module the switch refuses is down."""
    return port.up and (port.module is None or port.module.error == "OK")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=4) + "\n"


def _rows(rows: Sequence[Mapping[str, Any]]) -> Any:
    """One row is an object, several are a list."""
    return rows[0] if len(rows) == 1 else list(rows)


# --- the device ---------------------------------------------------------------------------------------------------


def version(world: World, device: Device, elapsed: int) -> str:
    built = world.start - timedelta(days=120)
    image = f"bootflash:///nxos64-cs.{device.software.replace('(', '.').replace(')', '.')}F.bin"
    hours, rest = divmod(elapsed, 3600)
    return _json(
        {
            "header_str": LEGAL,
            "bios_ver_str": "01.08",
            "kickstart_ver_str": device.software,
            "release_type": "Feature Release",
            "nxos_ver_str": device.software,
            "bios_cmpl_time": f"{built:%m/%d/%Y}",
            "kick_file_name": image,
            "nxos_file_name": image,
            "kick_cmpl_time": f"{built:%m/%d/%Y %H:%M:%S}",
            "nxos_cmpl_time": f"{built:%m/%d/%Y %H:%M:%S}",
            "kick_tmstmp": f"{built:%m/%d/%Y %H:%M:%S}",
            "nxos_tmstmp": f"{built:%m/%d/%Y %H:%M:%S}",
            "chassis_id": f"cisco {model(device)} Chassis",
            "cpu_name": "Intel(R) Xeon(R) CPU D-1633N @ 2.50GHz",
            "memory": "32773344",
            "mem_type": "kB",
            "proc_board_id": device.serial,
            "host_name": device.name,
            "bootflash_size": "115343360",
            "kern_uptm_days": str(UP_DAYS),
            "kern_uptm_hrs": str(hours),
            "kern_uptm_mins": str(rest // 60),
            "kern_uptm_secs": str(rest % 60),
            "rr_usecs": "104522",
            "rr_ctime": f"{world.start - timedelta(days=UP_DAYS):%a %b %d %H:%M:%S %Y}",
            "rr_reason": "Reset Requested by CLI command reload",
            "rr_sys_ver": device.software,
            "rr_service": None,
            "plugins": "Core Plugin, Ethernet Plugin",
            "manufacturer": "Cisco Systems, Inc.",
            "TABLE_package_list": {"ROW_package_list": {"package_id": None}},
        }
    )


def model(device: Device) -> str:
    return device.plan.platform or "N9K"


def inventory(world: World, device: Device, elapsed: int) -> str:
    chassis = f"Nexus9000 {model(device)} Chassis"
    rows = [
        _part("Chassis", chassis, model(device), "V01", device.serial),
        _part("Slot 1", f"{len(device.cages)} cages Ethernet Module", model(device), "V01", device.serial),
    ]
    rows += [
        _part(f"Power Supply {n}", f"{chassis} Power Supply", "NXA-PAC-3KW-PI", "V01", f"{device.serial}P{n}")
        for n in range(1, supplies(device) + 1)
    ]
    rows += [_part(f"Fan {n}", f"{chassis} Fan Module", "NXA-FAN-160CFM-PI", "V01", "N/A") for n in range(1, 5)]
    rows += [
        _part(port.name, port.module.vendor, None, port.module.number, port.module.serial)
        for port in device.ordered
        if port.module is not None
    ]
    return _json({"TABLE_inv": {"ROW_inv": _rows(rows)}})


def _part(name: str, desc: str, product: str | None, version_id: str, serial: str) -> dict[str, str | None]:
    return {"name": name, "desc": desc, "productid": product, "vendorid": version_id, "serialnum": serial}


def supplies(device: Device) -> int:
    return device.plan.supplies or 2


def environment(world: World, device: Device, elapsed: int) -> str:
    count = supplies(device)
    capacity = device.plan.supply_watts or Decimal(3000)
    lines = ["Power Supply:", "Voltage: 12 Volts"]
    lines += [
        "Power                             Actual      Actual        Total",
        "Supply    Model                   Output      Input      Capacity    Status",
        "                                (Watts )    (Watts )     (Watts )",
        "-------  -------------------  ----------  ----------  ----------  --------------",
    ]
    drawn = (device.plan.asic_watts or Decimal(600)) + (device.plan.fan_watts or Decimal(200))
    for n in range(1, count + 1):
        given = int(drawn / count) + int(share(device.name, n, "psu") * 9)
        lines.append(
            f"{n}        NXA-PAC-3KW-PI       {given:>8} W  {given * 105 // 100:>8} W  {int(capacity):>8} W     Ok"
        )
    line = "-" * 75
    lines += ["", "", "Fan:", line, "Fan             Model                Hw     Direction       Status", line]
    lines += [f"Fan{n}(sys_fan{n})  NXA-FAN-160CFM-PI    --     front-to-back   Ok" for n in range(1, 5)]
    lines += ["Fan Zone Speed: Zone 1: 0x80", "Fan Air Filter : NotSupported", "", "", "Temperature:", "-" * 68]
    lines += [
        "Module   Sensor        MajorThresh   MinorThres   CurTemp     Status",
        "                       (Celsius)     (Celsius)    (Celsius)",
        "-" * 68,
    ]
    for name, major, minor, usual in (
        ("FRONT", 80, 70, 24),
        ("BACK", 70, 42, 26),
        ("CPU", 90, 80, 41),
        ("ASIC", 110, 90, 52),
    ):
        now = usual + int(share(device.name, name) * 4)
        lines.append(f"1        {name:<14}{major:<16}{minor:<13}{now:<11}Ok")
    return "\n".join(lines) + "\n"


# --- ports --------------------------------------------------------------------------------------------------------


def interface(world: World, device: Device, elapsed: int) -> str:
    return "\n".join(_interface(world, device, port, elapsed) for port in device.ordered) + "\n"


def reason(port: Port) -> str:
    """Why a port is down."""
    if port.module is None:
        return "XCVR not inserted"
    if port.module.error != "OK":
        return port.module.error
    return "Link not connected" if port.admin else "Administratively down"


def _interface(world: World, device: Device, port: Port, elapsed: int) -> str:
    up = is_up(port)
    address = dotted(mac(device.name, port.name))
    rate = f"full-duplex, {port.gbps} Gb/s, media type is {port.gbps}G" if up else "auto-duplex, auto-speed"
    since = ago(elapsed - port.last_change(elapsed)) if up or port.downs(elapsed) else "never"
    pauses = frames(port, "rx", elapsed), frames(port, "tx", elapsed)
    flow = "on" if port.link_pause else "off"
    lines = [
        f"{port.name} is up" if up else f"{port.name} is down ({reason(port)})",
        f"admin state is {'up' if port.admin else 'down'}, Dedicated Interface",
        f"  Hardware: 400000/800000 Ethernet, address: {address} (bia {address})",
        *([f"  Description: to {port.peer[0]}"] if port.peer else []),
        f"  MTU {port.mtu} bytes, BW {port.gbps * 10**6} Kbit , DLY 10 usec",
        "  reliability 255/255, txload 1/255, rxload 1/255",
        "  Encapsulation ARPA, medium is broadcast",
        f"  {rate}",
        "  Beacon is turned off",
        f"  Auto-Negotiation is turned off  FEC mode is {WORDS[port.fec].capitalize()}",
        f"  Input flow-control is {flow}, output flow-control is {flow}",
        "  Auto-mdix is turned off",
        "  Switchport monitor is off ",
        "  EtherType is 0x8100 ",
        "  EEE (efficient-ethernet) : n/a",
        f"    admin fec state is {WORDS[port.fec]}, oper fec state is {WORDS[port.fec_runs] if up else 'auto'}",
        f"  Last link flapped {since}",
        '  Last clearing of "show interface" counters never',
        f"  {1 + port.downs(elapsed)} interface resets",
        "  Load-Interval #1: 30 seconds",
        "    30 seconds input rate 544 bits/sec, 0 packets/sec",
        "    30 seconds output rate 552 bits/sec, 0 packets/sec",
        "    input rate 544 bps, 0 pps; output rate 552 bps, 0 pps",
        "  RX",
        "    0 unicast packets  0 multicast packets  0 broadcast packets",
        "    0 input packets  0 bytes",
        "    0 jumbo packets  0 storm suppression bytes",
        "    0 runts  0 giants  0 CRC  0 no buffer",
        "    0 input error  0 short frame  0 overrun   0 underrun  0 ignored",
        "    0 watchdog  0 bad etype drop  0 bad proto drop  0 if down drop",
        "    0 input with dribble  0 input discard",
        f"    {sum(pauses[0].values())} Rx pause",
        "    0 Stomped CRC",
        "  TX",
        "    0 unicast packets  0 multicast packets  0 broadcast packets",
        "    0 output packets  0 bytes",
        "    0 jumbo packets",
        "    0 output error  0 collision  0 deferred  0 late collision",
        "    0 lost carrier  0 no carrier  0 babble  0 output discard",
        f"    {sum(pauses[1].values())} Tx pause",
    ]
    return "\n".join(lines) + "\n"


def ago(seconds: int) -> str:
    """How long ago the link flapped last: hours, minutes and seconds within a day."""
    if seconds < 86_400:
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{seconds // 86_400}d{seconds // 3600 % 24:02}h"


def breakout(world: World, device: Device, elapsed: int) -> str:
    lines = ["", WIDE, "Parent                     Breakout Map    Breakout Ports", WIDE]
    for cage in device.cages:
        count, _, rate = cage.mode.partition("[")[0].partition("x")
        if int(count) > 1:
            parent = short(re.sub(r"^(Ethernet\d+/\d+)/\d+$", r"\1", cage.ports[0].name))
            lines.append(f"{parent:<26} {rate.lower() + '-' + count + 'x':<15} {parent}/1-{count}")
    return "\n".join(lines) + "\n"


# --- modules ------------------------------------------------------------------------------------------------------


def transceivers(world: World, device: Device, elapsed: int) -> str:
    return "\n".join(_transceiver(port, elapsed) for port in device.ordered)


def _transceiver(port: Port, elapsed: int) -> str:
    if port.module is None:
        return f"{port.name}\n    transceiver is not present\n"
    module = drifted(port.module.now(elapsed), elapsed)
    lines = [port.name, *(f"    {line}" for line in _identity(port, module)), ""]
    if module.flat or not module.lanes:
        lines.append("DOM is not supported")
    else:
        own = [module.lanes[lane - 1] for lane in port.lanes if lane <= len(module.lanes)]
        for number, lane in enumerate(own, 1):
            lines += _lane(module, number, lane)
    return "\n".join(lines) + "\n"


def _identity(port: Port, module: Module) -> Iterator[str]:
    """The lines of a module's identity; interfaces are those of the application that runs on the port's first lane."""
    kind = module.kind
    form = codes.identifier(module.identifier)
    number = module.active[port.lanes[0] - 1][0] if port.lanes[0] <= LANES else 0
    apps = kind.apps if module.applications is None else tuple(module.applications)
    number = number if number <= len(apps) else 0
    host, media, host_count, media_count = apps[number - 1] if number else (0, 0, 0, 0)
    electrical = codes.host_interface(host) if number else None
    optical = codes.media_interface(kind.media, media) if number else None
    yield "transceiver is present"
    yield f"type is {form.short if form else 'Unknown'}-{kind.name}"
    yield f"name is {module.vendor}"
    yield f"part number is {module.number}"
    yield f"revision is {module.lot or 'A'}"
    yield f"serial number is {module.serial}"
    yield "nominal bitrate is 850000 MBit/sec per channel"
    yield f"cisco id is 0x{module.identifier:02x}"
    yield f"firmware version is {module.firmware}"
    if kind.smf_m:
        yield f"Link length SMF is {Decimal(kind.smf_m) / 1000} km"
    if kind.near_nm:
        yield f"Nominal transmitter wavelength is {kind.near_nm[0]:.2f} nm"
    if number and not module.flat:
        yield f"host lane count is {host_count}"
        yield f"media lane count is {media_count}"
    yield f"vendor OUI is {module.oui.replace('-', '').lower()}"
    yield f"date code is {module.date_code}"
    yield f"power class is 8 ({module.watts:.1f} W maximum)"
    yield f"max power is {module.watts:.2f} W"
    yield "near-end lanes used none"
    yield "far-end lane code for 8 lanes Undefined"
    yield f"media interface is {kind.technology}"
    yield f"Advertising code is {(codes.media_type(kind.media) or 'Undefined')}"
    yield f"Host electrical interface code is {electrical.name if electrical else 'Undefined'}"
    if optical and not module.flat:
        yield f"media interface advertising code is {optical.name}"
    if not kind.optical:
        yield f"Cable Length is   {module.length_m:.1f} M"
    yield f"CMIS version is  {module.revision.partition('.')[0]}"


def _lane(module: Module, number: int, lane: Lane) -> list[str]:
    held = module.thresholds
    rule = "    " + "-" * 76
    rows = (
        ("Temperature", "temperature", module.celsius, "C", held.get("temperature_c")),
        ("Voltage", "vcc", module.volts, "V", held.get("vcc_v")),
        ("Current", "tx_bias", lane.bias, "mA", held.get("tx_bias_ma")),
        ("Tx Power", "tx_power", max(lane.tx, DARK_DBM), "dBm", held.get("tx_power_dbm")),
        ("Rx Power", "rx_power", max(lane.rx, DARK_DBM), "dBm", held.get("rx_power_dbm")),
    )
    return [
        f"Lane Number:{number} Network Lane",
        rule,
        "                Current              Alarms                  Warnings",
        "                Measurement     High        Low         High          Low",
        rule,
        *(
            _unmonitored(label) if monitor in module.unadvertised else _monitor(label, value, unit, limits)
            for label, monitor, value, unit, limits in rows
        ),
        "    Transmit Fault Count = 0",
        rule,
        "    Note: ++  high-alarm; +  high-warning; --  low-alarm; -  low-warning",
        "",
    ]


def _unmonitored(label: str) -> str:
    return f"    {label:<11}     N/A      " + "    N/A      " * 4


def _monitor(label: str, value: Decimal, unit: str, limits: tuple[Decimal, ...] | None) -> str:
    if limits is None:
        return f"    {label:<11}{value:>8.2f} {unit:<3}   " + "     N/A     " * 4
    high_alarm, low_alarm, high_warning, low_warning = limits
    marks = (
        (value > high_alarm, "++"),
        (value < low_alarm, "--"),
        (value > high_warning, "+"),
        (value < low_warning, "-"),
    )
    mark = next((mark for crossed, mark in marks if crossed), "")
    cells = "".join(f"{limit:>9.2f} {unit:<3}" for limit in (high_alarm, low_alarm, high_warning, low_warning))
    return f"    {label:<11}{value:>8.2f} {unit:<3} {mark:<2}{cells}".rstrip()


# --- quality of service -------------------------------------------------------------------------------------------


def frames(port: Port, way: str, elapsed: int) -> dict[int, int]:
    """PFC frames by priority."""
    return {priority: port.paused(way, priority, elapsed) for priority in range(8)}


def bitmap(port: Port) -> str:
    return f"{sum(1 << priority for priority in port.lossless):x}"


def pfc(world: World, device: Device, elapsed: int) -> str:
    rule = "=" * 60
    lines = [rule, "Port               Mode Oper(VL bmap)  RxPPP      TxPPP", rule, ""]
    for port in device.ordered:
        oper = f"On  ({bitmap(port)})" if port.lossless else "Off"
        mode = "On" if port.lossless else "Off"
        received, sent = (sum(frames(port, way, elapsed).values()) for way in ("rx", "tx"))
        lines.append(f"{port.name:<18} {mode:<4} {oper:<13}{received:<11}{sent}")
    return "\n".join(lines) + "\n"


def pfc_detail(world: World, device: Device, elapsed: int) -> str:
    rule = "    " + "-" * 117
    lines: list[str] = []
    for port in device.ordered:
        state = "On" if port.lossless else "Off"
        counts = {side: frames(port, side.lower(), elapsed) for side in ("Rx", "Tx")}
        lines += [
            port.name,
            f"    Admin Mode: {state}",
            f"    Oper Mode: {state}",
            f"    VL bitmap: ({bitmap(port)})",
            *(f"    Total {side} PFC Frames: {sum(counts[side].values())}" for side in ("Rx", "Tx")),
            rule,
            "        |" + "".join(f"  Priority{n}  |" for n in range(8)),
        ]
        for side in ("Rx", "Tx"):
            lines += [rule, f"    {side}  |" + "|".join(f"{counts[side][n]:<13}" for n in range(8)).rstrip()]
        lines.append("")
    return "\n".join(lines) + "\n"


def watchdog(world: World, device: Device, elapsed: int) -> str:
    rule = "+" + "-" * 52 + "+"
    lines: list[str] = []
    for port in device.ordered:
        watched = port.lossless and port.watch.on
        lines += [
            f"{port.name} Interface PFC watchdog: [{'Enabled' if watched else 'Disabled'}]",
            f"Disable-action                     : {'No' if port.watch.action == 'drop' else 'Yes'}",
            "PFC watch-dog interface-multiplier : 0",
        ]
        for priority in sorted(port.lossless):
            lines += [
                rule,
                f"| QOS GROUP {priority} [Active] PFC [YES] PFC-COS [{priority}]",
                rule,
                "|                               |  Stats             |",
                rule,
                *(f"|{label:>31}|{port.stormed(priority, elapsed):>20}|" for label in ("Shutdown", "Restored")),
                *(
                    f"|{label:>31}|{0:>20}|"
                    for label in (
                        "Total pkts drained",
                        "Total pkts dropped",
                        "Total pkts drained + dropped",
                        "Aggregate pkts dropped",
                        "Total Ingress pkts dropped",
                        "Aggregate Ingress pkts dropped",
                    )
                ),
                rule,
            ]
        lines.append("")
    return "\n".join(lines) + "\n"  # fmt: skip


def pause_buffer(device: Device, port: Port) -> tuple[int, int]:
    """The pause threshold of a no-drop class and its whole buffer, in bytes."""
    groups = max(1, sum(len(one.headroom) for one in device.ports))
    alpha = Decimal(2) ** device.alpha
    level = int(alpha * device.platform.buffer_bytes / (1 + alpha * groups))
    metres = port.cable_m if port.headroom_m is None else port.headroom_m
    room = port.gbps * (1_050 + BYTES_PER_METRE * int(metres))
    return level, level + (room if port.headroom_bytes is None else port.headroom_bytes)


def queuing(world: World, device: Device, elapsed: int) -> str:
    lines = ["slot  1", "=======", ""]
    for port in device.ordered:
        lines += ["", f"Egress Queuing for {port.name} [Interface]", "-" * 78]
        lines += [
            "QoS-Group# Bandwidth% PrioLevel                Shape                   QLimit",
            "                                   Min          Max        Units   ",
            "-" * 78,
        ]
        for group in GROUPS:
            share_of, strict = ("-", "1") if group == 7 else (str(SHARES.get(group, 0)), "-")
            lines.append(f"{group:>7}{share_of:>14}{strict:>10}           -            -     -            9(D)")
        box = "+" + "-" * 61 + "+"
        lines.append(box)
        for group in range(8):
            lines += [f"|                              QOS GROUP {group}                    |", box]
            lines += ["|                           |  Unicast       |Multicast       |", box]
            dropped = port.dropped(group, elapsed)
            for label, unicast in (
                ("Tx Pkts", 0),
                ("Tx Byts", 0),
                ("WRED/AFD & Tail Drop Pkts", dropped),
                ("WRED/AFD & Tail Drop Byts", dropped * 1024),
                ("Q Depth Byts", 0),
            ):
                lines.append(f"| {label:>25} |{unicast:>16}|{0:>16}|")
            lines.append(box)
        lines += ["Port Egress Statistics", "-" * 56, f"WRED Drop Pkts{0:>32}", ""]
        lines += [f"Ingress Queuing for {port.name}", "-" * 53, "QoS-Group#                 Pause"]
        lines += ["           Buff Size       Pause Th      Resume Th", "-" * 53]
        for group in GROUPS:
            level, size = pause_buffer(device, port) if group in port.headroom else (0, 0)
            cells = (str(size), str(level), str(max(0, level - 1664))) if size else ("-", "-", "-")
            lines.append(f"{group:>7}" + "".join(f"{cell:>15}" for cell in cells))
        received, sent = (frames(port, way, elapsed) for way in ("rx", "tx"))
        lines += ["", "Per Port Ingress Statistics", "-" * 56]
        lines += [
            f"{label:<46}0"
            for label in ("Hi Priority Drop Pkts", "Low Priority Drop Pkts", "Ingress Overflow Drop Pkts")
        ]
        lines += [
            "",
            "PFC Statistics",
            "-" * 78,
            f"TxPPP: {sum(sent.values()):>20},   RxPPP: {sum(received.values()):>20}",
        ]
        lines += ["-" * 78, "PFC_COS QOS_Group   TxPause             TxCount   RxPause             RxCount"]
        lines += [f"{n:>7}{n:>10}  Inactive{sent[n]:>20}  Inactive{received[n]:>20}" for n in range(8)]
        lines.append("-" * 78)
    return "\n".join(lines) + "\n"


SHARES: Final = {3: 50, 0: 50}


def policy_of(device: Device, port: Port) -> str:
    return BY_COS if port.trust == "pcp" else f"CLASSIFY-{port.dscp_map}"


BY_COS: Final = "CLASSIFY-COS"
"""The policy of a port that classes by the priority of the VLAN tag."""


def marks(device: Device, port: Port) -> str:
    """The queuing policy of a port."""
    return port.wred if port.wred in device.wred else UNMARKED


def policies(world: World, device: Device, elapsed: int) -> str:
    lines = ["", "", "  Type qos policy-maps", "  ====================", ""]
    for name, table in device.maps.items():
        lines.append(f"  policy-map type qos CLASSIFY-{name} ")
        for group in _groups(table):
            lines += [f"    class  {name}-Q{group}", f"      set qos-group {group}"]
    if any(port.trust == "pcp" for port in device.ports):
        lines += [f"  policy-map type qos {BY_COS} ", f"    class  COS-Q{LOSSLESS}", f"      set qos-group {LOSSLESS}"]
    lines += ["", "  Type queuing policy-maps", "  ========================", ""]
    queuing_policies: dict[str, Wred | None] = {**device.wred}
    if any(port.wred not in device.wred for port in device.ports):
        queuing_policies[UNMARKED] = None
    for name, held in queuing_policies.items():
        lines.append(f"  policy-map type queuing {name} ")
        for group in GROUPS:
            lines.append(f"    class type queuing {_queue_class(group)}")
            lines.append(
                "      priority level 1" if group == 7 else f"      bandwidth remaining percent {SHARES.get(group, 0)}"
            )
            if group == LOSSLESS and held is not None:
                lines.append(
                    f"      random-detect minimum-threshold {held.low} bytes maximum-threshold {held.high} bytes "
                    f"drop-probability {held.percent} weight 0 ecn"
                )
    lines += ["", "  Type network-qos policy-maps", "  ============================"]
    lines += [f"  policy-map type network-qos {NETWORK}", f"    class type network-qos c-8q-nq{LOSSLESS}"]
    lines += [f"      match qos-group {LOSSLESS}", f"      pause pfc-cos {LOSSLESS}", "      mtu 9216"]
    return "\n".join(lines) + "\n"


def _queue_class(group: int) -> str:
    return f"c-out-8q-q{group or '-default'}"


def _groups(table: Mapping[int, int]) -> list[int]:
    """The traffic classes that code points are sent to; what is sent to none of them is in class 0."""
    return sorted({group for group in table.values() if group})


def classes(world: World, device: Device, elapsed: int) -> str:
    lines = ["", "", "  Type qos class-maps", "  ====================", ""]
    for name, table in device.maps.items():
        for group in _groups(table):
            points = ",".join(str(dscp) for dscp in sorted(table) if table[dscp] == group)
            lines += [f"    class-map type qos match-any {name}-Q{group}", f"      match dscp {points}"]
    if any(port.trust == "pcp" for port in device.ports):
        lines += [f"    class-map type qos match-any COS-Q{LOSSLESS}", f"      match cos {LOSSLESS}"]
    lines += ["    class-map type qos match-any class-default", "      match any"]
    lines += ["", "  Type queuing class-maps", "  ========================", ""]
    for group in GROUPS:
        lines += [f"    class-map type queuing match-any {_queue_class(group)}"]
        lines += [f"      Description: Classifier for Egress queue {group}", f"      match qos-group {group}"]
    lines += ["", "  Type network-qos class-maps", "  ============================="]
    lines += [f"    class-map type network-qos match-any c-8q-nq{LOSSLESS}", f"      match qos-group {LOSSLESS}"]
    return "\n".join(lines) + "\n"


def _configuration(world: World, device: Device, command: str, elapsed: int) -> list[str]:
    now = world.start + timedelta(seconds=elapsed)
    head = [f"!Command: {command}", f"!Time: {now:%a %b %d %H:%M:%S %Y}", ""]
    return ["", *head, f"version {device.software} Bios:version 01.08 ", ""]


def _bindings(device: Device, port: Port) -> list[str]:
    return [
        f"  priority-flow-control mode {'on' if port.lossless else 'off'}",
        f"  service-policy type qos input {policy_of(device, port)}",
        f"  service-policy type queuing output {marks(device, port)}",
    ]


def port_config(world: World, device: Device, elapsed: int) -> str:
    lines = _configuration(world, device, "show running-config interface", elapsed)
    for port in device.ordered:
        lines += [
            f"interface {port.name}",
            *([f"  description to {port.peer[0]}"] if port.peer else []),
            "  no switchport",
            *_bindings(device, port),
            f"  fec {CONFIGURED[port.fec]}",
            f"  mtu {port.mtu}",
            "  no shutdown" if port.admin else "  shutdown",
            "",
        ]
    return "\n".join([*lines, "interface mgmt0", "  vrf member management"]) + "\n"


def qos_config(world: World, device: Device, elapsed: int) -> str:
    lines = _configuration(world, device, "show running-config ipqos", elapsed)
    lines += ["system qos", f"  service-policy type network-qos {NETWORK}", ""]
    for port in device.ordered:
        lines += [f"interface {port.name}", *_bindings(device, port), ""]
    return "\n".join(lines) + "\n"


def balancing(world: World, device: Device, elapsed: int) -> str:
    """The version of a configuration, and dynamic load balancing where it is configured."""
    lines = [f"version {device.software} Bios:version 01.08 "]
    if device.balancing != "ecmp":
        named = ",".join(short(port.name) for port in device.ordered if port.plan is not None)
        lines += ["hardware profile dlb", f"  dlb-interface {named}"]
        lines += ["  mode per-packet"] if device.balancing == "spraying" else []
    return "\n".join([*lines, "line vty"]) + "\n"


# --- neighbours ---------------------------------------------------------------------------------------------------


def lldp(world: World, device: Device, elapsed: int) -> str:
    heard_by = ((port, heard(world, port)) for port in device.ordered if is_up(port))
    rows = [_neighbour(world, port, there) for port, there in heard_by if there is not None]
    table = {"TABLE_nbor_detail": {"ROW_nbor_detail": _rows(rows)}} if rows else {}
    return _json({"neigh_hdr": "neigh_hdr", **table, "neigh_count": str(len(rows))})


def _neighbour(world: World, port: Port, there: tuple[str, str]) -> dict[str, str]:
    name, port_id, capabilities, description = neighbour(world, there)
    address = re.fullmatch(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", port_id) is not None
    said = ", ".join(capabilities)
    return {
        "chassis_type": "Mac Address",
        "chassis_id": dotted(mac(name)),
        "port_type": "Mac Address" if address else "Interface Name",
        "port_id": dotted(port_id) if address else port_id,
        "l_port_id": short(port.name),
        "port_desc": description,
        "sys_name": name,
        "sys_desc": "simulated",
        "ttl": "101",
        "system_capability": said,
        "enabled_capability": said,
        "mgmt_addr_type": "802",
        "mgmt_addr": dotted(mac(name, "mgmt")),
        "mgmt_addr_ipv6_type": "Address not advertised",
        "mgmt_addr_ipv6": "not advertised",
        "vlan_id": "not advertised",
        "max_framesize": "not advertised",
        "vlan_name": "not advertised",
        "link_agg_capability": "not advertised",
        "link_agg_status": "not advertised",
        "link_agg_id": "0",
    }


COMMANDS: Final[Mapping[str, Callable[[World, Device, int], str]]] = {
    "show version | json": version,
    "show inventory all | json": inventory,
    "show environment": environment,
    "show interface": interface,
    "show interface transceiver details": transceivers,
    "show interface breakout": breakout,
    "show interface priority-flow-control": pfc,
    "show interface priority-flow-control detail": pfc_detail,
    "show queuing pfc-queue detail": watchdog,
    "show queuing interface": queuing,
    "show policy-map": policies,
    "show class-map": classes,
    "show running-config interface": port_config,
    "show running-config ipqos": qos_config,
    BALANCING: balancing,
    "show lldp neighbors detail | json": lldp,
}
