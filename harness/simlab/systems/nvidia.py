"""What a simulated host of an InfiniBand fabric answers: ibstat, ibstatus, iblinkinfo and mlxlink.

Its interfaces that are called ``ib...`` are InfiniBand; what there is of the others it answers as any Linux host.  The
formats follow the tools' own source: no recording was at hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from ..world import Device, Port, World, mac
from . import linux, rdma

GENERATIONS: Final[Mapping[int, tuple[str, Decimal]]] = {
    25: ("EDR", Decimal("25.78125")), 50: ("HDR", Decimal("53.125")), 100: ("NDR", Decimal("106.25")),
    200: ("XDR", Decimal("212.5")),
}  # fmt: skip
"""A generation and the Gb/s on the wire, by what a lane carries."""

PHYSICAL: Final = re.compile(r"mlxlink -d mlx5_(\w+) -m -c -e --show_fec --rx_fec_histogram --show_histogram --json")


def answer(world: World, device: Device, command: str, elapsed: int = 0) -> str | None:
    """The text that the host prints; ``linux.Refused`` where the command fails, None for one that it does not know."""
    if command in OF_HOST:
        return OF_HOST[command](device, elapsed)
    if command in ("iblinkinfo", "iblinkinfo -l"):
        return links(world, lines=command.endswith("-l"))
    if found := PHYSICAL.fullmatch(command):
        port = next((port for port in fabric_ports(device) if port.cage == found[1]), None)
        if port is not None:
            return mlxlink(device, port, elapsed)
    return linux.answer(world, device if command in OF_NICS else plain(device), command, elapsed)


def commands(device: Device) -> tuple[str, ...]:
    """What the fixtures record of it."""
    others = plain(device)
    asked = linux.commands(others) if others.cages else ()
    return ("ibstat", "iblinkinfo -l", *map(linux.mlxlink_command, fabric_ports(device)), *asked)


def twice(device: Device) -> tuple[str, ...]:
    """What is recorded a second time."""
    others = plain(device)
    asked = linux.twice(others) if others.cages else ()
    return (*asked, *map(linux.mlxlink_command, fabric_ports(device)))


def soaked(device: Device) -> tuple[str, ...]:
    """What a soak asks again and again, beside what is recorded a second time."""
    others = plain(device)
    return linux.soaked(others) if others.cages else ()


def fabric_ports(device: Device) -> list[Port]:
    return [port for port in device.ports if port.name.startswith("ib")]


def plain(device: Device) -> Device:
    """A host with its Ethernet cages alone."""
    return replace(device, cages=[cage for cage in device.cages if not cage.ports[0].name.startswith("ib")])


def guid(device: Device, port: Port) -> str:
    return f"0x{mac(device.name, port.name).replace(':', '')}0000"


def generation(port: Port) -> tuple[str, Decimal]:
    return GENERATIONS[port.gbps // len(port.lanes)]


def state(port: Port) -> tuple[str, str]:
    """The logical and the physical state."""
    return ("Active", "LinkUp") if port.up else ("Down", "Polling" if port.admin else "Disabled")


def lid(world: World, port: Port) -> int:
    ports = [one.where for device in world.devices.values() for one in fabric_ports(device)]
    return ports.index(port.where) + 1


# --- infiniband-diags ---------------------------------------------------------------------------------------------


def ibstat(device: Device, elapsed: int) -> str:
    lines: list[str] = []
    for number, port in enumerate(device.ports, 1):
        fabric = port.name.startswith("ib")
        logical, physical = state(port)
        lines += [
            f"CA 'mlx5_{port.cage}'",
            f"\tCA type: MT{rdma.kind(device)[1]}",
            "\tNumber of ports: 1",
            f"\tFirmware version: {device.software}",
            "\tHardware version: 0",
            f"\tNode GUID: {guid(device, port)}",
            f"\tSystem image GUID: {guid(device, port)}",
            "\tPort 1:",
            f"\t\tState: {logical}",
            f"\t\tPhysical state: {physical}",
            f"\t\tRate: {port.gbps if port.up else 10}",
            f"\t\tBase lid: {number if fabric and port.up else 0}",
            "\t\tLMC: 0",
            f"\t\tSM lid: {int(fabric and port.up)}",
            f"\t\tCapability mask: {'0xa751e848' if fabric else '0x00010000'}",
            f"\t\tPort GUID: {guid(device, port)}",
            f"\t\tLink layer: {'InfiniBand' if fabric else 'Ethernet'}",
        ]
    return "\n".join(lines) + "\n"


def ibstatus(device: Device, elapsed: int) -> str:
    lines: list[str] = []
    for port in fabric_ports(device):
        logical, physical = state(port)
        codes = {"Active": "4: ACTIVE", "Down": "1: DOWN", "LinkUp": "5: LinkUp", "Polling": "2: Polling"}
        speed = f"{port.gbps} Gb/sec ({len(port.lanes)}X {generation(port)[0]})" if port.up else "10 Gb/sec (4X SDR)"
        lines += [
            f"Infiniband device 'mlx5_{port.cage}' port 1 status:",
            f"\tdefault gid:\t fe80:0000:0000:0000:{':'.join(re.findall('....', guid(device, port)[2:]))}",
            "\tbase lid:\t 0x1",
            "\tsm lid:\t\t 0x1",
            f"\tstate:\t\t {codes[logical]}",
            f"\tphys state:\t {codes.get(physical, '3: Disabled')}",
            f"\trate:\t\t {speed}",
            "\tlink_layer:\t InfiniBand",
            "",
        ]
    return "\n".join(lines) + "\n"


def links(world: World, *, lines: bool) -> str:
    """Every link of the fabric from both of its ends."""
    return "".join(
        line for device in world.devices.values() for port in fabric_ports(device) for line in row(world, port, lines)
    )


def row(world: World, port: Port, lines: bool) -> Iterator[str]:
    device = world.devices[port.device]
    name = node(port)
    logical, physical = state(port)
    width = f"{len(port.lanes)}X" if port.up else ""
    speed = f"{generation(port)[1]:f} Gbps" if port.up else ""
    link = f"({width:>3} {speed:>18} {logical:>6}/{physical:>8})"
    place = f"{lid(world, port):>6} {1:>4}[  ]"
    far = world.port(":".join(port.peer)) if port.peer is not None and port.up else None
    if far is None or not far.up:
        other = '             [  ] "" ( )'
    else:
        known = f"{guid(world.devices[far.device], far)} " if lines else ""
        other = f'{known}{lid(world, far):>6} {1:>4}[  ] "{node(far)}" ( )'
    if lines:
        yield f'{guid(device, port)} "{name:>30}" {place} =={link}==> {other}\n'
    else:
        yield f"CA: {name}:\n"
        yield f"      {guid(device, port)} {place} =={link}==> {other}\n"


def node(port: Port) -> str:
    """How a NIC describes itself to the fabric."""
    return f"{port.device} mlx5_{port.cage}"


# --- mlxlink ------------------------------------------------------------------------------------------------------


def mlxlink(device: Device, port: Port, elapsed: int) -> str:
    """As of an Ethernet port, but for the words of the fabric."""
    output: dict[str, Any] = linux.sections(device, port, elapsed)
    name, _ = generation(port)
    del output["FEC Capability Info"]
    output["Operational Info"] |= {
        "Physical state": state(port)[1],
        "Speed": f"IB-{name}" if port.up else "N/A",
        "Auto Negotiation": "ON",
    }
    output["Supported Info"] = {
        "Enabled Link Speed": {"mask": "0x00000081", "values": [name, "SDR"]},
        "Supported Cable Speed": {"mask": "0x00000081", "values": [name, "SDR"]},
    }
    errors = {"Symbol Errors": "0", "Symbol BER": "15E-255"} if port.up else {}
    output["Physical Counters and BER Info"] = errors | output["Physical Counters and BER Info"]
    document = {"result": {"output": output}, "status": {"code": 0, "message": "success"}}
    return json.dumps(document, indent=4) + "\n"


OF_NICS: Final = frozenset({"mst status -v", "show_gids", "ibdev2netdev"})
"""What there is of both kinds of ports."""

OF_HOST: Final[Mapping[str, Callable[[Device, int], str]]] = {"ibstat": ibstat, "ibstatus": ibstatus}
