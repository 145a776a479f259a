"""What NVUE (Cumulus Linux 5) answers, with ``-o json`` and without; and the Linux tools of such a switch.

No recording of NVUE was at hand.  The text forms are those of NVIDIA's public documentation (Cumulus Linux 5.0 to
5.18).  The members of JSON are those that public programs read from real switches where there are such (interfaces,
link, QoS counters, PHY health and its histogram, platform, environment), else the paths of the commands themselves,
which are the paths of the object model.  In JSON numbers are exact; in text the switch rounds bytes to kilobytes and
more, and prints ``tx-uc-buffer-discards``, which counts frames, as if it were bytes.
"""

from __future__ import annotations

from typing import Final

from .. import linux
from ..entry import Entry
from .records import (
    AMPS,
    CELSIUS,
    CODE,
    EVERY,
    FLAG,
    INTEGERS,
    LIST,
    LOWER,
    MAP,
    METRES,
    MINUTES,
    NAMES,
    NUMBER,
    NUMBERS,
    PERCENT,
    RATIO,
    SIZE,
    SNR,
    SPEED,
    SWITCH,
    TEXT,
    TIME,
    VOLTS,
    WATTS,
    Field,
    Fold,
    Many,
    One,
    Section,
)
from .transceiver import THRESHOLDS, TRANSCEIVERS

# --- interfaces ---------------------------------------------------------------------------------------------------

_COUNTED: Final = (
    "in-bytes", "in-pkts", "in-drops", "in-errors", "out-bytes", "out-pkts", "out-drops", "out-errors",
    "carrier-transitions", "carrier-up-count", "carrier-down-count",
)  # fmt: skip
_STATS: Final = tuple(
    Field(name, name.replace("-", "_").removesuffix("_count"), SIZE if "bytes" in name else NUMBER) for name in _COUNTED
)
_LINK: Final = (
    Field("admin-status", "admin", LOWER),
    Field("oper-status", "oper", LOWER),
    Field("state|state.*", "state", LOWER),
    Field("speed", "speed_mbps", SPEED),
    Field("lanes", "lanes", NUMBER),
    Field("mtu", "mtu", NUMBER),
    Field("mac-address|mac", "mac", TEXT),
    Field("duplex", "duplex", LOWER),
    Field("auto-negotiate", "autoneg", SWITCH),
    Field("fec", "fec", LOWER),
    Field("breakout.*", "breakout", FLAG, NAMES),
    Field("fast-linkup", "fast_linkup", SWITCH),
    Field("protodown", "protodown", SWITCH),
    Field("flap-protection.enable", "flap_protection", SWITCH),
    Field("oper-status-last-change|last-state-change", "last_change", TIME),
    Field("flag.*", "flags", FLAG, NAMES),
)


def _below(fields: tuple[Field, ...], *above: str) -> tuple[Field, ...]:
    """Fields whose paths begin with one of these, or with none."""
    return tuple(
        Field(
            "|".join([one.patterns, *(f"{path}.{part}" for path in above for part in one.patterns.split("|"))]),
            one.key,
            one.kind,
            one.how,
        )
        for one in fields
    )


_INTERFACE: Final = (
    Field("type", "type", TEXT),
    Field("parent", "parent", TEXT),
    Field("ifindex", "index", NUMBER),
    *(Field(f"link.{one.patterns.replace('|', '|link.')}", one.key, one.kind, one.how) for one in _LINK),
    *(Field(f"link.stats.{one.patterns}|counters.{one.patterns}", one.key, one.kind) for one in _STATS),
    Field("ip.address.*", "addresses", FLAG, NAMES),
    Field("ip.vrf", "vrf", TEXT),
    Field("bond.member.*", "members", FLAG, NAMES),
    Field("lldp.neighbor.*.port.name", "neighbors", TEXT, MAP),
    Field("remote-host", "remote_host", TEXT),
    Field("remote-port", "remote_port", TEXT),
    Field("summary", "summary", TEXT, EVERY),
)
_LISTED: Final = Fold(
    "interface",
    (),
    names={
        "state": "link.state", "speed": "link.speed", "mtu": "link.mtu", "admin status": "link.admin-status",
        "oper status": "link.oper-status", "oper state": "link.oper-status",
        "up count": "link.stats.carrier-up-count", "down count": "link.stats.carrier-down-count",
        "total state changes": "link.stats.carrier-transitions", "last state change": "link.oper-status-last-change",
    },
)  # fmt: skip

