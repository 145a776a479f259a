"""RDMA over Ethernet as a host is set for it: sysfs of NVIDIA's driver, show_gids, cma_roce_*, mlxreg and mlnx_qos.

``/sys/class/net/X/ecn`` is there with NVIDIA's own driver (MLNX_OFED, DOCA) and not with the kernel's.  ``cma_roce_*``
tell what connections made by the RDMA connection manager take; a program may choose otherwise for its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from ...model import Rdma
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...units import Unit
from ..base import PRIORITIES, Answers, Row, Table, cell, counter

FOLDER: Final = "/sys/class/net/{}/ecn"
SETTINGS: Final = "grep -H . " + " ".join(
    f"{FOLDER.format('*')}/{name}"
    for name in ("roce_np/enable/*", "roce_rp/enable/*", "roce_np/cnp_dscp", "roce_np/cnp_802p_prio")
)
"""Congestion control of every interface: which priorities notify and which react, and how CNPs are marked."""

PROTOCOLS: Final = "grep -H . /sys/class/infiniband/*/hca_type /sys/class/infiniband/*/ports/1/link_layer"
"""The model of every adapter, and the protocol that its port runs."""

GIDS: Final = "show_gids"

ADAPTERS: Final[Mapping[int, str]] = {
    4115: "ConnectX-4", 4117: "ConnectX-4 Lx", 4119: "ConnectX-5", 4121: "ConnectX-5", 4123: "ConnectX-6",
    4125: "ConnectX-6 Dx", 4127: "ConnectX-6 Lx", 4129: "ConnectX-7", 4131: "ConnectX-8", 41682: "BlueField",
    41686: "BlueField-2", 41692: "BlueField-3",
}  # fmt: skip
"""Adapters by the number of their device, as the list of PCI identifiers has them."""

REORDERING: Final = "adaptive_routing_forced_en"
"""RoCE packets may be routed adaptively, and are taken in whatever order they arrive."""


def mode(cage: str) -> str:
    return f"cma_roce_mode -d mlx5_{cage} -p 1"


def service(cage: str) -> str:
    return f"cma_roce_tos -d mlx5_{cage} -p 1"


def accelerations(cage: str) -> str:
    return f"mlxreg -d mlx5_{cage} --yes --reg_name ROCE_ACCL --get"


OF_RDMA: Final[tuple[Callable[[str], str], ...]] = (mode, service, accelerations)
"""What is asked of every cage."""


class Roce:
    """The RDMA devices of one host."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.settings = Table(answers, SETTINGS, "path")
        self.devices = Table(answers, PROTOCOLS, "path")

    def adapter(self, cage: str) -> Value[str]:
        """The model of the adapter of a cage."""
        return self.devices.value(f"/sys/class/infiniband/mlx5_{cage}/hca_type", "text", model)

    def protocol(self, cage: str) -> Value[str]:
        return self.devices.value(f"/sys/class/infiniband/mlx5_{cage}/ports/1/link_layer", "text", link_layer)

    def of_port(self, cage: str, port: str, quality: Row | Missing, asked: str) -> Rdma:
        """A port; ``quality`` is what mlnx_qos told of it, in answer to ``asked``."""
        marks = f"{FOLDER.format(port)}/roce_np"
        service_type = self.service_type(cage)
        return Rdma(
            version=self.answers.field(mode(cage), "roce", str),
            gids=self.gids(cage),
            dscp=derive(service_type, lambda tos: tos >> 2, note="its upper six bits"),
            ecn_capable=derive(service_type, lambda tos: bool(tos & 3), note="its lower two bits"),
            cnp_dscp=self.settings.value(f"{marks}/cnp_dscp", "value", whole),
            cnp_priority=self.settings.value(f"{marks}/cnp_802p_prio", "value", whole),
            notifies=self.enabled(port, "roce_np"),
            reacts=self.enabled(port, "roce_rp"),
            buffers=self.buffers(quality, asked),
            reordering=self.reordering(cage),
        )

    def buffers(self, quality: Row | Missing, asked: str) -> Value[Mapping[int, Decimal]]:
        """Bytes of the receive buffer of every priority."""
        if isinstance(quality, Missing):
            return quality
        of_priority = quality.get("priority_buffer") or ()
        source = self.answers.source(asked)
        return cell(quality, "buffer_bytes", lambda sizes: by_priority(sizes, of_priority), source, Unit.BYTES)

    def service_type(self, cage: str) -> Value[int]:
        """The type of service of RoCE packets; where none is set every program marks its own."""
        told = self.answers.field(service(cage), "tos", whole)
        if isinstance(told, Reading) and not told.value:
            return Missing(Absence.NOT_AVAILABLE, told.source, "none is set: every program marks its own packets")
        return told

    def gids(self, cage: str) -> Value[frozenset[str]]:
        """The versions of RoCE that a port has addresses for."""
        rows = self.answers.rows(GIDS)
        source = self.answers.source(GIDS)
        if isinstance(rows, Missing):
            return rows
        own = [row for row in rows if row["device"] == f"mlx5_{cage}" and row["port"] == 1]
        if not own:
            return Missing(Absence.NOT_RECORDED, source, f"no GID of mlx5_{cage}")
        place = Source(source.evidence, f"line {own[0]['line']} and those of its device")
        return Reading(frozenset(str(row["roce"]) for row in own), place)

    def enabled(self, port: str, point: str) -> Value[frozenset[int]]:
        """The priorities on which one end of congestion control is on."""
        folder = f"{FOLDER.format(port)}/{point}/enable"
        told = {n: self.settings.value(f"{folder}/{n}", "value", flag) for n in PRIORITIES}
        gone = next((value for value in told.values() if isinstance(value, Missing)), None)
        on = frozenset(n for n, value in told.items() if isinstance(value, Reading) and value.value)
        return gone or derive(told[0], lambda _: on, note="and those beside it")

    def reordering(self, cage: str) -> Value[bool]:
        """Whether packets may come in any order; an adapter says itself whether it has the setting."""
        fields = self.answers.field(accelerations(cage), "fields", dict)
        if isinstance(fields, Missing):
            return fields
        if fields.value.get(f"{REORDERING}_field_select") != 1:
            return Missing(Absence.NOT_AVAILABLE, fields.source, f"the adapter has no setting {REORDERING}")
        return cell(
            fields.value, REORDERING, flag, Source(fields.source.evidence, f"{fields.source.where} {REORDERING}")
        )


def model(raw: object) -> str:
    """``MT4129``, of which the list of PCI identifiers has the model."""
    return ADAPTERS[int(str(raw).removeprefix("MT"))]


def link_layer(raw: object) -> str:
    return {"Ethernet": "Ethernet", "InfiniBand": "InfiniBand"}[str(raw)]


def whole(raw: object) -> int:
    return int(counter(raw))


def flag(raw: object) -> bool:
    return {0: False, 1: True}[whole(raw)]


def by_priority(sizes: Sequence[Any], of_priority: Sequence[int]) -> Mapping[int, Decimal]:
    """The size of the buffer that each priority is in; ValueError where one has none."""
    if not of_priority or any(buffer >= len(sizes) for buffer in of_priority):
        raise ValueError("no size of a buffer that a priority is in")
    return {priority: counter(sizes[buffer]) for priority, buffer in enumerate(of_priority)}
