"""What NVIDIA's drivers and tools print of RDMA on a simulated host: sysfs, mst, show_gids, cma_roce_*, mlxreg."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..world import Device, Port, mac

KINDS: Final[Mapping[str, tuple[str, int]]] = {
    "ConnectX-6": ("ConnectX6", 4123), "ConnectX-7": ("ConnectX7", 4129), "ConnectX-8": ("ConnectX8", 4131),
    "BlueField-3": ("BlueField3", 41692),
}  # fmt: skip
TOS: Final = 106
"""DSCP 26, as the simulated labs mark RoCE, and ECT(0): the packets may be marked."""

LOSSLESS: Final = 3
SETTINGS: Final = "grep -H . " + " ".join(
    f"/sys/class/net/*/ecn/{name}"
    for name in ("roce_np/enable/*", "roce_rp/enable/*", "roce_np/cnp_dscp", "roce_np/cnp_802p_prio")
)
DEVICES: Final = "grep -H . /sys/class/infiniband/*/hca_type /sys/class/infiniband/*/ports/1/link_layer"
ACCELERATIONS: Final = (
    "roce_adp_retrans", "roce_tx_window", "roce_slow_restart", "roce_slow_restart_idle",
    "min_ack_timeout_limit_disabled", "adaptive_routing_forced_en", "selective_repeat_forced_en",
)  # fmt: skip


def kind(device: Device) -> tuple[str, int]:
    """What the tools call a host's NIC, and the number of its device."""
    return KINDS.get(device.adapter or device.plan.nic or "", KINDS["ConnectX-7"])


def bus(port: Port) -> str:
    """Where the NIC of a cage is on the PCI bus."""
    return f"0000:{0x18 + 0x11 * int(port.cage) if port.cage.isdecimal() else 0x18:02x}:00.0"


def mst(device: Device, elapsed: int) -> str:
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


def gids(device: Device, elapsed: int) -> str:
    """Two of every port: its link-local address in both versions of RoCE, or in version 1 alone."""
    lines = [
        "DEV\tPORT\tINDEX\tGID\t\t\t\t\tIPv4  \t\tVER\tDEV",
        "---\t----\t-----\t---\t\t\t\t\t------------  \t---\t---",
    ]
    for port in device.ports:
        low = mac(device.name, port.name).replace(":", "")
        gid = f"fe80:0000:0000:0000:{low[:4]}:{low[4:6]}ff:fe{low[6:8]}:{low[8:]}"
        for index, version in enumerate(("v1", "v2") if port.nic.gid == "v2" else ("v1", "v1")):
            lines.append(f"mlx5_{port.cage}\t1\t{index}\t{gid}\t\t\t{version}\t{port.name}")
    return "\n".join((*lines, f"n_gids_found={2 * len(device.ports)}")) + "\n"


def interfaces(device: Device, elapsed: int) -> str:
    return "".join(
        f"mlx5_{port.cage} port 1 ==> {port.name} ({'Up' if port.up else 'Down'})\n" for port in device.ports
    )


def tos(device: Device, port: Port, elapsed: int) -> str:
    return f"{TOS}\n"


def mode(device: Device, port: Port, elapsed: int) -> str:
    return "RoCE v2\n" if port.nic.gid == "v2" else "IB/RoCE v1\n"


def settings(device: Device, elapsed: int) -> str:
    """What sysfs has of congestion control: a switch of each priority for both points, and how CNPs are marked."""
    lines: dict[str, int] = {}
    for port in device.ports:
        folder = f"/sys/class/net/{port.name}/ecn"
        for point, on in (("roce_np", port.nic.np), ("roce_rp", port.nic.rp)):
            lines |= {f"{folder}/{point}/enable/{n}": int(on and n == LOSSLESS) for n in range(8)}
        lines[f"{folder}/roce_np/cnp_dscp"] = port.nic.cnp_dscp
        lines[f"{folder}/roce_np/cnp_802p_prio"] = port.nic.cnp_priority
    return "".join(f"{path}:{value}\n" for path, value in lines.items())


def devices(device: Device, elapsed: int) -> str:
    """The model of every adapter, and the protocol of its port."""
    lines = [f"/sys/class/infiniband/mlx5_{port.cage}/hca_type:MT{kind(device)[1]}" for port in device.ports]
    lines += [f"/sys/class/infiniband/mlx5_{p.cage}/ports/1/link_layer:{p.link_layer}" for p in device.ports]
    return "\n".join(lines) + "\n"


def accelerations_command(port: Port) -> str:
    return f"mlxreg -d mlx5_{port.cage} --yes --reg_name ROCE_ACCL --get"


def accelerations(device: Device, port: Port, elapsed: int) -> str:
    """The register of RoCE's accelerations: which of them can be set, and which are on."""
    fields = {f"{name}_field_select": 1 for name in ACCELERATIONS}
    for name in ACCELERATIONS:
        fields[name if name.endswith(("_en", "_disabled")) else f"{name}_en"] = 0
    fields |= {"roce_adp_retrans_en": 1, "roce_slow_restart_en": 1}
    fields |= dict.fromkeys(("adaptive_routing_forced_en", "selective_repeat_forced_en"), int(port.nic.out_of_order))
    rows = [f"{name:<45} | 0x{value:08x}" for name, value in fields.items()]
    head = ["Sending access register...", "", f"{'Field Name':<45} | Data", "=" * 60]
    return "\n".join((*head, *rows, "=" * 60)) + "\n"
