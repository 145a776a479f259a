"""What NVIDIA's tools print of the NICs of a simulated host: mst, show_gids, ibdev2netdev, cma_roce_tos and _mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..world import Device, Port, mac

KINDS: Final[Mapping[str, tuple[str, int]]] = {
    "ConnectX-6": ("ConnectX6", 4123), "ConnectX-7": ("ConnectX7", 4129), "ConnectX-8": ("ConnectX8", 4131),
    "BlueField-3": ("BlueField3", 41692),
}  # fmt: skip
TOS: Final = 104
"""DSCP 26, as the simulated labs mark RoCE."""


def kind(device: Device) -> tuple[str, int]:
    """What the tools call a host's NIC, and the number of its device."""
    return KINDS.get(device.plan.nic or "", KINDS["ConnectX-7"])


def bus(port: Port) -> str:
    """Where the NIC of a cage is on the PCI bus."""
    return f"0000:{0x18 + 0x11 * int(port.cage) if port.cage.isdecimal() else 0x18:02x}:00.0"


def mst(device: Device) -> str:
    name, number = kind(device)
    lines = [
        "MST modules:", "------------", "    MST PCI module is not loaded", "    MST PCI configuration module loaded",
        "PCI devices:", "------------",
        f"{'DEVICE_TYPE':<24}{'MST':<30}{'PCI':<10}{'RDMA':<16}{'NET':<40}NUMA",
    ]  # fmt: skip
    for place, port in enumerate(device.ports):
        node = f"/dev/mst/mt{number}_pciconf{place}"
        rdma, net, pci = f"mlx5_{port.cage}", f"net-{port.name}", bus(port).partition(":")[2]
        lines += [f"{name + '(rev:0)':<24}{node:<30}{pci:<10}{rdma:<16}{net:<40}0", ""]
    return "\n".join((*lines, "")) + "\n"


def gids(device: Device) -> str:
    """Two of every port: its link-local address in both versions of RoCE."""
    lines = [
        "DEV\tPORT\tINDEX\tGID\t\t\t\t\tIPv4  \t\tVER\tDEV",
        "---\t----\t-----\t---\t\t\t\t\t------------  \t---\t---",
    ]
    for port in device.ports:
        low = mac(device.name, port.name).replace(":", "")
        gid = f"fe80:0000:0000:0000:{low[:4]}:{low[4:6]}ff:fe{low[6:8]}:{low[8:]}"
        for index, version in enumerate(("v1", "v2")):
            lines.append(f"mlx5_{port.cage}\t1\t{index}\t{gid}\t\t\t{version}\t{port.name}")
    return "\n".join((*lines, f"n_gids_found={2 * len(device.ports)}")) + "\n"


def interfaces(device: Device) -> str:
    return "".join(
        f"mlx5_{port.cage} port 1 ==> {port.name} ({'Up' if port.up else 'Down'})\n" for port in device.ports
    )


def tos(device: Device, port: Port, elapsed: int) -> str:
    return f"{TOS}\n"


def mode(device: Device, port: Port, elapsed: int) -> str:
    return "RoCE v2\n"