_DEBOUNCE: Final = tuple(
    Field(f"{name}|{name}-events|link.debounce.{name}|link.debounce.{name}-events", name.replace("-", "_"), NUMBER)
    for name in ("ignored-up", "ignored-down", "received-up", "received-down", "timer-cancel", "timer-expire")
)

# --- counters -----------------------------------------------------------------------------------------------------

_BOTH: Final = (Field("receive|rx", "receive", NUMBER), Field("transmit|tx", "transmit", NUMBER))
_QUEUES: Final = tuple(
    Field(name, name.replace("-", "_"), SIZE if name == "tx-bytes" or "discards" in name else NUMBER)
    for name in (
        "rx-frames", "rx-buffer-discards", "rx-shared-buffer-discards", "tx-frames", "tx-bytes",
        "tx-uc-buffer-discards", "wred-discards", "ecn-marked-frames",
    )
)  # fmt: skip
_PAUSES: Final = tuple(
    Field(name, name.replace("-", "_"), NUMBER)
    for name in ("rx-pause-frames", "rx-pause-duration", "tx-pause-frames", "tx-pause-duration")
)
_QOS_COUNTERS: Final = (
    Section("ingress-buffer-stats", _QUEUES, "ingress_buffer", "priority_group"),
    Section("egress-queue-stats", _QUEUES, "egress_queue", "traffic_class"),
    Section("pfc-stats", _PAUSES, "pfc", "switch_priority"),
    Section("port-stats", _BOTH, "port_stats", "counter", TEXT),
)
_SECTIONS: Final = (
    *(Section(f"qos.{one.path}", one.fields, one.name, one.index, one.kind) for one in _QOS_COUNTERS),
    *_QOS_COUNTERS,
    *(
        Section(path, _BOTH, name, "counter", TEXT)
        for path, name in (
            ("detailed-counters", "detailed"),
            ("netstat", "detailed"),
            ("drop-counters", "drops"),
            ("drops", "drops"),
            ("error-counters", "errors"),
            ("errors", "errors"),
            ("packet-size-statistics", "packet_sizes"),
            ("pktdist", "packet_sizes"),
        )
    ),
)
_COUNTER_FOLDS: Final = (
    Fold("priority-group", ("ingress-buffer-stats",)),
    Fold("traffic-class", ("egress-queue-stats",)),
    Fold("switch-priority", ("pfc-stats",)),
    Fold("counter", ("drop-counters",), title="drop"),
    Fold("counter", ("error-counters",), title="error"),
    Fold("counter", ("packet-size-statistics",), title="size|pktdist"),
    Fold("counter", ("port-stats",), title="qos port|port-stats"),
    Fold("counter", ("detailed-counters",)),
)
COUNTERS: Final = Many(_SECTIONS, _COUNTER_FOLDS, alone=(*_STATS, Field("netstat-counters", "netstat", NUMBER)))

# --- PHY ----------------------------------------------------------------------------------------------------------

_HEALTH: Final = (
    Field("time-since-last-clear-min", "minutes_since_clear", MINUTES),
    Field("phy-received-bits", "received_bits", NUMBER),
    Field("symbol-errors", "symbol_errors", NUMBER),
    Field("effective-errors", "effective_errors", NUMBER),
    Field("raw-ber", "raw_ber", RATIO),
    Field("symbol-ber", "symbol_ber", RATIO),
    Field("effective-ber", "effective_ber", RATIO),
    Field("lane.*.raw-ber|raw-ber-lane*", "raw_lane_ber", RATIO, LIST),
    Field("lane.*.phy-raw-errors|phy-raw-errors-lane*", "raw_errors", NUMBER, LIST),
    Field("lane.*.snr-host|snr-host-lane*", "snr_host_db", SNR, LIST),
    Field("lane.*.snr-media|snr-media-lane*", "snr_media_db", SNR, LIST),
    Field("rs-num-corr-err-bin*|rs-fec-corrected-errors.*.count|histogram.rs-fec-corrected-errors.*.count", "bins",
          NUMBER, LIST),
    Field("rs-fec-corrected-errors.*.upper-boundary|histogram.rs-fec-corrected-errors.*.upper-boundary",
          "upper_boundaries", NUMBER, LIST),
)  # fmt: skip
_HEALTH_FOLDS: Final = (Fold("lane", ("lane",)), Fold("bin", ("rs-fec-corrected-errors",)))

