"""What Cisco NX-OS answers."""

from __future__ import annotations

from typing import Final

from ..entry import Entry
from .interface import INTERFACE
from .modules import TRANSCEIVER
from .platform import ENVIRONMENT, INVENTORY, MODULE, NEIGHBOURS, NEIGHBOURS_DETAIL, VERSION
from .policies import BALANCING, CLASS_MAP, CONFIG, POLICY_INTERFACE, POLICY_MAP
from .ports import BREAKOUT, BRIEF, CAPABILITIES, DISABLED, FEC, FLOW, STATUS
from .queues import PFC, QUEUING, WATCHDOG

COMMANDS: Final[tuple[Entry, ...]] = (
    Entry("show version", "software, chassis, memory, last reset", VERSION),
    Entry("show inventory", "parts with serial numbers, modules among them", INVENTORY),
    Entry("show module", "supervisors, line cards and their software", MODULE),
    Entry("show environment", "power supplies, fans, temperatures", ENVIRONMENT),
    Entry("show interface", "interfaces: state, speed, FEC, flow control, counters", INTERFACE),
    Entry("show interface status", "ports: state, VLAN, speed, module type", STATUS),
    Entry("show interface status err-disabled", "ports that the switch took down, and why", DISABLED),
    Entry("show interface brief", "interfaces in short", BRIEF),
    Entry("show interface fec", "FEC as configured and as running", FEC),
    Entry("show interface transceiver", "modules: identity", TRANSCEIVER),
    Entry(
        "show interface transceiver details", "modules: identity, monitors, thresholds", TRANSCEIVER,
        same=("show interface transceiver detail",),
    ),
    Entry("show interface transceiver vdm", "modules: monitors with VDM observables", TRANSCEIVER),
    Entry("show interface breakout", "breakout modes in use", BREAKOUT),
    Entry("show interface capabilities", "what ports are capable of", CAPABILITIES),
    Entry("show interface flowcontrol", "link-level pause, with frames", FLOW),
    Entry("show interface priority-flow-control", "PFC: priorities and frames", PFC),
    Entry("show interface priority-flow-control detail", "PFC: frames per priority", PFC),
    Entry("show queuing interface", "queues: scheduling, counters, pause thresholds", QUEUING, same=("show queuing",)),
    Entry(
        "show queuing pfc-queue", "PFC watchdog, with its counters", WATCHDOG,
        same=("show queuing pfc-queue interface",),
    ),
    Entry("show queuing pfc-queue detail", "PFC watchdog, with its counters", WATCHDOG),
    Entry("show policy-map", "quality of service: policies and their classes", POLICY_MAP),
    Entry("show policy-map interface", "quality of service: policies of a port, with counters", POLICY_INTERFACE),
    Entry("show class-map", "quality of service: what classes match", CLASS_MAP),
    Entry(
        "show running-config interface", "configuration of interfaces", CONFIG,
        same=("show run interface", "show running-config ipqos", "show run ipqos"),
    ),
    Entry("show running-config", "configuration: version and dynamic load balancing alone", BALANCING),
    Entry("show lldp neighbors", "neighbours in short", NEIGHBOURS),
    Entry("show lldp neighbors detail", "neighbours in full", NEIGHBOURS_DETAIL),
)  # fmt: skip
