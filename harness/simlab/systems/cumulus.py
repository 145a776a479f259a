"""What a simulated switch with Cumulus Linux 4 answers: NCLU's JSON, and the Linux tools that it has.

``net show`` and ``ip`` print what recordings of them have; ethtool of that release follows the tool's own source.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from ..pages import LOWER, memory
from ..world import LINK_UP_SECONDS, Device, Port, World, mac
from . import linux

WHOLE: Final = ("net show system json", "net show lldp json", "ip -d address show")
WORDS: Final = {"rs": "RS", "none": "Off", "fc": "BaseR", "auto": "Auto"}

OfPort = Callable[[Device, Port, int], str]


def answer(world: World, device: Device, command: str, elapsed: int = 0) -> str | None:
    """The text that the switch prints; ``linux.Refused`` where a command fails, None for one that it does not know."""
    if command == "net show system json":
        return system(device, elapsed)
    if command == "net show lldp json":
        return linux.lldp(world, device)
    if command == "ip -d address show":
        return addresses(device)
    for pattern, known in OF_PORT:
        if found := pattern.fullmatch(command):
            port = next((port for port in device.ports if port.name == found[1]), None)
            if port is None:
                raise linux.Refused(f"Cannot get device {found[1]}: No such device\n")
            return known(device, port, elapsed)
    return None


def commands(device: Device) -> tuple[str, ...]:
    """Every command that the fixtures record, in the order in which it is asked."""
    asked = list(WHOLE)
    for port in planned(device):
        asked += [f"ethtool {port.name}", f"ethtool -a {port.name}", fec_command(port)]
        asked.append(f"cat /sys/class/net/{port.name}/carrier_changes")
    return (*asked, *dumps(device))


def twice(device: Device) -> tuple[str, ...]:
    """What is recorded a second time."""
    counted = (
        command
        for port in planned(device)
        for command in (fec_command(port), f"cat /sys/class/net/{port.name}/carrier_changes")
    )
    return (*counted, *dumps(device))


def planned(device: Device) -> list[Port]:
    """The ports that the lab file declares."""
    return [port for port in device.ports if port.plan is not None]


def dumps(device: Device) -> list[str]:
    heads = (cage.ports[0] for cage in device.cages if cage.ports[0].plan is not None)
    return [f"sudo ethtool -m {port.name} hex on" for port in heads]


def fec_command(port: Port) -> str:
    return f"sudo ethtool -I --show-fec {port.name}"


def system(device: Device, elapsed: int) -> str:
    days, seconds = divmod(LINK_UP_SECONDS + elapsed, 86_400)
    release = device.software
    tlvs = {
        "Product Name": ("0x21", str(device.plan.platform)),
        "Serial Number": ("0x23", device.serial),
        "Base MAC Address": ("0x24", device.mac.upper()),
    }
    said = {
        "memory": 8_051_136,
        "uptime": f"{days} days, {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.000000",
        "hostname": device.name,
        "platform": {"detected": True, "vendor": "Mlnx", "model": device.plan.platform},
        "build": f"Cumulus Linux {release}",
        "os-version": release,
        "disk": None,
        "lsb-release": f'DISTRIB_ID="Cumulus Linux"\nDISTRIB_RELEASE={release}\n',
        "os-description": f"Cumulus Linux {release}",
        "eeprom": {
            "idString": "TlvInfo",
            "totalLength": 69,
            "version": 1,
            "tlv": {
                name: {"index": 11 + 8 * at, "length": len(value), "code": code, "value": value}
                for at, (name, (code, value)) in enumerate(tlvs.items())
            },
            "validTlvInfoHeader": True,
        },
    }
    return json.dumps(said, indent=1) + "\n"


def addresses(device: Device) -> str:
    lines = [
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000",
        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0 minmtu 0 maxmtu 0 numtxqueues 1 "
        "numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 ",
    ]
    for index, port in enumerate(device.ports, 3):
        carrier = ",LOWER_UP" if port.up else ""
        flags = f"{'' if port.up or not port.admin else 'NO-CARRIER,'}BROADCAST,MULTICAST{',UP' if port.admin else ''}"
        state = "UP" if port.up else "DOWN"
        lines += [
            f"{index}: {port.name}: <{flags}{carrier}> mtu {port.mtu} qdisc pfifo_fast state {state} group default "
            "qlen 1000",
            f"    link/ether {mac(device.name, port.name)} brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 9216 "
            "numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 ",
        ]
    return "\n".join(lines) + "\n"


def fec(device: Device, port: Port, elapsed: int) -> str:
    seen = port.counted(elapsed)
    return (
        f"FEC parameters for {port.name}:\n"
        f"Configured FEC encodings: {WORDS.get(port.fec, 'Auto')}\n"
        f"Active FEC encoding: {WORDS.get(port.fec_runs, 'None') if port.up else 'None'}\n"
        f"Statistics:\n  corrected_blocks: {seen.corrected}\n  uncorrectable_blocks: {seen.uncorrected}\n"
    )


def carrier_changes(device: Device, port: Port, elapsed: int) -> str:
    downs = port.downs(elapsed)
    up = 0 if port.module is None else downs + (1 if port.up else 0)
    return f"{up + downs}\n"


def dump(device: Device, port: Port, elapsed: int) -> str:
    """Lower memory and page 00h: this ethtool knows no others of a module with CMIS."""
    if port.module is None:
        raise linux.Refused("Cannot get module EEPROM information: Input/output error\n")
    held = memory(port.module, elapsed)
    data = held[LOWER] + held[0]
    rows = (f"0x{at:04x}:\t\t{data[at : at + 16].hex(' ')} " for at in range(0, len(data), 16))
    return "\n".join(("Offset\t\tValues", "------\t\t------", *rows)) + "\n"


OF_PORT: Final[tuple[tuple[re.Pattern[str], OfPort], ...]] = (
    (re.compile(r"ethtool (swp\w+)"), linux.settings),
    (re.compile(r"ethtool -a (swp\w+)"), linux.pause),
    (re.compile(r"sudo ethtool -I --show-fec (swp\w+)"), fec),
    (re.compile(r"cat /sys/class/net/(swp\w+)/carrier_changes"), carrier_changes),
    (re.compile(r"sudo ethtool -m (swp\w+) hex on"), dump),
)