_DETAIL: Final = (
    Field("dp-st-lane*|lane.*.dp-st", "datapath_states", CODE, LIST),
    *(
        Field(name, name.replace("-", "_"), CODE)
        for name in (
            "loopback-mode", "fec-mode-request", "profile-fec-in-use", "module-st", "module-fw-version",
            "memory-map-rev", "error-code-response", "rx-los-cap", "tx-fault", "tx-los", "tx-cdr-lol",
            "tx-ad-eq-fault", "rx-los", "rx-cdr-lol", "rx-output-valid", "temp-flags", "vcc-flags", "mod-fw-fault",
            "dp-fw-fault", "linear-direct-drive", "cable-breakout", "phy-manager-state", "pd-fsm-state",
            "eth-an-fsm-state", "active-set-host-compliance-code", "active-set-media-compliance-code",
        )
    ),
    Field("*", "codes", CODE, MAP),
)  # fmt: skip

# --- quality of service -------------------------------------------------------------------------------------------

_BY_CLASS: Final = {"min th": "min-threshold", "max th": "max-threshold"}
_PFC: Final = (
    Field("profile", "profile", TEXT),
    Field("rx|rx.*", "rx", SWITCH),
    Field("tx|tx.*", "tx", SWITCH),
    Field("switch-priority.*|switch-priority", "switch_priorities", NUMBER, NUMBERS),
    Field("cable-length", "cable_length_m", METRES),
    Field("port-buffer", "port_buffer_bytes", SIZE),
    Field("xoff-threshold", "xoff_threshold_bytes", SIZE),
    Field("xon-threshold", "xon_threshold_bytes", SIZE),
)
_MAPPING: Final = (
    Field("profile", "profile", TEXT),
    Field("trust", "trust", LOWER),
    Field("port-default-sp", "default_switch_priority", NUMBER),
    Field("dscp.*.switch-priority", "dscp_to_switch_priority", NUMBER, MAP),
    Field("pcp.*.switch-priority", "pcp_to_switch_priority", NUMBER, MAP),
)
_WATCHDOG: Final = (
    Field("state|state.*", "on", SWITCH),
    Field("polling-interval", "polling_ms", NUMBER),
    Field("robustness", "robustness", NUMBER),
    Field("status.*.status", "status", TEXT, MAP),
    Field("status.*.deadlock-count", "deadlocks", NUMBER, MAP),
)
_ROCE: Final = (
    Field("enable", "enabled", SWITCH),
    Field("mode", "mode", TEXT),
    Field("pfc.pfc-priority", "pfc_priorities", INTEGERS),
    Field("pfc.rx-enabled", "pfc_rx", SWITCH),
    Field("pfc.tx-enabled", "pfc_tx", SWITCH),
    Field("pfc.cable-length", "cable_length_m", METRES),
    Field("congestion-control.congestion-mode", "congestion_mode", LOWER),
    Field("congestion-control.enabled-tc", "marking_traffic_classes", INTEGERS),
    Field("congestion-control.min-threshold", "min_threshold_bytes", SIZE),
    Field("congestion-control.max-threshold", "max_threshold_bytes", SIZE),
    Field("congestion-control.probability", "probability_percent", PERCENT),
    Field("trust.trust-mode", "trust", LOWER),
    Field("lldp-app-tlv.priority", "application_priority", NUMBER),
    Field("lldp-app-tlv.protocol-id", "application_protocol", NUMBER),
    Field("lldp-app-tlv.selector", "application_selector", TEXT),
    Field("prio-map.*.pcp", "pcp", INTEGERS, MAP),
    Field("prio-map.*.dscp", "dscp", INTEGERS, MAP),
    Field("prio-map.*.switch-prio", "switch_priority", NUMBER, MAP),
    Field("tc-map.*.switch-prio", "queue_switch_priority", NUMBER, MAP),
    Field("tc-map.*.traffic-class", "queue_traffic_class", NUMBER, MAP),
    Field("tc-map.*.scheduler-weight", "queue_scheduler", LOWER, MAP),
    *(
        Field(f"pool-map.*.{name}", f"pool_{name.replace('-', '_')}", kind, MAP)
        for name, kind in (
            ("name", TEXT), ("mode", LOWER), ("pool-id", NUMBER), ("size", TEXT), ("switch-priorities", INTEGERS),
            ("traffic-class", INTEGERS), ("current-usage", SIZE), ("max-usage", SIZE),
        )
    ),
    Field("feature.*.status", "features", LOWER, MAP),
    Field("exception-list.*.description|exception-list.*", "exceptions", TEXT, MAP),
)  # fmt: skip
_ROCE_FOLDS: Final = (
    Fold(r"|-", ("prio-map",), title="->SP|prio-map"),
    Fold(r"|-", ("tc-map",), title="SP->TC|tc-map"),
    Fold(r"|-", ("pool-map",), title="pool"),
    Fold("feature", ("feature",)),
)
_USAGE: Final = ("buffer-max-usage", "buffer-usage", "no-buffer-discard", "pg-max-usage", "pg-usage", "tc-max-usage",
                 "tc-usage", "unicast-no-buffer-discard")  # fmt: skip
