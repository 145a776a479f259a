"""What the SONiC commands answer: one row per command, its columns in the order of the command's own table.

The headings are those of sonic-utilities (Command-Reference and the code that prints them), the variants of its
releases side by side. A column that a release lacks is a key that a record lacks; null is what the device printed as
N/A.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..cells import (
    ACCURATE,
    BOOLEAN,
    BOOLEANS,
    BYTES_PER_SECOND,
    COUNT,
    COUNTS,
    DECIMAL_KIND,
    ERRORS,
    EVENTS,
    FAN_SPEED,
    FEC_WORD,
    INFINITE,
    INTEGER_OR_NULL,
    INTEGERS,
    LANE,
    LOWER,
    PER_SECOND,
    PERCENT,
    PORT,
    PORT_QUEUE,
    PRIORITY,
    REFERENCE,
    SIGNAL,
    SPEED,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    TEXTS_OR_NULL,
    TYPED,
    WHEN,
    Kind,
    Schema,
    quantity,
)
from ..entry import Entry
from ..labels import SAID, THRESHOLDS, KeyValues, Modules, Profiles, status, threshold
from ..tables import Column, Series, Table, column
from .documents import Database, Ports
from .layouts import Dotted, Hexdump, Histogram, Inventory, Neighbours, SerdesLanes, SystemEeprom, Version


def _re(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


def _counted(*names: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(column(heading, name, COUNT) for heading, name in names)


def _series(heading: str, name: str, kind: Kind = COUNT, *, keyed: bool = False, gaps: bool = False) -> Series:
    return Series(re.compile(heading, re.IGNORECASE), name, kind, keyed, gaps)


def _needing(table: Table, field: str) -> Table:
    """The table, where the column of a field is not left out."""
    columns = tuple(replace(one, must=one.must or one.fields == (field,)) for one in table.columns)
    return replace(table, columns=columns)


INTERFACE: Final = column("interface|iface|port|localport|intf", "interface", PORT, must=True)
OPER: Final = column("oper|oper status", "oper", LOWER)
ADMIN: Final = column("admin|admin status", "admin", LOWER)
NAMESPACE: Final = _re(r"(?:For )?[Nn]amespace ?:? ?(?P<namespace>\w*):?")
NAMESPACED: Final[dict[str, Schema]] = {"namespace": TEXT_OR_NULL}
COUNTED: Final[dict[str, Schema]] = {**NAMESPACED, "cached": TEXT_OR_NULL}
CLEARED: Final = _re(r"Last cached time was (?P<cached>\S.{0,60})")
"""The counters below it are counted from then on."""
CACHED: Final = _re(
    r"Last cached time was .*",
    r"The rates are calculated within \d+ seconds period",
    r"Reminder: Please execute .*",
    r"Time Since Counters Last Cleared.*",
)

STATUS: Final = Table(
    columns=(
        INTERFACE,
        column("lanes", "lanes", INTEGERS, must=True),
        column("speed", "speed_mbps", SPEED),
        column("mtu", "mtu", COUNT),
        column("fec", "fec", FEC_WORD),
        column("alias", "alias", TEXT),
        column("vlan", "vlan", TEXT),
        replace(OPER, must=True),
        replace(ADMIN, must=True),
        column("type", "type", TEXT),
        column("asym pfc", "asymmetric_pfc", LOWER),
        column("oper fec", "fec_oper", FEC_WORD),
        column("oper speed", "oper_speed_mbps", SPEED),
    ),
    headings=NAMESPACE,
    extra=NAMESPACED,
)
DESCRIPTION: Final = Table(
    columns=(
        INTERFACE,
        replace(OPER, must=True),
        replace(ADMIN, must=True),
        column("alias", "alias", TEXT),
        column("description", "description", TEXT, must=True),
    )
)
FEC_STATUS: Final = Table(
    columns=(
        INTERFACE,
        column("fec oper", "fec_oper", FEC_WORD, must=True),
        column("fec admin", "fec_admin", FEC_WORD, must=True),
    )
)
COUNTERS: Final = Table(
    columns=(
        INTERFACE,
        column("state", "state", TEXT),
        *(
            one
            for side in ("rx", "tx")
            for one in (
                column(f"{side}_ok", f"{side}_packets", COUNT),
                column(f"{side}_bps", f"{side}_bytes_per_second", BYTES_PER_SECOND),
                column(f"{side}_pps", f"{side}_packets_per_second", PER_SECOND),
                column(f"{side}_util", f"{side}_utilisation_percent", PERCENT),
                column(f"{side}_err", f"{side}_errors", COUNT),
                column(f"{side}_drp", f"{side}_drops", COUNT),
                column(f"{side}_ovr", f"{side}_overruns", COUNT),
            )
        ),
        *_counted(
            ("trim|trim_pkts", "trimmed_packets"),
            ("trim_tx|trim_tx_pkts", "trimmed_sent_packets"),
            ("trim_drp|trim_drp_pkts", "trimmed_dropped_packets"),
        ),
    ),
    headings=(*NAMESPACE, *CLEARED),
    titles=CACHED,
    least=3,
    extra=COUNTED,
)
FEC_STATS: Final = Table(
    columns=(
        INTERFACE,
        column("state", "state", TEXT),
        column("fec_corr", "fec_corrected", COUNT, must=True),
        column("fec_uncorr", "fec_uncorrected", COUNT, must=True),
        column("fec_symbol_err", "fec_symbol_errors", COUNT, must=True),
        column("fec_pre_ber", "fec_pre_ber", DECIMAL_KIND),
        column("fec_post_ber", "fec_post_ber", DECIMAL_KIND),
        column("fec_pre_ber_max", "fec_pre_ber_max", DECIMAL_KIND),
        column(r"flr\(o\)", "flr_observed", DECIMAL_KIND),
        column(r"flr\(p\) ?\(accuracy\)|flr\(p\)", "flr_predicted flr_predicted_accuracy_percent", ACCURATE),
        column("fec_flr", "fec_flr", DECIMAL_KIND),
        column("fec_max_t", "fec_max_t", DECIMAL_KIND),
    ),
    headings=(*NAMESPACE, *CLEARED),
    titles=CACHED,
    extra=COUNTED,
)
HISTOGRAM: Final = Histogram(
    rows=Table(
        columns=(INTERFACE, column("state", "state", TEXT)),
        series=_series(r"bin(\d{1,2})", "bins"),
        headings=CLEARED,
        titles=CACHED,
    ),
    bins=Table(
        columns=(
            column("symbol errors per codeword", "bin", TEXT, must=True),
            column("codewords", "codewords", COUNT, must=True),
        ),
        headings=CLEARED,
        titles=CACHED,
    ),
)
AUTONEG: Final = Table(
    columns=(
        INTERFACE,
        column("auto-neg mode", "autoneg", LOWER, must=True),
        column("speed", "speed_mbps", SPEED),
        column("adv speeds", "advertised_speeds", TEXTS),
        column("rmt adv speeds", "remote_advertised_speeds", TEXTS),
        column("type", "interface_type", TEXT),
        column("adv types", "advertised_types", TEXTS),
        OPER,
        ADMIN,
    )
)
LINK_TRAINING: Final = Table(
    columns=(
        INTERFACE,
        column("lt oper", "link_training_oper", LOWER, must=True),
        column("lt admin", "link_training_admin", LOWER, must=True),
        OPER,
        ADMIN,
    )
)
FLAP: Final = Table(
    columns=(
        INTERFACE,
        column("flap count", "flaps", EVENTS, must=True),
        ADMIN,
        OPER,
        column(r"link down timestamp ?\(utc\)", "last_down", WHEN),
        column(r"link up timestamp ?\(utc\)", "last_up", WHEN),
    )
)
ERRORS_TABLE: Final = Table(
    columns=(
        column("port errors", "error", TEXT, must=True),
        column("count", "count", COUNT, must=True),
        column(r"last timestamp ?\(utc\)", "last", WHEN),
    ),
    port=True,
)
PRESENCE: Final = Table(columns=(INTERFACE, column("presence", "present", BOOLEAN, must=True)))
LOW_POWER: Final = replace(BOOLEAN, read=lambda t: (None,) if t.lower() == "not present" else BOOLEAN.read(t))
"""Of a cage without a module nothing is told: it is not out of low power."""
LPMODE: Final = Table(
    columns=(INTERFACE, column("low-power mode|lowpower mode", "low_power", LOW_POWER, must=True)),
)
ERROR_STATUS: Final = Table(columns=(INTERFACE, column("error status", "error_status errors", ERRORS, must=True)))

_MODULE: Final = r"(?P<interface>[A-Za-z][A-Za-z_./-]{0,40}[0-9][\w./-]{0,40}):"
_EMPTY: Final = r"SFP (?:EEPROM )?(?:[Nn]ot |is not ).*"
_MODULE_TABLE: Final = (
    column("identifier", "identifier", TEXT),
    column("extended identifier", "extended_identifier", TEXT),
    column("connector", "connector", TEXT),
    column("encoding", "encoding", TEXT),
    column("extended rateselect compliance", "rate_select", TEXT),
    column(r"nominal bit rate\(100mbs\)", "nominal_bit_rate_100mbps", TEXT),
    column(r"length (?P<name>.+)", "lengths", TEXT),
    column("cmis rev(?:ision)?|revision compliance", "cmis_revision", TEXT),
    column("host lane count", "host_lane_count", COUNT),
    column("media lane count", "media_lane_count", COUNT),
    column("host lane assignment options?", "host_lane_assignment_options", TEXT),
    column("media lane assignment options?", "media_lane_assignment_options", TEXT),
    column("media interface technology", "media_technology", TEXT),
    column("media interface code", "media_interface_code", TEXT),
    column("host electrical interface", "host_electrical_interface", TEXT),
    column(
        r"active app(?:lication selected code assigned to| selection) host lane (?P<number>\d{1,2})",
        "active_applications",
        COUNT,
    ),
    column("module hardware rev(?:ision)?|hardware revision", "hardware_revision", TEXT),
    column("active firmware(?: version)?", "active_firmware", TEXT),
    column("inactive firmware(?: version)?", "inactive_firmware", TEXT),
    column("(?P<name>e[12] (?:active|inactive|server) firmware)", "element_firmware", TEXT),
    column("supported max laser frequency", "max_laser_frequency_ghz", quantity("GHz")),
    column("supported min laser frequency", "min_laser_frequency_ghz", quantity("GHz")),
    column("supported max tx power", "max_tx_power_dbm", quantity("dBm")),
    column("supported min tx power", "min_tx_power_dbm", quantity("dBm")),
    column("vendor name", "vendor_name", TEXT),
    column("vendor oui", "vendor_oui", TEXT),
    column("vendor pn", "vendor_part_number", TEXT),
    column("vendor rev", "vendor_revision", TEXT),
    column("vendor sn", "vendor_serial_number", TEXT),
    column(r"vendor date code ?\(yyyy-mm-dd lot\)", "vendor_date", TEXT),
    column("is_replaceable", "replaceable", BOOLEAN),
    column("type_abbrv_name", "type", TEXT),
    column("vdm_supported", "vdm_supported", BOOLEAN),
    column("cdb supported", "cdb_supported", BOOLEAN),
    column(r"rx(?P<number>\d{0,2})power", "rx_power_dbm", quantity("dBm")),
    column(r"tx(?P<number>\d{0,2})power", "tx_power_dbm", quantity("dBm")),
    column(r"tx(?P<number>\d{0,2})bias", "tx_bias_ma", quantity("mA")),
    column("temperature", "temperature_c", quantity("C")),
    column("vcc", "voltage_v", quantity("Volts")),
    column("requested laser frequency", "requested_laser_frequency_ghz", quantity("GHz")),
    column("tx frequency", "tx_frequency_ghz", quantity("GHz")),
    column("requested tx power", "requested_tx_power_dbm", quantity("dBm")),
    column("laser temperature", "laser_temperature_c", quantity("C")),
)
EEPROM: Final = Modules(
    heads=(
        (re.compile(rf"{_MODULE} SFP (?:EEPROM )?detected"), {"present": True}),
        (re.compile(rf"{_MODULE} SFP (?:EEPROM )?[Nn]ot detected"), {"present": False}),
        (re.compile(rf"{_MODULE} (?P<note>SFP EEPROM is not applicable .*)"), {"present": None}),
    ),
    columns=_MODULE_TABLE,
    blocks=re.compile(r"(?:Channel|Module)(?:Monitor|Threshold)Values|MonitorData|ThresholdData"),
    extra=threshold,
    nested=(
        ("Application Advertisement", "application_advertisement"),
        ("Specification compliance", "compliance_codes"),
        ("Specification Compliance", "compliance_codes"),
        ("DOM Capability", "dom_capability"),
    ),
    fields={
        "application_advertisement": TEXTS_OR_NULL,
        "specification_compliance": TEXT_OR_NULL,
        "compliance_codes": {"type": "object", "additionalProperties": TEXT_OR_NULL},
        "dom_capability": {"type": "object", "additionalProperties": TEXT_OR_NULL},
        "thresholds": THRESHOLDS,
        "other": {"type": "object", "additionalProperties": TEXT_OR_NULL},
    },
    ends=re.compile(
        r"(?:Sfp\.\w{1,60}\(\) |API )is (?:currently not implemented for this platform|none while .{1,60})"
    ),
)
MODULE_STATUS: Final = Modules(
    heads=(
        (re.compile(_MODULE), {"applicable": True}),
        (re.compile(rf"{_MODULE} (?P<note>Transceiver status info not applicable|{_EMPTY})"), {"applicable": False}),
    ),
    columns=(),
    blocks=re.compile(r"(?!)"),
    extra=status,
    fields={
        "status": {"type": "object", "additionalProperties": SAID},
        "lanes": {"type": "object", "additionalProperties": {"type": "array", "items": SAID}},
    },
)
PERFORMANCE: Final = Table(
    columns=(
        column("parameter", "parameter", TEXT, must=True),
        column("unit", "unit", TEXT),
        column("min", "min", DECIMAL_KIND, must=True),
        column("avg", "avg", DECIMAL_KIND, must=True),
        column("max", "max", DECIMAL_KIND, must=True),
        column("threshold high alarm", "high_alarm", DECIMAL_KIND),
        column("threshold high warning", "high_warning", DECIMAL_KIND),
        column("threshold crossing alert-high", "crossing_high", BOOLEAN),
        column("threshold low alarm", "low_alarm", DECIMAL_KIND),
        column("threshold low warning", "low_warning", DECIMAL_KIND),
        column("threshold crossing alert-low", "crossing_low", BOOLEAN),
    ),
    headings=_re(_MODULE),
    singles=_re(rf"{_MODULE} (?P<note>Transceiver performance monitoring not applicable|{_EMPTY})"),
    head_lines=3,
    extra={"interface": {"type": "string"}, "note": TEXT_OR_NULL},
)
SIGNALS: Final = Table(
    columns=(
        column(r"(?P<signal>[^:]+):", "lane", LANE, must=True),
        column("current state", "state changed_since_read", SIGNAL, must=True),
        column("changes", "changes", COUNT, must=True),
        column(r"last changes? ?\(utc\)", "last_change", WHEN),
    ),
    headings=_re(r"Interface: (?P<interface>\S+)"),
    extra={"interface": TEXT_OR_NULL, "signal": TEXT_OR_NULL},
)

NEIGHBOUR_EXPECTED: Final = Table(
    columns=(
        INTERFACE,
        column("neighbor", "neighbor", TEXT, must=True),
        column("neighborport", "neighbor_port", TEXT, must=True),
        column("neighborloopback", "neighbor_loopback", TEXT),
        column("neighbormgmt", "neighbor_management", TEXT),
        column("neighbortype", "neighbor_type", TEXT),
    )
)
BREAKOUT_CURRENT: Final = Table(
    columns=(INTERFACE, column("current breakout mode", "current_mode", TEXT, must=True)),
)
BREAKOUT: Final = Ports(
    columns=(
        column("index", "index", INTEGERS),
        column("lanes", "lanes", INTEGERS),
        column("default_brkout_mode", "default_mode", TEXT),
        column("current breakout mode", "current_mode", TEXT, must=True),
        column("child ports", "child_ports", TEXTS),
        column("child port speeds?", "child_speeds", TEXTS),
        column("alias_at_lanes", "aliases", TEXTS),
    )
)
PLATFORM_JSON: Final = Ports(
    columns=(
        column("index", "index", INTEGERS, must=True),
        column("lanes", "lanes", INTEGERS, must=True),
        column("alias_at_lanes", "aliases", TEXTS),
        column("default_brkout_mode", "default_mode", TEXT),
        column("breakout_modes", "modes", TEXTS),
    ),
    inside="interfaces",
    others=frozenset({"chassis", "asic_sensors", "DPUS"}),
)
HWSKU_JSON: Final = Ports(
    columns=(
        column("default_brkout_mode", "default_mode", TEXT, must=True),
        column("autoneg", "autoneg", LOWER),
        column("fec", "fec", FEC_WORD),
        column("port_type", "port_type", TEXT),
        column("role", "role", TEXT),
        column("subport", "subport", COUNT),
        column("speed", "speed_mbps", COUNT),
        column("alias", "alias", TEXT),
    ),
    inside="interfaces",
    others=frozenset({"asics", "DPUS", "platform"}),
)

_PFC: Final = _series(r"PFC([0-7])", "frames")
PFC_COUNTERS: Final = Table(
    columns=(column(r"port (?P<direction>rx|tx)", "interface", PORT, must=True),),
    series=_PFC,
    headings=(*NAMESPACE, *CLEARED),
    titles=CACHED,
    extra={**COUNTED, "direction": {"enum": ["rx", "tx"]}},
)
PFC_HISTORY: Final = Table(
    columns=(
        INTERFACE,
        column("priority", "priority", PRIORITY, must=True),
        column("rx pause transitions", "rx_pause_transitions", COUNT, must=True),
        *_counted(
            ("total rx pause time us", "rx_pause_time_us"),
            ("recent rx pause time us", "recent_rx_pause_time_us"),
            ("total rx pause time ms", "rx_pause_time_ms"),
            ("recent rx pause time ms", "recent_rx_pause_time_ms"),
        ),
        column("recent rx pause timestamp", "recent_rx_pause", WHEN),
    ),
    headings=(*NAMESPACE, *CLEARED),
    titles=CACHED,
    extra=COUNTED,
)
PFC_ASYMMETRIC: Final = Table(columns=(INTERFACE, column("asymmetric", "asymmetric_pfc", LOWER, must=True)))
PFC_PRIORITY: Final = Table(
    columns=(INTERFACE, column("lossless priorities", "lossless_priorities", INTEGERS, must=True)),
    headings=NAMESPACE,
    extra=NAMESPACED,
)
PFCWD_CONFIG: Final = Table(
    columns=(
        INTERFACE,
        column("action", "action", LOWER, must=True),
        column(r"detection time(?: \(ms\))?", "detection_time_ms", COUNT, must=True),
        column(
            r"restoration time(?: \(ms\))?",
            "restoration_time_ms restoration_infinite",
            INFINITE,
            must=True,
        ),
        column("history", "history", BOOLEAN),
    ),
    headings=(
        *NAMESPACE,
        *_re(r"Changed polling interval to (?P<polling_interval_ms>\d+)ms(?: on (?P<namespace>\w+))?"),
    ),
    titles=_re(r"BIG_RED_SWITCH status is (?:enable|disable).*"),
    extra={**NAMESPACED, "polling_interval_ms": INTEGER_OR_NULL},
)
PFCWD_STATS: Final = Table(
    columns=(
        column("queue", "interface queue", PORT_QUEUE, must=True),
        column("status", "status", LOWER),
        column("storm detected/restored", "storms_detected storms_restored", COUNTS, must=True),
        column("tx ok/drop", "tx_packets tx_drops", COUNTS),
        column("rx ok/drop", "rx_packets rx_drops", COUNTS),
        column("tx last ok/drop", "tx_last_packets tx_last_drops", COUNTS),
        column("rx last ok/drop", "rx_last_packets rx_last_drops", COUNTS),
    ),
    headings=NAMESPACE,
    extra=NAMESPACED,
)

_COLOURS: Final = ("green", "yellow", "red")
ECN: Final = Profiles(
    heading=re.compile(r"(?P<section>Profile)(?: for namespace (?P<namespace>\w+))?: \**(?P<name>[^*]+?)\**"),
    columns=(
        column("ecn", "ecn", LOWER),
        *(
            one
            for colour in _COLOURS
            for one in (
                column(f"{colour}_min_threshold", f"{colour}_min_bytes", COUNT),
                column(f"{colour}_max_threshold", f"{colour}_max_bytes", COUNT),
                column(f"{colour}_drop_probability", f"{colour}_drop_percent", COUNT),
                column(f"wred_{colour}_enable", f"{colour}_wred", BOOLEAN),
            )
        ),
    ),
    titles=_re(r"Total profiles: \d+"),
)
BUFFERS: Final = Profiles(
    heading=re.compile(
        r"(?P<section>Pool|Profile|Lossless traffic pattern)(?: for namespace (?P<namespace>\w+))?:"
        r"(?: (?P<name>\S+))?"
    ),
    columns=(
        column("mode", "mode", LOWER),
        column("size", "size_bytes", COUNT),
        column("type", "direction", LOWER),
        column("pool", "pool", REFERENCE),
        column("xon", "xon_bytes", COUNT),
        column("xoff", "xoff_bytes", COUNT),
        column("xon_offset", "xon_offset_bytes", COUNT),
        column("dynamic_th", "dynamic_threshold", COUNT),
        column("static_th", "static_threshold_bytes", COUNT),
        column("headroom_type", "headroom_type", LOWER),
        column("packet_discard_action", "packet_discard_action", LOWER),
        column("percentage", "percentage", COUNT),
        column("default_dynamic_th", "default_dynamic_threshold", COUNT),
        column("over_subscribe_ratio", "over_subscribe_ratio", COUNT),
        column("mtu", "mtu", COUNT),
        column("small_packet_percentage", "small_packet_percentage", COUNT),
    ),
    titles=_re(r"Total (?:pools|profiles): \d+"),
)

QUEUE: Final = column("txq|voq|queue", "queue", TEXT, must=True)
_QUEUES: Final = Table(
    columns=(
        INTERFACE,
        QUEUE,
        *_counted(
            ("counter/pkts|totalpacket", "packets"),
            ("counter/bytes|totalbytes", "bytes"),
            ("drop/pkts|droppacket", "dropped_packets"),
            ("drop/bytes|dropbytes", "dropped_bytes"),
            ("trim/pkts|trimpacket|trimpackets", "trimmed_packets"),
            ("trimsent/pkts|trimsentpacket", "trimmed_sent_packets"),
            ("trimdrop/pkts|trimdroppacket", "trimmed_dropped_packets"),
            ("credit-wd-del/pkts|creditwddelpkts", "credit_watchdog_deleted_packets"),
            ("wreddrp/pkts|wreddroppacket", "wred_dropped_packets"),
            ("wreddrp/bytes|wreddropbytes", "wred_dropped_bytes"),
            ("ecnmarked/pkts|ecnmarkedpacket", "ecn_marked_packets"),
            ("ecnmarked/bytes|ecnmarkedbytes", "ecn_marked_bytes"),
        ),
        column("pkts/s", "packets_per_second", PER_SECOND),
        column("bytes/s", "bytes_per_second", PER_SECOND),
        column("bits/s", "bits_per_second", PER_SECOND),
    ),
    headings=(*NAMESPACE, *CLEARED),
    titles=CACHED,
    extra=COUNTED,
)
_IN_NAMESPACE: Final = r" \(Namespace (?:None|(?P<namespace>\w+))\)"
_OCCUPANCY: Final = _re(
    *(
        title + where
        for title in (
            r"Egress shared pool occupancy per (?P<traffic>unicast|multicast|all) queues?:",
            r"Ingress (?P<traffic>headroom|shared pool occupancy) per PG:",
            r"Ingress PG (?P<traffic>dropped packets):",
        )
        for where in ("", _IN_NAMESPACE)
    )
)
QUEUE_COUNTERS: Final = _needing(_QUEUES, "packets")
WRED_COUNTERS: Final = _needing(_QUEUES, "wred_dropped_packets")
QUEUE_WATERMARK: Final = Table(
    columns=(INTERFACE,),
    series=_series(r"((?:UC|MC|ALL)\d{1,3})", "queues", keyed=True),
    headings=(*_OCCUPANCY, *NAMESPACE),
    extra={**NAMESPACED, "traffic": TEXT_OR_NULL},
)
GROUP_TABLE: Final = Table(
    columns=(INTERFACE,),
    series=_series(r"PG(\d{1,2})", "groups", gaps=True),
    headings=(*_OCCUPANCY, *NAMESPACE, *CLEARED),
    titles=CACHED,
    extra={**COUNTED, "traffic": TEXT_OR_NULL},
)
POOL_WATERMARK: Final = Table(
    columns=(column("pool", "pool", TEXT, must=True), column("bytes", "bytes", COUNT, must=True)),
    headings=_re(rf"(?:Shared|Headroom) pool maximum occupancy:{_IN_NAMESPACE}"),
    titles=_re(r"(?:Shared|Headroom) pool maximum occupancy:"),
    extra=NAMESPACED,
)

LLDP_TABLE: Final = Table(
    columns=(
        INTERFACE,
        column("remotedevice", "remote_device", TEXT, must=True),
        column("remoteportid", "remote_port_id", TEXT, must=True),
        column("capability", "capability", TEXT),
        column("remoteportdescr", "remote_port_description", TEXT),
    ),
    titles=_re(r"Capability codes: .*", r"Total entries displayed: +\d+"),
)
LLDP_NEIGHBOURS: Final = Neighbours(
    columns=(
        column("chassisid", "chassis_id_type chassis_id", TYPED),
        column("sysname", "system_name", TEXT),
        column("sysdescr", "system_description", TEXT),
        column("ttl", "ttl", COUNT),
        column("portid", "port_id_type port_id", TYPED),
        column("portdescr", "port_description", TEXT),
    ),
    further=re.compile(
        r"Capability|VLAN|PVID|PPVID|PI|PMD autoneg|Adv|MAU oper type|MFS|Port is aggregated|MDI Power"
        r"|Max Power|Device type|LLDP-MED|Unknown TLVs|TLV|Time|Power.*"
        r"|Class|Policy|Inventory|Device Type|LLDP-MED Network Policy for.*"
        r"|(?:Hardware|Software|Firmware) Revision|Serial Number|Manufacturer|Model|Asset ID"
    ),
)

_HARDWARE: Final = (
    column("platform", "platform", TEXT, must=True),
    column("hwsku", "hwsku", TEXT, must=True),
    column("asic|asic_type", "asic", TEXT, must=True),
    column("asic count|asic_count", "asic_count", COUNT),
    column("serial number|serial", "serial_number", TEXT),
    column("model number|model", "model_number", TEXT),
    column("hardware (?:rev(?:ision)?|version)|revision", "hardware_revision", TEXT),
    column("switch_type|switch type", "switch_type", TEXT),
)
SUMMARY: Final = KeyValues(columns=_HARDWARE)
VERSION: Final = Version(
    KeyValues(
        columns=(
            column("sonic software version", "software_version", TEXT, must=True),
            column("sonic os version", "os_version", TEXT),
            column("product", "product", TEXT),
            column("distribution", "distribution", TEXT),
            column("kernel", "kernel", TEXT),
            column("config db version", "config_db_version", TEXT),
            column("build commit", "build_commit", TEXT),
            column("build date", "build_date", TEXT),
            column("built by", "built_by", TEXT),
            *(replace(one, must=False) for one in _HARDWARE),
            column("uptime", "uptime", TEXT),
            column("date", "date", TEXT),
            column("mfg|manufacturer", "manufacturer", TEXT),
        )
    )
)
INVENTORY: Final = Inventory(
    head=re.compile(r" *(Name) +(Product ID) +(Version) +(Serial Number) +(Description) *"),
    names=("name", "product_id", "version", "serial_number", "description"),
)
STATE: Final = column("status", "status", TEXT, must=True)
FAN: Final = Table(
    columns=(
        column("drawer", "drawer", TEXT),
        column("led", "led", LOWER),
        column("fan", "name", TEXT, must=True),
        column("speed", "speed_percent speed_rpm", FAN_SPEED, must=True),
        column("direction", "airflow", LOWER),
        column("presence", "present", BOOLEAN),
        replace(STATE),
        column("timestamp", "timestamp", WHEN),
    )
)
TEMPERATURE: Final = Table(
    columns=(
        column("name|sensor", "name", TEXT, must=True),
        column("temperature", "temperature_c", DECIMAL_KIND, must=True),
        column("high[ _]th", "high_c", DECIMAL_KIND),
        column("low[ _]th", "low_c", DECIMAL_KIND),
        column("crit[ _]high[ _]th", "critical_high_c", DECIMAL_KIND),
        column("crit[ _]low[ _]th", "critical_low_c", DECIMAL_KIND),
        column("warning", "warning", BOOLEAN),
        column("timestamp", "timestamp", WHEN),
    )
)
PSU: Final = Table(
    columns=(
        column("psu|name", "name", TEXT, must=True),
        column("index", "index", COUNT),
        column("presence", "present", BOOLEAN),
        column("model", "model", TEXT),
        column("serial", "serial_number", TEXT),
        column("hw rev|revision", "hardware_revision", TEXT),
        column(r"voltage(?: \(v\))?", "voltage_v", DECIMAL_KIND),
        column(r"current(?: \(a\))?", "current_a", DECIMAL_KIND),
        column(r"power(?: \(w\))?", "power_w", DECIMAL_KIND),
        column(r"power warn-supp thres \(w\)|power_warning_suppress_threshold", "warning_suppress_w", DECIMAL_KIND),
        column(r"power crit thres \(w\)|power_critical_threshold", "critical_w", DECIMAL_KIND),
        replace(STATE),
        column("led|led_status", "led", LOWER),
    )
)
FIRMWARE: Final = KeyValues(
    columns=(
        column("image a version", "image_a", TEXT),
        column("image b version", "image_b", TEXT),
        column("factory image version", "factory_image", TEXT),
        column("running image", "running_image", TEXT),
        column("committed image", "committed_image", TEXT),
        column("active firmware(?: version)?", "active_firmware", TEXT, must=True),
        column("inactive firmware(?: version)?", "inactive_firmware", TEXT),
    ),
    port=True,
)
LOOPBACK_CAPABILITY: Final = KeyValues(
    columns=(
        *(
            column(f"{side}_side_{way}_loopback_supported", f"{side}_{way}", BOOLEAN)
            for side in ("host", "media")
            for way in ("input", "output")
        ),
        column("per_lane_host_loopback_supported", "host_per_lane", BOOLEAN),
        column("per_lane_media_loopback_supported", "media_per_lane", BOOLEAN),
        column("simultaneous_host_media_loopback_supported", "simultaneous", BOOLEAN),
    ),
    heading=re.compile(rf"{_MODULE} loopback capability:"),
)
LOOPBACK_STATUS: Final = KeyValues(
    columns=tuple(
        column(f"{side}-side-{way}", f"{side}_{way}", BOOLEANS)
        for side in ("host", "media")
        for way in ("input", "output")
    ),
    heading=re.compile(rf"{_MODULE} loopback status:"),
)

ALIAS: Final = Table(columns=(column("name", "interface", PORT, must=True), column("alias", "alias", TEXT, must=True)))
TPID: Final = Table(
    columns=(
        INTERFACE,
        column("alias", "alias", TEXT),
        replace(OPER, must=True),
        column("tpid", "tpid", TEXT, must=True),
    )
)
PORT_CHANNEL: Final = Table(
    columns=(
        column(r"no\.", "number", TEXT, must=True),
        column("team dev", "interface", PORT, must=True),
        column("protocol", "protocol", TEXT, must=True),
        column("ports", "ports", TEXT, must=True),
    ),
    titles=_re(r"Flags: .*", r"S - selected, .*"),
)

COMMANDS: Final = (
    Entry("show interfaces status", "ports: lanes, speed, FEC, state, module type", STATUS, ("intfutil -c status",)),
    Entry("show interfaces description", "ports: state, alias, description", DESCRIPTION, ("intfutil -c description",)),
    Entry("show interfaces alias", "ports and their aliases", ALIAS),
    Entry("show interfaces tpid", "tag protocol identifiers", TPID),
    Entry("show interfaces portchannel", "port channels and their members", PORT_CHANNEL),
    Entry("show interfaces fec status", "FEC as configured and as running", FEC_STATUS),
    Entry("show interfaces autoneg status", "auto-negotiation", AUTONEG),
    Entry("show interfaces link-training status", "link training", LINK_TRAINING),
    Entry("show interfaces counters", "packets, rates, errors, drops", COUNTERS, ("portstat",)),
    Entry("show interfaces counters errors", "errors and drops", COUNTERS, ("portstat -e",)),
    Entry("show interfaces counters rates", "rates", COUNTERS, ("portstat -R",)),
    Entry("show interfaces counters detailed", "every counter of one port", Dotted()),
    Entry("show interfaces counters trim", "trimmed packets", COUNTERS, ("portstat --trim",)),
    Entry("show interfaces counters fec-stats", "codewords, BER, frame loss ratio", FEC_STATS, ("portstat -f",)),
    Entry("show interfaces counters fec-histogram", "codewords by symbol errors", HISTOGRAM, ("portstat -fh",)),
    Entry("show interfaces errors", "errors of one port, with times", ERRORS_TABLE),
    Entry("show interfaces flap", "flaps, with times", FLAP),
    Entry("show interfaces neighbor expected", "neighbours that the configuration expects", NEIGHBOUR_EXPECTED),
    Entry("show interfaces breakout", "breakout modes per cage", BREAKOUT),
    Entry("show interfaces breakout current-mode", "breakout mode in use", BREAKOUT_CURRENT),
    Entry("show interfaces phy-signal", "signal detect, CDR and FEC alignment lock per lane", SIGNALS),
    Entry("show interfaces phy-serdes", "serdes monitors per lane", SerdesLanes()),
    Entry(
        "show interfaces transceiver eeprom",
        "identity, applications, monitors and thresholds of the modules",
        EEPROM,
        ("show interfaces transceiver info", "sfputil show eeprom", "sfpshow eeprom"),
    ),
    Entry("show interfaces transceiver status", "module and data path states, flags", MODULE_STATUS),
    Entry("show interfaces transceiver pm", "coherent performance monitoring", PERFORMANCE),
    Entry("show interfaces transceiver presence", "cages with a module", PRESENCE, ("sfputil show presence",)),
    Entry("show interfaces transceiver lpmode", "low-power mode", LPMODE, ("sfputil show lpmode",)),
    Entry("show interfaces transceiver error-status", "module errors", ERROR_STATUS, ("sfputil show error-status",)),
    Entry("sfputil show eeprom-hexdump", "register pages", Hexdump()),
    Entry("sfputil show fwversion", "firmware images of a module", FIRMWARE),
    Entry("sfputil debug loopback-capability", "loopbacks that a module can", LOOPBACK_CAPABILITY),
    Entry("sfputil debug loopback-status", "loopbacks that are on", LOOPBACK_STATUS),
    Entry("show pfc counters", "PFC frames per priority", PFC_COUNTERS, ("pfcstat",)),
    Entry("show pfc counters --history", "PFC pauses, with times", PFC_HISTORY, ("pfcstat --history",)),
    Entry("show pfc priority", "lossless priorities", PFC_PRIORITY),
    Entry("show pfc asymmetric", "asymmetric PFC", PFC_ASYMMETRIC),
    Entry("pfcwd show config", "PFC watchdog settings", PFCWD_CONFIG, ("show pfcwd config",)),
    Entry("pfcwd show stats", "PFC storms per queue", PFCWD_STATS, ("show pfcwd stats",)),
    Entry("show ecn", "WRED and ECN profiles", ECN, ("ecnconfig -l",)),
    Entry("show mmu", "buffer pools and profiles", BUFFERS, ("mmuconfig -l",)),
    Entry("show buffer configuration", "buffer pools and profiles as configured", BUFFERS),
    Entry("show buffer information", "buffer pools and profiles as running", BUFFERS),
    Entry("show queue counters", "packets and drops per queue", QUEUE_COUNTERS, ("queuestat",)),
    Entry("show queue wredcounters", "WRED drops and ECN marks per queue", WRED_COUNTERS),
    Entry(
        "show queue watermark",
        "highest occupancy per queue",
        QUEUE_WATERMARK,
        ("show queue persistent-watermark",),
    ),
    Entry("show priority-group drop counters", "drops per priority group", GROUP_TABLE),
    Entry(
        "show priority-group watermark",
        "highest occupancy per priority group",
        GROUP_TABLE,
        ("show priority-group persistent-watermark",),
    ),
    Entry(
        "show buffer_pool watermark",
        "highest occupancy per pool",
        POOL_WATERMARK,
        (
            "show buffer_pool persistent-watermark",
            "show headroom-pool watermark",
            "show headroom-pool persistent-watermark",
        ),
    ),
    Entry("show lldp table", "neighbours in short", LLDP_TABLE),
    Entry("show lldp neighbors", "neighbours in full", LLDP_NEIGHBOURS),
    Entry("show platform summary", "platform, hardware SKU, ASIC", SUMMARY),
    Entry("show platform syseeprom", "system EEPROM", SystemEeprom()),
    Entry("show platform inventory", "parts with serial numbers", INVENTORY),
    Entry("show platform fan", "fans", FAN),
    Entry("show platform temperature", "temperatures with thresholds", TEMPERATURE),
    Entry("show platform psustatus", "power supplies", PSU),
    Entry("show version", "software, hardware, images", VERSION),
    Entry(
        "show runningconfiguration all",
        "CONFIG_DB, or a dump of another database",
        Database(),
        (
            "sonic-cfggen -d --print-data",
            "cat /etc/sonic/config_db.json",
            "cat config_db.json",
            "sonic-db-dump",
            "sonic-db-dump -n CONFIG_DB",
        ),
    ),
    Entry("sonic-db-dump -n APPL_DB", "APPL_DB: ports as they run, neighbours", Database("APPL_DB")),
    Entry("sonic-db-dump -n STATE_DB", "STATE_DB: modules, flags, supplies, fans, sensors", Database("STATE_DB")),
    Entry("sonic-db-dump -n COUNTERS_DB", "COUNTERS_DB: counters, rates, watermarks", Database("COUNTERS_DB")),
    Entry("cat platform.json", "breakout modes that the platform has", PLATFORM_JSON),
    Entry("cat hwsku.json", "breakout mode and FEC that the hardware SKU starts with", HWSKU_JSON),
)