_ROCE_COUNTED: Final = {
    "rx-stats.rx-non-roce-stats": ("non-roce-bytes", "non-roce-packets", *_USAGE),
    "rx-stats.rx-pfc-stats": ("pause-duration", "pause-packets"),
    "rx-stats.rx-roce-stats": ("roce-bytes", "roce-packets", *_USAGE),
    "tx-stats.tx-cnp-stats": ("cnp-bytes", "cnp-packets", *_USAGE),
    "tx-stats.tx-ecn-stats": ("ecn-marked-packets",),
    "tx-stats.tx-pfc-stats": ("pause-duration", "pause-packets"),
    "tx-stats.tx-roce-stats": ("roce-bytes", "roce-packets", *_USAGE),
}


def _roce_key(path: str, name: str) -> str:
    """``tx_roce_bytes``: the direction, what is counted, and of which traffic where the name does not say."""
    way, _, kind = path.rpartition(".")[2].removesuffix("-stats").partition("-")
    said = name if name.startswith(kind) or kind in ("ecn",) else f"{kind}-{name}"
    return f"{way}-{said}".replace("-", "_")


_ROCE_COUNTERS: Final = tuple(
    Field(f"{path}.{name}", _roce_key(path, name), SIZE if "usage" in name or "bytes" in name else NUMBER)
    for path, names in _ROCE_COUNTED.items()
    for name in names
)

# --- platform -----------------------------------------------------------------------------------------------------

_PLATFORM: Final = tuple(
    Field(f"{name}|hardware.{name}", key, TEXT)
    for name, key in (
        ("product-name", "product_name"), ("system-type", "system_type"), ("model", "model"),
        ("manufacturer", "manufacturer"), ("part-number", "part_number"), ("serial-number", "serial_number"),
        ("asic-model", "asic_model"), ("asic-vendor", "asic_vendor"), ("system-mac", "system_mac"),
        ("base-mac", "base_mac"), ("cpu", "cpu"), ("memory", "memory"), ("disk-size", "disk_size"),
        ("port-layout", "port_layout"), ("system-uuid", "system_uuid"), ("hardware-version", "hardware_version"),
    )
)  # fmt: skip
_VERSION: Final = (
    Field("hostname|hostname.*", "hostname", TEXT),
    Field("product-name", "product_name", TEXT),
    Field("product-release|version.product-release", "product_release", TEXT),
    Field("build", "build", TEXT),
    Field("image|image.build-id|version.image|version.image.build-id", "image", TEXT),
    Field("image.build-date|build-date|version.build-date", "build_date", TEXT),
    Field("kernel|version.kernel", "kernel", TEXT),
    Field("base-os|version.base-os", "base_os", TEXT),
    Field("onie|version.onie", "onie", TEXT),
    Field("uptime", "uptime", TEXT),
    Field("timezone|date-time.timezone", "timezone", TEXT),
    Field("health.status|health-status|status", "health", TEXT),
    Field("micro-updated", "micro_updated", SWITCH),
)
_FANS: Final = (
    Field("state", "state", LOWER),
    Field("current-speed|speed", "rpm", NUMBER),
    Field("max-speed", "max_rpm", NUMBER),
    Field("min-speed", "min_rpm", NUMBER),
    Field("direction", "direction", TEXT),
    Field("limit-variance|variance", "variance_percent", PERCENT),
)
_FAN_WORDS: Final = {
    "fan state": "state", "current speed (rpm)": "current-speed", "fan direction": "direction",
    "max speed": "max-speed", "min speed": "min-speed", "limit variance": "limit-variance",
}  # fmt: skip
_SUPPLIES: Final = (
    Field("state", "state", LOWER),
    Field("capacity", "capacity_w", WATTS),
    Field("power", "power_w", WATTS),
    Field("voltage", "voltage_v", VOLTS),
    Field("current", "current_a", AMPS),
)
_SENSORS: Final = (
    Field("state", "state", LOWER),
    Field("current", "temperature_c", CELSIUS),
    Field("max", "max_c", CELSIUS),
    Field("min", "min_c", CELSIUS),
    Field("crit", "critical_c", CELSIUS),
)
_SENSOR_WORDS: Final = {
    "cur temp (°c)": "current", "cur temp (c)": "current", "current temperature (°c)": "current",
    "crit temp": "crit", "critical temp": "crit", "max temp": "max", "min temp": "min", "sensor state": "state",
}  # fmt: skip


def _environment(fields: tuple[Field, ...], names: dict[str, str]) -> Many:
    """Parts by their names."""
    return Many((Section("", fields, "", "name", TEXT),), (Fold("(?:sensor )?name", (), names=names),), port=False)


_ADAPTIVE: Final = (
    Field("enable|state|state.*", "enabled", SWITCH),
    Field("profile", "profile", TEXT),
    Field("link-utilization-threshold", "link_utilization_threshold_percent", PERCENT),
)

_OWN: Final = (
    Entry(
        "nv show interface counters qos",
        "frames, discards, marks and pauses by priority group, traffic class and priority",
        Many(_QOS_COUNTERS, _COUNTER_FOLDS),
        ("nv show interface qos counters",),
    ),
    Entry("nv show interface counters link debounce", "debounced events of the link",
          One(_DEBOUNCE), ("nv show interface link debounce",)),
    Entry("nv show interface counters", "every counter of a port", COUNTERS),
    Entry("nv show interface debounce-counters", "debounced events of every link",
          One(_DEBOUNCE, (Fold("interface", ()),), each=True)),
    Entry(
        "nv show interface carrier-stats",
        "state changes of every link",
        One(_INTERFACE, (_LISTED,), keep=True, each=True),
    ),
    Entry("nv show interface transceiver thresholds", "monitors of a module with their thresholds", THRESHOLDS),
    Entry("nv show platform transceiver", "modules: identity, monitors, thresholds, errors", TRANSCEIVERS,
          ("nv show interface transceiver", "nv show interface pluggable")),
    Entry("nv show interface link phy health histogram", "codewords by symbol errors",
          One(_HEALTH, _HEALTH_FOLDS, must=("bins",))),
    Entry("nv show interface link phy health", "bit error ratios, raw errors and signal-to-noise ratios per lane",
          One(_HEALTH, _HEALTH_FOLDS), ("nv show interface link phy-detail",)),
    Entry("nv show interface link phy detail", "states and flags of port and module, as registers hold them",
          One(_DETAIL), ("nv show interface link phy-diag",)),
    Entry("nv show interface link stats", "packets, drops and carrier transitions of a port",
          One(_below(_STATS, "link.stats"), keep=True)),
    Entry("nv show interface link", "state, speed, MTU and FEC of a port",
          One((*_below(_LINK, "link"), *_below(_STATS, "stats", "link.stats")), keep=True, applied=True)),
    Entry("nv show interface qos roce status", "RoCE settings of a port", One(_ROCE, _ROCE_FOLDS),
          ("nv show interface qos-roce-status", "nv show interface qos-roce-status-pool-map")),
    Entry("nv show interface qos roce counters", "RoCE traffic, discards, marks and pauses of a port",
          One(_ROCE_COUNTERS), ("nv show interface qos-roce-counters",)),
    Entry("nv show interface qos pfc-watchdog", "PFC watchdog of a port",
          One(_WATCHDOG, (Fold("traffic-class", ("status",)),))),
    Entry("nv show interface qos pfc", "PFC settings of a port", One(_PFC)),
    Entry("nv show interface qos link-pause", "link-level pause of a port", One(_PFC)),
    Entry("nv show interface qos mapping", "trust, and switch priority by DSCP and PCP", One(
        _MAPPING, (Fold("802.1p|pcp", ("pcp",)), Fold("dscp", ("dscp",))))),
    Entry(
        "nv show interface qos egress-queue-mapping",
        "traffic class by switch priority",
        One(
            (
                Field("profile", "profile", TEXT),
                Field("switch-priority.*.traffic-class", "switch_priority_to_traffic_class", NUMBER, MAP),
            ),
            (Fold("switch-priority", ("switch-priority",)),),
        ),
    ),
    Entry(
        "nv show interface qos egress-scheduler",
        "scheduler of every traffic class",
        Many(
            (
                Section(
                    "traffic-class",
                    (Field("mode", "mode", LOWER), Field("bw-percent", "percent", NUMBER)),
                    "",
                    "traffic_class",
                ),
            ),
            (Fold("traffic-class", ("traffic-class",)),),
            alone=(Field("profile", "profile", TEXT),),
        ),
    ),
    Entry(
        "nv show interface qos congestion-control",
        "ECN and RED of every traffic class",
        Many(
            (
                Section(
                    "traffic-class",
                    (
                        Field("ecn", "ecn", SWITCH),
                        Field("red", "red", SWITCH),
                        Field("min-threshold", "min_threshold_bytes", SIZE),
                        Field("max-threshold", "max_threshold_bytes", SIZE),
                        Field("probability", "probability_percent", PERCENT),
                    ),
                    "",
                    "traffic_class",
                ),
            ),
            (Fold("traffic-class", ("traffic-class",), names=_BY_CLASS),),
            alone=(Field("profile", "profile", TEXT),),
        ),
    ),
    Entry("nv show interface router adaptive-routing", "adaptive routing on a port", One(_ADAPTIVE)),
    Entry("nv show interface", "ports: state, speed, MTU, neighbours",
          One(_INTERFACE, (_LISTED,), keep=True, applied=True, each=True)),
    Entry("nv show qos roce", "RoCE settings of the switch", One(_ROCE, _ROCE_FOLDS)),
    Entry("nv show qos pfc-watchdog", "PFC watchdog of the switch", One(_WATCHDOG)),
    Entry("nv show qos pfc", "a PFC profile", One(_PFC)),
    Entry("nv show router adaptive-routing", "adaptive routing", One(_ADAPTIVE)),
    Entry("nv show platform environment fan", "fans", _environment(_FANS, _FAN_WORDS)),
    Entry("nv show platform environment psu", "power supplies", _environment(_SUPPLIES, {"psu state": "state"})),
    Entry("nv show platform environment temperature", "temperature sensors", _environment(_SENSORS, _SENSOR_WORDS),
          ("nv show platform environment sensor",)),
    Entry("nv show platform", "model, serial number, ASIC", One(_PLATFORM, keep=True),
          ("nv show platform hardware",)),
    Entry("nv show system version", "release and image", One(_VERSION, keep=True)),
    Entry("nv show system", "name, release, uptime", One(_VERSION, keep=True)),
)  # fmt: skip

COMMANDS: Final[tuple[Entry, ...]] = (
    *_OWN,
    *(one for one in linux.COMMANDS if one.name.startswith(("ethtool", "ip link", "lldpctl", "dcb ", "mlxlink"))),
)
